//! More texts at once than the engine can run: who is refused, and who finds room.

use crate::{
    page::post_json,
    support::{
        Gated, engine_around,
        router::{ONE, body, get, header, send},
        state,
    },
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use std::{sync::mpsc, time::Duration};
use tokio::{task::JoinSet, time::timeout};
use valence::{
    engine::{
        batch::Batch,
        cache::CacheLimits,
        queue::QueueLimits,
        session::{Model, SessionError},
    },
    server::router,
};

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

/// Answers every batch alike, after a moment.
struct Slow;

impl Model for Slow {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
        std::thread::sleep(Duration::from_millis(2));
        Ok(vec![vec![0.0, 1.0]; batch.rows])
    }
}

#[tokio::test]
async fn who_sends_one_text_finds_room_beside_those_who_send_many() {
    let limits = QueueLimits { waiting: 8, rows: 1, tokens: 1024 };
    let engine = engine_around(Slow, limits, CacheLimits::OFF);
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
    let fill = async {
        while engine.waiting() < limits.half() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(Duration::from_secs(20), fill).await.expect("those who send many fill their half");
    for text in 0..20 {
        let response = post_json(&router, &format!(r#"{{"text": "one {text}"}}"#)).await;
        assert_eq!(response.status(), StatusCode::OK, "text {text}");
    }
    assert!(many.try_join_next().is_none(), "those who send many are still at it");
    assert_eq!(many.join_all().await, [200; 5]);
}
