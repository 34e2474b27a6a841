//! The table of requirements against the list that was published; the finished program on packages of every kind, whole and harmed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use earchiv::package::eark::rules::{Level, Spec, SpecVersion, table};
use serde_json::Value;

use super::sandbox::{Sandbox, copy, shared};

#[test]
fn the_table_has_all_published_requirements_with_their_levels() {
    let Some(list) = shared("corpora/eark/requirements.tsv", "the table of E-ARK requirements") else { return };
    let text = fs::read_to_string(list).unwrap();
    let mut published = BTreeMap::new();
    for line in text.lines().skip(1) {
        let mut cells = line.split('\t');
        let (spec, id) = (cells.next().unwrap(), cells.nth(1).unwrap());
        let level = match cells.next().unwrap().to_uppercase().split(' ').next().unwrap() {
            "MUST" => Level::Must,
            "SHOULD" => Level::Should,
            // COULD of the AIP specification is no word of RFC 2119; it allows.
            "MAY" | "COULD" => Level::May,
            other => panic!("{id}: {other}"),
        };
        published.insert((spec.to_owned(), id.to_owned()), format!("{level:?}"));
    }
    let own: BTreeMap<(String, String), String> = table::all()
        .iter()
        .filter_map(|row| {
            let spec = match row.spec {
                Spec::Csip => "CSIP",
                Spec::Sip => "SIP",
                Spec::Aip => "AIP",
                Spec::Dip => "DIP",
            };
            let level = row.level(SpecVersion::V220)?;
            Some(((spec.to_owned(), row.id.to_owned()), format!("{level:?}")))
        })
        .collect();
    assert_eq!(own, published);
}

#[test]
fn levels_differ_between_versions_where_the_specifications_do() {
    let differing: BTreeSet<&str> = table::all()
        .iter()
        .filter(|row| SpecVersion::ALL.iter().any(|version| row.level(*version) != row.level(SpecVersion::V220)))
        .filter(|row| !row.id.starts_with("AIPM"))
        .map(|row| row.id)
        .collect();
    let expected = ["CSIP100", "CSIP104", "CSIP86", "CSIP96", "SIP12", "SIP18", "SIP29"];
    assert_eq!(differing, expected.into_iter().collect());
}

/// What is named of the package at `path`: requirement or code, and the file.
fn named(sandbox: &Sandbox, path: &Path, code: i32) -> Vec<(String, String)> {
    let mut result = sandbox.json(&format!("validate {}", path.display())).exits(code).results().remove(0);
    let told = |finding: &Value| finding["severity"] != "info";
    let findings = result["findings"].as_array_mut().unwrap();
    findings.retain(told);
    let name = |finding: &Value| finding["requirement"].as_str().or(finding["code"].as_str()).unwrap().to_owned();
    findings.iter().map(|one| (name(one), one["file"].as_str().unwrap().to_owned())).collect()
}

/// Packs a record and returns the folder of its SIP.
fn packed(sandbox: &Sandbox) -> PathBuf {
    sandbox.delivery("lieferung");
    let run = sandbox.json("pack lieferung --out sip --form folder").exits(0);
    let id = run.packages()[0]["package"].as_str().unwrap().to_owned();
    sandbox.path(&format!("sip/{id}"))
}

#[test]
fn own_packages_of_every_kind_meet_all_that_is_demanded_or_recommended() {
    let sandbox = Sandbox::new();
    let sip = packed(&sandbox);
    sandbox.run("ingest lieferung").exits(0);
    let id = sip.file_name().unwrap().to_str().unwrap();
    sandbox.run(&format!("access grant --number 1 --basis B --until 9999 --package {id}")).exits(0);
    sandbox.run(&format!("export {id} --permit 1 --out dip")).exits(0);
    // A DIP has an identity of its own.
    let dip = fs::read_dir(sandbox.path("dip")).unwrap().next().unwrap().unwrap().path();
    for (path, kind) in [(sip.clone(), "SIP"), (sandbox.package(id), "AIP"), (dip, "DIP")] {
        assert_eq!(named(&sandbox, &path, 0), [], "{kind}");
        let result = sandbox.json(&format!("validate {}", path.display())).results().remove(0);
        assert_eq!((result["kind"].as_str(), result["version"].as_str()), (Some(kind), Some("2.2.0")));
        assert!(result["requirements"].as_object().unwrap().len() > 190);
    }
}

/// What is harmed and how, the exit code, and what is named of which file.
type Case<'a> = (&'a str, &'a dyn Fn(&Path), i32, &'a [(&'a str, &'a str)]);

#[test]
fn harm_to_a_file_is_named_by_the_requirement_that_speaks_of_it() {
    let sandbox = Sandbox::new();
    let sip = packed(&sandbox);
    let (payload, premis) = ("representations/rep1/data", "metadata/preservation/premis.xml");
    let first = fs::read_dir(sip.join(payload)).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_file());
    let name = first.unwrap().strip_prefix(&sip).unwrap().to_str().unwrap().to_owned();
    let cases: [Case<'_>; 7] = [
        ("flipped", &|at| change(&at.join(&name), |bytes| bytes[0] ^= 1), 5, &[("CSIP71", &name)]),
        ("longer", &|at| change(&at.join(&name), |bytes| bytes.push(b'x')), 5, &[("CSIP69", &name), ("CSIP71", &name)]),
        ("gone", &|at| fs::remove_file(at.join(&name)).unwrap(), 3, &[("CSIP79", "representations/rep1/METS.xml")]),
        (
            "description",
            &|at| change(&at.join("metadata/descriptive/dc.xml"), |bytes| bytes.push(b' ')),
            5,
            &[("CSIP27", "metadata/descriptive/dc.xml"), ("CSIP29", "metadata/descriptive/dc.xml")],
        ),
        ("provenance", &|at| fs::remove_file(at.join(premis)).unwrap(), 3, &[("CSIP38", "METS.xml")]),
        (
            "surplus",
            &|at| fs::write(at.join("documentation/mehr.txt"), "x").unwrap(),
            0,
            &[("file-unreferenced", "documentation/mehr.txt")],
        ),
        ("no METS", &|at| fs::remove_file(at.join("METS.xml")).unwrap(), 3, &[("CSIPSTR4", "METS.xml")]),
    ];
    for (what, harm, code, expected) in cases {
        let harmed = sandbox.path("harmed").join(sip.file_name().unwrap());
        let _ = fs::remove_dir_all(sandbox.path("harmed"));
        fs::create_dir(sandbox.path("harmed")).unwrap();
        copy(&sip, &harmed);
        harm(&harmed);
        let found = named(&sandbox, &harmed, code);
        for (id, file) in expected {
            assert!(found.contains(&((*id).to_owned(), (*file).to_owned())), "{what}: no {id} of {file} in {found:?}");
        }
        if what != "no METS" && what != "provenance" {
            assert_eq!(found.len(), expected.len(), "{what}: {found:?}");
        }
    }
}

#[test]
fn a_package_is_held_to_the_version_that_is_asked_for() {
    let sandbox = Sandbox::new();
    let sip = packed(&sandbox);
    for version in ["2.0.4", "2.1.0", "2.2.0"] {
        let result = sandbox.json(&format!("validate --spec {version} {}", sip.display())).results().remove(0);
        assert_eq!(result["version"], version);
    }
    sandbox.run(&format!("validate --spec 1.0 {}", sip.display())).exits(2);
}

fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}
