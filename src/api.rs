//! The page's own door to the engine, for the browser.
//!
//! Programs have doors of their own; this one may change with the page.

use crate::{error::AnalyzeError, sentiment::Analysis};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

/// Scores `text`.
///
/// The body is JSON both ways, so that a page of another origin cannot send it without asking
/// first (a JSON content type is not a "simple" request).
///
/// # Errors
///
/// Every [`AnalyzeError`]; [`AnalyzeError::Unreachable`] arises in the browser only.
#[server(name = AnalyzeText, prefix = "/page", endpoint = "analyze", input = Json)]
pub async fn analyze(
    /// The text, as it was typed.
    text: String,
) -> Result<Analysis, AnalyzeError> {
    use crate::{engine::Engine, server::failure};

    let engine = expect_context::<Engine>();
    failure::answer(&engine, text).await
}

/// Whether a user agrees with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Opinion {
    /// It is right.
    Up,
    /// It is wrong.
    Down,
}

/// Keeps `text`, the server's answer to it and what the user thinks of that answer.
///
/// The answer is the server's own and not sent, so nobody can make up what it said.
///
/// # Errors
///
/// [`AnalyzeError::FeedbackOff`] where no feedback is kept, else what [`analyze`] returns.
#[server(name = SendFeedback, prefix = "/page", endpoint = "feedback", input = Json)]
pub async fn send_feedback(
    /// The text that was analyzed.
    text: String,
    /// What the user thinks of its verdict.
    choice: Opinion,
) -> Result<(), AnalyzeError> {
    use crate::{
        engine::Engine,
        server::{failure, feedback::Feedback},
    };

    let engine = expect_context::<Engine>();
    let feedback = use_context::<Feedback>().ok_or(AnalyzeError::FeedbackOff)?;
    failure::keep(&engine, feedback, text, choice).await
}
