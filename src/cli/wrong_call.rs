//! Wrong calls, told in the user's language instead of clap's words.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::error::{Failure, Kind};
use super::quantity::QuantityFault;

/// Returns what is wrong with a call that clap refused.
pub fn failure(error: &Error) -> Failure {
    let argument = || said(error, ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let failure = Failure::new(Kind::Usage, "unknown-option").with("option", argument());
            suggested(failure, error, ContextKind::SuggestedArg)
        }
        ErrorKind::InvalidSubcommand => {
            let name = said(error, ContextKind::InvalidSubcommand);
            let failure = Failure::new(Kind::Usage, "unknown-command").with("command", name);
            suggested(failure, error, ContextKind::SuggestedSubcommand)
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Failure::new(Kind::Usage, "missing-command")
        }
        ErrorKind::MissingRequiredArgument => Failure::new(Kind::Usage, "missing-argument").with("option", argument()),
        ErrorKind::InvalidValue => invalid_value(error),
        ErrorKind::ValueValidation => {
            let source = std::error::Error::source(error);
            let value = said(error, ContextKind::InvalidValue);
            match source.map(ToString::to_string).as_deref() {
                Some("expected-id") => Failure::new(Kind::Usage, "value-no-id"),
                Some("expected-date") => Failure::new(Kind::Usage, "value-no-date"),
                Some("expected-marker") => Failure::new(Kind::Usage, "value-no-marker"),
                Some("expected-level") => Failure::new(Kind::Usage, "value-no-level"),
                Some("expected-shard") => Failure::new(Kind::Usage, "value-no-shard"),
                Some("expected-text") => Failure::new(Kind::Usage, "value-no-text"),
                Some("expected-element") => Failure::new(Kind::Usage, "value-no-element"),
                Some("expected-form") => Failure::new(Kind::Usage, "value-no-form"),
                _ => match source.and_then(|source| source.downcast_ref::<QuantityFault>()) {
                    Some(fault) => fault.failure(),
                    None => Failure::new(Kind::Usage, "value-invalid"),
                },
            }
            .with("option", argument())
            .with("value", value)
        }
        ErrorKind::ArgumentConflict => {
            let prior = said(error, ContextKind::PriorArg);
            if prior == argument() || prior.is_empty() {
                Failure::new(Kind::Usage, "option-twice").with("option", argument())
            } else {
                Failure::new(Kind::Usage, "options-conflict").with("option", argument()).with("other", prior)
            }
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            Failure::new(Kind::Usage, "value-count").with("option", argument())
        }
        ErrorKind::InvalidUtf8 => Failure::new(Kind::Usage, "argument-letters"),
        _ => Failure::new(Kind::Usage, "wrong-call").because(error.kind().to_string()),
    }
}

fn invalid_value(error: &Error) -> Failure {
    let argument = said(error, ContextKind::InvalidArg);
    let value = said(error, ContextKind::InvalidValue);
    if value.is_empty() {
        return Failure::new(Kind::Usage, "value-missing").with("option", argument);
    }
    let failure = Failure::new(Kind::Usage, "value-not-among")
        .with("option", argument)
        .with("value", value)
        .with("values", said(error, ContextKind::ValidValue));
    suggested(failure, error, ContextKind::SuggestedValue)
}

fn suggested(failure: Failure, error: &Error, kind: ContextKind) -> Failure {
    let word = match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word),
        // The most alike stands last.
        Some(ContextValue::Strings(words)) => words.last(),
        _ => None,
    };
    match word {
        Some(word) => failure.suggest(word.clone()),
        None => failure,
    }
}

/// Returns what clap knows under `kind`, empty where it knows nothing.
fn said(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
