//! BagIt profiles (BagIt Profiles Specification 1.4 and before): what two parties agreed that their bags are to be like.
//!
//! A profile is a file that the call names. The one that a bag names is never fetched.

use std::fs::File;
use std::io;
use std::path::Path;

use serde_json::Value;

use super::super::json::{self, JsonFault};
use super::super::tree::Tree;
use super::proof::{Proof, is_payload};
use crate::io::container::Kind;
use crate::model::finding::{Code, Finding};
use crate::model::path;
use crate::model::record::EntryKind;
use crate::package::bagit::{DECLARATION, FETCH, INFORMATION, is_manifest, normalised};

/// Why a file is no profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileFault {
    /// It cannot be read.
    #[error("cannot be read")]
    Read(#[source] io::Error),
    /// It is no JSON, or passes a limit: line and column from 1.
    #[error("line {line}, column {column}: {said}")]
    Json {
        /// The line.
        line: u64,
        /// The column.
        column: u64,
        /// What the parser says.
        said: String,
    },
    /// What stands under a key is not of the kind that it must be, or the key is missing.
    #[error("{key}")]
    Key {
        /// The key, with those above it.
        key: String,
    },
}

/// What is to be said of one element of `bag-info.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Label {
    name: String,
    required: bool,
    /// The values that it may have; any where there are none.
    values: Vec<String>,
    repeatable: bool,
}

/// Whether bags come in a ZIP or TAR.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Serialization {
    Forbidden,
    Required,
    #[default]
    Optional,
}

/// A profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    identifier: Option<String>,
    labels: Vec<Label>,
    manifests: Names,
    tag_manifests: Names,
    tag_files: Names,
    payload_files: Names,
    allow_fetch: bool,
    fetch_required: bool,
    data_empty: bool,
    serialization: Serialization,
    accept_serialization: Vec<String>,
    versions: Vec<String>,
}

/// What must be there, and what may be; all may where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Names {
    required: Vec<String>,
    allowed: Option<Vec<String>>,
}

impl Profile {
    /// Reads the profile at `path`.
    pub fn read(path: &Path) -> Result<Self, ProfileFault> {
        let file = File::open(path).map_err(ProfileFault::Read)?;
        let value = json::read(file).map_err(|fault| match fault {
            JsonFault::Read(error) => ProfileFault::Read(error),
            JsonFault::Malformed(line, column, said) => ProfileFault::Json { line, column, said },
        })?;
        Self::of(&value)
    }

    fn of(value: &Value) -> Result<Self, ProfileFault> {
        let wrong = |key: &str| ProfileFault::Key { key: key.to_owned() };
        let object = value.as_object().ok_or_else(|| wrong("{}"))?;
        let info = object.get("BagIt-Profile-Info").and_then(Value::as_object);
        let info = info.ok_or_else(|| wrong("BagIt-Profile-Info"))?;
        let identifier = info.get("BagIt-Profile-Identifier").and_then(Value::as_str);
        let list = |key: &str| object.get(key).map(|value| texts(value).ok_or_else(|| wrong(key))).transpose();
        let names = |what: &str| -> Result<Names, ProfileFault> {
            let required = list(&format!("{what}-Required"))?.unwrap_or_default();
            Ok(Names { required, allowed: list(&format!("{what}-Allowed"))? })
        };
        let flag = |key: &str, otherwise| match object.get(key) {
            None => Ok(otherwise),
            // The specification writes both in its text.
            Some(value) => truth(value).ok_or_else(|| wrong(key)),
        };
        let versions = list("Accept-BagIt-Version")?.filter(|all| !all.is_empty());
        let serialization = match object.get("Serialization").map(Value::as_str) {
            None | Some(Some("optional")) => Serialization::Optional,
            Some(Some("required")) => Serialization::Required,
            Some(Some("forbidden")) => Serialization::Forbidden,
            Some(_) => return Err(wrong("Serialization")),
        };
        let mut labels = Vec::new();
        if let Some(told) = object.get("Bag-Info") {
            for (name, rules) in told.as_object().ok_or_else(|| wrong("Bag-Info"))? {
                labels.push(Label::of(name, rules).ok_or_else(|| wrong(&format!("Bag-Info.{name}")))?);
            }
        }
        Ok(Self {
            identifier: identifier.map(str::to_owned),
            labels,
            manifests: names("Manifests")?,
            tag_manifests: names("Tag-Manifests")?,
            tag_files: names("Tag-Files")?,
            payload_files: names("Payload-Files")?,
            allow_fetch: flag("Allow-Fetch.txt", true)?,
            fetch_required: flag("Fetch.txt-Required", false)?,
            data_empty: flag("Data-Empty", false)?,
            serialization,
            accept_serialization: list("Accept-Serialization")?.unwrap_or_default(),
            versions: versions.ok_or_else(|| wrong("Accept-BagIt-Version"))?,
        })
    }

    /// Returns what of the bag is not as the profile says.
    pub(super) fn check(&self, proof: &Proof, tree: &Tree) -> Vec<Finding> {
        let mut told = Told { proof, findings: Vec::new() };
        let version = proof.version.map(|version| version.to_string()).unwrap_or_default();
        if !self.versions.contains(&version) {
            told.find(DECLARATION, "Accept-BagIt-Version", "profile-version", self.versions.join(", "));
        }
        self.serialized(tree.kind(), &mut told);
        self.information(&mut told);
        for (is_payload, prefix, key, names) in [
            (true, "manifest", "Manifests", &self.manifests),
            (false, "tagmanifest", "Tag-Manifests", &self.tag_manifests),
        ] {
            let there: Vec<String> =
                proof.manifests.iter().filter(|(of, _)| *of == is_payload).map(|(_, name)| normalised(name)).collect();
            let file = |name: &str| format!("{prefix}-{name}.txt");
            for name in names.required.iter().filter(|name| !there.contains(&normalised(name))) {
                told.find(&file(name), &format!("{key}-Required"), "profile-required", String::new());
            }
            if let Some(allowed) = &names.allowed {
                for name in there.iter().filter(|there| !allowed.iter().any(|name| normalised(name) == **there)) {
                    told.find(&file(name), &format!("{key}-Allowed"), "profile-allowed", allowed.join(", "));
                }
            }
        }
        let files = || proof.entries(tree).filter(|(_, _, entry)| entry.kind != EntryKind::Folder);
        let shown = |path: &[u8]| path::shown(path);
        self.tag_files.check(
            "Tag-Files",
            files().map(|(_, path, _)| path).filter(|path| is_other_tag(path)).map(shown),
            &mut told,
        );
        self.payload_files.check(
            "Payload-Files",
            files().map(|(_, path, _)| path).filter(|path| is_payload(path)).map(shown),
            &mut told,
        );
        match (proof.has_fetch(tree), self.allow_fetch) {
            (true, false) => told.find(FETCH, "Allow-Fetch.txt", "profile-allowed", String::new()),
            (false, _) if self.fetch_required => {
                told.find(FETCH, "Fetch.txt-Required", "profile-required", String::new());
            }
            _ => {}
        }
        // One file without bytes may keep the folder where others would lose it.
        if self.data_empty && !matches!(proof.oxum(tree).as_str(), "0.0" | "0.1") {
            told.find("data", "Data-Empty", "profile-empty", String::new());
        }
        told.findings
    }

    fn serialized(&self, kind: Option<Kind>, told: &mut Told<'_>) {
        let types: &[&str] = match kind {
            None => &[],
            Some(Kind::Zip) => &["application/zip", "application/x-zip-compressed"],
            Some(Kind::Tar) => &["application/tar", "application/x-tar"],
            Some(Kind::TarGz) => {
                &["application/gzip", "application/x-gzip", "application/x-gtar", "application/tar+gzip"]
            }
        };
        match (self.serialization, kind) {
            (Serialization::Forbidden, Some(_)) => {
                told.find(DECLARATION, "Serialization", "profile-folder", String::new());
            }
            (Serialization::Required, None) => {
                told.find(DECLARATION, "Serialization", "profile-container", self.accept_serialization.join(", "));
            }
            (Serialization::Required | Serialization::Optional, Some(_))
                if !self.accept_serialization.iter().any(|accepted| types.contains(&accepted.as_str())) =>
            {
                told.find(
                    DECLARATION,
                    "Accept-Serialization",
                    "profile-container",
                    self.accept_serialization.join(", "),
                );
            }
            _ => {}
        }
    }

    fn information(&self, told: &mut Told<'_>) {
        const IDENTIFIER: &str = "BagIt-Profile-Identifier";
        let proof = told.proof;
        let names_it = proof.told(IDENTIFIER).any(|said| self.identifier.as_deref().is_none_or(|own| own == said));
        if !names_it {
            let own = self.identifier.clone().unwrap_or_default();
            told.find(INFORMATION, IDENTIFIER, "profile-identifier", own);
        }
        for label in &self.labels {
            let key = format!("Bag-Info.{}", label.name);
            let mut there =
                proof.information.iter().filter(|one| one.label.eq_ignore_ascii_case(&label.name)).peekable();
            if label.required && there.peek().is_none() {
                told.find(INFORMATION, &key, "profile-label", label.name.clone());
            }
            for (number, one) in there.enumerate() {
                if !label.values.is_empty() && !label.values.contains(&one.value) {
                    told.find_at(INFORMATION, &key, "profile-value", label.values.join(" | "), one.line);
                }
                if number > 0 && !label.repeatable {
                    told.find_at(INFORMATION, &key, "profile-once", label.name.clone(), one.line);
                }
            }
        }
    }
}

impl Label {
    fn of(name: &str, rules: &Value) -> Option<Self> {
        let rules = rules.as_object()?;
        let flag = |key: &str, otherwise| rules.get(key).map_or(Some(otherwise), truth);
        Some(Self {
            name: name.to_owned(),
            required: flag("required", false)?,
            values: rules.get("values").map_or(Some(Vec::new()), texts)?,
            repeatable: flag("repeatable", true)?,
        })
    }
}

impl Names {
    /// Compares the paths that are `there` with those that must and may be; an asterisk stands for any letters.
    fn check(&self, key: &str, there: impl Iterator<Item = String>, told: &mut Told<'_>) {
        let mut lacking: Vec<&String> = self.required.iter().collect();
        for path in there {
            lacking.retain(|pattern| !fits(pattern, &path));
            if let Some(allowed) = &self.allowed
                && !allowed.iter().any(|pattern| fits(pattern, &path))
            {
                told.find(&path, &format!("{key}-Allowed"), "profile-allowed", allowed.join(", "));
            }
        }
        for path in lacking {
            told.find(path, &format!("{key}-Required"), "profile-required", String::new());
        }
    }
}

/// What was found so far.
struct Told<'a> {
    proof: &'a Proof,
    findings: Vec<Finding>,
}

impl Told<'_> {
    fn find(&mut self, file: &str, key: &str, word: &str, detail: String) {
        self.find_at(file, key, word, detail, 0);
    }

    fn find_at(&mut self, file: &str, key: &str, word: &str, detail: String, line: u64) {
        if self.findings.len() >= super::proof::FINDINGS {
            return;
        }
        let mut finding = Finding::new(Code::BagProfile).requirement(key).value(word);
        finding.file = Some(self.proof.shown(file.as_bytes()));
        finding.line = (line > 0).then_some(line);
        finding.expected = (!detail.is_empty()).then_some(detail);
        self.findings.push(finding);
    }
}

/// Returns whether the file at `path` in a bag is a tag file that the RFC does not define.
fn is_other_tag(path: &[u8]) -> bool {
    let is_own = !path.contains(&b'/')
        && (is_manifest(path)
            || (path.starts_with(b"tagmanifest-") && path.ends_with(b".txt"))
            || [DECLARATION, INFORMATION, FETCH].iter().any(|own| own.as_bytes() == path));
    !is_own && !is_payload(path)
}

/// Returns whether `path` is what `pattern` says.
fn fits(pattern: &str, path: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    // The earliest place of each piece leaves the most room for those behind it.
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

fn texts(value: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        other => Some(vec![text(other)?]),
    }
}

/// Returns the truth value that is written as one or as its word.
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn patterns_have_asterisks_for_any_letters() {
        for (pattern, path) in [("*", "a/b"), ("a", "a"), ("a*", "a"), ("*.xml", "m/a.xml"), ("a*b*c", "aXbYbZc")] {
            assert!(fits(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [("", "a"), ("a", "ab"), ("*.xml", "a.xmlx"), ("a*ba", "aba0"), ("ab*bc", "abc")] {
            assert!(!fits(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn a_profile_says_what_it_is_and_which_versions_it_takes() {
        let sound = json!({"BagIt-Profile-Info": {}, "Accept-BagIt-Version": ["1.0"], "Allow-Fetch.txt": "false"});
        assert!(!Profile::of(&sound).unwrap().allow_fetch);
        for (wrong, key) in [
            (json!([]), "{}"),
            (json!({"Accept-BagIt-Version": ["1.0"]}), "BagIt-Profile-Info"),
            (json!({"BagIt-Profile-Info": {}}), "Accept-BagIt-Version"),
            (json!({"BagIt-Profile-Info": {}, "Accept-BagIt-Version": [1.0]}), "Accept-BagIt-Version"),
            (json!({"BagIt-Profile-Info": {}, "Accept-BagIt-Version": ["1.0"], "Serialization": 1}), "Serialization"),
            (
                json!({"BagIt-Profile-Info": {}, "Accept-BagIt-Version": ["1.0"], "Bag-Info": {"A": {"required": 1}}}),
                "Bag-Info.A",
            ),
        ] {
            assert_eq!(Profile::of(&wrong).unwrap_err().to_string(), key, "{wrong}");
        }
    }
}
