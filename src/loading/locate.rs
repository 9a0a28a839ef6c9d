//! Where the files are that come with the program: the model and the runtime library.
//!
//! They are looked for beside the executable and in each folder above it, which finds them in a
//! container, in an unpacked archive and under `target/`, whatever the working directory is.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// How users name the model that comes with the program.
pub const MODEL: &str = "models/valence-mini";

/// The model that comes with the program.
#[must_use]
pub fn model() -> PathBuf {
    find(MODEL)
}

/// The ONNX Runtime library: `onnxruntime/libonnxruntime.so*`.
#[must_use]
pub fn runtime() -> PathBuf {
    let folder = find("onnxruntime");
    library_in(&folder).unwrap_or_else(|| folder.join("libonnxruntime.so"))
}

/// `relative` in the nearest folder that has it, else beside the executable, where it should be.
fn find(relative: &str) -> PathBuf {
    let executable = env::current_exe().unwrap_or_default();
    let beside = executable.parent().unwrap_or(Path::new("."));
    beside
        .ancestors()
        .map(|folder| folder.join(relative))
        .find(|path| path.exists())
        .unwrap_or_else(|| beside.join(relative))
}

/// The library in `folder`, whose file name ends with its version.
fn library_in(folder: &Path) -> Option<PathBuf> {
    fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libonnxruntime."))
        })
        .max()
}
