//! A repository: what the Hub says a model consists of, and the statuses it says so with.

use super::{
    Hub,
    error::HubError,
    id::{self, HubId},
    retry::retry,
};
use http::{HeaderMap, header::RETRY_AFTER};
use serde::Deserialize;

/// The files of a model at one commit.
#[derive(Clone, Debug, Deserialize)]
pub struct Repository {
    /// Full name of the commit.
    #[serde(rename = "sha")]
    pub commit: String,
    /// The files.
    #[serde(rename = "siblings")]
    pub files: Vec<RemoteFile>,
}

/// A file on the Hub.
#[derive(Clone, Debug, Deserialize)]
pub struct RemoteFile {
    /// Its path in the repository.
    #[serde(rename = "rfilename")]
    pub path: String,
    /// Its bytes, where the Hub says.
    pub size: Option<u64>,
    /// What git calls it, or the note in place of a large file, in hexadecimal digits.
    #[serde(rename = "blobId")]
    pub blob_id: Option<String>,
    /// What is known of a large file.
    pub lfs: Option<Lfs>,
}

/// How the Hub knows a large file.
#[derive(Clone, Debug, Deserialize)]
pub struct Lfs {
    /// Its checksum, in hexadecimal digits.
    pub sha256: String,
}

impl RemoteFile {
    /// The checksum that it is known by, where the Hub says: SHA-256 of a large file, git's of others.
    #[must_use]
    pub fn checksum(&self) -> Option<&str> {
        self.lfs.as_ref().map(|lfs| &*lfs.sha256).or(self.blob_id.as_deref())
    }

    /// Whether its checksum, where it has one, can be one: it becomes the name of a file.
    fn is_named_soundly(&self) -> bool {
        let digits = if self.lfs.is_some() { 64 } else { 40 };
        self.checksum().is_none_or(|sum| sum.len() == digits && sum.bytes().all(|b| b.is_ascii_hexdigit()))
    }
}

impl Repository {
    /// The file at this path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&RemoteFile> {
        self.files.iter().find(|file| file.path == path)
    }
}

impl Hub {
    /// Asks what a model consists of; waits where the Hub asks for a little patience.
    ///
    /// # Errors
    ///
    /// A [`HubError`] that says why the Hub does not tell.
    pub fn repository(&self, id: &HubId) -> Result<Repository, HubError> {
        retry(id.repo(), || self.ask(id))
    }

    fn ask(&self, id: &HubId) -> Result<Repository, HubError> {
        let unreachable = |error: ureq::Error| HubError::Unreachable {
            endpoint: self.endpoint.clone(),
            reason: error.to_string(),
        };
        let not_a_hub = |reason: String| HubError::NotAHub { endpoint: self.endpoint.clone(), reason };
        // A branch may have slashes in its name.
        let revision = id.revision().replace('/', "%2F");
        let address = format!("{}/api/models/{}/revision/{revision}?blobs=true", self.endpoint, id.repo());
        let mut response = self.get(&address, 0, Some(self.timeout), unreachable)?;
        if !response.status().is_success() {
            return Err(self.refusal(response.status().as_u16(), response.headers(), id));
        }
        let body = response.body_mut().read_to_vec().map_err(unreachable)?;
        let repository: Repository =
            serde_json::from_slice(&body).map_err(|error| not_a_hub(error.to_string()))?;
        if !id::is_commit(&repository.commit) {
            return Err(not_a_hub("it names no commit".into()));
        }
        if let Some(file) = repository.files.iter().find(|file| !file.is_named_soundly()) {
            return Err(not_a_hub(format!("its checksum of {} is none", file.path)));
        }
        Ok(repository)
    }

    /// What a status means, with the Hub's own `X-Error-Code` where it sends one.
    fn refusal(&self, status: u16, headers: &HeaderMap, id: &HubId) -> HubError {
        let repo = id.repo().to_owned();
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        match (status, text("x-error-code")) {
            (401 | 403, Some("GatedRepo")) => HubError::Gated { repo, endpoint: self.endpoint.clone() },
            (404, Some("RevisionNotFound")) => HubError::NoRevision { repo, revision: id.revision().into() },
            // To who is signed in, a model that is missing or hidden is a 404.
            (401 | 403, _) if self.token.is_some() => HubError::TokenRefused { repo },
            (401 | 403 | 404, _) => HubError::NoModel { repo },
            (429, _) => HubError::Busy { seconds: retry_after(headers) },
            (status, _) => HubError::Status { status, what: id.to_string() },
        }
    }
}

/// The seconds that a refusal asks to wait: by `RateLimit`, as the Hub says it, or else by `Retry-After`.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let renewed = text("ratelimit").and_then(|limits| limits.split(',').filter_map(until_renewed).max());
    renewed.or_else(|| text(RETRY_AFTER.as_str())?.trim().parse().ok())
}

/// The seconds until a limit is renewed, where nothing is left of it: 55 of `"api";r=0;t=55`.
fn until_renewed(limit: &str) -> Option<u64> {
    let number = |name: &str| -> Option<u64> {
        let mut parts = limit.split(';').filter_map(|part| part.split_once('='));
        parts.find(|(key, _)| key.trim() == name)?.1.trim().parse().ok()
    };
    number("t").filter(|_| number("r") == Some(0))
}
