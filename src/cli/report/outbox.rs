//! Receipts and records of refusal laid into an outbox, from where others fetch them: nothing in it is ever overwritten.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use earchiv::archive::Archive;
use earchiv::archive::delivery::Terms;
use earchiv::archive::marker::REPORTS;
use earchiv::archive::receipt::{DOCUMENT, Render as _, refusal};
use earchiv::archive::report::{DeliveryReport, RecordReport};
use earchiv::io::durable;
use earchiv::journal::Actor;
use earchiv::model::checksum::hex;
use earchiv::model::record::EntryState;
use sha2::{Digest as _, Sha256};

use super::copies::safe_name;
use super::{Filed, page};
use crate::cli::error::Failure;
use crate::cli::text::{Language, Text};

/// How many receipts of one number, from several archives, may lie in a folder.
const MOST: u32 = 1000;

/// How many hexadecimal digits tell one refusal from another.
const DIGITS: usize = 12;

/// The folder.
#[derive(Clone, Copy)]
pub struct Outbox<'a> {
    folder: &'a Path,
}

impl<'a> Outbox<'a> {
    /// Returns the outbox `folder`, which is there.
    pub const fn new(folder: &'a Path) -> Self {
        Self { folder }
    }

    /// Lays the receipt of accession `number` into the folder and returns the names of its files, none while the accession is
    /// open.
    ///
    /// What lies there already and is the same is kept; where it is another (of another archive), the new one is numbered
    /// (`2026-0001-2-receipt.txt`).
    pub fn receipt(&self, archive: &Archive, number: &str, filed: &Filed<'_>) -> Result<Vec<String>, Failure> {
        let reports = archive.root().join(REPORTS);
        let from: Vec<(&str, PathBuf)> = filed
            .names()
            .into_iter()
            .chain([DOCUMENT])
            .map(|name| (name, reports.join(format!("{number}-{name}"))))
            .filter(|(_, path)| path.symlink_metadata().is_ok())
            .collect();
        for count in 1..=MOST {
            let number = if count == 1 { number.to_owned() } else { format!("{number}-{count}") };
            let to: Vec<String> = from.iter().map(|(name, _)| format!("{number}-{name}")).collect();
            let mut free = true;
            for ((_, from), to) in from.iter().zip(&to) {
                free &= self.is_free_or_same(from, to)?;
            }
            if !free {
                continue;
            }
            for ((_, from), to) in from.iter().zip(&to) {
                let mut file = File::open(from).map_err(|error| Failure::io(from, &error))?;
                self.put(to, |out| io::copy(&mut file, out).map(drop))?;
            }
            return Ok(to);
        }
        Err(Failure::writing(self.folder, 0, &io::ErrorKind::AlreadyExists.into()))
    }

    /// Lays the record of refusal of a delivery into the folder, in both languages, and returns the names of its files;
    /// `failure` is what kept it from being opened, `state` tells this state of the delivery from others.
    ///
    /// What was refused before for the same reasons in the same state has its record, which is kept.
    pub fn refused(
        &self,
        archive: &Archive,
        terms: &Terms,
        report: &DeliveryReport,
        actor: &Actor,
        failure: Option<&Failure>,
        state: &str,
    ) -> Result<Vec<String>, Failure> {
        let refused = |record: &&RecordReport| record.state() != EntryState::Stored;
        let records: Vec<&RecordReport> = report.records.iter().filter(refused).collect();
        let (id, code) = (archive.marker().id, failure.map(Failure::code));
        let said = serde_json::json!([id, state, code, report.findings, records, report.leftovers]);
        let digest = hex(&Sha256::digest(said.to_string()));
        let name = format!("{}-refusal-{}", safe_name(&report.name), digest.get(..DIGITS).unwrap_or(&digest));
        let head = archive.known_head()?;
        let receipt = refusal(archive, terms, report, actor, &head);
        let mut names = Vec::new();
        for language in [Language::De, Language::En] {
            let text = Text::new(language);
            let told = failure.map(|failure| failure.told(&text));
            let name = format!("{name}.{}.html", language.code());
            self.put(&name, |out| page::write_with(&receipt, told.as_ref(), &text, out))?;
            names.push(name);
        }
        Ok(names)
    }

    /// Writes the file `name` unless it is there.
    fn put(&self, name: &str, fill: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> Result<(), Failure> {
        let path = self.folder.join(name);
        if path.symlink_metadata().is_ok() {
            return Ok(());
        }
        match durable::create(&path, fill) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(Failure::writing(&path, 0, &error)),
            _ => Ok(()),
        }
    }

    fn is_free_or_same(&self, from: &Path, name: &str) -> Result<bool, Failure> {
        let path = self.folder.join(name);
        match path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            Err(error) => Err(Failure::io(&path, &error)),
            Ok(found) if !found.is_file() => Ok(false),
            Ok(_) => same(from, &path).map_err(|error| Failure::io(&path, &error)),
        }
    }
}

/// Returns whether two files hold the same.
fn same(one: &Path, other: &Path) -> io::Result<bool> {
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut left, mut right) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let read = one.read(&mut left)?;
        if read == 0 {
            return Ok(true);
        }
        let (Some(left), Some(right)) = (left.get(..read), right.get_mut(..read)) else { return Ok(false) };
        match other.read_exact(right) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
            done => done?,
        }
        if left != right {
            return Ok(false);
        }
    }
}
