//! Looks for the messages of a delivery: XML documents in it and in the containers in it.

use std::collections::HashSet;
use std::io::BufReader;
use std::path::Path;

use super::delivery::TRANSFER;
use super::names::Names;
use super::places::Held;
use super::spool::{Spool, SpoolError};
use crate::io::xml::{Node, XmlLimits, XmlReader};
use crate::model::finding::{Code, Finding, Severity};
use crate::model::record::{EntryKind, Exception, Reason};
use crate::source::SourceError;
use crate::source::tree::{Entry, Tree};
use crate::task::Cancel;

/// Looks for messages.
pub(super) struct Gather<'a> {
    cancel: &'a Cancel,
    pub(super) trees: Vec<Tree>,
    pub(super) held: Vec<Held>,
    pub(super) faults: Vec<Finding>,
    pub(super) exceptions: Vec<Exception>,
    /// Entries (tree, entry) of which something was said already: containers of messages, and what is broken.
    pub(super) taken: HashSet<(usize, usize)>,
}

impl<'a> Gather<'a> {
    pub(super) fn new(cancel: &'a Cancel) -> Self {
        let (trees, held, faults, exceptions) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { cancel, trees, held, faults, exceptions, taken: HashSet::new() }
    }

    pub(super) fn delivery(&mut self, tree: Tree) -> Result<(), SourceError> {
        self.trees.push(tree);
        self.tree(0)?;
        let named = self.named(0);
        let mut containers = Vec::new();
        for (index, entry) in self.trees[0].entries().iter().enumerate() {
            let is_container = ends(entry, ".zip") || ends(entry, ".xdomea");
            if is_container && entry.kind == EntryKind::File && entry.fault.is_none() && !named.contains(&index) {
                containers.push((index, entry.clone()));
            }
        }
        for (index, entry) in containers {
            self.cancel.check()?;
            match self.trees[0].nested(&entry, self.cancel) {
                Ok(inner) => {
                    let (before, faults, number) = (self.held.len(), self.faults.len(), self.trees.len());
                    self.trees.push(inner);
                    self.tree(number)?;
                    if self.held.len() == before && self.faults.len() == faults {
                        self.trees.pop();
                    } else {
                        self.taken.insert((0, index));
                    }
                }
                Err(SourceError::Cancelled(stopped)) => return Err(stopped.into()),
                Err(error) if is_called_message(&entry) => self.broken((0, index), &entry, error),
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// Notes a container that should hold a message and cannot be read.
    fn broken(&mut self, place: (usize, usize), entry: &Entry, error: SourceError) {
        let finding = match error {
            SourceError::Refused { finding, .. } => finding.file(entry.shown()),
            other => Finding::new(Code::Unreadable).file(entry.shown()).value(other.to_string()),
        };
        self.refuse(place, entry, finding);
    }

    fn refuse(&mut self, place: (usize, usize), entry: &Entry, finding: Finding) {
        self.taken.insert(place);
        let error = finding.value.clone().unwrap_or_default();
        self.exceptions.push(entry.exception(Reason::Unreadable { error, permission: false }));
        self.faults.push(finding);
    }

    /// Reads the messages in the tree at `number`.
    fn tree(&mut self, number: usize) -> Result<(), SourceError> {
        let documents: Vec<(usize, Entry)> = {
            let tree = &self.trees[number];
            let found = tree
                .entries()
                .iter()
                .enumerate()
                .filter(|(_, entry)| entry.kind == EntryKind::File && entry.fault.is_none() && ends(entry, ".xml"));
            found.map(|(index, entry)| (index, entry.clone())).collect()
        };
        let alone = documents.len() == 1;
        for (index, entry) in documents {
            self.cancel.check()?;
            let is_message = alone || is_called_message(&entry);
            match self.is_xdomea(number, &entry) {
                Some(true) => {}
                None if is_message => {}
                _ => continue,
            }
            self.message(number, index, &entry);
        }
        // A message that another one names is one of its primary files.
        let named = self.named(number);
        self.held.retain(|held| held.tree != number || !named.contains(&held.entry));
        Ok(())
    }

    fn message(&mut self, number: usize, index: usize, entry: &Entry) {
        let shown = entry.shown();
        match self.spool(number, entry, &shown) {
            Ok(spool) => {
                let cut = entry.path.len() - entry.name().len();
                let folder = entry.path[..cut].into();
                self.held.push(Held { spool, tree: number, entry: index, folder });
            }
            Err(SpoolError::Message(fault)) => {
                let finding = fault.finding(&shown);
                self.refuse((number, index), entry, finding);
            }
            Err(SpoolError::Io(error)) => {
                let finding = Finding::new(Code::Unreadable).file(shown).value(error.to_string());
                self.refuse((number, index), entry, finding);
            }
        }
    }

    fn spool(&self, number: usize, entry: &Entry, shown: &str) -> Result<Spool, SpoolError> {
        let mut source = self.trees[number].read(entry).map_err(std::io::Error::other)?;
        Spool::read(&mut source, shown)
    }

    /// Tells whether the root element is one of xdomea; nothing where there is none to be read.
    fn is_xdomea(&self, number: usize, entry: &Entry) -> Option<bool> {
        let source = self.trees[number].read(entry).ok()?;
        let mut xml = XmlReader::new(BufReader::new(source), XmlLimits::default());
        match xml.node() {
            Ok(Some(Node::Start(root))) => Some(root.namespace.contains("xdomea")),
            _ => None,
        }
    }

    /// Returns the entries of the tree at `number` that its messages name.
    fn named(&self, number: usize) -> HashSet<usize> {
        let tree = &self.trees[number];
        let names = Names::of(tree);
        let mut found = HashSet::new();
        for held in self.held.iter().filter(|held| held.tree == number) {
            let message = &held.spool.message;
            let files = message.objects.iter().flat_map(|root| &root.files).map(AsRef::as_ref);
            let letters = message.letters.iter().flat_map(|letter| &letter.files).chain(&message.plan_files);
            let all = files.chain(letters.map(|file| file.name.as_str()));
            found.extend(all.filter_map(|name| names.find(tree, &held.folder, name)));
        }
        found
    }

    /// Refuses a delivery that hands nothing over.
    pub(super) fn is_transfer(&mut self, path: &Path) -> Result<(), SourceError> {
        if self.held.iter().any(|held| held.spool.message.kind == TRANSFER) {
            // The others go on: what is broken is listed by itself.
            for fault in &mut self.faults {
                // But not what the archive decided: that it cannot be read does not mean that nothing was decided.
                let decides = fault.file.as_ref().is_some_and(|file| file.contains("0502"));
                fault.severity = if decides { Severity::Error } else { Severity::Warning };
            }
            return Ok(());
        }
        let finding = self.faults.drain(..).next().unwrap_or_else(|| {
            let mut kinds: Vec<&str> = self.held.iter().map(|held| held.spool.message.kind.as_str()).collect();
            kinds.dedup();
            let files = self.trees[0].entries().iter().filter(|entry| entry.kind != EntryKind::Folder);
            let told = if kinds.is_empty() {
                files.take(3).map(Entry::shown).collect::<Vec<_>>().join(", ")
            } else {
                kinds.join(", ")
            };
            Finding::new(Code::MessageKindUnexpected).file(self.trees[0].name()).value(told)
        });
        Err(SourceError::Refused { path: path.to_owned(), finding: Box::new(finding) })
    }
}

fn ends(entry: &Entry, end: &str) -> bool {
    let name = entry.name();
    name.len() > end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
}

/// Tells whether a file is called as a message is: `<UUID>_Aussonderung.Aussonderung.0503.xml`.
fn is_called_message(entry: &Entry) -> bool {
    let name = String::from_utf8_lossy(entry.name()).to_lowercase();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let kind = stem.rsplit('.').next().unwrap_or_default();
    name.ends_with(".xdomea") || (kind.len() == 4 && kind.starts_with("05") && stem.contains("aussonderung"))
}
