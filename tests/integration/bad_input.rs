//! Bad input is normal input: a message that names the file and the reason, the right exit code, nothing half done.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use super::sandbox::{Sandbox, is_root, not_tested, tree};

/// Runs the program as a user without any rights.
pub const NOBODY: [&str; 5] = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];

/// Whether another user can be had.
pub fn can_be_nobody() -> bool {
    is_root() && Command::new("setpriv").args(NOBODY).arg("true").status().is_ok_and(|status| status.success())
}

fn mode(sandbox: &Sandbox, path: &str, mode: u32) {
    fs::set_permissions(sandbox.path(path), fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn wrong_calls_touch_nothing() {
    let sandbox = Sandbox::filled();
    sandbox.file("datei.txt", b"keine Ablieferung");
    sandbox.file("falsch.toml", b"name = \"falsch\"\nversion = 1\nsource = \"folder\"\nquelle = 1\n");
    let before = tree(&sandbox.path("archiv"));
    for (line, code, named) in [
        ("ingest gibt-es-nicht", 2, "gibt-es-nicht"),
        ("ingest lieferung gibt-es-nicht", 2, "gibt-es-nicht"),
        ("ingest lieferung --profile gibt-es-nicht", 2, "gibt-es-nicht"),
        ("ingest lieferung --profile falsch.toml", 2, "falsch.toml:4:1: "),
        ("profile check falsch.toml", 2, "falsch.toml:4:1: "),
        ("ingest lieferung --agreement gibt-es-nicht", 2, "gibt-es-nicht"),
        ("ingest archiv", 2, "archiv"),
        ("ingest archiv/store", 2, "archiv/store"),
        ("ingest .", 2, "."),
        ("ingest lieferung --jobs 0", 2, "--jobs"),
        ("show 00000000-0000-0000-0000-000000000000", 2, "00000000-0000-0000-0000-000000000000"),
        ("export 00000000-0000-0000-0000-000000000000 --out aus", 2, "00000000-0000-0000-0000-000000000000"),
        ("accession show 1999-0001", 2, "1999-0001"),
        ("init archiv --name Noch-eines", 2, "archiv"),
        ("init lieferung --name Noch-eines", 2, "lieferung"),
        ("list --archive gibt-es-nicht", 7, "gibt-es-nicht"),
        ("ingest lieferung --archive gibt-es-nicht", 7, "gibt-es-nicht"),
        ("ingest lieferung --archive lieferung", 7, "lieferung"),
        ("verify --archive datei.txt", 7, "datei.txt"),
    ] {
        sandbox.run(line).exits(code).tells(named);
        assert_eq!(before, tree(&sandbox.path("archiv")), "{line}");
    }
    assert!(!sandbox.path("gibt-es-nicht").exists());
    // A file is no folder with records, and no package either.
    let run = sandbox.json("ingest datei.txt").exits(3);
    assert_eq!(run.states(), ["refused"]);
    assert_eq!(before, tree(&sandbox.path("archiv")));
}

#[test]
fn a_delivery_without_any_file_makes_no_empty_package() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.path("leer")).unwrap();
    fs::create_dir_all(sandbox.path("leere-ordner/a/b")).unwrap();
    for name in ["leer", "leere-ordner"] {
        let code = sandbox.json(&format!("ingest {name}")).code;
        assert!(matches!(code, Some(0 | 3)), "{name}: {code:?}");
        assert!(sandbox.list().is_empty(), "{name}");
    }
    sandbox.is_whole();
}

#[test]
fn a_file_that_may_not_be_read_refuses_its_record_and_no_other() {
    if !can_be_nobody() {
        return not_tested("unreadable files (needs root and setpriv, to become another user)");
    }
    let sandbox = Sandbox::empty();
    mode(&sandbox, "", 0o777);
    sandbox.delivery("lieferung");
    sandbox.call_through("setpriv", &NOBODY, "init archiv --name A").run().exits(0);
    mode(&sandbox, "lieferung/Spielplätze/Konzept.txt", 0);
    let run = sandbox.call_through("setpriv", &NOBODY, "ingest lieferung --json").run().exits(8);
    for package in run.packages() {
        let state = if package["title"] == "Spielplätze" { "refused" } else { "stored" };
        assert_eq!(package["state"], state);
        if state == "refused" {
            assert_eq!(package["exceptions"][0]["path"], "Spielplätze/Konzept.txt");
            assert_eq!(package["exceptions"][0]["reason"], "unreadable");
        }
    }
    assert_eq!(sandbox.list().len(), 2);
    mode(&sandbox, "lieferung/Spielplätze/Konzept.txt", 0o644);
    let mut states = sandbox.call_through("setpriv", &NOBODY, "ingest lieferung --json").run().exits(0).states();
    states.sort();
    assert_eq!(states, ["already-stored", "already-stored", "stored"]);
}

#[test]
fn who_may_only_read_can_check_and_export() {
    if !can_be_nobody() {
        return not_tested("an archive that may only be read (needs root and setpriv, to become another user)");
    }
    let sandbox = Sandbox::filled();
    sandbox.file("alt/Akte 1950/Vermerk.txt", b"frei seit 1981");
    sandbox.run("ingest alt").exits(0);
    let (id, closed) = (sandbox.id("Akte 1950"), sandbox.id("Grünanlagen"));
    mode(&sandbox, "", 0o755);
    fs::create_dir(sandbox.path("aus")).unwrap();
    mode(&sandbox, "aus", 0o777);
    let before = tree(&sandbox.path("archiv"));
    let export = format!("export {id} --out aus");
    for line in ["verify", "audit", "list", "journal verify", "journal show", "accession list", export.as_str()] {
        sandbox.call_through("setpriv", &NOBODY, line).run().exits(0);
    }
    for line in ["ingest lieferung", "catalogue rebuild"] {
        let run = sandbox.call_through("setpriv", &NOBODY, line).run();
        assert_eq!(run.code, Some(8), "{line}: {}", run.stderr);
    }
    // Refused though nobody can write that down; and nothing closed is given out that the journal does not know.
    sandbox.call_through("setpriv", &NOBODY, &format!("export {closed} --out aus")).run().exits(8);
    assert_eq!(before, tree(&sandbox.path("archiv")));
    sandbox.permit();
    sandbox.call_through("setpriv", &NOBODY, &format!("export {closed} --permit P --out aus")).run().exits(8);
}

/// A small file system of its own, which goes with the test.
struct Disk<'a>(&'a Sandbox);

impl<'a> Disk<'a> {
    fn mount(sandbox: &'a Sandbox, size: &str) -> Option<Self> {
        let target = sandbox.path("platte");
        fs::create_dir(&target).unwrap();
        let options = format!("size={size}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(target).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(sandbox))
    }

    fn remount(&self, option: &str) {
        let options = format!("remount,{option}");
        let done = Command::new("mount").args(["-o", &options]).arg(self.0.path("platte")).status().unwrap();
        assert!(done.success());
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(self.0.path("platte")).status());
    }
}

#[test]
fn a_full_disk_is_named_with_what_is_needed_and_the_next_run_finishes() {
    let sandbox = Sandbox::empty();
    let Some(disk) = Disk::mount(&sandbox, "4m") else {
        return not_tested("a full disk (mounting a tmpfs is not possible)");
    };
    sandbox.run("init platte/archiv --name A").exits(0);
    sandbox.delivery("lieferung");
    sandbox.file("lieferung/Groß/groß.bin", &vec![1; 6 << 20]);
    let call = |line: &str| sandbox.call(line).env("EARCHIV_ARCHIVE", sandbox.path("platte/archiv"));
    let run = call("ingest lieferung --json").run().exits(4);
    let large = run.packages().into_iter().find(|package| package["title"] == "Groß").unwrap();
    assert_eq!(large["state"], "failed");
    assert_eq!(large["needed"], 6 << 20);
    assert!(large["free"].as_u64().unwrap() < 4 << 20);
    assert_eq!(run.states().iter().filter(|state| *state == "stored").count(), 3, "the others are stored");
    call("ingest lieferung").run().exits(4).tells("6.0 MiB");
    let staged = fs::read_dir(sandbox.path("platte/archiv/staging")).unwrap().count();
    assert_eq!(staged, 0, "nothing is left behind");
    call("audit").run().exits(0);
    disk.remount("size=40m");
    let mut states = call("ingest lieferung --json").run().exits(0).states();
    states.sort();
    assert_eq!(states, ["already-stored", "already-stored", "already-stored", "stored"]);
    call("audit").run().exits(0);
    // And a disk that nothing can be written to any more.
    disk.remount("ro");
    call("verify").run().exits(0);
    call("audit").run().exits(0);
    let code = call("ingest lieferung --delivery neu").run().code;
    assert!(matches!(code, Some(4 | 8)), "{code:?}");
}

#[test]
fn a_source_is_never_changed() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    let before = tree(&sandbox.path("lieferung"));
    for line in ["ingest lieferung --dry-run", "pack lieferung --out sip", "ingest lieferung", "ingest lieferung"] {
        sandbox.run(line).exits(0);
        assert_eq!(before, tree(&sandbox.path("lieferung")), "{line}");
    }
    assert_eq!(sandbox.list().len(), 3);
}
