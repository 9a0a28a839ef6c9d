//! Feeds one input to a target, in the whole server but for the model's graph.

#[path = "../../tests/integration/fuzz/targets.rs"]
mod targets;

use axum::Router;
use std::{env, fs, path::Path, process, sync::LazyLock};
use targets::Target;
use tokio::runtime::{Builder, Runtime};
use valence::{
    engine::{
        Engine,
        artifact::Artifact,
        batch::Batch,
        cache::CacheLimits,
        device::Device,
        dtype::Dtype,
        load::Setting,
        queue::Limits,
        session::{Model, SessionError},
    },
    models::Models,
    server::{assets::Assets, router, site::Site, state::AppState},
};

/// Rows that run at once, and the most tokens of a text.
const ROWS: usize = 16;
const TOKENS: usize = 600;

/// A graph that finds every text neither good nor bad.
struct Undecided;

impl Model for Undecided {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
        Ok(vec![vec![0.0, 0.0]; batch.rows])
    }
}

/// Feeds `input` to the target of this name; panics where it does not stand it.
pub fn feed(name: &str, input: &[u8]) {
    static SERVER: LazyLock<(Runtime, Router)> = LazyLock::new(|| {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let router = runtime.block_on(async { server() });
        (runtime, router)
    });
    SERVER.0.block_on(Target::named(name).feed(&SERVER.1, input));
}

fn server() -> Router {
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/tiny");
    let artifact = Artifact::open(&tiny).expect("the tiny model of the tests");
    let setting = Setting {
        device: Device::Cpu,
        failed: Vec::new(),
        dtype: Dtype::Fp32,
        sessions: 1,
        threads: 1,
        is_batched: true,
    };
    let limits = Limits { waiting: 256, rows: ROWS, tokens: 1024 };
    let engine = Engine::new(&artifact, vec![Undecided], setting, limits, TOKENS, CacheLimits::OFF);
    let site = env::temp_dir().join(format!("valence-fuzz-site-{}", process::id()));
    fs::create_dir_all(site.join("pkg")).expect("a folder for the page's files");
    fs::write(site.join("pkg/hash.txt"), "").expect("an empty list of them");
    let assets = Assets::open(Site::Folder(site)).expect("that list");
    router(AppState { mcp: true, ..AppState::new(Models::new(engine.expect("an engine")), assets) })
}
