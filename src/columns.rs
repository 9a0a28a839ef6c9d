//! Columns: their names, of which no two are the same, which of them holds the texts, and those that scores
//! become.
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

/// How many of [`TEXT`], from the first, name the texts at the end of a longer name too. The others may stand
/// beside them.
const STRONG: usize = 9;

/// The place of the column of texts: the one that is [`usual`], else a column alone.
#[must_use]
pub fn text(columns: &[String]) -> Option<usize> {
    usual(columns).or((columns.len() == 1).then_some(0))
}

/// The place of the column with a name that texts usually have: the first of [`TEXT`] that there is, but
/// before `description` and `title` one that ends with such a word, as `Review Text` does, or else the plural
/// of one. Its end says what it holds: a `review_id` is no review.
#[must_use]
pub fn usual(columns: &[String]) -> Option<usize> {
    let (strong, weak) = TEXT.split_at(STRONG);
    named(columns, strong)
        .or_else(|| columns.iter().position(|name| !is_about(name) && is_strong(last_word(name))))
        .or_else(|| columns.iter().position(|name| is_plural(name)))
        .or_else(|| named(columns, weak))
}

/// Whether this is a name by which a column is taken for that of texts, and is hardly a text itself.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let name = name.trim();
    TEXT.iter().any(|usual| name.eq_ignore_ascii_case(usual)) || is_strong(name) || is_plural(name)
}

/// Whether a word says that texts are there, or is made of two that do, as `reviewtext`.
fn is_strong(word: &str) -> bool {
    let (strong, _) = TEXT.split_at(STRONG);
    let words = || strong.iter().chain(&["feedback"]);
    let is_one = |word: &str| words().any(|strong| word.eq_ignore_ascii_case(strong));
    let are_two = |first: &&str| {
        word.split_at_checked(first.len())
            .is_some_and(|(begin, end)| begin.eq_ignore_ascii_case(first) && is_one(end))
    };
    is_one(word) || words().any(are_two)
}

/// Whether a name is the plural of such a word, and nothing more: `num_comments` are a number.
fn is_plural(name: &str) -> bool {
    name.trim().strip_suffix(['s', 'S']).is_some_and(is_strong)
}

/// Whether a name is of something about a text, as `Date of Review` is.
fn is_about(name: &str) -> bool {
    name.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| word.eq_ignore_ascii_case("of"))
}

/// The last word of a name, the same of `Review Text`, `review-text`, `review_text` and `reviewText`.
fn last_word(name: &str) -> &str {
    let is_between = |letter: char| letter.is_ascii() && !letter.is_ascii_alphanumeric();
    let word = name.trim_matches(is_between).rsplit(is_between).next().unwrap_or_default();
    let mut pairs = word.as_bytes().windows(2);
    let before = pairs.rposition(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    before.map_or(word, |before| &word[before + 1..])
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

/// The columns that scores become: the best label and its score, every label's score, and why there are none.
#[must_use]
pub fn added(labels: &[String]) -> Vec<String> {
    let scores = labels.iter().map(|label| format!("score_{label}"));
    let best = ["predicted_label", "predicted_score"].map(String::from);
    best.into_iter().chain(scores).chain(["error".to_owned()]).collect()
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

    // The headlines were scored, and not what stood beside them.
    #[test]
    fn a_longer_name_that_ends_with_a_strong_one_goes_before_title_and_description() {
        for name in ["Review Text", "review_text", "review-body", "reviewText", "Your feedback:", "Feedback"]
        {
            assert_eq!(place(&["Clothing ID", "Title", "description", name, "Rating"]), Some(3), "{name}");
            assert_eq!(place(&[name, "sentence"]), Some(1), "{name}");
        }
        for name in [
            "review_id",
            "Review date",
            "Date of Review",
            "number_of_text",
            "context",
            "textual",
            "review title",
            "_",
        ] {
            assert_eq!(place(&[name, "title"]), Some(1), "{name}");
            assert_eq!(place(&[name, "stars"]), None, "{name}");
        }
        assert_eq!(place(&["title", "description"]), Some(1));
    }

    // The titles were scored.
    #[test]
    fn two_strong_words_in_one_and_plurals_go_before_title_and_description() {
        for name in ["reviewtext", "ReviewText", "REVIEWTEXT", "user_reviewtext", "Reviews", " comments "] {
            assert_eq!(place(&["title", "description", name, "summary"]), Some(2), "{name}");
        }
        assert_eq!(place(&["comments", "reviewText"]), Some(1));
        for name in ["num_comments", "# reviews", "fulltext", "textbook", "reviewid", "s"] {
            assert_eq!(place(&[name, "title"]), Some(1), "{name}");
            assert_eq!(place(&[name, "stars"]), None, "{name}");
        }
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
    fn scores_become_columns_whose_names_are_free() {
        let labels = ["bad", "good"].map(String::from);
        let added = ["predicted_label", "predicted_score", "score_bad", "score_good", "error"];
        assert_eq!(super::added(&labels), added);
        let all = distinct(["text".to_owned(), "error".to_owned()].into_iter().chain(super::added(&labels)));
        assert_eq!(all[2..], ["predicted_label", "predicted_score", "score_bad", "score_good", "error_2"]);
    }

    #[test]
    fn no_two_columns_have_one_name_and_the_first_keeps_its_own() {
        let names = |names: &[&str]| distinct(names.iter().map(ToString::to_string));
        assert_eq!(names(&["id", "text", "text", "text"]), ["id", "text", "text_2", "text_3"]);
        assert_eq!(names(&["text", "text", "text_2", ""]), ["text", "text_3", "text_2", ""]);
    }
}
