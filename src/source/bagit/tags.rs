//! The files in which a bag tells of itself (RFC 8493, section 2): declaration, information, lists of checksums.

use std::io::{self, BufRead, BufReader, Read};

use crate::io::encoding::{Encoding, TextReader};

/// The longest line: a checksum and a path of which each byte is written with three.
const LINE_MAX: usize = 16 << 10;

/// The longest declaration and the longest information that are read.
const TEXT_MAX: u64 = 1 << 20;

/// The versions that are read: those with a published specification.
const VERSIONS: [&str; 6] = ["0.93", "0.94", "0.95", "0.96", "0.97", "1.0"];

/// What `bagit.txt` declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Declaration {
    pub(super) version: String,
    /// What the other files are in.
    pub(super) encoding: Encoding,
}

/// Why a file of a bag cannot be used.
#[derive(Debug)]
pub(super) enum TagFault {
    Io(io::Error),
    /// The line that is none of the form, from 1.
    Line(u64),
    /// What is not known: a version, an encoding.
    Unknown(String),
    /// It is longer than what is read.
    Long,
}

impl Declaration {
    /// Reads `bagit.txt`: two lines, exactly as the specification writes them, in UTF-8 without a byte order mark.
    pub(super) fn read(input: impl Read) -> Result<Self, TagFault> {
        bounded(input, |input| Self::lines(input))
    }

    fn lines(input: impl Read) -> Result<Self, TagFault> {
        let mut lines = Lines::new(input, Encoding::Utf8);
        let mut told = [String::new(), String::new()];
        for (at, (label, value)) in
            ["BagIt-Version: ", "Tag-File-Character-Encoding: "].into_iter().zip(&mut told).enumerate()
        {
            let line = lines.next()?.unwrap_or_default();
            let rest = line.strip_prefix(label).map(str::trim_end).filter(|rest| !rest.is_empty());
            rest.filter(|rest| rest.trim() == *rest).ok_or(TagFault::Line(at as u64 + 1))?.clone_into(value);
        }
        while let Some(line) = lines.next()? {
            if !line.is_empty() {
                return Err(TagFault::Line(lines.number));
            }
        }
        let [version, label] = told;
        if !VERSIONS.contains(&version.as_str()) {
            return Err(TagFault::Unknown(version));
        }
        let encoding = Encoding::named(&label).ok_or(TagFault::Unknown(label))?;
        Ok(Self { version, encoding })
    }
}

/// Reads `bag-info.txt`: labels with values, in the order of the file; lines that begin with a blank go on the value before.
pub(super) fn information(input: impl Read, encoding: Encoding) -> Result<Vec<(String, String)>, TagFault> {
    bounded(input, |input| labels(input, encoding))
}

/// Has `read` read all of `input`, if it is no longer than what is read: nothing is cut off in silence.
fn bounded<R: Read, T>(input: R, read: impl FnOnce(&mut io::Take<R>) -> Result<T, TagFault>) -> Result<T, TagFault> {
    let mut input = input.take(TEXT_MAX + 1);
    let told = read(&mut input);
    if input.limit() == 0 { Err(TagFault::Long) } else { told }
}

fn labels(input: impl Read, encoding: Encoding) -> Result<Vec<(String, String)>, TagFault> {
    let mut lines = Lines::new(input, encoding);
    let mut told: Vec<(String, String)> = Vec::new();
    while let Some(line) = lines.next()? {
        if line.starts_with([' ', '\t'])
            && let Some((_, value)) = told.last_mut()
        {
            let rest = line.trim();
            value.push_str(if value.is_empty() || rest.is_empty() { "" } else { " " });
            value.push_str(rest);
        } else if let Some((label, value)) = line.split_once(':').filter(|(label, _)| !label.trim().is_empty()) {
            told.push((label.trim().to_owned(), value.trim().to_owned()));
        } else if !line.trim().is_empty() {
            return Err(TagFault::Line(lines.number));
        }
    }
    Ok(told)
}

/// Passes each line of a manifest to `each`: number, checksum in hexadecimal digits, path as it stands there.
///
/// A `*` or `./` before the path, as `md5sum` writes them, is none of its letters (2.4).
pub(super) fn manifest(
    input: impl Read,
    encoding: Encoding,
    mut each: impl FnMut(u64, &str, &str),
) -> Result<(), TagFault> {
    let mut lines = Lines::new(input, encoding);
    while let Some(line) = lines.next()? {
        if line.is_empty() {
            continue;
        }
        let (digits, path) = line.split_once([' ', '\t']).ok_or(TagFault::Line(lines.number))?;
        let path = path.trim_start_matches([' ', '\t']);
        let path = path.strip_prefix('*').unwrap_or(path);
        let path = path.strip_prefix("./").unwrap_or(path);
        if digits.is_empty() || path.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(TagFault::Line(lines.number));
        }
        each(lines.number, digits, path);
    }
    Ok(())
}

/// Passes each path that `fetch.txt` says to fetch to `each`. What there is to fetch is never looked at.
pub(super) fn fetch(input: impl Read, encoding: Encoding, mut each: impl FnMut(u64, &str)) -> Result<(), TagFault> {
    let mut lines = Lines::new(input, encoding);
    while let Some(line) = lines.next()? {
        if line.is_empty() {
            continue;
        }
        let after = |text: &str| {
            let text = text.trim_start_matches([' ', '\t']);
            text.split_once([' ', '\t']).map(|(_, rest)| rest.trim_start_matches([' ', '\t']).to_owned())
        };
        let path = after(&line).and_then(|rest| after(&rest)).filter(|path| !path.is_empty());
        each(lines.number, &path.ok_or(TagFault::Line(lines.number))?);
    }
    Ok(())
}

/// Returns the path that a line means: CR, LF and `%` are percent-encoded there (2.1.3), nothing else is.
pub(super) fn decoded(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        text.push_str(&rest[..at]);
        let code = rest.get(at + 1..at + 3).map(str::to_ascii_uppercase);
        let letter = match code.as_deref() {
            Some("0A") => '\n',
            Some("0D") => '\r',
            Some("25") => '%',
            _ => {
                text.push('%');
                rest = &rest[at + 1..];
                continue;
            }
        };
        text.push(letter);
        rest = &rest[at + 3..];
    }
    text.push_str(rest);
    text
}

/// Lines that end in LF, CR or both, with a bound on their length.
struct Lines<R: Read> {
    input: TextReader<BufReader<R>>,
    /// The line that was read last, from 1.
    number: u64,
}

impl<R: Read> Lines<R> {
    fn new(input: R, encoding: Encoding) -> Self {
        Self { input: TextReader::in_encoding(BufReader::new(input), encoding), number: 0 }
    }

    fn next(&mut self) -> Result<Option<String>, TagFault> {
        let mut line = Vec::new();
        self.number += 1;
        loop {
            let available = self.input.fill_buf().map_err(|error| match error.kind() {
                io::ErrorKind::InvalidData => TagFault::Line(self.number),
                _ => TagFault::Io(error),
            })?;
            if available.is_empty() {
                let is_end = line.is_empty();
                return if is_end { Ok(None) } else { text(line).map(Some).ok_or(TagFault::Line(self.number)) };
            }
            let end = available.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let length = end.unwrap_or(available.len());
            if line.len() + length > LINE_MAX {
                return Err(TagFault::Line(self.number));
            }
            line.extend_from_slice(&available[..length]);
            let is_return = end.is_some_and(|at| available[at] == b'\r');
            self.input.consume(length + usize::from(end.is_some()));
            if end.is_none() {
                continue;
            }
            if is_return && self.input.fill_buf().is_ok_and(|next| next.first() == Some(&b'\n')) {
                self.input.consume(1);
            }
            return text(line).map(Some).ok_or(TagFault::Line(self.number));
        }
    }
}

fn text(line: Vec<u8>) -> Option<String> {
    String::from_utf8(line).ok().filter(|line| !line.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_taken_word_for_word() {
        let declared = |text: &str| Declaration::read(text.as_bytes());
        let sound = "BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8";
        assert_eq!(declared(sound).unwrap(), Declaration { version: "1.0".to_owned(), encoding: Encoding::Utf8 });
        assert!(declared("BagIt-Version: 0.97\rTag-File-Character-Encoding: ISO-8859-1\r\r").is_ok());
        for wrong in [
            "",
            "\u{feff}BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "BagIt-Version : 1.0\nTag-File-Character-Encoding : UTF-8\n",
            "BagIt-Version:  1.0\nTag-File-Character-Encoding: UTF-8\n",
            "BagIt-Version: 1.0\n",
            "BagIt-Version: 9.9\nTag-File-Character-Encoding: UTF-8\n",
            "BagIt-Version: .97\nTag-File-Character-Encoding: UTF-8\n",
            "BagIt-Version: 1.0\nTag-File-Character-Encoding: x-quatsch\n",
            "Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n",
            "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nmehr",
        ] {
            assert!(declared(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn lines_of_manifests_are_read_as_programs_write_them() {
        let mut told = Vec::new();
        let text = "ab  data/a b\r\nCD *data/ä\n0f\t./data/%0Ab%25\rff data/x";
        manifest(text.as_bytes(), Encoding::Utf8, |line, sum, path| told.push(format!("{line} {sum} {path}"))).unwrap();
        assert_eq!(told, ["1 ab data/a b", "2 CD data/ä", "3 0f data/%0Ab%25", "4 ff data/x"]);
        for wrong in ["ab", "ab ", "xy data/a", " data/a", "ab\0 data/a", "ab data/\0a"] {
            assert!(manifest(wrong.as_bytes(), Encoding::Utf8, |_, _, _| ()).is_err(), "{wrong:?}");
        }
        let long = format!("ab {}", "x".repeat(LINE_MAX));
        assert!(manifest(long.as_bytes(), Encoding::Utf8, |_, _, _| ()).is_err());
        assert!(manifest(&b"ab data/\xe4"[..], Encoding::Utf8, |_, _, _| ()).is_err());
        assert!(manifest(&b"ab data/\xe4"[..], Encoding::Latin1, |_, _, path| assert_eq!(path, "data/ä")).is_ok());
    }

    #[test]
    fn information_goes_on_over_lines() {
        let text = "A: eins\n  zwei\nB :drei\n\nC:\n\tvier\n";
        let told = information(text.as_bytes(), Encoding::Utf8).unwrap();
        let told: Vec<String> = told.into_iter().map(|(label, value)| format!("{label}={value}")).collect();
        assert_eq!(told, ["A=eins zwei", "B=drei", "C=vier"]);
        assert!(matches!(information(&b"A: x\nohne\n"[..], Encoding::Utf8), Err(TagFault::Line(2))));
    }

    #[test]
    fn only_three_letters_are_percent_encoded() {
        assert_eq!(decoded("data/a%0Ab%0d%25%20%2"), "data/a\nb\r%%20%2");
    }
}
