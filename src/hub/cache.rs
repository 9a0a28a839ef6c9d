//! The cache: models that were pulled, by this program or by any other that uses the Hub.
//!
//! ```text
//! models--owner--name/refs/main                      full name of a commit
//!                     snapshots/<commit>/config.json a link to
//!                     blobs/<checksum>               the file
//! ```

use super::id::{HubId, is_commit};
use std::{
    fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process,
    time::{SystemTime, UNIX_EPOCH},
};

/// Digits of a commit that name it well enough.
const SHORT_COMMIT: usize = 7;

/// A model in the cache, at one commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedModel {
    /// `owner/name`.
    pub repo: String,
    /// Full name of the commit.
    pub commit: String,
    /// Branches and tags that were this commit when they were pulled.
    pub refs: Vec<String>,
    /// Its folder.
    pub folder: PathBuf,
    /// Bytes of its files.
    pub bytes: u64,
}

/// The folder of a model in the cache, if it is there.
#[must_use]
pub fn find(cache: &Path, id: &HubId) -> Option<PathBuf> {
    let folder = cache.join(name(id.repo()));
    let commit = match fs::read_to_string(folder.join("refs").join(id.revision())) {
        Ok(commit) => commit.trim().to_owned(),
        Err(_) => commits(&folder)
            .into_iter()
            .find(|commit| id.revision().len() >= SHORT_COMMIT && commit.starts_with(id.revision()))?,
    };
    Some(snapshot(cache, id, &commit)).filter(|folder| is_commit(&commit) && folder.is_dir())
}

/// The models in the cache that have a graph, by name and commit; none where there is no cache.
#[must_use]
pub fn list(cache: &Path) -> Vec<CachedModel> {
    let mut models: Vec<CachedModel> = entries(cache)
        .into_iter()
        .filter_map(|folder| {
            Some((folder.file_name()?.to_str()?.strip_prefix("models--")?.replacen("--", "/", 1), folder))
        })
        .flat_map(|(repo, folder)| {
            let refs = refs(&folder);
            commits(&folder).into_iter().map(move |commit| {
                let folder = folder.join("snapshots").join(&commit);
                let refs =
                    refs.iter().filter(|(_, of)| *of == commit).map(|(name, _)| name.clone()).collect();
                CachedModel { repo: repo.clone(), refs, bytes: bytes(&folder), commit, folder }
            })
        })
        .filter(|model| {
            files(&model.folder).iter().any(|file| file.extension().is_some_and(|end| end == "onnx"))
        })
        .collect();
    models.sort_by(|a, b| (&a.repo, &a.commit).cmp(&(&b.repo, &b.commit)));
    models
}

/// The folder of a model's files at one commit.
#[must_use]
pub fn snapshot(cache: &Path, id: &HubId, commit: &str) -> PathBuf {
    cache.join(name(id.repo())).join("snapshots").join(commit)
}

/// Where a file of a model is, which snapshots name by a link.
#[must_use]
pub fn blob(cache: &Path, id: &HubId, checksum: &str) -> PathBuf {
    cache.join(name(id.repo())).join("blobs").join(checksum)
}

/// Links a path in the snapshot of a commit to a blob, in place of what is there.
///
/// # Errors
///
/// What the system says where it cannot be linked.
pub fn link(cache: &Path, id: &HubId, commit: &str, path: &str, checksum: &str) -> io::Result<()> {
    let link = snapshot(cache, id, commit).join(path);
    let up = "../".repeat(2 + path.matches('/').count());
    let blob = PathBuf::from(format!("{up}blobs/{checksum}"));
    // Another process may be reading through it.
    if fs::read_link(&link).is_ok_and(|there| there == blob) {
        return Ok(());
    }
    fs::create_dir_all(link.parent().unwrap_or(&link))?;
    match fs::remove_file(&link) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    symlink(blob, link)
}

/// Notes the commit that a branch, a tag or the beginning of a commit's name stands for, unless that is noted
/// already: a cache that has all may be one that nobody here may write.
///
/// # Errors
///
/// What the system says where it cannot be noted.
pub fn note(cache: &Path, id: &HubId, commit: &str) -> io::Result<()> {
    let folder = cache.join(name(id.repo()));
    let file = folder.join("refs").join(id.revision());
    if fs::read_to_string(&file).is_ok_and(|noted| noted.trim() == commit) {
        return Ok(());
    }
    // A branch may have slashes in its name.
    fs::create_dir_all(file.parent().unwrap_or(&file))?;
    // Elsewhere first: a write that breaks leaves what was noted before. Containers that share a cache all have
    // a process 1.
    let begun = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let unfinished = folder.join(format!("ref.{}.{begun}", process::id()));
    let noted = fs::write(&unfinished, commit).and_then(|()| fs::rename(&unfinished, file));
    if noted.is_err() {
        let _ = fs::remove_file(unfinished);
    }
    noted
}

/// All files below a folder, in the order of their paths.
#[must_use]
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = entries(folder)
        .into_iter()
        .flat_map(|entry| if entry.is_dir() { files(&entry) } else { vec![entry] })
        .collect();
    files.sort();
    files
}

fn name(repo: &str) -> String {
    format!("models--{}", repo.replace('/', "--"))
}

fn commits(folder: &Path) -> Vec<String> {
    let names = entries(&folder.join("snapshots"))
        .into_iter()
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()));
    names.filter(|name| is_commit(name)).collect()
}

/// Branches and tags with their commits. Other programs write such a file for a commit too.
fn refs(folder: &Path) -> Vec<(String, String)> {
    let refs = folder.join("refs");
    let name = |file: &PathBuf| Some(file.strip_prefix(&refs).ok()?.to_str()?.to_owned());
    files(&refs)
        .iter()
        .filter_map(|file| Some((name(file)?, fs::read_to_string(file).ok()?.trim().to_owned())))
        .filter(|(name, _)| !is_commit(name))
        .collect()
}

fn bytes(folder: &Path) -> u64 {
    files(folder).iter().filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}

/// What is in a folder; nothing where it cannot be read.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let read =
        || -> io::Result<Vec<PathBuf>> { fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect() };
    read().unwrap_or_default()
}
