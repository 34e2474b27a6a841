//! Why the catalogue cannot be used.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use rustix::fs::Access;
use rustix::io::Errno;

/// Why the catalogue cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// It is not there; it can be rebuilt.
    #[error("{} is missing", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// One is there already where a new one should come to be.
    #[error("{} exists", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// It is no catalogue, or not a sound one; it can be rebuilt.
    #[error("{} is damaged: {detail}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, in English.
        detail: String,
    },
    /// A newer version of the program made it.
    #[error("{} has version {found}, known is {known}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i32,
        /// The newest version that is known here.
        known: i32,
    },
    /// An older version of the program made it; it can be rebuilt.
    #[error("{} has version {found}, known is {known}", path.display())]
    Older {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i32,
        /// The version that is known here.
        known: i32,
    },
    /// Another process is writing to it.
    #[error("{} is being written by another process", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refuses, or SQLite does without saying more.
    #[error("{} cannot be used", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system says; [`io::ErrorKind::PermissionDenied`], [`io::ErrorKind::ReadOnlyFilesystem`] and
        /// [`io::ErrorKind::StorageFull`] are told apart, SQLite's own words come as [`io::ErrorKind::Other`].
        source: io::Error,
    },
}

impl CatalogueError {
    /// Returns what `error` at the file `path` means.
    pub(super) fn of_file(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing { path },
            io::ErrorKind::AlreadyExists => Self::Exists { path },
            _ => Self::Io { path, source: error },
        }
    }

    /// Returns what SQLite's `error` about the database `path` means.
    pub(super) fn of(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                return Self::Busy { path };
            }
            Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly | ErrorCode::AuthorizationForStatementDenied) => {
                why_not_writable(&path)
            }
            Some(ErrorCode::DiskFull) => io::ErrorKind::StorageFull,
            Some(ErrorCode::OutOfMemory) => io::ErrorKind::OutOfMemory,
            // On a full medium syncing may fail, and that it is full is not said then.
            Some(ErrorCode::SystemIoFailure) if crate::io::durable::free_bytes(&path).is_ok_and(|free| free == 0) => {
                io::ErrorKind::StorageFull
            }
            Some(
                ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::FileLockingProtocolFailed
                | ErrorCode::NoLargeFileSupport
                | ErrorCode::OperationInterrupted,
            ) => io::ErrorKind::Other,
            // Not a database, torn pages, values of another type than the tables allow, missing tables: nothing of that
            // comes about while the file is the one that was written here.
            _ => {
                return Self::Damaged { path, detail: error.to_string() };
            }
        };
        Self::Io { path, source: io::Error::new(kind, error) }
    }
}

/// Returns why the file `path` cannot be written to, which `SQLite` does not say: permission, or a medium that is read-only.
pub(super) fn why_not_writable(path: &Path) -> io::ErrorKind {
    match rustix::fs::access(path, Access::WRITE_OK) {
        Err(Errno::ROFS) => io::ErrorKind::ReadOnlyFilesystem,
        _ => io::ErrorKind::PermissionDenied,
    }
}
