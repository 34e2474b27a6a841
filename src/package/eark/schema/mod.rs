//! Whether METS and PREMIS documents are what their schemas say, node by node while others read the same document.
//!
//! The schemas are written down in this project (`notation`), so nothing is opened or fetched and nothing in a package
//! can say by what it is to be judged. After a fault it is gone on from the place that the author most likely meant: what
//! follows from a fault is not told again.

mod extensions;
mod grammar;
mod ids;
mod mets;
mod model;
mod notation;
mod premis;
#[cfg(test)]
mod tests;
pub(super) mod values;

use self::grammar::Grammar;
use self::ids::{Ids, Reference, TooMany};
use self::notation::{Attribute, Content, Simple};
use self::values::{Base64, SPACE, list, trimmed};
use crate::io::xml::{Element, Node, Way};
use crate::model::finding::{Code, Finding, Severity};

/// The namespace of `xsi:type`.
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// How many faults of a document are told; the others are counted.
const TOLD: usize = 100;
/// How many characters of a value are told.
const VALUE: usize = 200;
/// The longest value of an element that is no text; no number and no date is as long.
const TEXT: usize = 1 << 16;

/// Compares a document with its schema while it is read.
#[derive(Debug)]
pub struct Validity {
    own: &'static Grammar,
    open: Vec<Open>,
    /// The value of the element that is open, where it matters.
    text: String,
    base64: Base64,
    ids: Ids,
    /// Whether there were more ids than can be compared.
    too_many: bool,
    told: Told,
}

/// An element that is open.
#[derive(Debug)]
enum Open {
    /// It is held to what is said of it.
    Held(Held),
    /// It is somebody else's, where anything may stand: only what is known by name and namespace is looked at in it.
    Free,
    /// It should not be there: what is in it is looked at element by element.
    Lost(&'static Grammar),
}

#[derive(Debug)]
struct Held {
    grammar: &'static Grammar,
    number: usize,
    state: model::State,
    /// Children that were told to be missing: that they come later is not told again.
    skipped: Vec<usize>,
    /// Whether it was told that something else should stand at this place.
    gap: bool,
    /// Whether it was told that text stands where none may.
    text_told: bool,
}

/// How much was told.
#[derive(Debug, Default)]
struct Told {
    listed: usize,
    more: usize,
}

/// Where reading is, and where findings go.
struct Spot<'a> {
    way: &'a Way,
    place: (u64, u64),
    findings: &'a mut Vec<Finding>,
}

impl Validity {
    /// Begins with a METS document.
    #[must_use]
    pub fn mets() -> Self {
        Self::new(grammar::mets())
    }

    /// Begins with a PREMIS document.
    #[must_use]
    pub fn premis() -> Self {
        Self::new(grammar::premis())
    }

    fn new(own: &'static Grammar) -> Self {
        Self {
            own,
            open: Vec::new(),
            text: String::new(),
            base64: Base64::default(),
            ids: Ids::default(),
            too_many: false,
            told: Told::default(),
        }
    }

    /// Looks at the next node, which lies at line and column `place`; `way` has entered it already.
    pub fn take(&mut self, node: &Node, way: &Way, place: (u64, u64), findings: &mut Vec<Finding>) {
        let mut spot = Spot { way, place, findings };
        match node {
            Node::Start(element) => {
                let open = self.start(element, &mut spot);
                self.open.push(open);
            }
            Node::Text(text) => self.text(text, &mut spot),
            Node::End => self.end(&mut spot),
        }
    }

    /// Ends with the document: tells what can be known only now.
    pub fn finish(self, findings: &mut Vec<Finding>) {
        let Self { ids, too_many, mut told, .. } = self;
        if !too_many {
            let (references, more) = ids.open();
            told.more += more;
            for Reference { place, xpath, value } in references {
                if told.may_list() {
                    findings.push(fault(place, xpath, Some(&value), Some("ID".to_owned())));
                }
            }
        }
        if told.more > 0 {
            let mut more =
                Finding::new(Code::FindingsMore).value(told.more.to_string()).expected(Code::SchemaInvalid.name());
            more.severity = Severity::Error;
            findings.push(more);
        }
    }

    fn start(&mut self, element: &Element, spot: &mut Spot<'_>) -> Open {
        let found = match self.open.last_mut() {
            None => match self.own.global(&element.name) {
                Some(number) if element.namespace == self.own.namespace() => Some((self.own, number)),
                _ => return self.foreign_root(element, spot),
            },
            Some(Open::Held(held)) => match held.child(element, &mut self.told, spot) {
                Child::Known(number) => Some((held.grammar, number)),
                Child::Anything => global(element),
                Child::Wrong => None,
            },
            Some(Open::Lost(grammar)) => {
                let own = (element.namespace == grammar.namespace()).then(|| grammar.number(&element.name)).flatten();
                own.map(|number| (*grammar, number)).or_else(|| global(element))
            }
            Some(Open::Free) => global(element),
        };
        let around = self.open.last();
        let Some((grammar, mut number)) = found else {
            return match around {
                Some(Open::Held(held)) if !matches!(held.content(), Content::Anything) => {
                    self.lost(held.grammar, element)
                }
                Some(Open::Lost(grammar)) => self.lost(grammar, element),
                _ => self.free(element, spot),
            };
        };
        if matches!(grammar.element(number).rule.content, Content::ByKind) {
            let kind = element.type_name.as_ref().filter(|(namespace, _)| namespace == grammar.namespace());
            let Some(of_kind) = kind.and_then(|(_, name)| grammar.kind(number, name)) else {
                let said = element.qualified(XSI, "type");
                self.told.tell(spot, "/@type", said, || Some(grammar.kinds(number).collect::<Vec<_>>().join(", ")));
                return self.lost(grammar, element);
            };
            number = of_kind;
        }
        self.attributes(grammar, number, element, spot);
        self.text.clear();
        self.base64 = Base64::default();
        Open::Held(Held { grammar, number, state: 0, skipped: Vec::new(), gap: false, text_told: false })
    }

    /// Tells that a document is none of its kind; one in a namespace that is not known here, PREMIS 2 for instance, can
    /// be as good as any.
    fn foreign_root(&mut self, element: &Element, spot: &mut Spot<'_>) -> Open {
        let namespace = self.own.namespace();
        if std::ptr::eq(self.own, grammar::premis()) && element.namespace != namespace {
            let mut absent = Finding::new(Code::SchemaAbsent).value(element.namespace.clone());
            absent.severity = Severity::Info;
            spot.findings.push(absent);
            return Open::Free;
        }
        let said = format!("{{{}}}{}", element.namespace, element.name);
        let root = if std::ptr::eq(self.own, grammar::premis()) { "premis" } else { "mets" };
        self.told.tell(spot, "", Some(&said), || Some(format!("{{{namespace}}}{root}")));
        Open::Lost(self.own)
    }

    /// Goes on with an element that should not be there; references to it are not told to lead nowhere.
    fn lost(&mut self, grammar: &'static Grammar, element: &Element) -> Open {
        for name in ["ID", "xmlID"] {
            if let Some(id) = element.attribute(name) {
                // Whether it is the first of its name does not matter here.
                let _ = self.ids.define(trimmed(id));
            }
        }
        Open::Lost(grammar)
    }

    fn free(&mut self, element: &Element, spot: &mut Spot<'_>) -> Open {
        for (namespace, name, value) in &element.attributes {
            if let Some(attribute) = known(namespace, name) {
                self.value(attribute, value, spot);
            }
        }
        Open::Free
    }

    fn attributes(&mut self, grammar: &Grammar, number: usize, element: &Element, spot: &mut Spot<'_>) {
        let declared = grammar.element(number);
        let mut seen = 0_u64;
        for (namespace, name, value) in &element.attributes {
            let is_it = |attribute: &&Attribute| attribute.name == name && attribute.namespace == namespace;
            if let Some(index) = declared.attributes.iter().position(is_it) {
                seen |= 1 << index;
                self.value(declared.attributes[index], value, spot);
            } else if may_stand(declared.rule.open, grammar, namespace, name) {
                if let Some(attribute) = known(namespace, name) {
                    self.value(attribute, value, spot);
                }
            } else {
                self.told.tell(spot, &format!("/@{name}"), Some(value), || None);
            }
        }
        for (index, attribute) in declared.attributes.iter().enumerate() {
            if attribute.required && seen & (1 << index) == 0 {
                self.told.tell(spot, &format!("/@{}", attribute.name), None, || Some(attribute.value.expected()));
            }
        }
    }

    /// Looks at the value of an attribute.
    fn value(&mut self, attribute: &Attribute, value: &str, spot: &mut Spot<'_>) {
        if !attribute.value.holds(value) {
            let (tail, before) = (format!("/@{}", attribute.name), spot.findings.len());
            self.told.tell(spot, &tail, Some(value), || Some(attribute.value.expected()));
            if let (Simple::Growing(_), Some(told)) = (attribute.value, spot.findings.get_mut(before)) {
                told.severity = Severity::Warning;
            }
        }
        match attribute.value {
            Simple::Id => match self.ids.define(trimmed(value)) {
                Ok(true) => {}
                Ok(false) => {
                    let tail = format!("/@{}", attribute.name);
                    self.told.tell(spot, &tail, Some(value), || Some("unique".to_owned()));
                }
                Err(TooMany) => self.give_up(spot),
            },
            Simple::IdRef | Simple::IdRefs => {
                for id in list(value) {
                    let about = || Reference {
                        place: spot.place,
                        xpath: format!("{}/@{}", spot.way.xpath(), attribute.name),
                        value: cut(id),
                    };
                    if self.ids.refer(id, about).is_err() {
                        return self.give_up(spot);
                    }
                }
            }
            _ => {}
        }
    }

    /// Tells, once, that ids are not compared any more.
    fn give_up(&mut self, spot: &mut Spot<'_>) {
        if !std::mem::replace(&mut self.too_many, true) {
            let finding = Finding::new(Code::XmlMalformed).line(spot.place.0).value("ids");
            spot.findings.push(finding);
        }
    }

    fn text(&mut self, text: &str, spot: &mut Spot<'_>) {
        let Some(Open::Held(held)) = self.open.last_mut() else { return };
        match held.content() {
            Content::Value(Simple::Text) => {}
            Content::Value(Simple::Base64) => self.base64.take(text),
            Content::Value(_) => {
                let room = TEXT.saturating_sub(self.text.len());
                // What is too long ends with a letter that no number and no date has.
                self.text.push_str(if text.len() <= room { text } else { "\u{2026}" });
            }
            content => {
                let is_blank = text.chars().all(|letter| SPACE.contains(&letter));
                let may = is_blank && !matches!(content, Content::Empty);
                if !may && !std::mem::replace(&mut held.text_told, true) {
                    self.told.tell(spot, "/text()", Some(text), || None);
                }
            }
        }
    }

    fn end(&mut self, spot: &mut Spot<'_>) {
        let Some(Open::Held(held)) = self.open.pop() else { return };
        match held.content() {
            Content::Children(_) if !held.gap && !held.declared().model.may_end(held.state) => {
                self.told.tell(spot, "", None, || held.expected());
            }
            Content::Anything if held.state == 0 => self.told.tell(spot, "", None, || Some("*".to_owned())),
            Content::Value(Simple::Base64) if !self.base64.is_whole() => {
                self.told.tell(spot, "", None, || Some(Simple::Base64.expected()));
            }
            Content::Value(simple) if simple != Simple::Base64 && !simple.holds(&self.text) => {
                self.told.tell(spot, "", Some(&self.text), || Some(simple.expected()));
            }
            _ => {}
        }
    }
}

/// What a child is to the element that it stands in.
enum Child {
    Known(usize),
    Anything,
    Wrong,
}

impl Held {
    fn declared(&self) -> &'static grammar::Declared {
        self.grammar.element(self.number)
    }

    fn content(&self) -> Content {
        self.declared().rule.content
    }

    /// Returns the names of the children that may come now.
    fn expected(&self) -> Option<String> {
        let mut names: Vec<&str> = Vec::new();
        for number in self.declared().model.expected(self.state) {
            let name = self.grammar.element(number).rule.name;
            if !names.contains(&name) {
                names.push(name);
            }
        }
        (!names.is_empty()).then(|| names.join(", "))
    }

    fn child(&mut self, element: &Element, told: &mut Told, spot: &mut Spot<'_>) -> Child {
        let model = match self.content() {
            Content::Anything => {
                self.state = 1;
                return Child::Anything;
            }
            Content::Children(_) => &self.declared().model,
            Content::Empty | Content::Value(_) | Content::ByKind => {
                told.tell(spot, "", Some(&element.name), || None);
                return Child::Wrong;
            }
        };
        let number = self.grammar.number(&element.name).filter(|_| element.namespace == self.grammar.namespace());
        let Some(number) = number else {
            told.tell(spot, "", Some(&element.name), || self.expected());
            self.gap = true;
            return Child::Wrong;
        };
        if let Some(state) = model.next(self.state, number) {
            (self.state, self.gap) = (state, false);
            return Child::Known(number);
        }
        // An element that was told to be missing comes after all, or another one stood in its place.
        let is_known = self.skipped.contains(&number);
        if let Some(state) = model.later(self.state, number) {
            if !self.gap {
                told.tell(spot, "", Some(&element.name), || self.expected());
            }
            self.skipped.extend(model.expected(self.state));
            (self.state, self.gap) = (state, false);
        } else if !is_known {
            told.tell(spot, "", Some(&element.name), || self.expected());
            self.gap = true;
        }
        Child::Known(number)
    }
}

impl Told {
    /// Notes a fault; returns whether there is room to list it.
    fn may_list(&mut self) -> bool {
        let may = self.listed < TOLD;
        self.listed += usize::from(may);
        self.more += usize::from(!may);
        may
    }

    /// Tells a fault of the element that is open, or of what `tail` names in it.
    fn tell(
        &mut self,
        spot: &mut Spot<'_>,
        tail: &str,
        value: Option<&str>,
        expected: impl FnOnce() -> Option<String>,
    ) {
        if self.may_list() {
            spot.findings.push(fault(spot.place, spot.way.xpath() + tail, value, expected()));
        }
    }
}

fn fault((line, column): (u64, u64), xpath: String, value: Option<&str>, expected: Option<String>) -> Finding {
    Finding {
        line: Some(line),
        column: Some(column),
        xpath: Some(xpath),
        value: value.map(cut),
        expected,
        ..Finding::new(Code::SchemaInvalid)
    }
}

/// Returns the beginning of a value.
fn cut(value: &str) -> String {
    match value.char_indices().nth(VALUE) {
        Some((end, _)) => value[..end].to_owned() + "\u{2026}",
        None => value.to_owned(),
    }
}

/// Tells whether documents of this namespace are held to their schema without one from outside.
#[must_use]
pub fn is_known(namespace: &str) -> bool {
    [grammar::mets(), grammar::premis()].iter().any(|grammar| grammar.namespace() == namespace)
}

/// Returns the element of a vocabulary that may stand where anything may.
fn global(element: &Element) -> Option<(&'static Grammar, usize)> {
    let of = |grammar: &'static Grammar| {
        let number = (element.namespace == grammar.namespace()).then(|| grammar.global(&element.name)).flatten();
        number.map(|number| (grammar, number))
    };
    of(grammar::mets()).or_else(|| of(grammar::premis()))
}

/// Tells whether an attribute may stand on an element that does not name it: what a document says of its own schema may
/// on all of them, what belongs to others on some. Nothing is ever nil.
fn may_stand(open: bool, grammar: &Grammar, namespace: &str, name: &str) -> bool {
    match (namespace, name) {
        (XSI, "type" | "schemaLocation" | "noNamespaceSchemaLocation") => true,
        (XSI, "nil") => false,
        _ => open && !namespace.is_empty() && namespace != grammar.namespace(),
    }
}

/// Returns what is known of an attribute that may stand on elements of others.
fn known(namespace: &str, name: &str) -> Option<&'static Attribute> {
    if namespace.is_empty() {
        return None;
    }
    extensions::GLOBAL.iter().find(|attribute| attribute.name == name && attribute.namespace == namespace)
}
