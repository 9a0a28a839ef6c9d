//! Answers that are large: how much a request may ask for, and for how long they count.

use super::ask;
use crate::{
    share::plain,
    support::{
        options,
        router::{bytes, header, read, send},
        state, tiny_folder,
    },
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header as name},
};
use http_body_util::BodyExt;
use serde_json::json;
use std::time::Duration;
use valence::{
    engine::{Engine, cache::CacheLimits, load::EngineOptions},
    server::{api::options::MAX_PARTS, limits::Limits, room::answer::FREE, router, state::AppState},
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

/// A request whose answer is large, and that tells whether it may be compressed.
fn request(method: &str, path: &str, body: &str, coding: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(name::HOST, "localhost")
        .header(name::CONTENT_TYPE, "application/json")
        .header(name::ACCEPT_ENCODING, coding)
        .body(Body::from(body.to_owned()))
        .unwrap()
}

// Twenty clients that read nothing held 1.6 GB, and of pages with long texts a few hundred.
#[tokio::test]
async fn a_large_answer_counts_until_it_is_sent() {
    let engine = engine();
    let asked = json!({"texts": vec![text(); 4], "sentences": true}).to_string();
    let page = format!("/?{}", plain(&text()));
    for (method, path, body) in [("POST", "/api/v1/analyze", &*asked), ("GET", &*page, "")] {
        let whole = send(&router(state(engine.clone())), request(method, path, body, "identity")).await;
        let bytes = bytes(whole).await.len();
        assert!(bytes > FREE + 10_000, "{bytes} bytes of {path}");
        let limits = Limits { bodies: bytes - FREE + 1000, ..Limits::default() };
        let router = router(AppState { limits, ..state(engine.clone()) });
        let ask = async |coding| send(&router, request(method, path, body, coding)).await;
        for coding in ["identity", "gzip"] {
            let unread = ask(coding).await;
            assert_eq!(unread.status(), StatusCode::OK, "{path}");
            let refused = ask(coding).await;
            assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS, "{path}, {coding}");
            assert_eq!(header(&refused, "retry-after"), "1");
            assert_eq!(header(&refused, "content-type").starts_with("text/html"), method == "GET");
            drop(unread);
            assert_eq!(ask(coding).await.status(), StatusCode::OK, "{path}, {coding}");
        }
        // What waits to be written is no body any more.
        let written = ask("identity").await.into_body().frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(ask("identity").await.status(), StatusCode::TOO_MANY_REQUESTS, "{path}");
        drop(written);
        assert_eq!(ask("identity").await.status(), StatusCode::OK, "{path}");
    }
}
