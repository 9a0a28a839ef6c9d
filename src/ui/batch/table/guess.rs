//! The guess of how a file is read: its format, and whether its first record names the columns.

use super::{Choice, Format, LOOKED_AT, records};
use crate::columns;
use serde_json::Value;

impl Choice {
    /// Guesses from a file's name, where it has one, and its content.
    #[must_use]
    pub fn guess(name: Option<&str>, content: &str) -> Self {
        let content = content.trim_start_matches('\u{feff}');
        let format = format(name.unwrap_or_default(), content);
        let has_header = match format {
            Format::Delimited(_) => begins_with_names(&records(content, format, LOOKED_AT)),
            Format::Lines | Format::JsonLines => false,
        };
        Self { format, has_header }
    }
}

fn format(name: &str, content: &str) -> Format {
    let extension =
        name.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase());
    let first = content.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    match extension.as_str() {
        "txt" | "text" => return Format::Lines,
        "tsv" | "tab" => return Format::Delimited(b'\t'),
        "jsonl" | "ndjson" => return Format::JsonLines,
        _ => {}
    }
    if serde_json::from_str::<Value>(first).is_ok_and(|value| value.is_object()) {
        return Format::JsonLines;
    }
    let is_table = extension == "csv";
    let delimiters = [b'\t', b',', b';', b'|'].into_iter().filter_map(|delimiter| {
        let records = records(content, Format::Delimited(delimiter), LOOKED_AT);
        let width = records.first()?.len();
        // Prose has commas too: without a file's name or a known column it is lines.
        let has_texts = names_texts(&records[0]);
        let is_known = is_table || delimiter == b'\t' || has_texts;
        // Some programs leave out a row's last cells where they are empty.
        let even = records.iter().filter(|record| record.len() == width).count();
        let is_likely = 2 * even > records.len() || (is_table && has_texts);
        (width > 1 && is_known && is_likely).then_some((even == records.len(), width, delimiter))
    });
    match delimiters.max() {
        Some((.., delimiter)) => Format::Delimited(delimiter),
        None if is_table => Format::Delimited(b','),
        None => Format::Lines,
    }
}

/// Whether the first record names columns: it says so, or it is short where the others are long.
fn begins_with_names(records: &[Vec<String>]) -> bool {
    let [first, others @ ..] = records else { return false };
    let is_number = |cell: &String| cell.trim().parse::<f64>().is_ok();
    let longest = |record: &Vec<String>| record.iter().map(String::len).max().unwrap_or_default();
    let is_short = others.iter().map(longest).min().is_some_and(|length| longest(first) * 2 < length);
    names_texts(first) || (!first.iter().any(is_number) && is_short)
}

fn names_texts(record: &[String]) -> bool {
    columns::named(record, &columns::TEXT).is_some()
}
