//! Shows what a check established, and tells what it comes to.

use std::fmt::Write as _;

use earchiv::model::finding::{Code, Finding, Severity, Verdict};
use earchiv::model::package::PackageId;
use serde::Serialize;

use super::error::is_denied;
use super::exit::Exit;
use super::output::Output;
use super::text::{Text, escape};

/// A package that was judged: one result of a JSON document.
#[derive(Debug, Serialize)]
pub struct Judged<'a> {
    /// Where it lies.
    pub path: &'a str,
    /// Which it is, where that could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<PackageId>,
    /// What the findings come to.
    pub verdict: Verdict,
    /// What was established.
    pub findings: &'a [Finding],
}

impl Judged<'_> {
    /// Writes the result, of good packages only with `--verbose` where people read it, and returns what it comes to; a package that cannot be judged comes to `unreadable`, which
    /// depends on where it lies and why: 8 for permission, 5 in the store, 4 elsewhere.
    pub fn show(&self, out: &Output, unreadable: Exit) -> Exit {
        let told = self.verdict != Verdict::Conforms || !self.findings.is_empty() || out.is_verbose();
        out.result(self, |text| if told { self.lines(text) } else { String::new() });
        match self.verdict {
            Verdict::Conforms => Exit::Done,
            Verdict::Nonconforming => Exit::Refused,
            Verdict::Damaged => Exit::Integrity,
            Verdict::Unreadable => unreadable,
        }
    }

    fn lines(&self, text: &Text) -> String {
        let verdict = verdict(self.verdict, text);
        let mut lines = match self.package {
            Some(id) => format!("{verdict}: {id} ({})\n", escape(self.path)),
            None => format!("{verdict}: {}\n", escape(self.path)),
        };
        for finding in self.findings {
            for line in finding_lines(finding, text).lines() {
                let _ = writeln!(lines, "  {line}");
            }
        }
        lines
    }
}

/// Writes a finding that is about the archive as a whole, and returns what it comes to.
pub fn show(finding: &Finding, out: &Output) -> Exit {
    out.result(finding, |text| finding_lines(finding, text));
    exit_of(finding)
}

/// Returns what a finding about a stored package or the archive itself comes to; only errors count.
pub fn exit_of(finding: &Finding) -> Exit {
    if finding.severity != Severity::Error {
        return Exit::Done;
    }
    match finding.code {
        Code::CatalogueLacks
        | Code::CatalogueSurplus
        | Code::CatalogueDiffers
        | Code::CatalogueUnreadable
        | Code::JournalChanged
        | Code::JournalShort
        | Code::JournalTorn
        | Code::JournalClock
        | Code::JournalFuture
        | Code::MarkerDiffers
        | Code::CopyParted
        | Code::CopyAhead
        | Code::CopyJournalDamaged => Exit::Record,
        Code::Unreadable | Code::CopyUnreadable if finding.value.as_deref().is_some_and(is_denied) => Exit::Denied,
        _ => Exit::Integrity,
    }
}

/// Returns what findings come to, in a word.
pub fn verdict(verdict: Verdict, text: &Text) -> String {
    match verdict {
        Verdict::Conforms => text.say("verdict-conforms", &[]),
        Verdict::Nonconforming => text.say("verdict-nonconforming", &[]),
        Verdict::Damaged => text.say("verdict-damaged", &[]),
        Verdict::Unreadable => text.say("verdict-unreadable", &[]),
    }
}

/// Returns how grave a finding is, in a word.
pub fn severity(finding: &Finding, text: &Text) -> String {
    match finding.severity {
        Severity::Error => text.say("severity-error", &[]),
        Severity::Warning => text.say("severity-warning", &[]),
        Severity::Info => text.say("severity-info", &[]),
    }
}

/// Returns what a finding says, with place and requirement.
pub fn sentence(finding: &Finding, text: &Text) -> String {
    let mut sentence = text.finding(finding);
    match (finding.line, finding.column) {
        (Some(line), Some(column)) => {
            let place = [("line", line.into()), ("column", column.into())];
            let _ = write!(sentence, " ({})", text.say("place-column", &place));
        }
        (Some(line), None) => {
            let place = [("line", line.into())];
            let _ = write!(sentence, " ({})", text.say("place-line", &place));
        }
        _ => {}
    }
    for detail in [&finding.requirement, &finding.xpath].into_iter().flatten() {
        let _ = write!(sentence, " [{}]", escape(detail));
    }
    sentence
}

/// Returns a finding as it is read: its sentence with place and requirement, and below what to do.
pub fn finding_lines(finding: &Finding, text: &Text) -> String {
    let mut lines = format!("{}: {}", severity(finding, text), sentence(finding, text));
    lines.push('\n');
    if finding.severity != Severity::Info
        && let Some(hint) = text.finding_hint(finding)
    {
        let hint = text.say("hint", &[("hint", hint.into())]);
        let _ = writeln!(lines, "  {hint}");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::text::Language;

    #[test]
    fn only_errors_count() {
        for (code, exit) in [
            (Code::ChecksumMismatch, Exit::Integrity),
            (Code::PackageMissing, Exit::Integrity),
            (Code::PackageUnknown, Exit::Integrity),
            (Code::StoreDeclaration, Exit::Integrity),
            (Code::CatalogueDiffers, Exit::Record),
            (Code::JournalShort, Exit::Record),
            (Code::MarkerDiffers, Exit::Record),
            (Code::PackagePending, Exit::Done),
            (Code::JournalTorn, Exit::Done),
            (Code::JournalClock, Exit::Done),
            (Code::JournalFuture, Exit::Done),
        ] {
            assert_eq!(exit_of(&Finding::new(code)), exit, "{}", code.name());
        }
    }

    #[test]
    fn a_finding_is_read_with_its_place_and_what_to_do() {
        let mut finding = Finding::new(Code::MetsRequirement)
            .file("METS\u{1b}.xml")
            .line(1234)
            .requirement("CSIP1")
            .expected("OBJID");
        finding.column = Some(5);
        let lines = finding_lines(&finding, &Text::new(Language::De));
        assert!(lines.starts_with("Fehler: "), "{lines}");
        for part in ["METS\\u{1b}.xml", "Zeile 1.234, Spalte 5", "[CSIP1]"] {
            assert!(lines.contains(part), "{lines}");
        }
        assert!(!lines.contains('\u{1b}'));
        assert_eq!(lines.lines().count(), 2);
    }

    #[test]
    fn absent_fields_are_left_out_of_json() {
        let findings = [Finding::new(Code::FileMissing).file("a")];
        let judged = Judged { path: "p.zip", package: None, verdict: Verdict::Damaged, findings: &findings };
        assert_eq!(
            serde_json::to_value(&judged).unwrap(),
            serde_json::json!({
                "path": "p.zip",
                "verdict": "damaged",
                "findings": [{"code": "file-missing", "severity": "error", "file": "a"}],
            })
        );
    }
}
