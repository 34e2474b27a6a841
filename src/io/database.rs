//! SQLite files of the program's own: each has exactly the tables that it should, and runs nothing that it brings along.
//!
//! The journal mode is DELETE: a file that is only read stays readable for users who may not write to its folder.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use rustix::fs::Access;
use rustix::io::Errno;

/// How long another process that writes is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a file of some kind has to be like.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// `application_id`.
    pub application: i32,
    /// `user_version`: the version of the tables.
    pub version: i32,
    /// Makes the tables in an empty database.
    pub tables: &'static str,
}

/// An open database.
#[derive(Debug)]
pub struct Database {
    /// The connection to it.
    pub connection: Connection,
    /// Whether it may be written to.
    pub writable: bool,
    path: PathBuf,
}

impl Database {
    /// Creates an empty database at `path`, which must be free.
    pub fn create(path: &Path, shape: Shape) -> Result<Self, DatabaseError> {
        // The database makes no difference between a free path and an empty file; this does.
        File::options().write(true).create_new(true).open(path).map_err(|error| DatabaseError::of_file(path, error))?;
        let mut database = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let of = |error| DatabaseError::of(path, error);
        let transaction = database.connection.transaction().map_err(of)?;
        shape.create(&transaction).map_err(of)?;
        transaction.commit().map_err(of)?;
        database.harden().map_err(of)?;
        Ok(database)
    }

    /// Opens the database at `path` to read and write; never makes a new one.
    pub fn open(path: &Path, shape: Shape) -> Result<Self, DatabaseError> {
        Self::open_with(path, shape, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens the database at `path` to read; neither it nor its folder need be writable.
    ///
    /// Except after a crash in the middle of a write: what was half written is undone first, which takes the right to write.
    pub fn open_read(path: &Path, shape: Shape) -> Result<Self, DatabaseError> {
        let open = || Self::open_with(path, shape, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push("-journal");
        match open() {
            Err(DatabaseError::Io { source, .. })
                if source.kind() == io::ErrorKind::PermissionDenied && Path::new(&unfinished).exists() =>
            {
                drop(Self::open(path, shape)?);
                open()
            }
            opened => opened,
        }
    }

    /// Does `work` in one transaction: all of it or nothing.
    pub fn write<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, DatabaseError> {
        let Self { connection, path, .. } = self;
        let write = || -> rusqlite::Result<T> {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        write().map_err(|error| DatabaseError::of(path, error))
    }

    /// Returns the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns what SQLite's `error` about this database means.
    #[must_use]
    pub fn fault(&self, error: rusqlite::Error) -> DatabaseError {
        DatabaseError::of(&self.path, error)
    }

    /// Returns what is wrong with the file's structure, in SQLite's words; nothing where it is sound.
    pub fn integrity(&self) -> rusqlite::Result<Vec<String>> {
        let mut query = self.connection.prepare("PRAGMA integrity_check")?;
        let lines = query.query_map([], |row| row.get::<_, String>(0))?;
        lines.filter(|line| !matches!(line, Ok(line) if line == "ok")).collect()
    }

    fn open_with(path: &Path, shape: Shape, flags: OpenFlags) -> Result<Self, DatabaseError> {
        let metadata = path.metadata().map_err(|error| DatabaseError::of_file(path, error))?;
        let damaged = |detail: String| DatabaseError::Damaged { path: path.to_owned(), detail };
        if !metadata.is_file() {
            return Err(damaged("not a regular file".to_owned()));
        }
        let database = Self::connect(path, flags)?;
        let number = |name: &str| {
            database
                .connection
                .pragma_query_value(None, name, |row| row.get::<_, i32>(0))
                .map_err(|error| database.fault(error))
        };
        if number("application_id")? != shape.application {
            return Err(damaged("of another kind".to_owned()));
        }
        match number("user_version")? {
            found if found == shape.version => {}
            found if found > shape.version => {
                return Err(DatabaseError::Newer { path: path.to_owned(), found, known: shape.version });
            }
            found if found > 0 => {
                return Err(DatabaseError::Older { path: path.to_owned(), found, known: shape.version });
            }
            found => return Err(damaged(format!("version {found}"))),
        }
        let mode: String = database
            .connection
            .pragma_query_value(None, "journal_mode", |row| row.get(0))
            .map_err(|error| database.fault(error))?;
        if mode != "delete" {
            return Err(damaged(format!("journal mode {mode}")));
        }
        if let Some(part) = shape.foreign(&database.connection).map_err(|error| database.fault(error))? {
            return Err(damaged(format!("schema differs: {part}")));
        }
        database.harden().map_err(|error| database.fault(error))?;
        Ok(database)
    }

    /// Connects to the file at `path` whatever it is.
    pub fn connect(path: &Path, flags: OpenFlags) -> Result<Self, DatabaseError> {
        let of = |error| DatabaseError::of(path, error);
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(of)?;
        connection.busy_timeout(PATIENCE).map_err(of)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false).map_err(of)?;
        let writable = flags.contains(OpenFlags::SQLITE_OPEN_READ_WRITE);
        // Where a file may only be read, SQLite falls back to reading it and fails much later.
        if writable && connection.is_readonly("main").map_err(of)? {
            return Err(DatabaseError::of_file(path, why_not_writable(path).into()));
        }
        Ok(Self { connection, path: path.to_owned(), writable })
    }

    fn harden(&self) -> rusqlite::Result<()> {
        self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        self.connection.pragma_update(None, "foreign_keys", true)?;
        // Sorted rows hold titles: they never go to files in folders that all users share.
        self.connection.pragma_update(None, "temp_store", "MEMORY")?;
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        self.connection.pragma_update(None, "cell_size_check", true)
    }
}

impl Shape {
    fn create(self, connection: &Connection) -> rusqlite::Result<()> {
        connection.execute_batch(self.tables)?;
        connection.pragma_update(None, "application_id", self.application)?;
        connection.pragma_update(None, "user_version", self.version)
    }

    /// Returns the name of the first table, index, view or trigger that such a database does not have, or that lacks or differs.
    ///
    /// A trigger or view in a file from elsewhere would run with every statement.
    fn foreign(self, connection: &Connection) -> rusqlite::Result<Option<String>> {
        let model = Connection::open_in_memory()?;
        self.create(&model)?;
        let (ours, theirs) = (parts(&model)?, parts(connection)?);
        Ok(theirs
            .iter()
            .find(|part| !ours.contains(part))
            .or_else(|| ours.iter().find(|part| !theirs.contains(part)))
            .map(|(name, _)| name.clone()))
    }
}

fn parts(connection: &Connection) -> rusqlite::Result<Vec<(String, Option<String>)>> {
    connection
        .prepare("SELECT type || ' ' || name || ' ' || tbl_name, sql FROM sqlite_schema")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// It is not there.
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
    /// It is no database of this kind, or not a sound one.
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
    /// An older version of the program made it.
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

impl DatabaseError {
    /// Returns what `error` at the file `path` means.
    fn of_file(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing { path },
            io::ErrorKind::AlreadyExists => Self::Exists { path },
            _ => Self::Io { path, source: error },
        }
    }

    /// Returns what SQLite's `error` about the database `path` means.
    fn of(path: &Path, error: rusqlite::Error) -> Self {
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
fn why_not_writable(path: &Path) -> io::ErrorKind {
    match rustix::fs::access(path, Access::WRITE_OK) {
        Err(Errno::ROFS) => io::ErrorKind::ReadOnlyFilesystem,
        _ => io::ErrorKind::PermissionDenied,
    }
}
