//! One object: its folder, its inventories, its versions.

use std::collections::BTreeMap;
use std::io::{self, Read as _};

use super::check::Check;
use super::codes::{Seen, answers, fault};
use super::compare::Compare;
use super::content::{Expected, odd, walk};
use super::declaration::{Declared, OBJECT};
use super::digest::Algorithm;
use super::extension::{self, EXTENSIONS};
use super::inventory::{HELD_MOST, Held, INVENTORY, Inventory};
use super::parse::{Outcome, read, too_large};
use super::report::Report;
use super::sidecar::{self, Digests, Hashing};
use super::version::{Name, sequence};
use super::{Judgement, Spec, unreadable};
use crate::io::below::{Below, Entries, Kind};
use crate::task::{Cancelled, Watch};

/// The largest inventory that is read, in bytes.
const LARGEST: u64 = 1 << 30;

/// The largest file of which a digest is computed though it is no inventory.
const DRAINED: u64 = 64 << 20;

/// The folder of logs.
const LOGS: &str = "logs";

/// What was established about an object.
#[derive(Debug, Default)]
pub struct Judged {
    /// The version that its declaration names.
    pub declared: Option<Spec>,
    /// The version that it was held to.
    pub spec: Option<Spec>,
    /// Its identity, if it says one.
    pub id: Option<String>,
    /// What is wrong.
    pub report: Report,
    /// Whether all inventories, and with them the content, could be looked at.
    pub inventories: bool,
    /// Its content files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Why an object could not be judged.
#[derive(Debug)]
pub enum Ended {
    /// Its inventories take more memory than there may be; the one where that was found out.
    Full(String),
    /// A stop was requested.
    Cancelled,
}

impl From<Cancelled> for Ended {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// Judges an object that lies alone.
pub fn alone(folder: &Below, watch: Watch<'_>) -> Result<Judgement, Cancelled> {
    let judged = judge(folder, HELD_MOST, watch)?;
    let spec = judged.spec.unwrap_or(Spec::V1_1);
    let seen = Seen { root: false, object: true, inventories: judged.inventories, content: judged.inventories };
    Ok(Judgement {
        spec,
        id: judged.id.unwrap_or_default(),
        answers: answers(spec, seen, |id| judged.report.failed(id)),
        findings: judged.report.finish(),
        files: judged.files,
        bytes: judged.bytes,
    })
}

/// Judges an object; one whose inventories take more than `most` bytes is told to be unreadable.
pub fn judge(folder: &Below, most: usize, watch: Watch<'_>) -> Result<Judged, Cancelled> {
    match attempt(folder, most, watch) {
        Ok(judged) => Ok(judged),
        Err(Ended::Cancelled) => Err(Cancelled),
        Err(Ended::Full(file)) => {
            let mut judged = Judged::default();
            judged.report.add(too_large(&file));
            Ok(judged)
        }
    }
}

/// Judges an object whose inventories take at most `most` bytes.
pub fn attempt(folder: &Below, most: usize, watch: Watch<'_>) -> Result<Judged, Ended> {
    let mut judged = Judged::default();
    let entries = match folder.entries(b"") {
        Ok(entries) => entries,
        Err(error) => {
            judged.report.add(unreadable("", &error));
            return Ok(judged);
        }
    };
    judged.declared = OBJECT.check(folder, &entries, &mut judged.report);
    let mut look = Look { folder, held: Held::new(most), report: judged.report, watch, complete: true };
    let root = look.root_inventory(&entries)?;
    let spec = judged.declared.or_else(|| root.as_ref()?.0.as_ref()?.spec(&look.held)).unwrap_or(Spec::V1_1);
    if let Some((Some(root), _)) = &root {
        Check { inventory: root, held: &look.held, spec, hints: true, report: &mut look.report }.run();
    }
    let digests = root.as_ref().map(|(_, digests)| digests);
    let root = root.as_ref().and_then(|(inventory, _)| inventory.as_deref());
    if digests.is_some() {
        let algorithm = root.and_then(|root| root.algorithm);
        sidecar::check(folder, "", &entries, algorithm, digests, &mut look.report);
    }
    let folders = look.names(&entries, root);
    let expected = look.versions(&folders, root, digests, spec)?;
    judged.id = root.and_then(|root| root.id).map(|id| look.held.words.shown(id).to_owned());
    if let Some(expected) = expected {
        (judged.files, judged.bytes) = expected.compare(folder, &look.held, &mut look.report, watch)?;
    }
    judged.spec = Some(spec);
    judged.inventories = look.complete && root.is_some();
    judged.report = look.report;
    Ok(judged)
}

/// An inventory, if it is one, and the digests of its file.
type Found = (Option<Box<Inventory>>, Digests);

/// A folder of a version.
struct Folder {
    name: String,
    number: u64,
}

struct Look<'a> {
    folder: &'a Below,
    held: Held,
    report: Report,
    watch: Watch<'a>,
    /// Whether all inventories could be read.
    complete: bool,
}

impl Look<'_> {
    fn root_inventory(&mut self, entries: &Entries) -> Result<Option<Found>, Ended> {
        if entries.kind(INVENTORY.as_bytes()) != Some(Kind::File) {
            self.complete = false;
            // A file of nearly that name is meant to be it.
            let near = entries.iter().find(|(name, _)| name.eq_ignore_ascii_case(INVENTORY.as_bytes()));
            if let Some((name, _)) = near.filter(|(name, _)| *name != INVENTORY.as_bytes()) {
                let name = String::from_utf8_lossy(name).into_owned();
                self.report.add(fault("E034").file(&name).value(&name).expected(INVENTORY));
            }
            self.report.add(fault("E063").expected(INVENTORY));
            return Ok(None);
        }
        self.inventory(INVENTORY, &sidecar::algorithms(entries), true)
    }

    /// Reads the inventory `file` with its digests.
    fn inventory(&mut self, file: &str, sidecars: &[Algorithm], hints: bool) -> Result<Option<Found>, Ended> {
        self.watch.cancel.check()?;
        let opened = match self.open(file) {
            Ok(opened) => opened,
            Err(error) => {
                self.complete = false;
                self.report.add(unreadable(file, &error));
                return Ok(None);
            }
        };
        let length = opened.metadata().map_or(0, |metadata| metadata.len());
        let mut hashing = Hashing::new(Watched { input: opened.take(LARGEST), watch: self.watch }, sidecars);
        let outcome = read(&mut hashing, file, hints, &mut self.held, &mut self.report);
        let outcome = outcome.and_then(|outcome| {
            // What is no inventory is not read to its end for a digest alone, unless that is soon done.
            let digests =
                if matches!(outcome, Outcome::Broken) && length > DRAINED { None } else { Some(hashing.finish()?) };
            Ok((outcome, digests.unwrap_or_default()))
        });
        self.watch.cancel.check()?;
        match outcome {
            Ok((Outcome::Read(inventory), digests)) => Ok(Some((Some(inventory), digests))),
            Ok((Outcome::Broken, digests)) => {
                self.complete = false;
                Ok(Some((None, digests)))
            }
            Ok((Outcome::Full, _)) => Err(Ended::Full(file.to_owned())),
            Err(error) => {
                self.complete = false;
                self.report.add(unreadable(file, &error));
                Ok(None)
            }
        }
    }

    fn open(&self, file: &str) -> io::Result<std::fs::File> {
        let opened = self.folder.file(file.as_bytes())?;
        if opened.metadata()?.len() > LARGEST { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(opened) }
    }

    /// Checks what lies in the object's folder; returns the folders of versions in their order.
    fn names(&mut self, entries: &Entries, root: Option<&Inventory>) -> Vec<Folder> {
        let mut folders = Vec::new();
        let mut keys: BTreeMap<String, bool> = BTreeMap::new();
        if let Some(root) = root {
            keys.extend(root.versions.iter().map(|version| (self.held.words.shown(version.name).to_owned(), false)));
        }
        for (name, kind) in entries.iter() {
            let shown = crate::model::path::shown(name);
            match kind {
                Kind::Link | Kind::Special => {
                    self.report.add(odd(&shown, kind));
                    // What should be there in its place is missing.
                    if !Declared::is_like(name) {
                        self.report.add(fault("E001").file(&shown).value(kind.name()));
                    }
                }
                Kind::File if name == INVENTORY.as_bytes() || Declared::is_like(name) => {}
                // Which of them belongs there was told.
                Kind::File if sidecar::suffix(name).is_some() && entries.kind(INVENTORY.as_bytes()).is_some() => {
                    if sidecar::suffix(name).and_then(Algorithm::named).is_none() {
                        self.report.add(fault("E001").file(&shown).value(kind.name()));
                    }
                }
                Kind::File => self.report.add(fault("E001").file(&shown).value(kind.name())),
                Kind::Folder if shown == LOGS => {}
                Kind::Folder if shown == EXTENSIONS => {
                    extension::check(self.folder, "E067", Some("W013"), &mut self.report);
                }
                Kind::Folder => match Name::parse(&shown) {
                    Ok(Name { number, .. }) => {
                        match keys.get_mut(shown.as_str()) {
                            Some(seen) => *seen = true,
                            None if root.is_some() => self.report.add(fault("E046").file(&shown).value(&shown)),
                            None => {}
                        }
                        folders.push(Folder { name: shown, number });
                    }
                    Err(_) => {
                        self.report.add(fault("E001").file(&shown).value(kind.name()));
                        self.inner(&shown);
                    }
                },
            }
        }
        folders.sort_by(|a, b| (a.number, &a.name).cmp(&(b.number, &b.name)));
        for (key, _) in keys.into_iter().filter(|(key, seen)| !seen && Name::parse(key).is_ok()) {
            self.report.add(fault("E046").file(INVENTORY).value(&key).expected(format!("{key}/")));
        }
        let names: Vec<(Name, &str)> =
            folders.iter().filter_map(|folder| Some((Name::parse(&folder.name).ok()?, folder.name.as_str()))).collect();
        for (id, value, expected) in sequence(&names) {
            // What the inventory has in the same way was told of it.
            if !self.report.failed(id) {
                self.report.add(fault(id).file(&value).value(&value).expected(expected));
            }
        }
        folders
    }

    /// Says where an object lies in an object.
    fn inner(&mut self, folder: &str) {
        if let Ok(entries) = self.folder.entries(folder.as_bytes())
            && entries.iter().any(|(name, _)| name.starts_with(b"0=ocfl_object_"))
        {
            self.report.add(fault("E082").file(folder));
        }
    }

    /// Checks the folders of versions, and returns what their content must be.
    fn versions<'b>(
        &mut self,
        folders: &[Folder],
        root: Option<&'b Inventory>,
        root_digests: Option<&Digests>,
        spec: Spec,
    ) -> Result<Option<Expected<'b>>, Ended> {
        let mut expected = root.map(|root| Expected::of(root, &self.held));
        let newest = root.and_then(|root| {
            let names = root.versions.iter().map(|version| self.held.words.shown(version.name));
            let numbered = names.filter_map(|text| Some((Name::parse(text).ok()?.number, text.to_owned())));
            numbered.max()
        });
        let mut first: Option<(bool, Option<String>)> = None;
        let mut last_spec: Option<Spec> = None;
        for folder in folders {
            let entries = match self.folder.entries(folder.name.as_bytes()) {
                Ok(entries) => entries,
                Err(error) => {
                    self.report.add(unreadable(&folder.name, &error));
                    continue;
                }
            };
            let known = newest.as_ref().is_none_or(|(number, _)| folder.number <= *number);
            let is_newest = newest.as_ref().is_some_and(|(_, name)| *name == folder.name);
            let file = format!("{}/{INVENTORY}", folder.name);
            let mut algorithm = None;
            if entries.kind(INVENTORY.as_bytes()) == Some(Kind::File) {
                let sidecars = sidecar::algorithms(&entries);
                let same = is_newest && self.is_same(&file, &sidecars, &entries, root, root_digests, &folder.name)?;
                if same {
                    algorithm = root.and_then(|root| root.algorithm);
                } else {
                    if is_newest || !known {
                        self.report.add(fault("E064").file(&file).expected(INVENTORY));
                    }
                    let counted = self.held.counted();
                    if let Some((old, digests)) = self.inventory(&file, &sidecars, false)? {
                        algorithm = old.as_ref().and_then(|old| old.algorithm);
                        let folder_ = format!("{}/", folder.name);
                        sidecar::check(self.folder, &folder_, &entries, algorithm, Some(&digests), &mut self.report);
                        if let Some(old) = old {
                            let own = old.spec(&self.held).unwrap_or(spec);
                            Check {
                                inventory: &old,
                                held: &self.held,
                                spec: own,
                                hints: false,
                                report: &mut self.report,
                            }
                            .run();
                            self.settings(&old, &mut first, &mut last_spec, folder.number == 1);
                            if let Some(root) = root {
                                let report = &mut self.report;
                                Compare { old: &old, folder: &folder.name, root, held: &self.held, spec, report }.run();
                                let room = expected.as_mut().is_none_or(|known| known.add(&old, &mut self.held));
                                if !room {
                                    return Err(Ended::Full(file));
                                }
                            }
                        }
                    }
                    self.held.forget(self.held.counted().saturating_sub(counted));
                }
            } else if known {
                self.report.add(fault("W010").file(&folder.name).expected(INVENTORY));
            }
            self.version(folder, &entries, algorithm, root)?;
        }
        if let Some(root) = root.filter(|_| first.is_some()) {
            self.settings(root, &mut first, &mut last_spec, false);
        }
        Ok(expected)
    }

    /// Returns whether the newest version's inventory is the object's own, byte for byte.
    fn is_same(
        &mut self,
        file: &str,
        sidecars: &[Algorithm],
        entries: &Entries,
        root: Option<&Inventory>,
        root_digests: Option<&Digests>,
        folder: &str,
    ) -> Result<bool, Ended> {
        let opened = self.open(file).and_then(|opened| {
            Hashing::new(Watched { input: opened.take(LARGEST), watch: self.watch }, sidecars).finish()
        });
        self.watch.cancel.check()?;
        // What cannot be read is told when it is read as an inventory.
        let Ok(digests) = opened else { return Ok(false) };
        let sha512 = Algorithm::Sha512;
        let same = digests.get(sha512) == root_digests.and_then(|root| root.get(sha512));
        if same {
            let algorithm = root.and_then(|root| root.algorithm);
            sidecar::check(self.folder, &format!("{folder}/"), entries, algorithm, Some(&digests), &mut self.report);
        }
        Ok(same)
    }

    /// What may not change from version to version: the content folder, and that the specification only goes forward.
    fn settings(
        &mut self,
        inventory: &Inventory,
        first: &mut Option<(bool, Option<String>)>,
        last: &mut Option<Spec>,
        is_first: bool,
    ) {
        let set = inventory.content_folder.map(|(name, _)| self.held.words.shown(name).to_owned());
        match first {
            None => *first = Some((is_first, set)),
            Some((surely_first, known)) => {
                let finding = |id, value: &str, expected: &str| {
                    fault(id).file(&inventory.file).value(value.to_owned()).expected(expected.to_owned())
                };
                let value = set.as_deref().unwrap_or("content");
                let before = known.as_deref().unwrap_or("content");
                // Set later, or to something else than in the first version.
                if set.is_some() && *surely_first && known.as_deref() != set.as_deref() {
                    self.report.add(finding("E019", value, before));
                }
                if value != before && known.is_some() {
                    self.report.add(finding("E020", value, before));
                }
            }
        }
        let spec = inventory.spec(&self.held);
        if let (Some(spec), Some(before)) = (spec, *last)
            && spec < before
        {
            self.report.add(fault("E103").file(&inventory.file).value(spec.name()).expected(before.name()));
        }
        *last = spec.max(*last);
    }

    /// Checks what lies in a version's folder.
    fn version(
        &mut self,
        folder: &Folder,
        entries: &Entries,
        algorithm: Option<Algorithm>,
        root: Option<&Inventory>,
    ) -> Result<(), Ended> {
        let content = root.map_or("content", |root| root.content_folder(&self.held)).to_owned();
        let mut has_content = false;
        let has_inventory = entries.kind(INVENTORY.as_bytes()) == Some(Kind::File);
        for (name, kind) in entries.iter() {
            let path = format!("{}/{}", folder.name, crate::model::path::shown(name));
            match kind {
                Kind::File if name == INVENTORY.as_bytes() => {}
                Kind::File => {
                    let suffix = sidecar::suffix(name).filter(|_| has_inventory);
                    let belongs = suffix.is_some_and(|suffix| algorithm.is_none_or(|known| known.name() == suffix));
                    if !belongs {
                        self.report.add(fault("E015").file(path));
                    }
                }
                Kind::Folder if name == content.as_bytes() => {
                    has_content = true;
                    let manifest = root.map(|root| (root, &self.held));
                    walk(self.folder, &path, manifest, &mut self.report, self.watch)?;
                }
                Kind::Folder => self.report.add(fault("W002").file(path).expected(content.as_str())),
                Kind::Link | Kind::Special => {
                    self.report.add(odd(&path, kind));
                    if name != content.as_bytes() {
                        self.report.add(fault("E015").file(path).value(kind.name()));
                    }
                }
            }
        }
        if let Some(root) = root.filter(|_| !has_content) {
            let front = format!("{}/{content}", folder.name);
            let front = self.held.words.find(front.as_bytes());
            if front.is_some_and(|front| root.manifest.iter().any(|entry| entry.path.front == front)) {
                self.report.add(fault("E016").file(&folder.name).expected(content));
            }
        }
        Ok(())
    }
}

/// Lets a stop, and who sets the pace, reach what is read elsewhere.
struct Watched<'a, R> {
    input: R,
    watch: Watch<'a>,
}

impl<R: io::Read> io::Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        // Asked for again, with its own answer, once reading has ended.
        self.watch.has_read(length as u64).map_err(|_| io::Error::from(io::ErrorKind::Other))?;
        Ok(length)
    }
}
