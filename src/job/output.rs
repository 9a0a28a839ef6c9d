//! Outputs: a stream, or a file that appears whole or not at all, which grows in [`parts`].

pub mod parts;

use crate::dataset::{self, encoder::Encoder, error::DatasetError, format::Format, rows::Rows};
use parts::PartFile;
use serde::{Deserialize, Serialize};
use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::{Path, PathBuf},
};
use thiserror::Error;

/// What the parts of a file are made of. Only a run of the same may add to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// SHA-256 of the input: it knows an edited file, and a copied one is still the same.
    pub input: String,
    /// Format of the input.
    pub input_format: Format,
    /// The column of texts.
    pub text_column: String,
    /// SHA-256 of the model's configuration, tokenizer and graph, in hexadecimal digits.
    pub model: String,
    /// Precision and device.
    pub runs_on: String,
    /// Tokens that a text may have.
    pub max_tokens: u32,
    /// Format of the output.
    pub format: Format,
    /// Version of this program.
    pub version: String,
}

/// Why an output cannot be had.
#[derive(Debug, Error)]
pub enum OutputError {
    /// The output would take the input's place, and with it what cannot be read there, or be read itself.
    #[error("{} is the input; name another file", named(.output))]
    IsInput {
        /// The output.
        output: PathBuf,
    },
    /// The output is open, and has no name by which another file could take its place.
    #[error(
        "{} stands for a file that is open already; name the file itself, or write - for standard output",
        output.display()
    )]
    IsOpen {
        /// The output.
        output: PathBuf,
    },
    /// The parts are of something else.
    #[error(
        "{} belongs to another input, model or setting; remove it with --restart, or choose another output",
        folder.display()
    )]
    Different {
        /// The folder of parts.
        folder: PathBuf,
    },
    /// The folder for the parts has other files.
    #[error("{} has files that are no parts of an output; move it, or choose another output", folder.display())]
    NotParts {
        /// The folder.
        folder: PathBuf,
    },
    /// Another run adds to the parts.
    #[error("another run is writing {}; wait until it has ended, or choose another output", folder.display())]
    InUse {
        /// The folder of parts.
        folder: PathBuf,
    },
    /// The output, or a file of its parts, cannot be written.
    #[error("{} cannot be written; make {}, or choose another output", output.display(), wanting(.source))]
    Unwritable {
        /// The output, or its folder of parts.
        output: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// What users call an output.
fn named(output: &Path) -> String {
    if dataset::is_standard(output) { "standard output".into() } else { output.display().to_string() }
}

/// What must be made for a file to be written.
fn wanting(error: &io::Error) -> &'static str {
    if error.kind() == io::ErrorKind::NotFound { "its folder" } else { "room" }
}

/// Where a job's rows go.
pub enum Output {
    /// To a stream.
    Stream(Box<dyn Encoder>),
    /// To a file, part by part.
    File(PartFile),
}

impl Output {
    /// Takes the next rows, of which so many have failed.
    ///
    /// # Errors
    ///
    /// A [`DatasetError`] where they cannot be written.
    pub fn write(&mut self, rows: Rows, failed: u64) -> Result<(), DatasetError> {
        match self {
            Self::Stream(encoder) => encoder.write(rows),
            Self::File(file) => file.write(rows, failed),
        }
    }

    /// Keeps what was written, for the next run to go on.
    ///
    /// # Errors
    ///
    /// A [`DatasetError`] where it cannot be written.
    pub fn keep(self) -> Result<(), DatasetError> {
        match self {
            Self::Stream(encoder) => encoder.finish(),
            Self::File(file) => file.keep(),
        }
    }

    /// Makes the whole of what was written.
    ///
    /// # Errors
    ///
    /// A [`DatasetError`] where it cannot be written.
    pub fn finish(self) -> Result<(), DatasetError> {
        match self {
            Self::Stream(encoder) => encoder.finish(),
            Self::File(file) => file.merge(),
        }
    }
}

/// A stream to standard output, a device or a pipe.
///
/// # Errors
///
/// [`OutputError::Unwritable`].
pub fn stream(output: &Path, format: Format, columns: &[String]) -> Result<Output, OutputError> {
    let out: Box<dyn Write + Send> = if dataset::is_standard(output) {
        Box::new(io::stdout())
    } else {
        let unwritable = |source| OutputError::Unwritable { output: output.into(), source };
        Box::new(OpenOptions::new().write(true).open(output).map_err(unwritable)?)
    };
    Ok(Output::Stream(format.encoder(out, columns, true)))
}
