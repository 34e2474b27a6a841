//! The files of a delivery wherever they lie: in its folder or container, in one of the messages' containers, or as the
//! part of a message that concerns one object.

use std::io::Read;

use super::spool::Spool;
use crate::model::content::{Content, FileBytes, ReadFault};
use crate::model::record::{FileFacts, SourceFile};
use crate::source::tree::{Entry, Tree};

/// The first number that stands for a message instead of a tree.
const MESSAGES: u32 = 1 << 31;

/// Trees and messages of a delivery.
pub(super) struct Places {
    /// The delivery itself, then the containers in it that hold messages.
    pub(super) trees: Vec<Tree>,
    /// Its messages.
    pub(super) held: Vec<Held>,
}

/// A message and where it lies.
pub(super) struct Held {
    pub(super) spool: Spool,
    /// The number of its tree.
    pub(super) tree: usize,
    /// The number of its entry there.
    pub(super) entry: usize,
    /// What the paths of its primary files begin with: its folder with a `/`, or nothing.
    pub(super) folder: Box<[u8]>,
}

impl Places {
    /// Returns the entry of a message.
    pub(super) fn entry(&self, held: &Held) -> Option<&Entry> {
        self.trees.get(held.tree).and_then(|tree| tree.entries().get(held.entry))
    }

    /// Returns the message at `message` as it is, as the file `to` of a package.
    pub(super) fn whole(&self, message: usize, to: String) -> Option<SourceFile> {
        let held = self.held.get(message)?;
        let number = u32::try_from(held.tree).ok()?;
        self.entry(held).map(|entry| entry.file(to, number, FileFacts::default()))
    }

    /// Returns the message at `message` with only the object at `object`, as the file `to` of a package.
    pub(super) fn excerpt(&self, message: usize, object: usize, to: String) -> Option<SourceFile> {
        let held = self.held.get(message)?;
        let root = held.spool.message.objects.get(object)?;
        let number = u32::try_from(message).ok()?.checked_add(MESSAGES)?;
        let facts = FileFacts { place: Some((number, object.to_string().into_bytes().into())), ..FileFacts::default() };
        Some(SourceFile {
            path: to.into_boxed_str(),
            size: held.spool.excerpt_length(root),
            modified: self.entry(held)?.modified,
            facts: Some(Box::new(facts)),
            ..SourceFile::default()
        })
    }
}

impl Content for Places {
    fn open<'a>(&'a self, file: &SourceFile) -> Result<Box<dyn FileBytes + 'a>, ReadFault> {
        let (number, path) = file.facts.as_ref().and_then(|facts| facts.place.as_ref()).ok_or(ReadFault::Gone)?;
        let Some(message) = number.checked_sub(MESSAGES) else {
            let tree = usize::try_from(*number).ok().and_then(|number| self.trees.get(number));
            return tree.ok_or(ReadFault::Gone)?.open(file);
        };
        let held = usize::try_from(message).ok().and_then(|message| self.held.get(message)).ok_or(ReadFault::Gone)?;
        let object = std::str::from_utf8(path).ok().and_then(|text| text.parse::<usize>().ok());
        let root = object.and_then(|object| held.spool.message.objects.get(object)).ok_or(ReadFault::Gone)?;
        if held.spool.excerpt_length(root) != file.size {
            return Err(ReadFault::Changed);
        }
        Ok(Box::new(Excerpt(Box::new(held.spool.excerpt(root)))))
    }
}

struct Excerpt<'a>(Box<dyn Read + Send + 'a>);

impl FileBytes for Excerpt<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ReadFault> {
        self.0.read(buffer).map_err(ReadFault::Unreadable)
    }
}
