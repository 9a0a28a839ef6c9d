//! Sentences as people mean them, in time that grows with the text alone, and of whole characters.

use super::*;
use crate::text::Text;
use proptest::prelude::*;

#[test]
fn finds_sentences_without_the_space_between() {
    let text = "  It works. 🎉 Does it?\nYes";
    let sentences: Vec<_> = split(text).iter().map(|span| span.of(text)).collect();
    assert_eq!(sentences, ["It works.", "🎉 Does it?", "Yes"]);
}

#[test]
fn counts_as_browsers_do() {
    let text = "🎉 One. Zwölf.";
    let spans = split(text);
    assert_eq!(spans[1].bytes, 10..17);
    assert_eq!(spans[1].utf16, 8..14);
}

#[test]
fn sentences_are_those_that_people_mean() {
    for (text, count) in [
        ("the pasta was cold. the waiter ignored us. but dessert was amazing. we might come back", 4),
        ("Mr. Smith and Dr. Jones met at St. Mary's. It was fine.", 2),
        ("Prof. Lee vs. Mrs. Brown. who won? nobody.", 3),
        ("bring fruit, e.g. Apples or pears. i like both.", 2),
        ("it opens at 9 a.m. and closes late. never again", 2),
        ("it has wifi, a pool, etc. and costs approx. the same.", 1),
        ("well... maybe not. I said no. then he left.", 3),
        ("1. the food was good\n2. the service was not", 2),
        ("i gave it 5. the view alone is worth it.", 2),
        ("see www.example.com for more. it works.", 2),
        ("he said \"it broke.\" nobody helped.", 2),
        ("version 2.0 is out. et al. agree. so do i.", 2),
        ("Ask for the Dr.\nHe is kind.", 2),
        ("es war kalt. über uns nur himmel.", 2),
        ("1. The food was good.\n2. The service was not.\n2.1. It was slow.", 3),
        ("I gave it 5. The view alone is worth it. 10. Never.", 3),
        ("J. K. Rowling wrote it. J.R.R. Tolkien did not.", 2),
        ("The U.S. Army came. We took plan B. It worked.", 3),
        ("It was I. He said so.", 2),
        ("It was great. 👍 thanks for all.", 2),
        ("great 👍. 🙏🏽 thanks", 2),
        ("very good .  but slow .", 2),
        ("it was cold. (not the soup) the end", 2),
        ("he called it (slow). nobody came", 2),
        ("well . . . maybe not", 1),
        ("bring fruit etc . and cake", 1),
        ("(1). the cake", 1),
    ] {
        let found: Vec<_> = split(text).iter().map(|span| span.of(text)).collect();
        assert_eq!(found.len(), count, "{found:?}");
    }
}

// A skin tone stood alone.
#[test]
fn a_long_run_of_emoji_is_not_cut_inside_one() {
    assert_eq!(starts(&format!("Great!{}", "👍🏽".repeat(130))), [0, 6]);
}

// Each took minutes, the last one in looking back for titles; then this test does not end.
#[test]
fn long_runs_and_words_are_read_at_once() {
    let run = Text::MAX_BYTES - 10;
    for text in [
        format!("a.{}!!b", " ".repeat(run)),
        format!("a.{}b", "\"".repeat(run)),
        format!("a.{}b", "\u{301}".repeat(run / 2)),
        "A".repeat(run / 2) + &"1.A".repeat(run / 6),
    ] {
        let is_letter = |char: char| char.is_alphanumeric();
        let blocks = blocks(&text).into_iter();
        let longest =
            blocks.flat_map(|block| text[block].split(is_letter)).map(|run| run.chars().count()).max();
        assert!(longest <= Some(MAX_RUN), "{longest:?}");
        assert!(starts(&text).is_sorted());
    }
}

proptest! {
    #[test]
    fn pieces_are_all_of_the_text(
        words in prop::collection::vec(
            prop::sample::select(vec!["Mr", "e.g", "the", "We", "i", "é", "5", ".", ". ", "!", " ", "\n", "”", "🎉"]),
            0..40,
        ),
    ) {
        let text = words.concat();
        let mut end = 0;
        for piece in pieces(&text) {
            prop_assert!(piece.start == end && !piece.is_empty());
            prop_assert!(text.is_char_boundary(piece.end));
            end = piece.end;
        }
        prop_assert_eq!(end, text.len());
    }

    #[test]
    fn sentences_start_at_whole_characters(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "the", "We", "!", ".", ". ", " ", "👍", "🏽", "👩", "\u{200d}", "\u{301}", "\u{fe0f}", "🇩", "🇪",
            ]),
            0..60,
        ),
    ) {
        let text = parts.concat();
        let characters: Vec<usize> = text.grapheme_indices(true).map(|(byte, _)| byte).collect();
        for start in starts(&text) {
            prop_assert!(start == 0 || characters.contains(&start), "{:?} at {}", text, start);
        }
    }

    #[test]
    fn spans_are_in_order_and_agree_in_both_units(text in "\\PC{0,80}") {
        let utf16: Vec<u16> = text.encode_utf16().collect();
        let mut end = 0;
        for span in split(&text) {
            prop_assert!(end <= span.bytes.start && !span.bytes.is_empty());
            let in_utf16 = String::from_utf16(&utf16[span.utf16.clone()]);
            prop_assert_eq!(in_utf16.expect("whole characters"), span.of(&text));
            end = span.bytes.end;
        }
        prop_assert!(text[end..].trim().is_empty());
    }
}
