//! Writes the finding aid of a record that its source takes apart: EAD3 1.1, as a stream.
//!
//! One component for each unit, with the levels of ISAD(G): Akte is a `file`, Dokument and Stück are `item`, all else is an
//! `otherlevel` by its own name. A record of one unit is described by that unit; one of several by what is known of the
//! record as a whole. What the source does not tell is left out, and what has no place of its own stands as `odd`.
//!
//! | what is told | EAD3 |
//! |---|---|
//! | identifier at the source | `did/unitid[@localtype='<kind>-uuid']`, `-id` where it is no UUID |
//! | reference code (Aktenzeichen) | `did/unitid[@localtype='aktenzeichen']`; the archive's own `signatur` |
//! | title; title of the file that did not come along | `did/unittitle`; with `@localtype='aktenbetreff'` |
//! | first and last date | `did/unitdatestructured/daterange` |
//! | other dates, such as that of a letter | `did/unitdate[@datechar]` |
//! | count and bytes of files | `did/physdescstructured` |
//! | who made it, keeps it, handled it | `did/origination` |
//! | the archive | `did/repository` |
//! | files | `did/dao[@href]`, from the package's folder |
//! | origin, its system; process, delivery, accession | `custodhist`; `acqinfo` |
//! | class of the filing plan | `fileplan` |
//! | appraisal mark, proposal, decision, retention | `appraisal` |
//! | secrecy, closure period | `accessrestrict` |
//! | medium, standards | `phystech` |
//! | other units and records | `relatedmaterial` |
//! | contents; subjects, kind | `scopecontent`; `controlaccess` |
//! | all else | `odd` |

mod control;
mod words;

use std::io::{self, Write};

use self::words::{Place, heading, meaning, place};
use super::compose::Order;
use super::structure::{DEPTH, file_plan, joined, loose, nested};
use super::{Provenance, Rights, plain};
use crate::io::xml::XmlWriter;
use crate::model::package::PackageId;
use crate::model::path::{href, original, text};
use crate::model::record::{Act, Record, SourceFile};
use crate::model::unit::{Property, Unit, UnitKind, property};

/// Writes the finding aid of `record`, which has units.
pub fn write(out: &mut dyn Write, order: &Order<'_>, record: &Record) -> io::Result<()> {
    let mut xml = XmlWriter::new(out);
    xml.start("ead", &[("xmlns", Some("http://ead3.archivists.org/schema/"))])?;
    let mut aid = Aid { xml, order, record, kind: kind(record), extents: extents(record).into_iter() };
    control::write(&mut aid.xml, order, &title(&[&record.description.title], "Unterlage"))?;
    aid.description()?;
    aid.xml.end()
}

/// Returns the source's kind as the folder of its metadata names it, empty where there is none.
fn kind(record: &Record) -> &str {
    record.metadata.first().and_then(|file| file.path.split_once('/')).map_or("", |(kind, _)| kind)
}

/// Files and bytes of each unit with all that is in it, in the order of [`nested`].
fn extents(record: &Record) -> Vec<(u64, u64)> {
    let mut extents: Vec<(u64, u64)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (unit, depth) in record.units.iter().flat_map(nested) {
        open.truncate(depth);
        open.push(extents.len());
        extents.push((0, 0));
        let files = unit.files.iter().filter_map(|file| record.files.get(*file));
        let (count, bytes) = files.fold((0, 0), |(count, bytes), file| (count + 1, bytes + file.size));
        for index in &open {
            extents[*index].0 += count;
            extents[*index].1 += bytes;
        }
    }
    extents
}

/// A finding aid being written.
struct Aid<'a, 'o> {
    xml: XmlWriter<'o>,
    order: &'a Order<'a>,
    record: &'a Record,
    kind: &'a str,
    extents: std::vec::IntoIter<(u64, u64)>,
}

impl Aid<'_, '_> {
    /// The record as a whole, and its units.
    fn description(&mut self) -> io::Result<()> {
        let record = self.record;
        let none = Unit::default();
        // A single unit is the record: its parts are the components.
        let (whole, components, level) = if let [only] = &record.units[..] {
            (only, &only.parts, Level::of(only.kind))
        } else {
            (&none, &record.units, Level("otherlevel", Some("Ablieferung")))
        };
        // Links start at the folder of the package, which lies two above that of this document.
        let attributes = [("level", Some(level.0)), ("otherlevel", level.1), ("base", Some("../../"))];
        self.xml.start("archdesc", &attributes)?;
        self.unit(whole, true)?;
        if !components.is_empty() {
            self.xml.start("dsc", &[("dsctype", Some("combined"))])?;
            for top in components {
                self.component(top)?;
            }
            self.xml.end()?;
        }
        self.xml.end()
    }

    fn component(&mut self, top: &Unit) -> io::Result<()> {
        let mut open = 0;
        for (unit, depth) in nested(top) {
            let depth = depth.min(DEPTH);
            for _ in depth..open {
                self.xml.end()?;
            }
            open = depth + 1;
            let Level(level, other) = Level::of(unit.kind);
            self.xml.start("c", &[("level", Some(level)), ("otherlevel", other)])?;
            self.unit(unit, false)?;
        }
        for _ in 0..open {
            self.xml.end()?;
        }
        Ok(())
    }

    /// Everything of a unit but the units in it; `whole` where it stands for the record.
    fn unit(&mut self, unit: &Unit, whole: bool) -> io::Result<()> {
        let mut properties: Vec<&Property> = unit.properties.iter().collect();
        if whole {
            let more = self.record.description.properties.iter();
            properties.extend(more.filter(|property| !unit.properties.contains(property)));
        }
        properties.retain(|property| !property.value.is_empty());
        self.xml.start("did", &[])?;
        self.names(unit, whole)?;
        self.dates(unit, whole, &properties)?;
        self.extent(unit.kind, whole)?;
        self.origins(whole, &properties)?;
        let files = if whole { loose(&self.record.units, self.record.files.len()) } else { Vec::new() };
        for file in unit.files.iter().chain(&files).filter_map(|file| self.record.files.get(*file)) {
            digital(&mut self.xml, self.order.representation, file)?;
        }
        self.xml.end()?;
        if whole {
            self.custody()?;
        }
        for property in properties.iter().filter(|property| place(&property.name) == Place::Custody) {
            let text = format!("{}: {}", heading(&property.name), property.value);
            note(&mut self.xml, "custodhist", None, None, &[&text])?;
        }
        if let Some(plan) = file_plan(&properties) {
            note(&mut self.xml, "fileplan", Some("aktenplan"), Some("Aktenplan"), &[&plan])?;
        }
        for property in &properties {
            self.property(property)?;
        }
        if whole {
            self.whole()?;
        }
        Ok(())
    }

    fn names(&mut self, unit: &Unit, whole: bool) -> io::Result<()> {
        let description = &self.record.description;
        let xml = &mut self.xml;
        if whole && !description.signature.is_empty() {
            xml.text("unitid", &[("localtype", Some("signatur"))], &plain(&description.signature))?;
        }
        let of_file = if unit.kind == UnitKind::Stueck { "kennung" } else { "aktenzeichen" };
        let others = if whole { &description.identifiers[..] } else { &[] };
        let others = others.iter().filter(|one| **one != unit.reference && **one != unit.id);
        for reference in std::iter::once(&unit.reference).chain(others).filter(|one| !one.is_empty()) {
            xml.text("unitid", &[("localtype", Some(of_file))], &plain(reference))?;
        }
        if !unit.id.is_empty() {
            let form = if PackageId::parse(&unit.id).is_some() { "uuid" } else { "id" };
            let localtype = if self.kind.is_empty() { form.to_owned() } else { format!("{}-{form}", self.kind) };
            xml.text("unitid", &[("localtype", Some(&localtype))], &plain(&unit.id))?;
        }
        let made = match unit.kind {
            UnitKind::Version => joined(&["Version", unit.property(property::VERSION_NUMBER).unwrap_or_default()]),
            UnitKind::Format => Some("Format".to_owned()),
            _ => None,
        };
        let titles =
            [unit.title.as_str(), if whole { &description.title } else { "" }, made.as_deref().unwrap_or_default()];
        if titles.iter().all(|title| title.is_empty()) && !(unit.id.is_empty() && unit.reference.is_empty()) {
            return Ok(());
        }
        xml.text("unittitle", &[], &title(&titles, unit.kind.name()))
    }

    fn dates(&mut self, unit: &Unit, whole: bool, properties: &[&Property]) -> io::Result<()> {
        let description = &self.record.description;
        let told = unit.dates.iter().any(|date| !date.is_empty());
        let [from, to] = &unit.dates;
        let (from, to, of_files) = if whole && !told {
            (&description.date_from, &description.date_to, description.dates_of_files)
        } else {
            (from, to, false)
        };
        let xml = &mut self.xml;
        if !(from.is_empty() && to.is_empty()) {
            xml.start("unitdatestructured", &[("certainty", of_files.then_some("approximate"))])?;
            xml.start("daterange", &[])?;
            for (name, date) in [("fromdate", from), ("todate", to)] {
                if !date.is_empty() {
                    xml.text(name, &[("standarddate", standard(date))], &plain(date))?;
                }
            }
            xml.end()?;
            xml.end()?;
        }
        for property in properties {
            match place(&property.name) {
                Place::Date => {
                    let attributes = [("datechar", Some(&*property.name)), ("normal", standard(&property.value))];
                    xml.text("unitdate", &attributes, &plain(&property.value))?;
                }
                Place::Title => {
                    xml.text("unittitle", &[("localtype", Some(&property.name))], &plain(&property.value))?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn extent(&mut self, kind: UnitKind, whole: bool) -> io::Result<()> {
        let record = self.record;
        // The record has files that are in no unit, and others that are in several.
        let all = (record.files.len() as u64, record.bytes());
        let own = if whole && record.units.len() != 1 { None } else { self.extents.next() };
        let (files, bytes) = if whole { all } else { own.unwrap_or_default() };
        // What a document consists of is no level of its own to those who look for extents, and there is much of it.
        if files == 0 || matches!(kind, UnitKind::Version | UnitKind::Format) {
            return Ok(());
        }
        for (quantity, of) in [(files, if files == 1 { "Datei" } else { "Dateien" }), (bytes, "Byte")] {
            let kind = [("physdescstructuredtype", Some("spaceoccupied")), ("coverage", Some("whole"))];
            self.xml.start("physdescstructured", &kind)?;
            self.xml.text("quantity", &[], &quantity.to_string())?;
            self.xml.text("unittype", &[], of)?;
            self.xml.end()?;
        }
        Ok(())
    }

    fn origins(&mut self, whole: bool, properties: &[&Property]) -> io::Result<()> {
        let (description, provenance) = (&self.record.description, self.order.provenance);
        let mut origins: Vec<(Option<&str>, &'static str, &str)> = Vec::new();
        if whole {
            let creator = if description.creator.is_empty() { &provenance.producer } else { &description.creator };
            origins.push((None, "corpname", creator));
            origins.extend(description.contributors.iter().map(|name| (Some("mitwirkend"), "name", name.as_str())));
            origins.extend(description.audience.iter().map(|name| (Some("empfaenger"), "name", name.as_str())));
        }
        let told = properties.iter().filter_map(|property| match place(&property.name) {
            Place::Origin(of) => Some((Some(property.name.as_str()), of, property.value.as_str())),
            _ => None,
        });
        for (localtype, of, name) in origins.into_iter().chain(told).filter(|(_, _, name)| !name.is_empty()) {
            self.xml.start("origination", &[("localtype", localtype)])?;
            named(&mut self.xml, of, name)?;
            self.xml.end()?;
        }
        if whole && !provenance.archive.is_empty() {
            self.xml.start("repository", &[])?;
            named(&mut self.xml, "corpname", &provenance.archive)?;
            self.xml.end()?;
        }
        Ok(())
    }

    /// Where the record comes from.
    fn custody(&mut self) -> io::Result<()> {
        let Provenance { producer, agreement, delivery, accession, system, process, .. } = self.order.provenance;
        if !system.is_empty() {
            note(&mut self.xml, "custodhist", None, None, &[&format!("Abgebendes System: {system}")])?;
        }
        let told = [
            ("Abgebende Stelle", producer.as_str()),
            ("Übernahmevereinbarung", agreement),
            ("Prozess", process),
            ("Ablieferung", delivery),
            ("Zugang", accession.as_deref().unwrap_or_default()),
        ];
        let told = told.iter().filter(|(_, value)| !value.is_empty());
        let told: Vec<String> = told.map(|(what, value)| format!("{what}: {value}")).collect();
        let told: Vec<&str> = told.iter().map(String::as_str).collect();
        note(&mut self.xml, "acqinfo", None, None, &told)
    }

    fn property(&mut self, property: &Property) -> io::Result<()> {
        let (name, value) = (property.name.as_str(), property.value.as_str());
        let element = match place(name) {
            Place::Note(element) => element,
            Place::Kind => {
                self.xml.start("controlaccess", &[])?;
                named(&mut self.xml, "genreform", value)?;
                return self.xml.end();
            }
            _ => return Ok(()),
        };
        let value = match meaning(name, value) {
            Some(words) => format!("{value} ({words})"),
            None => value.to_owned(),
        };
        note(&mut self.xml, element, Some(name), Some(&heading(name)), &[&value])
    }

    /// What is known of the record beyond its unit.
    fn whole(&mut self) -> io::Result<()> {
        let (record, description) = (self.record, &self.record.description);
        for act in record.acts.iter().filter(|act| act.kind == "appraisal") {
            let decision = Some("bewertungsentscheidung");
            note(&mut self.xml, "appraisal", decision, Some("Bewertungsentscheidung"), &[&decided(act)])?;
        }
        for rights in self.order.rights.iter().filter(|rights| !rights.restriction.is_empty()) {
            note(
                &mut self.xml,
                "accessrestrict",
                Some("schutzfrist"),
                Some(&rights.restriction),
                &[&restricted(rights)],
            )?;
        }
        let lines: Vec<&str> = description.summary.lines().filter(|line| !line.trim().is_empty()).collect();
        note(&mut self.xml, "scopecontent", None, None, &lines)?;
        for standard in &description.conforms_to {
            note(&mut self.xml, "phystech", Some("standard"), Some("Standard"), &[standard])?;
        }
        for relation in &description.relations {
            note(&mut self.xml, "relatedmaterial", None, None, &[relation])?;
        }
        let kind = std::iter::once(("genreform", &description.kind));
        let terms = kind.chain(description.subjects.iter().map(|subject| ("subject", subject)));
        let terms: Vec<_> = terms.filter(|(_, term)| !term.is_empty()).collect();
        if !terms.is_empty() {
            self.xml.start("controlaccess", &[])?;
            for (element, term) in terms {
                named(&mut self.xml, element, term)?;
            }
            self.xml.end()?;
        }
        Ok(())
    }
}

/// `level`, and `otherlevel` where that is no term of EAD.
struct Level(&'static str, Option<&'static str>);

impl Level {
    const fn of(kind: UnitKind) -> Self {
        match kind {
            UnitKind::Akte => Self("file", None),
            UnitKind::Dokument | UnitKind::Stueck => Self("item", None),
            other => Self("otherlevel", Some(other.name())),
        }
    }
}

/// Returns the first title that says something; else, in brackets, that there is none.
fn title(titles: &[&str], kind: &str) -> String {
    let told = titles.iter().find(|title| !title.trim().is_empty());
    told.map_or_else(|| format!("[{kind} ohne Titel]"), |title| plain(title).into_owned())
}

/// Returns `date` where it is a calendar date of ISO 8601 or a part of one.
fn standard(date: &str) -> Option<&str> {
    let shape: String = date.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
    matches!(shape.as_str(), "0000" | "0000-00" | "0000-00-00").then_some(date)
}

fn decided(act: &Act) -> String {
    let mut words = act.outcome.clone();
    for part in [&act.time, &act.agent, &act.detail] {
        if !part.is_empty() {
            words.push_str(if words.is_empty() { "" } else { ", " });
            words.push_str(part);
        }
    }
    words
}

fn restricted(rights: &Rights) -> String {
    let end = match rights.end.as_str() {
        "" | "OPEN" | "open" => "Ende offen".to_owned(),
        end => format!("bis {end}"),
    };
    let citation = if rights.citation.is_empty() { String::new() } else { format!(", {}", rights.citation) };
    let note = if rights.note.is_empty() { String::new() } else { format!("; {}", rights.note) };
    format!("{end}{citation}{note}")
}

/// A note of paragraphs; without any there is none.
fn note(
    xml: &mut XmlWriter<'_>,
    element: &'static str,
    localtype: Option<&str>,
    head: Option<&str>,
    paragraphs: &[&str],
) -> io::Result<()> {
    if paragraphs.iter().all(|text| text.is_empty()) {
        return Ok(());
    }
    xml.start(element, &[("localtype", localtype.map(plain).as_deref())])?;
    if let Some(head) = head.filter(|head| !head.is_empty()) {
        xml.text("head", &[], &plain(head))?;
    }
    for text in paragraphs.iter().filter(|text| !text.is_empty()) {
        xml.text("p", &[], &plain(text))?;
    }
    xml.end()
}

fn named(xml: &mut XmlWriter<'_>, element: &'static str, name: &str) -> io::Result<()> {
    xml.start(element, &[])?;
    xml.text("part", &[], &plain(name))?;
    xml.end()
}

/// A file, by its place in the package and the name that it had.
fn digital(xml: &mut XmlWriter<'_>, representation: &str, file: &SourceFile) -> io::Result<()> {
    let link = href(&format!("representations/{representation}/data/{}", file.path));
    let bytes = match file.original_name() {
        Some(name) => name.as_bytes().to_vec(),
        None => original(&file.path),
    };
    let name = bytes.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let (name, _) = text(name);
    // Whether it was born digital or scanned nobody says.
    xml.empty("dao", &[("daotype", Some("unknown")), ("href", Some(&link)), ("linktitle", Some(&name))])
}
