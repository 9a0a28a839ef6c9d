//! Answers: those that are made as a whole count until they are sent, since a client that does not read
//! keeps them in memory; and before that the analyses of several texts that one is made of.
//!
//! This goes inside of compression, which tells no length, and reads on only as its client does.

use super::{
    NoRoom,
    claim::{Claim, Held},
};
use crate::{error::AnalyzeError, server::failure};
use axum::{
    body::{HttpBody, to_bytes},
    extract::{FromRequestParts, Request},
    middleware::Next,
    response::Response,
};
use http::request::Parts;
use std::{convert::Infallible, sync::Arc};

/// Bytes of each answer that need no room, and of what it is made of: a page about a text of a hundred
/// sentences. The connections bound them.
pub const FREE: usize = 64_000;

/// The room of a request's answer, for what it is made of; without [`hold`] nothing bounds it.
#[derive(Clone, Debug, Default)]
pub struct Making(Arc<Claim>);

impl Making {
    /// That of the request with this head.
    #[must_use]
    pub fn of(request: &Parts) -> Self {
        request.extensions.get().cloned().unwrap_or_default()
    }

    /// Counts so many bytes more, in whose place the answer counts once it is made.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] where there is none for them.
    pub fn count(&self, bytes: usize) -> Result<(), NoRoom> {
        self.0.exchange(0, bytes)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Making {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

/// Holds room for an answer while it is made and until it is sent, or refuses where there is none.
///
/// An answer and what it is made of are both there only while one becomes the other, which nothing interrupts:
/// for no more answers at a time than there are threads. Only those of `/mcp`, which have no sentences, are both
/// kept for a while by its library.
pub async fn hold(mut request: Request, next: Next) -> Response {
    let Some(room) = request.extensions().get::<Arc<Claim>>().map(|claim| claim.room()) else {
        return next.run(request).await;
    };
    let claim = Arc::new(Claim::of(room, FREE));
    request.extensions_mut().insert(Making(Arc::clone(&claim)));
    let response = next.run(request).await;
    let made_of = Held::of(Arc::clone(&claim), claim.bytes());
    if response.body().size_hint().exact().is_none_or(|bytes| bytes <= FREE as u64) {
        return response;
    }
    let (parts, body) = response.into_parts();
    // All of it is in memory already.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    match made_of.carry(body) {
        Ok(body) => Response::from_parts(parts, body.into()),
        Err(NoRoom) => failure::given_up(AnalyzeError::Busy),
    }
}
