//! A worker: one session's thread, which runs batch after batch and restarts its session where a
//! run fails.

use crate::engine::{
    batch::Batch,
    counts::Counts,
    queue::{Queue, Waiting},
    session::{Model, SessionError},
    submission::{Answer, Entry},
    tokenizer::Encoding,
};
use std::{
    panic::{self, AssertUnwindSafe},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

/// Between the first two attempts to restart a session; each pause is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest of these pauses.
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// Runs batches until the queue is closed and empty; `failed` counts the sessions that do not run.
pub fn work(model: impl Model, pad: i64, queue: &Queue<Entry>, failed: &AtomicUsize, counts: &Counts) {
    let mut worker = Worker { model, pad, queue, failed, counts };
    while let Some(mut entries) = queue.next_batch() {
        let rows = entries.len();
        for wait in entries.iter_mut().filter_map(|entry| entry.wait.take()) {
            wait.end(rows);
        }
        let mut left = worker.answer(entries, Vec::new());
        // The first of them is the last to be pushed.
        left.reverse();
        while let Some(entry) = left.pop() {
            if !entry.is_abandoned() {
                left = worker.answer(vec![entry], left);
            }
        }
    }
}

struct Worker<'a, M> {
    model: M,
    pad: i64,
    queue: &'a Queue<Entry>,
    failed: &'a AtomicUsize,
    counts: &'a Counts,
}

impl<M: Model> Worker<'_, M> {
    /// Answers a batch, and restarts the session where its run fails. What comes back is to be run row by row:
    /// rows that failed together, since one of them may be at fault or their number, and the `others` that
    /// did so before. Where the session does not restart at once, none of these waits for it.
    fn answer(&mut self, mut entries: Vec<Entry>, others: Vec<Entry>) -> Vec<Entry> {
        let error = match self.run(&entries) {
            Ok(rows) => {
                for (entry, row) in entries.into_iter().zip(rows) {
                    reply(entry, Ok(row));
                }
                return others;
            }
            Err(error) => error,
        };
        // Before its callers hear of it, so that none finds the engine well afterwards.
        self.failed.fetch_add(1, Ordering::Release);
        metrics::counter!("valence_session_restarts_total").increment(1);
        if entries.len() == 1 {
            entries.drain(..).for_each(|entry| reply(entry, Err(error.clone())));
        }
        entries.extend(others);
        if !self.restarts() {
            if !entries.is_empty() {
                tracing::error!(%error, "a run failed");
            }
            entries.drain(..).for_each(|entry| reply(entry, Err(SessionError::Down)));
            self.restart();
        }
        self.failed.fetch_sub(1, Ordering::Release);
        entries
    }

    fn run(&mut self, entries: &[Entry]) -> Result<Vec<Vec<f32>>, SessionError> {
        let encodings: Vec<&Encoding> = entries.iter().map(|entry| &entry.encoding).collect();
        let batch = Batch::new(&encodings, self.pad);
        self.counts.batch(&batch);
        guard(|| self.model.logits(&batch))
    }

    /// Restarts a session that could not be, as often as it takes; what comes meanwhile goes to other
    /// sessions, and where none is left is refused.
    fn restart(&mut self) {
        self.queue.leave().into_iter().for_each(|entry| reply(entry, Err(SessionError::Down)));
        let mut pause = FIRST_PAUSE;
        while !self.queue.closes_within(pause) && !self.restarts() {
            pause = MAX_PAUSE.min(2 * pause);
        }
        self.queue.come_back();
    }

    /// Whether the session restarts.
    fn restarts(&mut self) -> bool {
        let restarted = guard(|| self.model.restart());
        if let Err(error) = &restarted {
            tracing::error!(%error, "a failed session could not be restarted");
        }
        restarted.is_ok()
    }
}

/// Answers a row. Its client may have gone meanwhile; then nobody misses the answer.
fn reply(entry: Entry, answer: Answer) {
    let _ = entry.answer.send(answer);
}

/// A panic in the model is an error of this run, not the thread's end.
fn guard<T>(run: impl FnOnce() -> Result<T, SessionError>) -> Result<T, SessionError> {
    panic::catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| Err(SessionError::Runtime("the run panicked".into())))
}
