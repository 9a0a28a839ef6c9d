//! The door of Text Embeddings Inference: `POST /predict`.
//!
//! A text longer than the model reads is read in windows where TEI would cut it, unless
//! `truncate` asks for the cut.

use super::{
    analyze::MAX_TEXTS,
    error::{ApiError, ErrorBody},
    input::Input,
    json::Json,
    options::{Options, analyze_all},
};
use crate::{
    engine::{device::Device, reading::Wanted, scores::Activation, tokenizer::Cut},
    error::AnalyzeError,
    sentiment::{Analysis, Score},
    server::state::AppState,
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::time::Instant;
use utoipa::ToSchema;

/// What to classify, and how.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PredictRequest {
    /// One text, or a list of lists that hold one each.
    inputs: PredictInputs,
    /// Whether a text longer than the model reads at once is cut; otherwise it is read in windows.
    truncate: Option<bool>,
    /// Which end is left out when it is cut.
    #[serde(default)]
    truncation_direction: Direction,
    /// Whether the logits are wanted in place of probabilities.
    #[serde(default)]
    raw_scores: bool,
}

/// One text or several.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum PredictInputs {
    /// One.
    One(Input),
    /// Several, each in a list of its own.
    Many(Vec<Vec<Input>>),
}

/// An end of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub enum Direction {
    /// The first tokens.
    #[serde(alias = "left")]
    Left,
    /// The last tokens.
    #[default]
    #[serde(alias = "right")]
    Right,
}

/// The scores of one text, or of several in their order; all labels, the highest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum PredictResponse {
    /// Of one.
    One(Vec<Score>),
    /// Of several.
    Many(Vec<Vec<Score>>),
}

/// A failure with TEI's status: there, a model that fails is 424, not 500.
#[derive(Debug)]
pub struct PredictError(ApiError);

impl<E: Into<ApiError>> From<E> for PredictError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for PredictError {
    fn into_response(self) -> Response {
        let is_backend = matches!(
            self.0,
            ApiError::Analyze(AnalyzeError::Failed { .. })
                | ApiError::At { error: AnalyzeError::Failed { .. }, .. }
        );
        let mut response = self.0.into_response();
        if is_backend {
            *response.status_mut() = StatusCode::FAILED_DEPENDENCY;
        }
        response
    }
}

/// Classify texts by the first model.
#[utoipa::path(
    post,
    path = "/predict",
    tag = "Text Embeddings Inference",
    request_body(content = PredictRequest, example = json!({"inputs": [["Good."], ["Bad."]], "raw_scores": true})),
    responses(
        (status = 200, body = PredictResponse, description = "The scores of the text, or of each."),
        (status = "4XX", body = ErrorBody, description = "A text or the request is refused; 424 where the model failed."),
    )
)]
pub async fn predict(
    State(state): State<AppState>,
    Json(request): Json<PredictRequest>,
) -> Result<Response, PredictError> {
    let start = Instant::now();
    let engine = state.models.first();
    let cut = request.truncate.unwrap_or(false).then_some(match request.truncation_direction {
        Direction::Left => Cut::Start,
        Direction::Right => Cut::End,
    });
    let activation = request.raw_scores.then_some(Activation::Identity);
    let options = Options { wanted: Wanted { activation, cut, ..Wanted::default() }, top_k: None };
    let (response, characters, tokens) = match request.inputs {
        PredictInputs::One(Input(text)) => {
            let characters = text.chars().count();
            let analysis = options.analyze(&engine, text).await.map_err(ApiError::from)?;
            let tokens = analysis.tokens;
            (PredictResponse::One(analysis.scores), characters, tokens)
        }
        PredictInputs::Many(texts) if texts.is_empty() || texts.len() > MAX_TEXTS => {
            return Err(
                ApiError::Invalid(format!("\"inputs\" must be a text or 1 to {MAX_TEXTS} of them.")).into()
            );
        }
        PredictInputs::Many(texts) if texts.iter().any(|text| text.len() != 1) => {
            return Err(ApiError::Invalid(
                "Each list in \"inputs\" must hold one text; pairs are not read here.".into(),
            )
            .into());
        }
        PredictInputs::Many(texts) => {
            let texts = texts.into_iter().flatten().collect::<Vec<_>>();
            let characters = texts.iter().map(|Input(text)| text.chars().count()).sum();
            let analyses: Vec<Analysis> = analyze_all(options, &engine, texts).await?;
            let tokens = analyses.iter().map(|analysis| analysis.tokens).sum();
            let scores = analyses.into_iter().map(|analysis| analysis.scores).collect();
            (PredictResponse::Many(scores), characters, tokens)
        }
    };
    let millis = start.elapsed().as_millis().to_string();
    let device = if engine.setting().device == Device::Cpu { "cpu" } else { "gpu" };
    let headers = [
        ("x-compute-type", device.to_owned()),
        ("x-compute-time", millis.clone()),
        ("x-total-time", millis),
        ("x-compute-characters", characters.to_string()),
        ("x-compute-tokens", tokens.to_string()),
    ];
    Ok((headers, axum::Json(response)).into_response())
}
