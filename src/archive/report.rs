//! What is reported of a delivery: what became of each record, and of every entry.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::agency::AnswerReport;
use super::delivery::{Delivery, Input, Item};
use super::examine;
use crate::model::decision::NotTaken;
use crate::model::finding::Finding;
use crate::model::package::PackageId;
use crate::model::path;
use crate::model::record::{EntryKind, EntryState, Exception, Reason};
use crate::package::reader::PackageError;
use crate::source::Origin;

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
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
        stored: String,
        /// Of the record that was delivered.
        delivered: String,
    },
    /// The storage failed; the same command again tries again.
    Failed(Failure),
}

/// What kept a package from being stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The file or folder concerned.
    pub path: PathBuf,
    /// What the operating system says.
    pub error: String,
    /// Its kind.
    pub kind: std::io::ErrorKind,
    /// Bytes that the package needs, and bytes that are free.
    pub space: Option<(u64, u64)>,
}

/// What is reported of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordReport {
    /// The record's name in the delivery, empty for the whole or its loose files.
    pub key: String,
    /// Its package.
    pub id: PackageId,
    /// Its title.
    pub title: String,
    /// What became of it.
    pub fate: Fate,
    /// Its files.
    pub files: u64,
    /// Bytes of its files.
    pub bytes: u64,
    /// Its folders.
    pub folders: u64,
    /// Of these, folders without a stored entry.
    pub empty_folders: u64,
    /// Entries that are not stored.
    pub exceptions: Vec<Exception>,
    /// Objects of it that are not taken over because of a decision.
    pub not_taken: Vec<NotTaken>,
    /// What was established about the record or the finished SIP.
    pub findings: Vec<Finding>,
    /// Where the package lies: in the archive, or in the file system for `pack`.
    pub place: String,
    /// The content digest.
    pub content: String,
    /// The accession that brought it.
    pub accession: String,
}

impl RecordReport {
    pub(super) fn of(item: &Item, input: &Input<'_>) -> Self {
        let mut report = Self {
            key: item.key.clone(),
            id: item.id,
            title: String::new(),
            fate: input.fate(),
            files: 0,
            bytes: 0,
            folders: 0,
            empty_folders: 0,
            exceptions: Vec::new(),
            not_taken: Vec::new(),
            findings: Vec::new(),
            place: String::new(),
            content: String::new(),
            accession: String::new(),
        };
        match input {
            Input::Record(record) => {
                report.title.clone_from(&record.description.title);
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
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
    /// The profile by which it was taken over, with its version: `eakte 1`.
    pub profile: String,
    /// What it tells of itself.
    pub origin: Origin,
    /// What was established about it as a whole.
    pub findings: Vec<Finding>,
    /// The number of the accession; `None` where nothing new was stored.
    pub accession: Option<String>,
    /// Whether the producer may delete what was delivered: only an answer that says so (xdomea 0506) releases it.
    pub released: bool,
    /// The answers to the agency.
    pub answers: Vec<AnswerReport>,
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
            findings: delivery.findings.clone(),
            accession: None,
            released: false,
            answers: Vec::new(),
            records: Vec::new(),
            leftovers: delivery.leftovers().to_vec(),
            folders: delivery.folders(),
        }
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
    let record = RecordReport {
        key: name.clone(),
        id,
        title: name.clone(),
        fate: Fate::Refused,
        files: 1,
        bytes: 0,
        folders: 0,
        empty_folders: 0,
        exceptions: Vec::new(),
        not_taken: Vec::new(),
        findings: vec![finding],
        place: String::new(),
        content: String::new(),
        accession: String::new(),
    };
    DeliveryReport {
        path: path.to_owned(),
        name,
        producer: String::new(),
        profile: String::new(),
        origin: Origin::default(),
        findings: Vec::new(),
        accession: None,
        released: false,
        answers: Vec::new(),
        records: vec![record],
        leftovers: Vec::new(),
        folders: 0,
    }
}

/// Returns what is reported where the entry `path` could not be read as it was listed.
pub(super) fn changed(path: &str, reason: Reason) -> Exception {
    let path = path::shown(&path::original(path));
    Exception { path, kind: EntryKind::File, reason }
}
