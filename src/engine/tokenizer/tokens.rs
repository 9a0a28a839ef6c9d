//! The tokens of a text: what the tokenizer makes and the model reads, a window at a time.

use std::ops::Range;

/// The token numbers of a text or a pair, special tokens included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoding {
    ids: Vec<i64>,
    types: Box<[u32]>,
}

impl Encoding {
    /// An encoding of token numbers whose types are all 0.
    #[must_use]
    pub fn new(ids: Vec<i64>) -> Self {
        Self { ids, types: Box::default() }
    }

    /// The token numbers, `[CLS]` first and `[SEP]` last.
    #[must_use]
    pub fn ids(&self) -> &[i64] {
        &self.ids
    }

    /// The tokens' types, such as 1 in a pair's second text; none where all are 0.
    #[must_use]
    pub fn types(&self) -> &[u32] {
        &self.types
    }

    /// How many tokens there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no token at all, not even a special one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

/// A text as the model reads it: its tokens, and the windows that they are read in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Token numbers, special tokens included once.
    pub(super) ids: Vec<i64>,
    /// Their types; none where all are 0, as those of most texts are.
    pub(super) types: Box<[u32]>,
    /// Where the tokens between the special ones are in `ids`.
    pub(super) inside: Range<usize>,
    /// Each inside token's bytes in the text; empty where nobody needs them.
    pub(super) offsets: Vec<(usize, usize)>,
    /// Inside tokens of each window.
    pub(super) windows: Vec<Range<usize>>,
}

impl Tokens {
    /// Tokens of the whole text, special tokens included once.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ids.len()
    }

    /// Whether the tokenizer keeps nothing of the text: there are special tokens at most.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inside.is_empty()
    }

    /// The windows in inside tokens: one for the whole text, or several that overlap.
    #[must_use]
    pub fn windows(&self) -> &[Range<usize>] {
        &self.windows
    }

    /// Bytes in the text of each inside token.
    #[must_use]
    pub fn offsets(&self) -> &[(usize, usize)] {
        &self.offsets
    }

    /// Tokens that the model reads of one window, special tokens included.
    #[must_use]
    pub fn length(&self, window: &Range<usize>) -> usize {
        self.ids.len() - self.inside.len() + window.len()
    }

    /// What the model reads of one window.
    #[must_use]
    pub fn encoding(&self, window: &Range<usize>) -> Encoding {
        let kept = self.inside.start + window.start..self.inside.start + window.end;
        Encoding {
            ids: keep(&self.ids, &self.inside, &kept),
            types: keep(&self.types, &self.inside, &kept).into(),
        }
    }

    /// The same window with `mask` in place of the inside tokens in `hidden`.
    #[must_use]
    pub fn masked(&self, window: &Range<usize>, hidden: &[Range<usize>], mask: i64) -> Encoding {
        let mut encoding = self.encoding(window);
        for range in hidden {
            let (start, end) = (range.start.max(window.start), range.end.min(window.end));
            if start < end {
                let shift = |token: usize| token - window.start + self.inside.start;
                encoding.ids[shift(start)..shift(end)].fill(mask);
            }
        }
        encoding
    }
}

/// What tokens have that are `kept` of those `inside`, and the special ones around them; nothing of nothing.
pub(super) fn keep<T: Clone>(all: &[T], inside: &Range<usize>, kept: &Range<usize>) -> Vec<T> {
    if all.is_empty() {
        return Vec::new();
    }
    [&all[..inside.start], &all[kept.clone()], &all[inside.end..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::{
            batch::Batch,
            tokenizer::{Cut, Tokenizer},
        },
        testing::{Scratch, TINY, tiny_tokenizer},
    };
    use std::fs;

    fn encodings(tokens: &Tokens) -> Vec<Encoding> {
        tokens.windows().iter().map(|window| tokens.encoding(window)).collect()
    }

    // Funnel's first token had the type of the others, and its scores were not those of transformers.
    #[test]
    fn tokens_have_the_types_that_their_tokenizer_gives_them() {
        let (content, first) = (fs::read_to_string(TINY).expect("a file"), r#"{"id":"[CLS]","type_id":0}"#);
        assert!(content.contains(first));
        let folder = Scratch::new();
        let file = folder.join("tokenizer.json");
        fs::write(&file, content.replace(first, r#"{"id":"[CLS]","type_id":2}"#)).expect("a written file");
        let tokenizer = Tokenizer::open(&file, 5, 600).expect("a tokenizer");
        let types = |tokens: Result<Tokens, _>| {
            let encodings = encodings(&tokens.expect("tokens"));
            Batch::new(&encodings.iter().collect::<Vec<_>>(), 0).token_type_ids
        };
        assert_eq!(types(tokenizer.encode("good film")), [2, 0, 0, 0]);
        // Two windows, the second of which is filled up.
        assert_eq!(types(tokenizer.encode("good good good film")), [2, 0, 0, 0, 0, 2, 0, 0, 0, 0]);
        assert_eq!(types(tokenizer.encode_cut("good good good film", Cut::Start)), [2, 0, 0, 0, 0]);
        assert_eq!(types(tokenizer.encode_pair("good", "bad", None)), [2, 0, 0, 1, 1]);
    }

    #[test]
    fn no_types_are_kept_of_a_text_whose_are_all_0() {
        let tokens = tiny_tokenizer(128, 600).encode("good film").expect("tokens");
        assert!(encodings(&tokens).iter().all(|encoding| encoding.types().is_empty()));
    }
}
