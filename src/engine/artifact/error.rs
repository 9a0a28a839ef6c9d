//! Why a model folder cannot be used, in sentences that name the file at fault.

use super::unreadable;
use crate::engine::{dtype::Dtype, graph::GraphError};
use std::{io, path::PathBuf};
use thiserror::Error;

/// Why a model folder cannot be used.
#[derive(Debug, Error)]
pub enum ArtifactError {
    /// A file is not there.
    #[error("the model's file {} is missing; name a whole model folder with --model", file.display())]
    Missing {
        /// The file looked for.
        file: PathBuf,
    },
    /// A file is there but not what it should be.
    #[error("the model's file {} is damaged ({reason}); get the model again, or name another with --model", file.display())]
    Damaged {
        /// The file at fault.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The folder has graphs, but not of the precision asked for.
    #[error("the model {} has no ONNX file in {asked}, only in {}; choose another --dtype, or name another model with --model", folder.display(), Dtype::list(.there))]
    NoDtype {
        /// The model's folder.
        folder: PathBuf,
        /// The precision asked for.
        asked: Dtype,
        /// The precisions there are.
        there: Vec<Dtype>,
    },
    /// The operating system refused to read a file.
    #[error("the model's file {} cannot be read; let this user read it", file.display())]
    Unreadable {
        /// The file at fault.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A graph leaves weights to a file that does not lie in its folder.
    #[error("the model's file {} leaves its weights to {location:?}, outside its folder; export it with them beside it, or name another model with --model", file.display())]
    Outside {
        /// The graph's file.
        file: PathBuf,
        /// The file of weights, as the graph names it.
        location: String,
    },
}

impl From<GraphError> for ArtifactError {
    fn from(error: GraphError) -> Self {
        match error {
            GraphError::Unreadable { file, source } => unreadable(&file)(source),
            GraphError::Outside { file, location } => Self::Outside { file, location },
        }
    }
}
