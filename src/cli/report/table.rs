//! The lists of a receipt as CSV that a German office program opens by a double click: RFC 4180 with semicolons, UTF-8 with
//! a byte order mark. No cell can be a formula.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{QuoteStyle, Terminator, WriterBuilder};
use earchiv::archive::receipt::Receipt;
use earchiv::archive::report::RecordReport;
use earchiv::model::closure::Closure;

use super::rows::{Row, deviations as all_deviations, key};
use crate::cli::delivery::fate;
use crate::cli::text::{Text, escape};

/// What makes a program see UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Writes all packages, one a row.
pub fn packages(receipt: &dyn Receipt, text: &Text, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::begin(
        out,
        &[
            text.say("receipt-number", &[]),
            text.say("field-package", &[]),
            text.say("field-title", &[]),
            text.say("receipt-kind", &[]),
            text.say("field-identifiers", &[]),
            text.say("field-signature", &[]),
            text.say("receipt-date-from", &[]),
            text.say("receipt-date-to", &[]),
            text.say("receipt-dates-of-files", &[]),
            text.say("receipt-key", &[]),
            text.say("receipt-outcome", &[]),
            text.say("field-accession", &[]),
            text.say("field-files", &[]),
            text.say("receipt-byte-count", &[]),
            text.say("receipt-closure", &[]),
            text.say("receipt-retention", &[]),
            text.say("receipt-sum-package", &[]),
            text.say("receipt-sum-inventory", &[]),
            text.say("field-content", &[]),
            text.say("field-place", &[]),
            text.say("receipt-equal", &[]),
        ],
    )?;
    let mut number = 0_u64;
    receipt.records(&mut |record| {
        number += 1;
        table.row(&package(record, number, text))?;
        Ok(true)
    })?;
    table.end()
}

fn package(record: &RecordReport, number: u64, text: &Text) -> [String; 21] {
    let about = &record.about;
    let of_files = if about.dates_of_files { text.say("receipt-yes", &[]) } else { text.say("receipt-no", &[]) };
    let equal: Vec<String> =
        record.equal.iter().map(|other| format!("{} ({})", other.package, other.accession)).collect();
    [
        number.to_string(),
        record.id.to_string(),
        record.title.clone(),
        about.kind.clone(),
        about.identifiers.join("; "),
        about.signature.clone(),
        about.date_from.clone(),
        about.date_to.clone(),
        of_files,
        key(record),
        fate(record, text),
        record.accession.clone(),
        record.files.to_string(),
        record.bytes.to_string(),
        closure(about.closure.as_ref(), text),
        about.retention_end.clone(),
        record.sha512.clone(),
        record.inventory.clone(),
        record.content.clone(),
        record.place.clone(),
        equal.join("; "),
    ]
}

/// Returns the last day on which a package is closed, or that it is free or nobody knows.
fn closure(closure: Option<&Closure>, text: &Text) -> String {
    match closure {
        None => String::new(),
        Some(Closure::Free) => text.say("closure-free", &[]),
        Some(Closure::Open) => text.say("closure-open", &[]),
        Some(Closure::Until(end)) => end.clone(),
    }
}

/// Writes all deviations, one a row.
pub fn deviations(receipt: &dyn Receipt, text: &Text, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::begin(
        out,
        &[
            text.say("receipt-number", &[]),
            text.say("receipt-deviation-where", &[]),
            text.say("receipt-records", &[]),
            text.say("field-package", &[]),
            text.say("receipt-deviation-kind", &[]),
            text.say("receipt-deviation-code", &[]),
            text.say("receipt-deviation-what", &[]),
            text.say("receipt-deviation-hint", &[]),
        ],
    )?;
    let mut number = 0_u64;
    all_deviations(&receipt.head()?, receipt, &mut |deviation| {
        number += 1;
        let row = Row::of(deviation, text);
        let hint = row.hint.unwrap_or_default();
        table.row(&[number.to_string(), row.subject, row.record, row.package, row.kind, row.code, row.what, hint])
    })?;
    table.end()
}

/// A table that is being written.
pub struct Table<'a> {
    out: csv::Writer<&'a mut dyn Write>,
}

impl<'a> Table<'a> {
    /// Writes the names of the columns.
    pub fn begin(out: &'a mut dyn Write, names: &[String]) -> io::Result<Self> {
        out.write_all(BYTE_ORDER_MARK)?;
        let mut builder = WriterBuilder::new();
        builder.delimiter(b';').terminator(Terminator::CRLF).quote_style(QuoteStyle::Necessary);
        let mut table = Self { out: builder.from_writer(out) };
        table.row(names)?;
        Ok(table)
    }

    /// Writes a row.
    pub fn row(&mut self, cells: &[String]) -> io::Result<()> {
        self.out.write_record(cells.iter().map(|cell| defused(cell).into_owned())).map_err(io::Error::from)
    }

    /// Writes what is not written yet.
    pub fn end(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Returns `cell` without control characters and marks of direction, and so that no program takes it for a formula: an
/// apostrophe in front says that it is text.
fn defused(cell: &str) -> Cow<'_, str> {
    let shown = escape(cell);
    if shown.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        return Cow::Owned(format!("'{shown}"));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_none_breaks_a_row() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1", "'＝1"),
            ("\t=1", "\\u{9}=1"),
            ("a=b", "a=b"),
            ("a\r\nb", "a\\u{d}\\u{a}b"),
        ] {
            assert_eq!(defused(cell), expected);
        }
        let mut bytes = Vec::new();
        let mut table = Table::begin(&mut bytes, &["Größe; \"x\"".to_owned(), "b".to_owned()]).unwrap();
        table.row(&["=cmd".to_owned(), String::new()]).unwrap();
        table.end().unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "\u{feff}\"Größe; \"\"x\"\"\";b\r\n'=cmd;\r\n");
    }
}
