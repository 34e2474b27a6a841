//! A delivery from a town's file share becomes stored packages: every file exactly once, every name reversible.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;

use serde_json::Value;

use super::contents;
use super::sandbox::{Entry, Sandbox, bytes, shared, shell, tree};

#[test]
fn every_file_of_a_file_share_once_with_its_checksum() {
    let Some(corpus) = shared("corpora/records", "a file share with expected checksums") else { return };
    let expected = fs::read_to_string(corpus.join("expected/visible.json")).unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let expected = &expected["dateiablage/amt67"];
    let sandbox = Sandbox::new();
    let trees = corpus.join("trees.tar.gz");
    let to = sandbox.path("");
    shell("tar", &[OsStr::new("-xzf"), trees.as_os_str(), OsStr::new("-C"), to.as_os_str()]);
    let before = tree(&sandbox.path("dateiablage"));

    for (form, out) in [("", "ein"), ("--as-folder", "aus")] {
        let run = sandbox.json(&format!("ingest dateiablage/amt67 --delivery {out} {form}")).exits(0);
        assert_eq!(run.states(), ["stored"]);
        let packages = run.packages();
        let id = packages[0]["package"].as_str().unwrap();
        let zip = sandbox.package(id);
        let files = contents::read(&if form.is_empty() { zip } else { zip.with_extension("") });
        let expected_files: BTreeMap<Vec<u8>, String> = expected["dateien"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(path, sum)| (path.clone().into_bytes(), sum.as_str().unwrap().to_owned()))
            .collect();
        assert_eq!(contents::payload(&files), expected_files);
        assert_eq!(packages[0]["empty_folders"], 1);
        let divisions = contents::mets(&files, "representations/rep1/METS.xml").divisions;
        assert!(
            divisions.iter().any(|label| contents::percent_decoded(label) == "data/Amt 67/leerer Ordner/"),
            "{divisions:?}"
        );
    }
    assert_eq!(before, tree(&sandbox.path("dateiablage")), "the delivery was touched");
    sandbox.is_whole();
}

#[test]
fn names_that_are_not_portable_are_kept_reversibly() {
    let sandbox = Sandbox::new();
    let names: &[&[u8]] =
        &[b"a:b", b"CON", b"aux.txt", b"\xff\xfe.txt", b"a\nb", b" x ", b"y.", b"%41", b"\x1b[2J", b"A", b"a"];
    for name in names {
        use std::os::unix::ffi::OsStrExt as _;
        let folder = sandbox.path("lieferung/Akte");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(OsStr::from_bytes(name)), name).unwrap();
    }
    sandbox.run("ingest lieferung").exits(0);
    let files = contents::read(&sandbox.package(&sandbox.id("Akte")));
    let stored: Vec<Vec<u8>> = contents::payload(&files).into_keys().collect();
    let mut delivered: Vec<Vec<u8>> = names.iter().map(|name| [b"Akte/", *name].concat()).collect();
    delivered.sort();
    assert_eq!(stored, delivered);
}

#[test]
fn the_whole_delivery_is_in_the_receipt() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    std::os::unix::fs::symlink("Konzept.txt", sandbox.path("lieferung/Spielplätze/Verknüpfung")).unwrap();
    sandbox.json("ingest lieferung").exits(3);
    let receipt = fs::read_to_string(sandbox.path("archiv/reports/2023-0001-receipt.json")).unwrap();
    let receipt: Value = serde_json::from_str(&receipt).unwrap();
    let counted = |kind: &str| -> u64 {
        receipt["entries"][kind].as_object().map_or(0, |tally| tally.values().map(|n| n.as_u64().unwrap()).sum())
    };
    let found = tree(&sandbox.path("lieferung"));
    let count = |matches: fn(&Entry) -> bool| found.values().filter(|entry| matches(entry)).count() as u64;
    assert_eq!(counted("file"), count(|entry| matches!(entry, Entry::File(_))));
    // The delivery's own folder counts as well.
    assert_eq!(counted("folder"), count(|entry| *entry == Entry::Folder) + 1);
    assert_eq!(counted("link"), 1);
    assert_eq!(receipt["exceptions"][0]["reason"], "link");
    assert_eq!(receipt["exceptions"][0]["path"], "Spielplätze/Verknüpfung");
    // The same list, one entry a line, is stored with the accession.
    let entries = fs::read_to_string(find(&sandbox, "entries.jsonl")).unwrap();
    let listed: Vec<Value> = entries.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let files = listed.iter().filter(|entry| entry["kind"] == "file" && entry["state"] == "stored");
    assert_eq!(files.count() as u64, count(|entry| matches!(entry, Entry::File(_))));
    assert_eq!(listed.iter().filter(|entry| entry["kind"] == "link").count(), 1);
    let text = fs::read_to_string(sandbox.path("archiv/reports/2023-0001-receipt.txt")).unwrap();
    assert!(text.contains("Spielplätze/Verknüpfung"), "{text}");
}

#[test]
fn a_dry_run_writes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    let before = tree(&sandbox.path(""));
    let run = sandbox.json("ingest lieferung --dry-run").exits(0);
    assert_eq!(run.states(), ["planned"; 3]);
    sandbox.json("pack lieferung --out sip --dry-run").exits(0);
    assert_eq!(before, tree(&sandbox.path("")));
}

#[test]
fn descriptions_come_from_the_table_beside_the_records() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    let table = "pfad,titel,aktenzeichen\nGrünanlagen,Unterhaltung der Grünanlagen,67.3-1\n";
    sandbox.file("lieferung/metadata.csv", table.as_bytes());
    sandbox.json("ingest lieferung").exits(0);
    let list = sandbox.list();
    assert!(list.iter().any(|row| row["title"] == "Unterhaltung der Grünanlagen"), "{list:?}");
    let kept = fs::read(find(&sandbox, "metadata.csv")).unwrap();
    assert_eq!(kept, table.as_bytes());
}

/// The only file in the store that is called `name`.
fn find(sandbox: &Sandbox, name: &str) -> std::path::PathBuf {
    let store = sandbox.path("archiv/store");
    let found: Vec<_> = tree(&store).into_keys().filter(|path| bytes(path).ends_with(name.as_bytes())).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    store.join(&found[0])
}
