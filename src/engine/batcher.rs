//! The batcher: the bounded queue in front of the model, and the one thread that owns it.
//!
//! It runs one text at a time: in a dynamically quantised graph a batch shares one activation
//! scale, so that an answer would depend on strangers' texts.

use super::{
    batch::Batch,
    session::{Model, SessionError},
    tokenizer::Encoding,
};
use std::thread;
use thiserror::Error;
use tokio::sync::{
    mpsc::{self, error::TrySendError},
    oneshot,
};

/// One row of logits, or why there is none.
type Answer = Result<Vec<f32>, SessionError>;

struct Entry {
    encoding: Encoding,
    answer: oneshot::Sender<Answer>,
}

/// Why the queue took no text, or lost it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// As many texts wait as may.
    #[error("the queue is full")]
    Full,
    /// The thread that owns the model has ended.
    #[error("the model's thread has ended")]
    Stopped,
}

/// The sending end of the queue; the model's thread ends when the last one is dropped.
#[derive(Clone)]
pub struct Batcher {
    queue: mpsc::Sender<Entry>,
}

impl Batcher {
    /// Gives `model` a thread of its own and a queue of at most `capacity` texts.
    ///
    /// `pad` fills the ends of a batch's shorter rows.
    pub fn start(model: impl Model + 'static, pad: i64, capacity: usize) -> Self {
        let (queue, entries) = mpsc::channel(capacity.max(1));
        thread::spawn(move || work(model, pad, entries));
        Self { queue }
    }

    /// Waits for one text's logits; a caller that goes away before its turn costs nothing.
    ///
    /// # Errors
    ///
    /// The outer error at once where the queue is full, the inner one where the run failed.
    pub async fn logits(&self, encoding: Encoding) -> Result<Answer, Refusal> {
        let (answer, logits) = oneshot::channel();
        self.queue.try_send(Entry { encoding, answer }).map_err(|error| match error {
            TrySendError::Full(_) => Refusal::Full,
            TrySendError::Closed(_) => Refusal::Stopped,
        })?;
        logits.await.map_err(|_| Refusal::Stopped)
    }
}

fn work(mut model: impl Model, pad: i64, mut entries: mpsc::Receiver<Entry>) {
    while let Some(Entry { encoding, answer }) = entries.blocking_recv() {
        if answer.is_closed() {
            continue;
        }
        let batch = Batch::new(&[&encoding], pad);
        let logits = model
            .logits(&batch)
            .and_then(|mut rows| rows.pop().ok_or(SessionError::Shape { rows: 1, shape: vec![0] }));
        // The client may have gone meanwhile; then nobody misses its answer.
        let _ = answer.send(logits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc as std_mpsc,
    };

    /// Answers with the number of tokens, once for each permit, and counts its runs.
    struct Turnstile {
        permits: std_mpsc::Receiver<()>,
        runs: Arc<AtomicUsize>,
    }

    impl Model for Turnstile {
        fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
            self.runs.fetch_add(1, Ordering::SeqCst);
            self.permits.recv().map_err(|error| SessionError::Runtime(error.to_string()))?;
            Ok(vec![vec![batch.columns as f32]; batch.rows])
        }
    }

    fn turnstile(capacity: usize) -> (Batcher, std_mpsc::Sender<()>, Arc<AtomicUsize>) {
        let (open, permits) = std_mpsc::channel();
        let runs = Arc::new(AtomicUsize::new(0));
        (Batcher::start(Turnstile { permits, runs: Arc::clone(&runs) }, 0, capacity), open, runs)
    }

    fn tokens(n: usize) -> Encoding {
        Encoding::new(vec![1; n])
    }

    async fn until(condition: impl Fn() -> bool) {
        while !condition() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn answers_each_text_with_its_own_logits() {
        let (batcher, open, _) = turnstile(8);
        let (first, second) = (batcher.clone(), batcher.clone());
        let first = tokio::spawn(async move { first.logits(tokens(3)).await });
        let second = tokio::spawn(async move { second.logits(tokens(5)).await });
        open.send(()).expect("the model waits");
        open.send(()).expect("the model waits");
        assert_eq!(first.await.expect("no panic").expect("queued").expect("run"), [3.0]);
        assert_eq!(second.await.expect("no panic").expect("queued").expect("run"), [5.0]);
    }

    #[tokio::test]
    async fn refuses_at_once_when_the_queue_is_full() {
        let (batcher, open, runs) = turnstile(1);
        let running = tokio::spawn({
            let batcher = batcher.clone();
            async move { batcher.logits(tokens(1)).await }
        });
        until(|| runs.load(Ordering::SeqCst) == 1).await;
        let waiting = tokio::spawn({
            let batcher = batcher.clone();
            async move { batcher.logits(tokens(2)).await }
        });
        until(|| batcher.queue.capacity() == 0).await;

        assert_eq!(batcher.logits(tokens(3)).await.err(), Some(Refusal::Full));

        open.send(()).expect("the model waits");
        open.send(()).expect("the model waits");
        assert!(running.await.expect("no panic").is_ok());
        assert!(waiting.await.expect("no panic").is_ok());
    }

    #[tokio::test]
    async fn skips_texts_whose_client_has_gone() {
        let (batcher, open, runs) = turnstile(4);
        let running = tokio::spawn({
            let batcher = batcher.clone();
            async move { batcher.logits(tokens(1)).await }
        });
        until(|| runs.load(Ordering::SeqCst) == 1).await;
        let gone = tokio::spawn({
            let batcher = batcher.clone();
            async move { batcher.logits(tokens(2)).await }
        });
        until(|| batcher.queue.capacity() == 3).await;
        gone.abort();
        assert!(gone.await.is_err());

        open.send(()).expect("the model waits");
        open.send(()).expect("the model waits");
        assert!(running.await.expect("no panic").is_ok());
        assert_eq!(batcher.logits(tokens(4)).await.expect("queued").expect("run"), [4.0]);
        assert_eq!(runs.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn reports_a_failed_run_to_its_own_caller() {
        let (batcher, open, _) = turnstile(4);
        drop(open);
        assert!(batcher.logits(tokens(1)).await.expect("queued").is_err());
    }
}
