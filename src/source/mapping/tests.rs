#![allow(clippy::disallowed_methods)]

use std::fs;

use proptest::prelude::*;

use super::*;
use crate::model::finding::Severity;

fn rules(format: Format, key: &str, files: &str, fields: &[(&str, &str)]) -> Rules {
    let csv = matches!(format, Format::Csv { .. });
    let field = |(field, from): &(&str, &str)| FieldRule { field: (*field).to_owned(), from: (*from).to_owned() };
    let ending = if csv { "csv" } else { "xml" };
    Rules {
        kind: "verfahren".to_owned(),
        file: Arc::new(move |name| name.ends_with(ending.as_bytes())),
        file_name: format!("*.{ending}"),
        format,
        record: "//v".to_owned(),
        encoding: None,
        key: key.to_owned(),
        list_separator: "|".to_owned(),
        dates: vec!["TT.MM.JJJJ".to_owned()],
        files: (!files.is_empty()).then(|| FileRule {
            from: files.to_owned(),
            separator: "|".to_owned(),
            folder: "dok".to_owned(),
        }),
        fields: fields.iter().map(field).collect(),
    }
}

fn csv() -> Rules {
    let fields = [("title", "Betreff"), ("date_from", "Datum"), ("subjects", "Worte"), ("Ort", "Ort")];
    rules(Format::Csv { separator: None }, "Nr", "Dateien", &fields)
}

fn xml() -> Rules {
    let fields = [("title", "betreff"), ("date_from", "datum"), ("Ort", "ort/@name")];
    rules(Format::Xml(XPath::parse("//v").unwrap()), "@nr", "datei", &fields)
}

fn delivery(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    root
}

fn open(root: &Path, rules: Rules) -> Result<Exported, SourceError> {
    Exported::open(root, rules, &FolderRules::default(), &Cancel::new())
}

fn bytes(source: &Exported, file: &SourceFile) -> Vec<u8> {
    let mut reader = source.content().open(file).unwrap();
    let (mut out, mut buffer) = (Vec::new(), [0; 100]);
    while let count @ 1.. = reader.read(&mut buffer).unwrap() {
        out.extend_from_slice(&buffer[..count]);
    }
    assert_eq!(out.len() as u64, file.size);
    out
}

/// Each record as `key: files` with its findings as `!code severity line:column value`.
fn told(source: &Exported) -> Vec<String> {
    let mut out = Vec::new();
    for (index, key) in source.keys().into_iter().enumerate() {
        let record = source.read(index, &Cancel::new()).unwrap();
        let files: Vec<&str> = record.files.iter().map(|file| &*file.path).collect();
        out.push(format!("{key}: {}", files.join(" ")));
        for finding in &record.findings {
            let number = |number: Option<u64>| number.map_or("-".to_owned(), |number| number.to_string());
            out.push(format!(
                "!{} {} {}:{} {}",
                finding.code.name(),
                if finding.severity == Severity::Error { "error" } else { "warning" },
                number(finding.line),
                number(finding.column),
                finding.value.as_deref().or(finding.file.as_deref()).unwrap_or_default()
            ));
        }
        for file in &record.files {
            bytes(source, file);
        }
    }
    out
}

#[test]
fn rows_are_records_with_their_files() {
    let text = "\u{feff}Nr;Betreff;Datum;Worte;Ort;Dateien\r\n\
        V/1;Radweg;05.03.2024;Verkehr|Rad;Mitte;a.pdf|b.pdf\r\n\
        \r\n\
        V/2;\"Haus;\nhalt\";2024;;;dok\\tief\r\n";
    let root = delivery(&[
        ("export.csv", text.as_bytes()),
        ("dok/a.pdf", b"a"),
        ("dok/b.pdf", b"b"),
        ("dok/tief/c.txt", b"c"),
        ("dok/liegt.txt", b"d"),
    ]);
    let source = open(root.path(), csv()).unwrap();
    assert_eq!(
        told(&source),
        [
            "V/1: dok/a.pdf dok/b.pdf",
            "V/2: dok/tief/c.txt",
            ": dok/liegt.txt",
            "!file-unreferenced warning -:- dok/liegt.txt"
        ]
    );
    let record = source.read(0, &Cancel::new()).unwrap();
    let d = &record.description;
    assert_eq!((d.title.as_str(), d.date_from.as_str()), ("Radweg", "2024-03-05"));
    assert_eq!(
        (d.subjects.as_slice(), d.identifiers.as_slice()),
        (&["Verkehr".to_owned(), "Rad".to_owned()][..], &["V/1".to_owned()][..])
    );
    assert_eq!(d.properties[0].value, "Mitte");
    assert_eq!(&*record.metadata[0].path, "verfahren/export.csv");
    let own = "\u{feff}Nr;Betreff;Datum;Worte;Ort;Dateien\r\nV/1;Radweg;05.03.2024;Verkehr|Rad;Mitte;a.pdf|b.pdf\r\n";
    assert_eq!(bytes(&source, &record.metadata[0]), own.as_bytes());
    let record = source.read(1, &Cancel::new()).unwrap();
    assert_eq!(record.description.title, "Haus;\nhalt");
    assert!(bytes(&source, &record.metadata[0]).ends_with(b"V/2;\"Haus;\nhalt\";2024;;;dok\\tief\r\n"));
    assert_eq!(bytes(&source, &source.documents()[0]), text.as_bytes());
    assert_eq!(source.leftovers()[0].reason, Reason::Description);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let text = "Nr;Betreff;Datum;Worte;Ort;Dateien\n\
        1;A;30.02.2024;;;a.pdf\n\
        2;B;;;;\n\
        3;C;;;;fehlt.pdf | a.pdf\n\
        ;D;;;;b.pdf\n\
        1;Ä;;;;../../etc/passwd\n\
        4;F;;;;?.txt\n";
    let root = delivery(&[("export.csv", text.as_bytes()), ("dok/a.pdf", b"a"), ("dok/b.pdf", b"b")]);
    let source = open(root.path(), csv()).unwrap();
    assert_eq!(
        told(&source),
        [
            "1: dok/a.pdf",
            "!date-invalid warning 2:5 30.02.2024",
            "2: ",
            "!row-without-files warning 3:1 B",
            "3: dok/a.pdf",
            "!reference-missing error 4:8 fehlt.pdf",
            "!named-twice error 4:8 a.pdf",
            "export.csv:5:1: dok/b.pdf",
            "!key-missing error 5:1 export.csv",
            "1 (export.csv:6:1): ",
            "!named-twice error 6:1 1",
            "!reference-outside error 6:8 ../../etc/passwd",
            "4: ",
            "!reference-missing error 7:8 ?.txt",
        ]
    );
}

#[test]
fn elements_are_records_with_their_files() {
    let text = "<?xml version=\"1.0\"?>\n<x:e xmlns:x=\"urn:x\">\n  <!-- v --><x:v nr=\"7\"><betreff>Grün &amp; gut</betreff><datum>05.03.2024</datum>\
        <ort name=\"Mitte\"/>\n<datei>a.pdf</datei><datei>b.pdf</datei></x:v>\n<v nr=\"8\"><datum>gestern</datum>\n<datei>n.pdf</datei></v><v nr=\"9\"/>\n</x:e>\n";
    let root = delivery(&[("e/export.xml", text.as_bytes()), ("e/dok/a.pdf", b"a"), ("dok/b.pdf", b"b")]);
    let source = open(root.path(), xml()).unwrap();
    assert_eq!(
        told(&source),
        [
            "7: dok/b.pdf e/dok/a.pdf",
            "8: ",
            "!date-invalid warning 5:- gestern",
            "!reference-missing error 6:- n.pdf",
            "9: ",
            "!row-without-files warning 6:25 9",
        ]
    );
    let record = source.read(0, &Cancel::new()).unwrap();
    assert_eq!(
        (record.description.title.as_str(), record.description.properties[0].value.as_str()),
        ("Grün & gut", "Mitte")
    );
    let own = String::from_utf8(bytes(&source, &record.metadata[0])).unwrap();
    assert!(own.starts_with("<x:v nr=\"7\">") && own.ends_with("</x:v>"), "{own}");
    let record = source.read(2, &Cancel::new()).unwrap();
    assert_eq!(bytes(&source, &record.metadata[0]), b"<v nr=\"9\"/>");
}

#[test]
fn exports_come_in_old_encodings() {
    let windows = Some(encoding_rs::WINDOWS_1252);
    let text = b"Nr;Betreff;Datum;Worte;Ort;Dateien\n1;Gr\xfcn \x80;;;K\xf6ln;a.pdf\n";
    let root = delivery(&[("export.csv", text), ("dok/a.pdf", b"a")]);
    let source = open(root.path(), Rules { encoding: windows, ..csv() }).unwrap();
    let record = source.read(0, &Cancel::new()).unwrap();
    assert_eq!(
        (record.description.title.as_str(), record.description.properties[0].value.as_str()),
        ("Grün €", "Köln")
    );
    assert_eq!(bytes(&source, &record.metadata[0]), text);
    assert!(matches!(open(root.path(), csv()), Err(SourceError::Table(TableError { line: 2, .. }))));

    let text = b"<?xml version='1.0' encoding='ISO-8859-1'?>\n<e><k>\xe4\xf6\xfc</k><v nr='\xe4'><betreff>Gr\xfcn</betreff><datei>a.pdf</datei></v></e>";
    let root = delivery(&[("export.xml", text), ("dok/a.pdf", b"a")]);
    let source = open(root.path(), Rules { encoding: windows, ..xml() }).unwrap();
    let record = source.read(0, &Cancel::new()).unwrap();
    assert_eq!((record.key.as_str(), record.description.title.as_str()), ("ä", "Grün"));
    assert_eq!(bytes(&source, &record.metadata[0]), &text[57..text.len() - 4]);
    assert!(matches!(open(root.path(), xml()), Err(SourceError::Refused { .. })));
}

#[test]
fn exports_that_do_not_fit_are_refused() {
    for (name, text, rules, code) in [
        ("x.csv", "Nr;Betreff\n1;A\n", csv(), Code::ColumnMissing),
        ("x.xml", "<e><w/></e>", xml(), Code::SubmissionInvalid),
        ("x.xml", "<e><v nr='1'></e>", xml(), Code::XmlMalformed),
        ("x.xml", "<!DOCTYPE e><e><v nr='1'/></e>", xml(), Code::XmlMalformed),
        ("x.txt", "", csv(), Code::FileMissing),
    ] {
        let root = delivery(&[(name, text.as_bytes())]);
        match open(root.path(), rules) {
            Err(SourceError::Refused { finding, .. }) => assert_eq!(finding.code, code, "{text}"),
            other => panic!("{text}: {}", other.is_ok()),
        }
    }
    for text in ["Nr;Nr\n", "Nr;Betreff;Datum;Worte;Ort;Dateien\n1;2\n", "", "Nr;Betreff;Datum;Worte;Ort;Dateien\n\"1;"]
    {
        let root = delivery(&[("x.csv", text.as_bytes())]);
        assert!(matches!(open(root.path(), csv()), Err(SourceError::Table(_))), "{text:?}");
    }
}

#[test]
fn a_folder_is_called_like_the_record_where_nobody_says_more() {
    let root = delivery(&[("x.csv", b"Nr\n1\n2\n"), ("1/a", b"a"), ("1/b/c", b"c"), ("3/d", b"d")]);
    let rules = rules(Format::Csv { separator: Some(b';') }, "Nr", "", &[]);
    let source = open(root.path(), rules).unwrap();
    assert_eq!(
        told(&source),
        ["1: 1/a 1/b/c", "2: ", "!row-without-files warning 3:1 2", ": 3/d", "!file-unreferenced warning -:- 3/d"]
    );
}

#[test]
fn many_rows_are_read_in_any_order() {
    let mut text = "Nr;Dateien\n".to_owned();
    for number in 0..300 {
        text += &[&number.to_string(), ";", &"x".repeat(100), "\n"].concat();
    }
    let root = delivery(&[("x.csv", text.as_bytes())]);
    let rules = rules(Format::Csv { separator: None }, "Nr", "Dateien", &[]);
    let source = open(root.path(), rules).unwrap();
    for index in [299, 0, 150, 1, 298] {
        let record = source.read(index, &Cancel::new()).unwrap();
        assert_eq!(record.key, index.to_string());
        assert_eq!(bytes(&source, &record.metadata[0]).len(), 11 + index.to_string().len() + 102);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
    #[test]
    fn every_file_is_in_a_record_or_told(rows in prop::collection::vec("[ab.*?/|]{0,6}", 0..6)) {
        let lines: Vec<String> = rows.iter().enumerate().map(|(n, files)| format!("{n};{files}\n")).collect();
        let body = lines.concat();
        let text = format!("Nr;Dateien\n{body}");
        let files: [(&str, &[u8]); 4] = [("x.csv", text.as_bytes()), ("dok/a", b"1"), ("dok/b", b"2"), ("dok/ab/a.b", b"3")];
        let root = delivery(&files);
        let rules = rules(Format::Csv { separator: None }, "Nr", "Dateien", &[]);
        let source = open(root.path(), rules).unwrap();
        let mut seen = HashSet::new();
        for index in 0..source.keys().len() {
            let record = source.read(index, &Cancel::new()).unwrap();
            for file in record.files {
                prop_assert!(crate::model::path::inside(&file.path).is_ok());
                seen.insert(file.path.to_string());
            }
        }
        prop_assert_eq!(seen.len(), 3);
    }
}
