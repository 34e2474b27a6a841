//! What the METS documents of a package say of its files.

use std::collections::BTreeMap;
use std::io::BufReader;

use super::ArchiveError;
use crate::model::checksum::{Algorithm, Checksum};
use crate::model::finding::{Code, Finding};
use crate::package::eark::mets::is_representation_mets;
use crate::package::eark::references::{self, Reference};
use crate::package::eark::{METS, joined};
use crate::package::reader::PackageReader;

/// The checksums of a package's files as its METS documents say them.
pub(super) struct Recorded(BTreeMap<String, Checksum>);

impl Recorded {
    pub(super) fn read(reader: &PackageReader) -> Result<Self, ArchiveError> {
        let mut recorded = BTreeMap::new();
        all_references(reader, documents, |path, reference| {
            if let Some(Ok(checksum)) = &reference.checksum {
                recorded.insert(path, checksum.clone());
            }
        })?;
        Ok(Self(recorded))
    }

    /// Returns the algorithm of the file's checksum.
    pub(super) fn algorithm(&self, path: &str) -> Algorithm {
        self.0.get(path).map_or(Algorithm::Sha256, Checksum::algorithm)
    }

    /// Returns a finding where the file has another checksum than the recorded one of the same algorithm.
    pub(super) fn differs(&self, path: &str, found: &Checksum) -> Option<Finding> {
        let expected = self.0.get(path)?;
        if expected.algorithm() != found.algorithm() || expected == found {
            return None;
        }
        let finding = Finding::new(Code::ChecksumMismatch).file(path);
        Some(finding.value(found.to_string()).expected(expected.to_string()))
    }
}

/// Returns the paths of the METS documents: that of the package and those of its representations.
pub(super) fn documents(reader: &PackageReader) -> impl Iterator<Item = &str> {
    let parts = reader.parts().iter().map(|part| part.path);
    std::iter::once(METS).chain(parts.filter(|path| is_representation_mets(path)))
}

/// Hands every reference that leads to a file to `each`, with the path under which the file appears in `reader`; of each of
/// the packages that it is made of those METS documents are read that `documents` names.
pub(super) fn all_references<'r, D: Iterator<Item = &'r str>>(
    reader: &'r PackageReader,
    documents: impl Fn(&'r PackageReader) -> D,
    mut each: impl FnMut(String, &Reference),
) -> Result<(), ArchiveError> {
    let pieces = reader.pieces();
    for (number, piece) in pieces.iter().enumerate() {
        for document in documents(piece) {
            references_of(piece, document, |reference| {
                let path = reference.path.as_ref().ok();
                if let Some(path) = path.and_then(|path| joined::place(pieces, number, path)) {
                    each(path, reference);
                }
            })?;
        }
    }
    Ok(())
}

/// Hands every reference of the METS document at `path` to `each`.
pub(super) fn references_of(
    reader: &PackageReader,
    path: &str,
    mut each: impl FnMut(&Reference),
) -> Result<(), ArchiveError> {
    let document = |source| ArchiveError::Document { path: path.to_owned(), source };
    let Some(part) = reader.find(path) else { return Ok(()) };
    let source = reader.read(part).map_err(ArchiveError::io(reader.location()))?;
    let base = path.strip_suffix(METS).unwrap_or_default();
    references::read(BufReader::new(source), base, |_, reference| {
        each(&reference);
        true
    })
    .map_err(document)?;
    Ok(())
}
