//! How fast stored files are read, and when not: other work on the same machine goes first.

use std::fmt;
use std::num::NonZeroU64;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Cancel, Cancelled};

/// How much time may be made good: a thread that was late reads on without waiting for that long.
const CREDIT: Duration = Duration::from_millis(200);

/// How much is read at once, in time.
const PIECE: u64 = 50;

/// How often it is asked whether others are at work.
const ASK: Duration = Duration::from_millis(250);

/// Answers whether somebody else is at work right now.
type Others = dyn Fn() -> bool + Send + Sync;

/// A limit to bytes per second that all threads share, and a question whether to pause.
///
/// Time is booked, not measured: each piece gets its share of the second after the one before, so that the sum holds for any number of threads
/// and none of them takes all.
#[derive(Default)]
pub struct Pace {
    rate: Option<NonZeroU64>,
    /// Until when time is booked.
    booked: Mutex<Option<Instant>>,
    others: Option<Box<Others>>,
    /// When it was last asked, and the answer.
    answer: Mutex<Option<(Instant, bool)>>,
}

/// As fast as it goes.
pub(super) static FREE: Pace = Pace::new(None);

impl Pace {
    /// Returns a pace of at most `rate` bytes per second, where one is given.
    #[must_use]
    pub const fn new(rate: Option<NonZeroU64>) -> Self {
        Self { rate, booked: Mutex::new(None), others: None, answer: Mutex::new(None) }
    }

    /// Pauses while `others` says that somebody else is at work. It is asked a few times a second, by one thread at a time.
    #[must_use]
    pub fn yielding_to(self, others: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { others: Some(Box::new(others)), ..self }
    }

    /// Returns how many bytes to read at once, at most `most`: about a twentieth of a second's worth.
    pub(super) fn piece(&self, most: usize) -> usize {
        let Some(rate) = self.rate else { return most };
        let share = usize::try_from(rate.get() / (1000 / PIECE)).unwrap_or(most);
        share.max(512).min(most)
    }

    /// Waits as long as `bytes`, which were read, take at this pace, and while others are at work.
    pub(super) fn after(&self, bytes: u64, cancel: &Cancel) -> Result<(), Cancelled> {
        cancel.check()?;
        if let Some(rate) = self.rate {
            let now = Instant::now();
            let until = {
                let mut booked = self.booked.lock().unwrap_or_else(PoisonError::into_inner);
                let until = book(*booked, now, bytes, rate);
                *booked = Some(until);
                until
            };
            cancel.wait_until(until)?;
        }
        while self.is_others_turn() {
            cancel.wait(ASK)?;
        }
        Ok(())
    }

    fn is_others_turn(&self) -> bool {
        let Some(others) = &self.others else { return false };
        let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
        match *answer {
            Some((asked, said)) if asked.elapsed() < ASK => said,
            _ => {
                let said = others();
                *answer = Some((Instant::now(), said));
                said
            }
        }
    }
}

/// Returns until when time is booked once `bytes` more have their share of it.
fn book(booked: Option<Instant>, now: Instant, bytes: u64, rate: NonZeroU64) -> Instant {
    let earliest = now.checked_sub(CREDIT).unwrap_or(now);
    let start = booked.map_or(now, |booked| booked.max(earliest));
    let nanos = u128::from(bytes) * 1_000_000_000 / u128::from(rate.get());
    let share = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
    start.checked_add(share).unwrap_or(start)
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pace").field("rate", &self.rate).field("yields", &self.others.is_some()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
    use std::thread;

    use super::*;

    fn rate(bytes: u64) -> NonZeroU64 {
        NonZeroU64::new(bytes).unwrap()
    }

    #[test]
    fn each_byte_has_its_share_of_the_second() {
        let begin = Instant::now() + Duration::from_secs(10);
        let mut booked = None;
        // A reader that needs 1 ms for what may take 10 ms.
        let mut now = begin;
        for _ in 0..100 {
            booked = Some(book(booked, now + Duration::from_millis(1), 1000, rate(100_000)));
            now = booked.unwrap();
        }
        // The first one begins when it has read.
        assert_eq!(booked.unwrap() - begin, Duration::from_millis(1001));
    }

    #[test]
    fn what_was_missed_is_made_good_for_a_moment_only() {
        let begin = Instant::now() + Duration::from_secs(10);
        let booked = Some(begin);
        // Late by less than the credit: the mean holds.
        let late = begin + Duration::from_millis(150);
        assert_eq!(book(booked, late, 100, rate(1000)), begin + Duration::from_millis(100));
        // Late by an hour: nobody reads an hour's worth at once.
        let late = begin + Duration::from_hours(1);
        let earliest = late.checked_sub(CREDIT).unwrap();
        assert_eq!(book(booked, late, 100, rate(1000)), earliest + Duration::from_millis(100));
    }

    #[test]
    fn no_number_is_too_large() {
        let now = Instant::now();
        for bytes in [0, 1, u64::MAX] {
            for rate in [rate(1), rate(u64::MAX)] {
                assert!(book(Some(now), now, bytes, rate) >= now.checked_sub(CREDIT).unwrap());
            }
        }
    }

    #[test]
    fn pieces_are_small_where_the_pace_is_slow() {
        let most = 1 << 20;
        assert_eq!(Pace::new(None).piece(most), most);
        for (bytes, piece) in [(1, 512), (100 << 10, 5120), (1 << 30, most), (u64::MAX, most)] {
            assert_eq!(Pace::new(Some(rate(bytes))).piece(most), piece, "{bytes}");
        }
        assert_eq!(Pace::new(Some(rate(1))).piece(100), 100);
    }

    #[test]
    fn many_threads_are_no_faster_than_one() {
        let (pace, cancel) = (Pace::new(Some(rate(1 << 20))), Cancel::new());
        let begin = Instant::now();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..8).for_each(|_| pace.after(8 << 10, &cancel).unwrap()));
            }
        });
        // Half a second's worth, less what may be made good.
        assert!(begin.elapsed() >= Duration::from_millis(300), "{:?}", begin.elapsed());
    }

    #[test]
    fn a_stop_ends_the_waiting_at_once() {
        let (pace, cancel) = (Pace::new(Some(rate(1))), Cancel::new());
        let begin = Instant::now();
        thread::scope(|scope| {
            let waiting: Vec<_> = (0..4).map(|_| scope.spawn(|| pace.after(1 << 30, &cancel))).collect();
            thread::sleep(Duration::from_millis(20));
            cancel.request();
            for waiter in waiting {
                assert_eq!(waiter.join().unwrap(), Err(Cancelled));
            }
        });
        assert!(begin.elapsed() < Duration::from_mins(1));
    }

    #[test]
    fn it_pauses_while_others_are_at_work_and_asks_now_and_then() {
        let (busy, asked) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU32::new(0)));
        let (of, count) = (Arc::clone(&busy), Arc::clone(&asked));
        let pace = Pace::new(None).yielding_to(move || {
            count.fetch_add(1, Ordering::Relaxed);
            of.load(Ordering::Relaxed)
        });
        let cancel = Cancel::new();
        thread::scope(|scope| {
            let waiting: Vec<_> = (0..4).map(|_| scope.spawn(|| pace.after(1, &cancel))).collect();
            thread::sleep(Duration::from_millis(100));
            assert!(waiting.iter().all(|waiter| !waiter.is_finished()));
            assert_eq!(asked.load(Ordering::Relaxed), 1);
            busy.store(false, Ordering::Relaxed);
            for waiter in waiting {
                assert_eq!(waiter.join().unwrap(), Ok(()));
            }
        });
        // A pause is left by a stop too.
        busy.store(true, Ordering::Relaxed);
        thread::sleep(ASK);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| pace.after(1, &cancel));
            thread::sleep(Duration::from_millis(20));
            cancel.request();
            assert_eq!(waiting.join().unwrap(), Err(Cancelled));
        });
    }
}
