//! What became of deliveries that still lie in the inbox: one small file for each, beside the receipts.
//!
//! An index, not a truth: it may be lost, and is believed only after a look into the archive.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Entry, Inbox, shown};
use crate::archive::ArchiveError;
use crate::io::durable;
use crate::model::checksum::hex;
use crate::model::time::Timestamp;
use crate::package::reader::open_regular;

/// The folder in the outbox; in it one for each archive.
const FOLDER: &str = ".earchiv-inbox";

/// How long a note may be, in bytes.
const LONGEST: u64 = 1 << 20;

/// Notes of one inbox and one archive.
#[derive(Debug)]
pub struct Memory {
    folder: PathBuf,
    archive: Uuid,
    inbox: PathBuf,
    writes: bool,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is watched until nothing changes.
    Seen,
    /// Nothing of it was refused.
    Taken,
    /// Some of it was taken, some refused.
    Partial,
    /// Nothing of it was taken.
    Refused,
}

/// What is remembered of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The archive.
    pub archive: Uuid,
    /// The inbox.
    pub inbox: String,
    /// The delivery's name in it.
    pub name: String,
    /// What it looked like.
    pub fingerprint: String,
    /// On which terms, see [`super::digest`].
    pub terms: String,
    /// What became of it.
    pub state: State,
    /// When.
    pub since: Timestamp,
    /// The accessions that hold what was taken.
    pub accessions: Vec<Held>,
    /// The receipts in the outbox.
    pub receipts: Vec<String>,
}

/// An accession that holds something of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Its number.
    pub number: String,
    /// SHA-512 of its object's inventory: another accession of the same number is not this one.
    pub inventory: String,
}

impl Memory {
    /// Returns the notes in `outbox`, which is there; only under the archive's lock, since what another run was writing is
    /// removed.
    pub fn open(outbox: &Path, inbox: &Inbox<'_>) -> Result<Self, ArchiveError> {
        let memory = Self { writes: true, ..Self::peek(outbox, inbox) };
        let fault = |error| ArchiveError::io(&memory.folder)(error);
        durable::create_folders(&memory.folder, outbox).map_err(fault)?;
        durable::remove_unfinished(&memory.folder).map_err(fault)?;
        Ok(memory)
    }

    /// Returns the notes in `outbox`, where there are some, to be read only.
    #[must_use]
    pub fn peek(outbox: &Path, inbox: &Inbox<'_>) -> Self {
        let archive = inbox.archive.marker().id;
        let folder = outbox.join(FOLDER).join(archive.to_string());
        Self { folder, archive, inbox: inbox.place.clone(), writes: false }
    }

    /// Returns what is remembered of the delivery `name`; nothing where the note is of another inbox, or no note.
    #[must_use]
    pub fn read(&self, name: &OsStr) -> Option<Note> {
        let note = self.note_at(&self.folder.join(self.file(name)))?;
        (note.name == shown(name)).then_some(note)
    }

    /// Writes down what became of the delivery `name`, durably.
    pub fn write(&self, name: &OsStr, note: &Note) -> Result<(), ArchiveError> {
        if !self.writes {
            return Ok(());
        }
        let path = self.folder.join(self.file(name));
        let text = serde_json::to_string_pretty(&Note { name: shown(name), ..note.clone() }).unwrap_or_default();
        durable::replace(&path, |out| out.write_all(text.as_bytes())).map_err(ArchiveError::io(&path))
    }

    /// Returns a note of a delivery that is watched from `now` on.
    pub(super) fn seen(&self, fingerprint: &str, now: Timestamp) -> Note {
        self.note(State::Seen, fingerprint, "", now)
    }

    /// Returns a note of what became of a delivery, without accessions and receipts.
    #[must_use]
    pub fn note(&self, state: State, fingerprint: &str, terms: &str, since: Timestamp) -> Note {
        Note {
            archive: self.archive,
            inbox: shown(self.inbox.as_os_str()),
            name: String::new(),
            fingerprint: fingerprint.to_owned(),
            terms: terms.to_owned(),
            state,
            since,
            accessions: Vec::new(),
            receipts: Vec::new(),
        }
    }

    /// Removes the notes of deliveries of this inbox that lie there no more.
    ///
    /// Nothing is removed while the inbox is empty: perhaps its medium is not mounted. A note that stays does no harm.
    pub fn forget_others(&self, present: &[Entry]) -> Result<(), ArchiveError> {
        if present.is_empty() || !self.writes {
            return Ok(());
        }
        let fault = |error| ArchiveError::io(&self.folder)(error);
        let files: BTreeSet<OsString> = present.iter().map(|entry| self.file(&entry.name).into()).collect();
        for entry in fs::read_dir(&self.folder).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            if !files.contains(&entry.file_name()) && self.note_at(&entry.path()).is_some() {
                durable::remove_file(&entry.path()).map_err(fault)?;
            }
        }
        Ok(())
    }

    /// Returns the note in a file, if it is one of this inbox.
    fn note_at(&self, path: &Path) -> Option<Note> {
        let mut text = String::new();
        open_regular(path).ok()?.take(LONGEST).read_to_string(&mut text).ok()?;
        let note: Note = serde_json::from_str(&text).ok()?;
        (note.archive == self.archive && note.inbox == shown(self.inbox.as_os_str())).then_some(note)
    }

    /// Returns the name of the file for the delivery `name`: the same name in another inbox is another delivery.
    fn file(&self, name: &OsStr) -> String {
        let inbox = self.inbox.as_os_str().as_bytes();
        let hasher = Sha256::new_with_prefix(format!("{} ", inbox.len())).chain_update(inbox);
        let digits = hex(&hasher.chain_update(name.as_bytes()).finalize());
        format!("{}.json", digits.get(..32).unwrap_or(&digits))
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::super::Kind;
    use super::*;

    fn memory(folder: &Path, inbox: &str) -> Memory {
        Memory { folder: folder.to_owned(), archive: Uuid::nil(), inbox: inbox.into(), writes: true }
    }

    fn entry(name: &str) -> Entry {
        Entry { name: name.into(), path: name.into(), kind: Kind::Folder }
    }

    #[test]
    fn a_note_is_of_one_delivery_in_one_inbox_of_one_archive() {
        let folder = tempfile::tempdir().unwrap();
        let here = memory(folder.path(), "/eingang");
        let note = here.note(State::Refused, "f", "t", Timestamp::from_seconds(7));
        here.write(OsStr::new("a"), &note).unwrap();
        let found = here.read(OsStr::new("a")).unwrap();
        assert_eq!(found, Note { name: "a".to_owned(), ..note });
        assert_eq!(here.read(OsStr::new("b")), None);
        assert_eq!(memory(folder.path(), "/anderer").read(OsStr::new("a")), None);
        let other = Memory { archive: Uuid::max(), ..memory(folder.path(), "/eingang") };
        assert_eq!(other.read(OsStr::new("a")), None);
    }

    #[test]
    fn damaged_notes_are_none() {
        let folder = tempfile::tempdir().unwrap();
        let here = memory(folder.path(), "/eingang");
        let note = here.note(State::Taken, "f", "t", Timestamp::from_seconds(7));
        here.write(OsStr::new("a"), &note).unwrap();
        let path = folder.path().join(here.file(OsStr::new("a")));
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(here.read(OsStr::new("a")), None, "{length}");
        }
    }

    #[test]
    fn what_left_the_inbox_is_forgotten_unless_all_did() {
        let folder = tempfile::tempdir().unwrap();
        let (here, other) = (memory(folder.path(), "/eingang"), memory(folder.path(), "/anderer"));
        let note = here.note(State::Taken, "f", "t", Timestamp::from_seconds(7));
        for name in ["a", "b"] {
            here.write(OsStr::new(name), &note).unwrap();
        }
        let elsewhere = other.note(State::Taken, "f", "t", Timestamp::from_seconds(7));
        other.write(OsStr::new("b"), &elsewhere).unwrap();
        here.forget_others(&[]).unwrap();
        assert!(here.read(OsStr::new("a")).is_some());
        here.forget_others(&[entry("a"), entry("c")]).unwrap();
        assert!(here.read(OsStr::new("a")).is_some());
        assert_eq!(here.read(OsStr::new("b")), None);
        assert!(other.read(OsStr::new("b")).is_some());
    }
}
