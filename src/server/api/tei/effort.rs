//! Effort: what an answer took, as the headers of Text Embeddings Inference tell it.

use crate::{
    engine::{Engine, device::Device},
    sentiment::{Analysis, Timings},
};
use std::time::Duration;

/// What the texts of an answer took.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    characters: usize,
    tokens: u32,
    /// Milliseconds, as a mean over the texts.
    tokenization: u64,
    queue: u64,
    inference: u64,
}

impl Effort {
    /// Of the analyses of texts with so many characters.
    #[must_use]
    pub fn of(characters: usize, analyses: &[Analysis]) -> Self {
        Self {
            characters,
            tokens: analyses.iter().map(|analysis| analysis.tokens).sum(),
            tokenization: mean_millis(analyses, |one| one.tokenize_us),
            queue: mean_millis(analyses, |one| one.queue_us),
            inference: mean_millis(analyses, |one| one.inference_us),
        }
    }

    /// The headers of an answer by this engine that took `whole`.
    #[must_use]
    pub fn headers(&self, engine: &Engine, whole: Duration) -> [(&'static str, String); 8] {
        let device = if engine.setting().device == Device::Cpu { "cpu" } else { "gpu" };
        let millis = whole.as_millis().to_string();
        [
            ("x-compute-type", device.to_owned()),
            ("x-compute-time", millis.clone()),
            ("x-total-time", millis),
            ("x-tokenization-time", self.tokenization.to_string()),
            ("x-queue-time", self.queue.to_string()),
            ("x-inference-time", self.inference.to_string()),
            ("x-compute-characters", self.characters.to_string()),
            ("x-compute-tokens", self.tokens.to_string()),
        ]
    }
}

/// Milliseconds that a phase took, as a mean over the texts, which is what TEI tells of several.
fn mean_millis(analyses: &[Analysis], phase: fn(&Timings) -> u32) -> u64 {
    let micros: u64 = analyses.iter().map(|analysis| u64::from(phase(&analysis.timings))).sum();
    micros / 1000 / analyses.len().max(1) as u64
}
