//! The packages of one AIP seen as one: the first, and what later versions brought (supplements and amendments).
//!
//! Payload adds up, since no two parts use the same paths for it (AIP2). Of descriptions the newest counts; the former ones and
//! the METS documents of later parts appear under `metadata/other/archived/vN/`. Other files whose path an earlier part has
//! appear with `-vN` behind their name, and what eArchiv puts into each package only once.

use super::{ARCHIVED, DESCRIPTION, METS, READ_ME, compose};
use crate::package::reader::PackageReader;

/// Sees `pieces`, the packages of an AIP in the order of its versions, as one; `None` where there are none.
#[must_use]
pub fn join(mut pieces: Vec<PackageReader>) -> Option<PackageReader> {
    if pieces.len() == 1 {
        return pieces.pop();
    }
    PackageReader::joined(pieces, place)
}

/// Returns under which path the file `path` of the package number `piece` appears in all of them; `None` where it does not.
#[must_use]
pub fn place(pieces: &[PackageReader], piece: usize, path: &str) -> Option<String> {
    let has = |piece: &PackageReader, path: &str| piece.find(path).is_some();
    let version = piece + 1;
    let (earlier, later) = (pieces.get(..piece)?, pieces.get(version..)?);
    if path == METS && piece > 0 || path == DESCRIPTION && later.iter().any(|piece| has(piece, path)) {
        let name = path.rsplit('/').next().unwrap_or(path);
        return Some(format!("{ARCHIVED}v{version}/{name}"));
    }
    // What it says, the newest one says.
    if path == DESCRIPTION || !earlier.iter().any(|piece| has(piece, path)) {
        return Some(path.to_owned());
    }
    if [READ_ME, compose::SCHEMA].contains(&path) {
        return None;
    }
    let (stem, end) = match path.rfind('.').filter(|dot| path.rfind('/').is_none_or(|slash| slash < *dot)) {
        Some(dot) => path.split_at(dot),
        None => (path, ""),
    };
    let mut name = format!("{stem}-v{version}{end}");
    while pieces.iter().any(|piece| has(piece, &name)) {
        name = format!("{}-v{version}{end}", name.strip_suffix(end).unwrap_or(&name));
    }
    Some(name)
}
