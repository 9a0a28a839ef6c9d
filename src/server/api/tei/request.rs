//! What `/predict` is asked: one text, a pair or several, and how to read them.

use crate::server::api::{
    elsewhere::{OfHuggingFace, OfParameters},
    error::ApiError,
    input::{Input, MAX_TEXTS},
};
use serde::Deserialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, Ref, RefOr, Schema},
};

/// What to classify, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "what is refused as it is read is never looked at")]
pub struct PredictRequest {
    /// One text, a pair of them, or a list of lists that hold one text or a pair each.
    pub inputs: PredictInputs,
    /// Whether a text longer than the model reads at once is cut; otherwise it is read in windows.
    pub truncate: Option<bool>,
    /// Which end is left out when it is cut; the last tokens where it is absent.
    pub truncation_direction: Option<Direction>,
    /// Whether the logits are wanted in place of probabilities.
    pub raw_scores: Option<bool>,
    /// Name of the model, where one has it. Any other is ignored.
    pub model: Option<String>,
    /// Only `POST /` takes them; empty or absent here.
    #[serde(default)]
    parameters: OfHuggingFace,
    /// Only the `parameters` of `POST /` take it; absent here.
    #[serde(default)]
    top_k: OfParameters,
    /// Only the `parameters` of `POST /` take it; absent here.
    #[serde(default)]
    function_to_apply: OfParameters,
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
    /// The texts, where there is one or a pair.
    ///
    /// # Errors
    ///
    /// [`ApiError::Invalid`].
    pub fn checked(self) -> Result<Vec<Input>, ApiError> {
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
    /// The lists, where they are not too many, there is one at all, and each is one text or a pair.
    ///
    /// # Errors
    ///
    /// [`ApiError::Invalid`].
    pub fn checked(self) -> Result<Vec<Vec<Input>>, ApiError> {
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
