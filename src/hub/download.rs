//! Downloading: one file from the Hub into the cache.
//!
//! It comes into a file beside the one that it becomes, where a later attempt goes on, and gets its
//! name only when its size and its checksum are those that the Hub announced.

use super::{
    Hub, cache,
    error::HubError,
    id::HubId,
    repository::{RemoteFile, retry_after},
};
use crate::{digest, percent};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Write},
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// How long from one look at what another process has pulled to the next.
const LOOK: Duration = Duration::from_secs(1);

impl Hub {
    /// Brings one file of a commit into the cache, from where an attempt before this one broke off.
    pub(super) fn download(&self, id: &HubId, commit: &str, file: &RemoteFile) -> Result<(), HubError> {
        let failed = |source| HubError::Cache { cache: self.cache.clone(), source };
        // What has no checksum is known by where it comes from.
        let name = file
            .checksum()
            .map_or_else(|| format!("{commit}-{}", file.path.replace('/', "--")), ToOwned::to_owned);
        let blob = cache::blob(&self.cache, id, &name);
        fs::create_dir_all(blob.parent().unwrap_or(&blob)).map_err(failed)?;
        let part = blob.with_file_name(format!("{name}.part"));
        let was_there = blob.is_file();
        let _lock = self.lock(&blob.with_file_name(format!("{name}.lock")), &part, file)?;
        // Another commit may have the same. What another process has brought meanwhile, it has checked.
        let is_there = blob.is_file() && (!was_there || damage(&blob, file).map_err(failed)?.is_none());
        if !is_there {
            self.complete(&part, id, commit, file)?;
            if let Some(reason) = damage(&part, file).map_err(failed)? {
                fs::remove_file(&part).map_err(failed)?;
                return Err(HubError::Damaged { file: file.path.clone(), reason });
            }
            fs::rename(&part, &blob).map_err(failed)?;
        }
        cache::link(&self.cache, id, commit, &file.path, &name).map_err(failed)?;
        tracing::info!(file = file.path, bytes = file.size, "pulled");
        Ok(())
    }

    /// Keeps other processes from the same file, until it is dropped; waits for one that was there before for
    /// as long as its `part` grows.
    fn lock(&self, path: &Path, part: &Path, file: &RemoteFile) -> Result<File, HubError> {
        let failed = |source| HubError::Cache { cache: self.cache.clone(), source };
        let lock = File::create(path).map_err(failed)?;
        let (mut there, mut since) = (None, Instant::now());
        loop {
            match lock.try_lock() {
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(source)) if source.kind() != io::ErrorKind::Unsupported => {
                    return Err(failed(source));
                }
                // Not every file system has such locks.
                Ok(()) | Err(TryLockError::Error(_)) => return Ok(lock),
            }
            // A part that has become the whole file is none any more.
            let now = part.metadata().map_or(0, |part| part.len());
            if there.is_none() {
                tracing::warn!(file = file.path, "another process is pulling this; waiting for it");
            }
            if there != Some(now) {
                (there, since) = (Some(now), Instant::now());
            } else if since.elapsed() >= self.timeout {
                return Err(HubError::Locked { file: file.path.clone() });
            }
            thread::sleep(LOOK);
        }
    }

    /// Asks for what `part` lacks, and appends it.
    fn complete(&self, part: &Path, id: &HubId, commit: &str, file: &RemoteFile) -> Result<(), HubError> {
        let failed = |source| HubError::Cache { cache: self.cache.clone(), source };
        let mut output = File::options().create(true).append(true).open(part).map_err(failed)?;
        let mut there = output.metadata().map_err(failed)?.len();
        if file.size == Some(there) {
            return Ok(());
        }
        if file.size.is_none_or(|size| size < there) {
            there = 0;
        }
        // A graph may give the files of its weights any names.
        let path = percent::path(&file.path);
        let address = format!("{}/{}/resolve/{commit}/{path}", self.endpoint, id.repo());
        let response = self.get(&address, there, None, |error| self.broken(error, file))?;
        match response.status().as_u16() {
            206 => {}
            200 => there = 0,
            // The Hub has listed the files, as it does of a gated model for everybody.
            401 | 403 => {
                return Err(HubError::Gated { repo: id.repo().into(), endpoint: self.endpoint.clone() });
            }
            429 => return Err(HubError::Busy { seconds: retry_after(response.headers()) }),
            status => return Err(HubError::Status { status, what: file.path.clone() }),
        }
        output.set_len(there).map_err(failed)?;
        let bar = bar(file, there);
        // One byte too many shows that it is another file.
        let rest = file.size.map_or(u64::MAX, |size| (size - there).saturating_add(1));
        let mut input = response.into_body().into_reader().take(rest);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = input.read(&mut buffer).map_err(|error| self.broken(error.into(), file))?;
            if count == 0 {
                bar.finish();
                return Ok(());
            }
            output.write_all(&buffer[..count]).map_err(failed)?;
            bar.inc(count as u64);
        }
    }

    /// What it means that a request for a file failed.
    fn broken(&self, error: ureq::Error, file: &RemoteFile) -> HubError {
        let path = file.path.clone();
        match error {
            ureq::Error::Timeout(_) => HubError::TimedOut { file: path, seconds: self.timeout.as_secs() },
            error => HubError::ConnectionLost { file: path, reason: error.to_string() },
        }
    }
}

/// What is wrong with a file that has come, compared with the one that was announced.
pub(super) fn damage(path: &Path, file: &RemoteFile) -> io::Result<Option<String>> {
    let size = path.metadata()?.len();
    if let Some(expected) = file.size.filter(|&expected| expected != size) {
        return Ok(Some(format!("it has {size} bytes, where the Hub says {expected}")));
    }
    let Some(sum) = file.checksum() else { return Ok(None) };
    let actual = match file.lfs {
        Some(_) => digest::sha256_of_file(path)?,
        None => digest::git_sha1_of_file(path)?,
    };
    Ok((sum != actual).then(|| "its checksum is not the Hub's".into()))
}

/// Shows at a terminal how much of a file has come.
fn bar(file: &RemoteFile, there: u64) -> ProgressBar {
    let style = ProgressStyle::with_template(
        "{msg} [{elapsed_precise}] [{wide_bar}] {bytes}/{total_bytes} {bytes_per_sec} ({eta})",
    )
    .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = file.size.map_or_else(ProgressBar::no_length, ProgressBar::new);
    bar.with_style(style).with_message(file.path.clone()).with_position(there)
}
