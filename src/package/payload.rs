//! Writes the files of a record into a package, many at once.
//!
//! Sizes are known from the listing, so every file's place is known before it is read. Runs of small files are read behind their
//! headers into one buffer and written with one call; big files stream to their place, several side by side, and start first.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::container::{WriteError, system_time};
use super::reading::{Buffers, Done, Reading, Wanted};
use crate::io::durable;
use crate::io::zip::{Piece, Slot, ZipWriter};
use crate::model::checksum::{Checksum, Sha256Sum, Sha512Sum};
use crate::model::content::Content;
use crate::model::record::SourceFile;
use crate::model::time::Timestamp;
use crate::task::Watch;

/// Bytes of one run at most; longer files go by themselves.
const CHUNK: usize = 1 << 20;
/// Files of one run.
const RUN: usize = 256;

/// Which checksums are computed of payload files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digests {
    /// SHA-256.
    Short,
    /// SHA-256 and SHA-512.
    Both,
}

/// Checksums of files, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// SHA-256.
    pub sha256: Vec<Sha256Sum>,
    /// SHA-512; empty where nobody asked for it.
    pub sha512: Vec<Sha512Sum>,
}

/// Computes the SHA-256 of the files of a record without writing them.
pub fn digest(files: &[SourceFile], content: &dyn Content, watch: Watch<'_>) -> Result<Vec<Sha256Sum>, WriteError> {
    let wanted = Wanted { digests: Digests::Short, more: &[] };
    let reading = Reading { files, wanted, content, watch };
    let done = in_parallel(files, wanted, |units, buffers| {
        for files in indices(units).chunks(wanted.side_by_side()) {
            note(units, files, reading.stream(files, buffers, |_, _, _| Ok(()))?);
        }
        Ok(Vec::new())
    })?;
    Ok(done.sums.sha256)
}

/// Writes `files` into the ZIP file at `path`, below the name `base`, which ends in `/`.
#[allow(clippy::too_many_arguments)]
pub(super) fn into_zip(
    zip: &mut ZipWriter,
    path: &Path,
    base: &str,
    files: &[SourceFile],
    wanted: Wanted,
    times: impl Fn(Timestamp) -> Timestamp,
    content: &dyn Content,
    watch: Watch<'_>,
) -> Result<(Sums, Vec<Vec<Checksum>>), WriteError> {
    let plan = |file: &SourceFile| zip.plan(&format!("{base}{}", file.path), file.size, times(file.modified));
    let slots: Vec<Slot> = files.iter().map(plan).collect();
    zip.allocate().map_err(|source| WriteError::Io { path: path.to_owned(), source })?;
    let reading = Reading { files, wanted, content, watch };
    let place = Place { zip, base, slots: &slots, path, reading };
    let done = in_parallel(files, wanted, |units, buffers| place.write(units, buffers))?;
    for (slot, crc) in slots.iter().zip(&done.crc) {
        zip.set_crc(slot, *crc);
    }
    zip.note(done.pieces);
    Ok((done.sums, done.more))
}

/// Writes `files` into the folder `root`.
pub(super) fn into_folder(
    root: &Path,
    files: &[SourceFile],
    wanted: Wanted,
    times: impl Fn(Timestamp) -> Timestamp + Sync,
    content: &dyn Content,
    watch: Watch<'_>,
) -> Result<(Sums, Vec<Vec<Checksum>>), WriteError> {
    let make = |folder: &Path| {
        durable::create_missing(folder).map_err(|source| WriteError::Io { path: folder.to_owned(), source })
    };
    make(root)?;
    let mut last = PathBuf::new();
    for file in files {
        let target = root.join(&*file.path);
        if let Some(parent) = target.parent()
            && parent != last
        {
            parent.clone_into(&mut last);
            make(&last)?;
        }
    }
    let reading = Reading { files, wanted, content, watch };
    let some = |some: &[usize], buffers: &mut Buffers| {
        let targets: Vec<PathBuf> = some.iter().map(|index| root.join(&*files[*index].path)).collect();
        let fault = |number: usize| {
            let targets = &targets;
            move |source| WriteError::Io { path: targets[number].clone(), source }
        };
        let create = |(number, target): (usize, &PathBuf)| durable::create_file(target).map_err(fault(number));
        let out = targets.iter().enumerate().map(create).collect::<Result<Vec<File>, WriteError>>()?;
        let done = reading.stream(some, buffers, |number, piece, bytes| {
            out[number].write_all_at(bytes, piece.at).map_err(fault(number))
        })?;
        for (number, (out, index)) in out.iter().zip(some).enumerate() {
            out.set_modified(system_time(times(files[*index].modified))).map_err(fault(number))?;
        }
        Ok::<Vec<Done>, WriteError>(done)
    };
    let done = in_parallel(files, wanted, |units, buffers| {
        for files in indices(units).chunks(wanted.side_by_side()) {
            note(units, files, some(files, buffers)?);
        }
        Ok(Vec::new())
    })?;
    Ok((done.sums, done.more))
}

/// What is known of all files, in their order, and what was written of them.
struct AllDone {
    sums: Sums,
    more: Vec<Vec<Checksum>>,
    crc: Vec<u32>,
    pieces: Vec<Piece>,
}

/// Neighbouring files that one worker takes, and the room for what it learns of them.
struct Unit<'a> {
    files: Range<usize>,
    sha256: &'a mut [Sha256Sum],
    sha512: &'a mut [Sha512Sum],
    more: &'a mut [Vec<Checksum>],
    crc: &'a mut [u32],
}

impl Unit<'_> {
    fn note(&mut self, index: usize, done: Done) {
        let at = index - self.files.start;
        (self.sha256[at], self.crc[at]) = (done.sha256, done.crc);
        if let Some(sum) = done.sha512 {
            self.sha512[at] = sum;
        }
        if let Some(more) = self.more.get_mut(at) {
            *more = done.more;
        }
    }
}

/// The files of `units`, by their numbers.
fn indices(units: &[Unit<'_>]) -> Vec<usize> {
    units.iter().flat_map(|unit| unit.files.clone()).collect()
}

/// Notes in `units` what is known of their files with the numbers `files`.
fn note(units: &mut [Unit<'_>], files: &[usize], done: Vec<Done>) {
    for (index, done) in files.iter().zip(done) {
        if let Some(unit) = units.iter_mut().find(|unit| unit.files.contains(index)) {
            unit.note(*index, done);
        }
    }
}

/// Runs `work` over units of neighbouring files, the biggest first. Of units with one big file it gets some at a time, to be read side by
/// side, if there are more than threads.
fn in_parallel(
    files: &[SourceFile],
    wanted: Wanted,
    work: impl Fn(&mut [Unit<'_>], &mut Buffers) -> Result<Vec<Piece>, WriteError> + Sync,
) -> Result<AllDone, WriteError> {
    let longer = if wanted.digests == Digests::Both { files.len() } else { 0 };
    let mut sums = Sums { sha256: vec![[0; 32]; files.len()], sha512: vec![[0; 64]; longer] };
    let mut more = vec![Vec::new(); if wanted.more.is_empty() { 0 } else { files.len() }];
    let mut crc = vec![0; files.len()];
    let mut units = Vec::new();
    let mut rest = (&mut sums.sha256[..], &mut sums.sha512[..], &mut more[..], &mut crc[..]);
    for files in units_of(files) {
        let count = files.len();
        let (sha256, others) = std::mem::take(&mut rest.0).split_at_mut(count);
        rest.0 = others;
        let (sha512, others) = std::mem::take(&mut rest.1).split_at_mut(longer.min(count));
        rest.1 = others;
        let (more, others) = std::mem::take(&mut rest.2).split_at_mut(if wanted.more.is_empty() { 0 } else { count });
        rest.2 = others;
        let (crc, others) = std::mem::take(&mut rest.3).split_at_mut(count);
        rest.3 = others;
        units.push(Unit { files, sha256, sha512, more, crc });
    }
    let bytes = |unit: &Unit<'_>| files[unit.files.clone()].iter().map(|file| file.size).sum::<u64>();
    units.sort_by_key(|unit| std::cmp::Reverse(bytes(unit)));
    let count = units.partition_point(|unit| bytes(unit) > CHUNK as u64);
    let (big, small) = units.split_at_mut(count);
    let together = big.len().div_ceil(rayon::current_num_threads()).clamp(1, wanted.side_by_side());
    let pieces: Vec<Vec<Piece>> = big
        .par_chunks_mut(together)
        .chain(small.par_chunks_mut(1))
        .map_init(Buffers::new, |buffers, units| work(units, buffers))
        .collect::<Result<_, WriteError>>()?;
    Ok(AllDone { sums, more, crc, pieces: pieces.concat() })
}

fn units_of(files: &[SourceFile]) -> Vec<Range<usize>> {
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

/// Where payload lies in a ZIP file.
struct Place<'a> {
    zip: &'a ZipWriter,
    base: &'a str,
    slots: &'a [Slot],
    path: &'a Path,
    reading: Reading<'a>,
}

impl Place<'_> {
    fn write(&self, units: &mut [Unit<'_>], buffers: &mut Buffers) -> Result<Vec<Piece>, WriteError> {
        match units {
            [unit] if unit.files.len() > 1 || self.reading.files[unit.files.start].size <= CHUNK as u64 => {
                self.run(unit, buffers)
            }
            big => self.big(big, buffers),
        }
    }

    fn header(&self, index: usize, crc: u32) -> Vec<u8> {
        let name = format!("{}{}", self.base, self.reading.files[index].path);
        self.zip.header(&self.slots[index], &name, crc)
    }

    /// Streams big files to their places; their headers come last, since the CRC-32 stands in them.
    fn big(&self, units: &mut [Unit<'_>], buffers: &mut Buffers) -> Result<Vec<Piece>, WriteError> {
        let (files, mut pieces) = (indices(units), Vec::new());
        let done = self.reading.stream(&files, buffers, |number, piece, bytes| {
            let at = self.slots[files[number]].data + piece.at;
            pieces.push(Piece { at, ..piece });
            self.put(at, bytes)
        })?;
        for (index, done) in files.iter().zip(&done) {
            let (at, header) = (self.slots[*index].header, self.header(*index, done.crc));
            pieces.push(Piece::of(at, &header));
            self.put(at, &header)?;
        }
        note(units, &files, done);
        Ok(pieces)
    }

    /// Reads a run of small files behind their headers and writes all of it at once.
    fn run(&self, unit: &mut Unit<'_>, buffers: &mut Buffers) -> Result<Vec<Piece>, WriteError> {
        let mut buffer = buffers.pop().unwrap_or_default();
        let start = self.slots[unit.files.start].header;
        let offset = |at: u64| usize::try_from(at - start).unwrap_or(usize::MAX);
        let content = |index: usize| {
            let data = self.slots[index].data;
            offset(data)..offset(data + self.reading.files[index].size)
        };
        let mut end = 0;
        for index in unit.files.clone() {
            let place = content(index);
            end = place.end;
            if buffer.len() <= end {
                buffer.resize(end + CHUNK / 8, 0);
            }
            // One byte more, where the next header comes: a file that has become longer shows there.
            self.reading.whole(index, &mut buffer[place.start..=end])?;
        }
        let contents: Vec<&[u8]> = unit.files.clone().map(|index| &buffer[content(index)]).collect();
        for (index, done) in unit.files.clone().zip(self.reading.digest(&contents)) {
            buffer[offset(self.slots[index].header)..content(index).start]
                .copy_from_slice(&self.header(index, done.crc));
            unit.note(index, done);
        }
        buffer.truncate(end);
        let piece = Piece::of(start, &buffer);
        self.put(start, &buffer)?;
        buffers.push(buffer);
        Ok(vec![piece])
    }

    fn put(&self, at: u64, bytes: &[u8]) -> Result<(), WriteError> {
        let out: &File = self.zip.file();
        out.write_all_at(bytes, at).map_err(|source| WriteError::Io { path: self.path.to_owned(), source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(units_of(&sized(&[])).is_empty());
        assert_eq!(units_of(&sized(&[1, 2, 3])), vec![0..3]);
        assert_eq!(units_of(&sized(&[chunk, 1])), [0..1, 1..2]);
        assert_eq!(units_of(&sized(&[1, chunk + 1, 1, 1])), [0..1, 1..2, 2..4]);
        assert_eq!(units_of(&sized(&[0; 600])), [0..256, 256..512, 512..600]);
    }
}
