//! What is found, within bounds whatever comes.

use std::collections::BTreeMap;

use crate::model::finding::{Code, Finding};

/// The most findings of one requirement that are told one by one.
const MOST: u64 = 1000;

/// The longest value that a finding shows, in characters.
const SHOWN: usize = 300;

/// Findings in the order in which they are made.
#[derive(Debug, Default)]
pub struct Report {
    findings: Vec<Finding>,
    counts: BTreeMap<(Code, String), u64>,
}

impl Report {
    /// Adds a finding; beyond [`MOST`] of one requirement they are counted.
    pub fn add(&mut self, finding: Finding) {
        self.counted(finding, 1);
    }

    fn counted(&mut self, mut finding: Finding, times: u64) {
        let key = (finding.code, finding.requirement.clone().unwrap_or_default());
        let count = self.counts.entry(key).or_default();
        *count += times;
        if *count <= MOST {
            finding.value = finding.value.map(shortened);
            finding.expected = finding.expected.map(shortened);
            finding.file = finding.file.map(shortened);
            self.findings.push(finding);
        }
    }

    /// Returns whether something breaks the requirement `id`.
    pub fn failed(&self, id: &str) -> bool {
        self.counts.keys().any(|(_, requirement)| requirement == id)
    }

    /// Adds what is wrong with the object in the folder `place`.
    pub fn merge(&mut self, other: Self, place: &str) {
        let mut untold = other.counts;
        for mut finding in other.findings {
            let key = (finding.code, finding.requirement.clone().unwrap_or_default());
            if let Some(left) = untold.get_mut(&key) {
                *left = left.saturating_sub(1);
            }
            finding.file = Some(match finding.file {
                Some(file) if !file.is_empty() => format!("{place}/{file}"),
                _ => place.to_owned(),
            });
            self.counted(finding, 1);
        }
        for (key, left) in untold {
            *self.counts.entry(key).or_default() += left;
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
        let beyond = self.counts.into_iter().filter(|(_, count)| *count > MOST);
        findings.extend(beyond.map(|((code, requirement), count)| {
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
    use super::super::codes::fault;
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
