//! ONNX's file format, as far as it is read here: the way to a graph's weights. The numbers are
//! onnx.proto's; what the weights mean is the runtime's to say.

use bytes::Bytes;
use prost::Message;
use std::collections::BTreeSet;

/// The key under which a tensor names the file that holds its bytes.
const LOCATION: &str = "location";

/// `TensorProto.DataLocation` of a tensor whose bytes another file holds.
const EXTERNAL: i32 = 1;

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
    /// Its operators.
    #[prost(message, repeated, tag = "1")]
    pub node: Vec<NodeProto>,
    /// Its weights.
    #[prost(message, repeated, tag = "5")]
    pub initializer: Vec<TensorProto>,
}

/// One operator.
#[derive(Message)]
pub struct NodeProto {
    /// Its settings.
    #[prost(message, repeated, tag = "5")]
    pub attribute: Vec<AttributeProto>,
}

/// One setting of an operator.
#[derive(Message)]
pub struct AttributeProto {
    /// A tensor, as a constant has.
    #[prost(message, optional, tag = "5")]
    pub t: Option<TensorProto>,
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
    /// Number of which of the two it is, `TensorProto.DataLocation`.
    #[prost(int32, tag = "14")]
    pub data_location: i32,
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

/// The files that an ONNX file leaves its weights to, as it names them: by paths from its own folder;
/// none for a file that cannot be followed, which the runtime then refuses.
#[must_use]
pub fn locations(file: Bytes) -> BTreeSet<String> {
    let model = ModelProto::decode(file).unwrap_or_default();
    let GraphProto { node, initializer } = model.graph.unwrap_or_default();
    let constants = node.into_iter().flat_map(|node| node.attribute).filter_map(|attribute| attribute.t);
    let external = initializer.into_iter().chain(constants).filter(|tensor| tensor.data_location == EXTERNAL);
    let entries = external.flat_map(|tensor| tensor.external_data);
    entries.filter(|entry| entry.key == LOCATION).map(|entry| entry.value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(location: &str, data_location: i32) -> TensorProto {
        let entry = |key: &str, value: &str| StringStringEntryProto { key: key.into(), value: value.into() };
        let external_data = vec![entry(LOCATION, location), entry("offset", "0")];
        TensorProto { external_data, data_location, ..TensorProto::default() }
    }

    #[test]
    fn finds_the_files_that_a_graph_leaves_its_weights_to() {
        // The last was brought into the graph's own file again, as the runtime sees it.
        let initializer =
            vec![tensor("b", EXTERNAL), tensor("a/c", EXTERNAL), tensor("b", EXTERNAL), tensor("d", 0)];
        let constant = AttributeProto { t: Some(tensor("e", EXTERNAL)) };
        let node = vec![NodeProto { attribute: vec![constant] }];
        let file = ModelProto { graph: Some(GraphProto { node, initializer }) }.encode_to_vec();
        assert_eq!(locations(file.into()), BTreeSet::from(["a/c", "b", "e"].map(str::to_owned)));
        assert_eq!(locations(Bytes::from_static(b"no graph")), BTreeSet::new());
    }
}
