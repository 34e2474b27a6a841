//! The bytes of a part, decoded as they come and hashed; nothing is held but one line.

use super::header::Encoding;
use crate::model::checksum::{Algorithm, Checksum, Hasher};

/// The longest line of quoted-printable text that is held, in bytes; the standard allows 76.
const LINE_MAX: usize = 1 << 20;

/// A part that is being read.
pub(super) struct Body {
    encoding: Encoding,
    hasher: Hasher,
    size: u64,
    /// The line end that was read last: it belongs to the delimiter if one follows.
    line_end: &'static [u8],
    line: Vec<u8>,
    /// Base64: letters of a group that is not complete, how many, and whether padding came.
    group: u32,
    letters: u8,
    padded: bool,
    fault: bool,
}

impl Body {
    pub(super) fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            hasher: Hasher::new(Algorithm::Sha256),
            size: 0,
            line_end: b"",
            line: Vec::new(),
            group: 0,
            letters: 0,
            padded: false,
            fault: false,
        }
    }

    /// Takes a line or a piece of one; `end` is its line end, empty where it goes on.
    pub(super) fn take(&mut self, text: &[u8], end: &'static [u8]) {
        match self.encoding {
            Encoding::Plain => {
                let before = std::mem::replace(&mut self.line_end, end);
                self.put(before);
                self.put(text);
            }
            Encoding::Base64 => self.base64(text),
            Encoding::Quoted => {
                self.line.extend_from_slice(text);
                if !end.is_empty() || self.line.len() > LINE_MAX {
                    self.quoted(end);
                }
            }
        }
    }

    /// Ends the part, `at_delimiter` or with the message, and returns its size, its SHA-256 and whether its encoding was
    /// in order.
    pub(super) fn finish(mut self, at_delimiter: bool) -> (u64, Checksum, bool) {
        match self.encoding {
            Encoding::Plain => {}
            Encoding::Base64 => {
                let [_, first, second, _] = (self.group << (6 * (4 - u32::from(self.letters)))).to_be_bytes();
                match self.letters {
                    0 => {}
                    1 => self.fault = true,
                    2 => self.put(&[first]),
                    _ => self.put(&[first, second]),
                }
                self.fault |= self.letters > 0 && !self.padded;
            }
            Encoding::Quoted => self.quoted(b""),
        }
        if !at_delimiter {
            let end = std::mem::take(&mut self.line_end);
            self.put(end);
        }
        (self.size, self.hasher.finish(), !self.fault)
    }

    fn put(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.hasher.update(bytes);
    }

    fn base64(&mut self, text: &[u8]) {
        let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
        for byte in text {
            let value = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                b'=' => {
                    self.fault |= self.letters < 2 && !self.padded;
                    self.padded = true;
                    continue;
                }
                b' ' | b'\t' | b'\r' => continue,
                _ => {
                    self.fault = true;
                    continue;
                }
            };
            // Some programs write several pieces, each with its padding.
            if std::mem::take(&mut self.padded) {
                self.fault = true;
                let [_, first, second, _] = (self.group << (6 * (4 - u32::from(self.letters)))).to_be_bytes();
                out.extend([first, second].iter().take(usize::from(self.letters.saturating_sub(1))));
                (self.group, self.letters) = (0, 0);
            }
            self.group = self.group << 6 | u32::from(value);
            self.letters += 1;
            if self.letters == 4 {
                let [_, bytes @ ..] = self.group.to_be_bytes();
                out.extend_from_slice(&bytes);
                (self.group, self.letters) = (0, 0);
            }
        }
        self.put(&out);
    }

    /// Decodes the line that is held (RFC 2045 6.7).
    fn quoted(&mut self, end: &'static [u8]) {
        let line = std::mem::take(&mut self.line);
        let text = if end.is_empty() { &line[..] } else { line.trim_ascii_end() };
        let mut out = Vec::with_capacity(text.len());
        let mut rest = text;
        let mut soft = false;
        while let Some((byte, after)) = rest.split_first() {
            rest = after;
            if *byte != b'=' {
                out.push(*byte);
                continue;
            }
            let pair = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
            if after.is_empty() {
                soft = true;
            } else if let Some(value) = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
                out.push(value);
                rest = after.get(2..).unwrap_or_default();
            } else {
                self.fault = true;
                out.push(b'=');
            }
        }
        let before = std::mem::replace(&mut self.line_end, if soft { b"" } else { end });
        self.put(before);
        self.put(&out);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(encoding: Encoding, text: &str) -> (u64, Checksum, bool) {
        let mut body = Body::new(encoding);
        for line in text.split_inclusive('\n') {
            match line
                .strip_suffix("\r\n")
                .map(|l| (l, &b"\r\n"[..]))
                .or(line.strip_suffix('\n').map(|l| (l, &b"\n"[..])))
            {
                Some((line, end)) => body.take(line.as_bytes(), end),
                None => body.take(line.as_bytes(), b""),
            }
        }
        body.finish(true)
    }

    #[test]
    fn parts_are_decoded() {
        use Encoding::{Base64, Plain, Quoted};
        for (encoding, text, expected, sound) in [
            (Plain, "a\r\nb\r\n", &b"a\r\nb"[..], true),
            (Plain, "a\n\n", b"a\n", true),
            (Base64, "aGFs\r\nbG8=\r\n", b"hallo", true),
            (Base64, "aGFsbG8", b"hallo", false),
            (Base64, "aGFs*bG8=", b"hallo", false),
            (Base64, "aA==\naA==", b"hh", false),
            (Base64, "aGFsb", b"hal", false),
            (Base64, "====", b"", false),
            (Quoted, "Gr=C3=BC=\r\n=c3=9Fe  \r\nx=\n", "Grüße\r\nx".as_bytes(), true),
            (Quoted, "a=XYb=", b"a=XYb", false),
            (Quoted, "a=3", b"a=3", false),
        ] {
            let (size, sum, is) = read(encoding, text);
            let told = (size, sum, is);
            assert_eq!(told, (expected.len() as u64, Checksum::of(Algorithm::Sha256, expected), sound), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded(text in "[A-Za-z0-9+/= \n\r*]{0,60}") {
            for encoding in [Encoding::Plain, Encoding::Base64, Encoding::Quoted] {
                let _ = read(encoding, &text);
            }
        }
    }
}
