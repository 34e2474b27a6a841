//! The versions of an object: their folders, the inventories that they keep, and what may not change between them.

use std::io::Read as _;

use super::Spec;
use super::check::Check;
use super::codes::fault;
use super::compare::Compare;
use super::content::{Expected, odd, walk};
use super::digest::Algorithm;
use super::inventory::{INVENTORY, Inventory};
use super::object::{Ended, Folder, LARGEST, Look, Watched};
use super::sidecar::{self, Digests, Hashing};
use super::unreadable;
use super::version::Name;
use crate::io::below::{Entries, Kind};

/// The object's own inventory, with which those of versions are compared.
#[derive(Clone, Copy)]
struct Own<'a> {
    inventory: Option<&'a Inventory>,
    digests: Option<&'a Digests>,
    spec: Spec,
}

/// What the versions up to one have in common.
#[derive(Default)]
struct Settings {
    /// Whether the first version keeps an inventory, and the content folder that the first of them names.
    content: Option<(bool, Option<String>)>,
    /// The latest specification that one of them follows.
    spec: Option<Spec>,
}

impl Look<'_> {
    /// Checks the folders of versions, and returns what their content must be.
    pub(super) fn versions<'b>(
        &mut self,
        folders: &[Folder],
        root: Option<&'b Inventory>,
        digests: Option<&Digests>,
        spec: Spec,
    ) -> Result<Option<Expected<'b>>, Ended> {
        let mut expected = root.map(|root| Expected::of(root, &self.held));
        let own = Own { inventory: root, digests, spec };
        let newest = root.and_then(|root| {
            let names = root.versions.iter().map(|version| self.held.words.shown(version.name));
            let numbered = names.filter_map(|text| Some((Name::parse(text).ok()?.number, text.to_owned())));
            numbered.max().or_else(|| folders.last().map(|folder| (folder.number, folder.name.clone())))
        });
        let mut settings = Settings::default();
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
            if entries.kind(INVENTORY.as_bytes()) == Some(Kind::File) {
                if !is_newest || !self.is_same(folder, &entries, own)? {
                    if is_newest || !known {
                        let file = format!("{}/{INVENTORY}", folder.name);
                        self.report.add(fault("E064").file(file).expected(INVENTORY));
                    }
                    self.old(folder, &entries, own, &mut settings, expected.as_mut())?;
                }
            } else if known {
                self.report.add(fault("W010").file(&folder.name).expected(INVENTORY));
            }
            self.version(folder, &entries, root)?;
        }
        if let Some(root) = root.filter(|_| settings.content.is_some()) {
            self.settings(root, &mut settings, false);
        }
        Ok(expected)
    }

    /// Reads the inventory of a version and compares it with the object's own.
    fn old(
        &mut self,
        folder: &Folder,
        entries: &Entries,
        own: Own<'_>,
        settings: &mut Settings,
        expected: Option<&mut Expected<'_>>,
    ) -> Result<(), Ended> {
        let file = format!("{}/{INVENTORY}", folder.name);
        let before = self.held.counted();
        let Some((old, digests)) = self.inventory(&file, &sidecar::algorithms(entries), false)? else { return Ok(()) };
        let taken = self.held.counted().saturating_sub(before);
        let algorithm = old.as_ref().and_then(|old| old.algorithm);
        let place = format!("{}/", folder.name);
        sidecar::check(self.folder, &place, entries, algorithm, Some(&digests), "E015", &mut self.report);
        if let Some(old) = &old {
            let spec = old.spec(&self.held).unwrap_or(own.spec);
            Check { inventory: old, held: &self.held, spec, hints: false, report: &mut self.report }.run();
            self.settings(old, settings, folder.number == 1);
            if let Some(root) = own.inventory {
                let (held, report) = (&self.held, &mut self.report);
                Compare { old, folder: &folder.name, root, held, spec: own.spec, report }.run();
            }
            if expected.is_some_and(|expected| !expected.add(old, &mut self.held)) {
                return Err(Ended::Full(file));
            }
        }
        self.held.forget(taken);
        Ok(())
    }

    /// Returns whether the newest version's inventory is the object's own, byte for byte.
    fn is_same(&mut self, folder: &Folder, entries: &Entries, own: Own<'_>) -> Result<bool, Ended> {
        let file = format!("{}/{INVENTORY}", folder.name);
        let opened = self.open(&file).and_then(|opened| {
            let input = Watched { input: opened.take(LARGEST), watch: self.watch };
            Hashing::new(input, &sidecar::algorithms(entries)).finish()
        });
        self.watch.cancel.check()?;
        // What cannot be read is told when it is read as an inventory.
        let Ok(digests) = opened else { return Ok(false) };
        let same = digests.get(Algorithm::Sha512) == own.digests.and_then(|root| root.get(Algorithm::Sha512));
        if same {
            let (place, algorithm) = (format!("{}/", folder.name), own.inventory.and_then(|root| root.algorithm));
            sidecar::check(self.folder, &place, entries, algorithm, Some(&digests), "E015", &mut self.report);
        }
        Ok(same)
    }

    /// What may not change from version to version: the content folder, and that the specification only goes forward.
    fn settings(&mut self, inventory: &Inventory, settings: &mut Settings, is_first: bool) {
        let set = inventory.content_folder.map(|(name, _)| self.held.words.shown(name).to_owned());
        let finding = |id, value: &str, expected: &str| fault(id).file(&inventory.file).value(value).expected(expected);
        match &settings.content {
            None => settings.content = Some((is_first, set)),
            Some((surely_first, known)) => {
                let value = set.as_deref().unwrap_or("content");
                let before = known.as_deref().unwrap_or("content");
                // Set later, or to something else than in the first version.
                if set.is_some() && *surely_first && *known != set {
                    self.report.add(finding("E019", value, before));
                }
                if value != before && known.is_some() {
                    self.report.add(finding("E020", value, before));
                }
            }
        }
        let spec = inventory.spec(&self.held);
        if let (Some(spec), Some(before)) = (spec, settings.spec)
            && spec < before
        {
            self.report.add(finding("E103", spec.name(), before.name()));
        }
        settings.spec = spec.max(settings.spec);
    }

    /// Checks what lies in a version's folder.
    fn version(&mut self, folder: &Folder, entries: &Entries, root: Option<&Inventory>) -> Result<(), Ended> {
        let content = root.map_or("content", |root| root.content_folder(&self.held)).to_owned();
        let mut has_content = false;
        let has_inventory = entries.kind(INVENTORY.as_bytes()) == Some(Kind::File);
        for (name, kind) in entries.iter() {
            let path = format!("{}/{}", folder.name, crate::model::path::shown(name));
            match kind {
                Kind::File if name == INVENTORY.as_bytes() => {}
                // Which sidecars belong there is told with the inventory.
                Kind::File if sidecar::suffix(name).is_some() && has_inventory => {}
                Kind::File => self.report.add(fault("E015").file(path)),
                Kind::Folder if name == content.as_bytes() => {
                    has_content = true;
                    let manifest = root.filter(|root| root.has("manifest")).map(|root| (root, &self.held));
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
            let front = self.held.words.find(format!("{}/{content}", folder.name).as_bytes());
            if front.is_some_and(|front| root.manifest.iter().any(|entry| entry.path.front == front)) {
                self.report.add(fault("E016").file(&folder.name).expected(content));
            }
        }
        Ok(())
    }
}
