//! Places: in which order texts of many have them, and that none waits in vain.

use super::*;
use futures_util::{FutureExt, future::join_all};
use std::cell::RefCell;
use tokio::time::timeout;

/// Until it hangs for certain.
const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn places_are_given_in_the_order_in_which_they_are_asked_for() {
    let (queue, order) = (queue(2, 1, 1000, &[]), RefCell::new(Vec::new()));
    let held = queue.keep(Kind::OfMany);
    let wait = |number| {
        let (queue, order) = (&queue, &order);
        async move {
            let place = queue.keep_when_free().await;
            order.borrow_mut().push(number);
            drop(place);
        }
    };
    let waited = async { tokio::join!(join_all((0..4).map(wait)), async { drop(held) }) };
    timeout(LONG, waited).await.expect("all have their turn");
    assert_eq!(order.into_inner(), [0, 1, 2, 3]);
    assert_eq!(queue.len(), 0);
}

#[tokio::test]
async fn whoever_gives_up_its_wait_leaves_the_place_to_the_next() {
    let queue = queue(2, 1, 1000, &[]);
    let held = queue.keep(Kind::OfMany);
    let mut first = Box::pin(queue.keep_when_free());
    let mut second = Box::pin(queue.keep_when_free());
    assert!((&mut first).now_or_never().is_none() && (&mut second).now_or_never().is_none());
    // The first is woken, and looks for no place any more.
    drop(held);
    drop(first);
    assert!(timeout(LONG, second).await.expect("its turn").is_ok());
}

#[tokio::test]
async fn those_in_line_hear_that_the_queue_takes_no_more() {
    for expected in [Refusal::Closed, Refusal::Left] {
        let queue = queue(2, 1, 1000, &[]);
        let _held = queue.keep(Kind::OfMany);
        let end = async {
            match expected {
                Refusal::Closed => queue.close(),
                _ => drop(queue.leave()),
            }
        };
        let waiting = join_all([(), ()].map(|()| queue.keep_when_free()));
        let waited = timeout(LONG, async { tokio::join!(waiting, end).0 }).await.expect("they hear of it");
        assert!(waited.into_iter().all(|waited| waited.err() == Some(expected)), "{expected}");
    }
}
