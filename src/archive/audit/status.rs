//! How well the packages of an archive are checked, told from catalogue and history alone.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Archive, ArchiveError};
use super::periods::Periods;
use super::plan::{Standing, coverage};
use crate::catalogue::{Catalogue, CatalogueError};
use crate::history::{History, Run};
use crate::model::audit::{Coverage, Level};
use crate::model::finding::Finding;
use crate::model::package::PackageId;
use crate::model::time::Timestamp;

/// The days whose runs tell how fast an archive is checked.
const DAYS: i64 = 30;

const DAY: i64 = 86_400;

/// How well an archive is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// How well its packages are checked.
    pub coverage: Coverage,
    /// Packages whose turn it is.
    pub due: u64,
    /// Their payload in bytes.
    pub due_bytes: u64,
    /// The overdue packages, those first that are overdue for the longest time.
    pub overdue: Vec<Standing>,
    /// Packages about which something is wrong.
    pub in_doubt: u64,
    /// What is wrong with the archive as a whole.
    pub whole: Vec<Finding>,
    /// Whether any package has a period.
    pub has_periods: bool,
    /// The last run that ended.
    pub last: Option<Run>,
    /// What is to come at the speed of the last days; nothing where no run tells it.
    pub forecast: Option<Forecast>,
}

/// What is to come if the archive is checked as it was in the last days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// Bytes that were checked in a second of a run.
    pub bytes_per_second: u64,
    /// Bytes that were checked in a day.
    pub bytes_per_day: u64,
    /// Days until every package is checked once more.
    pub days: u64,
    /// Whether that is within the shortest period.
    pub suffices: bool,
}

/// Returns for each package of the catalogue when it was checked last at `level`, and how long that holds.
pub fn standings(
    archive: &Archive,
    history: Option<&History>,
    periods: &Periods,
    level: Level,
) -> Result<Vec<Standing>, ArchiveError> {
    let catalogue = archive.catalogue()?;
    let accessions = accessions(&catalogue)?;
    let last = history.map(History::last).transpose()?.unwrap_or_default();
    let in_doubt: BTreeSet<PackageId> = history.iter().flat_map(|history| history.in_doubt()).collect();
    let mut standings = Vec::new();
    catalogue.commits(|row| {
        let (stored, profile) =
            accessions.get(&row.accession).map_or((Timestamp::default(), ""), |(at, name)| (*at, name));
        let last = last.binary_search_by_key(&row.package, |(id, _)| *id).ok().map(|at| last[at].1);
        standings.push(Standing {
            package: row.package,
            bytes: row.bytes,
            stored,
            checked: last.and_then(|last| last.time(level)),
            held: last.and_then(|last| last.held),
            period: periods.of(profile),
            in_doubt: in_doubt.contains(&row.package),
        });
    })?;
    Ok(standings)
}

/// Returns how well the archive is checked at `now`; it reads neither store nor journal.
pub fn status(
    archive: &Archive,
    history: Option<&History>,
    periods: &Periods,
    level: Level,
    now: Timestamp,
) -> Result<Status, ArchiveError> {
    let standings = standings(archive, history, periods, level)?;
    let (mut due, mut due_bytes) = (0, 0);
    for standing in standings.iter().filter(|standing| standing.is_due(now)) {
        due += 1;
        due_bytes += standing.bytes;
    }
    let mut overdue: Vec<Standing> = standings.iter().filter(|standing| standing.is_overdue(now)).copied().collect();
    overdue.sort_unstable_by_key(|standing| (standing.deadline(), standing.package));
    let coverage = coverage(&standings, now);
    let mut recent = Recent::default();
    if let Some(history) = history {
        history.runs(|_, _, run| recent.take(run, level, now))?;
    }
    let shortest = standings.iter().filter_map(|standing| standing.period).min();
    Ok(Status {
        forecast: recent.forecast(&coverage, shortest.map(|period| period.as_secs() / DAY.unsigned_abs())),
        coverage,
        due,
        due_bytes,
        overdue,
        in_doubt: standings.iter().filter(|standing| standing.in_doubt).count() as u64,
        whole: history.iter().flat_map(|history| history.whole()).cloned().collect(),
        has_periods: shortest.is_some(),
        last: recent.last,
    })
}

/// Returns the profile of each accession.
pub(super) fn profiles(catalogue: &Catalogue) -> Result<BTreeMap<String, String>, CatalogueError> {
    Ok(accessions(catalogue)?.into_iter().map(|(number, (_, profile))| (number, profile)).collect())
}

/// Returns when each accession began, and its profile.
fn accessions(catalogue: &Catalogue) -> Result<BTreeMap<String, (Timestamp, String)>, CatalogueError> {
    let mut accessions = BTreeMap::new();
    catalogue.accessions(|accession| {
        accessions.insert(accession.number, (accession.started, accession.profile));
        true
    })?;
    Ok(accessions)
}

/// What the runs of the last days tell.
#[derive(Default)]
struct Recent {
    last: Option<Run>,
    first: Option<Timestamp>,
    packages: u64,
    bytes: u64,
    milliseconds: u64,
    days: u64,
}

impl Recent {
    fn take(&mut self, run: Run, level: Level, now: Timestamp) {
        if run.ended.is_none() || run.level < level {
            return;
        }
        let age = now.seconds() - run.started.seconds();
        if age < DAYS * DAY {
            let first = *self.first.get_or_insert(run.started);
            self.packages += run.packages;
            self.bytes += run.bytes;
            self.milliseconds += run.milliseconds;
            self.days = u64::try_from((now.seconds() - first.seconds()) / DAY).unwrap_or_default() + 1;
        }
        self.last = Some(run);
    }

    fn forecast(&self, coverage: &Coverage, shortest: Option<u64>) -> Option<Forecast> {
        let per_day = self.bytes / self.days.max(1);
        if per_day == 0 || self.milliseconds == 0 {
            return None;
        }
        let days = coverage.bytes.div_ceil(per_day);
        Some(Forecast {
            bytes_per_second: (u128::from(self.bytes) * 1000 / u128::from(self.milliseconds))
                .try_into()
                .unwrap_or(u64::MAX),
            bytes_per_day: per_day,
            days,
            suffices: shortest.is_none_or(|period| days <= period),
        })
    }
}
