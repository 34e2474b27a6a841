//! What must be known before the arguments are parsed: the language of a complaint about them, and its form.

use std::ffi::OsString;
use std::path::PathBuf;

/// The commands that have commands of their own.
const NESTED: &[&str] = &["access", "accession", "profile", "catalogue", "journal"];

/// What the raw arguments tell.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Early {
    /// `--json` is among them.
    pub json: bool,
    /// `--nagios` is among them.
    pub nagios: bool,
    /// The value of `--lang`.
    pub language: Option<String>,
    /// The value of `--config`.
    pub config: Option<PathBuf>,
    /// The command, nested ones joined by `-`, empty where there is none: the name of the JSON document.
    pub command: String,
}

impl Early {
    /// Looks through `arguments` (without the program's name); takes nothing as wrong.
    pub fn of(arguments: &[OsString], commands: &[&str]) -> Self {
        let mut early = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let Some(text) = argument.to_str() else {
                continue;
            };
            match text {
                "--" => break,
                "--json" | "--json-lines" => early.json = true,
                "--nagios" => early.nagios = true,
                "--lang" => early.language = rest.next().and_then(|v| v.to_str()).map(Into::into),
                "--config" => early.config = rest.next().map(PathBuf::from),
                _ => {
                    if let Some(value) = text.strip_prefix("--lang=") {
                        early.language = Some(value.to_owned());
                    } else if let Some(value) = text.strip_prefix("--config=") {
                        early.config = Some(PathBuf::from(value));
                    } else if !text.starts_with('-') {
                        early.word(text, commands);
                    }
                }
            }
        }
        early
    }

    fn word(&mut self, word: &str, commands: &[&str]) {
        if self.command.is_empty() {
            if commands.contains(&word) {
                word.clone_into(&mut self.command);
            }
        } else if self.nests(word) {
            self.command.push('-');
            self.command.push_str(word);
        }
    }

    /// Returns whether `word` is a command of the command.
    fn nests(&self, word: &str) -> bool {
        match self.command.as_str() {
            // Others of its words are names of folders and lists.
            "audit" => ["merge", "report"].contains(&word),
            command if NESTED.contains(&command) => {
                ["list", "show", "check", "rebuild", "verify", "head", "term", "grant"].contains(&word)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_at_options_and_command_only() {
        for (line, json, language, command) in [
            ("ingest --json --lang en a", true, Some("en"), "ingest"),
            ("--lang=de journal --quiet verify", false, Some("de"), "journal-verify"),
            ("ingest -- --json --lang en", false, None, "ingest"),
            ("audit --all list", false, None, "audit"),
            ("audit report --json", true, None, "audit-report"),
            ("audit merge a --json", true, None, "audit-merge"),
            ("list show", false, None, "list"),
            ("nonsense --json", true, None, ""),
            ("--lang", false, None, ""),
        ] {
            let arguments: Vec<OsString> = line.split(' ').map(Into::into).collect();
            let early = Early::of(&arguments, &["audit", "ingest", "journal", "list"]);
            assert_eq!(early.json, json, "{line}");
            assert_eq!(early.language.as_deref(), language, "{line}");
            assert_eq!(early.command, command, "{line}");
        }
    }
}
