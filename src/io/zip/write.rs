//! Writes a stored ZIP whose places are known before its bytes are.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;

use rustix::io::Errno;

use super::IN_ZIP64;
use super::layout::{Layout, Slot};
use crate::io::medium::is_memory;
use crate::model::time::Timestamp;

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
    /// Where everything lies.
    pub layout: Layout,
}

/// A ZIP file being written.
///
/// [`plan`](Self::plan) gives every entry its place from its size alone; header and content of planned entries are
/// written to that place by anyone, in any order, from any thread. [`append`](Self::append) adds entries whose size is
/// not known before. [`finish`](Self::finish) writes the directory. Nothing is synced here.
#[derive(Debug)]
pub struct ZipWriter {
    file: File,
    layout: Layout,
    pieces: Vec<Piece>,
}

impl ZipWriter {
    /// Begins a ZIP in the empty `file`.
    #[must_use]
    pub const fn new(file: File) -> Self {
        Self { file, layout: Layout::new(), pieces: Vec::new() }
    }

    /// Returns the file, for writing content to its place.
    #[must_use]
    pub const fn file(&self) -> &File {
        &self.file
    }

    /// Gives the next place to an entry of `size` bytes.
    pub fn plan(&mut self, name: &str, size: u64, modified: Timestamp) -> Slot {
        self.layout.plan(name, size, modified)
    }

    /// Notes the CRC-32 of a planned entry for the directory.
    pub fn set_crc(&mut self, slot: &Slot, crc: u32) {
        self.layout.set_crc(slot, crc);
    }

    /// Notes what was written of planned entries, to be read back.
    pub fn note(&mut self, pieces: impl IntoIterator<Item = Piece>) {
        self.pieces.extend(pieces);
    }

    /// Returns the local header of a planned entry, `name` as it was planned, with its CRC-32.
    #[must_use]
    pub fn header(&self, slot: &Slot, name: &str, crc: u32) -> Vec<u8> {
        self.layout.header(slot, name, crc)
    }

    /// Makes room on the medium for all planned entries, so that a full disk shows before the work and the file lies together.
    pub fn allocate(&self) -> io::Result<()> {
        // In memory nothing lies together, and one thread would make all pages before the others can fill them.
        if is_memory(&self.file)? {
            return self.fits();
        }
        match rustix::fs::fallocate(&self.file, rustix::fs::FallocateFlags::empty(), 0, self.layout.end().max(1)) {
            // Some file systems cannot.
            Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => self.fits(),
            result => Ok(result?),
        }
    }

    /// Fails where the file system has less room than all planned entries take; one that does not tell has enough.
    fn fits(&self) -> io::Result<()> {
        let found = rustix::fs::fstatvfs(&self.file)?;
        let free = found.f_bavail.saturating_mul(found.f_frsize);
        if found.f_blocks > 0 && free < self.layout.end() { Err(Errno::NOSPC.into()) } else { Ok(()) }
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
        self.layout.close(&slot, size, crc);
        let header = self.layout.header(&slot, name, crc);
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
        let Self { file, layout, mut pieces } = self;
        let start = layout.end();
        (&file).seek(SeekFrom::Start(start))?;
        let out = BufWriter::with_capacity(1 << 17, &file);
        let mut out = Counted { out, size: 0, crc: crc32fast::Hasher::new() };
        layout.directory(&mut out)?;
        out.flush()?;
        let length = out.size;
        pieces.push(Piece { at: start, length, crc: out.crc.clone().finalize() });
        drop(out);
        // A piece without bytes begins where another one does.
        pieces.retain(|piece| piece.length > 0);
        pieces.sort_unstable_by_key(|piece| piece.at);
        // What was reserved beyond the end is given back.
        file.set_len(start + length)?;
        Ok(Finished { file, pieces, layout })
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
