//! The cache: which texts are run again, and who shares a run.

use super::{ask, explained};
use crate::support::{answers, engine_around};
use futures_util::FutureExt;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};
use valence::{
    engine::{Engine, cache::CacheLimits, queue::QueueLimits, reading::Wanted},
    sentiment::Method,
};

/// A slow engine, and how many rows it has run.
fn counted(cache: CacheLimits) -> (Engine, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let slow = answers(move |batch| {
        counted.fetch_add(batch.rows, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(50));
        Ok(())
    });
    let limits = QueueLimits { waiting: 16, rows: 1, tokens: 1024 };
    (engine_around(slow, limits, cache), runs)
}

const KEEP: CacheLimits = CacheLimits { bytes: 100_000, lifetime: Duration::from_secs(60) };

#[tokio::test]
async fn a_text_that_comes_again_is_not_run_again() {
    let (engine, runs) = counted(KEEP);
    let first = ask(&engine, "good", Wanted::default()).await;
    let again = ask(&engine, "good", Wanted::default()).await;
    assert_eq!((first.cached, again.cached), (false, true));
    assert_eq!(first.scores, again.scores);
    assert_eq!(runs.load(Ordering::SeqCst), 1);

    ask(&engine, "Good", Wanted::default()).await;
    ask(&engine, "good", explained(Method::LeaveOneOut)).await;
    assert!(runs.load(Ordering::SeqCst) > 2, "another text and another wish are other questions");
}

#[tokio::test]
async fn a_long_text_takes_no_more_of_the_cache_than_a_short_one() {
    let (engine, _) = counted(KEEP);
    // One word each, so that each is one row; all of them are larger than the cache.
    let texts: Vec<String> = (0..20).map(|number| format!("{number}{}", "x".repeat(8000))).collect();
    for text in &texts {
        ask(&engine, text, Wanted::default()).await;
    }
    for text in &texts {
        assert!(ask(&engine, text, Wanted::default()).await.cached);
    }
}

#[tokio::test]
async fn two_who_ask_the_same_at_once_share_one_run() {
    let (engine, runs) = counted(KEEP);
    let ask = || ask(&engine, "good", Wanted::default());
    tokio::join!(ask(), ask(), ask());
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn one_who_goes_away_does_not_take_the_answer_along() {
    let (engine, _) = counted(KEEP);
    let [mut gone, mut stays] = [(); 2].map(|()| Box::pin(ask(&engine, "good", Wanted::default())));
    assert!((&mut gone).now_or_never().is_none(), "it runs");
    assert!((&mut stays).now_or_never().is_none(), "it waits for that run");
    drop(gone);
    assert_eq!(stays.await.scores[0].label, "POSITIVE");
}

#[tokio::test]
async fn without_a_cache_every_text_is_run() {
    let (engine, runs) = counted(CacheLimits::OFF);
    for _ in 0..2 {
        assert!(!ask(&engine, "good", Wanted::default()).await.cached);
    }
    assert_eq!(runs.load(Ordering::SeqCst), 2);
}
