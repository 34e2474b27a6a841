//! The list of all entries of a delivery, one a line: what is stored, what is not, and why.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use uuid::Uuid;

use super::super::ArchiveError;
use super::super::delivery::Input;
use super::super::report::{DeliveryReport, Fate, RecordReport};
use crate::io::durable;
use crate::model::path;
use crate::model::record::{EntryState, Exception, Reason, Record};

/// The list while it grows, in the staging folder; it goes with this unless it was moved away.
pub(in super::super) struct Entries {
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

impl Entries {
    pub(in super::super) fn begin(staging: &Path) -> Result<Self, ArchiveError> {
        let path = staging.join(format!("entries-{}.jsonl", Uuid::new_v4()));
        let file = durable::create_file(&path).map_err(ArchiveError::io(&path))?;
        Ok(Self { path, out: BufWriter::new(file) })
    }

    /// Lists the entries of a record.
    pub(in super::super) fn record(&mut self, report: &RecordReport, input: &Input<'_>) -> Result<(), ArchiveError> {
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
                    line(part.path, "file", Some(part.size))?;
                }
            }
        }
        self.exceptions(&report.exceptions)
    }

    /// Lists the entries that belong to no record.
    pub(in super::super) fn leftovers(&mut self, report: &DeliveryReport) -> Result<(), ArchiveError> {
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

    /// Moves the finished list to `target`.
    pub(super) fn publish(&mut self, target: &Path) -> Result<(), ArchiveError> {
        self.out.flush().map_err(ArchiveError::io(&self.path))?;
        durable::publish(&self.path, target).map_err(ArchiveError::io(&self.path))
    }
}

impl Drop for Entries {
    fn drop(&mut self) {
        // Once moved into the accession's object it is not here any more.
        drop(durable::remove_file(&self.path));
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
