//! `inspect` says what a delivery is and shows what would be packed of it, and writes nothing.

use std::fs;

use super::containers::zip;
use super::sandbox::{Sandbox, tree};

const UBL: &str = r#"<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>"#;
const CII: &str =
    r#"<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>"#;
const EML: &str =
    "From: a@example.org\r\nTo: b@example.org\r\nDate: Mon, 4 May 2013 10:00:00 +0200\r\nSubject: Plan\r\n\r\nText\r\n";

fn message(kind: &str, version: &str) -> String {
    format!("<x:{kind} xmlns:x=\"urn:xoev-de:xdomea:schema:{version}\"/>")
}

#[test]
fn inputs_are_recognised_by_their_content() {
    let sandbox = Sandbox::empty();
    let offer = message("Aussonderung.Anbieteverzeichnis.0501", "2.4.0");
    let records = message("Aussonderung.Aussonderung.0503", "3.0.0");
    let file = |path: &str, text: &str| sandbox.file(path, text.as_bytes());
    file("share/Akte/x.txt", "x");
    file("share/rechnung.xml", UBL);
    file("rechnung", UBL);
    file("cii.dat", CII);
    file("rechnungen/a.xml", UBL);
    file("rechnungen/tief/b.xml", CII);
    file("gutschrift.txt", "<CreditNote xmlns='urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2'/>");
    file("faktur.pdf", "%PDF-1.7\n/F (factur-x.xml)\n");
    file("plan.pdf", "%PDF-1.4\n");
    file("brief", EML);
    file("postfach", &format!("From a@example.org Mon May  4 10:00:00 2013\n{EML}"));
    file("post/1", EML);
    file("post/2.eml", EML);
    file("antrag/metadata.json", "{\"contentStructure\": {}}");
    file("antraege/1/metadata.json", "{\"contentStructure\": {}}");
    file("antraege/2/metadata.json", "{\"contentStructure\": {}}");
    file("keine/metadata.json", "{\"title\": \"x\"}");
    file("nachricht.xml", &offer);
    file("entpackt/nachricht.xml", &records);
    file("entpackt/anlage.pdf", "%PDF-1.4\n");
    zip(&sandbox.path("eine.zip"), &[("m.xml", records.as_bytes()), ("a.txt", b"x")]);
    fs::create_dir(sandbox.path("mehrere")).unwrap();
    fs::copy(sandbox.path("eine.zip"), sandbox.path("mehrere/eine.zip")).unwrap();
    zip(&sandbox.path("mehrere/andere.zip"), &[("m.xml", offer.as_bytes())]);
    let inner = fs::read(sandbox.path("eine.zip")).unwrap();
    zip(&sandbox.path("aussen.zip"), &[("x/eine.zip", &inner)]);
    file("tasche/bagit.txt", "BagIt-Version: 1.0\n");
    zip(&sandbox.path("tasche.zip"), &[("anders/bagit.txt", b"BagIt-Version: 1.0\n"), ("anders/data/x", b"x")]);
    file("objekt/0=ocfl_object_1.1", "ocfl_object_1.1\n");
    file("paket/METS.xml", "<mets/>");
    file("gepackt.tar", "\u{1f}");
    fs::write(sandbox.path("gepackt"), b"\x1f\x8b\x08\0").unwrap();
    file("anderes.xml", "<a xmlns='urn:x'/>");
    file("kaputt.xml", "<a");
    file("notiz.txt", "Guten Tag\n");
    zip(&sandbox.path("brief.docx"), &[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")]);
    let cases = [
        ("share", "folder", "share", Some("dateiablage")),
        ("rechnung", "file", "invoice", Some("erechnung")),
        ("cii.dat", "file", "invoice", Some("erechnung")),
        ("gutschrift.txt", "file", "invoice", Some("erechnung")),
        ("rechnungen", "folder", "invoice", Some("erechnung")),
        ("faktur.pdf", "file", "invoice", Some("erechnung")),
        ("plan.pdf", "file", "invoice", Some("erechnung")),
        ("brief", "file", "email", Some("e-mail")),
        ("postfach", "file", "email", Some("e-mail")),
        ("post", "folder", "email", Some("e-mail")),
        ("antrag", "folder", "fit-connect", Some("ozg-antrag")),
        ("antraege", "folder", "fit-connect", Some("ozg-antrag")),
        ("keine", "folder", "share", Some("dateiablage")),
        ("nachricht.xml", "file", "xdomea", Some("eakte")),
        ("entpackt", "folder", "xdomea", Some("eakte")),
        ("eine.zip", "zip", "xdomea", Some("eakte")),
        ("mehrere", "folder", "xdomea", Some("eakte")),
        ("aussen.zip", "zip", "xdomea", Some("eakte")),
        ("tasche", "folder", "bag", Some("bagit")),
        ("tasche.zip", "zip", "bag", Some("bagit")),
        ("objekt", "folder", "ocfl", None),
        ("paket", "folder", "package", None),
        ("gepackt", "file", "compressed", None),
        ("anderes.xml", "file", "xml", Some("dateiablage")),
        ("kaputt.xml", "file", "xml", Some("dateiablage")),
        ("notiz.txt", "file", "file", None),
        ("brief.docx", "file", "file", None),
    ];
    for (path, form, kind, profile) in cases {
        let run = sandbox.json(&format!("inspect {path}"));
        let result = &run.results()[0];
        let input = &result["input"];
        assert_eq!((&input["form"], &input["kind"]), (&form.into(), &kind.into()), "{path}");
        assert_eq!(result["fits"].as_str(), profile, "{path}");
        if profile.is_none() || path == "kaputt.xml" {
            assert_eq!(run.code, Some(3), "{path}");
        }
    }
    let messages = |path: &str| sandbox.json(&format!("inspect {path}")).results()[0]["input"]["messages"].clone();
    assert_eq!(messages("nachricht.xml"), serde_json::json!([{"type": "0501", "version": "2.4.0"}]));
    assert_eq!(messages("mehrere").as_array().unwrap().len(), 2);
    assert_eq!(messages("aussen.zip"), serde_json::json!([{"type": "0503", "version": "3.0.0"}]));
}

#[test]
fn records_are_shown_with_all_that_is_known_and_nothing_is_written() {
    let sandbox = Sandbox::empty();
    sandbox.delivery("lieferung");
    sandbox.file("lieferung/metadata.csv", "path;title;date_from\nGrünanlagen;Bäume;2013\n".as_bytes());
    for number in 0..30 {
        sandbox.file(&format!("lieferung/Viel/{number:02}.txt"), b"x");
    }
    let before = tree(&sandbox.path(""));
    let page = sandbox.run("inspect lieferung --lang de").exits(0);
    let page =
        page.tells("lieferung: Ordner, Dateiablage").tells("Profil: dateiablage").tells("würde übernommen: Bäume");
    let page = page
        .tells("Laufzeit: 2013")
        .tells("Grünanlagen/Pläne/Plan: Teil 1?.pdf")
        .tells("Spielplätze/leerer Ordner/noch einer");
    let page = page.tells("metadata.csv").tells("Viel/19.txt").tells("und 10 weitere");
    assert!(!page.stdout.contains("Viel/20.txt"));
    sandbox.run("inspect lieferung --verbose").exits(0).tells("Viel/29.txt");
    let results = sandbox.json("inspect lieferung").exits(0).results();
    let records = results[0]["records"].as_array().unwrap();
    assert_eq!(records.len(), 4);
    assert_eq!((&records[1]["record"], &records[1]["description"]["title"]), (&"Grünanlagen".into(), &"Bäume".into()));
    assert_eq!(records[3]["files"].as_array().unwrap().len(), 30);
    assert_eq!(results[0]["exceptions"][0]["reason"], "description");
    assert_eq!(before, tree(&sandbox.path("")));
}

#[test]
fn the_same_packages_are_named_that_ingest_stores() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    let named = |run: super::sandbox::Run, list: &str| -> Vec<String> {
        let results = run.results();
        let records = results.iter().flat_map(|result| result[list].as_array().unwrap().clone());
        records.map(|record| record["package"].as_str().unwrap().to_owned()).collect()
    };
    let shown = named(sandbox.json("inspect lieferung").exits(0), "records");
    assert_eq!(shown, named(sandbox.json("ingest lieferung").exits(0), "packages"));
    sandbox.run("pack lieferung --out sip").exits(0);
    let sip = format!("inspect sip/{}.zip", shown[0]);
    let results = sandbox.json(&sip).exits(0).results();
    assert_eq!(
        (&results[0]["input"]["kind"], &results[0]["records"][0]["package"]),
        (&"package".into(), &shown[0].as_str().into())
    );
}

#[test]
fn what_must_not_be_taken_is_said_with_its_reason() {
    let sandbox = Sandbox::empty();
    sandbox.delivery("lieferung");
    std::os::unix::fs::symlink("x", sandbox.path("lieferung/Spielplätze/l")).unwrap();
    sandbox.run("inspect lieferung --lang de").exits(3).tells("Spielplätze/l");
    sandbox.file("tasche/bagit.txt", b"BagIt-Version: 1.0\n");
    sandbox.run("inspect tasche lieferung --lang de").exits(3).tells("BagIt").tells("Spielplätze/l");
    sandbox.run("inspect gibt-es-nicht").exits(2).tells("gibt-es-nicht");
    sandbox.file("a.zip", b"PK\x03\x04 und nichts weiter");
    sandbox.run("inspect a.zip --lang de").exits(3).tells("a.zip").tells("ZIP");
    sandbox.run("inspect").exits(2);
    sandbox.run("inspect lieferung --profile gibt-es-nicht").exits(2).tells("gibt-es-nicht");
}
