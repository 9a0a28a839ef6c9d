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
            Some(Ok(analysis)) => {
                let mixed_below = inquiry.mixed_below(&analysis);
                view! {
                    <Verdict text=text.clone() analysis=analysis.clone() mixed_below />
                    <Reading text=text.clone() analysis inquiry />
                    {server.takes_feedback.then(|| view! { <Feedback text model=inquiry.model() /> })}
                    <Share inquiry />
                }
                .into_any()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::opening::{Opening, Server};
    use serde_json::json;

    // A rating was shown in percent on a page that had been opened for another model, and the reverse.
    #[test]
    fn scores_are_shown_as_the_model_that_answers_gives_them() {
        let shown = |model: &str| {
            let analysis = json!({
                "scores": [{ "label": "quality", "score": 0.93 }],
                "tokens": 3,
                "windows": 1,
                "micros": 1,
                "cached": false,
                "model": model,
                "runs_on": "fp32",
            });
            let answer = serde_json::from_value(analysis).expect("an analysis");
            let server = Server { mixed_below: 0.75, rating: vec!["rater".into()], ..Server::default() };
            let opening = Opening {
                text: Some("Good.".into()),
                answer: Some(Ok(answer)),
                server,
                ..Opening::default()
            };
            let html = Owner::new().with(|| view! { <Outcome inquiry=Inquiry::new(opening) /> }.to_html());
            // Between views stand marks for the script that takes over.
            html.replace("<!>", "")
        };
        for (model, score) in [("rater", "0.93"), ("classifier", "93.0 %")] {
            let html = shown(model);
            assert!(html.contains(&format!(r#"<span class="bar__score">{score}</span>"#)), "{html}");
        }
    }
}
