//! The one mapping from errors to HTTP: what the user reads, what the log keeps, which status.

use super::{feedback::Feedback, request_id::RequestId};
use crate::{
    api::Opinion,
    engine::{Engine, EngineError, reading::Wanted},
    error::AnalyzeError,
    models::Models,
    sentiment::Analysis,
    server::api::error::{ApiError, ErrorBody},
    text::Text,
};
use axum::{
    Json,
    body::to_bytes,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{RETRY_AFTER, WWW_AUTHENTICATE},
};
use leptos::prelude::expect_context;
use tokio::task::spawn_blocking;

/// Seconds after which a refused client may try again.
///
/// A full queue of short texts drains in less.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// How a client without a key is asked for one.
const BEARER: HeaderValue = HeaderValue::from_static("Bearer");

/// More bytes than an error's JSON ever has.
const MAX_ERROR: usize = 64 * 1024;

/// The model of this name, of those that the request's context holds, or the default one.
///
/// # Errors
///
/// [`AnalyzeError::UnknownModel`].
pub fn engine(model: Option<&str>) -> Result<Engine, AnalyzeError> {
    expect_context::<Models>().get(model).map_err(|_| AnalyzeError::UnknownModel)
}

/// Accepts and scores a text, and what else of it is wanted.
///
/// # Errors
///
/// An [`AnalyzeError`] for the user; what the user cannot fix is in the log.
pub async fn answer(engine: &Engine, text: String, wanted: Wanted) -> Result<Analysis, AnalyzeError> {
    engine.analyze(Text::new(text)?, wanted).await.map_err(explain)
}

/// Keeps an opinion of the answer to a text.
///
/// # Errors
///
/// What [`answer`] returns, or [`AnalyzeError::Failed`] when the file takes no more.
pub async fn keep(
    engine: &Engine,
    feedback: Feedback,
    text: String,
    choice: Opinion,
) -> Result<(), AnalyzeError> {
    let analysis = answer(engine, text.clone(), Wanted::default()).await?;
    let kept = spawn_blocking(move || feedback.append(&text, &analysis, choice)).await;
    match kept {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(failed(&error)),
        Err(error) => Err(failed(&error)),
    }
}

/// Turns an engine's error into its user's; a cause that the user cannot fix goes to the log.
#[must_use]
pub fn explain(error: EngineError) -> AnalyzeError {
    match error {
        EngineError::TooLong { tokens, limit } => AnalyzeError::TooLong { tokens, limit },
        EngineError::Overloaded => AnalyzeError::Busy,
        EngineError::Tokenizer(_) | EngineError::Session(_) | EngineError::Stopped => failed(&error),
    }
}

/// Logs a cause that the user cannot fix, and names it to the user.
fn failed(error: &dyn std::error::Error) -> AnalyzeError {
    let reference = RequestId::current().to_string();
    tracing::error!(reference, error = %chain(error), "a request failed");
    AnalyzeError::Failed { reference }
}

/// What the user reads whose request's handler panicked; the log has the panic's place.
#[must_use]
pub fn panicked() -> ApiError {
    let reference = RequestId::current().to_string();
    tracing::error!(reference, "a request failed: its handler panicked");
    AnalyzeError::Failed { reference }.into()
}

/// The status and headers that answer with `error`.
#[must_use]
pub fn response_parts(error: &AnalyzeError) -> (StatusCode, HeaderMap) {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut headers = HeaderMap::new();
    if *error == AnalyzeError::Busy {
        headers.insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    (status, headers)
}

/// Answers a program.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, headers) = match &self {
            Self::Analyze(error) | Self::At { error, .. } => response_parts(error),
            Self::Malformed(_) | Self::CutOff => (StatusCode::BAD_REQUEST, HeaderMap::new()),
            Self::UnknownModel(_) | Self::NotFound => (StatusCode::NOT_FOUND, HeaderMap::new()),
            Self::NotReady | Self::Restarting => (StatusCode::SERVICE_UNAVAILABLE, HeaderMap::new()),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, HeaderMap::new()),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, HeaderMap::new()),
            Self::MediaType(_) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, HeaderMap::new()),
            Self::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, HeaderMap::new()),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, one(WWW_AUTHENTICATE, BEARER)),
            Self::TooOften { seconds } => {
                (StatusCode::TOO_MANY_REQUESTS, one(RETRY_AFTER, HeaderValue::from(*seconds)))
            }
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, HeaderMap::new()),
            Self::TookTooLong { .. } => (StatusCode::SERVICE_UNAVAILABLE, HeaderMap::new()),
        };
        (status, headers, Json(ErrorBody::from(&self))).into_response()
    }
}

fn one(name: HeaderName, value: HeaderValue) -> HeaderMap {
    HeaderMap::from_iter([(name, value)])
}

/// Gives a server function's error its own status, where Leptos 0.8 answers 500 to every one.
pub async fn restore_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_ERROR).await.unwrap_or_default();
    let error = match serde_json::from_slice(&body) {
        // To Leptos, a request that it cannot read is one thing with an answer that it cannot read.
        Ok(AnalyzeError::Unreachable) | Err(_) => AnalyzeError::Malformed,
        Ok(error) => error,
    };
    let (status, headers) = response_parts(&error);
    let mut response = (parts, Json(error)).into_response();
    *response.status_mut() = status;
    response.headers_mut().extend(headers);
    response
}

/// A server function's answer with `error`.
#[must_use]
pub fn response(error: AnalyzeError) -> Response {
    let (status, headers) = response_parts(&error);
    (status, headers, Json(error)).into_response()
}

/// An error and its sources in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    line
}
