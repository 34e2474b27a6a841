//! ZIP and TAR files as what a delivery lies in: their entries as a tree has them, and the bytes of each.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::SourceError;
use super::tree::Entry;
use crate::io::container::{self, ContainerError, Form, Kind, is_of_content};
use crate::io::tar::{self, TarReader};
use crate::io::zip::{self, ZipReader};
use crate::model::content::{FileBytes, ReadFault};
use crate::model::finding::{Code, Finding};
use crate::model::path;
use crate::model::record::{EntryKind, Reason};
use crate::model::time::Timestamp;
use crate::task::Cancel;

/// How many names that nobody can read are told one by one.
const UNDECODED: usize = 1_000;

/// The longest target of a link that is looked at.
const TARGET_MAX: u64 = 4096;

/// Returns which container `file` is by its content.
///
/// Documents that are ZIP files themselves (Office Open XML, `OpenDocument`, EPUB) are none: their parts belong together. What
/// is called like a container and begins like none (`name`: the file's name) is taken for one, so that reading it tells what
/// is wrong.
pub(super) fn kind_of(file: &File, name: &[u8]) -> io::Result<Option<Kind>> {
    let called = called(name).map(|(_, kind)| kind);
    Ok(match Kind::of(file)? {
        Some(Kind::Zip) if called != Some(Kind::Zip) => {
            let mut head = [0; 512];
            let length = read_up_to(file, &mut head, 0)?;
            (!is_document(&head[..length])).then_some(Kind::Zip)
        }
        None => called,
        known => known,
    })
}

/// Returns `name` without the ending of a container.
pub(super) fn stem(name: &[u8]) -> &[u8] {
    called(name).map(|(stem, _)| stem).filter(|stem| !stem.is_empty()).unwrap_or(name)
}

/// Returns a name without its ending, and which container a file of this ending should be.
fn called(name: &[u8]) -> Option<(&[u8], Kind)> {
    const ENDINGS: [(&[u8], Kind); 5] = [
        (b".zip", Kind::Zip),
        (b".xdomea", Kind::Zip),
        (b".tar", Kind::Tar),
        (b".tar.gz", Kind::TarGz),
        (b".tgz", Kind::TarGz),
    ];
    ENDINGS.iter().find_map(|(ending, kind)| {
        let (stem, own) = name.split_at(name.len().checked_sub(ending.len())?);
        own.eq_ignore_ascii_case(ending).then_some((stem, *kind))
    })
}

/// Returns whether the first entry of a ZIP says that it is a document of an office program or a book.
fn is_document(head: &[u8]) -> bool {
    let name = head.get(30..).unwrap_or_default();
    [&b"mimetype"[..], b"[Content_Types].xml", b"_rels/.rels"].iter().any(|known| name.starts_with(known))
}

/// An opened container with a sound structure.
#[derive(Debug)]
pub(super) struct Container {
    opened: container::Container,
    /// What tells that the file was not exchanged: size, time, inode.
    stamp: Stamp,
}

type Stamp = (u64, i64, i64, u64);

/// What is in a container.
pub(super) struct Listing {
    pub(super) entries: Vec<Entry>,
    pub(super) findings: Vec<Finding>,
}

impl Container {
    /// Checks the structure of `file`, which lies at `path`, and lists what is in it, sorted by path.
    ///
    /// Folders that only paths of others tell of are entries as well.
    pub(super) fn open(file: File, kind: Kind, path: &Path, cancel: &Cancel) -> Result<(Self, Listing), SourceError> {
        let stamp = stamp(&file).map_err(|source| SourceError::Read { path: path.to_owned(), source })?;
        let opened = container::Container::open(file, kind, cancel).map_err(|error| fault(path, error))?;
        Self::list(opened, stamp, path)
    }

    /// Lists what is in a container that was opened from `path`.
    pub(super) fn of(opened: container::Container, path: &Path) -> Result<(Self, Listing), SourceError> {
        let stamp = stamp(opened.file()).map_err(|source| SourceError::Read { path: path.to_owned(), source })?;
        Self::list(opened, stamp, path)
    }

    fn list(opened: container::Container, stamp: Stamp, path: &Path) -> Result<(Self, Listing), SourceError> {
        let mut listing = match opened.form() {
            Form::Zip(zip) => zip_entries(zip).map_err(|source| SourceError::Read { path: path.to_owned(), source })?,
            Form::Tar(tar) => Listing { entries: tar_entries(tar), findings: Vec::new() },
        };
        listing.entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        add_folders(&mut listing.entries);
        if let Some(twin) = twin(&listing.entries) {
            let code = if opened.kind() == Kind::Zip { Code::ZipStructure } else { Code::TarStructure };
            return Err(refused(path, Finding::new(code).file(path::shown(twin)).value("twice")));
        }
        Ok((Self { opened, stamp }, listing))
    }

    /// Returns what kind of container it is.
    pub(super) const fn kind(&self) -> Kind {
        self.opened.kind()
    }

    /// Reads everything once and compares it with the checksums that a ZIP has; a TAR has none.
    pub(super) fn prove(&self, path: &Path, cancel: &Cancel) -> Result<(), SourceError> {
        let Form::Zip(zip) = self.opened.form() else { return Ok(()) };
        (0..zip.entries().len()).into_par_iter().filter_map(|number| zip.entries().get(number)).try_for_each(|entry| {
            let mut buffer = vec![0; 1 << 16];
            let mut reader =
                zip.read_proven(entry).map_err(|source| SourceError::Read { path: path.to_owned(), source })?;
            loop {
                cancel.check()?;
                match reader.read(&mut buffer) {
                    Ok(0) => return Ok(()),
                    Ok(_) => {}
                    Err(error) if is_of_content(&error) => {
                        let finding = Finding::new(Code::ZipStructure).file(path::shown(entry.path()));
                        return Err(refused(path, finding.value(zip::Structure::Content.name())));
                    }
                    Err(source) => return Err(SourceError::Read { path: path.to_owned(), source }),
                }
            }
        })
    }

    /// Opens the file that `entry` is.
    pub(super) fn read(&self, entry: &Entry) -> Result<Box<dyn FileBytes + '_>, ReadFault> {
        self.is_as_opened()?;
        let inner: Box<dyn Read + Send> = match self.opened.form() {
            Form::Zip(zip) => {
                let index = usize::try_from(entry.witness.0).unwrap_or(usize::MAX);
                let own = zip.entries().get(index).filter(|own| own.size == entry.size).ok_or(ReadFault::Gone)?;
                zip.read_proven(own).map_err(ReadFault::Unreadable)?
            }
            Form::Tar(tar) => {
                let range = zip::RangeReader::new(Arc::clone(tar.file()), entry.witness.0, entry.size);
                Box::new(range)
            }
        };
        Ok(Box::new(Bytes { container: self, inner }))
    }

    pub(super) fn is_as_opened(&self) -> Result<(), ReadFault> {
        let now = stamp(self.opened.file()).map_err(ReadFault::Unreadable)?;
        if now == self.stamp { Ok(()) } else { Err(ReadFault::Changed) }
    }
}

/// The bytes of one entry.
struct Bytes<'a> {
    container: &'a Container,
    inner: Box<dyn Read + Send>,
}

impl FileBytes for Bytes<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ReadFault> {
        let count = loop {
            match self.inner.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // All was right when the container was opened.
                Err(error) if is_of_content(&error) => return Err(ReadFault::Changed),
                other => break other.map_err(ReadFault::Unreadable)?,
            }
        };
        if count == 0 && !buffer.is_empty() {
            self.container.is_as_opened()?;
        }
        Ok(count)
    }
}

/// Copies `from` into a file without a name, which is gone when it is closed.
pub(super) fn spool(from: &mut dyn Read, cancel: &Cancel) -> Result<File, SpoolError> {
    let mut file = tempfile::tempfile()?;
    let mut buffer = vec![0; 1 << 18];
    loop {
        cancel.check()?;
        let count = from.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        file.write_all(&buffer[..count])?;
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// Why a container in another could not be laid out.
#[derive(Debug, thiserror::Error)]
pub(super) enum SpoolError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Cancelled(#[from] crate::task::Cancelled),
}

/// Returns the refusal of what lies at `path`.
pub(super) fn refused(path: &Path, finding: Finding) -> SourceError {
    SourceError::Refused { path: path.to_owned(), finding: Box::new(finding) }
}

fn zip_entries(zip: &ZipReader) -> io::Result<Listing> {
    let mut findings = Vec::new();
    let mut entries = Vec::with_capacity(zip.entries().len());
    for (index, own) in zip.entries().iter().enumerate() {
        let mut entry = Entry {
            path: own.path().into(),
            kind: own.kind,
            size: if own.kind == EntryKind::File { own.size } else { 0 },
            modified: own.modified,
            fault: None,
            witness: (index as u64, own.crc),
        };
        entry.fault = match own.kind {
            EntryKind::File | EntryKind::Folder => None,
            EntryKind::Link => {
                let mut target = Vec::new();
                zip.read(own)?.take(TARGET_MAX).read_to_end(&mut target)?;
                Some(Reason::Link { target: path::shown(&target) })
            }
            _ => Some(Reason::Special),
        };
        if own.undecoded.is_some() && findings.len() < UNDECODED {
            findings.push(Finding::new(Code::NameUndecoded).file(own.name.trim_end_matches('/')));
        }
        entries.push(entry);
    }
    Ok(Listing { entries, findings })
}

fn tar_entries(tar: &TarReader) -> Vec<Entry> {
    let entry = |own: tar::Entry<'_>| Entry {
        path: own.path.into(),
        kind: own.kind,
        size: own.size,
        modified: own.modified,
        fault: match own.kind {
            EntryKind::File | EntryKind::Folder => None,
            EntryKind::Link => Some(Reason::Link { target: path::shown(own.target) }),
            _ => Some(Reason::Special),
        },
        witness: (own.place(), 0),
    };
    tar.entries().iter().map(entry).collect()
}

/// Adds the folders that only paths of others tell of to the sorted `entries`.
fn add_folders(entries: &mut Vec<Entry>) {
    let mut told: Vec<Entry> = Vec::new();
    let has = |path: &[u8]| entries.binary_search_by(|entry| (*entry.path).cmp(path)).is_ok();
    let mut last: Box<[u8]> = Box::default();
    for entry in entries.iter() {
        let parent = entry.path.iter().rposition(|byte| *byte == b'/').map_or(&b""[..], |at| &entry.path[..at]);
        if *last == *parent {
            continue;
        }
        let ends = parent.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
        for end in ends.chain([parent.len()]) {
            let folder = &parent[..end];
            if !has(folder) {
                told.push(Entry {
                    path: folder.into(),
                    kind: EntryKind::Folder,
                    size: 0,
                    modified: Timestamp::from_seconds(0),
                    fault: None,
                    witness: (u64::MAX, 0),
                });
            }
        }
        last = parent.into();
    }
    told.retain(|entry| !entry.path.is_empty());
    entries.append(&mut told);
    entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    entries.dedup_by(|a, b| a.path == b.path);
}

/// Returns the path of an entry that is another one's where names are normalised (Unicode, NFC): there, unpacking one
/// overwrites the other. Folders only become one.
fn twin(entries: &[Entry]) -> Option<&[u8]> {
    let mut others: HashMap<String, bool> = HashMap::new();
    let is_twin = |entry: &&Entry| {
        let Some(path) = std::str::from_utf8(&entry.path).ok().filter(|path| !is_nfc(path)) else { return false };
        let (normal, is_folder) = (path.nfc().collect::<String>(), entry.kind == EntryKind::Folder);
        let plain = entries.binary_search_by(|other| (*other.path).cmp(normal.as_bytes())).ok();
        let is_file = plain.is_some_and(|at| entries[at].kind != EntryKind::Folder);
        let seen = others.insert(normal, is_folder);
        is_file || seen == Some(false) || (!is_folder && (plain.is_some() || seen.is_some()))
    };
    entries.iter().find(is_twin).map(|entry| &*entry.path)
}

fn fault(path: &Path, error: ContainerError) -> SourceError {
    match error {
        ContainerError::Read(source) => SourceError::Read { path: path.to_owned(), source },
        ContainerError::Work(source) => SourceError::Read { path: tempfile::env::temp_dir(), source },
        unsound @ (ContainerError::Unsound { .. } | ContainerError::Cancelled(_)) => match unsound.finding(path) {
            Ok(finding) => refused(path, finding),
            Err(stopped) => stopped.into(),
        },
    }
}

fn stamp(file: &File) -> io::Result<Stamp> {
    let metadata = file.metadata()?;
    Ok((metadata.len(), metadata.mtime(), metadata.mtime_nsec(), metadata.ino()))
}

/// Reads at `at` until `buffer` is full or the file ends; returns how many bytes.
pub(super) fn read_up_to(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read_at(&mut buffer[length..], at + length as u64) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}
