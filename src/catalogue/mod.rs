//! The catalogue (Nachweis): an index of what is held and where.
//!
//! It is a SQLite file that can be deleted and rebuilt from store and journal; nothing in it is evidence. The journal mode
//! is DELETE: a file that is only read stays readable for users who may not write to its folder.

mod query;
mod row;
mod schema;
pub mod search;

use std::fs::File;
use std::io;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

pub use self::query::Filter;
use crate::io::database::Database;
pub use crate::io::database::DatabaseError as CatalogueError;
use crate::model::accession::Accession;
use crate::model::package::{Commit, Holding, PackageId};

/// An open catalogue.
#[derive(Debug)]
pub struct Catalogue {
    database: Database,
}

impl Catalogue {
    /// Creates an empty catalogue at `path`, which must be free.
    pub fn create(path: &Path) -> Result<Self, CatalogueError> {
        Ok(Self { database: Database::create(path, schema::SHAPE)? })
    }

    /// Opens the catalogue at `path` to read and write; never makes a new one.
    pub fn open(path: &Path) -> Result<Self, CatalogueError> {
        Ok(Self { database: Database::open(path, schema::SHAPE)? })
    }

    /// Opens the catalogue at `path` to read; neither it nor its folder need be writable, except after a crash in the middle
    /// of a write, see [`Database::open_read`].
    pub fn open_read(path: &Path) -> Result<Self, CatalogueError> {
        Ok(Self { database: Database::open_read(path, schema::SHAPE)? })
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
        self.database.write(|transaction| {
            for holding in holdings {
                row::put_holding(transaction, holding)?;
            }
            for accession in accessions {
                row::put_accession(transaction, accession)?;
            }
            row::put_head(transaction, head)
        })
    }

    /// Forgets packages that were disposed of and notes where the journal ends: all of it or nothing.
    ///
    /// What the rows held is overwritten in the file.
    pub fn forget(&mut self, ids: &[PackageId], head: (u64, &str)) -> Result<(), CatalogueError> {
        self.database.connection.pragma_update(None, "secure_delete", true).map_err(|error| self.fault(error))?;
        self.database.write(|transaction| {
            for id in ids {
                row::drop_holding(transaction, *id)?;
            }
            row::put_head(transaction, head)
        })
    }

    /// Returns number and hash of the journal's last entry that the catalogue knows; 0 and nothing in an empty catalogue.
    pub fn head(&self) -> Result<(u64, String), CatalogueError> {
        self.database
            .connection
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
            Err(CatalogueError::Older { .. }) => {
                Self { database: Database::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)? }.head()
            }
            Err(error) => Err(error),
        }
    }

    /// Returns what is known of package `id`.
    pub fn holding(&self, id: PackageId) -> Result<Option<Holding>, CatalogueError> {
        self.database
            .connection
            .prepare_cached(row::HOLDING_BY_ID)
            .and_then(|mut query| query.query_row([id.to_string()], row::holding).optional())
            .map_err(|error| self.fault(error))
    }

    /// Returns up to `limit` packages other than `id` that have the content digest `content`: each with its accession.
    pub fn equal(&self, content: &str, id: PackageId, limit: u32) -> Result<Vec<(PackageId, String)>, CatalogueError> {
        query::equal(&self.database.connection, content, id, limit).map_err(|error| self.fault(error))
    }

    /// Returns what is known of accession `number`.
    pub fn accession(&self, number: &str) -> Result<Option<Accession>, CatalogueError> {
        self.database
            .connection
            .prepare_cached(row::ACCESSION_BY_NUMBER)
            .and_then(|mut query| query.query_row([number], row::accession).optional())
            .map_err(|error| self.fault(error))
    }

    /// Hands all accessions to `each`, by number, until it returns `false`.
    pub fn accessions(&self, mut each: impl FnMut(Accession) -> bool) -> Result<(), CatalogueError> {
        let mut work = || -> rusqlite::Result<()> {
            let mut query = self.database.connection.prepare_cached(row::ACCESSIONS)?;
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
        query::list(&self.database.connection, filter, each).map_err(|error| self.fault(error))
    }

    /// Hands of each package to `each` what the journal says too, in no order.
    pub fn commits(&self, mut each: impl FnMut(Commit)) -> Result<(), CatalogueError> {
        let mut work = || -> rusqlite::Result<()> {
            let mut query = self.database.connection.prepare_cached(row::COMMITS)?;
            let mut rows = query.query([])?;
            while let Some(found) = rows.next()? {
                each(row::commit(found)?);
            }
            Ok(())
        };
        work().map_err(|error| self.fault(error))
    }

    /// Returns how many packages pass `filter`, whatever its limit.
    pub fn count(&self, filter: &Filter) -> Result<u64, CatalogueError> {
        query::count(&self.database.connection, filter).map_err(|error| self.fault(error))
    }

    /// Compares what is known of a package with what store and journal say; returns the names of the fields that differ,
    /// `search` for the text that is searched, or nothing where the package is not known.
    pub fn differences(&self, truth: &Holding) -> Result<Option<Vec<&'static str>>, CatalogueError> {
        row::holding_differences(&self.database.connection, truth).map_err(|error| self.fault(error))
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
        let integrity = self.database.integrity().map_err(|error| self.fault(error));
        let structure = integrity.map(|lines| {
            wrong.extend(lines);
            true
        });
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
        let check =
            |connection: &Connection| connection.execute(CHECK, []).map(|_| ()).map_err(|error| self.fault(error));
        if self.database.writable {
            return check(&self.database.connection).map(|()| true);
        }
        // As long as this reads, nobody writes.
        let reading = self.database.connection.unchecked_transaction().map_err(|error| self.fault(error))?;
        reading.query_row("SELECT count(*) FROM head", [], |_| Ok(())).map_err(|error| self.fault(error))?;
        let copied = || -> io::Result<tempfile::NamedTempFile> {
            let mut copy = tempfile::NamedTempFile::new()?;
            io::copy(&mut File::open(self.database.path())?, &mut copy)?;
            Ok(copy)
        };
        // Who may write nowhere, or has no room, is not kept from all the other checks.
        let Ok(copy) = copied() else { return Ok(false) };
        drop(reading);
        check(&Database::connect(copy.path(), OpenFlags::SQLITE_OPEN_READ_WRITE)?.connection).map(|()| true)
    }

    fn fault(&self, error: rusqlite::Error) -> CatalogueError {
        self.database.fault(error)
    }
}

#[cfg(test)]
mod tests;
