//! The entries of a TAR, close together: a million of them take about 70 MB, names and all.

use std::collections::HashMap;

use super::Told;
use crate::model::names::{Name, Names};
use crate::model::record::EntryKind;
use crate::model::time::Timestamp;

/// An entry of a TAR file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The path, original bytes, without a leading `./` and without the `/` that ends a folder's.
    pub path: &'a [u8],
    /// What it is; a hard link is a file with the bytes of the one that it names.
    pub kind: EntryKind,
    /// Size in bytes of a file.
    pub size: u64,
    /// Last modification.
    pub modified: Timestamp,
    /// Where a link points.
    pub target: &'a [u8],
    pub(super) data: u64,
}

impl Entry<'_> {
    /// Returns where the entry's bytes begin.
    #[must_use]
    pub const fn place(&self) -> u64 {
        self.data
    }
}

/// What is kept of an entry.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) data: u64,
    pub(super) size: u64,
    pub(super) modified: Timestamp,
    pub(super) name: Name,
    pub(super) kind: EntryKind,
}

/// The entries of a TAR and their names.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) rows: Vec<Row>,
    pub(super) names: Names,
    /// Where links point, by the number of the entry; of hard links only until they were followed.
    targets: HashMap<usize, Box<[u8]>>,
    /// The numbers of the entries, sorted by path.
    sorted: Vec<u32>,
}

impl List {
    /// Adds an entry; says whether there was room.
    pub(super) fn push(&mut self, told: &Told) -> bool {
        let Some(name) = self.names.push(&told.path) else { return false };
        if !told.target.is_empty() {
            self.targets.insert(self.rows.len(), told.target.as_slice().into());
        }
        self.rows.push(Row { data: told.data, size: told.size, modified: told.modified, name, kind: told.kind });
        true
    }

    /// Sorts the entries by path; returns the number of one whose path was there before.
    pub(super) fn sort(&mut self) -> Option<usize> {
        self.names.close();
        self.rows.shrink_to_fit();
        let mut sorted: Vec<u32> = (0..u32::try_from(self.rows.len()).unwrap_or(u32::MAX)).collect();
        let path = |number: &u32| self.rows.get(*number as usize).map_or(&b""[..], |row| self.names.bytes(row.name));
        sorted.sort_unstable_by(|a, b| path(a).cmp(path(b)));
        let twice = sorted.windows(2).find(|two| path(&two[0]) == path(&two[1]));
        let twice = twice.map(|two| two[0].max(two[1]) as usize);
        self.sorted = sorted;
        twice
    }

    /// Makes the hard link `number` the file that it names, which must stand before it; says whether it does.
    pub(super) fn follow(&mut self, number: usize) -> bool {
        let target = self.targets.remove(&number).unwrap_or_default();
        let meant = |number: u32| self.rows.get(number as usize).map_or(&b""[..], |row| self.names.bytes(row.name));
        let Ok(at) = self.sorted.binary_search_by(|other| meant(*other).cmp(&target)) else { return false };
        let at = self.sorted[at] as usize;
        match self.rows.get(at) {
            Some(meant) if at < number && meant.kind == EntryKind::File => {
                (self.rows[number].size, self.rows[number].data) = (meant.size, meant.data);
                true
            }
            _ => false,
        }
    }

    fn entry(&self, number: usize, row: &Row) -> Entry<'_> {
        Entry {
            path: self.names.bytes(row.name),
            kind: row.kind,
            size: row.size,
            modified: row.modified,
            target: self.targets.get(&number).map_or(&b""[..], |target| target),
            data: row.data,
        }
    }
}

/// The entries of a TAR, in the order of the file.
#[derive(Debug, Clone, Copy)]
pub struct Entries<'a>(pub(super) &'a List);

impl<'a> Entries<'a> {
    /// Returns how many there are.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.rows.len()
    }

    /// Returns whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.rows.is_empty()
    }

    /// Returns the entry `number`.
    #[must_use]
    pub fn get(self, number: usize) -> Option<Entry<'a>> {
        self.0.rows.get(number).map(|row| self.0.entry(number, row))
    }

    /// Returns one after the other.
    #[must_use]
    pub fn iter(self) -> impl ExactSizeIterator<Item = Entry<'a>> + Clone {
        self.0.rows.iter().enumerate().map(move |(number, row)| self.0.entry(number, row))
    }

    /// Returns the path of the entry `number`; empty where there is none.
    #[must_use]
    pub fn path(self, number: u32) -> &'a [u8] {
        self.0.rows.get(number as usize).map_or(&b""[..], |row| self.0.names.bytes(row.name))
    }

    /// Returns what the entry `number` is; a file where there is none.
    #[must_use]
    pub fn kind(self, number: u32) -> EntryKind {
        self.0.rows.get(number as usize).map_or(EntryKind::File, |row| row.kind)
    }

    /// Returns the numbers of all entries, sorted by path.
    #[must_use]
    pub fn sorted(self) -> &'a [u32] {
        &self.0.sorted
    }
}
