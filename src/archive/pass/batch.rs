//! Files that wait to be compared with what is recorded of them: many at once, and none of them read again for each of a million
//! references to it.

use std::collections::HashMap;
use std::io::{self, Read};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::reason::Reason;
use crate::check::fixity::{Expected, Measured, measure};
use crate::model::checksum::{Algorithm, Checksum};
use crate::model::finding::Finding;
use crate::package::eark::rules::Rank;
use crate::package::reader::PackageReader;
use crate::task::{Cancelled, Watch};

/// How many references are held at once.
const BATCH: usize = 4096;
/// The most checksums that are kept.
const KEPT: usize = 1 << 16;

/// What a file is read for: its number among the package's files, and the algorithm.
type Key = (usize, Algorithm);

/// A reference that waits.
#[derive(Debug)]
struct Waiting {
    key: Key,
    expected: Expected,
    reason: Reason,
    rank: Rank,
    /// Whether the file was referred to before.
    again: bool,
}

/// References to files of a package.
#[derive(Debug, Default)]
pub(super) struct Batch {
    waiting: Vec<Waiting>,
    /// Size and checksum of files that were referred to several times.
    kept: HashMap<Key, (u64, Checksum)>,
}

impl Batch {
    /// Adds what is recorded of the package's file `part`; `again` says that it was referred to before.
    pub(super) fn add(&mut self, part: usize, expected: Expected, reason: Reason, rank: Rank, again: bool) {
        self.waiting.push(Waiting { key: (part, expected.checksum.algorithm()), expected, reason, rank, again });
    }

    /// Returns whether the files should be compared now.
    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= BATCH
    }

    /// Compares all that wait; returns what is not as recorded, in the order in which it was added.
    pub(super) fn compare(
        &mut self,
        reader: &PackageReader,
        watch: Watch<'_>,
    ) -> Result<Vec<(Finding, Reason, Rank)>, Cancelled> {
        let waiting = std::mem::take(&mut self.waiting);
        let mut keys: Vec<Key> = waiting.iter().map(|one| one.key).filter(|key| !self.kept.contains_key(key)).collect();
        keys.sort_unstable();
        keys.dedup();
        let open = |path: &str| -> io::Result<Box<dyn Read + Send>> {
            reader.find(path).map_or_else(|| Err(io::ErrorKind::NotFound.into()), |part| reader.read(part))
        };
        let read = |room: &mut Vec<u8>, (part, algorithm): &Key| {
            let part = reader.parts().get(*part);
            let (path, size) = part.map_or(("", None), |part| (part.path, Some(part.size)));
            measure((path, size), *algorithm, &open, room, watch)
        };
        let read: Result<Vec<Measured>, Cancelled> = keys.par_iter().map_init(Vec::new, read).collect();
        let read = read?;
        let mut found = Vec::new();
        for Waiting { key, expected, reason, rank, again } in waiting {
            let findings = match keys.binary_search(&key) {
                Ok(at) => {
                    if let (true, Ok(known)) = (again && self.kept.len() < KEPT, &read[at]) {
                        self.kept.entry(key).or_insert_with(|| known.clone());
                    }
                    expected.compared(&read[at])
                }
                Err(_) => self.kept.get(&key).map_or_else(Vec::new, |known| expected.compared(&Ok(known.clone()))),
            };
            found.extend(findings.into_iter().map(|finding| (finding, reason, rank)));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::Code;
    use crate::task::{Cancel, Event, Progress};

    /// Counts the files that were read.
    #[derive(Default)]
    struct Reads(std::sync::atomic::AtomicU64);

    impl Progress for Reads {
        fn report(&self, event: Event) {
            if let Event::Advanced { files, .. } = event {
                self.0.fetch_add(files, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn a_file_that_is_named_often_is_read_twice_and_each_wrong_record_is_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("METS.xml"), "<mets/>").unwrap();
        std::fs::write(folder.path().join("x"), "abc").unwrap();
        let reader = PackageReader::open_folder(folder.path()).unwrap();
        let part = reader.position("x").unwrap();
        let (cancel, reads) = (Cancel::new(), Reads::default());
        let (mut batch, mut told) = (Batch::default(), Vec::new());
        for number in 0..3 * BATCH as u64 {
            let is_wrong = [7, 9_000].contains(&number);
            let checksum = Checksum::of(Algorithm::Sha256, if is_wrong { b"abd" } else { b"abc" });
            let expected = Expected { path: "x".to_owned(), size: Some(3), checksum };
            batch.add(part, expected, Reason::default(), (1, number, 0), number > 0);
            if batch.is_full() {
                told.extend(batch.compare(&reader, Watch::new(&cancel, &reads)).unwrap());
            }
        }
        let told: Vec<(Code, u64)> = told.iter().map(|(finding, _, rank)| (finding.code, rank.1)).collect();
        assert_eq!(told, [(Code::ChecksumMismatch, 7), (Code::ChecksumMismatch, 9_000)]);
        assert!((1..=2).contains(&reads.0.into_inner()));
    }
}
