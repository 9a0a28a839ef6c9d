//! A tinted text: the text shown back, its parts coloured, each with a note on hover, focus and
//! tap.

use super::pieces::pieces;
use leptos::{ev, prelude::*};

/// A part of a text, and what is said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// First byte in the text, and the one after the last.
    pub bytes: [u32; 2],
    /// Its colour, by the style sheet's name.
    pub tint: &'static str,
    /// What is said about it, shortly.
    pub note: String,
}

/// The text with its parts; one stop for the Tab key, whose arrows go from part to part.
#[component]
pub fn Tinted(
    /// The text.
    text: String,
    /// Its parts, in order.
    parts: Vec<Part>,
    /// What the parts are, for screen readers.
    label: String,
    /// Makes the parts' names in the document unique.
    id: &'static str,
) -> impl IntoView {
    let current = RwSignal::new(0);
    let last = parts.len().saturating_sub(1);
    let name = move |part: usize| format!("{id}-{part}");
    let go = move |event: ev::KeyboardEvent| {
        let part = current.get_untracked();
        let part = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => (part + 1).min(last),
            "ArrowLeft" | "ArrowUp" => part.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        focus(&name(part));
    };
    let pieces = pieces(&text, parts.iter().map(|part| part.bytes));
    let piece = move |(number, piece): (Option<usize>, String)| {
        let Some(number) = number else { return piece.into_any() };
        let Part { tint, note, .. } = parts[number].clone();
        view! {
            <span
                id=name(number)
                class="part"
                role="button"
                data-tint=tint
                data-note=note
                tabindex=move || if current.get() == number { "0" } else { "-1" }
                on:focus=move |event| {
                    current.set(number);
                    place_note(&event);
                }
                on:pointerenter=move |event| place_note(&event)
                on:click=move |_| focus(&name(number))
            >
                {piece}
            </span>
        }
        .into_any()
    };
    view! {
        <div class="tinted" dir="auto" role="group" aria-label=label on:keydown=go>
            {pieces.into_iter().map(piece).collect_view()}
        </div>
    }
}

/// Moves the note of an event's part back by as much of itself as the part is into the text's
/// width, so that it begins and ends within the text.
fn place_note(event: &web_sys::Event) {
    let part: web_sys::HtmlElement = event_target(event);
    if let Some(text) = part.offset_parent() {
        let into = f64::from(part.offset_left()) / f64::from(text.client_width().max(1));
        let _ = part.style().set_property("--back", &format!("{:.0}%", -100.0 * into));
    }
}

fn focus(id: &str) {
    use wasm_bindgen::JsCast;

    if let Some(element) = document().get_element_by_id(id) {
        // An element of this page can always be focused.
        let _ = element.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}
