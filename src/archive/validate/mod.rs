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

use crate::io::xsd::SchemaFolder;
use crate::model::finding::{Code, Finding, Severity, Verdict};
use crate::model::requirement::Answered;
pub use crate::package::eark::rules::SpecVersion;
pub use crate::package::reader::Container;
use crate::source::bagit::is_bag;
pub use crate::source::bagit::{Profile as BagProfile, ProfileFault as BagProfileFault};
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
        Code::Unreadable => Verdict::Unreadable,
        Code::ChecksumMismatch | Code::SizeMismatch => Verdict::Damaged,
        // Bytes that cannot be unpacked are not those that were packed.
        Code::ZipStructure if finding.value.as_deref() == Some("content") => Verdict::Damaged,
        _ => Verdict::Nonconforming,
    }
}

/// Returns what lies at `path`, folder, ZIP or TAR; nothing where it is none of them or cannot be read.
#[must_use]
pub fn container(path: &Path) -> Option<Container> {
    Container::of(&real(path))
}

/// Judges the package at `path`; a link that a user names is what it leads to, those in packages are not followed.
pub fn validate(path: &Path, options: &Options, watch: Watch<'_>) -> Result<Validated, Cancelled> {
    let path = &*real(path);
    match options.standard {
        Some(Standard::Bagit) => bag::validate(path, options, watch),
        Some(Standard::Ocfl) => ocfl::validate(path, watch),
        Some(Standard::Eark) => eark::validate(path, options, watch),
        None if ocfl::looks_like(path) => ocfl::validate(path, watch),
        None => match eark::packed(path) {
            Some(reader) => eark::judge(&reader, options, watch),
            None if is_bag(path, watch.cancel) => bag::validate(path, options, watch),
            // What looks like nothing is taken for E-ARK.
            None => eark::validate(path, options, watch),
        },
    }
}

/// Returns where the link at `path` leads, else `path` as it is.
fn real(path: &Path) -> Cow<'_, Path> {
    if path.is_symlink() { fs::canonicalize(path).map_or(path.into(), Cow::Owned) } else { path.into() }
}
