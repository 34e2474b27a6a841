//! A manifest of a bag as a table: which entry of the tree has which checksum.

use crate::model::checksum::{Algorithm, Checksum};

/// What one manifest lists. Four bytes an entry of the tree and the checksums: paths are not kept.
#[derive(Debug)]
pub(super) struct List {
    /// The manifest, by its name.
    pub(super) name: String,
    pub(super) algorithm: Algorithm,
    pub(super) is_payload: bool,
    /// For each entry the number of its checksum, from 1; 0 where none is listed.
    slots: Vec<u32>,
    sums: Vec<u8>,
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Added {
    /// It is the first of its entry.
    First,
    /// The entry was listed before with the same checksum.
    Again,
    /// The entry was listed before with another checksum.
    Otherwise,
}

impl List {
    /// Begins a list of entries of a tree that has `entries`.
    pub(super) fn new(name: &str, algorithm: Algorithm, is_payload: bool, entries: usize) -> Self {
        Self { name: name.to_owned(), algorithm, is_payload, slots: vec![0; entries], sums: Vec::new() }
    }

    /// Lists the entry at `position`; the first checksum of an entry is the one that counts.
    pub(super) fn add(&mut self, position: usize, sum: &Checksum) -> Added {
        match self.sum(position) {
            Some(before) if before == *sum => return Added::Again,
            Some(_) => return Added::Otherwise,
            None => {}
        }
        self.sums.extend_from_slice(sum.bytes());
        let number = self.sums.len() / self.algorithm.length();
        if let Some(slot) = self.slots.get_mut(position) {
            *slot = u32::try_from(number).unwrap_or_default();
        }
        Added::First
    }

    /// Returns whether the entry at `position` is listed.
    pub(super) fn has(&self, position: usize) -> bool {
        self.slots.get(position).is_some_and(|slot| *slot > 0)
    }

    /// Returns the checksum of the entry at `position`.
    pub(super) fn sum(&self, position: usize) -> Option<Checksum> {
        let number = self.slots.get(position).and_then(|slot| slot.checked_sub(1))?;
        let length = self.algorithm.length();
        let start = number as usize * length;
        Checksum::from_bytes(self.algorithm, self.sums.get(start..start + length)?)
    }
}
