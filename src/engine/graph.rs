//! A graph: an ONNX file with the weights that lie beside it, read but not yet loaded.

use bytes::Bytes;
use memchr::memmem;
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

/// Operators that quantise activations while they run, with one scale for a whole tensor: in a
/// batch, each text's answer then depends on the others.
const ONE_SCALE_A_BATCH: [&str; 2] = ["DynamicQuantizeLinear", "DynamicQuantizeMatMul"];

/// Field 4 of ONNX's `NodeProto`, `op_type`, as protobuf writes it: number and wire type in a byte.
const OP_TYPE: u8 = 4 << 3 | 2;

/// How exporters go on from the graph's own name in those of the files with its weights, which
/// may be several: `model.onnx_data`, `model.onnx_data_1`, `model.onnx.data`.
const EXTERNAL: [&str; 2] = ["_data", ".data"];

/// What tells a file from the one that was there before, without reading it: length and time of change.
pub type Stamp = (u64, SystemTime);

/// The content of an ONNX file and of its external data.
#[derive(Clone, Debug)]
pub struct Graph {
    /// Where it was read from.
    pub file: PathBuf,
    /// The ONNX file.
    pub bytes: Bytes,
    /// The files of weights that it names, by their names.
    pub external: Vec<(PathBuf, Arc<[u8]>)>,
    /// Those of the file and of its weights, sorted.
    pub stamps: Vec<Stamp>,
}

impl Graph {
    /// Reads an ONNX file, and what lies beside it as its external data.
    ///
    /// # Errors
    ///
    /// The file that could not be read, and what the system says.
    pub fn read(file: &Path) -> Result<Self, (PathBuf, io::Error)> {
        let (bytes, stamp) = read(file)?;
        let mut stamps = vec![stamp];
        let mut external = Vec::new();
        for file in external_files(file)? {
            let (weights, stamp) = read(&file)?;
            stamps.push(stamp);
            external.push((file.file_name().unwrap_or_default().into(), weights.into()));
        }
        stamps.sort_unstable();
        Ok(Self { file: file.to_owned(), bytes: bytes.into(), external, stamps })
    }

    /// Whether texts may share a batch without changing each other's answers.
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
fn read(file: &Path) -> Result<(Vec<u8>, Stamp), (PathBuf, io::Error)> {
    let read = || {
        let metadata = fs::metadata(file)?;
        Ok((fs::read(file)?, (metadata.len(), metadata.modified()?)))
    };
    read().map_err(|error| (file.to_owned(), error))
}

/// What lies beside an ONNX file as its external data, in the order of the names.
///
/// # Errors
///
/// The folder that could not be read, and what the system says.
pub fn external_files(file: &Path) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let graph = file.file_name().unwrap_or_default().to_string_lossy();
    let folder = file.parent().unwrap_or(Path::new("."));
    let entries = fs::read_dir(folder).map_err(|error| (folder.to_owned(), error))?.flatten();
    let is_of_graph = |entry: &fs::DirEntry| is_external(&entry.file_name().to_string_lossy(), &graph);
    let mut files: Vec<PathBuf> = entries.filter(is_of_graph).map(|entry| entry.path()).collect();
    files.sort_unstable();
    Ok(files)
}

/// Whether `file` is named as external data of `graph` is; both are names or paths written alike.
#[must_use]
pub fn is_external(file: &str, graph: &str) -> bool {
    file.strip_prefix(graph).is_some_and(|rest| EXTERNAL.iter().any(|mark| rest.starts_with(mark)))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn knows_the_names_of_external_data() {
        for name in ["model.onnx_data", "model.onnx_data_1", "model.onnx.data"] {
            assert!(is_external(name, "model.onnx"), "{name}");
        }
        for name in ["model.onnx", "model_fp16.onnx_data", "model.onnx.sha256"] {
            assert!(!is_external(name, "model.onnx"), "{name}");
        }
    }
}
