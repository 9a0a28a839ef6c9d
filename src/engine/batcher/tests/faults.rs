//! Sessions that fail: who hears of it, and how they are started anew.

use super::{Gate, submit, until};
use crate::engine::{
    batch::Batch,
    batcher::Batcher,
    queue::{QueueLimits, Refusal},
    session::{Model, SessionError},
    submission::BatchError,
    tokenizer::Encoding,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};
use tokio::time::timeout;

#[tokio::test]
async fn reports_a_failed_run_to_its_own_callers() {
    let gate = Gate::new(4);
    drop(gate.open);
    let batcher = gate.batcher;
    let submission = submit(&batcher, vec![Encoding::new(vec![1])]).expect("room");
    let failed = submission.logits(|_, _| ()).await;
    assert!(matches!(failed, Err(BatchError::Failed(_))));
}

/// Panics, then fails, then answers; restarts when it is let.
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
    let limits = QueueLimits { waiting: 8, rows: 8, tokens: 1000 };
    let batcher = Batcher::start(vec![Frail { runs: 0, permits }], 0, limits, Arc::default());
    let ask =
        || async { submit(&batcher, vec![Encoding::new(vec![1])]).expect("room").logits(|_, _| ()).await };
    for attempts in [vec![Ok(())], vec![Err(SessionError::Runtime("not yet".into())), Ok(())]] {
        assert!(matches!(ask().await, Err(BatchError::Failed(_))));
        assert!(batcher.is_restarting());
        attempts.into_iter().for_each(|attempt| let_it.send(attempt).expect("the model waits"));
    }
    until(|| !batcher.is_restarting()).await;
    assert_eq!(ask().await.expect("logits"), [[1.0]]);
}

// It waited as long as no session ran.
#[tokio::test]
async fn what_waits_while_no_session_comes_back_is_refused() {
    // Outlives the permits: its end waits for a restart, which would wait for them.
    let batcher;
    let (let_it, permits) = mpsc::channel();
    let limits = QueueLimits { waiting: 8, rows: 8, tokens: 1000 };
    batcher = Batcher::start(vec![Frail { runs: 1, permits }], 0, limits, Arc::default());
    let ask = || submit(&batcher, vec![Encoding::new(vec![1])]);
    assert!(ask().expect("room").logits(|_, _| ()).await.is_err());
    let waits = ask().expect("it may restart yet").logits(|_, _| ());
    let_it.send(Err(SessionError::Runtime("not yet".into()))).expect("the model waits");
    let refused = timeout(Duration::from_secs(20), waits).await.expect("an answer");
    assert!(matches!(refused, Err(BatchError::Failed(SessionError::Down))), "{refused:?}");
    assert!(matches!(ask(), Err(Refusal::Left)));
    let_it.send(Ok(())).expect("the model waits");
    until(|| !batcher.is_restarting()).await;
    assert_eq!(ask().expect("room").logits(|_, _| ()).await.expect("logits"), [[1.0]]);
}

#[tokio::test]
async fn a_session_that_never_starts_again_holds_up_no_end() {
    let (let_it, permits) = mpsc::channel();
    (0..1000).for_each(|_| let_it.send(Err(SessionError::Runtime("never".into()))).expect("room"));
    let limits = QueueLimits { waiting: 8, rows: 8, tokens: 1000 };
    let batcher = Batcher::start(vec![Frail { runs: 0, permits }], 0, limits, Arc::default());
    let submission = submit(&batcher, vec![Encoding::new(vec![1])]).expect("room");
    assert!(submission.logits(|_, _| ()).await.is_err());
    drop(batcher);
}

/// The token over which [`Picky`] fails.
const BAD: i64 = 666;

/// Fails at any batch with a bad token, and restarts so many times.
struct Picky {
    permits: mpsc::Receiver<()>,
    runs: Arc<AtomicUsize>,
    restarts: usize,
}

impl Model for Picky {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
        self.permits.recv().expect("the test lets it");
        self.runs.fetch_add(1, Ordering::SeqCst);
        if batch.input_ids.contains(&BAD) {
            return Err(SessionError::Runtime("a bad token".into()));
        }
        Ok(vec![vec![1.0]; batch.rows])
    }

    fn restart(&mut self) -> Result<(), SessionError> {
        self.restarts = self.restarts.checked_sub(1).ok_or(SessionError::Down)?;
        Ok(())
    }
}

/// Why those of three rows in one batch that are not answered are not, the second of which is bad, and after
/// how many runs.
async fn refusals(restarts: usize) -> ([Option<BatchError>; 3], usize) {
    let (let_it, permits) = mpsc::channel();
    let runs = Arc::new(AtomicUsize::new(0));
    let limits = QueueLimits { waiting: 8, rows: 8, tokens: 1000 };
    let model = Picky { permits, runs: Arc::clone(&runs), restarts };
    let batcher = Batcher::start(vec![model], 0, limits, Arc::default());
    let ask = |token| submit(&batcher, vec![Encoding::new(vec![1, token])]).expect("room");
    let first = ask(1);
    until(|| batcher.waiting() == 0).await;
    let others = [ask(1), ask(BAD), ask(1)];
    (0..5).for_each(|_| let_it.send(()).expect("the model waits"));
    assert!(first.logits(|_, _| ()).await.is_ok());
    let [one, bad, another] = others.map(|other| other.logits(|_, _| ()));
    let refusals = [one.await.err(), bad.await.err(), another.await.err()];
    (refusals, runs.load(Ordering::SeqCst))
}

// The texts of strangers failed with the one that the graph refused.
#[tokio::test]
async fn a_row_that_fails_costs_the_others_of_its_batch_nothing() {
    let (refusals, runs) = refusals(2).await;
    let [None, Some(BatchError::Failed(SessionError::Runtime(_))), None] = refusals else {
        panic!("{refusals:?}");
    };
    assert_eq!(runs, 5);
}

#[tokio::test]
async fn no_row_waits_for_a_session_that_does_not_restart() {
    let is_down =
        |refusal: &Option<BatchError>| matches!(refusal, Some(BatchError::Failed(SessionError::Down)));
    let (all, runs) = refusals(0).await;
    assert!(all.iter().all(is_down), "{all:?}");
    assert_eq!(runs, 2);
    // It fails again at the second row alone; the third was in the same batch.
    let ([first, second, third], runs) = refusals(1).await;
    assert!(first.is_none() && !is_down(&second) && is_down(&third), "{first:?} {second:?} {third:?}");
    assert_eq!(runs, 4);
}
