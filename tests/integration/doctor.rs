//! `doctor` says what holds, changes nothing, and its exit code says whether something lacks.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::Value;

use super::confinement::confines;
use super::sandbox::{Run, Sandbox, is_root, not_tested, tree};

fn row<'a>(rows: &'a [Value], about: &str, code: &str) -> &'a Value {
    let found = rows.iter().find(|row| row["about"] == about && row["code"] == code);
    found.unwrap_or_else(|| panic!("no {about} {code} in {rows:#?}"))
}

#[test]
fn an_archive_is_tried_and_left_as_it_was() {
    let sandbox = Sandbox::filled();
    let before = tree(&sandbox.path("archiv"));
    let rows = sandbox.json("doctor").exits(0).results();
    assert_eq!(tree(&sandbox.path("archiv")), before);
    for code in ["write", "lock", "lock-others", "sync-file", "sync-folder", "sync-file-system", "long-name"] {
        let row = row(&rows, "medium", code);
        assert_eq!((&row["state"], &row["needed"]), (&Value::from("yes"), &Value::from(true)), "{row}");
    }
    for code in
        ["rename-no-replace", "exchange", "hard-link", "unnamed-file", "cache-advice", "time-step", "free-bytes"]
    {
        row(&rows, "medium", code);
    }
    row(&rows, "work", "usable");
    assert!(row(&rows, "system", "kernel")["value"].as_str().unwrap().starts_with("Linux "));
    // People read the same, in both languages.
    sandbox.run("doctor --lang de").exits(0).tells("Alles Nötige ist da.").tells("RENAME_EXCHANGE");
    sandbox.run("doctor").exits(0).tells("All that is needed is there.");
}

#[test]
fn what_the_program_gave_up_is_denied_when_it_is_tried() {
    let sandbox = Sandbox::new();
    if !confines(&sandbox, "that the kernel denies writing elsewhere, connections and programs") {
        return;
    }
    let rows = sandbox.json("doctor").exits(0).results();
    for code in ["write-outside", "connect", "listen", "execute"] {
        assert_eq!(row(&rows, "rights", code)["state"], "yes", "{code}");
    }
}

#[test]
fn no_archive_is_needed_and_a_folder_will_do() {
    let sandbox = Sandbox::empty();
    let alone = |line: &str| sandbox.call(line).env("EARCHIV_ARCHIVE", "").arg("--json").run();
    let rows = alone("doctor").exits(0).results();
    assert!(rows.iter().all(|row| row["about"] != "medium"));
    fs::create_dir(sandbox.path("leer")).unwrap();
    let rows = alone("doctor --folder leer").exits(0).results();
    assert_eq!(row(&rows, "medium", "write")["state"], "yes");
    assert_eq!(fs::read_dir(sandbox.path("leer")).unwrap().count(), 0);
    alone("doctor --folder gibt-es-nicht").exits(4);
    sandbox.run("doctor --folder leer --archive archiv").exits(2);
    sandbox.json("doctor --archive nirgends").exits(7);
}

#[test]
fn it_keeps_out_of_the_way_of_a_run() {
    let sandbox = Sandbox::filled();
    let lock = File::open(sandbox.path("archiv/earchiv.toml")).unwrap();
    lock.lock().unwrap();
    sandbox.run("doctor").exits(6);
    drop(lock);
    sandbox.run("doctor").exits(0);
}

#[test]
fn what_lacks_decides_the_exit_code() {
    if !is_root() {
        return not_tested("doctor without the right to write, on a full and on a read-only file system (needs root)");
    }
    let sandbox = Sandbox::empty();
    fs::create_dir(sandbox.path("ordner")).unwrap();
    let own = ["--reuid", "65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"];
    fs::set_permissions(sandbox.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    let denied = sandbox.call_through("setpriv", &own, "doctor --folder ordner").run();
    // A build folder that others may not enter.
    if denied.code == Some(127) || denied.code == Some(126) {
        not_tested("doctor without the right to write (others may not start the program)");
    } else {
        denied.exits(8);
    }
    let program = env!("CARGO_BIN_EXE_earchiv");
    for (options, code) in [("size=64k,nr_inodes=4", 4), ("ro", 4), ("size=1m", 0)] {
        let script = format!(
            "mount --make-rprivate / && mount -t tmpfs -o {options} probe ordner && {program} doctor --folder ordner --json"
        );
        let output = Command::new("unshare")
            .args(["-m", "sh", "-c", &script])
            .current_dir(sandbox.path(""))
            .env("EARCHIV_LANG", "en")
            .output()
            .unwrap();
        let run = Run::new(options.to_owned(), output);
        if run.stderr.contains("unshare failed") || run.stderr.contains("mount:") {
            return not_tested("doctor on a full and on a read-only file system (no right to mount)");
        }
        run.exits(code);
    }
}
