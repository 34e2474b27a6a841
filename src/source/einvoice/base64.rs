//! Base64 (RFC 4648, 4) decoded as a stream: only size and SHA-256 of what it holds are kept.

use crate::model::checksum::{Algorithm, Checksum, Hasher};

/// Decodes base64 piece by piece.
pub struct Decoder {
    hasher: Hasher,
    size: u64,
    bits: u32,
    digits: u8,
    padding: u8,
    /// What was decoded and not yet hashed.
    ready: Vec<u8>,
    fault: bool,
}

/// What was decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Count of bytes.
    pub size: u64,
    /// Their SHA-256.
    pub sha256: Checksum,
    /// Whether it was no proper base64; then size and checksum are those of what could be decoded.
    pub fault: bool,
}

/// How many decoded bytes are hashed at once.
const PIECE: usize = 16 << 10;

impl Decoder {
    /// Begins.
    #[must_use]
    pub fn new() -> Self {
        Self {
            hasher: Hasher::new(Algorithm::Sha256),
            size: 0,
            bits: 0,
            digits: 0,
            padding: 0,
            ready: Vec::with_capacity(PIECE + 3),
            fault: false,
        }
    }

    /// Takes the next piece of text; white space means nothing.
    pub fn update(&mut self, text: &[u8]) {
        for byte in text {
            let digit = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                b'=' => {
                    self.padding = self.padding.saturating_add(1);
                    continue;
                }
                b' ' | b'\t' | b'\r' | b'\n' => continue,
                _ => {
                    self.fault = true;
                    continue;
                }
            };
            // Nothing may follow the padding.
            self.fault |= self.padding > 0;
            self.bits = (self.bits << 6) | u32::from(digit);
            self.digits += 1;
            if self.digits == 4 {
                let [_, bytes @ ..] = self.bits.to_be_bytes();
                self.keep(&bytes);
                (self.bits, self.digits) = (0, 0);
            }
        }
    }

    /// Ends.
    #[must_use]
    pub fn finish(mut self) -> Decoded {
        let rest = (self.bits << (6 * (4 - u32::from(self.digits)) % 24)).to_be_bytes();
        match (self.digits, self.padding) {
            (0, 0) => {}
            (2, 2) => self.keep(&rest[1..2]),
            (3, 1) => self.keep(&rest[1..3]),
            (digits, _) => {
                self.fault = true;
                self.keep(&rest[1..usize::from(digits.max(1))]);
            }
        }
        self.hasher.update(&self.ready);
        Decoded { size: self.size, sha256: self.hasher.finish(), fault: self.fault }
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.ready.extend_from_slice(bytes);
        if self.ready.len() >= PIECE {
            self.hasher.update(&self.ready);
            self.ready.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(pieces: &[&str]) -> Decoded {
        let mut decoder = Decoder::new();
        pieces.iter().for_each(|piece| decoder.update(piece.as_bytes()));
        decoder.finish()
    }

    #[test]
    fn what_rfc_4648_shows_is_decoded_however_it_is_cut() {
        for (text, bytes) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9vYmE=", "fooba"),
            (" Zm9v\r\n\tYmFy ", "foobar"),
        ] {
            let whole = decode(&[text]);
            let sha256 = Checksum::of(Algorithm::Sha256, bytes.as_bytes());
            assert_eq!(whole, Decoded { size: bytes.len() as u64, sha256, fault: false }, "{text}");
            for at in 0..text.len() {
                assert_eq!(decode(&[&text[..at], &text[at..]]), whole);
            }
        }
    }

    #[test]
    fn what_is_no_base64_is_a_fault() {
        for text in ["Z", "Zg", "Zg=", "Zm9v=", "Zm9vYg==Zm9v", "Zm9-", "Zm9ü", "====", "Zm9vY==="] {
            assert!(decode(&[text]).fault, "{text}");
        }
    }
}
