//! Compression: which answers are compressed on the way out, those larger than a packet; and no body on the
//! way in, as none may unfold into more than it is.
//!
//! The page's streams of lines are among the answers. None of their lines waits for the next one: whenever
//! that is not there yet, the encoder hands out what it has. The page's own files are not among them: they
//! are compressed when they are built (`assets`).

use super::api::error::ApiError;
use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING},
};
use tower_http::compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::SizeAbove};

/// Bytes below which an answer is sent as it is: it fits a packet either way, and to compress it
/// costs more than all else about a short answer.
const A_PACKET: u16 = 1024;

/// The layer for pages and endpoints alike. It knows gzip alone: Brotli made a page 3 % smaller, and a
/// fourth as many of them in a second, since its encoder asks the system for new tables each time.
pub fn layer() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().compress_when(DefaultPredicate::new().and(SizeAbove::new(A_PACKET)))
}

/// Refuses a body that is compressed, which would be taken for what it is not.
pub async fn refuse(request: Request, next: Next) -> Response {
    let is_plain =
        |coding: &HeaderValue| coding.is_empty() || coding.as_bytes().eq_ignore_ascii_case(b"identity");
    if request.headers().get_all(CONTENT_ENCODING).iter().all(is_plain) {
        return next.run(request).await;
    }
    let error = "A body with a Content-Encoding is not read. Send it as it is, without that header.";
    // What would be read, as RFC 9110 wants it said (15.5.16).
    ([(ACCEPT_ENCODING, "identity")], ApiError::MediaType(error.into())).into_response()
}
