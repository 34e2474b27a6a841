//! One submission as a record: its files found, compared with their checksums, named and described.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use serde_json::Value;

use super::metadata::{Envelope, Metadata, Part};
use super::{Found, METADATA, SUBMISSION, Submissions, is};
use crate::model::checksum::{Checksum, Hasher};
use crate::model::finding::{Code, Finding, Severity};
use crate::model::path;
use crate::model::record::{Act, EntryKind, FileFacts, Reason, Record, SourceFile};
use crate::model::unit::{Property, Unit, UnitKind};
use crate::source::field::{self, printable};
use crate::source::paths::{FreeNames, Paths};
use crate::source::rest::{unnamed, unstored};
use crate::source::tree::{Entry, Tree};
use crate::source::xml_tree::XmlTree;
use crate::source::{dating, json};
use crate::task::{Cancel, Cancelled};

/// Who computed the checksums in the metadata.
const ORIGINATOR: &str = "sender";

/// Reads the submission `found`: everything that lies in its folder is in the record.
pub(super) fn read(source: &Submissions, found: &Found, cancel: &Cancel) -> Result<Record, Cancelled> {
    let tree = &source.tree;
    let entries = &tree.entries()[found.entries.clone()];
    let mut reading = Reading {
        tree,
        folder: &found.folder,
        record: Record { key: found.key.clone(), ..Record::default() },
        files: Vec::new(),
        used: HashSet::new(),
        compared: [0; 2],
    };
    let own = u64::from(!found.folder.is_empty());
    reading.record.folders = own + entries.iter().filter(|entry| entry.kind == EntryKind::Folder).count() as u64;
    let mut stored = Vec::with_capacity(entries.len());
    for entry in entries {
        match unstored(entry, &source.rules) {
            Some(reason) => reading.record.exceptions.push(entry.exception(reason)),
            None if entry.kind == EntryKind::File => stored.push(entry),
            None => {}
        }
    }
    let envelope = reading.document(SUBMISSION).map(|document| Envelope::read(&document)).unwrap_or_default();
    let shown = path::shown(&[&found.folder, METADATA].concat());
    let document = reading.document(METADATA);
    let metadata = document.map(|document| Metadata::read(&document, &shown, &mut reading.record.findings));
    let known = metadata.is_some();
    let metadata = metadata.unwrap_or_default();
    let places = Places::new(&stored, &found.folder, &metadata);
    let data = reading.data(&places, metadata.data.as_ref(), &shown, cancel)?;
    let mut parts = Vec::with_capacity(metadata.attachments.len());
    let mut names = FreeNames::default();
    for part in &metadata.attachments {
        parts.extend(reading.attachment(&places, part, &mut names, &shown, cancel)?);
    }
    let mut paths = Paths::default();
    for entry in stored {
        reading.surplus(entry, &mut paths, known);
    }
    reading.describe(&metadata, &envelope);
    if let Some(entry) = data {
        reading.fields(entry, source);
    }
    Ok(reading.finish(&metadata, parts))
}

struct Reading<'a> {
    tree: &'a Tree,
    folder: &'a [u8],
    record: Record,
    /// The payload with the number that a unit knows a file by.
    files: Vec<SourceFile>,
    /// Paths of entries that have their place.
    used: HashSet<&'a [u8]>,
    /// How many files were compared with their checksums, and how many of them are as they should be.
    compared: [u64; 2],
}

impl<'a> Reading<'a> {
    /// Reads a document of the submission itself; it goes along as metadata.
    fn document(&mut self, name: &[u8]) -> Option<Value> {
        let tree = self.tree;
        let exact = tree.find(&[self.folder, name].concat()).filter(|entry| is(entry, name));
        let entry = exact.or_else(|| {
            let in_folder = |entry: &&Entry| entry.path.len() == self.folder.len() + name.len();
            let start = tree.entries().partition_point(|entry| *entry.path < *self.folder);
            let mut inside = tree.entries()[start..].iter().take_while(|entry| entry.path.starts_with(self.folder));
            inside.find(|entry| in_folder(entry) && is(entry, name))
        })?;
        self.used.insert(&entry.path);
        let to = format!("fit-connect/{}", String::from_utf8_lossy(name));
        self.record.metadata.push(entry.file(to, 0, FileFacts::default()));
        match tree.read(entry) {
            Ok(bytes) => match json::read(bytes) {
                Ok(document) => return Some(document),
                Err(fault) => self.record.findings.push(fault.finding(&entry.shown())),
            },
            Err(fault) => self.record.exceptions.push(entry.exception(fault.reason())),
        }
        None
    }

    /// Takes the data in, which keep their name.
    fn data(
        &mut self,
        places: &Places<'a>,
        part: Option<&Part>,
        metadata: &str,
        cancel: &Cancel,
    ) -> Result<Option<&'a Entry>, Cancelled> {
        let Some(entry) = places.data else {
            if part.is_some() {
                self.record.findings.push(Finding::new(Code::ReferenceMissing).file(metadata).value("data"));
            }
            return Ok(None);
        };
        let name = path::portable(entry.name());
        self.take(entry, name, part.unwrap_or(&Part::default()), cancel)?;
        Ok(Some(entry))
    }

    /// Takes an attachment in under a safe form of the name that it was given, and returns its unit.
    fn attachment(
        &mut self,
        places: &Places<'a>,
        part: &Part,
        names: &mut FreeNames,
        metadata: &str,
        cancel: &Cancel,
    ) -> Result<Option<Unit>, Cancelled> {
        let label = if part.filename.is_empty() { part.id.clone() } else { path::shown(part.filename.as_bytes()) };
        let Some(entry) = places.attachment(part).filter(|entry| !self.used.contains(&*entry.path)) else {
            let value = format!("{label} ({})", part.id);
            self.record.findings.push(Finding::new(Code::ReferenceMissing).file(metadata).value(value));
            return Ok(None);
        };
        let to = format!("attachments/{}", names.portable(&part.filename, &part.id));
        let mut unit = Unit {
            kind: UnitKind::Anlage,
            id: part.id.clone(),
            title: if part.label.is_empty() { label.clone() } else { part.label.clone() },
            files: vec![self.files.len()],
            ..Unit::default()
        };
        for (name, value) in [("zweck", &part.purpose), ("dateiname", &label), ("mime-typ", &part.mime_type)] {
            if !value.is_empty() {
                unit.properties.push(Property::new(name, value.as_str()));
            }
        }
        self.take(entry, to, part, cancel)?;
        Ok(Some(unit))
    }

    /// Takes a file in as `to`, after its bytes were compared with its checksum.
    fn take(&mut self, entry: &'a Entry, to: String, part: &Part, cancel: &Cancel) -> Result<(), Cancelled> {
        self.used.insert(&entry.path);
        let facts = FileFacts {
            original_name: path::shown(part.filename.as_bytes()),
            id: part.id.clone(),
            label: part.label.clone(),
            mime_type: part.mime_type.clone(),
            checksums: part.checksum.clone().into_iter().collect(),
            originator: part.checksum.as_ref().map(|_| ORIGINATOR.to_owned()).unwrap_or_default(),
            signature: if part.signed { "detached signature in metadata.json".to_owned() } else { String::new() },
            ..FileFacts::default()
        };
        self.files.push(entry.file(to, 0, facts));
        let Some(told) = &part.checksum else { return Ok(()) };
        match checksum(self.tree, entry, told, cancel)? {
            Ok(is) => {
                self.compared[0] += 1;
                self.compared[1] += u64::from(is == *told);
                if is != *told {
                    let mut finding = Finding::new(Code::ChecksumMismatch).file(entry.shown());
                    finding = finding.value(is.to_string()).expected(told.to_string());
                    finding.xpath = (!part.filename.is_empty()).then(|| path::shown(part.filename.as_bytes()));
                    self.record.findings.push(finding);
                }
            }
            Err(reason) => self.record.exceptions.push(entry.exception(reason)),
        }
        Ok(())
    }

    /// Takes a file in that the metadata do not name; `known` says whether there are any.
    fn surplus(&mut self, entry: &'a Entry, paths: &mut Paths, known: bool) {
        if self.used.contains(&*entry.path) {
            return;
        }
        let inside = entry.path.get(self.folder.len()..).unwrap_or(&entry.path);
        self.files.push(entry.file(format!("surplus/{}", paths.portable(inside)), 0, FileFacts::default()));
        if known {
            self.record.findings.push(unnamed(&entry.shown()));
        }
    }

    fn describe(&mut self, metadata: &Metadata, envelope: &Envelope) {
        let record = &mut self.record;
        let id = match envelope.submission.as_str() {
            "" => path::shown(&path::original(&record.key)),
            id => id.to_owned(),
        };
        let description = &mut record.description;
        description.title =
            [metadata.service.as_str(), &format!("Antrag {id}")].iter().filter(|part| !part.is_empty()).fold(
                String::new(),
                |title, part| if title.is_empty() { (*part).to_owned() } else { format!("{title}, {part}") },
            );
        "Antrag".clone_into(&mut description.kind);
        let named = [
            ("submissionId", &envelope.submission),
            ("caseId", &envelope.case),
            ("destinationId", &envelope.destination),
        ];
        for (name, value) in named.into_iter().filter(|(_, value)| !value.is_empty()) {
            description.identifiers.push(value.clone());
            description.properties.push(Property::new(name, value.as_str()));
        }
        let day = envelope.submitted.get(..10).and_then(dating::iso).filter(|day| day.len() == 10);
        if let Some(day) = day {
            description.date_from.clone_from(&day);
            description.date_to.clone_from(&day);
            record.closure.made = day;
        } else if !envelope.submitted.is_empty() {
            let file = path::shown(&[self.folder, SUBMISSION].concat());
            let finding = Finding::new(Code::DateInvalid).file(file).value(envelope.submitted.clone());
            record.findings.push(finding.expected("submittedAt"));
        }
        if !envelope.submitted.is_empty() {
            description.properties.push(Property::new("submittedAt", envelope.submitted.as_str()));
        }
        if !metadata.service.is_empty() {
            description.properties.push(Property::new("leistung", metadata.service.as_str()));
        }
        if !metadata.service_id.is_empty() {
            description.subjects.push(metadata.service_id.clone());
        }
        let schemas = [metadata.data.as_ref().map(|data| &data.schema), Some(&metadata.schema)];
        description.conforms_to = schemas.into_iter().flatten().filter(|uri| !uri.is_empty()).cloned().collect();
    }

    /// Reads the fields of the data that the profile names; without any, only whether the data are well-formed.
    fn fields(&mut self, entry: &'a Entry, source: &Submissions) {
        let xml = entry.name().to_ascii_lowercase().ends_with(b".xml");
        let bytes = match self.tree.read(entry) {
            Ok(bytes) => bytes,
            Err(fault) => return self.record.exceptions.push(entry.exception(fault.reason())),
        };
        let told = if xml {
            XmlTree::read(bytes).map(|tree| Told::Xml(Box::new(tree))).map_err(|fault| fault.finding(&entry.shown()))
        } else {
            json::read(bytes).map(Told::Json).map_err(|fault| fault.finding(&entry.shown()))
        };
        let told = match told {
            Ok(told) => told,
            Err(mut finding) => {
                // The data are kept as they are, with a checksum that says so; what a reader makes of them is another matter.
                finding.severity = Severity::Warning;
                return self.record.findings.push(finding);
            }
        };
        for rule in &source.fields {
            let mut values = told.values(&rule.from);
            if field::is_date(&rule.field) {
                for value in &mut values {
                    match dating::day(value) {
                        Some(date) => *value = date,
                        None => {
                            // Without the value: it may be what should stay in the original.
                            let mut finding = Finding::new(Code::DateInvalid).file(entry.shown());
                            finding = finding.expected(rule.field.clone());
                            finding.xpath = Some(rule.from.clone());
                            self.record.findings.push(finding);
                            value.clear();
                        }
                    }
                }
            }
            field::put(&mut self.record, &rule.field, &values);
        }
    }

    fn finish(mut self, metadata: &Metadata, parts: Vec<Unit>) -> Record {
        let mut order: Vec<usize> = (0..self.files.len()).collect();
        order.sort_by(|a, b| self.files[*a].path.cmp(&self.files[*b].path));
        let place: HashMap<usize, usize> = order.iter().enumerate().map(|(now, before)| (*before, now)).collect();
        let attached: HashSet<usize> = parts.iter().flat_map(|part| part.files.clone()).collect();
        let description = &self.record.description;
        let mut unit = Unit {
            kind: UnitKind::Stueck,
            id: description.identifiers.first().cloned().unwrap_or_default(),
            title: description.title.clone(),
            dates: [description.date_from.clone(), description.date_to.clone()],
            files: (0..self.files.len()).filter(|file| !attached.contains(file)).collect(),
            parts,
            ..Unit::default()
        };
        if let Some(data) = metadata.data.as_ref().filter(|data| !data.mime_type.is_empty()) {
            unit.properties.push(Property::new("mime-typ", data.mime_type.as_str()));
        }
        for unit in std::iter::once(&mut unit.files).chain(unit.parts.iter_mut().map(|part| &mut part.files)) {
            unit.iter_mut().for_each(|file| *file = place.get(file).copied().unwrap_or_default());
            unit.sort_unstable();
        }
        self.record.units = vec![unit];
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.record.files = self.files;
        self.record.metadata.sort_by(|a, b| a.path.cmp(&b.path));
        let [compared, same] = self.compared;
        if compared > 0 {
            self.record.acts.push(Act {
                kind: "fixity check",
                time: String::new(),
                detail: format!(
                    "checksums of {compared} files compared with those that the sender put into metadata.json"
                ),
                outcome: if compared == same { "pass" } else { "fail" }.to_owned(),
                agent: String::new(),
            });
        }
        self.record
    }
}

/// Where the data and the attachments lie.
struct Places<'a> {
    data: Option<&'a Entry>,
    /// Entries by the identifier or name that they can be meant by; those nearest to the usual place first.
    by_name: HashMap<&'a [u8], Vec<&'a Entry>>,
    /// How many attachments have each file name: a name that is there twice finds nothing.
    names: HashMap<String, usize>,
}

impl<'a> Places<'a> {
    fn new(entries: &[&'a Entry], folder: &[u8], metadata: &Metadata) -> Self {
        let mut by_name: HashMap<&[u8], Vec<&Entry>> = HashMap::new();
        for entry in entries {
            let name = entry.name();
            by_name.entry(name).or_default().push(entry);
            if let Some(at) = name.iter().rposition(|byte| *byte == b'.').filter(|at| *at > 0) {
                by_name.entry(&name[..at]).or_default().push(entry);
            }
        }
        let usual = [folder, b"attachments/"].concat();
        for found in by_name.values_mut() {
            found.sort_by_key(|entry| (!entry.path.starts_with(&usual), entry.path.len(), entry.path.clone()));
        }
        let mut names = HashMap::new();
        for part in &metadata.attachments {
            *names.entry(part.filename.clone()).or_default() += 1;
        }
        let xml = metadata.data.as_ref().is_some_and(|data| data.mime_type.contains("xml"));
        let order = if xml { ["data.xml", "data.json", "data"] } else { ["data.json", "data.xml", "data"] };
        let at = |name: &str| {
            let path = [folder, name.as_bytes()].concat();
            entries.iter().find(|entry| entry.path.eq_ignore_ascii_case(&path)).copied()
        };
        let data = order.into_iter().find_map(at);
        Self { data, by_name, names }
    }

    /// Finds the file of an attachment: by its identifier, with any extension; else by its file name.
    fn attachment(&self, part: &Part) -> Option<&'a Entry> {
        let found = |name: &str| self.by_name.get(name.as_bytes()).and_then(|found| found.first()).copied();
        let named = || found(&part.filename).filter(|entry| entry.name() == part.filename.as_bytes());
        let once = self.names.get(&part.filename) == Some(&1);
        found(&part.id).or_else(|| if once { named() } else { None })
    }
}

/// What the data of a submission are.
enum Told {
    Json(Value),
    Xml(Box<XmlTree>),
}

impl Told {
    /// Returns the values at `from`: a JSON pointer or a path in XML. Objects are no values: they would take more along
    /// than somebody named.
    fn values(&self, from: &str) -> Vec<String> {
        match self {
            Self::Xml(tree) => tree.values(from),
            Self::Json(value) => match value.pointer(from) {
                Some(Value::Array(list)) => list.iter().filter_map(scalar).collect(),
                Some(value) => scalar(value).into_iter().collect(),
                None => Vec::new(),
            },
        }
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(printable(text)),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        _ => None,
    }
}

/// Returns the checksum of a file by the algorithm of `told`, or why the file cannot be read.
fn checksum(
    tree: &Tree,
    entry: &Entry,
    told: &Checksum,
    cancel: &Cancel,
) -> Result<Result<Checksum, Reason>, Cancelled> {
    let mut bytes = match tree.read(entry) {
        Ok(bytes) => bytes,
        Err(fault) => return Ok(Err(fault.reason())),
    };
    let mut hasher = Hasher::new(told.algorithm());
    let mut buffer = vec![0; 1 << 16];
    loop {
        cancel.check()?;
        match bytes.read(&mut buffer) {
            Ok(0) => return Ok(Ok(hasher.finish())),
            Ok(count) => hasher.update(&buffer[..count]),
            Err(error) => return Ok(Err(Reason::unreadable(&error))),
        }
    }
}
