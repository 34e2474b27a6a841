//! A ZIP file as the medium holds it, against the layout by which it was written.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::super::ArchiveError;
use super::{CHUNK, Meant, Wanted};
use crate::io::durable;
use crate::io::zip::{Layout, Piece, Placed};
use crate::model::checksum::Sha256Sum;
use crate::package::reader::open_regular;
use crate::task::{Event, Watch};

/// How many entries are looked at before their bytes are read: of a million they would take much memory.
const BATCH: usize = 1 << 12;
/// Bytes of entries that are read and hashed together, and how many they are at most.
const RUN: u64 = 1 << 20;
const ENTRIES: usize = 256;

/// An entry, and what its content must be.
type Known<'a> = (Placed, Option<Wanted<'a>>);

/// Bytes of a file, in pieces.
struct Bytes<'a> {
    path: &'a Path,
    file: &'a File,
    watch: Watch<'a>,
}

impl Bytes<'_> {
    fn wrong(&self) -> ArchiveError {
        ArchiveError::NotAsWritten { path: self.path.to_owned() }
    }

    /// Hands the bytes from `at` to `end` on in pieces.
    fn read(&self, mut at: u64, end: u64, buffer: &mut [u8], mut take: impl FnMut(&[u8])) -> Result<(), ArchiveError> {
        while at < end {
            let most = usize::try_from(end - at).map_or(buffer.len(), |left| left.min(buffer.len()));
            let piece = &mut buffer[..most];
            self.fill(at, piece)?;
            take(piece);
            at += most as u64;
        }
        Ok(())
    }

    /// Returns the bytes from `at` to `end`, which lie in `buffer`.
    fn whole<'b>(&self, at: u64, end: u64, buffer: &'b mut Vec<u8>) -> Result<&'b [u8], ArchiveError> {
        buffer.resize(usize::try_from(end - at).unwrap_or(usize::MAX), 0);
        self.fill(at, buffer)?;
        Ok(buffer)
    }

    /// Fills `buffer` with what lies at `at`; a file that ends before is not what was written.
    fn fill(&self, at: u64, buffer: &mut [u8]) -> Result<(), ArchiveError> {
        self.watch.cancel.check()?;
        self.file.read_exact_at(buffer, at).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => self.wrong(),
            _ => ArchiveError::io(self.path)(error),
        })
    }

    /// Returns whether the file is as long as it was written.
    fn ends_at(&self, end: u64) -> Result<(), ArchiveError> {
        let length = self.file.metadata().map_err(ArchiveError::io(self.path))?.len();
        if length == end { Ok(()) } else { Err(self.wrong()) }
    }
}

/// Compares the ZIP file at `path` with the CRC-32 of the pieces in which it was written.
pub(super) fn pieces(path: &Path, pieces: &[Piece], watch: Watch<'_>) -> Result<(), ArchiveError> {
    let file = open_regular(path).map_err(ArchiveError::io(path))?;
    durable::forget(&file);
    let bytes = Bytes { path, file: &file, watch };
    let end = pieces.iter().try_fold(0, |end, piece| (piece.at == end).then_some(end + piece.length));
    bytes.ends_at(end.ok_or_else(|| bytes.wrong())?)?;
    pieces.par_iter().try_for_each_init(
        || vec![0; CHUNK],
        |buffer, piece| {
            let mut crc = crc32fast::Hasher::new();
            bytes.read(piece.at, piece.at + piece.length, buffer, |read| crc.update(read))?;
            if crc.finalize() == piece.crc { Ok(()) } else { Err(bytes.wrong()) }
        },
    )
}

/// Compares every byte of the ZIP file: content by its SHA-256, all else with what was written.
pub(super) fn entries(
    path: &Path,
    file: &File,
    layout: &Layout,
    meant: Meant<'_>,
    watch: Watch<'_>,
) -> Result<(), ArchiveError> {
    let bytes = Bytes { path, file, watch };
    let (mut payload, mut others) = (vec![false; meant.files.len()], vec![false; meant.others.len()]);
    let mut left = layout.entries();
    loop {
        let batch: Vec<Placed> = left.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        let mut known: Vec<Known<'_>> = Vec::with_capacity(batch.len());
        for entry in batch {
            // All lies in one folder.
            let inside = entry.name.split_once('/').map_or("", |(_, inside)| inside);
            let wanted = meant.find(inside);
            match &wanted {
                Some(wanted) => {
                    let seen = if wanted.is_payload { &mut payload } else { &mut others };
                    if wanted.size != entry.size || std::mem::replace(&mut seen[wanted.number], true) {
                        return Err(bytes.wrong());
                    }
                }
                None if entry.name.ends_with('/') && entry.size == 0 => {}
                None => return Err(bytes.wrong()),
            }
            known.push((entry, wanted));
        }
        runs(&known).into_par_iter().try_for_each_init(Vec::new, |buffer, run| compare(&bytes, run, buffer))?;
    }
    if !payload.into_iter().chain(others).all(|seen| seen) {
        return Err(bytes.wrong());
    }
    let mut directory = Comparing { bytes: &bytes, at: layout.end(), room: Vec::new(), error: None };
    if layout.directory(&mut directory).is_err() {
        return Err(directory.error.unwrap_or_else(|| bytes.wrong()));
    }
    bytes.ends_at(directory.at)
}

/// Returns where an entry ends.
fn end(entry: &Placed) -> u64 {
    entry.at + entry.header.len() as u64 + entry.size
}

/// Takes neighbours together, as long as they are small.
fn runs<'k, 'm>(known: &'k [Known<'m>]) -> Vec<&'k [Known<'m>]> {
    let (mut start, mut count) = (known.first().map_or(0, |(first, _)| first.at), 1);
    let together = |(before, _): &Known<'_>, (entry, _): &Known<'_>| {
        let goes_on = entry.at == end(before) && end(entry) - start <= RUN && count < ENTRIES;
        (start, count) = if goes_on { (start, count + 1) } else { (entry.at, 1) };
        goes_on
    };
    known.chunk_by(together).collect()
}

/// Compares the headers of a run of entries with the layout, and their contents with what they must be.
fn compare(bytes: &Bytes<'_>, run: &[Known<'_>], buffer: &mut Vec<u8>) -> Result<(), ArchiveError> {
    let sums = match run {
        [(entry, _)] if entry.size > RUN => vec![big(bytes, entry, buffer)?],
        _ => small(bytes, run, buffer)?,
    };
    for ((_, wanted), sum) in run.iter().zip(sums) {
        if wanted.as_ref().is_some_and(|wanted| *wanted.sum != sum) {
            return Err(bytes.wrong());
        }
        bytes.watch.progress.report(Event::Advanced { files: 1, bytes: 0 });
    }
    Ok(())
}

/// Compares the headers of neighbours and returns the SHA-256 of their contents.
fn small(bytes: &Bytes<'_>, run: &[Known<'_>], buffer: &mut Vec<u8>) -> Result<Vec<Sha256Sum>, ArchiveError> {
    let (Some((first, _)), Some((last, _))) = (run.first(), run.last()) else { return Ok(Vec::new()) };
    let mut left = bytes.whole(first.at, end(last), buffer)?;
    let mut contents = Vec::with_capacity(run.len());
    for (entry, _) in run {
        let (header, others) = left.split_at(entry.header.len());
        let (content, others) = others.split_at(usize::try_from(entry.size).unwrap_or(usize::MAX));
        if header != &entry.header[..] {
            return Err(bytes.wrong());
        }
        contents.push(content);
        left = others;
    }
    Ok(multibuffer::sums(&contents))
}

/// Compares the header of a big entry and returns the SHA-256 of its content.
fn big(bytes: &Bytes<'_>, entry: &Placed, buffer: &mut Vec<u8>) -> Result<Sha256Sum, ArchiveError> {
    let content = entry.at + entry.header.len() as u64;
    if bytes.whole(entry.at, content, buffer)? != &entry.header[..] {
        return Err(bytes.wrong());
    }
    buffer.resize(CHUNK, 0);
    let mut sum = Sha256::new();
    bytes.read(content, end(entry), buffer, |read| sum.update(read))?;
    Ok(sum.finalize().into())
}

/// Compares what is written to it with what lies in a file.
struct Comparing<'a> {
    bytes: &'a Bytes<'a>,
    at: u64,
    room: Vec<u8>,
    error: Option<ArchiveError>,
}

impl Write for Comparing<'_> {
    fn write(&mut self, expected: &[u8]) -> io::Result<usize> {
        let end = self.at + expected.len() as u64;
        match self.bytes.whole(self.at, end, &mut self.room) {
            Ok(found) if found == expected => {}
            Ok(_) => return Err(io::ErrorKind::InvalidData.into()),
            Err(error) => {
                self.error = Some(error);
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        self.at = end;
        Ok(expected.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_go_together_unless_they_are_big_or_many() {
        let entries = |sizes: &[u64]| {
            let mut at = 0;
            let entry = |size: &u64| {
                let entry = Placed { name: String::new(), at, header: vec![0; 30], size: *size };
                at = end(&entry);
                (entry, None)
            };
            sizes.iter().map(entry).collect::<Vec<Known<'_>>>()
        };
        let lengths = |sizes: &[u64]| runs(&entries(sizes)).iter().map(|run| run.len()).collect::<Vec<_>>();
        assert!(lengths(&[]).is_empty());
        assert_eq!(lengths(&[0, 5, 0]), [3]);
        assert_eq!(lengths(&[5, RUN + 1, 5, 5]), [1, 1, 2]);
        assert_eq!(lengths(&[RUN / 2, RUN / 2, 5]), [1, 2]);
        assert_eq!(lengths(&[100; 1000]), [256, 256, 256, 232]);
    }
}
