//! The same of the Hub, of the commands, and of the protocol for language models.

use super::examples::{JSON, io, list, sentence};
use crate::support::{
    router::{read, send},
    state, tiny_engine,
};
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};
use std::fmt::Write;
use valence::{
    cli::error::CliError,
    engine::dtype::Dtype,
    hub::error::HubError,
    server::{limits::MAX_BODY, router, state::AppState},
};

#[test]
fn of_the_hub() {
    let mut list = String::new();
    let l = &mut list;
    let (repo, file, endpoint) =
        (|| "owner/name".to_owned(), || "FILE".to_owned(), || "https://hub.example".to_owned());
    list!(l, HubError, {
        HubError::Unreachable { .. } => HubError::Unreachable { endpoint: endpoint(), reason: "REASON".into() },
        HubError::NoAddress { .. } => HubError::NoAddress { endpoint: "hub.example".into() },
        HubError::NoModel { .. } => HubError::NoModel { repo: repo() },
        HubError::Gated { .. } => HubError::Gated { repo: repo(), endpoint: endpoint() },
        HubError::TokenRefused { .. } => HubError::TokenRefused { repo: repo() },
        HubError::UnfitToken => HubError::UnfitToken,
        HubError::NoRevision { .. } => HubError::NoRevision { repo: repo(), revision: "v9".into() },
        HubError::Busy { .. } => HubError::Busy { seconds: Some(7) },
        HubError::Status { .. } => HubError::Status { status: 418, what: "FILE".into() },
        HubError::NotAHub { .. } => HubError::NotAHub { endpoint: endpoint(), reason: "REASON".into() },
        HubError::NoGraph { .. } => HubError::NoGraph { repo: repo() },
        HubError::NoDtype { .. } => HubError::NoDtype { repo: repo(), asked: Dtype::Fp16, there: vec![Dtype::Fp32, Dtype::Int8] },
        HubError::NoFile { .. } => HubError::NoFile { repo: repo(), file: file() },
        HubError::Outside { .. } => HubError::Outside { repo: repo(), file: file(), location: "../x".into() },
        HubError::ConnectionLost { .. } => HubError::ConnectionLost { file: file(), reason: "REASON".into() },
        HubError::TimedOut { .. } => HubError::TimedOut { file: file(), seconds: 60 },
        HubError::Damaged { .. } => HubError::Damaged { file: file(), reason: "REASON".into() },
        HubError::Locked { .. } => HubError::Locked { file: file() },
        HubError::NotCached { .. } => HubError::NotCached { id: repo(), cache: "CACHE".into() },
        HubError::NotCachedIn { .. } => HubError::NotCachedIn { id: repo(), asked: Dtype::Fp32, cache: "CACHE".into() },
        HubError::Offline { .. } => HubError::Offline { id: repo() },
        HubError::Cache { .. } => HubError::Cache { cache: "CACHE".into(), source: io() },
    });
    insta::assert_snapshot!(list);
}

#[test]
fn of_the_commands() {
    let mut list = String::new();
    let l = &mut list;
    list!(l, CliError, {
        CliError::NoServer { .. } => CliError::NoServer { url: "URL".into(), source: io().into() },
        CliError::NotReady { .. } => CliError::NotReady { url: "URL".into(), status: 503 },
        CliError::AnyPort => CliError::AnyPort,
        CliError::TakenForText { .. } => CliError::TakenForText { text: "shapley".into() },
        CliError::NoneScored => CliError::NoneScored,
        CliError::NoText => CliError::NoText,
        CliError::TooLarge { .. } => CliError::TooLarge { limit: 100_000 },
        CliError::NotUtf8 => CliError::NotUtf8,
        CliError::Input(_) => CliError::Input(io()),
        CliError::Output(_) => CliError::Output(io()),
        CliError::Threads(_) => CliError::Threads(io()),
    });
    insta::assert_snapshot!(list);
}

fn message(method: &str, params: &Value) -> String {
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string()
}

#[tokio::test]
async fn of_the_protocol_for_language_models() {
    let router = router(AppState { mcp: true, ..state(tiny_engine()) });
    let tools = message("tools/list", &json!({}));
    let start = json!({
        "protocolVersion": "2025-03-26",
        "capabilities": {},
        "clientInfo": {"name": "a", "version": "1"},
    });
    let mut list = String::new();
    for (what, headers, sent) in [
        ("an unknown method", &[][..], message("nothing", &json!({}))),
        ("parameters of another method", &[], message("tools/call", &json!({}))),
        ("an unknown tool", &[], message("tools/call", &json!({"name": "other"}))),
        ("two versions", &[("mcp-protocol-version", "2025-06-18")], message("initialize", &start)),
        ("an unknown version", &[("mcp-protocol-version", "1")], tools.clone()),
        ("no JSON", &[], "{".into()),
        ("no message", &[], "{}".into()),
        ("too many bytes", &[], " ".repeat(MAX_BODY + 1)),
        ("another type", &[("content-type", "text/plain")], tools.clone()),
        ("one type of answers", &[("accept", JSON)], tools.clone()),
        ("a strange host", &[("host", "other.example")], tools),
    ] {
        let mut request = Request::post("/mcp")
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, JSON)
            .header(header::ACCEPT, "application/json, text/event-stream")
            .body(Body::from(sent))
            .unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let response = send(&router, request).await;
        let status = response.status().as_u16();
        let answer = read(response).await;
        // The protocol's own shape, or that of every address.
        let (kind, sentence) = match &answer["error"] {
            Value::String(sentence) => (&answer["error_type"], sentence.as_str()),
            error => (&error["code"], error["message"].as_str().unwrap()),
        };
        writeln!(list, "{what}\n  {status} {kind} {sentence}").unwrap();
    }
    insta::assert_snapshot!(list);
}
