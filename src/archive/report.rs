//! What is reported of a delivery: what became of each record, and of every entry.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

use super::agency::AnswerReport;
use super::delivery::{Delivery, Input, Item};
use super::examine;
use super::formats::Formats;
use crate::model::closure::Closure;
use crate::model::decision::NotTaken;
use crate::model::finding::{Finding, Severity};
use crate::model::package::PackageId;
use crate::model::path;
use crate::model::record::{Description, EntryKind, EntryState, Exception, Reason};
use crate::package::reader::PackageError;
use crate::source::Origin;

/// What became of a record; `state` in JSON documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Fate {
    /// It is stored: complete, durable, read back.
    Stored,
    /// It was stored before with the same content.
    AlreadyStored,
    /// A submission package was made of it.
    Packed,
    /// The same package was made before.
    AlreadyPacked,
    /// It would be taken over.
    Planned,
    /// No file of it is left to take over: rules leave all out.
    LeftOut,
    /// An entry in it, or a finding about it, forbids to take it over.
    Refused,
    /// A package with this identity holds something else; both content digests.
    Conflict {
        /// Of the package that is there.
        #[serde(rename = "content_stored")]
        stored: String,
        /// Of the record that was delivered.
        #[serde(rename = "content_delivered")]
        delivered: String,
    },
    /// The storage failed; the same command again tries again.
    Failed(Failure),
}

/// What kept a package from being stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The file or folder concerned.
    #[serde(rename = "failed_at", serialize_with = "lossy")]
    pub path: PathBuf,
    /// What the operating system says.
    #[serde(rename = "failure")]
    pub error: String,
    /// Its kind; not known where it is read from a receipt.
    #[serde(skip, default = "other")]
    pub kind: std::io::ErrorKind,
    /// What space there was, where that is what lacked.
    #[serde(flatten)]
    pub space: Option<Space>,
}

/// Space on a medium, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Space {
    /// What the package needs.
    pub needed: u64,
    /// What is free.
    pub free: u64,
}

/// What is reported of a record: as it stands in receipts, and in the output of `pack` and `ingest`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordReport {
    /// The record's name in the delivery, empty for the whole or its loose files.
    #[serde(rename = "record")]
    pub key: String,
    /// Its package.
    #[serde(rename = "package")]
    pub id: PackageId,
    /// Its title.
    pub title: String,
    /// What became of it.
    #[serde(flatten)]
    pub fate: Fate,
    /// Its files.
    pub files: u64,
    /// Bytes of its files.
    pub bytes: u64,
    /// Its folders.
    pub folders: u64,
    /// Of these, folders without a stored entry.
    pub empty_folders: u64,
    /// What it is about, and until when it is kept from use.
    #[serde(flatten)]
    pub about: About,
    /// Where the package lies: in the archive, or in the file system for `pack`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// The content digest.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content: String,
    /// SHA-512 of the package's file, where it is one file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha512: String,
    /// SHA-512 of the inventory of its object in the store, which holds the checksums of all of the package's files.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub inventory: String,
    /// The accession that brought it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub accession: String,
    /// Packages of another identity that say the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equal: Vec<Equal>,
    /// Entries that are not stored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
    /// Objects of it that are not taken over because of a decision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_taken: Vec<NotTaken>,
    /// What was established about the record or the finished SIP.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// What a receipt says of the content of a record; empty where nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// What kind of record it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Reference codes that it brought along (Aktenzeichen).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<String>,
    /// The archive's own reference code (Signatur).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub signature: String,
    /// First date of its contents.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub date_from: String,
    /// Last date of its contents.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub date_to: String,
    /// Whether these are only the dates of the files.
    #[serde(skip_serializing_if = "is_false")]
    pub dates_of_files: bool,
    /// Whether and until when it is closed (Schutzfrist), known once it is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closure: Option<Closure>,
    /// When its retention period ends (Aufbewahrungsfrist).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub retention_end: String,
}

impl About {
    fn of(description: &Description) -> Self {
        Self {
            kind: description.kind.clone(),
            identifiers: description.identifiers.clone(),
            signature: description.signature.clone(),
            date_from: description.date_from.clone(),
            date_to: description.date_to.clone(),
            dates_of_files: description.dates_of_files,
            ..Self::default()
        }
    }
}

/// A package that says the same as another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Equal {
    /// The package.
    pub package: PackageId,
    /// The accession that brought it.
    pub accession: String,
}

impl RecordReport {
    fn new(key: String, id: PackageId, fate: Fate) -> Self {
        Self {
            key,
            id,
            title: String::new(),
            fate,
            files: 0,
            bytes: 0,
            folders: 0,
            empty_folders: 0,
            about: About::default(),
            place: String::new(),
            content: String::new(),
            sha512: String::new(),
            inventory: String::new(),
            accession: String::new(),
            equal: Vec::new(),
            exceptions: Vec::new(),
            not_taken: Vec::new(),
            findings: Vec::new(),
        }
    }

    pub(super) fn of(item: &Item, input: &Input<'_>) -> Self {
        let mut report = Self::new(item.key.clone(), item.id, input.fate());
        match input {
            Input::Record(record) => {
                report.title.clone_from(&record.description.title);
                report.about = About::of(&record.description);
                report.files = record.files.len() as u64;
                report.bytes = record.bytes();
                report.folders = record.folders;
                report.empty_folders = record.empty_folders.len() as u64;
                report.exceptions.clone_from(&record.exceptions);
                report.findings.clone_from(&record.findings);
                report.not_taken.clone_from(&record.not_taken);
            }
            Input::Submission(submission) => {
                report.title.clone_from(&submission.description.title);
                report.about = About::of(&submission.description);
                report.files = submission.reader.parts().len() as u64;
                report.bytes = submission.reader.parts().iter().map(|part| part.size).sum();
                report.findings.clone_from(&submission.examined.findings);
            }
        }
        report
    }

    /// Returns whether the record is in a package now.
    #[must_use]
    pub const fn is_kept(&self) -> bool {
        matches!(self.fate, Fate::Stored | Fate::AlreadyStored | Fate::Packed | Fate::AlreadyPacked | Fate::Planned)
    }
}

/// Entries by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// In a package.
    pub stored: u64,
    /// Not taken over.
    pub refused: u64,
    /// Not stored because storing failed.
    pub failed: u64,
    /// Left out by a named rule.
    pub left_out: u64,
}

impl Tally {
    fn add(&mut self, state: EntryState, count: u64) {
        match state {
            EntryState::Stored => self.stored += count,
            EntryState::Refused => self.refused += count,
            EntryState::Failed => self.failed += count,
            EntryState::LeftOut => self.left_out += count,
        }
    }
}

/// What is reported of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryReport {
    /// Where it lies.
    pub path: PathBuf,
    /// What it is called.
    pub name: String,
    /// Who delivered it.
    pub producer: String,
    /// The profile by which it was taken over, with its version: `eakte 1`; empty where it was not opened.
    pub profile: String,
    /// What it tells of itself.
    pub origin: Origin,
    /// The number of the accession; `None` where nothing new was stored.
    pub accession: Option<String>,
    /// Whether the producer may delete what was delivered: only an answer that says so (xdomea 0506) releases it.
    pub released: bool,
    /// The answers to the agency.
    pub answers: Vec<AnswerReport>,
    /// What was established about the delivery as a whole.
    pub findings: Vec<Finding>,
    /// The formats of what was taken over.
    pub formats: Formats,
    /// The records, in the order of the delivery.
    pub records: Vec<RecordReport>,
    /// Entries that belong to no record.
    pub leftovers: Vec<Exception>,
    /// Folders that belong to no record.
    pub folders: u64,
}

impl DeliveryReport {
    pub(super) fn new(delivery: &Delivery) -> Self {
        Self {
            path: delivery.path.clone(),
            name: delivery.name.clone(),
            producer: delivery.producer.clone(),
            profile: delivery.profile.clone(),
            origin: delivery.origin(),
            accession: None,
            released: false,
            answers: Vec::new(),
            findings: delivery.findings.clone(),
            formats: Formats::default(),
            records: Vec::new(),
            leftovers: delivery.leftovers().to_vec(),
            folders: delivery.folders(),
        }
    }

    /// Returns the report of a delivery at `path` that could not be opened: nothing is known but its name.
    #[must_use]
    pub fn unopened(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            producer: String::new(),
            profile: String::new(),
            origin: Origin::default(),
            accession: None,
            released: false,
            answers: Vec::new(),
            findings: Vec::new(),
            formats: Formats::default(),
            records: Vec::new(),
            leftovers: Vec::new(),
            folders: 0,
        }
    }

    /// Returns whether the delivery or a record of it was refused.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.records.iter().any(|record| record.state() == EntryState::Refused)
            || self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Returns all entries that are not in a package, with the state of their record taken into account.
    pub fn exceptions(&self) -> impl Iterator<Item = &Exception> {
        self.leftovers.iter().chain(self.records.iter().flat_map(|record| &record.exceptions))
    }

    /// Returns the entries of the delivery by kind and by what became of them: every entry counts once.
    #[must_use]
    pub fn tally(&self) -> BTreeMap<&'static str, Tally> {
        let mut tally: BTreeMap<&'static str, Tally> = BTreeMap::new();
        let mut add = |kind: EntryKind, state, count| {
            if count > 0 {
                tally.entry(kind.name()).or_default().add(state, count);
            }
        };
        add(EntryKind::Folder, EntryState::Stored, self.folders);
        for record in &self.records {
            let state = record.state();
            add(EntryKind::File, state, record.files);
            add(EntryKind::Folder, state, record.folders);
        }
        for exception in self.exceptions() {
            add(exception.kind, exception.reason.state(), 1);
        }
        tally
    }

    /// Returns how many records are in a package, were refused, and failed.
    #[must_use]
    pub fn records_by_state(&self) -> Tally {
        let mut tally = Tally::default();
        self.records.iter().for_each(|record| tally.add(record.state(), 1));
        tally
    }
}

impl RecordReport {
    /// Returns what became of the files in the record.
    #[must_use]
    pub const fn state(&self) -> EntryState {
        match self.fate {
            Fate::Failed(_) => EntryState::Failed,
            Fate::Refused | Fate::Conflict { .. } => EntryState::Refused,
            Fate::LeftOut => EntryState::LeftOut,
            _ => EntryState::Stored,
        }
    }
}

/// Returns what is reported of a finished package that cannot even be opened.
pub(super) fn unopened_report(path: &Path, error: &PackageError) -> DeliveryReport {
    refused_report(path, examine::unopened(error))
}

/// Returns what is reported of a delivery that is refused as a whole for what `finding` says.
pub(super) fn refused_report(path: &Path, finding: Finding) -> DeliveryReport {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let id = PackageId::derive("", &name, "");
    let mut record = RecordReport::new(name.clone(), id, Fate::Refused);
    record.title.clone_from(&name);
    record.files = 1;
    record.findings.push(finding);
    DeliveryReport { records: vec![record], ..DeliveryReport::unopened(path) }
}

/// Returns what is reported where the entry `path` could not be read as it was listed.
pub(super) fn changed(path: &str, reason: Reason) -> Exception {
    let path = path::shown(&path::original(path));
    Exception { path, kind: EntryKind::File, reason }
}

// serde hands a reference to everything.
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_false(value: &bool) -> bool {
    !*value
}

fn lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

const fn other() -> std::io::ErrorKind {
    std::io::ErrorKind::Other
}
