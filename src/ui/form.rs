//! The form: a text box that asks while one types, and a button that works without scripts.

use super::{Inquiry, elements};
use leptos::{ev, html::Textarea, prelude::*};
use std::time::Duration;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

/// How long typing must pause before the text is analyzed.
const PAUSE: Duration = Duration::from_millis(150);

/// What is said of a text that no address holds.
const TOO_LONG: &str = "This text is too long for a link. Share a part of it, or the text itself.";

/// The text box and its button; sends `GET /?text=…` where no script runs.
///
/// The box belongs to the browser: nothing writes to it while one types, so that no key is lost
/// when the page becomes interactive.
#[component]
pub fn Form(
    /// The text box, for those who fill it.
    draft: NodeRef<Textarea>,
    /// What the box holds at first.
    text: String,
    /// Where questions go.
    inquiry: Inquiry,
) -> impl IntoView {
    let with_draft = move |act: fn(Inquiry, String)| {
        if let Some(draft) = draft.get_untracked() {
            act(inquiry, draft.value());
        }
    };
    let ask = move || with_draft(Inquiry::ask);
    let follow = move || with_draft(Inquiry::follow);
    let mut follow_soon = debounce(PAUSE, move |()| follow());
    // Text typed before the page was interactive is a question like any other.
    Effect::new(move || {
        draft.track();
        follow();
    });

    view! {
        <form
            id="ask"
            class="form"
            method="get"
            action="/"
            on:submit=move |event: ev::SubmitEvent| {
                event.prevent_default();
                ask();
            }
        >
            <label for="text">"Your text"</label>
            <textarea
                id="text"
                name="text"
                rows="4"
                dir="auto"
                required
                placeholder="Type or paste a sentence, a review, a message…"
                node_ref=draft
                inner_html=textarea_html(&text)
                on:input=move |_| follow_soon(())
                on:keydown=move |event: ev::KeyboardEvent| {
                    if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                        event.prevent_default();
                        ask();
                    }
                }
            ></textarea>
            <noscript>
                <p class="quiet">
                    "Without JavaScript a text must fit into an address: some 60,000 Latin letters, 10,000 Cyrillic or 7,000 Chinese ones."
                </p>
            </noscript>
            <FormButtons draft inquiry />
        </form>
    }
}

/// The buttons, and beside them what is said of a text that no address holds.
#[component]
fn FormButtons(
    /// The text box.
    draft: NodeRef<Textarea>,
    /// Where questions go.
    inquiry: Inquiry,
) -> impl IntoView {
    let clear = move |_| {
        if let Some(draft) = draft.get_untracked() {
            // It keeps the focus: a box that is empty is there to be typed in.
            elements::overwrite(&draft, "");
        }
        inquiry.clear();
    };
    view! {
        <div class="form__buttons">
            // Beside the box, since the address no longer holds what is in it.
            <p class="quiet" aria-live="polite">
                {move || inquiry.link().is_none().then_some(TOO_LONG)}
            </p>
            <button type="button" class="button scripted" on:click=clear>
                "Clear"
            </button>
            <button type="submit" class="form__submit" title="Ctrl+Enter or ⌘ Enter">
                "Analyze"
            </button>
        </div>
    }
}

/// Puts a text into the box and asks for its answer.
///
/// What is pressed for that may stand far below both, as on a phone: the box comes into view, and
/// by the style sheet's margin the verdict with it.
pub fn fill(draft: NodeRef<Textarea>, inquiry: Inquiry, text: &str) {
    if let Some(draft) = draft.get_untracked() {
        let pressed = document().active_element();
        // A phone's keyboard would come up, over the verdict.
        let _ = draft.set_attribute("inputmode", "none");
        elements::overwrite(&draft, text);
        let _ = draft.blur();
        let _ = draft.remove_attribute("inputmode");
        if let Some(pressed) = pressed {
            elements::focus(&pressed);
        }
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        draft.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
    inquiry.ask(text.into());
}

/// A text as the inside of a `<textarea>`.
///
/// Leptos 0.8 sends a textarea's children as they are, so that `</textarea>` in a text would end
/// the box and what follows would be markup. The first line break is the one that HTML drops.
#[must_use]
pub fn textarea_html(text: &str) -> String {
    format!("\n{}", html_escape::encode_text(text))
}

#[cfg(test)]
mod tests {
    use super::textarea_html;

    #[test]
    fn a_text_cannot_end_its_box() {
        let html = textarea_html("</textarea><script>alert(1)</script>&amp;");
        assert_eq!(html, "\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;");
    }

    #[test]
    fn keeps_a_leading_line_break() {
        assert_eq!(textarea_html("\nso"), "\n\nso");
    }
}
