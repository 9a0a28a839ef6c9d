//! What Gradio's clients send and get, as JSON.

use crate::{
    sentiment::{Score, best_first},
    server::api::input::Input,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;

/// What Gradio's label component shows.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Label {
    /// The best label.
    pub label: String,
    /// All of them, the best first.
    pub confidences: Vec<Confidence>,
}

/// One label's score.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Confidence {
    /// The label.
    label: String,
    /// Its score.
    confidence: f32,
}

impl Label {
    /// Of a model with these `labels`, by the score of each.
    #[must_use]
    pub fn new(labels: &[String], scores: Vec<f32>) -> Self {
        let named = labels.iter().cloned().zip(scores);
        let mut scores: Vec<Score> = named.map(|(label, score)| Score { label, score }).collect();
        best_first(&mut scores);
        scores.into()
    }

    /// The scores in the order of the model's `labels`.
    #[must_use]
    pub fn scores(&self, labels: &[String]) -> Vec<f32> {
        let by_label: HashMap<&str, f32> =
            self.confidences.iter().map(|one| (one.label.as_str(), one.confidence)).collect();
        labels.iter().filter_map(|label| by_label.get(label.as_str()).copied()).collect()
    }
}

impl From<Vec<Score>> for Label {
    /// The label of scores that come highest first.
    fn from(scores: Vec<Score>) -> Self {
        let label = scores.first().map_or_else(String::new, |best| best.label.clone());
        let confidence = |Score { label, score }| Confidence { label, confidence: score };
        Self { label, confidences: scores.into_iter().map(confidence).collect() }
    }
}

/// The arguments by their places.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Call {
    /// The text, alone in a list.
    #[schema(value_type = Vec<Input>, min_items = 1, max_items = 1)]
    pub data: Alone,
}

/// A text alone in a list.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Alone(pub String);

/// By way of a list: of a tuple with one argument too many, serde_json says that it is not JSON.
impl TryFrom<Vec<String>> for Alone {
    type Error = &'static str;

    fn try_from(texts: Vec<String>) -> Result<Self, Self::Error> {
        <[String; 1]>::try_from(texts).map(|[text]| Self(text)).map_err(|_| "\"data\" must hold one text")
    }
}

/// What a call by one request comes back with.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunResponse {
    /// The label, alone in a list.
    #[schema(min_items = 1, max_items = 1)]
    pub data: Vec<Label>,
    /// Whether more is to come; it is not.
    pub is_generating: bool,
    /// Seconds that it took.
    pub duration: f64,
    /// The same, where Gradio tells its mean.
    pub average_duration: f64,
}

/// What a call by two requests comes back with.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallResponse {
    /// What the second request asks for.
    pub event_id: String,
}

/// The arguments by their names.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NamedCall {
    /// The text.
    #[schema(value_type = Input)]
    pub text: String,
}

/// A call whose answer is told to a session.
#[derive(Debug, Deserialize)]
pub struct Join {
    /// The text, alone in a list.
    pub data: Alone,
    /// Number of the function.
    pub fn_index: u32,
    /// The client's name for the session.
    pub session_hash: String,
}

/// Which session's answers are asked for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// The client's name for the session.
    pub session_hash: String,
}
