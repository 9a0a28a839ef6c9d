//! Data types: the precisions that one model folder may hold, each in a file of its own.

use std::fmt;

/// Precision of a model's weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Dtype {
    /// 32-bit floating point.
    Fp32,
    /// 16-bit floating point.
    Fp16,
    /// 8-bit integers.
    Int8,
}

impl Dtype {
    /// From the best to the last on a processor: int8 is the fastest, fp16 has to be widened.
    pub const ON_CPU: [Self; 3] = [Self::Int8, Self::Fp32, Self::Fp16];

    /// From the best to the last on an accelerator, which seldom computes with 8-bit integers.
    pub const ON_ACCELERATOR: [Self; 3] = [Self::Fp16, Self::Fp32, Self::Int8];

    /// The graph's file in a model folder, as the Hugging Face Hub's exporters name it.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Fp32 => "onnx/model.onnx",
            Self::Fp16 => "onnx/model_fp16.onnx",
            Self::Int8 => "onnx/model_quantized.onnx",
        }
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fp32 => "fp32",
            Self::Fp16 => "fp16",
            Self::Int8 => "int8",
        })
    }
}
