//! Latency: how long texts take that are asked one after the other.

use crate::{
    engine::{Engine, reading::Wanted, timing::percentile},
    text::Text,
};
use serde::Serialize;
use std::{
    fmt,
    time::{Duration, Instant},
};

/// Texts that are asked at most.
const ALONE: usize = 200;

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
    /// Asks for the first 200 texts; one that gets no answer, as it is too long, has no latency.
    pub async fn measure(engine: &Engine, texts: impl Iterator<Item = Text>) -> Self {
        let mut times = Vec::new();
        for text in texts.take(ALONE) {
            let start = Instant::now();
            if engine.analyze(text, Wanted::default()).await.is_ok() {
                times.push(start.elapsed());
            }
        }
        Self::of(times)
    }

    /// The percentiles; 0 of no times.
    #[must_use]
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let ms = |percent| percentile(&times, percent).map_or(0.0, |time| time.as_secs_f64() * 1000.0);
        Self { p50_ms: ms(50), p95_ms: ms(95), p99_ms: ms(99) }
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
    fn times_in_any_order_give_milliseconds() {
        let latency = Latency::of((1..=20).rev().map(Duration::from_millis).collect());
        assert_eq!((latency.p50_ms, latency.p95_ms, latency.p99_ms), (10.0, 19.0, 20.0));
        assert_eq!(Latency::of(Vec::new()).p50_ms, 0.0);
    }
}
