//! The order of the rows, and which of them a filter leaves.

use super::{
    reason::{NOT_ANALYZED, in_short},
    results::{Results, Standing},
};
use crate::ui::browser;

/// By what the rows are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As they came in.
    Given,
    /// By the verdict's name, the surest of each first.
    Verdict,
    /// From the most negative to the most positive.
    Negative,
    /// From the most positive to the most negative.
    Positive,
    /// From the highest score of a best label to the lowest.
    Falling,
    /// From the lowest score of a best label to the highest.
    Rising,
}

impl Order {
    /// Whether it is one of texts whose labels are positive and negative.
    #[must_use]
    pub const fn is_by_side(self) -> bool {
        matches!(self, Self::Negative | Self::Positive)
    }
}

/// The orders to choose from, with their names.
pub const ORDERS: [(Order, &str); 6] = [
    (Order::Given, "Order given"),
    (Order::Verdict, "Verdict"),
    (Order::Negative, "Most negative first"),
    (Order::Positive, "Most positive first"),
    (Order::Falling, "Score, highest first"),
    (Order::Rising, "Score, lowest first"),
];

/// The rows to show, by their numbers: those that were `found` and those whose verdict, or the reason
/// why there is none, has what is wanted. In another order than the given one, rows without a verdict
/// are last.
#[must_use]
pub fn arrange(results: &Results, order: Order, wanted: &str, found: &[bool]) -> Vec<usize> {
    let names: Vec<String> =
        results.verdicts().iter().map(|verdict| browser::lowercase(&verdict.name)).collect();
    let is_in = |name: &str| browser::lowercase(name).contains(wanted);
    let wants_all_errors = is_in(NOT_ANALYZED);
    let has = |row: usize| match results.of(row) {
        Some(Err(error)) => wants_all_errors || is_in(in_short(error)),
        _ => results.standing(row).is_some_and(|standing| names[standing.verdict].contains(wanted)),
    };
    let mut rows: Vec<usize> = (0..results.count()).collect();
    rows.retain(|&row| found.get(row) == Some(&true) || has(row));
    let last = (usize::MAX, 0.0);
    let key = |row: usize| {
        let Some(Standing { verdict, score, valence }) = results.standing(row) else { return last };
        match order {
            Order::Given => last,
            Order::Verdict => (names.iter().filter(|name| **name < names[verdict]).count(), -score),
            Order::Negative => valence.map_or(last, |valence| (0, valence)),
            Order::Positive => valence.map_or(last, |valence| (0, -valence)),
            Order::Falling => (0, -score),
            Order::Rising => (0, score),
        }
    };
    let mut keyed: Vec<_> = rows.into_iter().map(|row| (key(row), row)).collect();
    keyed.sort_by(|((group, value), _), ((other, other_value), _)| {
        group.cmp(other).then(value.total_cmp(other_value))
    });
    keyed.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        error::AnalyzeError,
        sentiment::{Score, best_first},
    };

    #[test]
    fn rows_are_in_the_order_chosen() {
        let mut results = Results::new(6, Some(0.75));
        results.put(0, Err(AnalyzeError::Empty));
        for (row, positive) in (1..).zip([0.2, 0.99, 0.1, 0.7]) {
            let score = |label: &str, score| Score { label: label.into(), score };
            let mut scores = vec![score("POSITIVE", positive), score("NEGATIVE", 1.0 - positive)];
            best_first(&mut scores);
            results.put(row, Ok(scores));
        }
        for (order, rows) in [
            (Order::Given, [0, 1, 2, 3, 4, 5]),
            // Mixed, negative, positive.
            (Order::Verdict, [4, 3, 1, 2, 0, 5]),
            (Order::Negative, [3, 1, 4, 2, 0, 5]),
            (Order::Positive, [2, 4, 1, 3, 0, 5]),
            (Order::Falling, [2, 3, 1, 4, 0, 5]),
            (Order::Rising, [4, 1, 3, 2, 0, 5]),
        ] {
            assert_eq!(arrange(&results, order, "", &[true; 6]), rows, "{order:?}");
        }
        let found = [false, false, true, false, false, true];
        assert_eq!(arrange(&results, Order::Rising, "neg", &found), [1, 3, 2, 5]);
    }

    #[test]
    fn rows_without_an_answer_are_found_by_what_is_shown_of_them() {
        let mut results = Results::new(4, Some(0.75));
        results.put(0, Err(AnalyzeError::Empty));
        results.put(1, Err(AnalyzeError::TooLarge { bytes: 100_001, limit: 100_000 }));
        results.put(2, Ok(vec![Score { label: "POSITIVE".into(), score: 0.9 }]));
        for (wanted, rows) in
            [("no text", vec![0]), ("too long", vec![1]), ("not analyzed", vec![0, 1]), ("positive", vec![2])]
        {
            assert_eq!(arrange(&results, Order::Given, wanted, &[false; 4]), rows, "{wanted}");
        }
    }
}
