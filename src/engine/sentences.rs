//! Sentences: where they are in a text, by the rules of Unicode (UAX #29).

use unicode_segmentation::UnicodeSegmentation;

/// One sentence's place in its text, without the white space around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// First UTF-16 code unit, as browsers count.
    pub start_utf16: usize,
    /// UTF-16 code unit after the last.
    pub end_utf16: usize,
}

impl Span {
    /// The sentence itself.
    #[must_use]
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start..self.end]
    }
}

/// The sentences of a text, in order; blank ones are left out.
#[must_use]
pub fn split(text: &str) -> Vec<Span> {
    let mut units = 0;
    let mut spans = Vec::new();
    for (byte, sentence) in text.split_sentence_bound_indices() {
        let before = &sentence[..sentence.len() - sentence.trim_start().len()];
        let inside = sentence.trim();
        if !inside.is_empty() {
            let (start, start_utf16) = (byte + before.len(), units + utf16_len(before));
            spans.push(Span {
                start,
                end: start + inside.len(),
                start_utf16,
                end_utf16: start_utf16 + utf16_len(inside),
            });
        }
        units += utf16_len(sentence);
    }
    spans
}

fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
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
        assert_eq!((spans[1].start, spans[1].end), (10, 17));
        assert_eq!((spans[1].start_utf16, spans[1].end_utf16), (8, 14));
    }

    proptest! {
        #[test]
        fn spans_are_in_order_and_agree_in_both_units(text in "\\PC{0,80}") {
            let utf16: Vec<u16> = text.encode_utf16().collect();
            let mut end = 0;
            for span in split(&text) {
                prop_assert!(end <= span.start && span.start < span.end);
                let in_utf16 = String::from_utf16(&utf16[span.start_utf16..span.end_utf16]);
                prop_assert_eq!(in_utf16.expect("whole characters"), span.of(&text));
                end = span.end;
            }
            prop_assert!(text[end..].trim().is_empty());
        }
    }
}
