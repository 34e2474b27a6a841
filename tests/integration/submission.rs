//! Finished SIPs: what `pack` makes is what `ingest` takes over, and a SIP that is not as it says is refused.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::contents;
use super::sandbox::{Sandbox, shell};

/// Packs the record `Grünanlagen` and returns the id of its package.
fn packed(sandbox: &Sandbox, form: &str) -> String {
    sandbox.delivery("lieferung");
    let run = sandbox.json(&format!("pack lieferung --out sip --form {form}")).exits(0);
    assert_eq!(run.states(), ["packed"; 3]);
    let found = run.packages().into_iter().find(|package| package["title"] == "Grünanlagen").unwrap();
    found["package"].as_str().unwrap().to_owned()
}

#[test]
fn a_packed_delivery_and_the_delivery_itself_are_the_same() {
    for form in ["zip", "folder"] {
        let sandbox = Sandbox::new();
        let id = packed(&sandbox, form);
        let name = if form == "zip" { format!("{id}.zip") } else { id.clone() };
        let run = sandbox.json(&format!("ingest sip/{name}")).exits(0);
        assert_eq!(run.states(), ["stored"]);
        assert_eq!(run.packages()[0]["package"], id.as_str());
        // The source afterwards: this record is known, the others are new.
        let run = sandbox.json("ingest lieferung").exits(0);
        for package in run.packages() {
            let expected = if package["package"] == id.as_str() { "already-stored" } else { "stored" };
            assert_eq!(package["state"], expected, "{form}");
        }
        assert_eq!(sandbox.list().len(), 3);
        sandbox.is_whole();
    }
}

#[test]
fn every_file_of_a_submission_stays_bit_identical() {
    for form in ["zip", "folder"] {
        let sandbox = Sandbox::new();
        let id = packed(&sandbox, form);
        let name = if form == "zip" { format!("{id}.zip") } else { id.clone() };
        let submitted = contents::read(&sandbox.path(&format!("sip/{name}")));
        sandbox.run(&format!("ingest sip/{name}")).exits(0);
        let stored = contents::read(&sandbox.package(&id));
        contents::references(&stored);
        for (path, bytes) in &submitted {
            let kept = if path == "METS.xml" { "metadata/other/submission/METS.xml" } else { path };
            assert_eq!(stored.get(kept), Some(bytes), "{form}: {path}");
        }
        assert_eq!(contents::mets(&submitted, "METS.xml").package_type, "SIP");
        assert_eq!(contents::mets(&stored, "METS.xml").package_type, "AIP");
    }
}

#[test]
fn submissions_of_one_delivery_are_one_accession() {
    let sandbox = Sandbox::new();
    packed(&sandbox, "zip");
    let mut names: Vec<String> = fs::read_dir(sandbox.path("sip"))
        .unwrap()
        .map(|entry| format!("sip/{}", entry.unwrap().file_name().to_str().unwrap()))
        .collect();
    names.sort();
    // One of them twice, as a careless list has it.
    let line = format!("ingest {} {}", names.join(" "), names[0]);
    let run = sandbox.json(&line).exits(0);
    assert_eq!(run.states(), ["stored", "stored", "stored", "already-stored"]);
    let results = run.results();
    assert_eq!((&results[0]["accession"], &results[1]["accession"]), (&"2023-0001".into(), &serde_json::Value::Null));
    assert_eq!(sandbox.json("accession show 2023-0001").exits(0).results()[0]["package_count"], 3);
    // Another delivery between them is another accession.
    sandbox.delivery("andere");
    sandbox.json(&format!("ingest {} andere {}", names[0], names[1])).exits(0);
    assert_eq!(sandbox.json("accession list").exits(0).results().len(), 2);
    sandbox.is_whole();
}

#[test]
fn the_same_submission_again_is_known() {
    let sandbox = Sandbox::new();
    let id = packed(&sandbox, "zip");
    sandbox.run(&format!("ingest sip/{id}.zip")).exits(0);
    assert_eq!(sandbox.json(&format!("ingest sip/{id}.zip")).exits(0).states(), ["already-stored"]);
    assert_eq!(sandbox.json("pack lieferung --out sip").exits(0).states(), ["already-packed"; 3]);
}

/// What is done to a SIP, and the finding with what it names.
type Fault = (&'static str, fn(&Path), &'static str, &'static str);

const DATA: &str = "representations/rep1/data/Grünanlagen";

const FAULTS: &[Fault] = &[
    (
        "a_changed_byte",
        |sip| fs::write(sip.join(DATA).join("Protokoll 2013-05-04.txt"), "Protokoll der BegehunG\n").unwrap(),
        "checksum-mismatch",
        "Protokoll 2013-05-04.txt",
    ),
    (
        "a_longer_file",
        |sip| fs::write(sip.join(DATA).join("Protokoll 2013-05-04.txt"), "Protokoll der Begehung\n\n").unwrap(),
        "size-mismatch",
        "Protokoll 2013-05-04.txt",
    ),
    (
        "a_missing_file",
        |sip| fs::remove_file(sip.join(DATA).join("Protokoll 2013-05-04.txt")).unwrap(),
        "reference-missing",
        "Protokoll",
    ),
    (
        "a_surplus_file",
        |sip| fs::write(sip.join(DATA).join("surplus.txt"), "nobody knows me").unwrap(),
        "file-unreferenced",
        "surplus.txt",
    ),
    (
        "a_changed_description",
        |sip| {
            let path = sip.join("metadata/descriptive/dc.xml");
            let text = fs::read_to_string(&path).unwrap();
            fs::write(path, text.replacen("Grünanlagen", "Grünanlagem", 1)).unwrap();
        },
        "checksum-mismatch",
        "dc.xml",
    ),
    (
        "a_missing_representation_mets",
        |sip| fs::remove_file(sip.join("representations/rep1/METS.xml")).unwrap(),
        "reference-missing",
        "representations/rep1/METS.xml",
    ),
    (
        "a_mets_that_ends_early",
        |sip| {
            let path = sip.join("METS.xml");
            let bytes = fs::read(&path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        },
        "xml-malformed",
        "METS.xml",
    ),
];

#[test]
fn a_submission_that_is_not_as_it_says_is_refused() {
    for (name, harm, code, named) in FAULTS {
        let sandbox = Sandbox::new();
        let id = packed(&sandbox, "folder");
        harm(&sandbox.path(&format!("sip/{id}")));
        let run = sandbox.json(&format!("ingest sip/{id}")).exits(3).finds(code, named);
        assert_eq!(run.states(), ["refused"], "{name}");
        assert!(sandbox.list().is_empty(), "{name}");
        // The same as a ZIP.
        let folder = sandbox.path("sip");
        let zip = format!("import shutil,sys; shutil.make_archive('{id}', 'zip', '.', '{id}')");
        let made = std::process::Command::new("python3").args(["-c", &zip]).current_dir(&folder).status();
        if made.is_ok_and(|status| status.success()) {
            fs::remove_dir_all(sandbox.path(&format!("sip/{id}"))).unwrap();
            sandbox.json(&format!("ingest sip/{id}.zip")).exits(3).finds(code, named);
        }
        sandbox.is_whole();
    }
}

#[test]
fn a_link_in_a_submission_is_not_followed() {
    let sandbox = Sandbox::new();
    let id = packed(&sandbox, "folder");
    let file = sandbox.path(&format!("sip/{id}/{DATA}/Protokoll 2013-05-04.txt"));
    fs::rename(&file, sandbox.path("draußen.txt")).unwrap();
    symlink(sandbox.path("draußen.txt"), &file).unwrap();
    sandbox.json(&format!("ingest sip/{id}")).exits(3);
    assert!(sandbox.list().is_empty());
}

#[test]
fn a_zip_that_is_cut_anywhere_is_refused() {
    let sandbox = Sandbox::new();
    let id = packed(&sandbox, "zip");
    let path = sandbox.path(&format!("sip/{id}.zip"));
    let whole = fs::read(&path).unwrap();
    for length in [0, 1, whole.len() / 3, whole.len() - 100, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        let run = sandbox.json(&format!("ingest sip/{id}.zip")).exits(3);
        assert_eq!(run.states(), ["refused"], "{length}");
    }
    fs::write(&path, whole).unwrap();
    shell("touch", &[OsStr::new("-d"), OsStr::new("2020-01-01"), path.as_os_str()]);
    sandbox.json(&format!("ingest sip/{id}.zip")).exits(0);
}
