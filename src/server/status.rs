//! How the server is doing, for a person: `GET /status`.
//!
//! A script that has this answer's nonce refreshes it every few seconds; where none runs, a link does.
//! What programs read is `/metrics`; both have the same sources.

mod view;

use super::{
    metrics, page,
    security::content_security_policy,
    state::AppState,
    traffic::{Answers, Traffic},
};
use crate::engine::{
    Engine,
    timing::{Timing, percentile},
};
use axum::{extract::State, response::Response};
use leptos::nonce::Nonce;
use std::time::Duration;

/// The server as it is now.
struct Status {
    uptime: Duration,
    under_way: usize,
    minute: Answers,
    models: Vec<ModelStatus>,
    /// Since the start.
    hits: f64,
    misses: f64,
    batches: f64,
    rows: f64,
    tokens: f64,
    padding: f64,
    process: Process,
}

/// A model as it is now.
struct ModelStatus {
    name: String,
    runs_on: String,
    is_ready: bool,
    is_restarting: bool,
    waiting: usize,
    limit: usize,
    /// Answers that its latencies are of.
    answers: usize,
    /// Each phase's name, median and 99th percentile; none without an answer.
    phases: Vec<(&'static str, Duration, Duration)>,
}

/// What the system says of this process.
struct Process {
    bytes: f64,
    cpu_seconds: f64,
    threads: f64,
    files: f64,
}

impl Status {
    fn of(state: &AppState) -> Self {
        let figures = metrics::render(state);
        let sum = |name, pair| metrics::sum(&figures, name, pair);
        let traffic: &Traffic = &state.traffic;
        Self {
            uptime: traffic.uptime(),
            under_way: traffic.under_way(),
            minute: traffic.last_minute(),
            models: state.models.all().iter().map(ModelStatus::of).collect(),
            hits: sum("valence_cache_requests_total", "result=\"hit\""),
            misses: sum("valence_cache_requests_total", "result=\"miss\""),
            batches: sum("valence_batch_rows_count", ""),
            rows: sum("valence_batch_rows_sum", ""),
            tokens: sum("valence_batch_tokens_total", ""),
            padding: sum("valence_batch_tokens_total", "kind=\"padding\""),
            process: Process {
                bytes: sum("process_resident_memory_bytes", ""),
                cpu_seconds: sum("process_cpu_seconds_total", ""),
                threads: sum("process_threads", ""),
                files: sum("process_open_fds", ""),
            },
        }
    }
}

impl ModelStatus {
    fn of(engine: &Engine) -> Self {
        let last = engine.timings();
        let phase = |name, time: fn(&Timing) -> Duration| {
            let mut times: Vec<Duration> = last.iter().map(time).collect();
            times.sort_unstable();
            Some((name, percentile(&times, 50)?, percentile(&times, 99)?))
        };
        let phases = [
            phase("Tokenize", |timing| timing.tokenize),
            phase("Wait for a batch", |timing| timing.queue),
            phase("Inference", |timing| timing.inference),
            phase("Whole answer", |timing| timing.total),
        ];
        Self {
            is_restarting: engine.is_restarting(),
            name: engine.model().to_owned(),
            runs_on: engine.setting().to_string(),
            is_ready: engine.is_ready(),
            waiting: engine.waiting(),
            limit: engine.limits().waiting,
            answers: last.len(),
            phases: phases.into_iter().flatten().collect(),
        }
    }
}

/// The page.
pub async fn status(State(state): State<AppState>) -> Response {
    let nonce = Nonce::new();
    let policy = content_security_policy(Some(&nonce), None);
    let status = Status::of(&state);
    page::html("no-store", policy, || view::document(&state.assets, status, nonce))
}
