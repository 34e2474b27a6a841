//! Decisions that come with a delivery, offers and appraisals against deliveries, and answers to the agency.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::sandbox::{Run, Sandbox, not_tested, shared, tree};

const PROCESS: &str = "3d0f2c4e-9a7b-4b53-8a30-6c1f3a9d0e11";

/// The identifier of an object that a test calls `a1`, `v12`, `d3`.
fn id(name: &str) -> String {
    let kind = match &name[..1] {
        "a" => 1,
        "v" => 2,
        _ => 3,
    };
    format!("0000000{kind}-0000-4000-8000-{:0>12}", &name[1..])
}

/// The name by which a test calls the object `id`.
fn name(id: &str) -> String {
    let kind = ["", "a", "v", "d"][id[7..8].parse::<usize>().unwrap()];
    format!("{kind}{}", id[24..].trim_start_matches('0'))
}

fn header(number: &str, wants: &str) -> String {
    let party = |name: &str| format!("<x:Institution><x:Name>{name}</x:Name></x:Institution>");
    format!(
        "<x:Kopf><x:ProzessID>{PROCESS}</x:ProzessID><x:Nachrichtentyp><code>{number}</code></x:Nachrichtentyp>\
         <x:Erstellungszeitpunkt>2026-05-04T10:00:00Z</x:Erstellungszeitpunkt><x:Absender>{}</x:Absender>\
         <x:Empfaenger>{}</x:Empfaenger>{wants}</x:Kopf>",
        party("Bauamt Musterstadt"),
        party("Stadtarchiv Musterstadt"),
    )
}

/// An Akte `a1` with Vorgänge of one Dokument each, as `a1: v1 v2`; Dokument and primary file are called like the Vorgang.
fn objects(text: &str, with_files: bool) -> String {
    let head = |id: String, name: &str| {
        format!(
            "<x:Identifikation><x:ID>{id}</x:ID></x:Identifikation><x:AllgemeineMetadaten><x:Betreff>Betreff {name}\
             </x:Betreff><x:Kennzeichen>Az {name}</x:Kennzeichen></x:AllgemeineMetadaten>"
        )
    };
    let mut out = String::new();
    for file in text.split(';').filter(|file| !file.trim().is_empty()) {
        let (akte, cases) = file.trim().split_once(':').unwrap();
        let _ = write!(out, "<x:Schriftgutobjekt><x:Akte>{}<x:Akteninhalt>", head(id(akte), akte));
        for case in cases.split_whitespace() {
            let document = case.replace('v', "d");
            let _ = write!(out, "<x:Vorgang>{}<x:Dokument>{}", head(id(case), case), head(id(&document), &document));
            if with_files {
                let _ = write!(
                    out,
                    "<x:Version><x:Nummer>1</x:Nummer><x:Format><x:Name><code>018</code></x:Name><x:Version>1</x:Version>\
                     <x:Primaerdokument><x:Dateiname>{document}.txt</x:Dateiname></x:Primaerdokument></x:Format></x:Version>"
                );
            }
            out.push_str("</x:Dokument></x:Vorgang>");
        }
        out.push_str("</x:Akteninhalt></x:Akte></x:Schriftgutobjekt>");
    }
    out
}

fn message(version: &str, root: &str, number: &str, wants: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><x:{root}.{number} xmlns:x=\"urn:xoev-de:xdomea:schema:{version}\">{}{body}\
         </x:{root}.{number}>",
        header(number, wants),
    )
}

const ASKS: &str = "<x:Importbestaetigung>1</x:Importbestaetigung><x:RueckmeldungArchivkennung>1\
    </x:RueckmeldungArchivkennung><x:Empfangsbestaetigung>1</x:Empfangsbestaetigung>";

/// Writes messages of one process into folders, as agencies and archives exchange them.
trait Messages {
    /// 0503 with the primary files.
    fn transfer(&self, folder: &str, version: &str, text: &str);
    /// 0502; decisions as `a1=A v1=V`.
    fn appraisal(&self, folder: &str, text: &str);
    /// 0501.
    fn offer(&self, folder: &str, text: &str);
}

impl Messages for Sandbox {
    fn transfer(&self, folder: &str, version: &str, text: &str) {
        let root = "Aussonderung.Aussonderung";
        let text_of = message(version, root, "0503", ASKS, &objects(text, true));
        self.file(&format!("{folder}/{PROCESS}_{root}.0503.xml"), text_of.as_bytes());
        for case in text.split_whitespace().filter(|word| word.starts_with('v')) {
            let document = case.trim_end_matches(';').replace('v', "d");
            self.file(&format!("{folder}/{document}.txt"), format!("Inhalt von {document}\n").as_bytes());
        }
    }

    fn appraisal(&self, folder: &str, text: &str) {
        let object = |word: &str| {
            let (name, code) = word.split_once('=').unwrap();
            format!(
                "<x:BewertetesObjekt><x:ID>{}</x:ID><x:Aussonderungsart><x:Aussonderungsart><code>{code}</code>\
                 </x:Aussonderungsart></x:Aussonderungsart></x:BewertetesObjekt>",
                id(name)
            )
        };
        let body: String = text.split_whitespace().map(object).collect();
        let root = "Aussonderung.Bewertungsverzeichnis";
        let text = message("3.0.0", root, "0502", "<x:Empfangsbestaetigung>0</x:Empfangsbestaetigung>", &body);
        self.file(&format!("{folder}/{PROCESS}_{root}.0502.xml"), text.as_bytes());
    }

    fn offer(&self, folder: &str, text: &str) {
        let root = "Aussonderung.Anbieteverzeichnis";
        let text = message("3.0.0", root, "0501", "", &objects(text, false));
        self.file(&format!("{folder}/{PROCESS}_{root}.0501.xml"), text.as_bytes());
    }
}

/// The outcomes in a 0506: an object's name, and `ja`, or why not.
fn outcomes(sandbox: &Sandbox, folder: &str) -> BTreeMap<String, String> {
    let path = format!("{folder}/{PROCESS}_Aussonderung.AussonderungImportBestaetigen.0506.xml");
    outcomes_in(&fs::read_to_string(sandbox.path(&path)).unwrap())
}

fn outcomes_in(text: &str) -> BTreeMap<String, String> {
    let value = |part: &str, element: &str| {
        let start = part.find(&format!("<xdomea:{element}>"))? + element.len() + 9;
        Some(part[start..start + part[start..].find("</")?].to_owned())
    };
    let parts = text.split("<xdomea:AusgesondertesSGO>").skip(1);
    let outcome = |part: &str| {
        let said = match value(part, "Erfolgreich").unwrap().as_str() {
            "1" => "ja".to_owned(),
            _ => value(part, "Fehlermeldung").unwrap(),
        };
        (name(&value(part, "IDSGO").unwrap()), said)
    };
    parts.map(outcome).collect()
}

/// Names of objects that an answer calls a success.
fn successes(outcomes: &BTreeMap<String, String>) -> Vec<&str> {
    outcomes.iter().filter(|(_, said)| *said == "ja").map(|(name, _)| name.as_str()).collect()
}

fn names(folder: &Path) -> Vec<String> {
    tree(folder).into_keys().map(|path| path.to_string_lossy().into_owned()).collect()
}

/// The payload files of all packages, by their last names.
fn payload(sandbox: &Sandbox) -> Vec<String> {
    let mut found = Vec::new();
    for row in sandbox.list() {
        let listed =
            Command::new("unzip").arg("-Z1").arg(sandbox.package(row["id"].as_str().unwrap())).output().unwrap();
        let listed = String::from_utf8(listed.stdout).unwrap();
        let files = listed.lines().filter(|path| path.contains("/data/") && !path.ends_with('/'));
        found.extend(files.map(|path| path.rsplit('/').next().unwrap().to_owned()));
    }
    found.sort();
    found
}

fn delivery(run: &Run) -> Value {
    run.results()[0].clone()
}

/// Says that all answers in a folder are valid.
fn are_valid(folder: &Path, version: &str) {
    let schema = format!("corpora/records/xsd/xdomea_{version}/xdomea-Nachrichten-AussonderungDurchfuehren.xsd");
    let Some(schema) = shared(&schema, "answers against their schemas") else { return };
    let mut seen = 0;
    for name in names(folder) {
        let path = folder.join(&name);
        let xml = if Path::new(&name).extension().is_some_and(|end| end == "zip") {
            // What is in the ZIP is the file beside it.
            let inner = Command::new("unzip").arg("-p").arg(&path).output().unwrap().stdout;
            assert_eq!(inner, fs::read(path.with_extension("xml")).unwrap(), "{name}");
            continue;
        } else {
            path
        };
        let Ok(said) = Command::new("xmllint").args(["--noout", "--schema"]).arg(&schema).arg(&xml).output() else {
            return not_tested("answers against their schemas (xmllint is missing)");
        };
        assert!(said.status.success(), "{name}: {}", String::from_utf8_lossy(&said.stderr));
        seen += 1;
    }
    assert!(seen > 0, "no answer in {}", folder.display());
}

#[test]
fn every_object_is_answered_and_the_second_run_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "3.0.0", "a1: v1 v2; a2: v3");
    let run = sandbox.json("ingest lieferung --profile eakte --outbox raus").exits(0);
    assert_eq!(delivery(&run)["released"], true);
    let base = format!("{PROCESS}_Aussonderung.Aussonderung");
    let (received, imported) = (format!("{base}EmpfangBestaetigen.0507"), format!("{base}ImportBestaetigen.0506"));
    let expected =
        [format!("{received}.xml"), format!("{received}.zip"), format!("{imported}.xml"), format!("{imported}.zip")];
    assert_eq!(names(&sandbox.path("raus")), expected);
    are_valid(&sandbox.path("raus"), "3.0.0");
    let said = outcomes(&sandbox, "raus");
    assert_eq!(successes(&said), ["a1", "a2", "d1", "d2", "d3", "v1", "v2", "v3"]);
    let text = fs::read_to_string(sandbox.path(&format!("raus/{imported}.xml"))).unwrap();
    for row in sandbox.list() {
        assert!(text.contains(&format!("<xdomea:Archivkennung>urn:uuid:{}<", row["id"].as_str().unwrap())));
    }
    // The answers are kept with the accession, and the journal knows them.
    let kept = names(&sandbox.path("archiv/store"));
    for name in [&received, &imported] {
        assert!(kept.iter().any(|path| path.ends_with(&format!("/content/answers/{name}.xml"))), "{name}");
    }
    let journal = fs::read_to_string(sandbox.path("archiv/journal/journal.jsonl")).unwrap();
    assert_eq!(journal.matches("\"event\":\"answered\"").count(), 2);
    sandbox.is_whole();

    let (outbox, archive) = (tree(&sandbox.path("raus")), tree(&sandbox.path("archiv/store")));
    let again = sandbox
        .call("ingest lieferung --profile eakte --outbox raus --json")
        .env("SOURCE_DATE_EPOCH", "1800000000")
        .run()
        .exits(0);
    assert_eq!(delivery(&again)["released"], true);
    assert_eq!(delivery(&again)["answers"][1]["state"], "kept");
    assert_eq!(tree(&sandbox.path("raus")), outbox);
    assert_eq!(tree(&sandbox.path("archiv/store")), archive);
    let after = fs::read_to_string(sandbox.path("archiv/journal/journal.jsonl")).unwrap();
    assert_eq!(after.matches("\"event\":\"answered\"").count(), 2);
}

#[test]
fn every_version_has_its_own_answers() {
    for (version, answers) in [("2.3.0", 1), ("2.4.0", 1), ("3.0.0", 2), ("3.1.0", 2), ("4.0.0", 0)] {
        let sandbox = Sandbox::new();
        sandbox.transfer("lieferung", version, "a1: v1");
        let run = sandbox.json("ingest lieferung --profile eakte --outbox raus").exits(0);
        let found = names(&sandbox.path("raus")).len();
        assert_eq!(found, answers * 2, "{version}: as XML and as ZIP");
        assert_eq!(delivery(&run)["released"], answers > 0, "{version}");
        if answers == 0 {
            let findings = delivery(&run)["findings"].clone();
            let told = findings.as_array().unwrap().iter().any(|finding| finding["code"] == "answer-impossible");
            assert!(told, "{version}: {findings}");
        } else {
            are_valid(&sandbox.path("raus"), version);
        }
    }
}

#[test]
fn without_an_outbox_nothing_is_written_and_the_user_is_told() {
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "3.0.0", "a1: v1");
    let before = names(&sandbox.path(""));
    let run = sandbox.run("ingest lieferung --profile eakte").exits(0).tells("asked for the answer 0506");
    run.tells("--outbox");
    let new: Vec<_> = names(&sandbox.path("")).into_iter().filter(|name| !before.contains(name)).collect();
    assert!(new.iter().all(|name| name.starts_with("archiv/")), "{new:?}");
    // Answered later, once somebody says where to.
    let run = sandbox.json("ingest lieferung --profile eakte --outbox raus").exits(0);
    assert_eq!(run.states(), ["already-stored"]);
    assert_eq!(successes(&outcomes(&sandbox, "raus")), ["a1", "d1", "v1"]);
    let inside = sandbox.run("ingest lieferung --profile eakte --outbox archiv/raus");
    assert_eq!(inside.code, Some(2), "{}", inside.stderr);
}

#[test]
fn what_is_refused_is_no_success_and_so_is_what_lies_around_it() {
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "3.0.0", "a1: v1 v2; a2: v3");
    fs::remove_file(sandbox.path("lieferung/d2.txt")).unwrap();
    let run = sandbox.json("ingest lieferung --profile eakte --outbox raus").exits(3);
    assert_eq!(delivery(&run)["released"], false);
    let said = outcomes(&sandbox, "raus");
    assert_eq!(successes(&said), ["a2", "d3", "v3"]);
    assert!(said["a1"].contains("Zurückgewiesen") && said["a1"].contains("d2.txt"), "{}", said["a1"]);
    are_valid(&sandbox.path("raus"), "3.0.0");
    // 2.x has one outcome for all.
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "2.4.0", "a1: v1 v2; a2: v3");
    fs::remove_file(sandbox.path("lieferung/d2.txt")).unwrap();
    sandbox.run("ingest lieferung --profile eakte --outbox raus").exits(3);
    let name = format!("raus/{PROCESS}_Aussonderung.AussonderungImportBestaetigen.0506.xml");
    let text = fs::read_to_string(sandbox.path(&name)).unwrap();
    assert!(text.contains("<xdomea:Erfolgreich>0<") && text.contains("d2.txt"), "{text}");
    assert!(!text.contains("Archivkennung"));
    are_valid(&sandbox.path("raus"), "2.4.0");
    // Nothing is stored: all say so.
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "3.1.0", "a1: v1");
    fs::remove_file(sandbox.path("lieferung/d1.txt")).unwrap();
    sandbox.run("ingest lieferung --profile eakte --outbox raus").exits(3);
    let said = outcomes(&sandbox, "raus");
    assert_eq!(said.len(), 3);
    assert!(successes(&said).is_empty());
}

#[test]
fn what_cannot_be_stored_is_no_success_until_it_is() {
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "3.0.0", "a1: v1; a2: v2");
    // More than any disk has, and nothing on the medium.
    let large = File::create(sandbox.path("lieferung/d2.txt")).unwrap();
    if large.set_len(1 << 45).is_err() {
        return not_tested("storage that fails (no sparse files)");
    }
    let run = sandbox.json("ingest lieferung --profile eakte --outbox raus");
    assert_eq!(run.states(), ["stored", "failed"], "{}", run.stderr);
    assert_eq!(delivery(&run)["released"], false);
    let said = outcomes(&sandbox, "raus");
    assert_eq!(successes(&said), ["a1", "d1", "v1"]);
    are_valid(&sandbox.path("raus"), "3.0.0");
    // The next run finishes it: the first answer stays as it is, a second one says what is new.
    sandbox.file("lieferung/d2.txt", b"klein");
    let first = tree(&sandbox.path("raus"));
    let run = sandbox.json("ingest lieferung --profile eakte --outbox raus").exits(0);
    assert_eq!(delivery(&run)["released"], true);
    let now = tree(&sandbox.path("raus"));
    assert!(first.iter().all(|(path, entry)| now.get(path) == Some(entry)), "nothing is overwritten");
    let name = format!("raus/{PROCESS}_Aussonderung.AussonderungImportBestaetigen.0506-2.xml");
    let second = outcomes_in(&fs::read_to_string(sandbox.path(&name)).unwrap());
    assert_eq!(successes(&second).len(), 6);
    sandbox.run("ingest lieferung --profile eakte --outbox raus").exits(0);
    assert_eq!(tree(&sandbox.path("raus")), now);
}

#[test]
fn killed_at_any_moment_nothing_is_answered_that_is_not_stored() {
    let files: String = (1..16).map(|n| format!("a{n}: v{n}")).collect::<Vec<_>>().join("; ");
    let mut early = 0;
    for moment in 1..6 {
        let sandbox = Sandbox::new();
        sandbox.transfer("lieferung", "3.0.0", &files);
        let mut child = sandbox.call("ingest lieferung --profile eakte --outbox raus --jobs 1").start();
        thread::sleep(Duration::from_millis(moment * moment * 10));
        drop(child.kill());
        child.wait().unwrap();
        let answer = sandbox.path(&format!("raus/{PROCESS}_Aussonderung.AussonderungImportBestaetigen.0506.xml"));
        let said = fs::read_to_string(&answer).map(|text| outcomes_in(&text)).unwrap_or_default();
        early += usize::from(said.is_empty());
        let stored = sandbox.json("ingest lieferung --profile eakte --dry-run").exits(0).states();
        let stored = stored.iter().filter(|state| *state == "already-stored").count();
        assert!(successes(&said).len() <= stored * 3, "moment {moment}: {said:?}");
        let run = sandbox.json("ingest lieferung --profile eakte --outbox raus").exits(0);
        assert_eq!(delivery(&run)["released"], true, "moment {moment}");
        assert_eq!(successes(&outcomes(&sandbox, "raus")).len(), 15 * 3, "moment {moment}");
        sandbox.is_whole();
    }
    assert!(early > 0, "no run was killed before its answer");
}

#[test]
fn decisions_in_the_delivery_are_followed_and_compared() {
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "3.0.0", "a1: v1 v2; a2: v3; a3: v4");
    sandbox.appraisal("lieferung", "a1=A v1=A v2=V a2=B a3=A v4=A v9=A");
    let run = sandbox.json("ingest lieferung --profile eakte --outbox raus").exits(0);
    assert_eq!(run.states(), ["stored", "left-out", "stored"]);
    assert_eq!(payload(&sandbox), ["d1.txt", "d4.txt"]);
    let result = delivery(&run);
    let first = result["packages"][0].clone();
    let not_taken: Vec<_> =
        first["not_taken"].as_array().unwrap().iter().map(|object| name(object["id"].as_str().unwrap())).collect();
    assert_eq!(not_taken, ["v2", "d2"]);
    assert_eq!(first["not_taken"][0]["decision"]["who"], "Bauamt Musterstadt");
    assert_eq!(first["exceptions"][0]["reason"], "appraised");
    assert_eq!(result["packages"][1]["exceptions"][0]["decision"], "undecided");
    // Every file is accounted for once.
    assert_eq!(result["entries"]["file"]["stored"], 2);
    assert_eq!(result["entries"]["file"]["left_out"], 2);
    let told = |code: &str| {
        let of = |finding: &&Value| finding["code"] == code;
        let findings = result["findings"].as_array().unwrap();
        findings.iter().filter(of).map(|finding| finding["value"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(told("object-missing"), [id("v9")]);
    assert_eq!(told("decision-not-followed").len(), 2);
    assert!(told("decision-not-followed")[0].contains("Az v2"), "{:?}", told("decision-not-followed"));
    // No success for what is not here, and none for what it was taken out of.
    assert_eq!(result["released"], false);
    let said = outcomes(&sandbox, "raus");
    assert_eq!(successes(&said), ["d1", "d4", "v1", "v4"]);
    assert!(said["v2"].contains("(V)") && said["d2"].contains("(V)") && said["a2"].contains("(B)"), "{said:?}");
    assert!(said["a1"].contains("Nicht vollständig") && said["v9"].contains("nicht ausgesondert"), "{said:?}");
    are_valid(&sandbox.path("raus"), "3.0.0");
    // The decision is in the package, in the journal and beside the accession.
    let package = sandbox.package(first["package"].as_str().unwrap());
    let premis = Command::new("unzip").arg("-p").arg(&package).arg("*/metadata/preservation/premis.xml").output();
    let premis = String::from_utf8(premis.unwrap().stdout).unwrap();
    assert!(premis.contains(">appraisal<") || premis.contains("appraisal"), "{premis}");
    let journal = fs::read_to_string(sandbox.path("archiv/journal/journal.jsonl")).unwrap();
    assert!(
        journal.contains(
            "\"event\":\"appraised\",\"accession\":\"2023-0001\",\"archive\":5,\"undecided\":1,\"destroy\":1"
        )
    );
    sandbox.run("ingest lieferung --profile eakte").tells("Not taken over").tells("Az v2");
    sandbox.is_whole();
}

#[test]
fn without_a_decision_records_are_taken_and_that_is_noted() {
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "3.0.0", "a1: v1");
    let run = sandbox.json("ingest lieferung --profile eakte").exits(0);
    assert_eq!(run.states(), ["stored"]);
    run.finds("decision-missing", "Az a1");
}

#[test]
fn a_list_of_decisions_decides_by_identifier_code_and_path() {
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "3.0.0", "a1: v1 v2; a2: v3");
    let list = format!(
        "Id;Kennzeichen;Entscheidung;Wer;Wann;Warum\n{};;A;Stadtarchiv;4.5.2026;Evidenzwert\n;Az v2;vernichten;;;\n\
         ;Az a2;B;;;\n;Az a9;A;;;\n",
        id("a1")
    );
    sandbox.file("bewertung.csv", list.as_bytes());
    let run = sandbox.json("ingest lieferung --profile eakte --decisions bewertung.csv").exits(0);
    assert_eq!(run.states(), ["stored", "left-out"]);
    assert_eq!(payload(&sandbox), ["d1.txt"]);
    let unused = delivery(&run)["findings"].as_array().unwrap().clone();
    assert!(
        unused.iter().any(|finding| finding["code"] == "decision-unused" && finding["value"] == "Az a9"),
        "{unused:?}"
    );
    let kept = names(&sandbox.path("archiv/store"));
    assert!(kept.iter().any(|path| path.ends_with("/content/decisions/bewertung.csv")), "{kept:?}");
    // A file share by its folders.
    let sandbox = Sandbox::new();
    sandbox.delivery("ablage");
    sandbox.file("bewertung.csv", "Pfad,Entscheidung\nSpielplätze,V\nGrünanlagen,A\nGrünanlagen/Pläne,V\n".as_bytes());
    let run = sandbox.json("ingest ablage --decisions bewertung.csv").exits(0);
    assert_eq!(payload(&sandbox), ["Anschreiben.txt", "Protokoll 2013-05-04.txt"]);
    assert_eq!(delivery(&run)["entries"]["file"]["left_out"], 4);
    // A list with a fault decides nothing.
    sandbox.file("falsch.csv", b"Id,Entscheidung\nx,A\ny,vielleicht\n");
    let run = sandbox.json("ingest ablage --decisions falsch.csv").exits(2);
    let error = run.document()["error"].clone();
    assert_eq!((error["line"].as_u64(), error["column"].as_u64()), (Some(3), Some(2)), "{error}");
}

#[test]
fn offers_and_appraisals_are_compared_with_deliveries() {
    let sandbox = Sandbox::empty();
    sandbox.transfer("ab", "3.0.0", "a1: v1 v2; a2: v3");
    sandbox.appraisal("gut", "a1=A v1=A v2=A a2=A v3=A");
    sandbox.appraisal("schlecht", "a1=A v1=A v2=V a3=A v4=A a4=V");
    sandbox.offer("an", "a1: v1 v2; a3: v4 v5; a4: v6");
    let ids = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|object| name(object["id"].as_str().unwrap())).collect()
    };
    let check = |line: &str, exit: i32, missing: &[&str], surplus: &[&str], not_followed: &[&str]| {
        let run = sandbox.json(line).exits(exit);
        let found = delivery(&run);
        assert_eq!(ids(&found["missing"]), missing, "{line}");
        assert_eq!(ids(&found["surplus"]), surplus, "{line}");
        assert_eq!(ids(&found["not_followed"]), not_followed, "{line}");
    };
    check("compare gut ab", 0, &[], &[], &[]);
    check("compare ab gut", 0, &[], &[], &[]);
    check("compare schlecht ab", 3, &["a3", "v4"], &["a2", "v3", "d3"], &["v2"]);
    // With the offer all that was meant is known, down to the documents, with titles and reference codes.
    let all = ["a3", "v4", "d4", "v5", "d5"];
    check("compare an schlecht ab", 3, &all, &["a2", "v3", "d3"], &["v2"]);
    let run = sandbox.run("compare an schlecht ab --lang de").exits(3);
    run.clone().tells("Es fehlen (5)").tells("Betreff v5").tells("Az v5").tells(&id("v5"));
    sandbox.run("compare an schlecht ab").exits(3).tells("Missing (5)");
    // An offer alone only informs.
    check("compare ab an", 0, &["a3", "v4", "d4", "v5", "d5", "a4", "v6", "d6"], &["a2", "v3", "d3"], &[]);
    sandbox.run("compare an ab --lang de").exits(0).tells("Zur Kenntnis");
    // What cannot be compared.
    sandbox.run("compare an schlecht").exits(3).tells("0503");
    sandbox.run("compare ab").exits(3).tells("0501");
    sandbox.run("compare ab gibt-es-nicht").exits(2);
    sandbox.file(
        "kaputt/x.xml",
        b"<x:Aussonderung.Aussonderung.0503 xmlns:x='urn:xoev-de:xdomea:schema:3.0.0'>\n<x:Kopf>",
    );
    let run = sandbox.json("compare gut kaputt").exits(3);
    assert_eq!(run.document()["error"]["line"], 2);
}

#[test]
fn published_messages_compare_as_expected() {
    let what = "published offers and appraisals";
    let Some(expected) = shared("corpora/records/expected/compare.json", what) else { return };
    let expected: BTreeMap<String, Value> = serde_json::from_slice(&fs::read(expected).unwrap()).unwrap();
    assert!(!expected.is_empty());
    let sandbox = Sandbox::empty();
    for (folder, expected) in expected {
        let messages = shared(&format!("corpora/records/{folder}"), what).unwrap();
        let of = |number: &str| {
            let file = names(&messages).into_iter().find(|name| name.ends_with(&format!("{number}.zip"))).unwrap();
            messages.join(file)
        };
        for files in [[of("0502"), of("0503")], [of("0503"), of("0502")]] {
            let run = sandbox.call("compare --json").arg(&files[0]).arg(&files[1]).run().exits(0);
            let found = delivery(&run);
            assert_eq!(found["archive"], expected["A"], "{folder}");
            assert_eq!(found["destroy"], expected["V"], "{folder}");
            assert_eq!(found["missing"], expected["fehlend"], "{folder}");
            assert_eq!(found["surplus"], expected["ueberzaehlig"], "{folder}");
        }
    }
}

#[test]
fn what_is_stored_already_is_read_before_the_agency_may_delete_it() {
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "3.0.0", "a1: v1; a2: v2");
    sandbox.run("ingest lieferung --profile eakte --outbox raus").exits(0);
    let broken = sandbox.id("Betreff a1");
    fs::remove_dir_all(sandbox.object(&broken)).unwrap();
    let run = sandbox.json("ingest lieferung --profile eakte --outbox wieder").exits(5);
    assert_eq!(delivery(&run)["released"], false);
    assert_eq!(successes(&outcomes(&sandbox, "wieder")), ["a2", "d2", "v2"]);
}

#[test]
fn what_lies_around_something_missing_is_no_success() {
    let sandbox = Sandbox::new();
    sandbox.offer("bekannt", "a1: v1 v2; a2: v3");
    sandbox.appraisal("bekannt", "a1=A v1=A v2=A a2=A v3=A");
    sandbox.transfer("bekannt", "3.0.0", "a1: v1; a2: v3");
    sandbox.run("ingest bekannt --profile eakte --outbox raus").exits(0);
    assert_eq!(successes(&outcomes(&sandbox, "raus")), ["a2", "d1", "d3", "v1", "v3"]);
    // Without an offer nobody knows in which Akte it lies.
    let sandbox = Sandbox::new();
    sandbox.appraisal("unbekannt", "a1=A v1=A v2=A a2=A v3=A");
    sandbox.transfer("unbekannt", "3.0.0", "a1: v1; a2: v3");
    sandbox.run("ingest unbekannt --profile eakte --outbox raus").exits(0);
    assert_eq!(successes(&outcomes(&sandbox, "raus")), ["d1", "d3", "v1", "v3"]);
}

#[test]
fn a_file_that_lacks_is_no_success_whatever_the_profile_makes_of_it() {
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "3.0.0", "a1: v1 v2; a2: v3");
    fs::remove_file(sandbox.path("lieferung/d2.txt")).unwrap();
    sandbox.file(
        "mild.toml",
        b"name = \"mild\"\nprofile = \"eakte\"\nnumber = \"1\"\nholdings = \"B\"\nproducer = { name = \"Bauamt\" }\n\
          [checks]\nprimary-file-missing = \"warning\"\n",
    );
    let run = sandbox.json("ingest lieferung --agreement mild.toml --outbox raus").exits(0);
    assert_eq!(delivery(&run)["released"], false);
    assert_eq!(successes(&outcomes(&sandbox, "raus")), ["a2", "d3", "v3"]);
}

#[test]
fn a_list_goes_before_an_appraisal_and_contradictions_stop_the_delivery() {
    let sandbox = Sandbox::new();
    sandbox.appraisal("lieferung", "a1=A v1=A v2=A");
    sandbox.transfer("lieferung", "3.0.0", "a1: v1 v2");
    sandbox.file("liste.csv", b"Kennzeichen;Entscheidung\nAz v2;V\n");
    sandbox.run("ingest lieferung --profile eakte --decisions liste.csv --outbox raus").exits(0);
    assert_eq!(successes(&outcomes(&sandbox, "raus")), ["d1", "v1"]);
    assert_eq!(payload(&sandbox), ["d1.txt"]);

    let sandbox = Sandbox::new();
    sandbox.appraisal("lieferung", "a1=A v1=A");
    sandbox.appraisal("andere", "a1=A v1=V");
    let name = format!("{PROCESS}_Aussonderung.Bewertungsverzeichnis.0502.xml");
    fs::create_dir_all(sandbox.path("lieferung/zweite")).unwrap();
    fs::rename(sandbox.path(&format!("andere/{name}")), sandbox.path(&format!("lieferung/zweite/{name}"))).unwrap();
    sandbox.transfer("lieferung", "3.0.0", "a1: v1");
    let run = sandbox.json("ingest lieferung --profile eakte --outbox raus").exits(3);
    assert!(run.stdout.contains("decision-contradicts"), "{}", run.stdout);
    assert!(sandbox.list().is_empty());
    assert!(successes(&outcomes(&sandbox, "raus")).is_empty());
}

/// Changes the message 0503 in a folder.
fn change(sandbox: &Sandbox, folder: &str, from: &str, to: &str) {
    let path = format!("{folder}/{PROCESS}_Aussonderung.Aussonderung.0503.xml");
    let text = fs::read_to_string(sandbox.path(&path)).unwrap();
    assert!(text.contains(from), "{from}");
    sandbox.file(&path, text.replace(from, to).as_bytes());
}

#[test]
fn two_messages_of_one_process_are_one_accession_with_two_answers() {
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung/eins", "3.0.0", "a1: v1");
    sandbox.transfer("lieferung/zwei", "3.0.0", "a2: v2");
    for _ in 0..2 {
        let run = sandbox.json("ingest lieferung --profile eakte --outbox raus").exits(0);
        assert_eq!(delivery(&run)["released"], true);
    }
    assert_eq!(
        names(&sandbox.path("raus")).iter().filter(|name| name.contains("0506") && name.contains(".xml")).count(),
        2
    );
    sandbox.is_whole();
}

#[test]
fn an_appraisal_that_is_foreign_decides_nothing_and_one_that_cannot_be_read_stops_the_delivery() {
    let name = format!("{PROCESS}_Aussonderung.Bewertungsverzeichnis.0502.xml");
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "3.0.0", "a1: v1");
    sandbox.appraisal("lieferung", "a1=V v1=V");
    let text = fs::read_to_string(sandbox.path(&format!("lieferung/{name}"))).unwrap();
    let foreign = text.replace(PROCESS, "7d0f2c4e-9a7b-4b53-8a30-6c1f3a9d0e11");
    sandbox.file(&format!("lieferung/{name}"), foreign.as_bytes());
    let run = sandbox.json("ingest lieferung --profile eakte").exits(0);
    assert!(run.stdout.contains("decision-foreign"), "{}", run.stdout);
    assert_eq!(payload(&sandbox), ["d1.txt"]);

    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "3.0.0", "a1: v1");
    sandbox.file(&format!("lieferung/{name}"), &text.as_bytes()[..text.len() / 2]);
    let run = sandbox.json("ingest lieferung --profile eakte --outbox raus");
    assert_ne!(run.code, Some(0), "{}", run.stdout);
    assert!(sandbox.list().is_empty());
    assert!(successes(&outcomes(&sandbox, "raus")).is_empty());
}

#[test]
fn a_primary_file_without_name_and_a_record_without_any_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "3.0.0", "a1: v1");
    change(&sandbox, "lieferung", "<x:Dateiname>d1.txt</x:Dateiname>", "<x:Dateiname></x:Dateiname>");
    let run = sandbox.json("ingest lieferung --profile eakte --outbox raus").exits(3);
    assert!(run.stdout.contains("primary-file-missing"), "{}", run.stdout);
    assert!(successes(&outcomes(&sandbox, "raus")).is_empty());

    let sandbox = Sandbox::new();
    let root = "Aussonderung.Aussonderung";
    let text = message("3.0.0", root, "0503", ASKS, &objects("a1: v1", false));
    sandbox.file(&format!("lieferung/{PROCESS}_{root}.0503.xml"), text.as_bytes());
    let run = sandbox.json("ingest lieferung --profile eakte").exits(3);
    assert!(run.stdout.contains("record-without-files"), "{}", run.stdout);
}

#[test]
fn a_letter_later_than_the_period_of_its_file_keeps_it_closed_for_longer() {
    let sandbox = Sandbox::new();
    sandbox.transfer("lieferung", "3.0.0", "a1: v1");
    let period = "<x:Laufzeit><x:Beginn>1974-01-01</x:Beginn><x:Ende>1977-01-01</x:Ende></x:Laufzeit><x:Akteninhalt>";
    change(&sandbox, "lieferung", "<x:Akteninhalt>", period);
    let letter = "<x:DatumDesSchreibens>2017-11-30</x:DatumDesSchreibens></x:Dokument>";
    change(&sandbox, "lieferung", "</x:Dokument>", letter);
    sandbox.run("ingest lieferung --profile eakte").exits(0);
    sandbox.run("list").exits(0).tells("2047-12-31");
}
