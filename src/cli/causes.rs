//! What the library could not do, as a user is told: each error of a module becomes a failure with its kind.

use std::path::Path;

use earchiv::archive::ArchiveError;
use earchiv::catalogue::CatalogueError;
use earchiv::history::HistoryError;
use earchiv::io::database::DatabaseError;
use earchiv::io::toml::TomlError;
use earchiv::io::xml::{XmlError, XmlFault};
use earchiv::journal::JournalError;
use earchiv::model::content::ReadFault;
use earchiv::package::container::WriteError;
use earchiv::package::reader::PackageError;
use earchiv::profile::ProfileError;
use earchiv::source::SourceError;
use earchiv::store::StoreError;
use earchiv::task::Cancelled;

use super::error::{Failure, Kind};
use super::faults;

impl From<ArchiveError> for Failure {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Cancelled(cancelled) => cancelled.into(),
            ArchiveError::NoArchive { path } => faults::marker_missing(&path),
            ArchiveError::Newer { path, format } => faults::archive_newer(&path, format),
            ArchiveError::Older { path, format, needed } => faults::archive_older(&path, format, needed),
            ArchiveError::Taken { path } if path.join("earchiv.toml").exists() => faults::archive_exists(&path),
            ArchiveError::Taken { path } => faults::folder_not_empty(&path),
            ArchiveError::Exists { path } => Self::new(Kind::Usage, "target-exists").at(&path),
            ArchiveError::Marker(error) => match Self::from(error) {
                // A marker that must not be read says nothing about the archive.
                failure if failure.exit() == Kind::Permission.exit() => failure,
                failure => failure.kind(Kind::Marker),
            },
            ArchiveError::Incomplete { path } => Self::new(Kind::Marker, "archive-incomplete").at(&path),
            ArchiveError::Locked { path } => faults::locked(&path),
            ArchiveError::NoPackage { id } => faults::package_not_held(&id),
            ArchiveError::Disposed { tombstone } => faults::disposed(&tombstone),
            ArchiveError::NotDisposed { id, refusal } => faults::not_disposed(id, refusal),
            ArchiveError::NoCopy { path } => Self::new(Kind::Usage, "no-copy").at(&path),
            ArchiveError::OtherArchive { path, id } => {
                Self::new(Kind::Usage, "copy-of-other").at(&path).with("id", id.to_string())
            }
            ArchiveError::IsCopy { path } => Self::new(Kind::Usage, "is-copy").at(&path),
            ArchiveError::OtherWay { path, standing } => faults::other_way(&path, standing),
            ArchiveError::JournalDoubted { path, copy } => faults::journal_doubted(&path, copy),
            ArchiveError::Closed { id, standing, refusal, permit } => faults::closed(id, &standing, refusal, permit),
            ArchiveError::Superseded { id, finding } => {
                Self::new(Kind::Integrity, "package-damaged").with("package", id.to_string()).because_found(*finding)
            }
            ArchiveError::Damaged { id, finding } => {
                Self::new(Kind::Integrity, "package-not-whole").with("package", id.to_string()).because_found(*finding)
            }
            ArchiveError::Unchangeable { path } => Self::new(Kind::Config, "unchangeable").at(&path),
            ArchiveError::NotOne { path, records: None } => Self::new(Kind::Refused, "supplement-package").at(&path),
            ArchiveError::NotOne { path, records: Some(records) } => {
                Self::new(Kind::Refused, "supplement-records").at(&path).with("records", records)
            }
            ArchiveError::DateOrder { from, to } => {
                Self::new(Kind::Usage, "dates-order").with("from", from).with("to", to)
            }
            ArchiveError::GrantExists { number } => Self::new(Kind::Usage, "permit-exists").with("number", number),
            ArchiveError::NoAccession { number } => faults::accession_not_held(&number),
            ArchiveError::NoFile { id, path } => faults::file_not_in_package(&path, &id.to_string()),
            ArchiveError::Overlap { path } => faults::source_overlaps(&path),
            ArchiveError::OutboxInside { path } => Self::new(Kind::Usage, "outbox-inside").at(&path),
            ArchiveError::Io { path, source } => Self::io(&path, &source),
            ArchiveError::Profile(error) => error.into(),
            ArchiveError::Source(error) => error.into(),
            ArchiveError::Store(error) => error.into(),
            ArchiveError::Journal(error) => error.into(),
            ArchiveError::Catalogue(error) => error.into(),
            ArchiveError::History(error) => error.into(),
            ArchiveError::Package(error) => package(error),
            ArchiveError::Write(error) => error.into(),
            ArchiveError::Document { path, source } => document(Path::new(&path), &source),
            ArchiveError::ReceiptChanged { path } => Self::new(Kind::Integrity, "receipt-changed").at(&path),
            ArchiveError::NotAsWritten { path } => Self::new(Kind::Io, "not-as-written").at(&path),
        }
    }
}

impl From<Cancelled> for Failure {
    fn from(_: Cancelled) -> Self {
        Self::stopped()
    }
}

impl From<ProfileError> for Failure {
    fn from(error: ProfileError) -> Self {
        match error {
            ProfileError::NotFound { name, known } => faults::profile_unknown(&name, &known.join(", ")),
            ProfileError::File(error) => error.into(),
        }
    }
}

impl From<TomlError> for Failure {
    fn from(error: TomlError) -> Self {
        match error {
            TomlError::Read { path, source } => Self::reading(Kind::Config, &path, &source),
            TomlError::NotUtf8 { path, line, column } => {
                Self::new(Kind::Config, "toml-letters").at(&path).place(line, column)
            }
            TomlError::Syntax { path, line, column, detail } => {
                Self::new(Kind::Config, "toml-syntax").at(&path).place(line, column).because(detail)
            }
            TomlError::UnknownKey { path, line, column, key, expected } => Self::new(Kind::Config, "toml-key-unknown")
                .at(&path)
                .place(line, column)
                .with("key", key)
                .with("expected", expected.join(", ")),
            TomlError::DuplicateKey { path, line, column, key } => {
                Self::new(Kind::Config, "toml-key-twice").at(&path).place(line, column).with("key", key)
            }
            TomlError::Type { path, line, column, key, detail } => {
                Self::new(Kind::Config, "toml-type").at(&path).place(line, column).with("key", key).because(detail)
            }
            TomlError::Value { path, line, column, key, value, expected } => {
                let failure = Self::new(Kind::Config, "toml-value").at(&path).place(line, column);
                because_expected(failure.with("key", key).with("value", value), &expected)
            }
            TomlError::Missing { path, line, column, key } => {
                Self::new(Kind::Config, "toml-key-missing").at(&path).place(line, column).with("key", key)
            }
        }
    }
}

/// Says in the user's language what a value should be; what is not known here is a list of the values that can be.
fn because_expected(failure: Failure, expected: &str) -> Failure {
    match expected {
        "a name of letters a to z, digits, '-', '_' and '.'" => failure.because_text("expected-name", []),
        "words in one line, not empty" => failure.because_text("expected-line", []),
        "a date as 2056-12-31" => failure.because_text("expected-day", []),
        "the name of a file, without a folder" => failure.because_text("expected-file-name", []),
        "a value of CSIPVocabularyContentCategory" => failure.because_text("expected-category", []),
        "a value of CSIPVocabularyContentInformationType" => failure.because_text("expected-information-type", []),
        "at least one name" => failure.because_text("expected-one-name", []),
        "a name without a folder, * for any characters" => failure.because_text("expected-pattern", []),
        "a name that no other rule has" => failure.because_text("expected-unique", []),
        "a date not before start" => failure.because_text("expected-after-start", []),
        "the name of the file" => failure.because_text("expected-own-name", []),
        "purpose = \"interim\" beside it" => failure.because_text("expected-interim", []),
        values => failure.because_text("expected-values", [("values", values.to_owned().into())]),
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::NotFound { path } => faults::source_missing(&path),
            SourceError::NotAFolder { path } => Self::new(Kind::Usage, "source-no-folder").at(&path),
            SourceError::Empty { path } => faults::source_empty(&path),
            SourceError::Read { path, source } => Self::reading(Kind::Io, &path, &source),
            SourceError::SeveralTables { first, second } => {
                Self::new(Kind::Refused, "tables-several").with("first", first).with("second", second)
            }
            SourceError::Table(error) => error.into(),
            SourceError::Refused { path, finding } => {
                Self::new(Kind::Refused, "source-refused").at(&path).because_found(*finding)
            }
            SourceError::Cancelled(stopped) => ArchiveError::from(stopped).into(),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Io { path, source } => Self::io(&path, &source),
            StoreError::NotAStore { path } => Self::new(Kind::Marker, "archive-incomplete").at(&path),
            StoreError::NotEmpty { path } => faults::folder_not_empty(&path),
            StoreError::Taken { id, place } => {
                Self::new(Kind::Refused, "object-taken").with("package", id).with("place", place)
            }
            StoreError::NotWhole { place } => faults::package_damaged(&place),
            StoreError::NotSealed { .. } | StoreError::Unlistable { .. } => bug(&error),
        }
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Io { path, source } => Self::io(&path, &source),
            JournalError::Missing { path } => faults::journal_missing(&path),
            JournalError::NotAFile { path } | JournalError::Empty { path } | JournalError::Interfered { path } => {
                faults::journal_damaged(&path)
            }
            JournalError::Damaged { path, line, .. } => match line {
                0 => faults::journal_damaged(&path),
                line => faults::journal_damaged(&path).place(line, 1),
            },
            JournalError::Poisoned { path } => Self::new(Kind::Io, "write").at(&path),
            JournalError::Unwritable { .. } => bug(&error),
        }
    }
}

impl From<CatalogueError> for Failure {
    fn from(error: CatalogueError) -> Self {
        match error {
            CatalogueError::Missing { path } => faults::catalogue_missing(&path),
            CatalogueError::Damaged { path, detail } => faults::catalogue_damaged(&path, &detail),
            CatalogueError::Newer { path, .. } => faults::catalogue_newer(&path),
            CatalogueError::Older { path, .. } => Self::new(Kind::Catalogue, "catalogue-older").at(&path),
            CatalogueError::Busy { path } => faults::locked(&path),
            CatalogueError::Io { path, source } => Self::io(&path, &source),
            CatalogueError::Exists { .. } => bug(&error),
        }
    }
}

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::Other { path, archive } => {
                Self::new(Kind::Config, "history-other").at(&path).with("archive", archive.to_string())
            }
            HistoryError::Changed { path, run } => {
                Self::new(Kind::Catalogue, "history-changed").at(&path).with("run", run.to_string())
            }
            HistoryError::Io { path, source } => Self::io(&path, &source),
            HistoryError::Database(error) => match error {
                DatabaseError::Damaged { path, detail } => {
                    Self::new(Kind::Catalogue, "history-damaged").at(&path).because(detail)
                }
                DatabaseError::Newer { path, .. } => Self::new(Kind::Config, "history-newer").at(&path),
                DatabaseError::Busy { path } => Self::new(Kind::Locked, "history-busy").at(&path),
                DatabaseError::Io { path, source } => Self::io(&path, &source),
                // It is made where it is missing, and older forms are not known.
                DatabaseError::Missing { .. } | DatabaseError::Exists { .. } | DatabaseError::Older { .. } => {
                    bug(&error)
                }
            },
        }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Cancelled(cancelled) => cancelled.into(),
            WriteError::Source { path, fault } => match fault {
                ReadFault::Unreadable(error) => Self::reading(Kind::Io, Path::new(&path), &error),
                ReadFault::Changed | ReadFault::Gone => Self::new(Kind::Refused, "source-changed").at(Path::new(&path)),
            },
            WriteError::Io { path, source } => Self::io(&path, &source),
        }
    }
}

/// A stored package cannot be opened; a delivery that cannot be is no error but refused.
fn package(error: PackageError) -> Failure {
    match error {
        PackageError::Io { path, source } if source.kind() != std::io::ErrorKind::NotFound => {
            Failure::reading(Kind::Integrity, &path, &source)
        }
        PackageError::Io { path, .. }
        | PackageError::Zip { path, .. }
        | PackageError::NoSingleFolder { path }
        | PackageError::Intruder { path, .. } => faults::package_damaged(&super::text::shown(&path)).at(&path),
    }
}

/// A document of a stored package cannot be read.
fn document(path: &Path, error: &XmlError) -> Failure {
    match error {
        XmlError::Io(error) => Failure::reading(Kind::Integrity, path, error),
        XmlError::Fault { fault, line } => {
            let failure = Failure::new(Kind::Integrity, "document").at(path).place(*line, 1);
            match fault {
                XmlFault::Malformed(said) | XmlFault::Encoding(said) => failure.because(said),
                XmlFault::DocumentType => failure.because_text("cause-document-type", []),
                XmlFault::Limit(limit) => failure.because_text("cause-limit", [("limit", (*limit).into())]),
            }
        }
    }
}

/// The library was used in a way that it does not allow: nobody but us can do anything about it.
fn bug(error: &dyn std::error::Error) -> Failure {
    Failure::new(Kind::Bug, "bug").with("place", "–").with("said", error.to_string())
}
