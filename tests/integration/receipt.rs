//! The receipt of an accession: the same in every form, also when it is made again, whatever was delivered.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::sandbox::{Sandbox, copy, tree};

const AGREEMENT: &str = r#"
name = "gruenflaechen"
title = "Vereinbarung mit dem Grünflächenamt"
profile = "dateiablage"
number = "UV-2026-03"
purpose = "interim"
holdings = "67 Grünflächenamt"
legal_basis = "§ 5 ArchG"
retention_end = 2036-12-31
retention_basis = "§ 35 KomHVO"

[producer]
name = "Stadt Musterstadt, Grünflächenamt"
code = "musterstadt-67"

[rights]
statute = "SächsArchivG § 10"
jurisdiction = "DE-SN"
restriction = "closure period"
end = 2053-12-31
"#;

/// A delivery with a description, a link, an empty folder, an empty record, and names that are markup or formulas.
fn odd_delivery(sandbox: &Sandbox, name: &str) {
    sandbox.delivery(name);
    sandbox.file(&format!("{name}/<b>&\"fett\"/=1+1.csv"), b"a\n");
    sandbox.file(&format!("{name}/\u{202e}rot\u{1b}[31m/ohne Endung"), b"b\n");
    fs::create_dir(sandbox.path(&format!("{name}/ganz leer"))).unwrap();
    std::os::unix::fs::symlink("=cmd", sandbox.path(&format!("{name}/Spielplätze/-Verknüpfung"))).unwrap();
    std::os::unix::fs::symlink("x", sandbox.path(&format!("{name}/-oben"))).unwrap();
    let table = "pfad,titel,aktenzeichen,signatur,von,bis\n\
                 Grünanlagen,=Unterhaltung der Grünanlagen,67.3-1,A 67/1,2011-02-03,2014-12\n";
    sandbox.file(&format!("{name}/metadata.csv"), table.as_bytes());
    sandbox.file("vereinbarung.toml", AGREEMENT.as_bytes());
}

fn report(sandbox: &Sandbox, name: &str) -> String {
    fs::read_to_string(sandbox.path("archiv/reports").join(name)).unwrap()
}

fn receipt(sandbox: &Sandbox, number: &str) -> Value {
    serde_json::from_str(&report(sandbox, &format!("{number}-receipt.json"))).unwrap()
}

#[test]
fn every_form_is_filed_in_the_store_and_made_again_with_the_same_bytes() {
    let sandbox = Sandbox::new();
    odd_delivery(&sandbox, "lieferung");
    sandbox.run("ingest lieferung --agreement vereinbarung.toml --on-behalf-of Stadtarchiv").exits(3);
    let store = tree(&sandbox.path("archiv/store"));
    for (format, language, file) in [
        ("text", "en", "receipt.txt"),
        ("html", "de", "receipt.de.html"),
        ("html", "en", "receipt.en.html"),
        ("csv", "en", "receipt.csv"),
        ("deviations", "en", "receipt-deviations.csv"),
    ] {
        let again = sandbox.run(&format!("accession show 2023-0001 --format {format} --lang {language}")).exits(0);
        assert_eq!(again.stdout, report(&sandbox, &format!("2023-0001-{file}")), "{file}");
        assert!(store.keys().any(|path| Path::new(path).ends_with(file)), "{file} is not in the store");
    }
    sandbox.run("accession show 2023-0001 --format csv --json").exits(2);
    sandbox.run("accession show 2023-0009 --format html").exits(2);
    sandbox.is_whole();
}

#[test]
fn the_receipt_says_who_what_when_and_on_what_grounds() {
    let sandbox = Sandbox::new();
    odd_delivery(&sandbox, "lieferung");
    sandbox.run("ingest lieferung --agreement vereinbarung.toml --on-behalf-of Stadtarchiv").exits(3);
    let receipt = receipt(&sandbox, "2023-0001");
    assert_eq!(receipt["terms"]["profile"]["name"], "dateiablage");
    assert_eq!(receipt["terms"]["agreement"]["number"], "UV-2026-03");
    assert_eq!(receipt["terms"]["rights"]["statute"], "SächsArchivG § 10");
    assert_eq!(receipt["actor"]["on_behalf_of"], "Stadtarchiv");
    assert_eq!(receipt["released"], false);
    let objects = &receipt["counts"]["objects"];
    assert_eq!((objects["offered"].as_u64(), objects["taken"].as_u64()), (Some(5), Some(5)));
    // Shares of everything add up to what was offered.
    for (what, share) in receipt["counts"].as_object().unwrap() {
        let Some(share) = share.as_object() else { continue };
        let parts: u64 = share.iter().filter(|(name, _)| *name != "offered").map(|(_, n)| n.as_u64().unwrap()).sum();
        assert_eq!(parts, share["offered"].as_u64().unwrap(), "{what}");
    }
    let files: u64 =
        receipt["formats"].as_array().unwrap().iter().map(|format| format["files"].as_u64().unwrap()).sum();
    assert_eq!(Some(files), receipt["counts"]["files"]["taken"].as_u64());
    let described = receipt["records"].as_array().unwrap().iter().find(|record| record["record"] == "Grünanlagen");
    let described = described.unwrap();
    assert_eq!(described["identifiers"][0], "67.3-1");
    assert_eq!(described["signature"], "A 67/1");
    assert_eq!((described["date_from"].as_str(), described["date_to"].as_str()), (Some("2011-02-03"), Some("2014-12")));
    assert_eq!(described["closure"]["until"], "2053-12-31");
    assert_eq!(described["retention_end"], "2036-12-31");
    // The checksum is that of the file in the store.
    let package = fs::read(sandbox.package(described["package"].as_str().unwrap())).unwrap();
    assert_eq!(described["sha512"], sha512(&package));
    let page = report(&sandbox, "2023-0001-receipt.de.html");
    for words in [
        "Übernahmeprotokoll über den Zugang 2023-0001",
        "Stadt Musterstadt, Grünflächenamt",
        "UV-2026-03",
        "§ 5 ArchG; § 35 KomHVO; SächsArchivG § 10",
        "03.02.2011 – 12.2014",
        "Schutzfrist bis 31.12.2053",
        "Aufbewahrung bis 31.12.2036",
        "Löschung beim Absender freigegeben: nein.",
        "Übergebende Stelle",
        receipt["journal_head"].as_str().unwrap(),
        described["sha512"].as_str().unwrap(),
    ] {
        assert!(page.contains(words), "{words} is not on the page");
    }
}

#[test]
fn foreign_names_are_never_markup_formulas_or_marks_of_direction() {
    let sandbox = Sandbox::new();
    odd_delivery(&sandbox, "lieferung");
    sandbox.run("ingest lieferung").exits(3);
    for language in ["de", "en"] {
        let page = report(&sandbox, &format!("2023-0001-receipt.{language}.html"));
        assert!(!page.contains("<b>"), "{language}");
        assert!(page.contains("&#60;b&#62;&#38;&#34;fett&#34;"), "{language}");
        let steers =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!page.contains(steers), "{language}");
        assert!(!page.contains("<script") && !page.contains("http:") && !page.contains("https:"), "{language}");
    }
    for table in ["receipt.csv", "receipt-deviations.csv"] {
        let text = report(&sandbox, &format!("2023-0001-{table}"));
        let mut reader = csv_rows(&text);
        let width = reader.next().unwrap().len();
        let mut rows = 0;
        for row in reader {
            assert_eq!(row.len(), width, "{row:?}");
            assert!(!row.iter().any(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{row:?}");
            rows += 1;
        }
        assert!(rows >= 3, "{table}");
        assert!(text.starts_with('\u{feff}') && text.ends_with("\r\n"), "{table}");
    }
    assert!(report(&sandbox, "2023-0001-receipt.csv").contains("'=Unterhaltung der Grünanlagen"));
}

#[test]
fn equal_content_is_named_with_the_accession_that_brought_it() {
    let sandbox = Sandbox::filled();
    copy(&sandbox.path("lieferung"), &sandbox.path("noch einmal"));
    sandbox.file("noch einmal/Neues/neu.txt", b"neu\n");
    sandbox.call("ingest --delivery zweite").arg(sandbox.path("noch einmal")).run().exits(0);
    let second = receipt(&sandbox, "2023-0002");
    let records = second["records"].as_array().unwrap();
    let named = |key: &str| records.iter().find(|record| record["record"] == key).unwrap()["equal"].clone();
    let first = sandbox.list();
    let original = first.iter().find(|row| row["accession"] == "2023-0001" && row["title"] == "Grünanlagen").unwrap();
    assert_eq!(named("Grünanlagen")[0]["accession"], "2023-0001");
    assert_eq!(named("Grünanlagen")[0]["package"], original["id"]);
    assert!(named("Neues").is_null());
    // The first delivery with one more record: the rest is held already, by the same identity.
    sandbox.file("lieferung/Nachtrag/a.txt", b"a\n");
    sandbox.run("ingest lieferung").exits(0);
    let third = receipt(&sandbox, "2023-0003");
    assert_eq!(
        (third["counts"]["objects"]["taken"].as_u64(), third["counts"]["objects"]["held"].as_u64()),
        (Some(1), Some(3))
    );
    let page = report(&sandbox, "2023-0003-receipt.en.html");
    assert!(page.contains("taken over before, the same package") && page.contains("2023-0001"));
}

#[test]
fn the_page_of_a_large_delivery_is_bounded_and_the_tables_are_whole() {
    let sandbox = Sandbox::new();
    for number in 0..1010 {
        sandbox.file(&format!("viel/Akte/{number}.x{}", number % 30), b"");
        std::os::unix::fs::symlink("x", sandbox.path(&format!("viel/Akte/Verknüpfung {number}"))).unwrap();
    }
    sandbox.run("ingest viel").exits(3);
    let page = report(&sandbox, "2023-0001-receipt.en.html");
    assert!(page.contains("These are the first 1,000 of 1,010"), "no note");
    assert!(page.matches("Verknüpfung").count() <= 2_001);
    assert_eq!(csv_rows(&report(&sandbox, "2023-0001-receipt-deviations.csv")).count(), 1_011);
    assert_eq!(receipt(&sandbox, "2023-0001")["formats"].as_array().unwrap().len(), 30);
    // Twelve formats and the others, each once in the chart and once in the table.
    assert_eq!(page.matches("<rect ").count(), 13);
    assert!(page.contains("18 other formats"));
}

#[test]
fn a_receipt_that_was_changed_is_not_shown() {
    let sandbox = Sandbox::filled();
    let store = sandbox.path("archiv/store");
    let path = tree(&store).into_keys().find(|path| Path::new(path).ends_with("receipt.json")).unwrap();
    let text = fs::read_to_string(store.join(&path)).unwrap();
    fs::write(store.join(&path), text.replace("\"released\": false", "\"released\": true")).unwrap();
    sandbox.run("accession show 2023-0001 --format html").exits(5).tells("is not what was stored");
}

#[test]
fn the_number_of_threads_changes_nothing_but_the_time() {
    let pages = ["1", "16"].map(|jobs| {
        let sandbox = Sandbox::new();
        odd_delivery(&sandbox, "lieferung");
        for path in tree(&sandbox.path("lieferung")).into_keys() {
            super::sandbox::shell(
                "touch",
                &["-h", "-d", "@1600000000"]
                    .map(std::ffi::OsStr::new)
                    .iter()
                    .copied()
                    .chain([sandbox.path("lieferung").join(path).as_os_str()])
                    .collect::<Vec<_>>(),
            );
        }
        sandbox.run(&format!("ingest lieferung --jobs {jobs}")).exits(3);
        let mut receipt = receipt(&sandbox, "2023-0001");
        for path in ["/accession/started", "/accession/closed", "/journal_head"] {
            *receipt.pointer_mut(path).unwrap() = Value::Null;
        }
        receipt
    });
    assert_eq!(pages[0], pages[1]);
}

#[test]
fn several_deliveries_end_with_one_overview() {
    let sandbox = Sandbox::new();
    sandbox.delivery("gut");
    sandbox.delivery("noch eine");
    sandbox.file("schlecht/metadata.csv", b"pfad,unsinn\na,b\n");
    sandbox.file("kein.zip", b"PK");
    sandbox.file("liste", b"gut\nschlecht\nkein.zip\nnoch eine\n");
    let run = sandbox.json("ingest --files-from liste --report berichte").exits(3);
    let document = run.document();
    let overview = document["overview"].as_array().unwrap();
    assert_eq!(overview.len(), 4);
    let row = |path: &str| overview.iter().find(|row| row["path"] == path).unwrap();
    assert_eq!((row("gut")["stored"].as_u64(), row("gut")["accession"].is_string()), (Some(3), true));
    assert_eq!(row("schlecht")["error"], "table");
    assert_eq!((row("kein.zip")["refused"].as_u64(), row("kein.zip")["accession"].is_null()), (Some(1), true));
    // Receipts of the good, records of refusal of the bad.
    let filed: Vec<String> =
        tree(&sandbox.path("berichte")).into_keys().map(|name| name.into_string().unwrap()).collect();
    for name in
        ["2023-0001-receipt.de.html", "2023-0002-receipt.json", "schlecht-refusal.de.html", "kein.zip-refusal.en.html"]
    {
        assert!(filed.iter().any(|filed| filed == name), "{name} is not in {filed:?}");
    }
    assert_eq!(filed.len(), 16);
    let refusal = fs::read_to_string(sandbox.path("berichte/schlecht-refusal.de.html")).unwrap();
    assert!(refusal.contains("Abweisungsprotokoll") && refusal.contains("unsinn") && refusal.contains("Zeile 1"));
    // People read it as a table; the second run stores nothing.
    let again = sandbox.run("ingest --files-from liste").exits(3).tells("Overview of 4 deliveries");
    let line = again.stdout.lines().find(|line| line.starts_with("gut ")).unwrap();
    let cells: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(cells[1..5], ["dateiablage", "1", "–", "0"]);
    sandbox.is_whole();
}

#[test]
fn the_page_of_a_fixed_delivery_is_the_golden_one() {
    let sandbox = Sandbox::new();
    odd_delivery(&sandbox, "lieferung");
    for path in tree(&sandbox.path("lieferung")).into_keys() {
        let path = sandbox.path("lieferung").join(path);
        super::sandbox::shell(
            "touch",
            &["-h", "-d", "@1600000000"]
                .map(std::ffi::OsStr::new)
                .into_iter()
                .chain([path.as_os_str()])
                .collect::<Vec<_>>(),
        );
    }
    sandbox.run("ingest lieferung --agreement vereinbarung.toml --on-behalf-of Stadtarchiv").exits(3);
    let receipt = receipt(&sandbox, "2023-0001");
    let german = |time: &str| format!("{}.{}.{}", &time[8..10], &time[5..7], &time[..4]);
    for language in ["de", "en"] {
        let mut page = report(&sandbox, &format!("2023-0001-receipt.{language}.html"));
        // What depends on the time and on who runs the test.
        for (field, word) in [("/accession/started", "STARTED"), ("/accession/closed", "CLOSED")] {
            let time = receipt.pointer(field).unwrap().as_str().unwrap();
            let (day, hour) = (&time[..10], &time[11..19]);
            for moment in [format!("{day} {hour} UTC"), format!("{}, {hour} UTC", german(time))] {
                page = page.replacen(&moment, word, 1);
            }
            page = page.replace(&format!("on {day}"), "on DAY").replace(&format!("am {}", german(time)), "am DAY");
        }
        page = page.replace(receipt["journal_head"].as_str().unwrap(), "HEAD");
        page = page.replace(&format!("<td>{}</td>", receipt["actor"]["user"].as_str().unwrap()), "<td>USER</td>");
        page = page.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        for (sum, word) in [("sha512", "SHA-512"), ("inventory", "INVENTORY")] {
            for record in receipt["records"].as_array().unwrap() {
                page = page.replace(record[sum].as_str().unwrap_or("-none-"), word);
            }
        }
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/receipt.{language}.html"));
        if std::env::var_os("EARCHIV_GOLDEN").is_some() {
            fs::write(&golden, &page).unwrap();
        }
        let expected = fs::read_to_string(&golden).unwrap();
        let differs = page.lines().zip(expected.lines()).find(|(page, expected)| page != expected);
        assert_eq!(differs, None, "EARCHIV_GOLDEN=1 writes {} anew", golden.display());
        assert_eq!(page.lines().count(), expected.lines().count());
    }
}

/// The rows of a table with semicolons, read by RFC 4180.
fn csv_rows(text: &str) -> impl Iterator<Item = Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().unwrap();
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                row.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ';' if !quoted => row.push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => rows.push(vec![String::new()]),
            _ => row.last_mut().unwrap().push(letter),
        }
    }
    rows.pop();
    rows.into_iter()
}

fn sha512(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    use sha2::{Digest as _, Sha512};
    Sha512::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
