//! Explains a profile in plain words, for archivists who do not read TOML.

use std::fmt::Write as _;

use earchiv::model::accession::Purpose;
use earchiv::model::finding::Severity;
use earchiv::model::package::PackageForm;
use earchiv::profile::{Digest, FileName, Line, OnError, Pattern, Per, Profile, RetentionStart, SourceKind, Special};

use super::text::{Language, Text, escape};

/// Returns what `profile` says, one statement a line.
pub fn profile(profile: &Profile, text: &Text) -> String {
    let title = match text.language() {
        Language::De => &profile.title.de,
        Language::En => &profile.title.en,
    };
    let named = [("name", profile.name.as_str().into()), ("title", escape(title.as_str()).into())];
    let version = ("version", profile.version.into());
    let mut page = format!("{}\n\n", text.say("explain-head", &[named[0].clone(), named[1].clone(), version]));
    for (heading, statements) in [
        (text.say("explain-source", &[]), vec![source(profile.source, text), per(profile.records.per, text)]),
        (text.say("explain-description", &[]), description(profile, text)),
        (text.say("explain-taking", &[]), taking(profile, text)),
        (text.say("explain-keeping", &[]), keeping(profile, text)),
        (text.say("explain-package", &[]), packaging(profile, text)),
    ] {
        let _ = writeln!(page, "{heading}");
        for statement in statements {
            let _ = writeln!(page, "  - {statement}");
        }
        page.push('\n');
    }
    let _ = writeln!(page, "{}", text.say("explain-toml", &[named[0].clone()]));
    page
}

fn source(kind: SourceKind, text: &Text) -> String {
    match kind {
        SourceKind::Folder => text.say("explain-source-folder", &[]),
        SourceKind::Bagit => text.say("explain-source-bagit", &[]),
        SourceKind::FitConnect => text.say("explain-source-fit-connect", &[]),
        SourceKind::Mail => text.say("explain-source-mail", &[]),
        SourceKind::Table => text.say("explain-source-table", &[]),
        SourceKind::Xdomea => text.say("explain-source-xdomea", &[]),
        SourceKind::Einvoice => text.say("explain-source-einvoice", &[]),
    }
}

fn per(per: Per, text: &Text) -> String {
    match per {
        Per::Folder => text.say("explain-per-folder", &[]),
        Per::Delivery => text.say("explain-per-delivery", &[]),
        Per::File => text.say("explain-per-file", &[]),
        Per::Message => text.say("explain-per-message", &[]),
        Per::Object => text.say("explain-per-object", &[]),
    }
}

fn description(profile: &Profile, text: &Text) -> Vec<String> {
    let rules = &profile.description;
    let mut said = Vec::new();
    if !rules.tables.is_empty() {
        let tables: Vec<&str> = rules.tables.iter().map(FileName::as_str).collect();
        said.push(text.say("explain-tables", &[("files", escape(&tables.join(", ")).into())]));
    }
    for field in &rules.field {
        let named = [
            ("field", escape(field.field.as_str()).into_owned().into()),
            ("from", escape(field.from.as_str()).into_owned().into()),
        ];
        said.push(text.say("explain-field", &named));
    }
    let required: Vec<&str> = rules.required.iter().map(Line::as_str).collect();
    said.push(if required.is_empty() {
        text.say("explain-required-none", &[])
    } else {
        text.say("explain-required", &[("fields", escape(&required.join(", ")).into())])
    });
    said
}

fn taking(profile: &Profile, text: &Text) -> Vec<String> {
    let mut said = vec![match profile.on_error {
        OnError::TakeRest => text.say("explain-take-rest", &[]),
        OnError::AllOrNothing => text.say("explain-all-or-nothing", &[]),
    }];
    for (code, severity) in profile.checks.iter() {
        let code = [("code", code.name().into())];
        said.push(match severity {
            Severity::Error => text.say("explain-check-error", &code),
            Severity::Warning => text.say("explain-check-warning", &code),
            Severity::Info => text.say("explain-check-info", &code),
        });
    }
    said.push(if profile.links.leave_out {
        text.say("explain-links-left-out", &[])
    } else {
        text.say("explain-links-refused", &[])
    });
    if profile.leave_out.is_empty() {
        said.push(text.say("explain-leave-out-none", &[]));
    }
    for rule in &profile.leave_out {
        let patterns: Vec<&str> = rule.names.iter().map(Pattern::as_str).collect();
        let named = [
            ("rule", rule.rule.as_str().to_owned().into()),
            ("names", escape(&patterns.join(", ")).into_owned().into()),
            ("reason", escape(rule.reason.as_str()).into_owned().into()),
        ];
        said.push(text.say("explain-leave-out", &named));
    }
    said
}

fn keeping(profile: &Profile, text: &Text) -> Vec<String> {
    let mut said = vec![match profile.purpose.unwrap_or_default() {
        Purpose::Permanent => text.say("explain-permanent", &[]),
        Purpose::Interim => text.say("explain-interim", &[]),
    }];
    if let Some(retention) = &profile.retention {
        let named =
            [("years", retention.years.into()), ("basis", escape(retention.basis.as_str()).into_owned().into())];
        said.push(match retention.from {
            RetentionStart::YearEnd => text.say("explain-retention-year-end", &named),
            RetentionStart::Date => text.say("explain-retention-date", &named),
        });
    }
    if let Some(rights) = &profile.rights {
        let end = rights.end.as_ref().map(|end| end.as_str().to_owned()).unwrap_or_default();
        let named = [
            ("restriction", escape(rights.restriction.as_str()).into_owned().into()),
            ("statute", escape(rights.statute.as_str()).into_owned().into()),
            ("end", end.clone().into()),
        ];
        said.push(if end.is_empty() {
            text.say("explain-rights-open", &named[..2])
        } else {
            text.say("explain-rights", &named)
        });
    }
    said.extend(closure(profile, text));
    said.push(text.say("explain-appraisal", &[]));
    said
}

/// What is said of closure periods: nothing where they do not apply.
fn closure(profile: &Profile, text: &Text) -> Vec<String> {
    if profile.rights.is_some() || profile.purpose == Some(Purpose::Interim) {
        return Vec::new();
    }
    let rules = &profile.closure;
    let named = [
        ("law", escape(rules.law.as_str()).into_owned().into()),
        ("general", rules.general_years.into()),
        ("secret", rules.secret_years.into()),
        ("death", rules.after_death_years.into()),
        ("birth", rules.after_birth_years.into()),
        ("unknown", rules.person_unknown_years.into()),
    ];
    let mut said = vec![text.say("explain-closure", &named)];
    if rules.personal {
        said.push(text.say("explain-closure-personal", &[]));
    }
    for special in &rules.special {
        said.push(match special {
            Special::Bundesrecht => text.say("explain-closure-federal", &[]),
            Special::Veroeffentlicht => text.say("explain-closure-published", &[]),
            Special::Amtstraeger => text.say("explain-closure-officials", &[]),
            Special::Ddr => text.say("explain-closure-gdr", &[]),
        });
    }
    said
}

fn packaging(profile: &Profile, text: &Text) -> Vec<String> {
    let package = &profile.package;
    let kind = [
        ("category", package.content_category.as_str().to_owned().into()),
        ("type", package.content_information_type.as_str().to_owned().into()),
    ];
    vec![
        match package.form {
            PackageForm::Zip => text.say("explain-form-zip", &[]),
            PackageForm::Folder => text.say("explain-form-folder", &[]),
        },
        text.say("explain-content", &kind),
        if package.digests.contains(&Digest::Sha512) {
            text.say("explain-digests-both", &[])
        } else {
            text.say("explain-digests", &[])
        },
    ]
}
