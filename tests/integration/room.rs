//! Room for the bodies of requests and their answers: what fills it is refused, and short texts are answered
//! all the same.

mod answers;
mod uploads;
mod values;

use crate::support::{
    options,
    router::{header, send},
    state, tiny_engine, tiny_folder,
};
use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header as name},
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use std::{convert::Infallible, future, time::Duration};
use tokio::{sync::oneshot, time::timeout};
use valence::{
    engine::{Engine, cache::CacheLimits},
    loading::{self, EngineOptions},
    server::{limits::Limits, router, state::AppState},
};

/// Sentences of [`text`].
const SENTENCES: usize = 250;

/// A text whose answer is large.
fn text() -> String {
    "Bad! ".repeat(SENTENCES)
}

/// It reads each text but once.
fn engine() -> Engine {
    let cache = CacheLimits { bytes: 1_000_000, lifetime: Duration::from_secs(3600) };
    loading::load(&EngineOptions { cache, ..options(tiny_folder()) }).unwrap()
}

/// A question behind so much white space, which counts and says nothing.
fn question(spaces: usize) -> String {
    " ".repeat(spaces) + r#"{"text": "a good film"}"#
}

async fn ask(router: &Router, path: &str, body: impl Into<Body>) -> Response<Body> {
    let request = Request::post(path)
        .header(name::HOST, "localhost")
        .header(name::ACCEPT, "application/json, text/event-stream")
        .header("mcp-protocol-version", "2025-06-18")
        .header(name::CONTENT_TYPE, "application/json");
    send(router, request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn bodies_that_fill_the_room_leave_some_for_short_texts() {
    let hour = Duration::from_secs(3600);
    let limits = Limits { room: 1_000_000, body: hour, answer: hour, ..Limits::default() };
    let router = router(AppState { limits, mcp: true, ..state(tiny_engine()) });
    let large = || question(900_000);
    let begun = stream::iter([Ok::<_, Infallible>(Bytes::from(large()))]);
    let (tell, told) = oneshot::channel();
    let never = async {
        let _ = tell.send(());
        future::pending().await
    };
    let unended = Body::from_stream(begun.chain(stream::once(never)));
    let elsewhere = router.clone();
    let unended = tokio::spawn(async move { ask(&elsewhere, "/api/v1/analyze", unended).await });
    timeout(Duration::from_secs(60), told).await.expect("in time").expect("what came is read");
    for path in ["/api/v1/analyze", "/predict", "/gradio_api/call/predict", "/page/analyze", "/mcp"] {
        let refused = ask(&router, path, large()).await;
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert_eq!(header(&refused, "retry-after"), "1", "{path}");
        assert_ne!(ask(&router, path, question(0)).await.status(), StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
    unended.abort();
    assert!(unended.await.is_err());
    assert_eq!(ask(&router, "/api/v1/analyze", large()).await.status(), StatusCode::OK);
}
