//! The configuration file: where it is looked for, and what becomes of a wrong one.
#![allow(clippy::disallowed_methods)]

use std::fs;

use super::{Run, earchiv};

fn is_english(run: &Run) -> bool {
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run.stdout.contains(".SH SYNOPSIS")
}

#[test]
fn options_before_environment_before_file_before_locale() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.toml");
    fs::write(&file, "lang = \"en\"\n").unwrap();
    let named = file.to_str().unwrap();
    for (arguments, variables, english) in [
        (&["man"][..], &[][..], false),
        (&["man", "--config", named], &[("LC_ALL", "de_DE")], true),
        (&["man"], &[("EARCHIV_CONFIG", named)], true),
        (&["man"], &[("EARCHIV_CONFIG", named), ("EARCHIV_LANG", "de")], false),
        (&["man", "--lang", "de"], &[("EARCHIV_CONFIG", named)], false),
        (&["man", "--lang", "en"], &[("EARCHIV_LANG", "de")], true),
    ] {
        let output = earchiv(arguments).envs(variables.iter().copied()).output().unwrap();
        let run = output.into();
        assert_eq!(is_english(&run), english, "{arguments:?} {variables:?}");
    }
}

#[test]
fn the_users_own_file_is_found() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("earchiv")).unwrap();
    fs::write(folder.path().join("earchiv/config.toml"), "lang = \"en\"").unwrap();
    let output = earchiv(["man"]).env("XDG_CONFIG_HOME", folder.path()).output().unwrap();
    assert!(is_english(&output.into()));
}

#[test]
fn a_wrong_file_is_told_with_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.toml");
    fs::write(&file, "jobs = 2\n\narchiv = \"/a\"\n").unwrap();
    let run: Run = earchiv(["list", "--json", "--config"]).arg(&file).output().unwrap().into();
    assert_eq!(run.code, Some(2));
    let place = format!("{}:3:1: ", file.display());
    assert!(run.stderr.contains(&place), "{}", run.stderr);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let error = &document["error"];
    assert_eq!(error["code"], "toml-key-unknown");
    assert_eq!(error["file"], file.to_str().unwrap());
    assert_eq!((&error["line"], &error["column"]), (&3.into(), &1.into()));
}

#[test]
fn help_is_there_even_if_the_file_is_wrong() {
    let run: Run = earchiv(["--help", "--config", "/nonexistent/c.toml"]).output().unwrap().into();
    assert_eq!(run.code, Some(0));
    let run: Run = earchiv(["man", "--config", "/nonexistent/c.toml"]).output().unwrap().into();
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("/nonexistent/c.toml"), "{}", run.stderr);
}
