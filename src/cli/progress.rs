//! Draws how far the work is: on stderr, only on a terminal, not for work that is done in a moment.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use earchiv::task::{Event, Progress, Stage};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::text::{Text, seconds};

/// Work that ends sooner shows nothing.
const PATIENCE: Duration = Duration::from_millis(250);

/// The time between two drawings.
const FRAME: Duration = Duration::from_millis(34);

/// A bar for the running stage; silent where nothing is to be drawn.
pub struct Bar {
    text: Arc<Text>,
    /// `None` where nothing is drawn.
    running: Option<Mutex<Option<Running>>>,
    files: AtomicU64,
    bytes: AtomicU64,
    all_files: AtomicU64,
    all_bytes: AtomicU64,
    /// Milliseconds since `epoch` at which the bar is drawn next.
    next: AtomicU64,
    epoch: Instant,
}

struct Running {
    since: Instant,
    bar: ProgressBar,
    /// What stands behind the bar; shared with its style, so that one drawing shows all that changed.
    line: Arc<Mutex<String>>,
}

impl Bar {
    /// Returns a bar that draws if `drawing`.
    pub fn new(text: Arc<Text>, drawing: bool) -> Self {
        Self {
            text,
            running: drawing.then(Mutex::default),
            files: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            all_files: AtomicU64::new(0),
            all_bytes: AtomicU64::new(0),
            next: AtomicU64::new(0),
            epoch: Instant::now(),
        }
    }

    /// Writes something else to the terminal without leaving pieces of the bar in it.
    pub fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        let Some(running) = &self.running else {
            return write();
        };
        let running = running.lock().unwrap_or_else(PoisonError::into_inner);
        match &*running {
            Some(running) => running.bar.suspend(write),
            None => write(),
        }
    }

    fn start(&self, running: &mut Option<Running>, stage: Stage, files: u64, bytes: u64) {
        finish(running);
        self.files.store(0, Ordering::Relaxed);
        self.bytes.store(0, Ordering::Relaxed);
        self.all_files.store(files, Ordering::Relaxed);
        self.all_bytes.store(bytes, Ordering::Relaxed);
        self.next.store(self.now() + millis(PATIENCE), Ordering::Relaxed);
        let line = Arc::new(Mutex::new(String::new()));
        let shown = Arc::clone(&line);
        let show = move |_: &ProgressState, out: &mut dyn fmt::Write| {
            let _ = out.write_str(&shown.lock().unwrap_or_else(PoisonError::into_inner));
        };
        let target = ProgressDrawTarget::stderr_with_hz(30);
        let mut bar = ProgressBar::with_draw_target(Some(0), target).with_prefix(self.stage(stage));
        if let Ok(style) = ProgressStyle::with_template("{prefix} {wide_bar} {line}") {
            bar = bar.with_style(style.progress_chars("=> ").with_key("line", show));
        }
        *running = Some(Running { since: Instant::now(), bar, line });
    }

    fn draw(&self, running: &Running) {
        let files = self.files.load(Ordering::Relaxed);
        let bytes = self.bytes.load(Ordering::Relaxed);
        let all_files = self.all_files.load(Ordering::Relaxed).max(files);
        let all_bytes = self.all_bytes.load(Ordering::Relaxed).max(bytes);
        // What lasts is bytes; where their sum is not known, files.
        let (done, all) = if all_bytes > 0 { (bytes, all_bytes) } else { (files, all_files) };
        let spent = running.since.elapsed();
        let line = self.text.say(
            "progress",
            &[
                ("files", files.into()),
                ("of", all_files.into()),
                ("bytes", self.text.bytes(bytes).into()),
                ("rate", self.text.bytes(rate(bytes, spent)).into()),
                ("left", seconds(left(done, all, spent)).into()),
            ],
        );
        *running.line.lock().unwrap_or_else(PoisonError::into_inner) = line;
        running.bar.update(|state| {
            state.set_len(all);
            state.set_pos(done);
        });
    }

    fn stage(&self, stage: Stage) -> String {
        match stage {
            Stage::Scanning => self.text.say("stage-scanning", &[]),
            Stage::Packing => self.text.say("stage-packing", &[]),
            Stage::ReadingBack => self.text.say("stage-reading-back", &[]),
            Stage::Verifying => self.text.say("stage-verifying", &[]),
            Stage::Rebuilding => self.text.say("stage-rebuilding", &[]),
            Stage::Exporting => self.text.say("stage-exporting", &[]),
            Stage::Replicating => self.text.say("stage-replicating", &[]),
        }
    }

    fn now(&self) -> u64 {
        millis(self.epoch.elapsed())
    }
}

impl Progress for Bar {
    fn report(&self, event: Event) {
        let Some(running) = &self.running else {
            return;
        };
        match event {
            Event::Started { stage, files, bytes } => {
                let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
                self.start(&mut running, stage, files, bytes);
            }
            Event::Extended { files, bytes } => {
                self.all_files.fetch_add(files, Ordering::Relaxed);
                self.all_bytes.fetch_add(bytes, Ordering::Relaxed);
            }
            Event::Advanced { files, bytes } => {
                self.files.fetch_add(files, Ordering::Relaxed);
                self.bytes.fetch_add(bytes, Ordering::Relaxed);
                let now = self.now();
                let next = self.next.load(Ordering::Relaxed);
                // One thread draws; the others go on with their work.
                if now >= next
                    && self
                        .next
                        .compare_exchange(next, now + millis(FRAME), Ordering::Relaxed, Ordering::Relaxed)
                        .is_ok()
                    && let Ok(running) = running.try_lock()
                    && let Some(running) = &*running
                {
                    self.draw(running);
                }
            }
            Event::Finished => {
                finish(&mut running.lock().unwrap_or_else(PoisonError::into_inner));
            }
        }
    }
}

fn finish(running: &mut Option<Running>) {
    if let Some(running) = running.take() {
        running.bar.finish_and_clear();
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Returns bytes a second.
fn rate(bytes: u64, spent: Duration) -> u64 {
    let rate = u128::from(bytes) * 1000 / spent.as_millis().max(1);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

/// Returns the seconds that the rest takes if it goes on like this.
fn left(done: u64, all: u64, spent: Duration) -> u64 {
    let rest = u128::from(all.saturating_sub(done));
    let left = rest * spent.as_millis() / u128::from(done.max(1)) / 1000;
    u64::try_from(left).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::text::Language;

    #[test]
    fn the_rest_takes_as_long_as_what_was_done() {
        let spent = Duration::from_secs(10);
        for (done, all, seconds) in [(50, 100, 10), (100, 100, 0), (0, 10, 100), (7, 3, 0)] {
            assert_eq!(left(done, all, spent), seconds);
        }
        assert_eq!(rate(1000, Duration::from_secs(2)), 500);
        assert_eq!(rate(0, Duration::ZERO), 0);
    }

    #[test]
    fn counts_across_threads_and_starts_anew_with_each_stage() {
        let bar = Bar::new(Arc::new(Text::new(Language::De)), true);
        let start = Event::Started { stage: Stage::Packing, files: 0, bytes: 0 };
        bar.report(start);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..1000 {
                        bar.report(Event::Advanced { files: 1, bytes: 2 });
                    }
                });
            }
        });
        bar.report(Event::Extended { files: 5, bytes: 7 });
        assert_eq!(bar.files.load(Ordering::Relaxed), 4000);
        assert_eq!(bar.bytes.load(Ordering::Relaxed), 8000);
        assert_eq!(bar.all_files.load(Ordering::Relaxed), 5);
        bar.report(start);
        assert_eq!(bar.files.load(Ordering::Relaxed), 0);
        bar.report(Event::Finished);
    }
}
