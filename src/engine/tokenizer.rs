//! The tokenizer: a text becomes the numbers that the model reads.
//!
//! A text with more tokens than the model reads becomes several windows; nothing is cut, and
//! padding belongs to the batch.

use super::windows::{plan, sentence_starts};
use std::path::Path;
use thiserror::Error;
use tokenizers::Tokenizer as Library;

/// One text's token numbers, special tokens included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoding {
    ids: Vec<i64>,
}

impl Encoding {
    /// An encoding of these token numbers.
    #[must_use]
    pub fn new(ids: Vec<i64>) -> Self {
        Self { ids }
    }

    /// The token numbers, `[CLS]` first and `[SEP]` last.
    #[must_use]
    pub fn ids(&self) -> &[i64] {
        &self.ids
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

/// A text as the model reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Tokens of the whole text, special tokens included once.
    pub count: usize,
    /// What the model reads: the whole text, or windows that overlap and lose nothing.
    pub windows: Vec<Encoding>,
}

/// Why a text has no tokens.
#[derive(Debug, Error)]
pub enum TokenizerError {
    /// More tokens than this engine takes in.
    #[error("{tokens} tokens, where at most {limit} are read")]
    TooLong {
        /// Tokens of the text, special tokens included.
        tokens: u32,
        /// The most that are read.
        limit: u32,
    },
    /// The tokenizers library refused the file or the text.
    #[error(transparent)]
    Library(tokenizers::Error),
}

/// Tokens that a window shares with the one before it, at least: about three sentences of
/// English.
const OVERLAP: usize = 64;

/// A model's own tokenizer, from its `tokenizer.json`.
pub struct Tokenizer {
    library: Library,
    room: usize,
    limit: usize,
}

impl Tokenizer {
    /// Reads `tokenizer.json`; `room` is the most tokens that the model reads at once, `limit` the
    /// most that a text may have.
    ///
    /// Truncation and padding that the file may ask for are switched off: the first would cut
    /// silently, the second would make every short text as slow as a long one.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::Library`] when the file is not a tokenizer.
    pub fn open(file: &Path, room: usize, limit: usize) -> Result<Self, TokenizerError> {
        let mut library = Library::from_file(file).map_err(TokenizerError::Library)?;
        library.with_truncation(None).map_err(TokenizerError::Library)?;
        library.with_padding(None);
        Ok(Self { library, room, limit })
    }

    /// Encodes a text, with the special tokens that the model expects.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::TooLong`] above the limit.
    pub fn encode(&self, text: &str) -> Result<Tokens, TokenizerError> {
        let encoding = self.library.encode_fast(text, true).map_err(TokenizerError::Library)?;
        let count = encoding.len();
        if count > self.limit {
            return Err(TokenizerError::TooLong { tokens: narrow(count), limit: narrow(self.limit) });
        }
        let windows = if count <= self.room {
            vec![Encoding::new(widen(encoding.get_ids()))]
        } else {
            self.windows(text)?
        };
        Ok(Tokens { count, windows })
    }

    /// The windows of a long text, each between the special tokens that stood around the whole.
    fn windows(&self, text: &str) -> Result<Vec<Encoding>, TokenizerError> {
        let encoding = self.library.encode(text, true).map_err(TokenizerError::Library)?;
        let ids = widen(encoding.get_ids());
        let is_special = |mask: &&u32| **mask == 1;
        let front = encoding.get_special_tokens_mask().iter().take_while(is_special).count();
        let back = encoding.get_special_tokens_mask().iter().rev().take_while(is_special).count();
        let inside = front..ids.len() - back;
        let sentences = sentence_starts(text, &encoding.get_offsets()[inside.clone()]);
        let plan = plan(inside.len(), &sentences, self.room - front - back, OVERLAP);
        Ok(plan
            .into_iter()
            .map(|window| {
                let (start, end) = (front + window.start, front + window.end);
                Encoding::new([&ids[..front], &ids[start..end], &ids[inside.end..]].concat())
            })
            .collect())
    }

    /// The number that fills the ends of a batch's shorter rows.
    ///
    /// The attention mask hides it, so any number that the model knows serves where the
    /// vocabulary names no `[PAD]`.
    #[must_use]
    pub fn pad(&self) -> i64 {
        self.library.token_to_id("[PAD]").map_or(0, i64::from)
    }
}

fn widen(ids: &[u32]) -> Vec<i64> {
    ids.iter().copied().map(i64::from).collect()
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
