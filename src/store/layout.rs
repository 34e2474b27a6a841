//! Which folder an object has (OCFL extension 0003, hash and id n-tuple storage layout).

use std::fmt::Write as _;

use crate::model::checksum::{hex, sha256};

/// The extension's name.
pub const EXTENSION: &str = "0003-hash-and-id-n-tuple-storage-layout";

/// Digits in the name of a folder that objects lie in; there is one such level.
const TUPLE: usize = 3;

/// The longest name that the encoded identity gives alone, in characters.
const LONGEST: usize = 100;

/// Returns the folder of object `id`, relative to the storage root.
pub fn place(id: &str) -> String {
    let digest = hex(&sha256(id.as_bytes()));
    let mut name = encode(id);
    if name.len() > LONGEST {
        name.truncate(LONGEST);
        name.push('-');
        name.push_str(&digest);
    }
    format!("{}/{name}", &digest[..TUPLE])
}

/// Returns whether `name` can be that of a folder which objects lie in.
pub fn is_tuple(name: &str) -> bool {
    name.len() == TUPLE && name.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
}

/// Returns the identity whose encoding is `name`; `None` if no identity has exactly this one, or the name was cut.
pub fn decode(name: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.bytes();
    while let Some(c) = rest.next() {
        bytes.push(if c == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            u8::try_from(digit()? * 16 + digit()?).ok()?
        } else {
            c
        });
    }
    let id = String::from_utf8(bytes).ok()?;
    (name.len() <= LONGEST && encode(&id) == name).then_some(id)
}

/// Returns `id` with all but letters, digits, `-` and `_` percent-encoded in lower case.
pub fn encode(id: &str) -> String {
    let mut name = String::with_capacity(id.len() + 8);
    for c in id.bytes() {
        if c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_') {
            name.push(char::from(c));
        } else {
            // Writing to a string does not fail.
            let _ = write!(name, "%{c:02x}");
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_extension() {
        // The examples of the extension's text, cut to one tuple.
        let long = "abcdefghij".repeat(26);
        for (id, place_) in [
            ("object-01", "3c0/object-01".to_owned()),
            ("..hor/rib:le-$id", "487/%2e%2ehor%2frib%3ale-%24id".to_owned()),
            (
                &long,
                format!(
                    "55b/{}-55b432806f4e270da0cf23815ed338742179002153cd8d896f23b3e2d8a14359",
                    "abcdefghij".repeat(10)
                ),
            ),
        ] {
            assert_eq!(place(id), place_);
        }
    }

    #[test]
    fn names_give_back_their_identity() {
        for id in ["urn:uuid:0b", "..", "a_b-C", "%", "Grün", "", "a/b"] {
            assert_eq!(decode(&encode(id)).as_deref(), Some(id));
        }
        for name in ["a:b", "%3A", "%3", "%", "%zz", "%61", "ü", "%ff", &"a".repeat(101)] {
            assert_eq!(decode(name), None, "{name}");
        }
        for (name, tuple) in [("0af", true), ("0aF", false), ("0a", false), ("0afe", false), ("ü0", false)] {
            assert_eq!(is_tuple(name), tuple, "{name}");
        }
    }
}
