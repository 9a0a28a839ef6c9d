//! Feedback: thumbs up or down for an answer, where the server keeps them.

use crate::{api::send_feedback, wire::Opinion};
use leptos::prelude::*;

/// The question, its two answers, and what becomes of them.
#[component]
pub fn Feedback(
    /// The text that was analyzed.
    text: String,
    /// The model that was asked, where it is not the default.
    model: Option<String>,
) -> impl IntoView {
    let asked = StoredValue::new((text, model));
    let send = Action::new(move |choice: &Opinion| {
        let (text, model) = asked.get_value();
        send_feedback(text, *choice, model)
    });
    let is_over = move || send.pending().get() || matches!(send.value().get(), Some(Ok(())));
    let choose = move |choice| {
        if !untrack(is_over) {
            send.dispatch(choice);
        }
    };
    // Not `disabled`, which would take the focus from the thumb that is pressed.
    // The same thumb twice, which the style sheet turns over. Not every system has a font with emoji.
    let button = move |choice, name| {
        view! {
            <button
                type="button"
                class="button"
                aria-label=name
                title=name
                aria-disabled=move || is_over().to_string()
                on:click=move |_| choose(choice)
            >
                <svg viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M3 11h4v9H3zM7 12l4-8a2.5 2.5 0 0 1 2.5 2.5L13 10h6a2 2 0 0 1 2 2.3l-1.2 6a2 2 0 0 1-2 1.7H7"></path>
                </svg>
            </button>
        }
    };
    view! {
        <div class="feedback scripted" role="group" aria-label="Is this right?">
            <span>"Is this right?"</span>
            {button(Opinion::Up, "Yes, this is right")}
            {button(Opinion::Down, "No, this is wrong")}
            <p class="quiet" role="status">
                {move || match send.value().get() {
                    None => "A thumb keeps your text and this answer on the server, to improve the model.".to_owned(),
                    Some(Ok(())) => "Thank you. Your text and this answer are kept.".to_owned(),
                    Some(Err(error)) => error.to_string(),
                }}
            </p>
        </div>
    }
}
