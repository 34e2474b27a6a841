//! OCFL objects and storage roots.

use std::path::Path;

use super::{Standard, Validated};
use crate::model::finding::{Code, Finding};
use crate::store::conformance::{judge, presumed, recognise};
use crate::task::{Cancelled, Watch};

/// Returns whether the folder at `path` is an object or a storage root: it is declared to be one, or has an object's
/// inventory and is no package of another kind.
pub(super) fn looks_like(path: &Path) -> bool {
    let other = || ["METS.xml", "bagit.txt"].iter().any(|name| path.join(name).is_file());
    recognise(path).is_some_and(|recognised| recognised.is_declared || !other())
}

/// Judges the object or storage root at `path`.
pub(super) fn validate(path: &Path, watch: Watch<'_>) -> Result<Validated, Cancelled> {
    if path.is_file() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        return Ok(Validated {
            findings: vec![Finding::new(Code::OcflPacked).file(name)],
            ..Validated::nothing(Standard::Ocfl)
        });
    }
    let kind = recognise(path).map_or_else(|| presumed(path), |recognised| recognised.kind);
    let judgement = judge(path, kind, watch)?;
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
