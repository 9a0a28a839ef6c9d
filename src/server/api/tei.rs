//! The endpoint of Text Embeddings Inference: `POST /predict`.
//!
//! A text longer than the model reads is read in windows where TEI would cut it, unless
//! `truncate` asks for the cut.

pub mod effort;
mod request;

use super::{
    error::{ApiError, ErrorBody},
    input::Input,
    json::Json,
    options::{Options, analyze_all},
    refusals::{Down, Refused},
};
use crate::{
    engine::{Engine, reading::Wanted, scores::Activation, tokenizer::Cut},
    sentiment::Score,
    server::{room::answer::Making, state::AppState},
    text::TextError,
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use effort::Effort;
use request::{Direction, PredictInputs, PredictRequest};
use serde::Serialize;
use std::{slice, time::Instant};
use utoipa::ToSchema;

/// The scores of one text, or of several in their order; all labels, the highest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum PredictResponse {
    /// Of one.
    One(Vec<Score>),
    /// Of several.
    Many(Vec<Vec<Score>>),
}

/// A failure that is answered with TEI's status.
#[derive(Debug)]
pub struct PredictError(pub ApiError);

impl<E: Into<ApiError>> From<E> for PredictError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// Classify texts by the model that the body names, or else by the first one.
///
/// `["a", "b"]` is one pair, not two texts: those are `[["a"], ["b"]]`.
#[utoipa::path(
    post,
    path = "/predict",
    tag = "Text Embeddings Inference",
    request_body(content = PredictRequest, example = json!({"inputs": [["Good."], ["Bad."]], "raw_scores": true})),
    responses(
        (status = 200, body = PredictResponse, description = "The scores of the text, or of each."),
        Refused,
        (status = 424, body = ErrorBody, description = "The model failed."),
        Down,
    )
)]
pub async fn predict(
    State(state): State<AppState>,
    making: Making,
    Json(request): Json<PredictRequest>,
) -> Result<Response, PredictError> {
    let start = Instant::now();
    let engine = state.models.get_or_first(request.model.as_deref());
    let cut = request.truncate.unwrap_or(false).then_some(match request.truncation_direction {
        Some(Direction::Left) => Cut::Start,
        Some(Direction::Right) | None => Cut::End,
    });
    let activation = request.raw_scores.unwrap_or(false).then_some(Activation::Identity);
    let options = Options { wanted: Wanted { activation, cut, ..Wanted::default() }, top_k: None };
    let (response, effort) = match request.inputs {
        PredictInputs::One(text) => one(&engine, options, vec![text]).await?,
        PredictInputs::List(list) => one(&engine, options, list.checked()?).await?,
        PredictInputs::Many(lists) => several(&engine, &making, options, lists.checked()?).await?,
    };
    Ok((effort.headers(&engine, start.elapsed()), axum::Json(response)).into_response())
}

/// The answer to one text or pair, which is refused at once where the queue is full.
async fn one(
    engine: &Engine,
    options: Options,
    texts: Vec<Input>,
) -> Result<(PredictResponse, Effort), ApiError> {
    let (options, text) = ask(options, texts)?;
    let characters = text.chars().count();
    let analysis = options.analyze(engine, text).await?;
    let effort = Effort::of(characters, slice::from_ref(&analysis));
    Ok((PredictResponse::One(analysis.scores), effort))
}

/// The answer to several, which wait for room.
async fn several(
    engine: &Engine,
    making: &Making,
    options: Options,
    lists: Vec<Vec<Input>>,
) -> Result<(PredictResponse, Effort), ApiError> {
    let asked = lists.into_iter().enumerate().map(|(index, texts)| {
        ask(options, texts).map_err(|error| ApiError::At { index, error: Box::new(error.into()) })
    });
    let asked = asked.collect::<Result<Vec<_>, _>>()?;
    let characters = asked.iter().map(|(_, text)| text.chars().count()).sum();
    let analyses = analyze_all(engine, making, asked).await?;
    let effort = Effort::of(characters, &analyses);
    Ok((PredictResponse::Many(analyses.into_iter().map(|analysis| analysis.scores).collect()), effort))
}

/// Classify texts at the address that SageMaker asks, as at `/predict`.
#[utoipa::path(
    post,
    path = "/invocations",
    tag = "Text Embeddings Inference",
    request_body(content = PredictRequest, example = json!({"inputs": "Good."})),
    responses(
        (status = 200, body = PredictResponse, description = "The scores of the text, or of each."),
        Refused,
        (status = 424, body = ErrorBody, description = "The model failed."),
        Down,
    )
)]
pub async fn invocations(
    state: State<AppState>,
    making: Making,
    request: Json<PredictRequest>,
) -> Result<Response, PredictError> {
    predict(state, making, request).await
}

/// One text or a pair in one string, and where in it the second one begins.
fn ask(options: Options, texts: Vec<Input>) -> Result<(Options, String), TextError> {
    if texts.iter().any(|Input(text)| text.trim().is_empty()) {
        return Err(TextError::Blank);
    }
    let second = (texts.len() == 2).then(|| texts[0].0.len());
    let wanted = Wanted { second, ..options.wanted };
    Ok((Options { wanted, ..options }, texts.into_iter().map(|Input(text)| text).collect()))
}
