//! Gives an archive the newest format: nothing else does.

use std::path::Path;

use super::{Archive, ArchiveError, Marker, marker};
use crate::io::durable;
use crate::journal::{Actor, Event};
use crate::task::Cancel;

/// From which format to which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// The format that the archive had.
    pub from: u32,
    /// The newest format.
    pub to: u32,
}

impl Migration {
    /// Returns whether there is anything to be done.
    #[must_use]
    pub const fn is_needed(self) -> bool {
        self.from < self.to
    }
}

/// Returns what [`migrate`] would do.
#[must_use]
pub const fn plan(archive: &Archive) -> Migration {
    Migration { from: archive.marker.format, to: marker::FORMAT }
}

/// Gives the archive the newest format; does nothing where it has it.
///
/// Announced in the journal, then the marker is replaced in one step, then the journal says that it is done: a run that ends in
/// between is settled by the next one that writes.
pub fn migrate(root: &Path, actor: Actor, wait: bool, cancel: &Cancel) -> Result<Migration, ArchiveError> {
    let archive = Archive::open(root)?;
    let mut writer = archive.writer(actor, wait, cancel)?;
    // While the lock was waited for, another run may have done it.
    let marker = Marker::read(root)?;
    let migration = Migration { from: marker.format, to: marker::FORMAT };
    if !migration.is_needed() {
        return Ok(migration);
    }
    let Migration { from, to } = migration;
    // The catalogue is not told: so the next run that writes finds what this one leaves open.
    writer.journal.append(&[Event::Migrating { from, to }])?;
    let path = root.join(marker::FILE);
    let text = Marker { format: to, ..marker }.to_toml();
    // The lock that the writer holds is on the former marker.
    let held = durable::replace_locked(&path, |out| out.write_all(text.as_bytes()));
    let _held = held.map_err(ArchiveError::io(&path))?;
    writer.note(&[Event::Migrated { from, to }], &[], &[])?;
    Ok(migration)
}
