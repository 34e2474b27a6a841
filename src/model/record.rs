//! A delivery's records, their files, and what of a delivery is not stored and why.

use std::io;

use serde::{Deserialize, Serialize};

use super::time::Timestamp;

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
}

/// One file of a record as it was listed; reading it later finds the same or fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path in the package's `data` folder, see [`super::path::portable`]; the original follows from it.
    pub path: Box<str>,
    /// Size in bytes.
    pub size: u64,
    /// Last modification, whole seconds.
    pub modified: Timestamp,
    /// What tells that the file was not exchanged: inode and the modification time's nanoseconds.
    pub witness: (u64, u32),
}

/// What kind of entry a delivery holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
            Self::LeftOut { .. } | Self::Description | Self::EmptyRecord => EntryState::LeftOut,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
}

impl Record {
    /// Returns the first entry that refuses the whole record.
    #[must_use]
    pub fn refusal(&self) -> Option<&Exception> {
        self.exceptions.iter().find(|e| e.reason.refuses_record())
    }

    /// Returns the bytes of all files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|f| f.size).sum()
    }
}
