//! What a pass comes to: each entry of the inbox in one line, and in the document for programs.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use earchiv::archive::ArchiveError;
use earchiv::archive::delivery::Outcome;
use earchiv::archive::inbox::{Entry, Note, State, Waiting};
use earchiv::archive::report::DeliveryReport;
use earchiv::model::record::EntryState;
use earchiv::model::time::Timestamp;
use serde::Serialize;

use crate::cli::delivery;
use crate::cli::error::Failure;
use crate::cli::exit::Exit;
use crate::cli::options::Context;
use crate::cli::overview::Overview;
use crate::cli::report::date::moment;
use crate::cli::text::{self, Text, Value, escape};

/// What became of a delivery that was complete.
#[derive(Debug)]
pub struct Became {
    fate: Fate,
    refused: bool,
    /// The accessions that hold what was taken, now or before.
    pub accessions: BTreeSet<String>,
    /// The files in the outbox that tell of it.
    pub receipts: Vec<String>,
}

/// The same in a word; `state` in JSON documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Fate {
    Planned,
    Taken,
    Partial,
    Refused,
    Failed,
    Waiting,
}

impl Became {
    /// Returns what became of a delivery that was reported so.
    pub fn of(exit: Exit, report: &DeliveryReport, unopened: bool) -> Self {
        let kept = report.records.iter().filter(|record| record.is_kept());
        let mut accessions: BTreeSet<String> = kept.clone().map(|record| record.accession.clone()).collect();
        accessions.extend(report.accession.clone());
        accessions.remove("");
        let entry = report.exceptions().any(|exception| exception.reason.state() == EntryState::Refused);
        let fate = match exit {
            Exit::Done => Fate::Taken,
            Exit::Refused if kept.count() > 0 => Fate::Partial,
            Exit::Refused => Fate::Refused,
            _ => Fate::Failed,
        };
        Self { fate, refused: unopened || entry || report.is_refused(), accessions, receipts: Vec::new() }
    }

    /// Returns what would become of it.
    pub fn planned(exit: Exit, report: &DeliveryReport, unopened: bool) -> Self {
        let became = Self::of(exit, report, unopened);
        if became.fate == Fate::Taken { Self { fate: Fate::Planned, ..became } } else { became }
    }

    /// Returns whether something of it was refused.
    pub const fn is_refused(&self) -> bool {
        self.refused
    }

    /// Returns what is remembered; nothing where the next pass is to try it again.
    pub const fn state(&self) -> Option<State> {
        match self.fate {
            Fate::Taken => Some(State::Taken),
            Fate::Partial => Some(State::Partial),
            Fate::Refused => Some(State::Refused),
            Fate::Planned | Fate::Failed | Fate::Waiting => None,
        }
    }
}

/// An entry of the inbox.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    path: String,
    state: Fate,
    /// Whether that became of it in this pass.
    new: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    waiting: Option<Waiting>,
    /// Since when it is so, where it was so before.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accessions: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    receipts: Vec<String>,
}

/// A pass so far.
pub struct Pass {
    folder: PathBuf,
    outbox: PathBuf,
    rows: Vec<Row>,
    overview: Overview,
    exit: Exit,
}

impl Pass {
    /// Begins a pass over `folder`.
    pub fn begin(folder: &Path, outbox: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            outbox: outbox.to_owned(),
            rows: Vec::new(),
            overview: Overview::default(),
            exit: Exit::Done,
        }
    }

    /// Notes that an entry is not taken now.
    pub fn waits(&mut self, entry: &Entry, waiting: Waiting) {
        let row = row(entry, Fate::Waiting);
        self.rows.push(Row { waiting: Some(waiting), ..row });
    }

    /// Notes that a delivery lies there as it was when it was taken or refused. What was refused stays an open matter as long
    /// as it lies there.
    pub fn is_known(&mut self, entry: &Entry, note: &Note) {
        let fate = match note.state {
            State::Refused => Fate::Refused,
            State::Partial => Fate::Partial,
            State::Taken | State::Seen => Fate::Taken,
        };
        if fate != Fate::Taken {
            self.exit = self.exit.and(Exit::Refused);
        }
        let accessions = note.accessions.iter().map(|held| held.number.clone()).collect();
        let row = row(entry, fate);
        self.rows.push(Row { since: Some(note.since), accessions, receipts: note.receipts.clone(), ..row });
    }

    /// Notes what became of a delivery.
    pub fn became(&mut self, entry: &Entry, became: Became) {
        let accessions = became.accessions.into_iter().collect();
        let row = row(entry, became.fate);
        self.rows.push(Row { new: true, accessions, receipts: became.receipts, ..row });
    }

    /// Shows what became of a delivery and returns what that comes to.
    ///
    /// A delivery is never a wrong call: one that its source calls so is refused.
    pub fn show(&mut self, cx: &Context<'_>, outcome: Outcome) -> (DeliveryReport, Option<Failure>, Exit) {
        let (report, failure, exit) = match outcome {
            Ok(report) => {
                let exit = delivery::show_report(cx, &report);
                self.overview.add(&report);
                (report, None, exit)
            }
            Err(unopened) => {
                let failure = Failure::from(unopened.error);
                let exit = delivery::show_failure(cx, &failure);
                self.overview.add_unopened(&unopened.path, failure.code());
                (DeliveryReport::unopened(&unopened.path), Some(failure), exit)
            }
        };
        let exit = if exit == Exit::Wrong { Exit::Refused } else { exit };
        self.exit = self.exit.and(exit);
        (report, failure, exit)
    }

    /// Tells what could not be filed.
    pub fn fault(&mut self, cx: &Context<'_>, failure: &Failure) {
        self.exit = self.exit.and(delivery::show_failure(cx, failure));
    }

    /// Shows all entries as far as the pass came, and returns what it comes to.
    pub fn end(self, cx: &Context<'_>, result: Result<(), ArchiveError>) -> Exit {
        self.overview.show(cx);
        cx.out.lines(&lines(&self.folder, &self.rows, cx.out.is_verbose(), cx.text()));
        let told = serde_json::json!({
            "folder": text::shown(&self.folder),
            "outbox": text::shown(&self.outbox),
            "entries": self.rows,
        });
        cx.out.also("inbox", told);
        match result {
            Ok(()) => self.exit,
            Err(error) => self.exit.and(delivery::show_failure(cx, &error.into())),
        }
    }
}

fn row(entry: &Entry, state: Fate) -> Row {
    Row {
        name: text::shown(Path::new(&entry.name)),
        path: text::shown(&entry.path),
        state,
        new: false,
        waiting: None,
        since: None,
        accessions: Vec::new(),
        receipts: Vec::new(),
    }
}

/// Returns the entries as people read them; what was taken in an earlier pass is counted, and named where `all` is wanted.
fn lines(folder: &Path, rows: &[Row], all: bool, text: &Text) -> String {
    // A blank line after what was told of the deliveries.
    let blank = if rows.iter().any(|row| row.new) { "\n" } else { "" };
    let mut page = format!("{blank}{}\n", text.say("inbox-title", &[("folder", text::path(folder))]));
    for row in rows.iter().filter(|row| all || row.new || row.state != Fate::Taken) {
        let _ = writeln!(page, "  {}", line(row, text));
    }
    let count = |state: Fate, new: bool| rows.iter().filter(|row| row.state == state && row.new == new).count() as u64;
    let sums = [
        ("planned", count(Fate::Planned, true).into()),
        ("taken", count(Fate::Taken, true).into()),
        ("partial", count(Fate::Partial, true).into()),
        ("refused", count(Fate::Refused, true).into()),
        ("failed", count(Fate::Failed, true).into()),
        ("waiting", count(Fate::Waiting, false).into()),
        ("before", count(Fate::Taken, false).into()),
        ("open", (count(Fate::Partial, false) + count(Fate::Refused, false)).into()),
    ];
    let planned = rows.iter().any(|row| row.state == Fate::Planned);
    let sum = if planned { text.say("inbox-sum-planned", &sums) } else { text.say("inbox-sum", &sums) };
    let _ = writeln!(page, "{sum}");
    page
}

fn line(row: &Row, text: &Text) -> String {
    let since = row.since.map(|since| moment(since, text.language())).unwrap_or_default();
    let what = [("name", escape(&row.name).into_owned().into()), ("since", since.into())];
    let mut line = match (row.state, row.new) {
        (Fate::Planned, _) => text.say("inbox-planned", &what),
        (Fate::Taken, true) => text.say("inbox-taken", &what),
        (Fate::Taken, false) => text.say("inbox-taken-before", &what),
        (Fate::Partial, true) => text.say("inbox-partial", &what),
        (Fate::Partial, false) => text.say("inbox-partial-before", &what),
        (Fate::Refused, true) => text.say("inbox-refused", &what),
        (Fate::Refused, false) => text.say("inbox-refused-before", &what),
        (Fate::Failed, _) => text.say("inbox-failed", &what),
        (Fate::Waiting, _) => text.say("inbox-waiting", &what),
    };
    if let Some(waiting) = &row.waiting {
        let _ = write!(line, " – {}", reason(waiting, text));
    }
    if !row.accessions.is_empty() {
        let numbers = row.accessions.join(", ");
        let _ = write!(line, " – {}", text.say("inbox-accession", &[("numbers", numbers.into())]));
    }
    if let Some(receipt) = receipt(&row.receipts, text) {
        let _ = write!(line, " – {}", text.say("inbox-receipt", &[("file", escape(receipt).into_owned().into())]));
    }
    line
}

/// Returns of all receipts the page that the user reads.
fn receipt<'r>(receipts: &'r [String], text: &Text) -> Option<&'r str> {
    let page = format!(".{}.html", text.language().code());
    receipts.iter().rev().find(|name| name.ends_with(&page)).or(receipts.last()).map(String::as_str)
}

/// Returns why an entry is not taken now.
fn reason(waiting: &Waiting, text: &Text) -> String {
    let at = |time: &Timestamp| Value::from(moment(*time, text.language()));
    match waiting {
        Waiting::Hidden => text.say("inbox-hidden", &[]),
        Waiting::PartialName => text.say("inbox-partial-name", &[]),
        Waiting::System => text.say("inbox-system", &[]),
        Waiting::Link => text.say("inbox-link", &[]),
        Waiting::Special => text.say("inbox-special", &[]),
        Waiting::MarkerAlone => text.say("inbox-marker-alone", &[]),
        Waiting::Empty => text.say("inbox-empty", &[]),
        Waiting::NoMarker => text.say("inbox-no-marker", &[]),
        Waiting::Uploading { file } => text.say("inbox-uploading", &[("file", escape(file).into_owned().into())]),
        Waiting::Changing { last, until } => text.say("inbox-changing", &[("last", at(last)), ("until", at(until))]),
        Waiting::Future { last, until } => text.say("inbox-future", &[("last", at(last)), ("until", at(until))]),
        Waiting::Gone => text.say("inbox-gone", &[]),
    }
}
