//! Whether what was refused of a delivery stands in a receipt already.
//!
//! A run that ends between the end of an accession and the note of it leaves a receipt that tells everything. The next run
//! refuses the same once more, and need not say so in a second document.

use std::collections::BTreeSet;
use std::io;

use crate::archive::receipt::Receipt;
use crate::archive::report::DeliveryReport;
use crate::archive::{Archive, ArchiveError};
use crate::model::finding::Severity;
use crate::model::package::PackageId;
use crate::model::record::{EntryState, Exception};
use crate::task::Watch;

impl Archive {
    /// Returns whether the receipt of the accession `number` tells of each record and entry that `report` has as refused.
    pub fn receipt_tells(&self, number: &str, report: &DeliveryReport, watch: Watch<'_>) -> Result<bool, ArchiveError> {
        // What is wrong with the delivery as a whole lets nothing in, so no receipt is of this state of it.
        if report.findings.iter().any(|finding| finding.severity == Severity::Error) {
            return Ok(false);
        }
        let stored = match self.receipt(number, watch) {
            Ok(stored) => stored,
            Err(ArchiveError::NoAccession { .. }) => return Ok(false),
            Err(error) => return Err(error),
        };
        missing(&stored, report).map(|missing| !missing).map_err(ArchiveError::io(stored.path()))
    }
}

fn missing(receipt: &dyn Receipt, report: &DeliveryReport) -> io::Result<bool> {
    let accession = receipt.head()?.accession;
    if (&accession.producer, &accession.delivery) != (&report.producer, &report.name) {
        return Ok(true);
    }
    let refused = report.records.iter().filter(|record| record.state() == EntryState::Refused);
    let mut records: BTreeSet<(PackageId, &str)> = refused.map(|record| (record.id, record.fate.name())).collect();
    receipt.records(&mut |record| {
        records.remove(&(record.id, record.fate.name()));
        Ok(!records.is_empty())
    })?;
    let of = |exception: &Exception| serde_json::to_string(exception).unwrap_or_default();
    let refused = report.exceptions().filter(|exception| exception.reason.state() == EntryState::Refused);
    let mut entries: BTreeSet<String> = refused.map(of).collect();
    receipt.exceptions(&mut |exception| {
        entries.remove(&of(exception));
        Ok(!entries.is_empty())
    })?;
    Ok(!records.is_empty() || !entries.is_empty())
}
