//! Bags (BagIt, RFC 8493 and the drafts from 0.93 on): one record with the payload, once all that the bag says is proven.
//!
//! A bag is a folder, or lies in a ZIP or TAR. Its `data` folder is the record, its other files go along as metadata.
//! Nothing is ever fetched: a bag whose `fetch.txt` names what is not there lacks it. Any contradiction between the bag's
//! lists and what lies there refuses it as a whole. [`judge`] says what else is to be known of a bag.

mod compare;
mod judge;
mod lines;
mod list;
mod names;
mod profile;
mod proof;

use std::path::Path;

pub use self::judge::{Judged, is_bag, is_bag_tree, judge};
pub use self::profile::{Profile, ProfileFault};
use self::proof::Proof;
use super::paths::Paths;
use super::rest::unstored;
use super::tree::{Entry, Tree};
use super::{FolderRules, Origin, Source, SourceError, container};
use crate::model::content::Content;
use crate::model::finding::{Code, Finding, Severity};
use crate::model::path;
use crate::model::record::{Act, EntryKind, Exception, FileFacts, Record, SourceFile};
use crate::model::unit::Property;
use crate::package::bagit::is_manifest;
use crate::task::{Cancel, Cancelled, Silent, Watch};

/// A bag.
pub struct Bag {
    tree: Tree,
    rules: FolderRules,
    origin: Origin,
    proof: Proof,
}

impl Bag {
    /// Opens the bag at `path`, or in the ZIP or TAR there, and compares its lists with what there is; checksums of files
    /// are compared when the record is read.
    pub fn open(path: &Path, rules: &FolderRules, cancel: &Cancel) -> Result<Self, SourceError> {
        let tree = Tree::open(path, cancel)?;
        let Some(base) = base(&tree) else {
            let finding = Finding::new(Code::FileMissing).file("bagit.txt");
            return Err(container::refused(path, finding));
        };
        let proof = Proof::of(&tree, &base, cancel)?;
        let told = |label: &str| proof.told(label).next().unwrap_or_default().to_owned();
        let origin =
            Origin { producer: told("Source-Organization"), system: told("Bag-Software-Agent"), ..Origin::default() };
        Ok(Self { tree, rules: rules.clone(), origin, proof })
    }

    /// Describes the record by what the bag tells; what is about persons to turn to stays in the bag's own file.
    fn describe(&self, record: &mut Record) {
        let description = &mut record.description;
        description.title = path::shown(&path::original(self.tree.name()));
        description.producer.clone_from(&self.origin.producer);
        description.identifiers = self.proof.told("External-Identifier").map(str::to_owned).collect();
        description.summary = self.proof.told("External-Description").collect::<Vec<_>>().join("\n");
        for label in
            ["Bagging-Date", "Bag-Group-Identifier", "Internal-Sender-Identifier", "Internal-Sender-Description"]
        {
            let told = self.proof.told(label).filter(|value| !value.is_empty());
            description.properties.extend(told.map(|value| Property::new(label, value)));
        }
        let times = record.files.iter().map(|file| file.modified);
        if let (Some(first), Some(last)) = (times.clone().min(), times.max()) {
            description.dates_of_files = true;
            (description.date_from, description.date_to) = (first.date(), last.date());
        }
    }
}

impl Source for Bag {
    fn name(&self) -> &str {
        self.tree.name()
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn keys(&self) -> Vec<&str> {
        vec![""]
    }

    fn read(&self, _: usize, cancel: &Cancel) -> Result<Record, Cancelled> {
        let mut record = Record { folders: 1, ..Record::default() };
        let (mut paths, mut tags) = (Paths::default(), Paths::default());
        let (mut folders, mut compared): (Vec<&[u8]>, _) = (Vec::new(), Vec::new());
        for (position, entry) in self.tree.entries().iter().enumerate() {
            let Some(inside) = entry.path.strip_prefix(&*self.proof.base).filter(|inside| !inside.is_empty()) else {
                record.folders += u64::from(entry.kind == EntryKind::Folder);
                continue;
            };
            let payload = inside.strip_prefix(b"data/");
            if let Some(reason) = unstored(entry, &self.rules) {
                record.exceptions.push(entry.exception(reason));
            } else if entry.kind == EntryKind::Folder {
                record.folders += 1;
                folders.extend(payload);
            } else {
                let facts = FileFacts {
                    checksums: self.proof.checksums(position).collect(),
                    originator: self.originator(),
                    ..FileFacts::default()
                };
                compared.push(position);
                if let Some(inside) = payload {
                    record.files.push(entry.file(paths.portable(inside), 0, facts));
                } else {
                    let to = format!("bagit/{}", tags.portable(inside));
                    record.metadata.push(entry.file(to, 0, FileFacts::default()));
                }
            }
        }
        let files: Vec<&[u8]> =
            self.tree.entries().iter().filter(|e| e.kind != EntryKind::Folder).map(|e| &*e.path).collect();
        // Only the deepest of them: a folder above gets its name once, with the first that lies in it.
        folders.retain(|folder| {
            let whole = [&self.proof.base, &b"data/"[..], folder, b"/"].concat();
            let at = files.partition_point(|path| **path < *whole);
            !files.get(at).is_some_and(|path| path.starts_with(&whole))
        });
        let all = folders.clone();
        folders.retain(|folder| {
            let below = [folder, &b"/"[..]].concat();
            let at = all.partition_point(|other| **other < *below);
            !all.get(at).is_some_and(|other| other.starts_with(&below))
        });
        record.empty_folders = folders.into_iter().map(|folder| paths.portable(folder)).collect();
        record.empty_folders.sort();
        record.files.sort_by(|a, b| a.path.cmp(&b.path));
        record.metadata.sort_by(|a, b| a.path.cmp(&b.path));
        let done = self.proof.compare(&self.tree, &compared, Watch::new(cancel, &Silent))?;
        let is_sound =
            done.findings.iter().all(|finding| finding.severity != Severity::Error) && done.unread.is_empty();
        record.findings.extend(done.findings);
        let unread = done.unread.into_iter();
        record.exceptions.extend(unread.map(|(at, reason)| self.tree.entries()[at].exception(reason)));
        record.acts.push(Act {
            kind: "fixity check",
            time: String::new(),
            detail: format!("{} checksums of the manifests compared with the files of the bag", done.sums),
            outcome: if is_sound { "success" } else { "failure" }.to_owned(),
            agent: String::new(),
        });
        self.describe(&mut record);
        Ok(record)
    }

    fn content(&self) -> &dyn Content {
        &self.tree
    }

    fn documents(&self) -> &[SourceFile] {
        &[]
    }

    fn leftovers(&self) -> &[Exception] {
        &[]
    }

    fn folders(&self) -> u64 {
        0
    }

    fn findings(&self) -> &[Finding] {
        &self.proof.findings
    }
}

impl Bag {
    fn originator(&self) -> String {
        if self.origin.producer.is_empty() { "BagIt".to_owned() } else { self.origin.producer.clone() }
    }
}

/// Returns where the bag lies in the tree: empty, or the one folder of a container with a `/` behind it.
fn base(tree: &Tree) -> Option<Box<[u8]>> {
    let is_bag = |at: &[u8]| {
        let inside = |entry: &&Entry| entry.path.starts_with(at) && !entry.path[at.len()..].contains(&b'/');
        let is_data = |entry: &Entry| entry.name() == b"data" && entry.kind == EntryKind::Folder;
        let mut top = tree.entries().iter().filter(inside);
        top.clone().any(|entry| entry.name() == b"bagit.txt")
            || (top.clone().any(is_data) && top.any(|entry| is_manifest(entry.name())))
    };
    if is_bag(b"") {
        return Some(Box::default());
    }
    let mut top = tree.entries().iter().filter(|entry| !entry.path.contains(&b'/'));
    match (top.next(), top.next()) {
        (Some(folder), None) if tree.kind().is_some() => {
            let at = [&folder.path, &b"/"[..]].concat();
            is_bag(&at).then(|| at.into())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
