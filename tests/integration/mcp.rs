//! The endpoint for language models.

use crate::support::{
    router::{header, read, send},
    stand_in::MAX_TOKENS,
    state, tiny_engine,
};
use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header as name, request::Builder},
};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use std::{io, time::Duration};
use valence::server::{guard::Guard, limits::Limits, router, state::AppState};

/// A router with the endpoint, at a public address.
fn open(cors: &[&str], keys: &[&str]) -> Router {
    let guard = Guard::new(
        keys.iter().map(|key| key.parse().unwrap()).collect(),
        cors.iter().map(|origin| origin.parse().unwrap()).collect(),
        None,
        Vec::new(),
    );
    let origin = Some("https://valence.example".parse().unwrap());
    router(AppState { guard, origin, mcp: true, ..state(tiny_engine()) })
}

fn to(host: &str) -> Builder {
    Request::post("/mcp")
        .header(name::HOST, host)
        .header(name::CONTENT_TYPE, "application/json")
        .header(name::ACCEPT, "application/json, text/event-stream")
        .header("mcp-protocol-version", "2025-06-18")
}

async fn call(router: &Router, request: Builder, method: &str, params: &Value) -> Response<Body> {
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    send(router, request.body(Body::from(message.to_string())).unwrap()).await
}

/// What the tool answers.
async fn use_tool(router: &Router, arguments: Value) -> Value {
    let params = json!({"name": "analyze_sentiment", "arguments": arguments});
    let response = call(router, to("localhost"), "tools/call", &params).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header(&response, "content-type"), "application/json");
    let mut answer = read(response).await;
    answer["result"].take()
}

#[tokio::test]
async fn mcp_is_off_unless_asked_for() {
    let response = call(&router(state(tiny_engine())), to("localhost"), "tools/list", &json!({})).await;
    assert!(response.status().is_client_error(), "{}", response.status());
}

#[tokio::test]
async fn the_tool_says_what_it_takes_and_gives() {
    let response = call(&open(&[], &[]), to("localhost"), "tools/list", &json!({})).await;
    let answer = read(response).await;
    let [tool] = &answer["result"]["tools"].as_array().unwrap()[..] else { panic!("{answer}") };
    assert_eq!(tool["name"], "analyze_sentiment");
    assert!(
        tool["description"].as_str().unwrap().contains(&format!("may have {MAX_TOKENS} tokens")),
        "{tool}"
    );
    assert_eq!(tool["annotations"]["readOnlyHint"], true);
    let input = &tool["inputSchema"];
    assert_eq!((&input["type"], &input["additionalProperties"]), (&json!("object"), &json!(false)));
    for field in ["text", "texts", "model"] {
        assert!(input["properties"][field]["description"].is_string(), "{input}");
    }
    assert_eq!(tool["outputSchema"]["required"], json!(["results"]));
}

#[tokio::test]
async fn a_text_and_several_are_answered_alike() {
    let router = open(&[], &[]);
    let one = use_tool(&router, json!({"text": "a good film"})).await;
    assert_eq!(one["isError"], false);
    let [answer] = &one["structuredContent"]["results"].as_array().unwrap()[..] else { panic!("{one}") };
    assert_eq!(answer["label"], answer["scores"][0]["label"]);
    assert_eq!((&answer["windows"], &answer["model"]), (&json!(1), &json!("tiny")));
    assert!(answer["tokens"].as_u64() > Some(2));
    let both = use_tool(&router, json!({"texts": ["a bad film", "a good film"]})).await;
    assert_eq!(both["structuredContent"]["results"][1], *answer);
    // For clients that read text alone.
    let text: Value = serde_json::from_str(both["content"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(text, both["structuredContent"]);
}

#[tokio::test]
async fn what_the_caller_can_fix_is_the_tools_error() {
    let router = open(&[], &[]);
    for (arguments, words) in [
        (json!({}), "either \"text\" or \"texts\""),
        (json!({"text": "a", "texts": ["b"]}), "either \"text\" or \"texts\""),
        (json!({"texts": []}), "1 to 1000. Send at least one"),
        (json!({"texts": vec!["a"; 1001]}), "1 to 1000. Split them"),
        (json!({"text": 5}), "Send \"text\" or \"texts\""),
        (json!({"review": "a"}), "unknown field"),
        (json!({"text": " "}), "the text is blank"),
        (json!({"text": "\u{200b}"}), "the text is blank"),
        (json!({"texts": ["a", " "]}), "Text 2"),
        (json!({"text": "a", "model": "none"}), "loaded: tiny"),
        (json!({"text": "word ".repeat(900)}), "too long"),
    ] {
        let answer = use_tool(&router, arguments).await;
        assert_eq!(answer["isError"], true, "{answer}");
        assert!(answer["content"][0]["text"].as_str().unwrap().contains(words), "{words:?} in {answer}");
    }
    let params = json!({"name": "other", "arguments": {}});
    let response = call(&router, to("localhost"), "tools/call", &params).await;
    let answer = read(response).await;
    assert!(answer["error"]["message"].as_str().unwrap().contains("analyze_sentiment"), "{answer}");
}

#[tokio::test]
async fn what_is_no_message_is_refused_in_the_one_shape() {
    let router = open(&[], &[]);
    let get = Request::get("/mcp").header(name::HOST, "localhost").header(name::ACCEPT, "text/event-stream");
    let plain =
        Request::post("/mcp").header(name::HOST, "localhost").header(name::CONTENT_TYPE, "text/plain");
    let plain = plain.header(name::ACCEPT, "application/json, text/event-stream");
    for (request, sent, status, error_type) in [
        (get, String::new(), 405, "MethodNotAllowed"),
        (plain, "{}".into(), 415, "UnsupportedMediaType"),
        (Request::post("/mcp"), "{}".into(), 400, "Malformed"),
        (to("rebound.example"), "{}".into(), 403, "Forbidden"),
        (to("localhost"), " ".repeat(2_000_001), 413, "PayloadTooLarge"),
    ] {
        let response = send(&router, request.body(Body::from(sent)).unwrap()).await;
        assert_eq!(response.status(), status);
        assert_eq!(header(&response, "content-type"), "application/json");
        let answer = read(response).await;
        assert_eq!(answer["error_type"], error_type, "{answer}");
        // Where it is not described.
        let sentence = answer["error"].as_str().unwrap();
        assert!(!sentence.is_empty() && !sentence.contains("/docs"), "{answer}");
    }
}

// They were told that the model had failed.
#[tokio::test]
async fn a_message_that_breaks_off_or_stops_is_refused_as_elsewhere() {
    let limits = Limits { body: Duration::from_millis(50), ..Limits::default() };
    let router = router(AppState { limits, mcp: true, ..state(tiny_engine()) });
    let begun = || stream::iter([Ok("{")]);
    let broken = begun().chain(stream::iter([Err(io::Error::from(io::ErrorKind::ConnectionReset))]));
    let stopped = begun().chain(stream::pending::<io::Result<&str>>());
    for (body, status, error_type) in
        [(Body::from_stream(broken), 400, "Malformed"), (Body::from_stream(stopped), 408, "RequestTimeout")]
    {
        let response = send(&router, to("localhost").body(body).unwrap()).await;
        assert_eq!(response.status(), status);
        let answer = read(response).await;
        assert_eq!(answer["error_type"], error_type, "{answer}");
    }
}

#[tokio::test]
async fn a_strange_host_or_origin_is_refused() {
    let list = json!({});
    let status =
        async |router: &Router, request: Builder| call(router, request, "tools/list", &list).await.status();
    let router = open(&["https://app.example"], &[]);
    for (host, expected) in [
        ("localhost:7860", StatusCode::OK),
        ("127.0.0.1", StatusCode::OK),
        // What the program prints, and what others call this machine: no name leads to it.
        ("0.0.0.0:7860", StatusCode::OK),
        ("192.0.2.7:7860", StatusCode::OK),
        ("[::1]:7860", StatusCode::OK),
        ("valence.example", StatusCode::OK),
        ("rebound.example", StatusCode::FORBIDDEN),
        ("127.0.0.1.rebound.example", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(status(&router, to(host)).await, expected, "{host}");
    }
    for (origin, expected) in [
        ("https://valence.example", StatusCode::OK),
        ("https://app.example", StatusCode::OK),
        ("https://app.example:444", StatusCode::FORBIDDEN),
        ("http://app.example", StatusCode::FORBIDDEN),
        ("https://other.example", StatusCode::FORBIDDEN),
        ("null", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(status(&router, to("localhost").header(name::ORIGIN, origin)).await, expected, "{origin}");
    }
    // No page that a browser was led to knows a key.
    let router = open(&[], &["key"]);
    let request = to("any.example").header(name::AUTHORIZATION, "Bearer key");
    assert_eq!(status(&router, request).await, StatusCode::OK);
}
