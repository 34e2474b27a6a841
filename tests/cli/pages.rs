//! Completion scripts and manual pages; output that nobody reads or that cannot be written.
#![allow(clippy::disallowed_methods)]

use std::fs::{self, OpenOptions};
use std::io::pipe;
use std::process::Stdio;

use super::{Run, earchiv, run};

#[test]
fn every_shell_gets_its_script() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = run(&format!("completions {shell}"));
        assert_eq!(run.code, Some(0));
        assert_eq!(run.stderr, "");
        for word in ["ingest", "accession", "files-from"] {
            assert!(run.stdout.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn pages_have_headings_in_the_users_language() {
    for (language, headings) in [
        ("de", ["BEZEICHNUNG", "ÜBERSICHT", "BESCHREIBUNG", "OPTIONEN"]),
        ("en", ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"]),
    ] {
        let run = run(&format!("man journal verify --lang {language}"));
        assert_eq!(run.code, Some(0));
        assert!(run.stdout.contains(".TH earchiv-journal-verify 1"));
        for heading in headings {
            let roff = format!(".SH {heading}\n");
            let quoted = format!(".SH \"{heading}\"\n");
            assert!(run.stdout.contains(&roff) || run.stdout.contains(&quoted), "{heading}: {}", run.stdout);
        }
    }
}

#[test]
fn all_pages_are_written_and_can_be_written_again() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let run: Run = earchiv(["man", "--out"]).arg(folder.path()).output().unwrap().into();
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let pages = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(run.stdout.lines().count(), pages);
        assert!(folder.path().join("earchiv.1").exists());
        assert!(folder.path().join("earchiv-catalogue-rebuild.1").exists());
    }
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let run = run("man --out /nonexistent/pages");
    assert_eq!(run.code, Some(4));
    assert!(run.stderr.contains("/nonexistent/pages/earchiv.1"), "{}", run.stderr);
    assert!(run.stderr.contains("Datei oder Ordner nicht vorhanden"));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let run: Run = earchiv(["completions", "zsh"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap()
        .into();
    assert_eq!(run.code, Some(0));
    assert_eq!(run.stderr, "");
}

#[test]
fn output_on_a_full_disk_is_a_fault() {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run: Run = earchiv(["completions", "zsh"])
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap()
        .into();
    assert_eq!(run.code, Some(4));
    assert!(run.stderr.contains("kein Platz auf dem Datenträger"), "{}", run.stderr);
}
