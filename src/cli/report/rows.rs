//! The lists of a receipt: deviations, and content that the archive has already.

use std::io;

use earchiv::archive::receipt::{Head, Receipt};
use earchiv::archive::report::{Fate, RecordReport};
use earchiv::model::decision::NotTaken;
use earchiv::model::finding::{Finding, Severity};
use earchiv::model::path;
use earchiv::model::record::{Exception, Reason};

use crate::cli::answers;
use crate::cli::delivery;
use crate::cli::findings::{sentence, severity};
use crate::cli::text::{Text, escape};

/// Something in which an accession is not all that was delivered, as it was delivered.
#[derive(Clone, Copy)]
pub enum Deviation<'a> {
    /// A record that was not taken over.
    Record(&'a RecordReport),
    /// What was established about a record, or about the delivery as a whole.
    Finding(&'a Finding, Option<&'a RecordReport>),
    /// An object of a record that is not taken over because of a decision.
    NotTaken(&'a NotTaken, &'a RecordReport),
    /// An entry that is in no package, of a record or of none.
    Entry(&'a Exception, Option<&'a RecordReport>),
}

/// A deviation as it is read.
pub struct Row {
    /// What it is about: a path or a title.
    pub subject: String,
    /// The title of the record, where the subject is not the record.
    pub record: String,
    /// The record's package.
    pub package: String,
    /// What became of it, or how grave it is.
    pub kind: String,
    /// The stable code.
    pub code: String,
    /// What is to be said.
    pub what: String,
    /// What can be done.
    pub hint: Option<String>,
}

/// Hands all deviations to `each`: those of the delivery, then those of each record.
pub fn deviations(
    head: &Head,
    receipt: &dyn Receipt,
    each: &mut dyn FnMut(Deviation<'_>) -> io::Result<()>,
) -> io::Result<()> {
    for finding in &head.findings {
        each(Deviation::Finding(finding, None))?;
    }
    let mut left = head.leftovers;
    if left > 0 {
        receipt.exceptions(&mut |exception| {
            each(Deviation::Entry(exception, None))?;
            left -= 1;
            Ok(left > 0)
        })?;
    }
    receipt.records(&mut |record| {
        // What is not taken over because of decisions is told object by object.
        if !record.is_kept() && record.not_taken.is_empty() {
            each(Deviation::Record(record))?;
        }
        for object in &record.not_taken {
            each(Deviation::NotTaken(object, record))?;
        }
        for finding in &record.findings {
            each(Deviation::Finding(finding, Some(record)))?;
        }
        for exception in &record.exceptions {
            each(Deviation::Entry(exception, Some(record)))?;
        }
        Ok(true)
    })
}

impl Row {
    /// Returns `deviation` in the language of `text`.
    pub fn of(deviation: Deviation<'_>, text: &Text) -> Self {
        let of_record = |record: Option<&RecordReport>| record.map(title).unwrap_or_default();
        let package = |record: Option<&RecordReport>| record.map(|record| record.id.to_string()).unwrap_or_default();
        match deviation {
            Deviation::Record(record) => {
                let (what, hint) = why(record, text);
                Self {
                    subject: title(record),
                    record: String::new(),
                    package: package(Some(record)),
                    kind: delivery::fate(record, text),
                    code: record.fate.name().to_owned(),
                    what,
                    hint,
                }
            }
            Deviation::Finding(finding, record) => {
                let file = finding.file.as_deref().map(|file| escape(file).into_owned());
                let subject = file.unwrap_or_else(|| of_record(record));
                let hint = (finding.severity != Severity::Info).then(|| text.finding_hint(finding)).flatten();
                Self {
                    record: Some(of_record(record)).filter(|title| *title != subject).unwrap_or_default(),
                    subject,
                    package: package(record),
                    kind: severity(finding, text),
                    code: finding.code.name().to_owned(),
                    what: sentence(finding, text),
                    hint,
                }
            }
            Deviation::NotTaken(object, record) => Self {
                subject: answers::named(object),
                record: title(record),
                package: package(Some(record)),
                kind: text.say("fate-not-taken", &[]),
                code: format!("appraisal-{}", object.decision.appraisal.name()),
                what: answers::decided(object, text),
                hint: None,
            },
            Deviation::Entry(exception, record) => Self {
                subject: escape(&exception.path).into_owned(),
                record: of_record(record),
                package: package(record),
                kind: delivery::state(exception, text),
                code: code(&exception.reason),
                what: delivery::reason(exception, text),
                hint: None,
            },
        }
    }
}

/// Returns the reason's word in JSON documents.
fn code(reason: &Reason) -> String {
    let value = serde_json::to_value(reason).unwrap_or_default();
    value["reason"].as_str().unwrap_or_default().to_owned()
}

/// Returns what a record is called: its title, else its name in the delivery.
pub fn title(record: &RecordReport) -> String {
    if record.title.is_empty() { key(record) } else { escape(&record.title).into_owned() }
}

/// Returns the record's name in the delivery.
pub fn key(record: &RecordReport) -> String {
    escape(&path::shown(&path::original(&record.key))).into_owned()
}

fn why(record: &RecordReport, text: &Text) -> (String, Option<String>) {
    match &record.fate {
        Fate::Conflict { stored, delivered } => {
            let sums = [("stored", stored.as_str().into()), ("delivered", delivered.as_str().into())];
            (text.say("conflict", &sums), Some(text.say("conflict-hint", &[])))
        }
        Fate::Failed(failure) => (delivery::failed(failure, text), None),
        Fate::LeftOut => (text.say("left-out-empty", &[]), None),
        _ => (text.say("receipt-record-refused", &[]), None),
    }
}

/// Content that the archive has already.
pub struct EqualRow {
    /// The record as it was delivered now.
    pub title: String,
    /// The accession that brought the other package.
    pub accession: String,
    /// The other package.
    pub package: String,
    /// How both belong together.
    pub what: String,
}

/// Returns the packages in the archive that say the same as `record`, which accession `number` brought.
pub fn equal(record: &RecordReport, number: &str, text: &Text) -> Vec<EqualRow> {
    let mut rows = Vec::new();
    let mut add = |accession: &str, package: String, what: String| {
        rows.push(EqualRow { title: title(record), accession: accession.to_owned(), package, what });
    };
    if record.fate == Fate::AlreadyStored && record.accession != number {
        add(&record.accession, record.id.to_string(), text.say("receipt-equal-same", &[]));
    }
    for other in &record.equal {
        add(&other.accession, other.package.to_string(), text.say("receipt-equal-other", &[]));
    }
    rows
}
