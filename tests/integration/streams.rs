//! Streams: lines of JSON that come one by one, survive what is between server and page, and keep nobody
//! waiting where they are not read.

use crate::support::{
    Gated, copy_of_tiny, engine_around, options,
    router::{ONE, body, header, post, post_json, send},
    state,
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use flate2::read::GzDecoder;
use futures_util::FutureExt;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::{fs, io::Read, sync::mpsc, time::Duration};
use tokio::time::{sleep, timeout};
use valence::{
    engine::{cache::CacheLimits, queue::QueueLimits},
    loading,
    server::router,
};

/// Until it hangs for certain.
const LONG: Duration = Duration::from_secs(60);

// Pieces of 1,460 bytes ended within letters, and the page said that the server cannot be reached.
#[tokio::test]
async fn labels_in_other_letters_are_sent_in_ascii() {
    let folder = copy_of_tiny();
    let config = fs::read_to_string(folder.join("config.json")).unwrap();
    let config = config.replace("POSITIVE", "положительный").replace("NEGATIVE", "отрицательный");
    fs::write(folder.join("config.json"), config).unwrap();
    let page = router(state(loading::load(&options(folder)).unwrap()));
    for (path, asked) in [
        ("/page/texts", json!({"texts": ["good film"]})),
        ("/page/explain", json!({"text": "good film", "method": "leave_one_out"})),
    ] {
        let response = post_json(&page, path, asked).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let lines = body(response).await;
        assert!(lines.is_ascii(), "{path}: {lines}");
        let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
        assert!(last.to_string().contains("тельный"), "{path}: {last}");
    }
}

/// What can be read of a gzip stream that has not ended.
fn unpacked(packed: &[u8]) -> String {
    let mut text = Vec::new();
    // It fails where the end is missing, behind all that is there.
    let _ = GzDecoder::new(packed).read_to_end(&mut text);
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn compressed_lines_do_not_wait_for_each_other() {
    let (open, gate) = mpsc::channel();
    let page = router(state(engine_around(Gated(gate), ONE, CacheLimits::OFF)));
    let request = Request::post("/page/texts")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT_ENCODING, "gzip");
    let texts = json!({"texts": ["good", "good film"]}).to_string();
    let response = send(&page, request.body(Body::from(texts)).unwrap()).await;
    assert_eq!(header(&response, "content-encoding"), "gzip");
    let (mut stream, mut packed) = (response.into_body(), Vec::new());
    for line in 1..=2 {
        // The model answers one text, and no other before its line has come.
        open.send(()).unwrap();
        while unpacked(&packed).matches('\n').count() < line {
            let frame = timeout(Duration::from_secs(20), stream.frame()).await.expect("a line by itself");
            packed.extend(frame.expect("a line").unwrap().into_data().unwrap());
        }
    }
    assert!(unpacked(&packed).lines().all(|line| line.starts_with(r#"{"Ok":["#)));
}

// The texts of one client that did not read kept the turns to be read, and nobody was answered for a minute.
#[tokio::test]
async fn texts_whose_client_does_not_read_keep_nobody_waiting() {
    let texts: Vec<String> = (0..200).map(|text| format!("good {text}")).collect();
    let json = json!({ "texts": texts }).to_string();
    let ndjson: String = texts.iter().map(|text| json!(text).to_string() + "\n").collect();
    let csv = format!("text\n{}\n", texts.join("\n"));
    for (path, kind, sent) in [
        ("/page/texts", "application/json", json),
        ("/api/v1/batch", "application/x-ndjson", ndjson),
        ("/api/v1/batch", "text/csv", csv),
    ] {
        // Outlives the gate: an engine's end waits for a run, which would wait for the gate.
        let engine;
        let (open, gate) = mpsc::channel();
        let limits = QueueLimits { waiting: 256, rows: 8, tokens: 1024 };
        engine = engine_around(Gated(gate), limits, CacheLimits::OFF);
        let router = router(state(engine.clone()));
        let mut left = post(&router, path, kind, sent).await.into_body();
        let begun = async {
            while engine.waiting() == 0 {
                assert!(left.frame().now_or_never().is_none(), "{path}, {kind}: no model has run");
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(LONG, begun).await.expect("its texts have begun");
        (0..1000).for_each(|_| open.send(()).unwrap());
        let single = post_json(&router, "/api/v1/analyze", r#"{"text": "good film"}"#);
        let single = timeout(LONG, single).await.expect("others are answered");
        assert_eq!(single.status(), StatusCode::OK, "{path}, {kind}");
    }
}

#[tokio::test]
async fn an_explanation_whose_client_does_not_read_is_there_for_others() {
    let (open, gate) = mpsc::channel();
    let cache = CacheLimits { bytes: 1_000_000, lifetime: Duration::from_secs(600) };
    let router = router(state(engine_around(Gated(gate), ONE, cache)));
    (0..1000).for_each(|_| open.send(()).unwrap());
    let asked = json!({"text": "a good film ".repeat(20), "method": "leave_one_out"});
    let left = post_json(&router, "/page/explain", &asked).await;
    assert_eq!(left.status(), StatusCode::OK);
    let read = async { body(post_json(&router, "/page/explain", &asked).await).await };
    let lines = timeout(LONG, read).await.expect("others are answered");
    assert!(lines.lines().last().unwrap().contains("\"explained\""), "{lines}");
    drop(left);
}
