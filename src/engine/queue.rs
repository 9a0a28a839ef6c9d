//! The queue: the bounded place where texts wait, and the rule that makes batches of them.
//!
//! A batch begins with the text that has waited longest and takes in those like it in length.
//! Nothing waits for company: whoever is free gets what is there. It knows nothing of models.

use super::tokenizer::Encoding;
use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use thiserror::Error;

/// How large a queue and its batches may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Texts that may wait; one more is refused.
    pub waiting: usize,
    /// Texts in one batch; 1 for a model whose answers depend on their batch.
    pub rows: usize,
    /// Tokens in one batch, padding included. A single text may have more.
    pub tokens: usize,
}

/// Why the queue took no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// As many texts wait as may.
    #[error("the queue is full")]
    Full,
    /// Nobody takes texts out any more.
    #[error("the queue is closed")]
    Closed,
}

/// What waits: tokens, and someone who may lose interest.
pub trait Waiting {
    /// The text's tokens.
    fn encoding(&self) -> &Encoding;

    /// Whether nobody wants the answer any more.
    fn is_abandoned(&self) -> bool;
}

/// A queue shared by those who ask and those who run batches.
pub struct Queue<T> {
    limits: Limits,
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
    pub fn new(limits: Limits) -> Self {
        let state = State { waiting: VecDeque::new(), is_closed: false };
        Self { limits, state: Mutex::new(state), filled: Condvar::new() }
    }

    /// Takes all of `texts` out of their list and in, or none of them.
    ///
    /// An empty queue takes in whatever comes: what one request needs may be more than the limit.
    ///
    /// # Errors
    ///
    /// [`Refusal::Full`] at once when not all of them have room.
    pub fn push(&self, texts: &mut Vec<T>) -> Result<(), Refusal> {
        let mut state = self.lock();
        if state.is_closed {
            return Err(Refusal::Closed);
        }
        if state.waiting.len() + texts.len() > self.limits.waiting {
            // Those whose clients have gone hold places that others may have.
            state.waiting.retain(|text| !text.is_abandoned());
        }
        if !state.waiting.is_empty() && state.waiting.len() + texts.len() > self.limits.waiting {
            return Err(Refusal::Full);
        }
        state.waiting.extend(texts.drain(..));
        drop(state);
        self.filled.notify_all();
        Ok(())
    }

    /// Whether one more text would be refused.
    #[must_use]
    pub fn is_full(&self) -> bool {
        let mut state = self.lock();
        if state.waiting.len() >= self.limits.waiting {
            state.waiting.retain(|text| !text.is_abandoned());
        }
        state.waiting.len() >= self.limits.waiting
    }

    /// Waits for the next batch; `None` once the queue is closed and empty.
    pub fn next_batch(&self) -> Option<Vec<T>> {
        let mut state = self.lock();
        loop {
            state.waiting.retain(|text| !text.is_abandoned());
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

    /// Texts that wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Whether no text waits.
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
fn gather<T: Waiting>(oldest: T, waiting: &mut VecDeque<T>, limits: Limits) -> Vec<T> {
    let anchor = oldest.encoding().len();
    let mut nearest: Vec<(usize, usize)> =
        waiting.iter().map(|text| text.encoding().len()).enumerate().collect();
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Text(Encoding, bool);

    impl Waiting for Text {
        fn encoding(&self) -> &Encoding {
            &self.0
        }

        fn is_abandoned(&self) -> bool {
            self.1
        }
    }

    fn text(tokens: usize) -> Text {
        Text(Encoding::new(vec![1; tokens]), false)
    }

    fn queue(waiting: usize, rows: usize, tokens: usize, lengths: &[usize]) -> Queue<Text> {
        let queue = Queue::new(Limits { waiting, rows, tokens });
        queue.push(&mut lengths.iter().copied().map(text).collect()).expect("room for all");
        queue
    }

    fn next(queue: &Queue<Text>) -> Vec<usize> {
        queue.next_batch().expect("a batch").iter().map(|text| text.0.len()).collect()
    }

    #[test]
    fn begins_with_the_oldest_and_adds_those_of_its_length() {
        let queue = queue(8, 8, 1000, &[20, 300, 21, 20, 310, 19]);
        assert_eq!(next(&queue), [20, 21, 20, 19]);
        assert_eq!(next(&queue), [300, 310]);
    }

    #[test]
    fn keeps_the_budget_of_padded_tokens() {
        let queue = queue(8, 8, 60, &[20, 20, 20, 20]);
        assert_eq!(next(&queue), [20, 20, 20]);
        assert_eq!(next(&queue), [20]);
    }

    #[test]
    fn runs_a_text_above_the_budget_alone() {
        let queue = queue(8, 8, 60, &[100, 100]);
        assert_eq!(next(&queue), [100]);
    }

    #[test]
    fn gives_single_texts_where_batches_are_not_allowed() {
        let queue = queue(8, 1, 1000, &[5, 5]);
        assert_eq!(next(&queue), [5]);
        assert_eq!(next(&queue), [5]);
    }

    #[test]
    fn takes_all_or_none() {
        let queue = queue(3, 8, 1000, &[5, 5]);
        assert_eq!(queue.push(&mut vec![text(5), text(5)]), Err(Refusal::Full));
        assert_eq!(queue.len(), 2);
        assert_eq!(queue.push(&mut vec![text(5)]), Ok(()));
    }

    #[test]
    fn one_request_may_need_more_than_the_limit() {
        let queue = queue(3, 8, 1000, &[]);
        assert_eq!(queue.push(&mut (0..5).map(|_| text(5)).collect()), Ok(()));
        assert_eq!(queue.push(&mut vec![text(5)]), Err(Refusal::Full));
    }

    #[test]
    fn abandoned_texts_give_their_places_away_and_are_never_run() {
        let queue = queue(2, 8, 1000, &[]);
        let gone = || Text(Encoding::new(vec![1; 5]), true);
        queue.push(&mut vec![gone(), gone()]).expect("room for both");
        queue.push(&mut vec![text(7)]).expect("the places of those who have gone");
        assert_eq!(next(&queue), [7]);
    }

    #[test]
    fn is_full_only_of_those_who_still_wait() {
        let queue = queue(2, 8, 1000, &[5]);
        assert!(!queue.is_full());
        queue.push(&mut vec![Text(Encoding::new(vec![1; 5]), true)]).expect("room for it");
        assert!(!queue.is_full(), "one has gone");
        queue.push(&mut vec![text(5)]).expect("room for it");
        assert!(queue.is_full());
    }

    #[test]
    fn gives_out_what_waits_after_it_is_closed() {
        let queue = queue(2, 1, 1000, &[5]);
        queue.close();
        assert_eq!(queue.push(&mut vec![text(5)]), Err(Refusal::Closed));
        assert_eq!(next(&queue), [5]);
        assert!(queue.next_batch().is_none());
    }

    proptest! {
        #[test]
        fn every_text_runs_once_in_batches_within_the_limits(
            lengths in prop::collection::vec(2usize..512, 1..80),
            rows in 1usize..16,
            tokens in 64usize..4096,
        ) {
            let queue = queue(80, rows, tokens, &lengths);
            let mut seen = Vec::new();
            while !queue.is_empty() {
                let batch = next(&queue);
                let longest = batch.iter().copied().max().unwrap_or(0);
                prop_assert!(batch.len() <= rows);
                prop_assert!(batch.len() == 1 || longest * batch.len() <= tokens);
                prop_assert!(batch.iter().sum::<usize>() * 10 > longest * batch.len() * 9);
                seen.extend(batch);
            }
            let mut lengths = lengths;
            lengths.sort_unstable();
            seen.sort_unstable();
            prop_assert_eq!(seen, lengths);
        }
    }
}
