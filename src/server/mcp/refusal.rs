//! Refusals of the protocol's library, in sentences that say what to do. Its own often have no more than
//! a method's name, or quote what was sent.
//!
//! What is no message of the protocol is refused in the one shape of every address; an error that is a
//! message keeps its shape and its code.

use crate::server::{
    api::{
        error::{ApiError, ErrorBody},
        json::is_json,
    },
    limits::MAX_BODY,
};
use axum::{
    Json,
    body::to_bytes,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use rmcp::{ErrorData, model::ErrorCode};
use serde_json::value::{RawValue, to_raw_value};
use std::collections::BTreeMap;

/// Puts a refusal into words of our own; its headers remain.
pub async fn reshape(request: Request, next: Next) -> Response {
    let sent_json = is_json(request.headers());
    let response = next.run(request).await;
    let status = response.status();
    let is_message = is_json(response.headers());
    if !is_message && !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    if is_message {
        // The library has the whole of it in memory already.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let told = in_words(&body).map_or(body, Into::into);
        return Response::from_parts(parts, told.into());
    }
    parts.headers.remove(CONTENT_TYPE);
    let (status, body) = refusal(status, sent_json);
    let mut answer = Json(body).into_response();
    *answer.status_mut() = status;
    answer.headers_mut().extend(parts.headers);
    answer
}

/// A message with its error in words of our own, where it is an error.
fn in_words(message: &[u8]) -> Option<Vec<u8>> {
    let mut message: BTreeMap<&str, &RawValue> = serde_json::from_slice(message).ok()?;
    let mut error: ErrorData = serde_json::from_str(message.get("error")?.get()).ok()?;
    error.message = sentence(error.code).into();
    let error = to_raw_value(&error).ok()?;
    message.insert("error", &error);
    serde_json::to_vec(&message).ok()
}

/// What an error of the protocol means here.
fn sentence(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::INVALID_REQUEST => {
            "This is no request, or its version of the protocol is not the one in the header MCP-Protocol-Version. \
             Send a request, with one version in both."
        }
        ErrorCode::METHOD_NOT_FOUND => {
            "There is no such method here, or it does not take such parameters. Ask tools/list, which shows the one \
             tool and what it takes."
        }
        ErrorCode::INVALID_PARAMS => {
            "These parameters do not fit. There is one tool, analyze_sentiment, and tools/list shows what it takes; \
             from version 2026-07-28 of the protocol on, _meta must have its fields too."
        }
        ErrorCode::HEADER_MISMATCH => {
            "The protocol's headers and the body do not agree. Send MCP-Protocol-Version, Mcp-Method and Mcp-Name as \
             the body has them."
        }
        ErrorCode::UNSUPPORTED_PROTOCOL_VERSION => {
            "This version of the protocol is not spoken here. Ask again in one of those listed as supported."
        }
        _ => "Something went wrong on the server. Try again.",
    }
}

/// What answers a request that is no message of the protocol.
fn refusal(status: StatusCode, sent_json: bool) -> (StatusCode, ErrorBody) {
    let other = |error: &str, error_type| ErrorBody { error: error.into(), error_type };
    let body = match status {
        StatusCode::BAD_REQUEST => ErrorBody::from(&ApiError::Malformed(
            "The header Host or MCP-Protocol-Version is not one that can be answered. Send the address, and a \
             version that the answer to initialize names."
                .into(),
        )),
        // To the library, JSON that is no message is a type that it does not take.
        StatusCode::UNSUPPORTED_MEDIA_TYPE if sent_json => {
            let error = ApiError::Malformed(
                "The body is no message of the protocol. Send one in JSON-RPC 2.0, with \"jsonrpc\", \"id\" and \
                 \"method\". A text in it must not be cut inside a character."
                    .into(),
            );
            return (StatusCode::BAD_REQUEST, ErrorBody::from(&error));
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorBody::from(&ApiError::no_json()),
        StatusCode::METHOD_NOT_ALLOWED => other(
            "This address does not take this method. Send the protocol's messages by POST.",
            ApiError::MethodNotAllowed.error_type(),
        ),
        StatusCode::PAYLOAD_TOO_LARGE => ErrorBody::from(&ApiError::TooLarge(format!(
            "The body has more than {MAX_BODY} bytes. Split the texts into several calls."
        ))),
        StatusCode::NOT_ACCEPTABLE => other(
            "The answer may come in either of two types. Send the header \"Accept: application/json, \
             text/event-stream\".",
            "NotAcceptable",
        ),
        StatusCode::FORBIDDEN => other(
            "Requests with this Host or Origin are not answered. Whoever runs the server can allow them with \
             --public-url or --cors.",
            "Forbidden",
        ),
        status if status.is_server_error() => {
            other("The request could not be answered. Send it again.", "Backend")
        }
        _ => ErrorBody::from(&ApiError::Malformed("The request is not one of the protocol. Check it.".into())),
    };
    (status, body)
}
