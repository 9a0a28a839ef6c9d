//! The foot of every page: where programs come in.

use leptos::prelude::*;

/// Links to the calls to copy and to the description of every address.
#[component]
pub fn Endpoints() -> impl IntoView {
    view! {
        <nav class="endpoints" aria-label="For programs">
            <a href="/code">"Use it from code"</a>
            <a href="/docs">"API"</a>
        </nav>
    }
}
