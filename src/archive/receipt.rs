//! The receipt of an accession, and the accession as an object of the store.
//!
//! ```text
//! accession.json   the entry in the register of accessions
//! receipt.json     what became of each record, what was not taken over and why, the journal's head
//! receipt.txt      the same for people
//! entries.jsonl    every file and folder of the delivery and every entry that is not stored, one a line
//! delivery/        the tables that describe the records
//! ```

use std::collections::BTreeSet;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::delivery::{Delivery, Input, Terms};
use super::read_back::digest_file;
use super::report::{DeliveryReport, Fate, RecordReport};
use super::writer::{Open, Writer, closed};
use super::{Archive, ArchiveError, Marker, marker};
use crate::io::durable;
use crate::journal::{Event, Head};
use crate::model::accession::Accession;
use crate::model::checksum::Checksum;
use crate::model::path;
use crate::model::record::{EntryState, Exception, Reason, Record};
use crate::model::time::Timestamp;
use crate::package::reader::open_regular;
use crate::task::Watch;

/// What a receipt tells.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The archive.
    pub archive: &'a Marker,
    /// The entry in the register.
    pub accession: &'a Accession,
    /// What became of each record.
    pub report: &'a DeliveryReport,
    /// The journal's last entry when the receipt was written.
    pub head: &'a Head,
}

/// Writes a receipt for people, in the language of the user.
pub type Render<'a> = &'a dyn Fn(&Facts<'_>) -> String;

/// What an accession is closed with.
#[derive(Clone, Copy)]
pub(super) struct Closing<'a> {
    pub(super) open: &'a Open,
    pub(super) delivery: &'a Delivery,
    pub(super) terms: &'a Terms,
    pub(super) report: &'a DeliveryReport,
}

/// The list of entries while it grows, in the staging folder.
pub(super) struct Receipt {
    path: PathBuf,
    out: BufWriter<File>,
}

#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    kind: &'static str,
    state: EntryState,
    #[serde(skip_serializing_if = "Option::is_none")]
    package: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(flatten)]
    reason: Option<&'a Reason>,
}

impl Receipt {
    pub(super) fn begin(staging: &Path) -> Result<Self, ArchiveError> {
        let path = staging.join(format!("entries-{}.jsonl", Uuid::new_v4()));
        let file = durable::create_file(&path).map_err(ArchiveError::io(&path))?;
        Ok(Self { path, out: BufWriter::new(file) })
    }

    /// Lists the entries of a record.
    pub(super) fn record(&mut self, report: &RecordReport, input: &Input<'_>) -> Result<(), ArchiveError> {
        let state = report.state();
        let refused = Reason::RecordRefused;
        let failed = match &report.fate {
            Fate::Failed(failure) => Some(Reason::StorageFailed { error: failure.error.clone() }),
            _ => None,
        };
        let reason = match state {
            EntryState::Refused => Some(&refused),
            _ => failed.as_ref(),
        };
        let package = Some(report.id.to_string()).filter(|_| state == EntryState::Stored);
        let mut line = |path: &str, kind, size| {
            let line = Line { path, kind, state, package: package.clone(), size, reason };
            self.line(&line)
        };
        match input {
            Input::Record(record) => {
                for folder in folders(record) {
                    line(&path::shown(&path::original(&folder)), "folder", None)?;
                }
                // A file that could not be read as it was listed is among the exceptions now.
                let named: HashSet<&str> = report.exceptions.iter().map(|exception| &*exception.path).collect();
                for file in &record.files {
                    let path = path::shown(&path::original(&file.path));
                    if !named.contains(path.as_str()) {
                        line(&path, "file", Some(file.size))?;
                    }
                }
            }
            Input::Submission(submission) => {
                for part in submission.reader.parts() {
                    line(&part.path, "file", Some(part.size))?;
                }
            }
        }
        self.exceptions(&report.exceptions)
    }

    /// Lists the entries that belong to no record.
    pub(super) fn leftovers(&mut self, report: &DeliveryReport) -> Result<(), ArchiveError> {
        self.exceptions(&report.leftovers)
    }

    fn exceptions(&mut self, exceptions: &[Exception]) -> Result<(), ArchiveError> {
        for exception in exceptions {
            let (path, kind) = (exception.path.as_str(), exception.kind.name());
            let (state, reason) = (exception.reason.state(), Some(&exception.reason));
            self.line(&Line { path, kind, state, package: None, size: None, reason })?;
        }
        Ok(())
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(), ArchiveError> {
        serde_json::to_writer(&mut self.out, line)
            .map_err(io::Error::from)
            .and_then(|()| self.out.write_all(b"\n"))
            .map_err(ArchiveError::io(&self.path))
    }

    /// Stores the accession as an object and closes it in journal and catalogue.
    pub(super) fn close(
        mut self,
        writer: &mut Writer<'_>,
        closing: &Closing<'_>,
        render: Render<'_>,
        watch: Watch<'_>,
    ) -> Result<(), ArchiveError> {
        self.out.flush().map_err(ArchiveError::io(&self.path))?;
        let archive = writer.archive;
        let mut accession = accession(archive, closing);
        let staged = archive.store().stage(&archive.staging(), &accession.object)?;
        let content = staged.content();
        let facts = Facts {
            archive: archive.marker(),
            accession: &accession,
            report: closing.report,
            head: &writer.journal.head(),
        };
        let receipt = pretty(&receipt_json(&facts));
        let text = render(&facts);
        let register = pretty(&serde_json::to_value(&accession).unwrap_or_default());
        let small = [("accession.json", register), ("receipt.json", receipt), ("receipt.txt", text)];
        for (name, text) in &small {
            write(&content.join(name), text.as_bytes())?;
        }
        durable::publish(&self.path, &content.join("entries.jsonl")).map_err(ArchiveError::io(&self.path))?;
        let mut names: Vec<String> = small.iter().map(|(name, _)| (*name).to_owned()).collect();
        names.push("entries.jsonl".to_owned());
        names.extend(copy_tables(closing.delivery, &content)?);
        names.sort_unstable();
        durable::sync_file_system(&content).map_err(ArchiveError::io(&content))?;
        let files: Vec<(String, Checksum)> = names
            .into_iter()
            .map(|name| {
                let path = content.join(&name);
                let file = open_regular(&path).map_err(ArchiveError::io(&path))?;
                durable::forget(&file);
                Ok((name, digest_file(&file, &path, watch)?))
            })
            .collect::<Result<_, ArchiveError>>()?;
        let (name, address) = archive.user();
        let user = Some((name.as_str(), address.as_str()));
        let message = format!("Accession {}", accession.number);
        accession.inventory = staged.seal(&files, closing.terms.created, &message, user)?;
        durable::sync_file_system(&content).map_err(ArchiveError::io(&content))?;
        let event =
            Event::AccessionClosing { accession: accession.number.clone(), inventory: accession.inventory.clone() };
        writer.journal.append(&[event])?;
        archive.store().publish(staged)?;
        durable::sync_file_system(archive.root()).map_err(ArchiveError::io(archive.root()))?;
        let event = closed(&accession, accession.inventory.clone());
        writer.note(&[event], &[], std::slice::from_ref(&accession))?;
        // Copies where people look for them; the ones in the store count.
        let reports = archive.root().join(marker::REPORTS);
        for (name, text) in &small[1..] {
            let path = reports.join(format!("{}-{name}", accession.number));
            durable::replace(&path, |out| out.write_all(text.as_bytes())).map_err(ArchiveError::io(&path))?;
        }
        Ok(())
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        // Once moved into the accession's object it is not here any more.
        drop(std::fs::remove_file(&self.path));
    }
}

/// Returns the folders of a record: those of its files, and those without any.
fn folders(record: &Record) -> BTreeSet<String> {
    let mut folders = BTreeSet::new();
    let mut add = |path: &str| {
        let ends = path.match_indices('/').map(|(at, _)| at);
        // A name that was cut continues in the next: only the whole is a folder.
        for end in ends.filter(|end| !path[..*end].ends_with('%')) {
            if !folders.contains(&path[..end]) {
                folders.insert(path[..end].to_owned());
            }
        }
    };
    record.files.iter().for_each(|file| add(&file.path));
    record.empty_folders.iter().for_each(|folder| add(&format!("{folder}/")));
    folders
}

fn accession(archive: &Archive, closing: &Closing<'_>) -> Accession {
    let Closing { open, delivery, terms, report } = closing;
    let of_this = || report.records.iter().filter(|record| record.is_kept() && record.accession == open.number);
    let tally = report.tally();
    Accession {
        closed: Some(Timestamp::now()),
        producer: delivery.producer.clone(),
        delivery: delivery.name.clone(),
        profile: terms.profile.name.as_str().to_owned(),
        agreement: terms.agreement_name().to_owned(),
        purpose: terms.purpose(),
        holdings: terms.holdings().to_owned(),
        packages: of_this().count() as u64,
        files: of_this().map(|record| record.files).sum(),
        bytes: of_this().map(|record| record.bytes).sum(),
        refused: tally.values().map(|count| count.refused).sum(),
        failed: tally.values().map(|count| count.failed).sum(),
        left_out: tally.values().map(|count| count.left_out).sum(),
        ..archive.opened(&open.number, open.started)
    }
}

/// Returns the receipt for programs, `docs/schemas/receipt.json`.
#[must_use]
pub fn receipt_json(facts: &Facts<'_>) -> Value {
    let records: Vec<Value> = facts.report.records.iter().map(record_json).collect();
    let exceptions: Vec<&Exception> = facts.report.exceptions().collect();
    json!({
        "schema": "earchiv.receipt/1",
        "archive": { "id": facts.archive.id, "name": facts.archive.name, "isil": facts.archive.isil },
        "accession": facts.accession,
        "entries": facts.report.tally(),
        "records": records,
        "exceptions": exceptions,
        "journal_head": facts.head.to_string(),
    })
}

/// Returns what is reported of a record, as it stands in receipts and in the output of `pack` and `ingest`.
#[must_use]
pub fn record_json(record: &RecordReport) -> Value {
    let mut value = json!({
        "package": record.id,
        "record": record.key,
        "title": record.title,
        "state": record.fate.name(),
        "files": record.files,
        "bytes": record.bytes,
        "folders": record.folders,
        "empty_folders": record.empty_folders,
    });
    let mut set = |key: &str, text: &str| {
        if !text.is_empty() {
            value[key] = text.into();
        }
    };
    set("accession", &record.accession);
    set("place", &record.place);
    set("content", &record.content);
    match &record.fate {
        Fate::Conflict { stored, delivered } => {
            set("content_stored", stored);
            set("content_delivered", delivered);
        }
        Fate::Failed(failure) => {
            set("failed_at", &failure.path.to_string_lossy());
            set("failure", &failure.error);
            if let Some((needed, free)) = failure.space {
                value["needed"] = needed.into();
                value["free"] = free.into();
            }
        }
        _ => {}
    }
    if !record.exceptions.is_empty() {
        value["exceptions"] = serde_json::to_value(&record.exceptions).unwrap_or_default();
    }
    if !record.findings.is_empty() {
        value["findings"] = serde_json::to_value(&record.findings).unwrap_or_default();
    }
    value
}

impl Fate {
    /// Returns the word that stands in JSON documents.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::AlreadyStored => "already-stored",
            Self::Packed => "packed",
            Self::AlreadyPacked => "already-packed",
            Self::Planned => "planned",
            Self::LeftOut => "left-out",
            Self::Refused => "refused",
            Self::Conflict { .. } => "conflict",
            Self::Failed(_) => "failed",
        }
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ArchiveError> {
    let mut file = durable::create_file(path).map_err(ArchiveError::io(path))?;
    file.write_all(bytes).map_err(ArchiveError::io(path))
}

/// Copies the tables of the delivery and returns their names in the object.
fn copy_tables(delivery: &Delivery, content: &Path) -> Result<Vec<String>, ArchiveError> {
    let mut names = Vec::new();
    for table in delivery.tables() {
        let name = format!("delivery/{}", table.path);
        let target = content.join(&name);
        std::fs::create_dir_all(target.parent().unwrap_or(content)).map_err(ArchiveError::io(&target))?;
        let source = |fault: crate::model::content::ReadFault| crate::package::container::WriteError::Source {
            path: table.path.to_string(),
            fault,
        };
        let mut reader = delivery.content().open(table).map_err(source)?;
        let mut file = durable::create_file(&target).map_err(ArchiveError::io(&target))?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            match reader.read(&mut buffer).map_err(source)? {
                0 => break,
                read => file.write_all(&buffer[..read]).map_err(ArchiveError::io(&target))?,
            }
        }
        names.push(name);
    }
    Ok(names)
}
