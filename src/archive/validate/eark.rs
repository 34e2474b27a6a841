//! E-ARK packages.

use std::path::Path;

use super::{Standard, Validated};
use crate::archive::examine::{examine, oddities, unopened};
use crate::package::reader::PackageReader;
use crate::task::{Cancelled, Watch};

/// Judges the E-ARK package at `path`.
pub(super) fn validate(path: &Path, watch: Watch<'_>) -> Result<Validated, Cancelled> {
    let mut judged = Validated {
        standard: Standard::Eark,
        kind: String::new(),
        version: String::new(),
        id: String::new(),
        findings: Vec::new(),
        answers: Vec::new(),
        files: 0,
        bytes: 0,
    };
    let reader = match PackageReader::open_any(path) {
        Ok(reader) => reader,
        Err(error) => {
            judged.findings.push(unopened(&error));
            return Ok(judged);
        }
    };
    let examined = examine(&reader, watch)?;
    judged.kind = examined.summary.kind.map(|kind| kind.name().to_owned()).unwrap_or_default();
    judged.id = examined.summary.object;
    judged.findings = oddities(&reader);
    judged.findings.extend(examined.findings);
    judged.files = reader.parts().len() as u64;
    judged.bytes = reader.parts().iter().map(|part| part.size).sum();
    Ok(judged)
}
