//! What a profile demands of records, how grave its findings are, and how long records are kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FileName, Line};
use crate::model::finding::{Code, Finding, Severity};

/// Where the description of the records comes from, and what of it must be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DescriptionRules {
    /// Names of files beside the records; empty: no file describes them.
    #[serde(default = "metadata_tables")]
    pub tables: Vec<FileName>,
    /// What must be known of each record: `title`, `date_from` and the like, or the name of a property.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<Line>,
    /// What is read from the record's own data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub field: Vec<Field>,
}

impl Default for DescriptionRules {
    fn default() -> Self {
        Self { tables: metadata_tables(), required: Vec::new(), field: Vec::new() }
    }
}

fn metadata_tables() -> Vec<FileName> {
    ["metadata.csv", "metadata.toml"].into_iter().filter_map(FileName::parse).collect()
}

/// One thing that is read from a record's own data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// What it is in the description: `title`, `identifiers` and the like; any other name becomes a property.
    pub field: Line,
    /// Where it stands: a column, a JSON pointer (RFC 6901) or an XPath, as the source has it.
    pub from: Line,
}

/// How grave a finding is where a profile says otherwise than the program, by code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Checks(BTreeMap<Code, Severity>);

impl Checks {
    /// Returns whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns what is said, sorted by code.
    pub fn iter(&self) -> impl Iterator<Item = (Code, Severity)> + '_ {
        self.0.iter().map(|(code, severity)| (*code, *severity))
    }

    /// Gives each finding the severity that is said for its code.
    pub fn apply(&self, findings: &mut [Finding]) {
        for finding in findings {
            if let Some(severity) = self.0.get(&finding.code) {
                finding.severity = *severity;
            }
        }
    }

    /// Takes over what `other` says, which goes before what was said.
    pub(super) fn extend(&mut self, other: &Self) {
        self.0.extend(other.iter());
    }
}

/// How long records are kept by law (Aufbewahrungsfrist).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Years after the record's last date.
    pub years: u32,
    /// When they begin.
    #[serde(default)]
    pub from: RetentionStart,
    /// The law that says so.
    pub basis: Line,
}

/// When the years of retention begin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetentionStart {
    /// With the end of the calendar year in which the record's last date lies (§ 147 Abs. 4 AO).
    #[default]
    YearEnd,
    /// On the day after the record's last date.
    Date,
}

/// What becomes of a delivery of which a record is refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnError {
    /// The other records are taken over.
    #[default]
    TakeRest,
    /// None is taken over.
    AllOrNothing,
}
