//! What the history keeps: its entries and its switch, and how they lie in the browser's storage; and what is
//! kept beside it of the other page's box, which goes with it.

use crate::ui::browser;
use leptos::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// Entries kept.
const MAX_ENTRIES: usize = 100;

/// Names of what is kept.
const ENTRIES: &str = "valence.history";
const SWITCHED_OFF: &str = "valence.history.off";
/// By the server's `document::keep`.
const LINES: &str = "valence.lines";

/// Whether it is switched off in this page and the browser has no room to keep that.
static IS_OFF_HERE: AtomicBool = AtomicBool::new(false);

/// What lies between entries and between their fields: ASCII's own separators, which no person
/// types. Another reader of JSON would weigh more than all of this.
const RECORD: char = '\u{1e}';
const UNIT: char = '\u{1f}';

/// A text that was analyzed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As it was typed.
    pub text: String,
    /// The verdict's name.
    pub verdict: String,
    /// How sure the model was; nothing where it says no such thing.
    pub percent: String,
    /// The name of the verdict's tone.
    pub tone: String,
}

/// Puts an entry first, once, and drops the oldest beyond [`MAX_ENTRIES`]; one whose text is there already
/// `stays` in its place.
pub fn put(entries: &mut Vec<Entry>, entry: Entry, stays: bool) {
    let known = entries.iter().position(|other| other.text == entry.text);
    if let Some(place) = known {
        entries.remove(place);
    }
    entries.insert(known.filter(|_| stays).unwrap_or_default(), entry);
    entries.truncate(MAX_ENTRIES);
}

/// Brings both to what is stored; leaves them where the browser stores nothing.
pub fn recall(entries: RwSignal<Vec<Entry>>, is_off: RwSignal<bool>) {
    let Some(storage) = browser::storage() else { return };
    let stored = |name| storage.get_item(name).ok().flatten();
    entries.set(decode(&stored(ENTRIES).unwrap_or_default()));
    is_off.set(stored(SWITCHED_OFF).is_some() || IS_OFF_HERE.load(Ordering::Relaxed));
}

/// Stores the entries, fewer where the browser has no room for all; where there are none, the box is forgotten.
pub fn write(entries: &[Entry]) {
    if entries.is_empty() {
        forget_box();
    }
    let Some(storage) = browser::storage() else { return };
    let mut count = entries.len();
    while storage.set_item(ENTRIES, &encode(&entries[..count])).is_err() && count > 0 {
        count /= 2;
    }
}

/// Stores whether it is switched off; the oldest entries make room for that where the browser has none.
pub fn remember(off: bool, entries: &mut Vec<Entry>) {
    if off {
        forget_box();
    }
    let Some(storage) = browser::storage() else { return };
    if !off {
        let _ = storage.remove_item(SWITCHED_OFF);
    }
    let is_refused = || off && storage.set_item(SWITCHED_OFF, "1").is_err();
    while is_refused() && !entries.is_empty() {
        entries.truncate(entries.len() / 2);
        write(entries);
    }
    IS_OFF_HERE.store(is_refused(), Ordering::Relaxed);
}

/// Forgets what is kept of the other page's box.
fn forget_box() {
    if let Some(session) = browser::session() {
        let _ = session.remove_item(LINES);
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
            put(&mut entries, entry(&number.to_string()), false);
        }
        put(&mut entries, entry("7"), false);
        assert_eq!(entries.len(), 100);
        let texts = [0, 1, 99].map(|place: usize| entries[place].text.as_str());
        assert_eq!(texts, ["7", "100", "1"], "the first of all is gone");
    }

    #[test]
    fn an_entry_may_stay_where_it_is() {
        let mut entries = ["a", "b", "c"].map(entry).to_vec();
        let again = Entry { percent: "91.0 %".into(), ..entry("b") };
        put(&mut entries, again.clone(), true);
        assert_eq!(entries, [entry("a"), again, entry("c")]);
        put(&mut entries, entry("d"), true);
        assert_eq!(entries.first(), Some(&entry("d")), "a new one has no place yet");
    }

    #[test]
    fn what_another_version_wrote_is_left_out() {
        assert_eq!(decode("[{\"text\":\"a\"}]"), []);
    }
}
