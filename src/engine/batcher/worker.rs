//! A worker: one session's thread, which runs batch after batch and restarts its session where a
//! run fails.

use crate::engine::{
    batch::Batch,
    queue::Queue,
    session::{Model, SessionError},
    submission::Entry,
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
pub fn work(mut model: impl Model, pad: i64, queue: &Queue<Entry>, failed: &AtomicUsize) {
    while let Some(mut entries) = queue.next_batch() {
        let rows = entries.len();
        for wait in entries.iter_mut().filter_map(|entry| entry.wait.take()) {
            wait.end(rows);
        }
        let encodings: Vec<&Encoding> = entries.iter().map(|entry| &entry.encoding).collect();
        let batch = Batch::new(&encodings, pad);
        count(&batch);
        // A client may have gone meanwhile; then nobody misses its answer.
        match guard(|| model.logits(&batch)) {
            Ok(rows) => {
                for (entry, row) in entries.into_iter().zip(rows) {
                    let _ = entry.answer.send(Ok(row));
                }
            }
            Err(error) => {
                // Before its callers hear of it, so that none finds the engine well afterwards.
                failed.fetch_add(1, Ordering::Release);
                for entry in entries {
                    let _ = entry.answer.send(Err(error.clone()));
                }
                restart(&mut model, queue);
                failed.fetch_sub(1, Ordering::Release);
            }
        }
    }
}

/// Restarts a model, as often as it takes; what came meanwhile waits or goes to other sessions.
fn restart(model: &mut impl Model, queue: &Queue<Entry>) {
    metrics::counter!("valence_session_restarts_total").increment(1);
    let mut pause = FIRST_PAUSE;
    while let Err(error) = guard(|| model.restart()) {
        tracing::error!(%error, "a failed session could not be restarted");
        if queue.closes_within(pause) {
            return;
        }
        pause = MAX_PAUSE.min(2 * pause);
    }
}

/// Counts how large batches become and how much of them is padding.
fn count(batch: &Batch) {
    let tokens = batch.attention_mask.iter().filter(|&&mask| mask == 1).count() as u64;
    let padding = (batch.rows * batch.columns) as u64 - tokens;
    metrics::histogram!("valence_batch_rows").record(batch.rows as f64);
    metrics::counter!("valence_batch_tokens_total", "kind" => "text").increment(tokens);
    metrics::counter!("valence_batch_tokens_total", "kind" => "padding").increment(padding);
}

/// A panic in the model is an error of this run, not the thread's end.
fn guard<T>(run: impl FnOnce() -> Result<T, SessionError>) -> Result<T, SessionError> {
    panic::catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| Err(SessionError::Runtime("the run panicked".into())))
}
