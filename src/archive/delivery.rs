//! What comes in: a delivery as a list of records, each with the identity of its package.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use uuid::Uuid;

use super::examine::{self, Examined, describe, examine, not_a_package, unread};
use super::{Archive, ArchiveError};
use crate::model::accession::Purpose;
use crate::model::content::Content;
use crate::model::finding::{Code, Finding, Severity};
use crate::model::package::{PackageForm, PackageId, PackageKind};
use crate::model::record::{Description, EntryKind, EntryState, Exception, Reason, Record, SourceFile};
use crate::model::time::Timestamp;
use crate::package::eark::{AGREEMENT, Attachment, DESCRIPTION, METS, Provenance, Rights};
use crate::package::reader::PackageReader;
use crate::profile::{Agreement, Per, Profile};
use crate::source::{self, FolderRules, LeaveOut, SourceError, folder};
use crate::task::{Cancelled, Watch};

/// The producer of a delivery of which nobody said who delivered it.
pub const UNNAMED_PRODUCER: &str = "nicht angegeben";

/// How deliveries are to be taken over.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The profile, with the agreement applied.
    pub profile: Profile,
    /// The agreement, and its file as it is.
    pub agreement: Option<(Agreement, Vec<u8>)>,
    /// Who delivers, where the agreement does not say so.
    pub producer: Option<String>,
    /// What the delivery is called instead of its folder's name.
    pub delivery: Option<String>,
    /// XML schemas for `schemas/`: name and bytes.
    pub schemas: Vec<Attachment>,
    /// How packages lie on the medium.
    pub form: PackageForm,
    /// The time that stands in the packages.
    pub created: Timestamp,
}

impl Terms {
    /// Returns who delivers.
    #[must_use]
    pub fn producer(&self) -> &str {
        match (&self.agreement, &self.producer) {
            (_, Some(named)) => named,
            (Some((agreement, _)), None) => agreement.producer.name.as_str(),
            (None, None) => UNNAMED_PRODUCER,
        }
    }

    /// Returns why records are kept.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.agreement.as_ref().map_or(Purpose::Permanent, |(agreement, _)| agreement.purpose)
    }

    /// Returns the holdings that records belong to, empty where none are named.
    #[must_use]
    pub fn holdings(&self) -> &str {
        self.agreement.as_ref().map_or("", |(agreement, _)| agreement.holdings.as_str())
    }

    /// Returns the name of the agreement, empty where there is none.
    #[must_use]
    pub fn agreement_name(&self) -> &str {
        self.agreement.as_ref().map_or("", |(agreement, _)| agreement.name.as_str())
    }

    pub(super) fn provenance(&self, delivery: &str, archive: Option<&Archive>) -> Provenance {
        let code = self.agreement.as_ref().and_then(|(agreement, _)| agreement.producer.code.as_ref());
        let number = self.agreement.as_ref().map(|(agreement, _)| agreement.number.as_str());
        let marker = archive.map(Archive::marker);
        Provenance {
            producer: self.producer().to_owned(),
            producer_code: code.map(|code| code.as_str().to_owned()).unwrap_or_default(),
            creator: String::new(),
            agreement: number.unwrap_or_default().to_owned(),
            archive: marker.map(|marker| marker.name.clone()).unwrap_or_default(),
            archive_code: marker.and_then(|marker| marker.isil.clone()).unwrap_or_default(),
            delivery: delivery.to_owned(),
            accession: None,
        }
    }

    pub(super) fn rights(&self) -> Option<Rights> {
        let rights = self.profile.rights.as_ref()?;
        let day = |date: &Option<crate::profile::Date>| date.as_ref().map(|date| date.as_str().to_owned());
        let end = day(&rights.end).unwrap_or_default();
        let start = day(&rights.start).unwrap_or_else(|| self.created.date());
        Some(Rights {
            jurisdiction: rights.jurisdiction.as_str().to_owned(),
            citation: rights.statute.as_str().to_owned(),
            act: rights.act.as_str().to_owned(),
            restriction: rights.restriction.as_str().to_owned(),
            start,
            end,
        })
    }

    pub(super) fn attachments(&self) -> Vec<Attachment> {
        let agreement =
            self.agreement.iter().map(|(_, bytes)| Attachment { path: AGREEMENT.to_owned(), bytes: bytes.clone() });
        agreement.chain(self.schemas.iter().cloned()).collect()
    }

    fn folder_rules(&self) -> FolderRules {
        let profile = &self.profile;
        let rule = |rule: &crate::profile::Rule| {
            let own = rule.clone();
            LeaveOut {
                rule: rule.rule.as_str().to_owned(),
                matches: Arc::new(move |path: &[u8]| {
                    own.hits(path.rsplit(|byte| *byte == b'/').next().unwrap_or_default())
                }),
            }
        };
        FolderRules {
            per: match profile.records.per {
                Per::Folder => source::Per::Folder,
                Per::Delivery => source::Per::Delivery,
            },
            tables: profile.description.tables.iter().map(|name| name.as_str().to_owned()).collect(),
            links_left_out: profile.links.leave_out,
            leave_out: profile.leave_out.iter().map(rule).collect(),
            ..FolderRules::default()
        }
    }
}

/// A delivery that was opened.
pub struct Delivery {
    /// Where it lies.
    pub path: PathBuf,
    /// What tells it from others of its producer.
    pub name: String,
    /// Who delivers it.
    pub producer: String,
    holdings: String,
    created: Timestamp,
    pub(super) kind: Kind,
    /// The packages that are to come of it.
    pub(super) items: Vec<Item>,
}

pub(super) enum Kind {
    Folder(Box<folder::Delivery>),
    Submission(Box<Submission>),
}

/// A finished SIP.
pub(super) struct Submission {
    pub(super) reader: PackageReader,
    pub(super) examined: Examined,
    pub(super) description: Description,
}

/// A package to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) id: PackageId,
    pub(super) key: String,
    index: usize,
}

/// A record as it is taken over: from a folder, or a finished SIP.
pub(super) enum Input<'a> {
    Record(Box<Record>),
    Submission(&'a Submission),
}

impl Delivery {
    /// Opens the delivery at `path`: a folder with records, or a finished SIP as folder or ZIP.
    pub fn open(path: &Path, terms: &Terms, watch: Watch<'_>) -> Result<Self, ArchiveError> {
        let is_file = path.metadata().is_ok_and(|status| status.is_file());
        if is_file || path.join(METS).symlink_metadata().is_ok_and(|status| status.is_file()) {
            return Self::submission(path, terms, watch);
        }
        let found = folder::Delivery::open(path, &terms.folder_rules())?;
        let name = terms.delivery.clone().unwrap_or_else(|| found.name().to_owned());
        let producer = terms.producer().to_owned();
        let items = found.records().iter().enumerate().map(|(index, record)| {
            let key = record.key().to_owned();
            Item { id: PackageId::derive(&producer, &name, &key), key, index }
        });
        let items = items.collect();
        let holdings = terms.holdings().to_owned();
        Ok(Self {
            path: path.to_owned(),
            name,
            producer,
            holdings,
            created: terms.created,
            kind: Kind::Folder(Box::new(found)),
            items,
        })
    }

    fn submission(path: &Path, terms: &Terms, watch: Watch<'_>) -> Result<Self, ArchiveError> {
        let absent = |source: std::io::Error| match source.kind() {
            std::io::ErrorKind::NotFound => SourceError::NotFound { path: path.to_owned() },
            _ => SourceError::Read { path: path.to_owned(), source },
        };
        path.symlink_metadata().map_err(absent)?;
        let reader = PackageReader::open(path)?;
        let mut examined = examine(&reader, watch)?;
        if reader.find(METS).is_none() {
            examined.findings = vec![not_a_package(path).requirement("CSIPSTR4")];
        }
        if examined.summary.kind != Some(PackageKind::Sip) && !examined.summary.object.is_empty() {
            let mut finding = Finding::new(Code::MetsRequirement).requirement("SIP4").file(METS).expected("SIP");
            finding.value = examined.summary.kind.map(|kind| kind.name().to_owned());
            examined.findings.push(finding);
        }
        let description = match describe(&reader, &examined.summary) {
            Ok(description) => description,
            Err(error) => {
                examined.findings.push(unread(DESCRIPTION, &error));
                Description::default()
            }
        };
        let object = examined.summary.object.clone();
        let producer = match &terms.producer {
            None if !description.producer.is_empty() => description.producer.clone(),
            _ => terms.producer().to_owned(),
        };
        let delivery = examined.summary.alternative("DELIVERY").unwrap_or(&object).to_owned();
        let name = terms.delivery.clone().unwrap_or(delivery);
        // An id that is a UUID stays: what was packed here before is known again.
        let id = PackageId::parse(&object).unwrap_or_else(|| PackageId::derive(&producer, &object, ""));
        let key = reader.folder().to_owned();
        let kind = Kind::Submission(Box::new(Submission { reader, examined, description }));
        let (holdings, items) = (String::new(), vec![Item { id, key, index: 0 }]);
        Ok(Self { path: path.to_owned(), name, producer, holdings, created: terms.created, kind, items })
    }

    /// Returns the identity of the delivery: the same producer and name always give the same.
    #[must_use]
    pub fn identity(&self) -> Uuid {
        let id = PackageId::derive(&self.producer, &self.name, "\0delivery");
        Uuid::parse_str(&id.to_string()).unwrap_or_default()
    }

    pub(super) fn input(&self, item: &Item, watch: Watch<'_>) -> Result<Input<'_>, Cancelled> {
        match &self.kind {
            Kind::Submission(submission) => Ok(Input::Submission(submission)),
            Kind::Folder(folder) => {
                let key = &folder.records()[item.index];
                let mut record = folder.read(key, watch.cancel)?;
                record.description.producer.clone_from(&self.producer);
                if record.description.dates_of_files {
                    // As all times in a package these are none after the package's own.
                    let latest = self.created.date();
                    for date in [&mut record.description.date_from, &mut record.description.date_to] {
                        *date = std::mem::take(date).min(latest.clone());
                    }
                }
                if record.description.holdings.is_empty() {
                    record.description.holdings.clone_from(&self.holdings);
                }
                Ok(Input::Record(Box::new(record)))
            }
        }
    }

    /// Opens the files of the records.
    pub(super) fn content(&self) -> &dyn Content {
        match &self.kind {
            Kind::Folder(folder) => folder.content(),
            Kind::Submission(submission) => &submission.reader,
        }
    }

    /// Files that describe the records; they belong to the delivery as a whole.
    pub(super) fn tables(&self) -> &[SourceFile] {
        match &self.kind {
            Kind::Folder(folder) => folder.tables(),
            Kind::Submission(_) => &[],
        }
    }

    /// Entries that belong to no record.
    pub(super) fn leftovers(&self) -> &[Exception] {
        match &self.kind {
            Kind::Folder(folder) => folder.leftovers(),
            Kind::Submission(_) => &[],
        }
    }

    /// Folders that belong to no record: the delivery's own.
    pub(super) fn folders(&self) -> u64 {
        match &self.kind {
            Kind::Folder(folder) => folder.folders(),
            Kind::Submission(_) => 0,
        }
    }
}

/// What is reported of a source: what became of the delivery, or why it could not be opened.
pub type Outcome = Result<DeliveryReport, ArchiveError>;

/// Looks whether all sources are there, and apart from the archive, before anything is done.
pub(super) fn look(sources: &[PathBuf], archive: Option<&Archive>) -> Result<(), ArchiveError> {
    for path in sources {
        path.metadata().map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => SourceError::NotFound { path: path.clone() },
            _ => SourceError::Read { path: path.clone(), source },
        })?;
        if let Some(archive) = archive {
            apart(path, archive.root())?;
        }
    }
    Ok(())
}

/// Turns the failure to open one delivery into what is reported of it: the others go on. A stop ends the run.
pub(super) fn unopened(path: &Path, error: ArchiveError) -> Result<Outcome, ArchiveError> {
    match error {
        ArchiveError::Cancelled(stopped) => Err(stopped.into()),
        ArchiveError::Package(error) => Ok(Ok(unopened_report(path, &error))),
        error => Ok(Err(error)),
    }
}

/// Refuses a delivery that lies in the archive, and an archive that lies in the delivery.
fn apart(path: &Path, archive: &Path) -> Result<(), ArchiveError> {
    // What does not exist overlaps with nothing; opening it will tell.
    let (Ok(delivery), Ok(archive)) = (path.canonicalize(), archive.canonicalize()) else { return Ok(()) };
    if delivery.starts_with(&archive) || archive.starts_with(&delivery) {
        return Err(ArchiveError::Overlap { path: path.to_owned() });
    }
    Ok(())
}

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
    /// What is not right about a finished SIP.
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

impl Input<'_> {
    /// Returns what is to become of the record, as far as it tells by itself.
    fn fate(&self) -> Fate {
        match self {
            Self::Record(record) if record.refusal().is_some() => Fate::Refused,
            Self::Record(record) if record.files.is_empty() => Fate::LeftOut,
            Self::Submission(submission)
                if submission.examined.findings.iter().any(|finding| finding.severity == Severity::Error) =>
            {
                Fate::Refused
            }
            _ => Fate::Planned,
        }
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
    /// The number of the accession; `None` where nothing new was stored.
    pub accession: Option<String>,
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
            accession: None,
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
fn unopened_report(path: &Path, error: &crate::package::reader::PackageError) -> DeliveryReport {
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
        findings: vec![examine::unopened(error)],
        place: String::new(),
        content: String::new(),
        accession: String::new(),
    };
    DeliveryReport {
        path: path.to_owned(),
        name,
        producer: String::new(),
        accession: None,
        records: vec![record],
        leftovers: Vec::new(),
        folders: 0,
    }
}

/// Returns what is reported where the entry `path` could not be read as it was listed.
pub(super) fn changed(path: &str, reason: Reason) -> Exception {
    let path = crate::model::path::shown(&crate::model::path::original(path));
    Exception { path, kind: EntryKind::File, reason }
}
