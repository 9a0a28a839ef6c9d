//! What runs here: `GET /info`, for programs.

use super::state::AppState;
use crate::engine::Engine;
use axum::{Json, extract::State};
use serde::Serialize;

/// The program and its models.
#[derive(Debug, Serialize)]
pub struct Info {
    /// Version of this program.
    version: &'static str,
    /// The models, the default first.
    models: Vec<ModelInfo>,
}

/// A model and its setting.
#[derive(Debug, Serialize)]
pub struct ModelInfo {
    /// The name that requests may ask for.
    name: String,
    /// Labels, in the order of their numbers.
    labels: Vec<String>,
    /// Precision of the model's weights.
    dtype: String,
    /// Device that it runs on.
    device: String,
    /// Accelerators that were tried and do not work here; the log has the reasons.
    failed_devices: Vec<String>,
    /// Sessions side by side.
    sessions: usize,
    /// Threads of each.
    threads: usize,
    /// Whether texts share batches; false for a model whose answers would depend on them.
    batched: bool,
    /// Whether it has answered its first text.
    ready: bool,
}

/// Tells what runs here.
pub async fn info(State(state): State<AppState>) -> Json<Info> {
    let models = state.models.all().iter().map(ModelInfo::new).collect();
    Json(Info { version: env!("CARGO_PKG_VERSION"), models })
}

impl ModelInfo {
    fn new(engine: &Engine) -> Self {
        let setting = engine.setting();
        Self {
            name: engine.model().to_owned(),
            labels: engine.labels().to_vec(),
            dtype: setting.dtype.to_string(),
            device: setting.device.to_string(),
            failed_devices: setting.failed.iter().map(|(device, _)| device.to_string()).collect(),
            sessions: setting.sessions,
            threads: setting.threads,
            batched: setting.is_batched,
            ready: engine.is_ready(),
        }
    }
}
