//! What an object holds: its `inventory.json` (OCFL 1.1, 3.5).

mod read;
mod write;

use std::collections::BTreeMap;

use crate::model::checksum::{Algorithm, Checksum};
use crate::model::time::Timestamp;

pub use read::{read, version_number};
pub use write::New;

/// The inventory's file name.
pub const INVENTORY: &str = "inventory.json";
/// The name of the file with the inventory's digest.
pub const SIDECAR: &str = "inventory.json.sha512";
/// The name of an object's declaration.
pub const NAMASTE: &str = "0=ocfl_object_1.1";
/// What an object's declaration holds.
pub const NAMASTE_TEXT: &str = "ocfl_object_1.1\n";

const TYPE: &str = "https://ocfl.io/1.1/spec/#inventory";

/// Returns what the sidecar of an inventory with `digest` holds.
pub fn sidecar(digest: &str) -> String {
    format!("{digest} {INVENTORY}\n")
}

/// What an object holds and held, as its inventory says.
///
/// Compact, for objects of 10^6 files: some 150 bytes a file.
#[derive(Debug)]
pub struct Inventory {
    id: String,
    content_folder: String,
    algorithm: Algorithm,
    manifest: Manifest,
    versions: Vec<Version>,
}

/// A version of an object.
#[derive(Debug)]
pub struct Version {
    /// When it was made.
    pub created: Timestamp,
    /// Why it was made.
    pub message: Option<String>,
    /// Name and address of who had it made.
    pub user: Option<(String, Option<String>)>,
    /// For each logical file the number of a content file with its content.
    state: Vec<u32>,
    /// The logical paths, by position in `state`, that are not the content file's path without version and content folder.
    renamed: BTreeMap<u32, Box<str>>,
}

/// A file of an object's version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogicalFile<'a> {
    /// The path that the file has in the object, separated by `/`.
    pub path: &'a str,
    /// The path of its content, relative to the object's folder.
    pub content: &'a str,
    /// The checksum of its content: SHA-512 in all objects that are written here.
    pub checksum: Checksum,
}

impl Inventory {
    /// Returns the object's identity.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the number of the newest version, from 1.
    #[must_use]
    pub fn head(&self) -> usize {
        self.versions.len()
    }

    /// Returns the versions; the first is number 1.
    #[must_use]
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// Returns the files of the newest version, in the inventory's order: by checksum in objects that are written here.
    pub fn files(&self) -> impl Iterator<Item = LogicalFile<'_>> {
        self.files_of(self.head())
    }

    /// Returns the files of version `number`, from 1; none if there is no such version.
    pub fn files_of(&self, number: usize) -> impl Iterator<Item = LogicalFile<'_>> {
        let version = number.checked_sub(1).and_then(|n| self.versions.get(n));
        version.into_iter().flat_map(|version| {
            (0u32..).zip(&version.state).map(|(at, &file)| {
                let content = self.manifest.paths.get(file as usize);
                let path = version
                    .renamed
                    .get(&at)
                    .map_or(logical(content), |path| path);
                LogicalFile {
                    path,
                    content,
                    checksum: self.manifest.checksum_of(self.algorithm, file),
                }
            })
        })
    }

    /// Returns all content files of all versions, each once, with their checksums.
    pub fn content(&self) -> impl Iterator<Item = (&str, Checksum)> {
        (0u32..).zip(self.content_paths()).map(|(file, path)| {
            let checksum = self.manifest.checksum_of(self.algorithm, file);
            (path, checksum)
        })
    }

    /// Returns the paths of all content files, relative to the object's folder.
    pub(super) fn content_paths(&self) -> impl Iterator<Item = &str> {
        (0..self.manifest.paths.len()).map(|n| self.manifest.paths.get(n))
    }

    /// Returns the name of the folder for content in each version's folder.
    pub(super) fn content_folder(&self) -> &str {
        &self.content_folder
    }

    /// Returns the algorithm of all checksums, and of the sidecar.
    pub(super) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// Returns a content path without its version and content folder.
fn logical(content: &str) -> &str {
    content.splitn(3, '/').nth(2).unwrap_or(content)
}

/// Which content files there are, by checksum.
#[derive(Debug, Default)]
struct Manifest {
    /// The checksums' values, one after the other.
    sums: Vec<u8>,
    /// For each checksum the number of its first content file.
    first: Vec<u32>,
    /// The content files' paths.
    paths: Texts,
    /// The numbers of the checksums, sorted by value.
    order: Vec<u32>,
}

impl Manifest {
    fn sum(&self, length: usize, number: u32) -> &[u8] {
        let start = number as usize * length;
        self.sums.get(start..start + length).unwrap_or_default()
    }

    /// Returns the number of a checksum.
    fn find(&self, sum: &Checksum) -> Option<u32> {
        let length = sum.bytes().len();
        self.order
            .binary_search_by(|&n| self.sum(length, n).cmp(sum.bytes()))
            .ok()
            .and_then(|at| self.order.get(at).copied())
    }

    /// Returns the numbers of the content files that have checksum `number`.
    fn files(&self, number: u32) -> std::ops::Range<u32> {
        let at = |n: usize| self.first.get(n).copied();
        let end = || u32::try_from(self.paths.len()).unwrap_or(u32::MAX);
        let n = number as usize;
        at(n).unwrap_or_default()..at(n + 1).unwrap_or_else(end)
    }

    fn checksum_of(&self, algorithm: Algorithm, file: u32) -> Checksum {
        let number = self.first.partition_point(|&first| first <= file);
        let number = u32::try_from(number.saturating_sub(1)).unwrap_or_default();
        Checksum::from_bytes(algorithm, self.sum(algorithm.length(), number))
            // The reader takes only values of the algorithm's length.
            .unwrap_or_else(|| Checksum::of(algorithm, b""))
    }
}

/// Many short texts in one piece of memory.
#[derive(Debug, Default)]
struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, number: usize) -> &str {
        let end = self.ends.get(number).copied().unwrap_or_default();
        let start = number.checked_sub(1).and_then(|n| self.ends.get(n));
        self.text
            .get(start.copied().unwrap_or_default()..end)
            .unwrap_or_default()
    }
}

/// Returns whether `path` can stand in an inventory (E095, E099, E100): parts that are not empty, `.` or `..`.
fn is_path(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}
