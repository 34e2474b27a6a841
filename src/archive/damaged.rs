//! The folder `damaged/`: what was damaged and gave its place to what was restored. It is kept for whoever wants to know why.

use std::path::{Path, PathBuf};

use super::{Archive, ArchiveError, marker};
use crate::io::durable;
use crate::model::package::PackageId;
use crate::model::time::Timestamp;

/// Returns the copies of the package that lie there, relative to the archive, in the order of their names; its tombstones are
/// none.
pub(super) fn of_package(archive: &Archive, id: PackageId) -> Result<Vec<String>, ArchiveError> {
    let end = format!("-{id}");
    let copies = names(archive)?.into_iter().filter(|name| name.ends_with(&end)).map(|name| path(&name));
    Ok(copies.filter(|copy| !is_tombstone(&archive.root.join(copy))).collect())
}

/// Removes the copies of a package that was disposed of; returns them, relative to the archive. Durable afterwards.
pub(super) fn remove_of_package(archive: &Archive, id: PackageId) -> Result<Vec<String>, ArchiveError> {
    let copies = of_package(archive, id)?;
    for copy in &copies {
        let copy = archive.root.join(copy);
        durable::remove_tree(&copy).map_err(ArchiveError::io(&copy))?;
    }
    if !copies.is_empty() {
        let folder = archive.root.join(marker::DAMAGED);
        durable::sync_folder(&folder).map_err(ArchiveError::io(&folder))?;
    }
    Ok(copies)
}

/// Returns a free place, relative to the archive, for something called `name` that is damaged.
pub(super) fn place(archive: &Archive, name: &str) -> Result<String, ArchiveError> {
    let taken = names(archive)?;
    let (year, month, day, hour, minute, second) = Timestamp::now().civil();
    let time = format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z");
    let free = (0_u32..).map(|number| match number {
        0 => format!("{time}-{name}"),
        more => format!("{time}.{more}-{name}"),
    });
    Ok(free.into_iter().find(|name| !taken.contains(name)).map(|name| path(&name)).unwrap_or_default())
}

/// Moves `from` to `place`, which [`place`] gave; never replaces. Not durable.
pub(super) fn keep(archive: &Archive, from: &Path, place: &str) -> Result<(), ArchiveError> {
    let folder = archive.root.join(marker::DAMAGED);
    durable::create_folders(&folder, &archive.root).map_err(ArchiveError::io(&folder))?;
    durable::publish(from, &archive.root.join(place)).map_err(ArchiveError::io(from))
}

/// Returns what has to be moved before the object `id` can get its place: what lies there, or something else than a folder where
/// the folder around it should be.
pub(super) fn in_the_way(archive: &Archive, id: &str) -> Option<PathBuf> {
    let store = &archive.store;
    let place = store.root().join(store.place(id));
    if let Some(around) = place.parent()
        && around.symlink_metadata().is_ok_and(|found| !found.is_dir())
    {
        return Some(around.to_owned());
    }
    place.symlink_metadata().is_ok().then_some(place)
}

/// Whether the damaged object at `path` holds nothing but the file of a tombstone.
fn is_tombstone(path: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(path.join("v1/content")) else { return false };
    let mut names = entries.map(|entry| entry.map(|entry| entry.file_name()));
    matches!((names.next(), names.next()), (Some(Ok(name)), None) if name == super::tombstone::FILE)
}

fn path(name: &str) -> String {
    format!("{}/{name}", marker::DAMAGED)
}

fn names(archive: &Archive) -> Result<Vec<String>, ArchiveError> {
    let folder: PathBuf = archive.root.join(marker::DAMAGED);
    if folder.symlink_metadata().is_ok_and(|found| !found.is_dir()) {
        return Err(ArchiveError::io(&folder)(std::io::ErrorKind::NotADirectory.into()));
    }
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(ArchiveError::io(&folder)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(ArchiveError::io(&folder))?;
        names.extend(entry.file_name().into_string());
    }
    names.sort_unstable();
    Ok(names)
}
