//! TARs of any origin. What is accepted has each path once and none that leads out, and its bytes lie in the file.
#![no_main]

use std::collections::HashSet;
use std::io::Read;

use earchiv::io::tar::{Limits, TarReader, is_tar};
use earchiv::model::path;
use earchiv::model::record::EntryKind;
use earchiv_fuzz::scratch;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = is_tar(data);
    let Ok(tar) = TarReader::open(scratch::unnamed(data), &Limits { entries: 10_000, ..Limits::default() }) else {
        return;
    };
    let mut paths = HashSet::new();
    for entry in tar.entries().iter() {
        assert!(paths.insert(entry.path), "a path twice");
        assert!(!path::leads_out(entry.path), "{:?} leads out", path::shown(entry.path));
        if entry.kind == EntryKind::File {
            let end = entry.place().checked_add(entry.size).expect("the bytes lie in the file");
            assert!(end <= data.len() as u64, "the bytes lie in the file");
            let mut bytes = Vec::new();
            tar.read(entry).read_to_end(&mut bytes).expect("the bytes lie in the file");
            let from = usize::try_from(entry.place()).unwrap();
            assert!(bytes == data[from..][..bytes.len()] && bytes.len() as u64 == entry.size);
        } else {
            assert_eq!(entry.size, 0, "bytes of what is no file");
        }
    }
});
