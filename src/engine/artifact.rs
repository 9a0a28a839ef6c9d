//! An artifact: one model's folder, in the layout of the Hugging Face Hub, checked before use.
//!
//! ```text
//! config.json  tokenizer.json  onnx/model_quantized.onnx (model.onnx, model_fp16.onnx)  SHA256SUMS
//! ```
//!
//! What the graph holds is the session's to check, and the tokenizer's file the tokenizer's.

mod config;

pub use config::{ModelConfig, ProblemType};

use super::dtype::Dtype;
use sha2::{Digest, Sha256};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// List of checksums, as `sha256sum` writes it; optional.
const SUMS: &str = "SHA256SUMS";

/// A complete and undamaged model folder.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// Name of the folder.
    pub name: String,
    /// Labels, limits and problem type.
    pub config: ModelConfig,
    /// Path of `tokenizer.json`.
    pub tokenizer: PathBuf,
    folder: PathBuf,
}

/// Why a model folder cannot be used.
#[derive(Debug, Error)]
pub enum ArtifactError {
    /// A file is not there.
    #[error("the model's file {} is missing", file.display())]
    Missing {
        /// The file looked for.
        file: PathBuf,
    },
    /// A file is there but not what it should be.
    #[error("the model's file {} is damaged: {reason}", file.display())]
    Damaged {
        /// The file at fault.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The operating system refused to read a file.
    #[error("the model's file {} cannot be read", file.display())]
    Unreadable {
        /// The file at fault.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Artifact {
    /// Checks that `folder` holds every file, each with its checksum where one is recorded.
    ///
    /// # Errors
    ///
    /// An [`ArtifactError`] that names the first file at fault.
    pub fn open(folder: &Path) -> Result<Self, ArtifactError> {
        let config = ModelConfig::parse(&read(&folder.join("config.json"))?)
            .map_err(|reason| ArtifactError::Damaged { file: folder.join("config.json"), reason })?;
        let tokenizer = folder.join("tokenizer.json");
        if !tokenizer.is_file() {
            return Err(ArtifactError::Missing { file: tokenizer });
        }
        verify(folder)?;
        Ok(Self { name: name(folder), config, tokenizer, folder: folder.into() })
    }

    /// The graph of the precision asked for, or the first of `preferred` that the folder has.
    ///
    /// # Errors
    ///
    /// [`ArtifactError::Missing`], which names the file looked for.
    pub fn graph(
        &self,
        asked: Option<Dtype>,
        preferred: [Dtype; 3],
    ) -> Result<(Dtype, PathBuf), ArtifactError> {
        let file = |dtype: Dtype| self.folder.join(dtype.file());
        let dtype = asked.or_else(|| preferred.into_iter().find(|&dtype| file(dtype).is_file()));
        match dtype.filter(|&dtype| file(dtype).is_file()) {
            Some(dtype) => Ok((dtype, file(dtype))),
            None => Err(ArtifactError::Missing { file: file(dtype.unwrap_or(preferred[0])) }),
        }
    }

    /// The bytes of one of its files.
    ///
    /// # Errors
    ///
    /// [`ArtifactError::Unreadable`] when the system refuses.
    pub fn read(&self, file: &Path) -> Result<Vec<u8>, ArtifactError> {
        read(file)
    }
}

/// Compares every file that `SHA256SUMS` lists with its checksum.
fn verify(folder: &Path) -> Result<(), ArtifactError> {
    let sums = folder.join(SUMS);
    if !sums.is_file() {
        return Ok(());
    }
    let list = String::from_utf8(read(&sums)?)
        .map_err(|_| ArtifactError::Damaged { file: sums.clone(), reason: "it is not text".into() })?;
    for line in list.lines() {
        let Some((sum, path)) = line.split_once("  ") else {
            return Err(ArtifactError::Damaged {
                file: sums,
                reason: "a line is not \"checksum  file\"".into(),
            });
        };
        let file = folder.join(path);
        if hex(&Sha256::digest(read(&file)?)) != sum {
            return Err(ArtifactError::Damaged {
                file,
                reason: format!("its checksum is not the one in {SUMS}"),
            });
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>, ArtifactError> {
    fs::read(file).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => ArtifactError::Missing { file: file.into() },
        _ => ArtifactError::Unreadable { file: file.into(), source },
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The folder's own name, also when it was given as "." or with links.
fn name(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.into());
    folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned()
}
