//! How the bytes of a record's files are reached, wherever the record came from.

use std::io;

use super::record::{Reason, SourceFile};

/// Gives the bytes of files that were listed before.
pub trait Content: Sync {
    /// Opens `file`; fails if it is not the one that was listed.
    fn open<'a>(&'a self, file: &SourceFile) -> Result<Box<dyn FileBytes + 'a>, ReadFault>;
}

/// The bytes of one file, from its first to its last.
pub trait FileBytes: Send {
    /// Reads into `buffer` and returns how many bytes; 0 only after exactly the listed size was read and the file is
    /// still the one that was listed (or where `buffer` is empty).
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ReadFault>;

    /// Passes over the next `bytes`, which must be there.
    fn skip(&mut self, bytes: u64) -> Result<(), ReadFault> {
        let mut buffer = vec![0; 1 << 16];
        let mut left = bytes;
        while left > 0 {
            let want = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
            match self.read(buffer.get_mut(..want).unwrap_or_default())? {
                0 => return Err(ReadFault::Changed),
                count => left -= count as u64,
            }
        }
        Ok(())
    }
}

/// Why a listed file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadFault {
    /// It is not what was listed: other size, time or inode, or no regular file any more.
    #[error("changed while being read")]
    Changed,
    /// It is no longer there.
    #[error("vanished while being read")]
    Gone,
    /// The operating system does not let it be read.
    #[error("cannot be read")]
    Unreadable(#[source] io::Error),
}

impl ReadFault {
    /// Returns the reason that stands in the receipt.
    #[must_use]
    pub fn reason(&self) -> Reason {
        match self {
            Self::Changed | Self::Gone => Reason::Changed,
            Self::Unreadable(error) => Reason::unreadable(error),
        }
    }
}
