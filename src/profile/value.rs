//! Values in profiles and agreements that are right or do not come into being.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// Makes a string type whose values all pass a check.
macro_rules! checked {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            /// Returns `text` where it is allowed.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let check: fn(&str) -> bool = $check;
                check(text).then(|| Self(Cow::Owned(text.to_owned())))
            }

            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = checked!(@text $name, deserializer);
                Self::parse(&text)
                    .ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&text), &$expected))
            }
        }
    };
    (@text Date, $deserializer:ident) => { $deserializer.deserialize_any(DateText)? };
    (@text $other:ident, $deserializer:ident) => { String::deserialize($deserializer)? };
}

checked! {
    /// The name of a profile, an agreement or a rule: ASCII letters, digits, `-`, `_` and `.`, not starting with a dot.
    Name,
    "a name of letters a to z, digits, '-', '_' and '.'",
    |text| !text.is_empty()
        && text.len() <= 100
        && !text.starts_with(['.', '-'])
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

checked! {
    /// Words in one line, not empty.
    Line,
    "words in one line, not empty",
    |text| !text.trim().is_empty() && !text.contains(char::is_control)
}

checked! {
    /// A calendar date, `2056-12-31`; in TOML with or without quotes.
    Date,
    "a date as 2056-12-31",
    // The length keeps out the other forms of ISO 8601 (20561231, +002056-12-31).
    |text| text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

checked! {
    /// The name of one file.
    FileName,
    "the name of a file, without a folder",
    |text| !matches!(text, "" | "." | "..") && !text.contains(['/', '\0'])
}

checked! {
    /// A value of the vocabulary `CSIPVocabularyContentCategory` (METS `TYPE`, CSIP2), without `Other`, which says nothing.
    ContentCategory,
    "a value of CSIPVocabularyContentCategory",
    |text| CONTENT_CATEGORIES.contains(&text)
}

checked! {
    /// A value of the vocabulary `CSIPVocabularyContentInformationType` (CSIP4), without `OTHER`, which says nothing.
    ContentInformationType,
    "a value of CSIPVocabularyContentInformationType",
    |text| CONTENT_INFORMATION_TYPES.contains(&text)
}

impl Line {
    /// The act that a closure period restricts (PREMIS `act`).
    pub const DISSEMINATE: Self = Self(Cow::Borrowed("disseminate"));
    /// The clause on closure periods of the archives act of Saxony.
    pub const SAXON_ARCHIVES_ACT: Self = Self(Cow::Borrowed("SächsArchivG § 10"));
    /// Saxony (ISO 3166-2).
    pub const SAXONY: Self = Self(Cow::Borrowed("DE-SN"));
    /// What stands between several values of one cell.
    pub const BAR: Self = Self(Cow::Borrowed("|"));
}

impl ContentCategory {
    /// Contents of several kinds.
    pub const MIXED: Self = Self(Cow::Borrowed("Mixed"));
}

impl ContentInformationType {
    /// No specification, or several.
    pub const MIXED: Self = Self(Cow::Borrowed("MIXED"));
}

/// The legal values of METS `TYPE`; the dashes are the vocabulary's own.
const CONTENT_CATEGORIES: &[&str] = &[
    "Textual works – Print",
    "Textual works – Digital",
    "Textual works – Electronic Serials",
    "Digital Musical Composition (score-based representations)",
    "Musical Scores - Print",
    "Musical Scores - Digital",
    "Photographs – Print",
    "Photographs – Digital",
    "Other Graphic Images – Print",
    "Other Graphic Images – Digital",
    "Microforms",
    "Audio – On Tangible Medium (digital or analog)",
    "Audio – Media-independent (digital)",
    "Motion Pictures – Digital and Physical Media",
    "Video – File-based and Physical Media",
    "Software",
    "Software and Video Games",
    "Email",
    "Datasets",
    "Geospatial Data",
    "Geographic Information System (GIS) - Vector Data",
    "GIS Raster and Georeferenced Images",
    "GIS Vector and Raster Combined",
    "Non-GIS Cartographic",
    "2D and 3D Computer Aided Design",
    "Design (schematics, architectural drawings) - Print",
    "Scanned 3D Objects (output from photogrammetry scanning)",
    "Databases",
    "Websites",
    "Web Archives",
    "Collection",
    "Event",
    "Image",
    "Interactive resource",
    "Moving image",
    "Sound",
    "Still image",
    "Text",
    "Physical object",
    "Service",
    "Mixed",
];

/// The legal values of METS `csip:CONTENTINFORMATIONTYPE`.
const CONTENT_INFORMATION_TYPES: &[&str] = &[
    "ERMS",
    "SIARD1",
    "SIARD2",
    "SIARDDK",
    "GeoData",
    "citscarchival_v1_0",
    "cscarchival_v1_0",
    "citserms_v2_1",
    "citserms_v3_0",
    "citspremis_v1_0",
    "cspremis_v1_0",
    "citsehpj_v1_0",
    "citsehpj_v2_0",
    "citsehcr_v1_0",
    "citssiard_v1_0",
    "citsgeospatial_v3_0",
    "cits3dpm_v1_0",
    "MIXED",
];

/// Takes a date with quotes, which is text, and one without, which TOML knows as a type of its own.
struct DateText;

impl Visitor<'_> for DateText {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date as 2056-12-31")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_as_file_names() {
        for good in ["dateiablage", "amt-67", "A_1.2"] {
            assert!(Name::parse(good).is_some(), "{good}");
        }
        for bad in ["", ".", "..", ".a", "-a", "a/b", "ä", "a b", "a\n", &"a".repeat(101)] {
            assert!(Name::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn dates_are_dates() {
        for good in ["2056-12-31", "2024-02-29", "0001-01-01"] {
            assert!(Date::parse(good).is_some(), "{good}");
        }
        for bad in
            ["", "2056", "2056-12", "20561231", "2023-02-29", "2024-13-01", "0000-00-00", "31.12.2056", "2056-12-31 "]
        {
            assert!(Date::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn the_vocabularies_are_complete() {
        let Some(folder) = crate::profile::tests::shared("corpora/eark/vocab") else {
            return;
        };
        for (file, ours, other) in [
            ("CSIPVocabularyContentCategory.xml", CONTENT_CATEGORIES, "Other"),
            ("CSIPVocabularyContentInformationType.xml", CONTENT_INFORMATION_TYPES, "OTHER"),
        ] {
            let text = std::fs::read_to_string(folder.join(file)).unwrap();
            let terms: Vec<&str> = text
                .split("<Term")
                .skip(1)
                .filter_map(|rest| rest.split_once('>')?.1.split('<').next())
                .filter(|term| *term != other)
                .collect();
            assert_eq!(terms, ours, "{file}");
        }
    }
}
