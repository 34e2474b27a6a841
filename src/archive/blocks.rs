//! The checksum of package files by blocks: it proves every byte with the speed of SHA-256, and all threads work on one file.
//!
//! Each file has the SHA-256 over the SHA-256 of each of its blocks, and all files together the SHA-256 over these, in the order
//! of their paths. The journal keeps it for each version of a package ([`Commit::blocks`](crate::model::package::Commit)).
//! Without this program it is computed, for files in that order, as
//!
//! ```text
//! for file in ...; do
//!   split --bytes=4M --filter='openssl dgst -sha256 -binary' "$file" | openssl dgst -sha256 -binary
//! done | sha256sum
//! ```

use std::collections::BTreeMap;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::{Archive, ArchiveError, holding, marker};
use crate::io::durable;
use crate::model::checksum::{Sha256Sum, hex};
use crate::model::finding::{Code, Finding};
use crate::package::reader::open_regular;
use crate::store::inventory::version_number;
use crate::store::{Inventory, Object};
use crate::task::Watch;

/// Bytes of a block; the last one of a file is what is left.
const BLOCK: u64 = 4 << 20;

/// How much is read at once, in bytes.
const CHUNK: usize = 1 << 18;

/// How much lies in memory side by side, in bytes, about.
const AT_ONCE: u64 = 64 << 20;

/// The file and the place of a block, and its SHA-256.
type Known = ((usize, u64), Sha256Sum);

/// Whether what was read is kept in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// As the medium holds it; nothing of it stays in memory.
    Medium,
    /// As it comes, since others read it as well.
    Any,
}

/// What checksums by blocks say of an object.
pub(super) enum ByBlocks {
    /// There are none.
    Unknown,
    /// Every byte is as it was.
    Equal,
    /// Something is not; which file it is, the inventory tells.
    Differs(Finding),
}

impl Archive {
    /// Checks all files of the object against the checksums by blocks `kept` when they were stored.
    pub(super) fn judge_blocks(&self, object: &Object, kept: &str, watch: Watch<'_>) -> Result<ByBlocks, ArchiveError> {
        let mut versions: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for (path, _) in object.inventory.iter().flat_map(Inventory::content) {
            let version = path.split('/').next().and_then(version_number);
            versions.entry(version.unwrap_or_default()).or_default().push(path);
        }
        let kept: Vec<&str> = kept.split_ascii_whitespace().collect();
        if kept.is_empty() || kept.len() != versions.len() {
            return Ok(ByBlocks::Unknown);
        }
        for ((number, mut names), kept) in versions.into_iter().zip(kept) {
            names.sort_unstable();
            let paths: Vec<PathBuf> = names.iter().map(|name| object.path(name)).collect();
            let finding = match checksum(&paths, Source::Medium, watch) {
                Ok(found) if found == kept => continue,
                Ok(found) => {
                    let file = if let [name] = names[..] { name.to_owned() } else { format!("v{number}") };
                    let finding =
                        Finding::new(Code::PackageChanged).file(format!("{}/{}/{file}", marker::STORE, object.place));
                    finding.value(found).expected(kept)
                }
                Err(ArchiveError::Io { path, source }) => {
                    Finding::new(Code::Unreadable).file(holding::relative(&self.root, &path)).value(source.to_string())
                }
                Err(error) => return Err(error),
            };
            return Ok(ByBlocks::Differs(finding));
        }
        Ok(ByBlocks::Equal)
    }
}

/// Returns the checksum by blocks of the files at `paths`, in hexadecimal digits.
pub(super) fn checksum(paths: &[PathBuf], source: Source, watch: Watch<'_>) -> Result<String, ArchiveError> {
    let sizes = paths.iter().map(|path| size(path, source)).collect::<Result<Vec<u64>, ArchiveError>>()?;
    // Blocks are taken as they follow each other, so that a disk reads on and on; some are hashed side by side.
    let mut blocks = sizes.iter().enumerate().flat_map(|(file, size)| starts(*size).map(move |start| (file, start)));
    let count = sizes.iter().map(|size| size.div_ceil(BLOCK)).sum();
    let some = side_by_side(count, rayon::current_num_threads());
    let groups = std::iter::from_fn(|| {
        let group: Vec<(usize, u64)> = blocks.by_ref().take(some).collect();
        (!group.is_empty()).then_some(group)
    });
    let read = groups.par_bridge().map_init(Vec::new, |buffers: &mut Vec<Vec<u8>>, group| {
        buffers.resize_with(group.len().max(buffers.len()), Vec::new);
        for ((file, start), buffer) in group.iter().zip(&mut *buffers) {
            block(&paths[*file], (*start, BLOCK.min(sizes[*file] - start)), source, buffer, watch)?;
        }
        let bytes: Vec<&[u8]> = buffers[..group.len()].iter().map(Vec::as_slice).collect();
        Ok(group.into_iter().zip(multibuffer::sums(&bytes)).collect())
    });
    let sums: Result<Vec<Vec<Known>>, ArchiveError> = read.collect();
    // What was read ahead behind the end of a block came back to memory after that was left.
    let several = sizes.iter().zip(paths).filter(|(size, _)| **size > BLOCK && source == Source::Medium);
    several.filter_map(|(_, path)| open_regular(path).ok()).for_each(|file| durable::forget(&file));
    let mut sums = sums?.concat();
    sums.sort_unstable_by_key(|(place, _)| *place);
    let (mut whole, mut rest) = (Sha256::new(), &sums[..]);
    for file in 0..paths.len() {
        let (own, others) = rest.split_at(rest.partition_point(|((of, _), _)| *of == file));
        rest = others;
        let sum = own.iter().fold(Sha256::new(), |sum, (_, block)| sum.chain_update(block));
        whole.update(sum.finalize());
    }
    Ok(hex(&whole.finalize()))
}

/// Returns how many of `count` blocks a thread takes at a time: two where all have as many and there are not too many threads. More would be faster by a
/// tenth, and take twice the memory.
fn side_by_side(count: u64, threads: usize) -> usize {
    let room = usize::try_from(AT_ONCE / BLOCK).unwrap_or(usize::MAX);
    let share = usize::try_from(count).unwrap_or(usize::MAX).min(room) / threads;
    share.clamp(1, 2)
}

fn starts(size: u64) -> impl Iterator<Item = u64> + Send {
    (0..size.div_ceil(BLOCK)).map(|number| number * BLOCK)
}

fn size(path: &Path, source: Source) -> Result<u64, ArchiveError> {
    let file = open_regular(path).map_err(ArchiveError::io(path))?;
    if source == Source::Medium {
        durable::forget(&file);
    }
    Ok(file.metadata().map_err(ArchiveError::io(path))?.len())
}

/// Reads a block into `buffer`.
fn block(
    path: &Path,
    (start, length): (u64, u64),
    source: Source,
    buffer: &mut Vec<u8>,
    watch: Watch<'_>,
) -> Result<(), ArchiveError> {
    let file = open_regular(path).map_err(ArchiveError::io(path))?;
    buffer.resize(usize::try_from(length).unwrap_or(usize::MAX), 0);
    let read = buffer.chunks_mut(watch.piece(CHUNK)).zip(0..).try_for_each(|(piece, number)| {
        watch.cancel.check()?;
        let at = start + number * watch.piece(CHUNK) as u64;
        file.read_exact_at(piece, at).map_err(|error| ArchiveError::io(path)(plain(error)))?;
        Ok(watch.has_read(piece.len() as u64)?)
    });
    if source == Source::Medium {
        durable::forget_piece(&file, start, std::num::NonZeroU64::new(length));
    }
    read
}

/// Returns the error of a file that ended too early as any other reader would tell it.
fn plain(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::UnexpectedEof { io::ErrorKind::UnexpectedEof.into() } else { error }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use crate::task::{Cancel, Silent};

    #[test]
    fn it_is_what_the_definition_says_whatever_the_sizes_and_however_it_is_read() {
        let (cancel, block) = (Cancel::new(), usize::try_from(BLOCK).unwrap());
        let watch = Watch::new(&cancel, &Silent);
        let folder = tempfile::tempdir().unwrap();
        let tables: [&[usize]; 6] =
            [&[], &[0], &[1], &[block], &[block - 1, 0, block + 1], &[3 * block + 7, 2 * block]];
        for sizes in tables {
            let (mut paths, mut whole) = (Vec::new(), Sha256::new());
            for (number, size) in sizes.iter().enumerate() {
                let bytes: Vec<u8> =
                    (0..*size).map(|at| ((at / 251 + at + number) % 256).try_into().unwrap()).collect();
                let path = folder.path().join(number.to_string());
                std::fs::write(&path, &bytes).unwrap();
                let mut own = Sha256::new();
                bytes.chunks(block).for_each(|block| own.update(Sha256::digest(block)));
                whole.update(own.finalize());
                paths.push(path);
            }
            let expected = hex(&whole.finalize());
            for source in [Source::Any, Source::Medium] {
                assert_eq!(checksum(&paths, source, watch).unwrap(), expected, "{sizes:?}");
            }
        }
    }

    #[test]
    fn where_files_end_and_what_is_first_makes_a_difference() {
        let (cancel, block) = (Cancel::new(), usize::try_from(BLOCK).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let sum = |files: &[Vec<u8>]| {
            let mut paths = Vec::new();
            for (number, bytes) in files.iter().enumerate() {
                paths.push(folder.path().join(number.to_string()));
                std::fs::write(&paths[number], bytes).unwrap();
            }
            checksum(&paths, Source::Any, Watch::new(&cancel, &Silent)).unwrap()
        };
        let (a, b) = (vec![1; block], vec![2; block]);
        let together = [a.clone(), b.clone()].concat();
        let files = [vec![a.clone(), b.clone()], vec![b, a], vec![together.clone()], vec![together, Vec::new()]];
        let sums: std::collections::BTreeSet<String> = files.iter().map(|files| sum(files)).collect();
        assert_eq!(sums.len(), files.len());
    }
}
