//! Copies a stored object from another storage root, and goes on where an earlier copying was cut off: for slow lines.
//!
//! What an earlier run left of a file is not read before it is gone on with; all of it is read back from the medium at the end.
//! If it is not what it should be then, it is copied once more from its beginning.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::inventory::Inventory;
use super::restore::{CHUNK, CopyError, copy_file, own};
use super::stage::Staged;
use super::{Object, StoreError};
use crate::io::durable;
use crate::model::checksum::{Algorithm, Checksum, Hasher};
use crate::task::{Event, Watch};

/// An object in the staging folder that is copied from elsewhere; it stays there if the run ends before it is published.
#[derive(Debug)]
pub struct Arriving {
    staged: Staged,
    files: Vec<Copied>,
}

/// A content file that was written.
#[derive(Debug)]
struct Copied {
    path: String,
    sum: Checksum,
    /// Whether its first bytes were there already, so that nobody has compared what was read with the checksum.
    resumed: bool,
}

/// An earlier state of the object, whose files get a further name.
#[derive(Debug, Clone, Copy)]
pub struct Former<'a> {
    /// The object, on the file system of the staging folder.
    pub object: &'a Object,
    /// Whether these files are read back too, and copied where they are not right.
    pub every_byte: bool,
}

/// Copies `object` into the folder of `staging` that is its own; links are not followed. Nothing is durable yet.
pub(super) fn copy(
    object: &Object,
    id: &str,
    staging: &Path,
    former: Option<Former<'_>>,
    watch: Watch<'_>,
) -> Result<Arriving, CopyError> {
    let mut arriving = Arriving { staged: Staged::resume(staging, id)?, files: Vec::new() };
    let mut buffer = vec![0; CHUNK];
    let target = arriving.staged.object();
    for path in own(object) {
        let to = ready(&target, &path)?;
        // They are small, and what lies there may be a further name of a stored file.
        durable::remove_tree(&to).map_err(StoreError::at(&to))?;
        copy_file(object, &path, &to, &mut buffer, watch.cancel)?;
    }
    let known: BTreeMap<&str, Checksum> =
        former.iter().flat_map(|former| former.object.inventory.iter().flat_map(Inventory::content)).collect();
    for (path, sum) in object.inventory.iter().flat_map(Inventory::content) {
        let to = ready(&target, path)?;
        if let Some(former) = former.filter(|_| known.get(path) == Some(&sum))
            && link(object, former.object, path, &to)?
        {
            if former.every_byte {
                arriving.files.push(Copied { path: path.to_owned(), sum, resumed: true });
            }
            continue;
        }
        let resumed = content(object, path, &sum, &to, &mut buffer, watch)?;
        arriving.files.push(Copied { path: path.to_owned(), sum, resumed });
    }
    Ok(arriving)
}

/// Returns where the file `path` goes; its folder is made.
fn ready(target: &Path, path: &str) -> Result<std::path::PathBuf, StoreError> {
    let to = target.join(path);
    if let Some(folder) = to.parent() {
        durable::create_missing(folder).map_err(StoreError::at(folder))?;
    }
    Ok(to)
}

/// Gives the file of the former object a further name; returns whether that can be done and the file has the right size.
fn link(object: &Object, former: &Object, path: &str, to: &Path) -> Result<bool, CopyError> {
    let from = former.path(path);
    let (Ok(here), Ok(there)) = (from.symlink_metadata(), object.path(path).symlink_metadata()) else {
        return Ok(false);
    };
    if !here.is_file() || here.len() != there.len() {
        return Ok(false);
    }
    durable::remove_tree(to).map_err(StoreError::at(to))?;
    match durable::link(&from, to) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(false),
        Err(error) => Err(StoreError::at(to)(error).into()),
    }
}

/// Copies a content file, from where an earlier run ended; returns whether there was anything to go on with.
fn content(
    object: &Object,
    path: &str,
    sum: &Checksum,
    to: &Path,
    buffer: &mut [u8],
    watch: Watch<'_>,
) -> Result<bool, CopyError> {
    let unread = |source| CopyError::Source { path: format!("{}/{path}", object.place), source };
    let mut from = object.open(path).map_err(unread)?;
    let size = from.metadata().map_err(unread)?.len();
    let done = match fs::symlink_metadata(to) {
        // A file with a further name may be a stored one: nobody writes to that.
        Ok(found) if found.is_file() && found.nlink() == 1 && found.len() <= size => found.len(),
        _ => 0,
    };
    let mut file = if done > 0 {
        durable::reopen_file(to)
    } else {
        durable::remove_tree(to).and_then(|()| durable::create_file(to))
    }
    .map_err(StoreError::at(to))?;
    if done > 0 {
        from.seek(SeekFrom::Start(done)).map_err(unread)?;
        file.seek(SeekFrom::Start(done)).map_err(StoreError::at(to))?;
        watch.progress.report(Event::Advanced { files: 0, bytes: done });
    }
    let mut hasher = Hasher::new(Algorithm::Sha512);
    loop {
        watch.cancel.check().map_err(|_| CopyError::Stopped)?;
        match from.read(paced(buffer, watch)) {
            Ok(0) => break,
            Ok(read) => {
                let bytes = buffer.get(..read).unwrap_or_default();
                hasher.update(bytes);
                file.write_all(bytes).map_err(StoreError::at(to))?;
                watch.has_read(read as u64).map_err(|_| CopyError::Stopped)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unread(error)),
        }
    }
    if done == 0 && hasher.finish() != *sum {
        // What was copied is of no use to a later run.
        durable::remove_tree(to).map_err(StoreError::at(to))?;
        return Err(unread(io::ErrorKind::InvalidData.into()));
    }
    Ok(done > 0)
}

impl Arriving {
    /// Reads from the medium what was copied, after the file system was synced; returns the staged object if all of it is that
    /// of `object`, which has the SHA-512 `inventory`, and nothing if the medium does not hold what was written.
    ///
    /// A file that was gone on with and is not right is copied from its beginning, and read back again. Files that only got
    /// a further name are not read.
    ///
    /// # Errors
    /// As of copying: [`CopyError::Source`] where the source is not what its inventory says.
    pub fn read_back(
        mut self,
        object: &Object,
        inventory: &str,
        watch: Watch<'_>,
    ) -> Result<Option<Staged>, CopyError> {
        let mut buffer = vec![0; CHUNK];
        let target = self.staged.object();
        // Something else than was meant was left here by an earlier run: all of it is copied again.
        if !self.is(object, inventory)? {
            self.staged.clear()?;
            self.files = copy_all(object, &target, &mut buffer, watch)?;
            durable::sync_file_system(&target).map_err(StoreError::at(&target))?;
            if !self.is(object, inventory)? {
                return Ok(None);
            }
        }
        for Copied { path, sum, resumed } in &self.files {
            let to = target.join(path);
            if digest(&to, &mut buffer, watch)? == *sum {
                continue;
            }
            if !resumed {
                return Ok(None);
            }
            durable::remove_tree(&to).map_err(StoreError::at(&to))?;
            content(object, path, sum, &to, &mut buffer, watch)?;
            let synced = durable::reopen_file(&to).and_then(|file| file.sync_all());
            synced.map_err(StoreError::at(&to))?;
            if digest(&to, &mut buffer, watch)? != *sum {
                return Ok(None);
            }
        }
        Ok(Some(self.staged))
    }

    /// Whether declaration, inventories and sidecars are what they should be on the medium, and no file is lacking or too many.
    fn is(&self, object: &Object, inventory: &str) -> Result<bool, StoreError> {
        for path in own(object) {
            if let Ok(file) = fs::File::open(self.staged.object().join(path)) {
                durable::forget(&file);
            }
        }
        Ok(self.staged.read()?.is_some_and(|object| object.is(inventory)))
    }
}

/// Copies all files into the empty folder `target`.
fn copy_all(object: &Object, target: &Path, buffer: &mut [u8], watch: Watch<'_>) -> Result<Vec<Copied>, CopyError> {
    for path in own(object) {
        copy_file(object, &path, &ready(target, &path)?, buffer, watch.cancel)?;
    }
    let mut files = Vec::new();
    for (path, sum) in object.inventory.iter().flat_map(Inventory::content) {
        content(object, path, &sum, &ready(target, path)?, buffer, watch)?;
        files.push(Copied { path: path.to_owned(), sum, resumed: false });
    }
    Ok(files)
}

/// Returns as much of the buffer as is read at once.
fn paced<'b>(buffer: &'b mut [u8], watch: Watch<'_>) -> &'b mut [u8] {
    let piece = watch.piece(buffer.len());
    buffer.get_mut(..piece).unwrap_or_default()
}

/// Reads a file from the medium; returns its SHA-512.
fn digest(path: &Path, buffer: &mut [u8], watch: Watch<'_>) -> Result<Checksum, CopyError> {
    let mut file = fs::File::open(path).map_err(StoreError::at(path))?;
    durable::forget(&file);
    let mut hasher = Hasher::new(Algorithm::Sha512);
    loop {
        watch.cancel.check().map_err(|_| CopyError::Stopped)?;
        match file.read(paced(buffer, watch)) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(read) => {
                hasher.update(buffer.get(..read).unwrap_or_default());
                watch.has_read(read as u64).map_err(|_| CopyError::Stopped)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(StoreError::at(path)(error).into()),
        }
    }
}
