//! The folder that is to be the copy: made where it is missing, taken where it is one, refused where it is anything else.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::super::second::SecondCopy;
use super::super::{Archive, ArchiveError, appear, marker, writer};
use crate::catalogue::Catalogue;
use crate::io::durable;
use crate::journal::{self, Comparison, Event, Head};
use crate::store::Store;
use crate::task::Cancel;

/// A copy that is being written to.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) copy: Archive,
    /// The last entry of its journal.
    pub(super) head: Head,
    _lock: writer::Lock,
    /// The lock on a marker that took the place of the one that was locked.
    _new_marker: Option<File>,
}

/// Returns whether nothing is at `to`, or an empty folder.
pub(super) fn is_vacant(to: &Path) -> Result<bool, ArchiveError> {
    appear::is_vacant(to).map_err(|error| match error.kind() {
        io::ErrorKind::NotADirectory => ArchiveError::NoCopy { path: to.to_owned() },
        _ => ArchiveError::io(to)(error),
    })
}

/// Refuses the archive itself, what lies in it, and what it lies in.
pub(super) fn apart(archive: &Archive, to: &Path) -> Result<(), ArchiveError> {
    let place = real(to);
    let parts = ["", marker::STORE, marker::STAGING, marker::JOURNAL, marker::REPORTS];
    let own = parts.iter().filter_map(|part| archive.root().join(part).canonicalize().ok());
    for own in own {
        if place.starts_with(&own) || own.starts_with(&place) {
            return Err(ArchiveError::Overlap { path: to.to_owned() });
        }
    }
    Ok(())
}

/// Returns where `path` lies, or will lie, without links.
fn real(path: &Path) -> PathBuf {
    let mut rest = Vec::new();
    let mut place = path;
    loop {
        let here = if place.as_os_str().is_empty() { Path::new(".") } else { place };
        match (here.canonicalize(), place.parent(), place.file_name()) {
            (Ok(found), ..) => return rest.iter().rev().fold(found, |path: PathBuf, name| path.join(name)),
            (Err(_), Some(parent), Some(name)) => {
                rest.push(name.to_owned());
                place = parent;
            }
            _ => return path.to_owned(),
        }
    }
}

/// Establishes that the journal in the folder of a copy is that of the archive, as far as it goes; returns its last entry.
pub(super) fn same_way(archive: &Archive, to: &Path) -> Result<Head, ArchiveError> {
    match journal::compare(&archive.journal(), &to.join(marker::JOURNAL))? {
        Comparison::Behind(head) => Ok(head),
        standing => Err(ArchiveError::OtherWay { path: to.to_owned(), standing }),
    }
}

impl Target {
    /// Opens the copy at `to` for writing, or makes it; as a copy if `marked`, which an existing one stays in any case.
    ///
    /// Nothing is changed where it is refused.
    pub(super) fn open(
        archive: &Archive,
        to: &Path,
        marked: bool,
        wait: bool,
        cancel: &Cancel,
    ) -> Result<Self, ArchiveError> {
        apart(archive, to)?;
        let made = is_vacant(to)? && made(archive, to, marked)?;
        if !made {
            drop(SecondCopy::open(archive, to)?);
            same_way(archive, to)?;
            complete(archive, to)?;
        }
        let copy = Archive::open(to)?;
        let lock = copy.lock(wait, cancel)?;
        // Another run may have gone on with it while the lock was waited for.
        let head = same_way(archive, to)?;
        if marked && !copy.is_copy() {
            mark(archive, to)?;
        }
        let new_marker = same_marker(archive, to)?;
        Ok(Self { copy: Archive::open(to)?, head, _lock: lock, _new_marker: new_marker })
    }
}

/// Makes an empty copy at `to`; returns whether it did, and no other run in the meantime.
fn made(archive: &Archive, to: &Path, marked: bool) -> Result<bool, ArchiveError> {
    match appear::appear(to, |new| fill(archive, new, marked)) {
        Ok(()) => Ok(true),
        Err(ArchiveError::Taken { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes an empty copy in the new folder `new`: its journal has the first entry.
fn fill(archive: &Archive, new: &Path, marked: bool) -> Result<(), ArchiveError> {
    for folder in [marker::STAGING, marker::JOURNAL, marker::REPORTS, marker::AGREEMENTS] {
        let path = new.join(folder);
        durable::create_folder(&path).map_err(ArchiveError::io(&path))?;
    }
    if marked {
        mark(archive, new)?;
    }
    write(new, &marker_of(archive)?)?;
    Store::create(&new.join(marker::STORE))?;
    let first = journal::entries(&archive.journal())?.next().transpose()?;
    let first = first.filter(|entry| matches!(entry.event, Event::Created { .. }));
    let first = first.ok_or_else(|| ArchiveError::Incomplete { path: archive.journal() })?.head();
    journal::extend(&archive.journal(), &new.join(marker::JOURNAL), Head::EMPTY, first)?;
    let mut catalogue = Catalogue::create(&new.join(marker::CATALOGUE))?;
    writer::record(&mut catalogue, &[], &[], first)
}

/// Gives an existing copy the parts that it may lack: those that were left out when somebody copied it by other means.
fn complete(archive: &Archive, to: &Path) -> Result<(), ArchiveError> {
    for folder in [marker::STAGING, marker::JOURNAL, marker::REPORTS, marker::AGREEMENTS] {
        let path = to.join(folder);
        match durable::create_folder(&path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(ArchiveError::io(&path)(error)),
            _ => {}
        }
    }
    if to.join(marker::FILE).symlink_metadata().is_err() {
        write(to, &marker_of(archive)?)?;
    }
    Ok(())
}

/// Gives the copy the marker of the archive where it has another one; returns the lock on the new one.
fn same_marker(archive: &Archive, to: &Path) -> Result<Option<File>, ArchiveError> {
    let path = to.join(marker::FILE);
    let wanted = marker_of(archive)?;
    if std::fs::read(&path).map_err(ArchiveError::io(&path))? == wanted {
        return Ok(None);
    }
    let held = durable::replace_locked(&path, |out| out.write_all(&wanted));
    Ok(Some(held.map_err(ArchiveError::io(&path))?))
}

fn marker_of(archive: &Archive) -> Result<Vec<u8>, ArchiveError> {
    let path = archive.root().join(marker::FILE);
    std::fs::read(&path).map_err(ArchiveError::io(&path))
}

fn write(root: &Path, marker: &[u8]) -> Result<(), ArchiveError> {
    let path = root.join(marker::FILE);
    durable::create(&path, |out| out.write_all(marker)).map_err(ArchiveError::io(&path))
}

fn mark(archive: &Archive, root: &Path) -> Result<(), ArchiveError> {
    let path = root.join(marker::COPY);
    let text = marker::copy_text(archive.marker().id);
    durable::create(&path, |out| out.write_all(text.as_bytes())).map_err(ArchiveError::io(&path))
}
