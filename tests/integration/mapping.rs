//! Systems that a profile alone describes: council papers from CSV, citizen reports from XML, and one made up here.

use crate::sandbox::Sandbox;

const PAPERS: &str = "Vorlagennummer;Betreff;Sitzungsdatum;Gremium;Vorlagenart;Federführendes Amt;Schlagworte;Beschluss;Dokumente\n\
    V/2024/001;Radweg an der Hauptstraße;05.03.2024;Stadtrat;Beschlussvorlage;Tiefbauamt;Verkehr|Rad;angenommen;001/*.pdf\n\
    V/2024/002;Haushalt;12.03.2024;Stadtrat;Beschlussvorlage;Kämmerei;;;002.pdf|Anlagen\n";

const REPORTS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<export>\n\
    <meldung nummer=\"4711\"><betreff>Schlagloch</betreff><eingang>05.03.2024</eingang><kategorie>Straße</kategorie>\
    <ort><strasse>Hauptstraße</strasse></ort><melder><name>Geheim</name></melder><fotos><foto datei=\"a.jpg\"/></fotos></meldung>\n\
    <meldung nummer=\"4712\"><betreff>Laterne</betreff><fotos/></meldung>\n</export>\n";

fn papers(sandbox: &Sandbox) {
    sandbox.file("rat/vorlagen-2024.csv", PAPERS.as_bytes());
    for path in ["001/Vorlage.pdf", "001/Anlage 1.pdf", "002.pdf", "Anlagen/Plan.pdf"] {
        sandbox.file(&format!("rat/dokumente/{path}"), path.as_bytes());
    }
}

#[test]
fn council_papers_are_stored_once() {
    let sandbox = Sandbox::new();
    papers(&sandbox);
    let run = sandbox.json("ingest --profile ratsinformation rat").exits(0);
    assert_eq!(run.states(), ["stored", "stored"]);
    assert_eq!(run.packages()[0]["files"], 2);
    assert_eq!(
        sandbox.json("ingest --profile ratsinformation rat").exits(0).states(),
        ["already-stored", "already-stored"]
    );
    sandbox.id("Radweg an der Hauptstraße");
    sandbox.is_whole();
}

#[test]
fn citizen_reports_are_stored_without_persons() {
    let sandbox = Sandbox::new();
    sandbox.file("melder/export.xml", REPORTS.as_bytes());
    sandbox.file("melder/fotos/a.jpg", b"\xff\xd8");
    let run = sandbox.json("ingest --profile maengelmelder melder").exits(0).finds("row-without-files", "Laterne");
    assert_eq!(run.states(), ["stored", "left-out"]);
    assert!(!run.stdout.contains("Geheim"));
    sandbox.is_whole();
}

#[test]
fn missing_files_refuse_their_record_and_no_other() {
    let sandbox = Sandbox::new();
    papers(&sandbox);
    std::fs::remove_file(sandbox.path("rat/dokumente/002.pdf")).unwrap();
    for (language, words) in [("de", "die Datei fehlt"), ("en", "002.pdf")] {
        let run = sandbox.call("ingest --profile ratsinformation rat").env("EARCHIV_LANG", language).run().exits(3);
        run.tells(words).tells("vorlagen-2024.csv").tells("002.pdf");
    }
    assert_eq!(sandbox.list().len(), 1);
    sandbox.file("ohne/x.pdf", b"x");
    sandbox.run("ingest --profile ratsinformation ohne").exits(3).tells("vorlagen*.csv");
    sandbox.file("anders/vorlagen.csv", b"Nr;Titel\n1;x\n");
    sandbox.run("ingest --profile ratsinformation anders").exits(3).tells("Vorlagennummer");
    sandbox.is_whole();
}

#[test]
fn a_new_system_needs_a_profile_and_nothing_else() {
    let sandbox = Sandbox::new();
    let profile = "name = 'gewerbe'\nversion = 1\nsource = 'table'\n[title]\nde = 'Gewerbe'\nen = 'Trade'\n\
        [mapping]\nkind = 'gewerbe'\nfile = 'liste.txt'\nkey = 'Az'\nencoding = 'windows-1252'\nseparator = \"\\t\"\ndates = ['JJJJMMTT']\n\
        [[description.field]]\nfield = 'title'\nfrom = 'Name'\n[[description.field]]\nfield = 'date_from'\nfrom = 'am'\n";
    sandbox.file("archiv/profiles/gewerbe.toml", profile.as_bytes());
    sandbox.run("profile check archiv/profiles/gewerbe.toml").exits(0);
    sandbox.file("amt/liste.txt", b"Az\tName\tam\n17\tB\xe4ckerei\t20240305\n");
    sandbox.file("amt/17/Anmeldung.pdf", b"%PDF");
    assert_eq!(sandbox.json("ingest --profile gewerbe amt").exits(0).states(), ["stored"]);
    let list = sandbox.list();
    assert_eq!((list[0]["title"].as_str(), list[0]["date_from"].as_str()), (Some("Bäckerei"), Some("2024-03-05")));
}

#[test]
fn profiles_that_cannot_work_are_refused_where_they_say_so() {
    let sandbox = Sandbox::empty();
    let head = "name = 'p'\nversion = 1\nsource = 'table'\n[title]\nde = 'x'\nen = 'x'\n";
    let mapping = "[mapping]\nkind = 'k'\nfile = '*.xml'\nkey = '@nr'\n";
    for (text, place) in [
        (head.to_owned(), "mapping"),
        (format!("{head}{mapping}record = 'v'\n"), "11:10"),
        (format!("{head}{mapping}record = '//v[1]'\n"), "11:10"),
        (format!("{head}{mapping}record = '//v'\nencoding = 'utf-16'\n"), "12:12"),
        (format!("{head}{mapping}record = '//v'\ndates = ['TT.MM.JJ']\n"), "12:10"),
        (format!("{head}{mapping}record = '//v'\ntrenner = ';'\n"), "12:1"),
        (format!("{head}{mapping}record = '//v'\n[[description.field]]\nfield = 'title'\nfrom = 'count(a)'\n"), "14:8"),
    ] {
        sandbox.file("p.toml", text.as_bytes());
        sandbox.run("profile check p.toml").exits(2).tells(place);
    }
}
