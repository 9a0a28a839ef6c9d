//! Verifying: whether a model's files are what they were when they were published.
//!
//! The Hub's cache names each file by its checksum: large ones by SHA-256, small ones by the one
//! that git gives them. Other folders may have a list, `SHA256SUMS`.

use super::cache;
use crate::{
    digest::{hex, sha256_of_file},
    engine::artifact::{self, ArtifactError},
};
use sha1::{Digest, Sha1};
use std::{
    collections::BTreeMap,
    fs, io,
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

/// Checks every file of a model's folder, and those that its list names.
///
/// # Errors
///
/// An [`ArtifactError`] for a list that cannot be read. A file that cannot be read is not sound.
pub fn folder(folder: &Path) -> Result<Vec<Checked>, ArtifactError> {
    let sums: BTreeMap<PathBuf, String> = artifact::checksums(folder)?.into_iter().collect();
    let mut files = cache::files(folder);
    files.extend(sums.keys().filter(|file| !file.exists()).cloned());
    let checked = files.into_iter().map(|file| {
        let is_sound = match sums.get(&file) {
            Some(sum) => Some(sha256_of_file(&file).is_ok_and(|actual| actual == *sum)),
            None => is_blob_sound(&file),
        };
        Checked { file, is_sound }
    });
    Ok(checked.collect())
}

/// Compares a file of the Hub's cache with the name of what its link leads to.
fn is_blob_sound(file: &Path) -> Option<bool> {
    let blob = fs::read_link(file).ok()?;
    let name = blob.file_name()?.to_str()?;
    let actual = match name.len() {
        64 => sha256_of_file(file),
        40 => git_sha1(file),
        _ => return None,
    };
    Some(actual.is_ok_and(|actual| actual == name))
}

/// The name that git gives a file: SHA-1 of its kind, its length and its content.
fn git_sha1(file: &Path) -> io::Result<String> {
    let bytes = fs::read(file)?;
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()));
    hash.update(&bytes);
    Ok(hex(&hash.finalize()))
}
