//! Answers of the archive to the agency: 0507 (the delivery came in) and 0506 (what became of it), versions 2.3 to 3.1.
//!
//! Only a 0506 that says so releases what was delivered for deletion at the agency. 2.x has no 0507, and its 0506 has one
//! outcome for the whole message; from 3.0 on each object has its own (xdomea, `ErfolgOderMisserfolgAussonderungType`).

use std::io::{self, Write};

use super::branch::Branch;
use super::header::Party;
use super::message::{Message, NAMESPACE, uuid};
use crate::io::xml::XmlWriter;
use crate::model::time::Timestamp;

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// 0507: the delivery came in.
    Received,
    /// 0506: what became of it.
    Imported,
}

impl Kind {
    /// Returns the number of the message type.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::Received => "0507",
            Self::Imported => "0506",
        }
    }

    /// Returns the name of the root element, which is also in the name of the file.
    #[must_use]
    pub const fn root(self) -> &'static str {
        match self {
            Self::Received => "Aussonderung.AussonderungEmpfangBestaetigen.0507",
            Self::Imported => "Aussonderung.AussonderungImportBestaetigen.0506",
        }
    }

    const fn element(self) -> &'static str {
        match self {
            Self::Received => "xdomea:Aussonderung.AussonderungEmpfangBestaetigen.0507",
            Self::Imported => "xdomea:Aussonderung.AussonderungImportBestaetigen.0506",
        }
    }
}

/// Who answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sender {
    /// The archive's name, for deliveries that do not say for whom they are.
    pub name: String,
    /// What tells this installation from others.
    pub instance: String,
    /// The program's version.
    pub version: String,
}

/// What became of one object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The object's identifier.
    pub id: String,
    /// Why it is not in the archive, or not with all that was delivered in it; empty if it is.
    pub problem: String,
    /// Under which identifier the archive keeps it, where it does.
    pub archive_code: String,
}

impl Outcome {
    /// Returns whether the object is in the archive with all that was delivered in it.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.problem.is_empty()
    }
}

/// Why a message cannot be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswerable {
    /// Its version has other answers than this program can write.
    Version,
    /// The process has no identifier that an answer could name.
    Process,
    /// It has no object that an answer could name.
    NoObject,
    /// This version of the standard has no such answer.
    NoSuchAnswer,
}

impl Unanswerable {
    /// Returns the word that stands in JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Process => "process",
            Self::NoObject => "no-object",
            Self::NoSuchAnswer => "no-such-answer",
        }
    }
}

/// An answer to a message.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The message that is answered.
    pub to: &'a Message,
    /// What is answered.
    pub kind: Kind,
    /// Who answers.
    pub sender: &'a Sender,
    /// When.
    pub created: Timestamp,
    /// What became of each object; empty for 0507.
    pub outcomes: &'a [Outcome],
}

impl Answer<'_> {
    /// Returns why the answer cannot be written, if it cannot.
    #[must_use]
    pub fn hindrance(&self) -> Option<Unanswerable> {
        if !self.to.is_known() || !matches!(self.to.generation(), 2 | 3) {
            return Some(Unanswerable::Version);
        }
        if uuid(&self.to.header.process).is_none() {
            return Some(Unanswerable::Process);
        }
        match self.kind {
            Kind::Received if self.to.generation() < 3 => Some(Unanswerable::NoSuchAnswer),
            Kind::Imported if !self.outcomes.iter().any(is_nameable) => Some(Unanswerable::NoObject),
            _ => None,
        }
    }

    /// Returns the name of its file without an ending: `<ProzessID>_<root element>`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}_{}", self.to.header.process, self.kind.root())
    }

    /// Returns whether it releases everything that was delivered.
    #[must_use]
    pub fn releases_all(&self) -> bool {
        self.kind == Kind::Imported && !self.outcomes.is_empty() && self.outcomes.iter().all(Outcome::is_success)
    }

    /// Writes the message; nothing that can be answered ([`Self::hindrance`]) is not valid against its schema.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let namespace = format!("{NAMESPACE}{}", self.to.version);
        let mut xml = XmlWriter::new(out);
        xml.start(self.kind.element(), &[("xmlns:xdomea", Some(&namespace))])?;
        self.header(&mut xml)?;
        if self.kind == Kind::Imported {
            if self.old() { self.one_outcome(&mut xml)? } else { self.each_outcome(&mut xml)? }
        }
        xml.end()
    }

    /// Whether the version is one of 2.x.
    fn old(&self) -> bool {
        self.to.generation() == 2
    }

    fn header(&self, xml: &mut XmlWriter<'_>) -> io::Result<()> {
        let header = &self.to.header;
        xml.start("xdomea:Kopf", &[])?;
        xml.text("xdomea:ProzessID", &[], &header.process)?;
        xml.start("xdomea:Nachrichtentyp", &[])?;
        xml.text("code", &[], self.kind.number())?;
        xml.end()?;
        xml.text("xdomea:Erstellungszeitpunkt", &[], &self.created.to_string())?;
        xml.start("xdomea:Absender", &[])?;
        self.party(xml, &header.recipient, &self.sender.name)?;
        xml.end()?;
        xml.start("xdomea:Empfaenger", &[])?;
        self.party(xml, &header.sender, "")?;
        xml.end()?;
        xml.start("xdomea:SendendesSystem", &[])?;
        self.text(xml, "xdomea:InstanzID", &self.sender.instance)?;
        xml.text("xdomea:Produktname", &[], "eArchiv")?;
        self.text(xml, "xdomea:Version", &self.sender.version)?;
        xml.end()?;
        xml.end()
    }

    /// Writes who sends or receives: authority and offices as they were told, without persons and addresses.
    fn party(&self, xml: &mut XmlWriter<'_>, party: &Party, otherwise: &str) -> io::Result<()> {
        let told = &party.branch;
        let key = told.find(&["Behoerdenkennung", "Behoerdenschluessel"]);
        let key = key.or_else(|| told.find(&["Behoerdenkennung", "Kennung"]));
        let prefix = told.find(&["Behoerdenkennung", "Praefix"]);
        if key.is_some() || prefix.is_some() {
            xml.start("xdomea:Behoerdenkennung", &[])?;
            if let Some(key) = key {
                let name = if self.old() { "xdomea:Kennung" } else { "xdomea:Behoerdenschluessel" };
                code(xml, name, key)?;
            }
            if let Some(prefix) = prefix {
                code(xml, "xdomea:Praefix", prefix)?;
            }
            xml.end()?;
        }
        let name = told.text_at(&[&["Institution", "Name"]]);
        let short = told.text_at(&[&["Institution", "Kurzbezeichnung"]]);
        let unit = told.text_at(&[&["Organisationseinheit", "Name"]]);
        let nothing = [name, short, unit].iter().all(|text| text.is_empty()) && key.is_none();
        let name = if nothing { otherwise } else { name };
        if !name.is_empty() || !short.is_empty() {
            xml.start("xdomea:Institution", &[])?;
            self.text(xml, "xdomea:Name", name)?;
            self.text(xml, "xdomea:Kurzbezeichnung", short)?;
            xml.end()?;
        }
        if !unit.is_empty() {
            xml.start("xdomea:Organisationseinheit", &[])?;
            self.text(xml, "xdomea:Name", unit)?;
            xml.end()?;
        }
        Ok(())
    }

    /// 3.x: `AusgesondertesSGO`.
    fn each_outcome(&self, xml: &mut XmlWriter<'_>) -> io::Result<()> {
        for outcome in self.outcomes.iter().filter(|outcome| is_nameable(outcome)) {
            xml.start("xdomea:AusgesondertesSGO", &[])?;
            xml.text("xdomea:IDSGO", &[], &outcome.id)?;
            xml.text("xdomea:Erfolgreich", &[], if outcome.is_success() { "1" } else { "0" })?;
            self.text(xml, "xdomea:Fehlermeldung", &outcome.problem)?;
            if outcome.is_success() && self.to.header.wants.archive_code {
                self.text(xml, "xdomea:Archivkennung", &outcome.archive_code)?;
            }
            xml.end()?;
        }
        Ok(())
    }

    /// 2.x: `ErfolgOderMisserfolg`, one for the message: it is a success only if all objects are one.
    fn one_outcome(&self, xml: &mut XmlWriter<'_>) -> io::Result<()> {
        let success = self.releases_all();
        xml.start("xdomea:ErfolgOderMisserfolg", &[])?;
        xml.text("xdomea:Erfolgreich", &[], if success { "1" } else { "0" })?;
        if success && self.to.header.wants.archive_code {
            for outcome in
                self.outcomes.iter().filter(|outcome| is_nameable(outcome) && !outcome.archive_code.is_empty())
            {
                xml.start("xdomea:Rueckgabeparameter", &[])?;
                xml.text("xdomea:ID", &[], &outcome.id)?;
                self.text(xml, "xdomea:Archivkennung", &outcome.archive_code)?;
                xml.end()?;
            }
        }
        if !success {
            let failed = self.outcomes.iter().filter(|outcome| !outcome.is_success());
            let told: Vec<String> = failed.map(|outcome| format!("{}: {}", outcome.id, outcome.problem)).collect();
            self.text(xml, "xdomea:Fehlermeldung", &told.join("\n"))?;
        }
        xml.end()
    }

    /// Writes an element with text unless that is empty.
    fn text(&self, xml: &mut XmlWriter<'_>, name: &'static str, text: &str) -> io::Result<()> {
        let text = clean(text, self.old());
        if text.is_empty() { Ok(()) } else { xml.text(name, &[], &text) }
    }
}

/// Writes a value of a code list (XÖV `Code`).
fn code(xml: &mut XmlWriter<'_>, element: &'static str, told: &Branch) -> io::Result<()> {
    let attribute = |wanted: &str| {
        let found = told.attributes.iter().find(|(_, name, _)| name == wanted);
        found.map(|(_, _, value)| clean(value, false))
    };
    let (uri, version) = (attribute("listURI"), attribute("listVersionID"));
    // What is no URI would make the answer invalid.
    let is_uri = |uri: &&str| uri.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=".contains(&b));
    let uri = uri.as_deref().filter(is_uri);
    xml.start(element, &[("listURI", uri), ("listVersionID", version.as_deref())])?;
    xml.text("code", &[], &clean(told.text_at(&[&["code"]]), false))?;
    let name = told.text_at(&[&["name"]]);
    if !name.is_empty() {
        xml.text("name", &[], &clean(name, false))?;
    }
    xml.end()
}

/// Whether the standard lets an answer name the object (`stringUUIDType`).
fn is_nameable(outcome: &Outcome) -> bool {
    uuid(&outcome.id).is_some()
}

/// Returns `text` with only those letters that XML can hold, and in 2.x only those of `String.Latin`; others become `?`.
fn clean(text: &str, latin: bool) -> String {
    let allowed = |letter: char| match letter {
        '\t' | '\n' | '\r' => true,
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => false,
        _ => !latin || is_latin(letter),
    };
    let near = |letter: char| match letter {
        '\u{2018}'..='\u{201b}' => '\'',
        '„' | '“' | '”' | '«' | '»' => '"',
        '\u{2010}'..='\u{2015}' => '-',
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' => ' ',
        _ => '?',
    };
    text.chars().map(|letter| if allowed(letter) { letter } else { near(letter) }).collect()
}

/// Letters of `String.Latin` 1.1 that stand alone; the combined ones beyond them are not written.
fn is_latin(letter: char) -> bool {
    matches!(letter,
        ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{107}' | '\u{10a}'..='\u{11b}' | '\u{11e}'..='\u{123}'
        | '\u{126}'..='\u{131}' | '\u{134}'..='\u{15b}' | '\u{15e}'..='\u{16b}' | '\u{16e}'..='\u{17e}' | '\u{18f}'
        | '\u{1a0}'..='\u{1a1}' | '\u{1af}'..='\u{1b0}' | '\u{1cd}'..='\u{1d4}' | '\u{1e4}'..='\u{1f0}'
        | '\u{1fa}'..='\u{1ff}' | '\u{218}'..='\u{21b}' | 'ə' | 'ẞ' | '€')
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::process::Command;

    use super::*;

    const ID: &str = "0f4f2c4e-9a7b-4b53-8a30-6c1f3a9d0e11";
    const OTHER: &str = "7b0d9e52-3c1a-4f6e-9d27-b1a2c3d4e5f6";

    fn message(version: &str, wants: &str) -> Message {
        let mut text = format!(
            "<x:Aussonderung.Aussonderung.0503 xmlns:x='{NAMESPACE}{version}'><x:Kopf><x:ProzessID>{ID}</x:ProzessID>\
             <x:Nachrichtentyp><code>0503</code></x:Nachrichtentyp>\
             <x:Erstellungszeitpunkt>2026-05-04T10:00:00Z</x:Erstellungszeitpunkt>"
        );
        let key = if version.starts_with('2') { "Kennung" } else { "Behoerdenschluessel" };
        for (party, name) in [("Absender", "Bauamt ‚Nord‘ &amp; Süd"), ("Empfaenger", "Stadtarchiv Łódź 漢")] {
            let _ = write!(
                text,
                "<x:{party}><x:Behoerdenkennung><x:{key} listURI='' listVersionID='1'><code>a b</code>\
                 <name>n</name></x:{key}><x:Praefix listURI='kein URI'><code>p</code></x:Praefix></x:Behoerdenkennung>\
                 <x:Institution><x:Name>{name}</x:Name></x:Institution>\
                 <x:Organisationseinheit><x:Name>67</x:Name></x:Organisationseinheit></x:{party}>"
            );
        }
        let _ = write!(text, "{wants}</x:Kopf></x:Aussonderung.Aussonderung.0503>");
        Message::read(text.as_bytes(), &format!("{ID}_Aussonderung.Aussonderung.0503.xml")).unwrap()
    }

    fn outcomes(problem: &str) -> Vec<Outcome> {
        let outcome = |id: &str, problem: &str| Outcome {
            id: id.to_owned(),
            problem: problem.to_owned(),
            archive_code: "urn:uuid:1".to_owned(),
        };
        vec![outcome(ID, ""), outcome("no id", ""), outcome(OTHER, problem)]
    }

    fn written(to: &Message, kind: Kind, outcomes: &[Outcome]) -> Result<String, Unanswerable> {
        let sender = Sender { name: "Stadtarchiv".to_owned(), instance: ID.to_owned(), version: "1".to_owned() };
        let answer = Answer { to, kind, sender: &sender, created: Timestamp::from_seconds(1_700_000_000), outcomes };
        let mut out = Vec::new();
        if let Some(hindrance) = answer.hindrance() {
            return Err(hindrance);
        }
        answer.write(&mut out).unwrap();
        Ok(String::from_utf8(out).unwrap())
    }

    const ASKED: &str = "<x:RueckmeldungArchivkennung>1</x:RueckmeldungArchivkennung>";

    #[test]
    fn answers_are_valid_in_every_version() {
        let Some(shared) = crate::source::shared_corpora() else { return };
        for version in ["2.3.0", "2.4.0", "3.0.0", "3.1.0"] {
            let schema =
                shared.join(format!("records/xsd/xdomea_{version}/xdomea-Nachrichten-AussonderungDurchfuehren.xsd"));
            for wants in [ASKED, ""] {
                for problem in ["", "„nicht“ gelesen – 漢 <&> \u{7}"] {
                    for kind in [Kind::Received, Kind::Imported] {
                        let to = message(version, wants);
                        let text = match written(&to, kind, &outcomes(problem)) {
                            Ok(text) => text,
                            Err(hindrance) => {
                                assert_eq!((hindrance, to.generation()), (Unanswerable::NoSuchAnswer, 2));
                                continue;
                            }
                        };
                        let folder = tempfile::tempdir().unwrap();
                        let path = folder.path().join("answer.xml");
                        durable_write(&path, &text);
                        let said =
                            Command::new("xmllint").args(["--noout", "--schema"]).arg(&schema).arg(&path).output();
                        let Ok(said) = said else {
                            eprintln!("not tested: answers against their schemas, no xmllint");
                            return;
                        };
                        let told = String::from_utf8_lossy(&said.stderr);
                        assert!(said.status.success(), "{version} {problem}: {told}\n{text}");
                    }
                }
            }
        }
    }

    fn durable_write(path: &std::path::Path, text: &str) {
        crate::io::durable::create(path, |out| out.write_all(text.as_bytes())).unwrap();
    }

    #[test]
    fn only_what_is_stored_is_a_success() {
        let text = written(&message("3.0.0", ASKED), Kind::Imported, &outcomes("fehlt")).unwrap();
        let expected = format!(
            "<xdomea:IDSGO>{OTHER}</xdomea:IDSGO>\n    <xdomea:Erfolgreich>0</xdomea:Erfolgreich>\n    \
             <xdomea:Fehlermeldung>fehlt</xdomea:Fehlermeldung>\n  </xdomea:AusgesondertesSGO>"
        );
        assert!(text.contains(&expected), "{text}");
        assert_eq!(text.matches("<xdomea:Erfolgreich>1<").count(), 1);
        assert_eq!(text.matches("<xdomea:Archivkennung>").count(), 1);
        // 2.x knows one outcome for all: one object that is not stored forbids it.
        for (problem, success) in [("fehlt", "0"), ("", "1")] {
            let text = written(&message("2.4.0", ASKED), Kind::Imported, &outcomes(problem)).unwrap();
            assert!(text.contains(&format!("<xdomea:Erfolgreich>{success}<")), "{text}");
            assert_eq!(text.contains("Archivkennung"), success == "1", "{text}");
        }
        let unasked = written(&message("3.1.0", ""), Kind::Imported, &outcomes("")).unwrap();
        assert!(!unasked.contains("Archivkennung"));
    }

    #[test]
    fn sender_and_recipient_change_places_and_persons_stay_out() {
        let text = written(&message("3.1.0", ""), Kind::Received, &[]).unwrap();
        let (sender, recipient) = (text.find("Stadtarchiv Łódź").unwrap(), text.find("Bauamt").unwrap());
        assert!(sender < text.find("<xdomea:Empfaenger>").unwrap() && recipient > sender);
        assert!(text.contains("xmlns:xdomea=\"urn:xoev-de:xdomea:schema:3.1.0\""));
    }

    #[test]
    fn what_cannot_be_answered_is_said() {
        assert_eq!(written(&message("4.0.0", ""), Kind::Imported, &outcomes("")), Err(Unanswerable::Version));
        assert_eq!(written(&message("9.9.9", ""), Kind::Received, &[]), Err(Unanswerable::Version));
        assert_eq!(written(&message("2.3.0", ""), Kind::Received, &[]), Err(Unanswerable::NoSuchAnswer));
        assert_eq!(written(&message("3.0.0", ""), Kind::Imported, &[]), Err(Unanswerable::NoObject));
        let mut to = message("3.0.0", "");
        to.header.process = "../../etc/passwd".to_owned();
        assert_eq!(written(&to, Kind::Imported, &outcomes("")), Err(Unanswerable::Process));
    }
}
