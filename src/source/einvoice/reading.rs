//! Invoices in XML, read as streams: UBL 2 (EN 16931-3-2) and CII (EN 16931-3-3), by namespaces and never by prefixes.

use std::io::BufRead;

use super::base64::Decoder;
use super::invoice::{Document, Embedded, Invoice, Syntax, Term};
use crate::io::xml::{Element, Node, XmlError, XmlLimits, XmlReader};

/// How many supporting documents are listed at most.
const DOCUMENTS: usize = 1_000;

/// How many values of a term are kept at most; EN 16931 lets only BT-25 be there more than once.
const VALUES: usize = 100;

/// How long a value is at most, in bytes; what is longer is cut.
const LENGTH: usize = 4_000;

/// Bounds on the XML: no invoice nests or writes as much as this. Embedded documents are not pieces.
const LIMITS: XmlLimits = XmlLimits { depth: 40, attributes: 64, piece: 3 << 20, elements: u64::MAX };

/// How long the name of an element is that may mean something, in bytes.
const NAME: usize = 100;

/// What a document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// An invoice, or what is like one.
    Invoice(Box<Invoice>),
    /// Something else: its root element, as `{namespace}name`.
    Other(String),
}

/// Why a document cannot be read: at line and column, from 1.
#[derive(Debug, thiserror::Error)]
#[error("line {line}, column {column}")]
pub struct ReadError {
    /// The line that was reached.
    pub line: u64,
    /// The column that was reached.
    pub column: u64,
    /// Why.
    #[source]
    pub error: XmlError,
}

/// Reads the document `source`; all of it, so that one that is not well-formed is found.
pub fn read(source: impl BufRead) -> Result<Read, ReadError> {
    let mut xml = XmlReader::new(source, LIMITS);
    let mut state = State::default();
    loop {
        let at = |xml: &XmlReader<_>, error| ReadError { line: xml.line(), column: xml.column(), error };
        match xml.node() {
            Ok(Some(Node::Start(element))) => {
                state.begin(&element);
                if let Some(decoder) = &mut state.decoder {
                    xml.raw_text(|text| decoder.update(text)).map_err(|error| at(&xml, error))?;
                }
            }
            Ok(Some(Node::Text(text))) => state.text(&text),
            Ok(Some(Node::End)) => state.end(),
            Ok(None) => return Ok(state.finish()),
            Err(error) => return Err(at(&xml, error)),
        }
    }
}

/// What has been read of a document.
#[derive(Default)]
struct State {
    syntax: Option<Syntax>,
    other: Option<String>,
    /// The elements that are open below the root, as `a:Name/b:Name` with the prefixes of [`prefix`].
    path: String,
    depth: usize,
    /// The text of the innermost element if it is a value, and the attributes that it depends on.
    value: Option<String>,
    attribute: String,
    decoder: Option<Decoder>,
    embedded: (String, String),
    terms: Vec<(Term, String)>,
    no_dates: Vec<Term>,
    /// Amounts with the currency that they are in.
    amounts: Vec<(Term, String, String)>,
    document: Document,
    /// The type code of that document.
    code: String,
    documents: Vec<Document>,
    more_documents: bool,
    /// VAT identifier and tax scheme of the registration that is being read.
    registration: (String, String),
}

impl State {
    fn begin(&mut self, element: &Element) {
        self.depth += 1;
        if self.depth == 1 {
            self.syntax = Syntax::of_root(&element.namespace, &element.name);
            if self.syntax.is_none() {
                self.other = Some(format!("{{{}}}{}", element.namespace, element.name));
            }
            return;
        }
        if self.syntax.is_none() {
            return;
        }
        if !self.path.is_empty() {
            self.path.push('/');
        }
        self.path.push_str(prefix(&element.namespace));
        self.path.push(':');
        self.path.push_str(element.name.get(..NAME).map_or(element.name.as_str(), |_| "?"));
        let attribute = |name| element.attribute(name).unwrap_or_default().to_owned();
        (self.value, self.attribute) = (None, String::new());
        match self.place() {
            Place::Term(_) | Place::Part(_) => self.value = Some(String::new()),
            Place::Amount(_) => {
                (self.value, self.attribute) = (Some(String::new()), attribute("currencyID"));
            }
            Place::Date(_) => (self.value, self.attribute) = (Some(String::new()), attribute("format")),
            Place::Scheme => (self.value, self.attribute) = (Some(String::new()), attribute("schemeID")),
            Place::Embedded => {
                self.decoder = Some(Decoder::new());
                self.embedded = (cut(&attribute("filename")), cut(&attribute("mimeCode")));
            }
            Place::Document => (self.document, self.code) = (Document::default(), String::new()),
            Place::Registration => self.registration = (String::new(), String::new()),
            Place::Elsewhere => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(decoder) = &mut self.decoder {
            decoder.update(text.as_bytes());
        } else if let Some(value) = &mut self.value
            && value.len() < LENGTH
        {
            value.push_str(text);
        }
    }

    fn end(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.syntax.is_none() || self.depth == 0 {
            return;
        }
        let place = self.place();
        // Elements in a value end before it does; what they hold is no part of it.
        let value = self.value.take().map(|value| cut(value.trim())).unwrap_or_default();
        match place {
            Place::Term(term) => self.keep(term, value),
            Place::Amount(term) if !value.is_empty() && self.amounts.len() < VALUES => {
                let currency = std::mem::take(&mut self.attribute);
                self.amounts.push((term, value, currency));
            }
            Place::Date(term) => {
                let date = date(&value, &self.attribute, self.syntax);
                if date.is_none() && !value.is_empty() {
                    self.no_dates.push(term);
                }
                self.keep(term, date.unwrap_or(value));
            }
            Place::Scheme if self.attribute == "VA" => self.keep(31, value),
            Place::Part(part) => match part {
                Part::Reference => self.document.reference = value,
                Part::Description => self.document.description = value,
                Part::Location => self.document.location = value,
                Part::Code => self.code = value,
                Part::Number => self.registration.0 = value,
                Part::Scheme => self.registration.1 = value,
            },
            Place::Embedded => {
                if let Some(decoder) = self.decoder.take() {
                    let (name, mime_type) = std::mem::take(&mut self.embedded);
                    let embedded = Embedded { name, mime_type, bytes: decoder.finish() };
                    self.document.embedded = Some(embedded);
                }
            }
            Place::Document if supports(self.syntax, &self.code) => {
                if self.documents.len() < DOCUMENTS {
                    self.documents.push(std::mem::take(&mut self.document));
                } else {
                    self.more_documents = true;
                }
            }
            Place::Registration => {
                let (number, scheme) = std::mem::take(&mut self.registration);
                if scheme.eq_ignore_ascii_case("VAT") {
                    self.keep(31, number);
                }
            }
            _ => {}
        }
        self.path.truncate(self.path.rfind('/').unwrap_or(0));
    }

    /// Keeps a value; of all terms but BT-25 the first.
    fn keep(&mut self, term: Term, value: String) {
        let known = self.terms.iter().filter(|(own, _)| *own == term).count();
        if !value.is_empty() && known < if term == 25 { VALUES } else { 1 } {
            self.terms.push((term, value));
        }
    }

    fn finish(mut self) -> Read {
        let Some(syntax) = self.syntax else {
            return Read::Other(self.other.unwrap_or_default());
        };
        let currency = self.terms.iter().find(|(term, _)| *term == 5).map(|(_, value)| value.clone());
        for term in [109, 112, 115] {
            let of_term = || self.amounts.iter().filter(|(own, ..)| *own == term);
            // Totals may also be told in the currency of the accounts (BT-6).
            let told = of_term().find(|(_, _, unit)| Some(unit) == currency.as_ref());
            let chosen = told.or_else(|| of_term().find(|(_, _, unit)| unit.is_empty())).or_else(|| of_term().next());
            self.terms.extend(chosen.map(|(term, value, _)| (*term, value.clone())));
        }
        // A stable sort: preceding invoices stay in their order.
        self.terms.sort_by_key(|(term, _)| *term);
        Read::Invoice(Box::new(Invoice {
            syntax,
            terms: self.terms,
            no_dates: self.no_dates,
            documents: self.documents,
            more_documents: self.more_documents,
        }))
    }

    /// Tells what the innermost element is.
    fn place(&self) -> Place {
        match self.syntax {
            Some(Syntax::UblInvoice) => ubl(&self.path, false),
            Some(Syntax::UblCreditNote) => ubl(&self.path, true),
            Some(Syntax::Cii) => cii(&self.path),
            Some(Syntax::Zugferd1) => zugferd1(&self.path),
            Some(Syntax::OrderX) => order(&self.path),
            None => Place::Elsewhere,
        }
    }
}

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing that is read.
    Elsewhere,
    /// The value of a term.
    Term(Term),
    /// An amount, perhaps beside others in other currencies.
    Amount(Term),
    /// A date.
    Date(Term),
    /// CII: a registration number, with its scheme.
    Scheme,
    /// UBL: a registration, with number and scheme in it.
    Registration,
    /// A supporting document (BG-24), or another reference in the same form.
    Document,
    /// A part of a document or a registration.
    Part(Part),
    /// An embedded document.
    Embedded,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Reference,
    Description,
    Location,
    Code,
    Number,
    Scheme,
}

/// Returns the prefix that stands in paths here for `namespace`, whatever the document calls it.
fn prefix(namespace: &str) -> &'static str {
    if let Some(name) = namespace.strip_prefix("urn:oasis:names:specification:ubl:schema:xsd:") {
        return match name {
            "CommonBasicComponents-2" => "cbc",
            "CommonAggregateComponents-2" => "cac",
            _ => "?",
        };
    }
    let Some(name) = namespace.strip_prefix("urn:un:unece:uncefact:data:") else {
        return if namespace.starts_with("urn:ferd:CrossIndustryDocument:") { "rsm" } else { "?" };
    };
    let name = name.strip_prefix("standard:").unwrap_or(name);
    match name.split(':').next().unwrap_or_default() {
        "CrossIndustryInvoice" | "SCRDMCCBDACIOMessageStructure" => "rsm",
        "ReusableAggregateBusinessInformationEntity" => "ram",
        "UnqualifiedDataType" => "udt",
        "QualifiedDataType" => "qdt",
        _ => "?",
    }
}

/// UBL: EN 16931-3-2, for both kinds of documents.
fn ubl(path: &str, credit_note: bool) -> Place {
    if let Some(rest) = below(path, "cac:AccountingSupplierParty/cac:Party") {
        return match rest {
            "cac:PartyLegalEntity/cbc:RegistrationName" => Place::Term(27),
            "cac:PartyTaxScheme" => Place::Registration,
            "cac:PartyTaxScheme/cbc:CompanyID" => Place::Part(Part::Number),
            "cac:PartyTaxScheme/cac:TaxScheme/cbc:ID" => Place::Part(Part::Scheme),
            _ => Place::Elsewhere,
        };
    }
    if let Some(rest) = below(path, "cac:AdditionalDocumentReference") {
        return match rest {
            "" => Place::Document,
            "cbc:ID" => Place::Part(Part::Reference),
            "cbc:DocumentTypeCode" => Place::Part(Part::Code),
            "cbc:DocumentDescription" => Place::Part(Part::Description),
            "cac:Attachment/cac:ExternalReference/cbc:URI" => Place::Part(Part::Location),
            "cac:Attachment/cbc:EmbeddedDocumentBinaryObject" => Place::Embedded,
            _ => Place::Elsewhere,
        };
    }
    match path {
        "cbc:ID" => Place::Term(1),
        "cbc:IssueDate" => Place::Date(2),
        "cbc:InvoiceTypeCode" if !credit_note => Place::Term(3),
        "cbc:CreditNoteTypeCode" if credit_note => Place::Term(3),
        "cbc:DocumentCurrencyCode" => Place::Term(5),
        "cbc:DueDate" if !credit_note => Place::Date(9),
        "cac:PaymentMeans/cbc:PaymentDueDate" if credit_note => Place::Date(9),
        "cbc:BuyerReference" => Place::Term(10),
        "cac:ContractDocumentReference/cbc:ID" => Place::Term(12),
        "cac:OrderReference/cbc:ID" => Place::Term(13),
        "cbc:ProfileID" => Place::Term(23),
        "cbc:CustomizationID" => Place::Term(24),
        "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID" => Place::Term(25),
        "cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName" => Place::Term(44),
        "cac:AccountingCustomerParty/cac:Party/cbc:EndpointID" => Place::Term(49),
        "cac:InvoicePeriod/cbc:StartDate" => Place::Date(73),
        "cac:InvoicePeriod/cbc:EndDate" => Place::Date(74),
        "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount" => Place::Amount(109),
        "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount" => Place::Amount(112),
        "cac:LegalMonetaryTotal/cbc:PayableAmount" => Place::Amount(115),
        _ => Place::Elsewhere,
    }
}

/// CII: EN 16931-3-3.
fn cii(path: &str) -> Place {
    if let Some(rest) = below(path, "rsm:SupplyChainTradeTransaction") {
        if let Some(rest) = below(rest, "ram:ApplicableHeaderTradeAgreement") {
            return agreement(rest);
        }
        if let Some(rest) = below(rest, "ram:ApplicableHeaderTradeSettlement") {
            return settlement(rest);
        }
        return Place::Elsewhere;
    }
    match path {
        "rsm:ExchangedDocument/ram:ID" => Place::Term(1),
        "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString" => Place::Date(2),
        "rsm:ExchangedDocument/ram:TypeCode" => Place::Term(3),
        "rsm:ExchangedDocumentContext/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID" => Place::Term(23),
        "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID" => Place::Term(24),
        _ => Place::Elsewhere,
    }
}

fn agreement(path: &str) -> Place {
    match path {
        "ram:BuyerReference" => Place::Term(10),
        "ram:ContractReferencedDocument/ram:IssuerAssignedID" => Place::Term(12),
        "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID" => Place::Term(13),
        "ram:SellerTradeParty/ram:Name" => Place::Term(27),
        "ram:SellerTradeParty/ram:SpecifiedTaxRegistration/ram:ID" => Place::Scheme,
        "ram:BuyerTradeParty/ram:Name" => Place::Term(44),
        "ram:BuyerTradeParty/ram:URIUniversalCommunication/ram:URIID" => Place::Term(49),
        "ram:AdditionalReferencedDocument" => Place::Document,
        "ram:AdditionalReferencedDocument/ram:IssuerAssignedID" => Place::Part(Part::Reference),
        "ram:AdditionalReferencedDocument/ram:TypeCode" => Place::Part(Part::Code),
        "ram:AdditionalReferencedDocument/ram:Name" => Place::Part(Part::Description),
        "ram:AdditionalReferencedDocument/ram:URIID" => Place::Part(Part::Location),
        "ram:AdditionalReferencedDocument/ram:AttachmentBinaryObject" => Place::Embedded,
        _ => Place::Elsewhere,
    }
}

fn settlement(path: &str) -> Place {
    if let Some(rest) = below(path, "ram:SpecifiedTradeSettlementHeaderMonetarySummation") {
        return match rest {
            "ram:TaxBasisTotalAmount" => Place::Amount(109),
            "ram:GrandTotalAmount" => Place::Amount(112),
            "ram:DuePayableAmount" => Place::Amount(115),
            _ => Place::Elsewhere,
        };
    }
    match path {
        "ram:InvoiceCurrencyCode" => Place::Term(5),
        "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString" => Place::Date(9),
        "ram:InvoiceReferencedDocument/ram:IssuerAssignedID" => Place::Term(25),
        "ram:BillingSpecifiedPeriod/ram:StartDateTime/udt:DateTimeString" => Place::Date(73),
        "ram:BillingSpecifiedPeriod/ram:EndDateTime/udt:DateTimeString" => Place::Date(74),
        _ => Place::Elsewhere,
    }
}

/// ZUGFeRD 1.0: only what a title needs.
fn zugferd1(path: &str) -> Place {
    match path {
        "rsm:HeaderExchangedDocument/ram:ID" => Place::Term(1),
        "rsm:HeaderExchangedDocument/ram:TypeCode" => Place::Term(3),
        "rsm:HeaderExchangedDocument/ram:IssueDateTime/udt:DateTimeString" => Place::Date(2),
        "rsm:SpecifiedSupplyChainTradeTransaction/ram:ApplicableSupplyChainTradeAgreement/ram:SellerTradeParty/ram:Name" => {
            Place::Term(27)
        }
        "rsm:SpecifiedSupplyChainTradeTransaction/ram:ApplicableSupplyChainTradeAgreement/ram:BuyerTradeParty/ram:Name" => {
            Place::Term(44)
        }
        _ => Place::Elsewhere,
    }
}

/// Order-X: only what a title needs.
fn order(path: &str) -> Place {
    match path {
        "rsm:ExchangedDocument/ram:ID" => Place::Term(1),
        "rsm:ExchangedDocument/ram:TypeCode" => Place::Term(3),
        "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString" => Place::Date(2),
        "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty/ram:Name" => {
            Place::Term(27)
        }
        "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty/ram:Name" => {
            Place::Term(44)
        }
        _ => Place::Elsewhere,
    }
}

/// Tells whether a reference with this type code is a supporting document (BG-24) and not an invoiced object (BT-18, 130),
/// a tender (BT-17, CII 50) or a project (BT-11, UBL credit note 50).
fn supports(syntax: Option<Syntax>, code: &str) -> bool {
    match syntax {
        Some(Syntax::Cii) => code == "916",
        Some(Syntax::UblCreditNote) => !matches!(code, "130" | "50"),
        _ => code != "130",
    }
}

/// Returns what of `path` is below `above`, empty where it is `above` itself.
fn below<'a>(path: &'a str, above: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(above)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// Returns a date as ISO 8601: UBL has `xsd:date`, perhaps with a time zone, CII digits in a format of UNTDID 2379.
fn date(value: &str, format: &str, syntax: Option<Syntax>) -> Option<String> {
    if matches!(syntax, Some(Syntax::UblInvoice | Syntax::UblCreditNote)) {
        let (day, rest) = value.split_at_checked(10)?;
        return day.parse::<jiff::civil::Date>().ok().filter(|_| zone(rest)).map(|date| date.to_string());
    }
    let length = match format {
        "102" | "" => 8,
        // With hours and minutes, and with seconds: ZUGFeRD 1.0 and orders.
        "203" => 12,
        "204" => 14,
        _ => return None,
    };
    if value.len() != length || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let date = jiff::civil::Date::strptime("%Y%m%d", value.get(..8)?).ok()?;
    Some(date.to_string())
}

/// Tells whether `text` is a time zone as `xsd:date` may have one.
fn zone(text: &str) -> bool {
    let digits = |text: &str| {
        text.len() == 5 && text.bytes().enumerate().all(|(n, b)| if n == 2 { b == b':' } else { b.is_ascii_digit() })
    };
    text.is_empty() || text == "Z" || text.strip_prefix(['+', '-']).is_some_and(digits)
}

/// Cuts a value to what is kept of it.
fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(LENGTH)].to_owned()
}
