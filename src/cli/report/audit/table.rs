//! All runs and all findings as CSV: the page shows the latest of them.

use std::io::{self, Write};

use earchiv::history::{History, Run};
use earchiv::model::audit::Known;
use earchiv::model::time::Timestamp;

use super::period::{rate, share};
use super::rows::{ending, hint, level, percent};
use crate::cli::findings::{sentence, severity};
use crate::cli::report::table::Table;
use crate::cli::text::Text;

/// Writes all runs, the earliest first.
pub fn runs(history: Option<&History>, text: &Text, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::begin(
        out,
        &[
            text.say("audits-run", &[]),
            text.say("audits-begin", &[]),
            text.say("audits-end", &[]),
            text.say("audits-ending", &[]),
            text.say("audits-level", &[]),
            text.say("audits-shard-number", &[]),
            text.say("audits-shards", &[]),
            text.say("audits-planned", &[]),
            text.say("audits-checked", &[]),
            text.say("receipt-byte-count", &[]),
            text.say("audits-milliseconds", &[]),
            text.say("audits-rate-bytes", &[]),
            text.say("audits-damaged", &[]),
            text.say("audits-missing", &[]),
            text.say("audits-unreadable", &[]),
            text.say("audits-doubtful", &[]),
            text.say("audits-unknown", &[]),
            text.say("audits-errors", &[]),
            text.say("audits-new", &[]),
            text.say("audits-held", &[]),
            text.say("audits-held-bytes", &[]),
            text.say("audits-ever-checked", &[]),
            text.say("audits-overdue", &[]),
            text.say("audits-overdue-bytes", &[]),
            text.say("audits-coverage", &[]),
            text.say("audits-oldest", &[]),
            text.say("audits-head", &[]),
            text.say("receipt-tool", &[]),
            text.say("audits-hash", &[]),
        ],
    )?;
    let mut written = Ok(());
    if let Some(history) = history {
        let read = history.runs(|number, hash, run| {
            if written.is_ok() {
                written = table.row(&run_cells(number, hash, &run, text));
            }
        });
        read.map_err(io::Error::other)?;
    }
    written?;
    table.end()
}

fn run_cells(number: u64, hash: Option<&str>, run: &Run, text: &Text) -> [String; 29] {
    let coverage = &run.coverage;
    let time = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
    // What a run without an end came to is not known.
    let told = |count: u64| if run.ended.is_some() { count.to_string() } else { String::new() };
    let within = run.ended.and_then(|_| share(coverage)).map(|tenths| percent(Some(tenths), text.language()));
    [
        number.to_string(),
        run.started.to_string(),
        time(run.ended),
        ending(run, text),
        level(run.level, text),
        run.shard.number.to_string(),
        run.shard.of.to_string(),
        run.planned.to_string(),
        told(run.packages),
        told(run.bytes),
        told(run.milliseconds),
        rate(run.bytes, run.milliseconds).map_or_else(String::new, told),
        told(run.damaged),
        told(run.missing),
        told(run.unreadable),
        told(run.doubtful),
        told(run.unknown),
        told(run.errors),
        told(run.new),
        told(coverage.packages),
        told(coverage.bytes),
        told(coverage.checked),
        told(coverage.overdue),
        told(coverage.overdue_bytes),
        within.unwrap_or_default(),
        time(coverage.oldest.filter(|_| run.ended.is_some())),
        run.head.clone().unwrap_or_default(),
        run.program.clone(),
        hash.unwrap_or_default().to_owned(),
    ]
}

/// Writes all findings, the latest first.
pub fn findings(history: Option<&History>, text: &Text, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::begin(
        out,
        &[
            text.say("audits-finding-state", &[]),
            text.say("audits-finding-kind", &[]),
            text.say("receipt-deviation-code", &[]),
            text.say("field-package", &[]),
            text.say("audits-finding-file", &[]),
            text.say("receipt-deviation-what", &[]),
            text.say("audits-finding-hint", &[]),
            text.say("audits-finding-first", &[]),
            text.say("audits-finding-last", &[]),
            text.say("audits-finding-cleared", &[]),
            text.say("audits-level", &[]),
        ],
    )?;
    let mut written = Ok(());
    if let Some(history) = history {
        let read = history.findings(|known| {
            if written.is_ok() {
                written = table.row(&finding_cells(&known, text));
            }
        });
        read.map_err(io::Error::other)?;
    }
    written?;
    table.end()
}

fn finding_cells(known: &Known, text: &Text) -> [String; 11] {
    let finding = &known.finding;
    let state = match known.cleared {
        None => text.say("audits-finding-is-open", &[]),
        Some(_) => text.say("audits-finding-is-cleared", &[]),
    };
    [
        state,
        severity(finding, text),
        finding.code.name().to_owned(),
        known.package.map(|id| id.to_string()).unwrap_or_default(),
        finding.file.clone().unwrap_or_default(),
        sentence(finding, text),
        hint(known, text).unwrap_or_default(),
        known.first.to_string(),
        known.last.to_string(),
        known.cleared.map(|time| time.to_string()).unwrap_or_default(),
        level(known.level, text),
    ]
}
