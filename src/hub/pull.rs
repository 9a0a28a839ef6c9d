//! Pulling: the files that a model needs, from the Hub into the cache, each whole or not at all.

use super::{
    Hub, cache,
    download::damage,
    error::HubError,
    id::HubId,
    needed::{has_all, needed},
    repository::{RemoteFile, Repository},
    retry::retry,
};
use crate::engine::{
    dtype::Dtype,
    graph::{GraphError, external_files},
};
use std::path::{Path, PathBuf};

/// Whether a file that is there is the one that the Hub has.
type Check = fn(&Path, &RemoteFile) -> bool;

impl Hub {
    /// Brings a model into the cache and gives its folder there; what is there is not pulled again.
    ///
    /// Of its graphs it takes the one of the precision asked for, or else the first of `preferred`
    /// that there is. A branch is looked up again each time, and so is a commit of which files are missing;
    /// where the Hub cannot be reached, falls silent or takes no request for now, or the cache may only be
    /// read, what was pulled before serves.
    ///
    /// # Errors
    ///
    /// A [`HubError`] that says what to do; what has come so far is kept for the next attempt.
    pub fn pull(&self, id: &HubId, asked: Option<Dtype>, preferred: [Dtype; 3]) -> Result<PathBuf, HubError> {
        let best = asked.or(Some(preferred[0]));
        // A branch is looked up again in any case.
        let commit = id.is_commit().then(|| cache::find(&self.cache, id)).flatten();
        if let Some(folder) = commit.filter(|folder| has_all(folder, best, preferred)) {
            return Ok(folder);
        }
        let cached = || cache::find(&self.cache, id).filter(|folder| has_all(folder, asked, preferred));
        if self.is_offline {
            let is_there = || cache::find(&self.cache, id).is_some_and(|it| has_all(&it, None, preferred));
            return cached().ok_or_else(|| match asked.filter(|_| is_there()) {
                Some(asked) => HubError::NotCachedIn { id: id.to_string(), asked, cache: self.cache.clone() },
                None => self.not_cached(id),
            });
        }
        let error = match self.newest(id, asked, preferred, has_size) {
            Err(error) if error.is_outage() || error.is_read_only() => error,
            done => return done,
        };
        let Some(folder) = cached() else { return Err(error) };
        if error.is_read_only() {
            tracing::warn!(
                model = %id,
                cache = %self.cache.display(),
                "the cache is read-only: using what was pulled before, not what the Hub has now"
            );
        } else {
            tracing::warn!(model = %id, %error, "using what was pulled before");
        }
        Ok(folder)
    }

    /// As [`Hub::pull`], but asks for a commit too, and reads what is there: what is missing or damaged
    /// comes. Nothing serves in place of the Hub.
    ///
    /// # Errors
    ///
    /// As [`Hub::pull`], or [`HubError::Offline`].
    pub fn renew(
        &self,
        id: &HubId,
        asked: Option<Dtype>,
        preferred: [Dtype; 3],
    ) -> Result<PathBuf, HubError> {
        if self.is_offline {
            return Err(HubError::Offline { id: id.to_string() });
        }
        self.newest(id, asked, preferred, is_sound)
    }

    /// Pulls what is missing of the commit that the revision is now, and says so in the cache once all
    /// has come: until then the commit that was pulled before keeps its place.
    fn newest(
        &self,
        id: &HubId,
        asked: Option<Dtype>,
        preferred: [Dtype; 3],
        check: Check,
    ) -> Result<PathBuf, HubError> {
        let repository = self.repository(id)?;
        let (graph, files) = needed(&repository, id, asked, preferred)?;
        for file in files {
            self.fetch(id, &repository, file, check)?;
        }
        for file in self.weights(id, &repository, &graph)? {
            self.fetch(id, &repository, file, check)?;
        }
        if !id.is_commit() {
            let failed = |source| HubError::Cache { cache: self.cache.clone(), source };
            cache::note(&self.cache, id, &repository.commit).map_err(failed)?;
        }
        Ok(cache::snapshot(&self.cache, id, &repository.commit))
    }

    /// The files that a graph which has come leaves its weights to.
    fn weights<'a>(
        &self,
        id: &HubId,
        repository: &'a Repository,
        graph: &str,
    ) -> Result<Vec<&'a RemoteFile>, HubError> {
        let repo = || id.repo().to_owned();
        let folder = cache::snapshot(&self.cache, id, &repository.commit);
        let files = external_files(&folder.join(graph)).map_err(|error| match error {
            GraphError::Unreadable { source, .. } => HubError::Cache { cache: self.cache.clone(), source },
            GraphError::Outside { location, .. } => {
                HubError::Outside { repo: repo(), file: graph.to_owned(), location }
            }
        })?;
        let mut weights = Vec::new();
        for file in &files {
            let path = file.strip_prefix(&folder).unwrap_or(file);
            // Compared as paths: a graph may have "./weights".
            let listed = repository.files.iter().find(|listed| Path::new(&listed.path) == path);
            let missing = || HubError::NoFile { repo: repo(), file: path.display().to_string() };
            weights.push(listed.ok_or_else(missing)?);
        }
        Ok(weights)
    }

    /// Pulls one file, with a few attempts, each going on where the last one broke off.
    fn fetch(
        &self,
        id: &HubId,
        repository: &Repository,
        file: &RemoteFile,
        check: Check,
    ) -> Result<(), HubError> {
        let target = cache::snapshot(&self.cache, id, &repository.commit).join(&file.path);
        if check(&target, file) {
            return Ok(());
        }
        // By the commit, as a branch may move on meanwhile.
        retry(&file.path, || self.download(id, &repository.commit, file))
    }
}

/// By its size alone: to take the checksums of all files at each start would take long.
fn has_size(path: &Path, file: &RemoteFile) -> bool {
    path.metadata().is_ok_and(|there| file.size.is_none_or(|size| size == there.len()))
}

/// By its checksum too.
fn is_sound(path: &Path, file: &RemoteFile) -> bool {
    damage(path, file).is_ok_and(|reason| reason.is_none())
}
