//! Objects and storage roots made here without a fault, and with one each.

#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::digest::Algorithm;
use super::*;
use crate::io::below::Below;
use crate::io::container::{self, Container};
use crate::io::inside::Inside;
use crate::model::requirement::Answer;
use crate::task::{Cancel, Silent};

const USER: &str = "mailto:anna@example.org";

fn sum(text: &str) -> String {
    Algorithm::Sha512.of(text.as_bytes())
}

fn write(path: &Path, text: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Makes an object of two versions: `a/b` and `c`; then `c` is changed and `d` has the content of `a/b`.
fn make(folder: &Path, spec: &str) {
    write(&folder.join(format!("0=ocfl_object_{spec}")), format!("ocfl_object_{spec}\n"));
    write(&folder.join("v1/content/a/b"), "x");
    write(&folder.join("v1/content/c"), "y");
    write(&folder.join("v2/content/c"), "z");
    let about = |day: u8, state: Value| {
        json!({"created": format!("2026-01-0{day}T00:00:00Z"), "message": "why", "state": state,
               "user": {"name": "Anna", "address": USER}})
    };
    let first = about(1, json!({sum("x"): ["a/b"], sum("y"): ["c"]}));
    let second = about(2, json!({sum("x"): ["a/b", "d"], sum("z"): ["c"]}));
    let mut inventory = json!({
        "id": "urn:example:1", "type": format!("https://ocfl.io/{spec}/spec/#inventory"), "digestAlgorithm": "sha512",
        "head": "v1", "manifest": {sum("x"): ["v1/content/a/b"], sum("y"): ["v1/content/c"]}, "versions": {"v1": first},
    });
    seal(&folder.join("v1"), &inventory.to_string());
    inventory["head"] = json!("v2");
    inventory["manifest"][sum("z")] = json!(["v2/content/c"]);
    inventory["versions"]["v2"] = second;
    seal(&folder.join("v2"), &inventory.to_string());
    seal(folder, &inventory.to_string());
}

/// Writes an inventory with its digest.
fn seal(folder: &Path, text: &str) {
    fs::create_dir_all(folder).unwrap();
    for old in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if old.file_name().unwrap().to_str().unwrap().starts_with("inventory.json.") {
            fs::remove_file(old).unwrap();
        }
    }
    let named = serde_json::from_str::<Value>(text).ok();
    let named = named.and_then(|value| Algorithm::named(value["digestAlgorithm"].as_str()?));
    let algorithm = named.unwrap_or(Algorithm::Sha512);
    write(&folder.join("inventory.json"), text);
    let sidecar = format!("{} inventory.json\n", algorithm.of(text.as_bytes()));
    write(&folder.join(format!("inventory.json.{}", algorithm.name())), sidecar);
}

/// Changes the object's inventory, and the newest version's with it.
fn edit(folder: &Path, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&fs::read(folder.join("inventory.json")).unwrap()).unwrap();
    change(&mut value);
    reseal(folder, &value.to_string());
}

fn reseal(folder: &Path, text: &str) {
    seal(folder, text);
    seal(&folder.join("v2"), text);
}

/// Changes the text of the object's inventory, and of the newest version's with it.
fn edit_text(folder: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(folder.join("inventory.json")).unwrap();
    assert!(text.contains(from), "{from}");
    reseal(folder, &text.replacen(from, to, 1));
}

/// Changes the inventory of the first version.
fn edit_old(folder: &Path, change: impl FnOnce(&mut Value)) {
    let path = folder.join("v1/inventory.json");
    let mut value: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    change(&mut value);
    seal(&folder.join("v1"), &value.to_string());
}

fn remove(value: &mut Value, key: &str) {
    value.as_object_mut().unwrap().remove(key).unwrap();
}

fn judged(folder: &Path, kind: Kind) -> Judgement {
    judge(&Below::open(folder).unwrap(), kind, Watch::new(&Cancel::new(), &Silent)).unwrap()
}

/// What is in the folder, packed as a TAR.
fn packed(folder: &Path) -> Inside {
    let tar = tempfile::NamedTempFile::new().unwrap();
    let mut program = Command::new("tar");
    assert!(program.arg("-cf").arg(tar.path()).arg("-C").arg(folder).arg(".").status().unwrap().success());
    Inside::all(Container::open(tar.reopen().unwrap(), container::Kind::Tar, &Cancel::new()).unwrap())
}

/// The requirements that something breaks, and of those that are no requirement's the code.
fn broken(folder: &Path, kind: Kind) -> String {
    let judgement = judged(folder, kind);
    // Wherever it lies.
    let inside = judge(&packed(folder), kind, Watch::new(&Cancel::new(), &Silent)).unwrap();
    assert_eq!(inside.findings, judgement.findings);
    assert_eq!(
        (inside.answers, inside.files, inside.bytes, inside.id),
        (judgement.answers.clone(), judgement.files, judgement.bytes, judgement.id)
    );
    let named = judgement.findings.iter().map(|f| f.requirement.clone().unwrap_or_else(|| f.code.name().to_owned()));
    let named: BTreeSet<String> = named.collect();
    // Each of them is answered so.
    for answer in &judgement.answers {
        assert!(!named.contains(answer.id) || answer.answer == Answer::Failed, "{}", answer.id);
    }
    named.into_iter().collect::<Vec<_>>().join(" ")
}

type Change = fn(&Path);

fn all_are_named(spec: &str, cases: &[(&str, &str, Change)]) {
    let mut wrong = Vec::new();
    for (case, expected, change) in cases {
        let folder = tempfile::tempdir().unwrap();
        make(folder.path(), spec);
        assert_eq!(broken(folder.path(), Kind::Object), "", "{spec}");
        change(folder.path());
        let found = broken(folder.path(), Kind::Object);
        if found != *expected {
            wrong.push(format!("{spec}: {case}: {found}, expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn faults_of_folders_are_named() {
    all_are_named(
        "1.1",
        &[
            ("file", "E001", |o| write(&o.join("x"), "")),
            ("folder", "E001", |o| write(&o.join("x/y"), "")),
            ("object in an object", "E001 E082", |o| write(&o.join("x/0=ocfl_object_1.1"), "")),
            ("logs are allowed", "", |o| fs::create_dir(o.join("logs")).unwrap()),
            ("no declaration", "E003", |o| fs::remove_file(o.join("0=ocfl_object_1.1")).unwrap()),
            ("two declarations", "E003", |o| write(&o.join("0=ocfl_object_1.0"), "ocfl_object_1.0\n")),
            ("further declaration of an unknown version", "E003 E004", |o| write(&o.join("0=ocfl_object_9"), "")),
            ("unknown version", "E003 E004", |o| {
                fs::rename(o.join("0=ocfl_object_1.1"), o.join("0=ocfl_object_9.9")).unwrap();
            }),
            ("letter", "E005", |o| write(&o.join("1=ocfl_object_1.1"), "")),
            ("another declaration", "E006", |o| write(&o.join("0=bagit_1.0"), "")),
            ("declaration without line feed", "E007", |o| write(&o.join("0=ocfl_object_1.1"), "ocfl_object_1.1")),
            ("version that is a file", "E001", |o| write(&o.join("v3"), "")),
            ("version that nobody knows", "E046", |o| fs::create_dir(o.join("v3")).unwrap()),
            ("version without folder", "E046 E092", |o| fs::remove_dir_all(o.join("v2")).unwrap()),
            ("file in a version", "E015", |o| write(&o.join("v1/x"), "")),
            ("folder in a version", "W002", |o| write(&o.join("v1/x/y"), "")),
            ("version without content folder", "E016 E092", |o| fs::remove_dir_all(o.join("v2/content")).unwrap()),
            ("surplus", "E023", |o| write(&o.join("v1/content/a/x"), "")),
            ("empty folder", "E024", |o| fs::create_dir(o.join("v1/content/x")).unwrap()),
            ("empty content folder", "W003", |o| {
                edit(o, |i| {
                    remove(&mut i["manifest"], &sum("z"));
                    remove(&mut i["versions"]["v2"]["state"], &sum("z"));
                });
                fs::remove_file(o.join("v2/content/c")).unwrap();
            }),
            ("content folder without a file of the manifest", "E092", |o| {
                fs::remove_file(o.join("v1/content/c")).unwrap();
            }),
            ("other content", "E092", |o| write(&o.join("v1/content/c"), "Y")),
            ("link to the content", "E090", |o| {
                fs::remove_file(o.join("v1/content/c")).unwrap();
                symlink("/etc/passwd", o.join("v1/content/c")).unwrap();
            }),
            ("link on the way", "E016 E090", |o| {
                fs::rename(o.join("v1/content"), o.join("elsewhere")).unwrap();
                fs::rename(o.join("elsewhere"), o.parent().unwrap().join(format!("ocfl-{}", std::process::id())))
                    .unwrap();
                let to = o.parent().unwrap().join(format!("ocfl-{}", std::process::id()));
                symlink(&to, o.join("v1/content")).unwrap();
                fs::remove_dir_all(to).unwrap();
            }),
            ("pipe", "E089", |o| {
                rustix::fs::mknodat(
                    rustix::fs::CWD,
                    o.join("v1/content/pipe"),
                    rustix::fs::FileType::Fifo,
                    rustix::fs::Mode::RUSR,
                    0,
                )
                .unwrap();
            }),
            ("no inventory", "E063", |o| {
                fs::remove_file(o.join("inventory.json")).unwrap();
                fs::remove_file(o.join("inventory.json.sha512")).unwrap();
            }),
            ("inventory by another name", "E001 E034 E063", |o| {
                fs::rename(o.join("inventory.json"), o.join("Inventory.json")).unwrap();
                fs::remove_file(o.join("inventory.json.sha512")).unwrap();
            }),
            ("no inventory of a version", "W010", |o| {
                fs::remove_file(o.join("v1/inventory.json")).unwrap();
                fs::remove_file(o.join("v1/inventory.json.sha512")).unwrap();
            }),
            ("no sidecar", "E058", |o| fs::remove_file(o.join("inventory.json.sha512")).unwrap()),
            ("no sidecar of a version", "E058", |o| fs::remove_file(o.join("v1/inventory.json.sha512")).unwrap()),
            ("sidecar of another algorithm", "E058 E059", |o| {
                fs::rename(o.join("inventory.json.sha512"), o.join("inventory.json.sha256")).unwrap();
            }),
            ("further sidecar", "E001", |o| write(&o.join("inventory.json.md5"), "")),
            ("further sidecar of a version", "E015", |o| write(&o.join("v1/inventory.json.bak"), "")),
            ("wrong sidecar", "E060", |o| {
                write(&o.join("v2/inventory.json.sha512"), format!("{} inventory.json\n", sum("")));
            }),
            ("sidecar in upper case", "", |o| {
                let path = o.join("inventory.json.sha512");
                let text = fs::read_to_string(&path).unwrap();
                let (digest, _) = text.split_once(' ').unwrap();
                write(&path, format!("{}\t inventory.json", digest.to_uppercase()));
            }),
            ("sidecar of another form", "E061", |o| write(&o.join("inventory.json.sha512"), sum(""))),
            ("extension", "W013", |o| write(&o.join("extensions/x/y"), "")),
            ("registered extension", "", |o| write(&o.join("extensions/0005-mutable-head/x"), "")),
            ("file among the extensions", "E067", |o| write(&o.join("extensions/x"), "")),
        ],
    );
}

#[test]
fn faults_of_inventories_are_named() {
    all_are_named(
        "1.1",
        &[
            ("no JSON", "E033", |o| reseal(o, "{\"id\": }")),
            ("no object", "E033", |o| reseal(o, "[]")),
            ("key twice", "E033", |o| edit_text(o, "\"head\":", "\"head\":\"v2\",\"head\":")),
            ("version twice", "E033 E048 W007", |o| edit_text(o, "\"v1\":{", "\"v1\":{},\"v1\":{")),
            ("unknown key", "E102", |o| edit(o, |i| i["x"] = json!({"y": [1]}))),
            ("unknown key of a version", "E102", |o| edit(o, |i| i["versions"]["v2"]["x"] = json!(1))),
            ("unknown key of a user", "E102", |o| edit(o, |i| i["versions"]["v2"]["user"]["x"] = json!(1))),
            ("no id", "E036", |o| edit(o, |i| remove(i, "id"))),
            ("no type", "E036", |o| edit(o, |i| remove(i, "type"))),
            ("no algorithm", "E036", |o| edit(o, |i| remove(i, "digestAlgorithm"))),
            ("no head", "E036", |o| edit(o, |i| remove(i, "head"))),
            ("empty id", "E037 E110", |o| edit(o, |i| i["id"] = json!(""))),
            ("id that is no text", "E037", |o| edit(o, |i| i["id"] = json!(1))),
            ("id that is no URI", "E037 E110 W005", |o| edit(o, |i| i["id"] = json!("a b"))),
            ("type of another version", "E038 E103", |o| {
                edit(o, |i| i["type"] = json!("https://ocfl.io/1.0/spec/#inventory"));
            }),
            ("type that is no text", "E038", |o| edit(o, |i| i["type"] = json!(["x"]))),
            ("algorithm that may not address", "E025 E039", |o| edit(o, |i| i["digestAlgorithm"] = json!("md5"))),
            ("algorithm that is not known", "E025", |o| edit(o, |i| i["digestAlgorithm"] = json!("sha3"))),
            ("algorithm of other digests", "E039 W004", |o| edit(o, |i| i["digestAlgorithm"] = json!("sha256"))),
            ("head is not the newest", "E040", |o| edit(o, |i| i["head"] = json!("v1"))),
            ("head that is no text", "E040", |o| edit(o, |i| i["head"] = json!(2))),
            ("content folder with a bar", "E017 E019 E042 E108 W002", |o| {
                edit(o, |i| i["contentDirectory"] = json!("a/b"));
            }),
        ],
    );
}

#[test]
fn faults_of_blocks_are_named() {
    all_are_named(
        "1.1",
        &[
            ("no manifest", "E041", |o| edit(o, |i| remove(i, "manifest"))),
            ("manifest that is no object", "E041 E106", |o| edit(o, |i| i["manifest"] = json!([]))),
            ("no versions", "E041 E043", |o| edit(o, |i| remove(i, "versions"))),
            ("versions that are no object", "E044 E045", |o| edit(o, |i| i["versions"] = json!([]))),
            ("empty versions", "E008", |o| edit(o, |i| i["versions"] = json!({}))),
            ("version that is no object", "E047", |o| edit(o, |i| i["versions"]["v2"] = json!(1))),
            ("no time", "E048", |o| edit(o, |i| remove(&mut i["versions"]["v2"], "created"))),
            ("no state", "E048", |o| edit(o, |i| remove(&mut i["versions"]["v2"], "state"))),
            ("time without zone", "E049", |o| {
                edit(o, |i| i["versions"]["v2"]["created"] = json!("2026-01-02T00:00:00"));
            }),
            ("time that is no text", "E049", |o| edit(o, |i| i["versions"]["v2"]["created"] = json!(1))),
            ("digest that the manifest lacks", "E050", |o| {
                edit(o, |i| i["versions"]["v2"]["state"][sum("new")] = json!(["new"]));
            }),
            ("digest in another case", "E050", |o| {
                edit(o, |i| {
                    remove(&mut i["versions"]["v2"]["state"], &sum("z"));
                    i["versions"]["v2"]["state"][sum("z").to_uppercase()] = json!(["c"]);
                });
            }),
            ("state that is no object", "E050", |o| edit(o, |i| i["versions"]["v2"]["state"] = json!(["x"]))),
            ("state without list", "E050", |o| edit(o, |i| i["versions"]["v2"]["state"][sum("z")] = json!("c"))),
            ("logical path up", "E052", |o| edit(o, |i| i["versions"]["v2"]["state"][sum("z")] = json!(["../c"]))),
            ("logical path from the root", "E053", |o| {
                edit(o, |i| i["versions"]["v2"]["state"][sum("z")] = json!(["/c"]));
            }),
            ("user that is no object", "E054", |o| edit(o, |i| i["versions"]["v2"]["user"] = json!("Anna"))),
            ("user without name", "E054", |o| edit(o, |i| remove(&mut i["versions"]["v2"]["user"], "name"))),
            ("message that is no text", "E094", |o| edit(o, |i| i["versions"]["v2"]["message"] = json!(1))),
            ("logical path twice", "E095", |o| edit(o, |i| i["versions"]["v2"]["state"][sum("z")] = json!(["c", "c"]))),
            ("logical path is a folder", "E095", |o| {
                edit(o, |i| i["versions"]["v2"]["state"][sum("z")] = json!(["c", "c-d", "c/e"]));
            }),
        ],
    );
}

#[test]
fn faults_of_manifests_and_fixity_are_named() {
    all_are_named(
        "1.1",
        &[
            ("manifest without list", "E023 E092", |o| edit(o, |i| i["manifest"][sum("z")] = json!("v2/content/c"))),
            ("manifest with an empty list", "E023 E092", |o| edit(o, |i| i["manifest"][sum("z")] = json!([]))),
            ("digest twice", "E096 E101", |o| {
                edit(o, |i| i["manifest"][sum("z").to_uppercase()] = json!(["v2/content/c"]));
            }),
            ("content path up", "E023 E099", |o| edit(o, |i| i["manifest"][sum("z")] = json!(["v2/content/../c"]))),
            ("content path from the root", "E023 E100", |o| {
                edit(o, |i| i["manifest"][sum("z")] = json!(["/v2/content/c"]));
            }),
            ("content path elsewhere", "E023 E042 E092", |o| {
                edit(o, |i| i["manifest"][sum("z")] = json!(["v2/other/c"]));
            }),
            ("content path of a version by another name", "E014 E023 E092", |o| {
                edit(o, |i| i["manifest"][sum("z")] = json!(["v02/content/c"]));
            }),
            ("content path with other bars", "E023 E035 E042", |o| {
                edit(o, |i| i["manifest"][sum("z")] = json!(["v2\\content\\c"]));
            }),
            ("content path twice", "E101", |o| {
                edit(o, |i| i["manifest"][sum("z")] = json!(["v2/content/c", "v2/content/c"]));
            }),
            ("content path is a folder", "E092 E101", |o| {
                edit(o, |i| i["manifest"][sum("z")] = json!(["v2/content/c", "v2/content/c/d"]));
            }),
            ("digest that is none", "E031 E101 E107", |o| edit(o, |i| i["manifest"]["xyz"] = json!(["v1/content/c"]))),
            ("digest unused", "E092 E101 E107", |o| edit(o, |i| i["manifest"][sum("new")] = json!(["v1/content/c"]))),
            ("fixity that is no object", "E111", |o| edit(o, |i| i["fixity"] = json!(null))),
            ("fixity of an unknown algorithm", "E056", |o| edit(o, |i| i["fixity"] = json!({"sha3": {}}))),
            ("fixity without digests", "E057", |o| edit(o, |i| i["fixity"] = json!({"md5": []}))),
            ("fixity of a file that is nowhere", "E057 E093", |o| {
                edit(o, |i| i["fixity"] = json!({"md5": {Algorithm::Md5.of(b""): ["v1/content/none"]}}));
            }),
            ("wrong fixity", "E093", |o| {
                edit(o, |i| i["fixity"] = json!({"blake2b-160": {Algorithm::Blake160.of(b""): ["v1/content/c"]}}));
            }),
            ("right fixity of all algorithms", "", |o| {
                edit(o, |i| {
                    let all = [
                        "md5",
                        "sha1",
                        "sha256",
                        "sha512",
                        "blake2b-512",
                        "blake2b-160",
                        "blake2b-256",
                        "blake2b-384",
                        "sha512/256",
                        "size",
                    ];
                    for name in all {
                        let digest = Algorithm::named(name).unwrap().of(b"y").to_uppercase();
                        i["fixity"][name] = json!({digest: ["v1/content/c"]});
                    }
                });
            }),
            ("fixity twice", "E097", |o| {
                let digest = Algorithm::Md5.of(b"y");
                edit(o, |i| {
                    i["fixity"] = json!({"md5": {digest.to_uppercase(): ["v1/content/c"], digest: ["v1/content/c"]}});
                });
            }),
            ("no message", "W007", |o| edit(o, |i| remove(&mut i["versions"]["v2"], "message"))),
            ("no address", "W008", |o| edit(o, |i| remove(&mut i["versions"]["v2"]["user"], "address"))),
            ("address that is no URI", "W009", |o| edit(o, |i| i["versions"]["v2"]["user"]["address"] = json!("anna"))),
        ],
    );
}

#[test]
fn the_first_version_of_the_specification_says_some_things_otherwise() {
    all_are_named(
        "1.0",
        &[
            ("manifest that is no object", "E041", |o| edit(o, |i| i["manifest"] = json!([]))),
            ("digest unused", "E050 E092 E101", |o| edit(o, |i| i["manifest"][sum("new")] = json!(["v1/content/c"]))),
            ("fixity that is no object", "E056", |o| edit(o, |i| i["fixity"] = json!(null))),
            ("another id", "E037", |o| edit_old(o, |i| i["id"] = json!("urn:example:2"))),
            ("content folder with a bar", "E017 E019 E042 W002", |o| {
                edit(o, |i| i["contentDirectory"] = json!("a/b"));
            }),
        ],
    );
}

#[test]
fn older_inventories_are_compared_with_the_objects() {
    all_are_named(
        "1.1",
        &[
            ("another id", "E037 E110", |o| edit_old(o, |i| i["id"] = json!("urn:example:2"))),
            ("another head", "E040", |o| edit_old(o, |i| i["head"] = json!("v2"))),
            ("newest version's copy differs", "E064", |o| {
                let text = fs::read_to_string(o.join("inventory.json")).unwrap();
                seal(&o.join("v2"), &format!("{text} "));
            }),
            ("logical path renamed", "E066", |o| {
                edit_old(o, |i| i["versions"]["v1"]["state"][sum("y")] = json!(["renamed"]));
            }),
            ("logical paths exchanged", "E066", |o| {
                edit_old(o, |i| i["versions"]["v1"]["state"] = json!({sum("x"): ["c"], sum("y"): ["a/b"]}));
            }),
            ("file of its version not listed", "E023 E066", |o| {
                edit_old(o, |i| {
                    remove(&mut i["manifest"], &sum("y"));
                    remove(&mut i["versions"]["v1"]["state"], &sum("y"));
                });
            }),
            ("version of its time not listed", "E008 E066", |o| edit_old(o, |i| i["versions"] = json!({}))),
            ("other digest of the same file", "E066 E092", |o| {
                edit_old(o, |i| {
                    let (manifest, state) = (
                        json!({sum("x"): ["v1/content/a/b"], sum("new"): ["v1/content/c"]}),
                        json!({sum("x"): ["a/b"], sum("new"): ["c"]}),
                    );
                    i["manifest"] = manifest;
                    i["versions"]["v1"]["state"] = state;
                });
            }),
            ("other algorithm, same files", "", |o| edit_old(o, |i| in_sha256(i, "x", "y"))),
            ("other algorithm, other content", "E092", |o| edit_old(o, |i| in_sha256(i, "x", "new"))),
            ("other algorithm, other state", "E066 E107", |o| {
                edit_old(o, |i| {
                    in_sha256(i, "x", "y");
                    let digest = Algorithm::Sha256.of(b"x");
                    i["versions"]["v1"]["state"] = json!({digest: ["a/b", "c"]});
                });
            }),
            ("fixity that only it has", "E093", |o| {
                edit_old(o, |i| i["fixity"] = json!({"md5": {Algorithm::Md5.of(b""): ["v1/content/c"]}}));
            }),
            ("other message", "W011", |o| edit_old(o, |i| i["versions"]["v1"]["message"] = json!("other"))),
            ("no user", "W011", |o| edit_old(o, |i| remove(&mut i["versions"]["v1"], "user"))),
            ("content folder set later", "E019", |o| edit(o, |i| i["contentDirectory"] = json!("content"))),
            ("content folder not set later", "E020 E042", |o| edit_old(o, |i| i["contentDirectory"] = json!("stuff"))),
            ("earlier specification before", "", |o| {
                edit_old(o, |i| i["type"] = json!("https://ocfl.io/1.0/spec/#inventory"));
            }),
            ("type that is no specification's", "E038", |o| edit_old(o, |i| i["type"] = json!("x"))),
            ("newer version that the object does not know", "E046 E064 E066", |o| {
                let text = fs::read_to_string(o.join("inventory.json")).unwrap();
                let mut value: Value = serde_json::from_str(&text).unwrap();
                value["head"] = json!("v3");
                value["versions"]["v3"] = value["versions"]["v2"].clone();
                seal(&o.join("v3"), &value.to_string());
            }),
        ],
    );
}

/// The manifest and the state of the first version by SHA-256.
fn in_sha256(inventory: &mut Value, ab: &str, c: &str) {
    let [ab, c] = [ab, c].map(|text| Algorithm::Sha256.of(text.as_bytes()));
    inventory["digestAlgorithm"] = json!("sha256");
    inventory["manifest"] = json!({ab.clone(): ["v1/content/a/b"], c.clone(): ["v1/content/c"]});
    inventory["versions"]["v1"]["state"] = json!({ab: ["a/b"], c: ["c"]});
}

#[test]
fn versions_may_be_padded_but_all_alike() {
    let folder = tempfile::tempdir().unwrap();
    let renamed = |object: &str, names: [&str; 2]| {
        let object = folder.path().join(object);
        make(&object, "1.1");
        for (old, new) in ["v1", "v2"].iter().zip(names).rev() {
            fs::rename(object.join(old), object.join(new)).unwrap();
        }
        for folder in ["", names[0], names[1]] {
            let path = object.join(folder);
            let text = fs::read_to_string(path.join("inventory.json")).unwrap();
            let text = text.replace("\"v2", &format!("\"{}", names[1])).replace("\"v1", &format!("\"{}", names[0]));
            seal(&path, &text);
        }
        broken(&object, Kind::Object)
    };
    assert_eq!(renamed("padded", ["v001", "v002"]), "W001");
    assert_eq!(renamed("widths", ["v01", "v002"]), "E012 E013 W001");
    assert_eq!(renamed("mixed", ["v01", "v2"]), "E011 E012 E013 W001");
    assert_eq!(renamed("gap", ["v1", "v3"]), "E010");
    assert_eq!(renamed("from two", ["v2", "v3"]), "E009");
    assert_eq!(renamed("letter", ["1", "2"]), "E001 E009 E104");
    assert_eq!(renamed("word", ["v1", "vx"]), "E001 E040 E064 E105");
}

#[test]
fn faults_of_storage_roots_are_named() {
    let cases: &[(&str, &str, Change)] = &[
        ("nothing", "", |_| {}),
        ("other files in the root", "", |r| write(&r.join("ocfl_1.1.md"), "")),
        ("no declaration", "E069", |r| fs::remove_file(r.join("0=ocfl_1.1")).unwrap()),
        ("two declarations", "E076", |r| write(&r.join("0=ocfl_1.0"), "ocfl_1.0\n")),
        ("unknown version", "E076 E077", |r| fs::rename(r.join("0=ocfl_1.1"), r.join("0=ocfl_2.0")).unwrap()),
        ("letter", "E078", |r| write(&r.join("1=ocfl_1.1"), "")),
        ("another declaration", "E079", |r| write(&r.join("0=bagit_1.0"), "")),
        ("declaration with other text", "E080", |r| write(&r.join("0=ocfl_1.1"), "ocfl_1.1\n\n")),
        ("layout that is no JSON", "E070", |r| write(&r.join("ocfl_layout.json"), "{")),
        ("layout without description", "E070", |r| {
            write(&r.join("ocfl_layout.json"), "{\"extension\": \"0002-flat-direct-storage-layout\"}");
            fs::rename(r.join("a/object"), r.join("urn:example:1")).unwrap();
            fs::remove_dir_all(r.join("a")).unwrap();
        }),
        ("layout that is not registered", "E071", |r| {
            write(&r.join("ocfl_layout.json"), "{\"extension\": \"my-own\", \"description\": \"\"}");
        }),
        ("object elsewhere than by the layout", "E083", |r| {
            let text = "{\"extension\": \"0004-hashed-n-tuple-storage-layout\", \"description\": \"\"}";
            write(&r.join("ocfl_layout.json"), text);
        }),
        ("file between objects", "E072", |r| write(&r.join("a/file"), "")),
        ("empty folder", "E073", |r| fs::create_dir_all(r.join("a/b/c")).unwrap()),
        ("storage root in a storage root", "E072 E074 E085", |r| write(&r.join("b/0=ocfl_1.1"), "ocfl_1.1\n")),
        ("folder that leads to no object", "E072 E085", |r| write(&r.join("b/file"), "")),
        ("same id twice", "E037", |r| make(&r.join("a/other"), "1.1")),
        ("object of a later version", "E081", |r| {
            fs::remove_file(r.join("0=ocfl_1.1")).unwrap();
            write(&r.join("0=ocfl_1.0"), "ocfl_1.0\n");
        }),
        ("objects at two depths", "E037 W015", |r| make(&r.join("other"), "1.0")),
        ("link", "E090", |r| symlink("object", r.join("a/link")).unwrap()),
        ("file among the extensions", "E112", |r| write(&r.join("extensions/file"), "")),
        ("unregistered extension", "W016", |r| write(&r.join("extensions/my-own/config.json"), "{}")),
        ("fault of an object", "E023", |r| write(&r.join("a/object/v1/content/x"), "")),
        ("object without declaration", "E003", |r| fs::remove_file(r.join("a/object/0=ocfl_object_1.1")).unwrap()),
    ];
    for (case, expected, change) in cases {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("0=ocfl_1.1"), "ocfl_1.1\n");
        make(&folder.path().join("a/object"), "1.1");
        change(folder.path());
        assert_eq!(broken(folder.path(), Kind::Root), *expected, "{case}");
    }
}

#[test]
fn findings_say_where_and_what() {
    let folder = tempfile::tempdir().unwrap();
    let object = folder.path().join("a/object");
    write(&folder.path().join("0=ocfl_1.1"), "ocfl_1.1\n");
    make(&object, "1.1");
    write(&object.join("v1/content/c"), "Y");
    let text = fs::read_to_string(object.join("inventory.json")).unwrap();
    reseal(&object, &text.replace("\"head\"", "\n  \"x\": 1, \"head\""));
    let judgement = judged(folder.path(), Kind::Root);
    let found: Vec<_> =
        judgement.findings.iter().map(|f| (f.code, f.file.as_deref().unwrap(), f.line, f.column)).collect();
    assert_eq!(
        found,
        [
            (Code::OcflInvalid, "a/object/inventory.json", Some(2), Some(3)),
            (Code::ChecksumMismatch, "a/object/v1/content/c", None, None)
        ]
    );
    assert_eq!(judgement.findings[1].expected, Some(format!("sha512 {}", sum("y"))));
    assert_eq!((judgement.files, judgement.bytes), (3, 3));
}

#[test]
fn what_is_found_does_not_depend_on_threads() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("0=ocfl_1.1"), "ocfl_1.1\n");
    for n in 0..40 {
        let object = folder.path().join(format!("a{n}/object"));
        make(&object, if n % 3 == 0 { "1.0" } else { "1.1" });
        write(&object.join("v1/content/c"), format!("{n}"));
        write(&object.join("v1/content/x"), "");
    }
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| judged(folder.path(), Kind::Root).findings)
    };
    let one = run(1);
    assert_eq!(one.len(), 40 + 40 + 39);
    assert_eq!(one, run(4));
}

#[test]
fn inventories_that_take_too_much_memory_are_not_judged() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), "1.1");
    let below = Below::open(folder.path()).unwrap();
    let cancel = Cancel::new();
    let watch = Watch::new(&cancel, &Silent);
    let judged = object::judge(&below, 1000, watch).unwrap();
    assert!(!judged.inventories);
    let findings = judged.report.finish();
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].code, findings[0].value.as_deref()), (Code::Unreadable, Some("inventory-limit")));
}

#[test]
fn folders_are_recognised() {
    let folder = tempfile::tempdir().unwrap();
    let (object, root, other) = (folder.path().join("o"), folder.path().join("r"), folder.path().join("x"));
    make(&object, "1.0");
    write(&root.join("0=ocfl_1.0"), "");
    write(&other.join("file"), "");
    let kind = |path: &Path| {
        let found = Below::open(path).ok().and_then(|folder| recognise(&folder));
        let inside = path.exists().then(|| recognise(&packed(path))).flatten();
        assert_eq!(inside, found);
        found.map(|recognised| (recognised.kind, recognised.is_declared))
    };
    assert_eq!(kind(&object), Some((Kind::Object, true)));
    assert_eq!(kind(&root), Some((Kind::Root, true)));
    assert_eq!((kind(&other), kind(&folder.path().join("none"))), (None, None));
    fs::remove_file(object.join("0=ocfl_object_1.0")).unwrap();
    assert_eq!(kind(&object), Some((Kind::Object, false)));
    let held = |path: &Path| (presumed(&Below::open(path).unwrap()), presumed(&packed(path)));
    assert_eq!(held(&other), (Kind::Object, Kind::Object));
    assert_eq!(held(folder.path()), (Kind::Root, Kind::Root));
}

proptest::proptest! {
    /// Whatever an inventory holds, it is judged, and nothing outside the object is opened.
    #[test]
    fn any_inventory_is_judged(
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..30),
        at in 0_usize..2200,
        cut in 0_usize..60,
    ) {
        let folder = tempfile::tempdir().unwrap();
        make(folder.path(), "1.1");
        let mut text = fs::read(folder.path().join("inventory.json")).unwrap();
        let at = at.min(text.len());
        text.splice(at..(at + cut).min(text.len()), bytes);
        write(&folder.path().join("inventory.json"), &text);
        let judgement = judged(folder.path(), Kind::Object);
        proptest::prop_assert!(!judgement.answers.is_empty());
    }
}
