//! The one pass over a package: each METS and PREMIS document is read once, and its nodes go to the rules, the references and
//! the schema side by side; files are compared with what is recorded of them in batches.

mod batch;
mod passed_over;
mod reason;
mod spelling;

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader, Read};

use self::batch::Batch;
use self::reason::{Reason, because};
use self::spelling::{Meant, Spellings};
use super::examine::{oddities, unread};
use crate::check::fixity::Expected;
use crate::io::xml::{Element, Node, Way, XmlError, XmlFault, XmlLimits, XmlReader};
use crate::model::checksum::Algorithm;
use crate::model::finding::{Code, Finding, Severity};
use crate::model::path::PathFault;
use crate::model::requirement::Answered;
use crate::model::time::Timestamp;
use crate::package::eark::METS;
use crate::package::eark::derive::MetadataKind;
use crate::package::eark::mets::is_representation_mets;
use crate::package::eark::references::{Reference, ReferenceKind, References, Summary, XLINK};
use crate::package::eark::rules::premis::Premis;
use crate::package::eark::rules::tree::{Container, Tree};
use crate::package::eark::rules::{Claim, Document, Role, SpecVersion, Tally};
use crate::package::eark::schema::Validity;
use crate::package::eark::vocabulary::CHECKSUM_TYPES;
use crate::package::reader::PackageReader;
use crate::task::{Cancelled, Watch};

/// How many elements all documents of a package may have together, and how many more for each of its files: a file of a large AIP
/// has some twenty in METS and a hundred in PREMIS.
const ELEMENTS: (u64, u64) = (500_000, 256);
/// How many references may name what is not there, and how many more for each file that is.
const ASTRAY: (u64, u64) = (50_000, 1);
/// How many breaks of a schema are listed for all documents of a package together.
const BREAKS: usize = 10_000;

/// What METS says of a file, as bits.
mod said {
    /// Some document refers to it.
    pub(super) const REFERENCED: u8 = 1;
    /// As to descriptive metadata.
    pub(super) const DESCRIPTIVE: u8 = 2;
    /// As to administrative metadata.
    pub(super) const ADMINISTRATIVE: u8 = 4;
    /// As to PREMIS.
    pub(super) const PREMIS: u8 = 8;
    /// As to a file of the file section.
    pub(super) const FILE: u8 = 16;
    /// As to a METS document.
    pub(super) const METS: u8 = 32;
}

/// What was established.
#[derive(Debug)]
pub(super) struct Passed {
    /// What the root METS document says; empty where it cannot be read.
    pub(super) summary: Summary,
    /// Metadata files as METS calls them.
    pub(super) metadata: BTreeMap<String, MetadataKind>,
    /// What the package claims to be.
    pub(super) claim: Claim,
    /// The version that it was held to.
    pub(super) version: SpecVersion,
    /// What is not as it should be, in the order of documents and places.
    pub(super) findings: Vec<Finding>,
    /// How it answers each requirement.
    pub(super) answers: Vec<Answered>,
}

/// What a package is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// Whether its files are those that METS records, and nothing else.
    Harm,
    /// Also whether it meets the specifications: this version, else the one that it claims.
    Conformance(Option<SpecVersion>),
}

/// Reads all METS documents of the package, compares every file with them and, where that is the aim, reads the PREMIS documents
/// that they refer to and asks all rules and schemas.
pub(super) fn pass(reader: &PackageReader, aim: Aim, now: Timestamp, watch: Watch<'_>) -> Result<Passed, Cancelled> {
    let location = reader.location();
    let name = || location.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let container = reader.container().map_or(Container::Folder, |kind| Container::File(name(), kind));
    let mut tree = Tree::new(reader.folder(), container);
    if aim != Aim::Harm {
        reader.parts().iter().for_each(|part| tree.file(part.path));
        reader.empty_folders().iter().for_each(|folder| tree.folder(folder));
    }
    let within = |(some, more): (u64, u64)| some + more * reader.parts().len() as u64;
    let mut pass = Pass {
        reader,
        watch,
        now,
        asks: aim != Aim::Harm,
        said: vec![0; reader.parts().len()],
        batch: Batch::default(),
        elements: within(ELEMENTS),
        astray: within(ASTRAY),
        weak: Vec::new(),
        metadata: BTreeMap::new(),
        spellings: Spellings::default(),
        unread: HashSet::new(),
        breaks: 0,
        tally: Tally::default(),
    };
    let mut claim = Claim::read("", "");
    let (mut object, mut part) = (None, false);
    let root = tree.mets().unwrap_or(METS).to_owned();
    let summary = match pass.document(&root, Role::Package(reader.folder().to_owned()), &mut tree)? {
        None => Summary::default(),
        Some((document, summary)) => {
            if let Some(document) = document {
                (claim, part) = (document.claim(), document.is_part());
            } else if summary.object.is_empty() {
                let finding = Finding::new(Code::MetsRequirement).requirement("CSIP1").file(&root).expected("OBJID");
                pass.tally.add((pass.tally.number(), 1, 0), finding);
            }
            object = Some(summary.object.clone());
            summary
        }
    };
    for document in reader.parts().iter().filter(|part| is_representation_mets(part.path)) {
        let name = document.path.split('/').nth(1).unwrap_or_default();
        pass.document(document.path, Role::Representation(name.to_owned()), &mut tree)?;
    }
    pass.oddities();
    if pass.asks {
        pass.premis(part)?;
    }
    pass.flush()?;
    pass.unreferenced(&root);
    if pass.asks {
        pass.divided(&tree);
        tree.answer(object.as_deref(), &mut pass.tally);
    } else if reader.find(&root).is_none() {
        pass.tally.add((0, 0, 0), Finding::new(Code::FileMissing).requirement("CSIPSTR4").file(METS));
    }
    if pass.breaks > BREAKS {
        let mut more = Finding::new(Code::FindingsMore).value((pass.breaks - BREAKS).to_string());
        more.severity = Severity::Error;
        pass.tally.add((usize::MAX, u64::MAX, 0), more.expected(Code::SchemaInvalid.name()));
    }
    let version = claim.held_to(match aim {
        Aim::Harm => None,
        Aim::Conformance(asked) => asked,
    });
    let (findings, answers) = pass.tally.finish(&claim, version);
    Ok(Passed { summary, metadata: pass.metadata, claim, version, findings, answers })
}

struct Pass<'a> {
    reader: &'a PackageReader,
    watch: Watch<'a>,
    now: Timestamp,
    /// Whether rules and schemas are asked.
    asks: bool,
    /// What METS says of each file.
    said: Vec<u8>,
    batch: Batch,
    /// How many elements its documents may still have.
    elements: u64,
    /// How many references may still name what is not there.
    astray: u64,
    /// The algorithms of which the document that is being read was told that they are weak.
    weak: Vec<Algorithm>,
    metadata: BTreeMap<String, MetadataKind>,
    spellings: Spellings,
    /// The folders whose METS documents could not be read to their end, empty or ending in `/`.
    unread: HashSet<String>,
    /// How many breaks of a schema were found.
    breaks: usize,
    tally: Tally,
}

impl Pass<'_> {
    /// Opens a document of the package; tells where it is not there or cannot be read.
    fn open(&mut self, path: &str) -> Option<XmlReader<BufReader<Box<dyn Read + Send>>>> {
        let Some(part) = self.reader.find(path) else {
            // CSIPSTR4 says so.
            return None;
        };
        match self.reader.read(part) {
            Ok(source) => {
                let limits = XmlLimits { elements: self.elements, ..XmlLimits::default() };
                Some(XmlReader::new(BufReader::with_capacity(1 << 16, source), limits))
            }
            Err(error) => {
                let rank = (self.tally.number(), 0, 0);
                self.tally.add(rank, Finding::new(Code::Unreadable).file(path).value(error.to_string()));
                None
            }
        }
    }

    /// Reads one METS document; what it says of files is checked as it comes.
    fn document(
        &mut self,
        path: &str,
        role: Role,
        tree: &mut Tree,
    ) -> Result<Option<(Option<Document>, Summary)>, Cancelled> {
        self.tally.document(path);
        self.weak.clear();
        let base = role.base();
        let Some(mut xml) = self.open(path) else {
            self.lacks(base);
            return Ok(None);
        };
        let (mut way, mut references) = (Way::default(), References::new(&base));
        let mut rules = self.asks.then(|| Document::new(role, self.now));
        let (mut schema, mut breaks) = (self.asks.then(Validity::mets), Vec::new());
        let fault = loop {
            let (node, place) = match next(&mut xml, &mut way) {
                Ok(Some(next)) => next,
                Ok(None) => break None,
                Err(error) => break Some(error),
            };
            if let (Some(rules), Some(schema)) = (&mut rules, &mut schema) {
                rules.take(&node, &way, place, tree, &mut self.tally);
                schema.take(&node, &way, place, &mut breaks);
                self.tell(path, &mut breaks);
            }
            if let Some(reference) = references.take(&node, place.0)
                && let Node::Start(element) = &node
            {
                let found = self.reference((path, &base), element, &way, &reference, place, tree);
                if let (Some(found), Some(rules)) = (found, &mut rules) {
                    rules.located(reference.kind, &found);
                }
                if self.batch.is_full() {
                    self.flush()?;
                }
                if self.astray == 0 {
                    break Some(XmlError::Fault { fault: XmlFault::Limit("references"), line: place.0 });
                }
            }
            way.leave(&node);
        };
        self.elements = self.elements.saturating_sub(xml.elements());
        if let Some(error) = fault {
            self.unread(path, &error);
            self.lacks(base);
            return Ok(None);
        }
        if let Some(schema) = schema {
            schema.finish(&mut breaks);
            self.tell(path, &mut breaks);
        }
        let Some(summary) = references.summary() else {
            let rank = (self.tally.number(), 1, 0);
            self.tally.add(rank, Finding::new(Code::XmlMalformed).file(path).value("mets"));
            self.lacks(base);
            return Ok(None);
        };
        Ok(Some((rules, summary)))
    }

    /// Notes that nobody knows what the METS document in the folder `base` says of the files there.
    fn lacks(&mut self, base: String) {
        self.tally.unread();
        self.unread.insert(base);
    }

    /// Tells where the document at `path` breaks its schema.
    fn tell(&mut self, path: &str, breaks: &mut Vec<Finding>) {
        for finding in breaks.drain(..) {
            self.breaks += 1;
            if self.breaks <= BREAKS {
                let rank = (self.tally.number(), finding.line.unwrap_or(u64::MAX), finding.column.unwrap_or_default());
                self.tally.add(rank, finding.file(path));
            }
        }
    }

    fn unread(&mut self, path: &str, error: &XmlError) {
        let finding = unread(path, error);
        let rank = (self.tally.number(), finding.line.unwrap_or_default(), u64::MAX);
        self.tally.add(rank, finding);
    }

    /// Takes a reference: notes what it says of the file, or tells what is wrong with it; returns the path of a file that is there.
    fn reference(
        &mut self,
        (document, base): (&str, &str),
        element: &Element,
        way: &Way,
        reference: &Reference,
        (line, column): (u64, u64),
        tree: &mut Tree,
    ) -> Option<String> {
        // The AIP specification points to other packages by their identifiers.
        if reference.kind == ReferenceKind::Mets && element.attribute("LOCTYPE").is_some_and(|kind| kind != "URL") {
            return None;
        }
        let reason = Reason::of(reference.kind, way);
        let rank = (self.tally.number(), line, column);
        let at = |code| {
            let xpath = format!("{}/@xlink:href", way.xpath());
            Finding::new(code).file(document).at(line, column, xpath).value(reference.href.clone())
        };
        let found = match &reference.path {
            // Where it is not there at all, a requirement says so.
            Err(PathFault::Empty) if element.qualified(XLINK, "href").is_none() && self.tells(reason.target) => {
                return None;
            }
            // An empty address is the document itself (RFC 3986, 4.4), which no reference of METS can mean.
            Err(PathFault::Empty) => Err(at(Code::ReferenceMissing)),
            Err(PathFault::Absolute | PathFault::Up) => Err(because(at(Code::ReferenceOutside), reason.target)),
            Ok(path) if self.reader.position(path).is_some() => Ok(path.clone()),
            Ok(_) | Err(PathFault::Letter) => match self.spellings.find(self.reader, base, &reference.href) {
                Some(Meant::File(path)) => {
                    let mut finding = at(Code::MetsRequirement).expected(path.clone());
                    finding.severity = Severity::Warning;
                    self.tally.add(rank, finding);
                    Ok(path)
                }
                Some(Meant::Alike(path)) => Err(because(at(Code::ReferenceMissing).expected(path), reason.target)),
                None => Err(because(at(Code::ReferenceMissing), reason.target)),
            },
        };
        let path = match found {
            Ok(path) => path,
            Err(finding) => {
                self.tally.add(rank, finding);
                self.astray = self.astray.saturating_sub(1);
                return None;
            }
        };
        let part = self.reader.position(&path)?;
        let again = self.said[part] & said::REFERENCED != 0;
        let premis = reference.metadata.0.starts_with("PREMIS");
        self.said[part] |= said::REFERENCED
            | match reference.kind {
                ReferenceKind::Descriptive => said::DESCRIPTIVE,
                ReferenceKind::Administrative if premis => said::ADMINISTRATIVE | said::PREMIS,
                ReferenceKind::Administrative => said::ADMINISTRATIVE,
                ReferenceKind::File => said::FILE,
                ReferenceKind::Mets => said::METS,
            };
        if reference.kind == ReferenceKind::Descriptive || premis {
            tree.metadata(&path, premis);
        }
        if let Some(kind) = MetadataKind::of(reference) {
            self.metadata.insert(path.clone(), kind);
        }
        match &reference.checksum {
            Some(Ok(checksum)) => {
                self.weak(checksum.algorithm(), document, way, rank);
                let expected = Expected { path: path.clone(), size: reference.size, checksum: checksum.clone() };
                self.batch.add(part, expected, reason, rank, again);
            }
            // CSIP108: a pointer to a METS document carries none; its file entry does.
            None if reference.kind == ReferenceKind::Mets => {}
            // A requirement says so.
            None if self.tells(reason.checksum) => {}
            None => self.tally.add(rank, at(Code::ChecksumAbsent)),
            Some(Err(unknown)) => {
                let mut finding = at(Code::AlgorithmUnknown).value(unknown.clone()).expected(path.clone());
                // Kinds that METS knows and nobody proves anything with any more break no requirement; of others one tells.
                let known = CHECKSUM_TYPES.contains(&unknown.as_str());
                if known {
                    finding.severity = Severity::Warning;
                }
                if known || !self.tells(reason.checksum) {
                    self.tally.add(rank, finding);
                }
            }
        }
        Some(path)
    }

    /// Returns whether the answer to `requirement` tells what is wrong.
    fn tells(&self, requirement: &str) -> bool {
        self.asks && !requirement.is_empty()
    }

    /// Tells once in a document of an algorithm that proves little.
    fn weak(&mut self, algorithm: Algorithm, document: &str, way: &Way, rank: (usize, u64, u64)) {
        if algorithm.is_weak() && !self.weak.contains(&algorithm) {
            self.weak.push(algorithm);
            let finding = Finding::new(Code::ChecksumWeak).file(document).at(rank.1, rank.2, way.xpath());
            self.tally.add(rank, finding.value(algorithm.name()));
        }
    }

    /// Tells of what no package may hold, in it or around it.
    fn oddities(&mut self) {
        for (number, finding) in oddities(self.reader).into_iter().enumerate() {
            if finding.requirement.as_deref() == Some("CSIPSTR1") {
                // It is the same fault for CSIP and for the AIP; it is told once.
                self.tally.count_failed("AIP27");
            }
            self.tally.add((0, 0, number as u64), finding);
        }
    }

    /// Reads the PREMIS documents that METS refers to.
    fn premis(&mut self, part_of_another: bool) -> Result<(), Cancelled> {
        let mut premis = Premis::default();
        for (number, part) in self.reader.parts().iter().enumerate() {
            if self.said[number] & said::PREMIS == 0 {
                continue;
            }
            self.watch.cancel.check()?;
            self.tally.document(part.path);
            let Some(mut xml) = self.open(part.path) else { continue };
            let (mut way, mut schema, mut breaks) = (Way::default(), Validity::premis(), Vec::new());
            let fault = loop {
                let (node, place) = match next(&mut xml, &mut way) {
                    Ok(Some(next)) => next,
                    Ok(None) => break None,
                    Err(error) => break Some(error),
                };
                premis.take(&node, &way, place, part.path, &mut self.tally);
                schema.take(&node, &way, place, &mut breaks);
                self.tell(part.path, &mut breaks);
                way.leave(&node);
            };
            self.elements = self.elements.saturating_sub(xml.elements());
            if let Some(error) = fault {
                self.unread(part.path, &error);
            } else {
                schema.finish(&mut breaks);
                self.tell(part.path, &mut breaks);
            }
        }
        premis.answer(part_of_another, &mut self.tally);
        Ok(())
    }

    /// Compares the files of the batch with what is recorded of them.
    fn flush(&mut self) -> Result<(), Cancelled> {
        for (finding, reason, rank) in self.batch.compare(self.reader, self.watch)? {
            let requirement = match finding.code {
                Code::SizeMismatch => reason.size,
                Code::ChecksumMismatch => reason.checksum,
                _ => "",
            };
            self.tally.add(rank, because(finding, requirement));
        }
        Ok(())
    }
}

/// A node with its line and column.
type Placed = (Node, (u64, u64));

/// Reads the next node and enters it.
fn next(xml: &mut XmlReader<impl BufRead>, way: &mut Way) -> Result<Option<Placed>, XmlError> {
    let Some(node) = xml.node()? else { return Ok(None) };
    let start = xml.start();
    way.enter(&node);
    Ok(Some((node, (start.line, start.column))))
}
