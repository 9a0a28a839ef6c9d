//! The batcher around models that the test lets run: order, a queue that is full, clients that go, its end.

mod faults;
mod shares;

use super::*;
use crate::engine::{batch::Batch, session::SessionError, submission::BatchError, timing::Clock};
use futures_util::FutureExt;
use std::{
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};
use tokio::time::timeout;

/// Answers each row with the number of its tokens, one run for each permit, and counts runs.
struct Turnstile {
    permits: mpsc::Receiver<()>,
    runs: Arc<AtomicUsize>,
}

impl Model for Turnstile {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        self.permits.recv().map_err(|error| SessionError::Runtime(error.to_string()))?;
        let rows = batch.attention_mask.chunks(batch.columns);
        Ok(rows.map(|row| vec![row.iter().sum::<i64>() as f32]).collect())
    }
}

struct Gate {
    // Dropped before the batcher, which waits for the model.
    open: mpsc::Sender<()>,
    batcher: Arc<Batcher>,
    runs: Arc<AtomicUsize>,
}

impl Gate {
    fn new(waiting: usize) -> Self {
        let (open, permits) = mpsc::channel();
        let runs = Arc::new(AtomicUsize::new(0));
        let model = Turnstile { permits, runs: Arc::clone(&runs) };
        let limits = QueueLimits { waiting, rows: 8, tokens: 1000 };
        Self { batcher: Arc::new(Batcher::start(vec![model], 0, limits, Arc::default())), open, runs }
    }

    /// Asks for the logits of texts of these lengths, in a task of their own.
    fn ask(&self, lengths: &[usize]) -> tokio::task::JoinHandle<Result<Vec<Vec<f32>>, BatchError>> {
        let batcher = Arc::clone(&self.batcher);
        let texts = lengths.iter().map(|&length| Encoding::new(vec![1; length])).collect();
        tokio::spawn(async move { submit(&batcher, texts)?.logits(|_, _| ()).await })
    }

    /// Asks for one text and waits until it runs, so that what follows has to wait.
    async fn occupy(&self) -> tokio::task::JoinHandle<Result<Vec<Vec<f32>>, BatchError>> {
        let asked = self.ask(&[1]);
        until(|| self.runs.load(Ordering::SeqCst) == 1).await;
        asked
    }

    fn open(&self) {
        self.open.send(()).expect("the model waits");
    }
}

/// Takes in the rows of a single text, whose wait nobody times.
fn submit(batcher: &Batcher, rows: Vec<Encoding>) -> Result<Submission, Refusal> {
    batcher.submit(rows, Clock::start().queue().0, batcher.queue.keep(Kind::Single)?)
}

async fn until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "it never comes to that");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn answers_each_text_with_its_own_logits_in_order() {
    let gate = Gate::new(8);
    let asked = gate.ask(&[3, 50, 4]);
    (0..3).for_each(|_| gate.open());
    assert_eq!(asked.await.expect("no panic").expect("logits"), [[3.0], [50.0], [4.0]]);
}

#[tokio::test]
async fn runs_what_came_meanwhile_together() {
    let gate = Gate::new(8);
    let first = gate.occupy().await;
    let others = [gate.ask(&[10]), gate.ask(&[10]), gate.ask(&[10])];
    until(|| gate.batcher.queue.len() == 3).await;
    gate.open();
    gate.open();
    first.await.expect("no panic").expect("logits");
    for other in others {
        assert_eq!(other.await.expect("no panic").expect("logits"), [[10.0]]);
    }
    assert_eq!(gate.runs.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn refuses_at_once_when_the_queue_is_full() {
    let gate = Gate::new(2);
    let running = gate.occupy().await;
    let waiting = [gate.ask(&[2]), gate.ask(&[2])];
    until(|| gate.batcher.queue.len() == 2).await;

    let refused = gate.ask(&[3]).await.expect("no panic");
    assert!(matches!(refused, Err(BatchError::Refused(Refusal::Full))));

    gate.open();
    gate.open();
    assert!(running.await.expect("no panic").is_ok());
    for waiting in waiting {
        assert!(waiting.await.expect("no panic").is_ok());
    }
}

#[tokio::test]
async fn tells_how_far_a_request_is() {
    let gate = Gate::new(30);
    (0..20).for_each(|_| gate.open());
    let submission = submit(&gate.batcher, vec![Encoding::new(vec![1; 100]); 20]).expect("room");
    let mut heard = Vec::new();
    submission.logits(|done, of| heard.push((done, of))).await.expect("logits");
    assert!(heard.is_sorted() && heard.len() > 1, "{heard:?}");
    assert_eq!(heard.last(), Some(&(20, 20)));
}

#[tokio::test]
async fn skips_texts_whose_client_has_gone() {
    let gate = Gate::new(4);
    let running = gate.occupy().await;
    let gone = gate.ask(&[2]);
    until(|| gate.batcher.queue.len() == 1).await;
    gone.abort();
    assert!(gone.await.is_err());
    gate.open();
    gate.open();
    assert!(running.await.expect("no panic").is_ok());
    assert_eq!(gate.ask(&[4]).await.expect("no panic").expect("logits"), [[4.0]]);
    assert_eq!(gate.runs.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn the_place_of_a_text_that_nobody_wants_goes_to_the_next_in_line() {
    let gate = Gate::new(2);
    let _running = gate.occupy().await;
    let place = gate.batcher.keep_place(Kind::OfMany).await.expect("its half");
    let rows = vec![Encoding::new(vec![1])];
    let gone = gate.batcher.submit(rows, Clock::start().queue().0, place).expect("it has a place");
    let mut next = Box::pin(gate.batcher.keep_place(Kind::OfMany));
    assert!((&mut next).now_or_never().is_none(), "it waits in line");
    drop(gone);
    gate.open();
    assert!(timeout(Duration::from_secs(20), next).await.expect("its turn").is_ok());
}

#[tokio::test]
async fn ends_after_the_run_under_way_even_if_nobody_waits_for_it() {
    let gate = Gate::new(4);
    let gone = gate.occupy().await;
    gone.abort();
    assert!(gone.await.is_err());
    let (ended, end) = mpsc::channel();
    let Gate { open, batcher, .. } = gate;
    let dropping = thread::spawn(move || {
        drop(batcher);
        let _ = ended.send(());
    });
    assert!(end.recv_timeout(Duration::from_millis(50)).is_err(), "the model still runs");
    open.send(()).expect("the model waits");
    dropping.join().expect("no panic");
    assert!(end.try_recv().is_ok());
}
