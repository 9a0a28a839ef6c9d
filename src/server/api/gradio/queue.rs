//! `queue/join` and `queue/data`: a call, and the stream that tells its outcome.
//!
//! `gradio_client` waits 5 s for an answer of the first, and as long as it takes for the second's. So
//! a call that takes longer than a moment goes on without its request.

use super::{
    event::Event,
    heartbeat, predict, schema,
    session::{self, Running, Sessions, reader::not_found},
    stream,
    wire::{Alone, Asked, CallResponse, Join, Label},
};
use crate::{
    error::AnalyzeError,
    server::{
        api::{
            error::ApiError,
            json::{Json, Query},
        },
        failure,
        request::CurrentRequest,
        state::AppState,
    },
};
use axum::{
    Extension,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use futures_util::{FutureExt, StreamExt};
use std::{convert::Infallible, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::{
    sync::{AcquireError, OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep, timeout_at},
};

/// How long a call is waited for. What a full queue refuses, it refuses sooner.
const MOMENT: Duration = Duration::from_secs(1);

/// The most calls that go on without their requests, as each holds its text; more are waited for.
pub const MAX_LATE: usize = 1000;

/// The places for such calls in this process.
#[derive(Clone, Debug)]
pub struct Late(Arc<Semaphore>);

impl Default for Late {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_LATE)))
    }
}

impl Late {
    /// A place after a moment, once there is one.
    async fn place(self) -> Result<OwnedSemaphorePermit, AcquireError> {
        sleep(MOMENT).await;
        self.0.acquire_owned().await
    }
}

/// A failure that is answered as `gradio_client` reads it.
#[derive(Debug)]
pub struct JoinError(pub ApiError);

impl From<ApiError> for JoinError {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

/// Begins a call, whose outcome is told to its session; the answer is the event's id.
pub async fn join(
    State(state): State<AppState>,
    Extension(sessions): Extension<Sessions>,
    Extension(late): Extension<Late>,
    body: Result<Json<Join>, ApiError>,
) -> Result<Response, JoinError> {
    let Json(Join { data: Alone(text), fn_index, session_hash }) = body?;
    check(fn_index, &session_hash)?;
    let unread =
        || ApiError::Invalid("Too many answers wait for this session: read them at queue/data first.".into());
    let running = sessions.enter(session_hash).await.ok_or_else(unread)?;
    let (event_id, tellable) = (running.id().to_owned(), running.tellable());
    let (longest, start) = (state.limits.answer, Instant::now());
    // Here, where the request is known. Whoever waits for the outcome would wait for ever.
    let prediction = async move {
        let outcome = AssertUnwindSafe(predict(&state, text)).catch_unwind().await;
        outcome.unwrap_or_else(|_| Err(failure::panicked().into()))
    };
    let mut prediction = Box::pin(CurrentRequest::get().scope(prediction));
    tokio::select! {
        biased;
        outcome = &mut prediction => {
            let Some(event) = Event::of(outcome) else { return Ok(failure::queue_full()) };
            running.leave(&event).await;
        }
        Ok(place) = late.place() => {
            tokio::spawn(go_on(prediction, running, start, longest, place));
        }
    }
    tellable.await;
    Ok(axum::Json(CallResponse { event_id }).into_response())
}

/// Tells the outcome of a call whose request has its answer.
async fn go_on(
    prediction: impl Future<Output = Result<Label, ApiError>>,
    running: Running,
    start: Instant,
    longest: Duration,
    _place: OwnedSemaphorePermit,
) {
    let event = match timeout_at(start + longest, prediction).await {
        // For a refusal by a status it is too late.
        Ok(outcome) => Event::of(outcome).unwrap_or_else(|| Event::Error(AnalyzeError::Busy.to_string())),
        Err(_) => Event::Error(AnalyzeError::TookTooLong { seconds: longest.as_secs() }.to_string()),
    };
    running.leave(&event).await;
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
        Some(session) => {
            stream(Body::from_stream(session.messages(heartbeat::PERIOD).map(Ok::<_, Infallible>)))
        }
        None => stream(not_found()),
    }
}
