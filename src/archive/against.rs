//! Judges a second copy of the archive: its journal, and one object after the other, by what the journal here recorded.

use std::collections::BTreeSet;
use std::io;

use super::read_back::digest_file;
use super::second::SecondCopy;
use super::{Archive, ArchiveError, marker};
use crate::io::durable;
use crate::journal::{self, Comparison, Event, Head};
use crate::model::audit::Level;
use crate::model::checksum::Checksum;
use crate::model::finding::{Code, Finding};
use crate::store::{Inventory, Object, StoreError};
use crate::task::Watch;

/// A second copy that is compared with its archive.
#[derive(Debug)]
pub struct Against<'a> {
    archive: &'a Archive,
    copy: &'a SecondCopy,
    /// What is to be said of its journal.
    findings: Vec<Finding>,
    /// Objects that are newer than the copy: its journal does not know yet what the one here says of them.
    newer: BTreeSet<String>,
}

impl<'a> Against<'a> {
    /// Compares the journals, in bounded memory as long as the copy is not far behind.
    ///
    /// # Errors
    /// Where one of them cannot be read at all. What is wrong with that of the copy is among the findings.
    pub fn open(archive: &'a Archive, copy: &'a SecondCopy) -> Result<Self, ArchiveError> {
        let folder = copy.root().join(marker::JOURNAL);
        let own = journal::head(&archive.journal())?;
        let finding = |code| Finding::new(code).file(folder.join(journal::FILE).to_string_lossy());
        let (mut findings, mut newer) = (Vec::new(), BTreeSet::new());
        match journal::compare(&archive.journal(), &folder)? {
            Comparison::Behind(head) => {
                newer = objects_after(archive, head)?;
                if !newer.is_empty() || head == Head::EMPTY {
                    findings.push(finding(Code::CopyBehind).value(head.to_string()).expected(own.to_string()));
                }
            }
            Comparison::Ahead(head) => {
                findings.push(finding(Code::CopyAhead).value(head.to_string()).expected(own.to_string()));
            }
            Comparison::Parted(line) => findings.push(finding(Code::CopyParted).line(line)),
            Comparison::Damaged(line) => findings.push(finding(Code::CopyJournalDamaged).line(line)),
        }
        Ok(Self { archive, copy, findings, newer })
    }

    /// Returns what is to be said of the copy's journal: nothing where the copy knows of all objects here.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Judges the copy's object `id`, which has the SHA-512 `inventory` by the journal here; returns what is wrong, and whether
    /// permission is what lacks.
    ///
    /// A quick check reads content only where the sizes of files here and there differ: then one of the two is
    /// damaged, and the finding says which. A copy that is merely older than the object is [`Code::CopyBehind`].
    pub fn judge(
        &self,
        id: &str,
        inventory: &str,
        level: Level,
        watch: Watch<'_>,
    ) -> Result<(Vec<Finding>, bool), ArchiveError> {
        let store = self.copy.store();
        let place = store.root().join(store.place(id)).to_string_lossy().into_owned();
        let behind = self.newer.contains(id);
        let one = |finding| Ok((vec![finding], false));
        let theirs = match store.object(id) {
            Ok(Some(object)) => object,
            Ok(None) => {
                let code = if behind { Code::CopyBehind } else { Code::CopyMissing };
                return one(Finding::new(code).file(place).value(id).expected(inventory));
            }
            Err(StoreError::Io { source, .. }) => {
                let denied = source.kind() == io::ErrorKind::PermissionDenied;
                let finding = Finding::new(Code::CopyUnreadable).file(place).value(source.to_string());
                return Ok((vec![finding], denied));
            }
            Err(error) => return Err(error.into()),
        };
        if !theirs.is(inventory) {
            let found = theirs.inventory_sha512.clone().unwrap_or_default();
            return one(match theirs.findings.first() {
                Some(wrong) => Finding::new(Code::CopyDamaged).file(in_copy(&theirs, wrong)).value(wrong.code.name()),
                None if behind => Finding::new(Code::CopyBehind).file(place).value(id).expected(inventory),
                None => Finding::new(Code::CopyDamaged)
                    .file(format!("{place}/inventory.json"))
                    .value(found)
                    .expected(inventory),
            });
        }
        let ours = self.archive.store.object(id).ok().flatten();
        let odd = ours.as_ref().filter(|ours| ours.is(inventory)).and_then(|ours| odd_size(ours, &theirs));
        if level == Level::Quick && odd.is_none() {
            return Ok((Vec::new(), false));
        }
        match (first_flaw(&theirs, watch)?, odd) {
            (Some(flaw), _) => Ok((vec![flaw.finding(&theirs)], flaw.denied())),
            (None, Some((path, here, there))) => {
                let file = format!("{}/{}/{path}", marker::STORE, self.archive.store.place(id));
                one(Finding::new(Code::SizeMismatch).file(file).value(here.to_string()).expected(there.to_string()))
            }
            (None, None) => Ok((Vec::new(), false)),
        }
    }
}

/// Returns the objects of which the journal says something newer after the entry `head`.
fn objects_after(archive: &Archive, head: Head) -> Result<BTreeSet<String>, ArchiveError> {
    let mut objects = BTreeSet::new();
    for entry in journal::entries_of(&archive.journal(), &["completed", "disposed", "accession-closed"])? {
        let entry = entry?;
        if entry.seq <= head.seq {
            continue;
        }
        match entry.event {
            Event::Completed(commit) => drop(objects.insert(Archive::object_id(commit.package))),
            Event::Disposed { disposal, .. } => drop(objects.insert(Archive::object_id(disposal.package))),
            Event::AccessionClosed { accession, .. } => drop(objects.insert(archive.accession_object(&accession))),
            _ => {}
        }
    }
    Ok(objects)
}

/// The first content file of an object that is not as its inventory says.
pub(super) enum Flaw {
    /// It holds something else.
    Sum { path: String, found: Checksum, expected: Checksum },
    /// It cannot be read.
    Read { path: String, source: io::Error },
}

impl Flaw {
    /// Whether permission is what lacks.
    fn denied(&self) -> bool {
        matches!(self, Self::Read { source, .. } if source.kind() == io::ErrorKind::PermissionDenied)
    }

    fn finding(&self, object: &Object) -> Finding {
        let file = |path: &str| object.path(path).to_string_lossy().into_owned();
        match self {
            Self::Sum { path, found, expected } => {
                Finding::new(Code::CopyDamaged).file(file(path)).value(found.to_string()).expected(expected.to_string())
            }
            Self::Read { path, source } => {
                Finding::new(Code::CopyUnreadable).file(file(path)).value(source.to_string())
            }
        }
    }
}

/// Reads all content files of the object from the medium; returns the first that is not as its inventory says.
pub(super) fn first_flaw(object: &Object, watch: Watch<'_>) -> Result<Option<Flaw>, ArchiveError> {
    for (path, expected) in object.inventory.iter().flat_map(Inventory::content) {
        let full = object.path(path);
        let read = object.open(path).map_err(ArchiveError::io(&full)).and_then(|file| {
            durable::forget(&file);
            digest_file(&file, &full, watch)
        });
        let path = path.to_owned();
        match read {
            Ok(found) if found == expected => {}
            Ok(found) => return Ok(Some(Flaw::Sum { path, found, expected })),
            Err(ArchiveError::Io { source, .. }) => return Ok(Some(Flaw::Read { path, source })),
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Returns the first content file that has another size in `theirs` than in `ours`, with both sizes; both objects have the
/// same inventory and no findings.
pub(super) fn odd_size(ours: &Object, theirs: &Object) -> Option<(String, u64, u64)> {
    let size = |object: &Object, path: &str| object.path(path).symlink_metadata().map_or(0, |found| found.len());
    let paths = ours.inventory.iter().flat_map(Inventory::content).map(|(path, _)| path);
    paths
        .map(|path| (path, size(ours, path), size(theirs, path)))
        .find(|(_, here, there)| here != there)
        .map(|(path, here, there)| (path.to_owned(), here, there))
}

/// Names the file of a finding about an object by the way to it.
fn in_copy(object: &Object, finding: &Finding) -> String {
    let path = finding.file.as_deref().unwrap_or(&object.place);
    let below = path.strip_prefix(&object.place).unwrap_or(path).trim_start_matches('/');
    object.path(below).to_string_lossy().into_owned()
}
