//! Takes deliveries over: packs them, stores the packages, reads them back, records them.
//!
//! Records go in groups: all packages of a group are written and synced together, then read back, then announced in the
//! journal, then published, and only when journal and catalogue know them are they reported as stored. A run that ends
//! at any point is settled by the next one, see [`super::writer`].

use std::collections::BTreeSet;
use std::path::PathBuf;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::agency::{Answers, Correspondence, DecisionList};
use super::choice::{self, Choice};
use super::delivery::{Delivery, Input, Item, Outcome, Terms};
use super::holding;
use super::known::Gone;
use super::pack::{Made, Maker, came_along, content_of, settle};
use super::read_back::{Back, as_sealed, read_back_made};
use super::receipt::{self, Closing, Entries, Render};
use super::report::{DeliveryReport, Equal, Fate, RecordReport};
use super::writer::{Open, Writer};
use super::{Archive, ArchiveError, outbox};
use crate::io::durable;
use crate::journal::Event;
use crate::model::checksum::hex;
use crate::model::finding::Verdict;
use crate::model::package::Commit;
use crate::model::package::{Holding, PackageKind};
use crate::model::time::Timestamp;
use crate::package::container::{Container, Finished};
use crate::store::Staged;
use crate::task::{Event as Progress, Stage, Watch};

/// A group is closed at so many records or bytes.
const GROUP: (usize, u64) = (256, 256 << 20);

/// How many packages of equal content are named at most.
const EQUAL: u32 = 5;

/// Takes the deliveries at `sources` over into the archive; `each` takes the report of every delivery as it is done.
pub fn ingest(
    writer: &mut Writer<'_>,
    sources: &[PathBuf],
    terms: &Choice,
    render: &dyn Render,
    letters: Correspondence<'_>,
    watch: Watch<'_>,
    mut each: impl FnMut(Outcome),
) -> Result<(), ArchiveError> {
    choice::look(sources, Some(writer.archive))?;
    if let Some(folder) = letters.outbox {
        outbox::ready(folder, writer.archive.root())?;
    }
    let mut run = |delivery: &Delivery| Run::new(writer, delivery, render, letters, watch)?.all();
    let mut held: Option<Delivery> = None;
    for path in sources {
        let Some(next) = choice::open_or_tell(path, terms, watch, &mut each)? else { continue };
        // SIPs of one delivery are one accession, so a delivery begins only when the next turns out to be another.
        held = match held.take() {
            None => Some(next),
            Some(mut delivery) => match delivery.absorb(next) {
                None => Some(delivery),
                Some(next) => {
                    each(Ok(run(&delivery)?));
                    Some(next)
                }
            },
        };
    }
    if let Some(delivery) = held {
        each(Ok(run(&delivery)?));
    }
    Ok(())
}

/// Compares a record with the package of the same identity that is held already.
pub(super) fn compare(
    delivery: &Delivery,
    input: &Input<'_>,
    held: &Holding,
    watch: Watch<'_>,
    report: &mut RecordReport,
) -> Result<Fate, ArchiveError> {
    let delivered = content_of(delivery, input, watch)?;
    report.place.clone_from(&held.place);
    report.inventory.clone_from(&held.inventory);
    report.about.closure = Some(held.closure.clone());
    report.about.retention_end.clone_from(&held.retention_end);
    report.accession.clone_from(&held.accession);
    report.content.clone_from(&delivered);
    Ok(if delivered == held.content {
        Fate::AlreadyStored
    } else {
        Fate::Conflict { stored: held.content.clone(), delivered }
    })
}

/// One delivery being taken over.
pub(super) struct Run<'r, 'a> {
    pub(super) writer: &'r mut Writer<'a>,
    pub(super) delivery: &'r Delivery,
    pub(super) terms: &'r Terms,
    pub(super) render: &'r dyn Render,
    pub(super) maker: Maker<'r>,
    pub(super) watch: Watch<'r>,
    pub(super) report: DeliveryReport,
    pub(super) entries: Entries,
    pub(super) answers: Answers<'r>,
    /// The accession, once it is begun.
    pub(super) accession: Option<Open>,
    pub(super) gone: Gone,
}

/// A record with what is known of it so far.
struct Job<'j> {
    item: &'j Item,
    input: Input<'j>,
    report: RecordReport,
}

/// A package that was staged.
struct Prepared {
    staged: Staged,
    finished: Finished,
    made: Made,
    /// The checksums of its files, known after they were read back.
    back: Back,
    inventory: String,
}

impl<'r, 'a> Run<'r, 'a> {
    pub(super) fn new(
        writer: &'r mut Writer<'a>,
        delivery: &'r Delivery,
        render: &'r dyn Render,
        letters: Correspondence<'r>,
        watch: Watch<'r>,
    ) -> Result<Self, ArchiveError> {
        let terms = &*delivery.terms;
        let maker = Maker::new(terms, delivery, Some(writer.archive));
        let accession = writer.open_accession(delivery.identity())?;
        let entries = Entries::begin(&writer.archive.staging())?;
        let report = DeliveryReport::new(delivery);
        let answers = Answers::new(delivery, writer.archive, letters);
        let gone = Gone::default();
        Ok(Self { writer, delivery, terms, render, maker, watch, report, entries, answers, accession, gone })
    }

    fn all(mut self) -> Result<DeliveryReport, ArchiveError> {
        self.watch.progress.report(Progress::Started { stage: Stage::Packing, files: 0, bytes: 0 });
        let delivery = self.delivery;
        let events = self.answers.received()?;
        self.journal(&events)?;
        let mut group = Vec::new();
        let mut bytes = 0;
        for item in &delivery.items {
            self.watch.cancel.check()?;
            let input = delivery.input(item, self.watch)?;
            let report = RecordReport::of(item, &input);
            let (more, room) = came_along(&input);
            let extended = Progress::Extended { files: (report.files + more) * 2, bytes: (report.bytes + room) * 2 };
            self.watch.progress.report(extended);
            bytes += report.bytes + room;
            group.push(Job { item, input, report });
            // A big one takes others along, so that no processor is idle.
            if group.len() >= GROUP.0 || (bytes >= GROUP.1 && group.len() >= rayon::current_num_threads()) {
                self.group(std::mem::take(&mut group))?;
                bytes = 0;
            }
        }
        self.group(group)?;
        self.finish()
    }

    /// Tells what became of the delivery: to the agency, and in the accession, which is closed.
    pub(super) fn finish(mut self) -> Result<DeliveryReport, ArchiveError> {
        self.watch.progress.report(Progress::Finished);
        self.entries.leftovers(&self.report)?;
        // All packages are stored and were read back, or are not: now the agency may know.
        let events = self.answers.imported()?;
        self.journal(&events)?;
        self.report.released = self.answers.released;
        self.report.answers = std::mem::take(&mut self.answers.reports);
        self.report.findings.append(&mut self.answers.findings);
        if let Some(open) = self.accession.take() {
            self.report.accession = Some(open.number.clone());
            if self.report.records_by_state().failed > 0 {
                // The same command again goes on with this accession, so it is not closed yet.
                return Ok(self.report);
            }
            let mut beside = std::mem::take(&mut self.answers.kept);
            beside.extend(self.terms.decisions.as_ref().map(DecisionList::attachment));
            let closing = Closing {
                open: &open,
                delivery: self.delivery,
                terms: self.terms,
                report: &self.report,
                beside: &beside,
            };
            receipt::close(self.entries, self.writer, &closing, self.render, self.watch)?;
        }
        Ok(self.report)
    }

    /// Takes a group of records over; each is reported with what became of it.
    fn group(&mut self, mut jobs: Vec<Job<'r>>) -> Result<(), ArchiveError> {
        let mut new = Vec::new();
        for (index, job) in jobs.iter_mut().enumerate().filter(|(_, job)| job.report.fate == Fate::Planned) {
            match self.writer.catalogue.holding(job.item.id)? {
                None if self.gone.refuse(self.writer.archive, &mut job.report)? => {}
                None => new.push(index),
                Some(held) => {
                    let result = compare(self.delivery, &job.input, &held, self.watch, &mut job.report);
                    job.report.fate = settle(result, &job.input, self.writer.archive.root(), &mut job.report)?;
                    if job.report.fate == Fate::AlreadyStored && !self.delivery.messages().is_empty() {
                        // The agency deletes what it is told is stored: that is read, not believed.
                        let judged = self.writer.archive.judge(&held, self.watch)?;
                        if judged.verdict != Verdict::Conforms {
                            job.report.findings.extend(judged.findings);
                            job.report.fate = Fate::Refused;
                        }
                    }
                }
            }
        }
        if !new.is_empty() {
            let number = self.begin()?;
            self.store(&number, &mut jobs, &new)?;
        }
        for job in jobs {
            self.tell(job.report, &job.input)?;
        }
        Ok(())
    }

    /// Reports a record with what became of it.
    pub(super) fn tell(&mut self, report: RecordReport, input: &Input<'_>) -> Result<(), ArchiveError> {
        let kept = matches!(report.fate, Fate::Stored | Fate::AlreadyStored);
        if kept && self.accession.as_ref().is_some_and(|open| open.number == report.accession) {
            self.report.formats.record(input);
        }
        self.entries.record(&report, input)?;
        self.answers.note(&report, input);
        self.report.records.push(report);
        Ok(())
    }

    pub(super) fn journal(&mut self, events: &[Event]) -> Result<(), ArchiveError> {
        if events.is_empty() { Ok(()) } else { self.writer.note(events, &[], &[]).map(drop) }
    }

    /// Returns the number of the accession and begins it where it is not.
    pub(super) fn begin(&mut self) -> Result<String, ArchiveError> {
        if let Some(open) = &self.accession {
            return Ok(open.number.clone());
        }
        let number = self.writer.next_number(self.terms.created)?;
        let ids: BTreeSet<String> = self.delivery.items.iter().map(|item| item.id.to_string()).collect();
        let digest = ids.iter().fold(Sha256::new(), |hasher, id| hasher.chain_update(id).chain_update("\n"));
        let identity = self.delivery.identity();
        let event = Event::AccessionStarted {
            accession: number.clone(),
            identity,
            packages: ids.len() as u64,
            digest: hex(&digest.finalize()),
        };
        let started = Timestamp::now();
        let row = self.writer.archive.opened(&number, started);
        let events: Vec<Event> = std::iter::once(event).chain(self.delivery.decided.event(&number)).collect();
        self.writer.note(&events, &[], &[row])?;
        self.accession = Some(Open { number: number.clone(), identity, started });
        Ok(number)
    }

    fn store(&mut self, number: &str, jobs: &mut [Job<'r>], new: &[usize]) -> Result<(), ArchiveError> {
        tracing::debug!(accession = number, packages = new.len(), "group begins");
        let archive = self.writer.archive;
        let staged: Vec<(usize, Result<Prepared, ArchiveError>)> = {
            let jobs = &*jobs;
            let stager = self.stager(number);
            new.par_iter().map(|index| (*index, stager.stage(&jobs[*index]))).collect()
        };
        let mut ready = Vec::new();
        for (index, result) in staged {
            match result {
                Ok(prepared) => ready.push((index, prepared)),
                Err(error) => fail(archive, &mut jobs[index], error)?,
            }
        }
        let folder = archive.staging();
        durable::sync_file_system(&folder).map_err(ArchiveError::io(&folder))?;
        let back: Vec<Result<(), ArchiveError>> = {
            let (known, sealer) = (&*jobs, self.stager(number));
            ready.par_iter_mut().map(|(index, prepared)| sealer.seal(prepared, &known[*index].input)).collect()
        };
        let mut sealed = Vec::new();
        for ((index, prepared), result) in ready.into_iter().zip(back) {
            match result {
                Ok(()) => sealed.push((index, prepared)),
                Err(error) => fail(archive, &mut jobs[index], error)?,
            }
        }
        if sealed.is_empty() {
            return Ok(());
        }
        durable::sync_file_system(&folder).map_err(ArchiveError::io(&folder))?;
        let whole: Vec<Result<(), ArchiveError>> =
            sealed.par_iter().map(|(_, prepared)| as_sealed(&prepared.staged, &prepared.inventory)).collect();
        let mut good = Vec::new();
        for ((index, prepared), result) in sealed.into_iter().zip(whole) {
            match result {
                Ok(()) => good.push((index, prepared)),
                Err(error) => fail(archive, &mut jobs[index], error)?,
            }
        }
        if good.is_empty() { Ok(()) } else { self.publish(number, jobs, good) }
    }

    fn stager<'s>(&'s self, number: &'s str) -> Stager<'s> {
        let (archive, maker) = (self.writer.archive, &self.maker);
        Stager { archive, maker, delivery: self.delivery, number, watch: self.watch }
    }

    /// Announces, publishes and records a group of packages that are durable and were read back.
    fn publish(
        &mut self,
        number: &str,
        jobs: &mut [Job<'r>],
        sealed: Vec<(usize, Prepared)>,
    ) -> Result<(), ArchiveError> {
        let archive = self.writer.archive;
        let mut announced = Vec::new();
        let mut commits = Vec::new();
        for (index, prepared) in &sealed {
            let report = &jobs[*index].report;
            let package = jobs[*index].item.id;
            let accession = || number.to_owned();
            let (file, sum) = match &prepared.back.files[..] {
                [(file, sum)] => (file.clone(), sum.hex()),
                _ => ("inventory.json".to_owned(), prepared.inventory.clone()),
            };
            let (files, bytes) = payload(report, prepared, &jobs[*index].input);
            let commit = Commit {
                package,
                accession: accession(),
                inventory: prepared.inventory.clone(),
                content: prepared.made.content.clone(),
                files,
                bytes,
                blocks: prepared.back.blocks.clone(),
            };
            announced.push(Event::Staged { accession: accession(), package });
            announced.push(Event::ReadBack { accession: accession(), package, file, sha512: sum });
            announced.push(Event::Committing(commit.clone()));
            commits.push(commit);
        }
        self.writer.journal.append(&announced)?;
        let mut events = Vec::new();
        let mut holdings = Vec::new();
        let mut done = Vec::new();
        for ((index, prepared), commit) in sealed.into_iter().zip(commits) {
            let holding = holding::read(std::slice::from_ref(&prepared.finished.path), &commit, "");
            let published = holding.and_then(|holding| Ok((holding, archive.store.publish(prepared.staged)?)));
            match published {
                Ok((holding, place)) => {
                    events.push(Event::Published { package: commit.package });
                    events.push(Event::Completed(commit.clone()));
                    let place = format!("{}/{place}", super::marker::STORE);
                    let sum = match &prepared.back.files[..] {
                        [(_, sum)] => sum.hex(),
                        _ => String::new(),
                    };
                    let periods = (holding.closure.clone(), holding.retention_end.clone());
                    done.push((index, place.clone(), commit, sum, periods));
                    holdings.push(Holding { place, ..holding });
                }
                Err(error) => {
                    let reason = "publish".to_owned();
                    let accession = number.to_owned();
                    events.push(Event::Abandoned { accession, package: commit.package, reason });
                    fail(archive, &mut jobs[index], error)?;
                }
            }
        }
        let root = archive.root();
        durable::sync_file_system(root).map_err(ArchiveError::io(root))?;
        self.writer.note(&events, &holdings, &[])?;
        tracing::info!(accession = number, packages = holdings.len(), "group is stored");
        for (index, place, commit, sum, (closure, retention)) in done {
            let report = &mut jobs[index].report;
            number.clone_into(&mut report.accession);
            let equal = self.writer.catalogue.equal(&commit.content, commit.package, EQUAL)?;
            report.equal = equal.into_iter().map(|(package, accession)| Equal { package, accession }).collect();
            (report.fate, report.place, report.content) = (Fate::Stored, place, commit.content);
            (report.inventory, report.sha512) = (commit.inventory, sum);
            (report.about.closure, report.about.retention_end) = (Some(closure), retention);
        }
        Ok(())
    }
}

/// What the workers need that write packages side by side.
#[derive(Clone, Copy)]
struct Stager<'s> {
    archive: &'s Archive,
    maker: &'s Maker<'s>,
    delivery: &'s Delivery,
    number: &'s str,
    watch: Watch<'s>,
}

impl Stager<'_> {
    /// Writes one package into the staging folder.
    fn stage(&self, job: &Job<'_>) -> Result<Prepared, ArchiveError> {
        let (form, id) = (self.maker.terms.form, job.item.id);
        let staged = self.archive.store.stage(&self.archive.staging(), &Archive::object_id(id))?;
        let mut container = Container::for_store(&staged.content(), id, form)?;
        let (kind, number) = (PackageKind::Aip, Some(self.number));
        let made = self.maker.make(&mut container, self.delivery, id, kind, &job.input, number, self.watch)?;
        let finished = container.finish()?;
        Ok(Prepared { staged, finished, made, back: Back::default(), inventory: String::new() })
    }

    /// Reads a synced package back and writes its inventory.
    fn seal(&self, prepared: &mut Prepared, input: &Input<'_>) -> Result<(), ArchiveError> {
        let made = &mut prepared.made;
        prepared.back = read_back_made(&prepared.finished, made, made.files(input), self.watch)?;
        // Of many files they take much memory, and nobody asks for them any more.
        (made.sums, made.others) = (Vec::new(), Vec::new());
        (prepared.finished.pieces, prepared.finished.layout) = (Vec::new(), None);
        let (name, address) = self.archive.user();
        let message = format!("Accession {}", self.number);
        let user = Some((name.as_str(), address.as_str()));
        prepared.inventory = prepared.staged.seal(&prepared.back.files, self.maker.terms.created, &message, user)?;
        Ok(())
    }
}

/// Payload files and bytes as the journal counts them.
fn payload(report: &RecordReport, prepared: &Prepared, input: &Input<'_>) -> (u64, u64) {
    match input {
        Input::Record(_) => (report.files, report.bytes),
        Input::Submission(_) => {
            let files = prepared.made.kept.iter().filter(|file| holding::payload_path(&file.path).is_some());
            files.fold((0, 0), |(count, bytes), file| (count + 1, bytes + file.size))
        }
    }
}

/// Settles an error that concerns one record; others end the run.
fn fail(archive: &Archive, job: &mut Job<'_>, error: ArchiveError) -> Result<(), ArchiveError> {
    job.report.fate = settle(Err(error), &job.input, archive.root(), &mut job.report)?;
    Ok(())
}
