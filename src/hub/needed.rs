//! What a model needs: which files of a repository, and whether a folder has them. Only its graph, once it
//! has come, tells which files hold its weights.

use super::{
    error::HubError,
    id::HubId,
    repository::{RemoteFile, Repository},
};
use crate::engine::{artifact::Layout, dtype::Dtype, graph::external_files};
use std::path::Path;

/// Whether a folder has what a model needs, the weights too that its graph leaves to other files.
pub(super) fn has_all(folder: &Path, asked: Option<Dtype>, preferred: [Dtype; 3]) -> bool {
    let has = |file: &str| folder.join(file).is_file();
    let has_weights = |graph: &str| {
        let files = external_files(&folder.join(graph));
        files.is_ok_and(|files| files.iter().all(|file| file.is_file()))
    };
    Layout::find(has).required().into_iter().all(has)
        && Dtype::find(asked, preferred, has).is_some_and(|(_, graph)| has_weights(&graph))
}

/// The graph that a model needs, and the files, it among them. Those come first that a model may lack, so
/// that a pull that broke never looks complete to [`has_all`].
pub(super) fn needed<'a>(
    repository: &'a Repository,
    id: &HubId,
    asked: Option<Dtype>,
    preferred: [Dtype; 3],
) -> Result<(String, Vec<&'a RemoteFile>), HubError> {
    let repo = || id.repo().to_owned();
    let has = |path: &str| repository.file(path).is_some();
    let Some((_, graph)) = Dtype::find(asked, preferred, has) else {
        let there: Vec<Dtype> = preferred
            .into_iter()
            .filter(|&dtype| Dtype::find(Some(dtype), preferred, has).is_some())
            .collect();
        return Err(match asked {
            Some(asked) if !there.is_empty() => HubError::NoDtype { repo: repo(), asked, there },
            _ => HubError::NoGraph { repo: repo() },
        });
    };
    let layout = Layout::find(has);
    if let Some(file) = layout.required().into_iter().find(|path| !has(path)) {
        return Err(HubError::NoFile { repo: repo(), file: file.into() });
    }
    let is_needed =
        |path: &str| layout.required().contains(&path) || path == layout.settings || path == graph;
    let mut files: Vec<&RemoteFile> = repository.files.iter().filter(|file| is_needed(&file.path)).collect();
    files.sort_by_key(|file| file.path != layout.settings);
    Ok((graph, files))
}
