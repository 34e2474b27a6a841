//! The user's languages: every sentence that a user reads stands in `de.ftl` and `en.ftl`.
//!
//! Only the catalogue of the chosen language is parsed. Values that come from outside are escaped when they are put into
//! a sentence, so that no file name can write on a terminal; see [`escape`].

mod bag;
mod eark;
mod format;
mod ocfl;
#[cfg(test)]
mod tests;

use std::path::Path;

use earchiv::model::finding::{Code, Finding};
use earchiv::model::time::Timestamp;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

pub use fluent_bundle::FluentValue as Value;

pub use format::{escape, seconds};

/// A language that the program speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// German.
    De,
    /// English.
    En,
}

impl Language {
    /// Returns the language that `text` names (`de`, `en`).
    pub fn named(text: &str) -> Option<Self> {
        match text {
            "de" => Some(Self::De),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// Returns the code of the language, as BCP 47 and this program's options write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
        }
    }

    /// Returns the language for a POSIX locale such as `de_DE.UTF-8`: German for `de`, `C` and `POSIX`, else English.
    ///
    /// A machine without any locale is most likely a German archive's server.
    pub fn of_locale(locale: &str) -> Self {
        let name = locale.split(['.', '@']).next().unwrap_or_default();
        let language = name.split(['_', '-']).next().unwrap_or_default();
        match language {
            "de" | "" | "C" | "POSIX" => Self::De,
            _ => Self::En,
        }
    }
}

/// Says things in one language.
pub struct Text {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Text {
    /// Returns the texts of `language`.
    pub fn new(language: Language) -> Self {
        let (id, catalogue) = match language {
            Language::De => ("de", include_str!("de.ftl")),
            Language::En => ("en", include_str!("en.ftl")),
        };
        // A line that Fluent cannot read is left out; the tests hold that there is none.
        let resource = match FluentResource::try_new(catalogue.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        let mut bundle = FluentBundle::new_concurrent(vec![id.parse::<LanguageIdentifier>().unwrap_or_default()]);
        // The marks would be invisible letters in terminals, pipes and reports.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match language {
            Language::De => |value, _| format::value(value, Language::De),
            Language::En => |value, _| format::value(value, Language::En),
        }));
        bundle.add_resource_overriding(resource);
        Self { language, bundle }
    }

    /// Returns which language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Returns the sentence `key`, filled with `arguments`.
    pub fn say(&self, key: &str, arguments: &[(&str, Value<'_>)]) -> String {
        self.find(key, None, arguments).unwrap_or_else(|| {
            debug_assert!(false, "no text for {key}");
            key.to_owned()
        })
    }

    /// Returns what to do about the sentence `key`, `None` where nothing can be advised.
    pub fn hint(&self, key: &str, arguments: &[(&str, Value<'_>)]) -> Option<String> {
        self.find(key, Some("hint"), arguments)
    }

    /// Returns the sentence `key` if there is one.
    pub fn find_plain(&self, key: &str) -> Option<String> {
        self.find(key, None, &[])
    }

    /// Returns the sentence that a finding is.
    pub fn finding(&self, finding: &Finding) -> String {
        let (value, expected) = (self.finding_value(finding), eark::expected(finding, self));
        self.say(&finding_key(finding), &finding_arguments(finding, value, expected))
    }

    /// Returns what to do about a finding.
    pub fn finding_hint(&self, finding: &Finding) -> Option<String> {
        self.hint(&finding_key(finding), &finding_arguments(finding, None, None))
    }

    /// Returns the value of a finding in words, where it is a code or what the operating system says.
    fn finding_value(&self, finding: &Finding) -> Option<String> {
        if matches!(finding.code, Code::OcflInvalid | Code::OcflDiscouraged) {
            return Some(ocfl::said(finding, self));
        }
        let value = finding.value.as_deref()?;
        Some(match (finding.code, value) {
            (Code::Unreadable, "inventory-limit") => self.say("ocfl-limit", &[]),
            (Code::Unreadable | Code::CopyUnreadable | Code::WorkFolder, said) => super::error::io_said(said, self),
            (Code::ZipStructure, "no-end") => self.say("zip-no-end", &[]),
            (Code::ZipStructure, "parts") => self.say("zip-parts", &[]),
            (Code::ZipStructure, "directory") => self.say("zip-directory", &[]),
            (Code::ZipStructure, "layout") => self.say("zip-layout", &[]),
            (Code::ZipStructure, "headers") => self.say("zip-headers", &[]),
            (Code::ZipStructure, "encrypted") => self.say("zip-encrypted", &[]),
            (Code::ZipStructure, "method") => self.say("zip-method", &[]),
            (Code::ZipStructure, "name") => self.say("zip-name", &[]),
            (Code::ZipStructure, "twice") => self.say("zip-twice", &[]),
            (Code::ZipStructure, "special") => self.say("zip-special", &[]),
            (Code::ZipStructure, "limit") => self.say("zip-limit", &[]),
            (Code::ZipStructure, "content") => self.say("zip-content", &[]),
            (Code::TarStructure, "truncated") => self.say("tar-truncated", &[]),
            (Code::TarStructure, "no-end") => self.say("tar-no-end", &[]),
            (Code::TarStructure, "trailing") => self.say("tar-trailing", &[]),
            (Code::TarStructure, "checksum") => self.say("tar-checksum", &[]),
            (Code::TarStructure, "number") => self.say("tar-number", &[]),
            (Code::TarStructure, "extended") => self.say("tar-extended", &[]),
            (Code::TarStructure, "name") => self.say("tar-name", &[]),
            (Code::TarStructure, "twice") => self.say("tar-twice", &[]),
            (Code::TarStructure, "hard-link") => self.say("tar-hard-link", &[]),
            (Code::TarStructure, "sparse") => self.say("tar-sparse", &[]),
            (Code::TarStructure, "kind") => self.say("tar-kind", &[]),
            (Code::TarStructure, "limit") => self.say("tar-limit", &[]),
            (Code::GzipStructure, "truncated") => self.say("gzip-truncated", &[]),
            (Code::GzipStructure, "content") => self.say("gzip-content", &[]),
            (Code::GzipStructure, "trailing") => self.say("gzip-trailing", &[]),
            (Code::GzipLimit, "ratio") => self.say("gzip-ratio", &[]),
            (Code::GzipLimit, "size") => self.say("gzip-size", &[]),
            (Code::GzipLimit, "members") => self.say("gzip-members", &[]),
            (code @ (Code::BagInvalid | Code::BagNotice | Code::BagProfile), word) => match bag::key(code, word) {
                Some(key) => {
                    self.say(key, &[("expected", finding.expected.clone().unwrap_or_else(|| "–".to_owned()).into())])
                }
                None => word.to_owned(),
            },
            (Code::EntryForeign, "outside") => self.say("entry-outside", &[]),
            (Code::EntryForeign, "name") => self.say("entry-name", &[]),
            (Code::EntryForeign, "link") => self.say("entry-link", &[]),
            (Code::EntryForeign, "special") => self.say("entry-special", &[]),
            (Code::InputNotTaken, "ocfl") => self.say("input-ocfl", &[]),
            (Code::InputNotTaken, "compressed") => self.say("input-compressed", &[]),
            (Code::InputNotTaken, "package-tar") => self.say("input-package-tar", &[]),
            (Code::InputNotTaken, "file") => self.say("input-file", &[]),
            (Code::InputNotTaken, "special") => self.say("input-special", &[]),
            (Code::MailFault, "no-from") => self.say("mail-no-from", &[]),
            (Code::MailFault, "no-date") => self.say("mail-no-date", &[]),
            (Code::MailFault, "head") => self.say("mail-head", &[]),
            (Code::MailFault, "open") => self.say("mail-open", &[]),
            (Code::MailFault, "encoding") => self.say("mail-encoding", &[]),
            (Code::MailFault, "depth") => self.say("mail-depth", &[]),
            (Code::MailFault, "parts") => self.say("mail-parts", &[]),
            (Code::MailFault, "boundary") => self.say("mail-boundary", &[]),
            (Code::MailFault, "empty") => self.say("mail-empty", &[]),
            (Code::XmlMalformed, "mets") => self.say("xml-no-mets", &[]),
            (Code::XmlMalformed, "DOCTYPE") => self.say("cause-document-type", &[]),
            (Code::XmlMalformed, "piece" | "depth" | "attributes" | "name" | "namespaces" | "notes" | "ids") => {
                self.say("cause-limit", &[("limit", value.into())])
            }
            (Code::PdfUnreadable, "structure") => self.say("pdf-structure", &[]),
            (Code::PdfUnreadable, "limit") => self.say("pdf-limit", &[]),
            (Code::CatalogueUnreadable, "missing") => self.say("io-not-found", &[]),
            _ => value.to_owned(),
        })
    }

    /// Returns a whole number with separators, `1.234.567` in German.
    pub fn number(&self, number: u64) -> String {
        format::number(number, self.language)
    }

    /// Returns a size in binary units, `1,5 GiB` in German.
    pub fn bytes(&self, bytes: u64) -> String {
        format::bytes(bytes, self.language)
    }

    /// Returns the day of `time`, `04.05.2027` in German.
    pub fn date(&self, time: Timestamp) -> String {
        super::report::date::day(&time.date(), self.language)
    }

    fn find(&self, key: &str, attribute: Option<&str>, arguments: &[(&str, Value<'_>)]) -> Option<String> {
        let message = self.bundle.get_message(key)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(name) => message.get_attribute(name)?.value(),
        };
        let arguments: FluentArgs<'_> = arguments.iter().cloned().collect();
        let mut errors = Vec::new();
        let sentence = self.bundle.format_pattern(pattern, Some(&arguments), &mut errors);
        debug_assert!(errors.is_empty(), "{key}: {errors:?}");
        Some(sentence.into_owned())
    }
}

/// Returns `path` as a value for a sentence; bytes that are not UTF-8 are percent-encoded.
pub fn path(path: &Path) -> Value<'static> {
    shown(path).into()
}

/// Returns `path` as text that JSON can hold; bytes that are not UTF-8 are percent-encoded.
pub fn shown(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    match path.to_str() {
        Some(text) => text.to_owned(),
        None => earchiv::model::path::shown(path.as_os_str().as_bytes()),
    }
}

fn finding_key(finding: &Finding) -> String {
    eark::key(finding).map_or_else(|| format!("finding-{}", finding.code.name()), str::to_owned)
}

fn finding_arguments(
    finding: &Finding,
    value: Option<String>,
    expected: Option<String>,
) -> [(&'static str, Value<'static>); 4] {
    let or_dash =
        |field: &'_ Option<String>| -> Value<'static> { field.clone().unwrap_or_else(|| "–".to_owned()).into() };
    [
        ("file", or_dash(&finding.file)),
        ("value", or_dash(&value.or_else(|| finding.value.clone()))),
        ("expected", or_dash(&expected.or_else(|| finding.expected.clone()))),
        ("requirement", or_dash(&finding.requirement)),
    ]
}
