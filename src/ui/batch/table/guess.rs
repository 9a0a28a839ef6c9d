//! The guess of how a file is read: its format, and whether its first record names the columns.

use super::{Choice, Format, records};
use crate::columns::{self, LOOKED_AT};
use serde_json::Value;

/// Of a column's name.
const MOST_WORDS: usize = 3;

impl Choice {
    /// Guesses from a file's name, where it has one, and its content.
    #[must_use]
    pub fn guess(name: Option<&str>, content: &str) -> Self {
        let (told, content) = told(content);
        let format = told.map_or_else(|| format(name.unwrap_or_default(), content), Format::Delimited);
        let has_header = match format {
            Format::Delimited(_) => begins_with_names(&records(content, format, LOOKED_AT).0),
            // A line alone is more likely a text.
            Format::Lines => {
                let (lines, _) = records(content, format, 2);
                lines.len() > 1 && names_texts(&lines[0])
            }
            Format::JsonLines => false,
        };
        Self { format, has_header }
    }
}

/// A content without its byte order mark and without the line that tells Excel the delimiter, and what that
/// line tells.
#[must_use]
pub fn told(content: &str) -> (Option<u8>, &str) {
    let content = content.trim_start_matches('\u{feff}');
    let line = content.split(['\r', '\n']).next().unwrap_or_default();
    match line.strip_prefix("sep=").map(str::as_bytes) {
        Some([delimiter @ (b',' | b';' | b'|' | b'\t')]) => (Some(*delimiter), &content[line.len()..]),
        _ => (None, content),
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
        let (records, _) = records(content, Format::Delimited(delimiter), LOOKED_AT);
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

/// Whether the first record names columns: it says so, or it is short where the others are long. Of longer
/// names one alone may be a sentence, and so may one beside a number.
fn begins_with_names(records: &[Vec<String>]) -> bool {
    let [first, others @ ..] = records else { return false };
    let is_number = |cell: &String| cell.trim().parse::<f64>().is_ok();
    let longest = |record: &Vec<String>| record.iter().map(String::len).max().unwrap_or_default();
    let is_short = others.iter().map(longest).min().is_some_and(|length| longest(first) * 2 < length);
    // A sentence may end so, too.
    let is_name = |place: usize| first[place].split_whitespace().count() <= MOST_WORDS;
    let is_usual = first.len() > 1 && columns::usual(first).is_some_and(is_name);
    names_texts(first) || (!first.iter().any(is_number) && (is_short || is_usual))
}

fn names_texts(record: &[String]) -> bool {
    record.iter().any(|cell| columns::is_name(cell))
}

#[cfg(test)]
mod tests {
    use super::{super::Table, *};

    // It was the first row, or a header of one column that had commas.
    #[test]
    fn the_line_that_tells_excel_the_delimiter_is_no_row() {
        for (delimiter, end) in [(",", "\r\n"), (";", "\n"), ("|", "\r"), ("\t", "\r\n")] {
            let content =
                "\u{feff}sep=;\nid;text;by\n1;so good;me\n".replace(';', delimiter).replace('\n', end);
            for name in [Some("a.csv"), Some("a.txt"), None] {
                let choice = Choice::guess(name, &content);
                let format = Format::Delimited(delimiter.as_bytes()[0]);
                assert_eq!(choice, Choice { format, has_header: true });
                let table = Table::read(&content, choice);
                assert_eq!(table.columns, ["id", "text", "by"]);
                assert_eq!(table.rows, [["1", "so good", "me"]]);
            }
        }
        assert_eq!(Choice::guess(None, "sep=, they said\nso good\n").format, Format::Lines);
    }

    // With short texts below it, it was one of them.
    #[test]
    fn longer_names_are_a_header_where_they_can_be_no_texts() {
        let has_header = |content| Choice::guess(Some("a.csv"), content).has_header;
        assert!(has_header("id,Review Text\n1,good\n2,bad\n"));
        assert!(!has_header("1,a long text\n2,bad\n"));
        assert!(!has_header("What a bad review\nGood\n"));
    }

    // Such a header was one of the texts.
    #[test]
    fn plurals_and_names_in_one_word_are_a_header() {
        for name in ["reviews", "Comments", "reviewtext"] {
            let has_header = |file, content: &str| Choice::guess(file, content).has_header;
            assert!(has_header(None, &format!("{name}\nGood\nBad\n")), "{name}");
            assert!(has_header(Some("a.csv"), &format!("{name}\nGood\n")), "{name}");
            let pasted = format!("stars;{name}\n5;good\n");
            let choice = Choice { format: Format::Delimited(b';'), has_header: true };
            assert_eq!(Choice::guess(None, &pasted), choice, "{name}");
        }
    }
}
