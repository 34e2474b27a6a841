//! Where a property stands in EAD3, what it is called there, and what its codes mean.

use crate::model::unit::property as name;

/// Where a property stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// `did/unitdate`.
    Date,
    /// A further `did/unittitle`.
    Title,
    /// `did/origination`, with the element for the name.
    Origin(&'static str),
    /// `custodhist`.
    Custody,
    /// `controlaccess/genreform`.
    Kind,
    /// `fileplan`, which is made of two properties.
    FilePlan,
    /// An element that holds paragraphs.
    Note(&'static str),
}

/// Returns where the property called `name` stands.
pub(super) fn place(name: &str) -> Place {
    match name {
        name::LETTER_DATE | name::RECEIVED | name::SENT | name::CLOSED => Place::Date,
        name::FILE_TITLE => Place::Title,
        name::LEAD | name::KEEPING => Place::Origin("corpname"),
        name::HANDLED_BY => Place::Origin("name"),
        name::HISTORY => Place::Custody,
        name::KIND => Place::Kind,
        name::FILE_PLAN | name::FILE_PLAN_TITLE => Place::FilePlan,
        name::APPRAISAL | name::APPRAISAL_PROPOSAL | name::RETENTION_YEARS | name::RETENTION_END => {
            Place::Note("appraisal")
        }
        name::CONFIDENTIALITY => Place::Note("accessrestrict"),
        name::MEDIUM => Place::Note("phystech"),
        name::RELATED => Place::Note("relatedmaterial"),
        _ => Place::Note("odd"),
    }
}

/// Returns what people call the property.
pub(super) fn heading(name: &str) -> &str {
    match name {
        name::APPRAISAL => "Aussonderungsart",
        name::APPRAISAL_PROPOSAL => "Bewertungsvorschlag",
        name::RETENTION_YEARS => "Aufbewahrungsdauer in Jahren",
        name::RETENTION_END => "Ende der Aufbewahrung",
        name::CONFIDENTIALITY => "Vertraulichkeitsstufe",
        name::MEDIUM => "Medium",
        name::NOTE => "Bemerkung",
        name::RELATED => "Verweis",
        name::HISTORY => "Einträge im Historien- und Protokollteil",
        name::CIRCULATION => "Schritte im Geschäftsgang",
        name::VERSION_NUMBER => "Versionsnummer",
        other => other,
    }
}

/// Returns what a code of the code lists of xdomea 3.0.0 means.
pub(super) fn meaning(name: &str, code: &str) -> Option<&'static str> {
    Some(match (name, code) {
        (name::APPRAISAL | name::APPRAISAL_PROPOSAL, "A") => "archivwürdig",
        (name::APPRAISAL | name::APPRAISAL_PROPOSAL, "B") => "zu bewerten",
        (name::APPRAISAL | name::APPRAISAL_PROPOSAL, "V") => "zu vernichten",
        (name::CONFIDENTIALITY, "001") => "geheim",
        (name::CONFIDENTIALITY, "002") => "nur für den Dienstgebrauch",
        (name::CONFIDENTIALITY, "003") => "offen",
        (name::CONFIDENTIALITY, "004") => "streng geheim",
        (name::CONFIDENTIALITY, "005") => "vertraulich",
        (name::MEDIUM, "001") => "elektronisch",
        (name::MEDIUM, "002") => "teils elektronisch, teils Papier",
        (name::MEDIUM, "003") => "Papier",
        _ => return None,
    })
}
