//! The app: the question, its answer, and the page around both.
//!
//! The same code renders on the server, which answers `?text=…` before it sends the page, and
//! runs in the browser, which answers while one types.

use crate::ui::{Examples, Form, History, Inquiry, Masthead, Opening, Outcome, Tabs, browser, opening::Tab};
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
    inquiry.follow_up();
    browser::mark_hydrated();
    let is_elsewhere = move |tab| move || inquiry.view().tab != tab;

    view! {
        <Title text="Valence, a sentiment analyzer" />
        <Masthead />
        <Tabs inquiry />
        <main class="page">
            <div class="one" hidden=is_elsewhere(Tab::One)>
                <div class="one__question">
                    <Form draft text inquiry />
                    <Examples draft inquiry />
                    <History draft inquiry />
                </div>
                <section
                    class="answer"
                    aria-label="Answer"
                    aria-busy=move || inquiry.is_pending().to_string()
                >
                    {move || view! { <Outcome inquiry /> }}
                </section>
            </div>
        </main>
    }
}
