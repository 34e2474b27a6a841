//! The journal: what it shows, its head, and a head that was kept elsewhere.

use std::fs;
use std::process::Command;

use super::sandbox::{Sandbox, not_tested};

fn head(sandbox: &Sandbox) -> String {
    sandbox.run("journal head").exits(0).stdout.trim().to_owned()
}

#[test]
fn an_old_head_is_known_and_a_wrong_one_is_not() {
    let sandbox = Sandbox::new();
    let created = head(&sandbox);
    sandbox.delivery("lieferung");
    sandbox.run("ingest lieferung").exits(0);
    let ingested = head(&sandbox);
    assert_ne!(created, ingested);
    for known in [&created, &ingested] {
        sandbox.run(&format!("journal verify --head {known}")).exits(0);
    }
    let (seq, hash) = ingested.split_once(':').unwrap();
    let flipped = format!("{seq}:{}{}", if hash.starts_with('0') { '1' } else { '0' }, &hash[1..]);
    sandbox.json(&format!("journal verify --head {flipped}")).exits(7).finds("journal-changed", hash);
    let later = format!("{}:{hash}", seq.parse::<u64>().unwrap() + 5);
    sandbox.json(&format!("journal verify --head {later}")).exits(7).finds("journal-short", hash);
    for wrong in ["x", "1", "1:abc", ":"] {
        sandbox.run(&format!("journal verify --head {wrong}")).exits(2);
    }
}

#[test]
fn a_rolled_back_archive_is_found_by_a_head_kept_elsewhere() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    super::sandbox::copy(&sandbox.path("archiv"), &sandbox.path("alt"));
    sandbox.run("ingest lieferung").exits(0);
    let kept = head(&sandbox);
    fs::remove_dir_all(sandbox.path("archiv")).unwrap();
    fs::rename(sandbox.path("alt"), sandbox.path("archiv")).unwrap();
    sandbox.run("audit").exits(0);
    sandbox.json(&format!("journal verify --head {kept}")).exits(7).finds("journal-short", "");
}

#[test]
fn every_step_of_a_package_is_shown_in_order() {
    let sandbox = Sandbox::filled();
    let id = sandbox.id("Spielplätze");
    let all = sandbox.json("journal show").exits(0).results();
    let numbers: Vec<u64> = all.iter().map(|entry| entry["seq"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    assert_eq!(all[0]["event"], "created");
    let own = sandbox.json(&format!("journal show --package {id}")).exits(0).results();
    let events: Vec<&str> = own.iter().map(|entry| entry["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["staged", "read-back", "committing", "published", "completed"]);
    assert_eq!(sandbox.json("journal show --limit 2").exits(0).results(), all[all.len() - 2..]);
    assert!(own.iter().all(|entry| entry["user"].as_str().is_some_and(|user| !user.is_empty())));
}

#[test]
fn who_acted_for_whom_is_noted_and_checks_are_noted_too() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    sandbox.call("ingest lieferung --on-behalf-of").arg("Stadtarchiv Musterstadt").run().exits(0);
    sandbox.run("verify").exits(0);
    sandbox.run("audit").exits(0);
    let all = sandbox.json("journal show").exits(0).results();
    let started = all.iter().find(|entry| entry["event"] == "accession-started").unwrap();
    assert_eq!(started["on_behalf_of"], "Stadtarchiv Musterstadt");
    let last: Vec<_> = all[all.len() - 2..].iter().map(|entry| entry["event"].as_str().unwrap()).collect();
    assert_eq!(last, ["verified", "audited"]);
    assert_eq!(all[all.len() - 1]["packages"], 3);
}

#[test]
fn no_titles_and_names_of_files_stand_in_the_journal() {
    let sandbox = Sandbox::filled();
    let text = fs::read_to_string(sandbox.path("archiv/journal/journal.jsonl")).unwrap();
    for word in ["Grünanlagen", "Spielplätze", "Protokoll", "lieferung", "nicht angegeben"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn ten_lines_of_python_agree() {
    let sandbox = Sandbox::filled();
    let page = include_str!("../../docs/journal.md");
    let script = page.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    sandbox.file("check.py", script.as_bytes());
    let journal = sandbox.path("archiv/journal/journal.jsonl");
    let check = || {
        let mut command = Command::new("python3");
        command.arg(sandbox.path("check.py")).arg(&journal).output()
    };
    let Ok(output) = check() else { return not_tested("the checker of docs/journal.md (no python3)") };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), head(&sandbox));
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replacen("staged", "stages", 1)).unwrap();
    assert!(!check().unwrap().status.success());
}
