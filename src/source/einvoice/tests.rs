//! Invoices of the shared samples against their expected values, and what they do not have.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::Value;

use super::invoice::Invoice;
use super::*;
use crate::model::checksum::{Algorithm, Checksum};
use crate::model::finding::Severity;
use crate::source::shared_corpora;

const UBL: &str = "urn:oasis:names:specification:ubl:schema:xsd:";
const UN: &str = "urn:un:unece:uncefact:data:standard:";

fn open(path: &Path, per: Per) -> Delivery {
    Delivery::open(path, per, &FolderRules::default(), &Cancel::new()).unwrap()
}

fn records(delivery: &Delivery) -> Vec<Record> {
    let cancel = Cancel::new();
    (0..delivery.keys().len()).map(|index| delivery.read(index, &cancel).unwrap()).collect()
}

/// Examines one file with these bytes.
fn examined(name: &str, bytes: &[u8]) -> Examined {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    let cancel = Cancel::new();
    let tree = Tree::open(folder.path(), &cancel).unwrap();
    examine(&tree, &tree.entries()[0], &cancel).unwrap()
}

fn codes(file: &Examined) -> Vec<&'static str> {
    file.findings.iter().map(|finding| finding.code.name()).collect()
}

fn samples() -> Option<(PathBuf, Value)> {
    let records = shared_corpora()?.join("records");
    let expected = fs::read(records.join("expected/visible.json")).unwrap();
    Some((records, serde_json::from_slice(&expected).unwrap()))
}

/// Compares the terms of an invoice with the expected ones, both ways.
fn assert_terms(file: &str, invoice: &Invoice, expected: &Value) {
    assert_eq!(expected["syntax"], invoice.syntax.name(), "{file}");
    if !invoice.syntax.is_evaluated() {
        return;
    }
    for (key, value) in expected.as_object().unwrap().iter().filter(|(key, _)| key.starts_with("BT-")) {
        let Some(term) = key.strip_prefix("BT-").and_then(|number| number.parse().ok()).filter(|term| *term != 125)
        else {
            continue;
        };
        assert_eq!(value.as_str().unwrap(), invoice.term(term), "{file} {key}");
    }
    for (term, value) in &invoice.terms {
        let told = &expected[format!("BT-{term}")];
        assert!(told == value || (told.is_null() && file.ends_with(".pdf")), "{file} BT-{term} {value}");
    }
    let embedded: Vec<_> = invoice.documents.iter().filter_map(|document| document.embedded.as_ref()).collect();
    assert_eq!(embedded.len(), expected["BT-125"].as_array().map_or(0, Vec::len), "{file}");
}

#[test]
fn all_sample_invoices_say_what_is_expected() {
    let Some((root, expected)) = samples() else { return };
    let mut seen = [0, 0];
    for (file, expected) in expected.as_object().unwrap().iter().filter(|(file, _)| file.starts_with("erechnung/")) {
        let bytes = fs::read(root.join(file)).unwrap();
        let found = examined(file.rsplit('/').next().unwrap(), &bytes);
        if file.ends_with(".xml") {
            assert_terms(file, found.invoice.as_ref().unwrap(), expected);
            assert_eq!(codes(&found), [""; 0], "{file}");
            seen[0] += 1;
            continue;
        }
        let pdf = found.pdf.as_ref().unwrap();
        let text = |text: &String| (!text.is_empty()).then(|| text.clone());
        assert_eq!(expected["pdfa"].as_str().map(str::to_owned), text(&pdf.xmp.part), "{file}");
        assert_eq!(expected["profil"].as_str().map(str::to_owned), text(&pdf.xmp.profile), "{file}");
        let attached = expected["anhaenge"].as_object().unwrap();
        assert_eq!(pdf.attachments.len(), attached.values().map(|all| all.as_array().unwrap().len()).sum::<usize>());
        for one in &pdf.attachments {
            let sums = attached[&one.name].as_array().unwrap();
            assert!(sums.iter().any(|sum| sum == one.sha256.hex().as_str()), "{file} {}", one.name);
        }
        match &found.invoice {
            Some(invoice) => {
                assert_terms(file, invoice, &expected["rechnung"]);
                assert_eq!(expected["rechnung"]["datei"], pdf.attachments[pdf.file.unwrap()].name.as_str());
            }
            None => {
                assert!(expected["rechnung"].is_null(), "{file}");
                assert_eq!(codes(&found), ["no-invoice-in-pdf"]);
                assert_eq!(found.findings[0].severity, Severity::Warning);
            }
        }
        seen[1] += 1;
    }
    assert_eq!(seen, [24, 6]);
}

#[test]
fn both_syntaxes_of_a_sample_are_described_alike() {
    let Some((root, _)) = samples() else { return };
    let mut pairs = 0;
    let delivery = open(&root.join("erechnung/xrechnung"), Per::File);
    let found = records(&delivery);
    for record in &found {
        let Some(stem) = record.key.strip_suffix("_ubl.xml") else { continue };
        let other = found.iter().find(|other| other.key == format!("{stem}_uncefact.xml")).unwrap();
        let mut own = record.description.clone();
        // The order number is not the same in all pairs; UBL demands one.
        if !other.description.properties.iter().any(|property| property.name == "BT-13") {
            own.properties.retain(|property| property.name != "BT-13");
            own.relations.retain(|relation| !relation.starts_with("Bestellung"));
        }
        assert_eq!(own, other.description, "{stem}");
        pairs += 1;
    }
    assert_eq!(pairs, 12);
}

/// Returns an invoice or credit note in UBL; `more` stands before the parties.
fn ubl(root: &str, kind: &str, more: &str) -> String {
    format!(
        "<x:{root} xmlns:x=\"{UBL}{root}-2\" xmlns:p=\"{UBL}CommonAggregateComponents-2\" xmlns=\"{UBL}CommonBasicComponents-2\">\
         <CustomizationID>urn:cen.eu:en16931:2017</CustomizationID><ID> R 7 </ID><IssueDate>2025-03-01+01:00</IssueDate>\
         <{root}TypeCode>{kind}</{root}TypeCode><DocumentCurrencyCode>EUR</DocumentCurrencyCode>{more}\
         <p:AccountingSupplierParty><p:Party>\
         <p:PartyTaxScheme><CompanyID>12/345</CompanyID><p:TaxScheme><ID>FC</ID></p:TaxScheme></p:PartyTaxScheme>\
         <p:PartyTaxScheme><CompanyID>DE1</CompanyID><p:TaxScheme><ID>VAT</ID></p:TaxScheme></p:PartyTaxScheme>\
         <p:PartyLegalEntity><RegistrationName>Muster &amp; <![CDATA[Söhne]]></RegistrationName></p:PartyLegalEntity>\
         </p:Party></p:AccountingSupplierParty>\
         <p:AccountingCustomerParty><p:Party><EndpointID>e</EndpointID><p:PartyLegalEntity><RegistrationName>Stadt</RegistrationName>\
         </p:PartyLegalEntity></p:Party></p:AccountingCustomerParty>\
         <p:LegalMonetaryTotal><TaxInclusiveAmount currencyID=\"CZK\">290</TaxInclusiveAmount>\
         <TaxInclusiveAmount currencyID=\"EUR\">11.90</TaxInclusiveAmount><PayableAmount currencyID=\"EUR\">1.90</PayableAmount>\
         </p:LegalMonetaryTotal></x:{root}>"
    )
}

/// Returns the same in CII; `agreement` and `settlement` stand in these parts.
fn cii(kind: &str, agreement: &str, settlement: &str) -> String {
    format!(
        "<q:CrossIndustryInvoice xmlns:q=\"{UN}CrossIndustryInvoice:100\" xmlns=\"{UN}ReusableAggregateBusinessInformationEntity:100\" \
         xmlns:u=\"{UN}UnqualifiedDataType:100\"><q:ExchangedDocumentContext><GuidelineSpecifiedDocumentContextParameter>\
         <ID>urn:cen.eu:en16931:2017</ID></GuidelineSpecifiedDocumentContextParameter></q:ExchangedDocumentContext>\
         <q:ExchangedDocument><ID>R 7</ID><TypeCode>{kind}</TypeCode><IssueDateTime><u:DateTimeString format=\"102\">20250301\
         </u:DateTimeString></IssueDateTime></q:ExchangedDocument><q:SupplyChainTradeTransaction>\
         <ApplicableHeaderTradeAgreement><SellerTradeParty><Name>Muster &amp; Söhne</Name>\
         <SpecifiedTaxRegistration><ID schemeID=\"FC\">12/345</ID></SpecifiedTaxRegistration>\
         <SpecifiedTaxRegistration><ID schemeID=\"VA\">DE1</ID></SpecifiedTaxRegistration></SellerTradeParty>\
         <BuyerTradeParty><Name>Stadt</Name><URIUniversalCommunication><URIID schemeID=\"EM\">e</URIID></URIUniversalCommunication>\
         </BuyerTradeParty>{agreement}</ApplicableHeaderTradeAgreement><ApplicableHeaderTradeSettlement>\
         <InvoiceCurrencyCode>EUR</InvoiceCurrencyCode>\
         <SpecifiedTradeSettlementHeaderMonetarySummation><GrandTotalAmount currencyID=\"CZK\">290</GrandTotalAmount>\
         <GrandTotalAmount currencyID=\"EUR\">11.90</GrandTotalAmount><DuePayableAmount>1.90</DuePayableAmount>\
         </SpecifiedTradeSettlementHeaderMonetarySummation>{settlement}</ApplicableHeaderTradeSettlement>\
         </q:SupplyChainTradeTransaction></q:CrossIndustryInvoice>"
    )
}

#[test]
fn the_rules_of_en_16931_hold_in_both_syntaxes_whatever_the_prefixes() {
    let document = |id: &str, code: &str| {
        format!(
            "<p:AdditionalDocumentReference><ID>{id}</ID>{code}<p:Attachment><EmbeddedDocumentBinaryObject mimeCode=\"text/csv\" \
             filename=\"a.csv\">Zm9v&#13;\nYmFy</EmbeddedDocumentBinaryObject></p:Attachment></p:AdditionalDocumentReference>"
        )
    };
    let more = format!(
        "<p:OrderReference><ID>B 1</ID><SalesOrderID>no</SalesOrderID></p:OrderReference>\
         <p:BillingReference><p:InvoiceDocumentReference><ID>R 5</ID></p:InvoiceDocumentReference></p:BillingReference>\
         <p:BillingReference><p:InvoiceDocumentReference><ID>R 6</ID></p:InvoiceDocumentReference></p:BillingReference>\
         <p:ContractDocumentReference><ID>V 1</ID></p:ContractDocumentReference>{}{}\
         <p:PaymentMeans><PaymentDueDate>2025-04-01</PaymentDueDate></p:PaymentMeans>",
        document("no", "<DocumentTypeCode>130</DocumentTypeCode>"),
        document("D 1", ""),
    );
    let in_ubl = examined("a.xml", ubl("CreditNote", "381", &more).as_bytes());
    let referenced = |code: &str| {
        format!(
            "<AdditionalReferencedDocument><IssuerAssignedID>D 1</IssuerAssignedID><TypeCode>{code}</TypeCode>\
             <AttachmentBinaryObject mimeCode=\"text/csv\" filename=\"a.csv\">Zm9vYmFy</AttachmentBinaryObject>\
             </AdditionalReferencedDocument>"
        )
    };
    let agreement = format!(
        "<SellerOrderReferencedDocument><IssuerAssignedID>no</IssuerAssignedID></SellerOrderReferencedDocument>\
         <BuyerOrderReferencedDocument><IssuerAssignedID>B 1</IssuerAssignedID></BuyerOrderReferencedDocument>\
         <ContractReferencedDocument><IssuerAssignedID>V 1</IssuerAssignedID></ContractReferencedDocument>{}{}{}",
        referenced("50"),
        referenced("916"),
        referenced("130")
    );
    let settlement = "<SpecifiedTradePaymentTerms><DueDateDateTime><u:DateTimeString format=\"102\">20250401</u:DateTimeString>\
         </DueDateDateTime></SpecifiedTradePaymentTerms>\
         <InvoiceReferencedDocument><IssuerAssignedID>R 5</IssuerAssignedID></InvoiceReferencedDocument>\
         <InvoiceReferencedDocument><IssuerAssignedID>R 6</IssuerAssignedID></InvoiceReferencedDocument>";
    let in_cii = examined("a.xml", cii("381", &agreement, settlement).as_bytes());
    for file in [&in_ubl, &in_cii] {
        assert_eq!(codes(file), [""; 0], "{:?}", file.findings);
        let invoice = file.invoice.as_ref().unwrap();
        for (term, value) in [
            (1, "R 7"),
            (2, "2025-03-01"),
            (9, "2025-04-01"),
            (12, "V 1"),
            (13, "B 1"),
            (31, "DE1"),
            (112, "11.90"),
            (115, "1.90"),
        ] {
            assert_eq!(invoice.term(term), value, "{:?} BT-{term}", invoice.syntax);
        }
        assert_eq!(invoice.all(25).collect::<Vec<_>>(), ["R 5", "R 6"]);
        assert_eq!(invoice.documents.len(), 1);
        let embedded = invoice.documents[0].embedded.as_ref().unwrap();
        assert_eq!(
            (embedded.name.as_str(), embedded.mime_type.as_str(), embedded.bytes.size),
            ("a.csv", "text/csv", 6)
        );
        assert_eq!(embedded.bytes.sha256, Checksum::of(Algorithm::Sha256, b"foobar"));
        assert_eq!(invoice.title(), "Gutschrift R 7 vom 2025-03-01, Muster & Söhne");
    }
    assert_eq!(describe::description(&in_ubl), describe::description(&in_cii));
    assert_eq!(
        describe::description(&in_ubl).relations,
        ["Vertrag V 1", "Bestellung B 1", "Rechnung R 5", "Rechnung R 6"]
    );
}

#[test]
fn the_due_date_of_an_invoice_is_not_that_of_its_payment_means() {
    let means = "<p:PaymentMeans><PaymentDueDate>2025-04-01</PaymentDueDate></p:PaymentMeans>";
    let invoice = examined("a.xml", ubl("Invoice", "380", means).as_bytes()).invoice.unwrap();
    assert_eq!(invoice.term(9), "");
    let due = "<DueDate>2025-04-02</DueDate>";
    assert_eq!(examined("a.xml", ubl("Invoice", "380", due).as_bytes()).invoice.unwrap().term(9), "2025-04-02");
}

#[test]
fn kinds_of_invoices_are_told_by_their_code() {
    for (code, kind, title) in [
        ("380", "Rechnung", "Rechnung"),
        ("384", "Rechnungskorrektur", "Rechnung"),
        ("381", "Gutschrift", "Gutschrift"),
        ("326", "Teilrechnung", "Rechnung"),
        ("877", "Schlussrechnung (Bau)", "Rechnung"),
        ("1", "Rechnung", "Rechnung"),
    ] {
        let invoice = examined("a.xml", cii(code, "", "").as_bytes()).invoice.unwrap();
        assert_eq!(invoice.kind(), kind);
        assert!(invoice.title().starts_with(&format!("{title} R 7 vom")), "{}", invoice.title());
    }
}

#[test]
fn what_lacks_or_is_no_date_is_found() {
    let found =
        examined("a.xml", cii("380", "", "").replace("20250301", "20250231").replace("<ID>R 7</ID>", "").as_bytes());
    assert_eq!(codes(&found), ["invoice-term-missing", "invoice-date-invalid"]);
    assert_eq!(found.findings[0].expected.as_deref(), Some("BT-1"));
    assert_eq!(found.findings[0].requirement.as_deref(), Some("BR-2"));
    assert_eq!(found.findings[1].value.as_deref(), Some("20250231"));
    let description = describe::description(&found);
    assert_eq!((description.date_from.as_str(), description.date_to.as_str()), ("", ""));
    let empty = format!("<Invoice xmlns=\"{UBL}Invoice-2\"/>");
    assert_eq!(codes(&examined("a.xml", empty.as_bytes())), ["invoice-term-missing"; 9]);
}

#[test]
fn what_is_no_invoice_or_no_xml_is_refused_with_its_place() {
    let bomb = format!(
        "<!DOCTYPE x [<!ENTITY a \"{}\">]><Invoice xmlns=\"{UBL}Invoice-2\">&a;&a;</Invoice>",
        "&b;".repeat(100)
    );
    let deep = format!("<Invoice xmlns=\"{UBL}Invoice-2\">{}", "<a>".repeat(10_000));
    let external = "<?xml version=\"1.0\"?>\n<!DOCTYPE a SYSTEM \"file:///etc/passwd\">\n<a/>";
    for (name, text, code, line) in [
        ("other.xml", "<a xmlns=\"urn:b\"/>".to_owned(), "not-an-invoice", None),
        ("prefix.xml", format!("<Invoice xmlns=\"{UBL}Invoice-3\"/>"), "not-an-invoice", None),
        ("a.txt", "Guten Tag".to_owned(), "not-an-invoice", None),
        ("leer.xml", String::new(), "xml-malformed", Some(1)),
        ("open.xml", format!("<Invoice xmlns=\"{UBL}Invoice-2\">\n<ID>1</ID"), "xml-malformed", Some(2)),
        ("crossed.xml", "<a>\n <b>\n </a>".to_owned(), "xml-malformed", Some(3)),
        ("entities.xml", bomb, "xml-malformed", Some(1)),
        ("external.xml", external.to_owned(), "xml-malformed", Some(2)),
        ("deep.xml", deep, "xml-malformed", Some(1)),
    ] {
        let begun = Instant::now();
        let found = examined(name, text.as_bytes());
        assert_eq!(codes(&found), [code], "{name}");
        let finding = &found.findings[0];
        assert_eq!((finding.line, finding.severity), (line, Severity::Error), "{name}");
        assert_eq!(finding.column.is_some(), line.is_some(), "{name}");
        assert!(found.invoice.is_none() && begun.elapsed() < Duration::from_secs(5), "{name}");
    }
}

#[test]
fn embedded_documents_of_any_size_are_hashed_as_they_pass() {
    // Together more than a piece of XML may have.
    let piece = "QUJD".repeat(1 << 16);
    let mut document =
        String::from("<p:AdditionalDocumentReference><ID>1</ID><p:Attachment><EmbeddedDocumentBinaryObject>");
    for _ in 0..20 {
        document.push_str(&piece);
        document.push('\n');
    }
    document.push_str("</EmbeddedDocumentBinaryObject></p:Attachment></p:AdditionalDocumentReference>");
    let found = examined("a.xml", ubl("Invoice", "380", &document).as_bytes());
    let embedded = found.invoice.as_ref().unwrap().documents[0].embedded.as_ref().unwrap();
    assert_eq!((embedded.bytes.size, embedded.bytes.fault), (20 * 3 * (1 << 16), false));
    let broken = document.replacen("QUJD", "QU-D", 1);
    assert_eq!(codes(&examined("a.xml", ubl("Invoice", "380", &broken).as_bytes())), ["attachment-damaged"]);
}

#[test]
fn each_file_is_a_record_and_what_is_no_invoice_is_not_lost() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("Eingang");
    fs::create_dir_all(folder.join("2025/leer")).unwrap();
    fs::write(folder.join("2025/Räte: 1.xml"), ubl("Invoice", "380", "")).unwrap();
    fs::write(folder.join("b.xml"), cii("380", "", "")).unwrap();
    fs::write(folder.join("Lieferschein.jpg"), "Bild").unwrap();
    fs::write(folder.join("Thumbs.db"), "").unwrap();
    std::os::unix::fs::symlink("b.xml", folder.join("Link")).unwrap();
    let rules = FolderRules {
        leave_out: vec![crate::source::LeaveOut {
            rule: "vorschau".to_owned(),
            matches: std::sync::Arc::new(|path: &[u8]| path.ends_with(b"Thumbs.db")),
        }],
        ..FolderRules::default()
    };
    let delivery = Delivery::open(&folder, Per::File, &rules, &Cancel::new()).unwrap();
    assert_eq!(delivery.name(), "Eingang");
    assert_eq!(delivery.keys(), ["2025/Räte%3A 1.xml", "Lieferschein.jpg", "b.xml"]);
    let found = records(&delivery);
    assert_eq!(found.iter().map(Record::is_refused).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(found[1].findings[0].code, Code::InvoiceForeign);
    assert_eq!(&*found[0].files[0].path, "Räte%3A 1.xml");
    assert_eq!(found[0].description.title, "Rechnung R 7 vom 2025-03-01, Muster & Söhne");
    assert_eq!(found[0].description.audience, ["Stadt"]);
    assert_eq!(found[0].units[0].kind, crate::model::unit::UnitKind::Stueck);
    let mut bytes = Vec::new();
    let mut open = delivery.content().open(&found[0].files[0]).unwrap();
    let mut buffer = [0; 4096];
    while let read @ 1.. = open.read(&mut buffer).unwrap() {
        bytes.extend_from_slice(&buffer[..read]);
    }
    assert_eq!(bytes, ubl("Invoice", "380", "").as_bytes());
    let mut beside: Vec<_> = delivery.leftovers().iter().map(|one| (one.path.as_str(), one.reason.state())).collect();
    beside.sort_unstable_by_key(|(path, _)| *path);
    use crate::model::record::EntryState::{LeftOut, Refused};
    assert_eq!(beside, [("2025/leer", LeftOut), ("Link", Refused), ("Thumbs.db", LeftOut)]);
    assert_eq!(delivery.folders(), 2);
}

#[test]
fn a_folder_keeps_an_invoice_with_what_accompanies_it() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("R-7/Anlagen");
    fs::create_dir_all(folder.join("leer")).unwrap();
    fs::write(root.path().join("R-7/rechnung.xml"), ubl("Invoice", "380", "")).unwrap();
    fs::write(root.path().join("R-7/rechnung.pdf"), pdf(&[])).unwrap();
    fs::write(folder.join("foto.jpg"), "Bild").unwrap();
    fs::create_dir_all(root.path().join("ohne")).unwrap();
    fs::write(root.path().join("ohne/foto.jpg"), "Bild").unwrap();
    fs::write(root.path().join("ohne/brief.txt"), "Brief").unwrap();
    fs::write(root.path().join("b.xml"), cii("380", "", "")).unwrap();
    let delivery = open(root.path(), Per::Folder);
    assert_eq!(delivery.keys(), ["R-7", "b.xml", "ohne"]);
    let found = records(&delivery);
    let paths: Vec<&str> = found[0].files.iter().map(|file| &*file.path).collect();
    assert_eq!(paths, ["Anlagen/foto.jpg", "rechnung.pdf", "rechnung.xml"]);
    assert_eq!(found[0].empty_folders, ["Anlagen/leer"]);
    assert_eq!(found[0].folders, 3);
    assert_eq!(found[0].description.title, "Rechnung R 7 vom 2025-03-01, Muster & Söhne");
    assert!(!found[0].is_refused() && !found[1].is_refused());
    assert!(found[2].is_refused());
    assert_eq!(found[2].findings.len(), 1);
    let whole = records(&open(root.path(), Per::Delivery));
    assert_eq!((whole.len(), whole[0].files.len()), (1, 6));
}

#[test]
fn one_file_is_a_delivery_too() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("r.xml"), ubl("Invoice", "380", "")).unwrap();
    let delivery = open(&root.path().join("r.xml"), Per::File);
    assert_eq!((delivery.name(), delivery.keys()), ("r.xml", vec!["r.xml"]));
    assert_eq!(records(&delivery)[0].description.identifiers, ["R 7"]);
}

/// Makes a PDF with attachments (name, bytes, what stands in the dictionary of the stream), its cross-references in a table.
fn pdf(attachments: &[(&str, &[u8], &str)]) -> Vec<u8> {
    let mut objects = vec![String::new(), "<</Type/Pages/Kids[]/Count 0>>".to_owned()];
    let mut streams = Vec::new();
    let mut names = String::new();
    for (name, bytes, dictionary) in attachments {
        let number = objects.len() + streams.len() + 1;
        let _ = write!(names, "({name}) {number} 0 R ");
        streams.push(
            format!("<</Type/Filespec/F({name})/UF({name})/AFRelationship/Data/EF<</F {} 0 R>>>>", number + 1)
                .into_bytes(),
        );
        let mut stream =
            format!("<</Type/EmbeddedFile/Subtype/text#2Fxml/Length {}{dictionary}>>\nstream\n", bytes.len())
                .into_bytes();
        stream.extend_from_slice(bytes);
        stream.extend_from_slice(b"\nendstream");
        streams.push(stream);
    }
    objects[0] = format!("<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Kids[<</Names[{names}]>>]>>>>>>");
    let bodies = objects.into_iter().map(String::into_bytes).chain(streams);
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    let mut count = 1;
    for body in bodies {
        let _ = writeln!(table, "{:010} 00000 n ", pdf.len());
        write!(pdf, "{count} 0 obj\n").unwrap();
        pdf.extend_from_slice(&body);
        pdf.extend_from_slice(b"\nendobj\n");
        count += 1;
    }
    let start = pdf.len();
    write!(pdf, "xref\n0 {count}\n{table}trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").unwrap();
    pdf
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn invoices_in_pdfs_are_found_by_their_names() {
    let xml = cii("380", "", "");
    for name in ["factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml", "ZUGFeRD-invoice.xml", "eigene.xml"] {
        let found = examined(
            "r.pdf",
            &pdf(&[("plan.txt", b"Plan", ""), (name, &packed(xml.as_bytes()), "/Filter/FlateDecode")]),
        );
        assert_eq!(codes(&found), [""; 0], "{name}");
        let held = found.pdf.as_ref().unwrap();
        assert_eq!((held.attachments.len(), held.file), (2, Some(1)));
        assert_eq!(held.attachments[1].sha256, Checksum::of(Algorithm::Sha256, xml.as_bytes()));
        assert_eq!(found.invoice.unwrap().term(1), "R 7");
    }
}

#[test]
fn a_pdf_that_was_changed_by_appending_is_read_by_its_newest_part() {
    let mut file = pdf(&[("factur-x.xml", cii("380", "", "").as_bytes(), "")]);
    let text = String::from_utf8_lossy(&file).into_owned();
    let before: usize = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
    let at = file.len();
    let newer = cii("381", "", "");
    write!(file, "4 0 obj\n<</Length {}>>stream\r\n{newer}\nendstream\nendobj\n", newer.len()).unwrap();
    let start = file.len();
    write!(
        file,
        "xref\n4 1\n{at:010} 00000 n \ntrailer<</Size 5/Root 1 0 R/Prev {before}>>\nstartxref\n{start}\n%%EOF"
    )
    .unwrap();
    let found = examined("r.pdf", &file);
    assert_eq!(codes(&found), [""; 0]);
    assert_eq!(found.invoice.unwrap().term(3), "381");
}

#[test]
fn objects_in_streams_and_cross_references_in_streams_are_read() {
    let xml = cii("380", "", "");
    let names = "<</Type/Catalog/Names<</EmbeddedFiles<</Names[(factur-x.xml) 3 0 R]>>>>>>";
    let file = "<</Type/Filespec/UF<FEFF0066006100630074007500720\
                02D0078002E0078006D006C>/EF<</F 4 0 R>>>>";
    let inner = format!("1 0 3 {} {names} {file}", names.len() + 1);
    let first = format!("1 0 3 {} ", names.len() + 1).len();
    let stream = packed(inner.as_bytes());
    let mut pdf = b"junk before\n%PDF-1.5\n".to_vec();
    let base = 12;
    let mut places = [0_usize; 6];
    places[2] = pdf.len() - base;
    write!(pdf, "2 0 obj <</Type/ObjStm/N 2/First {first}/Length {}/Filter/FlateDecode>>stream\n", stream.len())
        .unwrap();
    pdf.extend_from_slice(&stream);
    pdf.extend_from_slice(b"\nendstream endobj\n");
    places[4] = pdf.len() - base;
    write!(pdf, "4 0 obj <</Length 99999>>stream\n{xml}\nendstream endobj\n").unwrap();
    places[5] = pdf.len() - base;
    // Rows of type, place and index, each written as its difference from the row above (PNG predictor 2).
    let rows = [[0, 0, 0], [2, 2, 0], [1, places[2], 0], [2, 2, 1], [1, places[4], 0], [1, places[5], 0]];
    let rows = rows.map(|row| {
        [
            u8::try_from(row[0]).unwrap(),
            (row[1] >> 8).to_le_bytes()[0],
            row[1].to_le_bytes()[0],
            u8::try_from(row[2]).unwrap(),
        ]
    });
    let mut table = Vec::new();
    let mut above = [0_u8; 4];
    for row in rows {
        table.push(2);
        table.extend(row.iter().zip(above).map(|(byte, above)| byte.wrapping_sub(above)));
        above = row;
    }
    let table = packed(&table);
    write!(
        pdf,
        "5 0 obj <</Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 4>>/Length {}>>stream\n",
        table.len()
    )
    .unwrap();
    pdf.extend_from_slice(&table);
    write!(pdf, "\nendstream endobj\nstartxref\n{}\n%%EOF", places[5]).unwrap();
    let found = examined("r.pdf", &pdf);
    // The stream of the invoice is not as long as it says.
    assert_eq!(codes(&found), ["pdf-damaged"]);
    let held = found.pdf.as_ref().unwrap();
    assert_eq!(held.attachments[0].name, "factur-x.xml");
    assert_eq!(held.attachments[0].sha256, Checksum::of(Algorithm::Sha256, xml.as_bytes()));
    // Without any cross-reference everything is found by searching.
    let at = pdf.windows(9).rposition(|nine| nine == b"startxref").unwrap();
    let searched = examined("r.pdf", &pdf[..at]);
    assert_eq!(codes(&searched), ["pdf-damaged"]);
    assert_eq!(searched.invoice, found.invoice);
}

#[test]
fn malicious_pdfs_end_soon_with_a_finding() {
    let xml = cii("380", "", "");
    let good = String::from_utf8_lossy(&pdf(&[("factur-x.xml", xml.as_bytes(), "")])).into_owned();
    let start = good.rsplit("startxref\n").next().unwrap().lines().next().unwrap().to_owned();
    let cyclic = good.replace("/Root 1 0 R", &format!("/Root 1 0 R/Prev {start}"));
    let own_kid = good.replace("<</Kids[<<", "<</Kids[1 0 R 2 0 R<<").replace("/Kids[]", "/Kids[2 0 R 2 0 R]");
    let no_end = good.replace("/Type/Pages", "/Type 7 0 R").replace("/Root 1 0 R", "/Root 99 0 R");
    let itself = "%PDF-1.4\n1 0 obj 1 0 R endobj\ntrailer<</Root 1 0 R>>".to_owned();
    let deep = format!("%PDF-1.4\n1 0 obj {}", "[".repeat(3 << 20));
    let many = format!("%PDF-1.4\nxref\n0 4000000000\n{}", "0000000009 00000 n \n".repeat(1_000));
    let encrypted = good.replace("/Root 1 0 R", "/Root 1 0 R/Encrypt<</Filter/Standard>>");
    let length = good.replace("/Length ", "/Length 3 0 R/X ");
    for (name, file, expected) in [
        ("cyclic", cyclic, "pdf-damaged"),
        ("own kid", own_kid, ""),
        ("no root", no_end, ""),
        ("itself", itself, "pdf-unreadable"),
        ("deep", deep, "pdf-unreadable"),
        ("many", many, "pdf-unreadable"),
        ("nothing", "%PDF-1.4".to_owned(), "pdf-unreadable"),
        ("no pdf", "Guten Tag".to_owned(), "pdf-unreadable"),
        ("encrypted", encrypted, "pdf-encrypted"),
        ("length", length, "pdf-damaged"),
    ] {
        let begun = Instant::now();
        let found = examined("r.pdf", file.as_bytes());
        if !expected.is_empty() {
            assert_eq!(codes(&found), [expected], "{name}");
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{name}: {:?}", begun.elapsed());
    }
}

#[test]
fn what_unpacks_without_end_is_not_unpacked_to_its_end() {
    // Zeros beyond the bound for tests, packed twice: some hundred bytes.
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![0; 1 << 20];
    for _ in 0..20 {
        encoder.write_all(&zeros).unwrap();
    }
    let bomb = packed(&encoder.finish().unwrap());
    assert!(bomb.len() < 20_000, "{}", bomb.len());
    let found = examined("r.pdf", &pdf(&[("bomb.xml", &bomb, "/Filter[/FlateDecode/FlateDecode]")]));
    assert_eq!(codes(&found), ["attachment-damaged", "no-invoice-in-pdf"]);
    let held = found.pdf.unwrap();
    assert_eq!(held.attachments[0].fault, "limit");
}

#[test]
fn flipped_and_cut_pdfs_never_panic_and_never_hang() {
    let mut files = vec![pdf(&[("factur-x.xml", &packed(cii("380", "", "").as_bytes()), "/Filter/FlateDecode")])];
    if let Some((root, _)) = samples() {
        files.extend(
            ["zugferd_invoice.pdf", "EN16931_Einfach.pdf"]
                .map(|name| fs::read(root.join("erechnung/zugferd").join(name)).unwrap()),
        );
    }
    let begun = Instant::now();
    let mut seed = 1_u64;
    let mut next = |below: usize| {
        // Xorshift: the same cases in each run.
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap()
    };
    let mut told = 0;
    for case in 0..300 {
        let mut file = files[case % files.len()].clone();
        match case % 4 {
            0 => file.truncate(next(file.len())),
            1 => {
                let (from, to) = (next(file.len()), next(file.len()));
                file.drain(from.min(to)..from.max(to));
            }
            2 => {
                for _ in 0..64 {
                    let at = next(file.len());
                    file[at] ^= 1 << next(8);
                }
            }
            _ => {
                // At the end, where the cross-references are.
                let tail = file.len().min(800);
                for _ in 0..8 {
                    let at = file.len() - 1 - next(tail);
                    file[at] = next(256).to_le_bytes()[0];
                }
            }
        }
        let found = examined("r.pdf", &file);
        assert!(found.fault.is_none());
        assert!(found.pdf.is_some() || !found.findings.is_empty());
        told += usize::from(!found.findings.is_empty());
    }
    assert!(told > 100, "{told}");
    assert!(begun.elapsed() < Duration::from_secs(120), "{:?}", begun.elapsed());
}
