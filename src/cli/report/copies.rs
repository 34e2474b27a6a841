//! Receipts put into a folder of the user's choice: copies of those in the archive, and records of refusal, which no archive
//! keeps.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use earchiv::archive::Archive;
use earchiv::archive::delivery::Terms;
use earchiv::archive::marker::REPORTS;
use earchiv::archive::receipt::{DOCUMENT, Render as _, refusal};
use earchiv::archive::report::DeliveryReport;
use earchiv::io::durable;
use earchiv::journal::Actor;

use super::{Filed, page};
use crate::cli::error::Failure;
use crate::cli::text::{Language, Text};

/// How long the name of a delivery is in the name of a file.
const LETTERS: usize = 80;

/// The folder, and which names were given in this call.
pub struct Copies<'a> {
    folder: &'a Path,
    used: BTreeSet<String>,
}

impl<'a> Copies<'a> {
    /// Makes the folder where it is not there.
    pub fn begin(folder: &'a Path) -> Result<Self, Failure> {
        durable::create_missing(folder).map_err(|error| Failure::writing(folder, 0, &error))?;
        Ok(Self { folder, used: BTreeSet::new() })
    }

    /// Copies the receipt of accession `number`, unless it is still open.
    pub fn receipt(&self, archive: &Archive, number: &str, filed: &Filed<'_>) -> Result<(), Failure> {
        let names = filed.names().into_iter().chain([DOCUMENT]);
        for name in names.map(|name| format!("{number}-{name}")) {
            let from = archive.root().join(REPORTS).join(&name);
            match File::open(&from) {
                Ok(mut file) => self.put(&name, |out| io::copy(&mut file, out).map(|_| ()))?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(Failure::io(&from, &error)),
            }
        }
        Ok(())
    }

    /// Writes the record of refusal of a delivery of which nothing was stored, in both languages; `failure` is what kept it
    /// from being opened.
    pub fn refused(
        &mut self,
        archive: &Archive,
        terms: &Terms,
        report: &DeliveryReport,
        actor: &Actor,
        failure: Option<&Failure>,
    ) -> Result<(), Failure> {
        let name = self.name(&report.name);
        let head = archive.known_head()?;
        let receipt = refusal(archive, terms, report, actor, &head);
        for language in [Language::De, Language::En] {
            let text = Text::new(language);
            let told = failure.map(|failure| failure.told(&text));
            self.put(&format!("{name}-refusal.{}.html", language.code()), |out| {
                page::write_with(&receipt, told.as_ref(), &text, out)
            })?;
        }
        Ok(())
    }

    fn put(&self, name: &str, fill: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> Result<(), Failure> {
        let path: PathBuf = self.folder.join(name);
        durable::replace(&path, fill).map_err(|error| Failure::writing(&path, 0, &error))
    }

    /// Returns a name for the delivery's files that every file system takes and no other delivery of this call has.
    fn name(&mut self, delivery: &str) -> String {
        let name = safe_name(delivery);
        let mut number = 1;
        loop {
            let free = if number == 1 { name.clone() } else { format!("{name}-{number}") };
            if self.used.insert(free.to_lowercase()) {
                return free;
            }
            number += 1;
        }
    }
}

/// Returns the name of a delivery as the beginning of the name of a file that every file system takes.
pub(super) fn safe_name(delivery: &str) -> String {
    let safe = |letter: char| if letter.is_alphanumeric() || "-_.".contains(letter) { letter } else { '_' };
    let name: String = delivery.chars().map(safe).take(LETTERS).collect();
    let name = name.trim_matches('.');
    if name.is_empty() { "_".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_safe_and_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let mut copies = Copies::begin(folder.path()).unwrap();
        for (delivery, name) in [
            ("Amt 67", "Amt_67"),
            ("amt_67", "amt_67-2"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("..", "_"),
            ("", "_-2"),
            ("Grün\u{202e}.zip", "Grün_.zip"),
        ] {
            assert_eq!(copies.name(delivery), name, "{delivery}");
        }
    }
}
