//! Reads TAR files of any origin, after a strict look at all of their headers.
//!
//! The formats are ustar and pax (POSIX.1-2024, `pax`), the old one before them, and GNU tar with its long names. Readers
//! disagree on TARs that end without end blocks, that go on after them, or whose headers contradict each other: such a file is
//! refused as a whole, since what is taken over could not be what others see. Sparse files, parts of several and other
//! extensions that change what a file's bytes are, are refused too.

mod list;
mod number;

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use self::list::List;
pub use self::list::{Entries, Entry};
use self::number::{checksum, decimal, number, seconds, signed};
use crate::io::zip::RangeReader;
use crate::model::path;
use crate::model::record::EntryKind;
use crate::model::time::Timestamp;

const BLOCK: u64 = 512;

/// How much is read at once where headers are close together.
const WINDOW: u64 = 64 << 10;

/// The longest path that Linux takes, in bytes.
const PATH_MAX: usize = 4096;

/// The longest extended header; those that programs write hold names, times and access lists.
const EXTENDED_MAX: u64 = 64 << 10;

/// The first size that eleven octal digits do not hold.
const OCTAL_MAX: u64 = 1 << 33;

/// Bounds on what a TAR from others may make us do.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Entries.
    pub entries: usize,
    /// Bytes of all files for each byte of the TAR, above the first 64 MiB: hard links say the same bytes again.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries: 10_000_000, ratio: 250 }
    }
}

/// What is wrong with the structure of a TAR file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Structure {
    /// The file ends within an entry.
    Truncated,
    /// The two blocks of zeros at the end are missing.
    NoEnd,
    /// Something follows the end.
    Trailing,
    /// A header's checksum is wrong.
    Checksum,
    /// A number in a header is none, is negative or too large.
    Number,
    /// An extended header is wrong, or contradicts the header that it belongs to.
    Extended,
    /// A name leads out of the folder, is empty or too long.
    Name,
    /// Two entries have the same name, or one lies in another that is no folder.
    Twice,
    /// A hard link to something that is no file before it.
    HardLink,
    /// A sparse file.
    Sparse,
    /// A kind of entry that is not read here: part of several, list of a folder, unknown.
    Kind,
    /// There are too many entries, hard links make too much of them, or an extended header is too long.
    Limit,
}

impl Structure {
    /// Returns the word that stands in JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::NoEnd => "no-end",
            Self::Trailing => "trailing",
            Self::Checksum => "checksum",
            Self::Number => "number",
            Self::Extended => "extended",
            Self::Name => "name",
            Self::Twice => "twice",
            Self::HardLink => "hard-link",
            Self::Sparse => "sparse",
            Self::Kind => "kind",
            Self::Limit => "limit",
        }
    }
}

/// Why a TAR file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TarError {
    /// The file cannot be read.
    #[error("reading failed")]
    Io(#[from] io::Error),
    /// The structure is not sound.
    #[error("{fault:?} at byte {offset}, entry {entry:?}")]
    Structure {
        /// What is wrong.
        fault: Structure,
        /// The entry's name, as [`crate::model::path::shown`], where one is concerned.
        entry: Option<String>,
        /// Where its header begins.
        offset: u64,
    },
}

/// A TAR file with a sound structure; entries are in the order of the file.
#[derive(Debug, Clone)]
pub struct TarReader {
    file: Arc<File>,
    list: Arc<List>,
}

impl TarReader {
    /// Checks the structure of `file` and lists its entries.
    pub fn open(file: File, limits: &Limits) -> Result<Self, TarError> {
        let length = file.metadata()?.len();
        let window = Window { file: &file, start: 0, bytes: Vec::new() };
        let mut look = Look { window, length, at: 0, long: Long::default(), global: Long::default() };
        let mut list = List::default();
        let mut hard_links = Vec::new();
        while let Some((entry, is_hard_link)) = look.next()? {
            let offset = entry.data.saturating_sub(BLOCK);
            if list.rows.len() >= limits.entries {
                return Err(look.structure(Structure::Limit, &entry.path, offset));
            }
            if entry.path.is_empty() {
                // `./`, the folder that all lies in.
                continue;
            }
            if is_hard_link {
                hard_links.push(list.rows.len());
            }
            if !list.push(&entry) {
                return Err(look.structure(Structure::Limit, &entry.path, offset));
            }
        }
        let fault = |list: &List, number: usize, fault| {
            let row = &list.rows[number];
            Err(look.structure(fault, list.names.bytes(row.name), row.data.saturating_sub(BLOCK)))
        };
        if let Some(number) = list.sort() {
            return fault(&list, number, Structure::Twice);
        }
        for number in hard_links {
            if !list.follow(number) {
                return fault(&list, number, Structure::HardLink);
            }
        }
        let (mut total, most) = (0_u64, length.saturating_mul(limits.ratio).max(64 << 20));
        for (number, row) in list.rows.iter().enumerate() {
            total = total.saturating_add(row.size);
            if total > most {
                return fault(&list, number, Structure::Limit);
            }
        }
        Ok(Self { file: Arc::new(file), list: Arc::new(list) })
    }

    /// Returns the entries in the order of the file.
    #[must_use]
    pub fn entries(&self) -> Entries<'_> {
        Entries(&self.list)
    }

    /// Returns the file itself.
    #[must_use]
    pub fn file(&self) -> &Arc<File> {
        &self.file
    }

    /// Returns a reader of the entry's bytes.
    #[must_use]
    pub fn read(&self, entry: Entry<'_>) -> RangeReader {
        RangeReader::new(Arc::clone(&self.file), entry.data, entry.size)
    }
}

/// Returns whether a file that begins with these bytes is a TAR: its magic word stands there, or the checksum of the old
/// format without one is right.
#[must_use]
pub fn is_tar(head: &[u8]) -> bool {
    match head.get(..512) {
        Some(head) => &head[257..262] == b"ustar" || (head[0] != 0 && checksum(head)),
        None => false,
    }
}

/// What extended headers say of the next entry, or of all that follow.
#[derive(Debug, Default, Clone)]
struct Long {
    path: Option<Vec<u8>>,
    target: Option<Vec<u8>>,
    size: Option<u64>,
    modified: Option<i64>,
    /// Whether any was read that an entry must follow.
    pending: bool,
    /// Whether it was one of pax.
    pax: bool,
}

/// An entry as its header tells it.
struct Told {
    path: Vec<u8>,
    kind: EntryKind,
    size: u64,
    modified: Timestamp,
    target: Vec<u8>,
    data: u64,
}

/// A part of the file, so that headers of small files are not read one by one.
struct Window<'a> {
    file: &'a File,
    start: u64,
    bytes: Vec<u8>,
}

impl Window<'_> {
    /// Reads the block at `at`, which lies in a file of `length` bytes.
    fn block(&mut self, at: u64, length: u64) -> io::Result<[u8; 512]> {
        let inside = |window: &Self| {
            let from = usize::try_from(at.checked_sub(window.start)?).ok()?;
            window.bytes.get(from..from.checked_add(512)?)?.try_into().ok()
        };
        if let Some(block) = inside(self) {
            return Ok(block);
        }
        // Behind a large file a header stands by itself.
        let near = at < self.start.saturating_add(self.bytes.len() as u64 + WINDOW);
        let wanted = if near { WINDOW } else { BLOCK }.min(length - at);
        self.bytes.resize(usize::try_from(wanted).unwrap_or_default(), 0);
        self.start = at;
        self.file.read_exact_at(&mut self.bytes, at)?;
        inside(self).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

struct Look<'a> {
    window: Window<'a>,
    length: u64,
    at: u64,
    long: Long,
    global: Long,
}

impl Look<'_> {
    fn structure(&self, fault: Structure, name: &[u8], offset: u64) -> TarError {
        let entry = (!name.is_empty()).then(|| path::shown(name.get(..PATH_MAX).unwrap_or(name)));
        TarError::Structure { fault, entry, offset: offset.min(self.length) }
    }

    fn here<T>(&self, fault: Structure, name: &[u8]) -> Result<T, TarError> {
        Err(self.structure(fault, name, self.at))
    }

    /// Returns the next entry and whether it is a hard link; nothing at the end of the file.
    fn next(&mut self) -> Result<Option<(Told, bool)>, TarError> {
        loop {
            if self.length.saturating_sub(self.at) < BLOCK {
                let fault = if self.length == self.at { Structure::NoEnd } else { Structure::Truncated };
                return self.here(fault, b"");
            }
            let head = self.window.block(self.at, self.length)?;
            if head.iter().all(|byte| *byte == 0) {
                if self.long.pending {
                    return self.here(Structure::Extended, b"");
                }
                self.end()?;
                return Ok(None);
            }
            let told = text(&head[..100]);
            if !checksum(&head) {
                return self.here(Structure::Checksum, told);
            }
            let Some(size) = number(&head[124..136]) else { return self.here(Structure::Number, told) };
            match head[156] {
                b'x' | b'X' => self.extended(size, false)?,
                b'g' => self.extended(size, true)?,
                b'L' => self.long_name(size, true)?,
                b'K' => self.long_name(size, false)?,
                _ => return self.entry(&head, size).map(Some),
            }
        }
    }

    /// Reads the entry of `head`; the next header begins after its bytes.
    fn entry(&mut self, head: &[u8; 512], size: u64) -> Result<(Told, bool), TarError> {
        let long = std::mem::take(&mut self.long);
        let name = match (&long.path, &self.global.path) {
            (Some(path), _) | (None, Some(path)) => path.clone(),
            _ => own_name(head),
        };
        let target =
            long.target.or_else(|| self.global.target.clone()).unwrap_or_else(|| text(&head[157..257]).to_vec());
        let told = long.size.or(self.global.size);
        // A size that the header itself could hold must stand in it: readers of the old format see another file else.
        if told.is_some_and(|told| told != size && told < OCTAL_MAX) {
            return self.here(Structure::Extended, &name);
        }
        let size = told.unwrap_or(size);
        let Some(modified) = signed(&head[136..148]) else { return self.here(Structure::Number, &name) };
        let modified = long.modified.or(self.global.modified).unwrap_or(modified);
        let mut is_hard_link = false;
        let kind = match head[156] {
            0 | b'0' | b'7' if name.ends_with(b"/") => EntryKind::Folder,
            0 | b'0' | b'7' => EntryKind::File,
            b'1' => {
                is_hard_link = true;
                EntryKind::File
            }
            b'2' => EntryKind::Link,
            b'3' | b'4' => EntryKind::Device,
            b'5' => EntryKind::Folder,
            b'6' => EntryKind::Fifo,
            b'S' => return self.here(Structure::Sparse, &name),
            _ => return self.here(Structure::Kind, &name),
        };
        // Some programs jump over bytes of such entries and some do not.
        if size > 0 && (kind != EntryKind::File || is_hard_link) {
            return self.here(Structure::Number, &name);
        }
        let Some(path) = relative(&name, kind) else { return self.here(Structure::Name, &name) };
        let target = match is_hard_link.then(|| relative(&target, EntryKind::File)) {
            None => target,
            Some(Some(inside)) => inside.to_vec(),
            Some(None) => return self.here(Structure::HardLink, &name),
        };
        let data = self.at + BLOCK;
        let modified = Timestamp::from_seconds(modified);
        let target = target.get(..PATH_MAX).unwrap_or(&target).to_vec();
        let entry = Told { path: path.to_vec(), kind, size, modified, target, data };
        self.at = match data.checked_add(size).and_then(|end| end.checked_next_multiple_of(BLOCK)) {
            // The last block need not be filled up, but then the end blocks are missing as well.
            Some(next) if data + size <= self.length => next,
            _ => return self.here(Structure::Truncated, &name),
        };
        Ok((entry, is_hard_link))
    }

    /// Reads the bytes of an extended header and goes on behind them.
    fn body(&mut self, size: u64) -> Result<Vec<u8>, TarError> {
        if size > EXTENDED_MAX {
            return self.here(Structure::Limit, b"");
        }
        let data = self.at + BLOCK;
        let next = data + size.next_multiple_of(BLOCK);
        if next > self.length {
            return self.here(Structure::Truncated, b"");
        }
        let mut bytes = vec![0; usize::try_from(size).unwrap_or_default()];
        self.window.file.read_exact_at(&mut bytes, data)?;
        self.at = next;
        Ok(bytes)
    }

    /// Reads GNU tar's long name of the next entry, or of what it links to.
    fn long_name(&mut self, size: u64, of_entry: bool) -> Result<(), TarError> {
        if size > PATH_MAX as u64 + 1 {
            return self.here(Structure::Name, b"");
        }
        let start = self.at;
        let bytes = self.body(size)?;
        let name = text(&bytes).to_vec();
        let place = if of_entry { &mut self.long.path } else { &mut self.long.target };
        // Of a long name and a pax header some readers follow the first, and some the last.
        let twice = place.replace(name).is_some() || self.long.pax;
        self.long.pending = true;
        if twice { Err(self.structure(Structure::Extended, b"", start)) } else { Ok(()) }
    }

    /// Reads a pax header: records `LENGTH KEY=VALUE\n`.
    fn extended(&mut self, size: u64, global: bool) -> Result<(), TarError> {
        let start = self.at;
        let bytes = self.body(size)?;
        // So of two pax headers of one entry.
        if !global && self.long.pending {
            return Err(self.structure(Structure::Extended, b"", start));
        }
        let mut long = if global { std::mem::take(&mut self.global) } else { std::mem::take(&mut self.long) };
        let read = pax(&bytes, &mut long).map_err(|fault| self.structure(fault, b"", start));
        if global {
            self.global = long;
        } else {
            (long.pending, long.pax) = (true, true);
            self.long = long;
        }
        read
    }

    /// Looks whether nothing but zeros follows, at least two blocks of them.
    fn end(&self) -> Result<(), TarError> {
        let mut at = self.at;
        let mut buffer = vec![0; 1 << 16];
        while at < self.length {
            let wanted = usize::try_from(self.length - at).unwrap_or(usize::MAX).min(buffer.len());
            self.window.file.read_exact_at(&mut buffer[..wanted], at)?;
            if buffer[..wanted].iter().any(|byte| *byte != 0) {
                return Err(self.structure(Structure::Trailing, b"", at));
            }
            at += wanted as u64;
        }
        if self.length - self.at < 2 * BLOCK { self.here(Structure::NoEnd, b"") } else { Ok(()) }
    }
}

/// Reads the records of a pax header into `long`.
fn pax(bytes: &[u8], long: &mut Long) -> Result<(), Structure> {
    let mut rest = bytes;
    while !rest.is_empty() {
        // Some programs fill up with zeros.
        if rest.iter().all(|byte| *byte == 0) {
            break;
        }
        let space = rest.iter().take(8).position(|byte| *byte == b' ').ok_or(Structure::Extended)?;
        let length =
            decimal(&rest[..space]).and_then(|length| usize::try_from(length).ok()).ok_or(Structure::Extended)?;
        let (record, after) = rest.split_at_checked(length).ok_or(Structure::Extended)?;
        rest = after;
        let record =
            record.get(space + 1..).and_then(|record| record.strip_suffix(b"\n")).ok_or(Structure::Extended)?;
        let equals = record.iter().position(|byte| *byte == b'=').ok_or(Structure::Extended)?;
        let (key, value) = (&record[..equals], &record[equals + 1..]);
        let some = (!value.is_empty()).then_some(value);
        match key {
            b"path" | b"linkpath" if value.len() > PATH_MAX || value.contains(&0) => return Err(Structure::Name),
            b"path" => long.path = some.map(<[u8]>::to_vec),
            b"linkpath" => long.target = some.map(<[u8]>::to_vec),
            b"size" => long.size = some.map(|value| decimal(value).ok_or(Structure::Number)).transpose()?,
            b"mtime" => long.modified = some.map(|value| seconds(value).ok_or(Structure::Number)).transpose()?,
            // What star and Solaris write of sparse files stands in other words.
            b"SCHILY.realsize" | b"SUN.holesdata" => return Err(Structure::Sparse),
            key if key.starts_with(b"GNU.sparse.") => return Err(Structure::Sparse),
            key if key.starts_with(b"GNU.volume.") => return Err(Structure::Kind),
            _ => {}
        }
    }
    Ok(())
}

/// Returns the name in the header itself, with its prefix where the format knows one.
fn own_name(head: &[u8; 512]) -> Vec<u8> {
    let name = text(&head[..100]);
    // GNU tar's own format has times where ustar has the prefix.
    let prefix = if &head[257..263] == b"ustar\0" { text(&head[345..500]) } else { b"" };
    if prefix.is_empty() { name.to_vec() } else { [prefix, b"/", name].concat() }
}

/// Returns `name` without `./` before and `/` after it; nothing if it leads out or is empty. The folder that all lies in
/// is an empty path.
fn relative(name: &[u8], kind: EntryKind) -> Option<&[u8]> {
    if name.len() > PATH_MAX {
        return None;
    }
    let mut rest = name;
    while let Some(after) = rest.strip_prefix(b"./") {
        rest = after;
    }
    if kind == EntryKind::Folder {
        rest = rest.strip_suffix(b"/").unwrap_or(rest);
        if !name.is_empty() && matches!(rest, b"" | b".") && !name.starts_with(b"/") {
            return Some(b"");
        }
    }
    (!path::leads_out(rest)).then_some(rest)
}

/// Returns the bytes before the first NUL.
fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    /// Returns a header of the format ustar.
    fn head(name: &[u8], kind: u8, size: u64) -> [u8; 512] {
        let mut head = [0; 512];
        head[..name.len()].copy_from_slice(name);
        head[100..108].copy_from_slice(b"0000644\0");
        head[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
        head[136..148].copy_from_slice(b"14000000000\0");
        head[156] = kind;
        head[257..265].copy_from_slice(b"ustar\x0000");
        sealed(head)
    }

    fn sealed(mut head: [u8; 512]) -> [u8; 512] {
        head[148..156].fill(b' ');
        let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
        head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        head
    }

    fn entry(name: &[u8], kind: u8, bytes: &[u8]) -> Vec<u8> {
        let mut out = head(name, kind, bytes.len() as u64).to_vec();
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(512), 0);
        out
    }

    fn link(name: &[u8], kind: u8, target: &[u8]) -> Vec<u8> {
        let mut head = head(name, kind, 0);
        head[157..157 + target.len()].copy_from_slice(target);
        sealed(head).to_vec()
    }

    fn open(bytes: &[u8]) -> Result<TarReader, TarError> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        TarReader::open(file, &Limits { entries: 20, ..Limits::default() })
    }

    fn whole(parts: &[Vec<u8>]) -> Vec<u8> {
        [parts.concat(), vec![0; 1024]].concat()
    }

    fn fault(bytes: &[u8]) -> Structure {
        match open(bytes) {
            Err(TarError::Structure { fault, .. }) => fault,
            other => panic!("{other:?}"),
        }
    }

    fn told(bytes: &[u8]) -> Vec<(String, EntryKind, String)> {
        let tar = open(bytes).unwrap();
        let content = |entry: Entry<'_>| {
            let mut text = String::new();
            tar.read(entry).read_to_string(&mut text).unwrap();
            text
        };
        tar.entries().iter().map(|e| (path::shown(e.path), e.kind, content(e))).collect()
    }

    fn file(path: &str, text: &str) -> (String, EntryKind, String) {
        (path.to_owned(), EntryKind::File, text.to_owned())
    }

    #[test]
    fn entries_of_all_formats_are_read() {
        let folder = |path: &str| (path.to_owned(), EntryKind::Folder, String::new());
        let mut old = head(b"v7", 0, 1);
        old[257..265].fill(0);
        let old = [sealed(old).to_vec(), vec![b'x'; 1], vec![0; 511]].concat();
        let mut prefixed = head(b"c", b'0', 0);
        prefixed[345..348].copy_from_slice(b"a/b");
        let mut large = head(b"large", b'0', 0);
        large[124..136].copy_from_slice(b"\x80\0\0\0\0\0\0\0\0\0\0\x02");
        let large = [sealed(large).to_vec(), b"ab".to_vec(), vec![0; 510]].concat();
        let long = "n".repeat(300);
        let bytes = whole(&[
            entry(b"./", b'5', b""),
            entry(b"./d/", b'5', b""),
            entry(b"./d/x", b'0', b"eins"),
            entry(b"e/", 0, b""),
            old,
            sealed(prefixed).to_vec(),
            large,
            entry(b"././@LongLink", b'L', format!("{long}\0").as_bytes()),
            entry(b"nnn", b'0', b"2"),
            entry(b"h", b'x', b"18 path=gr\xc3\xbcn.txt\n13 mtime=1.5\n"),
            entry(b"ascii", b'0', b"3"),
            link(b"hart", b'1', b"d/x"),
            entry(b"\xfcmlaut", b'0', b"4"),
        ]);
        let expected = [
            folder("d"),
            file("d/x", "eins"),
            folder("e"),
            file("v7", "x"),
            file("a/b/c", ""),
            file("large", "ab"),
            file(&long, "2"),
            file("grün.txt", "3"),
            file("hart", "eins"),
            file("%FCmlaut", "4"),
        ];
        assert_eq!(told(&bytes), expected);
        assert_eq!(open(&bytes).unwrap().entries().get(7).unwrap().modified, Timestamp::from_seconds(1));
        // Filled up to a record of 20 blocks, as most programs do.
        assert_eq!(told(&[bytes, vec![0; 7 * 512]].concat()), expected);
    }

    #[test]
    fn links_and_devices_are_entries() {
        let bytes = whole(&[link(b"l", b'2', b"../x"), entry(b"p", b'6', b""), entry(b"z", b'3', b"")]);
        let tar = open(&bytes).unwrap();
        let kinds: Vec<EntryKind> = tar.entries().iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [EntryKind::Link, EntryKind::Fifo, EntryKind::Device]);
        assert_eq!(tar.entries().get(0).unwrap().target, b"../x");
    }

    #[test]
    fn what_readers_could_read_otherwise_is_refused() {
        let x = || entry(b"x", b'0', b"eins");
        let field = |at: usize, bytes: &[u8]| {
            let mut head = head(b"x", b'0', 0);
            head[at..at + bytes.len()].copy_from_slice(bytes);
            whole(&[sealed(head).to_vec()])
        };
        let pax = |record: &[u8]| whole(&[entry(b"h", b'x', record), x()]);
        let mut wrong = whole(&[x()]);
        wrong[0] = b'y';
        let cases: Vec<(&str, Vec<u8>, Structure)> = vec![
            ("nothing", Vec::new(), Structure::NoEnd),
            ("cut in a header", whole(&[x()])[..300].to_vec(), Structure::Truncated),
            ("cut in the bytes", x()[..514].to_vec(), Structure::Truncated),
            ("no end", x(), Structure::NoEnd),
            ("half an end", [x(), vec![0; 512]].concat(), Structure::NoEnd),
            ("trailing", [whole(&[x()]), vec![1; 512]].concat(), Structure::Trailing),
            ("two in one", [whole(&[x()]), whole(&[x()])].concat(), Structure::Trailing),
            ("checksum", wrong, Structure::Checksum),
            ("negative size", field(124, b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), Structure::Number),
            ("huge size", field(124, b"\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), Structure::Number),
            ("large size", field(124, b"77777777777\0"), Structure::Truncated),
            ("no number", field(124, b"0000000009\0"), Structure::Number),
            ("twice", whole(&[x(), x()]), Structure::Twice),
            ("twice with a dot", whole(&[x(), entry(b"./x", b'0', b"")]), Structure::Twice),
            ("up", whole(&[entry(b"a/../../x", b'0', b"")]), Structure::Name),
            ("up, Windows", whole(&[entry(b"a\\..\\..\\x", b'0', b"")]), Structure::Name),
            ("absolute", whole(&[entry(b"/x", b'0', b"")]), Structure::Name),
            ("drive", whole(&[entry(b"C:x", b'0', b"")]), Structure::Name),
            ("no name", whole(&[entry(b"", b'0', b"x")]), Structure::Name),
            ("a dot in it", whole(&[entry(b"a/./x", b'0', b"")]), Structure::Name),
            ("overlong", whole(&[entry(b"\xc0\xae\xc0\xae/x", b'0', b"")]), Structure::Name),
            ("long name", whole(&[entry(b"l", b'L', &[b'n'; 5_000]), x()]), Structure::Name),
            (
                "two long names",
                whole(&[entry(b"l", b'L', b"a\0"), entry(b"l", b'L', b"b\0"), x()]),
                Structure::Extended,
            ),
            (
                "two pax headers",
                whole(&[entry(b"h", b'x', b"9 path=a\n"), entry(b"h", b'x', b"11 mtime=1\n"), x()]),
                Structure::Extended,
            ),
            (
                "a long name and a pax header",
                whole(&[entry(b"l", b'L', b"a\0"), entry(b"h", b'x', b"9 path=b\n"), x()]),
                Structure::Extended,
            ),
            (
                "a pax header and a long name",
                whole(&[entry(b"h", b'x', b"11 mtime=1\n"), entry(b"l", b'L', b"a\0"), x()]),
                Structure::Extended,
            ),
            ("sparse as star writes it", pax(b"21 SCHILY.realsize=9\n"), Structure::Sparse),
            ("sparse as Solaris writes it", pax(b"22 SUN.holesdata= 0 9\n"), Structure::Sparse),
            ("a long name of nothing", whole(&[entry(b"l", b'L', b"a\0")]), Structure::Extended),
            ("pax path", pax(b"16 path=../evil\n"), Structure::Name),
            ("pax length", pax(b"99 path=a\n"), Structure::Extended),
            ("pax without =", pax(b"7 path\n"), Structure::Extended),
            ("pax size", pax(b"11 size=-1\n"), Structure::Number),
            ("pax size beside another", pax(b"12 size=100\n"), Structure::Extended),
            ("pax sparse", pax(b"22 GNU.sparse.major=1\n"), Structure::Sparse),
            ("pax too long", pax(&vec![b'0'; 70_000]), Structure::Limit),
            ("GNU sparse", whole(&[entry(b"s", b'S', b"")]), Structure::Sparse),
            ("part", whole(&[entry(b"s", b'M', b"")]), Structure::Kind),
            ("hard link up", whole(&[x(), link(b"h", b'1', b"../x")]), Structure::HardLink),
            ("hard link to what comes later", whole(&[link(b"h", b'1', b"x"), x()]), Structure::HardLink),
            ("hard link to a link", whole(&[link(b"l", b'2', b"x"), link(b"h", b'1', b"l")]), Structure::HardLink),
            ("folder with bytes", whole(&[entry(b"d/", b'5', b"x")]), Structure::Number),
            (
                "many",
                whole(&(0..21).map(|n| entry(format!("{n}").as_bytes(), b'0', b"")).collect::<Vec<_>>()),
                Structure::Limit,
            ),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(fault(&bytes), expected, "{name}");
        }
    }

    #[test]
    fn a_cut_is_found_at_any_byte_and_a_flipped_bit_does_no_harm() {
        let sound =
            whole(&[entry(b"d/x", b'0', b"eins"), entry(b"h", b'x', b"13 mtime=1.5\n"), entry(b"y", b'0', b"")]);
        for length in 0..sound.len() {
            assert!(open(&sound[..length]).is_err(), "cut at {length}");
        }
        for bit in 0..sound.len() * 8 {
            let mut bytes = sound.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            if let Ok(tar) = open(&bytes) {
                assert_eq!(tar.entries().len(), 2, "bit {bit}");
            }
        }
    }

    #[test]
    fn a_tar_is_known_by_its_first_block() {
        assert!(is_tar(&head(b"x", b'0', 0)));
        let mut old = head(b"x", 0, 0);
        old[257..265].fill(0);
        assert!(is_tar(&sealed(old)));
        assert!(!is_tar(&[0; 512]) && !is_tar(b"ustar") && !is_tar(&[b' '; 512]));
    }
}
