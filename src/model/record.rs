//! A delivery's records, their files, and what of a delivery is not stored and why.

use std::io;

use serde::{Deserialize, Serialize};

use super::checksum::Checksum;
use super::decision::NotTaken;
use super::finding::{Finding, Severity};
use super::time::Timestamp;
use super::unit::Unit;

/// What a record is about: the descriptive metadata of its package (Dublin Core) and of the catalogue.
///
/// Empty strings and lists mean that nothing is known. Dates are ISO 8601 calendar dates or parts of one
/// (`2013`, `2013-05`, `2013-05-04`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// Title (Betreff).
    pub title: String,
    /// Reference codes that the record brought along (Aktenzeichen).
    pub identifiers: Vec<String>,
    /// The archive's own reference code (Signatur).
    pub signature: String,
    /// First date of the contents (Laufzeit, Beginn).
    pub date_from: String,
    /// Last date of the contents (Laufzeit, Ende).
    pub date_to: String,
    /// Whether nobody told these dates: then they are those of the files' last modification.
    pub dates_of_files: bool,
    /// Who made the record (Provenienz).
    pub creator: String,
    /// Who delivered it (abgebende Stelle).
    pub producer: String,
    /// The holdings it belongs to (Bestand).
    pub holdings: String,
    /// Contents in some sentences (Enthält-Vermerk).
    pub summary: String,
    /// Subject terms.
    pub subjects: Vec<String>,
    /// What kind of record it is: `Akte`, `Rechnung`, `Antrag`; in the words of the source's trade.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Others who took part, such as the office that kept the file (Aktenführung).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contributors: Vec<String>,
    /// For whom it was made, such as the buyer of an invoice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audience: Vec<String>,
    /// Standards, schemas and profiles that it follows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conforms_to: Vec<String>,
    /// Other records that it names: contract, order, preceding invoice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<String>,
    /// What else the source tells, by name; see [`super::unit::Property`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<super::unit::Property>,
}

/// One file of a record as it was listed; reading it later finds the same or fails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceFile {
    /// Path in the package's `data` folder, see [`super::path::portable`]; the original follows from it.
    pub path: Box<str>,
    /// Size in bytes.
    pub size: u64,
    /// Last modification, whole seconds.
    pub modified: Timestamp,
    /// What tells that the file was not exchanged: inode and the modification time's nanoseconds.
    pub witness: (u64, u32),
    /// What the source tells of it beyond its name.
    pub facts: Option<Box<FileFacts>>,
}

impl SourceFile {
    /// Returns what the source calls the file, where that is not what its path says.
    #[must_use]
    pub fn original_name(&self) -> Option<&str> {
        self.facts.as_ref().map(|facts| facts.original_name.as_str()).filter(|name| !name.is_empty())
    }
}

/// What the source of a record tells of one file. Empty strings mean that nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// Where the file lies in the delivery, where its path in the package does not say so: the number of the container
    /// in which it lies (0 is the delivery itself) and its path there as original bytes.
    pub place: Option<(u32, Box<[u8]>)>,
    /// What it was called where it was made (PREMIS `originalName`).
    pub original_name: String,
    /// Its identifier at the source.
    pub id: String,
    /// What it is, in words.
    pub label: String,
    /// MIME type that the source declares.
    pub mime_type: String,
    /// Format that the source declares: name or code, version, and the list that the code is from.
    pub format: [String; 3],
    /// Who or what made it.
    pub creator: String,
    /// When that was, as the source says it.
    pub created: String,
    /// Checksums that came along; each was compared with the bytes when the record was read.
    pub checksums: Vec<Checksum>,
    /// Who computed them.
    pub originator: String,
    /// What is known of signatures and seals.
    pub signature: String,
}

/// What kind of entry a delivery holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A named pipe.
    Fifo,
    /// A socket.
    Socket,
    /// A block or character device.
    Device,
}

impl EntryKind {
    /// Returns the word that stands in JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Folder => "folder",
            Self::Link => "link",
            Self::Fifo => "fifo",
            Self::Socket => "socket",
            Self::Device => "device",
        }
    }
}

/// Why an entry of a delivery is not stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Reason {
    /// A symbolic link; links are never followed.
    Link {
        /// Where it points, as [`super::path::shown`].
        target: String,
    },
    /// A pipe, socket or device: there is nothing to keep.
    Special,
    /// It cannot be read.
    Unreadable {
        /// What the operating system says.
        error: String,
        /// Whether permission is what lacks.
        permission: bool,
    },
    /// The path is longer than the operating system can open.
    PathTooLong,
    /// It changed while it was being read.
    Changed,
    /// A named rule of the profile or the agreement leaves it out.
    LeftOut {
        /// The rule's name.
        rule: String,
    },
    /// It was read as the description of the records and is kept with the accession.
    Description,
    /// A folder without any file, beside records: no package is made of it.
    EmptyRecord,
    /// The archive decided not to take it over (Bewertung: nicht archivwürdig), or has not decided yet.
    Appraised {
        /// `destroy` or `undecided`.
        decision: String,
    },
    /// No message of the delivery names it, so it belongs to no record; it is listed, and somebody has to ask.
    Unnamed,
    /// Another entry of the same record was refused, so the record is not stored.
    RecordRefused,
    /// Storing its package failed.
    StorageFailed {
        /// What the operating system says.
        error: String,
    },
}

impl Reason {
    /// Returns the reason for an entry that the operating system does not let be read.
    ///
    /// Too long a path has a reason of its own: Linux `ENAMETOOLONG`.
    #[must_use]
    pub fn unreadable(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::InvalidFilename {
            return Self::PathTooLong;
        }
        Self::Unreadable { error: error.to_string(), permission: error.kind() == io::ErrorKind::PermissionDenied }
    }

    /// Returns what becomes of the entry.
    #[must_use]
    pub const fn state(&self) -> EntryState {
        match self {
            Self::LeftOut { .. } | Self::Description | Self::EmptyRecord | Self::Appraised { .. } | Self::Unnamed => {
                EntryState::LeftOut
            }
            Self::StorageFailed { .. } => EntryState::Failed,
            _ => EntryState::Refused,
        }
    }

    /// Returns whether an entry that is not stored for this reason refuses its whole record.
    #[must_use]
    pub const fn refuses_record(&self) -> bool {
        matches!(
            self,
            Self::Special | Self::Unreadable { .. } | Self::PathTooLong | Self::Changed | Self::StorageFailed { .. }
        )
    }
}

/// What becomes of an entry of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryState {
    /// It is in a stored package.
    Stored,
    /// It was not taken over; somebody has to do something.
    Refused,
    /// Taking it over failed; the same command again tries again.
    Failed,
    /// A named rule leaves it out.
    LeftOut,
}

/// An entry of a delivery that is not in a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// The path in the delivery, as [`super::path::shown`].
    pub path: String,
    /// What kind of entry.
    pub kind: EntryKind,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
}

/// A record of a delivery with everything that lies in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// What tells it from other records of the delivery; its identity is derived from it.
    pub key: String,
    /// What it is about.
    pub description: Description,
    /// Its files, sorted by path.
    pub files: Vec<SourceFile>,
    /// Folders without any entry that is stored, as portable paths, sorted.
    pub empty_folders: Vec<String>,
    /// All folders that were seen, the record's own included.
    pub folders: u64,
    /// Entries that are not stored.
    pub exceptions: Vec<Exception>,
    /// How the source takes the record apart (Akte, Vorgang, Dokument); empty where folders are all there is.
    pub units: Vec<Unit>,
    /// Metadata of the source that goes along unchanged, for `metadata/other/`: paths begin with the kind's folder
    /// (`xdomea/…`), which is also METS `OTHERMDTYPE`.
    pub metadata: Vec<SourceFile>,
    /// What was established about it; an error refuses it.
    pub findings: Vec<Finding>,
    /// What was done with it before it was packed.
    pub acts: Vec<Act>,
    /// What its closure period depends on.
    pub closure: ClosureFacts,
    /// Objects of it that are not taken over because of a decision; their files are among the exceptions.
    pub not_taken: Vec<NotTaken>,
    /// How long it must be kept by law, where that is known.
    pub retention: Option<Retention>,
}

/// How long a record must be kept by law (Aufbewahrungsfrist).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retention {
    /// The last day, an ISO 8601 calendar date.
    pub end: String,
    /// The law that says so.
    pub basis: String,
}

/// Something that was done with a record: a PREMIS event of its package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// PREMIS `eventType`: `appraisal`, `fixity check`, `metadata modification`.
    pub kind: &'static str,
    /// When, as the source says it (RFC 3339 or a date); empty: when the package was made.
    pub time: String,
    /// PREMIS `eventDetail`.
    pub detail: String,
    /// PREMIS `eventOutcome`; empty where there is nothing to tell.
    pub outcome: String,
    /// Who did it; empty: the program.
    pub agent: String,
}

/// What the closure period of a record depends on (SächsArchivG § 10 and its like).
///
/// Dates are ISO 8601 calendar dates or parts of one; empty means not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClosureFacts {
    /// Last date of its making (Laufzeit, Ende; else zdA).
    pub made: String,
    /// Persons whom it is about.
    pub persons: Vec<Person>,
    /// Whether secrecy rules apply to it (Vertraulichkeitsstufe, Geheimhaltung).
    pub secret: bool,
}

/// Dates of life of a person whom a record is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Day or year of birth.
    pub born: String,
    /// Day or year of death.
    pub died: String,
}

impl Record {
    /// Returns the first entry that refuses the whole record.
    #[must_use]
    pub fn refusal(&self) -> Option<&Exception> {
        self.exceptions.iter().find(|e| e.reason.refuses_record())
    }

    /// Returns whether an entry or a finding refuses the whole record.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.refusal().is_some() || self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Returns the bytes of all files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|f| f.size).sum()
    }
}
