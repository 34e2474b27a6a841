//! What an inventory says, held compactly: some 150 bytes a file.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::Spec;
use super::digest::Algorithm;
use super::words::{Word, Words};
use crate::io::json::Place;
use crate::model::checksum::hex;

/// The inventory's file name.
pub const INVENTORY: &str = "inventory.json";

/// How much memory the inventories of one object may take together, in bytes; beyond it the object is not judged.
pub const HELD_MOST: usize = 192 << 20;

/// What a digest is held as: digits in lower case as bytes, anything else as it is written.
const DIGITS: u8 = 0;
const WRITTEN: u8 = 1;

/// A path of a content file, taken apart behind the version's content folder: what follows is in most cases a logical path too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// Version and content folder; the empty text where there are no two folders.
    pub front: Word,
    /// What follows.
    pub rest: Word,
}

/// A content file and its digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The file.
    pub path: Path,
    /// Its digest, as it is written.
    pub sum: Word,
}

/// A version as an inventory describes it.
#[derive(Debug)]
pub struct Version {
    /// Its key.
    pub name: Word,
    /// Where it stands.
    pub place: Place,
    /// Logical paths and digests.
    pub state: Vec<(Word, Word)>,
    /// When it was made.
    pub created: Option<Word>,
    /// Why.
    pub message: Option<Word>,
    /// By whom: name and address.
    pub user: (Option<Word>, Option<Word>),
}

/// What one inventory says. What it lacks, or says in another form, is told when it is read.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Its path below the object.
    pub file: String,
    /// The object's identity.
    pub id: Option<Word>,
    /// The URI of its type, and where it stands.
    pub kind: Option<(Word, Place)>,
    /// The algorithm of manifest and states.
    pub algorithm: Option<Algorithm>,
    /// The name of the newest version, and where it stands.
    pub head: Option<(Word, Place)>,
    /// The name of the content folders, where it is set, and where it stands.
    pub content_folder: Option<(Word, Place)>,
    /// The keys of the manifest.
    pub sums: Vec<Word>,
    /// The manifest; sorted by number once the inventory is read.
    pub manifest: Vec<Entry>,
    /// The versions as they stand.
    pub versions: Vec<Version>,
    /// Further digests.
    pub fixity: Vec<(Algorithm, Vec<Entry>)>,
    /// Blocks that are there, but no objects.
    pub misshapen: Vec<(&'static str, Place)>,
    /// The keys that are there.
    pub keys: Vec<&'static str>,
    /// Whether a state could not be read, so that what versions use is not known.
    pub partial: bool,
}

impl Inventory {
    /// Returns the digest of a content file, as it is written.
    pub fn sum_of(&self, path: Path) -> Option<Word> {
        let at = self.manifest.partition_point(|entry| entry.path < path);
        self.manifest.get(at).filter(|entry| entry.path == path).map(|entry| entry.sum)
    }

    /// Returns whether the block is there, and an object.
    pub fn has(&self, block: &str) -> bool {
        self.keys.contains(&block) && !self.misshapen.iter().any(|(name, _)| *name == block)
    }

    /// Returns the version of the specification that the type names.
    pub fn spec(&self, held: &Held) -> Option<Spec> {
        let kind = held.words.shown(self.kind?.0);
        [Spec::V1_0, Spec::V1_1].into_iter().find(|spec| spec.inventory_type() == kind)
    }

    /// Returns the name of the content folders.
    pub fn content_folder<'a>(&self, held: &'a Held) -> &'a str {
        self.content_folder.map_or("content", |(name, _)| held.words.shown(name))
    }
}

/// The texts of all inventories of an object.
#[derive(Debug)]
pub struct Held {
    /// Paths, names, messages.
    pub words: Words,
    sums: Words,
    /// For digests that are not written in lower case: the same in lower case.
    folded: HashMap<Word, Word>,
    /// Bytes of the lists that inventories are.
    lists: usize,
    most: usize,
    empty: Word,
}

impl Held {
    /// Returns room for inventories that take at most `most` bytes.
    pub fn new(most: usize) -> Self {
        let mut words = Words::new();
        let empty = words.intern(b"");
        Self { words, sums: Words::new(), folded: HashMap::new(), lists: 0, most, empty }
    }

    /// Takes note of `bytes` more in lists; returns whether there is room.
    pub fn count(&mut self, bytes: usize) -> bool {
        self.lists += bytes;
        self.lists + self.words.bytes() + self.sums.bytes() + self.folded.len() * 16 <= self.most
    }

    /// Takes back what [`Held::count`] took note of.
    pub fn forget(&mut self, bytes: usize) {
        self.lists = self.lists.saturating_sub(bytes);
    }

    /// Returns how many bytes are in lists.
    pub fn counted(&self) -> usize {
        self.lists
    }

    /// Holds the digest `text` as it is written.
    pub fn sum(&mut self, text: &str) -> Word {
        let mut bytes = [0_u8; 65];
        if let Some(length) = digits(text, &mut bytes) {
            return self.sums.intern(bytes.get(..length).unwrap_or_default());
        }
        let number = self.sums.intern(&written(text));
        if text.bytes().any(|c| c.is_ascii_uppercase()) {
            let lower = self.sum(&text.to_ascii_lowercase());
            self.folded.insert(number, lower);
        }
        number
    }

    /// Returns the digest in lower case.
    pub fn folded(&self, sum: Word) -> Word {
        self.folded.get(&sum).copied().unwrap_or(sum)
    }

    /// Returns the digest as it is written.
    pub fn sum_text(&self, sum: Word) -> String {
        match self.sums.get(sum).split_first() {
            Some((&DIGITS, bytes)) => hex(bytes),
            Some((_, text)) => String::from_utf8_lossy(text).into_owned(),
            None => String::new(),
        }
    }

    /// Holds the content path `text`.
    pub fn path(&mut self, text: &str) -> Path {
        let (front, rest) = parts(text);
        Path { front: self.words.intern(front.as_bytes()), rest: self.words.intern(rest.as_bytes()) }
    }

    /// Returns the content path `text`, if an inventory names such a one.
    pub fn find_path(&self, text: &str) -> Option<Path> {
        let (front, rest) = parts(text);
        Some(Path { front: self.words.find(front.as_bytes())?, rest: self.words.find(rest.as_bytes())? })
    }

    /// Returns the content path as it is written.
    pub fn path_text(&self, path: Path) -> String {
        let rest = self.words.shown(path.rest);
        if path.front == self.empty { rest.to_owned() } else { format!("{}/{rest}", self.words.shown(path.front)) }
    }

    /// Compares content paths so that what is below a folder comes right behind it.
    pub fn order_paths(&self, a: Path, b: Path) -> Ordering {
        if a.front == b.front {
            return self.order(a.rest, b.rest);
        }
        let bytes = |path: Path| {
            let front = self.words.get(path.front).iter();
            let bar: &[u8] = if path.front == self.empty { b"" } else { b"/" };
            front.chain(bar).chain(self.words.get(path.rest))
        };
        ranked(bytes(a), bytes(b))
    }

    /// Compares texts so that what is below a folder comes right behind it.
    pub fn order(&self, a: Word, b: Word) -> Ordering {
        if a == b { Ordering::Equal } else { ranked(self.words.get(a).iter(), self.words.get(b).iter()) }
    }
}

/// Returns whether `longer` is `path` itself or lies below it, as a file and a folder of one name would.
pub fn conflicts(path: &str, longer: &str) -> bool {
    longer.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns whether `path` is made of names: no empty ones, none that lead elsewhere.
pub fn is_sound(path: &str) -> bool {
    !path.is_empty() && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn ranked<'a>(a: impl Iterator<Item = &'a u8>, b: impl Iterator<Item = &'a u8>) -> Ordering {
    let rank = |c: &u8| if *c == b'/' { 0 } else { *c };
    a.map(rank).cmp(b.map(rank))
}

/// Takes a content path apart behind its second folder.
fn parts(text: &str) -> (&str, &str) {
    let second = text.find('/').and_then(|first| text.get(first + 1..)?.find('/').map(|at| first + 1 + at));
    match second {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default()),
        None => ("", text),
    }
}

/// Writes digits in lower case as bytes behind their mark; returns how many bytes these are, if `text` is that.
fn digits(text: &str, bytes: &mut [u8; 65]) -> Option<usize> {
    if text.is_empty() || !text.len().is_multiple_of(2) || text.len() > 128 {
        return None;
    }
    let (mark, values) = bytes.split_first_mut()?;
    *mark = DIGITS;
    for (pair, value) in text.as_bytes().chunks_exact(2).zip(values) {
        *value = nibble(pair.first().copied()?)? << 4 | nibble(pair.last().copied()?)?;
    }
    Some(text.len() / 2 + 1)
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

fn written(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() + 1);
    bytes.push(WRITTEN);
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_told_apart_as_they_are_written_and_equal_in_lower_case() {
        let mut held = Held::new(usize::MAX);
        let texts = ["00ff", "00FF", "00fF", "0ff", "xyz", "XYZ", "", "12"];
        let sums = texts.map(|text| held.sum(text));
        assert_eq!(sums.map(|sum| held.sum_text(sum)), texts);
        for (n, sum) in sums.iter().enumerate() {
            assert_eq!(sums.iter().position(|other| other == sum), Some(n));
        }
        let folded = sums.map(|sum| held.folded(sum));
        assert_eq!((folded[1], folded[2], folded[5]), (sums[0], sums[0], sums[4]));
        assert_eq!(held.sum("00FF"), sums[1]);
    }

    #[test]
    fn paths_are_taken_apart_and_put_together() {
        let mut held = Held::new(usize::MAX);
        for text in ["v1/content/a/b", "v1/content/", "v1/a", "a", "", "/", "//", "//a", "/a/b", "v1//a/b"] {
            let path = held.path(text);
            assert_eq!(held.path_text(path), text);
            assert_eq!(held.find_path(text), Some(path));
        }
        assert_eq!(held.find_path("v1/content/none"), None);
        let mut paths = ["v1/content/a-b", "v1/content/a/b", "v1/content/a", "v1/a", "v1/content"];
        paths.sort_by(|a, b| {
            let (a, b) = (held.path(a), held.path(b));
            held.order_paths(a, b)
        });
        assert_eq!(paths, ["v1/a", "v1/content", "v1/content/a", "v1/content/a/b", "v1/content/a-b"]);
    }
}
