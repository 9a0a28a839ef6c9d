//! Measurements on a file of labelled texts, such as the dev set of SST-2: here the accuracy.

pub mod faithfulness;

use crate::{
    engine::{Engine, EngineError, reading::Wanted},
    error::AnalyzeError,
    sentiment::Analysis,
    text::Text,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// How many texts got the right label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accuracy {
    /// Texts with the right label.
    pub right: u32,
    /// All texts.
    pub texts: u32,
}

impl Accuracy {
    /// Right texts among all, 0 where there are none.
    #[must_use]
    pub fn share(&self) -> f64 {
        f64::from(self.right) / f64::from(self.texts.max(1))
    }
}

impl fmt::Display for Accuracy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "accuracy {:.4} ({} of {} texts)", self.share(), self.right, self.texts)
    }
}

/// Why a file could not be measured.
#[derive(Debug, Error)]
pub enum EvalError {
    /// The file cannot be read.
    #[error("{} cannot be read", file.display())]
    Unreadable {
        /// The file named on the command line.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A line is not a label, a tab and a text.
    #[error("line {line} is not a label, a tab and a text")]
    Line {
        /// Number of the line, from 1.
        line: usize,
    },
    /// A text is blank or too large.
    #[error("line {line}")]
    Text {
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong with it.
        source: AnalyzeError,
    },
    /// A text got no scores.
    #[error("line {line}")]
    Engine {
        /// Number of the line, from 1.
        line: usize,
        /// The engine's reason.
        source: EngineError,
    },
}

/// Texts that are on their way at once, so that they can share batches.
const IN_FLIGHT: usize = 64;

/// A labelled text of the file.
#[derive(Clone, Debug)]
pub struct Row {
    /// Number of its line, from 1.
    pub line: usize,
    /// The label as the file has it.
    pub label: String,
    /// The text.
    pub text: Text,
}

/// Reads a tab-separated file: label, text; the first line is a header.
///
/// # Errors
///
/// An [`EvalError`] that names the line at fault.
pub fn read(file: &Path) -> Result<Vec<Row>, EvalError> {
    let table =
        fs::read_to_string(file).map_err(|source| EvalError::Unreadable { file: file.into(), source })?;
    let lines = table.lines().enumerate().skip(1).map(|(index, line)| (index + 1, line));
    lines
        .map(|(line, row)| {
            let (label, text) = row.split_once('\t').ok_or(EvalError::Line { line })?;
            let text = Text::new(text).map_err(|source| EvalError::Text { line, source })?;
            Ok(Row { line, label: label.into(), text })
        })
        .collect()
}

/// Scores every text and counts the right labels.
///
/// A label is a name or a number of the model's own; GLUE's 0 and 1 are NEGATIVE and POSITIVE.
///
/// # Errors
///
/// An [`EvalError`] that names the line at fault.
pub async fn accuracy(engine: &Engine, rows: &[Row]) -> Result<Accuracy, EvalError> {
    let texts = rows.len().try_into().unwrap_or(u32::MAX);
    stream::iter(rows)
        .map(async |row| {
            let analysis = analyze(engine, row, row.text.clone(), Wanted::default()).await?;
            let number = row.label.parse().ok().and_then(|number: usize| engine.labels().get(number));
            let gold = number.unwrap_or(&row.label);
            Ok(u32::from(analysis.scores.first().is_some_and(|best| best.label == *gold)))
        })
        .buffered(IN_FLIGHT)
        .try_fold(Accuracy { right: 0, texts }, async |sum, right| {
            Ok(Accuracy { right: sum.right + right, ..sum })
        })
        .await
}

async fn analyze(engine: &Engine, row: &Row, text: Text, wanted: Wanted) -> Result<Analysis, EvalError> {
    engine.analyze(text, wanted).await.map_err(|source| EvalError::Engine { line: row.line, source })
}
