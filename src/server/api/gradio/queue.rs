//! `queue/join` and `queue/data`: a call, and the stream that tells its outcome.

use super::{
    event::Event,
    predict, schema,
    session::{self, Sessions},
    stream,
    wire::{Asked, CallResponse, Join},
};
use crate::server::{
    api::{
        error::ApiError,
        json::{Json, Query},
    },
    failure,
    state::AppState,
};
use axum::{
    Extension,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use std::convert::Infallible;

/// A failure that is answered as `gradio_client` reads it.
#[derive(Debug)]
pub struct JoinError(pub ApiError);

impl From<ApiError> for JoinError {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

/// Begins a call; its outcome is told to the session.
pub async fn join(
    State(state): State<AppState>,
    Extension(sessions): Extension<Sessions>,
    body: Result<Json<Join>, ApiError>,
) -> Result<Response, JoinError> {
    let Json(Join { data: (text,), fn_index, session_hash }) = body?;
    check(fn_index, &session_hash)?;
    let unread =
        || ApiError::Invalid("Too many answers wait for this session: read them at queue/data first.".into());
    let session = sessions.enter(session_hash).await.ok_or_else(unread)?;
    let Some(event) = Event::of(predict(&state, text).await) else { return Ok(failure::queue_full()) };
    let event_id = session.leave(&event).await;
    Ok(axum::Json(CallResponse { event_id }).into_response())
}

/// There is one function, and a session's name is short.
fn check(fn_index: u32, session_hash: &str) -> Result<(), ApiError> {
    if fn_index != schema::FUNCTION {
        return Err(ApiError::Invalid(format!("\"fn_index\" must be {}.", schema::FUNCTION)));
    }
    if session_hash.len() > session::MAX_NAME {
        let most = session::MAX_NAME;
        return Err(ApiError::Invalid(format!(
            "\"session_hash\" has more than {most} bytes; choose a shorter one."
        )));
    }
    Ok(())
}

/// Tells a session the outcomes of its calls.
pub async fn data(
    Extension(sessions): Extension<Sessions>,
    Query(Asked { session_hash }): Query<Asked>,
) -> Response {
    match sessions.get(&session_hash).await {
        Some(session) => stream(Body::from_stream(session.messages().map(Ok::<_, Infallible>))),
        None => stream(session::not_found()),
    }
}
