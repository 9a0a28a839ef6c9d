//! The batcher: takes texts in, and runs them in batches on threads that own a session each.
//!
//! What goes into a batch is the queue's to say, how much of one request waits in it the
//! submission's. Sessions of one thread each, as many as there
//! are CPUs, give more texts a second than one session with all the threads.

use super::{
    batch::Batch,
    queue::{Limits, Queue, Refusal},
    session::{Model, SessionError},
    submission::{Entry, Share, Submission},
    timing::Wait,
    tokenizer::Encoding,
};
use std::{
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// Batches of one request that may wait for each session while another runs.
const SHARE: usize = 2;

/// Between the first two attempts to start a session anew; each pause is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest of these pauses.
const LAST_PAUSE: Duration = Duration::from_secs(10);

/// One row of logits, or why there is none.
pub type Answer = Result<Vec<f32>, SessionError>;

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
    /// Gives each of `models` a thread of its own; `pad` fills the ends of a batch's shorter rows.
    pub fn start<M: Model + 'static>(models: Vec<M>, pad: i64, limits: Limits) -> Self {
        let queue = Arc::new(Queue::new(limits));
        let batches = SHARE * models.len();
        let share = Share { rows: batches * limits.rows, tokens: batches * limits.tokens };
        let failed = Arc::default();
        let threads = models
            .into_iter()
            .map(|model| {
                let (queue, failed) = (Arc::clone(&queue), Arc::clone(&failed));
                thread::spawn(move || work(model, pad, &queue, &failed))
            })
            .collect();
        Self { queue, share, threads, failed }
    }

    /// Takes in the rows of one request; dropping what it returns takes those out that have not
    /// run yet. Its `wait` ends with the first row's.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] at once where the queue has no room.
    pub fn submit(&self, rows: Vec<Encoding>, wait: Wait) -> Result<Submission, Refusal> {
        Submission::begin(Arc::clone(&self.queue), self.share, rows, wait)
    }

    /// Whether one more row would be refused.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.queue.is_full()
    }

    /// Rows that wait now.
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

/// Why texts got no logits.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The queue took none of them, or lost them.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The session failed.
    #[error(transparent)]
    Failed(#[from] SessionError),
}

fn work(mut model: impl Model, pad: i64, queue: &Queue<Entry>, failed: &AtomicUsize) {
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

/// Starts a model anew, as often as it takes; what came meanwhile waits or goes to other sessions.
fn restart(model: &mut impl Model, queue: &Queue<Entry>) {
    metrics::counter!("valence_session_restarts_total").increment(1);
    let mut pause = FIRST_PAUSE;
    while let Err(error) = guard(|| model.restart()) {
        tracing::error!(%error, "a session that failed does not start again");
        if queue.closes_within(pause) {
            return;
        }
        pause = LAST_PAUSE.min(2 * pause);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::timing::Clock;
    use std::{
        sync::{
            atomic::{AtomicUsize, Ordering},
            mpsc,
        },
        time::Duration,
    };

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
            let limits = Limits { waiting, rows: 8, tokens: 1000 };
            Self { batcher: Arc::new(Batcher::start(vec![model], 0, limits)), open, runs }
        }

        /// Asks for the logits of texts of these lengths, in a task of their own.
        fn ask(&self, lengths: &[usize]) -> tokio::task::JoinHandle<Result<Vec<Vec<f32>>, BatchError>> {
            let batcher = Arc::clone(&self.batcher);
            let texts = lengths.iter().map(|&length| Encoding::new(vec![1; length])).collect();
            tokio::spawn(async move { batcher.submit(texts, wait())?.logits(|_, _| ()).await })
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

    /// A wait that nobody times.
    fn wait() -> Wait {
        Clock::start().queue().0
    }

    async fn until(condition: impl Fn() -> bool) {
        while !condition() {
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
        let waiting = gate.ask(&[2]);
        until(|| gate.batcher.queue.len() == 1).await;

        let refused = gate.ask(&[3, 3]).await.expect("no panic");
        assert!(matches!(refused, Err(BatchError::Refused(Refusal::Full))));

        gate.open();
        gate.open();
        assert!(running.await.expect("no panic").is_ok());
        assert!(waiting.await.expect("no panic").is_ok());
    }

    #[tokio::test]
    async fn a_request_of_many_rows_lets_others_in_between() {
        let gate = Gate::new(30);
        // Batches of 8 rows and 1000 tokens: its share are two of them.
        let long = gate.ask(&[100; 40]);
        until(|| gate.runs.load(Ordering::SeqCst) == 1).await;
        until(|| gate.batcher.queue.len() == 8).await;
        let short = gate.ask(&[3]);
        until(|| gate.batcher.queue.len() == 9).await;
        // The batch under way, the one that waited, the short text.
        (0..3).for_each(|_| gate.open());
        assert_eq!(short.await.expect("no panic").expect("logits"), [[3.0]]);
        assert!(!long.is_finished());
        (0..40).for_each(|_| gate.open());
        assert_eq!(long.await.expect("no panic").expect("logits"), vec![vec![100.0]; 40]);
    }

    #[tokio::test]
    async fn tells_how_far_a_request_is() {
        let gate = Gate::new(30);
        (0..20).for_each(|_| gate.open());
        let submission = gate.batcher.submit(vec![Encoding::new(vec![1; 100]); 20], wait()).expect("room");
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

    #[tokio::test]
    async fn reports_a_failed_run_to_its_own_callers() {
        let gate = Gate::new(4);
        drop(gate.open);
        let batcher = gate.batcher;
        let submission = batcher.submit(vec![Encoding::new(vec![1])], wait()).expect("room");
        let failed = submission.logits(|_, _| ()).await;
        assert!(matches!(failed, Err(BatchError::Failed(_))));
    }

    /// Panics, then fails, then answers; starts anew when it is let.
    struct Frail {
        runs: usize,
        permits: mpsc::Receiver<Result<(), SessionError>>,
    }

    impl Model for Frail {
        fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
            self.runs += 1;
            match self.runs {
                1 => panic!("a fault of the test's own"),
                2 => Err(SessionError::Runtime("another".into())),
                _ => Ok(vec![vec![1.0]; batch.rows]),
            }
        }

        fn restart(&mut self) -> Result<(), SessionError> {
            self.permits.recv().expect("the test says so")
        }
    }

    #[tokio::test]
    async fn a_session_that_fails_is_started_anew_until_it_runs() {
        let (let_it, permits) = mpsc::channel();
        let limits = Limits { waiting: 8, rows: 8, tokens: 1000 };
        let batcher = Batcher::start(vec![Frail { runs: 0, permits }], 0, limits);
        let ask = || async {
            batcher.submit(vec![Encoding::new(vec![1])], wait()).expect("room").logits(|_, _| ()).await
        };
        for attempts in [vec![Ok(())], vec![Err(SessionError::Runtime("not yet".into())), Ok(())]] {
            assert!(matches!(ask().await, Err(BatchError::Failed(_))));
            assert!(batcher.is_restarting());
            attempts.into_iter().for_each(|attempt| let_it.send(attempt).expect("the model waits"));
        }
        assert_eq!(ask().await.expect("logits"), [[1.0]]);
        assert!(!batcher.is_restarting());
    }

    #[tokio::test]
    async fn a_session_that_never_starts_again_holds_up_no_end() {
        let (let_it, permits) = mpsc::channel();
        (0..1000).for_each(|_| let_it.send(Err(SessionError::Runtime("never".into()))).expect("room"));
        let limits = Limits { waiting: 8, rows: 8, tokens: 1000 };
        let batcher = Batcher::start(vec![Frail { runs: 0, permits }], 0, limits);
        let submission = batcher.submit(vec![Encoding::new(vec![1])], wait()).expect("room");
        assert!(submission.logits(|_, _| ()).await.is_err());
        drop(batcher);
    }
}
