//! Makes submission packages (SIP), or bags; no archive is needed.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::bag::{self, Bagging};
use super::choice::{self, Choice};
use super::delivery::{Delivery, Input, Item, Outcome, Terms};
use super::read_back::prove_made;
use super::report::{DeliveryReport, Failure, Fate, RecordReport, Space, changed};
use super::{ArchiveError, examine, holding, marker};
use crate::io::durable;
use crate::model::content::ReadFault;
use crate::model::finding::{Code, Finding};
use crate::model::package::{PackageId, PackageKind};
use crate::model::record::{ClosureFacts, Description, Record};
use crate::package::container::{Container, Finished, WriteError, file_name};
use crate::package::eark::compose::{self, Order};
use crate::package::eark::mets::RecordStatus;
use crate::package::eark::{Attachment, Provenance, REPRESENTATION, Rights};
use crate::package::payload::{Digests, digest};
use crate::package::reader::{PackageError, PackageReader};
use crate::profile::Digest;
use crate::store::StoreError;
use crate::task::{Event, Stage, Watch};

/// A group is closed at so many records or bytes.
const GROUP: (usize, u64) = (256, 256 << 20);

/// What is made of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Format {
    /// An E-ARK SIP.
    #[default]
    Eark,
    /// A bag.
    Bagit(Bagging),
}

/// Where packages are written and what they are to be.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The folder that they are written to.
    pub out: &'a Path,
    /// What is made of a record.
    pub format: &'a Format,
    /// Whether nothing is written, only told.
    pub dry_run: bool,
}

/// Packs the deliveries at `sources`; `each` takes the report of every delivery as it is done.
pub fn pack(
    sources: &[PathBuf],
    target: Target<'_>,
    terms: &Choice,
    watch: Watch<'_>,
    mut each: impl FnMut(Outcome),
) -> Result<(), ArchiveError> {
    let Target { out, dry_run, .. } = target;
    choice::look(sources, None)?;
    if !dry_run {
        durable::create_missing(out).map_err(ArchiveError::io(out))?;
    }
    for path in sources {
        let Some(delivery) = choice::open_or_tell(path, terms, watch, &mut each)? else { continue };
        let mut report = DeliveryReport::new(&delivery);
        let maker = Maker::new(&delivery.terms, &delivery, None);
        let packing = Packing { maker, delivery: &delivery, to: target, watch };
        watch.progress.report(Event::Started { stage: Stage::Packing, files: 0, bytes: 0 });
        let (mut group, mut bytes) = (Vec::new(), 0);
        for item in &delivery.items {
            watch.cancel.check()?;
            let input = delivery.input(item, watch)?;
            let record = RecordReport::of(item, &input);
            let (more, room) = came_along(&input);
            watch.progress.report(Event::Extended { files: record.files + more, bytes: record.bytes + room });
            bytes += record.bytes + room;
            group.push(Job { item, input, report: record });
            // A big one takes others along, so that no processor is idle.
            if group.len() >= GROUP.0 || (bytes >= GROUP.1 && group.len() >= rayon::current_num_threads()) {
                packing.group(&mut group)?;
                report.records.extend(group.drain(..).map(|job| job.report));
                bytes = 0;
            }
        }
        packing.group(&mut group)?;
        report.records.extend(group.into_iter().map(|job| job.report));
        watch.progress.report(Event::Finished);
        each(Ok(report));
    }
    Ok(())
}

/// A record with what is known of it so far.
struct Job<'j> {
    item: &'j Item,
    input: Input<'j>,
    report: RecordReport,
}

/// A package that was written and is not published.
struct Prepared {
    finished: Finished,
    made: Made,
}

/// One delivery being packed: the packages of a group are written side by side, made durable together, read back, and published
/// one after the other.
struct Packing<'p> {
    maker: Maker<'p>,
    delivery: &'p Delivery,
    to: Target<'p>,
    watch: Watch<'p>,
}

impl Packing<'_> {
    /// Packs the records of a group; each is told what became of it.
    fn group(&self, jobs: &mut [Job<'_>]) -> Result<(), ArchiveError> {
        let mut new = Vec::new();
        for (index, job) in jobs.iter_mut().enumerate().filter(|(_, job)| job.report.fate == Fate::Planned) {
            if self.is_new(job)? {
                new.push(index);
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        let result = self.write(jobs, &new);
        let removed = new.iter().try_for_each(|index| {
            let staging = staging(self.to.out, jobs[*index].item.id);
            durable::remove_tree(&staging).map_err(ArchiveError::io(&staging))
        });
        result?;
        removed
    }

    /// Returns whether the package is to be written; else the report says why not.
    fn is_new(&self, job: &mut Job<'_>) -> Result<bool, ArchiveError> {
        let target = self.target(job.item);
        job.report.place = target.to_string_lossy().into_owned();
        if !self.to.dry_run {
            // What an interrupted run of the same call left gives way.
            let staging = staging(self.to.out, job.item.id);
            durable::remove_tree(&staging).map_err(ArchiveError::io(&staging))?;
        }
        if target.symlink_metadata().is_err() {
            return Ok(!self.to.dry_run);
        }
        let compared =
            compare(self.delivery, job.item, &job.input, &target, self.to.format, self.watch).map(|(fate, content)| {
                job.report.content = content;
                fate
            });
        job.report.fate = settle(compared, &job.input, self.to.out, &mut job.report)?;
        Ok(false)
    }

    fn target(&self, item: &Item) -> PathBuf {
        self.to.out.join(file_name(item.id, self.maker.terms.form))
    }

    fn write(&self, jobs: &mut [Job<'_>], new: &[usize]) -> Result<(), ArchiveError> {
        let fail = |job: &mut Job<'_>, error| {
            job.report.fate = settle(Err(error), &job.input, self.to.out, &mut job.report)?;
            Ok::<(), ArchiveError>(())
        };
        let staged: Vec<Result<Prepared, ArchiveError>> = {
            let jobs = &*jobs;
            new.par_iter().map(|index| self.stage(&jobs[*index])).collect()
        };
        // What may not be durable is not published; it is tried again with the next call.
        let synced = durable::sync_file_system(self.to.out);
        let ready: Vec<Result<Prepared, ArchiveError>> = {
            let jobs = &*jobs;
            let back = |(index, staged): (&usize, Result<Prepared, ArchiveError>)| {
                let prepared = staged?;
                self.is_durable(&synced)?;
                prove_made(&prepared.finished, &prepared.made, prepared.made.files(&jobs[*index].input), self.watch)?;
                Ok(prepared)
            };
            new.par_iter().zip(staged).map(back).collect()
        };
        let mut published = Vec::new();
        for (index, result) in new.iter().zip(ready) {
            let job = &mut jobs[*index];
            let target = self.target(job.item);
            let done = result.and_then(|prepared| {
                durable::publish(&prepared.finished.path, &target).map_err(ArchiveError::io(&target))?;
                Ok(prepared.made.content)
            });
            match done {
                Ok(content) => published.push((*index, content)),
                Err(error) => fail(job, error)?,
            }
        }
        let synced = durable::sync_folder(self.to.out);
        for (index, content) in published {
            match self.is_durable(&synced) {
                Ok(()) => (jobs[index].report.fate, jobs[index].report.content) = (Fate::Packed, content),
                Err(error) => fail(&mut jobs[index], error)?,
            }
        }
        Ok(())
    }

    /// Returns what a call that made all packages of a group durable came to for each of them.
    fn is_durable(&self, synced: &std::io::Result<()>) -> Result<(), ArchiveError> {
        let again = |error: &std::io::Error| {
            error.raw_os_error().map_or_else(|| error.kind().into(), std::io::Error::from_raw_os_error)
        };
        synced.as_ref().map_or_else(|error| Err(ArchiveError::io(self.to.out)(again(error))), |()| Ok(()))
    }

    /// Writes one package into a folder of its own.
    fn stage(&self, job: &Job<'_>) -> Result<Prepared, ArchiveError> {
        let staging = staging(self.to.out, job.item.id);
        durable::create_folder(&staging).map_err(ArchiveError::io(&staging))?;
        let mut container = Container::create(&staging, job.item.id, self.maker.terms.form)?;
        let (item, input, delivery) = (job.item, &job.input, self.delivery);
        let made = match self.to.format {
            Format::Eark => {
                self.maker.make(&mut container, delivery, item.id, PackageKind::Sip, input, None, self.watch)?
            }
            Format::Bagit(bagging) => bagging.make(&mut container, &self.maker, delivery, item, input, self.watch)?,
        };
        Ok(Prepared { finished: container.finish()?, made })
    }
}

/// Turns what concerns one record only into its fate; everything else ends the run.
pub(super) fn settle(
    result: Result<Fate, ArchiveError>,
    input: &Input<'_>,
    target: &Path,
    report: &mut RecordReport,
) -> Result<Fate, ArchiveError> {
    let failure = |path: PathBuf, source: &std::io::Error| {
        let needed = match input {
            Input::Record(record) => record.bytes(),
            Input::Submission(submission) => submission.reader.parts().iter().map(|part| part.size).sum(),
        };
        let full = matches!(source.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
        let space = full.then(|| durable::free_bytes(target).ok().map(|free| Space { needed, free })).flatten();
        Fate::Failed(Failure { path, error: source.to_string(), kind: source.kind(), space })
    };
    match result {
        Ok(fate) => Ok(fate),
        Err(ArchiveError::Write(WriteError::Cancelled(stopped))) => Err(stopped.into()),
        Err(ArchiveError::Write(WriteError::Source { path, fault })) => {
            report.exceptions.push(changed(&path, fault.reason()));
            // The entry counts as an exception now.
            if let Input::Record(record) = input
                && let Some(file) = record.files.iter().find(|file| *file.path == *path)
            {
                report.files -= 1;
                report.bytes -= file.size;
            }
            Ok(Fate::Refused)
        }
        Err(
            ArchiveError::Write(WriteError::Io { path, source })
            | ArchiveError::Store(StoreError::Io { path, source })
            | ArchiveError::Package(PackageError::Io { path, source })
            | ArchiveError::Io { path, source },
        ) => Ok(failure(path, &source)),
        Err(ArchiveError::Store(StoreError::Taken { id, place })) => {
            // The journal does not know it, else it would have been compared.
            let place = format!("{}/{place}", marker::STORE);
            report.findings.push(Finding::new(Code::PackageUnknown).file(place).value(id));
            Ok(Fate::Refused)
        }
        Err(ArchiveError::NotAsWritten { path }) => {
            let source = std::io::Error::other("read back other bytes than were written");
            Ok(failure(path, &source))
        }
        Err(error) => Err(error),
    }
}

/// Metadata files of the source and their bytes: they are written and read back like payload, and not counted with it.
pub(super) fn came_along(input: &Input<'_>) -> (u64, u64) {
    match input {
        Input::Record(record) => (record.metadata.len() as u64, record.metadata.iter().map(|file| file.size).sum()),
        Input::Submission(_) => (0, 0),
    }
}

fn staging(out: &Path, id: PackageId) -> PathBuf {
    out.join(format!(".earchiv-{id}"))
}

/// Computes the content digest of what would be made of `input`, without writing anything.
pub(super) fn content_of(delivery: &Delivery, input: &Input<'_>, watch: Watch<'_>) -> Result<String, ArchiveError> {
    match input {
        Input::Record(record) => {
            let metadata = digest(&record.metadata, delivery.content(), watch)?;
            let sums = digest(&record.files, delivery.content(), watch)?;
            Ok(compose::content_digest(record, &metadata, &sums))
        }
        Input::Submission(submission) => Ok(examine::content(&submission.reader, &submission.description, watch)?),
    }
}

/// Compares the record with the package that is there already.
fn compare(
    delivery: &Delivery,
    item: &Item,
    input: &Input<'_>,
    target: &Path,
    format: &Format,
    watch: Watch<'_>,
) -> Result<(Fate, String), ArchiveError> {
    let delivered = content_of(delivery, input, watch)?;
    let fate = |stored| {
        if stored == delivered { Fate::AlreadyPacked } else { Fate::Conflict { stored, delivered: delivered.clone() } }
    };
    if matches!(format, Format::Bagit(_)) {
        let record = match input {
            Input::Record(record) => Some(&**record),
            Input::Submission(_) => None,
        };
        let fate = fate(bag::content(target, item.id, record, watch)?);
        return Ok((fate, delivered));
    }
    let there = PackageReader::open(target).map(|reader| {
        let summary = holding::head(&reader).ok();
        let description = summary.and_then(|summary| examine::describe(&reader, &summary).ok());
        (reader, description)
    });
    let stored = match there {
        Ok((reader, Some(description))) => examine::content(&reader, &description, watch)?,
        // What cannot be read is not the same.
        _ => String::new(),
    };
    let fate = fate(stored);
    Ok((fate, delivered))
}

/// Makes packages of one delivery.
pub(super) struct Maker<'a> {
    pub(super) terms: &'a Terms,
    provenance: Provenance,
    attachments: Vec<Attachment>,
}

/// What was made.
pub(super) struct Made {
    /// The folder of `files` in the package.
    pub(super) base: String,
    /// For submissions, the files that were taken over; for bags, those of the record by their names there.
    pub(super) kept: Vec<crate::model::record::SourceFile>,
    pub(super) sums: Vec<crate::model::checksum::Sha256Sum>,
    pub(super) others: Vec<crate::package::container::Packed>,
    pub(super) content: String,
}

impl Made {
    /// Returns the files of others in the package that was made of `input`, sorted by path.
    pub(super) fn files<'m>(&'m self, input: &'m Input<'_>) -> &'m [crate::model::record::SourceFile] {
        match input {
            Input::Record(record) if self.kept.is_empty() => &record.files,
            _ => &self.kept,
        }
    }
}

impl<'a> Maker<'a> {
    pub(super) fn new(terms: &'a Terms, delivery: &Delivery, archive: Option<&super::Archive>) -> Self {
        let mut provenance = terms.provenance(&delivery.name, archive);
        provenance.producer.clone_from(&delivery.producer);
        let crate::source::Origin { system, process, .. } = delivery.origin();
        (provenance.system, provenance.process) = (system, process);
        Self { terms, provenance, attachments: terms.attachments() }
    }

    /// Writes the package of `input` into `container`.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn make(
        &self,
        container: &mut Container,
        delivery: &Delivery,
        id: PackageId,
        kind: PackageKind,
        input: &Input<'_>,
        accession: Option<&str>,
        watch: Watch<'_>,
    ) -> Result<Made, ArchiveError> {
        let provenance = Provenance { accession: accession.map(str::to_owned), ..self.provenance.clone() };
        match input {
            Input::Record(record) => {
                let provenance = Provenance { creator: record.description.creator.clone(), ..provenance };
                let rights = self.terms.statements(&record.closure, &record.description, &[]);
                let order = self.order(id, kind, &provenance, &rights);
                let content = delivery.content();
                let written = compose::write(container, &order, record, content, watch)?;
                if let Some(path) = delivery.appeared(record, watch).map_err(WriteError::Cancelled)? {
                    return Err(WriteError::Source { path: path.into(), fault: ReadFault::Changed }.into());
                }
                Ok(Made {
                    base: compose::data_folder(REPRESENTATION),
                    kept: Vec::new(),
                    sums: written.payload,
                    others: written.others,
                    content: written.content,
                })
            }
            Input::Submission(submission) => {
                let summary = &submission.examined.summary;
                let stated = holding::stated(&submission.reader)?;
                let facts = ClosureFacts::default();
                let rights = self.terms.statements(&facts, &submission.description, &stated);
                let process = summary.alternative("PROCESS").unwrap_or_default().to_owned();
                let provenance = Provenance { system: summary.system().to_owned(), process, ..provenance };
                let mut order = self.order(id, kind, &provenance, &rights);
                order.category = &summary.category;
                order.information_type = &summary.information_type;
                submission.derive(container, &order, watch)
            }
        }
    }

    /// Writes the package of `record` that comes to package `id` as a supplement; `said` is what is said of that package.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn supplement(
        &self,
        container: &mut Container,
        delivery: &Delivery,
        id: PackageId,
        record: &Record,
        said: &Description,
        (representation, accession): (&str, &str),
        watch: Watch<'_>,
    ) -> Result<Made, ArchiveError> {
        let (accession, creator) = (Some(accession.to_owned()), said.creator.clone());
        let provenance = Provenance { creator, accession, ..self.provenance.clone() };
        let rights = self.terms.statements(&record.closure, &record.description, &[]);
        let order = self.order(id, PackageKind::Aip, &provenance, &rights);
        let order = Order { status: RecordStatus::Supplement, representation, ..order };
        let told = Record { description: said.clone(), ..record.clone() };
        let written = compose::write(container, &order, &told, delivery.content(), watch)?;
        // The delivery is known again by what it says itself, whatever is said of the package meanwhile.
        let metadata: Vec<_> = written.others.iter().take(record.metadata.len()).map(|file| file.sum).collect();
        Ok(Made {
            base: compose::data_folder(representation),
            kept: Vec::new(),
            content: compose::content_digest(record, &metadata, &written.payload),
            sums: written.payload,
            others: written.others,
        })
    }

    fn order<'o>(
        &'o self,
        id: PackageId,
        kind: PackageKind,
        provenance: &'o Provenance,
        rights: &'o [Rights],
    ) -> Order<'o> {
        let package = &self.terms.profile.package;
        Order {
            id,
            kind,
            created: self.terms.created,
            category: package.content_category.as_str(),
            information_type: package.content_information_type.as_str(),
            provenance,
            digests: if package.digests.contains(&Digest::Sha512) { Digests::Both } else { Digests::Short },
            rights,
            attachments: &self.attachments,
            status: RecordStatus::New,
            representation: REPRESENTATION,
        }
    }
}
