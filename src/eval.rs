//! Measurements on a file of labelled texts, such as the dev set of SST-2.

pub mod faithfulness;
pub mod latency;
pub mod report;

use crate::{
    dataset::{Dataset, column, error::DatasetError, format::Format},
    engine::{Engine, EngineError, reading::Wanted},
    error::AnalyzeError,
    sentiment::Analysis,
    text::Text,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use latency::Latency;
use report::{Prediction, Report};
use std::{path::Path, time::Instant};
use thiserror::Error;

/// Why a file could not be measured.
#[derive(Debug, Error)]
pub enum EvalError {
    /// The file cannot be read.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// A row has no label.
    #[error("row {row} has no label; give it one or leave it out")]
    NoLabel {
        /// Number of the row, from 1.
        row: usize,
    },
    /// A label is none of the model's.
    #[error("row {row} has the label {label}, which is neither the name nor the number of one of the model's labels: {}", labels.join(", "))]
    Label {
        /// Number of the row, from 1.
        row: usize,
        /// The label.
        label: String,
        /// The labels that there are.
        labels: Vec<String>,
    },
    /// A text is blank or too large.
    #[error("row {row}")]
    Text {
        /// Number of the row, from 1.
        row: usize,
        /// What is wrong with it.
        source: AnalyzeError,
    },
    /// A text got no scores.
    #[error("row {row}")]
    Engine {
        /// Number of the row, from 1.
        row: usize,
        /// The engine's reason.
        source: EngineError,
    },
}

/// Texts that are on their way at once, so that they can share batches.
const IN_FLIGHT: usize = 64;

/// Texts that are asked one after the other, for the latency.
const ALONE: usize = 200;

/// A labelled text of the file.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number, from 1, without the header.
    pub row: usize,
    /// The label as the file has it.
    pub label: String,
    /// The text.
    pub text: Text,
}

/// Which columns to read; the usual ones where none is named.
#[derive(Clone, Copy, Debug, Default)]
pub struct Columns<'a> {
    /// Column of texts.
    pub text: Option<&'a str>,
    /// Column of labels.
    pub label: Option<&'a str>,
}

/// Reads a file of labelled texts.
///
/// # Errors
///
/// An [`EvalError`] that names the row or the column at fault.
pub fn read(file: &Path, format: Format, columns: Columns<'_>) -> Result<Vec<Row>, EvalError> {
    let dataset = Dataset::open(file, format)?;
    let text = column::find(&dataset.columns, columns.text, &column::TEXT, "--text-column")?;
    let label = column::find(&dataset.columns, columns.label, &column::LABEL, "--label-column")?;
    let mut rows = Vec::new();
    for chunk in dataset.chunks {
        let chunk = chunk?;
        for (text, label) in column::texts(&chunk, &text)?.into_iter().zip(column::texts(&chunk, &label)?) {
            let row = rows.len() + 1;
            let label = label.ok_or(EvalError::NoLabel { row })?;
            let text =
                Text::new(text.unwrap_or_default()).map_err(|source| EvalError::Text { row, source })?;
            rows.push(Row { row, label, text });
        }
    }
    Ok(rows)
}

/// Scores every text and counts.
///
/// A label is a name or a number of the model's own; GLUE's 0 and 1 are NEGATIVE and POSITIVE.
///
/// # Errors
///
/// An [`EvalError`] that names the row at fault.
pub async fn measure(engine: &Engine, rows: &[Row]) -> Result<Report, EvalError> {
    let labels = engine.labels();
    let predictions: Vec<Prediction> = stream::iter(rows)
        .map(async |row| {
            let right = number(labels, row)?;
            let analysis = analyze(engine, row, row.text.clone(), Wanted::default()).await?;
            let best = analysis.scores.first();
            let predicted = best.and_then(|best| labels.iter().position(|label| *label == best.label));
            Ok::<_, EvalError>(Prediction {
                right,
                predicted: predicted.unwrap_or_default(),
                score: best.map_or(0.0, |best| best.score.into()),
            })
        })
        .buffered(IN_FLIGHT)
        .try_collect()
        .await?;
    Ok(Report::of(labels, &predictions))
}

/// Asks for the first texts one after the other.
///
/// # Errors
///
/// As [`measure`].
pub async fn latency(engine: &Engine, rows: &[Row]) -> Result<Latency, EvalError> {
    let mut times = Vec::new();
    for row in rows.iter().take(ALONE) {
        let start = Instant::now();
        analyze(engine, row, row.text.clone(), Wanted::default()).await?;
        times.push(start.elapsed());
    }
    Ok(Latency::of(times))
}

fn number(labels: &[String], row: &Row) -> Result<usize, EvalError> {
    let by_number = || row.label.parse().ok().filter(|&number: &usize| number < labels.len());
    let by_name = || labels.iter().position(|label| label.eq_ignore_ascii_case(&row.label));
    by_name().or_else(by_number).ok_or_else(|| EvalError::Label {
        row: row.row,
        label: row.label.clone(),
        labels: labels.to_vec(),
    })
}

async fn analyze(engine: &Engine, row: &Row, text: Text, wanted: Wanted) -> Result<Analysis, EvalError> {
    engine.analyze(text, wanted).await.map_err(|source| EvalError::Engine { row: row.row, source })
}
