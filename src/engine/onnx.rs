//! ONNX's file format, as far as it is read here: the way to a graph's weights. The numbers are
//! onnx.proto's; what the weights mean is the runtime's to say.

use bytes::Bytes;
use prost::Message;
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

/// The key under which a tensor names the file that holds its bytes.
const LOCATION: &str = "location";

/// A whole file.
#[derive(Message)]
pub struct ModelProto {
    /// Its graph.
    #[prost(message, optional, tag = "7")]
    pub graph: Option<GraphProto>,
}

/// The graph of a file.
#[derive(Message)]
pub struct GraphProto {
    /// Its weights.
    #[prost(message, repeated, tag = "5")]
    pub initializer: Vec<TensorProto>,
}

/// One tensor.
#[derive(Message)]
pub struct TensorProto {
    /// Its shape.
    #[prost(int64, repeated, tag = "1")]
    pub dims: Vec<i64>,
    /// Number of its type, `TensorProto.DataType`.
    #[prost(int32, tag = "2")]
    pub data_type: i32,
    /// Its name in the graph.
    #[prost(string, tag = "8")]
    pub name: String,
    /// Its bytes, where the file itself has them.
    #[prost(bytes = "bytes", tag = "9")]
    pub raw_data: Bytes,
    /// Where its bytes are, where another file has them.
    #[prost(message, repeated, tag = "13")]
    pub external_data: Vec<StringStringEntryProto>,
}

/// A key and its value.
#[derive(Message)]
pub struct StringStringEntryProto {
    /// The key.
    #[prost(string, tag = "1")]
    pub key: String,
    /// The value.
    #[prost(string, tag = "2")]
    pub value: String,
}

/// The files that an ONNX file leaves its weights to, which lie beside it; none for a file that
/// cannot be followed, which the runtime then refuses.
///
/// # Errors
///
/// What the system says where the file cannot be read.
pub fn external_files(file: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let model = ModelProto::decode(Bytes::from(fs::read(file)?)).unwrap_or_default();
    let entries = model.graph.into_iter().flat_map(|graph| graph.initializer);
    let entries = entries.flat_map(|tensor| tensor.external_data);
    Ok(entries.filter(|entry| entry.key == LOCATION).map(|entry| file.with_file_name(entry.value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_files_that_a_graph_leaves_its_weights_to() {
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
        let files = |graph: &str| external_files(&golden.join(graph)).expect("a file");
        let weights = golden.join("parity/one/onnx/model.onnx_data");
        assert_eq!(files("parity/one/onnx/model.onnx"), BTreeSet::from([weights]));
        assert_eq!(files("tiny/onnx/model.onnx"), BTreeSet::new());
        assert_eq!(files("texts.jsonl"), BTreeSet::new());
    }
}
