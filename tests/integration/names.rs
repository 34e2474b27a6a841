//! Odd and hostile deliveries: every entry is stored or named with its reason, no run hangs, nothing leaves its folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::contents;
use super::sandbox::{Sandbox, not_tested, shared, tree};

/// Entries below `folder` by kind, as `find` counts them: paths longer than a call can take are no hindrance to it.
fn counts(folder: &Path) -> BTreeMap<&'static str, u64> {
    let output = Command::new("find").arg(folder).args(["-printf", "%y"]).output().unwrap();
    let mut counts = BTreeMap::new();
    for kind in output.stdout {
        let name = match kind {
            b'f' => "file",
            b'd' => "folder",
            b'l' => "link",
            b'p' => "fifo",
            b's' => "socket",
            _ => "device",
        };
        *counts.entry(name).or_default() += 1;
    }
    counts
}

fn sums(entries: &Value) -> BTreeMap<String, u64> {
    let sum = |tally: &Value| tally.as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    entries.as_object().unwrap().iter().map(|(kind, tally)| (kind.clone(), sum(tally))).collect()
}

#[test]
fn every_entry_of_an_odd_tree_is_stored_or_named() {
    let Some(corpus) = shared("corpora/hostile/make_names.py", "odd and hostile trees") else { return };
    let sandbox = Sandbox::new();
    let made = Command::new("python3").arg(corpus).arg(sandbox.path("trees")).output();
    let Ok(made) = made.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()) else {
        return not_tested("odd and hostile trees (no python3)");
    };
    let mut cases: BTreeMap<String, bool> = BTreeMap::new();
    for line in made.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields[4] == "made" {
            cases.insert(fields[0].trim_start_matches("names/").to_owned(), fields[2] == "ACCEPT");
        }
    }
    assert!(cases.len() > 40, "{made}");
    let outside = tree_without(&sandbox);
    for (case, accepted) in &cases {
        // Root reads everything; 20,000 files are for release builds.
        if case == "noread" || case == "many20k" {
            continue;
        }
        let start = Instant::now();
        let folder = sandbox.path("trees").join(case);
        let run = sandbox.call("ingest --json").arg("--delivery").arg(case).arg(&folder).run();
        let told = format!("{case}: {}{}", run.stdout, run.stderr);
        assert!(start.elapsed() < Duration::from_secs(30), "{case} takes too long");
        let result = &run.results()[0];
        // Every entry counts once, whatever becomes of it.
        let expected: BTreeMap<String, u64> =
            counts(&folder).into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect();
        if ["path5000", "levels3000"].contains(&case.as_str()) {
            // What lies deeper than the operating system opens cannot be counted: the folder above it is named.
            assert!(run.stdout.contains("\"reason\":\"path-too-long\""), "{told}");
            assert_eq!(run.code, Some(3), "{case}");
            continue;
        }
        assert_eq!(sums(&result["entries"]), expected, "{told}");
        let stored = result["entries"]["file"]["stored"].as_u64().unwrap_or_default();
        if *accepted {
            assert_eq!(run.code, Some(0), "{told}");
            assert_eq!(stored, expected["file"], "{told}");
        } else {
            assert!(matches!(run.code, Some(3)), "{told}");
            // Whatever is refused is named.
            let mut named = result["exceptions"].as_array().unwrap().clone();
            named.extend(
                result["packages"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .flat_map(|p| p["exceptions"].as_array().cloned().unwrap_or_default()),
            );
            assert!(!named.is_empty(), "{told}");
        }
        // A link is refused alone; a pipe or socket refuses its record.
        if case.starts_with("sym_") {
            assert_eq!(stored, 1, "{told}");
        }
        if case == "fifo" || case == "socket" {
            assert_eq!(stored, 0, "{told}");
        }
    }
    assert_eq!(outside, tree_without(&sandbox), "something was written outside the archive");
    sandbox.is_whole();
    originals_are_recorded(&sandbox);
}

/// All that lies beside archive and trees.
fn tree_without(sandbox: &Sandbox) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(sandbox.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Exports the package of every case that is whole and compares it with what was delivered.
fn originals_are_recorded(sandbox: &Sandbox) {
    sandbox.permit();
    for case in ["nfc", "nfd", "case", "odd_09", "odd_25", "win_CON", "long255", "long255u", "mtime_neg", "empty_dir"] {
        let accession =
            sandbox.json("accession list").results().into_iter().find(|row| row["delivery"] == case).unwrap();
        let number = accession["number"].as_str().unwrap();
        let out = format!("aus-{case}");
        for row in sandbox.json(&format!("list --accession {number}")).results() {
            let id = row["id"].as_str().unwrap();
            sandbox.run(&format!("export --permit P {id} . --out {out}")).exits(0);
            contents::references(&contents::read(&sandbox.package(id)));
        }
        assert_eq!(tree(&sandbox.path(&out)), tree(&sandbox.path("trees").join(case)), "{case}");
        fs::remove_dir_all(sandbox.path(&out)).unwrap();
    }
}
