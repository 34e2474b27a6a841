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
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use multibuffer::Message;
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

/// How much is read at once, in bytes: a disk goes from one block to the other for it.
const CHUNK: usize = 1 << 20;

/// Blocks that a thread reads in turn and hashes together, where there are more than threads.
const SIDE_BY_SIDE: usize = 2;

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
    // Blocks are taken as they follow each other, so that a disk reads on and on.
    let mut blocks = sizes.iter().enumerate().flat_map(|(file, size)| starts(*size).map(move |start| (file, start)));
    let count: u64 = sizes.iter().map(|size| size.div_ceil(BLOCK)).sum();
    let some = if count > rayon::current_num_threads() as u64 { SIDE_BY_SIDE } else { 1 };
    let groups = std::iter::from_fn(|| {
        let group: Vec<(usize, u64)> = blocks.by_ref().take(some).collect();
        (!group.is_empty()).then_some(group)
    });
    let sums = Mutex::new(Vec::new());
    let done: Result<(), ArchiveError> = groups.par_bridge().try_for_each_init(Vec::new, |buffer, group| {
        let blocks = group.iter().map(|(file, start)| (&*paths[*file], *start, sizes[*file].min(start + BLOCK)));
        let found = some_blocks(&blocks.collect::<Vec<_>>(), source, buffer, watch)?;
        sums.lock().unwrap_or_else(PoisonError::into_inner).extend(group.into_iter().zip(found));
        Ok(())
    });
    // What was read ahead behind the end of a block came back to memory after that was left.
    let several = sizes.iter().zip(paths).filter(|(size, _)| **size > BLOCK && source == Source::Medium);
    several.filter_map(|(_, path)| open_regular(path).ok()).for_each(|file| durable::forget(&file));
    done?;
    let mut sums: Vec<Known> = sums.into_inner().unwrap_or_else(PoisonError::into_inner);
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

/// Returns the SHA-256 of blocks, each with its file, its start and its end, that are read in turn.
fn some_blocks(
    blocks: &[(&Path, u64, u64)],
    source: Source,
    buffer: &mut Vec<u8>,
    watch: Watch<'_>,
) -> Result<Vec<Sha256Sum>, ArchiveError> {
    // Most packages are small: no more room is made than they take.
    let longest = blocks.iter().map(|(_, start, end)| end - start).max().unwrap_or_default();
    let chunk = watch.piece(CHUNK).min(usize::try_from(longest).unwrap_or(CHUNK)).max(1);
    buffer.resize(chunk * blocks.len(), 0);
    let open = |(path, at, end): (_, u64, u64)| {
        Ok((Block { file: open_regular(path).map_err(ArchiveError::io(path))?, path, at, end }, Message::new()))
    };
    let mut opened = blocks.iter().copied().map(open).collect::<Result<Vec<(Block<'_>, Message)>, ArchiveError>>()?;
    let mut read = || {
        while opened.iter().any(|(block, _)| block.at < block.end) {
            let mut pieces = Vec::with_capacity(opened.len());
            for ((block, message), buffer) in opened.iter_mut().zip(buffer.chunks_mut(chunk)) {
                pieces.push((message, block.read(buffer, watch)?));
            }
            multibuffer::update(pieces);
        }
        Ok(())
    };
    let done = read();
    if source == Source::Medium {
        for ((block, _), (_, start, end)) in opened.iter().zip(blocks) {
            durable::forget_piece(&block.file, *start, std::num::NonZeroU64::new(end - start));
        }
    }
    done.map(|()| multibuffer::finish(opened.into_iter().map(|(_, message)| message)))
}

/// What is left of a block.
struct Block<'a> {
    file: File,
    path: &'a Path,
    at: u64,
    end: u64,
}

impl Block<'_> {
    /// Reads on into `buffer` and returns what was read; nothing at the end.
    fn read<'b>(&mut self, buffer: &'b mut [u8], watch: Watch<'_>) -> Result<&'b [u8], ArchiveError> {
        watch.cancel.check()?;
        let most = usize::try_from(self.end - self.at).map_or(buffer.len(), |left| left.min(buffer.len()));
        let bytes = &mut buffer[..most];
        self.file.read_exact_at(bytes, self.at).map_err(|error| ArchiveError::io(self.path)(plain(error)))?;
        self.at += most as u64;
        watch.has_read(most as u64)?;
        Ok(bytes)
    }
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
