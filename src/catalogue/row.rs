//! Rows of the catalogue: packages and accessions written, read and compared.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use super::search::folded;
use crate::model::accession::{Accession, Purpose};
use crate::model::closure::Closure;
use crate::model::package::{Commit, Holding, PackageId};
use crate::model::record::Description;
use crate::model::time::Timestamp;
use crate::model::unit::Property;

/// The columns of a package in the order in which [`holding`] takes them.
macro_rules! holding_columns {
    () => {
        "id, accession, title, identifiers, signature, date_from, date_to, creator, producer, holdings, subjects, \
         created, files, bytes, content, inventory, place, summary, names, dates_of_files, kind, closed_until, \
         retention_end, purpose, more"
    };
}

/// The columns of an accession in the order in which [`accession`] takes them.
macro_rules! accession_columns {
    () => {
        "number, started, closed, producer, delivery, profile, agreement, purpose, holdings, packages, files, bytes, \
         refused, failed, left_out, object, inventory"
    };
}

/// Selects packages.
pub const HOLDINGS: &str = concat!("SELECT ", holding_columns!(), " FROM holding");

/// Selects one package.
pub const HOLDING_BY_ID: &str = concat!("SELECT ", holding_columns!(), " FROM holding WHERE id = ?");

/// Selects of all packages what the journal says too.
pub const COMMITS: &str = "SELECT id, accession, inventory, content, files, bytes, \
                           coalesce(json_extract(more, '$.blocks'), '') FROM holding";

/// Selects all accessions.
pub const ACCESSIONS: &str = concat!("SELECT ", accession_columns!(), " FROM accession ORDER BY number");

/// Selects one accession.
pub const ACCESSION_BY_NUMBER: &str = concat!("SELECT ", accession_columns!(), " FROM accession WHERE number = ?");

/// Inserts or replaces a package and what is searched for it.
pub fn put_holding(connection: &Connection, holding: &Holding) -> rusqlite::Result<()> {
    let id = holding.id.to_string();
    let known: Option<(i64, String)> = connection
        .prepare_cached("SELECT row, folded FROM holding WHERE id = ?")?
        .query_row([&id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((row, text)) = &known {
        // The index keeps no text of its own: it has to be told what it forgets.
        connection
            .prepare_cached("INSERT INTO search (search, rowid, folded) VALUES ('delete', ?, ?)")?
            .execute(params![row, text])?;
    }
    let about = &holding.description;
    let text = folded(holding);
    let row: i64 = connection
        .prepare_cached(concat!(
            "INSERT OR REPLACE INTO holding (row, folded, ",
            holding_columns!(),
            ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING row"
        ))?
        .query_row(
            params![
                known.map(|(row, _)| row),
                text,
                id,
                holding.accession,
                about.title,
                list(&about.identifiers),
                about.signature,
                about.date_from,
                about.date_to,
                about.creator,
                about.producer,
                about.holdings,
                list(&about.subjects),
                holding.created.seconds(),
                holding.files.cast_signed(),
                holding.bytes.cast_signed(),
                holding.content,
                holding.inventory,
                holding.place,
                about.summary,
                holding.names,
                about.dates_of_files,
                about.kind,
                holding.closure.text(),
                holding.retention_end,
                holding.purpose.name(),
                more(holding),
            ],
            |row| row.get(0),
        )?;
    connection.prepare_cached("INSERT INTO search (rowid, folded) VALUES (?, ?)")?.execute(params![row, text])?;
    Ok(())
}

/// Removes a package and what is searched for it; it need not be there.
pub fn drop_holding(connection: &Connection, id: PackageId) -> rusqlite::Result<()> {
    let known: Option<(i64, String)> = connection
        .prepare_cached("SELECT row, folded FROM holding WHERE id = ?")?
        .query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((row, text)) = known else { return Ok(()) };
    connection
        .prepare_cached("INSERT INTO search (search, rowid, folded) VALUES ('delete', ?, ?)")?
        .execute(params![row, text])?;
    connection.prepare_cached("DELETE FROM holding WHERE row = ?")?.execute([row])?;
    Ok(())
}

/// Notes where the journal ends.
pub fn put_head(connection: &Connection, head: (u64, &str)) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO head (one, seq, hash) VALUES (1, ?, ?)")?
        .execute(params![head.0.cast_signed(), head.1])?;
    Ok(())
}

/// Inserts or replaces an accession.
pub fn put_accession(connection: &Connection, accession: &Accession) -> rusqlite::Result<()> {
    connection
        .prepare_cached(concat!(
            "INSERT OR REPLACE INTO accession (",
            accession_columns!(),
            ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ))?
        .execute(params![
            accession.number,
            accession.started.seconds(),
            accession.closed.map(Timestamp::seconds),
            accession.producer,
            accession.delivery,
            accession.profile,
            accession.agreement,
            accession.purpose.name(),
            accession.holdings,
            accession.packages.cast_signed(),
            accession.files.cast_signed(),
            accession.bytes.cast_signed(),
            accession.refused.cast_signed(),
            accession.failed.cast_signed(),
            accession.left_out.cast_signed(),
            accession.object,
            accession.inventory,
        ])?;
    Ok(())
}

/// Returns the identity in the first column of `row`.
pub fn package_id(row: &Row<'_>) -> rusqlite::Result<PackageId> {
    let id: String = row.get(0)?;
    PackageId::parse(&id).ok_or_else(|| wrong(0, Type::Text))
}

/// Returns what the journal says too of the package in `row`.
pub fn commit(row: &Row<'_>) -> rusqlite::Result<Commit> {
    Ok(Commit {
        package: package_id(row)?,
        accession: row.get(1)?,
        inventory: row.get(2)?,
        content: row.get(3)?,
        files: row.get::<_, i64>(4)?.cast_unsigned(),
        bytes: row.get::<_, i64>(5)?.cast_unsigned(),
        blocks: row.get(6)?,
    })
}

/// Returns the package in `row`.
pub fn holding(row: &Row<'_>) -> rusqlite::Result<Holding> {
    let closed: String = row.get(21)?;
    let purpose: String = row.get(23)?;
    let more: String = row.get(24)?;
    let more: More = serde_json::from_str(&more).map_err(|_| wrong(24, Type::Text))?;
    Ok(Holding {
        id: package_id(row)?,
        accession: row.get(1)?,
        description: Description {
            title: row.get(2)?,
            identifiers: read_list(row, 3)?,
            signature: row.get(4)?,
            date_from: row.get(5)?,
            date_to: row.get(6)?,
            dates_of_files: row.get(19)?,
            creator: row.get(7)?,
            producer: row.get(8)?,
            holdings: row.get(9)?,
            summary: row.get(17)?,
            subjects: read_list(row, 10)?,
            kind: row.get(20)?,
            contributors: more.contributors,
            audience: more.audience,
            conforms_to: more.conforms_to,
            relations: more.relations,
            properties: more.properties,
        },
        created: time(row.get(11)?, 11)?,
        files: row.get::<_, i64>(12)?.cast_unsigned(),
        bytes: row.get::<_, i64>(13)?.cast_unsigned(),
        content: row.get(14)?,
        inventory: row.get(15)?,
        blocks: more.blocks,
        place: row.get(16)?,
        names: row.get(18)?,
        closure: Closure::read(&closed).ok_or_else(|| wrong(21, Type::Text))?,
        retention_end: row.get(22)?,
        purpose: Purpose::named(&purpose).ok_or_else(|| wrong(23, Type::Text))?,
    })
}

/// Returns the accession in `row`.
pub fn accession(row: &Row<'_>) -> rusqlite::Result<Accession> {
    let number = |at: usize| row.get::<_, i64>(at).map(i64::cast_unsigned);
    let closed: Option<i64> = row.get(2)?;
    let purpose: String = row.get(7)?;
    Ok(Accession {
        number: row.get(0)?,
        started: time(row.get(1)?, 1)?,
        closed: closed.map(|seconds| time(seconds, 2)).transpose()?,
        producer: row.get(3)?,
        delivery: row.get(4)?,
        profile: row.get(5)?,
        agreement: row.get(6)?,
        purpose: Purpose::named(&purpose).ok_or_else(|| wrong(7, Type::Text))?,
        holdings: row.get(8)?,
        packages: number(9)?,
        files: number(10)?,
        bytes: number(11)?,
        refused: number(12)?,
        failed: number(13)?,
        left_out: number(14)?,
        object: row.get(15)?,
        inventory: row.get(16)?,
    })
}

/// Returns the names of the fields in which the catalogue differs from `truth`; nothing where the package is not known.
pub fn holding_differences(connection: &Connection, truth: &Holding) -> rusqlite::Result<Option<Vec<&'static str>>> {
    let known = connection
        .prepare_cached(concat!("SELECT ", holding_columns!(), ", folded FROM holding WHERE id = ?"))?
        .query_row([truth.id.to_string()], |row| Ok((holding(row)?, row.get::<_, String>("folded")?)))
        .optional()?;
    let Some((known, text)) = known else {
        return Ok(None);
    };
    let (ours, theirs) = (&known.description, &truth.description);
    Ok(Some(differing(&[
        ("id", known.id == truth.id),
        ("accession", known.accession == truth.accession),
        ("title", ours.title == theirs.title),
        ("identifiers", ours.identifiers == theirs.identifiers),
        ("signature", ours.signature == theirs.signature),
        ("date_from", ours.date_from == theirs.date_from),
        ("date_to", ours.date_to == theirs.date_to),
        ("dates_of_files", ours.dates_of_files == theirs.dates_of_files),
        ("creator", ours.creator == theirs.creator),
        ("producer", ours.producer == theirs.producer),
        ("holdings", ours.holdings == theirs.holdings),
        ("summary", ours.summary == theirs.summary),
        ("subjects", ours.subjects == theirs.subjects),
        ("created", known.created == truth.created),
        ("files", known.files == truth.files),
        ("bytes", known.bytes == truth.bytes),
        ("content", known.content == truth.content),
        ("inventory", known.inventory == truth.inventory),
        ("blocks", known.blocks == truth.blocks),
        ("place", known.place == truth.place),
        ("names", known.names == truth.names),
        ("kind", ours.kind == theirs.kind),
        ("contributors", ours.contributors == theirs.contributors),
        ("audience", ours.audience == theirs.audience),
        ("conforms_to", ours.conforms_to == theirs.conforms_to),
        ("relations", ours.relations == theirs.relations),
        ("properties", ours.properties == theirs.properties),
        ("closed_until", known.closure == truth.closure),
        ("retention_end", known.retention_end == truth.retention_end),
        ("purpose", known.purpose == truth.purpose),
        ("search", text == folded(truth)),
    ])))
}

/// Returns the names of the fields in which `known` differs from `truth`.
pub fn accession_differences(known: &Accession, truth: &Accession) -> Vec<&'static str> {
    differing(&[
        ("number", known.number == truth.number),
        ("started", known.started == truth.started),
        ("closed", known.closed == truth.closed),
        ("producer", known.producer == truth.producer),
        ("delivery", known.delivery == truth.delivery),
        ("profile", known.profile == truth.profile),
        ("agreement", known.agreement == truth.agreement),
        ("purpose", known.purpose == truth.purpose),
        ("holdings", known.holdings == truth.holdings),
        ("packages", known.packages == truth.packages),
        ("files", known.files == truth.files),
        ("bytes", known.bytes == truth.bytes),
        ("refused", known.refused == truth.refused),
        ("failed", known.failed == truth.failed),
        ("left_out", known.left_out == truth.left_out),
        ("object", known.object == truth.object),
        ("inventory", known.inventory == truth.inventory),
    ])
}

fn differing(fields: &[(&'static str, bool)]) -> Vec<&'static str> {
    fields.iter().filter(|(_, equal)| !equal).map(|(name, _)| *name).collect()
}

fn list(texts: &[String]) -> String {
    serde_json::Value::from(texts).to_string()
}

/// What is known of a package for which there is no column: a catalogue of earlier versions stays as it is.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct More {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contributors: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    audience: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conforms_to: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    relations: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property>,
    #[serde(skip_serializing_if = "String::is_empty")]
    blocks: String,
}

fn more(holding: &Holding) -> String {
    let Description { contributors, audience, conforms_to, relations, properties, .. } = holding.description.clone();
    let more = More { contributors, audience, conforms_to, relations, properties, blocks: holding.blocks.clone() };
    serde_json::to_string(&more).unwrap_or_default()
}

fn read_list(row: &Row<'_>, at: usize) -> rusqlite::Result<Vec<String>> {
    let text: String = row.get(at)?;
    serde_json::from_str(&text).map_err(|_| wrong(at, Type::Text))
}

/// Returns the time `seconds` after 1970, unless no time of the archive can be that far away.
fn time(seconds: i64, at: usize) -> rusqlite::Result<Timestamp> {
    let time = Timestamp::from_seconds(seconds);
    if time.seconds() == seconds { Ok(time) } else { Err(wrong(at, Type::Integer)) }
}

/// Returns the fault of a value that was not written by this module.
fn wrong(at: usize, kind: Type) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(at, kind, "not a value of the catalogue".into())
}
