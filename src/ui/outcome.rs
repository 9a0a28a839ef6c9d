//! What became of a question: a verdict, or a notice that says why there is none.

use super::{Notice, Verdict};
use crate::{error::AnalyzeError, sentiment::Analysis};
use leptos::prelude::*;

/// An answer of either kind.
#[component]
pub fn Outcome(
    /// What the server said.
    answer: Result<Analysis, AnalyzeError>,
) -> impl IntoView {
    match answer {
        Ok(analysis) => view! { <Verdict analysis /> }.into_any(),
        Err(error) => view! { <Notice error /> }.into_any(),
    }
}
