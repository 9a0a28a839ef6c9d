//! The one mapping from errors to HTTP: what the user reads, what the log keeps, which status.
//!
//! The endpoints of other protocols, which have statuses of their own, have them from here too, but for
//! MCP's, whose library refuses by itself: `mcp::refusal` has its words. Which errors a card shows at all is
//! `card`'s to say.

use super::{card::CardError, qr::QrError, request_id::RequestId};
use crate::{
    engine::EngineError,
    error::AnalyzeError,
    models::UnknownModel,
    server::api::{
        error::{ApiError, ErrorBody},
        gradio::{queue::JoinError, schema},
        huggingface::ClassifyError,
        tei::PredictError,
    },
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde_json::json;

/// Seconds after which a refused client may try again.
///
/// A full queue of short texts drains in less, and a session that fails for a moment restarts in less.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// How a client without a key is asked for one.
const BEARER: HeaderValue = HeaderValue::from_static("Bearer");

/// The same of a client with a wrong one (RFC 6750, section 3.1).
const OTHER_BEARER: HeaderValue = HeaderValue::from_static("Bearer error=\"invalid_token\"");

/// Turns an engine's error into its user's; a cause that the user cannot fix goes to the log.
#[must_use]
pub fn user_error(error: EngineError) -> AnalyzeError {
    match error {
        EngineError::TooLong { tokens, limit } => AnalyzeError::TooLong { tokens, limit },
        EngineError::Empty => AnalyzeError::Empty,
        EngineError::Overloaded => AnalyzeError::Busy,
        // Its session has told the log why.
        EngineError::Restarting => AnalyzeError::Restarting,
        EngineError::Tokenizer(_) => AnalyzeError::Unreadable,
        EngineError::Broken | EngineError::Session(_) | EngineError::NoNumbers | EngineError::Stopped => {
            failed(&error)
        }
    }
}

/// The page lists the models itself.
impl From<UnknownModel> for AnalyzeError {
    fn from(_: UnknownModel) -> Self {
        Self::UnknownModel
    }
}

/// Logs a cause that the user cannot fix, and names it to the user.
#[must_use]
pub fn failed(error: &dyn std::error::Error) -> AnalyzeError {
    let reference = RequestId::current().to_string();
    tracing::error!(reference, error = %chain(error), "a request failed");
    AnalyzeError::Failed { reference }
}

/// What the user reads whose request's handler panicked; the log has the panic's place.
#[must_use]
pub fn panicked() -> AnalyzeError {
    let reference = RequestId::current().to_string();
    tracing::error!(reference, "a request failed: its handler panicked");
    AnalyzeError::Failed { reference }
}

/// Answers for a handler that has no answer: as a program reads it, and with the error beside it, by which
/// `page::tell` answers people.
#[must_use]
pub fn given_up(error: AnalyzeError) -> Response {
    let mut response = ApiError::from(error.clone()).into_response();
    response.extensions_mut().insert(error);
    response
}

/// The status and headers that answer with `error`.
#[must_use]
pub fn response_parts(error: &AnalyzeError) -> (StatusCode, HeaderMap) {
    let status = match error {
        AnalyzeError::Busy => return for_now(StatusCode::TOO_MANY_REQUESTS),
        AnalyzeError::Restarting => return for_now(StatusCode::SERVICE_UNAVAILABLE),
        AnalyzeError::Empty | AnalyzeError::DamagedLink | AnalyzeError::Malformed => StatusCode::BAD_REQUEST,
        AnalyzeError::FeedbackOff | AnalyzeError::UnknownAddress => StatusCode::FORBIDDEN,
        AnalyzeError::UnknownModel => StatusCode::NOT_FOUND,
        AnalyzeError::TooLarge { .. } | AnalyzeError::OversizedLink { .. } | AnalyzeError::TooMuch => {
            StatusCode::PAYLOAD_TOO_LARGE
        }
        AnalyzeError::TooLong { .. } | AnalyzeError::Unreadable | AnalyzeError::NoRow { .. } => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        // Not 503: see `ClassifyError`.
        AnalyzeError::TookTooLong { .. } => StatusCode::GATEWAY_TIMEOUT,
        AnalyzeError::Failed { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        AnalyzeError::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, HeaderMap::new())
}

/// Answers a program.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, headers) = program_parts(&self);
        (status, headers, Json(ErrorBody::from(&self))).into_response()
    }
}

/// The same for a program's request.
fn program_parts(error: &ApiError) -> (StatusCode, HeaderMap) {
    let status = match error {
        ApiError::Text(error) => return response_parts(&(*error).into()),
        ApiError::Analyze(error) => return response_parts(error),
        ApiError::At { error, .. } => return program_parts(error),
        ApiError::Unauthorized => return (StatusCode::UNAUTHORIZED, one(WWW_AUTHENTICATE, BEARER)),
        ApiError::WrongKey => return (StatusCode::UNAUTHORIZED, one(WWW_AUTHENTICATE, OTHER_BEARER)),
        ApiError::TooOften { seconds } => {
            return (StatusCode::TOO_MANY_REQUESTS, one(RETRY_AFTER, HeaderValue::from(*seconds)));
        }
        ApiError::Malformed(_) | ApiError::CutOff => StatusCode::BAD_REQUEST,
        ApiError::UnknownModel(_) | ApiError::NotFound => StatusCode::NOT_FOUND,
        ApiError::NotReady => return for_now(StatusCode::SERVICE_UNAVAILABLE),
        ApiError::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ApiError::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        ApiError::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ApiError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        ApiError::TooSlow => StatusCode::REQUEST_TIMEOUT,
    };
    (status, HeaderMap::new())
}

/// Answers a program that speaks with Text Embeddings Inference: there, a model that fails is 424.
impl IntoResponse for PredictError {
    fn into_response(self) -> Response {
        let is_backend = self.0.error_type() == "Backend";
        let mut response = self.0.into_response();
        if is_backend {
            *response.status_mut() = StatusCode::FAILED_DEPENDENCY;
        }
        response
    }
}

/// Answers a program that speaks with Hugging Face: never by 503, on which `@huggingface/inference` asks
/// again at once, and for ever.
impl IntoResponse for ClassifyError {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        }
        response
    }
}

/// Answers `gradio_client`, which reads of a 422 nothing but what Gradio's validation says in `detail`.
impl IntoResponse for JoinError {
    fn into_response(self) -> Response {
        let (status, headers) = program_parts(&self.0);
        if status != StatusCode::UNPROCESSABLE_ENTITY {
            return self.0.into_response();
        }
        let ErrorBody { error, error_type } = (&self.0).into();
        let detail = json!({
            "__type__": "validate",
            "is_valid": false,
            "parameter_name": schema::PARAMETER,
            "message": error,
        });
        let body = json!({"error": error, "error_type": error_type, "detail": [detail]});
        (status, headers, Json(body)).into_response()
    }
}

/// How Gradio tells of a full queue: by 503, on which `gradio_client` raises its `QueueError`.
#[must_use]
pub fn queue_full() -> Response {
    let body = ErrorBody::from(&ApiError::from(AnalyzeError::Busy));
    (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
}

/// Answers who asked for a QR code, in plain text.
impl IntoResponse for QrError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Link(error) => response_parts(error).0,
            Self::NoOrigin => StatusCode::BAD_REQUEST,
        };
        (status, self.to_string()).into_response()
    }
}

/// The status and headers beside the general card where there is none of the text; the log has the cause.
pub(super) fn card_parts(error: &CardError) -> (StatusCode, HeaderMap) {
    match error {
        CardError::Busy => response_parts(&AnalyzeError::Busy),
        CardError::Draw(_) | CardError::Stopped(_) | CardError::Closed(_) => {
            tracing::error!(%error, "no card");
            (StatusCode::INTERNAL_SERVER_ERROR, HeaderMap::new())
        }
    }
}

fn for_now(status: StatusCode) -> (StatusCode, HeaderMap) {
    (status, one(RETRY_AFTER, RETRY_AFTER_SECONDS))
}

fn one(name: HeaderName, value: HeaderValue) -> HeaderMap {
    HeaderMap::from_iter([(name, value)])
}

/// An error and its sources in one line, as the log has them.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    line
}
