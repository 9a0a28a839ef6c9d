//! Parts: what an explanation hides, one at a time or several together.

use crate::{
    engine::{
        sentences,
        span::{Ruler, Span},
        tokenizer::Tokens,
    },
    sentiment::Unit,
};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// A part of a text, and the tokens that it became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it is in the text.
    pub span: Span,
    /// Its inside tokens.
    pub tokens: Range<usize>,
}

/// Divides a text into the smallest parts that `fit`: words, else sentences, else groups of
/// sentences, twice as large until they do. Where one of those would be more than a quarter of the
/// text, which says little, they are groups of words instead.
///
/// White space belongs to no part, and no part is without a token. A text of two words or more that do
/// not share a token has two parts or more; two always fit.
pub fn divide(text: &str, tokens: &Tokens, fit: impl Fn(&[Part]) -> bool) -> (Unit, Vec<Part>) {
    let words = with_tokens(words(text), tokens);
    if words.len() <= 2 || fit(&words) {
        return (Unit::Word, words);
    }
    let (mut unit, mut passages) = (Unit::Sentence, with_tokens(sentences::split(text), tokens));
    while are_small(&passages) {
        if fit(&passages) {
            return (unit, passages);
        }
        (unit, passages) = (Unit::Passage, pairs(&passages));
    }
    let mut phrases = pairs(&words);
    while phrases.len() > 2 && !fit(&phrases) {
        phrases = pairs(&phrases);
    }
    (Unit::Phrase, phrases)
}

/// Whether none of a text's parts is more than a quarter of it.
fn are_small(parts: &[Part]) -> bool {
    let lengths = || parts.iter().map(|part| part.tokens.len());
    lengths().max().is_some_and(|longest| longest * 4 <= lengths().sum())
}

/// Words and the signs between them, by the rules of Unicode (UAX #29).
fn words(text: &str) -> Vec<Span> {
    let mut ruler = Ruler::new(text);
    text.split_word_bound_indices()
        .filter(|(_, word)| !word.trim().is_empty())
        .map(|(byte, word)| ruler.span(byte..byte + word.len()))
        .collect()
}

/// Gives each span its tokens: those that end in it. Word pieces come together again here, and so do spans
/// that share a token: signs in a row, and words of a language without spaces.
fn with_tokens(spans: Vec<Span>, tokens: &Tokens) -> Vec<Part> {
    let ends = |byte: usize| tokens.offsets().partition_point(|&(_, end)| end <= byte);
    let parts: Vec<Part> = spans
        .into_iter()
        .map(|span| Part { tokens: ends(span.bytes.start)..ends(span.bytes.end), span })
        .collect();
    let shares_its_last = |part: &Part, _: &Part| {
        tokens.offsets().get(part.tokens.end).is_some_and(|&(start, _)| start < part.span.bytes.end)
    };
    parts.chunk_by(shares_its_last).map(merge).filter(|part| !part.tokens.is_empty()).collect()
}

/// Tokens that the model reads when each part is hidden once.
pub fn cost(parts: &[Part], tokens: &Tokens) -> usize {
    let windows_of = |part: &Part| {
        let touched = tokens.windows().iter().filter(|window| overlap(&part.tokens, window));
        touched.map(|window| tokens.length(window)).sum::<usize>()
    };
    parts.iter().map(windows_of).sum()
}

/// Whether two ranges of tokens share one.
pub fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Two at a time together; a last one may remain alone.
fn pairs(parts: &[Part]) -> Vec<Part> {
    parts.chunks(2).map(merge).collect()
}

fn merge(parts: &[Part]) -> Part {
    let (first, last) = (&parts[0], &parts[parts.len() - 1]);
    Part { span: first.span.to(&last.span), tokens: first.tokens.start..last.tokens.end }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::tokenizer::Tokenizer,
        testing::{Scratch, tiny_tokenizer},
    };
    use proptest::prelude::*;
    use std::{fs, sync::LazyLock};

    static TINY: LazyLock<Tokenizer> = LazyLock::new(|| tiny_tokenizer(512, 8192));

    /// Of the kind that XLM-R has: a token may reach over several words, and the first is often a space.
    static UNIGRAM: LazyLock<Tokenizer> = LazyLock::new(|| {
        let names = ["▁", "▁so", "▁bad", "▁good", "!!!", "...", "这个", "房间", "不好", "ห้อง", "ไม่ดี"];
        let known: String = names.iter().map(|name| format!(r#",["{name}",-2.0]"#)).collect();
        let json = format!(
            r#"{{"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,
            "pre_tokenizer":{{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}},
            "post_processor":null,"decoder":null,
            "model":{{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0.0]{known}],"byte_fallback":false}}}}"#
        );
        let folder = Scratch::new();
        let file = folder.join("tokenizer.json");
        fs::write(&file, json).expect("a written file");
        Tokenizer::open(&file, 512, 8192).expect("a tokenizer")
    });

    /// The words of a text as that tokenizer makes tokens of them, and how many tokens there are.
    fn of_unigram(text: &str) -> (Vec<Part>, usize) {
        let tokens = UNIGRAM.encode_with_offsets(text).expect("a text within the limit");
        (divide(text, &tokens, |_| true).1, tokens.offsets().len())
    }

    // Each token went to the word in which it ended, and the others were in no part.
    #[test]
    fn words_that_share_a_token_are_one_part() {
        for (text, expected) in [
            ("这个房间不好", &["这个", "房间", "不好"][..]),
            ("so bad!!!", &["so", "bad", "!!!"]),
            ("so good...", &["so", "good", "..."]),
            ("ห้องไม่ดี", &["ห้อง", "ไม่ดี"]),
        ] {
            let (parts, _) = of_unigram(text);
            let found: Vec<&str> = parts.iter().map(|part| part.span.of(text)).collect();
            assert_eq!(found, expected);
        }
    }

    fn tokens(text: &str) -> Tokens {
        TINY.encode_with_offsets(text).expect("a text within the limit")
    }

    /// The parts of a text within so many tokens.
    fn within(text: &str, budget: usize) -> (Unit, Vec<Part>) {
        let tokens = tokens(text);
        divide(text, &tokens, |parts| cost(parts, &tokens) <= budget)
    }

    #[test]
    fn a_text_of_many_words_and_few_sentences_is_divided_into_groups_of_words() {
        let talk = "the room was good but we and it was the room ";
        for text in [talk.repeat(20), talk.repeat(20) + ". It was good. We and the room."] {
            let (unit, parts) = within(&text, 16_384);
            assert_eq!(unit, Unit::Phrase);
            assert!(parts.len() >= 40, "{} parts", parts.len());
        }
    }

    #[test]
    fn sentences_and_groups_of_them_go_before_groups_of_words() {
        assert_eq!(within("It was good. We liked it.", 16_384).0, Unit::Word);
        assert_eq!(within(&"It was good. ".repeat(60), 16_384).0, Unit::Sentence);
        assert_eq!(within(&"It was good. ".repeat(60), 8_192).0, Unit::Passage);
    }

    proptest! {
        #[test]
        fn parts_cover_a_text_without_spaces(
            pieces in prop::collection::vec(
                prop::sample::select(vec!["这个", "房间", "不好", "ห้อง", "ไม่ดี", "!!!", "..."]),
                1..100,
            ),
        ) {
            let text = pieces.concat();
            let (parts, count) = of_unigram(&text);
            let (mut byte, mut token) = (0, 0);
            for part in &parts {
                prop_assert_eq!((part.span.bytes.start, part.tokens.start), (byte, token));
                prop_assert!(!part.tokens.is_empty());
                (byte, token) = (part.span.bytes.end, part.tokens.end);
            }
            prop_assert_eq!((byte, token), (text.len(), count));
        }

        #[test]
        fn parts_cover_the_text_and_fit(
            pieces in prop::collection::vec(
                (prop::sample::select(vec!["good", "Bad", "isn't", "café", "we", "Unputdownable", "🎉", "5"]),
                 prop::sample::select(vec![" ", " ", " ", ", ", ". ", "\n", "! "])),
                1..200,
            ),
            budget in 1usize..20_000,
        ) {
            let text: String = pieces.iter().flat_map(|(word, end)| [*word, *end]).collect();
            let tokens = tokens(&text);
            let (unit, parts) = within(&text, budget);
            let (mut byte, mut token) = (0, 0);
            for part in &parts {
                prop_assert!(text[byte..part.span.bytes.start].trim().is_empty());
                prop_assert_eq!(part.tokens.start, token);
                prop_assert!(!part.tokens.is_empty());
                (byte, token) = (part.span.bytes.end, part.tokens.end);
            }
            prop_assert!(text[byte..].trim().is_empty());
            prop_assert_eq!(token, tokens.offsets().len());
            prop_assert!(parts.len() >= words(&text).len().min(2), "{unit:?}");
            prop_assert!(parts.len() <= 2 || cost(&parts, &tokens) <= budget, "{unit:?}");
        }
    }
}
