//! Compares store, catalogue and journal with each other, and checks packages: all of them, or those whose turn it is.
//!
//! The journal is what counts for what was stored, the store for what it holds; the catalogue has to agree with both.

mod compare;
mod listing;
mod packages;
pub mod periods;
pub mod plan;
mod sides;
mod status;
mod stored;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde::Serialize;
use uuid::Uuid;

use self::listing::Listing;
use self::packages::{Checks, Outcome};
use self::periods::Periods;
use self::plan::{Standing, coverage, plan};
use self::sides::Sides;
pub use self::status::{Forecast, Status, standings, status};
use self::told::Told;
use super::against::Against;
use super::verify::in_store;
use super::{Archive, ArchiveError, marker};
use crate::catalogue::{Catalogue, CatalogueError};
use crate::history::{History, HistoryError, Run};
use crate::journal::{self, Event, Head};
use crate::model::audit::{Coverage, Ending, Level, Shard, Side};
use crate::model::finding::{Code, Finding, Severity, Verdict};
use crate::model::package::PackageId;
use crate::model::time::Timestamp;
use crate::task::{Cancelled, Watch};

/// What an audit is to do.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// How deep it looks.
    pub level: Level,
    /// Whether it takes only the packages whose turn it is.
    pub due: bool,
    /// How often packages are to be checked.
    pub periods: Periods,
    /// Its share of the packages.
    pub shard: Shard,
    /// How long it may take; the package that is being checked then is still finished.
    pub max_time: Option<Duration>,
    /// How many bytes it may read, one package at least.
    pub max_bytes: Option<u64>,
    /// Heads of the journal that were kept elsewhere.
    pub heads: &'a [Head],
    /// A second copy that is looked at as well.
    pub against: Option<&'a Against<'a>>,
}

impl Default for Order<'_> {
    fn default() -> Self {
        Self {
            level: Level::Full,
            due: false,
            periods: Periods::default(),
            shard: Shard::WHOLE,
            max_time: None,
            max_bytes: None,
            heads: &[],
            against: None,
        }
    }
}

/// A finding, and since when it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dated {
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// When an earlier run saw it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// What was established about one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Where it lies, relative to the archive.
    pub path: String,
    /// The package.
    pub package: PackageId,
    /// What it comes to.
    pub verdict: Verdict,
    /// What is not right.
    pub findings: Vec<Dated>,
    /// Whether permission is what lacks: then nothing was established.
    pub permission: bool,
}

/// What was established about the archive as a whole, and what the run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audited {
    /// Findings that concern no single package.
    pub findings: Vec<Dated>,
    /// Packages that were to be checked.
    pub planned: u64,
    /// Packages that were checked.
    pub packages: u64,
    /// Bytes of their objects.
    pub bytes: u64,
    /// Packages that are not what was stored.
    pub damaged: u64,
    /// Packages that are not there.
    pub missing: u64,
    /// Packages that could not be read.
    pub unreadable: u64,
    /// Packages that were in order only when they were read once more.
    pub doubtful: u64,
    /// Packages whose second copy is not in order.
    pub copies: u64,
    /// Objects that the journal does not know.
    pub unknown: u64,
    /// Findings of severity `error`, those of packages included.
    pub errors: u64,
    /// Of these, those that no run before had told.
    pub new: u64,
    /// Whether the index of the search could not be checked, since there was no room for a copy of the catalogue.
    pub index_unchecked: bool,
    /// Whether permission kept something from being checked.
    pub permission: bool,
    /// The journal's last entry.
    pub head: Option<Head>,
    /// How well the packages of the share are checked now.
    pub coverage: Coverage,
    /// Why it ended.
    pub ending: Option<Ending>,
    /// How long it took.
    pub took: Duration,
    /// How deep it looked, and at which share.
    pub level: Level,
    /// Its share of the packages.
    pub shard: Option<Shard>,
    /// The history's identity and the hash of the run in it.
    pub run: Option<(Uuid, String)>,
}

/// Audits the archive; `each` takes what was established of one package after the other, the good ones too. `history` tells which
/// packages were checked when, and is told.
///
/// # Errors
/// [`ArchiveError::Cancelled`] after a stop was asked for; what was established until then is in the history.
pub fn audit(
    archive: &Archive,
    order: &Order<'_>,
    mut history: Option<&mut History>,
    watch: Watch<'_>,
    mut each: impl FnMut(Checked),
) -> Result<Audited, ArchiveError> {
    let started = (Timestamp::now(), Instant::now());
    let mut audited = Audited {
        level: order.level,
        shard: (order.shard != Shard::WHOLE).then_some(order.shard),
        ..Audited::default()
    };
    let mut whole = Vec::new();
    let catalogue = open_catalogue(archive, &mut audited, &mut whole)?;
    // A run that is going on appends meanwhile: what it stored before the store is listed must be in the store, and
    // what the store holds must be known afterwards.
    let known = known_head(archive, catalogue.as_ref(), &mut whole);
    let head = journal::head(&archive.journal()).ok();
    let before = Told::read(archive)?;
    whole.extend(history.as_deref().map(|history| changed(history, &before)).transpose()?.flatten());
    if order.shard.leads() {
        whole.extend(before.marker(archive));
        whole.extend(archive.store.declaration()?.into_iter().map(in_store));
    }
    let is_leading = order.shard.leads();
    let mut stored = if is_leading { Listing::read(archive, &mut audited, &mut whole)? } else { Listing::default() };
    let newer;
    let after = if order.shard.leads() {
        let heads: Vec<Head> = known.into_iter().chain(order.heads.iter().copied()).collect();
        let verified = journal::verify(&archive.journal(), &heads)?;
        let torn = verified.findings.iter().all(|finding| finding.code != Code::JournalTorn) || !running(archive);
        let told = verified.findings.into_iter().filter(|finding| torn || finding.code != Code::JournalTorn);
        whole.extend(told.map(in_journal));
        audited.head = Some(verified.head);
        // Where nobody wrote, the journal tells the same as before.
        if head.is_none() || journal::head(&archive.journal()).ok() != head {
            newer = Told::read(archive)?;
            Some(&newer)
        } else {
            Some(&before)
        }
    } else {
        audited.head = head;
        None
    };

    let profiles = catalogue.as_ref().map(status::profiles).transpose()?.unwrap_or_default();
    let (mut standings, gone) = of_share(order, &before, &profiles, history.as_deref())?;
    let planned = plan(&standings, order.due, started.0);
    audited.planned = planned.len() as u64;
    let number = match history.as_deref_mut() {
        Some(history) => Some(history.begin(&audited.run(started.0, None))?),
        None => None,
    };
    let checks = Checks { archive, order, rows: catalogue.is_some(), told: &before, head, started: started.1, watch };
    let mut outcome = checks.run(&planned, catalogue.as_ref(), history.as_deref_mut(), &mut audited, &mut each)?;
    drop(planned);
    outcome.times.sort_unstable();
    stored.packages.retain(|package| !before.completed.contains(*package));
    let sides = Sides { archive, order, catalogue: catalogue.as_ref(), before: &before, after, watch };
    let rest = sides.compare(stored, &outcome, &mut audited, &mut whole);
    // A stop in the middle of the comparison ends the run as one between packages does.
    let stopped = matches!(rest, Err(ArchiveError::Cancelled(_)));
    if !stopped {
        rest?;
    }
    let since =
        |finding: &Finding| history.as_deref().and_then(|history| history.since(row_of(order, finding), finding));
    audited.findings = whole.iter().map(|finding| Dated { finding: finding.clone(), since: since(finding) }).collect();
    let told = audited.findings.clone();
    audited.count(&told);
    for standing in &mut standings {
        standing.checked = outcome.time(standing.package).or(standing.checked);
    }
    let now = Timestamp::now();
    audited.coverage = coverage(&standings, now);
    audited.ending = Some(if stopped { Ending::Stopped } else { outcome.ending.unwrap_or(Ending::Complete) });
    audited.took = started.1.elapsed();
    if let (Some(history), Some(number)) = (history, number) {
        if !stopped {
            remember(history, order, now, whole, &outcome, catalogue.is_some())?;
            // Each machine's own history knows what it checked.
            history.forget(&gone, now)?;
        }
        let hash = history.end(number, &audited.run(started.0, Some(now)))?;
        audited.run = Some((history.id(), hash));
    }
    if stopped { Err(ArchiveError::Cancelled(Cancelled)) } else { Ok(audited) }
}

/// Notes what was found beside the packages; `rows` says that there is a catalogue whose rows were compared.
fn remember(
    history: &mut History,
    order: &Order<'_>,
    now: Timestamp,
    whole: Vec<Finding>,
    outcome: &Outcome,
    rows: bool,
) -> Result<(), HistoryError> {
    let (of_rows, whole): (Vec<Finding>, Vec<Finding>) =
        whole.into_iter().partition(|finding| row_of(order, finding).is_some());
    let (of_copy, whole): (Vec<Finding>, Vec<Finding>) =
        whole.into_iter().partition(|finding| finding.side() == Side::Copy);
    if order.shard.leads() {
        history.record_whole(Side::Archive, order.level, now, &whole)?;
        if order.against.is_some() {
            history.record_whole(Side::Copy, order.level, now, &of_copy)?;
        }
    }
    // A quick look of a share compares no rows, and what is damaged says nothing about its own.
    if rows && (order.shard.leads() || order.level > Level::Quick) {
        let compared = outcome.times.iter().map(|(id, _)| *id).filter(|id| !outcome.wrong.contains(id));
        history.record_rows(order.level, now, compared, &of_rows)?;
    }
    Ok(())
}

/// Returns the package of the run's share whose row in the catalogue the finding is about.
fn row_of(order: &Order<'_>, finding: &Finding) -> Option<PackageId> {
    finding.row_of().filter(|package| order.shard.holds(*package))
}

/// Returns how the packages of the run's share stand, and the packages of the history that should not be there any more.
///
/// What a package held at its last check says nothing about a version that was stored later.
fn of_share(
    order: &Order<'_>,
    told: &Told,
    profiles: &BTreeMap<String, String>,
    history: Option<&History>,
) -> Result<(Vec<Standing>, Vec<PackageId>), ArchiveError> {
    let last = history.map(History::last).transpose()?.unwrap_or_default();
    let in_doubt: BTreeSet<PackageId> = history.into_iter().flat_map(History::in_doubt).collect();
    let gone = last.iter().map(|(id, _)| *id).filter(|id| !told.completed.contains(*id)).collect();
    let share = told.completed.sizes().filter(|(package, ..)| order.shard.holds(*package));
    let standing = |(package, accession, bytes): (PackageId, &str, u64)| {
        let last = last.binary_search_by_key(&package, |(id, _)| *id).ok().map(|at| last[at].1);
        let full = last.and_then(|last| last.time(Level::Full));
        let is_of_another = told.amended.get(&package).is_some_and(|amended| full <= Some(*amended));
        Standing {
            package,
            bytes,
            stored: told.stored(accession),
            checked: last.and_then(|last| last.time(order.level)),
            held: last.and_then(|last| last.held).filter(|_| !is_of_another),
            period: order.periods.of(profiles.get(accession).map_or("", String::as_str)),
            in_doubt: in_doubt.contains(&package),
        }
    };
    Ok((share.map(standing).collect(), gone))
}

/// Returns the finding that the runs of the history are not those that were written.
fn changed(history: &History, told: &Told) -> Result<Option<Finding>, ArchiveError> {
    let broken = history.broken(told.histories.get(&history.id()).map(String::as_str))?;
    Ok(broken.map(|number| {
        let finding = Finding::new(Code::HistoryChanged).file(history.path().display().to_string());
        finding.value(number.to_string())
    }))
}

fn in_journal(mut finding: Finding) -> Finding {
    finding.file = Some(format!("{}/{}", marker::JOURNAL, journal::FILE));
    finding
}

/// Whether another run writes to the archive right now. Where the system does not tell, its lock is tried.
fn running(archive: &Archive) -> bool {
    let locked = |_| matches!(archive.lock(false, &crate::task::Cancel::new()), Err(ArchiveError::Locked { .. }));
    archive.traffic().is_another_writing().unwrap_or_else(locked)
}

fn open_catalogue(
    archive: &Archive,
    audited: &mut Audited,
    whole: &mut Vec<Finding>,
) -> Result<Option<Catalogue>, ArchiveError> {
    let unreadable = |detail: String| Finding::new(Code::CatalogueUnreadable).file(marker::CATALOGUE).value(detail);
    match archive.catalogue() {
        Ok(catalogue) => {
            if audited.shard.is_none_or(Shard::leads) {
                let (wrong, indexed) = catalogue.check()?;
                audited.index_unchecked = !indexed;
                whole.extend(wrong.into_iter().map(unreadable));
            }
            Ok(Some(catalogue))
        }
        Err(ArchiveError::Catalogue(CatalogueError::Missing { .. })) => {
            whole.push(unreadable("missing".to_owned()));
            Ok(None)
        }
        Err(ArchiveError::Catalogue(CatalogueError::Damaged { detail, .. })) => {
            whole.push(unreadable(detail));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn known_head(archive: &Archive, catalogue: Option<&Catalogue>, whole: &mut Vec<Finding>) -> Option<Head> {
    match archive.head_in(catalogue?) {
        Ok(head) => Some(head),
        Err(error) => {
            let finding = Finding::new(Code::CatalogueUnreadable).file(marker::CATALOGUE);
            whole.push(finding.value(error.to_string()));
            None
        }
    }
}

impl Audited {
    /// Counts the errors among findings.
    fn count(&mut self, findings: &[Dated]) {
        let errors = findings.iter().filter(|dated| dated.finding.severity == Severity::Error);
        for dated in errors {
            self.errors += 1;
            self.new += u64::from(dated.since.is_none());
        }
    }

    fn run(&self, started: Timestamp, ended: Option<Timestamp>) -> Run {
        Run {
            started,
            ended,
            ending: self.ending,
            level: self.level,
            shard: self.shard.unwrap_or(Shard::WHOLE),
            milliseconds: u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
            planned: self.planned,
            packages: self.packages,
            bytes: self.bytes,
            damaged: self.damaged,
            missing: self.missing,
            unreadable: self.unreadable,
            doubtful: self.doubtful,
            unknown: self.unknown,
            errors: self.errors,
            new: self.new,
            coverage: self.coverage,
            head: self.head.map(|head| head.to_string()),
            program: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// Returns the entry that the journal gets.
    #[must_use]
    pub fn event(&self) -> Event {
        Event::Audited {
            packages: self.packages,
            bytes: self.bytes,
            damaged: self.damaged,
            missing: self.missing,
            unknown: self.unknown,
            errors: self.errors,
            level: Some(self.level),
            shard: self.shard,
            history: self.run.as_ref().map(|(history, _)| *history),
            run: self.run.as_ref().map(|(_, hash)| hash.clone()),
        }
    }
}
