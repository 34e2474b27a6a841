//! Runs: what each call came to, chained so that no earlier one can be changed or left out unseen.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{History, HistoryError};
use crate::model::audit::{Coverage, Ending, Level, Shard};
use crate::model::checksum::hex;
use crate::model::time::Timestamp;

/// One call of `earchiv audit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// When it began.
    pub started: Timestamp,
    /// When it ended; `None` while it goes on, and of one that was killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// Why it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// How deep it looked.
    pub level: Level,
    /// Its share of the packages.
    pub shard: Shard,
    /// Milliseconds that it took, by a clock that nobody sets.
    pub milliseconds: u64,
    /// Packages that it was to check.
    pub planned: u64,
    /// Packages that it checked.
    pub packages: u64,
    /// Bytes of their objects.
    pub bytes: u64,
    /// Packages that are not what was stored.
    pub damaged: u64,
    /// Packages that are not there.
    pub missing: u64,
    /// Packages that could not be read.
    pub unreadable: u64,
    /// Packages that were in order only when they were read once more.
    pub doubtful: u64,
    /// Objects that the journal does not know.
    pub unknown: u64,
    /// Findings of severity `error`.
    pub errors: u64,
    /// Of these, those that no run before had told.
    pub new: u64,
    /// How well the packages were checked when it had ended.
    pub coverage: Coverage,
    /// The journal's last entry, `SEQ:HASH`, as it was verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// The version of the program.
    pub program: String,
}

impl History {
    /// Notes that `run` begins, and returns its number.
    pub fn begin(&mut self, run: &Run) -> Result<u64, HistoryError> {
        let body = text(run);
        let number = self.database.write(|transaction| {
            transaction
                .execute("INSERT INTO run (started, body) VALUES (?, ?)", params![run.started.seconds(), body?])?;
            Ok(transaction.last_insert_rowid())
        })?;
        Ok(number.cast_unsigned())
    }

    /// Notes that run `number` ended as `run` says; returns the hash that proves it and all runs that ended before.
    pub fn end(&mut self, number: u64, run: &Run) -> Result<String, HistoryError> {
        let body = text(run);
        let hash = self.database.write(|transaction| link(transaction, number.cast_signed(), None, &body?))?;
        Ok(hash)
    }

    /// Hands all runs to `each`, in the order in which they began, each with its number and the hash of one that ended.
    pub fn runs(&self, mut each: impl FnMut(u64, Option<&str>, Run)) -> Result<(), HistoryError> {
        let mut hand = || -> rusqlite::Result<()> {
            let mut query =
                self.database.connection.prepare("SELECT number, hash, body FROM run ORDER BY started, number")?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let hash: Option<String> = row.get(1)?;
                let body: String = row.get(2)?;
                each(row.get::<_, i64>(0)?.cast_unsigned(), hash.as_deref(), read(&body, 2)?);
            }
            Ok(())
        };
        hand().map_err(|error| self.fault(error))
    }

    /// Returns the number of the first run whose hash does not fit, if the history was changed; `told` is a hash that the journal
    /// has of this history, where it has one: a history that lacks it was rolled back.
    pub fn broken(&self, told: Option<&str>) -> Result<Option<u64>, HistoryError> {
        let read = || -> rusqlite::Result<Option<u64>> {
            let mut query = self.database.connection.prepare(
                "SELECT number, seq, hash, origin, place, proof, body FROM run WHERE seq IS NOT NULL ORDER BY seq",
            )?;
            let mut rows = query.query([])?;
            let (mut before, mut expected, mut found, mut last) = (String::new(), 1, told.is_none(), 0);
            while let Some(row) = rows.next()? {
                let number = row.get::<_, i64>(0)?.cast_unsigned();
                let hash: String = row.get(2)?;
                let (origin, body): (_, String) = (Origin::read(row, 3)?, row.get(6)?);
                if row.get::<_, i64>(1)? != expected || chained(&before, origin.as_ref(), &body) != hash {
                    return Ok(Some(number));
                }
                found |= told == Some(&hash);
                (before, expected, last) = (hash, expected + 1, number);
            }
            Ok((!found).then_some(last + 1))
        };
        read().map_err(|error| self.fault(error))
    }
}

/// Where a run comes from that another history brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    /// The identity of the history that noted it.
    pub(super) history: String,
    /// Its number there.
    pub(super) place: i64,
    /// Its hash there, once it has ended.
    pub(super) proof: Option<String>,
}

impl Origin {
    /// Reads `origin, place, proof`, which begin at `column`.
    pub(super) fn read(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Self>> {
        let Some(history) = row.get(column)? else { return Ok(None) };
        Ok(Some(Self { history, place: row.get(column + 1)?, proof: row.get(column + 2)? }))
    }
}

/// Makes run `number`, which has ended as `body` says, the last link of the chain, and returns its hash.
///
/// The chain is in the order of the ends: a run may begin while another goes on.
pub(super) fn link(
    connection: &Connection,
    number: i64,
    origin: Option<&Origin>,
    body: &str,
) -> rusqlite::Result<String> {
    let before: Option<(i64, String)> = connection
        .query_row("SELECT seq, hash FROM run WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (seq, before) = before.unwrap_or_default();
    let hash = chained(&before, origin, body);
    connection
        .prepare_cached("UPDATE run SET seq = ?, hash = ?, proof = ?, body = ? WHERE number = ?")?
        .execute(params![seq + 1, hash, origin.and_then(|origin| origin.proof.as_deref()), body, number])?;
    Ok(hash)
}

/// Returns the hash of a run: it covers the run before, whence it comes and what it says.
fn chained(before: &str, origin: Option<&Origin>, body: &str) -> String {
    let mut hasher = Sha256::new().chain_update(before).chain_update("\n");
    if let Some(Origin { history, place, proof }) = origin {
        hasher = hasher.chain_update(format!("{history} {place} {}\n", proof.as_deref().unwrap_or_default()));
    }
    hex(&hasher.chain_update(body).finalize())
}

/// Reads a run from its body, which stands in `column`.
pub(super) fn read(body: &str, column: usize) -> rusqlite::Result<Run> {
    serde_json::from_str(body)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}

fn text(run: &Run) -> rusqlite::Result<String> {
    serde_json::to_string(run).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}
