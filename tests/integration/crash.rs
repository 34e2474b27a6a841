//! An ingest that is killed at any moment and run again ends like one that nobody disturbed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::sandbox::{Entry, Sandbox, copy, not_tested, tree};

/// What an archive holds, without what the clock of the machine says.
#[derive(Debug, PartialEq, Eq)]
pub struct State {
    pub list: String,
    pub packages: BTreeMap<OsString, Entry>,
    pub accessions: Vec<(String, u64, u64)>,
}

/// Whether calls of the operating system can be met here.
pub fn traces() -> bool {
    let works = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    works.is_ok_and(|status| status.success())
}

pub fn state(sandbox: &Sandbox) -> State {
    let list = sandbox.run("list --json").exits(0).stdout;
    let rows = sandbox.list();
    let of_a_package = |path: &OsString| {
        let path = path.to_string_lossy();
        rows.iter().any(|row| path.contains(row["id"].as_str().unwrap()))
    };
    let mut packages = tree(&sandbox.path("archiv/store"));
    packages.retain(|path, _| of_a_package(path));
    let accessions = sandbox.json("accession list").exits(0).results();
    let accession = |row: &Value| {
        (row["number"].as_str().unwrap().to_owned(), row["packages"].as_u64().unwrap(), row["files"].as_u64().unwrap())
    };
    State { list, packages, accessions: accessions.iter().map(accession).collect() }
}

/// A delivery of more records than one group, and what the archive is like afterwards.
fn undisturbed(records: usize) -> (Sandbox, State, Duration) {
    let sandbox = Sandbox::new();
    sandbox.large_delivery("lieferung", records, 100);
    copy(&sandbox.path("archiv"), &sandbox.path("leer"));
    let start = Instant::now();
    sandbox.run("ingest lieferung --jobs 1").exits(0);
    let took = start.elapsed();
    let state = state(&sandbox);
    assert_eq!(state.accessions.len(), 1);
    (sandbox, state, took)
}

fn start_again(sandbox: &Sandbox) {
    fs::remove_dir_all(sandbox.path("archiv")).unwrap();
    copy(&sandbox.path("leer"), &sandbox.path("archiv"));
}

/// Says that the archive is sound as it was left, and like `expected` after the same command again.
fn goes_on(sandbox: &Sandbox, expected: &State, moment: &str) {
    // Before anyone settles: nothing that was announced as stored is lost, nothing half done is damage.
    let code = sandbox.run("audit").code;
    assert_eq!(code, Some(0), "{moment}: audit of what the crash left");
    let again = sandbox.run("ingest lieferung --jobs 1");
    assert_eq!(again.code, Some(0), "{moment}: {}{}", again.stdout, again.stderr);
    let found = state(sandbox);
    assert_eq!(found.list, expected.list, "{moment}");
    assert_eq!(found.packages, expected.packages, "{moment}");
    assert_eq!(found.accessions, expected.accessions, "{moment}");
    let code = sandbox.run("audit").code;
    assert_eq!(code, Some(0), "{moment}: audit afterwards");
    let staged = fs::read_dir(sandbox.path("archiv/staging")).unwrap().count();
    assert_eq!(staged, 0, "{moment}");
}

#[test]
fn killed_at_any_moment_it_ends_as_if_undisturbed() {
    let (sandbox, expected, took) = undisturbed(66);
    let mut killed = 0;
    for tenth in 0..10_u32 {
        start_again(&sandbox);
        let mut child = sandbox.call("ingest lieferung --jobs 1").start();
        // Moments that lie unevenly, so that they do not all meet the same step.
        thread::sleep(took * (2 * tenth + 1) / 22 + Duration::from_millis(u64::from(tenth * 7 % 5)));
        child.kill().unwrap();
        killed += u32::from(child.wait().unwrap().code().is_none());
        goes_on(&sandbox, &expected, &format!("after {tenth} tenths"));
    }
    assert!(killed >= 2, "nearly all runs ended before they were killed");
}

#[test]
fn killed_before_every_write_that_counts_it_ends_as_if_undisturbed() {
    let works = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    if !works.is_ok_and(|status| status.success()) {
        return not_tested("a kill before every fsync, rename and write (strace is missing or may not trace)");
    }
    let (sandbox, expected, _) = undisturbed(3);
    for call in ["syncfs", "fsync", "fdatasync", "renameat2", "pwrite64", "unlink"] {
        start_again(&sandbox);
        let counting = ["-f", "-qq", "-o", "zahl", "-e", &format!("trace={call}")];
        sandbox.call_through("strace", &counting, "ingest lieferung --jobs 1").run().exits(0);
        let count = fs::read_to_string(sandbox.path("zahl")).unwrap().lines().count();
        let step = count.div_ceil(6).max(1);
        for number in (1..=count).step_by(step) {
            start_again(&sandbox);
            let inject = format!("inject={call}:signal=KILL:when={number}");
            let killing = ["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject];
            sandbox.call_through("strace", &killing, "ingest lieferung --jobs 1").run();
            goes_on(&sandbox, &expected, &format!("before {call} {number} of {count}"));
        }
    }
}

#[test]
fn a_disk_that_fails_in_the_middle_is_a_fault_and_the_next_run_finishes() {
    let works = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    if !works.is_ok_and(|status| status.success()) {
        return not_tested("disks that fail (strace is missing or may not trace)");
    }
    let (sandbox, expected, _) = undisturbed(3);
    for inject in [
        "syncfs:error=EIO:when=1",
        "syncfs:error=EIO:when=3",
        "renameat2:error=EIO:when=2",
        "fdatasync:error=EIO:when=1",
        "pwrite64:error=ENOSPC:when=3",
        "write:error=ENOSPC:when=20",
        "write:error=EIO:when=8+7",
    ] {
        start_again(&sandbox);
        let call = inject.split(':').next().unwrap();
        let option =
            ["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &format!("inject={inject}")];
        let run = sandbox.call_through("strace", &option, "ingest lieferung --jobs 1").run();
        // Where the fault does not meet this run, it is like any other.
        assert!(matches!(run.code, Some(0 | 4 | 7)), "{inject}: {:?} {}{}", run.code, run.stdout, run.stderr);
        // A package that failed comes in an accession of its own; what was delivered is there in any case.
        sandbox.run("audit").exits(0);
        sandbox.run("ingest lieferung --jobs 1").exits(0);
        let contents = |list: &str| -> BTreeSet<(String, String)> {
            let document: Value = serde_json::from_str(list).unwrap();
            let rows = document["results"].as_array().unwrap().iter();
            rows.map(|row| (row["id"].to_string(), row["content"].to_string())).collect()
        };
        assert_eq!(contents(&state(&sandbox).list), contents(&expected.list), "{inject}");
        sandbox.is_whole();
    }
}

#[test]
fn init_that_is_killed_leaves_no_half_archive() {
    let works = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    if !works.is_ok_and(|status| status.success()) {
        return not_tested("a kill while an archive is made (strace is missing or may not trace)");
    }
    for call in ["fsync", "renameat2", "syncfs"] {
        let sandbox = Sandbox::empty();
        let inject = format!("inject={call}:signal=KILL:when=1");
        let options = ["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject];
        sandbox.call_through("strace", &options, "init archiv --name A").run();
        assert!(!sandbox.path("archiv").exists(), "{call}");
        sandbox.run("init archiv --name A").exits(0);
        sandbox.is_whole();
    }
}

#[test]
fn an_archive_that_several_make_at_once_is_made_by_one() {
    for _ in 0..5 {
        let sandbox = Sandbox::empty();
        let running: Vec<_> = (0..6).map(|_| sandbox.call("init archiv --name A").start_unheard()).collect();
        let mut codes: Vec<_> = running.into_iter().map(|mut child| child.wait().unwrap().code()).collect();
        codes.sort_unstable();
        assert_eq!(codes, [Some(0), Some(2), Some(2), Some(2), Some(2), Some(2)]);
        assert!(!sandbox.path(".archiv.init").exists());
        sandbox.is_whole();
    }
}

#[test]
fn receipts_that_an_interrupted_run_did_not_come_to_are_laid_out_by_the_next() {
    let sandbox = Sandbox::filled();
    let reports = sandbox.path("archiv/reports");
    let expected = tree(&reports);
    // As a kill between the journal and the copies leaves it; and in the middle of one.
    for entry in fs::read_dir(&reports).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    fs::write(reports.join(".0b2a7c5e-58a1-4a5c-9c39-1c0c2f1a9a01.tmp"), "half").unwrap();
    fs::write(reports.join("ours.txt"), "ours").unwrap();
    sandbox.run("ingest lieferung").exits(0);
    fs::remove_file(reports.join("ours.txt")).unwrap();
    assert_eq!(tree(&reports), expected);
}

#[test]
fn a_limit_of_file_sizes_is_a_fault_and_no_sudden_end() {
    let sandbox = Sandbox::new();
    sandbox.file("lieferung/Akte/groß.bin", &vec![7; 200_000]);
    let limited = ["-c", "ulimit -f 100; exec \"$@\"", "-"];
    let run = sandbox.call_through("bash", &limited, "ingest lieferung").run();
    assert_eq!(run.code, Some(4), "{}{}", run.stdout, run.stderr);
    assert_eq!(fs::read_dir(sandbox.path("archiv/staging")).unwrap().count(), 0);
    sandbox.run("ingest lieferung").exits(0);
    sandbox.is_whole();
}
