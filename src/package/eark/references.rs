//! Reads METS documents of any origin: what they say of the package, and which files they refer to.

use std::io::BufRead;

use crate::io::xml::{Element, Node, XmlError, XmlLimits, XmlReader};
use crate::model::checksum::{Algorithm, Checksum};
use crate::model::package::PackageKind;
use crate::model::path::{PathFault, resolve};
use crate::model::time::Timestamp;

/// The namespace of METS 1.
pub const NAMESPACE: &str = "http://www.loc.gov/METS/";
/// The namespace of the attributes that CSIP adds.
pub const CSIP: &str = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS";
/// The namespace of the attributes that the SIP adds.
pub const SIP: &str = "https://DILCIS.eu/XML/METS/SIPExtensionMETS";
/// The namespace of `XLink`.
pub const XLINK: &str = "http://www.w3.org/1999/xlink";

/// How many agents and how many `altRecordID` are kept; of more, those that came first.
const MOST: usize = 1000;
/// How long names, roles and notes are kept, in bytes.
const TEXT: usize = 4096;

/// What the head of a METS document says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// `OBJID`.
    pub object: String,
    /// `LABEL`.
    pub label: String,
    /// `TYPE`.
    pub category: String,
    /// `CONTENTINFORMATIONTYPE`.
    pub information_type: String,
    /// `CREATEDATE`.
    pub created: Option<Timestamp>,
    /// `OAISPACKAGETYPE`.
    pub kind: Option<PackageKind>,
    /// Agents: role, other role, name, note.
    pub agents: Vec<Agent>,
    /// `altRecordID`: type and value.
    pub alternatives: Vec<(String, String)>,
}

/// An agent of the METS header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agent {
    /// `ROLE`, and `OTHERROLE` where that is `OTHER`.
    pub role: String,
    /// `TYPE`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its note with `NOTETYPE="IDENTIFICATIONCODE"`.
    pub code: String,
}

impl Summary {
    /// Returns the organization with `role`.
    #[must_use]
    pub fn organization(&self, role: &str) -> Option<&Agent> {
        self.agents.iter().find(|agent| agent.role == role && agent.kind == "ORGANIZATION")
    }

    /// Returns the name of the system from which the records come, empty where none is named.
    #[must_use]
    pub fn system(&self) -> &str {
        let system = self.agents.iter().find(|agent| agent.role == SYSTEM && agent.kind == "OTHER");
        system.map_or("", |agent| agent.name.as_str())
    }

    /// Returns the first `altRecordID` of `kind`.
    #[must_use]
    pub fn alternative(&self, kind: &str) -> Option<&str> {
        self.alternatives.iter().find(|(of, _)| of == kind).map(|(_, value)| value.as_str())
    }
}

/// What kind of reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceKind {
    /// `mdRef` in `dmdSec`.
    Descriptive,
    /// `mdRef` in `amdSec`.
    Administrative,
    /// `FLocat`.
    File,
    /// `mptr`: another METS document.
    Mets,
}

/// A reference to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What kind.
    pub kind: ReferenceKind,
    /// The path inside the package, or why it is none.
    pub path: Result<String, PathFault>,
    /// `href` as it stands.
    pub href: String,
    /// `SIZE`.
    pub size: Option<u64>,
    /// `CHECKSUM` with `CHECKSUMTYPE`; an error holds the type that is not known, or the checksum that is none.
    pub checksum: Option<Result<Checksum, String>>,
    /// `CREATED`.
    pub created: Option<Timestamp>,
    /// `MDTYPE` and `OTHERMDTYPE`.
    pub metadata: (String, String),
    /// `MDTYPEVERSION`.
    pub version: String,
    /// The line, from 1.
    pub line: u64,
}

/// Reads a METS document; `base` is its folder inside the package (`""` or ending in `/`). Every reference is handed to
/// `each` as it comes, so that memory does not grow with the document; what `each` returns ends the reading if it is
/// `false`. `None` where the document is not METS.
pub fn read(
    source: impl BufRead,
    base: &str,
    mut each: impl FnMut(&Summary, Reference) -> bool,
) -> Result<Option<Summary>, XmlError> {
    let mut xml = XmlReader::new(source, XmlLimits::default());
    let mut references = References::new(base);
    while let Some(node) = xml.node()? {
        if let Some(reference) = references.take(&node, xml.line())
            && !each(&references.summary, reference)
        {
            break;
        }
        if references.is_foreign {
            break;
        }
    }
    Ok(references.summary())
}

/// A METS document that is read node by node for what it says of the package and for its references.
#[derive(Debug)]
pub struct References {
    base: String,
    summary: Summary,
    /// The elements that are open.
    path: Vec<Place>,
    file: Fixity,
    piece: String,
    /// Whether the agent or `altRecordID` that is open is one too many to be kept.
    is_full: bool,
    is_foreign: bool,
}

impl References {
    /// Begins a document; `base` is its folder inside the package (`""` or ending in `/`).
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            summary: Summary::default(),
            path: Vec::new(),
            file: Fixity::default(),
            piece: String::new(),
            is_full: false,
            is_foreign: false,
        }
    }

    /// Takes the next node, which ends on `line`; returns the reference that it is.
    pub fn take(&mut self, node: &Node, line: u64) -> Option<Reference> {
        match node {
            Node::Start(element) if self.path.is_empty() => {
                self.root(element);
                self.path.push(Place::Other);
                None
            }
            Node::Start(element) if element.namespace == NAMESPACE => {
                self.piece.clear();
                let place = Place::of(element);
                let reference = self.start(place, element, line);
                self.path.push(place);
                reference
            }
            Node::Start(_) => {
                self.path.push(Place::Other);
                None
            }
            Node::Text(text) => {
                if self.path.last().is_some_and(|place| place.has_text()) && self.piece.len() < TEXT {
                    self.piece.push_str(cut(text));
                }
                None
            }
            Node::End => {
                self.end();
                None
            }
        }
    }

    /// Returns what the head says, `None` where the document is not METS.
    #[must_use]
    pub fn summary(self) -> Option<Summary> {
        (!self.is_foreign).then_some(self.summary)
    }

    fn root(&mut self, root: &Element) {
        self.is_foreign = root.namespace != NAMESPACE || root.name != "mets";
        self.summary = Summary {
            object: text(root, "OBJID"),
            label: text(root, "LABEL"),
            category: text(root, "TYPE"),
            information_type: root.qualified(CSIP, "CONTENTINFORMATIONTYPE").unwrap_or_default().to_owned(),
            ..Summary::default()
        };
    }

    fn start(&mut self, place: Place, element: &Element, line: u64) -> Option<Reference> {
        match place {
            Place::Header => {
                self.summary.created = element.attribute("CREATEDATE").and_then(Timestamp::parse);
                self.summary.kind = element.qualified(CSIP, "OAISPACKAGETYPE").and_then(kind);
            }
            Place::Agent => {
                self.is_full = self.summary.agents.len() == MOST;
                if !self.is_full {
                    self.summary.agents.push(agent(element));
                }
            }
            Place::Alternative => {
                self.is_full = self.summary.alternatives.len() == MOST;
                if !self.is_full {
                    self.summary.alternatives.push((short(element, "TYPE"), String::new()));
                }
            }
            Place::File => self.file = Fixity::of(element),
            Place::Reference(kind) => {
                let kind = if self.path.contains(&Place::Descriptive) && kind == ReferenceKind::Administrative {
                    ReferenceKind::Descriptive
                } else {
                    kind
                };
                let fixity = if kind == ReferenceKind::File { self.file.clone() } else { Fixity::of(element) };
                return Some(reference(element, kind, &self.base, fixity, line));
            }
            _ => {}
        }
        None
    }

    fn end(&mut self) {
        let ended = self.path.pop();
        let value = std::mem::take(&mut self.piece);
        match (ended, self.path.last()) {
            (Some(Place::Name), Some(Place::Agent)) => {
                if let Some(agent) = self.summary.agents.last_mut().filter(|_| !self.is_full) {
                    agent.name = value;
                }
            }
            (Some(Place::Code), Some(Place::Agent)) => {
                if let Some(agent) = self.summary.agents.last_mut().filter(|_| !self.is_full) {
                    agent.code = value;
                }
            }
            (Some(Place::Alternative), _) => {
                if let Some((_, last)) = self.summary.alternatives.last_mut().filter(|_| !self.is_full) {
                    *last = value;
                }
            }
            _ => {}
        }
    }
}

/// Returns the folders without files that a representation's METS document written by eArchiv lists, as portable paths
/// relative to it.
pub fn empty_folders(source: impl BufRead) -> Result<Vec<String>, XmlError> {
    let mut xml = XmlReader::new(source, XmlLimits::default());
    let mut folders = Vec::new();
    while let Some(node) = xml.node()? {
        if let Node::Start(element) = node
            && (element.namespace.as_str(), element.name.as_str()) == (NAMESPACE, "div")
            && element.attribute("TYPE") == Some(EMPTY_FOLDER)
            && let Some(label) = element.attribute("LABEL")
            && let Ok(path) = resolve("", label.trim_end_matches('/'))
        {
            folders.push(path);
        }
    }
    Ok(folders)
}

/// `OTHERROLE` of the system from which the records come.
pub const SYSTEM: &str = "SOURCE SYSTEM";

/// `TYPE` of a division that is a folder without files.
pub const EMPTY_FOLDER: &str = "empty folder";

/// The elements that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Header,
    Agent,
    Name,
    Code,
    Alternative,
    Descriptive,
    File,
    Reference(ReferenceKind),
    Other,
}

impl Place {
    /// Returns whether its text is wanted.
    fn has_text(self) -> bool {
        matches!(self, Self::Name | Self::Code | Self::Alternative)
    }

    fn of(element: &Element) -> Self {
        match element.name.as_str() {
            "metsHdr" => Self::Header,
            "agent" => Self::Agent,
            "name" => Self::Name,
            "note" if element.qualified(CSIP, "NOTETYPE") == Some("IDENTIFICATIONCODE") => Self::Code,
            "altRecordID" => Self::Alternative,
            "dmdSec" => Self::Descriptive,
            "file" => Self::File,
            "FLocat" => Self::Reference(ReferenceKind::File),
            "mdRef" => Self::Reference(ReferenceKind::Administrative),
            "mptr" => Self::Reference(ReferenceKind::Mets),
            _ => Self::Other,
        }
    }
}

/// Size, time and checksum as the attributes of `file` and `mdRef` say them.
#[derive(Debug, Clone, Default)]
struct Fixity {
    size: Option<u64>,
    created: Option<Timestamp>,
    checksum: Option<Result<Checksum, String>>,
}

impl Fixity {
    fn of(element: &Element) -> Self {
        let checksum = match (element.attribute("CHECKSUMTYPE"), element.attribute("CHECKSUM")) {
            (_, None) => None,
            (None, Some(_)) => Some(Err(String::new())),
            (Some(name), Some(digits)) => Some(match Algorithm::named(name) {
                None => Err(name.to_owned()),
                Some(algorithm) => Checksum::from_hex(algorithm, digits.trim()).ok_or_else(|| digits.to_owned()),
            }),
        };
        let created = element.attribute("CREATED").and_then(Timestamp::parse);
        // A number that is too large is the size of no file; what is no number says nothing (CSIP69).
        let digits = |size: &&str| !size.is_empty() && size.bytes().all(|letter| letter.is_ascii_digit());
        let size = element.attribute("SIZE").map(str::trim).filter(digits);
        let size = size.map(|size| size.parse().unwrap_or(u64::MAX));
        Self { size, created, checksum }
    }
}

fn reference(element: &Element, kind: ReferenceKind, base: &str, fixity: Fixity, line: u64) -> Reference {
    let href = element.qualified(XLINK, "href").unwrap_or_default().to_owned();
    Reference {
        kind,
        path: resolve(base, &href),
        href,
        size: fixity.size,
        checksum: fixity.checksum,
        created: fixity.created,
        metadata: (text(element, "MDTYPE"), text(element, "OTHERMDTYPE")),
        version: text(element, "MDTYPEVERSION"),
        line,
    }
}

fn text(element: &Element, name: &str) -> String {
    element.attribute(name).unwrap_or_default().to_owned()
}

/// Returns the beginning of an attribute's value that is kept many times.
fn short(element: &Element, name: &str) -> String {
    cut(element.attribute(name).unwrap_or_default()).to_owned()
}

/// Returns the beginning of a text.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(TEXT)]
}

fn kind(name: &str) -> Option<PackageKind> {
    [PackageKind::Sip, PackageKind::Aip, PackageKind::Dip].into_iter().find(|kind| kind.name() == name)
}

fn agent(element: &Element) -> Agent {
    let role = short(element, "ROLE");
    let role = if role == "OTHER" { short(element, "OTHERROLE") } else { role };
    Agent { role, kind: short(element, "TYPE"), ..Agent::default() }
}
