//! What scores come to: an outcome with its tone, a score as it is shown, a place between negative and positive.

use super::Score;
use std::fmt;

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
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The best label and its score.
    Label(String, Shown),
    /// No label is likely enough to be named.
    Mixed,
}

impl Outcome {
    /// The best label of `scores`, which come highest first, unless its score is below
    /// `mixed_below`; a model that rates texts has no such limit, and a single label nothing to be
    /// mixed with.
    #[must_use]
    pub fn of(scores: &[Score], mixed_below: Option<f32>) -> Self {
        match (scores, mixed_below) {
            ([best, _, ..], Some(limit)) if best.score < limit => Self::Mixed,
            ([best, ..], _) => Self::Label(best.label.clone(), Shown::of(best.score, mixed_below)),
            ([], _) => Self::Mixed,
        }
    }

    /// As it is shown: labels in capitals only at their beginning.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Label(label, _) => title(label),
            Self::Mixed => "Mixed".into(),
        }
    }

    /// The score to show beside the name; none for a mixed text, where the best label's score would
    /// read as how mixed the text is.
    #[must_use]
    pub const fn score(&self) -> Option<Shown> {
        match self {
            Self::Label(_, score) => Some(*score),
            Self::Mixed => None,
        }
    }

    /// The colour that shows it.
    #[must_use]
    pub fn tone(&self) -> Tone {
        match self {
            Self::Label(label, _) => Tone::of(label),
            Self::Mixed => Tone::Plain,
        }
    }
}

/// The outcome of scores in a line: "Positive, 98.1 %", or "Mixed"; empty without scores. See
/// [`Outcome::of`] for `mixed_below`.
#[must_use]
pub fn in_words(scores: &[Score], mixed_below: Option<f32>) -> String {
    let outcome = Outcome::of(scores, mixed_below);
    match outcome.score() {
        _ if scores.is_empty() => String::new(),
        Some(score) => format!("{}, {score}", outcome.name()),
        None => outcome.name(),
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

/// A score as it is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shown {
    /// A probability, in percent with one decimal, which never claims certainty by rounding: 0.9996
    /// shows as "> 99.9 %", not as "100 %".
    Percent(f32),
    /// What a model that rates texts gives, as it is with two decimals: 0.7 shows as "0.70".
    Rating(f32),
}

impl Shown {
    /// A score of a model whose texts are called mixed below so much; one that rates texts calls none so.
    #[must_use]
    pub const fn of(score: f32, mixed_below: Option<f32>) -> Self {
        if mixed_below.is_some() { Self::Percent(score) } else { Self::Rating(score) }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Rating(s) => write!(f, "{s:.2}"),
            Self::Percent(s) if s < 0.0005 => f.write_str("< 0.1 %"),
            Self::Percent(s) if s >= 0.9995 => f.write_str("> 99.9 %"),
            Self::Percent(s) => write!(f, "{:.1} %", s * 100.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Where it was between 0 and 1, it was shown in percent, and called mixed below so much.
    #[test]
    fn what_is_no_probability_is_shown_as_it_is() {
        assert_eq!(
            [3.7, -1.25, 0.7].map(|score| Shown::Rating(score).to_string()),
            ["3.70", "-1.25", "0.70"]
        );
        let scores = [("fluent", 0.4), ("long", 0.2)];
        let scores = scores.map(|(label, score)| Score { label: label.into(), score });
        assert_eq!(in_words(&scores, None), "fluent, 0.40");
        assert_eq!(in_words(&scores, Some(0.75)), "Mixed");
    }

    #[test]
    fn an_unlikely_best_label_is_not_forced() {
        let scores = |best| {
            [("POSITIVE", best), ("NEGATIVE", 1.0 - best)]
                .map(|(label, score)| Score { label: label.into(), score })
        };
        assert_eq!(Outcome::of(&scores(0.7), Some(0.75)), Outcome::Mixed);
        assert_eq!(Outcome::of(&scores(0.75), Some(0.75)).name(), "Positive");
        assert_eq!(Outcome::of(&scores(0.1)[..1], Some(0.75)).name(), "Positive");
        assert_eq!(in_words(&scores(0.7), Some(0.75)), "Mixed");
        assert_eq!(in_words(&scores(0.7), Some(0.0)), "Positive, 70.0 %");
        assert_eq!(in_words(&[], Some(0.75)), "");
        assert_eq!(title("LABEL_1"), "Label_1");
        assert_eq!(title("5 stars"), "5 stars");
    }

    #[test]
    fn percent_never_rounds_to_certainty() {
        assert_eq!(Shown::Percent(0.9996).to_string(), "> 99.9 %");
        assert_eq!(Shown::Percent(1.0).to_string(), "> 99.9 %");
        assert_eq!(Shown::Percent(0.000_4).to_string(), "< 0.1 %");
        assert_eq!(Shown::Percent(0.0).to_string(), "< 0.1 %");
    }

    #[test]
    fn percent_shows_one_decimal_between() {
        assert_eq!(Shown::Percent(0.9994).to_string(), "99.9 %");
        assert_eq!(Shown::Percent(0.5).to_string(), "50.0 %");
        assert_eq!(Shown::Percent(0.0011).to_string(), "0.1 %");
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
