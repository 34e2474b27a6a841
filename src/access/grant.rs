//! Grants: decisions that let a package be used before its closure period ends (SächsArchivG § 10 Abs. 4 und 5).
//!
//! They stand in the journal and nowhere else; what is recorded there cannot be changed.

use std::path::Path;

use crate::journal::{self, Actor, Event, JournalError};
use crate::model::package::PackageId;
use crate::model::time::Timestamp;

/// A decision that lets packages be used, as the journal tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its number in the archive's own records.
    pub number: String,
    /// Clause or decision on which it rests.
    pub basis: String,
    /// The last day on which it may be used, an ISO 8601 calendar date.
    pub until: String,
    /// The packages that it is for.
    pub packages: Vec<PackageId>,
    /// The holdings that it is for, all packages of them; empty where it is for single packages.
    pub holdings: String,
    /// When it was recorded.
    pub recorded: Timestamp,
    /// Who recorded it.
    pub actor: Actor,
}

impl Grant {
    /// Returns whether it is for the package `id`, which belongs to `holdings`.
    #[must_use]
    pub fn covers(&self, id: PackageId, holdings: &str) -> bool {
        self.packages.contains(&id) || !self.holdings.is_empty() && self.holdings == holdings
    }

    /// Returns whether it may no longer be used on the day `today` (ISO 8601).
    #[must_use]
    pub fn ended(&self, today: &str) -> bool {
        self.until.as_str() < today
    }
}

/// Returns all grants in the journal in `folder`, oldest first.
pub fn all(folder: &Path) -> Result<Vec<Grant>, JournalError> {
    let mut grants = Vec::new();
    for entry in journal::entries(folder)? {
        let entry = entry?;
        if let Event::AccessGranted { permit: number, basis, until, packages, holdings } = entry.event {
            let (recorded, actor) = (entry.time, entry.actor);
            grants.push(Grant { number, basis, until, packages, holdings, recorded, actor });
        }
    }
    Ok(grants)
}

/// Why a grant does not open a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No grant was named.
    Unnamed,
    /// No grant has that number.
    Unknown,
    /// It is for other packages.
    Other,
    /// It has ended.
    Ended,
}

impl Refusal {
    /// Returns the word that stands in the journal.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unnamed => "closed",
            Self::Unknown => "permit-unknown",
            Self::Other => "permit-for-others",
            Self::Ended => "permit-ended",
        }
    }
}

/// Returns the grant `number` if it opens the package `id` of `holdings` on the day `today`.
pub fn opening<'a>(
    grants: &'a [Grant],
    number: Option<&str>,
    (id, holdings): (PackageId, &str),
    today: &str,
) -> Result<&'a Grant, Refusal> {
    let number = number.ok_or(Refusal::Unnamed)?;
    let grant = grants.iter().find(|grant| grant.number == number).ok_or(Refusal::Unknown)?;
    if !grant.covers(id, holdings) {
        return Err(Refusal::Other);
    }
    if grant.ended(today) {
        return Err(Refusal::Ended);
    }
    Ok(grant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_opens_what_it_is_for_until_it_ends() {
        let id = |record| PackageId::derive("Amt", "2026", record);
        let grant = |number: &str, packages: &[PackageId], holdings: &str| Grant {
            number: number.to_owned(),
            basis: "SächsArchivG § 10 Abs. 4".to_owned(),
            until: "2026-12-31".to_owned(),
            packages: packages.to_vec(),
            holdings: holdings.to_owned(),
            recorded: Timestamp::from_seconds(0),
            actor: Actor { user: "anna".to_owned(), on_behalf_of: None },
        };
        let grants = [grant("1", &[id("a"), id("b")], ""), grant("2", &[], "67")];
        for (number, package, holdings, today, expected) in [
            (Some("1"), "a", "", "2026-12-31", Ok("1")),
            (Some("1"), "b", "67", "2026-01-01", Ok("1")),
            (Some("1"), "c", "", "2026-01-01", Err(Refusal::Other)),
            (Some("1"), "a", "", "2027-01-01", Err(Refusal::Ended)),
            (Some("2"), "c", "67", "2026-01-01", Ok("2")),
            (Some("2"), "c", "68", "2026-01-01", Err(Refusal::Other)),
            (Some("2"), "c", "", "2026-01-01", Err(Refusal::Other)),
            (Some("3"), "a", "67", "2026-01-01", Err(Refusal::Unknown)),
            (None, "a", "67", "2026-01-01", Err(Refusal::Unnamed)),
        ] {
            let opened = opening(&grants, number, (id(package), holdings), today);
            assert_eq!(opened.map(|grant| grant.number.as_str()), expected, "{number:?} {package}");
        }
    }
}
