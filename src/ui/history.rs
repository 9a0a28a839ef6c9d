//! The history: the last texts and their verdicts, in this browser and nowhere else.

mod kept;

use super::{Inquiry, browser, form::fill};
use crate::sentiment::Outcome;
use kept::{Entry, put, recall, remember, write};
use leptos::{ev, html::Textarea, leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;

/// The longest text kept, in bytes: a browser gives a page about five million for all.
const MAX_BYTES: usize = 20_000;

/// How long a text must stay to be kept; one that is still being typed is not.
const SETTLED: Duration = Duration::from_millis(1500);

/// The texts analyzed before, to search, to go back to, and to clear.
#[component]
pub fn History(
    /// The text box to fill.
    draft: NodeRef<Textarea>,
    /// Where questions go.
    inquiry: Inquiry,
) -> impl IntoView {
    let entries = RwSignal::new(Vec::<Entry>::new());
    let is_off = RwSignal::new(false);
    let search = RwSignal::new(String::new());
    Effect::new(move || {
        recall(entries, is_off);
        // Another tab keeps, clears and switches too.
        window_event_listener_untyped("storage", move |_| recall(entries, is_off));
    });
    keep_what_settles(inquiry, entries, is_off);

    let found = Memo::new(move |_| matching(entries.get(), &search.get()));
    let row = move |entry: Entry| view! { <HistoryEntry entry draft inquiry /> };
    view! {
        <details class="panel history scripted">
            <summary>{move || format!("History ({})", entries.with(Vec::len))}</summary>
            <p class="quiet">
                "Kept in this browser only, never sent anywhere. Texts above 20 KB are not kept."
            </p>
            <HistoryTools entries search is_off />
            <p class="quiet" role="status">
                {move || (!search.with(String::is_empty)).then(|| format!("{} found", found.with(Vec::len)))}
            </p>
            <ul class="history__list">{move || found.get().into_iter().map(row).collect_view()}</ul>
        </details>
    }
}

/// Those of the entries whose text has what is wanted.
fn matching(mut entries: Vec<Entry>, wanted: &str) -> Vec<Entry> {
    if !wanted.is_empty() {
        let wanted = browser::lowercase(wanted);
        entries.retain(|entry| browser::lowercase(&entry.text).contains(&wanted));
    }
    entries
}

/// What is done with all entries: to search them, to keep them or not, to clear them.
#[component]
fn HistoryTools(
    /// The entries.
    entries: RwSignal<Vec<Entry>>,
    /// What is looked for in them, as it is typed.
    search: RwSignal<String>,
    /// Whether no more are kept.
    is_off: RwSignal<bool>,
) -> impl IntoView {
    let switch = move |event: ev::Event| {
        let off = !event_target_checked(&event);
        is_off.set(off);
        entries.update(|entries| remember(off, entries));
    };
    let clear = move |_| {
        entries.set(Vec::new());
        write(&[]);
    };
    view! {
        <div class="history__tools">
            <label for="search">"Search"</label>
            <input
                id="search"
                type="search"
                dir="auto"
                on:input=move |event| search.set(event_target_value(&event))
            />
            <label class="check">
                <input type="checkbox" prop:checked=move || !is_off.get() on:change=switch />
                "Keep a history"
            </label>
            // Not `disabled`, which would take the focus from it when it is pressed.
            <button
                type="button"
                class="button"
                on:click=clear
                aria-disabled=move || entries.with(Vec::is_empty).to_string()
            >
                "Clear history"
            </button>
        </div>
    }
}

/// An entry, and a way back to its text.
#[component]
fn HistoryEntry(
    /// The entry.
    entry: Entry,
    /// The text box to fill.
    draft: NodeRef<Textarea>,
    /// Where questions go.
    inquiry: Inquiry,
) -> impl IntoView {
    let Entry { text, verdict, percent, tone } = entry;
    let shown: String = text.chars().take(160).collect();
    let choose = move |_: ev::MouseEvent| fill(draft, inquiry, &text);
    view! {
        <li>
            <button type="button" class="history__entry" on:click=choose>
                <span class="history__text" dir="auto">{shown}</span>
                <span class="history__verdict" data-tone=tone>{format!("{verdict} {percent}")}</span>
            </button>
        </li>
    }
}

/// Keeps each text whose answer has been there for a while.
fn keep_what_settles(inquiry: Inquiry, entries: RwSignal<Vec<Entry>>, is_off: RwSignal<bool>) {
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        if let Some(timer) = timer.flatten() {
            timer.clear();
        }
        // Until the answer comes, there is still that to the text before.
        if inquiry.is_pending() {
            return None;
        }
        let (text, analysis) = (inquiry.asked()?, inquiry.answer()?.ok()?);
        let outcome = Outcome::of(&analysis.scores, inquiry.mixed_below(&analysis));
        let entry = Entry {
            verdict: outcome.name(),
            percent: outcome.score().map(|score| score.to_string()).unwrap_or_default(),
            tone: outcome.tone().name().into(),
            text,
        };
        let keep = move || {
            recall(entries, is_off);
            if is_off.get_untracked() || entry.text.len() > MAX_BYTES {
                return;
            }
            // Whoever goes through the entries by keyboard would be on another one, were this one to move.
            let focused = document().active_element();
            let stays = focused.is_some_and(|focused| focused.matches(".history__entry").unwrap_or_default());
            entries.update(|entries| {
                put(entries, entry, stays);
                write(entries);
            });
        };
        set_timeout_with_handle(keep, SETTLED).ok()
    });
}
