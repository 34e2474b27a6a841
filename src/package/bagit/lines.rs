//! Lines of the text files of a bag: LF, CR or both end one (RFC 8493, 2.3).

use std::io::{self, BufRead as _, BufReader, Chain, Cursor, Read};

use super::Flaw;
use crate::io::encoding::{Encoding, TextReader};

/// The longest line: a checksum and a path of which each byte is written with three.
const LINE_MAX: usize = 16 << 10;

const SECTION: &str = "2.3";

/// What comes next in a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Next<'a> {
    /// A line without its end, behind its number from 1.
    Line(u64, &'a str),
    /// A line that cannot be used.
    Flaw(Flaw),
    /// The end.
    End,
}

/// The lines of one file.
pub struct Lines<R: Read> {
    input: TextReader<BufReader<Chain<Cursor<Vec<u8>>, R>>>,
    /// The line that was read last, from 1.
    number: u64,
    line: Vec<u8>,
    ended: bool,
    /// A byte order mark that should not be there and was not told yet.
    mark: Option<Flaw>,
}

impl<R: Read> Lines<R> {
    /// Begins to read `input`, which is in `encoding`; a byte order mark in UTF-8 is only warned of where `lenient`.
    pub fn new(mut input: R, encoding: Encoding, lenient: bool) -> io::Result<Self> {
        let mut head = Vec::new();
        input.by_ref().take(3).read_to_end(&mut head)?;
        let is_marked = encoding == Encoding::Utf8 && head == "\u{feff}".as_bytes();
        if is_marked {
            head.clear();
        }
        // "UTF-16" does not tell the order of its bytes; without a mark the first letter does, which is one of ASCII.
        let encoding = match (encoding, head.as_slice()) {
            (Encoding::Utf16Le, [0, second, ..]) if *second > 0 => Encoding::Utf16Be,
            _ => encoding,
        };
        let mark = is_marked.then(|| Flaw::new("mark", SECTION, 1).warning_if(lenient));
        let input = BufReader::with_capacity(1 << 16, Cursor::new(head).chain(input));
        let input = TextReader::in_encoding(input, encoding);
        Ok(Self { input, number: 0, line: Vec::new(), ended: false, mark })
    }

    /// Reads the next line; nothing more comes after letters that are none in the encoding.
    pub fn read(&mut self) -> io::Result<Next<'_>> {
        if let Some(mark) = self.mark.take() {
            return Ok(Next::Flaw(mark));
        }
        if self.ended {
            return Ok(Next::End);
        }
        self.line.clear();
        self.number += 1;
        let mut is_long = false;
        loop {
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    self.ended = true;
                    let encoding = self.input.encoding().name();
                    return Ok(Next::Flaw(Flaw::new("letters", SECTION, self.number).detail(encoding)));
                }
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                self.ended = true;
                if self.line.is_empty() && !is_long {
                    return Ok(Next::End);
                }
                break;
            }
            let end = available.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let length = end.unwrap_or(available.len());
            is_long |= self.line.len() + length > LINE_MAX;
            if !is_long {
                self.line.extend_from_slice(&available[..length]);
            }
            let is_return = end.is_some_and(|at| available[at] == b'\r');
            self.input.consume(length + usize::from(end.is_some()));
            if end.is_some() {
                if is_return && self.input.fill_buf().is_ok_and(|next| next.first() == Some(&b'\n')) {
                    self.input.consume(1);
                }
                break;
            }
        }
        if is_long {
            return Ok(Next::Flaw(Flaw::new("line-long", SECTION, self.number).detail(LINE_MAX.to_string())));
        }
        match std::str::from_utf8(&self.line) {
            Ok(line) if !line.contains('\0') => Ok(Next::Line(self.number, line)),
            _ => Ok(Next::Flaw(Flaw::new("line", SECTION, self.number))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns all lines, flaws as `!word line`.
    fn told(bytes: &[u8], encoding: Encoding) -> Vec<String> {
        let mut lines = Lines::new(bytes, encoding, false).unwrap();
        let mut told = Vec::new();
        loop {
            match lines.read().unwrap() {
                Next::Line(_, line) => told.push(line.to_owned()),
                Next::Flaw(flaw) => told.push(format!("!{} {}", flaw.word, flaw.line)),
                Next::End => return told,
            }
        }
    }

    #[test]
    fn lines_end_in_any_way() {
        assert_eq!(told(b"a\nb\r\nc\rd", Encoding::Utf8), ["a", "b", "c", "d"]);
        assert_eq!(told(b"a\n\n\r\r\nb\n", Encoding::Utf8), ["a", "", "", "", "b"]);
        assert!(told(b"", Encoding::Utf8).is_empty());
    }

    #[test]
    fn what_is_no_letter_ends_and_what_is_too_long_is_passed_over() {
        assert_eq!(told(b"a\n\xe4\nb", Encoding::Utf8)[1..], ["!letters 2"]);
        assert_eq!(told(b"a\n\xe4\nb", Encoding::Latin1), ["a", "\u{e4}", "b"]);
        let long = format!("a\n{}\nb\0\nc", "x".repeat(LINE_MAX + 1));
        assert_eq!(told(long.as_bytes(), Encoding::Utf8), ["a", "!line-long 2", "!line 3", "c"]);
    }

    #[test]
    fn marks_tell_the_order_of_bytes_and_nothing_else() {
        assert_eq!(told("\u{feff}a\nb".as_bytes(), Encoding::Utf8), ["!mark 1", "a", "b"]);
        let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        for text in ["\u{feff}a\r\n\u{e4}", "a\r\n\u{e4}"] {
            assert_eq!(told(&wide(text, u16::to_le_bytes), Encoding::Utf16Le), ["a", "\u{e4}"]);
            assert_eq!(told(&wide(text, u16::to_be_bytes), Encoding::Utf16Le), ["a", "\u{e4}"]);
        }
    }
}
