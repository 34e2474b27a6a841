//! Makes an object in the staging folder, seals it and gives it its place.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::inventory::{Former, INVENTORY, Inventory, NAMASTE, NAMASTE_TEXT, New, SIDECAR};
use super::{Object, StoreError, layout};
use crate::io::durable;
use crate::model::checksum::{Algorithm, Checksum, Hasher};
use crate::model::time::Timestamp;

/// The object in the folder of what belongs to its publication.
const OBJECT: &str = "object";
/// The folder around it that comes into the store together with it, where it is missing there.
const AROUND: &str = "around";
/// The object that gave its place to it, where that took two steps.
const FORMER: &str = "former";

/// A new object in the staging folder; removed when it goes out of use without having been published.
#[derive(Debug)]
pub struct Staged {
    /// The folder of this object and what belongs to its publication.
    folder: PathBuf,
    id: String,
    /// The number of the version that is being made, from 1.
    version: usize,
    /// Whether what is there stays for the next run where this one ends early.
    lasting: bool,
}

impl Staged {
    /// Makes the folder of an object that is copied, or takes the one that an earlier run left: it is always the same, and goes
    /// only with the publication of the object, or with [`tidy`].
    pub(super) fn resume(staging: &Path, id: &str) -> Result<Self, StoreError> {
        let name = id.rsplit(':').next().unwrap_or(id);
        let staged = Self { folder: staging.join(name), id: id.to_owned(), version: 1, lasting: true };
        let (object, around) = (staged.object(), staged.folder.join(AROUND));
        // The earlier run ended between the two renames of a publication.
        let inner = around.join(layout::place(id).rsplit('/').next().unwrap_or_default());
        let back = if inner.symlink_metadata().is_ok() && object.symlink_metadata().is_err() {
            durable::publish(&inner, &object)
        } else {
            durable::create_missing(&object)
        };
        back.and_then(|()| durable::remove_tree(&around)).map_err(StoreError::at(&object))?;
        Ok(staged)
    }

    /// Removes all that is staged of the object.
    pub(super) fn clear(&self) -> Result<(), StoreError> {
        let object = self.object();
        durable::remove_tree(&object).and_then(|()| durable::create_missing(&object)).map_err(StoreError::at(&object))
    }

    pub(super) fn create(staging: &Path, id: &str) -> Result<Self, StoreError> {
        let staged =
            Self { folder: staging.join(Uuid::new_v4().to_string()), id: id.to_owned(), version: 1, lasting: false };
        let content = staged.content();
        durable::create_folder(&staged.folder)
            .and_then(|()| durable::create_missing(&content))
            .map_err(StoreError::at(&content))?;
        Ok(staged)
    }

    /// Makes the folder of an object that goes on where `object` in `root` ends: it has all its files, as further names of them.
    pub(super) fn next(staging: &Path, root: &Path, object: &Object) -> Result<Self, StoreError> {
        let whole = object.inventory.as_ref().filter(|_| object.findings.is_empty());
        let inventory = whole.ok_or_else(|| StoreError::NotWhole { place: object.place.clone() })?;
        let (folder, id) = (staging.join(Uuid::new_v4().to_string()), inventory.id().to_owned());
        let staged = Self { folder, id, version: inventory.head() + 1, lasting: false };
        let (from, to) = (root.join(&object.place), staged.object());
        fs::create_dir(&staged.folder).map_err(StoreError::at(&staged.folder))?;
        let own = (1..=inventory.head()).flat_map(|n| [format!("v{n}/{INVENTORY}"), format!("v{n}/{SIDECAR}")]);
        let mut made = PathBuf::new();
        for path in own.chain(inventory.content_paths().map(str::to_owned)) {
            let target = to.join(&path);
            if let Some(parent) = target.parent().filter(|parent| **parent != *made) {
                parent.clone_into(&mut made);
                fs::create_dir_all(&made).map_err(StoreError::at(&made))?;
            }
            durable::link(&from.join(path), &target).map_err(StoreError::at(&target))?;
        }
        let content = staged.content();
        fs::create_dir_all(&content).map_err(StoreError::at(&content))?;
        Ok(staged)
    }

    /// Returns the number of the version that is being made, from 1.
    #[must_use]
    pub const fn version(&self) -> usize {
        self.version
    }

    /// Returns the object's identity.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the folder that the new version's files go into; it exists.
    #[must_use]
    pub fn content(&self) -> PathBuf {
        self.object().join(format!("v{}/content", self.version))
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
        self.write(&New::first(&self.id, files, created, message, user)?)
    }

    /// Writes the same of an object that goes on where `former` ends, to which `files` come in its new version.
    ///
    /// # Errors
    /// As [`Staged::seal`]; a path that a former version has is one that stands there twice.
    pub fn seal_next(
        &self,
        former: &Inventory,
        files: &[(String, Checksum)],
        created: Timestamp,
        message: &str,
        user: Option<(&str, &str)>,
    ) -> Result<String, StoreError> {
        let former = Former::of(former);
        self.write(&New::next(&self.id, &former, files, created, message, user)?)
    }

    fn write(&self, new: &New<'_>) -> Result<String, StoreError> {
        let object = self.object();
        let version = format!("v{}", self.version);
        let written = write_inventory(&object, &version, new);
        let digest = written.map_err(StoreError::at(&object.join(INVENTORY)))?;
        let sidecar = super::inventory::sidecar(&digest);
        for (name, text) in [
            (format!("{version}/{SIDECAR}"), sidecar.as_str()),
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

    /// Reads from the medium what [`Staged::seal`] wrote, and returns whether it is that: inventory and sidecar of the object
    /// and of its version with the SHA-512 `inventory`, the declaration, and no file more or less.
    ///
    /// For after the file system was synced; what content files hold was read back before they were sealed.
    pub fn is_as_sealed(&self, inventory: &str) -> Result<bool, StoreError> {
        let object = self.object();
        for name in [INVENTORY, SIDECAR, NAMASTE] {
            for path in [object.join(name), object.join(format!("v{}", self.version)).join(name)] {
                if let Ok(file) = fs::File::open(path) {
                    durable::forget(&file);
                }
            }
        }
        let found = Object::read(&self.folder, OBJECT.to_owned(), &self.id)?;
        Ok(found.is_some_and(|object| object.is(inventory)))
    }

    /// Reads the object as it lies in the staging folder and checks everything but the content of its files.
    pub fn read(&self) -> Result<Option<Object>, StoreError> {
        Object::read(&self.folder, OBJECT.to_owned(), &self.id)
    }

    pub(super) fn publish(mut self, root: &Path) -> Result<String, StoreError> {
        let object = self.object();
        // The declaration is the last thing that `seal` writes.
        if !object.join(NAMASTE).exists() {
            return Err(StoreError::NotSealed { id: self.id.clone() });
        }
        let place = layout::place(&self.id);
        let target = root.join(&place);
        match self.rename_into_place(&object, root, &place) {
            Ok(()) => {
                self.lasting = false;
                Ok(place)
            }
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
        let around = self.folder.join(AROUND);
        let inner = around.join(name);
        durable::create_folder(&around)?;
        durable::publish(object, &inner)?;
        match durable::publish(&around, &root.join(tuple)) {
            // Another object made the folder in the meantime.
            Err(e) if matches!(e.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty) => {
                durable::publish(&inner, &root.join(place))
            }
            done => done,
        }
    }

    /// Gives the object the place of the one that is there, in one step; returns where that one lies now, whole.
    pub(super) fn exchange(mut self, root: &Path) -> Result<PathBuf, StoreError> {
        let object = self.object();
        if !object.join(NAMASTE).exists() {
            return Err(StoreError::NotSealed { id: self.id.clone() });
        }
        let target = root.join(layout::place(&self.id));
        durable::swap(&object, &target).map_err(StoreError::at(&target))?;
        self.folder = PathBuf::new();
        Ok(object)
    }

    /// Does the same, in two steps where the file system cannot do it in one: for copies, where the original has what is
    /// nowhere in between.
    pub(super) fn supersede(self, root: &Path) -> Result<PathBuf, StoreError> {
        let object = self.object();
        let target = root.join(layout::place(&self.id));
        let former = self.folder.join(FORMER);
        durable::remove_tree(&former).map_err(StoreError::at(&former))?;
        match durable::swap(&object, &target) {
            Ok(()) => Ok(object),
            Err(e) if e.kind() == io::ErrorKind::Unsupported => {
                let moved = durable::publish(&target, &former).and_then(|()| durable::publish(&object, &target));
                if moved.is_err() && target.symlink_metadata().is_err() {
                    // What it was before is better than nothing.
                    drop(durable::publish(&former, &target));
                }
                moved.map(|()| former).map_err(StoreError::at(&target))
            }
            Err(e) => Err(StoreError::at(&target)(e)),
        }
    }

    pub(super) fn object(&self) -> PathBuf {
        self.folder.join(OBJECT)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if self.lasting || self.folder.as_os_str().is_empty() {
            return;
        }
        // Best effort: what stays is removed by `Store::tidy`.
        drop(durable::remove_tree(&self.folder));
    }
}

/// Tries in `staging` what a further version of `object` takes, and leaves nothing behind: a second name for a file, and two
/// folders that change places.
pub fn rehearse(staging: &Path, root: &Path, object: &Object) -> Result<(), StoreError> {
    let folder = staging.join(Uuid::new_v4().to_string());
    let (one, other) = (folder.join("one"), folder.join("other"));
    let work = || {
        fs::create_dir_all(&one)?;
        fs::create_dir(&other)?;
        durable::link(&root.join(&object.place).join(NAMASTE), &one.join(NAMASTE))?;
        durable::swap(&one, &other)
    };
    let done = work().map_err(StoreError::at(root));
    let removed = durable::remove_tree(&folder).map_err(StoreError::at(&folder));
    done.and(removed)
}

/// Lets two new folders in `staging` change places, and removes them.
pub fn can_exchange(staging: &Path) -> Result<(), StoreError> {
    let folder = staging.join(Uuid::new_v4().to_string());
    let (one, other) = (folder.join("one"), folder.join("other"));
    let made = fs::create_dir(&folder).and_then(|()| fs::create_dir(&one)).and_then(|()| fs::create_dir(&other));
    let swapped = made.and_then(|()| durable::swap(&one, &other));
    let removed = durable::remove_tree(&folder);
    swapped.and(removed).map_err(StoreError::at(staging))
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
            match durable::remove_folder(&path) {
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

/// Writes the inventory of the object and that of its `version`, the same bytes; returns their SHA-512.
fn write_inventory(object: &Path, version: &str, new: &New<'_>) -> io::Result<String> {
    let mut out = BufWriter::with_capacity(
        1 << 16,
        Twice {
            files: [
                durable::create_file(&object.join(INVENTORY))?,
                durable::create_file(&object.join(version).join(INVENTORY))?,
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
