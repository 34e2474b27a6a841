use std::cell::RefCell;
use std::io::Write as _;
use std::path::PathBuf;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::model::accession::Purpose;
use crate::model::closure::Closure;
use crate::model::record::Description;
use crate::model::time::Timestamp;
use crate::model::unit::Property;

fn fresh() -> (TempDir, PathBuf, Catalogue) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalogue.sqlite");
    let catalogue = Catalogue::create(&path).unwrap();
    (folder, path, catalogue)
}

fn holding(key: &str) -> Holding {
    Holding {
        id: PackageId::derive("Amt 67", "2026", key),
        accession: "2026-0001".to_owned(),
        description: Description {
            title: key.to_owned(),
            identifiers: vec!["67.1/2013".to_owned()],
            signature: "A 67-1".to_owned(),
            date_from: "2012".to_owned(),
            date_to: "2013-05-04".to_owned(),
            dates_of_files: false,
            creator: "Abteilung 2".to_owned(),
            producer: "Grünflächenamt".to_owned(),
            holdings: "A 67".to_owned(),
            summary: "Enthält: Pläne".to_owned(),
            subjects: vec!["Parks".to_owned()],
            kind: "Akte".to_owned(),
            relations: vec!["67.1/2012".to_owned()],
            properties: vec![Property::new("aktenplan", "67.1 Gehölze")],
            ..Description::default()
        },
        created: Timestamp::from_seconds(1_772_366_400),
        files: 3,
        bytes: 4,
        content: "c0".to_owned(),
        blocks: "cd".repeat(32),
        inventory: "d0".to_owned(),
        place: "store/a/b".to_owned(),
        names: "Plan.pdf\nProtokoll 2013-05-04.txt".to_owned(),
        closure: Closure::Until("2043-12-31".to_owned()),
        retention_end: "2034-12-31".to_owned(),
        purpose: Purpose::Interim,
    }
}

fn accession(number: &str) -> Accession {
    Accession {
        number: number.to_owned(),
        started: Timestamp::from_seconds(1_772_366_400),
        closed: Some(Timestamp::from_seconds(1_772_366_500)),
        producer: "Grünflächenamt".to_owned(),
        delivery: "Amt 67".to_owned(),
        profile: "dateiablage".to_owned(),
        agreement: "amt67".to_owned(),
        purpose: Purpose::Interim,
        holdings: "A 67".to_owned(),
        packages: 1,
        files: 2,
        bytes: u64::MAX,
        refused: 3,
        failed: 4,
        left_out: 5,
        object: "urn:uuid:x".to_owned(),
        inventory: "ab".to_owned(),
    }
}

fn titles(catalogue: &Catalogue, filter: &Filter) -> Vec<String> {
    let mut titles = Vec::new();
    catalogue
        .list(filter, |holding| {
            titles.push(holding.description.title);
            true
        })
        .unwrap();
    let unlimited = catalogue.count(filter).unwrap();
    assert_eq!(unlimited.min(filter.limit.unwrap_or(u64::MAX)), titles.len() as u64);
    titles
}

#[test]
fn what_has_no_column_is_searched() {
    let (_folder, _, mut catalogue) = fresh();
    catalogue.record(&[holding("a")], &[], (1, "a")).unwrap();
    for word in ["gehoelze", "67.1/2012", "akte"] {
        assert!(found(&catalogue, word), "{word}");
    }
}

fn found(catalogue: &Catalogue, question: &str) -> bool {
    let filter = Filter { search: Some(question.to_owned()), ..Filter::default() };
    !titles(catalogue, &filter).is_empty()
}

#[test]
fn what_is_recorded_is_there_after_opening_again() {
    let (_folder, path, mut catalogue) = fresh();
    assert_eq!(catalogue.head().unwrap(), (0, String::new()));
    let open = Accession { closed: None, ..accession("2026-0002") };
    catalogue.record(&[holding("a"), holding("b")], &[accession("2026-0001"), open.clone()], (u64::MAX, "ff")).unwrap();
    let changed = Holding { names: "Neu.txt".to_owned(), ..holding("a") };
    catalogue.record(std::slice::from_ref(&changed), &[], (7, "aa")).unwrap();
    drop(catalogue);
    for catalogue in [Catalogue::open(&path).unwrap(), Catalogue::open_read(&path).unwrap()] {
        assert_eq!(catalogue.head().unwrap(), (7, "aa".to_owned()));
        assert_eq!(catalogue.holding(changed.id).unwrap(), Some(changed.clone()));
        assert_eq!(catalogue.holding(holding("c").id).unwrap(), None);
        assert_eq!(catalogue.accession("2026-0002").unwrap(), Some(open.clone()));
        assert_eq!(catalogue.accession("2026-0003").unwrap(), None);
        let mut numbers = Vec::new();
        catalogue
            .accessions(|accession| {
                numbers.push(accession.number);
                true
            })
            .unwrap();
        assert_eq!(numbers, ["2026-0001", "2026-0002"]);
        assert_eq!(catalogue.check().unwrap(), (Vec::new(), true));
        assert!(found(&catalogue, "neu.txt"));
        let filter = Filter { search: Some("plan.pdf".to_owned()), ..Filter::default() };
        assert_eq!(titles(&catalogue, &filter), ["b"]);
    }
}

#[test]
fn umlauts_and_parts_of_words_are_found() {
    let (_folder, _path, mut catalogue) = fresh();
    let mut park = holding("Grünanlagen und Spielplätze");
    park.names = "Grünanlagen/U\u{308}bersicht 100%.pdf\nStraße_[alt]*.txt".to_owned();
    catalogue.record(&[park], &[], (1, "a")).unwrap();
    for question in [
        "",
        " ",
        "gruenanlagen",
        "grunanlagen",
        "GRÜNANLAGEN",
        "gru\u{308}nanl",
        "Anlagen",
        "lag",
        "ü",
        "ue",
        "67",
        "anlagen grün",
        "spielplaetze enthält parks",
        "STRASSE",
        "strasse_[",
        "[alt]*",
        "100%",
        "ubersicht",
        "übersicht",
        "67.1/2013",
        "a 67-1",
        "grünflächenamt",
        "abteilung 2",
    ] {
        assert!(found(&catalogue, question), "{question}");
    }
    for question in
        ["gruenanlagen2", "anlagen blau", "q", "%%", "*.pdf", "[a-z]lt", "?", "_alt", "\"", "grün OR blau", "NOT blau"]
    {
        assert!(!found(&catalogue, question), "{question}");
    }
}

#[test]
fn words_that_are_nearly_everywhere_are_found_in_order() {
    let (_folder, _path, mut catalogue) = fresh();
    let holdings: Vec<Holding> =
        (0..2_100).map(|n| Holding { names: String::new(), ..holding(&format!("Akte {n:04}")) }).collect();
    catalogue.record(&holdings, &[], (1, "a")).unwrap();
    for (question, expected) in [("akte", 2_100), ("akte 000", 12), ("e 2013", 2_100)] {
        let mut filter = Filter { search: Some(question.to_owned()), ..Filter::default() };
        let all = titles(&catalogue, &filter);
        assert_eq!(all.len(), expected, "{question}");
        assert!(all.is_sorted());
        filter.limit = Some(5);
        assert_eq!(titles(&catalogue, &filter), all[..5]);
    }
}

#[test]
fn filters_narrow_and_order_holds() {
    let (_folder, _path, mut catalogue) = fresh();
    let make = |title: &str, accession: &str, producer: &str, from: &str, to: &str| {
        let mut holding = holding(title);
        holding.accession = accession.to_owned();
        holding.description.producer = producer.to_owned();
        holding.description.date_from = from.to_owned();
        holding.description.date_to = to.to_owned();
        holding
    };
    let open =
        Holding { closure: Closure::Open, retention_end: String::new(), ..make("d", "2026-0002", "Amt 1", "", "") };
    let holdings = [
        open,
        make("c", "2026-0001", "Straßenamt", "2013-05", ""),
        make("b", "2026-0001", "Amt 1", "", "2012-12-31"),
        make("a", "2026-0002", "Amt 1", "2010", "2013"),
    ];
    catalogue.record(&holdings, &[], (1, "a")).unwrap();
    let all = Filter::default();
    let filter = |set: fn(&mut Filter)| {
        let mut filter = Filter::default();
        set(&mut filter);
        titles(&catalogue, &filter).concat()
    };
    assert_eq!(titles(&catalogue, &all), ["b", "c", "a", "d"]);
    assert_eq!(filter(|f| f.limit = Some(3)), "bca");
    assert_eq!(filter(|f| f.limit = Some(0)), "");
    assert_eq!(filter(|f| f.limit = Some(u64::MAX)), "bcad");
    assert_eq!(filter(|f| f.accession = Some("2026-0002".to_owned())), "ad");
    assert_eq!(filter(|f| f.producer = Some("STRASSEN".to_owned())), "c");
    assert_eq!(filter(|f| f.producer = Some("amt".to_owned())), "bcad");
    assert_eq!(filter(|f| f.producer = Some("Amt 2".to_owned())), "");
    assert_eq!(filter(|f| f.closed = Some((true, "2043-12-31".to_owned()))), "bcad");
    assert_eq!(filter(|f| f.closed = Some((true, "2044-01-01".to_owned()))), "d");
    assert_eq!(filter(|f| f.closed = Some((false, "2044-01-01".to_owned()))), "bca");
    assert_eq!(filter(|f| f.retention_ends_before = Some("2034-12-31".to_owned())), "");
    assert_eq!(filter(|f| f.retention_ends_before = Some("2035".to_owned())), "bca");
    let dates = |from: Option<&str>, to: Option<&str>| {
        let filter = Filter { from: from.map(str::to_owned), to: to.map(str::to_owned), ..Filter::default() };
        titles(&catalogue, &filter).concat()
    };
    for (from, to, expected) in [
        (Some("2013"), None, "ca"),
        (Some("2013-05-31"), None, "ca"),
        (Some("2013-06-01"), None, "a"),
        (Some("2014"), None, ""),
        (Some("2012-12-31"), None, "bca"),
        (None, Some("2012"), "ba"),
        (None, Some("2012-12-30"), "a"),
        (None, Some("2013-05-01"), "bca"),
        (None, Some("2013-04"), "ba"),
        (None, Some("2009"), ""),
        (Some("2013-05"), Some("2013-05"), "ca"),
        (Some("0000"), Some("9999"), "bca"),
    ] {
        assert_eq!(dates(from, to), expected, "{from:?} {to:?}");
    }
    let mut seen = 0;
    catalogue
        .list(&all, |_| {
            seen += 1;
            seen < 2
        })
        .unwrap();
    assert_eq!(seen, 2);
}

#[test]
fn every_changed_value_is_found() {
    let (_folder, path, mut catalogue) = fresh();
    let (truth, register) = (holding("a"), accession("2026-0001"));
    catalogue.record(std::slice::from_ref(&truth), std::slice::from_ref(&register), (1, "a")).unwrap();
    assert_eq!(catalogue.differences(&truth).unwrap(), Some(Vec::new()));
    assert_eq!(catalogue.differences(&holding("b")).unwrap(), None);
    assert_eq!(catalogue.accession_differences(&register).unwrap(), Some(Vec::new()));
    drop(catalogue);

    let columns = |table: &str| -> Vec<(String, String)> {
        Connection::open(&path)
            .unwrap()
            .prepare(&format!("SELECT name, type FROM pragma_table_info('{table}')"))
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap()
    };
    for (table, column, kind) in columns("holding")
        .into_iter()
        .map(|(column, kind)| ("holding", column, kind))
        .chain(columns("accession").into_iter().map(|(column, kind)| ("accession", column, kind)))
    {
        if matches!(&*column, "row" | "id" | "number") {
            continue;
        }
        let value = match (&*column, &*kind) {
            ("identifiers" | "subjects", _) => "'[\"y\"]'",
            ("purpose", _) => "'permanent'",
            ("closed_until", _) => "'open'",
            ("more", _) => "json_remove(more, '$.properties', '$.blocks')",
            (_, "INTEGER") => "999",
            _ => "'y'",
        };
        let connection = Connection::open(&path).unwrap();
        let before: rusqlite::types::Value =
            connection.query_row(&format!("SELECT {column} FROM {table}"), [], |row| row.get(0)).unwrap();
        connection.execute(&format!("UPDATE {table} SET {column} = {value}"), []).unwrap();
        let catalogue = Catalogue::open(&path).unwrap();
        let differences =
            if table == "holding" { catalogue.differences(&truth) } else { catalogue.accession_differences(&register) };
        let names = match &*column {
            "folded" => vec!["search"],
            "more" => vec!["blocks", "properties"],
            own => vec![own],
        };
        assert_eq!(differences.unwrap(), Some(names), "{table}.{column}");
        if column == "folded" {
            assert_ne!(catalogue.check().unwrap().0, Vec::<String>::new());
        }
        connection.execute(&format!("UPDATE {table} SET {column} = ?"), [before]).unwrap();
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a test's own files")]
fn only_a_catalogue_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalogue.sqlite");
    let outcome = |path: &Path| match Catalogue::open(path) {
        Ok(_) => "ok",
        Err(CatalogueError::Missing { .. }) => "missing",
        Err(CatalogueError::Damaged { .. }) => "damaged",
        Err(CatalogueError::Newer { .. }) => "newer",
        Err(CatalogueError::Older { .. }) => "older",
        Err(other) => panic!("{other:?}"),
    };
    assert_eq!(outcome(&path), "missing");
    assert!(!path.exists());
    assert_eq!(outcome(folder.path()), "damaged");
    for content in [&b""[..], b"SQLite format 3\0", b"no database, only some text"] {
        std::fs::write(&path, content).unwrap();
        assert_eq!(outcome(&path), "damaged");
    }
    assert!(matches!(Catalogue::create(&path), Err(CatalogueError::Exists { .. })));
    for (statement, expected) in [
        ("SELECT 1", "ok"),
        ("PRAGMA user_version = 3", "newer"),
        ("PRAGMA user_version = 1", "older"),
        ("PRAGMA user_version = 0", "damaged"),
        ("PRAGMA application_id = 1", "damaged"),
        ("PRAGMA journal_mode = wal", "damaged"),
        ("CREATE TABLE other (a)", "damaged"),
        ("DROP INDEX holding_order", "damaged"),
        ("DROP TABLE head", "damaged"),
        ("ALTER TABLE head ADD COLUMN other TEXT", "damaged"),
        ("CREATE VIEW v AS SELECT * FROM holding", "damaged"),
        ("CREATE TRIGGER t AFTER INSERT ON holding BEGIN DELETE FROM accession; END", "damaged"),
        ("DROP TABLE holding; CREATE VIEW holding AS SELECT 1 AS id", "damaged"),
    ] {
        std::fs::remove_file(&path).unwrap();
        drop(Catalogue::create(&path).unwrap());
        Connection::open(&path).unwrap().execute_batch(statement).unwrap();
        assert_eq!(outcome(&path), expected, "{statement}");
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a test's own files")]
fn nothing_but_reading_is_needed_to_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, path, mut catalogue) = fresh();
    catalogue.record(&[holding("a")], &[], (1, "a")).unwrap();
    drop(catalogue);
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&path, 0o444);
    mode(folder.path(), 0o555);
    let catalogue = Catalogue::open_read(&path).unwrap();
    assert!(found(&catalogue, "plan"));
    assert_eq!(catalogue.check().unwrap().0, Vec::<String>::new());
    let mut entries = std::fs::read_dir(folder.path()).unwrap();
    assert!(entries.next().is_some() && entries.next().is_none());
    if rustix::process::geteuid().is_root() {
        let _ = writeln!(io::stderr(), "not tested: writing to a catalogue without permission, root always has it");
    } else {
        match Catalogue::open(&path) {
            Err(CatalogueError::Io { source, .. }) => {
                assert_eq!(source.kind(), io::ErrorKind::PermissionDenied);
            }
            other => panic!("{other:?}"),
        }
    }
    mode(folder.path(), 0o755);
}

#[test]
fn a_record_call_takes_effect_as_a_whole() {
    let (_folder, path, mut catalogue) = fresh();
    let other = Catalogue::open_read(&path).unwrap();
    catalogue.record(&[holding("a")], &[], (1, "a")).unwrap();
    Connection::open(&path).unwrap().execute_batch("DROP TABLE accession").unwrap();
    assert!(matches!(
        catalogue.record(&[holding("b")], &[accession("2026-0001")], (2, "b")),
        Err(CatalogueError::Damaged { .. })
    ));
    assert_eq!(other.head().unwrap(), (1, "a".to_owned()));
    assert_eq!(titles(&other, &Filter::default()), ["a"]);
}

fn any_holding() -> impl Strategy<Value = Holding> {
    let texts = || prop::collection::vec(any::<String>(), 0..3);
    (
        (any::<u64>(), any::<u64>(), any::<i64>(), any::<u128>()),
        prop::array::uniform12(any::<String>()),
        (texts(), texts(), any::<String>()),
    )
        .prop_map(|((files, bytes, created, id), texts, (identifiers, subjects, names))| {
            let [
                accession,
                title,
                signature,
                date_from,
                date_to,
                creator,
                producer,
                holdings,
                summary,
                content,
                inventory,
                place,
            ] = texts;
            Holding {
                id: PackageId::derive("", "", &id.to_string()),
                accession,
                description: Description {
                    title,
                    identifiers,
                    signature,
                    date_from,
                    date_to,
                    dates_of_files: files % 2 == 0,
                    creator,
                    producer,
                    holdings,
                    summary,
                    subjects,
                    ..Description::default()
                },
                created: Timestamp::from_seconds(created),
                files,
                bytes,
                blocks: format!("{content} {inventory}"),
                content,
                inventory,
                place,
                names,
                closure: if files % 3 == 0 { Closure::Open } else { Closure::Free },
                retention_end: String::new(),
                purpose: Purpose::Permanent,
            }
        })
}

thread_local! {
    /// One catalogue for all cases of a property: making one takes longer than a case.
    static SHARED: RefCell<(TempDir, PathBuf, Catalogue)> = RefCell::new(fresh());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_holding_comes_back_as_it_was_and_its_words_find_it(holding in any_holding()) {
        SHARED.with_borrow_mut(|(_, _, catalogue)| -> Result<(), TestCaseError> {
            catalogue.record(std::slice::from_ref(&holding), &[], (1, "a")).unwrap();
            prop_assert_eq!(catalogue.holding(holding.id).unwrap(), Some(holding.clone()));
            prop_assert_eq!(catalogue.differences(&holding).unwrap(), Some(Vec::new()));
            for word in holding.description.title.split_whitespace().chain(holding.names.split_whitespace()) {
                let filter = Filter { search: Some(word.to_owned()), ..Filter::default() };
                let mut seen = false;
                catalogue.list(&filter, |found| { seen |= found.id == holding.id; true }).unwrap();
                prop_assert!(seen, "{:?}", word);
            }
            Ok(())
        })?;
    }

    #[test]
    fn no_question_is_an_error(question in any::<String>(), producer in any::<String>(), date in any::<String>()) {
        SHARED.with_borrow_mut(|(_, _, catalogue)| {
            let filter = Filter {
                search: Some(question), producer: Some(producer), from: Some(date.clone()), to: Some(date),
                ..Filter::default()
            };
            catalogue.list(&filter, |_| true).unwrap();
        });
    }
}

#[test]
fn long_questions_are_answered() {
    let (_folder, _path, mut catalogue) = fresh();
    let mut long = holding("a");
    let many: Vec<String> = (0..1_500).map(|n| format!("wort{n}")).collect();
    long.names = format!("{}\n{}", "x".repeat(20_000), many.join("\n"));
    catalogue.record(&[long], &[], (1, "a")).unwrap();
    assert!(found(&catalogue, &"x".repeat(19_000)));
    assert!(!found(&catalogue, &"x".repeat(20_001)));
    assert!(found(&catalogue, &many.join(" ")));
    assert!(!found(&catalogue, &(many.join(" ") + " wort1500")));
    assert!(found(&catalogue, &"wort ".repeat(5_000)));
    for question in ["\"'".repeat(100), "* ".repeat(100), "\0".to_owned(), "a AND (".to_owned()] {
        let _ = found(&catalogue, &question);
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a test's own files")]
fn flipped_bytes_never_panic() {
    let (folder, path, mut catalogue) = fresh();
    let holdings: Vec<Holding> = (0..60).map(|n| holding(&format!("Akte {n}"))).collect();
    catalogue.record(&holdings, &[accession("2026-0001")], (1, "a")).unwrap();
    drop(catalogue);
    let good = std::fs::read(&path).unwrap();
    let damaged = folder.path().join("damaged.sqlite");
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for case in 0..150 {
        let mut bytes = good.clone();
        if case % 5 == 0 {
            bytes.truncate(random(good.len()));
        }
        for _ in 0..1 << (case % 8) {
            if let Some(byte) = (!bytes.is_empty()).then(|| random(bytes.len())) {
                bytes[byte] ^= 1 << random(8);
            }
        }
        let _ = std::fs::remove_file(damaged.with_extension("sqlite-journal"));
        std::fs::write(&damaged, &bytes).unwrap();
        let Ok(mut catalogue) = Catalogue::open(&damaged) else {
            continue;
        };
        let _ = catalogue.head();
        let _ = catalogue.check();
        let _ = catalogue.list(&Filter::default(), |_| true);
        let filter = Filter { search: Some("akte pl".to_owned()), ..Filter::default() };
        let _ = catalogue.list(&filter, |_| true);
        let _ = catalogue.accessions(|_| true);
        for holding in &holdings {
            let _ = catalogue.differences(holding);
        }
        let _ = catalogue.record(&holdings[..3], &[accession("2026-0001")], (2, "b"));
    }
}

#[test]
#[ignore = "takes longer than all others together"]
fn a_hundred_thousand_packages_are_listed_and_searched() {
    let (_folder, path, mut catalogue) = fresh();
    for chunk in (0..100_000).collect::<Vec<u32>>().chunks(10_000) {
        let holdings: Vec<Holding> = chunk
            .iter()
            .map(|n| {
                let mut holding = holding(&format!("Akte {n} Grünanlagen"));
                holding.names =
                    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(|file| format!("Protokoll {n}-{file}.pdf")).join("\n");
                holding
            })
            .collect();
        catalogue.record(&holdings, &[], (1, "a")).unwrap();
    }
    eprintln!("{} bytes", path.metadata().unwrap().len());
    for (search, limit, expected) in [
        (None, 100, 100),
        (Some("99999"), 100, 1),
        (Some("gruenanlagen"), 100, 100),
        (Some("anlagen protokoll 4711-3"), 100, 10),
        (Some("zz"), 100, 0),
    ] {
        let start = std::time::Instant::now();
        let mut seen = 0;
        let filter = Filter { search: search.map(str::to_owned), limit: Some(limit), ..Filter::default() };
        catalogue
            .list(&filter, |_| {
                seen += 1;
                true
            })
            .unwrap();
        eprintln!("{search:?}: {:?}", start.elapsed());
        assert_eq!(seen, expected, "{search:?}");
    }
}
