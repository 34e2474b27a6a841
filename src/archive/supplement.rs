//! Takes files over that belong to a stored package and came later: a delivery of its own, stored as a further version.

use std::path::Path;

use super::agency::Correspondence;
use super::choice::{self, Choice};
use super::delivery::{Contents, Delivery, Input, Outcome};
use super::ingest::Run;
use super::pack::{came_along, content_of, settle};
use super::read_back::Meant;
use super::receipt::Render;
use super::report::{DeliveryReport, Fate, RecordReport};
use super::version::{Current, Next, Sealed};
use super::writer::Writer;
use super::{Archive, ArchiveError, outbox};
use crate::journal::{self, Change, Event};
use crate::model::package::PackageId;
use crate::model::record::Record;
use crate::task::{Event as Progress, Stage, Watch};

/// Takes the delivery at `source` over as a supplement to package `id`; `each` takes its report.
#[allow(clippy::too_many_arguments)]
pub fn supplement(
    writer: &mut Writer<'_>,
    id: PackageId,
    source: &Path,
    terms: &Choice,
    render: &dyn Render,
    letters: Correspondence<'_>,
    watch: Watch<'_>,
    mut each: impl FnMut(Outcome),
) -> Result<(), ArchiveError> {
    let archive = writer.archive;
    let current = ready(archive, id, source, watch)?;
    archive.rehearse(&current)?;
    if let Some(folder) = letters.outbox {
        outbox::ready(folder, archive.root())?;
    }
    let Some(delivery) = open(source, terms, &current, watch, &mut each)? else { return Ok(()) };
    let report = Run::new(writer, &delivery, render, letters, watch)?.supplement(&current)?;
    each(Ok(report));
    Ok(())
}

/// Says what [`supplement()`] would do, without writing anything.
pub fn plan(
    archive: &Archive,
    id: PackageId,
    source: &Path,
    terms: &Choice,
    watch: Watch<'_>,
    mut each: impl FnMut(Outcome),
) -> Result<(), ArchiveError> {
    let current = ready(archive, id, source, watch)?;
    let Some(delivery) = open(source, terms, &current, watch, &mut each)? else { return Ok(()) };
    let mut report = DeliveryReport::new(&delivery);
    for item in &delivery.items {
        let input = delivery.input(item, watch)?;
        let mut record = RecordReport::of(item, &input);
        if record.fate == Fate::Planned {
            let result = compare(archive, &current, &delivery, &input, watch, &mut record);
            record.fate = settle(result, &input, archive.root(), &mut record)?;
        }
        report.records.push(record);
    }
    each(Ok(report));
    Ok(())
}

/// Looks at all that has to be in order before anything of the delivery is read.
fn ready(archive: &Archive, id: PackageId, source: &Path, watch: Watch<'_>) -> Result<Current, ArchiveError> {
    archive.require_changeable()?;
    choice::look(&[source.to_owned()], Some(archive))?;
    archive.current(id, watch)
}

/// Opens the delivery, which must be exactly one record; its package is the one that it supplements.
fn open(
    source: &Path,
    terms: &Choice,
    current: &Current,
    watch: Watch<'_>,
    each: &mut impl FnMut(Outcome),
) -> Result<Option<Delivery>, ArchiveError> {
    let terms = terms.supplementing(&current.description.producer);
    let Some(mut delivery) = choice::open_or_tell(source, &terms, watch, each)? else { return Ok(None) };
    let path = source.to_owned();
    if matches!(delivery.kind, Contents::Submissions(_)) {
        return Err(ArchiveError::NotOne { path, records: None });
    }
    match &mut delivery.items[..] {
        [item] => item.id = current.id,
        items => return Err(ArchiveError::NotOne { path, records: Some(items.len()) }),
    }
    Ok(Some(delivery))
}

/// Compares the record with what the package got before.
fn compare(
    archive: &Archive,
    current: &Current,
    delivery: &Delivery,
    input: &Input<'_>,
    watch: Watch<'_>,
    report: &mut RecordReport,
) -> Result<Fate, ArchiveError> {
    let delivered = content_of(delivery, input, watch)?;
    report.place = current.place();
    report.content.clone_from(&delivered);
    let Some(accession) = brought(archive, current, &delivered)? else { return Ok(Fate::Planned) };
    report.accession = accession;
    report.inventory.clone_from(&current.commit.inventory);
    Ok(Fate::AlreadyStored)
}

/// Returns the accession that brought what has the content digest `content` to the package: with its first version, or as a
/// supplement.
fn brought(archive: &Archive, current: &Current, content: &str) -> Result<Option<String>, ArchiveError> {
    if current.commit.content == content {
        return Ok(Some(current.commit.accession.clone()));
    }
    let (mut announced, mut brought) = (None, None);
    for entry in journal::entries(&archive.journal())? {
        match entry?.event {
            Event::Amending { package, content: found, accession, .. } if package == current.id => {
                announced = accession.filter(|_| found == content);
            }
            Event::Completed(commit) if commit.package == current.id => brought = announced.take().or(brought),
            Event::Abandoned { package, .. } if package == current.id => announced = None,
            _ => {}
        }
    }
    Ok(brought)
}

impl Run<'_, '_> {
    /// Takes the one record of the delivery over as a supplement to the package.
    fn supplement(mut self, current: &Current) -> Result<DeliveryReport, ArchiveError> {
        self.watch.progress.report(Progress::Started { stage: Stage::Packing, files: 0, bytes: 0 });
        let events = self.answers.received()?;
        self.journal(&events)?;
        let delivery = self.delivery;
        for item in &delivery.items {
            self.watch.cancel.check()?;
            let input = delivery.input(item, self.watch)?;
            let mut report = RecordReport::of(item, &input);
            let (more, room) = came_along(&input);
            let extended = Progress::Extended { files: (report.files + more) * 3, bytes: (report.bytes + room) * 3 };
            self.watch.progress.report(extended);
            if report.fate == Fate::Planned {
                let archive = self.writer.archive;
                let result = compare(archive, current, delivery, &input, self.watch, &mut report);
                report.fate = settle(result, &input, archive.root(), &mut report)?;
            }
            if let (Fate::Planned, Input::Record(record)) = (&report.fate, &input) {
                let number = self.begin()?;
                match self.sealed(current, record, &number) {
                    Ok((sealed, next)) => self.publish_supplement(current, sealed, &next, &mut report)?,
                    Err(error) => report.fate = settle(Err(error), &input, self.writer.archive.root(), &mut report)?,
                }
            }
            self.tell(report, &input)?;
        }
        self.finish()
    }

    /// Makes the new object with the package of `record`; nothing is announced yet.
    fn sealed(&self, current: &Current, record: &Record, number: &str) -> Result<(Sealed, Next), ArchiveError> {
        let (archive, watch) = (self.writer.archive, self.watch);
        let (staged, mut container) = archive.stage_next(current)?;
        let names = (&*representation(current), number);
        let said = &current.description;
        let made = self.maker.supplement(&mut container, self.delivery, current.id, record, said, names, watch)?;
        let part = container.finish()?;
        let mut others = made.others.clone();
        others.sort_by(|a, b| a.path.cmp(&b.path));
        let meant = Meant { base: &made.base, files: &record.files, sums: &made.sums, others: &others };
        let next = Next {
            change: Change::Supplement,
            accession: Some(number.to_owned()),
            content: made.content,
            files: record.files.len() as u64,
            bytes: record.bytes(),
            message: format!("Accession {number}"),
            created: self.terms.created,
        };
        Ok((archive.seal_next(current, staged, &part, meant, &next, watch)?, next))
    }

    fn publish_supplement(
        &mut self,
        current: &Current,
        sealed: Sealed,
        next: &Next,
        report: &mut RecordReport,
    ) -> Result<(), ArchiveError> {
        let holding = self.writer.publish_next(current, sealed, next)?;
        report.accession = next.accession.clone().unwrap_or_default();
        (report.fate, report.place, report.content) = (Fate::Stored, holding.place, next.content.clone());
        report.inventory = holding.inventory;
        (report.about.closure, report.about.retention_end) = (Some(holding.closure), holding.retention_end);
        Ok(())
    }
}

/// Returns a name for the representation of a supplement that no part of the package uses (AIP2), whatever the case.
fn representation(current: &Current) -> String {
    let taken = |name: &str| {
        let names = current.reader.parts().iter().filter_map(|part| part.path.strip_prefix("representations/"));
        names.filter_map(|path| path.split('/').next()).any(|known| known.eq_ignore_ascii_case(name))
    };
    let mut number = current.next();
    while taken(&format!("rep{number}")) {
        number += 1;
    }
    format!("rep{number}")
}
