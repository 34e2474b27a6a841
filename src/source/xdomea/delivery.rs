//! A delivery of an eAkte system: which messages are in it, which records, and what else.

use std::collections::{HashMap, HashSet};
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use super::message::{self, Message};
use super::names::Names;
use super::places::{Held, Places};
use super::spool::{Spool, SpoolError};
use crate::io::xml::{Node, XmlLimits, XmlReader};
use crate::io::xsd::SchemaFolder;
use crate::model::content::Content;
use crate::model::finding::{Code, Finding, Severity};
use crate::model::path::{self, Siblings};
use crate::model::record::{EntryKind, Exception, FileFacts, Reason, Record, SourceFile};
use crate::source::tree::{Entry, Tree};
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

/// Looks for messages.
struct Gather<'a> {
    cancel: &'a Cancel,
    trees: Vec<Tree>,
    held: Vec<Held>,
    faults: Vec<Finding>,
    exceptions: Vec<Exception>,
    /// Entries (tree, entry) of which something was said already: containers of messages, and what is broken.
    taken: HashSet<(usize, usize)>,
}

impl<'a> Gather<'a> {
    fn new(cancel: &'a Cancel) -> Self {
        let (trees, held, faults, exceptions) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { cancel, trees, held, faults, exceptions, taken: HashSet::new() }
    }

    fn delivery(&mut self, tree: Tree) -> Result<(), SourceError> {
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
            let found = tree.entries().iter().enumerate().filter(|(_, entry)| {
                entry.kind == EntryKind::File && entry.fault.is_none() && ends(entry, ".xml")
            });
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
        let mut named = HashSet::new();
        for held in self.held.iter().filter(|held| held.tree == number) {
            let message = &held.spool.message;
            let files = message.objects.iter().flat_map(|root| &root.files).map(AsRef::as_ref);
            let letters = message.letters.iter().flat_map(|letter| &letter.files).chain(&message.plan_files);
            let all = files.chain(letters.map(|file| file.name.as_str()));
            named.extend(all.filter_map(|name| names.find(tree, &held.folder, name)));
        }
        named
    }

    /// Refuses a delivery that hands nothing over.
    fn is_transfer(&mut self, path: &Path) -> Result<(), SourceError> {
        if self.held.iter().any(|held| held.spool.message.kind == TRANSFER) {
            // The others go on: what is broken is listed by itself.
            for fault in &mut self.faults {
                fault.severity = Severity::Warning;
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
