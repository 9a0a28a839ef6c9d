//! Example texts to try, each a button that works without scripts.

use super::{Inquiry, form::fill};
use leptos::{ev, html::Textarea, prelude::*};

/// Praise, complaint, negation, a mixed feeling, and a long review: a name where the text itself
/// is too long for a chip, and the text.
const EXAMPLES: [(Option<&str>, &str); 5] = [
    (None, "Fresh bread, excellent coffee, friendly people. I love this bakery."),
    (None, "Two hours on hold, and still nobody could help me."),
    (None, "Not bad at all, it surprised me."),
    (None, "The first half is gripping, the second half drags."),
    (
        Some("A long review of a hotel"),
        "We came for a quiet week by the sea, and the first evening was magical. The room looked straight onto the \
         harbour, and the owner carried our bags up himself. Dinner was simple and excellent. Then the building work \
         began. From seven in the morning somebody drilled through the wall beside our bed. At the desk they shrugged \
         and told us to go to the beach. The second night we hardly slept, and I was close to tears at breakfast. On \
         the third day they finally moved us to the other wing. From then on everything was lovely again. The garden \
         is a dream, the pool was empty, and the children did not want to leave. I would come back, but I would ask \
         about the drilling first.",
    ),
];

/// Chips that fill the box and ask for their answer.
#[component]
pub fn Examples(
    /// The text box to fill.
    draft: NodeRef<Textarea>,
    /// Where questions go.
    inquiry: Inquiry,
) -> impl IntoView {
    let chip = move |(name, text): (Option<&'static str>, &'static str)| {
        let choose = move |event: ev::MouseEvent| {
            event.prevent_default();
            fill(draft, inquiry, text);
        };
        view! {
            <li>
                <button type="submit" name="text" value=text on:click=choose>
                    {name.unwrap_or(text)}
                </button>
            </li>
        }
    };
    view! {
        <section class="examples" aria-labelledby="examples">
            <h2 id="examples">"Or try one of these"</h2>
            <form method="get" action="/">
                {inquiry.model().map(|model| view! { <input type="hidden" name="model" value=model /> })}
                <ul>{EXAMPLES.map(chip).collect_view()}</ul>
            </form>
        </section>
    }
}
