//! ZIPs of any origin. What is accepted lies in the file without gap or overlap, has each name once and none that leads
//! out, unpacks to what it says, and is listed alike by another reader.
#![no_main]

use std::collections::HashSet;
use std::io::{Cursor, Read};

use earchiv::io::zip::{Limits, ZipReader};
use earchiv::model::path;
use earchiv_fuzz::scratch;
use libfuzzer_sys::fuzz_target;

/// How much is unpacked of one entry and of all: what is declared is not proven before.
const MOST: u64 = 4 << 20;

fuzz_target!(|data: &[u8]| {
    judge(data, &Limits { unpacked: MOST, ..Limits::default() }, true);
    judge(data, &Limits { unpacked: MOST, ..Limits::delivery() }, false);
});

fn judge(data: &[u8], limits: &Limits, strict: bool) {
    let Ok(zip) = ZipReader::open(scratch::unnamed(data), limits) else { return };
    let mut end = 0;
    let mut names = HashSet::new();
    for entry in zip.entries().iter() {
        let (header, bytes, after) = entry.place();
        assert!(end <= header && header < bytes && bytes <= after && after <= zip.length(), "entries overlap");
        end = after;
        assert!(names.insert(entry.path().to_vec()), "a name twice");
        assert!(!path::leads_out(entry.path()), "{:?} leads out", entry.name);
        assert!(!entry.name.contains('\0'), "NUL in a name");
        if entry.is_stored() {
            assert_eq!(after - bytes, entry.size);
        }
    }
    // That another reader refuses what is taken here hides nothing from anybody.
    let Ok(mut other) = zip::ZipArchive::new(Cursor::new(data)) else { return };
    assert_eq!(other.len(), zip.entries().len(), "another reader counts otherwise");
    for entry in zip.entries().iter() {
        let place = (0..other.len())
            .find(|index| other.by_index_raw(*index).is_ok_and(|theirs| theirs.header_start() == entry.place().0));
        let index = place.expect("another reader has an entry there");
        let mut own = Vec::new();
        let read = zip.read_proven(entry).and_then(|bytes| bytes.take(MOST).read_to_end(&mut own));
        let theirs = other.by_index(index);
        if read.is_ok() {
            assert_eq!(own.len() as u64, entry.size, "not as many bytes as listed");
            assert_eq!(crc32fast::hash(&own), entry.crc);
            let Ok(mut theirs) = theirs else { continue };
            assert_eq!((theirs.size(), theirs.crc32()), (entry.size, entry.crc), "{:?}", entry.name);
            if strict {
                assert_eq!(theirs.name_raw(), entry.name.as_bytes());
            }
            let mut bytes = Vec::new();
            theirs.read_to_end(&mut bytes).expect("another reader unpacks it");
            assert!(bytes == own, "another reader unpacks other bytes of {:?}", entry.name);
        }
    }
}
