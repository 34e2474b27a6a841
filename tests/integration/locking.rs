//! One writer at a time; readers are never in the way.

use std::fs::File;
use std::process::Child;

use super::sandbox::{Run, Sandbox, not_tested};

fn ended(child: Child) -> Run {
    Run::new("background".to_owned(), child.wait_with_output().unwrap())
}

#[test]
fn a_second_writer_is_sent_away() {
    let sandbox = Sandbox::filled();
    let lock = File::open(sandbox.path("archiv/earchiv.toml")).unwrap();
    lock.lock().unwrap();
    for command in ["ingest lieferung", "catalogue rebuild"] {
        sandbox.run(command).exits(6).tells("--wait");
    }
    // Reading needs no lock, and what cannot be noted right now is told.
    for command in ["verify", "audit", "list", "journal verify", "journal head", "accession list"] {
        sandbox.run(command).exits(0);
    }
    drop(lock);
    sandbox.run("ingest lieferung").exits(0);
}

#[test]
fn a_writer_that_comes_while_a_check_is_noted_is_not_sent_away() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    let lock = File::open(sandbox.path("archiv/earchiv.toml")).unwrap();
    lock.lock().unwrap();
    let ingest = sandbox.call("ingest lieferung --json").start();
    // As long as writing the line of an audit may take on a busy disk.
    std::thread::sleep(std::time::Duration::from_secs(1));
    drop(lock);
    ended(ingest).exits(0);
    sandbox.is_whole();
}

#[test]
fn who_waits_comes_next() {
    let sandbox = Sandbox::new();
    sandbox.delivery("eins");
    sandbox.delivery("zwei");
    let lock = File::open(sandbox.path("archiv/earchiv.toml")).unwrap();
    lock.lock().unwrap();
    let one = sandbox.call("ingest eins --wait --json").start();
    let two = sandbox.call("ingest zwei --wait --json").start();
    std::thread::sleep(std::time::Duration::from_millis(200));
    drop(lock);
    ended(one).exits(0);
    ended(two).exits(0);
    assert_eq!(sandbox.list().len(), 6);
    sandbox.is_whole();
}

#[test]
fn the_same_delivery_from_two_processes_is_stored_once() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    let one = sandbox.call("ingest lieferung --wait --json").start();
    let two = sandbox.call("ingest lieferung --wait --json").start();
    let mut states = ended(one).exits(0).states();
    states.extend(ended(two).exits(0).states());
    states.sort();
    assert_eq!(states, [["already-stored"; 3], ["stored"; 3]].concat());
    assert_eq!(sandbox.list().len(), 3);
    sandbox.is_whole();
}

#[test]
fn checks_during_an_ingest_give_no_false_alarm() {
    let sandbox = Sandbox::filled();
    let mut during = 0;
    // The faster the machine, the larger the delivery has to be for a check to fall into its ingest.
    for records in [100, 300, 900, 2700] {
        let name = format!("groß{records}");
        sandbox.large_delivery(&name, records, 100);
        let mut ingest = sandbox.call(&format!("ingest {name}")).start_unheard();
        while ingest.try_wait().unwrap().is_none() {
            for command in ["journal verify", "verify", "audit"] {
                sandbox.json(command).exits(0);
                during += u32::from(ingest.try_wait().unwrap().is_none());
            }
        }
        ended(ingest).exits(0);
        if during > 2 {
            break;
        }
    }
    if during == 0 {
        not_tested("checks during an ingest: it was over too early");
    }
    sandbox.is_whole();
}
