//! A notice: one sentence about what went wrong and what to do.

use crate::error::AnalyzeError;
use leptos::prelude::*;

/// An error in plain words.
#[component]
pub fn Notice(
    /// What went wrong; nothing while that is being tried again.
    #[prop(into)]
    error: Option<AnalyzeError>,
) -> impl IntoView {
    let sentence = error.map_or_else(String::new, |error| error.to_string());
    view! { <p class="notice" role="alert">{sentence}</p> }
}
