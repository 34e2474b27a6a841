//! Which packages are listed.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::row;
use super::search::{fold, pattern, words};
use crate::model::package::{Holding, PackageId};

/// How many words of a question go through the index; further ones are looked for in what these find.
const INDEXED_WORDS: usize = 20;

/// How many rows are few.
const FEW: usize = 2_000;

/// Which packages are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words that must all be found, each anywhere in a word of title, reference codes, names of files and so on.
    pub search: Option<String>,
    /// The accession number.
    pub accession: Option<String>,
    /// A part of the producer's name, in any spelling that the search takes.
    pub producer: Option<String>,
    /// The contents reach to this date or past it; ISO 8601, or a part of a date (`2013`).
    pub from: Option<String>,
    /// The contents begin at this date or before it; ISO 8601, or a part of a date (`2013`).
    pub to: Option<String>,
    /// Closed to use, or free, on a day (ISO 8601).
    pub closed: Option<(bool, String)>,
    /// They need not be kept any more from this day on; ISO 8601, or a part of a date (`2034`).
    pub retention_ends_before: Option<String>,
    /// How many packages at most.
    pub limit: Option<u64>,
}

/// Hands the packages that pass `filter` to `each` until it returns `false`.
pub fn list(connection: &Connection, filter: &Filter, mut each: impl FnMut(Holding) -> bool) -> rusqlite::Result<()> {
    let (condition, mut values) = condition(connection, filter)?;
    let limit = filter.limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX));
    values.push(limit.into());
    let sql = format!("{}{condition} ORDER BY accession, title, id LIMIT ?", row::HOLDINGS);
    let mut query = connection.prepare(&sql)?;
    let mut rows = query.query(params_from_iter(values))?;
    while let Some(found) = rows.next()? {
        if !each(row::holding(found)?) {
            break;
        }
    }
    Ok(())
}

/// Returns how many packages pass `filter`, whatever its limit.
pub fn count(connection: &Connection, filter: &Filter) -> rusqlite::Result<u64> {
    let (condition, values) = condition(connection, filter)?;
    let sql = format!("SELECT count(*) FROM holding{condition}");
    let count: i64 = connection.query_row(&sql, params_from_iter(values), |row| row.get(0))?;
    Ok(count.cast_unsigned())
}

/// Returns up to `limit` packages other than `id` with this content digest, by accession.
pub fn equal(
    connection: &Connection,
    content: &str,
    id: PackageId,
    limit: u32,
) -> rusqlite::Result<Vec<(PackageId, String)>> {
    connection
        .prepare_cached(
            "SELECT id, accession FROM holding WHERE content = ? AND id <> ? ORDER BY accession, id LIMIT ?",
        )?
        .query_map(rusqlite::params![content, id.to_string(), limit], |row| Ok((row::package_id(row)?, row.get(1)?)))?
        .collect()
}

/// Returns the WHERE clause for `filter` and the values in it; words of users are only ever values.
fn condition(connection: &Connection, filter: &Filter) -> rusqlite::Result<(String, Vec<Value>)> {
    let mut terms: Vec<String> = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    if let Some(accession) = &filter.accession {
        terms.push("accession = ?".to_owned());
        values.push(accession.clone().into());
    }
    if let Some(part) = &filter.producer {
        terms.push("producer IN (SELECT value FROM json_each(?))".to_owned());
        values.push(list_of(&producers(connection, part)?));
    }
    // A record with one date begins and ends with it; one without any date passes no limit of dates. A part of a date
    // stands for its first day at the beginning and for its last day ('~' sorts after all digits and '-') at the end.
    if let Some(from) = &filter.from {
        terms.push("iif(date_to = '', date_from, date_to) || '~' >= ? AND date_from || date_to <> ''".to_owned());
        values.push(from.clone().into());
    }
    if let Some(to) = &filter.to {
        terms.push("iif(date_from = '', date_to, date_from) <= ? || '~' AND date_from || date_to <> ''".to_owned());
        values.push(to.clone().into());
    }
    // A day sorts before "open" and after nothing.
    if let Some((closed, today)) = &filter.closed {
        terms.push(if *closed { "closed_until >= ?".to_owned() } else { "closed_until < ?".to_owned() });
        values.push(today.clone().into());
    }
    if let Some(day) = &filter.retention_ends_before {
        terms.push("retention_end < ? AND retention_end <> ''".to_owned());
        values.push(day.clone().into());
    }
    if let Some(question) = &filter.search {
        let mut words = words(question);
        if let Some(rows) = rare(connection, &words)? {
            terms.push("row IN (SELECT value FROM json_each(?))".to_owned());
            values.push(serde_json::Value::from(rows).to_string().into());
            // The others are looked for in these rows only.
            words = words.split_off(INDEXED_WORDS.min(words.len()));
        }
        if !words.is_empty() {
            terms.push(
                "NOT EXISTS (SELECT 1 FROM json_each(?) AS word WHERE instr(holding.folded, word.value) = 0)"
                    .to_owned(),
            );
            values.push(list_of(&words));
        }
    }
    let condition = if terms.is_empty() { String::new() } else { format!(" WHERE {}", terms.join(" AND ")) };
    Ok((condition, values))
}

/// Returns the rows in which the first [`INDEXED_WORDS`] of `words` are found, if they are few.
///
/// Where they are many, going through all packages in order meets the first ones sooner than the index collects them all.
fn rare(connection: &Connection, words: &[String]) -> rusqlite::Result<Option<Vec<i64>>> {
    let patterns: Option<Vec<String>> = words.iter().take(INDEXED_WORDS).map(|word| pattern(word)).collect();
    let Some(patterns) = patterns.filter(|patterns| !patterns.is_empty()) else {
        return Ok(None);
    };
    let each = vec!["folded GLOB ?"; patterns.len()].join(" AND ");
    let rows: Vec<i64> = connection
        .prepare(&format!("SELECT rowid FROM search WHERE {each} LIMIT {}", FEW + 1))?
        .query_map(params_from_iter(patterns), |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok((rows.len() <= FEW).then_some(rows))
}

/// Returns the producers whose name has `part` in it; there are few of them, and an index lists them.
fn producers(connection: &Connection, part: &str) -> rusqlite::Result<Vec<String>> {
    let part = fold(part);
    let mut query = connection.prepare("SELECT DISTINCT producer FROM holding")?;
    let mut producers = Vec::new();
    for producer in query.query_map([], |row| row.get::<_, String>(0))? {
        let producer = producer?;
        if fold(&producer).contains(&part) {
            producers.push(producer);
        }
    }
    Ok(producers)
}

fn list_of(texts: &[String]) -> Value {
    serde_json::Value::from(texts.to_vec()).to_string().into()
}
