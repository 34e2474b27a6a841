//! Files of a record read once, many at a time, for all checksums that are wanted of them.

use std::ops::Range;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256, Sha512};

use super::{Digests, WriteError};
use crate::model::checksum::{Algorithm, Checksum, Hasher, Sha256Sum, Sha512Sum};
use crate::model::content::{Content, ReadFault};
use crate::model::record::SourceFile;
use crate::task::{Event, Watch};

/// How much is read or written at once, in bytes; files up to this size go in runs.
pub(super) const CHUNK: usize = 1 << 20;
/// Files of one run.
const RUN: usize = 256;

/// What is known of a file that was read.
#[derive(Debug, Clone, Default)]
pub(super) struct Done {
    pub(super) sha256: Sha256Sum,
    pub(super) sha512: Option<Box<Sha512Sum>>,
    pub(super) more: Vec<Checksum>,
    pub(super) crc: u32,
}

/// Which checksums are computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) digests: Digests,
    pub(super) more: &'static [Algorithm],
}

/// Runs `work` over units of neighbouring files, the biggest first, and returns the results in the files' order.
pub(super) fn in_parallel(
    files: &[SourceFile],
    work: impl Fn(Range<usize>) -> Result<Vec<Done>, WriteError> + Sync,
) -> Result<Vec<Done>, WriteError> {
    let mut units = units(files);
    units.sort_by_key(|unit| std::cmp::Reverse(files[unit.clone()].iter().map(|f| f.size).sum::<u64>()));
    let done: Vec<(usize, Vec<Done>)> =
        units.into_par_iter().map(|unit| Ok((unit.start, work(unit)?))).collect::<Result<_, WriteError>>()?;
    let mut all = vec![Done::default(); files.len()];
    for (start, results) in done {
        for (slot, one) in all[start..].iter_mut().zip(results) {
            *slot = one;
        }
    }
    Ok(all)
}

fn units(files: &[SourceFile]) -> Vec<Range<usize>> {
    let mut units: Vec<Range<usize>> = Vec::new();
    let mut bytes = 0;
    for (index, file) in files.iter().enumerate() {
        match units.last_mut() {
            Some(last) if bytes + file.size <= CHUNK as u64 && last.len() < RUN => {
                last.end = index + 1;
                bytes += file.size;
            }
            _ => {
                units.push(index..index + 1);
                bytes = file.size;
            }
        }
    }
    units
}

/// Reads `file` to its end, handing on each piece with its offset.
pub(super) fn stream(
    file: &SourceFile,
    wanted: Wanted,
    content: &dyn Content,
    watch: Watch<'_>,
    mut take: impl FnMut(u64, &[u8]) -> Result<(), WriteError>,
) -> Result<Done, WriteError> {
    watch.cancel.check()?;
    let fault = |fault| WriteError::Source { path: file.path.to_string(), fault };
    let mut reader = content.open(file).map_err(fault)?;
    let mut buffer = vec![0; CHUNK.min(usize::try_from(file.size).unwrap_or(CHUNK) + 1)];
    let (mut hasher, mut crc, mut at) = (Sha256::new(), crc32fast::Hasher::new(), 0_u64);
    let mut longer = (wanted.digests == Digests::Both).then(Sha512::new);
    let mut more: Vec<Hasher> = wanted.more.iter().copied().map(Hasher::new).collect();
    loop {
        let read = reader.read(&mut buffer).map_err(fault)?;
        let bytes = &buffer[..read];
        if at + read as u64 > file.size || (read == 0 && at < file.size) {
            return Err(fault(ReadFault::Changed));
        }
        if read == 0 {
            break;
        }
        hasher.update(bytes);
        if let Some(longer) = &mut longer {
            longer.update(bytes);
        }
        for hasher in &mut more {
            hasher.update(bytes);
        }
        crc.update(bytes);
        take(at, bytes)?;
        at += read as u64;
        watch.has_read(read as u64)?;
    }
    watch.progress.report(Event::Advanced { files: 1, bytes: 0 });
    let sha512 = longer.map(|longer| Box::new(longer.finalize().into()));
    let more = more.into_iter().map(Hasher::finish).collect();
    Ok(Done { sha256: hasher.finalize().into(), sha512, more, crc: crc.finalize() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::Timestamp;

    fn sized(sizes: &[u64]) -> Vec<SourceFile> {
        let file = |size: &u64| SourceFile {
            path: "x".into(),
            size: *size,
            modified: Timestamp::from_seconds(0),
            ..SourceFile::default()
        };
        sizes.iter().map(file).collect()
    }

    #[test]
    fn small_neighbours_go_together_and_big_files_alone() {
        let chunk = CHUNK as u64;
        assert!(units(&sized(&[])).is_empty());
        assert_eq!(units(&sized(&[1, 2, 3])), vec![0..3]);
        assert_eq!(units(&sized(&[chunk, 1])), [0..1, 1..2]);
        assert_eq!(units(&sized(&[1, chunk + 1, 1, 1])), [0..1, 1..2, 2..4]);
        assert_eq!(units(&sized(&[0; 600])), [0..256, 256..512, 512..600]);
    }
}
