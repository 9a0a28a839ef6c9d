//! The setting: where and how a model runs, as programs and people are told.

use super::{device::Device, dtype::Dtype};
use std::fmt;

/// Where and how a model runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The device.
    pub device: Device,
    /// The accelerators that `auto` has passed over.
    pub passed_over: PassedOver,
    /// The precision.
    pub dtype: Dtype,
    /// Sessions side by side.
    pub sessions: usize,
    /// Threads of each.
    pub threads: usize,
    /// Whether texts share batches.
    pub is_batched: bool,
}

/// Accelerators that could have been taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// Those that were tried before and do not work, each with the reason.
    pub failed: Vec<(Device, String)>,
    /// Those that were not tried, as the graph does not suit them.
    pub unfit: Vec<Device>,
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.dtype, self.device)?;
        if let Some((device, _)) = self.passed_over.failed.first() {
            write!(f, ", as {device} does not work here")?;
        }
        Ok(())
    }
}
