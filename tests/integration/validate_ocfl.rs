//! OCFL objects and storage roots of anyone, judged by the finished program.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::containers::pack;
use super::sandbox::{Sandbox, copy, not_tested, shared, shell};

/// The folder of an object in the store of a filled archive, relative to the sandbox.
fn object(sandbox: &Sandbox) -> String {
    let id = sandbox.id("Grünanlagen");
    let place = sandbox.object(&id);
    place.strip_prefix(sandbox.path("")).unwrap().to_str().unwrap().to_owned()
}

/// The requirements that findings name.
fn named(result: &Value) -> BTreeSet<String> {
    let findings = result["findings"].as_array().unwrap();
    findings.iter().filter_map(|finding| finding["requirement"].as_str().map(ToOwned::to_owned)).collect()
}

#[test]
fn our_own_stores_draw_no_finding() {
    let sandbox = Sandbox::filled();
    let id = sandbox.id("Grünanlagen");
    sandbox.run(&format!("amend {id} --reason Grund --title Parks")).exits(0);
    let results = sandbox.json("validate archiv/store").exits(0).results();
    assert_eq!(
        (&results[0]["standard"], &results[0]["kind"], &results[0]["version"]),
        (&json!("ocfl"), &json!("storage root"), &json!("1.1"))
    );
    assert_eq!(results[0]["findings"], json!([]));
    let requirements = results[0]["requirements"].as_object().unwrap();
    assert!(requirements.len() > 100 && requirements.values().all(|answer| answer != "failed"));
    assert_eq!(requirements["E083"], "passed");
}

#[test]
fn codes_tell_damage_from_nonconformance_and_advice() {
    let sandbox = Sandbox::filled();
    let place = object(&sandbox);
    for (case, code, requirement, change) in [
        ("gut", 0, "", (|_| {}) as fn(&Path)),
        ("rat", 0, "W002", |object| fs::create_dir_all(object.join("v1/mehr/davon")).unwrap()),
        ("zuviel", 3, "E023", |object| fs::write(object.join("v1/content/mehr"), "").unwrap()),
        ("schaden", 5, "E060", |object| {
            let path = object.join("inventory.json");
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, text.replacen("\"message\": \"", "\"message\": \"x", 1)).unwrap();
        }),
        ("verweis", 3, "E090", |object| symlink("v1", object.join("logs")).unwrap()),
    ] {
        copy(&sandbox.path(&place), &sandbox.path(case));
        change(&sandbox.path(case));
        let result = sandbox.json(&format!("validate {case}")).exits(code).results()[0].clone();
        assert_eq!(result["kind"], "object");
        let found = named(&result);
        assert!(requirement.is_empty() && found.is_empty() || found.contains(requirement), "{case}: {found:?}");
        if !requirement.is_empty() {
            for language in ["de", "en"] {
                let run = sandbox.run(&format!("validate {case} --lang {language}"));
                assert!(run.stdout.contains(&format!("[{requirement}]")), "{}", run.stdout);
            }
        }
    }
}

/// What is told of an object or a storage root but where it lies.
fn told(result: &Value) -> Value {
    let mut result = result.clone();
    for key in ["path", "container"] {
        result.as_object_mut().unwrap().remove(key).unwrap();
    }
    result
}

#[test]
fn a_store_is_the_same_in_a_folder_a_zip_and_a_tar_packed_or_not() {
    let sandbox = Sandbox::filled();
    copy(&sandbox.path("archiv/store"), &sandbox.path("ablage"));
    copy(&sandbox.path(&object(&sandbox)), &sandbox.path("objekt"));
    fs::write(sandbox.path("objekt/v1/content/mehr"), "").unwrap();
    for (name, code, findings) in [("ablage", 0, 0), ("objekt", 3, 1)] {
        pack(&sandbox, name);
        let line = format!("validate {name} {name}.zip {name}.tar {name}.tar.gz");
        let results = sandbox.json(&line).exits(code).results();
        let found: Vec<&Value> = results.iter().map(|result| &result["container"]).collect();
        assert_eq!(found, ["folder", "zip", "tar", "tar.gz"]);
        assert_eq!(
            (&results[0]["standard"], results[0]["findings"].as_array().unwrap().len()),
            (&json!("ocfl"), findings)
        );
        assert!(results.iter().all(|result| told(result) == told(&results[0])), "{results:#?}");
    }
}

#[test]
fn bytes_of_a_packed_object_that_are_not_those_of_their_checksum_are_damage() {
    let sandbox = Sandbox::filled();
    copy(&sandbox.path(&object(&sandbox)), &sandbox.path("objekt"));
    pack(&sandbox, "objekt");
    let whole = fs::read(sandbox.path("objekt.zip")).unwrap();
    for name in ["v1/inventory.json", "inventory.json.sha512", "0=ocfl_object_1.1"] {
        let place = whole.windows(name.len()).position(|window| window == name.as_bytes()).unwrap();
        let mut damaged = whole.clone();
        damaged[place + name.len() + 4] ^= 0x10;
        fs::write(sandbox.path("objekt.zip"), damaged).unwrap();
        let run = sandbox.json("validate objekt.zip").exits(5);
        run.finds("zip-structure", name);
    }
}

#[test]
fn what_is_neither_folder_nor_container_is_told() {
    let sandbox = Sandbox::empty();
    sandbox.file("brief.txt", b"kein Objekt");
    sandbox.json("validate --format ocfl brief.txt").exits(3).finds("ocfl-packed", "brief.txt");
    sandbox.file("objekt.zip", b"PK\x03\x04");
    sandbox.json("validate --format ocfl objekt.zip").exits(3).finds("zip-structure", "objekt.zip");
    fs::create_dir(sandbox.path("leer")).unwrap();
    let results = sandbox.json("validate --format ocfl leer").exits(3).results();
    assert_eq!(named(&results[0]), ["E003", "E063"].map(ToOwned::to_owned).into());
    sandbox.json("validate --format ocfl nirgends").exits(2);
}

/// What is made to do harm is refused, and nothing of it is followed.
#[test]
fn hostile_objects_are_refused() {
    let sandbox = Sandbox::empty();
    sandbox.file("geheim", b"secret");
    let object = |name: &str, inventory: &[u8]| {
        sandbox.file(&format!("{name}/0=ocfl_object_1.1"), b"ocfl_object_1.1\n");
        sandbox.file(&format!("{name}/inventory.json"), inventory);
        sandbox.file(&format!("{name}/v1/content/a"), b"a");
    };
    let keys = (0..100_000).map(|n| format!("\"k{n}\":{n},")).collect::<Vec<_>>().concat();
    let digest = |n| format!("\"{n:0128x}\":[\"v1/content/../../../geheim\"],");
    let digests = (0..100_000).map(digest).collect::<Vec<_>>().concat();
    let text = "x".repeat(3 << 20);
    for (name, inventory, requirement) in [
        ("schluessel", format!("{{{keys}\"id\":1}}"), "E102"),
        ("pruefsummen", format!("{{\"manifest\":{{{digests}\"00\":[]}}}}"), "E099"),
        ("tief", "[".repeat(1_000_000), "E033"),
        ("tiefer", format!("{{\"id\":{}", "{\"a\":".repeat(1_000_000)), "E033"),
        ("lang", format!("{{\"id\":\"{text}\"}}"), "E033"),
        ("nullen", "\0".repeat(1 << 20), "E033"),
    ] {
        object(name, inventory.as_bytes());
        let result = sandbox.json(&format!("validate {name}")).exits(3).results()[0].clone();
        assert!(named(&result).contains(requirement), "{name}: {:?}", named(&result));
        // However much is wrong, what is told of it has a bound.
        assert!(result["findings"].as_array().unwrap().len() < 6000, "{name}");
    }
    object("hinaus", b"{}");
    let digest = sha512(b"secret");
    let inventory = json!({
        "id": "urn:x", "type": "https://ocfl.io/1.1/spec/#inventory", "digestAlgorithm": "sha512", "head": "v1",
        "manifest": {digest.as_str(): ["v1/content/../../../geheim", "v1/content/link"]},
        "versions": {"v1": {"created": "2026-01-01T00:00:00Z", "state": {digest.as_str(): ["x"]}}},
    });
    sandbox.file("hinaus/inventory.json", inventory.to_string().as_bytes());
    symlink("../../../geheim", sandbox.path("hinaus/v1/content/link")).unwrap();
    let run = sandbox.json("validate hinaus").exits(3);
    assert!(named(&run.results()[0]).is_superset(&["E090", "E099"].map(ToOwned::to_owned).into()));
    assert_eq!(run.results()[0]["files"], 0);
    // Nothing waits for who might write into a pipe.
    object("rohr", b"{}");
    for name in ["0=ocfl_object_1.1", "inventory.json", "inventory.json.sha512", "v1/inventory.json", "v1/content/a"] {
        let path = sandbox.path(&format!("rohr/{name}"));
        let _ = fs::remove_file(&path);
        shell("mkfifo", &[path.as_os_str()]);
    }
    sandbox.json("validate --format ocfl rohr").exits(3);
}

fn sha512(bytes: &[u8]) -> String {
    use earchiv::model::checksum::{Algorithm, Checksum};
    Checksum::of(Algorithm::Sha512, bytes).hex()
}

/// Objects with known verdicts and codes, where they lie; their names say the codes, so they are judged by another one.
#[test]
fn public_objects_are_judged_with_their_codes() {
    for (table, archive, count) in [("fixtures.tsv", "fixtures.tar.gz", 102), ("expected.tsv", "objects.tar.gz", 27)] {
        let Some(table) = shared(&format!("corpora/ocfl/{table}"), "OCFL objects with known verdicts") else { return };
        let archive = table.with_file_name(archive);
        let sandbox = Sandbox::empty();
        let root = sandbox.path("");
        shell("tar", &["-xzf".as_ref(), archive.as_os_str(), "-C".as_ref(), root.as_os_str()]);
        let rows = fs::read_to_string(&table).unwrap();
        let mut judged = 0;
        for row in rows.lines().skip(1) {
            let [path, _, class, codes] = row.split('\t').collect::<Vec<_>>()[..] else { panic!("{row}") };
            let from: PathBuf = root.join("objects").join(path);
            if !from.exists() {
                not_tested(&format!("{path} (an empty folder that was not packed)"));
                continue;
            }
            fs::rename(from, root.join("o")).unwrap();
            pack(&sandbox, "o");
            let results = sandbox.json("validate --format ocfl o o.zip o.tar o.tar.gz").results();
            let result = results[0].clone();
            assert!(results.iter().all(|other| told(other) == told(&result)), "{path}: {results:#?}");
            fs::remove_dir_all(root.join("o")).unwrap();
            let (found, verdict) = (named(&result), result["verdict"].as_str().unwrap().to_owned());
            let expected: BTreeSet<String> =
                codes.split(',').filter(|code| *code != "-").map(ToOwned::to_owned).collect();
            assert!(found.is_superset(&expected), "{path}: {found:?}");
            assert_eq!(verdict == "conforms", class != "bad", "{path}: {verdict} {found:?}");
            judged += 1;
        }
        assert_eq!(judged, count);
    }
}
