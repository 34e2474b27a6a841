//! A second copy is judged by what the journal of the archive recorded, and which of the two is at fault is said rightly.

use std::fs;
use std::path::{Path, PathBuf};

use earchiv::archive::Archive;
use earchiv::archive::against::Against;
use earchiv::archive::repair::Repair;
use earchiv::archive::second::SecondCopy;
use earchiv::model::audit::Level;
use earchiv::model::finding::{Code, Finding, Severity};
use earchiv::task::{Cancel, Silent, Watch};

use super::sandbox::{Sandbox, copy};

fn copied() -> Sandbox {
    let sandbox = Sandbox::filled();
    sandbox.run("replicate --to kopie").exits(0);
    sandbox
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

/// All findings about the copy: of its journal, and of every object.
fn judged(sandbox: &Sandbox, every_byte: bool) -> Vec<Finding> {
    let archive = Archive::open(&sandbox.path("archiv")).unwrap();
    let second = SecondCopy::open(&archive, &sandbox.path("kopie")).unwrap();
    let against = Against::open(&archive, &second).unwrap();
    let cancel = Cancel::new();
    let watch = Watch::new(&cancel, &Silent);
    let level = if every_byte { Level::Full } else { Level::Quick };
    let mut findings = against.findings().to_vec();
    for target in Repair::read(&archive, &second).unwrap().all() {
        let (found, denied) = against.judge(&target.object, &target.inventory, level, watch).unwrap();
        assert!(!denied);
        findings.extend(found);
    }
    findings
}

fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

fn in_copy(sandbox: &Sandbox, path: &Path) -> PathBuf {
    sandbox.path("kopie").join(path.strip_prefix(sandbox.path("archiv")).unwrap())
}

#[test]
fn a_copy_that_is_up_to_date_has_no_findings() {
    let sandbox = copied();
    // What only says that something was checked is nothing that a copy lacks.
    sandbox.run("audit").exits(0);
    for every_byte in [false, true] {
        assert_eq!(judged(&sandbox, every_byte), []);
    }
}

#[test]
fn what_is_damaged_in_the_copy_is_named_there() {
    let sandbox = copied();
    let id = sandbox.id("Grünanlagen");
    let (object, package) = (in_copy(&sandbox, &sandbox.object(&id)), in_copy(&sandbox, &sandbox.package(&id)));
    copy(&sandbox.path("kopie"), &sandbox.path("gut"));
    let harms: [(&str, Code, bool, &dyn Fn()); 7] = [
        ("flipped bit", Code::CopyDamaged, true, &|| flip(&package)),
        ("truncated", Code::CopyDamaged, false, &|| fs::write(&package, b"PK").unwrap()),
        ("missing file", Code::CopyDamaged, false, &|| fs::remove_file(&package).unwrap()),
        ("missing object", Code::CopyMissing, false, &|| fs::remove_dir_all(&object).unwrap()),
        ("changed inventory", Code::CopyDamaged, false, &|| flip(&object.join("inventory.json"))),
        ("foreign file", Code::CopyDamaged, false, &|| fs::write(object.join("v1/content/fremd"), b"x").unwrap()),
        ("file in its place", Code::CopyDamaged, false, &|| {
            fs::remove_dir_all(&object).unwrap();
            fs::write(&object, b"x").unwrap();
        }),
    ];
    for (name, code, only_by_reading, harm) in harms {
        fs::remove_dir_all(sandbox.path("kopie")).unwrap();
        copy(&sandbox.path("gut"), &sandbox.path("kopie"));
        harm();
        let full = judged(&sandbox, true);
        assert_eq!(codes(&full), [code], "{name}");
        let file = full[0].file.as_deref().unwrap();
        assert!(file.contains("kopie") && file.contains(&id), "{name}: {file}");
        assert_eq!(full[0].severity, Severity::Error);
        let quick = codes(&judged(&sandbox, false));
        assert_eq!(quick, if only_by_reading { vec![] } else { vec![code] }, "{name}");
    }
}

#[test]
fn a_forgery_in_the_copy_that_fits_itself_is_no_copy() {
    let sandbox = copied();
    let id = sandbox.id("Spielplätze");
    let other = Sandbox::new();
    other.delivery("lieferung");
    other.file("lieferung/Spielplätze/Konzept.txt", b"gef\xc3\xa4lscht\n");
    other.run("ingest lieferung").exits(0);
    let place = in_copy(&sandbox, &sandbox.object(&id));
    fs::remove_dir_all(&place).unwrap();
    copy(&other.object(&id), &place);
    for every_byte in [false, true] {
        let found = judged(&sandbox, every_byte);
        assert_eq!(codes(&found), [Code::CopyDamaged]);
        assert!(found[0].file.as_deref().unwrap().ends_with("inventory.json"));
    }
}

#[test]
fn what_is_damaged_here_is_not_charged_to_the_copy() {
    let sandbox = copied();
    let package = sandbox.package(&sandbox.id("Grünanlagen"));
    fs::write(&package, b"PK").unwrap();
    for every_byte in [false, true] {
        let found = judged(&sandbox, every_byte);
        assert_eq!(codes(&found), [Code::SizeMismatch]);
        assert!(package.ends_with(found[0].file.as_deref().unwrap()), "{found:?}");
    }
    fs::remove_file(&package).unwrap();
    assert_eq!(judged(&sandbox, true), []);
}

#[test]
fn an_older_copy_is_behind_and_not_damaged() {
    let sandbox = copied();
    let [parks, playgrounds] = ["Grünanlagen", "Spielplätze"].map(|title| sandbox.id(title));
    sandbox.file("zweite/Brunnen/Wartung.txt", b"Wartung\n");
    sandbox.run("ingest zweite").exits(0);
    sandbox.run(&format!("amend {parks} --reason Tippfehler --title Parks")).exits(0);
    sandbox.run(&format!("dispose {playgrounds} --order 1 --first A --second B")).exits(0);
    let found = judged(&sandbox, false);
    // The journal, the new package and its accession, the version, the tombstone.
    assert_eq!(codes(&found), [Code::CopyBehind; 5], "{found:?}");
    assert!(found.iter().all(|finding| finding.severity == Severity::Warning));
    // What is damaged in it is so nevertheless.
    flip(&in_copy(&sandbox, &sandbox.object(&parks)).join("inventory.json"));
    assert!(codes(&judged(&sandbox, false)).contains(&Code::CopyDamaged));
    sandbox.run("replicate --to kopie").exits(0);
    assert_eq!(judged(&sandbox, true), []);
}

#[test]
fn journals_that_part_are_told_apart() {
    let sandbox = copied();
    let theirs = sandbox.path("kopie/journal/journal.jsonl");
    let good = fs::read(&theirs).unwrap();
    flip(&theirs);
    assert_eq!(codes(&judged(&sandbox, false)), [Code::CopyJournalDamaged]);
    fs::write(&theirs, &good).unwrap();
    fs::remove_file(sandbox.path("kopie/copy.toml")).unwrap();
    sandbox.run("audit --archive kopie").exits(0);
    let found = judged(&sandbox, false);
    assert_eq!(codes(&found), [Code::CopyParted]);
    // The archive as it was before its own entry: the copy goes on where it ends.
    let own = sandbox.path("archiv/journal/journal.jsonl");
    fs::write(&own, &good).unwrap();
    fs::remove_file(sandbox.path("archiv/catalogue.sqlite")).unwrap();
    assert_eq!(codes(&judged(&sandbox, false)), [Code::CopyAhead]);
}
