//! The raw structure of a ZIP: end records, central directory, local headers, and how they lie.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;

use super::list::{List, Row, Time};
use super::read::{Few, Limits, Names, Structure, ZipError, fault};
use super::{
    CENTRAL, CENTRAL_LENGTH, END, END_64, END_64_LENGTH, END_LENGTH, IN_ZIP64, LOCAL, LOCAL_LENGTH, LOCATOR_64,
    LOCATOR_64_LENGTH, ZIP64, name,
};
use crate::model::names::Name;
use crate::model::path;
use crate::model::record::EntryKind;

/// Where the central directory lies, as the end records say.
pub(super) struct Directory {
    pub(super) entries: u64,
    pub(super) offset: u64,
    size: u64,
}

impl Directory {
    pub(super) fn find(file: &File, length: u64) -> Result<Self, ZipError> {
        let tail_length = length.min((END_LENGTH + usize::from(u16::MAX)) as u64);
        let mut tail = vec![0; usize::try_from(tail_length).unwrap_or_default()];
        file.read_exact_at(&mut tail, length - tail_length)?;
        // The end record is the last thing in the file: its comment reaches to the end exactly.
        let at = (0..=tail.len().saturating_sub(END_LENGTH)).rev().find(|at| {
            tail.len() >= END_LENGTH
                && u32_at(&tail, *at) == END
                && at + END_LENGTH + usize::from(u16_at(&tail, at + 20)) == tail.len()
        });
        let Some(at) = at else {
            return fault(Structure::NoEnd);
        };
        let end = &tail[at..];
        // A reader that looks for it in another way would take the other one.
        if end.windows(4).skip(1).any(|four| four == END.to_le_bytes()) {
            return fault(Structure::NoEnd);
        }
        if u16_at(end, 4) != 0 || u16_at(end, 6) != 0 {
            return fault(Structure::Parts);
        }
        let counts = (u16_at(end, 8), u16_at(end, 10));
        let short =
            Self { entries: u64::from(counts.1), offset: u64::from(u32_at(end, 16)), size: u64::from(u32_at(end, 12)) };
        let end_offset = length - tail_length + at as u64;
        let directory = match Self::find_64(file, end_offset)? {
            Some((wide, start)) => {
                // Every short field either says "see ZIP64" or the same.
                let agree = |short: u64, max: u64, wide: u64| short == max || short == wide;
                if !agree(short.entries, u64::from(u16::MAX), wide.entries)
                    || !agree(short.offset, u64::from(IN_ZIP64), wide.offset)
                    || !agree(short.size, u64::from(IN_ZIP64), wide.size)
                    || wide.offset.checked_add(wide.size) != Some(start)
                {
                    return fault(Structure::Directory);
                }
                wide
            }
            None if short.offset + short.size != end_offset => return fault(Structure::Directory),
            None => short,
        };
        if counts.0 != counts.1 || directory.entries > directory.size / CENTRAL_LENGTH as u64 {
            return fault(Structure::Directory);
        }
        Ok(directory)
    }

    fn find_64(file: &File, end_offset: u64) -> Result<Option<(Self, u64)>, ZipError> {
        let Some(at) = end_offset.checked_sub(LOCATOR_64_LENGTH as u64) else {
            return Ok(None);
        };
        let mut locator = [0; LOCATOR_64_LENGTH];
        file.read_exact_at(&mut locator, at)?;
        if u32_at(&locator, 0) != LOCATOR_64 {
            return Ok(None);
        }
        let start = u64_at(&locator, 8);
        if u32_at(&locator, 4) != 0 || u32_at(&locator, 16) != 1 || start.checked_add(END_64_LENGTH as u64) != Some(at)
        {
            return fault(Structure::Directory);
        }
        let mut end = [0; END_64_LENGTH];
        file.read_exact_at(&mut end, start)?;
        if u32_at(&end, 0) != END_64 || u64_at(&end, 4) != END_64_LENGTH as u64 - 12 {
            return fault(Structure::Directory);
        }
        if u32_at(&end, 16) != 0 || u32_at(&end, 20) != 0 || u64_at(&end, 24) != u64_at(&end, 32) {
            return fault(Structure::Parts);
        }
        Ok(Some((Self { entries: u64_at(&end, 32), offset: u64_at(&end, 48), size: u64_at(&end, 40) }, start)))
    }

    pub(super) fn read(&self, file: &File, limits: &Limits) -> Result<Found, ZipError> {
        let range = DirectoryReader { file, at: self.offset, end: self.offset + self.size };
        let mut reader = io::BufReader::with_capacity(1 << 16, range);
        let mut found = Found::default();
        // No more than the directory has room for.
        if limits.few.is_none() {
            found.list.rows.reserve_exact(usize::try_from(self.entries).unwrap_or_default());
        }
        let (mut total, mut used, mut few) = (0_u64, 0_u64, 0);
        // Many entries that are each below the bound are none together.
        let most = (self.offset + self.size).saturating_mul(limits.ratio).max(64 << 20).min(limits.unpacked);
        let mut rest = Vec::new();
        for _ in 0..self.entries {
            let mut head = [0; CENTRAL_LENGTH];
            reader.read_exact(&mut head).or(fault(Structure::Directory))?;
            if u32_at(&head, 0) != CENTRAL {
                return fault(Structure::Directory);
            }
            let lengths = [28, 30, 32].map(|at| usize::from(u16_at(&head, at)));
            rest.resize(lengths.iter().sum(), 0);
            reader.read_exact(&mut rest).or(fault(Structure::Directory))?;
            used += (CENTRAL_LENGTH + rest.len()) as u64;
            let (name, extra) = (&rest[..lengths[0]], &rest[lengths[0]..lengths[0] + lengths[1]]);
            if let Some(Few { of, first }) = limits.few
                && of(name)
            {
                few += 1;
                if few > first {
                    continue;
                }
            }
            let row = found.parse(&head, name, extra, limits.names)?;
            total = total.saturating_add(row.size);
            if total > most || row.size > row.packed.saturating_mul(limits.ratio).max(1 << 20) {
                return named(Structure::Limit, name);
            }
            found.list.rows.push(row);
        }
        found.list.names.close();
        if used == self.size { Ok(found) } else { fault(Structure::Directory) }
    }
}

struct DirectoryReader<'a> {
    file: &'a File,
    at: u64,
    end: u64,
}

impl Read for DirectoryReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.end - self.at).unwrap_or(usize::MAX));
        let read = self.file.read_at(&mut buffer[..wanted], self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// What the directory says, with what is needed to compare it with the local headers.
#[derive(Default)]
pub(super) struct Found {
    pub(super) list: List,
    /// Names as bytes where they are not those of their text.
    raw: HashMap<Name, Box<[u8]>>,
    /// Whether local headers must tell the same time as well.
    strict: bool,
}

/// The signature that a data descriptor may begin with (APPNOTE 4.3.9.3).
const DESCRIPTOR: u32 = 0x0807_4b50;

/// How many bytes of an extra field are read together with its header.
const EXTRA: u64 = 64;

const FLAG_ENCRYPTED: u16 = 1;
const FLAG_DESCRIPTOR: u16 = 1 << 3;
const FLAG_PATCHED: u16 = 1 << 5;
const FLAG_STRONG: u16 = 1 << 6;
const FLAG_MASKED: u16 = 1 << 13;

/// The latest version of the format that APPNOTE 4.4.3.2 names, 6.3.
const VERSION_MAX: u8 = 63;

/// Who made the entry (APPNOTE 4.4.2.2).
const HOST_DOS: u8 = 0;
const HOST_UNIX: u8 = 3;
/// Made on macOS, with the same modes.
const HOST_DARWIN: u8 = 19;

impl Found {
    fn parse(&mut self, head: &[u8], raw: &[u8], extra: &[u8], names: Names) -> Result<Row, ZipError> {
        let flags = u16_at(head, 8);
        let method = u16_at(head, 10);
        if flags & (FLAG_ENCRYPTED | FLAG_STRONG | FLAG_MASKED) != 0 {
            return named(Structure::Encrypted, raw);
        }
        // Readers that take a version or patches as they are told refuse what is told here (APPNOTE 4.4.3, 4.4.4).
        if !matches!(method, 0 | 8) || flags & FLAG_PATCHED != 0 || head[6] > VERSION_MAX {
            return named(Structure::Method, raw);
        }
        if u16_at(head, 34) != 0 {
            return named(Structure::Parts, raw);
        }
        let name = match name::read(raw, flags, extra, names) {
            Ok(name) if name::is_whole(extra) => name,
            Ok(_) => return named(Structure::Headers, raw),
            Err(fault) => return named(fault, raw),
        };
        // The upper half holds Unix modes where the maker says so; what is neither file nor folder is told or refused.
        let kind = match (head[5], u32_at(head, 38) >> 28) {
            (HOST_UNIX | HOST_DARWIN, 0o12) => EntryKind::Link,
            (HOST_UNIX | HOST_DARWIN, 0o1) => EntryKind::Fifo,
            (HOST_UNIX | HOST_DARWIN, 0o14) => EntryKind::Socket,
            (HOST_UNIX | HOST_DARWIN, mode) if !matches!(mode, 0 | 0o4 | 0o10) => EntryKind::Device,
            _ if raw.ends_with(b"/") => EntryKind::Folder,
            _ => EntryKind::File,
        };
        if let Some(fault) = disputed(head, raw) {
            return named(fault, raw);
        }
        if names == Names::Utf8 && !matches!(kind, EntryKind::File | EntryKind::Folder) {
            return named(Structure::Special, raw);
        }
        let mut wide = zip64_field(extra).unwrap_or_default();
        let mut widen = |short: u32| -> Result<u64, ZipError> {
            if short != IN_ZIP64 {
                return Ok(u64::from(short));
            }
            match wide.split_at_checked(8) {
                Some((value, rest)) => {
                    wide = rest;
                    Ok(u64_at(value, 0))
                }
                // Without the field the value is what it says.
                None => Ok(u64::from(short)),
            }
        };
        let size = widen(u32_at(head, 24))?;
        let packed = widen(u32_at(head, 20))?;
        let header = widen(u32_at(head, 42))?;
        if (method == 0 && size != packed) || (raw.ends_with(b"/") && size != 0) {
            return named(Structure::Headers, raw);
        }
        let exact = name::unix_time(extra).filter(|_| names == Names::Any);
        self.strict = names == Names::Utf8;
        let Some(place) = self.list.names.push(name.text.as_bytes()) else {
            return named(Structure::Limit, raw);
        };
        if name.undecoded.is_some() || name.text.as_bytes() != raw {
            self.raw.insert(place, raw.into());
        }
        if let Some(undecoded) = name.undecoded {
            self.list.undecoded.insert(place, undecoded);
        }
        Ok(Row {
            header,
            size,
            packed,
            name: place,
            ahead: 0,
            crc: u32_at(head, 16),
            stamp: exact.map_or(u32_at(head, 12), i32::cast_unsigned),
            is_exact: exact.is_some(),
            flags,
            kind,
            deflated: method == 8,
        })
    }
}

/// Returns why readers see other folders than the name says: its attributes make it one, or backslashes part it.
fn disputed(head: &[u8], raw: &[u8]) -> Option<Structure> {
    let attributes = u32_at(head, 38);
    let is_folder = match head[5] {
        HOST_UNIX => attributes >> 28 == 0o4,
        HOST_DOS => attributes & 0x10 != 0,
        _ => false,
    };
    if is_folder && !raw.ends_with(b"/") {
        return Some(Structure::Headers);
    }
    (head[5] == HOST_DOS && raw.contains(&b'\\') && !raw.contains(&b'/')).then_some(Structure::Name)
}

/// Checks that local headers agree with the directory and, unless only a `few` entries are known, that these fill the file up to
/// it without gap.
pub(super) fn check_layout(file: &File, found: &mut Found, directory: u64, few: bool) -> Result<(), ZipError> {
    let mut next = 0;
    let mut local = Vec::new();
    let Found { list: List { rows, names, .. }, raw, strict } = found;
    for index in 0..rows.len() {
        let after = rows.get(index + 1).map_or(directory, |row| row.header);
        let row = &mut rows[index];
        next = if few { row.header } else { next };
        let text = names.text(row.name);
        let name = raw.get(&row.name).map_or(text.as_bytes(), |name| name);
        if row.header != next {
            return named(Structure::Layout, name);
        }
        // The extra field is seldom longer; then it is read by itself.
        let wanted = (LOCAL_LENGTH + name.len()) as u64 + EXTRA;
        local.resize(usize::try_from(wanted.min(directory.saturating_sub(next))).unwrap_or_default(), 0);
        if local.len() < LOCAL_LENGTH + name.len()
            || file.read_exact_at(&mut local, next).is_err()
            || u32_at(&local, 0) != LOCAL
        {
            return named(Structure::Headers, name);
        }
        let lengths = (usize::from(u16_at(&local, 26)), usize::from(u16_at(&local, 28)));
        let descriptor = row.flags & FLAG_DESCRIPTOR != 0;
        let method = if row.deflated { 8 } else { 0 };
        let time = match row.time() {
            Time::Dos(time, date) if *strict => Some((time, date)),
            _ => None,
        };
        if &local[LOCAL_LENGTH..LOCAL_LENGTH + name.len()] != name
            || lengths.0 != name.len()
            || u16_at(&local, 6) != row.flags
            || u16_at(&local, 8) != method
            || time.is_some_and(|time| (u16_at(&local, 10), u16_at(&local, 12)) != time)
        {
            return named(Structure::Headers, name);
        }
        let ahead = LOCAL_LENGTH + lengths.0 + lengths.1;
        if ahead > local.len() {
            local.resize(ahead, 0);
            if file.read_exact_at(&mut local, next).is_err() {
                return named(Structure::Headers, name);
            }
        }
        let extra = &local[LOCAL_LENGTH + lengths.0..ahead];
        // Readers of a stream see only this field.
        if !name::is_whole(extra) || !name::says(name, extra, text) {
            return named(Structure::Headers, name);
        }
        let sizes = (u32_at(&local, 22), u32_at(&local, 18));
        let sizes = match zip64_field(extra) {
            Some(wide) if wide.len() >= 16 && sizes == (IN_ZIP64, IN_ZIP64) => (u64_at(wide, 0), u64_at(wide, 8)),
            _ => (u64::from(sizes.0), u64::from(sizes.1)),
        };
        let told = (u32_at(&local, 14), sizes) == (row.crc, (row.size, row.packed));
        let unsaid = |size: u64, real: u64| size == 0 || size == u64::from(IN_ZIP64) || size == real;
        let deferred =
            descriptor && u32_at(&local, 14) == 0 && unsaid(sizes.0, row.size) && unsaid(sizes.1, row.packed);
        if !told && !deferred {
            return named(Structure::Headers, name);
        }
        let Some(end) = (next + ahead as u64).checked_add(row.packed) else {
            return named(Structure::Layout, name);
        };
        let after = if few { end.min(after) } else { after };
        let gap = after.checked_sub(end);
        // A data descriptor is 12 bytes, 20 with ZIP64, 4 more with its signature (APPNOTE 4.3.9).
        let fits = match gap {
            Some(0) => !descriptor,
            Some(12 | 16 | 20 | 24) => descriptor,
            _ => false,
        };
        if !fits {
            return named(Structure::Layout, name);
        }
        if let Some(length @ 12..) = gap
            && !describes(file, end, length, row)?
        {
            return named(Structure::Headers, name);
        }
        row.ahead = u32::try_from(ahead).unwrap_or_default();
        next = after;
    }
    if few || next == directory { Ok(()) } else { fault(Structure::Layout) }
}

pub(super) fn named<T>(fault: Structure, name: &[u8]) -> Result<T, ZipError> {
    Err(ZipError::Structure { fault, entry: Some(path::shown(name)) })
}

/// Returns whether the data descriptor of `length` bytes at `at` says what the directory says of an entry.
fn describes(file: &File, at: u64, length: u64, entry: &Row) -> io::Result<bool> {
    let mut bytes = [0; 24];
    let bytes = &mut bytes[..usize::try_from(length).unwrap_or_default().min(24)];
    file.read_exact_at(bytes, at)?;
    let fields = match length {
        16 | 24 if u32_at(bytes, 0) != DESCRIPTOR => return Ok(false),
        16 | 24 => &bytes[4..],
        _ => bytes,
    };
    let sizes = match fields.len() {
        12 => (u64::from(u32_at(fields, 4)), u64::from(u32_at(fields, 8))),
        _ => (u64_at(fields, 4), u64_at(fields, 12)),
    };
    Ok(u32_at(fields, 0) == entry.crc && sizes == (entry.packed, entry.size))
}

fn zip64_field(extra: &[u8]) -> Option<&[u8]> {
    field(extra, ZIP64)
}

/// Returns the field `wanted` of an entry's extra fields.
pub(super) fn field(extra: &[u8], wanted: u16) -> Option<&[u8]> {
    let mut rest = extra;
    while rest.len() >= 4 {
        let (id, length) = (u16_at(rest, 0), usize::from(u16_at(rest, 2)));
        let field = rest.get(4..4 + length)?;
        if id == wanted {
            return Some(field);
        }
        rest = &rest[4 + length..];
    }
    None
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map_or(0, u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes)
}
