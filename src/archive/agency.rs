//! What passes between archive and agency beside the records: decisions that come with a delivery, and answers to it.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use serde::Serialize;
use uuid::Uuid;

use super::delivery::{Delivery, Input, Terms};
use super::report::{Fate, RecordReport};
use super::{ArchiveError, messages, outbox};
use crate::appraisal::{Basis, Difference, Listed, compare};
use crate::journal::Event;
use crate::model::checksum::hex;
use crate::model::decision::{Appraisal, Decision, Decisions, Subject};
use crate::model::finding::{Code, Finding};
use crate::model::path;
use crate::model::record::{Reason, Record};
use crate::model::time::Timestamp;
use crate::package::eark::Attachment;
use crate::source::Source;
use crate::source::xdomea::Spool;
use crate::source::xdomea::answer::{Answer, Kind, Outcome, Sender, Unanswerable};

/// A list of decisions that was given with a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionList {
    /// The name of its file.
    pub name: String,
    /// Its bytes; they are kept with the accession.
    pub bytes: Vec<u8>,
    /// What it says.
    pub decisions: Decisions,
}

impl DecisionList {
    /// Returns the list as it is kept with an accession.
    pub(super) fn attachment(&self) -> Attachment {
        let name = path::portable(self.name.as_bytes());
        Attachment { path: format!("decisions/{name}"), bytes: self.bytes.clone() }
    }
}

/// What was decided about the objects of a delivery.
#[derive(Debug, Default)]
pub(super) struct Decided {
    pub(super) decisions: Decisions,
    /// Whether there should be a decision about every record.
    pub(super) expected: bool,
    /// Objects that are to be archived and were not delivered.
    missing: Vec<Difference>,
    /// Objects, by identifier in lower case, in which one of these lies by the offer.
    incomplete: HashSet<String>,
    /// Whether nobody tells in which object one of these lies.
    lost: bool,
}

impl Decided {
    /// Collects the decisions of a delivery's own messages and of the list that was given with it, which holds where both
    /// decide, and compares what was decided with what was delivered.
    pub(super) fn read(source: &dyn Source, terms: &Terms) -> Result<(Self, Vec<Finding>), ArchiveError> {
        let all = source.messages();
        let of = |kind: &str| all.iter().filter(|spool| spool.message.kind == kind).copied().collect::<Vec<_>>();
        let (offers, appraisals, transfers) = (of("0501"), of("0502"), of("0503"));
        let mut decided = Self { expected: !transfers.is_empty() || terms.decisions.is_some(), ..Self::default() };
        let mut findings = Vec::new();
        let process = |spool: &Spool| spool.message.header.process.trim().to_ascii_lowercase();
        let processes: HashSet<String> = transfers.iter().map(|spool| process(spool)).collect();
        let (appraisals, foreign): (Vec<&Spool>, Vec<&Spool>) =
            appraisals.into_iter().partition(|spool| transfers.is_empty() || processes.contains(&process(spool)));
        for spool in foreign {
            let (file, value) = (spool.message.file.clone(), spool.message.header.process.clone());
            findings.push(Finding::new(Code::DecisionForeign).file(file).value(value));
        }
        for spool in &appraisals {
            for (subject, decision) in messages::decisions(&spool.message).all() {
                let before = decided.decisions.add(subject.clone(), decision.clone());
                if let Some(before) = before.filter(|before| before.appraisal != decision.appraisal) {
                    let both = [&before, decision];
                    findings.push(contradicts(&spool.message.file, subject.shown(), both));
                }
            }
        }
        if let Some(list) = &terms.decisions {
            decided.decisions.overrule(&list.decisions);
        }
        if transfers.is_empty() || decided.decisions.is_empty() {
            return Ok((decided, findings));
        }
        let file = transfers.first().map(|spool| spool.message.file.clone()).unwrap_or_default();
        let delivered = listed(&transfers)?;
        if let Some(list) = &terms.decisions {
            findings.extend(unused(list, &delivered));
            for Listed { object, .. } in &delivered {
                let both = list.decisions.contradiction(&object.id, &object.reference);
                findings.extend(both.map(|both| contradicts(&list.name, &object.reference, both)));
            }
        }
        if !appraisals.is_empty() {
            let offer = listed(&offers)?;
            let found = compare(Basis::Decisions(&decided.decisions, &offer), &delivered);
            let about = |code: Code, list: &[Difference]| {
                let finding = |difference: &Difference| {
                    let mut finding = Finding::new(code).file(file.clone()).value(named(difference));
                    finding.expected = difference.decision.map(|decision| decision.code().to_owned());
                    finding
                };
                list.iter().map(finding).collect::<Vec<_>>()
            };
            findings.extend(about(Code::ObjectMissing, &found.missing));
            findings.extend(about(Code::ObjectSurplus, &found.surplus));
            findings.extend(about(Code::DecisionNotFollowed, &found.not_followed));
            decided.missing = found.missing;
            decided.note_incomplete(&offer);
        }
        Ok((decided, findings))
    }

    /// Notes in which objects what is missing lies: an agency that deletes these deletes it too.
    fn note_incomplete(&mut self, offer: &[Listed]) {
        for missing in &self.missing {
            let same = |listed: &Listed| listed.object.id.eq_ignore_ascii_case(&missing.id);
            let Some(found) = offer.iter().position(same) else {
                self.lost = true;
                continue;
            };
            let mut at = offer[found].parent;
            while let Some(around) = at {
                self.incomplete.insert(offer[around].object.id.to_ascii_lowercase());
                at = offer[around].parent;
            }
        }
    }

    /// Returns the event that says which decisions were applied to the delivery of an accession.
    pub(super) fn event(&self, accession: &str) -> Option<Event> {
        use sha2::{Digest as _, Sha256};
        if self.decisions.is_empty() {
            return None;
        }
        let [archive, undecided, destroy] = self.decisions.counts();
        let line = |(subject, code): (&Subject, &str)| format!("{code} {}\n", subject.shown());
        let all = self.decisions.all();
        let lines = all.into_iter().map(|(subject, decision)| line((subject, decision.appraisal.code())));
        let digest = lines.fold(Sha256::new(), Sha256::chain_update);
        let (accession, digest) = (accession.to_owned(), hex(&digest.finalize()));
        Some(Event::Appraised { accession, archive, undecided, destroy, digest })
    }
}

fn contradicts(file: &str, object: &str, both: [&Decision; 2]) -> Finding {
    let marks = both.map(|decision| decision.appraisal.code());
    Finding::new(Code::DecisionContradicts).file(file).value(object).expected(marks.join(", "))
}

/// Returns decisions of a list that concern nothing in the delivery.
fn unused(list: &DecisionList, delivered: &[Listed]) -> Vec<Finding> {
    let ids: HashSet<String> = delivered.iter().map(|listed| listed.object.id.to_ascii_lowercase()).collect();
    let references: HashSet<&str> = delivered.iter().map(|listed| listed.object.reference.trim()).collect();
    let concerns = |subject: &Subject| match subject {
        Subject::Id(id) => ids.contains(id),
        Subject::Reference(code) => references.contains(code.as_str()),
        Subject::Path(_) => true,
    };
    let all = list.decisions.all();
    let unused = all.into_iter().filter(|(subject, _)| !concerns(subject));
    unused
        .map(|(subject, _)| Finding::new(Code::DecisionUnused).file(list.name.clone()).value(subject.shown()))
        .collect()
}

/// Returns an object as people know it: what it is, reference code, title, identifier.
fn named(difference: &Difference) -> String {
    let kind = difference.kind.map_or("", crate::model::unit::UnitKind::name);
    let words = [kind, &difference.reference, &difference.title];
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    if words.is_empty() { difference.id.clone() } else { format!("{} ({})", words.join(" "), difference.id) }
}

fn listed(spools: &[&Spool]) -> Result<Vec<Listed>, ArchiveError> {
    let mut all: Vec<Listed> = Vec::new();
    for spool in spools {
        let base = all.len();
        let own = messages::objects(spool).map_err(|error| unreadable(spool, &error))?.into_iter();
        all.extend(own.map(|listed| Listed { parent: listed.parent.map(|at| at + base), ..listed }));
    }
    Ok(all)
}

fn unreadable(spool: &Spool, error: &crate::io::xml::XmlError) -> ArchiveError {
    let path = PathBuf::from(&spool.message.file);
    ArchiveError::Io { path, source: std::io::Error::other(error.to_string()) }
}

/// Why an object has no success in 0506.
#[derive(Debug, Clone, Copy)]
pub enum Problem<'a> {
    /// Its record was refused.
    Refused(&'a RecordReport),
    /// Storing its record failed.
    Failed,
    /// The archive holds something else under its record's identity.
    Conflict,
    /// Its record has no file to take over.
    LeftOut,
    /// A decision.
    NotTaken(Appraisal),
    /// Something in it is not taken over.
    Partly,
    /// The archive wants it, and it was not delivered.
    NotDelivered,
    /// It is in no package, for no reason that is known.
    NotStored,
}

/// Says to the agency why an object has no success.
pub type Tell<'a> = &'a dyn Fn(&Problem<'_>) -> String;

/// How answers are written.
#[derive(Clone, Copy)]
pub struct Correspondence<'a> {
    /// The folder into which they go; without one none are written.
    pub outbox: Option<&'a Path>,
    /// Says why an object has no success.
    pub tell: Tell<'a>,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerState {
    /// It was written now.
    Written,
    /// It lay there already and says the same.
    Kept,
    /// The agency expects it, and nobody said where to write it.
    Asked,
}

/// What is reported of an answer to the agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct AnswerReport {
    /// Its type: `0506` or `0507`.
    pub message: String,
    /// The process that it belongs to.
    pub process: String,
    /// What became of it.
    pub state: AnswerState,
    /// Its file, empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// How many objects it names; 0 in 0507.
    pub objects: u64,
    /// How many of them are in the archive with all that was delivered in them.
    pub stored: u64,
}

/// The answers to a delivery while it is taken over.
pub(super) struct Answers<'r> {
    delivery: &'r Delivery,
    letters: Correspondence<'r>,
    sender: Sender,
    created: Timestamp,
    /// What became of each object, by its identifier in lower case: why it is no success, else where it is kept.
    outcomes: BTreeMap<String, Result<String, String>>,
    /// Whether everything that was delivered is released.
    pub(super) released: bool,
    /// What is reported.
    pub(super) reports: Vec<AnswerReport>,
    /// What cannot be answered.
    pub(super) findings: Vec<Finding>,
    /// The answers, for the accession's object.
    pub(super) kept: Vec<Attachment>,
}

impl<'r> Answers<'r> {
    pub(super) fn new(delivery: &'r Delivery, archive: &super::Archive, letters: Correspondence<'r>) -> Self {
        let marker = archive.marker();
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Self {
            delivery,
            letters,
            sender: Sender { name: marker.name.clone(), instance: marker.id.to_string(), version },
            created: delivery.created(),
            outcomes: BTreeMap::new(),
            released: false,
            reports: Vec::new(),
            findings: Vec::new(),
            kept: Vec::new(),
        }
    }

    fn transfers(&self) -> Vec<&'r Spool> {
        let all = self.delivery.messages();
        all.into_iter().filter(|spool| spool.message.kind == "0503").collect()
    }

    /// Answers that the delivery came in (0507), where the agency asks for it.
    pub(super) fn received(&mut self) -> Result<Vec<Event>, ArchiveError> {
        let mut events = Vec::new();
        for spool in self.transfers() {
            if spool.message.header.wants.receipt {
                events.extend(self.answer(spool, Kind::Received, &[])?);
            }
        }
        Ok(events)
    }

    /// Notes what became of the objects of a record.
    pub(super) fn note(&mut self, report: &RecordReport, input: &Input<'_>) {
        let Input::Record(record) = input else { return };
        if self.transfers().is_empty() {
            return;
        }
        let code = match record.description.signature.as_str() {
            "" => format!("urn:uuid:{}", report.id),
            signature => signature.to_owned(),
        };
        let whole = match &report.fate {
            Fate::Stored | Fate::AlreadyStored => None,
            Fate::Refused => Some(Problem::Refused(report)),
            Fate::Failed(_) => Some(Problem::Failed),
            Fate::Conflict { .. } => Some(Problem::Conflict),
            Fate::LeftOut => Some(Problem::LeftOut),
            Fate::Packed | Fate::AlreadyPacked | Fate::Planned => Some(Problem::NotStored),
        };
        for (id, problem) in problems(record, whole) {
            let outcome = problem.map_or_else(|| Ok(code.clone()), |problem| Err((self.letters.tell)(&problem)));
            let known = self.outcomes.entry(id.to_ascii_lowercase()).or_insert_with(|| outcome.clone());
            // An identifier that stands twice is a success only if both are.
            if known.is_ok() {
                *known = outcome;
            }
        }
    }

    /// Answers what became of each object (0506). To be called when all records are stored, or are not.
    pub(super) fn imported(&mut self) -> Result<Vec<Event>, ArchiveError> {
        let mut events = Vec::new();
        let transfers = self.transfers();
        let process = |spool: &Spool| spool.message.header.process.to_ascii_lowercase();
        let one_process = transfers.iter().map(|spool| process(spool)).collect::<HashSet<_>>().len() == 1;
        let mut released = !transfers.is_empty() && self.letters.outbox.is_some();
        for (index, spool) in transfers.into_iter().enumerate() {
            let objects = messages::objects(spool).map_err(|error| unreadable(spool, &error))?;
            let decided = &self.delivery.decided;
            let part = |listed: &Listed| {
                let root = listed.parent.is_none() && decided.lost;
                root || decided.incomplete.contains(&listed.object.id.to_ascii_lowercase())
            };
            let outcome = |listed: Listed| {
                let part = part(&listed);
                let mut outcome = self.outcome(listed.object.id);
                if part && outcome.is_success() {
                    outcome.problem = (self.letters.tell)(&Problem::Partly);
                    outcome.archive_code.clear();
                }
                outcome
            };
            let mut outcomes: Vec<Outcome> = objects.into_iter().map(outcome).collect();
            if index == 0 && one_process {
                let problem = (self.letters.tell)(&Problem::NotDelivered);
                let absent = self.delivery.decided.missing.iter().map(|difference| difference.id.clone());
                let absent = absent.map(|id| Outcome { id, problem: problem.clone(), archive_code: String::new() });
                outcomes.extend(absent);
            }
            let mut seen = HashSet::new();
            outcomes.retain(|outcome| seen.insert(outcome.id.to_ascii_lowercase()));
            let before = self.findings.len();
            events.extend(self.answer(spool, Kind::Imported, &outcomes)?);
            let all = !outcomes.is_empty() && outcomes.iter().all(Outcome::is_success);
            released &= all && self.findings.len() == before;
        }
        self.released = released;
        Ok(events)
    }

    fn outcome(&self, id: String) -> Outcome {
        let (problem, archive_code) = match self.outcomes.get(&id.to_ascii_lowercase()) {
            Some(Ok(code)) => (String::new(), code.clone()),
            Some(Err(problem)) => (problem.clone(), String::new()),
            None => ((self.letters.tell)(&Problem::NotStored), String::new()),
        };
        Outcome { id, problem, archive_code }
    }

    /// Writes an answer, or notes why it is not written.
    fn answer(&mut self, spool: &Spool, kind: Kind, outcomes: &[Outcome]) -> Result<Option<Event>, ArchiveError> {
        let to = &spool.message;
        let answer = Answer { to, kind, sender: &self.sender, created: self.created, outcomes };
        if let Some(hindrance) = answer.hindrance() {
            if hindrance != Unanswerable::NoSuchAnswer {
                let finding = Finding::new(Code::AnswerImpossible).file(to.file.clone());
                self.findings.push(finding.value(hindrance.name()).expected(kind.number()));
            }
            return Ok(None);
        }
        let stored = outcomes.iter().filter(|outcome| outcome.is_success()).count() as u64;
        let mut report = AnswerReport {
            message: kind.number().to_owned(),
            process: to.header.process.clone(),
            state: AnswerState::Asked,
            file: String::new(),
            objects: outcomes.len() as u64,
            stored,
        };
        let Some(folder) = self.letters.outbox else {
            self.reports.push(report);
            return Ok(None);
        };
        let laid = outbox::lay(folder, &answer)?;
        report.state = if laid.written { AnswerState::Written } else { AnswerState::Kept };
        report.file = laid.path.to_string_lossy().into_owned();
        let event = laid.written.then(|| Event::Answered {
            identity: self.delivery.identity(),
            process: Uuid::parse_str(&to.header.process).unwrap_or_default(),
            message: kind.number().to_owned(),
            objects: report.objects,
            stored,
            sha256: laid.sha256.clone(),
        });
        let name = format!("answers/{}", answer.name());
        let number = self.kept.iter().filter(|kept| kept.path.starts_with(&name)).count() + 1;
        let path = if number == 1 { format!("{name}.xml") } else { format!("{name}-{number}.xml") };
        self.kept.push(Attachment { path, bytes: laid.bytes });
        self.reports.push(report);
        Ok(event)
    }
}

/// Returns each object of a record with what keeps it from being a success.
fn problems<'a>(record: &'a Record, whole: Option<Problem<'a>>) -> Vec<(&'a str, Option<Problem<'a>>)> {
    let partly: HashSet<&str> = record.not_taken.iter().flat_map(|object| &object.around).map(String::as_str).collect();
    // What rules left out of a record is part of it, though nobody knows of which of its objects.
    let reduced = record.exceptions.iter().any(|exception| !matches!(exception.reason, Reason::Appraised { .. }));
    // Whatever the profile makes of it: a file that is not there, or not as it was sent, is not in the archive.
    let lacking = |finding: &Finding| {
        matches!(finding.code, Code::PrimaryFileMissing | Code::ChecksumMismatch | Code::RecordWithoutFiles)
    };
    let lacks = record.findings.iter().any(lacking);
    let decided = record.not_taken.iter().map(|object| (object.object.id.as_str(), object.decision.appraisal));
    let decided: BTreeMap<&str, Appraisal> = decided.collect();
    let mut all: Vec<_> = decided.iter().map(|(id, appraisal)| (*id, Some(Problem::NotTaken(*appraisal)))).collect();
    for root in &record.units {
        root.walk(&mut |unit, depth| {
            let id = unit.id.as_str();
            if id.is_empty() || decided.contains_key(id) {
                return;
            }
            let part = lacks || partly.contains(id) || (reduced && depth == 0);
            all.push((id, whole.or_else(|| part.then_some(Problem::Partly))));
        });
    }
    all
}
