//! Ids: how a model on the Hub is named, `owner/name` or `owner/name@revision`.

use std::{fmt, str::FromStr};
use thiserror::Error;

/// The revision that is meant where none is named.
const MAIN: &str = "main";

/// The most characters of an id without its revision, as the Hub has it.
const MAX_REPO: usize = 96;

/// The most characters of a revision.
const MAX_REVISION: usize = 255;

/// A model's id, which is safe in addresses and paths: no part of it leads elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HubId {
    repo: String,
    revision: Option<String>,
}

/// This is no id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("not a Hub id: owner/name or owner/name@revision")]
pub struct NotAnId;

impl HubId {
    /// `owner/name`.
    #[must_use]
    pub fn repo(&self) -> &str {
        &self.repo
    }

    /// A branch, a tag or a commit.
    #[must_use]
    pub fn revision(&self) -> &str {
        self.revision.as_deref().unwrap_or(MAIN)
    }

    /// Whether the revision is a commit's full name, under which nothing ever changes.
    #[must_use]
    pub fn is_commit(&self) -> bool {
        is_commit(self.revision())
    }
}

/// Whether this is the full name of a commit.
#[must_use]
pub fn is_commit(revision: &str) -> bool {
    revision.len() == 40 && revision.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl FromStr for HubId {
    type Err = NotAnId;

    /// By the rules of `huggingface_hub`'s `validate_repo_id`, but with an owner: a name alone is a folder's,
    /// and the Hub has the few models that once had no owner under one, too.
    fn from_str(id: &str) -> Result<Self, NotAnId> {
        let (repo, revision) = match id.split_once('@') {
            Some((repo, revision)) => (repo, Some(revision)),
            None => (id, None),
        };
        let (owner, name) = repo.split_once('/').ok_or(NotAnId)?;
        let is_sound = repo.len() <= MAX_REPO
            && [owner, name].into_iter().all(is_name)
            && revision
                .is_none_or(|revision| revision.len() <= MAX_REVISION && revision.split('/').all(is_part));
        if !is_sound {
            return Err(NotAnId);
        }
        Ok(Self { repo: repo.into(), revision: revision.map(Into::into) })
    }
}

/// Whether this may be an owner or a model.
fn is_name(part: &str) -> bool {
    is_part(part) && !part.contains("--") && !part.ends_with(['-', '.'])
}

/// Whether this may stand between slashes.
fn is_part(part: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !part.is_empty() && part.bytes().all(is_plain) && !part.contains("..") && !part.starts_with(['-', '.'])
}

impl fmt::Display for HubId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.repo)?;
        match &self.revision {
            Some(revision) => write!(f, "@{revision}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ids_with_and_without_a_revision() {
        let id: HubId =
            "distilbert/distilbert-base-uncased-finetuned-sst-2-english@714eb0f".parse().expect("an id");
        assert_eq!(id.repo(), "distilbert/distilbert-base-uncased-finetuned-sst-2-english");
        assert_eq!(id.revision(), "714eb0f");
        let id: HubId = "some_one/Model.v1-2".parse().expect("an id");
        assert_eq!((id.revision(), id.to_string().as_str()), ("main", "some_one/Model.v1-2"));
        assert!("a/b@refs/pr/1".parse::<HubId>().is_ok());
    }

    #[test]
    fn refuses_what_could_lead_elsewhere() {
        for id in [
            "",
            "a",
            "/a",
            "a/",
            "/etc/passwd",
            "../a",
            "a/..",
            "a/../b",
            "./a",
            "a/b/c",
            "a//b",
            "a/b@",
            "a/b@../c",
            "a/b@/c",
            "a/b@c//d",
            "a/b@-c",
            "a/b?c",
            "a/b#c",
            "a/b%2e",
            "a\\b/c",
            "a/b c",
            "http://a/b",
            "a@b/c@d/..",
            "user:pass@host/a",
            "a/b\0",
            "a--b/c",
            "a/é",
        ] {
            assert_eq!(id.parse::<HubId>(), Err(NotAnId), "{id:?}");
        }
        assert!(format!("a/{}", "b".repeat(95)).parse::<HubId>().is_err());
    }
}
