//! Runs: what each call came to, chained so that no earlier one can be changed or left out unseen.

use rusqlite::types::Type;
use rusqlite::{OptionalExtension as _, params};
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
            transaction.execute("INSERT INTO run (body) VALUES (?)", [body?])?;
            Ok(transaction.last_insert_rowid())
        })?;
        Ok(number.cast_unsigned())
    }

    /// Notes that run `number` ended as `run` says; returns the hash that proves it and all runs that ended before.
    pub fn end(&mut self, number: u64, run: &Run) -> Result<String, HistoryError> {
        let body = text(run);
        let hash = self.database.write(|transaction| {
            let body = body?;
            // The chain is in the order of the ends: a run may begin while another goes on.
            let before: Option<(i64, String)> = transaction
                .query_row("SELECT seq, hash FROM run WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1", [], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            let (seq, before) = before.unwrap_or_default();
            let hash = chained(&before, &body);
            transaction.execute(
                "UPDATE run SET seq = ?, hash = ?, body = ? WHERE number = ?",
                params![seq + 1, hash, body, number.cast_signed()],
            )?;
            Ok(hash)
        })?;
        Ok(hash)
    }

    /// Hands all runs to `each`, the earliest first, each with its number and the hash of one that ended.
    pub fn runs(&self, mut each: impl FnMut(u64, Option<&str>, Run)) -> Result<(), HistoryError> {
        let mut read = || -> rusqlite::Result<()> {
            let mut query = self.database.connection.prepare("SELECT number, hash, body FROM run ORDER BY number")?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let hash: Option<String> = row.get(1)?;
                let body: String = row.get(2)?;
                let run = serde_json::from_str(&body)
                    .map_err(|error| rusqlite::Error::FromSqlConversionFailure(2, Type::Text, Box::new(error)))?;
                each(row.get::<_, i64>(0)?.cast_unsigned(), hash.as_deref(), run);
            }
            Ok(())
        };
        read().map_err(|error| self.fault(error))
    }

    /// Returns the number of the first run whose hash does not fit, if the history was changed; `told` is a hash that the journal
    /// has of this history, where it has one: a history that lacks it was rolled back.
    pub fn broken(&self, told: Option<&str>) -> Result<Option<u64>, HistoryError> {
        let read = || -> rusqlite::Result<Option<u64>> {
            let mut query = self
                .database
                .connection
                .prepare("SELECT number, seq, hash, body FROM run WHERE seq IS NOT NULL ORDER BY seq")?;
            let mut rows = query.query([])?;
            let (mut before, mut expected, mut found, mut last) = (String::new(), 1, told.is_none(), 0);
            while let Some(row) = rows.next()? {
                let number = row.get::<_, i64>(0)?.cast_unsigned();
                let hash: String = row.get(2)?;
                if row.get::<_, i64>(1)? != expected || chained(&before, &row.get::<_, String>(3)?) != hash {
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

fn chained(before: &str, body: &str) -> String {
    hex(&Sha256::new().chain_update(before).chain_update("\n").chain_update(body).finalize())
}

fn text(run: &Run) -> rusqlite::Result<String> {
    serde_json::to_string(run).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}
