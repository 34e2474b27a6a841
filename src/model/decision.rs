//! What the archive decided about records that were offered to it (Bewertung).

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::unit::UnitKind;

/// What becomes of an object (xdomea code list Aussonderungsart).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Appraisal {
    /// It is of enduring value and taken over (A, archivwürdig).
    Archive,
    /// Nobody has decided yet (B, bewerten).
    Undecided,
    /// It is not taken over (V, vernichten).
    Destroy,
}

impl Appraisal {
    /// Returns the appraisal that a code of xdomea means.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        match code.trim() {
            "A" | "a" => Some(Self::Archive),
            "B" | "b" => Some(Self::Undecided),
            "V" | "v" => Some(Self::Destroy),
            _ => None,
        }
    }

    /// Returns the code of xdomea.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Archive => "A",
            Self::Undecided => "B",
            Self::Destroy => "V",
        }
    }

    /// Returns the word that stands in JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Undecided => "undecided",
            Self::Destroy => "destroy",
        }
    }
}

/// A decision of the archive. Empty strings mean that nothing is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was decided.
    pub appraisal: Appraisal,
    /// Who decided.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// When: RFC 3339 or a date, as it was told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// Where it stands: the name of a message or of a list.
    pub origin: String,
}

/// How a decision names its object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// By its identifier, in lower case.
    Id(String),
    /// By its reference code (Kennzeichen, Aktenzeichen).
    Reference(String),
    /// By its path in a file share, `.` for the delivery's loose files.
    Path(String),
}

impl Subject {
    /// Returns the subject with this identifier; identifiers differ in more than case.
    #[must_use]
    pub fn id(id: &str) -> Self {
        Self::Id(id.trim().to_ascii_lowercase())
    }

    /// Returns how it is shown.
    #[must_use]
    pub fn shown(&self) -> &str {
        match self {
            Self::Id(text) | Self::Reference(text) | Self::Path(text) => text,
        }
    }
}

/// Decisions about the objects of a delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    by: HashMap<Subject, Decision>,
    /// Those that go before all others, by whatever name they call their object.
    over: HashMap<Subject, Decision>,
    paths: bool,
}

impl Decisions {
    /// Returns whether nothing was decided.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by.is_empty() && self.over.is_empty()
    }

    /// Returns how many decisions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all().len()
    }

    /// Returns whether any decision names its object by a path.
    #[must_use]
    pub const fn name_paths(&self) -> bool {
        self.paths
    }

    /// Adds a decision; the one that was there about the same object is returned.
    pub fn add(&mut self, subject: Subject, decision: Decision) -> Option<Decision> {
        self.paths |= matches!(subject, Subject::Path(_));
        self.by.insert(subject, decision)
    }

    /// Takes the decisions of `other` in; where both decide about the same object, those of `other` hold, also where they
    /// call it by another name.
    pub fn overrule(&mut self, other: &Self) {
        self.paths |= other.paths;
        self.over.extend(other.by.iter().map(|(subject, decision)| (subject.clone(), decision.clone())));
    }

    /// Returns what is decided twice and differently about an object with this identifier and this reference code.
    #[must_use]
    pub fn contradiction(&self, id: &str, reference: &str) -> Option<[&Decision; 2]> {
        let by_id = self.by.get(&Subject::id(id))?;
        let by_reference = self.by.get(&Subject::Reference(reference.trim().to_owned()))?;
        (by_id.appraisal != by_reference.appraisal).then_some([by_id, by_reference])
    }

    /// Returns the decision about the object with this identifier or else this reference code.
    #[must_use]
    pub fn about(&self, id: &str, reference: &str) -> Option<&Decision> {
        let named = |by: &'_ HashMap<Subject, Decision>| -> Option<Subject> {
            let subjects = [Subject::id(id), Subject::Reference(reference.trim().to_owned())];
            subjects.into_iter().find(|subject| !subject.shown().is_empty() && by.contains_key(subject))
        };
        let over = named(&self.over).and_then(|subject| self.over.get(&subject));
        over.or_else(|| named(&self.by).and_then(|subject| self.by.get(&subject)))
    }

    /// Returns the decision about exactly this path.
    #[must_use]
    pub fn about_path(&self, path: &str) -> Option<&Decision> {
        let subject = Subject::Path(path.to_owned());
        if self.paths { self.over.get(&subject).or_else(|| self.by.get(&subject)) } else { None }
    }

    /// Returns all decisions, sorted by their objects.
    #[must_use]
    pub fn all(&self) -> Vec<(&Subject, &Decision)> {
        let held = self.by.iter().filter(|(subject, _)| !self.over.contains_key(subject));
        let mut all: Vec<_> = held.chain(&self.over).collect();
        all.sort_unstable_by_key(|(subject, _)| *subject);
        all
    }

    /// Returns how many objects are to be archived, are undecided, and are to be destroyed.
    #[must_use]
    pub fn counts(&self) -> [u64; 3] {
        let all = self.all();
        let of = |wanted| all.iter().filter(|(_, decision)| decision.appraisal == wanted).count() as u64;
        [of(Appraisal::Archive), of(Appraisal::Undecided), of(Appraisal::Destroy)]
    }
}

/// An object of a message as comparisons and answers know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// What it is.
    pub kind: UnitKind,
    /// Its identifier at the source.
    pub id: String,
    /// Its title (Betreff).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Its reference code (Kennzeichen, Aktenzeichen).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

/// An object of a delivery that is not taken over because of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotTaken {
    /// The object.
    #[serde(flatten)]
    pub object: Object,
    /// What was decided about it, or about what it lies in.
    pub decision: Decision,
    /// Identifiers of the objects around it, the outermost first.
    #[serde(default, skip)]
    pub around: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(appraisal: Appraisal) -> Decision {
        let text = String::new;
        Decision { appraisal, who: text(), when: text(), why: text(), origin: text() }
    }

    #[test]
    fn the_identifier_counts_before_the_reference_code() {
        let mut decisions = Decisions::default();
        decisions.add(Subject::id("ABCD"), decision(Appraisal::Archive));
        decisions.add(Subject::Reference("1.1".into()), decision(Appraisal::Destroy));
        let found = |id, reference| decisions.about(id, reference).map(|decision| decision.appraisal);
        assert_eq!(found("abcd", "1.1"), Some(Appraisal::Archive));
        assert_eq!(found("other", " 1.1 "), Some(Appraisal::Destroy));
        assert_eq!(found("", ""), None);
        assert_eq!(decisions.counts(), [1, 0, 1]);
    }

    #[test]
    fn codes_come_back() {
        for appraisal in [Appraisal::Archive, Appraisal::Undecided, Appraisal::Destroy] {
            assert_eq!(Appraisal::of_code(appraisal.code()), Some(appraisal));
        }
        assert_eq!(Appraisal::of_code("X"), None);
    }
}
