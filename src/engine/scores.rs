//! Scores: logits become probabilities with names, by the rules of transformers'
//! text-classification pipeline (`pipelines/text_classification.py`).

use super::artifact::{ModelConfig, ProblemType};
use crate::sentiment::Score;

/// The function that turns logits into scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// Probabilities that sum to one.
    Softmax,
    /// One probability for each label.
    Sigmoid,
    /// The logits themselves.
    Identity,
}

impl Activation {
    /// Chooses as the pipeline does: the problem type first, then the number of labels.
    #[must_use]
    pub const fn choose(problem_type: Option<ProblemType>, labels: usize) -> Self {
        match (problem_type, labels) {
            (Some(ProblemType::Regression), _) => Self::Identity,
            (Some(ProblemType::MultiLabelClassification), _) | (_, 1) => Self::Sigmoid,
            (_, _) => Self::Softmax,
        }
    }

    /// Applies the function to one row of logits.
    ///
    /// Softmax subtracts the largest logit first, so that no logit overflows.
    #[must_use]
    pub fn apply(self, logits: &[f32]) -> Vec<f32> {
        match self {
            Self::Identity => logits.to_vec(),
            Self::Sigmoid => logits.iter().map(|logit| 1.0 / (1.0 + (-logit).exp())).collect(),
            Self::Softmax => {
                let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let exps: Vec<f32> = logits.iter().map(|logit| (logit - max).exp()).collect();
                let sum: f32 = exps.iter().sum();
                exps.into_iter().map(|exp| exp / sum).collect()
            }
        }
    }
}

/// A model's labels with its activation.
#[derive(Clone, Debug)]
pub struct Head {
    labels: Vec<String>,
    activation: Activation,
}

impl Head {
    /// The head that the configuration asks for.
    #[must_use]
    pub fn new(config: &ModelConfig) -> Self {
        let labels = config.labels().to_vec();
        Self { activation: Activation::choose(config.problem_type(), labels.len()), labels }
    }

    /// The labels, in the order of the logits.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Names and scores of a text, the highest first; equal scores keep their order.
    ///
    /// `windows` are the logits of its windows, each with its number of tokens: the text's scores
    /// are the windows' mean, weighted by tokens.
    #[must_use]
    pub fn scores(&self, windows: &[(usize, Vec<f32>)]) -> Vec<Score> {
        let tokens: usize = windows.iter().map(|(tokens, _)| tokens).sum();
        let mut mean = vec![0.0; self.labels.len()];
        for (weight, logits) in windows {
            let share = *weight as f32 / tokens as f32;
            for (sum, score) in mean.iter_mut().zip(self.activation.apply(logits)) {
                *sum += share * score;
            }
        }
        let mut scores: Vec<Score> =
            self.labels.iter().cloned().zip(mean).map(|(label, score)| Score { label, score }).collect();
        scores.sort_by(|a, b| b.score.total_cmp(&a.score));
        scores
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn chooses_as_transformers_does() {
        use ProblemType::{MultiLabelClassification, Regression, SingleLabelClassification};
        for (problem_type, labels, expected) in [
            (None, 2, Activation::Softmax),
            (None, 1, Activation::Sigmoid),
            (Some(SingleLabelClassification), 5, Activation::Softmax),
            (Some(SingleLabelClassification), 1, Activation::Sigmoid),
            (Some(MultiLabelClassification), 5, Activation::Sigmoid),
            (Some(Regression), 1, Activation::Identity),
            (Some(Regression), 3, Activation::Identity),
        ] {
            assert_eq!(Activation::choose(problem_type, labels), expected, "{problem_type:?} {labels}");
        }
    }

    #[test]
    fn puts_the_highest_score_first_and_keeps_ties_in_order() {
        let config =
            ModelConfig::parse(br#"{"id2label": {"0": "A", "1": "B", "2": "C"}}"#).expect("a config");
        let head = Head::new(&config);
        let order = |logits: &[f32]| head.scores(&[(1, logits.to_vec())]).into_iter().map(|s| s.label).collect::<String>();
        assert_eq!(order(&[0.0, 2.0, 1.0]), "BCA");
        assert_eq!(order(&[1.0, 1.0, 1.0]), "ABC");
    }

    #[test]
    fn a_long_text_is_the_mean_of_its_windows_by_tokens() {
        let config = ModelConfig::parse(br#"{"id2label": {"0": "A"}, "problem_type": "regression"}"#);
        let head = Head::new(&config.expect("a config"));
        let scores = head.scores(&[(300, vec![1.0]), (100, vec![-1.0])]);
        assert!((scores[0].score - 0.5).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn softmax_is_a_distribution(logits in prop::collection::vec(-1e4f32..1e4, 1..8)) {
            let scores = Activation::Softmax.apply(&logits);
            prop_assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)));
            prop_assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }

        #[test]
        fn softmax_ignores_a_common_shift(logits in prop::collection::vec(-10f32..10.0, 2..5), shift in -10f32..10.0) {
            let shifted: Vec<f32> = logits.iter().map(|logit| logit + shift).collect();
            let pairs = Activation::Softmax.apply(&logits).into_iter().zip(Activation::Softmax.apply(&shifted));
            for (a, b) in pairs {
                prop_assert!((a - b).abs() < 1e-5);
            }
        }

        #[test]
        fn sigmoid_stays_a_probability(logit in -1e4f32..1e4) {
            let score = Activation::Sigmoid.apply(&[logit])[0];
            prop_assert!((0.0..=1.0).contains(&score));
        }
    }
}
