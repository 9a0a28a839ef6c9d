//! The app: its two pages, one for a text and everything about it, one for many texts.
//!
//! The same code renders on the server, which answers a text in the address before it sends the
//! page, and runs in the browser, which answers while one types. Each page has a program of its
//! own, so that nobody loads what the other needs.

use crate::ui::{
    Batch, Examples, Form, History, Inquiry, Masthead, Opening, Outcome, Tabs, browser,
    opening::{Server, Tab},
};
use leptos::prelude::*;

/// The page for one text; the server provides its [`Opening`] as context.
#[component]
pub fn One() -> impl IntoView {
    let opening = Opening::shared();
    let text = opening.text.clone().unwrap_or_default();
    let inquiry = Inquiry::new(opening);
    let draft = NodeRef::new();
    inquiry.follow_up();
    browser::mark_hydrated();

    view! {
        <Masthead />
        <Tabs current=Tab::One />
        <main class="page page--one">
            <Form draft text inquiry />
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
        </main>
    }
}

/// The page for many texts.
#[component]
pub fn Many() -> impl IntoView {
    browser::mark_hydrated();
    let server = Server::shared();

    view! {
        <Masthead />
        <Tabs current=Tab::Many />
        <main class="page">
            <Batch server />
        </main>
    }
}
