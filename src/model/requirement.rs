//! Requirements of a standard, and how a package answers them.

use serde::Serialize;

/// How a package answers a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Nothing in the package is what the requirement speaks of.
    NotApplicable,
    /// All that it speaks of is as it says.
    Passed,
    /// Something is not; a finding says what and where.
    Failed,
    /// It was not looked at.
    NotChecked,
}

/// A requirement with its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// The requirement's id in its standard, such as `CSIP76`.
    pub id: &'static str,
    /// How the package answers it.
    pub answer: Answer,
    /// Why it was not looked at, in one stable word; empty otherwise.
    pub reason: &'static str,
}
