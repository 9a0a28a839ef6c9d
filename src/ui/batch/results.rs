//! The results: what the model says of each row, and what order and pictures take of it.
//!
//! That is kept as it comes: gone through anew with each piece of news, 10,000 rows would hold the
//! page up.

use crate::{
    sentiment::{Outcome, Score, Tone, valence},
    wire::Scored,
};

/// Bars of the histogram.
pub const BINS: usize = 20;

/// What a bar is made of, from its foot.
pub const TONES: [Tone; 3] = [Tone::Negative, Tone::Plain, Tone::Positive];

/// Texts of each tone in each bar, from the most negative bar to the most positive.
pub type Bins = [[usize; TONES.len()]; BINS];

/// A verdict, and how many rows have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// As it is shown.
    pub name: String,
    /// The colour that shows it.
    pub tone: Tone,
    /// The rows.
    pub rows: usize,
}

/// Where a row stands among others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The place of its verdict in [`Results::verdicts`].
    pub verdict: usize,
    /// The best label's score.
    pub score: f32,
    /// How positive it is, from -1 to 1; nothing where its labels are neither positive nor negative.
    pub valence: Option<f32>,
}

/// What the model says of each row, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// The model, where it is not the default.
    pub model: Option<String>,
    mixed_below: Option<f32>,
    rows: Vec<Option<Scored>>,
    standings: Vec<Option<Standing>>,
    verdicts: Vec<Verdict>,
    bins: Bins,
    done: usize,
    /// Rows whose labels are neither positive nor negative.
    without_sides: usize,
}

impl Results {
    /// Nothing is known of any row yet; a text whose best score is below `mixed_below` will be called
    /// mixed, where the scores are no ratings.
    #[must_use]
    pub fn new(rows: usize, mixed_below: Option<f32>) -> Self {
        Self { mixed_below, rows: vec![None; rows], standings: vec![None; rows], ..Self::default() }
    }

    /// Takes in the outcome of a row, once.
    pub fn put(&mut self, row: usize, scored: Scored) {
        if self.rows.get(row).is_none_or(Option::is_some) {
            return;
        }
        self.done += 1;
        self.standings[row] = scored.as_ref().ok().and_then(|scores| self.take(scores));
        self.rows[row] = Some(scored);
    }

    /// Takes back the rows that failed for a reason that may have passed, so that they are missing again.
    pub fn forget_failures(&mut self) {
        for row in &mut self.rows {
            if may_pass(row) {
                *row = None;
                self.done -= 1;
            }
        }
    }

    /// How many rows [`Self::forget_failures`] would take back.
    #[must_use]
    pub fn failures(&self) -> usize {
        self.rows.iter().filter(|row| may_pass(row)).count()
    }

    fn take(&mut self, scores: &[Score]) -> Option<Standing> {
        let score = scores.first()?.score;
        let outcome = Outcome::of(scores, self.mixed_below);
        let (name, tone, valence) = (outcome.name(), outcome.tone(), valence(scores));
        match valence {
            Some(valence) => {
                if let Some(place) = TONES.iter().position(|each| *each == tone) {
                    self.bins[bin(valence)][place] += 1;
                }
            }
            None => self.without_sides += 1,
        }
        let verdict = self.verdicts.iter().position(|each| each.name == name).unwrap_or_else(|| {
            self.verdicts.push(Verdict { name, tone, rows: 0 });
            self.verdicts.len() - 1
        });
        self.verdicts[verdict].rows += 1;
        Some(Standing { verdict, score, valence })
    }

    /// The outcome of a row.
    #[must_use]
    pub fn of(&self, row: usize) -> Option<&Scored> {
        self.rows.get(row)?.as_ref()
    }

    /// The verdict on a row, once it has one.
    #[must_use]
    pub fn outcome(&self, row: usize) -> Option<Outcome> {
        let scores = self.of(row)?.as_ref().ok().filter(|scores| !scores.is_empty())?;
        Some(Outcome::of(scores, self.mixed_below))
    }

    /// Where a row stands, once it has a verdict.
    #[must_use]
    pub fn standing(&self, row: usize) -> Option<Standing> {
        self.standings.get(row).copied().flatten()
    }

    /// The verdicts that there are, in the order in which they came.
    #[must_use]
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// Texts by how positive they are, in the tones of their verdicts; nothing where labels are
    /// neither positive nor negative.
    #[must_use]
    pub fn bins(&self) -> Option<Bins> {
        (self.without_sides == 0).then_some(self.bins)
    }

    /// Rows that have an outcome.
    #[must_use]
    pub const fn done(&self) -> usize {
        self.done
    }

    /// All rows.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.rows.len()
    }

    /// Rows that have no outcome yet.
    #[must_use]
    pub fn missing(&self) -> Vec<usize> {
        (0..self.count()).filter(|&row| self.rows[row].is_none()).collect()
    }

    /// The model's labels, in alphabetical order; none before the first row is scored.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        let scores = self.rows.iter().flatten().find_map(|scored| scored.as_ref().ok());
        let mut labels = Vec::<String>::new();
        // So few that the program is better off without one more kind of sort.
        for score in scores.into_iter().flatten() {
            let place = labels.partition_point(|other| *other < score.label);
            labels.insert(place, score.label.clone());
        }
        labels
    }
}

/// Whether a row failed for a reason that may have passed.
const fn may_pass(row: &Option<Scored>) -> bool {
    matches!(row, Some(Err(error)) if error.may_pass())
}

fn bin(value: f32) -> usize {
    (((value + 1.0) / 2.0 * BINS as f32) as usize).min(BINS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AnalyzeError;

    fn score(label: &str, score: f32) -> Score {
        Score { label: label.into(), score }
    }

    // The picture beside it counted two of three as positive.
    #[test]
    fn a_mixed_text_is_on_neither_side() {
        let mut results = Results::new(4, Some(0.75));
        results.put(0, Ok(vec![score("POSITIVE", 0.93), score("NEGATIVE", 0.07)]));
        results.put(1, Ok(vec![score("POSITIVE", 0.62), score("NEGATIVE", 0.38)]));
        results.put(2, Ok(vec![score("NEGATIVE", 0.93), score("POSITIVE", 0.07)]));
        let bins = results.bins().expect("sides");
        let filled: Vec<_> = (0..BINS).zip(bins).filter(|(_, bin)| bin.iter().sum::<usize>() > 0).collect();
        assert_eq!(filled, [(1, [1, 0, 0]), (12, [0, 1, 0]), (18, [0, 0, 1])]);

        results.put(3, Ok(vec![score("5 stars", 1.0)]));
        assert_eq!(results.bins(), None);
    }

    #[test]
    fn bins_go_from_negative_to_positive() {
        assert_eq!([-1.0, -0.001, 0.0, 0.999, 1.0].map(bin), [0, BINS / 2 - 1, BINS / 2, BINS - 1, BINS - 1]);
    }

    #[test]
    fn counts_each_row_once() {
        let mut results = Results::new(2, Some(0.75));
        results.put(1, Ok(vec![score("POSITIVE", 0.9)]));
        results.put(1, Ok(vec![score("NEGATIVE", 0.9)]));
        results.put(7, Err(AnalyzeError::Empty));
        assert_eq!((results.done(), results.count()), (1, 2));
        assert_eq!(results.missing(), [0]);
        results.put(0, Err(AnalyzeError::Busy));
        assert_eq!((results.done(), results.missing(), results.failures()), (2, vec![], 1));
        results.forget_failures();
        assert_eq!((results.done(), results.missing()), (1, vec![0]));
        assert_eq!(results.standing(1), Some(Standing { verdict: 0, score: 0.9, valence: Some(0.9) }));
        let positive = Verdict { name: "Positive".into(), tone: Tone::Positive, rows: 1 };
        assert_eq!(results.verdicts(), [positive]);
    }
}
