//! Further versions of stored packages: what an amendment and a supplement have in common.
//!
//! The new object is made beside the stored one: all files that it has, by further names of them, and one more package. It is
//! complete, durable and read back before the journal announces it, and the two change places in one step. The payload that is
//! stored already is not read for this: it stays the same file, and the audit's business.

use std::path::PathBuf;

use super::examine::{describe, unopened};
use super::holding::{head, payload_path};
use super::known::Known;
use super::read_back::{Back, Meant, as_sealed, read_back};
use super::recorded::{documents, references_of};
use super::verify::in_store;
use super::writer::Writer;
use super::{Archive, ArchiveError, marker};
use crate::check::fixity::{self, Expected};
use crate::io::durable;
use crate::journal::{self, Change, Event};
use crate::model::checksum::Checksum;
use crate::model::finding::{Code, Finding};
use crate::model::package::Commit;
use crate::model::package::{Holding, PackageForm, PackageId};
use crate::model::record::Description;
use crate::model::time::Timestamp;
use crate::package::container::{Container, Finished};
use crate::package::eark::METS;
use crate::package::eark::references::Summary;
use crate::package::reader::PackageReader;
use crate::store::{Inventory, Object, Staged};
use crate::task::Watch;

/// The largest file beside the payload that is read before a package gets a further version, in bytes.
const SMALL: u64 = 16 << 20;

/// A stored package that may get a further version: what the journal says of it is what the store holds.
pub(super) struct Current {
    pub(super) id: PackageId,
    /// What the journal says of it.
    pub(super) commit: Commit,
    object: Object,
    /// All its packages, seen as one.
    pub(super) reader: PackageReader,
    /// What the METS document of the first one says.
    pub(super) summary: Summary,
    /// What it is about, as it stands.
    pub(super) description: Description,
}

/// What comes to a package by its new version.
pub(super) struct Next {
    pub(super) change: Change,
    pub(super) accession: Option<String>,
    /// The content digest of what comes to it.
    pub(super) content: String,
    /// Payload files that come to it, and their bytes.
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// Why, as it stands in the object's version.
    pub(super) message: String,
    pub(super) created: Timestamp,
}

impl Current {
    /// Returns the number of the version that comes next.
    pub(super) fn next(&self) -> usize {
        self.object.inventory.as_ref().map_or(1, Inventory::head) + 1
    }

    /// Returns how its first package lies on the medium; what comes to it lies there like that.
    pub(super) fn form(&self) -> PackageForm {
        if self.reader.location().is_dir() { PackageForm::Folder } else { PackageForm::Zip }
    }

    /// Returns its object's place, relative to the archive.
    pub(super) fn place(&self) -> String {
        format!("{}/{}", marker::STORE, self.object.place)
    }
}

impl Archive {
    /// Returns package `id` for a further version.
    ///
    /// Looked at are the object's structure, the inventory's checksum, the structure of its packages, the sizes of all files,
    /// and the checksums of those that are no payload.
    ///
    /// # Errors
    /// [`ArchiveError::NoPackage`] if the journal knows none, [`ArchiveError::Disposed`] if it was disposed of;
    /// [`ArchiveError::Damaged`] if it is not what was stored; and
    /// [`ArchiveError::Store`] where the file system cannot do what a further version takes.
    pub(super) fn current(&self, id: PackageId, watch: Watch<'_>) -> Result<Current, ArchiveError> {
        let commit = Known::of(self, &[id])?.packages.remove(&id).ok_or_else(|| self.not_held(id))?;
        let damaged = |finding: Finding| ArchiveError::Damaged { id, finding: Box::new(finding) };
        let place = format!("{}/{}", marker::STORE, self.store.place(&Self::object_id(id)));
        let object = self.store.object(&Self::object_id(id))?;
        let object = object.ok_or_else(|| damaged(Finding::new(Code::PackageMissing).file(place.clone())))?;
        if let Some(finding) = object.findings.first() {
            return Err(damaged(in_store(finding.clone())));
        }
        if !object.is(&commit.inventory) {
            let finding = Finding::new(Code::PackageChanged).file(format!("{place}/inventory.json"));
            let found = object.inventory_sha512.clone().unwrap_or_default();
            return Err(damaged(finding.value(found).expected(commit.inventory)));
        }
        let reader = match self.stored(&object, id) {
            Err(ArchiveError::Package(error)) => return Err(damaged(unopened(&error))),
            opened => opened?,
        };
        for piece in reader.pieces() {
            if let Some(finding) = small(piece, watch)? {
                return Err(damaged(finding));
            }
        }
        let document = |source| ArchiveError::Document { path: METS.to_owned(), source };
        let summary = head(&reader)?;
        let description = describe(&reader, &summary).map_err(document)?;
        Ok(Current { id, commit, object, reader, summary, description })
    }

    /// Establishes that the file system can do what a further version of the package takes; leaves nothing behind.
    pub(super) fn rehearse(&self, current: &Current) -> Result<(), ArchiveError> {
        self.store.rehearse(&self.staging(), &current.object).map_err(|error| match error {
            crate::store::StoreError::Io { source, .. } if source.kind() == std::io::ErrorKind::Unsupported => {
                ArchiveError::Unchangeable { path: self.root.clone() }
            }
            other => other.into(),
        })
    }

    /// Begins the new object of a package, and the package that comes to it.
    pub(super) fn stage_next(&self, current: &Current) -> Result<(Staged, Container), ArchiveError> {
        let staged = self.store.stage_next(&self.staging(), &current.object)?;
        let container = Container::for_version(&staged.content(), current.id, staged.version(), current.form())?;
        Ok((staged, container))
    }

    /// Puts the object that `inventory` tells back in its place, if it lies in the staging folder: what took its place is not
    /// what was announced. Returns whether it did.
    pub(super) fn put_back(&self, id: PackageId, inventory: &str) -> Result<bool, ArchiveError> {
        let staging = self.staging();
        let place = self.store.root().join(self.store.place(&Self::object_id(id)));
        for entry in staging.read_dir().map_err(ArchiveError::io(&staging))? {
            let object = entry.map_err(ArchiveError::io(&staging))?.path().join("object");
            let bytes = std::fs::read(object.join("inventory.json")).unwrap_or_default();
            if Checksum::of(crate::model::checksum::Algorithm::Sha512, &bytes).hex() == inventory {
                let back = if place.symlink_metadata().is_ok() {
                    durable::swap(&object, &place)
                } else {
                    let around = place.parent().unwrap_or(&place);
                    std::fs::create_dir_all(around).and_then(|()| durable::publish(&object, &place))
                };
                back.map_err(ArchiveError::io(&place))?;
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The new object of a package: complete, durable and read back, and not announced.
pub(super) struct Sealed {
    staged: Staged,
    commit: Commit,
    /// The checksums of what comes to it.
    files: Vec<(String, Checksum)>,
}

impl Archive {
    /// Completes the new object: `part` is the package that was written for it, `meant` what that has to hold.
    pub(super) fn seal_next(
        &self,
        current: &Current,
        staged: Staged,
        part: &Finished,
        meant: Meant<'_>,
        next: &Next,
        watch: Watch<'_>,
    ) -> Result<Sealed, ArchiveError> {
        let staging = self.staging();
        durable::sync_file_system(&staging).map_err(ArchiveError::io(&staging))?;
        let Back { files, blocks } = read_back(part, meant, watch)?;
        // Those of the new version alone would prove nothing of the former ones.
        let before = &current.commit.blocks;
        let blocks = if before.is_empty() { String::new() } else { format!("{before} {blocks}") };
        let (name, address) = self.user();
        let user = Some((name.as_str(), address.as_str()));
        let none = || ArchiveError::Incomplete { path: self.root.join(current.place()) };
        let former = current.object.inventory.as_ref().ok_or_else(none)?;
        let inventory = staged.seal_next(former, &files, next.created, &next.message, user)?;
        durable::sync_file_system(&staging).map_err(ArchiveError::io(&staging))?;
        as_sealed(&staged, &inventory)?;
        let commit = Commit {
            inventory,
            files: current.commit.files + next.files,
            bytes: current.commit.bytes + next.bytes,
            blocks,
            ..current.commit.clone()
        };
        Ok(Sealed { staged, commit, files })
    }
}

impl Writer<'_> {
    /// Announces the new object, gives it the place of the stored one, and records that.
    ///
    /// After an error nothing more may be written by this writer: the next one settles what was announced.
    pub(super) fn publish_next(
        &mut self,
        current: &Current,
        sealed: Sealed,
        next: &Next,
    ) -> Result<Holding, ArchiveError> {
        let archive = self.archive;
        let Sealed { staged, commit, files } = sealed;
        self.journal.append(&announced(current, staged.version(), &commit, &files, next))?;
        let abandoned = |reason: &str| {
            let (accession, reason) = (commit.accession.clone(), reason.to_owned());
            Event::Abandoned { accession, package: commit.package, reason }
        };
        let former = match archive.store.exchange(staged) {
            Ok(former) => former,
            Err(error) => {
                self.note(&[abandoned("publish")], &[], &[])?;
                return Err(error.into());
            }
        };
        durable::sync_file_system(&archive.root).map_err(ArchiveError::io(&archive.root))?;
        let object = archive.store.object(&Archive::object_id(current.id))?;
        let Some(object) = object.filter(|object| object.is(&commit.inventory)) else {
            archive.put_back(current.id, &current.commit.inventory)?;
            durable::sync_file_system(&archive.root).map_err(ArchiveError::io(&archive.root))?;
            self.note(&[abandoned("publish")], &[], &[])?;
            return Err(ArchiveError::NotAsWritten { path: archive.root.join(current.place()) });
        };
        let holding = archive.holding(&object, &commit)?;
        let events = [Event::Published { package: current.id }, Event::Completed(commit.clone())];
        self.note(&events, std::slice::from_ref(&holding), &[])?;
        tracing::info!(package = %current.id, "a further version is stored");
        // The files have their other names. What stays, if this fails, the next run tidies away.
        let folder: PathBuf = former.parent().unwrap_or(&former).to_owned();
        if let Err(error) = durable::remove_tree(&folder) {
            tracing::warn!(%error, "the former object could not be removed from the staging folder");
        }
        Ok(holding)
    }
}

/// Returns the entries that announce the new version.
fn announced(
    current: &Current,
    version: usize,
    commit: &Commit,
    files: &[(String, Checksum)],
    next: &Next,
) -> [Event; 4] {
    let (package, accession) = (commit.package, || commit.accession.clone());
    let (file, sha512) = match files {
        [(file, sum)] => (file.clone(), sum.hex()),
        _ => ("inventory.json".to_owned(), commit.inventory.clone()),
    };
    let amending = Event::Amending {
        package,
        version: version as u64,
        what: next.change,
        former: current.commit.inventory.clone(),
        content: next.content.clone(),
        accession: next.accession.clone(),
    };
    let committing = Event::Committing(commit.clone());
    let staged = Event::Staged { accession: accession(), package };
    [amending, staged, Event::ReadBack { accession: accession(), package, file, sha512 }, committing]
}

/// Returns what is wrong with the package by its own METS documents: sizes of all files, checksums of those that are no
/// payload and not big.
fn small(piece: &PackageReader, watch: Watch<'_>) -> Result<Option<Finding>, ArchiveError> {
    let (mut wrong, mut expected) = (None, Vec::new());
    for document in documents(piece) {
        references_of(piece, document, |reference| {
            let Ok(path) = &reference.path else { return };
            let Some(part) = piece.find(path) else {
                wrong.get_or_insert_with(|| Finding::new(Code::FileMissing).file(path.clone()));
                return;
            };
            if let Some(size) = reference.size.filter(|size| *size != part.size) {
                let finding = Finding::new(Code::SizeMismatch).file(path.clone()).value(part.size.to_string());
                wrong.get_or_insert_with(|| finding.expected(size.to_string()));
            }
            if let Some(Ok(checksum)) = reference.checksum.as_ref().filter(|_| part.size <= SMALL)
                && payload_path(path).is_none()
            {
                let (path, checksum) = (path.clone(), checksum.clone());
                expected.push(Expected { path, size: reference.size, checksum });
            }
        })?;
    }
    let open = |path: &str| match piece.find(path) {
        Some(part) => piece.read(part),
        None => Err(std::io::ErrorKind::NotFound.into()),
    };
    let found = if wrong.is_none() { fixity::check(&expected, &open, watch)? } else { Vec::new() };
    Ok(wrong.or_else(|| found.into_iter().next()))
}

/// Returns the inventories that the journal knows of package `id` after it completed `inventory`: of the newest version, and
/// of one that is announced. There are none where `inventory` is the newest.
pub(super) fn newer(archive: &Archive, id: PackageId, inventory: &str) -> Result<Vec<String>, ArchiveError> {
    let (mut newest, mut announced, mut known) = (None, None, false);
    for entry in journal::entries(&archive.journal())? {
        // What is wrong with a line is for the check of the chain to say.
        let Ok(entry) = entry else { continue };
        match entry.event {
            Event::Completed(Commit { package, inventory: found, .. }) if package == id => {
                known |= found == inventory;
                (newest, announced) = (Some(found), None);
            }
            Event::Committing(Commit { package, inventory, .. }) if package == id => announced = Some(inventory),
            Event::Abandoned { package, .. } if package == id => announced = None,
            _ => {}
        }
    }
    let newest = newest.filter(|newest| known && newest != inventory);
    Ok(newest.into_iter().chain(announced).collect())
}
