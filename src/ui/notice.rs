//! A notice: one sentence about what went wrong and what to do.

use crate::error::AnalyzeError;
use leptos::prelude::*;

/// An error in plain words.
#[component]
pub fn Notice(
    /// What went wrong.
    error: AnalyzeError,
) -> impl IntoView {
    view! { <p class="notice" role="alert">{error.to_string()}</p> }
}
