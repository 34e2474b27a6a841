//! The packages that should be there, each as the journal saw it completed last, held small: an archive has many.

use std::collections::{BTreeMap, HashMap};

use crate::model::checksum::{from_hex, hex};
use crate::model::package::{Commit, PackageId};

/// Packages by identity.
#[derive(Debug, Default)]
pub(super) struct Stored {
    packages: BTreeMap<PackageId, Kept>,
    accessions: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
}

#[derive(Debug)]
struct Kept {
    accession: u32,
    inventory: Digits<64>,
    content: Digits<32>,
    blocks: Digits<32>,
    files: u64,
    bytes: u64,
}

/// Hexadecimal digits as bytes; anything else, which only a changed journal says, as it stands.
#[derive(Debug)]
enum Digits<const N: usize> {
    Bytes([u8; N]),
    Words(Box<str>),
}

impl Stored {
    /// Notes a package, in the place of what was known of it before.
    pub(super) fn put(&mut self, commit: &Commit) {
        let known = self.numbers.get(&*commit.accession).copied();
        let kept = Kept {
            accession: known.unwrap_or_else(|| self.number(&commit.accession)),
            inventory: Digits::of(&commit.inventory),
            content: Digits::of(&commit.content),
            blocks: Digits::of(&commit.blocks),
            files: commit.files,
            bytes: commit.bytes,
        };
        self.packages.insert(commit.package, kept);
    }

    /// Forgets a package.
    pub(super) fn remove(&mut self, package: PackageId) {
        self.packages.remove(&package);
    }

    /// Returns whether the package should be there.
    pub(super) fn contains(&self, package: PackageId) -> bool {
        self.packages.contains_key(&package)
    }

    /// Returns what is known of a package.
    pub(super) fn get(&self, package: PackageId) -> Option<Commit> {
        self.packages.get(&package).map(|kept| Commit {
            package,
            accession: self.accession(kept).to_owned(),
            inventory: kept.inventory.text(),
            content: kept.content.text(),
            blocks: kept.blocks.text(),
            files: kept.files,
            bytes: kept.bytes,
        })
    }

    /// Returns all packages in their order.
    pub(super) fn ids(&self) -> impl Iterator<Item = PackageId> {
        self.packages.keys().copied()
    }

    /// Returns all packages in their order, each with its accession and the bytes of its payload.
    pub(super) fn sizes(&self) -> impl Iterator<Item = (PackageId, &str, u64)> {
        self.packages.iter().map(|(id, kept)| (*id, self.accession(kept), kept.bytes))
    }

    fn number(&mut self, accession: &str) -> u32 {
        // There are fewer accessions than lines in a journal of any size that can be read.
        let number = u32::try_from(self.accessions.len()).unwrap_or(u32::MAX);
        self.accessions.push(accession.into());
        self.numbers.insert(accession.into(), number);
        number
    }

    fn accession(&self, kept: &Kept) -> &str {
        self.accessions.get(kept.accession as usize).map_or("", |number| number)
    }
}

impl<const N: usize> Digits<N> {
    fn of(text: &str) -> Self {
        // Digits in capitals would come back as others.
        match from_hex(text).map(|bytes| <[u8; N]>::try_from(&*bytes)) {
            Some(Ok(bytes)) if hex(&bytes) == text => Self::Bytes(bytes),
            _ => Self::Words(text.into()),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Bytes(bytes) => hex(bytes),
            Self::Words(text) => text.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_back_is_what_was_put_in_whatever_the_journal_says() {
        let commit = |package: u128, inventory: String, content: &str| Commit {
            package: PackageId::numbered(package),
            accession: format!("2026/{}", package % 2),
            inventory,
            content: content.to_owned(),
            files: 1,
            bytes: u64::MAX,
            blocks: vec!["cd".repeat(32); package as usize].join(" "),
        };
        let all = [
            commit(1, "0f".repeat(64), &"ab".repeat(32)),
            commit(2, "0F".repeat(64), "ab"),
            commit(3, String::new(), &"gg".repeat(32)),
        ];
        let mut stored = Stored::default();
        for commit in &all {
            stored.put(commit);
        }
        for commit in &all {
            assert_eq!(stored.get(commit.package).as_ref(), Some(commit));
        }
        stored.put(&commit(1, "00".repeat(64), ""));
        stored.remove(PackageId::numbered(2));
        assert_eq!(stored.get(PackageId::numbered(1)), Some(commit(1, "00".repeat(64), "")));
        assert!(stored.ids().eq([1, 3].map(PackageId::numbered)));
    }
}
