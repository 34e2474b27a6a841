use std::fs;
use std::path::PathBuf;

use super::*;
use crate::model::checksum::{Algorithm, Checksum};

const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

fn sum(algorithm: Algorithm, text: &str) -> String {
    Checksum::of(algorithm, text.as_bytes()).hex()
}

/// Makes a bag of `data/a.txt` ("eins") and `data/b/ä.txt` ("zwei") with two manifests and one of the tag files.
#[allow(clippy::disallowed_methods)]
fn bag() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    fs::create_dir_all(at.join("data/b/leer")).unwrap();
    fs::write(at.join("data/a.txt"), "eins").unwrap();
    fs::write(at.join("data/b/ä.txt"), "zwei").unwrap();
    fs::write(at.join("bagit.txt"), DECLARATION).unwrap();
    let information = "Source-Organization: Stadt Musterstadt\nExternal-Identifier: 67-1\nExternal-Description: Bäume\n  und Wege\nPayload-Oxum: 8.2\n";
    fs::write(at.join("bag-info.txt"), information).unwrap();
    for (algorithm, name) in [(Algorithm::Sha256, "sha256"), (Algorithm::Md5, "md5")] {
        let list = format!("{}  data/a.txt\n{} *data/b/ä.txt\r\n", sum(algorithm, "eins"), sum(algorithm, "zwei"));
        fs::write(at.join(format!("manifest-{name}.txt")), list).unwrap();
    }
    let list = format!("{} bagit.txt\n", sum(Algorithm::Sha512, DECLARATION));
    fs::write(at.join("tagmanifest-sha512.txt"), list).unwrap();
    root
}

/// Returns the codes of all findings with the files that they name, and the record.
fn look(path: &Path) -> (Vec<String>, Record) {
    let bag = match Bag::open(path, &FolderRules::default(), &Cancel::new()) {
        Ok(bag) => bag,
        Err(SourceError::Refused { finding, .. }) => {
            return (vec![format!("{} {}", finding.code.name(), finding.file.unwrap_or_default())], Record::default());
        }
        Err(error) => panic!("{error:?}"),
    };
    let record = bag.read(0, &Cancel::new()).unwrap();
    let all = bag.findings().iter().chain(&record.findings);
    let codes = all.map(|finding| format!("{} {}", finding.code.name(), finding.file.as_deref().unwrap_or_default()));
    (codes.collect(), record)
}

#[test]
fn a_sound_bag_is_a_record_with_its_checksums() {
    let root = bag();
    let (findings, record) = look(root.path());
    assert!(findings.is_empty(), "{findings:?}");
    let files: Vec<&str> = record.files.iter().map(|file| &*file.path).collect();
    assert_eq!(files, ["a.txt", "b/ä.txt"]);
    assert_eq!(record.empty_folders, ["b/leer"]);
    let metadata: Vec<&str> = record.metadata.iter().map(|file| &*file.path).collect();
    let expected = ["bag-info.txt", "bagit.txt", "manifest-md5.txt", "manifest-sha256.txt", "tagmanifest-sha512.txt"];
    assert_eq!(metadata, expected.map(|name| format!("bagit/{name}")));
    assert_eq!(record.files[0].facts.as_ref().unwrap().checksums.len(), 2);
    let description = &record.description;
    assert_eq!((description.producer.as_str(), description.summary.as_str()), ("Stadt Musterstadt", "Bäume und Wege"));
    assert_eq!(description.identifiers, ["67-1"]);
    assert_eq!(record.acts[0].outcome, "success");
}

#[test]
#[allow(clippy::disallowed_methods)]
#[allow(clippy::too_many_lines, reason = "a table")]
fn every_contradiction_is_named() {
    type Harm = fn(PathBuf);
    let append = |path: PathBuf, text: &str| {
        let old = fs::read_to_string(&path).unwrap_or_default();
        fs::write(path, old + text).unwrap();
    };
    let line = |path: &str| format!("{}  {path}\n", sum(Algorithm::Sha256, "eins"));
    for path in ["../x", "/etc/passwd", "data/../../x", "C:/x", "data\\a.txt", "bagit.txt", "data//a.txt", "~/x"] {
        let root = bag();
        append(root.path().join("manifest-sha256.txt"), &line(path));
        assert_eq!(look(root.path()).0, ["reference-outside manifest-sha256.txt"], "{path}");
        let root = bag();
        append(root.path().join("fetch.txt"), &format!("http://localhost/x 1 {path}\n"));
        assert_eq!(look(root.path()).0, ["reference-outside fetch.txt"], "{path}");
    }
    let cases: [(&str, Harm, &[&str]); 19] = [
        ("changed", |p| fs::write(p.join("data/a.txt"), "ein2").unwrap(), &["checksum-mismatch data/a.txt"; 2]),
        (
            "tag file changed",
            |p| fs::write(p.join("bagit.txt"), DECLARATION.replace('\n', "\r\n")).unwrap(),
            &["checksum-mismatch bagit.txt"],
        ),
        (
            "file gone",
            |p| fs::remove_file(p.join("data/a.txt")).unwrap(),
            &[
                "size-mismatch bag-info.txt",
                "reference-missing manifest-md5.txt",
                "reference-missing manifest-sha256.txt",
            ],
        ),
        (
            "tag file gone",
            |p| fs::write(p.join("tagmanifest-sha512.txt"), "ab  weg.txt\n").unwrap(),
            &["bag-invalid tagmanifest-sha512.txt"],
        ),
        (
            "surplus",
            |p| fs::write(p.join("data/c"), "").unwrap(),
            &["size-mismatch bag-info.txt", "file-unreferenced data/c", "file-unreferenced data/c"],
        ),
        (
            "not in every manifest",
            |p| fs::write(p.join("manifest-md5.txt"), format!("{} data/a.txt", sum(Algorithm::Md5, "eins"))).unwrap(),
            &["file-unreferenced data/b/ä.txt"],
        ),
        (
            "no manifest",
            |p| {
                fs::remove_file(p.join("manifest-md5.txt")).unwrap();
                fs::remove_file(p.join("manifest-sha256.txt")).unwrap();
            },
            &["file-missing manifest-sha512.txt"],
        ),
        (
            "only an unknown algorithm",
            |p| {
                fs::remove_file(p.join("manifest-md5.txt")).unwrap();
                fs::rename(p.join("manifest-sha256.txt"), p.join("manifest-sha3.txt")).unwrap();
            },
            &["algorithm-unknown manifest-sha3.txt"],
        ),
        (
            "no payload",
            |p| {
                fs::rename(p.join("data"), p.join("daten")).unwrap();
            },
            &[
                "file-missing data",
                "size-mismatch bag-info.txt",
                "reference-missing manifest-md5.txt",
                "reference-missing manifest-md5.txt",
                "reference-missing manifest-sha256.txt",
                "reference-missing manifest-sha256.txt",
            ],
        ),
        ("no declaration", |p| fs::remove_file(p.join("bagit.txt")).unwrap(), &["file-missing bagit.txt"]),
        (
            "version",
            |p| fs::write(p.join("bagit.txt"), DECLARATION.replace("1.0", "9.9")).unwrap(),
            &["bag-invalid bagit.txt"],
        ),
        (
            "twice",
            |p| {
                let list = fs::read_to_string(p.join("manifest-md5.txt")).unwrap();
                fs::write(p.join("manifest-md5.txt"), list.repeat(2)).unwrap();
            },
            &["named-twice manifest-md5.txt"; 2],
        ),
        (
            "oxum",
            |p| fs::write(p.join("bag-info.txt"), "Payload-Oxum: 9.2\n").unwrap(),
            &["size-mismatch bag-info.txt"],
        ),
        (
            "oxum is none",
            |p| fs::write(p.join("bag-info.txt"), "payload-oxum: viel\n").unwrap(),
            &["size-mismatch bag-info.txt"],
        ),
        (
            "information",
            |p| fs::write(p.join("bag-info.txt"), "ohne Trenner\n").unwrap(),
            &["bag-invalid bag-info.txt"],
        ),
        ("encoding", |p| fs::write(p.join("bag-info.txt"), b"A: \xe4\n").unwrap(), &["bag-invalid bag-info.txt"]),
        (
            "checksum too short",
            |p| fs::write(p.join("manifest-md5.txt"), "ab data/a.txt\n").unwrap(),
            &["bag-invalid manifest-md5.txt", "file-unreferenced data/a.txt", "file-unreferenced data/b/ä.txt"],
        ),
        (
            "to fetch",
            |p| fs::write(p.join("fetch.txt"), "file:///etc/passwd - data/x\n").unwrap(),
            &["bag-invalid fetch.txt"],
        ),
        ("fetched", |p| fs::write(p.join("fetch.txt"), "http://localhost/x 4 data/a.txt\n").unwrap(), &[]),
    ];
    for (name, harm, expected) in cases {
        let root = bag();
        harm(root.path().to_owned());
        assert_eq!(look(root.path()).0, expected, "{name}");
    }
}

#[test]
#[allow(clippy::disallowed_methods)]
fn links_and_pipes_in_a_bag_are_told() {
    let root = bag();
    std::os::unix::fs::symlink("/etc/passwd", root.path().join("data/l")).unwrap();
    let record = look(root.path()).1;
    assert!(matches!(&record.exceptions[..], [one] if one.path == "data/l"), "{:?}", record.exceptions);
}

#[test]
fn a_bag_in_a_container_is_found_in_a_folder_of_any_name() {
    let root = bag();
    let target = tempfile::tempdir().unwrap();
    let tar = target.path().join("ablieferung.tar");
    let name = root.path().file_name().unwrap();
    let mut pack = std::process::Command::new("tar");
    pack.arg("-C").arg(root.path().parent().unwrap()).arg("-cf").arg(&tar).arg(name);
    assert!(pack.status().unwrap().success());
    let (findings, record) = look(&tar);
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(record.files.len(), 2);
}

/// The conformance suite of the Library of Congress.
#[test]
fn the_conformance_suite_is_judged_right() {
    let Some(samples) = crate::source::samples("bagit/bags.tar.gz") else { return };
    let expected = crate::source::shared_corpora().unwrap().join("bagit/expected.tsv");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for line in fs::read_to_string(expected).unwrap().lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (path, expected) = (fields[0], fields[3]);
        let path = [samples.path().join("bags").join(path), samples.path().join(path)]
            .into_iter()
            .find(|path| path.is_dir())
            .unwrap();
        let (findings, record) = look(&path);
        let is_accepted = findings.is_empty() && record.refusal().is_none();
        seen += 1;
        if expected == "accept" && !is_accepted || expected == "reject" && is_accepted {
            wrong.push(format!("{}: {expected}, {findings:?}", path.display()));
        }
    }
    assert!(wrong.is_empty() && seen > 30, "{seen}: {}", wrong.join("\n"));
}
