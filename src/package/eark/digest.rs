//! The content digest: tells whether two packages say the same, whenever and by whichever version they were made.
//!
//! It is the SHA-256 over a text of one line each: the description as JSON, then for every file that is content its
//! SHA-256, two spaces and its path, then for every empty folder `-` and its path; files and folders sorted by path.
//! Not content are documents that hold times or versions (METS, PREMIS) or that eArchiv adds.

use sha2::{Digest as _, Sha256};

use super::{AGREEMENT, DESCRIPTION, METS, READ_ME, description};
use crate::model::checksum::{Sha256Sum, hex};
use crate::model::record::Description;

/// Returns whether the file at `path` counts as content.
#[must_use]
pub fn is_content(path: &str) -> bool {
    let inside = path.strip_prefix("representations/").and_then(|rest| rest.split_once('/')).map_or(path, |(_, p)| p);
    !(inside == METS
        || inside.starts_with("metadata/preservation/")
        || path.starts_with("metadata/other/submission/")
        || path.starts_with("schemas/")
        || [AGREEMENT, DESCRIPTION, READ_ME].contains(&path))
}

/// Computes the content digest; files and folders come sorted by path, and only those that [`is_content`].
#[derive(Debug)]
pub struct ContentDigest(Sha256);

impl ContentDigest {
    /// Begins with the description; dates that are only those of files are no part of it.
    #[must_use]
    pub fn new(description: &Description) -> Self {
        let mut told = description::told(description);
        if std::mem::take(&mut told.dates_of_files) {
            told.date_from.clear();
            told.date_to.clear();
        }
        let mut hasher = Sha256::new();
        hasher.update(serde_json::to_vec(&told).unwrap_or_default());
        hasher.update(b"\n");
        Self(hasher)
    }

    /// Takes the next file; its path may come in two pieces.
    pub fn file(&mut self, base: &str, path: &str, sum: &Sha256Sum) {
        self.0.update(hex(sum));
        self.line("  ", base, path);
    }

    /// Takes the next empty folder.
    pub fn folder(&mut self, base: &str, path: &str) {
        self.line("-  ", base, path);
    }

    fn line(&mut self, mark: &str, base: &str, path: &str) {
        for piece in [mark, base, path, "\n"] {
            self.0.update(piece);
        }
    }

    /// Returns the digest in hexadecimal digits.
    #[must_use]
    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_files_are_no_content_and_told_dates_are() {
        let dated = |day: &str, dates_of_files| {
            let date_from = day.to_owned();
            ContentDigest::new(&Description { date_from, dates_of_files, ..Description::default() }).finish()
        };
        assert_eq!(dated("2013", true), dated("2014", true));
        assert_ne!(dated("2013", false), dated("2014", false));
    }

    #[test]
    fn content_is_what_was_delivered() {
        for path in ["representations/rep1/data/METS.xml", "metadata/descriptive/ead.xml", "documentation/Plan.pdf"] {
            assert!(is_content(path), "{path}");
        }
        for path in
            [METS, "representations/rep1/METS.xml", "representations/a/metadata/preservation/premis.xml", READ_ME]
        {
            assert!(!is_content(path), "{path}");
        }
    }
}
