//! Whether a package that anyone made conforms to its standard and is whole: E-ARK, BagIt, OCFL.
//!
//! Needs no archive and changes nothing. A package is read where it lies, folder, ZIP or TAR, without being unpacked.

mod bag;
mod eark;
mod many;
mod ocfl;
mod outside;

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::sync::Arc;

pub use many::validate_each;

use crate::io::below::Below;
pub use crate::io::container::Kind;
use crate::io::container::{Container, ContainerError, packed_otherwise};
use crate::io::xsd::SchemaFolder;
use crate::model::finding::{Code, Finding, Severity, Verdict};
use crate::model::requirement::Answered;
pub use crate::package::eark::rules::SpecVersion;
use crate::package::reader::{PackageReader, open_regular};
pub use crate::source::bagit::{Profile as BagProfile, ProfileFault as BagProfileFault};
use crate::source::bagit::{is_bag, is_bag_tree};
use crate::source::tree::Tree;
use crate::task::{Cancelled, Watch};

/// The standard that a package is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standard {
    /// E-ARK CSIP with SIP, AIP or DIP.
    Eark,
    /// BagIt: RFC 8493 and the drafts before it.
    Bagit,
    /// OCFL: an object or a storage root.
    Ocfl,
}

impl Standard {
    /// Returns the standard of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Eark, Self::Bagit, Self::Ocfl].into_iter().find(|standard| standard.name() == name)
    }

    /// Returns the name in JSON documents and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eark => "eark",
            Self::Bagit => "bagit",
            Self::Ocfl => "ocfl",
        }
    }
}

/// What a call wants.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The standard; otherwise what the package looks like.
    pub standard: Option<Standard>,
    /// The BagIt profile that bags are held to besides.
    pub bag_profile: Option<Arc<BagProfile>>,
    /// The version of the E-ARK specifications; otherwise the one that the package claims.
    pub spec: Option<SpecVersion>,
    /// Schemas from outside, with which metadata documents are compared as well.
    pub schemas: Option<Arc<SchemaFolder>>,
}

/// What was established about a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validated {
    /// The standard that it was held to.
    pub standard: Standard,
    /// What it is in that standard: `SIP`, `AIP`, `DIP`, `bag`, `object`, `storage root`; empty where it does not say.
    pub kind: String,
    /// The version of the standard that it was held to; empty where none is known.
    pub version: String,
    /// What it calls itself (OBJID, object id); empty where it does not say.
    pub id: String,
    /// What is not as the standard says, in the order of files and places.
    pub findings: Vec<Finding>,
    /// All requirements of the standard that have ids of their own, in its order.
    pub answers: Vec<Answered>,
    /// How many files it has.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Validated {
    /// Returns a package of which nothing is known but what it was held to.
    const fn nothing(standard: Standard) -> Self {
        Self {
            standard,
            kind: String::new(),
            version: String::new(),
            id: String::new(),
            findings: Vec::new(),
            answers: Vec::new(),
            files: 0,
            bytes: 0,
        }
    }

    /// Returns what the findings come to. A file that is not the one that was recorded is damage; anything else that must
    /// be otherwise, a missing file too, is nonconformance.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.findings.iter().map(weight).max().unwrap_or(Verdict::Conforms)
    }
}

/// Returns what a finding by itself comes to; only errors count.
#[must_use]
pub fn weight(finding: &Finding) -> Verdict {
    match finding.code {
        _ if finding.severity != Severity::Error => Verdict::Conforms,
        Code::Unreadable | Code::WorkFolder => Verdict::Unreadable,
        Code::ChecksumMismatch | Code::SizeMismatch => Verdict::Damaged,
        // Bytes that cannot be unpacked are not those that were packed.
        Code::ZipStructure | Code::GzipStructure if finding.value.as_deref() == Some("content") => Verdict::Damaged,
        _ => Verdict::Nonconforming,
    }
}

/// What a package lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lies {
    /// In a folder.
    Folder,
    /// In a file that holds others.
    File(Kind),
}

impl Lies {
    /// Returns the name in JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::File(kind) => kind.name(),
        }
    }
}

/// Returns what the package at `path` lies in; nothing where that is neither folder nor ZIP nor TAR, or cannot be read.
#[must_use]
pub fn container(path: &Path) -> Option<Lies> {
    let path = &*real(path);
    if path.is_dir() { Some(Lies::Folder) } else { Kind::of(&open_regular(path).ok()?).ok()?.map(Lies::File) }
}

/// Judges the package at `path`; a link that a user names is what it leads to, those in packages are not followed.
pub fn validate(path: &Path, options: &Options, watch: Watch<'_>) -> Result<Validated, Cancelled> {
    let path = &*real(path);
    // What cannot be opened is told by whoever is asked about it.
    let told = |finding: Finding| {
        let standard = options.standard.unwrap_or(Standard::Eark);
        Ok(Validated { findings: vec![finding], ..Validated::nothing(standard) })
    };
    if path.is_dir() {
        return of_folder(path, options, watch);
    }
    let read = |error| ContainerError::Read(error).finding(path);
    let opened = match open_regular(path) {
        Ok(file) => file,
        Err(error) => return told(read(error)?),
    };
    match Kind::of(&opened) {
        Ok(Some(kind)) => match Container::open(opened, kind, watch.cancel) {
            Ok(container) => of_container(path, container, options, watch),
            Err(error) => told(error.finding(path)?),
        },
        Ok(None) => match packed_otherwise(&opened, path) {
            Some(finding) => told(finding),
            None => of_folder(path, options, watch),
        },
        Err(error) => told(read(error)?),
    }
}

/// Judges the package in the folder at `path`, or tells of another file that it is none.
fn of_folder(path: &Path, options: &Options, watch: Watch<'_>) -> Result<Validated, Cancelled> {
    let tree = || Tree::list(path, watch.cancel);
    let ocfl = Below::open(path);
    match options.standard {
        Some(Standard::Bagit) => bag::validate(path, tree(), options, watch),
        Some(Standard::Eark) => eark::validate(path, options, watch),
        Some(Standard::Ocfl) => match ocfl {
            Ok(folder) => ocfl::validate(&folder, watch),
            Err(error) => {
                let findings = vec![ocfl::unopened(path, &error)];
                Ok(Validated { findings, ..Validated::nothing(Standard::Ocfl) })
            }
        },
        None => match ocfl {
            Ok(folder) if ocfl::looks_like(&folder) => ocfl::validate(&folder, watch),
            _ if is_bag(path) => bag::validate(path, tree(), options, watch),
            // What looks like nothing is taken for E-ARK.
            _ => eark::validate(path, options, watch),
        },
    }
}

/// Judges the package in a container that was opened from `path`: it is opened, and where it is packed unpacked, once.
fn of_container(
    path: &Path,
    container: Container,
    options: &Options,
    watch: Watch<'_>,
) -> Result<Validated, Cancelled> {
    let bag = |container| bag::validate(path, Tree::of(container, path), options, watch);
    match options.standard {
        Some(Standard::Bagit) => return bag(container),
        Some(Standard::Ocfl) => return ocfl::validate(&*ocfl::packed(container), watch),
        Some(Standard::Eark) => {}
        None => {
            let folder = ocfl::packed(container.clone());
            if ocfl::looks_like(&*folder) {
                return ocfl::validate(&*folder, watch);
            }
        }
    }
    let package = PackageReader::packed(path, container.clone());
    if options.standard.is_none() && !eark::is_package(&package) {
        let tree = Tree::of(container, path);
        if tree.as_ref().is_ok_and(is_bag_tree) {
            return bag::validate(path, tree, options, watch);
        }
    }
    eark::judge(&package, options, watch)
}

/// Returns where the link at `path` leads, else `path` as it is.
fn real(path: &Path) -> Cow<'_, Path> {
    if path.is_symlink() { fs::canonicalize(path).map_or(path.into(), Cow::Owned) } else { path.into() }
}
