//! Compares store, catalogue and journal with each other, and checks every package.
//!
//! The journal is what counts for what was stored, the store for what it holds; the catalogue has to agree with both.

use std::collections::{BTreeMap, BTreeSet};

use super::holding::Commit;
use super::verify::{Judged, in_store, unread};
use super::{Archive, ArchiveError, disposed, marker, version};
use crate::catalogue::{Catalogue, CatalogueError, Filter};
use crate::journal::{self, Event, Head};
use crate::model::disposal::Disposal;
use crate::model::finding::{Code, Finding, Severity, Verdict};
use crate::model::package::PackageId;
use crate::store::Found;
use crate::task::{Event as Progress, Stage, Watch};

/// What was established about the archive as a whole, beside its packages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audited {
    /// Findings that concern no single package.
    pub findings: Vec<Finding>,
    /// Packages that were checked.
    pub packages: u64,
    /// Bytes of their payload.
    pub bytes: u64,
    /// Packages that are not what was stored.
    pub damaged: u64,
    /// Packages that are not there.
    pub missing: u64,
    /// Objects that the journal does not know.
    pub unknown: u64,
    /// Findings of severity `error`, those of packages included.
    pub errors: u64,
    /// Whether the index of the search could not be checked, since there was no room for a copy of the catalogue.
    pub index_unchecked: bool,
    /// Whether permission kept something from being checked.
    pub permission: bool,
    /// The journal's last entry.
    pub head: Option<Head>,
}

/// Audits the archive; `each` takes what was established of one package after the other, the good ones too.
pub fn audit(archive: &Archive, watch: Watch<'_>, mut each: impl FnMut(Judged)) -> Result<Audited, ArchiveError> {
    let mut audited = Audited::default();
    let catalogue = open_catalogue(archive, &mut audited)?;
    // A run that is going on appends meanwhile: what it stored before the store is listed must be in the store, and
    // what the store holds must be known afterwards.
    let known = known_head(archive, catalogue.as_ref(), &mut audited);
    let before = Told::read(archive)?;
    before.marker(archive, &mut audited);
    audited.findings.extend(archive.store.declaration()?.into_iter().map(in_store));
    let mut stored = BTreeMap::new();
    for found in archive.store.objects()? {
        let found = match found {
            Ok(found) => found,
            // A folder that cannot be read does not keep the others from being checked.
            Err(error) => {
                let (finding, permission) = unread(error, archive.root())?;
                audited.findings.push(finding);
                audited.permission |= permission;
                continue;
            }
        };
        match found {
            Found::Object { id, place } => {
                stored.insert(id, place);
            }
            Found::Intruder { finding, path } => audited.findings.push(in_store(finding.file(path))),
        }
    }
    let verified = journal::verify(&archive.journal(), known.as_slice())?;
    let torn = verified.findings.iter().all(|finding| finding.code != Code::JournalTorn) || !running(archive);
    audited.findings.extend(
        verified.findings.into_iter().filter(|finding| torn || finding.code != Code::JournalTorn).map(in_journal),
    );
    audited.head = Some(verified.head);
    let after = Told::read(archive)?;
    let damaged = packages(archive, &before, &after, &mut stored, watch, &mut audited, &mut each)?;
    accessions(archive, &after, &mut stored, watch, &mut audited)?;
    let (wrong, denied) = disposed::check(archive, &before.disposed, watch)?;
    audited.findings.extend(wrong);
    audited.permission |= denied;
    for id in after.disposed.keys() {
        stored.remove(&Archive::object_id(*id));
    }
    for (id, place) in stored {
        let known = after.announced.iter().any(|package| Archive::object_id(*package) == id)
            || after.closing.iter().any(|(number, _)| archive.accession_object(number) == id);
        if !known {
            audited.unknown += 1;
            let place = format!("{}/{place}", marker::STORE);
            audited.findings.push(Finding::new(Code::PackageUnknown).file(place).value(id));
        }
    }
    if let Some(catalogue) = catalogue {
        compare_catalogue(archive, &catalogue, &before, &after, &damaged, &mut audited)?;
    }
    let own = audited.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    audited.errors += own as u64;
    Ok(audited)
}

fn in_journal(mut finding: Finding) -> Finding {
    finding.file = Some(format!("{}/{}", marker::JOURNAL, journal::FILE));
    finding
}

/// Whether another run writes to the archive right now.
fn running(archive: &Archive) -> bool {
    matches!(archive.lock(false, &crate::task::Cancel::new()), Err(ArchiveError::Locked { .. }))
}

fn open_catalogue(archive: &Archive, audited: &mut Audited) -> Result<Option<Catalogue>, ArchiveError> {
    let unreadable = |detail: String| Finding::new(Code::CatalogueUnreadable).file(marker::CATALOGUE).value(detail);
    match archive.catalogue() {
        Ok(catalogue) => {
            let (wrong, indexed) = catalogue.check()?;
            audited.index_unchecked = !indexed;
            audited.findings.extend(wrong.into_iter().map(unreadable));
            Ok(Some(catalogue))
        }
        Err(ArchiveError::Catalogue(CatalogueError::Missing { .. })) => {
            audited.findings.push(unreadable("missing".to_owned()));
            Ok(None)
        }
        Err(ArchiveError::Catalogue(CatalogueError::Damaged { detail, .. })) => {
            audited.findings.push(unreadable(detail));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn known_head(archive: &Archive, catalogue: Option<&Catalogue>, audited: &mut Audited) -> Option<Head> {
    match archive.head_in(catalogue?) {
        Ok(head) => Some(head),
        Err(error) => {
            let finding = Finding::new(Code::CatalogueUnreadable).file(marker::CATALOGUE);
            audited.findings.push(finding.value(error.to_string()));
            None
        }
    }
}

/// What the journal tells.
#[derive(Default)]
struct Told {
    created: Option<(String, u32, Option<String>)>,
    completed: BTreeMap<PackageId, Commit>,
    /// Packages that were announced and not abandoned, or completed.
    announced: BTreeSet<PackageId>,
    pending: BTreeSet<PackageId>,
    started: BTreeMap<String, crate::model::time::Timestamp>,
    closing: BTreeMap<String, String>,
    closed: BTreeMap<String, String>,
    /// Packages that were disposed of, with the SHA-512 of the tombstone's inventory.
    disposed: BTreeMap<PackageId, (Disposal, String)>,
    disposing: BTreeSet<PackageId>,
    /// The later format that the archive is to get.
    migrating: Option<u32>,
}

impl Told {
    fn read(archive: &Archive) -> Result<Self, ArchiveError> {
        let mut told = Self::default();
        for entry in journal::entries(&archive.journal())? {
            // What is wrong with a line is for the check of the chain to say; the others still count.
            let Ok(entry) = entry else { continue };
            told.take(entry.time, entry.event);
        }
        Ok(told)
    }

    fn take(&mut self, time: crate::model::time::Timestamp, event: Event) {
        match event {
            Event::Created { archive, format, isil } => self.created = Some((archive.to_string(), format, isil)),
            Event::AccessionStarted { accession, .. } => {
                self.started.insert(accession, time);
            }
            Event::Committing { package, .. } => {
                self.announced.insert(package);
                self.pending.insert(package);
            }
            Event::Completed { accession, package, inventory, content, files, bytes } => {
                self.announced.insert(package);
                self.pending.remove(&package);
                self.completed.insert(package, Commit { package, accession, inventory, content, files, bytes });
            }
            Event::Abandoned { package, .. } => {
                self.pending.remove(&package);
                // What lies in its place is not what was announced.
                if !self.completed.contains_key(&package) {
                    self.announced.remove(&package);
                }
            }
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
                self.completed.remove(&disposal.package);
                self.disposed.insert(disposal.package, (disposal, tombstone));
            }
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

    fn marker(&self, archive: &Archive, audited: &mut Audited) {
        let marker = archive.marker();
        let said = (marker.id.to_string(), marker.format, marker.isil.clone());
        let words = |(id, format, isil): &(String, u32, Option<String>)| {
            let isil = isil.as_deref().unwrap_or_default();
            format!("id {id}, format {format}, isil {isil}").trim_end_matches(", isil ").to_owned()
        };
        let is_said = |created: &(String, u32, Option<String>)| {
            *created == said || (created.0 == said.0 && created.2 == said.2 && self.migrating == Some(said.1))
        };
        if let Some(created) = self.created.as_ref().filter(|created| !is_said(created)) {
            let finding = Finding::new(Code::MarkerDiffers).file(marker::FILE);
            audited.findings.push(finding.value(words(&said)).expected(words(created)));
        }
    }
}

fn packages(
    archive: &Archive,
    before: &Told,
    after: &Told,
    stored: &mut BTreeMap<String, String>,
    watch: Watch<'_>,
    audited: &mut Audited,
    each: &mut impl FnMut(Judged),
) -> Result<BTreeSet<PackageId>, ArchiveError> {
    let mut damaged = BTreeSet::new();
    let (files, bytes) = before.completed.values().fold((0, 0), |(f, b), commit| (f + commit.files, b + commit.bytes));
    watch.progress.report(Progress::Started { stage: Stage::Verifying, files, bytes });
    for commit in before.completed.values() {
        watch.cancel.check()?;
        let id = Archive::object_id(commit.package);
        let place = stored.remove(&id).unwrap_or_else(|| archive.store.place(&id));
        let place = format!("{}/{place}", marker::STORE);
        let judged = archive.judge_now(commit.package, &commit.inventory, &place, watch)?;
        audited.packages += 1;
        audited.bytes += commit.bytes;
        audited.permission |= judged.permission;
        let errors = judged.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        audited.errors += errors as u64;
        if judged.findings.iter().any(|finding| finding.code == Code::PackageMissing) {
            audited.missing += 1;
        } else if judged.verdict != Verdict::Conforms && !judged.permission {
            audited.damaged += 1;
        }
        if judged.verdict != Verdict::Conforms {
            damaged.insert(commit.package);
        }
        each(judged);
    }
    for package in &after.pending {
        audited.findings.push(Finding::new(Code::PackagePending).value(package.to_string()));
    }
    for package in &after.disposing {
        audited.findings.push(Finding::new(Code::DisposalPending).value(package.to_string()));
    }
    watch.progress.report(Progress::Finished);
    Ok(damaged)
}

/// Checks the objects of the accessions: they are there, and every file in them is as it was.
fn accessions(
    archive: &Archive,
    told: &Told,
    stored: &mut BTreeMap<String, String>,
    watch: Watch<'_>,
    audited: &mut Audited,
) -> Result<(), ArchiveError> {
    for number in told.started.keys().filter(|number| !told.closed.contains_key(*number)) {
        audited.findings.push(Finding::new(Code::AccessionOpen).value(number));
    }
    for (number, inventory) in &told.closed {
        let id = archive.accession_object(number);
        stored.remove(&id);
        let place = format!("{}/{}", marker::STORE, archive.store.place(&id));
        let (findings, permission) = archive.judge_object(&id, inventory, &place, watch)?;
        audited.permission |= permission;
        audited.findings.extend(findings);
    }
    Ok(())
}

/// Compares every row of the catalogue with what the store and the journal say.
fn compare_catalogue(
    archive: &Archive,
    catalogue: &Catalogue,
    before: &Told,
    after: &Told,
    damaged: &BTreeSet<PackageId>,
    audited: &mut Audited,
) -> Result<(), ArchiveError> {
    let row = |code, id: String| Finding::new(code).file(marker::CATALOGUE).value(id);
    let lag = Lag::read(archive, catalogue)?;
    let pending = lag.packages.iter().filter(|package| !after.pending.contains(*package));
    audited.findings.extend(pending.map(|package| Finding::new(Code::PackagePending).value(package.to_string())));
    // A package that is not what was stored says nothing about its row.
    let settled = |commit: &&Commit| {
        let unknown = [&lag.packages, damaged, &after.pending];
        !unknown.iter().any(|packages| packages.contains(&commit.package))
    };
    for commit in before.completed.values().filter(settled) {
        let id = commit.package.to_string();
        let Ok(Some(object)) = archive.store.object(&Archive::object_id(commit.package)) else { continue };
        let differs = match archive.holding(&object, commit) {
            Ok(truth) => catalogue.differences(&truth)?,
            // It was damaged meanwhile.
            Err(_) => continue,
        };
        match differs {
            None => audited.findings.push(row(Code::CatalogueLacks, id)),
            Some(fields) if fields.is_empty() => {}
            // It got another version meanwhile.
            Some(_) if !version::newer(archive, commit.package, &commit.inventory)?.is_empty() => {}
            Some(fields) => audited.findings.push(row(Code::CatalogueDiffers, id).expected(fields.join(", "))),
        }
    }
    for (number, started) in before.started.iter().filter(|(number, _)| !lag.accessions.contains(*number)) {
        let truth = if before.closed.contains_key(number) {
            let Ok(Some(object)) = archive.store.object(&archive.accession_object(number)) else { continue };
            let Ok(accession) = archive.read_accession(&object) else { continue };
            accession
        } else {
            archive.opened(number, *started)
        };
        match catalogue.accession_differences(&truth)? {
            None => audited.findings.push(row(Code::CatalogueLacks, number.clone())),
            Some(fields) if fields.is_empty() => {}
            // A run that goes on may have closed it in the meantime.
            Some(_) if !before.closed.contains_key(number) && Told::read(archive)?.closed.contains_key(number) => {}
            Some(fields) => {
                audited.findings.push(row(Code::CatalogueDiffers, number.clone()).expected(fields.join(", ")));
            }
        }
    }
    surplus(archive, catalogue, audited)
}

/// Names the rows that the journal does not know.
fn surplus(archive: &Archive, catalogue: &Catalogue, audited: &mut Audited) -> Result<(), ArchiveError> {
    let mut packages = Vec::new();
    catalogue.list(&Filter::default(), |holding| {
        packages.push(holding.id);
        true
    })?;
    let mut accessions = Vec::new();
    catalogue.accessions(|accession| {
        accessions.push(accession.number);
        true
    })?;
    // A row is written after its entry: the entry of every row that was read is there now, also while a run goes on.
    let told = Told::read(archive)?;
    packages.retain(|id| !told.completed.contains_key(id));
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
    audited.findings.extend(names.map(|name| Finding::new(Code::CatalogueSurplus).file(marker::CATALOGUE).value(name)));
    Ok(())
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
                Event::Completed { package, .. } => drop(lag.packages.insert(package)),
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

/// Entries between which the catalogue is not told; see [`super::writer::Writer::note`].
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
            | Event::Committing { .. }
            | Event::Disposing { .. }
            | Event::Repairing { .. }
            | Event::Migrating { .. }
            | Event::AccessionClosing { .. } => Self::Announced,
            Event::Published { .. }
            | Event::Completed { .. }
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

impl Audited {
    /// Returns the entry that the journal gets.
    #[must_use]
    pub const fn event(&self) -> Event {
        Event::Audited {
            packages: self.packages,
            bytes: self.bytes,
            damaged: self.damaged,
            missing: self.missing,
            unknown: self.unknown,
            errors: self.errors,
        }
    }
}
