//! Compares the catalogue with what store and journal say.

use std::collections::BTreeSet;

use super::super::{Archive, ArchiveError, marker, version};
use super::told::Told;
use crate::catalogue::Catalogue;
use crate::journal::{self, Event};
use crate::model::finding::{Code, Finding};
use crate::model::package::{Commit, PackageId};

/// What is known of the archive when its catalogue is compared.
pub(super) struct Comparison<'a> {
    pub(super) archive: &'a Archive,
    pub(super) catalogue: &'a Catalogue,
    pub(super) before: &'a Told,
    pub(super) after: &'a Told,
    /// Packages that are not what was stored: they say nothing about their rows.
    pub(super) wrong: &'a BTreeSet<PackageId>,
}

impl Comparison<'_> {
    /// Compares every row with what the journal says, and the rows of `suspects` with what their packages say.
    pub(super) fn findings(&self, suspects: &BTreeSet<PackageId>) -> Result<Vec<Finding>, ArchiveError> {
        let mut findings = Vec::new();
        let lag = Lag::read(self.archive, self.catalogue)?;
        let pending = lag.packages.iter().filter(|package| !self.after.pending.contains(*package));
        findings.extend(pending.map(|package| Finding::new(Code::PackagePending).value(package.to_string())));
        let (mut rows, mut differing) = (Vec::new(), suspects.clone());
        self.catalogue.commits(|row| {
            if self.before.completed.get(row.package).is_some_and(|commit| commit != row) {
                differing.insert(row.package);
            }
            rows.push(row.package);
        })?;
        rows.sort_unstable();
        differing.extend(self.before.completed.ids().filter(|package| rows.binary_search(package).is_err()));
        let settled = |package: &&PackageId| {
            let unknown = [&lag.packages, self.wrong, &self.after.pending];
            !unknown.iter().any(|packages| packages.contains(*package))
        };
        for package in differing.iter().filter(settled) {
            findings.extend(self.row(package)?);
        }
        self.accessions(&lag, &mut findings)?;
        self.surplus(rows, &mut findings)?;
        Ok(findings)
    }

    /// Compares only the rows of `suspects` with what their packages say.
    pub(super) fn suspected(&self, suspects: &BTreeSet<PackageId>) -> Result<Vec<Finding>, ArchiveError> {
        let lag = Lag::read(self.archive, self.catalogue)?;
        let mut findings = Vec::new();
        for package in suspects {
            if ![&lag.packages, self.wrong, &self.after.pending].iter().any(|packages| packages.contains(package)) {
                findings.extend(self.row(package)?);
            }
        }
        Ok(findings)
    }

    fn row(&self, package: &PackageId) -> Result<Option<Finding>, ArchiveError> {
        match self.before.completed.get(*package) {
            Some(commit) => self.package(&commit),
            None => Ok(None),
        }
    }

    /// Compares the row of a package with what it says of itself.
    fn package(&self, commit: &Commit) -> Result<Option<Finding>, ArchiveError> {
        let id = commit.package.to_string();
        let Ok(Some(object)) = self.archive.store.object(&Archive::object_id(commit.package)) else { return Ok(None) };
        let differs = match self.archive.holding(&object, commit) {
            Ok(truth) => self.catalogue.differences(&truth)?,
            // It was damaged meanwhile.
            Err(_) => return Ok(None),
        };
        Ok(match differs {
            None => Some(row(Code::CatalogueLacks, id)),
            Some(fields) if fields.is_empty() => None,
            // It got another version meanwhile.
            Some(_) if !version::newer(self.archive, commit.package, &commit.inventory)?.is_empty() => None,
            Some(fields) => Some(row(Code::CatalogueDiffers, id).expected(fields.join(", "))),
        })
    }

    fn accessions(&self, lag: &Lag, findings: &mut Vec<Finding>) -> Result<(), ArchiveError> {
        let Self { archive, catalogue, before, .. } = self;
        for (number, started) in before.started.iter().filter(|(number, _)| !lag.accessions.contains(*number)) {
            let truth = if before.closed.contains_key(number) {
                let Ok(Some(object)) = archive.store.object(&archive.accession_object(number)) else { continue };
                let Ok(accession) = archive.read_accession(&object) else { continue };
                accession
            } else {
                archive.opened(number, *started)
            };
            match catalogue.accession_differences(&truth)? {
                None => findings.push(row(Code::CatalogueLacks, number.clone())),
                Some(fields) if fields.is_empty() => {}
                // A run that goes on may have closed it in the meantime.
                Some(_) if !before.closed.contains_key(number) && Told::read(archive)?.closed.contains_key(number) => {}
                Some(fields) => {
                    findings.push(row(Code::CatalogueDiffers, number.clone()).expected(fields.join(", ")));
                }
            }
        }
        Ok(())
    }

    /// Names the rows that the journal does not know; those of `packages` were there.
    fn surplus(&self, mut packages: Vec<PackageId>, findings: &mut Vec<Finding>) -> Result<(), ArchiveError> {
        let Self { archive, catalogue, .. } = self;
        let mut accessions = Vec::new();
        catalogue.accessions(|accession| {
            accessions.push(accession.number);
            true
        })?;
        packages.retain(|id| !self.after.completed.contains(*id));
        accessions.retain(|number| !self.after.started.contains_key(number));
        if packages.is_empty() && accessions.is_empty() {
            return Ok(());
        }
        // A row is written after its entry: the entry of every row that was read is there now, also while a run goes on.
        let told = Told::read(archive)?;
        packages.retain(|id| !told.completed.contains(*id));
        if packages.iter().any(|id| told.disposed.contains_key(id)) {
            // A run that disposes of them may be one step further by now.
            let lag = Lag::read(archive, catalogue)?;
            let mut still = Vec::new();
            for id in packages {
                let going = told.disposed.contains_key(&id) && lag.disposed.contains(&id);
                if !going && catalogue.holding(id)?.is_some() {
                    still.push(id);
                }
            }
            packages = still;
        }
        accessions.retain(|number| !told.started.contains_key(number));
        let names = packages.iter().map(ToString::to_string).chain(accessions);
        findings.extend(names.map(|name| row(Code::CatalogueSurplus, name)));
        Ok(())
    }
}

fn row(code: Code, name: String) -> Finding {
    Finding::new(code).file(marker::CATALOGUE).value(name)
}

/// What the journal knows and the catalogue does not yet: the last step of a run that was interrupted or is going on.
///
/// The next writer brings it into the catalogue. A catalogue that is behind by more than one step was not left like that
/// by any run.
#[derive(Default)]
struct Lag {
    packages: BTreeSet<PackageId>,
    accessions: BTreeSet<String>,
    disposed: BTreeSet<PackageId>,
}

impl Lag {
    fn read(archive: &Archive, catalogue: &Catalogue) -> Result<Self, ArchiveError> {
        let mut lag = Self::default();
        let Ok(known) = archive.head_in(catalogue) else { return Ok(lag) };
        if journal::head(&archive.journal()).is_ok_and(|head| head == known) {
            return Ok(lag);
        }
        let mut before = None;
        for entry in journal::entries(&archive.journal())? {
            let Ok(entry) = entry else { break };
            if entry.seq <= known.seq {
                continue;
            }
            let step = Step::of(&entry.event);
            match (before, step) {
                (_, Step::Repair) => continue,
                (None, _)
                | (Some(Step::Announced), Step::Announced)
                | (Some(Step::Announced | Step::Done), Step::Done) => {}
                _ => return Ok(Self::default()),
            }
            before = Some(step);
            match entry.event {
                Event::Completed(commit) => drop(lag.packages.insert(commit.package)),
                Event::Repaired { object, .. } => lag.packages.extend(PackageId::parse(&object)),
                Event::Disposed { disposal, .. } => drop(lag.disposed.insert(disposal.package)),
                Event::AccessionStarted { accession, .. } | Event::AccessionClosed { accession, .. } => {
                    lag.accessions.insert(accession);
                }
                _ => {}
            }
        }
        Ok(lag)
    }
}

/// Entries between which the catalogue is not told; see `Writer::note`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Announced,
    Done,
    /// A torn line was cut off, which goes before whatever is written next.
    Repair,
    /// Stands alone.
    Other,
}

impl Step {
    const fn of(event: &Event) -> Self {
        match event {
            Event::Amending { .. }
            | Event::Staged { .. }
            | Event::ReadBack { .. }
            | Event::Committing(_)
            | Event::Disposing { .. }
            | Event::Repairing { .. }
            | Event::Migrating { .. }
            | Event::AccessionClosing { .. } => Self::Announced,
            Event::Published { .. }
            | Event::Completed(_)
            | Event::Abandoned { .. }
            | Event::Disposed { .. }
            | Event::DisposalAbandoned { .. }
            | Event::Repaired { .. }
            | Event::RepairAbandoned { .. }
            | Event::Migrated { .. }
            | Event::AccessionClosed { .. } => Self::Done,
            Event::TornLineRemoved { .. } => Self::Repair,
            _ => Self::Other,
        }
    }
}
