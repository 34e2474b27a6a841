//! What the archive's decisions do to a delivery: which objects are taken over, and whether the agency kept to them.
//!
//! The archive decides, never a profile. An object without a decision of its own has that of the nearest object around it
//! which has one (xdomea: the Aussonderungsart is inherited). What nobody decided about is taken over.

mod comparison;

pub use comparison::{Basis, Comparison, Difference, Listed, compare};

use std::collections::BTreeSet;

use crate::model::decision::{Appraisal, Decision, Decisions, NotTaken, Object};
use crate::model::finding::{Code, Finding};
use crate::model::path;
use crate::model::record::{Act, Exception, Reason, Record};
use crate::model::unit::{Unit, UnitKind};

/// PREMIS `eventType` of a decision.
const ACT: &str = "appraisal";

/// Takes out of `record` what is not to be taken over, and notes what was decided.
///
/// Files of objects that are to be destroyed or are undecided become exceptions, the objects themselves stand in
/// [`Record::not_taken`]. A record of which nothing is left has neither files nor units. `expected` says that there should
/// be a decision: then one that is missing is noted.
pub fn apply(record: &mut Record, decisions: &Decisions, expected: bool) {
    let whole = about_record(record, decisions);
    let mut sorting = Sorting {
        decisions,
        kept: BTreeSet::new(),
        dropped: Vec::new(),
        not_taken: Vec::new(),
        acts: Vec::new(),
        around: Vec::new(),
    };
    let units = std::mem::take(&mut record.units);
    let single = if let [unit] = &units[..] { decisions.about(&unit.id, &unit.reference) } else { None };
    let was_there = !units.is_empty();
    if let Some(decision) = whole {
        let object = object_of(record);
        sorting.acts.push(act(&object, decision));
        if !was_there && decision.appraisal != Appraisal::Archive {
            sorting.not_taken.push(NotTaken { object, decision: decision.clone(), around: Vec::new() });
        }
    }
    for mut unit in units {
        if sorting.sort(&mut unit, whole) {
            record.units.push(unit);
        }
    }
    let Sorting { kept, dropped, not_taken, acts, .. } = sorting;
    if expected && acts.is_empty() {
        let value = Some(record.description.identifiers.first()).flatten().unwrap_or(&record.description.title);
        record.findings.push(Finding::new(Code::DecisionMissing).value(value.clone()));
        let detail = "no decision of the archive came with the delivery".to_owned();
        let outcome = "not decided".to_owned();
        record.acts.push(Act { kind: ACT, time: String::new(), detail, outcome, agent: String::new() });
    }
    record.acts.extend(acts);
    record.not_taken = not_taken;
    let rest = single.or(whole);
    take_out(record, decisions, rest, &kept, &dropped);
    if was_there && record.units.is_empty() {
        // Nothing of what the record consists of is taken over: then nothing beside it is.
        let decision = record.not_taken.first().map(|object| object.decision.appraisal);
        let decision = decision.unwrap_or(Appraisal::Undecided);
        let files = std::mem::take(&mut record.files);
        record.exceptions.extend(files.iter().map(|file| exception(file, decision)));
    }
}

/// Returns what was decided about the record as a whole: by its path; if it has no units, by its key or reference codes, too.
fn about_record<'d>(record: &Record, decisions: &'d Decisions) -> Option<&'d Decision> {
    let by_path = decisions.about_path(&record_path(record));
    if !record.units.is_empty() {
        return by_path;
    }
    let by_key = || decisions.about(&record.key, "");
    let by_code = || record.description.identifiers.iter().find_map(|code| decisions.about(code, code));
    by_path.or_else(by_key).or_else(by_code)
}

fn record_path(record: &Record) -> String {
    if record.key.is_empty() { ".".to_owned() } else { path::shown(&path::original(&record.key)) }
}

fn object_of(record: &Record) -> Object {
    Object {
        kind: UnitKind::Stueck,
        id: record_path(record),
        title: record.description.title.clone(),
        reference: record.description.identifiers.first().cloned().unwrap_or_default(),
    }
}

impl From<&Unit> for Object {
    fn from(unit: &Unit) -> Self {
        let (id, title, reference) = (unit.id.clone(), unit.title.clone(), unit.reference.clone());
        Self { kind: unit.kind, id, title, reference }
    }
}

/// Units being sorted into those that are taken over and the others.
struct Sorting<'d> {
    decisions: &'d Decisions,
    /// Files of units that are taken over.
    kept: BTreeSet<usize>,
    /// Files of the others, with what was decided.
    dropped: Vec<(usize, Appraisal)>,
    not_taken: Vec<NotTaken>,
    acts: Vec<Act>,
    /// Identifiers of the units around the one being sorted.
    around: Vec<String>,
}

impl<'d> Sorting<'d> {
    /// Sorts a unit and all in it; says whether anything of it stays.
    fn sort(&mut self, unit: &mut Unit, inherited: Option<&'d Decision>) -> bool {
        let own = self.decisions.about(&unit.id, &unit.reference);
        let decision = own.or(inherited);
        if let Some(own) = own
            && inherited.is_none_or(|other| other.appraisal != own.appraisal)
        {
            self.acts.push(act(&Object::from(&*unit), own));
        }
        let refused = decision.filter(|decision| decision.appraisal != Appraisal::Archive);
        match refused {
            None => self.kept.extend(&unit.files),
            Some(decision) => {
                self.dropped.extend(unit.files.drain(..).map(|file| (file, decision.appraisal)));
                if own.is_some() || !unit.id.is_empty() {
                    let (object, around) = (Object::from(&*unit), self.around.clone());
                    self.not_taken.push(NotTaken { object, decision: decision.clone(), around });
                }
            }
        }
        let parts = std::mem::take(&mut unit.parts);
        self.around.push(unit.id.clone());
        for mut part in parts {
            if self.sort(&mut part, decision) {
                unit.parts.push(part);
            }
        }
        self.around.pop();
        refused.is_none() || !unit.parts.is_empty()
    }
}

/// Makes exceptions of the files that are not taken over; units find theirs again by their new positions.
fn take_out(
    record: &mut Record,
    decisions: &Decisions,
    rest: Option<&Decision>,
    kept: &BTreeSet<usize>,
    dropped: &[(usize, Appraisal)],
) {
    let mut fates: Vec<Option<Appraisal>> = vec![None; record.files.len()];
    let mut in_unit = vec![false; record.files.len()];
    for (index, appraisal) in dropped {
        if let (Some(fate), Some(known)) = (fates.get_mut(*index), in_unit.get_mut(*index)) {
            (*fate, *known) = (Some(*appraisal), true);
        }
    }
    for index in kept {
        // A file that something else needs, too, is taken over.
        if let (Some(fate), Some(known)) = (fates.get_mut(*index), in_unit.get_mut(*index)) {
            (*fate, *known) = (None, true);
        }
    }
    let base = decisions.name_paths().then(|| record_path(record));
    for (index, file) in record.files.iter().enumerate().filter(|(index, _)| !in_unit[*index]) {
        let by_path = base.as_ref().and_then(|base| about_file(base, &file.path, decisions));
        let appraisal = by_path.or(rest).map(|decision| decision.appraisal);
        fates[index] = appraisal.filter(|appraisal| *appraisal != Appraisal::Archive);
    }
    if fates.iter().all(Option::is_none) {
        return;
    }
    let mut places = Vec::with_capacity(fates.len());
    let mut files = Vec::new();
    for (file, fate) in std::mem::take(&mut record.files).into_iter().zip(fates) {
        match fate {
            None => {
                places.push(Some(files.len()));
                files.push(file);
            }
            Some(appraisal) => {
                places.push(None);
                record.exceptions.push(exception(&file, appraisal));
            }
        }
    }
    record.files = files;
    record.units.iter_mut().for_each(|unit| renumber(unit, &places));
}

/// Returns the decision about a file of a file share by its path, or about the nearest folder around it inside its record.
fn about_file<'d>(base: &str, portable: &str, decisions: &'d Decisions) -> Option<&'d Decision> {
    let inner = path::shown(&path::original(portable));
    let full = if base == "." { inner } else { format!("{base}/{inner}") };
    let mut at = full.as_str();
    loop {
        if let Some(decision) = decisions.about_path(at) {
            return Some(decision);
        }
        at = at.rsplit_once('/')?.0;
    }
}

fn renumber(unit: &mut Unit, places: &[Option<usize>]) {
    unit.files = unit.files.iter().filter_map(|file| places.get(*file).copied().flatten()).collect();
    unit.parts.iter_mut().for_each(|part| renumber(part, places));
}

fn exception(file: &crate::model::record::SourceFile, appraisal: Appraisal) -> Exception {
    let place = file.facts.as_ref().and_then(|facts| facts.place.as_ref());
    let path = place.map_or_else(|| path::shown(&path::original(&file.path)), |(_, path)| path::shown(path));
    let reason = Reason::Appraised { decision: appraisal.name().to_owned() };
    Exception { path, kind: crate::model::record::EntryKind::File, reason }
}

fn act(object: &Object, decision: &Decision) -> Act {
    let mut detail = format!("{} {}", object.kind.name(), object.id);
    for (word, text) in [("reference", &object.reference), ("from", &decision.origin), ("reason", &decision.why)] {
        if !text.is_empty() {
            detail.push_str(&format!("; {word}: {text}"));
        }
    }
    Act {
        kind: ACT,
        time: decision.when.clone(),
        detail,
        outcome: decision.appraisal.code().to_owned(),
        agent: decision.who.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::decision::Subject;
    use crate::model::record::SourceFile;

    fn unit(kind: UnitKind, id: &str, files: &[usize], parts: Vec<Unit>) -> Unit {
        let reference = format!("Az {id}");
        Unit { kind, id: id.to_owned(), reference, files: files.to_vec(), parts, ..Unit::default() }
    }

    fn record() -> Record {
        let file = |path: &str| SourceFile { path: path.into(), ..SourceFile::default() };
        let case = |id, file| {
            let document = unit(UnitKind::Dokument, &format!("d-{id}"), &[file, 3], Vec::new());
            unit(UnitKind::Vorgang, id, &[], vec![document])
        };
        Record {
            key: "a1".to_owned(),
            files: ["0", "1", "2", "3", "4"].map(file).to_vec(),
            units: vec![unit(UnitKind::Akte, "a1", &[], vec![case("v0", 0), case("v1", 1), case("v2", 2)])],
            ..Record::default()
        }
    }

    fn decided(words: &str) -> Decisions {
        let mut decisions = Decisions::default();
        for word in words.split_whitespace() {
            let (subject, code) = word.split_once('=').unwrap();
            let subject = match subject.split_once(':') {
                Some(("path", path)) => Subject::Path(path.to_owned()),
                Some((_, code)) => Subject::Reference(code.replace('_', " ")),
                None => Subject::id(subject),
            };
            let appraisal = Appraisal::of_code(code).unwrap();
            let (who, when) = ("Stadtarchiv".to_owned(), "2026-05-04".to_owned());
            decisions.add(subject, Decision { appraisal, who, when, why: String::new(), origin: "0502".to_owned() });
        }
        decisions
    }

    fn files(record: &Record) -> Vec<&str> {
        record.files.iter().map(|file| &*file.path).collect()
    }

    #[test]
    fn decisions_take_out_what_is_not_wanted_and_nothing_else() {
        // decisions; files that stay; objects that are not taken over; units that stay
        for (words, stay, not_taken, units) in [
            ("", "0 1 2 3 4", "", 7),
            ("a1=A", "0 1 2 3 4", "", 7),
            ("a1=A v1=V", "0 2 3 4", "v1 d-v1", 5),
            ("a1=A ref:Az_v1=B", "0 2 3 4", "v1 d-v1", 5),
            ("a1=A v1=V d-v1=A", "0 1 2 3 4", "v1", 7),
            ("a1=V v1=A", "1 3", "a1 v0 d-v0 v2 d-v2", 3),
            ("a1=V", "", "a1 v0 d-v0 v1 d-v1 v2 d-v2", 0),
            ("v0=V v1=V v2=V", "4", "v0 d-v0 v1 d-v1 v2 d-v2", 1),
        ] {
            let mut record = record();
            apply(&mut record, &decided(words), true);
            assert_eq!(files(&record).join(" "), stay, "{words}");
            let out: Vec<_> = record.not_taken.iter().map(|object| object.object.id.as_str()).collect();
            assert_eq!(out.join(" "), not_taken, "{words}");
            assert_eq!(record.exceptions.len() + record.files.len(), 5, "{words}");
            let mut count = 0;
            for unit in &record.units {
                unit.walk(&mut |unit, _| {
                    count += 1;
                    // Units name their files by where these are now.
                    let own = unit.id.strip_prefix("d-v");
                    let found: Vec<_> = unit.files.iter().map(|file| &*record.files[*file].path).collect();
                    assert_eq!(found.first().copied(), own, "{words}");
                });
            }
            assert_eq!(count, units, "{words}");
        }
    }

    #[test]
    fn a_decision_is_an_act_and_a_missing_one_is_noted() {
        let mut decided_on = record();
        apply(&mut decided_on, &decided("a1=A v1=V v2=A"), true);
        let told: Vec<_> = decided_on.acts.iter().map(|act| (act.outcome.as_str(), act.agent.as_str())).collect();
        assert_eq!(told, [("A", "Stadtarchiv"), ("V", "Stadtarchiv")]);
        assert_eq!(decided_on.acts[1].detail, "Vorgang v1; reference: Az v1; from: 0502");
        assert!(decided_on.findings.is_empty());
        for (expected, findings) in [(true, 1), (false, 0)] {
            let mut record = record();
            apply(&mut record, &decided("other=V"), expected);
            assert_eq!(record.findings.len(), findings);
            assert_eq!(record.files.len(), 5);
        }
    }

    #[test]
    fn files_of_a_file_share_have_the_decision_of_the_nearest_folder() {
        let share = |words: &str| {
            let file = |path: &str| SourceFile { path: path.into(), ..SourceFile::default() };
            let mut record = Record {
                key: "Bauhof".to_owned(),
                files: ["a.txt", "Pläne/b.txt", "Pläne/alt/c.txt"].map(file).to_vec(),
                ..Record::default()
            };
            apply(&mut record, &decided(words), false);
            files(&record).join(" ")
        };
        assert_eq!(share("path:Bauhof=V"), "");
        assert_eq!(share("path:Bauhof/Pläne=V"), "a.txt");
        assert_eq!(share("path:Bauhof=A path:Bauhof/Pläne=V path:Bauhof/Pläne/alt=A"), "a.txt Pläne/alt/c.txt");
        assert_eq!(share("path:Andere=V"), "a.txt Pläne/b.txt Pläne/alt/c.txt");
        assert_eq!(share("Bauhof=B"), "");
    }
}
