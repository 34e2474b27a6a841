//! Files that a reference means although it does not write them as they are called.

use std::hash::{BuildHasher, RandomState};

use unicode_normalization::UnicodeNormalization as _;

use crate::model::path::{fold, resolve};
use crate::package::reader::PackageReader;

/// A file that a reference may mean.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// The file at this path: separated by backslashes or doubled slashes, in another Unicode form, or with a fragment.
    File(String),
    /// The file at this path, if letter case were nothing; on most systems it is another one.
    Alike(String),
}

/// The paths of a package by what they are where neither Unicode forms nor letter case are told apart.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    hasher: RandomState,
    /// Digests with the positions of files, sorted; made when the first reference leads nowhere.
    folded: Vec<(u64, u32)>,
}

impl Spellings {
    /// Returns what `href` in a document in the folder `base` may mean, where it leads to no file.
    pub(super) fn find(&mut self, reader: &PackageReader, base: &str, href: &str) -> Option<Meant> {
        let mut slashes = href.replace('\\', "/");
        while slashes.contains("//") {
            slashes = slashes.replace("//", "/");
        }
        let plain = slashes.split('#').next().unwrap_or_default();
        let mut alike = None;
        let mut spellings = vec![href, &slashes, plain];
        spellings.dedup();
        for spelt in spellings {
            let Ok(path) = resolve(base, spelt) else { continue };
            if reader.position(&path).is_some() {
                return Some(Meant::File(path));
            }
            match self.folded(reader, &path) {
                Some(Meant::File(path)) => return Some(Meant::File(path)),
                other => alike = alike.or(other),
            }
        }
        alike
    }

    fn folded(&mut self, reader: &PackageReader, path: &str) -> Option<Meant> {
        let digest = |path: &str| self.hasher.hash_one(fold(path));
        if self.folded.is_empty() {
            self.folded =
                reader.parts().iter().zip(0..).map(|(part, position)| (digest(part.path), position)).collect();
            self.folded.sort_unstable();
        }
        let (wanted, composed) = (digest(path), path.nfc().collect::<String>());
        let first = self.folded.partition_point(|(digest, _)| *digest < wanted);
        let same = self.folded.iter().skip(first).take_while(|(digest, _)| *digest == wanted);
        let mut alike = None;
        for (_, position) in same {
            let Some(part) = reader.parts().get(*position as usize) else { continue };
            if part.path.nfc().eq(composed.chars()) {
                return Some(Meant::File(part.path.to_owned()));
            }
            if fold(part.path) == fold(path) {
                alike = alike.or_else(|| Some(Meant::Alike(part.path.to_owned())));
            }
        }
        alike
    }
}
