//! Gradio's endpoints: what `gradio_client` and `@gradio/client` ask of an app with one function,
//! `predict(text)`.
//!
//! | Client | Way | State |
//! |---|---|---|
//! | `@gradio/client` | `run/predict`, one request | none |
//! | curl | `call/predict`, then `call/predict/{event_id}` | none: the id holds the answer itself |
//! | `gradio_client` | [`queue`]`/join`, then `queue/data` | [`session`], in this process |
//! | `gradio_client` up to 2.6 | beside these, [`heartbeat`] | none |

pub mod event;
pub mod heartbeat;
pub mod queue;
pub mod schema;
pub mod session;
pub mod wire;

use super::{
    error::{ApiError, ErrorBody},
    json::{Json, Path},
    options::Options,
    refusals::{Absent, Down, Failed, Guarded, Refused, Uncalled},
};
use crate::{
    engine::reading::Wanted,
    server::{failure, limits::MAX_BODY, state::AppState},
};
use axum::{
    Extension, Router,
    body::Body,
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use event::Event;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::json;
use session::Sessions;
use std::time::{Duration, Instant};
use utoipa::ToSchema;
use wire::{Alone, Call, CallResponse, Label, NamedCall, RunResponse};

/// Every route of a Gradio app that its clients need, where a call may take so long.
pub fn router(longest_call: Duration) -> Router<AppState> {
    let prefixed = Router::new()
        .route("/info", get(schema::info))
        .route("/run/{api}", post(run))
        .route("/call/{api}", post(call))
        .route("/call/v2/{api}", post(call_by_name))
        .route("/call/{api}/{event}", get(told))
        .route("/call/v2/{api}/{event}", get(told))
        .route("/queue/join", post(queue::join))
        .route("/queue/data", get(queue::data))
        .route("/heartbeat/{session_hash}", get(heartbeat::heartbeat))
        .route("/cancel", post(async || axum::Json(json!({"success": true}))));
    Router::new()
        .route("/config", get(schema::config))
        .nest(schema::PREFIX, prefixed)
        .layer(Extension(Sessions::new(longest_call)))
        .layer(Extension(queue::Late::default()))
        .layer(Extension(heartbeat::Heartbeats::default()))
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

/// Scores a text, as the label component wants it.
async fn predict(state: &AppState, text: String) -> Result<Label, ApiError> {
    let options = Options { wanted: Wanted::default(), top_k: None };
    Ok(options.analyze(&state.models.first(), text).await?.scores.into())
}

/// The one function, in an address.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "it only describes the parameter that `check` reads")]
enum Api {
    Predict,
}

/// There is one function.
fn check(api: &str) -> Result<(), ApiError> {
    if api == schema::API { Ok(()) } else { Err(ApiError::NotFound) }
}

/// Call the function, in one request.
#[utoipa::path(
    post,
    path = "/gradio_api/run/{api}",
    tag = "Gradio",
    params(("api" = inline(Api), Path, description = "The function.")),
    request_body(content = Call, example = json!({"data": ["What a lovely day!"]})),
    responses(
        (status = 200, body = RunResponse, description = "The label."),
        Refused,
        Absent,
        Failed,
        Down,
    )
)]
pub async fn run(
    State(state): State<AppState>,
    Path(api): Path<String>,
    Json(Call { data: Alone(text) }): Json<Call>,
) -> Result<axum::Json<RunResponse>, ApiError> {
    check(&api)?;
    let start = Instant::now();
    let label = predict(&state, text).await?;
    let duration = start.elapsed().as_secs_f64();
    Ok(axum::Json(RunResponse {
        data: vec![label],
        is_generating: false,
        duration,
        average_duration: duration,
    }))
}

/// Call the function, in two requests: this one gives the id of the event that the other asks for.
///
/// A full queue is 503 here, which `gradio_client` knows as its `QueueError`.
#[utoipa::path(
    post,
    path = "/gradio_api/call/{api}",
    tag = "Gradio",
    params(("api" = inline(Api), Path, description = "The function.")),
    request_body(content = Call, example = json!({"data": ["What a lovely day!"]})),
    responses(
        (status = 200, body = CallResponse, description = "The event's id; also for a text that is refused."),
        Uncalled,
        (status = 503, body = ErrorBody, description = "The queue is full."),
        Absent,
    )
)]
pub async fn call(
    State(state): State<AppState>,
    Path(api): Path<String>,
    Json(Call { data: Alone(text) }): Json<Call>,
) -> Result<Response, ApiError> {
    check(&api)?;
    Ok(event_id(&state, Event::of(predict(&state, text).await)))
}

/// Call the function by the name of its argument, in two requests, of which this is the first.
#[utoipa::path(
    post,
    path = "/gradio_api/call/v2/{api}",
    tag = "Gradio",
    params(("api" = inline(Api), Path, description = "The function.")),
    request_body(content = NamedCall, example = json!({"text": "What a lovely day!"})),
    responses(
        (status = 200, body = CallResponse, description = "The event's id; also for a text that is refused."),
        Uncalled,
        (status = 503, body = ErrorBody, description = "The queue is full."),
        Absent,
    )
)]
pub async fn call_by_name(
    State(state): State<AppState>,
    Path(api): Path<String>,
    Json(NamedCall { text }): Json<NamedCall>,
) -> Result<Response, ApiError> {
    check(&api)?;
    Ok(event_id(&state, Event::of(predict(&state, text).await)))
}

/// The id by which the event is asked for; a full queue is reported as Gradio reports it.
fn event_id(state: &AppState, event: Option<Event>) -> Response {
    let Some(event) = event else { return failure::queue_full() };
    axum::Json(CallResponse { event_id: event.id(state.models.first().labels()) }).into_response()
}

/// Return the outcome of a call, as one server-sent event.
#[utoipa::path(
    get,
    path = "/gradio_api/call/{api}/{event}",
    tag = "Gradio",
    params(
        ("api" = inline(Api), Path, description = "The function."),
        ("event" = String, Path, description = "The event's id."),
    ),
    responses(
        (status = 200, content_type = "text/event-stream", body = String, description = "`event: complete` with the \
         label, or `event: error` with the reason."),
        Guarded,
        Absent,
    )
)]
pub async fn told(
    State(state): State<AppState>,
    names: Result<Path<(String, String)>, ApiError>,
) -> Result<Response, ApiError> {
    // No event has a name that is not UTF-8.
    let Path((api, id)) = names.map_err(|_| ApiError::NotFound)?;
    check(&api)?;
    let event = Event::from_id(&id, state.models.first().labels()).ok_or(ApiError::NotFound)?;
    Ok(stream(event.frame()))
}

/// An event stream without comments, which `gradio_client` cannot read.
fn stream(frames: impl Into<Body>) -> Response {
    let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
    (headers, frames.into()).into_response()
}
