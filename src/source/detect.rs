//! What lies at a path: judged by content, not by name, quickly and within bounds.
//!
//! Nothing is looked at longer than it takes to know which source fits: of a folder a first part of its entries, of files
//! their beginnings. Whether all of it is sound, that source tells.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::Path;

use serde::Serialize;

use super::SourceError;
use super::tree::{Entry, Tree};
use crate::io::container;
use crate::io::xml::{Node, XmlLimits, XmlReader};
use crate::model::record::EntryKind;
use crate::task::Cancel;

/// Entries of a folder that are looked at.
const ENTRIES: usize = 5_000;
/// Files of which the beginning is read, and containers that are listed.
const FILES: usize = 200;
const CONTAINERS: usize = 32;
/// The beginning of a file.
const HEAD: u64 = 64 << 10;
/// A submission's list of contents, and PDFs in which an invoice is searched: each, and all together.
const WHOLE: u64 = 32 << 20;
const SEARCHED: u64 = 64 << 20;

/// What was recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Detected {
    /// How it comes.
    pub form: Form,
    /// What it is.
    #[serde(flatten)]
    pub kind: Kind,
}

/// How a delivery comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A folder.
    Folder,
    /// A ZIP file.
    Zip,
    /// A TAR file.
    Tar,
    /// A TAR file that gzip packed.
    #[serde(rename = "tar.gz")]
    TarGz,
    /// A single other file.
    File,
    /// A pipe, socket or device.
    Special,
}

impl Form {
    /// Returns whether it is a TAR, packed or not.
    #[must_use]
    pub const fn is_tar(self) -> bool {
        matches!(self, Self::Tar | Self::TarGz)
    }
}

/// What a delivery is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// An E-ARK package.
    Package,
    /// A BagIt bag.
    Bag,
    /// An OCFL object or storage root.
    Ocfl,
    /// Messages of an eAkte system.
    Xdomea {
        /// Which.
        messages: Vec<Message>,
    },
    /// Invoices.
    Invoice {
        /// In which syntaxes: `UBL`, `CII`, `PDF` and the like.
        syntaxes: BTreeSet<&'static str>,
    },
    /// Submissions of FIT-Connect.
    FitConnect,
    /// E-mails.
    Email,
    /// A file that is packed in another way than ZIP or TAR.
    Compressed,
    /// An XML document of another kind.
    Xml {
        /// Its root element, `{namespace}name`; empty where it cannot be read.
        root: String,
    },
    /// Files and folders of any kind.
    Share,
    /// A file of another kind.
    File,
    /// A pipe, socket or device.
    Special,
}

/// A message of an eAkte system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Message {
    /// Its type: `0503`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The version of xdomea: `3.0.0`.
    pub version: String,
}

impl Kind {
    /// Returns the word that stands in JSON documents.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::Bag => "bag",
            Self::Ocfl => "ocfl",
            Self::Xdomea { .. } => "xdomea",
            Self::Invoice { .. } => "invoice",
            Self::FitConnect => "fit-connect",
            Self::Email => "email",
            Self::Compressed => "compressed",
            Self::Xml { .. } => "xml",
            Self::Share => "share",
            Self::File => "file",
            Self::Special => "special",
        }
    }

    /// Returns the name of the profile that fits; none for what is taken without one or not at all.
    #[must_use]
    pub const fn profile(&self) -> Option<&'static str> {
        match self {
            Self::Xdomea { .. } => Some("eakte"),
            Self::Invoice { .. } => Some("erechnung"),
            Self::Bag => Some("bagit"),
            Self::FitConnect => Some("ozg-antrag"),
            Self::Email => Some("e-mail"),
            // A single document is a record of one file if it can be read; else that source tells what is wrong with it.
            Self::Share | Self::Xml { .. } => Some("dateiablage"),
            _ => None,
        }
    }

    /// Returns whether no profile of the program can take it.
    #[must_use]
    pub const fn is_not_taken(&self) -> bool {
        self.profile().is_none() && !matches!(self, Self::Package)
    }
}

/// Returns what lies at `path`.
pub fn detect(path: &Path, cancel: &Cancel) -> Result<Detected, SourceError> {
    let status = path.metadata().map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => SourceError::NotFound { path: path.to_owned() },
        _ => SourceError::Read { path: path.to_owned(), source },
    })?;
    if !status.is_dir() && !status.is_file() {
        return Ok(Detected { form: Form::Special, kind: Kind::Special });
    }
    let tree = Tree::glance(path, ENTRIES, cancel)?;
    let form = match tree.kind() {
        Some(container::Kind::Zip) => Form::Zip,
        Some(container::Kind::Tar) => Form::Tar,
        Some(container::Kind::TarGz) => Form::TarGz,
        None if status.is_dir() => Form::Folder,
        None => Form::File,
    };
    let kind = match (form, tree.entries()) {
        (Form::File, [file]) => match look(&tree, file, &mut 0) {
            Seen::Message(message) => Kind::Xdomea { messages: vec![message] },
            Seen::Invoice(syntax) => Kind::Invoice { syntaxes: BTreeSet::from([syntax]) },
            Seen::Pdf => Kind::Invoice { syntaxes: BTreeSet::from(["PDF"]) },
            Seen::Email => Kind::Email,
            Seen::Xml(root) => Kind::Xml { root },
            Seen::Compressed => Kind::Compressed,
            Seen::Container | Seen::Other => Kind::File,
        },
        _ => of_tree(&tree, cancel)?,
    };
    Ok(Detected { form, kind })
}

/// Returns what the entries of a folder or container are together.
fn of_tree(tree: &Tree, cancel: &Cancel) -> Result<Kind, SourceError> {
    let top = tree.entries().iter().filter(|entry| !entry.path.contains(&b'/'));
    if let Some(kind) = marked(tree, b"") {
        return Ok(kind);
    }
    // In a container the folder that everything lies in may be called otherwise than the container.
    let mut folders = top.clone();
    if let (true, Some(folder), None) = (tree.kind().is_some(), folders.next(), folders.next())
        && let Some(kind @ (Kind::Package | Kind::Bag | Kind::Ocfl)) = marked(tree, &[&folder.path, &b"/"[..]].concat())
    {
        return Ok(kind);
    }
    let documents = top.clone().filter(|entry| entry.kind == EntryKind::File && ends(entry, b".xml"));
    for entry in documents.take(20) {
        if let Seen::Message(message) = look(tree, entry, &mut 0) {
            return Ok(Kind::Xdomea { messages: vec![message] });
        }
    }
    if let Some(kind) = alike(tree, cancel)? {
        return Ok(kind);
    }
    let mut folders = top.filter(|entry| !is_note(entry)).peekable();
    let all = folders.peek().is_some()
        && folders.take(CONTAINERS).all(|entry| {
            entry.kind == EntryKind::Folder && is_submission(tree, &[&entry.path, &b"/metadata.json"[..]].concat())
        });
    Ok(if all { Kind::FitConnect } else { Kind::Share })
}

/// Returns what the folder `at` is (empty, or ending in `/`) that says so in a file of its own.
fn marked(tree: &Tree, at: &[u8]) -> Option<Kind> {
    let is_file = |name: &[u8]| tree.find(&[at, name].concat()).is_some_and(|entry| entry.kind == EntryKind::File);
    if is_file(b"METS.xml") {
        return Some(Kind::Package);
    }
    // One that lacks its declaration is told from other folders by its payload and the list of it.
    let is_data = tree.find(&[at, b"data"].concat()).is_some_and(|entry| entry.kind == EntryKind::Folder);
    let mut beside = tree.entries().iter().filter_map(|entry| entry.path.strip_prefix(at));
    if is_file(b"bagit.txt") || (is_data && beside.any(crate::package::bagit::is_manifest)) {
        return Some(Kind::Bag);
    }
    if [&b"0=ocfl_1.0"[..], b"0=ocfl_1.1", b"0=ocfl_object_1.0", b"0=ocfl_object_1.1"].iter().any(|name| is_file(name))
    {
        return Some(Kind::Ocfl);
    }
    is_submission(tree, &[at, b"metadata.json"].concat()).then_some(Kind::FitConnect)
}

/// Returns what all files are, if all are of one kind; notes and lists of decisions may lie beside them.
fn alike(tree: &Tree, cancel: &Cancel) -> Result<Option<Kind>, SourceError> {
    let mut messages = BTreeSet::new();
    let mut syntaxes = BTreeSet::new();
    let (mut emails, mut submissions, mut pdfs, mut containers) = (0, 0, 0, 0);
    let notes = tree.entries().iter().any(is_note);
    let mut searched = 0;
    let files = tree.entries().iter().filter(|entry| entry.kind != EntryKind::Folder && !is_note(entry));
    for entry in files.take(FILES) {
        cancel.check()?;
        if entry.kind != EntryKind::File {
            return Ok(None);
        }
        match look(tree, entry, &mut searched) {
            Seen::Message(message) => {
                messages.insert(message);
            }
            Seen::Invoice(syntax) => {
                syntaxes.insert(syntax);
            }
            Seen::Pdf => pdfs += 1,
            Seen::Email => emails += 1,
            Seen::Container => {
                containers += 1;
                if containers > CONTAINERS {
                    break;
                }
                // What is not sound is told when it is opened; here it only is nothing that is known.
                let inner = (entry.size <= WHOLE * 8).then(|| tree.list_nested(entry, cancel).ok()).flatten();
                match inner.map(|inner| of_container(&inner)) {
                    Some(Some(Kind::Xdomea { messages: inner })) => messages.extend(inner),
                    Some(Some(Kind::FitConnect)) => submissions += 1,
                    _ => return Ok(None),
                }
            }
            Seen::Xml(_) | Seen::Compressed | Seen::Other => return Ok(None),
        }
        let kinds = [!messages.is_empty(), !syntaxes.is_empty() || pdfs > 0, emails > 0, submissions > 0];
        if kinds.iter().filter(|there| **there).count() > 1 {
            return Ok(None);
        }
    }
    Ok(if !messages.is_empty() {
        Some(Kind::Xdomea { messages: messages.into_iter().collect() })
    } else if submissions > 0 {
        Some(Kind::FitConnect)
    } else if notes {
        // Beside invoices and e-mails a note is a record of its own.
        None
    } else if !syntaxes.is_empty() {
        if pdfs > 0 {
            syntaxes.insert("PDF");
        }
        Some(Kind::Invoice { syntaxes })
    } else if emails > 0 {
        Some(Kind::Email)
    } else {
        None
    })
}

/// Returns what a container in a delivery is, as far as a source wants it that way.
fn of_container(tree: &Tree) -> Option<Kind> {
    let top = tree.entries().iter().filter(|entry| !entry.path.contains(&b'/') && ends(entry, b".xml"));
    for entry in top.take(20) {
        if let Seen::Message(message) = look(tree, entry, &mut 0) {
            return Some(Kind::Xdomea { messages: vec![message] });
        }
    }
    is_submission(tree, b"metadata.json").then_some(Kind::FitConnect)
}

/// Returns whether the file is a note or a table that tells of the others.
fn is_note(entry: &Entry) -> bool {
    entry.kind == EntryKind::File
        && !entry.path.contains(&b'/')
        && [&b".csv"[..], b".txt", b".md", b".toml"].iter().any(|end| ends(entry, end))
}

fn ends(entry: &Entry, end: &[u8]) -> bool {
    let name = entry.name();
    name.len() > end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end)
}

/// Returns whether the file at `path`, a `metadata.json`, is one of a submission: what lies beside it says so, or its
/// first bytes do. Whether it is in order is for its source to say: a damaged one must not pass for a file share.
fn is_submission(tree: &Tree, path: &[u8]) -> bool {
    let Some(entry) = tree.find(path).filter(|entry| entry.kind == EntryKind::File) else { return false };
    let folder = path.strip_suffix(b"metadata.json").unwrap_or_default();
    let beside = |name: &[u8], kind| tree.find(&[folder, name].concat()).is_some_and(|entry| entry.kind == kind);
    if beside(b"data.json", EntryKind::File)
        || beside(b"data.xml", EntryKind::File)
        || beside(b"attachments", EntryKind::Folder)
    {
        return true;
    }
    let mut text = Vec::new();
    let read = tree.read(entry).ok().map(|file| file.take(HEAD).read_to_end(&mut text));
    read.is_some_and(|read| read.is_ok()) && text.windows(18).any(|piece| piece == b"\"contentStructure\"")
}

/// What one file is.
enum Seen {
    Message(Message),
    Invoice(&'static str),
    Pdf,
    Email,
    Container,
    Compressed,
    Xml(String),
    Other,
}

/// Looks at the beginning of a file.
fn look(tree: &Tree, entry: &Entry, searched: &mut u64) -> Seen {
    let mut head = Vec::new();
    let Ok(file) = tree.read(entry) else { return Seen::Other };
    // What ends too early is judged by what came.
    let _ = file.take(HEAD).read_to_end(&mut head);
    let head = head.as_slice();
    let is = |magic: &[u8]| head.starts_with(magic);
    if is(b"%PDF-") {
        let is_small = entry.size <= WHOLE && *searched + entry.size <= SEARCHED;
        *searched += if is_small { entry.size } else { 0 };
        return if is_small && has_invoice(tree, entry) { Seen::Invoice("PDF/XML") } else { Seen::Pdf };
    }
    if is(b"PK\x03\x04") || crate::io::tar::is_tar(head) {
        return Seen::Container;
    }
    let packed: [&[u8]; 8] =
        [b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"MSCF", b"\x1f\x9d"];
    if packed.iter().any(|magic| is(magic)) {
        return Seen::Compressed;
    }
    let plain: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).take(4096).collect();
    let plain = plain.strip_prefix(b"\xef\xbb\xbf").or_else(|| plain.strip_prefix(b"\xff\xfe")).unwrap_or(&plain);
    let plain = plain.strip_prefix(b"\xfe\xff").unwrap_or(plain).trim_ascii_start();
    if plain.starts_with(b"<") && !plain.to_ascii_lowercase().starts_with(b"<html") {
        return document(head, plain);
    }
    if is_email(plain) { Seen::Email } else { Seen::Other }
}

/// Returns what the XML document is that begins with `head`; `plain` is its very beginning without byte order mark.
fn document(head: &[u8], plain: &[u8]) -> Seen {
    let mut reader = XmlReader::new(head, XmlLimits::default());
    let root = loop {
        match reader.node() {
            Ok(Some(Node::Start(root))) => break Some((root.namespace, root.name)),
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => break None,
        }
    };
    let Some((namespace, name)) = root else {
        // Whoever reads it tells what is wrong with it; here only who that is.
        let has = |word: &[u8]| plain.windows(word.len()).any(|part| part == word);
        return if has(b"urn:xoev-de:xdomea:schema:") {
            Seen::Message(Message { kind: String::new(), version: String::new() })
        } else if has(b"schema:xsd:Invoice-2") || has(b"schema:xsd:CreditNote-2") {
            Seen::Invoice("UBL")
        } else if has(b"CrossIndustryInvoice:100") {
            Seen::Invoice("CII")
        } else {
            Seen::Xml(String::new())
        };
    };
    if namespace.contains("xdomea") {
        let digits = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        let kind = name.rsplit('.').next().filter(|last| digits(last)).unwrap_or_default().to_owned();
        let version = namespace.rsplit([':', '/']).next().unwrap_or_default().trim_start_matches('V').to_owned();
        return Seen::Message(Message { kind, version });
    }
    match (namespace.as_str(), name.as_str()) {
        ("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "Invoice")
        | ("urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2", "CreditNote") => Seen::Invoice("UBL"),
        (_, "CrossIndustryInvoice") => Seen::Invoice("CII"),
        (_, "CrossIndustryDocument") => Seen::Invoice("ZUGFeRD 1.0"),
        (_, "SCRDMCCBDACIOMessageStructure") => Seen::Invoice("Order-X"),
        _ if namespace.is_empty() => Seen::Xml(name),
        _ => Seen::Xml(format!("{{{namespace}}}{name}")),
    }
}

/// Returns whether a PDF names an embedded invoice in the clear.
fn has_invoice(tree: &Tree, entry: &Entry) -> bool {
    const NAMES: [&[u8]; 5] =
        [b"factur-x.xml", b"zugferd-invoice.xml", b"xrechnung.xml", b"order-x.xml", b"ZUGFeRD-invoice.xml"];
    let mut bytes = Vec::new();
    let read = tree.read(entry).ok().map(|mut file| file.read_to_end(&mut bytes));
    // In texts of two bytes a letter every other one is NUL.
    bytes.retain(|byte| *byte != 0);
    matches!(read, Some(Ok(_))) && NAMES.iter().any(|name| contains(&bytes, name))
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else { return true };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        if rest[at..].starts_with(word) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

/// Returns whether `head` begins like a message (RFC 5322) or a folder of messages (RFC 4155).
fn is_email(head: &[u8]) -> bool {
    const KNOWN: [&str; 12] = [
        "from",
        "to",
        "cc",
        "date",
        "subject",
        "message-id",
        "received",
        "mime-version",
        "return-path",
        "delivered-to",
        "reply-to",
        "sender",
    ];
    let mut lines = head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).peekable();
    lines.next_if(|line| line.starts_with(b"From "));
    let mut known = BTreeSet::new();
    for line in lines {
        if line.is_empty() {
            break;
        }
        if matches!(line.first(), Some(b' ' | b'\t')) {
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { break };
        let name = String::from_utf8_lossy(&line[..colon]).to_ascii_lowercase();
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            break;
        }
        known.extend(KNOWN.into_iter().filter(|known| *known == name));
    }
    known.len() >= 3 && (known.contains("from") || known.contains("received"))
}
