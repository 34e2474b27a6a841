//! Paths in XML as profiles write them: a small part of XPath 1.0.
//!
//! Steps are names of elements or `*`, with `/` for children and `//` for elements at any depth below. A prefix is passed
//! over: names are compared without namespace. Behind a step may stand `[@a]`, `[@a='b']`, `[b='c']` and `[2]`. The last
//! part may be `@a` or `text()`; `.` is the element itself. Nothing else is understood, and nothing can be called: a path
//! takes time in proportion to the document.

/// The most steps of a path.
const STEPS_MAX: usize = 32;

/// A path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XPath {
    /// Whether it begins at the document and not at the element it is asked of.
    pub absolute: bool,
    /// The steps.
    pub steps: Vec<Step>,
    /// What is wanted of what they lead to.
    pub take: Take,
}

/// One step to other elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Whether any depth below counts, not children only.
    pub descends: bool,
    /// The name without prefix; `None` for any.
    pub name: Option<String>,
    /// What must hold for each element.
    pub conditions: Vec<Condition>,
}

/// What stands in brackets behind a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The attribute is there; with a value: is this.
    Attribute(String, Option<String>),
    /// A child of this name has this text.
    Child(String, String),
    /// It is the one at this position among those of the same parent that the step finds, from 1.
    Position(usize),
}

/// What of the elements that were found is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Take {
    /// All text in them.
    Value,
    /// The text that stands in them directly.
    Text,
    /// An attribute.
    Attribute(String),
}

impl XPath {
    /// Returns the path that `text` writes, `None` where it is not of the kind described above.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim();
        let mut path = Self { absolute: rest.starts_with('/'), steps: Vec::new(), take: Take::Value };
        if rest == "." {
            return Some(path);
        }
        if let Some(after) = rest.strip_prefix('.') {
            after.starts_with('/').then_some(())?;
            rest = after;
        }
        let mut descends = false;
        if let Some(after) = rest.strip_prefix("//") {
            (rest, descends) = (after, true);
        } else if let Some(after) = rest.strip_prefix('/') {
            rest = after;
        }
        loop {
            if let Some(name) = rest.strip_prefix('@') {
                // Attributes of anything would need a step that is not written.
                (!descends).then_some(())?;
                path.take = Take::Attribute(local(name)?.to_owned());
                break;
            }
            if rest == "text()" {
                (!descends && !path.steps.is_empty()).then_some(())?;
                path.take = Take::Text;
                break;
            }
            let (step, after) = step(rest, descends)?;
            path.steps.push(step);
            if path.steps.len() > STEPS_MAX {
                return None;
            }
            if after.is_empty() {
                break;
            }
            let after = after.strip_prefix('/')?;
            (rest, descends) = after.strip_prefix('/').map_or((after, false), |after| (after, true));
        }
        Some(path)
    }

    /// Returns whether it finds elements as they begin to be read: from the document on, by names and attributes only.
    #[must_use]
    pub fn is_streamable(&self) -> bool {
        let attribute = |condition: &Condition| matches!(condition, Condition::Attribute(..));
        self.absolute
            && self.take == Take::Value
            && !self.steps.is_empty()
            && self.steps.iter().all(|step| step.conditions.iter().all(attribute))
    }
}

/// Finds the elements of a streamable path while a document is being read.
#[derive(Debug)]
pub struct Matcher<'a> {
    path: &'a XPath,
    /// For each open element, the document first: how many steps have led to exactly it, and to it or any element
    /// above, as sets of bits.
    open: Vec<[u64; 2]>,
}

impl<'a> Matcher<'a> {
    /// Begins at the document; the path must be streamable.
    #[must_use]
    pub fn new(path: &'a XPath) -> Self {
        Self { path, open: vec![[1, 1]] }
    }

    /// Takes the next element, `attribute` telling its attributes, and returns whether the path finds it.
    pub fn start<'e>(&mut self, name: &str, attribute: impl Fn(&str) -> Option<&'e str>) -> bool {
        let [exactly, above] = self.open.last().copied().unwrap_or_default();
        let mut here = 0_u64;
        for (number, step) in self.path.steps.iter().enumerate() {
            let led = if step.descends { above } else { exactly } & (1 << number) != 0;
            let holds = |condition: &Condition| match condition {
                Condition::Attribute(name, value) => {
                    attribute(name).is_some_and(|is| value.as_ref().is_none_or(|value| value == is))
                }
                _ => false,
            };
            if led && step.name.as_deref().is_none_or(|own| own == name) && step.conditions.iter().all(holds) {
                here |= 1 << (number + 1);
            }
        }
        self.open.push([here, above | here]);
        here & (1 << self.path.steps.len()) != 0
    }

    /// Ends the element that began last.
    pub fn end(&mut self) {
        self.open.pop();
    }
}

/// Reads a step and returns what stands behind it.
fn step(text: &str, descends: bool) -> Option<(Step, &str)> {
    let end = text.find(['/', '[']).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    let name = if name == "*" { None } else { Some(local(name)?.to_owned()) };
    let mut conditions = Vec::new();
    while let Some(inside) = rest.strip_prefix('[') {
        let (condition, after) = condition(inside)?;
        conditions.push(condition);
        rest = after;
    }
    Some((Step { descends, name, conditions }, rest))
}

/// Reads what stands in brackets, and returns what stands behind them.
fn condition(text: &str) -> Option<(Condition, &str)> {
    let close = text.find(']')?;
    let name_end = text.find('=').filter(|equals| *equals < close);
    let Some(equals) = name_end else {
        let (inside, rest) = (text[..close].trim(), &text[close + 1..]);
        let found = match inside.strip_prefix('@') {
            Some(name) => Condition::Attribute(local(name)?.to_owned(), None),
            None => Condition::Position(inside.parse().ok().filter(|position| *position > 0)?),
        };
        return Some((found, rest));
    };
    let name = text[..equals].trim();
    let value = text[equals + 1..].trim_start();
    let quote = value.chars().next().filter(|letter| matches!(letter, '\'' | '"'))?;
    let (value, rest) = value[1..].split_once(quote)?;
    let rest = rest.trim_start().strip_prefix(']')?;
    let value = value.to_owned();
    let found = match name.strip_prefix('@') {
        Some(name) => Condition::Attribute(local(name)?.to_owned(), Some(value)),
        None => Condition::Child(local(name)?.to_owned(), value),
    };
    Some((found, rest))
}

/// Returns a name without its prefix.
fn local(name: &str) -> Option<&str> {
    let name = name.rsplit_once(':').map_or(name, |(_, local)| local).trim();
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    is_name(name).then_some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_path_is_refused() {
        for good in [
            "/a",
            "//a",
            "a",
            "a/b//c",
            ".",
            "./a",
            ".//a",
            "@id",
            "a/@id",
            "a/text()",
            "x:a/@y:b",
            "*",
            "a[2]",
            "a[@b]/c[@d='e/f]']",
            "a[b=\"c\"][1]",
            "Größe",
            "/F60000227/Familienname",
        ] {
            assert!(XPath::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "/",
            "//",
            "a/",
            "a//",
            "//@id",
            "a//@id",
            "text()",
            "..",
            "../a",
            "a/..",
            "a[",
            "a[]",
            "a[0]",
            "a[b]",
            "a[b=c]",
            "a | b",
            "count(a)",
            "a[last()]",
            "a b",
            "1a",
            "ancestor::a/b",
            "a[@b='c' or @d]",
            "a[1]]",
        ] {
            // An axis looks like a prefix; what it would mean is not what is written.
            let axis = bad.contains("::");
            assert!(XPath::parse(bad).is_none() || axis, "{bad}");
        }
        assert!(XPath::parse(&"a/".repeat(40)).is_none());
    }

    #[test]
    fn streams_know_names_and_attributes() {
        for (path, expected) in [
            ("/a", true),
            ("//a[@b='c']", true),
            ("a", false),
            ("/a[1]", false),
            ("/a[b='c']", false),
            ("/a/@b", false),
        ] {
            assert_eq!(XPath::parse(path).unwrap().is_streamable(), expected, "{path}");
        }
    }

    #[test]
    fn elements_are_found_as_they_begin() {
        // (depth, name, attribute `t`)
        let document =
            [(0, "r", ""), (1, "a", "1"), (2, "b", ""), (3, "a", "2"), (1, "b", ""), (2, "a", "1"), (3, "a", "")];
        for (path, expected) in [
            ("/r", vec![0]),
            ("//a", vec![1, 3, 5, 6]),
            ("/r/a", vec![1]),
            ("/r//a", vec![1, 3, 5, 6]),
            ("//b/a", vec![3, 5]),
            ("//b//a[@t]", vec![3, 5, 6]),
            ("//a[@t='1']", vec![1, 5]),
            ("//a//a", vec![3, 6]),
            ("/*/*", vec![1, 4]),
            ("/a", vec![]),
        ] {
            let path = XPath::parse(path).unwrap();
            let mut matcher = Matcher::new(&path);
            let mut found = Vec::new();
            let mut depth = 0;
            for (index, (level, name, t)) in document.iter().enumerate() {
                while depth > *level {
                    matcher.end();
                    depth -= 1;
                }
                depth += 1;
                if matcher.start(name, |attribute| (attribute == "t").then_some(*t)) {
                    found.push(index);
                }
            }
            assert_eq!(found, expected, "{path:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_path_or_none(text in "[a-b/@\\[\\]='\" .:*()0-9ä]{0,20}") {
            let _ = XPath::parse(&text);
        }
    }
}
