//! `earchiv audit report`: what is written where, made of the history that real audits kept.

use std::fs;
use std::path::Path;

use super::sandbox::{Sandbox, tree};

const FILES: [&str; 4] = ["audit-findings.csv", "audit-runs.csv", "audit.de.html", "audit.en.html"];

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.path(path)).unwrap()
}

/// The part of a page under the heading `id`.
fn part<'a>(page: &'a str, id: &str) -> &'a str {
    page.split(&format!("id=\"part-{id}\"")).nth(1).unwrap().split("</section>").next().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    tree(folder).into_keys().map(|name| name.into_string().unwrap()).collect()
}

#[test]
fn damage_is_told_from_the_day_it_was_seen_until_it_is_repaired() {
    let sandbox = Sandbox::filled();
    let id = sandbox.id("Grünanlagen");
    sandbox.run("audit").exits(0);
    sandbox.run("audit report --every 90d").exits(0);
    let page = read(&sandbox, "archiv/reports/audit/audit.en.html");
    assert!(page.contains("verdict good") && page.contains("All 3 packages are within their period."));
    assert!(part(&page, "evidence").contains("and the journal confirms it"));

    let package = sandbox.package(&id);
    let whole = fs::read(&package).unwrap();
    let mut damaged = whole.clone();
    damaged[100] ^= 1;
    fs::write(&package, damaged).unwrap();
    sandbox.run("audit").exits(5);
    sandbox.run("audit report").exits(0);
    let page = read(&sandbox, "archiv/reports/audit/audit.de.html");
    assert!(page.contains("verdict bad") && page.contains("1 Paket ist nicht in Ordnung"));
    let open = part(&page, "open");
    assert!(open.contains(&id) && open.contains("earchiv repair --from KOPIE"), "{open}");

    fs::write(&package, whole).unwrap();
    sandbox.run("audit").exits(0);
    sandbox.run("audit report").exits(0);
    let page = read(&sandbox, "archiv/reports/audit/audit.de.html");
    assert!(page.contains("verdict good") && !part(&page, "open").contains(&id));
    assert!(part(&page, "cleared").contains(&id));
    let runs = read(&sandbox, "archiv/reports/audit/audit-runs.csv");
    assert_eq!(runs.lines().count(), 4);
    // What lies in reports/audit is nothing that an audit minds.
    sandbox.is_whole();
}

#[test]
fn a_report_replaces_a_report_and_nothing_else() {
    let sandbox = Sandbox::filled();
    sandbox.run("audit").exits(0);
    for _ in 0..2 {
        sandbox.run("audit report --out bericht").exits(0);
        assert_eq!(names(&sandbox.path("bericht")), FILES);
    }
    // Also one in another language.
    sandbox.run("audit report --out bericht --lang de").exits(0);
    sandbox.run("audit report --out seite.html").exits(0);
    assert!(read(&sandbox, "seite.html").contains("<html lang=\"en\">"));
    for name in FILES {
        let folder = format!("fremd {name}");
        sandbox.file(&format!("{folder}/{name}"), b"<p>mine</p>\n");
        sandbox.call("audit report --out").arg(sandbox.path(&folder)).run().exits(2).tells("is no report of eArchiv");
        assert_eq!(names(&sandbox.path(&folder)), [name]);
        assert_eq!(read(&sandbox, &format!("{folder}/{name}")), "<p>mine</p>\n");
    }
    std::os::unix::fs::symlink("../bericht/audit.de.html", sandbox.path("fremd audit.de.html/audit.en.html")).unwrap();
    fs::remove_file(sandbox.path("fremd audit.de.html/audit.de.html")).unwrap();
    sandbox.call("audit report --out").arg(sandbox.path("fremd audit.de.html")).run().exits(2);
}

#[test]
fn a_history_that_was_changed_is_told_on_the_page() {
    for (statement, run) in [
        ("UPDATE run SET body = replace(body, '\"errors\":0', '\"errors\":1') WHERE number = 1", 1),
        // The journal knows that there was one more.
        ("DELETE FROM run WHERE number = 2", 2),
    ] {
        let sandbox = Sandbox::filled();
        sandbox.run("audit").exits(0);
        sandbox.run("audit").exits(0);
        let history = sandbox.path("archiv/reports/audit/history.sqlite");
        rusqlite::Connection::open(history).unwrap().execute(statement, []).unwrap();
        sandbox.run("audit report").exits(0);
        let page = read(&sandbox, "archiv/reports/audit/audit.en.html");
        assert!(page.contains("verdict bad"), "{statement}");
        assert!(part(&page, "evidence").contains(&format!("from run {run} on the history was changed")), "{statement}");
    }
}

#[test]
fn an_archive_that_was_never_audited_has_a_report_too() {
    let sandbox = Sandbox::filled();
    sandbox.run("audit report --every 90d --history anderswo --out bericht").exits(0);
    let page = read(&sandbox, "bericht/audit.de.html");
    assert!(page.contains("verdict late") && page.contains("Noch kein Lauf"));
    assert!(!sandbox.path("anderswo").exists() && !sandbox.path("archiv/reports/audit").exists());
}

#[test]
fn what_a_killed_audit_left_half_written_is_undone_by_who_reads_it() {
    let sandbox = Sandbox::filled();
    sandbox.run("audit").exits(0);
    let history = sandbox.path("archiv/reports/audit/history.sqlite");
    let journal = sandbox.path("archiv/reports/audit/history.sqlite-journal");
    let [half, undo] = ["half", "undo"].map(|name| sandbox.path(name));
    // In the middle of a change that is larger than what is kept in memory, both files are as a kill leaves them.
    let connection = rusqlite::Connection::open(&history).unwrap();
    connection.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE; CREATE TABLE half (body TEXT)").unwrap();
    for _ in 0..300 {
        connection.execute("INSERT INTO half VALUES (?)", ["x".repeat(2000)]).unwrap();
    }
    fs::copy(&history, &half).unwrap();
    fs::copy(&journal, &undo).unwrap();
    drop(connection);
    fs::copy(&half, &history).unwrap();
    fs::copy(&undo, &journal).unwrap();
    sandbox.run("audit report --out bericht").exits(0);
    assert!(!journal.exists());
    assert_eq!(read(&sandbox, "bericht/audit-runs.csv").lines().count(), 2);
}
