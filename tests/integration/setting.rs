//! Where a model runs, as programs and people are told.

use crate::support::{
    Gated,
    router::{ONE, body, get, read},
    stand_in::MAX_TOKENS,
    state, tiny_folder,
};
use serde_json::json;
use std::sync::mpsc;
use valence::{
    engine::{
        Engine,
        artifact::Artifact,
        cache::CacheLimits,
        device::Device,
        dtype::Dtype,
        setting::{PassedOver, Setting},
        tokenizer::Tokenizer,
    },
    server::router,
};

#[tokio::test]
async fn an_accelerator_that_is_passed_over_is_named_where_the_device_is() {
    let (open, gate) = mpsc::channel();
    open.send(()).unwrap();
    let setting = Setting {
        device: Device::Cpu,
        passed_over: PassedOver {
            failed: vec![(Device::Cuda(0), "bellwether".into())],
            unfit: vec![Device::CoreMl],
        },
        dtype: Dtype::Fp32,
        sessions: 1,
        threads: 1,
        is_batched: false,
    };
    let artifact = Artifact::open(&tiny_folder()).unwrap();
    let tokenizer = Tokenizer::of(&artifact, MAX_TOKENS).unwrap();
    let engine = Engine::new(&artifact, tokenizer, vec![Gated(gate)], setting, ONE, CacheLimits::OFF);
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
