//! Further versions of stored packages: what is said of them is corrected, files that belong to them come later.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use super::sandbox::{Call, Sandbox, copy, not_tested, sha256, tree};

/// An archive with the delivery of [`Sandbox::delivery`], and files that came later.
fn archive() -> (Sandbox, String) {
    let sandbox = Sandbox::filled();
    let id = sandbox.id("Grünanlagen");
    sandbox.file("nachtrag/Protokoll 2013-05-04.txt", b"Zweites Protokoll\n");
    sandbox.file("nachtrag/Fotos/Baum.png", b"\x89PNG Baum");
    (sandbox, id)
}

fn amend(sandbox: &Sandbox, id: &str, options: &[&str]) -> Call {
    let call = sandbox.call(&format!("amend {id} --json --reason")).arg("Tippfehler im Titel");
    options.iter().fold(call, Call::arg)
}

fn supplement(sandbox: &Sandbox, id: &str) -> super::sandbox::Run {
    sandbox.json(&format!("ingest --supplements {id} nachtrag"))
}

/// The number of versions that the package's object has.
fn versions(sandbox: &Sandbox, id: &str) -> usize {
    let shown = sandbox.json(&format!("show {id}")).exits(0).results();
    shown[0]["versions"].as_array().unwrap().len()
}

#[test]
fn a_corrected_title_leaves_the_payload_the_file_that_it_was() {
    let (sandbox, id) = archive();
    let before = tree(&sandbox.path("archiv/store"));
    let payload = fs::metadata(sandbox.package(&id)).unwrap().ino();
    let accession = sandbox.list()[0]["accession"].clone();
    let planned = amend(&sandbox, &id, &["--title", "Grünflächen", "--dry-run"]).run().exits(0).results();
    assert_eq!((&planned[0]["state"], &planned[0]["version"]), (&"planned".into(), &2.into()));
    assert_eq!(tree(&sandbox.path("archiv/store")), before);
    let done = amend(&sandbox, &id, &["--title", "Grünflächen", "--subject", "Park", "--subject", "Baum"]);
    let done = done.run().exits(0).results();
    assert_eq!(
        (&done[0]["state"], &done[0]["changed"]),
        (&"amended".into(), &serde_json::json!(["title", "subjects"]))
    );
    assert_eq!(done[0]["before"]["title"], "Grünanlagen");
    assert_eq!(done[0]["after"]["subjects"], serde_json::json!(["Park", "Baum"]));
    assert_eq!(fs::metadata(sandbox.package(&id)).unwrap().ino(), payload);
    assert_eq!(sandbox.id("Grünflächen"), id);
    let row = sandbox.list().into_iter().find(|row| row["id"] == *id).unwrap();
    assert_eq!((&row["files"], &row["accession"]), (&3.into(), &accession));
    sandbox.run("list --search gruenflaechen").exits(0).tells(&id);
    sandbox.run("list --search 100%").exits(0).tells(&id);
    let again = amend(&sandbox, &id, &["--title", "Grünflächen"]).run().exits(0).results();
    assert_eq!((&again[0]["state"], &again[0]["version"]), (&"already-so".into(), &2.into()));
    assert_eq!(versions(&sandbox, &id), 2);
    sandbox.is_whole();
    // The delivery as it came is known again, and so is everything after the catalogue is made anew.
    assert!(sandbox.json("ingest lieferung").exits(0).states().iter().all(|state| state == "already-stored"));
    let list = sandbox.list();
    sandbox.run("catalogue rebuild").exits(0);
    assert_eq!(sandbox.list(), list);
    sandbox.is_whole();
}

#[test]
fn the_reason_stands_in_the_package_and_not_in_the_journal() {
    let (sandbox, id) = archive();
    amend(&sandbox, &id, &["--title", "Neu", "--on-behalf-of", "Stadtarchiv, Erschließung"]).run().exits(0);
    let shown = sandbox.json(&format!("show {id}")).exits(0).results();
    let version = &shown[0]["versions"][1];
    assert_eq!((&version["what"], &version["reason"]), (&"amendment".into(), &"Tippfehler im Titel".into()));
    assert_eq!(version["on_behalf_of"], "Stadtarchiv, Erschließung");
    sandbox.run(&format!("show {id}")).exits(0).tells("amendment: Tippfehler im Titel");
    let journal = fs::read_to_string(sandbox.path("archiv/journal/journal.jsonl")).unwrap();
    assert!(!journal.contains("Tippfehler") && !journal.contains("Neu"), "{journal}");
    let permit = sandbox.permit();
    sandbox.run(&format!("export {id} --out aus --permit {permit}")).exits(0);
    let dip = fs::read_dir(sandbox.path("aus")).unwrap().next().unwrap().unwrap().path();
    let premis = fs::read_to_string(dip.join("metadata/preservation/premis-v2.xml")).unwrap();
    assert!(premis.contains("<eventType>metadata modification</eventType>"), "{premis}");
    assert!(premis.contains("Tippfehler im Titel (title)") && premis.contains("Stadtarchiv, Erschließung"), "{premis}");
    assert!(fs::read_to_string(dip.join("metadata/descriptive/dc.xml")).unwrap().contains("Neu"));
    assert!(fs::read_to_string(dip.join("metadata/other/archived/v1/dc.xml")).unwrap().contains("Grünanlagen"));
    let mets = fs::read_to_string(dip.join("METS.xml")).unwrap();
    assert_eq!(
        mets.matches("STATUS=\"SUPERSEDED\"").count(),
        1 + mets.matches("archived/v2/METS.xml").count(),
        "{mets}"
    );
}

#[test]
fn all_that_a_description_says_can_be_corrected_by_options_and_by_a_table() {
    let (sandbox, id) = archive();
    let options = [
        "--signature",
        "67/1",
        "--identifier",
        "67.1",
        "--date-from",
        "2011-05",
        "--date-to",
        "2013",
        "--creator",
        "Amt 67",
        "--holdings",
        "B 67",
        "--summary",
        "Pläne",
    ];
    amend(&sandbox, &id, &options).run().exits(0).tells("Closure and retention periods stay");
    let shown = || sandbox.json(&format!("show {id}")).exits(0).results()[0].clone();
    let told = |field: &str| shown()[field].clone();
    for (field, value) in [
        ("signature", "67/1"),
        ("date_from", "2011-05"),
        ("date_to", "2013"),
        ("creator", "Amt 67"),
        ("holdings", "B 67"),
        ("summary", "Pläne"),
        ("title", "Grünanlagen"),
    ] {
        assert_eq!(told(field), value, "{field}");
    }
    assert_eq!((told("identifiers"), told("dates_of_files")), (serde_json::json!(["67.1"]), false.into()));
    sandbox.file("m.csv", format!("Pfad;Titel;Signatur;bis\n{id};Parks;;2014\n").as_bytes());
    amend(&sandbox, &id, &["--metadata", "m.csv", "--summary", ""]).run().exits(0);
    assert_eq!((told("title"), told("signature"), told("date_to")), ("Parks".into(), "67/1".into(), "2014".into()));
    assert_eq!(told("summary"), "");
    sandbox.file("m.toml", b"[[record]]\npath = \".\"\nsubject = [\"a\", \"b\"]\n");
    amend(&sandbox, &id, &["--metadata", "m.toml"]).run().exits(0);
    assert_eq!(versions(&sandbox, &id), 4);
    sandbox.is_whole();
}

#[test]
fn a_wrong_call_changes_nothing() {
    let (sandbox, id) = archive();
    let before = tree(&sandbox.path("archiv"));
    sandbox.file("personen.csv", b"path;title;born\n.;x;1950\n");
    sandbox.file("andere.csv", b"path;title\nandere;x\n");
    for options in [
        &["--title", " "][..],
        &[],
        &["--date-from", "2014", "--date-to", "2013"],
        &["--date-to", "31.12.2013"],
        &["--metadata", "personen.csv"],
        &["--metadata", "andere.csv"],
        &["--metadata", "fehlt.csv"],
    ] {
        amend(&sandbox, &id, options).run().exits(2);
    }
    sandbox.call(&format!("amend {id} --title x --reason")).arg(" ").run().exits(2);
    sandbox.run(&format!("amend {id} --title x")).exits(2);
    let nobody = "00000000-0000-4000-8000-000000000000";
    amend(&sandbox, nobody, &["--title", "x"]).run().exits(2).tells("package-not-held");
    supplement(&sandbox, nobody).exits(2).tells("package-not-held");
    sandbox.run(&format!("ingest --supplements {id} nachtrag lieferung")).exits(2);
    sandbox.run(&format!("ingest --supplements {id} gibt-es-nicht")).exits(2);
    sandbox.run(&format!("ingest --supplements {id} archiv")).exits(2);
    sandbox.run("pack lieferung --out sip").exits(0);
    let sip = fs::read_dir(sandbox.path("sip")).unwrap().next().unwrap().unwrap().path();
    sandbox.call(&format!("ingest --supplements {id}")).arg(sip).run().exits(3);
    assert_eq!(tree(&sandbox.path("archiv")), before);
}

#[test]
fn a_package_that_was_disposed_of_gets_no_further_version() {
    let (sandbox, id) = archive();
    let order = "--order 7/2026 --ground misdelivery --first P1 --second P2";
    amend(&sandbox, &id, &["--title", "Parks"]).run().exits(0);
    sandbox.run(&format!("dispose {id} {order}")).exits(0);
    let before = tree(&sandbox.path("archiv"));
    amend(&sandbox, &id, &["--title", "x"]).run().exits(3).tells("7/2026");
    supplement(&sandbox, &id).exits(3).tells("7/2026");
    assert_eq!(tree(&sandbox.path("archiv")), before);
    sandbox.is_whole();
}

#[test]
fn an_earlier_state_that_was_put_back_is_neither_given_out_nor_taken_for_the_newest() {
    let (sandbox, id) = archive();
    sandbox.permit();
    copy(&sandbox.path("archiv"), &sandbox.path("vorher"));
    amend(&sandbox, &id, &["--title", "Parks"]).run().exits(0);
    let object = sandbox.object(&id);
    let former = sandbox.path("vorher").join(object.strip_prefix(sandbox.path("archiv")).unwrap());
    fs::remove_dir_all(&object).unwrap();
    copy(&former, &object);
    sandbox.run(&format!("export {id} --permit P --out aus")).exits(5).tells(&id);
    assert!(!sandbox.path("aus").join(&id).exists());
    sandbox.run("catalogue rebuild").tells(&id);
    assert!(sandbox.list().iter().all(|row| row["id"] != *id), "the former title is listed");
    sandbox.json("audit").exits(5).finds("package-changed", &id);
}

#[test]
fn a_package_with_further_versions_is_repaired_from_a_copy() {
    let (sandbox, id) = archive();
    supplement(&sandbox, &id).exits(0);
    amend(&sandbox, &id, &["--title", "Parks"]).run().exits(0);
    copy(&sandbox.path("archiv"), &sandbox.path("kopie"));
    let object = sandbox.object(&id);
    fs::remove_file(object.join(format!("v2/content/{id}-v2.zip"))).unwrap();
    sandbox.run("audit").exits(5);
    sandbox.call(&format!("repair {id} --from")).arg(sandbox.path("kopie")).run().exits(0);
    sandbox.is_whole();
    assert_eq!(versions(&sandbox, &id), 3);
    amend(&sandbox, &id, &["--title", "Anlagen"]).run().exits(0);
    assert_eq!(versions(&sandbox, &id), 4);
}

#[test]
fn a_damaged_package_gets_no_further_version() {
    for (file, from) in
        [("v1/content/ID.zip", "Protokoll"), ("inventory.json", "sha512"), ("v1/inventory.json", "head")]
    {
        let (sandbox, id) = archive();
        let path = sandbox.object(&id).join(file.replace("ID", &id));
        let mut bytes = fs::read(&path).unwrap();
        // In a ZIP the last one is in the directory, which is read.
        let at = bytes.windows(from.len()).rposition(|found| found == from.as_bytes()).unwrap();
        bytes[at] ^= 1;
        fs::write(&path, bytes).unwrap();
        let before = tree(&sandbox.path("archiv"));
        amend(&sandbox, &id, &["--title", "x"]).run().exits(5).tells("package-not-whole");
        supplement(&sandbox, &id).exits(5).tells("package-not-whole");
        assert_eq!(tree(&sandbox.path("archiv")), before, "{file}");
    }
}

#[test]
fn a_supplement_is_an_accession_of_its_own_and_its_files_belong_to_the_package() {
    let (sandbox, id) = archive();
    let planned = sandbox.json(&format!("ingest --supplements {id} nachtrag --dry-run")).exits(0);
    assert_eq!(planned.states(), ["planned"]);
    let payload = fs::metadata(sandbox.package(&id)).unwrap().ino();
    let done = supplement(&sandbox, &id).exits(0);
    assert_eq!((done.states(), &done.packages()[0]["package"]), (vec!["stored".to_owned()], &id.clone().into()));
    assert_eq!(fs::metadata(sandbox.package(&id)).unwrap().ino(), payload);
    let row = sandbox.list().into_iter().find(|row| row["id"] == *id).unwrap();
    assert_eq!(
        (&row["files"], &row["title"], &row["accession"]),
        (&5.into(), &"Grünanlagen".into(), &"2023-0001".into())
    );
    assert_eq!(sandbox.json("accession list").exits(0).results().len(), 2);
    sandbox.run("accession show 2023-0002").exits(0).tells("nachtrag");
    sandbox.run("list --search baum").exits(0).tells(&id);
    let again = supplement(&sandbox, &id).exits(0);
    assert_eq!((again.states(), versions(&sandbox, &id)), (vec!["already-stored".to_owned()], 2));
    let first = sandbox.json(&format!("ingest --supplements {id} nachtrag --dry-run")).exits(0);
    assert_eq!(first.states(), ["already-stored"]);
    assert!(sandbox.json("ingest lieferung").exits(0).states().iter().all(|state| state == "already-stored"));
    sandbox.is_whole();
    // What is corrected now is said of the whole, and the supplement is still known.
    amend(&sandbox, &id, &["--title", "Parks"]).run().exits(0);
    assert_eq!(supplement(&sandbox, &id).exits(0).states(), ["already-stored"]);
    sandbox.file("nachtrag/Fotos/Strauch.png", b"\x89PNG Strauch");
    assert_eq!(supplement(&sandbox, &id).exits(0).states(), ["stored"]);
    assert_eq!(versions(&sandbox, &id), 4);
    let list = sandbox.list();
    sandbox.run("catalogue rebuild").exits(0);
    assert_eq!(sandbox.list(), list);
    sandbox.is_whole();
}

#[test]
fn an_export_has_the_files_of_all_parts_and_says_what_is_said_last() {
    for form in ["", "--as-folder"] {
        let sandbox = Sandbox::new();
        sandbox.delivery("lieferung");
        sandbox.run(&format!("ingest lieferung {form}")).exits(0);
        let id = sandbox.id("Grünanlagen");
        sandbox.file("nachtrag/Grünanlagen/Protokoll 2013-05-04.txt", b"Zweites Protokoll\n");
        sandbox.file("nachtrag/Grünanlagen/Skizze.txt", b"Skizze\n");
        supplement(&sandbox, &id).exits(0);
        amend(&sandbox, &id, &["--title", "Parks"]).run().exits(0);
        sandbox.is_whole();
        let permit = sandbox.permit();
        sandbox.run(&format!("export {id} --out aus --permit {permit}")).exits(0);
        let dip = fs::read_dir(sandbox.path("aus")).unwrap().next().unwrap().unwrap().path();
        for (path, text) in [
            ("representations/rep1/data/Grünanlagen/Protokoll 2013-05-04.txt", "Protokoll der Begehung\n"),
            ("representations/rep2/data/Grünanlagen/Protokoll 2013-05-04.txt", "Zweites Protokoll\n"),
            ("representations/rep2/data/Grünanlagen/Skizze.txt", "Skizze\n"),
        ] {
            let file =
                if dip.join(path).exists() { path.to_owned() } else { path.replacen("data/Grünanlagen/", "data/", 1) };
            assert_eq!(fs::read_to_string(dip.join(&file)).unwrap(), text, "{file}");
        }
        assert!(fs::read_to_string(dip.join("metadata/descriptive/dc.xml")).unwrap().contains("Parks"));
        // It is no SIP; nothing else is wrong with it.
        let inspected = sandbox.json(&format!("inspect {}", dip.display())).exits(3).results();
        let findings = inspected[0]["records"][0]["findings"].as_array().unwrap();
        assert!(findings.iter().all(|finding| finding["requirement"] == "SIP4"), "{findings:#?}");
        sandbox.run(&format!("export {id} --out dateien --permit {permit} .")).exits(0);
        let files = tree(&sandbox.path("dateien"));
        let held: Vec<String> = files
            .values()
            .filter_map(|entry| match entry {
                super::sandbox::Entry::File(sum) => Some(sum.clone()),
                _ => None,
            })
            .collect();
        for text in ["Protokoll der Begehung\n", "Zweites Protokoll\n", "Skizze\n", "hundert\n"] {
            assert!(held.contains(&sha256(text.as_bytes())), "{text} {files:?}");
        }
    }
}

#[test]
fn the_latest_end_of_all_closure_periods_counts() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    sandbox.file("lieferung/metadata.csv", "path;title;bis\nGrünanlagen;Grünanlagen;1990\n".as_bytes());
    sandbox.run("ingest lieferung").exits(0);
    let id = sandbox.id("Grünanlagen");
    let closure = || sandbox.list().into_iter().find(|row| row["id"] == *id).unwrap()["closure"].to_string();
    let supplemented = |until: &str| {
        sandbox.file("nachtrag/metadata.csv", format!("path;title;bis\n.;Akten;{until}\n").as_bytes());
        sandbox.file("nachtrag/Akte.txt", until.as_bytes());
        assert_eq!(supplement(&sandbox, &id).exits(0).states(), ["stored"]);
        closure()
    };
    assert!(closure().contains("2020"), "{}", closure());
    sandbox.run(&format!("export {id} --out aus")).exits(0);
    assert!(supplemented("2020").contains("2050"));
    // One that would be free by itself opens nothing.
    assert!(supplemented("1980").contains("2050"));
    sandbox.run(&format!("export {id} --out aus2")).exits(8);
    sandbox.is_whole();
}

#[test]
fn what_is_damaged_in_any_part_is_found_and_named() {
    let (sandbox, id) = archive();
    supplement(&sandbox, &id).exits(0);
    amend(&sandbox, &id, &["--title", "Parks"]).run().exits(0);
    copy(&sandbox.path("archiv"), &sandbox.path("heil"));
    let object = sandbox.object(&id);
    let files: Vec<_> =
        tree(&object).into_iter().filter(|(_, entry)| matches!(entry, super::sandbox::Entry::File(_))).collect();
    assert_eq!(files.len(), 3 + 3 * 3);
    for (path, _) in files {
        let file = object.join(&path);
        let bytes = fs::read(&file).unwrap();
        let mut other = bytes.clone();
        let middle = other.len() / 2;
        other[middle] ^= 4;
        fs::write(&file, &other).unwrap();
        for command in ["verify", "audit"] {
            let run = sandbox.json(command).exits(5);
            let named = run.stdout.contains(path.to_str().unwrap());
            assert!(named, "{command} {}: {}", path.display(), run.stdout);
        }
        fs::remove_file(&file).unwrap();
        sandbox.json("verify").exits(5);
        fs::write(&file, &bytes).unwrap();
    }
    sandbox.is_whole();
    // An object that was put back to a former version is not what the journal says.
    let inventory = fs::read(object.join("v2/inventory.json")).unwrap();
    fs::write(object.join("inventory.json"), &inventory).unwrap();
    fs::copy(object.join("v2/inventory.json.sha512"), object.join("inventory.json.sha512")).unwrap();
    fs::remove_dir_all(object.join("v3")).unwrap();
    for command in ["verify", "audit"] {
        sandbox.json(command).exits(5).finds("package-changed", "inventory.json");
    }
}

#[test]
fn nobody_who_reads_meanwhile_sees_damage() {
    let (sandbox, id) = archive();
    for number in 0..6 {
        let title = format!("Titel {number}");
        let writing = amend(&sandbox, &id, &["--title", &title, "--wait"]).start();
        for command in ["audit", "verify", "list"] {
            sandbox.json(command).exits(0);
        }
        assert!(writing.wait_with_output().unwrap().status.success());
    }
    assert_eq!(versions(&sandbox, &id), 7);
    sandbox.is_whole();
}

#[test]
fn an_archive_whose_file_system_cannot_do_it_is_left_as_it_is() {
    if !super::crash::traces() {
        return not_tested("file systems without hard links or without exchange (strace is missing or may not trace)");
    }
    for inject in ["linkat:error=EPERM", "renameat2:error=EINVAL"] {
        let (sandbox, id) = archive();
        let before = tree(&sandbox.path("archiv"));
        let call = inject.split(':').next().unwrap();
        let options =
            ["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &format!("inject={inject}")];
        for line in [format!("amend {id} --title x --reason y"), format!("ingest --supplements {id} nachtrag")] {
            let run = sandbox.call_through("strace", &options, &line).run().exits(2);
            assert!(run.stderr.contains("cannot get further versions"), "{}", run.stderr);
            assert_eq!(tree(&sandbox.path("archiv")), before, "{inject} {line}");
        }
    }
}
