//! Runs and findings as they are read.

use earchiv::history::Run;
use earchiv::model::audit::{Ending, Known, Level};
use earchiv::model::finding::Severity;
use earchiv::model::time::Timestamp;

use super::period::share;
use crate::cli::findings::{sentence, severity};
use crate::cli::report::date::{day, moment};
use crate::cli::text::{Language, Text, escape, seconds};

/// A run as a row of the page.
pub struct RunRow {
    /// Its number.
    pub number: String,
    /// When it began, and when it ended.
    pub times: Vec<String>,
    /// How deep it looked, and at which share of the packages.
    pub what: Vec<String>,
    /// Packages that were checked, and that were planned.
    pub packages: Vec<String>,
    /// Bytes that were read.
    pub bytes: String,
    /// How long it took.
    pub duration: String,
    /// The share of packages within their period when it had ended.
    pub share: String,
    /// Errors, and how many of them were new.
    pub errors: Vec<String>,
    /// Why it ended.
    pub ending: String,
    /// Whether it has no end.
    pub endless: bool,
    /// The journal's head that it verified.
    pub head: String,
}

/// Returns a run in the language of `text`.
pub fn run(number: u64, run: &Run, text: &Text) -> RunRow {
    let time = |time: Timestamp| moment(time, text.language()).trim_end_matches(" UTC").to_owned();
    let mut what = vec![level(run.level, text)];
    what.extend(shares(run, text));
    let endless = run.ended.is_none();
    let told = |words: String| if endless { "–".to_owned() } else { words };
    let mut errors = vec![told(text.number(run.errors))];
    if run.new > 0 {
        errors.push(text.say("audits-run-new", &[("errors", run.new.into())]));
    }
    let mut packages = vec![told(text.number(run.packages))];
    if run.planned > run.packages && !endless {
        packages.push(text.say("audits-run-planned", &[("packages", run.planned.into())]));
    }
    RunRow {
        number: text.number(number),
        times: vec![time(run.started), run.ended.map_or_else(|| "–".to_owned(), time)],
        what,
        packages,
        bytes: told(text.bytes(run.bytes)),
        duration: told(seconds(run.milliseconds / 1000)),
        share: told(percent(share(&run.coverage), text.language())),
        errors,
        ending: ending(run, text),
        endless,
        head: escape(run.head.as_deref().unwrap_or("–")).into_owned(),
    }
}

/// Returns a level in a word.
pub fn level(level: Level, text: &Text) -> String {
    match level {
        Level::Quick => text.say("audits-level-quick", &[]),
        Level::Full => text.say("audits-level-full", &[]),
        Level::Deep => text.say("audits-level-deep", &[]),
    }
}

/// Returns at which share of the packages a run looked, where that is not all of them.
fn shares(run: &Run, text: &Text) -> Option<String> {
    let numbers = [("number", u64::from(run.shard.number).into()), ("of", u64::from(run.shard.of).into())];
    (run.shard.of > 1).then(|| text.say("audits-share", &numbers))
}

/// Returns why a run ended.
pub fn ending(run: &Run, text: &Text) -> String {
    match (run.ended, run.ending) {
        (None, _) => text.say("audits-ending-none", &[]),
        (Some(_), Some(Ending::Time)) => text.say("audits-ending-time", &[]),
        (Some(_), Some(Ending::Bytes)) => text.say("audits-ending-bytes", &[]),
        (Some(_), Some(Ending::Stopped)) => text.say("audits-ending-stopped", &[]),
        (Some(_), Some(Ending::Complete) | None) => text.say("audits-ending-complete", &[]),
    }
}

/// Returns tenths of a percent as they are written; a dash for `None`.
pub fn percent(tenths: Option<u64>, language: Language) -> String {
    let point = match language {
        Language::De => ',',
        Language::En => '.',
    };
    tenths.map_or_else(|| "–".to_owned(), |tenths| format!("{}{point}{} %", tenths / 10, tenths % 10))
}

/// A finding as a row of the page.
pub struct FindingRow {
    /// The package, or that it is about the archive as a whole.
    pub package: Option<String>,
    /// The file.
    pub file: Option<String>,
    /// How grave it is.
    pub kind: String,
    /// Whether it is an error.
    pub grave: bool,
    /// What is to be said.
    pub what: String,
    /// What can be done.
    pub hint: Option<String>,
    /// When it was seen first.
    pub first: String,
    /// When it was seen last.
    pub last: String,
    /// When a check saw it no more.
    pub cleared: Option<String>,
}

/// Returns a finding in the language of `text`.
pub fn finding(known: &Known, text: &Text) -> FindingRow {
    let date = |time: Timestamp| day(&time.date(), text.language());
    let finding = &known.finding;
    FindingRow {
        package: known.package.map(|id| id.to_string()),
        file: finding.file.as_deref().map(|file| escape(file).into_owned()),
        kind: severity(finding, text),
        grave: finding.severity == Severity::Error,
        what: sentence(finding, text),
        hint: hint(known, text),
        first: date(known.first),
        last: date(known.last),
        cleared: known.cleared.map(date),
    }
}

/// Returns what can be done about a finding that is not cleared.
pub fn hint(known: &Known, text: &Text) -> Option<String> {
    let to_do = known.cleared.is_none() && known.finding.severity != Severity::Info;
    to_do.then(|| text.finding_hint(&known.finding)).flatten()
}
