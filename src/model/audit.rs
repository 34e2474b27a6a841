//! The words of audits: how deep one looks, at which share of the packages, and why it ended.

use serde::{Deserialize, Serialize};

use super::finding::{Code, Finding, Verdict};
use super::package::PackageId;
use super::time::Timestamp;

/// How deep a check looks; each level does what those before it do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// What is there has the sizes and checksums that are recorded around it; no content is read.
    Quick,
    /// Every byte is read and compared with what the journal recorded at ingest.
    #[default]
    Full,
    /// What a package says of itself is examined as well, as that of a delivery.
    Deep,
}

impl Level {
    /// All levels, the least deep first.
    pub const ALL: [Self; 3] = [Self::Quick, Self::Full, Self::Deep];

    /// Returns the word for it in options, JSON and the history.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Full => "full",
            Self::Deep => "deep",
        }
    }

    /// Returns the level that [`Level::name`] calls `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    /// It did all that it was to do.
    Complete,
    /// Its time was used up.
    Time,
    /// It read as many bytes as it might.
    Bytes,
    /// It was asked to stop.
    Stopped,
}

impl Ending {
    /// Returns the word for it in JSON and the history.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Time => "time",
            Self::Bytes => "bytes",
            Self::Stopped => "stopped",
        }
    }

    /// Returns the ending that [`Ending::name`] calls `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Complete, Self::Time, Self::Bytes, Self::Stopped].into_iter().find(|ending| ending.name() == name)
    }
}

/// One of several equal shares of all packages, told by their identities alone: every machine comes to the same shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which, from 1.
    pub number: u32,
    /// Of how many.
    pub of: u32,
}

impl Shard {
    /// All packages.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Returns share `number` (from 1) of `of`, if there is one.
    #[must_use]
    pub const fn new(number: u32, of: u32) -> Option<Self> {
        if number >= 1 && number <= of { Some(Self { number, of }) } else { None }
    }

    /// Returns whether the share holds the package.
    #[must_use]
    pub const fn holds(self, package: PackageId) -> bool {
        package.number() % self.of as u128 == self.number as u128 - 1
    }

    /// Returns whether the share is the one to which everything belongs that concerns no single package.
    #[must_use]
    pub const fn leads(self) -> bool {
        self.number == 1
    }
}

/// What a check of one package came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The package.
    pub package: PackageId,
    /// When it ended.
    pub time: Timestamp,
    /// How deep it looked.
    pub level: Level,
    /// What it came to.
    pub verdict: Verdict,
    /// Bytes of the files of its object on the medium, all versions; `None` where not all could be measured.
    pub held: Option<u64>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// Whether it looked at a second copy too.
    pub against: bool,
}

/// Where something is wrong. Only a check that looks there sees that it is no more so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// In the package, or in the archive as a whole.
    Archive,
    /// In the package's row in the catalogue.
    Row,
    /// In a second copy.
    Copy,
}

/// A finding as the history knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The package that it is about; `None` for one about the archive as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<PackageId>,
    /// How deep the check looked that found it: one that looks less deep does not clear it.
    pub level: Level,
    /// What was found, as it was seen last.
    pub finding: Finding,
    /// When it was seen first.
    pub first: Timestamp,
    /// When it was seen last.
    pub last: Timestamp,
    /// When a check saw it no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleared: Option<Timestamp>,
}

impl Known {
    /// Returns whether `finding` about the same package says the same again: of what is wrong with a file, its present content may
    /// have changed once more; what concerns the catalogue as a whole names its subject as the value.
    #[must_use]
    pub fn is(&self, finding: &Finding) -> bool {
        let subject = |finding: &Finding| {
            let value = (self.package.is_none() || finding.file.is_none()).then(|| finding.value.clone()).flatten();
            (finding.code, finding.file.clone(), finding.requirement.clone(), finding.line, value)
        };
        subject(&self.finding) == subject(finding)
    }
}

impl Finding {
    /// Returns the package whose row in the catalogue it is about, if it says that the row differs from what the package says. That is
    /// seen when the package is checked, and only then is seen that it is no more so.
    #[must_use]
    pub fn row_of(&self) -> Option<PackageId> {
        let value = self.value.as_deref().filter(|_| matches!(self.code, Code::CatalogueDiffers))?;
        PackageId::parse(value)
    }

    /// Returns where it is wrong.
    #[must_use]
    pub fn side(&self) -> Side {
        match self.code {
            Code::CopyMissing
            | Code::CopyDamaged
            | Code::CopyBehind
            | Code::CopyUnreadable
            | Code::CopyParted
            | Code::CopyAhead
            | Code::CopyJournalDamaged => Side::Copy,
            _ if self.row_of().is_some() => Side::Row,
            _ => Side::Archive,
        }
    }

    /// Returns whether it says that something is wrong that may be repaired, and not how a run went.
    #[must_use]
    pub const fn lasts(&self) -> bool {
        !matches!(
            self.code,
            Code::PackagePending
                | Code::DisposalPending
                | Code::AccessionOpen
                | Code::ReadDoubtful
                | Code::ReadRepeated
        )
    }
}

/// How well the packages of an archive are checked at some moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Packages that are held.
    pub packages: u64,
    /// Bytes of their payload.
    pub bytes: u64,
    /// Those that were checked at all since they were stored.
    pub checked: u64,
    /// Those whose period is over.
    pub overdue: u64,
    /// Payload bytes of the overdue.
    pub overdue_bytes: u64,
    /// When the one that was not checked for the longest time was checked, or stored if it never was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_in_exactly_one_share() {
        for of in [1, 2, 3, 7, 64] {
            let mut counts = vec![0; of as usize];
            for record in 0..500 {
                let id = PackageId::derive("Amt", "2026", &record.to_string());
                let shares: Vec<u32> =
                    (1..=of).filter(|number| Shard::new(*number, of).is_some_and(|shard| shard.holds(id))).collect();
                assert_eq!(shares.len(), 1);
                counts[shares[0] as usize - 1] += 1;
            }
            // 500 is little for 64 shares; nobody gets nothing or most of it.
            assert!(counts.iter().all(|count| *count > 0 && *count < 1000 / of + 10), "{counts:?}");
        }
        for (number, of) in [(0, 0), (0, 3), (4, 3), (1, 0)] {
            assert_eq!(Shard::new(number, of), None);
        }
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for level in Level::ALL {
            assert_eq!(Level::named(level.name()), Some(level));
            assert_eq!(serde_json::to_value(level).unwrap(), level.name());
        }
        for ending in [Ending::Complete, Ending::Time, Ending::Bytes, Ending::Stopped] {
            assert_eq!(Ending::named(ending.name()), Some(ending));
        }
        assert!(Level::named("Full").is_none() && Ending::named("").is_none());
    }

    #[test]
    fn a_file_that_changes_again_is_the_same_finding() {
        let known = |package, finding| Known {
            package,
            level: Level::Full,
            finding,
            first: Timestamp::default(),
            last: Timestamp::default(),
            cleared: None,
        };
        let id = PackageId::derive("Amt", "2026", "Akte");
        let changed = Finding::new(Code::PackageChanged).file("store/a.zip").value("1");
        assert!(known(Some(id), changed.clone()).is(&changed.clone().value("2")));
        assert!(!known(Some(id), changed).is(&Finding::new(Code::PackageChanged).file("store/b.zip").value("1")));
        let row = Finding::new(Code::CatalogueLacks).file("catalogue.sqlite").value("1");
        assert!(!known(None, row.clone()).is(&row.value("2")));
    }
}
