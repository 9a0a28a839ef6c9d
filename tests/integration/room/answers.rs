//! Answers that are large: how much a request may ask for.

use super::ask;
use crate::support::{options, router::read, state, tiny_folder};
use axum::http::StatusCode;
use serde_json::json;
use std::time::Duration;
use valence::{
    engine::{Engine, cache::CacheLimits, load::EngineOptions},
    server::{api::options::MAX_PARTS, router},
};

/// Sentences of a text.
const SENTENCES: usize = 250;

/// A text of so many.
fn text() -> String {
    "Bad! ".repeat(SENTENCES)
}

/// It reads each text but once.
fn engine() -> Engine {
    let cache = CacheLimits { bytes: 1_000_000, lifetime: Duration::from_secs(3600) };
    Engine::load(&EngineOptions { cache, ..options(tiny_folder()) }).unwrap()
}

#[tokio::test]
async fn the_answers_to_several_texts_have_a_bound() {
    let router = router(state(engine()));
    let texts = vec![text(); MAX_PARTS / SENTENCES + 1];
    let asked = json!({"texts": texts, "sentences": true}).to_string();
    let refused = ask(&router, "/api/v1/analyze", asked).await;
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let answer = read(refused).await;
    assert_eq!(answer["error_type"], "PayloadTooLarge");
    assert!(answer["error"].as_str().unwrap().ends_with("send them to /api/v1/batch."), "{answer}");
    let scores = ask(&router, "/api/v1/analyze", json!({"texts": texts}).to_string()).await;
    assert_eq!(scores.status(), StatusCode::OK);
}
