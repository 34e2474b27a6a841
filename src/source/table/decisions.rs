//! A list of the archive's decisions (Bewertungsliste) in CSV: one object a row, which of A, B, V, who, when and why.

use std::collections::HashMap;
use std::io::BufRead;

use super::columns::fold;
use super::entry::{brief, duplicate};
use super::fault::{Place, TableError, TableFault};
use super::rows::{Row, Rows};
use crate::model::decision::{Appraisal, Decision, Decisions, Subject};
use crate::model::time::Timestamp;
use crate::source::dating;

/// The largest list, in bytes.
const LIST_MAX: u64 = 64 << 20;

/// What a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Reference,
    Path,
    Decision,
    Who,
    When,
    Why,
    /// For people who read the list.
    Title,
}

/// Names of columns, German and English.
const NAMES: &[(&str, Column)] = &[
    ("id", Column::Id),
    ("uuid", Column::Id),
    ("kennung", Column::Id),
    ("kennzeichen", Column::Reference),
    ("aktenzeichen", Column::Reference),
    ("reference", Column::Reference),
    ("identifier", Column::Reference),
    ("pfad", Column::Path),
    ("path", Column::Path),
    ("entscheidung", Column::Decision),
    ("bewertung", Column::Decision),
    ("aussonderungsart", Column::Decision),
    ("decision", Column::Decision),
    ("appraisal", Column::Decision),
    ("wer", Column::Who),
    ("who", Column::Who),
    ("wann", Column::When),
    ("datum", Column::When),
    ("when", Column::When),
    ("date", Column::When),
    ("warum", Column::Why),
    ("begründung", Column::Why),
    ("begruendung", Column::Why),
    ("why", Column::Why),
    ("reason", Column::Why),
    ("titel", Column::Title),
    ("betreff", Column::Title),
    ("title", Column::Title),
];

/// Words for decisions, German and English.
const WORDS: &[(&str, Appraisal)] = &[
    ("a", Appraisal::Archive),
    ("archivwürdig", Appraisal::Archive),
    ("archivwuerdig", Appraisal::Archive),
    ("archivieren", Appraisal::Archive),
    ("archive", Appraisal::Archive),
    ("b", Appraisal::Undecided),
    ("bewerten", Appraisal::Undecided),
    ("zu bewerten", Appraisal::Undecided),
    ("undecided", Appraisal::Undecided),
    ("v", Appraisal::Destroy),
    ("vernichten", Appraisal::Destroy),
    ("kassieren", Appraisal::Destroy),
    ("kassabel", Appraisal::Destroy),
    ("nicht archivwürdig", Appraisal::Destroy),
    ("nicht archivwuerdig", Appraisal::Destroy),
    ("destroy", Appraisal::Destroy),
];

/// Reads a list of decisions; `file` is its name, which each decision carries as its origin.
///
/// A row names its object by identifier, else by reference code, else by path (`.`: the loose files of a file share). A list
/// with any fault decides nothing.
pub fn decisions(file: &str, input: impl BufRead) -> Result<Decisions, TableError> {
    let mut input = input.take(LIST_MAX + 1);
    let read = rows(file, &mut input);
    let too_large = input.limit() == 0;
    read.and_then(|decisions| {
        let limit = LIST_MAX;
        if too_large { Err(Place::line(1, TableFault::TooLarge { limit })) } else { Ok(decisions) }
    })
    .map_err(|place| place.error(file))
}

fn rows(file: &str, input: impl BufRead) -> Result<Decisions, Place> {
    let place = |(line, fault)| Place::line(line, fault);
    let (mut rows, header) = Rows::open(input).map_err(place)?;
    let columns = columns(&header.cells).map_err(|fault| Place::line(header.line, fault))?;
    let mut decisions = Decisions::default();
    let mut lines: HashMap<Subject, u64> = HashMap::new();
    while let Some(Row { line, cells }) = rows.next().map_err(place)? {
        let (found, expected) = (cells.len(), columns.len());
        if found != expected {
            return Err(Place::line(line, TableFault::Ragged { found, expected }));
        }
        let (subject, decision) = row(file, &columns, &header.cells, &cells).map_err(|(cell, fault)| {
            let column = cell.map(|cell| cell as u64 + 1);
            Place { line, column, fault }
        })?;
        if let Some(first) = lines.insert(subject.clone(), line) {
            let path = brief(subject.shown());
            return Err(Place::line(line, TableFault::DuplicatePath { path, first }));
        }
        decisions.add(subject, decision);
    }
    Ok(decisions)
}

fn columns(header: &[String]) -> Result<Vec<Column>, TableFault> {
    let mut columns = Vec::with_capacity(header.len());
    for name in header {
        let known = NAMES.iter().find(|(known, _)| *known == fold(name));
        let column = known.map(|(_, column)| *column);
        let column = column.ok_or_else(|| TableFault::UnknownColumn { column: brief(name) })?;
        if columns.contains(&column) {
            return Err(duplicate(name));
        }
        columns.push(column);
    }
    let subjects = [Column::Id, Column::Reference, Column::Path];
    if !subjects.iter().any(|subject| columns.contains(subject)) {
        return Err(TableFault::MissingColumn { column: "id" });
    }
    if !columns.contains(&Column::Decision) {
        return Err(TableFault::MissingColumn { column: "entscheidung" });
    }
    Ok(columns)
}

/// Reads one row; a fault names the cell, from 0, where it lies in one.
fn row(
    file: &str,
    columns: &[Column],
    names: &[String],
    cells: &[String],
) -> Result<(Subject, Decision), (Option<usize>, TableFault)> {
    let at = |wanted: Column| columns.iter().position(|column| *column == wanted);
    let name = |cell: usize| brief(names.get(cell).map_or("", String::as_str));
    for (cell, text) in cells.iter().enumerate() {
        if text.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            return Err((Some(cell), TableFault::Control { column: name(cell) }));
        }
    }
    let text = |wanted| at(wanted).and_then(|cell| cells.get(cell)).map(|text| text.trim()).unwrap_or_default();
    let subject = match [text(Column::Id), text(Column::Reference), text(Column::Path)] {
        ["", "", ""] => return Err((None, TableFault::NoSubject)),
        ["", "", path] => Subject::Path(plain(path)),
        ["", reference, _] => Subject::Reference(reference.to_owned()),
        [id, _, _] => Subject::id(id),
    };
    let told = fold(text(Column::Decision));
    let appraisal = WORDS.iter().find(|(word, _)| *word == told).map(|(_, appraisal)| *appraisal);
    let appraisal = appraisal.ok_or_else(|| {
        let value = brief(text(Column::Decision));
        (at(Column::Decision), TableFault::Decision { value })
    })?;
    let when = match text(Column::When) {
        "" => String::new(),
        moment if Timestamp::parse(moment).is_some() => moment.to_owned(),
        day => dating::iso(day).ok_or_else(|| {
            let cell = at(Column::When);
            (cell, TableFault::Date { column: cell.map(name).unwrap_or_default(), value: brief(day) })
        })?,
    };
    let (who, why) = (text(Column::Who).to_owned(), text(Column::Why).to_owned());
    Ok((subject, Decision { appraisal, who, when, why, origin: file.to_owned() }))
}

/// Returns a path as decisions hold it: without `./` in front and `/` behind.
fn plain(path: &str) -> String {
    let inner = path.trim_start_matches("./").trim_end_matches('/');
    if inner.is_empty() { ".".to_owned() } else { inner.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Decisions, String> {
        decisions("liste.csv", text.as_bytes()).map_err(|error| {
            let fault = format!("{:?}", error.fault);
            let name = fault.split([' ', '(']).next().unwrap_or_default();
            format!("{}:{} {name}", error.line, error.column.unwrap_or_default())
        })
    }

    #[test]
    fn both_languages_decide_alike() {
        let german = read(
            "Id;Kennzeichen;Pfad;Entscheidung;Wer;Wann;Warum;Titel\n\
             1A2B;;;Archivwürdig;Stadtarchiv;4.5.2026;Evidenzwert;Akte\n\
             ;10.2;;zu bewerten;;;;\n\
             ;;./Bauhof/;V;;2026-05-04T10:00:00Z;;\n",
        );
        let english = read(
            "path,id,reference,decision,who,when,why\n\
             ,1a2b,,A,Stadtarchiv,2026-05-04,Evidenzwert\n,,10.2,undecided,,,\nBauhof,,,destroy,,2026-05-04T10:00:00Z,\n",
        );
        assert_eq!(german, english);
        let decisions = german.unwrap();
        assert_eq!(decisions.counts(), [1, 1, 1]);
        let decision = decisions.about("1a2b", "").unwrap();
        let told = [&decision.who, &decision.when, &decision.why, &decision.origin];
        assert_eq!(told, ["Stadtarchiv", "2026-05-04", "Evidenzwert", "liste.csv"]);
        assert_eq!(decisions.about_path("Bauhof").unwrap().appraisal, Appraisal::Destroy);
    }

    #[test]
    fn a_list_with_a_fault_decides_nothing() {
        for (text, expected) in [
            ("", "1:0 NoHeader"),
            ("Titel;Entscheidung\nx;A\n", "1:0 MissingColumn"),
            ("id;wer\nx;A\n", "1:0 MissingColumn"),
            ("id;Entscheidung;Farbe\n", "1:0 UnknownColumn"),
            ("id;UUID;Entscheidung\n", "1:0 DuplicateColumn"),
            ("id;Entscheidung\nx;A\ny;vielleicht\n", "3:2 Decision"),
            ("id;Entscheidung\nx;\n", "2:2 Decision"),
            ("id;Entscheidung\n;A\n", "2:0 NoSubject"),
            ("id;Entscheidung\nx;A\nX;V\n", "3:0 DuplicatePath"),
            ("id;Entscheidung;wann\nx;A;31.2.2026\n", "2:3 Date"),
            ("id;Entscheidung\nx;A;mehr\n", "2:0 Ragged"),
            ("id;Entscheidung;wer\nx;A;\u{7}\n", "2:3 Control"),
        ] {
            assert_eq!(read(text).map(|decisions| decisions.len()), Err(expected.to_owned()), "{text:?}");
        }
    }
}
