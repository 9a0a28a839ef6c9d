//! A table of texts as it was pasted or dropped: its format, its columns, and which of them is
//! the text. `guess` decides what nobody has chosen, `objects` reads JSON Lines, `records` all others.
//! `cells` has the rules, which are those of the command line and the HTTP API: a row with more or fewer cells
//! than the first has no text, nor has one whose quote is left open, a line that is no JSON, or a list, an object
//! or a truth value in the text's place. Such a row keeps its cells, and says why.

mod guess;
mod objects;
mod records;
#[cfg(test)]
mod tests;

use crate::{
    cells::words::words,
    columns::{self, LOOKED_AT},
};
use objects::objects;
use records::records;

/// How the cells of a file are separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A text a line.
    Lines,
    /// Cells between this character, quoted where they hold it; between tabs only where they must be.
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
    /// The rows and columns of JSON that would be no texts, in order, and why.
    pub no_texts: Vec<((usize, usize), &'static str)>,
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
                let (mut rows, broken) = records(content, format, usize::MAX);
                let own = rows.first().map_or(0, Vec::len);
                let width = rows.iter().map(Vec::len).max().unwrap_or_default();
                let has_names = choice.has_header && !rows.is_empty();
                let names = if has_names { rows.remove(0) } else { Vec::new() };
                let columns = columns::distinct((0..width).map(|column| name(&names, column, width)));
                let mut unread = Vec::new();
                for (number, row) in rows.iter_mut().enumerate() {
                    let record = number + usize::from(has_names);
                    let why = match broken.binary_search_by_key(&record, |&(record, _)| record) {
                        Ok(place) => Some(broken[place].1),
                        Err(_) if row.len() > own => Some("it has more cells than the first row"),
                        Err(_) if row.len() < own => Some("it has fewer cells than the first row"),
                        Err(_) => None,
                    };
                    unread.extend(why.map(|why| (number, why)));
                    row.resize(width, String::new());
                }
                Self { columns, rows, unread, ..Self::default() }
            }
        }
    }

    /// Why a row cannot be read, or has no text in this column, where that is so.
    #[must_use]
    pub fn unread(&self, row: usize, column: usize) -> Option<&'static str> {
        let unread = self.unread.binary_search_by_key(&row, |&(unread, _)| unread).ok();
        let no_text = || self.no_texts.binary_search_by_key(&(row, column), |&(cell, _)| cell).ok();
        unread.map(|place| self.unread[place].1).or_else(|| Some(self.no_texts[no_text()?].1))
    }

    /// The cell of a row in the column of texts; empty where there is none.
    #[must_use]
    pub fn text(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|row| row.get(column)).map_or("", String::as_str)
    }

    /// The column that most likely holds the texts: one named so, else the one with most words in it.
    #[must_use]
    pub fn text_column(&self) -> usize {
        let is_text = |cell| self.no_texts.binary_search_by_key(&cell, |&(cell, _)| cell).is_err();
        let words = |column: usize| {
            let rows = self.rows.iter().take(LOOKED_AT).enumerate();
            words(rows.filter(|&(row, _)| is_text((row, column))).map(|(_, row)| &row[column]))
        };
        columns::likeliest(&self.columns, words)
            .or_else(|| (0..self.columns.len()).max_by_key(|&column| words(column)))
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
