//! Applications that came through FIT-Connect (OZG): each submission is a record.
//!
//! A submission is a folder with `metadata.json`, its data (`data.json` or `data.xml`), its attachments, mostly below
//! `attachments` under their `attachmentId`, and the envelope `submission.json`. A delivery is one submission, or folders
//! with submissions at any depth. Names in the metadata are what applicants entered: they find nothing outside the
//! submission and lead nowhere. Personal data stay in the originals, unless a rule names a field.

mod metadata;
mod submission;

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use self::metadata::Envelope;
use super::field::FieldRule;
use super::rest::Rest;
use super::tree::{Entry, Tree};
use super::{FolderRules, MessageFacts, Origin, Source, SourceError, json};
use crate::model::content::Content;
use crate::model::finding::{Code, Finding};
use crate::model::path;
use crate::model::record::{EntryKind, Exception, Record, SourceFile};
use crate::task::{Cancel, Cancelled};

const METADATA: &[u8] = b"metadata.json";
const SUBMISSION: &[u8] = b"submission.json";

/// Submissions that lie in one delivery.
pub struct Submissions {
    tree: Tree,
    rules: FolderRules,
    fields: Vec<FieldRule>,
    origin: Origin,
    found: Vec<Found>,
    rest: Rest,
}

/// Where a submission lies.
struct Found {
    key: String,
    /// Its folder with a `/` behind it; empty where the delivery is the submission.
    folder: Box<[u8]>,
    /// Its entries among those of the tree.
    entries: Range<usize>,
    /// Whether its key had to be told from that of another submission.
    twice: bool,
}

/// Returns whether a submission lies in `tree`.
#[must_use]
pub fn is_there(tree: &Tree) -> bool {
    tree.entries().iter().any(|entry| is(entry, METADATA))
}

impl Submissions {
    /// Looks for submissions in the delivery at `path`; `fields` are read from the data of each.
    pub fn open(
        path: &Path,
        rules: &FolderRules,
        fields: Vec<FieldRule>,
        cancel: &Cancel,
    ) -> Result<Self, SourceError> {
        let tree = Tree::open(path, cancel)?;
        let mut source = Self {
            tree,
            rules: rules.clone(),
            fields,
            origin: Origin { system: "FIT-Connect".to_owned(), ..Origin::default() },
            found: Vec::new(),
            rest: Rest::default(),
        };
        source.find();
        if source.found.is_empty() {
            let finding = Finding::new(Code::FileMissing).file("metadata.json");
            return Err(SourceError::Refused { path: path.to_owned(), finding: Box::new(finding) });
        }
        source.sort();
        if let [only] = &source.found[..] {
            source.origin.process.clone_from(&only.key);
        }
        Ok(source)
    }

    /// Finds the folders with metadata; one that lies in a submission belongs to that.
    fn find(&mut self) {
        let mut keys = HashSet::new();
        let entries = self.tree.entries();
        // The shortest first: a folder goes before what lies in it.
        let mut folders: Vec<&[u8]> = entries
            .iter()
            .filter(|entry| is(entry, METADATA))
            .map(|entry| &entry.path[..entry.path.len() - entry.name().len()])
            .collect();
        folders.sort_unstable_by_key(|folder| (folder.len(), *folder));
        let mut taken: HashSet<&[u8]> = HashSet::new();
        for folder in folders {
            let slashes = folder.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at + 1);
            if taken.contains(&b""[..]) || slashes.clone().any(|end| taken.contains(&folder[..end])) {
                continue;
            }
            taken.insert(folder);
            let start = entries.partition_point(|entry| *entry.path < *folder);
            let length = entries[start..].iter().take_while(|entry| entry.path.starts_with(folder)).count();
            let envelope = self.envelope(folder);
            let place = portable_path(folder);
            let own = if place.is_empty() { self.tree.name() } else { &place };
            let mut key = if envelope.submission.is_empty() { own.to_owned() } else { envelope.submission.clone() };
            let twice = !keys.insert(key.clone());
            if twice {
                key = format!("{key} ({own})");
                keys.insert(key.clone());
            }
            self.origin.messages.push(MessageFacts {
                kind: "FIT-Connect".to_owned(),
                version: String::new(),
                file: path::shown(&[folder, METADATA].concat()),
                created: envelope.submitted,
            });
            self.found.push(Found { key, folder: folder.into(), entries: start..start + length, twice });
        }
        self.found.sort_by(|a, b| a.folder.cmp(&b.folder));
        self.origin.messages.sort_by(|a, b| a.file.cmp(&b.file));
    }

    fn envelope(&self, folder: &[u8]) -> Envelope {
        let entry = self.tree.find(&[folder, SUBMISSION].concat()).filter(|entry| is(entry, SUBMISSION));
        let document = entry.and_then(|entry| json::read(self.tree.read(entry).ok()?).ok());
        document.map(|document| Envelope::read(&document)).unwrap_or_default()
    }

    /// Sorts what is in no submission; files among it are one more record.
    fn sort(&mut self) {
        let mut taken = vec![false; self.tree.entries().len()];
        for found in &self.found {
            taken[found.entries.clone()].fill(true);
            // The folder itself is the record's.
            let own = found.folder.strip_suffix(b"/").unwrap_or_default();
            let at = self.tree.entries().partition_point(|entry| *entry.path < *own);
            if self.tree.entries().get(at).is_some_and(|entry| *entry.path == *own) {
                taken[at] = true;
            }
        }
        self.rest = Rest::of(&self.tree, &self.rules, &taken);
    }
}

impl Source for Submissions {
    fn name(&self) -> &str {
        self.tree.name()
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn keys(&self) -> Vec<&str> {
        let loose = (!self.rest.files.is_empty()).then_some("");
        self.found.iter().map(|found| found.key.as_str()).chain(loose).collect()
    }

    fn read(&self, index: usize, cancel: &Cancel) -> Result<Record, Cancelled> {
        let Some(found) = self.found.get(index) else {
            return Ok(self.rest.record(&self.tree, "Dateien ohne Einreichung"));
        };
        let mut record = submission::read(self, found, cancel)?;
        if found.twice {
            let file = path::shown(&[&found.folder, SUBMISSION].concat());
            record.findings.push(Finding::new(Code::NamedTwice).file(file).value(found.key.clone()));
        }
        Ok(record)
    }

    fn content(&self) -> &dyn Content {
        &self.tree
    }

    fn documents(&self) -> &[SourceFile] {
        &[]
    }

    fn leftovers(&self) -> &[Exception] {
        &self.rest.leftovers
    }

    fn folders(&self) -> u64 {
        1 + self.rest.folders
    }
}

/// Returns whether `entry` is a file that can be read and is called `name`, in any case.
fn is(entry: &Entry, name: &[u8]) -> bool {
    entry.kind == EntryKind::File && entry.fault.is_none() && entry.name().eq_ignore_ascii_case(name)
}

/// Returns a folder's path with each name in portable form, without the `/` behind it.
fn portable_path(folder: &[u8]) -> String {
    let names = folder.split(|byte| *byte == b'/').filter(|name| !name.is_empty());
    names.map(path::portable).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests;
