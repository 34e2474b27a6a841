//! Where reading is in a document: the open elements, and how many of their kind came before.

use std::fmt::Write as _;

use super::{Element, Node};

/// How many names of children are counted; no format that is read has as many below one element.
const NAMES: usize = 64;

/// How long an XPath is, in bytes, before its end is left out: names of a thousand letters in elements of a thousand levels
/// would make megabytes of it.
const XPATH: usize = 600;
/// How long a name is in it, in bytes.
const NAME: usize = 64;

/// The way from the root to the element that is open.
#[derive(Debug, Default)]
pub struct Way {
    steps: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    name: String,
    /// Which of its name it is among the children of its parent, from 1.
    number: usize,
    /// How many children it has so far, by name.
    children: Vec<(String, usize)>,
}

impl Way {
    /// Notes what was read; to be called with every node, before it is looked at. At [`Node::End`] the element that ended
    /// is still the last until the next call of [`Way::leave`].
    pub fn enter(&mut self, node: &Node) {
        if let Node::Start(element) = node {
            self.start(element);
        }
    }

    /// Notes that the node was looked at; to be called with every node.
    pub fn leave(&mut self, node: &Node) {
        if matches!(node, Node::End) {
            self.steps.pop();
        }
    }

    /// Returns how many elements are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.steps.len()
    }

    /// Returns the names of the open elements, the root first, without prefixes.
    #[must_use]
    pub fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.steps.iter().map(|step| step.name.as_str())
    }

    /// Returns the way as XPath by local names, with positions except for the root: `/mets/fileSec[1]/fileGrp[2]`. One that is
    /// longer than any honest one ends in `…`.
    #[must_use]
    pub fn xpath(&self) -> String {
        let mut path = String::new();
        for (depth, step) in self.steps.iter().enumerate() {
            if path.len() > XPATH {
                path.push_str("/\u{2026}");
                break;
            }
            path.push('/');
            path.push_str(&step.name[..step.name.floor_char_boundary(NAME)]);
            if depth > 0 {
                let _ = write!(path, "[{}]", step.number);
            }
        }
        path
    }

    fn start(&mut self, element: &Element) {
        let number = self.steps.last_mut().map_or(1, |parent| {
            if let Some((_, count)) = parent.children.iter_mut().find(|(name, _)| *name == element.name) {
                *count += 1;
                return *count;
            }
            if parent.children.len() < NAMES {
                parent.children.push((element.name.clone(), 1));
            }
            1
        });
        self.steps.push(Step { name: element.name.clone(), number, children: Vec::new() });
    }
}

#[cfg(test)]
mod tests {
    use super::super::{XmlLimits, XmlReader};
    use super::*;

    #[test]
    fn elements_are_counted_by_name_among_their_siblings() {
        let text = "<m><a><b/><c/><b>x</b></a><a><b/></a></m>";
        let mut xml = XmlReader::new(text.as_bytes(), XmlLimits::default());
        let (mut way, mut seen) = (Way::default(), Vec::new());
        while let Some(node) = xml.node().unwrap() {
            way.enter(&node);
            if matches!(node, Node::Start(_)) {
                seen.push(way.xpath());
            }
            way.leave(&node);
        }
        assert_eq!(seen, ["/m", "/m/a[1]", "/m/a[1]/b[1]", "/m/a[1]/c[1]", "/m/a[1]/b[2]", "/m/a[2]", "/m/a[2]/b[1]"]);
        assert_eq!(way.depth(), 0);
    }

    #[test]
    fn names_of_a_thousand_letters_make_no_endless_path() {
        let text = format!("<{}>", "n".repeat(900)).repeat(200);
        let mut xml = XmlReader::new(text.as_bytes(), XmlLimits::default());
        let mut way = Way::default();
        while let Ok(Some(node)) = xml.node() {
            way.enter(&node);
        }
        assert_eq!(way.depth(), 200);
        let path = way.xpath();
        assert!(path.len() < 700 && path.ends_with("/\u{2026}"), "{}", path.len());
    }
}
