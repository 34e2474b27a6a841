//! Messages of an eAkte system through the program.

use std::fs;

use super::sandbox::{Sandbox, tree};

const PROCESS: &str = "0a0a0a0a-0000-4000-8000-000000000001";
const MESSAGE: &str = "0a0a0a0a-0000-4000-8000-000000000001_Aussonderung.Aussonderung.0503.xml";
const FIRST: &str = "0b0b0b0b-0000-4000-8000-000000000001_Prüfung.pdf";
const SECOND: &str = "0b0b0b0b-0000-4000-8000-000000000002_LV.txt";

/// A message 0503 of version 3.1.0; each line of the sample says for which generations it is.
fn message() -> String {
    let lines = include_str!("../../src/source/xdomea/sample/0503.txt").lines().filter_map(|line| line.split_once('|'));
    let text: String = lines.filter(|(own, _)| own.contains('3')).map(|(_, line)| format!("{line}\n")).collect();
    let formats = "listURI=\"urn:xoev-de:xdomea:codeliste:dateiformat\" listVersionID=\"1.0\"";
    text.replace("VERSION", "3.1.0").replace("FORMAT", formats)
}

/// Makes a delivery: the message with one object that holds files, and these.
fn delivery(sandbox: &Sandbox, name: &str) -> String {
    let text = message();
    let (kept, _) = text.split_once(" <!-- zwischen").unwrap();
    let text = format!("{kept}</x:Aussonderung.Aussonderung.0503>\n");
    sandbox.file(&format!("{name}/{MESSAGE}"), text.as_bytes());
    for (file, bytes) in [(FIRST, "%PDF"), (SECOND, "LV"), ("0b0b0b0b-0000-4000-8000-000000000003.p7s", "seal")] {
        sandbox.file(&format!("{name}/{file}"), bytes.as_bytes());
    }
    text
}

#[test]
fn a_message_is_taken_over_once() {
    let sandbox = Sandbox::new();
    let text = delivery(&sandbox, "abgabe");
    let before = tree(&sandbox.path("abgabe"));
    let run = sandbox.json("ingest --profile eakte abgabe").exits(0);
    assert_eq!(run.states(), ["stored"]);
    assert_eq!(run.results()[0]["name"], PROCESS);
    assert_eq!(run.results()[0]["producer"], "Stadt Musterstadt");
    assert_eq!(before, tree(&sandbox.path("abgabe")), "the delivery was touched");
    let id = sandbox.id("Bau der Südbrücke & Rampe");
    let package = fs::File::open(sandbox.package(&id)).unwrap();
    let mut package = zip::ZipArchive::new(package).unwrap();
    let mut read = |name: &str| {
        let mut bytes = String::new();
        std::io::Read::read_to_string(&mut package.by_name(&format!("{id}/{name}")).unwrap(), &mut bytes).unwrap();
        bytes
    };
    assert_eq!(read(&format!("representations/rep1/data/{FIRST}")), "%PDF");
    assert_eq!(read(&format!("representations/rep1/data/{SECOND}")), "LV");
    // The whole message is kept with the accession.
    let accession = sandbox.json("accession show 2026-0001").code.is_some();
    assert!(accession);
    let kept: Vec<_> = tree(&sandbox.path("archiv/store"))
        .into_keys()
        .filter(|path| path.to_string_lossy().ends_with(&format!("delivery/{MESSAGE}")))
        .collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(fs::read_to_string(sandbox.path("archiv/store").join(&kept[0])).unwrap(), text);
    let stored = tree(&sandbox.path("archiv/store"));
    assert_eq!(sandbox.json("ingest --profile eakte abgabe").exits(0).states(), ["already-stored"]);
    assert_eq!(stored, tree(&sandbox.path("archiv/store")));
    sandbox.is_whole();
}

#[test]
fn packages_are_the_same_with_any_number_of_threads() {
    let sandbox = Sandbox::empty();
    delivery(&sandbox, "abgabe");
    sandbox.run("pack --profile eakte --jobs 1 --out eins abgabe").exits(0);
    sandbox.run("pack --profile eakte --jobs 16 --out viele abgabe").exits(0);
    assert_eq!(tree(&sandbox.path("eins")), tree(&sandbox.path("viele")));
}

#[test]
fn what_is_wrong_is_refused_with_file_and_reason() {
    type Change = fn(&Sandbox);
    let cases: [(&str, Change, i32, &str, &str); 5] = [
        (
            "missing",
            |s| fs::remove_file(s.path("abgabe").join(SECOND)).unwrap(),
            3,
            SECOND,
            "ist aber nicht in der Ablieferung",
        ),
        ("surplus", |s| s.file("abgabe/mehr.txt", b"x"), 0, "mehr.txt", "in keiner Nachricht genannt"),
        (
            "offer alone",
            |s| {
                let path = s.path("abgabe").join(MESSAGE);
                let text = fs::read_to_string(&path).unwrap();
                fs::write(
                    &path,
                    text.replace("Aussonderung.Aussonderung.0503", "Aussonderung.Anbieteverzeichnis.0501"),
                )
                .unwrap();
            },
            3,
            "0501",
            "enthält keine Aussonderung (0503)",
        ),
        (
            "cut",
            |s| {
                let path = s.path("abgabe").join(MESSAGE);
                let text = fs::read(&path).unwrap();
                fs::write(&path, &text[..text.len() / 2]).unwrap();
            },
            3,
            MESSAGE,
            "kein wohlgeformtes XML",
        ),
        (
            "version",
            |s| {
                let path = s.path("abgabe").join(MESSAGE);
                let text = fs::read_to_string(&path).unwrap();
                fs::write(&path, text.replace("schema:3.1.0", "schema:9.0.0")).unwrap();
            },
            3,
            "9.0.0",
            "xdomea-Fassung",
        ),
    ];
    for (name, change, code, what, words) in cases {
        let sandbox = Sandbox::new();
        delivery(&sandbox, "abgabe");
        change(&sandbox);
        let run = sandbox.call("ingest --profile eakte abgabe").env("EARCHIV_LANG", "de").run().exits(code);
        run.clone().tells(what).tells(words);
        sandbox.run("ingest --profile eakte abgabe").exits(code).tells(what);
        assert_eq!(sandbox.list().len(), usize::from(code == 0), "{name}");
        sandbox.is_whole();
    }
}

#[test]
fn a_profile_makes_surplus_files_an_error() {
    let sandbox = Sandbox::new();
    delivery(&sandbox, "abgabe");
    sandbox.file("abgabe/mehr.txt", b"x");
    let profile = include_str!("../../profiles/eakte.toml").replace("name = \"eakte\"", "name = \"streng\"");
    let profile = format!("{profile}\n[checks]\nprimary-file-surplus = \"error\"\n");
    sandbox.file("archiv/profiles/streng.toml", profile.as_bytes());
    sandbox.run("ingest --profile streng abgabe").exits(3);
    assert_eq!(sandbox.list().len(), 0);
}
