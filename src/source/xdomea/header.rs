//! The header of a message: who sends what to whom, and which answers are asked for.

use std::fmt;

use super::branch::Branch;

/// What the header tells (2.x and 3.x: `Kopf`; 4.0: `nachrichtenkopf`, attributes of the root and elements beside it).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// The process that the message belongs to (ProzessID), as it stands there.
    pub process: String,
    /// The message's own identifier (4.0: nachrichtenUUID).
    pub id: String,
    /// The type that the header says (`0503`); the root element decides.
    pub kind: String,
    /// When the message was made, as it says.
    pub created: String,
    /// Who sends it (Absender, autor).
    pub sender: Party,
    /// For whom it is (Empfaenger, leser).
    pub recipient: Party,
    /// The system that made it.
    pub system: System,
    /// Which answers are asked for.
    pub wants: Wants,
    /// Which of how many messages of its type it is (4.0: LfdNrNachrichtProTyp, GesamtanzahlNachrichtenProTyp).
    pub sequence: [String; 2],
    /// The whole header, for answers that take parts of it over.
    pub branch: Branch,
}

/// Answers that the sender asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wants {
    /// 0506 after the records were stored (Importbestaetigung).
    pub import: bool,
    /// 0504, 0505 or 0507 on receipt (Empfangsbestaetigung).
    pub receipt: bool,
    /// The archive's reference code in 0506 (RueckmeldungArchivkennung).
    pub archive_code: bool,
}

/// The sender or the recipient of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// The institution's name; where there is none, its short name.
    pub institution: String,
    /// The organisational unit's name.
    pub unit: String,
    /// The authority's code (Behoerdenkennung): prefix and key joined by `:` where both are there.
    pub code: String,
    /// Everything that is told of it.
    pub branch: Branch,
}

/// The system that made a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct System {
    /// The product's name.
    pub product: String,
    /// Its version.
    pub version: String,
    /// Who makes it (4.0).
    pub maker: String,
    /// Which installation it is (InstanzID).
    pub instance: String,
}

impl fmt::Display for System {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.product)?;
        if !self.version.is_empty() {
            write!(out, " {}", self.version)?;
        }
        if !self.maker.is_empty() {
            write!(out, " ({})", self.maker)?;
        }
        Ok(())
    }
}

impl Party {
    /// Returns what it is called: its institution, else its organisational unit.
    #[must_use]
    pub fn name(&self) -> &str {
        if self.institution.is_empty() { &self.unit } else { &self.institution }
    }

    fn from(branch: Option<&Branch>) -> Self {
        let Some(branch) = branch else { return Self::default() };
        let institution = branch.text_at(&[
            &["Institution", "Name"],
            &["NameInstitution", "Name"],
            &["Institution", "Kurzbezeichnung"],
            &["NameInstitution", "Kurzbezeichnung"],
        ]);
        let unit = branch.text_at(&[&["Organisationseinheit", "Name"], &["NameOrganisationseinheit", "Name"]]);
        let prefix = branch.text_at(&[&["Behoerdenkennung", "Praefix", "code"]]);
        let key = branch.text_at(&[
            // 3.x, 2.x, 4.0
            &["Behoerdenkennung", "Behoerdenschluessel", "code"],
            &["Behoerdenkennung", "Kennung", "code"],
            &["Behoerdenkennung", "kennung"],
        ]);
        let code =
            if prefix.is_empty() || key.is_empty() { format!("{prefix}{key}") } else { format!("{prefix}:{key}") };
        Self { institution: institution.to_owned(), unit: unit.to_owned(), code, branch: branch.clone() }
    }
}

impl Header {
    /// Takes the values out of `branch`, which is `Kopf` or `nachrichtenkopf`; what was known before and is not in it stays.
    pub(super) fn take(&mut self, branch: Branch) {
        let told = |paths: &[&[&str]]| branch.text_at(paths).to_owned();
        self.process = told(&[&["ProzessID"]]);
        self.id = told(&[&["identifikation.nachricht", "nachrichtenUUID"]]);
        self.kind = told(&[&["Nachrichtentyp", "code"], &["identifikation.nachricht", "nachrichtentyp", "code"]]);
        self.created = told(&[&["Erstellungszeitpunkt"], &["identifikation.nachricht", "erstellungszeitpunkt"]]);
        self.sender = Party::from(branch.find(&["Absender"]).or_else(|| branch.find(&["autor"])));
        self.recipient = Party::from(branch.find(&["Empfaenger"]).or_else(|| branch.find(&["leser"])));
        let told_or = |known: &mut String, paths: &[&[&str]]| {
            let told = branch.text_at(paths);
            if !told.is_empty() {
                told.clone_into(known);
            }
        };
        told_or(&mut self.system.product, &[&["SendendesSystem", "Produktname"]]);
        told_or(&mut self.system.version, &[&["SendendesSystem", "Version"], &["SendendesSystem", "Produktversion"]]);
        told_or(&mut self.system.maker, &[&["SendendesSystem", "Produkthersteller"]]);
        told_or(&mut self.system.instance, &[&["SendendesSystem", "InstanzID"], &["InstanzID"]]);
        for name in ["Importbestaetigung", "Empfangsbestaetigung", "RueckmeldungArchivkennung"] {
            if let Some(flag) = branch.find(&[name]) {
                self.beside(name, &flag.text);
            }
        }
        self.branch = branch;
    }

    /// Takes the value of an element of the header that stands beside `nachrichtenkopf` in 4.0 and in `Kopf` before.
    pub(super) fn beside(&mut self, name: &str, text: &str) {
        let yes = matches!(text, "1" | "true");
        match name {
            "Importbestaetigung" => self.wants.import = yes,
            "Empfangsbestaetigung" => self.wants.receipt = yes,
            "RueckmeldungArchivkennung" => self.wants.archive_code = yes,
            "LfdNrNachrichtProTyp" => text.clone_into(&mut self.sequence[0]),
            "GesamtanzahlNachrichtenProTyp" => text.clone_into(&mut self.sequence[1]),
            _ => {}
        }
    }
}
