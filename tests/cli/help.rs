//! Help and version, in both languages.

use super::{earchiv, run};

const COMMANDS: &[&str] = &[
    "init",
    "pack",
    "ingest",
    "validate",
    "verify",
    "audit",
    "audit merge",
    "audit report",
    "list",
    "show",
    "accession",
    "accession list",
    "accession show",
    "compare",
    "export",
    "dispose",
    "repair",
    "replicate",
    "migrate",
    "access",
    "access term",
    "access grant",
    "access list",
    "profile",
    "profile list",
    "profile show",
    "profile check",
    "catalogue",
    "catalogue rebuild",
    "journal",
    "journal verify",
    "journal show",
    "journal head",
    "completions",
    "man",
];

#[test]
fn every_command_has_help_in_both_languages() {
    for command in COMMANDS {
        let german = run(&format!("{command} --help"));
        let english = run(&format!("{command} --help --lang en"));
        for (run, usage, options) in
            [(&german, "Aufruf: earchiv ", "[OPTIONEN]"), (&english, "Usage: earchiv ", "[OPTIONS]")]
        {
            assert_eq!(run.code, Some(0), "{command}");
            assert_eq!(run.stderr, "", "{command}");
            let line = format!("{usage}{command} {options}");
            assert!(run.stdout.contains(&line), "{command}: {}", run.stdout);
        }
        assert_ne!(german.stdout.lines().next(), english.stdout.lines().next());
        for word in ["Usage", "Options", "Commands", "Print", "possible values", "default:"] {
            assert!(!german.stdout.contains(word), "{command}: {word}");
        }
    }
}

#[test]
fn the_main_help_lists_all_commands() {
    let help = run("--help").stdout;
    for command in COMMANDS.iter().filter(|command| !command.contains(' ')) {
        assert!(help.contains(&format!("\n  {command} ")), "{command}");
    }
}

#[test]
fn usage_names_what_must_be_given() {
    for (command, usage) in [
        ("init", "earchiv init [OPTIONEN] --name <NAME> <ARCHIV>"),
        ("pack", "earchiv pack [OPTIONEN] --out <ORDNER> [QUELLE]..."),
        ("export", "earchiv export [OPTIONEN] --out <ORDNER> <KENNUNG> [DATEI]..."),
        ("audit", "earchiv audit [OPTIONEN] [BEFEHL]"),
        ("profile show", "earchiv profile show [OPTIONEN] <PROFIL>"),
    ] {
        let help = run(&format!("{command} -h")).stdout;
        assert!(help.contains(&format!("Aufruf: {usage}\n")), "{help}");
    }
}

#[test]
fn language_by_option_then_variable_then_locale() {
    let german = "Aufruf: ";
    let english = "Usage: ";
    for (arguments, variables, usage) in [
        (&["-h"][..], &[][..], german),
        (&["-h"], &[("LANG", "C")], german),
        (&["-h"], &[("LANG", "C.UTF-8")], german),
        (&["-h"], &[("LANG", "de_DE.UTF-8")], german),
        (&["-h"], &[("LANG", "en_US.UTF-8")], english),
        (&["-h"], &[("LANG", "de_DE"), ("LC_ALL", "en_GB")], english),
        (&["-h"], &[("LANG", "de_DE"), ("LC_MESSAGES", "en_GB")], english),
        (&["-h"], &[("LC_ALL", "en_GB"), ("EARCHIV_LANG", "de")], german),
        (&["-h"], &[("LC_ALL", ""), ("LANG", "en_GB")], english),
        (&["-h", "--lang", "en"], &[("EARCHIV_LANG", "de")], english),
        (&["--lang=de", "-h"], &[("LANG", "en_US")], german),
    ] {
        let output = earchiv(arguments).envs(variables.iter().copied()).output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(help.contains(usage), "{arguments:?} {variables:?}");
    }
}

#[test]
fn version() {
    let run = run("--version");
    assert_eq!(run.code, Some(0));
    assert_eq!(run.stdout, concat!("earchiv ", env!("CARGO_PKG_VERSION"), "\n"));
}
