//! The table that describes the records of a delivery: `metadata.csv` or `metadata.toml` beside them.
//!
//! CSV is UTF-8 with `;`, `,` or tab between the cells; TOML holds one `[[record]]` for each record. Both have the same
//! columns, see [`Columns`]. A table with any fault describes nothing.

mod columns;
mod csv;
mod decisions;
mod entry;
mod fault;
pub(super) mod rows;
mod toml;

use std::collections::HashMap;
use std::io::BufRead;

pub use columns::{Column, Columns};
pub use decisions::decisions;
use entry::{Entry, brief};
use fault::Place;
pub use fault::{TableError, TableFault};

use crate::model::closure;
use crate::model::record::{Description, Person};

/// The largest CSV table, in bytes.
const CSV_MAX: u64 = 512 << 20;

/// The largest TOML table, in bytes: it is held in memory as a whole.
const TOML_MAX: u64 = 16 << 20;

/// A table of descriptions that is in order in itself; whether its records are there is not yet known.
#[derive(Debug)]
pub struct Table {
    file: String,
    rows: Vec<Entry>,
}

impl Table {
    /// Reads a table from `input`: TOML where the name of its `file` ends so, else CSV.
    pub fn read(file: &str, input: impl BufRead, columns: &Columns) -> Result<Self, TableError> {
        let toml = file.len() > 5 && file[file.len() - 5..].eq_ignore_ascii_case(".toml");
        let limit = if toml { TOML_MAX } else { CSV_MAX };
        let mut input = input.take(limit + 1);
        let rows = if toml { toml::read(&mut input, columns) } else { csv::read(&mut input, columns) };
        let too_large = input.limit() == 0;
        rows.and_then(|rows| {
            if too_large {
                return Err(Place::line(1, TableFault::TooLarge { limit }));
            }
            Ok(Self { file: file.to_owned(), rows })
        })
        .map_err(|place| place.error(file))
    }

    /// Finds the record of each row with `find` and returns the row's number by record.
    pub(super) fn assign(&self, find: impl Fn(&str) -> Option<usize>) -> Result<HashMap<usize, usize>, TableError> {
        let mut rows: HashMap<usize, usize> = HashMap::with_capacity(self.rows.len());
        for (number, entry) in self.rows.iter().enumerate() {
            let path = || brief(&entry.path);
            let fault = match find(&entry.path) {
                None => TableFault::NoSuchEntry { path: path() },
                Some(record) => match rows.insert(record, number) {
                    None => continue,
                    Some(first) => TableFault::DuplicatePath { path: path(), first: self.rows[first].line },
                },
            };
            return Err(Place::line(entry.line, fault).error(&self.file));
        }
        Ok(rows)
    }

    /// Returns what the table says of the one record that it may describe, which it calls by one of `names`, and whether it
    /// tells of persons; `None` where it has no row.
    pub fn only(&self, names: &[&str]) -> Result<Option<(Description, bool)>, TableError> {
        let rows = self.assign(|path| names.contains(&path).then_some(0))?;
        let Some(number) = rows.get(&0) else { return Ok(None) };
        let of_persons = |column: &Column| matches!(column, Column::Born | Column::Died | Column::Personal);
        let persons = self.rows[*number].cells.iter().any(|(column, _)| of_persons(column));
        Ok(Some((self.description(*number), persons)))
    }

    /// Returns what row `number` says.
    pub(super) fn description(&self, number: usize) -> Description {
        let mut out = Description::default();
        for (column, value) in &self.rows[number].cells {
            let value = String::from(value.clone());
            match column {
                Column::Path | Column::Born | Column::Died | Column::Personal => {}
                Column::Title => out.title = value,
                Column::Identifier => out.identifiers.push(value),
                Column::Signature => out.signature = value,
                Column::DateFrom => out.date_from = value,
                Column::DateTo => out.date_to = value,
                Column::Creator => out.creator = value,
                Column::Summary => out.summary = value,
                Column::Subject => out.subjects.push(value),
            }
        }
        out
    }

    /// Returns what row `number` says of the persons whom the record is about.
    pub(super) fn persons(&self, number: usize) -> Vec<Person> {
        let cells = &self.rows[number].cells;
        let dates = |wanted| {
            let cells = cells.iter().filter(|(column, _)| *column == wanted);
            cells.map(|(_, date)| date.to_string()).collect::<Vec<_>>()
        };
        let mut persons = closure::persons(&dates(Column::Born), &dates(Column::Died));
        if persons.is_empty() && cells.iter().any(|(column, _)| *column == Column::Personal) {
            persons.push(Person::default());
        }
        persons
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use Column::{DateFrom, Identifier, Path, Signature, Title};

    use super::*;

    fn read(file: &str, bytes: &[u8]) -> Result<Table, TableError> {
        Table::read(file, bytes, &Columns::default())
    }

    /// Reads a table in a delivery with these records; returns what is wrong as `line[:column] fault`.
    fn judge(file: &str, bytes: &[u8], columns: &Columns, records: &[&str]) -> Result<(), String> {
        Table::read(file, bytes, columns)
            .and_then(|table| table.assign(|path| records.iter().position(|name| *name == path)))
            .map(drop)
            .map_err(|error| {
                let fault = format!("{:?}", error.fault);
                let name = fault.split([' ', '(']).next().unwrap_or_default();
                format!("{}:{} {name}", error.line, error.column.unwrap_or_default())
            })
    }

    #[test]
    fn both_languages_describe_alike() {
        let csv = "Pfad;Titel;Aktenzeichen;Signatur;von;bis;Provenienz;Enthält;Schlagwort\n\
            Akte 1;=1+1;10.2 | 10.3;A 7;4.5.2013;2014;Amt 67;\"Pläne;\nBriefe\";Grün|\n";
        let toml = r#"
            [[record]]
            path = "Akte 1"
            title = "=1+1"
            identifier = ["10.2", "10.3"]
            signature = "A 7"
            date_from = 2013-05-04
            date_to = 2014
            creator = "Amt 67"
            summary = "Pläne;\nBriefe"
            subject = "Grün"
        "#;
        let expected = Description {
            title: "=1+1".to_owned(),
            identifiers: vec!["10.2".to_owned(), "10.3".to_owned()],
            signature: "A 7".to_owned(),
            date_from: "2013-05-04".to_owned(),
            date_to: "2014".to_owned(),
            creator: "Amt 67".to_owned(),
            summary: "Pläne;\nBriefe".to_owned(),
            subjects: vec!["Grün".to_owned()],
            ..Description::default()
        };
        for (file, text) in [("metadata.csv", csv), ("metadata.toml", toml)] {
            let table = read(file, text.as_bytes()).unwrap();
            let rows = table.assign(|path| (path == "Akte 1").then_some(3)).unwrap();
            assert_eq!(table.description(rows[&3]), expected, "{file}");
        }
    }

    #[test]
    fn a_path_names_a_record_in_the_delivery() {
        let path = |cell: &str| {
            let csv = format!("path,title\n{cell},x\n");
            judge("t.csv", csv.as_bytes(), &Columns::default(), &["a", " b ", "."])
        };
        for cell in ["a", "a/", "./a", " b ", ".", "./"] {
            assert_eq!(path(cell), Ok(()), "{cell:?}");
        }
        for (cell, fault) in [
            ("b", "NoSuchEntry"),
            ("a/b", "NoSuchEntry"),
            ("A", "NoSuchEntry"),
            ("", "NoPath"),
            ("/a", "Outside"),
            ("..", "Outside"),
            ("a/../a", "Outside"),
            ("..\\a", "Outside"),
        ] {
            assert_eq!(path(cell), Err(format!("2:0 {fault}")), "{cell:?}");
        }
    }

    #[test]
    fn faults_of_csv_have_their_line() {
        for (csv, fault) in [
            ("path;title\na;x\nb\n", "3:0 Ragged"),
            ("path;title\na;x;y\n", "2:0 Ragged"),
            ("path;path\na;x\n", "1:0 DuplicateColumn"),
            ("path;Pfad\na;x\n", "1:0 DuplicateColumn"),
            ("path;farbe\na;x\n", "1:0 UnknownColumn"),
            ("path;\na;x\n", "1:0 UnknownColumn"),
            ("title\na\n", "1:0 MissingColumn"),
            ("path;title\na;x\n\"b\n\";x\n", "3:0 NoSuchEntry"),
            ("path;title\na;x\nb;x\na;y\n", "4:0 DuplicatePath"),
            ("path;von\na;31.02.2024\n", "2:0 Date"),
            ("path;von;bis\na;2014;2013\n", "2:0 DateOrder"),
            ("path;title\na;\u{1b}[31m\n", "2:0 Control"),
        ] {
            let found = judge("t.csv", csv.as_bytes(), &Columns::default(), &["a", "b"]);
            assert_eq!(found, Err(fault.to_owned()), "{csv:?}");
        }
    }

    #[test]
    fn faults_of_toml_have_line_and_column() {
        for (toml, fault) in [
            ("a = 1\n", "1:1 UnknownColumn"),
            ("record = 1\n", "1:10 Type"),
            ("record = [1]\n", "1:10 Type"),
            ("[[record]]\npath = \"a\"\nfarbe = 1\n", "3:1 UnknownColumn"),
            ("[[record]]\ntitle = \"a\"\n", "1:1 MissingColumn"),
            ("[[record]]\npath = \"a\"\npath = \"b\"\n", "3:1 Syntax"),
            ("[[record]]\npath = \"a\"\npfad = \"b\"\n", "3:1 DuplicateColumn"),
            ("[[record]]\npath = \"a\"\ntitle = 1.5\n", "3:9 Type"),
            ("[[record]]\npath = \"a\"\ntitle = [\"b\"]\n", "3:9 Type"),
            ("[[record]]\npath = \"a\"\nvon = \"ä\" x\n", "3:11 Syntax"),
            ("[[record]]\npath = \"a\"\nvon = 12:00:00\n", "3:7 Date"),
            ("[[record]]\npath = \"a\"\n\n[[record]]\npath = \"a\"\n", "4:0 DuplicatePath"),
            ("[[record]]\npath = \"c\"\n", "1:0 NoSuchEntry"),
        ] {
            let found = judge("t.toml", toml.as_bytes(), &Columns::default(), &["a", "b"]);
            assert_eq!(found, Err(fault.to_owned()), "{toml:?}");
        }
    }

    #[test]
    fn an_error_shows_its_place_and_no_control_characters() {
        let error = read("m.toml", b"[[record]]\n\"a\\u001bb\" = 1").unwrap_err();
        assert_eq!(error.to_string(), "m.toml:2:1");
        assert_eq!(error.fault.to_string(), "column a%1Bb is unknown");
        let long = format!("{}\n", "x".repeat(5000));
        let error = read("m.csv", long.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "m.csv:1");
        assert!(error.fault.to_string().len() < 200);
    }

    #[test]
    fn many_records_are_described() {
        let mut csv = "path,title\n".to_owned();
        for n in 0..20_000 {
            writeln!(csv, "{n},Akte {n}").unwrap();
        }
        let table = read("m.csv", csv.as_bytes()).unwrap();
        assert_eq!(table.assign(|path| path.parse().ok()).unwrap().len(), 20_000);
    }

    #[test]
    fn published_samples_get_their_verdict() {
        let Some(samples) = crate::source::samples("hostile/samples.tar.gz") else {
            return;
        };
        let of = |pairs: &[(&str, Column)]| {
            let names = pairs.iter();
            names.fold(Columns::default(), |c, (name, column)| c.with(name, *column))
        };
        let abc = of(&[("a", Path), ("b", Title), ("c", Signature)]);
        let id = of(&[("id", Path), ("t", Title), ("datum", DateFrom)]);
        let number = of(&[("Aktenzeichen", Path)]);
        let both = of(&[("id", Identifier)]);
        let cases: [(&str, &Columns, Result<(), &str>); 21] = [
            ("semicolon.csv", &number, Ok(())),
            ("formula.csv", &id, Ok(())),
            ("cp1252.csv", &number, Err("2:0 NotUtf8")),
            ("utf16.csv", &abc, Err("1:0 Utf16")),
            ("ragged.csv", &abc, Err("2:0 Ragged")),
            ("quote_open.csv", &abc, Err("2:0 QuoteOpen")),
            ("dup_header.csv", &abc, Err("1:0 DuplicateColumn")),
            ("dup_key.csv", &id, Err("3:0 DuplicatePath")),
            ("missing_file.csv", &both, Err("2:0 NoSuchEntry")),
            ("path_up.csv", &both, Err("2:0 Outside")),
            ("nul.csv", &abc, Err("2:0 Nul")),
            ("date.csv", &id, Err("2:0 Date")),
            ("cols_10k.csv", &abc, Err("1:0 TooManyColumns")),
            ("unknown_key.toml", &abc, Err("1:2 UnknownColumn")),
            ("type.toml", &abc, Err("1:2 UnknownColumn")),
            ("dup.toml", &abc, Err("2:1 Syntax")),
            ("syntax.toml", &abc, Err("1:7 Syntax")),
            ("nul.toml", &abc, Err("1:4 Nul")),
            ("latin1.toml", &abc, Err("1:4 NotUtf8")),
            ("deep.toml", &abc, Err("1:83 Syntax")),
            ("overflow.toml", &abc, Err("1:2 UnknownColumn")),
        ];
        for (file, columns, expected) in cases {
            let bytes = std::fs::read(samples.path().join("config").join(file)).unwrap();
            let found = judge(file, &bytes, columns, &["1", "2", "3", "4"]);
            assert_eq!(found, expected.map_err(str::to_owned), "{file}");
        }
        let found = std::fs::read_dir(samples.path().join("config")).unwrap().count();
        assert_eq!(found, cases.len(), "a sample without a case");
    }
}
