//! Whether a bag is what its own lists say (RFC 8493, section 3: complete and valid).

use std::collections::{HashMap, HashSet};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::super::SourceError;
use super::super::tree::{Entry, Tree};
use super::tags::{self, Declaration, TagFault};
use crate::io::encoding::Encoding;
use crate::model::checksum::{Algorithm, Checksum, Hasher};
use crate::model::finding::{Code, Finding, Severity};
use crate::model::path;
use crate::model::record::{EntryKind, Exception, Reason};
use crate::task::{Cancel, Cancelled};

/// How many findings of one bag are told one by one.
const FINDINGS: usize = 1_000;

/// What a bag says, and what of it is not so.
#[derive(Debug, Default)]
pub(super) struct Proof {
    /// The bag's folder in the tree with a `/` behind it; empty where the tree is the bag.
    pub(super) base: Box<[u8]>,
    /// What is wrong with the bag as a whole; checksums are not yet compared.
    pub(super) findings: Vec<Finding>,
    information: Vec<(String, String)>,
    /// Checksums of files by their paths in the tree.
    sums: HashMap<Box<[u8]>, Vec<Checksum>>,
}

/// What comparing came to: findings, files that cannot be read, and how many checksums were compared.
pub(super) type Compared = (Vec<Finding>, Vec<Exception>, usize);

impl Proof {
    /// Reads the lists of the bag at `base` and compares them with what lies there.
    pub(super) fn of(tree: &Tree, base: &[u8], cancel: &Cancel) -> Result<Self, SourceError> {
        let mut proof = Self { base: base.into(), ..Self::default() };
        let Some(declaration) = proof.declaration(tree) else { return Ok(proof) };
        let encoding = declaration.encoding;
        proof.payload(tree);
        proof.information(tree, encoding);
        let names: Vec<String> = proof.top(tree).filter_map(|name| String::from_utf8(name.into()).ok()).collect();
        let listed = |prefix: &str, name: &str| {
            name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(".txt")).map(str::to_owned)
        };
        for (prefix, is_payload) in [("manifest-", true), ("tagmanifest-", false)] {
            let manifests: Vec<(&String, String)> =
                names.iter().filter_map(|name| Some((name, listed(prefix, name)?))).collect();
            let known = |algorithm: &str| Algorithm::named(algorithm);
            let any = manifests.iter().any(|(_, algorithm)| known(algorithm).is_some());
            if is_payload && manifests.is_empty() {
                proof.find(Finding::new(Code::FileMissing).file(proof.shown(b"manifest-sha512.txt")));
            }
            let mut seen = HashSet::new();
            for (name, algorithm) in &manifests {
                cancel.check()?;
                if let Some(known) = known(algorithm) {
                    let listed = proof.manifest(tree, name, known, encoding, is_payload);
                    if is_payload && declaration.version == "1.0" {
                        proof.lists_all(tree, name, &listed);
                    }
                    seen.extend(listed);
                } else {
                    let mut finding =
                        Finding::new(Code::AlgorithmUnknown).file(name.as_str()).value(algorithm.as_str());
                    // Another list says the same of the same files.
                    finding.severity = if any { Severity::Warning } else { Severity::Error };
                    proof.find(finding);
                }
            }
            if is_payload && any && declaration.version != "1.0" {
                proof.lists_all(tree, "manifest", &seen);
            }
        }
        proof.fetch(tree, encoding);
        Ok(proof)
    }

    /// Returns the values that `bag-info.txt` gives for `label`, in any case.
    pub(super) fn told(&self, label: &str) -> impl Iterator<Item = &str> {
        let same = move |told: &&(String, String)| told.0.eq_ignore_ascii_case(label);
        self.information.iter().filter(same).map(|(_, value)| value.as_str())
    }

    /// Returns the checksums that the bag tells of `entry`.
    pub(super) fn checksums(&self, entry: &Entry) -> impl Iterator<Item = &Checksum> {
        self.sums.get(&entry.path).into_iter().flatten()
    }

    /// Reads the files and compares them with all of their checksums.
    pub(super) fn compare(&self, tree: &Tree, files: &[&Entry], cancel: &Cancel) -> Result<Compared, Cancelled> {
        let one = |entry: &&Entry| -> Result<Compared, Cancelled> {
            let told: Vec<&Checksum> = self.checksums(entry).collect();
            let (mut findings, mut exceptions) = (Vec::new(), Vec::new());
            if !told.is_empty() {
                match hashed(tree, entry, &told, cancel)? {
                    Ok(sums) => {
                        for (is, told) in sums.iter().zip(&told).filter(|(is, told)| is != *told) {
                            let finding = Finding::new(Code::ChecksumMismatch).file(entry.shown());
                            findings.push(finding.value(is.to_string()).expected(told.to_string()));
                        }
                    }
                    Err(reason) => exceptions.push(entry.exception(reason)),
                }
            }
            Ok((findings, exceptions, told.len()))
        };
        let mut all = Compared::default();
        for part in files.par_iter().map(one).collect::<Result<Vec<_>, _>>()? {
            all.0.extend(part.0);
            all.1.extend(part.1);
            all.2 += part.2;
        }
        Ok(all)
    }

    fn find(&mut self, finding: Finding) {
        if self.findings.len() < FINDINGS {
            self.findings.push(finding);
        }
    }

    fn invalid(&mut self, file: &[u8], what: &str) {
        let finding = Finding::new(Code::BagInvalid).file(self.shown(file)).value(what);
        self.find(finding);
    }

    fn at(&self, path: &[u8]) -> Box<[u8]> {
        [&self.base, path].concat().into()
    }

    fn shown(&self, path: &[u8]) -> String {
        path::shown(&self.at(path))
    }

    /// Returns the names of the files beside `data`.
    fn top<'a>(&self, tree: &'a Tree) -> impl Iterator<Item = &'a [u8]> {
        let base = self.base.clone();
        let files = tree.entries().iter().filter(|entry| entry.kind == EntryKind::File);
        files.filter_map(move |entry| entry.path.strip_prefix(&*base).filter(|name| !name.contains(&b'/')))
    }

    fn file<'a>(&self, tree: &'a Tree, path: &[u8]) -> Option<&'a Entry> {
        tree.find(&self.at(path)).filter(|entry| entry.kind == EntryKind::File && entry.fault.is_none())
    }

    /// Tells what is wrong with the file `name` of the bag.
    fn fault(&mut self, name: &[u8], fault: TagFault) {
        let finding = Finding::new(Code::BagInvalid).file(self.shown(name));
        let finding = match fault {
            TagFault::Io(error) => Finding::new(Code::Unreadable).file(self.shown(name)).value(error.to_string()),
            TagFault::Line(line) => finding.line(line).value("line"),
            TagFault::Unknown(what) => finding.value("unknown").expected(what),
            TagFault::Long => finding.value("long"),
        };
        self.find(finding);
    }

    fn declaration(&mut self, tree: &Tree) -> Option<Declaration> {
        let Some(entry) = self.file(tree, b"bagit.txt") else {
            self.find(Finding::new(Code::FileMissing).file(self.shown(b"bagit.txt")));
            return None;
        };
        let read = tree.read(entry).map_err(|fault| TagFault::Io(std::io::Error::other(fault)));
        match read.and_then(Declaration::read) {
            Ok(declaration) => Some(declaration),
            Err(fault) => {
                self.fault(b"bagit.txt", fault);
                None
            }
        }
    }

    fn payload(&mut self, tree: &Tree) {
        match tree.find(&self.at(b"data")).map(|entry| entry.kind) {
            Some(EntryKind::Folder) => {}
            Some(_) => self.invalid(b"data", "payload"),
            None => self.find(Finding::new(Code::FileMissing).file(self.shown(b"data"))),
        }
    }

    /// Reads what the bag tells of itself, and compares the sum of its payload (Payload-Oxum, 2.2.2).
    fn information(&mut self, tree: &Tree, encoding: Encoding) {
        for name in [&b"bag-info.txt"[..], b"package-info.txt"] {
            let Some(entry) = self.file(tree, name) else { continue };
            let read = tree.read(entry).map_err(|fault| TagFault::Io(std::io::Error::other(fault)));
            match read.and_then(|input| tags::information(input, encoding)) {
                Ok(told) => self.information.extend(told),
                Err(fault) => self.fault(name, fault),
            }
        }
        let data = self.at(b"data/");
        let payload =
            tree.entries().iter().filter(|entry| entry.kind == EntryKind::File && entry.path.starts_with(&data));
        let (bytes, files) = payload.fold((0_u64, 0_u64), |sum, entry| (sum.0.saturating_add(entry.size), sum.1 + 1));
        let is = format!("{bytes}.{files}");
        let wrong: Vec<String> = self.told("Payload-Oxum").filter(|told| *told != is).map(str::to_owned).collect();
        for told in wrong {
            let file = self.shown(b"bag-info.txt");
            self.find(
                Finding::new(Code::SizeMismatch).file(file).value(is.clone()).expected(format!("Payload-Oxum {told}")),
            );
        }
    }

    /// Reads a manifest and returns the paths that it lists, each as it lies in the tree.
    fn manifest(
        &mut self,
        tree: &Tree,
        name: &str,
        algorithm: Algorithm,
        encoding: Encoding,
        is_payload: bool,
    ) -> HashSet<Box<[u8]>> {
        let mut listed = HashSet::new();
        let Some(entry) = self.file(tree, name.as_bytes()) else { return listed };
        let read = tree.read(entry).map_err(|fault| TagFault::Io(std::io::Error::other(fault)));
        let shown = self.shown(name.as_bytes());
        let done = read.and_then(|input| {
            tags::manifest(input, encoding, |line, digits, path| {
                let at = |code| Finding::new(code).file(shown.clone()).line(line);
                let named = path::shown(path.as_bytes());
                let Some(sum) = Checksum::from_hex(algorithm, digits) else {
                    return self.find(at(Code::BagInvalid).value("checksum").expected(algorithm.name()));
                };
                let found = match self.place(tree, path, is_payload) {
                    Ok(Some(found)) => found,
                    Ok(None) => return self.find(at(Code::ReferenceMissing).value(named)),
                    Err(code) => return self.find(at(code).value(named)),
                };
                if listed.insert(found.clone()) {
                    self.sums.entry(found).or_default().push(sum);
                } else {
                    self.find(at(Code::NamedTwice).value(named));
                }
            })
        });
        if let Err(fault) = done {
            self.fault(name.as_bytes(), fault);
        }
        listed
    }

    /// Returns where the file lies that a line names; nothing where it is not there, an error where it cannot be one.
    fn place(&self, tree: &Tree, path: &str, is_payload: bool) -> Result<Option<Box<[u8]>>, Code> {
        let mut found = None;
        for path in [tags::decoded(path), path.to_owned()] {
            if path::leads_out(path.as_bytes()) || path.contains('\\') {
                return Err(Code::ReferenceOutside);
            }
            // The payload's lists are of the payload, the others of all else but of themselves (2.1.3, 2.2.1).
            let is_own = path.starts_with("data/") == is_payload && !path.starts_with("tagmanifest-");
            if !is_own {
                return Err(Code::ReferenceOutside);
            }
            found = found.or_else(|| self.file(tree, path.as_bytes()).map(|entry| entry.path.clone()));
        }
        Ok(found)
    }

    /// Looks whether all of the payload is in `listed`.
    fn lists_all(&mut self, tree: &Tree, manifest: &str, listed: &HashSet<Box<[u8]>>) {
        let data = self.at(b"data/");
        for entry in tree.entries().iter().filter(|entry| entry.path.starts_with(&data)) {
            if entry.kind != EntryKind::Folder && !listed.contains(&entry.path) {
                self.find(Finding::new(Code::FileUnreferenced).file(entry.shown()).expected(manifest));
            }
        }
    }

    /// Looks whether all is there that the bag says to fetch; it is never fetched.
    fn fetch(&mut self, tree: &Tree, encoding: Encoding) {
        let Some(entry) = self.file(tree, b"fetch.txt") else { return };
        let read = tree.read(entry).map_err(|fault| TagFault::Io(std::io::Error::other(fault)));
        let shown = self.shown(b"fetch.txt");
        let done = read.and_then(|input| {
            tags::fetch(input, encoding, |line, path| {
                let at = |code| Finding::new(code).file(shown.clone()).line(line).value(path::shown(path.as_bytes()));
                match self.place(tree, path, true) {
                    Ok(Some(found)) if self.sums.contains_key(&found) => {}
                    Ok(Some(_)) => self.find(at(Code::FileUnreferenced)),
                    Ok(None) => self.find(at(Code::BagInvalid).value("fetch").expected(path::shown(path.as_bytes()))),
                    Err(code) => self.find(at(code)),
                }
            })
        });
        if let Err(fault) = done {
            self.fault(b"fetch.txt", fault);
        }
    }
}

/// Reads a file once for all checksums that are `told`; a reason where it cannot be read.
fn hashed(
    tree: &Tree,
    entry: &Entry,
    told: &[&Checksum],
    cancel: &Cancel,
) -> Result<Result<Vec<Checksum>, Reason>, Cancelled> {
    let mut bytes = match tree.read(entry) {
        Ok(bytes) => bytes,
        Err(fault) => return Ok(Err(fault.reason())),
    };
    let mut hashers: Vec<Hasher> = told.iter().map(|sum| Hasher::new(sum.algorithm())).collect();
    let mut buffer = vec![0; 1 << 16];
    loop {
        cancel.check()?;
        match bytes.read(&mut buffer) {
            Ok(0) => return Ok(Ok(hashers.into_iter().map(Hasher::finish).collect())),
            Ok(count) => hashers.iter_mut().for_each(|hasher| hasher.update(&buffer[..count])),
            Err(error) => return Ok(Err(Reason::unreadable(&error))),
        }
    }
}
