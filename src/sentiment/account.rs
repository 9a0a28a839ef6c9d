//! How an answer came about, in the sentences that the page and the command line share.

use super::{Analysis, Explanation, Method, Unit};

impl Analysis {
    /// How much was read, and in how many windows where one did not do.
    #[must_use]
    pub fn extent(&self) -> String {
        let Self { tokens, windows, .. } = self;
        match windows {
            0 | 1 => format!("{tokens} tokens"),
            _ => format!("{tokens} tokens in {windows} overlapping windows"),
        }
    }
}

impl Explanation {
    /// How the weights were found, and what they are.
    #[must_use]
    pub fn how(&self) -> String {
        let part = self.unit.name();
        let why = match self.unit {
            Unit::Word => "",
            Unit::Sentence | Unit::Phrase => " (there are too many words to weigh each)",
            Unit::Passage => " (there are too many sentences to weigh each)",
        };
        let (each, way) = match self.method {
            Method::LeaveOneOut => ("Each", "left out in turn:"),
            Method::Shapley => ("Shapley values: each", "added in many orders,"),
        };
        let runs = if self.evaluations == 1 { "run" } else { "runs" };
        let weights = if self.is_log_odds { " Weights are log-odds." } else { "" };
        format!("{each} {part}{why} was {way} {} {runs} of the model.{weights}", self.evaluations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_many_runs_and_log_odds_only_where_they_are() {
        let explanation = |evaluations| Explanation {
            label: "LABEL_0".into(),
            method: Method::LeaveOneOut,
            unit: Unit::Word,
            evaluations,
            evidence: 1.5,
            is_log_odds: evaluations == 1,
            baseline: None,
            parts: Vec::new(),
        };
        let [one, nine] = [explanation(1), explanation(9)];
        let left_out = "Each word was left out in turn:";
        assert_eq!(one.how(), format!("{left_out} 1 run of the model. Weights are log-odds."));
        assert_eq!(nine.how(), format!("{left_out} 9 runs of the model."));
        let deep = Explanation { method: Method::Shapley, unit: Unit::Phrase, ..nine };
        assert_eq!(
            deep.how(),
            "Shapley values: each group of words (there are too many words to weigh each) was added in many \
             orders, 9 runs of the model."
        );
    }
}
