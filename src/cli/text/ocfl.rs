//! Findings about OCFL objects and storage roots: a sentence for what each requirement demands.

use std::fmt::Write as _;

use earchiv::model::finding::Finding;

use super::Text;

/// Returns where the finding is, what its requirement demands, and what was found instead.
pub fn said(finding: &Finding, text: &Text) -> String {
    let mut said = demand(finding.requirement.as_deref().unwrap_or_default(), text);
    if let Some(file) = &finding.file {
        said = format!("{file}: {said}");
    }
    if let Some(value) = finding.value.as_deref().filter(|value| !value.is_empty()) {
        let _ = write!(said, "; {}", text.say("ocfl-found", &[("value", value.into())]));
    }
    if let Some(expected) = finding.expected.as_deref() {
        let _ = write!(said, "; {}", text.say("ocfl-expected", &[("value", expected.into())]));
    }
    said
}

/// Returns what the requirement `id` demands.
fn demand(id: &str, text: &Text) -> String {
    match id {
        "E001" => text.say("ocfl-stray", &[]),
        "E003" => text.say("ocfl-declarations", &[]),
        "E004" => text.say("ocfl-declaration-name", &[]),
        "E005" | "E078" => text.say("ocfl-declaration-letter", &[]),
        "E006" | "E079" => text.say("ocfl-declaration-value", &[]),
        "E007" | "E080" => text.say("ocfl-declaration-text", &[]),
        "E008" => text.say("ocfl-no-versions", &[]),
        "E009" => text.say("ocfl-first-version", &[]),
        "E010" => text.say("ocfl-version-gap", &[]),
        "E011" => text.say("ocfl-version-zero", &[]),
        "E012" => text.say("ocfl-version-conventions", &[]),
        "E013" => text.say("ocfl-version-convention", &[]),
        "E014" => text.say("ocfl-version-name", &[]),
        "E015" => text.say("ocfl-version-stray", &[]),
        "E016" => text.say("ocfl-content-missing", &[]),
        "E017" | "E018" | "E108" => text.say("ocfl-content-name", &[]),
        "E019" => text.say("ocfl-content-set", &[]),
        "E020" => text.say("ocfl-content-changed", &[]),
        "E023" => text.say("ocfl-unlisted", &[]),
        "E024" => text.say("ocfl-empty-folder", &[]),
        "E025" => text.say("ocfl-algorithm", &[]),
        "E029" | "E030" | "E031" | "E032" => text.say("ocfl-digest-form", &[]),
        "E033" => text.say("ocfl-json", &[]),
        "E034" => text.say("ocfl-inventory-name", &[]),
        "E035" => text.say("ocfl-separator", &[]),
        "E036" => text.say("ocfl-key-missing", &[]),
        "E037" => text.say("ocfl-identity", &[]),
        "E038" => text.say("ocfl-type", &[]),
        "E039" => text.say("ocfl-digest-algorithm", &[]),
        "E040" => text.say("ocfl-head", &[]),
        "E041" | "E043" => text.say("ocfl-block-missing", &[]),
        "E042" => text.say("ocfl-content-path", &[]),
        "E044" | "E045" => text.say("ocfl-versions-shape", &[]),
        "E046" => text.say("ocfl-version-folders", &[]),
        "E047" => text.say("ocfl-version-shape", &[]),
        "E048" => text.say("ocfl-version-key", &[]),
        "E049" => text.say("ocfl-created", &[]),
        "E050" => text.say("ocfl-state", &[]),
        "E052" => text.say("ocfl-logical-parts", &[]),
        "E053" => text.say("ocfl-logical-edges", &[]),
        "E054" => text.say("ocfl-user", &[]),
        "E056" => text.say("ocfl-fixity-algorithm", &[]),
        "E057" => text.say("ocfl-fixity-shape", &[]),
        "E058" => text.say("ocfl-sidecar-missing", &[]),
        "E059" => text.say("ocfl-sidecar-algorithm", &[]),
        "E061" => text.say("ocfl-sidecar-form", &[]),
        "E063" => text.say("ocfl-inventory-missing", &[]),
        "E064" => text.say("ocfl-inventory-copy", &[]),
        "E066" => text.say("ocfl-state-changed", &[]),
        "E067" | "E086" | "E112" => text.say("ocfl-extension-stray", &[]),
        "E069" => text.say("ocfl-root-undeclared", &[]),
        "E070" => text.say("ocfl-layout-form", &[]),
        "E071" => text.say("ocfl-layout-name", &[]),
        "E072" => text.say("ocfl-hierarchy-file", &[]),
        "E073" => text.say("ocfl-hierarchy-empty", &[]),
        "E074" => text.say("ocfl-root-inner", &[]),
        "E076" => text.say("ocfl-root-declarations", &[]),
        "E077" => text.say("ocfl-root-declaration-name", &[]),
        "E081" => text.say("ocfl-later-object", &[]),
        "E082" => text.say("ocfl-inner-object", &[]),
        "E083" => text.say("ocfl-place", &[]),
        "E085" => text.say("ocfl-hierarchy-end", &[]),
        "E089" => text.say("ocfl-special", &[]),
        "E090" => text.say("ocfl-link", &[]),
        "E092" => text.say("ocfl-manifest-shape", &[]),
        "E094" => text.say("ocfl-message", &[]),
        "E095" => text.say("ocfl-logical-conflict", &[]),
        "E096" => text.say("ocfl-manifest-twice", &[]),
        "E097" => text.say("ocfl-fixity-twice", &[]),
        "E099" => text.say("ocfl-content-parts", &[]),
        "E100" => text.say("ocfl-content-edges", &[]),
        "E101" => text.say("ocfl-content-conflict", &[]),
        "E102" => text.say("ocfl-key-unknown", &[]),
        "E103" => text.say("ocfl-spec-back", &[]),
        "E104" => text.say("ocfl-version-v", &[]),
        "E105" => text.say("ocfl-version-number", &[]),
        "E106" => text.say("ocfl-manifest-object", &[]),
        "E107" => text.say("ocfl-manifest-unused", &[]),
        "E110" => text.say("ocfl-identity-changed", &[]),
        "E111" => text.say("ocfl-fixity-object", &[]),
        "W001" => text.say("ocfl-padded", &[]),
        "W002" => text.say("ocfl-version-folder", &[]),
        "W003" => text.say("ocfl-content-empty", &[]),
        "W004" => text.say("ocfl-sha512", &[]),
        "W005" => text.say("ocfl-identity-uri", &[]),
        "W007" => text.say("ocfl-version-about", &[]),
        "W008" => text.say("ocfl-address-missing", &[]),
        "W009" => text.say("ocfl-address-uri", &[]),
        "W010" => text.say("ocfl-version-inventory", &[]),
        "W011" => text.say("ocfl-about-changed", &[]),
        "W013" | "W016" => text.say("ocfl-extension-unknown", &[]),
        "W015" => text.say("ocfl-depths", &[]),
        other => other.to_owned(),
    }
}
