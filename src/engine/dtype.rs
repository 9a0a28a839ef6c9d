//! Data types: the precisions that one model folder may hold, each in a file of its own.
//!
//! The names are those of Optimum, of transformers.js and of sentence-transformers, in the folder
//! `onnx` or beside `config.json`.

use super::device::Device;
use std::fmt;

/// Precision of a model's weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dtype {
    /// 32-bit floating point.
    Fp32,
    /// 16-bit floating point.
    Fp16,
    /// 8-bit integers.
    Int8,
}

/// A choice of precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum DtypeChoice {
    /// The best for the device of those that there are.
    #[default]
    Auto,
    /// 32-bit floating point.
    Fp32,
    /// 16-bit floating point.
    Fp16,
    /// 8-bit integers.
    Int8,
}

impl DtypeChoice {
    /// The precision that is asked for by name.
    #[must_use]
    pub const fn named(self) -> Option<Dtype> {
        match self {
            Self::Auto => None,
            Self::Fp32 => Some(Dtype::Fp32),
            Self::Fp16 => Some(Dtype::Fp16),
            Self::Int8 => Some(Dtype::Int8),
        }
    }
}

impl Dtype {
    /// From the best to the last on a processor: int8 is the fastest, fp16 has to be widened.
    pub const ON_CPU: [Self; 3] = [Self::Int8, Self::Fp32, Self::Fp16];

    /// From the best to the last on an accelerator, which seldom computes with 8-bit integers.
    const ON_ACCELERATOR: [Self; 3] = [Self::Fp16, Self::Fp32, Self::Int8];

    /// From the best to the last on this device.
    #[must_use]
    pub const fn preferred_on(device: Device) -> [Self; 3] {
        match device {
            Device::Cpu => Self::ON_CPU,
            _ => Self::ON_ACCELERATOR,
        }
    }

    /// The names that exporters give the graph, those for any processor first, then those tuned for
    /// this one; the others run here too, only slower.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Fp32 => &["model.onnx"],
            Self::Fp16 => &["model_fp16.onnx"],
            #[cfg(not(target_arch = "aarch64"))]
            Self::Int8 => &[
                "model_quantized.onnx",
                "model_int8.onnx",
                "model_qint8_avx512_vnni.onnx",
                "model_qint8_avx512.onnx",
                "model_quint8_avx2.onnx",
                "model_uint8.onnx",
                "model_qint8_arm64.onnx",
            ],
            #[cfg(target_arch = "aarch64")]
            Self::Int8 => &[
                "model_quantized.onnx",
                "model_int8.onnx",
                "model_qint8_arm64.onnx",
                "model_uint8.onnx",
                "model_quint8_avx2.onnx",
                "model_qint8_avx512.onnx",
                "model_qint8_avx512_vnni.onnx",
            ],
        }
    }

    /// The paths in a model folder that may hold the graph, the best first; never none.
    pub fn files(self) -> impl Iterator<Item = String> {
        ["onnx/", ""]
            .into_iter()
            .flat_map(move |folder| self.names().iter().map(move |name| format!("{folder}{name}")))
    }

    /// The graph of the precision asked for, or else the first of `preferred` that there is.
    pub fn find(
        asked: Option<Self>,
        preferred: [Self; 3],
        exists: impl Fn(&str) -> bool,
    ) -> Option<(Self, String)> {
        let candidates = match asked {
            Some(asked) => vec![asked],
            None => preferred.to_vec(),
        };
        candidates.into_iter().find_map(|dtype| Some((dtype, dtype.files().find(|file| exists(file))?)))
    }

    /// Several of them, as a sentence names them.
    #[must_use]
    pub fn list(dtypes: &[Self]) -> String {
        dtypes.iter().map(Self::to_string).collect::<Vec<_>>().join(", ")
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

#[cfg(test)]
mod tests {
    use super::*;

    fn find(asked: Option<Dtype>, files: &[&str]) -> Option<(Dtype, String)> {
        Dtype::find(asked, Dtype::ON_CPU, |file| files.contains(&file))
    }

    #[test]
    fn finds_the_files_that_repositories_have() {
        let (int8, fp32) = (Some(Dtype::Int8), Some(Dtype::Fp32));
        for (asked, files, found) in [
            (None, &["onnx/model.onnx", "onnx/model_quantized.onnx"][..], "onnx/model_quantized.onnx"),
            (fp32, &["onnx/model.onnx", "onnx/model_quantized.onnx"], "onnx/model.onnx"),
            (None, &["onnx/model_int8.onnx", "onnx/model_fp16.onnx"], "onnx/model_int8.onnx"),
            (int8, &["onnx/model_qint8_arm64.onnx"], "onnx/model_qint8_arm64.onnx"),
            (None, &["model.onnx"], "model.onnx"),
            (None, &["model.onnx", "onnx/model.onnx"], "onnx/model.onnx"),
            (None, &["model_fp16.onnx"], "model_fp16.onnx"),
        ] {
            assert_eq!(find(asked, files).map(|(_, file)| file).as_deref(), Some(found), "{files:?}");
        }
        assert_eq!(find(int8, &["onnx/model.onnx"]), None);
        assert_eq!(find(None, &["onnx/decoder_model.onnx"]), None);
    }
}
