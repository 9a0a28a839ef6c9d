//! Scores: logits become probabilities with names, by the rules of transformers'
//! text-classification pipeline (`pipelines/text_classification.py`).

#[cfg(test)]
mod tests;

use super::artifact::{ModelConfig, ProblemType};
use crate::sentiment::{Score, best_first};

/// The function that turns logits into scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

    /// One label's score, and what is left to one, each exact where the other is close to one.
    fn odds(self, logits: &[f32], label: usize) -> (f64, f64) {
        let logit = f64::from(logits[label]);
        match self {
            Self::Identity => (logit, 0.0),
            Self::Sigmoid => (1.0 / (1.0 + (-logit).exp()), 1.0 / (1.0 + logit.exp())),
            Self::Softmax => {
                let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let exps: Vec<f64> = logits.iter().map(|logit| f64::from(logit - max).exp()).collect();
                let sum: f64 = exps.iter().sum();
                let rest: f64 =
                    exps.iter().enumerate().filter(|&(i, _)| i != label).map(|(_, exp)| exp).sum();
                (exps[label] / sum, rest / sum)
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

    /// The same labels with another function.
    #[must_use]
    pub fn with(&self, activation: Activation) -> Self {
        Self { labels: self.labels.clone(), activation }
    }

    /// The labels, in the order of the logits.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Names and scores of a text, the highest first; equal scores keep their order.
    ///
    /// The text's scores are its windows' mean, weighted by tokens.
    #[must_use]
    pub fn scores(&self, windows: &[Window<'_>]) -> Vec<Score> {
        let mut scores: Vec<Score> = self
            .labels
            .iter()
            .cloned()
            .zip(self.mean(windows))
            .map(|(label, score)| Score { label, score })
            .collect();
        best_first(&mut scores);
        scores
    }

    /// Number of the label with the highest score, the first among equals.
    #[must_use]
    pub fn winner(&self, windows: &[Window<'_>]) -> usize {
        let mean = self.mean(windows);
        (0..mean.len()).rev().max_by(|&a, &b| mean[a].total_cmp(&mean[b])).unwrap_or(0)
    }

    /// Whether scores are probabilities, whose evidence is log-odds.
    #[must_use]
    pub fn gives_probabilities(&self) -> bool {
        self.activation != Activation::Identity
    }

    /// How strongly a text speaks for one label: the log-odds (natural) of its score, or the
    /// score itself where it is no probability.
    ///
    /// Log-odds go on where probabilities no longer tell 0.999 from 0.9999.
    #[must_use]
    pub fn evidence(&self, windows: &[Window<'_>], label: usize) -> f64 {
        let total: usize = windows.iter().map(|window| window.tokens).sum();
        let (mut pro, mut contra) = (0.0, 0.0);
        for window in windows {
            let share = window.tokens as f64 / total as f64;
            let (score, rest) = self.activation.odds(window.logits, label);
            pro += share * score;
            contra += share * rest;
        }
        match self.activation {
            Activation::Identity => pro,
            Activation::Softmax | Activation::Sigmoid => {
                pro.max(f64::MIN_POSITIVE).ln() - contra.max(f64::MIN_POSITIVE).ln()
            }
        }
    }

    fn mean(&self, windows: &[Window<'_>]) -> Vec<f32> {
        let tokens: usize = windows.iter().map(|window| window.tokens).sum();
        // In 32 bits the shares of many windows add up to more than one.
        let mut mean = vec![0.0_f64; self.labels.len()];
        for window in windows {
            let share = window.tokens as f64 / tokens as f64;
            for (sum, score) in mean.iter_mut().zip(self.activation.apply(window.logits)) {
                *sum += share * f64::from(score);
            }
        }
        mean.into_iter().map(|score| score as f32).collect()
    }
}

/// Whether each of the logits is a finite number; where 16 bits overflow, some are not.
#[must_use]
pub fn are_numbers(logits: &[Vec<f32>]) -> bool {
    logits.iter().flatten().all(|logit| logit.is_finite())
}

/// A window's answer: its logits, one for each label, and how many tokens stand behind them.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// Tokens of the window, special tokens included.
    pub tokens: usize,
    /// Its row of logits.
    pub logits: &'a [f32],
}
