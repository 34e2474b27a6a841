//! What long work needs from its caller: a way to be stopped and a way to tell how far it is.

mod pace;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use pace::Pace;

/// A request to stop, shared by the caller and all workers.
#[derive(Debug, Default)]
pub struct Cancel {
    asked: AtomicBool,
    waiting: Mutex<()>,
    bell: Condvar,
}

impl Cancel {
    /// Returns a flag that is not raised.
    #[must_use]
    pub const fn new() -> Self {
        Self { asked: AtomicBool::new(false), waiting: Mutex::new(()), bell: Condvar::new() }
    }

    /// Asks all work that looks at this flag to end soon; wakes what waits. Not for signal handlers, since it takes a lock.
    pub fn request(&self) {
        // Under the lock: nobody is between looking at the flag and going to sleep.
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        self.asked.store(true, Ordering::Relaxed);
        drop(waiting);
        self.bell.notify_all();
    }

    /// Returns [`Cancelled`] once a stop was requested; loops call it between files and between chunks of one file.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.asked.load(Ordering::Relaxed) { Err(Cancelled) } else { Ok(()) }
    }

    /// Waits until `end`; a stop that is requested meanwhile ends it at once.
    pub fn wait_until(&self, end: Instant) -> Result<(), Cancelled> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            self.check()?;
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            waiting = self.bell.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits for `time`, as [`Self::wait_until`].
    pub fn wait(&self, time: Duration) -> Result<(), Cancelled> {
        match Instant::now().checked_add(time) {
            Some(end) => self.wait_until(end),
            // Longer than any clock: until it is stopped.
            None => loop {
                self.wait(Duration::from_secs(u64::from(u32::MAX)))?;
            },
        }
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

/// A stop flag, a listener and a pace, as every long operation takes them.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Raised when the work is to stop.
    pub cancel: &'a Cancel,
    /// Told how far the work is.
    pub progress: &'a dyn Progress,
    /// How fast stored files are read, and when not.
    pub pace: &'a Pace,
}

impl<'a> Watch<'a> {
    /// Returns a watch over work that goes as fast as it can.
    #[must_use]
    pub const fn new(cancel: &'a Cancel, progress: &'a dyn Progress) -> Self {
        Self { cancel, progress, pace: &pace::FREE }
    }

    /// Returns the same watch over work that keeps to `pace`.
    #[must_use]
    pub const fn paced(self, pace: &'a Pace) -> Self {
        Self { pace, ..self }
    }

    /// Returns how many bytes a loop that has room for `most` reads at once.
    #[must_use]
    pub fn piece(&self, most: usize) -> usize {
        self.pace.piece(most)
    }

    /// Tells that `bytes` of a stored file were read, and waits until the next ones may be.
    pub fn has_read(&self, bytes: u64) -> Result<(), Cancelled> {
        self.progress.report(Event::Advanced { files: 0, bytes });
        self.pace.after(bytes, self.cancel)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn who_waits_is_woken_by_a_stop() {
        let cancel = Cancel::new();
        assert_eq!(cancel.wait(Duration::from_millis(1)), Ok(()));
        let begin = Instant::now();
        thread::scope(|scope| {
            let waiting: Vec<_> = (0..4).map(|_| scope.spawn(|| cancel.wait(Duration::from_hours(1)))).collect();
            let endless = scope.spawn(|| cancel.wait(Duration::MAX));
            thread::sleep(Duration::from_millis(20));
            cancel.request();
            for waiter in waiting.into_iter().chain([endless]) {
                assert_eq!(waiter.join().unwrap(), Err(Cancelled));
            }
        });
        assert!(begin.elapsed() < Duration::from_mins(1));
        // Nobody begins to wait after that.
        assert_eq!(cancel.wait(Duration::from_hours(1)), Err(Cancelled));
    }
}
