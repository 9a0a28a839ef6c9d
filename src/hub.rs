//! The Hugging Face Hub: models by their ids, pulled once into the cache that Python's
//! `huggingface_hub` uses too.
//!
//! ```text
//! HubId → repository (what there is) → pull (what is needed) → snapshot folder → loading
//! ```
//!
//! Everything blocks.

pub mod cache;
mod client;
mod download;
pub mod error;
pub mod id;
mod needed;
pub mod pull;
pub mod repository;
pub mod retry;
pub mod verify;

use error::HubError;
use id::HubId;
use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// Where models come from where `HF_ENDPOINT` names no other place.
const ENDPOINT: &str = "https://huggingface.co";

/// Longer silences end a download.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A Hub and the cache for what comes from it.
#[derive(Clone, Debug)]
pub struct Hub {
    /// Address of the Hub, without a slash at its end.
    pub endpoint: String,
    /// Folder of the cache.
    pub cache: PathBuf,
    /// The user's token, for private and gated models.
    pub token: Option<String>,
    /// Whether only the cache may be used.
    pub is_offline: bool,
    /// How long the Hub may be silent.
    pub timeout: Duration,
}

impl Hub {
    /// The Hub that the environment names, by the variables of `huggingface_hub`: `HF_ENDPOINT`,
    /// `HF_HUB_CACHE`, `HF_HOME`, `XDG_CACHE_HOME`, `HF_TOKEN`, `HF_TOKEN_PATH`,
    /// `HF_HUB_OFFLINE`.
    #[must_use]
    pub fn from_env() -> Self {
        let own = env::home_dir().unwrap_or_else(env::temp_dir);
        let path = |name| variable(name).map(|path| expanded(&path, &own));
        let home = path("HF_HOME").unwrap_or_else(|| {
            path("XDG_CACHE_HOME").unwrap_or_else(|| own.join(".cache")).join("huggingface")
        });
        let saved = || fs::read_to_string(path("HF_TOKEN_PATH").unwrap_or_else(|| home.join("token"))).ok();
        let token = variable("HF_TOKEN").or_else(saved).map(|token| token.trim().to_owned());
        let is_offline = variable("HF_HUB_OFFLINE")
            .is_some_and(|value| ["1", "ON", "YES", "TRUE"].contains(&&*value.to_uppercase()));
        Self {
            endpoint: variable("HF_ENDPOINT").unwrap_or_else(|| ENDPOINT.into()).trim_end_matches('/').into(),
            cache: path("HF_HUB_CACHE").unwrap_or_else(|| home.join("hub")),
            token: token.filter(|token| !token.is_empty()),
            is_offline,
            timeout: TIMEOUT,
        }
    }

    /// The folder of a model in the cache; nothing is pulled.
    ///
    /// # Errors
    ///
    /// [`HubError::NotCached`].
    pub fn cached(&self, id: &HubId) -> Result<PathBuf, HubError> {
        cache::find(&self.cache, id).ok_or_else(|| self.not_cached(id))
    }

    fn not_cached(&self, id: &HubId) -> HubError {
        HubError::NotCached { id: id.to_string(), cache: self.cache.clone() }
    }
}

/// A path with the user's own folder in place of a `~` at its beginning, which no shell has replaced in a
/// Compose or unit file.
fn expanded(path: &str, own: &Path) -> PathBuf {
    Path::new(path).strip_prefix("~").map_or_else(|_| path.into(), |rest| own.join(rest))
}

/// An environment variable that is set to something.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    // A folder "~" was made.
    #[test]
    fn the_users_own_folder_is_meant_by_its_sign() {
        let expanded = |path| expanded(path, Path::new("/home/user"));
        assert_eq!(expanded("~/models"), Path::new("/home/user/models"));
        assert_eq!(expanded("~"), Path::new("/home/user"));
        for other in ["/models", "models/~", "~user/models"] {
            assert_eq!(expanded(other), Path::new(other));
        }
    }
}
