//! Columns: their names, of which no two are the same, and which of them holds the texts.
//!
//! One answer for the page, the command line and the HTTP API. What a table looks like is each
//! reader's to know.

use std::collections::{HashMap, HashSet};

/// Names that a column of texts usually has, the likeliest first.
pub const TEXT: [&str; 11] = [
    "text",
    "sentence",
    "review",
    "content",
    "body",
    "comment",
    "tweet",
    "message",
    "document",
    "description",
    "title",
];

/// The place of the column of texts: the first that is [`TEXT`] by name, else a column alone.
#[must_use]
pub fn text(columns: &[String]) -> Option<usize> {
    named(columns, &TEXT).or((columns.len() == 1).then_some(0))
}

/// The place of the column of this name: spelt so, else in letters of any case.
#[must_use]
pub fn asked(columns: &[String], name: &str) -> Option<usize> {
    columns.iter().position(|column| column == name).or_else(|| named(columns, &[name]))
}

/// The place of the column with the first of these `names` that there is, in letters of any case.
#[must_use]
pub fn named(columns: &[String], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| columns.iter().position(|column| column.trim().eq_ignore_ascii_case(name)))
}

/// The names with a number after each that has been there: `text`, `text_2`, `text_3`.
#[must_use]
pub fn distinct(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let given: Vec<String> = names.into_iter().collect();
    // A number must not make it the name of a later column.
    let mut taken: HashSet<String> = given.iter().cloned().collect();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut names = Vec::with_capacity(given.len());
    for name in &given {
        let number = numbers.entry(name).or_default();
        *number += 1;
        let mut free = name.clone();
        while *number > 1 {
            free = format!("{name}_{number}");
            if taken.insert(free.clone()) {
                break;
            }
            *number += 1;
        }
        names.push(free);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(columns: &[&str]) -> Option<usize> {
        text(&columns.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn the_likeliest_name_wins_in_letters_of_any_case() {
        assert_eq!(place(&["title", " Document ", "id"]), Some(1));
        assert_eq!(place(&["review", "TEXT"]), Some(1));
    }

    #[test]
    fn a_name_that_is_spelt_so_goes_before_one_in_other_letters() {
        let columns = ["Review", "review"].map(String::from);
        assert_eq!(asked(&columns, "review"), Some(1));
        assert_eq!(asked(&columns, "REVIEW"), Some(0));
    }

    #[test]
    fn a_column_alone_holds_the_texts_and_of_strange_ones_none_does() {
        assert_eq!(place(&["a"]), Some(0));
        assert_eq!(place(&["a", "b"]), None);
        assert_eq!(place(&[]), None);
    }

    #[test]
    fn no_two_columns_have_one_name_and_the_first_keeps_its_own() {
        let names = |names: &[&str]| distinct(names.iter().map(ToString::to_string));
        assert_eq!(names(&["id", "text", "text", "text"]), ["id", "text", "text_2", "text_3"]);
        assert_eq!(names(&["text", "text", "text_2", ""]), ["text", "text_3", "text_2", ""]);
    }
}
