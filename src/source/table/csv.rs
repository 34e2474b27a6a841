//! Tables in CSV: a header and a row for each record.

use std::collections::HashSet;
use std::io::BufRead;

use super::columns::{Column, Columns, fold};
use super::entry::{Draft, Entry, duplicate, push};
use super::fault::{Place, TableFault};
use super::rows::{Row, Rows};

/// Reads all rows.
pub(super) fn read(input: impl BufRead, columns: &Columns) -> Result<Vec<Entry>, Place> {
    let place = |(line, fault)| Place::line(line, fault);
    let (mut rows, header) = Rows::open(input).map_err(place)?;
    let mut meanings: Vec<(Column, &str)> = Vec::with_capacity(header.cells.len());
    let mut names = HashSet::new();
    for name in &header.cells {
        // Twice the same is said before unknown: it is the graver fault.
        if !names.insert(fold(name)) {
            return Err(Place::line(header.line, duplicate(name)));
        }
    }
    for name in &header.cells {
        let column = columns.find(name).map_err(|fault| Place::line(header.line, fault))?;
        if meanings.iter().any(|(other, _)| *other == column) {
            return Err(Place::line(header.line, duplicate(name)));
        }
        meanings.push((column, name));
    }
    if !meanings.iter().any(|(column, _)| *column == Column::Path) {
        return Err(Place::line(header.line, TableFault::MissingColumn { column: "path" }));
    }
    let mut entries = Vec::new();
    while let Some(Row { line, cells }) = rows.next().map_err(place)? {
        if cells.len() != meanings.len() {
            let (found, expected) = (cells.len(), meanings.len());
            return Err(Place::line(line, TableFault::Ragged { found, expected }));
        }
        let mut entry = Draft::new(line);
        for ((column, name), cell) in meanings.iter().zip(&cells) {
            entry.add(*column, name, cell).map_err(|fault| Place::line(line, fault))?;
        }
        push(&mut entries, entry)?;
    }
    Ok(entries)
}
