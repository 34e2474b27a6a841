#![allow(clippy::disallowed_methods)]

use std::fs;

use super::*;
use crate::model::checksum::{Algorithm, Checksum};
use crate::model::finding::Severity;

const ALL: MailFields =
    MailFields { subject: true, from: true, to: true, cc: true, message_id: true, references: true, attachments: true };

const MAIL: &str = "From: Amt <amt@example.org>\r\nTo: rat@example.org\r\nCc: buero@example.org\r\n\
    Date: Tue, 5 Mar 2024 23:30:00 +0100\r\nSubject: =?utf-8?q?Gr=C3=BCnfl=C3=A4chen?=\r\nMessage-ID: <1@example.org>\r\n\
    In-Reply-To: <0@example.org>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nAnbei.\r\n--x\r\n\
    Content-Type: application/pdf; name=\"../../Plan.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--x--\r\n";

fn delivery(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

fn open(root: &Path, per: PerMail, fields: MailFields) -> Mails {
    Mails::open(root, &FolderRules::default(), per, fields, &Cancel::new()).unwrap()
}

fn read(source: &Mails, index: usize) -> Record {
    let record = source.read(index, &Cancel::new()).unwrap();
    assert_eq!(record.key, source.keys()[index]);
    record
}

fn bytes(source: &Mails, file: &SourceFile) -> Vec<u8> {
    let mut out = Vec::new();
    Reading(source.content().open(file).unwrap()).read_to_end(&mut out).unwrap();
    assert_eq!(out.len() as u64, file.size);
    out
}

fn mailbox_text(count: usize) -> String {
    (1..=count)
        .map(|n| {
            let head = format!("From: a@example.org\nDate: {n} Jan 2024 10:00:00 +0000\nSubject: Nr. {n}\n");
            format!("From a@example.org Mon Jan  1 10:00:00 2024\n{head}\nText {n}\n\n")
        })
        .collect()
}

#[test]
fn an_email_is_described_and_kept_byte_by_byte() {
    let root = delivery(&[("Ordner/a.eml", MAIL)]);
    let source = open(root.path(), PerMail::File, ALL);
    let record = read(&source, 0);
    assert_eq!(record.findings, []);
    let d = &record.description;
    assert_eq!(
        (d.title.as_str(), d.creator.as_str(), d.kind.as_str()),
        ("Grünflächen", "Amt <amt@example.org>", "E-Mail")
    );
    assert_eq!((d.date_from.as_str(), d.date_to.as_str()), ("2024-03-05", "2024-03-05"));
    assert_eq!(d.audience, ["rat@example.org", "buero@example.org"]);
    assert_eq!(
        (d.identifiers.as_slice(), d.relations.as_slice()),
        (&["1@example.org".to_owned()][..], &["0@example.org".to_owned()][..])
    );
    let sum = Checksum::of(Algorithm::Sha256, b"%PDF");
    let attached = d.properties.iter().find(|property| property.name == "anlage").unwrap();
    assert_eq!(attached.value, format!("../../Plan.pdf; application/pdf; 4 Bytes; {sum}"));
    assert_eq!(record.units[0].parts[0].property("sha-256"), Some(sum.hex().as_str()));
    assert_eq!(record.files.len(), 1);
    assert_eq!((&*record.files[0].path, bytes(&source, &record.files[0]).as_slice()), ("a.eml", MAIL.as_bytes()));
}

#[test]
fn what_a_profile_does_not_name_stays_in_the_email() {
    let root = delivery(&[("a.eml", MAIL)]);
    let none = MailFields {
        subject: false,
        from: false,
        to: false,
        cc: false,
        message_id: false,
        references: false,
        attachments: false,
    };
    let record = read(&open(root.path(), PerMail::File, none), 0);
    assert_eq!(record.description.title, "E-Mail vom 2024-03-05");
    let everything = format!("{record:?}");
    for personal in ["Gr\\u", "Grün", "example.org", "Plan"] {
        assert!(!everything.contains(personal), "{personal}: {everything}");
    }
}

#[test]
fn a_mailbox_stays_whole_and_has_a_unit_for_each_message() {
    let text = mailbox_text(12);
    let root = delivery(&[("Archiv.mbox", &text), ("notiz.txt", "From: x\n")]);
    let source = open(root.path(), PerMail::File, ALL);
    assert_eq!(source.keys(), ["Archiv.mbox", ""]);
    let record = read(&source, 0);
    assert_eq!(bytes(&source, &record.files[0]), text.as_bytes());
    let d = &record.description;
    assert_eq!((d.title.as_str(), d.date_from.as_str(), d.date_to.as_str()), ("Archiv", "2024-01-01", "2024-01-12"));
    let titles: Vec<&str> = record.units[0].parts.iter().map(|part| part.title.as_str()).collect();
    assert_eq!((titles.len(), titles[11]), (12, "Nr. 12"));
    assert_eq!(record.findings, []);
    let rest = read(&source, 1);
    assert_eq!((rest.findings[0].code, rest.findings[0].severity), (Code::FileUnreferenced, Severity::Warning));
}

#[test]
fn each_message_of_a_mailbox_can_be_a_record() {
    let text = mailbox_text(3);
    let root = delivery(&[("b/Archiv.mbox", &text), ("a.eml", MAIL), ("leer.mbox", "")]);
    let source = open(root.path(), PerMail::Message, ALL);
    assert_eq!(
        source.keys(),
        ["a.eml", "b/Archiv.mbox#000001", "b/Archiv.mbox#000002", "b/Archiv.mbox#000003", "leer.mbox"]
    );
    let record = read(&source, 2);
    assert_eq!((record.description.title.as_str(), &*record.files[0].path), ("Nr. 2", "000002.eml"));
    let expected = "From: a@example.org\nDate: 2 Jan 2024 10:00:00 +0000\nSubject: Nr. 2\n\nText 2\n";
    assert_eq!(bytes(&source, &record.files[0]), expected.as_bytes());
    assert_eq!(bytes(&source, &source.documents()[0]), text.as_bytes());
    assert_eq!(source.leftovers()[0].reason, Reason::Description);
    assert_eq!(read(&source, 4).findings[0].value.as_deref(), Some("empty"));
}

#[test]
fn folders_and_deliveries_can_be_records() {
    let root = delivery(&[("Postfach/ein/a.eml", MAIL), ("Postfach/b.txt", "x"), ("c.eml", MAIL)]);
    for (per, keys, files, folders) in
        [(PerMail::Folder, vec!["", "Postfach"], vec![1, 2], 2), (PerMail::Delivery, vec![""], vec![3], 2)]
    {
        let source = open(root.path(), per, ALL);
        assert_eq!(source.keys(), keys);
        let records: Vec<Record> = (0..keys.len()).map(|index| read(&source, index)).collect();
        assert_eq!(records.iter().map(|record| record.files.len()).collect::<Vec<_>>(), files);
        assert_eq!(records.iter().map(|record| record.folders).sum::<u64>(), folders);
        let last = records.last().unwrap();
        assert_eq!(&*last.files.last().unwrap().path, if per == PerMail::Folder { "ein/a.eml" } else { "c.eml" });
        let unit = &last.units[0];
        assert!(last.files[unit.files[0]].path.ends_with("a.eml"));
    }
}

#[test]
fn a_single_file_is_a_delivery() {
    let root = delivery(&[("a.eml", MAIL), ("b.txt", "x")]);
    let source = open(&root.path().join("a.eml"), PerMail::File, ALL);
    assert_eq!((source.keys(), source.name()), (vec!["a.eml"], "a.eml"));
    for path in ["b.txt", "n"] {
        let opened = Mails::open(&root.path().join(path), &FolderRules::default(), PerMail::File, ALL, &Cancel::new());
        assert!(opened.is_err(), "{path}");
    }
}

#[test]
fn what_is_not_in_order_is_told() {
    for (name, text, expected) in [
        ("a.eml", "kein Kopf", vec![(Code::MailUnreadable, Severity::Error, "")]),
        ("a.eml", "", vec![(Code::MailUnreadable, Severity::Error, "")]),
        ("a.mbox", "kein Postfach\n", vec![(Code::MailUnreadable, Severity::Error, "")]),
        (
            "a.eml",
            "Subject: x\n\n",
            vec![(Code::MailFault, Severity::Warning, "no-from"), (Code::MailFault, Severity::Warning, "no-date")],
        ),
        (
            "a.eml",
            "From: a@b.org\nDate: Tue, 5 Mar 2024 10:00:00 +0000\nContent-Transfer-Encoding: base64\n\n*\n",
            vec![(Code::MailFault, Severity::Warning, "encoding")],
        ),
    ] {
        let root = delivery(&[(name, text)]);
        let source = open(root.path(), PerMail::File, ALL);
        let record = read(&source, 0);
        let told: Vec<_> =
            record.findings.iter().map(|f| (f.code, f.severity, f.value.as_deref().unwrap_or_default())).collect();
        assert_eq!(told, expected, "{text:?}");
        assert_eq!(record.files.len(), 1);
    }
}

#[test]
fn emails_are_known_by_their_beginning_too() {
    let mailbox = mailbox_text(1);
    let root = delivery(&[
        ("1709678901.M1.host:2,S", MAIL),
        ("INBOX", &mailbox),
        ("README", "From: x\n\nDate: y\n"),
        ("a.txt", MAIL),
    ]);
    let source = open(root.path(), PerMail::File, ALL);
    assert_eq!(source.keys(), ["1709678901.M1.host%3A2,S", "INBOX", ""]);
}
