//! Timing: how long the phases of an answer take, as metrics and as spans.
//!
//! | Phase | From | To |
//! |---|---|---|
//! | `tokenize` | the text | its rows |
//! | `queue` | its rows | the batch with the first of them |
//! | `inference` | that batch | the logits of the last row |
//!
//! Spans have the target [`TRACE`]: they go to a collector where one is asked for, never to the log.

use crate::sentiment;
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::oneshot;
use tracing::{Span, debug_span};

/// The target of spans that are for a collector of traces.
pub const TRACE: &str = "valence::trace";

/// Answers whose timings are remembered.
const REMEMBERED: usize = 1000;

/// How long each phase of one answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// To tokenize, the wait for a thread included.
    pub tokenize: Duration,
    /// In the queue.
    pub queue: Duration,
    /// In batches.
    pub inference: Duration,
    /// The three together.
    pub total: Duration,
}

impl From<Timing> for sentiment::Timings {
    fn from(Timing { tokenize, queue, inference, .. }: Timing) -> Self {
        let [tokenize_us, queue_us, inference_us] = [tokenize, queue, inference].map(micros);
        Self { tokenize_us, queue_us, inference_us }
    }
}

/// A duration in microseconds, as the wire has it; the largest number for one beyond.
#[must_use]
pub fn micros(duration: Duration) -> u32 {
    u32::try_from(duration.as_micros()).unwrap_or(u32::MAX)
}

/// The smallest of the sorted times that at least this many of 100 do not exceed (nearest rank);
/// nothing of no times.
#[must_use]
pub fn percentile(sorted: &[Duration], percent: usize) -> Option<Duration> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.max(1) - 1).copied()
}

/// A clock that runs while a text is read.
pub struct Clock {
    start: Instant,
    /// What the phases are part of.
    request: Span,
}

/// A text's time in the queue; it ends where the batcher takes the text's first row.
pub struct Wait {
    request: Span,
    span: Span,
    begun: oneshot::Sender<Begun>,
}

/// When the first row's batch began, and the span that has lasted since.
struct Begun {
    at: Instant,
    /// Ends where this is dropped.
    _span: Span,
}

/// A text whose rows are in the queue or in batches.
pub struct UnderWay {
    start: Instant,
    queued: Instant,
    begun: oneshot::Receiver<Begun>,
}

impl Clock {
    /// Starts; the phases belong to the span that is entered now.
    #[must_use]
    pub fn start() -> Self {
        Self { start: Instant::now(), request: Span::current() }
    }

    /// Reads the text.
    pub fn tokenize<T>(&self, read: impl FnOnce() -> T) -> T {
        debug_span!(target: TRACE, parent: &self.request, "tokenize").in_scope(read)
    }

    /// The text has been read: its wait begins.
    #[must_use]
    pub fn queue(self) -> (Wait, UnderWay) {
        let span = debug_span!(target: TRACE, parent: &self.request, "queue");
        let (begun, when) = oneshot::channel();
        let wait = Wait { request: self.request, span, begun };
        (wait, UnderWay { start: self.start, queued: Instant::now(), begun: when })
    }
}

impl Wait {
    /// The text's first row is in a batch of so many.
    pub fn end(self, rows: usize) {
        drop(self.span);
        // The only whole numbers that spans have.
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        let span = debug_span!(target: TRACE, parent: &self.request, "inference", batch.rows = rows);
        // Who asked may have gone.
        let _ = self.begun.send(Begun { at: Instant::now(), _span: span });
    }
}

impl UnderWay {
    /// The last row's logits are there.
    #[must_use]
    pub fn end(mut self) -> Timing {
        let now = Instant::now();
        let begun = self.begun.try_recv().map_or(now, |begun| begun.at);
        Timing {
            tokenize: self.queued - self.start,
            queue: begun - self.queued,
            inference: now - begun,
            total: now - self.start,
        }
    }
}

/// The timings of one model's last answers.
#[derive(Debug, Default)]
pub struct LastTimings(Mutex<VecDeque<Timing>>);

impl LastTimings {
    /// Remembers a timing and adds it to the metrics of `model`.
    pub fn record(&self, model: &str, timing: Timing) {
        let Timing { tokenize, queue, inference, total } = timing;
        for (phase, time) in
            [("tokenize", tokenize), ("queue", queue), ("inference", inference), ("total", total)]
        {
            metrics::histogram!("valence_phase_seconds", "model" => model.to_owned(), "phase" => phase)
                .record(time.as_secs_f64());
        }
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() == REMEMBERED {
            last.pop_front();
        }
        last.push_back(timing);
    }

    /// Those of the last answers, the oldest first.
    #[must_use]
    pub fn last(&self) -> Vec<Timing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn each_phase_lasts_from_its_own_beginning_to_its_own_end() {
        let [reads, waits, runs] = [10, 20, 30].map(Duration::from_millis);
        let clock = Clock::start();
        clock.tokenize(|| thread::sleep(reads));
        let (wait, under_way) = clock.queue();
        thread::sleep(waits);
        wait.end(1);
        thread::sleep(runs);
        let timing = under_way.end();
        assert!(timing.tokenize >= reads && timing.queue >= waits && timing.inference >= runs, "{timing:?}");
        assert!(timing.total >= reads + waits + runs, "{timing:?}");
    }

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&times, 50), Some(Duration::from_millis(100)));
        assert_eq!(percentile(&times, 99), Some(Duration::from_millis(198)));
        assert_eq!(percentile(&times[..1], 50), Some(Duration::from_millis(1)));
        assert_eq!(percentile(&[], 50), None);
    }

    #[test]
    fn remembers_the_last_ones() {
        let timings = LastTimings::default();
        let of = |nanos| Timing { total: Duration::from_nanos(nanos), ..Timing::default() };
        (0..REMEMBERED as u64 + 2).for_each(|nanos| timings.record("m", of(nanos)));
        let last = timings.last();
        assert_eq!(
            (last.len(), last[0], last[REMEMBERED - 1]),
            (REMEMBERED, of(2), of(REMEMBERED as u64 + 1))
        );
    }
}
