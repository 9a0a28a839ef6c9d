//! The app: what is asked, what is answered, and the page around both.
//!
//! The same code renders on the server, which answers `?text=…` before it sends the page, and
//! runs in the browser, which answers while one types.

use crate::{
    api::analyze,
    ui::{Examples, Form, Masthead, Outcome, address},
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use serde::{Deserialize, Serialize};

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// The text to analyze; an empty one was sent by an empty form.
    pub text: Option<String>,
}

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let query = SharedValue::new(|| use_context::<Query>().unwrap_or_default()).into_inner();
    let initial = query.text.clone().unwrap_or_default();
    let (asked, set_asked) = signal(query.text);
    // A first answer is part of the page that the server sends; a later one replaces an earlier
    // one, and what was asked meanwhile drops those still under way.
    let answer = Resource::new_blocking(
        move || asked.get(),
        async |text| match text {
            Some(text) => Some(analyze(text).await),
            None => None,
        },
    );
    let (pending, set_pending) = signal(false);
    let draft = NodeRef::new();
    let ask = Callback::new(move |text: Option<String>| {
        if asked.with_untracked(|now| *now != text) {
            address::show(text.as_deref());
            set_asked.set(text);
        }
    });
    address::mark_hydrated();

    view! {
        <Title text="Valence, a sentiment analyzer" />
        <Masthead />
        <main class="page">
            <Form draft initial ask />
            <section class="answer" aria-label="Answer" aria-live="polite" aria-busy=move || pending.get().to_string()>
                <Transition set_pending fallback=|| ()>
                    {move || Suspend::new(async move {
                        answer.await.map(|answer| view! { <Outcome answer /> })
                    })}
                </Transition>
            </section>
            <Examples draft ask />
        </main>
    }
}
