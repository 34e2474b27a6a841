//! A message kept in an unnamed temporary file, so that its objects can be read one by one wherever it came from.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;

use super::message::{Message, MessageFault, Root};
use super::units::{self, Object};
use crate::io::durable;
use crate::io::xml::{Node, XmlError, XmlLimits, XmlReader};

/// A message with its bytes.
#[derive(Debug)]
pub struct Spool {
    /// What the message says.
    pub message: Message,
    bytes: File,
    length: u64,
}

/// Why a message cannot be spooled.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// Its bytes cannot be read, or not be kept.
    #[error("reading the message failed")]
    Io(#[from] io::Error),
    /// It is no message that can be read.
    #[error(transparent)]
    Message(#[from] MessageFault),
}

impl Spool {
    /// Takes the message out of `source`, which is called `file`.
    pub fn read(source: &mut dyn Read, file: &str) -> Result<Self, SpoolError> {
        let bytes = durable::unnamed()?;
        let length = io::copy(source, &mut &bytes)?;
        (&bytes).flush()?;
        (&bytes).seek(SeekFrom::Start(0))?;
        let message = Message::read(BufReader::with_capacity(1 << 16, &bytes), file)?;
        Ok(Self { message, bytes, length })
    }

    /// Returns the length of the message in bytes.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Returns all bytes of the message from the start.
    #[must_use]
    pub fn whole(&self) -> impl Read + '_ {
        self.range(0, self.length)
    }

    /// Returns the message with only one of its objects, else byte for byte as it is.
    #[must_use]
    pub fn excerpt(&self, root: &Root) -> impl Read + use<'_> {
        let (head, tail) = self.frame();
        self.range(0, head).chain(self.range(root.range.0, root.range.1)).chain(self.range(tail, self.length))
    }

    /// Returns the length of [`Spool::excerpt`] in bytes.
    #[must_use]
    pub fn excerpt_length(&self, root: &Root) -> u64 {
        let (head, tail) = self.frame();
        head + (root.range.1 - root.range.0) + (self.length - tail)
    }

    /// Reads one object with everything in it.
    pub fn object(&self, root: &Root) -> Result<Object, XmlError> {
        let source = BufReader::with_capacity(1 << 16, self.excerpt(root));
        let mut xml = XmlReader::plain(source, XmlLimits::default());
        let mut object = Object::default();
        read_only_object(&mut xml, &mut object)?;
        Ok(object)
    }

    /// Where the first object begins and the last ends.
    fn frame(&self) -> (u64, u64) {
        let objects = &self.message.objects;
        let first = objects.first().map_or(self.length, |root| root.range.0);
        let last = objects.last().map_or(self.length, |root| root.range.1);
        (first, last)
    }

    fn range(&self, from: u64, to: u64) -> Range<'_> {
        Range { bytes: &self.bytes, at: from, end: to }
    }
}

fn read_only_object<R: BufRead>(xml: &mut XmlReader<R>, object: &mut Object) -> Result<(), XmlError> {
    let mut depth = 0_u32;
    while let Some(node) = xml.node()? {
        match node {
            Node::Start(element) if depth == 1 && element.name == "Schriftgutobjekt" => {
                *object = units::read_object(xml, None)?;
                return Ok(());
            }
            Node::Start(_) => depth += 1,
            Node::End => depth -= 1,
            Node::Text(_) => {}
        }
    }
    Ok(())
}

/// Part of a file, read at its own position so that several readers do not disturb each other.
struct Range<'a> {
    bytes: &'a File,
    at: u64,
    end: u64,
}

impl Read for Range<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.end - self.at).unwrap_or(usize::MAX));
        let count = self.bytes.read_at(&mut buffer[..wanted], self.at)?;
        if count == 0 && wanted > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at += count as u64;
        Ok(count)
    }
}
