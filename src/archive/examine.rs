//! Judges a package by what its own METS documents say: every file there, every file listed, size and checksum right.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::Path;

use crate::check::fixity::{self, Expected};
use crate::io::tar::TarError;
use crate::io::xml::{XmlError, XmlFault};
use crate::io::zip::ZipError;
use crate::model::finding::{Code, Finding, Verdict};
use crate::model::path::PathFault;
use crate::model::record::Description;
use crate::package::container::WriteError;
use crate::package::eark::derive::{self, MetadataKind};
use crate::package::eark::digest::ContentDigest;
use crate::package::eark::mets::is_representation_mets;
use crate::package::eark::references::{self, Reference, Summary};
use crate::package::eark::{DESCRIPTION, METS, description};
use crate::package::payload::digest;
use crate::package::reader::{Container, Odd, PackageError, PackageReader};
use crate::task::{Cancelled, Watch};

/// How many references are held at once while a package is judged.
const BATCH: usize = 4096;

/// What was established about a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// What the root METS document says; empty where it cannot be read.
    pub summary: Summary,
    /// Metadata files as METS calls them.
    pub metadata: BTreeMap<String, MetadataKind>,
    /// What is not right.
    pub findings: Vec<Finding>,
}

/// Reads all METS documents of the package and compares every file with them.
pub fn examine(reader: &PackageReader, watch: Watch<'_>) -> Result<Examined, Cancelled> {
    let mut examination = Examination {
        reader,
        watch,
        seen: vec![false; reader.parts().len()],
        batch: Vec::new(),
        stopped: None,
        examined: Examined { summary: Summary::default(), metadata: BTreeMap::new(), findings: Vec::new() },
    };
    let Some(summary) = examination.document(METS)? else {
        return Ok(examination.examined);
    };
    if summary.object.is_empty() {
        let finding = Finding::new(Code::MetsRequirement).requirement("CSIP1").file(METS).expected("OBJID");
        examination.examined.findings.push(finding);
    }
    examination.examined.summary = summary;
    let representations: Vec<String> = reader
        .parts()
        .iter()
        .filter(|part| is_representation_mets(&part.path))
        .map(|part| part.path.to_string())
        .collect();
    for path in representations {
        examination.document(&path)?;
    }
    examination.flush()?;
    for (part, seen) in reader.parts().iter().zip(&examination.seen) {
        if !seen && &*part.path != METS {
            examination.examined.findings.push(Finding::new(Code::FileUnreferenced).file(&*part.path));
        }
    }
    Ok(examination.examined)
}

/// Returns what findings come to: a fault of a stored package is damage, one of a delivered package nonconformance.
#[must_use]
pub fn verdict(findings: &[Finding], stored: bool) -> Verdict {
    use crate::model::finding::Severity;
    let errors = || findings.iter().filter(|finding| finding.severity == Severity::Error);
    if errors().next().is_none() {
        Verdict::Conforms
    } else if errors().any(|finding| finding.code == Code::Unreadable) {
        Verdict::Unreadable
    } else if stored {
        Verdict::Damaged
    } else {
        Verdict::Nonconforming
    }
}

/// Returns what a package that cannot be opened says about it.
#[must_use]
pub fn unopened(error: &PackageError) -> Finding {
    match error {
        PackageError::Io { path, source } | PackageError::Zip { source: ZipError::Io(source), path } => {
            Finding::new(Code::Unreadable).file(path.to_string_lossy()).value(source.to_string())
        }
        PackageError::Zip { source: ZipError::Structure { fault, entry }, path } => {
            let file = entry.clone().unwrap_or_else(|| path.file_name().unwrap_or_default().to_string_lossy().into());
            Finding::new(Code::ZipStructure).file(file).value(fault.name())
        }
        PackageError::Tar { source: TarError::Io(source), path } => {
            Finding::new(Code::Unreadable).file(path.to_string_lossy()).value(source.to_string())
        }
        PackageError::Tar { source: TarError::Structure { fault, entry, .. }, path } => {
            let file = entry.clone().unwrap_or_else(|| path.file_name().unwrap_or_default().to_string_lossy().into());
            Finding::new(Code::TarStructure).file(file).value(fault.name())
        }
        PackageError::NoContainer { path, compressed: true } => {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            Finding::new(Code::PackageCompressed).file(file)
        }
        PackageError::NoContainer { path, .. } => not_a_package(path),
        PackageError::NoSingleFolder { path } => not_a_package(path).requirement("CSIPSTR1"),
        PackageError::Intruder { entry, .. } => Finding::new(Code::ZipStructure).file(entry).value("name"),
    }
}

/// Returns what lies in the package, or around it, that no package may hold.
#[must_use]
pub fn oddities(reader: &PackageReader) -> Vec<Finding> {
    let finding = |(odd, name): &(Odd, String)| {
        let finding = Finding::new(Code::EntryForeign).file(name).value(odd.name());
        if *odd == Odd::Outside { finding.requirement("CSIPSTR1") } else { finding }
    };
    if !reader.folder().is_empty() || reader.container() == Container::Folder {
        return reader.oddities().iter().map(finding).collect();
    }
    // All that lies at the top lies beside a folder that is not there.
    let inside = reader.oddities().iter().filter(|(odd, _)| *odd != Odd::Outside).map(finding);
    std::iter::once(not_a_package(reader.location()).requirement("CSIPSTR1")).chain(inside).collect()
}

/// Returns the finding that what lies at `path` is no package.
#[must_use]
pub fn not_a_package(path: &Path) -> Finding {
    Finding::new(Code::NotAPackage).file(path.file_name().unwrap_or(path.as_os_str()).to_string_lossy())
}

/// Returns the description in the package: its Dublin Core document, else what METS says.
pub fn describe(reader: &PackageReader, summary: &Summary) -> Result<Description, XmlError> {
    if let Some(part) = reader.find(DESCRIPTION) {
        let source = BufReader::new(reader.read(part).map_err(XmlError::Io)?);
        if let Some(description) = description::read(source)? {
            return Ok(description);
        }
    }
    let name = |role: &str| summary.organization(role).map(|agent| agent.name.clone()).unwrap_or_default();
    let producer = [name("SUBMITTER"), name("CREATOR"), name("ARCHIVIST")].into_iter().find(|name| !name.is_empty());
    let title = if summary.label.is_empty() { &summary.object } else { &summary.label };
    Ok(Description {
        title: title.clone(),
        identifiers: vec![summary.object.clone()],
        signature: summary.alternative("REFERENCECODE").unwrap_or_default().to_owned(),
        creator: name("ARCHIVIST"),
        producer: producer.unwrap_or_default(),
        ..Description::default()
    })
}

/// Computes the content digest of the package.
pub fn content(reader: &PackageReader, description: &Description, watch: Watch<'_>) -> Result<String, WriteError> {
    let mut kept = derive::kept(reader);
    let counts = derive::counts(reader);
    kept.retain(|file| counts(&file.path));
    let sums = digest(&kept, reader, watch)?;
    let mut content = ContentDigest::new(description);
    for (file, sum) in kept.iter().zip(&sums) {
        content.file("", &file.path, sum);
    }
    for folder in reader.empty_folders().iter().filter(|folder| counts(folder)) {
        content.folder("", folder);
    }
    Ok(content.finish())
}

/// Returns whether the package still has the files it had when it was opened: names, sizes and times.
pub fn unchanged(reader: &PackageReader) -> Result<bool, PackageError> {
    Ok(PackageReader::open(reader.location())?.parts() == reader.parts())
}

struct Examination<'a> {
    reader: &'a PackageReader,
    watch: Watch<'a>,
    seen: Vec<bool>,
    batch: Vec<Expected>,
    stopped: Option<Cancelled>,
    examined: Examined,
}

impl Examination<'_> {
    /// Reads one METS document; its references are checked as they come.
    fn document(&mut self, path: &str) -> Result<Option<Summary>, Cancelled> {
        let reader = self.reader;
        let Some(part) = reader.find(path) else {
            self.examined.findings.push(Finding::new(Code::FileMissing).requirement("CSIPSTR4").file(path));
            return Ok(None);
        };
        let source = match reader.read(part) {
            Ok(source) => BufReader::with_capacity(1 << 16, source),
            Err(error) => {
                self.examined.findings.push(Finding::new(Code::Unreadable).file(path).value(error.to_string()));
                return Ok(None);
            }
        };
        let base = path.strip_suffix(METS).unwrap_or_default();
        let read = references::read(source, base, |_, reference| {
            self.take(path, &reference);
            if self.batch.len() >= BATCH
                && let Err(stopped) = self.flush()
            {
                self.stopped = Some(stopped);
            }
            self.stopped.is_none()
        });
        if let Some(stopped) = self.stopped {
            return Err(stopped);
        }
        let finding = match read {
            Ok(Some(summary)) => return Ok(Some(summary)),
            Ok(None) => Finding::new(Code::XmlMalformed).file(path).value("mets"),
            Err(error) => unread(path, &error),
        };
        self.examined.findings.push(finding);
        Ok(None)
    }

    fn take(&mut self, document: &str, reference: &Reference) {
        let at = |finding: Finding| finding.file(document).line(reference.line).value(reference.href.clone());
        let finding = match &reference.path {
            Err(PathFault::Empty | PathFault::Letter) => at(Finding::new(Code::ReferenceMissing)),
            Err(PathFault::Absolute | PathFault::Up) => at(Finding::new(Code::ReferenceOutside)),
            Ok(path) => match self.reader.position(path) {
                None => at(Finding::new(Code::ReferenceMissing)),
                Some(part) => {
                    self.seen[part] = true;
                    if let Some((path, kind)) = MetadataKind::of(reference) {
                        self.examined.metadata.insert(path, kind);
                    }
                    match &reference.checksum {
                        Some(Ok(checksum)) => {
                            let (path, checksum) = (path.clone(), checksum.clone());
                            self.batch.push(Expected { path, size: reference.size, checksum });
                            return;
                        }
                        // CSIP108: a pointer to a METS document carries none; its file entry does.
                        None if reference.kind == references::ReferenceKind::Mets => return,
                        None => at(Finding::new(Code::ChecksumAbsent)),
                        Some(Err(unknown)) => at(Finding::new(Code::AlgorithmUnknown)).value(unknown.clone()),
                    }
                }
            },
        };
        self.examined.findings.push(finding);
    }

    fn flush(&mut self) -> Result<(), Cancelled> {
        let batch = std::mem::take(&mut self.batch);
        let reader = self.reader;
        let open = |path: &str| match reader.find(path) {
            Some(part) => reader.read(part),
            None => Err(std::io::ErrorKind::NotFound.into()),
        };
        self.examined.findings.extend(fixity::check(&batch, &open, self.watch)?);
        Ok(())
    }
}

/// Returns what an XML document that cannot be read says about it.
#[must_use]
pub fn unread(path: &str, error: &XmlError) -> Finding {
    match error {
        XmlError::Io(error) => Finding::new(Code::Unreadable).file(path).value(error.to_string()),
        XmlError::Fault { fault, line } => {
            let value = match fault {
                XmlFault::Malformed(words) => words.clone(),
                XmlFault::Encoding(name) => name.clone(),
                XmlFault::DocumentType => "DOCTYPE".to_owned(),
                XmlFault::Limit(which) => (*which).to_owned(),
            };
            Finding::new(Code::XmlMalformed).file(path).line(*line).value(value)
        }
    }
}
