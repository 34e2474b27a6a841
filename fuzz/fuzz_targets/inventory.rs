//! Inventories of OCFL objects. Versions are there from 1 on, paths stay inside, each is there once and none is the folder
//! of another, each logical file has content that is listed; what eArchiv would write of it is read alike.
#![no_main]

use std::collections::{HashMap, HashSet};

use earchiv::model::checksum::{Algorithm, Checksum};
use earchiv::model::path;
use earchiv::model::time::Timestamp;
use earchiv::store::inventory::{New, read, version_number};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data.get(..20).unwrap_or(data)) {
        if let Some(number) = version_number(text) {
            assert_eq!(text, format!("v{number}"));
        }
    }
    let (read_first, digest) = read(data).expect("memory is read");
    assert_eq!(digest, Checksum::of(Algorithm::Sha512, data).hex());
    let Ok(inventory) = read_first else { return };
    assert!(inventory.head() >= 1 && !inventory.id().is_empty());
    let content: HashMap<String, Checksum> = inventory.content().map(|(path, sum)| (path.to_owned(), sum)).collect();
    assert_eq!(content.len(), inventory.content().count(), "a content path twice");
    for path in content.keys() {
        assert_eq!(path::inside(path), Ok(()), "{path}");
    }
    let mut used = HashSet::new();
    for number in 1..=inventory.head() {
        let files: Vec<_> = inventory.files_of(number).collect();
        let paths: HashSet<&str> = files.iter().map(|file| file.path).collect();
        assert_eq!(paths.len(), files.len(), "a logical path twice");
        for file in &files {
            assert_eq!(path::inside(file.path), Ok(()), "{}", file.path);
            let folders = file.path.match_indices('/').map(|(at, _)| &file.path[..at]);
            assert!(folders.into_iter().all(|folder| !paths.contains(folder)), "{} lies in a file", file.path);
            let same = content.get(file.content).expect("content that is listed");
            assert_eq!(same.hex(), file.checksum.hex());
            used.insert(file.checksum.hex());
        }
    }
    assert!(content.values().all(|sum| used.contains(&sum.hex())), "content that no version uses");
    let files: Vec<(String, Checksum)> = inventory.files().map(|file| (file.path.to_owned(), file.checksum)).collect();
    let Ok(new) = New::first(inventory.id(), &files, Timestamp::from_seconds(0), "x", None) else { return };
    let mut written = Vec::new();
    new.write(&mut written).unwrap();
    let again = read(&written[..]).unwrap().0.expect("what is written is read");
    let listed = |inventory: &earchiv::store::Inventory| {
        inventory.files().map(|file| (file.path.to_owned(), file.checksum.hex())).collect::<HashSet<_>>()
    };
    assert_eq!(listed(&again), listed(&inventory));
    assert_eq!(again.id(), inventory.id());
});
