//! Invoices as records: the description that both syntaxes give alike, and the unit with what is embedded.

use super::examine::Examined;
use super::invoice::{Document, Invoice, Syntax, Term};
use crate::model::checksum::Checksum;
use crate::model::record::{ClosureFacts, Description};
use crate::model::unit::{Property, Unit, UnitKind};

/// Relations of an invoice: term, and what the other record is.
const RELATIONS: [(Term, &str); 3] = [(12, "Vertrag"), (13, "Bestellung"), (25, "Rechnung")];

/// Describes the invoice in a file; what is not known stays empty.
///
/// Everything is taken from business terms, nothing from the syntax: the same invoice in UBL and in CII is described alike.
#[must_use]
pub fn description(file: &Examined) -> Description {
    let mut description = Description::default();
    if let Some(invoice) = &file.invoice {
        of_invoice(invoice, &mut description);
    }
    if let Some(pdf) = &file.pdf {
        if !pdf.xmp.part.is_empty() {
            let part = format!("PDF/A-{}{}", pdf.xmp.part, pdf.xmp.conformance);
            description.conforms_to.push(part);
            description.properties.push(Property::new("pdfa", &pdf.xmp.part));
        }
        if !pdf.xmp.profile.is_empty() {
            let scheme = if file.invoice.as_ref().is_some_and(|invoice| invoice.syntax == Syntax::OrderX) {
                "Order-X"
            } else {
                "ZUGFeRD/Factur-X"
            };
            description.conforms_to.push(format!("{scheme} {}", pdf.xmp.profile));
            description.properties.push(Property::new("profil", &pdf.xmp.profile));
        }
        for file in &pdf.attachments {
            let said = attached(&file.name, &file.mime_type, file.size, &file.sha256);
            description.properties.push(Property::new("anhang", said));
        }
    }
    description
}

/// Returns what the file is as a unit, with what is embedded in it; `position` is its place among the record's files.
#[must_use]
pub fn unit(file: &Examined, title: &str, position: usize) -> Unit {
    let mut unit = Unit { kind: UnitKind::Stueck, title: title.to_owned(), files: vec![position], ..Unit::default() };
    if let Some(invoice) = &file.invoice {
        invoice.term(1).clone_into(&mut unit.reference);
        unit.dates = [invoice.term(2).to_owned(), invoice.term(2).to_owned()];
        unit.properties.push(Property::new("syntax", invoice.syntax.name()));
        unit.parts.extend(invoice.documents.iter().map(supporting));
    }
    if let Some(pdf) = &file.pdf {
        let embedded = pdf.file.and_then(|place| pdf.attachments.get(place));
        unit.properties.extend(embedded.map(|file| Property::new("rechnungsdatei", &file.name)));
        unit.parts.extend(pdf.attachments.iter().map(|file| {
            let mut part = part(&file.name, "", &file.description);
            part.properties.extend(bytes(&file.name, &file.mime_type, file.size, &file.sha256));
            if !file.relationship.is_empty() {
                part.properties.push(Property::new("beziehung", &file.relationship));
            }
            part
        }));
    }
    unit
}

/// Returns what the closure period of an invoice depends on.
#[must_use]
pub fn closure(description: &Description) -> ClosureFacts {
    let made = if description.dates_of_files { String::new() } else { description.date_to.clone() };
    ClosureFacts { made, ..ClosureFacts::default() }
}

fn of_invoice(invoice: &Invoice, description: &mut Description) {
    let named = |term| invoice.all(term).map(str::to_owned);
    if invoice.all(1).chain(invoice.all(2)).chain(invoice.all(27)).next().is_some() {
        description.title = invoice.title();
    }
    invoice.kind().clone_into(&mut description.kind);
    description.identifiers = named(1).chain(named(10)).collect();
    if !invoice.no_dates.contains(&2) {
        invoice.term(2).clone_into(&mut description.date_from);
        invoice.term(2).clone_into(&mut description.date_to);
    }
    invoice.term(27).clone_into(&mut description.creator);
    description.audience = named(44).collect();
    description.conforms_to = named(24).chain(named(23)).collect();
    for (term, what) in RELATIONS {
        description.relations.extend(invoice.all(term).map(|value| format!("{what} {value}")));
    }
    description.summary = summary(invoice);
    if invoice.syntax.is_evaluated() {
        description.properties =
            invoice.terms.iter().map(|(term, value)| Property::new(format!("BT-{term}"), value)).collect();
    }
    for document in &invoice.documents {
        if !document.reference.is_empty() {
            description.properties.push(Property::new("BT-122", &document.reference));
        }
        if let Some(embedded) = &document.embedded {
            let said = attached(&embedded.name, &embedded.mime_type, embedded.bytes.size, &embedded.bytes.sha256);
            description.properties.push(Property::new("BT-125", said));
        }
    }
}

/// Returns the amounts in a sentence.
fn summary(invoice: &Invoice) -> String {
    let amount = |what: &str, term| {
        let value = invoice.term(term);
        (!value.is_empty()).then(|| format!("{what}: {value} {}", invoice.term(5)).trim_end().to_owned())
    };
    let said = [amount("Gesamtbetrag mit Umsatzsteuer", 112), amount("fälliger Betrag", 115)];
    said.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Returns an embedded file in one line: `Plan.pdf (application/pdf, 1234 Bytes, SHA-256 …)`.
fn attached(name: &str, mime_type: &str, size: u64, sha256: &Checksum) -> String {
    let mime_type = if mime_type.is_empty() { String::new() } else { format!("{mime_type}, ") };
    format!("{name} ({mime_type}{size} Bytes, SHA-256 {})", sha256.hex())
}

fn supporting(document: &Document) -> Unit {
    let name = document.embedded.as_ref().map(|embedded| embedded.name.as_str()).unwrap_or_default();
    let mut unit = part(name, &document.reference, &document.description);
    if !document.location.is_empty() {
        unit.properties.push(Property::new("BT-124", &document.location));
    }
    if let Some(embedded) = &document.embedded {
        unit.properties.extend(bytes(&embedded.name, &embedded.mime_type, embedded.bytes.size, &embedded.bytes.sha256));
    }
    unit
}

/// Returns the unit of a file that lies in another.
fn part(name: &str, reference: &str, description: &str) -> Unit {
    let title = [description, name, reference].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    Unit { kind: UnitKind::Anlage, title: title.to_owned(), reference: reference.to_owned(), ..Unit::default() }
}

fn bytes(name: &str, mime_type: &str, size: u64, sha256: &Checksum) -> Vec<Property> {
    let mut said = vec![Property::new("groesse", size.to_string()), Property::new("sha256", sha256.hex())];
    for (property, value) in [("dateiname", name), ("mime", mime_type)] {
        if !value.is_empty() {
            said.push(Property::new(property, value));
        }
    }
    said
}
