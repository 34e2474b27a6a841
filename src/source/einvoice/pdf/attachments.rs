//! Files that are embedded in a PDF (ISO 32000-2, 7.11.4), wherever it names them.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use super::PdfError;
use super::document::{Document, Loaded};
use super::object::{Dictionary, Object, text};
use crate::model::checksum::{Algorithm, Checksum, Hasher};

/// How many files are listed at most.
const FILES: usize = 1_000;

/// How large a file is at most, decoded, and all of them together.
const SIZE: u64 = if cfg!(test) { 8 << 20 } else { 256 << 20 };
const SIZES: u64 = 1 << 30;

/// How many nodes of trees (names, pages) are looked at, and how long their arrays are.
const NODES: usize = 20_000;

/// How long a name or description is at most, in bytes.
const LENGTH: usize = 1_000;

/// An embedded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub description: String,
    /// Its MIME type, as the PDF says.
    pub mime_type: String,
    /// What it is to the document (`AFRelationship`): `Alternative`, `Source`, `Data`, `Supplement`.
    pub relationship: String,
    /// How many bytes could be decoded, and their SHA-256.
    pub size: u64,
    /// See there.
    pub sha256: Checksum,
    /// Why not all of it could be decoded; empty where it could.
    pub fault: String,
    /// The number of its stream.
    pub number: u32,
}

/// What is embedded.
#[derive(Debug, Default)]
pub struct Attachments {
    /// The files, in the order in which the PDF names them.
    pub files: Vec<Attachment>,
    /// Whether anything that should lead to files does not.
    pub damaged: bool,
    /// Whether there is more than is listed.
    pub more: bool,
}

impl Attachments {
    /// Lists what `catalog` leads to: associated files, the name tree of embedded files, and annotations on pages.
    pub fn list(document: &mut Document<'_>, catalog: &Dictionary) -> Result<Self, PdfError> {
        let mut search = Search {
            seen: HashSet::new(),
            nodes: 0,
            found: Vec::new(),
            names: HashMap::new(),
            damaged: false,
            more: false,
        };
        let names = search.value(document, catalog, "Names")?;
        if let Object::Dictionary(names) = names
            && let Some(tree) = names.get("EmbeddedFiles")
        {
            search.names(document, tree)?;
        }
        let associated = search.value(document, catalog, "AF")?;
        search.associated(document, &associated)?;
        if let Some(pages) = catalog.get("Pages") {
            search.pages(document, pages)?;
        }
        let mut list = Self { files: Vec::new(), damaged: search.damaged, more: search.more };
        let mut left = SIZES;
        for (specification, number) in search.found {
            let file = describe(document, &specification, number, search.names.get(&number), &mut left)?;
            list.files.push(file);
        }
        Ok(list)
    }
}

/// What has been found so far.
struct Search {
    /// Numbers of objects that were looked at.
    seen: HashSet<u32>,
    nodes: usize,
    /// Specifications of files with the number of their stream.
    found: Vec<(Dictionary, u32)>,
    /// What the name tree calls the stream of a number.
    names: HashMap<u32, String>,
    damaged: bool,
    more: bool,
}

impl Search {
    fn names(&mut self, document: &mut Document<'_>, tree: &Object) -> Result<(), PdfError> {
        let mut open = vec![tree.clone()];
        while let Some(node) = open.pop() {
            let Some(node) = self.node(document, &node)? else { continue };
            if let Object::Array(kids) = self.value(document, &node, "Kids")? {
                self.more |= kids.len() > NODES;
                open.extend(kids.into_iter().take(NODES).rev());
            }
            if let Object::Array(pairs) = self.value(document, &node, "Names")? {
                self.more |= pairs.len() > 2 * FILES;
                for pair in pairs.chunks_exact(2).take(FILES) {
                    let name = self.resolve(document, &pair[0])?;
                    self.specification(document, &pair[1], Some(&name))?;
                }
            }
        }
        Ok(())
    }

    fn pages(&mut self, document: &mut Document<'_>, pages: &Object) -> Result<(), PdfError> {
        let mut open = vec![pages.clone()];
        while let Some(node) = open.pop() {
            let Some(node) = self.node(document, &node)? else { continue };
            if let Object::Array(kids) = self.value(document, &node, "Kids")? {
                self.more |= kids.len() > NODES;
                open.extend(kids.into_iter().take(NODES).rev());
                continue;
            }
            let associated = self.value(document, &node, "AF")?;
            self.associated(document, &associated)?;
            if let Object::Array(annotations) = self.value(document, &node, "Annots")? {
                self.more |= annotations.len() > NODES;
                for annotation in annotations.iter().take(NODES) {
                    let Some(annotation) = self.node(document, annotation)? else { continue };
                    if annotation.is("Subtype", "FileAttachment")
                        && let Some(file) = annotation.get("FS")
                    {
                        self.specification(document, &file.clone(), None)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn associated(&mut self, document: &mut Document<'_>, found: &Object) -> Result<(), PdfError> {
        match found {
            Object::Array(files) => {
                self.more |= files.len() > FILES;
                for file in files.iter().take(FILES) {
                    self.specification(document, file, None)?;
                }
            }
            Object::Dictionary(_) => self.specification(document, found, None)?,
            _ => {}
        }
        Ok(())
    }

    /// Notes the file that a specification names, once.
    fn specification(
        &mut self,
        document: &mut Document<'_>,
        file: &Object,
        name: Option<&Object>,
    ) -> Result<(), PdfError> {
        let Object::Dictionary(found) = self.resolve(document, file)? else {
            self.damaged = true;
            return Ok(());
        };
        let Object::Dictionary(streams) = self.value(document, &found, "EF")? else {
            // A file that lies outside is nothing that the PDF holds.
            return Ok(());
        };
        let stream = ["UF", "F", "Unix", "Mac", "DOS"].iter().find_map(|key| match streams.get(key) {
            Some(Object::Reference(number)) => Some(*number),
            _ => None,
        });
        let Some(number) = stream else {
            self.damaged = true;
            return Ok(());
        };
        if let Some(Object::Text(name)) = name {
            self.names.entry(number).or_insert_with(|| cut(text(name)));
        }
        if self.found.iter().any(|(_, known)| *known == number) {
            return Ok(());
        }
        if self.found.len() == FILES {
            self.more = true;
        } else {
            self.found.push((found, number));
        }
        Ok(())
    }

    /// Returns the dictionary that a node of a tree is, unless it was looked at before.
    fn node(&mut self, document: &mut Document<'_>, node: &Object) -> Result<Option<Dictionary>, PdfError> {
        self.nodes += 1;
        if self.nodes > NODES {
            self.more = true;
            return Ok(None);
        }
        if let Object::Reference(number) = node
            && !self.seen.insert(*number)
        {
            return Ok(None);
        }
        match self.resolve(document, node)? {
            Object::Dictionary(found) => Ok(Some(found)),
            _ => Ok(None),
        }
    }

    /// As [`Document::value`]; what is damaged is noted and is nothing.
    fn value(&mut self, document: &mut Document<'_>, dictionary: &Dictionary, key: &str) -> Result<Object, PdfError> {
        dictionary.get(key).map_or(Ok(Object::Other), |object| self.resolve(document, object))
    }

    fn resolve(&mut self, document: &mut Document<'_>, object: &Object) -> Result<Object, PdfError> {
        match document.resolve(object) {
            Err(PdfError::Damaged(_) | PdfError::Filter(_)) => {
                self.damaged = true;
                Ok(Object::Other)
            }
            other => other,
        }
    }
}

fn describe(
    document: &mut Document<'_>,
    specification: &Dictionary,
    number: u32,
    key: Option<&String>,
    left: &mut u64,
) -> Result<Attachment, PdfError> {
    let mut words = |key: &str| match document.value(specification, key) {
        Ok(Object::Text(bytes)) => cut(text(&bytes)),
        Ok(Object::Name(bytes)) => cut(String::from_utf8_lossy(&bytes).into_owned()),
        _ => String::new(),
    };
    let named = [words("UF"), words("F"), key.cloned().unwrap_or_default()];
    let mut file = Attachment {
        name: named.into_iter().find(|name| !name.is_empty()).unwrap_or_default(),
        description: words("Desc"),
        mime_type: String::new(),
        relationship: words("AFRelationship"),
        size: 0,
        sha256: Checksum::of(Algorithm::Sha256, b""),
        fault: String::new(),
        number,
    };
    let loaded = match document.load(number) {
        Ok(Some(loaded)) => loaded,
        Ok(None) => {
            "missing".clone_into(&mut file.fault);
            return Ok(file);
        }
        Err(error) => return faulty(file, error),
    };
    if let Object::Dictionary(dictionary) = &loaded.object
        && let Some(Object::Name(kind)) = dictionary.get("Subtype")
    {
        file.mime_type = cut(String::from_utf8_lossy(kind).into_owned());
    }
    hash(document, &loaded, file, left)
}

fn hash(
    document: &mut Document<'_>,
    loaded: &Loaded,
    mut file: Attachment,
    left: &mut u64,
) -> Result<Attachment, PdfError> {
    let mut stream = match document.stream(loaded) {
        Ok(stream) => stream,
        Err(error) => return faulty(file, error),
    };
    let mut hasher = Hasher::new(Algorithm::Sha256);
    let mut buffer = vec![0; 64 << 10];
    let limit = SIZE.min(*left);
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => {
                file.size += length as u64;
                if file.size > limit {
                    "limit".clone_into(&mut file.fault);
                    break;
                }
                hasher.update(&buffer[..length]);
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => {
                "data".clone_into(&mut file.fault);
                break;
            }
        }
    }
    drop(stream);
    if document.bytes.is_cancelled() {
        return Err(PdfError::Cancelled);
    }
    *left = left.saturating_sub(file.size);
    file.sha256 = hasher.finish();
    Ok(file)
}

/// Returns `file` with what is wrong with it; what concerns all of the PDF goes on as an error.
fn faulty(mut file: Attachment, error: PdfError) -> Result<Attachment, PdfError> {
    file.fault = match error {
        PdfError::Damaged(_) => "data".to_owned(),
        PdfError::Filter(_) => "filter".to_owned(),
        other => return Err(other),
    };
    Ok(file)
}

fn cut(text: String) -> String {
    text[..text.floor_char_boundary(LENGTH)].chars().filter(|letter| !letter.is_control()).collect()
}
