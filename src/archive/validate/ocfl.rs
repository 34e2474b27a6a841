//! OCFL objects and storage roots.

use std::io;
use std::path::Path;

use super::{Standard, Validated};
use crate::io::below::Kind;
use crate::io::container::Container;
use crate::io::inside::Inside;
use crate::io::place::Place;
use crate::model::finding::{Code, Finding};
use crate::store::conformance::{judge, presumed, recognise};
use crate::task::{Cancelled, Watch};

/// Returns what it says of `path` that it cannot be opened as a folder.
pub(super) fn unopened(path: &Path, error: &io::Error) -> Finding {
    if path.is_file() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        return Finding::new(Code::OcflPacked).file(name);
    }
    Finding::new(Code::Unreadable).file(path.to_string_lossy()).value(error.to_string())
}

/// Returns where in a container an object or a storage root lies: in the one folder that all lies in, unless the container is
/// one by itself.
pub(super) fn packed(container: Container) -> Box<dyn Place> {
    let all = Inside::all(container);
    let only = || {
        let entries = all.entries(b"").ok()?;
        let mut entries = entries.iter();
        match (entries.next(), entries.next()) {
            (Some((name, Kind::Folder)), None) => all.folder(name).ok(),
            _ => None,
        }
    };
    let only = if recognise(&all).is_none() { only() } else { None };
    Box::new(only.unwrap_or(all))
}

/// Returns whether a folder is an object or a storage root: it is declared to be one, or has an object's inventory and is no
/// package of another kind.
pub(super) fn looks_like(folder: &dyn Place) -> bool {
    let is_other = || {
        let entries = folder.entries(b"").unwrap_or_default();
        [&b"METS.xml"[..], b"bagit.txt"].iter().any(|name| entries.kind(name) == Some(Kind::File))
    };
    recognise(folder).is_some_and(|recognised| recognised.is_declared || !is_other())
}

/// Judges the object or storage root in a folder.
pub(super) fn validate(folder: &dyn Place, watch: Watch<'_>) -> Result<Validated, Cancelled> {
    let kind = recognise(folder).map_or_else(|| presumed(folder), |recognised| recognised.kind);
    let judgement = judge(folder, kind, watch)?;
    Ok(Validated {
        standard: Standard::Ocfl,
        kind: kind.name().to_owned(),
        version: judgement.spec.name().to_owned(),
        id: judgement.id,
        findings: judgement.findings,
        answers: judgement.answers,
        files: judgement.files,
        bytes: judgement.bytes,
    })
}
