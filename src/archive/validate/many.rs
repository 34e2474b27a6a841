//! Many packages in one call: side by side, told in the order of the call.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};

use super::{Options, Validated, validate};
use crate::task::{Cancelled, Event, Stage, Watch};

/// How many packages are begun for each thread before the first of them has been told: enough that small ones behind a big one
/// keep all threads busy, and a bound on what waits to be told.
const AHEAD: usize = 8;

/// Judges the packages at `paths`; `each` takes what was established of one after the other, in this order, as soon as it and
/// all before it are judged.
pub fn validate_each(
    paths: &[PathBuf],
    options: &Options,
    watch: Watch<'_>,
    mut each: impl FnMut(&Path, Validated),
) -> Result<(), Cancelled> {
    watch.progress.report(Event::Started { stage: Stage::Verifying, files: 0, bytes: 0 });
    let most = AHEAD * rayon::current_num_threads();
    // What waits for results must not be one of the threads that make them.
    let done = rayon::in_place_scope(|scope| {
        let mut begun: VecDeque<(&Path, Receiver<Result<Validated, Cancelled>>)> = VecDeque::new();
        let mut coming = paths.iter();
        loop {
            for path in coming.by_ref().take(most - begun.len()) {
                let (sender, receiver) = sync_channel(1);
                scope.spawn(move |_| {
                    let judged = watch.cancel.check().and_then(|()| validate(path, options, watch));
                    // Nobody waits any more once the call was stopped.
                    let _ = sender.send(judged);
                });
                begun.push_back((path, receiver));
            }
            let Some((path, receiver)) = begun.pop_front() else { return Ok(()) };
            // Without a result its thread has failed, which the scope tells when it ends.
            each(path, receiver.recv().unwrap_or(Err(Cancelled))?);
        }
    });
    watch.progress.report(Event::Finished);
    done
}
