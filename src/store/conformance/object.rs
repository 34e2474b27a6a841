//! One object: its folder, its inventories, its versions.

use std::collections::BTreeMap;
use std::io::{self, Read as _};

use super::check::Check;
use super::codes::{Seen, answers, fault};
use super::content::odd;
use super::declaration::{Declared, OBJECT};
use super::digest::Algorithm;
use super::extension::{self, EXTENSIONS};
use super::inventory::{HELD_MOST, Held, INVENTORY, Inventory};
use super::parse::{Outcome, read, too_large};
use super::report::Report;
use super::sidecar::{self, Digests, Hashing};
use super::version::{Name, sequence};
use super::{Judgement, Spec, unreadable};
use crate::io::below::{Entries, Kind};
use crate::io::place::{Opened, Place};
use crate::task::{Cancelled, Watch};

/// The largest inventory that is read, in bytes.
pub const LARGEST: u64 = 1 << 30;

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
pub fn alone(folder: &dyn Place, watch: Watch<'_>) -> Result<Judgement, Cancelled> {
    let judged = judge(folder, HELD_MOST, watch)?;
    let spec = judged.spec.unwrap_or(Spec::V1_1);
    let seen = Seen { object: true, inventories: judged.inventories, ..Seen::default() };
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
pub fn judge(folder: &dyn Place, most: usize, watch: Watch<'_>) -> Result<Judged, Cancelled> {
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
pub fn attempt(folder: &dyn Place, most: usize, watch: Watch<'_>) -> Result<Judged, Ended> {
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
        sidecar::check(folder, "", &entries, algorithm, digests, "E001", &mut look.report);
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
pub type Found = (Option<Box<Inventory>>, Digests);

/// A folder of a version.
pub struct Folder {
    /// Its name.
    pub name: String,
    /// The version's number.
    pub number: u64,
}

/// An object while it is looked at.
pub struct Look<'a> {
    /// Its folder.
    pub folder: &'a dyn Place,
    /// The texts of its inventories.
    pub held: Held,
    /// What is wrong.
    pub report: Report,
    /// Who may stop it.
    pub watch: Watch<'a>,
    /// Whether all inventories could be read.
    pub complete: bool,
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
    pub fn inventory(&mut self, file: &str, sidecars: &[Algorithm], hints: bool) -> Result<Option<Found>, Ended> {
        self.watch.cancel.check()?;
        let opened = match self.open(file) {
            Ok(opened) => opened,
            Err(error) => {
                self.complete = false;
                self.report.add(unreadable(file, &error));
                return Ok(None);
            }
        };
        let length = opened.size;
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

    /// Opens an inventory or the like, unless it is too large.
    pub fn open(&self, file: &str) -> io::Result<Opened> {
        let opened = self.folder.file(file.as_bytes())?;
        if opened.size > LARGEST { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(opened) }
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
                // Which of them belongs there is told with the inventory.
                Kind::File if sidecar::suffix(name).is_some() && entries.kind(INVENTORY.as_bytes()).is_some() => {}
                Kind::File => self.report.add(fault("E001").file(&shown).value(kind.name())),
                Kind::Folder if shown == LOGS => {}
                Kind::Folder if shown == EXTENSIONS => {
                    extension::check(self.folder, "E067", Some("W013"), &mut self.report);
                }
                Kind::Folder => {
                    let Ok(Name { number, .. }) = Name::parse(&shown) else {
                        self.report.add(fault("E001").file(&shown).value(kind.name()));
                        self.inner(&shown);
                        continue;
                    };
                    match keys.get_mut(shown.as_str()) {
                        Some(seen) => *seen = true,
                        None if root.is_some_and(|root| !root.versions.is_empty()) => {
                            self.report.add(fault("E046").file(&shown).value(&shown));
                        }
                        None => {}
                    }
                    folders.push(Folder { name: shown, number });
                }
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
}

/// Lets a stop, and who sets the pace, reach what is read elsewhere.
pub struct Watched<'a, R> {
    /// What is read.
    pub input: R,
    /// Who may stop it.
    pub watch: Watch<'a>,
}

impl<R: io::Read> io::Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        // Asked for again, with its own answer, once reading has ended.
        self.watch.has_read(length as u64).map_err(|_| io::Error::from(io::ErrorKind::Other))?;
        Ok(length)
    }
}
