//! One row of an export with its files as a record.

use super::super::field::printable;
use super::super::paths::Paths;
use super::super::rest::unstored;
use super::super::{dating, field};
use super::export::Data;
use super::lookup::Found;
use super::{Exported, NOBODY, PIECES, Row, dates, split};
use crate::model::finding::{Code, Finding};
use crate::model::path;
use crate::model::record::{FileFacts, Record, SourceFile};
use crate::task::{Cancel, Cancelled};

impl Exported {
    pub(super) fn record(&self, index: usize, cancel: &Cancel) -> Result<Record, Cancelled> {
        cancel.check()?;
        let row = &self.rows[index];
        let export = &self.exports[row.export];
        let mut record = Record { key: row.key.clone(), ..Record::default() };
        let at = |code: Code, line: u64, column: Option<u64>| {
            let mut finding = Finding::new(code).file(export.shown.clone()).line(line);
            finding.column = column;
            finding
        };
        if let Some((code, key)) = &row.fault {
            let mut finding = at(*code, row.span.line, Some(row.span.column));
            finding =
                if key.is_empty() { finding.expected(self.rules.key.clone()) } else { finding.value(key.clone()) };
            record.findings.push(finding);
        }
        record.metadata.push(self.own_row(row));
        let data = match self.data(row.export, row.span) {
            Ok(data) => data,
            Err(finding) => {
                record.findings.push(*finding);
                return Ok(record);
            }
        };
        self.describe(&mut record, &data, row, &at);
        let mut entries = Vec::new();
        for name in self.names(&data) {
            let value = printable(&name.text);
            match self.find(export, &name.text) {
                Found::Files(files) => {
                    let owner = u32::try_from(index).unwrap_or(NOBODY);
                    if files.iter().any(|file| self.owners[*file] != owner) {
                        record.findings.push(at(Code::NamedTwice, name.line, name.column).value(value));
                    }
                    entries.extend(files);
                }
                // Without a rule a folder may be there or not.
                Found::Nothing if self.rules.files.is_none() => {}
                Found::Nothing => {
                    record.findings.push(at(Code::ReferenceMissing, name.line, name.column).value(value));
                }
                Found::Outside => {
                    record.findings.push(at(Code::ReferenceOutside, name.line, name.column).value(value));
                }
            }
        }
        entries.sort_unstable();
        entries.dedup();
        let mut paths = Paths::default();
        for index in entries {
            let entry = &self.tree.entries()[index];
            match unstored(entry, &self.leave_out) {
                Some(reason) => record.exceptions.push(entry.exception(reason)),
                None => record.files.push(entry.file(paths.portable(&entry.path), 0, FileFacts::default())),
            }
        }
        record.files.sort_by(|a, b| a.path.cmp(&b.path));
        if record.files.is_empty() && record.findings.is_empty() {
            let finding = at(Code::RowWithoutFiles, row.span.line, Some(row.span.column));
            record.findings.push(finding.value(record.description.title.clone()));
        }
        Ok(record)
    }

    /// Returns the record's row, or its element, as a file: bytes of the export, the header of a CSV before them.
    fn own_row(&self, row: &Row) -> SourceFile {
        let export = &self.exports[row.export];
        let entry = &self.tree.entries()[export.entry];
        let to = format!("{}/{}", self.rules.kind, path::portable(entry.name()));
        let mut file = entry.file(to, PIECES, FileFacts::default());
        file.size = export.header.len() as u64 + row.span.length;
        let place = format!("{}+{}:", row.span.offset, row.span.length);
        if let Some(facts) = &mut file.facts {
            facts.place = Some((PIECES, [place.as_bytes(), &entry.path].concat().into()));
        }
        file
    }

    fn describe(
        &self,
        record: &mut Record,
        data: &Data<'_>,
        row: &Row,
        at: &impl Fn(Code, u64, Option<u64>) -> Finding,
    ) {
        let list = |field: &str| {
            matches!(
                field,
                "identifiers" | "identifier" | "subjects" | "subject" | "contributors" | "audience" | "relations"
            )
        };
        for rule in &self.rules.fields {
            let found = data.values(&rule.from);
            let found = if list(&rule.field) { split(found, &self.rules.list_separator) } else { found };
            let mut values = Vec::with_capacity(found.len());
            for value in found {
                if !field::is_date(&rule.field) {
                    values.push(value.text);
                } else if let Some(date) = dates::iso(&value.text, &self.rules.dates) {
                    values.push(date);
                } else {
                    let finding = at(Code::DateInvalid, value.line, value.column);
                    record.findings.push(finding.value(printable(&value.text)).expected(rule.from.clone()));
                }
            }
            field::put(record, &rule.field, &values);
        }
        let description = &mut record.description;
        if description.title.is_empty() {
            description.title.clone_from(&row.key);
        }
        if description.identifiers.is_empty() && row.fault.is_none() {
            description.identifiers.push(row.key.clone());
        }
        let (from, to) = (&description.date_from, &description.date_to);
        if !from.is_empty() && !to.is_empty() && !dating::in_order(from, to) {
            let value = format!("{from} – {to}");
            let finding = at(Code::DateInvalid, row.span.line, Some(row.span.column)).value(value);
            record.findings.push(finding.expected("date_from, date_to"));
        }
        if record.closure.made.is_empty() {
            record.closure.made.clone_from(if to.is_empty() { from } else { to });
        }
    }
}
