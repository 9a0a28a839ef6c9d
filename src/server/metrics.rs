//! Metrics for Prometheus: `GET /metrics`.
//!
//! The stages count for themselves, through the `metrics` crate; here are the recorder that adds
//! them up, and the metrics that are only looked up when somebody asks. `describe` says what each
//! one is, docs/operations.md under which labels.
//!
//! `te_queue_size` is what scalers of Text Embeddings Inference watch, and the same quantity. Its
//! other metrics count differently (`te_request_count` counts a single text twice) or are these
//! under names without a unit, which relabelling does in Prometheus.

use super::{state::AppState, telemetry};
use axum::extract::State;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;
use std::{sync::LazyLock, time::Duration};
use tokio::time;

/// Upper bounds of times, in seconds: from less than a cached answer takes to more than anybody
/// waits.
const SECONDS: [f64; 18] = [
    0.000_1, 0.000_2, 0.000_4, 0.000_8, 0.001_6, 0.003_2, 0.006_4, 0.012_8, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8,
    1.6, 3.2, 6.4, 12.8,
];

/// Upper bounds of a batch's rows.
const ROWS: [f64; 6] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0];

/// Upper bounds of a text's tokens.
const TOKENS: [f64; 11] = [8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0, 8192.0];

/// How often what was recorded is added up; until then each single value is kept.
const UPKEEP: Duration = Duration::from_secs(5);

/// A process has one recorder, however many routers.
static RECORDER: LazyLock<PrometheusHandle> = LazyLock::new(|| {
    let builder = [
        (Matcher::Suffix("_seconds".into()), &SECONDS[..]),
        (Matcher::Full("valence_batch_rows".into()), &ROWS),
        (Matcher::Full("valence_text_tokens".into()), &TOKENS),
    ]
    .into_iter()
    .try_fold(PrometheusBuilder::new(), |builder, (names, bounds)| {
        builder.set_buckets_for_metric(names, bounds)
    });
    let recorder = builder.expect("bounds are given").build_recorder();
    let handle = recorder.handle();
    // Another recorder can only be there in a test of something else; its metrics are not ours.
    let _ = metrics::set_global_recorder(recorder);
    describe();
    begin();
    handle
});

/// Begins to count; what has happened before is lost.
pub fn start() {
    LazyLock::force(&RECORDER);
}

/// Adds up what is recorded, for ever: a server that nobody asks for its metrics would keep every value.
pub async fn keep_up() {
    loop {
        time::sleep(UPKEEP).await;
        RECORDER.run_upkeep();
    }
}

/// Show every metric in Prometheus' text format.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "Server",
    responses((status = 200, content_type = "text/plain", body = String, description = "The metrics."))
)]
pub async fn metrics(State(state): State<AppState>) -> String {
    render(&state)
}

/// Looks up what has no event to be counted at, and shows everything.
fn render(state: &AppState) -> String {
    let mut waiting = 0;
    for engine in state.models.all() {
        let (model, setting) = (engine.model().to_owned(), engine.setting());
        waiting += engine.waiting();
        gauge!("valence_queue_size", "model" => model.clone()).set(engine.waiting() as f64);
        gauge!("valence_queue_limit", "model" => model.clone()).set(engine.limits().waiting as f64);
        gauge!(
            "valence_model_info",
            "model" => model,
            "device" => setting.device.to_string(),
            "dtype" => setting.dtype.to_string(),
            "sessions" => setting.sessions.to_string(),
            "threads" => setting.threads.to_string()
        )
        .set(f64::from(u8::from(engine.is_ready())));
    }
    gauge!("te_queue_size").set(waiting as f64);
    gauge!("valence_http_requests_under_way").set(state.traffic.under_way() as f64);
    gauge!("valence_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    counter!("valence_log_lines_dropped_total").absolute(telemetry::lines_dropped());
    Collector::default().collect();
    RECORDER.render()
}

/// Shows at 0 what has not happened yet: from nothing to 1, Prometheus sees no increase.
fn begin() {
    counter!("valence_connections_refused_total").increment(0);
    counter!("valence_session_restarts_total").increment(0);
    for result in ["hit", "miss"] {
        counter!("valence_cache_requests_total", "result" => result).increment(0);
    }
    for kind in ["text", "padding"] {
        counter!("valence_batch_tokens_total", "kind" => kind).increment(0);
    }
}

/// What the metrics are, for those who read them.
fn describe() {
    describe_counter!("valence_http_requests_total", "Requests by method, route template and status");
    describe_histogram!("valence_http_request_seconds", "From a request to the end of its answer");
    describe_gauge!("valence_http_requests_under_way", "Requests without a whole answer");
    describe_histogram!("valence_phase_seconds", "How long each phase of an answer took");
    describe_histogram!("valence_text_tokens", "Tokens of the texts that were run");
    describe_gauge!("valence_queue_size", "Rows that wait for a session");
    describe_gauge!("valence_queue_limit", "Rows that may wait");
    describe_gauge!("te_queue_size", "valence_queue_size of all models, under its name in TEI");
    describe_histogram!("valence_batch_rows", "Rows in each batch");
    describe_counter!("valence_connections_refused_total", "Connections that were refused");
    describe_counter!("valence_log_lines_dropped_total", "Log lines that were dropped");
    describe_counter!("valence_batch_tokens_total", "Tokens that were run, of texts and of padding");
    describe_counter!("valence_session_restarts_total", "Sessions that failed and were restarted");
    describe_counter!(
        "valence_cache_requests_total",
        "Answers from the cache and answers that were computed"
    );
    describe_gauge!("valence_model_info", "The models; 1 for those that have answered a first text and run");
    describe_gauge!("valence_build_info", "This program");
    Collector::default().describe();
}
