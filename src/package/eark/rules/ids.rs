//! The ids of a METS document, each as a number of eight bytes, so that a million of them are held.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// The number that stands for an id; the same within one [`Ids`].
pub(super) type Id = u64;

/// The ids of a document so far. Two ids have the same number with a chance of one in ten million at a million ids; which
/// numbers they get nobody can foresee.
#[derive(Debug, Default)]
pub(super) struct Ids {
    numbers: RandomState,
    all: HashSet<Id, Numbered>,
    administrative: HashSet<Id, Numbered>,
    descriptive: HashSet<Id, Numbered>,
}

impl Ids {
    /// Returns the number of `id`.
    pub(super) fn number(&self, id: &str) -> Id {
        self.numbers.hash_one(id)
    }

    /// Notes an id; `false` where it was there before.
    pub(super) fn add(&mut self, id: &str) -> bool {
        let number = self.number(id);
        self.all.insert(number)
    }

    /// Notes that `id` is that of a section of administrative metadata.
    pub(super) fn add_administrative(&mut self, id: &str) {
        let number = self.number(id);
        self.administrative.insert(number);
    }

    /// Notes that `id` is that of a section of descriptive metadata.
    pub(super) fn add_descriptive(&mut self, id: &str) {
        let number = self.number(id);
        self.descriptive.insert(number);
    }

    /// Returns whether `id` is that of a section of administrative metadata.
    pub(super) fn is_administrative(&self, id: &str) -> bool {
        self.administrative.contains(&self.number(id))
    }

    /// Returns whether `id` is that of a section of descriptive metadata.
    pub(super) fn is_descriptive(&self, id: &str) -> bool {
        self.descriptive.contains(&self.number(id))
    }
}

/// Takes a number that is random already as its own hash.
#[derive(Debug, Clone, Copy, Default)]
struct Numbered;

impl BuildHasher for Numbered {
    type Hasher = Itself;

    fn build_hasher(&self) -> Itself {
        Itself(0)
    }
}

#[derive(Debug)]
struct Itself(u64);

impl std::hash::Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// Returns whether `id` can be an `xml:id` (an NCName).
pub(super) fn is_name(id: &str) -> bool {
    let mut letters = id.chars();
    letters.next().is_some_and(begins) && letters.all(|letter| begins(letter) || goes_on(letter))
}

fn begins(letter: char) -> bool {
    matches!(letter, 'A'..='Z' | 'a'..='z' | '_'
        | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}'
        | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}'
        | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

fn goes_on(letter: char) -> bool {
    matches!(letter, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_names_and_there_once() {
        for (id, name) in
            [("a-1.b", true), ("_x", true), ("ä", true), ("1a", false), ("", false), ("a:b", false), ("a b", false)]
        {
            assert_eq!(is_name(id), name, "{id}");
        }
        let mut ids = Ids::default();
        assert!(ids.add("a") && ids.add("b") && !ids.add("a"));
        ids.add_administrative("a");
        assert!(ids.is_administrative("a") && !ids.is_administrative("b") && !ids.is_descriptive("a"));
    }
}
