//! Tables: what describes the records of a folder, decisions, exports of other systems. The first byte says which. How the
//! bytes come in makes no difference; deliveries obey what holds for all.
#![no_main]

use std::io::BufReader;
use std::sync::Arc;

use earchiv::io::xpath::XPath;
use earchiv::source::mapping::{Exported, FileRule, Format, Rules};
use earchiv::source::table::{Columns, Table, decisions};
use earchiv::source::{Delivery, FieldRule, FolderRules};
use earchiv::task::Cancel;
use earchiv_fuzz::{laws, scratch};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((kind, data)) = data.split_first() else { return };
    match kind % 4 {
        0 => table(data, "metadata.csv"),
        1 => table(data, "metadata.toml"),
        2 => {
            let whole = decisions("liste.csv", data);
            let pieces = decisions("liste.csv", BufReader::with_capacity(3, data));
            assert_eq!(whole.is_ok(), pieces.is_ok(), "read otherwise in pieces");
        }
        _ => export(data),
    }
});

fn table(data: &[u8], name: &str) {
    let columns = Columns::default();
    let whole = Table::read(name, data, &columns);
    let pieces = Table::read(name, BufReader::with_capacity(3, data), &columns);
    assert_eq!(format!("{whole:?}"), format!("{pieces:?}"), "read otherwise in pieces");
    if whole.is_err() {
        return;
    }
    let folder = scratch::folder("Ablieferung");
    scratch::put(&folder, name, data);
    for file in ["Baumkataster/Liste.csv", "Straße 1/a.txt", "lose.txt"] {
        scratch::put(&folder, file, b"x");
    }
    if let Ok(share) = Delivery::open(&folder, &FolderRules::default()) {
        laws::delivery(&share, &folder);
    }
}

fn export(data: &[u8]) {
    let xml = data.starts_with(b"<");
    let field = |field: &str, from: &str| FieldRule { field: field.to_owned(), from: from.to_owned() };
    let rules = Rules {
        kind: "fachverfahren".to_owned(),
        file: Arc::new(|name: &[u8]| name.starts_with(b"export.")),
        file_name: "export.*".to_owned(),
        format: match xml {
            true => Format::Xml(XPath::parse("/export/akte").expect("a path")),
            false => Format::Csv { separator: None },
        },
        record: "akte".to_owned(),
        encoding: None,
        key: if xml { "@id" } else { "id" }.to_owned(),
        list_separator: "|".to_owned(),
        dates: vec!["dd.mm.yyyy".to_owned(), "yyyy-mm-dd".to_owned()],
        files: Some(FileRule {
            from: if xml { "datei" } else { "dateien" }.to_owned(),
            separator: "|".to_owned(),
            folder: "dateien".to_owned(),
        }),
        fields: vec![field("title", "titel"), field("date_from", "von"), field("subjects", "wort")],
    };
    let folder = scratch::folder("Export");
    scratch::put(&folder, if xml { "export.xml" } else { "export.csv" }, data);
    for file in ["dateien/a.txt", "dateien/b.txt", "dateien/ü.txt"] {
        scratch::put(&folder, file, b"x");
    }
    let cancel = Cancel::new();
    if let Ok(exported) = Exported::open(&folder, rules, &FolderRules::default(), &cancel) {
        laws::delivery(&exported, &folder);
    }
}
