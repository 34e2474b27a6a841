//! Many short texts held once each: digests and paths of inventories.

use std::hash::{BuildHasher as _, RandomState};

/// A text's number.
pub type Word = u32;

/// Texts in one piece of memory, each once, found by a hash that nobody can foresee.
#[derive(Debug)]
pub struct Words {
    text: Vec<u8>,
    ends: Vec<u32>,
    /// Numbers of texts plus one, by hash; 0 where none is.
    slots: Vec<u32>,
    hasher: RandomState,
}

impl Words {
    /// Returns a collection of no texts.
    pub fn new() -> Self {
        Self { text: Vec::new(), ends: Vec::new(), slots: vec![0; 64], hasher: RandomState::new() }
    }

    /// Returns the number of `word`, which is held from now on.
    pub fn intern(&mut self, word: &[u8]) -> Word {
        let slot = match self.slot(word) {
            Ok(number) => return number,
            Err(slot) => slot,
        };
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.text.extend_from_slice(word);
        // The caller's limit is far below 4 GiB.
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = number + 1;
        }
        if self.ends.len() * 4 > self.slots.len() * 3 {
            self.grow();
        }
        number
    }

    /// Returns the number of `word`, if it is held.
    pub fn find(&self, word: &[u8]) -> Option<Word> {
        self.slot(word).ok()
    }

    /// Returns text `number`.
    pub fn get(&self, number: Word) -> &[u8] {
        let at = number as usize;
        let end = self.ends.get(at).copied().unwrap_or_default() as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default() as usize;
        self.text.get(start..end).unwrap_or_default()
    }

    /// Returns text `number` as it is shown; all texts but digests are UTF-8.
    pub fn shown(&self, number: Word) -> &str {
        std::str::from_utf8(self.get(number)).unwrap_or_default()
    }

    /// Returns how much memory is taken, in bytes.
    pub fn bytes(&self) -> usize {
        self.text.len() + (self.ends.len() + self.slots.len()) * size_of::<u32>()
    }

    /// Returns the number of `word`, or the slot where it would stand.
    fn slot(&self, word: &[u8]) -> Result<Word, usize> {
        let mask = self.slots.len() - 1;
        #[allow(clippy::cast_possible_truncation)] // Any bits of the hash will do.
        let mut at = self.hasher.hash_one(word) as usize & mask;
        loop {
            match self.slots.get(at).copied().unwrap_or_default() {
                0 => return Err(at),
                number if self.get(number - 1) == word => return Ok(number - 1),
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        self.slots = vec![0; self.slots.len() * 2];
        let mask = self.slots.len() - 1;
        for number in 0..u32::try_from(self.ends.len()).unwrap_or(u32::MAX) {
            #[allow(clippy::cast_possible_truncation)] // As above.
            let mut at = self.hasher.hash_one(self.get(number)) as usize & mask;
            while self.slots.get(at).is_some_and(|slot| *slot != 0) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = number + 1;
            }
        }
    }
}

/// A set of numbers of texts.
#[derive(Debug, Default)]
pub struct Set(Vec<u64>);

impl Set {
    /// Adds `word`; returns whether it is new.
    pub fn insert(&mut self, word: Word) -> bool {
        let (at, bit) = (word as usize / 64, 1 << (word % 64));
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        self.0.get_mut(at).is_some_and(|bits| {
            let new = *bits & bit == 0;
            *bits |= bit;
            new
        })
    }

    /// Returns whether `word` is in the set.
    pub fn contains(&self, word: Word) -> bool {
        self.0.get(word as usize / 64).is_some_and(|bits| bits & (1 << (word % 64)) != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_held_once() {
        let mut words = Words::new();
        let numbers: Vec<Word> = (0..10_000).map(|n| words.intern(format!("text {n}").as_bytes())).collect();
        let again: Vec<Word> = (0..10_000).map(|n| words.intern(format!("text {n}").as_bytes())).collect();
        assert_eq!(numbers, again);
        assert_eq!(numbers.last(), Some(&9_999));
        assert_eq!(words.shown(numbers[1234]), "text 1234");
        assert_eq!((words.find(b"text 9999"), words.find(b"none")), (Some(numbers[9999]), None));
        let empty = words.intern(b"");
        assert_eq!((words.get(empty), words.find(b"")), (&b""[..], Some(empty)));
    }

    #[test]
    fn a_set_knows_what_is_in_it() {
        let mut set = Set::default();
        assert!(set.insert(70) && !set.insert(70) && set.insert(0));
        assert!(set.contains(70) && !set.contains(71) && !set.contains(700));
    }
}
