//! Statements of a package about its use and its keeping, made from terms and read back.
//!
//! They are PREMIS rights statements. One about an act of use (`disseminate`) with a restriction closes the package until
//! the end of its term, and for good where no end is told; one without a restriction says that none applies. One about the
//! act `delete` tells how long the package must be kept. A package that says nothing of its use is closed: nobody looked.

use super::term::Term;
use crate::model::accession::Purpose;
use crate::model::closure::{Closure, last_day};
use crate::package::eark::Rights;
use crate::profile::ClosureRules;

/// Acts of use, by the words of PREMIS and of those who write it.
const USE: &[&str] = &["disseminate", "display", "access", "use", "replicate", "publish", "print", "download"];

/// The act that retention restricts.
const DELETE: &str = "delete";

/// The note that tells a package that is kept for a time only.
const INTERIM: &str = "purpose interim";

/// What the statements of a package come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether it is closed to use.
    pub closure: Closure,
    /// The clauses that close it, each once, separated by `; `.
    pub law: String,
    /// The last day on which it must be kept, an ISO 8601 calendar date; empty where none is known.
    pub retention_end: String,
    /// Why it is kept.
    pub purpose: Purpose,
}

/// Returns what `statements` come to.
#[must_use]
pub fn standing(statements: &[Rights]) -> Standing {
    let interim = statements.iter().any(|rights| rights.act == DELETE && rights.note.starts_with(INTERIM));
    let uses: Vec<&Rights> = statements.iter().filter(|rights| is_use(rights)).collect();
    let unsaid = if interim { Closure::Free } else { Closure::Open };
    let closure = uses.iter().map(|rights| closure(rights)).reduce(Closure::later).unwrap_or(unsaid);
    let mut laws: Vec<&str> = Vec::new();
    for rights in uses {
        let decides = closure == self::closure(rights) && !rights.citation.is_empty();
        if decides && !laws.contains(&rights.citation.as_str()) {
            laws.push(&rights.citation);
        }
    }
    let ends = statements.iter().filter(|rights| rights.act == DELETE).filter_map(|rights| last_day(&rights.end));
    Standing {
        closure,
        law: laws.join("; "),
        retention_end: ends.max().map(|day| day.to_string()).unwrap_or_default(),
        purpose: if interim { Purpose::Interim } else { Purpose::Permanent },
    }
}

/// Returns whether the statement is about use.
#[must_use]
pub fn is_use(rights: &Rights) -> bool {
    USE.iter().any(|act| rights.act.trim().eq_ignore_ascii_case(act))
}

fn closure(rights: &Rights) -> Closure {
    let date = if rights.restriction.is_empty() { &rights.start } else { &rights.end };
    match last_day(date) {
        Some(day) => day.into(),
        // Allowed from the beginning.
        None if rights.restriction.is_empty() && date.is_empty() => Closure::Free,
        None => Closure::Open,
    }
}

/// Returns the statements for a closure period: one for each rule that decides; `today` begins an open one.
#[must_use]
pub fn of_term(rules: &ClosureRules, term: &Term, today: &str) -> Vec<Rights> {
    let statement = |citation: String, restriction: &str| Rights {
        jurisdiction: rules.jurisdiction.as_str().to_owned(),
        citation,
        act: "disseminate".to_owned(),
        restriction: restriction.to_owned(),
        start: String::new(),
        end: String::new(),
        note: String::new(),
    };
    if term.closure == Closure::Free {
        return vec![Rights { note: "keine Schutzfrist".to_owned(), ..statement(rules.law.as_str().to_owned(), "") }];
    }
    let steps = term.deciding();
    let of_step = |step: &&super::Step| {
        let rights = statement(step.basis.citation(rules), "Schutzfrist");
        let (name, years) = (step.basis.name(), step.years);
        match (step.from, step.end) {
            (Some(from), Some(end)) => Rights {
                start: from.to_string(),
                end: end.to_string(),
                note: format!("{name}: {years} Jahre"),
                ..rights
            },
            _ => Rights { start: today.to_owned(), note: format!("zu prüfen ({name}: {years} Jahre)"), ..rights },
        }
    };
    steps.iter().map(of_step).collect()
}

/// How long a record must be kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keeping {
    /// Why it is kept.
    pub purpose: Purpose,
    /// The last day, an ISO 8601 calendar date; empty where none is known.
    pub end: String,
    /// The law that says so.
    pub basis: String,
}

/// Returns the statement about keeping; none for what is kept for good without a period of retention.
#[must_use]
pub fn of_keeping(keeping: &Keeping, today: &str) -> Option<Rights> {
    if keeping.purpose == Purpose::Permanent && keeping.end.is_empty() {
        return None;
    }
    // A term that ends begins before: the day on which the package was made may be later.
    let start = if keeping.end.is_empty() || today < keeping.end.as_str() { today } else { keeping.end.as_str() };
    Some(Rights {
        jurisdiction: "DE".to_owned(),
        citation: if keeping.basis.is_empty() { "Übernahmevereinbarung".to_owned() } else { keeping.basis.clone() },
        act: DELETE.to_owned(),
        restriction: "Aufbewahrungsfrist".to_owned(),
        start: start.to_owned(),
        end: keeping.end.clone(),
        note: if keeping.purpose == Purpose::Interim { INTERIM.to_owned() } else { String::new() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::term;
    use crate::model::record::{ClosureFacts, Person};

    const TODAY: &str = "2026-11-21";

    #[test]
    fn what_is_stated_is_read_back() {
        let rules = ClosureRules::default();
        let person = Person { born: "1920".to_owned(), died: String::new() };
        for (made, persons) in [
            ("1993-05-12", vec![]),
            ("", vec![]),
            ("", vec![person.clone()]),
            ("1990", vec![person, Person::default()]),
        ] {
            let term = term(&rules, &ClosureFacts { made: made.to_owned(), persons, secret: false });
            let statements = of_term(&rules, &term, TODAY);
            let standing = standing(&statements);
            assert_eq!(standing.closure, term.closure, "{made}");
            assert!(standing.law.starts_with("SächsArchivG § 10 Abs. 1"), "{}", standing.law);
            assert_eq!((standing.retention_end.as_str(), standing.purpose), ("", Purpose::Permanent));
        }
        let free = ClosureRules { special: vec![crate::profile::Special::Veroeffentlicht], ..rules };
        let statements = of_term(&free, &term(&free, &ClosureFacts::default()), TODAY);
        assert_eq!(standing(&statements).closure, Closure::Free);
    }

    #[test]
    fn what_is_kept_for_a_time_is_not_closed() {
        for (purpose, end, expected) in [
            (Purpose::Interim, "2034-12-31", (Closure::Free, "2034-12-31")),
            (Purpose::Interim, "2020-12-31", (Closure::Free, "2020-12-31")),
            (Purpose::Interim, "", (Closure::Free, "")),
            (Purpose::Permanent, "2034-12-31", (Closure::Open, "2034-12-31")),
            (Purpose::Permanent, "", (Closure::Open, "")),
        ] {
            let keeping = Keeping { purpose, end: end.to_owned(), basis: "AO § 147".to_owned() };
            let statements: Vec<Rights> = of_keeping(&keeping, TODAY).into_iter().collect();
            let standing = standing(&statements);
            assert_eq!((standing.closure, standing.retention_end.as_str()), expected, "{purpose:?} {end}");
            assert_eq!(standing.purpose, purpose);
            assert!(statements.iter().all(|rights| rights.end.is_empty() || rights.start <= rights.end));
        }
    }

    #[test]
    fn statements_of_others_never_open_by_accident() {
        let rights = |act: &str, restriction: &str, start: &str, end: &str| Rights {
            jurisdiction: "DE-SN".to_owned(),
            citation: "X".to_owned(),
            act: act.to_owned(),
            restriction: restriction.to_owned(),
            start: start.to_owned(),
            end: end.to_owned(),
            note: String::new(),
        };
        for (statements, expected) in [
            (vec![], "open"),
            (vec![rights("migrate", "", "", "")], "open"),
            (vec![rights("disseminate", "", "", "")], ""),
            (vec![rights("Disseminate", "", "2030", "")], "2030-12-31"),
            (vec![rights("disseminate", "", "bald", "")], "open"),
            (vec![rights("disseminate", "Schutzfrist", "2020", "")], "open"),
            (vec![rights("disseminate", "Schutzfrist", "2020", "OPEN")], "open"),
            (vec![rights("disseminate", "Schutzfrist", "2020", "2050-06")], "2050-06-30"),
            (vec![rights("disseminate", "a", "", "2050"), rights("display", "b", "", "2060")], "2060-12-31"),
            (vec![rights("disseminate", "", "", ""), rights("display", "b", "", "2060")], "2060-12-31"),
        ] {
            assert_eq!(standing(&statements).closure.text(), expected, "{statements:?}");
        }
    }
}
