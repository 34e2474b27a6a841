//! A folder in a ZIP or TAR, as a place.

use std::io;

use super::below::{Entries, Kind, checked};
use super::container::Container;
use super::place::{Opened, Place};
use crate::model::record::EntryKind;

/// A folder in a container, or the container itself; folders are there if an entry is one or lies in one.
#[derive(Debug, Clone)]
pub struct Inside {
    container: Container,
    /// What its entries' paths begin with: nothing, or a path that ends in `/`.
    base: Vec<u8>,
}

impl Inside {
    /// Returns all that is in `container`.
    #[must_use]
    pub const fn all(container: Container) -> Self {
        Self { container, base: Vec::new() }
    }

    /// Returns the folder `path`, unless something else has that path.
    pub fn folder(&self, path: &[u8]) -> io::Result<Self> {
        let base = [&self.base, checked(path)?, b"/"].concat();
        let is_there = self.at(self.start(&base)).is_some_and(|(path, _)| path.starts_with(&base));
        match self.container.find(base.strip_suffix(b"/").unwrap_or(&base)) {
            Some(number) if self.container.entry_kind(number) != EntryKind::Folder => {
                Err(io::ErrorKind::NotADirectory.into())
            }
            None if !is_there => Err(io::ErrorKind::NotFound.into()),
            _ => Ok(Self { container: self.container.clone(), base }),
        }
    }

    /// Returns the place in the order of paths of the first that is not before `path`.
    fn start(&self, path: &[u8]) -> usize {
        self.container.sorted().partition_point(|number| self.container.path(*number) < path)
    }

    fn at(&self, place: usize) -> Option<(&[u8], Kind)> {
        let number = *self.container.sorted().get(place)?;
        let kind = match self.container.entry_kind(number) {
            EntryKind::File => Kind::File,
            EntryKind::Folder => Kind::Folder,
            EntryKind::Link => Kind::Link,
            _ => Kind::Special,
        };
        Some((self.container.path(number), kind))
    }

    /// Lists what is in this folder.
    fn list(&self) -> io::Result<Entries> {
        let mut entries = Entries::default();
        let mut place = self.start(&self.base);
        while let Some((path, kind)) = self.at(place) {
            let Some(inside) = path.strip_prefix(&*self.base) else { break };
            let fits = match inside.iter().position(|byte| *byte == b'/') {
                None => {
                    place += 1;
                    entries.push(inside, kind)
                }
                Some(end) => {
                    let name = &inside[..end];
                    // Behind all that lies in it.
                    place = self.start(&[&self.base, name, &[b'/' + 1]].concat());
                    entries.push(name, Kind::Folder)
                }
            };
            if !fits {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
        }
        entries.sort();
        Ok(entries)
    }
}

impl Place for Inside {
    fn entries(&self, path: &[u8]) -> io::Result<Entries> {
        if path.is_empty() { self.list() } else { self.folder(path)?.list() }
    }

    fn file(&self, path: &[u8]) -> io::Result<Opened> {
        let path = [&self.base, checked(path)?].concat();
        let is = |path: &[u8], kind| self.container.find(path).is_some_and(|at| self.container.entry_kind(at) == kind);
        let Some(number) = self.container.find(&path) else {
            // What a link leads to is not there, and not what is asked for.
            let mut above = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| &path[..at]);
            let is_folder = self.at(self.start(&[&path, &b"/"[..]].concat()));
            let is_folder = is_folder.is_some_and(|(inside, _)| inside.starts_with(&[&path, &b"/"[..]].concat()));
            let is_none = is_folder || above.any(|folder| is(folder, EntryKind::Link));
            let kind = if is_none { io::ErrorKind::InvalidData } else { io::ErrorKind::NotFound };
            return Err(kind.into());
        };
        match self.container.facts(number) {
            Some((size, _)) if self.container.entry_kind(number) == EntryKind::File => {
                Ok(Opened { size, bytes: self.container.read_proven(number)? })
            }
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn folder(&self, path: &[u8]) -> io::Result<Box<dyn Place>> {
        Ok(Box::new(self.folder(path)?))
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::fs::{self, File};
    use std::io::{Read as _, Write as _};
    use std::os::unix::fs::symlink;
    use std::path::Path;
    use std::process::Command;

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;
    use crate::io::below::Below;
    use crate::io::container::{self, ContainerError};
    use crate::task::Cancel;

    fn opened(path: &Path) -> Result<Container, ContainerError> {
        let file = File::open(path).unwrap();
        let kind = container::Kind::of(&file).unwrap().unwrap();
        Container::open(file, kind, &Cancel::new())
    }

    fn zip_of(path: &Path, entries: &[(&str, &str)]) {
        let mut zip = ZipWriter::new(File::create(path).unwrap());
        for (name, text) in entries {
            match (name.strip_suffix('/'), name.strip_suffix('@')) {
                (Some(folder), _) => zip.add_directory(folder, SimpleFileOptions::default()).unwrap(),
                (_, Some(link)) => zip.add_symlink(link, *text, SimpleFileOptions::default()).unwrap(),
                _ => {
                    zip.start_file(*name, SimpleFileOptions::default()).unwrap();
                    zip.write_all(text.as_bytes()).unwrap();
                }
            }
        }
        zip.finish().unwrap();
    }

    /// What a place says of every path that is tried: entries, a file's bytes, or how it failed.
    fn told(place: &dyn Place, paths: &[&[u8]]) -> Vec<String> {
        let tell = |path: &&[u8]| {
            let entries = place.entries(path).map(|entries| {
                entries
                    .iter()
                    .map(|(name, kind)| format!("{}:{}", String::from_utf8_lossy(name), kind.name()))
                    .collect()
            });
            let file = place.file(path).map(|mut file| {
                let mut text = String::new();
                file.read_to_string(&mut text).unwrap();
                assert_eq!(file.size, text.len() as u64);
                text
            });
            let entries: Option<Vec<String>> = entries.ok();
            let file = file.map_err(|error| match error.kind() {
                // What lies below a file is not there.
                io::ErrorKind::NotADirectory => io::ErrorKind::NotFound,
                other => other,
            });
            format!("{} {entries:?} {file:?}", String::from_utf8_lossy(path))
        };
        paths.iter().map(tell).collect()
    }

    #[test]
    fn a_folder_in_a_container_is_as_one_on_a_medium() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join("o").join(name);
        fs::create_dir_all(at("a/b/c")).unwrap();
        fs::create_dir_all(at("leer")).unwrap();
        for (name, text) in [("a/b/c/x", "1"), ("a/b-x", "2"), ("a/b.x", "3"), ("a/b0", "4"), ("z", "5"), ("ä", "6")] {
            fs::write(at(name), text).unwrap();
        }
        symlink("a", at("weg")).unwrap();
        let shell = |program: &str, line: &str| {
            let status = Command::new(program).args(line.split(' ')).current_dir(root.path()).status().unwrap();
            assert!(status.success(), "{program} {line}");
        };
        shell("tar", "-cf einfach.tar -C o .");
        shell("tar", "-cf ordner.tar o");
        shell("tar", "-czf gepackt.tar.gz o");
        zip_of(
            &root.path().join("o.zip"),
            // Only some folders have entries of their own.
            &[
                ("z", "5"),
                ("a/b/c/x", "1"),
                ("a/b.x", "3"),
                ("a/b-x", "2"),
                ("leer/", ""),
                ("a/b0", "4"),
                ("a/", ""),
                ("weg@", "a"),
                ("ä", "6"),
            ],
        );
        let paths: [&[u8]; 17] = [
            b"",
            b"a",
            b"a/b",
            b"a/b/c",
            b"a/b/c/x",
            b"a/b/c/x/y",
            b"leer",
            b"z",
            "ä".as_bytes(),
            b"weg",
            b"weg/b-x",
            b"none",
            b"a/none",
            b"..",
            b"a/../z",
            b"/z",
            b"a/",
        ];
        let on_medium = Below::open(&root.path().join("o")).unwrap();
        let expected = told(&on_medium, &paths);
        let named = |name: &str| Inside::all(opened(&root.path().join(name)).unwrap());
        for (name, inside) in [
            ("einfach.tar", named("einfach.tar")),
            ("ordner.tar", named("ordner.tar").folder(b"o").unwrap()),
            ("gepackt.tar.gz", named("gepackt.tar.gz").folder(b"o").unwrap()),
            ("o.zip", named("o.zip")),
        ] {
            assert_eq!(told(&inside, &paths), expected, "{name}");
        }
    }

    #[test]
    fn what_lies_in_a_file_is_refused() {
        let root = tempfile::tempdir().unwrap();
        for (name, entries) in [
            ("datei.zip", &[("a", "1"), ("a-b", ""), ("a/b", "2")][..]),
            ("link.zip", &[("a@", ".."), ("a/b/c", "2")]),
            ("tief.zip", &[("x/a.b", ""), ("x/a/b", ""), ("x/a", "1"), ("x/a-b", "")]),
        ] {
            let path = root.path().join(name);
            zip_of(&path, entries);
            assert!(matches!(opened(&path), Err(ContainerError::Unsound { fault: "twice", .. })), "{name}");
        }
    }

    #[test]
    fn paths_that_tell_of_too_many_folders_are_refused() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("tief.zip");
        let names = |levels: usize| (0..2000).map(move |n| format!("{n}/{}x", "a/".repeat(levels)));
        for (levels, refused) in [(10, false), (1000, true)] {
            let names: Vec<String> = names(levels).collect();
            zip_of(&path, &names.iter().map(|name| (name.as_str(), "")).collect::<Vec<_>>());
            let found = matches!(opened(&path), Err(ContainerError::Unsound { fault: "limit", .. }));
            assert_eq!(found, refused, "{levels}");
        }
        // One alone may lie as deep as it can.
        zip_of(&path, &[(&names(1000).next().unwrap(), "")]);
        assert!(opened(&path).is_ok());
    }

    #[test]
    fn bytes_that_are_not_those_of_their_checksum_are_no_file() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("o.zip");
        zip_of(&path, &[("a", "nur ein kurzer Text")]);
        let mut bytes = fs::read(&path).unwrap();
        // The bytes follow the header of 30 bytes and the name.
        bytes[31] ^= 1;
        fs::write(&path, bytes).unwrap();
        let mut file = Inside::all(opened(&path).unwrap()).file(b"a").unwrap();
        assert!(container::is_of_content(&file.read_to_end(&mut Vec::new()).unwrap_err()));
    }
}
