//! A Schriftgutobjekt as units: Akte, Teilakte, Vorgang, Dokument, Anlage, Version, Format, with their primary files.
//!
//! One reader for all versions: elements are known by their names and by what they lie in, not by the version. What
//! differs (2.x has `Teilakte` beside `Akteninhalt`, 4.0 wraps documents in `DokumentOderDokumentMitSchriftstueck`) has
//! names of its own.

use std::io::BufRead;

use crate::io::xml::{Element, Node, XmlError, XmlReader};
use crate::model::record::{FileFacts, Person};
use crate::model::unit::{Property, Unit, UnitKind, property};

/// What stands in one Schriftgutobjekt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object {
    /// The object with everything in it; [`Unit::files`] are positions in [`Object::files`].
    pub unit: Unit,
    /// References to primary files in the order of the message; the same file may be named more than once.
    pub files: Vec<PrimaryFile>,
    /// Entries of its history: how many, the time of the first and of the last as they stand there.
    pub history: (u64, String, String),
    /// Steps of all its circulations (Geschäftsgang, Laufweg).
    pub circulation: u64,
    /// Dates of life of contacts that have any.
    pub persons: Vec<Person>,
}

/// A reference to a primary file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrimaryFile {
    /// Its name in the delivery (Dateiname).
    pub name: String,
    /// What is told of it.
    pub facts: FileFacts,
    /// Its checksum as it stands there (4.0): value, and code or name of the algorithm.
    pub hash: Option<[String; 2]>,
    /// Whether it holds the signature or seal of another file.
    pub is_signature: bool,
    /// The line on which it is named.
    pub line: u64,
}

/// Reads what lies in the element that was begun last, up to its end. `top` says that this element is a unit itself
/// (Anschreiben), else the unit lies in it (Schriftgutobjekt).
///
/// Without any unit in it the result is a unit without identifier.
pub(super) fn read_object<R: BufRead>(xml: &mut XmlReader<R>, top: Option<UnitKind>) -> Result<Object, XmlError> {
    let holder = Unit { kind: top.unwrap_or_default(), ..Unit::default() };
    let mut reader = Reader {
        frames: vec![Frame { unit: holder, base: 0, related: [const { String::new() }; 2] }],
        holder_is_unit: top.is_some(),
        ..Reader::default()
    };
    loop {
        match xml.node()? {
            Some(Node::Start(element)) => reader.start(&element, xml.line()),
            Some(Node::Text(text)) => reader.text.push_str(&text),
            Some(Node::End) if reader.path.is_empty() => break,
            Some(Node::End) => reader.end(),
            None => break,
        }
    }
    Ok(reader.finish())
}

/// An element on the way to the one that is being read.
struct Step {
    name: String,
    /// Whether it holds no elements, so that its text is a value.
    leaf: bool,
    part: Part,
}

/// What begins with an element.
enum Begin {
    Unit(UnitKind),
    /// What adds to the unit in which it lies.
    More,
    Inner,
}

/// What an element is for the hierarchy.
enum Part {
    /// A unit begins.
    Opens,
    /// It adds to the unit in which it lies (4.0: the Dokument in an Anlage); where that unit's own names begin else.
    Merges(usize),
    /// No unit.
    Inner,
}

/// A unit that is not finished.
struct Frame {
    unit: Unit,
    /// How long the path is at which the unit's own names begin.
    base: usize,
    /// The Verweis that is being read: identifier and Kennzeichen.
    related: [String; 2],
}

#[derive(Default)]
struct Reader {
    frames: Vec<Frame>,
    holder_is_unit: bool,
    path: Vec<Step>,
    text: String,
    /// Declared format: code or name, version, code list.
    format: [String; 3],
    other_format: String,
    file: Option<PrimaryFile>,
    /// Files that hold the signature of the one being read.
    signatures: Vec<String>,
    object: Object,
}

/// Elements between a unit and the units in it.
const WRAPPERS: [&str; 3] = ["Akteninhalt", "Vorgangsinhalt", "DokumentOderDokumentMitSchriftstueck"];

impl Reader {
    fn start(&mut self, element: &Element, line: u64) {
        self.text.clear();
        if let Some(parent) = self.path.last_mut() {
            parent.leaf = false;
        }
        let name = element.name.as_str();
        let part = self.part(name);
        match (name, self.parent()) {
            ("Format", _) => {
                self.format = Default::default();
                self.other_format.clear();
            }
            ("Name", "Format") => {
                let list = element.attribute("listURI").unwrap_or_default();
                let version = element.attribute("listVersionID").unwrap_or_default();
                self.format[2] =
                    [list, version].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
            }
            ("Primaerdokument", _) if !self.is_foreign() => {
                self.file = Some(PrimaryFile { line, ..PrimaryFile::default() });
                self.signatures.clear();
            }
            _ => {}
        }
        self.path.push(Step { name: element.name.clone(), leaf: true, part: Part::Inner });
        let base = self.path.len();
        let step = match part {
            Begin::Unit(kind) => {
                let unit = Unit { kind, ..Unit::default() };
                self.frames.push(Frame { unit, base, related: Default::default() });
                Part::Opens
            }
            Begin::More => match self.frames.last_mut() {
                Some(frame) => Part::Merges(std::mem::replace(&mut frame.base, base)),
                None => Part::Inner,
            },
            Begin::Inner => Part::Inner,
        };
        if let Some(last) = self.path.last_mut() {
            last.part = step;
        }
    }

    /// The name of the element that is open innermost.
    fn parent(&self) -> &str {
        self.path.last().map_or("", |step| step.name.as_str())
    }

    /// Tells whether `name` begins a unit in the innermost one, or goes on with it.
    fn part(&self, name: &str) -> Begin {
        let Some(frame) = self.frames.last() else { return Begin::Inner };
        if !self.path[frame.base..].iter().all(|step| WRAPPERS.contains(&step.name.as_str())) {
            return Begin::Inner;
        }
        let outermost = self.frames.len() == 1 && !self.holder_is_unit;
        let parent = (!outermost).then_some(frame.unit.kind);
        let document = matches!(parent, Some(UnitKind::Dokument | UnitKind::Anlage));
        Begin::Unit(match name {
            "Akte" => UnitKind::Akte,
            "Teilakte" => UnitKind::Teilakte,
            "Vorgang" | "Teilvorgang" => UnitKind::Vorgang,
            "Dokument" | "DokumentMitSchriftstueck" if parent == Some(UnitKind::Anlage) => return Begin::More,
            "Dokument" | "DokumentMitSchriftstueck" | "Schriftstueck" => UnitKind::Dokument,
            "Anlage" if document => UnitKind::Anlage,
            "Version" if document => UnitKind::Version,
            "Format" if parent == Some(UnitKind::Version) => UnitKind::Format,
            _ => return Begin::Inner,
        })
    }

    /// Tells whether what is being read is an extension of the agency's own, whatever its elements are called.
    fn is_foreign(&self) -> bool {
        self.path.iter().any(|step| step.name.starts_with("AnwendungsspezifischeErweiterung"))
    }

    fn end(&mut self) {
        let Some(step) = self.path.pop() else { return };
        let text = std::mem::take(&mut self.text);
        match step.part {
            Part::Opens => {
                if let Some(done) = self.frames.pop()
                    && let Some(parent) = self.frames.last_mut()
                {
                    parent.unit.parts.push(done.unit);
                }
                return;
            }
            Part::Merges(base) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.base = base;
                }
                return;
            }
            Part::Inner => {}
        }
        if self.is_foreign() {
            return;
        }
        if step.leaf {
            self.value(&step.name, text.trim());
        }
        self.close(&step.name);
    }

    /// Notes what the end of an element completes.
    fn close(&mut self, name: &str) {
        match name {
            "Primaerdokument" => self.close_file(),
            "HistorienProtokollInformation" => {
                self.object.history.0 += 1;
                self.count(property::HISTORY);
            }
            "Beteiligungsschritt" => {
                self.object.circulation += 1;
                self.count(property::CIRCULATION);
            }
            "Verweis" => {
                let Some(frame) = self.frames.last_mut() else { return };
                let [id, reference] = std::mem::take(&mut frame.related);
                let value = match (id.is_empty(), reference.is_empty()) {
                    (false, false) => format!("{id} ({reference})"),
                    _ => id + &reference,
                };
                add(&mut frame.unit, property::RELATED, &value);
            }
            _ => {}
        }
    }

    fn count(&mut self, name: &str) {
        let Some(frame) = self.frames.last_mut() else { return };
        let known = frame.unit.properties.iter_mut().find(|property| property.name == name);
        match known {
            Some(known) => known.value = (known.value.parse::<u64>().unwrap_or_default() + 1).to_string(),
            None => frame.unit.properties.push(Property::new(name, "1")),
        }
    }

    fn close_file(&mut self) {
        let Some(mut file) = self.file.take() else { return };
        let [code, version, list] = self.format.clone();
        let name = if code.is_empty() || !self.other_format.is_empty() { self.other_format.clone() } else { code };
        file.facts.format = [name, version, list];
        if self.other_format.contains('/') {
            file.facts.mime_type.clone_from(&self.other_format);
        }
        let document =
            self.frames.iter().rev().find(|frame| matches!(frame.unit.kind, UnitKind::Dokument | UnitKind::Anlage));
        file.facts.label = document.map(|frame| frame.unit.title.clone()).unwrap_or_default();
        let line = file.line;
        let label = file.facts.label.clone();
        let signatures = std::mem::take(&mut self.signatures).into_iter().map(|name| PrimaryFile {
            name,
            facts: FileFacts { label: label.clone(), ..FileFacts::default() },
            is_signature: true,
            line,
            ..PrimaryFile::default()
        });
        for file in std::iter::once(file).chain(signatures) {
            // A primary file without a name is missing, whatever else is told of it.
            if file.name.is_empty() && file.is_signature {
                continue;
            }
            if let Some(frame) = self.frames.last_mut() {
                frame.unit.files.push(self.object.files.len());
            }
            self.object.files.push(file);
        }
    }

    /// Takes the value of the element `name`, which was closed just now.
    fn value(&mut self, name: &str, text: &str) {
        let Some(frame) = self.frames.last() else { return };
        if text.is_empty() {
            return;
        }
        let mut path: Vec<&str> = self.path[frame.base..].iter().map(|step| step.name.as_str()).collect();
        let parent = self.path.last().map_or("", |step| step.name.as_str());
        path.push(name);
        if let Some(at) = path.iter().position(|step| *step == "Primaerdokument") {
            let rest: Vec<String> = path[at + 1..].iter().map(|step| (*step).to_owned()).collect();
            self.file_value(&rest.iter().map(String::as_str).collect::<Vec<_>>(), text);
            return;
        }
        let grandparent = self.path.len().checked_sub(2).map_or("", |at| self.path[at].name.as_str());
        match (grandparent, parent, name) {
            ("Format", "Name", "code") => text.clone_into(&mut self.format[0]),
            (_, "Format", "SonstigerName") => text.clone_into(&mut self.other_format),
            (_, "Format", "Version") => text.clone_into(&mut self.format[1]),
            (_, "HistorienProtokollInformation", "DatumUhrzeit") => {
                let (_, first, last) = &mut self.object.history;
                if first.is_empty() || text < first.as_str() {
                    text.clone_into(first);
                }
                if text > last.as_str() {
                    text.clone_into(last);
                }
            }
            (_, "Geburt", "Datum") if path.first() == Some(&"Kontakt") => {
                self.object.persons.push(Person { born: text.to_owned(), died: String::new() });
            }
            _ => {}
        }
        let path: Vec<String> = path.into_iter().map(str::to_owned).collect();
        if let Some(frame) = self.frames.last_mut() {
            unit_value(frame, &path.iter().map(String::as_str).collect::<Vec<_>>(), text);
        }
    }

    fn file_value(&mut self, path: &[&str], text: &str) {
        let Some(file) = &mut self.file else { return };
        let facts = &mut file.facts;
        match path {
            ["Dateiname"] => text.clone_into(&mut file.name),
            ["DateinameOriginal"] => text.clone_into(&mut facts.original_name),
            ["Ersteller"] => text.clone_into(&mut facts.creator),
            ["DatumUhrzeit"] => text.clone_into(&mut facts.created),
            ["ZeitpunktLetzteAenderung"] if facts.created.is_empty() => text.clone_into(&mut facts.created),
            ["Hash", "Wert"] => text.clone_into(&mut file.hash.get_or_insert_default()[0]),
            // The name says it as well; a code that is known by no name does not hide it.
            ["Hash", "SonstigerAlgorithmus"] | ["Hash", "Algorithmus", "code" | "name"] => {
                let told = &mut file.hash.get_or_insert_default()[1];
                if !told.is_empty() {
                    told.push(' ');
                }
                told.push_str(text);
            }
            ["SignaturSiegel", "SignaturSiegelEingebettet"] => text_once(&mut facts.signature, "eingebettet"),
            ["SignaturSiegel", "SignaturSiegelDatei"] => {
                text_once(&mut facts.signature, text);
                self.signatures.push(text.to_owned());
            }
            ["Signaturdaten", "Signatur", "Format"] => text_once(&mut facts.signature, text),
            _ => {}
        }
    }

    fn finish(mut self) -> Object {
        let holder = self.frames.swap_remove(0).unit;
        self.object.unit =
            if self.holder_is_unit { holder } else { holder.parts.into_iter().next().unwrap_or_default() };
        self.object
    }
}

fn text_once(known: &mut String, text: &str) {
    if !known.is_empty() {
        known.push_str(", ");
    }
    known.push_str(text);
}

fn add(unit: &mut Unit, name: &str, value: &str) {
    if !value.is_empty() {
        unit.properties.push(Property::new(name, value));
    }
}

/// Takes a value that describes a unit; what is not known here stays in the message.
fn unit_value(frame: &mut Frame, path: &[&str], text: &str) {
    let unit = &mut frame.unit;
    let name = match path {
        ["Identifikation", "ID" | "xdomeaUUID"] => return text.clone_into(&mut unit.id),
        ["AllgemeineMetadaten", rest @ ..] => match rest {
            ["Betreff"] => return text.clone_into(&mut unit.title),
            ["Kennzeichen"] => return text.clone_into(&mut unit.reference),
            ["Federfuehrung"] => property::LEAD,
            ["Aktenfuehrung"] => property::KEEPING,
            ["Vertraulichkeitsstufe", "code"] | ["Geheimhaltung", "Geheimhaltungsgrad", "code"] => {
                property::CONFIDENTIALITY
            }
            ["Geheimhaltung", "Einstufungsfrist"] => "einstufungsfrist",
            ["Geheimhaltung", "EinstufungEndetAm"] => "einstufung-endet",
            ["Bemerkung"] => property::NOTE,
            ["Medium", "code"] => property::MEDIUM,
            ["Aktenplaneinheit", "Kennzeichen"] => property::FILE_PLAN,
            ["Aktenplaneinheit", "Inhaltsangabe" | "BetreffKurz"] => property::FILE_PLAN_TITLE,
            _ => return,
        },
        ["ArchivspezifischeMetadaten" | "Aussonderungsmetadaten", rest @ ..] => match rest {
            ["Aussonderungsart", "code" | "AussonderungsartKonfigurierbar"]
            | ["Aussonderungsart", "Aussonderungsart", "code"] => property::APPRAISAL,
            ["Bewertungsvorschlag", "code"] => property::APPRAISAL_PROPOSAL,
            ["BewertungsvorschlagBegruendung"] => "bewertungsvorschlag-begruendung",
            ["Aufbewahrungsdauer"] | ["Aufbewahrungsdauer", "AnzahlJahre"] => property::RETENTION_YEARS,
            ["Aufbewahrungsdauer", "Unbefristet"] => return add(unit, property::RETENTION_YEARS, "unbefristet"),
            ["Aufbewahrungsende"] => property::RETENTION_END,
            ["Transferfristende"] => "transferfristende",
            ["Kennung"] => "kennung",
            _ => return,
        },
        ["Laufzeit", "Beginn"] => return text.clone_into(&mut unit.dates[0]),
        ["Laufzeit", "Ende"] => return text.clone_into(&mut unit.dates[1]),
        ["Verweis", "ID" | "xdomeaUUID"] => return text.clone_into(&mut frame.related[0]),
        ["Verweis", "SGOKennzeichen"] => return text.clone_into(&mut frame.related[1]),
        ["Aktenbetreff"] => property::FILE_TITLE,
        ["ZdADatum"] => property::CLOSED,
        ["ZdA"] => "zda-verfuegt",
        ["Typ"] => property::KIND,
        ["Standort"] => "standort",
        ["Kontextobjekt"] => "kontextobjekt",
        ["DatumDesSchreibens"] => property::LETTER_DATE,
        ["Posteingangsdatum"] => property::RECEIVED,
        ["Postausgangsdatum"] => property::SENT,
        ["Bearbeiter"] => property::HANDLED_BY,
        ["FremdesGeschaeftszeichen"] => "fremdes-geschaeftszeichen",
        ["Bezug"] => "bezug",
        ["Nummer"] if unit.kind == UnitKind::Version => property::VERSION_NUMBER,
        ["Nummer"] => "nummer",
        ["Name", "code"] | ["SonstigerName"] if unit.kind == UnitKind::Format => "format",
        ["Version"] if unit.kind == UnitKind::Format => "formatversion",
        _ => return,
    };
    add(unit, name, text);
}
