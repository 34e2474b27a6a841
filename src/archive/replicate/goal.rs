//! What the copy is to be like: the archive as it was at one entry of its journal.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::super::known::Known;
use super::super::show::package_of;
use super::super::{Archive, ArchiveError};
use crate::journal::{self, Event, Flaw, Head, JournalError};
use crate::model::finding::Severity;
use crate::task::Watch;

/// How long the run that changes an object is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// An entry of the journal at which nothing that was announced was open, and what the journal knew then.
///
/// So the copy is never in the middle of something, whatever goes on in the archive.
#[derive(Debug)]
pub(super) struct Goal {
    pub(super) head: Head,
    pub(super) known: Known,
}

/// What the journal says of objects after a goal.
pub(super) enum Later {
    /// Nothing.
    Nothing,
    /// Something, and all of it has come to an end since.
    Goal(Goal),
    /// Something was announced of these and has not come to an end.
    Open(BTreeSet<String>),
}

/// Establishes that the journal is the one that was written.
///
/// # Errors
/// [`JournalError::Damaged`] where it is changed, or ends before what the catalogue knows.
pub(super) fn believed(archive: &Archive) -> Result<(), ArchiveError> {
    let heads: Vec<Head> = archive.known_head().into_iter().collect();
    let verified = journal::verify(&archive.journal(), &heads)?;
    match verified.findings.iter().find(|finding| finding.severity == Severity::Error) {
        None => Ok(()),
        Some(wrong) => {
            let (path, line) = (archive.journal().join(journal::FILE), wrong.line.unwrap_or(0));
            Err(JournalError::Damaged { path, line, flaw: Flaw::Chain }.into())
        }
    }
}

impl Goal {
    pub(super) fn read(archive: &Archive) -> Result<Self, ArchiveError> {
        let (mut open, mut head) = (Open::default(), Head::EMPTY);
        for entry in journal::entries(&archive.journal())? {
            let entry = entry?;
            open.take(&entry.event);
            if open.is_empty() {
                head = entry.head();
            }
        }
        Ok(Self { head, known: Known::until(archive, head.seq)? })
    }

    /// Returns what the journal says by now of `objects` that were not found as this goal has them; `wait`s a moment for a run
    /// that has announced something about one of them.
    pub(super) fn later(
        &self,
        archive: &Archive,
        objects: &BTreeSet<String>,
        wait: bool,
        watch: Watch<'_>,
    ) -> Result<Later, ArchiveError> {
        let until = Instant::now() + if wait { PATIENCE } else { Duration::ZERO };
        loop {
            let mut touched = BTreeSet::new();
            let (mut open, mut settled) = (Open::default(), true);
            for entry in journal::entries(&archive.journal())? {
                let entry = entry?;
                open.take(&entry.event);
                let object = object_of(&entry.event).filter(|object| objects.contains(object));
                if let Some(object) = object.filter(|_| entry.seq > self.head.seq) {
                    touched.insert(object);
                    settled = false;
                }
                settled |= open.is_empty();
            }
            if touched.is_empty() {
                return Ok(Later::Nothing);
            }
            if settled {
                return Ok(Later::Goal(Self::read(archive)?));
            }
            if Instant::now() >= until {
                return Ok(Later::Open(touched));
            }
            watch.cancel.check()?;
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// Returns the object that an entry is about.
fn object_of(event: &Event) -> Option<String> {
    match event {
        Event::Repairing { object, .. } | Event::Repaired { object, .. } | Event::RepairAbandoned { object, .. } => {
            Some(object.clone())
        }
        other => package_of(other).map(Archive::object_id),
    }
}

/// What was announced and has not come to an end; each of these does, at the latest with the next run that writes.
#[derive(Default)]
struct Open(BTreeSet<String>);

impl Open {
    fn take(&mut self, event: &Event) {
        let Some(object) = object_of(event) else { return };
        match event {
            Event::Committing(_) | Event::Disposing { .. } | Event::Repairing { .. } => {
                self.0.insert(object);
            }
            Event::Completed(_)
            | Event::Abandoned { .. }
            | Event::Disposed { .. }
            | Event::DisposalAbandoned { .. }
            | Event::Repaired { .. }
            | Event::RepairAbandoned { .. } => {
                self.0.remove(&object);
            }
            _ => {}
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
