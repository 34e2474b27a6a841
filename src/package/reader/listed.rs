//! Files of a folder, close together: a million of them take about 80 MB, names and all.

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};

use super::odd::{Odd, Oddities};
use crate::model::names::{Name, Names};
use crate::model::path;
use crate::model::time::Timestamp;

/// A file, by its path inside the package's folder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) name: Name,
    pub(super) size: u64,
    pub(super) modified: Timestamp,
}

/// Files with their names.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) rows: Vec<Row>,
    pub(super) names: Names,
}

impl Listed {
    /// Adds a file.
    pub(super) fn push(&mut self, path: &str, size: u64, modified: Timestamp) -> io::Result<()> {
        let name = self.names.push(path.as_bytes()).ok_or(io::ErrorKind::FileTooLarge)?;
        self.rows.push(Row { name, size, modified });
        Ok(())
    }

    /// Returns the path of the file `number`; empty where there is none.
    pub(super) fn path(&self, number: u32) -> &[u8] {
        self.rows.get(number as usize).map_or(&b""[..], |row| self.names.bytes(row.name))
    }
}

/// What lies in a folder.
pub(super) struct Walked {
    pub(super) root: OwnedFd,
    pub(super) files: Listed,
    pub(super) folders: Vec<String>,
    pub(super) oddities: Oddities,
}

/// Lists everything below the folder `path`; links are not followed.
pub(super) fn walk(path: &Path) -> Result<Walked, (PathBuf, io::Error)> {
    const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
    let fault = |inside: &str| {
        let at = if inside.is_empty() { path.to_owned() } else { path.join(inside) };
        move |error: rustix::io::Errno| (at, io::Error::from(error))
    };
    let root = rustix::fs::open(path, FOLDER, Mode::empty()).map_err(fault(""))?;
    let (mut files, mut folders, mut oddities) = (Listed::default(), Vec::new(), Oddities::default());
    // Folders to come; one is open at a time.
    let mut coming = vec![String::new()];
    while let Some(folder) = coming.pop() {
        let inside = if folder.is_empty() { "." } else { &folder };
        let opened = match rustix::fs::openat(&root, inside, FOLDER, Mode::empty()) {
            // Nobody gets to the files in it by a path.
            Err(rustix::io::Errno::NAMETOOLONG) => {
                oddities.add(Odd::Name, folder.as_bytes());
                continue;
            }
            opened => opened.map_err(fault(&folder))?,
        };
        let mut full = folder.clone();
        if !folder.is_empty() {
            full.push('/');
        }
        let stem = full.len();
        for entry in Dir::read_from(&opened).map_err(fault(&folder))? {
            let entry = entry.map_err(fault(&folder))?;
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            full.truncate(stem);
            let Some(text) = name.to_str().ok().filter(|text| path::inside(text).is_ok()) else {
                oddities.add(Odd::Name, &[full.as_bytes(), name.to_bytes()].concat());
                continue;
            };
            full.push_str(text);
            match look(&opened, entry.file_type(), name).map_err(fault(&full))? {
                Entry::Folder => {
                    coming.push(full.clone());
                    folders.push(full.clone());
                }
                Entry::File(size, modified) => {
                    files.push(&full, size, modified).map_err(|error| (path.join(&full), error))?;
                }
                Entry::Link => oddities.add(Odd::Link, full.as_bytes()),
                Entry::Special => oddities.add(Odd::Special, full.as_bytes()),
            }
        }
    }
    files.names.close();
    files.rows.shrink_to_fit();
    Ok(Walked { root, files, folders, oddities })
}

enum Entry {
    Folder,
    File(u64, Timestamp),
    Link,
    Special,
}

fn look(folder: impl AsFd, kind: FileType, name: &CStr) -> rustix::io::Result<Entry> {
    if kind.is_dir() {
        return Ok(Entry::Folder);
    }
    let status = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(match FileType::from_raw_mode(status.st_mode) {
        FileType::Directory => Entry::Folder,
        FileType::RegularFile => {
            Entry::File(u64::try_from(status.st_size).unwrap_or_default(), Timestamp::from_seconds(status.st_mtime))
        }
        FileType::Symlink => Entry::Link,
        _ => Entry::Special,
    })
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::ffi::OsStr;
    use std::fs;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn files_and_folders_are_listed_and_all_else_is_odd() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &[u8]| root.path().join(OsStr::from_bytes(name));
        fs::create_dir_all(at(b"a/leer")).unwrap();
        fs::create_dir_all(at(b"a\xff")).unwrap();
        for (name, bytes) in [(&b"a/x"[..], "1"), (b"a-x", "22"), (b"a\\b", ""), (b"a\xff/y", "")] {
            fs::write(at(name), bytes).unwrap();
        }
        symlink("x", at(b"a/link")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, at(b"pipe"), Mode::RUSR).unwrap();
        let Ok(mut walked) = walk(root.path()) else { panic!("the folder is there") };
        walked.folders.sort();
        let files = &walked.files;
        let mut listed: Vec<(&str, u64)> =
            files.rows.iter().map(|row| (files.names.text(row.name), row.size)).collect();
        listed.sort_unstable();
        assert_eq!(listed, [("a-x", 2), ("a/x", 1)]);
        assert_eq!(walked.folders, ["a", "a/leer"]);
        let odd = |odd, name: &str| (odd, name.to_owned());
        let expected =
            [odd(Odd::Name, "a%FF"), odd(Odd::Name, "a\\b"), odd(Odd::Link, "a/link"), odd(Odd::Special, "pipe")];
        assert_eq!(walked.oddities.sorted(), expected);
        assert!(walk(&root.path().join("a-x")).is_err());
    }
}
