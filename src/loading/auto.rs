//! Auto: the accelerators that the library knows, one after the other, and the CPU where none works
//! or suits the graph.

use super::{LoadError, Opened};
use crate::engine::{device::Device, dtype::Dtype};

/// Loads a model on the first of these accelerators that works, else on the CPU.
///
/// `open` gives the graph that suits a device: a model on the Hub is pulled for it. `load` is told
/// which devices do not work, each with the reason. Where there is only an 8-bit graph, all are
/// passed over: ONNX Runtime's providers lack most operators of such a graph and leave them to the
/// CPU node by node, with a copy at each step.
pub(super) fn first_that_works<T>(
    accelerators: Vec<Device>,
    open: impl Fn(Device) -> Result<Opened, LoadError>,
    load: impl Fn(Device, &Opened, Vec<(Device, String)>) -> Result<T, LoadError>,
) -> Result<T, LoadError> {
    let mut failed = Vec::new();
    if let Some(&first) = accelerators.first() {
        // The same graph suits all of them.
        let opened = open(first)?;
        if opened.dtype == Dtype::Int8 {
            tracing::info!("no accelerator is used, as an 8-bit graph is for the CPU");
            return load(Device::Cpu, &opened, failed);
        }
        for device in accelerators {
            match load(device, &opened, failed.clone()) {
                // The CPU may have another file of the model.
                Err(
                    LoadError::Device { source, .. }
                    | LoadError::Session { source, .. }
                    | LoadError::Trial { source, .. },
                ) => {
                    tracing::warn!(%device, reason = %source, "does not work here");
                    failed.push((device, source.to_string()));
                }
                done => return done,
            }
        }
    }
    load(Device::Cpu, &open(Device::Cpu)?, failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{artifact::Artifact, session::SessionError};
    use std::{cell::RefCell, path::Path};

    const ACCELERATORS: [Device; 2] = [Device::Cuda(0), Device::CoreMl];

    /// The devices that a model is loaded on where only these work, each with the precision, and
    /// those that are said not to work.
    fn tried(folder: &str, works: &[Device]) -> (Vec<(Device, Dtype)>, Vec<Device>) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let tried = RefCell::new(Vec::new());
        let failed = first_that_works(
            ACCELERATORS.to_vec(),
            |device| Opened::of(Artifact::open(&folder)?, None, device),
            |device, opened, failed| {
                tried.borrow_mut().push((device, opened.dtype));
                if works.contains(&device) {
                    return Ok(failed);
                }
                let source = SessionError::Runtime("no such device".into());
                Err(LoadError::of_session(device, opened.graph.clone(), source))
            },
        );
        (tried.into_inner(), failed.expect("one works").into_iter().map(|(device, _)| device).collect())
    }

    // The graph for the CPU alone was pulled from the Hub, and ran on the accelerator.
    #[test]
    fn each_device_gets_the_graph_that_suits_it() {
        let [cuda, core_ml] = ACCELERATORS.map(|device| (device, Dtype::Fp16));
        let tried = |works: &[Device]| tried("tests/golden/tiny", works);
        assert_eq!(tried(&[Device::Cuda(0), Device::Cpu]), (vec![cuda], vec![]));
        let cpu = (Device::Cpu, Dtype::Int8);
        assert_eq!(tried(&[Device::Cpu]), (vec![cuda, core_ml, cpu], ACCELERATORS.to_vec()));
    }

    // It ran on the CPU node by node, and was said to run on the accelerator.
    #[test]
    fn an_8_bit_graph_runs_on_the_cpu_though_an_accelerator_works() {
        let everywhere = [Device::Cuda(0), Device::CoreMl, Device::Cpu];
        let cpu = (Device::Cpu, Dtype::Int8);
        assert_eq!(tried("models/valence-mini", &everywhere), (vec![cpu], vec![]));
    }
}
