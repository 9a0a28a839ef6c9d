//! Why an engine did not start, in sentences that name the file or the device at fault.

use crate::{
    engine::{artifact::ArtifactError, device::Device, runtime::RuntimeError, session::SessionError},
    hub::error::HubError,
};
use std::path::PathBuf;
use thiserror::Error;

/// Why an engine did not start.
#[derive(Debug, Error)]
pub enum LoadError {
    /// No model's folder is there.
    #[error("{} is not a folder; name a model's folder, or its id on the Hub: owner/name", folder.display())]
    NotAFolder {
        /// What was named.
        folder: PathBuf,
    },
    /// The model could not be had from the Hub.
    #[error(transparent)]
    Hub(#[from] HubError),
    /// The model's folder is incomplete or damaged.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// The ONNX Runtime library is missing or unfit.
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    /// ONNX Runtime refused the model's graph.
    #[error("ONNX Runtime cannot load the model {}; get the model again, or name another with --model", file.display())]
    Session {
        /// The graph's file.
        file: PathBuf,
        /// What the runtime says.
        source: SessionError,
    },
    /// The model answers no text.
    #[error("the model {} fails at a first text; get the model again, or name another with --model", file.display())]
    Trial {
        /// The graph's file.
        file: PathBuf,
        /// Why.
        source: SessionError,
    },
    /// The library was built without this device.
    #[error(
        "this ONNX Runtime library cannot run on {device}; name one that can with --runtime, or choose --device auto"
    )]
    UnsupportedDevice {
        /// The device asked for.
        device: Device,
    },
    /// The device was asked for and does not work.
    #[error("{device} cannot be used; choose --device auto to fall back to the CPU")]
    Device {
        /// The device asked for.
        device: Device,
        /// What the runtime says.
        source: SessionError,
    },
}

impl LoadError {
    /// Whose fault it is that no session runs: the device's, or that of the graph for it.
    pub(super) fn of_session(device: Device, file: PathBuf, source: SessionError) -> Self {
        let is_of_graph = matches!(
            source,
            SessionError::Graph { .. } | SessionError::Input { .. } | SessionError::Labels { .. }
        );
        if is_of_graph || device == Device::Cpu {
            Self::Session { file, source }
        } else {
            Self::Device { device, source }
        }
    }

    /// The same where sessions do run, but the first fails at a first text.
    pub(super) fn of_trial(device: Device, file: PathBuf, source: SessionError) -> Self {
        if matches!(source, SessionError::Runtime(_)) && device != Device::Cpu {
            Self::Device { device, source }
        } else {
            Self::Trial { file, source }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_the_graph_is_not_blamed_on_the_device() {
        let refused = |device, source| LoadError::of_session(device, "FILE".into(), source);
        let memory = || SessionError::Runtime("no memory on the device".into());
        let labels = SessionError::Labels { graph: 2, config: 3 };
        assert!(matches!(refused(Device::Cuda(0), labels), LoadError::Session { .. }));
        assert!(matches!(refused(Device::Cuda(0), memory()), LoadError::Device { .. }));
        assert!(matches!(refused(Device::Cpu, memory()), LoadError::Session { .. }));

        let failed = |device, source| LoadError::of_trial(device, "FILE".into(), source);
        let given = SessionError::Given("another type".into());
        assert!(matches!(failed(Device::Cuda(0), given), LoadError::Trial { .. }));
        assert!(matches!(failed(Device::Cuda(0), memory()), LoadError::Device { .. }));
        assert!(matches!(failed(Device::Cpu, memory()), LoadError::Trial { .. }));
    }
}
