//! What runs here: `GET /info`, for programs.

use super::{api::input::MAX_TEXTS, guard::GuardInfo, state::AppState};
use crate::engine::{Engine, setting::PassedOver};
use axum::{Json, extract::State};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The program and its models.
#[derive(Debug, Serialize, ToSchema)]
pub struct Info {
    /// Version of this program.
    version: &'static str,
    /// The models, the default first.
    models: Vec<ModelInfo>,
    /// What restricts the endpoints for programs.
    guard: GuardInfo,
    /// Whether language models have an endpoint at `/mcp`.
    mcp: bool,
    /// The default model in the words of Text Embeddings Inference.
    #[serde(flatten)]
    tei: TeiInfo,
}

/// What the clients of Text Embeddings Inference read (`router/src/lib.rs`, `Info`).
#[derive(Debug, Serialize, ToSchema)]
pub struct TeiInfo {
    /// Name of the default model.
    model_id: String,
    /// Commit of a model from the Hub; nothing for a folder's.
    model_sha: Option<String>,
    /// The name that answers give it.
    served_model_name: String,
    /// Precision of its weights.
    model_dtype: String,
    /// What kind of model it is.
    model_type: ModelType,
    /// Rows that may wait for it: texts, windows of long ones, sentences, texts with a part hidden.
    max_concurrent_requests: usize,
    /// Tokens that a text may have.
    max_input_length: usize,
    /// Tokens in one batch, padding included.
    max_batch_tokens: usize,
    /// Texts in one batch.
    max_batch_requests: usize,
    /// Texts in one request.
    max_client_batch_size: usize,
    /// Whether long texts are cut; they are not.
    auto_truncate: bool,
    /// Texts that are tokenized at the same time.
    tokenization_workers: usize,
    /// Commit of the program, which is not known here: `version` names it.
    sha: Option<&'static str>,
    /// Label of its container; there is none.
    docker_label: Option<&'static str>,
}

/// A kind of model.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelType {
    /// One that gives each label a score.
    Classifier {
        /// The labels by their numbers.
        // In JSON a key is a string.
        #[schema(value_type = BTreeMap<String, String>)]
        id2label: BTreeMap<usize, String>,
        /// The numbers by their labels.
        label2id: BTreeMap<String, usize>,
    },
}

/// A model and its setting.
#[derive(Debug, Serialize, ToSchema)]
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
    /// Accelerators that were not tried, as they would leave most of an 8-bit graph to the CPU.
    skipped_devices: Vec<String>,
    /// Sessions side by side.
    sessions: usize,
    /// Threads of each.
    threads: usize,
    /// Whether texts share batches; false for a model whose answers would depend on them.
    batched: bool,
    /// Whether it has answered its first text, and runs.
    ready: bool,
}

/// Describe what runs here.
#[utoipa::path(get, path = "/info", tag = "Server", responses((status = 200, body = Info, description = "The program and its models.")))]
pub async fn info(State(state): State<AppState>) -> Json<Info> {
    let models = state.models.all().iter().map(ModelInfo::new).collect();
    Json(Info {
        version: env!("CARGO_PKG_VERSION"),
        models,
        guard: state.guard.info(),
        mcp: state.mcp,
        tei: TeiInfo::new(&state.models.first()),
    })
}

impl TeiInfo {
    fn new(engine: &Engine) -> Self {
        let labels = || engine.labels().iter().cloned().enumerate();
        let limits = engine.limits();
        Self {
            model_id: engine.model().to_owned(),
            model_sha: engine.revision().map(str::to_owned),
            served_model_name: engine.model().to_owned(),
            model_dtype: engine.setting().dtype.to_string(),
            model_type: ModelType::Classifier {
                id2label: labels().collect(),
                label2id: labels().map(|(id, label)| (label, id)).collect(),
            },
            max_concurrent_requests: limits.waiting,
            max_input_length: engine.max_tokens(),
            max_batch_tokens: limits.tokens,
            max_batch_requests: limits.rows,
            max_client_batch_size: MAX_TEXTS,
            auto_truncate: false,
            tokenization_workers: engine.readers(),
            sha: None,
            docker_label: None,
        }
    }
}

impl ModelInfo {
    fn new(engine: &Engine) -> Self {
        let setting = engine.setting();
        let PassedOver { failed, unfit } = &setting.passed_over;
        Self {
            name: engine.model().to_owned(),
            labels: engine.labels().to_vec(),
            dtype: setting.dtype.to_string(),
            device: setting.device.to_string(),
            failed_devices: failed.iter().map(|(device, _)| device.to_string()).collect(),
            skipped_devices: unfit.iter().map(ToString::to_string).collect(),
            sessions: setting.sessions,
            threads: setting.threads,
            batched: setting.is_batched,
            ready: engine.is_ready(),
        }
    }
}
