//! What comes out is what went in, and nothing that is damaged comes out.

use std::collections::BTreeMap;
use std::fs;

use super::contents;
use super::sandbox::{Sandbox, bytes, tree};

#[test]
fn files_that_were_given_out_already_are_no_obstacle_and_others_are_never_overwritten() {
    let sandbox = Sandbox::filled();
    let (id, permit) = (sandbox.id("Grünanlagen"), sandbox.permit());
    let line = format!("export --permit {permit} {id} . --out aus");
    sandbox.run(&line).exits(0);
    let expected = tree(&sandbox.path("aus"));
    // As a run leaves it that was interrupted: one file is not there yet.
    let missing = sandbox.path("aus/Grünanlagen/Pläne/100%.txt");
    fs::remove_file(&missing).unwrap();
    sandbox.run(&line).exits(0);
    assert_eq!(tree(&sandbox.path("aus")), expected);
    fs::write(&missing, "tausend\n").unwrap();
    sandbox.run(&line).exits(2);
    assert_eq!(fs::read_to_string(&missing).unwrap(), "tausend\n");
}

#[test]
fn a_dissemination_package_conforms_in_both_forms() {
    let sandbox = Sandbox::filled();
    let id = sandbox.id("Grünanlagen");
    sandbox.permit();
    let mut contents_of = Vec::new();
    for form in ["folder", "zip"] {
        let run = sandbox.json(&format!("export --permit P {id} --out {form} --form {form}")).exits(0);
        let path = sandbox.path(run.results()[0]["paths"][0].as_str().unwrap());
        assert_eq!(path.is_dir(), form == "folder");
        let files = contents::read(&path);
        let mets = contents::mets(&files, "METS.xml");
        assert_eq!(mets.package_type, "DIP");
        assert_ne!(mets.object, id);
        assert_eq!(run.results()[0]["dip"], mets.object.trim_start_matches("urn:uuid:"));
        let stored = contents::read(&sandbox.package(&id));
        assert_eq!(contents::payload(&files), contents::payload(&stored));
        assert_eq!(files["metadata/other/archived/METS.xml"], stored["METS.xml"]);
        // The DIP says when the package was taken into the archive.
        let told = files.iter().any(|(path, bytes)| {
            path.starts_with("metadata/preservation/") && String::from_utf8_lossy(bytes).contains("ingestion")
        });
        assert!(told);
        contents_of.push(files);
    }
    assert_eq!(contents_of[0], contents_of[1], "the same in both forms");
    let events = sandbox.json(&format!("journal show --package {id}")).results();
    assert_eq!(events.iter().filter(|event| event["event"] == "exported").count(), 2);
    sandbox.is_whole();
}

#[test]
fn the_tree_is_restored_with_its_original_names() {
    let sandbox = Sandbox::filled();
    sandbox.permit();
    for (title, top) in [("Grünanlagen", "Grünanlagen"), ("Spielplätze", "Spielplätze")] {
        let id = sandbox.id(title);
        sandbox.run(&format!("export --permit P {id} . --out {top}-aus")).exits(0);
        let restored = tree(&sandbox.path(&format!("{top}-aus/{top}")));
        assert_eq!(restored, tree(&sandbox.path(&format!("lieferung/{top}"))));
        assert_eq!(fs::read_dir(sandbox.path(&format!("{top}-aus"))).unwrap().count(), 1);
    }
}

#[test]
fn names_that_are_not_utf_8_come_back() {
    use std::os::unix::ffi::OsStrExt as _;
    let sandbox = Sandbox::new();
    let folder = sandbox.path("lieferung/Akte");
    fs::create_dir_all(&folder).unwrap();
    for name in [&b"\xff\xfe"[..], b"a\nb", b"CON", &[b'n'; 255], "ü".repeat(127).as_bytes()] {
        fs::write(folder.join(std::ffi::OsStr::from_bytes(name)), name).unwrap();
    }
    for form in ["", "--as-folder"] {
        sandbox.run(&format!("ingest lieferung --delivery x{form} {form}")).exits(0);
    }
    sandbox.permit();
    for (number, row) in sandbox.list().iter().enumerate() {
        let id = row["id"].as_str().unwrap();
        sandbox.run(&format!("export --permit P {id} . --out aus{number}")).exits(0);
        assert_eq!(tree(&sandbox.path(&format!("aus{number}"))), tree(&sandbox.path("lieferung")));
    }
}

#[test]
fn single_files_and_folders_under_either_name() {
    let sandbox = Sandbox::filled();
    let id = sandbox.id("Grünanlagen");
    sandbox.permit();
    for (number, (wanted, expected)) in [
        ("Grünanlagen/Pläne/100%.txt", &["Grünanlagen/Pläne/100%.txt"][..]),
        ("Grünanlagen/Pläne/100%25.txt", &["Grünanlagen/Pläne/100%.txt"]),
        ("Grünanlagen/Pläne", &["Grünanlagen/Pläne/100%.txt", "Grünanlagen/Pläne/Plan: Teil 1?.pdf"]),
        ("representations/rep1/data/Grünanlagen/Pläne/100%25.txt", &["Grünanlagen/Pläne/100%.txt"]),
        ("metadata/descriptive/dc.xml", &["metadata/descriptive/dc.xml"]),
    ]
    .into_iter()
    .enumerate()
    {
        let out = format!("aus{number}");
        sandbox.call(&format!("export --permit P {id} --out {out}")).arg(wanted).run().exits(0);
        let files = tree(&sandbox.path(&out)).into_iter();
        let files: BTreeMap<_, _> =
            files.filter(|(_, entry)| matches!(entry, super::sandbox::Entry::File(_))).collect();
        let names: Vec<String> = files.keys().map(|path| String::from_utf8(bytes(path)).unwrap()).collect();
        assert_eq!(names, expected, "{wanted}");
    }
    let times = |path: &str| sandbox.path(path).metadata().unwrap().modified().unwrap();
    let recorded = std::time::UNIX_EPOCH + std::time::Duration::from_secs(super::sandbox::EPOCH.parse().unwrap());
    assert_eq!(times("aus0/Grünanlagen/Pläne/100%.txt"), recorded);
    for (wanted, code) in [("Grünanlagen/gibt es nicht", 2), ("../../etc/passwd", 2), ("Grün", 2), ("", 2)] {
        sandbox.call(&format!("export --permit P {id} --out weg")).arg(wanted).run().exits(code);
    }
    assert!(!sandbox.path("weg").exists());
}

#[test]
fn nothing_is_replaced() {
    let sandbox = Sandbox::filled();
    let id = sandbox.id("Grünanlagen");
    sandbox.permit();
    sandbox.file("aus/Grünanlagen/Protokoll 2013-05-04.txt", b"mine");
    let code = sandbox.run(&format!("export --permit P {id} . --out aus")).code;
    assert!(matches!(code, Some(2 | 4)), "{code:?}");
    assert_eq!(fs::read(sandbox.path("aus/Grünanlagen/Protokoll 2013-05-04.txt")).unwrap(), b"mine");
    sandbox.run(&format!("export --permit P {id} --out dip")).exits(0);
    let before = tree(&sandbox.path("dip"));
    let code = sandbox.run(&format!("export --permit P {id} --out dip")).code;
    assert!(matches!(code, Some(2 | 4)), "{code:?}");
    assert_eq!(before, tree(&sandbox.path("dip")));
}

#[test]
fn what_is_damaged_is_not_given_out() {
    let sandbox = Sandbox::filled();
    let id = sandbox.id("Grünanlagen");
    sandbox.permit();
    let path = sandbox.package(&id);
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.windows(9).position(|window| window == b"Protokoll").unwrap();
    let text = bytes.windows(22).position(|window| window == b"Protokoll der Begehung").unwrap();
    assert!(at <= text);
    bytes[text] ^= 1;
    fs::write(&path, bytes).unwrap();
    sandbox
        .json(&format!("export --permit P {id} --out dip"))
        .exits(5)
        .finds("checksum-mismatch", "Protokoll 2013-05-04.txt");
    assert_eq!(fs::read_dir(sandbox.path("dip")).unwrap().count(), 0, "nothing is left behind");
    let run = sandbox
        .call(&format!("export --permit P {id} --out aus --json"))
        .arg("Grünanlagen/Protokoll 2013-05-04.txt")
        .run();
    run.exits(5);
    let left = tree(&sandbox.path("aus")).into_values().filter(|entry| matches!(entry, super::sandbox::Entry::File(_)));
    assert_eq!(left.count(), 0);
    // What is good in it may still be had.
    sandbox.call(&format!("export --permit P {id} --out gut")).arg("Grünanlagen/Pläne/100%.txt").run().exits(0);
}
