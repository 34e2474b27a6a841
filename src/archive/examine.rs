//! Judges a package by what its own METS documents say: every file there, every file listed, size and checksum right.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::Path;

use super::pass::{Aim, Passed, pass};
use crate::check::fixity;
use crate::io::tar::TarError;
use crate::io::xml::{XmlError, XmlFault};
use crate::io::zip::ZipError;
use crate::model::finding::{Code, Finding, Severity, Verdict};
use crate::model::record::Description;
use crate::model::requirement::Answered;
use crate::model::time::Timestamp;
use crate::package::container::WriteError;
use crate::package::eark::derive::{self, MetadataKind};
use crate::package::eark::digest::ContentDigest;
use crate::package::eark::references::Summary;
use crate::package::eark::rules::{Claim, SpecVersion};
use crate::package::eark::{DESCRIPTION, METS, description};
use crate::package::payload::digest;
use crate::package::reader::{Container, Odd, PackageError, PackageReader};
use crate::task::{Cancelled, Watch};

/// What was established about a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// What the root METS document says; empty where it cannot be read.
    pub summary: Summary,
    /// Metadata files as METS calls them.
    pub metadata: BTreeMap<String, MetadataKind>,
    /// What the package claims to be.
    pub claim: Claim,
    /// The version of the specifications that it was held to.
    pub version: SpecVersion,
    /// What is not right, in the order of documents and places.
    pub findings: Vec<Finding>,
    /// How it answers each requirement.
    pub answers: Vec<Answered>,
}

/// Reads all METS documents of the package and compares every file with them; holds it to the version that it claims.
pub fn examine(reader: &PackageReader, watch: Watch<'_>) -> Result<Examined, Cancelled> {
    examine_as(reader, None, watch)
}

/// Does the same, and holds the package to `version` where one is given.
pub fn examine_as(
    reader: &PackageReader,
    version: Option<SpecVersion>,
    watch: Watch<'_>,
) -> Result<Examined, Cancelled> {
    let Passed { summary, metadata, claim, version, findings, answers } =
        pass(reader, Aim::Conformance(version), Timestamp::now(), watch)?;
    Ok(Examined { summary, metadata, claim, version, findings, answers })
}

/// Compares every file of a stored package with what its METS documents record, and asks nothing else of it.
pub fn harm(reader: &PackageReader, watch: Watch<'_>) -> Result<Vec<Finding>, Cancelled> {
    Ok(of_what_is_kept(pass(reader, Aim::Harm, Timestamp::now(), watch)?.findings))
}

/// Returns what of the findings counts where a package is taken over or kept, and not judged for its conformance: all that is
/// about files and what proves them, and an identifier that is missing. What else must be otherwise becomes a warning; what is
/// recommended or allowed is left out.
#[must_use]
pub fn of_what_is_kept(findings: Vec<Finding>) -> Vec<Finding> {
    let kept = findings.into_iter().filter_map(|mut finding| {
        let nameless =
            finding.requirement.as_deref() == Some("CSIP1") && finding.value.as_deref().is_none_or(str::is_empty);
        match (finding.code, finding.severity) {
            (_, Severity::Info) => None,
            (
                Code::MetsRequirement | Code::StructureRequirement | Code::PremisRequirement | Code::SchemaInvalid,
                severity,
            ) => {
                if severity != Severity::Error {
                    return None;
                }
                if !nameless && !unproven(&finding) {
                    finding.severity = Severity::Warning;
                }
                Some(finding)
            }
            // Other documents than METS are taken as they are; who reads them knows what that means.
            (Code::XmlMalformed, _) if !finding.file.as_deref().is_some_and(|file| file.ends_with(METS)) => {
                finding.severity = Severity::Warning;
                Some(finding)
            }
            // What cannot be proven is not taken.
            (Code::AlgorithmUnknown | Code::FileUnreferenced, _) => {
                finding.severity = Severity::Error;
                Some(finding)
            }
            _ => Some(finding),
        }
    });
    kept.collect()
}

/// Returns whether a finding says that a file has no checksum by which it could be proven.
fn unproven(finding: &Finding) -> bool {
    const ABOUT_CHECKSUMS: [&str; 8] = ["CSIP29", "CSIP30", "CSIP43", "CSIP44", "CSIP56", "CSIP57", "CSIP71", "CSIP72"];
    finding.requirement.as_deref().is_some_and(|id| ABOUT_CHECKSUMS.contains(&id))
}

/// Returns what findings come to: a fault of a stored package is damage, one of a delivered package nonconformance.
#[must_use]
pub fn verdict(findings: &[Finding], stored: bool) -> Verdict {
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
        PackageError::Io { path, source }
        | PackageError::Zip { source: ZipError::Io(source), path }
        | PackageError::Tar { source: TarError::Io(source), path } => {
            Finding::new(Code::Unreadable).file(path.to_string_lossy()).value(source.to_string())
        }
        PackageError::Zip { source: ZipError::Structure { fault, entry }, path } => {
            let file = entry.clone().unwrap_or_else(|| path.file_name().unwrap_or_default().to_string_lossy().into());
            Finding::new(Code::ZipStructure).file(file).value(fault.name())
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

/// Returns what an XML document that cannot be read says about it.
#[must_use]
pub fn unread(path: &str, error: &XmlError) -> Finding {
    match error {
        XmlError::Io(error) => fixity::unreadable(path, error),
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
