//! The tokenizer: a text becomes the numbers that the model reads.
//!
//! A text with more tokens than the model reads becomes several windows; nothing is cut, and
//! padding belongs to the batch.

mod pair;
mod tokens;
mod trial;

pub use tokens::{Encoding, Tokens};
pub use trial::TEXT as TRIAL_TEXT;

use super::{
    artifact::{Artifact, ArtifactError, SpecialTokens},
    windows,
};
use crate::text::narrow;
use std::{ops::Range, path::Path};
use thiserror::Error;
use tokenizers::Tokenizer as Library;
use tokens::keep;

/// Which end of a text is left out when it is cut to what the model reads at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cut {
    /// Its last tokens.
    End,
    /// Its first tokens.
    Start,
}

/// Why a text has no tokens.
#[derive(Debug, Error)]
pub enum TokenizerError {
    /// More tokens than this engine takes in.
    #[error("{tokens} tokens; the limit is {limit}")]
    TooLong {
        /// Tokens of the text, special tokens included.
        tokens: u32,
        /// The most that are read.
        limit: u32,
    },
    /// The text has only what the tokenizer leaves out, such as control characters.
    #[error("the tokenizer keeps nothing of the text")]
    Empty,
    /// The tokenizers library refused the file or the text.
    #[error(transparent)]
    Library(tokenizers::Error),
    /// The tokenizers library panicked over the file, or over a text.
    #[error("the file is not a tokenizer that the tokenizers library can use")]
    Broken,
}

/// Tokens that a window shares with the one before it, at least: about three sentences of
/// English.
const OVERLAP: usize = 64;

/// A model's own tokenizer, from its `tokenizer.json`.
pub struct Tokenizer {
    library: Library,
    special: SpecialTokens,
    room: usize,
    limit: usize,
}

impl Tokenizer {
    /// Reads `tokenizer.json`; `room` is the most tokens that the model reads at once, `limit` the
    /// most that a text may have.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::Library`] when the file is not a tokenizer, [`TokenizerError::Broken`]
    /// when the library panics over it.
    pub fn open(file: &Path, room: usize, limit: usize) -> Result<Self, TokenizerError> {
        Ok(Self { library: trial::open(file)?, special: SpecialTokens::default(), room, limit })
    }

    /// The tokenizer of a checked folder, with what else its files say; `limit` is the most tokens that a
    /// text may have.
    ///
    /// # Errors
    ///
    /// [`ArtifactError::Damaged`] when `tokenizer.json` cannot be read as a tokenizer.
    pub fn of(artifact: &Artifact, limit: usize) -> Result<Self, ArtifactError> {
        let file = &artifact.tokenizer;
        let tokenizer = Self::open(file, artifact.max_tokens, limit)
            .map_err(|error| ArtifactError::Damaged { file: file.clone(), reason: error.to_string() })?;
        Ok(Self { special: artifact.special.clone(), ..tokenizer })
    }

    /// Encodes a text, with the special tokens that the model expects.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::TooLong`] above the limit, [`TokenizerError::Library`] when the library refuses the
    /// text.
    pub fn encode(&self, text: &str) -> Result<Tokens, TokenizerError> {
        // Without offsets it is faster, and most texts need none.
        let encoding = self.library.encode_fast(text, true).map_err(TokenizerError::Library)?;
        self.check(encoding.len())?;
        if encoding.len() > self.room {
            return self.encode_with_offsets(text);
        }
        let inside = inside(&encoding);
        Ok(Tokens {
            ids: widen(encoding.get_ids()),
            types: types(&encoding),
            windows: vec![0..inside.len()],
            inside,
            offsets: Vec::new(),
        })
    }

    /// Encodes a text, and tells where in the text each token is.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::TooLong`] above the limit, [`TokenizerError::Library`] when the library refuses the
    /// text.
    pub fn encode_with_offsets(&self, text: &str) -> Result<Tokens, TokenizerError> {
        let encoding = self.library.encode(text, true).map_err(TokenizerError::Library)?;
        self.check(encoding.len())?;
        let inside = inside(&encoding);
        let offsets = encoding.get_offsets()[inside.clone()].to_vec();
        let special = encoding.len() - inside.len();
        let windows = windows::plan(
            inside.len(),
            &windows::sentence_starts(text, &offsets),
            self.room.saturating_sub(special),
            OVERLAP,
        );
        Ok(Tokens { ids: widen(encoding.get_ids()), types: types(&encoding), inside, offsets, windows })
    }

    /// Encodes as much of a text as the model reads at once, and tells where each token is.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::Library`] when the library refuses the text; none is too long.
    pub fn encode_cut(&self, text: &str, cut: Cut) -> Result<Tokens, TokenizerError> {
        let encoding = self.library.encode(text, true).map_err(TokenizerError::Library)?;
        let inside = inside(&encoding);
        let room = self.room.saturating_sub(encoding.len() - inside.len()).min(inside.len());
        let kept = match cut {
            Cut::End => inside.start..inside.start + room,
            Cut::Start => inside.end - room..inside.end,
        };
        Ok(Tokens {
            ids: keep(&widen(encoding.get_ids()), &inside, &kept),
            types: keep(&types(&encoding), &inside, &kept).into(),
            inside: inside.start..inside.start + room,
            offsets: encoding.get_offsets()[kept].to_vec(),
            windows: std::iter::once(0..room).collect(),
        })
    }

    fn check(&self, tokens: usize) -> Result<(), TokenizerError> {
        if tokens > self.limit {
            return Err(TokenizerError::TooLong { tokens: narrow(tokens), limit: narrow(self.limit) });
        }
        Ok(())
    }

    /// The most tokens that a text may have.
    #[must_use]
    pub const fn limit(&self) -> usize {
        self.limit
    }

    /// The number that hides a word from the model.
    ///
    /// Models without a mask get what stands for an unknown word, or else padding.
    #[must_use]
    pub fn mask(&self) -> i64 {
        let usual = ["[MASK]", "<mask>", "[UNK]", "<unk>"];
        self.first_of(self.special.mask.as_deref(), &usual).unwrap_or_else(|| self.pad())
    }

    /// The number that fills the ends of a batch's shorter rows.
    ///
    /// RoBERTa counts positions by it. Elsewhere the attention mask hides it, so any number that
    /// the model knows serves where the files name none.
    #[must_use]
    pub fn pad(&self) -> i64 {
        let usual = ["[PAD]", "<pad>"];
        self.special.pad_id.or_else(|| self.first_of(self.special.pad.as_deref(), &usual)).unwrap_or(0)
    }

    /// Number of the first of these tokens that the vocabulary has.
    fn first_of(&self, named: Option<&str>, usual: &[&str]) -> Option<i64> {
        let mut tokens = named.into_iter().chain(usual.iter().copied());
        tokens.find_map(|token| self.library.token_to_id(token)).map(i64::from)
    }
}

/// The tokens between the special ones at the front and at the back.
fn inside(encoding: &tokenizers::Encoding) -> Range<usize> {
    let is_special = |mask: &&u32| **mask == 1;
    let mask = encoding.get_special_tokens_mask();
    let front = mask.iter().take_while(is_special).count();
    let back = mask[front..].iter().rev().take_while(is_special).count();
    front..encoding.len() - back
}

/// The tokens' types, none where all are 0.
fn types(encoding: &tokenizers::Encoding) -> Box<[u32]> {
    let types = encoding.get_type_ids();
    if types.iter().all(|&kind| kind == 0) { Box::default() } else { types.into() }
}

fn widen(ids: &[u32]) -> Vec<i64> {
    ids.iter().copied().map(i64::from).collect()
}
