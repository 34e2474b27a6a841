//! Shows what became of a delivery: its records, and every entry that is not in a package.

use std::fmt::Write as _;

use earchiv::archive::agency::AnswerReport;
use earchiv::archive::delivery::Outcome;
use earchiv::archive::report::{DeliveryReport, Failure as StorageFailure, Fate, RecordReport, Space, Tally};
use earchiv::model::finding::{Code, Finding, Severity};
use earchiv::model::record::{EntryState, Exception, Reason};
use serde::Serialize;

use super::answers;
use super::error::Failure;
use super::error::{io_said, is_room};
use super::exit::Exit;
use super::findings::finding_lines;
use super::options::Context;
use super::text::{self, Text, escape};

/// How many entries that are not stored are shown to people; receipts and programs get all.
const SHOWN: usize = 50;

/// Shows what became of a delivery and returns what it comes to.
pub fn show(cx: &Context<'_>, outcome: Outcome) -> Exit {
    match outcome {
        Ok(report) => show_report(cx, &report),
        Err(unopened) => show_failure(cx, &Failure::from(unopened.error)),
    }
}

/// Shows why a delivery could not be opened and returns what that comes to.
pub fn show_failure(cx: &Context<'_>, failure: &Failure) -> Exit {
    cx.out.fault(failure);
    failure.exit()
}

/// Shows what became of a delivery that was opened and returns what it comes to.
pub fn show_report(cx: &Context<'_>, report: &DeliveryReport) -> Exit {
    cx.out.result(&Told::of(report), |text| {
        let mut lines = String::new();
        for finding in &report.findings {
            lines.push_str(&finding_lines(finding, text));
        }
        for record in &report.records {
            lines.push_str(&record_lines(record, text));
            exceptions(&mut lines, &record.exceptions, text);
        }
        exceptions(&mut lines, &report.leftovers, text);
        lines.push_str(&summary(report, text));
        lines.push_str(&answers::lines(report, text));
        lines
    });
    exit(report)
}

/// A delivery as one result of a JSON document.
#[derive(Serialize)]
struct Told<'a> {
    path: String,
    delivery: &'a str,
    producer: &'a str,
    profile: &'a str,
    findings: &'a [Finding],
    accession: Option<&'a str>,
    released: bool,
    answers: &'a [AnswerReport],
    entries: std::collections::BTreeMap<&'static str, Tally>,
    packages: &'a [RecordReport],
    exceptions: &'a [Exception],
}

impl<'a> Told<'a> {
    fn of(report: &'a DeliveryReport) -> Self {
        Self {
            path: text::shown(&report.path),
            delivery: &report.name,
            producer: &report.producer,
            profile: &report.profile,
            findings: &report.findings,
            accession: report.accession.as_deref(),
            released: report.released,
            answers: &report.answers,
            entries: report.tally(),
            packages: &report.records,
            exceptions: &report.leftovers,
        }
    }
}

/// What a delivery comes to: 4 where storing failed, 3 where something was refused, 8 where permission lacks.
pub fn exit(report: &DeliveryReport) -> Exit {
    let refused = report.findings.iter().any(|finding| finding.severity == Severity::Error);
    let mut exit = if refused { Exit::Refused } else { Exit::Done };
    for record in &report.records {
        exit = exit.and(match &record.fate {
            // What is in the archive already is not what it was.
            Fate::Refused if record.findings.iter().any(is_of_store) => Exit::Integrity,
            Fate::Refused | Fate::Conflict { .. } => Exit::Refused,
            Fate::Failed(failure) if failure.kind == std::io::ErrorKind::PermissionDenied => Exit::Denied,
            Fate::Failed(_) => Exit::Io,
            _ => Exit::Done,
        });
    }
    for exception in report.exceptions() {
        exit = exit.and(exception_exit(exception));
    }
    exit
}

/// Tells whether a finding is about a package in the store.
fn is_of_store(finding: &Finding) -> bool {
    matches!(finding.code, Code::PackageMissing | Code::PackageChanged | Code::InventoryInvalid)
}

/// What an entry that is not in a package comes to.
pub fn exception_exit(exception: &Exception) -> Exit {
    match (&exception.reason, exception.reason.state()) {
        (Reason::Unreadable { permission: true, .. }, _) => Exit::Denied,
        (Reason::Unreadable { .. }, _) | (_, EntryState::Failed) => Exit::Io,
        (_, EntryState::Refused) => Exit::Refused,
        (_, EntryState::Stored | EntryState::LeftOut) => Exit::Done,
    }
}

/// Returns what became of a record, in a word.
pub fn fate(record: &RecordReport, text: &Text) -> String {
    match &record.fate {
        Fate::Stored => text.say("fate-stored", &[]),
        Fate::AlreadyStored => text.say("fate-already-stored", &[]),
        Fate::Packed => text.say("fate-packed", &[]),
        Fate::AlreadyPacked => text.say("fate-already-packed", &[]),
        Fate::Planned => text.say("fate-planned", &[]),
        Fate::LeftOut if !record.not_taken.is_empty() => text.say("fate-not-taken", &[]),
        Fate::LeftOut => text.say("fate-left-out", &[]),
        Fate::Refused => text.say("fate-refused", &[]),
        Fate::Conflict { .. } => text.say("fate-conflict", &[]),
        Fate::Failed(_) => text.say("fate-failed", &[]),
    }
}

/// Returns a record with what became of it, as people read it, without its entries that are not stored.
pub fn record_lines(record: &RecordReport, text: &Text) -> String {
    let fate = fate(record, text);
    let extent = [("files", record.files.into()), ("bytes", text.bytes(record.bytes).into())];
    let mut lines = format!("{fate}: {} – {}{}\n", record.id, escape(&record.title), text.say("list-extent", &extent));
    let mut add = |line: &str| {
        let _ = writeln!(lines, "  {line}");
    };
    match &record.fate {
        Fate::Conflict { stored, delivered } => {
            let sums = [("stored", stored.as_str().into()), ("delivered", delivered.as_str().into())];
            add(&text.say("conflict", &sums));
            add(&text.say("hint", &[("hint", text.say("conflict-hint", &[]).into())]));
        }
        Fate::Failed(failure) => add(&failed(failure, text)),
        Fate::LeftOut if record.not_taken.is_empty() => add(&text.say("left-out-empty", &[])),
        _ => {}
    }
    for line in answers::not_taken(record, SHOWN, text) {
        add(&line);
    }
    for finding in &record.findings {
        finding_lines(finding, text).lines().for_each(&mut add);
    }
    lines
}

/// Returns why a package could not be stored.
pub fn failed(failure: &StorageFailure, text: &Text) -> String {
    let file = text::path(&failure.path);
    match failure.space {
        Some(Space { needed, free }) => {
            let space = [("file", file), ("needed", text.bytes(needed).into()), ("free", text.bytes(free).into())];
            text.say(if is_room(needed, free) { "fault-no-names" } else { "fault-no-space" }, &space)
        }
        None => text.say("storage-failed", &[("file", file), ("error", io_said(&failure.error, text).into())]),
    }
}

/// Adds the entries that are not in a package, each with its reason, up to a bound.
pub fn exceptions(lines: &mut String, exceptions: &[Exception], text: &Text) {
    for exception in exceptions.iter().take(SHOWN) {
        let _ = writeln!(lines, "  {}", exception_line(exception, text));
    }
    if exceptions.len() > SHOWN {
        let more = (exceptions.len() - SHOWN) as u64;
        let _ = writeln!(lines, "  {}", text.say("exceptions-more", &[("entries", more.into())]));
    }
}

/// Returns why an entry is not in a package.
pub fn reason(exception: &Exception, text: &Text) -> String {
    match &exception.reason {
        Reason::Link { target } => text.say("reason-link", &[("target", escape(target).into())]),
        Reason::Special => text.say("reason-special", &[]),
        Reason::Unreadable { permission: true, .. } => text.say("reason-permission", &[]),
        Reason::Unreadable { error, .. } | Reason::StorageFailed { error } => {
            text.say("reason-unreadable", &[("error", io_said(error, text).into())])
        }
        Reason::PathTooLong => text.say("reason-path-too-long", &[]),
        Reason::Changed => text.say("reason-changed", &[]),
        Reason::LeftOut { rule } => text.say("reason-left-out", &[("rule", rule.as_str().into())]),
        Reason::Description => text.say("reason-description", &[]),
        Reason::EmptyRecord => text.say("reason-empty-record", &[]),
        Reason::Unnamed => text.say("reason-unnamed", &[]),
        Reason::Appraised { decision } => text.say("reason-appraised", &[("decision", decision.as_str().into())]),
        Reason::RecordRefused => text.say("reason-record-refused", &[]),
    }
}

/// Returns what became of an entry, in a word.
pub fn state(exception: &Exception, text: &Text) -> String {
    match exception.reason.state() {
        EntryState::Stored => text.say("state-stored", &[]),
        EntryState::Refused => text.say("state-refused", &[]),
        EntryState::Failed => text.say("state-failed", &[]),
        EntryState::LeftOut => text.say("state-left-out", &[]),
    }
}

/// Returns an entry that is not in a package, with the reason.
pub fn exception_line(exception: &Exception, text: &Text) -> String {
    format!("{}: {} – {}", state(exception, text), escape(&exception.path), reason(exception, text))
}

/// Returns the sums of a delivery by kind of entry: every entry counts once.
pub fn summary(report: &DeliveryReport, text: &Text) -> String {
    let mut lines = String::new();
    if let Some(number) = &report.accession {
        let _ = writeln!(lines, "{}", text.say("accession-done", &[("number", number.as_str().into())]));
    }
    let records = report.records_by_state();
    let done = |fates: &[Fate]| report.records.iter().any(|record| fates.contains(&record.fate));
    let kept = if done(&[Fate::Planned]) {
        text.say("tally-planned", &[])
    } else if done(&[Fate::Packed, Fate::AlreadyPacked]) {
        text.say("tally-packed", &[])
    } else {
        text.say("tally-stored", &[])
    };
    lines.push_str(&sums(&kept, &records, report.tally().into_iter(), text));
    lines
}

/// Returns the sums of records and of entries by kind; `kept` says what became of those that are in a package.
pub fn sums<'a>(kept: &str, records: &Tally, entries: impl Iterator<Item = (&'a str, Tally)>, text: &Text) -> String {
    let mut lines = String::new();
    let _ = writeln!(lines, "{}", tally_line(&text.say("kind-records", &[]), kept, records, text));
    for (kind, tally) in entries {
        let kind = match kind {
            "file" => text.say("kind-file", &[]),
            "folder" => text.say("kind-folder", &[]),
            "link" => text.say("kind-link", &[]),
            "fifo" => text.say("kind-fifo", &[]),
            "socket" => text.say("kind-socket", &[]),
            _ => text.say("kind-device", &[]),
        };
        let _ = writeln!(lines, "{}", tally_line(&kind, kept, &tally, text));
    }
    lines
}

fn tally_line(kind: &str, kept: &str, tally: &Tally, text: &Text) -> String {
    let sum = tally.stored + tally.refused + tally.failed + tally.left_out;
    let counts = [
        ("kind", kind.to_owned().into()),
        ("sum", text.number(sum).into()),
        ("kept", kept.to_owned().into()),
        ("stored", text.number(tally.stored).into()),
        ("refused", text.number(tally.refused).into()),
        ("failed", text.number(tally.failed).into()),
        ("out", text.number(tally.left_out).into()),
    ];
    text.say("tally", &counts)
}
