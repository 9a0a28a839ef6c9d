//! The app: the question, its answer, and the page around both.
//!
//! The same code renders on the server, which answers `?text=…` before it sends the page, and
//! runs in the browser, which answers while one types.

use crate::ui::{Examples, Form, Inquiry, Masthead, Opening, Outcome, address};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};

/// The whole page; the server provides its [`Opening`] as context.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let opening = SharedValue::new(|| use_context::<Opening>().unwrap_or_default()).into_inner();
    let text = opening.text.clone().unwrap_or_default();
    let inquiry = Inquiry::new(opening);
    let draft = NodeRef::new();
    address::mark_hydrated();

    view! {
        <Title text="Valence, a sentiment analyzer" />
        <Masthead />
        <main class="page">
            <Form draft text inquiry />
            <section
                class="answer"
                aria-label="Answer"
                aria-live="polite"
                aria-busy=move || inquiry.is_pending().to_string()
            >
                {move || inquiry.answer().map(|answer| view! { <Outcome answer /> })}
            </section>
            <Examples draft inquiry />
        </main>
    }
}
