//! Rules that leave entries of a delivery out.

use std::fmt;

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::value::{Line, Name};

/// A rule that leaves files and links out by their names; every entry it hits is listed with the rule's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What the rule is called.
    pub rule: Name,
    /// Which names it hits.
    pub names: Patterns,
    /// Why they are left out.
    pub reason: Line,
}

impl Rule {
    /// Returns whether the rule hits an entry that is called `name`, bytes as the file system has them.
    #[must_use]
    pub fn hits(&self, name: &[u8]) -> bool {
        let name = comparable(&String::from_utf8_lossy(name));
        self.names.0.iter().any(|pattern| matches(&comparable(pattern.as_str()), &name))
    }
}

/// Names of files and links with `*` for any number of characters; at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Patterns(Vec<Pattern>);

impl<'de> Deserialize<'de> for Patterns {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let patterns = Vec::deserialize(deserializer)?;
        if patterns.is_empty() {
            return Err(D::Error::invalid_value(Unexpected::Str(""), &"at least one name"));
        }
        Ok(Self(patterns))
    }
}

impl Patterns {
    /// Returns the patterns in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Pattern> {
        self.0.iter()
    }
}

/// A name of a file or link with `*` for any number of characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Pattern(String);

impl Pattern {
    /// Returns whether it is a pattern of `name`, bytes as the file system has them.
    #[must_use]
    pub fn hits(&self, name: &[u8]) -> bool {
        std::str::from_utf8(name).is_ok_and(|name| matches(&comparable(&self.0), &comparable(name)))
    }

    /// Returns the pattern as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // A pattern of stars alone would leave out everything, which no rule of a file share means.
        if text.trim_matches('*').is_empty() || text.contains(['/', '\0']) {
            return Err(D::Error::invalid_value(
                Unexpected::Str(&text),
                &"a name without a folder, * for any characters",
            ));
        }
        Ok(Self(text))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns the form in which names are compared: one Unicode form, lower case.
fn comparable(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// Returns whether `name` is what `pattern` says; both in the form to compare.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(head) else {
        return false;
    };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    // The first place is as good as any later one, so that no way back is needed.
    for piece in middle.split('*') {
        match name.find(piece) {
            Some(at) => name = &name[at + piece.len()..],
            None => return false,
        }
    }
    name.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn patterns_hit_names() {
        for (pattern, name, hit) in [
            ("Thumbs.db", "thumbs.DB", true),
            ("Thumbs.db", "Thumbs.db2", false),
            ("~$*", "~$Konzept.docx", true),
            ("~$*", "Konzept~$", false),
            ("*.tmp", "a.TMP", true),
            ("*.tmp", ".tmp", true),
            ("*.tmp", "a.tmp.txt", false),
            (".~lock.*#", ".~lock.a.odt#", true),
            (".~lock.*#", ".~lock.#", true),
            (".~lock.*#", ".~lock.", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("*a*b*", "xaxbx", true),
            ("*a*b*", "xbxax", false),
            ("a**b", "ab", true),
            ("?.txt", "a.txt", false),
            ("ÜBERSICHT*", "u\u{308}bersicht.txt", true),
            ("x*aab", "xaaab", true),
        ] {
            assert_eq!(matches(&comparable(pattern), &comparable(name)), hit, "{pattern} {name}");
        }
    }

    proptest! {
        #[test]
        fn as_a_plain_search_would_say(pattern in "[ab*]{0,6}", name in "[ab]{0,8}") {
            fn slow(pattern: &[u8], name: &[u8]) -> bool {
                match pattern.split_first() {
                    None => name.is_empty(),
                    Some((b'*', rest)) => (0..=name.len()).any(|at| slow(rest, &name[at..])),
                    Some((letter, rest)) => name.first() == Some(letter) && slow(rest, &name[1..]),
                }
            }
            prop_assert_eq!(matches(&pattern, &name), slow(pattern.as_bytes(), name.as_bytes()));
        }
    }
}
