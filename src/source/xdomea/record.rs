//! A record: one object of a message, or all of them, with their files.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read;

use super::delivery::Delivery;
use super::hash;
use super::message::Message;
use super::places::Held;
use super::units::{Object, PrimaryFile};
use crate::model::checksum::{Checksum, Hasher};
use crate::model::finding::{Code, Finding, Severity};
use crate::model::path::{self, Siblings};
use crate::model::record::{Act, ClosureFacts, Description, Record, SourceFile};
use crate::model::unit::{Property, Unit, UnitKind, property};
use crate::source::tree::{Entry, Tree};
use crate::task::{Cancel, Cancelled};

/// The folder of `metadata/other/` that messages go to.
const FOLDER: &str = "xdomea";

/// How many findings of one kind about units of one record are told one by one.
const TOLD: usize = 100;

impl Delivery {
    /// Reads the record at `index`.
    pub(super) fn record(&self, index: usize, cancel: &Cancel) -> Result<Record, Cancelled> {
        let target = &self.records[index];
        let held = &self.places.held[target.message];
        let message = &held.spool.message;
        let mut building = Building::new(self, held, cancel);
        building.record.key.clone_from(&target.key);
        building.record.findings.extend(message.findings.iter().filter(|f| f.severity == Severity::Error).cloned());
        if target.object.is_none() {
            for letter in &message.letters {
                building.object(letter.clone());
            }
            building.files(&message.plan_files);
        }
        for (number, root) in message.objects.iter().enumerate() {
            if target.object.is_some_and(|object| object != number) {
                continue;
            }
            cancel.check()?;
            building.record.findings.extend(root.findings.iter().cloned());
            if target.twice && root.findings.iter().all(|finding| finding.code != Code::ObjectIdDuplicate) {
                // Answers to the agency could not tell which of them is meant.
                let finding = Finding::new(Code::ObjectIdDuplicate).file(message.file.clone()).value(root.id.clone());
                building.record.findings.push(Finding { severity: Severity::Error, ..finding.line(root.line) });
            }
            match held.spool.object(root) {
                Ok(object) => building.object(object),
                Err(error) => {
                    let finding = Finding::new(Code::Unreadable).file(message.file.clone()).value(error.to_string());
                    building.record.findings.push(finding);
                }
            }
        }
        let name = self.places.entry(held).map(|entry| path::portable(entry.name())).unwrap_or_default();
        let to = format!("{FOLDER}/{name}");
        let metadata = match target.object {
            Some(object) => self.places.excerpt(target.message, object, to),
            None => self.places.whole(target.message, to),
        };
        building.record.metadata.extend(metadata);
        let per_message = target.object.is_none();
        building.finish(per_message)
    }
}

/// A record that is not finished.
struct Building<'a> {
    delivery: &'a Delivery,
    held: &'a Held,
    cancel: &'a Cancel,
    record: Record,
    /// The files in the order in which they were named first, by the number of their entry.
    entries: Vec<usize>,
    known: HashMap<usize, Named>,
    missing: HashSet<String>,
    history: (u64, String, String),
    circulation: u64,
}

/// A file that was named.
struct Named {
    /// Its position in `entries`.
    position: usize,
    times: u64,
    file: PrimaryFile,
}

impl<'a> Building<'a> {
    fn new(delivery: &'a Delivery, held: &'a Held, cancel: &'a Cancel) -> Self {
        Self {
            delivery,
            held,
            cancel,
            record: Record::default(),
            entries: Vec::new(),
            known: HashMap::new(),
            missing: HashSet::new(),
            history: Default::default(),
            circulation: 0,
        }
    }

    fn message(&self) -> &'a Message {
        &self.held.spool.message
    }

    fn tree(&self) -> &'a Tree {
        &self.delivery.places.trees[self.held.tree]
    }

    fn entry(&self, number: usize) -> &'a Entry {
        &self.tree().entries()[number]
    }

    /// Takes an object in with its files.
    fn object(&mut self, object: Object) {
        let positions = self.files(&object.files);
        let mut unit = object.unit;
        each(&mut unit, &mut |unit| {
            let files = std::mem::take(&mut unit.files);
            unit.files = files.into_iter().filter_map(|file| positions.get(file).copied().flatten()).collect();
            unit.files.dedup();
        });
        self.judge(&unit);
        self.record.closure.persons.extend(object.persons);
        self.circulation += object.circulation;
        let (count, first, last) = object.history;
        if count > 0 {
            let (total, earliest, latest) = &mut self.history;
            *total += count;
            if earliest.is_empty() || first < *earliest {
                *earliest = first;
            }
            if last > *latest {
                *latest = last;
            }
        }
        self.record.units.push(unit);
    }

    /// Finds the files that are told of; returns the position of each in `entries`.
    fn files(&mut self, told: &[PrimaryFile]) -> Vec<Option<usize>> {
        let names = &self.delivery.names[self.held.tree];
        let mut positions = Vec::with_capacity(told.len());
        for file in told {
            let found = Some(&file.name).filter(|name| !name.is_empty());
            let found = found.and_then(|name| names.find(self.tree(), &self.held.folder, name));
            let sound = found.filter(|number| {
                let entry = self.entry(*number);
                entry.fault.is_none()
            });
            let Some(number) = sound else {
                let unnamed = format!("Primaerdokument „{}“", file.facts.label);
                let called = if file.name.is_empty() { &unnamed } else { &file.name };
                if self.missing.insert(called.clone()) {
                    let shown = path::shown(called.as_bytes());
                    self.record.findings.push(Finding::new(Code::PrimaryFileMissing).file(shown).line(file.line));
                }
                positions.push(None);
                continue;
            };
            let next = self.entries.len();
            let known = self.known.entry(number).or_insert_with(|| {
                self.entries.push(number);
                Named { position: next, times: 0, file: file.clone() }
            });
            known.times += 1;
            positions.push(Some(known.position));
        }
        positions
    }

    /// Notes what units tell of paper, secrecy and dates.
    fn judge(&mut self, root: &Unit) {
        let mut paper = 0;
        let (closure, findings) = (&mut self.record.closure, &mut self.record.findings);
        root.walk(&mut |unit, _| {
            let code = unit.property(property::MEDIUM).unwrap_or_default();
            if matches!(code, "002" | "003") {
                paper += 1;
                if paper <= TOLD {
                    let called = if unit.title.is_empty() { &unit.id } else { &unit.title };
                    findings.push(Finding::new(Code::PaperPart).value(called.clone()).expected(code));
                }
            }
            // 003 is "offen" in all code lists; what is not known counts as secret.
            closure.secret |= unit.property(property::CONFIDENTIALITY).is_some_and(|code| code != "003");
            // What was written later than the period of its file says is part of it all the same.
            let told = [property::CLOSED, property::LETTER_DATE, property::RECEIVED, property::SENT];
            let told = told.into_iter().map(|name| unit.property(name).unwrap_or_default());
            for date in told.chain([unit.dates[1].as_str()]) {
                let day = date.get(..10).unwrap_or(date);
                if *day > *closure.made {
                    day.clone_into(&mut closure.made);
                }
            }
        });
    }

    /// Makes the record's files, compares them with their checksums and puts everything in order.
    fn finish(mut self, per_message: bool) -> Result<Record, Cancelled> {
        let mut siblings = Siblings::default();
        // Names are given out in the order of the entries, whatever the order in which they are named.
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        order.sort_by_key(|position| self.entries[*position]);
        let mut files: Vec<(usize, SourceFile)> = Vec::with_capacity(order.len());
        let mut checked = BTreeMap::new();
        let mut without = 0;
        for position in order {
            self.cancel.check()?;
            let number = self.entries[position];
            let Some(named) = self.known.remove(&number) else { continue };
            self.told_of_file(number, &named);
            let file = self.file(number, named.file, &mut siblings, &mut checked, &mut without)?;
            files.push((position, file));
        }
        files.sort_by(|a, b| a.1.path.cmp(&b.1.path));
        let mut places = vec![0; files.len()];
        for (place, (position, _)) in files.iter().enumerate() {
            places[*position] = place;
        }
        for root in &mut self.record.units {
            each(root, &mut |unit| unit.files.iter_mut().for_each(|file| *file = places[*file]));
        }
        self.record.files = files.into_iter().map(|(_, file)| file).collect();
        self.acts(&checked, without);
        self.record.description = self.description(per_message);
        if self.record.files.is_empty() && self.missing.is_empty() {
            let title = self.record.description.title.clone();
            self.record.findings.push(Finding::new(Code::RecordWithoutFiles).value(title));
        }
        if self.record.closure.made.is_empty() {
            self.record.closure = ClosureFacts {
                made: self.record.description.date_to.clone(),
                ..std::mem::take(&mut self.record.closure)
            };
        }
        Ok(self.record)
    }

    /// Notes what is odd about a file.
    fn told_of_file(&mut self, number: usize, named: &Named) {
        let entry = self.entry(number);
        let findings = &mut self.record.findings;
        if entry.size == 0 {
            findings.push(Finding::new(Code::PrimaryFileEmpty).file(entry.shown()));
        }
        let shared = self.delivery.shared.contains(&(self.held.tree, number));
        if named.times > 1 || shared {
            let finding = Finding::new(Code::PrimaryFileDuplicate).file(entry.shown());
            findings.push(finding.value(named.times.max(2).to_string()));
        }
    }

    fn file(
        &mut self,
        number: usize,
        named: PrimaryFile,
        siblings: &mut Siblings,
        checked: &mut BTreeMap<String, [u64; 2]>,
        without: &mut u64,
    ) -> Result<SourceFile, Cancelled> {
        let entry = self.entry(number);
        let mut facts = named.facts;
        match named.hash {
            Some([value, algorithm]) => {
                if let Some(told) = hash::checksum(&value, &algorithm) {
                    let tally = checked.entry(told.algorithm().name().to_owned()).or_default();
                    tally[0] += 1;
                    if let Some(fault) = self.compare(entry, &told)? {
                        tally[1] += 1;
                        self.record.findings.push(fault);
                    }
                    facts.checksums.push(told);
                    self.message().header.sender.name().clone_into(&mut facts.originator);
                } else {
                    let mut finding = Finding::new(Code::AlgorithmUnknown).file(entry.shown());
                    finding.severity = Severity::Warning;
                    self.record.findings.push(finding.value(if algorithm.is_empty() { value } else { algorithm }));
                    *without += 1;
                }
            }
            None if !named.is_signature => *without += 1,
            None => {}
        }
        let to = siblings.portable(named.name.as_bytes());
        let container = u32::try_from(self.held.tree).unwrap_or_default();
        Ok(entry.file(to, container, facts))
    }

    /// Compares the bytes of a file with a checksum that came along.
    fn compare(&self, entry: &Entry, told: &Checksum) -> Result<Option<Finding>, Cancelled> {
        let unreadable = |error: String| Some(Finding::new(Code::Unreadable).file(entry.shown()).value(error));
        let mut source = match self.tree().read(entry) {
            Ok(source) => source,
            Err(fault) => return Ok(unreadable(fault.to_string())),
        };
        let mut hasher = Hasher::new(told.algorithm());
        let mut buffer = vec![0; 1 << 16];
        loop {
            self.cancel.check()?;
            match source.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => hasher.update(&buffer[..count]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Ok(unreadable(error.to_string())),
            }
        }
        let found = hasher.finish();
        let differs =
            || Finding::new(Code::ChecksumMismatch).file(entry.shown()).value(found.hex()).expected(told.hex());
        Ok((found != *told).then(differs))
    }

    /// Records what was done with checksums, and that the source tells of changes.
    fn acts(&mut self, checked: &BTreeMap<String, [u64; 2]>, without: u64) {
        let message = self.message();
        let originator = message.header.sender.name();
        let mut act = |detail: String, outcome: &str| {
            let outcome = outcome.to_owned();
            let (time, agent) = (String::new(), String::new());
            self.record.acts.push(Act { kind: "fixity check", time, detail, outcome, agent });
        };
        for (algorithm, [count, wrong]) in checked {
            let by = if originator.is_empty() { String::new() } else { format!(", computed by {originator}") };
            let detail = format!("{algorithm} of {count} primary files compared with the message{by}");
            act(detail, if *wrong == 0 { "pass" } else { "fail" });
        }
        if without > 0 {
            let detail = format!("xdomea {}: {without} primary files came without checksum", message.version);
            act(detail, "no checksum delivered");
        }
        let (count, first, last) = &self.history;
        if *count > 0 {
            let detail =
                format!("{count} entries of the source system's history, {first} to {last}, are in the message");
            let (kind, time, agent) = ("metadata modification", last.clone(), originator.to_owned());
            self.record.acts.push(Act { kind, time, detail, outcome: String::new(), agent });
        }
    }

    fn description(&self, per_message: bool) -> Description {
        let message = self.message();
        let sender = &message.header.sender;
        let mut description = Description {
            creator: sender.name().to_owned(),
            conforms_to: vec![format!("xdomea {}", message.version)],
            ..Description::default()
        };
        let mut contributors = Vec::new();
        if sender.unit != sender.name() {
            contributors.push(sender.unit.clone());
        }
        let roots = &self.record.units[if per_message { message.letters.len() } else { 0 }..];
        for root in roots {
            let told = |name: &str| root.property(name).unwrap_or_default().to_owned();
            contributors.extend([told(property::LEAD), told(property::KEEPING)]);
            description.subjects.push(format!("{} {}", told(property::FILE_PLAN), told(property::FILE_PLAN_TITLE)));
            let related = root.properties.iter().filter(|property| property.name == property::RELATED);
            description.relations.extend(related.map(|property| property.value.clone()));
            let [from, to] = period(root);
            let earlier = description.date_from.is_empty() || (!from.is_empty() && from < description.date_from);
            if earlier {
                description.date_from = from;
            }
            description.date_to = std::mem::take(&mut description.date_to).max(to);
            description.identifiers.push(root.reference.clone());
        }
        match roots {
            [root] if !per_message || message.objects.len() == 1 => {
                description.title = title(root);
                root.kind.name().clone_into(&mut description.kind);
                root.property(property::NOTE).unwrap_or_default().clone_into(&mut description.summary);
                description.identifiers.push(root.id.clone());
                description.properties.clone_from(&root.properties);
            }
            _ => {
                description.title = format!("Aussonderung {}", message.header.process);
                "Aussonderung".clone_into(&mut description.kind);
                description.identifiers.insert(0, message.header.process.clone());
                description.properties.push(Property::new("schriftgutobjekte", message.objects.len().to_string()));
            }
        }
        for list in [&mut contributors, &mut description.subjects, &mut description.identifiers] {
            let mut seen = HashSet::new();
            for text in list.iter_mut() {
                *text = text.trim().to_owned();
            }
            list.retain(|text| !text.is_empty() && seen.insert(text.clone()));
        }
        description.contributors = contributors;
        // What stands in the message only is told as a number, for the whole record.
        let totals = [(property::HISTORY, self.history.0), (property::CIRCULATION, self.circulation)];
        description.properties.retain(|known| totals.iter().all(|(name, _)| known.name != *name));
        let told = totals.into_iter().filter(|(_, count)| *count > 0);
        description.properties.extend(told.map(|(name, count)| Property::new(name, count.to_string())));
        description
    }
}

/// Calls `each_unit` with `root` and all units in it.
fn each(root: &mut Unit, each_unit: &mut impl FnMut(&mut Unit)) {
    let mut open = vec![root];
    while let Some(unit) = open.pop() {
        each_unit(unit);
        open.extend(&mut unit.parts);
    }
}

/// Returns the title of a root object: its own, else that of its file, else its reference code.
fn title(root: &Unit) -> String {
    let file = root.property(property::FILE_TITLE).unwrap_or_default();
    let titles = [root.title.as_str(), file, root.reference.as_str(), root.id.as_str()];
    titles.into_iter().find(|title| !title.is_empty()).unwrap_or_default().to_owned()
}

/// Returns the first and last date of a root object: its Laufzeit, else those of the units in it, else dates of letters.
fn period(root: &Unit) -> [String; 2] {
    let mut found = root.dates.clone();
    let mut widen = |from: &str, to: &str| {
        if !from.is_empty() && (found[0].is_empty() || from < found[0].as_str()) {
            from.clone_into(&mut found[0]);
        }
        if to > found[1].as_str() {
            to.clone_into(&mut found[1]);
        }
    };
    if root.dates.iter().all(String::is_empty) {
        root.walk(&mut |unit, _| widen(&unit.dates[0], &unit.dates[1]));
    }
    if found.iter().all(String::is_empty) {
        let mut widen = |date: &str| {
            if !date.is_empty() && (found[0].is_empty() || date < found[0].as_str()) {
                date.clone_into(&mut found[0]);
            }
            if date > found[1].as_str() {
                date.clone_into(&mut found[1]);
            }
        };
        root.walk(&mut |unit, _| {
            if matches!(unit.kind, UnitKind::Dokument | UnitKind::Anlage) {
                for name in [property::LETTER_DATE, property::RECEIVED, property::SENT] {
                    widen(unit.property(name).unwrap_or_default());
                }
            }
        });
    }
    found
}
