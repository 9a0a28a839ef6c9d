//! How server functions, which the page asks, answer with an error: by the status that it has everywhere.

use super::response_parts;
use crate::error::AnalyzeError;
use axum::{
    Json,
    body::to_bytes,
    response::{IntoResponse, Response},
};
use http::StatusCode;

/// More bytes than an error's JSON ever has.
const MAX_ERROR: usize = 64 * 1024;

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
