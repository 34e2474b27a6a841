//! The bytes of a PDF at any place, although files of a delivery can only be read from their start.
//!
//! Blocks that were read are kept up to a bound; going back behind them begins the file anew. So a file of any size is
//! read in a bounded amount of memory, and one that leads back and forth ends at a bound too.

use std::collections::{HashMap, VecDeque};
use std::io::{self, Read};
use std::rc::Rc;

use super::PdfError;
use crate::model::content::ReadFault;
use crate::task::Cancel;

/// Size of a block.
const BLOCK: u64 = 64 << 10;

/// How many blocks are kept: 24 MiB.
const KEPT: usize = 384;

/// Opens the file from its start.
pub type Reopen<'a> = dyn Fn() -> Result<Box<dyn Read + Send + 'a>, ReadFault> + 'a;

/// The bytes of a file.
pub struct Bytes<'a> {
    size: u64,
    reopen: &'a Reopen<'a>,
    cancel: &'a Cancel,
    reader: Option<Box<dyn Read + Send + 'a>>,
    /// The block that the reader is at.
    next: u64,
    blocks: HashMap<u64, Rc<[u8]>>,
    order: VecDeque<u64>,
    /// How many bytes may still be read.
    budget: u64,
}

impl<'a> Bytes<'a> {
    /// Begins to read a file of `size` bytes.
    pub fn new(size: u64, reopen: &'a Reopen<'a>, cancel: &'a Cancel) -> Self {
        let budget = size.saturating_mul(16).saturating_add(64 << 20);
        Self { size, reopen, cancel, reader: None, next: 0, blocks: HashMap::new(), order: VecDeque::new(), budget }
    }

    /// Returns the size of the file.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Returns whether reading was stopped by whoever called.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.check().is_err()
    }

    /// Returns the bytes from `offset` to the end of their block, and where they begin in it; `None` after the last.
    pub fn at(&mut self, offset: u64) -> Result<Option<(Rc<[u8]>, usize)>, PdfError> {
        if offset >= self.size {
            return Ok(None);
        }
        let number = offset / BLOCK;
        let block = match self.blocks.get(&number) {
            Some(block) => Rc::clone(block),
            None => self.fetch(number)?,
        };
        let from = usize::try_from(offset % BLOCK).unwrap_or(usize::MAX);
        // A file that is shorter than it was listed.
        Ok((from < block.len()).then_some((block, from)))
    }

    /// Returns at most `length` bytes from `offset`.
    pub fn range(&mut self, offset: u64, length: usize) -> Result<Vec<u8>, PdfError> {
        let mut found = Vec::new();
        while found.len() < length {
            let Some((block, from)) = self.at(offset + found.len() as u64)? else { break };
            let end = block.len().min(from + length - found.len());
            found.extend_from_slice(&block[from..end]);
        }
        Ok(found)
    }

    fn fetch(&mut self, number: u64) -> Result<Rc<[u8]>, PdfError> {
        if self.cancel.check().is_err() {
            return Err(PdfError::Cancelled);
        }
        if self.reader.is_none() || number < self.next {
            self.reader = Some((self.reopen)().map_err(|fault| PdfError::Read(fault.to_string()))?);
            self.next = 0;
        }
        let mut last = None;
        while self.next <= number {
            let length = (self.size - self.next * BLOCK).min(BLOCK);
            self.budget = self.budget.checked_sub(length).ok_or(PdfError::Limit("reading"))?;
            let mut block = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
            let reader = self.reader.as_mut().ok_or(PdfError::Limit("reading"))?;
            let read = reader.by_ref().take(length).read_to_end(&mut block);
            read.map_err(|error: io::Error| PdfError::Read(error.to_string()))?;
            let block: Rc<[u8]> = block.into();
            if self.blocks.insert(self.next, Rc::clone(&block)).is_none() {
                self.order.push_back(self.next);
            }
            if self.order.len() > KEPT
                && let Some(oldest) = self.order.pop_front()
            {
                self.blocks.remove(&oldest);
            }
            self.next += 1;
            last = Some(block);
        }
        last.ok_or(PdfError::Limit("reading"))
    }
}
