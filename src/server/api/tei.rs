//! The endpoint of Text Embeddings Inference: `POST /predict`.
//!
//! A text longer than the model reads is read in windows where TEI would cut it, unless
//! `truncate` asks for the cut.

pub mod effort;

use super::{
    elsewhere::OfHuggingFace,
    error::{ApiError, ErrorBody},
    input::{Input, MAX_TEXTS},
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
use serde::{Deserialize, Serialize};
use std::{slice, time::Instant};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, Ref, RefOr, Schema},
};

/// What to classify, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "what is refused as it is read is never looked at")]
pub struct PredictRequest {
    /// One text, a pair of them, or a list of lists that hold one text or a pair each.
    inputs: PredictInputs,
    /// Whether a text longer than the model reads at once is cut; otherwise it is read in windows.
    truncate: Option<bool>,
    /// Which end is left out when it is cut; the last tokens where it is absent.
    truncation_direction: Option<Direction>,
    /// Whether the logits are wanted in place of probabilities.
    raw_scores: Option<bool>,
    /// Only `POST /` takes them; empty or absent here.
    #[serde(default)]
    parameters: OfHuggingFace,
}

/// One text, a pair or several.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(
    untagged,
    expecting = "\"inputs\" must be a text, a pair of texts, or a list of lists that hold one text or a pair each"
)]
pub enum PredictInputs {
    /// One.
    One(Input),
    /// One in a list, or two that are read as one, with the model's separator between them.
    List(List),
    /// Several, each in a list of its own, alone or as a pair.
    Many(Lists),
}

/// One text or two.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct List(Vec<Input>);

impl PartialSchema for List {
    fn schema() -> RefOr<Schema> {
        texts().into()
    }
}

impl ToSchema for List {}

/// Lists of one text or two.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Lists(Vec<Vec<Input>>);

impl PartialSchema for Lists {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new().items(texts()).min_items(Some(1)).max_items(Some(MAX_TEXTS)).into()
    }
}

impl ToSchema for Lists {}

fn texts() -> ArrayBuilder {
    let text = Ref::from_schema_name(Input::name());
    ArrayBuilder::new().items(text).min_items(Some(1)).max_items(Some(2))
}

impl List {
    fn checked(self) -> Result<Vec<Input>, ApiError> {
        let hint = match self.0.len() {
            0 => "Send at least one.",
            1 | 2 => return Ok(self.0),
            _ => "Send several as [[\"…\"], [\"…\"]].",
        };
        Err(ApiError::Invalid(format!(
            "A list of texts in \"inputs\" is one text, or two that are a pair. {hint}"
        )))
    }
}

impl Lists {
    fn checked(self) -> Result<Vec<Vec<Input>>, ApiError> {
        if self.0.is_empty() || self.0.len() > MAX_TEXTS {
            return Err(ApiError::Invalid(format!("\"inputs\" must be a text or 1 to {MAX_TEXTS} lists.")));
        }
        self.0.into_iter().map(|list| List(list).checked()).collect()
    }
}

/// An end of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "String")]
pub enum Direction {
    /// The first tokens.
    Left,
    /// The last tokens.
    Right,
}

/// By way of a string: for anything else in an enum's place, serde_json says that it is not JSON.
impl TryFrom<String> for Direction {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        match name.as_str() {
            "Left" | "left" => Ok(Self::Left),
            "Right" | "right" => Ok(Self::Right),
            _ => Err("\"truncation_direction\" must be \"Left\" or \"Right\""),
        }
    }
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

/// A failure that is answered with TEI's status.
#[derive(Debug)]
pub struct PredictError(pub ApiError);

impl<E: Into<ApiError>> From<E> for PredictError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// Classify texts by the first model.
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
    let engine = state.models.first();
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
