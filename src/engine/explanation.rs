//! An explanation: how much each part of a text adds to the evidence for the winning label.
//!
//! A part is hidden from the model by `[MASK]`s in the place of its tokens, so that all rows of a
//! window are equally long and share batches without padding. This module plans those rows and
//! reads their logits; what a part is, [`parts`] decides.

mod parts;
mod shapley;

use super::{
    scores::{Head, Window},
    tokenizer::{Encoding, Tokens},
};
use crate::{
    sentiment::{Contribution, Explanation, Method, Unit},
    text::narrow,
};
use parts::Part;

/// Tokens that an explanation by leaving out may cost: about a second of one core with a small
/// model. Texts that need more are divided into larger parts.
const LEAVE_ONE_OUT_TOKENS: usize = 16_384;

/// Tokens that an explanation by Shapley values may cost.
const SHAPLEY_TOKENS: usize = 65_536;

/// Versions of the text that Shapley values are estimated from, where tokens allow: shap's default.
const SHAPLEY_EVALUATIONS: usize = 500;

/// The rows that an explanation needs, and how their logits become weights.
#[derive(Clone, Debug)]
pub struct Plan {
    method: Method,
    unit: Unit,
    parts: Vec<Part>,
    /// Versions of the text with parts hidden: for each window, the number of its row.
    versions: Vec<Vec<usize>>,
    /// Orders in which the parts appear, as the versions passed through; Shapley's only.
    walks: Vec<shapley::Walk>,
}

impl Plan {
    /// Plans the rows for a text whose windows are the first rows; `add` takes a row in and gives
    /// its number.
    pub fn new(
        text: &str,
        tokens: &Tokens,
        method: Method,
        mask: i64,
        mut add: impl FnMut(Encoding) -> usize,
    ) -> Self {
        // Windows overlap, so that a version may cost twice the text's tokens.
        let whole: usize = tokens.windows().iter().map(|window| tokens.length(window)).sum();
        let versions = SHAPLEY_EVALUATIONS.min(SHAPLEY_TOKENS / whole.max(1));
        let (unit, parts) = parts::divide(text, tokens, |parts| match method {
            Method::LeaveOneOut => parts::cost(parts, tokens) <= LEAVE_ONE_OUT_TOKENS,
            Method::Shapley => shapley::fewest_versions(parts.len()) <= versions,
        });
        // Parts stay within the windows: those without a hidden part need no new row.
        let mut version = |hidden: &[bool]| -> Vec<usize> {
            let ranges: Vec<_> = parts
                .iter()
                .zip(hidden)
                .filter(|(_, hidden)| **hidden)
                .map(|(part, _)| part.tokens.clone())
                .collect();
            let windows = tokens.windows().iter().enumerate();
            windows
                .map(|(number, window)| {
                    let touches = ranges.iter().any(|range| parts::overlap(range, window));
                    if touches { add(tokens.masked(window, &ranges, mask)) } else { number }
                })
                .collect()
        };
        let (versions, walks) = match method {
            Method::LeaveOneOut => {
                let alone = |part: usize| (0..parts.len()).map(|other| other == part).collect::<Vec<_>>();
                ((0..parts.len()).map(|part| version(&alone(part))).collect(), Vec::new())
            }
            Method::Shapley => {
                let sample = shapley::sample(parts.len(), versions);
                (sample.hidden.iter().map(|hidden| version(hidden)).collect(), sample.walks)
            }
        };
        Self { method, unit, parts, versions, walks }
    }

    /// The explanation, from the logits of all rows; `windows` gives those of some rows.
    pub fn explain<'a>(
        &self,
        head: &Head,
        whole: &[usize],
        window: impl Fn(usize) -> Window<'a>,
    ) -> Explanation {
        let windows = |rows: &[usize]| rows.iter().map(|&row| window(row)).collect::<Vec<_>>();
        let winner = head.winner(&windows(whole));
        let evidence = head.evidence(&windows(whole), winner);
        let of_versions: Vec<f64> =
            self.versions.iter().map(|rows| head.evidence(&windows(rows), winner)).collect();
        let (weights, baseline) = match self.method {
            Method::LeaveOneOut => (of_versions.iter().map(|without| evidence - without).collect(), None),
            Method::Shapley => {
                let baseline = of_versions.first().copied().unwrap_or(evidence);
                (
                    shapley::weights(self.parts.len(), &self.walks, &of_versions, evidence),
                    Some(baseline as f32),
                )
            }
        };
        let parts = self.parts.iter().zip::<Vec<f64>>(weights);
        Explanation {
            label: head.labels()[winner].clone(),
            method: self.method,
            unit: self.unit,
            evaluations: narrow(self.versions.len()),
            evidence: evidence as f32,
            is_log_odds: head.gives_probabilities(),
            baseline,
            parts: parts
                .map(|(part, weight)| Contribution {
                    bytes: part.span.wire_bytes(),
                    utf16: part.span.wire_utf16(),
                    weight: weight as f32,
                })
                .collect(),
        }
    }
}
