//! Reads a staged package back from the medium and compares it with what was meant to be written.

use std::fs::File;
use std::io::{self, Read};
use std::num::NonZeroU64;
use std::os::unix::fs::FileExt;
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::ArchiveError;
use super::pack::Made;
use crate::io::durable;
use crate::io::zip::Piece;
use crate::model::checksum::{Algorithm, Checksum, Hasher, Sha256Sum};
use crate::model::record::SourceFile;
use crate::package::container::{Finished, Packed};
use crate::package::reader::{PackageError, PackageReader, Part, open_regular};
use crate::store::Staged;
use crate::task::{Event, Watch};

/// How much is read at once, in bytes; workers keep their buffer.
const CHUNK: usize = 1 << 18;

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
    told(path, compare(path, meant, watch))
}

/// Says what it means that a package that was just written cannot be read.
fn told<T>(path: &Path, read: Result<T, ArchiveError>) -> Result<T, ArchiveError> {
    match read {
        // Not even a package is there any more.
        Err(ArchiveError::Package(PackageError::Io { path, source })) => Err(ArchiveError::Io { path, source }),
        Err(ArchiveError::Package(_)) => Err(ArchiveError::NotAsWritten { path: path.to_owned() }),
        done => done,
    }
}

/// Reads back a package that a run made of others' files and its own `made`, in the order in which it wrote these.
pub(super) fn read_back_made(path: &Path, made: &Made, files: &[SourceFile], watch: Watch<'_>) -> Sums {
    let others = sorted(made);
    read_back(path, Meant { base: &made.base, files, sums: &made.sums, others: &others }, watch)
}

/// As [`prove`], of such a package.
pub(super) fn prove_made(
    finished: &Finished,
    made: &Made,
    files: &[SourceFile],
    watch: Watch<'_>,
) -> Result<(), ArchiveError> {
    let others = sorted(made);
    prove(finished, Meant { base: &made.base, files, sums: &made.sums, others: &others }, watch)
}

/// The source's metadata are among them, and of these there may be many.
fn sorted(made: &Made) -> Vec<Packed> {
    let mut others = made.others.clone();
    others.sort_by(|a, b| a.path.cmp(&b.path));
    others
}

/// Reads back a package that leaves the program and is compared as its parts are, without checksums for an inventory: a ZIP by
/// the CRC-32 of all that was written, a folder by the SHA-256 of its files.
pub(super) fn prove(made: &Finished, meant: Meant<'_>, watch: Watch<'_>) -> Result<(), ArchiveError> {
    let path = &made.path;
    if path.is_dir() {
        told(path, loose(path, meant, |_| None, watch).map(drop))
    } else {
        pieces(path, &made.pieces, watch)
    }
}

/// Reads the ZIP file at `path` in the pieces in which it was written.
fn pieces(path: &Path, pieces: &[Piece], watch: Watch<'_>) -> Result<(), ArchiveError> {
    let wrong = || ArchiveError::NotAsWritten { path: path.to_owned() };
    let file = open_regular(path).map_err(ArchiveError::io(path))?;
    durable::forget(&file);
    let end = pieces.iter().try_fold(0, |end, piece| (piece.at == end).then_some(end + piece.length));
    if end != Some(file.metadata().map_err(ArchiveError::io(path))?.len()) {
        return Err(wrong());
    }
    pieces.par_iter().try_for_each_init(
        || vec![0; CHUNK],
        |buffer, piece| {
            let (mut at, end, mut crc) = (piece.at, piece.at + piece.length, crc32fast::Hasher::new());
            while at < end {
                watch.cancel.check()?;
                let most = usize::try_from(end - at).map_or(CHUNK, |left| left.min(CHUNK));
                match file.read_at(&mut buffer[..most], at) {
                    Ok(0) => return Err(wrong()),
                    Ok(read) => {
                        crc.update(&buffer[..read]);
                        at += read as u64;
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(ArchiveError::io(path)(error)),
                }
            }
            if crc.finalize() == piece.crc { Ok(()) } else { Err(wrong()) }
        },
    )
}

fn compare(path: &Path, meant: Meant<'_>, watch: Watch<'_>) -> Sums {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let wrong = || ArchiveError::NotAsWritten { path: path.to_owned() };
    if path.is_dir() {
        let sums = loose(path, meant, |part| Some(format!("{name}/{part}")), watch)?;
        return Ok(sums.into_iter().flatten().collect());
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
            reader.parts().par_iter().try_for_each_init(
                || vec![0; CHUNK],
                |buffer, part| {
                    let mut source = reader.read(part).map_err(ArchiveError::io(path))?;
                    let mut hasher = Sha256::new();
                    copy(&mut source, path, buffer, watch, |bytes| hasher.update(bytes))?;
                    let sum: Sha256Sum = hasher.finalize().into();
                    if meant.find(part.path) == Some((part.size, &sum)) { Ok(()) } else { Err(wrong()) }
                },
            )
        },
    );
    parts?;
    Ok(vec![(name, whole?)])
}

/// Reads back what was written around the content of a synced object.
pub(super) fn as_sealed(staged: &Staged, inventory: &str) -> Result<(), ArchiveError> {
    if staged.is_as_sealed(inventory)? { Ok(()) } else { Err(ArchiveError::NotAsWritten { path: staged.content() }) }
}

/// Reads back the files of a folder; those that get a name from `named` are returned by it with their SHA-512.
fn loose(
    path: &Path,
    meant: Meant<'_>,
    named: impl Fn(&str) -> Option<String> + Sync,
    watch: Watch<'_>,
) -> Result<Vec<Option<(String, Checksum)>>, ArchiveError> {
    let reader = PackageReader::open(path)?;
    if reader.parts().len() != meant.count() {
        return Err(ArchiveError::NotAsWritten { path: path.to_owned() });
    }
    let one = |buffer: &mut Vec<u8>, part: Part<'_>| {
        let target = path.join(part.path);
        let file = open_regular(&target).map_err(ArchiveError::io(&target))?;
        durable::forget(&file);
        drop(file);
        let mut source = reader.read(part).map_err(ArchiveError::io(&target))?;
        let name = named(part.path);
        let (mut short, mut long) = (Sha256::new(), name.as_ref().map(|_| Hasher::new(Algorithm::Sha512)));
        copy(&mut source, &target, buffer, watch, |bytes| {
            short.update(bytes);
            if let Some(long) = &mut long {
                long.update(bytes);
            }
        })?;
        let sum: Sha256Sum = short.finalize().into();
        if meant.find(part.path) == Some((part.size, &sum)) {
            Ok(name.zip(long.map(Hasher::finish)))
        } else {
            Err(ArchiveError::NotAsWritten { path: target })
        }
    };
    reader.parts().par_iter().map_init(|| vec![0; CHUNK], one).collect()
}

fn copy(
    source: &mut dyn Read,
    path: &Path,
    buffer: &mut [u8],
    watch: Watch<'_>,
    mut take: impl FnMut(&[u8]),
) -> Result<(), ArchiveError> {
    loop {
        watch.cancel.check()?;
        match source.read(buffer) {
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
    digest(file, path, watch, |_| {})
}

/// Computes the SHA-512 of a whole file as the medium holds it, and leaves nothing of it in memory: what others need there stays.
pub(super) fn digest_on_medium(file: &File, path: &Path, watch: Watch<'_>) -> Result<Checksum, ArchiveError> {
    /// How much is kept behind the place that is read.
    const BEHIND: NonZeroU64 = NonZeroU64::new(8 << 20).unwrap();
    durable::forget(file);
    let mut forgotten = 0;
    let sum = digest(file, path, watch, |at| {
        while at >= forgotten + BEHIND.get() {
            durable::forget_piece(file, forgotten, Some(BEHIND));
            forgotten += BEHIND.get();
        }
    });
    // Also what was read ahead, and where it was stopped.
    durable::forget(file);
    sum
}

/// Reads a whole file, by position; `read` is told how far.
fn digest(file: &File, path: &Path, watch: Watch<'_>, mut read: impl FnMut(u64)) -> Result<Checksum, ArchiveError> {
    let mut hasher = Hasher::new(Algorithm::Sha512);
    let mut buffer = vec![0; watch.piece(CHUNK)];
    let mut at = 0;
    loop {
        watch.cancel.check()?;
        match file.read_at(&mut buffer, at) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(length) => {
                hasher.update(&buffer[..length]);
                at += length as u64;
                read(at);
                watch.has_read(length as u64)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ArchiveError::io(path)(error)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::process::Command;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::task::{Cancel, Progress};

    /// Asks the system, after each piece, how much of a file is in memory, and keeps the most.
    struct InMemory<'a>(&'a Path, AtomicU64);

    impl Progress for InMemory<'_> {
        fn report(&self, _: Event) {
            if let Some(bytes) = in_memory(self.0) {
                self.1.fetch_max(bytes, Ordering::Relaxed);
            }
        }
    }

    fn in_memory(path: &Path) -> Option<u64> {
        let found = Command::new("fincore").args(["-b", "-n", "-o", "RES"]).arg(path).output().ok()?;
        String::from_utf8(found.stdout).ok()?.trim().parse().ok()
    }

    #[test]
    fn what_is_read_on_the_medium_does_not_stay_in_memory() {
        const SIZE: usize = 48 << 20;
        // On a disk: what lies in memory anyway cannot leave it.
        let program = std::env::current_exe().unwrap();
        let folder = tempfile::tempdir_in(program.parent().unwrap()).unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, vec![7; SIZE]).unwrap();
        let file = File::open(&path).unwrap();
        file.sync_all().unwrap();
        let not_tested = |why: &str| {
            use std::io::Write as _;
            drop(writeln!(io::stderr(), "not tested: what a check leaves in memory ({why})"));
        };
        let Some(before) = in_memory(&path) else { return not_tested("fincore is missing") };
        durable::forget(&file);
        if in_memory(&path) != Some(0) {
            return not_tested("this file system keeps everything there");
        }
        assert!(before > 0);
        let (cancel, quiet) = (Cancel::new(), crate::task::Silent);
        // The control: the usual way leaves all of it there.
        let usual = digest_file(&file, &path, Watch::new(&cancel, &quiet)).unwrap();
        assert!(in_memory(&path).unwrap() >= SIZE as u64 / 2);
        let most = InMemory(&path, AtomicU64::new(0));
        let sum = digest_on_medium(&file, &path, Watch::new(&cancel, &most)).unwrap();
        assert_eq!(sum, usual);
        assert_eq!(in_memory(&path), Some(0));
        let most = most.1.into_inner();
        // What is kept behind, and what the system reads ahead.
        assert!((1..=24 << 20).contains(&most), "{most}");
        // A stop leaves nothing either.
        cancel.request();
        digest_on_medium(&file, &path, Watch::new(&cancel, &quiet)).unwrap_err();
        assert_eq!(in_memory(&path), Some(0));
    }
}
