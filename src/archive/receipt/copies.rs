//! Copies of receipts in the folder `reports/`, where people look for them; those in the store count.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;

use super::super::writer::Writer;
use super::super::{Archive, ArchiveError, marker};
use super::DOCUMENT;
use crate::io::durable;

const CONTENT: &str = "v1/content/";

impl Archive {
    /// Lays copies of the stored receipts of the accession `number` out; copies that are there give way.
    ///
    /// The receipt for programs comes last: where its copy is, all others are.
    pub(super) fn lay_out_receipts(&self, number: &str) -> Result<(), ArchiveError> {
        let reports = self.root().join(marker::REPORTS);
        let Some(object) = self.store().object(&self.accession_object(number))? else { return Ok(()) };
        let Some(inventory) = &object.inventory else { return Ok(()) };
        let names = inventory.content().filter_map(|(path, _)| path.strip_prefix(CONTENT));
        let mut receipts: Vec<&str> = names.filter(|name| name.starts_with("receipt") && !name.contains('/')).collect();
        receipts.sort_by_key(|name| (*name == DOCUMENT, *name));
        for name in receipts {
            let target = reports.join(format!("{number}-{name}"));
            let mut file = object.open(&format!("{CONTENT}{name}")).map_err(ArchiveError::io(&target))?;
            durable::replace(&target, |out| io::copy(&mut file, out).map(drop)).map_err(ArchiveError::io(&target))?;
        }
        Ok(())
    }
}

/// Removes what an interrupted run was writing to `reports/`, and lays out the receipts that it did not come to.
pub(in super::super) fn settle(writer: &Writer<'_>) -> Result<(), ArchiveError> {
    let archive = writer.archive;
    let reports = archive.root().join(marker::REPORTS);
    let fault = |error| ArchiveError::io(&reports)(error);
    durable::remove_unfinished(&reports).map_err(fault)?;
    let there: BTreeSet<OsString> = std::fs::read_dir(&reports)
        .and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect())
        .map_err(fault)?;
    let mut lacking = Vec::new();
    writer.catalogue.accessions(|accession| {
        let copy = OsString::from(format!("{}-{DOCUMENT}", accession.number));
        if accession.closed.is_some() && !there.contains(&copy) {
            lacking.push(accession.number);
        }
        true
    })?;
    lacking.iter().try_for_each(|number| archive.lay_out_receipts(number))
}
