//! What is damaged comes back from a second copy as it was stored; what is good is never touched.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use super::sandbox::{Sandbox, copy, is_root, not_tested, tree};

/// A filled archive and a copy of it.
fn copied() -> Sandbox {
    let sandbox = Sandbox::filled();
    copy(&sandbox.path("archiv"), &sandbox.path("kopie"));
    sandbox
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

/// The folder of the accession's object.
fn accession(sandbox: &Sandbox) -> PathBuf {
    let store = sandbox.path("archiv/store");
    let file = tree(&store).into_keys().find(|path| path.to_string_lossy().ends_with("accession.json")).unwrap();
    store.join(file).parent().unwrap().parent().unwrap().parent().unwrap().to_owned()
}

#[test]
fn every_kind_of_damage_is_repaired_and_what_was_damaged_is_kept() {
    let sandbox = copied();
    let store = sandbox.path("archiv/store");
    let stored = tree(&store);
    let id = sandbox.id("Grünanlagen");
    let (object, package) = (sandbox.object(&id), sandbox.package(&id));
    let harms: [(&str, &dyn Fn()); 9] = [
        ("flipped bit", &|| flip(&package)),
        ("truncated", &|| fs::write(&package, b"PK").unwrap()),
        ("missing file", &|| fs::remove_file(&package).unwrap()),
        ("missing object", &|| fs::remove_dir_all(&object).unwrap()),
        ("changed inventory", &|| flip(&object.join("inventory.json"))),
        ("foreign file", &|| fs::write(object.join("v1/content/fremd"), b"x").unwrap()),
        ("link in its place", &|| {
            fs::rename(&object, sandbox.path("anderswo")).unwrap();
            symlink(sandbox.path("anderswo"), &object).unwrap();
        }),
        ("file in its place", &|| {
            fs::remove_dir_all(&object).unwrap();
            fs::write(&object, b"x").unwrap();
        }),
        ("accession", &|| fs::remove_file(accession(&sandbox).join("v1/content/receipt.json")).unwrap()),
    ];
    for (name, harm) in harms {
        let kept = fs::read_dir(sandbox.path("archiv/damaged")).map_or(0, Iterator::count);
        harm();
        sandbox.json("audit").exits(5);
        let harmed = tree(&store);
        let plan = sandbox.json("repair --from kopie --dry-run").exits(0).results();
        assert_eq!((plan.len(), &plan[0]["state"]), (1, &"planned".into()), "{name}");
        assert_eq!(tree(&store), harmed, "{name}");
        let done = sandbox.json("repair --from kopie").exits(0).results();
        assert_eq!((done.len(), &done[0]["state"]), (1, &"repaired".into()), "{name}: {done:?}");
        assert_eq!(tree(&store), stored, "{name}");
        sandbox.is_whole();
        let now = fs::read_dir(sandbox.path("archiv/damaged")).map_or(0, Iterator::count);
        let moved = usize::from(name != "missing object");
        assert_eq!(now, kept + moved, "{name}");
        if moved == 1 {
            let damaged = done[0]["damaged"].as_str().unwrap();
            assert!(sandbox.path("archiv").join(damaged).symlink_metadata().is_ok(), "{name}");
            let events = sandbox.json("journal show").exits(0).results();
            let told = events.iter().rev().find(|event| event["event"] == "repaired").unwrap();
            assert_eq!(told["damaged"], damaged, "{name}");
        }
        drop(fs::remove_dir_all(sandbox.path("anderswo")));
    }
    let again = sandbox.json("repair --from kopie").exits(0).results();
    assert!(again.is_empty(), "{again:?}");
}

#[test]
fn replaced_with_consistent_checksums_counts_as_damaged_here_and_in_the_copy() {
    let sandbox = copied();
    let stored = tree(&sandbox.path("archiv/store"));
    let id = sandbox.id("Spielplätze");
    // Another archive with another content of the same identity.
    let other = Sandbox::new();
    other.delivery("lieferung");
    other.file("lieferung/Spielplätze/Konzept.txt", b"gef\xc3\xa4lscht\n");
    other.run("ingest lieferung").exits(0);
    let forge = |archive: &str| {
        let place = sandbox.path(archive).join(sandbox.object(&id).strip_prefix(sandbox.path("archiv")).unwrap());
        fs::remove_dir_all(&place).unwrap();
        copy(&other.object(&id), &place);
    };
    forge("archiv");
    sandbox.json("audit").exits(5).finds("package-changed", "inventory.json");
    copy(&sandbox.path("kopie"), &sandbox.path("gut"));
    forge("kopie");
    let before = tree(&sandbox.path("archiv/store"));
    let left = sandbox.json("repair --from kopie").exits(5).results();
    assert_eq!(left[0]["state"], "copy-damaged");
    assert_eq!(tree(&sandbox.path("archiv/store")), before);
    sandbox.run("repair --from gut").exits(0);
    assert_eq!(tree(&sandbox.path("archiv/store")), stored);
    sandbox.is_whole();
}

#[test]
fn what_the_copy_cannot_give_is_said_and_the_rest_is_restored() {
    let sandbox = copied();
    let [damaged, lacking, good] = ["Grünanlagen", "Spielplätze", "lieferung"].map(|title| sandbox.id(title));
    for id in [&damaged, &lacking, &good] {
        flip(&sandbox.package(id));
    }
    let in_copy = |path: PathBuf| sandbox.path("kopie").join(path.strip_prefix(sandbox.path("archiv")).unwrap());
    flip(&in_copy(sandbox.package(&damaged)));
    fs::remove_dir_all(in_copy(sandbox.object(&lacking))).unwrap();
    let copied = tree(&sandbox.path("kopie"));
    let harmed = [&damaged, &lacking].map(|id| tree(&sandbox.object(id)));
    let results = sandbox.json("repair --from kopie").exits(5).results();
    let state = |id: &str| results.iter().find(|result| result["name"] == id).unwrap()["state"].clone();
    assert_eq!(state(&damaged), "copy-damaged");
    assert_eq!(state(&lacking), "copy-lacks");
    assert_eq!(state(&good), "repaired");
    assert_eq!([&damaged, &lacking].map(|id| tree(&sandbox.object(id))), harmed);
    assert_eq!(tree(&sandbox.path("kopie")), copied);
    sandbox.run(&format!("verify {good}")).exits(0);
    assert_eq!(fs::read_dir(sandbox.path("archiv/staging")).unwrap().count(), 0);
}

#[test]
fn only_what_is_named_is_restored() {
    let sandbox = copied();
    let [one, other] = ["Grünanlagen", "Spielplätze"].map(|title| sandbox.id(title));
    flip(&sandbox.package(&one));
    flip(&sandbox.package(&other));
    let results = sandbox.json(&format!("repair --from kopie {one} 1999-0001 2023-0001")).exits(2).results();
    let states: Vec<_> = results.iter().map(|result| result["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["repaired", "whole"]);
    sandbox.json("audit").exits(5).finds("package-changed", &other);
    sandbox.run(&format!("repair --from kopie urn:uuid:{other}")).exits(0);
    sandbox.is_whole();
}

#[test]
fn only_a_copy_of_the_same_archive_counts() {
    let sandbox = copied();
    flip(&sandbox.package(&sandbox.id("Grünanlagen")));
    sandbox.run("init fremd --name Fremd").exits(0);
    fs::create_dir(sandbox.path("leer")).unwrap();
    symlink(sandbox.path("archiv"), sandbox.path("selbst")).unwrap();
    let before = tree(&sandbox.path("archiv"));
    for copy in ["fremd", "leer", "nirgends", "archiv", "selbst"] {
        sandbox.run(&format!("repair --from {copy}")).exits(2);
    }
    assert_eq!(tree(&sandbox.path("archiv")), before);
}

#[test]
fn a_copy_may_be_read_only_and_lack_what_is_not_needed() {
    let sandbox = copied();
    let id = sandbox.id("Grünanlagen");
    let kopie = sandbox.path("kopie");
    let harms: [&dyn Fn(); 4] = [
        &|| fs::remove_dir(kopie.join("staging")).unwrap(),
        &|| fs::remove_file(kopie.join("catalogue.sqlite")).unwrap(),
        &|| fs::write(kopie.join("earchiv.toml"), b"format = ").unwrap(),
        &|| fs::remove_file(kopie.join("store/0=ocfl_1.1")).unwrap(),
    ];
    for harm in harms {
        harm();
        flip(&sandbox.package(&id));
        sandbox.run("repair --from kopie").exits(0);
        sandbox.is_whole();
    }
    let walk = || walkdir::WalkDir::new(&kopie).contents_first(true).into_iter().map(Result::unwrap);
    for entry in walk() {
        let mode = if entry.file_type().is_dir() { 0o555 } else { 0o444 };
        fs::set_permissions(entry.path(), fs::Permissions::from_mode(mode)).unwrap();
    }
    let before = tree(&kopie);
    flip(&sandbox.package(&id));
    sandbox.run("repair --from kopie").exits(0);
    assert_eq!(tree(&kopie), before);
    for entry in walk() {
        fs::set_permissions(entry.path(), fs::Permissions::from_mode(0o755)).unwrap();
    }
    // Neither marker nor journal: nobody knows what it is a copy of.
    fs::remove_file(kopie.join("journal/journal.jsonl")).unwrap();
    sandbox.run("repair --from kopie").exits(2);
}

#[test]
fn links_lead_neither_out_of_the_copy_nor_out_of_the_store() {
    let sandbox = copied();
    let id = sandbox.id("Grünanlagen");
    let (object, package) = (sandbox.object(&id), sandbox.package(&id));
    let within = |path: &Path| path.strip_prefix(sandbox.path("archiv")).unwrap().to_owned();
    let tuple = object.parent().unwrap();
    flip(&package);
    for part in [within(tuple), within(&object), within(&package), PathBuf::from("store")] {
        let part = sandbox.path("kopie").join(part);
        fs::rename(&part, sandbox.path("draussen")).unwrap();
        symlink(sandbox.path("draussen"), &part).unwrap();
        let code = sandbox.run("repair --from kopie").code;
        assert!(matches!(code, Some(5 | 2)), "{}: {code:?}", part.display());
        fs::remove_file(&part).unwrap();
        fs::rename(sandbox.path("draussen"), &part).unwrap();
    }
    // A link where a folder of the store should be: it is moved, and nothing is written behind it.
    fs::rename(tuple, sandbox.path("draussen")).unwrap();
    symlink(sandbox.path("draussen"), tuple).unwrap();
    let outside = tree(&sandbox.path("draussen"));
    sandbox.run("repair --from kopie").exits(0);
    assert_eq!(tree(&sandbox.path("draussen")), outside);
    sandbox.is_whole();
}

#[test]
fn unknown_objects_stay_where_they_are() {
    let sandbox = copied();
    let place = sandbox.path("archiv/store/fff/urn%3auuid%3aunbekannt");
    fs::create_dir_all(&place).unwrap();
    fs::write(place.join("fremd"), b"x").unwrap();
    flip(&sandbox.package(&sandbox.id("Grünanlagen")));
    sandbox.run("repair --from kopie").exits(0);
    assert_eq!(fs::read(place.join("fremd")).unwrap(), b"x");
}

#[test]
fn journal_and_catalogue_are_not_taken_from_the_copy() {
    let sandbox = copied();
    let id = sandbox.id("Grünanlagen");
    flip(&sandbox.package(&id));
    let journal = sandbox.path("archiv/journal/journal.jsonl");
    let good = fs::read(&journal).unwrap();
    for harm in [&good[..good.len() / 2], b""] {
        fs::write(&journal, harm).unwrap();
        let before = tree(&sandbox.path("archiv"));
        sandbox.run("repair --from kopie").exits(7).tells("journal of the copy is whole");
        assert_eq!(tree(&sandbox.path("archiv")), before);
    }
    fs::write(&journal, good).unwrap();
    fs::remove_file(sandbox.package(&id)).unwrap();
    fs::remove_file(sandbox.path("archiv/catalogue.sqlite")).unwrap();
    sandbox.run("repair --from kopie").exits(7).tells("catalogue rebuild");
    sandbox.run("catalogue rebuild").exits(5);
    assert_eq!(sandbox.list().len(), 2);
    sandbox.run("repair --from kopie").exits(0);
    assert_eq!(sandbox.list().len(), 3);
    sandbox.is_whole();
}

#[test]
fn what_must_not_be_read_is_not_taken_for_damage() {
    if is_root() {
        return not_tested("repair of an object without permission to read it (this is root)");
    }
    let sandbox = copied();
    let package = sandbox.package(&sandbox.id("Grünanlagen"));
    fs::set_permissions(&package, fs::Permissions::from_mode(0o000)).unwrap();
    sandbox.run("repair --from kopie").exits(8);
    fs::set_permissions(&package, fs::Permissions::from_mode(0o644)).unwrap();
    sandbox.is_whole();
}
