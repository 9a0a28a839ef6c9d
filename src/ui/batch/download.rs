//! The results as a file: every original column, and what the model says.

use super::{reason::in_full, results::Results, table::Table};
use crate::columns;
use serde_json::Value;

/// The columns that are added: those of `valence batch`, and the verdict before them.
struct Added {
    names: Vec<String>,
    labels: Vec<String>,
}

/// What one of them holds in a row.
enum Cell {
    Text(String),
    Score(f32),
    Nothing,
}

impl Added {
    /// With names that no column of the table has.
    fn new(table: &Table, results: &Results) -> Self {
        let labels = results.labels();
        let added = ["verdict".to_owned()].into_iter().chain(columns::added(&labels));
        let mut names = columns::distinct(table.columns.iter().cloned().chain(added));
        Self { names: names.split_off(table.columns.len()), labels }
    }

    /// The cells of one row, in the order of the names.
    fn cells(&self, results: &Results, row: usize) -> Vec<Cell> {
        let scores = match results.of(row) {
            Some(Ok(scores)) => scores.as_slice(),
            _ => &[],
        };
        let text = |text: Option<String>| text.map_or(Cell::Nothing, Cell::Text);
        let score = |score: Option<f32>| score.map_or(Cell::Nothing, Cell::Score);
        let best = scores.first();
        let of = |label: &String| scores.iter().find(|score| score.label == *label).map(|score| score.score);
        let error = match results.of(row) {
            Some(Err(error)) => Some(in_full(error)),
            Some(Ok(_)) => None,
            None => Some("not analyzed".into()),
        };
        let mut cells = vec![
            text(results.outcome(row).map(|outcome| outcome.name())),
            text(best.map(|best| best.label.clone())),
            score(best.map(|best| best.score)),
        ];
        cells.extend(self.labels.iter().map(|label| score(of(label))));
        cells.push(text(error));
        cells
    }
}

impl Cell {
    fn in_csv(&self) -> String {
        match self {
            Self::Text(text) => harmless(text),
            Self::Score(score) => score.to_string(),
            Self::Nothing => String::new(),
        }
    }

    fn in_json(self) -> String {
        match self {
            Self::Text(text) => Value::String(text).to_string(),
            // All its digits, and no more, are a number of JSON.
            Self::Score(score) => score.to_string(),
            Self::Nothing => Value::Null.to_string(),
        }
    }
}

/// Where a cell begins for a spreadsheet that separates by something other than commas, as it does
/// in many countries: our quotes are none to it, and so lines end in them too.
const BORDERS: [char; 5] = [';', '\t', '|', '\n', '\r'];

/// CSV with commas, behind a byte order mark, without which Excel does not read UTF-8.
///
/// What a spreadsheet would run as a formula has an apostrophe before it (OWASP, CSV injection),
/// numbers excepted.
#[must_use]
pub fn csv(table: &Table, results: &Results) -> String {
    let added = Added::new(table, results);
    let mut writer = csv::Writer::from_writer(Vec::from("\u{feff}"));
    let mut write = |cells: Vec<String>| {
        // Writing to memory cannot fail, and every row is equally long.
        let _ = writer.write_record(cells);
    };
    write(table.columns.iter().chain(&added.names).map(|name| harmless(name)).collect());
    for (number, row) in table.rows.iter().enumerate() {
        let cells = added.cells(results, number);
        write(row.iter().map(|cell| harmless(cell)).chain(cells.iter().map(Cell::in_csv)).collect());
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// JSON Lines, an object a row: what was JSON stays as it was written, other cells are strings.
#[must_use]
pub fn json_lines(table: &Table, results: &Results) -> String {
    let added = Added::new(table, results);
    let mut lines = String::new();
    for (number, row) in table.rows.iter().enumerate() {
        let member = |name: &String, json: &str| format!("{}:{json}", Value::from(name.as_str()));
        let own = table.members.get(number).cloned().unwrap_or_else(|| {
            let cells = table.columns.iter().zip(row);
            let members = cells.map(|(name, cell)| member(name, &Value::from(cell.as_str()).to_string()));
            members.collect::<Vec<_>>().join(",")
        });
        let mut members = Vec::from_iter(Some(own).filter(|own| !own.is_empty()));
        for (name, cell) in added.names.iter().zip(added.cells(results, number)) {
            members.push(member(name, &cell.in_json()));
        }
        lines += &format!("{{{}}}\n", members.join(","));
    }
    lines
}

fn harmless(cell: &str) -> String {
    let mut written = String::new();
    for part in cell.split_inclusive(BORDERS) {
        let is_formula = if written.is_empty() {
            part.starts_with(['=', '+', '-', '@', '\t', '\r', '\0'])
        } else {
            // Quotes that open a cell there are no part of it.
            let bare = part.trim_start_matches('"');
            // No formula goes on so, but many a text ends with ";-)".
            bare.starts_with(['=', '+', '-', '@', '\0']) && !bare[1..].starts_with(')')
        };
        if is_formula && part.trim_end_matches(BORDERS).parse::<f64>().is_err() {
            written.push('\'');
        }
        written += part;
    }
    written
}

#[cfg(test)]
mod tests {
    use super::{
        super::table::{Choice, Format},
        *,
    };
    use crate::{error::AnalyzeError, sentiment::Score};

    fn results() -> (Table, Results) {
        let table = Table {
            columns: vec!["text".into(), "error".into()],
            rows: vec![
                vec!["=1+1".into(), "-5".into()],
                vec!["a \"b\"\nc".into(), String::new()],
                vec![" ".into(), "x".into()],
            ],
            ..Table::default()
        };
        let mut results = Results::new(3, Some(0.75));
        let score = |label: &str, score| Score { label: label.into(), score };
        results.put(0, Ok(vec![score("POSITIVE", 0.9), score("NEGATIVE", 0.1)]));
        results.put(1, Ok(vec![score("NEGATIVE", 0.6), score("POSITIVE", 0.4)]));
        results.put(2, Err(AnalyzeError::Empty));
        (table, results)
    }

    #[test]
    fn csv_keeps_every_column_and_runs_no_formula() {
        let (table, results) = results();
        let csv = csv(&table, &results);
        let mut lines = csv.lines();
        assert_eq!(
            lines.next(),
            Some(
                "\u{feff}text,error,verdict,predicted_label,predicted_score,score_NEGATIVE,score_POSITIVE,error_2"
            )
        );
        assert_eq!(lines.next(), Some("'=1+1,-5,Positive,POSITIVE,0.9,0.1,0.9,"));
        assert!(csv.contains("\"a \"\"b\"\"\nc\",,Mixed,NEGATIVE,0.6,0.6,0.4,"), "{csv}");
        assert!(csv.ends_with(",x,,,,,,This row has no text.\n"), "{csv}");
    }

    // A spreadsheet whose cells end at semicolons ran the second one.
    #[test]
    fn no_formula_begins_within_a_cell() {
        for (cell, safe) in [
            ("great;=cmd|'/C calc'!A0;x", "great;'=cmd|'/C calc'!A0;x"),
            ("a\t@b|+c\n-d\r\n=e", "a\t'@b|'+c\n'-d\r\n'=e"),
            ("\0=1+1", "'\0=1+1"),
            ("\t=1+1", "'\t'=1+1"),
            ("\t\tso good", "'\t\tso good"),
            ("great;\"=1+1;x", "great;'\"=1+1;x"),
            ("so good ;-) ;=cmd", "so good ;-) ;'=cmd"),
            ("-5;+3.5\t-1", "-5;+3.5\t-1"),
            ("so-so = fine; isn't it?\n\nYes", "so-so = fine; isn't it?\n\nYes"),
            ("", ""),
        ] {
            assert_eq!(harmless(cell), safe);
        }
    }

    #[test]
    fn json_lines_hold_numbers_as_numbers() {
        let (table, results) = results();
        let lines = json_lines(&table, &results);
        let first = lines.lines().next().expect("a line");
        assert!(first.starts_with(r#"{"text":"=1+1","error":"-5","verdict":"#), "{first}");
        let first: Value = serde_json::from_str(first).expect("JSON");
        assert_eq!(first["text"], "=1+1");
        assert_eq!(first["error"], "-5");
        assert_eq!(first["predicted_score"], 0.9);
        assert_eq!(first["error_2"], Value::Null);
    }

    #[test]
    fn what_was_json_stays_as_it_was_written() {
        let lines = "{\"z\":1,\"text\":\"so good\",\"id\":7, \"ok\":true,\"x\":null,\"tags\":[1.50]}\n{}\n \"so bad\"\n";
        let choice = Choice { format: Format::JsonLines, has_header: false };
        let mut results = Results::new(3, Some(0.75));
        results.put(1, Err(AnalyzeError::Empty));
        let added = r#""verdict":null,"predicted_label":null,"predicted_score":null,"error":"not analyzed"}"#;
        let written = json_lines(&Table::read(lines, choice), &results);
        let written: Vec<_> = written.lines().collect();
        let first = r#"{"z":1,"text":"so good","id":7, "ok":true,"x":null,"tags":[1.50],"#;
        assert_eq!(written[0], format!("{first}{added}"));
        assert!(written[1].starts_with(r#"{"verdict":null,"#), "{}", written[1]);
        assert_eq!(written[2], format!("{{\"text\":\"so bad\",{added}"));
    }
}
