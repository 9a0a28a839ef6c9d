//! Accuracy on a file of labelled texts, such as the dev set of SST-2.

use crate::{
    engine::{Engine, EngineError, reading::Wanted},
    error::AnalyzeError,
    text::Text,
};
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

/// Scores every text of a tab-separated file (label, text; the first line is a header) and counts
/// the right labels.
///
/// A label is a name or a number of the model's own; GLUE's 0 and 1 are NEGATIVE and POSITIVE.
///
/// # Errors
///
/// An [`EvalError`] that names the line at fault.
pub async fn accuracy(engine: &Engine, file: &Path) -> Result<Accuracy, EvalError> {
    let table =
        fs::read_to_string(file).map_err(|source| EvalError::Unreadable { file: file.into(), source })?;
    let mut accuracy = Accuracy::default();
    for (index, row) in table.lines().enumerate().skip(1) {
        let line = index + 1;
        let (label, text) = row.split_once('\t').ok_or(EvalError::Line { line })?;
        let text = Text::new(text).map_err(|source| EvalError::Text { line, source })?;
        let analysis = engine.analyze(text, Wanted::default()).await.map_err(|source| EvalError::Engine { line, source })?;
        let number = label.parse().ok().and_then(|number: usize| engine.labels().get(number));
        let gold = number.map_or(label, String::as_str);
        accuracy.right += u32::from(analysis.scores.first().is_some_and(|best| best.label == gold));
        accuracy.texts += 1;
    }
    Ok(accuracy)
}
