//! Sources: where a model is, as `--model` names it.

use super::locate;
use crate::hub::{Hub, error::HubError, id::HubId};
use std::{
    convert::Infallible,
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

/// A folder here, or a model on the Hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelSource {
    /// A folder in the layout of the Hub.
    Folder(PathBuf),
    /// An id on the Hub.
    Hub(HubId),
}

impl ModelSource {
    /// The folder, of a model that is here.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) => Some(folder),
            Self::Hub(_) => None,
        }
    }

    /// The folder of a model that is here or in the cache of `hub`; nothing is pulled.
    ///
    /// # Errors
    ///
    /// [`HubError::NotCached`].
    pub fn cached(&self, hub: &Hub) -> Result<PathBuf, HubError> {
        match self {
            Self::Folder(folder) => Ok(folder.clone()),
            Self::Hub(id) => hub.cached(id),
        }
    }
}

impl FromStr for ModelSource {
    type Err = Infallible;

    /// A folder that exists is meant before the bundled model or an id of the same name; what is no id is
    /// a folder. Several stand in one variable with commas, after which people write a space.
    fn from_str(source: &str) -> Result<Self, Infallible> {
        let source = source.trim();
        if Path::new(source).is_dir() {
            return Ok(Self::Folder(source.into()));
        }
        if source == locate::MODEL {
            return Ok(Self::Folder(locate::model()));
        }
        Ok(source.parse().map_or_else(|_| Self::Folder(source.into()), Self::Hub))
    }
}

impl From<PathBuf> for ModelSource {
    fn from(folder: PathBuf) -> Self {
        Self::Folder(folder)
    }
}

impl fmt::Display for ModelSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Hub(id) => id.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_exists_goes_before_an_id() {
        let source = |name: &str| name.parse::<ModelSource>().expect("always a source");
        assert_eq!(source("src/hub"), ModelSource::Folder("src/hub".into()));
        assert!(matches!(source("src/no-such-folder"), ModelSource::Hub(_)));
        assert_eq!(source(" src/no-such-folder"), source("src/no-such-folder"));
        assert_eq!(source("/nowhere"), ModelSource::Folder("/nowhere".into()));
        assert_eq!(source("../nowhere/x"), ModelSource::Folder("../nowhere/x".into()));
    }
}
