//! Sentences: where they are in a text, by the rules of Unicode (UAX #29), and three of our own:
//! one may begin with a small letter, as people type, none ends with a title, initials, the number
//! of a list or the like, and none begins inside an emoji or another character that is made of several.

#[cfg(test)]
mod tests;

use super::span::{Ruler, Span};
use std::ops::Range;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

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
            if start == 0 || is_whole(text, start) && !leads_on(&text[..start], before) {
                starts.push(start);
            }
            let stops = sentence.match_indices('.');
            let next = stops.filter_map(|(stop, _)| Some(start + next_start(sentence, stop)?));
            starts.extend(next.filter(|&start| is_whole(text, start)));
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

/// Whether what starts at this byte is no rest of a character, as a skin tone is of an emoji.
fn is_whole(text: &str, start: usize) -> bool {
    // It fails where the text goes on elsewhere.
    GraphemeCursor::new(start, text.len(), true).is_boundary(text, 0).unwrap_or(true)
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
/// which Unicode's rules leave undivided. What is neither letter nor digit, such as an emoji, may stand
/// before either.
fn next_start(sentence: &str, stop: usize) -> Option<usize> {
    let (before, behind) = (&sentence[..stop], &sentence[stop + 1..]);
    // Another full stop has its own turn.
    let is_neither = |char: char| !char.is_alphanumeric() && char != '.';
    let before = before.trim_end_matches(is_neither);
    let last = before.rsplit(|char: char| !char.is_alphanumeric()).next().unwrap_or_default();
    // Three stops go on, and so do initials, "a.m." and the numbers of a list.
    let is_number = last.chars().all(char::is_numeric);
    let goes_on = if is_number {
        !before[..before.len() - last.len()].contains(char::is_alphanumeric)
    } else {
        last.chars().count() == 1
    };
    let shortened = last.to_lowercase();
    if last.is_empty() || goes_on || LEADING.iter().chain(&SHORTENED).any(|known| *known == shortened) {
        return None;
    }
    let behind = behind.trim_start_matches(CLOSING);
    let next = behind.trim_start();
    let word = next.trim_start_matches(is_neither);
    let letters = word.chars().take_while(|char| char.is_alphabetic()).count();
    let first: String = word.chars().take(letters.min(LETTERS)).collect();
    let begins = next.len() < behind.len()
        && word.starts_with(char::is_lowercase)
        && (letters >= LETTERS || SHORT.contains(&&*first));
    begins.then(|| sentence.len() - next.len())
}
