//! The page's streams: lines of JSON that come one by one, and survive what is between server and page.

use crate::support::{
    Gated, copy_of_tiny, engine_around, options,
    router::{ONE, body, header, post_json, send},
    state,
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use flate2::read::GzDecoder;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::{fs, io::Read, sync::mpsc, time::Duration};
use tokio::time::timeout;
use valence::{
    engine::{Engine, cache::CacheLimits},
    server::router,
};

// Pieces of 1,460 bytes ended within letters, and the page said that the server cannot be reached.
#[tokio::test]
async fn labels_in_other_letters_are_sent_in_ascii() {
    let folder = copy_of_tiny();
    let config = fs::read_to_string(folder.join("config.json")).unwrap();
    let config = config.replace("POSITIVE", "положительный").replace("NEGATIVE", "отрицательный");
    fs::write(folder.join("config.json"), config).unwrap();
    let page = router(state(Engine::load(&options(folder)).unwrap()));
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
