//! Titles, names and contents of records stand in packages, receipts and in the answers to the person who calls, and nowhere else:
//! not in log lines, not in the journal, not in what `doctor` says. Values of settings that are not known are not repeated.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::sandbox::{Run, Sandbox, is_root, not_tested};

/// Stands in every title, name and content of the deliveries below.
const MARK: &str = "Zitronenfalter";

/// Says that a run spoke in log lines, and that none of them gives anything away.
fn discreet(run: &Run) {
    let logged: Vec<&str> = run.stderr.lines().filter(|line| is_log_line(line)).collect();
    assert!(!logged.is_empty(), "nothing was logged:\n{}", run.stderr);
    for line in logged {
        assert!(!line.to_lowercase().contains(&MARK.to_lowercase()), "{line}");
    }
}

/// `2026-11-21T23:33:30.123456Z DEBUG earchiv::archive: ...`
fn is_log_line(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().take(2).collect();
    matches!(words[..], [time, level] if time.ends_with('Z') && time.contains('T')
        && ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"].contains(&level))
}

/// Deliveries of all kinds, good ones and such that are refused.
fn deliveries(sandbox: &Sandbox) -> Vec<String> {
    let file =
        |path: &str, text: &str| sandbox.file(&path.replace("MARK", MARK), text.replace("MARK", MARK).as_bytes());
    file("Ablage MARK/Akte MARK/Brief MARK.txt", "Sehr geehrte Frau MARK\n");
    file("Ablage MARK/Akte MARK/unlesbar MARK.txt", "MARK\n");
    file("Ablage MARK/Akte zwei/MARK.txt", "MARK\n");
    file("Ablage MARK/Akte drei/gut.txt", "MARK\n");
    symlink(MARK, sandbox.path(&format!("Ablage {MARK}/Akte zwei/Verknüpfung {MARK}"))).unwrap();
    file("Tabelle MARK/metadata.csv", "path,title,unbekannt MARK\nMARK,MARK,MARK\n");
    file("Tabelle MARK/MARK/a.txt", "MARK\n");
    file("kaputt MARK.zip", "PK\u{3}\u{4}MARK");
    file("kaputt MARK.tar", "MARK\n");
    file("Rechnung MARK/MARK.xml", "<?xml version=\"1.0\"?><Invoice>MARK<MARK></Invoice>");
    file("Nachricht MARK/MARK_Aussonderung.Aussonderung.0503.xml", "<a><MARK></a>");
    file("Post MARK/MARK.eml", "From: MARK <MARK@example.org>\nSubject: MARK\n\nMARK\n");
    [
        "Ablage MARK",
        "Tabelle MARK",
        "kaputt MARK.zip",
        "kaputt MARK.tar",
        "Rechnung MARK",
        "Nachricht MARK",
        "Post MARK",
    ]
    .map(|name| name.replace("MARK", MARK))
    .into()
}

#[test]
fn logs_journal_and_doctor_tell_nothing_of_records() {
    let sandbox = Sandbox::new();
    let sources = deliveries(&sandbox);
    let unreadable = sandbox.path(&format!("Ablage {MARK}/Akte {MARK}/unlesbar {MARK}.txt"));
    fs::set_permissions(&unreadable, fs::Permissions::from_mode(0o000)).unwrap();
    if is_root() {
        unreadable_for_others(&sandbox, &sources[0]);
    }
    let traced = |line: &str, more: &[&str]| {
        let mut call = sandbox.call(line).env("EARCHIV_LOG", "trace");
        for word in more {
            call = call.arg(word);
        }
        let run = call.run();
        discreet(&run);
        run
    };
    for source in &sources {
        traced("inspect", &[source]);
        traced("pack --out pakete", &[source]);
        traced("ingest --producer", &[MARK, source]);
    }
    let told = sandbox.call("ingest").arg(&sources[0]).run();
    // The person who calls is told which file it is: the test looks for the right word.
    assert!(told.stdout.contains(MARK) || told.stderr.contains(MARK));
    // Same identity, other content.
    sandbox.file(&format!("{}/Akte drei/gut.txt", sources[0]), format!("anders {MARK}\n").as_bytes());
    let conflict = traced("ingest --producer", &[MARK, &sources[0]]);
    assert_eq!(conflict.code, Some(3), "{}{}", conflict.stdout, conflict.stderr);
    traced("list --search", &[MARK]);
    let rows = sandbox.list();
    let id = rows[0]["id"].as_str().unwrap();
    assert!(rows.iter().any(|row| row.to_string().contains(MARK)), "nothing was stored");
    traced(&format!("show {id}"), &[]);
    traced(&format!("export {id} --out aus"), &[]).exits(8);
    traced(&format!("export {id} --out aus --permit"), &[MARK]).exits(8);
    sandbox.permit();
    traced(&format!("export {id} --out aus --permit P"), &[]).exits(0);
    traced("catalogue rebuild", &[]);
    // Damage.
    let package = sandbox.package(id);
    let mut bytes = fs::read(&package).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&package, bytes).unwrap();
    traced("verify", &[]).exits(5);
    traced("audit", &[]).exits(5);
    let doctor = traced("doctor", &[]);
    assert!(!doctor.stdout.contains(MARK) && !doctor.stderr.contains(MARK));

    let journal = fs::read_to_string(sandbox.path("archiv/journal/journal.jsonl")).unwrap();
    for line in journal.lines() {
        // The number of a permit that somebody makes up is what they say, not what a record says.
        let refused = line.contains("\"event\":\"access-refused\"");
        assert!(refused || !line.contains(MARK), "{line}");
    }
    assert!(journal.lines().count() > 10);
}

/// Packs as a user who may not read all: root may.
fn unreadable_for_others(sandbox: &Sandbox, source: &str) {
    fs::create_dir(sandbox.path("offen")).unwrap();
    for (path, mode) in [("", 0o755), ("offen", 0o777)] {
        fs::set_permissions(sandbox.path(path), fs::Permissions::from_mode(mode)).unwrap();
    }
    let other = ["--reuid", "65534", "--clear-groups"];
    let call = sandbox.call_through("setpriv", &other, "pack --out offen").env("EARCHIV_LOG", "trace");
    let run = call.env("TMPDIR", sandbox.path("offen")).arg(source).run();
    if run.code == Some(126) || run.code == Some(127) {
        return not_tested("that an unreadable file is not named in log lines (others may not start the program)");
    }
    discreet(&run);
    let run = run.tells("unlesbar");
    assert!([3, 4, 8].map(Some).contains(&run.code), "{:?} {}", run.code, run.stderr);
}

#[test]
fn a_secret_in_a_settings_file_is_not_repeated() {
    let sandbox = Sandbox::new();
    for text in [
        "password = \"MARK\"\n",
        "token = 'MARK'\n",
        "archive = \"archiv\"\n[store]\nsecret_key = \"MARK\"\n",
        "api-key = \"\"\"MARK\"\"\"\n",
        "s3.secret = \"MARK\"\n",
        "jobs = \"MARK\"\n",
        "archive = \"s3://key:MARK@example.org/archiv\"\n",
        "password = \"MARK\n",
        "password = MARK\n",
        "password \"MARK\"\n",
        "password = \"a\"\npassword = \"MARK\"\n",
        "password = \"\\qMARK\"\n",
        "lang = [\"MARK\"]\n",
    ] {
        let text = text.replace("MARK", MARK);
        sandbox.file("config.toml", text.as_bytes());
        sandbox.file("profil.toml", text.as_bytes());
        for line in ["list --config config.toml", "profile check profil.toml", "list --config config.toml --json"] {
            let run = sandbox.call(line).env("EARCHIV_LOG", "trace").env("EARCHIV_ARCHIVE", "").run().exits(2);
            let told = [run.stdout.as_str(), &run.stderr].concat();
            assert!(!told.contains(MARK), "{line}, {text}: {told}");
        }
    }
    let address = format!("s3://key:{MARK}@example.org/archiv");
    let run = sandbox.call("list").env("EARCHIV_ARCHIVE", address).run().exits(2);
    assert!(!run.stderr.contains(MARK), "{}", run.stderr);
}
