//! What findings about requirements and schemas of E-ARK packages say.

use earchiv::model::finding::{Code, Finding, Severity};

use super::Text;

/// Returns the key of a finding's sentence, where it depends on more than the code.
pub fn key(finding: &Finding) -> Option<&'static str> {
    let (value, expected) = (finding.value.as_deref(), finding.expected.as_deref());
    match finding.code {
        Code::ReferenceMissing if expected.is_some() => Some("finding-reference-alike"),
        Code::MetsRequirement if finding.requirement.is_none() => Some("finding-mets-spelling"),
        Code::SchemaInvalid if expected.is_some() && value.is_none() => Some("finding-schema-lacks"),
        Code::SchemaInvalid if expected.is_some() => Some("finding-schema-expected"),
        Code::MetsRequirement if finding.severity == Severity::Info && value.is_none_or(|value| value == "0") => {
            Some("finding-mets-optional")
        }
        Code::MetsRequirement if expected.is_some_and(|expected| expected.contains("..")) => Some("finding-mets-count"),
        Code::MetsRequirement if value.is_none() => Some("finding-mets-lacks"),
        _ => None,
    }
}

/// Returns in words what should be there.
pub fn expected(finding: &Finding, text: &Text) -> Option<String> {
    let expected = finding.expected.as_deref()?;
    Some(match (finding.code, expected) {
        (Code::SchemaInvalid, "*") => text.say("expected-element", &[]),
        (Code::MetsRequirement, "attribute") => text.say("expected-attribute", &[]),
        (Code::MetsRequirement, "value") => text.say("expected-value", &[]),
        (Code::MetsRequirement, "bytes") => text.say("expected-bytes", &[]),
        (Code::MetsRequirement, "dateTime") => text.say("expected-time", &[]),
        (Code::MetsRequirement, "media type") => text.say("expected-media-type", &[]),
        (Code::MetsRequirement, "checksum") => text.say("expected-checksum", &[]),
        (Code::MetsRequirement, "fileGrp ID") => text.say("expected-file-group", &[]),
        (Code::MetsRequirement, "ContentCategory" | "ContentInformationType") => {
            text.say("expected-vocabulary", &[("vocabulary", expected.into())])
        }
        _ => expected.to_owned(),
    })
}
