//! The export of a system: where its records stand in it, and what each of them says.

use std::io::{self, BufRead, BufReader, Read};

use super::{Format, Rules};
use crate::io::xml::{Node, XmlLimits, XmlReader};
use crate::io::xpath::{Matcher, XPath};
use crate::model::finding::{Code, Finding};
use crate::source::table::TableFault;
use crate::source::table::rows::{Layout, Rows};
use crate::source::xml_tree::{XmlTree, finding};
use crate::task::{Cancel, Cancelled};

/// The most columns of an export.
const COLUMNS_MAX: usize = 1_000;

/// The most records of an export.
const RECORDS_MAX: usize = 1_000_000;

/// The largest element that is a record, in bytes.
const ELEMENT_MAX: u64 = 16 << 20;

/// Where a record stands in an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// Bytes before it.
    pub(super) offset: u64,
    /// Its bytes.
    pub(super) length: u64,
    pub(super) line: u64,
    pub(super) column: u64,
}

/// What was found in an export.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) spans: Vec<Span>,
    /// CSV: the names of the columns, what stands between them, and the bytes of the header.
    pub(super) columns: Vec<String>,
    pub(super) delimiter: u8,
    pub(super) header: u64,
}

/// Why an export cannot be used.
#[derive(Debug)]
pub(super) enum ExportFault {
    Table(u64, TableFault),
    Finding(Box<Finding>),
    Cancelled(Cancelled),
}

impl From<Cancelled> for ExportFault {
    fn from(stopped: Cancelled) -> Self {
        Self::Cancelled(stopped)
    }
}

/// One value of a record and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) line: u64,
    pub(super) column: Option<u64>,
}

/// What a record says.
pub(super) enum Data<'a> {
    Row { columns: &'a [String], cells: Vec<String>, places: Vec<(u64, u64)> },
    Element(XmlTree),
}

impl Data<'_> {
    /// Returns the values at `from`, empty ones left out.
    pub(super) fn values(&self, from: &str) -> Vec<Value> {
        match self {
            Self::Row { columns, cells, places } => {
                let Some(at) = column(columns, from) else { return Vec::new() };
                let (line, column) = places.get(at).copied().unwrap_or_default();
                let text = cells.get(at).map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty());
                text.map(|text| Value { text, line, column: Some(column) }).into_iter().collect()
            }
            Self::Element(tree) => {
                let found = XPath::parse(from).map(|path| tree.find(&path)).unwrap_or_default();
                found.into_iter().map(|(text, line)| Value { text, line, column: None }).collect()
            }
        }
    }
}

/// Returns the position of the column `name`: exactly so, else in another case.
pub(super) fn column(columns: &[String], name: &str) -> Option<usize> {
    let name = name.trim();
    let exactly = columns.iter().position(|column| column == name);
    exactly.or_else(|| columns.iter().position(|column| column.to_lowercase() == name.to_lowercase()))
}

/// Lists the records of the export `file`.
pub(super) fn list(input: impl Read, file: &str, rules: &Rules, cancel: &Cancel) -> Result<Listing, ExportFault> {
    let input = BufReader::with_capacity(1 << 16, input);
    match (&rules.format, rules.encoding) {
        (Format::Csv { .. }, _) => rows(input, rules, cancel),
        (Format::Xml(path), None) => elements(input, file, path, false, cancel),
        (Format::Xml(path), Some(encoding)) => {
            let decoding = BufReader::new(Decoding { input, encoding, text: Vec::new(), at: 0 });
            elements(decoding, file, path, true, cancel)
        }
    }
}

/// Reads the record that stands at `span`; `bytes` are its bytes.
pub(super) fn read<'a>(
    bytes: &[u8],
    span: Span,
    listing: &'a Listing,
    file: &str,
    rules: &Rules,
) -> Result<Data<'a>, Box<Finding>> {
    match &rules.format {
        Format::Csv { .. } => {
            let mut rows = Rows::behind_header(bytes, layout(rules), listing.delimiter, span.line - 1);
            match rows.next() {
                Ok(Some(row)) => {
                    Ok(Data::Row { columns: &listing.columns, cells: row.cells, places: rows.places().to_vec() })
                }
                // It was read before: the file changed.
                _ => Err(Box::new(Finding::new(Code::Unreadable).file(file).line(span.line).value("changed"))),
            }
        }
        Format::Xml(_) => {
            let decoded = rules.encoding.map(|encoding| encoding.decode_without_bom_handling(bytes).0.into_owned());
            let text = decoded.as_ref().map_or(bytes, String::as_bytes);
            XmlTree::fragment(text, span.line).map(Data::Element).map_err(|fault| Box::new(fault.finding(file)))
        }
    }
}

fn layout(rules: &Rules) -> Layout {
    let delimiter = match rules.format {
        Format::Csv { separator } => separator,
        Format::Xml(_) => None,
    };
    Layout { delimiter, encoding: rules.encoding, cells: COLUMNS_MAX }
}

fn rows(input: impl BufRead, rules: &Rules, cancel: &Cancel) -> Result<Listing, ExportFault> {
    let fault = |(line, fault)| ExportFault::Table(line, fault);
    let (mut rows, header) = Rows::with(input, layout(rules)).map_err(fault)?;
    let columns: Vec<String> = header.cells.iter().map(|cell| cell.trim().to_owned()).collect();
    for (at, name) in columns.iter().enumerate() {
        if !name.is_empty() && columns[..at].contains(name) {
            return Err(ExportFault::Table(header.line, TableFault::DuplicateColumn { column: name.clone() }));
        }
    }
    let mut listing = Listing { spans: Vec::new(), columns, delimiter: rows.delimiter(), header: rows.span().1 };
    while let Some(row) = rows.next().map_err(fault)? {
        if listing.spans.len().is_multiple_of(1024) {
            cancel.check()?;
        }
        let (found, expected) = (row.cells.len(), listing.columns.len());
        if found != expected {
            return Err(ExportFault::Table(row.line, TableFault::Ragged { found, expected }));
        }
        if listing.spans.len() == RECORDS_MAX {
            return Err(ExportFault::Table(row.line, TableFault::TooManyRows { limit: RECORDS_MAX }));
        }
        let (offset, end) = rows.span();
        listing.spans.push(Span { offset, length: end - offset, line: row.line, column: 1 });
    }
    Ok(listing)
}

fn elements(
    input: impl BufRead,
    file: &str,
    path: &XPath,
    decoded: bool,
    cancel: &Cancel,
) -> Result<Listing, ExportFault> {
    let mut reader = XmlReader::plain(input, XmlLimits::default());
    let mut matcher = Matcher::new(path);
    let mut listing = Listing::default();
    let mut depth = 0_usize;
    // Where the record begins that is being read, and how deep; one that lies in another belongs to that.
    let mut open: Option<(Span, usize)> = None;
    let mut pieces = 0_u32;
    loop {
        pieces = pieces.wrapping_add(1);
        if pieces.is_multiple_of(4096) {
            cancel.check()?;
        }
        let node = reader.node().map_err(|error| ExportFault::Finding(Box::new(finding(&error, file))))?;
        match node {
            Some(Node::Start(element)) => {
                depth += 1;
                let attribute = |name: &str| {
                    let found = element.attributes.iter().find(|(_, own, _)| own == name);
                    found.map(|(_, _, value)| value.as_str())
                };
                if matcher.start(&element.name, attribute) && open.is_none() {
                    let place = reader.start();
                    let offset = if decoded { place.letters } else { place.offset };
                    open = Some((Span { offset, length: 0, line: place.line, column: place.column }, depth));
                }
            }
            Some(Node::End) => {
                matcher.end();
                if let Some((mut span, _)) = open.take_if(|(_, at)| *at == depth) {
                    let end = reader.end();
                    let end = if decoded { end.letters } else { end.offset };
                    span.length = end.saturating_sub(span.offset);
                    if span.length > ELEMENT_MAX || listing.spans.len() == RECORDS_MAX {
                        let limit = if span.length > ELEMENT_MAX { "piece" } else { "records" };
                        let finding = Finding::new(Code::XmlMalformed).file(file).line(span.line).value(limit);
                        return Err(ExportFault::Finding(Box::new(finding)));
                    }
                    listing.spans.push(span);
                }
                depth = depth.saturating_sub(1);
            }
            Some(Node::Text(_)) => {}
            None => return Ok(listing),
        }
    }
}

/// Turns letters of one byte each into UTF-8; the XML declaration, which names the old encoding, becomes blanks.
struct Decoding<R> {
    input: R,
    encoding: &'static encoding_rs::Encoding,
    text: Vec<u8>,
    at: u64,
}

impl<R: BufRead> Read for Decoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.text.is_empty() {
            let mut bytes = self.input.fill_buf()?.to_vec();
            self.input.consume(bytes.len());
            if self.at == 0 && bytes.starts_with(b"<?xml") {
                let end = bytes.windows(2).position(|two| two == b"?>").map_or(0, |at| at + 2);
                bytes[..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
            }
            self.at += bytes.len() as u64;
            self.text = self.encoding.decode_without_bom_handling(&bytes).0.into_owned().into_bytes();
        }
        let count = self.text.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.text[..count]);
        self.text.drain(..count);
        Ok(count)
    }
}
