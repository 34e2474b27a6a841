//! What an invoice says: business terms of EN 16931-1, the same in each syntax.

use super::base64::Decoded;

/// In which syntax an invoice is written; root element and namespace decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// UBL 2, Invoice.
    UblInvoice,
    /// UBL 2, Credit Note.
    UblCreditNote,
    /// UN/CEFACT Cross Industry Invoice (D16B and later): XRechnung, ZUGFeRD from 2.0, Factur-X.
    Cii,
    /// ZUGFeRD 1.0, older than EN 16931.
    Zugferd1,
    /// Order-X: an order, no invoice.
    OrderX,
}

impl Syntax {
    /// Returns the syntax of a document whose root element is `name` in `namespace`, `None` where it is no invoice.
    #[must_use]
    pub fn of_root(namespace: &str, name: &str) -> Option<Self> {
        const UN: &str = "urn:un:unece:uncefact:data:";
        match name {
            "Invoice" if namespace == "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" => {
                Some(Self::UblInvoice)
            }
            "CreditNote" if namespace == "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2" => {
                Some(Self::UblCreditNote)
            }
            "CrossIndustryInvoice" if namespace.strip_prefix(UN)?.starts_with("standard:CrossIndustryInvoice:") => {
                Some(Self::Cii)
            }
            "CrossIndustryDocument" if namespace.starts_with("urn:ferd:CrossIndustryDocument:") => Some(Self::Zugferd1),
            "SCRDMCCBDACIOMessageStructure" if namespace.strip_prefix(UN)?.contains(name) => Some(Self::OrderX),
            _ => None,
        }
    }

    /// Returns what the syntax is called in descriptions.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UblInvoice => "UBL-Invoice",
            Self::UblCreditNote => "UBL-CreditNote",
            Self::Cii => "CII",
            Self::Zugferd1 => "ZUGFeRD1",
            Self::OrderX => "Order-X",
        }
    }

    /// Returns whether its documents are invoices by EN 16931, whose business terms are read.
    #[must_use]
    pub const fn is_evaluated(self) -> bool {
        matches!(self, Self::UblInvoice | Self::UblCreditNote | Self::Cii)
    }
}

/// A business term by its number: 1 is BT-1.
pub type Term = u16;

/// What every invoice must say, of the terms that are read here (EN 16931-1, 6.3: BR-1 to BR-7, BR-14, BR-15).
pub const MANDATORY: &[Term] = &[1, 2, 3, 5, 24, 27, 44, 112, 115];

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// In which syntax it is written.
    pub syntax: Syntax,
    /// Terms with their values, in the order of the terms; BT-25 may be there more than once.
    pub terms: Vec<(Term, String)>,
    /// Terms that should be dates and are none.
    pub no_dates: Vec<Term>,
    /// Documents that support it (BG-24), in their order.
    pub documents: Vec<Document>,
    /// Whether there are more of these than are read.
    pub more_documents: bool,
}

/// A supporting document (BG-24).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Its reference (BT-122).
    pub reference: String,
    /// What it is (BT-123).
    pub description: String,
    /// Where it lies outside (BT-124).
    pub location: String,
    /// The document itself (BT-125).
    pub embedded: Option<Embedded>,
}

/// A document that is embedded in an invoice (BT-125).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embedded {
    /// Its file name (BT-125-2).
    pub name: String,
    /// Its MIME type (BT-125-1).
    pub mime_type: String,
    /// Size and checksum of its bytes.
    pub bytes: Decoded,
}

impl Invoice {
    /// Returns the first value of `term`, empty where it has none.
    #[must_use]
    pub fn term(&self, term: Term) -> &str {
        self.all(term).next().unwrap_or_default()
    }

    /// Returns all values of `term`.
    pub fn all(&self, term: Term) -> impl Iterator<Item = &str> {
        self.terms.iter().filter(move |(own, _)| *own == term).map(|(_, value)| value.as_str())
    }

    /// Returns what must be said and is not.
    pub fn missing(&self) -> impl Iterator<Item = Term> {
        let evaluated = self.syntax.is_evaluated();
        MANDATORY.iter().copied().filter(move |term| evaluated && self.term(*term).is_empty())
    }

    /// Returns what kind of document it is (BT-3, UNTDID 1001), in German.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match (self.syntax, self.term(3)) {
            (Syntax::OrderX, _) => "Bestellung",
            // The codes that EN 16931 has for credit notes (code list UNTDID 1001, BR-CL-01).
            (_, "81" | "83" | "261" | "296" | "308" | "381" | "396" | "420" | "458" | "502" | "503" | "532") => {
                "Gutschrift"
            }
            (_, "326") => "Teilrechnung",
            (_, "384") => "Rechnungskorrektur",
            (_, "389") => "Rechnung im Gutschriftverfahren",
            (_, "386") => "Vorauszahlungsrechnung",
            (_, "875") => "Abschlagsrechnung (Bau)",
            (_, "876") => "Teilschlussrechnung (Bau)",
            (_, "877") => "Schlussrechnung (Bau)",
            (Syntax::UblCreditNote, _) => "Gutschrift",
            _ => "Rechnung",
        }
    }

    /// Returns its title: `Rechnung 4711 vom 2026-01-31, Muster GmbH`; what is not known is left out.
    #[must_use]
    pub fn title(&self) -> String {
        let mut title = match (self.syntax, self.kind()) {
            (Syntax::OrderX, _) => "Bestellung".to_owned(),
            (_, "Gutschrift") => "Gutschrift".to_owned(),
            _ => "Rechnung".to_owned(),
        };
        for (before, term) in [(" ", 1), (" vom ", 2), (", ", 27)] {
            if !self.term(term).is_empty() {
                title.push_str(before);
                title.push_str(self.term(term));
            }
        }
        title
    }
}
