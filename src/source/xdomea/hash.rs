//! Checksums as messages write them (4.0: `Hash` with `Wert` and `Algorithmus`).

use crate::model::checksum::{Algorithm, Checksum};

/// Returns the checksum that a message tells: `value` as hexadecimal digits or Base64, `algorithm` as a name, a number of
/// the objects of ISO (OID) or an address of XML signatures.
pub(super) fn checksum(value: &str, algorithm: &str) -> Option<Checksum> {
    const OIDS: [(&str, Algorithm); 5] = [
        ("1.2.840.113549.2.5", Algorithm::Md5),
        ("1.3.14.3.2.26", Algorithm::Sha1),
        ("2.16.840.1.101.3.4.2.1", Algorithm::Sha256),
        ("2.16.840.1.101.3.4.2.2", Algorithm::Sha384),
        ("2.16.840.1.101.3.4.2.3", Algorithm::Sha512),
    ];
    let known = |word: &str| {
        let oid = OIDS.iter().find(|(oid, _)| word.ends_with(oid)).map(|(_, algorithm)| *algorithm);
        let name = word.rsplit(['#', '/', ':']).next().unwrap_or_default();
        oid.or_else(|| Algorithm::named(name)).or_else(|| Algorithm::named(&name.replace('_', "-")))
    };
    let algorithm = algorithm.split_whitespace().find_map(known)?;
    let value: String = value.split_whitespace().collect();
    Checksum::from_hex(algorithm, &value).or_else(|| Checksum::from_bytes(algorithm, &base64(&value)?))
}

/// Reads Base64 (RFC 4648, clause 4).
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.extend((bits >> count).to_be_bytes().last());
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_read_in_all_their_forms() {
        let sum = Checksum::of(Algorithm::Sha256, b"abc");
        let base = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        for (value, algorithm) in [
            (sum.hex().as_str(), "SHA-256"),
            (&sum.hex().to_uppercase(), "sha256"),
            (base, "http://www.w3.org/2001/04/xmlenc#sha256"),
            (base, "urn:oid:2.16.840.1.101.3.4.2.1"),
            (&sum.hex(), "004 SHA-256"),
            (&sum.hex(), "SHA_256"),
        ] {
            assert_eq!(checksum(value, algorithm), Some(sum.clone()), "{value} {algorithm}");
        }
        for (value, algorithm) in [("", "SHA-256"), ("ab", "SHA-256"), (base, "BLAKE2b"), (base, ""), ("ä", "MD5")] {
            assert_eq!(checksum(value, algorithm), None, "{value} {algorithm}");
        }
    }
}
