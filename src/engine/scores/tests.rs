//! The scores alone: which function, in which order, and that they stay probabilities.

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
    let config = ModelConfig::parse(br#"{"id2label": {"0": "A", "1": "B", "2": "C"}}"#).expect("a config");
    let head = Head::new(&config);
    let order = |logits: &[f32]| {
        let scores = head.scores(&[Window { tokens: 1, logits }]);
        scores.into_iter().map(|score| score.label).collect::<String>()
    };
    assert_eq!(order(&[0.0, 2.0, 1.0]), "BCA");
    assert_eq!(order(&[1.0, 1.0, 1.0]), "ABC");
}

#[test]
fn a_long_text_is_the_mean_of_its_windows_by_tokens() {
    let config = ModelConfig::parse(br#"{"id2label": {"0": "A"}, "problem_type": "regression"}"#);
    let head = Head::new(&config.expect("a config"));
    let windows = [Window { tokens: 300, logits: &[1.0] }, Window { tokens: 100, logits: &[-1.0] }];
    let scores = head.scores(&windows);
    assert!((scores[0].score - 0.5).abs() < 1e-6);
}

#[test]
fn evidence_goes_on_where_a_probability_cannot() {
    let head = Head::new(&ModelConfig::parse(b"{}").expect("a config"));
    let of = |logits: &[f32]| head.evidence(&[Window { tokens: 1, logits }], 1);
    assert!((of(&[-1.0, 2.0]) - 3.0).abs() < 1e-9);
    assert!((of(&[-30.0, 30.0]) - 60.0).abs() < 1e-9);
    assert!((of(&[2.0, -1.0]) + 3.0).abs() < 1e-9);
}

#[test]
fn the_winner_is_the_first_of_the_best() {
    let head = Head::new(&ModelConfig::parse(br#"{"num_labels": 3}"#).expect("a config"));
    assert_eq!(head.winner(&[Window { tokens: 1, logits: &[0.0, 2.0, 2.0] }]), 1);
}

proptest! {
    // The best of a long text had 1.0000001.
    #[test]
    fn no_mean_of_probabilities_is_above_one(tokens in prop::collection::vec(1usize..600, 1..40)) {
        let head = Head::new(&ModelConfig::parse(b"{}").expect("a config"));
        let windows = tokens.into_iter().map(|tokens| Window { tokens, logits: &[-50.0, 50.0] });
        let scores = head.scores(&windows.collect::<Vec<_>>());
        prop_assert_eq!(scores[0].score, 1.0);
    }

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
