//! The same command again: what is stored stays, what changed is refused, what is new is added.

use std::fs;
use std::time::{Duration, UNIX_EPOCH};

use super::sandbox::{Sandbox, tree};

#[test]
fn the_same_delivery_again_stores_nothing_twice() {
    let sandbox = Sandbox::filled();
    let before = tree(&sandbox.path("archiv/store"));
    let ids: Vec<_> = sandbox.list().iter().map(|row| row["id"].clone()).collect();
    let run = sandbox.json("ingest lieferung").exits(0);
    assert_eq!(run.states(), ["already-stored"; 3]);
    for package in run.packages() {
        assert!(ids.contains(&package["package"]));
    }
    assert_eq!(run.results()[0]["accession"], serde_json::Value::Null, "nothing new, no accession");
    sandbox.run("ingest lieferung").exits(0).tells(ids[0].as_str().unwrap());
    assert_eq!(before, tree(&sandbox.path("archiv/store")));
    sandbox.is_whole();
}

#[test]
fn other_content_under_the_same_identity_is_refused_with_both_digests() {
    let sandbox = Sandbox::filled();
    let held = sandbox.list().into_iter().find(|row| row["title"] == "Spielplätze").unwrap();
    let before = tree(&sandbox.path("archiv/store"));
    sandbox.file("lieferung/Spielplätze/Konzept.txt", b"Konzepte\n");
    let run = sandbox.json("ingest lieferung").exits(3);
    let package = run.packages().into_iter().find(|package| package["title"] == "Spielplätze").unwrap();
    assert_eq!(package["state"], "conflict");
    assert_eq!(package["content_stored"], held["content"]);
    assert_ne!(package["content_delivered"], held["content"]);
    assert_eq!(before, tree(&sandbox.path("archiv/store")));
    let told = sandbox.run("ingest lieferung").exits(3);
    told.clone().tells(held["content"].as_str().unwrap());
    told.clone().tells(package["content_delivered"].as_str().unwrap());
    // What to do about it.
    told.tells("--delivery");
    assert_eq!(sandbox.json("ingest lieferung --delivery Nachlieferung").exits(0).states(), ["stored"; 3]);
    sandbox.is_whole();
}

#[test]
fn hours_and_places_are_no_content() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    let change = |hour: u64| {
        let file = fs::File::options().write(true).open(sandbox.path("lieferung/Spielplätze/Konzept.txt")).unwrap();
        file.set_modified(UNIX_EPOCH + Duration::from_secs(1_600_000_000 / 86_400 * 86_400 + hour * 3600)).unwrap();
    };
    change(8);
    sandbox.run("ingest lieferung").exits(0);
    change(17);
    assert_eq!(sandbox.json("ingest lieferung").exits(0).states(), ["already-stored"; 3]);
    let elsewhere = Sandbox::empty();
    fs::rename(sandbox.path("lieferung"), elsewhere.path("lieferung")).unwrap();
    let path = elsewhere.path("lieferung");
    assert_eq!(sandbox.json(&format!("ingest {}", path.display())).exits(0).states(), ["already-stored"; 3]);
}

#[test]
fn a_record_that_is_added_later_comes_in_an_accession_of_its_own() {
    let sandbox = Sandbox::filled();
    sandbox.file("lieferung/Bäume/Eiche.txt", b"Eiche\n");
    let mut states = sandbox.json("ingest lieferung").exits(0).states();
    states.sort();
    assert_eq!(states, ["already-stored", "already-stored", "already-stored", "stored"]);
    let accessions = sandbox.json("accession list").exits(0).results();
    let packages: Vec<_> = accessions.iter().map(|accession| accession["packages"].as_u64().unwrap()).collect();
    assert_eq!(packages, [3, 1]);
    let shown = sandbox.json("accession show 2023-0002").exits(0).results();
    assert_eq!(shown[0]["packages"].as_array().unwrap().len(), 1);
    assert_eq!(shown[0]["packages"][0]["title"], "Bäume");
    sandbox.is_whole();
}

#[test]
fn several_deliveries_in_one_call_are_several_accessions() {
    let sandbox = Sandbox::new();
    sandbox.delivery("eins");
    sandbox.delivery("zwei");
    let run = sandbox.json("ingest eins zwei eins").exits(0);
    assert_eq!(run.results().len(), 3);
    assert_eq!(run.states()[..6], ["stored"; 6]);
    assert_eq!(run.states()[6..], ["already-stored"; 3]);
    assert_eq!(sandbox.json("accession list").results().len(), 2);
}
