//! The same of a model's files, of the runtime that is to run them, and of the sessions.

use super::examples::{failed, file, io, list, missing, sentence};
use std::fmt::Write;
use valence::engine::{artifact::ArtifactError, dtype::Dtype, runtime::RuntimeError, session::SessionError};

pub fn of_models(l: &mut String) {
    list!(l, ArtifactError, {
        ArtifactError::Missing { .. } => missing(),
        ArtifactError::Damaged { .. } => ArtifactError::Damaged { file: file(), reason: "REASON".into() },
        ArtifactError::NoDtype { .. } => ArtifactError::NoDtype { folder: "FOLDER".into(), asked: Dtype::Fp32, there: vec![Dtype::Int8] },
        ArtifactError::Unreadable { .. } => ArtifactError::Unreadable { file: file(), source: io() },
        ArtifactError::Outside { .. } => ArtifactError::Outside { file: file(), location: "../x".into() },
    });
    list!(l, RuntimeError, {
        RuntimeError::Missing { .. } => RuntimeError::Missing { file: file() },
        RuntimeError::Unfit { .. } => RuntimeError::Unfit { file: file(), reason: "REASON".into() },
    });
    list!(l, SessionError, {
        SessionError::Runtime(_) => failed(),
        SessionError::Given(_) => SessionError::Given("what the runtime says".into()),
        SessionError::Graph { .. } => SessionError::Graph { what: "input", name: "input_ids" },
        SessionError::Input { .. } => SessionError::Input { name: "pixels".into() },
        SessionError::Labels { .. } => SessionError::Labels { graph: 2, config: 3 },
        SessionError::Gone { .. } => SessionError::Gone { file: file(), reason: "REASON".into() },
        SessionError::Changed { .. } => SessionError::Changed { file: file() },
        SessionError::Down => SessionError::Down,
        SessionError::Shape { .. } => SessionError::Shape { rows: 2, shape: vec![3, 2] },
        SessionError::NoNumbers => SessionError::NoNumbers,
    });
}
