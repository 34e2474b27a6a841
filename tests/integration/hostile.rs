//! Files from others that are made to do harm, or are merely odd: judged, never followed; and the judges that are scripts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::containers::{pack, zip as pack_zip};
use super::sandbox::{Sandbox, not_tested, sha256, shared, tree};

/// Runs a script of the project on this program, with what it says where it finds faults.
fn script(path: &str, arguments: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new("python3");
    command.arg(root.join(path)).args(["--program", env!("CARGO_BIN_EXE_earchiv")]).args(arguments);
    let Ok(output) = command.output() else { return not_tested(&format!("{path} (no python3)")) };
    let said = String::from_utf8_lossy(&output.stdout);
    for line in said.lines().filter(|line| line.starts_with("not tested")) {
        not_tested(line.trim_start_matches("not tested: "));
    }
    assert!(output.status.success(), "{path}: {said}{}", String::from_utf8_lossy(&output.stderr));
}

/// The samples of the quick classes; `tests/hostile/judge` has all. Processor time is that of a build without optimising.
#[test]
fn hostile_samples_are_judged_right() {
    if shared("corpora/hostile/samples.tsv", "hostile samples").is_none() {
        return;
    }
    let classes = ["mets/", "bag/", "config/"].map(|class| ["--only", class]).concat();
    script("tests/hostile/judge", &[&classes[..], &["--seconds", "5", "--no-strace"]].concat());
}

#[test]
fn flipped_bits_are_found() {
    script("tests/damage/flips", &["--count", "48", "--seed", "5"]);
}

/// XML given alone, in every encoding: verdict and what is said.
#[test]
fn xml_documents_are_read_as_what_they_are_or_refused_with_the_byte() {
    let sandbox = Sandbox::empty();
    let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><akte><titel>Größe</titel></akte>";
    let wide = |mark: bool, big: bool| -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let one = |label: &str, bytes: &[u8]| {
        [format!("<?xml version=\"1.0\" encoding=\"{label}\"?><a>").as_bytes(), bytes, b"</a>"].concat()
    };
    let cases: Vec<(&str, Vec<u8>, i32, &str)> = vec![
        ("utf16le", wide(true, false), 0, "akte"),
        ("utf16be", wide(true, true), 0, "akte"),
        ("utf16-ohne-marke", wide(false, true), 0, "akte"),
        ("latin1", one("ISO-8859-1", b"Gr\xf6\xdfe"), 0, "XML"),
        ("latin1-grossbuchstabe-vor-anfuehrung", one("ISO-8859-1", b"\xabMEN\xdc\xbb gr\xf6\xdfer"), 0, "XML"),
        ("cp1252", one("windows-1252", b"\x84Gr\xf6\xdfe\x93"), 0, "XML"),
        ("utf8-mit-marke", "\u{feff}<a>ö</a>".into(), 0, "XML"),
        ("latin1-ist-utf8", one("ISO-8859-1", "Größe".as_bytes()), 3, "byte 48"),
        ("utf8-ist-latin1", one("UTF-8", b"Gr\xf6\xdfe"), 3, "byte 43"),
        ("utf16-ist-utf8", one("UTF-16", b"x"), 3, "byte 0"),
        ("utf16-halb", [wide(true, false), b"x".to_vec()].concat(), 3, "byte"),
        ("cp1252-ohne-bedeutung", one("windows-1252", b"\x81"), 3, "byte 48"),
        ("dtd", b"<!DOCTYPE a><a/>".to_vec(), 3, "dtd.xml"),
        ("attribut-zweimal", b"<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>".to_vec(), 3, "attribut-zweimal.xml"),
        ("namen", format!("<{}/>", "n".repeat(1 << 20)).into_bytes(), 3, "namen.xml"),
        ("anweisungen", format!("<a>{}</a>", "<?p?>".repeat(200_000)).into_bytes(), 3, "anweisungen.xml"),
        ("kommentare", format!("<a>{}</a>", "<!---->".repeat(200_000)).into_bytes(), 3, "kommentare.xml"),
        (
            "xinclude",
            b"<a xmlns:x='http://www.w3.org/2001/XInclude'><x:include href='file:///etc/passwd'/></a>".to_vec(),
            0,
            "XML",
        ),
    ];
    for (name, bytes, code, said) in cases {
        sandbox.file(&format!("{name}.xml"), &bytes);
        let run = sandbox.run(&format!("inspect {name}.xml")).exits(code);
        assert!(format!("{}{}", run.stdout, run.stderr).contains(said), "{name}: {}{}", run.stdout, run.stderr);
        assert!(!run.stdout.contains("root:"), "{name}");
    }
}

#[test]
fn a_single_xml_document_is_a_record_of_its_own() {
    let sandbox = Sandbox::new();
    let bytes = b"<?xml version='1.0' encoding='ISO-8859-1'?><akte>Gr\xf6\xdfe</akte>";
    sandbox.file("akte.xml", bytes);
    assert_eq!(sandbox.json("ingest akte.xml").exits(0).states(), ["stored"]);
    assert_eq!(sandbox.json("ingest akte.xml").exits(0).states(), ["already-stored"]);
    let id = sandbox.list()[0]["id"].as_str().unwrap().to_owned();
    let permit = sandbox.permit();
    sandbox.run(&format!("export {id} --permit {permit} --out aus")).exits(0);
    let found = tree(&sandbox.path("aus"));
    let stored = super::sandbox::Entry::File(sha256(bytes));
    assert!(found.values().any(|entry| *entry == stored), "{found:?}");
    sandbox.file("kaputt.xml", b"<akte>");
    let before = tree(&sandbox.path("archiv/store"));
    sandbox.json("ingest kaputt.xml").exits(3).finds("xml-malformed", "kaputt.xml");
    assert_eq!(before, tree(&sandbox.path("archiv/store")));
}

/// Writes a bag with one file below `folder`; `change` may replace any of its files.
fn bag(sandbox: &Sandbox, folder: &str, change: &[(&str, &str)]) -> PathBuf {
    let text = "Akte\n";
    let files = [
        ("bagit.txt".to_owned(), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned()),
        ("bag-info.txt".to_owned(), "Source-Organization: Stadt Musterstadt\nPayload-Oxum: 5.1\n".to_owned()),
        ("manifest-sha256.txt".to_owned(), format!("{}  data/Akte 1/a.txt\n", sha256(text.as_bytes()))),
        ("data/Akte 1/a.txt".to_owned(), text.to_owned()),
    ];
    for (name, content) in
        files.into_iter().chain(change.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())))
    {
        sandbox.file(&format!("{folder}/{name}"), content.as_bytes());
    }
    sandbox.path(folder)
}

#[test]
fn a_bag_is_taken_over_proven_in_any_form() {
    let sandbox = Sandbox::new();
    let folder = bag(&sandbox, "tasche", &[]);
    let paths: Vec<String> = tree(&folder).into_keys().map(|path| path.into_string().unwrap()).collect();
    let files = paths.iter().filter(|path| folder.join(path).is_file());
    let entries: Vec<(String, Vec<u8>)> =
        files.map(|path| (format!("anders/{path}"), fs::read(folder.join(path)).unwrap())).collect();
    let entries: Vec<(&str, &[u8])> = entries.iter().map(|(name, bytes)| (name.as_str(), &**bytes)).collect();
    pack_zip(&sandbox.path("tasche.zip"), &entries);
    let before = tree(&folder);
    let run = sandbox.json("ingest tasche").exits(0);
    assert_eq!((run.states(), run.results()[0]["profile"].as_str()), (vec!["stored".to_owned()], Some("bagit 1")));
    assert_eq!(sandbox.json("ingest tasche.zip").exits(0).states(), ["already-stored"]);
    pack(&sandbox, "tasche");
    assert_eq!(sandbox.json("ingest tasche.tar.gz").exits(0).states(), ["already-stored"]);
    let told = |path: &str| sandbox.json(&format!("validate {path}")).exits(0).results()[0]["findings"].clone();
    assert_eq!(told("tasche.tar.gz"), told("tasche"));
    assert_eq!(before, tree(&folder));
    let id = sandbox.list()[0]["id"].as_str().unwrap().to_owned();
    let permit = sandbox.permit();
    sandbox.run(&format!("export {id} --permit {permit} --out aus")).exits(0);
    let out: Vec<String> = tree(&sandbox.path("aus")).into_keys().map(|path| path.into_string().unwrap()).collect();
    for path in ["data/Akte 1/a.txt", "metadata/other/bagit/bagit.txt", "metadata/other/bagit/manifest-sha256.txt"] {
        assert!(out.iter().any(|found| found.ends_with(path)), "{path} is not in {out:?}");
    }
    sandbox.is_whole();
}

#[test]
fn a_bag_that_contradicts_itself_is_refused_with_the_file() {
    type Case = (&'static str, Vec<(&'static str, String)>, &'static str, &'static str);
    let line = |path: &str| format!("{}  {path}\n", sha256(b"Akte\n"));
    let own = line("data/Akte 1/a.txt");
    let cases: Vec<Case> = vec![
        (
            "up",
            vec![("manifest-sha256.txt", own.clone() + &line("../../../etc/passwd"))],
            "reference-outside",
            "manifest-sha256.txt",
        ),
        (
            "root",
            vec![("manifest-sha256.txt", own.clone() + &line("/etc/passwd"))],
            "reference-outside",
            "manifest-sha256.txt",
        ),
        (
            "missing",
            vec![("manifest-sha256.txt", own.clone() + &line("data/b.txt"))],
            "reference-missing",
            "data/b.txt",
        ),
        ("encoded", vec![("manifest-sha256.txt", own.clone() + &line("data/a%0Ab.txt"))], "reference-missing", "%0A"),
        ("twice", vec![("manifest-sha256.txt", own.repeat(2))], "named-twice", "data/Akte 1/a.txt"),
        ("surplus", vec![("data/b.txt", String::new())], "file-unreferenced", "data/b.txt"),
        ("changed", vec![("data/Akte 1/a.txt", "akte\n".to_owned())], "checksum-mismatch", "data/Akte 1/a.txt"),
        ("fetch", vec![("fetch.txt", "http://localhost:9/x - data/x\n".to_owned())], "bag-invalid", "fetch.txt"),
        ("oxum", vec![("bag-info.txt", "Payload-Oxum: 6.1\n".to_owned())], "bag-invalid", "bag-info.txt"),
        // What stands behind the bytes that are read is no less wrong.
        (
            "oxum behind much",
            vec![("bag-info.txt", "Note: much\n".repeat(100_000) + "Payload-Oxum: 6.1\n")],
            "bag-invalid",
            "bag-info.txt",
        ),
        (
            "blank lines",
            vec![(
                "bagit.txt",
                "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned() + &"\n".repeat(2 << 20),
            )],
            "bag-invalid",
            "bagit.txt",
        ),
        ("tag", vec![("tagmanifest-sha256.txt", line("bag-info.txt"))], "checksum-mismatch", "bag-info.txt"),
        ("tag gone", vec![("tagmanifest-sha256.txt", line("weg.txt"))], "reference-missing", "weg.txt"),
        (
            "version",
            vec![("bagit.txt", "BagIt-Version: 9.9\nTag-File-Character-Encoding: UTF-8\n".to_owned())],
            "bag-invalid",
            "bagit.txt",
        ),
    ];
    for (name, change, code, named) in cases {
        let sandbox = Sandbox::new();
        let change: Vec<(&str, &str)> = change.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let folder = bag(&sandbox, "tasche", &change);
        let (before, store) = (tree(&folder), tree(&sandbox.path("archiv/store")));
        drop(sandbox.json("inspect tasche").exits(3));
        let run = sandbox.json("ingest tasche").exits(3);
        assert!(run.stdout.contains(code) && run.stdout.contains(named), "{name}: {}", run.stdout);
        assert_eq!(before, tree(&folder), "{name}");
        assert!(sandbox.list().is_empty(), "{name}");
        // Its accession tells of the refusal; no package came of it.
        let packages = |tree: &std::collections::BTreeMap<_, _>| {
            tree.keys().filter(|path: &&std::ffi::OsString| path.to_string_lossy().ends_with(".zip")).count()
        };
        assert_eq!(packages(&store), packages(&tree(&sandbox.path("archiv/store"))), "{name}");
    }
}

/// A TAR of the format ustar: names, kinds, bytes or what a link names.
fn tar(entries: &[(&str, u8, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, kind, bytes) in entries {
        let (target, bytes) = if *kind == b'1' { (*bytes, &b""[..]) } else { (&b""[..], *bytes) };
        let mut head = [0; 512];
        head[..name.len()].copy_from_slice(name.as_bytes());
        head[100..108].copy_from_slice(b"0000644\0");
        head[124..136].copy_from_slice(format!("{:011o}\0", bytes.len()).as_bytes());
        head[136..148].copy_from_slice(b"14000000000\0");
        head[148..156].fill(b' ');
        head[156] = *kind;
        head[157..157 + target.len()].copy_from_slice(target);
        head[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
        head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend_from_slice(&head);
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.extend([0; 1024]);
    out
}

#[test]
fn hard_links_of_a_tar_do_not_fill_the_disk() {
    let sandbox = Sandbox::new();
    let large = vec![b'x'; 256 << 10];
    let names: Vec<String> = (0..2_000).map(|number| format!("{number}")).collect();
    let links = names.iter().map(|name| (name.as_str(), b'1', &b"a"[..]));
    let bomb = tar(&[("a", b'0', &*large)].into_iter().chain(links).collect::<Vec<_>>());
    sandbox.file("bombe.tar", &bomb);
    sandbox.run("inspect bombe.tar").exits(3).tells("bombe.tar");
    sandbox.json("ingest bombe.tar").exits(3).finds("tar-structure", "limit");
    assert!(sandbox.list().is_empty());
    // A few are what programs write of trees that have them.
    sandbox.file("gut.tar", &tar(&[("a", b'0', &*large), ("b", b'1', b"a"), ("c", b'1', b"b")]));
    sandbox.json("ingest gut.tar").exits(0);
    sandbox.is_whole();
}

/// GNU tar and Python read other names here, each its own.
#[test]
fn a_tar_that_names_an_entry_in_two_ways_is_refused() {
    let sandbox = Sandbox::new();
    let path = |name: &str| format!("9 path={name}\n").into_bytes();
    for (name, heads) in [
        ("zwei-pax", vec![("h", b'x', path("a")), ("h", b'x', path("b"))]),
        ("lang-und-pax", vec![("l", b'L', b"a\0".to_vec()), ("h", b'x', path("b"))]),
        ("pax-und-lang", vec![("h", b'x', path("a")), ("l", b'L', b"b\0".to_vec())]),
        ("zeit-und-name", vec![("h", b'x', path("a")), ("h", b'x', b"11 mtime=1\n".to_vec())]),
    ] {
        let heads = heads.iter().map(|(name, kind, bytes)| (*name, *kind, bytes.as_slice()));
        let entries: Vec<_> = heads.chain([("x", b'0', &b"eins"[..])]).collect();
        sandbox.file(&format!("{name}.tar"), &tar(&entries));
        sandbox.run(&format!("inspect {name}.tar")).exits(3).tells("an extended header is wrong");
        sandbox.json(&format!("ingest {name}.tar")).exits(3).finds("tar-structure", "extended");
    }
    assert!(sandbox.list().is_empty());
}

/// Unpacked where names are normalised, one of two such files overwrites the other.
#[test]
fn names_that_differ_in_their_unicode_form_only_are_twins_in_a_container() {
    let sandbox = Sandbox::new();
    let (composed, taken_apart) = ("Gr\u{fc}n", "Gru\u{308}n");
    let file = |name: &str, path: &str| (name.to_owned(), path.to_owned());
    let twins = [
        file("dateien", &format!("{composed}.txt {taken_apart}.txt")),
        file("unterordner", &format!("{taken_apart}/a.txt {composed}/a.txt")),
        file("ordner", &format!("{composed} {taken_apart}/a.txt")),
    ];
    for (name, paths) in twins {
        let entries: Vec<(&str, &[u8])> = paths.split(' ').map(|path| (path, path.as_bytes())).collect();
        pack_zip(&sandbox.path(&format!("{name}.zip")), &entries);
        let entries: Vec<_> = entries.into_iter().map(|(path, bytes)| (path, b'0', bytes)).collect();
        sandbox.file(&format!("{name}.tar"), &tar(&entries));
        for form in ["zip", "tar"] {
            sandbox.json(&format!("ingest {name}.{form}")).exits(3).finds(&format!("{form}-structure"), "twice");
        }
    }
    assert!(sandbox.list().is_empty());
    // Folders become one; each file stays. Case is kept by all that unpack.
    let paths = [format!("{composed}/a.txt"), format!("{taken_apart}/b.txt"), "A.txt".to_owned(), "a.txt".to_owned()];
    let entries: Vec<(&str, &[u8])> = paths.iter().map(|path| (path.as_str(), path.as_bytes())).collect();
    pack_zip(&sandbox.path("gut.zip"), &entries);
    sandbox.json("ingest gut.zip").exits(0);
    sandbox.is_whole();
}

/// Three letters of TOML are a table of a kilobyte: a delivery must not take gigabytes with a megabyte.
#[test]
fn a_table_in_toml_that_would_fill_the_memory_is_refused_before_it_is_taken_apart() {
    let sandbox = Sandbox::new();
    let keys = (0..90_000).fold(String::new(), |text, number| text + &format!("a{number}.b=1\n"));
    let texts = [
        format!("a=[{}]", "{b.c.d=1},".repeat(90_000)),
        "[[a]]\n".repeat(150_000),
        format!("a=[{}]", "[],".repeat(300_000)),
        keys,
    ];
    for text in texts {
        sandbox.file("lieferung/Akte/a.txt", b"a");
        sandbox.file("lieferung/metadata.toml", text.as_bytes());
        sandbox.run("ingest lieferung").exits(3).tells("100,000 values");
        sandbox.file("profil.toml", text.as_bytes());
        sandbox.run("profile check profil.toml").exits(2).tells("100000 values");
    }
    assert!(sandbox.list().is_empty());
    let record = |number| format!("[[record]]\npath = \"Akte {number}\"\ntitle = \"Nr. {number}, a = [b]\"\n");
    sandbox.file("viele/metadata.toml", (0..2_000).map(record).collect::<String>().as_bytes());
    for number in 0..2_000 {
        sandbox.file(&format!("viele/Akte {number}/a.txt"), b"a");
    }
    sandbox.run("inspect viele").exits(0);
}

#[test]
fn many_small_bombs_are_one() {
    let sandbox = Sandbox::empty();
    let nothing = vec![0; 1 << 20];
    let names: Vec<String> = (0..200).map(|number| format!("Akte/{number}")).collect();
    let mut writer = zip::ZipWriter::new(fs::File::create(sandbox.path("bomben.zip")).unwrap());
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for name in &names {
        writer.start_file(name.as_str(), options).unwrap();
        std::io::Write::write_all(&mut writer, &nothing).unwrap();
    }
    writer.finish().unwrap();
    let start = Instant::now();
    sandbox.json("inspect bomben.zip").exits(3);
    sandbox.run("inspect bomben.zip").exits(3).tells("bomben.zip");
    assert!(start.elapsed().as_secs() < 20);
}
