//! The quote on a card: what of a text can be drawn, set in lines.

use super::fonts;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

/// Stands for what is left out.
const ELLIPSIS: char = '…';

/// More characters than any card holds; the rest of a text is not looked at.
const MAX_CHARACTERS: usize = 600;

/// A quote in lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    /// The lines, without the spaces between them.
    pub lines: Vec<String>,
    /// Whether the end of the text did not fit.
    pub is_cut: bool,
}

/// `text` in one line, as far as the fonts can draw it; empty where that is less than half.
///
/// A letter with an accent that they lack is drawn without it, a run of letters that they lack
/// becomes an ellipsis, and signs that they lack are dropped.
pub fn legible(text: &str) -> String {
    let mut quote = String::new();
    let (mut drawn, mut missing) = (0_usize, 0_usize);
    for word in text.split_whitespace() {
        for cluster in word.graphemes(true) {
            if let Some(characters) = drawable(cluster) {
                drawn += 1;
                quote.push_str(&characters);
            } else if cluster.chars().next().is_some_and(char::is_alphanumeric) {
                missing += 1;
                // One ellipsis stands for all that is missing in a row.
                if quote.trim_end().ends_with(ELLIPSIS) {
                    quote.truncate(quote.trim_end().len());
                } else {
                    quote.push(ELLIPSIS);
                }
            }
            if drawn == MAX_CHARACTERS {
                return quote;
            }
        }
        if !quote.is_empty() && !quote.ends_with(' ') {
            quote.push(' ');
        }
    }
    if drawn > missing { quote.trim_end().into() } else { String::new() }
}

/// The characters that draw a cluster: it composed, else its parts without their accents.
fn drawable(cluster: &str) -> Option<String> {
    let is_drawable = |c: &char| fonts::width(*c).is_some() && !is_combining_mark(*c);
    if let Some(whole) = cluster.nfc().next().filter(is_drawable) {
        return Some(whole.into());
    }
    // One character's decomposition has at most 18 parts (Unicode, UAX #15); a longer cluster is a
    // flood.
    let parts: String = cluster.nfkd().take(18).filter(is_drawable).collect();
    (!parts.is_empty()).then_some(parts)
}

/// Sets a legible text in at most `most` lines of `width` ems, of lengths as equal as can be.
pub fn wrap(text: &str, width: f32, most: usize) -> Lines {
    let words: Vec<String> = text.split(' ').flat_map(|word| pieces(word, width)).collect();
    let full = fill(&words, width, most);
    if full.is_cut {
        return full;
    }
    // The narrowest column that takes no more lines.
    let widest = words.iter().map(|word| fonts::line_width(word)).fold(0.0, f32::max);
    (5_u8..10)
        .map(|tenths| width * f32::from(tenths) / 10.0)
        .filter(|column| *column >= widest)
        .map(|column| fill(&words, column, full.lines.len()))
        .find(|narrow| !narrow.is_cut)
        .unwrap_or(full)
}

/// Fills line after line with as many words as it holds.
fn fill(words: &[String], width: f32, most: usize) -> Lines {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        let count = lines.len();
        match lines.last_mut() {
            Some(line)
                if fonts::line_width(line) + fonts::line_width(" ") + fonts::line_width(word) <= width =>
            {
                line.push(' ');
                line.push_str(word);
            }
            Some(line) if count == most => {
                cut(line, width);
                return Lines { lines, is_cut: true };
            }
            _ => lines.push(word.clone()),
        }
    }
    Lines { lines, is_cut: false }
}

/// A word, in parts where it is wider than a line.
fn pieces(word: &str, width: f32) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut taken = 0.0;
    for c in word.chars() {
        let more = fonts::width(c).unwrap_or(0.0);
        if taken + more > width {
            pieces.push(String::new());
            taken = 0.0;
        }
        taken += more;
        pieces.last_mut().expect("there is always a piece").push(c);
    }
    pieces
}

/// Ends a line with an ellipsis, after the last word that leaves room for it.
fn cut(line: &mut String, width: f32) {
    let room = width - fonts::line_width("…");
    while fonts::line_width(line) > room {
        match line.rfind(' ') {
            Some(end) => line.truncate(end),
            None => {
                line.pop();
            }
        }
    }
    line.truncate(line.trim_end_matches([',', ';', ':', '.', ' ', '…', '–', '—', '-']).len());
    line.push(ELLIPSIS);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keeps_what_the_fonts_have() {
        assert_eq!(legible("  Really\n\tgood, Ελλάς и Россия 😀 "), "Really good, Ελλάς и Россия 😀");
    }

    #[test]
    fn drops_what_could_deceive_or_break() {
        assert_eq!(legible("a\u{202e}b\u{0}c\u{200b}d\u{feff}e\u{2066}f\u{7}"), "abcdef");
        assert_eq!(legible(&format!("so{} good", "\u{301}\u{489}".repeat(5000))), "só good");
        assert_eq!(legible("👍🏽 👨‍👩‍👧 ❤️"), "👍 👨 ❤");
    }

    #[test]
    fn draws_a_letter_without_an_accent_that_is_missing() {
        assert_eq!(legible("tuyệt vời, cafe\u{301}, ｆｕｌｌ, 𝓼𝓬𝓻𝓲𝓹𝓽"), "tuyet voi, café, full, script");
    }

    #[test]
    fn marks_letters_that_are_missing() {
        assert_eq!(legible("I really love 北京 烤鸭, truly 🥰."), "I really love …, truly .");
    }

    #[test]
    fn says_nothing_where_most_is_missing() {
        for text in ["这部电影太好看了!", "映画 OK", "أحب هذا الفيلم", "\u{202e}\u{200b}", "", "🥰"]
        {
            assert_eq!(legible(text), "", "{text}");
        }
    }

    #[test]
    fn lines_are_of_like_length() {
        let Lines { lines, is_cut } = wrap("one two three four five six seven", 12.0, 3);
        assert!(!is_cut);
        assert_eq!(lines, ["one two three", "four five six seven"]);
    }

    #[test]
    fn a_word_that_fits_is_not_broken() {
        let Lines { lines, .. } = wrap("a counterrevolutionary thought", 12.0, 3);
        assert_eq!(lines, ["a counterrevolutionary", "thought"]);
        assert_eq!(wrap(&"a".repeat(50), 12.0, 3).lines.len(), 3);
    }

    #[test]
    fn a_long_text_ends_at_a_word() {
        let Lines { lines, is_cut } = wrap(&"lovely, ".repeat(100), 12.0, 2);
        assert!(is_cut);
        assert_eq!(lines[1], "lovely, lovely, lovely…");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked(text in any::<String>(), words in "[a-zA-Z ,.😀]{0,900}") {
            for text in [text, words] {
                let quote = legible(&text);
                prop_assert!(quote.chars().all(|c| c == ' ' || fonts::width(c).is_some()));
                let Lines { lines, .. } = wrap(&quote, 9.0, 3);
                prop_assert!(lines.len() <= 3);
                prop_assert!(lines.iter().all(|line| fonts::line_width(line) < 9.01), "{lines:?}");
            }
        }
    }
}
