//! Checksums, and the hashers that compute them.

use std::fmt;

use md5::Md5;
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};

/// A digest algorithm, by the names that METS 1.12 (`CHECKSUMTYPE`) and PREMIS use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Algorithm {
    /// MD5; read in packages of others, never written.
    #[serde(rename = "MD5")]
    Md5,
    /// SHA-1; read in packages of others, never written.
    #[serde(rename = "SHA-1")]
    Sha1,
    /// SHA-224; read in bags of others.
    #[serde(rename = "SHA-224")]
    Sha224,
    /// SHA-256, the fixity of every file.
    #[serde(rename = "SHA-256")]
    Sha256,
    /// SHA-384; read in packages of others.
    #[serde(rename = "SHA-384")]
    Sha384,
    /// SHA-512, the digest of OCFL inventories and of package files.
    #[serde(rename = "SHA-512")]
    Sha512,
    /// SHA3-224; like all of SHA-3 read in packages of others.
    #[serde(rename = "SHA3-224")]
    Sha3_224,
    /// SHA3-256.
    #[serde(rename = "SHA3-256")]
    Sha3_256,
    /// SHA3-384.
    #[serde(rename = "SHA3-384")]
    Sha3_384,
    /// SHA3-512.
    #[serde(rename = "SHA3-512")]
    Sha3_512,
}

impl Algorithm {
    /// Returns the algorithm that METS or PREMIS calls `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_uppercase().as_str() {
            "MD5" => Self::Md5,
            "SHA-1" | "SHA1" => Self::Sha1,
            "SHA-224" | "SHA224" => Self::Sha224,
            "SHA-256" | "SHA256" => Self::Sha256,
            "SHA-384" | "SHA384" => Self::Sha384,
            "SHA-512" | "SHA512" => Self::Sha512,
            "SHA3-224" => Self::Sha3_224,
            "SHA3-256" => Self::Sha3_256,
            "SHA3-384" => Self::Sha3_384,
            "SHA3-512" => Self::Sha3_512,
            _ => return None,
        })
    }

    /// Returns whether two files with the same checksum can be made on purpose.
    #[must_use]
    pub const fn is_weak(self) -> bool {
        matches!(self, Self::Md5 | Self::Sha1)
    }

    /// Returns the name that METS and PREMIS use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Sha3_224 => "SHA3-224",
            Self::Sha3_256 => "SHA3-256",
            Self::Sha3_384 => "SHA3-384",
            Self::Sha3_512 => "SHA3-512",
        }
    }

    /// Returns the length of a checksum in bytes.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 | Self::Sha3_224 => 28,
            Self::Sha256 | Self::Sha3_256 => 32,
            Self::Sha384 | Self::Sha3_384 => 48,
            Self::Sha512 | Self::Sha3_512 => 64,
        }
    }
}

/// A checksum; shown and stored as lower-case hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Checksum {
    algorithm: Algorithm,
    value: Box<[u8]>,
}

impl Checksum {
    /// Returns the checksum of `algorithm` written as hexadecimal `digits`, `None` where length or digits are wrong.
    #[must_use]
    pub fn from_hex(algorithm: Algorithm, digits: &str) -> Option<Self> {
        let value = from_hex(digits)?;
        (value.len() == algorithm.length()).then_some(Self { algorithm, value })
    }

    /// Returns the checksum of `algorithm` whose value is `value`, `None` where its length is wrong.
    #[must_use]
    pub fn from_bytes(algorithm: Algorithm, value: &[u8]) -> Option<Self> {
        (value.len() == algorithm.length()).then(|| Self { algorithm, value: value.into() })
    }

    /// Returns the checksum of `bytes`.
    #[must_use]
    pub fn of(algorithm: Algorithm, bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(bytes);
        hasher.finish()
    }

    /// Returns the algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the value.
    #[must_use]
    pub const fn bytes(&self) -> &[u8] {
        &self.value
    }

    /// Returns the digits in lower case.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.value)
    }
}

impl From<Sha256Sum> for Checksum {
    fn from(sum: Sha256Sum) -> Self {
        Self { algorithm: Algorithm::Sha256, value: Box::new(sum) }
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm.name(), self.hex())
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A SHA-256 value in the compact form that lists of files keep.
pub type Sha256Sum = [u8; 32];

/// A SHA-512 checksum.
pub type Sha512Sum = [u8; 64];

/// Computes one checksum from bytes that come in pieces.
#[derive(Clone)]
pub enum Hasher {
    /// MD5.
    Md5(Md5),
    /// SHA-1.
    Sha1(Sha1),
    /// SHA-256.
    Sha256(Sha256),
    /// SHA-224.
    Sha224(Sha224),
    /// SHA-384.
    Sha384(Sha384),
    /// SHA-512.
    Sha512(Sha512),
    /// SHA3-224.
    Sha3_224(Sha3_224),
    /// SHA3-256.
    Sha3_256(Sha3_256),
    /// SHA3-384.
    Sha3_384(Sha3_384),
    /// SHA3-512.
    Sha3_512(Sha3_512),
}

impl Hasher {
    /// Returns a hasher that has seen nothing.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Md5 => Self::Md5(Md5::new()),
            Algorithm::Sha1 => Self::Sha1(Sha1::new()),
            Algorithm::Sha224 => Self::Sha224(Sha224::new()),
            Algorithm::Sha256 => Self::Sha256(Sha256::new()),
            Algorithm::Sha384 => Self::Sha384(Sha384::new()),
            Algorithm::Sha512 => Self::Sha512(Sha512::new()),
            Algorithm::Sha3_224 => Self::Sha3_224(Sha3_224::new()),
            Algorithm::Sha3_256 => Self::Sha3_256(Sha3_256::new()),
            Algorithm::Sha3_384 => Self::Sha3_384(Sha3_384::new()),
            Algorithm::Sha3_512 => Self::Sha3_512(Sha3_512::new()),
        }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Md5(h) => h.update(bytes),
            Self::Sha1(h) => h.update(bytes),
            Self::Sha224(h) => h.update(bytes),
            Self::Sha256(h) => h.update(bytes),
            Self::Sha384(h) => h.update(bytes),
            Self::Sha512(h) => h.update(bytes),
            Self::Sha3_224(h) => h.update(bytes),
            Self::Sha3_256(h) => h.update(bytes),
            Self::Sha3_384(h) => h.update(bytes),
            Self::Sha3_512(h) => h.update(bytes),
        }
    }

    /// Returns the checksum of all bytes taken.
    #[must_use]
    pub fn finish(self) -> Checksum {
        let (algorithm, value): (_, Box<[u8]>) = match self {
            Self::Md5(h) => (Algorithm::Md5, h.finalize().as_slice().into()),
            Self::Sha1(h) => (Algorithm::Sha1, h.finalize().as_slice().into()),
            Self::Sha224(h) => (Algorithm::Sha224, h.finalize().as_slice().into()),
            Self::Sha256(h) => (Algorithm::Sha256, h.finalize().as_slice().into()),
            Self::Sha384(h) => (Algorithm::Sha384, h.finalize().as_slice().into()),
            Self::Sha512(h) => (Algorithm::Sha512, h.finalize().as_slice().into()),
            Self::Sha3_224(h) => (Algorithm::Sha3_224, h.finalize().as_slice().into()),
            Self::Sha3_256(h) => (Algorithm::Sha3_256, h.finalize().as_slice().into()),
            Self::Sha3_384(h) => (Algorithm::Sha3_384, h.finalize().as_slice().into()),
            Self::Sha3_512(h) => (Algorithm::Sha3_512, h.finalize().as_slice().into()),
        };
        Checksum { algorithm, value }
    }
}

/// Returns the SHA-256 of `bytes`.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Sha256Sum {
    Sha256::digest(bytes).into()
}

/// Returns `bytes` as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]).map(char::from).collect()
}

/// Returns the bytes that hexadecimal digits stand for, `None` where they are none.
#[must_use]
pub fn from_hex(digits: &str) -> Option<Box<[u8]>> {
    if !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return None;
    }
    digits
        .as_bytes()
        .chunks_exact(2)
        .map(|pair| {
            let high = char::from(pair[0]).to_digit(16)?;
            let low = char::from(pair[1]).to_digit(16)?;
            u8::try_from(high * 16 + low).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        for (algorithm, digits) in [
            (Algorithm::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (Algorithm::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (Algorithm::Sha224, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
            (Algorithm::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (Algorithm::Sha3_224, "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"),
            (Algorithm::Sha3_256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
        ] {
            assert_eq!(Checksum::of(algorithm, b"abc").hex(), digits);
            assert_eq!(Algorithm::named(algorithm.name()), Some(algorithm));
        }
        assert_eq!(Checksum::from(sha256(b"abc")), Checksum::of(Algorithm::Sha256, b"abc"));
    }

    #[test]
    fn hex_takes_both_cases_and_refuses_the_rest() {
        let sum = Checksum::of(Algorithm::Md5, b"abc");
        assert_eq!(Checksum::from_hex(Algorithm::Md5, &sum.hex().to_uppercase()), Some(sum));
        for wrong in [
            "",
            "90",
            "900150983cd24fb0d6963f7d28e17f7",
            "g00150983cd24fb0d6963f7d28e17f72",
            "ü00150983cd24fb0d6963f7d28e17f7",
        ] {
            assert_eq!(Checksum::from_hex(Algorithm::Md5, wrong), None, "{wrong}");
        }
    }
}
