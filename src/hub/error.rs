//! Why a model could not be pulled, in sentences that say what to do.

use crate::engine::dtype::Dtype;
use std::{io, path::PathBuf};
use thiserror::Error;

/// Why a model could not be had from the Hub.
#[derive(Debug, Error)]
pub enum HubError {
    /// The Hub did not answer.
    #[error(
        "the Hub at {endpoint} cannot be reached ({reason}); models that were pulled before work with HF_HUB_OFFLINE=1"
    )]
    Unreachable {
        /// Address of the Hub.
        endpoint: String,
        /// What went wrong.
        reason: String,
    },
    /// Nothing can be asked at the Hub's address.
    #[error("{endpoint} is no address of a Hub; set HF_ENDPOINT to one that begins with https:// or http://")]
    NoAddress {
        /// What stands for the address.
        endpoint: String,
    },
    /// There is no such model, or it is hidden from this user.
    #[error(
        "the Hub has no model {repo}, or it is private: check its name, or set HF_TOKEN to a token that may read it"
    )]
    NoModel {
        /// `owner/name`.
        repo: String,
    },
    /// The model is there, but its owner has to agree.
    #[error("{repo} is gated: ask for access at {endpoint}/{repo}, then set HF_TOKEN to your token")]
    Gated {
        /// `owner/name`.
        repo: String,
        /// Address of the Hub.
        endpoint: String,
    },
    /// The Hub does not accept the token.
    #[error(
        "the Hub refuses the token for {repo}, that of HF_TOKEN or of a saved login: it has expired, is mistyped or may not read it; make another"
    )]
    TokenRefused {
        /// `owner/name`.
        repo: String,
    },
    /// No request can have the token.
    #[error(
        "the token, that of HF_TOKEN or of a saved login, has a line break or another sign that no token has; set it anew"
    )]
    UnfitToken,
    /// The model has no such revision.
    #[error("{repo} has no revision \"{revision}\"; name a branch, a tag or a commit that it has")]
    NoRevision {
        /// `owner/name`.
        repo: String,
        /// The branch, tag or commit asked for.
        revision: String,
    },
    /// Too many requests.
    #[error("the Hub accepts no more requests for now; try again {}, or set HF_TOKEN for a higher limit", wait(*.seconds))]
    Busy {
        /// How long it asks to wait, where it says.
        seconds: Option<u64>,
    },
    /// A status that is none of these.
    #[error("the Hub answered with status {status} for {what}; try again later")]
    Status {
        /// The HTTP status.
        status: u16,
        /// What was asked for.
        what: String,
    },
    /// The answer is not a Hub's.
    #[error("{endpoint} does not answer as a Hub does ({reason}); check HF_ENDPOINT")]
    NotAHub {
        /// Address of the Hub.
        endpoint: String,
        /// What is wrong with the answer.
        reason: String,
    },
    /// The model cannot be run, as it has no graph.
    #[error(
        "{repo} has no ONNX file; export one with \"optimum-cli export onnx --model {repo} FOLDER\" and give FOLDER to --model"
    )]
    NoGraph {
        /// `owner/name`.
        repo: String,
    },
    /// The model has graphs, but not of the precision asked for.
    #[error("{repo} has no ONNX file in {asked}, only in {}; choose another --dtype", Dtype::list(.there))]
    NoDtype {
        /// `owner/name`.
        repo: String,
        /// The precision asked for.
        asked: Dtype,
        /// The precisions there are.
        there: Vec<Dtype>,
    },
    /// The model lacks another file.
    #[error("{repo} has no {file}, without which it cannot be run here; choose another model")]
    NoFile {
        /// `owner/name`.
        repo: String,
        /// The file.
        file: String,
    },
    /// The model's graph leaves weights to a file that does not lie in its folder.
    #[error("{file} of {repo} leaves its weights to {location:?}, outside its folder; choose another model")]
    Outside {
        /// `owner/name`.
        repo: String,
        /// The graph.
        file: String,
        /// The file of weights, as the graph names it.
        location: String,
    },
    /// The connection broke, more than once.
    #[error(
        "the connection broke while {file} was being pulled ({reason}); the next attempt resumes from there"
    )]
    ConnectionLost {
        /// The file.
        file: String,
        /// What went wrong.
        reason: String,
    },
    /// Nothing has come for a long time.
    #[error("the Hub has sent nothing of {file} for {seconds} seconds; the next attempt resumes from there")]
    TimedOut {
        /// The file.
        file: String,
        /// How long.
        seconds: u64,
    },
    /// A file came, but not the one that the Hub announced.
    #[error("{file} arrived damaged: {reason}; it was deleted, try again")]
    Damaged {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Another process pulls the same file.
    #[error("another process is pulling {file}; try again when it has ended")]
    Locked {
        /// The file.
        file: String,
    },
    /// Only the cache may be used, and it does not have the model.
    #[error("{id} is not in the cache {}; pull it with \"valence model pull {id}\", without HF_HUB_OFFLINE", cache.display())]
    NotCached {
        /// The id asked for.
        id: String,
        /// Folder of the cache.
        cache: PathBuf,
    },
    /// Only the cache may be used, and it has the model in other precisions.
    #[error(
        "{id} is in the cache {}, but not in {asked}; pull that with \"valence model pull {id} --dtype {asked}\", without HF_HUB_OFFLINE",
        cache.display()
    )]
    NotCachedIn {
        /// The id asked for.
        id: String,
        /// The precision asked for.
        asked: Dtype,
        /// Folder of the cache.
        cache: PathBuf,
    },
    /// Only the cache may be used, and the Hub was to be asked.
    #[error(
        "{id} is not pulled, as HF_HUB_OFFLINE is set; unset it, or check what is there with \"valence model verify {id}\""
    )]
    Offline {
        /// The id asked for.
        id: String,
    },
    /// The cache cannot be written.
    #[error("the cache {} cannot be used; make room, or choose another folder with HF_HUB_CACHE", cache.display())]
    Cache {
        /// Folder of the cache.
        cache: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl HubError {
    /// Whether another attempt may succeed without anybody's help.
    pub(super) const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::ConnectionLost { .. } | Self::Busy { .. } | Self::Status { status: 500..=599, .. }
        )
    }

    /// Whether it is the Hub or the way to it that fails, not the model.
    pub(super) const fn is_outage(&self) -> bool {
        self.is_passing() || matches!(self, Self::Unreachable { .. } | Self::TimedOut { .. })
    }

    /// Whether the cache may be read and not written.
    pub(super) fn is_read_only(&self) -> bool {
        use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        matches!(self, Self::Cache { source, .. } if matches!(source.kind(), PermissionDenied | ReadOnlyFilesystem))
    }
}

fn wait(seconds: Option<u64>) -> String {
    seconds.map_or_else(|| "later".into(), |seconds| format!("in {seconds} seconds"))
}
