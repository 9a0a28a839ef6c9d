//! How the server is doing, for a person: `GET /status`.
//!
//! A script that has this answer's nonce refreshes it every few seconds; where none runs, a link does.
//! What programs read is `/metrics`; both have the same sources.

mod view;

use super::{
    page,
    security::content_security_policy,
    state::AppState,
    traffic::{Answers, Traffic},
};
use crate::engine::{
    Engine,
    counts::Counted,
    timing::{Timing, percentile},
};
use axum::{extract::State, response::Response};
use leptos::nonce::Nonce;
use metrics_process::collector::{self, Metrics};
use std::time::Duration;

/// The server as it is now.
struct Status {
    uptime: Duration,
    under_way: usize,
    minute: Answers,
    models: Vec<ModelStatus>,
    /// Of all models.
    counted: Counted,
    /// What the system says of this process.
    process: Metrics,
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

impl Status {
    fn of(state: &AppState) -> Self {
        let traffic: &Traffic = &state.traffic;
        let models = state.models.all();
        Self {
            uptime: traffic.uptime(),
            under_way: traffic.under_way(),
            minute: traffic.last_minute(),
            models: models.iter().map(ModelStatus::of).collect(),
            counted: models.iter().map(Engine::counted).sum(),
            process: collector::collect(),
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
