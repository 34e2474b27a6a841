//! Restores damaged and missing objects from a second copy of the archive.
//!
//! What the journal knows of an object decides, never what the copy says: the inventory must have the SHA-512 that stands
//! there, and all files the checksums of the inventory. An object that is as it was stored is left alone; one that is not is
//! moved to `damaged/` and kept.

use std::collections::BTreeSet;

use super::damaged;
use super::known::Known;
use super::read_back::digest_file;
use super::second::SecondCopy;
use super::writer::Writer;
use super::{Archive, ArchiveError, marker};
use crate::io::durable;
use crate::journal::{self, Event, Head};
use crate::model::accession::Accession;
use crate::model::finding::{Finding, Severity};
use crate::model::package::{Commit, Holding, PackageId};
use crate::store::{CopyError, Inventory, Object, Staged};
use crate::task::Watch;

/// An object that the journal knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The package, or the accession's number.
    pub name: String,
    /// The identity of the object, `urn:uuid:...`.
    pub object: String,
    /// SHA-512 of its inventory.
    pub inventory: String,
    /// Whether it is the tombstone of a package.
    pub tombstone: bool,
}

/// What became of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// The package, or the accession's number.
    pub name: String,
    /// Its place, relative to the archive.
    pub place: String,
    /// What happened.
    pub state: State,
    /// What was wrong with it.
    pub findings: Vec<Finding>,
    /// Where the damaged object lies now, relative to the archive; empty where nothing was moved.
    pub damaged: String,
    /// The entry of the journal that says so.
    pub head: Option<Head>,
}

/// What happened to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is as it was stored: nothing was to be done.
    Whole,
    /// It was restored.
    Repaired,
    /// It would be restored.
    Planned,
    /// The copy does not have it.
    CopyLacks,
    /// The copy's is damaged too; what is wrong with it, in English.
    CopyDamaged(String),
    /// The copy has an earlier state of it.
    CopyOlder,
    /// Permission lacks to see whether it is damaged.
    Unread,
    /// It was disposed of, and is back: to carry out the order again is the way.
    DisposedOf,
}

impl State {
    /// Returns the state in one stable word.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Repaired => "repaired",
            Self::Planned => "planned",
            Self::CopyLacks => "copy-lacks",
            Self::CopyDamaged(_) => "copy-damaged",
            Self::CopyOlder => "copy-older",
            Self::Unread => "unreadable",
            Self::DisposedOf => "disposed",
        }
    }
}

/// What is to be repaired, and from where.
#[derive(Debug)]
pub struct Repair<'a> {
    archive: &'a Archive,
    copy: &'a SecondCopy,
    known: Known,
}

impl<'a> Repair<'a> {
    /// Reads what the journal knows, after establishing that it can be believed.
    ///
    /// # Errors
    /// [`ArchiveError::JournalDoubted`] where the journal is not the one that was written.
    pub fn read(archive: &'a Archive, copy: &'a SecondCopy) -> Result<Self, ArchiveError> {
        let heads: Vec<Head> = archive.known_head().into_iter().collect();
        let verified = journal::verify(&archive.journal(), &heads);
        let good = verified.is_ok_and(|verified| verified.findings.iter().all(|it| it.severity != Severity::Error));
        if !good {
            return Err(ArchiveError::JournalDoubted { path: archive.journal(), copy: copy.standing(&heads) });
        }
        Ok(Self { archive, copy, known: Known::read(archive)? })
    }

    /// Returns all objects that the journal knows.
    #[must_use]
    pub fn all(&self) -> Vec<Target> {
        self.known.targets(self.archive)
    }

    /// Returns the object that `name` names: a package by its id, an accession by its number or the id of its object.
    ///
    /// # Errors
    /// [`ArchiveError::NoPackage`], [`ArchiveError::NoAccession`].
    pub fn named(&self, name: &str) -> Result<Target, ArchiveError> {
        if let Some(id) = PackageId::parse(name) {
            let object = Archive::object_id(id);
            let accessions =
                || self.known.accessions.keys().find(|number| self.archive.accession_object(number) == object);
            let found = self.package(id).or_else(|| self.accession(accessions()?));
            return found.ok_or_else(|| ArchiveError::NoPackage { id: id.to_string() });
        }
        self.accession(name).ok_or_else(|| ArchiveError::NoAccession { number: name.to_owned() })
    }

    /// Restores an object, unless it is as it was stored; without a writer only says what would become of it.
    ///
    /// # Errors
    /// What concerns the archive itself: its journal, its catalogue, room on its medium. What is wrong with the copy is a
    /// [`State`].
    pub fn repair(
        &self,
        target: &Target,
        writer: Option<&mut Writer<'_>>,
        watch: Watch<'_>,
    ) -> Result<Repaired, ArchiveError> {
        let archive = self.archive;
        let place = format!("{}/{}", marker::STORE, archive.store.place(&target.object));
        let (findings, permission) = archive.judge_object(&target.object, &target.inventory, &place, watch)?;
        let findings: Vec<Finding> = findings.into_iter().filter(|found| found.severity == Severity::Error).collect();
        let mut repaired = Repaired {
            name: target.name.clone(),
            place,
            state: State::Whole,
            findings,
            damaged: String::new(),
            head: None,
        };
        if repaired.findings.is_empty() {
            return Ok(repaired);
        }
        if permission {
            repaired.state = State::Unread;
        } else if target.tombstone && self.is_back(target)? {
            repaired.state = State::DisposedOf;
        } else {
            repaired.state = match (self.source(target)?, writer) {
                (Err(state), _) => state,
                (Ok(object), None) => self.unusable(&object, watch)?.unwrap_or(State::Planned),
                (Ok(object), Some(writer)) => match self.stage(&object, target, watch)? {
                    Err(state) => state,
                    Ok(staged) => {
                        let (damaged, head) = self.exchange(target, staged, writer)?;
                        (repaired.damaged, repaired.head) = (damaged, Some(head));
                        State::Repaired
                    }
                },
            };
        }
        Ok(repaired)
    }

    fn package(&self, id: PackageId) -> Option<Target> {
        let known = self.known.packages.get(&id).map(|commit| (&commit.inventory, false));
        let (inventory, tombstone) = known.or_else(|| self.known.disposed.get(&id).map(|(_, sum)| (sum, true)))?;
        let (name, object) = (id.to_string(), Archive::object_id(id));
        Some(Target { name, object, inventory: inventory.clone(), tombstone })
    }

    fn accession(&self, number: &str) -> Option<Target> {
        let inventory = self.known.accessions.get(number)?.clone();
        let object = self.archive.accession_object(number);
        Some(Target { name: number.to_owned(), object, inventory, tombstone: false })
    }

    /// Whether something else than a tombstone lies in the place of a package that was disposed of.
    fn is_back(&self, target: &Target) -> Result<bool, ArchiveError> {
        let object = self.archive.store.object(&target.object)?;
        Ok(object.is_some_and(|object| object.inventory.is_some() && !self.archive.is_tombstone(&object)))
    }

    /// Returns the copy's object, if it has the inventory that the journal knows; or says why the copy is of no use.
    fn source(&self, target: &Target) -> Result<Result<Object, State>, ArchiveError> {
        let object = match self.copy.store().object(&target.object) {
            Ok(Some(object)) => object,
            Ok(None) => return Ok(Err(State::CopyLacks)),
            Err(error) => return Ok(Err(State::CopyDamaged(error.to_string()))),
        };
        if object.is(&target.inventory) {
            return Ok(Ok(object));
        }
        let other = object.inventory_sha512.as_deref().filter(|found| *found != target.inventory);
        if let Some(found) = other
            && self.was(target, found)?
        {
            return Ok(Err(State::CopyOlder));
        }
        let first = object.findings.first().map_or("package-changed", |found| found.code.name());
        Ok(Err(State::CopyDamaged(first.to_owned())))
    }

    /// Whether the journal knows `inventory` as an earlier state of the object.
    fn was(&self, target: &Target, inventory: &str) -> Result<bool, ArchiveError> {
        for entry in journal::entries(&self.archive.journal())? {
            if let Event::Completed(Commit { package, inventory: former, .. }) = entry?.event
                && former == inventory
                && Archive::object_id(package) == target.object
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads all files of the copy's object; returns what is wrong with it.
    fn unusable(&self, object: &Object, watch: Watch<'_>) -> Result<Option<State>, ArchiveError> {
        for (path, expected) in object.inventory.iter().flat_map(Inventory::content) {
            let wrong = |why: String| Ok(Some(State::CopyDamaged(format!("{path}: {why}"))));
            let full = self.copy.store().root().join(&object.place).join(path);
            let found = object.open(path).map_err(ArchiveError::io(&full));
            match found.and_then(|file| digest_file(&file, &full, watch)) {
                Ok(found) if found == expected => {}
                Ok(_) => return wrong("checksum-mismatch".to_owned()),
                Err(ArchiveError::Io { source, .. }) => return wrong(source.to_string()),
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Copies the object into the staging folder, syncs it and reads it back; or says why the copy is of no use.
    fn stage(&self, object: &Object, target: &Target, watch: Watch<'_>) -> Result<Result<Staged, State>, ArchiveError> {
        let archive = self.archive;
        let staging = archive.staging();
        let staged = match archive.store.copy(object, &target.object, &staging, watch.cancel) {
            Ok(staged) => staged,
            Err(CopyError::Source { path, source }) => {
                return Ok(Err(State::CopyDamaged(format!("{path}: {source}"))));
            }
            Err(CopyError::Store(error)) => return Err(error.into()),
            Err(CopyError::Stopped) => return Err(crate::task::Cancelled.into()),
        };
        durable::sync_file_system(&staging).map_err(ArchiveError::io(&staging))?;
        let path = staged.content();
        let wrong = || ArchiveError::NotAsWritten { path: path.clone() };
        let back = staged.read()?.filter(|object| object.is(&target.inventory)).ok_or_else(wrong)?;
        for (path, expected) in back.inventory.iter().flat_map(Inventory::content) {
            let full = staged.content().join(path);
            let file = back.open(path).map_err(ArchiveError::io(&full))?;
            durable::forget(&file);
            if digest_file(&file, &full, watch)? != expected {
                return Err(wrong());
            }
        }
        Ok(Ok(staged))
    }

    /// Moves what is damaged aside and gives the staged object its place; returns where the damaged one lies, and the entry
    /// of the journal.
    fn exchange(
        &self,
        target: &Target,
        staged: Staged,
        writer: &mut Writer<'_>,
    ) -> Result<(String, Head), ArchiveError> {
        let archive = self.archive;
        let (object, inventory) = (target.object.clone(), target.inventory.clone());
        let name = object.strip_prefix("urn:uuid:").unwrap_or(&object);
        let damaged = match damaged::in_the_way(archive, &target.object) {
            Some(_) => damaged::place(archive, name)?,
            None => String::new(),
        };
        let copy = self.copy.head().map(|head| head.to_string()).unwrap_or_default();
        writer.journal.append(&[Event::Repairing {
            object: object.clone(),
            inventory: inventory.clone(),
            copy,
            damaged: damaged.clone(),
        }])?;
        let moved = match damaged::in_the_way(archive, &target.object) {
            Some(from) => damaged::keep(archive, &from, &damaged).map(|()| Some(from)),
            None => Ok(None),
        };
        let done = moved.and_then(|from| {
            archive.store.publish(staged).map_err(|error| {
                // Better damaged than missing; where this fails too, the journal says where it lies.
                if let Some(from) = &from {
                    drop(durable::publish(&archive.root.join(&damaged), from));
                    // OCFL knows no empty folders; one that holds something stays.
                    from.parent().map(durable::remove_folder);
                }
                ArchiveError::from(error)
            })
        });
        if let Err(error) = done {
            let reason = "publish".to_owned();
            writer.note(&[Event::RepairAbandoned { object, reason }], &[], &[])?;
            return Err(error);
        }
        durable::sync_file_system(&archive.root).map_err(ArchiveError::io(&archive.root))?;
        let (holdings, accessions) = archive.restored(&[object.clone()].into())?;
        let repaired = Event::Repaired { object, inventory, damaged: damaged.clone() };
        let head = writer.note(&[repaired], &holdings, &accessions)?;
        tracing::info!(object = target.object, "object is restored");
        Ok((damaged, head))
    }
}

impl Archive {
    /// Reads what the catalogue is to know of objects that were restored.
    pub(super) fn restored(&self, objects: &BTreeSet<String>) -> Result<(Vec<Holding>, Vec<Accession>), ArchiveError> {
        let (mut holdings, mut accessions) = (Vec::new(), Vec::new());
        if objects.is_empty() {
            return Ok((holdings, accessions));
        }
        let known = Known::read(self)?;
        for id in objects {
            let Some(object) = self.store.object(id)? else { continue };
            let commit = PackageId::parse(id).and_then(|id| known.packages.get(&id));
            if let Some(commit) = commit {
                match self.holding(&object, commit) {
                    Ok(holding) => holdings.push(holding),
                    Err(error) if error.is_damage() => {}
                    Err(error) => return Err(error),
                }
            } else if known.accessions.keys().any(|number| self.accession_object(number) == *id) {
                match self.read_accession(&object) {
                    Ok(accession) => accessions.push(accession),
                    Err(error) if error.is_damage() => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok((holdings, accessions))
    }
}
