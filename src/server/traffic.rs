//! Traffic: how many requests are under way and how many the last minute had, for the status page.
//!
//! What Prometheus adds up over the machines and days, `metrics` has.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// Seconds that are looked back on.
const SECONDS: usize = 60;

/// The requests of a server since its start.
#[derive(Debug)]
pub struct Traffic {
    start: Instant,
    under_way: AtomicUsize,
    /// Each second's answers, at its number modulo [`SECONDS`].
    seconds: Mutex<[(u64, Answers); SECONDS]>,
}

/// Numbers of answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// All of them.
    pub all: u64,
    /// Refused because the server had too much to do (429, 503, 504).
    pub refused: u64,
    /// Failed by a fault of the server (the other 5xx).
    pub failed: u64,
}

impl Default for Traffic {
    fn default() -> Self {
        let seconds = Mutex::new([(0, Answers::default()); SECONDS]);
        Self { start: Instant::now(), under_way: AtomicUsize::new(0), seconds }
    }
}

impl Traffic {
    /// A request has come.
    pub fn begin(&self) {
        self.under_way.fetch_add(1, Ordering::Relaxed);
    }

    /// It has been answered with this status.
    pub fn end(&self, status: u16) {
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        self.count(self.start.elapsed().as_secs(), status);
    }

    /// Requests that have no whole answer yet.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    /// Time since the start.
    #[must_use]
    pub fn uptime(&self) -> Duration {
        self.start.elapsed()
    }

    /// The answers of the last minute.
    #[must_use]
    pub fn last_minute(&self) -> Answers {
        self.until(self.start.elapsed().as_secs())
    }

    fn count(&self, second: u64, status: u16) {
        let mut seconds = self.seconds.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, answers) = &mut seconds[(second % SECONDS as u64) as usize];
        if *at != second {
            (*at, *answers) = (second, Answers::default());
        }
        answers.all += 1;
        match status {
            429 | 503 | 504 => answers.refused += 1,
            500.. => answers.failed += 1,
            _ => {}
        }
    }

    fn until(&self, now: u64) -> Answers {
        let seconds = self.seconds.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = seconds.iter().filter(|(at, _)| *at + SECONDS as u64 > now);
        recent.fold(Answers::default(), |sum, (_, answers)| Answers {
            all: sum.all + answers.all,
            refused: sum.refused + answers.refused,
            failed: sum.failed + answers.failed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgets_after_a_minute() {
        let traffic = Traffic::default();
        for (second, status) in [(0, 200), (0, 500), (59, 429)] {
            traffic.count(second, status);
        }
        assert_eq!(traffic.until(59), Answers { all: 3, refused: 1, failed: 1 });
        for status in [503, 504, 404] {
            traffic.count(60, status);
        }
        assert_eq!(traffic.until(60), Answers { all: 4, refused: 3, failed: 0 });
        assert_eq!(traffic.until(119), Answers { all: 3, refused: 2, failed: 0 });
        assert_eq!(traffic.until(200), Answers::default());
    }

    #[test]
    fn knows_what_is_under_way() {
        let traffic = Traffic::default();
        traffic.begin();
        traffic.begin();
        traffic.end(200);
        assert_eq!((traffic.under_way(), traffic.last_minute().all), (1, 1));
    }
}
