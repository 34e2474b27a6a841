//! The marker of an archive: which one it is, and in which version of the format it was made.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ArchiveError, Naming, package_time};
use crate::io::toml::{read_bytes, read_toml};
use crate::model::time::Timestamp;
use crate::profile::ProfileError;

/// The marker's file.
pub const FILE: &str = "earchiv.toml";
/// What an archive is, for people who find it without the program.
pub const READ_ME: &str = "LIESMICH.txt";
/// The OCFL storage root.
pub const STORE: &str = "store";
/// What is not published yet.
pub const STAGING: &str = "staging";
/// The folder of the journal.
pub const JOURNAL: &str = "journal";
/// The index.
pub const CATALOGUE: &str = "catalogue.sqlite";
/// What SQLite keeps beside the index while it writes to it.
pub(super) const CATALOGUE_JOURNAL: &str = "catalogue.sqlite-journal";
/// What was damaged and gave its place to what was restored; made by the first repair.
pub const DAMAGED: &str = "damaged";
/// Copies of receipts, audit history.
pub const REPORTS: &str = "reports";
/// Agreements with producers.
pub const AGREEMENTS: &str = "agreements";
/// Profiles of this archive.
pub const PROFILES: &str = "profiles";
/// Says that this is a copy, which nothing but `earchiv replicate` writes to; who removes it makes an archive of the copy.
pub const COPY: &str = "copy.toml";

/// The version of the format on disk that new archives get; older ones keep theirs until someone migrates them.
pub const FORMAT: u32 = 2;
/// The first format whose archives may hold objects with several versions, and tombstones.
pub const CHANGEABLE: u32 = 2;

pub(super) const READ_ME_TEXT: &str = include_str!("LIESMICH.txt");

/// What [`COPY`] holds.
pub(super) fn copy_text(id: Uuid) -> String {
    format!(
        "# Dies ist eine Kopie des Archivs. In sie schreibt nur \u{201e}earchiv replicate\u{201c}; \u{fc}bernommen und ge\u{e4}ndert wird im Original.\n\
         # Ist das Original verloren und soll die Kopie an seine Stelle treten: diese Datei entfernen.\n\
         archive = \"{id}\"\n"
    )
}

/// What the marker says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marker {
    /// The version of the format on disk.
    pub format: u32,
    /// The archive's identity.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its ISIL (ISO 15511).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub isil: Option<String>,
    /// When it was created.
    pub created: Timestamp,
}

/// What can be said of a marker of any version.
#[derive(Deserialize)]
struct Versioned {
    format: u32,
}

impl Marker {
    pub(super) fn new(naming: &Naming) -> Self {
        Self {
            format: FORMAT,
            id: naming.id.unwrap_or_else(Uuid::new_v4),
            name: naming.name.clone(),
            isil: naming.isil.clone(),
            created: package_time(),
        }
    }

    /// Establishes that the archive at `root` has the format `needed` at least.
    ///
    /// # Errors
    /// [`ArchiveError::Older`], which says that the archive is to be migrated first.
    pub fn require(&self, needed: u32, root: &Path) -> Result<(), ArchiveError> {
        if self.format >= needed {
            return Ok(());
        }
        Err(ArchiveError::Older { path: root.to_owned(), format: self.format, needed })
    }

    pub(super) fn to_toml(&self) -> String {
        let head = "# Das Kennzeichen dieses Archivs. Ohne diese Datei arbeitet eArchiv hier nicht.\n";
        head.to_owned() + &toml::to_string(self).unwrap_or_default()
    }

    pub(super) fn read(root: &Path) -> Result<Self, ArchiveError> {
        let path = root.join(FILE);
        let bytes = match read_bytes(&path) {
            Ok(bytes) => bytes,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Err(ArchiveError::NoArchive { path: root.to_owned() });
            }
            Err(error) => return Err(ArchiveError::io(&path)(error)),
        };
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(Versioned { format }) = toml::from_str(&text)
            && format > FORMAT
        {
            return Err(ArchiveError::Newer { path: root.to_owned(), format });
        }
        read_toml(&text, &path).map_err(|error| ArchiveError::Marker(ProfileError::from(error)))
    }
}
