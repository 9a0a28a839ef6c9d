//! Auto: the accelerators that it may choose and the library knows, one after the other, and the CPU where none
//! works or suits the graph.

use super::{LoadError, Opened};
use crate::engine::{device::Device, setting::PassedOver};

/// Loads a model on the first of these accelerators that works, else on the CPU.
///
/// `open` gives the graph that suits a device: a model on the Hub is pulled for it. `load` is told
/// which devices are passed over. Where there is only an 8-bit graph, all are: it suits none.
pub(super) fn first_that_works<T>(
    accelerators: Vec<Device>,
    open: impl Fn(Device) -> Result<Opened, LoadError>,
    load: impl Fn(Device, &Opened, PassedOver) -> Result<T, LoadError>,
) -> Result<T, LoadError> {
    let mut passed_over = PassedOver::default();
    if let Some(&first) = accelerators.first() {
        // The same graph suits all of them.
        let opened = open(first)?;
        if !opened.suits(first) {
            tracing::info!("no accelerator is used, as an 8-bit graph is for the CPU");
            passed_over.unfit = accelerators;
            return load(Device::Cpu, &opened, passed_over);
        }
        for device in accelerators {
            match load(device, &opened, passed_over.clone()) {
                // The CPU may have another file of the model.
                Err(
                    LoadError::Device { source, .. }
                    | LoadError::Session { source, .. }
                    | LoadError::Trial { source, .. },
                ) => {
                    tracing::warn!(%device, reason = %source, "does not work here");
                    passed_over.failed.push((device, source.to_string()));
                }
                done => return done,
            }
        }
    }
    load(Device::Cpu, &open(Device::Cpu)?, passed_over)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{artifact::Artifact, dtype::Dtype, session::SessionError};
    use std::{cell::RefCell, path::Path};

    const ACCELERATORS: [Device; 2] = [Device::Cuda(0), Device::CoreMl];

    /// The devices that a model is loaded on where only these work, each with the precision, those that
    /// are said not to work, and those that are said not to suit it.
    fn tried(folder: &str, works: &[Device]) -> (Vec<(Device, Dtype)>, Vec<Device>, Vec<Device>) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let tried = RefCell::new(Vec::new());
        let passed_over = first_that_works(
            ACCELERATORS.to_vec(),
            |device| Opened::of(Artifact::open(&folder)?, None, device),
            |device, opened, passed_over| {
                tried.borrow_mut().push((device, opened.dtype));
                if works.contains(&device) {
                    return Ok(passed_over);
                }
                let source = SessionError::Runtime("no such device".into());
                Err(LoadError::of_session(device, opened.graph.clone(), source))
            },
        );
        let PassedOver { failed, unfit } = passed_over.expect("one works");
        (tried.into_inner(), failed.into_iter().map(|(device, _)| device).collect(), unfit)
    }

    // The graph for the CPU alone was pulled from the Hub, and ran on the accelerator.
    #[test]
    fn each_device_gets_the_graph_that_suits_it() {
        let [cuda, core_ml] = ACCELERATORS.map(|device| (device, Dtype::Fp16));
        let tried = |works: &[Device]| tried("tests/golden/tiny", works);
        assert_eq!(tried(&[Device::Cuda(0), Device::Cpu]), (vec![cuda], vec![], vec![]));
        let cpu = (Device::Cpu, Dtype::Int8);
        assert_eq!(tried(&[Device::Cpu]), (vec![cuda, core_ml, cpu], ACCELERATORS.to_vec(), vec![]));
    }

    // It ran on the CPU node by node, and was said to run on the accelerator.
    #[test]
    fn an_8_bit_graph_runs_on_the_cpu_though_an_accelerator_works() {
        let everywhere = [Device::Cuda(0), Device::CoreMl, Device::Cpu];
        let cpu = (Device::Cpu, Dtype::Int8);
        assert_eq!(tried("models/valence-mini", &everywhere), (vec![cpu], vec![], ACCELERATORS.to_vec()));
    }
}
