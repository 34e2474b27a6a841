//! One METS document, asked the table's questions while its nodes stream by.

use super::agents::Agents;
use super::ask::{Ask, Times, Value};
use super::groups::Groups;
use super::head::Head;
use super::ids::Ids;
use super::place::PLACES;
use super::table::{about_ids, all, at};
use super::tally::{Spot, Tally};
use super::tree::Tree;
use super::{Claim, Place, Requirement, Spec};
use crate::io::xml::{Element, Node, Way};
use crate::model::finding::{Code, Severity};
use crate::model::time::Timestamp;
use crate::package::eark::references::{NAMESPACE, ReferenceKind, XLINK};
use crate::package::eark::schema::values::{is_name, trimmed};

/// What a METS document describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The package in the folder of this name.
    Package(String),
    /// The representation in the folder of this name.
    Representation(String),
}

impl Role {
    /// Returns the name of the folder in which the document lies.
    #[must_use]
    pub fn folder(&self) -> &str {
        match self {
            Self::Package(folder) | Self::Representation(folder) => folder,
        }
    }

    /// Returns the path of that folder inside the package, empty or ending in `/`.
    #[must_use]
    pub fn base(&self) -> String {
        match self {
            Self::Package(_) => String::new(),
            Self::Representation(name) => format!("representations/{name}/"),
        }
    }
}

/// The longest text of an element that is kept.
const TEXT: usize = 4096;

/// An element that is open.
#[derive(Debug)]
struct Frame {
    place: Place,
    line: u64,
    column: u64,
    children: [u32; PLACES],
}

/// Where reading is, for those who note what is not as it should be.
pub(super) struct Here<'a> {
    pub(super) tally: &'a mut Tally,
    way: &'a Way,
    line: u64,
    column: u64,
}

impl Here<'_> {
    /// Notes that something here is what requirement `id` speaks of.
    pub(super) fn ask(&mut self, id: &str) {
        self.tally.ask(id);
    }

    /// Notes that requirement `id` is not met by this element, or by its attribute `name`.
    pub(super) fn fail(&mut self, id: &str, name: &str, value: Option<&str>, expected: &str) {
        let spot = self.spot(name);
        self.tally.fail(id, spot, value, expected);
    }

    /// Notes that requirement `id` is not met by the children called `child` of this element, of which there are `count`.
    pub(super) fn fail_child(&mut self, id: &str, child: &str, count: u32, expected: &str) {
        let mut spot = self.spot("");
        spot.xpath = format!("{}/{child}", spot.xpath);
        self.tally.fail(id, spot, Some(&count.to_string()), expected);
    }

    /// Notes it as grave as `severity` says.
    pub(super) fn fail_as(&mut self, id: &str, severity: Severity, name: &str, value: Option<&str>, expected: &str) {
        let spot = self.spot(name);
        self.tally.fail_as(id, Some(severity), spot, value, expected);
    }

    /// Returns this place.
    pub(super) fn spot(&self, name: &str) -> Spot {
        let mut xpath = self.way.xpath();
        if !name.is_empty() {
            xpath.push_str("/@");
            xpath.push_str(name);
        }
        Spot { line: self.line, column: self.column, xpath }
    }
}

/// A METS document that is being read.
#[derive(Debug)]
pub struct Document {
    role: Role,
    now: Timestamp,
    frames: Vec<Frame>,
    ids: Ids,
    head: Head,
    agents: Agents,
    groups: Groups,
    text: String,
}

impl Document {
    /// Begins a document with the role `role` at the time `now`.
    #[must_use]
    pub fn new(role: Role, now: Timestamp) -> Self {
        Self {
            now,
            frames: Vec::new(),
            ids: Ids::default(),
            head: Head::default(),
            agents: Agents::default(),
            groups: Groups::new(role.base()),
            text: String::new(),
            role,
        }
    }

    /// Takes the next node; `way` has entered it, `place` is line and column where it begins.
    pub fn take(&mut self, node: &Node, way: &Way, place: (u64, u64), tree: &Tree, tally: &mut Tally) {
        match node {
            Node::Start(element) => self.start(element, Here { tally, way, line: place.0, column: place.1 }),
            Node::Text(text) => {
                let open = self.frames.last().map(|frame| frame.place);
                if matches!(open, Some(Place::AgentName | Place::AgentNote | Place::AltRecordId))
                    && self.text.len() < TEXT
                {
                    self.text.extend(text.chars().take(TEXT));
                }
            }
            Node::End => {
                if let Some(frame) = self.frames.pop() {
                    self.end(&frame, Here { tally, way, line: frame.line, column: frame.column }, tree);
                }
            }
        }
    }

    /// Returns what the document, if it is that of a package, claims the package to be.
    #[must_use]
    pub fn claim(&self) -> Claim {
        Claim::read(&self.head.profile, &self.head.package_type)
    }

    /// Returns what the document calls what it describes.
    #[must_use]
    pub fn object(&self) -> &str {
        &self.head.object
    }

    /// Returns whether the document says that the package is part of another AIP.
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.groups.is_part()
    }

    /// Notes that the file lies at `path` to which the last reference leads, which is one of `kind`.
    pub fn located(&mut self, kind: ReferenceKind, path: &str) {
        match kind {
            ReferenceKind::File => self.groups.located(path),
            ReferenceKind::Mets => self.groups.led(path),
            ReferenceKind::Descriptive | ReferenceKind::Administrative => {}
        }
    }

    fn start(&mut self, element: &Element, mut here: Here<'_>) {
        let parent = self.frames.last().map_or(Place::Package, |frame| frame.place);
        let mut place = parent.of(element);
        if let Some(frame) = self.frames.last_mut() {
            frame.children[place as usize] += 1;
            // A map has one division (CSIP84); what is in a second one is not asked to be that of the package as well.
            if place == Place::Main && frame.children[place as usize] > 1 {
                place = Place::Other;
            }
        }
        self.text.clear();
        for number in at(place) {
            let row = &all()[*number];
            // What SIP, AIP and DIP add for the head is said of the package.
            let of_package = row.spec != Spec::Csip && matches!(place, Place::Mets | Place::Header);
            if !of_package || matches!(self.role, Role::Package(_)) {
                self.ask(*number, row, element, &mut here);
            }
        }
        let id = element.attribute("ID").unwrap_or_default();
        if !id.is_empty() && element.namespace == NAMESPACE {
            self.identify(place, id, &mut here);
            match place {
                Place::Amd | Place::Digiprov | Place::Rights | Place::OtherAmd => self.ids.add_administrative(id),
                Place::Dmd => self.ids.add_descriptive(id),
                _ => {}
            }
        }
        match place {
            Place::Mets => self.head.root(&mut here, element, &self.role),
            Place::Header => self.head.header(&mut here, element, self.now),
            Place::Agent | Place::AgentNote => self.agents.start(place, element, &here),
            Place::AltRecordId => self.agents.alternative(element),
            Place::StructLink => here.ask("REF_METS_1"),
            Place::BehaviorSec => here.ask("REF_METS_2"),
            Place::Rights => {
                here.tally.present_element("CSIP45");
                self.groups.start((parent, place), element, &self.ids, &self.head, &mut here);
            }
            _ => self.groups.start((parent, place), element, &self.ids, &self.head, &mut here),
        }
        self.frames.push(Frame { place, line: here.line, column: here.column, children: [0; PLACES] });
    }

    fn end(&mut self, frame: &Frame, mut here: Here<'_>, tree: &Tree) {
        for number in at(frame.place) {
            let Ask::Element(child, times) = all()[*number].ask else { continue };
            here.tally.ask_number(*number);
            let found = frame.children[child as usize];
            let (met, expected) = match times {
                Times::Once => (found == 1, "1..1"),
                Times::Some => (found > 0, "1..n"),
            };
            if !met {
                let mut spot = here.spot("");
                spot.xpath = format!("{}/{}", spot.xpath, child.path().rsplit('/').next().unwrap_or_default());
                here.tally.fail_number(*number, None, spot, Some(&found.to_string()), expected);
            }
        }
        match frame.place {
            Place::Agent => self.agents.end(),
            Place::AgentName | Place::AgentNote => self.agents.text(frame.place, &self.text),
            Place::AltRecordId => self.agents.alternative_text(&self.text),
            Place::Header => self.agents.header(&self.role, frame.children[Place::Agent as usize], &mut here),
            place => {
                let count = |child: Place| frame.children[child as usize];
                self.groups.end(place, &count, &self.role, tree, &mut here);
            }
        }
        self.text.clear();
    }

    /// Notes the id of an element at `place`, and that two elements have the same: both requirements that ask for it are not met.
    fn identify(&mut self, place: Place, id: &str, here: &mut Here<'_>) {
        let asking = about_ids();
        let own = asking.iter().position(|number| all()[*number].place == place);
        let code = own.map_or(0, |index| u8::try_from(index + 1).unwrap_or_default());
        let Err(before) = self.ids.add(id, code) else { return };
        let first = usize::from(before).checked_sub(1).filter(|index| Some(*index) != own);
        for index in first.into_iter().chain(own) {
            let spot = here.spot("ID");
            here.tally.fail_number(asking[index], None, spot, Some(id), "unique xml:id");
        }
    }

    /// Asks one question about an attribute.
    fn ask(&mut self, number: usize, row: &Requirement, element: &Element, here: &mut Here<'_>) {
        let (names, value, optional) = match &row.ask {
            Ask::Attribute(name, value) => (std::slice::from_ref(name), *value, false),
            Ask::Optional(names, value) => (*names, *value, true),
            _ => return,
        };
        let found = names.iter().find_map(|name| Some((name, name.of(element)?)));
        let Some((name, text)) = found else {
            let path = || format!("{}{}", names[0].prefix, names[0].local);
            if optional {
                let (way, line, column) = (here.way, here.line, here.column);
                here.tally.possible(number, || Spot { line, column, xpath: format!("{}/@{}", way.xpath(), path()) });
            } else {
                let spot = here.spot(&path());
                if value == Value::Checksum {
                    let of = element.qualified(XLINK, "href").or_else(|| element.attribute("ID"));
                    here.tally.fail_at(number, Code::ChecksumAbsent, None, spot, of, &value.expected());
                } else {
                    here.tally.fail_number(number, None, spot, None, &value.expected());
                }
            }
            return;
        };
        if optional {
            here.tally.present(number);
        } else {
            here.tally.ask_number(number);
        }
        let holds = match value {
            Value::Id => is_name(trimmed(text)),
            Value::Administrative => given(text) && text.split_whitespace().all(|id| self.ids.is_administrative(id)),
            Value::Descriptive => given(text) && text.split_whitespace().all(|id| self.ids.is_descriptive(id)),
            value => value.holds(text, element, self.now),
        };
        if !holds {
            let spot = here.spot(&format!("{}{}", name.prefix, name.local));
            here.tally.fail_number(number, None, spot, Some(text), &value.expected());
        }
    }
}

fn given(text: &str) -> bool {
    !text.trim().is_empty()
}
