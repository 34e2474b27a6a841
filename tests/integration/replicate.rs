//! The second copy is like the archive, byte for byte, however it came about; nothing good is lost in either of them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::crash::traces;
use super::sandbox::{Entry, Run, Sandbox, copy, not_tested, tree};

const REPLICATE: &str = "replicate --to kopie";

/// A filled archive and its copy.
fn copied() -> Sandbox {
    let sandbox = Sandbox::filled();
    sandbox.run(REPLICATE).exits(0);
    sandbox
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

/// Where something of the archive lies in its copy.
fn in_copy(sandbox: &Sandbox, path: &Path) -> PathBuf {
    sandbox.path("kopie").join(path.strip_prefix(sandbox.path("archiv")).unwrap())
}

fn journal(sandbox: &Sandbox, archive: &str) -> Vec<u8> {
    fs::read(sandbox.path(archive).join("journal/journal.jsonl")).unwrap()
}

/// All that lies in a folder but for the history of its audits, which each has of its own.
fn kept(folder: &Path) -> BTreeMap<OsString, Entry> {
    let mut entries = tree(folder);
    entries.retain(|path, _| !Path::new(path).components().any(|part| part.as_os_str() == "audit"));
    entries
}

/// Says that `kopie` is as the archive was before its own last entry, which says so, and that checks of it change nothing.
fn is_copy(sandbox: &Sandbox) {
    let (own, theirs) = (journal(sandbox, "archiv"), journal(sandbox, "kopie"));
    let rest = own.strip_prefix(&theirs[..]);
    assert!(rest.is_some(), "the journal is not the first part of the other");
    let rest = String::from_utf8(rest.unwrap().to_owned()).unwrap();
    assert!(rest.lines().count() == 1 && rest.contains("\"event\":\"replicated\""), "{rest}");
    for part in ["store", "agreements", "reports"] {
        assert_eq!(kept(&sandbox.path("archiv").join(part)), kept(&sandbox.path("kopie").join(part)), "{part}");
    }
    let before = kept(&sandbox.path("kopie"));
    for command in ["audit", "verify", "journal verify"] {
        let found = sandbox.json(&format!("{command} --archive kopie")).exits(0).findings();
        assert!(found.is_empty(), "{command}: {found:?}");
    }
    assert_eq!(kept(&sandbox.path("kopie")), before);
    let list = |archive: &str| sandbox.json(&format!("list --archive {archive}")).exits(0).stdout;
    assert_eq!(list("archiv"), list("kopie"));
    let accessions = |archive: &str| sandbox.json(&format!("accession list --archive {archive}")).exits(0).stdout;
    assert_eq!(accessions("archiv"), accessions("kopie"));
    assert_eq!(fs::read_dir(sandbox.path("kopie/staging")).unwrap().count(), 0);
    sandbox.is_whole();
}

fn states(run: &Run) -> Vec<String> {
    run.results().iter().filter_map(|result| Some(result["state"].as_str()?.to_owned())).collect()
}

#[test]
fn a_copy_is_made_and_only_what_is_new_is_copied_later() {
    let sandbox = Sandbox::filled();
    sandbox.file("archiv/agreements/bauhof.toml", b"name = \"bauhof\"\nprofile = \"dateiablage\"\n");
    let before = tree(&sandbox.path("archiv/store"));
    let plan = sandbox.json("replicate --to kopie --dry-run").exits(0);
    assert_eq!(states(&plan), ["planned"; 4]);
    assert!(!sandbox.path("kopie").exists());
    let first = sandbox.json(REPLICATE).exits(0);
    assert_eq!(states(&first), ["copied"; 4]);
    assert_eq!(tree(&sandbox.path("archiv/store")), before);
    is_copy(&sandbox);
    let again = sandbox.json(REPLICATE).exits(0);
    assert!(states(&again).is_empty(), "{}", again.stdout);
    assert_eq!(again.document()["summary"]["objects"], 4);
    is_copy(&sandbox);
    sandbox.file("zweite/Brunnen/Wartung.txt", b"Wartung\n");
    sandbox.run("ingest zweite").exits(0);
    sandbox.file("archiv/agreements/bauhof.toml", b"name = \"bauhof\"\nprofile = \"dateiablage\"\n# neu\n");
    assert_eq!(states(&sandbox.json(REPLICATE).exits(0)), ["copied"; 2]);
    is_copy(&sandbox);
}

#[test]
fn further_versions_and_tombstones_come_into_the_copy_and_files_that_it_has_are_kept() {
    let sandbox = copied();
    let [parks, playgrounds] = ["Grünanlagen", "Spielplätze"].map(|title| sandbox.id(title));
    let payload = in_copy(&sandbox, &sandbox.package(&parks));
    let inode = fs::metadata(&payload).unwrap().ino();
    sandbox.run(&format!("amend {parks} --reason Tippfehler --title Parks")).exits(0);
    sandbox.file("nachtrag/Skizze.txt", b"Skizze");
    sandbox.run(&format!("ingest --supplements {parks} nachtrag")).exits(0);
    assert_eq!(states(&sandbox.json(REPLICATE).exits(0)), ["updated", "copied"]);
    assert_eq!(fs::metadata(&payload).unwrap().ino(), inode, "the payload was copied again");
    is_copy(&sandbox);
    // A copy of what is disposed of later lies aside in the copy: that goes, too.
    flip(&in_copy(&sandbox, &sandbox.package(&playgrounds)));
    assert_eq!(states(&sandbox.json("replicate --to kopie --full").exits(0)), ["restored"]);
    assert_eq!(fs::read_dir(sandbox.path("kopie/damaged")).unwrap().count(), 1);
    sandbox.run(&format!("dispose {playgrounds} --order 1 --first A --second B")).exits(0);
    assert_eq!(states(&sandbox.json(REPLICATE).exits(0)), ["updated"]);
    is_copy(&sandbox);
    assert_eq!(fs::read_dir(sandbox.path("kopie/damaged")).unwrap().count(), 0);
    // A copy that is made only now has no more of it.
    sandbox.run("replicate --to dritte").exits(0);
    assert_eq!(tree(&sandbox.path("dritte/store")), tree(&sandbox.path("archiv/store")));
    sandbox.run("audit --archive dritte").exits(0);
    sandbox.run(&format!("export {parks} --out dip --archive dritte --permit nein")).exits(8);
}

#[test]
fn an_archive_that_is_lost_comes_back_from_its_copy_and_goes_on() {
    let sandbox = copied();
    sandbox.permit();
    let titles: Vec<String> = sandbox.list().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    let payload = |archive: &str, out: &str| {
        for id in &titles {
            sandbox.run(&format!("export {id} . --out {out}/{id} --permit P --archive {archive}")).exits(0);
        }
        tree(&sandbox.path(out))
    };
    let given = payload("archiv", "vorher");
    sandbox.run(REPLICATE).exits(0);
    let (list, store) = (sandbox.json("list").exits(0).stdout, tree(&sandbox.path("archiv/store")));
    fs::remove_dir_all(sandbox.path("archiv")).unwrap();
    let kept = tree(&sandbox.path("kopie"));
    sandbox.run("replicate --archive kopie --to archiv").exits(0).tells("archive again");
    assert_eq!(tree(&sandbox.path("kopie")), kept);
    assert_eq!(journal(&sandbox, "archiv"), journal(&sandbox, "kopie"));
    assert_eq!(tree(&sandbox.path("archiv/store")), store);
    sandbox.is_whole();
    assert_eq!(sandbox.json("list").exits(0).stdout, list);
    assert_eq!(payload("archiv", "nachher"), given);
    sandbox.file("zweite/Brunnen/Wartung.txt", b"Wartung\n");
    sandbox.run("ingest zweite").exits(0);
    sandbox.is_whole();
    // And its copy is a copy still.
    sandbox.run(REPLICATE).exits(0);
    is_copy(&sandbox);
}

#[test]
fn nothing_but_replication_writes_to_a_copy() {
    let sandbox = copied();
    let id = sandbox.id("Grünanlagen");
    let before = tree(&sandbox.path("kopie"));
    for line in [
        "ingest lieferung".to_owned(),
        format!("amend {id} --reason x --title y"),
        format!("dispose {id} --order 1 --first A --second B"),
        format!("access grant --number 1 --basis B --until 9999 --package {id}"),
        "migrate".to_owned(),
        "repair --from archiv".to_owned(),
    ] {
        sandbox.run(&format!("{line} --archive kopie")).exits(2).tells("is a copy");
        assert_eq!(tree(&sandbox.path("kopie")), before, "{line}");
    }
    sandbox.run("replicate --archive kopie --to dritte --as-copy").exits(0);
    sandbox.run("ingest lieferung --archive dritte").exits(2);
    // Who takes the mark away makes an archive of it; then there are two, and each says so.
    fs::remove_file(sandbox.path("kopie/copy.toml")).unwrap();
    sandbox.file("zweite/Brunnen/Wartung.txt", b"Wartung\n");
    sandbox.run("ingest zweite --archive kopie").exits(0);
    let other = (tree(&sandbox.path("archiv")), tree(&sandbox.path("kopie")));
    let refused = sandbox.json(REPLICATE).exits(7).document();
    assert_eq!(refused["error"]["code"], "copy-parted");
    assert_eq!((tree(&sandbox.path("archiv")), tree(&sandbox.path("kopie"))), other);
    sandbox.run("audit --archive kopie").exits(0);
}

#[test]
fn what_is_no_copy_of_this_archive_is_refused_and_not_touched() {
    let sandbox = copied();
    sandbox.run("init fremd --name Fremd").exits(0);
    sandbox.file("voll/irgendwas", b"x");
    sandbox.file("datei", b"x");
    symlink(sandbox.path("archiv"), sandbox.path("selbst")).unwrap();
    symlink(sandbox.path("archiv/store"), sandbox.path("drin")).unwrap();
    let before = tree(&sandbox.path(""));
    for to in
        ["archiv", "archiv/kopie", "archiv/store/neu", "selbst", "drin/a/b", ".", "fremd", "voll", "datei", "datei/x"]
    {
        let run = sandbox.run(&format!("replicate --to {to}"));
        assert!(matches!(run.code, Some(2 | 4)), "{to}: {run:?}");
        assert_eq!(tree(&sandbox.path("")), before, "{to}");
        let run = sandbox.run(&format!("replicate --to {to} --dry-run"));
        assert!(matches!(run.code, Some(2 | 4)), "{to}: {run:?}");
    }
    let whole = journal(&sandbox, "kopie");
    let own = sandbox.path("archiv/journal/journal.jsonl");
    let (later, catalogue) = (fs::read(&own).unwrap(), fs::read(sandbox.path("archiv/catalogue.sqlite")).unwrap());
    // The copy knows more than the archive: that one was rolled back, with its catalogue.
    sandbox.run(REPLICATE).exits(0);
    let kept = [later.clone(), journal(&sandbox, "archiv"), fs::read(sandbox.path("archiv/catalogue.sqlite")).unwrap()];
    let lines: Vec<&[u8]> = whole.split_inclusive(|letter| *letter == b'\n').collect();
    fs::write(&own, lines[..lines.len() - 3].concat()).unwrap();
    sandbox.run(REPLICATE).exits(7).tells("journal verify");
    fs::remove_file(sandbox.path("archiv/catalogue.sqlite")).unwrap();
    assert_eq!(sandbox.json(REPLICATE).exits(7).document()["error"]["code"], "copy-ahead");
    fs::write(&own, &kept[1]).unwrap();
    fs::write(sandbox.path("archiv/catalogue.sqlite"), &kept[2]).unwrap();
    drop(catalogue);
    // A changed line in the copy's journal.
    let theirs = sandbox.path("kopie/journal/journal.jsonl");
    let good = fs::read(&theirs).unwrap();
    flip(&theirs);
    let damaged = tree(&sandbox.path("kopie"));
    assert_eq!(sandbox.json(REPLICATE).exits(7).document()["error"]["code"], "copy-journal-damaged");
    assert_eq!(tree(&sandbox.path("kopie")), damaged);
    fs::remove_file(&theirs).unwrap();
    sandbox.run(REPLICATE).exits(0);
    assert!(journal(&sandbox, "kopie").starts_with(&good));
    is_copy(&sandbox);
    // A changed line in the archive's own.
    flip(&own);
    sandbox.run(REPLICATE).exits(7);
}

#[test]
fn what_is_damaged_here_is_named_and_neither_copied_nor_counted() {
    let sandbox = Sandbox::filled();
    let [changed, lost, kept] = ["Grünanlagen", "Spielplätze", "lieferung"].map(|title| sandbox.id(title));
    copy(&sandbox.path("archiv"), &sandbox.path("gut"));
    flip(&sandbox.package(&changed));
    let place = sandbox.object(&lost);
    fs::remove_dir_all(&place).unwrap();
    let run = sandbox.json(REPLICATE).exits(5);
    let state = |run: &Run, id: &str| {
        let results = run.results();
        let found = results.iter().find(|result| result["name"] == id);
        found.map(|found| found["state"].as_str().unwrap().to_owned())
    };
    assert_eq!(state(&run, &changed).as_deref(), Some("damaged"));
    assert_eq!(state(&run, &lost).as_deref(), Some("damaged"));
    assert_eq!(state(&run, &kept).as_deref(), Some("copied"));
    run.clone().finds("package-changed", &changed).finds("package-missing", &lost);
    let summary = run.document()["summary"].clone();
    assert_eq!((&summary["objects"], &summary["copied"], &summary["left"]), (&4.into(), &2.into(), &2.into()));
    let told = sandbox.json("journal show").exits(0).results().pop().unwrap();
    assert_eq!((told["event"].as_str(), told["outcome"].as_str()), (Some("replicated"), Some("failure")));
    assert!(!in_copy(&sandbox, &place).exists());
    sandbox.run(REPLICATE).exits(5).tells("not copied").tells("earchiv repair --from COPY");
    // What is good again is copied, and the copy knows its row.
    sandbox.run("repair --from gut").exits(0);
    sandbox.run(REPLICATE).exits(0);
    is_copy(&sandbox);
    // What the copy has is never given up for something damaged.
    fs::write(sandbox.package(&changed), b"PK").unwrap();
    fs::remove_dir_all(&place).unwrap();
    let before = tree(&sandbox.path("kopie/store"));
    let run = sandbox.json(REPLICATE).exits(5);
    assert_eq!(states(&run), ["damaged-here"; 2]);
    assert_eq!(tree(&sandbox.path("kopie/store")), before);
    sandbox.run("repair --from kopie").exits(0);
    sandbox.run(REPLICATE).exits(0);
    is_copy(&sandbox);
}

#[test]
fn what_is_damaged_in_the_copy_is_copied_anew_and_kept_aside() {
    let sandbox = copied();
    let id = sandbox.id("Grünanlagen");
    let (object, package) = (in_copy(&sandbox, &sandbox.object(&id)), in_copy(&sandbox, &sandbox.package(&id)));
    let harms: [(&str, &dyn Fn()); 7] = [
        ("truncated", &|| fs::write(&package, b"PK").unwrap()),
        ("missing file", &|| fs::remove_file(&package).unwrap()),
        ("missing object", &|| fs::remove_dir_all(&object).unwrap()),
        ("changed inventory", &|| flip(&object.join("inventory.json"))),
        ("foreign file", &|| fs::write(object.join("v1/content/fremd"), b"x").unwrap()),
        ("link in its place", &|| {
            fs::rename(&object, sandbox.path("anderswo")).unwrap();
            symlink(sandbox.path("anderswo"), &object).unwrap();
        }),
        ("file around it", &|| {
            let around = object.parent().unwrap();
            fs::remove_dir_all(around).unwrap();
            fs::write(around, b"x").unwrap();
        }),
    ];
    for (name, harm) in harms {
        let kept = fs::read_dir(sandbox.path("kopie/damaged")).map_or(0, Iterator::count);
        harm();
        sandbox.run("audit --archive kopie").exits(5);
        let run = sandbox.json(REPLICATE).exits(0);
        let expected = if name == "missing object" { "copied" } else { "restored" };
        assert!(states(&run).contains(&expected.to_owned()), "{name}: {}", run.stdout);
        is_copy(&sandbox);
        let now = fs::read_dir(sandbox.path("kopie/damaged")).map_or(0, Iterator::count);
        assert_eq!(now, kept + usize::from(name != "missing object"), "{name}");
        drop(fs::remove_dir_all(sandbox.path("anderswo")));
    }
    // One bit in the middle is found by reading only.
    flip(&package);
    assert!(states(&sandbox.json(REPLICATE).exits(0)).is_empty());
    sandbox.run("verify --archive kopie").exits(5);
    assert_eq!(states(&sandbox.json("replicate --to kopie --full").exits(0)), ["restored"]);
    is_copy(&sandbox);
}

#[test]
fn a_catalogue_that_the_copy_lost_is_made_anew() {
    let sandbox = copied();
    let catalogue = sandbox.path("kopie/catalogue.sqlite");
    let harms: [&dyn Fn(); 3] =
        [&|| fs::remove_file(&catalogue).unwrap(), &|| fs::write(&catalogue, b"no database").unwrap(), &|| {
            fs::copy(sandbox.path("alt.sqlite"), &catalogue).map(drop).unwrap();
        }];
    sandbox.run("init alt --name Alt").exits(0);
    fs::rename(sandbox.path("alt/catalogue.sqlite"), sandbox.path("alt.sqlite")).unwrap();
    for (harm, on_the_spot) in harms.into_iter().zip([true, true, false]) {
        harm();
        sandbox.run(REPLICATE).exits(0);
        is_copy(&sandbox);
        if !on_the_spot {
            // A catalogue that knows another journal could mean that this one was rolled back.
            harm();
            sandbox.run("catalogue rebuild --archive kopie").exits(7);
            continue;
        }
        // The journal of the copy does not tell of it.
        harm();
        let before = journal(&sandbox, "kopie");
        sandbox.run("catalogue rebuild --archive kopie").exits(0);
        assert_eq!(journal(&sandbox, "kopie"), before);
        let found = sandbox.json("audit --archive kopie").exits(0).findings();
        assert!(found.is_empty(), "{found:?}");
    }
}

#[test]
fn a_file_that_was_copied_in_part_is_gone_on_with_whatever_it_holds() {
    let sandbox = copied();
    sandbox.large_delivery("gross", 1, 3 << 20);
    sandbox.run("ingest gross").exits(0);
    let id = sandbox.id("Akte 000");
    let package = sandbox.package(&id);
    let bytes = fs::read(&package).unwrap();
    copy(&sandbox.path("kopie"), &sandbox.path("leer"));
    copy(&sandbox.path("archiv"), &sandbox.path("original"));
    let staged = sandbox.path(&format!("kopie/staging/{id}/object/v1/content/{id}.zip"));
    let begin = |name: &str, part: &[u8]| {
        for (folder, from) in [("kopie", "leer"), ("archiv", "original")] {
            fs::remove_dir_all(sandbox.path(folder)).unwrap();
            copy(&sandbox.path(from), &sandbox.path(folder));
        }
        fs::create_dir_all(staged.parent().unwrap()).unwrap();
        fs::write(&staged, part).unwrap();
        fs::write(staged.with_file_name("fremd"), name).unwrap();
        if name != "foreign file beside it" {
            fs::remove_file(staged.with_file_name("fremd")).unwrap();
        }
        fs::metadata(&staged).unwrap().ino()
    };
    let half = &bytes[..bytes.len() / 2];
    let mut wrong = half.to_vec();
    wrong[1000] ^= 1;
    let longer = [&bytes[..], b"more"].concat();
    for (name, part, goes_on) in [
        ("half", half, true),
        ("all", &bytes[..], true),
        ("wrong bytes", &wrong[..], false),
        ("more than all", &longer[..], false),
        ("foreign file beside it", half, false),
    ] {
        let inode = begin(name, part);
        sandbox.run(REPLICATE).exits(0);
        let now = fs::metadata(in_copy(&sandbox, &package)).unwrap().ino();
        if goes_on {
            assert_eq!(now, inode, "{name}: begun again");
        }
        is_copy(&sandbox);
    }
    // A further name of a stored file is not written to.
    begin("link", half);
    let stored = in_copy(&sandbox, &sandbox.package(&sandbox.id("Grünanlagen")));
    let before = fs::read(&stored).unwrap();
    fs::remove_file(&staged).unwrap();
    fs::hard_link(&stored, &staged).unwrap();
    sandbox.run(REPLICATE).exits(0);
    assert_eq!(fs::read(&stored).unwrap(), before);
    is_copy(&sandbox);
}

#[test]
fn killed_at_any_moment_it_ends_as_if_undisturbed() {
    let sandbox = Sandbox::filled();
    sandbox.large_delivery("viele", 70, 3000);
    sandbox.run(REPLICATE).exits(0);
    let id = sandbox.id("Grünanlagen");
    sandbox.run(&format!("amend {id} --reason Tippfehler --title Parks")).exits(0);
    let gone = sandbox.id("Spielplätze");
    sandbox.run(&format!("dispose {gone} --order 1 --first A --second B")).exits(0);
    sandbox.run("ingest viele").exits(0);
    for folder in ["archiv", "kopie"] {
        copy(&sandbox.path(folder), &sandbox.path(&format!("{folder}-vorher")));
    }
    let begin = |anew: bool| {
        for folder in ["archiv", "kopie"] {
            fs::remove_dir_all(sandbox.path(folder)).unwrap();
            copy(&sandbox.path(&format!("{folder}-vorher")), &sandbox.path(folder));
        }
        if anew {
            fs::remove_dir_all(sandbox.path("kopie")).unwrap();
        }
    };
    let mut killed = 0;
    for anew in [false, true] {
        begin(anew);
        let start = Instant::now();
        sandbox.run(REPLICATE).exits(0);
        let took = start.elapsed();
        for fifth in 0..5_u32 {
            begin(anew);
            let mut child = sandbox.call(REPLICATE).start_unheard();
            thread::sleep(took * (2 * fifth + 1) / 11 + Duration::from_millis(u64::from(fifth * 7 % 5)));
            child.kill().unwrap();
            killed += u32::from(child.wait().unwrap().code().is_none());
            if sandbox.path("kopie/journal/journal.jsonl").exists() {
                // What the journal there knows, the store there has.
                let missing = sandbox.json("audit --archive kopie").findings();
                assert!(missing.iter().all(|finding| finding["code"] != "package-missing"), "{missing:?}");
            }
            sandbox.run(REPLICATE).exits(0);
            assert_eq!(tree(&sandbox.path("kopie/store")), tree(&sandbox.path("archiv/store")));
        }
        is_copy(&sandbox);
    }
    assert!(killed >= 3, "nearly all runs ended before they were killed");
}

#[test]
fn a_copy_that_is_made_while_others_write_is_sound() {
    let sandbox = copied();
    sandbox.large_delivery("viele", 140, 2000);
    let id = sandbox.id("Grünanlagen");
    let mut ingest = sandbox.call("ingest viele").start_unheard();
    let mut runs = 0;
    while ingest.try_wait().unwrap().is_none() || runs < 3 {
        sandbox.run(REPLICATE).exits(0);
        sandbox.run("audit --archive kopie").exits(0);
        runs += 1;
    }
    let mut amend = sandbox.call(&format!("amend {id} --reason x --title y --wait")).start_unheard();
    sandbox.run(REPLICATE).exits(0);
    sandbox.run("audit --archive kopie").exits(0);
    amend.wait().unwrap();
    sandbox.run(REPLICATE).exits(0);
    is_copy(&sandbox);
}

#[test]
fn what_an_interrupted_run_announced_is_not_yet_in_the_copy() {
    if !traces() {
        return not_tested("a copy of an archive whose last run was killed (strace is missing or may not trace)");
    }
    let sandbox = copied();
    let id = sandbox.id("Grünanlagen");
    sandbox.file("zweite/Brunnen/Wartung.txt", b"Wartung\n");
    let calls = [
        ("ingest zweite --jobs 1".to_owned(), "inject=syncfs:signal=KILL:when=3"),
        (format!("amend {id} --reason x --title Parks --jobs 1"), "inject=syncfs:signal=KILL:when=3"),
        (format!("dispose {id} --order 1 --first A --second B --jobs 1"), "inject=syncfs:signal=KILL:when=2"),
    ];
    for (line, kill) in calls {
        let arguments = ["-f", "-qq", "-o", "/dev/null", "-e", kill];
        sandbox.call_through("strace", &arguments, &line).run();
        let announced = String::from_utf8(journal(&sandbox, "archiv")).unwrap();
        let last = announced.lines().last().unwrap();
        assert!(last.contains("committing") || last.contains("disposing"), "{line}: killed elsewhere: {last}");
        // With a copy that has what is being changed, and with one that has nothing.
        sandbox.run(REPLICATE).exits(0);
        let theirs = journal(&sandbox, "kopie");
        assert!(!String::from_utf8(theirs).unwrap().contains(last), "{line}");
        let found = sandbox.json("audit --archive kopie").exits(0).findings();
        assert!(found.iter().all(|finding| finding["code"] == "accession-open"), "{line}: {found:?}");
        sandbox.run(&line).exits(0);
        sandbox.run(REPLICATE).exits(0);
        is_copy(&sandbox);
    }
}

#[test]
fn two_at_once_do_not_come_into_each_others_way() {
    let sandbox = Sandbox::filled();
    sandbox.large_delivery("viele", 70, 2000);
    sandbox.run("ingest viele").exits(0);
    let mut running: Vec<_> = (0..3).map(|_| sandbox.call("replicate --to kopie --wait").start_unheard()).collect();
    for child in &mut running {
        // Those that began to make it at the same time wait, and go on with what the first one made.
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    sandbox.run(REPLICATE).exits(0);
    for command in ["audit", "verify"] {
        sandbox.run(&format!("{command} --archive kopie")).exits(0);
    }
    assert_eq!(tree(&sandbox.path("kopie/store")), tree(&sandbox.path("archiv/store")));
}
