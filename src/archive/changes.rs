//! What the journal says of disposals, repairs and migrations, and what of it an interrupted run left open.

use std::collections::{BTreeMap, BTreeSet};

use super::{Archive, ArchiveError, Marker, marker};
use crate::journal::Event;
use crate::model::disposal::Disposal;
use crate::model::package::PackageId;
use crate::task::{Cancel, Silent, Watch};

/// What was announced, and what was done.
#[derive(Default)]
pub(super) struct Changes {
    disposing: BTreeMap<PackageId, (Disposal, String)>,
    repairing: BTreeMap<String, (String, String)>,
    migrating: Option<(u32, u32)>,
    /// Packages that were disposed of.
    pub(super) disposed: BTreeSet<PackageId>,
    /// Objects that were restored.
    pub(super) repaired: BTreeSet<String>,
}

impl Changes {
    /// Takes an entry, and returns it where it is about something else.
    pub(super) fn take(&mut self, event: Event) -> Option<Event> {
        match event {
            Event::Disposing { disposal, tombstone } => {
                self.disposing.insert(disposal.package, (disposal, tombstone));
            }
            Event::Disposed { disposal, .. } => {
                self.disposing.remove(&disposal.package);
                self.disposed.insert(disposal.package);
            }
            Event::DisposalAbandoned { package, .. } => {
                self.disposing.remove(&package);
            }
            Event::Repairing { object, inventory, damaged, .. } => {
                self.repairing.insert(object, (inventory, damaged));
            }
            Event::Repaired { object, .. } => {
                self.repairing.remove(&object);
                self.repaired.insert(object);
            }
            Event::RepairAbandoned { object, .. } => {
                self.repairing.remove(&object);
            }
            Event::Migrating { from, to } => self.migrating = Some((from, to)),
            Event::Migrated { .. } => self.migrating = None,
            other => return Some(other),
        }
        None
    }

    /// Looks in the archive for what was announced and has not come to an end; returns what the journal is to say of it.
    ///
    /// A disposal counts if the tombstone is in its place, whole; else the package is as it was, and whoever ordered the
    /// disposal calls for it again. A repair counts if the object has the inventory that the journal knows, and its files the
    /// checksums of that.
    pub(super) fn settle(&mut self, archive: &Archive) -> Result<Vec<Event>, ArchiveError> {
        let mut events = Vec::new();
        let reason = || "interrupted".to_owned();
        for (package, (disposal, tombstone)) in std::mem::take(&mut self.disposing) {
            let object = archive.store.object(&Archive::object_id(package))?;
            if object.is_some_and(|object| object.is(&tombstone)) {
                self.disposed.insert(package);
                events.push(Event::Disposed { disposal, tombstone });
            } else {
                events.push(Event::DisposalAbandoned { package, order: disposal.order, reason: reason() });
            }
        }
        for (id, (inventory, damaged)) in std::mem::take(&mut self.repairing) {
            // The damaged one has the same inventory where only its files are damaged: these are read.
            let cancel = Cancel::new();
            let watch = Watch::new(&cancel, &Silent);
            let place = format!("{}/{}", marker::STORE, archive.store.place(&id));
            let (findings, _) = archive.judge_object(&id, &inventory, &place, watch)?;
            if findings.is_empty() {
                self.repaired.insert(id.clone());
                events.push(Event::Repaired { object: id, inventory, damaged });
            } else {
                events.push(Event::RepairAbandoned { object: id, reason: reason() });
            }
        }
        // Where the marker has the former format still, whoever wanted the later one calls for it again.
        if let Some((from, to)) = self.migrating.take()
            && Marker::read(archive.root())?.format >= to
        {
            events.push(Event::Migrated { from, to });
        }
        Ok(events)
    }
}
