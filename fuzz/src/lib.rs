//! Feeds one input to a target, in the whole server but for the model's graph.

#[path = "../../tests/integration/support/stand_in.rs"]
mod stand_in;
#[path = "../../tests/integration/fuzz/targets.rs"]
mod targets;

use axum::Router;
use std::{env, path::Path, process, sync::LazyLock};
use targets::Target;
use tokio::runtime::{Builder, Runtime};
use valence::{
    engine::{
        batch::Batch,
        cache::CacheLimits,
        queue::QueueLimits,
        session::{Model, SessionError},
    },
    models::Models,
    server::{feedback::Feedback, router, state::AppState},
};

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
    let limits = QueueLimits { waiting: 256, rows: 16, tokens: 1024 };
    let engine = stand_in::engine(&tiny, Undecided, limits, CacheLimits::OFF);
    let assets = stand_in::assets(&env::temp_dir().join(format!("valence-fuzz-site-{}", process::id())));
    // What they say is not to fill the disk.
    let feedback = Feedback::open(Path::new("/dev/null")).expect("a place for opinions");
    router(AppState { mcp: true, feedback: Some(feedback), ..AppState::new(Models::new(engine), assets) })
}
