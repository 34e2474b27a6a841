//! What the archive knows of a package, taken from the package itself: the same at ingest, at rebuild and at audit.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::examine::describe;
use super::{Archive, ArchiveError};
use crate::access::statement::standing;
use crate::io::xml::XmlError;
use crate::io::zip::Few;
use crate::model::package::{Commit, Holding, PackageId};
use crate::model::path;
use crate::package::container::part_name;
use crate::package::eark::references::{self, Summary};
use crate::package::eark::{METS, PREMIS, Rights, joined, rights};
use crate::package::reader::{PackageReader, Part};
use crate::store::{Inventory, Object};

/// How many bytes of folder and file names are searchable for one package.
const NAMES: usize = 1 << 16;

/// The payload files that bring all of these: each brings a letter and a line end at least, and they lie in their order.
const NAMED: Few = Few { of: is_payload, first: NAMES / 2 };

fn is_payload(name: &[u8]) -> bool {
    let inside = std::str::from_utf8(name).ok().and_then(|name| name.split_once('/'));
    inside.is_some_and(|(_, path)| payload_path(path).is_some())
}

impl Archive {
    /// Returns where the packages of `object` lie, ZIP files or folders: one for each of its versions, the first one first.
    #[must_use]
    pub fn package_paths(&self, object: &Object, id: PackageId) -> Vec<PathBuf> {
        let head = object.inventory.as_ref().map_or(1, Inventory::head);
        let place = self.root.join(super::marker::STORE).join(&object.place);
        let path = |number| {
            let content = place.join(format!("v{number}/content"));
            let folder = content.join(part_name(id, number));
            if folder.symlink_metadata().is_ok_and(|found| found.is_dir()) {
                folder
            } else {
                content.join(format!("{}.zip", part_name(id, number)))
            }
        };
        (1..=head).map(path).collect()
    }

    /// Opens the package of `object` as it stands: the packages of all its versions, seen as one.
    pub(super) fn stored(&self, object: &Object, id: PackageId) -> Result<PackageReader, ArchiveError> {
        let paths = self.package_paths(object, id);
        let pieces = paths.iter().map(|path| PackageReader::open(path)).collect::<Result<Vec<_>, _>>()?;
        let none = || ArchiveError::Incomplete { path: self.root.join(super::marker::STORE).join(&object.place) };
        joined::join(pieces).ok_or_else(none)
    }

    /// Reads from the stored package what stands in the catalogue.
    pub fn holding(&self, object: &Object, commit: &Commit) -> Result<Holding, ArchiveError> {
        read(&self.package_paths(object, commit.package), commit, &object.place)
    }
}

/// Reads what stands in the catalogue from the packages of all versions; `place` is their object's place in the store.
pub fn read(paths: &[PathBuf], commit: &Commit, place: &str) -> Result<Holding, ArchiveError> {
    let open = |path: &PathBuf| PackageReader::open_few(path, NAMED);
    let pieces = paths.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let none = || ArchiveError::Incomplete { path: PathBuf::from(place) };
    let reader = &joined::join(pieces).ok_or_else(none)?;
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
        blocks: commit.blocks.clone(),
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

/// Reads what a package of the archive itself says of its use and its keeping.
///
/// Where this program made an AIP of a finished SIP, its own document speaks for the package; else all do.
pub fn statements(reader: &PackageReader) -> Result<Vec<Rights>, ArchiveError> {
    let number = |name: &str| match name.strip_prefix("premis-aip") {
        Some("") => 1,
        Some(more) => more.strip_prefix('-').and_then(|number| number.parse().ok()).unwrap_or(0),
        None => 0_u64,
    };
    let mut statements = Vec::new();
    // What a supplement states goes beside what the first package states: of several terms the latest end counts.
    for piece in reader.pieces() {
        let newest = preservation(piece).map(|(name, _)| number(name)).max().unwrap_or(0);
        statements.extend(read_statements(piece, preservation(piece).filter(|(name, _)| number(name) == newest))?);
    }
    Ok(statements)
}

/// Reads what a finished SIP says of its use and its keeping, in whatever document of the package.
pub fn stated(reader: &PackageReader) -> Result<Vec<Rights>, ArchiveError> {
    read_statements(reader, preservation(reader))
}

/// The PREMIS documents of the package, not those of its representations: name without ending, and file.
fn preservation(reader: &PackageReader) -> impl Iterator<Item = (&str, Part<'_>)> {
    let folder = PREMIS.rsplit_once('/').map_or("", |(folder, _)| folder);
    reader.parts().iter().filter_map(move |part| {
        let name = part.path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".xml")?;
        (!name.contains('/')).then_some((name, part))
    })
}

fn read_statements<'a>(
    reader: &PackageReader,
    documents: impl Iterator<Item = (&'a str, Part<'a>)>,
) -> Result<Vec<Rights>, ArchiveError> {
    use std::io::ErrorKind::{InvalidData, UnexpectedEof};
    let mut statements = Vec::new();
    for (_, part) in documents {
        let read = reader.read(part).map_err(XmlError::Io).and_then(|source| rights::read(BufReader::new(source)));
        match read {
            Ok(read) => statements.extend(read),
            Err(XmlError::Io(source)) if !matches!(source.kind(), InvalidData | UnexpectedEof) => {
                return Err(ArchiveError::io(reader.location())(source));
            }
            // What nobody can read may close the package.
            Err(_) => statements.push(rights::unreadable()),
        }
    }
    Ok(statements)
}

/// Payload files and their bytes.
#[must_use]
pub fn extent(reader: &PackageReader) -> (u64, u64) {
    let payload = reader.parts().iter().filter(|part| payload_path(part.path).is_some());
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
        let Some(path) = payload_path(part.path) else { continue };
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
