//! What comes in: a delivery as a list of records, each with the identity of its package.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;

use super::agency::{Decided, DecisionList};
use super::choice::Choice;
use super::examine::{Examined, describe, examine, not_a_package, of_what_is_kept, unread};
use super::report::{DeliveryReport, Fate};
use super::{Archive, ArchiveError};
use crate::appraisal;
use crate::check::metadata;
use crate::io::xsd::SchemaFolder;
use crate::model::accession::Purpose;
use crate::model::content::Content;
use crate::model::finding::{Code, Finding, Severity};
use crate::model::package::{PackageForm, PackageId, PackageKind};
use crate::model::path;
use crate::model::record::{Description, Exception, Record, SourceFile};
use crate::model::time::Timestamp;
use crate::package::eark::{AGREEMENT, Attachment, DESCRIPTION, METS, Provenance, Rights};
use crate::package::reader::PackageReader;
use crate::profile::{Agreement, Line, OnError, Profile, SourceKind};
use crate::source::bagit::Bag;
use crate::source::detect::{Detected, Kind};
use crate::source::fit_connect::Submissions;
use crate::source::mail::Mails;
use crate::source::mapping::Exported;
use crate::source::tree::Tree;
use crate::source::xdomea::Spool;
use crate::source::{Origin, Source, SourceError, einvoice, folder, xdomea};
use crate::task::{Cancel, Cancelled, Watch};

/// How many SIPs are held open at once: each is an open file.
const SUBMISSIONS: usize = 500;

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
    /// What the archive decided about records, where that was given with the delivery.
    pub decisions: Option<DecisionList>,
    /// Schemas that what comes in is compared with.
    pub validation: Option<Arc<SchemaFolder>>,
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

    /// Returns the profile's name with its version.
    pub(super) fn profile_name(&self) -> String {
        format!("{} {}", self.profile.name, self.profile.version)
    }

    /// Returns whether the call or the agreement says who delivers.
    #[must_use]
    pub const fn names_producer(&self) -> bool {
        self.producer.is_some() || self.agreement.is_some()
    }

    /// Opens the records at `path` by the source that the profile names.
    fn open(&self, path: &Path, found: &Detected, cancel: &Cancel) -> Result<Box<dyn Source>, SourceError> {
        let rules = self.folder_rules();
        Ok(match self.profile.source {
            SourceKind::Folder if matches!(found.kind, Kind::Xml { .. }) => {
                Box::new(folder::Delivery::document(Tree::open(path, cancel)?, &rules, cancel)?)
            }
            SourceKind::Bagit => Box::new(Bag::open(path, &rules, cancel)?),
            SourceKind::Folder if path.is_dir() => Box::new(folder::Delivery::open(path, &rules)?),
            SourceKind::Folder => Box::new(folder::Delivery::in_container(Tree::open(path, cancel)?, &rules)?),
            SourceKind::Einvoice => Box::new(einvoice::Delivery::open(path, self.per_invoice(), &rules, cancel)?),
            SourceKind::Xdomea => Box::new(xdomea::Delivery::open(path, &self.xdomea_rules(), cancel)?),
            SourceKind::FitConnect => Box::new(Submissions::open(path, &rules, self.fields(), cancel)?),
            SourceKind::Mail => Box::new(Mails::open(path, &rules, self.per_mail(), self.mail_fields(), cancel)?),
            SourceKind::Table => match self.mapping() {
                Some(mapping) => Box::new(Exported::open(path, mapping, &rules, cancel)?),
                // A profile that says so is refused.
                None => Box::new(folder::Delivery::open(path, &rules)?),
            },
        })
    }

    /// Returns why records are kept.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.profile.purpose.unwrap_or_default()
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
            agreement: number.unwrap_or_default().to_owned(),
            archive: marker.map(|marker| marker.name.clone()).unwrap_or_default(),
            archive_code: marker.and_then(|marker| marker.isil.clone()).unwrap_or_default(),
            delivery: delivery.to_owned(),
            ..Provenance::default()
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
            note: String::new(),
        })
    }

    pub(super) fn attachments(&self) -> Vec<Attachment> {
        let agreement =
            self.agreement.iter().map(|(_, bytes)| Attachment { path: AGREEMENT.to_owned(), bytes: bytes.clone() });
        agreement.chain(self.schemas.iter().cloned()).collect()
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
    /// Whether a finding about the delivery, or one record of it where the profile wants all or nothing, refuses all.
    refused: bool,
    /// What was decided about its objects.
    pub(super) decided: Decided,
    /// The profile with its version.
    pub(super) profile: String,
    /// What was established about the delivery as a whole.
    pub(super) findings: Vec<Finding>,
    pub(super) kind: Contents,
    /// The packages that are to come of it.
    pub(super) items: Vec<Item>,
    /// The terms on which it is taken over.
    pub(super) terms: Arc<Terms>,
}

pub(super) enum Contents {
    Records(Box<dyn Source>),
    Submissions(Vec<Submission>),
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
    /// Opens the delivery at `path`: one with records, by the profile that is chosen for it, or a finished SIP.
    pub fn open(path: &Path, choice: &Choice, watch: Watch<'_>) -> Result<Self, ArchiveError> {
        let (terms, found) = choice.fitting(path, watch.cancel)?;
        if found.kind == Kind::Package && !found.form.is_tar() {
            return Self::submission(path, terms, watch);
        }
        let found = terms.open(path, &found, watch.cancel)?;
        let name = terms.delivery.clone().unwrap_or_else(|| found.name().to_owned());
        let producer = match &found.origin().producer {
            told if !told.is_empty() && !terms.names_producer() => told.clone(),
            _ => terms.producer().to_owned(),
        };
        let items = found.keys().into_iter().enumerate().map(|(index, key)| {
            let key = key.to_owned();
            Item { id: PackageId::derive(&producer, &name, &key), key, index }
        });
        let items = items.collect();
        let holdings = terms.holdings().to_owned();
        let mut findings = found.findings().to_vec();
        let (decided, differences) = Decided::read(&*found, &terms)?;
        findings.extend(differences);
        terms.profile.checks.apply(&mut findings);
        let mut delivery = Self {
            path: path.to_owned(),
            name,
            producer,
            holdings,
            created: terms.created,
            refused: findings.iter().any(|finding| finding.severity == Severity::Error),
            decided,
            profile: terms.profile_name(),
            findings,
            kind: Contents::Records(found),
            items,
            terms: Arc::clone(&terms),
        };
        if terms.profile.on_error == OnError::AllOrNothing && !delivery.refused {
            delivery.refused = delivery.holds_refused(watch)?;
        }
        Ok(delivery)
    }

    fn submission(path: &Path, terms: Arc<Terms>, watch: Watch<'_>) -> Result<Self, ArchiveError> {
        let absent = |source: std::io::Error| match source.kind() {
            std::io::ErrorKind::NotFound => SourceError::NotFound { path: path.to_owned() },
            _ => SourceError::Read { path: path.to_owned(), source },
        };
        path.symlink_metadata().map_err(absent)?;
        let reader = PackageReader::open(path)?;
        let mut examined = examine(&reader, watch)?;
        examined.findings = of_what_is_kept(examined.findings);
        if reader.find(METS).is_none() {
            examined.findings = vec![not_a_package(path).requirement("CSIPSTR4")];
        }
        if examined.summary.kind != Some(PackageKind::Sip) && !examined.summary.object.is_empty() {
            let mut finding = Finding::new(Code::MetsRequirement).requirement("SIP4").file(METS).expected("SIP");
            finding.value = examined.summary.kind.map(|kind| kind.name().to_owned());
            if examined.summary.kind.is_none() {
                // It says nothing else either, and everything that it does say was proven.
                finding.severity = Severity::Warning;
            }
            examined.findings.retain(|other| other.requirement.as_deref() != Some("SIP4"));
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
        let kind = Contents::Submissions(vec![Submission { reader, examined, description }]);
        let (holdings, items) = (String::new(), vec![Item { id, key, index: 0 }]);
        Ok(Self {
            path: path.to_owned(),
            name,
            producer,
            holdings,
            created: terms.created,
            refused: false,
            decided: Decided::default(),
            profile: terms.profile_name(),
            findings: Vec::new(),
            kind,
            items,
            terms,
        })
    }

    /// Returns whether any record is refused.
    fn holds_refused(&self, watch: Watch<'_>) -> Result<bool, Cancelled> {
        for item in &self.items {
            if self.input(item, watch)?.fate() == Fate::Refused {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns what the delivery tells of itself.
    pub(super) fn origin(&self) -> Origin {
        match &self.kind {
            Contents::Records(source) => source.origin().clone(),
            Contents::Submissions(_) => Origin::default(),
        }
    }

    /// Takes `other` in where both are finished SIPs of the same delivery, which then is one accession; else gives it back.
    pub(super) fn absorb(&mut self, other: Self) -> Option<Self> {
        let same = self.identity() == other.identity();
        let apart = other.items.iter().all(|item| self.items.iter().all(|own| own.id != item.id));
        match (&mut self.kind, other.kind) {
            (Contents::Submissions(own), Contents::Submissions(more)) if same && apart && own.len() < SUBMISSIONS => {
                let before = own.len();
                self.items.extend(other.items.into_iter().map(|item| Item { index: item.index + before, ..item }));
                own.extend(more);
                other.path.parent().unwrap_or(&other.path).clone_into(&mut self.path);
                None
            }
            (_, kind) => Some(Self { kind, ..other }),
        }
    }

    /// Returns the identity of the delivery: the same producer and name always give the same.
    #[must_use]
    pub fn identity(&self) -> Uuid {
        let id = PackageId::derive(&self.producer, &self.name, "\0delivery");
        Uuid::parse_str(&id.to_string()).unwrap_or_default()
    }

    pub(super) fn input(&self, item: &Item, watch: Watch<'_>) -> Result<Input<'_>, Cancelled> {
        match &self.kind {
            Contents::Submissions(submissions) => Ok(Input::Submission(&submissions[item.index])),
            Contents::Records(source) => {
                let mut record = source.read(item.index, watch.cancel)?;
                record.description.producer.clone_from(&self.producer);
                let named = self.name != source.name();
                if named
                    && item.key.is_empty()
                    && record.description.title == path::shown(&path::original(source.name()))
                {
                    // Nobody told a title: the delivery's name is one, wherever its folder lies and whatever that is called.
                    record.description.title.clone_from(&self.name);
                }
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
                appraisal::apply(&mut record, &self.decided.decisions, self.decided.expected);
                let running = self.terms.retain(&mut record);
                let required = self.terms.profile.description.required.iter().map(Line::as_str);
                record.findings.extend(metadata::missing(&record.description, required));
                self.terms.profile.checks.apply(&mut record.findings);
                // A decision of the archive, so no profile takes it away.
                record.findings.extend(running);
                if self.refused {
                    record.findings.push(Finding::new(Code::DeliveryRefused).value(self.name.clone()));
                }
                Ok(Input::Record(Box::new(record)))
            }
        }
    }

    /// Opens the files of the records.
    pub(super) fn content(&self) -> &dyn Content {
        match &self.kind {
            Contents::Records(source) => source.content(),
            Contents::Submissions(submissions) => &submissions[0].reader,
        }
    }

    /// Returns the path of a file that came into the record since it was looked into, if there is one.
    pub(super) fn appeared(&self, record: &Record, watch: Watch<'_>) -> Result<Option<Box<str>>, Cancelled> {
        match &self.kind {
            Contents::Records(source) => source.appeared(record, watch.cancel),
            Contents::Submissions(_) => Ok(None),
        }
    }

    /// Files that describe the records; they belong to the delivery as a whole.
    pub(super) fn tables(&self) -> &[SourceFile] {
        match &self.kind {
            Contents::Records(source) => source.documents(),
            Contents::Submissions(_) => &[],
        }
    }

    /// Returns the time that stands in its packages.
    pub(super) const fn created(&self) -> Timestamp {
        self.created
    }

    /// Returns the messages that the delivery came with.
    pub(super) fn messages(&self) -> Vec<&Spool> {
        match &self.kind {
            Contents::Records(source) => source.messages(),
            Contents::Submissions(_) => Vec::new(),
        }
    }

    /// Entries that belong to no record.
    pub(super) fn leftovers(&self) -> &[Exception] {
        match &self.kind {
            Contents::Records(source) => source.leftovers(),
            Contents::Submissions(_) => &[],
        }
    }

    /// Folders that belong to no record: the delivery's own.
    pub(super) fn folders(&self) -> u64 {
        match &self.kind {
            Contents::Records(source) => source.folders(),
            Contents::Submissions(_) => 0,
        }
    }
}

/// What is reported of a source: what became of the delivery, or why it could not be opened.
pub type Outcome = Result<DeliveryReport, Unopened>;

/// A delivery that could not be opened; nothing of it was taken over.
#[derive(Debug)]
pub struct Unopened {
    /// Where it lies.
    pub path: PathBuf,
    /// Why.
    pub error: ArchiveError,
}

impl Input<'_> {
    /// Returns what is to become of the record, as far as it tells by itself.
    pub(super) fn fate(&self) -> Fate {
        match self {
            // What nobody wants need not be in order.
            Self::Record(record)
                if !record.not_taken.is_empty() && record.units.is_empty() && record.files.is_empty() =>
            {
                Fate::LeftOut
            }
            Self::Record(record) if record.is_refused() => Fate::Refused,
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
