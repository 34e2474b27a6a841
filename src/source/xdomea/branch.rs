//! A small part of a message kept as a tree: the header, the sender, a decision.

use std::io::BufRead;

use crate::io::xml::{Element, Node, XmlError, XmlFault, XmlReader};

/// How many elements a branch may have: a header with all its contacts has some dozens.
const ELEMENTS: usize = 100_000;

/// An element with all that is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Branch {
    /// The namespace; empty where there is none (`code` and `name` of code lists).
    pub namespace: String,
    /// The name without prefix.
    pub name: String,
    /// Namespace, name and value of each attribute.
    pub attributes: Vec<(String, String, String)>,
    /// The text that stands in it directly, without spaces around it.
    pub text: String,
    /// The elements in it, in their order.
    pub parts: Vec<Self>,
}

impl Branch {
    /// Reads the element that began with `start` up to its end.
    pub fn read<R: BufRead>(xml: &mut XmlReader<R>, start: Element) -> Result<Self, XmlError> {
        // Not by recursion: others decide how deep it is nested.
        let mut open = vec![Self::begun(start)];
        let mut elements = 1;
        loop {
            match xml.node()? {
                Some(Node::Start(element)) => {
                    elements += 1;
                    if elements > ELEMENTS {
                        return Err(XmlError::Fault { fault: XmlFault::Limit("elements"), line: xml.line() });
                    }
                    open.push(Self::begun(element));
                }
                Some(Node::Text(text)) => {
                    if let Some(last) = open.last_mut() {
                        last.text.push_str(&text);
                    }
                }
                Some(Node::End) => {
                    let Some(mut done) = open.pop() else { return Ok(Self::default()) };
                    let text = done.text.trim().to_owned();
                    done.text = text;
                    match open.last_mut() {
                        Some(parent) => parent.parts.push(done),
                        None => return Ok(done),
                    }
                }
                None => return Ok(Self::default()),
            }
        }
    }

    /// Returns the first element that lies at `path`, one name for each level.
    #[must_use]
    pub fn find(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |branch, name| branch.parts.iter().find(|part| part.name == *name))
    }

    /// Returns the text of the first of `paths` that has one, else an empty text.
    #[must_use]
    pub fn text_at(&self, paths: &[&[&str]]) -> &str {
        let texts = paths.iter().filter_map(|path| self.find(path)).map(|branch| branch.text.as_str());
        texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
    }

    fn begun(element: Element) -> Self {
        let Element { namespace, name, attributes, .. } = element;
        Self { namespace, name, attributes, ..Self::default() }
    }
}
