//! `earchiv compare`: what was offered and appraised against what was delivered.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use earchiv::appraisal::Difference;
use earchiv::archive::compare::{CompareError, Compared, compare_messages};
use earchiv::source::SourceError;

use super::error::{Failure, Kind};
use super::exit::Exit;
use super::options::Context;
use super::reach::Reach;
use super::text::{Text, escape};

/// Compares an offer or an appraisal with the delivery.
#[derive(Debug, Args)]
pub struct Compare {
    /// Messages 0501, 0502 and 0503 in any order: XML, ZIP or folder.
    #[arg(value_name = "MESSAGE", required = true, num_args = 1..)]
    messages: Vec<PathBuf>,
}

impl Compare {
    /// Returns where the command writes: only what has no name.
    pub fn reach() -> Reach {
        Reach::nothing().and_work()
    }

    /// Runs the command: 3 where something is missing, surplus or against a decision; an offer alone only tells.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let compared = compare_messages(&self.messages, cx.cancel).map_err(|error| failure(error, cx.text()))?;
        cx.out.result(&compared, |text| lines(&compared, text));
        Ok(if compared.is_fault() { Exit::Refused } else { Exit::Done })
    }
}

fn failure(error: CompareError, text: &Text) -> Failure {
    match error {
        CompareError::Source(SourceError::Refused { path, finding }) => {
            let failure = Failure::new(Kind::Refused, "compare-message").at(&path);
            let failure = match (finding.line, finding.column) {
                (Some(line), Some(column)) => failure.place(line, column),
                (Some(line), None) => failure.in_line(line),
                _ => failure,
            };
            failure.because(text.finding(&finding))
        }
        CompareError::Source(error) => error.into(),
        CompareError::Objects(error) => Failure::new(Kind::Io, "compare-changed").because(error.to_string()),
        CompareError::NoDelivery => Failure::new(Kind::Refused, "compare-no-delivery"),
        CompareError::NoBasis => Failure::new(Kind::Refused, "compare-no-basis"),
    }
}

fn lines(compared: &Compared, text: &Text) -> String {
    let mut lines = String::new();
    let mut add = |line: String| {
        let _ = writeln!(lines, "{line}");
    };
    let files = |names: &[String]| escape(&names.join(", ")).into_owned();
    if !compared.offers.is_empty() {
        let told = [("file", files(&compared.offers).into()), ("objects", compared.offered.into())];
        add(text.say("compare-offer", &told));
    }
    if !compared.decisions.is_empty() {
        let told = [
            ("file", files(&compared.decisions).into()),
            ("archive", compared.archive.into()),
            ("undecided", compared.undecided.into()),
            ("destroy", compared.destroy.into()),
        ];
        add(text.say("compare-decisions", &told));
    }
    let told = [("file", files(&compared.deliveries).into()), ("objects", compared.delivered.into())];
    add(text.say("compare-delivery", &told));
    let found = &compared.comparison;
    let count = |list: &[Difference]| [("objects", (list.len() as u64).into())];
    for (heading, list) in [
        (text.say("compare-missing", &count(&found.missing)), &found.missing),
        (text.say("compare-surplus", &count(&found.surplus)), &found.surplus),
        (text.say("compare-not-followed", &count(&found.not_followed)), &found.not_followed),
    ] {
        if !list.is_empty() {
            add(String::new());
            add(heading);
            table(list, text).into_iter().for_each(&mut add);
        }
    }
    if found.is_empty() {
        add(text.say("compare-agrees", &[]));
    } else if !compared.is_fault() {
        add(String::new());
        add(text.say("compare-informs", &[]));
    }
    lines
}

/// Returns differences as lines whose columns stand below each other.
fn table(list: &[Difference], text: &Text) -> Vec<String> {
    let head = [
        text.say("compare-kind", &[]),
        text.say("compare-reference", &[]),
        text.say("compare-title", &[]),
        text.say("compare-id", &[]),
        text.say("compare-decision", &[]),
    ];
    let row = |difference: &Difference| {
        let cell = |told: &str| if told.is_empty() { "–".to_owned() } else { escape(told).into_owned() };
        [
            cell(difference.kind.map_or("", earchiv::model::unit::UnitKind::name)),
            cell(&difference.reference),
            cell(&difference.title),
            cell(&difference.id),
            cell(difference.decision.map_or("", earchiv::model::decision::Appraisal::code)),
        ]
    };
    let rows: Vec<[String; 5]> = std::iter::once(head).chain(list.iter().map(row)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; 5] = std::array::from_fn(width);
    let line = |row: &[String; 5]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        format!("  {}", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}
