//! What became of a question: a verdict, or a notice that says why there is none.

use super::{Notice, Verdict, inquiry::Answer};
use leptos::prelude::*;

/// An answer of either kind.
#[component]
pub fn Outcome(
    /// What the server said.
    answer: Answer,
) -> impl IntoView {
    match answer {
        Ok(analysis) => view! { <Verdict analysis /> }.into_any(),
        Err(error) => view! { <Notice error /> }.into_any(),
    }
}
