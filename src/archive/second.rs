//! A second copy of the archive, which is only read: made with `rsync`, a mounted backup. It may be damaged itself.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::{Archive, ArchiveError, Marker, marker};
use crate::journal::{self, Event, Head};
use crate::model::finding::Severity;
use crate::store::Store;

/// What is to be said of the journal of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalOfCopy {
    /// It is whole, and holds the last entry that the catalogue knows.
    Whole(Head),
    /// It is whole, and no catalogue says whether it is the last one.
    Unproven(Head),
    /// It is whole, and ends before the last entry that the catalogue knows, or is another one.
    Older(Head),
    /// It is missing or damaged.
    Damaged,
}

/// A second copy.
#[derive(Debug)]
pub struct SecondCopy {
    root: PathBuf,
    store: Store,
}

impl SecondCopy {
    /// Opens the copy of `archive` at `root`.
    ///
    /// Needs no more than its store and something that says which archive it is: the marker, or the journal's first entry.
    ///
    /// # Errors
    /// [`ArchiveError::NoCopy`] if it is none, [`ArchiveError::OtherArchive`] if it is one of another archive,
    /// [`ArchiveError::Overlap`] if it is the archive itself.
    pub fn open(archive: &Archive, root: &Path) -> Result<Self, ArchiveError> {
        let none = || ArchiveError::NoCopy { path: root.to_owned() };
        let store = root.join(marker::STORE);
        let found = store.symlink_metadata().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => none(),
            _ => ArchiveError::io(&store)(error),
        })?;
        // A link would lead out of the copy.
        if !found.is_dir() {
            return Err(none());
        }
        let own = archive.store.root();
        let same = own.metadata().map_err(ArchiveError::io(own))?;
        if (same.dev(), same.ino()) == (found.dev(), found.ino()) {
            return Err(ArchiveError::Overlap { path: root.to_owned() });
        }
        let id = identity(root)?.ok_or_else(none)?;
        if id != archive.marker.id {
            return Err(ArchiveError::OtherArchive { path: root.to_owned(), id });
        }
        Ok(Self { root: root.to_owned(), store: Store::undeclared(&store) })
    }

    /// Returns the copy's store.
    pub(super) const fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the copy's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns what is to be said of the copy's journal where that of the archive cannot be believed; `heads` are known.
    pub(super) fn standing(&self, heads: &[Head]) -> JournalOfCopy {
        let folder = self.root.join(marker::JOURNAL);
        let Ok(alone) = journal::verify(&folder, &[]) else { return JournalOfCopy::Damaged };
        if alone.findings.iter().any(|finding| finding.severity == Severity::Error) || alone.torn {
            return JournalOfCopy::Damaged;
        }
        if heads.is_empty() {
            return JournalOfCopy::Unproven(alone.head);
        }
        match journal::verify(&folder, heads) {
            Ok(known) if known.findings.iter().all(|finding| finding.severity != Severity::Error) => {
                JournalOfCopy::Whole(known.head)
            }
            _ => JournalOfCopy::Older(alone.head),
        }
    }

    /// Returns the last entry of the copy's journal, where that can be read.
    #[must_use]
    pub fn head(&self) -> Option<Head> {
        journal::head(&self.root.join(marker::JOURNAL)).ok()
    }
}

/// Returns which archive the folder is a copy of.
fn identity(root: &Path) -> Result<Option<Uuid>, ArchiveError> {
    match Marker::read(root) {
        Ok(marker) => return Ok(Some(marker.id)),
        Err(ArchiveError::NoArchive { .. } | ArchiveError::Marker(_)) => {}
        Err(error) => return Err(error),
    }
    let Ok(mut entries) = journal::entries(&root.join(marker::JOURNAL)) else { return Ok(None) };
    let first = entries.next().and_then(Result::ok).map(|entry| entry.event);
    Ok(match first {
        Some(Event::Created { archive, .. }) => Some(archive),
        _ => None,
    })
}
