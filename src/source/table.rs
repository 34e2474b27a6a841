//! The table that describes the records of a delivery: `metadata.csv` or `metadata.toml` beside them.
//!
//! CSV is UTF-8 with `;`, `,` or tab between the cells; TOML holds one `[[record]]` for each record. Both have the same
//! columns, see [`Columns`]. A table with any fault describes nothing.

use std::collections::HashMap;
use std::io::{self, BufRead, Read};

use toml::de::{DeTable, DeValue};
use unicode_normalization::UnicodeNormalization;

use super::csv::{Row, Rows};
use super::dating;
use crate::model::path;
use crate::model::record::Description;

/// The most records that one table describes.
const ROWS_MAX: usize = 1_000_000;

/// The largest CSV table, in bytes.
const CSV_MAX: u64 = 512 << 20;

/// The largest TOML table, in bytes: it is held in memory as a whole.
const TOML_MAX: u64 = 16 << 20;

/// What separates several values in one cell.
const SEPARATOR: char = '|';

/// A fault of a table and its place.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}{}", .column.map(|c| format!(":{c}")).unwrap_or_default())]
pub struct TableError {
    /// Name of the table's file.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The letter in the line, from 1, where it is known.
    pub column: Option<u64>,
    /// What is wrong.
    #[source]
    pub fault: TableFault,
}

/// What can be wrong with a table.
#[derive(Debug, thiserror::Error)]
pub enum TableFault {
    /// It cannot be read.
    #[error("cannot be read")]
    Read(#[source] io::Error),
    /// It is written in UTF-16.
    #[error("is UTF-16, not UTF-8")]
    Utf16,
    /// It is not written in UTF-8.
    #[error("is not UTF-8")]
    NotUtf8,
    /// It holds a NUL.
    #[error("holds a NUL byte")]
    Nul,
    /// A cell holds a letter that XML cannot hold.
    #[error("column {column} holds a control character")]
    Control {
        /// Name of the column.
        column: String,
    },
    /// It ends its lines with a lone carriage return.
    #[error("a carriage return without a line feed")]
    LineEnd,
    /// The whole table is too large.
    #[error("is larger than {limit} bytes")]
    TooLarge {
        /// Bytes that are allowed.
        limit: u64,
    },
    /// A row is too long.
    #[error("the row is longer than {limit} bytes")]
    RowTooLong {
        /// Bytes that are allowed.
        limit: usize,
    },
    /// Too many cells stand in a row.
    #[error("more than {limit} columns")]
    TooManyColumns {
        /// Columns that are allowed.
        limit: usize,
    },
    /// Too many records are described.
    #[error("more than {limit} rows")]
    TooManyRows {
        /// Rows that are allowed.
        limit: usize,
    },
    /// A quote is never closed; the line is where it opens.
    #[error("a quote is not closed")]
    QuoteOpen,
    /// A quote stands inside a cell that does not begin with one, or letters follow a closing quote.
    #[error("a quote in the middle of a cell")]
    StrayQuote,
    /// A row has more or fewer cells than the header.
    #[error("{found} cells where the header has {expected}")]
    Ragged {
        /// Cells in the row.
        found: usize,
        /// Cells in the header.
        expected: usize,
    },
    /// There is no header.
    #[error("has no header")]
    NoHeader,
    /// Two columns mean the same.
    #[error("column {column} stands twice")]
    DuplicateColumn {
        /// Name of the second one.
        column: String,
    },
    /// Nothing is known by this name.
    #[error("column {column} is unknown")]
    UnknownColumn {
        /// Name of the column.
        column: String,
    },
    /// A column that must be there is not.
    #[error("column {column} is missing")]
    MissingColumn {
        /// Its standard name.
        column: &'static str,
    },
    /// TOML: the text breaks the language's rules.
    #[error("{message}")]
    Syntax {
        /// What the parser says.
        message: String,
    },
    /// TOML: the value has another type than it must have.
    #[error("{key} has the wrong type")]
    Type {
        /// Name of the key.
        key: String,
    },
    /// The row does not say which record it describes.
    #[error("the path is empty")]
    NoPath,
    /// The path leaves the delivery.
    #[error("{path} is outside the delivery")]
    Outside {
        /// The path.
        path: String,
    },
    /// Two rows describe the same record.
    #[error("{path} is described twice, first in line {first}")]
    DuplicatePath {
        /// The path.
        path: String,
        /// Line of the first row.
        first: u64,
    },
    /// The row describes a record that is not there.
    #[error("no record {path} in the delivery")]
    NoSuchEntry {
        /// The path.
        path: String,
    },
    /// No such day exists, or it is written in another way.
    #[error("{value} is no date")]
    Date {
        /// Name of the column.
        column: String,
        /// What stands there.
        value: String,
    },
    /// The period ends before it begins.
    #[error("{to} is before {from}")]
    DateOrder {
        /// The beginning.
        from: String,
        /// The end.
        to: String,
    },
}

/// What a column of a table says about a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// Which record: the original name of its folder, `.` for the delivery or its loose files.
    Path,
    /// [`Description::title`]
    Title,
    /// [`Description::identifiers`], several separated by `|`.
    Identifier,
    /// [`Description::signature`]
    Signature,
    /// [`Description::date_from`]
    DateFrom,
    /// [`Description::date_to`]
    DateTo,
    /// [`Description::creator`]
    Creator,
    /// [`Description::summary`]
    Summary,
    /// [`Description::subjects`], several separated by `|`.
    Subject,
}

/// Names of columns, English and German, and further ones that a producer's tables use.
#[derive(Debug, Clone)]
pub struct Columns(HashMap<String, Column>);

impl Default for Columns {
    fn default() -> Self {
        const NAMES: &[(&str, Column)] = &[
            ("path", Column::Path),
            ("pfad", Column::Path),
            ("title", Column::Title),
            ("titel", Column::Title),
            ("identifier", Column::Identifier),
            ("aktenzeichen", Column::Identifier),
            ("signature", Column::Signature),
            ("signatur", Column::Signature),
            ("date_from", Column::DateFrom),
            ("von", Column::DateFrom),
            ("date_to", Column::DateTo),
            ("bis", Column::DateTo),
            ("creator", Column::Creator),
            ("provenienz", Column::Creator),
            ("description", Column::Summary),
            ("summary", Column::Summary),
            ("enthält", Column::Summary),
            ("enthaelt", Column::Summary),
            ("subject", Column::Subject),
            ("schlagwort", Column::Subject),
        ];
        let names = NAMES.iter().map(|(name, column)| (fold(name), *column));
        Self(names.collect())
    }
}

impl Columns {
    /// Adds a further name of `column`; what the name meant before no longer holds.
    #[must_use]
    pub fn with(mut self, name: &str, column: Column) -> Self {
        self.0.insert(fold(name), column);
        self
    }

    fn find(&self, name: &str) -> Result<Column, TableFault> {
        let unknown = || TableFault::UnknownColumn {
            column: brief(name),
        };
        self.0.get(&fold(name)).copied().ok_or_else(unknown)
    }
}

/// A table of descriptions that is in order in itself; whether its records are there is not yet known.
#[derive(Debug)]
pub struct Table {
    file: String,
    rows: Vec<Entry>,
}

/// One row: its line, its path, and the cells that hold something, lists cut.
#[derive(Debug)]
struct Entry {
    line: u64,
    path: Box<str>,
    cells: Box<[(Column, Box<str>)]>,
}

impl Table {
    /// Reads a table from `input`: TOML where the name of its `file` ends so, else CSV.
    pub fn read(file: &str, input: impl BufRead, columns: &Columns) -> Result<Self, TableError> {
        let toml = file.len() > 5 && file[file.len() - 5..].eq_ignore_ascii_case(".toml");
        let limit = if toml { TOML_MAX } else { CSV_MAX };
        let mut input = input.take(limit + 1);
        let rows = if toml {
            read_toml(&mut input, columns)
        } else {
            read_csv(&mut input, columns)
        };
        let too_large = input.limit() == 0;
        rows.and_then(|rows| {
            if too_large {
                return Err(Place::line(1, TableFault::TooLarge { limit }));
            }
            Ok(Self {
                file: file.to_owned(),
                rows,
            })
        })
        .map_err(|place| place.error(file))
    }

    /// Finds the record of each row with `find` and returns the row's number by record.
    pub(super) fn assign(
        &self,
        find: impl Fn(&str) -> Option<usize>,
    ) -> Result<HashMap<usize, usize>, TableError> {
        let mut rows: HashMap<usize, usize> = HashMap::with_capacity(self.rows.len());
        for (number, entry) in self.rows.iter().enumerate() {
            let path = || brief(&entry.path);
            let fault = match find(&entry.path) {
                None => TableFault::NoSuchEntry { path: path() },
                Some(record) => match rows.insert(record, number) {
                    None => continue,
                    Some(first) => TableFault::DuplicatePath {
                        path: path(),
                        first: self.rows[first].line,
                    },
                },
            };
            return Err(Place::line(entry.line, fault).error(&self.file));
        }
        Ok(rows)
    }

    /// Returns what row `number` says.
    pub(super) fn description(&self, number: usize) -> Description {
        let mut out = Description::default();
        for (column, value) in &self.rows[number].cells {
            let value = String::from(value.clone());
            match column {
                Column::Path => {}
                Column::Title => out.title = value,
                Column::Identifier => out.identifiers.push(value),
                Column::Signature => out.signature = value,
                Column::DateFrom => out.date_from = value,
                Column::DateTo => out.date_to = value,
                Column::Creator => out.creator = value,
                Column::Summary => out.summary = value,
                Column::Subject => out.subjects.push(value),
            }
        }
        out
    }
}

/// A fault and where it is; the file's name comes later.
struct Place {
    line: u64,
    column: Option<u64>,
    fault: TableFault,
}

impl Place {
    fn line(line: u64, fault: TableFault) -> Self {
        Self {
            line,
            column: None,
            fault,
        }
    }

    fn error(self, file: &str) -> TableError {
        TableError {
            file: file.to_owned(),
            line: self.line,
            column: self.column,
            fault: self.fault,
        }
    }
}

fn read_csv(input: impl BufRead, columns: &Columns) -> Result<Vec<Entry>, Place> {
    let place = |(line, fault)| Place::line(line, fault);
    let (mut rows, header) = Rows::open(input).map_err(place)?;
    let mut meanings: Vec<(Column, &str)> = Vec::with_capacity(header.cells.len());
    let mut names = HashMap::new();
    for name in &header.cells {
        // Twice the same is said before unknown: it is the graver fault.
        if names.insert(fold(name), ()).is_some() {
            return Err(Place::line(header.line, duplicate(name)));
        }
    }
    for name in &header.cells {
        let column = columns
            .find(name)
            .map_err(|fault| Place::line(header.line, fault))?;
        if meanings.iter().any(|(other, _)| *other == column) {
            return Err(Place::line(header.line, duplicate(name)));
        }
        meanings.push((column, name));
    }
    if !meanings.iter().any(|(column, _)| *column == Column::Path) {
        return Err(Place::line(
            header.line,
            TableFault::MissingColumn { column: "path" },
        ));
    }
    let mut entries = Vec::new();
    while let Some(Row { line, cells }) = rows.next().map_err(place)? {
        if cells.len() != meanings.len() {
            let (found, expected) = (cells.len(), meanings.len());
            return Err(Place::line(line, TableFault::Ragged { found, expected }));
        }
        let mut entry = Draft::new(line);
        for ((column, name), cell) in meanings.iter().zip(&cells) {
            entry
                .add(*column, name, cell)
                .map_err(|fault| Place::line(line, fault))?;
        }
        push(&mut entries, entry)?;
    }
    Ok(entries)
}

fn read_toml(mut input: impl Read, columns: &Columns) -> Result<Vec<Entry>, Place> {
    let mut bytes = Vec::new();
    input
        .read_to_end(&mut bytes)
        .map_err(|error| Place::line(1, TableFault::Read(error)))?;
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Place::line(1, TableFault::Utf16));
    }
    if bytes.len() as u64 > TOML_MAX {
        return Err(Place::line(1, TableFault::TooLarge { limit: TOML_MAX }));
    }
    let lines = Lines::of(&bytes);
    let text = std::str::from_utf8(&bytes)
        .map_err(|error| lines.place(error.valid_up_to(), TableFault::NotUtf8))?;
    if let Some(nul) = text.find('\0') {
        return Err(lines.place(nul, TableFault::Nul));
    }
    let document = DeTable::parse(text).map_err(|error| {
        let message = error.message().to_owned();
        lines.place(
            error.span().map_or(0, |span| span.start),
            TableFault::Syntax { message },
        )
    })?;
    let mut entries = Vec::new();
    for (key, value) in document.get_ref() {
        if key.get_ref() != "record" {
            let column = brief(key.get_ref());
            return Err(lines.place(key.span().start, TableFault::UnknownColumn { column }));
        }
        let wrong = || {
            let key = brief(key.get_ref());
            lines.place(value.span().start, TableFault::Type { key })
        };
        for record in value.get_ref().as_array().ok_or_else(wrong)? {
            let table = record.get_ref().as_table().ok_or_else(wrong)?;
            let start = record.span().start;
            let mut entry = Draft::new(lines.find(start).0);
            let mut seen = Vec::new();
            // In the order of the text, so that the first fault is the one that is told.
            let mut pairs: Vec<_> = table.iter().collect();
            pairs.sort_by_key(|(key, _)| key.span().start);
            for (key, value) in pairs {
                let fault = |fault| lines.place(key.span().start, fault);
                let column = columns.find(key.get_ref()).map_err(fault)?;
                if seen.contains(&column) {
                    return Err(fault(duplicate(key.get_ref())));
                }
                seen.push(column);
                add_value(&mut entry, column, key.get_ref(), value.get_ref())
                    .map_err(|fault| lines.place(value.span().start, fault))?;
            }
            if !seen.contains(&Column::Path) {
                return Err(lines.place(start, TableFault::MissingColumn { column: "path" }));
            }
            push(&mut entries, entry)?;
        }
    }
    Ok(entries)
}

fn add_value(
    entry: &mut Draft,
    column: Column,
    key: &str,
    value: &DeValue<'_>,
) -> Result<(), TableFault> {
    match value {
        DeValue::String(text) => entry.add(column, key, text),
        DeValue::Integer(number) if number.radix() == 10 => entry.add(column, key, number.as_str()),
        DeValue::Datetime(date) => entry.add(column, key, &date.to_string()),
        DeValue::Array(values) if matches!(column, Column::Identifier | Column::Subject) => {
            values.iter().try_for_each(|value| match value.get_ref() {
                DeValue::String(text) => entry.add(column, key, text),
                _ => Err(TableFault::Type { key: brief(key) }),
            })
        }
        _ => Err(TableFault::Type { key: brief(key) }),
    }
}

fn push(entries: &mut Vec<Entry>, draft: Draft) -> Result<(), Place> {
    let line = draft.line;
    let entry = draft.finish().map_err(|fault| Place::line(line, fault))?;
    if entries.len() == ROWS_MAX {
        let limit = ROWS_MAX;
        return Err(Place::line(line, TableFault::TooManyRows { limit }));
    }
    entries.push(entry);
    Ok(())
}

/// A row while its cells come in.
struct Draft {
    line: u64,
    path: String,
    cells: Vec<(Column, Box<str>)>,
}

impl Draft {
    fn new(line: u64) -> Self {
        Self {
            line,
            path: String::new(),
            cells: Vec::new(),
        }
    }

    fn add(&mut self, column: Column, name: &str, text: &str) -> Result<(), TableFault> {
        if text.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            let column = brief(name);
            return Err(TableFault::Control { column });
        }
        let value = text.trim();
        match column {
            // Names may begin and end with spaces.
            Column::Path => text.clone_into(&mut self.path),
            _ if value.is_empty() => {}
            Column::DateFrom | Column::DateTo => {
                let date = dating::iso(value).ok_or_else(|| TableFault::Date {
                    column: brief(name),
                    value: brief(value),
                })?;
                self.cells.push((column, date.into()));
            }
            Column::Identifier | Column::Subject => self.cells.extend(
                value
                    .split(SEPARATOR)
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .map(|part| (column, part.into())),
            ),
            _ => self.cells.push((column, value.into())),
        }
        Ok(())
    }

    fn finish(self) -> Result<Entry, TableFault> {
        let plain = self.path.strip_prefix("./").unwrap_or(&self.path);
        let plain = plain.strip_suffix('/').unwrap_or(plain);
        if self.path.starts_with('/') || plain.split(['/', '\\']).any(|name| name == "..") {
            let path = brief(&self.path);
            return Err(TableFault::Outside { path });
        }
        if plain.is_empty() && !self.path.starts_with('.') {
            return Err(TableFault::NoPath);
        }
        let date = |wanted| self.cells.iter().find(|(column, _)| *column == wanted);
        if let (Some((_, from)), Some((_, to))) = (date(Column::DateFrom), date(Column::DateTo))
            && !dating::in_order(from, to)
        {
            let (from, to) = (from.to_string(), to.to_string());
            return Err(TableFault::DateOrder { from, to });
        }
        let path = if plain.is_empty() { "." } else { plain };
        Ok(Entry {
            line: self.line,
            path: path.into(),
            cells: self.cells.into_boxed_slice(),
        })
    }
}

/// Where the lines of a text begin.
struct Lines<'a> {
    text: &'a [u8],
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a [u8]) -> Self {
        let breaks = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// Returns line and letter of a byte, both from 1.
    fn find(&self, at: usize) -> (u64, u64) {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts[line - 1];
        let before = &self.text[start..at.clamp(start, self.text.len())];
        let letters = String::from_utf8_lossy(before).chars().count();
        (line as u64, letters as u64 + 1)
    }

    fn place(&self, at: usize, fault: TableFault) -> Place {
        let (line, column) = self.find(at);
        Place {
            line,
            column: Some(column),
            fault,
        }
    }
}

fn duplicate(name: &str) -> TableFault {
    TableFault::DuplicateColumn {
        column: brief(name),
    }
}

fn fold(name: &str) -> String {
    name.trim().nfc().flat_map(char::to_lowercase).collect()
}

/// Returns the beginning of a foreign text, fit for a message.
fn brief(text: &str) -> String {
    const LETTERS: usize = 120;
    let mut out = path::shown(text.as_bytes());
    if let Some((end, _)) = out.char_indices().nth(LETTERS) {
        out.truncate(end);
        out.push('…');
    }
    out
}
