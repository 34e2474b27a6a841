//! What the journal knows of the objects that should be in the store: which ones, and with what inventory.

use std::collections::BTreeMap;

use super::repair::Target;
use super::report::{Fate, RecordReport};
use super::{Archive, ArchiveError};
use crate::journal::{self, Event};
use crate::model::disposal::Disposal;
use crate::model::finding::{Code, Finding};
use crate::model::package::Commit;
use crate::model::package::PackageId;

/// The kinds of entries that say it.
const KINDS: &[&str] = &["completed", "disposing", "disposed", "disposal-abandoned", "accession-closed"];

/// What the journal knows, as of its last entry.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Packages that are stored and not disposed of, each as it was completed last.
    pub(super) packages: BTreeMap<PackageId, Commit>,
    /// Packages that were disposed of, each with the SHA-512 of the tombstone's inventory.
    pub(super) disposed: BTreeMap<PackageId, (Disposal, String)>,
    /// The same of disposals that were announced and have not come to an end.
    pub(super) disposing: BTreeMap<PackageId, (Disposal, String)>,
    /// Accessions that are closed, by number, each with the SHA-512 of its object's inventory.
    pub(super) accessions: BTreeMap<String, String>,
}

/// What was disposed of, read when it is first asked for.
#[derive(Default)]
pub(super) struct Gone(Option<BTreeMap<PackageId, Disposal>>);

impl Gone {
    /// Refuses a record whose package was disposed of; returns whether it was.
    pub(super) fn refuse(&mut self, archive: &Archive, report: &mut RecordReport) -> Result<bool, ArchiveError> {
        let gone = match &mut self.0 {
            Some(gone) => gone,
            // Archives of a format without tombstones hold none, and their journals may be long.
            unread if archive.require_changeable().is_err() => unread.insert(BTreeMap::new()),
            unread => {
                let disposals = archive.disposals()?.into_iter();
                unread.insert(disposals.map(|(_, disposal)| (disposal.package, disposal)).collect())
            }
        };
        let Some(disposal) = gone.get(&report.id) else { return Ok(false) };
        let finding = Finding::new(Code::RecordDisposed).file(report.title.clone());
        report.findings.push(finding.value(disposal.order.clone()));
        report.fate = Fate::Refused;
        Ok(true)
    }
}

impl Known {
    /// Reads what the journal knows of all objects.
    pub(super) fn read(archive: &Archive) -> Result<Self, ArchiveError> {
        Self::read_if(archive, |_| true)
    }

    /// Reads what the journal knows of all objects up to its entry `seq`.
    pub(super) fn until(archive: &Archive, seq: u64) -> Result<Self, ArchiveError> {
        let mut known = Self::default();
        for entry in journal::entries_of(&archive.journal(), KINDS)? {
            let entry = entry?;
            if entry.seq <= seq {
                known.take(entry.event, &|_| true);
            }
        }
        Ok(known)
    }

    /// Returns all objects that should be in the store.
    pub(super) fn targets(&self, archive: &Archive) -> Vec<Target> {
        let packages = self.packages.iter().map(|(id, commit)| (id, &commit.inventory, false));
        let disposed = self.disposed.iter().map(|(id, (_, inventory))| (id, inventory, true));
        let packages = packages.chain(disposed).map(|(id, inventory, tombstone)| Target {
            name: id.to_string(),
            object: Archive::object_id(*id),
            inventory: inventory.clone(),
            tombstone,
        });
        let accessions = self.accessions.iter().map(|(number, inventory)| Target {
            name: number.clone(),
            object: archive.accession_object(number),
            inventory: inventory.clone(),
            tombstone: false,
        });
        packages.chain(accessions).collect()
    }

    /// Reads what the journal knows of the packages `ids`.
    pub(super) fn of(archive: &Archive, ids: &[PackageId]) -> Result<Self, ArchiveError> {
        Self::read_if(archive, |id| ids.contains(&id))
    }

    fn read_if(archive: &Archive, wanted: impl Fn(PackageId) -> bool) -> Result<Self, ArchiveError> {
        let mut known = Self::default();
        for entry in journal::entries_of(&archive.journal(), KINDS)? {
            known.take(entry?.event, &wanted);
        }
        Ok(known)
    }

    fn take(&mut self, event: Event, wanted: &impl Fn(PackageId) -> bool) {
        match event {
            Event::Completed(commit) if wanted(commit.package) => {
                self.packages.insert(commit.package, commit);
            }
            Event::Disposing { disposal, tombstone } if wanted(disposal.package) => {
                self.disposing.insert(disposal.package, (disposal, tombstone));
            }
            Event::Disposed { disposal, tombstone } if wanted(disposal.package) => {
                self.disposing.remove(&disposal.package);
                self.packages.remove(&disposal.package);
                self.disposed.insert(disposal.package, (disposal, tombstone));
            }
            Event::DisposalAbandoned { package, .. } => {
                self.disposing.remove(&package);
            }
            Event::AccessionClosed { accession, inventory, .. } => {
                self.accessions.insert(accession, inventory);
            }
            _ => {}
        }
    }
}
