//! More texts at once than the engine can run: who is refused, and who finds room.

use crate::{
    page::post_json,
    support::{
        Gated, answers, engine_around,
        router::{ONE, body, get, header, send},
        state,
    },
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use futures_util::FutureExt;
use std::{iter, sync::mpsc, thread, time::Duration};
use tokio::{
    sync::mpsc::unbounded_channel,
    task::JoinSet,
    time::{sleep, timeout},
};
use valence::{
    engine::{Engine, cache::CacheLimits, queue::QueueLimits, reading::Wanted, session::SessionError},
    server::router,
    text::Text,
};

/// Until it hangs for certain.
const LONG: Duration = Duration::from_secs(60);

/// Half of it is room for one text of many.
const TWO: QueueLimits = QueueLimits { waiting: 2, rows: 1, tokens: 1024 };

#[tokio::test]
async fn a_full_queue_is_refused_at_once_and_drains() {
    let (open, gate) = mpsc::channel();
    let page = router(state(engine_around(Gated(gate), ONE, CacheLimits::OFF)));
    let mut asked = JoinSet::new();
    for _ in 0..6 {
        let page = page.clone();
        asked.spawn(async move { get(&page, "/?text=good").await });
    }
    // One text runs and one may wait; the model has not been let to answer, so that whatever comes
    // back before is a refusal.
    for _ in 0..4 {
        let refused = timeout(Duration::from_secs(10), asked.join_next()).await.expect("an answer at once");
        let refused = refused.unwrap().unwrap();
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(header(&refused, "retry-after"), "1");
        assert!(body(refused).await.contains("The server is busy."));
    }

    for _ in 0..7 {
        open.send(()).unwrap();
    }
    let others = asked.join_all().await;
    let accepted = others.iter().filter(|response| response.status() == StatusCode::OK).count();
    assert!((1..=2).contains(&accepted), "{accepted} were accepted");
    assert_eq!(get(&page, "/?text=good").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn who_sends_one_text_finds_room_beside_those_who_send_many() {
    let limits = QueueLimits { waiting: 8, rows: 1, tokens: 1024 };
    let slow = answers(|_| {
        thread::sleep(Duration::from_millis(2));
        Ok(())
    });
    let engine = engine_around(slow, limits, CacheLimits::OFF);
    let router = router(state(engine.clone()));
    let mut many = JoinSet::new();
    for client in 0..5 {
        let router = router.clone();
        let texts: Vec<String> = (0..200).map(|text| format!("{client} good {text}")).collect();
        // The page's own endpoint, and one for programs.
        let path = if client % 2 == 0 { "/page/texts" } else { "/api/v1/analyze" };
        let sent = serde_json::json!({ "texts": texts }).to_string();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        many.spawn(async move {
            let response = send(&router, request.body(Body::from(sent)).unwrap()).await;
            assert_eq!(response.status(), StatusCode::OK);
            body(response).await.matches("POSITIVE").count()
        });
    }
    until_so_many_wait(&engine, limits.half()).await;
    for text in 0..20 {
        let response = post_json(&router, &format!(r#"{{"text": "one {text}"}}"#)).await;
        assert_eq!(response.status(), StatusCode::OK, "text {text}");
    }
    assert!(many.try_join_next().is_none(), "those who send many are still at it");
    assert_eq!(many.join_all().await, [200; 5]);
}

/// Waits until so many rows wait.
async fn until_so_many_wait(engine: &Engine, rows: usize) {
    let wait = async {
        while engine.waiting() < rows {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(LONG, wait).await.expect("so many come");
}

/// Asks for a text of so many words.
async fn ask(engine: Engine, words: usize) {
    engine.analyze(Text::new("good ".repeat(words)).unwrap(), Wanted::default()).await.unwrap();
}

// It looked for a place ever less often, and whoever had just come found it first.
#[tokio::test]
async fn a_text_of_many_that_has_waited_longer_has_the_next_place() {
    // Outlives the gate: an engine's end waits for a run, which would wait for the gate.
    let engine;
    let ((open, gate), (tell, mut told)) = (mpsc::channel(), unbounded_channel());
    // Tells how long each row is that it takes, and answers it when it is let.
    let model = answers(move |batch| {
        let _ = tell.send(batch.columns);
        gate.recv().map_err(|error| SessionError::Runtime(error.to_string()))
    });
    engine = engine_around(model, TWO, CacheLimits::OFF).for_many();
    let mut asked = JoinSet::new();
    asked.spawn(ask(engine.clone(), 1));
    let mut order = vec![timeout(LONG, told.recv()).await.expect("the first runs")];
    asked.spawn(ask(engine.clone(), 2));
    until_so_many_wait(&engine, 1).await;
    let mut third = Box::pin(ask(engine.clone(), 3));
    assert!((&mut third).now_or_never().is_none(), "the second has the place");
    open.send(()).unwrap();
    order.push(timeout(LONG, told.recv()).await.expect("the second runs"));
    // The place is free, and the last one comes before the third looks.
    let mut last = Box::pin(ask(engine.clone(), 4));
    assert!((&mut last).now_or_never().is_none());
    assert_eq!(engine.waiting(), 0, "it has left the place to the third");
    asked.spawn(third);
    asked.spawn(last);
    (0..3).for_each(|_| open.send(()).unwrap());
    timeout(LONG, asked.join_all()).await.expect("all run");
    order.extend(iter::from_fn(|| told.try_recv().ok().map(Some)));
    assert!(order.len() == 4 && order.is_sorted(), "{order:?}");
}

// It waited for as long as the row of somebody's upload did.
#[tokio::test]
async fn a_single_text_does_not_wait_in_line_with_the_same_one_of_many() {
    let engine;
    let (open, gate) = mpsc::channel();
    engine = engine_around(Gated(gate), TWO, CacheLimits { bytes: 100_000, lifetime: LONG });
    let mut many = JoinSet::new();
    for words in 1..=40 {
        many.spawn(ask(engine.for_many(), words));
    }
    tokio::task::yield_now().await;
    let mut single = Box::pin(ask(engine.clone(), 40));
    let mut is_answered = false;
    // Too few for the forty.
    for _ in 0..20 {
        open.send(()).unwrap();
        is_answered |= timeout(Duration::from_millis(100), &mut single).await.is_ok();
        if is_answered {
            break;
        }
    }
    assert!(is_answered);
}

#[tokio::test]
async fn texts_of_many_that_are_larger_than_their_half_and_those_behind_them_run() {
    let (open, gate) = mpsc::channel();
    let limits = QueueLimits { waiting: 4, ..TWO };
    let engine = engine_around(Gated(gate), limits, CacheLimits::OFF).for_many();
    (0..100).for_each(|_| open.send(()).unwrap());
    let mut asked = JoinSet::new();
    for words in [1, 500, 1, 500, 1, 500] {
        asked.spawn(ask(engine.clone(), words));
    }
    timeout(LONG, asked.join_all()).await.expect("all run");
}
