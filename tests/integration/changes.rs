//! Disposal, repair and migration that are killed at any step and called again end as if nobody had disturbed them.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::format::frozen;
use super::sandbox::{Sandbox, copy, not_tested, tree};

/// What changes a file system or waits for one.
const CALLS: [&str; 10] =
    ["syncfs", "fsync", "fdatasync", "rename", "renameat2", "pwrite64", "write", "unlink", "unlinkat", "mkdir"];
/// How many moments of each call are tried.
const MOMENTS: usize = 4;

/// Kills `line` before each call that counts, and hands what is left to `check`; `leer` holds the archive as it was before.
fn sweep(sandbox: &Sandbox, what: &str, line: &str, check: impl Fn(&str)) {
    let works = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    if !works.is_ok_and(|status| status.success()) {
        return not_tested(&format!("a kill before every step of {what} (strace is missing or may not trace)"));
    }
    copy(&sandbox.path("archiv"), &sandbox.path("leer"));
    let again = || {
        fs::remove_dir_all(sandbox.path("archiv")).unwrap();
        copy(&sandbox.path("leer"), &sandbox.path("archiv"));
    };
    let mut killed = 0;
    for call in CALLS {
        again();
        let counting = ["-f", "-qq", "-o", "zahl", "-e", &format!("trace={call}")];
        sandbox.call_through("strace", &counting, line).run().exits(0);
        let count = fs::read_to_string(sandbox.path("zahl")).unwrap().lines().filter(|line| line.contains('(')).count();
        for number in (1..=count).step_by(count.div_ceil(MOMENTS).max(1)) {
            again();
            let inject = format!("inject={call}:signal=KILL:when={number}");
            let killing = ["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject];
            killed += u32::from(sandbox.call_through("strace", &killing, line).run().code != Some(0));
            check(&format!("{what}: before {call} {number} of {count}"));
        }
    }
    assert!(killed >= 10, "{what}: nearly nothing was killed");
}

fn events(sandbox: &Sandbox, kind: &str) -> usize {
    let events: Vec<Value> = sandbox.json("journal show").exits(0).results();
    events.iter().filter(|event| event["event"] == kind).count()
}

#[test]
fn a_disposal_that_is_killed_leaves_the_package_or_the_tombstone() {
    let sandbox = Sandbox::filled();
    let id = sandbox.id("Spielplätze");
    let line = format!("dispose {id} --order 1 --first A --second B --jobs 1");
    let object = sandbox.object(&id);
    let package = tree(&object);
    copy(&sandbox.path("archiv"), &sandbox.path("vorher"));
    sandbox.run(&line).exits(0);
    let (tombstone, store) = (tree(&object), tree(&sandbox.path("archiv/store")));
    fs::remove_dir_all(sandbox.path("archiv")).unwrap();
    copy(&sandbox.path("vorher"), &sandbox.path("archiv"));
    sweep(&sandbox, "dispose", &line, |moment| {
        let found = tree(&object);
        assert!(found == package || found == tombstone, "{moment}: {found:#?}");
        // Before anyone settles, and by whoever looks first.
        let shown = sandbox.run(&format!("verify {id}")).code;
        assert!(matches!(shown, Some(0 | 2)), "{moment}: {shown:?}");
        let audit = sandbox.run("audit");
        assert_eq!(audit.code, Some(0), "{moment}: {}{}", audit.stdout, audit.stderr);
        let again = sandbox.run(&line);
        assert_eq!(again.code, Some(0), "{moment}: {}{}", again.stdout, again.stderr);
        assert_eq!(tree(&sandbox.path("archiv/store")), store, "{moment}");
        assert_eq!(events(&sandbox, "disposed"), 1, "{moment}");
        assert!(sandbox.list().iter().all(|row| row["id"] != *id), "{moment}");
        sandbox.is_whole();
    });
}

#[test]
fn a_repair_that_is_killed_is_finished_by_the_next() {
    let sandbox = Sandbox::filled();
    copy(&sandbox.path("archiv"), &sandbox.path("kopie"));
    let store = tree(&sandbox.path("archiv/store"));
    let id = sandbox.id("Spielplätze");
    fs::write(sandbox.package(&id), b"damaged").unwrap();
    let damaged = tree(&sandbox.object(&id));
    let line = "repair --from kopie --jobs 1";
    sweep(&sandbox, "repair", line, |moment| {
        let code = sandbox.run("audit").code;
        assert!(matches!(code, Some(0 | 5)), "{moment}: {code:?}");
        let again = sandbox.run(line);
        assert_eq!(again.code, Some(0), "{moment}: {}{}", again.stdout, again.stderr);
        assert_eq!(tree(&sandbox.path("archiv/store")), store, "{moment}");
        let kept: Vec<_> =
            fs::read_dir(sandbox.path("archiv/damaged")).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(kept.len(), 1, "{moment}: {kept:?}");
        assert_eq!(tree(&kept[0]), damaged, "{moment}");
        assert_eq!(events(&sandbox, "repaired"), 1, "{moment}");
        sandbox.is_whole();
    });
}

#[test]
fn a_migration_that_is_killed_is_finished_by_the_next() {
    let sandbox = frozen();
    let store = tree(&sandbox.path("archiv/store"));
    let marker = || fs::read_to_string(sandbox.path("archiv/earchiv.toml")).unwrap();
    let before = marker();
    let after = before.replace("format = 1", "format = 2");
    sweep(&sandbox, "migrate", "migrate --jobs 1", |moment| {
        assert!([&before, &after].contains(&&marker()), "{moment}");
        assert_eq!(sandbox.list().len(), 11, "{moment}");
        let audit = sandbox.run("audit");
        assert_eq!(audit.code, Some(0), "{moment}: {}{}", audit.stdout, audit.stderr);
        sandbox.run("migrate").exits(0);
        assert_eq!(marker(), after, "{moment}");
        assert_eq!(tree(&sandbox.path("archiv/store")), store, "{moment}");
        assert_eq!(events(&sandbox, "migrated"), 1, "{moment}");
        sandbox.is_whole();
    });
}
