//! The tokenizer: a text becomes the numbers that the model reads.
//!
//! Nothing is cut or padded here: a text with too many tokens is refused, and padding belongs to
//! the batch.

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

/// Why a text has no encoding.
#[derive(Debug, Error)]
pub enum TokenizerError {
    /// More tokens than the model reads.
    #[error("{tokens} tokens, where the model reads at most {limit}")]
    TooLong {
        /// Tokens of the text, special tokens included.
        tokens: u32,
        /// The most that the model reads.
        limit: u32,
    },
    /// The tokenizers library refused the file or the text.
    #[error(transparent)]
    Library(tokenizers::Error),
}

/// A model's own tokenizer, from its `tokenizer.json`.
pub struct Tokenizer {
    library: Library,
    limit: usize,
}

impl Tokenizer {
    /// Reads `tokenizer.json`; `limit` is the most tokens that the model reads.
    ///
    /// Truncation and padding that the file may ask for are switched off: the first would cut
    /// silently, the second would make every short text as slow as a long one.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::Library`] when the file is not a tokenizer.
    pub fn open(file: &Path, limit: usize) -> Result<Self, TokenizerError> {
        let mut library = Library::from_file(file).map_err(TokenizerError::Library)?;
        library.with_truncation(None).map_err(TokenizerError::Library)?;
        library.with_padding(None);
        Ok(Self { library, limit })
    }

    /// Encodes a text, with the special tokens that the model expects.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::TooLong`] above the limit.
    pub fn encode(&self, text: &str) -> Result<Encoding, TokenizerError> {
        let encoding = self.library.encode_fast(text, true).map_err(TokenizerError::Library)?;
        let ids: Vec<i64> = encoding.get_ids().iter().copied().map(i64::from).collect();
        if ids.len() > self.limit {
            return Err(TokenizerError::TooLong { tokens: narrow(ids.len()), limit: narrow(self.limit) });
        }
        Ok(Encoding { ids })
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

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
