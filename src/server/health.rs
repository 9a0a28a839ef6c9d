//! Whether the server can answer: `GET /health`, and `GET /ping`.

use super::{
    api::{error::ApiError, refusals::Unready},
    failure::chain,
    state::AppState,
};
use crate::{engine::Engine, error::AnalyzeError, models::Models};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use futures_util::future::join_all;
use http::header::CACHE_CONTROL;
use std::time::Duration;
use tokio::time;

/// The pause after a first text that failed; each later one is twice as long, to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// Say whether every model has answered a text and is running; the same at `/ping`, where SageMaker asks.
#[utoipa::path(
    get,
    path = "/health",
    tag = "Server",
    responses(
        (status = 200, content_type = "text/plain", body = String, description = "Every model has answered a text and is running."),
        Unready,
    )
)]
pub async fn health(State(state): State<AppState>) -> Response {
    let models = state.models.all();
    let response = if models.iter().any(Engine::is_restarting) {
        ApiError::from(AnalyzeError::Restarting).into_response()
    } else if models.iter().all(Engine::is_ready) {
        "ready\n".into_response()
    } else {
        ApiError::NotReady.into_response()
    };
    ([(CACHE_CONTROL, "no-store")], response).into_response()
}

/// Lets each model answer its first text, again and again where it fails; until then the server is not ready.
pub async fn warm_up(models: Models) {
    join_all(models.all().iter().map(answer_first)).await;
}

async fn answer_first(engine: &Engine) {
    let mut pause = FIRST_PAUSE;
    while let Err(error) = engine.warm_up().await {
        tracing::error!(model = engine.model(), error = %chain(&error), "the model failed its first text");
        time::sleep(pause).await;
        pause = MAX_PAUSE.min(pause * 2);
    }
    tracing::info!(model = engine.model(), "ready");
}
