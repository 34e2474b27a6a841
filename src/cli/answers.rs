//! What is said to the agency and about the answers to it.

use std::fmt::Write as _;
use std::path::Path;

use earchiv::archive::agency::{AnswerReport, AnswerState, Problem};
use earchiv::archive::report::{DeliveryReport, RecordReport};
use earchiv::model::decision::NotTaken;
use earchiv::model::finding::Severity;

use super::delivery::exception_line;
use super::text::{Language, Text, escape, path};

/// Says why an object has no success; `text` is German, whatever the user reads: agencies get it.
pub fn outcome(problem: &Problem<'_>, text: &Text) -> String {
    match problem {
        Problem::Refused(record) => text.say("outcome-refused", &[("reason", reason(record, text).into())]),
        Problem::Failed => text.say("outcome-failed", &[]),
        Problem::Conflict => text.say("outcome-conflict", &[]),
        Problem::LeftOut => text.say("outcome-left-out", &[]),
        Problem::NotTaken(appraisal) => text.say("outcome-not-taken", &[("decision", appraisal.name().into())]),
        Problem::Partly => text.say("outcome-partly", &[]),
        Problem::NotDelivered => text.say("outcome-not-delivered", &[]),
        Problem::NotStored => text.say("outcome-not-stored", &[]),
    }
}

/// Returns the language in which agencies are answered.
pub fn language() -> Text {
    Text::new(Language::De)
}

/// Returns why a record was refused: all its errors, and the entry that refuses it.
fn reason(record: &RecordReport, text: &Text) -> String {
    let errors = record.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let mut reasons: Vec<String> = errors.map(|finding| text.finding(finding)).collect();
    let entries = record.exceptions.iter().filter(|exception| exception.reason.refuses_record());
    reasons.extend(entries.map(|exception| exception_line(exception, text)));
    reasons.join(" ")
}

/// Returns what became of the answers to a delivery, as people read it.
pub fn lines(report: &DeliveryReport, text: &Text) -> String {
    let mut lines = String::new();
    for answer in &report.answers {
        let _ = writeln!(lines, "{}", line(answer, text));
    }
    if report.answers.iter().any(|answer| answer.objects > 0 && answer.state != AnswerState::Asked) {
        let told =
            if report.released { text.say("answer-released", &[]) } else { text.say("answer-not-released", &[]) };
        let _ = writeln!(lines, "{told}");
    }
    lines
}

/// Returns what became of an answer, as people read it.
pub fn line(answer: &AnswerReport, text: &Text) -> String {
    let told = [("message", answer.message.as_str().into()), ("file", path(Path::new(&answer.file)))];
    let line = match answer.state {
        AnswerState::Written => text.say("answer-written", &told),
        AnswerState::Kept => text.say("answer-kept", &told),
        AnswerState::Asked => text.say("answer-asked", &told[..1]),
    };
    if answer.objects == 0 {
        return line;
    }
    let counts = [("stored", answer.stored.into()), ("objects", answer.objects.into())];
    format!("{line}\n  {}", text.say("answer-outcome", &counts))
}

/// Returns what an object is called that is not taken over: kind, reference code, title, identifier.
pub fn named(object: &NotTaken) -> String {
    let known = &object.object;
    let words = [known.kind.name(), &known.reference, &known.title];
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    escape(&format!("{} ({})", words.join(" "), known.id)).into_owned()
}

/// Returns by what decision an object is not taken over: what, where it stands, who, when, why.
pub fn decided(object: &NotTaken, text: &Text) -> String {
    let decision = &object.decision;
    let what = text.say("receipt-decision", &[("decision", decision.appraisal.name().into())]);
    let told = [&decision.origin, &decision.who, &decision.when, &decision.why].map(|told| escape(told));
    let told: Vec<&str> = told.iter().map(AsRef::as_ref).filter(|told| !told.is_empty()).collect();
    if told.is_empty() { what } else { format!("{what} ({})", told.join("; ")) }
}

/// Returns the objects of a record that are not taken over because of a decision, one a line, up to `most`.
pub fn not_taken(record: &RecordReport, most: usize, text: &Text) -> Vec<String> {
    let line = |object: &NotTaken| {
        let decision = object.decision.appraisal.name();
        text.say("not-taken", &[("decision", decision.into()), ("object", named(object).into())])
    };
    record.not_taken.iter().take(most).map(line).collect()
}
