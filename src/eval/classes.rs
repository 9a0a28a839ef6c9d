//! Classes: what texts are counted as. They are the model's labels; where it has a single one, they are the
//! texts without it and those with it.

use crate::sentiment::Score;

/// A single label's score from which on a text has it.
const EVEN: f32 = 0.5;

/// The classes of a model with these labels, by their numbers.
pub(super) fn of(labels: &[String]) -> Vec<String> {
    match labels {
        [only] => vec![format!("not {only}"), only.clone()],
        several => several.to_vec(),
    }
}

/// The number of the class that a text's scores, the highest first, speak for, and its probability.
pub(super) fn decided(scores: &[Score], classes: &[String]) -> (usize, f64) {
    match scores {
        [only] if only.score < EVEN => (0, 1.0 - f64::from(only.score)),
        [best, ..] => {
            let number = classes.iter().position(|class| *class == best.label);
            (number.unwrap_or_default(), best.score.into())
        }
        [] => (0, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(labels: &[&str], scores: &[(&str, f32)]) -> (usize, f64) {
        let labels: Vec<String> = labels.iter().map(ToString::to_string).collect();
        let scores: Vec<Score> =
            scores.iter().map(|&(label, score)| Score { label: label.into(), score }).collect();
        decided(&scores, &of(&labels))
    }

    // Each text was counted as one that has it.
    #[test]
    fn a_single_label_is_compared_with_its_absence() {
        assert_eq!(decide(&["TOXIC"], &[("TOXIC", 0.25)]), (0, 0.75));
        assert_eq!(decide(&["TOXIC"], &[("TOXIC", 0.5)]), (1, 0.5));
        assert_eq!(decide(&["TOXIC"], &[("TOXIC", 0.75)]), (1, 0.75));
    }

    #[test]
    fn of_several_labels_the_best_counts_whatever_its_score() {
        assert_eq!(decide(&["joy", "fear"], &[("fear", 0.25), ("joy", 0.125)]), (1, 0.25));
    }
}
