//! Names and paths: what others called a file, what it is called in a package, and how it is written in METS.
//!
//! A path in a package holds only names that every common file system can hold. What a name cannot keep is
//! percent-encoded (`a:b` becomes `a%3Ab`, `100%` becomes `100%25`), so that the original follows from the path alone:
//! [`original`] undoes [`portable`]. Names that are longer than 255 bytes after that are cut into folders, each but the
//! last ending in a single `%`.

use std::borrow::Cow;
use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

/// The longest name that file systems take, in bytes.
const NAME_MAX: usize = 255;

/// Names that Windows keeps for devices, with any extension.
const RESERVED: &[&str] = &["con", "prn", "aux", "nul", "clock$", "conin$", "conout$"];

/// Returns the portable form of one original name.
#[must_use]
pub fn portable(name: &[u8]) -> String {
    encode(name, usize::from(reserved(name)))
}

/// Returns the original bytes of a portable path; undoes [`portable`] on each of its names.
#[must_use]
pub fn original(path: &str) -> Vec<u8> {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'%' if bytes.get(at + 1) == Some(&b'/') => at += 2,
            b'%' if let Some(byte) = decode_pair(&bytes[at + 1..]) => {
                out.push(byte);
                at += 3;
            }
            byte => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// Returns the original of a path in a package that anyone may have made, for writing below a folder.
///
/// That is [`original`], except where it would lead out of the folder or is no path of files (`%2E%2E`, `%2F`, `%00`):
/// there it is the path as the package has it.
#[must_use]
pub fn original_below(path: &str) -> Vec<u8> {
    let found = original(path);
    let stays = |name: &[u8]| !matches!(name, b"" | b"." | b"..") && !name.contains(&0);
    if found.split(|byte| *byte == b'/').all(stays) { found } else { path.as_bytes().to_vec() }
}

/// Gives the entries of one folder portable names that stay apart on every file system.
///
/// Names that differ only in upper and lower case or in their Unicode form would fall together on Windows or macOS:
/// the later one gets its first letters percent-encoded, as many as it takes.
#[derive(Debug, Default)]
pub struct Siblings(HashSet<String>);

impl Siblings {
    /// Returns the portable form of `name`, unlike all that were given out before.
    pub fn portable(&mut self, name: &[u8]) -> String {
        let plain = portable(name);
        if self.0.insert(fold(&plain)) {
            return plain;
        }
        // With every letter encoded a name is like no other.
        (1..=name.len()).map(|first| encode(name, first)).find(|encoded| self.0.insert(fold(encoded))).unwrap_or(plain)
    }
}

/// Returns what a name or a path is where neither letter case nor Unicode forms are told apart.
#[must_use]
pub fn fold(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// Percent-encodes what is not portable in `name`, and the `first` letters in any case.
fn encode(name: &[u8], first: usize) -> String {
    let mut out = String::with_capacity(name.len());
    let mut letters = 0;
    let mut rest = name;
    while !rest.is_empty() {
        let (text, bad) = match std::str::from_utf8(rest) {
            Ok(text) => (text, &rest[rest.len()..]),
            Err(error) => {
                let (text, after) = rest.split_at(error.valid_up_to());
                let bad = &after[..error.error_len().unwrap_or(after.len())];
                (std::str::from_utf8(text).unwrap_or_default(), bad)
            }
        };
        for (index, letter) in text.char_indices() {
            let at_start = out.is_empty();
            let at_end = bad.is_empty() && rest.len() == index + letter.len_utf8();
            letters += 1;
            if letters <= first || !keeps(letter, at_start, at_end) {
                let mut buffer = [0; 4];
                letter.encode_utf8(&mut buffer).bytes().for_each(|b| push_pair(&mut out, b));
            } else {
                out.push(letter);
            }
        }
        for byte in bad {
            push_pair(&mut out, *byte);
        }
        rest = &rest[text.len() + bad.len()..];
    }
    cut(&out)
}

fn keeps(letter: char, at_start: bool, at_end: bool) -> bool {
    match letter {
        ' ' => !at_start && !at_end,
        '.' => !at_end,
        // What Windows forbids or ZIP and URLs understand otherwise; invisible and direction marks; what XML cannot hold.
        '%' | '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{200b}'..='\u{200f}' => false,
        _ => {
            !letter.is_control()
                && !matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
        }
    }
}

fn reserved(name: &[u8]) -> bool {
    let stem = name.split(|b| *b == b'.').next().unwrap_or_default();
    let Ok(stem) = std::str::from_utf8(stem) else {
        return false;
    };
    let stem = stem.trim_end().to_lowercase();
    RESERVED.contains(&stem.as_str())
        || ["com", "lpt"].iter().any(|port| {
            stem.strip_prefix(port).is_some_and(|n| {
                let mut letters = n.chars();
                matches!((letters.next(), letters.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
            })
        })
}

/// Cuts an encoded name into names of at most [`NAME_MAX`] bytes, never inside a letter or a percent triple.
fn cut(name: &str) -> String {
    if name.len() <= NAME_MAX {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len() + 8);
    let mut rest = name;
    while rest.len() > NAME_MAX {
        // One byte is for the mark; a piece must not end in a dot or space, nor begin with a space.
        let mut end = NAME_MAX - 1;
        while !rest.is_char_boundary(end)
            || rest.as_bytes()[..end].iter().rev().take(2).any(|b| *b == b'%')
            || rest.as_bytes()[end] == b' '
        {
            end -= 1;
        }
        out.push_str(&rest[..end]);
        out.push_str("%/");
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn push_pair(out: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(DIGITS[usize::from(byte >> 4)]));
    out.push(char::from(DIGITS[usize::from(byte & 15)]));
}

fn decode_pair(pair: &[u8]) -> Option<u8> {
    let digit = |index: usize| pair.get(index).and_then(|b| char::from(*b).to_digit(16));
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

/// Returns `bytes` as text that XML, JSON and a terminal can hold, and whether it had to be percent-encoded for that.
///
/// Text that is kept stays as it is, `%` included; only where something cannot be kept are that and every `%`
/// encoded. The flag tells a reader which of the two it is.
#[must_use]
pub fn text(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(bytes) {
        Ok(plain) if plain.chars().all(shows) => (Cow::Borrowed(plain), false),
        _ => {
            let mut out = String::with_capacity(bytes.len() + 16);
            for chunk in bytes.utf8_chunks() {
                for letter in chunk.valid().chars() {
                    if letter != '%' && shows(letter) {
                        out.push(letter);
                    } else {
                        let mut buffer = [0; 4];
                        letter.encode_utf8(&mut buffer).bytes().for_each(|b| push_pair(&mut out, b));
                    }
                }
                chunk.invalid().iter().for_each(|b| push_pair(&mut out, *b));
            }
            (Cow::Owned(out), true)
        }
    }
}

/// Returns `bytes` as text for people, receipts and JSON, see [`text`].
#[must_use]
pub fn shown(bytes: &[u8]) -> String {
    text(bytes).0.into_owned()
}

fn shows(letter: char) -> bool {
    !matches!(letter,
        '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
        && !letter.is_control()
}

/// Returns `path` as a relative URL reference (RFC 3986 4.2), the form of METS `xlink:href` (CSIP79).
#[must_use]
pub fn href(path: &str) -> String {
    href_bytes(path.as_bytes())
}

/// Returns the bytes of a path as a relative URL reference; names that are not UTF-8 are kept as well.
#[must_use]
pub fn href_bytes(path: &[u8]) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(*byte)),
            _ => push_pair(&mut out, *byte),
        }
    }
    out
}

/// Why a reference or a name of a foreign package is not a path inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathFault {
    /// It has a scheme, an authority or starts at the root.
    Absolute,
    /// It goes up.
    Up,
    /// It is empty.
    Empty,
    /// It holds what no path in a package may: NUL, a backslash, an empty name, bytes that are not UTF-8.
    Letter,
}

/// Returns the path inside the package that `href` names, relative to `base` (the folder of the METS file, `""` or
/// ending in `/`). White space around it says nothing (`xs:anyURI`), and `.` and `..` are followed as long as they stay
/// inside (RFC 3986, 5.2.4).
pub fn resolve(base: &str, href: &str) -> Result<String, PathFault> {
    let href = href.trim_matches([' ', '\t', '\n', '\r']);
    if href.is_empty() {
        return Err(PathFault::Empty);
    }
    let is_file = href.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("file:"));
    let href = match &href[if is_file { 5 } else { 0 }..] {
        // No URL, but in use; it can only mean the folder of the document.
        rest if is_file && rest.starts_with("//./") => &rest[4..],
        rest if is_file && !rest.starts_with('/') => rest,
        _ => href,
    };
    let first = href.split('/').next().unwrap_or_default();
    if href.starts_with('/') || first.contains(':') {
        return Err(PathFault::Absolute);
    }
    let decoded = String::from_utf8(decoded(href)).map_err(|_| PathFault::Letter)?;
    if decoded.contains(['\0', '\\']) {
        return Err(PathFault::Letter);
    }
    let mut path: Vec<&str> = base.split('/').filter(|name| !name.is_empty()).collect();
    for name in decoded.split('/') {
        match name {
            "." => {}
            ".." => {
                path.pop().ok_or(PathFault::Up)?;
            }
            "" => return Err(PathFault::Letter),
            name => path.push(name),
        }
    }
    if path.is_empty() || decoded.ends_with("/..") || decoded.ends_with("/.") || matches!(&*decoded, "." | "..") {
        return Err(PathFault::Letter);
    }
    Ok(path.join("/"))
}

/// Returns the bytes that percent signs with two digits stand for, all others as they are.
fn decoded(href: &str) -> Vec<u8> {
    let source = href.as_bytes();
    let mut bytes = Vec::with_capacity(source.len());
    let mut at = 0;
    while at < source.len() {
        match (source[at], decode_pair(&source[at + 1..])) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                at += 3;
            }
            (byte, _) => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    bytes
}

/// Checks that `path` stays inside the folder it is relative to.
pub fn inside(path: &str) -> Result<(), PathFault> {
    if path.is_empty() {
        return Err(PathFault::Empty);
    }
    if path.starts_with('/') {
        return Err(PathFault::Absolute);
    }
    if path.contains(['\0', '\\']) {
        return Err(PathFault::Letter);
    }
    for name in path.split('/') {
        match name {
            ".." => return Err(PathFault::Up),
            "" | "." => return Err(PathFault::Letter),
            _ => {}
        }
    }
    Ok(())
}

/// Returns whether the bytes of a path from others lead out of the folder that they are to lie in, or would in some
/// program: they go up, begin at a root or a drive (`C:x`, `a:/x`, also with `\\`), hold NUL, or spell `.` and `/` in
/// overlong UTF-8. Each name is there, and is neither `.` nor `..`.
#[must_use]
pub fn leads_out(path: &[u8]) -> bool {
    const OVERLONG: [&[u8]; 8] = [
        b"\xc0\x80",
        b"\xc0\xae",
        b"\xc0\xaf",
        b"\xc1\x9c",
        b"\xe0\x80\xae",
        b"\xe0\x80\xaf",
        b"\xf0\x80\x80\xae",
        b"\xf0\x80\x80\xaf",
    ];
    let drive = match path {
        [letter, b':', b'/' | b'\\', ..] => letter.is_ascii_alphabetic(),
        [letter, b':', ..] => letter.is_ascii_uppercase(),
        _ => false,
    };
    drive
        || path.starts_with(b"\\")
        || path.contains(&0)
        || path.split(|byte| *byte == b'/').any(|name| matches!(name, b"" | b"." | b".."))
        || path.split(|byte| matches!(byte, b'/' | b'\\')).any(|name| name == b"..")
        || OVERLONG.iter().any(|bad| path.windows(bad.len()).any(|part| part == *bad))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_are_portable_stay() {
        for name in [
            "Akte.txt",
            "Größe",
            "U\u{308}bersicht",
            "-rf",
            "@file",
            "~$Konzept.docx",
            "$HOME",
            "a'b",
            "...a",
            ".git",
            "com10",
        ] {
            assert_eq!(portable(name.as_bytes()), name);
        }
    }

    #[test]
    fn names_that_are_not_are_encoded() {
        for (name, expected) in [
            (&b"a:b"[..], "a%3Ab"),
            (b"100%", "100%25"),
            (b"%2e%2e", "%252e%252e"),
            (b"CON", "%43ON"),
            (b"aux.txt", "%61ux.txt"),
            (b"COM1.log", "%43OM1.log"),
            (b"...", "..%2E"),
            (b"name ", "name%20"),
            (b" name", "%20name"),
            (b"a\\b", "a%5Cb"),
            (b"\xff\xfe.txt", "%FF%FE.txt"),
            (b"gr\xfcn", "gr%FCn"),
            (b"a\x1b[31m", "a%1B[31m"),
            ("a\u{202e}txt".as_bytes(), "a%E2%80%AEtxt"),
        ] {
            assert_eq!(portable(name), expected);
            assert_eq!(original(expected), name);
        }
    }

    #[test]
    fn twins_stay_apart() {
        let mut siblings = Siblings::default();
        let names: Vec<String> = ["Akte", "AKTE", "akte", "\u{dc}ber", "U\u{308}ber"]
            .iter()
            .map(|name| siblings.portable(name.as_bytes()))
            .collect();
        assert_eq!(names, ["Akte", "%41KTE", "%61kte", "\u{dc}ber", "%55\u{308}ber"]);
        for (name, portable) in ["Akte", "AKTE", "akte", "\u{dc}ber", "U\u{308}ber"].iter().zip(&names) {
            assert_eq!(original(portable), name.as_bytes());
        }
    }

    #[test]
    fn references_stay_inside() {
        assert_eq!(resolve("", "data/Gr%C3%BCn.txt"), Ok("data/Grün.txt".to_owned()));
        assert_eq!(
            resolve("representations/rep1/", "./data/a%2520b"),
            Ok("representations/rep1/data/a%20b".to_owned())
        );
        for (href, path) in [
            ("file:data/a", "data/a"),
            ("FILE:./data/a", "data/a"),
            ("file://./data/a", "data/a"),
            (" data/a\n", "data/a"),
            ("././a/../data/a", "data/a"),
            ("a/%2e%2e/b", "b"),
        ] {
            assert_eq!(resolve("", href), Ok(path.to_owned()), "{href}");
        }
        for (href, path) in [
            ("../../schemas/a.xsd", Ok("schemas/a.xsd")),
            ("../rep2/data/a", Ok("representations/rep2/data/a")),
            ("../../../a", Err(PathFault::Up)),
            ("../../a/../../a", Err(PathFault::Up)),
        ] {
            assert_eq!(resolve("representations/rep1/", href), path.map(str::to_owned), "{href}");
        }
        for (href, fault) in [
            ("", PathFault::Empty),
            (" ", PathFault::Empty),
            (".", PathFault::Letter),
            ("a/..", PathFault::Letter),
            ("file://host/a", PathFault::Absolute),
            ("/etc/passwd", PathFault::Absolute),
            ("file:///etc/passwd", PathFault::Absolute),
            ("http://example.org/a", PathFault::Absolute),
            ("C:/a", PathFault::Absolute),
            ("../a", PathFault::Up),
            ("a/../../b", PathFault::Up),
            ("a/%2e%2e/%2e%2e/b", PathFault::Up),
            ("..\\a", PathFault::Letter),
            ("a\\b", PathFault::Letter),
            ("a%00", PathFault::Letter),
            ("a//b", PathFault::Letter),
            ("%ff", PathFault::Letter),
        ] {
            assert_eq!(resolve("", href), Err(fault), "{href}");
        }
    }

    proptest! {
        #[test]
        fn original_undoes_portable(name in prop::collection::vec(any::<u8>().prop_filter("no name holds it", |b| *b != b'/' && *b != 0), 1..600)) {
            prop_assume!(name != b"." && name != b"..");
            let path = portable(&name);
            prop_assert_eq!(original(&path), name);
            prop_assert!(inside(&path).is_ok());
            for piece in path.split('/') {
                prop_assert!(!piece.is_empty() && piece.len() <= NAME_MAX && !piece.ends_with(['.', ' ']));
            }
        }

        #[test]
        fn twins_are_reversible(names in prop::collection::hash_set("[aAbBäÄ.%]{1,3}", 1..20)) {
            let mut siblings = Siblings::default();
            let mut seen = HashSet::new();
            for name in names {
                prop_assume!(name != "." && name != "..");
                let path = siblings.portable(name.as_bytes());
                prop_assert!(seen.insert(path.clone()));
                prop_assert_eq!(original(&path), name.as_bytes());
            }
        }

        #[test]
        fn a_reference_names_its_path(path in "[a-zäöü %:?#&/]{1,40}") {
            prop_assume!(inside(&path).is_ok());
            prop_assert_eq!(resolve("", &href(&path)), Ok(path));
        }
    }

    #[test]
    fn originals_below_a_folder_never_leave_it() {
        for (path, expected) in [
            ("a%3Ab/c", "a:b/c"),
            ("%2E%2E/evil", "%2E%2E/evil"),
            ("a/%2E%2E%2F%2E%2E%2Fevil", "a/%2E%2E%2F%2E%2E%2Fevil"),
            ("%2Fetc%2Fevil", "%2Fetc%2Fevil"),
            ("a/%2E", "a/%2E"),
            ("a%2F", "a%2F"),
            ("a%00b", "a%00b"),
            ("lo%/ng", "long"),
            ("%2E%/%2E", "%2E%/%2E"),
        ] {
            assert_eq!(original_below(path), expected.as_bytes(), "{path}");
        }
    }
}
