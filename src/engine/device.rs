//! Devices: where a model runs, and how one is asked for.
//!
//! Each is one of ONNX Runtime's execution providers. The library that is loaded decides which
//! exist; the machine decides which work, and only loading the model on one tells.

use ort::ep::{self, ExecutionProvider, ExecutionProviderDispatch};
use std::{fmt, str::FromStr};
use thiserror::Error;

/// A device to run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// The processor.
    Cpu,
    /// An NVIDIA GPU, by its number.
    Cuda(i32),
    /// An NVIDIA GPU through TensorRT, by its number.
    TensorRt(i32),
    /// Intel's processors and GPUs.
    OpenVino,
    /// Apple's processors, GPUs and neural engines.
    CoreMl,
}

impl Device {
    /// Those that `auto` tries before the processor, the fastest first.
    ///
    /// TensorRT and OpenVINO are left to those who ask: the one builds engines for minutes at the
    /// start, the other competes with the processor that it runs on.
    const ACCELERATORS: [Self; 2] = [Self::Cuda(0), Self::CoreMl];

    /// Those accelerators that `auto` tries and the loaded library knows.
    #[must_use]
    pub fn accelerators() -> Vec<Self> {
        Self::ACCELERATORS.into_iter().filter(|device| device.is_known()).collect()
    }

    /// Whether the loaded library was built with it; it may still not work on this machine.
    #[must_use]
    pub fn is_known(self) -> bool {
        let known = match self {
            Self::Cpu => return true,
            Self::Cuda(_) => ep::CUDA::is_available(),
            Self::TensorRt(_) => ep::TensorRT::is_available(),
            Self::OpenVino => ep::OpenVINO::is_available(),
            Self::CoreMl => ep::CoreML::is_available(),
        };
        known.unwrap_or(false)
    }

    /// The providers to run on it; one that fails is an error, not replaced by the processor.
    pub(super) fn providers(self) -> Vec<ExecutionProviderDispatch> {
        let provider = match self {
            Self::Cpu => return Vec::new(),
            Self::Cuda(id) => ep::CUDA::default()
                .with_device_id(id)
                .with_arena_extend_strategy(ep::ArenaExtendStrategy::SameAsRequested)
                .build(),
            Self::TensorRt(id) => ep::TensorRT::default().with_device_id(id).build(),
            Self::OpenVino => ep::OpenVINO::default().build(),
            Self::CoreMl => ep::CoreML::default().build(),
        };
        vec![provider.error_on_failure()]
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.write_str("CPU"),
            Self::Cuda(id) => write!(f, "CUDA:{id}"),
            Self::TensorRt(id) => write!(f, "TensorRT:{id}"),
            Self::OpenVino => f.write_str("OpenVINO"),
            Self::CoreMl => f.write_str("CoreML"),
        }
    }
}

/// A choice of device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeviceChoice {
    /// An accelerator where one works, else the processor.
    #[default]
    Auto,
    /// This one or none.
    Only(Device),
}

/// A word that names no device.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("one of auto, cpu, cuda, tensorrt, openvino, coreml; a GPU's number follows a colon, as in cuda:1")]
pub struct UnknownDevice;

impl FromStr for DeviceChoice {
    type Err = UnknownDevice;

    fn from_str(name: &str) -> Result<Self, UnknownDevice> {
        let (kind, number) = match name.split_once(':') {
            Some((kind, number)) => (kind, Some(number.parse::<u16>().map_err(|_| UnknownDevice)?)),
            None => (name, None),
        };
        let id = i32::from(number.unwrap_or(0));
        Ok(Self::Only(match (kind, number) {
            ("auto", None) => return Ok(Self::Auto),
            ("cpu", None) => Device::Cpu,
            ("openvino", None) => Device::OpenVino,
            ("coreml", None) => Device::CoreMl,
            ("cuda", _) => Device::Cuda(id),
            ("tensorrt", _) => Device::TensorRt(id),
            _ => return Err(UnknownDevice),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_and_numbers() {
        assert_eq!("auto".parse(), Ok(DeviceChoice::Auto));
        assert_eq!("cpu".parse(), Ok(DeviceChoice::Only(Device::Cpu)));
        assert_eq!("cuda".parse(), Ok(DeviceChoice::Only(Device::Cuda(0))));
        assert_eq!("cuda:1".parse(), Ok(DeviceChoice::Only(Device::Cuda(1))));
        for unknown in ["gpu", "directml", "cpu:1", "cuda:", "cuda:-1", ""] {
            assert_eq!(unknown.parse::<DeviceChoice>(), Err(UnknownDevice), "{unknown:?}");
        }
    }
}
