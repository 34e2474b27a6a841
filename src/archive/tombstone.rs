//! Tombstones: what stands in the store in the place of a package that was disposed of.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::known::Known;
use super::read_back::{as_sealed, digest_file};
use super::{Archive, ArchiveError, marker, package_time};
use crate::io::durable;
use crate::journal::{self, Event};
use crate::model::checksum::{Algorithm, Checksum};
use crate::model::disposal::Disposal;
use crate::model::package::PackageId;
use crate::model::time::Timestamp;
use crate::store::{Object, Staged};
use crate::task::Watch;

/// The only file of a tombstone.
pub(super) const FILE: &str = "tombstone.json";
/// Its path in the object.
const PATH: &str = "v1/content/tombstone.json";
/// What it calls its own form.
const SCHEMA: &str = "earchiv.tombstone/1";
/// The longest one that is read, in bytes.
const LONGEST: u64 = 1 << 16;

/// What `tombstone.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// The name of this form, `earchiv.tombstone/1`.
    pub schema: String,
    /// The archive's identity.
    pub archive: Uuid,
    /// When it was made.
    pub disposed: Timestamp,
    /// On what order, by whom, and what was removed.
    #[serde(flatten)]
    pub disposal: Disposal,
}

/// A tombstone in the staging folder: complete, durable, read back.
pub(super) struct Prepared {
    pub(super) staged: Staged,
    pub(super) tombstone: Tombstone,
    /// SHA-512 of its inventory.
    pub(super) inventory: String,
}

impl Archive {
    /// Returns the tombstone that stands in the place of the package, whoever put it there.
    ///
    /// # Errors
    /// [`ArchiveError::Incomplete`] where it cannot be read, or is about another package.
    pub fn tombstone(&self, id: PackageId) -> Result<Option<Tombstone>, ArchiveError> {
        let path = self.tombstone_path(id);
        if path.symlink_metadata().is_err() {
            return Ok(None);
        }
        let Some(object) = self.store.object(&Self::object_id(id))? else { return Ok(None) };
        let file = object.open(PATH).map_err(ArchiveError::io(&path))?;
        let mut bytes = Vec::new();
        file.take(LONGEST).read_to_end(&mut bytes).map_err(ArchiveError::io(&path))?;
        let read = serde_json::from_slice::<Tombstone>(&bytes).ok();
        match read.filter(|tombstone| tombstone.disposal.package == id) {
            Some(tombstone) => Ok(Some(tombstone)),
            None => Err(ArchiveError::Incomplete { path }),
        }
    }

    /// Returns what was disposed of, and when, in the order of the journal; each package as it was last.
    pub fn disposals(&self) -> Result<Vec<(Timestamp, Disposal)>, ArchiveError> {
        let mut disposals: Vec<(Timestamp, Disposal)> = Vec::new();
        for entry in journal::entries_of(&self.journal(), &["disposed"])? {
            let entry = entry?;
            if let Event::Disposed { disposal, .. } = entry.event {
                disposals.retain(|(_, known)| known.package != disposal.package);
                disposals.push((entry.time, disposal));
            }
        }
        Ok(disposals)
    }

    /// Returns where the tombstone of a package lies, relative to the archive.
    #[must_use]
    pub fn disposed_place(&self, id: PackageId) -> String {
        format!("{}/{}", marker::STORE, self.store.place(&Self::object_id(id)))
    }

    /// Returns why a package that the catalogue does not know is not held: it was disposed of, or never was.
    pub(super) fn not_held(&self, id: PackageId) -> ArchiveError {
        let disposed = |tombstone| ArchiveError::Disposed { tombstone: Box::new(tombstone) };
        if let Ok(Some(tombstone)) = self.tombstone(id) {
            return disposed(tombstone);
        }
        // The tombstone may be lost, or the package back in its place: the journal knows.
        let known = self.disposals().ok().and_then(|all| all.into_iter().find(|(_, disposal)| disposal.package == id));
        known.map_or_else(
            || ArchiveError::NoPackage { id: id.to_string() },
            |(time, disposal)| {
                let (schema, archive) = (SCHEMA.to_owned(), self.marker.id);
                disposed(Tombstone { schema, archive, disposed: time, disposal })
            },
        )
    }

    /// Returns whether `object`, in the place of the package, is a tombstone that the journal knows of or announced.
    pub(super) fn is_told_tombstone(&self, object: &Object, id: PackageId) -> Result<bool, ArchiveError> {
        if !self.is_tombstone(object) {
            return Ok(false);
        }
        let known = Known::of(self, &[id])?;
        let mut told = [known.disposed.get(&id), known.disposing.get(&id)].into_iter().flatten();
        Ok(told.any(|(_, tombstone)| object.is(tombstone)))
    }

    /// Returns whether `object` holds the file of a tombstone.
    #[allow(clippy::unused_self, reason = "what a tombstone is, the archive says")]
    pub(super) fn is_tombstone(&self, object: &Object) -> bool {
        object.inventory.as_ref().is_some_and(|inventory| inventory.content().any(|(path, _)| path == PATH))
    }

    fn tombstone_path(&self, id: PackageId) -> PathBuf {
        self.store.root().join(self.store.place(&Self::object_id(id))).join(PATH)
    }

    /// Writes the tombstone of a package into the staging folder, syncs it and reads it back.
    pub(super) fn prepare_tombstone(&self, disposal: &Disposal, watch: Watch<'_>) -> Result<Prepared, ArchiveError> {
        let disposed = package_time();
        let tombstone =
            Tombstone { schema: SCHEMA.to_owned(), archive: self.marker.id, disposed, disposal: disposal.clone() };
        let staged = self.store.stage(&self.staging(), &Self::object_id(disposal.package))?;
        let path = staged.content().join(FILE);
        let mut bytes = serde_json::to_vec_pretty(&tombstone).unwrap_or_default();
        bytes.push(b'\n');
        let sum = Checksum::of(Algorithm::Sha512, &bytes);
        let mut file = durable::create_file(&path).map_err(ArchiveError::io(&path))?;
        file.write_all(&bytes).map_err(ArchiveError::io(&path))?;
        let (name, address) = self.user();
        let message = format!("Disposal, order {}", disposal.order);
        let user = Some((name.as_str(), address.as_str()));
        let inventory = staged.seal(&[(FILE.to_owned(), sum.clone())], disposed, &message, user)?;
        let folder = self.staging();
        durable::sync_file_system(&folder).map_err(ArchiveError::io(&folder))?;
        durable::forget(&file);
        if digest_file(&file, &path, watch)? != sum {
            return Err(ArchiveError::NotAsWritten { path });
        }
        as_sealed(&staged, &inventory)?;
        Ok(Prepared { staged, tombstone, inventory })
    }
}
