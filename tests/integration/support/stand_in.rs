//! Stand-ins for what only a release has: an engine without ONNX Runtime, a page without a build.
//!
//! The crate in `fuzz/` has them too.

use std::{fs, path::Path};
use valence::{
    engine::{
        Engine, artifact::Artifact, cache::CacheLimits, device::Device, dtype::Dtype, load::Setting,
        queue::Limits, session::Model,
    },
    server::{assets::Assets, site::Site},
};

/// The most tokens of a text: a limit that tests can reach.
pub const MAX_TOKENS: usize = 600;

/// An engine with the tokenizer of the model in `folder` around a stand-in for its graph.
pub fn engine(folder: &Path, model: impl Model + 'static, limits: Limits, cache: CacheLimits) -> Engine {
    let setting = Setting {
        device: Device::Cpu,
        failed: Vec::new(),
        dtype: Dtype::Fp32,
        sessions: 1,
        threads: 1,
        is_batched: limits.rows > 1,
    };
    let artifact = Artifact::open(folder).unwrap();
    Engine::new(&artifact, vec![model], setting, limits, MAX_TOKENS, cache).unwrap()
}

/// A page's files, two of them small stand-ins, laid out in `folder`.
pub fn assets(folder: &Path) -> Assets {
    fs::create_dir_all(folder.join("pkg")).unwrap();
    fs::write(folder.join("pkg/hash.txt"), "js: 01\nwasm: 02\ncss: 03\n").unwrap();
    fs::write(folder.join("pkg/valence.01.js"), "the script").unwrap();
    fs::write(folder.join("pkg/valence.01.js.br"), "the script, compressed").unwrap();
    fs::write(folder.join("favicon.svg"), "<svg/>").unwrap();
    Assets::open(Site::Folder(folder.into())).unwrap()
}
