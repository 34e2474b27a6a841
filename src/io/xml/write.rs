//! Writes XML as a stream, so that documents of any length take no memory.

use std::io::{self, Write};

/// How much is written at once, in bytes, about.
const PIECE: usize = 1 << 16;
/// Elements that one thread writes at a time where many write them.
const RUN: usize = 64;

/// Writes indented XML 1.0 in UTF-8; the nesting is kept track of. All of it is written once the outermost element is closed. It takes
/// some pieces of memory for each thread.
pub struct XmlWriter<'a> {
    /// Where it goes; nowhere for a part of a document, which stays in `text`.
    out: Option<&'a mut dyn Write>,
    /// What is not yet written.
    text: Vec<u8>,
    open: Vec<&'static str>,
}

/// Attributes in the order they are written; `None` leaves one out.
pub type Attributes<'a> = &'a [(&'static str, Option<&'a str>)];

impl<'a> XmlWriter<'a> {
    /// Begins a document.
    pub fn new(out: &'a mut dyn Write) -> Self {
        let mut new = Self { out: Some(out), text: Vec::with_capacity(PIECE + PIECE / 8), open: Vec::new() };
        new.put(&["<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"]);
        new
    }

    /// Opens an element that holds others.
    pub fn start(&mut self, name: &'static str, attributes: Attributes<'_>) -> io::Result<()> {
        self.tag(name, attributes)?;
        self.put(&[">\n"]);
        self.open.push(name);
        self.hand_on()
    }

    /// Writes an element without content.
    pub fn empty(&mut self, name: &'static str, attributes: Attributes<'_>) -> io::Result<()> {
        self.tag(name, attributes)?;
        self.put(&["/>\n"]);
        self.hand_on()
    }

    /// Writes an element that holds text.
    pub fn text(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) -> io::Result<()> {
        self.tag(name, attributes)?;
        self.put(&[">"]);
        escape(&mut self.text, text, false)?;
        self.put(&["</", name, ">\n"]);
        self.hand_on()
    }

    /// Closes the element that was opened last.
    pub fn end(&mut self) -> io::Result<()> {
        let Some(name) = self.open.pop() else {
            return Ok(());
        };
        self.indent();
        self.put(&["</", name, ">\n"]);
        self.hand_on()
    }

    /// Writes, in their order, `count` elements that `write` knows by their number. Many are written by many threads, while
    /// those before them go out.
    pub fn each(
        &mut self,
        count: usize,
        write: impl Fn(&mut XmlWriter<'_>, usize) -> io::Result<()> + Sync,
    ) -> io::Result<()> {
        if count <= RUN {
            return (0..count).try_for_each(|number| write(self, number));
        }
        let open = self.open.clone();
        let part = |from: usize| {
            let mut part = XmlWriter { out: None, text: Vec::with_capacity(PIECE), open: open.clone() };
            (from..count.min(from + RUN)).try_for_each(|number| write(&mut part, number))?;
            Ok(part.text)
        };
        let at_once = 2 * rayon::current_num_threads();
        let mut next = (0..count).step_by(RUN);
        let mut before: Vec<io::Result<Vec<u8>>> = Vec::new();
        loop {
            let now: Vec<usize> = next.by_ref().take(at_once).collect();
            let mut made: Vec<io::Result<Vec<u8>>> = Vec::new();
            made.resize_with(now.len(), || Ok(Vec::new()));
            rayon::in_place_scope(|scope| {
                for (from, made) in now.iter().zip(&mut made) {
                    let part = &part;
                    scope.spawn(move |_| *made = part(*from));
                }
                for text in before {
                    self.text.extend_from_slice(&text?);
                    self.hand_on()?;
                }
                Ok::<(), io::Error>(())
            })?;
            if made.is_empty() {
                return Ok(());
            }
            before = made;
        }
    }

    fn tag(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        self.indent();
        self.put(&["<", name]);
        for (name, value) in attributes {
            if let Some(value) = value {
                self.put(&[" ", name, "=\""]);
                escape(&mut self.text, value, true)?;
                self.put(&["\""]);
            }
        }
        Ok(())
    }

    fn indent(&mut self) {
        const SPACES: [u8; 64] = [b' '; 64];
        self.text.extend_from_slice(&SPACES[..(self.open.len() * 2).min(SPACES.len())]);
    }

    fn put(&mut self, parts: &[&str]) {
        for part in parts {
            self.text.extend_from_slice(part.as_bytes());
        }
    }

    /// Writes what is there, if it is a piece or the end.
    fn hand_on(&mut self) -> io::Result<()> {
        if let Some(out) = &mut self.out
            && (self.text.len() >= PIECE || self.open.is_empty())
        {
            out.write_all(&self.text)?;
            self.text.clear();
        }
        Ok(())
    }
}

/// Adds `text` so that a reader gets the same back; what XML 1.0 cannot hold is an error.
fn escape(out: &mut Vec<u8>, text: &str, attribute: bool) -> io::Result<()> {
    // U+FFFE and U+FFFF begin with the last of these. All are counted, since that takes many bytes at a time.
    if text.bytes().filter(|byte| matches!(byte, 0..0x20 | b'&' | b'<' | b'>' | b'"' | 0xef)).count() == 0 {
        out.extend_from_slice(text.as_bytes());
        return Ok(());
    }
    let mut plain = 0;
    for (at, letter) in text.char_indices() {
        let entity = match letter {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' if attribute => "&quot;",
            // A reader turns these into spaces or line ends where they are not written as references.
            '\n' if attribute => "&#10;",
            '\t' if attribute => "&#9;",
            '\r' => "&#13;",
            '\n' | '\t' => continue,
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a letter that XML cannot hold"));
            }
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[plain..at]);
        out.extend_from_slice(entity.as_bytes());
        plain = at + letter.len_utf8();
    }
    out.extend_from_slice(&text.as_bytes()[plain..]);
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Writes a document of `count` files, one by one or many at once.
    fn document(count: usize, at_once: bool) -> String {
        let mut out = Vec::new();
        let mut xml = XmlWriter::new(&mut out);
        xml.start("files", &[]).unwrap();
        let one = |xml: &mut XmlWriter<'_>, number: usize| {
            xml.start("file", &[("ID", Some(&format!("file-{number}")))])?;
            xml.text("name", &[], &"<ä>".repeat(number % 7))?;
            xml.end()
        };
        if at_once {
            xml.each(count, one).unwrap();
        } else {
            (0..count).for_each(|number| one(&mut xml, number).unwrap());
        }
        xml.end().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn many_at_once_are_as_one_by_one() {
        for count in [0, 1, RUN, RUN + 1, 7 * RUN, 9 * RUN + 3] {
            assert_eq!(document(count, true), document(count, false), "{count}");
        }
    }

    #[test]
    fn the_first_that_cannot_be_written_ends_it() {
        let mut out = Vec::new();
        let mut xml = XmlWriter::new(&mut out);
        let write = |xml: &mut XmlWriter<'_>, number: usize| {
            xml.text("name", &[], if number == 5 * RUN { "\u{0}" } else { "a" })
        };
        assert_eq!(xml.each(20 * RUN, write).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
