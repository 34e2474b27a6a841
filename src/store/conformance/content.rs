//! The files of an object's versions: which are there, and whether they are the ones that inventories record.

use std::io::{self, Read as _};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSliceMut as _;

use super::codes::fault;
use super::digest::{Algorithm, Hasher};
use super::inventory::{Held, Inventory, Path};
use super::report::Report;
use super::unreadable;
use super::words::Word;
use crate::io::below::Kind;
use crate::io::place::{Opened, Place};
use crate::model::finding::{Code, Finding};
use crate::task::{Cancelled, Watch};

/// Files that are read before what was found is told in order.
const BATCH: usize = 2048;

const PIECE: usize = 1 << 17;

/// A digest of a content file that the manifest of the object's own inventory does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Further {
    path: Path,
    algorithm: Algorithm,
    sum: Word,
    /// Whether it stands in a fixity block.
    fixity: bool,
}

/// A file's size, if it is there, and what is wrong with it.
type Looked = (Option<u64>, Vec<Finding>);

/// A file's size and digests.
type Read = (u64, Vec<(Algorithm, String)>);

/// All digests that content files must have.
pub struct Expected<'a> {
    root: &'a Inventory,
    further: Vec<Further>,
}

impl<'a> Expected<'a> {
    /// Returns the digests of the object's own inventory.
    pub fn of(root: &'a Inventory, held: &Held) -> Self {
        let mut expected = Self { root, further: Vec::new() };
        expected.add_fixity(root, held);
        expected.settle();
        expected
    }

    /// Adds those of an older inventory that are not the same.
    pub fn add(&mut self, old: &Inventory, held: &mut Held) -> bool {
        let before = self.further.len();
        if let Some(algorithm) = old.algorithm {
            for entry in &old.manifest {
                let sum = held.folded(entry.sum);
                let known = self.root.algorithm == Some(algorithm)
                    && self.root.sum_of(entry.path).is_some_and(|known| held.folded(known) == sum);
                if !known {
                    self.further.push(Further { path: entry.path, algorithm, sum, fixity: false });
                }
            }
        }
        self.add_fixity(old, held);
        self.settle();
        held.count((self.further.len() - before.min(self.further.len())) * size_of::<Further>())
    }

    fn add_fixity(&mut self, inventory: &Inventory, held: &Held) {
        for (algorithm, entries) in &inventory.fixity {
            let further = entries.iter().map(|entry| Further {
                path: entry.path,
                algorithm: *algorithm,
                sum: held.folded(entry.sum),
                fixity: true,
            });
            self.further.extend(further);
        }
    }

    fn settle(&mut self) {
        self.further.par_sort_unstable();
        self.further.dedup();
    }

    /// Returns all paths in the order in which files are read.
    fn paths(&self, held: &Held) -> Vec<Path> {
        // What lies in no folder of a version's folder is no content, which was told.
        let placed = |path: &Path| !held.words.get(path.front).is_empty();
        let mut paths: Vec<Path> = self.root.manifest.iter().map(|entry| entry.path).filter(placed).collect();
        paths.dedup();
        let mut last = None;
        for further in &self.further {
            let new = last != Some(further.path) && self.root.sum_of(further.path).is_none();
            if new && placed(&further.path) {
                paths.push(further.path);
            }
            last = Some(further.path);
        }
        paths.par_sort_unstable_by(|a, b| held.order_paths(*a, *b));
        paths
    }

    /// Returns the digests of one file: algorithm, value in lower case, whether it stands in a fixity block.
    fn digests(&self, path: Path, held: &Held) -> Vec<(Algorithm, Word, bool)> {
        let own = self.root.manifest.partition_point(|entry| entry.path < path);
        let own = self.root.manifest.get(own..).unwrap_or_default().iter().take_while(|entry| entry.path == path);
        let own = own.filter_map(|entry| Some((self.root.algorithm?, held.folded(entry.sum), false)));
        let more = self.further.partition_point(|further| further.path < path);
        let more = self.further.get(more..).unwrap_or_default().iter().take_while(|further| further.path == path);
        let mut digests: Vec<_> =
            own.chain(more.map(|further| (further.algorithm, further.sum, further.fixity))).collect();
        // A path may stand there many times.
        digests.sort_unstable();
        digests.dedup();
        digests
    }

    /// Reads all files once and compares them; returns how many there are, and their bytes.
    pub fn compare(
        &self,
        object: &dyn Place,
        held: &Held,
        report: &mut Report,
        watch: Watch<'_>,
    ) -> Result<(u64, u64), Cancelled> {
        let (mut files, mut bytes) = (0, 0);
        for batch in self.paths(held).chunks(BATCH) {
            let looked: Result<Vec<Looked>, Cancelled> =
                batch.par_iter().map(|path| self.look(object, *path, held, watch)).collect();
            for (size, findings) in looked? {
                files += u64::from(size.is_some());
                bytes += size.unwrap_or_default();
                for finding in findings {
                    report.add(finding);
                }
            }
        }
        Ok((files, bytes))
    }

    fn look(&self, object: &dyn Place, path: Path, held: &Held, watch: Watch<'_>) -> Result<Looked, Cancelled> {
        let text = held.path_text(path);
        let digests = self.digests(path, held);
        let id = |fixity: bool| if fixity { "E093" } else { "E092" };
        let opened = match object.file(text.as_bytes()) {
            Ok(opened) => opened,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                let mut ids: Vec<_> = digests.iter().map(|(.., fixity)| id(*fixity)).collect();
                if ids.is_empty() {
                    ids.push("E092");
                }
                ids.sort_unstable();
                ids.dedup();
                let missing = |id| Finding::new(Code::FileMissing).requirement(id).file(&text);
                return Ok((None, ids.into_iter().map(missing).collect()));
            }
            // The path as such was told when it was read; links and the like when folders were gone through.
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => {
                return Ok((None, Vec::new()));
            }
            Err(error) => return Ok((None, vec![unreadable(&text, &error)])),
        };
        let mut algorithms: Vec<Algorithm> = digests.iter().map(|(algorithm, ..)| *algorithm).collect();
        algorithms.sort_unstable();
        algorithms.dedup();
        let (size, found) = match digest(opened, &algorithms, watch)? {
            Ok(read) => read,
            Err(error) => return Ok((None, vec![unreadable(&text, &error)])),
        };
        let mut findings = Vec::new();
        for (algorithm, sum, fixity) in digests {
            let expected = held.sum_text(sum);
            let found = found.iter().find(|(known, _)| *known == algorithm).map(|(_, digest)| digest.as_str());
            // A value that is none of this algorithm was told already.
            if let Some(found) = found.filter(|found| *found != expected)
                && algorithm.is_written(&expected)
            {
                let finding = Finding::new(Code::ChecksumMismatch).requirement(id(fixity)).file(&text);
                let named = |digest: &str| format!("{} {digest}", algorithm.name());
                findings.push(finding.value(named(found)).expected(named(&expected)));
            }
        }
        Ok((Some(size), findings))
    }
}

/// Reads a file once; returns its size and its digests.
fn digest(mut file: Opened, algorithms: &[Algorithm], watch: Watch<'_>) -> Result<io::Result<Read>, Cancelled> {
    let mut hashers: Vec<(Algorithm, Hasher)> = algorithms.iter().map(|a| (*a, Hasher::new(*a))).collect();
    let room = usize::try_from(file.size).unwrap_or(PIECE).saturating_add(1).clamp(1, PIECE);
    let mut buffer = vec![0; watch.piece(room)];
    let mut size = 0;
    loop {
        watch.cancel.check()?;
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => {
                for (_, hasher) in &mut hashers {
                    hasher.update(buffer.get(..length).unwrap_or_default());
                }
                size += length as u64;
                watch.has_read(length as u64)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok((size, hashers.into_iter().map(|(algorithm, hasher)| (algorithm, hasher.finish())).collect())))
}

/// Goes through the content folder `front` of a version: what lies in it that the manifest does not name, empty folders,
/// links. Without a manifest, only the last two are looked for.
pub fn walk(
    object: &dyn Place,
    front: &str,
    manifest: Option<(&Inventory, &Held)>,
    report: &mut Report,
    watch: Watch<'_>,
) -> Result<(), Cancelled> {
    let mut folders = vec![front.as_bytes().to_vec()];
    while let Some(folder) = folders.pop() {
        watch.cancel.check()?;
        let shown = String::from_utf8_lossy(&folder).into_owned();
        let (mut is_empty, mut path) = (true, [&folder, &b"/"[..]].concat());
        let length = path.len();
        let entries = object.entries_that(&folder, &mut |name, kind| {
            is_empty = false;
            path.truncate(length);
            path.extend_from_slice(name);
            kind != Kind::File || manifest.is_some_and(|manifest| !is_named(&path, manifest))
        });
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                report.add(unreadable(&shown, &error));
                continue;
            }
        };
        if is_empty {
            report.add(fault(if folder == front.as_bytes() { "W003" } else { "E024" }).file(&shown));
        }
        let mut below = Vec::new();
        for (name, kind) in entries.iter() {
            let path = [&folder, &b"/"[..], name].concat();
            match kind {
                Kind::Folder => below.push(path),
                Kind::File => {
                    let finding = Finding::new(Code::FileUnreferenced).requirement("E023");
                    report.add(finding.file(crate::model::path::shown(&path)));
                }
                Kind::Link | Kind::Special => report.add(odd(&crate::model::path::shown(&path), kind)),
            }
        }
        folders.extend(below.into_iter().rev());
    }
    Ok(())
}

/// Returns whether the manifest names the file at `path`.
fn is_named(path: &[u8], (inventory, held): (&Inventory, &Held)) -> bool {
    let path = std::str::from_utf8(path).ok().and_then(|path| held.find_path(path));
    path.is_some_and(|path| inventory.sum_of(path).is_some())
}

/// Returns the finding about something that is neither a file nor a folder.
pub fn odd(path: &str, kind: Kind) -> Finding {
    fault(if kind == Kind::Link { "E090" } else { "E089" }).file(path).value(kind.name())
}
