//! The catalogue (Nachweis): an index of what is held and where.
//!
//! It is a SQLite file that can be deleted and rebuilt from store and journal; nothing in it is evidence. The journal mode
//! is DELETE: a file that is only read stays readable for users who may not write to its folder.

mod error;
mod query;
mod row;
mod schema;
pub mod search;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, TransactionBehavior};

pub use self::error::CatalogueError;
pub use self::query::Filter;
use crate::model::accession::Accession;
use crate::model::package::{Holding, PackageId};

/// How long another process that writes is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open catalogue.
#[derive(Debug)]
pub struct Catalogue {
    connection: Connection,
    path: PathBuf,
    writable: bool,
}

impl Catalogue {
    /// Creates an empty catalogue at `path`, which must be free.
    pub fn create(path: &Path) -> Result<Self, CatalogueError> {
        // The database makes no difference between a free path and an empty file; this does.
        File::options()
            .write(true)
            .create_new(true)
            .open(path)
            .map_err(|error| CatalogueError::of_file(path, error))?;
        let mut catalogue = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let of = |error| CatalogueError::of(path, error);
        let transaction = catalogue.connection.transaction().map_err(of)?;
        schema::create(&transaction).map_err(of)?;
        transaction.commit().map_err(of)?;
        catalogue.harden().map_err(of)?;
        Ok(catalogue)
    }

    /// Opens the catalogue at `path` to read and write; never makes a new one.
    pub fn open(path: &Path) -> Result<Self, CatalogueError> {
        Self::open_with(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens the catalogue at `path` to read; neither it nor its folder need be writable.
    ///
    /// Except after a crash in the middle of a write: what was half written is undone first, which takes the right to write.
    pub fn open_read(path: &Path) -> Result<Self, CatalogueError> {
        let open = || Self::open_with(path, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push("-journal");
        match open() {
            Err(CatalogueError::Io { source, .. })
                if source.kind() == io::ErrorKind::PermissionDenied && Path::new(&unfinished).exists() =>
            {
                drop(Self::open(path)?);
                open()
            }
            opened => opened,
        }
    }

    /// Notes what is held, which accessions there are and where the journal ends: all of it or nothing.
    ///
    /// A package or an accession that is known already is replaced.
    pub fn record(
        &mut self,
        holdings: &[Holding],
        accessions: &[Accession],
        head: (u64, &str),
    ) -> Result<(), CatalogueError> {
        let Self { connection, path, .. } = self;
        let mut work = || -> rusqlite::Result<()> {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for holding in holdings {
                row::put_holding(&transaction, holding)?;
            }
            for accession in accessions {
                row::put_accession(&transaction, accession)?;
            }
            row::put_head(&transaction, head)?;
            transaction.commit()
        };
        work().map_err(|error| CatalogueError::of(path, error))
    }

    /// Forgets packages that were disposed of and notes where the journal ends: all of it or nothing.
    ///
    /// What the rows held is overwritten in the file.
    pub fn forget(&mut self, ids: &[PackageId], head: (u64, &str)) -> Result<(), CatalogueError> {
        let Self { connection, path, .. } = self;
        let mut work = || -> rusqlite::Result<()> {
            connection.pragma_update(None, "secure_delete", true)?;
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for id in ids {
                row::drop_holding(&transaction, *id)?;
            }
            row::put_head(&transaction, head)?;
            transaction.commit()
        };
        work().map_err(|error| CatalogueError::of(path, error))
    }

    /// Returns number and hash of the journal's last entry that the catalogue knows; 0 and nothing in an empty catalogue.
    pub fn head(&self) -> Result<(u64, String), CatalogueError> {
        self.connection
            .query_row("SELECT seq, hash FROM head", [], |row| Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?)))
            .optional()
            .map(Option::unwrap_or_default)
            .map_err(|error| self.fault(error))
    }

    /// Returns the same of the catalogue at `path`, also where an older version of the program made it.
    pub fn head_of_any(path: &Path) -> Result<(u64, String), CatalogueError> {
        match Self::open_read(path) {
            Ok(catalogue) => catalogue.head(),
            // That table never changed.
            Err(CatalogueError::Older { .. }) => Self::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?.head(),
            Err(error) => Err(error),
        }
    }

    /// Returns what is known of package `id`.
    pub fn holding(&self, id: PackageId) -> Result<Option<Holding>, CatalogueError> {
        self.connection
            .prepare_cached(row::HOLDING_BY_ID)
            .and_then(|mut query| query.query_row([id.to_string()], row::holding).optional())
            .map_err(|error| self.fault(error))
    }

    /// Returns up to `limit` packages other than `id` that have the content digest `content`: each with its accession.
    pub fn equal(&self, content: &str, id: PackageId, limit: u32) -> Result<Vec<(PackageId, String)>, CatalogueError> {
        query::equal(&self.connection, content, id, limit).map_err(|error| self.fault(error))
    }

    /// Returns what is known of accession `number`.
    pub fn accession(&self, number: &str) -> Result<Option<Accession>, CatalogueError> {
        self.connection
            .prepare_cached(row::ACCESSION_BY_NUMBER)
            .and_then(|mut query| query.query_row([number], row::accession).optional())
            .map_err(|error| self.fault(error))
    }

    /// Hands all accessions to `each`, by number, until it returns `false`.
    pub fn accessions(&self, mut each: impl FnMut(Accession) -> bool) -> Result<(), CatalogueError> {
        let mut work = || -> rusqlite::Result<()> {
            let mut query = self.connection.prepare_cached(row::ACCESSIONS)?;
            let mut rows = query.query([])?;
            while let Some(found) = rows.next()? {
                if !each(row::accession(found)?) {
                    break;
                }
            }
            Ok(())
        };
        work().map_err(|error| self.fault(error))
    }

    /// Hands all packages that pass `filter` to `each`, by accession, title and id, until it returns `false`.
    pub fn list(&self, filter: &Filter, each: impl FnMut(Holding) -> bool) -> Result<(), CatalogueError> {
        query::list(&self.connection, filter, each).map_err(|error| self.fault(error))
    }

    /// Returns how many packages pass `filter`, whatever its limit.
    pub fn count(&self, filter: &Filter) -> Result<u64, CatalogueError> {
        query::count(&self.connection, filter).map_err(|error| self.fault(error))
    }

    /// Compares what is known of a package with what store and journal say; returns the names of the fields that differ,
    /// `search` for the text that is searched, or nothing where the package is not known.
    pub fn differences(&self, truth: &Holding) -> Result<Option<Vec<&'static str>>, CatalogueError> {
        row::holding_differences(&self.connection, truth).map_err(|error| self.fault(error))
    }

    /// Compares what is known of an accession with what store and journal say; returns the names of the fields that
    /// differ, or nothing where the accession is not known.
    pub fn accession_differences(&self, truth: &Accession) -> Result<Option<Vec<&'static str>>, CatalogueError> {
        Ok(self.accession(&truth.number)?.map(|known| row::accession_differences(&known, truth)))
    }

    /// Checks the file's structure, and whether the index of the search fits the text that it indexes; returns what is wrong
    /// in SQLite's words, nothing where it is sound, and whether the index could be checked.
    pub fn check(&self) -> Result<(Vec<String>, bool), CatalogueError> {
        let (mut wrong, mut indexed) = (Vec::new(), true);
        let structure = self.integrity(&mut wrong).map_err(|error| self.fault(error)).map(|()| true);
        for checked in [structure, self.index()] {
            match checked {
                Ok(done) => indexed &= done,
                Err(CatalogueError::Damaged { detail, .. }) => wrong.push(detail),
                Err(other) => return Err(other),
            }
        }
        Ok((wrong, indexed))
    }

    /// Compares the index of the search with the text. SQLite takes that for writing: where the catalogue is open to be
    /// read, it is done in a copy in the folder for temporary files; returns whether one could be made.
    fn index(&self) -> Result<bool, CatalogueError> {
        const CHECK: &str = "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)";
        let check = |connection: &Connection| {
            connection.execute(CHECK, []).map(|_| ()).map_err(|error| CatalogueError::of(&self.path, error))
        };
        if self.writable {
            return check(&self.connection).map(|()| true);
        }
        // As long as this reads, nobody writes.
        let reading = self.connection.unchecked_transaction().map_err(|error| self.fault(error))?;
        reading.query_row("SELECT count(*) FROM head", [], |_| Ok(())).map_err(|error| self.fault(error))?;
        let copied = || -> io::Result<tempfile::NamedTempFile> {
            let mut copy = tempfile::NamedTempFile::new()?;
            io::copy(&mut File::open(&self.path)?, &mut copy)?;
            Ok(copy)
        };
        // Who may write nowhere, or has no room, is not kept from all the other checks.
        let Ok(copy) = copied() else { return Ok(false) };
        drop(reading);
        check(&Self::connect(copy.path(), OpenFlags::SQLITE_OPEN_READ_WRITE)?.connection).map(|()| true)
    }

    fn integrity(&self, wrong: &mut Vec<String>) -> rusqlite::Result<()> {
        let mut query = self.connection.prepare("PRAGMA integrity_check")?;
        for line in query.query_map([], |row| row.get::<_, String>(0))? {
            let line = line?;
            if line != "ok" {
                wrong.push(line);
            }
        }
        Ok(())
    }

    fn open_with(path: &Path, flags: OpenFlags) -> Result<Self, CatalogueError> {
        let metadata = path.metadata().map_err(|error| CatalogueError::of_file(path, error))?;
        let damaged = |detail: String| CatalogueError::Damaged { path: path.to_owned(), detail };
        if !metadata.is_file() {
            return Err(damaged("not a regular file".to_owned()));
        }
        let catalogue = Self::connect(path, flags)?;
        let number = |name: &str| {
            catalogue
                .connection
                .pragma_query_value(None, name, |row| row.get::<_, i32>(0))
                .map_err(|error| catalogue.fault(error))
        };
        if number("application_id")? != schema::APPLICATION {
            return Err(damaged("not a catalogue".to_owned()));
        }
        match number("user_version")? {
            schema::VERSION => {}
            found if found > schema::VERSION => {
                return Err(CatalogueError::Newer { path: path.to_owned(), found, known: schema::VERSION });
            }
            found if found > 0 => {
                return Err(CatalogueError::Older { path: path.to_owned(), found, known: schema::VERSION });
            }
            found => return Err(damaged(format!("version {found}"))),
        }
        let mode: String = catalogue
            .connection
            .pragma_query_value(None, "journal_mode", |row| row.get(0))
            .map_err(|error| catalogue.fault(error))?;
        if mode != "delete" {
            return Err(damaged(format!("journal mode {mode}")));
        }
        if let Some(part) = schema::foreign(&catalogue.connection).map_err(|error| catalogue.fault(error))? {
            return Err(damaged(format!("schema differs: {part}")));
        }
        catalogue.harden().map_err(|error| catalogue.fault(error))?;
        Ok(catalogue)
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self, CatalogueError> {
        let of = |error| CatalogueError::of(path, error);
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(of)?;
        connection.busy_timeout(PATIENCE).map_err(of)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false).map_err(of)?;
        let writable = flags.contains(OpenFlags::SQLITE_OPEN_READ_WRITE);
        // Where a file may only be read, SQLite falls back to reading it and fails much later.
        if writable && connection.is_readonly("main").map_err(of)? {
            return Err(CatalogueError::of_file(path, error::why_not_writable(path).into()));
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

    fn fault(&self, error: rusqlite::Error) -> CatalogueError {
        CatalogueError::of(&self.path, error)
    }
}

#[cfg(test)]
mod tests;
