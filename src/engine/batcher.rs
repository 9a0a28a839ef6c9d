//! The batcher: takes rows in, and runs them in batches on threads that own a session each.
//!
//! What goes into a batch is the queue's to say, how much of one request waits in it the
//! submission's, what becomes of a batch the worker's. Sessions of one thread each, as many as there
//! are CPUs, give more texts a second than one session with all the threads.

mod worker;

#[cfg(test)]
mod tests;

use super::{
    counts::Counts,
    queue::{Kind, Place, Queue, QueueLimits, Refusal},
    session::Model,
    submission::{Entry, Share, Submission},
    timing::Wait,
    tokenizer::Encoding,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
};

/// Batches of one request that may wait for each session while another runs.
const SHARE: usize = 2;

/// The sending end. Dropping it waits until the threads have ended: a process that exits in the
/// middle of a run would take the runtime's globals from under it.
pub struct Batcher {
    queue: Arc<Queue<Entry>>,
    share: Share,
    threads: Vec<JoinHandle<()>>,
    /// Sessions that have failed and do not run yet again.
    failed: Arc<AtomicUsize>,
}

impl Batcher {
    /// Gives each of `models` a thread of its own; `pad` fills the ends of a batch's shorter rows, and
    /// `counts` hears of each batch.
    pub fn start<M: Model + 'static>(
        models: Vec<M>,
        pad: i64,
        limits: QueueLimits,
        counts: Arc<Counts>,
    ) -> Self {
        let queue = Arc::new(Queue::new(limits, models.len()));
        let batches = SHARE * models.len();
        let rows = limits.half().min(batches * limits.rows);
        let share = Share { rows, tokens: batches * limits.tokens };
        let failed = Arc::default();
        let threads = models
            .into_iter()
            .map(|model| {
                let (queue, failed, counts) = (Arc::clone(&queue), Arc::clone(&failed), Arc::clone(&counts));
                thread::spawn(move || worker::work(model, pad, &queue, &failed, &counts))
            })
            .collect();
        Self { queue, share, threads, failed }
    }

    /// Keeps a place in the queue for a text that is to be read: for a single one at once or not at all, for
    /// one of many when its turn has come.
    ///
    /// # Errors
    ///
    /// As [`Queue::keep`] and [`Queue::keep_when_free`].
    pub async fn keep_place(&self, kind: Kind) -> Result<Place, Refusal> {
        match kind {
            Kind::Single => self.queue.keep(kind),
            Kind::OfMany => self.queue.keep_when_free().await,
        }
    }

    /// Takes in the rows of the text that has this place; dropping what it returns takes those out
    /// that have not run yet. Its `wait` ends with the first row's.
    ///
    /// # Errors
    ///
    /// [`Refusal::Left`] and [`Refusal::Closed`].
    pub fn submit(&self, rows: Vec<Encoding>, wait: Wait, place: Place) -> Result<Submission, Refusal> {
        Submission::begin(Arc::clone(&self.queue), self.share, rows, wait, place)
    }

    /// Rows that wait now, texts that have a place and are still to be read among them as one each.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// Whether a session has failed and does not run yet again.
    #[must_use]
    pub fn is_restarting(&self) -> bool {
        self.failed.load(Ordering::Acquire) > 0
    }
}

impl Drop for Batcher {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            // A thread that panicked has ended too.
            let _ = thread.join();
        }
    }
}
