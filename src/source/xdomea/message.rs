//! A message: which type and version it has, what its header says, and where its objects lie in it.
//!
//! Reading streams. Of each root object only what is needed to find it again is kept, so that a message of any length
//! costs little; [`super::spool::Spool`] reads the objects one by one.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;

use uuid::Uuid;

use super::branch::Branch;
use super::header::Header;
use super::units::{self, Object, PrimaryFile};
use crate::io::xml::{Element, Node, XmlError, XmlFault, XmlLimits, XmlReader};
use crate::model::finding::{Code, Finding};
use crate::model::unit::UnitKind;

/// What the namespaces of all versions begin with; the version follows.
pub const NAMESPACE: &str = "urn:xoev-de:xdomea:schema:";

/// Versions that are read, without the last part.
pub const VERSIONS: [&str; 5] = ["2.3", "2.4", "3.0", "3.1", "4.0"];

/// How many faults of identifiers are told of one root object.
const TOLD: usize = 100;

/// What a message says, but for its objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// Its type: the last part of the root element's name (`0503`).
    pub kind: String,
    /// The root element's name (`Aussonderung.Aussonderung.0503`).
    pub root: String,
    /// The version of its format, from the namespace (`3.0.0`).
    pub version: String,
    /// What its header says.
    pub header: Header,
    /// The file that it was read from, as [`crate::model::path::shown`].
    pub file: String,
    /// Its root objects in their order (0501, 0503).
    pub objects: Vec<Root>,
    /// Its letters (Anschreiben): documents that belong to no object.
    pub letters: Vec<Object>,
    /// Names of the files of its filing plan.
    pub plan_files: Vec<PrimaryFile>,
    /// Its decisions in their order (0502).
    pub decisions: Vec<Decision>,
    /// What was established about it; an error refuses all of its objects.
    pub findings: Vec<Finding>,
}

/// A root object of a message: what stands in one `Schriftgutobjekt`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Root {
    /// What it is.
    pub kind: UnitKind,
    /// Its UUID, as it stands there.
    pub id: String,
    /// Its title (Betreff).
    pub title: String,
    /// Its reference code (Kennzeichen).
    pub reference: String,
    /// Where its `Schriftgutobjekt` begins and ends, in bytes from the start of the message.
    pub range: (u64, u64),
    /// The line on which it begins.
    pub line: u64,
    /// Names of its primary files, each once.
    pub files: Vec<Box<str>>,
    /// What was established about it alone.
    pub findings: Vec<Finding>,
}

/// What the archive decided of one object (0502: `BewertetesObjekt`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// The object's UUID, as it stands there.
    pub id: String,
    /// `A` to be archived, `V` to be destroyed, `B` still to be appraised; or a word that both sides agreed on.
    pub mark: String,
    /// The line on which it begins.
    pub line: u64,
}

/// Why a document is no message that can be read.
#[derive(Debug, thiserror::Error)]
pub enum MessageFault {
    /// It is not well-formed XML, or passes a limit.
    #[error("line {line}, column {column}: {error}")]
    Xml {
        /// What is wrong.
        error: XmlError,
        /// Where, from 1.
        line: u64,
        /// Where, from 1, in bytes.
        column: u64,
    },
    /// Its root element is none of xdomea.
    #[error("no xdomea message but {root}")]
    Foreign {
        /// The root element's name.
        root: String,
    },
}

impl MessageFault {
    /// Returns the finding that says so of `file`.
    #[must_use]
    pub fn finding(&self, file: &str) -> Finding {
        match self {
            Self::Xml { error: XmlError::Io(error), .. } => {
                Finding::new(Code::Unreadable).file(file).value(error.to_string())
            }
            Self::Xml { error: XmlError::Fault { fault, .. }, line, column } => {
                let text = match fault {
                    XmlFault::Malformed(text) | XmlFault::Encoding(text) => text.clone(),
                    XmlFault::DocumentType => "DOCTYPE".to_owned(),
                    XmlFault::Limit(limit) => (*limit).to_owned(),
                };
                let finding = Finding::new(Code::XmlMalformed).file(file).line(*line).value(text);
                Finding { column: Some(*column), ..finding }
            }
            Self::Foreign { root } => Finding::new(Code::MessageForeign).file(file).value(root.clone()),
        }
    }
}

impl Message {
    /// Reads the message in `source`, which is called `file`, once from start to end.
    ///
    /// `file` is a path of which the last part may begin with the process id; what contradicts is a finding.
    pub fn read(source: impl BufRead, file: &str) -> Result<Self, MessageFault> {
        let mut xml = XmlReader::plain(source, XmlLimits::default());
        let read = Self::scan(&mut xml, file);
        read.map_err(|fault| match fault {
            Stop::Xml(error) => MessageFault::Xml { line: line_of(&error), column: xml.column(), error },
            Stop::Foreign(root) => MessageFault::Foreign { root },
        })
    }

    /// Returns whether this program knows the version.
    #[must_use]
    pub fn is_known(&self) -> bool {
        VERSIONS.iter().any(|known| {
            let rest = self.version.strip_prefix(known);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Returns the first part of the version: 2, 3 or 4.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.version.split('.').next().and_then(|first| first.parse().ok()).unwrap_or_default()
    }

    fn scan<R: BufRead>(xml: &mut XmlReader<R>, file: &str) -> Result<Self, Stop> {
        let Some(Node::Start(root)) = xml.node()? else { return Err(Stop::Foreign(String::new())) };
        let mut message = Self::begun(&root, file)?;
        let mut ids = Ids::default();
        loop {
            match xml.node()? {
                None => break,
                Some(Node::Start(element)) => message.part(xml, element, &mut ids)?,
                Some(Node::Text(_) | Node::End) => {}
            }
        }
        message.judge(ids);
        Ok(message)
    }

    fn begun(root: &Element, file: &str) -> Result<Self, Stop> {
        let version = root.namespace.strip_prefix(NAMESPACE);
        if version.is_none() && !root.namespace.contains("xdomea") {
            return Err(Stop::Foreign(root.name.clone()));
        }
        let version = version.unwrap_or(&root.namespace).to_owned();
        let kind = root.name.rsplit('.').next().unwrap_or_default().to_owned();
        let mut message = Self { kind, root: root.name.clone(), version, file: file.to_owned(), ..Self::default() };
        let told = |name: &str| root.attribute(name).unwrap_or_default().to_owned();
        let system = &mut message.header.system;
        (system.product, system.version) = (told("produkt"), told("produktversion"));
        system.maker = told("produkthersteller");
        Ok(message)
    }

    /// Reads one element of the root.
    fn part<R: BufRead>(&mut self, xml: &mut XmlReader<R>, element: Element, ids: &mut Ids) -> Result<(), Stop> {
        let (start, line) = (xml.place().0, xml.line());
        match element.name.as_str() {
            "Kopf" | "nachrichtenkopf" => self.header.take(Branch::read(xml, element)?),
            "Schriftgutobjekt" => {
                let object = units::read_object(xml, None)?;
                let mut root = Root { range: (start, xml.place().1), line, ..Root::of(&object) };
                ids.note(&object, &mut root, &self.file);
                self.objects.push(root);
            }
            "Anschreiben" => self.letters.push(units::read_object(xml, Some(UnitKind::Dokument))?),
            "Aktenplan" => self.plan_files.extend(units::read_object(xml, Some(UnitKind::Dokument))?.files),
            "BewertetesObjekt" => {
                let told = Branch::read(xml, element)?;
                let id = told.text_at(&[&["ID"], &["xdomeaUUID"], &["Identifikation", "xdomeaUUID"]]).to_owned();
                let mark = told.text_at(&[
                    &["Aussonderungsart", "Aussonderungsart", "code"],
                    &["Aussonderungsart", "code"],
                    &["Aussonderungsart", "AussonderungsartKonfigurierbar"],
                ]);
                self.decisions.push(Decision { id, mark: mark.to_owned(), line });
            }
            name if Header::stands_beside(name) => {
                let branch = Branch::read(xml, element)?;
                self.header.beside(&branch.name, &branch.text);
            }
            _ => skip(xml)?,
        }
        Ok(())
    }

    /// Compares what the message says of itself with what it is.
    fn judge(&mut self, ids: Ids) {
        let about = |code| Finding::new(code).file(self.file.clone());
        let mut findings = Vec::new();
        if !self.is_known() {
            findings.push(about(Code::MessageVersionUnknown).value(self.version.clone()).expected(VERSIONS.join(", ")));
        }
        if !self.header.kind.is_empty() && self.header.kind != self.kind {
            let finding = about(Code::MessageKindDiffers).value(self.header.kind.clone());
            findings.push(finding.expected(self.kind.clone()));
        }
        let process = &self.header.process;
        match uuid(process) {
            None => findings.push(about(Code::MessageProcessInvalid).value(process.clone())),
            Some(process_id) => {
                let name = self.file.rsplit('/').next().unwrap_or_default();
                if name.get(..36).and_then(uuid) != Some(process_id) {
                    findings.push(about(Code::MessageProcessDiffers).value(name).expected(process.clone()));
                }
            }
        }
        self.findings = findings;
        ids.judge(self);
    }
}

impl Root {
    fn of(object: &Object) -> Self {
        let unit = &object.unit;
        let mut seen = HashSet::new();
        let names = object.files.iter().map(|file| file.name.as_str()).filter(|name| seen.insert(*name));
        Self {
            kind: unit.kind,
            id: unit.id.clone(),
            title: unit.title.clone(),
            reference: unit.reference.clone(),
            files: names.map(Into::into).collect(),
            ..Self::default()
        }
    }
}

/// Reads up to the end of the element that began last.
fn skip<R: BufRead>(xml: &mut XmlReader<R>) -> Result<(), XmlError> {
    let mut depth = 1_usize;
    while depth > 0 {
        match xml.node()? {
            Some(Node::Start(_)) => depth += 1,
            Some(Node::End) => depth -= 1,
            Some(Node::Text(_)) => {}
            None => break,
        }
    }
    Ok(())
}

/// Returns the UUID that `text` is.
#[must_use]
pub fn uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::parse_str(text).ok()).flatten()
}

/// Identifiers of all objects of a message: how often each is there.
#[derive(Default)]
struct Ids(HashMap<Uuid, u32>);

impl Ids {
    fn note(&mut self, object: &Object, root: &mut Root, file: &str) {
        object.unit.walk(&mut |unit, depth| {
            if matches!(unit.kind, UnitKind::Version | UnitKind::Format) || root.findings.len() == TOLD {
                return;
            }
            let Some(id) = uuid(&unit.id) else {
                let mut finding = Finding::new(Code::ObjectIdInvalid).file(file).line(root.line);
                finding.value = Some(unit.id.clone());
                finding.expected = Some(unit.kind.name().to_owned());
                if depth > 0 {
                    finding.severity = crate::model::finding::Severity::Warning;
                }
                root.findings.push(finding);
                return;
            };
            let times = self.0.entry(id).or_default();
            *times += 1;
            if *times > 1 && depth > 0 {
                let finding = Finding::new(Code::ObjectIdDuplicate).file(file).line(root.line).value(unit.id.clone());
                root.findings.push(finding);
            }
        });
    }

    /// Refuses root objects whose identifier another object has, since answers could not tell which is meant.
    fn judge(self, message: &mut Message) {
        for root in &mut message.objects {
            let times = uuid(&root.id).and_then(|id| self.0.get(&id)).copied().unwrap_or_default();
            if times > 1 {
                let mut finding = Finding::new(Code::ObjectIdDuplicate).file(message.file.clone());
                finding = finding.line(root.line).value(root.id.clone());
                finding.severity = crate::model::finding::Severity::Error;
                root.findings.push(finding);
            }
        }
    }
}

enum Stop {
    Xml(XmlError),
    Foreign(String),
}

impl From<XmlError> for Stop {
    fn from(error: XmlError) -> Self {
        Self::Xml(error)
    }
}

fn line_of(error: &XmlError) -> u64 {
    match error {
        XmlError::Fault { line, .. } => *line,
        XmlError::Io(_) => 0,
    }
}
