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
    let mut judged = Validated {
        standard: Standard::Ocfl,
        kind: String::new(),
        version: String::new(),
        id: String::new(),
        findings: Vec::new(),
        answers: Vec::new(),
        files: 0,
        bytes: 0,
    };
    if path.is_file() {
        judged
            .findings
            .push(Finding::new(Code::OcflPacked).file(path.file_name().unwrap_or_default().to_string_lossy()));
        return Ok(judged);
    }
    let kind = recognise(path).map_or_else(|| presumed(path), |recognised| recognised.kind);
    let judgement = judge(path, kind, watch)?;
    kind.name().clone_into(&mut judged.kind);
    judgement.spec.name().clone_into(&mut judged.version);
    judged.id = judgement.id;
    judged.findings = judgement.findings;
    judged.answers = judgement.answers;
    judged.files = judgement.files;
    judged.bytes = judgement.bytes;
    Ok(judged)
}
