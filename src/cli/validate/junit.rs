//! `JUnit` XML for build servers: a test suite for each package, a test case for each requirement, and for each kind of finding
//! that no requirement speaks of.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::Path;

use earchiv::archive::validate::{Validated, weight};
use earchiv::io::xml::XmlWriter;
use earchiv::model::finding::{Finding, Verdict};
use earchiv::model::requirement::{Answer, Answered};

use crate::cli::error::{Failure, Kind};
use crate::cli::findings;
use crate::cli::text::{self, Text, escape};

/// How many findings a test case tells of; the JSON document has all.
const TOLD: usize = 20;

/// How much of a file tells whether it is such a report.
const BEGINNING: u64 = 4096;

/// Writes packages as they are judged.
pub struct Junit<'a> {
    xml: XmlWriter<'a>,
    text: &'a Text,
}

/// What becomes of a test case.
enum Outcome {
    Passed,
    Skipped,
    /// Something is not as it must be.
    Failed,
    /// It could not be established.
    Broken,
}

struct Case<'a> {
    name: &'a str,
    outcome: Outcome,
    findings: Vec<&'a Finding>,
    /// Why it was skipped.
    reason: String,
}

impl<'a> Junit<'a> {
    /// Begins a document.
    pub fn begin(out: &'a mut dyn Write, text: &'a Text) -> io::Result<Self> {
        let mut xml = XmlWriter::new(out);
        xml.start("testsuites", &[("name", Some("earchiv validate"))])?;
        Ok(Self { xml, text })
    }

    /// Writes what was established of the package at `path`.
    pub fn add(&mut self, path: &Path, judged: &Validated) -> io::Result<()> {
        let cases = self.cases(judged);
        let count =
            |wanted: fn(&Outcome) -> bool| cases.iter().filter(|case| wanted(&case.outcome)).count().to_string();
        let name = xml_text(&text::shown(path));
        self.xml.start(
            "testsuite",
            &[
                ("name", Some(&name)),
                ("tests", Some(&cases.len().to_string())),
                ("failures", Some(&count(|outcome| matches!(outcome, Outcome::Failed)))),
                ("errors", Some(&count(|outcome| matches!(outcome, Outcome::Broken)))),
                ("skipped", Some(&count(|outcome| matches!(outcome, Outcome::Skipped)))),
            ],
        )?;
        for case in &cases {
            self.case(&name, judged.standard.name(), case)?;
        }
        self.xml.end()
    }

    /// Ends the document.
    pub fn end(mut self) -> io::Result<()> {
        self.xml.end()
    }

    fn cases<'b>(&self, judged: &'b Validated) -> Vec<Case<'b>> {
        // By requirement, else by code.
        let mut found: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in &judged.findings {
            let name = finding.requirement.as_deref().unwrap_or(finding.code.name());
            found.entry(name).or_default().push(finding);
        }
        let mut cases: Vec<Case<'_>> = judged
            .answers
            .iter()
            .map(|answered| {
                let findings = found.remove(answered.id).unwrap_or_default();
                let outcome = match answered.answer {
                    Answer::NotApplicable | Answer::NotChecked if findings.is_empty() => Outcome::Skipped,
                    _ => outcome(&findings),
                };
                Case { name: answered.id, outcome, findings, reason: self.reason(answered) }
            })
            .collect();
        cases.extend(found.into_iter().map(|(name, findings)| Case {
            name,
            outcome: outcome(&findings),
            findings,
            reason: String::new(),
        }));
        // A package about which there is nothing to say is still one that was judged.
        if cases.is_empty() {
            cases.push(Case {
                name: judged.standard.name(),
                outcome: Outcome::Passed,
                findings: Vec::new(),
                reason: String::new(),
            });
        }
        cases
    }

    fn reason(&self, answered: &Answered) -> String {
        match answered.answer {
            Answer::NotChecked => {
                self.text.say("validate-junit-unchecked", &[("reason", answered.reason.to_owned().into())])
            }
            _ => self.text.say("validate-junit-absent", &[]),
        }
    }

    fn case(&mut self, class: &str, standard: &str, case: &Case<'_>) -> io::Result<()> {
        let class = format!("{standard}.{}", class.replace('.', "_"));
        let attributes = [("name", Some(case.name)), ("classname", Some(class.as_str()))];
        let sentences = self.sentences(&case.findings);
        let first = sentences.lines().next().unwrap_or_default();
        let element = match case.outcome {
            Outcome::Passed if sentences.is_empty() => return self.xml.empty("testcase", &attributes),
            Outcome::Passed => {
                // Warnings fail no build.
                self.xml.start("testcase", &attributes)?;
                self.xml.text("system-out", &[], &sentences)?;
                return self.xml.end();
            }
            Outcome::Skipped => {
                self.xml.start("testcase", &attributes)?;
                self.xml.empty("skipped", &[("message", Some(&xml_text(&case.reason)))])?;
                return self.xml.end();
            }
            Outcome::Failed => "failure",
            Outcome::Broken => "error",
        };
        let code = case.findings.first().map(|finding| finding.code.name());
        self.xml.start("testcase", &attributes)?;
        self.xml.text(element, &[("message", Some(first)), ("type", code)], &sentences)?;
        self.xml.end()
    }

    fn sentences(&self, found: &[&Finding]) -> String {
        let mut lines = String::new();
        for finding in found.iter().take(TOLD) {
            let place = match (&finding.file, finding.line, finding.column) {
                (Some(file), Some(line), Some(column)) => format!("{file}:{line}:{column}: "),
                (Some(file), Some(line), None) => format!("{file}:{line}: "),
                _ => String::new(),
            };
            let sentence = findings::sentence(finding, self.text);
            lines.push_str(&xml_text(&format!("{place}{}: {sentence}", findings::severity(finding, self.text))));
            lines.push('\n');
        }
        if found.len() > TOLD {
            let more = [("count", self.text.number((found.len() - TOLD) as u64).into())];
            lines.push_str(&self.text.say("validate-more", &more));
            lines.push('\n');
        }
        lines
    }
}

/// Says that a report may be written to `path`: nothing is there, or an earlier one. A package that was named by mistake stays.
pub fn may_replace(path: &Path) -> Result<(), Failure> {
    let other = || Failure::new(Kind::Usage, "not-a-junit-report").at(path);
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::io(path, &error)),
        Ok(found) if !found.is_file() => return Err(other()),
        Ok(_) => {}
    }
    let mut beginning = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning));
    read.map_err(|error| Failure::io(path, &error))?;
    let beginning = String::from_utf8_lossy(&beginning);
    if beginning.is_empty() || beginning.contains("<testsuite") { Ok(()) } else { Err(other()) }
}

fn outcome(findings: &[&Finding]) -> Outcome {
    match findings.iter().map(|finding| weight(finding)).max() {
        None | Some(Verdict::Conforms) => Outcome::Passed,
        Some(Verdict::Nonconforming | Verdict::Damaged) => Outcome::Failed,
        Some(Verdict::Unreadable) => Outcome::Broken,
    }
}

/// Returns `text` with what XML cannot hold as it is shown on a terminal.
fn xml_text(text: &str) -> String {
    escape(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
