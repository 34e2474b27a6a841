//! The one writer of an archive: holds its lock, and settles first what a run that was interrupted left behind.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, TryLockError};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::changes::Changes;
use super::{Archive, ArchiveError, damaged, marker, receipt};
use crate::catalogue::Catalogue;
use crate::io::durable;
use crate::journal::{self, Actor, Event, Head, Journal};
use crate::model::accession::{Accession, Purpose};
use crate::model::checksum::hex;
use crate::model::package::Commit;
use crate::model::package::{Holding, PackageId};
use crate::model::time::Timestamp;
use crate::task::Cancel;

/// How long the lock is waited for in any case.
const PATIENCE: Duration = Duration::from_secs(2);

/// The right to write to an archive; held until it is dropped, or the process ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// An archive that is being written to.
#[derive(Debug)]
pub struct Writer<'a> {
    pub(super) archive: &'a Archive,
    pub(super) journal: Journal,
    pub(super) catalogue: Catalogue,
    _lock: Lock,
}

/// An accession that was begun and not closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) number: String,
    pub(super) identity: Uuid,
    pub(super) started: Timestamp,
}

impl Archive {
    /// Takes the lock; waits for it if `wait`, and looks at `cancel` meanwhile.
    pub fn lock(&self, wait: bool, cancel: &Cancel) -> Result<Lock, ArchiveError> {
        let path = self.root.join(marker::FILE);
        let open = || File::open(&path).map_err(ArchiveError::io(&path));
        let mut file = open()?;
        // Audits hold the lock for a moment to write their entry: a run that starts just then is not turned away.
        let patience = Instant::now() + PATIENCE;
        loop {
            match file.try_lock() {
                // A migration puts a new marker in its place; the lock on the former one holds nobody.
                Ok(()) if is_at(&file, &path) => return Ok(Lock { _file: file }),
                Ok(()) => file = open()?,
                Err(TryLockError::WouldBlock) if wait || Instant::now() < patience => {
                    cancel.check()?;
                    std::thread::sleep(Duration::from_millis(50));
                }
                Err(TryLockError::WouldBlock) => return Err(ArchiveError::Locked { path: self.root.clone() }),
                Err(TryLockError::Error(source)) => return Err(ArchiveError::Io { path, source }),
            }
        }
    }

    /// Opens the archive for writing and settles what an interrupted run left.
    ///
    /// # Errors
    /// [`ArchiveError::IsCopy`] of a copy, whose journal is that of the original.
    pub fn writer(&self, actor: Actor, wait: bool, cancel: &Cancel) -> Result<Writer<'_>, ArchiveError> {
        self.require_original()?;
        let lock = self.lock(wait, cancel)?;
        let catalogue = Catalogue::open(&self.root.join(marker::CATALOGUE))?;
        // Opening cuts off a torn line. One that was complete once stays, for the audit to find.
        if journal::head(&self.journal())?.seq < self.head_in(&catalogue)?.seq {
            return Err(ArchiveError::Incomplete { path: self.journal() });
        }
        let journal = Journal::open(&self.journal(), actor)?;
        let mut writer = Writer { archive: self, journal, catalogue, _lock: lock };
        writer.settle()?;
        // They are copies: without them nothing is wrong, and nobody is kept from storing.
        if let Err(error) = receipt::settle_copies(&writer) {
            tracing::warn!(%error, "copies of receipts are lacking");
        }
        Ok(writer)
    }
}

/// Whether `file` is the one that lies at `path` now.
fn is_at(file: &File, path: &Path) -> bool {
    let of = |found: std::fs::Metadata| (found.dev(), found.ino());
    match (file.metadata(), path.metadata()) {
        (Ok(held), Ok(there)) => of(held) == of(there),
        _ => true,
    }
}

impl Archive {
    /// Writes down in the journal that something was checked or given out, where that is possible right now: it is not
    /// while another run writes, or where the user may only read. Returns whether it was.
    pub fn testify(&self, event: Event, actor: Actor) -> Result<bool, ArchiveError> {
        match self.writer(actor, false, &Cancel::new()) {
            Ok(mut writer) => writer.note(&[event], &[], &[]).map(|_| true),
            Err(ArchiveError::Locked { .. }) => Ok(false),
            Err(error) if error.is_read_only() => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Writer<'_> {
    /// Appends to the journal and tells the catalogue how far it is.
    pub(super) fn note(
        &mut self,
        events: &[Event],
        holdings: &[Holding],
        accessions: &[Accession],
    ) -> Result<Head, ArchiveError> {
        let head = self.journal.append(events)?;
        record(&mut self.catalogue, holdings, accessions, head)?;
        Ok(head)
    }

    /// Tells the catalogue that packages are gone, and how far the journal is.
    pub(super) fn forget(&mut self, ids: &[PackageId], head: Head) -> Result<(), ArchiveError> {
        Ok(self.catalogue.forget(ids, (head.seq, &hex(&head.hash)))?)
    }

    /// Brings store, journal and catalogue together after an interrupted run.
    ///
    /// A package of which the journal says that it was about to be published is stored if it is in the store as announced,
    /// else it never was. What the journal knows and the catalogue does not is added to the catalogue. Nothing staged is
    /// visible to anyone: it is removed, but only after all that. What changed places with a new object lies there, and
    /// until now nobody knew that the new one is durable.
    fn settle(&mut self) -> Result<(), ArchiveError> {
        let known = self.catalogue_head()?;
        if known != self.journal.head() {
            self.settle_from(known)?;
        }
        self.archive.store.tidy(&self.archive.staging())?;
        Ok(())
    }

    fn settle_from(&mut self, known: Head) -> Result<(), ArchiveError> {
        let archive = self.archive;
        let mut unsettled = Unsettled::default();
        for entry in journal::entries(&archive.journal())? {
            let entry = entry?;
            if entry.seq > known.seq {
                unsettled.take(entry.time, entry.event);
            } else if entry.seq == known.seq && entry.hash != known.hash {
                return Err(ArchiveError::Incomplete { path: archive.journal() });
            }
        }
        let events = unsettled.settle(archive)?;
        unsettled.newest();
        tracing::warn!(entries = events.len(), "an interrupted run is settled");
        let Rows { holdings, accessions, gone } = unsettled.rows(archive)?;
        for id in &gone {
            damaged::remove_of_package(archive, *id)?;
        }
        if !gone.is_empty() {
            // Not yet as far as the journal: if this run ends here, all of this is done again.
            self.forget(&gone, known)?;
        }
        self.note(&events, &holdings, &accessions)?;
        Ok(())
    }

    fn catalogue_head(&self) -> Result<Head, ArchiveError> {
        self.archive.head_in(&self.catalogue)
    }

    /// Returns the accession of this delivery that was begun and not closed.
    pub(super) fn open_accession(&self, identity: Uuid) -> Result<Option<Open>, ArchiveError> {
        let mut numbers = Vec::new();
        self.catalogue.accessions(|accession| {
            if accession.closed.is_none() {
                numbers.push(accession.number);
            }
            true
        })?;
        if numbers.is_empty() {
            return Ok(None);
        }
        for entry in journal::entries(&self.archive.journal())? {
            let entry = entry?;
            if let Event::AccessionStarted { accession, identity: found, .. } = entry.event
                && found == identity
                && numbers.contains(&accession)
            {
                return Ok(Some(Open { number: accession, identity, started: entry.time }));
            }
        }
        Ok(None)
    }

    /// Returns the next free accession number of the year in which `time` lies.
    pub(super) fn next_number(&self, time: Timestamp) -> Result<String, ArchiveError> {
        let year = time.civil().0;
        let prefix = format!("{year:04}-");
        let mut last = 0_u64;
        self.catalogue.accessions(|accession| {
            let number = accession.number.strip_prefix(&prefix).and_then(|number| number.parse().ok());
            last = last.max(number.unwrap_or(0));
            true
        })?;
        // After journal and catalogue were rolled back, the store holds numbers that they do not know.
        loop {
            last += 1;
            let number = format!("{prefix}{last:04}");
            if self.archive.store.object(&self.archive.accession_object(&number))?.is_none() {
                return Ok(number);
            }
        }
    }
}

impl Archive {
    /// Returns the journal's last entry that the catalogue knows.
    pub fn known_head(&self) -> Result<Head, ArchiveError> {
        self.parse_head(Catalogue::head_of_any(&self.root.join(marker::CATALOGUE))?)
    }

    /// Returns the head of the journal that `catalogue` knows.
    pub(super) fn head_in(&self, catalogue: &Catalogue) -> Result<Head, ArchiveError> {
        self.parse_head(catalogue.head()?)
    }

    fn parse_head(&self, (seq, hash): (u64, String)) -> Result<Head, ArchiveError> {
        format!("{seq}:{hash}").parse().map_err(|_| {
            let (path, detail) = (self.root.join(marker::CATALOGUE), "head".to_owned());
            ArchiveError::Catalogue(crate::catalogue::CatalogueError::Damaged { path, detail })
        })
    }

    /// Returns the row of an accession that was begun: all else is known when it is closed.
    pub(super) fn opened(&self, number: &str, started: Timestamp) -> Accession {
        Accession {
            number: number.to_owned(),
            started,
            closed: None,
            producer: String::new(),
            delivery: String::new(),
            profile: String::new(),
            agreement: String::new(),
            purpose: Purpose::Permanent,
            holdings: String::new(),
            packages: 0,
            files: 0,
            bytes: 0,
            refused: 0,
            failed: 0,
            left_out: 0,
            object: self.accession_object(number),
            inventory: String::new(),
        }
    }

    /// Reads the accession that `object` holds.
    pub(super) fn read_accession(&self, object: &crate::store::Object) -> Result<Accession, ArchiveError> {
        const LIMIT: u64 = 1 << 20;
        let path = self.root.join(marker::STORE).join(&object.place).join("v1/content/accession.json");
        let file = object.open("v1/content/accession.json").map_err(ArchiveError::io(&path))?;
        let mut text = String::new();
        std::io::Read::read_to_string(&mut std::io::Read::take(file, LIMIT), &mut text)
            .map_err(ArchiveError::io(&path))?;
        let accession: Accession = serde_json::from_str(&text).map_err(|_| ArchiveError::Incomplete { path })?;
        Ok(Accession { inventory: object.inventory_sha512.clone().unwrap_or_default(), ..accession })
    }
}

/// Writes rows to the catalogue, with the journal's entry that they follow from.
pub(super) fn record(
    catalogue: &mut Catalogue,
    holdings: &[Holding],
    accessions: &[Accession],
    head: Head,
) -> Result<(), ArchiveError> {
    Ok(catalogue.record(holdings, accessions, (head.seq, &hex(&head.hash)))?)
}

pub(super) fn closed(accession: &Accession, inventory: String) -> Event {
    Event::AccessionClosed {
        accession: accession.number.clone(),
        inventory,
        stored: accession.packages,
        refused: accession.refused,
        failed: accession.failed,
    }
}

/// What the catalogue is to know of entries of the journal.
pub(super) struct Rows {
    pub(super) holdings: Vec<Holding>,
    pub(super) accessions: Vec<Accession>,
    /// Packages that are to be forgotten.
    pub(super) gone: Vec<PackageId>,
}

/// What the journal says from some entry on, and what of it an interrupted run left open.
#[derive(Default)]
pub(super) struct Unsettled {
    committing: BTreeMap<PackageId, Commit>,
    /// Packages that were to get a further version, with the inventory that they had before.
    amending: BTreeMap<PackageId, String>,
    closing: BTreeMap<String, String>,
    pub(super) completed: Vec<Commit>,
    pub(super) closed: BTreeSet<String>,
    pub(super) started: Vec<(String, Timestamp)>,
    pub(super) changes: Changes,
}

impl Unsettled {
    /// Reads all that the journal says.
    pub(super) fn of(archive: &Archive) -> Result<Self, ArchiveError> {
        let mut told = Self::default();
        for entry in journal::entries(&archive.journal())? {
            let entry = entry?;
            told.take(entry.time, entry.event);
        }
        Ok(told)
    }

    pub(super) fn take(&mut self, time: Timestamp, event: Event) {
        let Some(event) = self.changes.take(event) else { return };
        match event {
            Event::AccessionStarted { accession, .. } => self.started.push((accession, time)),
            Event::Amending { package, former, .. } => {
                self.amending.insert(package, former);
            }
            Event::Committing(commit) => {
                self.committing.insert(commit.package, commit);
            }
            Event::Completed(commit) => {
                self.committing.remove(&commit.package);
                self.completed.push(commit);
            }
            Event::Abandoned { package, .. } => {
                self.committing.remove(&package);
            }
            Event::AccessionClosing { accession, inventory } => {
                self.closing.insert(accession, inventory);
            }
            Event::AccessionClosed { accession, .. } => {
                self.closing.remove(&accession);
                self.closed.insert(accession);
            }
            _ => {}
        }
    }

    /// Forgets of each package all versions but the newest.
    pub(super) fn newest(&mut self) {
        let mut seen = BTreeSet::new();
        self.completed.reverse();
        self.completed.retain(|commit| seen.insert(commit.package));
        self.completed.reverse();
    }

    /// Returns what the catalogue is to know of it.
    pub(super) fn rows(&self, archive: &Archive) -> Result<Rows, ArchiveError> {
        let mut holdings = Vec::new();
        for commit in &self.completed {
            let Some(object) = archive.store.object(&Archive::object_id(commit.package))? else { continue };
            match archive.holding(&object, commit) {
                Ok(holding) => holdings.push(holding),
                // The audit names it; it does not keep others from being stored.
                Err(error) if error.is_damage() => {}
                Err(error) => return Err(error),
            }
        }
        let mut accessions: Vec<Accession> =
            self.started.iter().map(|(number, started)| archive.opened(number, *started)).collect();
        for number in &self.closed {
            let Some(object) = archive.store.object(&archive.accession_object(number))? else { continue };
            match archive.read_accession(&object) {
                Ok(accession) => accessions.push(accession),
                Err(error) if error.is_damage() => {}
                Err(error) => return Err(error),
            }
        }
        let gone: Vec<PackageId> = self.changes.disposed.iter().copied().collect();
        holdings.retain(|holding: &Holding| !gone.contains(&holding.id));
        let (restored, reopened) = archive.restored(&self.changes.repaired)?;
        holdings.extend(restored);
        accessions.extend(reopened);
        Ok(Rows { holdings, accessions, gone })
    }

    /// Looks in the store for what was announced and not completed, and returns what the journal is to say of it.
    pub(super) fn settle(&mut self, archive: &Archive) -> Result<Vec<Event>, ArchiveError> {
        let mut events = self.changes.settle(archive)?;
        for (package, commit) in std::mem::take(&mut self.committing) {
            let object = archive.store.object(&Archive::object_id(package))?;
            let is = |inventory: &String| object.as_ref().is_some_and(|object| object.is(inventory));
            if is(&commit.inventory) {
                events.push(Event::Completed(commit.clone()));
                self.completed.push(commit);
            } else {
                // What it was before is not removed with what is staged, whatever took its place.
                if let Some(former) = self.amending.get(&package).filter(|former| !is(former)) {
                    archive.put_back(package, former)?;
                }
                let (accession, reason) = (commit.accession, "interrupted".to_owned());
                events.push(Event::Abandoned { accession, package, reason });
            }
        }
        for (number, inventory) in std::mem::take(&mut self.closing) {
            let object = archive.store.object(&archive.accession_object(&number))?;
            if let Some(object) = object.filter(|object| object.is(&inventory)) {
                events.push(closed(&archive.read_accession(&object)?, inventory));
                self.closed.insert(number);
            }
        }
        if !events.is_empty() {
            // The interrupted run may not have come to this: what it renamed need not be on the medium yet.
            durable::sync_file_system(&archive.root).map_err(ArchiveError::io(&archive.root))?;
        }
        Ok(events)
    }
}
