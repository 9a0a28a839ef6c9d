//! Columns: their names, of which no two are the same, which of them holds the texts, and those that scores
//! become.
//!
//! One answer for the page, the command line and the HTTP API, but for a name that tells little: the first two
//! look at the first rows then, the last has the names alone. What a table looks like is each reader's to know.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

/// Names that a column of texts usually has, the likeliest first.
pub const TEXT: [&str; 16] = [
    "text",
    "sentence",
    "review",
    "content",
    "body",
    "comment",
    "tweet",
    "message",
    "document",
    "pros",
    "cons",
    "response",
    "answer",
    "description",
    "summary",
    "title",
];

/// How many of [`TEXT`], from the first, name the texts at the end of a longer name too. The others may stand
/// beside them.
const STRONG: usize = 9;

/// Rows, from the first, that tell what a table holds.
pub const LOOKED_AT: usize = 20;

/// The place of the column of texts by the names alone: the one that is [`usual`], else a column alone.
#[must_use]
pub fn text(columns: &[String]) -> Option<usize> {
    usual(columns).or((columns.len() == 1).then_some(0))
}

/// The same where it is known how many `words` each column has in the first rows, by `cells::words`. A plural
/// without any is a number of reviews, and the last seven of [`TEXT`] give way to a column with clearly more.
#[must_use]
pub fn likeliest(columns: &[String], words: impl Fn(usize) -> usize) -> Option<usize> {
    let told = strong(columns).or_else(|| plural(columns).filter(|&place| words(place) > 0));
    let weighed = || {
        let weak = weak(columns)?;
        let most = (0..columns.len()).max_by_key(|&column| words(column))?;
        Some(if words(most) > 2 * words(weak) { most } else { weak })
    };
    told.or_else(weighed).or_else(|| text(columns))
}

/// Whether the names alone tell which column holds the texts, as far as names can.
#[must_use]
pub fn are_clear(columns: &[String]) -> bool {
    columns.len() < 2 || strong(columns).is_some()
}

/// The place of the column with a name that texts usually have: the first of the first nine of [`TEXT`] that
/// there is, else the first that ends with such a word, as `Review Text` does, else the plural of one, as `Guest
/// reviews`, else the first of the others. Its end says what it holds: a `review_id` is no review.
#[must_use]
pub fn usual(columns: &[String]) -> Option<usize> {
    strong(columns).or_else(|| plural(columns)).or_else(|| weak(columns))
}

fn strong(columns: &[String]) -> Option<usize> {
    let (strong, _) = TEXT.split_at(STRONG);
    let is_last = |name: &String| !is_about(name) && is_strong(last_word(name));
    named(columns, strong).or_else(|| columns.iter().position(is_last))
}

fn plural(columns: &[String]) -> Option<usize> {
    // `# reviews` is their number.
    let is_last = |name: &String| {
        !name.contains('#') && !is_about(name) && singular(last_word(name)).is_some_and(is_strong)
    };
    columns.iter().position(is_last)
}

fn weak(columns: &[String]) -> Option<usize> {
    let (_, weak) = TEXT.split_at(STRONG);
    let is_plural = |name: &String| singular(name.trim()).is_some_and(|name| is_one(name, weak));
    named(columns, weak).or_else(|| columns.iter().position(is_plural))
}

/// Whether this is a name by which a column is taken for that of texts, and is hardly a text itself.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let is_usual = |name: &str| is_one(name, &TEXT) || is_strong(name);
    let name = name.trim();
    is_usual(name) || singular(name).is_some_and(is_usual)
}

/// Whether a word says that texts are there, or is made of two that do, as `reviewtext`.
fn is_strong(word: &str) -> bool {
    let (strong, _) = TEXT.split_at(STRONG);
    let words = || strong.iter().chain(&["feedback"]);
    let is_word = |word: &str| words().any(|strong| word.eq_ignore_ascii_case(strong));
    let are_two = |first: &&str| {
        word.split_at_checked(first.len())
            .is_some_and(|(begin, end)| begin.eq_ignore_ascii_case(first) && is_word(end))
    };
    is_word(word) || words().any(are_two)
}

fn is_one(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.eq_ignore_ascii_case(word))
}

fn singular(word: &str) -> Option<&str> {
    word.strip_suffix(['s', 'S'])
}

/// Whether a name is of something about texts, as `Date of Review` is, or of how many there are, as
/// `num_comments`.
fn is_about(name: &str) -> bool {
    let begins = |word: &str, begin: &str| {
        word.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin))
    };
    let is_count = |word: &str| is_one(word, &["of", "no"]) || begins(word, "num") || begins(word, "total");
    name.split(|letter: char| !letter.is_ascii_alphanumeric()).any(is_count)
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
