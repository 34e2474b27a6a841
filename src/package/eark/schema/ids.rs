//! The ids of a document: each there once, and each reference to one that is there.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

/// The most ids of a document. A hash of each is held: 38 MB at the most, 19 MB for a million.
const MOST: usize = 3_600_000;
/// The most references of a document whose ids come later or not at all: 18 MB at the most.
const OPEN: usize = 900_000;
/// How many open references are held with what is to be told of them; of the rest the number is enough.
const TOLD: usize = 1_000;

/// Where a reference stands that names no id so far.
#[derive(Debug)]
pub(super) struct Reference {
    /// The line and the column.
    pub place: (u64, u64),
    /// The attribute.
    pub xpath: String,
    /// The id that it names.
    pub value: String,
}

/// A document has more ids than are held.
#[derive(Debug)]
pub(super) struct TooMany;

/// The ids and the open references of a document, by 64 bits of a hash of each that is another in every run: that two ids
/// of a million have the same is as likely as one in 36 million, and nobody can make it so.
#[derive(Debug, Default)]
pub(super) struct Ids {
    state: RandomState,
    defined: HashSet<u64>,
    open: HashMap<u64, Option<Box<Reference>>>,
    told: usize,
}

impl Ids {
    /// Notes an id; returns whether it is the first of its name.
    pub(super) fn define(&mut self, id: &str) -> Result<bool, TooMany> {
        let hash = self.state.hash_one(id);
        if let Some(Some(_)) = self.open.remove(&hash) {
            self.told -= 1;
        }
        if self.defined.len() == MOST {
            return Err(TooMany);
        }
        Ok(self.defined.insert(hash))
    }

    /// Notes a reference; `about` says where it stands and is asked only if its id was not read yet.
    pub(super) fn refer(&mut self, id: &str, about: impl FnOnce() -> Reference) -> Result<(), TooMany> {
        let hash = self.state.hash_one(id);
        if self.defined.contains(&hash) {
            return Ok(());
        }
        if self.open.len() == OPEN {
            return Err(TooMany);
        }
        if let Entry::Vacant(place) = self.open.entry(hash) {
            let is_told = self.told < TOLD;
            self.told += usize::from(is_told);
            place.insert(is_told.then(|| Box::new(about())));
        }
        Ok(())
    }

    /// Returns the references that name nothing, in their order, and how many more there are.
    pub(super) fn open(self) -> (Vec<Reference>, usize) {
        let all = self.open.len();
        let mut open: Vec<Reference> = self.open.into_values().flatten().map(|reference| *reference).collect();
        open.sort_by(|one, other| one.place.cmp(&other.place).then_with(|| one.value.cmp(&other.value)));
        let more = all - open.len();
        (open, more)
    }
}
