//! Sentences: where they are in a text, by the rules of Unicode (UAX #29).

use super::span::{Ruler, Span};
use unicode_segmentation::UnicodeSegmentation;

/// The sentences of a text, in order, without the white space around them; blank ones are left out.
#[must_use]
pub fn split(text: &str) -> Vec<Span> {
    let mut ruler = Ruler::new(text);
    text.split_sentence_bound_indices()
        .filter(|(_, sentence)| !sentence.trim().is_empty())
        .map(|(byte, sentence)| {
            let start = byte + sentence.len() - sentence.trim_start().len();
            ruler.span(start..start + sentence.trim().len())
        })
        .collect()
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
        assert_eq!(spans[1].bytes, 10..17);
        assert_eq!(spans[1].utf16, 8..14);
    }

    proptest! {
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
