//! Reads a staged package back from the medium and compares it with what was meant to be written.

mod zipped;

use std::fs::File;
use std::io::{self, Read};
use std::num::NonZeroU64;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::ArchiveError;
use super::blocks::{self, Source};
use super::pack::Made;
use crate::io::durable;
use crate::model::checksum::{Algorithm, Checksum, Hasher, Sha256Sum};
use crate::model::record::SourceFile;
use crate::package::container::{Finished, Packed};
use crate::package::reader::{PackageError, PackageReader, Part, open_regular};
use crate::store::Staged;
use crate::task::{Event, Silent, Watch};

/// How much is read at once, in bytes; workers keep their buffer.
const CHUNK: usize = 1 << 18;

/// What was read back of a package.
#[derive(Debug, Default)]
pub(super) struct Back {
    /// The SHA-512 of each file, by path below the package's folder, sorted.
    pub(super) files: Vec<(String, Checksum)>,
    /// The checksum of all of them by blocks.
    pub(super) blocks: String,
}

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

/// One file of a package as it was meant, and its number among the others or among the payload.
struct Wanted<'a> {
    number: usize,
    is_payload: bool,
    size: u64,
    sum: &'a Sha256Sum,
}

impl<'a> Meant<'a> {
    fn find(&self, path: &str) -> Option<Wanted<'a>> {
        if let Ok(number) = self.others.binary_search_by(|other| other.path.as_str().cmp(path)) {
            let other = &self.others[number];
            return Some(Wanted { number, is_payload: false, size: other.size, sum: &other.sum });
        }
        let path = path.strip_prefix(self.base)?;
        let number = self.files.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
        Some(Wanted { number, is_payload: true, size: self.files[number].size, sum: &self.sums[number] })
    }

    fn is(&self, path: &str, size: u64, sum: &Sha256Sum) -> bool {
        self.find(path).is_some_and(|wanted| wanted.size == size && wanted.sum == sum)
    }
}

/// Reads a synced package and returns the checksums of its files. What is not as meant is an error: the medium does not hold what
/// was written.
pub(super) fn read_back(made: &Finished, meant: Meant<'_>, watch: Watch<'_>) -> Result<Back, ArchiveError> {
    told(&made.path, compare(made, meant, watch))
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
pub(super) fn read_back_made(
    finished: &Finished,
    made: &Made,
    files: &[SourceFile],
    watch: Watch<'_>,
) -> Result<Back, ArchiveError> {
    let others = sorted(made);
    read_back(finished, Meant { base: &made.base, files, sums: &made.sums, others: &others }, watch)
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
    match &made.layout {
        None => told(path, loose(path, meant, |_| None, watch).map(drop)),
        Some(_) => zipped::pieces(path, &made.pieces, watch),
    }
}

fn compare(made: &Finished, meant: Meant<'_>, watch: Watch<'_>) -> Result<Back, ArchiveError> {
    let path = &made.path;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    // The same bytes once more: they are told of once.
    let silent = Watch { progress: &Silent, ..watch };
    let Some(layout) = &made.layout else {
        let sums = loose(path, meant, |part| Some(format!("{name}/{part}")), watch)?;
        let mut files: Vec<(String, Checksum)> = sums.into_iter().flatten().collect();
        files.sort_by(|(a, _), (b, _)| a.cmp(b));
        let around = path.parent().unwrap_or(path);
        let paths: Vec<PathBuf> = files.iter().map(|(name, _)| around.join(name)).collect();
        return Ok(Back { files, blocks: blocks::checksum(&paths, Source::Any, silent)? });
    };
    let file = open_regular(path).map_err(ArchiveError::io(path))?;
    durable::forget(&file);
    let by_blocks = || blocks::checksum(&[path.to_owned()], Source::Any, silent);
    let entries = || zipped::entries(path, &file, layout, meant, watch);
    let (whole, (blocks, entries)) =
        rayon::join(|| digest_file(&file, path, watch), || rayon::join(by_blocks, entries));
    entries?;
    Ok(Back { files: vec![(name, whole?)], blocks: blocks? })
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
    if reader.parts().len() != meant.files.len() + meant.others.len() {
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
        if meant.is(part.path, part.size, &sum) {
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
        let (cancel, quiet) = (Cancel::new(), Silent);
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
