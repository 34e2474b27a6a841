//! Packages and what is known of one.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::accession::Purpose;
use super::closure::Closure;
use super::record::Description;
use super::time::Timestamp;

/// The identity of a package; its METS `OBJID` and the name of its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackageId(Uuid);

/// The root of all identities that are derived (UUID version 5, RFC 9562 5.5).
const NAMESPACE: Uuid = Uuid::from_u128(0x6d1f_6a52_0a5d_5c9b_9f6e_2c54_7f3b_8e10);

impl PackageId {
    /// Returns the identity of `record` in `delivery` of `producer`: the same three always give the same one.
    #[must_use]
    pub fn derive(producer: &str, delivery: &str, record: &str) -> Self {
        // Lengths in front keep ("ab", "c") and ("a", "bc") apart.
        let name = format!("{}:{producer}{}:{delivery}{}:{record}", producer.len(), delivery.len(), record.len());
        Self(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
    }

    /// Returns the identity of the package that is made from this one for `purpose` (a DIP from an AIP).
    #[must_use]
    pub fn descendant(self, purpose: &str) -> Self {
        Self(Uuid::new_v5(&self.0, purpose.as_bytes()))
    }

    /// Returns the identity written as `text`: a UUID, with or without `urn:uuid:` or `uuid-` in front.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("urn:uuid:").or_else(|| text.strip_prefix("uuid-")).unwrap_or(text);
        // Only the hyphenated form: it is the one that stands in METS, in file names and in reports.
        (digits.len() == 36).then(|| Uuid::try_parse(digits).ok().map(Self)).flatten()
    }

    /// Returns the identity as a number.
    #[must_use]
    pub const fn number(self) -> u128 {
        self.0.as_u128()
    }

    /// Returns the identity that [`PackageId::number`] gives as `number`.
    #[must_use]
    pub const fn numbered(number: u128) -> Self {
        Self(Uuid::from_u128(number))
    }
}

impl fmt::Display for PackageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// The role of a package in OAIS (CSIP9, vocabulary `OAISPackageType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PackageKind {
    /// Submission information package.
    Sip,
    /// Archival information package.
    Aip,
    /// Dissemination information package.
    Dip,
}

impl PackageKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Sip, Self::Aip, Self::Dip];

    /// Returns the value of METS `csip:OAISPACKAGETYPE`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sip => "SIP",
            Self::Aip => "AIP",
            Self::Dip => "DIP",
        }
    }
}

/// How the files of a package lie on the medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PackageForm {
    /// One ZIP file with stored (not compressed) entries.
    #[default]
    Zip,
    /// A folder.
    Folder,
}

/// What the archive knows of a package: read from the package itself and from the journal, never only from the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The package.
    pub id: PackageId,
    /// The number of the accession that brought it, `2026-0001`.
    pub accession: String,
    /// What it is about.
    pub description: Description,
    /// When the package was made (METS `CREATEDATE`).
    pub created: Timestamp,
    /// Payload files: those under `representations/*/data/`.
    pub files: u64,
    /// Bytes of the payload files.
    pub bytes: u64,
    /// SHA-256 over paths and checksums of payload, description and documentation, in hexadecimal digits.
    pub content: String,
    /// SHA-512 of the OCFL inventory, in hexadecimal digits; the inventory holds those of the package's files.
    pub inventory: String,
    /// The checksums by blocks, as in [`Commit::blocks`].
    pub blocks: String,
    /// The OCFL object's folder, relative to the archive.
    pub place: String,
    /// Folder and file names for the search, separated by line ends.
    pub names: String,
    /// Whether it is closed to use.
    pub closure: Closure,
    /// The last day on which it must be kept (Aufbewahrungsende), an ISO 8601 calendar date; empty where none is known.
    pub retention_end: String,
    /// Why it is kept.
    pub purpose: Purpose,
}

/// What the journal knows of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// The number of the accession.
    pub accession: String,
    /// The package.
    pub package: PackageId,
    /// SHA-512 of the object's inventory.
    pub inventory: String,
    /// The content digest.
    pub content: String,
    /// Payload files.
    pub files: u64,
    /// Bytes of the payload files.
    pub bytes: u64,
    /// The checksum by blocks of the files of each version, in hexadecimal digits, separated by spaces; empty for a package that
    /// was stored before there were any.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub blocks: String,
}

impl Commit {
    /// Returns what the catalogue's row says that the journal says too.
    #[must_use]
    pub fn of(holding: &Holding) -> Self {
        Self {
            package: holding.id,
            accession: holding.accession.clone(),
            inventory: holding.inventory.clone(),
            content: holding.content.clone(),
            files: holding.files,
            bytes: holding.bytes,
            blocks: holding.blocks.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_depends_on_each_part() {
        let id = PackageId::derive("Amt", "2026", "Akte");
        assert_eq!(id, PackageId::derive("Amt", "2026", "Akte"));
        for (producer, delivery, record) in [("Am", "t2026", "Akte"), ("Amt", "2026A", "kte"), ("Amt", "2026", "Akt")] {
            assert_ne!(id, PackageId::derive(producer, delivery, record));
        }
        assert_ne!(id, id.descendant("DIP"));
    }

    #[test]
    fn identity_is_read_as_it_is_written() {
        let id = PackageId::derive("Amt", "2026", "Akte");
        for text in [id.to_string(), format!("urn:uuid:{id}"), format!("uuid-{id}"), id.to_string().to_uppercase()] {
            assert_eq!(PackageId::parse(&text), Some(id), "{text}");
        }
        for text in ["", "Akte 1", &id.to_string()[1..], &id.to_string().replace('-', "")] {
            assert_eq!(PackageId::parse(text), None, "{text}");
        }
    }
}
