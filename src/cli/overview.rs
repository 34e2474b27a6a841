//! What became of several deliveries of one call, one line each.

use std::path::{Path, PathBuf};

use earchiv::archive::report::{DeliveryReport, Fate};
use earchiv::model::record::EntryState;
use serde::Serialize;

use super::options::Context;
use super::text::{self, Text, escape};

/// The deliveries of a call in the order in which they were done.
#[derive(Default)]
pub struct Overview {
    rows: Vec<Row>,
}

/// A delivery: one item of `overview` in a JSON document.
#[derive(Serialize)]
struct Row {
    #[serde(serialize_with = "shown")]
    path: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    profile: String,
    accession: Option<String>,
    stored: u64,
    already_stored: u64,
    refused: u64,
    /// Links, files and others that were refused though their records were not.
    refused_entries: u64,
    failed: u64,
    left_out: u64,
    /// The code of the failure where it could not be opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
}

impl Overview {
    /// Adds a delivery.
    pub fn add(&mut self, report: &DeliveryReport) {
        let count =
            |fates: &dyn Fn(&Fate) -> bool| report.records.iter().filter(|record| fates(&record.fate)).count() as u64;
        self.rows.push(Row {
            path: report.path.clone(),
            delivery: Some(report.name.clone()),
            profile: report.profile.clone(),
            accession: report.accession.clone(),
            stored: count(&|fate| matches!(fate, Fate::Stored | Fate::Packed | Fate::Planned)),
            already_stored: count(&|fate| matches!(fate, Fate::AlreadyStored | Fate::AlreadyPacked)),
            refused: count(&|fate| matches!(fate, Fate::Refused | Fate::Conflict { .. })),
            refused_entries: report.exceptions().filter(|e| e.reason.state() == EntryState::Refused).count() as u64,
            failed: count(&|fate| matches!(fate, Fate::Failed(_))),
            left_out: count(&|fate| *fate == Fate::LeftOut),
            error: None,
        });
    }

    /// Adds a delivery that could not be opened, with the code of the failure.
    pub fn add_unopened(&mut self, path: &Path, error: &'static str) {
        self.rows.push(Row {
            path: path.to_owned(),
            delivery: None,
            profile: String::new(),
            accession: None,
            stored: 0,
            already_stored: 0,
            refused: 0,
            refused_entries: 0,
            failed: 0,
            left_out: 0,
            error: Some(error),
        });
    }

    /// Shows the overview where there is more than one delivery; JSON documents always have it.
    pub fn show(self, cx: &Context<'_>) {
        if self.rows.len() > 1 {
            cx.out.lines(&self.table(cx.text()));
        }
        cx.out.also("overview", serde_json::to_value(&self.rows).unwrap_or_default());
    }

    fn table(&self, text: &Text) -> String {
        let head = [
            text.say("overview-delivery", &[]),
            text.say("field-profile", &[]),
            text.say("field-accession", &[]),
            text.say("fate-stored", &[]),
            text.say("fate-already-stored", &[]),
            text.say("fate-refused", &[]),
            text.say("overview-entries", &[]),
            text.say("fate-failed", &[]),
            text.say("fate-left-out", &[]),
        ];
        let mut lines = vec![head];
        for row in &self.rows {
            let or_dash = |text: &str| if text.is_empty() { "–".to_owned() } else { escape(text).into_owned() };
            let counts = [row.stored, row.already_stored, row.refused, row.refused_entries, row.failed, row.left_out];
            let mut cells = counts.map(|count| text.number(count)).to_vec();
            if row.error.is_some() {
                // Nobody knows how much there was: all of it is refused.
                cells = ["–"; 6].map(str::to_owned).to_vec();
                cells[2] = text.say("overview-all", &[]);
            }
            let mut line = [const { String::new() }; 9];
            line[0] = escape(&text::shown(&row.path)).into_owned();
            line[1] = or_dash(&row.profile);
            line[2] = or_dash(row.accession.as_deref().unwrap_or_default());
            line[3..].clone_from_slice(&cells);
            lines.push(line);
        }
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
        let widths: [usize; 9] = std::array::from_fn(width);
        let mut page =
            format!("\n{}\n", text.say("overview-title", &[("deliveries", (self.rows.len() as u64).into())]));
        for line in &lines {
            let cells = line.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
                let blanks = " ".repeat(width - cell.chars().count());
                if column < 3 { format!("{cell}{blanks}") } else { format!("{blanks}{cell}") }
            });
            page.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
            page.push('\n');
        }
        page
    }
}

// serde wants a reference to the field's own type.
#[allow(clippy::ptr_arg)]
fn shown<S: serde::Serializer>(path: &PathBuf, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text::shown(path))
}
