//! A stored object: reads it, and checks everything but the content of its files.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::StoreError;
use super::inventory::{self, INVENTORY, Inventory, NAMASTE, NAMASTE_TEXT, SIDECAR, version_number};
use crate::io::below::Below;
use crate::model::checksum::Algorithm;
use crate::model::finding::{Code, Finding};

/// A stored object as it was found.
#[derive(Debug)]
pub struct Object {
    root: PathBuf,
    /// The object's folder, relative to the storage root.
    pub place: String,
    /// What the object holds; `None` if it cannot be read, which is among the findings.
    pub inventory: Option<Inventory>,
    /// SHA-512 of `inventory.json` as it is now, in hexadecimal digits; `None` if there is no such file to read.
    pub inventory_sha512: Option<String>,
    /// What is wrong; paths are relative to the storage root, and in their order.
    ///
    /// Of an object without findings, declaration, inventories and sidecars agree with each other, and its folder holds
    /// exactly the files that it should. What these files contain is for the caller to compare with their checksums, and
    /// [`Object::inventory_sha512`] with the journal.
    pub findings: Vec<Finding>,
}

impl Object {
    /// Returns whether the object is whole and its inventory has the SHA-512 `inventory`.
    #[must_use]
    pub fn is(&self, inventory: &str) -> bool {
        self.findings.is_empty() && self.inventory_sha512.as_deref() == Some(inventory)
    }

    /// Opens the content file `path`, relative to the object's folder, for reading; follows no link.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] if it is a link or otherwise no regular file, which is then not waited for;
    /// [`io::ErrorKind::InvalidInput`] if `path` leaves the object.
    pub fn open(&self, path: &str) -> io::Result<File> {
        open_below(&self.root, &format!("{}/{path}", self.place))
    }

    /// Returns where the file `path` of the object lies.
    #[must_use]
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(&self.place).join(path)
    }

    /// Reads the object in folder `place` of the storage root, which should be `id`; `None` if nothing is there.
    pub(super) fn read(root: &Path, place: String, id: &str) -> Result<Option<Self>, StoreError> {
        let folder = root.join(&place);
        let is_folder = match fs::symlink_metadata(&folder) {
            Ok(found) => found.is_dir(),
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(source) => {
                return Err(StoreError::Io { path: folder, source });
            }
        };
        let mut object =
            Self { root: root.to_owned(), place, inventory: None, inventory_sha512: None, findings: Vec::new() };
        if is_folder {
            object.check(id);
            object.findings.sort_by(|a, b| a.file.cmp(&b.file));
        } else {
            let place = object.place.clone();
            object.findings.push(Finding::new(Code::StoreIntruder).file(place).expected("folder"));
        }
        Ok(Some(object))
    }

    /// Returns the identity that the inventory of the folder `place` says, if it can be read.
    pub(super) fn claimed(root: &Path, place: &str) -> Option<String> {
        let file = open_below(root, &format!("{place}/{INVENTORY}")).ok()?;
        let inventory = inventory::read(file).ok()?.0.ok()?;
        Some(inventory.id().to_owned())
    }

    fn check(&mut self, id: &str) {
        self.expect(NAMASTE, NAMASTE_TEXT, Code::InventoryInvalid);
        let Some((inventory, digest)) = self.inventory_at(INVENTORY) else {
            return;
        };
        self.expect(SIDECAR, &inventory::sidecar(&digest), Code::InventoryInvalid);
        if let Some(inventory) = inventory {
            if inventory.id() != id {
                let finding = Finding::new(Code::InventoryInvalid).value(inventory.id()).expected(id);
                self.find(INVENTORY, finding);
            }
            if inventory.algorithm() != Algorithm::Sha512 {
                self.find(
                    INVENTORY,
                    Finding::new(Code::InventoryInvalid).value(inventory.algorithm().name()).expected("SHA-512"),
                );
            }
            self.check_versions(&inventory, &digest);
            self.check_files(&inventory);
            self.inventory = Some(inventory);
        }
        self.inventory_sha512 = Some(digest);
    }

    /// Checks the inventory that each version keeps: the newest is that of the object, older ones say the same as far as
    /// they go.
    fn check_versions(&mut self, inventory: &Inventory, digest: &str) {
        for number in 1..=inventory.head() {
            let name = format!("v{number}/{INVENTORY}");
            let Some((old, found)) = self.inventory_at(&name) else {
                continue;
            };
            self.expect(&format!("v{number}/{SIDECAR}"), &inventory::sidecar(&found), Code::InventoryInvalid);
            if number == inventory.head() {
                if found != digest {
                    self.find(&name, Finding::new(Code::InventoryInvalid).value(found).expected(digest));
                }
            } else if let Some(old) = old
                && !(old.id() == inventory.id()
                    && old.head() == number
                    && (1..=number).all(|n| same_files(&old, inventory, n)))
            {
                self.find(&name, Finding::new(Code::InventoryInvalid).value("differs").expected(INVENTORY));
            }
        }
    }

    /// Checks that the object's folder holds all files that it should, and nothing else.
    fn check_files(&mut self, inventory: &Inventory) {
        let mut expected: Vec<(&str, bool)> = inventory.content_paths().map(|path| (path, false)).collect();
        expected.sort_unstable();
        let folder = self.root.join(&self.place);
        let mut walk = WalkDir::new(&folder).min_depth(1).into_iter();
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(e) => {
                    let path = e.path().and_then(|path| path.strip_prefix(&folder).ok());
                    let path = path.unwrap_or(Path::new("")).to_string_lossy().into_owned();
                    self.find(&path, Finding::new(Code::Unreadable));
                    continue;
                }
            };
            let path = entry.path().strip_prefix(&folder).unwrap_or(entry.path());
            let kind = entry.file_type();
            let name = path.to_str();
            let at = name.and_then(|name| expected.binary_search_by(|known| known.0.cmp(name)).ok());
            if let Some((_, seen)) = at.and_then(|at| expected.get_mut(at)) {
                *seen = true;
                if kind.is_file() {
                    continue;
                }
            } else if let Some(name) = name
                && (kind.is_file() && is_own_file(name, inventory)
                    || kind.is_dir() && (is_version(name, inventory) || leads_to_content(name, &expected)))
            {
                continue;
            }
            if kind.is_dir() {
                // What is in it is no further finding.
                walk.skip_current_dir();
            }
            let shown = path.to_string_lossy().into_owned();
            // Links and the like in place of our own files were found when these were read.
            if !name.is_some_and(|name| is_own_file(name, inventory)) {
                let value = if kind.is_symlink() {
                    "link"
                } else if kind.is_dir() {
                    "folder"
                } else if kind.is_file() {
                    "file"
                } else {
                    "special"
                };
                self.find(&shown, Finding::new(Code::StoreIntruder).value(value));
            }
        }
        for (path, _) in expected.iter().filter(|(_, seen)| !seen) {
            self.find(path, Finding::new(Code::FileMissing));
        }
    }

    /// Reads the inventory `name`; returns what it says, if that is valid, and its SHA-512. What is wrong becomes findings.
    fn inventory_at(&mut self, name: &str) -> Option<(Option<Inventory>, String)> {
        match self.open(name).and_then(inventory::read) {
            Ok((Ok(inventory), digest)) => Some((Some(inventory), digest)),
            Ok((Err(e), digest)) => {
                let text = e.to_string();
                let what = text.split(" at line ").next().unwrap_or(&text);
                let mut finding = Finding::new(Code::InventoryInvalid).line(e.line() as u64).value(what);
                finding.column = Some(e.column() as u64);
                self.find(name, finding);
                Some((None, digest))
            }
            Err(e) => {
                self.find(name, unreadable(&e));
                None
            }
        }
    }

    /// Establishes that file `name` holds exactly `text`.
    fn expect(&mut self, name: &str, text: &str, code: Code) {
        let mut found = Vec::new();
        let read = self.open(name).and_then(|file| file.take(text.len() as u64 + 1).read_to_end(&mut found));
        match read {
            Ok(_) if found == text.as_bytes() => {}
            Ok(_) => self.find(name, Finding::new(code).expected(text.trim_end())),
            Err(e) => self.find(name, unreadable(&e)),
        }
    }

    fn find(&mut self, name: &str, finding: Finding) {
        let file = format!("{}/{name}", self.place);
        self.findings.push(finding.file(file));
    }
}

/// Returns whether two inventories say the same of version `number`.
fn same_files(old: &Inventory, new: &Inventory, number: usize) -> bool {
    // Inventories with different algorithms cannot be compared.
    if old.algorithm() != new.algorithm() {
        return true;
    }
    let sorted = |inventory: &Inventory| {
        let mut files: Vec<_> =
            inventory.files_of(number).map(|file| (file.path.to_owned(), file.checksum.hex())).collect();
        files.sort_unstable();
        files
    };
    sorted(old) == sorted(new)
}

/// Returns whether `name` is that of a declaration, an inventory or a sidecar.
fn is_own_file(name: &str, inventory: &Inventory) -> bool {
    matches!(name, NAMASTE | INVENTORY | SIDECAR)
        || name
            .split_once('/')
            .is_some_and(|(version, name)| matches!(name, INVENTORY | SIDECAR) && is_version(version, inventory))
}

fn is_version(name: &str, inventory: &Inventory) -> bool {
    version_number(name).is_some_and(|number| number <= inventory.head())
}

/// Returns whether a content file is below the folder `name`.
fn leads_to_content(name: &str, expected: &[(&str, bool)]) -> bool {
    let below = format!("{name}/");
    let at = expected.partition_point(|known| known.0 < below.as_str());
    expected.get(at).is_some_and(|known| known.0.starts_with(&below))
}

/// Returns what it means that a file could not be opened or read.
fn unreadable(fault: &io::Error) -> Finding {
    match fault.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Finding::new(Code::FileMissing),
        io::ErrorKind::InvalidData => Finding::new(Code::StoreIntruder).expected("file"),
        kind => Finding::new(Code::Unreadable).value(kind.to_string()),
    }
}

/// Opens the regular file `path` below `folder`; no part of `path` may be a link.
fn open_below(folder: &Path, path: &str) -> io::Result<File> {
    let below = Below::open(folder)?;
    let opened = below.file(path.as_bytes());
    if let (Err(error), Some((way, _))) = (&opened, path.rsplit_once('/'))
        && error.kind() == io::ErrorKind::InvalidData
    {
        // A link on the way: what lies behind it is not there, and the link is told for itself.
        below.folder(way.as_bytes()).map_err(|_| io::Error::from(io::ErrorKind::NotADirectory))?;
    }
    opened
}
