//! Profiles and agreements: what kind of delivery is taken over how.
//!
//! A profile is for a kind of delivery; an agreement extends it for one producer. Both are declarative TOML that
//! archivists write; nothing of them is used before everything in them has been checked.

mod agreement;
mod closure;
mod handling;
mod mapping;
mod rule;
mod value;

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use self::agreement::{Agreement, PackageChange, Producer};
pub use self::closure::{ClosureChange, ClosureRules, Due, Special};
pub use self::handling::{Checks, DescriptionRules, Field, OnError, Retention, RetentionStart};
pub use self::mapping::{DateForm, Encoding, FileNames, MailField, MailRules, Mapping, RecordPath, Separator};
pub use self::rule::{Pattern, Patterns, Rule};
pub use self::value::{ContentCategory, ContentInformationType, Date, FileName, Line, Name};
use crate::io::toml::{TomlError, read, read_toml, refuse};
use crate::io::xpath::XPath;
use crate::model::accession::Purpose;
use crate::model::package::PackageForm;

/// The profiles that are part of the program: name and text.
const BUILT_IN: &[(&str, &str)] = &[
    ("dateiablage", include_str!("../../profiles/dateiablage.toml")),
    ("bagit", include_str!("../../profiles/bagit.toml")),
    ("e-mail", include_str!("../../profiles/e-mail.toml")),
    ("maengelmelder", include_str!("../../profiles/maengelmelder.toml")),
    ("ozg-antrag", include_str!("../../profiles/ozg-antrag.toml")),
    ("ratsinformation", include_str!("../../profiles/ratsinformation.toml")),
    ("eakte", include_str!("../../profiles/eakte.toml")),
    ("erechnung", include_str!("../../profiles/erechnung.toml")),
];

/// Why a profile or an agreement cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Nothing is called so.
    #[error("no profile or agreement {name}")]
    NotFound {
        /// The name.
        name: String,
        /// The names that are known, sorted.
        known: Vec<String>,
    },
    /// A file cannot be read or is not what it should be.
    #[error(transparent)]
    File(#[from] TomlError),
}

/// How a kind of delivery is taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What it is called.
    pub name: Name,
    /// Which version of it.
    pub version: u32,
    /// Where records come from.
    pub source: SourceKind,
    /// What it is called in lists and reports.
    pub title: Title,
    /// What a record is.
    #[serde(default)]
    pub records: Records,
    /// Where the description of the records is read.
    #[serde(default)]
    pub description: DescriptionRules,
    /// Why records are kept, where no agreement says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// How grave findings are, where that is not as the program has it.
    #[serde(default, skip_serializing_if = "Checks::is_empty")]
    pub checks: Checks,
    /// What becomes of a delivery of which a record is refused.
    #[serde(default)]
    pub on_error: OnError,
    /// How long records are kept by law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// How an export becomes records; only with the source `table`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Mapping>,
    /// What of e-mails is described; only with the source `mail`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailRules>,
    /// What becomes of links.
    #[serde(default)]
    pub links: Links,
    /// How packages are made.
    #[serde(default)]
    pub package: Packaging,
    /// What is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leave_out: Vec<Rule>,
    /// What restricts the use; where nothing is said, the closure period is computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rights: Option<Rights>,
    /// How closure periods are computed.
    #[serde(default)]
    pub closure: ClosureRules,
}

/// Where records come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// A folder.
    Folder,
    /// Submissions of FIT-Connect.
    #[serde(rename = "fit-connect")]
    FitConnect,
    /// Bags (BagIt).
    Bagit,
    /// E-mails.
    Mail,
    /// The export of a line-of-business system, as [`Profile::mapping`] says.
    Table,
    /// Messages of the standard xdomea.
    Xdomea,
    /// Electronic invoices: XML or PDF.
    Einvoice,
}

/// A title in the languages of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// In German.
    pub de: Line,
    /// In English.
    pub en: Line,
}

/// What a record is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Records {
    /// What becomes one record.
    pub per: Per,
}

/// What of a delivery becomes one record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    /// Each sub-folder; loose files are one more.
    #[default]
    Folder,
    /// The whole delivery.
    Delivery,
    /// Each file.
    File,
    /// Each message.
    Message,
    /// Each object of a message that lies in no other.
    Object,
}

/// What becomes of links; none is ever followed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Links {
    /// Whether they are left out by rule; otherwise each is refused.
    pub leave_out: bool,
}

/// How packages are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packaging {
    /// How they lie on the medium.
    #[serde(default)]
    pub form: PackageForm,
    /// By which specification they are made.
    #[serde(default)]
    pub format: PackageFormat,
    /// Checksums of each file; SHA-256 is always among them.
    #[serde(default = "short_digests")]
    pub digests: Vec<Digest>,
    /// METS `TYPE` (CSIP2); `Mixed` where nothing is said.
    #[serde(default = "mixed_category")]
    pub content_category: ContentCategory,
    /// METS `csip:CONTENTINFORMATIONTYPE` (CSIP4); `MIXED` where nothing is said.
    #[serde(default = "mixed_type")]
    pub content_information_type: ContentInformationType,
}

impl Default for Packaging {
    fn default() -> Self {
        Self {
            form: PackageForm::default(),
            format: PackageFormat::default(),
            digests: short_digests(),
            content_category: mixed_category(),
            content_information_type: mixed_type(),
        }
    }
}

/// By which specification packages are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PackageFormat {
    /// E-ARK CSIP, SIP and AIP.
    #[default]
    Eark,
}

/// A checksum of files in packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Digest {
    /// SHA-256: in METS and PREMIS, always.
    #[serde(rename = "SHA-256")]
    Sha256,
    /// SHA-512: in PREMIS beside it.
    #[serde(rename = "SHA-512")]
    Sha512,
}

/// What restricts the use of the records: a PREMIS rightsStatement with basis `statute` (PREMIS 3.0 4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rights {
    /// `statuteCitation`: the law.
    pub statute: Line,
    /// `statuteJurisdiction`: where it holds.
    pub jurisdiction: Line,
    /// `rightsGranted/act`: what is restricted.
    #[serde(default = "disseminate")]
    pub act: Line,
    /// `rightsGranted/restriction`: by what.
    pub restriction: Line,
    /// `termOfRestriction/startDate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Date>,
    /// `termOfRestriction/endDate`; absent where no end is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Date>,
}

impl Profile {
    /// Returns the profile that `name` means: a file where it has a `/` or ends in `.toml`, else the one of that name in
    /// the folder `profiles` of `archive`, else the built-in one.
    pub fn named(name: &str, archive: Option<&Path>) -> Result<Self, ProfileError> {
        match find(name, archive, "profiles") {
            Some(path) => {
                let text = read(&path)?;
                let found = Self::parse(&text, &path)?;
                same_name(name, &found.name, &text, &path)?;
                Ok(found)
            }
            None => match BUILT_IN.iter().find(|(known, _)| *known == name) {
                Some((_, text)) => Self::parse(text, Path::new(name)),
                None => Err(ProfileError::NotFound { name: name.to_owned(), known: Self::known(archive) }),
            },
        }
    }

    /// Returns the text that the profile `name` is written in, comments included.
    pub fn source_text(name: &str, archive: Option<&Path>) -> Result<Option<String>, ProfileError> {
        match find(name, archive, "profiles") {
            Some(path) => Ok(Some(read(&path)?)),
            None => Ok(BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned())),
        }
    }

    /// Returns the names of the built-in profiles.
    #[must_use]
    pub fn built_in() -> Vec<&'static str> {
        BUILT_IN.iter().map(|(name, _)| *name).collect()
    }

    /// Returns the names of the built-in profiles and of those in the folder `profiles` of `archive`, sorted.
    #[must_use]
    pub fn known(archive: Option<&Path>) -> Vec<String> {
        let mut known: Vec<String> = Self::built_in().iter().map(ToString::to_string).collect();
        known.extend(archive.into_iter().flat_map(|archive| names(&archive.join("profiles"))));
        known.sort();
        known.dedup();
        known
    }

    /// Returns the profile in the file at `path`.
    pub fn load(path: &Path) -> Result<Self, ProfileError> {
        Self::parse(&read(path)?, path)
    }

    /// Returns the profile that `text` is; `file` only names it in faults.
    pub fn parse(text: &str, file: &Path) -> Result<Self, ProfileError> {
        let profile: Self = read_toml(text, file)?;
        check(text, file, &profile.leave_out, profile.rights.as_ref())?;
        if let Some(allowed) = profile.misfit() {
            return Err(refuse(text, file, &["records", "per"], allowed).into());
        }
        profile.check_source(text, file)?;
        Ok(profile)
    }

    /// Returns the profile with everything that `agreement` says otherwise.
    ///
    /// A rule of the agreement takes the place of a rule with the same name, others are added.
    #[must_use]
    pub fn with(mut self, agreement: &Agreement) -> Self {
        for rule in &agreement.leave_out {
            match self.leave_out.iter_mut().find(|own| own.rule == rule.rule) {
                Some(own) => own.clone_from(rule),
                None => self.leave_out.push(rule.clone()),
            }
        }
        if let Some(rights) = &agreement.rights {
            self.rights = Some(rights.clone());
        }
        if let Some(change) = &agreement.closure {
            change.apply(&mut self.closure);
        }
        self.checks.extend(&agreement.checks);
        self.on_error = agreement.on_error.unwrap_or(self.on_error);
        if let Some(retention) = &agreement.retention {
            self.retention = Some(retention.clone());
        }
        if let Some(required) = &agreement.required {
            self.description.required.clone_from(required);
        }
        self.purpose = agreement.purpose.or(self.purpose);
        self.records = agreement.records.unwrap_or(self.records);
        self.links = agreement.links.unwrap_or(self.links);
        if let Some(change) = &agreement.package {
            change.apply(&mut self.package);
        }
        self
    }

    /// Checks that what is said of exports and e-mails fits the source.
    fn check_source(&self, text: &str, file: &Path) -> Result<(), TomlError> {
        let table = self.source == SourceKind::Table;
        if table != self.mapping.is_some() {
            let expected = if table { "a table, since source is \"table\"" } else { "source = \"table\"" };
            return Err(refuse(text, file, &["mapping"], expected));
        }
        if self.mail.is_some() && self.source != SourceKind::Mail {
            return Err(refuse(text, file, &["mail"], "source = \"mail\""));
        }
        let Some(mapping) = &self.mapping else { return Ok(()) };
        if mapping.record.is_none() {
            return Ok(());
        }
        let path = |from: &Line| XPath::parse(from.as_str()).is_some();
        let expected = "a path as Betreff, anlage/@datei or .//ort";
        if !path(&mapping.key) {
            return Err(refuse(text, file, &["mapping", "key"], expected));
        }
        if mapping.files.as_ref().is_some_and(|files| !path(&files.from)) {
            return Err(refuse(text, file, &["mapping", "files", "from"], expected));
        }
        match self.description.field.iter().position(|field| !path(&field.from)) {
            Some(at) => Err(refuse(text, file, &["description", "field", &at.to_string(), "from"], expected)),
            None => Ok(()),
        }
    }

    /// Returns what `records.per` may be with this source, where it is something else.
    #[must_use]
    pub fn misfit(&self) -> Option<&'static str> {
        let (allowed, named): (&[Per], _) = match self.source {
            SourceKind::Folder => (&[Per::Folder, Per::Delivery], "folder, delivery"),
            SourceKind::Bagit => (&[Per::Delivery, Per::Folder], "delivery"),
            SourceKind::FitConnect => (&[Per::Message, Per::Folder], "message"),
            SourceKind::Mail => {
                (&[Per::File, Per::Message, Per::Folder, Per::Delivery], "file, message, folder, delivery")
            }
            SourceKind::Table => (&[Per::Object, Per::Folder], "object"),
            SourceKind::Xdomea => (&[Per::Object, Per::Message], "object, message"),
            SourceKind::Einvoice => (&[Per::File, Per::Folder, Per::Delivery], "file, folder, delivery"),
        };
        (!allowed.contains(&self.records.per)).then_some(named)
    }

    /// Returns the rule that leaves out an entry called `name`, bytes as the file system has them.
    #[must_use]
    pub fn leaves_out(&self, name: &[u8]) -> Option<&Rule> {
        self.leave_out.iter().find(|rule| rule.hits(name))
    }

    /// Returns the profile as TOML that [`Profile::parse`] reads as the same profile.
    pub fn to_toml(&self) -> Result<String, ::toml::ser::Error> {
        ::toml::to_string(self)
    }
}

/// Checks what goes over several keys of a profile or an agreement.
fn check(text: &str, file: &Path, rules: &[Rule], rights: Option<&Rights>) -> Result<(), TomlError> {
    for (at, rule) in rules.iter().enumerate() {
        if rules[..at].iter().any(|other| other.rule == rule.rule) {
            let keys = ["leave_out", &at.to_string(), "rule"];
            return Err(refuse(text, file, &keys, "a name that no other rule has"));
        }
    }
    if let Some(Rights { start: Some(start), end: Some(end), .. }) = rights
        && start > end
    {
        return Err(refuse(text, file, &["rights", "end"], "a date not before start"));
    }
    Ok(())
}

/// Returns the file that `name` means: itself where it is a path, else the one in `folder` of `archive` if it is there.
fn find(name: &str, archive: Option<&Path>, folder: &str) -> Option<PathBuf> {
    if name.contains('/') || Path::new(name).extension().is_some_and(|e| e == "toml") {
        return Some(PathBuf::from(name));
    }
    // Only names: nothing outside the folder is ever opened by one.
    let name = Name::parse(name)?;
    let path = archive?.join(folder).join(format!("{name}.toml"));
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        _ => Some(path),
    }
}

/// Checks that the file at `path`, found by `name`, says the same name: a copy that still says the old one would be
/// told wrongly in every receipt.
fn same_name(name: &str, said: &Name, text: &str, path: &Path) -> Result<(), TomlError> {
    if said.as_str() == name || path == Path::new(name) {
        return Ok(());
    }
    Err(refuse(text, path, &["name"], "the name of the file"))
}

/// Returns the names of the TOML files in `folder`, sorted; none where it cannot be read.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            Some(Name::parse(name.strip_suffix(".toml")?)?.to_string())
        })
        .collect();
    names.sort();
    names
}

fn short_digests() -> Vec<Digest> {
    vec![Digest::Sha256]
}

fn mixed_category() -> ContentCategory {
    ContentCategory::MIXED
}

fn mixed_type() -> ContentInformationType {
    ContentInformationType::MIXED
}

fn disseminate() -> Line {
    Line::DISSEMINATE
}

#[cfg(test)]
pub(crate) mod tests;
