//! The worst that texts can be, at every endpoint.

mod unicode;

use crate::{
    fuzz::targets::{has_own_fault, outcome},
    share::{packed, plain},
    support::{
        distance, options,
        router::{body, send},
        state, temporary_folder, tiny_engine, tiny_folder,
    },
};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header::CONTENT_TYPE},
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{task::JoinSet, time::timeout};
use valence::{
    engine::reading::Wanted,
    loading::{self, EngineOptions},
    sentiment::Score,
    server::{feedback::Feedback, router, state::AppState},
    text::Text,
};

/// Within this, every text has its answer.
const LONG: Duration = Duration::from_secs(60);

async fn post(router: &Router, path: &str, kind: &str, content: String) -> (StatusCode, String) {
    let request = Request::post(path)
        .header(CONTENT_TYPE, kind)
        .header("accept", "application/json, text/event-stream")
        .header("host", "localhost");
    let answer = async {
        let response = send(router, request.body(Body::from(content)).unwrap()).await;
        (response.status(), body(response).await)
    };
    timeout(LONG, answer).await.expect("an answer")
}

/// What a page or a stream says.
async fn get(router: &Router, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).header("host", "localhost").body(Body::empty()).unwrap();
    let answer = async {
        let response = send(router, request).await;
        (response.status(), body(response).await)
    };
    timeout(LONG, answer).await.expect("an answer")
}

/// Texts that are valid Unicode, and nothing that anybody would write.
fn worst_texts() -> Vec<(&'static str, String)> {
    vec![
        ("a megabyte without a space", "a".repeat(1_000_000)),
        ("as much as is read without a space", "a".repeat(100_000)),
        ("signs of no alphabet", "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}".repeat(2000)),
        ("a letter under a flood of marks", format!("good{}", "\u{301}\u{489}".repeat(20_000))),
        ("marks alone", "\u{301}".repeat(5000)),
        ("right-to-left overrides", "\u{202e}doog\u{202c} \u{2067}film\u{2069} ".repeat(200)),
        ("no width", "\u{200b}\u{200d}\u{feff}\u{2060}".repeat(500)),
        ("no width between letters", "g\u{200b}o\u{200d}o\u{ad}d".into()),
        ("NUL", "good\0film\0\0".into()),
        ("NUL alone", "\0".into()),
        ("controls", (0..32_u8).map(char::from).chain("\u{7f}\u{85}\u{9f}".chars()).collect()),
        ("joined people", "\u{1f468}\u{200d}".repeat(3000)),
        ("line breaks of every kind", "a\r\nb\u{2028}c\u{2029}d\u{b}e\u{c}f\u{85}".repeat(100)),
        ("private use and non-characters", "\u{e000}\u{fffe}\u{ffff}\u{10ffff}\u{f8ff}".repeat(100)),
        ("one letter for many", "\u{fdfa}\u{1f19e}\u{33a5}".repeat(1000)),
        ("words of special tokens", "[CLS] [SEP] [MASK] [PAD] [UNK] ".repeat(50)),
    ]
}

#[tokio::test]
async fn the_worst_of_unicode_gets_an_answer_or_a_refusal_at_every_endpoint() {
    let feedback = Feedback::open(&temporary_folder().join("feedback.jsonl")).unwrap();
    let app = router(AppState { mcp: true, feedback: Some(feedback), ..state(tiny_engine()) });
    for (name, text) in worst_texts() {
        let csv = format!("text\n\"{text}\"\n");
        let join = json!({"data": [text], "fn_index": 0, "session_hash": "abc"});
        let call = json!({"name": "analyze_sentiment", "arguments": {"text": text}});
        let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call});
        for (path, kind, content) in [
            ("/page/analyze", "application/json", json!({"text": text}).to_string()),
            ("/page/texts", "application/json", json!({"texts": [text]}).to_string()),
            (
                "/page/explain",
                "application/json",
                json!({"text": text, "method": "leave_one_out"}).to_string(),
            ),
            ("/page/feedback", "application/json", json!({"text": text, "choice": "up"}).to_string()),
            (
                "/api/v1/analyze",
                "application/json",
                json!({"text": text, "sentences": true, "explain": "leave_one_out"}).to_string(),
            ),
            ("/api/v1/batch", "application/x-ndjson", format!("{}\n", json!({"text": text}))),
            ("/api/v1/batch", "text/csv", csv),
            ("/models/tiny", "application/json", json!({"inputs": text}).to_string()),
            ("/predict", "application/json", json!({"inputs": text}).to_string()),
            ("/invocations", "application/json", json!({"inputs": text}).to_string()),
            ("/gradio_api/run/predict", "application/json", json!({"data": [text]}).to_string()),
            ("/gradio_api/call/predict", "application/json", json!({"data": [text]}).to_string()),
            ("/gradio_api/call/v2/predict", "application/json", json!({"text": text}).to_string()),
            ("/gradio_api/queue/join", "application/json", join.to_string()),
            ("/mcp", "application/json", call.to_string()),
        ] {
            let (status, mut answer) = post(&app, path, kind, content.clone()).await;
            // What is said elsewhere of a call.
            if let Some(path) = outcome(path, content.as_bytes(), answer.as_bytes()) {
                answer += &get(&app, &path).await.1;
            }
            assert!(
                (status.is_success() || status.is_client_error()) && !has_own_fault(answer.as_bytes()),
                "{name} at {path}: {status} {}",
                answer.chars().take(300).collect::<String>()
            );
        }
        // An address has room for 64 KB.
        let query = if text.len() < 20_000 { plain(&text) } else { packed(&text) };
        for path in ["/", "/embed", "/og.png", "/qr.svg", "/code"] {
            let request = Request::get(format!("{path}?{query}")).header("host", "localhost");
            let request = request.body(Body::empty()).unwrap();
            let status = timeout(LONG, send(&app, request)).await.expect("an answer").status();
            assert!(!status.is_server_error(), "{name} at {path}: {status}");
        }
    }
}

#[tokio::test]
async fn half_a_character_in_json_is_refused() {
    let app = router(state(tiny_engine()));
    for text in [r"\ud800", r"good \udc00", r"\ud83d\u0041", r"\ud800\ud800"] {
        for (path, name) in [
            ("/page/analyze", "text"),
            ("/api/v1/analyze", "text"),
            ("/predict", "inputs"),
            ("/models/tiny", "inputs"),
        ] {
            let json = format!(r#"{{"{name}": "{text}"}}"#);
            let (status, answer) = post(&app, path, "application/json", json).await;
            assert!(status.is_client_error(), "{text} at {path}: {status} {answer}");
        }
        let rows = format!("{{\"text\": \"{text}\"}}\n{{\"text\": \"good\"}}\n");
        let (status, answer) = post(&app, "/api/v1/batch", "application/x-ndjson", rows).await;
        assert_eq!(status, StatusCode::OK);
        let rows: Vec<Value> = answer.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(rows[0].get("error").is_some(), "{answer}");
    }
}

/// A compressed body is not read, so none can unfold into more than it is; nor is one that says so of itself
/// untruly taken at all.
#[tokio::test]
async fn a_compressed_request_is_refused() {
    let app = router(AppState { mcp: true, ..state(tiny_engine()) });
    let ask = async |path: &str, kind: &str, coding: &str, body: Vec<u8>| {
        let request = Request::post(path).header(CONTENT_TYPE, kind).header("content-encoding", coding);
        send(&app, request.body(Body::from(body)).unwrap()).await.status()
    };
    let json = br#"{"text": "good"}"#.to_vec();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, &json).unwrap();
    let folded = encoder.finish().unwrap();
    for (path, kind) in [
        ("/api/v1/analyze", "application/json"),
        ("/api/v1/batch", "application/x-ndjson"),
        ("/api/v1/batch", "text/csv"),
        ("/page/analyze", "application/json"),
        ("/predict", "application/json"),
        ("/gradio_api/run/predict", "application/json"),
        ("/mcp", "application/json"),
    ] {
        for (coding, body) in [("gzip", &folded), ("gzip", &json), ("identity, br", &json)] {
            let status = ask(path, kind, coding, body.clone()).await;
            assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path} {kind} {coding}");
        }
    }
    assert_eq!(ask("/api/v1/analyze", "application/json", "Identity", json).await, StatusCode::OK);
}

/// The text of client `client` in its round `round`, unlike any other's.
fn text_of(client: usize, round: usize) -> String {
    let words = ["good", "bad", "film", "never", "loved", "awful", "the", "songs"];
    let count = 1 + (client * 7 + round * 3) % 40;
    (0..count)
        .map(|place| words[(client * 31 + round * 17 + place * place) % 8])
        .collect::<Vec<_>>()
        .join(" ")
        + &format!(" {client} {round}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_clients_get_the_answers_to_their_own_texts() {
    const ROUNDS: usize = 10;
    let engine =
        loading::load(&EngineOptions { sessions: 2, queue: 1000, ..options(tiny_folder()) }).unwrap();
    let app = router(state(engine.clone()));
    let mut clients = JoinSet::new();
    for client in 0..64 {
        let app = app.clone();
        clients.spawn(async move {
            let mut answers = Vec::new();
            for round in 0..ROUNDS {
                let text = text_of(client, round);
                let asked = json!({"text": text}).to_string();
                let (status, answer) = post(&app, "/api/v1/analyze", "application/json", asked).await;
                assert_eq!(status, StatusCode::OK, "{answer}");
                let answer: Value = serde_json::from_str(&answer).unwrap();
                let scores: Vec<Score> = serde_json::from_value(answer["scores"].clone()).unwrap();
                answers.push((text, answer["tokens"].clone(), scores));
            }
            answers
        });
    }
    for (text, tokens, scores) in clients.join_all().await.into_iter().flatten() {
        let alone = engine.analyze(Text::new(&text).unwrap(), Wanted::default()).await.unwrap();
        assert_eq!(tokens, json!(alone.tokens), "{text}");
        assert!(distance(&scores, &alone.scores) <= 1e-4, "{text}: {scores:?} alone {:?}", alone.scores);
    }
}
