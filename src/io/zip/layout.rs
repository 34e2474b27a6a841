//! The layout of a stored ZIP: where everything lies follows from names and sizes, before a byte is written.

use std::io::{self, Write};

use super::prefixed::{self, Prefixed};
use super::{
    CENTRAL, CENTRAL_LENGTH, END, END_64, END_64_LENGTH, END_LENGTH, FLAG_UTF8, IN_ZIP64, LOCAL, LOCAL_LENGTH,
    LOCATOR_64, LOCATOR_64_LENGTH, ZIP64, dos_time,
};
use crate::model::time::Timestamp;

/// The place of one entry in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    index: usize,
    /// Offset of the local header.
    pub header: u64,
    /// Offset of the first byte of content; the header ends here.
    pub data: u64,
}

/// An entry as its headers tell it.
struct Entry<'a> {
    name: &'a str,
    size: u64,
    time: (u16, u16),
}

impl Entry<'_> {
    fn is_folder(&self) -> bool {
        self.name.ends_with('/')
    }

    /// Whether the local header needs the ZIP64 field: both sizes stand in it together (APPNOTE 4.5.3).
    fn is_large(&self) -> bool {
        self.size >= u64::from(IN_ZIP64)
    }

    fn flags(&self) -> u16 {
        if self.name.is_ascii() { 0 } else { FLAG_UTF8 }
    }

    /// Returns the length of the local header.
    fn header_length(&self) -> u64 {
        (LOCAL_LENGTH + self.name.len() + if self.is_large() { 20 } else { 0 }) as u64
    }
}

/// What is kept of an entry until the directory is written, beside its name. Where it lies follows from those before.
#[derive(Debug, Clone, Copy)]
struct Planned {
    size: u64,
    crc: u32,
    time: (u16, u16),
}

/// An entry with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The name; folders end in `/`.
    pub name: String,
    /// Where its local header begins.
    pub at: u64,
    /// The local header; the content follows.
    pub header: Vec<u8>,
    /// Bytes of the content.
    pub size: u64,
}

/// The entries of a ZIP that is made, in the order of the file, close together.
#[derive(Debug)]
pub struct Layout {
    end: u64,
    entries: Vec<Planned>,
    names: Prefixed,
}

impl Layout {
    pub(super) const fn new() -> Self {
        Self { end: 0, entries: Vec::new(), names: Prefixed::new() }
    }

    /// Gives the next place to an entry of `size` bytes.
    pub(super) fn plan(&mut self, name: &str, size: u64, modified: Timestamp) -> Slot {
        let time = dos_time(modified);
        let data = self.end + Entry { name, size, time }.header_length();
        let slot = Slot { index: self.entries.len(), header: self.end, data };
        self.end = data + size;
        self.entries.push(Planned { size, crc: 0, time });
        self.names.push(name);
        slot
    }

    /// Says what the last entry came to.
    pub(super) fn close(&mut self, slot: &Slot, size: u64, crc: u32) {
        if let Some(entry) = self.entries.get_mut(slot.index) {
            (entry.size, entry.crc) = (size, crc);
            self.end = slot.data + size;
        }
    }

    pub(super) fn set_crc(&mut self, slot: &Slot, crc: u32) {
        if let Some(entry) = self.entries.get_mut(slot.index) {
            entry.crc = crc;
        }
    }

    /// Returns the local header of a planned entry, `name` as it was planned, with its CRC-32.
    pub(super) fn header(&self, slot: &Slot, name: &str, crc: u32) -> Vec<u8> {
        let Some(Planned { size, time, .. }) = self.entries.get(slot.index).copied() else { return Vec::new() };
        local_header(&Entry { name, size, time }, crc)
    }

    /// Returns where the content of all entries ends and the central directory begins.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// Returns the entries one after the other.
    pub fn entries(&self) -> impl Iterator<Item = Placed> {
        let (mut names, mut at): (prefixed::Reader<'_>, u64) = (self.names.read(), 0);
        self.entries.iter().map(move |Planned { size, crc, time }| {
            let name = names.name();
            let header = local_header(&Entry { name, size: *size, time: *time }, *crc);
            let placed = Placed { name: name.to_owned(), at, size: *size, header };
            at += placed.header.len() as u64 + placed.size;
            placed
        })
    }

    /// Writes the central directory, which is the rest of the file.
    pub fn directory(&self, out: &mut dyn Write) -> io::Result<()> {
        let (mut names, mut at, mut length) = (self.names.read(), 0, 0);
        for Planned { size, crc, time } in self.entries.iter().copied() {
            let entry = Entry { name: names.name(), size, time };
            let header = central_header(&entry, at, crc);
            out.write_all(&header)?;
            at += entry.header_length() + size;
            length += header.len() as u64;
        }
        out.write_all(&end_records(self.entries.len() as u64, self.end, length))
    }
}

/// Saturates a 64-bit value into a 32-bit field, where the maximum says "see the ZIP64 field".
fn short(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(IN_ZIP64)
}

struct Record(Vec<u8>);

impl Record {
    fn u16(&mut self, value: u16) -> &mut Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn u32(&mut self, value: u32) -> &mut Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn u64(&mut self, value: u64) -> &mut Self {
        self.0.extend(value.to_le_bytes());
        self
    }
}

/// The program's system in "version made by" (APPNOTE 4.4.2).
const MADE_ON_UNIX: u16 = 3 << 8;
const VERSION_ZIP64: u16 = 45;

/// The version of the format that reading needs: 4.5 for ZIP64, 2.0 for folders, else 1.0 (APPNOTE 4.4.3).
fn version(entry: &Entry<'_>, zip64: bool) -> u16 {
    match (zip64, entry.is_folder()) {
        (true, _) => VERSION_ZIP64,
        (false, true) => 20,
        (false, false) => 10,
    }
}

/// APPNOTE 4.3.7.
fn local_header(entry: &Entry<'_>, crc: u32) -> Vec<u8> {
    let mut record = Record(Vec::with_capacity(LOCAL_LENGTH + entry.name.len() + 20));
    let large = entry.is_large();
    let size = if large { IN_ZIP64 } else { short(entry.size) };
    record.u32(LOCAL).u16(version(entry, large)).u16(entry.flags()).u16(0).u16(entry.time.0).u16(entry.time.1);
    record.u32(crc).u32(size).u32(size).u16(length(entry.name)).u16(if large { 20 } else { 0 });
    record.0.extend(entry.name.as_bytes());
    if large {
        record.u16(ZIP64).u16(16).u64(entry.size).u64(entry.size);
    }
    record.0
}

/// APPNOTE 4.3.12.
fn central_header(entry: &Entry<'_>, offset: u64, crc: u32) -> Vec<u8> {
    const FILE: u32 = 0o100_644 << 16;
    const FOLDER: u32 = 0o040_755 << 16 | 0x10;
    let mut extra = Record(Vec::new());
    if entry.is_large() {
        extra.u64(entry.size).u64(entry.size);
    }
    if offset >= u64::from(IN_ZIP64) {
        extra.u64(offset);
    }
    let extra = extra.0;
    let version = version(entry, !extra.is_empty());
    let size = if entry.is_large() { IN_ZIP64 } else { short(entry.size) };
    let mut record = Record(Vec::with_capacity(CENTRAL_LENGTH + entry.name.len() + extra.len() + 4));
    record.u32(CENTRAL).u16(MADE_ON_UNIX | version).u16(version).u16(entry.flags()).u16(0);
    record.u16(entry.time.0).u16(entry.time.1).u32(crc).u32(size).u32(size).u16(length(entry.name));
    record.u16(if extra.is_empty() { 0 } else { length_of(extra.len() + 4) }).u16(0).u16(0).u16(0);
    record.u32(if entry.is_folder() { FOLDER } else { FILE }).u32(short(offset));
    record.0.extend(entry.name.as_bytes());
    if !extra.is_empty() {
        record.u16(ZIP64).u16(length_of(extra.len()));
        record.0.extend(extra);
    }
    record.0
}

/// APPNOTE 4.3.14 to 4.3.16.
fn end_records(entries: u64, start: u64, size: u64) -> Vec<u8> {
    let mut record = Record(Vec::with_capacity(END_LENGTH + END_64_LENGTH + LOCATOR_64_LENGTH));
    let count = u16::try_from(entries).unwrap_or(u16::MAX);
    if count == u16::MAX || start >= u64::from(IN_ZIP64) || size >= u64::from(IN_ZIP64) {
        record
            .u32(END_64)
            .u64(END_64_LENGTH as u64 - 12)
            .u16(MADE_ON_UNIX | VERSION_ZIP64)
            .u16(VERSION_ZIP64)
            .u32(0)
            .u32(0);
        record.u64(entries).u64(entries).u64(size).u64(start);
        record.u32(LOCATOR_64).u32(0).u64(start + size).u32(1);
    }
    record.u32(END).u16(0).u16(0).u16(count).u16(count).u32(short(size)).u32(short(start)).u16(0);
    record.0
}

/// Names are paths in packages, far below 64 KiB; a longer one is refused where paths are made.
fn length(name: &str) -> u16 {
    length_of(name.len())
}

fn length_of(bytes: usize) -> u16 {
    u16::try_from(bytes).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn entries_follow_each_other_without_gap_and_the_directory_tells_where(
            sizes in proptest::collection::vec(prop_oneof![0..9_u64, u64::from(u32::MAX) - 2..u64::from(u32::MAX) + 3], 0..9)
        ) {
            let mut layout = Layout::new();
            let slots: Vec<Slot> = (0..).zip(&sizes)
                .map(|(number, size)| layout.plan(&format!("p/{number}"), *size, Timestamp::from_seconds(0))).collect();
            let mut end = 0;
            for ((placed, slot), size) in layout.entries().zip(&slots).zip(&sizes) {
                prop_assert_eq!((placed.at, slot.header, placed.size), (end, end, *size));
                prop_assert_eq!(slot.data, end + placed.header.len() as u64);
                // Both sizes stand in the ZIP64 field from there on.
                prop_assert_eq!(placed.header.len(), LOCAL_LENGTH + placed.name.len() + if *size < u64::from(IN_ZIP64) { 0 } else { 20 });
                end = slot.data + size;
            }
            prop_assert_eq!((layout.end(), slots.len()), (end, sizes.len()));
            let mut directory = Vec::new();
            layout.directory(&mut directory).unwrap();
            let mut rest = &directory[..];
            let (u16_at, u32_at) = (
                |bytes: &[u8], at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]])),
                |bytes: &[u8], at: usize| u64::from(u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())),
            );
            for slot in &slots {
                let (name, extra) = (u16_at(rest, 28), u16_at(rest, 30));
                let length = CENTRAL_LENGTH + name + extra;
                let short = u32_at(rest, 42);
                let offset = if short < u64::from(IN_ZIP64) { short } else {
                    u64::from_le_bytes(rest[length - 8..length].try_into().unwrap())
                };
                prop_assert_eq!(offset, slot.header);
                rest = &rest[length..];
            }
            prop_assert!(rest.len() >= END_LENGTH);
        }
    }
}
