//! Valence's own API, for a few texts at once: `POST /api/v1/analyze`.

use super::{
    error::ApiError,
    input::{Input, Inputs, TopK},
    json::Json,
    options::{Options, analyze_all},
    refusals::{Down, Failed, Refused, Unnamed},
    unread::read,
};
use crate::{
    sentiment::{Analysis, Method},
    server::{room::answer::Making, state::AppState},
};
use axum::extract::State;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::Value;
use utoipa::ToSchema;

/// One text, or several.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged, try_from = "Value")]
pub enum AnalyzeRequest {
    /// One.
    One(OneText),
    /// Several.
    Many(ManyTexts),
}

/// One text and what is wanted of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OneText {
    /// The text. For several, send `texts` in its place.
    text: Input,
    /// Name of the model; the first one where it is absent.
    model: Option<String>,
    /// Whether each sentence's scores are wanted too.
    sentences: Option<bool>,
    /// How to find what each part of the text adds, where that is wanted.
    #[serde(default, deserialize_with = "method")]
    explain: Option<Method>,
    /// How many labels, the best first; all where it is absent.
    top_k: Option<TopK>,
}

/// Several texts and what is wanted of each.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ManyTexts {
    /// The texts, in place of `text`.
    texts: Inputs,
    /// Name of the model; the first one where it is absent.
    model: Option<String>,
    /// Whether each sentence's scores are wanted too.
    sentences: Option<bool>,
    /// How to find what each part of the texts adds, where that is wanted.
    #[serde(default, deserialize_with = "method")]
    explain: Option<Method>,
    /// How many labels, the best first; all where it is absent.
    top_k: Option<TopK>,
}

impl TryFrom<Value> for AnalyzeRequest {
    type Error = String;

    /// Reads the form that the request's own fields choose, so that an error is about that form.
    fn try_from(mut value: Value) -> Result<Self, String> {
        // So programs write a field that has no value.
        if let Some(fields) = value.as_object_mut() {
            fields.retain(|name, value| !(value.is_null() && matches!(&**name, "text" | "texts")));
        }
        match (value.get("text").is_some(), value.get("texts").is_some()) {
            (true, true) => Err("send either \"text\" or \"texts\", not both".into()),
            (false, false) if value.is_object() => Err("send \"text\" or \"texts\"".into()),
            (false, true) => read(value).map(Self::Many),
            _ => read(value).map(Self::One),
        }
    }
}

/// Reads a method by its name; serde would not say the names for what is no string.
fn method<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Method>, D::Error> {
    let name = Option::<Value>::deserialize(deserializer)?;
    let method = name.map(Method::deserialize).transpose();
    method.map_err(|_| D::Error::custom("\"explain\" must be \"leave_one_out\" or \"shapley\""))
}

/// The answer to one text, or to several in their order.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum AnalyzeResponse {
    /// To one.
    One(Box<Analysis>),
    /// To several.
    Many {
        /// The answers to `texts`, in their order, in place of all other fields.
        results: Vec<Analysis>,
    },
}

/// Analyze a text, or up to 1,000.
///
/// A single text is refused with 429 while the queue is full; several wait for room. If one of
/// them cannot be analyzed, none is, and the error names its place. Their answers may have 50,000
/// sentences and parts together.
#[utoipa::path(
    post,
    path = "/analyze",
    tag = "Valence",
    request_body(content = AnalyzeRequest, example = json!({"text": "What a lovely day!", "sentences": true, "top_k": 1})),
    responses(
        (status = 200, body = AnalyzeResponse, description = "The answer, or as many as there were texts."),
        Refused,
        Unnamed,
        Failed,
        Down,
    )
)]
pub async fn analyze(
    State(state): State<AppState>,
    making: Making,
    Json(request): Json<AnalyzeRequest>,
) -> Result<axum::Json<AnalyzeResponse>, ApiError> {
    let response = match request {
        AnalyzeRequest::One(one) => {
            let engine = state.models.get(one.model.as_deref())?;
            let options = Options::new(one.sentences.unwrap_or_default(), one.explain, one.top_k);
            AnalyzeResponse::One(Box::new(options.analyze(&engine, one.text.0).await?))
        }
        AnalyzeRequest::Many(many) => {
            let texts = many.texts.checked("texts")?;
            let engine = state.models.get(many.model.as_deref())?;
            let options = Options::new(many.sentences.unwrap_or_default(), many.explain, many.top_k);
            let results = analyze_all(&engine, &making, options.of_each(texts)).await?;
            AnalyzeResponse::Many { results }
        }
    };
    Ok(axum::Json(response))
}
