//! Example texts to try, each a button that works without scripts.

use super::Inquiry;
use leptos::{ev, html::Textarea, prelude::*};

/// Praise, complaint, negation and a mixed feeling.
const EXAMPLES: [&str; 4] = [
    "The soup was warm, the staff was warmer. We stayed for hours.",
    "Two hours on hold, and still nobody could help me.",
    "Not bad at all, I had feared much worse.",
    "A lovely camera, let down by a battery that dies before lunch.",
];

/// Four chips that fill the box and ask for their answer.
#[component]
pub fn Examples(
    /// The text box to fill.
    draft: NodeRef<Textarea>,
    /// Where questions go.
    inquiry: Inquiry,
) -> impl IntoView {
    let chip = move |text: &'static str| {
        let choose = move |event: ev::MouseEvent| {
            if let Some(draft) = draft.get_untracked() {
                event.prevent_default();
                draft.set_value(text);
                inquiry.ask(text.into());
            }
        };
        view! {
            <li>
                <button type="submit" name="text" value=text on:click=choose>{text}</button>
            </li>
        }
    };
    view! {
        <section class="examples" aria-labelledby="examples">
            <h2 id="examples">"Or try one of these"</h2>
            <form method="get" action="/">
                <ul>{EXAMPLES.map(chip).collect_view()}</ul>
            </form>
        </section>
    }
}
