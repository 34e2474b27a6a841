//! What the systems around an archive are told of its audit: a command on findings, metrics, one line for Nagios.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::sandbox::{Run, Sandbox};
use super::schemas::holds;

/// Keeps what it is given in `bericht`, and its environment in `umgebung`.
const HOOK: &str = "cat > bericht; echo $EARCHIV_EXIT $EARCHIV_FINDINGS > umgebung";

fn ended(child: Child) -> Run {
    Run::new("background".to_owned(), child.wait_with_output().unwrap())
}

/// Flips a bit of a package.
fn damage(sandbox: &Sandbox, title: &str) -> String {
    let id = sandbox.id(title);
    let package = sandbox.package(&id);
    let mut bytes = fs::read(&package).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&package, bytes).unwrap();
    id
}

/// Runs an audit with the hook, and further options.
fn audit(sandbox: &Sandbox, options: &str) -> Run {
    sandbox.call(&format!("audit {options}")).arg("--hook").arg(HOOK).run()
}

/// The report that the hook got, which is what its schema says.
fn report(sandbox: &Sandbox) -> Value {
    let report: Value = serde_json::from_slice(&fs::read(sandbox.path("bericht")).unwrap()).unwrap();
    holds("alarm", &report);
    report
}

#[test]
fn a_hook_gets_the_report_of_what_was_found_and_is_not_run_without() {
    let sandbox = Sandbox::filled();
    audit(&sandbox, "").exits(0);
    assert!(!sandbox.path("bericht").exists());
    let id = damage(&sandbox, "Grünanlagen");
    audit(&sandbox, "").exits(5);
    let told = report(&sandbox);
    assert_eq!((&told["exit"], &told["archive"]["name"]), (&5.into(), &"Stadtarchiv".into()));
    assert_eq!(told["findings"][0]["package"], id.as_str());
    assert_eq!(told["count"], told["findings"].as_array().unwrap().len());
    assert_eq!(told["summary"]["damaged"], 1);
    let environment = fs::read_to_string(sandbox.path("umgebung")).unwrap();
    assert_eq!(environment.trim(), format!("5 {}", told["count"]));
}

#[test]
fn a_hook_learns_that_an_audit_could_not_be_done() {
    let sandbox = Sandbox::filled();
    fs::remove_file(sandbox.path("archiv/earchiv.toml")).unwrap();
    audit(&sandbox, "").exits(7);
    let told = report(&sandbox);
    assert_eq!((&told["exit"], &told["archive"]), (&7.into(), &Value::Null));
    assert!(told["error"]["message"].is_string(), "{told}");
}

#[test]
fn a_hook_that_fails_is_told_of_and_changes_nothing() {
    let sandbox = Sandbox::filled();
    damage(&sandbox, "Grünanlagen");
    let run = sandbox.call("audit").arg("--hook").arg("echo kein Postamt >&2; exit 75").run();
    run.exits(5).tells("kein Postamt").tells("75");
    sandbox.call("audit").arg("--hook").arg("not-there-at-all").run().exits(5).tells("not-there-at-all");
}

#[test]
fn a_run_that_is_stopped_or_killed_runs_no_hook() {
    for (signal, code) in [("-INT", Some(130)), ("-TERM", Some(143)), ("-KILL", None)] {
        let sandbox = Sandbox::filled();
        sandbox.file("groß/Akte/Scan.tif", &vec![7; 1 << 20]);
        sandbox.run("ingest groß").exits(0);
        damage(&sandbox, "Grünanlagen");
        let audit = sandbox.call("audit --rate 1kB/s").arg("--hook").arg(HOOK).start();
        // The shell that waits is there.
        let end = Instant::now() + Duration::from_mins(1);
        let children = format!("/proc/{0}/task/{0}/children", audit.id());
        while fs::read_to_string(&children).unwrap().is_empty() {
            assert!(Instant::now() < end, "no shell waits");
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(500));
        assert!(Command::new("kill").args([signal, &audit.id().to_string()]).status().unwrap().success());
        assert_eq!(ended(audit).code, code, "{signal}");
        std::thread::sleep(Duration::from_millis(200));
        assert!(!sandbox.path("bericht").exists(), "{signal}");
    }
}

#[test]
fn metrics_tell_what_the_audit_came_to() {
    let sandbox = Sandbox::filled();
    let metric = |name: &str| -> Option<String> {
        let text = fs::read_to_string(sandbox.path("earchiv.prom")).unwrap();
        let start =
            format!("earchiv_audit_{name}{{archive=\"Stadtarchiv\",id=\"6b0f5f0a-51a5-4f0c-9d6a-1c6d3d2b1a00\"");
        let line = text.lines().find(|line| line.starts_with(&start))?;
        Some(line.rsplit(' ').next().unwrap().to_owned())
    };
    sandbox.run("audit --metrics earchiv.prom").exits(0);
    for (name, value) in [("packages", "3"), ("overdue", "0"), ("open_findings", "0"), ("last_run_exit_code", "0")] {
        assert_eq!(metric(name).as_deref(), Some(value), "{name}");
    }
    assert!(metric("findings").is_none());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    for name in ["last_run_timestamp_seconds", "oldest_check_timestamp_seconds"] {
        let seconds: u64 = metric(name).unwrap().parse().unwrap();
        assert!(now.abs_diff(seconds) < 600, "{name} {seconds}");
    }
    damage(&sandbox, "Grünanlagen");
    sandbox.run("audit --metrics earchiv.prom").exits(5);
    assert_eq!(metric("last_run_exit_code").as_deref(), Some("5"));
    assert_ne!(metric("open_findings").as_deref(), Some("0"));
    assert!(metric("findings").is_some());
    // Whoever collects is another user.
    let mode = sandbox.path("earchiv.prom").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
    let before = metric("last_run_timestamp_seconds");
    sandbox.run("audit --status --metrics earchiv.prom").exits(5);
    assert_eq!(metric("last_run_timestamp_seconds"), before);
    // A file that cannot be written is a fault, and hides no graver one.
    sandbox.run("audit --metrics nirgends/earchiv.prom").exits(5).tells("nirgends/earchiv.prom");
}

#[test]
fn one_file_and_one_line_for_many_archives() {
    let sandbox = Sandbox::filled();
    sandbox.run("init zweites --name Kreisarchiv").exits(0);
    sandbox.file("liste", b"archiv\nzweites\n");
    let run = sandbox.run("audit --status --all liste --nagios --metrics alle.prom").exits(0);
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    assert!(run.stdout.starts_with("EARCHIV OK - 2 archives: 3 packages"), "{}", run.stdout);
    let text = fs::read_to_string(sandbox.path("alle.prom")).unwrap();
    assert!(text.contains("archive=\"Kreisarchiv\"") && text.contains("archive=\"Stadtarchiv\""), "{text}");
}

#[test]
fn nagios_gets_one_line_and_its_own_exit_codes() {
    let sandbox = Sandbox::filled();
    let line = |options: &str, code: i32, state: &str| {
        let run = sandbox.run(&format!("audit {options} --nagios")).exits(code);
        assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
        assert!(run.stdout.starts_with(&format!("EARCHIV {state} - ")), "{}", run.stdout);
        run.stdout
    };
    let told = line("", 0, "OK");
    assert!(told.contains(" | packages=3;;;0 due=0;;;0 overdue=0;0;;0 findings=0;;0;0 oldest_check="), "{told}");
    std::thread::sleep(Duration::from_secs(3));
    assert!(line("--status --every 1s", 1, "WARNING").contains("overdue=3;"));
    damage(&sandbox, "Grünanlagen");
    line("", 2, "CRITICAL");
    line("--status", 2, "CRITICAL");
    // What could not be done at all, and what was called wrongly.
    line("--rate 1,5MiB/s", 3, "UNKNOWN");
    line("--no-such-option", 3, "UNKNOWN");
    line("--metrics nirgends/earchiv.prom --status", 2, "CRITICAL");
    fs::remove_file(sandbox.path("archiv/earchiv.toml")).unwrap();
    line("", 2, "CRITICAL");
}
