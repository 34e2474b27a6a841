//! How often packages are to be checked: what the archive says in `audit.toml`, or the call.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::super::ArchiveError;
use crate::io::toml::{self, read_toml};
use crate::profile::ProfileError;

/// The archive's own file about audits.
pub const FILE: &str = "audit.toml";

const DAY: u64 = 86_400;

/// How often packages are to be checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Periods {
    every: Option<Duration>,
    profiles: BTreeMap<String, Duration>,
}

/// `audit.toml`: days, for all packages and for those that a profile took over.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    every_days: Option<Days>,
    #[serde(default)]
    profiles: BTreeMap<String, Days>,
}

/// Days, from 1 to 100 years.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "u64")]
struct Days(u64);

impl TryFrom<u64> for Days {
    type Error = &'static str;

    fn try_from(days: u64) -> Result<Self, Self::Error> {
        if (1..=36_525).contains(&days) { Ok(Self(days)) } else { Err("days from 1 to 36525") }
    }
}

impl From<Days> for Duration {
    fn from(days: Days) -> Self {
        Self::from_secs(days.0 * DAY)
    }
}

impl Periods {
    /// Returns one period for all packages.
    #[must_use]
    pub fn all(every: Duration) -> Self {
        Self { every: Some(every), profiles: BTreeMap::new() }
    }

    /// Reads what the archive at `root` says; nothing is said where the file is missing.
    pub fn read(root: &Path) -> Result<Self, ArchiveError> {
        let path = root.join(FILE);
        if !path.exists() {
            return Ok(Self::default());
        }
        let wrong = |error| ArchiveError::Profile(ProfileError::from(error));
        let text = toml::read(&path).map_err(wrong)?;
        let said: Said = read_toml(&text, &path).map_err(wrong)?;
        Ok(Self {
            every: said.every_days.map(Duration::from),
            profiles: said.profiles.into_iter().map(|(name, days)| (name, days.into())).collect(),
        })
    }

    /// Returns the period for packages that `profile` took over, if there is one.
    #[must_use]
    pub fn of(&self, profile: &str) -> Option<Duration> {
        self.profiles.get(profile).copied().or(self.every)
    }

    /// Returns whether nothing is said of any package.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.every.is_none() && self.profiles.is_empty()
    }
}
