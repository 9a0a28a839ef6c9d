//! A reading: every row that the model is asked for one text, and what becomes of the answers.
//!
//! The rows go to the batcher together, so that a text's sentences and the versions of it that
//! explain it share batches with the whole.

use super::{
    explanation::Plan,
    scores::{Activation, Head, Window},
    sentences,
    span::Span,
    tokenizer::{Cut, Encoding, Tokenizer, TokenizerError, Tokens},
};
use crate::sentiment::{Explanation, Method, Score, Sentence};
use std::{mem, ops::Range};

/// What is wanted of a text beside its scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// The scores of each sentence.
    pub sentences: bool,
    /// What each part adds to the winning label.
    pub explanation: Option<Method>,
    /// The function that makes scores of the logits, in place of the one that the model's
    /// configuration asks for.
    pub activation: Option<Activation>,
    /// Whether to read only one end of a text that is longer than the model reads at once, as
    /// other servers do; otherwise it is read in windows.
    pub cut: Option<Cut>,
    /// Where in the text the second one of a pair begins, in bytes; the model then reads the two as
    /// one, with its separator between them.
    pub second: Option<usize>,
}

/// A text's rows, and which of them belong to what.
#[derive(Clone, Debug)]
pub struct Reading {
    rows: Vec<Encoding>,
    lengths: Vec<usize>,
    tokens: usize,
    whole: Range<usize>,
    sentences: Vec<(Span, Range<usize>)>,
    explanation: Option<Plan>,
}

impl Reading {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// [`TokenizerError::TooLong`] for more tokens than the tokenizer takes in,
    /// [`TokenizerError::Empty`] for none, [`TokenizerError::Library`] when its library refuses the text.
    pub fn of(text: &str, wanted: Wanted, tokenizer: &Tokenizer) -> Result<Self, TokenizerError> {
        let tokens = match (wanted.second, wanted.cut, wanted.explanation) {
            (Some(second), cut, _) => tokenizer.encode_pair(&text[..second], &text[second..], cut)?,
            (None, Some(cut), _) => tokenizer.encode_cut(text, cut)?,
            (None, None, Some(_)) => tokenizer.encode_with_offsets(text)?,
            (None, None, None) => tokenizer.encode(text)?,
        };
        // The model would give the special tokens alone a verdict too.
        if tokens.is_empty() {
            return Err(TokenizerError::Empty);
        }
        let rows = windows(&tokens);
        let mut reading = Self {
            tokens: tokens.count(),
            whole: 0..rows.len(),
            lengths: rows.iter().map(Encoding::len).collect(),
            rows,
            sentences: Vec::new(),
            explanation: None,
        };
        if wanted.sentences {
            reading.add_sentences(text, tokenizer)?;
        }
        if let Some(method) = wanted.explanation {
            let plan = Plan::new(text, &tokens, method, tokenizer.mask(), |row| reading.add([row]).start);
            reading.explanation = Some(plan);
        }
        Ok(reading)
    }

    /// Hands the rows over to the model; their lengths remain.
    pub fn take_rows(&mut self) -> Vec<Encoding> {
        mem::take(&mut self.rows)
    }

    /// Tokens of the text, special tokens included once.
    #[must_use]
    pub const fn tokens(&self) -> usize {
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
        self.sentences
            .iter()
            .map(|(span, rows)| Sentence {
                bytes: span.wire_bytes(),
                utf16: span.wire_utf16(),
                scores: self.scores_of(rows, logits, head),
            })
            .collect()
    }

    /// What each part adds, from the same logits, where it was wanted.
    #[must_use]
    pub fn explanation(&self, logits: &[Vec<f32>], head: &Head) -> Option<Explanation> {
        let whole: Vec<usize> = self.whole.clone().collect();
        let plan = self.explanation.as_ref()?;
        Some(plan.explain(head, &whole, |row| self.window(row, logits)))
    }

    fn add_sentences(&mut self, text: &str, tokenizer: &Tokenizer) -> Result<(), TokenizerError> {
        let spans = sentences::split(text);
        let is_all = spans.len() == 1;
        for span in spans {
            // A text of one sentence has been read already.
            let rows = if is_all {
                self.whole.clone()
            } else {
                let tokens = tokenizer.encode(span.of(text))?;
                if tokens.is_empty() {
                    continue;
                }
                self.add(windows(&tokens))
            };
            self.sentences.push((span, rows));
        }
        Ok(())
    }

    fn add(&mut self, rows: impl IntoIterator<Item = Encoding>) -> Range<usize> {
        let start = self.rows.len();
        self.rows.extend(rows);
        self.lengths.extend(self.rows[start..].iter().map(Encoding::len));
        start..self.rows.len()
    }

    fn window<'a>(&self, row: usize, logits: &'a [Vec<f32>]) -> Window<'a> {
        Window { tokens: self.lengths[row], logits: &logits[row] }
    }

    fn scores_of(&self, rows: &Range<usize>, logits: &[Vec<f32>], head: &Head) -> Vec<Score> {
        head.scores(&rows.clone().map(|row| self.window(row, logits)).collect::<Vec<_>>())
    }
}

fn windows(tokens: &Tokens) -> Vec<Encoding> {
    tokens.windows().iter().map(|window| tokens.encoding(window)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tiny_tokenizer;

    fn read(text: &str, wanted: Wanted) -> Result<Reading, TokenizerError> {
        Reading::of(text, wanted, &tiny_tokenizer(128, 600))
    }

    #[test]
    fn a_text_of_which_no_token_is_made_is_refused() {
        for text in ["\u{200b}", "\0", "\u{ad}\u{feff} \u{2060}", "\u{301}"] {
            for wanted in [
                Wanted::default(),
                Wanted { cut: Some(Cut::End), ..Wanted::default() },
                Wanted { explanation: Some(Method::LeaveOneOut), sentences: true, ..Wanted::default() },
            ] {
                let refused = read(text, wanted);
                assert!(matches!(refused, Err(TokenizerError::Empty)), "{text:?}: {refused:?}");
            }
        }
    }

    #[test]
    fn a_pair_needs_tokens_of_both_texts() {
        for (first, second) in [("good", "\u{200b}"), ("\u{200b}", "good"), ("\0", "\0")] {
            let wanted = Wanted { second: Some(first.len()), ..Wanted::default() };
            let refused = read(&format!("{first}{second}"), wanted);
            assert!(matches!(refused, Err(TokenizerError::Empty)), "{first:?} {second:?}: {refused:?}");
        }
    }

    #[test]
    fn a_sentence_of_which_no_token_is_made_is_not_read() {
        let text = format!("Great.\n{}Awful.", "\u{200b}\n".repeat(3000));
        let reading = read(&text, Wanted { sentences: true, ..Wanted::default() }).expect("a text");
        let read: Vec<_> = reading.sentences.iter().map(|(span, _)| span.of(&text)).collect();
        assert_eq!(read, ["Great.", "Awful."]);
        assert_eq!(reading.rows.len(), 3, "the text and two sentences");
    }
}
