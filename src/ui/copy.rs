//! A button that copies a text, or hands it to the system's share sheet, and says how that went.

use super::browser;
use leptos::prelude::*;
use std::time::Duration;

/// How long the button says how it went.
const SAID: Duration = Duration::from_secs(2);

/// Hands on what `text` is when it is pressed. Shown only where a script runs.
#[component]
pub fn Copy(
    /// What to hand on.
    #[prop(into)]
    text: Signal<String>,
    /// What the button says.
    name: &'static str,
    /// Whether to the share sheet, in place of the clipboard.
    #[prop(optional)]
    by_sheet: bool,
) -> impl IntoView {
    let said = RwSignal::new(name);
    let say = move |what| {
        said.set(what);
        set_timeout(move || said.set(name), SAID);
    };
    let hand_on = move |_| {
        let text = text.get_untracked();
        if by_sheet {
            browser::share(&text, move || say("Sharing is not allowed here"));
        } else {
            browser::copy(&text, move |done| {
                say(if done { "Copied" } else { "Copying is not allowed here" })
            });
        }
    };
    view! {
        <button type="button" class="button scripted" on:click=hand_on>
            <span aria-live="polite">{move || said.get()}</span>
        </button>
    }
}
