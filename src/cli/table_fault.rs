//! What is wrong with a table of descriptions (`metadata.csv`, `metadata.toml`), as a user is told.

use std::path::Path;

use earchiv::source::{TableError, TableFault};

use super::error::{Failure, Kind};
use super::text::Value;

impl From<TableError> for Failure {
    fn from(error: TableError) -> Self {
        let file = Path::new(&error.file);
        let at = |failure: Self| match error.column {
            Some(column) => failure.place(error.line, column),
            None => failure.in_line(error.line),
        };
        let (key, arguments): (&'static str, Vec<(&'static str, Value<'static>)>) = match error.fault {
            TableFault::Read(error) => return Self::reading(Kind::Io, file, &error),
            TableFault::Syntax { message } => {
                return at(Self::new(Kind::Refused, "table").at(file)).because(message);
            }
            TableFault::Utf16 => ("table-utf16", vec![]),
            TableFault::NotUtf8 => ("table-not-utf8", vec![]),
            TableFault::Nul => ("table-nul", vec![]),
            TableFault::Control { column } => ("table-control", vec![("column", column.into())]),
            TableFault::LineEnd => ("table-line-end", vec![]),
            TableFault::TooLarge { limit } => ("table-too-large", vec![("limit", limit.into())]),
            TableFault::RowTooLong { limit } => ("table-row-too-long", vec![("limit", limit.into())]),
            TableFault::TooManyColumns { limit } => ("table-too-many-columns", vec![("limit", limit.into())]),
            TableFault::TooManyRows { limit } => ("table-too-many-rows", vec![("limit", limit.into())]),
            TableFault::TooManyValues { limit } => ("table-too-many-values", vec![("limit", limit.into())]),
            TableFault::QuoteOpen => ("table-quote-open", vec![]),
            TableFault::StrayQuote => ("table-stray-quote", vec![]),
            TableFault::Ragged { found, expected } => {
                ("table-ragged", vec![("found", found.into()), ("expected", expected.into())])
            }
            TableFault::NoHeader => ("table-no-header", vec![]),
            TableFault::DuplicateColumn { column } => ("table-column-twice", vec![("column", column.into())]),
            TableFault::UnknownColumn { column } => ("table-column-unknown", vec![("column", column.into())]),
            TableFault::MissingColumn { column } => ("table-column-missing", vec![("column", column.into())]),
            TableFault::Type { key } => ("table-type", vec![("key", key.into())]),
            TableFault::NoPath => ("table-no-path", vec![]),
            TableFault::Outside { path } => ("table-outside", vec![("path", path.into())]),
            TableFault::DuplicatePath { path, first } => {
                ("table-path-twice", vec![("path", path.into()), ("first", first.into())])
            }
            TableFault::NoSuchEntry { path } => ("table-no-such-entry", vec![("path", path.into())]),
            TableFault::DateOrder { from, to } => ("table-date-order", vec![("from", from.into()), ("to", to.into())]),
            TableFault::Decision { value } => ("table-decision", vec![("value", value.into())]),
            TableFault::NoSubject => ("table-no-subject", vec![]),
            TableFault::Date { value, column } => {
                ("table-date", vec![("value", value.into()), ("column", column.into())])
            }
        };
        at(Self::new(Kind::Refused, "table").at(file)).because_text(key, arguments)
    }
}
