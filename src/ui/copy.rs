//! A button that copies a text, and says so.

use super::browser;
use leptos::prelude::*;
use std::time::Duration;

/// How long the button says that it has copied.
const SAID: Duration = Duration::from_secs(2);

/// Copies what `text` is when it is pressed. Shown only where a script runs.
#[component]
pub fn Copy(
    /// What to copy.
    #[prop(into)]
    text: Signal<String>,
    /// What the button says.
    name: &'static str,
) -> impl IntoView {
    let said = RwSignal::new(name);
    let say = move |what| {
        said.set(what);
        set_timeout(move || said.set(name), SAID);
    };
    let copy = move |_| {
        browser::copy(&text.get_untracked(), move |done| {
            say(if done { "Copied" } else { "Copying is not allowed here" })
        });
    };
    view! {
        <button type="button" class="button scripted" on:click=copy>
            <span aria-live="polite">{move || said.get()}</span>
        </button>
    }
}
