//! What an archive can do, one file an operation; the only module that combines those below it.
//!
//! ```text
//! ARCHIVE/
//! ├── earchiv.toml       the marker: which archive this is; without it nothing goes on
//! ├── LIESMICH.txt       what this is and how to read it without eArchiv
//! ├── store/             the OCFL storage root
//! ├── staging/           what is not published yet
//! ├── journal/           the chained log
//! ├── catalogue.sqlite   an index, rebuilt from store and journal
//! ├── agreements/        agreements with producers
//! ├── copy.toml          only in a copy: nothing but `replicate` writes to it
//! ├── damaged/           what was damaged and was restored since
//! └── reports/           copies of receipts, audit history
//! ```

pub mod admission;
pub mod against;
pub mod agency;
pub mod amend;
mod appear;
pub mod audit;
pub mod bag;
mod blocks;
mod changes;
pub mod choice;
pub mod compare;
mod damaged;
pub mod delivery;
pub mod dispose;
mod disposed;
pub mod examine;
pub mod export;
pub mod formats;
pub mod holding;
pub mod inbox;
pub mod ingest;
pub mod inspect;
mod known;
pub mod marker;
mod messages;
pub mod migrate;
mod outbox;
pub mod pack;
mod pass;
pub mod plan;
mod read_back;
pub mod rebuild;
pub mod receipt;
mod recorded;
pub mod repair;
pub mod replicate;
pub mod report;
mod retention;
mod rights;
pub mod second;
pub mod show;
mod sources;
mod submission;
pub mod supplement;
pub mod tombstone;
pub mod traffic;
pub mod validate;
pub mod verify;
mod version;
pub mod writer;

use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::access::Standing;
use crate::access::grant::Refusal;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::history::HistoryError;
use crate::io::durable;
use crate::io::xml::XmlError;
use crate::journal::{Actor, Journal, JournalError};
use crate::model::finding::Finding;
use crate::model::package::PackageId;
use crate::model::time::Timestamp;
use crate::package::container::WriteError;
use crate::package::reader::PackageError;
use crate::profile::ProfileError;
use crate::source::SourceError;
use crate::store::{Store, StoreError};
use crate::task::Cancelled;

pub use marker::Marker;

/// Why an operation could not be done. What a check establishes is no error but a finding.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A stop was requested.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// No archive is there: it has no marker.
    #[error("no archive at {}", path.display())]
    NoArchive {
        /// Where one was looked for.
        path: PathBuf,
    },
    /// The marker was written by a later version.
    #[error("format {format} of {}", path.display())]
    Newer {
        /// The archive.
        path: PathBuf,
        /// The version of its format.
        format: u32,
    },
    /// What is to be done needs a later format of the archive, which nobody but `earchiv migrate` gives it.
    #[error("format {format} of {}, needed is {needed}", path.display())]
    Older {
        /// The archive.
        path: PathBuf,
        /// The version of its format.
        format: u32,
        /// The version that is needed.
        needed: u32,
    },
    /// Something is there already.
    #[error("{} is taken", path.display())]
    Taken {
        /// Where the archive was to be.
        path: PathBuf,
    },
    /// What is to be written out is there already.
    #[error("{} exists", path.display())]
    Exists {
        /// The file or folder.
        path: PathBuf,
    },
    /// The marker cannot be understood.
    #[error("marker")]
    Marker(#[source] ProfileError),
    /// The marker is there but the store, the journal or the staging folder is not.
    #[error("{} is missing", path.display())]
    Incomplete {
        /// What is missing.
        path: PathBuf,
    },
    /// Another run holds the archive.
    #[error("{} is locked", path.display())]
    Locked {
        /// The archive.
        path: PathBuf,
    },
    /// No package has this id.
    #[error("no package {id}")]
    NoPackage {
        /// The id as it was given.
        id: String,
    },
    /// The package was disposed of.
    #[error("{} was disposed of", tombstone.disposal.package)]
    Disposed {
        /// On what order.
        tombstone: Box<tombstone::Tombstone>,
    },
    /// The package must not be disposed of.
    #[error("{id} is not disposed of")]
    NotDisposed {
        /// The package.
        id: PackageId,
        /// Why.
        refusal: dispose::Refusal,
    },
    /// The folder is no copy of an archive.
    #[error("{} is no copy of an archive", path.display())]
    NoCopy {
        /// The folder.
        path: PathBuf,
    },
    /// The folder is a copy of another archive.
    #[error("{} is a copy of {id}", path.display())]
    OtherArchive {
        /// The folder.
        path: PathBuf,
        /// The identity of that archive.
        id: Uuid,
    },
    /// The archive is a copy: nothing but the replication of its original writes to it.
    #[error("{} is a copy", path.display())]
    IsCopy {
        /// The copy.
        path: PathBuf,
    },
    /// The journal of a copy is not the one of its archive, so nothing is copied.
    #[error("journal of the copy {}: {standing:?}", path.display())]
    OtherWay {
        /// The copy.
        path: PathBuf,
        /// How it stands to that of the archive.
        standing: crate::journal::Comparison,
    },
    /// The journal is not the one that was written, so that it cannot say what was stored.
    #[error("{} cannot be believed", path.display())]
    JournalDoubted {
        /// The journal's folder.
        path: PathBuf,
        /// What is to be said of the copy's journal.
        copy: second::JournalOfCopy,
    },
    /// No accession has this number.
    #[error("no accession {number}")]
    NoAccession {
        /// The number as it was given.
        number: String,
    },
    /// A package has no such file.
    #[error("no file {path} in {id}")]
    NoFile {
        /// The package.
        id: PackageId,
        /// The file as it was given.
        path: String,
    },
    /// The package is closed to use.
    #[error("{id} is closed")]
    Closed {
        /// The package.
        id: PackageId,
        /// Until when, and by which law.
        standing: Box<Standing>,
        /// Why no grant opens it.
        refusal: Refusal,
        /// The number of the grant that was named.
        permit: Option<String>,
    },
    /// What lies in the place of a package is not what the journal says of it, so nothing of it is given out.
    #[error("{id} is not as recorded")]
    Superseded {
        /// The package.
        id: PackageId,
        /// What is wrong.
        finding: Box<Finding>,
    },
    /// A stored package is not what was stored, so it gets no further version.
    #[error("{id} is damaged")]
    Damaged {
        /// The package.
        id: PackageId,
        /// The first thing that is wrong.
        finding: Box<Finding>,
    },
    /// The file system of the archive cannot give stored packages further versions.
    #[error("no further versions on the file system of {}", path.display())]
    Unchangeable {
        /// The archive.
        path: PathBuf,
    },
    /// A delivery that was to supplement a package is not one record.
    #[error("{} is not one record", path.display())]
    NotOne {
        /// The delivery.
        path: PathBuf,
        /// How many records it holds; `None` of a finished package.
        records: Option<usize>,
    },
    /// A first date that is after the last one.
    #[error("{from} after {to}")]
    DateOrder {
        /// The first date.
        from: String,
        /// The last date.
        to: String,
    },
    /// A grant has this number already.
    #[error("grant {number} exists")]
    GrantExists {
        /// The number.
        number: String,
    },
    /// A delivery lies in the archive or the archive in it.
    #[error("{} and the archive overlap", path.display())]
    Overlap {
        /// The delivery.
        path: PathBuf,
    },
    /// The folder for receipts lies in the inbox, where it would be a delivery.
    #[error("{} lies in the inbox", path.display())]
    OutboxInside {
        /// The folder for receipts.
        path: PathBuf,
    },
    /// A file or folder could not be read or written.
    #[error("{}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// A profile or agreement is at fault.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A delivery cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The catalogue failed.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The history of audits failed.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A package cannot be opened.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// A package could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A document of a package cannot be read.
    #[error("{path}")]
    Document {
        /// The document.
        path: String,
        /// Why.
        #[source]
        source: XmlError,
    },
    /// The receipt of an accession is not what was stored.
    #[error("{} was changed", path.display())]
    ReceiptChanged {
        /// The receipt.
        path: PathBuf,
    },
    /// What was written is not what the medium holds.
    #[error("{} was not written as it should", path.display())]
    NotAsWritten {
        /// The file.
        path: PathBuf,
    },
}

impl ArchiveError {
    /// Returns whether the archive cannot be written to, though it can be read.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        let (Self::Io { source, .. }
        | Self::Store(StoreError::Io { source, .. })
        | Self::Journal(JournalError::Io { source, .. })
        | Self::Catalogue(CatalogueError::Io { source, .. })) = self
        else {
            return false;
        };
        matches!(source.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
    }

    /// Returns whether what is stored is at fault, and not the reading of it.
    fn is_damage(&self) -> bool {
        match self {
            Self::Io { source, .. } | Self::Package(PackageError::Io { source, .. }) => {
                source.kind() == io::ErrorKind::NotFound
            }
            Self::Document { source, .. } => !matches!(source, XmlError::Io(_)),
            Self::Package(_) | Self::Incomplete { .. } => true,
            _ => false,
        }
    }

    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

/// An archive on disk.
#[derive(Debug)]
pub struct Archive {
    root: PathBuf,
    marker: Marker,
    store: Store,
}

/// What a new archive is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// Its name.
    pub name: String,
    /// Its ISIL (ISO 15511), where it has one.
    pub isil: Option<String>,
    /// Its identity; a new one where none is given.
    pub id: Option<Uuid>,
}

impl Archive {
    /// Creates a new, empty archive at `root`, which must not exist or be an empty folder.
    ///
    /// It is made beside `root` and appears there complete or, after a crash, not at all.
    pub fn create(root: &Path, naming: &Naming, actor: Actor) -> Result<Self, ArchiveError> {
        appear::appear(root, |new| Self::fill(new, naming, actor))?;
        Self::open(root)
    }

    fn fill(new: &Path, naming: &Naming, actor: Actor) -> Result<(), ArchiveError> {
        for folder in [marker::STAGING, marker::JOURNAL, marker::REPORTS, marker::AGREEMENTS] {
            let path = new.join(folder);
            durable::create_folder(&path).map_err(ArchiveError::io(&path))?;
        }
        let marker = Marker::new(naming);
        let text = marker.to_toml();
        let path = new.join(marker::FILE);
        durable::create(&path, |out| out.write_all(text.as_bytes())).map_err(ArchiveError::io(&path))?;
        let path = new.join(marker::READ_ME);
        durable::create(&path, |out| out.write_all(marker::READ_ME_TEXT.as_bytes()))
            .map_err(ArchiveError::io(&path))?;
        Store::create(&new.join(marker::STORE))?;
        let journal =
            Journal::create(&new.join(marker::JOURNAL), actor, marker.id, marker::FORMAT, marker.isil.clone())?;
        let mut catalogue = Catalogue::create(&new.join(marker::CATALOGUE))?;
        writer::record(&mut catalogue, &[], &[], journal.head())?;
        Ok(())
    }

    /// Opens the archive at `root`; never creates one.
    pub fn open(root: &Path) -> Result<Self, ArchiveError> {
        let marker = Marker::read(root)?;
        for part in [marker::STAGING, marker::JOURNAL] {
            let path = root.join(part);
            if !path.is_dir() {
                return Err(ArchiveError::Incomplete { path });
            }
        }
        let store = Store::open(&root.join(marker::STORE))?;
        Ok(Self { root: root.to_owned(), marker, store })
    }

    /// Returns the archive's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns what the marker says.
    #[must_use]
    pub const fn marker(&self) -> &Marker {
        &self.marker
    }

    /// Returns whether this is a copy, to which nothing but the replication of its original writes.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        self.root.join(marker::COPY).symlink_metadata().is_ok()
    }

    /// Establishes that this is no copy.
    fn require_original(&self) -> Result<(), ArchiveError> {
        if self.is_copy() { Err(ArchiveError::IsCopy { path: self.root.clone() }) } else { Ok(()) }
    }

    /// Establishes that objects of the archive can get further versions or give way to tombstones.
    ///
    /// To be asked before anything is written.
    ///
    /// # Errors
    /// [`ArchiveError::Older`] if the archive has a format that knows neither.
    pub fn require_changeable(&self) -> Result<(), ArchiveError> {
        self.marker.require(marker::CHANGEABLE, &self.root)
    }

    /// Returns the store.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the folder of the journal.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.root.join(marker::JOURNAL)
    }

    /// Opens the catalogue for reading.
    pub fn catalogue(&self) -> Result<Catalogue, ArchiveError> {
        Ok(Catalogue::open_read(&self.root.join(marker::CATALOGUE))?)
    }

    fn staging(&self) -> PathBuf {
        self.root.join(marker::STAGING)
    }

    /// Returns the id of the OCFL object that holds the package.
    fn object_id(package: PackageId) -> String {
        format!("urn:uuid:{package}")
    }

    /// Returns the id of the OCFL object that holds the accession `number`.
    fn accession_object(&self, number: &str) -> String {
        format!("urn:uuid:{}", Uuid::new_v5(&self.marker.id, format!("accession:{number}").as_bytes()))
    }

    /// Returns who acts in OCFL versions: the archive.
    fn user(&self) -> (String, String) {
        (self.marker.name.clone(), format!("urn:uuid:{}", self.marker.id))
    }
}

/// Returns the time that stands in packages: `SOURCE_DATE_EPOCH` where it is set to a number, else now.
#[must_use]
pub fn package_time() -> Timestamp {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.trim().parse().ok());
    fixed.map_or_else(Timestamp::now, Timestamp::from_seconds)
}
