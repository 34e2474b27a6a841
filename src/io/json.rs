//! JSON of any origin (RFC 8259) as a stream of events, within limits, each with its place.
//!
//! Nothing but the text that is being read is held. What keys there are, and whether one stands twice, is for the caller.

use std::io::{self, Read};

/// The longest text that is read, in bytes.
const LONGEST: usize = 1 << 20;

/// How deep arrays and objects may lie in each other.
const DEEPEST: usize = 32;

const PIECE: usize = 1 << 16;

/// What comes next in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// `{`
    Object,
    /// `}`
    ObjectEnd,
    /// `[`
    Array,
    /// `]`
    ArrayEnd,
    /// The key of the next value, see [`Json::text`].
    Key,
    /// A text, see [`Json::text`].
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`
    Null,
    /// The document is over.
    End,
}

/// A place in a document, both from 1; columns are characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: u64,
    /// The column.
    pub column: u64,
}

/// Why a document cannot be read on.
#[derive(Debug)]
pub enum Fault {
    /// It is not well-formed; what about it, in a stable word.
    Malformed(&'static str),
    /// A limit was passed, in a stable word.
    Limit(&'static str),
    /// It cannot be read.
    Read(io::Error),
}

/// Reads one document.
#[derive(Debug)]
pub struct Json<R> {
    input: R,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    /// Bytes before the buffer.
    passed: u64,
    line: u64,
    /// Where the line begins, less what of it are no characters of their own.
    begin: u64,
    text: Vec<u8>,
    /// What is open: whether it is an object.
    open: Vec<bool>,
    expects: Expects,
    place: Place,
}

/// What may stand next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expects {
    Value,
    ValueOrEnd,
    KeyOrEnd,
    Key,
    CommaOrEnd,
    End,
}

impl<R: Read> Json<R> {
    /// Returns a reader at the beginning of a document.
    pub fn new(input: R) -> Self {
        Self {
            input,
            buffer: vec![0; PIECE],
            at: 0,
            filled: 0,
            passed: 0,
            line: 1,
            begin: 0,
            text: Vec::new(),
            open: Vec::new(),
            expects: Expects::Value,
            place: Place { line: 1, column: 1 },
        }
    }

    /// Returns where the last event began; after a fault, where that is.
    pub const fn place(&self) -> Place {
        self.place
    }

    /// Returns the last key or text.
    pub fn text(&self) -> &str {
        // Looked at before the event was told.
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// Gives the input back.
    pub fn into_input(self) -> R {
        self.input
    }

    /// Returns what comes next.
    pub fn event(&mut self) -> Result<Event, Fault> {
        loop {
            let byte = self.after_blanks()?;
            self.place = self.here();
            let Some(byte) = byte else {
                return if self.expects == Expects::End { Ok(Event::End) } else { Err(Fault::Malformed("end")) };
            };
            match (self.expects, byte) {
                (Expects::CommaOrEnd, b',') => {
                    self.at += 1;
                    self.expects = if self.open.last() == Some(&true) { Expects::Key } else { Expects::Value };
                }
                (Expects::CommaOrEnd | Expects::KeyOrEnd, b'}') if self.open.last() == Some(&true) => {
                    return Ok(self.close(Event::ObjectEnd));
                }
                (Expects::CommaOrEnd | Expects::ValueOrEnd, b']') if self.open.last() == Some(&false) => {
                    return Ok(self.close(Event::ArrayEnd));
                }
                (Expects::Key | Expects::KeyOrEnd, b'"') => {
                    self.read_text()?;
                    let place = self.place;
                    if self.after_blanks()? != Some(b':') {
                        self.place = self.here();
                        return Err(Fault::Malformed("colon"));
                    }
                    self.at += 1;
                    self.place = place;
                    self.expects = Expects::Value;
                    return Ok(Event::Key);
                }
                (Expects::Value | Expects::ValueOrEnd, _) => return self.value(byte),
                (Expects::End, _) => return Err(Fault::Malformed("trailing")),
                _ => return Err(Fault::Malformed("syntax")),
            }
        }
    }

    /// Passes over the rest of the value that began with `event`.
    pub fn skip(&mut self, event: Event) -> Result<(), Fault> {
        if !matches!(event, Event::Object | Event::Array) {
            return Ok(());
        }
        let depth = self.open.len();
        while self.open.len() >= depth {
            self.event()?;
        }
        Ok(())
    }

    fn value(&mut self, byte: u8) -> Result<Event, Fault> {
        match byte {
            b'{' => self.enter(true, Expects::KeyOrEnd, Event::Object),
            b'[' => self.enter(false, Expects::ValueOrEnd, Event::Array),
            b'"' => {
                self.read_text()?;
                self.over();
                Ok(Event::Text)
            }
            b't' => self.word(b"true", Event::Bool),
            b'f' => self.word(b"false", Event::Bool),
            b'n' => self.word(b"null", Event::Null),
            b'-' | b'0'..=b'9' => {
                self.number()?;
                self.over();
                Ok(Event::Number)
            }
            _ => Err(Fault::Malformed("syntax")),
        }
    }

    fn enter(&mut self, object: bool, expects: Expects, event: Event) -> Result<Event, Fault> {
        if self.open.len() == DEEPEST {
            return Err(Fault::Limit("depth"));
        }
        self.at += 1;
        self.open.push(object);
        self.expects = expects;
        Ok(event)
    }

    fn close(&mut self, event: Event) -> Event {
        self.at += 1;
        self.open.pop();
        self.over();
        event
    }

    /// A value is over.
    fn over(&mut self) {
        self.expects = if self.open.is_empty() { Expects::End } else { Expects::CommaOrEnd };
    }

    fn word(&mut self, word: &[u8], event: Event) -> Result<Event, Fault> {
        for expected in word {
            if self.peek()? != Some(*expected) {
                return Err(Fault::Malformed("syntax"));
            }
            self.at += 1;
        }
        self.over();
        Ok(event)
    }

    fn number(&mut self) -> Result<(), Fault> {
        if self.peek()? == Some(b'-') {
            self.at += 1;
        }
        if self.peek()? == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek()? == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek()?, Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek()?, Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        match self.peek()? {
            Some(byte) if byte.is_ascii_alphanumeric() || byte == b'.' => Err(Fault::Malformed("number")),
            _ => Ok(()),
        }
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let mut any = false;
        while let Some(b'0'..=b'9') = self.peek()? {
            self.at += 1;
            any = true;
        }
        if any { Ok(()) } else { Err(Fault::Malformed("number")) }
    }

    /// Reads a text, whose first quotation mark comes next.
    fn read_text(&mut self) -> Result<(), Fault> {
        self.at += 1;
        self.text.clear();
        loop {
            if self.peek()?.is_none() {
                return Err(Fault::Malformed("end"));
            }
            let rest = self.buffer.get(self.at..self.filled).unwrap_or_default();
            let plain = rest.iter().position(|c| matches!(c, b'"' | b'\\' | 0..=0x1f)).unwrap_or(rest.len());
            if self.text.len() + plain > LONGEST {
                return Err(Fault::Limit("text"));
            }
            let (plain_text, stop) = rest.split_at(plain);
            if !plain_text.is_ascii() {
                self.begin += plain_text.iter().filter(|c| **c & 0xc0 == 0x80).count() as u64;
            }
            self.text.extend_from_slice(plain_text);
            let stop = stop.first().copied();
            self.at += plain;
            match stop {
                None => {}
                Some(b'"') => {
                    self.at += 1;
                    break;
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape()?;
                }
                Some(_) => return Err(Fault::Malformed("control")),
            }
        }
        if std::str::from_utf8(&self.text).is_err() {
            return Err(Fault::Malformed("encoding"));
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let Some(byte) = self.peek()? else { return Err(Fault::Malformed("end")) };
        self.at += 1;
        let letter = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode()?,
            _ => return Err(Fault::Malformed("escape")),
        };
        self.text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }

    fn unicode(&mut self) -> Result<char, Fault> {
        let mut unit = self.unit()?;
        if (0xd800..0xdc00).contains(&unit) {
            if self.peek()? != Some(b'\\') {
                return Err(Fault::Malformed("surrogate"));
            }
            self.at += 1;
            if self.peek()? != Some(b'u') {
                return Err(Fault::Malformed("surrogate"));
            }
            self.at += 1;
            let low = self.unit()?;
            if !(0xdc00..0xe000).contains(&low) {
                return Err(Fault::Malformed("surrogate"));
            }
            unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        }
        char::from_u32(unit).ok_or(Fault::Malformed("surrogate"))
    }

    fn unit(&mut self) -> Result<u32, Fault> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek()?.and_then(|byte| char::from(byte).to_digit(16));
            unit = unit * 16 + digit.ok_or(Fault::Malformed("escape"))?;
            self.at += 1;
        }
        Ok(unit)
    }

    fn after_blanks(&mut self) -> Result<Option<u8>, Fault> {
        loop {
            match self.peek()? {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'\n') => {
                    self.at += 1;
                    self.line += 1;
                    self.begin = self.passed + self.at as u64;
                }
                other => return Ok(other),
            }
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, Fault> {
        if self.at == self.filled {
            self.passed += self.filled as u64;
            self.at = 0;
            self.filled = loop {
                match self.input.read(&mut self.buffer) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(Fault::Read(error)),
                    Ok(length) => break length,
                }
            };
        }
        Ok(self.buffer.get(..self.filled).and_then(|filled| filled.get(self.at)).copied())
    }

    fn here(&self) -> Place {
        Place { line: self.line, column: (self.passed + self.at as u64).saturating_sub(self.begin) + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document in pieces of one byte: every border of a buffer is tried.
    struct Dribble<'a>(&'a [u8]);

    impl Read for Dribble<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.0.len().min(1);
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    type Events = Vec<(Event, String, Place)>;

    fn events(text: &[u8]) -> Result<Events, (String, Place)> {
        let mut json = Json::new(Dribble(text));
        let mut events = Vec::new();
        loop {
            match json.event() {
                Ok(Event::End) => return Ok(events),
                Ok(event) => {
                    let said = matches!(event, Event::Key | Event::Text);
                    events.push((event, if said { json.text().to_owned() } else { String::new() }, json.place()));
                }
                Err(Fault::Malformed(word) | Fault::Limit(word)) => return Err((word.to_owned(), json.place())),
                Err(Fault::Read(error)) => panic!("{error}"),
            }
        }
    }

    #[test]
    fn documents_are_told_with_their_places() {
        let text = "{\"ä\\u00e4\": [1.5e-3, \"\\ud83d\\ude00\\n\"],\n \"b\": {\"c\": null, \"d\": true}}\n";
        let events = events(text.as_bytes()).unwrap();
        let place = |line, column| Place { line, column };
        let told: Vec<_> = events.iter().map(|(event, text, place)| (*event, text.as_str(), *place)).collect();
        assert_eq!(
            told,
            [
                (Event::Object, "", place(1, 1)),
                (Event::Key, "ää", place(1, 2)),
                (Event::Array, "", place(1, 13)),
                (Event::Number, "", place(1, 14)),
                (Event::Text, "😀\n", place(1, 22)),
                (Event::ArrayEnd, "", place(1, 38)),
                (Event::Key, "b", place(2, 2)),
                (Event::Object, "", place(2, 7)),
                (Event::Key, "c", place(2, 8)),
                (Event::Null, "", place(2, 13)),
                (Event::Key, "d", place(2, 19)),
                (Event::Bool, "", place(2, 24)),
                (Event::ObjectEnd, "", place(2, 28)),
                (Event::ObjectEnd, "", place(2, 29)),
            ]
        );
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        let long = format!("\"{}\"", "x".repeat(LONGEST + 1));
        let deep = "[".repeat(40);
        for (text, word, line, column) in [
            (&b""[..], "end", 1, 1),
            (b"{", "end", 1, 2),
            (b"{,}", "syntax", 1, 2),
            (b"{\"a\" 1}", "colon", 1, 6),
            (b"{\"a\":1,}", "syntax", 1, 8),
            (b"[1,]", "syntax", 1, 4),
            (b"[1 2]", "syntax", 1, 4),
            (b"[1}", "syntax", 1, 3),
            (b"{\"a\":1]", "syntax", 1, 7),
            (b"1 2", "trailing", 1, 3),
            (b"\n\n01", "number", 3, 1),
            (b"-", "number", 1, 1),
            (b"1.", "number", 1, 1),
            (b"1e", "number", 1, 1),
            (b"nul", "syntax", 1, 1),
            (b"\"a", "end", 1, 1),
            (b"\"\t\"", "control", 1, 1),
            (b"\"\xff\"", "encoding", 1, 1),
            (b"\"\\x\"", "escape", 1, 1),
            (b"\"\\u12\"", "escape", 1, 1),
            (b"\"\\ud800\"", "surrogate", 1, 1),
            (b"\"\\udc00\"", "surrogate", 1, 1),
            (b"\xef\xbb\xbf{}", "syntax", 1, 1),
            (long.as_bytes(), "text", 1, 1),
            (deep.as_bytes(), "depth", 1, 33),
        ] {
            let shown = String::from_utf8_lossy(&text[..text.len().min(20)]).into_owned();
            assert_eq!(events(text).unwrap_err(), (word.to_owned(), Place { line, column }), "{shown}");
        }
    }

    #[test]
    fn values_are_passed_over() {
        let mut json = Json::new(&b"{\"a\": [[1], {\"x\": [2]}], \"b\": 3}"[..]);
        assert_eq!((json.event().unwrap(), json.event().unwrap()), (Event::Object, Event::Key));
        let event = json.event().unwrap();
        json.skip(event).unwrap();
        assert_eq!(json.event().unwrap(), Event::Key);
        assert_eq!(json.text(), "b");
    }

    proptest::proptest! {
        #[test]
        fn serde_json_agrees_on_what_is_json(text in "[\\[\\]{},:\"a0-9.eE+\\\\ntruefalsu\\- \n]{0,40}") {
            let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            proptest::prop_assert_eq!(events(text.as_bytes()).is_ok(), theirs, "{}", text);
        }
    }
}
