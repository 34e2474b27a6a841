//! Archives of released versions are read and filled as they are, and get a later format on request only.

use std::fs;
use std::path::Path;

use super::sandbox::{Sandbox, shell, tree};

/// An archive as version 0.1 made it, and the folder `eigene` that it took over last.
pub fn frozen() -> Sandbox {
    let sandbox = Sandbox::empty();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen/0.1/archive.tar.gz");
    shell("tar", &["-xzf".as_ref(), file.as_os_str(), "-C".as_ref(), sandbox.path("").as_os_str()]);
    sandbox
}

const INVOICE: &str = "b481c3f2-53a6-546a-9075-d4a75072416a";
const LOOSE: &str = "f981eb83-6659-5f06-a71a-a0003bf454eb";

fn marker(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.path("archiv/earchiv.toml")).unwrap()
}

#[test]
fn an_archive_of_version_0_1_is_read_without_changing_a_byte() {
    let sandbox = frozen();
    super::sandbox::copy(&sandbox.path("archiv"), &sandbox.path("kopie"));
    let before = tree(&sandbox.path("archiv"));
    let list = sandbox.list();
    assert_eq!(list.len(), 11);
    for row in &list {
        sandbox.json(&format!("show {}", row["id"].as_str().unwrap())).exits(0);
    }
    let found = sandbox.json("list --search muehlgraben").exits(0).results();
    assert!(found.iter().any(|row| row["title"] == "Mühlgrabenbrücke, Erneuerung"), "{found:?}");
    sandbox.run("list --state disposed").exits(0);
    sandbox.run("accession list").exits(0);
    sandbox.run("accession show 2023-0004").exits(0).tells("2023-0004");
    sandbox.run("accession show 2023-0001 --format text").exits(0);
    sandbox.run("journal verify").exits(0);
    sandbox.run("ingest eigene --as-folder --dry-run").exits(0);
    sandbox.run("migrate --dry-run").exits(0).tells("from format 1 to format 2");
    sandbox.run("repair --from kopie --dry-run").exits(0);
    sandbox.run(&format!("dispose {INVOICE} --order 1 --first A --second B")).exits(2).tells("earchiv migrate");
    assert_eq!(tree(&sandbox.path("archiv")), before);
}

#[test]
fn an_archive_of_version_0_1_is_whole_and_gives_out_and_takes_in() {
    let sandbox = frozen();
    sandbox.is_whole();
    assert!(sandbox.json("audit").exits(0).results().iter().all(|result| result["code"].is_null()));
    sandbox.run(&format!("export {INVOICE} --out dip")).exits(0);
    let again = sandbox.json("ingest eigene --as-folder").exits(0);
    assert_eq!(again.states(), ["already-stored", "already-stored"]);
    sandbox.delivery("lieferung");
    sandbox.run("ingest lieferung").exits(0);
    assert_eq!(sandbox.list().len(), 14);
    sandbox.is_whole();
    sandbox.run("catalogue rebuild").exits(0);
    sandbox.is_whole();
    assert!(marker(&sandbox).contains("\nformat = 1\n"), "{}", marker(&sandbox));
}

#[test]
fn a_damaged_archive_of_version_0_1_is_repaired_without_migration() {
    let sandbox = frozen();
    let stored = tree(&sandbox.path("archiv/store"));
    super::sandbox::copy(&sandbox.path("archiv"), &sandbox.path("kopie"));
    fs::remove_dir_all(sandbox.object(LOOSE)).unwrap();
    sandbox.run("repair --from kopie").exits(0);
    assert_eq!(tree(&sandbox.path("archiv/store")), stored);
    sandbox.is_whole();
    assert!(marker(&sandbox).contains("\nformat = 1\n"));
}

#[test]
fn migration_happens_on_request_once() {
    let sandbox = frozen();
    let (stored, before) = (tree(&sandbox.path("archiv/store")), marker(&sandbox));
    let migrated = sandbox.json("migrate").exits(0).results();
    assert_eq!((&migrated[0]["state"], &migrated[0]["to"]), (&"migrated".into(), &2.into()));
    assert_eq!(marker(&sandbox), before.replace("format = 1", "format = 2"));
    assert_eq!(tree(&sandbox.path("archiv/store")), stored);
    let events = sandbox.json("journal show").exits(0).results();
    let told: Vec<_> = events.iter().filter(|event| event["event"] == "migrated").collect();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0]["from"].as_u64(), told[0]["to"].as_u64()), (Some(1), Some(2)));
    sandbox.is_whole();
    let whole = tree(&sandbox.path("archiv"));
    let again = sandbox.json("migrate").exits(0).results();
    assert_eq!(again[0]["state"], "already");
    assert_eq!(tree(&sandbox.path("archiv")), whole);
    sandbox.run("ingest eigene --as-folder").exits(0);
    sandbox.run(&format!("dispose {LOOSE} --order 1 --first A --second B")).exits(0);
    sandbox.run("catalogue rebuild").exits(0);
    sandbox.is_whole();
}

#[test]
fn a_marker_that_claims_another_format_is_found() {
    let sandbox = frozen();
    let path = sandbox.path("archiv/earchiv.toml");
    fs::write(&path, marker(&sandbox).replace("format = 1", "format = 2")).unwrap();
    sandbox.json("audit").exits(7).finds("marker-differs", "format 1");
    fs::write(&path, marker(&sandbox).replace("format = 2", "format = 1")).unwrap();
    sandbox.run("migrate").exits(0);
    sandbox.is_whole();
    fs::write(&path, marker(&sandbox).replace("format = 2", "format = 1")).unwrap();
    sandbox.json("audit").exits(7).finds("marker-differs", "format 2");
}

#[test]
fn an_archive_of_a_later_format_is_refused_by_every_command() {
    let sandbox = frozen();
    let path = sandbox.path("archiv/earchiv.toml");
    super::sandbox::copy(&sandbox.path("archiv"), &sandbox.path("kopie"));
    fs::write(&path, marker(&sandbox).replace("format = 1", "format = 3")).unwrap();
    let before = tree(&sandbox.path("archiv"));
    for line in
        ["list", "audit", "ingest eigene", "migrate", "migrate --dry-run", "repair --from kopie", "catalogue rebuild"]
    {
        sandbox.run(line).exits(2).tells("format 3");
    }
    assert_eq!(tree(&sandbox.path("archiv")), before);
}
