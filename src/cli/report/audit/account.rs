//! What a history comes to, in bounded memory: sums of runs, the latest of them, findings.

use std::collections::{BTreeSet, VecDeque};

use earchiv::history::{HistoryError, Run};
use earchiv::model::audit::Known;
use earchiv::model::finding::Severity;
use earchiv::model::package::PackageId;
use earchiv::model::time::Timestamp;

use super::Subject;
use super::period::{Gathering, Grain, Series, Shares};
use crate::cli::report::listed::{Listed, SHOWN};

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// How many days are a year back.
const YEAR: i64 = 365;

/// Up to how many days of history a page shows day by day.
const DAYS: usize = 31;

/// How many months a page shows: those of a year, and the one that goes on.
const MONTHS: usize = 13;

/// How many years a page shows.
const YEARS: usize = 60;

/// What a history comes to.
#[derive(Debug)]
pub struct Account {
    /// All runs together.
    pub runs: u64,
    /// Of these, those that have an end.
    pub ended: u64,
    /// Of the others, the one that began last, where no run began after it.
    pub endless: Option<Timestamp>,
    /// When the first began.
    pub first: Option<Timestamp>,
    /// The run that ended last, with its number and its hash.
    pub last: Option<(u64, String, Run)>,
    /// The last head of the journal that a run verified.
    pub head: Option<String>,
    /// Runs that began in the last year, the latest first, not more than a page shows; each with its number.
    pub recent: Vec<(u64, Run)>,
    /// How many began in the last year.
    pub recent_all: u64,
    /// The last days or months.
    pub latest: Series,
    /// All years, where the latest periods do not show everything.
    pub years: Option<Series>,
    /// Findings that are not cleared, errors first, else the latest first.
    pub open: Listed<Known>,
    /// Those that were cleared in the last year.
    pub cleared: Listed<Known>,
    /// Packages with an error that is not cleared.
    pub damaged: u64,
    /// Errors about the archive as a whole that are not cleared.
    pub whole: u64,
    /// Warnings that are not cleared.
    pub warnings: u64,
    /// The first run that is not as it was noted, where one is not.
    pub broken: Option<u64>,
}

impl Account {
    /// Reads the history.
    pub fn of(subject: &Subject<'_>) -> Result<Self, HistoryError> {
        let now = subject.now;
        let [days, months, years] = [Grain::Day, Grain::Month, Grain::Year].map(Gathering::new);
        let (recent, shares) = (VecDeque::new(), Shares::default());
        let mut reading = Reading { recent, shares, days, months, years, account: Self::empty(now) };
        let year_back = Timestamp::from_seconds(now.seconds() - YEAR * DAY);
        if let Some(history) = subject.history {
            history.runs(|number, hash, run| reading.run(number, hash, run, year_back))?;
            reading.account.broken = history.broken(subject.told)?;
        }
        let Reading { recent, days, months, years, mut account, .. } = reading;
        account.recent = recent.into();
        let young = account.first.is_none_or(|first| days_between(first, now) < DAYS as u64);
        let (latest, most) = if young { (days, DAYS + 1) } else { (months, MONTHS) };
        account.latest = latest.series(now, most);
        let shown: u64 = account.latest.sums.iter().map(|(_, sum)| sum.runs).sum();
        account.years = (shown < account.runs).then(|| years.series(now, YEARS));
        if let Some(history) = subject.history {
            let (mut rest, mut damaged) = (Listed::new(), BTreeSet::new());
            history.findings(|known| account.finding(known, &mut rest, &mut damaged, year_back))?;
            account.damaged = damaged.len() as u64;
            account.open.all += rest.all;
            let room = SHOWN - account.open.shown.len();
            account.open.shown.extend(rest.shown.into_iter().take(room));
        }
        Ok(account)
    }

    fn empty(now: Timestamp) -> Self {
        Self {
            runs: 0,
            ended: 0,
            endless: None,
            first: None,
            last: None,
            head: None,
            recent: Vec::new(),
            recent_all: 0,
            latest: Gathering::new(Grain::Day).series(now, 0),
            years: None,
            open: Listed::new(),
            cleared: Listed::new(),
            damaged: 0,
            whole: 0,
            warnings: 0,
            broken: None,
        }
    }

    /// Takes a finding; `rest` takes those that are no errors.
    fn finding(
        &mut self,
        known: Known,
        rest: &mut Listed<Known>,
        damaged: &mut BTreeSet<PackageId>,
        year_back: Timestamp,
    ) {
        match (known.cleared, known.finding.severity, known.package) {
            (Some(cleared), ..) => {
                if cleared >= year_back {
                    self.cleared.take(|_| known);
                }
            }
            (None, Severity::Error, package) => {
                match package {
                    Some(package) => drop(damaged.insert(package)),
                    None => self.whole += 1,
                }
                self.open.take(|_| known);
            }
            (None, severity, _) => {
                self.warnings += u64::from(severity == Severity::Warning);
                rest.take(|_| known);
            }
        }
    }
}

/// A history that is being read.
struct Reading {
    recent: VecDeque<(u64, Run)>,
    shares: Shares,
    days: Gathering,
    months: Gathering,
    years: Gathering,
    account: Account,
}

impl Reading {
    fn run(&mut self, number: u64, hash: Option<&str>, run: Run, year_back: Timestamp) {
        let account = &mut self.account;
        account.runs += 1;
        account.first = Some(account.first.map_or(run.started, |first| first.min(run.started)));
        match run.ended {
            Some(ended) => {
                account.ended += 1;
                account.endless = None;
                if account.last.as_ref().is_none_or(|(.., last)| last.ended <= Some(ended)) {
                    account.head = run.head.clone().or_else(|| account.head.take());
                    account.last = Some((number, hash.unwrap_or_default().to_owned(), run.clone()));
                }
            }
            None => account.endless = Some(run.started),
        }
        let coverage = self.shares.take(&run);
        for gathering in [&mut self.days, &mut self.months, &mut self.years] {
            gathering.add(&run, coverage.as_ref());
        }
        if run.started >= year_back {
            account.recent_all += 1;
            self.recent.push_front((number, run));
            self.recent.truncate(SHOWN);
        }
    }
}

/// Returns how many whole days lie between two moments; none where the later comes first.
pub fn days_between(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from((to.seconds() - from.seconds()) / DAY).unwrap_or(0)
}
