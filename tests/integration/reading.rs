//! Texts as they are read: which ones are refused, and how each endpoint says so.

use crate::support::{
    Gated, copy_without_unknown, engine_around, options,
    router::{body, get, post, post_json, read},
    state, tiny_engine,
};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::{sync::mpsc, time::Duration};
use tokio::{
    runtime::Builder,
    task::{JoinSet, spawn_blocking, yield_now},
    time::timeout,
};
use valence::{
    engine::{Engine, EngineError, cache::CacheLimits, queue::QueueLimits, reading::Wanted},
    error::AnalyzeError,
    loading,
    server::router,
    text::Text,
};

/// Where programs send a text, and how.
fn programs(text: &str) -> [(&'static str, Value); 5] {
    [
        ("/api/v1/analyze", json!({"text": text, "sentences": true})),
        ("/", json!({"inputs": text})),
        ("/", json!({"inputs": [text]})),
        ("/predict", json!({"inputs": text})),
        ("/gradio_api/run/predict", json!({"data": [text]})),
    ]
}

/// A text for an address.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

// It had the verdict of the special tokens: "Positive 91.5 %".
#[tokio::test]
async fn a_text_of_which_no_token_is_made_is_refused_as_a_blank_one() {
    let app = router(state(tiny_engine()));
    for text in ["\u{200b}", "\0", "\u{ad}\u{feff}\n\u{2060}", "\u{301}"] {
        for path in ["/", "/embed"] {
            let response = get(&app, &format!("{path}?text={}", encoded(text))).await;
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{text:?} at {path}");
            assert!(body(response).await.contains("There is no text yet."), "{text:?} at {path}");
        }
        for path in ["/page/analyze", "/page/explain"] {
            let response = post_json(&app, path, json!({"text": text, "method": "leave_one_out"})).await;
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{text:?} at {path}");
            let error: AnalyzeError = serde_json::from_value(read(response).await).unwrap();
            assert_eq!(error, AnalyzeError::Empty, "{text:?} at {path}");
        }
        let lines = body(post_json(&app, "/page/texts", json!({"texts": ["good", text]})).await).await;
        assert_eq!(lines.lines().nth(1), Some(r#"{"Err":"Empty"}"#), "{lines}");

        let pairs = [json!(["good", text]), json!([text, "good"]), json!([["good"], [text]])];
        let pairs = pairs.map(|inputs| ("/predict", json!({"inputs": inputs})));
        let several = ("/api/v1/analyze", json!({"texts": ["good", text]}));
        for (path, json) in programs(text).into_iter().chain(pairs).chain([several]) {
            let response = post_json(&app, path, &json).await;
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{json} at {path}");
            let error = read(response).await;
            assert_eq!(error["error_type"], "Empty", "{json} at {path}");
            assert!(error["error"].as_str().unwrap().contains("the text is blank"), "{error}");
        }
        let rows = format!("\"good\"\n{}\n", json!(text));
        let lines = body(post(&app, "/api/v1/batch", "application/x-ndjson", rows).await).await;
        let row: Value = serde_json::from_str(lines.lines().nth(1).unwrap()).unwrap();
        assert_eq!((&row["index"], &row["error_type"]), (&json!(1), &json!("Empty")), "{lines}");
    }
}

// It was a failure of the server, which asked to try again.
#[tokio::test]
async fn a_text_that_the_tokenizer_cannot_read_is_its_senders_to_change() {
    let engine = loading::load(&options(copy_without_unknown())).unwrap();
    let app = router(state(engine));
    let snowman = "good \u{2603}";
    for path in ["/", "/embed"] {
        let response = get(&app, &format!("{path}?text={}", encoded(snowman))).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(body(response).await.contains("tokenizer cannot read this text"), "{path}");
    }
    let response = post_json(&app, "/page/analyze", json!({"text": snowman})).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let error: AnalyzeError = serde_json::from_value(read(response).await).unwrap();
    assert_eq!(error, AnalyzeError::Unreadable);
    for (path, json) in programs(snowman) {
        let response = post_json(&app, path, &json).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let error = read(response).await;
        assert_eq!(error["error_type"], "Tokenizer", "{path}: {error}");
    }
    let rows = format!("\"good\"\n{}\n\"good\"\n", json!(snowman));
    let lines = body(post(&app, "/api/v1/batch", "application/x-ndjson", rows).await).await;
    let rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows[1]["error_type"], "Tokenizer", "{lines}");
    assert!(rows[0]["scores"].is_array() && rows[2]["scores"].is_array(), "{lines}");
}

async fn ask(engine: Engine) -> Result<(), EngineError> {
    engine.analyze(Text::new("good").unwrap(), Wanted::default()).await.map(drop)
}

// Texts that cost the tokenizer more than the model waited for it without any bound.
#[test]
fn texts_that_wait_to_be_read_have_places_in_the_queue() {
    let one_reads = Builder::new_current_thread().enable_all().max_blocking_threads(1).build().unwrap();
    one_reads.block_on(async {
        let (open, gate) = mpsc::channel();
        (0..7).for_each(|_| open.send(()).unwrap());
        let limits = QueueLimits { waiting: 4, rows: 1, tokens: 1024 };
        let engine = engine_around(Gated(gate), limits, CacheLimits::OFF);
        let (release, held) = mpsc::channel::<()>();
        let reader = spawn_blocking(move || held.recv());
        let mut asked = JoinSet::new();
        for _ in 0..5 {
            asked.spawn(ask(engine.for_many()));
        }
        let fill = async {
            while engine.waiting() < 2 {
                yield_now().await;
            }
        };
        timeout(Duration::from_secs(20), fill).await.expect("texts of many have places");
        for _ in 0..10 {
            asked.spawn(ask(engine.clone()));
        }
        for _ in 0..8 {
            let refused = timeout(Duration::from_secs(20), asked.join_next()).await;
            let refused = refused.expect("a refusal at once");
            assert!(matches!(refused, Some(Ok(Err(EngineError::Overloaded)))), "{refused:?}");
        }
        // Those of many have half of it, the other three wait; single ones have the rest.
        assert_eq!((engine.waiting(), asked.len()), (4, 7));
        release.send(()).unwrap();
        reader.await.unwrap().unwrap();
        assert!(asked.join_all().await.iter().all(Result::is_ok));
        assert_eq!(engine.waiting(), 0);
    });
}
