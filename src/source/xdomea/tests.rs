#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::model::checksum::{Algorithm, Checksum};
use crate::model::content::Content as _;
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
    record.findings.iter().map(|f| format!("{:?} {} {}", f.severity, f.code.name(), f.file.as_deref().unwrap_or("-"))).collect()
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
    let is_file = |name: &&str| !name.ends_with(".xml");
    let names: Vec<String> = tree.entries().iter().map(super::super::tree::Entry::shown).collect();
    let there: BTreeSet<String> = names.iter().map(String::as_str).filter(is_file).map(str::to_owned).collect();
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
    let sound = [("eakte/lavnrw-3.0.0", 1, 1), ("eakte/generated-3.0.0-klein", 1, 2), ("eakte/generated-3.0.0-mittel", 2, 10)];
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
    for (name, code) in [("primaerdatei-fehlt", "primary-file-missing"), ("xml-nicht-schemakonform", "message-process-invalid")] {
        let delivery = open(&corpora.join("records/eakte-negativ").join(name), Per::Message).unwrap();
        let all = records(&delivery);
        assert!(all[0].is_refused() && told(&all[0]).iter().any(|told| told.contains(code)), "{name}");
    }
    let delivery = open(&corpora.join("records/eakte-negativ/zusaetzliche-datei"), Per::Object).unwrap();
    assert!(records(&delivery).iter().all(|record| !record.is_refused()));
    assert_eq!(delivery.leftovers().len(), 1);
    assert!(delivery.findings().iter().any(|f| f.code.name() == "primary-file-surplus" && f.severity == Severity::Warning));
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
