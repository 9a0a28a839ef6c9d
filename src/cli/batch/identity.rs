//! The identity of a batch's output: by what a later run knows that it may go on with its parts.

use super::BatchArgs;
use crate::{
    dataset::{self, format::Format},
    digest,
    engine::{Engine, artifact::Artifact, dtype::Dtype},
    hub::Hub,
    job::output::Identity,
    loading::ModelSource,
};
use anyhow::Context;
use sha2::{Digest, Sha256};
use std::{process, time::SystemTime};

/// What the output is made of.
///
/// # Errors
///
/// Where the input or a file of the model cannot be read.
pub(super) fn of(
    args: &BatchArgs,
    engine: &Engine,
    input_format: Format,
    text_column: &str,
    format: Format,
) -> anyhow::Result<Identity> {
    let input = if dataset::is_stream(&args.input) {
        // Never the same again.
        format!("a stream of process {} at {:?}", process::id(), SystemTime::now())
    } else {
        digest::sha256_of_file(&args.input).with_context(|| args.input.display().to_string())?
    };
    Ok(Identity {
        input,
        input_format,
        text_column: text_column.into(),
        model: model_sum(&args.model.source(), engine.setting().dtype)?,
        runs_on: engine.setting().to_string(),
        max_tokens: args.model.max_tokens,
        format,
        version: env!("CARGO_PKG_VERSION").into(),
    })
}

/// The SHA-256 of what the model of this precision is made of; others may add to its folder.
fn model_sum(source: &ModelSource, dtype: Dtype) -> anyhow::Result<String> {
    let artifact = Artifact::open(&source.cached(&Hub::from_env())?)?;
    let (_, graph) = artifact.graph(Some(dtype), Dtype::ON_CPU)?;
    let mut sum = Sha256::new();
    for file in artifact.files(&graph)? {
        sum.update(digest::sha256_of_file(&file).with_context(|| file.display().to_string())?);
    }
    Ok(digest::hex(&sum.finalize()))
}
