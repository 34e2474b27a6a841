//! The files in which a bag tells of itself (RFC 8493, section 2): declaration, information, lists of files.
//!
//! Each is read to its end whatever is wrong in it. What is wrong comes as a [`Flaw`], graver or less by the version of the
//! bag: the drafts left open what the RFC demands.

use std::borrow::Cow;
use std::io::{self, Read};

use super::lines::{Lines, Next};
use super::{Flaw, Version};
use crate::io::encoding::Encoding;

/// The longest declaration and the longest information that are read.
const TEXT_MAX: u64 = 1 << 20;

/// The most elements of the information.
const ELEMENTS_MAX: usize = 10_000;

/// What `bagit.txt` declares; what it does not say or says wrongly is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declaration {
    /// The version, also one that nobody knows.
    pub version: Option<Version>,
    /// What the other files are in, as it is called there.
    pub encoding: Option<String>,
}

/// An element of `bag-info.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its line, from 1.
    pub line: u64,
    /// Its label.
    pub label: String,
    /// Its value; what is continued on further lines has one blank between.
    pub value: String,
}

/// A line of a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed<'a> {
    /// The line, from 1.
    pub line: u64,
    /// The column of the path, from 1.
    pub column: u64,
    /// The checksum in hexadecimal digits, as many as there are.
    pub digits: &'a str,
    /// The path as it is written there, but for what programs put before it.
    pub path: &'a str,
    /// What a program put before it that is none of its letters, in one word: `md5sum`, `dot`; else empty.
    pub habit: &'static str,
}

/// A line of `fetch.txt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToFetch<'a> {
    /// The line, from 1.
    pub line: u64,
    /// The column of the path, from 1.
    pub column: u64,
    /// The length, where it is told.
    pub length: Option<u64>,
    /// The path as it is written there.
    pub path: &'a str,
}

/// Reads `bagit.txt`: two lines in UTF-8 without a byte order mark (2.1.1). Before 1.0 blanks around the colon, another
/// order and further lines are only warned of.
pub fn declaration(input: impl Read, flaw: &mut dyn FnMut(Flaw)) -> io::Result<Declaration> {
    const SECTION: &str = "2.1.1";
    const LABELS: [&str; 2] = ["BagIt-Version", "Tag-File-Character-Encoding"];
    /// Two are meant; of more than these nothing is told.
    const LINES_MAX: u64 = 16;
    let mut lines = Lines::new(input.take(TEXT_MAX), Encoding::Utf8, false)?;
    let mut flaws = Vec::new();
    let mut told: [Option<String>; 2] = [None, None];
    loop {
        let (number, line) = match lines.read()? {
            Next::Line(number, line) => (number, line),
            Next::Flaw(other) => {
                flaw(other);
                continue;
            }
            Next::End => break,
        };
        if number > LINES_MAX {
            flaw(Flaw::new("long", SECTION, number));
            break;
        }
        let (label, value) = line.split_once(':').map_or((line, ""), |(label, value)| (label.trim(), value.trim()));
        let at = LABELS.iter().position(|known| known.eq_ignore_ascii_case(label)).filter(|_| !value.is_empty());
        let Some((at, slot)) = at.and_then(|at| Some((at, told.get_mut(at)?))).filter(|(_, slot)| slot.is_none())
        else {
            // Blank lines at the end are what programs leave there.
            flaws.push(Flaw::new("declaration", SECTION, number).warning_if(line.trim().is_empty()));
            continue;
        };
        *slot = Some(value.to_owned());
        let wanted = format!("{}: {value}", LABELS[at]);
        if line != wanted || number != at as u64 + 1 {
            // The RFC itself writes the label in another case where it gives examples.
            flaws.push(
                Flaw::new("declaration", SECTION, number)
                    .warning_if(line.eq_ignore_ascii_case(&wanted) && number == at as u64 + 1)
                    .detail(wanted),
            );
        }
    }
    let [version, encoding] = told;
    let parsed = version.as_deref().and_then(Version::parse);
    let lenient = parsed.is_some_and(|version| version < Version::V1_0);
    for other in flaws {
        flaw(other.warning_if(lenient));
    }
    match (&version, parsed) {
        (Some(_), Some(version)) if version.is_known() => {}
        (Some(said), _) => flaw(Flaw::new("version", SECTION, 1).detail(said)),
        (None, _) => flaw(Flaw::new("declaration", SECTION, 1).detail("BagIt-Version: 1.0")),
    }
    if encoding.is_none() {
        flaw(Flaw::new("declaration", SECTION, 2).detail("Tag-File-Character-Encoding: UTF-8"));
    }
    Ok(Declaration { version: parsed, encoding })
}

/// Reads `bag-info.txt`: labels with values, in the order of the file; lines that begin with a blank go on the value before
/// (2.2.2).
pub fn information(
    input: impl Read,
    encoding: Encoding,
    lenient: bool,
    flaw: &mut dyn FnMut(Flaw),
) -> io::Result<Vec<Element>> {
    const SECTION: &str = "2.2.2";
    let mut input = input.take(TEXT_MAX + 1);
    let mut lines = Lines::new(&mut input, encoding, lenient)?;
    let mut told: Vec<Element> = Vec::new();
    loop {
        let (number, line) = match lines.read()? {
            Next::Line(number, line) => (number, line),
            Next::Flaw(other) => {
                flaw(other);
                continue;
            }
            Next::End => break,
        };
        if line.trim().is_empty() {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            match told.last_mut() {
                Some(Element { value, .. }) => {
                    value.push_str(if value.is_empty() { "" } else { " " });
                    value.push_str(line.trim());
                }
                None => flaw(Flaw::new("element", SECTION, number)),
            }
            continue;
        }
        let Some((label, value)) = line.split_once(':').filter(|(label, _)| !label.trim().is_empty()) else {
            flaw(Flaw::new("element", SECTION, number));
            continue;
        };
        let is_apart = value.is_empty() || value.starts_with([' ', '\t']);
        if !lenient && (label.ends_with([' ', '\t']) || !is_apart) {
            let column = label.trim_end().chars().count() as u64 + 1;
            flaw(Flaw::new("separator", SECTION, number).column(column));
        }
        if told.len() == ELEMENTS_MAX {
            flaw(Flaw::new("long", SECTION, number));
            break;
        }
        told.push(Element { line: number, label: label.trim().to_owned(), value: value.trim().to_owned() });
    }
    if input.limit() == 0 {
        flaw(Flaw::new("long", SECTION, 0));
    }
    Ok(told)
}

/// Passes each line of a manifest to `each` (2.1.3, 2.2.1) until that returns false.
pub fn manifest(
    input: impl Read,
    encoding: Encoding,
    lenient: bool,
    mut each: impl FnMut(Result<Listed<'_>, Flaw>) -> bool,
) -> io::Result<()> {
    let mut lines = Lines::new(input, encoding, lenient)?;
    loop {
        let goes_on = match lines.read()? {
            Next::Line(_, "") => true,
            Next::Line(number, line) => match listed(number, line) {
                Some((listed, is_escaped)) if is_escaped => {
                    let path = unescaped(listed.path);
                    each(Ok(Listed { path: &path, ..listed }))
                }
                Some((listed, _)) => each(Ok(listed)),
                None => each(Err(Flaw::new("line", "2.1.3", number))),
            },
            Next::Flaw(flaw) => each(Err(flaw)),
            Next::End => return Ok(()),
        };
        if !goes_on {
            return Ok(());
        }
    }
}

/// Takes a line of a manifest apart, and says whether its path is written as `md5sum` writes one with a backslash.
fn listed(number: u64, line: &str) -> Option<(Listed<'_>, bool)> {
    let (digits, rest) = line.split_once([' ', '\t'])?;
    let (digits, is_escaped) = digits.strip_prefix('\\').map_or((digits, false), |digits| (digits, true));
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    // The asterisk of `md5sum` stands right behind one blank (6.1.3).
    let (path, mut habit) = match rest.strip_prefix('*') {
        Some(path) => (path, "md5sum"),
        None => (rest.trim_start_matches([' ', '\t']), if is_escaped { "md5sum" } else { "" }),
    };
    let path = match path.strip_prefix("./") {
        Some(path) => {
            habit = if habit.is_empty() { "dot" } else { habit };
            path
        }
        None => path,
    };
    let column = (line.len() - path.len()) as u64 + 1;
    (!path.is_empty()).then_some((Listed { line: number, column, digits, path, habit }, is_escaped))
}

/// Returns a path as it was before `md5sum` wrote it with backslashes.
fn unescaped(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut letters = path.chars();
    while let Some(letter) = letters.next() {
        match (letter, letters.clone().next()) {
            ('\\', Some(next @ ('\\' | 'n' | 'r'))) => {
                text.push(match next {
                    'n' => '\n',
                    'r' => '\r',
                    other => other,
                });
                letters.next();
            }
            _ => text.push(letter),
        }
    }
    text
}

/// Passes each line of `fetch.txt` to `each` (2.2.3) until that returns false. What there is to fetch is never looked at, only
/// whether it could be an address.
pub fn fetch(
    input: impl Read,
    encoding: Encoding,
    lenient: bool,
    mut each: impl FnMut(Result<ToFetch<'_>, Flaw>) -> bool,
) -> io::Result<()> {
    const SECTION: &str = "2.2.3";
    let mut lines = Lines::new(input, encoding, lenient)?;
    loop {
        let goes_on = match lines.read()? {
            Next::Line(_, "") => true,
            Next::Line(number, line) => match to_fetch(number, line) {
                None => each(Err(Flaw::new("line", SECTION, number))),
                Some((url, length, found)) => {
                    let mut goes_on = true;
                    if !is_absolute(url) {
                        goes_on &= each(Err(Flaw::new("url", SECTION, number).column(1)));
                    }
                    if length != "-" && found.length.is_none() {
                        let column = url.chars().count() as u64 + 2;
                        goes_on &= each(Err(Flaw::new("length", SECTION, number).column(column)));
                    }
                    goes_on && each(Ok(found))
                }
            },
            Next::Flaw(flaw) => each(Err(flaw)),
            Next::End => return Ok(()),
        };
        if !goes_on {
            return Ok(());
        }
    }
}

/// Takes a line of `fetch.txt` apart: address, length as it is written, and the whole.
fn to_fetch(number: u64, line: &str) -> Option<(&str, &str, ToFetch<'_>)> {
    let blank = [' ', '\t'];
    let (url, rest) = line.split_once(blank)?;
    let (length, rest) = rest.trim_start_matches(blank).split_once(blank)?;
    let path = rest.trim_start_matches(blank);
    let column = line[..line.len() - path.len()].chars().count() as u64 + 1;
    let is_number = length.bytes().all(|byte| byte.is_ascii_digit());
    let told = is_number.then(|| length.parse().ok()).flatten();
    let found = ToFetch { line: number, column, length: told, path };
    (!url.is_empty() && !length.is_empty() && !path.is_empty()).then_some((url, length, found))
}

/// Returns whether `url` is an absolute URI by its form: a scheme, and something behind it (RFC 3986, 4.3).
fn is_absolute(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, rest)| {
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(letters) && !rest.is_empty()
    })
}

/// Returns the paths that a line may mean, the likeliest first. CR, LF and `%` are percent-encoded there, nothing else is
/// (2.1.3); the drafts encoded line ends alone, and what is written by either is understood.
#[must_use]
pub fn meant(path: &str, lenient: bool) -> Vec<Cow<'_, str>> {
    if !path.contains('%') {
        return vec![path.into()];
    }
    let orders = if lenient { ["0A0D", "", "0A0D25"] } else { ["0A0D25", "", ""] };
    let mut paths: Vec<Cow<'_, str>> = Vec::new();
    for codes in orders {
        let path = decoded(path, codes);
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

/// Returns whether a `%` stands in `path` that is none of an encoded letter.
#[must_use]
pub fn has_bare_percent(path: &str) -> bool {
    path.split('%').skip(1).any(|rest| !is_code(rest, "0A0D25"))
}

/// Returns whether `rest`, which follows a `%`, begins with one of the `codes`, two digits each.
fn is_code(rest: &str, codes: &str) -> bool {
    let code = rest.as_bytes().get(..2).unwrap_or_default();
    codes.as_bytes().chunks(2).any(|known| known.eq_ignore_ascii_case(code))
}

fn decoded<'a>(path: &'a str, codes: &str) -> Cow<'a, str> {
    let mut pieces = path.split('%');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        if is_code(piece, codes) {
            text.push(match piece.as_bytes() {
                [b'2', ..] => '%',
                [_, b'd' | b'D', ..] => '\r',
                _ => '\n',
            });
            text.push_str(&piece[2..]);
        } else {
            text.push('%');
            text.push_str(piece);
        }
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaws(read: impl FnOnce(&mut dyn FnMut(Flaw))) -> Vec<String> {
        let mut told = Vec::new();
        read(&mut |flaw| told.push(format!("{:?} {} {}", flaw.severity, flaw.word, flaw.line)));
        told
    }

    fn declared(text: &str) -> (Declaration, Vec<String>) {
        let mut told = Declaration::default();
        let flaws = flaws(|flaw| told = declaration(text.as_bytes(), flaw).unwrap());
        (told, flaws)
    }

    #[test]
    fn a_declaration_is_two_lines_word_for_word() {
        for sound in [
            "BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8",
            "BagIt-Version: 0.97\rTag-File-Character-Encoding: UTF-8\r",
        ] {
            let (told, flaws) = declared(sound);
            assert!(told.version.is_some_and(Version::is_known) && flaws.is_empty(), "{flaws:?}");
            assert_eq!(told.encoding.as_deref(), Some("UTF-8"));
        }
        let cases: &[(&str, &[&str])] = &[
            ("", &["Error declaration 1", "Error declaration 2"]),
            ("\u{feff}BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n", &["Error mark 1"]),
            ("BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n", &["Error declaration 1"]),
            ("BagIt-Version:  1.0\nTag-File-Character-Encoding: UTF-8\n", &["Error declaration 1"]),
            ("BagIt-Version: 1.0 \nTag-File-Character-Encoding: UTF-8\n", &["Error declaration 1"]),
            ("BagIt-version: 1.0\nTag-File-Character-Encoding: UTF-8\n", &["Warning declaration 1"]),
            ("BagIt-Version : 0.97\nTag-File-Character-Encoding: UTF-8\n", &["Warning declaration 1"]),
            ("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n\n", &["Warning declaration 3"]),
            ("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nmehr", &["Error declaration 3"]),
            ("BagIt-Version: 0.96\nTag-File-Character-Encoding: UTF-8\nA: b\n", &["Warning declaration 3"]),
            (
                "Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n",
                &["Error declaration 1", "Error declaration 2"],
            ),
            (
                "Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 0.95\n",
                &["Warning declaration 1", "Warning declaration 2"],
            ),
            (
                &("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n".to_owned() + &"\n".repeat(99)),
                &["Error long 17"],
            ),
            ("BagIt-Version: 1.0\n", &["Error declaration 2"]),
            ("BagIt-Version: 9.9\nTag-File-Character-Encoding: UTF-8\n", &["Error version 1"]),
            ("BagIt-Version: .97\nTag-File-Character-Encoding: UTF-8\n", &["Error version 1"]),
            (
                "BagIt-Version: 1.0\nBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
                &["Error declaration 2", "Error declaration 3"],
            ),
        ];
        for (text, expected) in cases {
            let (_, mut flaws) = declared(text);
            flaws.retain(|flaw| !expected.contains(&"Error long 17") || flaw.starts_with("Error"));
            assert_eq!(&flaws, expected, "{text:?}");
        }
    }

    #[test]
    fn information_goes_on_over_lines() {
        let told = |text: &str, lenient| {
            let mut told = Vec::new();
            let flaws = flaws(|flaw| told = information(text.as_bytes(), Encoding::Utf8, lenient, flaw).unwrap());
            let told: Vec<String> =
                told.into_iter().map(|one| format!("{} {}={}", one.line, one.label, one.value)).collect();
            (told, flaws)
        };
        let text = "A: eins\n  zwei\n\nB :drei\nC:\n\tvier\nD: E: f\n";
        let expected = ["1 A=eins zwei", "4 B=drei", "5 C=vier", "7 D=E: f"];
        assert_eq!(told(text, true), (expected.map(str::to_owned).to_vec(), vec![]));
        assert_eq!(told(text, false).1, ["Error separator 4"]);
        assert_eq!(
            told(" x\nA: x\nohne\n: x\nB:x\n", false).1,
            ["Error element 1", "Error element 3", "Error element 4", "Error separator 5"]
        );
        // Folding adds up line by line, not more.
        let many = "A: x\n".to_owned() + &" y\n".repeat(300_000);
        assert_eq!(told(&many, false).0[0].len(), "1 A=x".len() + 600_000);
        assert_eq!(told(&"A: x\n".repeat(300_000), false).1, ["Error long 10001"]);
        assert_eq!(told(&"A: xxxxxxxx\n x\n".repeat(80_000), false).1.last().unwrap(), "Error long 20001");
    }

    #[test]
    fn lines_of_manifests_are_read_as_programs_write_them() {
        let read = |text: &[u8], encoding| {
            let mut told = Vec::new();
            manifest(text, encoding, false, |line| {
                told.push(match line {
                    Ok(Listed { line, column, digits, path, habit }) => {
                        format!("{line}:{column} {digits} {path:?} {habit}").trim_end().to_owned()
                    }
                    Err(flaw) => format!("!{} {}", flaw.word, flaw.line),
                });
                true
            })
            .unwrap();
            told
        };
        let text =
            "ab  data/a b\r\nCD *data/ä\n0f\t./data/%0Ab%25\r\\ff  data/a\\\\b\\nc\n\nff data/*x\nff  *x\nff *./x";
        assert_eq!(
            read(text.as_bytes(), Encoding::Utf8),
            [
                "1:5 ab \"data/a b\"",
                "2:5 CD \"data/ä\" md5sum",
                "3:6 0f \"data/%0Ab%25\" dot",
                "4:6 ff \"data/a\\\\b\\nc\" md5sum",
                "6:4 ff \"data/*x\"",
                "7:5 ff \"*x\"",
                "8:7 ff \"x\" md5sum",
            ]
        );
        for wrong in ["ab", "ab ", "xy data/a", " data/a", "ab\0 data/a", "ab data/\0a", "\\ data/a"] {
            assert_eq!(read(wrong.as_bytes(), Encoding::Utf8), ["!line 1"], "{wrong:?}");
        }
        assert_eq!(read(b"ab data/a\nab\nab data/b", Encoding::Utf8).len(), 3);
        assert_eq!(read(b"ab data/\xe4", Encoding::Utf8), ["!letters 1"]);
        assert_eq!(read(b"ab data/\xe4", Encoding::Latin1), ["1:4 ab \"data/ä\""]);
    }

    #[test]
    fn lines_to_fetch_have_an_address_a_length_and_a_path() {
        let mut told = Vec::new();
        let text = "http://x/a 12 data/a b\nfile:///x\t-\tdata/b\nx/y 1 data/a\nhttp://x viel data/a\nhttp://x 1\n: 1 data/a\n";
        fetch(text.as_bytes(), Encoding::Utf8, false, |line| {
            told.push(match line {
                Ok(ToFetch { line, column, length, path }) => format!("{line}:{column} {length:?} {path}"),
                Err(flaw) => format!("!{} {}:{}", flaw.word, flaw.line, flaw.column),
            });
            true
        })
        .unwrap();
        assert_eq!(
            told,
            [
                "1:15 Some(12) data/a b",
                "2:13 None data/b",
                "!url 3:1",
                "3:7 Some(1) data/a",
                "!length 4:10",
                "4:15 None data/a",
                "!line 5:0",
                "!url 6:1",
                "6:5 Some(1) data/a",
            ]
        );
    }

    #[test]
    fn only_three_letters_are_percent_encoded() {
        assert_eq!(meant("data/a%0Ab%0d%25%20%2", false), ["data/a\nb\r%%20%2", "data/a%0Ab%0d%25%20%2"]);
        assert_eq!(meant("a%25b", false)[0], "a%b");
        // The drafts did not encode the percent sign.
        assert_eq!(meant("a%25b", true), ["a%25b", "a%b"]);
        assert_eq!(meant("a%0a%25", true), ["a\n%25", "a%0a%25", "a\n%"]);
        assert!(has_bare_percent("100%") && has_bare_percent("%20") && has_bare_percent("%2ö"));
        assert!(!has_bare_percent("a%25%0D%0a"));
    }
}
