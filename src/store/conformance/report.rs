//! What is found, within bounds whatever comes.

use std::collections::BTreeMap;

use super::codes::fault;
use crate::model::finding::{Code, Finding};

/// The most findings of one requirement that are told one by one.
const MOST: u64 = 1000;

/// The longest value that a finding shows, in characters.
const SHOWN: usize = 300;

/// Findings in the order in which they are made.
#[derive(Debug, Default)]
pub struct Report {
    findings: Vec<Finding>,
    /// How many there are of each kind, told or not.
    counts: BTreeMap<Code, BTreeMap<String, u64>>,
}

impl Report {
    /// Adds a finding; beyond [`MOST`] of one requirement they are counted.
    pub fn add(&mut self, mut finding: Finding) {
        if self.room(finding.code, finding.requirement.as_deref().unwrap_or_default()) {
            finding.value = finding.value.map(shortened);
            finding.expected = finding.expected.map(shortened);
            finding.file = finding.file.map(shortened);
            self.findings.push(finding);
        }
    }

    /// Adds the finding that breaks the requirement `id`, which is made only if it is told one by one.
    pub fn tell(&mut self, id: &'static str, make: impl FnOnce(Finding) -> Finding) {
        if self.is_full(id) {
            self.room(fault(id).code, id);
        } else {
            self.add(make(fault(id)));
        }
    }

    fn is_full(&self, id: &str) -> bool {
        let code = if id.starts_with('W') { Code::OcflDiscouraged } else { Code::OcflInvalid };
        self.counts.get(&code).and_then(|counts| counts.get(id)).is_some_and(|count| *count >= MOST)
    }

    /// Counts a finding; returns whether it is told.
    fn room(&mut self, code: Code, id: &str) -> bool {
        let counts = self.counts.entry(code).or_default();
        let count = match counts.get_mut(id) {
            Some(count) => count,
            None => counts.entry(id.to_owned()).or_default(),
        };
        *count += 1;
        *count <= MOST
    }

    /// Returns whether something breaks the requirement `id`.
    pub fn failed(&self, id: &str) -> bool {
        self.counts.values().any(|counts| counts.contains_key(id))
    }

    /// Adds what is wrong with the object in the folder `place`.
    pub fn merge(&mut self, other: Self, place: &str) {
        let mut untold = other.counts;
        for mut finding in other.findings {
            let id = finding.requirement.as_deref().unwrap_or_default();
            if let Some(left) = untold.get_mut(&finding.code).and_then(|counts| counts.get_mut(id)) {
                *left = left.saturating_sub(1);
            }
            finding.file = Some(match finding.file {
                Some(file) if !file.is_empty() => format!("{place}/{file}"),
                _ => place.to_owned(),
            });
            self.add(finding);
        }
        for (code, counts) in untold {
            let known = self.counts.entry(code).or_default();
            for (id, left) in counts {
                *known.entry(id).or_default() += left;
            }
        }
    }

    /// Returns the findings by file and place, and at the end how many more there are.
    pub fn finish(self) -> Vec<Finding> {
        let mut findings = self.findings;
        findings.sort_by(|a, b| {
            let key = |f: &Finding| (f.line, f.column);
            let file = |f: &Finding| f.file.clone().unwrap_or_default();
            file(a).cmp(&file(b)).then_with(|| key(a).cmp(&key(b))).then_with(|| a.requirement.cmp(&b.requirement))
        });
        let counts =
            self.counts.into_iter().flat_map(|(code, counts)| counts.into_iter().map(move |(id, n)| (code, id, n)));
        findings.extend(counts.filter(|(.., count)| *count > MOST).map(|(code, requirement, count)| {
            let more = Finding::new(Code::FindingsMore).value((count - MOST).to_string()).expected(code.name());
            if requirement.is_empty() { more } else { more.requirement(requirement) }
        }));
        findings
    }
}

fn shortened(text: String) -> String {
    if text.len() <= SHOWN {
        return text;
    }
    match text.char_indices().nth(SHOWN) {
        None => text,
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_findings_are_counted() {
        let mut report = Report::default();
        let mut of_object = Report::default();
        for n in 0..1500 {
            of_object.add(fault("E023").file(format!("f{n:04}")));
        }
        of_object.add(fault("E001").value("ü".repeat(1000)));
        report.merge(of_object, "a/b");
        assert!(report.failed("E023") && !report.failed("E024"));
        let findings = report.finish();
        assert_eq!(findings.len(), 1002);
        assert_eq!(findings[0].file.as_deref(), Some("a/b"));
        assert_eq!(findings[0].value.as_ref().map(|value| value.chars().count()), Some(SHOWN + 1));
        assert_eq!(findings[1].file.as_deref(), Some("a/b/f0000"));
        let last = findings.last().unwrap();
        assert_eq!((last.code, last.value.as_deref()), (Code::FindingsMore, Some("500")));
        assert_eq!(last.requirement.as_deref(), Some("E023"));
    }
}
