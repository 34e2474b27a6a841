//! Text of others as UTF-8, strictly: the bytes must be what the text says of itself, and every byte a letter.
//!
//! What a text is in follows from its byte order mark, else from the XML declaration at its beginning, else it is UTF-8
//! (XML 1.0, 4.3.3 and appendix F). Nothing is guessed and nothing replaced: a byte that is no letter ends the reading, and so
//! does a text that says it has one byte for each letter while all its other bytes are UTF-8.

use std::io::{self, BufRead, Read};

use encoding_rs::{Encoding as Table, ISO_8859_15, WINDOWS_1252};

/// How far into a text its declaration is looked for.
const HEAD: usize = 1024;

/// What a text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// ASCII alone.
    Ascii,
    /// UTF-16, the lower byte first.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
    /// ISO 8859-1.
    Latin1,
    /// ISO 8859-15.
    Latin9,
    /// Windows-1252.
    Windows1252,
}

impl Encoding {
    /// Returns what a declaration means by `label`; that of UTF-16 does not tell the order of its bytes.
    #[must_use]
    pub fn named(label: &str) -> Option<Self> {
        Some(match label.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Self::Utf8,
            "us-ascii" | "ascii" => Self::Ascii,
            "utf-16" | "utf-16le" => Self::Utf16Le,
            "utf-16be" => Self::Utf16Be,
            "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" => Self::Latin1,
            "iso-8859-15" | "iso8859-15" | "iso_8859-15" | "latin9" => Self::Latin9,
            "windows-1252" | "cp1252" => Self::Windows1252,
            _ => return None,
        })
    }

    /// Returns the name that IANA gives it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Ascii => "US-ASCII",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Latin1 => "ISO-8859-1",
            Self::Latin9 => "ISO-8859-15",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// Returns whether a text in this encoding may declare `label`.
    #[must_use]
    pub fn is_called(self, label: &str) -> bool {
        match self {
            Self::Utf16Le | Self::Utf16Be => label.eq_ignore_ascii_case("utf-16") || Self::named(label) == Some(self),
            // The mark says UTF-8 whatever ASCII says; and ASCII is UTF-8.
            Self::Utf8 => matches!(Self::named(label), Some(Self::Utf8)),
            own => Self::named(label) == Some(own),
        }
    }

    /// Returns the letter of one byte, where it is one.
    fn letter(self, byte: u8) -> Option<char> {
        if byte.is_ascii() {
            return Some(char::from(byte));
        }
        let table: &'static Table = match (self, byte) {
            // What stands there are controls that nobody writes: the text is in another encoding.
            (Self::Latin1 | Self::Latin9, 0x80..=0x9f) | (Self::Windows1252, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d) => {
                return None;
            }
            (Self::Latin1, _) => return Some(char::from(byte)),
            (Self::Latin9, _) => ISO_8859_15,
            (Self::Windows1252, _) => WINDOWS_1252,
            _ => return None,
        };
        table.decode_without_bom_handling_and_without_replacement(&[byte])?.chars().next()
    }
}

/// A byte of a text is no letter in the encoding that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset} is not {}", encoding.name())]
pub struct NotALetter {
    /// What the text says that it is in.
    pub encoding: Encoding,
    /// Bytes before the one at fault.
    pub offset: u64,
}

/// Reads a text as UTF-8; one that is in UTF-8 passes through byte by byte, its byte order mark included.
///
/// A byte that is no letter is an error of kind `InvalidData` that holds [`NotALetter`]; all before it is read.
#[derive(Debug)]
pub struct TextReader<R> {
    input: R,
    /// The bytes that were looked at, and how many of them were passed on.
    head: Vec<u8>,
    given: usize,
    begun: bool,
    /// Whether something else said what the text is in.
    told: bool,
    encoding: Encoding,
    /// Raw bytes that were used up.
    offset: u64,
    /// How many of the bytes at hand are proven UTF-8.
    good: usize,
    /// The beginning of a letter at the end of the bytes that were proven.
    begin: Vec<u8>,
    /// Decoded text, and how much of it was passed on.
    text: Vec<u8>,
    passed: usize,
    /// What the bytes above ASCII look like, for encodings of one byte.
    alike: Alike,
}

/// Whether a text of one byte a letter looks like UTF-8.
#[derive(Debug, Default)]
struct Alike {
    /// Where the first sequence of UTF-8 begins.
    first: Option<u64>,
    /// Bytes that the sequence at hand still wants.
    wanted: u8,
    /// Something was no UTF-8.
    is_other: bool,
}

impl Alike {
    fn see(&mut self, byte: u8, offset: u64) {
        match byte {
            0x80..=0xbf if self.wanted > 0 => self.wanted -= 1,
            0..=0x7f if self.wanted == 0 => {}
            0xc2..=0xf4 if self.wanted == 0 => {
                self.first.get_or_insert(offset);
                self.wanted = 1 + u8::from(byte >= 0xe0) + u8::from(byte >= 0xf0);
            }
            _ => self.is_other = true,
        }
    }
}

impl<R: BufRead> TextReader<R> {
    /// Begins to read `input`.
    pub fn new(input: R) -> Self {
        Self {
            input,
            head: Vec::new(),
            given: 0,
            begun: false,
            told: false,
            encoding: Encoding::Utf8,
            offset: 0,
            good: 0,
            begin: Vec::new(),
            text: Vec::new(),
            passed: 0,
            alike: Alike::default(),
        }
    }

    /// Begins to read `input`, of which something else says that it is in `encoding`; a byte order mark must agree.
    pub fn in_encoding(input: R, encoding: Encoding) -> Self {
        Self { encoding, told: true, ..Self::new(input) }
    }

    /// Returns what the text is in; UTF-8 before anything was read.
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Looks at the beginning, which stays to be read.
    fn start(&mut self) -> io::Result<()> {
        self.begun = true;
        while self.head.len() < HEAD {
            let available = retried(&mut self.input)?;
            let length = available.len().min(HEAD - self.head.len());
            self.head.extend_from_slice(&available[..length]);
            self.input.consume(length);
            // Only a declaration is worth waiting for.
            let is_open = b"<?xml".starts_with(&self.head)
                || self.head.len() < 4
                || (self.head.starts_with(b"<?xml") && !self.head.windows(2).any(|two| two == b"?>"));
            if length == 0 || !is_open {
                break;
            }
        }
        let (encoding, mark) = match self.head.as_slice() {
            [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 0),
            [0xff, 0xfe, ..] => (Encoding::Utf16Le, 2),
            [0xfe, 0xff, ..] => (Encoding::Utf16Be, 2),
            // Without a mark the declaration must say so, which whoever reads it looks for.
            [b'<', 0, b'?', 0, ..] => (Encoding::Utf16Le, 0),
            [0, b'<', 0, b'?', ..] => (Encoding::Utf16Be, 0),
            _ if self.told => (self.encoding, 0),
            head => match declared(head).and_then(Encoding::named) {
                // Bytes that can be read up to here are none of UTF-16.
                None | Some(Encoding::Utf16Le | Encoding::Utf16Be) => (Encoding::Utf8, 0),
                Some(named) => (named, 0),
            },
        };
        let told = self.told.then_some(self.encoding);
        (self.encoding, self.given, self.offset) = (encoding, mark, mark as u64);
        // "UTF-16" alone tells no order: the mark does.
        if told.is_some_and(|told| !(encoding.is_called(told.name()) || (mark > 0 && told == Encoding::Utf16Le))) {
            return Err(self.fault(0));
        }
        Ok(())
    }

    fn raw(&mut self) -> io::Result<&[u8]> {
        if self.given < self.head.len() { Ok(&self.head[self.given..]) } else { retried(&mut self.input) }
    }

    fn use_up(&mut self, length: usize) {
        self.offset += length as u64;
        if self.given < self.head.len() {
            self.given += length;
        } else {
            self.input.consume(length);
        }
    }

    fn fault(&self, offset: u64) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, NotALetter { encoding: self.encoding, offset })
    }

    /// Proves the bytes at hand as far as they are UTF-8.
    fn prove(&mut self) -> io::Result<()> {
        if self.good > 0 {
            return Ok(());
        }
        let mut begin = std::mem::take(&mut self.begin);
        let (before, offset) = (begin.len() as u64, self.offset);
        let raw = self.raw()?;
        if raw.is_empty() {
            return if begin.is_empty() { Ok(()) } else { Err(self.fault(offset - before)) };
        }
        let mut at = 0;
        while !begin.is_empty() && at < raw.len() {
            begin.push(raw[at]);
            at += 1;
            match std::str::from_utf8(&begin) {
                Ok(_) => begin.clear(),
                Err(error) if error.error_len().is_some() => return Err(self.fault(offset - before)),
                Err(_) => {}
            }
        }
        let mut good = raw.len();
        if let Err(error) = std::str::from_utf8(&raw[at..]) {
            let end = at + error.valid_up_to();
            if error.error_len().is_none() {
                begin = raw[end..].to_vec();
            } else if end == 0 {
                return Err(self.fault(offset));
            } else {
                good = end;
            }
        }
        (self.begin, self.good) = (begin, good);
        Ok(())
    }

    /// Decodes the next bytes; no text is left at the end.
    fn decode(&mut self) -> io::Result<()> {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        self.passed = 0;
        let wide = matches!(self.encoding, Encoding::Utf16Le | Encoding::Utf16Be);
        while text.is_empty() {
            let raw = self.raw()?.to_vec();
            if raw.is_empty() {
                let offset = self.offset - self.begin.len() as u64;
                if !self.begin.is_empty() {
                    return Err(self.fault(offset));
                }
                if let Alike { first: Some(first), wanted: 0, is_other: false } = self.alike {
                    return Err(self.fault(first));
                }
                break;
            }
            let done = if wide { self.wide(&raw, &mut text) } else { self.narrow(&raw, &mut text) };
            match done {
                Ok(()) => self.use_up(raw.len()),
                // What comes before the fault is passed on first; the next call meets the fault again.
                Err((at, _)) if !text.is_empty() => {
                    self.begin.clear();
                    self.use_up(at);
                }
                Err((_, offset)) => return Err(self.fault(offset)),
            }
        }
        self.text = text;
        Ok(())
    }

    /// Decodes letters of one byte; an error says how many bytes were decoded, and where the fault is.
    fn narrow(&mut self, raw: &[u8], text: &mut Vec<u8>) -> Result<(), (usize, u64)> {
        for (at, byte) in raw.iter().enumerate() {
            let offset = self.offset + at as u64;
            let Some(letter) = self.encoding.letter(*byte) else {
                // Where all before it is UTF-8, that is what the text is in.
                return Err((at, self.alike.first.filter(|_| !self.alike.is_other).unwrap_or(offset)));
            };
            self.alike.see(*byte, offset);
            text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
        Ok(())
    }

    /// Decodes UTF-16, as [`Self::narrow`]; a letter that is cut stays in `begin`.
    fn wide(&mut self, raw: &[u8], text: &mut Vec<u8>) -> Result<(), (usize, u64)> {
        let before = self.begin.len();
        let mut open = std::mem::take(&mut self.begin);
        for (at, byte) in raw.iter().enumerate() {
            open.push(*byte);
            if !open.len().is_multiple_of(2) {
                continue;
            }
            let units = open.chunks_exact(2).map(|two| match self.encoding {
                Encoding::Utf16Le => u16::from_le_bytes([two[0], two[1]]),
                _ => u16::from_be_bytes([two[0], two[1]]),
            });
            let units: Vec<u16> = units.collect();
            match char::decode_utf16(units.iter().copied()).next() {
                Some(Ok(letter)) => {
                    text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                    open.clear();
                }
                // The first half of a letter beyond the first plane.
                _ if units.len() == 1 && matches!(units.first(), Some(0xd800..=0xdbff)) => {}
                _ => {
                    let start = (at + 1).saturating_sub(open.len());
                    let offset = (self.offset + at as u64 + 1).saturating_sub(open.len() as u64);
                    // The letter began in the bytes before these: they were used up, so they are kept.
                    if at + 1 < open.len() {
                        self.begin = open[..before].to_vec();
                    }
                    return Err((start, offset));
                }
            }
        }
        self.begin = open;
        Ok(())
    }
}

impl<R: BufRead> Read for TextReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(buffer.len());
        buffer[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for TextReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if !self.begun {
            self.start()?;
        }
        if self.encoding == Encoding::Utf8 {
            self.prove()?;
            let good = self.good;
            return Ok(self.raw()?.get(..good).unwrap_or_default());
        }
        if self.passed >= self.text.len() {
            self.decode()?;
        }
        Ok(&self.text[self.passed..])
    }

    fn consume(&mut self, length: usize) {
        if self.encoding == Encoding::Utf8 {
            self.good = self.good.saturating_sub(length);
            self.use_up(length);
        } else {
            self.passed += length;
        }
    }
}

/// Fills the buffer; interrupted calls are made again.
fn retried<R: BufRead>(input: &mut R) -> io::Result<&[u8]> {
    while let Err(error) = input.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    input.fill_buf()
}

/// Returns what the XML declaration at the beginning of `head` says of the encoding.
fn declared(head: &[u8]) -> Option<&str> {
    let rest = head.strip_prefix(b"<?xml")?;
    let end = rest.windows(2).position(|two| two == b"?>")?;
    let text = std::str::from_utf8(&rest[..end]).ok()?;
    let value = text.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split_once(quote).map(|(label, _)| label)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads in pieces of `size` bytes: all that can be read, then what is wrong.
    fn read(bytes: &[u8], size: usize) -> (String, Option<NotALetter>) {
        let mut reader = TextReader::new(io::BufReader::with_capacity(size, bytes));
        let (mut text, mut buffer) = (Vec::new(), [0; 7]);
        let fault = loop {
            match reader.read(&mut buffer) {
                Ok(0) => break None,
                Ok(count) => text.extend_from_slice(&buffer[..count]),
                Err(error) => break error.get_ref().and_then(|inner| inner.downcast_ref::<NotALetter>()).copied(),
            }
        };
        (String::from_utf8_lossy(&text).into_owned(), fault)
    }

    fn wide(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn what_can_be_read_is_read_right_in_pieces_of_any_size() {
        let declared = |label: &str| format!("<?xml version='1.0' encoding=\"{label}\"?>").into_bytes();
        let cases: Vec<(&str, Vec<u8>, &str)> = vec![
            ("utf-8", "Größe 𝄞".into(), "Größe 𝄞"),
            ("utf-8 mark", "\u{feff}Größe".into(), "\u{feff}Größe"),
            ("utf-16le", [&b"\xff\xfe"[..], &wide("Größe 𝄞", false)].concat(), "Größe 𝄞"),
            ("utf-16be", [&b"\xfe\xff"[..], &wide("Größe 𝄞", true)].concat(), "Größe 𝄞"),
            ("utf-16 without mark", wide("<?xml encoding='UTF-16'?>ß", true), "<?xml encoding='UTF-16'?>ß"),
            ("latin-1", [&declared("ISO-8859-1")[..], b"Gr\xf6\xdfe"].concat(), "Größe"),
            ("latin-9", [&declared("iso-8859-15")[..], b"5 \xa4 \xf6"].concat(), "5 € ö"),
            ("cp1252", [&declared("Windows-1252")[..], b"\x845 \x80\x93 \xf6"].concat(), "„5 €“ ö"),
            // Two letters that are a letter of UTF-8 too; another shows what they are.
            ("latin-1, alike", [&declared("ISO-8859-1")[..], b"MEN\xdc\xab \xf6"].concat(), "MENÜ« ö"),
            ("ascii", [&declared("us-ascii")[..], b"abc"].concat(), "abc"),
            ("nothing", Vec::new(), ""),
        ];
        for (name, bytes, expected) in cases {
            for size in [1, 2, 3, 5, 4096] {
                let (text, fault) = read(&bytes, size);
                assert!(text.ends_with(expected) && fault.is_none(), "{name}, {size}: {text:?} {fault:?}");
            }
        }
    }

    #[test]
    fn the_first_byte_that_is_no_letter_is_named() {
        let declared = |label: &str| format!("<?xml version='1.0' encoding='{label}'?>").into_bytes();
        let head = declared("ISO-8859-1").len() as u64;
        for (name, bytes, encoding, offset) in [
            ("latin-1 as utf-8", b"Gr\xf6\xdfe".to_vec(), Encoding::Utf8, 2),
            ("overlong", b"a\xc0\xaf".to_vec(), Encoding::Utf8, 1),
            ("surrogates", b"<a>\xed\xa0\xbd\xed\xb8\x80</a>".to_vec(), Encoding::Utf8, 3),
            ("cut", b"ab\xe2\x82".to_vec(), Encoding::Utf8, 2),
            ("utf-8 as latin-1", [&declared("ISO-8859-1")[..], "für".as_bytes()].concat(), Encoding::Latin1, head + 1),
            ("cp1252 as latin-1", [&declared("ISO-8859-1")[..], b"5 \x80"].concat(), Encoding::Latin1, head + 2),
            ("no byte of cp1252", [&declared("cp1252")[..], b"xxxx\x81"].concat(), Encoding::Windows1252, head),
            ("not ascii", [&declared("us-ascii")[..], "xx\u{e4}".as_bytes()].concat(), Encoding::Ascii, head),
            ("odd", [&b"\xff\xfe"[..], &wide("ab", false), b"c"].concat(), Encoding::Utf16Le, 6),
            ("half a letter", [&b"\xff\xfe"[..], b"\x3d\xd8a\0"].concat(), Encoding::Utf16Le, 2),
            ("half a letter at the end", [&b"\xff\xfe"[..], b"a\0\x3d\xd8"].concat(), Encoding::Utf16Le, 4),
            ("second half first", [&b"\xfe\xff"[..], b"\0a\xde\x00"].concat(), Encoding::Utf16Be, 4),
        ] {
            for size in [1, 2, 3, 5, 4096] {
                assert_eq!(read(&bytes, size).1, Some(NotALetter { encoding, offset }), "{name}, {size}");
            }
        }
    }

    #[test]
    fn labels_must_fit_the_bytes() {
        for (encoding, label, fits) in [
            (Encoding::Utf16Le, "UTF-16", true),
            (Encoding::Utf16Be, "utf-16", true),
            (Encoding::Utf16Be, "UTF-16LE", false),
            (Encoding::Utf16Le, "UTF-8", false),
            (Encoding::Utf8, "UTF-16", false),
            (Encoding::Utf8, "ISO-8859-1", false),
            (Encoding::Latin1, "latin1", true),
            (Encoding::Utf8, "x-quatsch", false),
        ] {
            assert_eq!(encoding.is_called(label), fits, "{encoding:?} {label}");
        }
    }
}
