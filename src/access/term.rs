//! The closure period of a record: a ladder of rules (SächsArchivG § 10 and its like).
//!
//! Every rule that applies gives an end; the latest of all counts. Personal periods are a ladder that is climbed once for
//! each person: the year of death where it is known, else that of birth, else the age of the record. Where a rule applies
//! and its date is not known the end is open, never free.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::model::closure::{Closure, last_day};
use crate::model::record::{ClosureFacts, Person};
use crate::profile::{ClosureRules, Due, Line, Special};

/// Which rule gives an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The general period after the record was made.
    General,
    /// The period where secrecy applies.
    Secret,
    /// The period by federal secrecy or tax law.
    Federal,
    /// The period after a person's death.
    Death,
    /// The period after a person's birth.
    Birth,
    /// The period after the record was made, where of a person neither is known.
    Unknown,
}

impl Basis {
    /// All.
    pub const ALL: [Self; 6] = [Self::General, Self::Secret, Self::Federal, Self::Death, Self::Birth, Self::Unknown];

    /// Returns the word that stands in JSON documents and in PREMIS notes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::General => "allgemein",
            Self::Secret => "geheimhaltung",
            Self::Federal => "bundesrecht",
            Self::Death => "person-tod",
            Self::Birth => "person-geburt",
            Self::Unknown => "person-unbekannt",
        }
    }

    /// Returns the law with the clause of this rule, as far as the clauses are known here: those of Saxony.
    #[must_use]
    pub fn citation(self, rules: &ClosureRules) -> String {
        let law = rules.law.as_str();
        if self == Self::Federal {
            return rules.federal_law.as_ref().map_or(law, Line::as_str).to_owned();
        }
        if rules.law != Line::SAXON_ARCHIVES_ACT {
            return law.to_owned();
        }
        let clause = match self {
            Self::General => "Nr. 1",
            Self::Secret => "Nr. 2",
            Self::Death => "Nr. 3 Buchst. a",
            Self::Birth => "Nr. 3 Buchst. b",
            Self::Unknown => "Nr. 3 Buchst. c",
            Self::Federal => return law.to_owned(),
        };
        format!("{law} Abs. 1 Satz 2 {clause}")
    }
}

/// What one rule gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The rule.
    pub basis: Basis,
    /// Whom it is about: the position in [`ClosureFacts::persons`].
    pub person: Option<usize>,
    /// The last day that the date can mean from which the years count; nothing where it is not known.
    pub from: Option<Date>,
    /// How many years.
    pub years: u16,
    /// The last closed day; nothing where it is not known.
    pub end: Option<Date>,
}

/// All rules that apply to a record, and what comes of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Each rule that applies, and each person.
    pub steps: Vec<Step>,
    /// What comes of them.
    pub closure: Closure,
}

impl Term {
    /// Returns the steps that decide: those with the latest end, or those whose end is not known; each rule once.
    #[must_use]
    pub fn deciding(&self) -> Vec<&Step> {
        let mut deciding: Vec<&Step> = Vec::new();
        for step in &self.steps {
            let decides = match &self.closure {
                Closure::Free => false,
                Closure::Until(day) => step.end.is_some_and(|end| end.to_string() == *day),
                Closure::Open => step.end.is_none(),
            };
            if decides && deciding.iter().all(|known| known.basis != step.basis) {
                deciding.push(step);
            }
        }
        deciding
    }
}

/// Computes the closure period of a record of which `facts` are known, by `rules`.
#[must_use]
pub fn term(rules: &ClosureRules, facts: &ClosureFacts) -> Term {
    let special = |wanted| rules.special.contains(&wanted);
    if special(Special::Veroeffentlicht) {
        return Term { steps: Vec::new(), closure: Closure::Free };
    }
    let made = last_day(&facts.made);
    let step = |basis, person, from: Option<Date>, years| {
        let end = from.and_then(|from| after(from, years, rules.due));
        Step { basis, person, from, years, end }
    };
    let mut steps = Vec::new();
    if !special(Special::Ddr) {
        if rules.general_years > 0 {
            steps.push(step(Basis::General, None, made, rules.general_years));
        }
        if special(Special::Bundesrecht) {
            let years = rules.federal_years;
            steps.push(step(Basis::Federal, None, made.filter(|_| years.is_some()), years.unwrap_or_default()));
        } else if facts.secret && rules.secret_years > 0 {
            steps.push(step(Basis::Secret, None, made, rules.secret_years));
        }
    }
    if !special(Special::Amtstraeger) {
        let unnamed = [Person::default()];
        let nobody = facts.persons.is_empty() && rules.personal;
        let persons = if nobody { &unnamed[..] } else { &facts.persons[..] };
        for (number, person) in persons.iter().enumerate() {
            let (basis, from, years) = rung(rules, person, made);
            steps.push(step(basis, (!nobody).then_some(number), from, years));
        }
    }
    let closure = latest(&steps);
    Term { steps, closure }
}

/// Returns the rung of the ladder on which `person` stands.
fn rung(rules: &ClosureRules, person: &Person, made: Option<Date>) -> (Basis, Option<Date>, u16) {
    let (born, died) = (last_day(&person.born), last_day(&person.died));
    match (born, died) {
        // Nobody dies before being born: one of both is wrong, and nobody knows which.
        (Some(born), Some(died)) if died < born => (Basis::Death, None, rules.after_death_years),
        (_, Some(died)) => (Basis::Death, Some(died), rules.after_death_years),
        (Some(born), None) if rules.after_birth_years > 0 => (Basis::Birth, Some(born), rules.after_birth_years),
        _ => {
            let years = rules.person_unknown_years;
            (Basis::Unknown, made.filter(|_| years > 0), years)
        }
    }
}

/// Returns the last closed day `years` after `from`; nothing beyond the year 9999.
fn after(from: Date, years: u16, due: Due) -> Option<Date> {
    let end = from.checked_add(i32::from(years).years()).ok()?;
    match due {
        Due::YearEnd => Date::new(end.year(), 12, 31).ok(),
        Due::Exact => Some(end),
    }
}

/// Returns what the steps come to: the latest end; open where one is not known.
///
/// Only the general rule may do without its date where dates of persons give an end: nobody knows how old the record is,
/// but the law has a period of its own for just that.
fn latest(steps: &[Step]) -> Closure {
    let personal = |step: &Step| step.person.is_some() && step.end.is_some();
    let dated = steps.iter().any(personal);
    steps
        .iter()
        .filter(|step| !(step.basis == Basis::General && step.from.is_none() && dated))
        .map(|step| step.end.map_or(Closure::Open, Closure::from))
        .fold(Closure::Free, Closure::later)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn facts(made: &str, persons: &[(&str, &str)]) -> ClosureFacts {
        let person = |(born, died): &(&str, &str)| Person { born: (*born).to_owned(), died: (*died).to_owned() };
        ClosureFacts { made: made.to_owned(), persons: persons.iter().map(person).collect(), secret: false }
    }

    fn end(rules: &ClosureRules, facts: &ClosureFacts) -> String {
        term(rules, facts).closure.text().to_owned()
    }

    #[test]
    fn the_table_of_the_law() {
        let saxony = ClosureRules::default();
        for (made, persons, expected) in [
            ("1993-05-12", &[][..], "2023-12-31"),
            ("1993-05", &[], "2023-12-31"),
            ("1993", &[], "2023-12-31"),
            ("1993-01-01", &[], "2023-12-31"),
            ("1993-12-31", &[], "2023-12-31"),
            ("", &[("", "2001")], "2011-12-31"),
            ("", &[("", "2001-03-04")], "2011-12-31"),
            ("", &[("1950", "2001")], "2011-12-31"),
            ("", &[("1920", "")], "2020-12-31"),
            ("", &[], "open"),
            ("unbekannt", &[], "open"),
            ("1993", &[("", "")], "2053-12-31"),
            ("", &[("", "")], "open"),
            // Several persons: the latest; one of whom nothing is known opens none.
            ("", &[("1950", "2001"), ("1960", "2005"), ("1890", "")], "2015-12-31"),
            ("", &[("1950", "2001"), ("1920", "")], "2020-12-31"),
            ("", &[("1950", "2001"), ("", "")], "open"),
            ("1950", &[("1920", "1940"), ("", "")], "2010-12-31"),
            // The age of the record counts beside the persons.
            ("1999", &[("1900", "1950")], "2029-12-31"),
            ("1950", &[("1930", "2001")], "2011-12-31"),
            // Dates that contradict each other are no dates.
            ("1950", &[("1950", "1940")], "open"),
        ] {
            assert_eq!(end(&saxony, &facts(made, persons)), expected, "{made} {persons:?}");
        }
    }

    #[test]
    fn secrecy_and_special_rules() {
        let with = |special: &[Special]| ClosureRules { special: special.to_vec(), ..ClosureRules::default() };
        let secret = ClosureFacts { secret: true, ..facts("1960", &[("1900", "1980")]) };
        let federal = ClosureRules { federal_years: Some(80), ..with(&[Special::Bundesrecht]) };
        for (rules, facts, expected) in [
            (with(&[]), &secret, "2020-12-31"),
            (with(&[]), &ClosureFacts { secret: true, ..ClosureFacts::default() }, "open"),
            (with(&[]), &ClosureFacts { secret: true, ..facts("", &[("", "1950")]) }, "open"),
            (federal.clone(), &secret, "2040-12-31"),
            (federal, &facts("", &[("", "1950")]), "open"),
            (with(&[Special::Bundesrecht]), &secret, "open"),
            (with(&[Special::Veroeffentlicht]), &secret, ""),
            (with(&[Special::Ddr]), &secret, "1990-12-31"),
            (with(&[Special::Ddr]), &facts("1985", &[("", "")]), "2045-12-31"),
            (with(&[Special::Ddr]), &facts("1985", &[]), ""),
            (with(&[Special::Amtstraeger]), &facts("1985", &[("1940", "")]), "2015-12-31"),
            (ClosureRules { personal: true, ..with(&[]) }, &facts("1985", &[]), "2045-12-31"),
            (ClosureRules { personal: true, ..with(&[]) }, &facts("", &[]), "open"),
            (ClosureRules { personal: true, ..with(&[]) }, &facts("1985", &[("", "1990")]), "2015-12-31"),
        ] {
            assert_eq!(end(&rules, facts), expected, "{:?} {facts:?}", rules.special);
        }
    }

    #[test]
    fn other_laws_and_days() {
        let exact = ClosureRules { due: Due::Exact, ..ClosureRules::default() };
        for (made, expected) in [
            ("1993-05-12", "2023-05-12"),
            ("1993-05", "2023-05-31"),
            ("1993", "2023-12-31"),
            ("2000-02-29", "2030-02-28"),
            ("9990", "open"),
        ] {
            assert_eq!(end(&exact, &facts(made, &[])), expected, "{made}");
        }
        let bavaria = ClosureRules {
            law: Line::parse("BayArchivG Art. 10").unwrap(),
            after_birth_years: 90,
            ..ClosureRules::default()
        };
        let term = term(&bavaria, &facts("", &[("1920", "")]));
        assert_eq!(term.closure.text(), "2010-12-31");
        assert_eq!(term.deciding()[0].basis.citation(&bavaria), "BayArchivG Art. 10");
        let no_rung = ClosureRules { after_birth_years: 0, person_unknown_years: 0, ..ClosureRules::default() };
        assert_eq!(end(&no_rung, &facts("1950", &[("1920", "")])), "open");
    }

    #[test]
    fn what_decides_is_named_once() {
        let rules = ClosureRules::default();
        let of = |facts: &ClosureFacts| {
            let term = term(&rules, facts);
            term.deciding().iter().map(|step| step.basis.citation(&rules)).collect::<Vec<_>>()
        };
        assert_eq!(of(&facts("1993", &[])), ["SächsArchivG § 10 Abs. 1 Satz 2 Nr. 1"]);
        let both = facts("", &[("", "2001"), ("1911", ""), ("", "2001")]);
        assert_eq!(
            of(&both),
            ["SächsArchivG § 10 Abs. 1 Satz 2 Nr. 3 Buchst. a", "SächsArchivG § 10 Abs. 1 Satz 2 Nr. 3 Buchst. b"]
        );
        assert_eq!(of(&facts("", &[("", "")])).len(), 2);
    }

    fn any_date() -> impl Strategy<Value = String> {
        prop_oneof![
            Just(String::new()),
            (1800_i16..2100).prop_map(|year| year.to_string()),
            (1800_i16..2100, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")),
        ]
    }

    fn any_facts() -> impl Strategy<Value = ClosureFacts> {
        let person = (any_date(), any_date()).prop_map(|(born, died)| Person { born, died });
        (any_date(), prop::collection::vec(person, 0..5), any::<bool>())
            .prop_map(|(made, persons, secret)| ClosureFacts { made, persons, secret })
    }

    fn any_rules() -> impl Strategy<Value = ClosureRules> {
        ((1_u16..150, 1_u16..150, 1_u16..150), (0_u16..150, 0_u16..150), any::<bool>()).prop_map(
            |((general, secret, death), (birth, unknown), exact)| ClosureRules {
                general_years: general,
                secret_years: secret,
                after_death_years: death,
                after_birth_years: birth,
                person_unknown_years: unknown,
                due: if exact { Due::Exact } else { Due::YearEnd },
                ..ClosureRules::default()
            },
        )
    }

    proptest! {
        #[test]
        fn no_rule_ends_after_the_whole(rules in any_rules(), facts in any_facts()) {
            let term = term(&rules, &facts);
            for end in term.steps.iter().filter_map(|step| step.end) {
                prop_assert!(term.closure.closed_on(&end.to_string()));
            }
            prop_assert!(term.closure == Closure::Free || !term.deciding().is_empty());
            prop_assert!(term.closure != Closure::Free, "a record to which the law applies is never free of it");
        }

        #[test]
        fn another_person_never_opens_earlier(rules in any_rules(), facts in any_facts(), born in any_date(), died in any_date()) {
            let mut more = facts.clone();
            more.persons.push(Person { born, died });
            let (before, after) = (term(&rules, &facts).closure, term(&rules, &more).closure);
            // Dates of persons make up for the record's own date only where the record is known to be about persons.
            let told_by_persons = last_day(&facts.made).is_none() && before == Closure::Open;
            prop_assert!(after.text() >= before.text() || told_by_persons, "{before:?} {after:?}");
        }

        #[test]
        fn a_year_never_opens_earlier_than_its_days(rules in any_rules(), year in 1800_i16..2100, month in 1_i8..=12, day in 1_i8..=28) {
            let closure = |made: String| term(&rules, &facts(&made, &[])).closure;
            let (known, part) = (closure(format!("{year}-{month:02}-{day:02}")), closure(year.to_string()));
            prop_assert!(part.text() >= known.text());
        }
    }
}
