//! Makes an object in the staging folder, seals it and gives it its place.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::inventory::{INVENTORY, NAMASTE, NAMASTE_TEXT, New, SIDECAR};
use super::{StoreError, layout};
use crate::io::durable;
use crate::model::checksum::{Algorithm, Checksum, Hasher};
use crate::model::time::Timestamp;

/// A new object in the staging folder; removed when it goes out of use without having been published.
#[derive(Debug)]
pub struct Staged {
    /// The folder of this object and what belongs to its publication.
    folder: PathBuf,
    id: String,
}

impl Staged {
    pub(super) fn create(staging: &Path, id: &str) -> Result<Self, StoreError> {
        let staged = Self { folder: staging.join(Uuid::new_v4().to_string()), id: id.to_owned() };
        let content = staged.content();
        fs::create_dir(&staged.folder).and_then(|()| fs::create_dir_all(&content)).map_err(StoreError::at(&content))?;
        Ok(staged)
    }

    /// Returns the object's identity.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the folder that the object's files go into; it exists.
    #[must_use]
    pub fn content(&self) -> PathBuf {
        self.object().join("v1/content")
    }

    /// Writes inventory, sidecar and declaration of the object whose `files` are now below [`Staged::content`].
    ///
    /// `files` are paths below that folder, separated by `/`, with their SHA-512; `user` is name and address (a URI) of who
    /// had it done. The same arguments give the same bytes, whatever the order of `files`. Returns the SHA-512 of
    /// `inventory.json` in hexadecimal digits. Nothing is durable yet.
    ///
    /// # Errors
    /// [`StoreError::Unlistable`] for paths that OCFL does not allow, paths that stand there twice, and other checksums.
    pub fn seal(
        &self,
        files: &[(String, Checksum)],
        created: Timestamp,
        message: &str,
        user: Option<(&str, &str)>,
    ) -> Result<String, StoreError> {
        let new = New::first(&self.id, files, created, message, user)?;
        let object = self.object();
        let written = write_inventory(&object, &new);
        let digest = written.map_err(StoreError::at(&object.join(INVENTORY)))?;
        let sidecar = super::inventory::sidecar(&digest);
        for (name, text) in [
            (format!("v1/{SIDECAR}"), sidecar.as_str()),
            (SIDECAR.to_owned(), &sidecar),
            (NAMASTE.to_owned(), NAMASTE_TEXT),
        ] {
            let path = object.join(name);
            durable::create_file(&path)
                .and_then(|mut file| file.write_all(text.as_bytes()))
                .map_err(StoreError::at(&path))?;
        }
        Ok(digest)
    }

    pub(super) fn publish(self, root: &Path) -> Result<String, StoreError> {
        let object = self.object();
        // The declaration is the last thing that `seal` writes.
        if !object.join(NAMASTE).exists() {
            return Err(StoreError::NotSealed { id: self.id.clone() });
        }
        let place = layout::place(&self.id);
        let target = root.join(&place);
        match self.rename_into_place(&object, root, &place) {
            Ok(()) => Ok(place),
            Err(e) if matches!(e.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty) => {
                Err(StoreError::Taken { id: self.id.clone(), place })
            }
            Err(e) => Err(StoreError::at(&target)(e)),
        }
    }

    /// Renames the object to `place`, together with the folder that it lies in where that is missing.
    ///
    /// So there is no moment at which the store has an empty folder, which OCFL does not allow (E073).
    fn rename_into_place(&self, object: &Path, root: &Path, place: &str) -> io::Result<()> {
        let direct = || durable::publish(object, &root.join(place));
        match direct() {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            done => return done,
        }
        let (tuple, name) = place.split_once('/').unwrap_or(("", place));
        let around = self.folder.join("around");
        let inner = around.join(name);
        fs::create_dir(&around)?;
        durable::publish(object, &inner)?;
        match durable::publish(&around, &root.join(tuple)) {
            // Another object made the folder in the meantime.
            Err(e) if matches!(e.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty) => {
                durable::publish(&inner, &root.join(place))
            }
            done => done,
        }
    }

    fn object(&self) -> PathBuf {
        self.folder.join("object")
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // Best effort: what stays is removed by `Store::tidy`.
        drop(durable::remove_tree(&self.folder));
    }
}

/// Removes everything in `staging`, and empty folders of the layout in `root`.
pub fn tidy(root: &Path, staging: &Path) -> Result<(), StoreError> {
    for entry in staging.read_dir().map_err(StoreError::at(staging))? {
        let path = entry.map_err(StoreError::at(staging))?.path();
        durable::remove_tree(&path).map_err(StoreError::at(&path))?;
    }
    for (name, is_folder) in super::root::names(root).map_err(StoreError::at(root))? {
        if is_folder && layout::is_tuple(&name) {
            let path = root.join(name);
            match fs::remove_dir(&path) {
                Err(e)
                    if !matches!(
                        e.kind(),
                        // A store that this run may only read, while it writes to the journal, is left to the next.
                        io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::ReadOnlyFilesystem
                    ) =>
                {
                    return Err(StoreError::at(&path)(e));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Writes the inventory of the object and that of its first version, the same bytes; returns their SHA-512.
fn write_inventory(object: &Path, new: &New<'_>) -> io::Result<String> {
    let mut out = BufWriter::with_capacity(
        1 << 16,
        Twice {
            files: [
                durable::create_file(&object.join(INVENTORY))?,
                durable::create_file(&object.join("v1").join(INVENTORY))?,
            ],
            hasher: Hasher::new(Algorithm::Sha512),
        },
    );
    new.write(&mut out)?;
    let twice = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(twice.hasher.finish().hex())
}

/// Writes the same bytes to two files and hashes them.
struct Twice {
    files: [fs::File; 2],
    hasher: Hasher,
}

impl Write for Twice {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for file in &mut self.files {
            file.write_all(bytes)?;
        }
        self.hasher.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
