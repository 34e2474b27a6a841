//! The packages of a run: checked side by side, told one after the other, noted in groups.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::super::verify::{Judged, Look, forget_object};
use super::super::{Archive, ArchiveError, marker};
use super::plan::Standing;
use super::told::Told;
use super::{Audited, Checked, Dated, Order};
use crate::catalogue::Catalogue;
use crate::history::History;
use crate::journal::{self, Head};
use crate::model::audit::{Check, Ending, Level, Side};
use crate::model::finding::{Code, Finding, Severity, Verdict};
use crate::model::package::{Commit, Holding, PackageId};
use crate::model::time::Timestamp;
use crate::task::{Event as Progress, Stage, Watch};

/// How many packages are checked side by side at most, and how many bytes they have together; as many as there are threads always
/// are, since one thread computes the checksum of a file.
const GROUP: (usize, u64) = (256, 256 << 20);

/// How long what was established may be lost by a kill, and is established again then.
const PATIENCE: Duration = Duration::from_secs(1);

/// What became of the packages of a run.
#[derive(Default)]
pub(super) struct Outcome {
    /// Packages that are not what was stored.
    pub(super) wrong: BTreeSet<PackageId>,
    /// Packages whose rows in the catalogue seem to differ from what they say of themselves.
    pub(super) suspects: BTreeSet<PackageId>,
    /// When each was checked; sorted once the run is over.
    pub(super) times: Vec<(PackageId, Timestamp)>,
    /// Why it ended.
    pub(super) ending: Option<Ending>,
}

impl Outcome {
    /// Returns when the package was checked; to be asked once [`Outcome::times`] is sorted.
    pub(super) fn time(&self, package: PackageId) -> Option<Timestamp> {
        self.times.binary_search_by_key(&package, |(id, _)| *id).ok().map(|at| self.times[at].1)
    }
}

/// What a run of checks needs to know.
pub(super) struct Checks<'a, 'o> {
    pub(super) archive: &'a Archive,
    pub(super) order: &'a Order<'o>,
    /// Whether there are rows to be compared with what packages say of themselves.
    pub(super) rows: bool,
    pub(super) told: &'a Told,
    /// The journal's last entry when `told` was read.
    pub(super) head: Option<Head>,
    pub(super) started: Instant,
    pub(super) watch: Watch<'a>,
}

/// Into which a run writes what packages come to.
struct Book<'b> {
    catalogue: Option<&'b Catalogue>,
    history: Option<&'b mut History>,
    audited: &'b mut Audited,
    each: &'b mut dyn FnMut(Checked),
    outcome: Outcome,
    /// What the history was not told yet.
    unnoted: Vec<Check>,
}

impl Book<'_> {
    /// Tells the history what was established since the last time.
    fn note(&mut self) -> Result<(), ArchiveError> {
        if let Some(history) = self.history.as_deref_mut() {
            history.record(&self.unnoted)?;
        }
        self.unnoted.clear();
        Ok(())
    }
}

/// One package after its check.
struct Done {
    judged: Judged,
    time: Timestamp,
    /// What it says of itself, where it is in order and was read.
    truth: Option<Holding>,
    doubtful: bool,
}

impl Checks<'_, '_> {
    /// Checks the packages `planned` in their order, as far as the budgets go.
    pub(super) fn run(
        &self,
        planned: &[&Standing],
        catalogue: Option<&Catalogue>,
        history: Option<&mut History>,
        audited: &mut Audited,
        each: &mut dyn FnMut(Checked),
    ) -> Result<Outcome, ArchiveError> {
        let bytes = planned.iter().map(|standing| size(standing)).sum();
        let bytes = if self.order.level == Level::Quick { 0 } else { bytes };
        let files = planned.len() as u64;
        self.watch.progress.report(Progress::Started { stage: Stage::Verifying, files, bytes });
        let mut book = Book { catalogue, history, audited, each, outcome: Outcome::default(), unnoted: Vec::new() };
        let (mut rest, mut noted) = (planned, Instant::now());
        while !rest.is_empty() && book.outcome.ending.is_none() {
            let (group, others) = rest.split_at(self.group(rest, book.audited.bytes));
            rest = others;
            if group.is_empty() {
                book.outcome.ending = Some(Ending::Bytes);
                break;
            }
            let commit = |standing: &&Standing| Some((self.told.completed.get(standing.package)?, standing.held));
            let group: Vec<(Commit, Option<u64>)> = group.iter().filter_map(commit).collect();
            let done: Vec<_> = group.par_iter().map(|(commit, held)| self.one(commit, *held)).collect();
            for ((commit, _), done) in group.iter().zip(done) {
                match done {
                    Ok(Some(done)) => self.take(commit, done, &mut book)?,
                    Ok(None) => book.outcome.ending = Some(Ending::Time),
                    Err(ArchiveError::Cancelled(_)) => book.outcome.ending = Some(Ending::Stopped),
                    Err(error) => {
                        book.note()?;
                        return Err(error);
                    }
                }
            }
            if noted.elapsed() >= PATIENCE {
                book.note()?;
                noted = Instant::now();
            }
        }
        book.note()?;
        self.watch.progress.report(Progress::Finished);
        Ok(book.outcome)
    }

    /// Returns how many of the next packages are taken, none where the budget of bytes is used up. One is always taken, or a
    /// package that is larger than the budget would never be checked.
    fn group(&self, planned: &[&Standing], read: u64) -> usize {
        let mut bytes = 0;
        let mut taken = 0;
        for standing in planned.iter().take(GROUP.0) {
            let size = self.measured(standing);
            let beyond = self.order.max_bytes.is_some_and(|most| read + bytes + size > most && read + bytes > 0);
            if beyond || (bytes + size > GROUP.1 && taken >= rayon::current_num_threads()) {
                break;
            }
            bytes += size;
            taken += 1;
        }
        taken
    }

    /// Returns how many bytes the check of the package reads, for a budget: what was never checked is measured, since a small
    /// payload has much more around it.
    fn measured(&self, standing: &Standing) -> u64 {
        let is_unknown = self.order.max_bytes.is_some() && standing.held.is_none();
        is_unknown.then(|| self.archive.size(standing.package)).flatten().unwrap_or_else(|| size(standing))
    }

    /// Checks one package; nothing where the time is used up.
    fn one(&self, commit: &Commit, held: Option<u64>) -> Result<Option<Done>, ArchiveError> {
        self.watch.cancel.check()?;
        if self.order.max_time.is_some_and(|most| self.started.elapsed() >= most) {
            return Ok(None);
        }
        let first = self.judge(commit, held)?;
        let mut done = Done { judged: first, time: Timestamp::now(), truth: None, doubtful: false };
        if done.judged.verdict != Verdict::Conforms && !done.judged.permission && !done.judged.is_missing() {
            self.archive.forget(commit.package);
            done.repeated(self.judge(commit, held)?);
        }
        if let Some(against) = self.order.against {
            let id = Archive::object_id(commit.package);
            let (wrong, _) = against.judge(&id, &commit.inventory, self.order.level, self.watch)?;
            done.judged.findings.extend(wrong);
            done.time = Timestamp::now();
        }
        if self.order.level > Level::Quick && done.judged.verdict == Verdict::Conforms && self.rows {
            // One that is damaged meanwhile says nothing about its row.
            if let Ok(Some(object)) = self.archive.store.object(&Archive::object_id(commit.package)) {
                done.truth = self.archive.holding(&object, commit).ok();
                forget_object(&object);
            }
        }
        if self.order.level == Level::Quick {
            self.watch.progress.report(Progress::Advanced { files: 1, bytes: 0 });
        }
        Ok(Some(done))
    }

    fn judge(&self, commit: &Commit, held: Option<u64>) -> Result<Judged, ArchiveError> {
        let id = Archive::object_id(commit.package);
        let place = format!("{}/{}", marker::STORE, self.archive.store.place(&id));
        let look = Look { level: self.order.level, blocks: &commit.blocks, held };
        let judged = self.archive.look(commit.package, &commit.inventory, &place, look, self.watch)?;
        let told =
            !self.told.pending.contains(&commit.package) && journal::head(&self.archive.journal()).ok() == self.head;
        if judged.verdict == Verdict::Conforms || told {
            return Ok(judged);
        }
        // It may be what the journal has announced, or says by now.
        self.archive.judge_now(commit.package, &commit.inventory, &place, look, self.watch)
    }

    /// Takes what one package came to.
    fn take(&self, commit: &Commit, done: Done, book: &mut Book<'_>) -> Result<(), ArchiveError> {
        let Book { catalogue, history, audited, each, outcome, unnoted } = book;
        let Done { judged, time, truth, doubtful } = done;
        audited.packages += 1;
        audited.bytes += judged.held.unwrap_or(commit.bytes);
        audited.permission |= judged.permission;
        audited.doubtful += u64::from(doubtful);
        if judged.is_missing() {
            audited.missing += 1;
        } else if judged.verdict == Verdict::Unreadable {
            audited.unreadable += 1;
        } else if judged.verdict != Verdict::Conforms {
            audited.damaged += 1;
        }
        let in_copy = |finding: &Finding| finding.side() == Side::Copy && finding.severity == Severity::Error;
        audited.copies += u64::from(judged.findings.iter().any(in_copy));
        if judged.verdict != Verdict::Conforms {
            outcome.wrong.insert(commit.package);
        }
        if judged.verdict != Verdict::Unreadable {
            outcome.times.push((commit.package, time));
        }
        if let (Some(truth), Some(catalogue)) = (truth, *catalogue)
            && catalogue.differences(&truth)?.is_none_or(|fields| !fields.is_empty())
        {
            outcome.suspects.insert(commit.package);
        }
        let known = history.as_deref();
        let dated = |finding: &Finding| {
            let since = known.and_then(|history| history.since(Some(commit.package), finding));
            Dated { finding: finding.clone(), since }
        };
        let findings: Vec<Dated> = judged.findings.iter().map(dated).collect();
        audited.count(&findings);
        unnoted.push(Check {
            package: commit.package,
            time,
            level: self.order.level,
            verdict: judged.verdict,
            held: judged.held,
            findings: judged.findings,
            against: self.order.against.is_some(),
        });
        each(Checked {
            path: judged.path,
            package: judged.package,
            verdict: judged.verdict,
            findings,
            permission: judged.permission,
        });
        Ok(())
    }
}

impl Done {
    /// Takes what the same package came to when it was read once more: only what is wrong twice is wrong.
    fn repeated(&mut self, again: Judged) {
        let first = std::mem::replace(&mut self.judged, again);
        self.time = Timestamp::now();
        let said = |judged: &Judged| {
            let errors = judged.findings.iter().filter(|finding| finding.severity == Severity::Error);
            let words = |finding: &Finding| {
                let parts = [Some(finding.code.name()), finding.file.as_deref(), finding.value.as_deref()];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
            };
            errors.map(words).collect::<Vec<_>>().join("; ")
        };
        let before = said(&first);
        let finding = if self.judged.verdict == Verdict::Conforms {
            self.doubtful = true;
            Finding::new(Code::ReadDoubtful).value(before)
        } else if said(&self.judged) == before {
            Finding::new(Code::ReadRepeated).value("same")
        } else {
            Finding::new(Code::ReadRepeated).value("otherwise").expected(before)
        };
        self.judged.findings.push(finding.file(first.path));
    }
}

/// Returns how many bytes a check of the package reads, as far as that is known.
fn size(standing: &Standing) -> u64 {
    standing.held.unwrap_or(standing.bytes)
}
