//! Stopping: the first Ctrl-C or SIGTERM asks all work to end, the second ends the program at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread;

use earchiv::task::Cancel;
use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;
use signal_hook::iterator::Signals;

use super::exit::Exit;

/// The request to stop that all work of this run looks at.
pub static CANCEL: Cancel = Cancel::new();

static SIGNAL: AtomicI32 = AtomicI32::new(0);

/// Starts to listen; `asked` is called once, at the first signal.
pub fn listen(asked: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let armed = Arc::new(AtomicBool::new(false));
    for (signal, exit) in [(SIGINT, Exit::Interrupted), (SIGTERM, Exit::Terminated)] {
        // The order counts: the first signal finds the flag down, and raises it.
        flag::register_conditional_shutdown(signal, exit.code().into(), Arc::clone(&armed))?;
        flag::register(signal, Arc::clone(&armed))?;
    }
    // A file that must not grow any more is a fault of that write (EFBIG) and no reason to die without a word.
    flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            SIGNAL.store(signal, Ordering::Relaxed);
            CANCEL.request();
            asked();
        }
    })?;
    Ok(())
}

/// Returns the signal that asked to stop; Ctrl-C where none is known.
pub fn signal() -> i32 {
    match SIGNAL.load(Ordering::Relaxed) {
        0 => SIGINT,
        signal => signal,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_first_signal_asks_to_stop() {
        let (sender, receiver) = mpsc::channel();
        listen(move || sender.send(()).unwrap()).unwrap();
        assert!(CANCEL.check().is_ok());
        signal_hook::low_level::raise(SIGTERM).unwrap();
        receiver.recv_timeout(Duration::from_secs(10)).unwrap();
        assert!(CANCEL.check().is_err());
        assert_eq!(signal(), SIGTERM);
    }
}
