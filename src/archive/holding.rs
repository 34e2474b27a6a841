//! What the archive knows of a package, taken from the package itself: the same at ingest, at rebuild and at audit.

use std::io::BufReader;
use std::path::Path;

use super::examine::describe;
use super::{Archive, ArchiveError};
use crate::access::statement::standing;
use crate::model::package::{Holding, PackageId};
use crate::model::path;
use crate::package::eark::references::{self, Summary};
use crate::package::eark::{METS, PREMIS, Rights, rights};
use crate::package::reader::{PackageReader, Part};
use crate::store::Object;

/// How many bytes of folder and file names are searchable for one package.
const NAMES: usize = 1 << 16;

/// What the journal knows of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The package.
    pub package: PackageId,
    /// The number of the accession.
    pub accession: String,
    /// SHA-512 of the object's inventory.
    pub inventory: String,
    /// The content digest.
    pub content: String,
    /// Payload files.
    pub files: u64,
    /// Bytes of the payload files.
    pub bytes: u64,
}

impl Archive {
    /// Returns where the package of `object` lies: a ZIP file or a folder.
    #[must_use]
    pub fn package_path(&self, object: &Object, id: PackageId) -> std::path::PathBuf {
        let content = self.root.join(super::marker::STORE).join(&object.place).join("v1/content");
        let folder = content.join(id.to_string());
        if folder.symlink_metadata().is_ok_and(|found| found.is_dir()) {
            folder
        } else {
            content.join(format!("{id}.zip"))
        }
    }

    /// Reads from the stored package what stands in the catalogue.
    pub fn holding(&self, object: &Object, commit: &Commit) -> Result<Holding, ArchiveError> {
        let reader = PackageReader::open(&self.package_path(object, commit.package))?;
        read(&reader, commit, &object.place)
    }
}

/// Reads from an opened package what stands in the catalogue; `place` is its object's place in the store.
pub fn read(reader: &PackageReader, commit: &Commit, place: &str) -> Result<Holding, ArchiveError> {
    let document = |source| ArchiveError::Document { path: METS.to_owned(), source };
    let summary = head(reader)?;
    let description = describe(reader, &summary).map_err(document)?;
    let standing = standing(&statements(reader)?);
    Ok(Holding {
        id: commit.package,
        accession: commit.accession.clone(),
        description,
        created: summary.created.unwrap_or(crate::model::time::Timestamp::from_seconds(0)),
        files: commit.files,
        bytes: commit.bytes,
        content: commit.content.clone(),
        inventory: commit.inventory.clone(),
        place: format!("{}/{place}", super::marker::STORE),
        names: names(reader),
        closure: standing.closure,
        retention_end: standing.retention_end,
        purpose: standing.purpose,
    })
}

/// Reads the head of the root METS document: all that stands before the first reference.
pub fn head(reader: &PackageReader) -> Result<Summary, ArchiveError> {
    let document = |source| ArchiveError::Document { path: METS.to_owned(), source };
    let missing = || ArchiveError::Incomplete { path: reader.location().join(METS) };
    let part = reader.find(METS).ok_or_else(missing)?;
    let source = reader.read(part).map_err(ArchiveError::io(reader.location()))?;
    references::read(BufReader::new(source), "", |_, _| false).map_err(document)?.ok_or_else(missing)
}

/// Reads what the package itself says of its use and its keeping.
///
/// Where this program made an AIP of a finished SIP, its own document speaks for the package; else all documents of the
/// package, not those of its representations.
pub fn statements(reader: &PackageReader) -> Result<Vec<Rights>, ArchiveError> {
    let folder = PREMIS.rsplit_once('/').map_or("", |(folder, _)| folder);
    let inside = |path: &str| path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".xml").map(str::to_owned);
    let mut documents: Vec<(u64, &Part)> = Vec::new();
    for part in reader.parts() {
        let Some(name) = inside(&part.path).filter(|name| !name.contains('/')) else { continue };
        let number = match name.strip_prefix("premis-aip") {
            Some("") => 1,
            Some(more) => more.strip_prefix('-').and_then(|number| number.parse().ok()).unwrap_or(0),
            None => 0,
        };
        documents.push((number, part));
    }
    let newest = documents.iter().map(|(number, _)| *number).max().unwrap_or(0);
    let mut statements = Vec::new();
    for (_, part) in documents.iter().filter(|(number, _)| *number == newest) {
        let document = |source| ArchiveError::Document { path: part.path.to_string(), source };
        let source = reader.read(part).map_err(ArchiveError::io(reader.location()))?;
        statements.extend(rights::read(BufReader::new(source)).map_err(document)?);
    }
    Ok(statements)
}

/// Payload files and their bytes.
#[must_use]
pub fn extent(reader: &PackageReader) -> (u64, u64) {
    let payload = reader.parts().iter().filter(|part| payload_path(&part.path).is_some());
    payload.fold((0, 0), |(files, bytes), part| (files + 1, bytes + part.size))
}

/// Returns the path below `data/` of a payload file, `None` of any other.
#[must_use]
pub fn payload_path(path: &str) -> Option<&str> {
    path.strip_prefix("representations/")?.split_once('/')?.1.strip_prefix("data/")
}

/// Returns folder and file names for the search, each once, in the order of their paths, up to a bound.
fn names(reader: &PackageReader) -> String {
    let mut names = String::new();
    let mut before: Vec<&str> = Vec::new();
    for part in reader.parts() {
        let Some(path) = payload_path(&part.path) else { continue };
        let pieces: Vec<&str> = path.split('/').collect();
        let shared = pieces.iter().zip(&before).take_while(|(a, b)| a == b).count();
        for piece in &pieces[shared..] {
            let name = path::shown(&path::original_below(piece));
            if names.len() + name.len() >= NAMES {
                return names;
            }
            names.push_str(&name);
            names.push('\n');
        }
        before = pieces;
    }
    names
}

/// Returns `path` relative to the archive, for people.
#[must_use]
pub fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned()
}
