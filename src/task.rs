//! What long work needs from its caller: a way to be stopped and a way to tell how far it is.

use std::sync::atomic::{AtomicBool, Ordering};

/// A request to stop, shared by the caller and all workers.
#[derive(Debug, Default)]
pub struct Cancel(AtomicBool);

impl Cancel {
    /// Returns a flag that is not raised.
    #[must_use]
    pub const fn new() -> Self {
        Self(AtomicBool::new(false))
    }

    /// Asks all work that looks at this flag to end soon.
    pub fn request(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Returns [`Cancelled`] once a stop was requested; loops call it between files and between chunks of one file.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.0.load(Ordering::Relaxed) { Err(Cancelled) } else { Ok(()) }
    }
}

/// The work ended because a stop was requested; what was not finished was rolled back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped on request")]
pub struct Cancelled;

/// What work is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The delivery's entries are listed.
    Scanning,
    /// Files are read and written into packages.
    Packing,
    /// Written packages are read back from the medium.
    ReadingBack,
    /// Stored packages are checked.
    Verifying,
    /// The catalogue is made anew.
    Rebuilding,
    /// Files are copied out of the archive.
    Exporting,
    /// Objects are copied into a second copy of the archive, and read back there.
    Replicating,
}

/// How far the work is.
#[derive(Debug, Clone, Copy)]
pub enum Event {
    /// `stage` begins; `files` and `bytes` are its size where it is known, else 0.
    Started {
        /// The work that begins.
        stage: Stage,
        /// Files to come.
        files: u64,
        /// Bytes to come.
        bytes: u64,
    },
    /// More files and bytes were done since the last event.
    Advanced {
        /// Files done since the last event.
        files: u64,
        /// Bytes done since the last event.
        bytes: u64,
    },
    /// More work of the running stage became known.
    Extended {
        /// Further files to come.
        files: u64,
        /// Further bytes to come.
        bytes: u64,
    },
    /// The running stage is over.
    Finished,
}

/// Receives events from any thread.
pub trait Progress: Sync {
    /// Takes note of `event`; must return quickly.
    fn report(&self, event: Event);
}

/// Takes no note of anything.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn report(&self, _: Event) {}
}

/// A stop flag and a listener, as every long operation takes them.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Raised when the work is to stop.
    pub cancel: &'a Cancel,
    /// Told how far the work is.
    pub progress: &'a dyn Progress,
}
