//! What can be wrong with a table, and where.

use std::io;

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
    /// TOML: too many keys and values stand in it.
    #[error("more than {limit} values")]
    TooManyValues {
        /// Values that are allowed.
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
    /// A list of decisions says something else than A, B or V.
    #[error("{value} is no decision")]
    Decision {
        /// What stands there.
        value: String,
    },
    /// A row of a list of decisions does not say which object it decides on.
    #[error("no identifier, reference code or path")]
    NoSubject,
    /// The period ends before it begins.
    #[error("{to} is before {from}")]
    DateOrder {
        /// The beginning.
        from: String,
        /// The end.
        to: String,
    },
}

/// A fault and where it is; the file's name comes later.
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: Option<u64>,
    pub(super) fault: TableFault,
}

impl Place {
    pub(super) fn line(line: u64, fault: TableFault) -> Self {
        Self { line, column: None, fault }
    }

    pub(super) fn error(self, file: &str) -> TableError {
        TableError { file: file.to_owned(), line: self.line, column: self.column, fault: self.fault }
    }
}
