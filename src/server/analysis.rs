//! An analysis as every endpoint asks for it: of the model that a request names, at once or when the
//! queue has room. What may go wrong with it, `failure` tells.

use super::{apart::apart, failure};
use crate::{
    engine::{Engine, reading::Wanted},
    error::AnalyzeError,
    models::Models,
    sentiment::Analysis,
    text::Text,
};
use leptos::prelude::expect_context;

/// The model of this name, of those that the request's context holds, or the default one.
///
/// # Errors
///
/// [`AnalyzeError::UnknownModel`].
pub fn engine(model: Option<&str>) -> Result<Engine, AnalyzeError> {
    Ok(expect_context::<Models>().get(model)?)
}

/// Scores a text, and what else of it is wanted, or refuses it at once where the queue is full.
///
/// # Errors
///
/// An [`AnalyzeError`] for the user; what the user cannot fix is in the log.
pub async fn analyze(engine: &Engine, text: Text, wanted: Wanted) -> Result<Analysis, AnalyzeError> {
    engine.analyze(text, wanted).await.map_err(failure::user_error)
}

/// The same for one text of many, which waits for room in the queue, apart from the stream that it may be
/// wanted for. `keep` gets the outcome at once, with an error as of [`analyze`], though never
/// [`AnalyzeError::Busy`], and makes of it what is kept until it is asked for.
pub async fn analyze_when_free<T: Send + 'static>(
    engine: &Engine,
    text: Text,
    wanted: Wanted,
    keep: impl FnOnce(Result<Analysis, AnalyzeError>) -> T + Send + 'static,
) -> T {
    let engine = engine.for_many();
    apart(async move { keep(engine.analyze(text, wanted).await.map_err(failure::user_error)) }).await
}
