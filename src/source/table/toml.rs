//! Tables in TOML: one `[[record]]` for each record.

use std::io::Read;

use ::toml::de::{DeTable, DeValue};

use super::TOML_MAX;
use super::columns::{Column, Columns};
use super::entry::{Draft, Entry, brief, duplicate, push};
use super::fault::{Place, TableFault};
use crate::io::toml::{VALUES_MAX, too_full};

/// Reads all records.
pub(super) fn read(mut input: impl Read, columns: &Columns) -> Result<Vec<Entry>, Place> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(|error| Place::line(1, TableFault::Read(error)))?;
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Place::line(1, TableFault::Utf16));
    }
    if bytes.len() as u64 > TOML_MAX {
        return Err(Place::line(1, TableFault::TooLarge { limit: TOML_MAX }));
    }
    let lines = Lines::of(&bytes);
    let text = std::str::from_utf8(&bytes).map_err(|error| lines.place(error.valid_up_to(), TableFault::NotUtf8))?;
    if let Some(nul) = text.find('\0') {
        return Err(lines.place(nul, TableFault::Nul));
    }
    if let Some(at) = too_full(text) {
        return Err(lines.place(at, TableFault::TooManyValues { limit: VALUES_MAX }));
    }
    let document = DeTable::parse(text).map_err(|error| {
        let message = error.message().to_owned();
        lines.place(error.span().map_or(0, |span| span.start), TableFault::Syntax { message })
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

fn add_value(entry: &mut Draft, column: Column, key: &str, value: &DeValue<'_>) -> Result<(), TableFault> {
    match value {
        DeValue::String(text) => entry.add(column, key, text),
        DeValue::Integer(number) if number.radix() == 10 => entry.add(column, key, number.as_str()),
        DeValue::Datetime(date) => entry.add(column, key, &date.to_string()),
        DeValue::Boolean(said) if column == Column::Personal => {
            entry.add(column, key, if *said { "yes" } else { "no" })
        }
        DeValue::Array(values)
            if matches!(column, Column::Identifier | Column::Subject | Column::Born | Column::Died) =>
        {
            let dates = matches!(column, Column::Born | Column::Died);
            values.iter().try_for_each(|value| match value.get_ref() {
                // An empty one has its place in the order.
                DeValue::String(text) if dates && text.trim().is_empty() => entry.add(column, key, "-"),
                DeValue::Integer(number) if dates && number.radix() == 10 => entry.add(column, key, number.as_str()),
                DeValue::Datetime(date) if dates => entry.add(column, key, &date.to_string()),
                DeValue::String(text) => entry.add(column, key, text),
                _ => Err(TableFault::Type { key: brief(key) }),
            })
        }
        _ => Err(TableFault::Type { key: brief(key) }),
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
        Place { line, column: Some(column), fault }
    }
}
