//! An archive that is made: beside its place, by one run at a time, and complete before it is seen.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use super::ArchiveError;
use crate::io::durable;

/// How long another run that makes the same archive is waited for: it writes a few small files.
const PATIENCE: Duration = Duration::from_secs(30);

/// Makes what `fill` makes beside `root`, in an empty folder, and has it appear there complete or not at all.
///
/// # Errors
/// [`ArchiveError::Taken`] if something is at `root`, also if another run was first; [`ArchiveError::Locked`] if another run
/// does not come to an end.
pub(super) fn appear(root: &Path, fill: impl FnOnce(&Path) -> Result<(), ArchiveError>) -> Result<(), ArchiveError> {
    require_vacant(root)?;
    let name = root.file_name().ok_or_else(|| taken(root))?;
    let parent = match root.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    durable::create_missing(parent).map_err(ArchiveError::io(root))?;
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(name);
    hidden.push(".init");
    let new = parent.join(hidden);
    let _held = hold(&new, root)?;
    let made = fill(&new).and_then(|()| place(&new, root));
    if made.is_err() {
        // Best effort: what stays gives way to the next attempt.
        drop(durable::remove_tree(&new));
    }
    made?;
    durable::sync_folder(parent).map_err(ArchiveError::io(root))
}

/// Makes the folder `new` empty, for this run alone until what is returned is dropped.
fn hold(new: &Path, root: &Path) -> Result<File, ArchiveError> {
    let fault = ArchiveError::io(new);
    let patience = Instant::now() + PATIENCE;
    let work = || -> io::Result<Option<File>> {
        match durable::create_folder(new) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && !new.symlink_metadata()?.is_dir() => {
                durable::remove_tree(new)?;
            }
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let folder = durable::open_folder(new)?;
        match folder.try_lock() {
            Ok(()) if is_at(&folder, new)? => {
                for entry in fs::read_dir(new)? {
                    durable::remove_tree(&entry?.path())?;
                }
                Ok(Some(folder))
            }
            Ok(()) | Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    };
    loop {
        require_vacant(root)?;
        match work() {
            Ok(Some(folder)) => match require_vacant(root) {
                Ok(()) => return Ok(folder),
                Err(taken) => {
                    durable::remove_tree(new).map_err(fault)?;
                    return Err(taken);
                }
            },
            Ok(None) => {}
            // Who held it gave it its place just now, or removed it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(fault(error)),
        }
        if Instant::now() >= patience {
            return Err(ArchiveError::Locked { path: root.to_owned() });
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether `folder` is the one that lies at `path` now.
fn is_at(folder: &File, path: &Path) -> io::Result<bool> {
    let (held, there) = (folder.metadata()?, path.symlink_metadata()?);
    Ok((held.dev(), held.ino()) == (there.dev(), there.ino()))
}

/// Gives the complete archive `new` the place `root`.
fn place(new: &Path, root: &Path) -> Result<(), ArchiveError> {
    durable::sync_file_system(new).map_err(ArchiveError::io(new))?;
    // An empty folder at the place gives way; anything else makes the next step fail.
    match durable::remove_folder(root) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(ArchiveError::io(root)(error)),
        _ => {}
    }
    durable::publish(new, root).map_err(ArchiveError::io(root))
}

/// Returns whether nothing is at `path`, or an empty folder.
///
/// # Errors
/// [`io::ErrorKind::NotADirectory`] if something else is there; any I/O error.
pub(super) fn is_vacant(path: &Path) -> io::Result<bool> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

fn require_vacant(root: &Path) -> Result<(), ArchiveError> {
    match is_vacant(root) {
        Ok(true) => Ok(()),
        Ok(false) => Err(taken(root)),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(taken(root)),
        Err(error) => Err(ArchiveError::io(root)(error)),
    }
}

fn taken(root: &Path) -> ArchiveError {
    ArchiveError::Taken { path: root.to_owned() }
}
