//! The catalogue is an index: it can be made anew from store and journal, to the same rows.

use std::fs;

use rusqlite::Connection;
use rusqlite::types::Value;

use super::sandbox::Sandbox;

/// All rows of all tables, each with the name of its table.
pub fn dump(sandbox: &Sandbox) -> Vec<(String, Vec<String>)> {
    let catalogue = Connection::open(sandbox.path("archiv/catalogue.sqlite")).unwrap();
    let mut tables = catalogue.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut dump = Vec::new();
    for table in tables.iter().filter(|name| !name.starts_with("sqlite_") && !name.contains('_')) {
        let mut statement = catalogue.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_names().map(str::to_owned).collect::<Vec<_>>();
        let mut rows = statement.query([]).unwrap();
        let mut found = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let cells = columns.iter().enumerate().filter(|(_, name)| *name != "row");
            found
                .push(cells.map(|(index, name)| format!("{name}={:?}", row.get::<_, Value>(index).unwrap())).collect());
        }
        found.sort();
        dump.extend(found.into_iter().map(|row: Vec<String>| (table.clone(), row)));
    }
    dump
}

fn several() -> Sandbox {
    let sandbox = Sandbox::filled();
    sandbox.large_delivery("zweite", 5, 100);
    sandbox.file("zweite/metadata.csv", "pfad;titel;signatur\nAkte 001;Müllabfuhr;67-1\n".as_bytes());
    sandbox.run("ingest zweite --producer Bauhof").exits(0);
    sandbox.delivery("dritte");
    sandbox.run("pack dritte --out sip").exits(0);
    let sip = fs::read_dir(sandbox.path("sip")).unwrap().next().unwrap().unwrap().path();
    sandbox.call("ingest").arg(sip).run().exits(0);
    sandbox
}

/// Rows without the head: rebuilding is an entry of the journal itself.
fn rows(sandbox: &Sandbox) -> Vec<(String, Vec<String>)> {
    dump(sandbox).into_iter().filter(|(table, _)| table != "head").collect()
}

#[test]
fn made_anew_it_has_the_same_rows() {
    let sandbox = several();
    let before = rows(&sandbox);
    assert!(before.iter().filter(|(table, _)| table == "holding").count() == 9, "{before:?}");
    assert!(before.iter().filter(|(table, _)| table == "accession").count() == 3, "{before:?}");
    for remove in [false, true] {
        let list = sandbox.run("list --json").stdout;
        if remove {
            fs::remove_file(sandbox.path("archiv/catalogue.sqlite")).unwrap();
        }
        sandbox.run("catalogue rebuild").exits(0);
        assert_eq!(before, rows(&sandbox));
        assert_eq!(list, sandbox.run("list --json").stdout);
        sandbox.is_whole();
    }
    // And it goes on.
    sandbox.delivery("vierte");
    assert_eq!(sandbox.json("ingest vierte").exits(0).results()[0]["accession"], "2023-0004");
    sandbox.is_whole();
}

#[test]
fn without_a_catalogue_no_command_makes_an_empty_one() {
    let sandbox = Sandbox::filled();
    let path = sandbox.path("archiv/catalogue.sqlite");
    for harm in ["missing", "cut", "empty", "random"] {
        let whole = fs::read(&path).unwrap();
        match harm {
            "missing" => fs::remove_file(&path).unwrap(),
            "cut" => fs::write(&path, &whole[..whole.len() / 2]).unwrap(),
            "empty" => fs::write(&path, b"").unwrap(),
            _ => fs::write(&path, vec![0x5a; whole.len()]).unwrap(),
        }
        let left = fs::read(&path).ok();
        for command in ["ingest lieferung", "list", "verify", "audit"] {
            sandbox.run(command).exits(7).tells("catalogue rebuild");
            assert_eq!(fs::read(&path).ok(), left, "{harm}: {command} touched it");
        }
        sandbox.run("catalogue rebuild").exits(0);
        sandbox.is_whole();
    }
}

#[test]
fn packages_that_are_lost_are_named_by_the_rebuild() {
    let sandbox = Sandbox::filled();
    let id = sandbox.id("Spielplätze");
    fs::remove_dir_all(sandbox.object(&id)).unwrap();
    let run = sandbox.json("catalogue rebuild").exits(5);
    assert_eq!(run.results()[0]["lost"], serde_json::json!([id]));
    assert_eq!(sandbox.list().len(), 2);
}
