//! Looks into one package: its files, and what happened to it.

use std::collections::BTreeMap;
use std::io::BufReader;

use super::holding::payload_path;
use super::{Archive, ArchiveError, version};
use crate::journal::{self, Actor, Change, Entry, Event};
use crate::model::finding::{Code, Finding};
use crate::model::package::{Commit, Holding, PackageId};
use crate::model::path;
use crate::model::time::Timestamp;
use crate::package::eark::mets::is_representation_mets;
use crate::package::eark::{METS, PREMIS, joined, originals, references};
use crate::package::reader::{PackageError, PackageReader};
use crate::store::{Inventory, Object};

/// A file of a package.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Shown {
    /// Path in the package.
    pub path: String,
    /// Name in the delivery, of payload files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// What it was called where it was made, where that is something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Size in bytes.
    pub size: u64,
    /// Algorithm and checksum, as METS says them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checksum: Option<String>,
}

/// A version of a package's object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its number, from 1.
    pub version: u64,
    /// The time that stands in it.
    pub created: Timestamp,
    /// What came by it; `None` of the first, and where the journal does not say.
    pub what: Option<Change>,
    /// The accession that brought it.
    pub accession: Option<String>,
    /// Why it was made.
    pub message: String,
    /// Who had it done, as the journal says.
    pub actor: Option<Actor>,
}

impl Archive {
    /// Returns what the catalogue says of the package.
    pub fn held(&self, id: PackageId) -> Result<Holding, ArchiveError> {
        let Some(holding) = self.catalogue()?.holding(id)? else { return Err(self.not_held(id)) };
        // A run that ended in between, or goes on, has not told the catalogue yet.
        if let Ok(Some(tombstone)) = self.tombstone(id)
            && let Some(object) = self.store().object(&Self::object_id(id))?
            && self.is_told_tombstone(&object, id)?
        {
            return Err(ArchiveError::Disposed { tombstone: Box::new(tombstone) });
        }
        Ok(holding)
    }

    /// Returns the error that the store does not have a package any more.
    pub(super) fn lost(&self, holding: &Holding) -> ArchiveError {
        let (path, source) = (self.root().join(&holding.place), std::io::ErrorKind::NotFound.into());
        PackageError::Io { path, source }.into()
    }

    /// Returns the object of a package, if it is as the catalogue knows it, or as the journal knows it since.
    ///
    /// # Errors
    /// [`ArchiveError::Superseded`] where it is another one, such as an earlier state that somebody put back: it may be whole
    /// and still not what is stored.
    pub(super) fn object_of(&self, holding: &Holding) -> Result<Object, ArchiveError> {
        let object = self.store().object(&Self::object_id(holding.id))?.ok_or_else(|| self.lost(holding))?;
        let found = object.inventory_sha512.clone().unwrap_or_default();
        if found == holding.inventory || version::newer(self, holding.id, &holding.inventory)?.contains(&found) {
            return Ok(object);
        }
        let finding = Finding::new(Code::PackageChanged).file(format!("{}/inventory.json", holding.place));
        let finding = Box::new(finding.value(found).expected(holding.inventory.clone()));
        Err(ArchiveError::Superseded { id: holding.id, finding })
    }

    /// Hands the files of the package to `each`, in the order of its METS documents; `false` ends it.
    pub fn files(&self, id: PackageId, mut each: impl FnMut(Shown) -> bool) -> Result<(), ArchiveError> {
        let holding = self.held(id)?;
        let object = self.store().object(&Self::object_id(id))?;
        let object = object.ok_or_else(|| self.lost(&holding))?;
        let reader = self.stored(&object, id)?;
        let pieces = reader.pieces();
        let all = pieces.iter().enumerate().flat_map(|(number, piece)| {
            let inner = piece.parts().iter().map(|part| part.path).filter(|path| is_representation_mets(path));
            inner.chain([METS]).map(move |document| (number, piece, document))
        });
        let mut going = true;
        for (number, piece, document) in all {
            let Some(part) = piece.find(document).filter(|_| going) else { continue };
            let source = piece.read(part).map_err(ArchiveError::io(piece.location()))?;
            let base = document.strip_suffix(METS).unwrap_or_default();
            let mut names = names(piece, base);
            let read = references::read(BufReader::new(source), base, |_, reference| {
                if reference.kind == references::ReferenceKind::Mets {
                    return true;
                }
                let inside = reference.path.ok();
                let name = inside.as_deref().and_then(|path| names.remove(path));
                let Some(path) = inside.and_then(|path| joined::place(pieces, number, &path)) else { return true };
                let original = payload_path(&path).map(|inside| path::shown(&path::original_below(inside)));
                let checksum = reference.checksum.and_then(Result::ok).map(|checksum| checksum.to_string());
                going = each(Shown { path, original, name, size: reference.size.unwrap_or(0), checksum });
                going
            });
            read.map_err(|source| ArchiveError::Document { path: document.to_owned(), source })?;
        }
        Ok(())
    }

    /// Returns the versions of the package's object, the first one first; `history` are the entries of the journal that name it.
    ///
    /// There are none where the inventory cannot be read: to find that is what `verify` is for.
    pub fn versions(&self, id: PackageId, history: &[Entry]) -> Result<Vec<Told>, ArchiveError> {
        let object = self.store().object(&Self::object_id(id))?;
        let inventory = object.and_then(|object| object.inventory);
        let mut told: Vec<Told> = Vec::new();
        for (number, version) in (1_u64..).zip(inventory.iter().flat_map(Inventory::versions)) {
            // One that was announced before and abandoned had the same number.
            let said = history.iter().rev().find_map(|entry| match &entry.event {
                Event::Amending { version, what, accession, .. } if *version == number => {
                    Some((Some(*what), accession.clone(), &entry.actor))
                }
                Event::Committing(Commit { accession, .. }) if number == 1 => {
                    Some((None, Some(accession.clone()), &entry.actor))
                }
                _ => None,
            });
            let (what, accession, actor) =
                said.map_or((None, None, None), |(what, number, by)| (what, number, Some(by)));
            told.push(Told {
                version: number,
                created: version.created,
                what,
                accession,
                message: version.message.clone().unwrap_or_default(),
                actor: actor.cloned(),
            });
        }
        Ok(told)
    }

    /// Returns the entries of the journal that name the package.
    pub fn history(&self, id: PackageId) -> Result<Vec<Entry>, ArchiveError> {
        let mut history = Vec::new();
        for entry in journal::entries(&self.journal())? {
            let entry = entry?;
            if package_of(&entry.event) == Some(id) {
                history.push(entry);
            }
        }
        Ok(history)
    }
}

/// Returns what the source calls the files of the representation in the folder `base`. Where PREMIS is missing or cannot be
/// read nothing is told: to find that is what `verify` is for.
fn names(reader: &PackageReader, base: &str) -> BTreeMap<String, String> {
    let premis = reader.find(&format!("{base}{PREMIS}")).filter(|_| !base.is_empty());
    let source = premis.and_then(|part| reader.read(part).ok());
    source.and_then(|source| originals::read(BufReader::new(source), base).ok()).unwrap_or_default()
}

/// Returns the package that an entry of the journal names.
#[must_use]
pub fn package_of(event: &Event) -> Option<PackageId> {
    match event {
        Event::Amending { package, .. }
        | Event::Staged { package, .. }
        | Event::ReadBack { package, .. }
        | Event::Committing(Commit { package, .. })
        | Event::Published { package }
        | Event::Completed(Commit { package, .. })
        | Event::Abandoned { package, .. }
        | Event::Refused { package, .. }
        | Event::AccessUsed { package, .. }
        | Event::AccessRefused { package, .. }
        | Event::DisposalAbandoned { package, .. }
        | Event::Exported { package, .. } => Some(*package),
        Event::Repairing { object, .. } | Event::Repaired { object, .. } | Event::RepairAbandoned { object, .. } => {
            PackageId::parse(object)
        }
        Event::Disposing { disposal, .. } | Event::Disposed { disposal, .. } => Some(disposal.package),
        _ => None,
    }
}
