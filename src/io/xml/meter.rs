//! Where in a document reading has come to, and how long a piece may be.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use super::Place;

/// Counts lines, and how long the piece is that is being read: the parser itself would take any length.
#[derive(Default)]
pub(super) struct Meter {
    pub(super) lines: Cell<u64>,
    pub(super) piece: Cell<u64>,
    limit: u64,
    /// Bytes and characters that were read, and the characters before this line.
    pub(super) bytes: Cell<u64>,
    letters: Cell<u64>,
    before: Cell<u64>,
}

impl Meter {
    /// Returns a meter at the beginning of a document, for pieces of at most `limit` bytes.
    pub(super) fn new(limit: u64) -> Self {
        Self { limit, lines: Cell::new(1), ..Self::default() }
    }

    /// Returns where reading has come to.
    pub(super) fn place(&self) -> Place {
        let letters = self.letters.get();
        let (offset, line) = (self.bytes.get(), self.lines.get());
        Place { offset, letters, line, column: letters - self.before.get() + 1 }
    }

    fn count(&self, bytes: &[u8]) {
        self.bytes.set(self.bytes.get() + bytes.len() as u64);
        let mut letters = self.letters.get();
        for byte in bytes {
            // A byte that goes on a character of UTF-8 begins none.
            letters += u64::from(byte & 0xc0 != 0x80);
            if *byte == b'\n' {
                self.lines.set(self.lines.get() + 1);
                self.before.set(letters);
            }
        }
        self.letters.set(letters);
    }
}

/// A piece is longer than the meter allows.
#[derive(Debug, thiserror::Error)]
#[error("a tag or a text is too long")]
pub(super) struct PieceTooLong;

/// Passes on what is read, counted.
pub(super) struct Guard<R> {
    pub(super) inner: R,
    pub(super) meter: Rc<Meter>,
}

impl<R: BufRead> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(buffer.len());
        buffer[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Guard<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.meter.piece.get() > self.meter.limit {
            return Err(io::Error::other(PieceTooLong));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, length: usize) {
        self.meter.piece.set(self.meter.piece.get() + length as u64);
        if let Ok(available) = self.inner.fill_buf() {
            self.meter.count(available.split_at(length.min(available.len())).0);
        }
        self.inner.consume(length);
    }
}
