//! Rows of a CSV file (RFC 4180), taken exactly or refused: a reader that guesses would shift cells unseen.

use std::io::{self, BufRead};

use super::fault::TableFault;

/// The longest row, in bytes.
const ROW_MAX: usize = 1 << 20;

/// The most cells of a row.
const CELLS_MAX: usize = 64;

/// The rows of a CSV file one by one; empty lines are passed over.
pub(in crate::source) struct Rows<R> {
    input: R,
    layout: Layout,
    delimiter: u8,
    /// Lines that were read.
    line: u64,
    /// Bytes that were read, and bytes before the row that was read last.
    at: u64,
    start: u64,
    /// Line and column, from 1, in which each cell of the row begins that was read last.
    places: Vec<(u64, u64)>,
}

/// How a CSV file is written.
#[derive(Debug, Clone, Copy)]
pub(in crate::source) struct Layout {
    /// What stands between the cells; `None`: the first line tells.
    pub(in crate::source) delimiter: Option<u8>,
    /// An encoding with one byte for each letter; `None` for UTF-8.
    pub(in crate::source) encoding: Option<&'static encoding_rs::Encoding>,
    /// The most cells of a row.
    pub(in crate::source) cells: usize,
}

impl Default for Layout {
    fn default() -> Self {
        Self { delimiter: None, encoding: None, cells: CELLS_MAX }
    }
}

/// A row and the line it begins in.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::source) struct Row {
    pub(in crate::source) line: u64,
    pub(in crate::source) cells: Vec<String>,
}

/// What is wrong and in which line.
pub(in crate::source) type Fault = (u64, TableFault);

impl<R: BufRead> Rows<R> {
    /// Reads the header; its line tells the delimiter: semicolon, comma or tab, whichever comes most often.
    pub(super) fn open(input: R) -> Result<(Self, Row), Fault> {
        Self::with(input, Layout::default())
    }

    /// Reads the header of a file that is written as `layout` says.
    pub(in crate::source) fn with(mut input: R, layout: Layout) -> Result<(Self, Row), Fault> {
        let mut header = Vec::new();
        let limit = ROW_MAX as u64 + 1;
        io::Read::take(&mut input, limit)
            .read_until(b'\n', &mut header)
            .map_err(|error| (1, TableFault::Read(error)))?;
        if header.starts_with(b"\xff\xfe") || header.starts_with(b"\xfe\xff") {
            return Err((1, TableFault::Utf16));
        }
        let text = header.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&header);
        let count = |delimiter: u8| text.split(|b| *b == delimiter).count();
        let likely = [b';', b',', b'\t'].into_iter().rev().max_by_key(|d| count(*d)).unwrap_or(b';');
        let delimiter = layout.delimiter.unwrap_or(likely);
        let mut rows = Rows::behind_header(text, layout, delimiter, 0);
        let row = rows.next()?.ok_or((1, TableFault::NoHeader))?;
        let at = header.len() as u64;
        Ok((Self { at, start: at, ..Self::behind_header(input, layout, delimiter, 1) }, row))
    }

    /// Reads rows without a header, after `line` lines.
    pub(in crate::source) fn behind_header(input: R, layout: Layout, delimiter: u8, line: u64) -> Self {
        Self { input, layout, delimiter, line, at: 0, start: 0, places: Vec::new() }
    }

    /// Returns what stands between the cells.
    pub(in crate::source) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Returns where the row that was read last begins and ends, in bytes; before the first, where the header ends.
    pub(in crate::source) fn span(&self) -> (u64, u64) {
        (self.start, self.at)
    }

    /// Returns line and column of each cell of the row that was read last.
    pub(in crate::source) fn places(&self) -> &[(u64, u64)] {
        &self.places
    }

    /// Returns the next row, or nothing at the end.
    pub(in crate::source) fn next(&mut self) -> Result<Option<Row>, Fault> {
        loop {
            let line = self.line + 1;
            self.start = self.at;
            let Some(cells) = self.cells(line)? else {
                return Ok(None);
            };
            if cells.len() > 1 || cells.first().is_some_and(|cell| !cell.is_empty()) {
                return Ok(Some(Row { line, cells }));
            }
        }
    }

    fn cells(&mut self, line: u64) -> Result<Option<Vec<String>>, Fault> {
        let read = |error| (line, TableFault::Read(error));
        if peek(&mut self.input).map_err(read)?.is_none() {
            return Ok(None);
        }
        let mut cells = Vec::new();
        let mut cell = Vec::new();
        let mut state = State::Start;
        let mut size = 0;
        let mut column = 1;
        self.line += 1;
        self.places.clear();
        self.places.push((self.line, column));
        loop {
            let byte = take(&mut self.input).map_err(read)?;
            size += 1;
            self.at += u64::from(byte.is_some());
            // In UTF-8 a byte that goes on a letter begins none.
            column += u64::from(byte.is_some_and(|byte| self.layout.encoding.is_some() || byte & 0xc0 != 0x80));
            if size > ROW_MAX {
                return Err((line, TableFault::RowTooLong { limit: ROW_MAX }));
            }
            match (byte, state) {
                (Some(0), _) => return Err((self.line, TableFault::Nul)),
                (None, State::Quoted { opened }) => return Err((opened, TableFault::QuoteOpen)),
                (Some(b'"'), State::Start) => state = State::Quoted { opened: self.line },
                (Some(b'"'), State::Quoted { opened }) => state = State::Closed { opened },
                (Some(b'"'), State::Closed { opened }) => {
                    cell.push(b'"');
                    state = State::Quoted { opened };
                }
                (Some(b'"'), State::Plain) => return Err((self.line, TableFault::StrayQuote)),
                (Some(byte), State::Quoted { .. }) => {
                    if byte == b'\n' {
                        self.line += 1;
                        column = 1;
                    }
                    cell.push(byte);
                }
                (Some(byte), _) if byte == self.delimiter => {
                    self.push(&mut cells, &mut cell).map_err(|fault| (line, fault))?;
                    self.places.push((self.line, column));
                    state = State::Start;
                }
                (Some(b'\r'), _) if peek(&mut self.input).map_err(read)? != Some(b'\n') => {
                    return Err((self.line, TableFault::LineEnd));
                }
                (Some(b'\r'), _) => {}
                (None | Some(b'\n'), _) => {
                    self.push(&mut cells, &mut cell).map_err(|fault| (line, fault))?;
                    return Ok(Some(cells));
                }
                (Some(_), State::Closed { .. }) => return Err((self.line, TableFault::StrayQuote)),
                (Some(byte), State::Start | State::Plain) => {
                    cell.push(byte);
                    state = State::Plain;
                }
            }
        }
    }
}

impl<R> Rows<R> {
    fn push(&self, cells: &mut Vec<String>, cell: &mut Vec<u8>) -> Result<(), TableFault> {
        let limit = self.layout.cells;
        if cells.len() == limit {
            return Err(TableFault::TooManyColumns { limit });
        }
        let bytes = std::mem::take(cell);
        let text = match self.layout.encoding {
            Some(encoding) => encoding.decode_without_bom_handling(&bytes).0.into_owned(),
            None => String::from_utf8(bytes).map_err(|_| TableFault::NotUtf8)?,
        };
        cells.push(text);
        Ok(())
    }
}

/// Where in a cell the reader is.
#[derive(Clone, Copy)]
enum State {
    Start,
    Plain,
    /// Behind the quote that opened in this line.
    Quoted {
        opened: u64,
    },
    /// Behind a quote that closes, unless another one follows.
    Closed {
        opened: u64,
    },
}

fn peek(input: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        match input.fill_buf() {
            Ok(buffer) => return Ok(buffer.first().copied()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn take(input: &mut impl BufRead) -> io::Result<Option<u8>> {
    let byte = peek(input)?;
    if byte.is_some() {
        input.consume(1);
    }
    Ok(byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &[u8]) -> Result<Vec<Row>, Fault> {
        let (mut rows, header) = Rows::open(text)?;
        let mut out = vec![header];
        while let Some(row) = rows.next()? {
            out.push(row);
        }
        Ok(out)
    }

    #[test]
    fn cells_are_taken_as_they_are() {
        type Cells<'a> = (u64, &'a [&'a str]);
        let texts: [(&str, &[Cells<'_>]); 8] = [
            ("a;b\n1;2\n", &[(1, &["a", "b"]), (2, &["1", "2"])]),
            ("\u{feff}a,b\r\n1,2", &[(1, &["a", "b"]), (2, &["1", "2"])]),
            ("a\tb;c\td\n", &[(1, &["a", "b;c", "d"])]),
            ("a\n\n\n1\n", &[(1, &["a"]), (4, &["1"])]),
            ("a;b\n\"x;\"\"y\"\"\n z\";2\n3;\n", &[(1, &["a", "b"]), (2, &["x;\"y\"\n z", "2"]), (4, &["3", ""])]),
            ("\"a\";\"b\"\n;\n", &[(1, &["a", "b"]), (2, &["", ""])]),
            ("a;b\n\"\"\"\";\"\"\n", &[(1, &["a", "b"]), (2, &["\"", ""])]),
            ("a;b\n =1+1 ; @x\n", &[(1, &["a", "b"]), (2, &[" =1+1 ", " @x"])]),
        ];
        for (text, expected) in texts {
            let rows = read(text.as_bytes()).unwrap();
            let rows: Vec<(u64, Vec<&str>)> =
                rows.iter().map(|row| (row.line, row.cells.iter().map(String::as_str).collect())).collect();
            let expected: Vec<(u64, Vec<&str>)> =
                expected.iter().map(|(line, cells)| (*line, cells.to_vec())).collect();
            assert_eq!(rows, expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_table_is_refused_with_its_line() {
        for (text, line, name) in [
            (&b""[..], 1, "NoHeader"),
            (b"\xff\xfea\0;\0", 1, "Utf16"),
            (b"\xfe\xff\0a", 1, "Utf16"),
            (b"a;b\n1;2\ngr\xfcn;2\n", 3, "NotUtf8"),
            (b"a;b\n1;\0\n", 2, "Nul"),
            (b"a;b\n1;2\n\"1;2\n3;4\n", 3, "QuoteOpen"),
            (b"a;b\n\"1\n\n\";\"2\n", 4, "QuoteOpen"),
            (b"a;b\n\"1\"x;2\n", 2, "StrayQuote"),
            (b"a;b\n5\" Rohr;2\n", 2, "StrayQuote"),
            (b"a;b\r1;2\r", 1, "LineEnd"),
            (b"a;b\n1;\r", 2, "LineEnd"),
        ] {
            let (at, fault) = read(text).unwrap_err();
            assert!(format!("{fault:?}").starts_with(name), "{text:?}: {fault:?}");
            assert_eq!(at, line, "{text:?}");
        }
    }

    #[test]
    fn limits_hold() {
        let many = format!("a\n{}\n", ";".repeat(10));
        assert!(read(many.as_bytes()).is_ok());
        let many = format!("a;b\n{}\n", ";".repeat(64));
        assert!(matches!(read(many.as_bytes()), Err((2, TableFault::TooManyColumns { limit: 64 }))));
        for text in [format!("a\n{}", "x".repeat(ROW_MAX + 1)), "x".repeat(ROW_MAX + 9)] {
            assert!(matches!(read(text.as_bytes()), Err((_, TableFault::RowTooLong { .. }))));
        }
    }

    proptest! {
        #[test]
        fn quoted_cells_come_back(rows in prop::collection::vec(prop::collection::vec("[a-zä;,\"\r\n =]{0,6}", 3), 1..6)) {
            let line = |cells: &Vec<String>| {
                cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect::<Vec<_>>().join(";")
            };
            let text = format!("a;b;c\n{}\r\n", rows.iter().map(line).collect::<Vec<_>>().join("\r\n"));
            let read: Vec<_> = read(text.as_bytes()).unwrap().into_iter().skip(1).map(|row| row.cells).collect();
            prop_assert_eq!(read, rows);
        }

        #[test]
        fn any_bytes_give_rows_or_a_fault(bytes in prop::collection::vec(prop::sample::select(b"a;,\"\n\r\t\0\xc3\xa4\xff".to_vec()), 0..40)) {
            let _ = read(&bytes);
        }
    }
}
