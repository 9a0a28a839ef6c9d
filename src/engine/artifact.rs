//! An artifact: one model's folder, in the layout of the Hugging Face Hub, whose files are checked
//! before they are used.
//!
//! ```text
//! config.json  tokenizer.json  tokenizer_config.json  onnx/model_quantized.onnx …  SHA256SUMS
//! ```
//!
//! `tokenizer_config.json` and `SHA256SUMS` may be missing; [`Dtype`] knows the graph's names. The
//! session checks the graph, the tokenizer its own file.

mod config;
mod error;
mod layout;
mod tokenizer_config;

pub use config::{ModelConfig, ProblemType};
pub use error::ArtifactError;
pub use layout::Layout;
pub use tokenizer_config::{SpecialTokens, TokenizerConfig};

use super::{
    dtype::Dtype,
    graph::{Graph, external_files},
};
use crate::digest;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// List of checksums, as `sha256sum` writes it; optional.
const SUMS: &str = "SHA256SUMS";

/// A model folder whose configuration and tokenizer are complete and undamaged.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// Name of the folder, or the id of a model from the Hub.
    pub name: String,
    /// Commit of a model from the Hub.
    pub revision: Option<String>,
    /// Labels, limits and problem type.
    pub config: ModelConfig,
    /// Path of `tokenizer.json`.
    pub tokenizer: PathBuf,
    /// The most tokens that the model reads at once, special tokens included.
    pub max_tokens: usize,
    /// What the files call the tokens that fill up and hide.
    pub special: SpecialTokens,
    folder: PathBuf,
    layout: Layout,
    /// The files of the folder's list, with their checksums.
    sums: Vec<(PathBuf, String)>,
}

impl Artifact {
    /// Checks that `folder` holds what is read of it, each file with its checksum where one is
    /// recorded; a graph is checked by [`Artifact::read`]. What nothing reads, such as the model's
    /// card, is left to `valence model verify`: a card that was edited keeps no model from running.
    ///
    /// # Errors
    ///
    /// An [`ArtifactError`] that names the first file at fault.
    pub fn open(folder: &Path) -> Result<Self, ArtifactError> {
        let sums = checksums(folder)?;
        let layout = Layout::find(|file| folder.join(file).is_file());
        let file = folder.join(layout.config);
        verify(&sums, |listed| listed == file)?;
        let config =
            ModelConfig::parse(&read(&file)?).map_err(|reason| ArtifactError::Damaged { file, reason })?;
        let tokenizer = folder.join(layout.tokenizer);
        if !tokenizer.is_file() {
            return Err(ArtifactError::Missing { file: tokenizer });
        }
        let file = folder.join(layout.settings);
        verify(&sums, |listed| listed == tokenizer || listed == file)?;
        let settings = if file.is_file() {
            TokenizerConfig::parse(&read(&file)?).map_err(|reason| ArtifactError::Damaged { file, reason })?
        } else {
            TokenizerConfig::default()
        };
        Ok(Self {
            name: name(folder),
            revision: None,
            max_tokens: config.max_tokens().min(settings.max_tokens.unwrap_or(usize::MAX)),
            special: SpecialTokens { pad_id: config.pad(), ..settings.special },
            config,
            tokenizer,
            folder: folder.into(),
            layout,
            sums,
        })
    }

    /// The graph of the precision asked for, or the first of `preferred` that the folder has.
    ///
    /// # Errors
    ///
    /// [`ArtifactError::NoDtype`] where there are others than the one asked for;
    /// [`ArtifactError::Missing`], which names the file looked for, where there is none.
    pub fn graph(
        &self,
        asked: Option<Dtype>,
        preferred: [Dtype; 3],
    ) -> Result<(Dtype, PathBuf), ArtifactError> {
        if let Some((dtype, file)) = Dtype::find(asked, preferred, |file| self.folder.join(file).is_file()) {
            return Ok((dtype, self.folder.join(file)));
        }
        let there = self.dtypes();
        Err(match asked {
            Some(asked) if !there.is_empty() => {
                ArtifactError::NoDtype { folder: self.folder.clone(), asked, there }
            }
            _ => {
                let best = asked.unwrap_or(preferred[0]).files().next().unwrap_or_default();
                ArtifactError::Missing { file: self.folder.join(best) }
            }
        })
    }

    /// The precisions that the folder has.
    #[must_use]
    pub fn dtypes(&self) -> Vec<Dtype> {
        let exists = |dtype: &Dtype| dtype.files().any(|file| self.folder.join(file).is_file());
        Dtype::ON_CPU.into_iter().filter(exists).collect()
    }

    /// Every file that the model with this graph is made of, the same in the same order each time.
    ///
    /// # Errors
    ///
    /// As [`external_files`].
    pub fn files(&self, graph: &Path) -> Result<Vec<PathBuf>, ArtifactError> {
        let external = external_files(graph)?;
        let settings = Some(self.folder.join(self.layout.settings)).filter(|file| file.is_file());
        let mut files = vec![self.folder.join(self.layout.config), self.tokenizer.clone()];
        files.extend(settings);
        files.push(graph.to_owned());
        files.extend(external);
        Ok(files)
    }

    /// Reads one of its graphs, after a look at the checksums of its files.
    ///
    /// # Errors
    ///
    /// An [`ArtifactError`] that names the first file at fault.
    pub fn read(&self, file: &Path) -> Result<Graph, ArtifactError> {
        // Before it is believed where its weights are.
        verify(&self.sums, |listed| listed == file)?;
        let graph = Graph::read(file)?;
        // Compared as paths: a list, and a graph, may have "./weights".
        let is_weights = |listed: &Path| {
            graph.external.iter().any(|(location, _)| listed == file.with_file_name(location))
        };
        verify(&self.sums, is_weights)?;
        Ok(graph)
    }
}

/// Compares those of the listed files that are meant with their checksums.
fn verify(sums: &[(PathBuf, String)], is_meant: impl Fn(&Path) -> bool) -> Result<(), ArtifactError> {
    for (file, sum) in sums.iter().filter(|(file, _)| is_meant(file)) {
        if digest::sha256_of_file(file).map_err(unreadable(file))? != *sum {
            let reason = format!("its checksum is not the one in {SUMS}");
            return Err(ArtifactError::Damaged { file: file.clone(), reason });
        }
    }
    Ok(())
}

/// The files that `SHA256SUMS` lists, with their checksums; none where there is no such list.
///
/// # Errors
///
/// [`ArtifactError::Damaged`] for a line that is not a checksum and a file.
pub fn checksums(folder: &Path) -> Result<Vec<(PathBuf, String)>, ArtifactError> {
    let sums = folder.join(SUMS);
    if !sums.is_file() {
        return Ok(Vec::new());
    }
    let damaged = |reason: &str| ArtifactError::Damaged { file: sums.clone(), reason: reason.into() };
    let list = String::from_utf8(read(&sums)?).map_err(|_| damaged("it is not text"))?;
    list.lines()
        .map(|line| {
            // An asterisk marks a file that was read as binary.
            let parts =
                line.split_once(' ').and_then(|(sum, path)| Some((sum, path.strip_prefix([' ', '*'])?)));
            let (sum, path) = parts.ok_or_else(|| damaged("a line is not \"checksum  file\""))?;
            Ok((folder.join(path), sum.to_owned()))
        })
        .collect()
}

fn read(file: &Path) -> Result<Vec<u8>, ArtifactError> {
    fs::read(file).map_err(unreadable(file))
}

fn unreadable(file: &Path) -> impl Fn(io::Error) -> ArtifactError {
    move |source| match source.kind() {
        io::ErrorKind::NotFound => ArtifactError::Missing { file: file.into() },
        _ => ArtifactError::Unreadable { file: file.into(), source },
    }
}

/// The folder's own name, also when it was given as "." or with links.
fn name(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.into());
    folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned()
}
