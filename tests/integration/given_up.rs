//! Answers that are given up: too late, or never to come since the handler panicked. People read why on a
//! page, programs as JSON.

use crate::support::{
    Gated, engine_around,
    router::{body, get, header, post_json, read},
    state, tiny_engine,
};
use axum::{
    Router,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    routing,
};
use serde_json::json;
use std::{sync::mpsc, time::Duration};
use valence::{
    engine::{cache::CacheLimits, queue::QueueLimits},
    error::AnalyzeError,
    server::{limits::Limits, page, panic, router, state::AppState},
};

/// Asks for a text's answer wherever there is one, and returns the page's error.
async fn is_told_everywhere(app: &Router, status: StatusCode, words: &str) -> AnalyzeError {
    for path in ["/?text=good", "/embed?text=good"] {
        let response = get(app, path).await;
        assert_eq!(response.status(), status, "{path}");
        assert!(header(&response, "content-type").starts_with("text/html"), "{path}");
        assert!(!header(&response, "content-security-policy").is_empty(), "{path}");
        let html = body(response).await;
        assert!(html.contains("class=\"notice\"") && html.contains(words), "{path}: {html}");
        assert!(html.contains("href=\"/\""), "{path} has no way on: {html}");
    }
    let response = post_json(app, "/api/v1/analyze", json!({"text": "good"})).await;
    assert_eq!(response.status(), status);
    assert!(read(response).await["error"].as_str().unwrap().contains(words));
    let response = post_json(app, "/page/analyze", json!({"text": "good", "model": null})).await;
    assert_eq!(response.status(), status);
    serde_json::from_value(read(response).await).expect("an error as the page reads it")
}

#[tokio::test]
async fn an_answer_that_takes_too_long() {
    // Outlives the gate: an engine's end waits for a run, which would wait for the gate.
    let app;
    let (_open, gate) = mpsc::channel();
    let queue = QueueLimits { waiting: 16, rows: 1, tokens: 1024 };
    let limits = Limits { answer: Duration::from_millis(200), ..Limits::default() };
    let engine = engine_around(Gated(gate), queue, CacheLimits::OFF);
    app = router(AppState { limits, ..state(engine) });
    let error = is_told_everywhere(&app, StatusCode::GATEWAY_TIMEOUT, "The answer took more than").await;
    assert_eq!(error, AnalyzeError::TookTooLong { seconds: 0 });
}

#[tokio::test]
async fn a_handler_that_panics() {
    async fn broken() {
        panic!("bellwether");
    }
    let app = Router::new()
        .route("/", routing::get(broken))
        .route("/embed", routing::get(broken))
        .route("/api/v1/analyze", routing::post(broken))
        .route("/page/analyze", routing::post(broken))
        .layer(from_fn(panic::catch))
        .layer(from_fn_with_state(state(tiny_engine()), page::tell));
    let error = is_told_everywhere(&app, StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong").await;
    assert!(matches!(error, AnalyzeError::Failed { .. }), "{error}");
}
