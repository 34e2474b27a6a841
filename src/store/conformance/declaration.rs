//! Declarations: empty-looking files such as `0=ocfl_object_1.1` that say what a folder is.

use std::io::Read as _;

use super::Spec;
use super::codes::fault;
use super::report::Report;
use crate::io::below::{Entries, Kind};
use crate::io::place::Place;

/// What a folder is declared to be, and which requirements speak of that.
pub struct Declared {
    /// What stands before the version.
    pub word: &'static str,
    /// There is none.
    pub none: &'static str,
    /// There is not exactly one.
    pub one: &'static str,
    /// The name has another pattern.
    pub pattern: &'static str,
    /// The name begins with another letter.
    pub letter: &'static str,
    /// The name says something else.
    pub value: &'static str,
    /// The file holds something else.
    pub content: &'static str,
}

/// An object's declaration.
pub const OBJECT: Declared = Declared {
    word: "ocfl_object_",
    none: "E003",
    one: "E003",
    pattern: "E004",
    letter: "E005",
    value: "E006",
    content: "E007",
};

/// A storage root's declaration.
pub const ROOT: Declared = Declared {
    word: "ocfl_",
    none: "E069",
    one: "E076",
    pattern: "E077",
    letter: "E078",
    value: "E079",
    content: "E080",
};

impl Declared {
    /// Returns whether `name` is or resembles a declaration.
    pub fn is_like(name: &[u8]) -> bool {
        matches!(name, [_, b'=', ..])
    }

    /// Checks the declarations among the `entries` of a folder; returns the latest version that is declared.
    pub fn check(&self, folder: &dyn Place, entries: &Entries, report: &mut Report) -> Option<Spec> {
        let mut specs = Vec::new();
        // Those of versions that nobody knows here.
        let mut unknown = 0;
        for (name, kind) in entries.iter().filter(|(name, _)| Self::is_like(name)) {
            let shown = String::from_utf8_lossy(name).into_owned();
            match self.version(&shown) {
                Ok(spec) if kind == Kind::File => {
                    specs.push(spec);
                    self.content(folder, &shown, report);
                }
                // What it is instead is told with all links and the like.
                Ok(_) => {}
                Err(id) => {
                    unknown += usize::from(id == self.pattern);
                    report.add(fault(id).file(&shown).value(&shown).expected(format!("0={}1.1", self.word)));
                }
            }
        }
        match (specs.len(), unknown) {
            (1, 0) => {}
            (0, 0) => report.add(fault(self.none).expected(format!("0={}1.1", self.word))),
            (known, _) => {
                let count = known + unknown;
                report.add(fault(self.one).value(count.to_string()).expected("1"));
            }
        }
        specs.into_iter().max()
    }

    /// Reads a name.
    fn version(&self, name: &str) -> Result<Spec, &'static str> {
        let value = name.strip_prefix("0=").ok_or(self.letter)?;
        let version = value.strip_prefix(self.word).ok_or(self.value)?;
        [Spec::V1_0, Spec::V1_1].into_iter().find(|spec| spec.name() == version).ok_or(self.pattern)
    }

    fn content(&self, folder: &dyn Place, name: &str, report: &mut Report) {
        let expected = format!("{}\n", name.strip_prefix("0=").unwrap_or(name));
        let mut found = Vec::new();
        let read = folder.file(name.as_bytes()).and_then(|file| file.take(80).read_to_end(&mut found));
        match read {
            Ok(_) if found == expected.as_bytes() => {}
            Ok(_) => {
                let found = String::from_utf8_lossy(&found);
                report.add(
                    fault(self.content)
                        .file(name)
                        .value(found.escape_debug().to_string())
                        .expected(expected.trim_end()),
                );
            }
            Err(error) => report.add(super::unreadable(name, &error)),
        }
    }
}
