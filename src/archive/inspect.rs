//! Shows what would be made of a delivery, without writing anything and without an archive.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::ArchiveError;
use super::choice::{Choice, not_taken};
use super::delivery::{Delivery, Input};
use super::report::RecordReport;
use crate::model::content::Content;
use crate::model::finding::Finding;
use crate::model::path;
use crate::model::record::{Exception, FileFacts, Record, SourceFile};
use crate::model::unit::Unit;
use crate::source::detect::{Detected, detect};
use crate::source::{Origin, SourceError};
use crate::task::{Cancelled, Watch};

/// A delivery that is looked at.
pub struct Inspection {
    delivery: Delivery,
}

/// A record as it would be packed.
pub struct Looked {
    /// What would become of it.
    pub report: RecordReport,
    /// All that is known of it. Of a finished SIP: its description and its files.
    pub record: Record,
}

/// Returns what lies at `path`, and why it is not taken over, if no profile can.
pub fn recognise(path: &Path, watch: Watch<'_>) -> Result<(Detected, Option<Finding>), SourceError> {
    let found = detect(path, watch.cancel)?;
    let reason = not_taken(path, &found);
    Ok((found, reason))
}

impl Inspection {
    /// Opens the delivery at `path`.
    pub fn open(path: &Path, choice: &Choice, watch: Watch<'_>) -> Result<Self, ArchiveError> {
        Ok(Self { delivery: Delivery::open(path, choice, watch)? })
    }

    /// Returns what the delivery is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.delivery.name
    }

    /// Returns who delivers.
    #[must_use]
    pub fn producer(&self) -> &str {
        &self.delivery.producer
    }

    /// Returns the name of the profile that takes it, with its version.
    #[must_use]
    pub fn profile(&self) -> &str {
        &self.delivery.profile
    }

    /// Returns what the delivery tells of itself.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.delivery.origin()
    }

    /// Returns what was established about the delivery as a whole.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.delivery.findings
    }

    /// Returns the entries that are in no record.
    #[must_use]
    pub fn leftovers(&self) -> &[Exception] {
        self.delivery.leftovers()
    }

    /// Returns how many records there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.delivery.items.len()
    }

    /// Looks into the record at `index`.
    pub fn look(&self, index: usize, watch: Watch<'_>) -> Result<Option<Looked>, Cancelled> {
        let Some(item) = self.delivery.items.get(index) else { return Ok(None) };
        watch.cancel.check()?;
        let input = self.delivery.input(item, watch)?;
        let report = RecordReport::of(item, &input);
        let record = match input {
            Input::Record(record) => *record,
            Input::Submission(submission) => Record {
                key: item.key.clone(),
                description: submission.description.clone(),
                files: submission
                    .reader
                    .parts()
                    .iter()
                    .map(|part| SourceFile {
                        path: part.path.into(),
                        size: part.size,
                        modified: part.modified,
                        ..SourceFile::default()
                    })
                    .collect(),
                findings: submission.examined.findings.clone(),
                ..Record::default()
            },
        };
        Ok(Some(Looked { report, record }))
    }

    /// Returns what opens the files of the records.
    #[must_use]
    pub fn content(&self) -> &dyn Content {
        self.delivery.content()
    }
}

/// Returns what the delivery tells of itself for programs, `docs/schemas/inspect.json`; what is not known is left out.
#[must_use]
pub fn origin_json(origin: &Origin) -> Value {
    let mut value = Map::new();
    let mut set = |key: &str, text: &str| set(&mut value, key, text);
    set("producer", &origin.producer);
    set("producer_code", &origin.producer_code);
    set("system", &origin.system);
    set("recipient", &origin.recipient);
    set("process", &origin.process);
    if !origin.messages.is_empty() {
        let message = |message: &crate::source::MessageFacts| {
            json!({
                "type": message.kind,
                "version": message.version,
                "file": message.file,
                "created": message.created,
            })
        };
        value.insert("messages".to_owned(), origin.messages.iter().map(message).collect());
    }
    value.into()
}

impl Looked {
    /// Returns the record for programs, `docs/schemas/inspect.json`: everything in it; what is not known is left out.
    #[must_use]
    pub fn json(&self) -> Value {
        let Self { report, record } = self;
        let closure = &record.closure;
        let mut value = json!({
            "package": report.id,
            "record": report.key,
            "state": report.fate.name(),
            "description": record.description,
            "files": record.files.iter().map(file_json).collect::<Vec<_>>(),
            "bytes": report.bytes,
            "folders": record.folders,
        });
        let mut list = |key: &str, items: Vec<Value>| {
            if !items.is_empty() {
                value[key] = items.into();
            }
        };
        list("units", record.units.iter().map(|unit| unit_json(unit, &record.files)).collect());
        list("empty_folders", record.empty_folders.iter().map(|folder| Value::from(shown(folder))).collect());
        list("metadata", record.metadata.iter().map(file_json).collect());
        list("acts", record.acts.iter().map(act_json).collect());
        list("findings", record.findings.iter().filter_map(|finding| serde_json::to_value(finding).ok()).collect());
        list("exceptions", record.exceptions.iter().filter_map(|entry| serde_json::to_value(entry).ok()).collect());
        if !closure.made.is_empty() || !closure.persons.is_empty() || closure.secret {
            let person = |person: &crate::model::record::Person| json!({ "born": person.born, "died": person.died });
            value["closure"] = json!({
                "made": closure.made,
                "persons": closure.persons.iter().map(person).collect::<Vec<_>>(),
                "secret": closure.secret,
            });
        }
        value
    }
}

fn act_json(act: &crate::model::record::Act) -> Value {
    let mut value = Map::new();
    let fields = [
        ("event", act.kind),
        ("time", &act.time),
        ("detail", &act.detail),
        ("outcome", &act.outcome),
        ("agent", &act.agent),
    ];
    for (key, text) in fields {
        set(&mut value, key, text);
    }
    value.into()
}

fn file_json(file: &SourceFile) -> Value {
    let mut value = Map::new();
    value.insert("path".to_owned(), shown(&file.path).into());
    value.insert("size".to_owned(), file.size.into());
    value.insert("modified".to_owned(), file.modified.to_string().into());
    if let Some(facts) = &file.facts {
        facts_json(&mut value, facts);
    }
    value.into()
}

fn facts_json(value: &mut Map<String, Value>, facts: &FileFacts) {
    let [format, version, list] = &facts.format;
    for (key, text) in [
        ("original_name", &facts.original_name),
        ("id", &facts.id),
        ("label", &facts.label),
        ("mime_type", &facts.mime_type),
        ("format", format),
        ("format_version", version),
        ("format_list", list),
        ("creator", &facts.creator),
        ("created", &facts.created),
        ("originator", &facts.originator),
        ("signature", &facts.signature),
    ] {
        set(value, key, text);
    }
    if let Some((_, place)) = &facts.place {
        value.insert("place".to_owned(), path::shown(place).into());
    }
    if !facts.checksums.is_empty() {
        let sums = facts.checksums.iter().map(|sum| Value::from(sum.to_string()));
        value.insert("checksums".to_owned(), sums.collect());
    }
}

/// Returns a unit with all units in it.
fn unit_json(unit: &Unit, files: &[SourceFile]) -> Value {
    let mut value = Map::new();
    value.insert("kind".to_owned(), unit.kind.name().into());
    for (key, text) in [
        ("id", &unit.id),
        ("title", &unit.title),
        ("reference", &unit.reference),
        ("date_from", &unit.dates[0]),
        ("date_to", &unit.dates[1]),
    ] {
        set(&mut value, key, text);
    }
    if !unit.properties.is_empty() {
        value.insert("properties".to_owned(), serde_json::to_value(&unit.properties).unwrap_or_default());
    }
    if !unit.files.is_empty() {
        let named = unit.files.iter().filter_map(|index| files.get(*index)).map(|file| Value::from(shown(&file.path)));
        value.insert("files".to_owned(), named.collect());
    }
    if !unit.parts.is_empty() {
        value.insert("parts".to_owned(), unit.parts.iter().map(|part| unit_json(part, files)).collect());
    }
    value.into()
}

/// Returns the original of a portable path.
#[must_use]
pub fn shown(portable: &str) -> String {
    path::shown(&path::original(portable))
}

fn set(value: &mut Map<String, Value>, key: &str, text: &str) {
    if !text.is_empty() {
        value.insert(key.to_owned(), text.into());
    }
}
