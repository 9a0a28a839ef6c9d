//! The page's own door to the engine, for the browser.
//!
//! Programs have doors of their own; this one may change with the page.

use crate::{error::AnalyzeError, sentiment::Analysis};
use leptos::{prelude::*, server_fn::codec::Json};

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
    use crate::{
        engine::{Engine, reading::Wanted},
        server::failure,
    };

    let engine = expect_context::<Engine>();
    failure::answer(&engine, text, Wanted::default()).await
}
