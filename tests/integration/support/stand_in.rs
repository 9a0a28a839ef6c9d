//! Stand-ins for what only a release has: an engine without ONNX Runtime, a page without a build.
//!
//! The crate in `fuzz/` has them too.

use std::{fs, path::Path};
use valence::{
    engine::{
        Engine,
        artifact::Artifact,
        cache::CacheLimits,
        device::Device,
        dtype::Dtype,
        queue::QueueLimits,
        session::Model,
        setting::{PassedOver, Setting},
        tokenizer::Tokenizer,
    },
    server::{assets::Assets, site::Site},
};

/// The most tokens of a text: a limit that tests can reach.
pub const MAX_TOKENS: usize = 600;

/// An engine with the tokenizer of the model in `folder` around a stand-in for its graph.
pub fn engine(folder: &Path, model: impl Model + 'static, limits: QueueLimits, cache: CacheLimits) -> Engine {
    engine_with(setting(limits), folder, model, limits, cache)
}

/// How a stand-in runs, whose batches become so large.
pub fn setting(limits: QueueLimits) -> Setting {
    Setting {
        device: Device::Cpu,
        passed_over: PassedOver::default(),
        dtype: Dtype::Fp32,
        sessions: 1,
        threads: 1,
        is_batched: limits.rows > 1,
    }
}

/// An engine that tells of itself that it runs in this way.
pub fn engine_with(
    setting: Setting,
    folder: &Path,
    model: impl Model + 'static,
    limits: QueueLimits,
    cache: CacheLimits,
) -> Engine {
    let artifact = Artifact::open(folder).unwrap();
    let tokenizer = Tokenizer::of(&artifact, MAX_TOKENS).unwrap();
    Engine::new(&artifact, tokenizer, vec![model], setting, limits, cache)
}

/// What the build says of the names of a page's files.
const HASHES: &str = "valence.css: 05\none.js: 01\none.wasm: 02\nmany.js: 03\nmany.wasm: 04\n";

/// A page's files, small stand-ins under the names that the build would give them, laid out in `folder`.
pub fn assets(folder: &Path) -> Assets {
    fs::create_dir_all(folder.join("pkg")).unwrap();
    fs::write(folder.join("pkg/hash.txt"), HASHES).unwrap();
    for file in ["valence.05.css", "one.01.js", "one.02.wasm", "many.03.js", "many.04.wasm"] {
        fs::write(folder.join("pkg").join(file), file).unwrap();
    }
    fs::write(folder.join("pkg/one.01.js.br"), "the script, compressed").unwrap();
    fs::write(folder.join("favicon.svg"), "<svg/>").unwrap();
    Assets::open(Site::Folder(folder.into())).unwrap()
}
