//! How the app describes itself to Gradio's clients: `/config` and `/gradio_api/info`.

use crate::server::api::refusals::Guarded;
use axum::Json;
use serde_json::{Value, json};

/// The version of Gradio whose protocol is spoken.
const VERSION: &str = "6.25.0";

/// Where the app's routes are.
pub const PREFIX: &str = "/gradio_api";

/// The one function's name,
pub const API: &str = "predict";

/// its number,
pub const FUNCTION: u32 = 0;

/// and its parameter.
pub const PARAMETER: &str = "text";

/// Return the app's parts: a box for the text, a label, and the function between them.
#[utoipa::path(
    get,
    path = "/config",
    operation_id = "gradio_config",
    tag = "Gradio",
    responses((status = 200, body = Value, description = "As Gradio describes an app."), Guarded)
)]
pub async fn config() -> Json<Value> {
    Json(json!({
        "version": VERSION,
        "api_prefix": PREFIX,
        "protocol": "sse_v3",
        "mode": "interface",
        "title": "Valence",
        "space_id": null,
        "is_space": false,
        "connect_heartbeat": false,
        "enable_queue": false,
        "components": [
            {"id": 1, "type": "textbox", "props": {"label": "Text"}},
            {"id": 2, "type": "label", "props": {"label": "Sentiment"}},
        ],
        "dependencies": [{
            "id": FUNCTION,
            "targets": [],
            "inputs": [1],
            "outputs": [2],
            "backend_fn": true,
            // The JavaScript client then asks once, of any replica: in Node it keeps no cookie for a second
            // request.
            "queue": false,
            "api_name": API,
            "api_visibility": "public",
            "types": {"generator": false, "cancel": false},
        }],
    }))
}

/// Return the function's parameters and what it returns.
#[utoipa::path(
    get,
    path = "/gradio_api/info",
    operation_id = "gradio_info",
    tag = "Gradio",
    responses((status = 200, body = Value, description = "As Gradio describes its functions."), Guarded)
)]
pub async fn info() -> Json<Value> {
    let label = json!({
        "type": "object",
        "properties": {
            "label": {"type": "string"},
            "confidences": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"label": {"type": "string"}, "confidence": {"type": "number"}},
                },
            },
        },
    });
    Json(json!({
        "named_endpoints": {
            (format!("/{API}")): {
                "description": "Scores a text's sentiment.",
                "parameters": [{
                    "label": "Text",
                    "parameter_name": PARAMETER,
                    "parameter_has_default": false,
                    "parameter_default": null,
                    "type": {"type": "string"},
                    "python_type": {"type": "str", "description": ""},
                    "component": "Textbox",
                    "example_input": "What a lovely day!",
                }],
                "returns": [{
                    "label": "Sentiment",
                    "type": label,
                    "python_type": {
                        "type": "dict(label: str, confidences: list(dict(label: str, confidence: float)))",
                        "description": "",
                    },
                    "component": "Label",
                }],
                "code_snippets": {},
                "api_visibility": "public",
            },
        },
        "unnamed_endpoints": {},
    }))
}
