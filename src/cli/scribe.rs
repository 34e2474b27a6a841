//! Writes the one line of a check into the journal, so that the check itself needs no right to write.
//!
//! The kernel takes rights from threads: this one is started before the others give theirs up, and does nothing but wait for what
//! it is to write down.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use earchiv::archive::{Archive, ArchiveError};
use earchiv::journal::{Actor, Event};

use super::confine::confine;
use super::error::{Failure, Kind};
use super::reach::Reach;

/// A thread that may write to the archive.
pub struct Scribe {
    sender: SyncSender<Event>,
    thread: JoinHandle<Result<bool, ArchiveError>>,
}

impl Scribe {
    /// Starts the scribe, who keeps the right to write, and takes it from the caller and all threads that come later.
    /// What is left to these is `reach`.
    pub fn start(archive: &Archive, actor: Actor, reach: &Reach) -> Result<Self, Failure> {
        let (sender, receiver) = sync_channel(1);
        let root = archive.root().to_owned();
        let thread = thread::Builder::new()
            .name("scribe".to_owned())
            .spawn(move || write(&root, actor, &receiver))
            .map_err(|error| Failure::new(Kind::Io, "threads").because_io(&error))?;
        confine(reach)?;
        Ok(Self { sender, thread })
    }

    /// Has the journal say that something was checked, where that is possible right now; returns whether it was.
    pub fn testify(self, event: Event) -> Result<bool, ArchiveError> {
        // A scribe that is gone says why below.
        drop(self.sender.send(event));
        self.thread.join().unwrap_or(Ok(false))
    }
}

fn write(root: &Path, actor: Actor, receiver: &Receiver<Event>) -> Result<bool, ArchiveError> {
    match receiver.recv() {
        Ok(event) => Archive::open(root)?.testify(event, actor),
        // The check ended without a result.
        Err(_) => Ok(false),
    }
}
