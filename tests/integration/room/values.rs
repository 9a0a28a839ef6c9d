//! Bodies of many values: a small one takes much memory once it is read, so that it is refused unread.

use super::ask;
use crate::support::{router::read, state, tiny_engine};
use axum::http::StatusCode;
use serde_json::json;
use valence::server::{api::values::MAX_VALUES, router, state::AppState};

#[tokio::test]
async fn a_body_of_too_many_values_is_refused_at_every_door() {
    let router = router(AppState { mcp: true, ..state(tiny_engine()) });
    let many = vec![[0]; MAX_VALUES];
    let text = json!({"text": "a good film", "more": many});
    let inputs = json!({"inputs": "a good film", "more": many});
    let data = json!({"data": ["a good film"], "fn_index": 0, "session_hash": "abc", "more": many});
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"more": many}});
    for (path, body) in [
        ("/api/v1/analyze", &text),
        ("/predict", &inputs),
        ("/invocations", &inputs),
        ("/", &inputs),
        ("/models/tiny", &inputs),
        ("/gradio_api/run/predict", &data),
        ("/gradio_api/call/predict", &data),
        ("/gradio_api/call/v2/predict", &text),
        ("/gradio_api/queue/join", &data),
        ("/mcp", &message),
    ] {
        let refused = ask(&router, path, body.to_string()).await;
        assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        let answer = read(refused).await;
        assert_eq!(answer["error_type"], "PayloadTooLarge", "{path}");
        assert!(answer["error"].as_str().unwrap().contains("more than 10000 values. S"), "{path}: {answer}");
    }
    let refused = ask(&router, "/page/analyze", text.to_string()).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert_eq!(read(refused).await, "Malformed");
}
