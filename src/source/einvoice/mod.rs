//! Electronic invoices: XRechnung and other invoices by EN 16931 in XML, and PDFs with such an invoice in them.
//!
//! The file that was delivered is the record and stays as it is (GoBD: the structured part is the original); what is read of
//! it only describes it.

mod base64;
pub mod describe;
pub mod examine;
pub mod invoice;
pub mod pdf;
pub mod reading;

use std::collections::HashMap;
use std::path::Path;

use self::examine::{Examined, examine};
use super::tree::{Entry, Tree};
use super::{FolderRules, Origin, Source, SourceError, dating};
use crate::model::content::Content;
use crate::model::finding::{Code, Finding};
use crate::model::path::{self, Siblings};
use crate::model::record::{Description, EntryKind, Exception, FileFacts, Reason, Record, SourceFile};
use crate::task::{Cancel, Cancelled};

/// What becomes one record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Per {
    /// Each file.
    #[default]
    File,
    /// Each folder of the top level with everything in it, and each file beside these.
    Folder,
    /// The whole delivery.
    Delivery,
}

/// A delivery of invoices: one file, or a folder, ZIP or TAR with many.
pub struct Delivery {
    tree: Tree,
    rules: FolderRules,
    records: Vec<Group>,
    leftovers: Vec<Exception>,
    folders: u64,
    origin: Origin,
}

/// The entries of a record.
struct Group {
    key: String,
    /// What comes before the paths in the record.
    folder: usize,
    entries: Vec<usize>,
}

impl Delivery {
    /// Lists what lies at `path` and sorts it into records; no file is read yet.
    pub fn open(path: &Path, per: Per, rules: &FolderRules, cancel: &Cancel) -> Result<Self, SourceError> {
        let tree = Tree::open(path, cancel)?;
        if tree.entries().is_empty() {
            return Err(SourceError::Empty { path: path.to_owned() });
        }
        let mut delivery = Self {
            tree,
            rules: rules.clone(),
            records: Vec::new(),
            leftovers: Vec::new(),
            folders: 1,
            origin: Origin::default(),
        };
        match per {
            Per::File => delivery.by_file(),
            Per::Folder => delivery.by_folder(),
            Per::Delivery => {
                let entries = (0..delivery.tree.entries().len()).collect();
                delivery.records.push(Group { key: String::new(), folder: 0, entries });
            }
        }
        Ok(delivery)
    }

    fn by_file(&mut self) {
        let mut used = vec![false; self.tree.entries().len()];
        for (number, entry) in self.tree.entries().iter().enumerate() {
            if let Some(reason) = self.reason(entry) {
                self.leftovers.push(entry.exception(reason));
            } else if entry.kind == EntryKind::File {
                self.records.push(Group::of_file(entry, number));
            } else {
                continue;
            }
            for (end, _) in entry.path.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
                let above = self.tree.entries().binary_search_by(|other| (*other.path).cmp(&entry.path[..end]));
                if let Ok(above) = above {
                    used[above] = true;
                }
            }
        }
        for (entry, used) in self.tree.entries().iter().zip(used) {
            if entry.kind == EntryKind::Folder && entry.fault.is_none() {
                if used {
                    self.folders += 1;
                } else {
                    self.leftovers.push(entry.exception(Reason::EmptyRecord));
                }
            }
        }
    }

    fn by_folder(&mut self) {
        let mut groups: Vec<Group> = Vec::new();
        let mut places: HashMap<&[u8], usize> = HashMap::new();
        for (number, entry) in self.tree.entries().iter().enumerate() {
            let top = entry.path.split(|byte| *byte == b'/').next().unwrap_or_default();
            if top.len() == entry.path.len() && entry.kind != EntryKind::Folder {
                match self.reason(entry) {
                    Some(reason) => self.leftovers.push(entry.exception(reason)),
                    None => groups.push(Group::of_file(entry, number)),
                }
                continue;
            }
            let place = *places.entry(top).or_insert_with(|| {
                groups.push(Group { key: portable(top), folder: top.len() + 1, entries: Vec::new() });
                groups.len() - 1
            });
            groups[place].entries.push(number);
        }
        for group in groups {
            let of_group = || group.entries.iter().filter_map(|number| self.tree.entries().get(*number));
            if of_group().any(|entry| entry.kind == EntryKind::File) {
                self.records.push(group);
                continue;
            }
            let empty = of_group().map(|entry| entry.exception(self.reason(entry).unwrap_or(Reason::EmptyRecord)));
            let empty: Vec<_> = empty.collect();
            self.leftovers.extend(empty);
        }
    }

    /// Returns why an entry is not stored.
    fn reason(&self, entry: &Entry) -> Option<Reason> {
        if let Some(rule) = self.rules.left_out(&entry.path, entry.kind).filter(|_| entry.kind != EntryKind::Folder) {
            return Some(Reason::LeftOut { rule: rule.to_owned() });
        }
        entry.fault.clone()
    }

    /// Sorts the entries of a record: files with their examination go into it, the others beside.
    fn collect(&self, group: &Group, record: &mut Record, cancel: &Cancel) -> Result<Vec<Examined>, Cancelled> {
        let mut names: HashMap<Vec<u8>, (String, Siblings)> = HashMap::new();
        let (mut found, mut filled) = (Vec::new(), Vec::new());
        names.insert(Vec::new(), (String::new(), Siblings::default()));
        for entry in group.entries.iter().filter_map(|number| self.tree.entries().get(*number)) {
            let inside = entry.path.get(group.folder..).unwrap_or_default();
            let (above, name) = match inside.iter().rposition(|byte| *byte == b'/') {
                Some(at) => (&inside[..at], &inside[at + 1..]),
                None => (&inside[..0], inside),
            };
            if let Some(reason) = self.reason(entry) {
                record.exceptions.push(entry.exception(reason));
                filled.push(above.to_vec());
                continue;
            }
            let to = match names.get_mut(above) {
                Some((folder, siblings)) => format!("{folder}{}", siblings.portable(name)),
                // A container need not name its folders.
                None => portable(inside),
            };
            if entry.kind == EntryKind::Folder {
                record.folders += 1;
                if !inside.is_empty() {
                    names.insert(inside.to_vec(), (format!("{to}/"), Siblings::default()));
                    record.empty_folders.push(to);
                }
                continue;
            }
            filled.push(above.to_vec());
            let examined = examine(&self.tree, entry, cancel)?;
            if let Some(reason) = &examined.fault {
                record.exceptions.push(entry.exception(reason.clone()));
                continue;
            }
            record.files.push(entry.file(to, 0, FileFacts::default()));
            found.push(examined);
        }
        let is_filled = |folder: &String| {
            filled.iter().any(|path| names.get(path).is_some_and(|(own, _)| own.starts_with(&format!("{folder}/"))))
        };
        record.empty_folders.retain(|folder| !is_filled(folder));
        // Of a folder in an empty one the inner says it.
        let all = record.empty_folders.clone();
        record.empty_folders.retain(|folder| !all.iter().any(|other| other.starts_with(&format!("{folder}/"))));
        record.empty_folders.sort_unstable();
        Ok(found)
    }
}

impl Source for Delivery {
    fn name(&self) -> &str {
        self.tree.name()
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn keys(&self) -> Vec<&str> {
        self.records.iter().map(|group| group.key.as_str()).collect()
    }

    fn read(&self, index: usize, cancel: &Cancel) -> Result<Record, Cancelled> {
        let group = &self.records[index];
        let mut record = Record { key: group.key.clone(), ..Record::default() };
        let found = self.collect(group, &mut record, cancel)?;
        let own = if group.key.is_empty() { self.tree.name() } else { &group.key };
        let name = path::shown(&path::original(own));
        let name = name.rsplit('/').next().unwrap_or_default().to_owned();
        assemble(&mut record, found, name);
        Ok(record)
    }

    fn content(&self) -> &dyn Content {
        &self.tree
    }

    fn documents(&self) -> &[SourceFile] {
        &[]
    }

    fn leftovers(&self) -> &[Exception] {
        &self.leftovers
    }

    fn folders(&self) -> u64 {
        self.folders
    }

    fn findings(&self) -> &[Finding] {
        self.tree.findings()
    }
}

impl Group {
    fn of_file(entry: &Entry, number: usize) -> Self {
        let folder = entry.path.len() - entry.name().len();
        Self { key: portable(&entry.path), folder, entries: vec![number] }
    }
}

/// Returns each name of a path in portable form.
fn portable(path: &[u8]) -> String {
    path.split(|byte| *byte == b'/').map(path::portable).collect::<Vec<_>>().join("/")
}

/// Makes the record of what was found in its files; `name` is that of its file or folder.
fn assemble(record: &mut Record, found: Vec<Examined>, name: String) {
    // An XML is the original; a PDF beside it may show the same to people.
    let rank = |file: &Examined| (file.invoice.is_none(), file.pdf.is_some());
    let first = (0..found.len()).filter(|at| found[*at].is_invoice()).min_by_key(|at| rank(&found[*at]));
    let alone = found.len() == 1;
    let mut description = first.map_or_else(Description::default, |at| describe::description(&found[at]));
    let several = found.iter().filter(|file| file.invoice.is_some()).count() > 1;
    for (at, file) in found.into_iter().enumerate() {
        let shown = record.files[at].path.to_string();
        let own = describe::description(&file);
        let title = if own.title.is_empty() { path::shown(&path::original(&shown)) } else { own.title };
        let mut unit = describe::unit(&file, &title, at);
        if !alone && !file.is_invoice() {
            unit.kind = crate::model::unit::UnitKind::Anlage;
        }
        if several && first != Some(at) {
            for identifier in own.identifiers {
                if !description.identifiers.contains(&identifier) {
                    description.identifiers.push(identifier);
                }
            }
        }
        record.units.push(unit);
        // What lies beside an invoice need not be one.
        let others = |finding: &Finding| alone || finding.code != Code::InvoiceForeign;
        record.findings.extend(file.findings.into_iter().filter(others));
    }
    if first.is_none() && !alone && !record.files.is_empty() {
        record.findings.push(Finding::new(Code::InvoiceForeign).file(name.clone()));
    }
    if description.date_from.is_empty() {
        let times = record.files.iter().map(|file| file.modified);
        let period = dating::in_name(&name).or_else(|| {
            let (earliest, latest) = (times.clone().min()?, times.max()?);
            description.dates_of_files = true;
            Some((earliest.date(), latest.date()))
        });
        (description.date_from, description.date_to) = period.unwrap_or_default();
    }
    if description.title.is_empty() {
        description.title = name;
    }
    record.closure = describe::closure(&description);
    record.description = description;
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests;
