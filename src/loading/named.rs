//! A device by its name: it is used, or the program ends.

use super::{LoadError, Opened};
use crate::engine::{device::Device, setting::PassedOver};

/// Loads a model on this device and no other, with a warning where the device does not suit the graph: it works,
/// but slowly.
pub(super) fn on<T>(
    device: Device,
    open: impl Fn(Device) -> Result<Opened, LoadError>,
    load: impl Fn(Device, &Opened, PassedOver) -> Result<T, LoadError>,
) -> Result<T, LoadError> {
    let opened = open(device)?;
    let loaded = load(device, &opened, PassedOver::default())?;
    if !opened.suits(device) {
        tracing::warn!(
            %device,
            "may leave most of an 8-bit graph to the CPU; a model with an fp16 or fp32 graph suits it better"
        );
    }
    Ok(loaded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::artifact::Artifact;
    use std::{
        path::Path,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };
    use tracing::{Event, Subscriber, subscriber::with_default};
    use tracing_subscriber::{
        Layer,
        layer::{Context, SubscriberExt},
    };

    /// Counts what is logged.
    struct Lines(Arc<AtomicUsize>);

    impl<S: Subscriber> Layer<S> for Lines {
        fn on_event(&self, _: &Event<'_>, _: Context<'_, S>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many lines are logged while a folder's model is loaded on a device that works.
    fn lines(folder: &str, device: Device) -> usize {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let count = Arc::new(AtomicUsize::new(0));
        with_default(tracing_subscriber::registry().with(Lines(Arc::clone(&count))), || {
            let open = |device| Opened::of(Artifact::open(&folder)?, None, device);
            on(device, open, |device, _, _| Ok(device)).expect("it works")
        });
        count.load(Ordering::Relaxed)
    }

    // It ran on the CPU node by node, and was said to run on the accelerator.
    #[test]
    fn an_accelerator_runs_an_8_bit_graph_with_a_warning() {
        assert_eq!(lines("models/valence-mini", Device::Cuda(0)), 1);
        assert_eq!(lines("models/valence-mini", Device::Cpu), 0);
        assert_eq!(lines("tests/golden/tiny", Device::Cuda(0)), 0, "it has an fp16 graph");
    }
}
