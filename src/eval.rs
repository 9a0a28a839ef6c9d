//! Measurements on a file of labelled texts, such as the dev set of SST-2.

mod classes;
pub mod faithfulness;
mod labels;
pub mod latency;
pub mod report;

use crate::{
    dataset::{Dataset, column, error::DatasetError, format::Format},
    engine::{Engine, EngineError, reading::Wanted},
    sentiment::Analysis,
    text::{Text, TextError},
};
use futures_util::{StreamExt, TryStreamExt, future, stream};
use report::{Prediction, Report};
use std::path::Path;
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
    #[error(
        "row {row} has the label {label}, which is neither the name nor the number of one of the model's labels: {}; correct it, or choose another column with --label-column",
        labels::numbered(.labels)
    )]
    Label {
        /// Number of the row, from 1.
        row: usize,
        /// The label.
        label: String,
        /// The labels that there are.
        labels: Vec<String>,
    },
    /// No row has a text.
    #[error(
        "no row has a text that the model reads, so there is nothing to measure; name another file, or another column with --text-column"
    )]
    NoText,
    /// The model rates texts.
    #[error(
        "the model rates texts (regression) and chooses no label, so none can be right; name another with --model"
    )]
    Regression,
    /// A text is too large.
    #[error("row {row}")]
    Text {
        /// Number of the row, from 1.
        row: usize,
        /// What is wrong with it.
        source: TextError,
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

/// A labelled text of the file.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number, from 1, without the header.
    pub row: usize,
    /// The label as the file has it, without white space around it.
    pub label: String,
    /// The text.
    pub text: Text,
}

/// What a file of labelled texts holds.
#[derive(Clone, Debug, Default)]
pub struct Labelled {
    /// Its rows with a text.
    pub rows: Vec<Row>,
    /// Rows that were passed over, as their text is blank.
    pub blank: usize,
}

/// Which columns to read; the usual ones where none is named.
#[derive(Clone, Copy, Debug, Default)]
pub struct Columns<'a> {
    /// Column of texts.
    pub text: Option<&'a str>,
    /// Column of labels.
    pub label: Option<&'a str>,
}

/// Reads a file of labelled texts. Rows without a text are passed over and counted.
///
/// # Errors
///
/// An [`EvalError`] that names the row or the column at fault.
pub fn read(file: &Path, format: Format, columns: Columns<'_>) -> Result<Labelled, EvalError> {
    let dataset = Dataset::open(file, format)?;
    let text = column::of_texts(&dataset.columns, &dataset.first, columns.text)?;
    let label = column::of_labels(&dataset.columns, columns.label)?;
    let mut labelled = Labelled::default();
    for chunk in dataset.chunks {
        let chunk = chunk?.sound()?;
        let rows = column::texts(&chunk, &text)?.into_iter().zip(column::texts(&chunk, &label)?);
        for ((text, label), no_text) in rows.zip(column::no_texts(&chunk, &text)) {
            let row = labelled.rows.len() + labelled.blank + 1;
            if let Some(why) = no_text {
                let reason = format!("{why}, not a string");
                return Err(DatasetError::Row { row: row as u64, reason }.into());
            }
            let text = match Text::new(text.unwrap_or_default()) {
                Ok(text) => text,
                Err(TextError::Blank) => {
                    labelled.blank += 1;
                    continue;
                }
                Err(source) => return Err(EvalError::Text { row, source }),
            };
            let label = label.as_deref().map_or("", str::trim);
            if label.is_empty() {
                return Err(EvalError::NoLabel { row });
            }
            labelled.rows.push(Row { row, label: label.into(), text });
        }
    }
    Ok(labelled)
}

/// Scores every text and counts; a text that has no token is passed over.
///
/// A label is a name or a number of the model's own, or `pos` or `neg` where one of them alone can be
/// meant; GLUE's 0 and 1 are NEGATIVE and POSITIVE. Where the model has a single label, 1 is that one
/// and 0 none.
///
/// # Errors
///
/// An [`EvalError`] that names the row at fault, that the model chooses no label, or that no text is left, of
/// which no number would be true.
pub async fn measure(engine: &Engine, rows: &[Row]) -> Result<Report, EvalError> {
    if !engine.gives_probabilities() {
        return Err(EvalError::Regression);
    }
    let classes = &classes::of(engine.labels());
    let predictions: Vec<Prediction> = stream::iter(rows)
        .map(async |row| {
            let right = labels::number(classes, row)?;
            let Some(analysis) = analyze(engine, row, row.text.clone(), Wanted::default()).await? else {
                return Ok(None);
            };
            let (predicted, score) = classes::decided(&analysis.scores, classes);
            Ok::<_, EvalError>(Some(Prediction { right, predicted, score }))
        })
        .buffered(Engine::IN_FLIGHT)
        .try_filter_map(future::ok)
        .try_collect()
        .await?;
    if predictions.is_empty() {
        return Err(EvalError::NoText);
    }
    Ok(Report::of(classes, &predictions))
}

/// What the engine says of a text; nothing of one that has no token.
async fn analyze(
    engine: &Engine,
    row: &Row,
    text: Text,
    wanted: Wanted,
) -> Result<Option<Analysis>, EvalError> {
    match engine.analyze(text, wanted).await {
        Ok(analysis) => Ok(Some(analysis)),
        Err(EngineError::Empty) => Ok(None),
        Err(source) => Err(EvalError::Engine { row: row.row, source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Scratch;
    use std::fs;

    // A label with a space or with .0 behind it was none.
    #[test]
    fn a_label_is_a_name_or_a_number() {
        let folder = Scratch::new();
        let file = folder.join("texts.csv");
        let labels = ["NEGATIVE", "POSITIVE"].map(String::from);
        for (label, expected) in [
            ("1", Some(1)),
            ("negative", Some(0)),
            ("2", None),
            (" POSITIVE ", Some(1)),
            ("0.0", Some(0)),
            ("1.5", None),
        ] {
            fs::write(&file, format!("text,label\ngood,{label}\n")).expect("written");
            let read = read(&file, Format::Csv, Columns::default()).expect("a row");
            assert_eq!(labels::number(&labels, &read.rows[0]).ok(), expected, "{label}");
        }
        fs::write(&file, "text,label\ngood, \n").expect("written");
        let none = read(&file, Format::Csv, Columns::default());
        assert!(matches!(none, Err(EvalError::NoLabel { row: 1 })), "{none:?}");
    }
}
