//! Where records come from: deliveries of producers, read without ever changing them.
//!
//! A [`Source`] knows the records of one delivery. [`folder`] takes a folder on disk as it is; [`table`] reads the
//! description of its records that may lie beside them. The other sources look for what they know in a [`tree`].

pub mod bagit;
mod container;
mod dating;
pub mod detect;
pub mod einvoice;
mod field;
pub mod fit_connect;
pub mod folder;
mod json;
pub mod mail;
pub mod mapping;
mod paths;
mod reading;
mod rest;
mod rules;
mod scan;
mod share;
pub mod table;
pub mod tree;
mod walk;
pub mod xdomea;
mod xml_tree;

use std::io;
use std::path::PathBuf;

pub use field::FieldRule;
use serde::{Deserialize, Serialize};

pub use folder::{Delivery, RecordKey};
pub use reading::FolderContent;
pub use rules::{FolderRules, LINKS_RULE, LeaveOut, Matches, Per};
pub use table::{Column, Columns, TableError, TableFault};

use crate::model::content::Content;
use crate::model::finding::Finding;
use crate::model::record::{Exception, Record, SourceFile};
use crate::task::{Cancel, Cancelled};

/// One delivery with its records.
///
/// Each entry of the delivery is in one record, in [`Source::documents`] or in [`Source::leftovers`].
pub trait Source: Send + Sync {
    /// Returns what the delivery is called unless the call says otherwise, in portable form: the same delivery has the
    /// same name wherever it lies (the process id of a message, else the name of the folder or file).
    fn name(&self) -> &str;

    /// Returns what the delivery tells of itself.
    fn origin(&self) -> &Origin;

    /// Returns the keys of the records, each once; a record's identity is derived from its key.
    fn keys(&self) -> Vec<&str>;

    /// Looks into the record at `index` of [`Source::keys`].
    fn read(&self, index: usize, cancel: &Cancel) -> Result<Record, Cancelled>;

    /// Returns the portable path of a file that lies in `record` now and did not when it was read, if there is one: it came
    /// while the others were being stored.
    fn appeared(&self, _record: &Record, _cancel: &Cancel) -> Result<Option<Box<str>>, Cancelled> {
        Ok(None)
    }

    /// Returns what opens the files of all records, and the documents.
    fn content(&self) -> &dyn Content;

    /// Returns files that belong to the delivery as a whole and are kept with its accession: tables, messages.
    fn documents(&self) -> &[SourceFile];

    /// Returns the entries that are in no record.
    fn leftovers(&self) -> &[Exception];

    /// Returns how many folders are in no record and no exception: the delivery's own.
    fn folders(&self) -> u64;

    /// Returns the messages that the delivery came with; decisions are read from them, and answers go to them.
    fn messages(&self) -> Vec<&xdomea::Spool> {
        Vec::new()
    }

    /// Returns what was established about the delivery as a whole; an error refuses all of it.
    fn findings(&self) -> &[Finding] {
        &[]
    }
}

/// What a delivery tells of itself. Empty strings and lists mean that nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// Who delivers (xdomea: Absender).
    pub producer: String,
    /// The code of who delivers (Behördenkennung).
    pub producer_code: String,
    /// The system that made the delivery, with its version.
    pub system: String,
    /// For whom it is (xdomea: Empfänger).
    pub recipient: String,
    /// The process that it belongs to (`ProzessID`, submission id).
    pub process: String,
    /// The messages in it.
    pub messages: Vec<MessageFacts>,
}

/// A message in a delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MessageFacts {
    /// Its type: `0503`.
    pub kind: String,
    /// The version of its format: `3.0.0`.
    pub version: String,
    /// Its file, as [`crate::model::path::shown`].
    pub file: String,
    /// When it was made, as it says.
    pub created: String,
}

/// Why a delivery cannot be taken over at all; nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Nothing is there.
    #[error("no delivery at {}", path.display())]
    NotFound {
        /// The delivery.
        path: PathBuf,
    },
    /// It is no folder.
    #[error("the delivery is no folder: {}", path.display())]
    NotAFolder {
        /// The delivery.
        path: PathBuf,
    },
    /// It holds nothing, not even an empty folder.
    #[error("the delivery is empty: {}", path.display())]
    Empty {
        /// The delivery.
        path: PathBuf,
    },
    /// Its top level or one of its tables cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// What cannot be read.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Several tables describe the records.
    #[error("two description tables: {first} and {second}")]
    SeveralTables {
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// The table that describes the records is wrong.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Its container (ZIP, TAR) is not sound, or it is not what the profile says: what is wrong with it.
    #[error("the delivery is refused: {}", path.display())]
    Refused {
        /// The delivery.
        path: PathBuf,
        /// What was found.
        finding: Box<Finding>,
    },
    /// Somebody asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Unpacks an archive of the shared samples; without them says so and returns nothing.
#[cfg(test)]
fn samples(archive: &str) -> Option<tempfile::TempDir> {
    let shared = shared_corpora()?;
    let folder = tempfile::tempdir().unwrap();
    let done =
        std::process::Command::new("tar").arg("-xzf").arg(shared.join(archive)).arg("-C").arg(folder.path()).status();
    assert!(done.is_ok_and(|status| status.success()), "tar {archive}");
    Some(folder)
}

/// Returns the folder of the shared samples, from `EARCHIV_SHARED` or beside the sources.
#[cfg(test)]
fn shared_corpora() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let shared = std::env::var_os("EARCHIV_SHARED").map_or_else(beside, PathBuf::from);
    let corpora = shared.join("corpora");
    if !corpora.is_dir() {
        eprintln!("not tested: no samples in {}", corpora.display());
        return None;
    }
    Some(corpora)
}
