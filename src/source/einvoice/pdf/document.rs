//! Objects of a PDF by their numbers (ISO 32000-1, 7.5): cross-reference tables and streams, object streams, updates.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use super::PdfError;
use super::bytes::Bytes;
use super::object::{Dictionary, NoObject, Object, Parser};
use super::stream::{Raw, decode};

/// How many objects a file has at most.
const OBJECTS: usize = 1_000_000;

/// How many sections of cross-references a file has at most.
const SECTIONS: usize = 1_000;

/// How many objects are read at most.
const LOADS: u32 = 200_000;

/// How long an object is at most as it is written, without its stream.
const LENGTH: usize = 2 << 20;

/// How long an object stream or a cross-reference stream is at most, decoded.
const STREAM: u64 = 16 << 20;

/// How far back the place of the last cross-references is looked for.
const TAIL: u64 = 4 << 10;

/// How references may lead from one to another.
const HOPS: u32 = 16;

/// Where an object is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Entry {
    Free,
    /// At this place in the file.
    At(u64),
    /// In the object stream of this number.
    In(u32),
}

/// A PDF whose cross-references were read.
pub struct Document<'a> {
    pub(super) bytes: Bytes<'a>,
    /// Where the file begins, after what others put before it.
    base: u64,
    pub(super) entries: HashMap<u32, Entry>,
    pub(super) trailer: Dictionary,
    /// Whether anything in it had to be searched because it was not where it should be.
    pub damaged: bool,
    loads: u32,
    depth: u32,
    /// The object stream that was read last: its number, its bytes, and where each object in it begins.
    open: Option<(u32, Vec<u8>, Vec<(u32, usize)>)>,
}

/// An object with where its stream begins, if it is one.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The object.
    pub object: Object,
    /// The place of the first byte of its stream.
    pub stream: Option<u64>,
}

impl<'a> Document<'a> {
    /// Reads the cross-references of a file, or searches the objects where these are not sound.
    pub fn open(mut bytes: Bytes<'a>) -> Result<Self, PdfError> {
        let head = bytes.range(0, 1_024)?;
        let base = head.windows(5).position(|five| five == b"%PDF-").ok_or(PdfError::NotAPdf)?;
        let mut document = Self {
            bytes,
            base: base as u64,
            entries: HashMap::new(),
            trailer: Dictionary::default(),
            damaged: false,
            loads: 0,
            depth: 0,
            open: None,
        };
        let sound = document.sections().and_then(|()| {
            // What an encrypted file holds cannot be looked at.
            if document.is_encrypted() { Ok(()) } else { document.catalog().map(drop) }
        });
        match sound {
            Ok(()) => {}
            Err(stop @ (PdfError::Cancelled | PdfError::Read(_) | PdfError::Limit(_))) => return Err(stop),
            Err(_) => {
                document.rebuild()?;
                if !document.is_encrypted() {
                    document.catalog()?;
                }
            }
        }
        Ok(document)
    }

    /// Returns whether the file is encrypted.
    pub fn is_encrypted(&self) -> bool {
        !matches!(self.trailer.get("Encrypt"), None | Some(Object::Other))
    }

    /// Returns the catalogue of the file.
    pub fn catalog(&mut self) -> Result<Dictionary, PdfError> {
        let root = self.trailer.get("Root").cloned().ok_or(PdfError::Damaged("Root"))?;
        match self.resolve(&root)? {
            Object::Dictionary(catalog) => Ok(catalog),
            _ => Err(PdfError::Damaged("Root")),
        }
    }

    /// Returns what `object` refers to, or itself.
    pub fn resolve(&mut self, object: &Object) -> Result<Object, PdfError> {
        let mut found = object.clone();
        for _ in 0..HOPS {
            let Object::Reference(number) = found else { return Ok(found) };
            found = self.load(number)?.map_or(Object::Other, |loaded| loaded.object);
        }
        Err(PdfError::Damaged("reference"))
    }

    /// Returns what `key` of `dictionary` is or refers to.
    pub fn value(&mut self, dictionary: &Dictionary, key: &str) -> Result<Object, PdfError> {
        dictionary.get(key).map_or(Ok(Object::Other), |object| self.resolve(object))
    }

    /// Returns the object with this number, `None` where there is none.
    pub fn load(&mut self, number: u32) -> Result<Option<Loaded>, PdfError> {
        match self.entries.get(&number).copied() {
            None | Some(Entry::Free) => Ok(None),
            Some(Entry::At(place)) => {
                let (own, loaded) = self.parse(place)?;
                if own == number { Ok(Some(loaded)) } else { Err(PdfError::Damaged("object")) }
            }
            Some(Entry::In(stream)) => {
                self.open_stream(stream)?;
                let Some((_, bytes, places)) = &self.open else { return Ok(None) };
                let Some((_, from)) = places.iter().find(|(own, _)| *own == number) else { return Ok(None) };
                let slice = bytes.get(*from..).unwrap_or_default();
                let object = Parser::new(&slice[..slice.len().min(LENGTH)]).object();
                Ok(Some(Loaded { object: object.map_err(|_| PdfError::Damaged("object"))?, stream: None }))
            }
        }
    }

    /// Opens the stream of an object for reading what it holds, decoded.
    pub fn stream(&mut self, loaded: &Loaded) -> Result<Box<dyn Read + '_>, PdfError> {
        let (Object::Dictionary(dictionary), Some(start)) = (&loaded.object, loaded.stream) else {
            return Err(PdfError::Damaged("stream"));
        };
        let length = match self.value(dictionary, "Length") {
            Ok(Object::Integer(length)) => u64::try_from(length).ok(),
            Err(stop @ (PdfError::Cancelled | PdfError::Limit(_))) => return Err(stop),
            _ => None,
        };
        let end = length.and_then(|length| start.checked_add(length)).filter(|end| *end <= self.bytes.size());
        let end = match end {
            Some(end) if self.ends_at(end)? => end,
            _ => self.search_end(start)?,
        };
        let mut known = Vec::new();
        for key in ["Filter", "F", "DecodeParms", "DP"] {
            if let Some(value) = dictionary.get(key) {
                let value = match self.resolve(value)? {
                    Object::Array(items) => {
                        let items = items.iter().take(16).map(|item| self.flat(item));
                        Object::Array(items.collect::<Result<_, _>>()?)
                    }
                    other => self.flat(&other)?,
                };
                known.push((key.as_bytes().to_vec(), value));
            }
        }
        decode(Raw::new(&mut self.bytes, start, end), &Dictionary::from(known))
    }

    /// Resolves an object and, where it is a dictionary, its values.
    fn flat(&mut self, object: &Object) -> Result<Object, PdfError> {
        let Object::Dictionary(found) = self.resolve(object)? else { return self.resolve(object) };
        let mut flat = Vec::new();
        for key in ["Predictor", "Columns", "Colors", "BitsPerComponent"] {
            if found.get(key).is_some() {
                flat.push((key.as_bytes().to_vec(), self.value(&found, key)?));
            }
        }
        Ok(Object::Dictionary(Dictionary::from(flat)))
    }

    /// Reads the object at `place`, with its number.
    pub(super) fn parse(&mut self, place: u64) -> Result<(u32, Loaded), PdfError> {
        self.loads += 1;
        if self.loads > LOADS {
            return Err(PdfError::Limit("objects"));
        }
        let mut length = 4 << 10;
        loop {
            let window = self.bytes.range(place, length)?;
            let mut parser = Parser::new(&window);
            let read = parser.header().and_then(|number| {
                let object = parser.object()?;
                let is_stream = matches!(object, Object::Dictionary(_)) && parser.word("stream")?;
                if is_stream {
                    parser.line_end();
                }
                let stream = is_stream.then_some(place + parser.position() as u64);
                Ok((number, Loaded { object, stream }))
            });
            match read {
                Ok(found) => return Ok(found),
                Err(NoObject::Incomplete) if window.len() == length && length < LENGTH => length *= 8,
                Err(_) => return Err(PdfError::Damaged("object")),
            }
        }
    }

    /// Decodes the object stream of this number, unless it is the one that was decoded last.
    pub(super) fn open_stream(&mut self, number: u32) -> Result<(), PdfError> {
        if self.open.as_ref().is_some_and(|(open, ..)| *open == number) {
            return Ok(());
        }
        let Some(Entry::At(place)) = self.entries.get(&number).copied() else {
            return Err(PdfError::Damaged("ObjStm"));
        };
        // The length of a stream may be an object in another; that ends somewhere.
        if self.depth > 4 {
            return Err(PdfError::Damaged("ObjStm"));
        }
        self.depth += 1;
        let decoded = self.parse(place).and_then(|(_, loaded)| {
            let Object::Dictionary(dictionary) = &loaded.object else { return Err(PdfError::Damaged("ObjStm")) };
            let (count, first) = (dictionary.integer("N"), dictionary.integer("First"));
            let bytes = limited(self.stream(&loaded)?, STREAM)?;
            Ok((count.unwrap_or(0), first.unwrap_or(0), bytes))
        });
        self.depth -= 1;
        let (count, first, bytes) = decoded?;
        let first = usize::try_from(first).map_err(|_| PdfError::Damaged("ObjStm"))?;
        let mut parser = Parser::new(&bytes);
        let mut places = Vec::new();
        for _ in 0..count {
            let (Ok(number), Ok(from)) = (parser.unsigned(), parser.unsigned()) else { break };
            let from = usize::try_from(from).ok().and_then(|from| from.checked_add(first));
            if let (Ok(number), Some(from)) = (u32::try_from(number), from) {
                places.push((number, from));
            }
        }
        self.open = Some((number, bytes, places));
        Ok(())
    }

    /// Returns the numbers of the objects in the object stream that was decoded last.
    pub(super) fn opened(&self) -> Vec<u32> {
        self.open.iter().flat_map(|(_, _, places)| places).map(|(number, _)| *number).collect()
    }

    /// Reads all sections of cross-references, the newest first.
    fn sections(&mut self) -> Result<(), PdfError> {
        let from = self.bytes.size().saturating_sub(TAIL);
        let tail = self.bytes.range(from, usize::try_from(TAIL).unwrap_or(0))?;
        let at = tail.windows(9).rposition(|nine| nine == b"startxref").ok_or(PdfError::Damaged("startxref"))?;
        // A digit that is the file's last byte would not show its end.
        let text = [&tail[at + 9..], b"\n"].concat();
        let first = Parser::new(&text).unsigned().map_err(|_| PdfError::Damaged("startxref"))?;
        let (mut open, mut seen) = (vec![first], HashSet::new());
        while let Some(section) = open.pop() {
            if !seen.insert(section) {
                self.damaged = true;
                continue;
            }
            if seen.len() > SECTIONS {
                return Err(PdfError::Limit("sections"));
            }
            let place = self.base.checked_add(section).ok_or(PdfError::Damaged("xref"))?;
            let head = self.bytes.range(place, 32)?;
            let is_table = Parser::new(&head).word("xref") == Ok(true);
            let trailer = if is_table { self.table(place)? } else { self.table_stream(place)? };
            // What a hybrid file has for newer readers comes before what is older.
            for key in ["Prev", "XRefStm"] {
                open.extend(trailer.integer(key).and_then(|place| u64::try_from(place).ok()));
            }
            if self.trailer == Dictionary::default() {
                self.trailer = trailer;
            }
        }
        Ok(())
    }

    /// Reads a cross-reference table (7.5.4) and returns its trailer.
    fn table(&mut self, place: u64) -> Result<Dictionary, PdfError> {
        let wrong = PdfError::Damaged("xref");
        let mut at = place;
        self.token(&mut at)?;
        loop {
            let token = self.token(&mut at)?;
            if token == b"trailer" {
                let mut length = 4 << 10;
                loop {
                    let window = self.bytes.range(at, length)?;
                    match Parser::new(&window).object() {
                        Ok(Object::Dictionary(trailer)) => return Ok(trailer),
                        Err(NoObject::Incomplete) if window.len() == length && length < LENGTH => length *= 8,
                        _ => return Err(wrong),
                    }
                }
            }
            let (Some(first), Some(count)) = (digits(&token), digits(&self.token(&mut at)?)) else { return Err(wrong) };
            for number in (first..).take(usize::try_from(count).map_err(|_| PdfError::Damaged("xref"))?) {
                let offset = digits(&self.token(&mut at)?);
                self.token(&mut at)?;
                let kind = self.token(&mut at)?;
                let (Some(offset), Ok(number)) = (offset, u32::try_from(number)) else { return Err(wrong) };
                match kind.as_slice() {
                    b"n" if offset > 0 => self.enter(number, Entry::At(self.base.saturating_add(offset)))?,
                    b"n" | b"f" => self.enter(number, Entry::Free)?,
                    _ => return Err(wrong),
                }
            }
        }
    }

    /// Reads a cross-reference stream (7.5.8) and returns its dictionary.
    fn table_stream(&mut self, place: u64) -> Result<Dictionary, PdfError> {
        let wrong = || PdfError::Damaged("xref");
        let (_, loaded) = self.parse(place)?;
        let Object::Dictionary(dictionary) = loaded.object.clone() else { return Err(wrong()) };
        let numbers = |object: Option<&Object>| match object {
            Some(Object::Array(items)) => {
                let number = |item: &Object| match item {
                    Object::Integer(number) => u64::try_from(*number).ok(),
                    _ => None,
                };
                items.iter().map(number).collect::<Option<Vec<_>>>()
            }
            _ => None,
        };
        let widths = numbers(dictionary.get("W")).filter(|w| w.len() >= 3 && w.iter().all(|width| *width <= 8));
        let widths: Vec<usize> =
            widths.ok_or_else(wrong)?.into_iter().filter_map(|w| usize::try_from(w).ok()).collect();
        let whole = || vec![0, dictionary.integer("Size").and_then(|size| u64::try_from(size).ok()).unwrap_or(0)];
        let index = numbers(dictionary.get("Index")).unwrap_or_else(whole);
        let row_length = widths.iter().sum::<usize>();
        if row_length == 0 {
            return Err(wrong());
        }
        let table = limited(self.stream(&loaded)?, STREAM)?;
        let mut rows = table.chunks_exact(row_length);
        for pair in index.chunks_exact(2) {
            for number in (pair[0]..).take(usize::try_from(pair[1]).unwrap_or(usize::MAX)) {
                let Some(row) = rows.next() else { break };
                let mut fields = [0_u64; 3];
                let mut at = 0;
                for (field, width) in fields.iter_mut().zip(&widths) {
                    *field = row[at..at + width].iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
                    at += width;
                }
                let kind = if widths[0] == 0 { 1 } else { fields[0] };
                let number = u32::try_from(number).map_err(|_| wrong())?;
                match (kind, u32::try_from(fields[1])) {
                    (0, _) => self.enter(number, Entry::Free)?,
                    (1, _) => self.enter(number, Entry::At(self.base.saturating_add(fields[1])))?,
                    (2, Ok(stream)) => self.enter(number, Entry::In(stream))?,
                    _ => {}
                }
            }
        }
        Ok(dictionary)
    }

    /// Enters where an object is, unless something newer did.
    pub(super) fn enter(&mut self, number: u32, entry: Entry) -> Result<(), PdfError> {
        if self.entries.len() >= OBJECTS {
            return Err(PdfError::Limit("objects"));
        }
        self.entries.entry(number).or_insert(entry);
        Ok(())
    }

    /// Returns the next word of a table and goes behind it.
    fn token(&mut self, at: &mut u64) -> Result<Vec<u8>, PdfError> {
        let mut window = self.bytes.range(*at, 40)?;
        let space = window.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == 0).count();
        window.drain(..space);
        let length = window.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if length == 0 {
            return Err(PdfError::Damaged("xref"));
        }
        window.truncate(length);
        *at += (space + length) as u64;
        Ok(window)
    }

    fn ends_at(&mut self, end: u64) -> Result<bool, PdfError> {
        let window = self.bytes.range(end, 16)?;
        let space = window.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        Ok(window[space..].starts_with(b"endstream"))
    }

    /// Searches the end of a stream whose length is not the one that it says.
    fn search_end(&mut self, start: u64) -> Result<u64, PdfError> {
        self.damaged = true;
        let mut at = start;
        loop {
            let window = self.bytes.range(at, 64 << 10)?;
            if let Some(found) = window.windows(9).position(|nine| nine == b"endstream") {
                let before = window[..found].iter().rev().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
                return Ok(at + (found - before.min(2)) as u64);
            }
            if window.len() < 64 << 10 {
                return Ok(self.bytes.size());
            }
            at += window.len() as u64 - 8;
        }
    }
}

/// Reads all of a stream, up to a bound.
pub fn limited(stream: impl Read, limit: u64) -> Result<Vec<u8>, PdfError> {
    let mut found = Vec::new();
    stream.take(limit + 1).read_to_end(&mut found).map_err(|_| PdfError::Damaged("stream"))?;
    if found.len() as u64 > limit { Err(PdfError::Limit("stream")) } else { Ok(found) }
}

fn digits(token: &[u8]) -> Option<u64> {
    std::str::from_utf8(token).ok()?.parse().ok()
}
