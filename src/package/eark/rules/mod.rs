//! The requirements of CSIP, SIP, AIP and DIP as a table, and how a package answers them while its METS documents stream by.
//!
//! A row says id, level by version, where, what and how it is asked ([`Ask`]). Most are one of a few kinds of question that
//! the engine (`document`) knows; what fits none of them is answered beside the table: agents (`agents`), file groups and
//! divisions (`groups`), the head (`head`), the file tree ([`tree`]), PREMIS ([`premis`]).

mod agents;
mod ask;
mod division;
mod document;
mod groups;
mod head;
mod ids;
mod media;
mod place;
pub mod premis;
mod sections;
pub mod table;
mod tally;
#[cfg(test)]
mod tests;
pub mod tree;
pub mod version;

use crate::model::finding::Severity;

pub use self::ask::{Ask, Name, Times, Value};
pub use self::document::{Document, Role};
pub use self::place::Place;
pub use self::tally::{Rank, Tally};
pub use self::version::{Claim, SpecVersion};

/// The specification that a requirement belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spec {
    /// For all packages.
    Csip,
    /// For submission packages.
    Sip,
    /// For archival packages.
    Aip,
    /// For dissemination packages.
    Dip,
}

/// How binding a requirement is (RFC 2119).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Without it the package does not conform.
    Must,
    /// It is recommended.
    Should,
    /// It is allowed.
    May,
}

impl Level {
    /// Returns how grave it is not to meet a requirement of this level.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Must => Severity::Error,
            Self::Should => Severity::Warning,
            Self::May => Severity::Info,
        }
    }
}

/// The level in 2.0.4, 2.1.0 and 2.2.0; `None` where the version does not have the requirement.
pub type Levels = [Option<Level>; 3];

/// A requirement of the specifications.
#[derive(Debug, Clone, Copy)]
pub struct Requirement {
    /// The id, such as `CSIP76`.
    pub id: &'static str,
    /// The specification.
    pub spec: Spec,
    /// The level by version.
    pub levels: Levels,
    /// The place in METS that it speaks of; [`Place::Package`] where it speaks of the file tree or of PREMIS.
    pub place: Place,
    /// How it is asked.
    pub ask: Ask,
    /// What it says.
    pub what: &'static str,
}

impl Requirement {
    /// Returns the level in `version`, `None` where that does not have it.
    #[must_use]
    pub const fn level(&self, version: SpecVersion) -> Option<Level> {
        match version {
            SpecVersion::V204 => self.levels[0],
            SpecVersion::V210 => self.levels[1],
            SpecVersion::V220 => self.levels[2],
        }
    }
}
