//! Reads ZIP files of any origin, after a strict look at their raw structure.
//!
//! Readers disagree on ZIPs whose directory and local headers tell different things, whose entries overlap, or that hold
//! bytes no entry owns. Such a file is refused as a whole: what is packed could not be what others see.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use super::directory::{Directory, check_layout, named};
use super::list::{Entries, Entry, List};

/// Bounds on what a ZIP from others may make us do.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Entries.
    pub entries: u64,
    /// Bytes of all entries unpacked.
    pub unpacked: u64,
    /// Unpacked bytes for each packed one, above the first MiB.
    pub ratio: u64,
    /// Which names there may be.
    pub names: Names,
    /// Of which entries not all are kept.
    pub few: Option<Few>,
}

/// Entries of which only the first ones of the directory are kept, where nobody asks for the others: a million take much memory.
/// Then nobody checks either how the entries lie.
#[derive(Debug, Clone, Copy)]
pub struct Few {
    /// Tells by its name whether an entry is one of them.
    pub of: fn(&[u8]) -> bool,
    /// How many are kept.
    pub first: usize,
}

/// Which names and kinds of entries a ZIP may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// UTF-8 only, files and folders only: what packages are made of.
    #[default]
    Utf8,
    /// What programs of others write: UTF-8, flagged or not, code page 437, the Unicode Path field, or bytes that nobody
    /// can read; links and devices are entries as well. No name leads out, and none has control characters.
    Any,
}

impl Limits {
    /// Returns the bounds for deliveries of others.
    #[must_use]
    pub const fn delivery() -> Self {
        // Deflate ends at 1:1032. Scans of empty pages come to 1:200, documents to 1:20.
        Self { entries: 10_000_000, unpacked: 1 << 46, ratio: 250, names: Names::Any, few: None }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries: 10_000_000, unpacked: 1 << 46, ratio: 1_100, names: Names::Utf8, few: None }
    }
}

/// What is wrong with the structure of a ZIP file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Structure {
    /// There is no end record, or bytes follow it.
    NoEnd,
    /// It is one part of several.
    Parts,
    /// Counts or sizes of the directory do not agree.
    Directory,
    /// Something lies before the first, between or after the entries that no entry owns, or entries overlap.
    Layout,
    /// A local header says something else than the directory.
    Headers,
    /// An entry is encrypted.
    Encrypted,
    /// An entry is packed in a way that is not read here.
    Method,
    /// A name is not UTF-8, leaves the folder, or is otherwise no path.
    Name,
    /// Two entries have the same name.
    Twice,
    /// An entry is a link or a device.
    Special,
    /// An entry passes a limit.
    Limit,
    /// The bytes of an entry are not those of its checksum, or unpack to another size.
    Content,
}

impl Structure {
    /// Returns the word that stands in JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoEnd => "no-end",
            Self::Parts => "parts",
            Self::Directory => "directory",
            Self::Layout => "layout",
            Self::Headers => "headers",
            Self::Encrypted => "encrypted",
            Self::Method => "method",
            Self::Name => "name",
            Self::Twice => "twice",
            Self::Special => "special",
            Self::Limit => "limit",
            Self::Content => "content",
        }
    }
}

/// Why a ZIP file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ZipError {
    /// The file cannot be read.
    #[error("reading failed")]
    Io(#[from] io::Error),
    /// The structure is not sound.
    #[error("{fault:?} at entry {entry:?}")]
    Structure {
        /// What is wrong.
        fault: Structure,
        /// The entry's name, as [`crate::model::path::shown`], where one is concerned.
        entry: Option<String>,
    },
}

pub(super) fn fault<T>(fault: Structure) -> Result<T, ZipError> {
    Err(ZipError::Structure { fault, entry: None })
}

/// A ZIP file with a sound structure; entries are in the order of the file.
#[derive(Debug, Clone)]
pub struct ZipReader {
    file: Arc<File>,
    list: Arc<List>,
    length: u64,
}

impl ZipReader {
    /// Checks the structure of `file` and lists its entries.
    pub fn open(file: File, limits: &Limits) -> Result<Self, ZipError> {
        let length = file.metadata()?.len();
        let directory = Directory::find(&file, length)?;
        if directory.entries > limits.entries {
            return fault(Structure::Limit);
        }
        let mut found = directory.read(&file, limits)?;
        found.list.rows.sort_unstable_by_key(|row| row.header);
        check_layout(&file, &mut found, directory.offset, limits.few.is_some())?;
        let mut list = found.list;
        match list.sort() {
            Some(name) => named(Structure::Twice, name),
            None => Ok(Self { file: Arc::new(file), list: Arc::new(list), length }),
        }
    }

    /// Returns the entries in the order of the file.
    #[must_use]
    pub fn entries(&self) -> Entries<'_> {
        Entries(&self.list)
    }

    /// Returns the length of the file.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Returns the file itself.
    #[must_use]
    pub fn file(&self) -> &Arc<File> {
        &self.file
    }

    /// Returns a reader of the entry's unpacked bytes: exactly [`Entry::size`] of them, or an error.
    pub fn read(&self, entry: Entry<'_>) -> io::Result<Box<dyn Read + Send>> {
        let raw = RangeReader::new(Arc::clone(&self.file), entry.data, entry.packed);
        if entry.deflated {
            Ok(Box::new(Exactly { inner: flate2::read::DeflateDecoder::new(raw), left: entry.size }))
        } else {
            Ok(Box::new(raw))
        }
    }

    /// Returns a reader of the entry's unpacked bytes that also fails at their end where their CRC-32 is not the entry's,
    /// or where packed bytes are left over.
    pub fn read_proven(&self, entry: Entry<'_>) -> io::Result<Box<dyn Read + Send>> {
        let raw = RangeReader::new(Arc::clone(&self.file), entry.data, entry.packed);
        let (crc, expected, packed) = (crc32fast::Hasher::new(), entry.crc, entry.packed);
        if entry.deflated {
            let inner = Exactly { inner: flate2::read::DeflateDecoder::new(raw), left: entry.size };
            let used = |reader: &Exactly<flate2::read::DeflateDecoder<RangeReader>>| reader.inner.total_in();
            Ok(Box::new(Proven { inner, crc, expected, used, packed }))
        } else {
            Ok(Box::new(Proven { inner: raw, crc, expected, used: |_| 0, packed: 0 }))
        }
    }
}

/// Reads all of an entry and compares size and CRC-32 at its end.
struct Proven<R> {
    inner: R,
    crc: crc32fast::Hasher,
    expected: u32,
    /// Packed bytes that were used up, and those that there are.
    used: fn(&R) -> u64,
    packed: u64,
}

impl<R: Read> Read for Proven<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if read == 0 && !buffer.is_empty() {
            let sum = std::mem::take(&mut self.crc).finalize();
            // A second call at the end gives the end again.
            let expected = std::mem::take(&mut self.expected);
            if sum != expected || (self.used)(&self.inner) != self.packed {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "the entry is not what its checksum says"));
            }
        }
        self.crc.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// Reads a range of a file by its position, so that many can read at once.
#[derive(Debug)]
pub struct RangeReader {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl RangeReader {
    /// Returns a reader of `length` bytes from `start`; a file that ends before is an error.
    #[must_use]
    pub const fn new(file: Arc<File>, start: u64, length: u64) -> Self {
        Self { file, at: start, end: start + length }
    }
}

impl Read for RangeReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.end - self.at).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Ok(0);
        }
        match self.file.read_at(&mut buffer[..wanted], self.at)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                self.at += read as u64;
                Ok(read)
            }
        }
    }
}

/// Passes on exactly so many bytes: unpacking to fewer or more is an error.
struct Exactly<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = self.inner.read(buffer)? as u64;
        if read > self.left || (read == 0 && self.left > 0) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the entry unpacks to another size"));
        }
        self.left -= read;
        usize::try_from(read).map_err(io::Error::other)
    }
}
