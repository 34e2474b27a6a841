//! The ids of a METS document, each as a number of eight bytes, so that a million of them are held.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash, Hasher};

use crate::package::eark::schema::values::trimmed;

/// The number that stands for an id; the same within one [`Ids`].
pub(super) type Id = u64;

/// An id of the document, with what it was asked for: the number of a requirement about ids, counted from 1, or 0 where none
/// asks for it. Both share eight bytes.
#[derive(Debug, Clone, Copy)]
struct Known(u64);

impl Known {
    /// How many bits say what it was asked for.
    const BITS: u32 = 5;

    fn new(number: Id, asked: u8) -> Self {
        Self(number >> Self::BITS << Self::BITS | u64::from(asked))
    }

    fn asked(self) -> u8 {
        u8::try_from(self.0 & ((1 << Self::BITS) - 1)).unwrap_or_default()
    }
}

impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        self.0 >> Self::BITS == other.0 >> Self::BITS
    }
}

impl Eq for Known {}

impl Hash for Known {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0 >> Self::BITS);
    }
}

/// The ids of a document so far. That two of a million ids are taken for one has a chance of one in a million; which these would
/// be nobody can foresee.
#[derive(Debug, Default)]
pub(super) struct Ids {
    numbers: RandomState,
    all: HashSet<Known, Numbered>,
    administrative: HashSet<Id, Numbered>,
    descriptive: HashSet<Id, Numbered>,
}

impl Ids {
    /// Returns the number of `id`; white space around it is none of it (`xs:ID`).
    pub(super) fn number(&self, id: &str) -> Id {
        self.numbers.hash_one(trimmed(id))
    }

    /// Notes an id that is asked for by `asked`; where it was there before, returns what asked for it then.
    pub(super) fn add(&mut self, id: &str, asked: u8) -> Result<(), u8> {
        let known = Known::new(self.number(id), asked);
        if let Some(before) = self.all.get(&known) {
            return Err(before.asked());
        }
        self.all.insert(known);
        Ok(())
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

impl Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        // Tables look at the highest and the lowest bits.
        self.0 = number.rotate_left(Known::BITS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_there_once() {
        let mut ids = Ids::default();
        assert_eq!(
            [ids.add("a", 3), ids.add("b", 0), ids.add("a", 1), ids.add("b", 1)],
            [Ok(()), Ok(()), Err(3), Err(0)]
        );
        ids.add_administrative("a");
        assert!(ids.is_administrative("a") && !ids.is_administrative("b") && !ids.is_descriptive("a"));
    }
}
