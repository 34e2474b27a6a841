//! The tables of the vocabularies, put together once.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::mets::METS;
use super::model::Model;
use super::notation::{Attribute, Content, Rule, Vocabulary};
use super::premis::PREMIS;

/// A vocabulary, ready to be used.
#[derive(Debug)]
pub(super) struct Grammar {
    vocabulary: &'static Vocabulary,
    /// All elements; the kinds of one come after it.
    elements: Vec<Declared>,
    numbers: HashMap<&'static str, usize>,
}

/// An element of a vocabulary.
#[derive(Debug)]
pub(super) struct Declared {
    /// What is said of it.
    pub rule: &'static Rule,
    /// Its attributes, all groups in one.
    pub attributes: Vec<&'static Attribute>,
    /// Its children.
    pub model: Model,
}

static METS_GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&METS));
static PREMIS_GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&PREMIS));

/// Returns the grammar of METS.
pub(super) fn mets() -> &'static Grammar {
    &METS_GRAMMAR
}

/// Returns the grammar of PREMIS.
pub(super) fn premis() -> &'static Grammar {
    &PREMIS_GRAMMAR
}

impl Grammar {
    fn new(vocabulary: &'static Vocabulary) -> Self {
        let rules: Vec<&'static Rule> = vocabulary.rules.iter().copied().flatten().collect();
        let mut numbers = HashMap::new();
        for (number, rule) in rules.iter().enumerate() {
            if rule.kind.is_empty() {
                numbers.insert(rule.name, number);
            }
        }
        let elements = rules
            .into_iter()
            .map(|rule| {
                let notation = if let Content::Children(notation) = rule.content { notation } else { "" };
                let model = Model::new(notation, |name| numbers.get(name).copied());
                Declared { rule, attributes: rule.attributes.iter().copied().flatten().collect(), model }
            })
            .collect();
        Self { vocabulary, elements, numbers }
    }

    /// Returns the namespace.
    pub(super) fn namespace(&self) -> &'static str {
        self.vocabulary.namespace
    }

    /// Returns what is said of an element.
    pub(super) fn element(&self, number: usize) -> &Declared {
        &self.elements[number]
    }

    /// Returns the number of the element `name`.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    /// Returns the number of the element `name`, if it may stand where anything may.
    pub(super) fn global(&self, name: &str) -> Option<usize> {
        let globals = self.vocabulary.globals;
        if globals.is_empty() || globals.contains(&name) { self.number(name) } else { None }
    }

    /// Returns the number of that kind of the element `number`.
    pub(super) fn kind(&self, number: usize, kind: &str) -> Option<usize> {
        let name = self.element(number).rule.name;
        let found = self.elements.iter().position(|element| element.rule.name == name && element.rule.kind == kind);
        found.filter(|_| !kind.is_empty())
    }

    /// Returns the kinds of the element `number`.
    pub(super) fn kinds(&self, number: usize) -> impl Iterator<Item = &'static str> {
        let name = self.element(number).rule.name;
        let of_name = move |element: &Declared| element.rule.name == name && !element.rule.kind.is_empty();
        self.elements.iter().filter(move |element| of_name(element)).map(|element| element.rule.kind)
    }
}

#[cfg(test)]
impl Grammar {
    /// Says that all names of the notation are elements, and that the next child alone says where reading goes on.
    pub(super) fn assert_well_made(&self) {
        for declared in &self.elements {
            let rule = declared.rule;
            let Content::Children(notation) = rule.content else { continue };
            let is_name = |word: &&str| word.starts_with(|letter: char| letter.is_ascii_alphabetic());
            for word in super::model::words(notation).into_iter().filter(is_name) {
                assert!(self.number(word).is_some(), "{}: {word}", rule.name);
            }
            declared.model.assert_deterministic(rule.name);
            assert!(declared.attributes.len() < 64);
        }
    }
}
