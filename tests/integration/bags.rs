//! Bags that are written: clean by the same judge that others' are held to, known again, taken over again, and each damaged
//! byte of them named.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::sandbox::{Sandbox, shell, tree};

/// Returns what `pack` wrote into `folder`, by name.
fn bags(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

/// Returns the payload files of the bag `folder` by their paths in it.
fn payload(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = tree(folder).into_keys().map(|path| path.into_string().unwrap());
    files
        .filter(|path| path.starts_with("data/") && folder.join(path).is_file())
        .map(|path| (path.clone(), fs::read(folder.join(path)).unwrap()))
        .collect()
}

/// Returns the findings of all results that are more than worth knowing.
fn findings(results: &[Value]) -> Vec<String> {
    let all = results.iter().flat_map(|result| result["findings"].as_array().unwrap());
    let told = |finding: &Value| format!("{} {}", finding["code"], finding["file"]).replace('"', "");
    all.filter(|finding| finding["severity"] != "info").map(told).collect()
}

#[test]
fn bags_are_the_same_bytes_however_they_are_made_and_hold_what_was_delivered() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    sandbox.large_delivery("lieferung", 20, 3000);
    sandbox.file("lieferung/Akte 000/groß.bin", &vec![7; 3 << 20]);
    fs::create_dir_all(sandbox.path("lieferung/Akte 000/leer/auch leer")).unwrap();
    for form in ["zip", "folder"] {
        let mut made = Vec::new();
        for jobs in [1, 8] {
            sandbox
                .run(&format!("pack lieferung --format bagit --form {form} --out {form}-{jobs} --jobs {jobs}"))
                .exits(0);
            made.push(tree(&sandbox.path(&format!("{form}-{jobs}"))));
        }
        assert!(made[0] == made[1] && made[0].len() >= 20, "{form}");
        let line = format!("pack lieferung --format bagit --form {form} --out {form}-1");
        let states = sandbox.json(&line).exits(0).states();
        assert!(states.iter().all(|state| state == "already-packed") && states.len() >= 20, "{states:?}");
    }
    let all: Vec<PathBuf> = bags(&sandbox.path("folder-1"));
    let (mut written, mut delivered) = (Vec::new(), Vec::new());
    for bag in &all {
        written.extend(payload(bag).into_iter().map(|(path, bytes)| (path["data/".len()..].to_owned(), bytes)));
        let information = fs::read_to_string(bag.join("bag-info.txt")).unwrap();
        for label in ["External-Identifier: ", "Bagging-Date: ", "Payload-Oxum: ", "Bag-Software-Agent: eArchiv "] {
            assert!(information.contains(label), "{information}");
        }
    }
    for path in tree(&sandbox.path("lieferung")).into_keys().map(|path| path.into_string().unwrap()) {
        let full = sandbox.path("lieferung").join(&path);
        if full.is_file() {
            delivered.push((path, fs::read(full).unwrap()));
        }
    }
    written.sort();
    delivered.sort();
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    assert_eq!(names(&written), names(&delivered));
    assert!(written == delivered);
    let with_empty = all.iter().find(|bag| bag.join("data/Akte 000").is_dir()).unwrap();
    assert!(with_empty.join("data/Akte 000/leer/auch leer").is_dir());
    // And once more by the program itself, in one call.
    let results = sandbox.json("validate zip-1 folder-1").exits(3).results();
    assert_eq!(results.len(), 2, "folders of bags are none");
    for form in ["zip-1", "folder-1"] {
        let list: Vec<String> = bags(&sandbox.path(form)).iter().map(|bag| bag.display().to_string()).collect();
        sandbox.file("liste", (list.join("\n") + "\n").as_bytes());
        let results = sandbox.json("validate --files-from liste").exits(0).results();
        // As it was delivered, though not every system could have it.
        let odd = "bag-notice data/Grünanlagen/Pläne/Plan: Teil 1?.pdf".to_owned();
        assert_eq!((results.len(), findings(&results)), (list.len(), vec![odd]));
        assert!(results.iter().all(|result| result["standard"] == "bagit" && result["version"] == "1.0"));
    }
}

#[test]
fn many_big_files_beside_empty_folders_become_a_sip_and_a_bag() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.path("lieferung/Akte/leer")).unwrap();
    fs::create_dir_all(sandbox.path("lieferung/Akte/leer auch")).unwrap();
    for number in 0..40 {
        // The biggest are written first, so that pieces come in any order.
        let file = fs::File::create(sandbox.path(&format!("lieferung/Akte/{number:02}.bin"))).unwrap();
        file.set_len((1 << 19) + number * 37 % 40 * 20_000).unwrap();
    }
    for (out, options) in [("sip", ""), ("bag", "--format bagit")] {
        sandbox.run(&format!("pack lieferung --out {out} {options}")).exits(0);
        let made = bags(&sandbox.path(out));
        assert_eq!(made.len(), 1, "{out}");
        sandbox.run(&format!("validate {}", made[0].display())).exits(0);
    }
}

#[test]
fn what_changed_since_is_not_taken_for_the_same() {
    let sandbox = Sandbox::new();
    sandbox.file("lieferung/Akte/a.txt", b"eins");
    sandbox.file("lieferung/Akte/A.TXT", b"zwei");
    sandbox.file("lieferung/Akte/\u{f6}.txt", b"drei");
    sandbox.file("lieferung/Akte/o\u{308}.txt", b"vier");
    sandbox.file("lieferung/Akte/100%.txt", b"");
    let pack = "pack lieferung --format bagit --form folder --out taschen";
    sandbox.run(pack).exits(0);
    assert_eq!(sandbox.json(pack).exits(0).states(), ["already-packed"]);
    let bag = bags(&sandbox.path("taschen")).remove(0);
    sandbox.json(&format!("validate {}", bag.display())).exits(0);
    fs::write(sandbox.path("lieferung/Akte/a.txt"), "neu!").unwrap();
    assert_eq!(sandbox.json(pack).exits(3).states(), ["conflict"]);
    fs::write(sandbox.path("lieferung/Akte/a.txt"), "eins").unwrap();
    assert_eq!(sandbox.json(pack).exits(0).states(), ["already-packed"]);
    // A bag that is damaged is not the same either.
    fs::write(bag.join("data/Akte/a.txt"), "eims").unwrap();
    assert_eq!(sandbox.json(pack).exits(3).states(), ["conflict"]);
    sandbox.run(&format!("validate {}", bag.display())).exits(5);
}

#[test]
fn a_bag_is_taken_over_again_file_by_file() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    sandbox.run("pack lieferung --format bagit --out taschen --producer Stadtamt").exits(0);
    let bags = bags(&sandbox.path("taschen"));
    for bag in &bags {
        sandbox.run(&format!("ingest {}", bag.display())).exits(0);
    }
    assert_eq!(sandbox.list().len(), bags.len());
    sandbox.run("audit").exits(0);
    assert!(sandbox.list().iter().all(|row| row["producer"] == "Stadtamt"), "{:?}", sandbox.list());
}

/// The demands of the bag profile of the E-ARK AIP specification.
fn eark_profile() -> Value {
    let once = |required: bool| json!({"required": required, "repeatable": false});
    json!({
        "BagIt-Profile-Info": {},
        "Bag-Info": {
            "Source-Organization": once(true), "Organization-Address": once(true), "Contact-Name": once(false),
            "External-Identifier": once(true), "External-Description": once(true), "Bagging-Date": once(true),
            "Bag-Size": once(true), "Payload-Oxum": once(true), "Bag-Group-Identifier": once(false),
            "E-ARK-Package-Type": once(true), "E-ARK-Specification-Version": once(true),
        },
        "Manifests-Required": ["md5", "sha1"],
        "Allow-Fetch.txt": true,
        "Serialization": "required",
        "Accept-Serialization": ["application/zip", "application/x-tar", "application/x-gzip"],
        "Accept-BagIt-Version": ["0.97"],
    })
}

#[test]
fn bags_around_packages_are_as_the_profile_of_the_aip_specification_says() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    sandbox.run("pack lieferung --out sip").exits(0);
    sandbox.file("profil.json", eark_profile().to_string().as_bytes());
    let address = "Organization-Address: Rathausplatz 1, 12345 Musterstadt";
    let pack = |source: &str, out: &str| {
        let line = format!("pack {source} --format bagit --bag-profile eark-aip --out {out} --bag-info");
        sandbox.call(&line).arg(address).run().exits(0)
    };
    pack("lieferung", "taschen");
    pack("lieferung", "taschen").tells("already packed");
    for bag in bags(&sandbox.path("taschen")) {
        let told = sandbox.json(&format!("validate --bag-profile profil.json {}", bag.display())).exits(0).results();
        assert_eq!((told[0]["version"].as_str(), findings(&told)), (Some("0.97"), vec![]));
        // What is in it is a package by itself.
        let folder = sandbox.path("ausgepackt");
        fs::create_dir(&folder).unwrap();
        shell("unzip", &["-q".as_ref(), bag.as_os_str(), "-d".as_ref(), folder.as_os_str()]);
        let name = bag.file_stem().unwrap().to_str().unwrap();
        let inner = sandbox.json(&format!("validate ausgepackt/{name}/data/{name}")).exits(0).results();
        assert_eq!((inner[0]["standard"].as_str(), inner[0]["kind"].as_str()), (Some("eark"), Some("SIP")));
        // The profile takes no folder.
        sandbox.run(&format!("validate --bag-profile profil.json ausgepackt/{name}")).exits(3);
        fs::remove_dir_all(&folder).unwrap();
    }
    // A finished package goes into a bag as well, with or without the profile.
    let sip = bags(&sandbox.path("sip")).remove(0);
    pack(&sip.display().to_string(), "aus-sip");
    sandbox.run(&format!("pack {} --format bagit --out aus-sip-1", sip.display())).exits(0);
    for bag in bags(&sandbox.path("aus-sip")).into_iter().chain(bags(&sandbox.path("aus-sip-1"))) {
        assert_eq!(findings(&sandbox.json(&format!("validate {}", bag.display())).exits(0).results()), [""; 0]);
    }
    for wrong in [
        "pack lieferung --out x --bag-profile eark-aip",
        "pack lieferung --out x --format bagit --bag-profile eark-aip",
        "pack lieferung --out x --format bagit --bag-profile eark-aip --form folder",
        "pack lieferung --out x --format bagit --bag-info ohne",
        "pack lieferung --out x --format bagit --bag-info Payload-Oxum:1.1",
        "validate lieferung --bag-profile lieferung/metadata.csv",
        "validate lieferung --bag-profile gibt-es-nicht.json",
    ] {
        sandbox.run(wrong).exits(2);
    }
    assert!(!sandbox.path("x").exists());
}

fn names() -> impl Strategy<Value = String> {
    "[a-zA-ZäÄß0-9%&+=,;:?'!()\\[\\] _-]{1,14}".prop_map(|name| format!("n{name}x"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_packed_is_clean_and_every_flipped_byte_is_named(
        files in prop::collection::btree_map(names(), prop::collection::vec(any::<u8>(), 0..3000), 1..6),
        folder in names(),
        (pick, bit) in (any::<prop::sample::Index>(), 0..8_u8),
    ) {
        let sandbox = Sandbox::empty();
        for (number, (name, bytes)) in files.iter().enumerate() {
            let below = if number % 2 == 0 { String::new() } else { format!("{folder}/") };
            sandbox.file(&format!("lieferung/Akte/{below}{name}"), bytes);
        }
        sandbox.run("pack lieferung --format bagit --form folder --out taschen").exits(0);
        sandbox.run("pack lieferung --format bagit --form zip --out gepackt").exits(0);
        let bag = bags(&sandbox.path("taschen")).remove(0);
        let zip = bags(&sandbox.path("gepackt")).remove(0);
        for path in [&bag, &zip] {
            sandbox.run(&format!("validate {}", path.display())).exits(0);
        }
        let payload = payload(&bag);
        prop_assert_eq!(payload.values().collect::<std::collections::BTreeSet<_>>(), files.values().collect());
        // One byte of all that there are.
        let all: Vec<(&String, usize)> =
            payload.iter().flat_map(|(path, bytes)| (0..bytes.len()).map(move |at| (path, at))).collect();
        prop_assume!(!all.is_empty());
        let (path, at) = all[pick.index(all.len())];
        let mut bytes = payload[path].clone();
        bytes[at] ^= 1 << bit;
        fs::write(bag.join(path), bytes).unwrap();
        let results = sandbox.json(&format!("validate {}", bag.display())).exits(5).results();
        let found = results[0]["findings"].as_array().unwrap().iter().filter(|one| one["code"] == "checksum-mismatch");
        let named: std::collections::BTreeSet<&str> = found.map(|one| one["file"].as_str().unwrap()).collect();
        prop_assert_eq!(named.into_iter().collect::<Vec<_>>(), [path.as_str()]);
    }
}
