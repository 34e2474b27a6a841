//! A folder into which others lay deliveries: what in it is complete, and what of it was taken before.
//!
//! Each entry of its top level is one delivery. Nothing in it is moved, marked or written; what was done with a delivery is
//! told by the archive itself, and a [`Memory`] spares reading it again. A memory that is wrong or lost costs a second reading:
//! it is believed only where the archive still has what it names, and what is read again is known by identity and content.

mod judge;
mod memory;
mod survey;
mod told;

use std::cell::OnceCell;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::choice::{self, Choice};
use super::delivery::Terms;
use super::{Archive, ArchiveError, outbox};
use crate::catalogue::Catalogue;
use crate::model::checksum::hex;
use crate::model::path;
use crate::model::time::Timestamp;
use crate::package::eark::VERSION;
use crate::source::SourceError;
use crate::task::Cancel;

pub use judge::{Waiting, is_partial};
pub use memory::{Held, Memory, Note, State};
use survey::Moment;

/// When a delivery counts as complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completeness {
    /// What the name of the file ends in that says so: `.fertig` for `Ablieferung.fertig` beside `Ablieferung`.
    pub marker: Option<OsString>,
    /// How long nothing in it may have changed where no marker was written after the last change.
    pub quiet: Duration,
}

/// A folder of deliveries.
pub struct Inbox<'a> {
    archive: &'a Archive,
    /// Opened once for all entries, when the first is asked for.
    catalogue: OnceCell<Catalogue>,
    folder: PathBuf,
    place: PathBuf,
    rule: Completeness,
}

/// An entry of the top level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub name: OsString,
    /// Where it lies, as the inbox was named.
    pub path: PathBuf,
    kind: Kind,
}

/// What lies there, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
    Link,
    Special,
}

/// What is to be done with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Not yet, or never: why.
    Waiting(Waiting),
    /// It is as it was when that became of it.
    Known(Note),
    /// It is complete.
    Ready {
        /// What tells this state of it from any other.
        fingerprint: String,
    },
}

impl<'a> Inbox<'a> {
    /// Returns the inbox `folder`, which must be apart from the archive.
    pub fn open(archive: &'a Archive, folder: &Path, rule: Completeness) -> Result<Self, ArchiveError> {
        let fault = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => SourceError::NotFound { path: folder.to_owned() },
            _ => SourceError::Read { path: folder.to_owned(), source },
        };
        let place = folder.canonicalize().map_err(fault)?;
        if !place.is_dir() {
            return Err(SourceError::NotAFolder { path: folder.to_owned() }.into());
        }
        choice::apart(folder, archive.root())?;
        Ok(Self { archive, catalogue: OnceCell::new(), folder: folder.to_owned(), place, rule })
    }

    /// Makes the folder for receipts and answers where it is not there.
    ///
    /// # Errors
    /// [`ArchiveError::OutboxInside`] where it lies in the inbox: it would be a delivery.
    pub fn outbox(&self, folder: &Path) -> Result<(), ArchiveError> {
        let near = folder.ancestors().find_map(|place| {
            let place = if place.as_os_str().is_empty() { Path::new(".") } else { place };
            place.canonicalize().ok()
        });
        if near.is_some_and(|place| place.starts_with(&self.place)) {
            return Err(ArchiveError::OutboxInside { path: folder.to_owned() });
        }
        outbox::ready(folder, self.archive.root())
    }

    /// Returns the entries that are deliveries or may become some, by name.
    pub fn entries(&self) -> Result<Vec<Entry>, ArchiveError> {
        let fault = |source| SourceError::Read { path: self.folder.clone(), source };
        let mut entries = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            let kind = match entry.file_type() {
                Ok(kind) if kind.is_dir() => Kind::Folder,
                Ok(kind) if kind.is_symlink() => Kind::Link,
                Ok(kind) if !kind.is_file() => Kind::Special,
                // What cannot even be asked is told when it is opened.
                _ => Kind::File,
            };
            entries.push(Entry { name: entry.file_name(), path: self.folder.join(entry.file_name()), kind });
        }
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        let names: Vec<OsString> = entries.iter().map(|entry| entry.name.clone()).collect();
        let delivered = |base: &OsStr| names.binary_search_by(|name| name.as_os_str().cmp(base)).is_ok();
        // A marker belongs to its delivery; one without is told.
        entries.retain(|entry| self.marked(entry).is_none_or(|base| !delivered(base)));
        Ok(entries)
    }

    /// Returns what is to be done with `entry`; `terms` are those of [`digest`].
    ///
    /// What lies there unchanged since it was taken stays known, whatever became of its marker; what was refused is tried
    /// again on other terms.
    pub fn look(
        &self,
        entry: &Entry,
        memory: &Memory,
        terms: &str,
        now: Timestamp,
        cancel: &Cancel,
    ) -> Result<Standing, ArchiveError> {
        if let Some(waiting) = self.by_name(entry) {
            return Ok(Standing::Waiting(waiting));
        }
        let marker = self.marker(entry);
        let survey = survey::survey(&entry.path, now, cancel)?;
        let note = memory.read(&entry.name).filter(|note| note.fingerprint == survey.fingerprint);
        let first_seen = match note {
            Some(note) if note.state != State::Seen && self.holds(&note, terms)? => return Ok(Standing::Known(note)),
            Some(note) if note.state == State::Seen => Some(note.since),
            _ => None,
        };
        let Some(waiting) = judge::waiting(&self.rule, &survey, marker, first_seen, now) else {
            return Ok(Standing::Ready { fingerprint: survey.fingerprint });
        };
        if let (Waiting::Future { .. }, None) = (&waiting, first_seen) {
            // From now on it is watched: its own times say nothing.
            memory.write(&entry.name, &memory.seen(&survey.fingerprint, now))?;
        }
        Ok(Standing::Waiting(waiting))
    }

    /// Returns why what is called so, or is of this kind, is no delivery.
    fn by_name(&self, entry: &Entry) -> Option<Waiting> {
        match entry.kind {
            Kind::Link => return Some(Waiting::Link),
            Kind::Special => return Some(Waiting::Special),
            Kind::File | Kind::Folder => {}
        }
        if self.marked(entry).is_some() {
            return Some(Waiting::MarkerAlone);
        }
        judge::by_name(entry.name.as_bytes())
    }

    /// Returns what `entry` is the marker of.
    fn marked<'e>(&self, entry: &'e Entry) -> Option<&'e OsStr> {
        let marker = self.rule.marker.as_ref().filter(|_| entry.kind == Kind::File)?;
        let base = entry.name.as_bytes().strip_suffix(marker.as_bytes())?;
        (!base.is_empty()).then(|| OsStr::from_bytes(base))
    }

    /// Returns when the marker of `entry` was written.
    fn marker(&self, entry: &Entry) -> Option<Moment> {
        let mut name = entry.name.clone();
        name.push(self.rule.marker.as_ref()?);
        let found = self.folder.join(name).symlink_metadata().ok()?;
        found.is_file().then(|| Moment::changed(&found))
    }

    /// Returns whether a note still is true: the archive has what it names, and nothing else would come of the delivery now.
    fn holds(&self, note: &Note, terms: &str) -> Result<bool, ArchiveError> {
        if note.state != State::Taken && note.terms != terms {
            return Ok(false);
        }
        let catalogue = self.catalogue()?;
        for held in &note.accessions {
            let known = catalogue.accession(&held.number)?;
            if known.is_none_or(|known| known.closed.is_none() || known.inventory != held.inventory) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn catalogue(&self) -> Result<&Catalogue, ArchiveError> {
        if let Some(catalogue) = self.catalogue.get() {
            return Ok(catalogue);
        }
        let catalogue = self.archive.catalogue()?;
        Ok(self.catalogue.get_or_init(|| catalogue))
    }

    /// Returns the closed accessions of these numbers, as a note names them; nothing where one of them is open.
    pub fn held<'n>(&self, numbers: impl IntoIterator<Item = &'n String>) -> Result<Option<Vec<Held>>, ArchiveError> {
        let catalogue = self.catalogue()?;
        let mut all = Vec::new();
        for number in numbers {
            match catalogue.accession(number)? {
                Some(known) if known.closed.is_some() => {
                    all.push(Held { number: number.clone(), inventory: known.inventory });
                }
                _ => return Ok(None),
            }
        }
        Ok(Some(all))
    }
}

/// Returns what tells these terms from others: a delivery that was refused is tried again on others, and by another version of
/// the program.
#[must_use]
pub fn digest(choice: &Choice) -> String {
    let mut hasher = Sha256::new_with_prefix(VERSION);
    for terms in choice.all() {
        let Terms { profile, agreement, producer, delivery, schemas, decisions, form, .. } = terms;
        let told = serde_json::json!([profile, producer, delivery, format!("{form:?}")]);
        let files = schemas.iter().map(|file| (file.path.as_str(), &file.bytes));
        let files = files.chain(decisions.iter().map(|list| (list.name.as_str(), &list.bytes)));
        let files = files.chain(agreement.iter().map(|(_, bytes)| ("agreement", bytes)));
        hasher.update(told.to_string());
        for (name, bytes) in files {
            hasher.update(format!("\n{} {name} ", name.len()));
            hasher.update(Sha256::digest(bytes));
        }
        hasher.update("\n");
    }
    hex(&hasher.finalize())
}

/// Returns a name as text.
fn shown(name: &OsStr) -> String {
    path::shown(name.as_bytes())
}
