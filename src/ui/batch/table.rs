//! A table of texts as it was pasted or dropped: its format, its columns, and which of them is
//! the text. `guess` decides what nobody has chosen, `objects` reads JSON Lines, `records` all others.
//! As for the command line and the HTTP API, a row with more cells than the first, one whose quote is left
//! open and a line that is no JSON have no text; one that lacks its last cells has.

mod guess;
mod objects;
mod records;

use crate::columns;
use objects::objects;
use records::records;

/// How the cells of a file are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A text a line.
    Lines,
    /// Cells between this character, quoted where they hold it; never quoted between tabs.
    Delimited(u8),
    /// A JSON object, or a string, a line.
    JsonLines,
}

/// The formats to choose from, with their names.
pub const FORMATS: [(Format, &str); 6] = [
    (Format::Lines, "A text a line"),
    (Format::Delimited(b','), "CSV, commas"),
    (Format::Delimited(b';'), "CSV, semicolons"),
    (Format::Delimited(b'\t'), "TSV, tabs"),
    (Format::Delimited(b'|'), "CSV, bars"),
    (Format::JsonLines, "JSON Lines"),
];

/// Records that a guess looks at.
const LOOKED_AT: usize = 20;

/// Rows of cells, each as long as the columns' names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns' names, made up where there are none, and no two the same.
    pub columns: Vec<String>,
    /// The cells.
    pub rows: Vec<Vec<String>>,
    /// Each row's members as JSON Lines wrote them, without the braces; none for other formats.
    pub members: Vec<String>,
    /// The rows that cannot be read, in order, and why.
    pub unread: Vec<(usize, &'static str)>,
}

/// How a file is read; guessed at first, then chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its format.
    pub format: Format,
    /// Whether its first record names the columns; those of JSON Lines are named in each.
    pub has_header: bool,
}

impl Table {
    /// Reads a file's content. Whatever it holds is some table, of which some rows may be unread.
    #[must_use]
    pub fn read(content: &str, choice: Choice) -> Self {
        let (_, content) = guess::told(content);
        match choice.format {
            Format::JsonLines => objects(content),
            format => {
                let (mut rows, is_open) = records(content, format, usize::MAX);
                let most = rows.first().map_or(0, Vec::len);
                let width = rows.iter().map(Vec::len).max().unwrap_or_default();
                let has_names = choice.has_header && !rows.is_empty();
                let names = if has_names { rows.remove(0) } else { Vec::new() };
                let columns = columns::distinct((0..width).map(|column| name(&names, column, width)));
                let (mut unread, count) = (Vec::new(), rows.len());
                for (number, row) in rows.iter_mut().enumerate() {
                    if is_open && number + 1 == count {
                        unread.push((number, "a quote is left open, so all that follows is a part of it"));
                    } else if row.len() > most {
                        unread.push((number, "it has more cells than the first row"));
                    }
                    row.resize(width, String::new());
                }
                Self { columns, rows, members: Vec::new(), unread }
            }
        }
    }

    /// Why a row cannot be read, where it cannot.
    #[must_use]
    pub fn unread(&self, row: usize) -> Option<&'static str> {
        let place = self.unread.binary_search_by_key(&row, |&(unread, _)| unread).ok()?;
        Some(self.unread[place].1)
    }

    /// The cell of a row in the column of texts; empty where there is none.
    #[must_use]
    pub fn text(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|row| row.get(column)).map_or("", String::as_str)
    }

    /// The column that most likely holds the texts: one named so, else the one with most in it.
    #[must_use]
    pub fn text_column(&self) -> usize {
        let length =
            |column: usize| self.rows.iter().take(LOOKED_AT).map(|row| row[column].len()).sum::<usize>();
        columns::text(&self.columns)
            .or_else(|| (0..self.columns.len()).max_by_key(|&column| length(column)))
            .unwrap_or_default()
    }
}

/// The name of a column: the header's, or its number; a column alone is the text.
fn name(names: &[String], column: usize, width: usize) -> String {
    match names.get(column).filter(|name| !name.trim().is_empty()) {
        Some(name) => name.clone(),
        None if width == 1 => "text".into(),
        None => format!("column {}", column + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: Option<&str>, content: &str) -> (Choice, Table) {
        let choice = Choice::guess(name, content);
        (choice, Table::read(content, choice))
    }

    #[test]
    fn prose_with_commas_is_lines() {
        let (choice, table) = read(None, "Well, fine, thanks.\nNo, not that, never.\n\n");
        assert_eq!(choice.format, Format::Lines);
        assert_eq!(table.columns, ["text"]);
        assert_eq!(table.rows, [["Well, fine, thanks."], ["No, not that, never."]]);
    }

    #[test]
    fn csv_with_quotes_newlines_and_a_byte_order_mark() {
        let (choice, table) =
            read(Some("a.csv"), "\u{feff}id;review\r\n1;\"so \"\"good\"\";\nreally\"\r\n2;bad\r\n");
        assert_eq!(choice, Choice { format: Format::Delimited(b';'), has_header: true });
        assert_eq!(table.columns, ["id", "review"]);
        assert_eq!(table.rows, [["1", "so \"good\";\nreally"], ["2", "bad"]]);
        assert_eq!(table.text_column(), 1);
    }

    // The name was one of the texts.
    #[test]
    fn the_first_of_lines_may_name_them() {
        for (content, has_header) in [
            ("review\nLoved it\nHated it, all of it\n", true),
            ("What I think\nLoved it\n", false),
            ("A bad review\nLoved it\n", false),
            ("Content\n", false),
        ] {
            for name in [None, Some("a.txt")] {
                let choice = Choice::guess(name, content);
                assert_eq!(choice, Choice { format: Format::Lines, has_header }, "{content}");
            }
        }
        let choice = Choice { format: Format::Lines, has_header: true };
        let table = Table::read("What I think\nLoved it\nHated it, all of it\n", choice);
        assert_eq!(table.columns, ["What I think"]);
        assert_eq!(table.rows, [["Loved it"], ["Hated it, all of it"]]);
    }

    #[test]
    fn a_file_without_a_header_keeps_its_first_row() {
        let (choice, table) = read(Some("a.tsv"), "1\tA very pleasant stay\n0\tNothing worked at all\n");
        assert!(!choice.has_header);
        assert_eq!(table.columns, ["column 1", "column 2"]);
        assert_eq!((table.rows.len(), table.text_column()), (2, 1));
    }

    #[test]
    fn json_lines_of_objects_and_strings() {
        let (choice, table) = read(None, "{\"text\":\"good\",\"stars\":5}\n{\"text\":\"bad\",\"by\":null}\n");
        assert_eq!(choice.format, Format::JsonLines);
        assert_eq!(table.columns, ["stars", "text", "by"]);
        assert_eq!(table.rows, [["5", "good", ""], ["", "bad", ""]]);
        assert_eq!(table.members, [r#""text":"good","stars":5"#, r#""text":"bad","by":null"#]);
        assert_eq!(
            read(Some("a.jsonl"), "\"just a string\"\n\"another\"").1.rows,
            [["just a string"], ["another"]]
        );
    }

    // It was scored as if it were a text.
    #[test]
    fn a_line_that_is_no_json_is_no_text() {
        let (_, table) =
            read(Some("a.jsonl"), "{\"id\":1,\"review\":\"good\"}\n{\"review\": \"so ba\n[5]\n\"fine\"\n");
        assert_eq!(table.columns, ["id", "review", "text"]);
        let texts = [["1", "good", ""], ["", "", "{\"review\": \"so ba"], ["", "", "[5]"], ["", "", "fine"]];
        assert_eq!(table.rows, texts);
        assert_eq!(table.members[1], r#""text":"{\"review\": \"so ba""#);
        assert_eq!([0, 1, 2, 3].map(|row| table.unread(row).is_some()), [false, true, true, false]);
    }

    // A piece of its text was scored.
    #[test]
    fn a_row_with_more_cells_than_the_first_is_not_read() {
        let (_, table) = read(Some("a.csv"), "text,by\none\ntwo,x,extra\n");
        assert_eq!(table.columns, ["text", "by", "column 3"]);
        assert_eq!(table.rows, [["one", "", ""], ["two", "x", "extra"]]);
        assert_eq!([table.unread(0), table.unread(1)], [None, Some("it has more cells than the first row")]);
    }

    // All that follows was scored as a part of one text.
    #[test]
    fn a_row_whose_quote_is_left_open_is_not_read() {
        let (_, table) = read(Some("a.csv"), "id,text\n1,good\n2,\"so\n3,bad\n");
        assert_eq!(table.rows, [["1", "good"], ["2", "so\n3,bad\n"]]);
        assert!(table.unread(0).is_none() && table.unread(1).is_some_and(|why| why.contains("quote")));
    }

    // Their texts ended at the first comma.
    #[test]
    fn the_texts_of_a_column_alone_may_have_every_delimiter() {
        for (name, delimiter) in [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t")] {
            let content = "review\nGood, but late\nFine\n".replace(',', delimiter);
            let (choice, table) = read(Some(name), &content);
            assert!(choice.has_header, "{content}");
            assert_eq!(table.columns, ["review"]);
            assert_eq!(table.rows, [[format!("Good{delimiter} but late")], ["Fine".into()]]);
            assert!(table.unread.is_empty());
        }
        let quoted = "review\n\"Good, but\nlate\"\n\"Fine\", she said\n";
        assert_eq!(read(Some("a.csv"), quoted).1.rows, [["Good, but\nlate"], ["Fine, she said"]]);
    }

    #[test]
    fn a_row_without_its_last_cell_hides_no_delimiter() {
        let content = "id;text;stars\n1;good, really;5\n2;bad\n";
        for delimiter in [";", "\t", "|"] {
            let content = content.replace(';', delimiter);
            for name in [Some("a.csv"), None] {
                let (choice, table) = read(name, &content);
                assert!(choice.has_header, "{content}");
                assert_eq!(table.columns, ["id", "text", "stars"]);
                assert_eq!(table.rows, [["1", "good, really", "5"], ["2", "bad", ""]]);
            }
        }
        // Named, the header alone tells it.
        assert_eq!(read(Some("a.csv"), "id;text;stars\n1;good\n2;bad\n").1.text_column(), 1);
        assert_eq!(read(None, "Title, no text\nGood\nBad, or so\nWorse\n").0.format, Format::Lines);
    }

    // The later one took the place of the earlier one in JSON Lines.
    #[test]
    fn two_columns_of_one_name_get_two() {
        let (_, table) = read(Some("a.csv"), "text,text\ngood,bad\n");
        assert_eq!(table.columns, ["text", "text_2"]);
        assert_eq!(table.text_column(), 0);
    }

    #[test]
    fn nothing_is_a_table_without_rows() {
        assert_eq!(read(None, "").1, Table::default());
        assert_eq!(read(Some("a.csv"), "\n\n").1.rows.len(), 0);
        assert_eq!(read(None, "{}\n{}").1, Table::default());
    }
}
