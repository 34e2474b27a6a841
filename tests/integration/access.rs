//! Closure periods are computed, kept and shown; grants let closed packages be used, and the journal knows.

use serde_json::{Value, json};

use super::contents;
use super::sandbox::Sandbox;

/// Records with every kind of date, by their titles.
const TABLE: &str = "pfad;titel;bis;geboren;gestorben;personenbezogen\n\
    laufzeit;Laufzeit;1993-05-12;;;\n\
    heute;Heute;2020;;;\n\
    tod;Tod;;;2001;\n\
    beide;Beide;1970;1950;2001;ja\n\
    geburt;Geburt;1950;1920;;\n\
    mehrere;Mehrere;1960;1950|1900|1890;2001|1980|;\n\
    unbekannt;Unbekannt;1980;;;ja\n\
    nichts;Nichts;;;;\n";

const EXPECTED: &[(&str, &str)] = &[
    ("Laufzeit", "2023-12-31"),
    ("Heute", "2050-12-31"),
    ("Tod", "2011-12-31"),
    ("Beide", "2011-12-31"),
    ("Geburt", "2020-12-31"),
    ("Mehrere", "2011-12-31"),
    ("Unbekannt", "2040-12-31"),
    ("Nichts", "open"),
];

/// An archive with the records of [`TABLE`].
fn filled() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("lieferung/metadata.csv", TABLE.as_bytes());
    for line in TABLE.lines().skip(1) {
        let name = line.split(';').next().unwrap();
        sandbox.file(&format!("lieferung/{name}/Akte.txt"), name.as_bytes());
    }
    sandbox.run("ingest lieferung").exits(0);
    sandbox
}

/// What `list` says of closure, by title.
fn closures(sandbox: &Sandbox, options: &str) -> Vec<(String, String)> {
    let rows = sandbox.json(&format!("list {options}")).exits(0).results();
    let closure = |row: &Value| match &row["closure"] {
        closure if closure["status"] == "until" => closure["until"].as_str().unwrap().to_owned(),
        closure => closure["status"].as_str().unwrap().to_owned(),
    };
    let mut found: Vec<_> = rows.iter().map(|row| (row["title"].as_str().unwrap().to_owned(), closure(row))).collect();
    found.sort();
    found
}

fn expected() -> Vec<(String, String)> {
    let mut expected: Vec<_> = EXPECTED.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    expected.sort();
    expected
}

/// The events of a kind in the journal.
fn events(sandbox: &Sandbox, kind: &str) -> Vec<Value> {
    sandbox.json("journal show").results().into_iter().filter(|event| event["event"] == kind).collect()
}

#[test]
fn each_record_is_closed_as_the_law_says_also_after_a_rebuild() {
    let sandbox = filled();
    assert_eq!(closures(&sandbox, ""), expected());
    let before = sandbox.list();
    sandbox.is_whole();
    sandbox.run("catalogue rebuild").exits(0);
    assert_eq!(sandbox.list(), before);
    sandbox.is_whole();
    let closed = closures(&sandbox, "--closed");
    let free = closures(&sandbox, "--free");
    let named = |list: &[(String, String)]| list.iter().map(|(title, _)| title.clone()).collect::<Vec<_>>();
    assert_eq!(named(&closed), ["Heute", "Nichts", "Unbekannt"]);
    assert_eq!(named(&free), ["Beide", "Geburt", "Laufzeit", "Mehrere", "Tod"]);
    sandbox.run("list --closed --free").exits(2);
    let german = sandbox.run("list --lang de").exits(0);
    german
        .tells("Schutzfrist bis 2050-12-31")
        .tells("Schutzfrist zu prüfen")
        .tells("frei (Schutzfrist bis 2023-12-31)");
}

#[test]
fn a_submission_keeps_what_its_maker_knew_of_persons() {
    let direct = filled();
    let sandbox = Sandbox::new();
    sandbox.file("lieferung/metadata.csv", TABLE.as_bytes());
    for line in TABLE.lines().skip(1) {
        let name = line.split(';').next().unwrap();
        sandbox.file(&format!("lieferung/{name}/Akte.txt"), name.as_bytes());
    }
    sandbox.run("pack lieferung --out sip").exits(0);
    for entry in std::fs::read_dir(sandbox.path("sip")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        sandbox.run(&format!("ingest sip/{name}")).exits(0);
    }
    assert_eq!(closures(&sandbox, ""), closures(&direct, ""));
    sandbox.run("catalogue rebuild").exits(0);
    assert_eq!(closures(&sandbox, ""), expected());
    sandbox.is_whole();
}

#[test]
fn the_package_tells_rule_law_and_end() {
    let sandbox = filled();
    for (title, words) in [
        (
            "Laufzeit",
            &["<rightsBasis>statute<", "DE-SN", "SächsArchivG § 10 Abs. 1 Satz 2 Nr. 1<", "disseminate", "2023-12-31"]
                [..],
        ),
        ("Geburt", &["SächsArchivG § 10 Abs. 1 Satz 2 Nr. 3 Buchst. b<", "person-geburt", "2020-12-31"]),
        ("Nichts", &["Schutzfrist", "zu prüfen", "termOfRestriction"]),
    ] {
        let files = contents::read(&sandbox.package(&sandbox.id(title)));
        let premis = String::from_utf8(files["metadata/preservation/premis.xml"].clone()).unwrap();
        for word in words {
            assert!(premis.contains(word), "{title}: {word}\n{premis}");
        }
        let open = !premis.contains("endDate");
        assert_eq!(open, title == "Nichts");
    }
}

#[test]
fn nothing_closed_is_given_out_without_a_grant() {
    let sandbox = filled();
    let [closed, other, free, open] = ["Heute", "Unbekannt", "Laufzeit", "Nichts"].map(|title| sandbox.id(title));
    sandbox.run(&format!("export {free} --out frei")).exits(0);
    for (line, told) in [
        (format!("export {closed} --out aus"), "2050-12-31"),
        (format!("export {closed} . --out aus"), "SächsArchivG § 10 Abs. 1 Satz 2 Nr. 1"),
        (format!("export {open} --out aus"), "still to be established"),
        (format!("export {closed} --permit 7 --out aus"), "No permit with the number 7"),
    ] {
        let run = sandbox.run(&line).exits(8);
        run.clone().tells(told).tells("access grant");
        assert!(run.stderr.contains(line.split(' ').nth(1).unwrap()), "{}", run.stderr);
    }
    // The clock of the packages opens nothing.
    let call = sandbox.call(&format!("export {closed} --out aus")).env("SOURCE_DATE_EPOCH", "99999999999");
    call.run().exits(8);
    let basis = "SächsArchivG§10Abs.4";
    let grant = |number: &str, until: &str, what: &str| {
        let line =
            format!("access grant --number {number} --basis {basis} --until {until} {what} --on-behalf-of Leitung");
        sandbox.run(&line)
    };
    grant("1", "9999-12-31", &format!("--package {closed} {open}")).exits(0);
    grant("2", "2020", &format!("--package {closed}")).exits(0);
    grant("1", "9999-12-31", &format!("--package {other}")).exits(2);
    grant("3", "9999-12-31", "--package 00000000-0000-0000-0000-000000000000").exits(2);
    grant("4", "9999-12-31", "").exits(2);
    for (id, permit, code) in
        [(&closed, "2", 8), (&closed, "3", 8), (&other, "1", 8), (&closed, "1", 0), (&open, "1", 0)]
    {
        let run = sandbox.json(&format!("export {id} --permit {permit} --out aus")).exits(code);
        if code == 0 {
            assert_eq!(run.results()[0]["permit"], permit);
        } else {
            assert_eq!(run.document()["error"]["code"], "package-closed");
        }
    }
    sandbox.run(&format!("export {closed} . --permit 1 --out datei")).exits(0);
    // A free package needs no grant, and none is used.
    assert_eq!(
        sandbox.json(&format!("export {free} --out frei2 --permit 1")).exits(0).results()[0]["permit"],
        json!(null)
    );

    let reasons: Vec<String> =
        events(&sandbox, "access-refused").iter().map(|event| event["reason"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        reasons,
        [
            "closed",
            "closed",
            "closed",
            "permit-unknown",
            "closed",
            "permit-ended",
            "permit-unknown",
            "permit-for-others"
        ]
    );
    let granted = events(&sandbox, "access-granted");
    assert_eq!(granted.len(), 2);
    assert_eq!((&granted[1]["until"], &granted[0]["on_behalf_of"]), (&json!("2020-12-31"), &json!("Leitung")));
    let used = events(&sandbox, "access-used");
    assert_eq!(used.iter().map(|event| &event["package"]).collect::<Vec<_>>(), [&closed, &open, &closed]);
    assert_eq!(sandbox.json("access list").exits(0).results().len(), 2);
    sandbox.is_whole();
    let journal = std::fs::read_to_string(sandbox.path("archiv/journal/journal.jsonl")).unwrap();
    for title in ["Heute", "Unbekannt", "Nichts"] {
        assert!(!journal.contains(title), "{title} stands in the journal");
    }
}

#[test]
fn a_tampered_catalogue_opens_nothing() {
    let sandbox = filled();
    let id = sandbox.id("Heute");
    let catalogue = rusqlite::Connection::open(sandbox.path("archiv/catalogue.sqlite")).unwrap();
    catalogue.execute("UPDATE holding SET closed_until = '' WHERE id = ?", [&id]).unwrap();
    drop(catalogue);
    sandbox.run(&format!("export {id} --out aus")).exits(8);
    sandbox.json("audit").exits(7).finds("catalogue-differs", "closed_until");
}

#[test]
fn a_grant_for_holdings_is_for_all_their_packages() {
    let sandbox = Sandbox::new();
    let agreement =
        "name = \"a\"\nprofile = \"dateiablage\"\nnumber = \"1\"\nholdings = \"67\"\n[producer]\nname = \"Amt\"\n";
    sandbox.file("a.toml", agreement.as_bytes());
    sandbox.delivery("lieferung");
    sandbox.run("ingest lieferung --agreement a.toml").exits(0);
    sandbox.run("access grant --number 1 --basis B --until 9999 --holdings 67").exits(0);
    sandbox.run("access grant --number 2 --basis B --until 9999 --holdings 6").exits(0);
    for title in ["Grünanlagen", "Spielplätze"] {
        let id = sandbox.id(title);
        sandbox.run(&format!("export {id} --permit 2 --out aus")).exits(8).tells("not for this package");
        sandbox.run(&format!("export {id} --permit 1 --out aus")).exits(0);
    }
}

#[test]
fn agreements_say_which_law_and_what_is_special() {
    let head = "name = \"a\"\nprofile = \"dateiablage\"\nnumber = \"1\"\nholdings = \"67\"\n";
    let producer = "[producer]\nname = \"Amt\"\n";
    for (text, expected, law) in [
        ("[closure]\ngeneral_years = 10\nlaw = \"LArchG § 9\"\njurisdiction = \"DE-SH\"\n", "2003-12-31", "LArchG § 9"),
        ("[closure]\ndue = \"exact\"\n", "2023-05-12", "Nr. 1"),
        ("[closure]\npersonal = true\n", "2053-12-31", "Nr. 3 Buchst. c"),
        ("[closure]\nspecial = [\"veroeffentlicht\"]\n", "free", "keine Schutzfrist"),
        (
            "[closure]\nspecial = [\"bundesrecht\"]\nfederal_years = 60\nfederal_law = \"BArchG § 11 Abs. 3\"\n",
            "2053-12-31",
            "BArchG § 11 Abs. 3",
        ),
        (
            "[rights]\nstatute = \"Depositalvertrag\"\njurisdiction = \"DE\"\nrestriction = \"Sperre\"\nend = \"2090-01-31\"\n",
            "2090-01-31",
            "Depositalvertrag",
        ),
        ("[rights]\nstatute = \"Vertrag\"\njurisdiction = \"DE\"\nrestriction = \"Sperre\"\n", "open", "Vertrag"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.file("a.toml", format!("{head}{text}{producer}").as_bytes());
        sandbox.file("lieferung/metadata.csv", b"pfad;bis\nA;1993-05-12\n");
        sandbox.file("lieferung/A/Akte.txt", b"x");
        sandbox.run("ingest lieferung --agreement a.toml").exits(0);
        assert_eq!(closures(&sandbox, "")[0].1, expected, "{text}");
        let files = contents::read(&sandbox.package(&sandbox.id("A")));
        let premis = String::from_utf8(files["metadata/preservation/premis.xml"].clone()).unwrap();
        assert!(premis.contains(law), "{premis}");
        sandbox.is_whole();
    }
}

#[test]
fn what_is_kept_for_a_time_has_a_retention_end_and_no_closure() {
    let sandbox = Sandbox::new();
    let agreement = "name = \"a\"\nprofile = \"dateiablage\"\nnumber = \"1\"\nholdings = \"20\"\npurpose = \"interim\"\n\
        [retention]\nyears = 8\nbasis = \"AO § 147 Abs. 3\"\n[producer]\nname = \"Amt\"\n";
    sandbox.file("a.toml", agreement.as_bytes());
    sandbox.file("lieferung/metadata.csv", b"pfad;bis\nA;2024-05-12\n");
    sandbox.file("lieferung/A/Rechnung.txt", b"x");
    sandbox.run("ingest lieferung --agreement a.toml").exits(0);
    let row = sandbox.list().remove(0);
    assert_eq!(
        (&row["closure"], &row["retention_end"], &row["purpose"]),
        (&json!({ "status": "free" }), &json!("2032-12-31"), &json!("interim"))
    );
    assert_eq!(closures(&sandbox, "--retention-ends-before 2033").len(), 1);
    assert_eq!(closures(&sandbox, "--retention-ends-before 2032-12-31").len(), 0);
    sandbox.run("list").exits(0).tells("to be kept until 2032-12-31");
    sandbox.run(&format!("export {} --out aus", sandbox.id("A"))).exits(0);
    sandbox.run("catalogue rebuild").exits(0);
    assert_eq!(sandbox.list(), [row]);
    sandbox.is_whole();
}

#[test]
fn an_older_catalogue_is_told_and_made_anew() {
    let sandbox = filled();
    let before = sandbox.list();
    let catalogue = rusqlite::Connection::open(sandbox.path("archiv/catalogue.sqlite")).unwrap();
    catalogue.pragma_update(None, "user_version", 1).unwrap();
    drop(catalogue);
    for line in ["list", "audit", "ingest lieferung", "export 00000000-0000-0000-0000-000000000000 --out aus"] {
        sandbox.run(line).exits(7).tells("earchiv catalogue rebuild").tells("older version");
    }
    sandbox.run("catalogue rebuild").exits(0);
    assert_eq!(sandbox.list(), before);
    sandbox.is_whole();
}

#[test]
fn the_ladder_is_explained_in_both_languages() {
    let sandbox = Sandbox::empty();
    for (options, status, until) in [
        ("--made 1993-05-12", "until", json!("2023-12-31")),
        ("--died 2001", "until", json!("2011-12-31")),
        ("--born 1950 --died 2001", "until", json!("2011-12-31")),
        ("--born 1920", "until", json!("2020-12-31")),
        ("", "open", json!(null)),
        ("--personal", "open", json!(null)),
        ("--made 1993-05-12 --exact", "until", json!("2023-05-12")),
        ("--made 1970 --secret", "until", json!("2030-12-31")),
        ("--born 1950 --died 2001 --born 1960 --died 2005", "until", json!("2015-12-31")),
        ("--born 1950 --died - --born 1960 --died 2005", "until", json!("2050-12-31")),
    ] {
        let closure = &sandbox.json(&format!("access term {options}")).exits(0).results()[0]["closure"];
        assert_eq!((&closure["status"], &closure["until"]), (&json!(status), &until), "{options}");
    }
    let german = sandbox.run("access term --born 1920 --lang de").exits(0);
    german.tells("Geburt").tells("frei ab 2021-01-01").tells("SächsArchivG § 10");
    sandbox.run("access term --born 1920").exits(0).tells("free from 2021-01-01");
    sandbox.run("access term --lang de").exits(0).tells("zu prüfen");
    sandbox.run("access term --made gestern").exits(2);
}

#[test]
fn dates_of_life_are_read_or_the_table_is_refused() {
    for (cell, code) in [("1950", 0), ("4.5.1950|?", 0), ("unbekannt", 0), ("vor 1950", 3), ("1950|x", 3)] {
        let sandbox = Sandbox::new();
        sandbox.file("lieferung/metadata.csv", format!("pfad;geboren\nA;{cell}\n").as_bytes());
        sandbox.file("lieferung/A/Akte.txt", b"x");
        let run = sandbox.run("ingest lieferung");
        assert_eq!(run.code, Some(code), "{cell}: {}", run.stderr);
    }
}
