//! Verifying: whether a model's files are what they were when they were published.
//!
//! The Hub's cache names each file whose checksum the Hub tells by that: large ones by SHA-256, small ones by the one
//! that git gives them. Other folders may have a list, `SHA256SUMS`.

use super::cache;
use crate::{
    digest::{git_sha1_of_file, sha256_of_file},
    engine::{
        artifact::{self, ArtifactError, Layout},
        dtype::Dtype,
        graph::{GraphError, external_files},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// A file, and whether it is what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The file.
    pub file: PathBuf,
    /// Whether its checksum is right; nothing where none is recorded.
    pub is_sound: Option<bool>,
}

/// Checks every file of a model's folder, and those that it should have: what its list and its
/// graphs name, and what no model can do without.
///
/// # Errors
///
/// An [`ArtifactError`] for a list that cannot be read, or a graph whose weights are outside its folder.
/// A file that is missing or cannot be read is not sound.
pub fn folder(folder: &Path) -> Result<Vec<Checked>, ArtifactError> {
    let sums: BTreeMap<PathBuf, String> = artifact::checksums(folder)?.into_iter().collect();
    let there = cache::files(folder);
    let mut files = expected(folder, &there)?;
    files.extend(sums.keys().cloned());
    files.extend(there);
    let checked = files.into_iter().map(|file| {
        let is_sound = match sums.get(&file) {
            Some(sum) => Some(sha256_of_file(&file).is_ok_and(|actual| actual == *sum)),
            None if !file.is_file() => Some(false),
            None => is_blob_sound(&file),
        };
        Checked { file, is_sound }
    });
    Ok(checked.collect())
}

/// What a model with these files needs, whether it is there or not.
fn expected(folder: &Path, there: &[PathBuf]) -> Result<BTreeSet<PathBuf>, ArtifactError> {
    let has = |file: &str| folder.join(file).is_file();
    let layout = Layout::find(has);
    let graph = Dtype::find(None, Dtype::ON_CPU, has).map(|(_, graph)| graph);
    let graph = graph.or_else(|| Dtype::Fp32.files().next());
    let own = layout.required().into_iter().chain(graph.as_deref()).map(|file| folder.join(file));
    let mut expected: BTreeSet<PathBuf> = own.collect();
    for graph in there.iter().filter(|file| file.extension().is_some_and(|end| end == "onnx")) {
        match external_files(graph) {
            Ok(files) => expected.extend(files),
            // One that cannot be read has nothing to say of others.
            Err(GraphError::Unreadable { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(expected)
}

/// Compares a file of the Hub's cache with the name of what its link leads to.
fn is_blob_sound(file: &Path) -> Option<bool> {
    let blob = fs::read_link(file).ok()?;
    let name = blob.file_name()?.to_str()?;
    let actual = match name.len() {
        // The name of one without a checksum begins with its commit.
        _ if !name.bytes().all(|byte| byte.is_ascii_hexdigit()) => return None,
        64 => sha256_of_file(file),
        40 => git_sha1_of_file(file),
        _ => return None,
    };
    Some(actual.is_ok_and(|actual| actual == name))
}
