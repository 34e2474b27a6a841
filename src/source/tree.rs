//! All entries of a delivery at once: what sources search that know files by their content or by other files.
//!
//! A tree is listed completely when it is opened, so it is for deliveries whose parts belong together. A file share of a
//! million files is read record by record instead, see [`super::folder`].

use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};

use super::SourceError;
use super::reading::{self, FolderContent};
use super::scan;
use crate::model::content::{Content, FileBytes, ReadFault};
use crate::model::path;
use crate::model::record::{EntryKind, Exception, FileFacts, Reason, SourceFile};
use crate::model::time::Timestamp;
use crate::task::Cancel;

/// Everything in a delivery, each entry once.
pub struct Tree {
    path: PathBuf,
    name: String,
    entries: Vec<Entry>,
    content: FolderContent,
}

/// One entry of a tree; the tree itself is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path in the delivery, original bytes, parts separated by `/`.
    pub path: Box<[u8]>,
    /// What it is.
    pub kind: EntryKind,
    /// Size in bytes of a file.
    pub size: u64,
    /// Last modification.
    pub modified: Timestamp,
    /// Why it cannot be stored, if it cannot: a link, a device, not readable.
    pub fault: Option<Reason>,
    witness: (u64, u32),
}

impl Entry {
    /// Returns the last part of the path.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        self.path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
    }

    /// Returns the path as it is shown to people.
    #[must_use]
    pub fn shown(&self) -> String {
        path::shown(&self.path)
    }

    /// Returns the entry as a file of a package, where it is to have the portable path `to`, with facts that say where
    /// it lies; `container` is the number of its tree among those that a source has opened.
    #[must_use]
    pub fn file(&self, to: String, container: u32, facts: FileFacts) -> SourceFile {
        let facts = FileFacts { place: Some((container, self.path.clone())), ..facts };
        SourceFile {
            path: to.into_boxed_str(),
            size: self.size,
            modified: self.modified,
            witness: self.witness,
            facts: Some(Box::new(facts)),
        }
    }

    /// Returns the entry as one that is not stored for `reason`.
    #[must_use]
    pub fn exception(&self, reason: Reason) -> Exception {
        Exception { path: self.shown(), kind: self.kind, reason }
    }
}

impl Tree {
    /// Lists what lies at `path`: a folder, or a single file.
    pub fn open(path: &Path, cancel: &Cancel) -> Result<Self, SourceError> {
        let read = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => SourceError::NotFound { path: path.to_owned() },
            _ => SourceError::Read { path: path.to_owned(), source },
        };
        let full = path.canonicalize().map_err(read)?;
        let own = path.file_name().or_else(|| full.file_name());
        let own = own.map_or(&b"root"[..], OsStrExt::as_bytes).to_owned();
        let single = full.is_file();
        let root = if single { full.parent().unwrap_or(&full).to_owned() } else { full.clone() };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = rustix::fs::open(&root, flags, Mode::empty()).map_err(|error| read(error.into()))?;
        let entries = if single {
            let name = full.file_name().map_or(&b""[..], OsStrExt::as_bytes);
            vec![entry(name, full.symlink_metadata())]
        } else {
            scan::everything(&root, cancel)?
                .into_iter()
                .map(|name| {
                    let metadata = root.join(std::ffi::OsStr::from_bytes(&name)).symlink_metadata();
                    entry(&name, metadata)
                })
                .collect()
        };
        Ok(Self { path: path.to_owned(), name: path::portable(&own), entries, content: FolderContent::new(folder) })
    }

    /// Returns where the delivery lies, as the call named it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the name of the folder or file, in portable form.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns all entries, sorted by path.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the entry with exactly this path.
    #[must_use]
    pub fn find(&self, path: &[u8]) -> Option<&Entry> {
        self.entries.binary_search_by(|entry| (*entry.path).cmp(path)).ok().map(|index| &self.entries[index])
    }

    /// Opens a file of the tree for reading from its start.
    pub fn read(&self, entry: &Entry) -> Result<Box<dyn Read + Send + '_>, ReadFault> {
        let bytes = self.open_file(entry)?;
        Ok(Box::new(Bytes(bytes)))
    }

    /// Opens a file of the tree.
    fn open_file(&self, entry: &Entry) -> Result<Box<dyn FileBytes + '_>, ReadFault> {
        let file = SourceFile {
            path: Box::default(),
            size: entry.size,
            modified: entry.modified,
            witness: entry.witness,
            facts: None,
        };
        self.content.open_at(&entry.path, &file)
    }

    /// Opens a ZIP or TAR in this tree as a tree of its own.
    pub fn nested(&self, entry: &Entry, cancel: &Cancel) -> Result<Self, SourceError> {
        let path = self.path.join(std::ffi::OsStr::from_bytes(&entry.path));
        Self::open(&path, cancel)
    }
}

impl Content for Tree {
    fn open<'a>(&'a self, file: &SourceFile) -> Result<Box<dyn FileBytes + 'a>, ReadFault> {
        let place = file.facts.as_ref().and_then(|facts| facts.place.as_ref());
        let original = place.map_or_else(|| path::original(&file.path).into(), |(_, path)| path.clone());
        let entry = self.find(&original).ok_or(ReadFault::Gone)?;
        if (entry.size, entry.modified, entry.witness) != (file.size, file.modified, file.witness) {
            return Err(ReadFault::Changed);
        }
        self.open_file(entry)
    }
}

/// The bytes of a file as a reader.
struct Bytes<'a>(Box<dyn FileBytes + 'a>);

impl Read for Bytes<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|fault| match fault {
            ReadFault::Unreadable(error) => error,
            other => io::Error::other(other),
        })
    }
}

fn entry(path: &[u8], metadata: io::Result<std::fs::Metadata>) -> Entry {
    let mut entry = Entry {
        path: path.into(),
        kind: EntryKind::File,
        size: 0,
        modified: Timestamp::from_seconds(0),
        fault: None,
        witness: (0, 0),
    };
    match metadata {
        Ok(metadata) => {
            let listed = reading::listed(String::new(), &metadata);
            entry.kind = scan::kind(metadata.file_type());
            (entry.modified, entry.witness) = (listed.modified, listed.witness);
            entry.fault = match entry.kind {
                EntryKind::File => {
                    entry.size = listed.size;
                    None
                }
                EntryKind::Folder => None,
                EntryKind::Link => Some(Reason::Link { target: String::new() }),
                _ => Some(Reason::Special),
            };
        }
        Err(error) => entry.fault = Some(Reason::unreadable(&error)),
    }
    entry
}
