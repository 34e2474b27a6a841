//! Objects of a PDF (ISO 32000-1, 7.3), read from bytes.

/// An object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// `null`, `true`, `false`, a real number: nothing that is asked for here.
    Other,
    /// A whole number.
    Integer(i64),
    /// A name, without its slash, `#xx` resolved.
    Name(Vec<u8>),
    /// A string.
    Text(Vec<u8>),
    /// An array.
    Array(Vec<Object>),
    /// A dictionary.
    Dictionary(Dictionary),
    /// A reference to an indirect object, by its number.
    Reference(u32),
}

/// A dictionary; of equal keys the first counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dictionary(Vec<(Vec<u8>, Object)>);

impl Dictionary {
    /// Returns the value of `key`.
    pub fn get(&self, key: &str) -> Option<&Object> {
        self.0.iter().find(|(own, _)| own == key.as_bytes()).map(|(_, value)| value)
    }

    /// Returns whether `/Type` or `/Subtype` named `key` is `name`.
    pub fn is(&self, key: &str, name: &str) -> bool {
        matches!(self.get(key), Some(Object::Name(own)) if own == name.as_bytes())
    }

    /// Returns the whole number that `key` has.
    pub fn integer(&self, key: &str) -> Option<i64> {
        match self.get(key) {
            Some(Object::Integer(number)) => Some(*number),
            _ => None,
        }
    }
}

impl From<Vec<(Vec<u8>, Object)>> for Dictionary {
    fn from(entries: Vec<(Vec<u8>, Object)>) -> Self {
        Self(entries)
    }
}

/// Why there is no object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoObject {
    /// The bytes end before it does.
    Incomplete,
    /// It is not written as one.
    Malformed,
}

/// How deep arrays and dictionaries nest at most.
const DEPTH: usize = 48;

/// Reads objects from bytes.
pub struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Parser<'a> {
    /// Begins at the first of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Returns how many bytes were read.
    pub const fn position(&self) -> usize {
        self.at
    }

    /// Reads an object.
    pub fn object(&mut self) -> Result<Object, NoObject> {
        self.nested(0)
    }

    /// Reads `number generation obj` and returns the number.
    pub fn header(&mut self) -> Result<u32, NoObject> {
        let number = self.unsigned()?;
        self.unsigned()?;
        if self.word("obj")? {
            u32::try_from(number).map_err(|_| NoObject::Malformed)
        } else {
            Err(NoObject::Malformed)
        }
    }

    /// Reads a whole number that is not negative.
    pub fn unsigned(&mut self) -> Result<u64, NoObject> {
        self.space();
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        if self.at + digits == self.bytes.len() {
            return Err(NoObject::Incomplete);
        }
        let text = std::str::from_utf8(&self.rest()[..digits]).map_err(|_| NoObject::Malformed)?;
        let number = text.parse().map_err(|_| NoObject::Malformed)?;
        self.at += digits;
        Ok(number)
    }

    /// Reads `word` if it is next and tells whether it was.
    pub fn word(&mut self, word: &str) -> Result<bool, NoObject> {
        self.space();
        let rest = self.rest();
        if rest.starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(true);
        }
        if rest.len() < word.len() && word.as_bytes().starts_with(rest) {
            return Err(NoObject::Incomplete);
        }
        Ok(false)
    }

    /// Passes the line end after `stream` (ISO 32000-1, 7.3.8.1), or the lone carriage return that others write.
    pub fn line_end(&mut self) {
        if self.peek() == Some(b'\r') {
            self.at += 1;
        }
        if self.peek() == Some(b'\n') {
            self.at += 1;
        }
    }

    fn nested(&mut self, depth: usize) -> Result<Object, NoObject> {
        if depth > DEPTH {
            return Err(NoObject::Malformed);
        }
        self.space();
        match self.peek().ok_or(NoObject::Incomplete)? {
            b'/' => self.name().map(Object::Name),
            b'(' => self.literal().map(Object::Text),
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    self.space();
                    if self.peek().ok_or(NoObject::Incomplete)? == b']' {
                        self.at += 1;
                        return Ok(Object::Array(items));
                    }
                    items.push(self.nested(depth + 1)?);
                }
            }
            b'<' => match self.bytes.get(self.at + 1).ok_or(NoObject::Incomplete)? {
                b'<' => {
                    self.at += 2;
                    self.dictionary(depth).map(Object::Dictionary)
                }
                _ => self.hexadecimal().map(Object::Text),
            },
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.number(),
            b'a'..=b'z' | b'A'..=b'Z' => {
                let letters = self.rest().iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                let known = matches!(&self.rest()[..letters], b"null" | b"true" | b"false");
                if self.at + letters == self.bytes.len() {
                    return Err(NoObject::Incomplete);
                }
                self.at += letters;
                if known { Ok(Object::Other) } else { Err(NoObject::Malformed) }
            }
            _ => Err(NoObject::Malformed),
        }
    }

    fn dictionary(&mut self, depth: usize) -> Result<Dictionary, NoObject> {
        let mut entries = Vec::new();
        loop {
            self.space();
            match self.peek().ok_or(NoObject::Incomplete)? {
                b'>' => {
                    return match self.bytes.get(self.at + 1).ok_or(NoObject::Incomplete)? {
                        b'>' => {
                            self.at += 2;
                            Ok(Dictionary(entries))
                        }
                        _ => Err(NoObject::Malformed),
                    };
                }
                b'/' => {
                    let key = self.name()?;
                    entries.push((key, self.nested(depth + 1)?));
                }
                _ => return Err(NoObject::Malformed),
            }
        }
    }

    /// Reads a number, or a reference that begins with one.
    fn number(&mut self) -> Result<Object, NoObject> {
        let length = self.rest().iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.')).count();
        if self.at + length == self.bytes.len() {
            return Err(NoObject::Incomplete);
        }
        let text = std::str::from_utf8(&self.rest()[..length]).map_err(|_| NoObject::Malformed)?;
        let number = text.strip_prefix('+').unwrap_or(text).parse::<i64>();
        self.at += length;
        let Ok(number) = number else { return Ok(Object::Other) };
        let Ok(first) = u32::try_from(number) else { return Ok(Object::Integer(number)) };
        let mut ahead = Self { bytes: self.bytes, at: self.at };
        // Bytes that end here may or may not be a reference; with more of them it shows.
        match ahead.unsigned() {
            Ok(_) => {}
            Err(NoObject::Incomplete)
                if ahead.at >= self.bytes.len() || ahead.rest().iter().all(u8::is_ascii_digit) =>
            {
                return Err(NoObject::Incomplete);
            }
            Err(_) => return Ok(Object::Integer(number)),
        }
        match ahead.word("R") {
            Ok(true) if !ahead.peek().is_some_and(|byte| byte.is_ascii_alphanumeric()) => {
                self.at = ahead.at;
                Ok(Object::Reference(first))
            }
            Err(why) => Err(why),
            _ => Ok(Object::Integer(number)),
        }
    }

    fn name(&mut self) -> Result<Vec<u8>, NoObject> {
        self.at += 1;
        let length = self.rest().iter().take_while(|byte| is_regular(**byte)).count();
        if self.at + length == self.bytes.len() {
            return Err(NoObject::Incomplete);
        }
        let raw = &self.rest()[..length];
        let mut name = Vec::with_capacity(length);
        let mut at = 0;
        while let Some(byte) = raw.get(at) {
            let digits = raw.get(at + 1..at + 3).filter(|_| *byte == b'#');
            match digits.and_then(|digits| Some(hex_digit(digits[0])? << 4 | hex_digit(digits[1])?)) {
                Some(value) => {
                    name.push(value);
                    at += 3;
                }
                None => {
                    name.push(*byte);
                    at += 1;
                }
            }
        }
        self.at += length;
        Ok(name)
    }

    fn literal(&mut self) -> Result<Vec<u8>, NoObject> {
        let mut text = Vec::new();
        let mut open = 0_usize;
        loop {
            let byte = self.next()?;
            match byte {
                b'(' => {
                    open += 1;
                    if open > 1 {
                        text.push(byte);
                    }
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(text);
                    }
                    text.push(byte);
                }
                b'\\' => self.escaped(&mut text)?,
                _ => text.push(byte),
            }
        }
    }

    fn escaped(&mut self, text: &mut Vec<u8>) -> Result<(), NoObject> {
        match self.next()? {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
            }
            b'\n' => {}
            digit @ b'0'..=b'7' => {
                let mut value = u32::from(digit - b'0');
                for _ in 0..2 {
                    match self.peek() {
                        Some(digit @ b'0'..=b'7') => {
                            value = value * 8 + u32::from(digit - b'0');
                            self.at += 1;
                        }
                        _ => break,
                    }
                }
                text.push(value.to_le_bytes()[0]);
            }
            other => text.push(other),
        }
        Ok(())
    }

    fn hexadecimal(&mut self) -> Result<Vec<u8>, NoObject> {
        self.at += 1;
        let mut text = Vec::new();
        let mut half = None;
        loop {
            let byte = self.next()?;
            if byte == b'>' {
                text.extend(half.map(|high| high << 4));
                return Ok(text);
            }
            if is_space(byte) {
                continue;
            }
            let digit = hex_digit(byte).ok_or(NoObject::Malformed)?;
            match half.take() {
                Some(high) => text.push(high << 4 | digit),
                None => half = Some(digit),
            }
        }
    }

    fn space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                self.at += self.rest().iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count();
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Result<u8, NoObject> {
        let byte = self.peek().ok_or(NoObject::Incomplete)?;
        self.at += 1;
        Ok(byte)
    }
}

/// Returns whether a byte is white space (ISO 32000-1, table 1).
pub const fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

const fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// Returns the value of a hexadecimal digit.
pub const fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Returns a text string (ISO 32000-1, 7.9.2.2) as it is read: UTF-16, UTF-8 or PDFDocEncoding.
pub fn text(bytes: &[u8]) -> String {
    let wide = |from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| from([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        // Many programs write UTF-8 without saying so; what is none is Latin-1, as far as PDFDocEncoding is.
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().copied().map(char::from).collect(),
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn objects_are_read_as_iso_32000_writes_them() {
        let read = |text: &str| Parser::new(text.as_bytes()).object();
        assert_eq!(read("12 "), Err(NoObject::Incomplete));
        assert_eq!(read("12 ]"), Ok(Object::Integer(12)));
        assert_eq!(read("-7>"), Ok(Object::Integer(-7)));
        assert_eq!(read("12 0 R "), Ok(Object::Reference(12)));
        assert_eq!(read("/A#20b "), Ok(Object::Name(b"A b".to_vec())));
        assert_eq!(
            read(
                r"(a\(b(c)\051\n\
d)"
            ),
            Ok(Object::Text(b"a(b(c))\nd".to_vec()))
        );
        assert_eq!(read("<48 6>"), Ok(Object::Text(b"H`".to_vec())));
        assert_eq!(
            read("[1 2 0 R % x\n 3]"),
            Ok(Object::Array(vec![Object::Integer(1), Object::Reference(2), Object::Integer(3)]))
        );
        let Ok(Object::Dictionary(found)) = read("<</A 1/B<</C null>>/D[true 1.5]>>") else { panic!() };
        assert_eq!(found.integer("A"), Some(1));
        assert!(matches!(found.get("B"), Some(Object::Dictionary(_))));
        for text in ["<</A>>", "]", "<<1 2>>", "endobj ", &"[".repeat(1_000)] {
            assert_eq!(read(text), Err(NoObject::Malformed), "{text}");
        }
    }

    #[test]
    fn text_strings_say_their_encoding() {
        assert_eq!(text(b"\xfe\xff\0\xe4"), "ä");
        assert_eq!(text(b"\xff\xfe\xe4\0"), "ä");
        assert_eq!(text("\u{feff}ä".as_bytes()), "ä");
        assert_eq!(text(b"\xe4"), "ä");
    }

    proptest! {
        #[test]
        fn any_bytes_end(bytes: Vec<u8>) {
            let mut parser = Parser::new(&bytes);
            while parser.object().is_ok() {}
            prop_assert!(parser.position() <= bytes.len());
        }
    }
}
