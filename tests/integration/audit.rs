//! Audits over time: turns, budgets, shares, what is known of findings, who keeps the history.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use super::sandbox::{Run, Sandbox, is_root, not_tested};

const NOBODY: [&str; 5] =
    ["--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"];

fn summary(run: &Run) -> Value {
    run.document()["summary"].clone()
}

fn packages(run: &Run) -> Vec<String> {
    let results = run.results();
    results.iter().filter_map(|result| result["package"].as_str()).map(ToOwned::to_owned).collect()
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn status(sandbox: &Sandbox, options: &str) -> (Option<i32>, Value) {
    let run = sandbox.json(&format!("audit --status {options}"));
    (run.code, run.results()[0].clone())
}

#[test]
fn a_budget_ends_a_run_and_the_next_goes_on_there() {
    let sandbox = Sandbox::filled();
    let mut seen = BTreeSet::new();
    for number in 1..=3 {
        let run = sandbox.json("audit --max-bytes 1B").exits(0);
        let one = packages(&run);
        assert_eq!(one.len(), 1, "a package that is larger than the budget is checked all the same");
        assert!(seen.insert(one[0].clone()), "{one:?} was checked already");
        let told = summary(&run);
        assert_eq!((&told["ending"], &told["planned"], &told["packages"]), (&"bytes".into(), &3.into(), &1.into()));
        assert_eq!(told["coverage"]["checked"], number);
    }
    // All were checked once: it begins anew with the oldest.
    let again = packages(&sandbox.json("audit --max-bytes 1B").exits(0));
    assert!(seen.contains(&again[0]));
    assert_eq!(summary(&sandbox.json("audit").exits(0))["ending"], "complete");
}

#[test]
fn only_those_are_checked_whose_turn_it_is_and_what_is_late_is_told() {
    let sandbox = Sandbox::filled();
    assert_eq!(summary(&sandbox.json("audit --every 90d").exits(0))["planned"], 0);
    sleep(Duration::from_millis(2_500));
    let (code, told) = status(&sandbox, "--every 1s");
    assert_eq!((code, &told["coverage"]["overdue"], &told["due"]), (Some(9), &3.into(), &3.into()));
    assert_eq!(told["overdue"].as_array().unwrap().len(), 3);
    let run = sandbox.json("audit --every 1s --max-bytes 1B").exits(9);
    assert_eq!(summary(&run)["coverage"]["overdue"], 2);
    sandbox.json("audit").exits(0);
    let (code, told) = status(&sandbox, "--every 90d");
    assert_eq!((code, &told["coverage"]["checked"], &told["coverage"]["overdue"]), (Some(0), &3.into(), &0.into()));
    assert!(told["last_run"]["ended"].is_string() && told["forecast"]["suffices"] == true, "{told}");
}

#[test]
fn the_archive_says_how_often_by_profile() {
    let sandbox = Sandbox::filled();
    sandbox.run("audit --due").exits(2);
    sandbox.file("archiv/audit.toml", b"every_days = 90\n[profiles]\ndateiablage = 1\n");
    assert_eq!(summary(&sandbox.json("audit --due").exits(0))["planned"], 0);
    for (text, place) in [
        ("every_day = 1\n", "every_day"),
        ("every_days = 0\n", "audit.toml:1"),
        ("[profiles]\na = \"x\"\n", "audit.toml:2"),
    ] {
        sandbox.file("archiv/audit.toml", text.as_bytes());
        let run = sandbox.run("audit --due").exits(2);
        assert!(run.stderr.contains(place), "{text}: {}", run.stderr);
    }
}

#[test]
fn a_finding_is_new_once_and_gone_after_the_repair() {
    let sandbox = Sandbox::filled();
    let package = sandbox.package(&sandbox.id("Grünanlagen"));
    let whole = fs::read(&package).unwrap();
    flip(&package);
    let first = sandbox.json("audit").exits(5);
    let told = summary(&first);
    assert!(told["new_errors"].as_u64().unwrap() > 0 && told["new_errors"] == told["errors"], "{told}");
    assert!(first.findings().iter().all(|finding| finding["since"].is_null()));
    let second = sandbox.json("audit").exits(5);
    assert_eq!(summary(&second)["new_errors"], 0);
    let errors = second.findings().into_iter().filter(|finding| finding["severity"] == "error");
    assert!(errors.map(|finding| finding["since"].clone()).all(|since| since.is_string()));
    assert!(sandbox.run("audit").exits(5).stdout.contains("Known since"));
    assert_eq!(status(&sandbox, "").1["in_doubt"], 1);
    // What is in doubt is looked at again though its turn has not come, so that the repair is seen at once.
    fs::write(&package, whole).unwrap();
    let healed = sandbox.json("audit --every 90d").exits(0);
    assert_eq!((packages(&healed).len(), status(&sandbox, "").0), (1, Some(0)));
}

#[test]
fn what_is_wrong_only_once_is_no_damage() {
    let what = "a read that fails once (strace is missing or may not trace)";
    if !Command::new("strace").args(["-o", "/dev/null", "true"]).status().is_ok_and(|status| status.success()) {
        return not_tested(what);
    }
    let sandbox = Sandbox::filled();
    let package = sandbox.package(&sandbox.id("Grünanlagen"));
    let path = package.to_str().unwrap();
    let options = ["-f", "-qq", "-o", "/dev/null", "-P", path, "-e", "inject=read,pread64:error=EIO:when=1"];
    let run = sandbox.call_through("strace", &options, "audit --json --jobs 1").run();
    let doubtful: Vec<Value> = run.findings().into_iter().filter(|one| one["code"] == "read-doubtful").collect();
    assert_eq!((run.code, doubtful.len()), (Some(0), 1), "{} {}", run.stdout, run.stderr);
    assert!(doubtful[0]["value"].as_str().unwrap().contains("unreadable"), "{doubtful:?}");
    assert_eq!(summary(&run)["doubtful"], 1);
    // What is wrong twice is told with both results.
    flip(&package);
    let findings = sandbox.json("audit").exits(5).findings();
    assert!(findings.iter().any(|one| one["code"] == "read-repeated" && one["value"] == "same"), "{findings:?}");
}

#[test]
fn a_quick_look_reads_no_content_and_sees_what_lacks() {
    let sandbox = Sandbox::filled();
    let package = sandbox.package(&sandbox.id("Grünanlagen"));
    sandbox.json("audit").exits(0);
    let whole = fs::read(&package).unwrap();
    flip(&package);
    sandbox.json("audit --level quick").exits(0);
    fs::write(&package, &whole[..whole.len() - 1]).unwrap();
    let findings = sandbox.json("audit --level quick").exits(5).findings();
    assert!(findings.iter().any(|finding| finding["code"] == "size-mismatch"), "{findings:?}");
    // A quick look is no check of the content, and does not clear what one found.
    fs::write(&package, &whole).unwrap();
    flip(&package);
    sandbox.json("audit").exits(5);
    assert_eq!(summary(&sandbox.json("audit --level quick").exits(0))["level"], "quick");
    assert_eq!(status(&sandbox, "").1["in_doubt"], 1);
    fs::remove_file(&package).unwrap();
    sandbox.json("audit --level quick").exits(5);
}

#[test]
fn all_shares_together_find_what_one_run_finds() {
    let sandbox = Sandbox::new();
    sandbox.large_delivery("viele", 20, 10);
    sandbox.run("ingest viele").exits(0);
    let all = packages(&sandbox.json("audit").exits(0));
    flip(&sandbox.package(&all[3]));
    fs::remove_dir_all(sandbox.object(&all[7]).parent().unwrap()).unwrap();
    sandbox.file("archiv/store/fremd", b"x");
    let said = |run: &Run| -> BTreeSet<String> {
        let findings = run.findings().into_iter();
        findings.map(|one| format!("{} {} {}", one["code"], one["file"], one["value"])).collect()
    };
    let whole = sandbox.json("audit --history verlauf/ganz").exits(5);
    let (mut seen, mut found) = (Vec::new(), BTreeSet::new());
    for number in 1..=3 {
        let run = sandbox.json(&format!("audit --shard {number}/3 --history verlauf/{number}"));
        seen.extend(packages(&run));
        found.extend(said(&run));
    }
    seen.sort();
    let mut expected = all;
    expected.sort();
    assert_eq!(seen, expected);
    assert_eq!(found, said(&whole));
    for (variables, packages) in [
        (&[("SLURM_ARRAY_TASK_ID", "5"), ("SLURM_ARRAY_TASK_MIN", "4"), ("SLURM_ARRAY_TASK_COUNT", "3")][..], "auto"),
        (&[("JOB_COMPLETION_INDEX", "1")], "auto/3"),
    ] {
        let call = sandbox.call(&format!("audit --json --history verlauf/x{} --shard {packages}", variables.len()));
        let run = variables.iter().fold(call, |call, (name, value)| call.env(name, value)).run();
        assert_eq!(summary(&run)["shard"], "2/3");
    }
    for wrong in ["0/3", "4/3", "auto", "auto/3", "1", "1/0", "a/b", "1/2/3", "-1/3"] {
        sandbox.run(&format!("audit --shard={wrong}")).exits(2);
    }
}

#[test]
fn who_may_only_read_keeps_a_history_of_his_own() {
    let can = Command::new("setpriv").args(NOBODY).arg("true").status().is_ok_and(|status| status.success());
    if !is_root() || !can {
        return not_tested("an audit by a user who may only read (needs root and setpriv)");
    }
    let sandbox = Sandbox::filled();
    Command::new("chmod").args(["-R", "a+rX"]).arg(sandbox.path("")).status().unwrap();
    fs::create_dir(sandbox.path("eigenes")).unwrap();
    Command::new("chown").arg("65534").arg(sandbox.path("eigenes")).status().unwrap();
    let run = sandbox.call_through("setpriv", &NOBODY, "audit --json").run().exits(0);
    assert!(run.stderr.contains("--history"), "{}", run.stderr);
    let run = sandbox.call_through("setpriv", &NOBODY, "audit --json --history eigenes").run().exits(0);
    assert!(summary(&run)["run"].is_string());
    let told = sandbox.call_through("setpriv", &NOBODY, "audit --status --json --history eigenes").run().exits(0);
    assert_eq!(told.results()[0]["coverage"]["checked"], 3);
    assert!(!sandbox.path("archiv/reports/audit").exists());
}

#[test]
fn a_history_that_is_not_the_one_that_was_written_is_told() {
    let sandbox = Sandbox::filled();
    sandbox.json("audit").exits(0);
    let earlier = fs::read(sandbox.path("archiv/reports/audit/history.sqlite")).unwrap();
    sandbox.json("audit").exits(0);
    fs::write(sandbox.path("archiv/reports/audit/history.sqlite"), earlier).unwrap();
    let findings = sandbox.json("audit").exits(0).findings();
    assert!(findings.iter().any(|finding| finding["code"] == "history-changed"), "{findings:?}");
    for bytes in [&b"x"[..], b"SQLite format 3\0"] {
        sandbox.file("archiv/reports/audit/history.sqlite", bytes);
        sandbox.run("audit").exits(7);
        sandbox.run("audit --status").exits(7);
    }
    sandbox.run("init anderes --name B").exits(0);
    sandbox.run("audit --archive anderes --history h").exits(0);
    sandbox.run("audit --history h").exits(2);
    // One that was killed while it made its history left an empty file.
    sandbox.file("leer/history.sqlite", b"");
    sandbox.run("audit --history leer").exits(0);
}

#[test]
fn many_archives_are_one_table_and_one_exit_code() {
    let sandbox = Sandbox::filled();
    sandbox.json("audit").exits(0);
    sandbox.run("init zweites --name Zweites").exits(0);
    sandbox.file("liste", "# alle\narchiv\n\nzweites\tverlauf\n".as_bytes());
    let run = sandbox.run("audit --status --all liste --every 90d").exits(0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{}", run.stdout);
    assert!(lines[1].starts_with("Stadtarchiv") && lines[1].contains("100 %"), "{}", run.stdout);
    assert!(lines.iter().all(|line| line.chars().count() == lines[0].chars().count()), "{}", run.stdout);
    sandbox.file("liste", "archiv\nfehlt\nzweites\n".as_bytes());
    let run = sandbox.json("audit --status --all liste --every 90d").exits(7);
    assert_eq!(run.results().len(), 2);
    sandbox.file("liste", b"# niemand\n");
    sandbox.run("audit --status --all liste").exits(2);
}

#[test]
fn the_status_knows_what_is_wrong_with_the_archive_as_a_whole() {
    let sandbox = Sandbox::filled();
    sandbox.file("archiv/store/fremd", b"x");
    sandbox.json("audit").exits(5);
    let (code, told) = status(&sandbox, "");
    assert_eq!((code, told["whole"].as_array().map(Vec::len)), (Some(5), Some(1)), "{told}");
    assert!(sandbox.run("audit --status").exits(5).stdout.contains("fremd"));
    sandbox.run("audit --status --nagios").exits(2);
    fs::remove_file(sandbox.path("archiv/store/fremd")).unwrap();
    sandbox.json("audit --level quick").exits(0);
    // A quick look is not as deep as the one that found it.
    assert_eq!(status(&sandbox, "").0, Some(5));
    sandbox.json("audit").exits(0);
    assert_eq!(status(&sandbox, "").0, Some(0));
}

#[test]
fn results_come_as_lines_where_that_is_asked_for() {
    let sandbox = Sandbox::filled();
    let run = sandbox.run("audit --json-lines").exits(0);
    let lines: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[..3].iter().all(|line| line["verdict"] == "conforms"));
    assert_eq!((&lines[3]["schema"], &lines[3]["exit"]), (&"earchiv.audit/1".into(), &0.into()));
    assert_eq!(lines[3]["summary"]["packages"], 3);
    sandbox.run("audit --json --json-lines").exits(2);
}

#[test]
fn a_head_that_was_kept_elsewhere_proves_the_journal() {
    let sandbox = Sandbox::filled();
    let head = sandbox.run("journal head").exits(0).stdout.trim().to_owned();
    sandbox.json(&format!("audit --head {head}")).exits(0);
    let other = format!("{}:{}", head.split(':').next().unwrap(), "0".repeat(64));
    sandbox.json(&format!("audit --head {other}")).exits(7);
    sandbox.run("audit --head 1:x").exits(2);
    sandbox.run("audit --level tief").exits(2);
}

/// As a run leaves it that is killed between the tables and the row that says whose they are.
#[test]
fn a_history_of_which_only_the_tables_were_made_begins() {
    let sandbox = Sandbox::filled();
    sandbox.run("audit").exits(0);
    let history = rusqlite::Connection::open(sandbox.path("archiv/reports/audit/history.sqlite")).unwrap();
    let empty = "DELETE FROM finding; DELETE FROM run; DELETE FROM package; DELETE FROM history;";
    history.execute_batch(empty).unwrap();
    sandbox.run("audit --status").exits(0);
    sandbox.run("audit").exits(0);
    // Where anything else stands in it, whose it was is missing.
    history.execute_batch("DELETE FROM history").unwrap();
    sandbox.run("audit").exits(7).tells("history.sqlite");
}

/// What a history says of findings, but for the moments, and of the packages that are checked.
fn known(sandbox: &Sandbox, history: &str) -> (Vec<String>, Vec<String>) {
    let connection = rusqlite::Connection::open(sandbox.path(history).join("history.sqlite")).unwrap();
    let read = |sql: &str| -> Vec<String> {
        let mut query = connection.prepare(sql).unwrap();
        query.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    let mut findings = read("SELECT json_remove(body, '$.first', '$.last') FROM finding");
    findings.sort();
    let checks = "SELECT hex(id) || ' ' || (quick NOT NULL) || (full NOT NULL) || (deep NOT NULL) || ' ' || verdict || ' ' || \
                  ifnull(held, '-') FROM package ORDER BY id";
    (read(checks), findings)
}

#[test]
fn the_histories_of_all_shares_become_that_of_one_run() {
    let sandbox = Sandbox::new();
    sandbox.large_delivery("viele", 20, 10);
    sandbox.run("ingest viele").exits(0);
    let all = packages(&sandbox.json("audit --history anderer").exits(0));
    flip(&sandbox.package(&all[3]));
    fs::remove_dir_all(sandbox.object(&all[7]).parent().unwrap()).unwrap();
    sandbox.file("archiv/store/fremd", b"x");
    // A row that is not what its package says, in each share.
    let catalogue = rusqlite::Connection::open(sandbox.path("archiv/catalogue.sqlite")).unwrap();
    catalogue.execute("UPDATE holding SET title = 'Anders' WHERE row % 4 = 1", []).unwrap();
    drop(catalogue);
    let differing = sandbox.json("audit --history einer").exits(7).findings();
    assert!(differing.iter().filter(|one| one["code"] == "catalogue-differs").count() >= 3, "{differing:?}");
    for number in 1..=3 {
        sandbox.json(&format!("audit --shard {number}/3 --history teile/{number}"));
    }
    let parts = "teile/1 teile/2 teile/3";
    let run = sandbox.json(&format!("audit merge {parts} --history zusammen")).exits(0);
    let come = |field: &str| -> Vec<u64> { run.results().iter().map(|one| one[field].as_u64().unwrap()).collect() };
    assert_eq!(come("runs"), [1, 1, 1]);
    assert_eq!(come("packages").iter().sum::<u64>(), 20);
    assert_eq!(known(&sandbox, "zusammen"), known(&sandbox, "einer"));
    let told = summary(&run);
    assert_eq!(told["runs"], 3);
    assert!(told["in_doubt"].as_u64().unwrap() >= 2, "{told}");
    let again = sandbox.run(&format!("audit merge teile/3 {parts} --history zusammen")).exits(0);
    assert!(again.stdout.lines().take(4).all(|line| line.contains("no new run")), "{}", again.stdout);
    assert_eq!(known(&sandbox, "zusammen"), known(&sandbox, "einer"));
    let (one, merged) = (status(&sandbox, "--history einer").1, status(&sandbox, "--history zusammen").1);
    assert_eq!((&one["in_doubt"], one["coverage"]["checked"].as_u64()), (&merged["in_doubt"], Some(20)));
    assert_eq!(one["coverage"]["checked"], merged["coverage"]["checked"]);
    // It goes on from there, and so does the report.
    sandbox.json("audit --every 90d --history zusammen").exits(7);
    sandbox.run("audit report --history zusammen --out bericht").exits(0);
    // Without a name it is the archive's own that takes the others in.
    sandbox.run(&format!("audit merge {parts}")).exits(0);
    assert_eq!(known(&sandbox, "archiv/reports/audit"), known(&sandbox, "einer"));
}

#[test]
fn what_is_no_history_of_the_archive_is_not_merged() {
    let sandbox = Sandbox::filled();
    sandbox.json("audit --history a").exits(0);
    sandbox.run("init anderes --name B").exits(0);
    sandbox.run("audit --archive anderes --history b").exits(0);
    for line in ["audit merge a b --history c", "audit merge a leer --history c", "audit merge --history c"] {
        sandbox.run(line).exits(2);
        assert!(!sandbox.path("c").exists(), "{line}");
    }
    // Without an archive, all have to be of the same one.
    let alone = |line: &str| sandbox.call(line).env("EARCHIV_ARCHIVE", "").run();
    alone("audit merge a").exits(2);
    alone("audit merge a b --history c").exits(2);
    alone("audit merge a --history b").exits(2);
    alone("audit merge leer --history c").exits(2);
    assert!(!sandbox.path("c").exists());
    alone("audit merge a --history c").exits(0);
    assert_eq!(known(&sandbox, "c"), known(&sandbox, "a"));
    // One that was changed by other hands stays out, whatever else comes with it.
    sandbox.json("audit --history a").exits(0);
    let connection = rusqlite::Connection::open(sandbox.path("a/history.sqlite")).unwrap();
    connection
        .execute("UPDATE run SET body = replace(body, '\"errors\":0', '\"errors\":1') WHERE seq = 1", [])
        .unwrap();
    let run = sandbox.run("audit merge a --history d").exits(7);
    assert!(run.stderr.contains("run 1"), "{}", run.stderr);
}

#[test]
fn what_a_killed_run_left_half_written_in_a_history_is_undone_by_who_only_reads() {
    let sandbox = Sandbox::filled();
    sandbox.json("audit --history a").exits(0);
    // What SQLite leaves when it is killed before its first page: an empty journal.
    for line in ["audit --status --history a", "audit report --history a --out bericht", "audit merge a --history b"] {
        sandbox.file("a/history.sqlite-journal", b"");
        sandbox.run(line).exits(0);
    }
    let before = known(&sandbox, "a");
    let run = Command::new("python3").args(["-c", HALF]).arg(sandbox.path("a/history.sqlite")).status();
    if !run.is_ok_and(|status| status.code() == Some(9)) {
        return not_tested("a history that is half written (needs python3 with sqlite3)");
    }
    assert!(fs::metadata(sandbox.path("a/history.sqlite-journal")).unwrap().len() > 0);
    let told = status(&sandbox, "--history a");
    assert_eq!((told.0, &told.1["coverage"]["checked"]), (Some(0), &3.into()));
    assert_eq!(known(&sandbox, "a"), before);
}

/// Writes pages of a transaction into the file and ends in the middle of it.
const HALF: &str = "
import os, sqlite3, sys
sql = sqlite3.connect(sys.argv[1], isolation_level=None)
sql.execute('PRAGMA cache_size = 1')
sql.execute('PRAGMA cache_spill = 1')
sql.execute('BEGIN IMMEDIATE')
sql.execute('DELETE FROM package')
for _ in range(400):
    sql.execute('INSERT INTO finding (body) VALUES (?)', ('x' * 3000,))
os._exit(9)
";

#[test]
fn a_row_that_differs_is_known_until_the_catalogue_was_made_anew_also_where_little_is_checked() {
    let sandbox = Sandbox::filled();
    let id = sandbox.id("Grünanlagen");
    let catalogue = rusqlite::Connection::open(sandbox.path("archiv/catalogue.sqlite")).unwrap();
    catalogue.execute("UPDATE holding SET title = 'Anders' WHERE title = 'Grünanlagen'", []).unwrap();
    drop(catalogue);
    let open = || -> Vec<String> {
        let history = rusqlite::Connection::open(sandbox.path("archiv/reports/audit/history.sqlite")).unwrap();
        let mut query = history.prepare("SELECT body FROM finding WHERE cleared IS NULL").unwrap();
        query.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    sandbox.json("audit").exits(7);
    let before = open();
    assert!(before.len() == 1 && before[0].contains("catalogue-differs") && before[0].contains(&id), "{before:?}");
    // Nothing else is at turn: the one is looked at again, and is told as known.
    for level in ["full", "quick", "full"] {
        let run = sandbox.json(&format!("audit --every 90d --level {level}"));
        assert_eq!(open().len(), 1, "{level}: {}", run.stdout);
        if level == "full" {
            assert_eq!(
                (packages(&run), summary(&run)["new_errors"].as_u64()),
                (vec![id.clone()], Some(0)),
                "{}",
                run.stdout
            );
        }
    }
    sandbox.run("catalogue rebuild").exits(0);
    sandbox.json("audit --every 90d").exits(0);
    assert!(open().is_empty(), "{:?}", open());
}

#[test]
fn a_package_that_was_amended_is_not_taken_for_damaged() {
    let sandbox = Sandbox::filled();
    sandbox.json("audit").exits(0);
    // Versions are told apart by whole seconds.
    sleep(Duration::from_millis(1_100));
    sandbox.run(&format!("amend {} --reason Tippfehler --title Parks", sandbox.id("Grünanlagen"))).exits(0);
    for level in ["quick", "full", "quick", "deep", "quick"] {
        sandbox.json(&format!("audit --level {level}")).exits(0);
    }
}

#[test]
fn what_a_quick_look_found_is_known_to_a_full_one() {
    let sandbox = Sandbox::filled();
    let package = sandbox.package(&sandbox.id("Grünanlagen"));
    sandbox.json("audit").exits(0);
    let whole = fs::read(&package).unwrap();
    fs::write(&package, &whole[..whole.len() - 1]).unwrap();
    sandbox.json("audit --level quick").exits(5);
    let findings = sandbox.json("audit").exits(5).findings();
    let size = findings.iter().find(|one| one["code"] == "size-mismatch").unwrap();
    assert!(size["since"].is_string(), "{findings:?}");
}

#[test]
fn a_second_copy_is_looked_at_as_well() {
    let sandbox = Sandbox::filled();
    sandbox.run("replicate --to kopie").exits(0);
    sandbox.json("audit --against kopie").exits(0);
    let id = sandbox.id("Grünanlagen");
    let place = sandbox.object(&id).strip_prefix(sandbox.path("archiv")).unwrap().to_owned();
    let copied = sandbox.path("kopie").join(place).join(format!("v1/content/{id}.zip"));
    let whole = fs::read(&copied).unwrap();
    flip(&copied);
    // A quick look does not read, and what is wrong only there is no damage here.
    sandbox.json("audit --against kopie --level quick").exits(0);
    let run = sandbox.json("audit --against kopie").exits(5);
    assert_eq!((&summary(&run)["copies"], &summary(&run)["damaged"]), (&1.into(), &0.into()));
    let wrong: Vec<Value> = run.findings().into_iter().filter(|one| one["code"] == "copy-damaged").collect();
    assert_eq!(wrong.len(), 1, "{}", run.stdout);
    assert!(sandbox.run("audit --against kopie").exits(5).stdout.contains("earchiv replicate"));
    // Whoever does not look at the copy cannot say that it is in order again.
    sandbox.json("audit").exits(0);
    assert_eq!(status(&sandbox, "").1["in_doubt"], 1);
    fs::write(&copied, &whole).unwrap();
    sandbox.json("audit --against kopie").exits(0);
    assert_eq!(status(&sandbox, "").1["in_doubt"], 0);
    // Damaged here: the copy is what it comes back from.
    flip(&sandbox.package(&id));
    assert!(sandbox.run("audit --against kopie").exits(5).stdout.contains("earchiv repair --from"));
    sandbox.run("repair --from kopie").exits(0);
    sandbox.json("audit --against kopie").exits(0);
    for wrong in ["fehlt", "archiv", "lieferung"] {
        sandbox.run(&format!("audit --against {wrong}")).exits(2);
    }
}
