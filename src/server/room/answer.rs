//! Answers: those that are made as a whole count until they are sent, since a client that does not read
//! keeps them in memory.
//!
//! This goes inside of compression, which tells no length, and reads on only as its client does.

use super::{
    NoRoom,
    share::{Held, Share},
};
use crate::{error::AnalyzeError, server::failure};
use axum::{
    body::{HttpBody, to_bytes},
    extract::Request,
    middleware::Next,
    response::Response,
};
use std::sync::Arc;

/// Bytes of each answer that need no room: a page about a text of a hundred sentences. The
/// connections bound them.
pub const FREE: usize = 64_000;

/// Holds room for an answer until it is sent, or refuses where there is none.
pub async fn hold(request: Request, next: Next) -> Response {
    let room = request.extensions().get::<Arc<Share>>().map(|share| share.room());
    let response = next.run(request).await;
    let is_large = response.body().size_hint().exact().is_some_and(|bytes| bytes > FREE as u64);
    let Some(room) = room.filter(|_| is_large) else { return response };
    let (parts, body) = response.into_parts();
    // All of it is in memory already.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    match Held::of(Arc::new(Share::of(room, FREE)), 0).carry(body) {
        Ok(body) => Response::from_parts(parts, body.into()),
        Err(NoRoom) => failure::given_up(AnalyzeError::Busy),
    }
}
