//! A reading: every row that the model is asked for one text, and what becomes of the answers.
//!
//! The rows go to the batcher together, so that a text's sentences share batches with the whole.

use super::{
    scores::Head,
    sentences::{self, Span},
    tokenizer::{Encoding, Tokenizer, TokenizerError, Tokens},
};
use crate::sentiment::{Score, Sentence};
use std::ops::Range;

/// What is wanted of a text beside its scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The scores of each sentence.
    pub sentences: bool,
}

/// A text's rows, and which of them belong to what.
#[derive(Clone, Debug)]
pub struct Reading {
    rows: Vec<Encoding>,
    tokens: usize,
    whole: Range<usize>,
    sentences: Vec<(Span, Range<usize>)>,
}

impl Reading {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::TooLong`] for more tokens than the tokenizer takes in.
    pub fn of(text: &str, wanted: Wanted, tokenizer: &Tokenizer) -> Result<Self, TokenizerError> {
        let Tokens { count, windows } = tokenizer.encode(text)?;
        let whole = 0..windows.len();
        let mut reading = Self { rows: windows, tokens: count, whole, sentences: Vec::new() };
        if wanted.sentences {
            let spans = sentences::split(text);
            let is_all = spans.len() == 1;
            for span in spans {
                // A text of one sentence has been read already.
                let rows = if is_all {
                    reading.whole.clone()
                } else {
                    reading.add(tokenizer.encode(span.of(text))?.windows)
                };
                reading.sentences.push((span, rows));
            }
        }
        Ok(reading)
    }

    /// The rows, for the model.
    #[must_use]
    pub fn rows(&self) -> &[Encoding] {
        &self.rows
    }

    /// Tokens of the text, special tokens included once.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Windows in which the whole text is read.
    #[must_use]
    pub fn windows(&self) -> usize {
        self.whole.len()
    }

    /// The text's scores, from the logits of all rows in their order.
    #[must_use]
    pub fn scores(&self, logits: &[Vec<f32>], head: &Head) -> Vec<Score> {
        self.scores_of(&self.whole, logits, head)
    }

    /// The sentences with their scores, from the same logits.
    #[must_use]
    pub fn sentences(&self, logits: &[Vec<f32>], head: &Head) -> Vec<Sentence> {
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.sentences
            .iter()
            .map(|(span, rows)| Sentence {
                start: narrow(span.start),
                end: narrow(span.end),
                start_utf16: narrow(span.start_utf16),
                end_utf16: narrow(span.end_utf16),
                scores: self.scores_of(rows, logits, head),
            })
            .collect()
    }

    fn add(&mut self, windows: Vec<Encoding>) -> Range<usize> {
        let start = self.rows.len();
        self.rows.extend(windows);
        start..self.rows.len()
    }

    fn scores_of(&self, rows: &Range<usize>, logits: &[Vec<f32>], head: &Head) -> Vec<Score> {
        let windows: Vec<_> = rows.clone().map(|row| (self.rows[row].len(), logits[row].clone())).collect();
        head.scores(&windows)
    }
}
