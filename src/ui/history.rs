//! The history: the last texts and their verdicts, in this browser and nowhere else.

use super::{Inquiry, browser, form::fill};
use crate::sentiment::Outcome;
use leptos::{ev, html::Textarea, leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;

/// Entries kept.
const MAX_ENTRIES: usize = 100;

/// The longest text kept, in bytes: a browser gives a page about five million for all.
const MAX_BYTES: usize = 20_000;

/// How long a text must stay to be kept; one that is still being typed is not.
const SETTLED: Duration = Duration::from_millis(1500);

/// Names of what is kept.
const ENTRIES: &str = "valence.history";
const SWITCHED_OFF: &str = "valence.history.off";

/// What lies between entries and between their fields: ASCII's own separators, which no person
/// types. Another reader of JSON would weigh more than all of this.
const RECORD: char = '\u{1e}';
const UNIT: char = '\u{1f}';

/// A text that was analyzed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    text: String,
    verdict: String,
    percent: String,
    tone: String,
}

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

    let found = Memo::new(move |_| {
        let (wanted, mut found) = (search.get(), entries.get());
        if !wanted.is_empty() {
            let wanted = browser::lowercase(&wanted);
            found.retain(|entry| browser::lowercase(&entry.text).contains(&wanted));
        }
        found
    });
    let row = move |entry: Entry| {
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
    };
    let switch = move |event: ev::Event| {
        let off = !event_target_checked(&event);
        is_off.set(off);
        if let Some(storage) = browser::storage() {
            let _ = if off { storage.set_item(SWITCHED_OFF, "1") } else { storage.remove_item(SWITCHED_OFF) };
        }
    };
    let clear = move |_| {
        entries.set(Vec::new());
        write(&[]);
    };
    view! {
        <details class="panel history scripted">
            <summary>{move || format!("History ({})", entries.with(Vec::len))}</summary>
            <p class="quiet">
                "Kept in this browser only, never sent anywhere. Texts above 20 KB are not kept."
            </p>
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
            <p class="quiet" role="status">
                {move || (!search.with(String::is_empty)).then(|| format!("{} found", found.with(Vec::len)))}
            </p>
            <ul class="history__list">{move || found.get().into_iter().map(row).collect_view()}</ul>
        </details>
    }
}

/// Keeps each text whose answer has been there for a while.
fn keep_what_settles(inquiry: Inquiry, entries: RwSignal<Vec<Entry>>, is_off: RwSignal<bool>) {
    let mixed_below = inquiry.server().mixed_below;
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        if let Some(timer) = timer.flatten() {
            timer.clear();
        }
        // Until the answer comes, there is still that to the text before.
        if inquiry.is_pending() {
            return None;
        }
        let (text, analysis) = (inquiry.asked()?, inquiry.answer()?.ok()?);
        let outcome = Outcome::of(&analysis.scores, mixed_below);
        let entry = Entry {
            verdict: outcome.name(),
            percent: outcome.percent().map(|percent| percent.to_string()).unwrap_or_default(),
            tone: outcome.tone().name().into(),
            text,
        };
        let keep = move || {
            recall(entries, is_off);
            if is_off.get_untracked() || entry.text.len() > MAX_BYTES {
                return;
            }
            entries.update(|entries| {
                put(entries, entry);
                write(entries);
            });
        };
        set_timeout_with_handle(keep, SETTLED).ok()
    });
}

/// Puts an entry first, once, and drops the oldest beyond [`MAX_ENTRIES`].
fn put(entries: &mut Vec<Entry>, entry: Entry) {
    entries.retain(|other| other.text != entry.text);
    entries.insert(0, entry);
    entries.truncate(MAX_ENTRIES);
}

/// Brings both to what is stored; leaves them where the browser stores nothing.
fn recall(entries: RwSignal<Vec<Entry>>, is_off: RwSignal<bool>) {
    let Some(storage) = browser::storage() else { return };
    let stored = |name| storage.get_item(name).ok().flatten();
    entries.set(decode(&stored(ENTRIES).unwrap_or_default()));
    is_off.set(stored(SWITCHED_OFF).is_some());
}

/// Stores the entries, fewer where the browser has no room for all.
fn write(entries: &[Entry]) {
    let Some(storage) = browser::storage() else { return };
    let mut count = entries.len();
    while storage.set_item(ENTRIES, &encode(&entries[..count])).is_err() && count > 0 {
        count /= 2;
    }
}

fn encode(entries: &[Entry]) -> String {
    let mut kept = String::new();
    for Entry { text, verdict, percent, tone } in entries {
        for (field, end) in [(text, UNIT), (verdict, UNIT), (percent, UNIT), (tone, RECORD)] {
            kept.extend(field.chars().filter(|c| ![UNIT, RECORD].contains(c)));
            kept.push(end);
        }
    }
    kept
}

/// What cannot be read was written by another version, and is left out.
fn decode(kept: &str) -> Vec<Entry> {
    let entry = |record: &str| {
        let mut fields = record.split(UNIT).map(str::to_owned);
        let mut next = || fields.next();
        Some(Entry { text: next()?, verdict: next()?, percent: next()?, tone: next()? })
    };
    kept.split(RECORD).filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry {
        Entry {
            text: text.into(),
            verdict: "Positive".into(),
            percent: "98.1 %".into(),
            tone: "positive".into(),
        }
    }

    #[test]
    fn entries_survive_being_kept() {
        let entries = [entry("one\nline, and \"another\""), entry("😀")];
        assert_eq!(decode(&encode(&entries)), entries);
        assert_eq!(decode(&encode(&[])), []);
    }

    #[test]
    fn a_text_cannot_break_out_of_its_entry() {
        assert_eq!(decode(&encode(&[entry("a\u{1e}b\u{1f}c")])), [entry("abc")]);
    }

    #[test]
    fn only_the_last_are_kept_and_each_text_once() {
        let mut entries = Vec::new();
        for number in 0..=MAX_ENTRIES {
            put(&mut entries, entry(&number.to_string()));
        }
        put(&mut entries, entry("7"));
        assert_eq!(entries.len(), 100);
        let texts = [0, 1, 99].map(|place: usize| entries[place].text.as_str());
        assert_eq!(texts, ["7", "100", "1"], "the first of all is gone");
    }

    #[test]
    fn what_another_version_wrote_is_left_out() {
        assert_eq!(decode("[{\"text\":\"a\"}]"), []);
    }
}
