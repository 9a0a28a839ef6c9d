//! The site: the page's files by their names, inside the program or in a folder.
//!
//! Which of them a page loads, and for how long browsers keep them, is `assets`' to say.

use rust_embed::EmbeddedFile;
use std::{
    borrow::Cow,
    fmt, fs,
    path::{Component, Path, PathBuf},
};

/// Where the files are.
#[derive(Clone)]
pub enum Site {
    /// In the program, which looks them up with this.
    Embedded(fn(&str) -> Option<EmbeddedFile>),
    /// In a folder, where they change while somebody works on them.
    Folder(PathBuf),
}

impl Site {
    /// The content of a file, if there is one of this name: `favicon.svg`, `pkg/…`.
    ///
    /// Of a folder, it blocks for as long as the disk does.
    #[must_use]
    pub fn read(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            Self::Embedded(get) => get(name).map(|file| file.data),
            Self::Folder(folder) => {
                let name = Path::new(name);
                let stays = name.components().all(|part| matches!(part, Component::Normal(_)));
                stays.then(|| fs::read(folder.join(name)).ok()).flatten().map(Cow::Owned)
            }
        }
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded(_) => f.write_str("Embedded"),
            Self::Folder(folder) => f.debug_tuple("Folder").field(folder).finish(),
        }
    }
}
