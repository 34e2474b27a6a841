//! Which packages a run takes, and in which order; how well all of them are checked.

use std::time::Duration;

use crate::model::audit::Coverage;
use crate::model::package::PackageId;
use crate::model::time::Timestamp;

/// A package as a plan sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The package.
    pub package: PackageId,
    /// Bytes of its payload.
    pub bytes: u64,
    /// When it was stored: it was read back then.
    pub stored: Timestamp,
    /// When it was checked last.
    pub checked: Option<Timestamp>,
    /// Bytes of the files of its object, as the last full check found them.
    pub held: Option<u64>,
    /// How long a check holds.
    pub period: Option<Duration>,
    /// Whether something was wrong with it.
    pub in_doubt: bool,
}

impl Standing {
    /// Returns from when its period counts.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.checked.unwrap_or(self.stored)
    }

    /// Returns until when it has to be checked, if it has a period.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        let period = i64::try_from(self.period?.as_secs()).unwrap_or(i64::MAX);
        Some(Timestamp::from_seconds(self.since().seconds().saturating_add(period)))
    }

    /// Returns whether its period is over.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.deadline().is_some_and(|deadline| deadline < now)
    }

    /// Returns whether it is to be checked now: three quarters of its period are over, so that a day on which much is due can be
    /// made good on the days around it.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        let Some(period) = self.period else { return false };
        let wait = i64::try_from(period.as_secs() / 4 * 3).unwrap_or(i64::MAX);
        self.since().seconds().saturating_add(wait) <= now.seconds()
    }
}

/// Returns the packages that a run takes at `now`, all of them or only those that are `due`, in the order in which it takes them:
/// first those with which something was wrong, so that what was repaired is cleared at once, then those with the nearest end of
/// their period, then those that were not checked for the longest time.
#[must_use]
pub fn plan(packages: &[Standing], due: bool, now: Timestamp) -> Vec<&Standing> {
    let mut taken: Vec<&Standing> =
        packages.iter().filter(|package| !due || package.in_doubt || package.is_due(now)).collect();
    taken.sort_unstable_by_key(|package| {
        let deadline = package.deadline().map_or(i64::MAX, Timestamp::seconds);
        (!package.in_doubt, deadline, package.since(), package.checked.is_some(), package.package)
    });
    taken
}

/// Returns how well the packages are checked at `now`.
pub fn coverage<'a>(packages: impl IntoIterator<Item = &'a Standing>, now: Timestamp) -> Coverage {
    let mut coverage = Coverage::default();
    for package in packages {
        coverage.packages += 1;
        coverage.bytes += package.bytes;
        coverage.checked += u64::from(package.checked.is_some());
        if package.is_overdue(now) {
            coverage.overdue += 1;
            coverage.overdue_bytes += package.bytes;
        }
        let since = package.since();
        coverage.oldest = Some(coverage.oldest.map_or(since, |oldest| oldest.min(since)));
    }
    coverage
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;
    const PERIOD: Option<Duration> = Some(Duration::from_hours(100 * 24));

    fn package(number: u128, stored: i64, checked: Option<i64>) -> Standing {
        let day = |day: i64| Timestamp::from_seconds(day * DAY);
        Standing {
            package: PackageId::numbered(number),
            bytes: 10,
            stored: day(stored),
            checked: checked.map(day),
            held: None,
            period: PERIOD,
            in_doubt: false,
        }
    }

    fn numbers(packages: &[&Standing]) -> Vec<u128> {
        packages.iter().map(|package| package.package.number()).collect()
    }

    #[test]
    fn the_oldest_comes_first_and_what_was_never_checked_counts_from_when_it_was_stored() {
        let now = Timestamp::from_seconds(200 * DAY);
        let all = [package(1, 0, Some(150)), package(2, 110, None), package(3, 0, Some(100)), package(4, 110, None)];
        assert_eq!(numbers(&plan(&all, false, now)), [3, 2, 4, 1]);
        assert_eq!(numbers(&plan(&all, true, now)), [3, 2, 4]);
    }

    #[test]
    fn what_is_in_doubt_comes_first_whenever_it_was_checked() {
        let doubted = Standing { in_doubt: true, ..package(1, 0, Some(199)) };
        let all = [package(2, 0, Some(50)), doubted];
        assert_eq!(numbers(&plan(&all, true, Timestamp::from_seconds(200 * DAY))), [1, 2]);
    }

    #[test]
    fn what_ends_next_comes_before_what_is_older_and_what_has_no_period_comes_last() {
        let short = Standing { period: Some(Duration::from_hours(30 * 24)), ..package(1, 0, Some(160)) };
        let none = Standing { period: None, ..package(2, 0, Some(1)) };
        let all = [none, package(3, 0, Some(120)), short];
        let now = Timestamp::from_seconds(200 * DAY);
        assert_eq!(numbers(&plan(&all, false, now)), [1, 3, 2]);
        assert_eq!(numbers(&plan(&all, true, now)), [1, 3]);
    }

    #[test]
    fn a_package_is_overdue_on_the_day_after_its_period_and_due_a_quarter_before() {
        let one = package(1, 0, Some(100));
        for (day, due, overdue) in [(174, false, false), (175, true, false), (200, true, false), (201, true, true)] {
            let now = Timestamp::from_seconds(day * DAY);
            assert_eq!((one.is_due(now), one.is_overdue(now)), (due, overdue), "day {day}");
        }
        assert!(!Standing { period: None, ..one }.is_overdue(Timestamp::from_seconds(i64::MAX)));
    }

    #[test]
    fn coverage_counts_each_package_once() {
        let all = [package(1, 0, Some(150)), package(2, 60, None), package(3, 0, Some(90))];
        let coverage = coverage(&all, Timestamp::from_seconds(200 * DAY));
        assert_eq!((coverage.packages, coverage.bytes, coverage.checked), (3, 30, 2));
        assert_eq!((coverage.overdue, coverage.overdue_bytes), (2, 20));
        assert_eq!(coverage.oldest, Some(Timestamp::from_seconds(60 * DAY)));
    }
}
