//! ZIP files: stored ones written at full speed, all others read only after a strict look at their structure.
//!
//! The format is that of APPNOTE 6.3.10. Entries are stored, names are UTF-8, ZIP64 fields stand only where a size or
//! offset needs them, and there are no data descriptors: sizes are known before the first byte is written.

mod directory;
mod layout;
mod list;
mod name;
mod prefixed;
mod read;
mod write;

pub use layout::{Layout, Placed, Slot};
pub use list::{Entries, Entry};
pub use read::{Few, Limits, Names, RangeReader, Structure, ZipError, ZipReader};
pub use write::{Finished, Piece, ZipWriter};

use crate::model::time::Timestamp;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;

const LOCAL_LENGTH: usize = 30;
const CENTRAL_LENGTH: usize = 46;
const END_LENGTH: usize = 22;
const END_64_LENGTH: usize = 56;
const LOCATOR_64_LENGTH: usize = 20;

/// The value that says "see the ZIP64 field".
const IN_ZIP64: u32 = u32::MAX;
/// The id of the ZIP64 extended information field (APPNOTE 4.5.3).
const ZIP64: u16 = 1;

/// Names are UTF-8 (APPNOTE 4.4.4, bit 11).
const FLAG_UTF8: u16 = 1 << 11;

/// 2107-12-31 23:59:58 and 1980-01-01 00:00:00, as [`dos_time`].
const DOS_LATEST: (u16, u16) = (0xbf7d, 0xff9f);
const DOS_EARLIEST: (u16, u16) = (0, 0x21);

/// Returns time and date as MS-DOS writes them (APPNOTE 4.4.6): two-second steps, 1980 to 2107, here in UTC.
fn dos_time(time: Timestamp) -> (u16, u16) {
    let (year, month, day, hour, minute, second) = time.civil();
    match u16::try_from(i32::from(year) - 1980) {
        Ok(years @ 0..=127) => (
            u16::from(hour) << 11 | u16::from(minute) << 5 | u16::from(second / 2),
            years << 9 | u16::from(month) << 5 | u16::from(day),
        ),
        Ok(_) => DOS_LATEST,
        Err(_) => DOS_EARLIEST,
    }
}

/// Returns the time that [`dos_time`] wrote; what is no time at all becomes the earliest.
fn time_of(time: u16, date: u16) -> Timestamp {
    let bits = |from: u16, shift: u16, mask: u16| u8::try_from(from >> shift & mask).unwrap_or_default();
    let year = 1980 + i16::from(bits(date, 9, 0x7f));
    // A leap second is the one before it.
    let second = match bits(time, 0, 0x1f) * 2 {
        60 => 59,
        second => second,
    };
    let time = (bits(time, 11, 0x1f), bits(time, 5, 0x3f), second);
    Timestamp::from_civil((year, bits(date, 5, 0xf), bits(date, 0, 0x1f)), time)
        .unwrap_or(Timestamp::from_seconds(315_532_800))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{Read, Write};
    use std::os::unix::fs::FileExt;

    use super::*;

    #[test]
    fn pieces_follow_each_other_in_whatever_order_they_were_written() {
        let target = tempfile::NamedTempFile::new().unwrap();
        let mut zip = ZipWriter::new(target.reopen().unwrap());
        let time = Timestamp::from_seconds(0);
        zip.folder("a/", time).unwrap();
        let names: Vec<String> = (0..60).map(|number| format!("a/{number}")).collect();
        let slots: Vec<(Slot, &String)> = names.iter().map(|name| (zip.plan(name, 3, time), name)).collect();
        zip.folder("a/empty/", time).unwrap();
        zip.folder("a/empty too/", time).unwrap();
        let mut pieces = Vec::new();
        for number in 0..slots.len() {
            let (slot, name) = &slots[number * 37 % slots.len()];
            let header = zip.header(slot, name, crc32fast::hash(b"abc"));
            for (at, bytes) in [(slot.header, &header[..]), (slot.data, b"abc")] {
                zip.file().write_all_at(bytes, at).unwrap();
                pieces.push(Piece::of(at, bytes));
            }
            zip.set_crc(slot, crc32fast::hash(b"abc"));
        }
        zip.note(pieces);
        let made = zip.finish().unwrap();
        let end = made.pieces.iter().fold(0, |end, piece| {
            assert_eq!(piece.at, end);
            end + piece.length
        });
        assert_eq!(end, target.as_file().metadata().unwrap().len());
    }

    fn written(entries: &[(&str, &[u8])]) -> tempfile::NamedTempFile {
        let target = tempfile::NamedTempFile::new().unwrap();
        let mut zip = ZipWriter::new(target.reopen().unwrap());
        let time = Timestamp::from_seconds(1_772_366_400);
        let slots: Vec<Slot> = entries.iter().map(|(name, bytes)| zip.plan(name, bytes.len() as u64, time)).collect();
        for (slot, (name, bytes)) in slots.iter().zip(entries).rev() {
            let crc = crc32fast::hash(bytes);
            zip.set_crc(slot, crc);
            let header = zip.header(slot, name, crc);
            zip.file().write_all_at(&header, slot.header).unwrap();
            zip.file().write_all_at(bytes, slot.data).unwrap();
        }
        zip.append("p/METS.xml", time, |out| out.write_all(b"<mets/>")).unwrap();
        zip.folder("p/leer/", time).unwrap();
        zip.finish().unwrap();
        target
    }

    #[test]
    fn what_is_written_is_read() {
        let long = vec![7; 70_000];
        let entries: &[(&str, &[u8])] = &[("p/Grün.txt", b"abc"), ("p/leer.txt", b""), ("p/z", &long)];
        let target = written(entries);
        let zip = ZipReader::open(File::open(target.path()).unwrap(), &Limits::default()).unwrap();
        let names: Vec<&str> = zip.entries().iter().map(|e| e.name).collect();
        assert_eq!(names, ["p/Grün.txt", "p/leer.txt", "p/z", "p/METS.xml", "p/leer/"]);
        for (entry, (_, bytes)) in zip.entries().iter().zip(entries) {
            let mut read = Vec::new();
            zip.read(entry).unwrap().read_to_end(&mut read).unwrap();
            assert_eq!(read, *bytes);
        }
    }

    #[test]
    fn the_zip_crate_reads_what_is_written() {
        let target = written(&[("p/Grün.txt", b"abc")]);
        let mut zip = zip::ZipArchive::new(target.reopen().unwrap()).unwrap();
        let mut text = String::new();
        zip.by_name("p/Grün.txt").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "abc");
        assert!(zip.by_name("p/leer/").unwrap().is_dir());
    }

    #[test]
    fn every_flipped_bit_of_the_structure_is_found_or_changes_only_times_and_content() {
        let target = written(&[("p/a", b"abc"), ("p/b", b"")]);
        let sound = std::fs::read(target.path()).unwrap();
        let judge = |bytes: &[u8]| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            ZipReader::open(file, &Limits::default())
        };
        let names =
            |zip: &ZipReader| zip.entries().iter().map(|e| (e.name.to_owned(), e.size, e.crc)).collect::<Vec<_>>();
        let expected = names(&judge(&sound).unwrap());
        for length in 0..sound.len() {
            assert!(judge(&sound[..length]).is_err(), "cut at {length}");
        }
        for (before, after) in [(&b"x"[..], &b""[..]), (b"", b"x"), (&sound, b"")] {
            let bytes = [before, &sound, after].concat();
            assert!(judge(&bytes).is_err(), "{} bytes before, {} after", before.len(), after.len());
        }
        for bit in 0..sound.len() * 8 {
            let mut bytes = sound.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            if let Ok(zip) = judge(&bytes) {
                // Names and checksums may still be others: those are compared with METS, not here.
                assert_eq!(zip.entries().len(), expected.len(), "bit {bit}");
            }
        }
    }

    /// One stored entry with the content `x`, as others might write it.
    struct Odd {
        name: &'static [u8],
        host: u8,
        needed: u8,
        flags: u16,
        attributes: u32,
        /// Extra fields of the local header and of the directory.
        extra: [Vec<u8>; 2],
    }

    impl Default for Odd {
        fn default() -> Self {
            Self {
                name: b"a.txt",
                host: 3,
                needed: 20,
                flags: 0,
                attributes: 0o100_644 << 16,
                extra: Default::default(),
            }
        }
    }

    impl Odd {
        fn judge(&self, names: Names) -> Result<String, Structure> {
            let crc = crc32fast::hash(b"x").to_le_bytes();
            let (one, name) = (1_u32.to_le_bytes(), u16::try_from(self.name.len()).unwrap().to_le_bytes());
            let length = |at: usize| u16::try_from(self.extra[at].len()).unwrap().to_le_bytes();
            // Flags, method, time, date, CRC-32, sizes, length of the name.
            let shared = [&self.flags.to_le_bytes()[..], &[0, 0, 0, 0, 0x21, 0], &crc, &one, &one, &name].concat();
            let local =
                [&LOCAL.to_le_bytes()[..], &[self.needed, 0], &shared, &length(0), self.name, &self.extra[0], b"x"]
                    .concat();
            let start = [&CENTRAL.to_le_bytes()[..], &[63, self.host, self.needed, 0], &shared, &length(1)].concat();
            let rest = [&[0; 6][..], &self.attributes.to_le_bytes(), &[0; 4], self.name, &self.extra[1]].concat();
            let central = [start, rest].concat();
            let places = [central.len(), local.len()].map(|n| u32::try_from(n).unwrap().to_le_bytes()).concat();
            let end = [&END.to_le_bytes()[..], &[0, 0, 0, 0, 1, 0, 1, 0], &places, &[0, 0]].concat();
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&[local, central, end].concat()).unwrap();
            match ZipReader::open(file, &Limits { names, ..Limits::default() }) {
                Ok(zip) => Ok(zip.entries().get(0).unwrap().name.to_string()),
                Err(ZipError::Structure { fault, .. }) => Err(fault),
                Err(ZipError::Io(error)) => panic!("{error}"),
            }
        }
    }

    /// A Unicode Path field (APPNOTE 4.6.9) that says that `raw` means `text`.
    fn unicode_path(raw: &[u8], text: &str) -> Vec<u8> {
        let length = u16::try_from(5 + text.len()).unwrap().to_le_bytes();
        [&[0x75, 0x70][..], &length, &[1], &crc32fast::hash(raw).to_le_bytes(), text.as_bytes()].concat()
    }

    #[test]
    fn what_readers_see_otherwise_is_refused() {
        let other = || unicode_path(b"a.txt", "b.txt");
        let same = || unicode_path(b"a.txt", "a.txt");
        let wide = [1, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        let sound = || Ok("a.txt".to_owned());
        let cases = [
            ("nothing odd", Odd::default(), sound()),
            ("a folder by its mode", Odd { attributes: 0o040_755 << 16, ..Odd::default() }, Err(Structure::Headers)),
            (
                "a folder by its DOS attribute",
                Odd { host: 0, attributes: 0x10, ..Odd::default() },
                Err(Structure::Headers),
            ),
            ("a DOS file", Odd { host: 0, attributes: 0x20, ..Odd::default() }, sound()),
            (
                "backslashes of DOS",
                Odd { name: br"a\b", host: 0, attributes: 0x20, ..Odd::default() },
                Err(Structure::Name),
            ),
            ("a backslash of Unix", Odd { name: br"a\b", ..Odd::default() }, Err(Structure::Name)),
            ("a drive", Odd { name: b"C:evil.txt", ..Odd::default() }, Err(Structure::Name)),
            ("patched data", Odd { flags: 1 << 5, ..Odd::default() }, Err(Structure::Method)),
            ("a version to come", Odd { needed: 64, ..Odd::default() }, Err(Structure::Method)),
            ("two names", Odd { extra: [Vec::new(), other()], ..Odd::default() }, Err(Structure::Headers)),
            (
                "two names, told locally",
                Odd { extra: [other(), Vec::new()], ..Odd::default() },
                Err(Structure::Headers),
            ),
            ("one name twice", Odd { extra: [same(), same()], ..Odd::default() }, sound()),
            (
                "a field twice",
                Odd { extra: [Vec::new(), [same(), same()].concat()], ..Odd::default() },
                Err(Structure::Headers),
            ),
            (
                "a ZIP64 field twice",
                Odd { extra: [Vec::new(), [wide, wide].concat()], ..Odd::default() },
                Err(Structure::Headers),
            ),
            (
                "a name that the field tells",
                Odd {
                    name: b"\x81",
                    extra: [unicode_path(b"\x81", "\u{fc}"), unicode_path(b"\x81", "\u{fc}")],
                    ..Odd::default()
                },
                Ok("\u{fc}".to_owned()),
            ),
        ];
        for (what, odd, expected) in cases {
            assert_eq!(odd.judge(Names::Any), expected, "{what}");
            // What packages are made of is judged the same way, but knows only UTF-8.
            if odd.name.is_ascii() {
                assert_eq!(odd.judge(Names::Utf8), expected, "{what}, as a package");
            }
        }
    }

    #[test]
    fn sizes_beyond_four_gib_take_zip64_and_only_those() {
        let target = tempfile::NamedTempFile::new().unwrap();
        let mut zip = ZipWriter::new(target.reopen().unwrap());
        let time = Timestamp::from_seconds(0);
        let big = zip.plan("p/groß", u64::from(u32::MAX) + 10, time);
        let small = zip.plan("p/klein", 1, time);
        zip.set_crc(&small, crc32fast::hash(b"x"));
        for (slot, name, crc) in [(&big, "p/groß", 0), (&small, "p/klein", crc32fast::hash(b"x"))] {
            let header = zip.header(slot, name, crc);
            zip.file().write_all_at(&header, slot.header).unwrap();
        }
        zip.file().write_all_at(b"x", small.data).unwrap();
        zip.finish().unwrap();
        let zip = ZipReader::open(target.reopen().unwrap(), &Limits::default()).unwrap();
        assert_eq!(zip.entries().get(0).unwrap().size, u64::from(u32::MAX) + 10);
        let mut text = Vec::new();
        zip.read(zip.entries().get(1).unwrap()).unwrap().read_to_end(&mut text).unwrap();
        assert_eq!(text, b"x");
        assert_eq!(zip::ZipArchive::new(target.reopen().unwrap()).unwrap().len(), 2);
    }

    #[test]
    fn more_than_65535_entries_are_kept() {
        let target = tempfile::NamedTempFile::new().unwrap();
        let mut zip = ZipWriter::new(target.reopen().unwrap());
        for n in 0..65_536 {
            zip.append(&format!("p/{n}"), Timestamp::from_seconds(0), |_| Ok(())).unwrap();
        }
        zip.finish().unwrap();
        let zip = ZipReader::open(target.reopen().unwrap(), &Limits::default()).unwrap();
        assert_eq!(zip.entries().len(), 65_536);
        assert_eq!(zip::ZipArchive::new(target.reopen().unwrap()).unwrap().len(), 65_536);
    }

    #[test]
    fn times_are_read_as_written() {
        let time = Timestamp::from_seconds(1_772_366_402);
        assert_eq!(time_of(dos_time(time).0, dos_time(time).1), time);
        assert_eq!(time_of(0, 0), time_of(DOS_EARLIEST.0, DOS_EARLIEST.1));
    }

    #[test]
    fn times_outside_the_range_of_dos_are_clamped() {
        assert_eq!(dos_time(Timestamp::from_seconds(-1)), DOS_EARLIEST);
        assert_eq!(dos_time(Timestamp::from_seconds(16_725_225_600)), DOS_LATEST);
        assert_eq!(dos_time(Timestamp::from_seconds(1_772_366_401)), (12 << 11, 46 << 9 | 3 << 5 | 1));
    }
}
