//! Which formats a delivery is made of, as far as names and declarations tell: files and bytes of each.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::delivery::Input;
use super::holding::payload_path;
use crate::model::record::SourceFile;
use crate::package::eark::mime_type;

/// How many formats are told apart; files of further ones are counted together, without MIME type and extension.
const FORMATS: usize = 1_000;

/// How long an extension is at most; what is longer is none.
const EXTENSION: usize = 12;

/// Files of one format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Format {
    /// The MIME type, declared by the source or by the file's name; empty for formats beyond those that are told apart.
    pub mime_type: String,
    /// The extension in lower case without its dot, empty where there is none.
    pub extension: String,
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Counts files by format while records are taken over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Formats {
    counts: BTreeMap<(String, String), (u64, u64)>,
}

impl Formats {
    /// Counts the files of a record or of a finished SIP.
    pub(super) fn record(&mut self, input: &Input<'_>) {
        match input {
            Input::Record(record) => {
                for file in &record.files {
                    self.add(name_of(file), declared(file), file.size);
                }
            }
            Input::Submission(submission) => {
                for part in submission.reader.parts() {
                    if let Some(path) = payload_path(part.path) {
                        self.add(path, "", part.size);
                    }
                }
            }
        }
    }

    fn add(&mut self, name: &str, declared: &str, size: u64) {
        let mime_type = if declared.is_empty() { mime_type(name) } else { declared };
        let mut key = (mime_type.to_owned(), extension(name));
        if !self.counts.contains_key(&key) && self.counts.len() >= FORMATS {
            key = (String::new(), String::new());
        }
        let (files, bytes) = self.counts.entry(key).or_default();
        *files += 1;
        *bytes += size;
    }

    /// Returns the formats, those with most files first.
    #[must_use]
    pub fn list(&self) -> Vec<Format> {
        let mut formats: Vec<Format> = self
            .counts
            .iter()
            .map(|((mime_type, extension), (files, bytes))| Format {
                mime_type: mime_type.clone(),
                extension: extension.clone(),
                files: *files,
                bytes: *bytes,
            })
            .collect();
        // Stable: formats with as many files stay in the order of their names.
        formats.sort_by_key(|format| std::cmp::Reverse(format.files));
        formats
    }
}

fn name_of(file: &SourceFile) -> &str {
    file.original_name().unwrap_or(&file.path)
}

fn declared(file: &SourceFile) -> &str {
    let told = file.facts.as_ref().map_or("", |facts| facts.mime_type.as_str());
    // What a source declares is any text; only what can be a MIME type counts as one.
    let sound = told.len() <= 100 && told.split('/').count() == 2 && told.bytes().all(|byte| byte.is_ascii_graphic());
    if sound { told } else { "" }
}

/// Returns the extension of a file's name: letters and digits after the last dot that something stands before.
fn extension(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((stem, extension))
            if !stem.is_empty()
                && (1..=EXTENSION).contains(&extension.len())
                && extension.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            extension.to_ascii_lowercase()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_letters_and_digits_after_the_last_dot() {
        for (name, expected) in [
            ("a/b.PDF", "pdf"),
            ("a.b/c", ""),
            (".htaccess", ""),
            ("x.tar.gz", "gz"),
            ("Plan. Teil 1", ""),
            ("x.", ""),
            ("x.abcdefghijklm", ""),
            ("x.mp3", "mp3"),
        ] {
            assert_eq!(extension(name), expected, "{name}");
        }
    }

    #[test]
    fn formats_are_told_apart_up_to_a_bound_and_none_is_lost() {
        let mut formats = Formats::default();
        for number in 0..FORMATS + 50 {
            formats.add(&format!("a.x{number}"), "", 1);
        }
        formats.add("b.pdf", "application/pdf", 5);
        let list = formats.list();
        assert_eq!(list.len(), FORMATS + 1);
        assert_eq!(list.iter().map(|format| format.files).sum::<u64>(), FORMATS as u64 + 51);
        assert_eq!((list[0].files, list[0].mime_type.as_str()), (51, ""));
    }
}
