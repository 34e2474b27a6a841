//! A delivery of an eAkte system: which messages are in it, which records, and what else.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::gather::Gather;
use super::message::{self, Message};
use super::names::Names;
use super::places::{Held, Places};
use super::spool::Spool;
use crate::io::xsd::SchemaFolder;
use crate::model::content::Content;
use crate::model::finding::{Code, Finding, Severity};
use crate::model::path::{self, Siblings};
use crate::model::record::{EntryKind, Exception, FileFacts, Reason, Record, SourceFile};
use crate::source::tree::Tree;
use crate::source::{MessageFacts, Origin, Source, SourceError};
use crate::task::{Cancel, Cancelled};

/// The type of the messages that hand records over.
pub const TRANSFER: &str = "0503";

/// How a delivery is taken apart.
#[derive(Clone, Default)]
pub struct Rules {
    /// What becomes one record.
    pub per: Per,
    /// Schemas that messages are compared with.
    pub schemas: Option<Arc<SchemaFolder>>,
}

/// What of a delivery becomes one record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Per {
    /// Each object of a message that lies in no other.
    #[default]
    Object,
    /// Each message.
    Message,
}

/// Messages that belong together, and the records that they hand over.
pub struct Delivery {
    name: String,
    origin: Origin,
    pub(super) places: Places,
    pub(super) names: Vec<Names>,
    pub(super) records: Vec<Target>,
    per: Per,
    documents: Vec<SourceFile>,
    leftovers: Vec<Exception>,
    findings: Vec<Finding>,
    folders: u64,
    /// Entries (tree, entry) that more than one root object names.
    pub(super) shared: HashSet<(usize, usize)>,
}

/// What becomes one record.
pub(super) struct Target {
    pub(super) key: String,
    pub(super) message: usize,
    /// The object, where not the whole message is one record.
    pub(super) object: Option<usize>,
    /// Whether another record of the delivery has the same identifier.
    pub(super) twice: bool,
}

impl Delivery {
    /// Opens the delivery at `path`: a message's container, or a folder or container with messages.
    pub fn open(path: &Path, rules: &Rules, cancel: &Cancel) -> Result<Self, SourceError> {
        let mut gather = Gather::new(cancel);
        gather.delivery(Tree::open(path, cancel)?)?;
        gather.is_transfer(path)?;
        let Gather { trees, mut held, faults, exceptions, taken, .. } = gather;
        check_schemas(&mut held, rules);
        let mut delivery = Self {
            name: String::new(),
            origin: Origin::default(),
            names: trees.iter().map(Names::of).collect(),
            places: Places { trees, held },
            records: Vec::new(),
            per: rules.per,
            documents: Vec::new(),
            leftovers: exceptions,
            findings: faults,
            folders: 0,
            shared: HashSet::new(),
        };
        delivery.sort(taken);
        delivery.introduce();
        Ok(delivery)
    }

    /// Returns its messages in the order of their files.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.places.held.iter().map(|held| &held.spool.message)
    }

    /// Returns its messages with their bytes, from which their objects can be read.
    pub fn spools(&self) -> impl Iterator<Item = &Spool> {
        self.places.held.iter().map(|held| &held.spool)
    }

    /// Returns which message (position in [`Delivery::messages`]) and which of its objects the record at `index` is made
    /// of; no object where the record is the whole message.
    #[must_use]
    pub fn target(&self, index: usize) -> Option<(usize, Option<usize>)> {
        self.records.get(index).map(|target| (target.message, target.object))
    }

    /// Sorts messages into records and documents, and what belongs to none into leftovers.
    fn sort(&mut self, mut taken: HashSet<(usize, usize)>) {
        let mut siblings = Siblings::default();
        let mut keys = HashMap::new();
        for number in 0..self.places.held.len() {
            let held = &self.places.held[number];
            taken.insert((held.tree, held.entry));
            let message = &held.spool.message;
            let transfers = message.kind == TRANSFER;
            if !transfers || self.per == Per::Object {
                let name = self.places.entry(held).map(|entry| siblings.portable(entry.name())).unwrap_or_default();
                self.documents.extend(self.places.whole(number, name));
            }
            for finding in &message.findings {
                match finding.severity {
                    // The records of the message are refused for it, each by itself.
                    Severity::Error if transfers => {}
                    Severity::Error => self.findings.push(Finding { severity: Severity::Warning, ..finding.clone() }),
                    _ => self.findings.push(finding.clone()),
                }
            }
            if transfers {
                let objects = 0..message.objects.len();
                let all = objects.map(|object| (Some(object), message.objects[object].id.clone()));
                let whole = std::iter::once((None, message.header.process.clone()));
                let targets: Vec<_> = if self.per == Per::Object { all.collect() } else { whole.collect() };
                for (object, id) in targets {
                    let key = apart(&mut keys, &id);
                    self.records.push(Target { key, message: number, object, twice: false });
                }
            }
            self.named_files(number, &mut taken, &mut siblings);
        }
        if self.per == Per::Object {
            for target in &mut self.records {
                let id = target.key.split('#').next().unwrap_or_default();
                target.twice = keys.get(id).is_some_and(|times| *times > 1);
            }
        }
        self.surplus(&taken);
    }

    /// Notes the entries that the message at `number` names; those that belong to no object become documents.
    fn named_files(&mut self, number: usize, taken: &mut HashSet<(usize, usize)>, siblings: &mut Siblings) {
        let held = &self.places.held[number];
        let (Some(tree), Some(names)) = (self.places.trees.get(held.tree), self.names.get(held.tree)) else { return };
        let message = &held.spool.message;
        for root in &message.objects {
            for name in &root.files {
                if let Some(entry) = names.find(tree, &held.folder, name)
                    && !taken.insert((held.tree, entry))
                {
                    self.shared.insert((held.tree, entry));
                }
            }
        }
        if message.kind == TRANSFER && self.per == Per::Message {
            let letters = message.letters.iter().flat_map(|letter| &letter.files).chain(&message.plan_files);
            let found = letters.filter_map(|file| names.find(tree, &held.folder, &file.name));
            taken.extend(found.map(|entry| (held.tree, entry)));
            return;
        }
        let letters = message.letters.iter().flat_map(|letter| &letter.files).chain(&message.plan_files);
        for file in letters {
            let Some(found) = names.find(tree, &held.folder, &file.name) else {
                let mut finding = Finding::new(Code::PrimaryFileMissing).file(path::shown(file.name.as_bytes()));
                // What the records are made of is all there.
                finding.severity = Severity::Warning;
                self.findings.push(finding.line(file.line));
                continue;
            };
            if taken.insert((held.tree, found))
                && let Some(entry) = tree.entries().get(found)
            {
                let to = siblings.portable(entry.name());
                let number = u32::try_from(held.tree).unwrap_or_default();
                self.documents.push(entry.file(to, number, FileFacts { place: None, ..file.facts.clone() }));
            }
        }
    }

    /// Lists what no message names.
    fn surplus(&mut self, taken: &HashSet<(usize, usize)>) {
        for (number, tree) in self.places.trees.iter().enumerate() {
            self.findings.extend(tree.findings().iter().cloned());
            self.folders += u64::from(number == 0);
            for (index, entry) in tree.entries().iter().enumerate() {
                match entry.kind {
                    EntryKind::Folder if entry.fault.is_none() => self.folders += u64::from(number == 0),
                    EntryKind::File if entry.fault.is_none() => {
                        if !taken.contains(&(number, index)) {
                            let finding = Finding::new(Code::PrimaryFileSurplus).file(entry.shown());
                            self.findings.push(finding);
                            self.leftovers.push(entry.exception(Reason::Unnamed));
                        }
                    }
                    _ => {
                        let fault = entry.fault.clone().unwrap_or(Reason::Special);
                        self.leftovers.push(entry.exception(fault));
                    }
                }
            }
        }
        self.leftovers.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// Fills in what the delivery tells of itself.
    fn introduce(&mut self) {
        let transfers = || self.messages().filter(|message| message.kind == TRANSFER);
        let processes: HashSet<&str> = transfers().map(|message| message.header.process.as_str()).collect();
        let process = transfers().next().map(|message| message.header.process.clone()).unwrap_or_default();
        let one = processes.len() == 1 && message::uuid(&process).is_some();
        let folder = self.places.trees.first().map(|tree| tree.name().to_owned()).unwrap_or_default();
        let name = if one { path::portable(process.as_bytes()) } else { folder };
        let mut origin = Origin::default();
        if let Some(message) = transfers().next() {
            let header = &message.header;
            origin.producer = header.sender.name().to_owned();
            origin.producer_code.clone_from(&header.sender.code);
            origin.recipient = header.recipient.name().to_owned();
            origin.system = header.system.to_string();
            origin.process = if one { process } else { String::new() };
        }
        origin.messages = self.messages().map(facts).collect();
        (self.name, self.origin) = (name, origin);
    }
}

impl Source for Delivery {
    fn name(&self) -> &str {
        &self.name
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn keys(&self) -> Vec<&str> {
        self.records.iter().map(|target| target.key.as_str()).collect()
    }

    fn read(&self, index: usize, cancel: &Cancel) -> Result<Record, Cancelled> {
        self.record(index, cancel)
    }

    fn content(&self) -> &dyn Content {
        &self.places
    }

    fn documents(&self) -> &[SourceFile] {
        &self.documents
    }

    fn leftovers(&self) -> &[Exception] {
        &self.leftovers
    }

    fn folders(&self) -> u64 {
        self.folders
    }

    fn messages(&self) -> Vec<&Spool> {
        self.spools().collect()
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

fn facts(message: &Message) -> MessageFacts {
    MessageFacts {
        kind: message.kind.clone(),
        version: message.version.clone(),
        file: message.file.clone(),
        created: message.header.created.clone(),
    }
}

/// Returns `id` as a key that was not given out before.
fn apart(keys: &mut HashMap<String, u32>, id: &str) -> String {
    let times = keys.entry(id.to_owned()).or_default();
    *times += 1;
    if *times == 1 && !id.is_empty() { id.to_owned() } else { format!("{id}#{times}") }
}

fn check_schemas(held: &mut [Held], rules: &Rules) {
    let Some(schemas) = &rules.schemas else { return };
    for held in held {
        let spool = &mut held.spool;
        let namespace = format!("{}{}", message::NAMESPACE, spool.message.version);
        let about = |code| Finding::new(code).file(spool.message.file.clone());
        let findings = match schemas.check(&namespace, || spool.whole()) {
            Ok(Some(violations)) => violations
                .into_iter()
                .map(|violation| Finding {
                    column: Some(violation.column),
                    xpath: violation.path,
                    ..about(Code::SchemaInvalid).line(violation.line).value(violation.text)
                })
                .collect(),
            Ok(None) => vec![about(Code::SchemaAbsent).value(namespace)],
            Err(fault) => vec![about(Code::SchemaAbsent).value(format!("{namespace}: {fault}"))],
        };
        spool.message.findings.extend(findings);
    }
}
