//! Whether an OCFL object or a storage root that anyone made conforms to OCFL 1.0 or 1.1, and is whole.
//!
//! Unlike [`super::Object`], which accepts only what this program writes, everything that the specification allows is
//! accepted here, and what it forbids is told by its validation codes. Nothing is taken for granted: names, links, sizes and
//! the order of keys are the choice of who made the folder.
//!
//! Inventories are read as streams and held compactly (`inventory`); those of one object may take 192 MiB together.

mod check;
mod codes;
mod compare;
mod content;
mod date;
mod declaration;
mod digest;
mod extension;
mod inventory;
mod layout;
mod object;
mod parse;
mod report;
mod root;
mod sidecar;
#[cfg(test)]
mod tests;
mod uri;
mod version;
mod versions;
mod words;

use std::io;

use crate::io::below;
use crate::io::container::is_of_content;
use crate::io::place::Place;
use crate::model::finding::{Code, Finding};
use crate::model::requirement::Answered;
use crate::task::{Cancelled, Watch};

/// A version of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spec {
    /// OCFL 1.0.
    V1_0,
    /// OCFL 1.1.
    V1_1,
}

impl Spec {
    /// Returns the version's number.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
        }
    }

    /// Returns the type of an inventory.
    const fn inventory_type(self) -> &'static str {
        match self {
            Self::V1_0 => "https://ocfl.io/1.0/spec/#inventory",
            Self::V1_1 => "https://ocfl.io/1.1/spec/#inventory",
        }
    }
}

/// What a folder is held to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An object.
    Object,
    /// A storage root.
    Root,
}

impl Kind {
    /// Returns the kind in JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Root => "storage root",
        }
    }
}

/// What was established about an object or a storage root.
#[derive(Debug)]
pub struct Judgement {
    /// The version that it was held to.
    pub spec: Spec,
    /// An object's identity; empty where it does not say, and of storage roots.
    pub id: String,
    /// What is not as the specification says; files are relative to what was given.
    pub findings: Vec<Finding>,
    /// How all requirements are answered.
    pub answers: Vec<Answered>,
    /// How many content files there are.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// What a folder looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognised {
    /// What it is.
    pub kind: Kind,
    /// Whether it is declared to be that.
    pub is_declared: bool,
}

/// Returns what a folder looks like: by its declaration; else an object by its inventory or the folders of
/// versions; `None` where like neither.
#[must_use]
pub fn recognise(folder: &dyn Place) -> Option<Recognised> {
    let entries = folder.entries(b"").ok()?;
    let declared = |word: &[u8]| entries.iter().any(|(name, _)| name.starts_with(word));
    let (kind, is_declared) = if declared(b"0=ocfl_object_") {
        (Kind::Object, true)
    } else if declared(b"0=ocfl_") {
        (Kind::Root, true)
    } else if entries.kind(inventory::INVENTORY.as_bytes()).is_some() {
        (Kind::Object, false)
    } else {
        return None;
    };
    Some(Recognised { kind, is_declared })
}

/// Returns what a folder that looks like neither is held to be: a storage root where it has folders other than those of
/// versions, else an object.
#[must_use]
pub fn presumed(folder: &dyn Place) -> Kind {
    let entries = folder.entries(b"").unwrap_or_default();
    let is_version = |name: &[u8]| std::str::from_utf8(name).is_ok_and(|name| version::Name::parse(name).is_ok());
    let leads_on = entries.iter().any(|(name, kind)| kind == below::Kind::Folder && !is_version(name));
    if leads_on { Kind::Root } else { Kind::Object }
}

/// Judges a folder as an object or as a storage root, wherever it lies.
///
/// # Errors
/// Only [`Cancelled`]; what cannot be read is a finding.
pub fn judge(folder: &dyn Place, kind: Kind, watch: Watch<'_>) -> Result<Judgement, Cancelled> {
    match kind {
        Kind::Object => object::alone(folder, watch),
        Kind::Root => root::judge(folder, watch),
    }
}

/// Returns the finding about something that cannot be read.
fn unreadable(file: &str, error: &io::Error) -> Finding {
    // A place tells without further words that something is no file.
    let is_torn = is_of_content(error) && (error.get_ref().is_some() || error.kind() == io::ErrorKind::UnexpectedEof);
    let finding = if is_torn {
        Finding::new(Code::ZipStructure).value("content")
    } else {
        Finding::new(Code::Unreadable).value(error.to_string())
    };
    if file.is_empty() { finding } else { finding.file(file) }
}
