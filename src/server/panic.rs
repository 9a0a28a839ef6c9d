//! Panics: none is expected, and one is one request's end, not the process's.
//!
//! Its message may hold what a request brought, as that of a slice that ends within a character
//! does, so the log has its place alone.

use super::failure;
use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use std::panic::{self, AssertUnwindSafe, Location};

/// From now on, a panic is a log line with its place.
pub fn log() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(Location::to_string);
        tracing::error!(place, "a panic; please report it");
    }));
}

/// Answers a request whose handler panicked as any other that the server failed.
pub async fn catch(request: Request, next: Next) -> Response {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|_| failure::panicked().into_response())
}
