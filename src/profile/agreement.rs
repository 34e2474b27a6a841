//! Agreements (Übernahmevereinbarungen): what holds for the deliveries of one producer.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{
    Checks, ClosureChange, ContentCategory, ContentInformationType, Date, Digest, Line, Links, Name, OnError,
    Packaging, ProfileError, Records, Retention, Rights, Rule, check, find, names, same_name,
};
use crate::io::toml::{read, read_toml, refuse};
use crate::model::accession::Purpose;
use crate::model::package::PackageForm;

/// What holds for the deliveries of one producer; it extends a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// What it is called.
    pub name: Name,
    /// What it is called in lists and reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Line>,
    /// The profile that it extends, by name.
    pub profile: Name,
    /// Its number or file reference in the archive's own records.
    pub number: Line,
    /// The law or decision on which records are handed over (Rechtsgrundlage der Übernahme).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<Line>,
    /// Why the records are kept, where the profile says otherwise or nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// The holdings they belong to (Bestand).
    pub holdings: Line,
    /// When records that are kept for a time may go (Aufbewahrungsende); only with purpose `interim`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_end: Option<Date>,
    /// The law that says how long; only with purpose `interim`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_basis: Option<Line>,
    /// Who delivers.
    pub producer: Producer,
    /// What a record is, where the profile says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Records>,
    /// What becomes of links, where the profile says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<Links>,
    /// How packages are made, where the profile says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<PackageChange>,
    /// How grave findings are, beside what the profile says.
    #[serde(default, skip_serializing_if = "Checks::is_empty")]
    pub checks: Checks,
    /// What becomes of a delivery of which a record is refused, where the profile says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_error: Option<OnError>,
    /// How long records are kept by law, where the profile says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// What must be known of each record, instead of what the profile demands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<Vec<Line>>,
    /// What is left out beside what the profile leaves out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leave_out: Vec<Rule>,
    /// What restricts the use, instead of what the profile says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rights: Option<Rights>,
    /// How closure periods are computed, where the profile says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closure: Option<ClosureChange>,
}

/// Who delivers (abgebende Stelle).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Producer {
    /// The name.
    pub name: Line,
    /// The authority's code (Behördenkennung, ISIL or the like).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Line>,
    /// Whom to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Line>,
}

/// What an agreement says about packages; what it does not say stays as in the profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageChange {
    /// How they lie on the medium.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<PackageForm>,
    /// Checksums of each file; SHA-256 is always among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digests: Option<Vec<Digest>>,
    /// METS `TYPE` (CSIP2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_category: Option<ContentCategory>,
    /// METS `csip:CONTENTINFORMATIONTYPE` (CSIP4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_information_type: Option<ContentInformationType>,
}

impl PackageChange {
    /// Changes `package` to what is said here.
    pub(super) fn apply(&self, package: &mut Packaging) {
        package.form = self.form.unwrap_or(package.form);
        if let Some(digests) = &self.digests {
            package.digests.clone_from(digests);
        }
        if let Some(category) = &self.content_category {
            package.content_category.clone_from(category);
        }
        if let Some(kind) = &self.content_information_type {
            package.content_information_type.clone_from(kind);
        }
    }
}

impl Agreement {
    /// Returns the agreement that `name` means: a file where it has a `/` or ends in `.toml`, else the one of that name in
    /// the folder `agreements` of `archive`.
    pub fn named(name: &str, archive: Option<&Path>) -> Result<Self, ProfileError> {
        match find(name, archive, "agreements") {
            Some(path) => {
                let text = read(&path)?;
                let found = Self::parse(&text, &path)?;
                same_name(name, &found.name, &text, &path)?;
                Ok(found)
            }
            None => Err(ProfileError::NotFound {
                name: name.to_owned(),
                known: archive.map_or_else(Vec::new, |a| names(&a.join("agreements"))),
            }),
        }
    }

    /// Returns all files in the folder `agreements` of `archive` by name, each with the agreement in it or why it is none.
    #[must_use]
    pub fn list(archive: &Path) -> Vec<(PathBuf, Result<Self, ProfileError>)> {
        let folder = archive.join("agreements");
        names(&folder)
            .into_iter()
            .map(|name| folder.join(name + ".toml"))
            .map(|path| {
                let agreement = Self::load(&path);
                (path, agreement)
            })
            .collect()
    }

    /// Returns the agreement in the file at `path`.
    pub fn load(path: &Path) -> Result<Self, ProfileError> {
        Self::parse(&read(path)?, path)
    }

    /// Returns the agreement that `text` is; `file` only names it in faults.
    pub fn parse(text: &str, file: &Path) -> Result<Self, ProfileError> {
        let agreement: Self = read_toml(text, file)?;
        check(text, file, &agreement.leave_out, agreement.rights.as_ref())?;
        if agreement.purpose != Some(Purpose::Interim) {
            for (key, said) in [
                ("retention_end", agreement.retention_end.is_some()),
                ("retention_basis", agreement.retention_basis.is_some()),
            ] {
                if said {
                    return Err(refuse(text, file, &[key], "purpose = \"interim\" beside it").into());
                }
            }
        }
        Ok(agreement)
    }
}
