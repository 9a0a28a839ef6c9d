//! What operators ask a server: whether it is ready, what runs there, its figures. What it tells of requests
//! is in `observe`.

use crate::support::{
    router::{body, get},
    state, tiny_engine,
};
use axum::http::StatusCode;
use valence::server::router;

#[tokio::test]
async fn health_follows_the_first_answer() {
    let engine = tiny_engine();
    let page = router(state(engine.clone()));
    assert_eq!(get(&page, "/health").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    engine.warm_up().await.unwrap();
    assert_eq!(get(&page, "/health").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn info_tells_what_runs_here() {
    let page = router(state(tiny_engine()));
    let info: serde_json::Value = serde_json::from_str(&body(get(&page, "/info").await).await).unwrap();
    let model = &info["models"][0];
    assert_eq!(model["name"], "tiny");
    assert_eq!(model["device"], "CPU");
    assert_eq!(model["failed_devices"], serde_json::json!([]));
    assert_eq!(model["labels"], serde_json::json!(["NEGATIVE", "POSITIVE"]));
    assert!(info["tokenization_workers"].as_u64() >= Some(1), "{info}");
    for name in ["sha", "docker_label"] {
        assert_eq!(info.get(name), Some(&serde_json::Value::Null), "{name}");
    }
}

#[tokio::test]
async fn metrics_count_what_is_run_and_no_text() {
    let page = router(state(tiny_engine()));
    get(&page, "/?text=bellwether").await;
    let metrics = body(get(&page, "/metrics").await).await;
    assert!(metrics.contains("valence_batch_rows_count"), "{metrics}");
    assert!(!metrics.contains("bellwether"));
}
