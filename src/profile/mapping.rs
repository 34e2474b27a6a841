//! How the export of any line-of-business system is taken apart, and what of e-mails is described: data, no code.

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Line, Name, Pattern};
use crate::io::xpath::XPath;

/// How the export of a system becomes records: a CSV or XML file that says which files belong to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The folder for the records' rows in their packages, `metadata/other/KIND`.
    pub kind: Name,
    /// The name of the export, `*` for any characters; the folder that lies highest counts.
    pub file: Pattern,
    /// XML: the elements that are records. Absent for CSV, where each row is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordPath>,
    /// The column or path that tells a record from all others.
    pub key: Line,
    /// How the export is written.
    #[serde(default)]
    pub encoding: Encoding,
    /// CSV: what stands between the cells; found out by the first line where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separator: Option<Separator>,
    /// What stands between several values of one cell or element.
    #[serde(default = "bar")]
    pub list_separator: Line,
    /// How dates are written, beside ISO 8601 and `31.12.2024`: `T`, `M`, `J` for day, month, year.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<DateForm>,
    /// Where the files of a record are named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<FileNames>,
}

/// Where the files of a record are named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileNames {
    /// The column or path; what stands there is a file, a folder with all that is in it, or has `*` and `?`.
    pub from: Line,
    /// What stands between several names.
    #[serde(default = "bar")]
    pub separator: Line,
    /// The folder in which they lie, beside the export.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<Line>,
}

/// How an export is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// Windows-1252, which Western European Windows calls ANSI.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// ISO 8859-1.
    #[serde(rename = "iso-8859-1")]
    Latin1,
    /// ISO 8859-15, with the euro sign.
    #[serde(rename = "iso-8859-15")]
    Latin9,
}

/// What of an e-mail is read into its description.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailRules {
    /// The headers; what is not named stays in the e-mail only.
    pub describe: Vec<MailField>,
}

/// What an e-mail tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailField {
    /// `Subject`.
    Subject,
    /// `From`, or `Sender`.
    From,
    /// `To`.
    To,
    /// `Cc`.
    Cc,
    /// `Message-ID`.
    MessageId,
    /// `In-Reply-To` and `References`.
    References,
    /// Names, types, sizes and checksums of the attachments.
    Attachments,
}

impl Default for MailRules {
    fn default() -> Self {
        use MailField::{Attachments, Cc, From, MessageId, References, Subject, To};
        Self { describe: vec![Subject, From, To, Cc, MessageId, References, Attachments] }
    }
}

/// Makes a string type whose values all pass a check.
macro_rules! checked {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                let check: fn(&str) -> bool = $check;
                if check(&text) {
                    return Ok(Self(text));
                }
                Err(D::Error::invalid_value(Unexpected::Str(&text), &$expected))
            }
        }
    };
}

checked! {
    /// A path to elements from the document on: names, `*`, `/`, `//` and conditions about attributes.
    RecordPath,
    "a path as //Vorlage or /Export/Vorlage[@art='x']",
    |text| XPath::parse(text).is_some_and(|path| path.is_streamable())
}

checked! {
    /// What stands between two cells.
    Separator,
    "';', ',', '|' or a tab",
    |text| matches!(text, ";" | "," | "|" | "\t")
}

checked! {
    /// How dates are written: each of `T`, `M` and `J` stands for a digit of day, month and year, all else for itself.
    DateForm,
    "a date as TT.MM.JJJJ or JJJJMMTT",
    |text| {
        let count = |letter: char| text.matches(letter).count();
        count('J') == 4 && text.contains("JJJJ") && matches!(count('M'), 0 | 2) && matches!(count('T'), 0 | 2)
            && (count('M') == 2 || count('T') == 0)
            && (count('M') == 0 || text.contains("MM")) && (count('T') == 0 || text.contains("TT"))
            && text.len() <= 40
    }
}

impl Separator {
    /// Returns the byte.
    #[must_use]
    pub fn byte(&self) -> u8 {
        self.0.as_bytes().first().copied().unwrap_or(b';')
    }
}

fn bar() -> Line {
    Line::BAR
}
