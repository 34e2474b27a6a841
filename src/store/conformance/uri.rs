//! URIs, as far as RFC 3986 lets one tell what is none.

/// Returns whether `text` is a URI: a scheme, and behind it letters that a URI may have.
pub fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let mut letters = scheme.bytes();
    let is_scheme = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'-' | b'.'));
    is_scheme && !rest.is_empty() && are_letters(rest.as_bytes())
}

fn are_letters(mut rest: &[u8]) -> bool {
    while let Some((letter, more)) = rest.split_first() {
        rest = match letter {
            b'%' => match more {
                [a, b, more @ ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => more,
                _ => return false,
            },
            c if c.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(c) => more,
            _ => return false,
        };
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_told_from_other_texts() {
        for text in [
            "urn:example-1",
            "ark:123/abc",
            "mailto:a@example.org",
            "https://example.org/%C3%BC?x#y",
            "info:x",
            "A+b-c.1:x",
        ] {
            assert!(is_uri(text), "{text}");
        }
        for text in
            ["", "bb123cd4567", ":x", "x:", "1x:y", "a b:c", "urn:a b", "urn:ü", "urn:%zz", "..hor/rib:le-$id", "a/b:c"]
        {
            assert!(!is_uri(text), "{text}");
        }
    }
}
