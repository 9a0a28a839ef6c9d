//! The tokens of a text: what the tokenizer makes and the model reads, a window at a time.

use std::ops::Range;

/// The token numbers of a text or a pair, special tokens included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoding {
    ids: Vec<i64>,
    second: Option<usize>,
}

impl Encoding {
    /// An encoding of one text's token numbers.
    #[must_use]
    pub fn new(ids: Vec<i64>) -> Self {
        Self { ids, second: None }
    }

    /// The token numbers, `[CLS]` first and `[SEP]` last.
    #[must_use]
    pub fn ids(&self) -> &[i64] {
        &self.ids
    }

    /// Where the tokens begin that the tokenizer counts to a pair's second text; of one text the end.
    #[must_use]
    pub fn second(&self) -> usize {
        self.second.unwrap_or(self.ids.len())
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
    /// Where those begin in `ids` that the tokenizer counts to a pair's second text.
    pub(super) second: Option<usize>,
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
        let (start, end) = (self.inside.start + window.start, self.inside.start + window.end);
        let (front, back) = (&self.ids[..self.inside.start], &self.ids[self.inside.end..]);
        // A pair has one window, of all its tokens.
        Encoding { ids: [front, &self.ids[start..end], back].concat(), second: self.second }
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
