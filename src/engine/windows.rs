//! Windows: how a text longer than the model reads is divided, without losing any of it.
//!
//! A window starts where a sentence does if one starts near enough, and shares its first tokens
//! with the window before it, so that no sentence is read without what led to it.

use super::sentences;
use std::ops::Range;

/// Divides `tokens` tokens into windows of at most `room`, each but the first overlapping the one
/// before it by at least `overlap`.
///
/// `sentences` are the tokens at which sentences start, ascending. A window starts at the last of
/// them that leaves the overlap, if that is beyond the middle of the window before; else exactly
/// `overlap` tokens before that window's end.
#[must_use]
pub fn plan(tokens: usize, sentences: &[usize], room: usize, overlap: usize) -> Vec<Range<usize>> {
    let room = room.max(1);
    let overlap = overlap.min(room / 2);
    let mut windows = vec![0..tokens.min(room)];
    let mut last = 0..tokens.min(room);
    while last.end < tokens {
        let latest = last.end - overlap;
        let start = sentences
            .iter()
            .rev()
            .copied()
            .find(|&sentence| sentence <= latest)
            .filter(|&sentence| sentence > last.start + room / 2)
            .unwrap_or(latest.max(last.start + 1));
        last = start..tokens.min(start + room);
        windows.push(last.clone());
    }
    windows
}

/// The tokens at which the sentences of `text` start; `offsets` are the tokens' bytes in it.
#[must_use]
pub fn sentence_starts(text: &str, offsets: &[(usize, usize)]) -> Vec<usize> {
    let mut starts: Vec<usize> = sentences::starts(text)
        .into_iter()
        .map(|byte| offsets.partition_point(|&(_, end)| end <= byte))
        .filter(|&token| token < offsets.len())
        .collect();
    starts.dedup();
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_short_text_is_one_window() {
        assert_eq!(plan(5, &[0], 10, 2), [0..5]);
        assert_eq!(plan(10, &[0], 10, 2), [0..10]);
    }

    #[test]
    fn windows_start_at_sentences_where_they_can() {
        assert_eq!(plan(20, &[0, 3, 7, 12], 10, 2), [0..10, 7..17, 15..20]);
    }

    #[test]
    fn windows_of_one_endless_sentence_overlap_by_what_was_asked() {
        assert_eq!(plan(25, &[0], 10, 2), [0..10, 8..18, 16..25]);
    }

    #[test]
    fn a_sentence_starts_at_its_first_token() {
        let text = "One two. Three!";
        let offsets = [(0, 3), (4, 7), (7, 8), (9, 14), (14, 15)];
        assert_eq!(sentence_starts(text, &offsets), [0, 3]);
        let (text, offsets) = ("Dr. Who. the end", [(0, 2), (2, 3), (4, 7), (7, 8), (9, 12), (13, 16)]);
        assert_eq!(sentence_starts(text, &offsets), [0, 4]);
    }

    proptest! {
        #[test]
        fn windows_lose_nothing_and_keep_their_room(
            tokens in 1usize..5000,
            mut sentences in prop::collection::vec(0usize..5000, 0..200),
            room in 1usize..600,
            overlap in 0usize..400,
        ) {
            sentences.sort_unstable();
            let windows = plan(tokens, &sentences, room, overlap);
            prop_assert_eq!(windows[0].start, 0);
            prop_assert_eq!(windows[windows.len() - 1].end, tokens);
            for pair in windows.windows(2) {
                prop_assert!(pair[0].start < pair[1].start, "every window gets on");
                prop_assert!(pair[1].start <= pair[0].end, "no token is left out");
            }
            prop_assert!(windows.iter().all(|window| window.len() <= room && !window.is_empty()));
        }
    }
}
