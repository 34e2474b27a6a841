//! The documents of every command, in success and in failure, are what `docs/schemas/` says.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::sandbox::{Run, Sandbox, bytes, tree};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas")
}

fn schema(name: &str) -> Value {
    let path = folder().join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// Says that `document` is as the schema `name` describes it.
pub fn holds(name: &str, document: &Value) {
    let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).build(&schema(name)).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{name}: {}\n{document:#}", errors.join("\n"));
}

/// Says that the document of a run is as its schema says, and that the exit code in it is that of the process.
fn checked(run: &Run, seen: &mut BTreeSet<String>) {
    let document = run.document();
    let name = document["schema"].as_str().unwrap().trim_start_matches("earchiv").trim_end_matches("/1");
    let name = name.trim_start_matches('.');
    let nested = ["access", "accession", "profile", "catalogue", "journal"].contains(&name);
    let name = if name.is_empty() || nested { "call" } else { name };
    holds(name, &document);
    assert_eq!(document["exit"].as_i64(), run.code.map(i64::from));
    let outcome = if run.code == Some(0) { "good" } else { "bad" };
    seen.insert(format!("{name} {outcome}"));
}

#[test]
#[allow(clippy::too_many_lines, reason = "one list of all commands")]
fn every_command_prints_what_its_schema_says() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    std::os::unix::fs::symlink("x", sandbox.path("lieferung/Spielplätze/Verknüpfung")).unwrap();
    sandbox.delivery("gut");
    sandbox.file("falsch.toml", b"name = \"falsch\"\nquelle = 1\n");
    let agreement = "name = \"bauhof\"\nprofile = \"dateiablage\"\n";
    sandbox.file("vereinbarung.toml", agreement.as_bytes());
    for (kind, root) in [("0501", "Anbieteverzeichnis"), ("0503", "Aussonderung")] {
        let object = "<x:Schriftgutobjekt><x:Vorgang><x:Identifikation><x:ID>00000002-0000-4000-8000-00000000KIND</x:ID>\
            </x:Identifikation></x:Vorgang></x:Schriftgutobjekt>";
        let root = format!("x:Aussonderung.{root}.{kind}");
        let object = object.replace("KIND", kind);
        let text = format!("<{root} xmlns:x=\"urn:xoev-de:xdomea:schema:3.0.0\">{object}</{root}>");
        sandbox.file(&format!("{kind}.xml"), text.as_bytes());
    }
    let mut seen = BTreeSet::new();
    let mut json = |line: &str| checked(&sandbox.json(line), &mut seen);
    for line in [
        "",
        "nonsense",
        "accession",
        "journal",
        "init neu --name Neu --isil DE-1",
        "init neu --name Neu",
        "pack gut --out sip",
        "pack gut --out sip",
        "pack lieferung --out sip2",
        "pack gibt-es-nicht --out sip",
        "ingest gut",
        "ingest gut",
        "ingest gut lieferung",
        "ingest gut --dry-run",
        "ingest gibt-es-nicht",
        "ingest gut --archive nirgends",
        "inspect gut",
        "inspect lieferung gut",
        "inspect gibt-es-nicht",
        "list",
        "list --archive nirgends",
        "list --limit 0",
        "accession list",
        "accession list --archive nirgends",
        "accession show 2023-0001",
        "accession show 1999-0001",
        "verify",
        "validate gut gibt-es-nicht",
        "validate archiv/store",
        "validate --format ocfl gut",
        "validate",
        "audit",
        "journal verify",
        "journal show",
        "journal show --archive nirgends",
        "journal head",
        "journal head --archive nirgends",
        "profile list",
        "profile list --wrong",
        "profile show dateiablage",
        "profile show dateiablage --resolved",
        "profile show gibt-es-nicht",
        "profile check falsch.toml",
        "profile check vereinbarung.toml",
        "compare 0501.xml 0503.xml",
        "compare 0501.xml",
        "completions bash",
        "completions tcsh",
        "man list",
        "man --out seiten-gibt-es-nicht",
        "catalogue rebuild",
        "doctor",
        "doctor --archive nirgends",
    ] {
        json(line);
    }
    for name in ["Lieferung", "Lücke"] {
        sandbox.delivery(&format!("eingang/{name}"));
    }
    sandbox.file("eingang/Lücke/Plan.part", b"Plan\n");
    sandbox.file("eingang/kaputt.zip", b"PK\x03\x04");
    sandbox.file("eingang/.verborgen", b"x");
    for more in ["--dry-run", "--quiet-for 0s", "--quiet-for 0s -v", "--ready-marker .fertig", "--quiet-for"] {
        json(&format!("ingest --inbox eingang --outbox ausgang {more}"));
    }
    json("ingest --inbox eingang --outbox ausgang");
    fs::create_dir(sandbox.path("seiten")).unwrap();
    json("man --out seiten");
    let written = sandbox.run("profile show dateiablage --resolved").stdout;
    sandbox.file("eigenes.toml", written.as_bytes());
    json("profile check eigenes.toml");
    let id = sandbox.id("Grünanlagen");
    json(&format!("show {id}"));
    json("show 00000000-0000-0000-0000-000000000000");
    json(&format!("export {id} --out dip"));
    json(&format!("access grant --number 1 --basis B --until 9999-12-31 --package {id}"));
    json(&format!("access grant --number 1 --basis B --until 9999-12-31 --package {id}"));
    json("access grant --number 2 --basis B --until 2027 --holdings 67 --on-behalf-of Archivleitung");
    json("access list");
    json("access list --archive nirgends");
    json("access term --made 1993-05-12 --born 1950 --died 2001 --born - --died - --secret");
    json("access term --made gestern");
    json("access");
    json(&format!("export {id} --out dip --permit 1"));
    json(&format!("export {id} . --out dateien --permit 1"));
    json(&format!("amend {id} --reason Grund --title Parks --subject a --date-to 2014 --dry-run"));
    json(&format!("amend {id} --reason Grund --title Parks --subject a --date-to 2014"));
    json(&format!("amend {id} --reason Grund --title Parks"));
    json("amend 00000000-0000-0000-0000-000000000000 --reason Grund --title x");
    sandbox.file("nachtrag/Skizze.txt", b"Skizze");
    json(&format!("ingest --supplements {id} nachtrag"));
    json(&format!("ingest --supplements {id} nachtrag"));
    json(&format!("show {id}"));
    json(&format!("export {id} --out dip3 --permit 1"));
    json("audit");
    json("audit report");
    json("audit merge archiv/reports/audit --history verlauf");
    json("audit merge nirgends --history verlauf");
    json("audit report --archive nirgends");
    // Conflicts and refused submissions.
    sandbox.file("gut/Spielplätze/Konzept.txt", b"anders");
    json("ingest gut");
    json(&format!("journal verify --head 1:{}", "0".repeat(64)));
    let sip = fs::read_dir(sandbox.path("sip")).unwrap().next().unwrap().unwrap().path();
    json(&format!("validate sip/{}", sip.file_name().unwrap().to_str().unwrap()));
    let mut damaged = fs::read(&sip).unwrap();
    damaged.truncate(damaged.len() - 7);
    fs::write(&sip, damaged).unwrap();
    json(&format!("ingest sip/{}", sip.file_name().unwrap().to_str().unwrap()));
    // A second copy, disposal.
    super::sandbox::copy(&sandbox.path("archiv"), &sandbox.path("kopie"));
    let other = sandbox.id("Spielplätze");
    let persons = "--order 1 --first A --second B";
    json(&format!("dispose {other} {persons} --dry-run"));
    json(&format!("dispose {other} {persons}"));
    json(&format!("dispose {other} {persons}"));
    json(&format!("dispose {other} 00000000-0000-0000-0000-000000000000 {persons}0"));
    json("list --state disposed");
    json(&format!("show {other}"));
    json("migrate");
    json("migrate --archive nirgends");
    json("repair --from kopie");
    json("repair --from nirgends");
    json("replicate --to zweite --dry-run");
    json("replicate --to zweite");
    json("replicate --to archiv/zweite");
    json("ingest gut --archive zweite");
    // Damage.
    let package = sandbox.package(&id);
    let mut damaged = fs::read(&package).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write(&package, damaged).unwrap();
    json("verify");
    json("audit");
    json("replicate --to dritte");
    json("repair --from kopie --dry-run");
    json(&format!("export {id} --out dip2 --permit 1"));
    fs::remove_dir_all(sandbox.object(&id)).unwrap();
    json("audit");
    json("catalogue rebuild");
    fs::remove_file(sandbox.path("archiv/catalogue.sqlite")).unwrap();
    json("list");
    json("audit");
    fs::remove_file(sandbox.path("archiv/earchiv.toml")).unwrap();
    json("audit");

    let mut expected = BTreeSet::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned();
        if !["receipt", "entries", "call", "alarm"].contains(&name.as_str()) {
            expected.insert(format!("{name} good"));
            expected.insert(format!("{name} bad"));
        }
    }
    expected.insert("call bad".to_owned());
    let missing: Vec<_> = expected.difference(&seen).collect();
    assert!(missing.is_empty(), "no document was seen: {missing:?}");
}

#[test]
fn receipts_are_what_their_schema_says() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    std::os::unix::fs::symlink("x", sandbox.path("lieferung/Spielplätze/Verknüpfung")).unwrap();
    fs::create_dir(sandbox.path("lieferung/ganz leer")).unwrap();
    sandbox.run("ingest lieferung").exits(3);
    let copy = fs::read(sandbox.path("archiv/reports/2023-0001-receipt.json")).unwrap();
    holds("receipt", &serde_json::from_slice(&copy).unwrap());
    let store = sandbox.path("archiv/store");
    let mut lines = 0;
    for path in tree(&store).into_keys().filter(|path| bytes(path).ends_with(b"/content/entries.jsonl")) {
        for line in fs::read_to_string(store.join(path)).unwrap().lines() {
            holds("entries", &serde_json::from_str(line).unwrap());
            lines += 1;
        }
    }
    assert!(lines >= 8, "{lines}");
}

#[test]
fn schemas_refuse_what_no_command_prints() {
    for (name, document) in [
        ("list", json!({"schema": "earchiv.list/1", "exit": 0, "results": [], "error": null, "more": 1})),
        ("list", json!({"schema": "earchiv.list/2", "exit": 0, "results": [], "error": null})),
        ("list", json!({"schema": "earchiv.list/1", "exit": 10, "results": [], "error": null})),
        ("list", json!({"schema": "earchiv.list/1", "exit": 0, "results": [{}], "error": null})),
        (
            "verify",
            json!({"schema": "earchiv.verify/1", "exit": 5, "results": [{"path": "a", "verdict": "good",
            "findings": []}], "error": null}),
        ),
    ] {
        let validator = jsonschema::validator_for(&schema(name)).unwrap();
        assert!(!validator.is_valid(&document), "{document}");
    }
}
