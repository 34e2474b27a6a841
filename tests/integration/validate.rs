//! Packages of anyone, judged where they lie: the same in folder, ZIP and TAR, many in one call, nothing written.

use std::fs;
use std::io::{BufRead as _, BufReader, Cursor};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use earchiv::io::xml::{Node, XmlLimits, XmlReader};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::bad_input::{NOBODY, can_be_nobody};
use super::containers::{gzip, zip};
use super::sandbox::{Sandbox, copy, not_tested, shell, tree};

/// Packs a delivery and returns the folders of its two packages, relative to the sandbox.
fn packages(sandbox: &Sandbox) -> Vec<String> {
    sandbox.delivery("lieferung");
    sandbox.run("pack lieferung --form folder --out sip").exits(0);
    let mut found: Vec<String> = fs::read_dir(sandbox.path("sip"))
        .unwrap()
        .map(|entry| format!("sip/{}", entry.unwrap().file_name().into_string().unwrap()))
        .collect();
    found.sort();
    assert!(found.len() >= 2);
    found
}

/// Returns the payload files of a package, relative to it.
fn payload(folder: &Path) -> Vec<PathBuf> {
    let files = tree(folder).into_keys().map(PathBuf::from);
    files.filter(|file| file.starts_with("representations/rep1/data") && folder.join(file).is_file()).collect()
}

/// Puts the package `folder` into `name.tar`, `name.zip` and, packed in two members, `name.tar.gz`.
fn contain(sandbox: &Sandbox, folder: &str, name: &str) {
    let (from, own) = folder.rsplit_once('/').unwrap();
    let (from, tar) = (sandbox.path(from), sandbox.path(&format!("{name}.tar")));
    shell("tar", &["-C".as_ref(), from.as_os_str(), "-cf".as_ref(), tar.as_os_str(), own.as_ref()]);
    let bytes = fs::read(&tar).unwrap();
    let (first, second) = bytes.split_at(bytes.len() / 3);
    fs::write(sandbox.path(&format!("{name}.tar.gz")), [gzip(first), gzip(second)].concat()).unwrap();
    let folder = sandbox.path(folder);
    let files: Vec<(String, Vec<u8>)> = tree(&folder)
        .into_keys()
        .filter(|path| folder.join(path).is_file())
        .map(|path| (format!("{own}/{}", path.to_str().unwrap()), fs::read(folder.join(&path)).unwrap()))
        .collect();
    let entries: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    zip(&sandbox.path(&format!("{name}.zip")), &entries);
}

/// What is told of a package but where it lies.
fn told(mut result: Value) -> Value {
    let result_of = result.as_object_mut().unwrap();
    result_of.remove("path").unwrap();
    result_of.remove("container").unwrap();
    // That it may lie in an archive speaks only of one that does.
    result_of.get_mut("requirements").and_then(Value::as_object_mut).unwrap().remove("CSIPSTR3");
    result
}

#[test]
fn a_package_is_the_same_in_a_folder_a_zip_and_a_tar_packed_or_not() {
    let sandbox = Sandbox::new();
    let whole = packages(&sandbox)[0].clone();
    copy(&sandbox.path(&whole), &sandbox.path("sip/falsch"));
    let folder = sandbox.path("sip/falsch");
    let files = payload(&folder);
    assert!(files.len() >= 2, "{files:?}");
    let mut bytes = fs::read(folder.join(&files[0])).unwrap();
    bytes[0] ^= 1;
    fs::write(folder.join(&files[0]), bytes).unwrap();
    fs::remove_file(folder.join(&files[1])).unwrap();
    fs::write(folder.join("representations/rep1/data/mehr.txt"), "x").unwrap();
    for (package, code, findings) in [(whole.as_str(), 0, 0), ("sip/falsch", 5, 3)] {
        contain(&sandbox, package, "gleich");
        // What it is does not depend on how it is called.
        fs::copy(sandbox.path("gleich.tar.gz"), sandbox.path("gleich.zip.txt")).unwrap();
        let mut seen = Vec::new();
        for (path, container) in [
            (package, "folder"),
            ("gleich.zip", "zip"),
            ("gleich.tar", "tar"),
            ("gleich.tar.gz", "tar.gz"),
            ("gleich.zip.txt", "tar.gz"),
        ] {
            let results = sandbox.json(&format!("validate {path}")).exits(code).results();
            assert_eq!(results[0]["container"], container);
            assert_eq!(results[0]["path"], path);
            seen.push(told(results[0].clone()));
        }
        assert!(seen[0]["findings"].as_array().unwrap().len() >= findings, "{:#}", seen[0]);
        assert!(findings > 0 || seen[0]["findings"].as_array().unwrap().iter().all(|f| f["severity"] != "error"));
        assert!(seen.iter().all(|one| *one == seen[0]), "{seen:#?}");
    }
}

#[test]
fn packed_bytes_that_cannot_be_unpacked_are_damage_of_their_file() {
    let sandbox = Sandbox::new();
    sandbox.file("lieferung/Akte/lang.txt", "Bäume und Sträucher, einzeln gezählt\n".repeat(40).as_bytes());
    sandbox.run("pack lieferung --form folder --out sip").exits(0);
    let folder = fs::read_dir(sandbox.path("sip")).unwrap().next().unwrap().unwrap().file_name();
    contain(&sandbox, &format!("sip/{}", folder.to_str().unwrap()), "paket");
    let whole = fs::read(sandbox.path("paket.zip")).unwrap();
    sandbox.json("validate paket.zip").exits(0);
    let place = |name: &[u8]| whole.windows(name.len()).position(|window| window == name).unwrap() + name.len();
    for (name, file) in [(&b"/lang.txt"[..], "lang.txt"), (b"/METS.xml", "METS.xml")] {
        for bit in [0, 3, 6] {
            let mut damaged = whole.clone();
            // Behind the local header's name.
            damaged[place(name) + 12] ^= 1 << bit;
            fs::write(sandbox.path("paket.zip"), damaged).unwrap();
            let run = sandbox.json("validate paket.zip");
            assert!(matches!(run.code, Some(3 | 5)), "{run:?}");
            let named =
                run.findings().iter().any(|finding| finding["file"].as_str().is_some_and(|f| f.ends_with(file)));
            assert!(named, "{run:?}");
            if file == "lang.txt" {
                assert_eq!(run.code, Some(5), "{run:?}");
            }
        }
    }
}

#[test]
fn a_packed_tar_that_is_damaged_or_would_fill_the_medium_is_told_as_that() {
    let sandbox = Sandbox::new();
    let good = packages(&sandbox)[0].clone();
    contain(&sandbox, &good, "paket");
    let whole = fs::read(sandbox.path("paket.tar.gz")).unwrap();
    let flipped = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    let zeros = gzip(&vec![0; 100 << 20]);
    let bomb = [gzip(&fs::read(sandbox.path("paket.tar")).unwrap()), zeros].concat();
    for (name, bytes, code, finding, value) in [
        ("kurz", whole[..whole.len() - 9].to_vec(), 3, "gzip-structure", "truncated"),
        ("falsch", flipped(whole.len() - 6), 5, "gzip-structure", "content"),
        ("länger", flipped(whole.len() - 1), 5, "gzip-structure", "content"),
        ("mehr", [&whole[..], b"x"].concat(), 3, "gzip-structure", "trailing"),
        ("halb", gzip(&fs::read(sandbox.path("paket.tar")).unwrap()[..3000]), 3, "tar-structure", "truncated"),
        ("bombe", bomb, 3, "gzip-limit", "ratio"),
    ] {
        let name = format!("{name}.tar.gz");
        fs::write(sandbox.path(&name), bytes).unwrap();
        let formats = ["", " --format eark", " --format bagit", " --format ocfl"];
        // One bomb is enough.
        for format in formats.iter().take(if value == "ratio" { 1 } else { 4 }) {
            let run = sandbox.json(&format!("validate {name}{format}")).exits(code);
            let found = run.findings();
            assert_eq!((&found[0]["code"], &found[0]["value"]), (&finding.into(), &value.into()), "{name}{format}");
            assert_eq!(found.len(), 1, "{name}");
        }
    }
    sandbox.run("validate bombe.tar.gz").exits(3).tells("gunzip");
    let nowhere = sandbox.path("nirgends");
    let run = sandbox.call("validate paket.tar.gz --json").env("TMPDIR", &nowhere).run().exits(4);
    assert_eq!(run.findings()[0]["code"], "work-folder");
    // Plain ones need no room.
    sandbox.call("validate paket.tar paket.zip").env("TMPDIR", &nowhere).run().exits(0);
    // Nothing is left behind.
    fs::create_dir(&nowhere).unwrap();
    sandbox.call("validate paket.tar.gz bombe.tar.gz").env("TMPDIR", &nowhere).run().exits(3);
    let left: Vec<_> = tree(&nowhere).into_keys().filter(|path| nowhere.join(path).is_file()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn each_exit_code_has_its_package_and_the_gravest_counts() {
    let sandbox = Sandbox::new();
    let good = packages(&sandbox)[0].clone();
    for name in ["fehlt", "verändert", "gesperrt"] {
        copy(&sandbox.path(&good), &sandbox.path(name));
    }
    let file = payload(&sandbox.path(&good))[0].clone();
    fs::remove_file(sandbox.path("fehlt").join(&file)).unwrap();
    let mut bytes = fs::read(sandbox.path(&good).join(&file)).unwrap();
    bytes[0] ^= 1;
    fs::write(sandbox.path("verändert").join(&file), bytes).unwrap();
    symlink("schleife", sandbox.path("schleife")).unwrap();
    sandbox.file("brief.txt", b"kein Paket");
    sandbox.file("paket.tar.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03");
    sandbox.file("paket.tar.xz", b"\xfd7zXZ\0\0\x04");
    sandbox.file("brief.gz", &gzip(b"kein TAR"));
    for (line, code, verdicts) in [
        (good.as_str(), 0, &["conforms"][..]),
        ("fehlt", 3, &["nonconforming"]),
        ("brief.txt", 3, &["nonconforming"]),
        ("paket.tar.gz", 3, &["nonconforming"]),
        ("paket.tar.xz", 3, &["nonconforming"]),
        ("brief.gz", 3, &["nonconforming"]),
        ("verändert", 5, &["damaged"]),
        ("gibt-es-nicht", 2, &["unreadable"]),
        ("schleife", 4, &["unreadable"]),
        (&format!("gibt-es-nicht {good}"), 2, &["unreadable", "conforms"]),
        (&format!("fehlt gibt-es-nicht {good}"), 3, &["nonconforming", "unreadable", "conforms"]),
        ("schleife fehlt", 4, &["unreadable", "nonconforming"]),
        ("schleife fehlt verändert", 5, &["unreadable", "nonconforming", "damaged"]),
    ] {
        let run = sandbox.json(&format!("validate {line}")).exits(code);
        let told: Vec<Value> = run.results().iter().map(|result| result["verdict"].clone()).collect();
        assert_eq!(told, verdicts, "{line}");
        assert_eq!(run.document()["totals"]["packages"], verdicts.len());
    }
    sandbox.json("validate paket.tar.gz").exits(3).finds("gzip-structure", "paket.tar.gz");
    for format in ["", " --format eark", " --format bagit", " --format ocfl"] {
        for other in ["paket.tar.xz", "brief.gz"] {
            sandbox.json(&format!("validate {other}{format}")).exits(3).finds("package-compressed", other);
        }
    }
    sandbox.run("validate paket.tar.xz").exits(3).tells("unxz");
    sandbox.run("validate gibt-es-nicht").exits(2).tells("gibt-es-nicht");
    sandbox.run("validate").exits(2);
    sandbox.run(&format!("validate {good} --format zip")).exits(2).tells("bagit");
    if !can_be_nobody() {
        return not_tested("a package that may not be read (needs root and setpriv, to become another user)");
    }
    shell("chmod", &["-R".as_ref(), "a+rX".as_ref(), sandbox.path("").as_os_str()]);
    let locked = sandbox.path("gesperrt").join(&file);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o0)).unwrap();
    for (line, code) in [("gesperrt schleife fehlt", 8), ("gesperrt verändert", 5)] {
        sandbox.call_through("setpriv", &NOBODY, &format!("validate {line}")).run().exits(code);
    }
}

#[test]
fn a_link_that_a_user_names_is_what_it_leads_to() {
    let sandbox = Sandbox::new();
    let good = packages(&sandbox)[0].clone();
    contain(&sandbox, &good, "paket");
    symlink(&good, sandbox.path("neuestes")).unwrap();
    symlink("paket.tar", sandbox.path("neuestes.tar")).unwrap();
    let results = sandbox.json("validate neuestes neuestes.tar").exits(0).results();
    assert_eq!((&results[0]["container"], &results[1]["container"]), (&"folder".into(), &"tar".into()));
}

#[test]
fn containers_that_are_not_one_folder_are_named_and_judged_nevertheless() {
    let sandbox = Sandbox::new();
    let good = sandbox.path(&packages(&sandbox)[0]);
    let missing = payload(&good)[0].clone();
    let name = missing.file_name().unwrap().to_str().unwrap();
    fs::remove_file(good.join(&missing)).unwrap();
    let files = |prefix: &str| -> Vec<(String, Vec<u8>)> {
        let all = tree(&good).into_keys().filter(|path| good.join(path).is_file());
        all.map(|path| (format!("{prefix}{}", path.to_str().unwrap()), fs::read(good.join(&path)).unwrap())).collect()
    };
    let write = |path: &str, files: &[(String, Vec<u8>)]| {
        let entries: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        zip(&sandbox.path(path), &entries);
    };
    write("offen.zip", &files(""));
    let mut beside = files("paket/");
    beside.push(("__MACOSX/._METS.xml".to_owned(), b"x".to_vec()));
    beside.push(("paket/weg -> /etc/passwd".to_owned(), Vec::new()));
    write("daneben.zip", &beside);
    for (path, first) in [("offen.zip", "not-a-package"), ("daneben.zip", "entry-foreign")] {
        let run = sandbox.json(&format!("validate {path}")).exits(3);
        let found = run.findings();
        assert!(found.iter().any(|f| f["code"] == first && f["requirement"] == "CSIPSTR1"), "{found:#?}");
        run.finds("reference-missing", name);
    }
    sandbox.json("validate daneben.zip").finds("entry-foreign", "__MACOSX").finds("entry-foreign", "weg");
    // As a TAR, and as folders, in which other folders may lie beside.
    fs::create_dir(sandbox.path("ort")).unwrap();
    copy(&good, &sandbox.path("ort/paket"));
    symlink("/etc/passwd", sandbox.path("ort/paket/weg")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, sandbox.path("ort/paket/rohr"), rustix::fs::Mode::RUSR).unwrap();
    fs::create_dir(sandbox.path("ort/__MACOSX")).unwrap();
    let (from, tar) = (sandbox.path("ort"), sandbox.path("daneben.tar"));
    shell(
        "tar",
        &["-C".as_ref(), from.as_os_str(), "-cf".as_ref(), tar.as_os_str(), "paket".as_ref(), "__MACOSX".as_ref()],
    );
    for path in ["daneben.tar", "ort/paket"] {
        let run = sandbox.json(&format!("validate {path}")).exits(3);
        let run = run.finds("entry-foreign", "weg").finds("entry-foreign", "rohr").finds("reference-missing", name);
        let outside = run.findings().iter().any(|finding| finding["value"] == "outside");
        assert_eq!(outside, path == "daneben.tar");
    }
}

#[test]
fn many_packages_are_told_in_order_with_any_number_of_threads() {
    let sandbox = Sandbox::new();
    let made = packages(&sandbox);
    let mut paths = Vec::new();
    for number in 0..40 {
        let name = format!("viele/{:02}", 40 - number);
        fs::create_dir_all(sandbox.path("viele")).unwrap();
        copy(&sandbox.path(&made[number % 2]), &sandbox.path(&name));
        if number % 7 == 0 {
            fs::remove_file(sandbox.path(&name).join("METS.xml")).unwrap();
        }
        paths.push(name);
    }
    sandbox.file("liste", paths.join("\n").as_bytes());
    let before = tree(&sandbox.path("viele"));
    let mut seen = Vec::new();
    for jobs in [1, 8] {
        let line = format!("validate --files-from liste --jobs {jobs} --junit bericht.xml");
        let document = sandbox.json(&line).exits(3);
        let junit = fs::read_to_string(sandbox.path("bericht.xml")).unwrap();
        let lines = sandbox.run(&format!("{line} --json-lines")).exits(3);
        let people = sandbox.run(&line).exits(3);
        seen.push((document.stdout, lines.stdout, people.stdout, junit));
    }
    assert_eq!(seen[0], seen[1]);
    let (document, lines, people, junit) = &seen[0];
    let document: Value = serde_json::from_str(document).unwrap();
    let told: Vec<&str> =
        document["results"].as_array().unwrap().iter().map(|result| result["path"].as_str().unwrap()).collect();
    assert_eq!(told, paths);
    assert_eq!((&document["totals"]["packages"], &document["totals"]["nonconforming"]), (&40.into(), &6.into()));
    assert_eq!(lines.lines().count(), 41);
    assert!(people.lines().any(|line| line.starts_with("in order: viele/39 (E-ARK SIP")), "{people}");
    assert_eq!(suites(junit), (40, 6));
    assert_eq!(tree(&sandbox.path("viele")), before);
    let summary = sandbox.run("validate --files-from liste --summary").exits(3);
    assert_eq!(summary.stdout.lines().count(), 41, "{}", summary.stdout);
}

/// Reads a report for build servers: how many suites it has, and how many with a failure; the counts must be right.
fn suites(junit: &str) -> (usize, usize) {
    let mut xml = XmlReader::new(Cursor::new(junit), XmlLimits::default());
    let (mut open, mut suites, mut failed) = (Vec::new(), 0, 0);
    let (mut cases, mut failures, mut told) = (0, 0, (0, 0));
    while let Some(node) = xml.node().unwrap() {
        match node {
            Node::Start(element) => {
                let count = |name: &str| element.attribute(name).map_or(0, |count| count.parse().unwrap());
                match element.name.as_str() {
                    "testsuite" => {
                        (cases, failures, told) = (0, 0, (count("tests"), count("failures")));
                        suites += 1;
                    }
                    "testcase" => {
                        assert!(element.attribute("name").is_some() && element.attribute("classname").is_some());
                        cases += 1;
                    }
                    "failure" => failures += 1,
                    _ => {}
                }
                open.push(element.name.clone());
            }
            Node::End if open.pop().as_deref() == Some("testsuite") => {
                assert_eq!(told, (cases, failures));
                assert!(cases > 0);
                failed += usize::from(failures > 0);
            }
            _ => {}
        }
    }
    (suites, failed)
}

#[test]
fn a_signal_stops_between_packages_and_no_report_is_left() {
    let sandbox = Sandbox::new();
    let good = packages(&sandbox)[0].clone();
    sandbox.file("liste", format!("{good}\n").repeat(50_000).as_bytes());
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let mut child = sandbox.call("validate --files-from liste --json-lines --junit bericht.xml").start();
        let mut told = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        told.read_line(&mut first).unwrap();
        assert!(first.contains("\"conforms\""), "{first}");
        kill_process(Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap(), signal).unwrap();
        let asked = Instant::now();
        let rest: Vec<String> = told.lines().map(Result::unwrap).collect();
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert!(asked.elapsed() < Duration::from_secs(10));
        assert!(rest.len() < 49_000, "{}", rest.len());
        let end: Value = serde_json::from_str(rest.last().unwrap()).unwrap();
        assert_eq!((&end["exit"], &end["totals"]["packages"]), (&code.into(), &rest.len().into()));
        assert!(!sandbox.path("bericht.xml").exists());
    }
}

#[test]
fn a_report_for_build_servers_replaces_nothing_else() {
    let sandbox = Sandbox::new();
    let good = packages(&sandbox)[0].clone();
    contain(&sandbox, &good, "paket");
    let before = fs::read(sandbox.path("paket.zip")).unwrap();
    sandbox.run(&format!("validate {good} --junit paket.zip")).exits(2).tells("paket.zip");
    assert_eq!(fs::read(sandbox.path("paket.zip")).unwrap(), before);
    sandbox.run(&format!("validate {good} --junit gibt-es-nicht/bericht.xml")).exits(4);
    // Control characters and what looks like XML are no danger.
    let odd = "a\u{1}<&\"\u{ffff}";
    copy(&sandbox.path(&good), &sandbox.path(odd));
    fs::remove_file(sandbox.path(odd).join("METS.xml")).unwrap();
    sandbox.call("validate --junit bericht.xml").arg(odd).run().exits(3);
    assert_eq!(suites(&fs::read_to_string(sandbox.path("bericht.xml")).unwrap()), (1, 1));
    sandbox.call("validate --junit bericht.xml").arg(&good).run().exits(0);
    assert_eq!(suites(&fs::read_to_string(sandbox.path("bericht.xml")).unwrap()), (1, 0));
}

#[test]
fn the_verdict_comes_first_and_each_finding_has_place_and_advice() {
    let sandbox = Sandbox::new();
    let good = packages(&sandbox)[0].clone();
    let file = payload(&sandbox.path(&good))[0].clone();
    let run = sandbox.run(&format!("validate {good}")).exits(0);
    assert!(run.stdout.starts_with(&format!("in order: {good} (E-ARK SIP")), "{}", run.stdout);
    fs::remove_file(sandbox.path(&good).join(file)).unwrap();
    let run = sandbox.call(&format!("validate {good}")).env("EARCHIV_LANG", "de").run().exits(3);
    assert!(run.stdout.starts_with(&format!("nicht regelgerecht: {good} (E-ARK SIP")), "{}", run.stdout);
    for words in ["1 Fehler", "METS.xml", "Zeile ", "Abhilfe: "] {
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
    }
    let result = sandbox.json(&format!("validate {good}")).exits(3).results()[0].clone();
    let missing = result["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "reference-missing");
    assert!(missing.unwrap()["hint"].is_string(), "{result:#}");
}
