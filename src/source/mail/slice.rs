//! Bytes of whole files, and of single messages in a mailbox.

use std::io::Read;

use super::{Mails, SLICE};
use crate::model::content::{Content, FileBytes, ReadFault};
use crate::model::record::{FileFacts, SourceFile};

impl Content for Mails {
    fn open<'a>(&'a self, file: &SourceFile) -> Result<Box<dyn FileBytes + 'a>, ReadFault> {
        let place = file.facts.as_ref().and_then(|facts| facts.place.as_ref());
        let Some((SLICE, place)) = place else { return self.tree.open(file) };
        let mut parts = place.splitn(2, |byte| *byte == b':');
        let offset = parts.next().and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
        let entry = parts.next().and_then(|path| self.tree.find(path));
        let (Some(offset), Some(entry)) = (offset, entry) else { return Err(ReadFault::Gone) };
        let mut bytes = self.tree.open(&entry.file(String::new(), 0, FileFacts::default()))?;
        bytes.skip(offset)?;
        Ok(Box::new(Slice { bytes, left: file.size }))
    }
}

/// The first bytes of a file that is open.
struct Slice<'a> {
    bytes: Box<dyn FileBytes + 'a>,
    left: u64,
}

impl FileBytes for Slice<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ReadFault> {
        let want = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        if want == 0 {
            return Ok(0);
        }
        let count = self.bytes.read(buffer.get_mut(..want).unwrap_or_default())?;
        if count == 0 {
            return Err(ReadFault::Changed);
        }
        self.left -= count as u64;
        Ok(count)
    }
}

/// The bytes of a file as a reader.
pub(super) struct Reading<'a>(pub(super) Box<dyn FileBytes + 'a>);

impl Read for Reading<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buffer).map_err(std::io::Error::other)
    }
}
