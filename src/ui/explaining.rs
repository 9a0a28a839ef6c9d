//! Explaining: reads an explanation as it comes, line by line.

use super::lines::Lines;
use crate::{
    api,
    error::AnalyzeError,
    sentiment::{Explanation, Method},
    wire::Step,
};
use futures_util::StreamExt;
use leptos::prelude::*;

/// Why a text got its label, as far as that is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// By this method so many texts of so many have been read; of none while the number is not known.
    Reading(Method, u32, u32),
    /// It is known.
    Explained(Explanation),
    /// It cannot be known.
    Failed(AnalyzeError),
}

/// Asks for an explanation and keeps `why` at what is known.
pub async fn follow(text: String, method: Method, model: Option<String>, why: RwSignal<Option<Why>>) {
    if let Err(error) = read(text, method, model, why).await {
        why.set(Some(Why::Failed(error)));
    }
}

async fn read(
    text: String,
    method: Method,
    model: Option<String>,
    why: RwSignal<Option<Why>>,
) -> Result<(), AnalyzeError> {
    let mut chunks = api::explain(text, method, model).await?.into_inner();
    let mut lines = Lines::default();
    while let Some(chunk) = chunks.next().await {
        lines.push(&chunk?);
        while let Some(line) = lines.line() {
            match serde_json::from_slice(line.as_bytes()).map_err(|_| AnalyzeError::Malformed)? {
                Step::Read(done, of) => why.set(Some(Why::Reading(method, done, of))),
                Step::Explained(explanation) => {
                    why.set(Some(Why::Explained(explanation)));
                    return Ok(());
                }
                Step::Failed(error) => return Err(error),
            }
        }
    }
    Err(AnalyzeError::Unreachable)
}
