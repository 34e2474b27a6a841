//! Deliveries of any line-of-business system: an export in CSV or XML that says which files belong to what.
//!
//! What the export means is said by rules, never by code: which rows or elements are records, what tells them apart, where
//! their files are named and what becomes of their columns. Each record takes its row along unchanged; the export as a
//! whole is kept with the accession. Of an export only the places of its records are held in memory.

mod dates;
mod export;
mod lookup;
mod record;

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use self::export::{Data, ExportFault, Listing, Span, Value};
use self::lookup::{Found, Lookup};
use super::field::{FieldRule, printable};
use super::paths::Paths;
use super::rest::Rest;
use super::tree::Tree;
use super::{FolderRules, MessageFacts, Origin, Source, SourceError, TableError};
use crate::io::xpath::XPath;
use crate::model::content::{Content, FileBytes, ReadFault};
use crate::model::finding::{Code, Finding};
use crate::model::record::{EntryKind, Exception, FileFacts, Reason, Record, SourceFile};
use crate::task::{Cancel, Cancelled};

/// The number of the place that is made of pieces of an export: `OFFSET+LENGTH:PATH`.
const PIECES: u32 = 1;

/// How much of an export is read at once, in bytes.
const BLOCK: u64 = if cfg!(test) { 1 << 12 } else { 4 << 20 };

/// No record has this entry.
const NOBODY: u32 = u32::MAX;

/// Tells from a name whether a file is the export.
pub type IsExport = Arc<dyn Fn(&[u8]) -> bool + Send + Sync>;

/// How an export becomes records.
#[derive(Clone)]
pub struct Rules {
    /// The folder of the rows in packages: `metadata/other/KIND`.
    pub kind: String,
    /// Which files are exports, by name; those that lie highest count.
    pub file: IsExport,
    /// What the export is called, for people.
    pub file_name: String,
    /// What it is.
    pub format: Format,
    /// XML: what the records are, for people.
    pub record: String,
    /// How it is written, where that is not UTF-8: one byte for each letter.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// What tells a record from others: a column or a path.
    pub key: String,
    /// What stands between several values.
    pub list_separator: String,
    /// How dates are written, see [`crate::profile::DateForm`].
    pub dates: Vec<String>,
    /// Where the files of a record are named.
    pub files: Option<FileRule>,
    /// What becomes of columns and elements.
    pub fields: Vec<FieldRule>,
}

/// What an export is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// CSV: each row is a record.
    Csv {
        /// What stands between cells, where the first line is not to tell.
        separator: Option<u8>,
    },
    /// XML: the elements of a streamable path are records.
    Xml(XPath),
}

/// Where the files of a record are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRule {
    /// A column or a path.
    pub from: String,
    /// What stands between several names.
    pub separator: String,
    /// The folder in which they lie, beside the export.
    pub folder: String,
}

/// The records of an export with their files.
pub struct Exported {
    tree: Tree,
    rules: Rules,
    leave_out: FolderRules,
    origin: Origin,
    exports: Vec<Export>,
    rows: Vec<Row>,
    /// By entry: the first record that names it.
    owners: Vec<u32>,
    lookup: Lookup,
    documents: Vec<SourceFile>,
    rest: Rest,
    block: Mutex<Option<Block>>,
}

/// A file that says what the records are.
struct Export {
    entry: usize,
    shown: String,
    /// Folders in which files are looked for, each empty or with a `/` behind it.
    folders: Vec<Vec<u8>>,
    listing: Listing,
    /// CSV: the header as it stands there.
    header: Vec<u8>,
}

/// A record to come.
struct Row {
    export: usize,
    span: Span,
    key: String,
    /// Whether its key lacks, or another record has it: the key as it stands there.
    fault: Option<(Code, String)>,
}

/// A piece of an export in memory.
struct Block {
    export: usize,
    start: u64,
    bytes: Arc<[u8]>,
}

impl Exported {
    /// Looks for the export in the delivery at `path`, and for the files that it names.
    pub fn open(path: &Path, rules: Rules, leave_out: &FolderRules, cancel: &Cancel) -> Result<Self, SourceError> {
        let tree = Tree::open(path, cancel)?;
        let refuse = |finding: Finding| SourceError::Refused { path: path.to_owned(), finding: Box::new(finding) };
        let named = |entry: &super::tree::Entry| {
            entry.kind == EntryKind::File && entry.fault.is_none() && (rules.file)(entry.name())
        };
        let depth = |path: &[u8]| path.split(|byte| *byte == b'/').count();
        let highest = tree.entries().iter().filter(|entry| named(entry)).map(|entry| depth(&entry.path)).min();
        let Some(highest) = highest else {
            return Err(refuse(Finding::new(Code::FileMissing).file(rules.file_name.clone())));
        };
        let mut exports = Vec::new();
        for (index, entry) in tree.entries().iter().enumerate() {
            if named(entry) && depth(&entry.path) == highest {
                let listing = listed(&tree, entry, &rules, cancel)?;
                let own = &entry.path[..entry.path.len() - entry.name().len()];
                let folders = folders(own, &rules);
                exports.push(Export { entry: index, shown: entry.shown(), folders, listing, header: Vec::new() });
            }
        }
        let kind = if matches!(rules.format, Format::Csv { .. }) { "CSV" } else { "XML" };
        let message = |export: &Export| MessageFacts {
            kind: kind.to_owned(),
            file: export.shown.clone(),
            ..MessageFacts::default()
        };
        let origin =
            Origin { system: rules.kind.clone(), messages: exports.iter().map(message).collect(), ..Origin::default() };
        let owners = vec![NOBODY; tree.entries().len()];
        let mut source = Self {
            tree,
            rules,
            leave_out: leave_out.clone(),
            origin,
            exports,
            rows: Vec::new(),
            owners,
            lookup: Lookup::default(),
            documents: Vec::new(),
            rest: Rest::default(),
            block: Mutex::new(None),
        };
        source.name_rows(cancel)?;
        source.keep_exports();
        Ok(source)
    }

    /// Gives each record its key, and each file its record.
    fn name_rows(&mut self, cancel: &Cancel) -> Result<(), SourceError> {
        let mut keys = HashSet::new();
        for number in 0..self.exports.len() {
            let header = self.bytes(number, 0, self.exports[number].listing.header);
            self.exports[number].header = header.map_err(|fault| SourceError::Read {
                path: self.tree.path().join(&self.exports[number].shown),
                source: std::io::Error::other(fault),
            })?;
            for at in 0..self.exports[number].listing.spans.len() {
                if at.is_multiple_of(256) {
                    cancel.check()?;
                }
                let export = &self.exports[number];
                let span = export.listing.spans[at];
                let refuse = |finding| SourceError::Refused { path: self.tree.path().to_owned(), finding };
                let data = self.data(number, span).map_err(refuse)?;
                let place = format!("{}:{}:{}", export.shown, span.line, span.column);
                let told = data.values(&self.rules.key).first().map(|value| printable(&value.text));
                let mut fault = None;
                let mut key = told.unwrap_or_default();
                if key.is_empty() {
                    fault = Some((Code::KeyMissing, String::new()));
                    key = place;
                } else if keys.contains(&key) {
                    fault = Some((Code::NamedTwice, key.clone()));
                    key = format!("{key} ({place})");
                }
                keys.insert(key.clone());
                let owner = u32::try_from(self.rows.len()).unwrap_or(NOBODY);
                let mut mine = Vec::new();
                for name in self.names(&data) {
                    if let Found::Files(files) = self.find(export, &name.text) {
                        mine.extend(files);
                    }
                }
                for file in mine {
                    if self.owners[file] == NOBODY {
                        self.owners[file] = owner;
                    }
                }
                self.rows.push(Row { export: number, span, key, fault });
            }
            // The places of the records are in the rows now.
            self.exports[number].listing.spans = Vec::new();
        }
        Ok(())
    }

    fn keep_exports(&mut self) {
        let mut taken: Vec<bool> = self.owners.iter().map(|owner| *owner != NOBODY).collect();
        let mut paths = Paths::default();
        let mut kept = Vec::new();
        for export in &self.exports {
            let entry = &self.tree.entries()[export.entry];
            taken[export.entry] = true;
            kept.push(entry.exception(Reason::Description));
            self.documents.push(entry.file(paths.portable(&entry.path), 0, FileFacts::default()));
        }
        self.rest = Rest::of(&self.tree, &self.leave_out, &taken);
        self.rest.leftovers.append(&mut kept);
    }

    /// Returns the names of files that a record says.
    fn names(&self, data: &Data<'_>) -> Vec<Value> {
        let (from, separator) = match &self.rules.files {
            Some(rule) => (&rule.from, rule.separator.as_str()),
            // Nobody says where files are named: then a folder is called like the record.
            None => (&self.rules.key, ""),
        };
        split(data.values(from), separator)
    }

    /// Finds what an export calls `name`; exports themselves belong to no record.
    fn find(&self, export: &Export, name: &str) -> Found {
        match self.lookup.find(&self.tree, &export.folders, name) {
            Found::Files(mut files) => {
                files.retain(|file| self.exports.iter().all(|export| export.entry != *file));
                if files.is_empty() { Found::Nothing } else { Found::Files(files) }
            }
            other => other,
        }
    }

    /// Returns what the record at `span` of an export says.
    fn data(&self, export: usize, span: Span) -> Result<Data<'_>, Box<Finding>> {
        let of = &self.exports[export];
        let bytes = self.bytes(export, span.offset, span.length).map_err(|fault| {
            Box::new(Finding::new(Code::Unreadable).file(of.shown.clone()).line(span.line).value(fault.to_string()))
        })?;
        export::read(&bytes, span, &of.listing, &of.shown, &self.rules)
    }

    /// Returns bytes of an export. Records stand one behind the other, so a block that was read serves many.
    fn bytes(&self, export: usize, offset: u64, length: u64) -> Result<Vec<u8>, ReadFault> {
        let mut held = self.block.lock().unwrap_or_else(PoisonError::into_inner);
        let inside = |block: &Block| {
            let start = usize::try_from(offset.checked_sub(block.start)?).ok()?;
            let end = start.checked_add(usize::try_from(length).ok()?)?;
            block.bytes.get(start..end).filter(|_| block.export == export).map(<[u8]>::to_vec)
        };
        if let Some(found) = held.as_ref().and_then(inside) {
            return Ok(found);
        }
        let entry = &self.tree.entries()[self.exports[export].entry];
        let mut reader = self.tree.open(&entry.file(String::new(), 0, FileFacts::default()))?;
        reader.skip(offset)?;
        let want = usize::try_from(length.max(BLOCK).min(entry.size.saturating_sub(offset))).unwrap_or_default();
        let mut bytes = vec![0; want];
        let mut filled = 0;
        while filled < want {
            match reader.read(&mut bytes[filled..])? {
                0 => return Err(ReadFault::Changed),
                count => filled += count,
            }
        }
        let block = Block { export, start: offset, bytes: bytes.into() };
        let found = inside(&block).ok_or(ReadFault::Changed);
        *held = Some(block);
        found
    }
}

/// Splits each value at `separator`; one that is empty separates nothing.
fn split(values: Vec<Value>, separator: &str) -> Vec<Value> {
    if separator.is_empty() {
        return values;
    }
    let parts = |value: Value| {
        let parts = value.text.split(separator).map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| Value { text: part.to_owned(), ..value.clone() }).collect::<Vec<_>>()
    };
    values.into_iter().flat_map(parts).collect()
}

/// Returns where files are looked for that an export in the folder `own` names.
fn folders(own: &[u8], rules: &Rules) -> Vec<Vec<u8>> {
    let folder = rules.files.as_ref().map(|rule| rule.folder.replace('\\', "/")).unwrap_or_default();
    let folder = folder.trim_matches('/');
    let inside = if folder.is_empty() || folder == "." { String::new() } else { format!("{folder}/") };
    let mut folders = vec![[own, inside.as_bytes()].concat(), inside.into_bytes(), own.to_vec(), Vec::new()];
    let mut seen = Vec::new();
    folders.retain(|folder| {
        !seen.contains(folder) && {
            seen.push(folder.clone());
            true
        }
    });
    folders
}

fn listed(tree: &Tree, entry: &super::tree::Entry, rules: &Rules, cancel: &Cancel) -> Result<Listing, SourceError> {
    let shown = entry.shown();
    let refuse = |finding: Box<Finding>| SourceError::Refused { path: tree.path().to_owned(), finding };
    let bytes = tree
        .read(entry)
        .map_err(|fault| SourceError::Read { path: tree.path().join(&shown), source: std::io::Error::other(fault) })?;
    let listing = export::list(bytes, &shown, rules, cancel).map_err(|fault| match fault {
        ExportFault::Table(line, fault) => TableError { file: shown.clone(), line, column: None, fault }.into(),
        ExportFault::Finding(finding) => refuse(finding),
        ExportFault::Cancelled(stopped) => stopped.into(),
    })?;
    if matches!(rules.format, Format::Csv { .. }) {
        let files = rules.files.iter().map(|rule| &rule.from);
        let wanted = std::iter::once(&rules.key).chain(files).chain(rules.fields.iter().map(|rule| &rule.from));
        for name in wanted {
            if export::column(&listing.columns, name).is_none() {
                let there = listing.columns.join(", ");
                let finding = Finding::new(Code::ColumnMissing).file(shown).line(1).value(name.clone()).expected(there);
                return Err(refuse(Box::new(finding)));
            }
        }
    } else if listing.spans.is_empty() {
        let finding = Finding::new(Code::SubmissionInvalid).file(shown).expected(rules.record.clone());
        return Err(refuse(Box::new(finding)));
    }
    Ok(listing)
}

impl Source for Exported {
    fn name(&self) -> &str {
        self.tree.name()
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn keys(&self) -> Vec<&str> {
        let loose = (!self.rest.files.is_empty()).then_some("");
        self.rows.iter().map(|row| row.key.as_str()).chain(loose).collect()
    }

    fn read(&self, index: usize, cancel: &Cancel) -> Result<Record, Cancelled> {
        if index < self.rows.len() {
            return self.record(index, cancel);
        }
        let title = format!("Dateien, die {} nicht nennt", self.rules.file_name);
        Ok(self.rest.record(&self.tree, &title))
    }

    fn content(&self) -> &dyn Content {
        self
    }

    fn documents(&self) -> &[SourceFile] {
        &self.documents
    }

    fn leftovers(&self) -> &[Exception] {
        &self.rest.leftovers
    }

    fn folders(&self) -> u64 {
        1 + self.rest.folders
    }
}

impl Content for Exported {
    fn open<'a>(&'a self, file: &SourceFile) -> Result<Box<dyn FileBytes + 'a>, ReadFault> {
        let place = file.facts.as_ref().and_then(|facts| facts.place.as_ref());
        let Some((PIECES, place)) = place else { return self.tree.open(file) };
        let mut parts = place.splitn(2, |byte| *byte == b':');
        let numbers = parts.next().and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default();
        let numbers: Vec<u64> = numbers.split('+').filter_map(|number| number.parse().ok()).collect();
        let path = parts.next().unwrap_or_default();
        let export = self.exports.iter().position(|export| *self.tree.entries()[export.entry].path == *path);
        let (Some(export), [offset, length]) = (export, &numbers[..]) else { return Err(ReadFault::Gone) };
        let mut bytes = self.exports[export].header.clone();
        bytes.extend(self.bytes(export, *offset, *length)?);
        Ok(Box::new(Held { bytes, at: 0 }))
    }
}

/// Bytes that are in memory.
struct Held {
    bytes: Vec<u8>,
    at: usize,
}

impl FileBytes for Held {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ReadFault> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
