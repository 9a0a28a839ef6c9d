//! Figures for Prometheus: `GET /metrics`.
//!
//! The stages count for themselves, through the `metrics` crate; here their sums are shown.
//!
//! | Name | Kind | What |
//! |---|---|---|
//! | `valence_connections_refused_total` | counter | connections closed at once because there were too many |
//! | `valence_cache_requests_total{result}` | counter | answers kept from before (`hit`) and made anew (`miss`) |
//! | `valence_queue_size` | gauge | rows that waited when the last batch was taken |
//! | `valence_batch_rows` | summary | texts in each batch |
//! | `valence_batch_tokens_total{kind}` | counter | tokens that were run: of texts (`text`), filled up (`padding`) |

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::LazyLock;

/// A process has one recorder, however many routers.
static RECORDER: LazyLock<PrometheusHandle> = LazyLock::new(|| {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    // Another recorder can only be there in a test of something else; its figures are not ours.
    let _ = metrics::set_global_recorder(recorder);
    handle
});

/// Begins to count; what has happened before is lost.
pub fn start() {
    LazyLock::force(&RECORDER);
}

/// Shows every figure in Prometheus' text format.
pub async fn metrics() -> String {
    RECORDER.run_upkeep();
    RECORDER.render()
}
