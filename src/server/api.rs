//! The endpoints for programs: Valence's own API and those that existing clients already speak.
//!
//! Every handler is thin: it reads its protocol's request, asks an engine, and writes its
//! protocol's answer. What goes wrong is an [`error::ApiError`], and `server/failure` answers it.

pub mod elsewhere;
pub mod error;
pub mod input;
pub mod json;
pub mod options;
pub mod refusals;
pub mod unread;
pub mod values;

pub mod analyze;
pub mod batch;

pub mod gradio;
pub mod huggingface;
pub mod tei;

use super::{
    compression,
    limits::{Limits, MAX_BODY},
    room::answer::hold,
    state::AppState,
};
use axum::{Router, extract::DefaultBodyLimit, middleware, routing::any};
use error::ApiError;
use gradio::schema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes that describe themselves.
pub fn described() -> OpenApiRouter<AppState> {
    let v1 = OpenApiRouter::new()
        .routes(routes!(analyze::analyze))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn(hold))
        .layer(compression::layer())
        // Its lines leave one by one, and an encoder would be flushed after each.
        .routes(routes!(batch::batch));
    let others = OpenApiRouter::new()
        .routes(routes!(huggingface::classify))
        .routes(routes!(huggingface::classify_by))
        .routes(routes!(tei::predict))
        .routes(routes!(tei::invocations))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn(hold))
        .layer(compression::layer());
    OpenApiRouter::new().nest("/api/v1", v1).merge(others)
}

/// Every route for programs, within these limits.
pub fn router(limits: Limits) -> Router<AppState> {
    let mut router = Router::from(described()).merge(gradio::router(limits.answer));
    // A program asks whatever is asked there, and reads no page.
    for place in ["/api", schema::PREFIX] {
        for path in [place.to_owned(), format!("{place}/"), format!("{place}/{{*path}}")] {
            router = router.route(&path, any(not_found));
        }
    }
    router.method_not_allowed_fallback(method_not_allowed)
}

async fn not_found() -> ApiError {
    ApiError::NotFound
}

/// Answers a method that an address for programs does not take.
pub async fn method_not_allowed() -> ApiError {
    ApiError::MethodNotAllowed
}
