//! Where packages are kept: an OCFL 1.1 storage root in a local folder, as plain as other tools need it.
//!
//! One OCFL object a package and one an accession, placed by layout extension
//! `0003-hash-and-id-n-tuple-storage-layout`. Objects are staged in a folder beside the root, on the same file system, and
//! get their place by one atomic rename that never replaces. Nothing here syncs: a group of objects is made durable at once
//! by the caller (`io::durable::sync_file_system`), before it is published and again after.
//!
//! Damage is no error: it comes as findings, whose files are paths relative to the storage root.

mod inventory;
mod layout;
mod object;
mod root;
mod stage;
mod walk;

use std::io;
use std::path::{Path, PathBuf};

use crate::io::durable;

pub use inventory::{Inventory, LogicalFile, Version};
pub use object::Object;
pub use stage::Staged;
pub use walk::{Found, Objects};

/// A storage root.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

/// Why the store could not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file or folder could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
    /// The folder is no OCFL 1.1 storage root: its declaration is missing. Perhaps it is not mounted.
    #[error("{path} is not a store")]
    NotAStore {
        /// The folder.
        path: PathBuf,
    },
    /// A store can only be made of an empty folder.
    #[error("{path} is not empty")]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// The store has an object of this identity already; it was left as it is.
    #[error("{id} is stored already at {place}")]
    Taken {
        /// The object's identity.
        id: String,
        /// Its folder, relative to the root.
        place: String,
    },
    /// The staged object has no inventory yet.
    #[error("{id} is not sealed")]
    NotSealed {
        /// The object's identity.
        id: String,
    },
    /// A file's path or checksum cannot stand in an inventory: the path has empty parts, `.` or `..`, or stands there twice,
    /// or the checksum is no SHA-512.
    #[error("{path} cannot be listed in an inventory")]
    Unlistable {
        /// The file's path below the content folder.
        path: String,
    },
}

impl StoreError {
    /// Returns a function that says where an I/O error happened.
    fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

impl Store {
    /// Makes a store of `root`, an empty folder or one that does not exist yet in an existing folder.
    ///
    /// Durable once this has returned `Ok`. The declaration comes last: after a crash the folder is a store, or
    /// [`StoreError::NotAStore`] and not empty.
    pub fn create(root: &Path) -> Result<Self, StoreError> {
        if let Some(parent) = root.parent() {
            durable::create_folders(root, parent).map_err(StoreError::at(root))?;
        }
        root::create(root)?;
        Self::open(root)
    }

    /// Opens the store in `root`; looks for nothing but its declaration.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        if root::declared(root)? {
            Ok(Self {
                root: root.to_owned(),
            })
        } else {
            Err(StoreError::NotAStore {
                path: root.to_owned(),
            })
        }
    }

    /// Returns the root's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the folder of object `id` relative to the root, whether there is one or not.
    #[must_use]
    #[allow(clippy::unused_self)] // The layout belongs to the store, even while there is only one.
    pub fn place(&self, id: &str) -> String {
        layout::place(id)
    }

    /// Makes the folder of a new object `id` in the existing folder `staging`, which is on the file system of the root.
    pub fn stage(&self, staging: &Path, id: &str) -> Result<Staged, StoreError> {
        Staged::create(staging, id)
    }

    /// Gives the sealed object its place, in one atomic rename that never replaces; returns the place relative to the root.
    ///
    /// Not durable: after a crash the object is in the store in full or not at all, until the file system was synced. What
    /// the object holds must be durable before.
    ///
    /// # Errors
    /// [`StoreError::Taken`] if the store has an object of this identity; on any error the staged object is removed.
    pub fn publish(&self, staged: Staged) -> Result<String, StoreError> {
        staged.publish(&self.root)
    }

    /// Reads the object `id` and checks everything but the content of its files; `None` if nothing is in its place.
    pub fn object(&self, id: &str) -> Result<Option<Object>, StoreError> {
        Object::read(&self.root, layout::place(id), id)
    }

    /// Returns what the storage root's own files have that they should not, or lack; and what else lies in the root.
    pub fn declaration(&self) -> Result<Vec<crate::model::finding::Finding>, StoreError> {
        root::check(&self.root)
    }

    /// Returns all objects in the order of their places, and what lies among them that does not belong there.
    ///
    /// Holds the names of one folder at a time. What lies in the root itself is for [`Store::declaration`] to say.
    pub fn objects(&self) -> Result<Objects, StoreError> {
        Objects::below(&self.root)
    }

    /// Removes everything in the folder `staging`, and empty folders in the root that objects are to come into.
    ///
    /// Only under the archive's exclusive lock: what another run is staging would be lost.
    pub fn tidy(&self, staging: &Path) -> Result<(), StoreError> {
        stage::tidy(&self.root, staging)
    }
}
