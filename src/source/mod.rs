//! Where records come from: deliveries of producers, read without ever changing them.
//!
//! [`folder`] reads a folder on disk, [`table`] the description of its records that may lie beside them.

mod dating;
pub mod folder;
mod reading;
mod rules;
mod scan;
pub mod table;

use std::io;
use std::path::PathBuf;

pub use folder::{Delivery, RecordKey};
pub use reading::FolderContent;
pub use rules::{FolderRules, LINKS_RULE, LeaveOut, Matches, Per};
pub use table::{Column, Columns, TableError, TableFault};

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
