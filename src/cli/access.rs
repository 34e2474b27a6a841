//! `earchiv access`: closure periods computed and explained; grants that let closed packages be used.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use earchiv::access::{Basis, Grant, Term, term};
use earchiv::archive::admission::{Admitting, Decision};
use earchiv::model::closure::{Closure, last_day, persons};
use earchiv::model::package::PackageId;
use earchiv::model::record::{ClosureFacts, Person};
use earchiv::model::time::Timestamp;
use earchiv::profile::{ClosureRules, Due, Profile};
use serde_json::{Value, json};

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::list::closure;
use super::options::{Context, Reading, Writing, date, named_agreement, package_id};
use super::reach::Reach;
use super::text::{Text, escape};

/// Closure periods and grants.
#[derive(Debug, Subcommand)]
pub enum Access {
    /// Computes a closure period and tells how.
    Term(Ladder),
    /// Records a decision that lets closed packages be used.
    Grant(NewGrant),
    /// Lists all grants.
    List {
        #[command(flatten)]
        archive: Reading,
    },
}

/// Computes a closure period and tells how.
#[derive(Debug, Args)]
pub struct Ladder {
    #[command(flatten)]
    archive: Reading,
    /// Last date of the record.
    #[arg(long, value_name = "DATE", value_parser = date)]
    made: Option<String>,
    /// Birth of a person; `-` where it is not known.
    #[arg(long, value_name = "DATE", value_parser = known_date)]
    born: Vec<String>,
    /// Death of a person; `-` where it is not known.
    #[arg(long, value_name = "DATE", value_parser = known_date)]
    died: Vec<String>,
    /// Secrecy applies.
    #[arg(long)]
    secret: bool,
    /// The record is about persons of whom nothing is known.
    #[arg(long)]
    personal: bool,
    /// To the day, not to the end of the year.
    #[arg(long)]
    exact: bool,
    /// By the rules of this profile.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// By the rules of this agreement.
    #[arg(long, value_name = "AGREEMENT")]
    agreement: Option<String>,
}

/// Records a decision that lets closed packages be used.
#[derive(Debug, Args)]
pub struct NewGrant {
    #[command(flatten)]
    archive: Reading,
    #[command(flatten)]
    writing: Writing,
    /// Its number.
    #[arg(long, value_name = "NUMBER")]
    number: String,
    /// On what it rests.
    #[arg(long, value_name = "TEXT")]
    basis: String,
    /// The last day.
    #[arg(long, value_name = "DATE", value_parser = date)]
    until: String,
    /// The packages.
    #[arg(long, value_name = "ID", value_parser = package_id, num_args = 1.., required_unless_present = "holdings")]
    package: Vec<PackageId>,
    /// All packages of these holdings.
    #[arg(long, value_name = "NAME", conflicts_with = "package")]
    holdings: Option<String>,
}

impl Access {
    /// Returns where the command writes.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        match self {
            Self::Term(_) => Reach::nothing(),
            Self::Grant(grant) => Reach::archive(grant.archive.named(cx)),
            Self::List { archive } => Reach::reading(archive.named(cx)),
        }
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        match self {
            Self::Term(ladder) => ladder.run(cx),
            Self::Grant(grant) => grant.run(cx),
            Self::List { archive } => {
                let archive = archive.open(cx)?;
                let today = Timestamp::now().date();
                for grant in archive.grants()? {
                    cx.out.result(&grant_json(&grant), |text| grant_line(&grant, &today, text));
                }
                Ok(Exit::Done)
            }
        }
    }
}

impl Ladder {
    fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let rules = self.rules(cx)?;
        let mut persons = persons(&self.born, &self.died);
        if self.personal && persons.is_empty() {
            persons.push(Person::default());
        }
        let made = self.made.clone().unwrap_or_default();
        let facts = ClosureFacts { made, persons, secret: self.secret };
        let term = term(&rules, &facts);
        let value = term_json(&rules, &term);
        cx.out.result(&value, |text| explained(&rules, &facts, &term, text));
        Ok(Exit::Done)
    }

    fn rules(&self, cx: &Context<'_>) -> Result<ClosureRules, Failure> {
        let root = self.archive.folder(cx).ok();
        let root = root.as_deref();
        let agreement = self.agreement.as_deref().map(|name| named_agreement(name, root)).transpose()?;
        let extended = agreement.as_ref().map(|agreement| agreement.profile.as_str());
        let mut rules = match self.profile.as_deref().or(extended) {
            Some(name) => Profile::named(name, root)?.closure,
            None => ClosureRules::default(),
        };
        if let Some(change) = agreement.as_ref().and_then(|agreement| agreement.closure.as_ref()) {
            change.apply(&mut rules);
        }
        if self.exact {
            rules.due = Due::Exact;
        }
        Ok(rules)
    }
}

impl NewGrant {
    fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        /// As many as go into one line of the journal.
        const MOST: usize = 20_000;
        for (option, text) in [("--number", &self.number), ("--basis", &self.basis)]
            .into_iter()
            .chain(self.holdings.iter().map(|holdings| ("--holdings", holdings)))
        {
            if text.trim().is_empty() || text.contains(char::is_control) || text.len() > 1_000 {
                let failure = Failure::new(Kind::Usage, "value-invalid").with("option", option);
                return Err(failure.with("value", text.clone()));
            }
        }
        if self.package.len() > MOST {
            return Err(Failure::new(Kind::Usage, "value-count").with("option", "--package"));
        }
        let archive = self.archive.open(cx)?;
        let mut packages = self.package.clone();
        packages.sort_unstable();
        packages.dedup();
        let decision = Decision {
            number: self.number.clone(),
            basis: self.basis.clone(),
            // A month or a year that is named counts to its last day.
            until: last_day(&self.until).map(|day| day.to_string()).unwrap_or_default(),
            packages,
            holdings: self.holdings.clone().unwrap_or_default(),
        };
        let by = Admitting { actor: self.writing.actor(cx), wait: self.writing.wait, cancel: cx.cancel };
        let number = decision.number.clone();
        archive.grant(decision, by)?;
        let today = Timestamp::now().date();
        for grant in archive.grants()?.iter().filter(|grant| grant.number == number) {
            cx.out.result(&grant_json(grant), |text| grant_line(grant, &today, text));
        }
        Ok(Exit::Done)
    }
}

/// Reads a date or a part of one, or `-` for a date that nobody knows.
fn known_date(text: &str) -> Result<String, String> {
    if text == "-" { Ok(String::new()) } else { date(text) }
}

fn term_json(rules: &ClosureRules, term: &Term) -> Value {
    let deciding = term.deciding();
    let steps = term.steps.iter().map(|step| {
        json!({
            "rule": step.basis.name(),
            "citation": step.basis.citation(rules),
            "person": step.person.map(|number| number + 1),
            "from": step.from.map(|day| day.to_string()),
            "years": step.years,
            "end": step.end.map(|day| day.to_string()),
            "decides": deciding.iter().any(|known| known.basis == step.basis && known.end == step.end),
        })
    });
    json!({
        "closure": term.closure,
        "law": rules.law.as_str(),
        "jurisdiction": rules.jurisdiction.as_str(),
        "due": rules.due,
        "steps": steps.collect::<Vec<_>>(),
    })
}

/// The ladder in plain words: each rule with its date and end, then what comes of all.
fn explained(rules: &ClosureRules, facts: &ClosureFacts, term: &Term, text: &Text) -> String {
    let mut page = String::new();
    for step in &term.steps {
        if let Some(person) = step.person.filter(|_| facts.persons.len() > 1) {
            let _ = write!(page, "{} ", text.say("term-person", &[("number", (person as u64 + 1).into())]));
        }
        let rule = match step.basis {
            Basis::General => text.say("term-general", &[]),
            Basis::Secret => text.say("term-secret", &[]),
            Basis::Federal => text.say("term-federal", &[]),
            Basis::Death => text.say("term-death", &[]),
            Basis::Birth => text.say("term-birth", &[]),
            Basis::Unknown => text.say("term-unknown", &[]),
        };
        let law = step.basis.citation(rules);
        let line = match (step.from, step.end) {
            (Some(from), Some(end)) => text.say(
                "term-step",
                &[
                    ("rule", rule.into()),
                    ("from", from.to_string().into()),
                    ("years", u64::from(step.years).into()),
                    ("end", end.to_string().into()),
                    ("law", law.into()),
                ],
            ),
            _ if matches!(term.closure, Closure::Until(_)) => {
                text.say("term-step-aside", &[("rule", rule.into()), ("law", law.into())])
            }
            _ => text.say("term-step-open", &[("rule", rule.into()), ("law", law.into())]),
        };
        let _ = writeln!(page, "{line}");
    }
    let result = match &term.closure {
        Closure::Free => text.say("term-free", &[]),
        Closure::Open => text.say("term-open", &[]),
        Closure::Until(day) => {
            let free = last_day(day).and_then(|day| day.tomorrow().ok()).map(|day| day.to_string());
            text.say("term-until", &[("day", day.as_str().into()), ("free", free.unwrap_or_default().into())])
        }
    };
    let due = match rules.due {
        Due::YearEnd => text.say("term-year-end", &[]),
        Due::Exact => text.say("term-exact", &[]),
    };
    let _ = writeln!(page, "{result} {due}");
    page.push_str(&closure(&term.closure, &Timestamp::now().date(), text));
    page
}

fn grant_json(grant: &Grant) -> Value {
    json!({
        "number": grant.number,
        "basis": grant.basis,
        "until": grant.until,
        "packages": grant.packages,
        "holdings": grant.holdings,
        "recorded": grant.recorded.to_string(),
        "user": grant.actor.user,
        "on_behalf_of": grant.actor.on_behalf_of,
    })
}

fn grant_line(grant: &Grant, today: &str, text: &Text) -> String {
    let until = [("day", grant.until.as_str().into())];
    let until = if grant.ended(today) { text.say("grant-ended", &until) } else { text.say("grant-until", &until) };
    let whole = (!grant.holdings.is_empty())
        .then(|| text.say("grant-holdings", &[("holdings", grant.holdings.as_str().into())]));
    let packages = grant.packages.iter().map(ToString::to_string);
    let what: Vec<String> = whole.into_iter().chain(packages).collect();
    let who = grant.actor.on_behalf_of.as_ref().unwrap_or(&grant.actor.user);
    let (number, basis) = (escape(&grant.number), escape(&grant.basis));
    format!("{number}  {until}  {basis}  {}  {}", what.join(", "), escape(who))
}
