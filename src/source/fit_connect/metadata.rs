//! What the metadata of a submission say (FIT-Connect metadata schema 1.x, `metadata.json`) and its envelope
//! (`submission.json`).

use std::collections::HashSet;

use serde_json::Value;

use crate::model::checksum::{Algorithm, Checksum};
use crate::model::finding::{Code, Finding, Severity};
use crate::source::field::printable;

/// What is read of `metadata.json`; personal data are not among it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    /// The schema that it says to follow.
    pub(super) schema: String,
    /// The service that was applied for, its name.
    pub(super) service: String,
    /// The service's identifier (LeiKa).
    pub(super) service_id: String,
    /// The data, where there are any.
    pub(super) data: Option<Part>,
    /// The attachments in their order.
    pub(super) attachments: Vec<Part>,
}

/// The data or an attachment as the metadata describe them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// `attachmentId`; empty for the data.
    pub(super) id: String,
    /// `filename` as it was entered; never a path.
    pub(super) filename: String,
    /// `description`.
    pub(super) label: String,
    /// `mimeType`.
    pub(super) mime_type: String,
    /// `purpose`.
    pub(super) purpose: String,
    /// `submissionSchema.schemaUri` of the data.
    pub(super) schema: String,
    /// `hash`, where it is one that can be compared.
    pub(super) checksum: Option<Checksum>,
    /// Whether a detached signature came along.
    pub(super) signed: bool,
}

/// What is read of `submission.json`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Envelope {
    /// `submissionId`.
    pub(super) submission: String,
    /// `caseId`.
    pub(super) case: String,
    /// `destinationId`.
    pub(super) destination: String,
    /// `submittedAt` as it stands there.
    pub(super) submitted: String,
}

impl Envelope {
    /// Reads an envelope.
    pub(super) fn read(document: &Value) -> Self {
        Self {
            submission: text(document, "/submissionId"),
            case: text(document, "/caseId"),
            destination: text(document, "/destinationId"),
            submitted: text(document, "/submittedAt"),
        }
    }
}

impl Metadata {
    /// Reads the metadata in the document `file`, and puts what is wrong with them into `findings`.
    pub(super) fn read(document: &Value, file: &str, findings: &mut Vec<Finding>) -> Self {
        let mut found = Self {
            schema: text(document, "/$schema"),
            service: text(document, "/publicServiceType/name"),
            service_id: text(document, "/publicServiceType/identifier"),
            ..Self::default()
        };
        if major(&found.schema).is_some_and(|version| version != "1") {
            let mut finding = invalid(file, "/$schema", "metadata schema 1.x");
            finding.severity = Severity::Warning;
            findings.push(finding.value(found.schema.clone()));
        }
        let Some(content) = document.get("contentStructure").filter(|content| content.is_object()) else {
            findings.push(invalid(file, "/contentStructure", "contentStructure"));
            return found;
        };
        match content.get("data") {
            Some(data) if data.is_object() => {
                found.data = Some(Part::read(data, file, "/contentStructure/data", "data", findings));
            }
            None | Some(Value::Null) => {}
            Some(_) => findings.push(invalid(file, "/contentStructure/data", "contentStructure.data")),
        }
        let mut ids = HashSet::new();
        match content.get("attachments") {
            Some(Value::Array(list)) => {
                for (index, one) in list.iter().enumerate() {
                    let place = format!("/contentStructure/attachments/{index}");
                    let id = text(one, "/attachmentId");
                    if id.is_empty() {
                        findings.push(invalid(file, &format!("{place}/attachmentId"), "attachmentId"));
                    } else if ids.insert(id.clone()) {
                        found.attachments.push(Part::read(one, file, &place, &id, findings));
                    } else {
                        findings.push(at(Finding::new(Code::NamedTwice).file(file).value(id), &place));
                    }
                }
            }
            None | Some(Value::Null) => {}
            Some(_) => findings.push(invalid(file, "/contentStructure/attachments", "contentStructure.attachments")),
        }
        found
    }
}

impl Part {
    /// Reads a part that stands at `place` and is called `name` in findings.
    fn read(value: &Value, file: &str, place: &str, name: &str, findings: &mut Vec<Finding>) -> Self {
        // Neither blanks nor letters that nobody sees are taken from a name: it is the original.
        let filename = value.get("filename").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self {
            id: text(value, "/attachmentId"),
            filename,
            label: text(value, "/description"),
            mime_type: [text(value, "/mimeType"), text(value, "/submissionSchema/mimeType")].concat(),
            purpose: text(value, "/purpose"),
            schema: text(value, "/submissionSchema/schemaUri"),
            checksum: checksum(value.get("hash"), file, place, name, findings),
            signed: value.get("signature").is_some_and(|signature| !signature.is_null()),
        }
    }
}

fn checksum(
    hash: Option<&Value>,
    file: &str,
    place: &str,
    name: &str,
    findings: &mut Vec<Finding>,
) -> Option<Checksum> {
    let place = format!("{place}/hash");
    let Some(hash) = hash.filter(|hash| !hash.is_null()) else {
        let mut finding = at(Finding::new(Code::ChecksumAbsent).file(file).value(name), &place);
        finding.severity = Severity::Info;
        findings.push(finding);
        return None;
    };
    let kind = text(hash, "/type");
    let Some(algorithm) = Algorithm::named(&kind) else {
        let mut finding = at(Finding::new(Code::AlgorithmUnknown).file(file).value(kind), &place);
        finding.severity = Severity::Warning;
        findings.push(finding);
        return None;
    };
    let found = Checksum::from_hex(algorithm, &text(hash, "/content"));
    if found.is_none() {
        let digits = algorithm.length() * 2;
        findings.push(invalid(file, &format!("{place}/content"), &format!("{digits} hexadecimal digits")));
    }
    found
}

/// Returns the text at `pointer`, empty where there is none.
fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).map(printable).unwrap_or_default()
}

/// Returns the major version in the address of a schema: `1` of `…/metadata/1.3.0/metadata.schema.json`.
fn major(schema: &str) -> Option<&str> {
    let version = |part: &&str| part.split('.').count() == 3 && part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    schema.split('/').find(version)?.split('.').next()
}

fn invalid(file: &str, pointer: &str, expected: &str) -> Finding {
    at(Finding::new(Code::SubmissionInvalid).file(file).expected(expected), pointer)
}

fn at(mut finding: Finding, pointer: &str) -> Finding {
    finding.xpath = Some(pointer.to_owned());
    finding
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(document: &Value) -> (Metadata, Vec<(Code, Severity, String)>) {
        let mut findings = Vec::new();
        let found = Metadata::read(document, "metadata.json", &mut findings);
        let told = findings.into_iter().map(|f| (f.code, f.severity, f.xpath.unwrap_or_default())).collect();
        (found, told)
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let sum = "ab".repeat(64);
        let one = |id: &str| json!({"attachmentId": id, "hash": {"type": "sha512", "content": sum}});
        let content = |attachments: Value| json!({"contentStructure": {"attachments": attachments}});
        for (document, expected) in [
            (json!([]), vec![(Code::SubmissionInvalid, Severity::Error, "/contentStructure")]),
            (json!({"contentStructure": 7}), vec![(Code::SubmissionInvalid, Severity::Error, "/contentStructure")]),
            (json!({"contentStructure": {}}), vec![]),
            (
                json!({"contentStructure": {"data": [], "attachments": {}}}),
                vec![
                    (Code::SubmissionInvalid, Severity::Error, "/contentStructure/data"),
                    (Code::SubmissionInvalid, Severity::Error, "/contentStructure/attachments"),
                ],
            ),
            (content(json!([one("a"), one("b")])), vec![]),
            (
                content(json!([one("a"), one("a"), {}, 7])),
                vec![
                    (Code::NamedTwice, Severity::Error, "/contentStructure/attachments/1"),
                    (Code::SubmissionInvalid, Severity::Error, "/contentStructure/attachments/2/attachmentId"),
                    (Code::SubmissionInvalid, Severity::Error, "/contentStructure/attachments/3/attachmentId"),
                ],
            ),
            (
                content(json!([
                    {"attachmentId": "a"},
                    {"attachmentId": "b", "hash": {"type": "crc32", "content": "00"}},
                    {"attachmentId": "c", "hash": {"type": "SHA-256", "content": "00"}},
                ])),
                vec![
                    (Code::ChecksumAbsent, Severity::Info, "/contentStructure/attachments/0/hash"),
                    (Code::AlgorithmUnknown, Severity::Warning, "/contentStructure/attachments/1/hash"),
                    (Code::SubmissionInvalid, Severity::Error, "/contentStructure/attachments/2/hash/content"),
                ],
            ),
            (
                json!({"$schema": "https://example.org/metadata/2.0.0/metadata.schema.json", "contentStructure": {}}),
                vec![(Code::SubmissionInvalid, Severity::Warning, "/$schema")],
            ),
        ] {
            let (_, told) = read(&document);
            let told: Vec<(Code, Severity, &str)> = told.iter().map(|(c, s, place)| (*c, *s, place.as_str())).collect();
            assert_eq!(told, expected, "{document}");
        }
    }

    #[test]
    fn names_are_taken_as_they_were_entered() {
        let (found, _) = read(&json!({"contentStructure": {"attachments": [
            {"attachmentId": "a", "filename": " ../../x\u{0}", "mimeType": "application/pdf", "purpose": "form"}
        ]}}));
        assert_eq!(found.attachments[0].filename, " ../../x\u{0}");
        assert_eq!(
            (found.attachments[0].mime_type.as_str(), found.attachments[0].purpose.as_str()),
            ("application/pdf", "form")
        );
    }
}
