//! Two journals of one archive: its own, and that of its copy, which should be the same as far as it goes.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Write as _};
use std::os::unix::fs::FileExt as _;
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
            return Ok(
                line::read(&last).map_or(Comparison::Behind(Head::EMPTY), |entry| Comparison::Behind(entry.head()))
            );
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
/// Durable and read back once this has returned `Ok`; after a crash any first part of it may be there. To be called only where
/// [`compare`] says [`Comparison::Behind`], and under the lock of the copy.
pub fn extend(own: &Path, copy: &Path, from: Head, goal: Head) -> Result<(), JournalError> {
    if goal.seq <= from.seq {
        return Ok(());
    }
    let (own_path, mut own, _) = open_file(own, OpenOptions::new().read(true))?;
    let path = copy.join(super::FILE);
    let fault = |source| JournalError::Io { path: path.clone(), source };
    if path.symlink_metadata().is_err() {
        drop(durable::create_file(&path).map_err(fault)?);
    }
    let (_, mut file, length) = open_file(copy, OpenOptions::new().read(true).append(true))?;
    let start = line_end_before(&file, length).map_err(fault)?.map_or(0, |end| end + 1);
    if start < length {
        file.set_len(start).map_err(fault)?;
    }
    let of_own = |source| JournalError::Io { path: own_path.clone(), source };
    let appended = append(&mut own, &mut file, start, goal.seq - from.seq);
    if let Err(error) = appended {
        // Best effort: what is left of it counts for the next run as far as it is right.
        drop(file.set_len(start).and_then(|()| file.sync_all()));
        return Err(match error {
            Failed::Own(source) => of_own(source),
            Failed::Copy(source) => fault(source),
        });
    }
    durable::sync_folder(copy).map_err(fault)
}

/// Which of the two files failed.
enum Failed {
    Own(io::Error),
    Copy(io::Error),
}

/// Appends so many `lines` of `own`, which begin at `start`, and reads them back from the medium.
fn append(own: &mut File, copy: &mut File, start: u64, lines: u64) -> Result<(), Failed> {
    let (mut left, mut end) = (lines, start);
    let mut buffer = vec![0; STEP];
    while left > 0 {
        let read = read_at(own, &mut buffer, end).map_err(Failed::Own)?;
        if read == 0 {
            return Err(Failed::Own(io::ErrorKind::UnexpectedEof.into()));
        }
        let bytes = buffer.get(..read).unwrap_or_default();
        let mut ends = (1..).zip(bytes).filter(|(_, letter)| **letter == b'\n').map(|(end, _)| end);
        let wanted = match usize::try_from(left - 1).ok().and_then(|before| ends.nth(before)) {
            Some(last) => last,
            None => bytes.len(),
        };
        let bytes = bytes.get(..wanted).unwrap_or_default();
        left -= bytes.iter().map(|letter| u64::from(*letter == b'\n')).sum::<u64>();
        copy.write_all(bytes).map_err(Failed::Copy)?;
        end += wanted as u64;
    }
    copy.sync_all().map_err(Failed::Copy)?;
    durable::forget(copy);
    let mut back = vec![0; STEP];
    let mut at = start;
    while at < end {
        let most = usize::try_from(end - at).unwrap_or(STEP).min(STEP);
        let (one, two) = (buffer.get_mut(..most).unwrap_or_default(), back.get_mut(..most).unwrap_or_default());
        let read = read_at(own, one, at).map_err(Failed::Own)?;
        let found = read_at(copy, two, at).map_err(Failed::Copy)?;
        if read != found || one != two {
            return Err(Failed::Copy(io::Error::other("read back other bytes than were written")));
        }
        at += read.max(1) as u64;
    }
    let length = copy.metadata().map_err(Failed::Copy)?.len();
    if length == end { Ok(()) } else { Err(Failed::Copy(io::ErrorKind::WriteZero.into())) }
}

/// Fills the buffer with what the file holds from `at` on, as far as there is any.
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    let mut done = 0;
    while done < buffer.len() {
        match file.read_at(buffer.get_mut(done..).unwrap_or_default(), at + done as u64) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
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
