//! What people file: the receipt of an accession as text, as a page and as tables, from one description of it.

pub mod audit;
mod chart;
mod copies;
pub mod date;
mod listed;
mod outbox;
mod page;
mod plain;
mod rows;
mod table;

use std::cell::OnceCell;
use std::io::{self, Write};

use clap::ValueEnum;
use earchiv::archive::receipt::{Receipt, Render};

use super::text::{Language, Text};

pub use copies::Copies;
pub use outbox::Outbox;

/// How a receipt is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Plain text.
    Text,
    /// A page that needs nothing beside itself.
    Html,
    /// The packages as CSV.
    Csv,
    /// All deviations as CSV.
    Deviations,
}

/// Writes a receipt in `form`.
pub fn write(form: Form, receipt: &dyn Receipt, text: &Text, out: &mut dyn Write) -> io::Result<()> {
    match form {
        Form::Text => plain::write(receipt, text, out),
        Form::Html => page::write(receipt, text, out),
        Form::Csv => table::packages(receipt, text, out),
        Form::Deviations => table::deviations(receipt, text, out),
    }
}

/// The documents that are filed with every accession: pages in both languages, the others in that of the user.
pub struct Filed<'a> {
    user: &'a Text,
    other: OnceCell<Text>,
}

impl<'a> Filed<'a> {
    /// Returns the documents for a user who reads `text`.
    pub const fn new(user: &'a Text) -> Self {
        Self { user, other: OnceCell::new() }
    }

    fn text(&self, language: Language) -> &Text {
        if self.user.language() == language { self.user } else { self.other.get_or_init(|| Text::new(language)) }
    }
}

impl Render for Filed<'_> {
    fn names(&self) -> Vec<&'static str> {
        vec!["receipt.txt", "receipt.de.html", "receipt.en.html", "receipt.csv", "receipt-deviations.csv"]
    }

    fn write(&self, name: &str, receipt: &dyn Receipt, out: &mut dyn Write) -> io::Result<()> {
        match name {
            "receipt.de.html" => write(Form::Html, receipt, self.text(Language::De), out),
            "receipt.en.html" => write(Form::Html, receipt, self.text(Language::En), out),
            "receipt.csv" => write(Form::Csv, receipt, self.user, out),
            "receipt-deviations.csv" => write(Form::Deviations, receipt, self.user, out),
            _ => write(Form::Text, receipt, self.user, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use earchiv::archive::receipt::{Each, Head};
    use earchiv::archive::report::RecordReport;
    use earchiv::model::record::Exception;
    use serde_json::json;

    use super::*;

    /// A receipt of so many records, each with a deviation, that are nowhere in memory together.
    struct Large(u64);

    impl Receipt for Large {
        fn head(&self) -> io::Result<Head> {
            let share =
                json!({"offered": 0, "taken": 0, "held": 0, "not_taken": 0, "refused": 0, "failed": 0, "left_out": 0});
            let counts = json!({"objects": share, "files": share, "bytes": share, "folders": share, "others": share,
                "decided_against": 0});
            Ok(serde_json::from_value(json!({
                "schema": "earchiv.receipt/1",
                "archive": {"id": "6b0f5f0a-51a5-4f0c-9d6a-1c6d3d2b1a00", "name": "Stadtarchiv", "isil": null},
                "accession": {
                    "number": "2026-0001", "started": "2026-03-01T12:00:00Z", "closed": "2026-03-01T12:00:00Z",
                    "producer": "Amt", "delivery": "D", "profile": "dateiablage", "agreement": "", "purpose": "permanent",
                    "holdings": "", "packages": 0, "files": 0, "bytes": 0, "refused": 0, "failed": 0, "left_out": 0,
                    "object": "urn:uuid:x",
                },
                "terms": {"profile": {"name": "dateiablage", "version": 1, "title": {"de": "D", "en": "E"}},
                    "closure_law": "", "retention_basis": ""},
                "origin": {},
                "tool": {"name": "eArchiv", "version": "0"},
                "actor": {"user": "a"},
                "counts": counts,
                "entries": {},
                "formats": [],
                "released": false,
                "answers": [],
                "journal_head": "1:0",
                "leftovers": 0,
            }))?)
        }

        fn records(&self, each: Each<'_, RecordReport>) -> io::Result<()> {
            let mut record: RecordReport = serde_json::from_value(json!({
                "record": "a", "package": "6b0f5f0a-51a5-4f0c-9d6a-1c6d3d2b1a00", "title": "Akte", "state": "stored",
                "files": 1, "bytes": 2, "folders": 1, "empty_folders": 0, "sha512": "0".repeat(128),
                "exceptions": [{"path": "a/link", "kind": "link", "reason": "link", "target": "x"}],
            }))?;
            for number in 0..self.0 {
                record.title = format!("Akte {number}");
                if !each(&record)? {
                    break;
                }
            }
            Ok(())
        }

        fn exceptions(&self, _: Each<'_, Exception>) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(form: Form, receipt: &dyn Receipt) -> String {
        let mut bytes = Vec::new();
        write(form, receipt, &Text::new(Language::De), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_page_has_a_bound_and_the_tables_have_all() {
        let (some, many) = (Large(2_000), Large(5_000));
        let [page, longer] = [&some, &many].map(|receipt| written(Form::Html, receipt));
        // Only the counts in the notes are longer.
        assert!(longer.len() - page.len() < 10, "{} {}", page.len(), longer.len());
        assert!(longer.contains("die ersten 1.000 von 5.000"));
        for form in [Form::Csv, Form::Deviations] {
            assert_eq!(written(form, &many).lines().count(), 5_001);
        }
    }

    #[test]
    fn a_page_says_the_same_in_both_languages() {
        let tags = |language| {
            let mut bytes = Vec::new();
            write(Form::Html, &Large(3), &Text::new(language), &mut bytes).unwrap();
            let page = String::from_utf8(bytes).unwrap();
            page.split('<').skip(1).map(|tag| tag.split(['>', ' ']).next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(tags(Language::De), tags(Language::En));
    }
}
