//! XML: written as a stream, and read from others within limits.
//!
//! Reading takes what [`super::encoding`] reads, opens nothing that a document points to, and refuses document types:
//! neither METS nor PREMIS uses one, and entities are what attacks are made of.

mod meter;
mod way;
mod write;

use std::io::{self, BufRead};
use std::rc::Rc;

use quick_xml::NsReader;
use quick_xml::events::{BytesDecl, BytesRef, Event};
use quick_xml::name::{QName, ResolveResult};

use self::meter::{Guard, Meter, PieceTooLong};
pub use self::way::Way;
pub use self::write::{Attributes, XmlWriter};
use super::encoding::{Encoding, NotALetter, TextReader};

/// Bounds on XML from others.
#[derive(Debug, Clone, Copy)]
pub struct XmlLimits {
    /// Nested elements.
    pub depth: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Bytes of one tag or one run of text.
    pub piece: u64,
    /// Elements of the document; one with long values counts as several.
    pub elements: u64,
}

/// How long a value is that makes its element count as one, and how many further bytes count as one more.
const VALUE: (usize, usize) = (256, 8);
/// How many attributes make an element count as one more.
const ATTRIBUTES: usize = 2;
/// The longest name, in bytes.
const NAME: usize = 1024;
/// The most namespaces that are declared at one place, by all elements around it.
const NAMESPACES: usize = 1024;
/// The namespace of what a document says of its own types.
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// The most comments and processing instructions of a document.
const NOTES: u64 = 100_000;

impl Default for XmlLimits {
    fn default() -> Self {
        Self { depth: 256, attributes: 256, piece: 8 << 20, elements: u64::MAX }
    }
}

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum XmlFault {
    /// It is not well-formed; the parser's own words.
    Malformed(String),
    /// It is not in the encoding that it says, or in none that is read: which, and the first byte at fault.
    Encoding(String),
    /// It has a document type.
    DocumentType,
    /// It passes a limit.
    Limit(&'static str),
}

/// Why a document cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum XmlError {
    /// The file cannot be read.
    #[error("reading failed")]
    Io(#[source] io::Error),
    /// The document is at fault.
    #[error("line {line}: {fault:?}")]
    Fault {
        /// What is wrong.
        fault: XmlFault,
        /// The line on which reading ended, from 1.
        line: u64,
    },
}

/// An element that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// The namespace, empty where there is none.
    pub namespace: String,
    /// The name without prefix.
    pub name: String,
    /// Namespace, name and value of each attribute; namespace declarations are not among them.
    pub attributes: Vec<(String, String, String)>,
    /// Namespace and name of the type that `xsi:type` says, where its prefix stands for one.
    pub type_name: Option<(String, String)>,
}

impl Element {
    /// Returns the value of the attribute `name` that has no namespace.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.qualified("", name)
    }

    /// Returns the value of the attribute `name` in `namespace`.
    #[must_use]
    pub fn qualified(&self, namespace: &str, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(ns, n, _)| ns == namespace && n == name);
        found.map(|(_, _, value)| value.as_str())
    }
}

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An element begins.
    Start(Element),
    /// The element that began last ends.
    End,
    /// Text, entities resolved.
    Text(String),
}

/// Reads a document piece by piece.
#[allow(clippy::struct_excessive_bools, reason = "each says one thing of where reading is")]
pub struct XmlReader<R> {
    reader: NsReader<Guard<TextReader<R>>>,
    meter: Rc<Meter>,
    limits: XmlLimits,
    buffer: Vec<u8>,
    depth: usize,
    /// An element without content ends right after it began.
    ending: bool,
    rooted: bool,
    /// How deep the element lies that began just now and of which nothing was read yet.
    began: Option<usize>,
    /// Whether prefixes need no namespace.
    fragment: bool,
    /// Whether places are those of the file's bytes, so that it must be UTF-8.
    plain: bool,
    /// Whether anything was read.
    begun: bool,
    /// Comments and processing instructions so far.
    notes: u64,
    /// Elements so far.
    elements: u64,
    /// How many namespaces each open element declares, and all together.
    declared: (Vec<usize>, usize),
    /// Where the piece that was read last begins.
    start: Place,
}

/// A place in a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// Bytes before it.
    pub offset: u64,
    /// Characters before it.
    pub letters: u64,
    /// The line, from 1.
    pub line: u64,
    /// The character in the line, from 1.
    pub column: u64,
}

impl<R: BufRead> XmlReader<R> {
    /// Begins to read `source`.
    pub fn new(source: R, limits: XmlLimits) -> Self {
        let meter = Rc::new(Meter::new(limits.piece));
        let mut reader = NsReader::from_reader(Guard { inner: TextReader::new(source), meter: Rc::clone(&meter) });
        reader.config_mut().check_comments = true;
        let start = meter.place();
        let (buffer, depth) = (Vec::new(), 0);
        Self {
            reader,
            meter,
            limits,
            buffer,
            depth,
            ending: false,
            rooted: false,
            fragment: false,
            plain: false,
            begun: false,
            notes: 0,
            elements: 0,
            declared: (Vec::new(), 0),
            began: None,
            start,
        }
    }

    /// Begins to read a document that must be in UTF-8, since somebody takes pieces of the file by their places.
    pub fn plain(source: R, limits: XmlLimits) -> Self {
        Self { plain: true, ..Self::new(source, limits) }
    }

    /// Begins to read an element that was cut out of a document: prefixes that nothing declares stand for no namespace.
    pub fn fragment(source: R, limits: XmlLimits) -> Self {
        Self { fragment: true, ..Self::new(source, limits) }
    }

    /// Returns where the piece begins that was read last.
    #[must_use]
    pub fn start(&self) -> Place {
        self.start
    }

    /// Returns where the piece ends that was read last.
    #[must_use]
    pub fn end(&self) -> Place {
        self.meter.place()
    }

    /// Returns how many elements have begun, as [`XmlLimits::elements`] counts them.
    #[must_use]
    pub fn elements(&self) -> u64 {
        self.elements
    }

    /// Returns the line that was reached, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.meter.lines.get()
    }

    /// Returns the column that was reached, from 1, counted in characters.
    #[must_use]
    pub fn column(&self) -> u64 {
        self.meter.place().column
    }

    /// Returns where the piece that was returned last begins and ends, in bytes from the start of the document.
    ///
    /// An element's end that follows from an empty element (`<a/>`) has the place of that element.
    #[must_use]
    pub fn place(&self) -> (u64, u64) {
        (self.start.offset, self.meter.bytes.get())
    }

    /// Passes the text with which the element that began just now begins on to `each`, piece by piece as it stands in the
    /// document, up to the next markup or reference: so text of any length is read without being held. Does nothing
    /// unless the last call was [`XmlReader::node`] and it returned a [`Node::Start`].
    pub fn raw_text(&mut self, mut each: impl FnMut(&[u8])) -> Result<(), XmlError> {
        if self.began.take().is_none() {
            return Ok(());
        }
        let guard = self.reader.get_mut();
        loop {
            guard.meter.piece.set(0);
            let available = guard.fill_buf().map_err(XmlError::Io)?;
            let end = available.iter().position(|byte| matches!(byte, b'<' | b'&'));
            let length = end.unwrap_or(available.len());
            each(&available[..length]);
            guard.consume(length);
            if length == 0 || end.is_some() {
                return Ok(());
            }
        }
    }

    /// Returns the next piece, `None` after the last.
    pub fn node(&mut self) -> Result<Option<Node>, XmlError> {
        self.began = None;
        if std::mem::take(&mut self.ending) {
            return Ok(Some(Node::End));
        }
        loop {
            self.buffer.clear();
            self.meter.piece.set(0);
            self.start = self.meter.place();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => return Err(translate(error, self.meter.lines.get())),
            };
            let line = self.meter.lines.get();
            let fault = |fault| Err(XmlError::Fault { fault, line });
            let is_first = !std::mem::replace(&mut self.begun, true);
            let encoding = self.reader.get_ref().inner.encoding();
            if self.plain && encoding != Encoding::Utf8 {
                return fault(XmlFault::Encoding(encoding.name().to_owned()));
            }
            if self.meter.piece.get() > self.limits.piece {
                return fault(XmlFault::Limit("piece"));
            }
            let malformed = |text: &str| XmlError::Fault { fault: XmlFault::Malformed(text.to_owned()), line };
            if matches!(event, Event::Start(_) | Event::Empty(_)) && self.elements >= self.limits.elements {
                return fault(XmlFault::Limit("elements"));
            }
            match event {
                Event::Start(_) | Event::Empty(_) if self.depth == 0 && self.rooted => {
                    return Err(malformed("a second root element"));
                }
                Event::Start(tag) => {
                    self.rooted = true;
                    self.depth += 1;
                    if self.depth > self.limits.depth {
                        return fault(XmlFault::Limit("depth"));
                    }
                    self.began = Some(self.depth);
                    let around = self.declared.1;
                    let (element, own) = element(&self.reader, &tag, &self.limits, around, line, self.fragment)?;
                    self.declared.0.push(own);
                    self.declared.1 += own;
                    self.elements += weight(&element);
                    return Ok(Some(Node::Start(element)));
                }
                Event::Empty(tag) => {
                    self.rooted = true;
                    self.ending = true;
                    let around = self.declared.1;
                    let (element, _) = element(&self.reader, &tag, &self.limits, around, line, self.fragment)?;
                    self.elements += weight(&element);
                    return Ok(Some(Node::Start(element)));
                }
                Event::End(_) => {
                    self.depth -= 1;
                    self.declared.1 -= self.declared.0.pop().unwrap_or_default();
                    return Ok(Some(Node::End));
                }
                Event::Text(text) => {
                    let text = text.as_ref();
                    if self.depth > 0 {
                        return Ok(Some(Node::Text(letters(text, line)?.replace("\r\n", "\n"))));
                    }
                    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
                    if !text.bytes().all(|b| b.is_ascii_whitespace()) {
                        return Err(malformed("text outside the root element"));
                    }
                }
                Event::CData(text) if self.depth > 0 => {
                    return Ok(Some(Node::Text(letters(&text, line)?.to_owned())));
                }
                Event::GeneralRef(reference) if self.depth > 0 => {
                    return resolve(&reference)
                        .map(|c| Some(Node::Text(c.into())))
                        .ok_or_else(|| malformed("an entity"));
                }
                Event::CData(_) | Event::GeneralRef(_) => {
                    return Err(malformed("text outside the root element"));
                }
                Event::DocType(_) => return fault(XmlFault::DocumentType),
                Event::Decl(_) if !is_first => return Err(malformed("a declaration that is not at the beginning")),
                Event::Decl(declaration) => declared(&declaration, encoding, line)?,
                Event::Comment(_) | Event::PI(_) => {
                    self.notes += 1;
                    if self.notes > NOTES {
                        return fault(XmlFault::Limit("notes"));
                    }
                }
                Event::Eof if self.depth > 0 || !self.rooted => {
                    return Err(malformed("the document ends too early"));
                }
                Event::Eof => return Ok(None),
            }
        }
    }
}

/// Returns as how many elements this one counts: lists of a million ids take as long as a million elements.
fn weight(element: &Element) -> u64 {
    let further = |value: &str| value.len().saturating_sub(VALUE.0) / VALUE.1;
    let values: usize = element.attributes.iter().map(|(.., value)| further(value)).sum();
    (1 + element.attributes.len() / ATTRIBUTES + values) as u64
}

/// Looks whether a declaration fits a document in `encoding`.
fn declared(declaration: &BytesDecl<'_>, encoding: Encoding, line: u64) -> Result<(), XmlError> {
    let fault = |fault| Err(XmlError::Fault { fault, line });
    match declaration.version() {
        Ok(version) if matches!(&*version, "1.0" | "1.1") => {}
        Ok(_) => return fault(XmlFault::Malformed("a version of XML that is not known".to_owned())),
        Err(error) => return fault(XmlFault::Malformed(error.to_string())),
    }
    match declaration.encoding() {
        Some(Ok(label)) if !encoding.is_called(&label) => {
            let known = Encoding::named(&label).is_some();
            fault(XmlFault::Encoding(if known { format!("{label}, byte 0") } else { label.into_owned() }))
        }
        Some(Err(error)) => fault(XmlFault::Malformed(error.to_string())),
        _ => Ok(()),
    }
}

fn translate(error: quick_xml::Error, line: u64) -> XmlError {
    match error {
        quick_xml::Error::Io(error)
            if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<PieceTooLong>) =>
        {
            XmlError::Fault { fault: XmlFault::Limit("piece"), line }
        }
        quick_xml::Error::Io(error)
            if let Some(NotALetter { encoding, offset }) =
                error.get_ref().and_then(|inner| inner.downcast_ref::<NotALetter>()).copied() =>
        {
            let said = format!("{}, byte {offset}", encoding.name());
            XmlError::Fault { fault: XmlFault::Encoding(said), line }
        }
        quick_xml::Error::Io(error) => XmlError::Io(io::Error::new(error.kind(), error.to_string())),
        quick_xml::Error::Encoding(error) => XmlError::Fault { fault: XmlFault::Encoding(error.to_string()), line },
        other => XmlError::Fault { fault: XmlFault::Malformed(other.to_string()), line },
    }
}

/// Passes text on that holds only letters which XML 1.0 allows; the parser itself takes any.
fn letters(text: &str, line: u64) -> Result<&str, XmlError> {
    if text.contains(|c| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}'))
    {
        return Err(XmlError::Fault { fault: XmlFault::Malformed("a letter that XML cannot hold".to_owned()), line });
    }
    Ok(text)
}

fn resolve(reference: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        let holds = matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
        return holds.then_some(letter);
    }
    Some(match reference.as_ref() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// Reads an element that begins, where `around` namespaces are declared; returns how many it declares itself.
fn element<R>(
    reader: &NsReader<R>,
    tag: &quick_xml::events::BytesStart<'_>,
    limits: &XmlLimits,
    around: usize,
    line: u64,
    fragment: bool,
) -> Result<(Element, usize), XmlError> {
    let limit = |limit| Err(XmlError::Fault { fault: XmlFault::Limit(limit), line });
    if tag.name().as_ref().len() > NAME {
        return limit("name");
    }
    let malformed = |text: String| XmlError::Fault { fault: XmlFault::Malformed(text), line };
    let namespace = |resolved: ResolveResult<'_>| match resolved {
        ResolveResult::Bound(ns) => Ok(ns.into_inner().to_owned()),
        ResolveResult::Unbound => Ok(String::new()),
        ResolveResult::Unknown(_) if fragment => Ok(String::new()),
        ResolveResult::Unknown(_) => Err(malformed("a prefix without namespace".to_owned())),
    };
    let (ns, local) = reader.resolver().resolve_element(tag.name());
    let (ns, name) = (namespace(ns)?, local.into_inner().to_owned());
    let mut found = Element { namespace: ns, name, attributes: Vec::new(), type_name: None };
    let mut declared = 0;
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| malformed(error.to_string()))?;
        if attribute.key.as_ref().len() > NAME {
            return limit("name");
        }
        if attribute.value.contains('<') {
            return Err(malformed("a tag in an attribute".to_owned()));
        }
        if attribute.key.as_namespace_binding().is_some() {
            declared += 1;
            if declared > limits.attributes || around + declared > NAMESPACES {
                return limit("namespaces");
            }
            continue;
        }
        if found.attributes.len() == limits.attributes {
            return limit("attributes");
        }
        let (ns, local) = reader.resolver().resolve_attribute(attribute.key);
        let raw = letters(&attribute.value, line)?;
        let value = quick_xml::escape::unescape(raw).map_err(|error| malformed(error.to_string()))?;
        let name = local.into_inner().to_owned();
        let namespace = namespace(ns)?;
        // Two prefixes may stand for one namespace (Namespaces in XML 1.0, 6.3).
        if !namespace.is_empty() && found.qualified(&namespace, &name).is_some() {
            return Err(malformed("an attribute twice".to_owned()));
        }
        if name == "type" && namespace == INSTANCE {
            let (ns, local) = reader.resolver().resolve_element(QName(value.trim()));
            found.type_name = match ns {
                ResolveResult::Bound(ns) => Some((ns.into_inner().to_owned(), local.into_inner().to_owned())),
                ResolveResult::Unbound => Some((String::new(), local.into_inner().to_owned())),
                ResolveResult::Unknown(_) => None,
            };
        }
        found.attributes.push((namespace, name, value.into_owned()));
    }
    Ok((found, declared))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(document: &[u8]) -> Result<Vec<Node>, XmlError> {
        let mut reader = XmlReader::new(document, XmlLimits::default());
        let mut nodes = Vec::new();
        while let Some(node) = reader.node()? {
            nodes.push(node);
        }
        Ok(nodes)
    }

    #[test]
    fn namespaces_and_attributes_are_resolved() {
        let nodes =
            read(b"<?xml version='1.0'?><m:a xmlns:m='urn:m' xmlns='urn:d' m:x='1&amp;2' y=\"3\"><b/>t&#228;</m:a>")
                .unwrap();
        let Node::Start(a) = &nodes[0] else { panic!("{nodes:?}") };
        assert_eq!((a.namespace.as_str(), a.name.as_str()), ("urn:m", "a"));
        assert_eq!((a.qualified("urn:m", "x"), a.attribute("y"), a.attribute("x")), (Some("1&2"), Some("3"), None));
        let Node::Start(b) = &nodes[1] else { panic!("{nodes:?}") };
        assert_eq!(b.namespace, "urn:d");
        assert_eq!(nodes[3..], [Node::Text("t".into()), Node::Text("ä".into()), Node::End]);
    }

    #[test]
    fn bad_documents_are_refused() {
        let deep = "<a>".repeat(300);
        let wide = format!("<a {}/>", (0..300).map(|n| format!("a{n}=''")).collect::<Vec<_>>().join(" "));
        let long = format!("<a b='{}'/>", "x".repeat(9 << 20));
        let notes = format!("<a>{}</a>", "<?p x?>".repeat(100_001));
        let name = format!("<{}/>", "n".repeat(2000));
        let declares =
            |from: usize| (from..from + 200).map(|n| format!(" xmlns:n{n}='u'")).collect::<Vec<_>>().concat();
        let spaces = format!("<a{}{}/>", declares(0), declares(200));
        let nested = (0..9).map(|depth| format!("<a{}>", declares(depth * 200))).collect::<Vec<_>>().concat();
        for (name, document) in [
            ("nothing", &b""[..]),
            ("two roots", b"<a/><b/>"),
            ("text after", b"<a/>x"),
            ("open", b"<a>"),
            ("crossed", b"<a><b></a></b>"),
            ("entity", b"<a>&x;</a>"),
            ("document type", b"<!DOCTYPE a [<!ENTITY x 'y'>]><a/>"),
            ("latin-1", b"<a>\xe4</a>"),
            ("utf-8 called latin-1", "<?xml version='1.0' encoding='ISO-8859-1'?><a>\u{e4}</a>".as_bytes()),
            (
                "utf-16 called utf-8",
                b"\xff\xfe<\0?\0x\0m\0l\0 \0e\0n\0c\0o\0d\0i\0n\0g\0=\0'\0u\0t\0f\0-\08\0'\0?\0>\0<\0a\0/\0>\0",
            ),
            ("utf-8 called utf-16", b"<?xml version='1.0' encoding='UTF-16'?><a/>"),
            ("mark of utf-8, called latin-1", b"\xef\xbb\xbf<?xml version='1.0' encoding='ISO-8859-1'?><a/>"),
            ("unknown encoding", b"<?xml version='1.0' encoding='x-quatsch'?><a/>"),
            ("version", b"<?xml version='9.9'?><a/>"),
            ("declaration behind a blank", b" <?xml version='1.0'?><a/>"),
            ("declaration in an element", b"<a><?xml version='1.0'?></a>"),
            ("tag in an attribute", b"<a b='<'/>"),
            ("notes", notes.as_bytes()),
            ("name", name.as_bytes()),
            ("namespaces", spaces.as_bytes()),
            ("namespaces of many elements", nested.as_bytes()),
            ("nul", b"<a>\0</a>"),
            ("twice", b"<a b='' b=''/>"),
            ("prefix", b"<x:a/>"),
            ("depth", deep.as_bytes()),
            ("attributes", wide.as_bytes()),
            ("length", long.as_bytes()),
        ] {
            assert!(matches!(read(document), Err(XmlError::Fault { .. })), "{name}");
        }
    }

    #[test]
    fn encodings_are_read_as_they_are() {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a b='ä'>Größe</a>";
        let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a b='\xe4'>Gr\xf6\xdfe</a>";
        let utf8 = "\u{feff}<a b='ä'>Größe</a>";
        for document in [&wide[..], latin, utf8.as_bytes()] {
            let nodes = read(document).unwrap();
            let Node::Start(a) = &nodes[0] else { panic!("{nodes:?}") };
            assert_eq!((a.attribute("b"), &nodes[1]), (Some("ä"), &Node::Text("Größe".into())));
        }
        let mut plain = XmlReader::plain(&latin[..], XmlLimits::default());
        assert!(matches!(plain.node(), Err(XmlError::Fault { fault: XmlFault::Encoding(_), .. })));
        let Err(XmlError::Fault { fault, .. }) = read(b"<a>\xe4</a>") else { panic!("no fault") };
        assert_eq!(fault, XmlFault::Encoding("UTF-8, byte 3".to_owned()));
    }

    #[test]
    fn elements_are_counted_and_long_lists_in_them_too() {
        let read = |text: &str, elements| {
            let mut reader = XmlReader::new(text.as_bytes(), XmlLimits { elements, ..XmlLimits::default() });
            while reader.node()?.is_some() {}
            Ok::<_, XmlError>(reader.elements())
        };
        let limit = |read| matches!(read, Err(XmlError::Fault { fault: XmlFault::Limit("elements"), .. }));
        assert_eq!(read("<a><b/><c>x</c></a>", 3).unwrap(), 3);
        assert!(limit(read("<a><b/><c>x</c></a>", 2)));
        let ids = format!("<a b='{}'/>", "id ".repeat(100_000));
        assert!(read(&ids, 100_000).unwrap() > 30_000);
        assert!(limit(read(&format!("<x>{ids}{ids}{ids}</x>"), 50_000)));
    }

    #[test]
    fn a_fault_names_its_line() {
        let Err(XmlError::Fault { line, .. }) = read(b"<a>\n<b>\n</c>\n</a>") else { panic!("no fault") };
        assert_eq!(line, 3);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(text in "[^\u{0}-\u{8}\u{b}\u{c}\u{e}-\u{1f}\u{fffe}\u{ffff}]{0,40}") {
            let mut out = Vec::new();
            let mut writer = XmlWriter::new(&mut out);
            writer.start("a", &[("x", Some(&text)), ("y", None)]).unwrap();
            writer.text("b", &[], &text).unwrap();
            writer.end().unwrap();
            let nodes = read(&out).unwrap();
            let Node::Start(a) = &nodes[0] else { panic!("{nodes:?}") };
            prop_assert_eq!(a.attribute("x"), Some(text.as_str()));
            let begin = nodes.iter().position(|n| matches!(n, Node::Start(e) if e.name == "b")).unwrap();
            let read: String = nodes[begin + 1..].iter().map_while(|n| match n { Node::Text(t) => Some(t.as_str()), _ => None }).collect();
            prop_assert_eq!(read, text);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            drop(read(&bytes));
        }
    }
}
