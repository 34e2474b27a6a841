//! Makes the catalogue anew from store and journal alone.

use std::collections::BTreeMap;

use super::holding::Commit;
use super::writer::record;
use super::{Archive, ArchiveError, marker};
use crate::catalogue::Catalogue;
use crate::io::durable;
use crate::journal::{self, Actor, Event, Journal};
use crate::model::package::PackageId;
use crate::model::time::Timestamp;
use crate::task::{Cancel, Event as Progress, Stage, Watch};

/// What was rebuilt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Packages in the new catalogue.
    pub packages: u64,
    /// Accessions in the new catalogue.
    pub accessions: u64,
    /// Packages that the journal names and the store does not hold readably.
    pub lost: Vec<PackageId>,
}

/// How many rows are written at once.
const GROUP: usize = 500;

/// Rebuilds the catalogue. The old one stays in place until the new one is complete.
pub fn rebuild(archive: &Archive, actor: Actor, wait: bool, watch: Watch<'_>) -> Result<Rebuilt, ArchiveError> {
    let lock = archive.lock(wait, watch.cancel)?;
    let folder = archive.journal();
    let mut completed: BTreeMap<PackageId, Commit> = BTreeMap::new();
    let mut pending: BTreeMap<PackageId, Commit> = BTreeMap::new();
    let mut started: BTreeMap<String, Timestamp> = BTreeMap::new();
    let mut closed: Vec<String> = Vec::new();
    for entry in journal::entries(&folder)? {
        let entry = entry?;
        match entry.event {
            Event::AccessionStarted { accession, .. } => {
                started.insert(accession, entry.time);
            }
            Event::Committing { accession, package, inventory, content, files, bytes } => {
                pending.insert(package, Commit { package, accession, inventory, content, files, bytes });
            }
            Event::Completed { accession, package, inventory, content, files, bytes } => {
                pending.remove(&package);
                completed.insert(package, Commit { package, accession, inventory, content, files, bytes });
            }
            Event::Abandoned { package, .. } => {
                pending.remove(&package);
            }
            Event::AccessionClosed { accession, .. } => closed.push(accession),
            _ => {}
        }
    }
    let mut journal = Journal::open(&folder, actor)?;
    let new = archive.staging().join(marker::CATALOGUE);
    durable::remove_tree(&archive.staging().join(marker::CATALOGUE)).map_err(ArchiveError::io(&new))?;
    let mut catalogue = Catalogue::create(&new)?;
    let mut rebuilt = Rebuilt::default();
    watch.progress.report(Progress::Started { stage: Stage::Rebuilding, files: completed.len() as u64, bytes: 0 });
    let mut rows = Vec::new();
    for (number, time) in &started {
        let object = archive.store.object(&archive.accession_object(number))?;
        let row = match object {
            Some(object) if closed.contains(number) => archive.read_accession(&object)?,
            _ => archive.opened(number, *time),
        };
        rows.push(row);
    }
    rebuilt.accessions = rows.len() as u64;
    record(&mut catalogue, &[], &rows, journal.head())?;
    let mut group = Vec::new();
    for commit in completed.values() {
        watch.cancel.check()?;
        let holding = match archive.store.object(&Archive::object_id(commit.package)) {
            Ok(Some(object)) => archive.holding(&object, commit).ok(),
            _ => None,
        };
        match holding {
            Some(holding) => group.push(holding),
            None => rebuilt.lost.push(commit.package),
        }
        if group.len() == GROUP {
            record(&mut catalogue, &std::mem::take(&mut group), &[], journal.head())?;
            rebuilt.packages += GROUP as u64;
        }
        watch.progress.report(Progress::Advanced { files: 1, bytes: 0 });
    }
    rebuilt.packages += group.len() as u64;
    // Packages that were announced and not completed are for the next writer to settle: the head that the catalogue
    // knows must lie before their announcement.
    if pending.is_empty() {
        journal.append(&[Event::CatalogueRebuilt { packages: rebuilt.packages }])?;
        record(&mut catalogue, &group, &[], journal.head())?;
    } else {
        record(&mut catalogue, &group, &[], journal::Head::EMPTY)?;
    }
    drop(catalogue);
    let target = archive.root().join(marker::CATALOGUE);
    durable::exchange(&new, &target).map_err(ArchiveError::io(&target))?;
    watch.progress.report(Progress::Finished);
    drop(lock);
    if !pending.is_empty() {
        // Opening for writing settles.
        archive.writer(Actor::current(None), wait, &Cancel::new())?;
    }
    Ok(rebuilt)
}
