//! Hugging Face's endpoints: `POST /` and `POST /models/{id}`, as `InferenceClient.text_classification`
//! and `@huggingface/inference` send them.
//!
//! The answer is always nested, a list for each text: both clients take its first element. A text longer than
//! the model reads is read in windows, where transformers' pipeline fails or cuts it.

use super::{
    elsewhere::{OfParameters, OfPredict},
    error::ApiError,
    input::{Input, Inputs, TopK},
    json::{Json, Path, object},
    options::{Options, analyze_all},
    refusals::{Failed, Refused, Unnamed},
};
use crate::{
    engine::{reading::Wanted, scores::Activation},
    sentiment::Score,
    server::{room::answer::Making, state::AppState},
};
use axum::extract::State;
use serde::{Deserialize, de::IgnoredAny};
use utoipa::ToSchema;

/// One text or several.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged, expecting = "\"inputs\" must be a text or a list of texts")]
pub enum OneOrMany {
    /// One.
    One(Input),
    /// Several.
    Many(Inputs),
}

/// What to classify, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "what is refused as it is read is never looked at")]
pub struct ClassificationRequest {
    /// The texts.
    inputs: OneOrMany,
    /// How.
    #[serde(default, deserialize_with = "object")]
    parameters: Option<Parameters>,
    /// Name of the model at `POST /`, where one has it. Any other is ignored: clients name the model on the
    /// Hub that they would ask there.
    model: Option<String>,
    /// Only `parameters` take it; absent here.
    #[serde(default)]
    top_k: OfParameters,
    /// Only `parameters` take it; absent here.
    #[serde(default)]
    function_to_apply: OfParameters,
    /// Only `POST /predict` takes it; absent or false here.
    #[serde(default)]
    raw_scores: OfPredict,
    /// Only `POST /predict` takes it; absent or false here.
    #[serde(default)]
    truncate: OfPredict,
    /// Only `POST /predict` takes it; absent or false here.
    #[serde(default)]
    truncation_direction: OfPredict,
}

/// How to classify.
///
/// `truncation`, `padding` and `max_length` may be there, as transformers' pipeline needs them for long texts,
/// and change nothing: no text is cut here.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "what changes nothing is never looked at")]
pub struct Parameters {
    /// The function that makes scores of the logits; the one of the model's configuration where
    /// it is absent.
    function_to_apply: Option<Function>,
    /// How many labels, the best first; all where it is absent.
    top_k: Option<TopK>,
    /// Changes nothing: no text is cut here.
    #[schema(value_type = Option<serde_json::Value>)]
    truncation: Option<IgnoredAny>,
    /// Changes nothing.
    #[schema(value_type = Option<serde_json::Value>)]
    padding: Option<IgnoredAny>,
    /// Changes nothing: no text is cut here.
    #[schema(value_type = Option<serde_json::Value>)]
    max_length: Option<IgnoredAny>,
}

/// A function of transformers' pipeline, which takes its name in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(rename_all = "lowercase")]
pub enum Function {
    /// The one of the model's configuration.
    Default,
    /// One probability for each label.
    Sigmoid,
    /// Probabilities that sum to one.
    Softmax,
    /// The logits themselves.
    None,
}

impl TryFrom<String> for Function {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        match name.to_ascii_lowercase().as_str() {
            "default" => Ok(Self::Default),
            "sigmoid" => Ok(Self::Sigmoid),
            "softmax" => Ok(Self::Softmax),
            "none" => Ok(Self::None),
            _ => Err("\"function_to_apply\" must be \"sigmoid\", \"softmax\", \"none\" or \"default\""),
        }
    }
}

impl Function {
    const fn activation(self) -> Option<Activation> {
        match self {
            Self::Default => None,
            Self::Sigmoid => Some(Activation::Sigmoid),
            Self::Softmax => Some(Activation::Softmax),
            Self::None => Some(Activation::Identity),
        }
    }
}

/// A failure that is answered with a status which none of the clients waits at.
#[derive(Debug)]
pub struct ClassifyError(pub ApiError);

/// Classify texts by the model that the body names, or else by the first one.
#[utoipa::path(
    post,
    path = "/",
    tag = "Hugging Face",
    request_body(content = ClassificationRequest, example = json!({"inputs": "What a lovely day!", "parameters": {"top_k": 1}})),
    responses(
        (status = 200, body = Vec<Vec<Score>>, description = "The scores of each text."),
        Refused,
        Failed,
    )
)]
pub async fn classify(
    State(state): State<AppState>,
    making: Making,
    Json(request): Json<ClassificationRequest>,
) -> Result<axum::Json<Vec<Vec<Score>>>, ClassifyError> {
    answer(&state, None, &making, request).await.map_err(ClassifyError)
}

/// Classify texts by the model of this name, which may have a slash in it.
#[utoipa::path(
    post,
    path = "/models/{*id}",
    tag = "Hugging Face",
    params(("id" = String, Path, description = "Name of the model")),
    request_body(content = ClassificationRequest, example = json!({"inputs": "What a lovely day!", "parameters": {"top_k": 1}})),
    responses(
        (status = 200, body = Vec<Vec<Score>>, description = "The scores of each text."),
        Refused,
        Unnamed,
        Failed,
    )
)]
pub async fn classify_by(
    State(state): State<AppState>,
    Path(id): Path<String>,
    making: Making,
    Json(request): Json<ClassificationRequest>,
) -> Result<axum::Json<Vec<Vec<Score>>>, ClassifyError> {
    // As the base of a client's addresses it may end with a slash.
    let name = id.strip_suffix('/').unwrap_or(&id);
    answer(&state, Some(name), &making, request).await.map_err(ClassifyError)
}

async fn answer(
    state: &AppState,
    model: Option<&str>,
    making: &Making,
    request: ClassificationRequest,
) -> Result<axum::Json<Vec<Vec<Score>>>, ApiError> {
    let engine = match model {
        Some(name) => state.models.get(Some(name))?,
        None => state.models.get_or_first(request.model.as_deref()),
    };
    let Parameters { function_to_apply, top_k, .. } = request.parameters.unwrap_or_default();
    let activation = function_to_apply.and_then(Function::activation);
    let options = Options { wanted: Wanted { activation, ..Wanted::default() }, top_k };
    let answers = match request.inputs {
        OneOrMany::One(Input(text)) => vec![options.analyze(&engine, text).await?.scores],
        OneOrMany::Many(texts) => {
            let texts = texts.checked("inputs")?;
            analyze_all(&engine, making, options.of_each(texts))
                .await?
                .into_iter()
                .map(|analysis| analysis.scores)
                .collect()
        }
    };
    Ok(axum::Json(answers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_named_in_any_case() {
        let named = |name: &str| serde_json::from_str::<Function>(&format!("\"{name}\""));
        for name in ["softmax", "SOFTMAX", "Softmax"] {
            assert_eq!(named(name).expect("a function"), Function::Softmax);
        }
        let error = named("tanh").expect_err("no function of the pipeline").to_string();
        assert!(error.contains("\"sigmoid\""), "{error}");
    }
}
