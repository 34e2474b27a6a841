//! E-ARK information packages: CSIP, SIP, AIP and DIP 2.2.0 are written.
//!
//! ```text
//! <id>/
//! ├── METS.xml                          written last: it holds the checksums of all others
//! ├── metadata/descriptive/dc.xml       what the record is about (Dublin Core)
//! ├── metadata/descriptive/ead.xml      how it is taken apart (EAD3), where its source says so
//! ├── metadata/preservation/premis.xml  the package, its events, agents and rights
//! ├── metadata/other/                   what else came along
//! ├── documentation/                    how to read the package, the agreement
//! ├── schemas/                          XML schemas of the metadata
//! └── representations/rep1/
//!     ├── METS.xml                      the payload files
//!     ├── data/                         the payload
//!     └── metadata/preservation/premis.xml   size, checksum, format and original name of each file
//! ```

pub mod amend;
pub mod compose;
pub mod derive;
pub mod description;
pub mod digest;
pub mod ead;
pub mod joined;
pub mod mets;
pub mod originals;
pub mod premis;
pub mod references;
pub mod rights;
pub mod rules;
pub mod schema;
pub mod structure;
#[cfg(test)]
mod tests;
pub mod vocabulary;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// The name and place of the root METS document (CSIPSTR4).
pub const METS: &str = "METS.xml";
/// The description of the record.
pub const DESCRIPTION: &str = "metadata/descriptive/dc.xml";
/// How the record is taken apart: a finding aid in EAD3.
pub const EAD: &str = "metadata/descriptive/ead.xml";
/// The folder of what else came along with a record, in a folder for each kind.
pub const OTHER_METADATA: &str = "metadata/other/";
/// The package's own PREMIS document.
pub const PREMIS: &str = "metadata/preservation/premis.xml";
/// The name of the one representation that a record's package has.
pub const REPRESENTATION: &str = "rep1";
/// Where the former ones of what changed are kept.
pub const ARCHIVED: &str = "metadata/other/archived/";
/// How to read a package without eArchiv.
pub const READ_ME: &str = "documentation/LIESMICH.txt";
/// The agreement under which a package was made.
pub const AGREEMENT: &str = "documentation/agreement.toml";
/// Where the root METS document of the package from which another was made is kept.
pub const SUBMISSION: &str = "metadata/other/submission/METS.xml";

/// Who delivered, under what agreement, to which archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Name of the delivering body (abgebende Stelle).
    pub producer: String,
    /// Its code, empty where none is known.
    pub producer_code: String,
    /// Who made the records, where that is somebody else.
    pub creator: String,
    /// The agreement's number or name, empty where there is none.
    pub agreement: String,
    /// The archive's name, empty where none takes part.
    pub archive: String,
    /// The archive's ISIL or other code, empty where none is known.
    pub archive_code: String,
    /// The delivery's name.
    pub delivery: String,
    /// The number of the accession, in AIPs.
    pub accession: Option<String>,
    /// The system from which the records come, with its version, empty where none is known.
    pub system: String,
    /// The process at the producer in which they were delivered, empty where none is known.
    pub process: String,
}

/// A restriction of use (PREMIS `rightsStatement`, basis statute).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// The law's territory, `DE-SN`.
    pub jurisdiction: String,
    /// The clause, `SächsArchivG § 10 Abs. 1`.
    pub citation: String,
    /// The act that is restricted, `disseminate`.
    pub act: String,
    /// By what it is restricted, `Schutzfrist`; empty where it is not restricted.
    pub restriction: String,
    /// First and last day, ISO 8601; empty where open.
    pub start: String,
    /// See `start`; where the last day is not known, empty or `OPEN` (PREMIS 3.0, 4.1.6.4).
    pub end: String,
    /// What else is to be known (`rightsGrantedNote`), such as that the end is still to be established; empty where
    /// there is nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A small file that is put into a package as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Path inside the package's folder.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The version of the program that stands in packages.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Returns the MIME type that the name of a file tells, `application/octet-stream` where it tells none.
#[must_use]
pub fn mime_type(path: &str) -> &'static str {
    mime_guess::from_path(path).first_raw().unwrap_or("application/octet-stream")
}

/// Returns `text` as XML can hold it: in place of what it cannot hold stands U+FFFD.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    let held = |letter: char| !matches!(letter, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if text.chars().all(held) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|letter| if held(letter) { letter } else { '\u{fffd}' }).collect())
}
