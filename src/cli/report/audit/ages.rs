//! How long ago packages were checked, counted by age.

use earchiv::model::time::Timestamp;

use super::account::days_between;
use crate::cli::text::Text;

/// When a package was checked last, and until when it must be checked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// When it was checked last, or stored if it never was.
    pub since: Timestamp,
    /// Whether it was checked at all since it was stored.
    pub checked: bool,
    /// When its period is over, where it has one.
    pub due: Option<Timestamp>,
}

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
    pub fn count(ages: &[Age], now: Timestamp) -> Self {
        let mut counted = Self { classes: [Class::default(); 8], sum: Class::default(), bound: 0, oldest: None };
        for age in ages {
            let days = days_between(age.since, now);
            let index = CLASSES.iter().position(|most| days <= *most).unwrap_or(CLASSES.len() - 1);
            for class in [&mut counted.classes[index], &mut counted.sum] {
                class.checked += u64::from(age.checked);
                class.unchecked += u64::from(!age.checked);
                class.overdue += u64::from(age.due.is_some_and(|due| due < now));
            }
            counted.bound += u64::from(age.due.is_some());
            counted.oldest = Some(counted.oldest.map_or(age.since, |oldest| oldest.min(age.since)));
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
    use super::*;
    use crate::cli::text::Language;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_seconds(day * 86_400)
    }

    #[test]
    fn every_package_is_in_the_class_of_its_age() {
        let now = at(5000);
        for (days, class) in [(0, 0), (7, 0), (8, 1), (30, 1), (31, 2), (90, 2), (180, 3), (365, 4), (366, 5), (730, 5)]
        {
            let age = Age { since: at(5000 - days), checked: true, due: None };
            let ages = Ages::count(&[age], now);
            assert_eq!(ages.classes[class].all(), 1, "{days}");
        }
        // A check that is still to come by a wrong clock is one of today.
        for (since, class) in [(5010, 0), (3000, 7)] {
            let age = Age { since: at(since), checked: false, due: Some(at(4999)) };
            let ages = Ages::count(&[age, age], now);
            assert_eq!((ages.classes[class].unchecked, ages.sum.overdue, ages.bound), (2, 2, 2));
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
