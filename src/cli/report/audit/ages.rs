//! How long ago packages were checked, counted by age.

use earchiv::archive::audit::plan::Standing;
use earchiv::model::time::Timestamp;

use super::account::days_between;
use crate::cli::text::Text;

/// Up to how many days each class goes; the last has no end.
const CLASSES: [u64; 8] = [7, 30, 90, 180, 365, 730, 1825, u64::MAX];

/// Packages of a class of ages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Class {
    /// Those that were checked.
    pub checked: u64,
    /// Those that were never checked since they were stored.
    pub unchecked: u64,
    /// Of both, those whose period is over.
    pub overdue: u64,
}

impl Class {
    /// Returns all packages of the class.
    pub const fn all(&self) -> u64 {
        self.checked + self.unchecked
    }
}

/// What the last checks of all packages come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ages {
    /// The packages by age.
    pub classes: [Class; CLASSES.len()],
    /// All of them.
    pub sum: Class,
    /// Those that have a period.
    pub bound: u64,
    /// When the one that waits longest was checked or stored.
    pub oldest: Option<Timestamp>,
}

impl Ages {
    /// Counts packages.
    pub fn count(packages: &[Standing], now: Timestamp) -> Self {
        let mut counted = Self { classes: [Class::default(); 8], sum: Class::default(), bound: 0, oldest: None };
        for package in packages {
            let days = days_between(package.since(), now);
            let index = CLASSES.iter().position(|most| days <= *most).unwrap_or(CLASSES.len() - 1);
            for class in [&mut counted.classes[index], &mut counted.sum] {
                class.checked += u64::from(package.checked.is_some());
                class.unchecked += u64::from(package.checked.is_none());
                class.overdue += u64::from(package.is_overdue(now));
            }
            counted.bound += u64::from(package.period.is_some());
            let since = package.since();
            counted.oldest = Some(counted.oldest.map_or(since, |oldest| oldest.min(since)));
        }
        counted
    }
}

/// Returns what a class of ages is called.
pub fn name(index: usize, text: &Text) -> String {
    match index {
        0 => text.say("audits-age-week", &[]),
        1..=4 => {
            let span = [("from", (CLASSES[index - 1] + 1).into()), ("to", CLASSES[index].into())];
            text.say("audits-age-days", &span)
        }
        5 | 6 => {
            let span = [("from", (CLASSES[index - 1] / 365).into()), ("to", (CLASSES[index] / 365).into())];
            text.say("audits-age-years", &span)
        }
        _ => text.say("audits-age-more", &[("from", (CLASSES[6] / 365).into())]),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use earchiv::model::package::PackageId;

    use super::*;
    use crate::cli::text::Language;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_seconds(day * 86_400)
    }

    fn package(stored: i64, checked: Option<i64>) -> Standing {
        Standing {
            package: PackageId::numbered(1),
            bytes: 1,
            stored: at(stored),
            checked: checked.map(at),
            held: None,
            period: Some(Duration::from_hours(1000 * 24)),
            in_doubt: false,
        }
    }

    #[test]
    fn every_package_is_in_the_class_of_its_age() {
        let now = at(5000);
        for (days, class) in
            [(0, 0), (7, 0), (8, 1), (30, 1), (31, 2), (90, 2), (180, 3), (365, 4), (366, 5), (730, 5), (731, 6)]
        {
            let ages = Ages::count(&[package(0, Some(5000 - days))], now);
            assert_eq!((ages.classes[class].checked, ages.sum.overdue), (1, 0), "{days}");
        }
        // A package that is stored tomorrow by a wrong clock is one of today.
        for (stored, class, overdue) in [(5010, 0, 0), (3000, 7, 2)] {
            let one = package(stored, None);
            let ages = Ages::count(&[one, one], now);
            assert_eq!((ages.classes[class].unchecked, ages.sum.overdue, ages.bound), (2, overdue, 2));
        }
    }

    #[test]
    fn classes_are_named_without_a_gap() {
        let text = Text::new(Language::De);
        let names: Vec<String> = (0..CLASSES.len()).map(|index| name(index, &text)).collect();
        assert_eq!(names[1], "8 bis 30 Tage");
        assert_eq!(names[4], "181 bis 365 Tage");
        assert_eq!(names[5], "1 bis 2 Jahre");
        assert_eq!(names[7], "mehr als 5 Jahre");
    }
}
