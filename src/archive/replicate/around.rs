//! What lies around the objects: the catalogue, and files that people wrote or read.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use walkdir::WalkDir;

use super::super::audit::periods;
use super::super::rebuild::anew;
use super::super::writer::{Rows, Unsettled, record};
use super::super::{Archive, ArchiveError, marker};
use crate::catalogue::{Catalogue, CatalogueError};
use crate::io::durable;
use crate::journal::{self, Head};
use crate::model::finding::{Code, Finding};
use crate::task::Watch;

/// Single files; those that are not there are none.
const FILES: [&str; 2] = [marker::READ_ME, periods::FILE];
/// Folders with all that is in them.
const FOLDERS: [&str; 3] = [marker::REPORTS, marker::AGREEMENTS, marker::PROFILES];
/// In the folder of reports: the history of the audits. It is about the medium of the original; a copy has its own.
const HISTORY: &str = "audit";

/// Brings the catalogue of the copy as far as its journal, from its own store; `objects` are those that were copied.
///
/// One that is missing, damaged or of another version, or knows what this journal does not, is made anew.
pub(super) fn catalogue(
    copy: &Archive,
    objects: &BTreeSet<String>,
    thorough: bool,
    watch: Watch<'_>,
) -> Result<(), ArchiveError> {
    let head = journal::head(&copy.journal())?;
    let found = match Catalogue::open(&copy.root().join(marker::CATALOGUE)) {
        Ok(catalogue) if !thorough || catalogue.check()?.0.is_empty() => Some(catalogue),
        Ok(_) | Err(CatalogueError::Missing { .. } | CatalogueError::Damaged { .. } | CatalogueError::Older { .. }) => {
            None
        }
        Err(error) => return Err(error.into()),
    };
    // A new copy has nothing but the first entry.
    let known = found.as_ref().and_then(|catalogue| copy.head_in(catalogue).ok()).filter(|known| known.seq > 1);
    let (mut told, mut follows) = (Unsettled::default(), false);
    for entry in journal::entries(&copy.journal())? {
        let entry = entry?;
        if known == Some(entry.head()) {
            follows = true;
            told = Unsettled::default();
        } else {
            told.take(entry.time, entry.event);
        }
    }
    told.newest();
    match found.filter(|_| follows) {
        None => anew(copy, &told, Head::EMPTY, watch, |_| Ok(head)).map(drop),
        Some(_) if known == Some(head) && objects.is_empty() => Ok(()),
        Some(mut catalogue) => {
            let Rows { mut holdings, mut accessions, gone } = told.rows(copy)?;
            // Also what was damaged here when its entry came, and is not any more.
            let (more, reopened) = copy.restored(objects)?;
            holdings.extend(more);
            accessions.extend(reopened);
            if let Some(known) = known.filter(|_| !gone.is_empty()) {
                catalogue.forget(&gone, (known.seq, &crate::model::checksum::hex(&known.hash)))?;
            }
            record(&mut catalogue, &holdings, &accessions, head)
        }
    }
}

/// Copies the files around the objects that the copy lacks or has otherwise; nothing is removed. Returns what was left out.
///
/// Receipts never change: one that has its size is taken for the same unless `thorough`.
pub(super) fn files(from: &Path, to: &Path, thorough: bool, watch: Watch<'_>) -> Result<Vec<Finding>, ArchiveError> {
    let mut left = Vec::new();
    for name in FILES {
        bring(from, to, Path::new(name), true, &mut left)?;
    }
    for folder in FOLDERS {
        let place = from.join(folder);
        let walk = WalkDir::new(&place).min_depth(1).sort_by_file_name().into_iter();
        let wanted = |path: &Path| folder != marker::REPORTS || path != place.join(HISTORY);
        for entry in walk.filter_entry(|entry| wanted(entry.path())) {
            watch.cancel.check()?;
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) if error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound) => continue,
                Err(error) => {
                    let path = error.path().unwrap_or(&place).strip_prefix(from).unwrap_or(&place).to_owned();
                    left.push(unread(&path, &error.into()));
                    continue;
                }
            };
            let path = entry.path().strip_prefix(from).unwrap_or(entry.path());
            if entry.file_type().is_file() {
                bring(from, to, path, thorough || folder != marker::REPORTS, &mut left)?;
            } else if !entry.file_type().is_dir() {
                left.push(Finding::new(Code::StoreIntruder).file(path.to_string_lossy()));
            }
        }
    }
    Ok(left)
}

/// Copies the file `path` unless the copy has it.
fn bring(from: &Path, to: &Path, path: &Path, compare: bool, left: &mut Vec<Finding>) -> Result<(), ArchiveError> {
    let (source, target) = (from.join(path), to.join(path));
    let opened = File::open(&source).and_then(|file| file.metadata().map(|found| (file, found.len())));
    let (mut file, size) = match opened {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            left.push(unread(path, &error));
            return Ok(());
        }
    };
    let there = target.symlink_metadata().is_ok_and(|found| found.is_file() && found.len() == size);
    if there && (!compare || same(&mut file, &target)?) {
        return Ok(());
    }
    if let Some(folder) = target.parent() {
        durable::create_folders(folder, to).map_err(ArchiveError::io(folder))?;
    }
    let copied = durable::replace(&target, |out| {
        let mut file = File::open(&source)?;
        io::copy(&mut file, out).map(drop)
    });
    copied.map_err(ArchiveError::io(&target))
}

fn unread(path: &Path, error: &io::Error) -> Finding {
    Finding::new(Code::Unreadable).file(path.to_string_lossy()).value(error.to_string())
}

/// Whether the file at `target` holds what `file` does; one that cannot be read does not.
fn same(file: &mut File, target: &Path) -> Result<bool, ArchiveError> {
    let Ok(mut other) = File::open(target) else { return Ok(false) };
    let (mut one, mut two) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let read = fill(file, &mut one).map_err(ArchiveError::io(target))?;
        let Ok(found) = fill(&mut other, &mut two) else { return Ok(false) };
        if one.get(..read) != two.get(..found) {
            return Ok(false);
        }
        if read == 0 {
            return Ok(true);
        }
    }
}

/// Reads until the buffer is full or the file ends.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while done < buffer.len() {
        match input.read(buffer.get_mut(done..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}
