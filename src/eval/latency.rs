//! Latency: how long texts take that are asked one after the other.

use serde::Serialize;
use std::{fmt, time::Duration};

/// Percentiles in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Latency {
    /// The median.
    pub p50_ms: f64,
    /// 95 of 100 texts take no longer.
    pub p95_ms: f64,
    /// 99 of 100.
    pub p99_ms: f64,
}

impl Latency {
    /// The percentiles by the nearest rank; 0 of no times.
    #[must_use]
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let percentile = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100).max(1);
            times.get(rank - 1).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
        };
        Self { p50_ms: percentile(50), p95_ms: percentile(95), p99_ms: percentile(99) }
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms", self.p50_ms, self.p95_ms, self.p99_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_nearest_rank() {
        let latency = Latency::of((1..=200).rev().map(Duration::from_millis).collect());
        assert_eq!((latency.p50_ms, latency.p95_ms, latency.p99_ms), (100.0, 190.0, 198.0));
        assert_eq!(Latency::of(Vec::new()).p50_ms, 0.0);
    }
}
