//! The answer: scores for each label, as the wire carries them.

mod account;
mod outcome;
mod substance;

pub use outcome::{Outcome, Shown, Tone, in_words, title, valence};
use serde::{Deserialize, Serialize};

/// What the model says of one text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Analysis {
    /// The score of every label, or of the `top_k` best, the highest first.
    pub scores: Vec<Score>,
    /// Each sentence's own scores, in the text's order; absent unless they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sentences: Vec<Sentence>,
    /// What each part of the text adds; absent unless it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
    /// Tokens of the text, special tokens included.
    pub tokens: u32,
    /// Windows in which the model read it; more than one for a text longer than it reads at once,
    /// whose scores are then the windows' mean, weighted by tokens.
    pub windows: u32,
    /// Time from the accepted text to its own scores, in microseconds.
    pub micros: u32,
    /// What that time went to, and that of all else that was wanted of the text.
    // The page does not show it, and has no code for it.
    #[cfg(feature = "ssr")]
    #[serde(default)]
    pub timings: Timings,
    /// Whether the answer was kept from an earlier request for the same text.
    pub cached: bool,
    /// Name of the model, as its folder is named.
    pub model: String,
    /// Precision and device of the model, and which device it should have had if that failed.
    pub runs_on: String,
}

impl Analysis {
    /// The sentences that say the opposite of the whole text when each is read by itself, if the
    /// text has an outcome and labels are called positive and negative.
    pub fn dissent(&self, mixed_below: Option<f32>) -> impl Iterator<Item = &Sentence> {
        let whole = Outcome::of(&self.scores, mixed_below).tone();
        let opposite = match whole {
            Tone::Positive => Some(Tone::Negative),
            Tone::Negative => Some(Tone::Positive),
            Tone::Plain => None,
        };
        self.sentences
            .iter()
            .filter(move |sentence| Some(Outcome::of(&sentence.scores, mixed_below).tone()) == opposite)
    }

    /// Its bytes in memory, about: what an answer alone took with its place in the cache (malloc's bytes in
    /// use over 8,000 answers), and its parts.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn weight(&self) -> usize {
        let parts = self.explanation.as_ref().map_or(0, |explanation| explanation.parts.len());
        let scores = self.scores.len() * (1 + self.sentences.len());
        736 + 64 * scores + 64 * self.sentences.len() + 32 * parts
    }
}

/// How long each phase of an answer took, in microseconds; no time for an answer that was kept.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Timings {
    /// From the text to its tokens, the wait for a thread included.
    pub tokenize_us: u32,
    /// From there to the batch with the text's first row.
    pub queue_us: u32,
    /// From there to the last row's logits.
    pub inference_us: u32,
}

/// One sentence of a text: where it is, and its scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Sentence {
    /// First byte in the text's UTF-8, and the one after the last.
    pub bytes: [u32; 2],
    /// The same in UTF-16 code units, as browsers count.
    pub utf16: [u32; 2],
    /// The score of every label, or of the `top_k` best, the highest first.
    pub scores: Vec<Score>,
}

/// Why a text got its label: what each of its parts adds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Explanation {
    /// The label that is explained: the one with the highest score.
    pub label: String,
    /// How the weights were found.
    pub method: Method,
    /// What the parts are.
    pub unit: Unit,
    /// Texts that the model read for it, beside the text itself.
    pub evaluations: u32,
    /// How strongly the whole text speaks for the label: the log-odds of its score, or the score
    /// itself where that is no probability.
    pub evidence: f32,
    /// Whether evidence and weights are log-odds.
    pub is_log_odds: bool,
    /// The same of the text with every part hidden. The weights add up to the difference; absent
    /// where the method does not promise that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<f32>,
    /// Every part, in the text's order.
    pub parts: Vec<Contribution>,
}

/// What one part of a text adds to the evidence for a label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Contribution {
    /// First byte in the text's UTF-8, and the one after the last.
    pub bytes: [u32; 2],
    /// The same in UTF-16 code units, as browsers count.
    pub utf16: [u32; 2],
    /// Positive where it speaks for the label, negative where against; in the unit of the evidence.
    pub weight: f32,
}

/// A way of finding what a part adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The evidence lost when this part alone is hidden.
    LeaveOneOut,
    /// The mean of what it adds when the parts appear one by one, over sampled orders.
    Shapley,
}

/// What an explanation's parts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Words, and signs between them.
    Word,
    /// Sentences, where a text has too many words to hide each.
    Sentence,
    /// Groups of words that follow each other, where its sentences are few or long.
    Phrase,
    /// Groups of sentences, where it has too many of them too.
    Passage,
}

impl Unit {
    /// One of them, as users read it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Sentence => "sentence",
            Self::Phrase => "group of words",
            Self::Passage => "passage",
        }
    }
}

/// One label's score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Score {
    /// The label, as the model's configuration spells it.
    pub label: String,
    /// A probability in 0..=1; a regression model's score may lie outside, and so may logits that were
    /// asked for.
    pub score: f32,
}

/// Puts the highest score first; equal ones keep their order.
pub fn best_first(scores: &mut [Score]) {
    scores.sort_by(|a, b| b.score.total_cmp(&a.score));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_keep_their_order() {
        let mut scores = [("a", 0.2), ("b", 0.3), ("c", 0.2), ("d", 0.3)]
            .map(|(label, score)| Score { label: label.into(), score });
        best_first(&mut scores);
        assert_eq!(scores.map(|score| score.label), ["b", "d", "a", "c"]);
    }

    #[test]
    fn a_sentence_dissents_that_is_surely_the_opposite() {
        let scores = |positive: f32| {
            let mut scores = [("POSITIVE", positive), ("NEGATIVE", 1.0 - positive)]
                .map(|(label, score)| Score { label: label.into(), score });
            best_first(&mut scores);
            scores.to_vec()
        };
        let sentence = |positive| Sentence { bytes: [0, 1], utf16: [0, 1], scores: scores(positive) };
        let analysis = |positive| Analysis {
            scores: scores(positive),
            sentences: [0.1, 0.3, 0.9, 0.2].map(sentence).to_vec(),
            explanation: None,
            tokens: 9,
            windows: 1,
            micros: 1,
            #[cfg(feature = "ssr")]
            timings: Timings::default(),
            cached: false,
            model: "m".into(),
            runs_on: "fp32".into(),
        };
        assert_eq!(analysis(0.8).dissent(Some(0.75)).count(), 2);
        assert_eq!(analysis(0.2).dissent(Some(0.75)).count(), 1);
        assert_eq!(analysis(0.6).dissent(Some(0.75)).count(), 0, "a mixed text has no opposite");
    }
}
