//! Makes the catalogue anew from store and journal alone.

use std::path::Path;

use super::writer::{Unsettled, record};
use super::{Archive, ArchiveError, damaged, marker};
use crate::catalogue::Catalogue;
use crate::io::durable;
use crate::journal::{self, Actor, Event, Head, Journal};
use crate::model::accession::Accession;
use crate::model::finding::Severity;
use crate::model::time::Timestamp;
use crate::task::{Event as Progress, Stage, Watch};

/// What was rebuilt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Packages in the new catalogue.
    pub packages: u64,
    /// Accessions in the new catalogue.
    pub accessions: u64,
    /// Packages and accessions that the journal names and the store does not hold readably.
    pub lost: Vec<String>,
}

/// How many rows are written at once.
const GROUP: usize = 500;

/// Rebuilds the catalogue. The old one stays in place until the new one is complete.
///
/// What an interrupted run left open is settled in the journal first. A journal that is damaged, or ends before the last
/// entry that the old catalogue knows, is left as it is: the new catalogue would hide that. That of a copy is as it is in any
/// case: it is that of the original.
pub fn rebuild(archive: &Archive, actor: Actor, wait: bool, watch: Watch<'_>) -> Result<Rebuilt, ArchiveError> {
    let _lock = archive.lock(wait, watch.cancel)?;
    let folder = archive.journal();
    let known = archive.known_head().ok();
    let verified = journal::verify(&folder, known.as_slice())?;
    if verified.findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(ArchiveError::Incomplete { path: folder });
    }
    if archive.is_copy() {
        let mut told = Unsettled::of(archive)?;
        told.newest();
        return anew(archive, &told, verified.head, watch, |_| Ok(verified.head));
    }
    let mut journal = Journal::open(&folder, actor)?;
    let mut told = Unsettled::of(archive)?;
    let events = told.settle(archive)?;
    told.newest();
    journal.append(&events)?;
    // Only now: what changed places with a new object lies there.
    archive.store.tidy(&archive.staging())?;
    for id in &told.changes.disposed {
        damaged::remove_of_package(archive, *id)?;
    }
    let head = journal.head();
    anew(archive, &told, head, watch, |packages| Ok(journal.append(&[Event::CatalogueRebuilt { packages }])?))
}

/// Makes the catalogue anew of what the journal told, and puts it in the place of the old one.
///
/// It knows the journal up to `head` until all packages are in it; then up to what `end` returns for their number.
pub(super) fn anew(
    archive: &Archive,
    told: &Unsettled,
    head: Head,
    watch: Watch<'_>,
    end: impl FnOnce(u64) -> Result<Head, ArchiveError>,
) -> Result<Rebuilt, ArchiveError> {
    let new = archive.staging().join(marker::CATALOGUE);
    let rest = archive.staging().join(marker::CATALOGUE_JOURNAL);
    for left in [&new, &rest] {
        durable::remove_tree(left).map_err(ArchiveError::io(left))?;
    }
    let made = fill(archive, &new, told, head, watch, end);
    if made.is_err() {
        // Best effort: what stays is removed by the next run that writes. SQLite's own file goes with it.
        drop(durable::remove_tree(&new));
        drop(durable::remove_tree(&rest));
    }
    watch.progress.report(Progress::Finished);
    made
}

fn fill(
    archive: &Archive,
    new: &Path,
    told: &Unsettled,
    head: Head,
    watch: Watch<'_>,
    end: impl FnOnce(u64) -> Result<Head, ArchiveError>,
) -> Result<Rebuilt, ArchiveError> {
    let mut catalogue = Catalogue::create(new)?;
    let mut rebuilt = Rebuilt::default();
    let files = (told.completed.len() - told.changes.disposed.len().min(told.completed.len())) as u64;
    watch.progress.report(Progress::Started { stage: Stage::Rebuilding, files, bytes: 0 });
    let mut rows = Vec::new();
    for (number, time) in &told.started {
        rows.push(accession(archive, number, *time, told, &mut rebuilt)?);
    }
    rebuilt.accessions = rows.len() as u64;
    record(&mut catalogue, &[], &rows, head)?;
    let mut group = Vec::new();
    let disposed = &told.changes.disposed;
    for commit in told.completed.iter().filter(|commit| !disposed.contains(&commit.package)) {
        watch.cancel.check()?;
        let holding = match archive.store.object(&Archive::object_id(commit.package)) {
            // An earlier state that somebody put back is whole, and says what does not hold any more.
            Ok(Some(object)) if object.inventory_sha512.as_deref() == Some(&commit.inventory) => {
                archive.holding(&object, commit).ok()
            }
            _ => None,
        };
        match holding {
            Some(holding) => group.push(holding),
            None => rebuilt.lost.push(commit.package.to_string()),
        }
        if group.len() == GROUP {
            record(&mut catalogue, &std::mem::take(&mut group), &[], head)?;
            rebuilt.packages += GROUP as u64;
        }
        watch.progress.report(Progress::Advanced { files: 1, bytes: 0 });
    }
    rebuilt.packages += group.len() as u64;
    let head = end(rebuilt.packages)?;
    record(&mut catalogue, &group, &[], head)?;
    drop(catalogue);
    let target = archive.root().join(marker::CATALOGUE);
    // What an interrupted run was writing to the old catalogue must not be undone in the new one.
    let unfinished = archive.root().join(marker::CATALOGUE_JOURNAL);
    durable::remove_tree(&unfinished).map_err(ArchiveError::io(&unfinished))?;
    durable::exchange(new, &target).map_err(ArchiveError::io(&target))?;
    Ok(rebuilt)
}

fn accession(
    archive: &Archive,
    number: &str,
    started: Timestamp,
    told: &Unsettled,
    rebuilt: &mut Rebuilt,
) -> Result<Accession, ArchiveError> {
    if told.closed.contains(number) {
        let object = archive.store.object(&archive.accession_object(number))?;
        match object.map(|object| archive.read_accession(&object)) {
            Some(Ok(accession)) => return Ok(accession),
            Some(Err(error)) if !error.is_damage() => return Err(error),
            _ => rebuilt.lost.push(number.to_owned()),
        }
    }
    Ok(archive.opened(number, started))
}
