//! The report: what the model's labels and scores are worth beside the right labels.

use serde::Serialize;
use std::fmt;

/// Bins of equal width for the calibration error, as usual since Guo et al. 2017.
const BINS: usize = 15;

/// One text: the right label, the model's best one, and its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// Number of the right label, a single one's absence being the first.
    pub right: usize,
    /// Number of the best label.
    pub predicted: usize,
    /// Score of the best label, or one less that of a single label that the text lacks.
    pub score: f64,
}

/// Numbers for one label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelReport {
    /// The label.
    pub label: String,
    /// Of the texts that got the label, those that have it.
    pub precision: f64,
    /// Of the texts that have the label, those that got it.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Texts that have the label.
    pub texts: usize,
}

/// Numbers for all texts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// All texts.
    pub texts: usize,
    /// Texts with the right label.
    pub right: usize,
    /// Their share, 0 where there is no text.
    pub accuracy: f64,
    /// Mean of the labels' F1, of those that a text has or got.
    pub macro_f1: f64,
    /// Expected calibration error of the best label's score.
    pub calibration_error: f64,
    /// Each label's numbers, in the model's order.
    pub labels: Vec<LabelReport>,
    /// Texts by their right label (row) and the model's (column).
    pub confusion: Vec<Vec<usize>>,
}

impl Report {
    /// Counts.
    #[must_use]
    pub fn of(labels: &[String], predictions: &[Prediction]) -> Self {
        let mut confusion = vec![vec![0; labels.len()]; labels.len()];
        for prediction in predictions {
            confusion[prediction.right][prediction.predicted] += 1;
        }
        let right = (0..labels.len()).map(|label| confusion[label][label]).sum();
        let reports: Vec<LabelReport> = labels
            .iter()
            .enumerate()
            .map(|(number, label)| {
                let hits = confusion[number][number];
                let texts: usize = confusion[number].iter().sum();
                let got: usize = confusion.iter().map(|row| row[number]).sum();
                LabelReport {
                    label: label.clone(),
                    precision: share(hits, got),
                    recall: share(hits, texts),
                    f1: share(2 * hits, got + texts),
                    texts,
                }
            })
            .collect();
        let seen = |number: &usize| {
            confusion[*number].iter().any(|&n| n > 0) || confusion.iter().any(|row| row[*number] > 0)
        };
        let seen: Vec<usize> = (0..labels.len()).filter(seen).collect();
        Self {
            texts: predictions.len(),
            right,
            accuracy: share(right, predictions.len()),
            macro_f1: seen.iter().map(|&number| reports[number].f1).sum::<f64>() / seen.len().max(1) as f64,
            calibration_error: calibration_error(predictions),
            labels: reports,
            confusion,
        }
    }
}

/// How far score and accuracy are apart in each bin of scores, weighted by its texts.
fn calibration_error(predictions: &[Prediction]) -> f64 {
    let mut bins = [(0.0, 0.0); BINS];
    for prediction in predictions {
        // Bins are open below and closed above.
        let bin = (prediction.score * BINS as f64).ceil() as usize;
        let (scores, hits) = &mut bins[bin.saturating_sub(1).min(BINS - 1)];
        *scores += prediction.score;
        *hits += f64::from(u8::from(prediction.right == prediction.predicted));
    }
    bins.iter().map(|(scores, hits)| (scores - hits).abs()).sum::<f64>() / predictions.len().max(1) as f64
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "accuracy {:.4} ({} of {} texts)", self.accuracy, self.right, self.texts)?;
        writeln!(f, "macro F1 {:.4}, calibration error {:.4}\n", self.macro_f1, self.calibration_error)?;
        let width = self.labels.iter().map(|label| label.label.chars().count()).max().unwrap_or(0).max(5);
        writeln!(f, "{:<width$}  precision  recall      F1   texts", "label")?;
        for label in &self.labels {
            let LabelReport { label, precision, recall, f1, texts } = label;
            writeln!(f, "{label:<width$}  {precision:>9.4}  {recall:>6.4}  {f1:>6.4}  {texts:>6}")?;
        }
        write!(f, "\nright label in rows, the model's in columns\n{:<width$}", "")?;
        for label in &self.labels {
            write!(f, "  {:>8}", label.label)?;
        }
        for (label, row) in self.labels.iter().zip(&self.confusion) {
            write!(f, "\n{:<width$}", label.label)?;
            for (texts, column) in row.iter().zip(&self.labels) {
                write!(f, "  {texts:>w$}", w = column.label.chars().count().max(8))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six texts, counted by hand.
    #[test]
    fn agrees_with_figures_found_by_hand() {
        let text = |right, predicted, score| Prediction { right, predicted, score };
        let predictions = [
            text(0, 0, 0.9),
            text(0, 1, 0.6),
            text(1, 1, 0.9),
            text(1, 1, 0.8),
            text(1, 0, 0.6),
            text(1, 1, 1.0),
        ];
        let report = Report::of(&["no".into(), "yes".into()], &predictions);
        assert_eq!(report.confusion, [[1, 1], [1, 3]]);
        assert!((report.accuracy - 4.0 / 6.0).abs() < 1e-12);
        // F1 of "no": 2·1/(2+2); of "yes": 2·3/(4+4).
        assert!((report.macro_f1 - (0.5 + 0.75) / 2.0).abs() < 1e-12);
        // By bins: 0.6 twice wrong, 0.8 right, 0.9 twice right, 1.0 right: (1.2 + 0.2 + 0.2 + 0) / 6.
        assert!((report.calibration_error - 1.6 / 6.0).abs() < 1e-12);
    }
}
