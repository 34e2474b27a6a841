//! Deliveries packed as ZIP or TAR: the same records as the folder, and nothing of what must not be taken.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use zip::write::{SimpleFileOptions, ZipWriter};

use super::sandbox::{Sandbox, shared, shell, tree};

/// Writes a ZIP with these entries; names that end in `/` are folders, `a -> b` is a link.
pub fn zip(path: &Path, entries: &[(&str, &[u8])]) {
    let mut zip = ZipWriter::new(fs::File::create(path).unwrap());
    let options = SimpleFileOptions::default();
    for (name, bytes) in entries {
        if let Some((link, target)) = name.split_once(" -> ") {
            zip.add_symlink(link, target, options).unwrap();
        } else if let Some(folder) = name.strip_suffix('/') {
            zip.add_directory(folder, options).unwrap();
        } else {
            zip.start_file(*name, options).unwrap();
            zip.write_all(bytes).unwrap();
        }
    }
    zip.finish().unwrap();
}

/// Packs bytes as gzip does, in one member.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// Packs the folder `name` beside it as `name.tar`, `name.tar.gz` and, without the folder itself, `name.zip`.
pub fn pack(sandbox: &Sandbox, name: &str) {
    let folder = sandbox.path(name);
    let parent = folder.parent().unwrap();
    let tar = sandbox.path(&format!("{name}.tar"));
    let own = folder.file_name().unwrap();
    shell("tar", &["--format=pax".as_ref(), "-C".as_ref(), parent.as_os_str(), "-cf".as_ref(), tar.as_os_str(), own]);
    fs::write(sandbox.path(&format!("{name}.tar.gz")), gzip(&fs::read(&tar).unwrap())).unwrap();
    let mut entries = Vec::new();
    for path in tree(&folder).into_keys() {
        let full = folder.join(&path);
        let inside = path.into_string().unwrap();
        entries.push(if full.is_dir() {
            (format!("{inside}/"), Vec::new())
        } else {
            (inside, fs::read(full).unwrap())
        });
    }
    let entries: Vec<(&str, &[u8])> = entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    zip(&sandbox.path(&format!("{name}.zip")), &entries);
}

#[test]
fn a_folder_that_is_packed_is_the_same_delivery() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    sandbox.file(
        "lieferung/metadata.csv",
        "path;title;date_from\nGrünanlagen;Bäume;2013\nSpielplätze;Plätze;2014\n.;Briefe;2015\n".as_bytes(),
    );
    pack(&sandbox, "lieferung");
    let first = sandbox.json("ingest lieferung.zip").exits(0);
    assert_eq!(first.states(), ["stored"; 3]);
    for other in ["lieferung", "lieferung.tar", "lieferung.tar.gz", "lieferung.zip", "lieferung/"] {
        let run = sandbox.json(&format!("ingest {other}")).exits(0);
        assert_eq!(run.states(), ["already-stored"; 3], "{other}");
    }
    assert_eq!(sandbox.list().len(), 3);
    sandbox.id("Bäume");
    sandbox.is_whole();
}

#[test]
fn the_sample_of_a_file_share_is_the_same_in_all_forms() {
    let Some(samples) = shared("corpora/records/trees.tar.gz", "the sample of a file share") else { return };
    let sandbox = Sandbox::new();
    shell("tar", &["-xzf".as_ref(), samples.as_os_str(), "-C".as_ref(), sandbox.path("").as_os_str()]);
    pack(&sandbox, "dateiablage/amt67");
    // ZIP keeps times to two seconds, so the dates are told.
    sandbox.run("ingest dateiablage/amt67 --profile dateiablage").exits(0);
    for form in ["zip", "tar", "tar.gz"] {
        let name = format!("dateiablage/amt67.{form}");
        let record = |line: &str| {
            let results = sandbox.json(line).exits(0).results();
            let mut record = results[0]["records"][0].clone();
            record["description"]["date_from"].take();
            record["description"]["date_to"].take();
            for file in record["files"].as_array_mut().unwrap() {
                file["modified"].take();
            }
            record
        };
        assert_eq!(record(&format!("inspect {name}")), record("inspect dateiablage/amt67"), "{form}");
    }
    let run = sandbox.json("ingest dateiablage/amt67.tar").exits(0);
    assert_eq!(run.states(), ["already-stored"]);
}

#[test]
fn links_and_devices_are_told_and_the_rest_is_taken() {
    let sandbox = Sandbox::new();
    zip(&sandbox.path("a.zip"), &[("Akte/x", b"x"), ("Akte/l -> /etc/passwd", b"")]);
    let run = sandbox.json("ingest a.zip").exits(3);
    assert_eq!(run.states(), ["stored"]);
    let exception = &run.packages()[0]["exceptions"][0];
    assert_eq!((&exception["path"], &exception["target"]), (&"Akte/l".into(), &"/etc/passwd".into()));
    fs::create_dir_all(sandbox.path("b/Akte 1")).unwrap();
    fs::create_dir_all(sandbox.path("b/Akte 2")).unwrap();
    sandbox.file("b/Akte 1/x", b"x");
    sandbox.file("b/Akte 2/x", b"x");
    shell("mkfifo", &[sandbox.path("b/Akte 2/p").as_os_str()]);
    let tar = sandbox.path("b.tar");
    shell("tar", &["-C".as_ref(), sandbox.path("").as_os_str(), "-cf".as_ref(), tar.as_os_str(), "b".as_ref()]);
    let run = sandbox.json("ingest b.tar").exits(3);
    assert_eq!(run.states(), ["stored", "refused"]);
}

#[test]
fn names_that_nobody_can_read_are_kept_and_told() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("n.zip");
    for (bytes, name, findings) in [(b"Gr\x81n", "Grün.txt", 0), (b"Gr\xfcn", "Gr%FCn.txt", 1)] {
        zip(&path, &[("Akte/0123.txt", b"x")]);
        let mut raw = fs::read(&path).unwrap();
        for at in 0..raw.len() - 4 {
            if &raw[at..at + 4] == b"0123" {
                raw[at..at + 4].copy_from_slice(bytes);
            }
        }
        fs::write(&path, raw).unwrap();
        let results = sandbox.json("inspect n.zip").exits(0).results();
        let record = &results[0]["records"][0];
        assert_eq!(record["files"][0]["path"], format!("Akte/{name}"));
        let told = record["findings"].as_array().map_or(0, Vec::len);
        assert_eq!(told, findings, "{record}");
    }
    assert_eq!(sandbox.json("ingest n.zip").exits(0).states(), ["stored"]);
}

#[test]
fn what_is_damaged_or_forged_leaves_nothing_behind() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    pack(&sandbox, "lieferung");
    let before = tree(&sandbox.path("archiv"));
    let sound = fs::read(sandbox.path("lieferung.zip")).unwrap();
    let mut changed = sound.clone();
    changed[60] ^= 0xff;
    let tar = fs::read(sandbox.path("lieferung.tar")).unwrap();
    for (name, bytes) in [
        ("kurz.zip", &sound[..sound.len() - 1]),
        ("anders.zip", &changed),
        ("lang.zip", &[&sound[..], b"x"].concat()),
        ("kurz.tar", &tar[..tar.len() / 2]),
        ("doppelt.tar", &[&tar[..], &tar].concat()),
        ("leer.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        ("leer.tar", &[0; 10_240]),
        ("kein.zip", b"kein ZIP"),
        ("gepackt.tar.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03"),
    ] {
        sandbox.file(name, bytes);
        sandbox.run(&format!("ingest {name}")).exits(3).tells(name);
        sandbox.run(&format!("inspect {name} --lang de")).exits(3).tells(name);
        assert_eq!(before, tree(&sandbox.path("archiv")), "{name}");
    }
    zip(&sandbox.path("bombe.zip"), &[("Akte/null", &vec![0; 64 << 20])]);
    sandbox.json("ingest bombe.zip").exits(3).finds("zip-structure", "limit");
}

#[test]
fn one_call_takes_what_is_good_of_all_kinds() {
    let sandbox = Sandbox::new();
    sandbox.delivery("lieferung");
    sandbox.delivery("zweite");
    pack(&sandbox, "zweite");
    sandbox.run("pack lieferung --out sip").exits(0);
    let mut sips: Vec<String> = fs::read_dir(sandbox.path("sip"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    sips.sort();
    sandbox.file("tasche/bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
    sandbox.file("tasche/data/x", b"x");
    sandbox.file("kaputt.zip", b"PK\x03\x04");
    let line = format!("ingest zweite.zip sip/{} tasche kaputt.zip", sips.join(" sip/"));
    let run = sandbox.json(&line).exits(3);
    let count = |run: &super::sandbox::Run, state: &str| run.states().iter().filter(|one| *one == state).count();
    assert_eq!((count(&run, "stored"), count(&run, "refused")), (6, 2));
    let run = run.tells("manifest-sha512.txt");
    drop(run.finds("zip-structure", "no-end"));
    let before = tree(&sandbox.path("archiv/store"));
    let again = sandbox.json(&line).exits(3);
    assert_eq!((count(&again, "already-stored"), count(&again, "refused")), (6, 2));
    assert_eq!(before, tree(&sandbox.path("archiv/store")));
    // Who names the profile gets it.
    assert_eq!(sandbox.json("ingest tasche --profile dateiablage").exits(0).states(), ["stored", "stored"]);
    sandbox.is_whole();
}
