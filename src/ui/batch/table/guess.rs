//! The guess of how a file is read: its format, and whether its first record names the columns.

use super::{Choice, Format, records};
use crate::{
    cells::words::is_value,
    columns::{self, LOOKED_AT},
};
use serde_json::Value;

/// Of a column's name.
const MOST_WORDS: usize = 3;
/// Bytes of a name that has a number at most, as `Q10` and `NPS 2024`.
const CODE: usize = 12;

impl Choice {
    /// Guesses from a file's name, where it has one, and its content.
    #[must_use]
    pub fn guess(name: Option<&str>, content: &str) -> Self {
        let (told, content) = told(content);
        let ending = name.and_then(|name| name.rsplit_once('.'));
        let ending = ending.map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase());
        let format = told.map_or_else(|| format(&ending, content), Format::Delimited);
        let has_header = match format {
            Format::Delimited(_) => {
                let is_table = told.is_some() || matches!(ending.as_str(), "csv" | "tsv" | "tab");
                begins_with_names(&records(content, format, LOOKED_AT).0, is_table)
            }
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

/// The format of a file whose name ends so, or of what was pasted.
fn format(ending: &str, content: &str) -> Format {
    let first = content.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let is_lines = matches!(ending, "txt" | "text");
    match ending {
        "tsv" | "tab" => return Format::Delimited(b'\t'),
        "jsonl" | "ndjson" => return Format::JsonLines,
        _ => {}
    }
    if !is_lines && serde_json::from_str::<Value>(first).is_ok_and(|value| value.is_object()) {
        return Format::JsonLines;
    }
    let is_table = ending == "csv";
    // Excel and labelled data sets have tabs in such a file, which prose has here and there at most.
    let likely: &[u8] = if is_lines { b"\t" } else { b"\t,;|" };
    let delimiters = likely.iter().filter_map(|&delimiter| {
        let (records, _) = records(content, Format::Delimited(delimiter), LOOKED_AT);
        let width = records.first()?.len();
        // Prose has commas too: without a file's name, a known column or values below a name it is lines.
        let has_texts = names_texts(&records[0]);
        let is_known = is_table || delimiter == b'\t' || has_texts || is_above_values(&records);
        // Some programs leave out a row's last cells where they are empty.
        let even = records.iter().filter(|record| record.len() == width).count();
        let is_even = even == records.len();
        // One line tells nothing of the others.
        let is_likely =
            if is_lines { is_even && even > 1 } else { 2 * even > records.len() || (is_table && has_texts) };
        (width > 1 && is_known && is_likely).then_some((is_even, width, delimiter))
    });
    match delimiters.max() {
        Some((.., delimiter)) => Format::Delimited(delimiter),
        None if is_table => Format::Delimited(b','),
        None => Format::Lines,
    }
}

/// Whether the first record names columns: it says so, or it holds no number or other value, and is short, without a
/// sentence's end, where the others are long or has values below it. A record of a file that `is_table` by its name
/// does too, unless a cell comes again below it. Of longer names one alone may be a sentence.
fn begins_with_names(records: &[Vec<String>], is_table: bool) -> bool {
    let [first, others @ ..] = records else { return false };
    let longest = |record: &Vec<String>| record.iter().map(String::len).max().unwrap_or_default();
    let is_said = |cell: &String| cell.ends_with(['.', '!']);
    let is_short = || {
        others.iter().map(longest).min().is_some_and(|length| longest(first) * 2 < length)
            && !first.iter().any(is_said)
    };
    // A sentence may end so, too.
    let is_name = |place: usize| first[place].split_whitespace().count() <= MOST_WORDS;
    let is_usual = || first.len() > 1 && columns::usual(first).is_some_and(is_name);
    let comes_again = |(place, cell): (usize, &String)| {
        !cell.is_empty() && others.iter().any(|record| record.get(place) == Some(cell))
    };
    let is_apart = || is_table && first.len() > 1 && !first.iter().enumerate().any(comes_again);
    names_texts(first)
        || is_above_values(records)
        || (!has_values(records) && (is_short() || is_usual() || is_apart()))
}

/// Whether the first record holds a number, date or address. A name with a number is none, unless its like stands
/// below it.
fn has_values(records: &[Vec<String>]) -> bool {
    let [first, others @ ..] = records else { return false };
    let is_code = |cell: &String| {
        cell.len() <= CODE
            && cell.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && is_value(cell)
            && !cell.contains('@')
    };
    let is_name = |place: usize, cell: &String| {
        is_code(cell) && !others.iter().filter_map(|record| record.get(place)).any(is_code)
    };
    first.iter().enumerate().any(|(place, cell)| is_value(cell) && !is_name(place, cell))
}

/// Whether the first record holds no number, date or address, and a column of several holds nothing else below
/// its name. In prose such a value, or what stands above it, has a space before it.
fn is_above_values(records: &[Vec<String>]) -> bool {
    let [first, others @ ..] = records else { return false };
    let is_above = |(place, name): (usize, &String)| {
        let is_there = |cell: &&String| !cell.trim().is_empty();
        let mut below = others.iter().filter_map(|record| record.get(place)).filter(is_there).peekable();
        is_there(&name)
            && below.peek().is_some()
            && below.all(|cell| is_value(cell) && !cell.starts_with(' '))
    };
    let is_prose = first.iter().any(|cell| cell.starts_with(' '));
    first.len() > 1 && !is_prose && !has_values(records) && first.iter().enumerate().any(is_above)
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

    // They were a text, and the columns of what was downloaded had no names.
    #[test]
    fn names_above_numbers_dates_and_addresses_are_a_header() {
        for content in [
            "Timestamp,Email Address,How likely is it? (0-10),What was good?\n5/1/2024 10:00:00,a@x.example,9,All\n",
            "Respondent ID,Start Date,What was good?\n,,Open-Ended Response\n118,05/01/2024 10:00:00 AM,All\n",
            "#,What was good?,Start Date (UTC)\nk3x9,\"The staff, all of it\",2024-05-01 10:00:00\nb,All,2024-05-02\n",
            "NPS score,Why did you give that score?\n9,All\n",
            "Nr;Kommentar;Note\n1;Gut;5\n",
            "ResponseId,Q1,Q10,Q11_TEXT\nR_1,4,5,good\n",
        ] {
            for name in [Some("a.csv"), None] {
                let Choice { format, has_header } = Choice::guess(name, content);
                assert!(has_header && matches!(format, Format::Delimited(_)), "{content}");
            }
        }
        for prose in ["So bad, really\nSo good, 10/10\n", "Good food, slow service\nWe paid 1,200\n"] {
            assert_eq!(Choice::guess(None, prose).format, Format::Lines, "{prose}");
        }
    }

    // The command line takes its first row for one.
    #[test]
    fn a_table_by_its_name_has_a_header_but_for_values_and_what_comes_again() {
        let has_header = |content| Choice::guess(Some("a.csv"), content).has_header;
        assert!(has_header("City,What was good?\nParis,The staff\nRome,All\n"));
        assert!(!has_header("0,2009-04-06,so bad\n4,2009-04-07,so good\n"));
        assert!(!has_header("neutral,so so\npositive,so good\nneutral,fine\n"));
        assert!(!Choice::guess(None, "Paris\tThe staff\nRome\tAll\n").has_header);
    }

    // It was left out, as the name of the others.
    #[test]
    fn a_short_sentence_above_longer_ones_is_a_text() {
        let below = "\nBob\tThe handle broke after a day\nCarl\tWrong colour, want my money back\n";
        let has_header = |first: &str| Choice::guess(None, &format!("{first}{below}")).has_header;
        assert!(!has_header("Anna\tGreat!"));
        assert!(!has_header("Anna\tMeh."));
        assert!(has_header("Who\tWhat?"));
    }

    // Their labels, dates and names were scored with them.
    #[test]
    fn a_text_file_with_tabs_in_every_line_is_read_as_it_is_where_it_is_pasted() {
        for content in [
            "The lamp works\t1\nNot good\t0\n",
            "Datum\tKommentar\tNote\n01.05.2024\t\"Gut,\nwirklich\"\t5\n",
        ] {
            let choice = Choice::guess(Some("a.txt"), content);
            assert_eq!(choice, Choice::guess(None, content), "{content}");
            assert_eq!(choice.format, Format::Delimited(b'\t'), "{content}");
        }
        for content in [
            "So good\tSo bad\nFine\nFine\tLate\n",
            "So good\tbut late\n",
            "{\"text\":\"so good\"}\n",
            "id,text\n1,so good\n",
        ] {
            assert_eq!(Choice::guess(Some("a.txt"), content).format, Format::Lines, "{content}");
        }
    }
}
