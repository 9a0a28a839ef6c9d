//! Whether the server can answer: `GET /health`.

use super::{api::error::ApiError, state::AppState};
use crate::{engine::Engine, models::Models};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header::CACHE_CONTROL;

/// 200 once every model has answered a text, 503 before.
pub async fn health(State(state): State<AppState>) -> Response {
    let response = if state.models.all().iter().all(Engine::is_ready) {
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
