//! Reading that is kind to other work: a rate, the lowest priority, a pause while somebody writes.

use std::fs::{self, File};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::sandbox::{Run, Sandbox, not_tested};

/// An archive with one package of `bytes` bytes.
fn with_a_package(bytes: usize) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("lieferung/Akte/Scan.tif", &vec![7; bytes]);
    sandbox.run("ingest lieferung").exits(0);
    sandbox
}

fn ended(child: Child) -> Run {
    Run::new("background".to_owned(), child.wait_with_output().unwrap())
}

/// The numbers of all threads of a process.
fn threads(process: u32) -> Vec<String> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap();
    tasks.map(|task| task.unwrap().file_name().into_string().unwrap()).collect()
}

/// Name and nice value of a thread.
fn nice(process: u32, thread: &str) -> (String, i32) {
    let stat = fs::read_to_string(format!("/proc/{process}/task/{thread}/stat")).unwrap();
    let (name, rest) = stat.split_once('(').unwrap().1.rsplit_once(") ").unwrap();
    (name.to_owned(), rest.split(' ').nth(16).unwrap().parse().unwrap())
}

#[test]
fn a_rate_is_kept_with_any_number_of_threads() {
    let sandbox = with_a_package(1 << 20);
    let begin = Instant::now();
    sandbox.run("verify").exits(0);
    let free = begin.elapsed();
    for jobs in [1, 4] {
        let begin = Instant::now();
        sandbox.run(&format!("verify --rate 1MiB/s --jobs {jobs}")).exits(0);
        // One MiB and some metadata, less what may be made good.
        assert!(begin.elapsed() > Duration::from_millis(750), "{:?}, {free:?} without", begin.elapsed());
    }
}

#[test]
fn a_stop_does_not_wait_for_the_rate() {
    let sandbox = with_a_package(1 << 20);
    let verify = sandbox.call("verify --rate 1kB/s").start();
    std::thread::sleep(Duration::from_millis(500));
    let begin = Instant::now();
    assert!(Command::new("kill").args(["-TERM", &verify.id().to_string()]).status().unwrap().success());
    ended(verify).exits(143);
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
}

#[test]
fn the_lowest_priority_holds_for_all_threads() {
    let sandbox = with_a_package(1 << 20);
    let mut verify = sandbox.call("verify --idle --rate 1kB/s --jobs 3").start();
    let process = verify.id();
    let begin = Instant::now();
    // The main thread, three workers, and those that wait for a signal and for what is to be noted.
    while threads(process).len() < 6 && begin.elapsed() < Duration::from_mins(1) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let threads = threads(process);
    let nices: Vec<_> = threads.iter().map(|thread| nice(process, thread)).collect();
    let classes: Vec<_> = threads.iter().map(|thread| Command::new("ionice").args(["-p", thread]).output()).collect();
    verify.kill().unwrap();
    verify.wait().unwrap();
    assert!(threads.len() >= 6, "{nices:?}");
    assert!(nices.iter().all(|(_, nice)| *nice == 19), "{nices:?}");
    for class in classes {
        match class {
            Ok(class) => assert_eq!(String::from_utf8_lossy(&class.stdout).trim(), "idle"),
            Err(_) => return not_tested("the priority at the medium (no ionice here)"),
        }
    }
}

#[test]
fn a_system_that_grants_no_priority_is_told_of() {
    let sandbox = Sandbox::filled();
    let run = sandbox.call("verify --idle").env("PATH", sandbox.path("nothing")).run().exits(0);
    run.tells("does not grant the lowest priority at the medium");
    assert!(!sandbox.run("verify").exits(0).stderr.contains("priority"));
}

#[test]
fn it_pauses_while_somebody_writes_and_takes_no_lock_to_see_it() {
    let sandbox = Sandbox::filled();
    let lock = File::open(sandbox.path("archiv/earchiv.toml")).unwrap();
    lock.lock().unwrap();
    let mut idle = sandbox.call("verify --idle").start();
    sandbox.run("verify").exits(0);
    assert!(idle.try_wait().unwrap().is_none(), "it did not pause");
    drop(lock);
    ended(idle).exits(0).tells("3 packages");
}

#[test]
fn a_pause_ends_with_a_stop() {
    let sandbox = Sandbox::filled();
    let lock = File::open(sandbox.path("archiv/earchiv.toml")).unwrap();
    lock.lock().unwrap();
    let idle = sandbox.call("verify --idle").start();
    std::thread::sleep(Duration::from_millis(500));
    assert!(Command::new("kill").args(["-INT", &idle.id().to_string()]).status().unwrap().success());
    ended(idle).exits(130);
}

/// How many bytes of a file are in memory; `None` where that cannot be told.
fn in_memory(path: &std::path::Path) -> Option<u64> {
    let found = Command::new("fincore").args(["-b", "-n", "-o", "RES"]).arg(path).output().ok()?;
    String::from_utf8(found.stdout).ok()?.trim().parse().ok()
}

#[test]
fn what_a_check_reads_does_not_stay_in_memory() {
    let sandbox = Sandbox::on_disk();
    sandbox.run("init archiv --name Stadtarchiv").exits(0);
    sandbox.file("lieferung/Akte/Scan.tif", &vec![7; 24 << 20]);
    sandbox.run("ingest lieferung").exits(0);
    let package = sandbox.package(&sandbox.id("Akte"));
    let read = || in_memory(&package).filter(|_| fs::read(&package).is_ok()).and_then(|_| in_memory(&package));
    let Some(whole) = read().filter(|bytes| *bytes > 20 << 20) else {
        return not_tested("what a check leaves in memory (no fincore, or a file system without such memory)");
    };
    // Quick looks at sizes only: the control.
    sandbox.run("audit --level quick").exits(0);
    assert_eq!(in_memory(&package), Some(whole));
    for command in ["audit", "audit --level deep", "verify"] {
        fs::read(&package).unwrap();
        sandbox.run(command).exits(0);
        assert_eq!(in_memory(&package), Some(0), "{command}");
    }
}
