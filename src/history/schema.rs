//! The tables of the history, and rows of checks.

use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};

use super::Last;
use crate::io::database::Shape;
use crate::model::audit::{Check, Level};
use crate::model::finding::Verdict;
use crate::model::package::PackageId;
use crate::model::time::Timestamp;

/// What a history has to be like.
pub const SHAPE: Shape = Shape { application: i32::from_be_bytes(*b"eArh"), version: 1, tables: TABLES };

/// Times are seconds since 1970, identities of packages 16 bytes, bodies JSON objects.
///
/// A run's `seq` and `hash` are its link in the chain of this history, in the order of the ends. A run that another history brought in
/// says so: `origin` is that history, `place` and `proof` are the run's number and hash there.
const TABLES: &str = "
CREATE TABLE history (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    archive TEXT NOT NULL
) STRICT;

CREATE TABLE package (
    id BLOB PRIMARY KEY NOT NULL,
    quick INTEGER,
    full INTEGER,
    deep INTEGER,
    verdict TEXT NOT NULL,
    held INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
    number INTEGER PRIMARY KEY,
    started INTEGER NOT NULL,
    seq INTEGER UNIQUE,
    hash TEXT,
    origin TEXT,
    place INTEGER,
    proof TEXT,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX run_origin ON run (origin, place);

CREATE TABLE finding (
    row INTEGER PRIMARY KEY,
    cleared INTEGER,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX finding_open ON finding (row) WHERE cleared IS NULL;
";

/// Returns when each package was checked last, in the order of their identities.
pub fn lasts(connection: &Connection) -> rusqlite::Result<Vec<(PackageId, Last)>> {
    let mut query = connection.prepare("SELECT id, quick, full, deep, verdict, held FROM package ORDER BY id")?;
    query.query_map([], last)?.collect()
}

/// Reads when a package was checked last: `id, quick, full, deep, verdict, held`.
fn last(row: &Row<'_>) -> rusqlite::Result<(PackageId, Last)> {
    let id = u128::from_be_bytes(row.get::<_, [u8; 16]>(0)?);
    let time = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_seconds));
    let word: String = row.get(4)?;
    let verdict = serde_json::from_value(serde_json::Value::String(word))
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(4, Type::Text, Box::new(error)))?;
    let held = row.get::<_, Option<i64>>(5)?.map(i64::cast_unsigned);
    Ok((PackageId::numbered(id), Last { times: [time(1)?, time(2)?, time(3)?], verdict, held }))
}

/// Notes a check. A package that a less deep look finds in order keeps what it holds by the last full one.
pub fn put_last(connection: &Connection, check: &Check) -> rusqlite::Result<()> {
    let time = |level| (check.level >= level).then(|| check.time.seconds());
    let held = check.held.filter(|_| check.level >= Level::Full && check.verdict == Verdict::Conforms);
    connection
        .prepare_cached(
            "INSERT INTO package VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET \
             quick = coalesce(?2, quick), full = coalesce(?3, full), deep = coalesce(?4, deep), verdict = ?5, \
             held = coalesce(?6, held)",
        )?
        .execute(params![
            check.package.number().to_be_bytes(),
            time(Level::Quick),
            time(Level::Full),
            time(Level::Deep),
            word(check.verdict),
            held.map(u64::cast_signed),
        ])
        .map(|_| ())
}

/// Notes when a package was checked last, in the place of what was known of it.
pub fn set_last(connection: &Connection, id: PackageId, last: &Last) -> rusqlite::Result<()> {
    let time = |level| last.time(level).map(Timestamp::seconds);
    connection
        .prepare_cached("INSERT OR REPLACE INTO package VALUES (?, ?, ?, ?, ?, ?)")?
        .execute(params![
            id.number().to_be_bytes(),
            time(Level::Quick),
            time(Level::Full),
            time(Level::Deep),
            word(last.verdict),
            last.held.map(u64::cast_signed),
        ])
        .map(|_| ())
}

fn word(verdict: Verdict) -> Option<String> {
    serde_json::to_value(verdict).ok().and_then(|word| word.as_str().map(ToOwned::to_owned))
}

/// Forgets the checks of a package.
pub fn drop_last(connection: &Connection, id: PackageId) -> rusqlite::Result<()> {
    let mut delete = connection.prepare_cached("DELETE FROM package WHERE id = ?")?;
    delete.execute([id.number().to_be_bytes()]).map(|_| ())
}
