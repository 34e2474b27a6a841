#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::model::checksum::{Algorithm, Checksum};
use crate::model::finding::Severity;
use crate::model::record::{Record, SourceFile};
use crate::model::unit::{Unit, UnitKind, property};
use crate::source::tree::Tree;
use crate::source::{Source as _, SourceError, shared_corpora};
use crate::task::Cancel;

fn open(path: &Path, per: Per) -> Result<Delivery, SourceError> {
    Delivery::open(path, &Rules { per, schemas: None }, &Cancel::new())
}

fn records(delivery: &Delivery) -> Vec<Record> {
    (0..delivery.keys().len()).map(|index| delivery.read(index, &Cancel::new()).unwrap()).collect()
}

fn bytes(delivery: &Delivery, file: &SourceFile) -> Vec<u8> {
    let mut source = delivery.content().open(file).unwrap();
    let (mut all, mut buffer) = (Vec::new(), [0; 999]);
    loop {
        match source.read(&mut buffer).unwrap() {
            0 => return all,
            count => all.extend_from_slice(&buffer[..count]),
        }
    }
}

/// Findings as `severity code file`, each once.
fn told(record: &Record) -> BTreeSet<String> {
    record
        .findings
        .iter()
        .map(|f| format!("{:?} {} {}", f.severity, f.code.name(), f.file.as_deref().unwrap_or("-")))
        .collect()
}

/// The message of a container as the expectations describe it.
fn described(path: &Path) -> Value {
    let tree = Tree::open(path, &Cancel::new()).unwrap();
    let entry = tree.entries().iter().find(|entry| entry.name().ends_with(b".xml")).unwrap();
    let spool = Spool::read(&mut tree.read(entry).unwrap(), &entry.shown()).unwrap();
    let message = &spool.message;
    let mut objects = Vec::new();
    let mut counts = BTreeMap::from([("Akte", 0), ("Vorgang", 0), ("Dokument", 0)]);
    let mut named = BTreeSet::new();
    for root in &message.objects {
        let object = spool.object(root).unwrap();
        named.extend(object.files.iter().map(|file| file.name.clone()));
        let mut parents: Vec<String> = Vec::new();
        object.unit.walk(&mut |unit, depth| {
            parents.truncate(depth);
            if !matches!(unit.kind, UnitKind::Version | UnitKind::Format) {
                *counts.entry(unit.kind.name()).or_insert(0) += 1;
                objects.push(object_value(unit, parents.last()));
            }
            parents.push(unit.id.clone());
        });
    }
    let is_file = |name: &&str| Path::new(name).extension() != Some("xml".as_ref());
    let entries: Vec<String> = tree.entries().iter().map(super::super::tree::Entry::shown).collect();
    let there: BTreeSet<String> = entries.iter().map(String::as_str).filter(is_file).map(str::to_owned).collect();
    let sums: BTreeMap<&String, String> = there
        .iter()
        .map(|name| {
            let mut all = Vec::new();
            tree.read(tree.find(name.as_bytes()).unwrap()).unwrap().read_to_end(&mut all).unwrap();
            (name, Checksum::of(Algorithm::Sha256, &all).hex())
        })
        .collect();
    json!({
        "root": message.root,
        "version": message.version,
        "prozessId": if message.header.process.is_empty() { Value::Null } else { json!(message.header.process) },
        "typ": message.header.kind,
        "absender": message.header.sender.name(),
        "datensaetze": objects,
        "anzahl": counts,
        "bewertet": message.decisions.iter().map(|d| json!([d.id, d.mark])).collect::<Vec<_>>(),
        "primaerdateien": named,
        "fehlend": named.difference(&there).collect::<Vec<_>>(),
        "zusaetzlich": there.difference(&named).collect::<Vec<_>>(),
        "sha256": sums,
    })
}

fn object_value(unit: &Unit, parent: Option<&String>) -> Value {
    let mut value = json!({"typ": unit.kind.name(), "id": unit.id});
    let mut put = |key: &str, text: &str| {
        if !text.is_empty() {
            value[key] = json!(text);
        }
    };
    put("parent", parent.map_or("", String::as_str));
    put("betreff", &unit.title);
    put("kennzeichen", &unit.reference);
    for (key, name) in [
        ("aktenplan", property::FILE_PLAN),
        ("federfuehrung", property::LEAD),
        ("aussonderungsart", property::APPRAISAL),
        ("bewertungsvorschlag", property::APPRAISAL_PROPOSAL),
        ("vertraulichkeit", property::CONFIDENTIALITY),
    ] {
        put(key, unit.property(name).unwrap_or_default());
    }
    if !unit.dates[0].is_empty() {
        value["laufzeit"] = json!(unit.dates);
    }
    value
}

#[test]
fn the_shared_messages_say_what_is_expected() {
    let Some(corpora) = shared_corpora() else { return };
    let records = corpora.join("records");
    let expected: Value = serde_json::from_slice(&fs::read(records.join("expected/visible.json")).unwrap()).unwrap();
    let mut seen = 0;
    for (name, wanted) in expected.as_object().unwrap() {
        if name.starts_with("eakte") {
            assert_eq!(described(&records.join(name)), *wanted, "{name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 10);
}

#[test]
fn the_shared_deliveries_become_records() {
    let Some(corpora) = shared_corpora() else { return };
    let sound =
        [("eakte/lavnrw-3.0.0", 1, 1), ("eakte/generated-3.0.0-klein", 1, 2), ("eakte/generated-3.0.0-mittel", 2, 10)];
    for (name, count, files) in sound {
        for per in [Per::Object, Per::Message] {
            let delivery = open(&corpora.join("records").join(name), per).unwrap();
            let all = records(&delivery);
            assert_eq!(all.len(), if per == Per::Object { count } else { 1 }, "{name}");
            assert_eq!(all.iter().map(|record| record.files.len()).sum::<usize>(), files, "{name}");
            for record in &all {
                assert!(!record.is_refused(), "{name}: {:?}", told(record));
                assert_eq!(record.metadata.len(), 1);
                let mut used = BTreeSet::new();
                record.units.iter().for_each(|unit| unit.walk(&mut |unit, _| used.extend(unit.files.iter().copied())));
                assert_eq!(used, (0..record.files.len()).collect(), "{name}");
            }
            assert!(delivery.leftovers().is_empty(), "{name}: {:?}", delivery.leftovers());
        }
    }
    for (name, code) in
        [("primaerdatei-fehlt", "primary-file-missing"), ("xml-nicht-schemakonform", "message-process-invalid")]
    {
        let delivery = open(&corpora.join("records/eakte-negativ").join(name), Per::Message).unwrap();
        let all = records(&delivery);
        assert!(all[0].is_refused() && told(&all[0]).iter().any(|told| told.contains(code)), "{name}");
    }
    let delivery = open(&corpora.join("records/eakte-negativ/zusaetzliche-datei"), Per::Object).unwrap();
    assert!(records(&delivery).iter().all(|record| !record.is_refused()));
    assert_eq!(delivery.leftovers().len(), 1);
    assert!(
        delivery.findings().iter().any(|f| f.code.name() == "primary-file-surplus" && f.severity == Severity::Warning)
    );
}

#[test]
fn messages_are_compared_with_their_schema() {
    let Some(corpora) = shared_corpora() else { return };
    let records = corpora.join("records");
    let schemas = std::sync::Arc::new(crate::io::xsd::SchemaFolder::open(&records.join("xsd")).unwrap());
    let rules = Rules { per: Per::Message, schemas: Some(schemas) };
    let judge = |name: &str| {
        let delivery = Delivery::open(&records.join(name), &rules, &Cancel::new()).unwrap();
        let mut found: Vec<_> = delivery.messages().flat_map(|message| message.findings.clone()).collect();
        found.retain(|finding| finding.code.name().starts_with("schema-"));
        found
    };
    for name in ["eakte/lavnrw-3.0.0", "eakte/generated-3.0.0-klein", "eakte/generated-3.0.0-mittel"] {
        assert_eq!(judge(name), [], "{name}");
    }
    let found = judge("eakte-negativ/xml-nicht-schemakonform");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].severity, found[0].line), (Severity::Error, Some(5)));
    assert!(found[0].value.as_deref().unwrap().contains("Nachrichtentyp"), "{found:?}");
}

/// The process id and the names of the files of [`message`].
const PROCESS: &str = "0a0a0a0a-0000-4000-8000-000000000001";
const FIRST: &str = "0b0b0b0b-0000-4000-8000-000000000001_Prüfung.pdf";
const SECOND: &str = "0b0b0b0b-0000-4000-8000-000000000002_LV.txt";
const SEAL: &str = "0b0b0b0b-0000-4000-8000-000000000003.p7s";

/// A message 0503 of `version` with two objects; each line of the sample says for which generations it is.
fn message(version: &str) -> String {
    let lines = include_str!("sample/0503.txt").lines().filter_map(|line| line.split_once('|'));
    let own = lines.filter(|(generations, _)| generations.contains(&version[..1]));
    let text: String = own.flat_map(|(_, line)| [line, "\n"]).collect();
    let formats = "listURI=\"urn:xoev-de:xdomea:codeliste:dateiformat\" listVersionID=\"1.0\"";
    let hash = Checksum::of(Algorithm::Sha256, b"%PDF").hex();
    text.replace("VERSION", version).replace("FORMAT", formats).replace("HASH", &hash)
}

/// A folder with the message `text` and its files.
fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = [(FIRST, "%PDF"), (SECOND, "LV"), (SEAL, "seal")];
    for (name, bytes) in files.into_iter().filter(|(name, _)| text.contains(name)) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    fs::write(folder.path().join(format!("{PROCESS}_Aussonderung.Aussonderung.0503.xml")), text).unwrap();
    folder
}

fn outline(record: &Record) -> Vec<String> {
    let mut lines = Vec::new();
    for root in &record.units {
        root.walk(&mut |unit, depth| {
            let files: Vec<&str> = unit.files.iter().map(|file| &*record.files[*file].path).collect();
            let (kind, title) = (unit.kind.name(), &unit.title);
            lines.push(format!("{depth} {kind} {title} {}", files.join(" ")).trim_end().to_owned());
        });
    }
    lines
}

#[test]
fn every_version_is_read() {
    for version in ["2.3.0", "2.4.0", "3.0.0", "3.1.0", "4.0.0"] {
        let text = message(version);
        let folder = folder(&text);
        let delivery = open(folder.path(), Per::Object).unwrap();
        assert_eq!(delivery.name(), PROCESS);
        let origin = delivery.origin();
        assert_eq!(
            (origin.producer.as_str(), origin.producer_code.as_str()),
            ("Stadt Musterstadt", "sn:14.7"),
            "{version}"
        );
        assert_eq!((origin.recipient.as_str(), origin.process.as_str()), ("Stadtarchiv Musterstadt", PROCESS));
        assert!(origin.system.starts_with("Musterakte 7.1"));
        let header = &delivery.messages().next().unwrap().header;
        assert!(header.wants.import && header.wants.archive_code && !header.wants.receipt, "{version}");
        assert_eq!(delivery.findings(), [], "{version}");
        assert_eq!(delivery.leftovers(), [], "{version}");
        assert_eq!(delivery.documents().len(), 1);
        assert_eq!(bytes(&delivery, &delivery.documents()[0]), text.as_bytes());

        let all = records(&delivery);
        let ids = ["0a0a0a0a-0000-4000-8000-000000000010", "0a0a0a0a-0000-4000-8000-000000000060"];
        assert_eq!(delivery.keys(), ids, "{version}");
        let akte = &all[0];
        let later = ["0 Akte Bau der Südbrücke & Rampe", "1 Vorgang Vergabe", "2 Dokument Zuschlag", "3 Version"];
        let outline = outline(akte);
        assert_eq!(outline[..4], later, "{version}");
        let signed = if version < "3" { format!("4 Format  {FIRST}") } else { format!("4 Format  {FIRST} {SEAL}") };
        assert_eq!(outline[4], signed);
        assert_eq!(
            outline[5..8],
            ["3 Anlage Leistungsverzeichnis".to_owned(), "4 Version".to_owned(), format!("5 Format  {SECOND}")]
        );
        assert_eq!(outline[8], "1 Teilakte Band 2");

        let description = &akte.description;
        assert_eq!(description.title, "Bau der Südbrücke & Rampe");
        assert_eq!(description.identifiers, ["66.10-1", ids[0]]);
        assert_eq!((description.date_from.as_str(), description.date_to.as_str()), ("2001-02-03", "2013-05-04"));
        assert_eq!(description.creator, "Stadt Musterstadt");
        assert_eq!(description.contributors[..2], ["Tiefbauamt", "Abteilung Brücken"]);
        assert_eq!(description.subjects, ["66.10 Brücken"]);
        assert_eq!(description.conforms_to, [format!("xdomea {version}")]);
        let total = |name: &str| description.properties.iter().find(|p| p.name == name).map(|p| p.value.as_str());
        assert_eq!((total(property::HISTORY), total(property::CIRCULATION)), (Some("2"), Some("1")));
        assert!(akte.closure.secret && akte.closure.made == "2013-05-04");
        let root = &akte.units[0];
        for (name, value) in [
            (property::APPRAISAL, "A"),
            (property::APPRAISAL_PROPOSAL, "A"),
            (property::CONFIDENTIALITY, "002"),
            (property::RETENTION_YEARS, "10"),
            (property::RETENTION_END, if version < "3" { "2023" } else { "2023-12-31" }),
            (property::MEDIUM, "002"),
            (property::NOTE, "Pläne liegen auf Papier vor"),
            (property::KIND, "Sachakte"),
            (property::HISTORY, "1"),
        ] {
            assert_eq!(root.property(name), Some(value), "{version} {name}");
        }
        let document = &root.parts[0].parts[0];
        for (name, value) in [
            (property::LETTER_DATE, "2012-01-03"),
            (property::RECEIVED, "2012-01-02"),
            (property::SENT, "2012-01-04"),
            (property::HANDLED_BY, "Sachgebiet 1"),
            (property::RELATED, "0a0a0a0a-0000-4000-8000-0000000000aa (66.10-2)"),
        ] {
            assert_eq!(document.property(name), Some(value), "{version} {name}");
        }
        assert_eq!(root.parts[0].property(property::CIRCULATION), Some("1"));
        assert_eq!(told(akte), BTreeSet::from(["Warning paper-part -".to_owned()]), "{version}");

        let first = akte.files.iter().find(|file| &*file.path == FIRST).unwrap();
        let facts = first.facts.as_ref().unwrap();
        assert_eq!(facts.format[..2], ["018", "1.4"]);
        assert_eq!((facts.creator.as_str(), facts.created.as_str()), ("Drucker", "2012-01-03T09:00:00Z"));
        assert_eq!(first.original_name(), (version >= "3").then_some("Prüfung: Zuschlag.pdf"));
        assert_eq!(bytes(&delivery, first), b"%PDF");
        let kinds: Vec<_> = akte.acts.iter().map(|act| (act.kind, act.outcome.as_str())).collect();
        let history = ("metadata modification", "");
        let unchecked = ("fixity check", "no checksum delivered");
        if version < "4" {
            assert_eq!(kinds, [unchecked, history]);
        } else {
            assert_eq!(kinds, [("fixity check", "pass"), unchecked, history]);
            assert_eq!(facts.checksums, [Checksum::of(Algorithm::Sha256, b"%PDF")]);
            assert_eq!(facts.originator, "Stadt Musterstadt");
        }
        assert_eq!(all[1].description.title, "Alte Akte");

        // The message with one object, else byte for byte as it is.
        let (start, end) =
            (text.find(" <x:Schriftgutobjekt>").unwrap() + 1, text.rfind("</x:Schriftgutobjekt>").unwrap() + 21);
        let middle = text.find("</x:Schriftgutobjekt>").unwrap() + 21;
        let excerpt = [&text[..start], &text[start..middle], &text[end..]].concat();
        assert_eq!(&*akte.metadata[0].path, format!("xdomea/{PROCESS}_Aussonderung.Aussonderung.0503.xml"));
        assert_eq!(String::from_utf8(bytes(&delivery, &akte.metadata[0])).unwrap(), excerpt);

        let whole = open(folder.path(), Per::Message).unwrap();
        let one = &records(&whole)[0];
        assert_eq!((whole.keys(), one.units.len(), one.files.len()), (vec![PROCESS], 2, akte.files.len()));
        assert_eq!(bytes(&whole, &one.metadata[0]), text.as_bytes());
        assert_eq!(whole.documents(), []);
    }
}

#[test]
fn own_messages_conform_to_the_standard() {
    let Some(corpora) = shared_corpora() else { return };
    let schemas = crate::io::xsd::SchemaFolder::open(&corpora.join("records/xsd")).unwrap();
    for version in ["2.3.0", "2.4.0", "3.0.0", "3.1.0"] {
        let text = message(version);
        let namespace = format!("{}{version}", message::NAMESPACE);
        assert_eq!(schemas.check(&namespace, || text.as_bytes()).unwrap().unwrap(), [], "{version}");
        let broken = text.replace("<x:Importbestaetigung>1</x:Importbestaetigung>", "");
        let found = schemas.check(&namespace, || broken.as_bytes()).unwrap().unwrap();
        assert_eq!(found.len(), 1, "{version}: {found:?}");
        let folder = tempfile::tempdir().unwrap();
        for (name, text, valid) in [("good", &text, true), ("broken", &broken, false)] {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            let schema = format!("records/xsd/xdomea_{version}/xdomea-Nachrichten-AussonderungDurchfuehren.xsd");
            let run = std::process::Command::new("xmllint")
                .arg("--noout")
                .arg("--nonet")
                .arg("--schema")
                .arg(corpora.join(schema))
                .arg(&path)
                .output();
            if let Ok(run) = run {
                assert_eq!(run.status.success(), valid, "{version}: {}", String::from_utf8_lossy(&run.stderr));
            }
        }
    }
    assert!(schemas.check("urn:xoev-de:xdomea:schema:4.0.0", || &b"<a/>"[..]).unwrap().is_none());
}

#[allow(clippy::too_many_lines)]
#[test]
fn faults_are_found_at_their_place() {
    type Change = fn(&Path, &str) -> String;
    let own = |folder: &Path| folder.join(format!("{PROCESS}_Aussonderung.Aussonderung.0503.xml"));
    let cases: [(&str, &str, Change, &[&str]); 14] = [
        (
            "missing",
            "3.1.0",
            |f, t| {
                fs::remove_file(f.join(SECOND)).unwrap();
                t.into()
            },
            &["Error primary-file-missing 0b0b0b0b-0000-4000-8000-000000000002_LV.txt"],
        ),
        (
            "empty",
            "3.1.0",
            |f, t| {
                fs::write(f.join(SECOND), "").unwrap();
                t.into()
            },
            &["Warning primary-file-empty 0b0b0b0b-0000-4000-8000-000000000002_LV.txt"],
        ),
        (
            "decomposed name",
            "3.1.0",
            |f, t| {
                fs::rename(f.join(FIRST), f.join(FIRST.replace('ü', "u\u{308}"))).unwrap();
                t.into()
            },
            &[],
        ),
        (
            "Latin-1 name",
            "3.1.0",
            |f, t| {
                use std::os::unix::ffi::OsStrExt as _;
                let name: Vec<u8> = FIRST.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
                fs::rename(f.join(FIRST), f.join(std::ffi::OsStr::from_bytes(&name))).unwrap();
                t.into()
            },
            &[],
        ),
        (
            "in a folder",
            "3.1.0",
            |f, t| {
                fs::create_dir(f.join("dokumente")).unwrap();
                fs::rename(f.join(SECOND), f.join("dokumente").join(SECOND)).unwrap();
                t.into()
            },
            &[],
        ),
        (
            "changed",
            "4.0.0",
            |f, t| {
                fs::write(f.join(FIRST), "%PDG").unwrap();
                t.into()
            },
            &["Error checksum-mismatch 0b0b0b0b-0000-4000-8000-000000000001_Prüfung.pdf"],
        ),
        (
            "odd algorithm",
            "4.0.0",
            |_, t| t.replace("xmlenc#sha256", "xmlenc#whirl"),
            &["Warning algorithm-unknown 0b0b0b0b-0000-4000-8000-000000000001_Prüfung.pdf"],
        ),
        (
            "named twice",
            "3.1.0",
            |_, t| t.replace(SECOND, FIRST),
            &["Warning primary-file-duplicate 0b0b0b0b-0000-4000-8000-000000000001_Prüfung.pdf"],
        ),
        (
            "version",
            "3.1.0",
            |_, t| t.replace("schema:3.1.0", "schema:5.0.0"),
            &["Error message-version-unknown MESSAGE"],
        ),
        (
            "no process",
            "3.1.0",
            |_, t| t.replace(&format!("<x:ProzessID>{PROCESS}</x:ProzessID>"), ""),
            &["Error message-process-invalid MESSAGE"],
        ),
        (
            "odd process",
            "3.1.0",
            |_, t| t.replace(&format!("ID>{PROCESS}</"), "ID>7</"),
            &["Error message-process-invalid MESSAGE"],
        ),
        (
            "no id",
            "3.1.0",
            |_, t| t.replace("0a0a0a0a-0000-4000-8000-000000000010", "10"),
            &["Error object-id-invalid MESSAGE"],
        ),
        (
            "id twice inside",
            "3.1.0",
            |_, t| t.replace("0a0a0a0a-0000-4000-8000-000000000040", "0a0a0a0a-0000-4000-8000-000000000030"),
            &["Warning object-id-duplicate MESSAGE"],
        ),
        (
            "id twice",
            "3.1.0",
            |_, t| t.replace("0a0a0a0a-0000-4000-8000-000000000060", "0a0a0a0a-0000-4000-8000-000000000010"),
            &["Error object-id-duplicate MESSAGE"],
        ),
    ];
    for (name, version, change, expected) in cases {
        let text = message(version);
        let folder = folder(&text);
        let changed = change(folder.path(), &text);
        fs::write(own(folder.path()), changed).unwrap();
        let delivery = open(folder.path(), Per::Object).unwrap();
        let mut found = told(&records(&delivery)[0]);
        found.remove("Warning paper-part -");
        let file = format!("{PROCESS}_Aussonderung.Aussonderung.0503.xml");
        let expected: BTreeSet<String> = expected.iter().map(|told| told.replace("MESSAGE", &file)).collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn what_concerns_the_whole_delivery_is_told_once() {
    let text = message("3.1.0");
    for (name, changed, file, code) in [
        ("kind", text.replace("<code>0503<", "<code>0501<"), None, "message-kind-differs"),
        ("surplus", text.clone(), Some("ffffffff-0000-4000-8000-000000000001_mehr.txt"), "primary-file-surplus"),
    ] {
        let folder = folder(&changed);
        if let Some(file) = file {
            fs::write(folder.path().join(file), "x").unwrap();
        }
        let delivery = open(folder.path(), Per::Object).unwrap();
        let found: Vec<_> = delivery.findings().iter().map(|f| (f.code.name(), f.severity)).collect();
        assert_eq!(found, [(code, Severity::Warning)], "{name}");
        assert_eq!(delivery.leftovers().len(), usize::from(file.is_some()));
        // The Akte without any file is another matter.
        let with_files = |record: &&Record| !record.files.is_empty();
        assert!(records(&delivery).iter().filter(with_files).all(|record| !record.is_refused()));
    }
    let folder = folder(&text);
    fs::rename(
        folder.path().join(format!("{PROCESS}_Aussonderung.Aussonderung.0503.xml")),
        folder.path().join("Abgabe.xml"),
    )
    .unwrap();
    let delivery = open(folder.path(), Per::Object).unwrap();
    assert_eq!(delivery.findings()[0].code.name(), "message-process-differs");
}

#[test]
fn what_is_no_transfer_is_refused_with_its_reason() {
    let text = message("3.1.0");
    let deep = text.replace("<x:Akteninhalt>", &format!("<x:Akteninhalt>{}", "<x:Teilakte>".repeat(100_000)));
    let cut = &text[..text.len() / 2];
    for (name, text, code, line) in [
        (
            "offer alone",
            text.replace("Aussonderung.Aussonderung.0503", "Aussonderung.Anbieteverzeichnis.0501"),
            "message-kind-unexpected",
            false,
        ),
        ("other XML", "<?xml version='1.0'?><Rechnung/>".to_owned(), "message-kind-unexpected", false),
        ("cut", cut.to_owned(), "xml-malformed", true),
        (
            "document type",
            text.replacen("<x:Aussonderung", "<!DOCTYPE a [<!ENTITY b 'c'>]><x:Aussonderung", 1),
            "xml-malformed",
            true,
        ),
        ("deep", deep, "xml-malformed", true),
        ("nothing", String::new(), "xml-malformed", true),
    ] {
        let folder = folder(&text);
        let Err(SourceError::Refused { finding, .. }) = open(folder.path(), Per::Object) else { panic!("{name}") };
        assert_eq!((finding.code.name(), finding.line.is_some()), (code, line), "{name}: {finding:?}");
    }
}

#[test]
fn a_broken_message_ends_anywhere_without_panic() {
    let text = message("4.0.0").into_bytes();
    for cut in (0..text.len()).step_by(61) {
        assert!(Message::read(&text[..cut], "m.xml").is_err(), "{cut}");
        let mut odd = text.clone();
        odd[cut] ^= 0x15;
        let _ = Message::read(&odd[..], "m.xml");
    }
}

#[test]
fn messages_of_one_process_are_found_in_their_containers() {
    use std::io::Write as _;
    let text = message("3.0.0");
    let folder = tempfile::tempdir().unwrap();
    let pack = |name: &str, files: &[(&str, &str)]| {
        let mut zip = zip::ZipWriter::new(fs::File::create(folder.path().join(name)).unwrap());
        for (name, bytes) in files {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
    };
    let own = format!("{PROCESS}_Aussonderung.Aussonderung.0503.xml");
    pack(
        &format!("{PROCESS}_Aussonderung.Aussonderung.0503.xdomea"),
        &[(&own, &text), (FIRST, "%PDF"), (SECOND, "LV"), (SEAL, "seal")],
    );
    let decision = text
        .split("<x:Schriftgutobjekt>")
        .next()
        .unwrap()
        .replace("Aussonderung.Aussonderung.0503", "Aussonderung.Bewertungsverzeichnis.0502");
    let decision = decision
        + "<x:BewertetesObjekt><x:ID>0a0a0a0a-0000-4000-8000-000000000010</x:ID><x:Aussonderungsart><x:Aussonderungsart><code>A</code></x:Aussonderungsart></x:Aussonderungsart></x:BewertetesObjekt></x:Aussonderung.Bewertungsverzeichnis.0502>";
    pack(
        &format!("{PROCESS}_Aussonderung.Bewertungsverzeichnis.0502.zip"),
        &[(&own.replace("Aussonderung.0503", "Bewertungsverzeichnis.0502"), &decision)],
    );
    pack("etwas anderes.zip", &[("a.txt", "a")]);
    let delivery = open(folder.path(), Per::Object).unwrap();
    let kinds: Vec<_> = delivery.messages().map(|message| message.kind.as_str()).collect();
    assert_eq!(kinds, ["0503", "0502"]);
    let decided: Vec<_> =
        delivery.messages().flat_map(|message| &message.decisions).map(|d| (d.id.as_str(), d.mark.as_str())).collect();
    assert_eq!(decided, [("0a0a0a0a-0000-4000-8000-000000000010", "A")]);
    let all = records(&delivery);
    let refused: Vec<_> = all.iter().filter(|record| record.is_refused()).collect();
    assert!(refused.iter().all(|record| record.files.is_empty()), "only what has no file is refused");
    assert_eq!(bytes(&delivery, &all[0].files[0]), b"%PDF");
    assert_eq!(delivery.documents().len(), 2);
    let left: Vec<_> = delivery.leftovers().iter().map(|exception| exception.path.as_str()).collect();
    assert_eq!(left, ["etwas anderes.zip"]);
}
