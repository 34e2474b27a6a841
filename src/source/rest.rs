//! What of a delivery no record wants: it is neither lost nor passed over.

use super::FolderRules;
use super::paths::Paths;
use super::tree::{Entry, Tree};
use crate::model::finding::{Code, Finding, Severity};
use crate::model::record::{EntryKind, Exception, FileFacts, Reason, Record};

/// Entries of a tree that are in no record, sorted into what can be kept and what cannot.
#[derive(Debug, Default)]
pub(super) struct Rest {
    /// Positions of files that can be kept.
    pub(super) files: Vec<usize>,
    /// What is not stored, and why.
    pub(super) leftovers: Vec<Exception>,
    /// How many folders there are.
    pub(super) folders: u64,
}

impl Rest {
    /// Sorts the entries of `tree` of which `taken` says that no record has them.
    pub(super) fn of(tree: &Tree, rules: &FolderRules, taken: &[bool]) -> Self {
        let mut rest = Self::default();
        for (index, entry) in tree.entries().iter().enumerate() {
            if taken.get(index).copied().unwrap_or_default() {
                continue;
            }
            match unstored(entry, rules) {
                Some(reason) => rest.leftovers.push(entry.exception(reason)),
                None if entry.kind == EntryKind::Folder => rest.folders += 1,
                None => rest.files.push(index),
            }
        }
        rest
    }

    /// Returns the files as a record of their own, called `title`, each with a warning that nothing names it.
    pub(super) fn record(&self, tree: &Tree, title: &str) -> Record {
        let mut paths = Paths::default();
        let mut record = Record::default();
        title.clone_into(&mut record.description.title);
        for entry in self.files.iter().filter_map(|index| tree.entries().get(*index)) {
            record.files.push(entry.file(paths.portable(&entry.path), 0, FileFacts::default()));
            record.findings.push(unnamed(&entry.shown()));
        }
        record.files.sort_by(|a, b| a.path.cmp(&b.path));
        record
    }
}

/// Returns why `entry` is not stored, if it is not: a rule leaves it out, or it cannot be read.
pub(super) fn unstored(entry: &Entry, rules: &FolderRules) -> Option<Reason> {
    if entry.kind != EntryKind::Folder
        && let Some(rule) = rules.left_out(&entry.path, entry.kind)
    {
        return Some(Reason::LeftOut { rule: rule.to_owned() });
    }
    entry.fault.clone()
}

/// Returns the warning that nothing names `file`.
pub(super) fn unnamed(file: &str) -> Finding {
    let mut finding = Finding::new(Code::FileUnreferenced).file(file);
    finding.severity = Severity::Warning;
    finding
}
