//! A folder and what lies below it, on a medium or in a ZIP or TAR: what judges folders reads both alike.

use std::io::{self, Read};

use super::below::{Below, Entries, Kind};

/// A folder; paths below it are bytes separated by `/`.
///
/// Nothing outside is reached, and no link is followed. What is asked for wrongly ends alike wherever the folder lies:
/// [`io::ErrorKind::InvalidInput`] for a path that would leave it, [`io::ErrorKind::InvalidData`] for a file that is none.
pub trait Place: Sync {
    /// Returns what is in the folder `path` (the folder itself where that is empty), sorted by the bytes of the names.
    fn entries(&self, path: &[u8]) -> io::Result<Entries>;

    /// Returns of what is in the folder `path` that which is `wanted`, in the same order.
    fn entries_that(&self, path: &[u8], wanted: &mut dyn FnMut(&[u8], Kind) -> bool) -> io::Result<Entries> {
        let mut entries = self.entries(path)?;
        entries.retain(wanted);
        Ok(entries)
    }

    /// Opens the file `path` for reading.
    fn file(&self, path: &[u8]) -> io::Result<Opened>;

    /// Opens the folder `path` as a place of its own.
    fn folder(&self, path: &[u8]) -> io::Result<Box<dyn Place>>;
}

/// A file that was opened.
pub struct Opened {
    /// How many bytes it has.
    pub size: u64,
    /// The bytes.
    pub bytes: Box<dyn Read + Send>,
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer)
    }
}

impl Place for Below {
    fn entries(&self, path: &[u8]) -> io::Result<Entries> {
        self.entries(path)
    }

    fn entries_that(&self, path: &[u8], wanted: &mut dyn FnMut(&[u8], Kind) -> bool) -> io::Result<Entries> {
        self.entries_that(path, wanted)
    }

    fn file(&self, path: &[u8]) -> io::Result<Opened> {
        let file = self.file(path)?;
        Ok(Opened { size: file.metadata()?.len(), bytes: Box::new(file) })
    }

    fn folder(&self, path: &[u8]) -> io::Result<Box<dyn Place>> {
        Ok(Box::new(self.folder(path)?))
    }
}
