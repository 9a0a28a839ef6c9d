//! Which column names are those of texts, and how names stay apart.

use super::*;

fn place(columns: &[&str]) -> Option<usize> {
    text(&columns.iter().map(ToString::to_string).collect::<Vec<_>>())
}

#[test]
fn the_likeliest_name_wins_in_letters_of_any_case() {
    assert_eq!(place(&["title", " Document ", "id"]), Some(1));
    assert_eq!(place(&["review", "TEXT"]), Some(1));
    assert_eq!(place(&["@id", "#text"]), Some(1));
}

// The headlines were scored, and not what stood beside them.
#[test]
fn a_longer_name_that_ends_with_a_strong_one_goes_before_title_and_description() {
    for name in ["Review Text", "review_text", "review-body", "reviewText", "Your feedback:", "Feedback"] {
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
    for name in [
        "reviewtext",
        "ReviewText",
        "REVIEWTEXT",
        "user_reviewtext",
        "Reviews",
        " comments ",
        "Guest comments",
        "verified_reviews",
    ] {
        assert_eq!(place(&["title", "description", name, "summary"]), Some(2), "{name}");
    }
    assert_eq!(place(&["comments", "reviewText"]), Some(1));
    for name in
        ["num_comments", "numReviews", "Total comments", "# reviews", "fulltext", "textbook", "reviewid", "s"]
    {
        assert_eq!(place(&[name, "title"]), Some(1), "{name}");
        assert_eq!(place(&[name, "stars"]), None, "{name}");
    }
}

// Of those, the page scored the titles too.
#[test]
fn a_name_that_tells_little_gives_way_to_a_column_with_clearly_more_words() {
    for (columns, words, expected) in [
        (&["Title", "Remarks", "Stars"][..], &[20, 50, 0][..], Some(1)),
        (&["Title", "Remarks"], &[20, 40], Some(0)),
        (&["pros", "cons", "title"], &[10, 30, 20], Some(1)),
        (&["Title", "Answers"], &[20, 0], Some(0)),
        // The name alone tells it.
        (&["review", "Question"], &[0, 90], Some(0)),
        (&["Comments", "Question"], &[10, 90], Some(0)),
        // It is a number of comments.
        (&["Comments", "title"], &[0, 20], Some(1)),
        // Or they begin further down.
        (&["Comments", "stars"], &[0, 20], Some(0)),
        (&["City", "Remarks"], &[10, 90], None),
    ] {
        let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
        assert_eq!(likeliest(&columns, |column| words[column]), expected, "{columns:?}");
    }
    assert_eq!(place(&["Title", "Remarks"]), Some(0));
    assert_eq!(place(&["title", "pros", "cons", "Answers"]), Some(1));
    assert_eq!(place(&["stars", "Answers"]), Some(1));
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
