//! Copies a stored object, file by file, from another storage root into the staging folder.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use super::inventory::{INVENTORY, Inventory, NAMASTE, SIDECAR};
use super::stage::Staged;
use super::{Object, StoreError};
use crate::io::durable;
use crate::model::checksum::{Algorithm, Checksum, Hasher};
use crate::task::Cancel;

/// How much is copied at once, in bytes.
pub(super) const CHUNK: usize = 1 << 18;

/// Why an object was not copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// A file of the object is not there, cannot be read, or does not have the checksum of its inventory.
    #[error("{path} cannot be copied")]
    Source {
        /// The file, relative to the other storage root.
        path: String,
        /// What the operating system says; [`io::ErrorKind::InvalidData`] for another checksum, and for a link.
        #[source]
        source: io::Error,
    },
    /// The staging folder could not be written to.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stop was requested.
    #[error("stopped")]
    Stopped,
}

/// Copies `object`, which has no findings, into `staging`: all its versions, and its inventories byte for byte.
///
/// What its files hold is compared with the inventory on the way. Follows no link. Nothing is durable yet.
pub(super) fn copy(object: &Object, id: &str, staging: &Path, cancel: &Cancel) -> Result<Staged, CopyError> {
    let staged = Staged::create(staging, id)?;
    let target = staged.object();
    let content = object.inventory.iter().flat_map(Inventory::content);
    let all = own(object).map(|path| (path, None)).chain(content.map(|(path, sum)| (path.to_owned(), Some(sum))));
    let mut buffer = vec![0; CHUNK];
    for (path, sum) in all {
        let to = target.join(&path);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(StoreError::at(folder))?;
        }
        let found = copy_file(object, &path, &to, &mut buffer, cancel)?;
        if sum.is_some_and(|sum| sum != found) {
            return Err(CopyError::Source { path, source: io::ErrorKind::InvalidData.into() });
        }
    }
    Ok(staged)
}

/// Returns the paths of declaration, inventories and sidecars.
pub(super) fn own(object: &Object) -> impl Iterator<Item = String> {
    object.inventory.iter().flat_map(|inventory| {
        let versions = (1..=inventory.head()).flat_map(|n| [format!("v{n}/{INVENTORY}"), format!("v{n}/{SIDECAR}")]);
        [NAMASTE, INVENTORY, SIDECAR].map(str::to_owned).into_iter().chain(versions)
    })
}

/// Copies a file of the object to `to`, which is free; returns its SHA-512.
pub(super) fn copy_file(
    object: &Object,
    path: &str,
    to: &Path,
    buffer: &mut [u8],
    cancel: &Cancel,
) -> Result<Checksum, CopyError> {
    let unread = |source| CopyError::Source { path: format!("{}/{path}", object.place), source };
    let mut from = object.open(path).map_err(unread)?;
    let mut file = durable::create_file(to).map_err(StoreError::at(to))?;
    let mut hasher = Hasher::new(Algorithm::Sha512);
    loop {
        cancel.check().map_err(|_| CopyError::Stopped)?;
        match from.read(buffer) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(read) => {
                let bytes = buffer.get(..read).unwrap_or_default();
                hasher.update(bytes);
                file.write_all(bytes).map_err(StoreError::at(to))?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unread(error)),
        }
    }
}
