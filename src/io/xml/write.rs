//! Writes XML as a stream, so that documents of any length take no memory.

use std::io::{self, Write};

/// Writes indented XML 1.0 in UTF-8; the nesting is kept track of.
pub struct XmlWriter<'a> {
    out: &'a mut dyn Write,
    open: Vec<&'static str>,
    /// Whether the element that was opened last holds elements: then its end tag stands on a line of its own.
    nested: bool,
}

/// Attributes in the order they are written; `None` leaves one out.
pub type Attributes<'a> = &'a [(&'static str, Option<&'a str>)];

impl<'a> XmlWriter<'a> {
    /// Begins a document.
    pub fn new(out: &'a mut dyn Write) -> io::Result<Self> {
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
        Ok(Self { out, open: Vec::new(), nested: true })
    }

    /// Opens an element that holds others.
    pub fn start(&mut self, name: &'static str, attributes: Attributes<'_>) -> io::Result<()> {
        self.tag(name, attributes)?;
        self.out.write_all(b">\n")?;
        self.open.push(name);
        self.nested = true;
        Ok(())
    }

    /// Writes an element without content.
    pub fn empty(&mut self, name: &'static str, attributes: Attributes<'_>) -> io::Result<()> {
        self.tag(name, attributes)?;
        self.out.write_all(b"/>\n")
    }

    /// Writes an element that holds text.
    pub fn text(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) -> io::Result<()> {
        self.tag(name, attributes)?;
        self.out.write_all(b">")?;
        escape(self.out, text, false)?;
        writeln!(self.out, "</{name}>")
    }

    /// Closes the element that was opened last.
    pub fn end(&mut self) -> io::Result<()> {
        let Some(name) = self.open.pop() else {
            return Ok(());
        };
        self.indent()?;
        writeln!(self.out, "</{name}>")
    }

    fn tag(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        self.indent()?;
        write!(self.out, "<{name}")?;
        for (name, value) in attributes {
            if let Some(value) = value {
                write!(self.out, " {name}=\"")?;
                escape(self.out, value, true)?;
                self.out.write_all(b"\"")?;
            }
        }
        Ok(())
    }

    fn indent(&mut self) -> io::Result<()> {
        const SPACES: [u8; 64] = [b' '; 64];
        self.out.write_all(&SPACES[..(self.open.len() * 2).min(SPACES.len())])
    }
}

/// Writes `text` so that a reader gets the same back; what XML 1.0 cannot hold is an error.
fn escape(out: &mut dyn Write, text: &str, attribute: bool) -> io::Result<()> {
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
        out.write_all(&text.as_bytes()[plain..at])?;
        out.write_all(entity.as_bytes())?;
        plain = at + letter.len_utf8();
    }
    out.write_all(&text.as_bytes()[plain..])
}
