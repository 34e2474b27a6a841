//! One row of a table, whichever language it is written in.

use super::columns::Column;
use super::fault::{Place, TableFault};
use crate::model::path;
use crate::source::dating;

/// The most records that one table describes.
const ROWS_MAX: usize = 1_000_000;

/// What separates several values in one cell.
const SEPARATOR: char = '|';

/// What people write for a date of life that nobody knows.
const UNKNOWN: &[&str] = &["-", "?", "unbekannt", "unknown"];

/// What people write for yes and no.
const YES: &[&str] = &["ja", "j", "yes", "y", "true", "wahr", "x", "1"];
const NO: &[&str] = &["nein", "n", "no", "false", "falsch", "0"];

/// One row: its line, its path, and the cells that hold something, lists cut.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) line: u64,
    pub(super) path: Box<str>,
    pub(super) cells: Box<[(Column, Box<str>)]>,
}

/// A row while its cells come in.
pub(super) struct Draft {
    line: u64,
    path: String,
    cells: Vec<(Column, Box<str>)>,
}

impl Draft {
    pub(super) fn new(line: u64) -> Self {
        Self { line, path: String::new(), cells: Vec::new() }
    }

    pub(super) fn add(&mut self, column: Column, name: &str, text: &str) -> Result<(), TableFault> {
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
                let date =
                    dating::iso(value).ok_or_else(|| TableFault::Date { column: brief(name), value: brief(value) })?;
                self.cells.push((column, date.into()));
            }
            // Empty parts stay: births and deaths belong together by their order.
            Column::Born | Column::Died => {
                for part in value.split(SEPARATOR).map(str::trim) {
                    let unknown = part.is_empty() || UNKNOWN.iter().any(|word| part.eq_ignore_ascii_case(word));
                    let fault = || TableFault::Date { column: brief(name), value: brief(part) };
                    let date = if unknown { String::new() } else { dating::iso(part).ok_or_else(fault)? };
                    self.cells.push((column, date.into()));
                }
            }
            Column::Personal => {
                let is = |words: &[&str]| words.iter().any(|word| value.eq_ignore_ascii_case(word));
                if is(YES) {
                    self.cells.push((column, "yes".into()));
                } else if !is(NO) {
                    return Err(TableFault::Type { key: brief(name) });
                }
            }
            Column::Identifier | Column::Subject => self.cells.extend(
                value.split(SEPARATOR).map(str::trim).filter(|part| !part.is_empty()).map(|part| (column, part.into())),
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
        Ok(Entry { line: self.line, path: path.into(), cells: self.cells.into_boxed_slice() })
    }
}

/// Ends a row and puts it behind `entries`.
pub(super) fn push(entries: &mut Vec<Entry>, draft: Draft) -> Result<(), Place> {
    let line = draft.line;
    let entry = draft.finish().map_err(|fault| Place::line(line, fault))?;
    if entries.len() == ROWS_MAX {
        let limit = ROWS_MAX;
        return Err(Place::line(line, TableFault::TooManyRows { limit }));
    }
    entries.push(entry);
    Ok(())
}

pub(super) fn duplicate(name: &str) -> TableFault {
    TableFault::DuplicateColumn { column: brief(name) }
}

/// Returns the beginning of a foreign text, fit for a message.
pub(super) fn brief(text: &str) -> String {
    const LETTERS: usize = 120;
    let mut out = path::shown(text.as_bytes());
    if let Some((end, _)) = out.char_indices().nth(LETTERS) {
        out.truncate(end);
        out.push('…');
    }
    out
}
