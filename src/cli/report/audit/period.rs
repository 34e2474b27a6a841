//! Days, months and years, and what the runs in each come to together.

use std::collections::BTreeMap;

use earchiv::history::Run;
use earchiv::model::audit::Coverage;
use earchiv::model::time::Timestamp;

use crate::cli::report::date::day;
use crate::cli::text::Language;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// A calendar day.
    Day,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

/// A day, a month (its first day) or a year (its first), in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    year: i16,
    month: u8,
    day: u8,
}

impl Period {
    /// Returns the period of `grain` in which `time` is.
    pub fn at(time: Timestamp, grain: Grain) -> Self {
        let (year, month, day, ..) = time.civil();
        match grain {
            Grain::Day => Self { year, month, day },
            Grain::Month => Self { year, month, day: 1 },
            Grain::Year => Self { year, month: 1, day: 1 },
        }
    }

    /// Returns the period after it.
    fn next(self, grain: Grain) -> Self {
        let days = match (self.month, self.year) {
            (4 | 6 | 9 | 11, _) => 30,
            (2, year) if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            (2, _) => 28,
            _ => 31,
        };
        match grain {
            Grain::Day if self.day < days => Self { day: self.day + 1, ..self },
            Grain::Day | Grain::Month if self.month < 12 => Self { month: self.month + 1, day: 1, ..self },
            _ => Self { year: self.year + 1, month: 1, day: 1 },
        }
    }

    /// Returns how it is called.
    pub fn name(self, grain: Grain, language: Language) -> String {
        let Self { year, month, day: number } = self;
        match grain {
            Grain::Day => day(&format!("{year:04}-{month:02}-{number:02}"), language),
            Grain::Month => day(&format!("{year:04}-{month:02}"), language),
            Grain::Year => year.to_string(),
        }
    }

    /// Returns how it is called where there is little room.
    pub fn short(self, grain: Grain, language: Language) -> String {
        let Self { year, month, day } = self;
        match (grain, language) {
            (Grain::Day, Language::De) => format!("{day}.{month}."),
            (Grain::Day, Language::En) => format!("{month:02}-{day:02}"),
            (Grain::Month, _) => format!("{month}/{:02}", year.rem_euclid(100)),
            (Grain::Year, _) => year.to_string(),
        }
    }
}

/// What runs come to together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// Runs that began.
    pub runs: u64,
    /// Of these, those without an end.
    pub endless: u64,
    /// Packages that they checked.
    pub packages: u64,
    /// Bytes that they read.
    pub bytes: u64,
    /// How long they took.
    pub milliseconds: u64,
    /// Errors that no run before had told.
    pub new: u64,
    /// The coverage when the last of them ended, and when that was.
    pub last: Option<(Timestamp, Coverage)>,
    /// The lowest share of packages within their period at the end of any of them, in tenths of a percent.
    pub lowest: Option<u64>,
}

impl Sum {
    /// Adds a run, and how well all packages were checked when it had ended, where that can be told.
    pub fn add(&mut self, run: &Run, coverage: Option<&Coverage>) {
        self.runs += 1;
        let Some(ended) = run.ended else {
            self.endless += 1;
            return;
        };
        self.packages = self.packages.saturating_add(run.packages);
        self.bytes = self.bytes.saturating_add(run.bytes);
        self.milliseconds = self.milliseconds.saturating_add(run.milliseconds);
        self.new += run.new;
        let Some(coverage) = coverage else { return };
        if self.last.is_none_or(|(last, _)| last <= ended) {
            self.last = Some((ended, *coverage));
        }
        self.lowest = [self.lowest, share(coverage)].into_iter().flatten().min();
    }

    /// Returns bytes a second, where that can be said.
    pub fn rate(&self) -> Option<u64> {
        rate(self.bytes, self.milliseconds)
    }

    /// Returns the share of packages within their period at the end, in tenths of a percent.
    pub fn share(&self) -> Option<u64> {
        self.last.and_then(|(_, coverage)| share(&coverage))
    }
}

/// Returns bytes a second.
pub fn rate(bytes: u64, milliseconds: u64) -> Option<u64> {
    (milliseconds > 0).then(|| u64::try_from(u128::from(bytes) * 1000 / u128::from(milliseconds)).unwrap_or(u64::MAX))
}

/// Returns the share of packages within their period in tenths of a percent, rounded down: it is whole only where no package
/// is overdue. `None` where there are no packages.
pub fn share(coverage: &Coverage) -> Option<u64> {
    let within = coverage.packages.saturating_sub(coverage.overdue);
    let tenths = u128::from(within) * 1000;
    (coverage.packages > 0).then(|| u64::try_from(tenths / u128::from(coverage.packages)).unwrap_or_default())
}

/// The coverage of all packages, put together of what runs tell of their shares.
#[derive(Debug, Default)]
pub struct Shares {
    of: u32,
    shares: BTreeMap<u32, Coverage>,
}

impl Shares {
    /// Takes what a run that ended tells, and returns the coverage of all packages, once all shares are known.
    pub fn take(&mut self, run: &Run) -> Option<Coverage> {
        run.ended?;
        if self.of != run.shard.of {
            *self = Self { of: run.shard.of, shares: BTreeMap::new() };
        }
        self.shares.insert(run.shard.number, run.coverage);
        if self.shares.len() as u64 != u64::from(self.of) {
            return None;
        }
        let add = |sum: Coverage, share: &Coverage| Coverage {
            packages: sum.packages + share.packages,
            bytes: sum.bytes + share.bytes,
            checked: sum.checked + share.checked,
            overdue: sum.overdue + share.overdue,
            overdue_bytes: sum.overdue_bytes + share.overdue_bytes,
            oldest: [sum.oldest, share.oldest].into_iter().flatten().min(),
        };
        Some(self.shares.values().fold(Coverage::default(), add))
    }
}

/// Periods one after the other without a gap, each with what its runs come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// How long each is.
    pub grain: Grain,
    /// The periods, the earliest first.
    pub sums: Vec<(Period, Sum)>,
}

/// What is gathered for a series: the sums of periods in which something was.
#[derive(Debug, Clone)]
pub struct Gathering {
    grain: Grain,
    sums: BTreeMap<Period, Sum>,
}

impl Gathering {
    /// Returns one for periods of `grain`.
    pub const fn new(grain: Grain) -> Self {
        Self { grain, sums: BTreeMap::new() }
    }

    /// Adds a run, and how well all packages were checked when it had ended.
    pub fn add(&mut self, run: &Run, coverage: Option<&Coverage>) {
        self.sums.entry(Period::at(run.started, self.grain)).or_default().add(run, coverage);
    }

    /// Returns the periods from the first that has a run to that of `now`, at most `most` of them, the latest; what was before
    /// is left out.
    pub fn series(&self, now: Timestamp, most: usize) -> Series {
        let end = Period::at(now, self.grain);
        let mut sums = Vec::new();
        let mut next = self.sums.keys().next().copied();
        while let Some(period) = next.filter(|period| *period <= end) {
            sums.push((period, self.sums.get(&period).copied().unwrap_or_default()));
            next = Some(period.next(self.grain));
        }
        // By a clock that was set back, runs may lie in the future.
        sums.extend(self.sums.range(end.next(self.grain)..).map(|(period, sum)| (*period, *sum)));
        let sums = sums.split_off(sums.len().saturating_sub(most));
        Series { grain: self.grain, sums }
    }
}

#[cfg(test)]
mod tests {
    use earchiv::model::audit::{Ending, Level, Shard};

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(&format!("{text}T12:00:00Z")).unwrap()
    }

    #[test]
    fn a_period_follows_the_other_over_ends_of_months_and_years() {
        for (grain, day, next) in [
            (Grain::Day, "2026-03-01", "2026-03-02"),
            (Grain::Day, "2024-02-28", "2024-02-29"),
            (Grain::Day, "2026-02-28", "2026-03-01"),
            (Grain::Day, "2026-04-30", "2026-05-01"),
            (Grain::Day, "2026-12-31", "2027-01-01"),
            (Grain::Month, "2026-12-31", "2027-01-09"),
            (Grain::Year, "2026-12-31", "2027-07-09"),
        ] {
            assert_eq!(Period::at(at(day), grain).next(grain), Period::at(at(next), grain), "{day}");
        }
    }

    #[test]
    fn shares_of_several_runs_are_put_together_once_all_are_known() {
        let run = |number, of, packages, overdue| Run {
            started: at("2026-03-01"),
            ended: Some(at("2026-03-01")),
            ending: Some(Ending::Complete),
            level: Level::Full,
            shard: Shard::new(number, of).unwrap(),
            coverage: Coverage { packages, overdue, ..Coverage::default() },
            ..serde_json::from_value(serde_json::json!({
                "started": "2026-03-01T00:00:00Z", "level": "full", "shard": {"number": 1, "of": 1}, "milliseconds": 0,
                "planned": 0, "packages": 0, "bytes": 0, "damaged": 0, "missing": 0, "unreadable": 0, "doubtful": 0,
                "unknown": 0, "errors": 0, "new": 0, "program": "1", "coverage": Coverage::default(),
            }))
            .unwrap()
        };
        let mut shares = Shares::default();
        let mut told = |run: Run| shares.take(&run).map(|all| (all.packages, all.overdue));
        assert_eq!(told(run(1, 1, 10, 2)), Some((10, 2)));
        assert_eq!(told(run(1, 2, 6, 1)), None);
        assert_eq!(told(run(2, 2, 4, 1)), Some((10, 2)));
        assert_eq!(told(run(2, 2, 4, 0)), Some((10, 1)));
        assert_eq!(told(Run { ended: None, ..run(1, 2, 0, 0) }), None);
        assert_eq!(told(run(1, 2, 6, 0)), Some((10, 0)));
        assert_eq!(told(run(3, 3, 3, 0)), None);
    }

    #[test]
    fn a_share_is_whole_only_where_nothing_is_overdue() {
        let coverage = |packages, overdue| Coverage { packages, overdue, ..Coverage::default() };
        for (packages, overdue, expected) in
            [(0, 0, None), (3, 0, Some(1000)), (100_000, 1, Some(999)), (3, 3, Some(0)), (1, 9, Some(0))]
        {
            assert_eq!(share(&coverage(packages, overdue)), expected);
        }
    }
}
