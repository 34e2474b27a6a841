//! What the program does with electronic invoices, by the profile `erechnung`.

use std::fs;

use super::sandbox::{Sandbox, shared};

const CORPUS: &str = "corpora/records/erechnung";

/// An invoice in UN/CEFACT CII, issued on `day` (YYYYMMDD).
fn invoice(number: &str, day: &str) -> String {
    let space = "urn:un:unece:uncefact:data:standard:";
    format!(
        "<i:CrossIndustryInvoice xmlns:i=\"{space}CrossIndustryInvoice:100\" \
         xmlns=\"{space}ReusableAggregateBusinessInformationEntity:100\" xmlns:d=\"{space}UnqualifiedDataType:100\">\
         <i:ExchangedDocumentContext><GuidelineSpecifiedDocumentContextParameter><ID>urn:cen.eu:en16931:2017</ID>\
         </GuidelineSpecifiedDocumentContextParameter></i:ExchangedDocumentContext><i:ExchangedDocument><ID>{number}</ID>\
         <TypeCode>380</TypeCode><IssueDateTime><d:DateTimeString format=\"102\">{day}</d:DateTimeString></IssueDateTime>\
         </i:ExchangedDocument><i:SupplyChainTradeTransaction><ApplicableHeaderTradeAgreement><SellerTradeParty>\
         <Name>Muster GmbH</Name></SellerTradeParty><BuyerTradeParty><Name>Stadt Musterstadt</Name></BuyerTradeParty>\
         </ApplicableHeaderTradeAgreement><ApplicableHeaderTradeSettlement><InvoiceCurrencyCode>EUR</InvoiceCurrencyCode>\
         <SpecifiedTradeSettlementHeaderMonetarySummation><GrandTotalAmount>1.19</GrandTotalAmount><DuePayableAmount>1.19\
         </DuePayableAmount></SpecifiedTradeSettlementHeaderMonetarySummation></ApplicableHeaderTradeSettlement>\
         </i:SupplyChainTradeTransaction></i:CrossIndustryInvoice>"
    )
}

#[test]
fn all_sample_invoices_are_taken_and_a_second_run_changes_nothing() {
    let Some(corpus) = shared(CORPUS, "invoices and PDFs with embedded invoices") else { return };
    let sandbox = Sandbox::new();
    let line = format!("ingest {} --profile erechnung", corpus.display());
    let first = sandbox.json(&line).exits(0).finds("no-invoice-in-pdf", "").finds("invoice-not-evaluated", "ZUGFeRD1");
    assert_eq!(first.states(), ["stored"; 30]);
    sandbox.is_whole();
    let list = sandbox.list();
    let of_2016 = list.iter().find(|row| row["title"] == "Rechnung 1234/78/901 vom 2016-06-16, [Seller name]").unwrap();
    assert_eq!(of_2016["retention_end"], "2024-12-31");
    let again = sandbox.json(&line).exits(0);
    assert_eq!(again.states(), ["already-stored"; 30]);
    assert_eq!(sandbox.list(), list);
}

#[test]
fn an_invoice_stays_byte_for_byte_what_was_delivered() {
    let sandbox = Sandbox::new();
    let text = format!("<?xml version='1.0'?>\r\n<!-- wie geliefert -->{}\r\n", invoice("R-1", "20250301"));
    sandbox.file("eingang/R 1.xml", text.as_bytes());
    sandbox.json("ingest eingang/R\u{a0}1.xml --profile erechnung").exits(2);
    sandbox.call("ingest --profile erechnung").arg("eingang/R 1.xml").run().exits(0);
    let id = sandbox.id("Rechnung R-1 vom 2025-03-01, Muster GmbH");
    sandbox.run(&format!("export {id} --out dip --as-folder")).exits(0);
    let found = sandbox.path(&format!("dip/{id}/representations/rep1/data/R 1.xml"));
    assert_eq!(fs::read(found).unwrap(), text.as_bytes());
}

#[test]
fn the_bad_are_refused_with_file_and_reason_and_the_good_are_taken() {
    let sandbox = Sandbox::new();
    sandbox.file("eingang/gut.xml", invoice("R-1", "20250301").as_bytes());
    sandbox.file("eingang/fremd.xml", b"<a/>");
    sandbox.file("eingang/kaputt.xml", invoice("R-2", "20250301").replace("</ID>", "").as_bytes());
    sandbox.file("eingang/doctype.xml", b"<!DOCTYPE a [<!ENTITY x SYSTEM '/etc/passwd'>]><a>&x;</a>");
    sandbox.file("eingang/kaputt.pdf", b"%PDF-1.4 und sonst nichts");
    sandbox.file("eingang/notiz.txt", b"Notiz");
    let run = sandbox.json("ingest eingang --profile erechnung").exits(3);
    assert_eq!(run.states(), ["refused", "refused", "stored", "refused", "refused", "refused"]);
    let run =
        run.finds("not-an-invoice", "fremd.xml").finds("xml-malformed", "doctype.xml").finds("pdf-unreadable", "");
    assert!(run.findings().iter().any(|finding| finding["file"] == "kaputt.xml" && finding["column"].is_u64()));
    for (language, sentences) in [
        (
            "de",
            ["fremd.xml ist keine Rechnung", "kaputt.xml ist kein wohlgeformtes XML", "Zeile 1", "Aufbau ist zerstört"],
        ),
        ("en", ["fremd.xml is no invoice", "kaputt.xml is not well-formed XML", "line 1", "structure is destroyed"]),
    ] {
        for sentence in sentences {
            sandbox
                .call("ingest eingang --profile erechnung")
                .env("EARCHIV_LANG", language)
                .run()
                .exits(3)
                .tells(sentence);
        }
    }
    sandbox.is_whole();
    assert_eq!(sandbox.list().len(), 1);
}

#[test]
fn a_profile_says_how_grave_a_missing_term_is() {
    for (severity, exit) in [("warning", 0), ("error", 3)] {
        let sandbox = Sandbox::new();
        sandbox.file("eingang/r.xml", invoice("", "20250301").as_bytes());
        let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/profiles/erechnung.toml")).unwrap();
        let text =
            text.replace("invoice-term-missing = \"warning\"", &format!("invoice-term-missing = \"{severity}\""));
        sandbox.file("archiv/profiles/erechnung.toml", text.as_bytes());
        let run = sandbox.json("ingest eingang --profile erechnung").exits(exit).finds("invoice-term-missing", "BT-1");
        assert_eq!(run.findings()[0]["severity"], severity);
    }
}

#[test]
fn while_retention_runs_an_invoice_is_kept_for_a_time_only() {
    let sandbox = Sandbox::new();
    // Packages are made on 2023-11-14.
    sandbox.file("eingang/alt.xml", invoice("R-1", "20140301").as_bytes());
    sandbox.file("eingang/neu.xml", invoice("R-2", "20150301").as_bytes());
    let agreement = |more: &str| {
        format!(
            "name = \"kasse\"\nprofile = \"erechnung\"\nnumber = \"7\"\nholdings = \"K\"\n{more}\n\
             producer = {{ name = \"Stadtkasse\" }}\n"
        )
    };
    sandbox.file("dauernd.toml", agreement("purpose = \"permanent\"").as_bytes());
    let run = sandbox.json("ingest eingang --agreement dauernd.toml").exits(3).finds("retention-running", "2023-12-31");
    assert_eq!(run.states(), ["stored", "refused"]);
    let german = sandbox.call("ingest eingang --agreement dauernd.toml").env("EARCHIV_LANG", "de").run().exits(3);
    german.tells("noch bis 2023-12-31 aufzubewahren (§ 147 Abs. 3 AO, § 14b Abs. 1 UStG)");

    let other = Sandbox::new();
    other.file("eingang/neu.xml", invoice("R-2", "20150301").as_bytes());
    let more = "purpose = \"interim\"\nretention_end = \"2030-06-30\"\nretention_basis = \"KomKBVO\"";
    other.file("zeit.toml", agreement(more).as_bytes());
    other.json("ingest eingang --agreement zeit.toml").exits(0);
    assert_eq!(other.list()[0]["retention_end"], "2030-06-30");
    assert_eq!(other.list()[0]["purpose"], "interim");
}
