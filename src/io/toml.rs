//! Reads small TOML files that people write: profiles, agreements, the archive's marker, the user's configuration.
//!
//! Every fault names file, line, column and key. What stands behind a key that nobody asked for is never part of a fault:
//! it may be a secret.

mod place;

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::de::DeTable;
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use self::place::{Fault, Kind, Node};

/// The largest file that is read, in bytes; files that people write are far smaller.
const SIZE_MAX: u64 = 1 << 20;

/// The most keys, tables and list items of a text: each takes up to a kilobyte of memory, and three letters of a file make one.
pub const VALUES_MAX: usize = 100_000;

/// Why a TOML file cannot be used; lines and columns count from 1, columns in characters.
#[derive(Debug, thiserror::Error)]
pub enum TomlError {
    /// The file cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says; [`io::ErrorKind::FileTooLarge`] past 1 MiB.
        source: io::Error,
    },
    /// The file is not UTF-8.
    #[error("{}:{line}:{column}: not UTF-8", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The line of the first byte that is wrong.
        line: u64,
        /// Its column.
        column: u64,
    },
    /// The text is not TOML.
    #[error("{}:{line}:{column}: {detail}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line.
        line: u64,
        /// The column.
        column: u64,
        /// What the parser says, in English.
        detail: String,
    },
    /// A key that means nothing here.
    #[error("{}:{line}:{column}: unknown key", path.display())]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The key's line.
        line: u64,
        /// The key's column.
        column: u64,
        /// The key.
        key: String,
        /// The keys that have a meaning at this place.
        expected: Vec<&'static str>,
    },
    /// A key stands twice.
    #[error("{}:{line}:{column}: key stands twice", path.display())]
    DuplicateKey {
        /// The file.
        path: PathBuf,
        /// The second one's line.
        line: u64,
        /// The second one's column.
        column: u64,
        /// The key.
        key: String,
    },
    /// A value is not of the kind that the key takes.
    #[error("{}:{line}:{column}: {detail}", path.display())]
    Type {
        /// The file.
        path: PathBuf,
        /// The value's line.
        line: u64,
        /// The value's column.
        column: u64,
        /// The key; empty where the value stands in a list.
        key: String,
        /// What was expected and found, in English; never the value.
        detail: String,
    },
    /// A value is of the right kind and not allowed.
    #[error("{}:{line}:{column}: value not allowed, expected {expected}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The value's line.
        line: u64,
        /// The value's column.
        column: u64,
        /// The key.
        key: String,
        /// The value.
        value: String,
        /// What is allowed, in English.
        expected: String,
    },
    /// A key lacks.
    #[error("{}:{line}:{column}: key {key} is missing", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// The line where the table starts that lacks it.
        line: u64,
        /// The column there.
        column: u64,
        /// The key.
        key: String,
    },
}

/// Returns the text of the file at `path`: regular, at most 1 MiB, UTF-8.
pub fn read(path: &Path) -> Result<String, TomlError> {
    let bytes = read_bytes(path).map_err(|source| TomlError::Read { path: path.to_owned(), source })?;
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..good]).into_owned();
        let (line, column) = position(&before, good);
        TomlError::NotUtf8 { path: path.to_owned(), line, column }
    })
}

/// Returns what `text` says; `path` only names it in faults.
///
/// `T` decides with `deny_unknown_fields` that unknown keys are faults. A check of its own that fails with
/// [`serde::de::Error::invalid_value`] becomes [`TomlError::Value`].
pub fn read_toml<T: DeserializeOwned>(text: &str, path: &Path) -> Result<T, TomlError> {
    let table = table(text, path)?;
    T::deserialize(Node::root(&table)).map_err(|fault| fault.at(text, path))
}

/// Returns the fault that the value at `keys` (names of keys, positions in lists) is not what was `expected`.
///
/// It is for rules that go over several keys. Where a key is absent the fault points to the table that lacks it.
#[must_use]
pub fn refuse(text: &str, path: &Path, keys: &[&str], expected: &str) -> TomlError {
    let (offset, value) = match table(text, path) {
        Ok(table) => Node::root(&table).find(keys),
        Err(error) => return error,
    };
    let (line, column) = position(text, offset);
    TomlError::Value { path: path.to_owned(), line, column, key: keys.join("."), value, expected: expected.to_owned() }
}

/// Returns where `text` has more than [`VALUES_MAX`] keys, tables and list items, without taking it apart.
#[must_use]
pub fn too_full(text: &str) -> Option<usize> {
    let begins = |kind| match kind {
        // A dot makes a table, or a number that is none here.
        TokenKind::Dot => 2,
        TokenKind::Equals | TokenKind::Comma | TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => 1,
        _ => 0,
    };
    let mut values = 0;
    let full = Source::new(text).lex().find(|token| {
        values += begins(token.kind());
        values > VALUES_MAX
    });
    full.map(|token| token.span().start())
}

/// Returns the bytes of the file at `path`: regular, at most 1 MiB. A pipe in its place is not waited for.
pub fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    // Without waiting: a pipe in the place of a file must not hang the program.
    let file = File::options()
        .read(true)
        .custom_flags(i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default())
        .open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut bytes = Vec::new();
    file.take(SIZE_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > SIZE_MAX {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

fn table<'i>(text: &'i str, path: &Path) -> Result<toml::Spanned<DeTable<'i>>, TomlError> {
    if let Some(at) = too_full(text) {
        let (line, column) = position(text, at);
        let detail = format!("more than {VALUES_MAX} values");
        return Err(TomlError::Syntax { path: path.to_owned(), line, column, detail });
    }
    DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or_default();
        let (line, column) = position(text, span.start);
        let path = path.to_owned();
        if error.message() == "duplicate key" {
            TomlError::DuplicateKey { path, line, column, key: text.get(span).unwrap_or_default().trim().to_owned() }
        } else {
            TomlError::Syntax { path, line, column, detail: error.message().to_owned() }
        }
    })
}

impl Fault {
    fn at(self, text: &str, path: &Path) -> TomlError {
        let (line, column) = position(text, self.offset.unwrap_or_default());
        let path = path.to_owned();
        let key = self.key;
        match self.kind {
            Kind::UnknownKey { key, expected } => {
                TomlError::UnknownKey { path, line, column, key, expected: expected.to_vec() }
            }
            Kind::DuplicateKey { key } => TomlError::DuplicateKey { path, line, column, key: key.to_owned() },
            Kind::Missing { key } => TomlError::Missing { path, line, column, key: key.to_owned() },
            Kind::Type { detail } => TomlError::Type { path, line, column, key, detail },
            Kind::Value { value, expected } => TomlError::Value { path, line, column, key, value, expected },
        }
    }
}

/// Returns line and column, from 1, of the byte at `offset`.
fn position(text: &str, offset: usize) -> (u64, u64) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = text[..end].trim_start_matches('\u{feff}');
    let line = before.matches('\n').count() as u64 + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before[start..].chars().count() as u64 + 1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        name: String,
        #[serde(default)]
        count: Option<u32>,
        #[serde(default)]
        list: Vec<Item>,
        #[serde(default)]
        kind: Kind,
        #[serde(default)]
        map: BTreeMap<String, bool>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Item {
        id: u64,
    }

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        #[default]
        One,
        Two,
    }

    fn outcome(text: &str) -> String {
        match read_toml::<Sample>(text, Path::new("a.toml")) {
            Ok(_) => "ok".to_owned(),
            Err(error) => match error {
                TomlError::Read { .. } | TomlError::NotUtf8 { .. } => "read".to_owned(),
                TomlError::Syntax { line, column, .. } => format!("syntax {line}:{column}"),
                TomlError::UnknownKey { line, column, key, .. } => format!("unknown {line}:{column} {key}"),
                TomlError::DuplicateKey { line, column, key, .. } => format!("duplicate {line}:{column} {key}"),
                TomlError::Type { line, column, key, detail, .. } => format!("type {line}:{column} {key}: {detail}"),
                TomlError::Value { line, column, key, value, expected, .. } => {
                    format!("value {line}:{column} {key}={value}: {expected}")
                }
                TomlError::Missing { line, column, key, .. } => format!("missing {line}:{column} {key}"),
            },
        }
    }

    #[test]
    fn faults_name_line_column_and_key() {
        for (text, expected) in [
            ("name = 'a'\ncount = 3\nkind = 'two'\nmap = {x = true}\n[[list]]\nid = 1\n", "ok"),
            ("", "missing 1:1 name"),
            ("name = 'a'\npassword = 'geheim'\n", "unknown 2:1 password"),
            ("name = 'ä', x", "syntax 1:11"),
            ("name = 'a'\nname = 'b'\n", "duplicate 2:1 name"),
            ("name = 'a'\nmap.a = true\nmap.a = false\n", "duplicate 3:5 a"),
            ("name = 'a'\n[map]\n[map]\n", "duplicate 3:2 map"),
            ("name = 'a'\nname.b = 1\n", "syntax 2:1"),
            ("name = 5\n", "type 1:8 name: expected a string, found an integer"),
            ("name = 2026-01-01\n", "type 1:8 name: expected a string, found a date or time"),
            ("name = {\"ü\" = 1}", "type 1:8 name: expected a string, found a table"),
            ("name = 'a'\ncount = -1", "value 2:9 count=-1: u32"),
            ("name = 'a'\ncount = 99999999999999999999", "value 2:9 count=99999999999999999999: an integer of 64 bits"),
            ("name = 'a'\nkind = 'three'", "value 2:8 kind=three: one, two"),
            ("name = 'a'\nkind = 3", "type 2:8 kind: expected a string, found an integer"),
            ("name = 'a'\n[[list]]\nid = 1\n[[list]]\n", "missing 4:1 id"),
            ("name = 'a'\n[[list]]\nid = 1\n[[list]]\nid='geheim'", "type 5:4 id: expected u64, found a string"),
            ("name = 'a'\nlist = [{id = 1}, 5]", "type 2:19 list: expected struct Item, found an integer"),
            ("name = 'a'\n[map]\n\"größe\" = 1", "type 3:11 größe: expected a boolean, found an integer"),
            ("\u{feff}nam = 'a'", "unknown 1:1 nam"),
            ("name = 'a'\r\nb = 1\r\n", "unknown 2:1 b"),
            ("name = \"\0\"", "syntax 1:9"),
        ] {
            assert_eq!(outcome(text), expected, "{text}");
        }
    }

    #[test]
    fn a_rule_over_several_keys_points_to_the_value() {
        let text = "name = 'a'\n[[list]]\nid = 1\n[[list]]\n  id = 1\n";
        let place = |keys: &[&str]| match refuse(text, Path::new("a"), keys, "another") {
            TomlError::Value { line, column, key, value, .. } => (line, column, key, value),
            other => panic!("{other:?}"),
        };
        assert_eq!(place(&["list", "1", "id"]), (5, 8, "list.1.id".to_owned(), "1".to_owned()));
        assert_eq!(place(&["list", "1", "nothing"]), (4, 1, "list.1.nothing".to_owned(), String::new()));
    }

    #[test]
    fn depth_does_not_overflow_the_stack() {
        for open in ["[", "{a="] {
            let text = format!("name = {}", open.repeat(50_000));
            assert!(outcome(&text).starts_with("syntax 1:"), "{open}");
        }
        let text = format!("{}= 1", "a.".repeat(50_000) + "a");
        assert!(outcome(&text).starts_with("syntax 1:"));
    }

    #[test]
    fn only_regular_files_of_sane_size_in_utf_8_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, content: &[u8]| {
            let path = folder.path().join(name);
            #[allow(clippy::disallowed_methods, reason = "a test's own file")]
            std::fs::write(&path, content).unwrap();
            path
        };
        assert_eq!(read(&file("good", b"a = 1")).unwrap(), "a = 1");
        assert!(matches!(
            read(&file("latin1", b"a = 1\nb = \"\xe4\"")),
            Err(TomlError::NotUtf8 { line: 2, column: 6, .. })
        ));
        let kind = |path: &Path| match read(path) {
            Err(TomlError::Read { source, .. }) => source.kind(),
            other => panic!("{other:?}"),
        };
        assert_eq!(kind(&folder.path().join("none")), io::ErrorKind::NotFound);
        assert_eq!(kind(folder.path()), io::ErrorKind::IsADirectory);
        assert_eq!(kind(&file("large", &vec![b' '; 1 << 21])), io::ErrorKind::FileTooLarge);
        let pipe = folder.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
        assert_eq!(kind(&pipe), io::ErrorKind::InvalidInput);
    }
}
