//! The records of lines, CSV and TSV: their cells, and whether the last one ends.

use super::Format;
use std::io::Read;

/// What no text holds: between the cells of a column alone.
const NOTHING: u8 = b'\x1f';

/// A record after the last one, and a part of that where a quote is left open.
const END: &str = "\n.";

/// The cells of a content as `guess::told` leaves it, of so many records at most, and whether a quote is left
/// open in the last of all.
#[must_use]
pub fn records(content: &str, format: Format, most: usize) -> (Vec<Vec<String>>, bool) {
    let Format::Delimited(delimiter) = format else {
        let lines = content.lines().filter(|line| !line.trim().is_empty());
        return (lines.take(most).map(|line| vec![line.to_owned()]).collect(), false);
    };
    let is_bare = delimiter == b'\t';
    let read = delimited(content, delimiter, !is_bare, most);
    // Tab-separated files have no quotes, as GLUE and IANA have them; spreadsheets set some where
    // a cell has several lines.
    if is_bare && !is_even(&read.0) {
        let quoted = delimited(content, delimiter, true, most);
        if !quoted.1 && is_even(&quoted.0) {
            return quoted;
        }
    }
    // A column alone, whatever its texts hold.
    if read.0.first().is_some_and(|first| first.len() == 1) {
        return delimited(content, NOTHING, !is_bare, most);
    }
    read
}

fn delimited(content: &str, delimiter: u8, quoting: bool, most: usize) -> (Vec<Vec<String>>, bool) {
    let mut records: Vec<Vec<String>> = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quoting(quoting)
        .has_headers(false)
        .flexible(true)
        .from_reader(content.as_bytes().chain(END.as_bytes()))
        .records()
        .flatten()
        .take(most)
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect();
    if records.last().is_some_and(|last| *last == [END.trim()]) {
        records.pop();
        return (records, false);
    }
    let is_open = records.len() < most;
    if is_open && let Some(cell) = records.last_mut().and_then(|last| last.last_mut()) {
        cell.truncate(cell.len() - END.len());
    }
    (records, is_open)
}

/// Whether all records are equally long.
fn is_even(records: &[Vec<String>]) -> bool {
    records.iter().all(|record| record.len() == records[0].len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(delimiter: u8, content: &str) -> (Vec<Vec<String>>, bool) {
        records(content, Format::Delimited(delimiter), usize::MAX)
    }

    #[test]
    fn a_quote_between_tabs_is_a_character_like_others() {
        let (rows, is_open) = read(b'\t', "id\ttext\n1\t\"I love\n2\tso good\n3\t\"late\"\n");
        assert_eq!(rows[1..], [["1", "\"I love"], ["2", "so good"], ["3", "\"late\""]]);
        assert!(!is_open);
    }

    #[test]
    fn a_spreadsheet_s_cell_of_several_lines_stays_one() {
        let (rows, _) = read(b'\t', "id\ttext\n1\t\"so \"\"good\"\"\nreally\"\n2\tlate\n");
        assert_eq!(rows[1..], [["1", "so \"good\"\nreally"], ["2", "late"]]);
        let (rows, _) = read(b'\t', "\"Review\ntext\"\tstars\nso good\t5\n");
        assert_eq!(rows, [["Review\ntext", "stars"], ["so good", "5"]]);
    }

    #[test]
    fn a_quote_is_open_where_the_content_ends_before_it() {
        for (content, cell, is_open) in [
            ("id,text\n1,\"so\n2,bad\n", "so\n2,bad\n", true),
            ("id,text\n1,\"so", "so", true),
            ("id,text\n1,\"", "", true),
            ("id,text\n1,\"so \"\"good\"\"", "so \"good\"", true),
            ("id,text\n1,\"so \"\"good\"\"\"", "so \"good\"", false),
            ("id,text\r\n1,\"so\"\r\n", "so", false),
            ("id,text\n1,5\" wide", "5\" wide", false),
            ("id,text\n1,.", ".", false),
        ] {
            let (rows, found) = read(b',', content);
            assert_eq!(rows, [["id", "text"], ["1", cell]], "{content}");
            assert_eq!(found, is_open, "{content}");
        }
        assert_eq!(read(b',', "\n\n").0.len(), 0);
    }
}
