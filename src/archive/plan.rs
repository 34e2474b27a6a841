//! Says what taking deliveries over would do, without writing anything.

use std::path::PathBuf;

use super::choice::{self, Choice};
use super::delivery::Outcome;
use super::ingest::compare;
use super::known::Gone;
use super::pack::settle;
use super::report::{DeliveryReport, Fate, RecordReport};
use super::{Archive, ArchiveError};
use crate::task::Watch;

/// Says what [`ingest`](super::ingest::ingest) would do, without writing anything.
pub fn plan(
    archive: &Archive,
    sources: &[PathBuf],
    terms: &Choice,
    watch: Watch<'_>,
    mut each: impl FnMut(Outcome),
) -> Result<(), ArchiveError> {
    choice::look(sources, Some(archive))?;
    let catalogue = archive.catalogue()?;
    let mut gone = Gone::default();
    for path in sources {
        let Some(delivery) = choice::open_or_tell(path, terms, watch, &mut each)? else { continue };
        let mut report = DeliveryReport::new(&delivery);
        for item in &delivery.items {
            let input = delivery.input(item, watch)?;
            let mut record = RecordReport::of(item, &input);
            if record.fate == Fate::Planned {
                let held = catalogue.holding(item.id)?;
                if held.is_some() || !gone.refuse(archive, &mut record)? {
                    let result = match &held {
                        None => Ok(Fate::Planned),
                        Some(held) => compare(&delivery, &input, held, watch, &mut record),
                    };
                    record.fate = settle(result, &input, archive.root(), &mut record)?;
                }
            }
            report.records.push(record);
        }
        each(Ok(report));
    }
    Ok(())
}
