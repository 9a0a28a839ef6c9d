//! Shares of the queue: how much of it a request of many rows takes, and how others get in between.

use super::{Gate, until};
use std::sync::atomic::Ordering;

#[tokio::test]
async fn a_request_fills_half_of_the_queue_at_most() {
    let gate = Gate::new(6);
    let _running = gate.occupy().await;
    let long = gate.ask(&[9; 8]);
    until(|| gate.batcher.queue.len() == 3).await;
    let others = [gate.ask(&[2]), gate.ask(&[2]), gate.ask(&[2])];
    until(|| gate.batcher.queue.len() == 6).await;
    (0..12).for_each(|_| gate.open());
    for other in others {
        assert_eq!(other.await.expect("no panic").expect("room for it"), [[2.0]]);
    }
    assert_eq!(long.await.expect("no panic").expect("logits"), vec![vec![9.0]; 8]);
}

#[tokio::test]
async fn a_request_that_has_begun_goes_on_in_a_queue_that_others_fill() {
    let gate = Gate::new(4);
    let _running = gate.occupy().await;
    let long = gate.ask(&[9; 4]);
    until(|| gate.batcher.queue.len() == 2).await;
    gate.open();
    until(|| gate.batcher.queue.len() == 0).await;
    // Of lengths that share no batch.
    let _others = [100, 200, 300, 400].map(|length| gate.ask(&[length]));
    until(|| gate.batcher.queue.len() == 4).await;
    // Its first two rows are answered, one of the others runs: there is room for one more.
    gate.open();
    until(|| gate.batcher.queue.len() == 4).await;
    (0..6).for_each(|_| gate.open());
    assert_eq!(long.await.expect("no panic").expect("logits"), vec![vec![9.0]; 4]);
}

#[tokio::test]
async fn a_request_of_many_rows_lets_others_in_between() {
    let gate = Gate::new(32);
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
