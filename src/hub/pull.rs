//! Pulling: the files that a model needs, from the Hub into the cache, each whole or not at all.

use super::{
    Hub, cache,
    error::HubError,
    id::HubId,
    needed::{has_all, needed},
    repo,
    repository::{RemoteFile, Repository},
    retry::retry,
};
use crate::{digest, engine::dtype::Dtype};
use hf_hub::{
    Cache,
    api::{Progress, sync::ApiError},
};
use indicatif::ProgressBar;
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::mpsc::{self, Sender},
    thread,
};

impl Hub {
    /// Brings a model into the cache and gives its folder there; what is there is not pulled again.
    ///
    /// Of its graphs it takes the one of the precision asked for, or else the first of `preferred`
    /// that there is. A branch is looked up again each time, and so is a commit of which files are missing;
    /// where the Hub cannot be reached, falls silent or takes no request for now, what was pulled before
    /// serves.
    ///
    /// # Errors
    ///
    /// A [`HubError`] that says what to do; what has come so far is kept for the next attempt.
    pub fn pull(&self, id: &HubId, asked: Option<Dtype>, preferred: [Dtype; 3]) -> Result<PathBuf, HubError> {
        let best = asked.or(Some(preferred[0]));
        // A branch is looked up again in any case.
        let commit = id.is_commit().then(|| cache::find(&self.cache, id)).flatten();
        match commit.filter(|folder| has_all(folder, best, preferred)) {
            Some(folder) => Ok(folder),
            None => self.renew(id, asked, preferred),
        }
    }

    /// As [`Hub::pull`], but asks for a commit too: what of it is missing here comes.
    ///
    /// # Errors
    ///
    /// As [`Hub::pull`].
    pub fn renew(
        &self,
        id: &HubId,
        asked: Option<Dtype>,
        preferred: [Dtype; 3],
    ) -> Result<PathBuf, HubError> {
        let cached = || cache::find(&self.cache, id).filter(|folder| has_all(folder, asked, preferred));
        if self.is_offline {
            return cached().ok_or_else(|| self.not_cached(id));
        }
        let error = match self.newest(id, asked, preferred) {
            Err(error) if error.is_outage() => error,
            done => return done,
        };
        let Some(folder) = cached() else { return Err(error) };
        tracing::warn!(model = %id, %error, "using what was pulled before");
        Ok(folder)
    }

    /// Pulls what is missing of the commit that the revision is now, and says so in the cache once all
    /// has come: until then the commit that was pulled before keeps its place.
    fn newest(&self, id: &HubId, asked: Option<Dtype>, preferred: [Dtype; 3]) -> Result<PathBuf, HubError> {
        let repository = self.repository(id)?;
        for file in needed(&repository, id, asked, preferred)? {
            self.fetch(id, &repository, file)?;
        }
        let failed = |source| HubError::Cache { cache: self.cache.clone(), source };
        let repo = Cache::new(self.cache.clone()).repo(repo(id, id.revision()));
        if !id.is_commit() {
            repo.create_ref(&repository.commit).map_err(failed)?;
        }
        Ok(cache::snapshot(&self.cache, id, &repository.commit))
    }

    /// Pulls one file, with a few attempts, each going on where the last one broke off.
    fn fetch(&self, id: &HubId, repository: &Repository, file: &RemoteFile) -> Result<(), HubError> {
        let target = cache::snapshot(&self.cache, id, &repository.commit).join(&file.path);
        if target.metadata().is_ok_and(|there| file.size.is_none_or(|size| size == there.len())) {
            return Ok(());
        }
        let path = retry(&file.path, || self.download(id, &repository.commit, file))?;
        if path != target {
            let reason = format!("{} comes from another commit than {}", file.path, repository.commit);
            return Err(HubError::NotAHub { endpoint: self.endpoint.clone(), reason });
        }
        check(&target, file)
    }

    /// Downloads in a thread of its own, which is left behind where the Hub falls silent: `hf-hub`
    /// would wait for ever. It asks for the commit, as `hf-hub` notes with each file that a branch has
    /// come to its commit.
    fn download(&self, id: &HubId, commit: &str, file: &RemoteFile) -> Result<PathBuf, HubError> {
        let repo = self.api()?.repo(repo(id, commit));
        let (signals, signal) = mpsc::channel();
        let (path, watch) = (file.path.clone(), Watch { signals: signals.clone(), bar: ProgressBar::new(0) });
        thread::spawn(move || {
            let done = repo.download_with_progress(&path, watch);
            // Nobody listens any more where the timeout was shorter.
            let _ = signals.send(Signal::Done(done));
        });
        loop {
            match signal.recv_timeout(self.timeout) {
                Ok(Signal::Alive) => {}
                Ok(Signal::Done(done)) => return done.map_err(|error| self.download_error(error, id, file)),
                Err(_) => {
                    let seconds = self.timeout.as_secs();
                    return Err(HubError::TimedOut { file: file.path.clone(), seconds });
                }
            }
        }
    }

    fn download_error(&self, error: ApiError, id: &HubId, file: &RemoteFile) -> HubError {
        let path = file.path.clone();
        match error {
            ApiError::RequestError(error) => match *error {
                // The Hub has listed the files, as it does of a gated model for everybody.
                ureq::Error::StatusCode(401 | 403) => {
                    HubError::Gated { repo: id.repo().into(), endpoint: self.endpoint.clone() }
                }
                // `hf-hub` keeps no header of a refusal, so that none says how long to wait.
                ureq::Error::StatusCode(429) => HubError::Busy { seconds: None },
                ureq::Error::StatusCode(status) => HubError::Status { status, what: path },
                error => HubError::ConnectionLost { file: path, reason: error.to_string() },
            },
            ApiError::IoError(source) if is_local(&source) => {
                HubError::Cache { cache: self.cache.clone(), source }
            }
            ApiError::IoError(source) => HubError::ConnectionLost { file: path, reason: source.to_string() },
            ApiError::LockAcquisition(_) => HubError::Locked { file: path },
            error => HubError::NotAHub { endpoint: self.endpoint.clone(), reason: error.to_string() },
        }
    }
}

/// Throws a file away that is not the one that was announced.
fn check(path: &Path, file: &RemoteFile) -> Result<(), HubError> {
    let unreadable = |source| HubError::Cache { cache: path.into(), source };
    let size = path.metadata().map_err(unreadable)?.len();
    let wrong_size = file.size.filter(|&expected| expected != size);
    let reason = match (wrong_size, &file.lfs) {
        (Some(expected), _) => format!("it has {size} bytes, where the Hub says {expected}"),
        (None, Some(lfs)) if digest::sha256_of_file(path).map_err(unreadable)? != lfs.sha256 => {
            "its checksum is not the Hub's".to_owned()
        }
        _ => {
            tracing::info!(file = file.path, bytes = size, "pulled");
            return Ok(());
        }
    };
    for path in [path.canonicalize().map_err(unreadable)?, path.to_owned()] {
        fs::remove_file(path).map_err(unreadable)?;
    }
    Err(HubError::Damaged { file: file.path.clone(), reason })
}

/// Whether an error is this machine's, not the connection's.
fn is_local(error: &io::Error) -> bool {
    use io::ErrorKind::{
        FileTooLarge, IsADirectory, NotADirectory, NotFound, PermissionDenied, QuotaExceeded,
        ReadOnlyFilesystem, StorageFull,
    };
    let kinds = [
        FileTooLarge,
        IsADirectory,
        NotADirectory,
        NotFound,
        PermissionDenied,
        QuotaExceeded,
        ReadOnlyFilesystem,
        StorageFull,
    ];
    kinds.contains(&error.kind())
}

/// What a download tells while it runs and at its end.
enum Signal {
    Alive,
    Done(Result<PathBuf, ApiError>),
}

/// Passes progress on, to a terminal if there is one.
struct Watch {
    signals: Sender<Signal>,
    bar: ProgressBar,
}

impl Progress for Watch {
    fn init(&mut self, size: usize, filename: &str) {
        Progress::init(&mut self.bar, size, filename);
    }

    fn update(&mut self, size: usize) {
        Progress::update(&mut self.bar, size);
        let _ = self.signals.send(Signal::Alive);
    }

    fn finish(&mut self) {
        Progress::finish(&mut self.bar);
    }
}
