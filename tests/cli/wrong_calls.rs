//! Wrong calls: exit code 2, a sentence in the user's language, what to do, nothing on stdout.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use super::{Run, earchiv, run};

const ID: &str = "2c1f0d7e-5b2a-5c55-8f3e-0d4f8e6a9b10";

#[test]
fn told_in_both_languages() {
    for (line, german, english) in [
        ("nonsense", "Den Befehl nonsense gibt es nicht.", "There is no command nonsense."),
        ("ingst a", "Meinten Sie ingest?", "Did you mean ingest?"),
        ("list --jsn", "Meinten Sie --json?", "Did you mean --json?"),
        ("list --wrong", "--wrong gibt es hier nicht", "no option or argument --wrong"),
        ("list a", "argument a gibt es hier nicht", "no option or argument a here"),
        ("pack a", "Es fehlt: --out <ORDNER>", "Missing: --out <DIR>"),
        ("ingest", "Es fehlt: <QUELLE>...", "Missing: <SOURCE>..."),
        ("ingest a --name N", "Es fehlt: --init", "Missing: --init"),
        ("show", "Es fehlt: <KENNUNG>", "Missing: <ID>"),
        ("list --limit", "Nach --limit <ANZAHL> fehlt der Wert", "The value of --limit <N> is missing"),
        ("list --limit 0", "„0“ ist kein Wert für --limit", "“0” is no value of --limit"),
        ("list --from 4.5.2013", "ist kein Datum", "is no date"),
        ("show x", "ist keine Kennung eines Pakets", "is no package's identifier"),
        ("pack a --out o --form tar", "keine Form eines Pakets", "no form of a package"),
        ("completions tcsh", "möglich sind: bash,", "possible are: bash,"),
        ("amend ID --reason a\u{1b}b --title c", "enthält Steuerzeichen", "holds control characters"),
        ("amend ID --reason a --title \u{9b}31m", "enthält Steuerzeichen", "holds control characters"),
        ("init a --name N --on-behalf-of x\u{7}", "enthält Steuerzeichen", "holds control characters"),
        ("list --limit 1 --limit 2", "darf nur einmal", "only once"),
        ("man --out o list", "schließen sich aus", "exclude each other"),
        ("accession", "Der Befehl fehlt.", "The command is missing."),
        ("", "Der Befehl fehlt.", "The command is missing."),
        ("man nonsense", "Den Befehl nonsense gibt es nicht.", "There is no command nonsense."),
    ] {
        for (language, sentence) in [("de", german), ("en", english)] {
            let run = run(&format!("{} --lang {language}", line.replace("ID", ID)));
            assert_eq!(run.code, Some(2), "{line}");
            assert_eq!(run.stdout, "", "{line}");
            let told = run.stderr.to_lowercase();
            assert!(told.contains(&sentence.to_lowercase()), "{line}: {}", run.stderr);
            let hint = if language == "de" { "  Abhilfe: " } else { "  What to do: " };
            assert!(run.stderr.contains(hint), "{line}: {}", run.stderr);
        }
    }
}

#[test]
fn a_missing_nested_command_shows_the_nested_commands() {
    let run = run("accession");
    assert!(run.stderr.contains("Aufruf: earchiv accession "), "{}", run.stderr);
}

#[test]
fn foreign_letters_do_not_reach_the_terminal() {
    for argument in [&b"--\x1b[2J"[..], "--a\u{202e}b".as_bytes(), b"--\xff"] {
        let run: Run = earchiv([OsStr::new("list"), OsStr::from_bytes(argument)]).output().unwrap().into();
        assert_eq!(run.code, Some(2));
        assert!(!run.stderr.contains(['\x1b', '\u{202e}']), "{}", run.stderr);
    }
}

#[test]
fn global_options_stand_before_or_after_the_command() {
    for line in [
        format!("--json --lang en -q -vv --jobs 2 --no-color show {ID} x"),
        format!("show {ID} x --json --lang en -q -vv --jobs 2 --no-color"),
    ] {
        let run = run(&line);
        assert_eq!(run.code, Some(2));
        assert!(run.stdout.contains("\"unknown-option\""), "{}", run.stdout);
        assert!(run.stdout.contains("There is no option"), "{}", run.stdout);
    }
}

#[test]
fn wrong_variables_are_named() {
    for (name, value) in [("EARCHIV_LANG", "fr"), ("EARCHIV_JOBS", "many"), ("EARCHIV_LOG", "a=b=c")] {
        let run: Run = earchiv(["man"]).env(name, value).output().unwrap().into();
        assert_eq!(run.code, Some(2), "{name}");
        assert!(run.stderr.contains(name), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
}
