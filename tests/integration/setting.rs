//! Where a model runs, as programs and people are told.

use crate::support::{
    Gated,
    router::{ONE, body, get, read},
    stand_in, state, tiny_folder,
};
use serde_json::json;
use std::sync::mpsc;
use valence::{
    engine::{
        cache::CacheLimits,
        device::Device,
        setting::{PassedOver, Setting},
    },
    server::router,
};

#[tokio::test]
async fn an_accelerator_that_is_passed_over_is_named_where_the_device_is() {
    let (open, gate) = mpsc::channel();
    open.send(()).unwrap();
    let setting = Setting {
        passed_over: PassedOver {
            failed: vec![(Device::Cuda(0), "bellwether".into())],
            unfit: vec![Device::CoreMl],
        },
        ..stand_in::setting(ONE)
    };
    let engine = stand_in::engine_with(setting, &tiny_folder(), Gated(gate), ONE, CacheLimits::OFF);
    let router = router(state(engine));

    let info = read(get(&router, "/info").await).await;
    assert_eq!(info["models"][0]["device"], "CPU", "{info}");
    assert_eq!(info["models"][0]["failed_devices"], json!(["CUDA:0"]), "{info}");
    assert_eq!(info["models"][0]["skipped_devices"], json!(["CoreML"]), "{info}");
    for path in ["/status", "/?text=good"] {
        let html = body(get(&router, path).await).await;
        assert!(html.contains("fp32 on CPU, as CUDA:0 does not work here"), "{path}: {html}");
        assert!(!html.contains("bellwether"), "the reason is for the log: {html}");
    }
}
