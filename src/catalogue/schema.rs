//! The tables of the catalogue.

use crate::io::database::Shape;

/// What a catalogue has to be like.
pub const SHAPE: Shape = Shape { application: i32::from_be_bytes(*b"eArc"), version: 2, tables: TABLES };

/// Whole numbers are the 64 bits of unsigned ones, times are seconds since 1970, lists are JSON. `closed_until` is a day, empty
/// for what is free, or `open`; `more` is a JSON object with what has no column.
///
/// What may be long comes last: a row is read from its start.
const TABLES: &str = "
CREATE TABLE head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TABLE accession (
    number TEXT PRIMARY KEY NOT NULL,
    started INTEGER NOT NULL,
    closed INTEGER,
    producer TEXT NOT NULL,
    delivery TEXT NOT NULL,
    profile TEXT NOT NULL,
    agreement TEXT NOT NULL,
    purpose TEXT NOT NULL,
    holdings TEXT NOT NULL,
    packages INTEGER NOT NULL,
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    left_out INTEGER NOT NULL,
    object TEXT NOT NULL,
    inventory TEXT NOT NULL
) STRICT;

CREATE TABLE holding (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    accession TEXT NOT NULL,
    title TEXT NOT NULL,
    identifiers TEXT NOT NULL,
    signature TEXT NOT NULL,
    date_from TEXT NOT NULL,
    date_to TEXT NOT NULL,
    dates_of_files INTEGER NOT NULL,
    creator TEXT NOT NULL,
    producer TEXT NOT NULL,
    holdings TEXT NOT NULL,
    subjects TEXT NOT NULL,
    created INTEGER NOT NULL,
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    content TEXT NOT NULL,
    inventory TEXT NOT NULL,
    place TEXT NOT NULL,
    kind TEXT NOT NULL,
    closed_until TEXT NOT NULL,
    retention_end TEXT NOT NULL,
    purpose TEXT NOT NULL,
    more TEXT NOT NULL,
    summary TEXT NOT NULL,
    names TEXT NOT NULL,
    folded TEXT NOT NULL
) STRICT;
CREATE INDEX holding_order ON holding (accession, title, id);
CREATE INDEX holding_producer ON holding (producer);
CREATE INDEX holding_retention ON holding (retention_end);
CREATE INDEX holding_content ON holding (content);

CREATE VIRTUAL TABLE search USING fts5 (
    folded, content = 'holding', content_rowid = 'row', tokenize = 'trigram', detail = 'none'
);
";
