//! A delivery that changes while it is read: what changed is named, nothing of it is stored, and the rest is.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::sandbox::{Run, Sandbox, shell, tree};

/// What happens to the delivery while its first file is read.
type Change = fn(&Path);

/// A file of the same size, time and name is another one.
fn exchange(file: &Path) {
    let other = file.with_extension("neu");
    fs::write(&other, b"spaet").unwrap();
    let time = fs::metadata(file).unwrap().modified().unwrap();
    File::options().write(true).open(&other).unwrap().set_modified(time).unwrap();
    fs::rename(other, file).unwrap();
}

const CASES: &[(&str, Change, &str)] = &[
    (
        "it grows",
        |at| OpenOptions::new().append(true).open(at.join("z/spaet.txt")).unwrap().write_all(b"er").unwrap(),
        "spaet.txt",
    ),
    (
        "it shrinks",
        |at| OpenOptions::new().write(true).open(at.join("z/spaet.txt")).unwrap().set_len(1).unwrap(),
        "spaet.txt",
    ),
    ("it is written anew", |at| fs::write(at.join("z/spaet.txt"), b"SPAET").unwrap(), "spaet.txt"),
    ("it vanishes", |at| fs::remove_file(at.join("z/spaet.txt")).unwrap(), "spaet.txt"),
    ("it is exchanged for one of the same size and time", |at| exchange(&at.join("z/spaet.txt")), "spaet.txt"),
    (
        "a link takes its place",
        |at| {
            fs::rename(at.join("z/spaet.txt"), at.with_file_name("weg")).unwrap();
            symlink(at.with_file_name("weg"), at.join("z/spaet.txt")).unwrap();
        },
        "spaet.txt",
    ),
    (
        "a pipe takes its place",
        |at| {
            fs::remove_file(at.join("z/spaet.txt")).unwrap();
            shell("mkfifo", &[at.join("z/spaet.txt").as_os_str()]);
        },
        "spaet.txt",
    ),
    (
        "a link takes the place of its folder",
        |at| {
            fs::rename(at.join("z"), at.with_file_name("z")).unwrap();
            symlink(at.with_file_name("z"), at.join("z")).unwrap();
        },
        "spaet.txt",
    ),
    ("the folder vanishes", |at| fs::remove_dir_all(at.join("z")).unwrap(), "spaet.txt"),
    ("another file comes", |at| fs::write(at.join("z/neu.txt"), b"neu").unwrap(), "neu.txt"),
];

/// Waits until the program writes the package of the large record, and stops it there.
fn stop_while_it_writes(sandbox: &Sandbox, child: &Child) {
    let end = Instant::now() + Duration::from_mins(1);
    let begun = || {
        let staged = walkdir::WalkDir::new(sandbox.path("archiv/staging")).into_iter().flatten();
        staged
            .filter(|entry| entry.path().extension().is_some_and(|end| end == "zip"))
            .any(|entry| entry.metadata().is_ok_and(|status| status.len() > 0))
    };
    while !begun() {
        assert!(Instant::now() < end, "nothing was staged");
        std::thread::sleep(Duration::from_micros(200));
    }
    signal(child, "STOP");
}

fn signal(child: &Child, name: &str) {
    shell("kill", &[format!("-{name}").as_ref(), child.id().to_string().as_ref()]);
}

#[test]
fn what_changes_while_it_is_read_is_named_and_not_stored() {
    let mut wrong = Vec::new();
    for (name, change, named) in CASES {
        let sandbox = Sandbox::new();
        let akte = sandbox.path("lieferung/Akte");
        fs::create_dir_all(akte.join("z")).unwrap();
        // Long enough to be caught at it, without taking room.
        File::create(akte.join("a.bin")).unwrap().set_len(96 << 20).unwrap();
        sandbox.file("lieferung/Akte/z/spaet.txt", b"spaet");
        sandbox.file("lieferung/Brief/b.txt", b"Brief");
        let child = sandbox.call("ingest lieferung --jobs 1 --json").start();
        stop_while_it_writes(&sandbox, &child);
        change(&akte);
        let before = tree(&sandbox.path("lieferung"));
        signal(&child, "CONT");
        let run = Run::new("ingest".to_owned(), child.wait_with_output().unwrap());
        let told: Vec<String> = run
            .packages()
            .iter()
            .flat_map(|package| package["exceptions"].as_array().cloned().unwrap_or_default())
            .filter(|exception| exception["reason"] == "changed")
            .map(|exception| exception["path"].as_str().unwrap().to_owned())
            .collect();
        if run.code != Some(3)
            || run.states() != ["refused", "stored"]
            || !told.iter().any(|path| path.ends_with(named))
        {
            wrong.push(format!("{name}: {:?} {:?} {told:?}\n{}", run.code, run.states(), run.stderr));
        }
        if before != tree(&sandbox.path("lieferung")) {
            wrong.push(format!("{name}: the delivery was changed"));
        }
        sandbox.is_whole();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_delivery_that_changed_is_taken_by_the_same_call_once_it_rests() {
    let sandbox = Sandbox::new();
    let akte = sandbox.path("lieferung/Akte");
    fs::create_dir_all(&akte).unwrap();
    File::create(akte.join("a.bin")).unwrap().set_len(64 << 20).unwrap();
    sandbox.file("lieferung/Akte/b.txt", b"eins");
    let child = sandbox.call("ingest lieferung --jobs 1").start();
    stop_while_it_writes(&sandbox, &child);
    sandbox.file("lieferung/Akte/b.txt", b"zwei und mehr");
    signal(&child, "CONT");
    Run::new("ingest".to_owned(), child.wait_with_output().unwrap()).exits(3).tells("b.txt");
    assert_eq!(sandbox.json("ingest lieferung").exits(0).states(), ["stored"]);
    assert_eq!(sandbox.json("ingest lieferung").exits(0).states(), ["already-stored"]);
    assert_eq!(sandbox.list().len(), 1);
}

/// Races without any order: whatever a delivery does, what is stored is whole, and each file of it existed.
#[test]
fn a_delivery_that_never_rests_leaves_no_half_package() {
    for round in 0..6_u64 {
        let sandbox = Sandbox::new();
        sandbox.large_delivery("lieferung", 6, 200_000);
        let mut child = sandbox.call("ingest lieferung").start_unheard();
        let mut number = 0x9e37_79b9 + round;
        while child.try_wait().unwrap().is_none() {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let file = sandbox.path(&format!("lieferung/Akte {:03}/Anlage.txt", number >> 33 & 5));
            match number >> 40 & 3 {
                0 => drop(OpenOptions::new().append(true).open(&file).map(|mut file| file.write_all(b"mehr"))),
                1 => drop(OpenOptions::new().write(true).open(&file).map(|file| file.set_len(100))),
                2 => drop(fs::remove_file(&file)),
                _ => fs::write(&file, vec![b'x'; 200_000]).unwrap(),
            }
        }
        let code = child.wait().unwrap().code();
        assert!(matches!(code, Some(0 | 3)), "round {round}: {code:?}");
        sandbox.is_whole();
    }
}

#[test]
fn archive_and_delivery_may_not_lie_in_each_other() {
    let sandbox = Sandbox::filled();
    let before = tree(&sandbox.path("archiv"));
    fs::create_dir_all(sandbox.path("aussen/innen")).unwrap();
    symlink("../archiv", sandbox.path("aussen/innen/weg")).unwrap();
    symlink("archiv/store", sandbox.path("kurz")).unwrap();
    for line in [
        "ingest archiv",
        "ingest archiv/store",
        "ingest .",
        "ingest kurz",
        "ingest aussen/innen/weg/journal",
        "ingest lieferung/../archiv",
    ] {
        sandbox.run(line).exits(2);
        assert_eq!(before, tree(&sandbox.path("archiv")), "{line}");
    }
    // A bind mount of the same folder has another name; nothing of it may be taken either.
    let mounted = sandbox.path("gebunden");
    fs::create_dir(&mounted).unwrap();
    let done = Command::new("mount")
        .arg("--bind")
        .arg(sandbox.path("archiv/store"))
        .arg(&mounted)
        .stderr(Stdio::null())
        .status();
    if done.is_ok_and(|status| status.success()) {
        let code = sandbox.run("ingest gebunden").code;
        shell("umount", &[mounted.as_os_str()]);
        assert_ne!(code, Some(0), "a store under another name was taken over");
    } else {
        super::sandbox::not_tested("a store that is mounted at a second place (needs root)");
    }
}

#[test]
fn another_content_under_the_same_identity_is_refused_with_both_checksums() {
    let sandbox = Sandbox::filled();
    assert_eq!(sandbox.json("ingest lieferung").exits(0).states(), ["already-stored"; 3]);
    let stored = sandbox.json("list").exits(0).results();
    sandbox.file("lieferung/Spielplätze/Konzept.txt", b"Anders\n");
    let before = tree(&sandbox.path("archiv/store"));
    let run = sandbox.json("ingest lieferung").exits(3);
    let one = run.packages().into_iter().find(|package| package["state"] == "conflict").unwrap();
    let sums = serde_json::to_string(&one).unwrap();
    let content =
        stored.iter().find(|row| row["id"] == one["package"]).unwrap()["content"].as_str().unwrap().to_owned();
    assert!(sums.contains(&content), "{sums}");
    let packages: Vec<_> = tree(&sandbox.path("archiv/store"))
        .into_keys()
        .filter(|path| path.to_string_lossy().ends_with(".zip"))
        .collect();
    let old: Vec<_> = before.into_keys().filter(|path| path.to_string_lossy().ends_with(".zip")).collect();
    assert_eq!(packages, old);
    sandbox.run("ingest lieferung").exits(3).tells(&content);
}
