//! Columns: which of a table's columns holds the texts, by their names.
//!
//! One answer for the page, the command line and the HTTP API. What a table looks like is each
//! reader's to know.

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

/// The place of the column with the first of these `names` that there is, in letters of any case.
#[must_use]
pub fn named(columns: &[String], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| columns.iter().position(|column| column.trim().eq_ignore_ascii_case(name)))
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
    fn a_column_alone_holds_the_texts_and_of_strange_ones_none_does() {
        assert_eq!(place(&["a"]), Some(0));
        assert_eq!(place(&["a", "b"]), None);
        assert_eq!(place(&[]), None);
    }
}
