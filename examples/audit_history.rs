//! Keeps a history of audits that never were, for the pages that tests open in a browser: years of runs, some broken off, and
//! findings with names that are markup.
//!
//! usage: `audit_history FOLDER ARCHIVE-ID YEARS FINDINGS`
//!
//! The last run was yesterday by the machine's clock.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a tool of tests: what fails ends it")]

use std::env;
use std::path::Path;

use earchiv::history::{History, Run};
use earchiv::model::audit::{Check, Coverage, Ending, Level, Shard};
use earchiv::model::finding::{Code, Finding, Verdict};
use earchiv::model::package::PackageId;
use earchiv::model::time::Timestamp;

const DAY: i64 = 86_400;

/// Names as they must never be read: as markup, as formulas, from the right, over the edge of the page.
const NAMES: [&str; 7] = [
    "<script>alert(1)</script>",
    "\" onmouseover=\"alert(1)",
    "&amp;<b>fett",
    "=1+1",
    "\u{202e}gnp.exe",
    "\u{1b}[31mrot",
    "</title><svg onload=alert(1)>",
];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [folder, archive, years, findings] = &arguments[..] else {
        panic!("usage: audit_history FOLDER ARCHIVE-ID YEARS FINDINGS")
    };
    let (years, findings): (i64, usize) = (years.parse().unwrap(), findings.parse().unwrap());
    let mut history = History::open(Path::new(folder), archive.parse().unwrap()).unwrap();
    let now = Timestamp::now().seconds();
    // Weekly; in the last year daily, in two shares in the last month.
    let days = (1..=years * 365).rev().filter(|day| *day <= 365 || day % 7 == 0);
    for day in days {
        let shares = if day <= 30 { 2 } else { 1 };
        for number in 1..=shares {
            keep(&mut history, now - day * DAY, day, Shard::new(number, shares).unwrap());
        }
    }
    let checks: Vec<Check> = (0..findings).map(|number| damaged(number, now)).collect();
    history.record(&checks).unwrap();
    // Each third is in order again.
    let cleared: Vec<Check> = checks
        .into_iter()
        .step_by(3)
        .map(|check| Check {
            findings: Vec::new(),
            verdict: Verdict::Conforms,
            time: Timestamp::from_seconds(now - 3 * DAY),
            ..check
        })
        .collect();
    history.record(&cleared).unwrap();
}

/// Notes a run of that day; one of forty is broken off.
fn keep(history: &mut History, begin: i64, day: i64, shard: Shard) {
    // Different on every day, and the same in every call.
    let spread = (day * 7919 % 101).unsigned_abs();
    let packages = (400 + spread * 7) / u64::from(shard.of);
    let overdue = if (200..260).contains(&day) { spread * 40 } else { 0 };
    let milliseconds = packages * (40 + spread);
    let ended = begin + i64::try_from(milliseconds / 1000).unwrap();
    let run = Run {
        started: Timestamp::from_seconds(begin),
        ended: None,
        ending: None,
        level: if day % 28 == 0 { Level::Deep } else { Level::Full },
        shard,
        milliseconds: 0,
        planned: packages + spread % 3 * 100,
        packages: 0,
        bytes: 0,
        damaged: 0,
        missing: 0,
        unreadable: 0,
        doubtful: 0,
        unknown: 0,
        errors: 0,
        new: 0,
        coverage: Coverage::default(),
        head: None,
        program: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let number = history.begin(&run).unwrap();
    if day % 40 == 17 {
        return;
    }
    let run = Run {
        ended: Some(Timestamp::from_seconds(ended)),
        ending: Some(if spread.is_multiple_of(3) { Ending::Complete } else { Ending::Time }),
        milliseconds,
        packages,
        bytes: packages * 12_345_678,
        errors: u64::from(day < 3) * spread,
        new: u64::from(day < 3),
        coverage: Coverage {
            packages: 20_000 / u64::from(shard.of),
            bytes: 20_000 * 12_345_678,
            checked: 19_000 / u64::from(shard.of),
            overdue,
            overdue_bytes: overdue * 12_345_678,
            oldest: Some(Timestamp::from_seconds(begin - 80 * DAY)),
        },
        head: Some(format!("{}:{:064x}", 900_000 - day, day)),
        ..run
    };
    history.end(number, &run).unwrap();
}

/// Returns a check that found something.
fn damaged(number: usize, now: i64) -> Check {
    let name = NAMES[number % NAMES.len()];
    let file = format!("representations/rep1/data/{name}/{}", "Straße ".repeat(number % 20));
    let finding = match number % 3 {
        0 => Finding::new(Code::ChecksumMismatch).file(file).value("0".repeat(64)).expected("f".repeat(64)),
        1 => Finding::new(Code::FileMissing).file(file),
        _ => Finding::new(Code::MailFault).file(file).value("no-date"),
    };
    Check {
        package: PackageId::derive("Amt", "2026", &number.to_string()),
        time: Timestamp::from_seconds(now - 9 * DAY),
        level: Level::Full,
        verdict: Verdict::Damaged,
        held: None,
        findings: vec![finding],
        against: false,
    }
}
