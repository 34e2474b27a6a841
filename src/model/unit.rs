//! How a source takes a record apart: units in units, such as Akte, Vorgang and Dokument, down to files.

use serde::{Deserialize, Serialize};

/// A part of a record as its source tells it. Empty strings mean that nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    /// What it is.
    pub kind: UnitKind,
    /// Its identifier at the source (xdomea: UUID).
    pub id: String,
    /// Its title (Betreff).
    pub title: String,
    /// Its reference code (Kennzeichen, Aktenzeichen).
    pub reference: String,
    /// First and last date of its contents (Laufzeit), ISO 8601 calendar dates or parts of one.
    pub dates: [String; 2],
    /// What else is told of it.
    pub properties: Vec<Property>,
    /// Its files, as positions in [`super::record::Record::files`].
    pub files: Vec<usize>,
    /// The units in it, in their order.
    pub parts: Vec<Unit>,
}

/// What a unit is: METS `div/@TYPE`, and a level of description (ISAD(G) 3.1.4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnitKind {
    /// Akte.
    Akte,
    /// Teilakte, Band.
    Teilakte,
    /// Vorgang.
    Vorgang,
    /// Dokument, Schriftstück.
    #[default]
    Dokument,
    /// Anlage to a Dokument.
    Anlage,
    /// A version of a Dokument or an Anlage.
    Version,
    /// A format in which a version is there.
    Format,
    /// A record of another kind of source: an invoice, an application, an e-mail.
    Stueck,
}

impl UnitKind {
    /// Returns the word that stands in METS, in EAD3 and in JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Akte => "Akte",
            Self::Teilakte => "Teilakte",
            Self::Vorgang => "Vorgang",
            Self::Dokument => "Dokument",
            Self::Anlage => "Anlage",
            Self::Version => "Version",
            Self::Format => "Format",
            Self::Stueck => "Stück",
        }
    }
}

/// Something that a source tells, by name.
///
/// Names that this program knows are in [`property`]; others come from a profile or are business terms of EN 16931 (`BT-9`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// What it is.
    pub name: String,
    /// Its value as the source has it.
    pub value: String,
}

impl Property {
    /// Returns the property `name` with `value`.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// Names of properties that have a place of their own in EAD3 and in the receipt.
pub mod property {
    /// Class in the filing plan (Aktenplaneinheit, Kennzeichen).
    pub const FILE_PLAN: &str = "aktenplan";
    /// What that class is about.
    pub const FILE_PLAN_TITLE: &str = "aktenplan-inhalt";
    /// Appraisal mark (Aussonderungsart: A, B, V).
    pub const APPRAISAL: &str = "aussonderungsart";
    /// What the agency proposes (Bewertungsvorschlag: A, V).
    pub const APPRAISAL_PROPOSAL: &str = "bewertungsvorschlag";
    /// Years of retention at the agency (Aufbewahrungsdauer).
    pub const RETENTION_YEARS: &str = "aufbewahrungsdauer";
    /// End of retention at the agency (Aufbewahrungsende).
    pub const RETENTION_END: &str = "aufbewahrungsende";
    /// The last day on which the record must be kept by law (Aufbewahrungsende), computed by profile or agreement.
    pub const KEPT_UNTIL: &str = "aufbewahrung-bis";
    /// The law that says so.
    pub const KEPT_BY: &str = "aufbewahrung-grundlage";
    /// Security classification (Vertraulichkeitsstufe, Geheimhaltungsgrad), its code.
    pub const CONFIDENTIALITY: &str = "vertraulichkeit";
    /// Medium: 001 electronic, 002 hybrid, 003 paper.
    pub const MEDIUM: &str = "medium";
    /// A note (Bemerkung).
    pub const NOTE: &str = "bemerkung";
    /// The office in charge (Federführung).
    pub const LEAD: &str = "federfuehrung";
    /// The office that keeps the file (Aktenführung).
    pub const KEEPING: &str = "aktenfuehrung";
    /// Title of the file that a case belongs to and that did not come along (Aktenbetreff).
    pub const FILE_TITLE: &str = "aktenbetreff";
    /// When the case was closed (zdA).
    pub const CLOSED: &str = "zda";
    /// Date of a letter (`DatumDesSchreibens`).
    pub const LETTER_DATE: &str = "datum-des-schreibens";
    /// Date of receipt (Posteingangsdatum).
    pub const RECEIVED: &str = "posteingang";
    /// Date of dispatch (Postausgangsdatum).
    pub const SENT: &str = "postausgang";
    /// Who handled it (Bearbeiter).
    pub const HANDLED_BY: &str = "bearbeiter";
    /// Another unit that it refers to (Verweis).
    pub const RELATED: &str = "verweis";
    /// Count of entries in its history (`HistorienProtokollInformation`).
    pub const HISTORY: &str = "historie-eintraege";
    /// Count of steps of its circulation (Geschäftsgang, Laufweg).
    pub const CIRCULATION: &str = "geschaeftsgang-schritte";
    /// Number of a version.
    pub const VERSION_NUMBER: &str = "versionsnummer";
    /// Kind (Typ) as the source calls it.
    pub const KIND: &str = "typ";
}

impl Unit {
    /// Returns the value of the first property called `name`.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|property| property.name == name).map(|property| property.value.as_str())
    }

    /// Calls `each` with this unit and all units in it, each before those in it, with how deep it lies (0: this one).
    pub fn walk<'a>(&'a self, each: &mut impl FnMut(&'a Self, usize)) {
        // Not by recursion: a source may nest as deep as its limits let it.
        let mut open = vec![(self, 0)];
        while let Some((unit, depth)) = open.pop() {
            each(unit, depth);
            open.extend(unit.parts.iter().rev().map(|part| (part, depth + 1)));
        }
    }
}
