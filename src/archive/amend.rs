//! Corrects what is said of a stored package: a further version without payload.

use super::export::provenance;
use super::read_back::Meant;
use super::version::{Current, Next};
use super::writer::Writer;
use super::{Archive, ArchiveError, package_time};
use crate::journal::{Actor, Change};
use crate::model::package::{PackageId, PackageKind};
use crate::model::record::{Act, Description};
use crate::model::time::Timestamp;
use crate::package::eark::compose::Order;
use crate::package::eark::digest::ContentDigest;
use crate::package::eark::mets::RecordStatus;
use crate::package::eark::{REPRESENTATION, amend, description};
use crate::package::payload::Digests;
use crate::task::Watch;

/// What is to be said otherwise of a package; what is not named stays. An empty text or list takes a value away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correction {
    /// See [`Description::title`].
    pub title: Option<String>,
    /// See [`Description::identifiers`]; all of them.
    pub identifiers: Option<Vec<String>>,
    /// See [`Description::signature`].
    pub signature: Option<String>,
    /// See [`Description::date_from`].
    pub date_from: Option<String>,
    /// See [`Description::date_to`].
    pub date_to: Option<String>,
    /// See [`Description::creator`].
    pub creator: Option<String>,
    /// See [`Description::holdings`].
    pub holdings: Option<String>,
    /// See [`Description::summary`].
    pub summary: Option<String>,
    /// See [`Description::subjects`]; all of them.
    pub subjects: Option<Vec<String>>,
}

impl Correction {
    /// Returns what a table says: what it does not say stays.
    #[must_use]
    pub fn of(told: Description) -> Self {
        let text = |text: String| (!text.is_empty()).then_some(text);
        let list = |list: Vec<String>| (!list.is_empty()).then_some(list);
        Self {
            title: text(told.title),
            identifiers: list(told.identifiers),
            signature: text(told.signature),
            date_from: text(told.date_from),
            date_to: text(told.date_to),
            creator: text(told.creator),
            holdings: text(told.holdings),
            summary: text(told.summary),
            subjects: list(told.subjects),
        }
    }

    /// Returns this correction, and of `other` what this one does not name.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            title: self.title.or(other.title),
            identifiers: self.identifiers.or(other.identifiers),
            signature: self.signature.or(other.signature),
            date_from: self.date_from.or(other.date_from),
            date_to: self.date_to.or(other.date_to),
            creator: self.creator.or(other.creator),
            holdings: self.holdings.or(other.holdings),
            summary: self.summary.or(other.summary),
            subjects: self.subjects.or(other.subjects),
        }
    }

    /// Returns what is said of a package afterwards of which `before` was said.
    #[must_use]
    pub fn apply(&self, before: &Description) -> Description {
        let mut after = before.clone();
        if (self.date_from.is_some() || self.date_to.is_some()) && std::mem::take(&mut after.dates_of_files) {
            // One of them is told now; the other was only that of a file.
            after.date_from.clear();
            after.date_to.clear();
        }
        for (place, value) in [
            (&mut after.title, &self.title),
            (&mut after.signature, &self.signature),
            (&mut after.date_from, &self.date_from),
            (&mut after.date_to, &self.date_to),
            (&mut after.creator, &self.creator),
            (&mut after.holdings, &self.holdings),
            (&mut after.summary, &self.summary),
        ] {
            if let Some(value) = value {
                value.clone_into(place);
            }
        }
        for (place, values) in [(&mut after.identifiers, &self.identifiers), (&mut after.subjects, &self.subjects)] {
            if let Some(values) = values {
                values.clone_into(place);
            }
        }
        description::told(&after)
    }
}

/// What became of a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amended {
    /// The package.
    pub package: PackageId,
    /// Its newest version: the one that says so.
    pub version: u64,
    /// The names of what changed.
    pub changed: Vec<&'static str>,
    /// What was said before.
    pub before: Description,
    /// What is said now.
    pub after: Description,
    /// Whether a further version was stored.
    pub stored: bool,
    /// The place of its object, relative to the archive.
    pub place: String,
}

/// Returns the names of the fields in which two descriptions differ.
#[must_use]
pub fn changed(before: &Description, after: &Description) -> Vec<&'static str> {
    let fields = [
        ("title", before.title == after.title),
        ("identifiers", before.identifiers == after.identifiers),
        ("signature", before.signature == after.signature),
        ("date_from", before.date_from == after.date_from),
        ("date_to", before.date_to == after.date_to),
        ("dates_of_files", before.dates_of_files == after.dates_of_files),
        ("creator", before.creator == after.creator),
        ("holdings", before.holdings == after.holdings),
        ("summary", before.summary == after.summary),
        ("subjects", before.subjects == after.subjects),
    ];
    fields.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
}

/// Says what [`amend()`] would do, without writing anything.
pub fn plan(
    archive: &Archive,
    id: PackageId,
    correction: &Correction,
    watch: Watch<'_>,
) -> Result<Amended, ArchiveError> {
    archive.require_changeable()?;
    planned(&archive.current(id, watch)?, correction)
}

/// Stores a further version of package `id` that says what `correction` says, for the reason `reason`; nothing where it says
/// that already.
pub fn amend(
    writer: &mut Writer<'_>,
    id: PackageId,
    correction: &Correction,
    reason: &str,
    watch: Watch<'_>,
) -> Result<Amended, ArchiveError> {
    let archive = writer.archive;
    archive.require_changeable()?;
    let current = archive.current(id, watch)?;
    let mut amended = planned(&current, correction)?;
    if amended.changed.is_empty() {
        return Ok(amended);
    }
    archive.rehearse(&current)?;
    let (staged, mut container) = archive.stage_next(&current)?;
    let created = package_time();
    let accession = &current.commit.accession;
    let from = provenance(archive, &current.summary, accession);
    let order = Order {
        id,
        kind: PackageKind::Aip,
        created,
        category: &current.summary.category,
        information_type: &current.summary.information_type,
        provenance: &from,
        digests: Digests::Short,
        rights: &[],
        attachments: &[],
        status: RecordStatus::Version,
        representation: REPRESENTATION,
    };
    let Actor { user, on_behalf_of } = writer.journal.actor();
    let act = Act {
        kind: "metadata modification",
        time: String::new(),
        detail: format!("{reason} ({})", amended.changed.join(", ")),
        outcome: "success".to_owned(),
        agent: on_behalf_of.clone().unwrap_or_else(|| user.clone()),
    };
    let told = told(&amended, reason, &act, created);
    let mut files = amend::write(&mut container, &order, &amended.after, &[act], told.as_bytes())?;
    let part = container.finish()?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let meant = Meant { base: "", files: &[], sums: &[], others: &files };
    let content = ContentDigest::new(&amended.after).finish();
    let (change, message) = (Change::Amendment, reason.to_owned());
    let next = Next { change, accession: None, content, files: 0, bytes: 0, message, created };
    let sealed = archive.seal_next(&current, staged, &part, meant, &next, watch)?;
    writer.publish_next(&current, sealed, &next)?;
    amended.stored = true;
    Ok(amended)
}

/// Returns what was amended and why, as it stands in the package.
fn told(amended: &Amended, reason: &str, act: &Act, time: Timestamp) -> String {
    let fields = |description: &Description| -> serde_json::Map<String, serde_json::Value> {
        let all = serde_json::to_value(description).unwrap_or_default();
        amended.changed.iter().map(|name| ((*name).to_owned(), all[*name].clone())).collect()
    };
    let value = serde_json::json!({
        "schema": "earchiv.amendment/1",
        "package": amended.package,
        "version": amended.version,
        "time": time,
        "agent": act.agent,
        "reason": reason,
        "before": fields(&amended.before),
        "after": fields(&amended.after),
    });
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

fn planned(current: &Current, correction: &Correction) -> Result<Amended, ArchiveError> {
    let before = description::told(&current.description);
    let after = correction.apply(&before);
    let changed = changed(&before, &after);
    let last = |date: &str| crate::model::closure::last_day(date);
    if let (Some(from), Some(to)) = (last(&after.date_from), last(&after.date_to))
        && from > to
        && changed.iter().any(|name| name.starts_with("date_"))
        && !after.date_from.starts_with(&after.date_to)
    {
        return Err(ArchiveError::DateOrder { from: after.date_from, to: after.date_to });
    }
    let version = current.next() as u64 - u64::from(changed.is_empty());
    let (package, place) = (current.id, current.place());
    Ok(Amended { package, version, changed, before, after, stored: false, place })
}
