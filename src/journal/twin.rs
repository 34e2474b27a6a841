//! Two journals of one archive: its own, and that of its copy, which should be the same as far as it goes.

use std::fs::OpenOptions;
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::line;
use super::reader::{Lines, line_end_before};
use super::{Head, JournalError, open_file, verify};
use crate::io::durable;
use crate::model::finding::Severity;

/// How much is copied at once, in bytes.
const STEP: usize = 1 << 18;

/// How the journal of a copy stands to that of its archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// It is the same as far as it goes, byte for byte; its last entry, [`Head::EMPTY`] where it has none or is not there.
    Behind(Head),
    /// It goes on where that of the archive ends; its last entry.
    Ahead(Head),
    /// Both are whole, and differ from this line on.
    Parted(u64),
    /// It is not the one that was written, from this line on.
    Damaged(u64),
}

/// Compares the journal in the folder `copy` with that in the folder `own`, line by line.
///
/// A last line without line end counts for nothing in both. Needs no lock.
///
/// # Errors
/// Where one of them cannot be read, or that of the archive is missing.
pub fn compare(own: &Path, copy: &Path) -> Result<Comparison, JournalError> {
    let (own_path, own, _) = open_file(own, OpenOptions::new().read(true))?;
    let (path, theirs, _) = match open_file(copy, OpenOptions::new().read(true)) {
        Ok(opened) => opened,
        Err(JournalError::Missing { .. }) => return Ok(Comparison::Behind(Head::EMPTY)),
        Err(error) => return Err(error),
    };
    let of_own = |source| JournalError::Io { path: own_path.clone(), source };
    let of_copy = |source| JournalError::Io { path: path.clone(), source };
    let mut own = Lines::new(BufReader::with_capacity(STEP, own));
    let mut theirs = Lines::new(BufReader::with_capacity(STEP, theirs));
    let mut last = Vec::new();
    loop {
        let Some(line) = theirs.next().map_err(of_copy)?.filter(|line| line.complete) else {
            return Ok(line::read(&last).map_or(Comparison::Behind(Head::EMPTY), |entry| Comparison::Behind(entry.head())));
        };
        let other = own.next().map_err(of_own)?.filter(|line| line.complete);
        let goes_on = other.is_none();
        if other.is_none_or(|own| (own.bytes, own.length) != (line.bytes, line.length)) {
            let number = line.number;
            return parted(copy, number, goes_on);
        }
        last.clear();
        last.extend_from_slice(line.bytes);
    }
}

/// Says what it means that the copy's journal is another one from line `number` on, or `goes_on` there.
fn parted(copy: &Path, number: u64, goes_on: bool) -> Result<Comparison, JournalError> {
    let alone = verify(copy, &[])?;
    let wrong = alone.findings.iter().find(|finding| finding.severity == Severity::Error);
    Ok(match wrong {
        Some(wrong) => Comparison::Damaged(wrong.line.unwrap_or(number)),
        None if goes_on => Comparison::Ahead(alone.head),
        None => Comparison::Parted(number),
    })
}

/// Appends to the journal in the folder `copy`, whose last entry is `from`, the lines that follow in the journal in the folder
/// `own`, up to the entry `goal`; makes the file where it is missing. A torn last line is cut off before.
///
/// Durable once this has returned `Ok`; after a crash any first part of it may be there. To be called only where
/// [`compare`] says [`Comparison::Behind`], and under the lock of the copy; what came of it is for [`verify`] to say.
pub fn extend(own: &Path, copy: &Path, from: Head, goal: Head) -> Result<(), JournalError> {
    if goal.seq <= from.seq {
        return Ok(());
    }
    let (own_path, mut own, _) = open_file(own, OpenOptions::new().read(true))?;
    let path = copy.join(super::FILE);
    let fault = |source| JournalError::Io { path: path.clone(), source };
    if !path.symlink_metadata().is_ok_and(|_| true) {
        drop(durable::create_file(&path).map_err(fault)?);
    }
    let (_, mut file, length) = open_file(copy, OpenOptions::new().read(true).append(true))?;
    let start = line_end_before(&file, length).map_err(fault)?.map_or(0, |end| end + 1);
    if start < length {
        file.set_len(start).map_err(fault)?;
    }
    let of_own = |source| JournalError::Io { path: own_path.clone(), source };
    own.seek(SeekFrom::Start(start)).map_err(of_own)?;
    let mut lines = goal.seq - from.seq;
    let mut buffer = vec![0; STEP];
    while lines > 0 {
        let read = match own.read(&mut buffer) {
            Ok(0) => return Err(of_own(io::ErrorKind::UnexpectedEof.into())),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(of_own(error)),
        };
        let bytes = buffer.get(..read).unwrap_or_default();
        let mut wanted = bytes.len();
        for (at, _) in bytes.iter().enumerate().filter(|(_, letter)| **letter == b'\n') {
            lines -= 1;
            if lines == 0 {
                wanted = at + 1;
                break;
            }
        }
        file.write_all(bytes.get(..wanted).unwrap_or_default()).map_err(fault)?;
    }
    file.sync_all().map_err(fault)?;
    durable::forget(&file);
    durable::sync_folder(copy).map_err(fault)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::fs;

    use uuid::Uuid;

    use super::super::{Actor, Event, FILE, Journal, head};
    use super::*;

    struct Two {
        folder: tempfile::TempDir,
    }

    impl Two {
        /// An archive's journal of `entries` lines, and nothing beside it.
        fn new(entries: u64) -> Self {
            let two = Self { folder: tempfile::tempdir().unwrap() };
            for name in ["own", "copy"] {
                fs::create_dir(two.path(name)).unwrap();
            }
            two.grow("own", entries);
            two
        }

        fn path(&self, name: &str) -> std::path::PathBuf {
            self.folder.path().join(name)
        }

        fn grow(&self, name: &str, entries: u64) {
            let actor = || Actor { user: name.to_owned(), on_behalf_of: None };
            let folder = self.path(name);
            let mut journal = match Journal::open(&folder, actor()) {
                Ok(journal) => journal,
                Err(_) => Journal::create(&folder, actor(), Uuid::nil(), 2, None).unwrap(),
            };
            for packages in journal.head().seq..entries {
                journal.append(&[Event::CatalogueRebuilt { packages }]).unwrap();
            }
        }

        fn text(&self, name: &str) -> Vec<u8> {
            fs::read(self.path(name).join(FILE)).unwrap()
        }

        fn write(&self, name: &str, text: &[u8]) {
            fs::write(self.path(name).join(FILE), text).unwrap();
        }

        fn compared(&self) -> Comparison {
            compare(&self.path("own"), &self.path("copy")).unwrap()
        }

        fn extend(&self, seq: u64) {
            let own = super::super::entries(&self.path("own")).unwrap();
            let goal = own.map(|entry| entry.unwrap().head()).find(|head| head.seq == seq).unwrap();
            let Comparison::Behind(from) = self.compared() else { panic!("not behind") };
            extend(&self.path("own"), &self.path("copy"), from, goal).unwrap();
        }
    }

    #[test]
    fn every_cut_of_a_copy_is_gone_on_with_and_ends_the_same() {
        let two = Two::new(5);
        let whole = two.text("own");
        assert_eq!(two.compared(), Comparison::Behind(Head::EMPTY));
        for length in (0..=whole.len()).filter(|at| at % 13 == 0 || whole.get(at - 1) == Some(&b'\n')) {
            two.write("copy", &whole[..length]);
            let lines = whole[..length].split(|letter| *letter == b'\n').count() as u64 - 1;
            let Comparison::Behind(head) = two.compared() else { panic!("{length}: {:?}", two.compared()) };
            assert_eq!(head.seq, lines, "{length}");
            two.extend(5);
            assert_eq!(two.text("copy"), whole, "{length}");
        }
    }

    #[test]
    fn no_line_behind_the_goal_is_copied() {
        let two = Two::new(9);
        for seq in [1, 4, 9] {
            two.extend(seq);
            assert_eq!(head(&two.path("copy")).unwrap().seq, seq);
            assert!(two.text("own").starts_with(&two.text("copy")));
        }
    }

    #[test]
    fn journals_that_are_not_the_same_are_told_apart() {
        let two = Two::new(6);
        two.extend(4);
        // Each wrote something else after that.
        let common = two.text("copy");
        two.grow("copy", 5);
        assert_eq!(two.compared(), Comparison::Parted(5));
        two.write("copy", &two.text("own"));
        two.grow("copy", 8);
        assert_eq!(two.compared(), Comparison::Ahead(head(&two.path("copy")).unwrap()));
        let mut flipped = common.clone();
        flipped[common.len() / 2] ^= 1;
        two.write("copy", &flipped);
        assert!(matches!(two.compared(), Comparison::Damaged(2 | 3)), "{:?}", two.compared());
        two.write("copy", &[&common[..], b"no entry\n"].concat());
        assert_eq!(two.compared(), Comparison::Damaged(5));
    }
}
