//! Packages of a record that has everything, against the documents in `tests/golden`.
//!
//! `EARCHIV_GOLDEN=write` writes these anew; what changed is then for a person to judge.
#![allow(clippy::disallowed_methods, clippy::too_many_lines)]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use super::compose::{self, Order, Written};
use super::derive::{self, MetadataKind, Origin};
use super::mets::RecordStatus;
use super::references::{self, ReferenceKind};
use super::{EAD, METS, PREMIS, Provenance, REPRESENTATION, Rights, VERSION};
use crate::model::checksum::{Algorithm, Checksum, sha256};
use crate::model::content::{Content, FileBytes, ReadFault};
use crate::model::package::{PackageForm, PackageId, PackageKind};
use crate::model::record::{Act, Description, FileFacts, Record, SourceFile};
use crate::model::time::Timestamp;
use crate::model::unit::{Property, Unit, UnitKind, property};
use crate::package::container::Container;
use crate::package::reader::PackageReader;
use crate::task::{Cancel, Silent, Watch};

/// Files whose bytes are their paths.
struct Named;

impl Content for Named {
    fn open<'a>(&'a self, file: &SourceFile) -> Result<Box<dyn FileBytes + 'a>, ReadFault> {
        Ok(Box::new(Rest(file.path.as_bytes().to_vec())))
    }
}

struct Rest(Vec<u8>);

impl FileBytes for Rest {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ReadFault> {
        let count = buffer.len().min(self.0.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0.drain(..count);
        Ok(count)
    }
}

fn file(path: &str, facts: Option<FileFacts>) -> SourceFile {
    SourceFile {
        path: path.into(),
        size: path.len() as u64,
        modified: Timestamp::from_seconds(1_700_000_000),
        facts: facts.map(Box::new),
        ..SourceFile::default()
    }
}

fn day() -> Timestamp {
    Timestamp::parse("2026-03-01T10:00:00Z").unwrap()
}

fn properties(all: &[(&str, &str)]) -> Vec<Property> {
    all.iter().map(|(name, value)| Property::new(*name, *value)).collect()
}

/// A file of the electronic records system, with everything that sources tell.
fn record() -> Record {
    let path = "1f2d.pdf";
    let facts = FileFacts {
        original_name: "Angebot: Rutsche?.pdf".to_owned(),
        id: "0b6f2c7e-5d1a-4c3b-9e8f-7a6b5c4d3e2f".to_owned(),
        label: "Angebot".to_owned(),
        mime_type: "application/x-pdf".to_owned(),
        format: ["018".to_owned(), "1.7".to_owned(), "xdomea Dateiformat 1.0".to_owned()],
        creator: "Textprogramm 7".to_owned(),
        created: "2024-05-02T09:00:00".to_owned(),
        checksums: vec![Checksum::of(Algorithm::Sha512, path.as_bytes())],
        originator: "Stadt Musterstadt".to_owned(),
        signature: "qualifizierte Signatur, nicht geprüft".to_owned(),
        ..FileFacts::default()
    };
    let unit = |kind, id: &str, reference: &str, title: &str, parts| Unit {
        kind,
        id: id.to_owned(),
        reference: reference.to_owned(),
        title: title.to_owned(),
        parts,
        ..Unit::default()
    };
    let format = Unit { files: vec![0], ..unit(UnitKind::Format, "", "", "", Vec::new()) };
    let version = Unit {
        properties: properties(&[(property::VERSION_NUMBER, "1.0")]),
        ..unit(UnitKind::Version, "", "", "", vec![format])
    };
    let letter = Unit {
        properties: properties(&[
            (property::LETTER_DATE, "2024-05-02"),
            (property::RECEIVED, "Anfang Mai 2024"),
            (property::KIND, "Angebot"),
            (property::CIRCULATION, "3"),
        ]),
        ..unit(UnitKind::Dokument, "id 1/ä", "", "Angebot Rutsche & Schaukel", vec![version])
    };
    let annex = Unit { files: vec![1], ..unit(UnitKind::Anlage, "id 1/ä", "", "", Vec::new()) };
    let case = Unit {
        dates: ["2024-05-02".to_owned(), String::new()],
        properties: properties(&[
            (property::FILE_TITLE, "Spielplätze"),
            (property::CONFIDENTIALITY, "003"),
            (property::HANDLED_BY, "Bearbeiter 12"),
            (property::RELATED, "67-1/2"),
            (property::RELATED, "67-1/4"),
        ]),
        ..unit(UnitKind::Vorgang, "", "67-1/3-1", "Beschaffung", vec![letter, annex])
    };
    let book = Unit {
        dates: ["2024".to_owned(), "2025-12-31".to_owned()],
        properties: properties(&[
            (property::FILE_PLAN, "67.1"),
            (property::FILE_PLAN_TITLE, "Grünanlagen"),
            (property::APPRAISAL, "B"),
            (property::APPRAISAL_PROPOSAL, "A"),
            (property::RETENTION_YEARS, "10"),
            (property::MEDIUM, "002"),
            (property::LEAD, "Grünflächenamt"),
            (property::HISTORY, "17"),
            (property::NOTE, "zwei Ordner\nPapier"),
            ("eigenes Feld", "<Wert> & mehr"),
        ]),
        ..unit(
            UnitKind::Akte,
            "2c9f1d7e-1111-4222-8333-444455556666",
            "67-1/3",
            "Spielgeräte",
            vec![case, unit(UnitKind::Teilakte, "", "", "", Vec::new())],
        )
    };
    Record {
        key: "2c9f1d7e-1111-4222-8333-444455556666".to_owned(),
        description: Description {
            title: "Spielgeräte".to_owned(),
            identifiers: vec!["67-1/3".to_owned(), "Altaktenzeichen 5".to_owned()],
            signature: "StadtA M 67/12".to_owned(),
            creator: "Grünflächenamt".to_owned(),
            producer: "Stadt Musterstadt".to_owned(),
            summary: "Enthält:\n\nAngebote".to_owned(),
            subjects: vec!["Spielplatz".to_owned()],
            kind: "Akte".to_owned(),
            contributors: vec!["Bauhof".to_owned()],
            audience: vec!["Kämmerei".to_owned()],
            conforms_to: vec!["xdomea 3.0.0".to_owned()],
            relations: vec!["Auftrag 7".to_owned()],
            properties: properties(&[(property::MEDIUM, "002"), ("BT-9", "2024-06-30")]),
            ..Description::default()
        },
        files: vec![file(path, Some(facts)), file("b%3Ac.txt", None), file("lose.txt", None)],
        units: vec![book],
        metadata: vec![file("xdomea/nachricht.xml", None), file("xdomea/verzeichnis/zweite.xml", None)],
        acts: vec![
            Act {
                kind: "appraisal",
                time: "2026-02-03".to_owned(),
                detail: "Bewertungsverzeichnis 7".to_owned(),
                outcome: "A".to_owned(),
                agent: "Stadtarchiv Musterstadt".to_owned(),
            },
            Act {
                kind: "fixity check",
                time: String::new(),
                detail: "SHA-512".to_owned(),
                outcome: "success".to_owned(),
                agent: String::new(),
            },
            Act {
                kind: "metadata modification",
                time: "2024-05-03T08:00:00+02:00".to_owned(),
                detail: String::new(),
                outcome: String::new(),
                agent: "Bearbeiter 12".to_owned(),
            },
        ],
        ..Record::default()
    }
}

fn rights() -> Vec<Rights> {
    let rights = |citation: &str, start: &str, end: &str, note: &str| Rights {
        jurisdiction: "DE-SN".to_owned(),
        citation: citation.to_owned(),
        act: "disseminate".to_owned(),
        restriction: "Schutzfrist".to_owned(),
        start: start.to_owned(),
        end: end.to_owned(),
        note: note.to_owned(),
    };
    vec![
        rights("SächsArchivG § 10 Abs. 1 Satz 1", "2025-12-31", "2055-12-31", ""),
        rights("SächsArchivG § 10 Abs. 1 Satz 3", "2026-03-01", "OPEN", "zu prüfen"),
    ]
}

fn provenance() -> Provenance {
    Provenance {
        producer: "Stadt Musterstadt".to_owned(),
        producer_code: "14628000".to_owned(),
        creator: "Grünflächenamt".to_owned(),
        agreement: "2026-7".to_owned(),
        archive: "Stadtarchiv Musterstadt".to_owned(),
        archive_code: "DE-9999".to_owned(),
        delivery: "Aussonderung 2026".to_owned(),
        accession: Some("2026-0001".to_owned()),
        system: "Aktensystem 4.2".to_owned(),
        process: "5d1f0c9a-0000-4000-8000-000000000001".to_owned(),
    }
}

fn id() -> PackageId {
    PackageId::derive("Stadt Musterstadt", "Aussonderung 2026", "67-1/3")
}

fn made(folder: &Path, kind: PackageKind, form: PackageForm, record: &Record) -> (PackageReader, Written) {
    let (provenance, rights) = (provenance(), rights());
    let order = Order {
        id: id(),
        kind,
        created: day(),
        category: "Datasets",
        information_type: "MIXED",
        provenance: &provenance,
        digests: crate::package::payload::Digests::Short,
        rights: &rights,
        attachments: &[],
        status: RecordStatus::New,
        representation: REPRESENTATION,
    };
    let mut container = Container::create(folder, id(), form).unwrap();
    let cancel = Cancel::default();
    let watch = Watch::new(&cancel, &Silent);
    let written = compose::write(&mut container, &order, record, &Named, watch).unwrap();
    (PackageReader::open(&container.finish().unwrap().path).unwrap(), written)
}

fn text(reader: &PackageReader, path: &str) -> String {
    let mut text = String::new();
    reader.read(reader.find(path).unwrap()).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The documents that are compared letter by letter.
const GOLDEN: &[(&str, &str)] = &[
    ("mets.xml", METS),
    ("ead.xml", EAD),
    ("premis.xml", PREMIS),
    ("dc.xml", super::DESCRIPTION),
    ("mets-rep1.xml", "representations/rep1/METS.xml"),
    ("premis-rep1.xml", "representations/rep1/metadata/preservation/premis.xml"),
];

#[test]
fn a_record_with_everything_becomes_the_documents_that_it_became_before() {
    let folder = tempfile::tempdir().unwrap();
    let (reader, _) = made(folder.path(), PackageKind::Aip, PackageForm::Zip, &record());
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for (name, path) in GOLDEN {
        let now = text(&reader, path).replace(VERSION, "VERSION");
        // Digests of documents that hold the version change with it.
        let now = match *name {
            "mets.xml" => without_sums(&now),
            _ => now,
        };
        let file = golden.join(name);
        if std::env::var_os("EARCHIV_GOLDEN").is_some_and(|mode| mode == "write") {
            std::fs::create_dir_all(&golden).unwrap();
            std::fs::write(&file, &now).unwrap();
        }
        assert_eq!(now, std::fs::read_to_string(&file).unwrap(), "{name}");
    }
}

fn without_sums(text: &str) -> String {
    let mut out = String::new();
    for (number, piece) in text.split(" CHECKSUM=\"").enumerate() {
        if number == 0 {
            out.push_str(piece);
        } else {
            out.push_str(" CHECKSUM=\"");
            out.push_str(piece.split_once('"').map_or(piece, |(_, rest)| rest));
        }
    }
    let mut bare = String::new();
    for (number, piece) in out.split(" SIZE=\"").enumerate() {
        bare.push_str(if number == 0 { piece } else { piece.split_once('"').map_or(piece, |(_, rest)| rest) });
    }
    bare
}

#[test]
fn what_was_written_is_what_lies_in_the_package() {
    for form in [PackageForm::Zip, PackageForm::Folder] {
        let folder = tempfile::tempdir().unwrap();
        let record = record();
        let (reader, written) = made(folder.path(), PackageKind::Sip, form, &record);
        assert_eq!(reader.parts().len(), record.files.len() + written.others.len());
        for other in &written.others {
            let mut bytes = Vec::new();
            reader.read(reader.find(&other.path).unwrap()).unwrap().read_to_end(&mut bytes).unwrap();
            assert_eq!((bytes.len() as u64, sha256(&bytes)), (other.size, other.sum), "{}", other.path);
        }
        let message = written.others.iter().find(|other| other.path == "metadata/other/xdomea/nachricht.xml").unwrap();
        assert_eq!(message.sum, sha256(b"xdomea/nachricht.xml"));
        let sums: Vec<_> = record.metadata.iter().map(|file| sha256(file.path.as_bytes())).collect();
        assert_eq!(written.content, compose::content_digest(&record, &sums, &written.payload));
    }
}

#[test]
fn a_package_of_a_package_says_the_same_and_refers_to_the_same_metadata() {
    let folder = tempfile::tempdir().unwrap();
    let (reader, written) = made(folder.path(), PackageKind::Sip, PackageForm::Zip, &record());
    let mut metadata = BTreeMap::new();
    let summary = references::read(text(&reader, METS).as_bytes(), "", |_, reference| {
        metadata.extend(MetadataKind::of(&reference).map(|kind| (reference.path.unwrap(), kind)));
        true
    });
    let summary = summary.unwrap().unwrap();
    assert_eq!(summary.system(), "Aktensystem 4.2");
    let description = super::description::read(text(&reader, super::DESCRIPTION).as_bytes()).unwrap().unwrap();
    assert_eq!(description, record().description);
    let origin = Origin { reader: &reader, summary: &summary, metadata: &metadata, description: &description };
    let provenance = provenance();
    let order = Order {
        id: id(),
        kind: PackageKind::Aip,
        created: day(),
        category: "Datasets",
        information_type: "MIXED",
        provenance: &provenance,
        digests: crate::package::payload::Digests::Short,
        rights: &[],
        attachments: &[],
        status: RecordStatus::New,
        representation: REPRESENTATION,
    };
    let cancel = Cancel::default();
    let watch = Watch::new(&cancel, &Silent);
    let out = tempfile::tempdir().unwrap();
    let mut container = Container::create(out.path(), id(), PackageForm::Folder).unwrap();
    let derived = derive::write(&mut container, &order, &origin, &[], watch).unwrap();
    assert_eq!(derived.content, written.content);
    let aip = PackageReader::open(&container.finish().unwrap().path).unwrap();
    let mut kinds = BTreeMap::new();
    let _ = references::read(text(&aip, METS).as_bytes(), "", |_, reference| {
        if reference.kind == ReferenceKind::Descriptive {
            kinds.insert(reference.path.clone().unwrap(), reference.metadata.clone());
        }
        true
    });
    let kind = |kind: &str, other: &str| (kind.to_owned(), other.to_owned());
    let expected = [
        ("metadata/descriptive/dc.xml", kind("DC", "")),
        (EAD, kind("EAD", "")),
        ("metadata/other/xdomea/nachricht.xml", kind("OTHER", "xdomea")),
        ("metadata/other/xdomea/verzeichnis/zweite.xml", kind("OTHER", "xdomea")),
    ];
    assert_eq!(kinds, expected.into_iter().map(|(path, kind)| (path.to_owned(), kind)).collect());
}

#[test]
fn metadata_of_the_source_are_content_and_times_are_not() {
    let folder = |name: &str| {
        let mut record = record();
        record.metadata[0] = file(name, None);
        let folder = tempfile::tempdir().unwrap();
        made(folder.path(), PackageKind::Sip, PackageForm::Zip, &record).1.content
    };
    assert_eq!(folder("xdomea/nachricht.xml"), folder("xdomea/nachricht.xml"));
    assert_ne!(folder("xdomea/nachricht.xml"), folder("xdomea/anderes.xml"));
}

#[test]
fn a_record_without_units_has_no_finding_aid_and_one_map() {
    let folder = tempfile::tempdir().unwrap();
    let record = Record { units: Vec::new(), metadata: Vec::new(), ..record() };
    for form in [PackageForm::Zip, PackageForm::Folder] {
        let (reader, _) = made(folder.path(), PackageKind::Sip, form, &record);
        assert!(reader.find(EAD).is_none());
        assert_eq!(text(&reader, &format!("representations/{REPRESENTATION}/{METS}")).matches("<structMap").count(), 1);
        assert!(reader.empty_folders().is_empty());
    }
}

#[test]
fn letters_that_xml_cannot_hold_do_not_stop_a_package() {
    let bad = "a\u{0}b\u{1b}\u{ffff}";
    let facts = FileFacts {
        original_name: bad.to_owned(),
        id: bad.to_owned(),
        label: bad.to_owned(),
        mime_type: bad.to_owned(),
        format: [bad.to_owned(), bad.to_owned(), bad.to_owned()],
        creator: bad.to_owned(),
        created: bad.to_owned(),
        originator: bad.to_owned(),
        signature: bad.to_owned(),
        checksums: vec![Checksum::of(Algorithm::Sha256, b"x.txt")],
        ..FileFacts::default()
    };
    let text_of = || bad.to_owned();
    let unit = Unit {
        id: text_of(),
        title: text_of(),
        reference: text_of(),
        dates: [text_of(), text_of()],
        properties: [property::FILE_PLAN, property::RELATED, property::SENT, property::LEAD, bad]
            .map(|name| Property::new(name, bad))
            .to_vec(),
        files: vec![0, 9],
        ..Unit::default()
    };
    let act = Act { kind: "fixity check", time: text_of(), detail: text_of(), outcome: text_of(), agent: text_of() };
    let record = Record {
        key: text_of(),
        description: Description {
            title: text_of(),
            summary: text_of(),
            kind: text_of(),
            properties: vec![Property::new(bad, bad)],
            ..Description::default()
        },
        files: vec![file("x.txt", Some(facts))],
        units: vec![unit.clone(), unit],
        acts: vec![act],
        ..Record::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let (reader, _) = made(folder.path(), PackageKind::Sip, PackageForm::Zip, &record);
    for (name, path) in GOLDEN {
        let text = text(&reader, path);
        let mut xml = crate::io::xml::XmlReader::new(text.as_bytes(), crate::io::xml::XmlLimits::default());
        while xml.node().unwrap_or_else(|error| panic!("{name}: {error}")).is_some() {}
    }
}
