//! A tinted text: the text shown back, its parts coloured, each with a note on hover, focus and
//! tap, which Escape hides and a press shows again. To screen readers it is the part's description.

use super::{browser, pieces::pieces};
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
    let is_hushed = RwSignal::new(false);
    let last = parts.len().saturating_sub(1);
    let name = move |part: usize| format!("{id}-{part}");
    let go = move |event: ev::KeyboardEvent| {
        if browser::takes(&event) {
            return;
        }
        let part: web_sys::Element = event_target(&event);
        if let Some(part) = led(&event.key(), is_rtl(&part), current.get_untracked(), last) {
            event.prevent_default();
            is_hushed.set(false);
            focus(&name(part));
        }
    };
    // On the window, since a note is there on hover too, wherever the focus is.
    let hush = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            is_hushed.set(true);
        }
    });
    on_cleanup(move || hush.remove());
    let pieces = pieces(&text, parts.iter().map(|part| part.bytes));
    let piece = move |(number, piece): (Option<usize>, String)| {
        let Some(number) = number else { return piece.into_any() };
        let (part, id) = (parts[number].clone(), name(number));
        view! { <PartOfText piece part id number current is_hushed /> }.into_any()
    };
    view! {
        <div
            class="tinted"
            class:tinted--hushed=is_hushed
            dir="auto"
            role="group"
            aria-label=label
            on:keydown=go
        >
            {pieces.into_iter().map(piece).collect_view()}
        </div>
    }
}

/// A part of the text, which is a button to the keyboard and to screen readers.
#[component]
fn PartOfText(
    /// The part as it is written.
    piece: String,
    /// What is said about it.
    part: Part,
    /// Its name in the document.
    id: String,
    /// Its number.
    number: usize,
    /// The number of the part that the Tab key stops at.
    current: RwSignal<usize>,
    /// Whether no note is shown.
    is_hushed: RwSignal<bool>,
) -> impl IntoView {
    let Part { tint, note, .. } = part;
    let show_note = move |event: &web_sys::Event| {
        is_hushed.set(false);
        place_note(event);
    };
    view! {
        <span
            id=id.clone()
            class="part"
            role="button"
            data-tint=tint
            aria-description=note
            tabindex=move || if current.get() == number { "0" } else { "-1" }
            on:focus=move |event| {
                current.set(number);
                show_note(&event);
            }
            on:pointerenter=move |event| show_note(&event)
            on:click=move |_| {
                is_hushed.set(false);
                focus(&id);
            }
        >
            {piece}
        </span>
    }
}

/// Where a key leads from `part`; nowhere if it is no key for that. Left and right go where they
/// point, whichever way one reads; what presses a button stays.
fn led(key: &str, is_rtl: bool, part: usize, last: usize) -> Option<usize> {
    let (next, previous) = if is_rtl { ("ArrowLeft", "ArrowRight") } else { ("ArrowRight", "ArrowLeft") };
    match key {
        "Home" => Some(0),
        "End" => Some(last),
        "Enter" | " " => Some(part),
        _ if key == next || key == "ArrowDown" => Some((part + 1).min(last)),
        _ if key == previous || key == "ArrowUp" => Some(part.saturating_sub(1)),
        _ => None,
    }
}

/// Whether what stands in an element is read to the left.
fn is_rtl(element: &web_sys::Element) -> bool {
    element.matches(":dir(rtl)").unwrap_or_default()
}

/// Moves the note of an event's part back by as much of itself as the part's first line is into the
/// text's width, so that it begins and ends within the text.
fn place_note(event: &web_sys::Event) {
    let part: web_sys::HtmlElement = event_target(event);
    if let (Some(text), Some(line)) = (part.offset_parent(), part.get_client_rects().item(0)) {
        let text = text.get_bounding_client_rect();
        // Against the way one reads, from where the note begins.
        let back = if is_rtl(&part) { text.right() - line.right() } else { text.left() - line.left() };
        let back = 100.0 * back / text.width().max(1.0);
        let _ = part.style().set_property("--back", &format!("{back:.0}%"));
    }
}

fn focus(id: &str) {
    use wasm_bindgen::JsCast;

    if let Some(element) = document().get_element_by_id(id) {
        // An element of this page can always be focused.
        let _ = element.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

#[cfg(test)]
mod tests {
    use super::led;

    #[test]
    fn keys_stay_within_the_parts() {
        let from = |part| {
            ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "Home", "End", "a"]
                .map(|key| led(key, false, part, 2))
        };
        assert_eq!(from(0), [Some(1), Some(1), Some(0), Some(0), Some(0), Some(2), None]);
        assert_eq!(from(2), [Some(2), Some(2), Some(1), Some(1), Some(0), Some(2), None]);
    }

    #[test]
    fn what_presses_a_part_stays_there() {
        assert_eq!(["Enter", " "].map(|key| led(key, false, 1, 2)), [Some(1), Some(1)]);
    }

    #[test]
    fn left_is_onward_where_one_reads_to_the_left() {
        let keys = ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"];
        assert_eq!(keys.map(|key| led(key, true, 1, 2)), [Some(0), Some(2), Some(2), Some(0)]);
    }
}
