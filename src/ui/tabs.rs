//! The tabs: one text or many.

use super::opening::Tab;
use leptos::prelude::*;

/// Links to the two pages.
#[component]
pub fn Tabs(
    /// The page that this is.
    current: Tab,
) -> impl IntoView {
    let tab = |is: Tab, name: &'static str, href: &'static str| {
        view! {
            <a href=href aria-current=(is == current).then_some("page")>
                {name}
            </a>
        }
    };
    view! {
        <nav class="tabs" aria-label="What to analyze">
            {tab(Tab::One, "One text", "/")} {tab(Tab::Many, "Many texts", "/?tab=many")}
        </nav>
    }
}
