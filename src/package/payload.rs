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
use crate::model::checksum::{Algorithm, Checksum, Hasher, Sha256Sum, Sha512Sum};
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

/// Which checksums are computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) digests: Digests,
    /// Others besides.
    pub(super) more: &'static [Algorithm],
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
    let done = in_parallel(files, wanted, |unit, buffer| {
        for index in unit.files.clone() {
            unit.note(index, reading.stream(index, buffer, |_, _| Ok(()))?);
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
    let done = in_parallel(files, wanted, |unit, buffer| place.write(unit, buffer))?;
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
    let one = |index: usize, buffer: &mut Vec<u8>| {
        let file = &files[index];
        let target = root.join(&*file.path);
        let fault = |source| WriteError::Io { path: target.clone(), source };
        let out = durable::create_file(&target).map_err(fault)?;
        let done = reading.stream(index, buffer, |at, bytes| out.write_all_at(bytes, at).map_err(fault))?;
        out.set_modified(system_time(times(file.modified))).map_err(fault)?;
        Ok::<Done, WriteError>(done)
    };
    let done = in_parallel(files, wanted, |unit, buffer| {
        for index in unit.files.clone() {
            unit.note(index, one(index, buffer)?);
        }
        Ok(Vec::new())
    })?;
    Ok((done.sums, done.more))
}

/// What is known of a file that was read.
struct Done {
    sha256: Sha256Sum,
    sha512: Option<Sha512Sum>,
    more: Vec<Checksum>,
    crc: u32,
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

/// Runs `work` over units of neighbouring files, the biggest first. Workers keep their buffer from unit to unit.
fn in_parallel(
    files: &[SourceFile],
    wanted: Wanted,
    work: impl Fn(&mut Unit<'_>, &mut Vec<u8>) -> Result<Vec<Piece>, WriteError> + Sync,
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
    units.sort_by_key(|unit| std::cmp::Reverse(files[unit.files.clone()].iter().map(|f| f.size).sum::<u64>()));
    let pieces: Vec<Vec<Piece>> = units
        .into_par_iter()
        .map_init(Vec::new, |buffer, mut unit| work(&mut unit, buffer))
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
    fn write(&self, unit: &mut Unit<'_>, buffer: &mut Vec<u8>) -> Result<Vec<Piece>, WriteError> {
        if unit.files.len() == 1 && self.reading.files[unit.files.start].size > CHUNK as u64 {
            self.big(unit, buffer)
        } else {
            self.run(unit, buffer)
        }
    }

    fn header(&self, index: usize, crc: u32) -> Vec<u8> {
        let name = format!("{}{}", self.base, self.reading.files[index].path);
        self.zip.header(&self.slots[index], &name, crc)
    }

    /// Streams a big file to its place; its header comes last, since the CRC-32 stands in it.
    fn big(&self, unit: &mut Unit<'_>, buffer: &mut Vec<u8>) -> Result<Vec<Piece>, WriteError> {
        let index = unit.files.start;
        let slot = &self.slots[index];
        let mut pieces = Vec::new();
        let done = self.reading.stream(index, buffer, |at, bytes| self.put(slot.data + at, bytes, &mut pieces))?;
        self.put(slot.header, &self.header(index, done.crc), &mut pieces)?;
        unit.note(index, done);
        Ok(pieces)
    }

    /// Reads a run of small files behind their headers and writes all of it at once.
    fn run(&self, unit: &mut Unit<'_>, buffer: &mut Vec<u8>) -> Result<Vec<Piece>, WriteError> {
        let start = self.slots[unit.files.start].header;
        let offset = |at: u64| usize::try_from(at - start).unwrap_or(usize::MAX);
        let mut end = 0;
        for index in unit.files.clone() {
            let slot = &self.slots[index];
            let data = offset(slot.data);
            end = offset(slot.data + self.reading.files[index].size);
            if buffer.len() <= end {
                buffer.resize(end + CHUNK / 8, 0);
            }
            // One byte more, where the next header comes: a file that has become longer shows there.
            let done = self.reading.whole(index, &mut buffer[data..=end])?;
            buffer[offset(slot.header)..data].copy_from_slice(&self.header(index, done.crc));
            unit.note(index, done);
        }
        let mut pieces = Vec::with_capacity(1);
        self.put(start, &buffer[..end], &mut pieces)?;
        Ok(pieces)
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
    wanted: Wanted,
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
        let mut digesting = Digesting::new(self.wanted);
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
        let (mut digesting, mut at) = (Digesting::new(self.wanted), 0_u64);
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
    more: Vec<Hasher>,
    crc: crc32fast::Hasher,
}

impl Digesting {
    fn new(wanted: Wanted) -> Self {
        let long = (wanted.digests == Digests::Both).then(Sha512::new);
        let more = wanted.more.iter().copied().map(Hasher::new).collect();
        Self { short: Sha256::new(), long, more, crc: crc32fast::Hasher::new() }
    }

    fn update(&mut self, bytes: &[u8]) {
        self.short.update(bytes);
        if let Some(long) = &mut self.long {
            long.update(bytes);
        }
        self.more.iter_mut().for_each(|hasher| hasher.update(bytes));
        self.crc.update(bytes);
    }

    fn finish(self) -> Done {
        let sha512 = self.long.map(|long| long.finalize().into());
        let more = self.more.into_iter().map(Hasher::finish).collect();
        Done { sha256: self.short.finalize().into(), sha512, more, crc: self.crc.finalize() }
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
