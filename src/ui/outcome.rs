//! The outcome of a question: a verdict with all that there is to see in the text, or a notice
//! that says why there is none.

use super::{Feedback, Inquiry, Notice, Reading, Share, Verdict};
use leptos::prelude::*;

/// The answer to the text that was asked last.
#[component]
pub fn Outcome(
    /// Where the answer is.
    inquiry: Inquiry,
) -> impl IntoView {
    let server = inquiry.server();
    move || {
        // Untracked: the next question must not redraw this answer with its own text.
        let text = inquiry.asked_untracked().unwrap_or_default();
        match inquiry.answer() {
            None => view! {
                <p class="hint">
                    "The verdict appears here: how sure the model is, and which sentences and words it goes by."
                </p>
            }
            .into_any(),
            // It goes while the next answer is on its way, so that an equal one is seen and heard.
            Some(Err(error)) => view! { <Notice error=(!inquiry.is_pending()).then_some(error) /> }.into_any(),
            Some(Ok(analysis)) => view! {
                <Verdict text=text.clone() analysis=analysis.clone() mixed_below=server.mixed_below />
                <Reading text=text.clone() analysis inquiry />
                {server.takes_feedback.then(|| view! { <Feedback text model=inquiry.model() /> })}
                <Share inquiry />
            }
            .into_any(),
        }
    }
}
