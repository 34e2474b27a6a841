//! Where a call may write: everything else is closed to it before it reads anything from others.

use std::path::{Path, PathBuf};
use std::{fs, io};

use earchiv::archive::marker;

/// The parts of an archive that may be links to other places.
const PARTS: [&str; 5] = [marker::STORE, marker::STAGING, marker::JOURNAL, marker::REPORTS, marker::CATALOGUE];

/// The right to change what lies at a path, or below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Whatever lies there is moved too: links, pipes, devices.
    Anything,
    /// Files and folders are made, changed, renamed and removed.
    Everything,
    /// Files are made, changed and removed.
    Files,
    /// The content of one file is changed.
    Content,
    /// Files are removed.
    Removal,
}

/// The places that a call may write to.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Reach {
    places: Vec<(PathBuf, Right)>,
}

impl Reach {
    /// A call that only reads.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// A call that reads the archive at `root`, where one is named.
    ///
    /// What a run that was killed left half written in the catalogue is undone by the first who reads it, which takes the right
    /// to write; that is given only where there is something to undo.
    pub fn reading(root: Option<&Path>) -> Self {
        let Some(root) = root else { return Self::nothing() };
        Self::nothing().and_undoing(&root.join(marker::CATALOGUE))
    }

    /// Adds what undoing takes that a run that was killed left half written in `database`; nothing where there is none of that.
    #[must_use]
    pub fn and_undoing(mut self, database: &Path) -> Self {
        let database = fs::canonicalize(database).unwrap_or_else(|_| database.to_owned());
        let mut unfinished = database.clone().into_os_string();
        unfinished.push("-journal");
        if Path::new(&unfinished).exists() {
            let folder = existing(database.parent().unwrap_or(Path::new(".")));
            self.places.push((database, Right::Content));
            self.places.push((unfinished.into(), Right::Content));
            self.places.push((folder, Right::Removal));
        }
        self
    }

    /// A call that writes to the archive at `root`, where one is named; parts of it that are links are what they lead to.
    pub fn archive(root: Option<&Path>) -> Self {
        let Some(root) = root else { return Self::nothing() };
        let mut reach = Self::nothing();
        // An archive that is not there is not made.
        if root.is_dir() {
            reach.places.push((root.to_owned(), Right::Everything));
        }
        for part in PARTS.map(|part| root.join(part)) {
            if !part.is_symlink() {
                continue;
            }
            match fs::canonicalize(&part) {
                Ok(place) if place.is_dir() => reach.places.push((place, Right::Everything)),
                // A database keeps its journal beside itself.
                Ok(place) => reach.places.extend(place.parent().map(|folder| (folder.to_owned(), Right::Files))),
                Err(_) => {}
            }
        }
        reach
    }

    /// Adds what a call needs that writes to the archive at `root` too.
    #[must_use]
    pub fn and_archive(mut self, root: &Path) -> Self {
        self.places.extend(Self::archive(Some(root)).places);
        self
    }

    /// Adds the right to move whatever somebody put in the place of a package.
    #[must_use]
    pub fn and_specials(mut self) -> Self {
        for (_, right) in self.places.iter_mut().filter(|(_, right)| *right == Right::Everything) {
            *right = Right::Anything;
        }
        self
    }

    /// Adds the folder in which an archive is made, since it appears there only when it is complete.
    #[must_use]
    pub fn and_new_archive(self, root: &Path) -> Self {
        self.and_folder(root.parent().unwrap_or(root))
    }

    /// Adds the folder `path`; where it is not there yet, the one in which it will be made.
    #[must_use]
    pub fn and_folder(mut self, path: &Path) -> Self {
        self.places.push((existing(path), Right::Everything));
        self
    }

    /// Adds the folder in which the file `path` is put, complete or not at all.
    #[must_use]
    pub fn and_file(self, path: &Path) -> Self {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        self.and_folder(folder.unwrap_or(Path::new(".")))
    }

    /// Adds a folder of this user's own for files without a name: containers in containers, what gzip packed, messages.
    #[must_use]
    pub fn and_work(mut self) -> Self {
        // Without one, what needs it fails and says so.
        if let Ok(folder) = work_folder() {
            // Whoever was first in this process has chosen.
            let folder = tempfile::env::override_temp_dir(&folder).err().unwrap_or(folder);
            self.places.push((folder, Right::Files));
        }
        self
    }

    /// Returns the places with their rights.
    pub fn places(&self) -> &[(PathBuf, Right)] {
        &self.places
    }
}

/// Makes the folder of this user's own below the folder for temporary files, which all users share.
///
/// It stays: runs of the same user share it, and nothing in it has a name for longer than a moment.
fn work_folder() -> io::Result<PathBuf> {
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
    let user = rustix::process::geteuid().as_raw();
    let make = |name: String| {
        let folder = std::env::temp_dir().join(name);
        match fs::DirBuilder::new().mode(0o700).create(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(folder),
        }
    };
    let folder = make(format!("earchiv-{user}"))?;
    let found = fs::symlink_metadata(&folder)?;
    if found.is_dir() && found.uid() == user && found.mode() & 0o777 == 0o700 {
        return Ok(folder);
    }
    // Somebody else was there first.
    make(format!("earchiv-{}", uuid::Uuid::new_v4()))
}

/// Returns `path`, or the nearest folder above it that is there.
fn existing(path: &Path) -> PathBuf {
    let mut place = path;
    while !place.exists() {
        match place.parent() {
            Some(parent) => place = parent,
            None => break,
        }
    }
    if place.as_os_str().is_empty() { PathBuf::from(".") } else { place.to_owned() }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_folder_that_is_not_there_is_the_one_above_it() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs::create_dir(at("a")).unwrap();
        symlink("nowhere", at("dangling")).unwrap();
        for (path, expected) in [("a", "a"), ("a/b/c", "a"), ("x/y", ""), ("dangling/b", "")] {
            assert_eq!(existing(&at(path)), root.path().join(expected).components().collect::<PathBuf>(), "{path}");
        }
        assert_eq!(existing(Path::new("not-there/at-all")), Path::new("."));
        assert_eq!(existing(Path::new("")), Path::new("."));
    }

    #[test]
    fn who_reads_an_archive_writes_nothing_unless_something_is_half_written() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs::write(at("catalogue.sqlite"), "").unwrap();
        assert_eq!(Reach::reading(Some(root.path())), Reach::nothing());
        assert_eq!(Reach::reading(None), Reach::nothing());
        fs::write(at("catalogue.sqlite-journal"), "").unwrap();
        let reach = Reach::reading(Some(root.path()));
        assert!(reach.places().iter().all(|(_, right)| *right != Right::Everything), "{reach:?}");
        assert_eq!(reach.places().len(), 3);
    }

    #[test]
    fn links_in_an_archive_are_what_they_lead_to() {
        let (root, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        symlink(other.path(), root.path().join("store")).unwrap();
        fs::write(other.path().join("c"), "").unwrap();
        symlink(other.path().join("c"), root.path().join("catalogue.sqlite")).unwrap();
        let reach = Reach::archive(Some(root.path()));
        let elsewhere = other.path().canonicalize().unwrap();
        let places = [
            (root.path().to_owned(), Right::Everything),
            (elsewhere.clone(), Right::Everything),
            (elsewhere, Right::Files),
        ];
        assert_eq!(reach.places(), places);
        assert_eq!(Reach::archive(Some(&root.path().join("nowhere"))), Reach::nothing());
    }

    #[test]
    fn the_work_folder_is_nobody_elses() {
        use std::os::unix::fs::MetadataExt as _;
        let folder = work_folder().unwrap();
        let found = fs::symlink_metadata(&folder).unwrap();
        assert_eq!(found.mode() & 0o777, 0o700);
        assert_eq!(work_folder().unwrap(), folder);
    }
}
