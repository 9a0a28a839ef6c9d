//! The app: its two pages, one for a text and everything about it, one for many texts.
//!
//! The same code renders on the server, which answers a text in the address before it sends the
//! page, and runs in the browser, which answers while one types. Each page has a program of its
//! own, so that nobody loads what the other needs. What stands around them is the server's alone.

use crate::ui::{
    Batch, Examples, Form, History, Inquiry, LiveRegions, Opening, Outcome, elements, opening::Server,
};
use leptos::prelude::*;

/// The inside of `<main>` for one text; the server provides its [`Opening`] as context.
#[component]
pub fn One() -> impl IntoView {
    let opening = Opening::shared();
    let text = opening.text.clone().unwrap_or_default();
    let inquiry = Inquiry::new(opening);
    let draft = NodeRef::new();
    inquiry.follow_up();
    elements::mark_hydrated();

    view! {
        <Form draft text inquiry />
        // Not in the answer: what is busy is not announced.
        <LiveRegions inquiry />
        <section
            class="answer"
            aria-label="Answer"
            aria-busy=move || inquiry.is_pending().to_string()
        >
            <Outcome inquiry />
        </section>
        <div class="page__more">
            <Examples draft inquiry />
            <History draft inquiry />
        </div>
    }
}

/// The inside of `<main>` for many texts.
#[component]
pub fn Many() -> impl IntoView {
    elements::mark_hydrated();
    view! { <Batch server=Server::shared() /> }
}
