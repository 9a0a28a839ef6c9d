//! Whether the server can answer: `GET /health`, and `GET /ping`.

use super::{
    api::error::{ApiError, ErrorBody},
    state::AppState,
};
use crate::{engine::Engine, models::Models};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header::CACHE_CONTROL;

/// Tell whether every model has answered a text, and runs; the same at `/ping`, where SageMaker asks.
#[utoipa::path(
    get,
    path = "/health",
    tag = "Server",
    responses(
        (status = 200, content_type = "text/plain", body = String, description = "All have, and do."),
        (status = 503, body = ErrorBody, description = "Not yet, or one has failed and is being started anew."),
    )
)]
pub async fn health(State(state): State<AppState>) -> Response {
    let models = state.models.all();
    let response = if models.iter().any(Engine::is_restarting) {
        ApiError::Restarting.into_response()
    } else if models.iter().all(Engine::is_ready) {
        "ready\n".into_response()
    } else {
        ApiError::NotReady.into_response()
    };
    ([(CACHE_CONTROL, "no-store")], response).into_response()
}

/// Lets each model answer its first text; until then the server is not ready.
pub async fn warm_up(models: Models) {
    for engine in models.all() {
        match engine.warm_up().await {
            Ok(()) => tracing::info!(model = engine.model(), "ready"),
            Err(error) => tracing::error!(model = engine.model(), %error, "the model failed its first text"),
        }
    }
}
