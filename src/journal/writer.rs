//! Appends to the journal.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::entry::{Actor, Event};
use super::{FILE, Head, JournalError, line, open_file, reader};
use crate::io::durable;
use crate::model::time::Timestamp;

/// The journal of an archive, open for appending; the caller holds the archive's lock.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// Where the last complete line ends; the file is as long as this.
    length: u64,
    head: Head,
    actor: Actor,
    poisoned: bool,
}

impl Journal {
    /// Creates the journal of a new archive in the existing folder `folder`; its first entry is [`Event::Created`].
    ///
    /// After a crash the journal is there with this entry or not at all; never replaces one.
    pub fn create(
        folder: &Path,
        actor: Actor,
        archive: Uuid,
        format: u32,
        isil: Option<String>,
    ) -> Result<Self, JournalError> {
        let path = folder.join(FILE);
        let created = Event::Created { archive, format, isil };
        let mut lines = Vec::new();
        let first = Head::EMPTY;
        if line::write(&mut lines, 1, Timestamp::now(), &actor, &created, &first.hash).is_none() {
            return Err(JournalError::Unwritable { path });
        }
        durable::create(&path, |w| w.write_all(&lines)).map_err(|source| JournalError::Io { path, source })?;
        Self::open(folder, actor)
    }

    /// Opens the journal in `folder` for entries of `actor`.
    ///
    /// Looks at the last two entries only; [`super::verify`] looks at all. A line that has no line end was being written
    /// when the machine stopped, and nobody was told that it is there: it is cut off, and [`Event::TornLineRemoved`] says so.
    /// A caller that knows a head compares it with [`super::head`] before, so that no line is cut off that was complete once.
    ///
    /// # Errors
    /// [`JournalError::Empty`] and [`JournalError::Damaged`] where the end is not as it was written; the file is then left
    /// as it is.
    pub fn open(folder: &Path, actor: Actor) -> Result<Self, JournalError> {
        let (path, file, length) = open_file(folder, OpenOptions::new().read(true).append(true))?;
        let (head, end) = reader::last(&path, &file, length)?;
        let mut journal = Self { path, file, length: end, head, actor, poisoned: false };
        if end < length {
            journal.file.set_len(end).and_then(|()| journal.file.sync_all()).map_err(|e| journal.fault(e))?;
            journal.append(&[Event::TornLineRemoved { bytes: length - end }])?;
        }
        Ok(journal)
    }

    /// Returns who acts.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Appends an entry for each of `events`, in one write and one sync; returns the new head.
    ///
    /// Once this has returned `Ok`, all of them are durable. After a crash the first few of them may be there, and a torn
    /// line after them. An empty slice changes nothing.
    ///
    /// # Errors
    /// Nothing was appended: what a failed write left is cut off again. Where that fails too, and after a failed sync, which
    /// leaves open what the medium holds, every later call gives [`JournalError::Poisoned`].
    pub fn append(&mut self, events: &[Event]) -> Result<Head, JournalError> {
        if self.poisoned {
            let path = self.path.clone();
            return Err(JournalError::Poisoned { path });
        }
        if events.is_empty() {
            return Ok(self.head);
        }
        let (lines, head) = self.encode(events)?;
        if self.file.metadata().map_err(|e| self.fault(e))?.len() != self.length {
            let path = self.path.clone();
            return Err(JournalError::Interfered { path });
        }
        let length = self.length + lines.len() as u64;
        if let Err(e) = self.write(&lines, length) {
            self.poisoned = self.cut().is_err();
            return Err(self.fault(e));
        }
        if let Err(e) = self.file.sync_data() {
            self.poisoned = true;
            // Best effort: these entries are not to be found later, but what the medium holds is not known any more.
            drop(self.cut());
            return Err(self.fault(e));
        }
        self.length = length;
        self.head = head;
        Ok(head)
    }

    /// Returns the place of the last entry.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }

    fn encode(&self, events: &[Event]) -> Result<(Vec<u8>, Head), JournalError> {
        let time = Timestamp::now();
        let mut lines = Vec::with_capacity(events.len() * 512);
        let mut head = self.head;
        for event in events {
            let seq = head.seq + 1;
            let hash = line::write(&mut lines, seq, time, &self.actor, event, &head.hash)
                .ok_or_else(|| JournalError::Unwritable { path: self.path.clone() })?;
            head = Head { seq, hash };
        }
        Ok((lines, head))
    }

    /// Writes `lines` in one call; the file must be `length` long after it, whatever the call says.
    fn write(&mut self, lines: &[u8], length: u64) -> io::Result<()> {
        let written = loop {
            match self.file.write(lines) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                done => break done?,
            }
        };
        if written != lines.len() || self.file.metadata()?.len() != length {
            return Err(io::ErrorKind::WriteZero.into());
        }
        Ok(())
    }

    fn cut(&self) -> io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.sync_all()
    }

    fn fault(&self, source: io::Error) -> JournalError {
        JournalError::Io { path: self.path.clone(), source }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::fs;

    use super::super::{entries, head};
    use super::*;

    fn actor() -> Actor {
        Actor { user: "anna".into(), on_behalf_of: Some("Stadt".into()) }
    }

    fn journal() -> (tempfile::TempDir, Journal) {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::create(folder.path(), actor(), Uuid::nil(), 1, None).unwrap();
        (folder, journal)
    }

    fn rebuilt(packages: u64) -> Event {
        Event::CatalogueRebuilt { packages }
    }

    fn events(folder: &Path) -> Vec<Event> {
        entries(folder).unwrap().map(|e| e.unwrap().event).collect()
    }

    #[test]
    fn entries_are_read_in_the_order_in_which_they_were_appended() {
        let (folder, mut journal) = journal();
        assert_eq!(journal.head().seq, 1);
        let first = journal.append(&[rebuilt(1), rebuilt(2)]).unwrap();
        assert_eq!(journal.append(&[]).unwrap(), first);
        assert_eq!(head(folder.path()).unwrap(), first);
        drop(journal);
        let mut journal = Journal::open(folder.path(), actor()).unwrap();
        assert_eq!(journal.head(), first);
        assert_eq!(journal.append(&[rebuilt(3)]).unwrap().seq, 4);
        assert_eq!(events(folder.path())[1..], [rebuilt(1), rebuilt(2), rebuilt(3)]);
        let entry = entries(folder.path()).unwrap().next().unwrap().unwrap();
        assert_eq!((entry.actor, entry.prev), (actor(), Head::EMPTY.hash));
    }

    #[test]
    fn create_never_replaces_and_open_never_creates() {
        let (folder, _) = journal();
        let again = Journal::create(folder.path(), actor(), Uuid::max(), 1, None);
        assert!(matches!(again, Err(JournalError::Io { .. })));
        fs::remove_file(folder.path().join(FILE)).unwrap();
        for fault in [
            Journal::open(folder.path(), actor()).unwrap_err(),
            entries(folder.path()).unwrap_err(),
            head(folder.path()).unwrap_err(),
        ] {
            assert!(matches!(fault, JournalError::Missing { .. }));
        }
        assert!(!folder.path().join(FILE).exists());
    }

    #[test]
    fn torn_line_is_cut_off_and_noted() {
        let (folder, mut journal) = journal();
        let kept = journal.append(&[rebuilt(1)]).unwrap();
        journal.append(&[rebuilt(2)]).unwrap();
        let path = folder.path().join(FILE);
        let whole = fs::read(&path).unwrap();
        let line = whole.split_inclusive(|&c| c == b'\n').nth(2).unwrap().len();
        for torn in [1, line / 2, line - 1, 200_000] {
            let mut bytes = whole[..whole.len() - line].to_vec();
            bytes.extend(whole[whole.len() - line..].iter().take(torn.min(line - 1)));
            bytes.resize(whole.len() - line + torn, 0);
            fs::write(&path, bytes).unwrap();
            assert_eq!(head(folder.path()).unwrap(), kept);
            assert_eq!(events(folder.path()).len(), 2);
            let journal = Journal::open(folder.path(), actor()).unwrap();
            assert_eq!(journal.head().seq, 3);
            let bytes = torn as u64;
            assert_eq!(events(folder.path())[2..], [Event::TornLineRemoved { bytes }]);
        }
    }

    #[test]
    fn damaged_end_is_refused_and_left_as_it_is() {
        let (folder, mut journal) = journal();
        journal.append(&[rebuilt(1), rebuilt(2)]).unwrap();
        let path = folder.path().join(FILE);
        let whole = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = whole.split_inclusive('\n').collect();
        for (case, text) in [
            ("empty", String::new()),
            ("no complete line", lines[0][..20].to_owned()),
            ("zeros", format!("{whole}\0\0\n")),
            ("last changed", whole.replace("\"packages\":2", "\"packages\":3")),
            ("last but one changed", whole.replace("\"packages\":1", "\"packages\":3")),
            ("last but one removed", format!("{}{}", lines[0], lines[2])),
            ("last twice", format!("{whole}{}", lines[2])),
            ("first removed", lines[1].to_owned()),
            ("empty line", format!("{whole}\n")),
            ("endless line", format!("{whole}{}\n", "x".repeat(3 << 20))),
        ] {
            fs::write(&path, &text).unwrap();
            let fault = Journal::open(folder.path(), actor()).unwrap_err();
            assert!(matches!(fault, JournalError::Empty { .. } | JournalError::Damaged { .. }), "{case}: {fault}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text, "{case}");
        }
    }

    #[test]
    fn nothing_is_appended_to_a_file_that_someone_else_wrote_to() {
        let (folder, mut journal) = journal();
        let path = folder.path().join(FILE);
        let mut text = fs::read_to_string(&path).unwrap();
        text.push('x');
        fs::write(&path, &text).unwrap();
        let fault = journal.append(&[rebuilt(1)]).unwrap_err();
        assert!(matches!(fault, JournalError::Interfered { .. }));
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }

    #[test]
    fn entries_that_could_not_be_read_again_are_not_written() {
        let (folder, mut journal) = journal();
        let long = Event::Refused {
            accession: "2026-0001".into(),
            package: crate::model::package::PackageId::derive("a", "b", "c"),
            reason: "x".repeat(super::super::LONGEST_LINE),
        };
        for event in [long, Event::Other] {
            let fault = journal.append(&[rebuilt(1), event]).unwrap_err();
            assert!(matches!(fault, JournalError::Unwritable { .. }));
        }
        journal.append(&[rebuilt(2)]).unwrap();
        assert_eq!(events(folder.path())[1..], [rebuilt(2)]);
    }

    #[test]
    fn failed_write_leaves_the_journal_as_it_was() {
        let (folder, mut journal) = journal();
        let before = fs::read(folder.path().join(FILE)).unwrap();
        // Writing fails where the file is open for reading only; cutting off does, too.
        let writable = std::mem::replace(&mut journal.file, File::open(folder.path().join(FILE)).unwrap());
        let fault = journal.append(&[rebuilt(1)]).unwrap_err();
        assert!(matches!(fault, JournalError::Io { .. }));
        journal.file = writable;
        let fault = journal.append(&[rebuilt(1)]).unwrap_err();
        assert!(matches!(fault, JournalError::Poisoned { .. }));
        assert_eq!(fs::read(folder.path().join(FILE)).unwrap(), before);
    }

    #[test]
    fn links_and_folders_are_no_journal() {
        let (folder, _) = journal();
        let path = folder.path().join(FILE);
        fs::rename(&path, folder.path().join("other")).unwrap();
        std::os::unix::fs::symlink("other", &path).unwrap();
        let fault = Journal::open(folder.path(), actor()).unwrap_err();
        assert!(matches!(fault, JournalError::NotAFile { .. }), "{fault}");
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        let fault = entries(folder.path()).unwrap_err();
        assert!(matches!(fault, JournalError::NotAFile { .. }), "{fault}");
    }
}
