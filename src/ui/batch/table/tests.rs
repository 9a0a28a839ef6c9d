//! What becomes of files as people have them.

use super::*;
use crate::testing::tables::{CASES, COLUMNS};

fn read(name: Option<&str>, content: &str) -> (Choice, Table) {
    let choice = Choice::guess(name, content);
    (choice, Table::read(content, choice))
}

// Of some files it scored what the command line and the API refused, or a piece of a text.
#[test]
fn reads_what_the_command_line_and_the_api_read() {
    for &(ending, content, expected) in CASES {
        let (_, table) = read(Some(&format!("a.{ending}")), content);
        let column = table.text_column();
        let text = |row| Some(table.text(row, column)).filter(|text| !text.is_empty());
        let texts: Vec<_> = (0..table.rows.len())
            .map(|row| if table.unread(row, column).is_some() { None } else { text(row) })
            .collect();
        assert_eq!(texts, expected, "{content:?}");
    }
}

// The titles were scored where no other name was known.
#[test]
fn finds_the_column_that_the_command_line_finds() {
    for &(ending, content, expected) in COLUMNS {
        let (_, table) = read(Some(&format!("a.{ending}")), content);
        assert_eq!(table.columns[table.text_column()], expected, "{content:?}");
    }
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
    assert_eq!([0, 1, 2, 3].map(|row| table.unread(row, 2).is_some()), [false, true, true, false]);
}

// They were scored as if they were texts.
#[test]
fn what_stands_for_a_text_in_json_and_is_none_has_a_reason() {
    let values = ["\"[good]\"", "[\"good\"]", "{\"a\":1}", "true", "5", "null"];
    let lines = values.map(|value| format!("{{\"tags\":[1],\"text\":{value}}}\n")).concat();
    let (_, table) = read(Some("a.jsonl"), &lines);
    let why = ["the text is a list", "the text is an object", "the text is a truth value"].map(Some);
    let told = [0, 1, 2, 3, 4, 5].map(|row| table.unread(row, table.text_column()));
    assert_eq!(told, [None, why[0], why[1], why[2], None, None]);
    assert_eq!(table.rows[1], ["[1]", "[\"good\"]"]);
    // Of another column only where it is said to hold the texts.
    assert_eq!(table.unread(0, 0), why[0]);
}

// A piece of its text was scored.
#[test]
fn a_row_with_more_or_fewer_cells_than_the_first_is_not_read() {
    let (_, table) = read(Some("a.csv"), "text,by\none\ntwo,x,extra\n");
    assert_eq!(table.columns, ["text", "by", "column 3"]);
    assert_eq!(table.rows, [["one", "", ""], ["two", "x", "extra"]]);
    let why = ["it has fewer cells than the first row", "it has more cells than the first row"];
    assert_eq!([0, 1].map(|row| table.unread(row, 0)), why.map(Some));
}

// All that follows was scored as a part of one text.
#[test]
fn a_row_whose_quote_is_left_open_is_not_read() {
    let (_, table) = read(Some("a.csv"), "id,text\n1,good\n2,\"so\n3,bad\n");
    assert_eq!(table.rows, [["1", "good"], ["2", "so\n3,bad\n"]]);
    assert!(table.unread(0, 1).is_none() && table.unread(1, 1).is_some_and(|why| why.contains("quote")));
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
