//! What an object holds: its `inventory.json` (OCFL 1.1, 3.5).

mod digests;
mod read;
mod write;

use std::collections::BTreeMap;

use crate::model::checksum::{Algorithm, Checksum};
use crate::model::time::Timestamp;

pub use read::{read, version_number};
pub use write::{Former, New};

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
#[must_use]
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
                let path = version.renamed.get(&at).map_or(logical(content), |path| path);
                LogicalFile { path, content, checksum: self.manifest.checksum_of(self.algorithm, file) }
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
        self.text.get(start.copied().unwrap_or_default()..end).unwrap_or_default()
    }
}

/// Returns whether `path` can stand in an inventory (E095, E099, E100): parts that are not empty, `.` or `..`; no NUL, which
/// no file's name can have.
fn is_path(path: &str) -> bool {
    !path.contains('\0') && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    fn sum(text: &str) -> Checksum {
        Checksum::of(Algorithm::Sha512, text.as_bytes())
    }

    fn written(files: &[(&str, &str)]) -> String {
        let files: Vec<_> = files.iter().map(|(path, text)| ((*path).to_owned(), sum(text))).collect();
        let time = Timestamp::from_seconds(0);
        let new = New::first("id", &files, time, "stored", Some(("anna", "urn:x"))).unwrap();
        let mut out = Vec::new();
        new.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn parsed(json: &str) -> Result<Inventory, String> {
        let (inventory, digest) = read(json.as_bytes()).unwrap();
        assert_eq!(digest, sum(json).hex());
        inventory.map_err(|e| e.to_string())
    }

    #[test]
    fn inventory_is_read_as_it_was_written() {
        let files = [("b/ü \"1\"", "x"), ("a", "x"), ("c", "y"), ("b/a", ""), ("d", "")];
        let inventory = parsed(&written(&files)).unwrap();
        assert_eq!((inventory.id(), inventory.head()), ("id", 1));
        let mut read: Vec<_> =
            inventory.files().map(|f| (f.path.to_owned(), f.content.to_owned(), f.checksum)).collect();
        read.sort_by(|a, b| a.0.cmp(&b.0));
        let mut expected: Vec<_> =
            files.iter().map(|(path, text)| ((*path).to_owned(), format!("v1/content/{path}"), sum(text))).collect();
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(read, expected);
        assert_eq!(inventory.content().count(), files.len());
        let version = &inventory.versions()[0];
        assert_eq!(version.message.as_deref(), Some("stored"));
        assert_eq!(version.user, Some(("anna".to_owned(), Some("urn:x".to_owned()))));
        assert!(version.renamed.is_empty());
        assert_eq!(inventory.files_of(0).count() + inventory.files_of(2).count(), 0);
    }

    #[test]
    fn order_of_files_does_not_matter() {
        let files = [("a", "x"), ("b", "x"), ("c", "y")];
        let mut other = files;
        other.reverse();
        assert_eq!(written(&files), written(&other));
        // Equal content is listed once, with all its paths.
        assert_eq!(written(&files).matches(&sum("x").hex()).count(), 2);
    }

    #[test]
    fn object_without_files_has_an_inventory() {
        assert_eq!(parsed(&written(&[])).unwrap().files().count(), 0);
    }

    #[test]
    fn what_cannot_be_listed_is_refused() {
        let sha256 = Checksum::of(Algorithm::Sha256, b"");
        for (path, sum) in [
            ("", sum("")),
            ("/a", sum("")),
            ("a/", sum("")),
            ("a//b", sum("")),
            ("a/../b", sum("")),
            (".", sum("")),
            ("a\0b", sum("")),
            ("twice", sum("")),
            ("a", sha256),
        ] {
            let files = [("twice".to_owned(), tests::sum("other")), (path.to_owned(), sum)];
            let time = Timestamp::from_seconds(0);
            let refused = New::first("id", &files, time, "", None);
            assert!(matches!(refused, Err(StoreError::Unlistable { path: p }) if p == path), "{path}");
        }
    }

    #[test]
    fn several_versions_are_told_apart() {
        let (x, y) = (sum("x").hex(), sum("y").hex().to_uppercase());
        let json = format!(
            r#"{{"id":"id","type":"{TYPE}","digestAlgorithm":"sha512","head":"v2","contentDirectory":"stuff",
            "manifest":{{"{y}":["v2/stuff/b"],"{x}":["v1/stuff/a"]}},
            "fixity":{{}},
            "versions":{{
              "v2":{{"created":"2026-01-02T00:00:00+01:00","state":{{"{x}":["moved/a","a"],"{y}":["b"]}}}},
              "v1":{{"created":"2026-01-01T00:00:00Z","state":{{"{x}":["a"]}}}}}}}}"#
        );
        let inventory = parsed(&json).unwrap();
        let files = |n| -> Vec<(String, String, Checksum)> {
            let files = inventory.files_of(n);
            files.map(|f| (f.path.into(), f.content.into(), f.checksum)).collect()
        };
        let file = |path: &str, content: &str, text| (path.to_owned(), content.to_owned(), sum(text));
        assert_eq!(files(1), [file("a", "v1/stuff/a", "x")]);
        assert_eq!(
            files(2),
            [file("moved/a", "v1/stuff/a", "x"), file("a", "v1/stuff/a", "x"), file("b", "v2/stuff/b", "y")]
        );
    }

    #[test]
    fn invalid_inventories_are_refused() {
        let good = written(&[("a", "x")]);
        assert!(parsed(&good).is_ok());
        let (x, y) = (sum("x").hex(), sum("y").hex());
        let head = good.split("\"manifest\"").next().unwrap();
        let cases = [
            ("cut", good[..good.len() / 2].to_owned()),
            ("more behind it", format!("{good}{{}}")),
            ("no object", "[]".to_owned()),
            ("no id", good.replace("\"id\": \"id\",", "")),
            ("empty id", good.replace("\"id\": \"id\"", "\"id\": \"\"")),
            ("id twice", good.replace("\"id\"", "\"id\": \"id\", \"id\"")),
            ("another type", good.replace("1.1/spec", "1.0/spec")),
            ("another algorithm", good.replace("\"sha512\"", "\"md5\"")),
            ("digests of another algorithm", good.replace("\"sha512\"", "\"sha256\"")),
            ("another head", good.replace("\"v1\",", "\"v2\",")),
            ("unknown key", good.replace("\"head\"", "\"x\": 1, \"head\"")),
            ("gap", good.replace("\"v1\": {", "\"v2\": {")),
            ("padded version", good.replace("\"v1\": {", "\"v01\": {")),
            ("no state", good.replace("\"state\"", "\"stat\"")),
            ("no time", good.replace("1970-01-01T00", "1970")),
            ("state without manifest", good.replacen(&x, &y, 1)),
            ("no digest", good.replace(&x, "00")),
            ("digest unused", good.replacen(&format!("\"{x}\""), &format!("\"{y}\": [\"v1/content/b\"], \"{x}\""), 1)),
            ("digest twice", good.replacen(&format!("\"{x}\""), &format!("\"{x}\": [\"v1/content/b\"], \"{x}\""), 1)),
            ("no path", good.replace("[\n", "[], \"x\": [\n")),
            ("path up", good.replace("v1/content/a", "v1/content/../a")),
            ("content elsewhere", good.replace("v1/content/a", "v1/stuff/a")),
            ("content of a later version", good.replace("v1/content/a", "v2/content/a")),
            ("NUL in a path", good.replace("\"a\"", "\"a\\u0000\"")),
            ("logical path up", good.replace("\"a\"", "\"../a\"")),
            ("path twice", good.replace("\"a\"", "\"a\", \"a\"")),
            ("path that is a folder", good.replace("\"a\"", "\"a\", \"a-b\", \"a/b\"")),
            ("content path twice", good.replace("\"v1/content/a\"", "\"v1/content/a\", \"v1/content/a\"")),
            ("user without name", good.replace("\"name\"", "\"nick\"")),
            ("versions before manifest", format!("{head}\"versions\": {{}}, \"manifest\": {{}}}}")),
        ];
        for (case, json) in cases {
            assert_ne!(json, good, "{case}");
            assert!(parsed(&json).is_err(), "{case}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), at in 0usize..1500) {
            let mut json = written(&[("a", "x"), ("b/c", "y")]).into_bytes();
            let at = at.min(json.len());
            json.splice(at..(at + bytes.len() / 2).min(json.len()), bytes);
            let (inventory, _) = read(&json[..]).unwrap();
            if let Ok(inventory) = inventory {
                proptest::prop_assert!(inventory.files().all(|f| is_path(f.path) && is_path(f.content)));
            }
        }
    }
}
