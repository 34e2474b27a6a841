//! A stop on request: the archive is consistent, and the same command again finishes.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::sandbox::{Run, Sandbox};

/// Starts an ingest, sends `signal` once the archive holds a first group, and returns how it ended.
fn stopped(sandbox: &Sandbox, signal: Signal) -> Run {
    let child = sandbox.call("ingest lieferung --jobs 1 --json").start();
    let journal = sandbox.path("archiv/journal/journal.jsonl");
    let start = Instant::now();
    while !std::fs::read_to_string(&journal).unwrap().contains("completed") {
        assert!(start.elapsed() < Duration::from_mins(1), "nothing was stored");
        std::thread::sleep(Duration::from_millis(5));
    }
    let id = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(id, signal).unwrap();
    let asked = Instant::now();
    let output = child.wait_with_output().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(10));
    Run::new(format!("{signal:?}"), output)
}

#[test]
fn a_signal_stops_between_packages_and_the_next_run_finishes() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let sandbox = Sandbox::new();
        sandbox.large_delivery("lieferung", 600, 100);
        let run = stopped(&sandbox, signal).exits(code);
        assert_eq!(run.document()["exit"], code);
        let stored = sandbox.list().len();
        assert!((64..600).contains(&stored), "{stored}");
        sandbox.json("audit").exits(0);
        let states = sandbox.json("ingest lieferung").exits(0).states();
        assert_eq!(states.iter().filter(|state| *state == "already-stored").count(), stored);
        assert_eq!(sandbox.list().len(), 600);
        assert_eq!(sandbox.json("accession list").results().len(), 1, "the same accession goes on");
        sandbox.is_whole();
    }
}
