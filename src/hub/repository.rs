//! A repository: what the Hub says a model consists of, and the statuses it says so with.

use super::{
    Hub,
    error::HubError,
    id::{self, HubId},
    repo,
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
    /// What is known of a large file.
    pub lfs: Option<Lfs>,
}

/// How the Hub knows a large file.
#[derive(Clone, Debug, Deserialize)]
pub struct Lfs {
    /// Its checksum, in hexadecimal digits.
    pub sha256: String,
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
        let request = self.api()?.repo(repo(id, id.revision())).info_request().query("blobs", "true");
        let request = request.config().http_status_as_error(false).timeout_global(Some(self.timeout)).build();
        let mut response = request.call().map_err(unreachable)?;
        if !response.status().is_success() {
            return Err(self.refusal(response.status().as_u16(), response.headers(), id));
        }
        let body = response.body_mut().read_to_vec().map_err(unreachable)?;
        let repository: Repository =
            serde_json::from_slice(&body).map_err(|error| not_a_hub(error.to_string()))?;
        if !id::is_commit(&repository.commit) {
            return Err(not_a_hub("it names no commit".into()));
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
            (429, _) => HubError::Busy {
                seconds: text(RETRY_AFTER.as_str()).and_then(|text| text.trim().parse().ok()),
            },
            (status, _) => HubError::Status { status, what: id.to_string() },
        }
    }
}
