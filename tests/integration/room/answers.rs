//! Answers that are large: how much a request may ask for, and from when on and for how long they count.

use super::{SENTENCES, ask, engine, text};
use crate::{
    share::plain,
    support::{
        Gated, engine_around,
        router::{bytes, header, read, send},
        state,
    },
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header as name},
};
use futures_util::future::join_all;
use http_body_util::BodyExt;
use serde_json::json;
use std::{sync::mpsc, time::Duration};
use tokio::time::timeout;
use valence::{
    engine::{cache::CacheLimits, queue::QueueLimits, reading::Wanted},
    server::{api::options::MAX_PARTS, limits::Limits, room::answer::FREE, router, state::AppState},
    text::Text,
};

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
    let wanted = Wanted { sentences: true, ..Wanted::default() };
    let made_of = 4 * engine.analyze(Text::new(text()).unwrap(), wanted).await.unwrap().weight();
    for (method, path, body, made_of) in
        [("POST", "/api/v1/analyze", &*asked, made_of), ("GET", &*page, "", 0)]
    {
        let whole = send(&router(state(engine.clone())), request(method, path, body, "identity")).await;
        let bytes = bytes(whole).await.len();
        assert!(bytes > FREE + 10_000, "{bytes} bytes of {path}");
        let limits = Limits { room: bytes.max(made_of) - FREE + 1000, ..Limits::default() };
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

// Three hundred clients that read nothing had 1.7 GB of answers made, and most were refused only then.
#[tokio::test]
async fn an_answer_in_the_making_counts() {
    // Outlives the gate: an engine's end waits for a run, which would wait for the gate.
    let engine;
    let (open, gate) = mpsc::channel();
    let queue = QueueLimits { waiting: 256, rows: 1, tokens: 1024 };
    engine = engine_around(Gated(gate), queue, CacheLimits::OFF);
    let analysis = engine.analyze(Text::new("good").unwrap(), Wanted::default());
    open.send(()).unwrap();
    // As many analyses as need no room, and some.
    let free = FREE / analysis.await.unwrap().weight();
    let limits = Limits { room: 20_000, ..Limits::default() };
    let router = router(AppState { limits, mcp: true, ..state(engine.clone()) });
    let texts = |count: usize| -> Vec<String> { (0..count).map(|text| format!("good {text}")).collect() };
    let many = texts(3 * free);
    let pairs: Vec<_> = many.iter().map(|text| [text]).collect();
    let params = json!({"name": "analyze_sentiment", "arguments": {"texts": many}});
    let asked = [
        ("/api/v1/analyze", json!({"texts": many})),
        ("/", json!({"inputs": many})),
        ("/predict", json!({"inputs": pairs})),
        ("/mcp", json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})),
    ];
    // Not enough for all of them.
    (0..11 * free).for_each(|_| open.send(()).unwrap());
    let answers = join_all(asked.iter().map(|(path, body)| ask(&router, path, body.to_string())));
    let answers = timeout(Duration::from_secs(60), answers).await.expect("refused before all is analyzed");
    for ((path, _), refused) in asked.iter().zip(answers) {
        let status = if *path == "/mcp" { StatusCode::OK } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(refused.status(), status, "{path}");
        let answer = read(refused).await.to_string();
        assert!(answer.contains("The server is busy."), "{path}: {answer}");
    }
    (0..2 * free).for_each(|_| open.send(()).unwrap());
    let fits = ask(&router, "/api/v1/analyze", json!({"texts": texts(free + 10)}).to_string()).await;
    assert_eq!(fits.status(), StatusCode::OK);
}
