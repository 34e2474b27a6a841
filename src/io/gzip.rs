//! Files that gzip packed (RFC 1952), of one member or of several, laid out in a file without a name.
//!
//! In packed bytes no way leads to a single file. So they are unpacked once, within limits, into the folder for temporary
//! files; restart points in the packed bytes would cost 32 KiB each, and unpacking anew for each file that is read.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};
use std::os::unix::fs::FileExt as _;

use flate2::bufread::{GzDecoder, MultiGzDecoder};

use crate::task::{Cancel, Cancelled};

/// How a member begins.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// How many packed bytes are read at once.
const WINDOW: usize = 1 << 16;

/// How many packed bytes are looked at for the first unpacked ones: members may be empty.
const BEGINNING: u64 = 1 << 16;

/// How many bytes are unpacked at once.
const PIECE: usize = 1 << 18;

/// How many bytes are written before it is looked again how much room is left.
const LOOK: u64 = 16 << 20;

/// Bounds on what a packed file may make us do.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes unpacked.
    pub unpacked: u64,
    /// Unpacked bytes for each packed one that was read so far, above the first 64 MiB.
    pub ratio: u64,
    /// Bytes that stay free on the medium of the folder for temporary files.
    pub spare: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { unpacked: 1 << 40, ratio: 250, spare: 128 << 20 }
    }
}

/// What is wrong with a packed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Structure {
    /// It ends within a member.
    Truncated,
    /// A member's bytes cannot be unpacked, or are not those of its checksum and length.
    Content,
    /// Something follows the last member.
    Trailing,
    /// It unpacks to too many times its size.
    Ratio,
    /// It unpacks to too many bytes.
    Size,
    /// It consists of many members with next to nothing in them.
    Members,
}

impl Structure {
    /// Returns the word that stands in JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::Content => "content",
            Self::Trailing => "trailing",
            Self::Ratio => "ratio",
            Self::Size => "size",
            Self::Members => "members",
        }
    }

    /// Returns whether a limit was passed; everything else is damage.
    #[must_use]
    pub const fn is_limit(self) -> bool {
        matches!(self, Self::Ratio | Self::Size | Self::Members)
    }
}

/// Why a packed file is not laid out.
#[derive(Debug, thiserror::Error)]
pub enum GzipError {
    /// It cannot be read.
    #[error("reading failed")]
    Read(#[source] io::Error),
    /// What it unpacks to cannot be written into the folder for temporary files.
    #[error("writing to the folder for temporary files failed")]
    Work(#[source] io::Error),
    /// It is damaged, or passes a limit.
    #[error("{0:?}")]
    Structure(Structure),
    /// A stop was requested.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Returns whether a file that begins with these bytes was packed with gzip.
#[must_use]
pub fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&MAGIC)
}

/// Fills `buffer` with the first bytes that `file` unpacks to; returns how many there are.
pub fn beginning(file: &File, buffer: &mut [u8]) -> Result<usize, GzipError> {
    let mut members = MultiGzDecoder::new(BufReader::new(Packed { file, at: 0 }.take(BEGINNING)));
    let mut length = 0;
    while length < buffer.len() {
        match members.read(&mut buffer[length..]).map_err(fault)? {
            0 => break,
            read => length += read,
        }
    }
    Ok(length)
}

/// Unpacks all members of `file` into a file without a name, which is gone when it is closed.
pub fn unpack(file: &File, limits: &Limits, cancel: &Cancel) -> Result<File, GzipError> {
    let out = tempfile::tempfile().map_err(GzipError::Work)?;
    let mut packed = BufReader::with_capacity(WINDOW, Packed { file, at: 0 });
    let mut buffer = vec![0; PIECE];
    let (mut unpacked, mut looked, mut members) = (0_u64, 0, 0_u64);
    loop {
        let mut member = GzDecoder::new(packed);
        if members > 0 && member.header().is_none() {
            return Err(GzipError::Structure(Structure::Trailing));
        }
        members += 1;
        // Each costs as much as some hundred bytes.
        if members > 1000 && unpacked / 512 < members {
            return Err(GzipError::Structure(Structure::Members));
        }
        loop {
            cancel.check()?;
            let length = member.read(&mut buffer).map_err(fault)?;
            if length == 0 {
                break;
            }
            unpacked += length as u64;
            if unpacked > limits.unpacked {
                return Err(GzipError::Structure(Structure::Size));
            }
            if unpacked > member.get_ref().get_ref().at.saturating_mul(limits.ratio).max(64 << 20) {
                return Err(GzipError::Structure(Structure::Ratio));
            }
            if unpacked - looked > LOOK {
                room(&out, limits.spare).map_err(GzipError::Work)?;
                looked = unpacked;
            }
            lay(&out, &buffer[..length], unpacked - length as u64).map_err(GzipError::Work)?;
        }
        packed = member.into_inner();
        if packed.fill_buf().map_err(GzipError::Read)?.is_empty() {
            return Ok(out);
        }
    }
}

/// Writes a piece to its place; zeros take no room but for the last of them, which says how long the file is.
fn lay(file: &File, piece: &[u8], at: u64) -> io::Result<()> {
    match piece.split_last() {
        Some((0, before)) if before.iter().all(|byte| *byte == 0) => file.write_all_at(&[0], at + before.len() as u64),
        _ => file.write_all_at(piece, at),
    }
}

/// Fails as writing on a full medium does where less than `spare` bytes are left.
fn room(file: &File, spare: u64) -> io::Result<()> {
    let medium = rustix::fs::fstatvfs(file)?;
    let left = medium.f_bavail.saturating_mul(medium.f_frsize);
    if left < spare { Err(rustix::io::Errno::NOSPC.into()) } else { Ok(()) }
}

/// Tells what is wrong with the bytes from a medium that cannot be read.
fn fault(error: io::Error) -> GzipError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => GzipError::Structure(Structure::Truncated),
        // So does the crate call what cannot be unpacked; the system says its own with a number.
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData if error.raw_os_error().is_none() => {
            GzipError::Structure(Structure::Content)
        }
        _ => GzipError::Read(error),
    }
}

/// The packed bytes by their place, which says how many were read.
struct Packed<'a> {
    file: &'a File,
    at: u64,
}

impl Read for Packed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read_at(buffer, self.at)?;
        self.at += length as u64;
        Ok(length)
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write as _;

    use super::*;

    use std::os::unix::fs::MetadataExt as _;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut out = GzEncoder::new(Vec::new(), Compression::default());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn unpacked(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Structure> {
        match unpack(&file(bytes), limits, &Cancel::new()) {
            Ok(out) => {
                let mut all = vec![0; usize::try_from(out.metadata().unwrap().len()).unwrap()];
                out.read_exact_at(&mut all, 0).unwrap();
                Ok(all)
            }
            Err(GzipError::Structure(fault)) => Err(fault),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn all_members_are_unpacked() {
        let limits = Limits::default();
        assert_eq!(unpacked(&packed(b"eins"), &limits).unwrap(), b"eins");
        let two = [packed(b"eins"), packed(b""), packed(b"zwei")].concat();
        assert_eq!(unpacked(&two, &limits).unwrap(), b"einszwei");
        let mut head = [0; 3];
        assert_eq!(beginning(&file(&two), &mut head).unwrap(), 3);
        assert_eq!(&head, b"ein");
        assert_eq!(beginning(&file(&packed(b"x")), &mut head).unwrap(), 1);
        let late = [packed(b"").repeat(100), packed(b"x"), packed(b"yz")].concat();
        assert_eq!((beginning(&file(&late), &mut head).unwrap(), &head), (3, b"xyz"));
        assert!(beginning(&file(&packed(b"").repeat(10_000)), &mut head).is_err());
    }

    #[test]
    fn each_cut_each_flipped_bit_and_what_follows_are_found() {
        let limits = Limits::default();
        let whole = [packed(b"eins und"), packed(b"zwei")].concat();
        let first = packed(b"eins und").len();
        for length in (0..whole.len()).filter(|length| *length != first) {
            let found = unpacked(&whole[..length], &limits).unwrap_err();
            // Of a second member there must be enough to see that it is one.
            let expected =
                if length > first && length < first + 10 { Structure::Trailing } else { Structure::Truncated };
            assert_eq!(found, expected, "cut at {length}");
        }
        // Time, flags and system in a member's head say nothing of its content.
        let told = |at: usize| (4..10).contains(&at) || (first + 4..first + 10).contains(&at);
        for bit in (0..whole.len() * 8).filter(|bit| !told(bit / 8)) {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let found = unpacked(&damaged, &limits);
            assert!(found.as_ref().is_err() || found.is_ok_and(|bytes| bytes == b"eins undzwei"), "bit {bit}");
        }
        let mut wrong = whole.clone();
        let at = wrong.len() - 5;
        wrong[at] ^= 1;
        assert_eq!(unpacked(&wrong, &limits), Err(Structure::Content));
        for more in [&b"\0"[..], b"x", b"\x1f\x8b", &[0; 512]] {
            assert_eq!(unpacked(&[&whole[..], more].concat(), &limits), Err(Structure::Trailing), "{more:?}");
        }
    }

    #[test]
    fn what_would_fill_the_medium_is_refused() {
        let zeros = packed(&vec![0; 80 << 20]);
        assert_eq!(unpacked(&zeros, &Limits::default()), Err(Structure::Ratio));
        let wide = Limits { ratio: 1100, ..Limits::default() };
        assert!(unpacked(&zeros, &wide).unwrap() == vec![0; 80 << 20]);
        let laid = unpack(&file(&zeros), &wide, &Cancel::new()).unwrap().metadata().unwrap();
        // Blocks of 512 bytes: of each piece one page at most.
        assert!(laid.blocks() < 8000, "{} blocks", laid.blocks());
        assert_eq!(unpacked(&zeros, &Limits { unpacked: 1 << 20, ..Limits::default() }), Err(Structure::Size));
        let empty = packed(b"").repeat(2000);
        assert_eq!(unpacked(&empty, &Limits::default()), Err(Structure::Members));
        let full = Limits { ratio: 1100, spare: u64::MAX, ..Limits::default() };
        assert!(matches!(unpack(&file(&zeros), &full, &Cancel::new()), Err(GzipError::Work(_))));
    }

    #[test]
    fn a_stop_is_heard() {
        let cancel = Cancel::new();
        cancel.request();
        let stopped = unpack(&file(&packed(b"x")), &Limits::default(), &cancel);
        assert!(matches!(stopped, Err(GzipError::Cancelled(_))));
    }
}
