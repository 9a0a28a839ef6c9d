//! The page's own endpoints of the engine, for the browser.
//!
//! Programs have endpoints of their own; these may change with the page. Bodies are JSON, so that a
//! page of another origin cannot send them without asking first (a JSON content type is not a
//! "simple" request).

use crate::{
    error::AnalyzeError,
    sentiment::{Analysis, Method},
    wire::Opinion,
};
use leptos::{
    prelude::*,
    server_fn::codec::{Json, StreamingText, TextStream},
};

/// Scores `text` and each of its sentences.
///
/// # Errors
///
/// Every [`AnalyzeError`]; [`AnalyzeError::Unreachable`] arises in the browser only.
#[server(name = AnalyzeText, prefix = "/page", endpoint = "analyze", input = Json)]
pub async fn analyze(
    /// The text, as it was typed.
    text: String,
    /// The model to ask; the default one where none is named.
    model: Option<String>,
) -> Result<Analysis, AnalyzeError> {
    use crate::{engine::reading::Wanted, server::analysis, text::Text};

    let engine = analysis::engine(model.as_deref())?;
    let wanted = Wanted { sentences: true, ..Wanted::default() };
    analysis::analyze(&engine, Text::new(text)?, wanted).await
}

/// Explains the verdict on `text`: lines of JSON, a [`Step`](crate::wire::Step) each.
///
/// # Errors
///
/// As [`analyze`], as long as nothing was sent; what fails later is a
/// [`Step::Failed`](crate::wire::Step::Failed).
#[server(name = ExplainText, prefix = "/page", endpoint = "explain", input = Json, output = StreamingText)]
pub async fn explain(
    /// The text, as it was analyzed.
    text: String,
    /// How to explain it.
    method: Method,
    /// The model that was asked.
    model: Option<String>,
) -> Result<TextStream<AnalyzeError>, AnalyzeError> {
    use crate::server::{analysis, steps};

    steps::explain(analysis::engine(model.as_deref())?, text, method).await
}

/// Scores each of `texts`: lines of JSON, a [`Scored`](crate::wire::Scored) each, in their order.
///
/// A text that cannot be scored has its reason as its line; the others go on.
///
/// # Errors
///
/// [`AnalyzeError::Malformed`] for more than [`MAX_PAGE_TEXTS`](crate::wire::MAX_PAGE_TEXTS),
/// [`AnalyzeError::UnknownModel`] for a model that is not loaded.
#[server(name = AnalyzeTexts, prefix = "/page", endpoint = "texts", input = Json, output = StreamingText)]
pub async fn analyze_texts(
    /// The texts, as many as are sent at once.
    texts: Vec<String>,
    /// The model to ask.
    model: Option<String>,
) -> Result<TextStream<AnalyzeError>, AnalyzeError> {
    use crate::{
        server::{analysis, steps},
        wire::MAX_PAGE_TEXTS,
    };

    if texts.len() > MAX_PAGE_TEXTS {
        return Err(AnalyzeError::Malformed);
    }
    Ok(steps::texts(analysis::engine(model.as_deref())?, texts))
}

/// Keeps `text`, the server's answer to it and what the user thinks of that answer.
///
/// The answer is the server's own and not sent, so nobody can make up what it said.
///
/// # Errors
///
/// [`AnalyzeError::FeedbackOff`] where no feedback is kept, [`AnalyzeError::UnknownAddress`] for a
/// foreign page, else what [`analyze`] returns.
#[server(name = SendFeedback, prefix = "/page", endpoint = "feedback", input = Json)]
pub async fn send_feedback(
    /// The text that was analyzed.
    text: String,
    /// What the user thinks of its verdict.
    choice: Opinion,
    /// The model that was asked.
    model: Option<String>,
) -> Result<(), AnalyzeError> {
    use crate::server::{analysis, feedback::Feedback};

    let engine = analysis::engine(model.as_deref())?;
    let feedback = use_context::<Feedback>().ok_or(AnalyzeError::FeedbackOff)?;
    feedback.keep(&engine, text, choice).await
}
