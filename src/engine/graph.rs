//! A graph: an ONNX file with the files that it leaves its weights to, read but not yet loaded.

use super::onnx;
use bytes::Bytes;
use memchr::memmem;
use std::{
    fs, io,
    path::{Component, Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};
use thiserror::Error;

/// Operators that quantise activations while they run, with one scale for a whole tensor: in a
/// batch, each text's answer then depends on the others.
const ONE_SCALE_A_BATCH: [&str; 2] = ["DynamicQuantizeLinear", "DynamicQuantizeMatMul"];

/// Field 4 of ONNX's `NodeProto`, `op_type`, as protobuf writes it: number and wire type in a byte.
const OP_TYPE: u8 = 4 << 3 | 2;

/// What tells a file from the one that was there before, without reading it: length and time of change.
pub type Stamp = (u64, SystemTime);

/// The content of an ONNX file and of its external data.
#[derive(Clone, Debug)]
pub struct Graph {
    /// Where it was read from.
    pub file: PathBuf,
    /// The ONNX file.
    pub bytes: Bytes,
    /// The files of weights, by the paths from its folder under which it names them.
    pub external: Vec<(String, Arc<[u8]>)>,
    /// The file's own, then those of its weights.
    pub stamps: Vec<Stamp>,
}

/// Why a graph cannot be read, or the files that it leaves its weights to.
#[derive(Debug, Error)]
pub enum GraphError {
    /// The operating system does not read one of the files.
    #[error("{} cannot be read", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It leaves weights to a file that does not lie in its folder.
    #[error("{} leaves its weights to {location:?}, outside its folder", file.display())]
    Outside {
        /// The graph's file.
        file: PathBuf,
        /// The file of weights, as the graph names it.
        location: String,
    },
}

impl Graph {
    /// Reads an ONNX file, and the files that it leaves its weights to.
    ///
    /// # Errors
    ///
    /// A [`GraphError`] that names the first file at fault.
    pub fn read(file: &Path) -> Result<Self, GraphError> {
        let (bytes, stamp) = read(file)?;
        let bytes = Bytes::from(bytes);
        let mut stamps = vec![stamp];
        let mut external = Vec::new();
        for location in onnx::locations(bytes.clone()) {
            let (weights, stamp) = read(&inside(file, &location)?)?;
            stamps.push(stamp);
            external.push((location, weights.into()));
        }
        Ok(Self { file: file.to_owned(), bytes, external, stamps })
    }

    /// The folder that its file is in, never an empty path.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        Path::new(".").join(self.file.with_file_name(""))
    }

    /// Whether texts may share a batch without changing each other's answers, as far as its operators go.
    ///
    /// The file is searched, not parsed: an operator's name with its field number and length in
    /// front appears in it exactly where a node is of that type.
    #[must_use]
    pub fn may_be_batched(&self) -> bool {
        ONE_SCALE_A_BATCH.iter().all(|operator| {
            let mut field = vec![OP_TYPE, operator.len() as u8];
            field.extend_from_slice(operator.as_bytes());
            memmem::find(&self.bytes, &field).is_none()
        })
    }
}

/// The stamp is taken first: a change while the file is read makes it another file.
fn read(file: &Path) -> Result<(Vec<u8>, Stamp), GraphError> {
    let read = || {
        let metadata = fs::metadata(file)?;
        Ok((fs::read(file)?, (metadata.len(), metadata.modified()?)))
    };
    read().map_err(|source| GraphError::Unreadable { file: file.to_owned(), source })
}

/// The files that an ONNX file leaves its weights to, whether they are there or not, in the same order
/// each time.
///
/// # Errors
///
/// A [`GraphError`] where the ONNX file cannot be read or leaves weights to a file outside its folder.
pub fn external_files(file: &Path) -> Result<Vec<PathBuf>, GraphError> {
    let (bytes, _) = read(file)?;
    onnx::locations(bytes.into()).iter().map(|location| inside(file, location)).collect()
}

/// The file at a location that a graph names: whoever wrote the graph is not to choose what else of this
/// machine is read.
fn inside(graph: &Path, location: &str) -> Result<PathBuf, GraphError> {
    let file = graph.with_file_name(location);
    let is_below =
        Path::new(location).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if is_below && !leads_out(&file, graph) {
        Ok(file)
    } else {
        Err(GraphError::Outside { file: graph.to_owned(), location: location.to_owned() })
    }
}

/// Whether links lead from a file out of the graph's folder and of the one where the graph's own lies,
/// which in the Hub's cache is a link too. A file that is missing leads nowhere.
fn leads_out(file: &Path, graph: &Path) -> bool {
    let Ok(real) = file.canonicalize() else { return false };
    let folder = graph.with_file_name("").canonicalize();
    let own = graph.canonicalize().map(|graph| graph.with_file_name(""));
    ![folder, own].into_iter().flatten().any(|folder| real.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Scratch;
    use std::os::unix::fs::symlink;

    #[test]
    fn knows_a_node_from_a_name() {
        let may_be_batched = |bytes: &[u8]| {
            let bytes = Bytes::copy_from_slice(bytes);
            Graph { file: PathBuf::new(), bytes, external: Vec::new(), stamps: Vec::new() }.may_be_batched()
        };
        assert!(!may_be_batched(b"..\x22\x15DynamicQuantizeLinear.."));
        assert!(may_be_batched(b"..\x0a\x20/DynamicQuantizeLinear_output.."));
        assert!(may_be_batched(b"\x22\x06MatMul"));
    }

    #[test]
    fn weights_are_in_the_graphs_folder_and_no_link_leads_out_of_it() {
        let home = Scratch::new();
        let (folder, blobs) = (home.join("snapshots/onnx"), home.join("blobs"));
        fs::create_dir_all(folder.join("weights")).expect("folders");
        fs::create_dir_all(&blobs).expect("a folder");
        for file in [blobs.join("graph"), blobs.join("weights"), home.join("secret")] {
            fs::write(file, "").expect("a file");
        }
        let link = |to: &str, name: &str| symlink(to, folder.join(name)).expect("a link");
        // As in the Hub's cache.
        link("../../blobs/graph", "model.onnx");
        link("../../blobs/weights", "model.onnx_data");
        link("../../secret", "secret");
        link("../..", "up");

        let graph = folder.join("model.onnx");
        for location in ["model.onnx_data", "./model.onnx_data", "weights/none.bin"] {
            assert_eq!(inside(&graph, location).ok(), Some(folder.join(location)));
        }
        for location in ["../model.onnx", "weights/../x", "/etc/passwd", "secret", "up/secret"] {
            let refused = inside(&graph, location);
            assert!(matches!(refused, Err(GraphError::Outside { .. })), "{location}: {refused:?}");
        }
    }
}
