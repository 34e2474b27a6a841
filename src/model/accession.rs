//! Accessions: a delivery as the register of accessions (Zugangsbuch) knows it.

use serde::{Deserialize, Serialize};

use super::time::Timestamp;

/// Why records are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// Archival holdings (Archivgut): kept for good.
    #[default]
    Permanent,
    /// Kept until a retention period ends (Zwischenarchiv).
    Interim,
}

impl Purpose {
    /// Returns the word that stands in agreements, in `accession.json` and in the catalogue.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Permanent => "permanent",
            Self::Interim => "interim",
        }
    }

    /// Returns the purpose that is called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Permanent, Self::Interim].into_iter().find(|purpose| purpose.name() == name)
    }
}

/// A delivery in the register of accessions; also the form of `accession.json` in the store.
///
/// Empty strings mean that nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accession {
    /// The accession number (Zugangsnummer), `2026-0001`.
    pub number: String,
    /// When taking over began.
    pub started: Timestamp,
    /// When it was completed; absent while the accession is open.
    #[serde(default)]
    pub closed: Option<Timestamp>,
    /// Who delivered (abgebende Stelle).
    pub producer: String,
    /// What tells the delivery from others of the producer.
    pub delivery: String,
    /// The profile, by name.
    pub profile: String,
    /// The agreement, by name.
    pub agreement: String,
    /// Why the records are kept.
    pub purpose: Purpose,
    /// The holdings they belong to (Bestand).
    pub holdings: String,
    /// Packages that are stored.
    pub packages: u64,
    /// Files in them.
    pub files: u64,
    /// Bytes of these files.
    pub bytes: u64,
    /// Entries that were refused.
    pub refused: u64,
    /// Entries whose storage failed.
    pub failed: u64,
    /// Entries that a named rule left out.
    pub left_out: u64,
    /// The id of the OCFL object that holds the accession.
    pub object: String,
    /// SHA-512 of that object's OCFL inventory, in hexadecimal digits; empty and not written inside the object itself,
    /// since the inventory holds the checksum of `accession.json`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub inventory: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_are_read_as_they_are_written() {
        for purpose in [Purpose::Permanent, Purpose::Interim] {
            assert_eq!(Purpose::named(purpose.name()), Some(purpose));
            assert_eq!(serde_json::to_value(purpose).unwrap(), serde_json::Value::from(purpose.name()));
        }
        assert_eq!(Purpose::named("Permanent"), None);
    }

    #[test]
    fn the_form_in_the_store_leaves_out_its_own_checksum() {
        let accession = Accession {
            number: "2026-0001".to_owned(),
            started: Timestamp::from_seconds(1_772_366_400),
            closed: None,
            producer: "Grünflächenamt".to_owned(),
            delivery: "Amt 67".to_owned(),
            profile: "dateiablage".to_owned(),
            agreement: String::new(),
            purpose: Purpose::Permanent,
            holdings: "A 67".to_owned(),
            packages: 1,
            files: 2,
            bytes: u64::MAX,
            refused: 0,
            failed: 0,
            left_out: 1,
            object: "urn:uuid:x".to_owned(),
            inventory: String::new(),
        };
        let text = serde_json::to_string(&accession).unwrap();
        assert!(!text.contains("inventory"), "{text}");
        assert_eq!(serde_json::from_str::<Accession>(&text).unwrap(), accession);
    }
}
