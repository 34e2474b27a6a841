//! Reads a staged package back from the medium and compares it with what was meant to be written.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::ArchiveError;
use super::pack::Made;
use crate::io::durable;
use crate::model::checksum::{Algorithm, Checksum, Hasher, Sha256Sum};
use crate::model::record::SourceFile;
use crate::package::container::Packed;
use crate::package::reader::{PackageError, PackageReader, Part, open_regular};
use crate::store::Staged;
use crate::task::{Event, Watch};

const CHUNK: usize = 1 << 20;

/// The SHA-512 of each file of a package.
type Sums = Result<Vec<(String, Checksum)>, ArchiveError>;

/// What a package was meant to hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meant<'a> {
    /// The folder of `files`, ending in `/` or empty.
    pub(super) base: &'a str,
    /// Payload, sorted by path.
    pub(super) files: &'a [SourceFile],
    /// Its SHA-256.
    pub(super) sums: &'a [Sha256Sum],
    /// All other files, sorted by path.
    pub(super) others: &'a [Packed],
}

impl Meant<'_> {
    fn find(&self, path: &str) -> Option<(u64, &Sha256Sum)> {
        if let Ok(at) = self.others.binary_search_by(|other| other.path.as_str().cmp(path)) {
            return Some((self.others[at].size, &self.others[at].sum));
        }
        let path = path.strip_prefix(self.base)?;
        let at = self.files.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
        Some((self.files[at].size, &self.sums[at]))
    }

    fn count(&self) -> usize {
        self.files.len() + self.others.len()
    }
}

/// Reads the package at `path`, a synced ZIP file or folder, and returns the SHA-512 of each of its files, by path below
/// `path`'s folder. What is not as meant is an error: the medium does not hold what was written.
pub(super) fn read_back(path: &Path, meant: Meant<'_>, watch: Watch<'_>) -> Sums {
    match compare(path, meant, watch) {
        // Not even a package is there any more.
        Err(ArchiveError::Package(PackageError::Io { path, source })) => Err(ArchiveError::Io { path, source }),
        Err(ArchiveError::Package(_)) => Err(ArchiveError::NotAsWritten { path: path.to_owned() }),
        done => done,
    }
}

/// Reads back a package that a run made of others' files and its own `made`, in the order in which it wrote these.
pub(super) fn read_back_made(path: &Path, made: &Made, files: &[SourceFile], watch: Watch<'_>) -> Sums {
    // The source's metadata are among them, and of these there may be many.
    let mut others = made.others.clone();
    others.sort_by(|a, b| a.path.cmp(&b.path));
    read_back(path, Meant { base: &made.base, files, sums: &made.sums, others: &others }, watch)
}

fn compare(path: &Path, meant: Meant<'_>, watch: Watch<'_>) -> Sums {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let wrong = || ArchiveError::NotAsWritten { path: path.to_owned() };
    if path.is_dir() {
        let reader = PackageReader::open(path)?;
        if reader.parts().len() != meant.count() {
            return Err(wrong());
        }
        return reader
            .parts()
            .par_iter()
            .map(|part| {
                let sum = both(&reader, path, part, meant, watch)?;
                Ok((format!("{name}/{}", part.path), sum))
            })
            .collect();
    }
    let file = open_regular(path).map_err(ArchiveError::io(path))?;
    durable::forget(&file);
    let twin = file.try_clone().map_err(ArchiveError::io(path))?;
    let (whole, parts) = rayon::join(
        || digest_file(&twin, path, watch),
        || {
            let reader = PackageReader::open_zip(path, file)?;
            if reader.parts().len() != meant.count() {
                return Err(wrong());
            }
            reader.parts().par_iter().try_for_each(|part| {
                let mut source = reader.read(part).map_err(ArchiveError::io(path))?;
                let mut hasher = Sha256::new();
                copy(&mut source, path, watch, |bytes| hasher.update(bytes))?;
                let sum: Sha256Sum = hasher.finalize().into();
                if meant.find(&part.path) == Some((part.size, &sum)) { Ok(()) } else { Err(wrong()) }
            })
        },
    );
    parts?;
    Ok(vec![(name, whole?)])
}

/// Reads back what was written around the content of a synced object.
pub(super) fn as_sealed(staged: &Staged, inventory: &str) -> Result<(), ArchiveError> {
    if staged.is_as_sealed(inventory)? { Ok(()) } else { Err(ArchiveError::NotAsWritten { path: staged.content() }) }
}

fn both(
    reader: &PackageReader,
    path: &Path,
    part: &Part,
    meant: Meant<'_>,
    watch: Watch<'_>,
) -> Result<Checksum, ArchiveError> {
    let target = path.join(&*part.path);
    let file = open_regular(&target).map_err(ArchiveError::io(&target))?;
    durable::forget(&file);
    drop(file);
    let mut source = reader.read(part).map_err(ArchiveError::io(&target))?;
    let (mut short, mut long) = (Sha256::new(), Hasher::new(Algorithm::Sha512));
    copy(&mut source, &target, watch, |bytes| {
        short.update(bytes);
        long.update(bytes);
    })?;
    let sum: Sha256Sum = short.finalize().into();
    if meant.find(&part.path) == Some((part.size, &sum)) {
        Ok(long.finish())
    } else {
        Err(ArchiveError::NotAsWritten { path: target })
    }
}

fn copy(source: &mut dyn Read, path: &Path, watch: Watch<'_>, mut take: impl FnMut(&[u8])) -> Result<(), ArchiveError> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        watch.cancel.check()?;
        match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => take(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ArchiveError::io(path)(error)),
        }
    }
    watch.progress.report(Event::Advanced { files: 1, bytes: 0 });
    Ok(())
}

/// Computes the SHA-512 of a whole file, by position.
pub(super) fn digest_file(file: &File, path: &Path, watch: Watch<'_>) -> Result<Checksum, ArchiveError> {
    let mut hasher = Hasher::new(Algorithm::Sha512);
    let mut buffer = vec![0; watch.piece(CHUNK)];
    let mut at = 0;
    loop {
        watch.cancel.check()?;
        match file.read_at(&mut buffer, at) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(read) => {
                hasher.update(&buffer[..read]);
                at += read as u64;
                watch.has_read(read as u64)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ArchiveError::io(path)(error)),
        }
    }
}
