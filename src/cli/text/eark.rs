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
        Code::MetsRequirement if matches!(expected, Some("dmdSec" | "amdSec/digiprovMD" | "mptr, fptr")) => {
            Some("finding-mets-section")
        }
        Code::StructureRequirement if finding.file.is_none() => Some("finding-structure-name"),
        Code::MetsRequirement if finding.severity == Severity::Info && value.is_none_or(|value| value == "0") => {
            Some("finding-mets-optional")
        }
        Code::MetsRequirement if value.is_some() && expected.is_some_and(is_range) => Some("finding-mets-count"),
        Code::MetsRequirement if expected.is_some_and(is_range) => Some("finding-mets-once"),
        Code::MetsRequirement if value.is_none() => Some("finding-mets-lacks"),
        _ => None,
    }
}

/// Returns whether `expected` says how often something may be there, as the specifications write it (`0..1`, `1..n`).
fn is_range(expected: &str) -> bool {
    matches!(expected, "0..1" | "0..n" | "1..1" | "1..n")
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
        (Code::MetsRequirement, "xml:id") => text.say("expected-id", &[]),
        (Code::MetsRequirement, "unique xml:id") => text.say("expected-own-id", &[]),
        (Code::MetsRequirement, "amdSec ID" | "dmdSec ID") => {
            text.say("expected-section", &[("name", expected.trim_end_matches(" ID").into())])
        }
        (Code::MetsRequirement, "all current amdSec ID" | "all current dmdSec ID") => {
            let name = expected.trim_start_matches("all current ").trim_end_matches(" ID");
            text.say("expected-current", &[("name", name.into())])
        }
        (Code::MetsRequirement, "fileGrp ID") => text.say("expected-file-group", &[]),
        (Code::MetsRequirement, "ContentCategory" | "ContentInformationType") => {
            text.say("expected-vocabulary", &[("vocabulary", expected.into())])
        }
        _ => expected.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::text::Language;

    #[test]
    fn each_finding_has_the_sentence_that_fits_what_was_found() {
        let found = |value: Option<&str>, expected: &str| {
            let mut finding =
                Finding::new(Code::MetsRequirement).file("METS.xml").requirement("CSIP1").expected(expected);
            finding.value = value.map(str::to_owned);
            finding
        };
        for (finding, wanted) in [
            (
                found(Some("Doku"), "Documentation | Schemas | Representations/..."),
                "In METS.xml steht „Doku“; erwartet",
            ),
            (found(Some("2"), "1..1"), "Element 2-mal vor; vorgesehen ist 1..1"),
            (found(None, "1..1"), "fehlt das genannte Element, ist leer oder steht mehrmals"),
            (found(None, "dmdSec"), "kein Abschnitt des METS-Dokuments verweist darauf"),
            (found(Some("a"), "unique xml:id"), "im Dokument nur einmal steht"),
            (found(None, "all current amdSec ID"), "aller aktuellen Abschnitte von amdSec"),
            (found(Some("b"), "amdSec ID"), "die ID eines Abschnitts von amdSec"),
            (found(None, "URL"), "fehlt eine Angabe"),
            (Finding { requirement: None, ..found(Some("a\\b"), "a/b") }, "die Datei heißt „a/b“"),
            (Finding { code: Code::ReferenceMissing, ..found(Some("A"), "a") }, "vorhanden ist „a“"),
            (Finding { code: Code::StructureRequirement, file: None, ..found(Some("x"), "y") }, "sollte es „y“ heißen"),
        ] {
            let told = Text::new(Language::De).finding(&finding);
            assert!(told.contains(wanted), "{told}");
        }
    }
}
