//! The queue: the bounded place where rows wait until somebody takes a batch of them out.
//!
//! A row is what the model reads at once: a text, a window of a long one, a sentence, a text with a
//! part hidden. Nothing waits for company: whoever is free gets what is there, single texts and those of
//! many in turn, and where nobody is there to take rows out, none waits in vain. It knows nothing of models.
//!
//! A text has a place before it is read. So what would be refused is not read, what has been read is
//! not refused, and those who wait to be read are bounded with those who wait to be run. Texts of many wait
//! in line for theirs.

mod gather;
mod kind;
mod lines;
mod places;

#[cfg(test)]
mod tests;

pub use kind::Kind;
pub use places::Place;

use super::tokenizer::Encoding;
use kind::PerKind;
use lines::Lines;
use places::Places;
use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use thiserror::Error;

/// How large a queue and its batches may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueLimits {
    /// Rows that may wait, texts still to be read among them as one each; one more is refused.
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
    /// Nobody takes rows out for now.
    #[error("nobody is at the queue")]
    Left,
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

    /// Whether its text is a single one, or one of many.
    fn kind(&self) -> Kind;
}

/// A queue shared by those who ask and those who run batches.
pub(super) struct Queue<T> {
    limits: QueueLimits,
    state: Mutex<State<T>>,
    filled: Condvar,
    places: Arc<Places>,
}

struct State<T> {
    waiting: Lines<T>,
    /// Those who take rows out, without those who have left.
    takers: usize,
    is_closed: bool,
}

impl<T> State<T> {
    /// Whether rows are taken in at all.
    fn check(&self) -> Result<(), Refusal> {
        match self {
            Self { is_closed: true, .. } => Err(Refusal::Closed),
            Self { takers: 0, .. } => Err(Refusal::Left),
            _ => Ok(()),
        }
    }
}

impl<T: Waiting> Queue<T> {
    /// An empty queue, out of which so many take rows.
    #[must_use]
    pub fn new(limits: QueueLimits, takers: usize) -> Self {
        let state = State { waiting: Lines::new(), takers, is_closed: false };
        Self { limits, state: Mutex::new(state), filled: Condvar::new(), places: Arc::default() }
    }

    /// Keeps a place for a text that is to be read, a single one or one of many.
    ///
    /// # Errors
    ///
    /// [`Refusal::Full`] at once when there is none, [`Refusal::Left`] while nobody takes rows out,
    /// [`Refusal::Closed`] once it takes no more.
    pub fn keep(&self, kind: Kind) -> Result<Place, Refusal> {
        let mut state = self.lock();
        state.check()?;
        if self.room(&mut state, 1, kind) == 0 {
            return Err(Refusal::Full);
        }
        Ok(self.places.keep(kind))
    }

    /// Keeps a place for a text of many that is to be read; where there is none, it waits in line for one.
    ///
    /// # Errors
    ///
    /// [`Refusal::Left`] and [`Refusal::Closed`], as [`Queue::keep`].
    pub async fn keep_when_free(&self) -> Result<Place, Refusal> {
        self.places.to_begin.wait(|| self.keep(Kind::OfMany)).await
    }

    /// Waits for one more place for a text that has begun and has no row here, in a line of its own that is
    /// woken first: it is not refused any more, since what it has had would be lost. One that is not polled
    /// holds up those behind it.
    ///
    /// # Errors
    ///
    /// As [`Queue::keep_when_free`].
    pub async fn keep_further(&self, kind: Kind) -> Result<Place, Refusal> {
        self.places.begun[kind].wait(|| self.keep(kind)).await
    }

    /// Takes those off the front of `rows`, of one request, for which there is room; the `place` that
    /// was kept for the request is room for one.
    ///
    /// # Errors
    ///
    /// [`Refusal::Full`] at once when there is room for none, else as [`Queue::keep`].
    pub fn push(&self, rows: &mut Vec<T>, place: Option<Place>) -> Result<(), Refusal> {
        let mut state = self.lock();
        state.check()?;
        drop(place);
        let room = self.room(&mut state, rows.len(), rows.first().map_or(Kind::Single, T::kind));
        if room == 0 {
            return Err(Refusal::Full);
        }
        state.waiting.extend(rows.drain(..room.min(rows.len())));
        drop(state);
        self.filled.notify_all();
        Ok(())
    }

    /// Rows that may be added, of which so many are wanted. Who sends many waits for room as long
    /// as it takes, and would leave none to those who send one and are refused.
    fn room(&self, state: &mut State<T>, wanted: usize, kind: Kind) -> usize {
        let room = |state: &State<T>| {
            let taken = self.taken(state);
            let free = self.limits.waiting.saturating_sub(taken.sum());
            let of_half = self.limits.half().saturating_sub(taken.of_many);
            if kind == Kind::OfMany { free.min(of_half) } else { free }
        };
        if room(state) < wanted {
            // Those whose clients have gone hold places that others may have.
            state.waiting.drop_abandoned();
        }
        room(state)
    }

    /// Waits for the next batch; `None` once the queue is closed and empty.
    pub fn next_batch(&self) -> Option<Vec<T>> {
        let mut state = self.lock();
        loop {
            state.waiting.drop_abandoned();
            let batch = state.waiting.next_batch(self.limits);
            // Also where all that waited were abandoned.
            self.places.wake();
            if batch.is_some() || state.is_closed {
                return batch;
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// One of those who take rows out leaves. The last one gets all that wait, which nobody would take out,
    /// and no more are taken in until somebody is back.
    pub fn leave(&self) -> Vec<T> {
        let mut state = self.lock();
        state.takers -= 1;
        let left = if state.takers == 0 { state.waiting.take_all() } else { Vec::new() };
        // Those in line hear of it too.
        self.places.wake();
        left
    }

    /// One who has left is back.
    pub fn come_back(&self) {
        self.lock().takers += 1;
    }

    /// Takes nothing in any more; what waits is still given out.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.filled.notify_all();
        self.places.wake();
    }

    /// Waits for `time`, or until the queue is closed; whether it is.
    pub fn closes_within(&self, time: Duration) -> bool {
        let is_open = |state: &mut State<T>| !state.is_closed;
        let waited = self.filled.wait_timeout_while(self.lock(), time, is_open);
        waited.unwrap_or_else(PoisonError::into_inner).0.is_closed
    }

    /// Rows that wait, and places that are kept for others.
    #[must_use]
    pub fn len(&self) -> usize {
        self.taken(&self.lock()).sum()
    }

    /// Places that rows have, or that are kept.
    fn taken(&self, state: &State<T>) -> PerKind<usize> {
        let (rows, kept) = (state.waiting.lengths(), self.places.kept());
        PerKind { single: rows.single + kept.single, of_many: rows.of_many + kept.of_many }
    }

    /// A panic elsewhere cannot leave the state half changed: every change is a single call.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
