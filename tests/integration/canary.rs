//! What users send is in no answer that refuses it, at any address: clients log errors.

use crate::support::{
    router::{body, get, post, send},
    state, temporary_folder, tiny_engine,
};
use axum::{
    Router,
    body::Body,
    http::{Request, Response, header},
};
use serde_json::{Value, json};
use valence::server::{feedback::Feedback, router, state::AppState};

/// What is sent, and looked for.
const CANARY: &str = "bellwether";

fn server() -> Router {
    let feedback = Feedback::open(&temporary_folder().join("feedback.jsonl")).unwrap();
    router(AppState { mcp: true, feedback: Some(feedback), ..state(tiny_engine()) })
}

/// Looks at an answer: it refuses, says why, and has nothing of what was sent.
async fn refuses(response: Response<Body>, asked: &str) {
    let is_error = response.status().is_client_error();
    let answer = body(response).await;
    let is_error = is_error || answer.contains("rror") && !answer.contains("\"isError\":false");
    assert!(is_error, "{asked} is not refused: {answer}");
    assert!(answer.len() > 10, "{asked} is not told why: {answer:?}");
    assert!(!answer.to_lowercase().contains(CANARY), "{asked} is quoted: {answer}");
}

/// Bodies that are wrong everywhere, or in one of these fields.
fn wrong_bodies(good: &Value, fields: &[&str]) -> Vec<String> {
    let mut bodies = vec![
        format!("\"{CANARY}\""),
        format!("[\"{CANARY}\"]"),
        format!("{{\"{CANARY}\": \"{CANARY}\"}}"),
        format!("{CANARY} {good}"),
        format!("{good} {CANARY}"),
    ];
    for field in fields {
        bodies.push(format!("{{\"{field}\": {CANARY}}}"));
        for wrong in [json!({CANARY: CANARY}), json!([[[CANARY]]]), json!([{CANARY: CANARY}])] {
            let mut body = good.clone();
            body[field] = wrong;
            bodies.push(body.to_string());
        }
    }
    bodies
}

#[tokio::test]
async fn no_refusal_of_an_endpoint_quotes_its_request() {
    let app = server();
    let data = json!({"data": ["good"]});
    let join = json!({"data": ["good"], "fn_index": 0, "session_hash": "abc"});
    let inputs = json!({"inputs": "good"});
    let text = json!({"text": "good"});
    for (path, good, fields) in [
        ("/api/v1/analyze", &text, &["text", "model", "sentences", "explain", "top_k"][..]),
        ("/api/v1/analyze", &json!({"texts": ["good"]}), &["texts", "explain", "top_k"]),
        ("/", &inputs, &["inputs"]),
        ("/models/tiny", &inputs, &["inputs"]),
        ("/predict", &inputs, &["inputs", "truncate", "raw_scores", "truncation_direction"]),
        ("/invocations", &inputs, &["inputs", "truncate", "raw_scores", "truncation_direction"]),
        ("/gradio_api/run/predict", &data, &["data"]),
        ("/gradio_api/call/predict", &data, &["data"]),
        ("/gradio_api/call/v2/predict", &text, &["text"]),
        ("/gradio_api/queue/join", &join, &["data", "fn_index", "session_hash"]),
        ("/page/analyze", &text, &["text", "model"]),
        ("/page/texts", &json!({"texts": ["good"]}), &["texts", "model"]),
        ("/page/explain", &json!({"text": "good", "method": "leave_one_out"}), &["text", "method", "model"]),
        ("/page/feedback", &json!({"text": "good", "choice": "up"}), &["text", "choice", "model"]),
        ("/mcp", &json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}), &["jsonrpc", "method"]),
    ] {
        for sent in wrong_bodies(good, fields) {
            let request = Request::post(path)
                .header(header::HOST, "localhost")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::ACCEPT, "application/json, text/event-stream");
            let response = send(&app, request.body(Body::from(sent.clone())).unwrap()).await;
            refuses(response, &format!("{sent} at {path}")).await;
        }
    }
}

#[tokio::test]
async fn no_refusal_quotes_the_value_of_an_option() {
    let app = server();
    for (path, sent) in [
        ("/api/v1/analyze", json!({"text": "good", "model": CANARY})),
        ("/api/v1/analyze", json!({"text": "good", "sentences": CANARY})),
        ("/api/v1/analyze", json!({"text": "good", "explain": CANARY})),
        ("/api/v1/analyze", json!({"text": "good", "top_k": CANARY})),
        ("/api/v1/analyze", json!({"texts": CANARY})),
        ("/api/v1/analyze", json!({"texts": [CANARY, " "]})),
        ("/", json!({"inputs": "good", "parameters": CANARY})),
        ("/", json!({"inputs": "good", "parameters": {"top_k": CANARY}})),
        ("/", json!({"inputs": "good", "parameters": {"function_to_apply": CANARY}})),
        ("/models/bellwether", json!({"inputs": "good"})),
        ("/predict", json!({"inputs": [CANARY, CANARY, CANARY]})),
        ("/predict", json!({"inputs": "good", "truncation_direction": CANARY})),
        ("/gradio_api/run/predict", json!({"data": CANARY})),
        ("/gradio_api/run/bellwether", json!({"data": ["good"]})),
        ("/gradio_api/queue/join", json!({"data": CANARY, "fn_index": 0, "session_hash": "abc"})),
        (
            "/gradio_api/queue/join",
            json!({"data": ["good"], "fn_index": 0, "session_hash": CANARY.repeat(9)}),
        ),
        ("/page/analyze", json!({"text": "good", "model": CANARY})),
        ("/page/feedback", json!({"text": "bellwether ".repeat(700), "choice": "up"})),
        ("/page/bellwether", json!({"text": "good"})),
        ("/api/v1/bellwether", json!({})),
    ] {
        let response = post(&app, path, "application/json", sent.to_string()).await;
        refuses(response, &format!("{sent} at {path}")).await;
    }
    for path in [
        "/bellwether",
        "/api/bellwether",
        "/gradio_api/call/predict/bellwether",
        "/gradio_api/queue/data?session_hash=bellwether",
        "/gradio_api/queue/data?bellwether=1",
        "/qr.svg?z=bellwether",
    ] {
        refuses(get(&app, path).await, path).await;
    }
}

#[tokio::test]
async fn no_refusal_of_a_file_quotes_a_row_or_its_header() {
    let app = server();
    for (query, kind, sent) in [
        ("", "text/csv", "a bellwether film,a bad one\na good film,another\n".to_owned()),
        ("?column=bellwether", "text/csv", "text,other\ngood,bad\n".into()),
        ("", "text/csv", "other,text\nbellwether\n".into()),
        ("", "text/csv", format!("text\n\"bellwether {}\n", "bellwether ".repeat(100_000))),
        ("", "text/csv", format!("text\n{}\n", "bellwether ".repeat(10_000))),
        ("", "application/x-ndjson", "bellwether\n".into()),
        ("", "application/x-ndjson", "\"bellwether\n".into()),
        ("", "application/x-ndjson", "{\"bellwether\": \"bellwether\"}\n".into()),
        ("", "application/x-ndjson", "{\"text\": [\"bellwether\"]}\n".into()),
        ("", "application/bellwether", "\"bellwether\"\n".into()),
        ("?top_k=bellwether", "application/x-ndjson", "\"good\"\n".into()),
        ("?explain=bellwether", "application/x-ndjson", "\"good\"\n".into()),
        ("?sentences=bellwether", "application/x-ndjson", "\"good\"\n".into()),
        ("?model=bellwether", "application/x-ndjson", "\"good\"\n".into()),
        ("?bellwether=1", "application/x-ndjson", "\"good\"\n".into()),
    ] {
        let asked = format!("{kind}{query} {}", &sent[..sent.len().min(40)]);
        refuses(post(&app, &format!("/api/v1/batch{query}"), kind, sent).await, &asked).await;
    }
}

#[tokio::test]
async fn no_refusal_of_the_protocol_for_language_models_quotes_its_request() {
    let app = server();
    let message =
        |method: &str, params: Value| json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    let tool = |arguments: Value| {
        message("tools/call", json!({"name": "analyze_sentiment", "arguments": arguments}))
    };
    for sent in [
        message(CANARY, json!({})),
        message(CANARY, json!({CANARY: CANARY})),
        message("tools/call", json!(CANARY)),
        message("tools/call", json!({CANARY: CANARY})),
        message("tools/call", json!({"name": CANARY})),
        message("tools/call", json!({"name": "analyze_sentiment", "arguments": CANARY})),
        message("initialize", json!({CANARY: CANARY})),
        message("prompts/get", json!({"name": CANARY})),
        message("resources/read", json!({"uri": CANARY})),
        message("completion/complete", json!({CANARY: CANARY})),
        json!({"jsonrpc": "2.0", "id": 1, "result": {CANARY: CANARY}}),
        tool(json!({"texts": CANARY})),
        tool(json!({"text": [CANARY]})),
        tool(json!({"text": {CANARY: CANARY}})),
        tool(json!({CANARY: CANARY})),
        tool(json!({"text": "good", "model": CANARY})),
        tool(json!({"texts": [CANARY, " "]})),
    ] {
        let request = Request::post("/mcp")
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json, text/event-stream")
            .header("mcp-protocol-version", "2025-06-18");
        let response = send(&app, request.body(Body::from(sent.to_string())).unwrap()).await;
        refuses(response, &sent.to_string()).await;
    }
    for (name, value) in [
        ("host", "bellwether.example"),
        ("accept", "application/bellwether"),
        ("content-type", "application/bellwether"),
        ("mcp-protocol-version", CANARY),
        ("origin", "https://bellwether.example"),
    ] {
        let mut request = Request::post("/mcp")
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json, text/event-stream")
            .body(Body::from(message("tools/list", json!({})).to_string()))
            .unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
        refuses(send(&app, request).await, name).await;
    }
}
