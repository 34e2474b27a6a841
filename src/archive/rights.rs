//! Which statements of use and keeping a package gets: from the terms of its delivery, and from what a finished SIP states.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::delivery::Terms;
use crate::access::statement::{Keeping, is_use, of_keeping, of_term, standing};
use crate::access::term;
use crate::model::accession::Purpose;
use crate::model::closure::{Closure, last_day};
use crate::model::record::{ClosureFacts, Description};
use crate::package::eark::Rights;
use crate::profile::{Retention, RetentionStart};

impl Terms {
    /// Returns the statements for a record of which `facts` are known and which is described as `description`; `stated` is
    /// what a finished SIP says itself, nothing for other records.
    ///
    /// What profile or agreement say of use in so many words goes before all computing. Else the period is computed, and of
    /// it and what is stated the later end counts: the producer may know of persons whom the description does not name.
    /// Records that are kept for a time only have no closure period.
    pub(super) fn statements(&self, facts: &ClosureFacts, description: &Description, stated: &[Rights]) -> Vec<Rights> {
        let today = self.created.date();
        let mut statements: Vec<Rights> = self.rights().into_iter().collect();
        if !statements.iter().any(is_use) && self.purpose() == Purpose::Permanent {
            let facts = ClosureFacts { made: made(facts, description), ..facts.clone() };
            let computed = of_term(&self.profile.closure, &term(&self.profile.closure, &facts), &today);
            let stated: Vec<Rights> = stated.iter().filter(|rights| is_use(rights)).cloned().collect();
            let says = !stated.is_empty() && prevails(&stated, &computed);
            statements.extend(if says { stated } else { computed });
        }
        statements.extend(of_keeping(&self.keeping(&made(facts, description)), &today));
        statements
    }

    /// Returns how long a record must be kept whose last date is `made`: to the day that the agreement names, else as many
    /// years as the profile says.
    pub(super) fn keeping(&self, made: &str) -> Keeping {
        let agreement = self.agreement.as_ref().map(|(agreement, _)| agreement);
        let rule = self.profile.retention.as_ref();
        let named = agreement.and_then(|agreement| agreement.retention_end.as_ref());
        let basis = agreement.and_then(|agreement| agreement.retention_basis.as_ref());
        let basis = basis.or(rule.filter(|_| named.is_none()).map(|rule| &rule.basis));
        let computed = || rule.and_then(|rule| end_of(rule, last_day(made)?));
        Keeping {
            purpose: self.purpose(),
            end: named.map(|day| day.as_str().to_owned()).or_else(computed).unwrap_or_default(),
            basis: basis.map(|law| law.as_str().to_owned()).unwrap_or_default(),
        }
    }
}

/// Returns the last day of the retention that begins with `last`, the record's last date; nothing beyond the year 9999.
fn end_of(rule: &Retention, last: Date) -> Option<String> {
    let end = last.checked_add(i32::try_from(rule.years).ok()?.years()).ok()?;
    let end = match rule.from {
        RetentionStart::YearEnd => Date::new(end.year(), 12, 31).ok()?,
        RetentionStart::Date => end,
    };
    Some(end.to_string())
}

/// Returns whether what is stated counts, not what was computed: it ends later, or an end could not be computed.
fn prevails(stated: &[Rights], computed: &[Rights]) -> bool {
    let (stated, computed) = (standing(stated).closure, standing(computed).closure);
    match (&stated, &computed) {
        (Closure::Until(_), Closure::Open) => true,
        _ => computed.clone().later(stated) != computed,
    }
}

/// Returns the last date of the record's making: of what the source says of it and what describes it the later one. Dates
/// of files are none: copying makes them.
pub(super) fn made(facts: &ClosureFacts, description: &Description) -> String {
    let told = if description.dates_of_files { "" } else { description.date_to.as_str() };
    let dates = [last_day(&facts.made), last_day(told)];
    dates.into_iter().flatten().max().map(|day| day.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Line;

    #[test]
    fn retention_runs_from_the_last_date() {
        let rule = |years, from| Retention { years, from, basis: Line::parse("AO § 147").unwrap() };
        for (years, from, last, expected) in [
            (10, RetentionStart::YearEnd, "2024-01-31", Some("2034-12-31")),
            (8, RetentionStart::YearEnd, "2024-12-31", Some("2032-12-31")),
            (10, RetentionStart::Date, "2024-01-31", Some("2034-01-31")),
            (10, RetentionStart::Date, "2024-02-29", Some("2034-02-28")),
            (9_000, RetentionStart::YearEnd, "2024", None),
            (u32::MAX, RetentionStart::Date, "2024", None),
        ] {
            let end = end_of(&rule(years, from), last_day(last).unwrap());
            assert_eq!(end.as_deref(), expected, "{years} {last}");
        }
    }

    #[test]
    fn the_record_was_made_when_its_last_date_says() {
        for (fact, told, of_files, expected) in [
            ("1993-05", "1990", false, "1993-05-31"),
            ("1990", "1993", false, "1993-12-31"),
            ("", "1993", false, "1993-12-31"),
            ("", "1993", true, ""),
            ("1990", "1993", true, "1990-12-31"),
            ("um 1900", "", false, ""),
        ] {
            let facts = ClosureFacts { made: fact.to_owned(), ..ClosureFacts::default() };
            let description =
                Description { date_to: told.to_owned(), dates_of_files: of_files, ..Description::default() };
            assert_eq!(made(&facts, &description), expected, "{fact} {told}");
        }
    }
}
