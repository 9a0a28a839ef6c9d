//! The tabs: one text or many.

use super::{Inquiry, opening::Tab};
use leptos::{ev, prelude::*};

/// The two ways in; links where no script runs.
#[component]
pub fn Tabs(
    /// Whose view changes.
    inquiry: Inquiry,
) -> impl IntoView {
    let tab = move |is: Tab, name: &'static str, href: &'static str| {
        let choose = move |event: ev::MouseEvent| {
            event.prevent_default();
            inquiry.look(|view| view.tab = is);
        };
        view! {
            <a href=href aria-current=move || (inquiry.view().tab == is).then_some("page") on:click=choose>
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
