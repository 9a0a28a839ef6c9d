//! Why a graph was refused or a run failed, in sentences that name the input, output or file.

use ort::ErrorCode;
use std::path::PathBuf;
use thiserror::Error;

/// Why a graph was refused or a run failed.
#[derive(Clone, Debug, Error)]
pub enum SessionError {
    /// ONNX Runtime returned an error.
    #[error("ONNX Runtime: {0}")]
    Runtime(String),
    /// ONNX Runtime refused what a graph is given, such as numbers of another type than it takes.
    #[error("ONNX Runtime: {0}")]
    Given(String),
    /// The graph is not a sequence classifier's.
    #[error("the graph has no {what} \"{name}\"")]
    Graph {
        /// Input or output.
        what: &'static str,
        /// The name looked for.
        name: &'static str,
    },
    /// The graph wants what only models of another kind have.
    #[error("the graph needs an input \"{name}\", which a text classifier does not have")]
    Input {
        /// The input's name.
        name: String,
    },
    /// The graph and `config.json` disagree about the number of labels.
    #[error("the graph gives {graph} scores a text, but config.json names {config} labels")]
    Labels {
        /// Width of the graph's logits.
        graph: i64,
        /// Labels of the configuration.
        config: usize,
    },
    /// The graph's file, which was read at the start, cannot be read again.
    #[error("the model's file {} cannot be read again; put it back, or start the program with another ({reason})", file.display())]
    Gone {
        /// The file.
        file: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The graph's file is no longer the one that was read at the start.
    #[error("the model's file {} has changed since the start; start the program again to use it", file.display())]
    Changed {
        /// The file.
        file: PathBuf,
    },
    /// It has failed, and has not been restarted yet.
    #[error("the model's session has failed and is being restarted; try again in a moment")]
    Down,
    /// The logits are not of the batch's shape.
    #[error("logits of shape {shape:?} for a batch of {rows} rows")]
    Shape {
        /// Rows of the batch.
        rows: usize,
        /// Shape that came back.
        shape: Vec<i64>,
    },
    /// The logits of a first text are infinite or no numbers.
    #[error("the logits are infinite or no numbers; try another --dtype")]
    NoNumbers,
}

impl SessionError {
    /// Why a run failed.
    pub(super) fn of_run(error: ort::Error) -> Self {
        let is_of_given = error.code() == ErrorCode::InvalidArgument;
        match Self::from(error) {
            Self::Runtime(said) if is_of_given => Self::Given(said),
            error => error,
        }
    }
}

impl<T> From<ort::Error<T>> for SessionError {
    /// Keeps what the runtime says, without the place in its own sources.
    fn from(error: ort::Error<T>) -> Self {
        let message = error.to_string();
        let said = message.rsplit_once(" : FAIL : ").map_or(message.as_str(), |(_, said)| said);
        Self::Runtime(said.trim().to_owned())
    }
}
