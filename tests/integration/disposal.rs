//! Packages go only on order, by two persons, and leave a tombstone that everyone knows.

use std::fs;
use std::path::Path;

use super::format::frozen;
use super::sandbox::{Sandbox, copy, shell, tree};

/// Order and persons.
const BY: &str = "--order AZ-12/2026 --first Weber --second Klein";
/// Stands in a file of the package that is disposed of, and nowhere else.
const SECRET: &[u8] = b"Geheimnis-4711";

/// An archive with a package `Weg` whose payload holds [`SECRET`], and its id.
fn filled() -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    sandbox.file("lieferung/Weg/Vertrag Mustermann.txt", SECRET);
    sandbox.run("ingest lieferung").exits(0);
    let id = sandbox.id("Weg");
    (sandbox, id)
}

fn holds(folder: &Path, words: &[u8]) -> Vec<String> {
    let files =
        walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    let found = files.filter(|file| fs::read(file.path()).unwrap().windows(words.len()).any(|window| window == words));
    found.map(|file| file.path().display().to_string()).collect()
}

#[test]
fn a_disposed_package_is_gone_and_its_tombstone_stands() {
    let (sandbox, id) = filled();
    let (object, others) = (sandbox.object(&id), sandbox.list().len() - 1);
    let archive = sandbox.path("archiv");
    assert_eq!(holds(&archive, SECRET).len(), 1);
    let planned = sandbox.json(&format!("dispose {id} {BY} --dry-run")).exits(0).results();
    assert_eq!(planned[0]["state"], "planned");
    assert_eq!(holds(&archive, SECRET).len(), 1);
    sandbox.run(&format!("dispose {id} {BY}")).exits(0).tells("Proof of disposal").tells("AZ-12/2026").tells("Klein");
    assert_eq!(holds(&archive, SECRET), [""; 0]);
    assert_eq!(holds(&archive.join("catalogue.sqlite"), b"Mustermann"), [""; 0]);
    let files: Vec<_> = tree(&object).into_keys().filter_map(|path| path.into_string().ok()).collect();
    assert!(files.contains(&"v1/content/tombstone.json".to_owned()), "{files:?}");
    let stone = fs::read_to_string(object.join("v1/content/tombstone.json")).unwrap();
    for words in ["Weg", "Vertrag", "Mustermann"] {
        assert!(!stone.contains(words), "{stone}");
    }
    sandbox.is_whole();
    assert_eq!(sandbox.list().len(), others);
    assert_eq!(sandbox.json("list --search Mustermann").exits(0).results().len(), 0);
    let gone = sandbox.json("list --state disposed").exits(0).results();
    assert_eq!((gone.len(), gone[0]["id"].as_str()), (1, Some(&*id)));
    sandbox.run("list --state disposed --search x").exits(2);
    let shown = sandbox.json(&format!("show {id}")).exits(0).results();
    assert_eq!((&shown[0]["state"], &shown[0]["order"]), (&"disposed".into(), &"AZ-12/2026".into()));
    let kinds: Vec<_> =
        shown[0]["events"].as_array().unwrap().iter().rev().take(2).map(|event| &event["event"]).collect();
    assert_eq!(kinds, ["disposed", "disposing"]);
    for line in [
        format!("verify {id}"),
        format!("export {id} --out dip"),
        format!("access grant --number 1 --basis B --until 2099 --package {id}"),
    ] {
        sandbox.run(&line).exits(2).tells("AZ-12/2026");
    }
    sandbox.run("catalogue rebuild").exits(0);
    sandbox.is_whole();
    assert_eq!(sandbox.list().len(), others);
    sandbox.run(&format!("show {id}")).exits(0).tells("AZ-12/2026");
}

#[test]
fn what_was_disposed_of_is_not_taken_over_again_and_the_rest_is() {
    let (sandbox, id) = filled();
    sandbox.run(&format!("dispose {id} {BY}")).exits(0);
    let dry = sandbox.json("ingest lieferung --dry-run").exits(3);
    assert_eq!(dry.packages().iter().filter(|package| package["state"] == "refused").count(), 1);
    sandbox.file("lieferung/Neu/a.txt", b"neu");
    for _ in 0..2 {
        let again = sandbox.json("ingest lieferung").exits(3).finds("record-disposed", "AZ-12/2026");
        let refused: Vec<_> = again.packages().into_iter().filter(|package| package["state"] == "refused").collect();
        assert_eq!((refused.len(), refused[0]["package"].as_str()), (1, Some(&*id)));
        sandbox.is_whole();
        // Not even where somebody took the tombstone away.
        drop(fs::remove_dir_all(sandbox.path("archiv").join(place(&sandbox, &id))));
        sandbox.json("ingest lieferung").exits(3).finds("record-disposed", "AZ-12/2026");
        sandbox.json("audit").exits(5).finds("package-missing", &id);
        sandbox.run(&format!("dispose {id} {BY}")).exits(0);
        sandbox.is_whole();
    }
    assert!(sandbox.list().iter().any(|row| row["title"] == "Neu"));
}

fn place(sandbox: &Sandbox, id: &str) -> String {
    let gone = sandbox.json("list --state disposed").exits(0).results();
    gone.iter().find(|row| row["id"] == id).unwrap()["place"].as_str().unwrap().to_owned()
}

#[test]
fn order_and_persons_are_demanded_before_anything_is_touched() {
    let (sandbox, id) = filled();
    let before = tree(&sandbox.path("archiv"));
    let call = |order: &str, first: &str, second: &str| {
        let call = sandbox.call(&format!("dispose {id}")).arg("--order").arg(order).arg("--first").arg(first);
        call.arg("--second").arg(second).run()
    };
    for (order, first, second) in [
        ("", "A", "B"),
        (" ", "A", "B"),
        ("1", "", "B"),
        ("1", "A", " "),
        ("1", "Weber", "weber"),
        ("1", "Anna  Weber", " anna weber"),
        ("1", "Jörg", "Jo\u{308}rg"),
        ("1\n2", "A", "B"),
        ("1", "A", "B\u{7}"),
    ] {
        call(order, first, second).exits(2);
    }
    for line in [
        format!("dispose {id} --order 1 --first A"),
        format!("dispose {id} --first A --second B"),
        "dispose --order 1 --first A --second B".to_owned(),
        format!("dispose {id} --order 1 --first A --second B --ground laune"),
        "dispose Akte --order 1 --first A --second B".to_owned(),
    ] {
        sandbox.run(&line).exits(2);
    }
    assert_eq!(tree(&sandbox.path("archiv")), before);
}

#[test]
fn a_bad_one_does_not_stop_the_others_and_the_same_order_again_is_no_fault() {
    let (sandbox, id) = filled();
    let other = sandbox.id("Spielplätze");
    let unknown = "00000000-0000-4000-8000-000000000000";
    sandbox.json(&format!("dispose {unknown} {id} {other} {id} {BY}")).exits(2);
    assert_eq!(sandbox.json("list --state disposed").results().len(), 2);
    sandbox.run(&format!("dispose {id} {BY}")).exits(0).tells("already disposed of under order AZ-12/2026");
    sandbox.run(&format!("dispose {id} --order 2 --first A --second B")).exits(3).tells("AZ-12/2026");
    sandbox.is_whole();
}

#[test]
fn a_running_term_is_kept_by_all_but_a_court() {
    let sandbox = frozen();
    sandbox.run("migrate").exits(0);
    let interim = "b481c3f2-53a6-546a-9075-d4a75072416a";
    let permanent = "f981eb83-6659-5f06-a71a-a0003bf454eb";
    for ground in ["order", "misdelivery", "term-end"] {
        sandbox.run(&format!("dispose {interim} {BY} --ground {ground}")).exits(3).tells("2033-12-31");
    }
    // The catalogue forgets nothing: a damaged package is kept as long.
    fs::write(sandbox.package(interim), b"").unwrap();
    sandbox.run(&format!("dispose {interim} {BY}")).exits(3).tells("2033-12-31");
    sandbox.run(&format!("dispose {permanent} {BY} --ground term-end")).exits(3);
    sandbox.run(&format!("dispose {interim} {permanent} {BY} --ground court-order")).exits(0);
    let gone = sandbox.json("list --state disposed").exits(0).results();
    assert!(gone.iter().all(|row| row["ground"] == "court-order"), "{gone:?}");
    assert_eq!(gone.len(), 2);
    sandbox.is_whole();
}

#[test]
fn damaged_and_missing_packages_are_disposed_of_with_their_damaged_copies() {
    let (sandbox, id) = filled();
    copy(&sandbox.path("archiv"), &sandbox.path("kopie"));
    let package = sandbox.package(&id);
    let mut bytes = fs::read(&package).unwrap();
    let end = bytes.len() - 30;
    bytes[end] ^= 1;
    fs::write(&package, &bytes).unwrap();
    sandbox.run("repair --from kopie").exits(0);
    assert_eq!(holds(&sandbox.path("archiv"), SECRET).len(), 2);
    // And the package itself is damaged once more, with something beside it.
    fs::write(sandbox.object(&id).join("v1/content/fremd"), SECRET).unwrap();
    fs::write(&package, &bytes).unwrap();
    let done = sandbox.json(&format!("dispose {id} {BY}")).exits(0).results();
    assert_eq!(done[0]["copies"].as_array().unwrap().len(), 1, "{done:?}");
    assert_eq!(holds(&sandbox.path("archiv"), SECRET), [""; 0]);
    sandbox.is_whole();
    let other = sandbox.id("Spielplätze");
    fs::remove_dir_all(sandbox.object(&other)).unwrap();
    let done = sandbox.json(&format!("dispose {other} {BY}")).exits(0).results();
    assert_eq!(done[0]["missing"], true);
    sandbox.is_whole();
}

#[test]
fn what_comes_back_is_found_and_a_tombstone_of_nobody_too() {
    let (sandbox, id) = filled();
    let other = sandbox.id("Spielplätze");
    copy(&sandbox.path("archiv"), &sandbox.path("vorher"));
    sandbox.run(&format!("dispose {id} {other} {BY}")).exits(0);
    let places = [&id, &other].map(|id| place(&sandbox, id));
    let shell_copy = |from: &Path, to: &Path| {
        fs::remove_dir_all(to).unwrap();
        shell("cp", &["-a".as_ref(), from.as_os_str(), to.as_os_str()]);
    };
    // Back from a copy.
    let at = |archive: &str, place: &str| sandbox.path(archive).join(place);
    copy(&sandbox.path("archiv"), &sandbox.path("danach"));
    shell_copy(&at("vorher", &places[0]), &at("archiv", &places[0]));
    sandbox.json("audit").exits(5).finds("disposed-present", &id);
    let told = sandbox.run("repair --from danach").exits(5).tells("disposed of and there again").stdout;
    assert!(!told.contains("repair --from"), "what was disposed of is not to be restored: {told}");
    sandbox.run(&format!("show {id}")).tells("12/2026");
    assert_eq!(holds(&sandbox.path("archiv"), SECRET).len(), 1);
    sandbox.run(&format!("dispose {id} {BY}")).exits(0);
    assert_eq!(holds(&sandbox.path("archiv"), SECRET), [""; 0]);
    sandbox.is_whole();
    // A tombstone in an archive that knows of no disposal.
    copy(&sandbox.path("archiv"), &sandbox.path("anderes"));
    fs::remove_dir_all(sandbox.path("archiv")).unwrap();
    copy(&sandbox.path("vorher"), &sandbox.path("archiv"));
    shell_copy(&at("danach", &places[1]), &at("archiv", &places[1]));
    sandbox.json("audit").exits(5).finds("tombstone-unknown", &other);
    sandbox.json(&format!("verify {other}")).exits(5).finds("tombstone-unknown", &other);
    sandbox.run("repair --from vorher").exits(0);
    sandbox.is_whole();
    // A changed tombstone.
    fs::remove_dir_all(sandbox.path("archiv")).unwrap();
    copy(&sandbox.path("danach"), &sandbox.path("archiv"));
    let stone = at("archiv", &places[1]).join("v1/content/tombstone.json");
    fs::write(&stone, fs::read_to_string(&stone).unwrap().replace("Klein", "Klien")).unwrap();
    sandbox.json("audit").exits(5).finds("package-changed", "tombstone.json");
    sandbox.run("repair --from danach").exits(0);
    sandbox.is_whole();
}

#[test]
fn copies_in_damaged_of_what_was_disposed_of_are_found() {
    let (sandbox, id) = filled();
    let object = sandbox.object(&id);
    fs::create_dir(sandbox.path("archiv/damaged")).unwrap();
    let kept = sandbox.path(&format!("archiv/damaged/20260101T000000Z-{id}"));
    copy(&object, &sandbox.path("beiseite"));
    sandbox.run(&format!("dispose {id} {BY}")).exits(0);
    copy(&sandbox.path("beiseite"), &kept);
    sandbox.json("audit").exits(5).finds("disposed-present", "damaged/");
    sandbox.run(&format!("dispose {id} {BY}")).exits(0);
    assert!(!kept.exists());
    sandbox.is_whole();
}
