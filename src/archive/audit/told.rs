//! What the journal tells an audit.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::super::{Archive, ArchiveError, marker};
use super::stored::Stored;
use crate::journal::{self, Event};
use crate::model::disposal::Disposal;
use crate::model::finding::{Code, Finding};
use crate::model::package::PackageId;
use crate::model::time::Timestamp;

/// What the journal tells.
#[derive(Default)]
pub(super) struct Told {
    pub(super) created: Option<(String, u32, Option<String>)>,
    pub(super) completed: Stored,
    /// When the present version of each package was stored that has more than one.
    pub(super) amended: BTreeMap<PackageId, Timestamp>,
    /// Packages that were announced and neither abandoned nor completed.
    pub(super) pending: BTreeSet<PackageId>,
    pub(super) started: BTreeMap<String, Timestamp>,
    pub(super) closing: BTreeMap<String, String>,
    pub(super) closed: BTreeMap<String, String>,
    /// Packages that were disposed of, with the SHA-512 of the tombstone's inventory.
    pub(super) disposed: BTreeMap<PackageId, (Disposal, String)>,
    pub(super) disposing: BTreeSet<PackageId>,
    /// The hash of the last run of each history of audits.
    pub(super) histories: BTreeMap<Uuid, String>,
    /// The later format that the archive is to get.
    pub(super) migrating: Option<u32>,
}

impl Told {
    pub(super) fn read(archive: &Archive) -> Result<Self, ArchiveError> {
        let mut told = Self::default();
        for entry in journal::entries(&archive.journal())? {
            // What is wrong with a line is for the check of the chain to say; the others still count.
            let Ok(entry) = entry else { continue };
            told.take(entry.time, entry.event);
        }
        Ok(told)
    }

    /// Returns when the accession began; its packages were stored then.
    pub(super) fn stored(&self, accession: &str) -> Timestamp {
        self.started.get(accession).copied().unwrap_or_default()
    }

    /// Returns whether the package was announced and not abandoned, or completed.
    pub(super) fn knows(&self, package: PackageId) -> bool {
        self.completed.contains(package) || self.pending.contains(&package) || self.disposed.contains_key(&package)
    }

    fn take(&mut self, time: Timestamp, event: Event) {
        match event {
            Event::Created { archive, format, isil } => self.created = Some((archive.to_string(), format, isil)),
            Event::AccessionStarted { accession, .. } => {
                self.started.insert(accession, time);
            }
            Event::Committing(commit) => drop(self.pending.insert(commit.package)),
            Event::Completed(commit) => {
                self.pending.remove(&commit.package);
                if self.completed.contains(commit.package) {
                    self.amended.insert(commit.package, time);
                }
                self.completed.put(&commit);
            }
            // What lies in its place is not what was announced.
            Event::Abandoned { package, .. } => drop(self.pending.remove(&package)),
            Event::AccessionClosing { accession, inventory } => {
                self.closing.insert(accession, inventory);
            }
            Event::AccessionClosed { accession, inventory, .. } => {
                self.closed.insert(accession, inventory);
            }
            Event::Disposing { disposal, .. } => drop(self.disposing.insert(disposal.package)),
            Event::DisposalAbandoned { package, .. } => drop(self.disposing.remove(&package)),
            Event::Disposed { disposal, tombstone } => {
                self.disposing.remove(&disposal.package);
                self.completed.remove(disposal.package);
                self.disposed.insert(disposal.package, (disposal, tombstone));
            }
            Event::Audited { history: Some(history), run: Some(run), .. } => drop(self.histories.insert(history, run)),
            Event::Migrating { to, .. } => self.migrating = Some(to),
            Event::Migrated { to, .. } => {
                self.migrating = None;
                if let Some((_, format, _)) = &mut self.created {
                    *format = to;
                }
            }
            _ => {}
        }
    }

    /// Compares the marker with what the journal says of the archive.
    pub(super) fn marker(&self, archive: &Archive) -> Option<Finding> {
        let marker = archive.marker();
        let said = (marker.id.to_string(), marker.format, marker.isil.clone());
        let words = |(id, format, isil): &(String, u32, Option<String>)| {
            let isil = isil.as_deref().unwrap_or_default();
            format!("id {id}, format {format}, isil {isil}").trim_end_matches(", isil ").to_owned()
        };
        let is_said = |created: &(String, u32, Option<String>)| {
            *created == said || (created.0 == said.0 && created.2 == said.2 && self.migrating == Some(said.1))
        };
        let created = self.created.as_ref().filter(|created| !is_said(created))?;
        Some(Finding::new(Code::MarkerDiffers).file(marker::FILE).value(words(&said)).expected(words(created)))
    }
}
