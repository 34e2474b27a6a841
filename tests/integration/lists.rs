//! Lists: what a call is given as a list, and what `list` finds.

use std::fs;

use super::sandbox::Sandbox;

#[test]
fn deliveries_from_a_list_in_a_file_and_on_stdin() {
    for (line, list) in [
        ("ingest --files-from liste.txt", &b"eins\nzwei\n"[..]),
        ("ingest --files-from liste.txt -0", b"eins\0zwei"),
        ("ingest eins --files-from liste.txt", b"zwei\n"),
        ("ingest -", b"eins\nzwei\n"),
        ("ingest --files-from - --null", b"eins\0zwei\0"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.delivery("eins");
        sandbox.delivery("zwei");
        fs::write(sandbox.path("liste.txt"), list).unwrap();
        let run = sandbox.call(line).arg("--json").input(list).run().exits(0);
        let names: Vec<_> = run.results().iter().map(|delivery| delivery["delivery"].clone()).collect();
        assert_eq!(names, ["eins", "zwei"], "{line}");
    }
    let sandbox = Sandbox::new();
    sandbox.call("ingest -").input(b"").run().exits(2);
    sandbox.run("ingest --files-from gibt-es-nicht").exits(2).tells("gibt-es-nicht");
}

#[test]
fn packages_from_a_list() {
    let sandbox = Sandbox::filled();
    let ids: Vec<String> = sandbox.list().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    let list = format!("{}\n{}\n", ids[0], ids[2]);
    let run = sandbox.call("verify - --json").input(list.as_bytes()).run().exits(0);
    let checked: Vec<_> = run.results().iter().map(|result| result["package"].clone()).collect();
    assert_eq!(checked, [ids[0].as_str(), ids[2].as_str()]);
    sandbox.run("verify 00000000-0000-0000-0000-000000000000").exits(2);
    sandbox.run("verify Akte").exits(2).tells("Akte");
}

#[test]
fn words_are_found_without_umlauts_and_inside_other_words() {
    let sandbox = Sandbox::new();
    for name in ["Grünanlagen", "Straßenbau", "Müllabfuhr"] {
        sandbox.file(&format!("lieferung/{name}/Vermerk Nr. 7.txt"), name.as_bytes());
    }
    sandbox.run("ingest lieferung").exits(0);
    for (words, titles) in [
        ("gruenanlagen", &["Grünanlagen"][..]),
        ("grunanlagen", &[]),
        ("Anlagen", &["Grünanlagen"]),
        ("strasse", &["Straßenbau"]),
        ("STRAßE", &["Straßenbau"]),
        ("MUELL", &["Müllabfuhr"]),
        ("vermerk", &["Grünanlagen", "Müllabfuhr", "Straßenbau"]),
        ("vermerk müll", &["Müllabfuhr"]),
        ("x' OR 1=1 --", &[]),
        ("\"", &[]),
        ("*", &[]),
    ] {
        let run = sandbox.call("list --json --search").arg(words).run().exits(0);
        let mut found: Vec<String> =
            run.results().iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect();
        found.sort();
        if words == "grunanlagen" || words == "\"" || words == "*" {
            // Whether more is found than was asked for is not promised, only that it is no fault.
            continue;
        }
        assert_eq!(found, titles, "{words}");
    }
}

#[test]
fn filters_narrow_the_list() {
    let sandbox = Sandbox::filled();
    sandbox.file("zweite/Akte/a.txt", b"a");
    let table = "pfad,titel,von,bis\nAkte,Alte Akte,1920,1931-05\n";
    sandbox.file("zweite/metadata.csv", table.as_bytes());
    sandbox.run("ingest zweite --producer Bauhof").exits(0);
    for (line, count) in [
        ("list", 4),
        ("list --accession 2023-0001", 3),
        ("list --accession 2023-0002", 1),
        ("list --accession 1999-0001", 0),
        ("list --producer Bauhof", 1),
        ("list --producer Niemand", 0),
        ("list --limit 2", 2),
        ("list --to 1950", 1),
        ("list --from 1950", 3),
        ("list --from 1931 --to 1931", 1),
        ("list --from 1932-01-01 --to 1950", 0),
        ("list --state stored", 4),
        ("list --search akte --producer Bauhof", 1),
    ] {
        assert_eq!(sandbox.json(line).exits(0).results().len(), count, "{line}");
    }
    sandbox.run("list --state verloren").exits(2);
}

#[test]
fn a_list_whose_reader_goes_away_ends_quietly() {
    let sandbox = Sandbox::new();
    sandbox.large_delivery("lieferung", 200, 10);
    sandbox.run("ingest lieferung").exits(0);
    let mut child = sandbox.call("list").start();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
}
