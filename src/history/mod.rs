//! The history of audits: which package was checked when, what was found since when, how each run went.
//!
//! One SQLite file in a folder of its own, so that a user who may only read the archive can keep one. It is no evidence of what
//! is stored: lost, every package counts as not checked since it was stored. What was written stays provable: each run's hash
//! covers the one before, and the journal's entry of the audit names it.

mod known;
mod merge;
mod runs;
mod schema;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

pub use self::merge::Merged;
pub use self::runs::Run;
use crate::io::database::{Database, DatabaseError};
use crate::io::durable;
use crate::model::audit::{Check, Known, Level, Side};
use crate::model::finding::{Finding, Severity, Verdict};
use crate::model::package::PackageId;
use crate::model::time::Timestamp;

/// The history's file.
pub const FILE: &str = "history.sqlite";

/// Why the history cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// Its file cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// It is the history of another archive.
    #[error("{} belongs to archive {archive}", path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// The identity of that archive.
        archive: Uuid,
    },
    /// It is not the one that was written.
    #[error("{} was changed: run {run}", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// The first run whose hash does not fit.
        run: u64,
    },
    /// Its folder cannot be made.
    #[error("{}", path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
}

/// When a package was checked last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    /// When, by level; a deep check is a full one and a full one a quick one.
    pub times: [Option<Timestamp>; 3],
    /// What the last check came to.
    pub verdict: Verdict,
    /// Bytes of the files of its object on the medium, as the last full check found them.
    pub held: Option<u64>,
}

impl Last {
    /// Returns when it was checked at `level` or deeper.
    #[must_use]
    pub const fn time(&self, level: Level) -> Option<Timestamp> {
        self.times[level as usize]
    }
}

/// An open history.
#[derive(Debug)]
pub struct History {
    database: Database,
    id: Uuid,
    /// Findings that are not cleared, with their rows.
    open: BTreeMap<Option<PackageId>, Vec<(i64, Known)>>,
}

impl History {
    /// Opens the history of `archive` in `folder`, to read and write; both are made where they are missing.
    pub fn open(folder: &Path, archive: Uuid) -> Result<Self, HistoryError> {
        durable::create_missing(folder).map_err(|source| HistoryError::Io { path: folder.to_owned(), source })?;
        let path = folder.join(FILE);
        let mut database = match Database::open(&path, schema::SHAPE) {
            Err(DatabaseError::Missing { .. }) => Self::create(&path)?,
            // A run that was killed while it made the file left it empty: nothing was ever in it.
            Err(DatabaseError::Damaged { .. }) if is_empty_file(&path) => {
                durable::remove_file(&path).map_err(|source| HistoryError::Io { path: path.clone(), source })?;
                Self::create(&path)?
            }
            opened => opened?,
        };
        if !has_begun(&database)? {
            let id = Uuid::new_v4();
            // Another run may be as far as this one.
            database.write(|transaction| {
                let row = params![id.to_string(), archive.to_string()];
                transaction.execute("INSERT OR IGNORE INTO history VALUES (1, ?, ?)", row)
            })?;
        }
        Self::of(database, archive)
    }

    /// Opens the history of `archive` in `folder` to read; `None` where there is none.
    pub fn read(folder: &Path, archive: Uuid) -> Result<Option<Self>, HistoryError> {
        Self::begun(folder)?.map(|database| Self::of(database, archive)).transpose()
    }

    /// Returns the archive whose history lies in `folder`; `None` where there is none.
    pub fn whose(folder: &Path) -> Result<Option<Uuid>, HistoryError> {
        Ok(Self::begun(folder)?.map(|database| identities(&database)).transpose()?.map(|(_, archive)| archive))
    }

    /// Opens the file in `folder` to read, where anything stands in it.
    fn begun(folder: &Path) -> Result<Option<Database>, HistoryError> {
        let path = folder.join(FILE);
        match Database::open_read(&path, schema::SHAPE) {
            Err(DatabaseError::Missing { .. }) => Ok(None),
            Err(DatabaseError::Damaged { .. }) if is_empty_file(&path) => Ok(None),
            opened => {
                let database = opened?;
                Ok(has_begun(&database)?.then_some(database))
            }
        }
    }

    /// Makes the file with its tables; whose it is comes after that.
    fn create(path: &Path) -> Result<Database, HistoryError> {
        match Database::create(path, schema::SHAPE) {
            // Another run was faster.
            Err(DatabaseError::Exists { .. }) => Ok(Database::open(path, schema::SHAPE)?),
            created => Ok(created?),
        }
    }

    fn of(database: Database, archive: Uuid) -> Result<Self, HistoryError> {
        let (id, whose) = identities(&database)?;
        if whose != archive {
            return Err(HistoryError::Other { path: database.path().to_owned(), archive: whose });
        }
        let open = known::open(&database.connection).map_err(|error| database.fault(error))?;
        Ok(Self { database, id, open })
    }

    /// Returns the history's own identity.
    #[must_use]
    pub const fn id(&self) -> Uuid {
        self.id
    }

    /// Returns the history's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.database.path()
    }

    /// Returns when each package was checked last, in the order of their identities.
    pub fn last(&self) -> Result<Vec<(PackageId, Last)>, HistoryError> {
        schema::lasts(&self.database.connection).map_err(|error| self.fault(error))
    }

    /// Notes what checks came to: all of it or nothing. Findings that a check of at least their level did not see again are cleared.
    ///
    /// A package that could not be read was not checked: only its findings are noted.
    pub fn record(&mut self, checks: &[Check]) -> Result<(), HistoryError> {
        let Self { database, open, .. } = self;
        let mut changed = BTreeMap::new();
        database.write(|transaction| {
            for check in checks {
                if check.verdict != Verdict::Unreadable {
                    schema::put_last(transaction, check)?;
                }
                let known = open.get(&Some(check.package)).map_or(&[][..], Vec::as_slice);
                let sides: &[Side] = match (check.verdict, check.against) {
                    (Verdict::Unreadable, false) => &[],
                    (Verdict::Unreadable, true) => &[Side::Copy],
                    (_, false) => &[Side::Archive],
                    (_, true) => &[Side::Archive, Side::Copy],
                };
                let package = Some(check.package);
                let now = known::follow(transaction, package, known, check.level, check.time, &check.findings, sides)?;
                changed.insert(Some(check.package), now);
            }
            Ok(())
        })?;
        self.take(changed);
        Ok(())
    }

    /// Notes what a run of `level` found about the archive as a whole ([`Side::Archive`]), or about a second copy as a whole.
    pub fn record_whole(
        &mut self,
        side: Side,
        level: Level,
        time: Timestamp,
        findings: &[Finding],
    ) -> Result<(), HistoryError> {
        let Self { database, open, .. } = self;
        let known = open.get(&None).map_or(&[][..], Vec::as_slice);
        let now =
            database.write(|transaction| known::follow(transaction, None, known, level, time, findings, &[side]))?;
        self.take(BTreeMap::from([(None, now)]));
        Ok(())
    }

    /// Notes what was found about the rows of packages in the catalogue by a run of `level` that compared those of `compared`.
    pub fn record_rows(
        &mut self,
        level: Level,
        time: Timestamp,
        compared: impl IntoIterator<Item = PackageId>,
        findings: &[Finding],
    ) -> Result<(), HistoryError> {
        let Self { database, open, .. } = self;
        let mut rows: BTreeMap<PackageId, Vec<Finding>> = BTreeMap::new();
        for finding in findings {
            if let Some(package) = finding.row_of() {
                rows.entry(package).or_default().push(finding.clone());
            }
        }
        for package in compared {
            if open.contains_key(&Some(package)) {
                rows.entry(package).or_default();
            }
        }
        let mut changed = BTreeMap::new();
        database.write(|transaction| {
            for (package, findings) in &rows {
                let known = open.get(&Some(*package)).map_or(&[][..], Vec::as_slice);
                let now = known::follow(transaction, Some(*package), known, level, time, findings, &[Side::Row])?;
                changed.insert(Some(*package), now);
            }
            Ok(())
        })?;
        self.take(changed);
        Ok(())
    }

    /// Forgets packages that are not held any more, since they were disposed of; their findings are cleared.
    pub fn forget(&mut self, gone: &[PackageId], time: Timestamp) -> Result<(), HistoryError> {
        let Self { database, open, .. } = self;
        database.write(|transaction| {
            for id in gone {
                schema::drop_last(transaction, *id)?;
                let known = open.get(&Some(*id)).map_or(&[][..], Vec::as_slice);
                let sides = [Side::Archive, Side::Row, Side::Copy];
                known::follow(transaction, Some(*id), known, Level::Deep, time, &[], &sides)?;
            }
            Ok(())
        })?;
        self.open.retain(|package, _| package.is_none_or(|package| !gone.contains(&package)));
        Ok(())
    }

    fn take(&mut self, changed: BTreeMap<Option<PackageId>, Vec<(i64, Known)>>) {
        for (package, known) in changed {
            if known.is_empty() {
                self.open.remove(&package);
            } else {
                self.open.insert(package, known);
            }
        }
    }

    /// Returns when `finding` about `package` was seen first, if it is known and not cleared.
    #[must_use]
    pub fn since(&self, package: Option<PackageId>, finding: &Finding) -> Option<Timestamp> {
        let known = self.open.get(&package)?.iter().find(|(_, known)| known.is(finding));
        known.map(|(_, known)| known.first)
    }

    /// Returns the packages about which something is wrong.
    pub fn in_doubt(&self) -> impl Iterator<Item = PackageId> + '_ {
        let wrong = |known: &&(i64, Known)| known.1.finding.severity == Severity::Error;
        self.open
            .iter()
            .filter(move |(_, known)| known.iter().any(|one| wrong(&one)))
            .filter_map(|(package, _)| *package)
    }

    /// Returns the errors that concern the archive, or its second copy, as a whole.
    pub fn whole(&self) -> impl Iterator<Item = &Finding> {
        let open = self.open.get(&None).into_iter().flatten();
        open.map(|(_, known)| &known.finding).filter(|finding| finding.severity == Severity::Error)
    }

    /// Hands all findings to `each`, cleared ones too, the latest first.
    pub fn findings(&self, mut each: impl FnMut(Known)) -> Result<(), HistoryError> {
        known::all(&self.database.connection, |_, known| each(known)).map_err(|error| self.fault(error))
    }

    fn fault(&self, error: rusqlite::Error) -> HistoryError {
        self.database.fault(error).into()
    }
}

fn is_empty_file(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| file.len() == 0)
}

/// Returns whether anything stands in the history, if only whose it is: a run that was killed while it made the file may
/// have made the tables alone.
fn has_begun(database: &Database) -> Result<bool, HistoryError> {
    let any = "SELECT EXISTS (SELECT 1 FROM history) OR EXISTS (SELECT 1 FROM package)
               OR EXISTS (SELECT 1 FROM run) OR EXISTS (SELECT 1 FROM finding)";
    Ok(database.connection.query_row(any, [], |row| row.get(0)).map_err(|error| database.fault(error))?)
}

/// Returns the identity of a history, and that of its archive.
fn identities(database: &Database) -> Result<(Uuid, Uuid), HistoryError> {
    let read = database
        .connection
        .query_row("SELECT id, archive FROM history", [], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .optional()
        .map_err(|error| database.fault(error))?;
    let damaged = || DatabaseError::Damaged { path: database.path().to_owned(), detail: "whose it is".to_owned() };
    let (id, archive) = read.ok_or_else(damaged)?;
    let uuid = |text: &str| Uuid::try_parse(text).map_err(|_| damaged());
    Ok((uuid(&id)?, uuid(&archive)?))
}

#[cfg(test)]
mod tests;
