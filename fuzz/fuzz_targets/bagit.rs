//! Bags (BagIt). An input is the bag's own files and its payload, with a line `%%%` between them; a line of a manifest that
//! begins with `=` gets the right checksum, so that bags without fault are reached. A bag without errors lists each file of
//! its payload with the checksum that it has; the delivery obeys what holds for all.
#![no_main]

use earchiv::model::checksum::{Algorithm, Checksum};
use earchiv::model::finding::Severity;
use earchiv::source::bagit::Bag;
use earchiv::source::{FolderRules, Source};
use earchiv::task::Cancel;
use earchiv_fuzz::{laws, scratch};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 8] = [
    "bagit.txt",
    "manifest-sha256.txt",
    "data/a.txt",
    "data/u/Grün b.txt",
    "tagmanifest-sha256.txt",
    "bag-info.txt",
    "manifest-md5.txt",
    "fetch.txt",
];

fuzz_target!(|data: &[u8]| {
    let parts: Vec<&[u8]> = scratch::parts(data).into_iter().take(NAMES.len()).collect();
    let folder = scratch::folder("Bag");
    for (name, part) in NAMES.iter().zip(&parts) {
        let own = if name.contains("manifest") { sealed(name, part, &parts) } else { part.to_vec() };
        scratch::put(&folder, name, &own);
    }
    let cancel = Cancel::new();
    let Ok(bag) = Bag::open(&folder, &FolderRules::default(), &cancel) else { return };
    laws::delivery(&bag, &folder);
    let record = bag.read(0, &cancel).expect("nobody stopped it");
    let wrong = |severity: Severity| severity == Severity::Error;
    if bag.findings().iter().chain(&record.findings).any(|finding| wrong(finding.severity)) {
        return;
    }
    assert_eq!(record.files.len(), NAMES.iter().zip(&parts).filter(|(name, _)| name.starts_with("data/")).count());
    for file in &record.files {
        let facts = file.facts.as_ref().expect("where it lies");
        assert!(!facts.checksums.is_empty(), "{} is listed in no manifest", file.path);
        let place = facts.place.as_ref().expect("where it lies");
        let bytes = std::fs::read(folder.join(std::str::from_utf8(&place.1).expect("a name of ours"))).unwrap();
        for told in &facts.checksums {
            assert_eq!(Checksum::of(told.algorithm(), &bytes).hex(), told.hex(), "{}", file.path);
        }
    }
});

/// Returns the manifest `name` with the checksums that its lines leave to be filled in.
fn sealed(name: &str, text: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let algorithm = if name.contains("md5") { Algorithm::Md5 } else { Algorithm::Sha256 };
    let mut out = Vec::new();
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let file = line.strip_prefix(b"=").map(|rest| rest.trim_ascii());
        let found = file.and_then(|file| NAMES.iter().zip(parts).find(|(name, _)| name.as_bytes() == file));
        match found {
            Some((_, part)) => {
                out.extend_from_slice(Checksum::of(algorithm, part).hex().as_bytes());
                out.extend_from_slice(&line[1..]);
            }
            None => out.extend_from_slice(line),
        }
    }
    out
}
