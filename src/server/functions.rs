//! Server functions, which the page asks: each by its name below `/page`, and each error by the status that
//! it has everywhere.

use super::{
    api::{error::ApiError, json, values},
    failure::response_parts,
    state::AppState,
};
use crate::error::AnalyzeError;
use axum::{
    Json,
    body::to_bytes,
    extract::{Request, State, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{StatusCode, request::Parts};
use leptos::{prelude::provide_context, server_fn::axum::get_server_fn_service};

/// More bytes than an error's JSON ever has.
const MAX_ERROR: usize = 64 * 1024;

/// The page's server functions, with the models as their context.
///
/// A body must say that it is JSON: what a page of another origin may send unasked cannot say so.
pub async fn answer(
    State(state): State<AppState>,
    head: Parts,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    if get_server_fn_service(head.uri.path(), head.method.clone()).is_none() {
        return ApiError::NotFound.into_response();
    }
    let body = match body {
        Ok(body) if json::is_json(&head.headers) && !values::are_too_many(&body) => body,
        // To Leptos, these are like any other body that cannot be read.
        Err(rejection) => {
            return refusal(match ApiError::from(rejection) {
                ApiError::TooLarge(_) => AnalyzeError::TooMuch,
                ApiError::Analyze(error) => error,
                _ => AnalyzeError::Malformed,
            });
        }
        Ok(_) => return refusal(AnalyzeError::Malformed),
    };
    let request = Request::from_parts(head, body.into());
    let context = move || {
        provide_context(state.models.clone());
        if let Some(feedback) = &state.feedback {
            provide_context(feedback.clone());
        }
    };
    let response = leptos_axum::handle_server_fns_with_context(context, request).await;
    restore_status(response.into_response()).await
}

/// Gives a server function's error its own status, where Leptos 0.8 answers 500 to every one.
async fn restore_status(response: Response) -> Response {
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
pub fn refusal(error: AnalyzeError) -> Response {
    let (status, headers) = response_parts(&error);
    (status, headers, Json(error)).into_response()
}
