//! How a package answers the requirements, gathered over its documents.

use std::collections::BTreeMap;

use super::table::{all, number};
use super::{Ask, Claim, Level, Place, Requirement, SpecVersion};
use crate::model::finding::{Code, Finding, Severity};
use crate::model::requirement::{Answer, Answered};

/// How many findings about one requirement in one document are listed; more are counted.
pub const LISTED: u64 = 100;

/// How many findings about one requirement are listed for all documents of a package.
const TOGETHER: u64 = 2_000;

/// The longest value of a finding that names a file; no path is longer.
const PATH: usize = 4096;

/// How many findings of another kind are listed for the whole package; more are counted. Each names a file, and the largest
/// packages have a million.
const OTHERS: u64 = 50_000;

/// Where a finding stands among the others: the document's number, line and column.
pub type Rank = (usize, u64, u64);

/// A place in a document, as a finding names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1.
    pub column: u64,
    /// The element or attribute.
    pub xpath: String,
}

/// What was established about one requirement.
#[derive(Debug, Clone, Default)]
struct Mark {
    /// Something in the package is what it speaks of.
    asked: bool,
    /// How often it is not met.
    failed: u64,
    /// How often in the document that is being read, and how often of these without being listed.
    here: u64,
    unlisted: u64,
    /// How many findings about it are listed in all documents.
    listed: u64,
    /// How many are not, and are not counted in any document.
    more: u64,
    /// Something that may be there is.
    present: bool,
    /// Where it could be first: the document's name and number, and the spot.
    first: Option<(String, usize, Spot)>,
}

/// The answers to all requirements, and what is not as they say.
#[derive(Debug)]
pub struct Tally {
    marks: Vec<Mark>,
    found: Vec<(Rank, Option<usize>, Finding)>,
    /// How many findings of other kinds were added, by kind and gravity: the graver ones are not crowded out.
    others: BTreeMap<(Code, Severity), u64>,
    /// The document that is being read, and its number.
    document: (String, usize),
    /// Whether a document could not be read to its end.
    unread: bool,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            marks: vec![Mark::default(); all().len()],
            found: Vec::new(),
            others: BTreeMap::new(),
            document: (String::new(), 0),
            unread: false,
        }
    }
}

impl Tally {
    /// Notes that the document at `path` is read from here on.
    pub fn document(&mut self, path: &str) {
        self.close();
        self.document = (path.to_owned(), self.document.1 + 1);
    }

    /// Returns the number of the document that is being read.
    #[must_use]
    pub fn number(&self) -> usize {
        self.document.1
    }

    /// Notes that a METS document could not be read to its end: what was not found wrong until then is not known.
    pub fn unread(&mut self) {
        self.unread = true;
    }

    /// Notes that something in the package is what the requirement `id` speaks of.
    pub fn ask(&mut self, id: &str) {
        if let Some(number) = number(id) {
            self.marks[number].asked = true;
        }
    }

    pub(super) fn ask_number(&mut self, number: usize) {
        self.marks[number].asked = true;
    }

    /// Notes that something is there that may be there, as requirement `number` says.
    pub(super) fn present(&mut self, number: usize) {
        self.marks[number].asked = true;
        self.marks[number].present = true;
    }

    /// Notes that an element is there that may be there, as requirement `id` says.
    pub(super) fn present_element(&mut self, id: &str) {
        if let Some(number) = number(id) {
            self.present(number);
        }
    }

    /// Notes where something may be that requirement `number` speaks of; `spot` is asked for once.
    pub(super) fn possible(&mut self, number: usize, spot: impl FnOnce() -> Spot) {
        let mark = &mut self.marks[number];
        mark.asked = true;
        if mark.first.is_none() && !mark.present {
            mark.first = Some((self.document.0.clone(), self.document.1, spot()));
        }
    }

    /// Notes that the element may be at `spot` that requirement `id` speaks of.
    pub(super) fn possible_element(&mut self, id: &str, spot: Spot) {
        if let Some(number) = number(id) {
            self.possible(number, || spot);
        }
    }

    /// Notes that the requirement `id` is not met at `spot`.
    pub fn fail(&mut self, id: &str, spot: Spot, value: Option<&str>, expected: &str) {
        self.fail_as(id, None, spot, value, expected);
    }

    /// Notes that the requirement `id` is not met, in words of it that only recommend.
    pub fn fail_as(&mut self, id: &str, severity: Option<Severity>, spot: Spot, value: Option<&str>, expected: &str) {
        let Some(number) = number(id) else { return };
        self.fail_number(number, severity, spot, value, expected);
    }

    /// Notes that the requirement `id` is not met at `spot` of a PREMIS document.
    pub(super) fn fail_premis(&mut self, id: &str, spot: Spot, value: Option<&str>, expected: &str) {
        if let Some(number) = number(id) {
            self.fail_at(number, Code::PremisRequirement, None, spot, value, expected);
        }
    }

    pub(super) fn fail_number(
        &mut self,
        number: usize,
        severity: Option<Severity>,
        spot: Spot,
        value: Option<&str>,
        expected: &str,
    ) {
        self.fail_at(number, Code::MetsRequirement, severity, spot, value, expected);
    }

    pub(super) fn fail_at(
        &mut self,
        number: usize,
        code: Code,
        severity: Option<Severity>,
        spot: Spot,
        value: Option<&str>,
        expected: &str,
    ) {
        if !self.count(number) {
            return;
        }
        let mut finding = Finding::new(code).file(&self.document.0).expected(expected);
        finding.value = value.map(shortened);
        finding.severity = severity.unwrap_or(Severity::Info);
        finding.line = Some(spot.line);
        finding.column = Some(spot.column);
        finding.xpath = Some(spot.xpath);
        // What was said of severity is kept apart from what follows from the level.
        let kept = severity.map_or(Some(number), |_| None);
        finding.requirement = Some(all()[number].id.to_owned());
        self.found.push(((self.document.1, spot.line, spot.column), kept, finding));
    }

    /// Notes that the requirement `id` is not met by the file tree, PREMIS or the container.
    pub fn fail_package(&mut self, id: &str, code: Code, file: &str, value: Option<&str>, expected: &str) {
        let Some(number) = number(id) else { return };
        if self.count(number) {
            let mut finding = Finding::new(code).requirement(id).expected(expected);
            finding.file = (!file.is_empty()).then(|| file.to_owned());
            finding.value = value.map(shortened);
            self.found.push(((usize::MAX, 0, 0), Some(number), finding));
        }
    }

    /// Adds a finding of another kind; with a requirement that is not met, it is counted as its answer.
    pub fn add(&mut self, rank: Rank, mut finding: Finding) {
        if let Some(value) = finding.value.as_mut().filter(|value| value.len() > PATH) {
            value.truncate(value.floor_char_boundary(PATH));
            value.push('\u{2026}');
        }
        if let Some(number) = finding.requirement.as_deref().and_then(number) {
            self.marks[number].asked = true;
            self.marks[number].failed += 1;
        }
        let count = self.others.entry((finding.code, finding.severity)).or_default();
        *count += 1;
        if *count <= OTHERS {
            self.found.push((rank, None, finding));
        }
    }

    /// Notes that the requirement `id` is not met, which another finding tells.
    pub fn count_failed(&mut self, id: &str) {
        if let Some(number) = number(id) {
            self.marks[number].asked = true;
            self.marks[number].failed += 1;
        }
    }

    /// Counts a finding about requirement `number`; returns whether it is listed.
    fn count(&mut self, number: usize) -> bool {
        let mark = &mut self.marks[number];
        mark.asked = true;
        mark.failed += 1;
        mark.here += 1;
        let is_listed = mark.here <= LISTED && mark.listed < TOGETHER;
        if is_listed {
            mark.listed += 1;
        } else {
            mark.unlisted += 1;
        }
        is_listed
    }

    /// Ends the document: says how many findings were not listed.
    fn close(&mut self) {
        for (number, mark) in self.marks.iter_mut().enumerate() {
            mark.here = 0;
            let unlisted = std::mem::take(&mut mark.unlisted);
            if mark.listed >= TOGETHER {
                mark.more += unlisted;
            } else if unlisted > 0 {
                mark.listed += 1;
                let id = all()[number].id;
                let mut finding = Finding::new(Code::FindingsMore).requirement(id).expected(id);
                finding.file = (!self.document.0.is_empty()).then(|| self.document.0.clone());
                finding.value = Some(unlisted.to_string());
                self.found.push(((self.document.1, u64::MAX, number as u64), Some(number), finding));
            }
        }
    }

    /// Returns all findings in the order of documents and places, and the answers; `claim` says which requirements are for the
    /// package.
    #[must_use]
    pub fn finish(mut self, claim: &Claim, version: SpecVersion) -> (Vec<Finding>, Vec<Answered>) {
        self.close();
        for ((code, _), count) in self.others.iter().filter(|(_, count)| **count > OTHERS) {
            let finding = Finding::new(Code::FindingsMore).value((count - OTHERS).to_string()).expected(code.name());
            self.found.push(((usize::MAX, u64::MAX, 1), None, finding));
        }
        for (number, mark) in self.marks.iter().enumerate().filter(|(_, mark)| mark.more > 0) {
            let id = all()[number].id;
            let finding = Finding::new(Code::FindingsMore).requirement(id).value(mark.more.to_string()).expected(id);
            self.found.push(((usize::MAX, u64::MAX, 2), Some(number), finding));
        }
        self.absent();
        let for_it = |row: &Requirement| row.level(version).filter(|_| claim.concerns(row.spec));
        let mut answers = self.answers(&for_it);
        follow(&mut answers, &for_it);
        self.found.sort_by_key(|(rank, ..)| *rank);
        let found = self.found.into_iter().filter_map(|(_, number, mut finding)| {
            if let Some(number) = number {
                let level = for_it(&all()[number])?;
                if finding.code != Code::FindingsMore {
                    finding.severity = level.severity();
                }
            } else if let Some(number) = finding.requirement.as_deref().and_then(number_of) {
                for_it(&all()[number])?;
            }
            Some(finding)
        });
        (found.collect(), merged(answers))
    }

    /// Tells of what may be there and is not.
    fn absent(&mut self) {
        for (number, row) in all().iter().enumerate() {
            let mark = &self.marks[number];
            let expected = match row.ask {
                Ask::Optional(names, _) => format!("{}{}", names[0].prefix, names[0].local),
                Ask::OptionalElement => row.place.path().to_owned(),
                _ => continue,
            };
            if !mark.asked || mark.present || mark.failed > 0 {
                continue;
            }
            let Some((file, document, spot)) = self.marks[number].first.take() else { continue };
            self.document = (file, document);
            self.fail_number(number, None, spot, None, &expected);
        }
    }

    fn answers(&self, for_it: &dyn Fn(&Requirement) -> Option<Level>) -> Vec<(Answer, &'static str)> {
        let one = |(row, mark): (&Requirement, &Mark)| {
            if for_it(row).is_none() {
                return (Answer::NotApplicable, "");
            }
            match row.ask {
                _ if mark.failed > 0 => (Answer::Failed, ""),
                Ask::Unknown(reason) if mark.asked => (Answer::NotChecked, reason),
                _ if self.unread && row.place != Place::Package => (Answer::NotChecked, "document-unread"),
                _ if mark.asked => (Answer::Passed, ""),
                _ => (Answer::NotApplicable, ""),
            }
        };
        all().iter().zip(&self.marks).map(one).collect()
    }
}

/// Answers requirements that repeat others: failed where one of these is that is more than allowed, else as they are.
fn follow(answers: &mut [(Answer, &'static str)], for_it: &dyn Fn(&Requirement) -> Option<Level>) {
    for (number, row) in all().iter().enumerate() {
        let Ask::Follows(ids) = row.ask else { continue };
        if for_it(row).is_none() {
            continue;
        }
        let of = ids.iter().filter_map(|id| number_of(id));
        let of = of
            .filter(|other| for_it(&all()[*other]).is_some_and(|level| level != Level::May))
            .map(|other| answers[other]);
        let all: Vec<(Answer, &'static str)> = of.collect();
        let worst = [Answer::Failed, Answer::NotChecked, Answer::Passed]
            .into_iter()
            .find_map(|wanted| all.iter().find(|(answer, _)| *answer == wanted));
        answers[number] = worst.copied().unwrap_or((Answer::NotApplicable, ""));
    }
}

/// Returns one answer for each id: several specifications call references to others alike, and at most one of these applies.
fn merged(answers: Vec<(Answer, &'static str)>) -> Vec<Answered> {
    let mut merged: Vec<Answered> = Vec::with_capacity(answers.len());
    for (row, (answer, reason)) in all().iter().zip(answers) {
        // What is in no version but an old one is answered in that one only.
        if row.levels[2].is_none() && answer == Answer::NotApplicable {
            continue;
        }
        match merged.iter_mut().find(|known| known.id == row.id) {
            Some(known) if answer > known.answer => (known.answer, known.reason) = (answer, reason),
            Some(_) => {}
            None => merged.push(Answered { id: row.id, answer, reason }),
        }
    }
    merged
}

fn number_of(id: &str) -> Option<usize> {
    number(id)
}

/// Returns the beginning of a value that is too long to be shown.
pub(super) fn shortened(value: &str) -> String {
    const LONGEST: usize = 200;
    match value.char_indices().nth(LONGEST) {
        None => value.to_owned(),
        Some((end, _)) => value[..end].to_owned() + "\u{2026}",
    }
}
