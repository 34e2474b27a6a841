//! Whether a record may be kept for good while it must still be kept by law (Aufbewahrungsfrist).

use super::delivery::Terms;
use super::rights::made;
use crate::model::accession::Purpose;
use crate::model::finding::{Code, Finding};
use crate::model::record::{Record, Retention};
use crate::model::unit::{Property, property};

impl Terms {
    /// Writes into the description of `record` how long it must be kept, and returns a finding where it is to become archival
    /// material (purpose `permanent`) before that is over and the archive has not decided so.
    ///
    /// While a period of retention runs, the producer answers for its records: that they become permanent before is a
    /// decision, not a matter of profiles. It is recorded as an act of appraisal, so decisions are applied before this.
    pub(super) fn retain(&self, record: &mut Record) -> Option<Finding> {
        let keeping = self.keeping(&made(&record.closure, &record.description));
        if keeping.end.is_empty() {
            if self.profile.retention.is_some() {
                record.findings.push(Finding::new(Code::RetentionUnknown).file(record.description.title.clone()));
            }
            return None;
        }
        // The last day is one on which it must be kept.
        let runs = keeping.end >= self.created.date();
        let running = (runs && keeping.purpose == Purpose::Permanent && !decided(record)).then(|| {
            let finding = Finding::new(Code::RetentionRunning).file(record.description.title.clone());
            finding.value(keeping.end.clone()).expected(keeping.basis.clone())
        });
        for (name, value) in [(property::KEPT_UNTIL, &keeping.end), (property::KEPT_BY, &keeping.basis)] {
            if !value.is_empty() {
                record.description.properties.push(Property::new(name, value));
            }
        }
        record.retention = Some(Retention { end: keeping.end, basis: keeping.basis });
        running
    }
}

/// Returns whether the archive decided that the record is of enduring value (xdomea code `A`).
fn decided(record: &Record) -> bool {
    record.acts.iter().any(|act| act.kind == "appraisal" && matches!(act.outcome.as_str(), "A" | "archive"))
}
