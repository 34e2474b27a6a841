//! Reads an inventory, and tells what in it has not the form that it must have.

use std::io::{self, Read};

use super::codes::fault;
use super::date::is_date_time;
use super::digest::Algorithm;
use super::inventory::{Entry, Held, Inventory, Version};
use super::report::Report;
use super::uri::is_uri;
use super::words::{Set, Word};
use crate::io::json::{Event, Fault, Json, Place};
use crate::model::finding::{Code, Finding};

/// What a version counts for in memory, in bytes: more than it takes, since much is looked up by version.
const VERSION: usize = 1024;

/// What came of reading an inventory.
#[derive(Debug)]
pub enum Outcome {
    /// What it says.
    Read(Box<Inventory>),
    /// It is no JSON object; the report says so.
    Broken,
    /// It takes more memory than there may be.
    Full,
}

/// Why reading ends early.
enum Stop {
    Json(Fault),
    Full,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Json(fault)
    }
}

/// Which block of digests and paths is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Manifest,
    Fixity,
    State,
}

/// Reads the inventory `file`; hints on what should be otherwise are wanted of one inventory of an object (`hints`), since
/// the others repeat it.
pub fn read<R: Read>(
    input: &mut R,
    file: &str,
    hints: bool,
    held: &mut Held,
    report: &mut Report,
) -> io::Result<Outcome> {
    let mut parser = Parser { json: Json::new(input), held, report, file, hints, partial: false };
    let mut inventory = Inventory { file: file.to_owned(), ..Inventory::default() };
    match parser.document(&mut inventory) {
        Ok(true) => {
            inventory.manifest.sort_unstable();
            inventory.partial = parser.partial;
            Ok(Outcome::Read(Box::new(inventory)))
        }
        Ok(false) => Ok(Outcome::Broken),
        Err(Stop::Full) => Ok(Outcome::Full),
        Err(Stop::Json(Fault::Read(error))) => Err(error),
        Err(Stop::Json(Fault::Malformed(word) | Fault::Limit(word))) => {
            let finding = parser.here("E033").value(word);
            parser.report.add(finding);
            Ok(Outcome::Broken)
        }
    }
}

struct Parser<'a, R> {
    json: Json<R>,
    held: &'a mut Held,
    report: &'a mut Report,
    file: &'a str,
    hints: bool,
    /// Whether a state could not be read.
    partial: bool,
}

impl<R: Read> Parser<'_, R> {
    /// Returns a finding at the place that was read last.
    fn here(&self, id: &'static str) -> Finding {
        self.at(id, self.json.place())
    }

    fn at(&self, id: &'static str, place: Place) -> Finding {
        at(fault(id), self.file, place)
    }

    fn tell(&mut self, id: &'static str, value: impl Into<String>) {
        if self.hints || !id.starts_with('W') {
            let (file, place) = (self.file, self.json.place());
            self.report.tell(id, |finding| at(finding, file, place).value(value));
        }
    }

    fn count(&mut self, bytes: usize) -> Result<(), Stop> {
        if self.held.count(bytes) { Ok(()) } else { Err(Stop::Full) }
    }

    fn word(&mut self) -> Result<Word, Stop> {
        let word = self.held.words.intern(self.json.text().as_bytes());
        self.count(0)?;
        Ok(word)
    }

    /// Takes note of a key; says where it stands twice.
    fn once(&mut self, seen: &mut Vec<&'static str>, key: &'static str) {
        if seen.contains(&key) {
            self.tell("E033", format!("twice: {key}"));
        } else {
            seen.push(key);
        }
    }

    fn unknown(&mut self) -> Result<(), Stop> {
        let (file, place) = (self.file, self.json.place());
        self.report.tell("E102", |finding| at(finding, file, place).value(self.json.text()));
        let event = self.json.event()?;
        Ok(self.json.skip(event)?)
    }

    /// Reads a value that must be a text; of anything else the requirement `id` says that it must not be.
    fn text(&mut self, id: &'static str) -> Result<Option<Word>, Stop> {
        match self.json.event()? {
            Event::Text => self.word().map(Some),
            event => {
                self.tell(id, kind(event));
                self.json.skip(event)?;
                Ok(None)
            }
        }
    }

    fn document(&mut self, inventory: &mut Inventory) -> Result<bool, Stop> {
        let event = self.json.event()?;
        if event != Event::Object {
            self.tell("E033", kind(event));
            return Ok(false);
        }
        let mut keys = Vec::new();
        while self.json.event()? == Event::Key {
            let known = ["id", "type", "digestAlgorithm", "head", "contentDirectory", "manifest", "versions", "fixity"];
            let Some(key) = known.into_iter().find(|key| *key == self.json.text()) else {
                self.unknown()?;
                continue;
            };
            self.once(&mut keys, key);
            match key {
                "id" => inventory.id = self.text("E037")?,
                "type" => inventory.kind = self.text("E038")?.map(|kind| (kind, self.json.place())),
                "digestAlgorithm" => self.algorithm(inventory)?,
                "head" => inventory.head = self.text("E040")?.map(|head| (head, self.json.place())),
                "contentDirectory" => {
                    inventory.content_folder = self.text("E017")?.map(|name| (name, self.json.place()));
                }
                "manifest" => self.manifest(inventory)?,
                "versions" => self.versions(inventory)?,
                _ => self.fixity(inventory)?,
            }
        }
        // Nothing may follow.
        self.json.event()?;
        inventory.keys = keys;
        Ok(true)
    }

    fn algorithm(&mut self, inventory: &mut Inventory) -> Result<(), Stop> {
        let Some(name) = self.text("E025")? else { return Ok(()) };
        let name = self.held.words.shown(name).to_owned();
        inventory.algorithm = Algorithm::named(&name);
        match inventory.algorithm {
            Some(Algorithm::Sha512) => {}
            Some(Algorithm::Sha256) => self.tell("W004", name),
            _ => self.tell("E025", name),
        }
        Ok(())
    }

    /// Enters a block that must be an object; of anything else a note is taken.
    fn enter(&mut self, inventory: &mut Inventory, block: &'static str) -> Result<bool, Stop> {
        match self.json.event()? {
            Event::Object => Ok(true),
            event => {
                inventory.misshapen.push((block, self.json.place()));
                self.json.skip(event)?;
                Ok(false)
            }
        }
    }

    fn manifest(&mut self, inventory: &mut Inventory) -> Result<(), Stop> {
        if self.enter(inventory, "manifest")? {
            self.digests(Block::Manifest, &mut inventory.manifest, Some(&mut inventory.sums), &mut Vec::new())?;
        }
        Ok(())
    }

    fn fixity(&mut self, inventory: &mut Inventory) -> Result<(), Stop> {
        if !self.enter(inventory, "fixity")? {
            return Ok(());
        }
        while self.json.event()? == Event::Key {
            let Some(algorithm) = Algorithm::named(self.json.text()) else {
                let name = self.json.text().to_owned();
                self.tell("E056", name);
                let event = self.json.event()?;
                self.json.skip(event)?;
                continue;
            };
            if inventory.fixity.iter().any(|(known, _)| *known == algorithm) {
                self.tell("E033", format!("twice: {}", algorithm.name()));
            }
            match self.json.event()? {
                Event::Object => {
                    let mut entries = Vec::new();
                    self.digests(Block::Fixity, &mut entries, None, &mut Vec::new())?;
                    inventory.fixity.push((algorithm, entries));
                }
                event => {
                    self.tell("E057", kind(event));
                    self.json.skip(event)?;
                }
            }
        }
        Ok(())
    }

    fn versions(&mut self, inventory: &mut Inventory) -> Result<(), Stop> {
        if !self.enter(inventory, "versions")? {
            return Ok(());
        }
        let mut seen = Set::default();
        while self.json.event()? == Event::Key {
            let (name, place) = (self.word()?, self.json.place());
            if !seen.insert(name) {
                let name = self.held.words.shown(name).to_owned();
                self.tell("E033", format!("twice: {name}"));
            }
            self.count(VERSION)?;
            let version = Version { name, place, state: Vec::new(), created: None, message: None, user: (None, None) };
            let version = match self.json.event()? {
                Event::Object => self.version(version)?,
                event => {
                    self.tell("E047", kind(event));
                    self.partial = true;
                    self.json.skip(event)?;
                    version
                }
            };
            inventory.versions.push(version);
        }
        Ok(())
    }

    fn version(&mut self, mut version: Version) -> Result<Version, Stop> {
        let mut keys = Vec::new();
        while self.json.event()? == Event::Key {
            let Some(key) = ["created", "state", "message", "user"].into_iter().find(|key| *key == self.json.text())
            else {
                self.unknown()?;
                continue;
            };
            self.once(&mut keys, key);
            match key {
                "created" => {
                    version.created = self.text("E049")?;
                    let text = version.created.map(|created| self.held.words.shown(created).to_owned());
                    if let Some(text) = text.filter(|text| !is_date_time(text)) {
                        self.tell("E049", text);
                    }
                }
                "message" => version.message = self.text("E094")?,
                "user" => version.user = self.user()?,
                _ => match self.json.event()? {
                    Event::Object => self.digests(Block::State, &mut Vec::new(), None, &mut version.state)?,
                    event => {
                        self.tell("E050", kind(event));
                        self.partial = true;
                        self.json.skip(event)?;
                    }
                },
            }
        }
        self.partial |= !keys.contains(&"state");
        let name = self.held.words.shown(version.name).to_owned();
        let missing = ["created", "state", "message", "user"].into_iter().filter(|key| !keys.contains(key));
        for key in missing {
            let id = if matches!(key, "created" | "state") { "E048" } else { "W007" };
            if self.hints || id == "E048" {
                let finding = self.at(id, version.place).value(&name).expected(key);
                self.report.add(finding);
            }
        }
        Ok(version)
    }

    fn user(&mut self) -> Result<(Option<Word>, Option<Word>), Stop> {
        let event = self.json.event()?;
        let place = self.json.place();
        if event != Event::Object {
            self.tell("E054", kind(event));
            self.json.skip(event)?;
            return Ok((None, None));
        }
        let (mut keys, mut name, mut address) = (Vec::new(), None, None);
        while self.json.event()? == Event::Key {
            match self.json.text() {
                "name" => {
                    self.once(&mut keys, "name");
                    name = self.text("E054")?;
                    if self.json.text().is_empty() && name.is_some() {
                        self.tell("E054", "");
                    }
                }
                "address" => {
                    self.once(&mut keys, "address");
                    address = self.text("E054")?;
                    if address.is_some() && !is_uri(self.json.text()) {
                        let text = self.json.text().to_owned();
                        self.tell("W009", text);
                    }
                }
                _ => self.unknown()?,
            }
        }
        if !keys.contains(&"name") {
            let finding = self.at("E054", place).expected("name");
            self.report.add(finding);
        }
        if !keys.contains(&"address") && self.hints {
            let finding = self.at("W008", place).expected("address");
            self.report.add(finding);
        }
        Ok((name, address))
    }

    /// Reads digests with their paths, up to the end of the block.
    fn digests(
        &mut self,
        block: Block,
        entries: &mut Vec<Entry>,
        mut sums: Option<&mut Vec<Word>>,
        state: &mut Vec<(Word, Word)>,
    ) -> Result<(), Stop> {
        let shape = match block {
            Block::Manifest => "E092",
            Block::Fixity => "E057",
            Block::State => "E050",
        };
        let mut seen = Set::default();
        while self.json.event()? == Event::Key {
            let sum = self.held.sum(self.json.text());
            self.count(size_of::<Word>())?;
            if let Some(sums) = &mut sums {
                sums.push(sum);
            }
            let new = match block {
                // What differs in case only is not in the manifest, which is told when states are compared with it.
                Block::State => seen.insert(sum),
                _ => seen.insert(self.held.folded(sum)),
            };
            if !new {
                let id = match block {
                    Block::Manifest => "E096",
                    Block::Fixity => "E097",
                    Block::State => "E033",
                };
                let text = self.json.text().to_owned();
                self.tell(id, text);
            }
            let event = self.json.event()?;
            if event != Event::Array {
                self.tell(shape, kind(event));
                self.partial |= block == Block::State;
                self.json.skip(event)?;
                continue;
            }
            let mut any = false;
            loop {
                match self.json.event()? {
                    Event::ArrayEnd => break,
                    Event::Text => self.path(block, sum, entries, state)?,
                    event => {
                        self.tell(shape, kind(event));
                        self.partial |= block == Block::State;
                        self.json.skip(event)?;
                    }
                }
                any = true;
            }
            if !any && block == Block::Manifest {
                self.tell(shape, "[]");
            }
        }
        Ok(())
    }

    fn path(
        &mut self,
        block: Block,
        sum: Word,
        entries: &mut Vec<Entry>,
        state: &mut Vec<(Word, Word)>,
    ) -> Result<(), Stop> {
        let text = self.json.text();
        let (edges, parts) = if block == Block::State { ("E053", "E052") } else { ("E100", "E099") };
        let on_edge = text.starts_with('/') || text.ends_with('/');
        let inner = text.strip_prefix('/').unwrap_or(text);
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let in_parts = inner.split('/').any(|part| matches!(part, "" | "." | ".."));
        let bars = block != Block::State && text.contains('\\') && !text.contains('/');
        for (wrong, id) in [(on_edge, edges), (in_parts, parts), (bars, "E035")] {
            if wrong {
                let (file, place) = (self.file, self.json.place());
                self.report.tell(id, |finding| at(finding, file, place).value(self.json.text()));
            }
        }
        if block == Block::State {
            let path = self.word()?;
            state.push((path, sum));
            self.count(size_of::<(Word, Word)>())
        } else {
            let path = self.held.path(self.json.text());
            entries.push(Entry { path, sum });
            self.count(size_of::<Entry>())
        }
    }
}

fn at(finding: Finding, file: &str, place: Place) -> Finding {
    let mut finding = finding.file(file).line(place.line);
    finding.column = Some(place.column);
    finding
}

/// Returns what a value is, in a word.
fn kind(event: Event) -> &'static str {
    match event {
        Event::Object => "object",
        Event::Array => "array",
        Event::Text | Event::Key => "string",
        Event::Number => "number",
        Event::Bool => "boolean",
        Event::Null => "null",
        Event::ObjectEnd | Event::ArrayEnd | Event::End => "nothing",
    }
}

/// Returns the finding about an inventory that takes more memory than there may be.
pub fn too_large(file: &str) -> Finding {
    Finding::new(Code::Unreadable).file(file).value("inventory-limit")
}
