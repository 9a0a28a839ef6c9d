//! Refusals of the protocol's library, in the one shape of every address: it has only text for what is
//! no message of the protocol. An error that is one, in JSON, stays as it is.

use crate::server::api::{
    MAX_BODY,
    error::{ApiError, ErrorBody},
    json::is_json,
};
use axum::{
    Json,
    body::to_bytes,
    response::{IntoResponse, Response},
};
use http::{
    StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};

/// Gives a refusal in text the shape; the status and the other headers remain.
pub async fn reshape(response: Response) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_json(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let text = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let body = match status {
        StatusCode::METHOD_NOT_ALLOWED => ErrorBody::from(&ApiError::MethodNotAllowed),
        _ => ErrorBody { error: String::from_utf8_lossy(&text).into_owned(), error_type: error_type(status) },
    };
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.remove(CONTENT_TYPE);
    let mut answer = Json(body).into_response();
    *answer.status_mut() = status;
    answer.headers_mut().extend(parts.headers);
    answer
}

/// The kind of error, as other addresses name it.
fn error_type(status: StatusCode) -> &'static str {
    match status {
        StatusCode::FORBIDDEN => "Forbidden",
        StatusCode::NOT_FOUND => "NotFound",
        StatusCode::NOT_ACCEPTABLE => "NotAcceptable",
        StatusCode::PAYLOAD_TOO_LARGE => "PayloadTooLarge",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "UnsupportedMediaType",
        status if status.is_server_error() => "Backend",
        _ => "Malformed",
    }
}
