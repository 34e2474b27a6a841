//! Writes a stored ZIP whose places are known before its bytes are.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;

use super::prefixed::Prefixed;
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

/// Bytes that were written at one place, and their CRC-32: what reading them back must find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Offset in the file.
    pub at: u64,
    /// Length in bytes.
    pub length: u64,
    /// CRC-32.
    pub crc: u32,
}

impl Piece {
    /// Returns the piece that `bytes` are at the offset `at`.
    #[must_use]
    pub fn of(at: u64, bytes: &[u8]) -> Self {
        Self { at, length: bytes.len() as u64, crc: crc32fast::hash(bytes) }
    }
}

/// A complete ZIP file.
#[derive(Debug)]
pub struct Finished {
    /// The file; nothing is synced yet.
    pub file: File,
    /// All that was written, without gap from the first byte to the last, once all planned entries were noted.
    pub pieces: Vec<Piece>,
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

/// A ZIP file being written.
///
/// [`plan`](Self::plan) gives every entry its place from its size alone; header and content of planned entries are
/// written to that place by anyone, in any order, from any thread. [`append`](Self::append) adds entries whose size is
/// not known before. [`finish`](Self::finish) writes the directory. Nothing is synced here.
#[derive(Debug)]
pub struct ZipWriter {
    file: File,
    end: u64,
    entries: Vec<Planned>,
    names: Prefixed,
    pieces: Vec<Piece>,
}

impl ZipWriter {
    /// Begins a ZIP in the empty `file`.
    #[must_use]
    pub const fn new(file: File) -> Self {
        Self { file, end: 0, entries: Vec::new(), names: Prefixed::new(), pieces: Vec::new() }
    }

    /// Returns the file, for writing content to its place.
    #[must_use]
    pub const fn file(&self) -> &File {
        &self.file
    }

    /// Gives the next place to an entry of `size` bytes.
    pub fn plan(&mut self, name: &str, size: u64, modified: Timestamp) -> Slot {
        let time = dos_time(modified);
        let data = self.end + Entry { name, size, time }.header_length();
        let slot = Slot { index: self.entries.len(), header: self.end, data };
        self.end = data + size;
        self.entries.push(Planned { size, crc: 0, time });
        self.names.push(name);
        slot
    }

    /// Notes the CRC-32 of a planned entry for the directory.
    pub fn set_crc(&mut self, slot: &Slot, crc: u32) {
        if let Some(entry) = self.entries.get_mut(slot.index) {
            entry.crc = crc;
        }
    }

    /// Notes what was written of planned entries, to be read back.
    pub fn note(&mut self, pieces: impl IntoIterator<Item = Piece>) {
        self.pieces.extend(pieces);
    }

    /// Returns the local header of a planned entry, `name` as it was planned, with its CRC-32.
    #[must_use]
    pub fn header(&self, slot: &Slot, name: &str, crc: u32) -> Vec<u8> {
        let Some(Planned { size, time, .. }) = self.entries.get(slot.index).copied() else { return Vec::new() };
        local_header(&Entry { name, size, time }, crc)
    }

    /// Makes room on the medium for all planned entries, so that a full disk shows before the work.
    pub fn allocate(&self) -> io::Result<()> {
        match rustix::fs::fallocate(&self.file, rustix::fs::FallocateFlags::empty(), 0, self.end.max(1)) {
            // Some file systems cannot: then the writes will tell.
            Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS | rustix::io::Errno::INVAL) => Ok(()),
            result => Ok(result?),
        }
    }

    /// Adds an entry with what `fill` writes, up to 4 GiB, and returns its size.
    pub fn append(
        &mut self,
        name: &str,
        modified: Timestamp,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<u64> {
        let slot = self.plan(name, 0, modified);
        (&self.file).seek(SeekFrom::Start(slot.data))?;
        let mut out =
            Counted { out: BufWriter::with_capacity(1 << 17, &self.file), size: 0, crc: crc32fast::Hasher::new() };
        fill(&mut out)?;
        out.flush()?;
        let (size, crc) = (out.size, out.crc.finalize());
        if size >= u64::from(IN_ZIP64) {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a metadata file of 4 GiB or more"));
        }
        let entry = &mut self.entries[slot.index];
        entry.size = size;
        entry.crc = crc;
        let header = local_header(&Entry { name, size, time: entry.time }, crc);
        self.end = slot.data + size;
        self.file.write_all_at(&header, slot.header)?;
        self.pieces.push(Piece::of(slot.header, &header));
        self.pieces.push(Piece { at: slot.data, length: size, crc });
        Ok(size)
    }

    /// Adds an empty folder; `name` ends in `/`.
    pub fn folder(&mut self, name: &str, modified: Timestamp) -> io::Result<()> {
        self.append(name, modified, |_| Ok(())).map(drop)
    }

    /// Writes the central directory.
    pub fn finish(self) -> io::Result<Finished> {
        let Self { file, end: start, entries, names, mut pieces } = self;
        (&file).seek(SeekFrom::Start(start))?;
        let length = {
            let out = BufWriter::with_capacity(1 << 17, &file);
            let mut out = Counted { out, size: 0, crc: crc32fast::Hasher::new() };
            let (mut names, mut offset) = (names.read(), 0);
            for Planned { size, crc, time } in entries.iter().copied() {
                let entry = Entry { name: names.name(), size, time };
                out.write_all(&central_header(&entry, offset, crc))?;
                offset += entry.header_length() + size;
            }
            let size = out.size;
            out.write_all(&end_records(entries.len() as u64, start, size))?;
            out.flush()?;
            pieces.push(Piece { at: start, length: out.size, crc: out.crc.clone().finalize() });
            out.size
        };
        pieces.sort_unstable_by_key(|piece| piece.at);
        // What was reserved beyond the end is given back.
        file.set_len(start + length)?;
        Ok(Finished { file, pieces })
    }
}

struct Counted<W> {
    out: W,
    size: u64,
    crc: crc32fast::Hasher,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.crc.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
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
