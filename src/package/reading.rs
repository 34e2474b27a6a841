//! Reads the files of a record exactly as they were listed, each byte once for all checksums.

use multibuffer::Message;
use sha2::{Digest as _, Sha512};

use super::container::WriteError;
use super::payload::Digests;
use crate::io::zip::Piece;
use crate::model::checksum::{Algorithm, Checksum, Hasher, Sha256Sum, Sha512Sum};
use crate::model::content::{Content, FileBytes, ReadFault};
use crate::model::record::SourceFile;
use crate::task::{Event, Watch};

/// How much of a file is read at once, in bytes.
const PIECE: usize = 1 << 20;

/// What is kept from one file to the next: room for pieces.
pub(super) type Buffers = Vec<Vec<u8>>;

/// Which checksums are computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) digests: Digests,
    /// Others besides.
    pub(super) more: &'static [Algorithm],
}

impl Wanted {
    /// Returns how many files are streamed side by side, each of which is held open: two are 1.5 times as fast as one where the
    /// processor can do that and no other checksum takes longer, and more would gain little.
    pub(super) fn side_by_side(self) -> usize {
        if multibuffer::pays() && self.digests == Digests::Short && self.more.is_empty() { 2 } else { 1 }
    }
}

/// What is known of a file that was read.
pub(super) struct Done {
    pub(super) sha256: Sha256Sum,
    pub(super) sha512: Option<Sha512Sum>,
    pub(super) more: Vec<Checksum>,
    pub(super) crc: u32,
}

/// The listed files, and how they are read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) files: &'a [SourceFile],
    pub(super) wanted: Wanted,
    pub(super) content: &'a dyn Content,
    pub(super) watch: Watch<'a>,
}

/// A file that is being read.
struct Opened<'a> {
    index: usize,
    bytes: Box<dyn FileBytes + 'a>,
    /// Bytes read so far.
    at: u64,
    ended: bool,
    short: Message,
    others: Others,
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
    pub(super) fn whole(&self, index: usize, room: &mut [u8]) -> Result<(), WriteError> {
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
        self.watch.has_read(filled as u64)?;
        self.watch.progress.report(Event::Advanced { files: 1, bytes: 0 });
        Ok(())
    }

    /// Computes the checksums of whole `contents`, in their order.
    pub(super) fn digest(&self, contents: &[&[u8]]) -> Vec<Done> {
        let done = |(content, sha256): (&&[u8], Sha256Sum)| {
            let mut others = Others::new(self.wanted);
            others.update(content);
            others.finish(sha256)
        };
        contents.iter().zip(multibuffer::sums(contents)).map(done).collect()
    }

    /// Reads `files` side by side to their ends, handing on each piece with the number of its file among them and its place there.
    pub(super) fn stream(
        &self,
        files: &[usize],
        buffers: &mut Buffers,
        mut take: impl FnMut(usize, Piece, &[u8]) -> Result<(), WriteError>,
    ) -> Result<Vec<Done>, WriteError> {
        let begin = |index: &usize| {
            let (bytes, others) = (self.open(*index)?, Others::new(self.wanted));
            Ok(Opened { index: *index, bytes, at: 0, ended: false, short: Message::new(), others })
        };
        let mut opened = files.iter().map(begin).collect::<Result<Vec<Opened<'_>>, WriteError>>()?;
        let longest = files.iter().map(|index| self.files[*index].size).max().unwrap_or_default();
        let room = PIECE.min(usize::try_from(longest).unwrap_or(PIECE).saturating_add(1));
        if buffers.len() < files.len() {
            buffers.resize_with(files.len(), Vec::new);
        }
        while opened.iter().any(|file| !file.ended) {
            for (file, buffer) in opened.iter_mut().zip(&mut *buffers) {
                buffer.resize(room, 0);
                let read = self.read(file, buffer)?;
                buffer.truncate(read);
            }
            multibuffer::update(opened.iter_mut().zip(&*buffers).map(|(file, bytes)| (&mut file.short, &**bytes)));
            for (number, (file, bytes)) in opened.iter_mut().zip(&mut *buffers).enumerate() {
                if !bytes.is_empty() {
                    let piece = Piece { at: file.at, ..file.others.update(bytes) };
                    file.at += piece.length;
                    take(number, piece, bytes)?;
                    self.watch.has_read(piece.length)?;
                }
            }
        }
        let (short, others): (Vec<Message>, Vec<Others>) =
            opened.into_iter().map(|file| (file.short, file.others)).unzip();
        Ok(others.into_iter().zip(multibuffer::finish(short)).map(|(others, sum)| others.finish(sum)).collect())
    }

    /// Reads the next piece of a file, if there is one, and returns its length.
    fn read(&self, file: &mut Opened<'_>, room: &mut [u8]) -> Result<usize, WriteError> {
        if file.ended {
            return Ok(0);
        }
        let read = file.bytes.read(room).map_err(|fault| self.fault(file.index, fault))?;
        let (size, now) = (self.files[file.index].size, file.at + read as u64);
        if now > size || (read == 0 && now < size) {
            return Err(self.fault(file.index, ReadFault::Changed));
        }
        if read == 0 {
            file.ended = true;
            self.watch.progress.report(Event::Advanced { files: 1, bytes: 0 });
        }
        Ok(read)
    }
}

/// All checksums of a file but the SHA-256.
struct Others {
    long: Option<Sha512>,
    more: Vec<Hasher>,
    crc: Option<crc32fast::Hasher>,
}

impl Others {
    fn new(wanted: Wanted) -> Self {
        let long = (wanted.digests == Digests::Both).then(Sha512::new);
        let more = wanted.more.iter().copied().map(Hasher::new).collect();
        Self { long, more, crc: None }
    }

    /// Adds `bytes` and returns what they are by themselves.
    fn update(&mut self, bytes: &[u8]) -> Piece {
        if let Some(long) = &mut self.long {
            long.update(bytes);
        }
        self.more.iter_mut().for_each(|hasher| hasher.update(bytes));
        let piece = Piece::of(0, bytes);
        let crc = crc32fast::Hasher::new_with_initial_len(piece.crc, piece.length);
        match &mut self.crc {
            Some(before) => before.combine(&crc),
            None => self.crc = Some(crc),
        }
        piece
    }

    fn finish(self, sha256: Sha256Sum) -> Done {
        let sha512 = self.long.map(|long| long.finalize().into());
        let more = self.more.into_iter().map(Hasher::finish).collect();
        Done { sha256, sha512, more, crc: self.crc.map_or(0, crc32fast::Hasher::finalize) }
    }
}
