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
/// sentences, twice as large until they do.
///
/// White space belongs to no part, and no part is without a token. One part always fits.
pub fn divide(text: &str, tokens: &Tokens, fit: impl Fn(&[Part]) -> bool) -> (Unit, Vec<Part>) {
    let words = with_tokens(words(text), tokens);
    if fit(&words) {
        return (Unit::Word, words);
    }
    let sentences = with_tokens(sentences::split(text), tokens);
    if fit(&sentences) {
        return (Unit::Sentence, sentences);
    }
    let mut together = 2;
    loop {
        let passages: Vec<Part> = sentences.chunks(together).map(merge).collect();
        if passages.len() <= 1 || fit(&passages) {
            return (Unit::Passage, passages);
        }
        together *= 2;
    }
}

/// Words and the signs between them, by the rules of Unicode (UAX #29).
fn words(text: &str) -> Vec<Span> {
    let mut ruler = Ruler::new(text);
    text.split_word_bound_indices()
        .filter(|(_, word)| !word.trim().is_empty())
        .map(|(byte, word)| ruler.span(byte..byte + word.len()))
        .collect()
}

/// Gives each span its tokens: those that end in it. Word pieces come together again here.
fn with_tokens(spans: Vec<Span>, tokens: &Tokens) -> Vec<Part> {
    let ends = |byte: usize| tokens.offsets().partition_point(|&(_, end)| end <= byte);
    spans
        .into_iter()
        .map(|span| Part { tokens: ends(span.bytes.start)..ends(span.bytes.end), span })
        .filter(|part| !part.tokens.is_empty())
        .collect()
}

/// Tokens that the model reads when each part is hidden once.
pub fn cost(parts: &[Part], tokens: &Tokens) -> usize {
    let windows_of = |part: &Part| {
        let touched = tokens.windows().iter().filter(|window| overlap(&part.tokens, window));
        touched.map(ExactSizeIterator::len).sum::<usize>()
    };
    parts.iter().map(windows_of).sum()
}

/// Whether two ranges of tokens share one.
pub fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

fn merge(parts: &[Part]) -> Part {
    let (first, last) = (&parts[0], &parts[parts.len() - 1]);
    Part { span: first.span.to(&last.span), tokens: first.tokens.start..last.tokens.end }
}
