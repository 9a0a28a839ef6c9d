//! The answer: scores for each label, as the wire carries them and the page shows them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What the model says of one text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Analysis {
    /// Every label's score, the highest first.
    pub scores: Vec<Score>,
    /// Each sentence's own scores, in the text's order; empty unless they were asked for.
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
    /// Time from the accepted text to its scores, in microseconds.
    pub micros: u32,
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
    pub fn dissent(&self, mixed_below: f32) -> impl Iterator<Item = &Sentence> {
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
}

/// One sentence of a text: where it is, and its scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Sentence {
    /// First byte in the text's UTF-8, and the one after the last.
    pub bytes: [u32; 2],
    /// The same in UTF-16 code units, as browsers count.
    pub utf16: [u32; 2],
    /// Every label's score, the highest first.
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
    /// How strongly the whole text speaks for the label: the log-odds of its score (for a
    /// regression model the score itself).
    pub evidence: f32,
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
    /// Positive where it speaks for the label, negative where against; in log-odds.
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
    /// Groups of sentences, where it has too many of them too.
    Passage,
}

/// One label's score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Score {
    /// The label, as the model's configuration spells it.
    pub label: String,
    /// A probability in 0..=1 (a regression model's score may lie outside).
    pub score: f32,
}

/// How positive a text is, from -1 to 1; `None` where no label is called positive or negative.
#[must_use]
pub fn valence(scores: &[Score]) -> Option<f32> {
    let signed = scores.iter().filter_map(|Score { label, score }| match Tone::of(label) {
        Tone::Positive => Some(*score),
        Tone::Negative => Some(-score),
        Tone::Plain => None,
    });
    signed.reduce(|sum, score| sum + score)
}

/// What a label means for the colour and the sign that show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A label that begins with "pos".
    Positive,
    /// A label that begins with "neg".
    Negative,
    /// Any other label.
    Plain,
}

impl Tone {
    /// The tone of a label, by its name.
    #[must_use]
    pub fn of(label: &str) -> Self {
        match label.to_ascii_lowercase() {
            l if l.starts_with("pos") => Self::Positive,
            l if l.starts_with("neg") => Self::Negative,
            _ => Self::Plain,
        }
    }

    /// The tone's name in the style sheet.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Negative => "negative",
            Self::Plain => "plain",
        }
    }
}

/// What scores come to in a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The best label.
    Label(String),
    /// No label is likely enough to be named.
    Mixed,
}

impl Outcome {
    /// The best label of `scores`, which come highest first, unless its score is below
    /// `mixed_below`. A single label has nothing to be mixed with.
    #[must_use]
    pub fn of(scores: &[Score], mixed_below: f32) -> Self {
        match scores {
            [best, _, ..] if best.score < mixed_below => Self::Mixed,
            [best, ..] => Self::Label(best.label.clone()),
            [] => Self::Mixed,
        }
    }

    /// As it is shown: labels in capitals only at their beginning.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Label(label) => title(label),
            Self::Mixed => "Mixed".into(),
        }
    }

    /// The colour that shows it.
    #[must_use]
    pub fn tone(&self) -> Tone {
        match self {
            Self::Label(label) => Tone::of(label),
            Self::Mixed => Tone::Plain,
        }
    }
}

/// A label as a person writes it: "POSITIVE" is "Positive"; others stay as they are.
#[must_use]
pub fn title(label: &str) -> String {
    if label.chars().any(|letter| letter.is_ascii_lowercase()) {
        return label.into();
    }
    let mut letters = label.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_string() + &letters.as_str().to_ascii_lowercase())
}

/// A score in percent with one decimal, which never claims certainty by rounding.
///
/// 0.9996 shows as "> 99.9 %", not as "100 %".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percent(pub f32);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            s if s < 0.0005 => f.write_str("< 0.1 %"),
            s if s >= 0.9995 => f.write_str("> 99.9 %"),
            s => write!(f, "{:.1} %", s * 100.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unlikely_best_label_is_not_forced() {
        let scores = |best| {
            [("POSITIVE", best), ("NEGATIVE", 1.0 - best)]
                .map(|(label, score)| Score { label: label.into(), score })
        };
        assert_eq!(Outcome::of(&scores(0.7), 0.75), Outcome::Mixed);
        assert_eq!(Outcome::of(&scores(0.75), 0.75).name(), "Positive");
        assert_eq!(Outcome::of(&scores(0.1)[..1], 0.75).name(), "Positive");
        assert_eq!(title("LABEL_1"), "Label_1");
        assert_eq!(title("5 stars"), "5 stars");
    }

    #[test]
    fn a_sentence_dissents_that_is_surely_the_opposite() {
        let scores = |positive: f32| {
            let mut scores = [("POSITIVE", positive), ("NEGATIVE", 1.0 - positive)];
            scores.sort_by(|one, other| other.1.total_cmp(&one.1));
            scores.map(|(label, score)| Score { label: label.into(), score }).to_vec()
        };
        let sentence = |positive| Sentence { bytes: [0, 1], utf16: [0, 1], scores: scores(positive) };
        let analysis = |positive| Analysis {
            scores: scores(positive),
            sentences: [0.1, 0.3, 0.9, 0.2].map(sentence).to_vec(),
            explanation: None,
            tokens: 9,
            windows: 1,
            micros: 1,
            cached: false,
            model: "m".into(),
            runs_on: "fp32".into(),
        };
        assert_eq!(analysis(0.8).dissent(0.75).count(), 2);
        assert_eq!(analysis(0.2).dissent(0.75).count(), 1);
        assert_eq!(analysis(0.6).dissent(0.75).count(), 0, "a mixed text has no opposite");
    }

    #[test]
    fn percent_never_rounds_to_certainty() {
        assert_eq!(Percent(0.9996).to_string(), "> 99.9 %");
        assert_eq!(Percent(1.0).to_string(), "> 99.9 %");
        assert_eq!(Percent(0.000_4).to_string(), "< 0.1 %");
        assert_eq!(Percent(0.0).to_string(), "< 0.1 %");
    }

    #[test]
    fn percent_shows_one_decimal_between() {
        assert_eq!(Percent(0.9994).to_string(), "99.9 %");
        assert_eq!(Percent(0.5).to_string(), "50.0 %");
        assert_eq!(Percent(0.0011).to_string(), "0.1 %");
    }

    #[test]
    fn valence_weighs_positive_against_negative() {
        let score = |label: &str, score| Score { label: label.into(), score };
        assert_eq!(valence(&[score("NEGATIVE", 0.75), score("POSITIVE", 0.25)]), Some(-0.5));
        assert_eq!(valence(&[score("neutral", 0.5), score("positive", 0.5)]), Some(0.5));
        assert_eq!(valence(&[score("5 stars", 1.0)]), None);
    }

    #[test]
    fn tone_follows_the_label() {
        assert_eq!(Tone::of("POSITIVE"), Tone::Positive);
        assert_eq!(Tone::of("neg"), Tone::Negative);
        assert_eq!(Tone::of("LABEL_1"), Tone::Plain);
    }
}
