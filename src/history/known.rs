//! Findings over time: each is kept once, from the day when it was first seen until a check saw it no more.

use std::collections::BTreeMap;

use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};

use crate::model::audit::{Known, Level, Side};
use crate::model::finding::Finding;
use crate::model::package::PackageId;
use crate::model::time::Timestamp;

/// Findings that are not cleared, with their rows, by what they are about.
pub type Open = BTreeMap<Option<PackageId>, Vec<(i64, Known)>>;

/// Returns the findings that are not cleared.
pub fn open(connection: &Connection) -> rusqlite::Result<Open> {
    let mut open = Open::new();
    let mut query = connection.prepare("SELECT row, body FROM finding WHERE cleared IS NULL ORDER BY row")?;
    for known in query.query_map([], |row| Ok((row.get(0)?, body(row, 1)?)))? {
        let (row, known): (i64, Known) = known?;
        open.entry(known.package).or_default().push((row, known));
    }
    Ok(open)
}

/// Hands all findings with their rows to `each`, the latest first.
pub fn all(connection: &Connection, mut each: impl FnMut(i64, Known)) -> rusqlite::Result<()> {
    let mut query = connection.prepare("SELECT row, body FROM finding ORDER BY row DESC")?;
    for known in query.query_map([], |row| Ok((row.get(0)?, body(row, 1)?)))? {
        let (row, known) = known?;
        each(row, known);
    }
    Ok(())
}

/// Brings what is known of `package` to what a check of `level` found at `time`; returns what is not cleared then: only what
/// is wrong on a side that it looked at is cleared.
pub fn follow(
    connection: &Connection,
    package: Option<PackageId>,
    known: &[(i64, Known)],
    level: Level,
    time: Timestamp,
    findings: &[Finding],
    sides: &[Side],
) -> rusqlite::Result<Vec<(i64, Known)>> {
    let mut now: Vec<(i64, Known)> = Vec::new();
    for (row, before) in known {
        let mut known = before.clone();
        match findings.iter().find(|finding| before.is(finding)) {
            Some(finding) => {
                known.finding = finding.clone();
                known.last = time;
                known.level = known.level.min(level);
            }
            // It looked less deep than the check that found it.
            None if level < known.level || !sides.contains(&known.finding.side()) => {}
            None => known.cleared = Some(time),
        }
        if known != *before {
            put(connection, Some(*row), &known)?;
        }
        if known.cleared.is_none() {
            now.push((*row, known));
        }
    }
    for finding in findings.iter().filter(|finding| finding.lasts()) {
        if now.iter().any(|(_, known)| known.is(finding)) {
            continue;
        }
        let known = Known { package, level, finding: finding.clone(), first: time, last: time, cleared: None };
        now.push((put(connection, None, &known)?, known));
    }
    Ok(now)
}

/// Writes a finding in its row, or in a new one, and returns that.
pub fn put(connection: &Connection, row: Option<i64>, known: &Known) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO finding (row, cleared, body) VALUES (?, ?, ?)")?
        .execute(params![row, known.cleared.map(Timestamp::seconds), text(known)?])?;
    Ok(row.unwrap_or_else(|| connection.last_insert_rowid()))
}

fn text(known: &Known) -> rusqlite::Result<String> {
    serde_json::to_string(known).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn body(row: &Row<'_>, column: usize) -> rusqlite::Result<Known> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}
