//! Sentences: where they are in a text, by the rules of Unicode (UAX #29), and two of our own:
//! one may begin with a small letter, as people type, and none ends with a title, initials, the number
//! of a list or the like.

use super::span::{Ruler, Span};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// What a full stop after does not end a sentence, whatever comes then; the last two are of "e.g."
/// and "i.e.".
const LEADING: [&str; 14] =
    ["mr", "mrs", "ms", "dr", "st", "prof", "jr", "sr", "rev", "capt", "sgt", "vs", "e.g", "i.e"];

/// What a full stop after does not end a sentence, where a small letter comes then.
const SHORTENED: [&str; 14] =
    ["etc", "approx", "inc", "ltd", "corp", "co", "dept", "fig", "vol", "pp", "al", "cf", "ca", "incl"];

/// What may stand between a full stop and the word behind it in its line.
const SPACE: [char; 3] = [' ', '\t', '\u{a0}'];

/// Characters of the longest word in [`LEADING`]; the longest number of a list may have one more.
const MAX_LEADING: usize = 4;

/// Characters without a letter or digit after which the segmenter starts again: it looks ahead from
/// each character of such a run to the run's end.
const MAX_RUN: usize = 256;

/// Letters of a word that may begin a sentence with a small letter; shorter ones seldom do.
const LETTERS: usize = 3;

/// The shorter ones that often do.
const SHORT: [&str; 7] = ["i", "he", "it", "my", "no", "so", "we"];

/// What may stand between a full stop and the white space behind it.
const CLOSING: [char; 7] = ['"', '\'', ')', ']', '”', '’', '»'];

/// The sentences of a text, in order, without the white space around them; blank ones are left out.
#[must_use]
pub fn split(text: &str) -> Vec<Span> {
    let mut ruler = Ruler::new(text);
    pieces(text)
        .map(|piece| (piece.start, &text[piece]))
        .filter(|(_, sentence)| !sentence.trim().is_empty())
        .map(|(byte, sentence)| {
            let start = byte + sentence.len() - sentence.trim_start().len();
            ruler.span(start..start + sentence.trim().len())
        })
        .collect()
}

/// The sentences with the white space behind each, in bytes: all of the text.
fn pieces(text: &str) -> impl Iterator<Item = Range<usize>> {
    let starts = starts(text);
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([text.len()]).collect();
    starts.into_iter().zip(ends).map(|(start, end)| start..end)
}

/// The bytes at which sentences start, ascending; the first is that of the text.
#[must_use]
pub fn starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    for block in blocks(text) {
        for (within, sentence) in text[block.clone()].split_sentence_bound_indices() {
            let start = block.start + within;
            let before = starts.last().copied().unwrap_or_default();
            if start == 0 || !leads_on(&text[..start], before) {
                starts.push(start);
            }
            let stops = sentence.match_indices('.');
            starts.extend(stops.filter_map(|(stop, _)| Some(start + next_start(sentence, stop)?)));
        }
    }
    starts
}

/// The text in parts that the segmenter reads in time that grows with their length alone.
fn blocks(text: &str) -> Vec<Range<usize>> {
    let (mut blocks, mut start, mut run) = (Vec::new(), 0, 0);
    for (byte, char) in text.char_indices() {
        run = if char.is_alphanumeric() { 0 } else { run + 1 };
        if run > MAX_RUN {
            blocks.push(start..byte);
            (start, run) = (byte, 1);
        }
    }
    blocks.push(start..text.len());
    blocks
}

/// Whether a text, whose last sentence starts at this byte, ends with a title or the like, and what
/// follows in its line belongs to it.
fn leads_on(text: &str, start: usize) -> bool {
    let text = text.trim_end_matches(SPACE);
    let Some(before) = text.strip_suffix('.') else { return false };
    let of_word = |char: &char| char.is_alphanumeric() || *char == '.';
    let mut word: Vec<char> = before.chars().rev().take_while(of_word).take(MAX_LEADING + 1).collect();
    word.reverse();
    let word = String::from_iter(word);
    let is_blank = |end: usize| text.get(start..end).is_some_and(|before| before.trim_start().is_empty());
    let is_number = word.starts_with(char::is_numeric) && !word.contains(char::is_alphabetic);
    LEADING.contains(&&*word.to_lowercase())
        || is_number && is_blank(before.len() - word.len())
        || before_initial(text).is_some_and(|rest| is_blank(rest.len()) || before_initial(rest).is_some())
}

/// What is before an initial at the end of a text: a capital letter alone with its full stop.
fn before_initial(text: &str) -> Option<&str> {
    let text = text.trim_end_matches(SPACE).strip_suffix('.')?;
    let rest = text.strip_suffix(char::is_uppercase)?;
    (!rest.ends_with(char::is_alphanumeric)).then_some(rest)
}

/// Where the next sentence starts if the full stop at this byte ends one before a small letter,
/// which Unicode's rules leave undivided.
fn next_start(sentence: &str, stop: usize) -> Option<usize> {
    let (before, behind) = (&sentence[..stop], &sentence[stop + 1..]);
    let last = before.rsplit(|char: char| !char.is_alphanumeric()).next().unwrap_or_default();
    // Three stops go on, and so do initials, "a.m." and the numbers of a list.
    let is_number = last.chars().all(char::is_numeric);
    let goes_on = if is_number { before.trim_start().len() == last.len() } else { last.chars().count() == 1 };
    let shortened = last.to_lowercase();
    if last.is_empty() || goes_on || LEADING.iter().chain(&SHORTENED).any(|known| *known == shortened) {
        return None;
    }
    let behind = behind.trim_start_matches(CLOSING);
    let next = behind.trim_start();
    let letters = next.chars().take_while(|char| char.is_alphabetic()).count();
    let word: String = next.chars().take(letters.min(LETTERS)).collect();
    let begins = next.len() < behind.len()
        && next.starts_with(char::is_lowercase)
        && (letters >= LETTERS || SHORT.contains(&&*word));
    begins.then(|| sentence.len() - next.len())
}

#[cfg(test)]
mod tests {
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
        ] {
            let found: Vec<_> = split(text).iter().map(|span| span.of(text)).collect();
            assert_eq!(found.len(), count, "{found:?}");
        }
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
}
