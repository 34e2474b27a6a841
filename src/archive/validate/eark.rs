//! E-ARK packages.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Options, Standard, Validated, outside};
use crate::archive::examine::{examine, oddities, unopened};
use crate::package::eark::METS;
use crate::package::eark::derive::MetadataKind;
use crate::package::eark::mets::is_representation_mets;
use crate::package::reader::PackageReader;
use crate::task::{Cancelled, Watch};

/// Returns the METS documents of a package and what they call metadata.
fn metadata<'a>(
    reader: &'a PackageReader,
    metadata: &'a BTreeMap<String, MetadataKind>,
) -> impl Iterator<Item = &'a str> {
    let mets =
        reader.parts().iter().map(|part| &*part.path).filter(|path| *path == METS || is_representation_mets(path));
    mets.chain(metadata.keys().map(String::as_str).filter(|path| path.to_ascii_lowercase().ends_with(".xml")))
}

/// Judges the E-ARK package at `path`.
pub(super) fn validate(path: &Path, options: &Options, watch: Watch<'_>) -> Result<Validated, Cancelled> {
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
    if let Some(schemas) = &options.schemas {
        judged.findings.extend(outside::compare(schemas, &reader, metadata(&reader, &examined.metadata), watch)?);
    }
    judged.files = reader.parts().len() as u64;
    judged.bytes = reader.parts().iter().map(|part| part.size).sum();
    Ok(judged)
}
