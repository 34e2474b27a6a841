//! Whether a bag is what its own lists say (RFC 8493, section 3: complete and valid).

use std::io::Read;

use super::super::SourceError;
use super::super::tree::{Entry, Tree};
use super::list::List;
use crate::io::encoding::Encoding;
use crate::model::checksum::{Algorithm, Checksum};
use crate::model::finding::{Code, Finding, Severity};
use crate::model::path;
use crate::model::record::EntryKind;
use crate::package::bagit::tags::{self, Element};
use crate::package::bagit::{
    DECLARATION, FETCH, Flaw, INFORMATION, OLD_INFORMATION, PAYLOAD, Version, algorithm, normalised,
};
use crate::task::Cancel;

/// How many findings about the lists of one bag are told one by one; then its lists are not read on.
pub(super) const FINDINGS: usize = 10_000;

/// What a bag says, and what of it is not so.
#[derive(Debug, Default)]
pub(super) struct Proof {
    /// The bag's folder in the tree with a `/` behind it; empty where the tree is the bag.
    pub(super) base: Box<[u8]>,
    /// What is wrong with the bag as a whole; checksums are not yet compared.
    pub(super) findings: Vec<Finding>,
    /// The version that it declares.
    pub(super) version: Option<Version>,
    /// What it tells of itself.
    pub(super) information: Vec<Element>,
    /// Its manifests of known algorithms.
    pub(super) lists: Vec<List>,
    /// Its manifests by kind and algorithm, as their names say.
    pub(super) manifests: Vec<(bool, String)>,
}

impl Proof {
    /// Reads the lists of the bag at `base` and compares them with what lies there.
    pub(super) fn of(tree: &Tree, base: &[u8], cancel: &Cancel) -> Result<Self, SourceError> {
        let mut proof = Self { base: base.into(), ..Self::default() };
        let encoding = proof.declaration(tree);
        proof.payload(tree);
        if let Some(encoding) = encoding {
            proof.read_information(tree, encoding);
            let holes = proof.holes(tree, encoding);
            proof.manifests(tree, encoding, &holes, cancel)?;
            proof.fetch(tree, encoding);
        }
        Ok(proof)
    }

    /// Returns the values that `bag-info.txt` gives for `label`, in any case.
    pub(super) fn told(&self, label: &str) -> impl Iterator<Item = &str> {
        let same = move |told: &&Element| told.label.eq_ignore_ascii_case(label);
        self.information.iter().filter(same).map(|told| told.value.as_str())
    }

    /// Returns the checksums that the bag tells of the entry at `position`.
    pub(super) fn checksums(&self, position: usize) -> impl Iterator<Item = Checksum> {
        self.lists.iter().filter_map(move |list| list.sum(position))
    }

    /// Returns whether the bag is of a draft, or does not say its version: what only 1.0 demands is not an error then.
    pub(super) fn is_lenient(&self) -> bool {
        self.version.is_none_or(|version| version < Version::V1_0)
    }

    /// Returns whether no more findings are told.
    pub(super) fn is_full(&self) -> bool {
        self.findings.len() >= FINDINGS
    }

    pub(super) fn find(&mut self, finding: Finding) {
        if !self.is_full() {
            self.findings.push(finding);
        }
    }

    /// Tells what is wrong with the file `name` of the bag.
    pub(super) fn flaw(&mut self, name: &str, flaw: Flaw) {
        let finding = of_flaw(self.shown(name.as_bytes()), flaw);
        self.find(finding);
    }

    pub(super) fn at(&self, path: &[u8]) -> Box<[u8]> {
        [&self.base, path].concat().into()
    }

    pub(super) fn shown(&self, path: &[u8]) -> String {
        path::shown(&self.at(path))
    }

    /// Returns the position in the tree of what lies at `path` in the bag.
    pub(super) fn position(&self, tree: &Tree, path: &[u8]) -> Option<usize> {
        if self.base.is_empty() { tree.position(path) } else { tree.position(&self.at(path)) }
    }

    /// Returns all that lies in the bag: position, path there, entry.
    pub(super) fn entries<'a>(&self, tree: &'a Tree) -> impl Iterator<Item = (usize, &'a [u8], &'a Entry)> + use<'a> {
        let base = self.base.clone();
        let inside = move |(at, entry): (usize, &'a Entry)| Some((at, entry.path.strip_prefix(&*base)?, entry));
        tree.entries().iter().enumerate().filter_map(inside).filter(|(_, path, _)| !path.is_empty())
    }

    /// Returns the bytes of the file `name` of the bag, where it is there and can be read.
    pub(super) fn open<'a>(&mut self, tree: &'a Tree, name: &str) -> Option<Box<dyn Read + Send + 'a>> {
        let entry = tree.entries().get(self.position(tree, name.as_bytes())?)?;
        if entry.kind != EntryKind::File || entry.fault.is_some() {
            return None;
        }
        match tree.read(entry) {
            Ok(bytes) => Some(bytes),
            Err(fault) => {
                let finding = Finding::new(Code::Unreadable).file(entry.shown()).value(fault.to_string());
                self.find(finding);
                None
            }
        }
    }

    /// Keeps what was read of the file `name`, with what was wrong in it.
    pub(super) fn keep<T: Default>(&mut self, name: &str, read: std::io::Result<T>, flaws: Vec<Flaw>) -> T {
        for flaw in flaws {
            self.flaw(name, flaw);
        }
        read.unwrap_or_else(|error| {
            let finding = Finding::new(Code::Unreadable).file(self.shown(name.as_bytes())).value(error.to_string());
            self.find(finding);
            T::default()
        })
    }

    /// Reads the declaration and returns what the other files are in; UTF-8 where it does not say, nothing where it says
    /// something that is not known.
    fn declaration(&mut self, tree: &Tree) -> Option<Encoding> {
        const SECTION: &str = "2.1.1";
        let Some(input) = self.open(tree, DECLARATION) else {
            let file = self.shown(DECLARATION.as_bytes());
            self.find(Finding::new(Code::FileMissing).file(file).requirement(requirement(SECTION)));
            return Some(Encoding::Utf8);
        };
        let mut flaws = Vec::new();
        let read = tags::declaration(input, &mut |flaw| flaws.push(flaw));
        let told = self.keep(DECLARATION, read, flaws);
        self.version = told.version;
        let Some(label) = told.encoding else { return Some(Encoding::Utf8) };
        let encoding = Encoding::named(&label);
        if encoding.is_none() {
            self.flaw(DECLARATION, Flaw::new("encoding-unknown", SECTION, 2).detail(label));
        } else if encoding != Some(Encoding::Utf8) && !self.is_lenient() {
            self.flaw(DECLARATION, Flaw::new("encoding", SECTION, 2).warning_if(true).detail("UTF-8"));
        }
        encoding
    }

    fn payload(&mut self, tree: &Tree) {
        const SECTION: &str = "2.1.2";
        match self.position(tree, PAYLOAD.as_bytes()).map(|at| tree.entries()[at].kind) {
            Some(EntryKind::Folder) => {}
            Some(_) => self.flaw(PAYLOAD, Flaw::new("payload", SECTION, 0)),
            None => {
                let file = self.shown(PAYLOAD.as_bytes());
                self.find(Finding::new(Code::FileMissing).file(file).requirement(requirement(SECTION)));
            }
        }
    }

    /// Reads what the bag tells of itself, and compares the sum of its payload (Payload-Oxum, 2.2.2).
    fn read_information(&mut self, tree: &Tree, encoding: Encoding) {
        const SECTION: &str = "2.2.2";
        const ONCE: [&str; 4] = ["Bagging-Date", "Bag-Size", "Bag-Group-Identifier", "Bag-Count"];
        let is_old = self.version.is_some_and(|version| version < Version::V0_96);
        let name = if is_old { OLD_INFORMATION } else { INFORMATION };
        let Some(input) = self.open(tree, name) else { return };
        let (mut flaws, lenient) = (Vec::new(), self.is_lenient());
        let read = tags::information(input, encoding, lenient, &mut |flaw| flaws.push(flaw));
        self.information = self.keep(name, read, flaws);
        let is = self.oxum(tree);
        let mut flaws = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for Element { line, label, value } in &self.information {
            let is_oxum = label.eq_ignore_ascii_case("Payload-Oxum");
            if is_oxum && is_sum(value).is_none() {
                flaws.push(Flaw::new("oxum-form", SECTION, *line).detail(is.clone()));
            } else if is_oxum && is_sum(value) != is_sum(&is) {
                flaws.push(Flaw::new("oxum", SECTION, *line).detail(is.clone()));
            }
            let Some(known) = ONCE.into_iter().chain(["Payload-Oxum"]).find(|known| known.eq_ignore_ascii_case(label))
            else {
                continue;
            };
            if seen.contains(&known) {
                flaws.push(Flaw::new("repeated", SECTION, *line).warning_if(lenient || !is_oxum).detail(known));
            }
            seen.push(known);
        }
        for flaw in flaws {
            self.flaw(name, flaw);
        }
    }

    /// Returns bytes and number of the payload files as `Payload-Oxum` writes them.
    pub(super) fn oxum(&self, tree: &Tree) -> String {
        let payload = self.entries(tree).filter(|(_, path, entry)| entry.kind == EntryKind::File && is_payload(path));
        let (bytes, files) =
            payload.fold((0_u64, 0_u64), |sum, (_, _, one)| (sum.0.saturating_add(one.size), sum.1 + 1));
        format!("{bytes}.{files}")
    }

    /// Reads all manifests of algorithms that are known; `holes` are digests of the paths that are still to be fetched.
    fn manifests(
        &mut self,
        tree: &Tree,
        encoding: Encoding,
        holes: &super::lines::Holes,
        cancel: &Cancel,
    ) -> Result<(), SourceError> {
        const SECTION: &str = "2.4";
        let files =
            self.entries(tree).filter(|(_, path, entry)| entry.kind == EntryKind::File && !path.contains(&b'/'));
        let names: Vec<String> = files.filter_map(|(_, name, _)| String::from_utf8(name.into()).ok()).collect();
        for (prefix, is_payload) in [("manifest-", true), ("tagmanifest-", false)] {
            let mut unknown = Vec::new();
            for name in &names {
                let Some(called) = name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(".txt")) else {
                    continue;
                };
                cancel.check()?;
                self.manifests.push((is_payload, called.to_owned()));
                let Some(known) = algorithm(called) else {
                    unknown.push((name, called));
                    continue;
                };
                if called != normalised(called) {
                    let lenient = self.is_lenient();
                    let wanted = format!("{prefix}{}.txt", normalised(called));
                    self.flaw(name, Flaw::new("algorithm-name", SECTION, 0).warning_if(lenient).detail(wanted));
                }
                if self.list(is_payload, known).is_some() {
                    self.flaw(name, Flaw::new("algorithm-twice", SECTION, 0).detail(known.name()));
                    continue;
                }
                let list =
                    self.manifest(tree, List::new(name, known, is_payload, tree.entries().len()), encoding, holes);
                self.lists.push(list);
            }
            let any = self.lists.iter().any(|list| list.is_payload == is_payload);
            for (name, called) in unknown {
                let finding = Finding::new(Code::AlgorithmUnknown).file(self.shown(name.as_bytes())).value(called);
                let mut finding = finding.requirement(requirement(SECTION));
                // Another list says the same of the same files.
                finding.severity = if any { Severity::Warning } else { Severity::Error };
                self.find(finding);
            }
        }
        if !self.manifests.iter().any(|(is_payload, _)| *is_payload) {
            let file = self.shown(b"manifest-sha512.txt");
            self.find(Finding::new(Code::FileMissing).file(file).requirement(requirement("2.1.3")));
        }
        self.lists_payload(tree);
        self.lists_tags(tree);
        Ok(())
    }

    fn list(&self, is_payload: bool, algorithm: Algorithm) -> Option<&List> {
        self.lists.iter().find(|list| list.is_payload == is_payload && list.algorithm == algorithm)
    }

    /// Looks whether all of the payload is listed: from 1.0 on in each manifest, before that in any.
    fn lists_payload(&mut self, tree: &Tree) {
        let lists: Vec<&List> = self.lists.iter().filter(|list| list.is_payload).collect();
        if lists.is_empty() || self.is_full() {
            return;
        }
        let mut lacking = Vec::new();
        for (at, path, entry) in self.entries(tree) {
            if lacking.len() >= FINDINGS {
                break;
            }
            if entry.kind != EntryKind::File || !is_payload(path) {
                continue;
            }
            let finding = || {
                let finding = Finding::new(Code::FileUnreferenced).file(entry.shown());
                finding.requirement(requirement("2.1.3"))
            };
            if self.is_lenient() {
                if !lists.iter().any(|list| list.has(at)) {
                    lacking.push(finding().expected("manifest"));
                }
            } else {
                let without = lists.iter().filter(|list| !list.has(at));
                lacking.extend(without.map(|list| finding().expected(list.name.as_str())));
            }
        }
        for finding in lacking {
            self.find(finding);
        }
    }

    /// Looks whether the tag manifests list what they must and should (2.2.1); the drafts left that open.
    fn lists_tags(&mut self, tree: &Tree) {
        const SECTION: &str = "2.2.1";
        if self.is_lenient() {
            return;
        }
        let tags: Vec<&List> = self.lists.iter().filter(|list| !list.is_payload).collect();
        let mut flaws = Vec::new();
        for (at, path, entry) in self.entries(tree) {
            let is_tag = entry.kind == EntryKind::File && !is_payload(path) && !path.starts_with(b"tagmanifest-");
            if !is_tag || flaws.len() >= FINDINGS {
                continue;
            }
            let must = super::is_manifest(path) && !path.contains(&b'/');
            for list in tags.iter().filter(|list| !list.has(at)) {
                let flaw = Flaw::new("tagmanifest-lacks", SECTION, 0).warning_if(!must);
                flaws.push((list.name.clone(), flaw.detail(path::shown(path))));
            }
        }
        let payload = self.lists.iter().filter(|list| list.is_payload);
        for list in payload.filter(|list| !tags.is_empty() && self.list(false, list.algorithm).is_none()) {
            let flaw = Flaw::new("tagmanifest-algorithm", SECTION, 0).warning_if(true);
            flaws.push((list.name.clone(), flaw.detail(list.algorithm.name())));
        }
        for (name, flaw) in flaws {
            self.flaw(&name, flaw);
        }
    }

    /// Returns whether there is something to fetch.
    pub(super) fn has_fetch(&self, tree: &Tree) -> bool {
        self.position(tree, FETCH.as_bytes()).is_some()
    }
}

/// Returns the section of the RFC as findings name it.
pub(super) fn requirement(section: &str) -> String {
    format!("RFC 8493 {section}")
}

/// Returns what is wrong at one place of the bag's file `file`.
pub(super) fn of_flaw(file: String, flaw: Flaw) -> Finding {
    let code = if flaw.severity == Severity::Error { Code::BagInvalid } else { Code::BagNotice };
    let mut finding = Finding::new(code).file(file).value(flaw.word).requirement(requirement(flaw.section));
    finding.severity = flaw.severity;
    finding.line = (flaw.line > 0).then_some(flaw.line);
    finding.column = (flaw.column > 0).then_some(flaw.column);
    finding.expected = (!flaw.detail.is_empty()).then_some(flaw.detail);
    finding
}

/// Returns whether the file at `path` in a bag is payload.
pub(super) fn is_payload(path: &[u8]) -> bool {
    path.starts_with(b"data/")
}

/// Returns bytes and number of files that `text` says, where it is of the form of `Payload-Oxum`.
fn is_sum(text: &str) -> Option<(u64, u64)> {
    let number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
    let (bytes, files) = text.split_once('.')?;
    Some((number(bytes)?, number(files)?))
}
