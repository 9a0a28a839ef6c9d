//! The masthead: the name and what it does, in one line.

use leptos::prelude::*;

/// The page's header.
#[component]
pub fn Masthead() -> impl IntoView {
    view! {
        <header class="masthead">
            <h1><a href="/">"Valence"</a></h1>
            <p>"How a text feels, at once."</p>
        </header>
    }
}
