//! The entries of a ZIP, close together: a million of them take about 100 MB, names and all.

use std::collections::HashMap;

use super::time_of;
use crate::model::names::{Name, Names};
use crate::model::record::EntryKind;
use crate::model::time::Timestamp;

/// An entry of a ZIP file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The name; folders end in `/`. Of bytes that are no text it is what [`crate::model::path::shown`] makes.
    pub name: &'a str,
    /// The name's bytes where they are no text.
    pub undecoded: Option<&'a [u8]>,
    /// What it is.
    pub kind: EntryKind,
    /// Unpacked size in bytes.
    pub size: u64,
    /// CRC-32 of the unpacked bytes.
    pub crc: u32,
    /// Last modification, read as UTC; ZIP knows neither zones nor odd seconds.
    pub modified: Timestamp,
    pub(super) header: u64,
    pub(super) data: u64,
    pub(super) packed: u64,
    pub(super) deflated: bool,
}

impl<'a> Entry<'a> {
    /// Returns whether the entry is a folder.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        self.name.ends_with('/')
    }

    /// Returns the bytes of the path, without the `/` that ends a folder's.
    #[must_use]
    pub fn path(&self) -> &'a [u8] {
        path(self.undecoded.unwrap_or(self.name.as_bytes()))
    }

    /// Returns where the entry's header begins and where its bytes lie: all the file belongs to one entry or the directory.
    #[must_use]
    pub const fn place(&self) -> (u64, u64, u64) {
        (self.header, self.data, self.data + self.packed)
    }

    /// Returns whether the bytes are stored as they are.
    #[must_use]
    pub const fn is_stored(&self) -> bool {
        !self.deflated
    }
}

fn path(name: &[u8]) -> &[u8] {
    name.strip_suffix(b"/").unwrap_or(name)
}

/// What is kept of an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) header: u64,
    pub(super) size: u64,
    pub(super) packed: u64,
    pub(super) name: Name,
    /// How far behind its header the bytes begin; 0 before that was looked at.
    pub(super) ahead: u32,
    pub(super) crc: u32,
    /// What [`Row::time`] tells, in four bytes, and whether it is seconds.
    pub(super) stamp: u32,
    pub(super) is_exact: bool,
    pub(super) flags: u16,
    pub(super) kind: EntryKind,
    pub(super) deflated: bool,
}

impl Row {
    pub(super) const fn time(&self) -> Time {
        if self.is_exact {
            return Time::Unix(self.stamp.cast_signed());
        }
        let [time, more, date, rest] = self.stamp.to_le_bytes();
        Time::Dos(u16::from_le_bytes([time, more]), u16::from_le_bytes([date, rest]))
    }
}

/// When an entry was last modified.
#[derive(Debug, Clone, Copy)]
pub(super) enum Time {
    /// Time and date as MS-DOS writes them.
    Dos(u16, u16),
    /// Seconds since 1970, from an extended timestamp.
    Unix(i32),
}

/// The entries of a ZIP and their names.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) rows: Vec<Row>,
    pub(super) names: Names,
    /// Names as bytes where they are no text.
    pub(super) undecoded: HashMap<Name, Box<[u8]>>,
    /// The numbers of the entries, sorted by path.
    pub(super) sorted: Vec<u32>,
}

impl List {
    fn entry(&self, row: &Row) -> Entry<'_> {
        Entry {
            name: self.names.text(row.name),
            undecoded: self.undecoded.get(&row.name).map(|name| &**name),
            kind: row.kind,
            size: row.size,
            crc: row.crc,
            modified: match row.time() {
                Time::Dos(time, date) => time_of(time, date),
                Time::Unix(seconds) => Timestamp::from_seconds(i64::from(seconds)),
            },
            header: row.header,
            data: row.header + u64::from(row.ahead),
            packed: row.packed,
            deflated: row.deflated,
        }
    }

    fn path(&self, row: &Row) -> &[u8] {
        let own = if self.undecoded.is_empty() { None } else { self.undecoded.get(&row.name) };
        path(own.map_or_else(|| self.names.bytes(row.name), AsRef::as_ref))
    }

    /// Sorts the entries by path; returns the name of one that is there twice.
    pub(super) fn sort(&mut self) -> Option<&[u8]> {
        let mut sorted: Vec<u32> = (0..u32::try_from(self.rows.len()).unwrap_or(u32::MAX)).collect();
        let path = |number: &u32| self.rows.get(*number as usize).map_or(&b""[..], |row| self.path(row));
        sorted.sort_unstable_by(|a, b| path(a).cmp(path(b)));
        let twice = sorted.windows(2).find(|two| path(&two[0]) == path(&two[1])).map(|two| two[1]);
        self.sorted = sorted;
        twice.and_then(|number| self.rows.get(number as usize)).map(|row| self.names.bytes(row.name))
    }
}

/// The entries of a ZIP, in the order of the file.
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
        self.0.rows.get(number).map(|row| self.0.entry(row))
    }

    /// Returns one after the other.
    #[must_use]
    pub fn iter(self) -> impl ExactSizeIterator<Item = Entry<'a>> + Clone {
        self.0.rows.iter().map(move |row| self.0.entry(row))
    }

    /// Returns the path of the entry `number`, without the `/` that ends a folder's; empty where there is none.
    #[must_use]
    pub fn path(self, number: u32) -> &'a [u8] {
        self.0.rows.get(number as usize).map_or(&b""[..], |row| self.0.path(row))
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
