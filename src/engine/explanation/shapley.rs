//! Shapley values by sampled orders: a part's mean gain when the parts appear one by one.
//!
//! Each order is walked forwards and backwards, which evens out who comes early (antithetic
//! sampling: Mitchell et al. 2022, "Sampling Permutations for Shapley Value Estimation"). Along
//! every walk the gains add up to the whole, so the values do too.

use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use std::collections::HashMap;

/// The same text always gets the same explanation.
const SEED: u64 = 0x5eed;

/// One order of appearance, and the version reached after each part; the whole text is last.
#[derive(Clone, Debug)]
pub struct Walk {
    order: Vec<usize>,
    versions: Vec<usize>,
}

/// Which versions of a text are needed, and the walks through them.
#[derive(Debug)]
pub struct Sample {
    /// For each version, which parts are hidden; the first hides all of them.
    pub hidden: Vec<Vec<bool>>,
    /// At least two walks.
    pub walks: Vec<Walk>,
}

/// Versions that one order of `parts` parts needs, walked both ways: the least that can be sampled.
pub const fn fewest_versions(parts: usize) -> usize {
    1 + 2 * parts.saturating_sub(1)
}

/// Samples orders of `parts` parts, which need at most `versions` versions or the fewest possible.
pub fn sample(parts: usize, versions: usize) -> Sample {
    let mut random = StdRng::seed_from_u64(SEED);
    let mut hidden = vec![vec![true; parts]];
    let mut numbers = HashMap::from([(hidden[0].clone(), 0)]);
    let mut walks = Vec::new();
    let pairs = match fewest_versions(parts) - 1 {
        0 => 1,
        more => (versions.saturating_sub(1) / more).max(1),
    };
    for _ in 0..pairs {
        let mut order: Vec<usize> = (0..parts).collect();
        order.shuffle(&mut random);
        let backwards = order.iter().rev().copied().collect();
        for order in [order, backwards] {
            let mut current = vec![true; parts];
            let steps = order.iter().take(parts.saturating_sub(1));
            let versions = steps
                .map(|&part| {
                    current[part] = false;
                    *numbers.entry(current.clone()).or_insert_with(|| {
                        hidden.push(current.clone());
                        hidden.len() - 1
                    })
                })
                .collect();
            walks.push(Walk { order, versions });
        }
    }
    Sample { hidden, walks }
}

/// The parts' values, from the evidence of each version and of the whole text.
pub fn weights(parts: usize, walks: &[Walk], versions: &[f64], whole: f64) -> Vec<f64> {
    let mut weights = vec![0.0; parts];
    for walk in walks {
        let mut before = versions[0];
        let reached = walk.versions.iter().map(|&version| versions[version]).chain([whole]);
        for (&part, after) in walk.order.iter().zip(reached) {
            weights[part] += after - before;
            before = after;
        }
    }
    weights.iter().map(|sum| sum / walks.len() as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The values of a game whose evidence is a function of the parts shown.
    fn values(parts: usize, evaluations: usize, game: impl Fn(&[bool]) -> f64) -> Vec<f64> {
        let sample = sample(parts, evaluations);
        let evidence: Vec<f64> = sample.hidden.iter().map(|hidden| game(hidden)).collect();
        weights(parts, &sample.walks, &evidence, game(&vec![false; parts]))
    }

    #[test]
    fn parts_that_need_each_other_share_the_gain() {
        let both = |hidden: &[bool]| if !hidden[0] && !hidden[1] { 2.0 } else { 0.0 };
        assert_eq!(values(3, 500, both), [1.0, 1.0, 0.0]);
    }

    #[test]
    fn a_single_part_has_all_of_it() {
        assert_eq!(values(1, 500, |hidden| if hidden[0] { -1.0 } else { 2.0 }), [3.0]);
    }

    #[test]
    fn keeps_to_its_evaluations() {
        assert!(sample(20, 500).hidden.len() <= 500);
        assert!(sample(5, fewest_versions(5)).hidden.len() <= fewest_versions(5));
        assert!(sample(3, 500).hidden.len() <= 7, "what has been evaluated is not evaluated again");
        assert_eq!(sample(400, 10).walks.len(), 2, "one order, both ways, is the least");
    }

    proptest! {
        #[test]
        fn values_add_up_to_the_whole(gains in prop::collection::vec(-5f64..5.0, 1..12)) {
            let sum = |hidden: &[bool]| {
                let shown: f64 = gains.iter().zip(hidden).filter(|(_, hidden)| !**hidden).map(|(gain, _)| gain).sum();
                shown.tanh()
            };
            let values = values(gains.len(), 60, sum);
            let whole = sum(&vec![false; gains.len()]) - sum(&vec![true; gains.len()]);
            prop_assert!((values.iter().sum::<f64>() - whole).abs() < 1e-9);
        }
    }
}
