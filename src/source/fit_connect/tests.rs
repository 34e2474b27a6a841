#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, HashSet};
use std::fs;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::model::checksum::{Algorithm, Checksum};
use crate::model::finding::Severity;
use crate::source::samples;

/// A submission on disk: files by their names, metadata made to fit.
struct Made {
    root: tempfile::TempDir,
}

impl Made {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let made = Self { root };
        made.file(
            "data.json",
            b"{\"Hund\":{\"Name\":\"Rex\",\"Alter\":7,\"Farben\":[\"braun\",\"wei\xc3\x9f\"]},\"am\":\"1961-04-30\"}",
        );
        made.file(
            "submission.json",
            json!({"submissionId": "s-1", "caseId": "c-1", "destinationId": "d-1", "submittedAt": "2024-03-05T23:30:00Z"})
                .to_string()
                .as_bytes(),
        );
        made
    }

    fn file(&self, path: &str, bytes: &[u8]) {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn metadata(&self, attachments: &Value) {
        let data = fs::read(self.root.path().join("data.json")).unwrap_or_default();
        let document = json!({
            "$schema": "https://schema.example.org/metadata/1.3.0/metadata.schema.json",
            "publicServiceType": {"name": "Hundesteuer", "identifier": "urn:de:fim:leika:leistung:1"},
            "contentStructure": {
                "data": {
                    "hash": sum(&data),
                    "submissionSchema": {"schemaUri": "https://schema.example.org/s1.json", "mimeType": "application/json"}
                },
                "attachments": attachments,
            },
            "authenticationInformation": [{"content": "Geheim"}],
            "replyChannel": {"eMail": {"address": "geheim@example.org"}},
        });
        self.file("metadata.json", document.to_string().as_bytes());
    }

    fn read_with(&self, fields: &[(&str, &str)]) -> Record {
        let field = |(field, from): &(&str, &str)| FieldRule { field: (*field).to_owned(), from: (*from).to_owned() };
        let fields = fields.iter().map(field).collect();
        let source = Submissions::open(self.root.path(), &FolderRules::default(), fields, &Cancel::new()).unwrap();
        assert_eq!(source.keys()[0], "s-1");
        let record = source.read(0, &Cancel::new()).unwrap();
        for file in record.files.iter().chain(&record.metadata) {
            assert!(path::inside(&file.path).is_ok(), "{}", file.path);
            assert_eq!(bytes(&source, file).len() as u64, file.size);
        }
        record
    }

    fn read(&self) -> Record {
        self.read_with(&[])
    }
}

fn sum(bytes: &[u8]) -> Value {
    json!({"type": "sha512", "content": Checksum::of(Algorithm::Sha512, bytes).hex()})
}

fn bytes(source: &Submissions, file: &SourceFile) -> Vec<u8> {
    let mut reader = source.content().open(file).unwrap();
    let (mut out, mut buffer) = (Vec::new(), [0; 4096]);
    while let count @ 1.. = reader.read(&mut buffer).unwrap() {
        out.extend_from_slice(&buffer[..count]);
    }
    out
}

fn told(record: &Record) -> Vec<(Code, Severity)> {
    record.findings.iter().map(|finding| (finding.code, finding.severity)).collect()
}

fn paths(record: &Record) -> Vec<&str> {
    record.files.iter().map(|file| &*file.path).collect()
}

#[test]
fn a_submission_is_described_without_persons() {
    let made = Made::new();
    made.file("attachments/a-1", b"%PDF");
    made.metadata(
        &json!([{"attachmentId": "a-1", "filename": "Antrag.pdf", "description": "Fassung", "purpose": "form",
        "mimeType": "application/pdf", "hash": sum(b"%PDF"), "signature": "x"}]),
    );
    let record = made.read();
    assert_eq!(record.findings, []);
    let d = &record.description;
    assert_eq!(d.title, "Hundesteuer, Antrag s-1");
    assert_eq!(d.identifiers, ["s-1", "c-1", "d-1"]);
    assert_eq!((d.date_from.as_str(), d.date_to.as_str(), d.kind.as_str()), ("2024-03-05", "2024-03-05", "Antrag"));
    assert_eq!(d.subjects, ["urn:de:fim:leika:leistung:1"]);
    assert_eq!(d.conforms_to[0], "https://schema.example.org/s1.json");
    assert_eq!(paths(&record), ["attachments/Antrag.pdf", "data.json"]);
    let metadata: Vec<&str> = record.metadata.iter().map(|file| &*file.path).collect();
    assert_eq!(metadata, ["fit-connect/metadata.json", "fit-connect/submission.json"]);
    let facts = record.files[0].facts.as_ref().unwrap();
    assert_eq!(
        (facts.original_name.as_str(), facts.id.as_str(), facts.label.as_str()),
        ("Antrag.pdf", "a-1", "Fassung")
    );
    assert_eq!((facts.originator.as_str(), facts.checksums.len()), ("sender", 1));
    assert!(!facts.signature.is_empty());
    let unit = &record.units[0];
    assert_eq!((unit.files.as_slice(), unit.parts[0].files.as_slice()), (&[1][..], &[0][..]));
    assert_eq!(unit.parts[0].property("zweck"), Some("form"));
    assert_eq!(record.acts[0].outcome, "pass");
    let everything = format!("{record:?}");
    for personal in ["Rex", "1961", "Geheim", "geheim@"] {
        assert!(!everything.contains(personal), "{personal}");
    }
}

#[test]
fn fields_that_a_profile_names_are_read() {
    let made = Made::new();
    made.metadata(&json!([]));
    let fields = [
        ("Name", "/Hund/Name"),
        ("Alter", "/Hund/Alter"),
        ("subjects", "/Hund/Farben"),
        ("person_born", "/am"),
        ("nichts", "/Hund"),
        ("nichts", "/gibt/es/nicht"),
        ("date_from", "/Hund/Name"),
    ];
    let record = made.read_with(&fields);
    assert_eq!(told(&record), [(Code::DateInvalid, Severity::Warning)]);
    let property = |name: &str| {
        let found = record.description.properties.iter().find(|property| property.name == name);
        found.map(|property| property.value.as_str())
    };
    assert_eq!([property("Name"), property("Alter"), property("nichts")], [Some("Rex"), Some("7"), None]);
    assert_eq!(record.description.subjects[1..], ["braun", "weiß"]);
    assert_eq!(record.closure.persons[0].born, "1961-04-30");

    fs::remove_file(made.root.path().join("data.json")).unwrap();
    made.file("data.xml", b"<a xmlns='urn:x'><Hund rasse='Dackel'>Rex</Hund></a>");
    made.metadata(&json!([]));
    let record = made.read_with(&[("Rasse", "/a/Hund/@rasse"), ("Name", "//Hund")]);
    let values: Vec<&str> = record.description.properties.iter().map(|property| property.value.as_str()).collect();
    assert!(values.contains(&"Dackel") && values.contains(&"Rex"), "{values:?}");
}

#[test]
fn what_is_wrong_is_a_finding() {
    type Case<'a> = (&'a str, Value, &'a [(&'a str, &'a [u8])], Vec<(Code, Severity)>, Vec<&'a str>);
    let error = |code| (code, Severity::Error);
    let cases: Vec<Case<'_>> = vec![
        (
            "wrong checksum",
            json!([{"attachmentId": "a", "filename": "x.pdf", "hash": sum(b"other")}]),
            &[("attachments/a", b"this")],
            vec![error(Code::ChecksumMismatch)],
            vec!["attachments/x.pdf", "data.json"],
        ),
        (
            "missing attachment",
            json!([{"attachmentId": "../data.json", "filename": "../../etc/passwd", "hash": sum(b"")}]),
            &[],
            vec![error(Code::ReferenceMissing)],
            vec!["data.json"],
        ),
        (
            "surplus files",
            json!([]),
            &[("attachments/b", b""), ("notiz.txt", b"x")],
            vec![(Code::FileUnreferenced, Severity::Warning); 2],
            vec!["data.json", "surplus/attachments/b", "surplus/notiz.txt"],
        ),
        (
            "listed twice",
            json!([{"attachmentId": "a", "hash": sum(b"1")}, {"attachmentId": "a", "hash": sum(b"1")}]),
            &[("attachments/a", b"1")],
            vec![error(Code::NamedTwice)],
            vec!["attachments/a", "data.json"],
        ),
        (
            "equal names",
            json!([
                {"attachmentId": "a", "filename": "Beleg.pdf", "hash": sum(b"1")},
                {"attachmentId": "b", "filename": "Beleg.pdf", "hash": sum(b"2")},
                {"attachmentId": "c", "filename": "BELEG.PDF", "hash": sum(b"3")},
                {"attachmentId": "d", "filename": "", "hash": sum(b"4")},
            ]),
            &[("attachments/a", b"1"), ("attachments/b.pdf", b"2"), ("c", b"3"), ("anlagen/d", b"4")],
            vec![],
            vec![
                "attachments/BELEG (3).PDF",
                "attachments/Beleg (2).pdf",
                "attachments/Beleg.pdf",
                "attachments/d",
                "data.json",
            ],
        ),
        (
            "by file name",
            json!([{"attachmentId": "a", "filename": "Plan.pdf", "hash": sum(b"1")}]),
            &[("attachments/Plan.pdf", b"1")],
            vec![],
            vec!["attachments/Plan.pdf", "data.json"],
        ),
        (
            "by a file name that two have",
            json!([
                {"attachmentId": "a", "filename": "Plan.pdf", "hash": sum(b"1")},
                {"attachmentId": "b", "filename": "Plan.pdf", "hash": sum(b"1")},
            ]),
            &[("attachments/Plan.pdf", b"1")],
            vec![
                error(Code::ReferenceMissing),
                error(Code::ReferenceMissing),
                (Code::FileUnreferenced, Severity::Warning),
            ],
            vec!["data.json", "surplus/attachments/Plan.pdf"],
        ),
    ];
    for (name, attachments, files, findings, expected) in cases {
        let made = Made::new();
        for (path, bytes) in files {
            made.file(path, bytes);
        }
        made.metadata(&attachments);
        let record = made.read();
        assert_eq!(told(&record), findings, "{name}");
        assert_eq!(paths(&record), expected, "{name}");
    }
}

#[test]
fn documents_that_cannot_be_used_are_told() {
    let made = Made::new();
    made.file("metadata.json", b"{\"contentStructure\":");
    let record = made.read();
    assert_eq!(told(&record), [(Code::JsonMalformed, Severity::Error)]);
    assert_eq!(paths(&record), ["data.json"]);

    let made = Made::new();
    made.file("data.json", b"{\"a\":1,\"a\":2}");
    made.metadata(&json!([]));
    assert_eq!(told(&made.read()), [(Code::JsonMalformed, Severity::Warning)]);

    let made = Made::new();
    fs::remove_file(made.root.path().join("data.json")).unwrap();
    made.metadata(&json!([]));
    assert_eq!(told(&made.read()), [(Code::ReferenceMissing, Severity::Error)]);

    let empty = tempfile::tempdir().unwrap();
    fs::write(empty.path().join("x"), "x").unwrap();
    let opened = Submissions::open(empty.path(), &FolderRules::default(), Vec::new(), &Cancel::new());
    assert!(matches!(opened, Err(SourceError::Refused { .. })));
}

#[test]
fn each_submission_of_a_delivery_is_a_record_and_nothing_is_lost() {
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for folder in ["b", "a", "tief/c"] {
        write(&format!("{folder}/metadata.json"), "{\"contentStructure\":{}}");
        write(&format!("{folder}/attachments/metadata.json"), "{}");
    }
    write("b/submission.json", "{\"submissionId\":\"same\"}");
    write("tief/c/submission.json", "{\"submissionId\":\"same\"}");
    write("Anschreiben.txt", "x");
    let source = Submissions::open(root.path(), &FolderRules::default(), Vec::new(), &Cancel::new()).unwrap();
    assert_eq!(source.keys(), ["a", "same", "same (tief/c)", ""]);
    let mut files = Vec::new();
    let mut folders = source.folders();
    for index in 0..4 {
        let record = source.read(index, &Cancel::new()).unwrap();
        let all = record.files.iter().chain(&record.metadata);
        files.extend(all.map(|file| file.facts.as_ref().unwrap().place.clone().unwrap().1));
        folders += record.folders;
        assert_eq!(told(&record).contains(&(Code::NamedTwice, Severity::Error)), index == 2);
    }
    files.sort();
    assert_eq!(files.len(), 9);
    files.dedup();
    assert_eq!((files.len(), folders), (9, 8));
}

#[test]
fn the_samples_are_what_is_expected_of_them() {
    let Some(samples) = samples("records/trees.tar.gz") else { return };
    let shared = crate::source::shared_corpora().unwrap();
    let expected: Value =
        serde_json::from_slice(&fs::read(shared.join("records/expected/visible.json")).unwrap()).unwrap();
    let mut seen = 0;
    for (name, expected) in expected.as_object().unwrap().iter().filter(|(name, _)| name.starts_with("ozg-antrag/")) {
        let folder = samples.path().join(name);
        let source = Submissions::open(&folder, &FolderRules::default(), Vec::new(), &Cancel::new()).unwrap();
        let record = source.read(0, &Cancel::new()).unwrap();
        let wrong: HashSet<&str> = record
            .findings
            .iter()
            .filter(|finding| finding.code == Code::ChecksumMismatch)
            .filter_map(|finding| finding.file.as_deref())
            .collect();
        let d = &record.description;
        assert!(d.title.starts_with(expected["leistung"]["name"].as_str().unwrap()), "{name}");
        assert_eq!(d.subjects, [expected["leistung"]["identifier"].as_str().unwrap()]);
        assert_eq!(d.conforms_to[0], expected["schemaUri"].as_str().unwrap());
        assert_eq!(!wrong.contains("data.json"), expected["dataHashOk"].as_bool().unwrap());
        let attachments: BTreeMap<String, Value> = record.units[0]
            .parts
            .iter()
            .map(|part| {
                let file = &record.files[part.files[0]];
                let facts = file.facts.as_ref().unwrap();
                let is = json!({
                    "id": facts.id, "filename": facts.original_name, "purpose": part.property("zweck"),
                    "vorhanden": true, "hashOk": !wrong.contains(&*format!("attachments/{}", facts.id)),
                });
                (facts.id.clone(), is)
            })
            .collect();
        let expected: BTreeMap<String, Value> = expected["anlagen"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["id"].as_str().unwrap().to_owned(), one.clone()))
            .collect();
        assert_eq!(attachments, expected, "{name}");
        assert_eq!(record.is_refused(), name.contains("negativ"), "{name}");
        seen += 1;
    }
    assert_eq!(seen, 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn hostile_names_stay_in_the_record_and_are_kept(names in prop::collection::vec(
        prop_oneof![
            prop::sample::select(vec![
                "../../x", "/etc/passwd", "C:\\x", "..", "", "CON.txt", "a\0b", "a\nb", "x/y", "x", "X", "data.json",
                "..%2F..%2Fx", "metadata.json", "a\u{202e}fdp.exe",
            ]).prop_map(str::to_owned),
            ".{0,300}",
        ], 1..12)
    ) {
        let made = Made::new();
        let attachments: Vec<Value> = names.iter().enumerate().map(|(index, name)| {
            let bytes = format!("{index}");
            made.file(&format!("attachments/id-{index}"), bytes.as_bytes());
            json!({"attachmentId": format!("id-{index}"), "filename": name, "hash": sum(bytes.as_bytes())})
        }).collect();
        made.metadata(&json!(attachments));
        let record = made.read();
        prop_assert_eq!(record.findings.clone(), vec![]);
        let folded: HashSet<String> = record.files.iter().map(|file| file.path.to_lowercase()).collect();
        prop_assert_eq!(folded.len(), names.len() + 1);
        for (index, name) in names.iter().enumerate() {
            let id = format!("id-{index}");
            let file = record.files.iter().find(|file| file.facts.as_ref().is_some_and(|facts| facts.id == id)).unwrap();
            prop_assert!(file.path.starts_with("attachments/"), "{}", file.path);
            let original = &file.facts.as_ref().unwrap().original_name;
            prop_assert_eq!(original, &path::shown(name.as_bytes()));
        }
    }
}
