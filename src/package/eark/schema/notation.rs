//! How a schema is written down in this project: one row for each element.
//!
//! ```text
//! children("agent", "name note*", &[&[ID, required("ROLE", OneOf(ROLES))]])
//! ```
//!
//! Children are written as in a DTD, with `a b` for a sequence: `?`, `*`, `+` for how often, `|` for a choice, brackets.
//! In both vocabularies a name means the same wherever it stands, so that an element is found by its name alone; only
//! PREMIS objects come in kinds, which `xsi:type` tells apart.

/// All that is said of the elements of one namespace.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// The namespace.
    pub namespace: &'static str,
    /// The elements that may be a root, or stand in what is open to everything; all, where none are listed.
    pub globals: &'static [&'static str],
    /// What is said of each element.
    pub rules: &'static [&'static [Rule]],
}

/// What is said of one element.
#[derive(Debug)]
pub(super) struct Rule {
    /// Its name.
    pub name: &'static str,
    /// Which of several kinds (`xsi:type`); empty where there is only one.
    pub kind: &'static str,
    /// What is in it.
    pub content: Content,
    /// Its attributes, in groups.
    pub attributes: &'static [&'static [Attribute]],
    /// Whether attributes of other namespaces are welcome.
    pub open: bool,
}

/// What is in an element.
#[derive(Debug, Clone, Copy)]
pub(super) enum Content {
    /// Nothing, not even a space.
    Empty,
    /// Text.
    Value(Simple),
    /// Children as the notation says.
    Children(&'static str),
    /// One element or more, of any namespace.
    Anything,
    /// What its kind says; without one, it cannot stand.
    ByKind,
}

/// An attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    /// Its namespace, empty where there is none.
    pub namespace: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What its value is.
    pub value: Simple,
    /// Whether it must be there.
    pub required: bool,
}

/// What a value is: the types of XML Schema that METS and PREMIS use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Simple {
    /// Any text.
    Text,
    /// One of these words, exactly.
    OneOf(&'static [&'static str]),
    /// The same, of a list that goes on growing behind the schema: another word is a warning.
    Growing(&'static [&'static str]),
    /// A name that is there once in the document (`xs:ID`).
    Id,
    /// A name that is an id in the document (`xs:IDREF`).
    IdRef,
    /// One such name or more (`xs:IDREFS`).
    IdRefs,
    /// `xs:dateTime`.
    DateTime,
    /// `xs:integer`.
    Integer,
    /// `xs:nonNegativeInteger`.
    NonNegative,
    /// `xs:positiveInteger`.
    Positive,
    /// `xs:int`.
    Int,
    /// `xs:long`.
    Long,
    /// `xs:anyURI`.
    Uri,
    /// Several of them.
    Uris,
    /// `xs:base64Binary`.
    Base64,
}

/// An element with children.
pub(super) const fn children(
    name: &'static str,
    children: &'static str,
    attributes: &'static [&'static [Attribute]],
) -> Rule {
    Rule { name, kind: "", content: Content::Children(children), attributes, open: false }
}

/// An element with a value.
pub(super) const fn value(name: &'static str, value: Simple, attributes: &'static [&'static [Attribute]]) -> Rule {
    Rule { name, kind: "", content: Content::Value(value), attributes, open: false }
}

/// An element with attributes alone.
pub(super) const fn empty(name: &'static str, attributes: &'static [&'static [Attribute]]) -> Rule {
    Rule { name, kind: "", content: Content::Empty, attributes, open: false }
}

/// An element that holds elements of others.
pub(super) const fn anything(name: &'static str) -> Rule {
    Rule { name, kind: "", content: Content::Anything, attributes: &[], open: false }
}

/// An element of several kinds.
pub(super) const fn by_kind(name: &'static str) -> Rule {
    Rule { name, kind: "", content: Content::ByKind, attributes: &[], open: false }
}

impl Rule {
    /// One kind of an element.
    pub(super) const fn kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    /// Attributes of other namespaces are welcome.
    pub(super) const fn open(self) -> Self {
        Self { open: true, ..self }
    }
}

/// An attribute that may be there.
pub(super) const fn optional(name: &'static str, value: Simple) -> Attribute {
    Attribute { namespace: "", name, value, required: false }
}

/// An attribute that must be there.
pub(super) const fn required(name: &'static str, value: Simple) -> Attribute {
    Attribute { namespace: "", name, value, required: true }
}

/// An attribute with any text.
pub(super) const fn text(name: &'static str) -> Attribute {
    optional(name, Simple::Text)
}

impl Attribute {
    /// The same attribute in a namespace.
    pub(super) const fn within(self, namespace: &'static str) -> Self {
        Self { namespace, ..self }
    }
}
