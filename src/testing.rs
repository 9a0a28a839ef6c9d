//! What unit tests share: the tiny model's tokenizer, files and what is read in them, and folders that go
//! with their test.

pub mod tables;

use crate::engine::tokenizer::Tokenizer;
use std::{
    env, fs,
    ops::Deref,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicUsize, Ordering},
};

/// The tiny model's `tokenizer.json`.
pub const TINY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/tiny/tokenizer.json");

/// The tokenizer of the tiny model, as if it read so many tokens at once; a text may have so many.
pub fn tiny_tokenizer(room: usize, limit: usize) -> Tokenizer {
    Tokenizer::open(Path::new(TINY), room, limit).expect("a tokenizer")
}

/// A folder of a test's own, which goes where this is dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    /// An empty folder.
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("valence-test-{}-{number}", process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }
}

impl Deref for Scratch {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A test that has failed has more to tell.
        let _ = fs::remove_dir_all(&self.0);
    }
}
