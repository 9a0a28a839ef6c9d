//! The queue: the bounded place where rows wait, and the rule that makes batches of them.
//!
//! A row is what the model reads at once: a text, a window of a long one, a sentence, a text with a
//! part hidden. A batch begins with the row that has waited longest and takes in those like it in
//! length. Nothing waits for company: whoever is free gets what is there. It knows nothing of models.

#[cfg(test)]
mod tests;

use super::tokenizer::Encoding;
use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use thiserror::Error;

/// How large a queue and its batches may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueLimits {
    /// Rows that may wait; one more is refused.
    pub waiting: usize,
    /// Rows in one batch; 1 for a model whose answers depend on their batch.
    pub rows: usize,
    /// Tokens in one batch, padding included. A single row may have more.
    pub tokens: usize,
}

impl QueueLimits {
    /// Half of the queue: the most that one request fills, and that all of many texts do together.
    /// The other half is for others.
    #[must_use]
    pub const fn half(self) -> usize {
        self.waiting.div_ceil(2)
    }
}

/// Why the queue took no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// As many rows wait as may.
    #[error("the queue is full")]
    Full,
    /// Nobody takes rows out any more.
    #[error("the queue is closed")]
    Closed,
}

/// What waits: tokens, and someone who may lose interest.
pub trait Waiting {
    /// The row's tokens.
    fn encoding(&self) -> &Encoding;

    /// Whether nobody wants the answer any more.
    fn is_abandoned(&self) -> bool;

    /// Whether it is one of many that somebody sent together.
    fn is_bulk(&self) -> bool;
}

/// A queue shared by those who ask and those who run batches.
pub struct Queue<T> {
    limits: QueueLimits,
    state: Mutex<State<T>>,
    filled: Condvar,
}

struct State<T> {
    waiting: VecDeque<T>,
    is_closed: bool,
}

impl<T: Waiting> Queue<T> {
    /// An empty queue.
    #[must_use]
    pub fn new(limits: QueueLimits) -> Self {
        let state = State { waiting: VecDeque::new(), is_closed: false };
        Self { limits, state: Mutex::new(state), filled: Condvar::new() }
    }

    /// Takes those off the front of `rows`, of one request, for which there is room.
    ///
    /// # Errors
    ///
    /// [`Refusal::Full`] at once when there is room for none.
    pub fn push(&self, rows: &mut Vec<T>) -> Result<(), Refusal> {
        let mut state = self.lock();
        if state.is_closed {
            return Err(Refusal::Closed);
        }
        let room = self.room(&mut state, rows.len(), rows.first().is_some_and(T::is_bulk));
        if room == 0 {
            return Err(Refusal::Full);
        }
        state.waiting.extend(rows.drain(..room.min(rows.len())));
        drop(state);
        self.filled.notify_all();
        Ok(())
    }

    /// Whether one more row would be refused, of a single text or of many.
    #[must_use]
    pub fn is_full(&self, is_bulk: bool) -> bool {
        self.room(&mut self.lock(), 1, is_bulk) == 0
    }

    /// Rows that may be added, of which so many are wanted. Who sends many waits for room as long
    /// as it takes, and would leave none to those who send one and are refused.
    fn room(&self, state: &mut State<T>, wanted: usize, is_bulk: bool) -> usize {
        let room = |state: &State<T>| {
            let free = self.limits.waiting.saturating_sub(state.waiting.len());
            if !is_bulk {
                return free;
            }
            let bulk = state.waiting.iter().filter(|row| row.is_bulk()).count();
            free.min(self.limits.half().saturating_sub(bulk))
        };
        if room(state) < wanted {
            // Those whose clients have gone hold places that others may have.
            state.waiting.retain(|row| !row.is_abandoned());
        }
        room(state)
    }

    /// Waits for the next batch; `None` once the queue is closed and empty.
    pub fn next_batch(&self) -> Option<Vec<T>> {
        let mut state = self.lock();
        loop {
            state.waiting.retain(|row| !row.is_abandoned());
            if let Some(oldest) = state.waiting.pop_front() {
                return Some(gather(oldest, &mut state.waiting, self.limits));
            }
            if state.is_closed {
                return None;
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes nothing in any more; what waits is still given out.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.filled.notify_all();
    }

    /// Waits for `time`, or until the queue is closed; whether it is.
    pub fn closes_within(&self, time: Duration) -> bool {
        let is_open = |state: &mut State<T>| !state.is_closed;
        let waited = self.filled.wait_timeout_while(self.lock(), time, is_open);
        waited.unwrap_or_else(PoisonError::into_inner).0.is_closed
    }

    /// Rows that wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Whether no row waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A panic elsewhere cannot leave the state half changed: every change is a single call.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes those out of `waiting` that go with `oldest`: the nearest in length first, as long as the
/// batch keeps its limits and padding stays below a tenth of it.
fn gather<T: Waiting>(oldest: T, waiting: &mut VecDeque<T>, limits: QueueLimits) -> Vec<T> {
    let anchor = oldest.encoding().len();
    let mut nearest: Vec<(usize, usize)> =
        waiting.iter().map(|row| row.encoding().len()).enumerate().collect();
    nearest.sort_by_key(|&(place, length)| (length.abs_diff(anchor), place));

    let (mut longest, mut sum) = (anchor, anchor);
    let mut places = Vec::new();
    for (place, length) in nearest {
        let rows = places.len() + 2;
        let padded = longest.max(length) * rows;
        if rows > limits.rows || padded > limits.tokens || (sum + length) * 10 <= padded * 9 {
            break;
        }
        (longest, sum) = (longest.max(length), sum + length);
        places.push(place);
    }

    // From the back, so that the places in front stay what they are; the batch keeps their order.
    places.sort_unstable();
    let mut batch: Vec<T> = places.into_iter().rev().filter_map(|place| waiting.remove(place)).collect();
    batch.push(oldest);
    batch.reverse();
    batch
}
