//! The digests of the specification and of its registered extension, by the names that inventories use.

use blake2::digest::consts::{U20, U32, U48, U64};
use blake2::{Blake2b, Digest as _};
use sha2::Sha512_256;

use crate::model::checksum::{Algorithm as Common, Hasher as CommonHasher, hex};

/// A digest algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// `md5`
    Md5,
    /// `sha1`
    Sha1,
    /// `sha256`
    Sha256,
    /// `sha512`
    Sha512,
    /// `blake2b-512`
    Blake512,
    /// `blake2b-160`, of extension 0001 as all below.
    Blake160,
    /// `blake2b-256`
    Blake256,
    /// `blake2b-384`
    Blake384,
    /// `sha512/256`
    Sha512Cut,
    /// `size`: how many bytes, of extension 0009.
    Size,
}

impl Algorithm {
    /// All of them.
    const ALL: [Self; 10] = [
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
        Self::Blake512,
        Self::Blake160,
        Self::Blake256,
        Self::Blake384,
        Self::Sha512Cut,
        Self::Size,
    ];

    /// Returns the algorithm of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Returns the name in inventories.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
            Self::Blake512 => "blake2b-512",
            Self::Blake160 => "blake2b-160",
            Self::Blake256 => "blake2b-256",
            Self::Blake384 => "blake2b-384",
            Self::Sha512Cut => "sha512/256",
            Self::Size => "size",
        }
    }

    /// Returns the requirement on how it is written, where there is one of its own.
    pub const fn form(self) -> Option<&'static str> {
        match self {
            Self::Sha1 => Some("E029"),
            Self::Sha256 => Some("E030"),
            Self::Sha512 => Some("E031"),
            Self::Blake512 => Some("E032"),
            _ => None,
        }
    }

    /// Returns whether `digest` is written as one of this algorithm is, in any case.
    pub fn is_written(self, digest: &str) -> bool {
        let digits = match self {
            Self::Md5 => 32,
            Self::Sha1 | Self::Blake160 => 40,
            Self::Sha256 | Self::Blake256 | Self::Sha512Cut => 64,
            Self::Blake384 => 96,
            Self::Sha512 | Self::Blake512 => 128,
            Self::Size => {
                let number = digest.bytes().all(|c| c.is_ascii_digit()) && (1..=20).contains(&digest.len());
                return number && (digest == "0" || !digest.starts_with('0'));
            }
        };
        digest.len() == digits && digest.bytes().all(|c| c.is_ascii_hexdigit())
    }

    /// Returns the digest of `bytes` as it is written.
    pub fn of(self, bytes: &[u8]) -> String {
        let mut hasher = Hasher::new(self);
        hasher.update(bytes);
        hasher.finish()
    }
}

/// Computes one digest.
pub enum Hasher {
    /// One of those that packages use too.
    Common(Box<CommonHasher>),
    /// `blake2b-160`
    Blake160(Box<Blake2b<U20>>),
    /// `blake2b-256`
    Blake256(Box<Blake2b<U32>>),
    /// `blake2b-384`
    Blake384(Box<Blake2b<U48>>),
    /// `blake2b-512`
    Blake512(Box<Blake2b<U64>>),
    /// `sha512/256`
    Sha512Cut(Box<Sha512_256>),
    /// `size`
    Size(u64),
}

impl Hasher {
    /// Returns a hasher that has seen nothing.
    pub fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Md5 => Self::Common(Box::new(CommonHasher::new(Common::Md5))),
            Algorithm::Sha1 => Self::Common(Box::new(CommonHasher::new(Common::Sha1))),
            Algorithm::Sha256 => Self::Common(Box::new(CommonHasher::new(Common::Sha256))),
            Algorithm::Sha512 => Self::Common(Box::new(CommonHasher::new(Common::Sha512))),
            Algorithm::Blake160 => Self::Blake160(Box::default()),
            Algorithm::Blake256 => Self::Blake256(Box::default()),
            Algorithm::Blake384 => Self::Blake384(Box::default()),
            Algorithm::Blake512 => Self::Blake512(Box::default()),
            Algorithm::Sha512Cut => Self::Sha512Cut(Box::default()),
            Algorithm::Size => Self::Size(0),
        }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Common(hasher) => hasher.update(bytes),
            Self::Blake160(hasher) => hasher.update(bytes),
            Self::Blake256(hasher) => hasher.update(bytes),
            Self::Blake384(hasher) => hasher.update(bytes),
            Self::Blake512(hasher) => hasher.update(bytes),
            Self::Sha512Cut(hasher) => hasher.update(bytes),
            Self::Size(size) => *size += bytes.len() as u64,
        }
    }

    /// Returns the digest as it is written, in lower case.
    pub fn finish(self) -> String {
        match self {
            Self::Common(hasher) => hasher.finish().hex(),
            Self::Blake160(hasher) => hex(&hasher.finalize()),
            Self::Blake256(hasher) => hex(&hasher.finalize()),
            Self::Blake384(hasher) => hex(&hasher.finalize()),
            Self::Blake512(hasher) => hex(&hasher.finalize()),
            Self::Sha512Cut(hasher) => hex(&hasher.finalize()),
            Self::Size(size) => size.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_of_nothing_are_those_of_the_tables() {
        for (name, begin) in [
            ("md5", "d41d8cd98f00b204e9800998ecf8427e"),
            ("sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4"),
            ("sha512", "cf83e1357eefb8bdf1542850d66d8007d620e405"),
            ("blake2b-512", "786a02f742015903c6c6fd852552d272912f4740"),
            ("blake2b-160", "3345524abf6bbe1809449224b5972c41790b6cf2"),
            ("blake2b-256", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47"),
            ("blake2b-384", "b32811423377f52d7862286ee1a72ee540524380"),
            ("sha512/256", "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7"),
            ("size", "0"),
        ] {
            let algorithm = Algorithm::named(name).unwrap();
            let digest = algorithm.of(b"");
            assert!(digest.starts_with(begin), "{name} {digest}");
            assert!(algorithm.is_written(&digest), "{name}");
            assert!(!algorithm.is_written(&format!("{digest}x")) && !algorithm.is_written(""), "{name}");
        }
        assert_eq!(Algorithm::named("sha3"), None);
        assert!(Algorithm::Sha256.is_written(&Algorithm::Sha256.of(b"x").to_uppercase()));
        assert!(Algorithm::Size.is_written("12") && !Algorithm::Size.is_written("012"));
    }
}
