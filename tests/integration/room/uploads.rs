//! Uploads: what counts of them is in memory at the moment, and each of their lines until it is sent.

use super::{ask, engine, question, text};
use crate::support::{
    Gated, engine_around,
    router::{post, send},
    state, tiny_engine,
};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use bytes::Bytes;
use futures_util::{FutureExt, Stream, StreamExt, stream};
use http_body_util::BodyExt;
use serde_json::Value;
use std::{convert::Infallible, sync::mpsc};
use tokio::task::yield_now;
use valence::{
    engine::{Engine, cache::CacheLimits, queue::QueueLimits, reading::Wanted},
    server::{limits::Limits, router, state::AppState},
    text::Text,
};

const NDJSON: &str = "application/x-ndjson";
const CSV: &str = "text/csv";

fn server(engine: Engine, room: usize) -> Router {
    router(AppState { limits: Limits { room, ..Limits::default() }, ..state(engine) })
}

/// A body in parts, as a connection gives them.
fn parts(body: &str) -> impl Stream<Item = Result<Bytes, Infallible>> + use<> {
    let parts: Vec<_> = body.as_bytes().chunks(10_000).map(Bytes::copy_from_slice).collect();
    stream::iter(parts.into_iter().map(Ok))
}

async fn upload(router: &Router, kind: &str, body: Body) -> Body {
    let response = post(router, "/api/v1/batch", kind, body).await;
    assert_eq!(response.status(), StatusCode::OK);
    response.into_body()
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    str::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

// A few slow uploads of blank lines filled the room, and kept others out for as long as they liked.
#[tokio::test]
async fn what_is_there_no_longer_does_not_count() {
    let router = server(tiny_engine(), 100_000);
    let blank = "\n".repeat(300_000);
    for (kind, body) in
        [(NDJSON, format!("{blank}\"a good film\"\n")), (CSV, format!("text\n{blank}a good film\n"))]
    {
        let answer = upload(&router, kind, Body::from_stream(parts(&body))).await;
        let [line] = &lines(&answer.collect().await.unwrap().to_bytes())[..] else { panic!("one line") };
        assert!(line["scores"].is_array(), "{kind}: {line}");
    }
}

/// How many rows of this upload such a room holds while none of them is answered.
async fn rows_that_fill(room: usize, body: &str) -> usize {
    // Outlives the gate: an engine's end waits for a run, which would wait for the gate.
    let engine;
    let (open, gate) = mpsc::channel();
    let limits = QueueLimits { waiting: 256, rows: 8, tokens: 1024 };
    engine = engine_around(Gated(gate), limits, CacheLimits::OFF);
    let router = server(engine.clone(), room);
    let mut answer = upload(&router, NDJSON, Body::from_stream(parts(body))).await;
    assert!(answer.frame().now_or_never().is_none(), "no text is answered yet");
    (0..1000).for_each(|_| open.send(()).unwrap());
    let lines = lines(&answer.collect().await.unwrap().to_bytes());
    let (last, before) = lines.split_last().unwrap();
    assert_eq!(last["error_type"], "Overloaded", "{last}");
    assert!(before.iter().all(|line| line["scores"].is_array()), "{before:?}");
    before.len()
}

#[tokio::test]
async fn rows_under_way_count() {
    // A word each, so that they are few tokens.
    let body: String = (0..20).map(|row| format!("\"{row}{}\"\n", "x".repeat(90_000))).collect();
    let rows = rows_that_fill(1_000_000, &body).await;
    assert!((5..15).contains(&rows), "{rows} rows");
}

// An upload of 512 bytes took half a megabyte while it waited, and a thousand of them half a gigabyte.
#[tokio::test]
async fn what_works_at_a_row_counts_too() {
    let rows = rows_that_fill(100_000, &"\"a\"\n".repeat(60)).await;
    assert!((10..40).contains(&rows), "{rows} rows");
}

#[tokio::test]
async fn the_memory_that_a_large_row_took_counts_to_the_end() {
    let router = server(tiny_engine(), 1_000_000);
    let large = "x".repeat(800_000);
    for (kind, body) in [
        (NDJSON, format!("{{\"more\": \"{large}\"}}\n{{")),
        (CSV, format!("id,text\n{large},a good film\nan id,")),
    ] {
        let body = Body::from_stream(parts(&body).chain(stream::pending()));
        let mut answer = upload(&router, kind, body).await;
        let line = answer.frame().await.unwrap().unwrap().into_data().unwrap();
        assert!(lines(&line)[0]["error"].is_string(), "{kind}");
        let others = ask(&router, "/api/v1/analyze", question(300_000)).await;
        assert_eq!(others.status(), StatusCode::TOO_MANY_REQUESTS, "{kind}");
        drop(answer);
        let others = ask(&router, "/api/v1/analyze", question(300_000)).await;
        assert_eq!(others.status(), StatusCode::OK, "{kind}");
    }
}

#[tokio::test]
async fn lines_count_until_they_are_sent() {
    // Room for one line of the two, of some 33 KB each.
    let router = server(tiny_engine(), 34_000);
    let row = format!("\"{}\"\n", text());
    let request = Request::post("/api/v1/batch?sentences=true").header(header::CONTENT_TYPE, NDJSON);
    let mut answer = send(&router, request.body(Body::from(row.repeat(2))).unwrap()).await.into_body();
    let mut sent = Vec::new();
    while let Some(frame) = answer.frame().await {
        sent.push(frame.unwrap().into_data().unwrap());
    }
    let fit = sent.iter().filter(|line| lines(line)[0]["sentences"].is_array()).count();
    let refused = sent.iter().filter(|line| lines(line)[0]["error_type"] == "Overloaded").count();
    assert_eq!((fit, refused), (1, 1));
}

// Only the row did, until its line was asked for.
#[tokio::test]
async fn lines_count_before_they_are_asked_for() {
    let engine = engine();
    let wanted = Wanted { sentences: true, ..Wanted::default() };
    engine.analyze(Text::new(text()).unwrap(), wanted).await.unwrap();
    let router = server(engine, 1_000_000);
    // Of some 33 KB each.
    let rows = format!("\"{}\"\n", text()).repeat(28);
    let request = Request::post("/api/v1/batch?sentences=true").header(header::CONTENT_TYPE, NDJSON);
    let mut answer = send(&router, request.body(Body::from(rows)).unwrap()).await.into_body();
    answer.frame().await.unwrap().unwrap();
    // The others come from the cache, for which no thread is waited.
    for _ in 0..1000 {
        yield_now().await;
    }
    let others = ask(&router, "/api/v1/analyze", question(300_000)).await;
    assert_eq!(others.status(), StatusCode::TOO_MANY_REQUESTS);
    drop(answer);
    let others = ask(&router, "/api/v1/analyze", question(300_000)).await;
    assert_eq!(others.status(), StatusCode::OK);
}
