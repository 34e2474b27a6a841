//! Writes the files of a record into a package, many at once.
//!
//! Sizes are known from the listing, so every file's place is known before it is read. Runs of small files are read behind their
//! headers into one buffer and written with one call; big files stream to their place and start first.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256, Sha512};

use super::container::{WriteError, system_time};
use crate::io::durable;
use crate::io::zip::{Piece, Slot, ZipWriter};
use crate::model::checksum::{Sha256Sum, Sha512Sum};
use crate::model::content::{Content, FileBytes, ReadFault};
use crate::model::record::SourceFile;
use crate::model::time::Timestamp;
use crate::task::{Event, Watch};

/// How much is read or written at once, in bytes; files up to this size go in runs.
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
    pub sha512: Vec<Box<Sha512Sum>>,
}

impl Sums {
    fn of(done: Vec<Done>) -> Self {
        let mut all = Self { sha256: Vec::with_capacity(done.len()), sha512: Vec::new() };
        for one in done {
            all.sha256.push(one.sha256);
            all.sha512.extend(one.sha512);
        }
        all
    }
}

/// Computes the SHA-256 of the files of a record without writing them.
pub fn digest(files: &[SourceFile], content: &dyn Content, watch: Watch<'_>) -> Result<Vec<Sha256Sum>, WriteError> {
    let reading = Reading { files, digests: Digests::Short, content, watch };
    let done = in_parallel(files, |unit, buffer| {
        let done = unit.map(|index| reading.stream(index, buffer, |_, _| Ok(())));
        done.collect::<Result<_, _>>().map(|done| (done, Vec::new()))
    })?;
    Ok(done.0.into_iter().map(|one| one.sha256).collect())
}

/// Writes `files` into the ZIP file at `path`, below the name `base`, which ends in `/`.
#[allow(clippy::too_many_arguments)]
pub(super) fn into_zip(
    zip: &mut ZipWriter,
    path: &Path,
    base: &str,
    files: &[SourceFile],
    digests: Digests,
    times: impl Fn(Timestamp) -> Timestamp,
    content: &dyn Content,
    watch: Watch<'_>,
) -> Result<Sums, WriteError> {
    let plan = |file: &SourceFile| zip.plan(&format!("{base}{}", file.path), file.size, times(file.modified));
    let slots: Vec<Slot> = files.iter().map(plan).collect();
    zip.allocate().map_err(|source| WriteError::Io { path: path.to_owned(), source })?;
    let reading = Reading { files, digests, content, watch };
    let place = Place { zip, slots: &slots, path, reading };
    let (done, pieces) = in_parallel(files, |unit, buffer| place.write(unit, buffer))?;
    for (slot, one) in slots.iter().zip(&done) {
        zip.set_crc(slot, one.crc);
    }
    zip.note(pieces);
    Ok(Sums::of(done))
}

/// Writes `files` into the folder `root`.
pub(super) fn into_folder(
    root: &Path,
    files: &[SourceFile],
    digests: Digests,
    times: impl Fn(Timestamp) -> Timestamp + Sync,
    content: &dyn Content,
    watch: Watch<'_>,
) -> Result<Sums, WriteError> {
    let make = |folder: &Path| {
        durable::create_missing(folder).map_err(|source| WriteError::Io { path: folder.to_owned(), source })
    };
    make(root)?;
    let mut made = PathBuf::new();
    for file in files {
        let target = root.join(&*file.path);
        if let Some(parent) = target.parent()
            && parent != made
        {
            parent.clone_into(&mut made);
            make(&made)?;
        }
    }
    let reading = Reading { files, digests, content, watch };
    let one = |index: usize, buffer: &mut Vec<u8>| {
        let file = &files[index];
        let target = root.join(&*file.path);
        let fault = |source| WriteError::Io { path: target.clone(), source };
        let out = durable::create_file(&target).map_err(fault)?;
        let done = reading.stream(index, buffer, |at, bytes| out.write_all_at(bytes, at).map_err(fault))?;
        out.set_modified(system_time(times(file.modified))).map_err(fault)?;
        Ok(done)
    };
    let (done, _) = in_parallel(files, |unit, buffer| {
        let done = unit.map(|index| one(index, buffer)).collect::<Result<_, WriteError>>();
        done.map(|done| (done, Vec::new()))
    })?;
    Ok(Sums::of(done))
}

/// What is known of a file that was read.
#[derive(Debug, Clone, Default)]
struct Done {
    sha256: Sha256Sum,
    sha512: Option<Box<Sha512Sum>>,
    crc: u32,
}

/// Runs `work` over units of neighbouring files, the biggest first, and returns the results in the files' order, and what was
/// written. Workers keep their buffer from unit to unit.
fn in_parallel(
    files: &[SourceFile],
    work: impl Fn(Range<usize>, &mut Vec<u8>) -> Result<(Vec<Done>, Vec<Piece>), WriteError> + Sync,
) -> Result<(Vec<Done>, Vec<Piece>), WriteError> {
    let mut units = units(files);
    units.sort_by_key(|unit| std::cmp::Reverse(files[unit.clone()].iter().map(|f| f.size).sum::<u64>()));
    let done: Vec<(usize, Vec<Done>, Vec<Piece>)> = units
        .into_par_iter()
        .map_init(Vec::new, |buffer, unit| {
            let start = unit.start;
            work(unit, buffer).map(|(done, pieces)| (start, done, pieces))
        })
        .collect::<Result<_, WriteError>>()?;
    let mut all = vec![Done::default(); files.len()];
    let mut written = Vec::new();
    for (start, results, pieces) in done {
        for (slot, one) in all[start..].iter_mut().zip(results) {
            *slot = one;
        }
        written.extend(pieces);
    }
    Ok((all, written))
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

/// Where payload lies in a ZIP file.
struct Place<'a> {
    zip: &'a ZipWriter,
    slots: &'a [Slot],
    path: &'a Path,
    reading: Reading<'a>,
}

impl Place<'_> {
    fn write(&self, unit: Range<usize>, buffer: &mut Vec<u8>) -> Result<(Vec<Done>, Vec<Piece>), WriteError> {
        if unit.len() == 1 && self.reading.files[unit.start].size > CHUNK as u64 {
            self.big(unit.start, buffer)
        } else {
            self.run(unit, buffer)
        }
    }

    /// Streams a big file to its place; its header comes last, since the CRC-32 stands in it.
    fn big(&self, index: usize, buffer: &mut Vec<u8>) -> Result<(Vec<Done>, Vec<Piece>), WriteError> {
        let slot = &self.slots[index];
        let mut pieces = Vec::new();
        let done = self.reading.stream(index, buffer, |at, bytes| self.put(slot.data + at, bytes, &mut pieces))?;
        self.put(slot.header, &self.zip.header(slot, done.crc), &mut pieces)?;
        Ok((vec![done], pieces))
    }

    /// Reads a run of small files behind their headers and writes all of it at once.
    fn run(&self, unit: Range<usize>, buffer: &mut Vec<u8>) -> Result<(Vec<Done>, Vec<Piece>), WriteError> {
        let start = self.slots[unit.start].header;
        let offset = |at: u64| usize::try_from(at - start).unwrap_or(usize::MAX);
        let (mut done, mut end) = (Vec::with_capacity(unit.len()), 0);
        for index in unit {
            let slot = &self.slots[index];
            let data = offset(slot.data);
            end = offset(slot.data + self.reading.files[index].size);
            if buffer.len() <= end {
                buffer.resize(end + CHUNK / 8, 0);
            }
            // One byte more, where the next header comes: a file that has become longer shows there.
            let one = self.reading.whole(index, &mut buffer[data..=end])?;
            buffer[offset(slot.header)..data].copy_from_slice(&self.zip.header(slot, one.crc));
            done.push(one);
        }
        let mut pieces = Vec::with_capacity(1);
        self.put(start, &buffer[..end], &mut pieces)?;
        Ok((done, pieces))
    }

    fn put(&self, at: u64, bytes: &[u8], pieces: &mut Vec<Piece>) -> Result<(), WriteError> {
        let out: &File = self.zip.file();
        out.write_all_at(bytes, at).map_err(|source| WriteError::Io { path: self.path.to_owned(), source })?;
        pieces.push(Piece::of(at, bytes));
        Ok(())
    }
}

/// Reads files exactly as they were listed.
#[derive(Clone, Copy)]
struct Reading<'a> {
    files: &'a [SourceFile],
    digests: Digests,
    content: &'a dyn Content,
    watch: Watch<'a>,
}

impl<'a> Reading<'a> {
    fn open(&self, index: usize) -> Result<Box<dyn FileBytes + 'a>, WriteError> {
        self.watch.cancel.check()?;
        self.content.open(&self.files[index]).map_err(|fault| self.fault(index, fault))
    }

    fn fault(&self, index: usize, fault: ReadFault) -> WriteError {
        WriteError::Source { path: self.files[index].path.to_string(), fault }
    }

    /// Reads all of a file into `room`, which is one byte longer than the file.
    fn whole(&self, index: usize, room: &mut [u8]) -> Result<Done, WriteError> {
        let mut reader = self.open(index)?;
        let mut filled = 0;
        loop {
            match reader.read(&mut room[filled..]).map_err(|fault| self.fault(index, fault))? {
                0 => break,
                read => filled += read,
            }
            if filled == room.len() {
                return Err(self.fault(index, ReadFault::Changed));
            }
        }
        if filled + 1 < room.len() {
            return Err(self.fault(index, ReadFault::Changed));
        }
        let mut digesting = Digesting::new(self.digests);
        digesting.update(&room[..filled]);
        self.watch.has_read(filled as u64)?;
        self.watch.progress.report(Event::Advanced { files: 1, bytes: 0 });
        Ok(digesting.finish())
    }

    /// Reads a file to its end, handing on each piece with its offset.
    fn stream(
        &self,
        index: usize,
        buffer: &mut Vec<u8>,
        mut take: impl FnMut(u64, &[u8]) -> Result<(), WriteError>,
    ) -> Result<Done, WriteError> {
        let mut reader = self.open(index)?;
        let size = self.files[index].size;
        let room = CHUNK.min(usize::try_from(size).unwrap_or(CHUNK) + 1);
        if buffer.len() < room {
            buffer.resize(room, 0);
        }
        let (mut digesting, mut at) = (Digesting::new(self.digests), 0_u64);
        loop {
            let read = reader.read(&mut buffer[..room]).map_err(|fault| self.fault(index, fault))?;
            if at + read as u64 > size || (read == 0 && at < size) {
                return Err(self.fault(index, ReadFault::Changed));
            }
            if read == 0 {
                break;
            }
            let bytes = &buffer[..read];
            digesting.update(bytes);
            take(at, bytes)?;
            at += read as u64;
            self.watch.has_read(read as u64)?;
        }
        self.watch.progress.report(Event::Advanced { files: 1, bytes: 0 });
        Ok(digesting.finish())
    }
}

/// All checksums of a file in one pass.
struct Digesting {
    short: Sha256,
    long: Option<Sha512>,
    crc: crc32fast::Hasher,
}

impl Digesting {
    fn new(digests: Digests) -> Self {
        let long = (digests == Digests::Both).then(Sha512::new);
        Self { short: Sha256::new(), long, crc: crc32fast::Hasher::new() }
    }

    fn update(&mut self, bytes: &[u8]) {
        self.short.update(bytes);
        if let Some(long) = &mut self.long {
            long.update(bytes);
        }
        self.crc.update(bytes);
    }

    fn finish(self) -> Done {
        let sha512 = self.long.map(|long| Box::new(long.finalize().into()));
        Done { sha256: self.short.finalize().into(), sha512, crc: self.crc.finalize() }
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
        assert!(units(&sized(&[])).is_empty());
        assert_eq!(units(&sized(&[1, 2, 3])), vec![0..3]);
        assert_eq!(units(&sized(&[chunk, 1])), [0..1, 1..2]);
        assert_eq!(units(&sized(&[1, chunk + 1, 1, 1])), [0..1, 1..2, 2..4]);
        assert_eq!(units(&sized(&[0; 600])), [0..256, 256..512, 512..600]);
    }
}
