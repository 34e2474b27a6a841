//! What is told of a package that was judged, and of all of them together.

use std::fmt::Write as _;
use std::path::Path;

use earchiv::archive::validate::{self, Kind, Lies, Standard, Validated};
use earchiv::model::finding::{Finding, Severity, Verdict};
use earchiv::model::requirement::{Answer, Answered};
use serde::{Serialize, Serializer};

use crate::cli::findings;
use crate::cli::text::{self, Text, escape};

/// How many findings of a package are shown to people without `--verbose`; programs get all.
const SHOWN: usize = 50;

/// A package that was judged: one result of the JSON document.
#[derive(Serialize)]
pub struct Told<'a> {
    path: String,
    standard: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    kind: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    version: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<&'static str>,
    files: u64,
    bytes: u64,
    verdict: Verdict,
    findings: Findings<'a>,
    #[serde(serialize_with = "answers")]
    requirements: &'a [Answered],
    #[serde(serialize_with = "reasons")]
    not_checked: &'a [Answered],
    #[serde(skip)]
    lies: Option<Lies>,
    #[serde(skip)]
    judged: &'a Validated,
}

/// Findings, each with what to do about it; that is said when they are written.
struct Findings<'a>(&'a [Finding], &'a Text);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq(self.0.iter().map(|finding| Advised { finding, hint: self.1.finding_hint(finding) }))
    }
}

/// A finding with what to do about it.
#[derive(Debug, Serialize)]
struct Advised<'a> {
    #[serde(flatten)]
    finding: &'a Finding,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

fn answers<S: Serializer>(answers: &&[Answered], out: S) -> Result<S::Ok, S::Error> {
    out.collect_map(answers.iter().map(|answered| (answered.id, answered.answer)))
}

fn reasons<S: Serializer>(answers: &&[Answered], out: S) -> Result<S::Ok, S::Error> {
    let unchecked = answers.iter().filter(|answered| answered.answer == Answer::NotChecked);
    out.collect_map(unchecked.map(|answered| (answered.id, answered.reason)))
}

impl<'a> Told<'a> {
    /// Returns what is told of the package at `path`.
    pub fn new(path: &Path, judged: &'a Validated, text: &'a Text) -> Self {
        let lies = validate::container(path);
        Self {
            path: text::shown(path),
            standard: judged.standard.name(),
            kind: &judged.kind,
            version: &judged.version,
            id: &judged.id,
            container: lies.map(Lies::name),
            files: judged.files,
            bytes: judged.bytes,
            verdict: judged.verdict(),
            findings: Findings(&judged.findings, text),
            requirements: &judged.answers,
            not_checked: &judged.answers,
            lies,
            judged,
        }
    }

    /// Returns what people read: the verdict first, then, unless a `summary` is wanted, what was found.
    pub fn lines(&self, text: &Text, summary: bool, verbose: bool) -> String {
        let mut lines = self.head(text);
        lines.push('\n');
        if summary {
            return lines;
        }
        // What merely could be there is for those who ask for it.
        let is_told = |finding: &&Finding| verbose || finding.severity != Severity::Info;
        let mut told: Vec<&Finding> = self.judged.findings.iter().filter(is_told).collect();
        let (count, most) = (told.len(), if verbose { usize::MAX } else { SHOWN });
        if count > most {
            // No warning takes the place of an error.
            told.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        }
        for finding in told.into_iter().take(most) {
            for line in findings::finding_lines(finding, text).lines() {
                let _ = writeln!(lines, "  {line}");
            }
        }
        let more = |count: usize| [("count", (count as u64).into())];
        if count > most {
            let _ = writeln!(lines, "  {}", text.say("validate-more", &more(count - most)));
        }
        let notes = self.judged.findings.len() - count;
        if notes > 0 {
            let _ = writeln!(lines, "  {}", text.say("validate-notes", &more(notes)));
        }
        if verbose && !self.requirements.is_empty() {
            let count = |answer| self.requirements.iter().filter(|answered| answered.answer == answer).count() as u64;
            let counts = [
                ("passed", count(Answer::Passed).into()),
                ("failed", count(Answer::Failed).into()),
                ("absent", count(Answer::NotApplicable).into()),
                ("unchecked", count(Answer::NotChecked).into()),
            ];
            let _ = writeln!(lines, "  {}", text.say("validate-answers", &counts));
            let unchecked = self.not_checked.iter().filter(|answered| answered.answer == Answer::NotChecked);
            let unchecked: Vec<String> = unchecked.map(|one| format!("{} ({})", one.id, one.reason)).collect();
            if !unchecked.is_empty() {
                let list = [("list", unchecked.join(", ").into())];
                let _ = writeln!(lines, "  {}", text.say("validate-unchecked", &list));
            }
        }
        lines
    }

    /// Returns the verdict, and what it is about.
    fn head(&self, text: &Text) -> String {
        let standard = match self.judged.standard {
            Standard::Eark => "E-ARK",
            Standard::Bagit => "BagIt",
            Standard::Ocfl => "OCFL",
        };
        let named = [standard, self.kind, self.version].into_iter().filter(|word| !word.is_empty());
        let mut facts = vec![escape(&named.collect::<Vec<_>>().join(" ")).into_owned()];
        facts.extend(self.lies.map(|lies| match lies {
            Lies::Folder => text.say("validate-folder", &[]),
            Lies::File(Kind::Zip) => "ZIP".to_owned(),
            Lies::File(Kind::Tar) => "TAR".to_owned(),
            Lies::File(Kind::TarGz) => "TAR, gzip".to_owned(),
        }));
        facts.push(text.say("validate-files", &[("files", self.files.into())]));
        facts.push(text.bytes(self.bytes));
        let count =
            |severity| self.judged.findings.iter().filter(|finding| finding.severity == severity).count() as u64;
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        if errors > 0 {
            facts.push(text.say("validate-errors", &[("count", errors.into())]));
        }
        if warnings > 0 {
            facts.push(text.say("validate-warnings", &[("count", warnings.into())]));
        }
        format!("{}: {} ({})", findings::verdict(self.verdict, text), escape(&self.path), facts.join(", "))
    }
}

/// What all packages of a call come to.
#[derive(Debug, Default, Serialize)]
pub struct Totals {
    packages: u64,
    conforms: u64,
    nonconforming: u64,
    damaged: u64,
    unreadable: u64,
    files: u64,
    bytes: u64,
}

impl Totals {
    /// Adds a package.
    pub fn add(&mut self, judged: &Validated) {
        let verdict = match judged.verdict() {
            Verdict::Conforms => &mut self.conforms,
            Verdict::Nonconforming => &mut self.nonconforming,
            Verdict::Damaged => &mut self.damaged,
            Verdict::Unreadable => &mut self.unreadable,
        };
        *verdict += 1;
        self.packages += 1;
        self.files += judged.files;
        self.bytes += judged.bytes;
    }

    /// Returns what people read.
    pub fn lines(&self, text: &Text) -> String {
        let counts = [
            ("packages", self.packages.into()),
            ("conforms", self.conforms.into()),
            ("nonconforming", self.nonconforming.into()),
            ("damaged", self.damaged.into()),
            ("unreadable", self.unreadable.into()),
            ("files", self.files.into()),
            ("bytes", text.bytes(self.bytes).into()),
        ];
        text.say("validate-totals", &counts)
    }
}
