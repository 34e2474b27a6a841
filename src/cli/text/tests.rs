//! Both catalogues say the same things, and exactly those that the program asks for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use clap::CommandFactory as _;
use earchiv::model::finding::{Code, Finding, Severity};

use super::*;
use crate::cli::{Cli, help};

const CATALOGUES: [(Language, &str); 2] =
    [(Language::De, include_str!("de.ftl")), (Language::En, include_str!("en.ftl"))];

/// Every message with its variables; attributes are `key.attribute`.
fn messages(catalogue: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut message, mut key) = (String::new(), String::new());
    for line in catalogue.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(" = ").next().unwrap_or_default();
        if let Some(attribute) = name.strip_prefix("    .") {
            key = format!("{message}.{attribute}");
        } else if line.starts_with(|letter: char| letter.is_ascii_lowercase()) {
            name.clone_into(&mut message);
            name.clone_into(&mut key);
        }
        if line.is_empty() {
            continue;
        }
        if line.contains(" = ") {
            assert!(!messages.contains_key(&key), "{key} twice");
        }
        let variables = messages.entry(key.clone()).or_default();
        for piece in line.split('$').skip(1) {
            let end = piece.find(|letter: char| !letter.is_ascii_lowercase()).unwrap_or(piece.len());
            variables.insert(piece[..end].to_owned());
        }
    }
    messages
}

fn keys() -> BTreeSet<String> {
    let all = messages(CATALOGUES[0].1);
    all.into_keys().filter(|key| !key.contains('.')).collect()
}

/// The keys that stand in the sources, as literals of the calls that look them up.
fn keys_in_sources() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut folders: Vec<_> =
        ["src/cli", "templates"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs" || e == "html") && !path.ends_with("tests.rs") {
                let source = fs::read_to_string(&path).unwrap();
                let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
                for call in [".say(", ".because_text("] {
                    keys.extend(literals(source, call).map(ToOwned::to_owned));
                }
                // A table of keys.
                if path.ends_with("table_fault.rs") {
                    let pairs = source.split("\"table-").skip(1);
                    let names = pairs.filter_map(|rest| rest.split('"').next());
                    keys.extend(names.map(|name| format!("table-{name}")));
                }
                if path.ends_with("text/bag.rs") || path.ends_with("text/eark.rs") {
                    for before in ["=> \"", "Some(\""] {
                        let words = source.split(before).skip(1).filter_map(|rest| rest.split('"').next());
                        let is_key = |word: &&str| word.starts_with("bag-") || word.starts_with("finding-");
                        keys.extend(words.filter(is_key).map(ToOwned::to_owned));
                    }
                }
                let faults = literals(source, "Failure::new(").map(|code| format!("fault-{code}"));
                keys.extend(faults);
                let faults = literals(source, "Self::new(").map(|code| format!("fault-{code}"));
                keys.extend(faults);
            }
        }
    }
    keys
}

/// The first literal of each call `call` whose key is written out.
fn literals<'a>(source: &'a str, call: &'a str) -> impl Iterator<Item = &'a str> {
    source.split(call).skip(1).filter_map(|rest| {
        let start = rest.find('"')?;
        let before = &rest[..start];
        let written_out = !before.contains(['&', ')', ';', '(', '=']);
        written_out.then(|| rest[start + 1..].split('"').next().unwrap())
    })
}

/// The keys of all commands, options and value names.
fn keys_of_help(text: &Text) -> BTreeSet<String> {
    fn walk(command: &clap::Command, path: &str, text: &Text, keys: &mut BTreeSet<String>) {
        for argument in command.get_arguments() {
            keys.insert(help::argument_key(path, argument, text));
            for name in argument.get_value_names().unwrap_or_default() {
                if argument.get_action().takes_values() {
                    keys.insert(format!("value-{}", name.to_lowercase()));
                }
            }
        }
        for command in command.get_subcommands() {
            let name = command.get_name();
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}-{name}") };
            keys.insert(format!("help-{path}"));
            walk(command, &path, text, keys);
        }
    }
    let mut keys = BTreeSet::from(["option-help", "option-version", "help"].map(str::to_owned));
    walk(&Cli::command(), "", text, &mut keys);
    keys
}

#[test]
fn both_languages_say_the_same_with_the_same_variables() {
    let [german, english] = CATALOGUES.map(|(_, catalogue)| messages(catalogue));
    assert_eq!(german, english);
    for (language, catalogue) in CATALOGUES {
        assert!(FluentResource::try_new(catalogue.to_owned()).is_ok(), "{language:?}");
        let text = Text::new(language);
        for key in keys() {
            assert!(text.bundle.has_message(&key), "{language:?} {key}");
        }
    }
}

#[test]
fn every_text_is_used_and_every_used_text_is_there() {
    let mut used = keys_in_sources();
    used.extend(keys_of_help(&Text::new(Language::De)));
    used.extend(Code::ALL.iter().map(|code| format!("finding-{}", code.name())));
    let there = keys();
    let missing: Vec<_> = used.difference(&there).collect();
    let unused: Vec<_> = there.difference(&used).collect();
    assert!(missing.is_empty(), "missing: {missing:?}");
    assert!(unused.is_empty(), "unused: {unused:?}");
}

#[test]
fn every_finding_has_a_sentence_and_a_hint() {
    for (language, _) in CATALOGUES {
        let text = Text::new(language);
        for code in Code::ALL {
            let finding = Finding::new(*code).file("FILE").value("VALUE").expected("EXPECTED");
            let sentence = text.finding(&finding);
            assert!(["FILE", "VALUE", "EXPECTED"].iter().any(|part| sentence.contains(part)), "{sentence}");
            if code.severity() != Severity::Info {
                assert!(text.finding_hint(&finding).is_some(), "{}", code.name());
            }
        }
    }
}

#[test]
fn numbers_and_foreign_names_in_a_sentence() {
    let text = Text::new(Language::De);
    let progress = text.say(
        "progress",
        &[
            ("files", 1u64.into()),
            ("of", 1_234_567u64.into()),
            ("bytes", "1 B".into()),
            ("rate", "1 B".into()),
            ("left", "1 s".into()),
        ],
    );
    assert_eq!(progress, "1 von 1.234.567 Dateien, 1 B, 1 B/s, noch 1 s");
    let hint = text.say("hint", &[("hint", "a\x1b[2J\n\u{202e}".into())]);
    assert_eq!(hint, "Abhilfe: a\\u{1b}[2J\\u{a}\\u{202e}");
}

#[test]
fn language_of_a_locale() {
    for (locale, language) in [
        ("", Language::De),
        ("C", Language::De),
        ("C.UTF-8", Language::De),
        ("POSIX", Language::De),
        ("de_DE.UTF-8", Language::De),
        ("de", Language::De),
        ("de_AT@euro", Language::De),
        ("en_GB.UTF-8", Language::En),
        ("fr_FR.UTF-8", Language::En),
        ("dev", Language::En),
    ] {
        assert_eq!(Language::of_locale(locale), language, "{locale}");
    }
}
