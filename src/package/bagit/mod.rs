//! Bags (BagIt, RFC 8493 and the drafts from 0.93 on): how the files are written in which a bag tells of itself.
//!
//! [`tags`] reads them, [`lines`] knows what a line is, [`write`](mod@write) writes them. Whether a bag is what these files say, only who knows its other
//! files can tell.

pub mod lines;
pub mod tags;
pub mod write;

use std::fmt;

use crate::model::checksum::Algorithm;
use crate::model::finding::Severity;

/// The declaration of a bag.
pub const DECLARATION: &str = "bagit.txt";
/// What a bag tells of itself from version 0.96 on.
pub const INFORMATION: &str = "bag-info.txt";
/// The same before version 0.96.
pub const OLD_INFORMATION: &str = "package-info.txt";
/// What is still to be fetched.
pub const FETCH: &str = "fetch.txt";
/// The folder of the payload.
pub const PAYLOAD: &str = "data";

/// A version of BagIt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u32, u32);

impl Version {
    /// The version of the RFC.
    pub const V1_0: Self = Self(1, 0);
    /// The first draft in which the information is called `bag-info.txt`.
    pub const V0_96: Self = Self(0, 96);
    /// The last draft.
    pub const V0_97: Self = Self(0, 97);

    /// Returns the version `text`, which is two numbers without leading zeros and a point between; nothing where it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
        let (major, minor) = text.split_once('.')?;
        Some(Self(number(major)?, number(minor)?)).filter(|version| version.to_string() == text)
    }

    /// Returns whether a specification of this version was published: 0.93 to 0.97, 1.0.
    #[must_use]
    pub fn is_known(self) -> bool {
        matches!(self, Self(0, 93..=97) | Self::V1_0)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// What is not as the specification says, at one place of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// What it is, in one stable word.
    pub word: &'static str,
    /// How grave it is in the bag's version.
    pub severity: Severity,
    /// The section of RFC 8493.
    pub section: &'static str,
    /// The line, from 1; 0 where it is about the whole file.
    pub line: u64,
    /// The column, from 1; 0 where it is about the whole line.
    pub column: u64,
    /// What should be there, or what it is about; empty where the word says it all.
    pub detail: String,
}

impl Flaw {
    /// Returns a flaw that is an error in `line`.
    #[must_use]
    pub const fn new(word: &'static str, section: &'static str, line: u64) -> Self {
        Self { word, severity: Severity::Error, section, line, column: 0, detail: String::new() }
    }

    /// Makes it a warning where `lenient`: drafts before 1.0 did not say so, or readers are to pass over it.
    #[must_use]
    pub const fn warning_if(mut self, lenient: bool) -> Self {
        if lenient {
            self.severity = Severity::Warning;
        }
        self
    }

    /// Names the column.
    #[must_use]
    pub const fn column(mut self, column: u64) -> Self {
        self.column = column;
        self
    }

    /// Says what it is about.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// Returns the name of an algorithm in names of manifests: lower case, letters and digits alone (2.4).
#[must_use]
pub fn normalised(algorithm: &str) -> String {
    algorithm.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Returns the algorithm whose name in names of manifests is `name`, however it is written there.
#[must_use]
pub fn algorithm(name: &str) -> Option<Algorithm> {
    use Algorithm::{Md5, Sha1, Sha3_224, Sha3_256, Sha3_384, Sha3_512, Sha224, Sha256, Sha384, Sha512};
    let name = normalised(name);
    let all = [Md5, Sha1, Sha224, Sha256, Sha384, Sha512, Sha3_224, Sha3_256, Sha3_384, Sha3_512];
    all.into_iter().find(|known| normalised(known.name()) == name)
}

/// Returns whether a file of this name lists the payload of a bag.
#[must_use]
pub fn is_manifest(name: &[u8]) -> bool {
    name.starts_with(b"manifest-") && name.ends_with(b".txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_two_numbers() {
        for known in ["0.93", "0.94", "0.95", "0.96", "0.97", "1.0"] {
            assert!(Version::parse(known).unwrap().is_known());
            assert_eq!(Version::parse(known).unwrap().to_string(), known);
        }
        for other in ["0.92", "0.98", "1.1", "2.0", "9.9"] {
            assert!(!Version::parse(other).unwrap().is_known());
        }
        for wrong in ["", ".97", "1", "1.", "+1.0", "01.0", "1.00", "1.0 ", "1.0.0", "99999999999.0", "١.٠"] {
            assert_eq!(Version::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn algorithms_are_known_however_they_are_written() {
        for (name, known) in [
            ("md5", Algorithm::Md5),
            ("SHA-1", Algorithm::Sha1),
            ("sha224", Algorithm::Sha224),
            ("sha_512", Algorithm::Sha512),
            ("sha3256", Algorithm::Sha3_256),
            ("sha3_512", Algorithm::Sha3_512),
        ] {
            assert_eq!(algorithm(name), Some(known));
        }
        assert_eq!((algorithm("crc32"), algorithm("")), (None, None));
    }
}
