use std::collections::BTreeMap;
use std::fs;

use super::*;
use crate::model::checksum::{Algorithm, Checksum};
use crate::package::bagit::algorithm;

const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

fn sum(algorithm: Algorithm, bytes: &[u8]) -> String {
    Checksum::of(algorithm, bytes).hex()
}

/// A bag in the making: its files by path, each listed as it is when the bag is written.
#[derive(Clone)]
struct Made {
    files: BTreeMap<String, Vec<u8>>,
    payload: Vec<&'static str>,
    tags: Vec<&'static str>,
    /// What is done to the lists before they are written.
    harm: fn(&str, String) -> String,
}

impl Made {
    /// `data/a.txt` ("eins") and `data/b/ä.txt` ("zwei") with two manifests and two of the tag files.
    fn new() -> Self {
        let information = "Source-Organization: Stadt Musterstadt\nExternal-Identifier: 67-1\nExternal-Description: Bäume\n  und Wege\nPayload-Oxum: 8.2\n";
        let files = [
            ("bagit.txt", DECLARATION),
            ("bag-info.txt", information),
            ("data/a.txt", "eins"),
            ("data/b/ä.txt", "zwei"),
        ];
        Self {
            files: files.into_iter().map(|(path, text)| (path.to_owned(), text.into())).collect(),
            payload: vec!["md5", "sha256"],
            tags: vec!["md5", "sha256"],
            harm: |_, list| list,
        }
    }

    /// Writes a file, or one more.
    fn with(mut self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.files.insert(path.to_owned(), bytes.as_ref().to_vec());
        self
    }

    fn without(mut self, path: &str) -> Self {
        self.files.remove(path);
        self
    }

    fn version(self, version: &str) -> Self {
        self.with("bagit.txt", DECLARATION.replace("1.0", version))
    }

    /// Adds to `bag-info.txt`.
    fn told(mut self, lines: &str) -> Self {
        self.files.get_mut("bag-info.txt").unwrap().extend(lines.bytes());
        self
    }

    fn lists(mut self, payload: &[&'static str], tags: &[&'static str]) -> Self {
        (self.payload, self.tags) = (payload.to_vec(), tags.to_vec());
        self
    }

    fn harm(mut self, harm: fn(&str, String) -> String) -> Self {
        self.harm = harm;
        self
    }

    /// Writes the bag; lists are made of the files as they are, and may be harmed before they are listed themselves.
    #[allow(clippy::disallowed_methods)]
    fn write(mut self) -> tempfile::TempDir {
        for (prefix, names, is_payload) in
            [("manifest-", self.payload.clone(), true), ("tagmanifest-", self.tags.clone(), false)]
        {
            let mut lists = Vec::new();
            for called in names {
                let name = format!("{prefix}{called}.txt");
                let mut list = String::new();
                for (path, bytes) in self.files.iter().filter(|(path, _)| path.starts_with("data/") == is_payload) {
                    let digits = algorithm(called).map_or_else(|| "abcd".to_owned(), |known| sum(known, bytes));
                    list.extend([&*digits, "  ", path, "\n"]);
                }
                lists.push((name.clone(), (self.harm)(&name, list).into_bytes()));
            }
            self.files.extend(lists);
        }
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("data")).unwrap();
        for (path, bytes) in &self.files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        root
    }
}

fn bag() -> tempfile::TempDir {
    let root = Made::new().write();
    #[allow(clippy::disallowed_methods)]
    fs::create_dir_all(root.path().join("data/b/leer/auch leer")).unwrap();
    root
}

/// Judges what lies at `path` and tells each finding: `!` for an error, code or word, file and line; the info about weak
/// algorithms is left out.
fn judged(path: &Path) -> Vec<String> {
    let tree = Tree::list(path, &Cancel::new()).unwrap();
    let judged = judge(&tree, None, Watch::new(&Cancel::new(), &Silent)).unwrap();
    told(&judged.findings)
}

fn told(findings: &[Finding]) -> Vec<String> {
    let tell = |finding: &Finding| {
        let is_word = matches!(finding.code, Code::BagInvalid | Code::BagNotice | Code::BagProfile);
        let what = finding.value.as_deref().filter(|_| is_word).unwrap_or(finding.code.name());
        let mark = if finding.severity == Severity::Error { "!" } else { "" };
        let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
        format!("{mark}{what} {}{line}", finding.file.as_deref().unwrap_or_default())
    };
    findings.iter().filter(|finding| finding.severity != Severity::Info).map(tell).collect()
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
    let errors = all.filter(|finding| finding.severity == Severity::Error);
    let codes =
        errors.map(|finding| format!("{} {}", finding.code.name(), finding.file.as_deref().unwrap_or_default()));
    (codes.collect(), record)
}

#[test]
fn a_sound_bag_is_a_record_with_its_checksums() {
    let root = bag();
    let (findings, record) = look(root.path());
    assert!(findings.is_empty(), "{findings:?}");
    let files: Vec<&str> = record.files.iter().map(|file| &*file.path).collect();
    assert_eq!(files, ["a.txt", "b/ä.txt"]);
    assert_eq!(record.empty_folders, ["b/leer/auch leer"]);
    let metadata: Vec<&str> = record.metadata.iter().map(|file| &*file.path).collect();
    let expected = [
        "bag-info.txt",
        "bagit.txt",
        "manifest-md5.txt",
        "manifest-sha256.txt",
        "tagmanifest-md5.txt",
        "tagmanifest-sha256.txt",
    ];
    assert_eq!(metadata, expected.map(|name| format!("bagit/{name}")));
    assert_eq!(record.files[0].facts.as_ref().unwrap().checksums.len(), 2);
    let description = &record.description;
    assert_eq!((description.producer.as_str(), description.summary.as_str()), ("Stadt Musterstadt", "Bäume und Wege"));
    assert_eq!(description.identifiers, ["67-1"]);
    assert_eq!(record.acts[0].outcome, "success");
}

/// Where a line of a list of the payload must not lead.
#[test]
#[allow(clippy::disallowed_methods)]
fn paths_that_leave_the_bag_are_named() {
    for path in
        ["../x", "/etc/passwd", "data/../../x", "C:/x", "data\\a.txt", "bagit.txt", "data//a.txt", "~/x", "data"]
    {
        let root = Made::new().lists(&["sha256"], &[]).write();
        let append = |name: &str, line: String| {
            let old = fs::read_to_string(root.path().join(name)).unwrap_or_default();
            fs::write(root.path().join(name), old + &line).unwrap();
        };
        append("manifest-sha256.txt", format!("{}  {path}\n", sum(Algorithm::Sha256, b"eins")));
        append("fetch.txt", format!("http://localhost/x 1 {path}\n"));
        assert_eq!(
            judged(root.path()),
            ["!reference-outside fetch.txt:1", "!reference-outside manifest-sha256.txt:3"],
            "{path}"
        );
        // Ingest refuses it by the same findings.
        let same = ["reference-outside manifest-sha256.txt", "reference-outside fetch.txt"];
        assert_eq!(look(root.path()).0, same, "{path}");
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn every_contradiction_is_named() {
    let cases: Vec<(&str, Made, &[&str])> = vec![
        ("sound", Made::new(), &[]),
        (
            "sound, other algorithms",
            Made::new().lists(&["sha3256", "sha224", "sha1"], &["sha384", "sha512"]),
            &[
                "tagmanifest-algorithm manifest-sha1.txt",
                "tagmanifest-algorithm manifest-sha224.txt",
                "tagmanifest-algorithm manifest-sha3256.txt",
            ],
        ),
        (
            "changed",
            Made::new()
                .harm(|name, list| if name.starts_with("manifest") { list.replace(&list[..4], "0000") } else { list }),
            &["!checksum-mismatch data/a.txt", "!checksum-mismatch data/a.txt"],
        ),
        (
            "tag file changed",
            Made::new()
                .harm(|name, list| if name == "tagmanifest-md5.txt" { format!("0000{}", &list[4..]) } else { list }),
            &["!checksum-mismatch bag-info.txt"],
        ),
        (
            "file gone",
            Made::new().harm(|name, list| {
                if name.starts_with("manifest") { list.replace("data/a.txt", "data/z.txt") } else { list }
            }),
            &[
                "!file-unreferenced data/a.txt",
                "!file-unreferenced data/a.txt",
                "!reference-missing manifest-md5.txt:1",
                "!reference-missing manifest-sha256.txt:1",
            ],
        ),
        (
            "tag file gone",
            Made::new().harm(|name, list| {
                if name.starts_with("tagm") { list + "d41d8cd98f00b204e9800998ecf8427e  weg.txt\n" } else { list }
            }),
            &["!reference-missing tagmanifest-md5.txt:5", "!checksum tagmanifest-sha256.txt:5"],
        ),
        (
            "not in every manifest",
            Made::new().harm(|name, list| {
                if name == "manifest-md5.txt" { list.split_inclusive('\n').take(1).collect() } else { list }
            }),
            &["!file-unreferenced data/b/ä.txt"],
        ),
        (
            "not in every manifest of a draft",
            Made::new().version("0.97").harm(|name, list| {
                if name == "manifest-md5.txt" { list.split_inclusive('\n').take(1).collect() } else { list }
            }),
            &[],
        ),
        (
            "in no manifest of a draft",
            Made::new().version("0.93").lists(&["md5"], &[]).harm(|_, _| String::new()),
            &["!file-unreferenced data/a.txt", "!file-unreferenced data/b/ä.txt"],
        ),
        ("no manifest", Made::new().lists(&[], &["sha256"]), &["!file-missing manifest-sha512.txt"]),
        ("only an unknown algorithm", Made::new().lists(&["crc32"], &[]), &["!algorithm-unknown manifest-crc32.txt"]),
        (
            "an unknown algorithm",
            Made::new().lists(&["crc32", "sha512"], &["sha512"]),
            &["algorithm-unknown manifest-crc32.txt"],
        ),
        (
            "name of an algorithm",
            Made::new().lists(&["SHA-256"], &["sha256"]),
            &["!algorithm-name manifest-SHA-256.txt"],
        ),
        (
            "name of an algorithm in a draft",
            Made::new().version("0.97").lists(&["SHA-256"], &["sha256"]),
            &["algorithm-name manifest-SHA-256.txt"],
        ),
        (
            "an algorithm twice",
            Made::new().version("0.97").lists(&["sha256", "sha-256"], &[]),
            &["algorithm-name manifest-sha-256.txt", "!algorithm-twice manifest-sha256.txt"],
        ),
        (
            "payload in a tag manifest",
            Made::new().harm(|name, list| {
                if name == "tagmanifest-md5.txt" {
                    list + "d41d8cd98f00b204e9800998ecf8427e  data/a.txt\n"
                } else {
                    list
                }
            }),
            &["!reference-outside tagmanifest-md5.txt:5"],
        ),
        (
            "a manifest that a tag manifest lacks",
            Made::new().harm(|name, list| {
                if name.starts_with("tagm") {
                    list.split_inclusive('\n').filter(|line| !line.ends_with("-md5.txt\n")).collect()
                } else {
                    list
                }
            }),
            &["!tagmanifest-lacks tagmanifest-md5.txt", "!tagmanifest-lacks tagmanifest-sha256.txt"],
        ),
        (
            "a tag file that a tag manifest lacks",
            Made::new().lists(&["sha256"], &["sha256"]).harm(|name, list| {
                if name.starts_with("tagm") {
                    list.split_inclusive('\n').filter(|line| !line.ends_with("bag-info.txt\n")).collect()
                } else {
                    list
                }
            }),
            &["tagmanifest-lacks tagmanifest-sha256.txt"],
        ),
        ("no declaration", Made::new().without("bagit.txt"), &["!file-missing bagit.txt"]),
        ("version", Made::new().version("9.9"), &["!version bagit.txt:1"]),
        (
            "encoding",
            Made::new().with("bagit.txt", DECLARATION.replace("UTF-8", "x-quatsch")),
            &["!encoding-unknown bagit.txt:2"],
        ),
        (
            "Latin-1",
            Made::new()
                .without("data/b/ä.txt")
                .with("bag-info.txt", b"Ort: K\xf6ln\n")
                .with("bagit.txt", DECLARATION.replace("UTF-8", "ISO-8859-1")),
            &["encoding bagit.txt:2"],
        ),
        ("letters", Made::new().with("bag-info.txt", b"Ort: K\xf6ln\n"), &["!letters bag-info.txt:1"]),
        ("mark", Made::new().with("bag-info.txt", "\u{feff}A: b\n"), &["!mark bag-info.txt:1"]),
        (
            "mark in a draft",
            Made::new().version("0.97").with("bag-info.txt", "\u{feff}A: b\n"),
            &["mark bag-info.txt:1"],
        ),
        (
            "twice",
            Made::new().harm(|name, list| if name == "manifest-md5.txt" { list.repeat(2) } else { list }),
            &["!named-twice manifest-md5.txt:3", "!named-twice manifest-md5.txt:4"],
        ),
        (
            "twice in a draft",
            Made::new()
                .version("0.97")
                .harm(|name, list| if name == "manifest-md5.txt" { list.repeat(2) } else { list }),
            &["named-twice manifest-md5.txt:3", "named-twice manifest-md5.txt:4"],
        ),
        (
            "twice and otherwise in a draft",
            Made::new().version("0.97").harm(|name, list| {
                if name == "manifest-md5.txt" { list + "d41d8cd98f00b204e9800998ecf8427e  data/a.txt\n" } else { list }
            }),
            &["!named-twice manifest-md5.txt:3"],
        ),
        ("oxum", Made::new().with("bag-info.txt", "Payload-Oxum: 9.2\n"), &["!oxum bag-info.txt:1"]),
        (
            "oxum is none",
            Made::new().with("bag-info.txt", "A: b\npayload-oxum: viel\n"),
            &["!oxum-form bag-info.txt:2"],
        ),
        ("oxum with zeros", Made::new().with("bag-info.txt", "Payload-Oxum: 008.02\n"), &[]),
        ("oxum with blanks", Made::new().with("bag-info.txt", "Payload-Oxum: 8. 2\n"), &["!oxum-form bag-info.txt:1"]),
        ("oxum twice", Made::new().told("Payload-Oxum: 8.2\n"), &["!repeated bag-info.txt:6"]),
        (
            "date twice",
            Made::new().told("Bagging-Date: 2020-01-01\nbagging-date: 2020-01-02\n"),
            &["repeated bag-info.txt:7"],
        ),
        ("information", Made::new().told("ohne Trenner\n"), &["!element bag-info.txt:6"]),
        ("separator", Made::new().told("A : b\n"), &["!separator bag-info.txt:6"]),
        ("separator in a draft", Made::new().version("0.97").told("A  :   b\nC:d\n"), &[]),
        (
            "information of old drafts",
            Made::new().version("0.95").with("package-info.txt", "Payload-Oxum: 1.1\n").with("bag-info.txt", "egal"),
            &["!oxum package-info.txt:1"],
        ),
        ("no information of old drafts", Made::new().with("package-info.txt", "egal"), &[]),
        ("to fetch", Made::new().with("fetch.txt", "file:///etc/passwd - data/x\n"), &["!fetch fetch.txt:1"]),
        (
            "to fetch, and listed",
            Made::new().with("fetch.txt", "http://localhost/x - data/x\n").harm(|name, list| match name {
                "manifest-md5.txt" => list + "d41d8cd98f00b204e9800998ecf8427e  data/x\n",
                _ => list,
            }),
            &["!fetch fetch.txt:1"],
        ),
        ("fetched", Made::new().with("fetch.txt", "http://localhost/x 4 data/a.txt\n"), &[]),
        (
            "fetched, other length",
            Made::new().with("fetch.txt", "http://localhost/x 5 data/a.txt\n"),
            &["fetch-length fetch.txt:1"],
        ),
        (
            "fetch without a form",
            Made::new().with("fetch.txt", "http://localhost/x\nx 4 data/a.txt\nx:y 4b data/a.txt\n"),
            &["!line fetch.txt:1", "!url fetch.txt:2", "!length fetch.txt:3"],
        ),
        (
            "percent",
            Made::new().with("data/100%.txt", "").without("bag-info.txt"),
            &["!percent manifest-md5.txt:1", "!percent manifest-sha256.txt:1"],
        ),
        ("percent in a draft", Made::new().version("0.97").with("data/100%25.txt", "").without("bag-info.txt"), &[]),
        (
            "encoded letters",
            Made::new()
                .with("data/1%\r\n", "")
                .without("bag-info.txt")
                .harm(|_, list| list.replace("1%\r\n", "1%25%0d%0A")),
            &["name data/1%25%0D%0A"],
        ),
        (
            "md5sum",
            Made::new().lists(&["md5"], &["md5"]).harm(|_, list| list.replace("  ", " *")),
            &["md5sum manifest-md5.txt:1", "md5sum tagmanifest-md5.txt:1"],
        ),
        (
            "dots",
            Made::new().lists(&["md5"], &["md5"]).harm(|_, list| list.replace("  ", "  ./")),
            &["dot manifest-md5.txt:1", "dot tagmanifest-md5.txt:1"],
        ),
        (
            "a folder",
            Made::new().lists(&["md5"], &[]).harm(|_, list| {
                list + "d41d8cd98f00b204e9800998ecf8427e data/b\nd41d8cd98f00b204e9800998ecf8427e data/b/\n"
            }),
            &["!folder manifest-md5.txt:3", "!folder manifest-md5.txt:4"],
        ),
        (
            "other Unicode form",
            Made::new().lists(&["md5"], &[]).harm(|_, list| list.replace('ä', "a\u{308}")),
            &["normal-form manifest-md5.txt:2"],
        ),
        (
            "lines",
            Made::new().lists(&["md5"], &[]).harm(|_, list| format!("# Liste\n\n{list}ab")),
            &["!line manifest-md5.txt:1", "!line manifest-md5.txt:5"],
        ),
        (
            "names",
            Made::new()
                .without("bag-info.txt")
                .with("data/A.TXT", "")
                .with("data/Thumbs.db", "")
                .with("data/x:y", "")
                .with("data/in/bagit.txt", ""),
            &["system-file data/Thumbs.db", "names-alike data/a.txt", "bag-inside data/in/bagit.txt", "name data/x:y"],
        ),
        (
            "empty",
            Made::new().without("data/a.txt").without("data/b/ä.txt").with("bag-info.txt", "Payload-Oxum: 0.0\n"),
            &["empty data"],
        ),
    ];
    for (name, made, expected) in cases {
        let root = made.write();
        assert_eq!(judged(root.path()), expected, "{name}");
        // Where the bag lies makes no difference; a TAR in a folder of any name, a ZIP flat.
        let packed = tempfile::tempdir().unwrap();
        let tar = packed.path().join("x.tar");
        let folder = root.path().file_name().unwrap();
        let mut pack = std::process::Command::new("tar");
        pack.arg("-C").arg(root.path().parent().unwrap()).arg("-cf").arg(&tar).arg(folder);
        assert!(pack.status().unwrap().success());
        assert_eq!(judged(&tar), expected, "{name}, TAR");
    }
}

#[test]
#[allow(clippy::disallowed_methods)]
fn a_payload_that_is_no_folder_and_none_at_all_are_told() {
    let root = Made::new().lists(&["md5"], &[]).write();
    fs::rename(root.path().join("data"), root.path().join("daten")).unwrap();
    let expected = [
        "!oxum bag-info.txt:5",
        "!file-missing data",
        "!reference-missing manifest-md5.txt:1",
        "!reference-missing manifest-md5.txt:2",
    ];
    assert_eq!(judged(root.path()), expected);
    fs::write(root.path().join("data"), "").unwrap();
    assert_eq!(judged(root.path())[1], "!payload data");
}

#[test]
#[allow(clippy::disallowed_methods)]
fn a_flipped_byte_is_named_with_its_file_wherever_the_bag_lies() {
    let root = Made::new().write();
    let packed = tempfile::tempdir().unwrap();
    let (tar, zip) = (packed.path().join("x.tar"), packed.path().join("x.zip"));
    let mut pack = std::process::Command::new("tar");
    assert!(pack.arg("-C").arg(root.path()).arg("-cf").arg(&tar).arg(".").status().unwrap().success());
    let mut writer = zip::ZipWriter::new(fs::File::create(&zip).unwrap());
    for entry in walkdir::WalkDir::new(root.path()).min_depth(1) {
        let entry = entry.unwrap();
        let name = entry.path().strip_prefix(root.path()).unwrap().to_str().unwrap();
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        if entry.file_type().is_file() {
            writer.start_file(name, options).unwrap();
            std::io::Write::write_all(&mut writer, &fs::read(entry.path()).unwrap()).unwrap();
        }
    }
    writer.finish().unwrap();
    assert!(judged(&tar).is_empty() && judged(&zip).is_empty());
    let flip = |path: &Path| {
        let mut bytes = fs::read(path).unwrap();
        let at = bytes.windows(4).position(|four| four == b"eins").unwrap();
        bytes[at] ^= 1;
        fs::write(path, bytes).unwrap();
    };
    for path in [&root.path().join("data/a.txt"), &tar, &zip] {
        flip(path);
    }
    let expected = ["!checksum-mismatch data/a.txt"; 2];
    for path in [root.path(), &tar, &zip] {
        assert_eq!(judged(path), expected, "{}", path.display());
    }
}

#[test]
#[allow(clippy::disallowed_methods)]
fn hostile_lists_are_bounded() {
    let root = Made::new().lists(&[], &[]).write();
    let begun = std::time::Instant::now();
    let line = |number: usize| format!("{number:032x}  data/{}{number}\n", "x/".repeat(20));
    let many: String = (0..200_000).map(line).collect();
    fs::write(root.path().join("manifest-md5.txt"), &many).unwrap();
    fs::write(root.path().join("fetch.txt"), "http://x 1 data/a\n".repeat(200_000)).unwrap();
    fs::write(root.path().join("manifest-sha1.txt"), "a".repeat(30 << 20)).unwrap();
    fs::write(root.path().join("bag-info.txt"), "A:\n".to_owned() + &" b\n".repeat(1_000_000)).unwrap();
    let found = judged(root.path());
    assert!(found.len() <= proof::FINDINGS + 10, "{}", found.len());
    for expected in ["!long bag-info.txt", "!reference-missing manifest-md5.txt:1"] {
        assert!(found.iter().any(|one| one == expected), "{expected}");
    }
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[test]
#[allow(clippy::disallowed_methods)]
#[allow(clippy::too_many_lines, reason = "a table")]
fn profiles_are_checked_word_by_word() {
    let basic = serde_json::json!({
        "BagIt-Profile-Info": {"BagIt-Profile-Identifier": "https://example.org/p.json"},
        "Accept-BagIt-Version": ["1.0"],
        "Bag-Info": {"Source-Organization": {"required": true, "values": ["Stadt Musterstadt"], "repeatable": false}},
    });
    let made = || Made::new().told("BagIt-Profile-Identifier: https://example.org/p.json\n");
    let cases: Vec<(serde_json::Value, Made, &[&str])> = vec![
        (serde_json::json!({}), made(), &[]),
        (serde_json::json!({}), Made::new(), &["!profile-identifier bag-info.txt"]),
        (serde_json::json!({"Accept-BagIt-Version": ["0.97", "0.96"]}), made(), &["!profile-version bagit.txt"]),
        (
            serde_json::json!({"Bag-Info": {"Contact-Name": {"required": true}}}),
            made(),
            &["!profile-label bag-info.txt"],
        ),
        (
            serde_json::json!({}),
            made().told("source-organization: Kreis\n"),
            &["!profile-value bag-info.txt:7", "!profile-once bag-info.txt:7"],
        ),
        (
            serde_json::json!({"Manifests-Required": ["sha512"], "Tag-Manifests-Required": ["sha256"]}),
            made(),
            &["!profile-required manifest-sha512.txt"],
        ),
        (
            serde_json::json!({"Manifests-Allowed": ["sha256"], "Tag-Manifests-Allowed": ["sha256", "md5"]}),
            made(),
            &["!profile-allowed manifest-md5.txt"],
        ),
        (
            serde_json::json!({"Tag-Files-Required": ["m/a.xml"], "Tag-Files-Allowed": ["m/*.xml"]}),
            made().with("m/b.xml", "").with("n.xml", ""),
            &["!profile-required m/a.xml", "!profile-allowed n.xml"],
        ),
        (serde_json::json!({"Payload-Files-Required": ["data/*.pdf"]}), made(), &["!profile-required data/*.pdf"]),
        (serde_json::json!({"Payload-Files-Allowed": ["data/a*"]}), made(), &["!profile-allowed data/b/ä.txt"]),
        (
            serde_json::json!({"Allow-Fetch.txt": false}),
            made().with("fetch.txt", "http://localhost/x 4 data/a.txt\n"),
            &["!profile-allowed fetch.txt"],
        ),
        (serde_json::json!({"Fetch.txt-Required": true}), made(), &["!profile-required fetch.txt"]),
        (serde_json::json!({"Data-Empty": true}), made(), &["!profile-empty data"]),
        (
            serde_json::json!({"Serialization": "required", "Accept-Serialization": ["application/zip"]}),
            made(),
            &["!profile-container bagit.txt"],
        ),
        (serde_json::json!({"Serialization": "forbidden"}), made(), &[]),
    ];
    for (more, made, expected) in cases {
        let mut told_so = basic.clone();
        told_so.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), told_so.to_string()).unwrap();
        let profile = Profile::read(file.path()).unwrap();
        let root = made.write();
        let tree = Tree::list(root.path(), &Cancel::new()).unwrap();
        let judged = judge(&tree, Some(&profile), Watch::new(&Cancel::new(), &Silent)).unwrap();
        assert_eq!(told(&judged.findings), expected, "{more}");
    }
}

#[test]
#[allow(clippy::disallowed_methods)]
fn links_and_pipes_in_a_bag_are_told() {
    let root = bag();
    std::os::unix::fs::symlink("/etc/passwd", root.path().join("data/l")).unwrap();
    let record = look(root.path()).1;
    assert!(matches!(&record.exceptions[..], [one] if one.path == "data/l"), "{:?}", record.exceptions);
    assert_eq!(judged(root.path()), ["!link data/l"]);
    std::os::unix::fs::symlink("/etc/passwd", root.path().join("l")).unwrap();
    assert!(judged(root.path()).contains(&"link l".to_owned()));
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
