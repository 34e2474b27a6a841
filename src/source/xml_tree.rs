//! A small XML document, or one element of a large one, held in memory and asked by [`XPath`].

use std::io::{BufReader, Read};

use crate::io::xml::{Node as Piece, XmlError, XmlFault, XmlLimits, XmlReader};
use crate::io::xpath::{Condition, Step, Take, XPath};
use crate::model::finding::{Code, Finding};

/// The largest document, in bytes.
const SIZE_MAX: u64 = 16 << 20;

/// The most elements and texts.
const NODES_MAX: usize = 500_000;

/// Elements and texts in the order of the document.
#[derive(Debug, Default)]
pub(super) struct XmlTree {
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    /// Name without prefix; `None` for text.
    name: Option<String>,
    attributes: Vec<(String, String)>,
    text: String,
    parent: Option<usize>,
    /// The first node that is not in this one.
    end: usize,
    line: u64,
}

/// Why a document cannot be held.
#[derive(Debug)]
pub(super) struct TreeFault {
    error: XmlError,
}

impl TreeFault {
    /// Returns the finding about the document `file`.
    pub(super) fn finding(&self, file: &str) -> Finding {
        finding(&self.error, file)
    }
}

/// Returns the finding about the document `file` that cannot be read for `error`.
pub(super) fn finding(error: &XmlError, file: &str) -> Finding {
    match error {
        XmlError::Io(error) => Finding::new(Code::Unreadable).file(file).value(error.to_string()),
        XmlError::Fault { fault, line } => {
            let value = match fault {
                XmlFault::Malformed(said) => said.clone(),
                XmlFault::Encoding(name) => format!("encoding {name}"),
                XmlFault::DocumentType => "DOCTYPE".to_owned(),
                XmlFault::Limit(limit) => (*limit).to_owned(),
            };
            Finding::new(Code::XmlMalformed).file(file).line(*line).value(value)
        }
    }
}

impl XmlTree {
    /// Reads a document of at most 16 MiB.
    pub(super) fn read(input: impl Read) -> Result<Self, TreeFault> {
        let input = BufReader::new(input.take(SIZE_MAX));
        Self::build(&mut XmlReader::new(input, XmlLimits::default()), 1)
    }

    /// Reads one element that was cut out of a document, where it began in `line`.
    pub(super) fn fragment(element: &[u8], line: u64) -> Result<Self, TreeFault> {
        Self::build(&mut XmlReader::fragment(element, XmlLimits::default()), line)
    }

    fn build<R: std::io::BufRead>(reader: &mut XmlReader<R>, first: u64) -> Result<Self, TreeFault> {
        let mut tree = Self::default();
        let mut open = Vec::new();
        while let Some(piece) = reader.node().map_err(|error| TreeFault { error })? {
            let line = first + reader.line() - 1;
            let parent = open.last().copied();
            match piece {
                Piece::Start(element) => {
                    open.push(tree.nodes.len());
                    let attributes = element.attributes.into_iter().map(|(_, name, value)| (name, value)).collect();
                    tree.nodes.push(Node {
                        name: Some(element.name),
                        attributes,
                        text: String::new(),
                        parent,
                        end: 0,
                        line,
                    });
                }
                Piece::End => {
                    let end = tree.nodes.len();
                    if let Some(node) = open.pop().and_then(|index| tree.nodes.get_mut(index)) {
                        node.end = end;
                    }
                }
                Piece::Text(text) => {
                    let end = tree.nodes.len() + 1;
                    tree.nodes.push(Node { name: None, attributes: Vec::new(), text, parent, end, line });
                }
            }
            if tree.nodes.len() > NODES_MAX {
                return Err(TreeFault { error: XmlError::Fault { fault: XmlFault::Limit("nodes"), line } });
            }
        }
        Ok(tree)
    }

    /// Returns what `path` finds from the root element on, empty texts left out; nothing where it is no path.
    pub(super) fn values(&self, path: &str) -> Vec<String> {
        XPath::parse(path)
            .map(|path| self.find(&path).into_iter().map(|(value, _)| value).collect())
            .unwrap_or_default()
    }

    /// Returns what `path` finds from the root element on, each with its line; empty texts are left out.
    pub(super) fn find(&self, path: &XPath) -> Vec<(String, u64)> {
        // The document itself has no node: `None`.
        let mut found: Vec<Option<usize>> = if path.absolute { vec![None] } else { vec![Some(0)] };
        for step in &path.steps {
            found = self.step(&found, step);
        }
        let mut values = Vec::new();
        for index in found {
            let Some(node) = self.nodes.get(index.unwrap_or_default()) else { continue };
            let value = match &path.take {
                Take::Value => self.text(index.unwrap_or_default(), false),
                Take::Text => self.text(index.unwrap_or_default(), true),
                Take::Attribute(name) => attribute(node, name).unwrap_or_default().to_owned(),
            };
            let value = value.trim();
            if !value.is_empty() {
                values.push((value.to_owned(), node.line));
            }
        }
        values
    }

    /// Returns the elements that `step` leads to from `from`, in the order of the document, each once.
    fn step(&self, from: &[Option<usize>], step: &Step) -> Vec<Option<usize>> {
        let mut found = Vec::new();
        let mut seen = 0;
        for start in from {
            let (mut at, end) = match start {
                None => (0, self.nodes.len()),
                Some(index) => (index + 1, self.nodes.get(*index).map_or(0, |node| node.end)),
            };
            if step.descends {
                // What lies in an element that was gone through is known already.
                at = at.max(seen);
                seen = seen.max(end);
            }
            while at < end {
                let Some(node) = self.nodes.get(at) else { break };
                if node.name.is_some() && step.name.as_ref().is_none_or(|name| node.name.as_ref() == Some(name)) {
                    found.push(at);
                }
                at = if step.descends { at + 1 } else { node.end.max(at + 1) };
            }
        }
        found.sort_unstable();
        found.dedup();
        for condition in &step.conditions {
            found = self.filter(found, condition);
        }
        found.into_iter().map(Some).collect()
    }

    fn filter(&self, found: Vec<usize>, condition: &Condition) -> Vec<usize> {
        let mut counts = std::collections::HashMap::new();
        let holds = |index: &usize| match condition {
            Condition::Attribute(name, value) => self
                .nodes
                .get(*index)
                .and_then(|node| attribute(node, name))
                .is_some_and(|is| value.as_ref().is_none_or(|value| value == is)),
            Condition::Child(name, value) => self.children(*index).any(|child| {
                self.nodes.get(child).is_some_and(|node| node.name.as_ref() == Some(name))
                    && self.text(child, false).trim() == value
            }),
            Condition::Position(position) => {
                let parent = self.nodes.get(*index).and_then(|node| node.parent);
                let count: &mut usize = counts.entry(parent).or_default();
                *count += 1;
                *count == *position
            }
        };
        let mut holds = holds;
        found.into_iter().filter(|index| holds(index)).collect()
    }

    fn children(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes.get(index).map_or(0, |node| node.end);
        let mut at = index + 1;
        std::iter::from_fn(move || {
            let now = at;
            let node = self.nodes.get(now).filter(|_| now < end)?;
            at = node.end.max(now + 1);
            Some(now)
        })
    }

    /// Returns the text in an element; `own`: only what stands in it directly.
    fn text(&self, index: usize, own: bool) -> String {
        let end = self.nodes.get(index).map_or(0, |node| node.end);
        let inside = self.nodes.get(index + 1..end).unwrap_or_default();
        let texts = inside.iter().filter(|node| node.name.is_none() && (!own || node.parent == Some(index)));
        texts.map(|node| node.text.as_str()).collect()
    }
}

fn attribute<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    node.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_find_values() {
        let text = r#"<r xmlns="urn:x" xmlns:y="urn:y">
            <a t="1">eins<b>zwei</b></a>
            <y:a t="2" y:u="v"><b>drei</b><b> vier </b><c><b>fünf</b></c></y:a>
            <leer/>
        </r>"#;
        let tree = XmlTree::read(text.as_bytes()).unwrap();
        for (path, expected) in [
            ("/r/a/b", vec!["zwei", "drei", "vier"]),
            ("//b", vec!["zwei", "drei", "vier", "fünf"]),
            ("a/b", vec!["zwei", "drei", "vier"]),
            ("r", vec![]),
            ("/r/a/@t", vec!["1", "2"]),
            ("/r/a[2]/b[1]", vec!["drei"]),
            ("/r/a[@t='2']//b", vec!["drei", "vier", "fünf"]),
            ("/r/a[@u]/c", vec!["fünf"]),
            ("/r/a[b='vier']/@t", vec!["2"]),
            ("/r/a/text()", vec!["eins"]),
            ("/r/a[1]", vec!["einszwei"]),
            ("//c//b", vec!["fünf"]),
            ("/r/leer", vec![]),
            ("/r/*[3]", vec![]),
            ("@t", vec![]),
            ("kein weg", vec![]),
        ] {
            assert_eq!(tree.values(path), expected, "{path}");
        }
    }

    #[test]
    fn elements_that_were_cut_out_need_no_namespaces() {
        let tree = XmlTree::fragment(b"<x:a y:b='1'>\n<c>2</c></x:a>", 7).unwrap();
        assert_eq!(tree.values("@b"), ["1"]);
        assert_eq!(tree.find(&XPath::parse("c").unwrap()), [("2".to_owned(), 8)]);
        assert!(XmlTree::read(&b"<x:a/>"[..]).is_err());
    }

    #[test]
    fn long_ways_take_no_longer_than_the_document() {
        let deep = format!("{}{}", "<a>".repeat(250), "</a>".repeat(250));
        let wide = format!("<r>{}</r>", deep.repeat(100));
        let tree = XmlTree::read(wide.as_bytes()).unwrap();
        assert!(tree.values(&"//a".repeat(30)).is_empty());
        assert_eq!(tree.find(&XPath::parse("//a[@x]").unwrap()), []);
    }

    #[test]
    fn what_is_no_xml_is_told() {
        for (text, line) in [("<a>\n<b></a>", 2), ("<!DOCTYPE a><a/>", 1), ("", 1), ("<a>&x;</a>", 1)] {
            let finding = XmlTree::read(text.as_bytes()).unwrap_err().finding("data.xml");
            assert_eq!((finding.code, finding.line), (Code::XmlMalformed, Some(line)), "{text}");
        }
    }
}
