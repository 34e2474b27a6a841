//! Walks through a folder on disk; what the file system tells of entries is asked ahead, by many threads.

use std::collections::VecDeque;
use std::fs::Metadata;
use std::io;
use std::path::Path;

use rayon::prelude::*;
use walkdir::{DirEntry, IntoIter, WalkDir};

/// Folders that are held open at a time, however deep the tree is.
const MAX_OPEN: usize = 32;

/// Entries that are read ahead, and how many of them one thread asks for at least.
const AHEAD: usize = 1024;
const RUN: usize = 128;

/// Returns the entries below `at` and itself, as they come; no link is followed.
pub(super) fn walk(at: &Path) -> WalkDir {
    WalkDir::new(at).follow_links(false).follow_root_links(false).max_open(MAX_OPEN)
}

/// An entry, and if it is no folder what the file system tells of it.
type Known = (walkdir::Result<DirEntry>, Option<io::Result<Metadata>>);

/// The entries of [`walk`] in the order of their names, each with what is known of it.
pub(super) struct Sorted {
    walk: IntoIter,
    read: Vec<walkdir::Result<DirEntry>>,
    known: VecDeque<Known>,
}

impl Sorted {
    /// Begins at `at`, which is the first entry.
    pub(super) fn new(at: &Path) -> Self {
        let mut walk = walk(at).sort_by_file_name().into_iter();
        let read = walk.by_ref().take(AHEAD).collect();
        Self { walk, read, known: VecDeque::new() }
    }

    /// Asks for what was read, and reads on meanwhile.
    fn go_on(&mut self) {
        let read = std::mem::take(&mut self.read);
        if read.len() < RUN {
            self.known.extend(read.into_iter().map(known));
            return;
        }
        let asked = || read.into_par_iter().with_min_len(RUN).map(known).collect();
        let next = || self.walk.by_ref().take(AHEAD).collect();
        let (known, read): (Vec<Known>, _) = rayon::join(asked, next);
        self.known.extend(known);
        self.read = read;
    }
}

fn known(entry: walkdir::Result<DirEntry>) -> Known {
    let file = entry.as_ref().ok().filter(|entry| !entry.file_type().is_dir());
    let metadata = file.map(|file| file.metadata().map_err(io::Error::from));
    (entry, metadata)
}

impl Iterator for Sorted {
    type Item = Known;

    fn next(&mut self) -> Option<Known> {
        if self.known.is_empty() {
            self.go_on();
        }
        self.known.pop_front()
    }
}
