//! The files of a package as they are looked at: each is made of the list when it is wanted.

use std::slice;

use rayon::prelude::*;

use super::PackageReader;
use crate::model::time::Timestamp;

/// A file of a package, by its path inside the package's folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// Path inside the package's folder.
    pub path: &'a str,
    /// Size in bytes.
    pub size: u64,
    /// Last modification.
    pub modified: Timestamp,
    /// Its number in what the package lies in.
    pub(super) number: u32,
}

/// The files of a package, sorted by path.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a>(pub(super) &'a PackageReader);

impl<'a> Parts<'a> {
    /// Returns how many there are.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.order.len()
    }

    /// Returns whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.order.is_empty()
    }

    /// Returns the file at `place`.
    #[must_use]
    pub fn get(self, place: usize) -> Option<Part<'a>> {
        self.0.part(*self.0.order.get(place)?)
    }

    /// Returns one after the other.
    #[must_use]
    pub fn iter(self) -> Iter<'a> {
        Iter { reader: self.0, numbers: self.0.order.iter() }
    }

    /// Returns all of them for many threads.
    #[must_use]
    pub fn par_iter(self) -> impl ParallelIterator<Item = Part<'a>> {
        self.0.order.par_iter().filter_map(move |number| self.0.part(*number))
    }
}

impl PartialEq for Parts<'_> {
    fn eq(&self, other: &Self) -> bool {
        let facts = |part: Part<'_>| (part.size, part.modified);
        self.len() == other.len() && self.iter().zip(*other).all(|(a, b)| a.path == b.path && facts(a) == facts(b))
    }
}

impl<'a> IntoIterator for Parts<'a> {
    type Item = Part<'a>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// One file after the other.
#[derive(Debug, Clone)]
pub struct Iter<'a> {
    reader: &'a PackageReader,
    numbers: slice::Iter<'a, u32>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        self.reader.part(*self.numbers.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.numbers.size_hint()
    }
}
