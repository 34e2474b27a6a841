//! Files of a bag against all checksums that its lists tell of them.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::super::tree::{Entry, Tree};
use super::proof::{Proof, requirement};
use crate::model::checksum::{Checksum, Hasher};
use crate::model::content::ReadFault;
use crate::model::finding::{Code, Finding};
use crate::model::record::Reason;
use crate::task::{Cancelled, Event, Watch};

/// How much is read at once, in bytes.
const CHUNK: usize = 1 << 18;

/// What comparing came to.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) findings: Vec<Finding>,
    /// Files that cannot be read, by their positions.
    pub(super) unread: Vec<(usize, Reason)>,
    /// How many checksums were compared.
    pub(super) sums: usize,
}

/// What became of reading a file.
enum Read {
    /// All of it was read.
    Whole(Vec<Checksum>),
    /// All of it was read, and a ZIP says that its bytes were others.
    Doubtful(Vec<Checksum>),
    /// A ZIP holds bytes that cannot be unpacked.
    Torn,
    Fault(Reason),
}

impl Proof {
    /// Reads the files at `positions` and compares them with all of their checksums. In a container, files without any are
    /// read too: it has checksums of its own.
    pub(super) fn compare(&self, tree: &Tree, positions: &[usize], watch: Watch<'_>) -> Result<Compared, Cancelled> {
        let one = |at: &usize| -> Result<Compared, Cancelled> {
            let mut done = Compared::default();
            let Some(entry) = tree.entries().get(*at) else { return Ok(done) };
            let told: Vec<Checksum> = self.checksums(*at).collect();
            if told.is_empty() && tree.kind().is_none() {
                return Ok(done);
            }
            done.sums = told.len();
            let torn = || Finding::new(Code::ZipStructure).file(entry.shown()).value("content");
            match read(tree, entry, &told, watch)? {
                Read::Whole(sums) => done.findings.extend(differences(entry, &sums, &told)),
                Read::Doubtful(sums) => {
                    done.findings.extend(differences(entry, &sums, &told));
                    if done.findings.is_empty() {
                        done.findings.push(torn());
                    }
                }
                Read::Torn => done.findings.push(torn()),
                Read::Fault(reason) => done.unread.push((*at, reason)),
            }
            watch.progress.report(Event::Advanced { files: 1, bytes: 0 });
            Ok(done)
        };
        let mut all = Compared::default();
        for part in positions.par_iter().map(one).collect::<Result<Vec<_>, _>>()? {
            all.findings.extend(part.findings);
            all.unread.extend(part.unread);
            all.sums += part.sums;
        }
        Ok(all)
    }
}

fn differences<'a>(
    entry: &'a Entry,
    sums: &'a [Checksum],
    told: &'a [Checksum],
) -> impl Iterator<Item = Finding> + use<'a> {
    sums.iter().zip(told).filter(|(is, told)| is != told).map(|(is, told)| {
        let finding = Finding::new(Code::ChecksumMismatch).file(entry.shown()).requirement(requirement("3"));
        finding.value(is.to_string()).expected(told.to_string())
    })
}

/// Reads a file once for all checksums that are `told`.
fn read(tree: &Tree, entry: &Entry, told: &[Checksum], watch: Watch<'_>) -> Result<Read, Cancelled> {
    watch.cancel.check()?;
    let mut bytes = match tree.open_file(entry) {
        Ok(bytes) => bytes,
        Err(fault) => return Ok(Read::Fault(fault.reason())),
    };
    let mut hashers: Vec<Hasher> = told.iter().map(|sum| Hasher::new(sum.algorithm())).collect();
    let length = usize::try_from(entry.size).map_or(CHUNK, |size| size.clamp(1, CHUNK));
    let mut buffer = vec![0; watch.piece(length)];
    let mut left = entry.size;
    loop {
        match bytes.read(&mut buffer) {
            Ok(0) => return Ok(Read::Whole(hashers.into_iter().map(Hasher::finish).collect())),
            Ok(count) => {
                let piece = buffer.get(..count).unwrap_or_default();
                for hasher in &mut hashers {
                    hasher.update(piece);
                }
                left = left.saturating_sub(count as u64);
                watch.has_read(count as u64)?;
            }
            // Nobody looked at the content of a container before.
            Err(ReadFault::Changed) if tree.kind().is_some() && tree.is_unchanged() => {
                let sums = hashers.into_iter().map(Hasher::finish).collect();
                return Ok(if left == 0 { Read::Doubtful(sums) } else { Read::Torn });
            }
            Err(fault) => return Ok(Read::Fault(fault.reason())),
        }
    }
}
