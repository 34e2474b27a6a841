//! Finds the files of a delivery by the names that a message gives them.
//!
//! A message says `ä` as one letter or as two, a container may hold it the other way (Unicode normal forms), or in an
//! alphabet that it does not name. The message tells what is meant; what it tells is compared in one form.

use std::collections::HashMap;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

use crate::model::record::EntryKind;
use crate::source::tree::Tree;

/// What the bytes 0x80 to 0x9f mean in Windows-1252; those that mean nothing are left as they are in Latin-1.
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// The names of all files in a tree.
pub(super) struct Names {
    /// Paths in one form; the number of the entry.
    paths: HashMap<String, usize>,
    /// Last parts of paths, made when one is asked for; nothing where several files are called so.
    last: OnceLock<HashMap<String, Option<usize>>>,
}

impl Names {
    /// Takes the names of `tree`.
    pub(super) fn of(tree: &Tree) -> Self {
        let mut paths = HashMap::with_capacity(tree.entries().len());
        for (number, entry) in tree.entries().iter().enumerate() {
            if entry.kind != EntryKind::Folder {
                paths.entry(folded(&entry.path)).or_insert(number);
            }
        }
        Self { paths, last: OnceLock::new() }
    }

    /// Returns the number of the entry that a message in `folder` calls `name`: by its path from there, else the only one
    /// below it whose last part is that.
    pub(super) fn find(&self, tree: &Tree, folder: &[u8], name: &str) -> Option<usize> {
        let exact = [folder, name.as_bytes()].concat();
        if let Some(entry) = tree.find(&exact)
            && entry.kind != EntryKind::Folder
        {
            return tree.entries().binary_search_by(|other| (*other.path).cmp(&entry.path)).ok();
        }
        let wanted = folded(&exact);
        if let Some(number) = self.paths.get(&wanted) {
            return Some(*number);
        }
        let last = self.last.get_or_init(|| {
            let mut last = HashMap::new();
            for (path, number) in &self.paths {
                let name = path.rsplit('/').next().unwrap_or_default().to_owned();
                last.entry(name).and_modify(|other| *other = None).or_insert(Some(*number));
            }
            last
        });
        let number = last.get(&folded(name.as_bytes())).copied().flatten()?;
        tree.entries().get(number).filter(|entry| entry.path.starts_with(folder)).map(|_| number)
    }
}

/// Returns `path` as text in one form; what is no UTF-8 is read as Windows-1252.
fn folded(path: &[u8]) -> String {
    match std::str::from_utf8(path) {
        Ok(text) if text.is_ascii() => text.to_owned(),
        Ok(text) => text.nfc().collect(),
        Err(_) => {
            let letter = |byte: &u8| match byte {
                0x80..=0x9f => WINDOWS.chars().nth(usize::from(byte - 0x80)).unwrap_or(char::from(*byte)),
                _ => char::from(*byte),
            };
            path.iter().map(letter).collect()
        }
    }
}
