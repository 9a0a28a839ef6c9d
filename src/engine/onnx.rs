//! ONNX's file format, as far as it is read here: the way to a graph's weights. The numbers are
//! onnx.proto's; what the weights mean is the runtime's to say.

use bytes::Bytes;
use prost::Message;
use std::collections::BTreeSet;

/// The key under which a tensor names the file that holds its bytes.
const LOCATION: &str = "location";

/// `TensorProto.DataLocation` of a tensor whose bytes the file itself holds. The runtime passes over
/// numbers that it does not know, so any other may hide the one that counts.
const DEFAULT: i32 = 0;

/// A whole file.
#[derive(Message)]
pub struct ModelProto {
    /// Its graph.
    #[prost(message, optional, tag = "7")]
    pub graph: Option<GraphProto>,
    /// Operators that it makes of others.
    #[prost(message, repeated, tag = "25")]
    pub functions: Vec<FunctionProto>,
}

/// The graph of a file, or one within it: a branch, or a loop's body.
#[derive(Message)]
pub struct GraphProto {
    /// Its operators.
    #[prost(message, repeated, tag = "1")]
    pub node: Vec<NodeProto>,
    /// Its weights.
    #[prost(message, repeated, tag = "5")]
    pub initializer: Vec<TensorProto>,
    /// Those of them that are nearly all zeros.
    #[prost(message, repeated, tag = "15")]
    pub sparse_initializer: Vec<SparseTensorProto>,
}

/// An operator made of others.
#[derive(Message)]
pub struct FunctionProto {
    /// The others.
    #[prost(message, repeated, tag = "7")]
    pub node: Vec<NodeProto>,
    /// Its settings where a node has none.
    #[prost(message, repeated, tag = "11")]
    pub attribute_proto: Vec<AttributeProto>,
}

/// One operator.
#[derive(Message)]
pub struct NodeProto {
    /// Its settings.
    #[prost(message, repeated, tag = "5")]
    pub attribute: Vec<AttributeProto>,
}

/// One setting of an operator, which has one of these.
#[derive(Message)]
pub struct AttributeProto {
    /// A tensor, as a constant has.
    #[prost(message, optional, tag = "5")]
    pub t: Option<TensorProto>,
    /// A graph, as a condition has two.
    #[prost(message, optional, tag = "6")]
    pub g: Option<GraphProto>,
    /// Tensors.
    #[prost(message, repeated, tag = "10")]
    pub tensors: Vec<TensorProto>,
    /// Graphs.
    #[prost(message, repeated, tag = "11")]
    pub graphs: Vec<GraphProto>,
    /// A sparse tensor.
    #[prost(message, optional, tag = "22")]
    pub sparse_tensor: Option<SparseTensorProto>,
    /// Sparse tensors.
    #[prost(message, repeated, tag = "23")]
    pub sparse_tensors: Vec<SparseTensorProto>,
}

/// One tensor of which only what is not zero is kept.
#[derive(Message)]
pub struct SparseTensorProto {
    /// What is not zero.
    #[prost(message, optional, tag = "1")]
    pub values: Option<TensorProto>,
    /// Where that is.
    #[prost(message, optional, tag = "2")]
    pub indices: Option<TensorProto>,
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
/// none for a file that cannot be followed here. What the runtime finds in it all the same, it reads in the
/// graph's folder alone.
#[must_use]
pub fn locations(file: Bytes) -> BTreeSet<String> {
    // As deep as the runtime reads it: both decoders end at 100 messages within each other.
    let ModelProto { graph, functions } = ModelProto::decode(file).unwrap_or_default();
    let mut graphs: Vec<GraphProto> = graph.into_iter().collect();
    let mut tensors = Vec::new();
    for FunctionProto { node, attribute_proto } in functions {
        let own = NodeProto { attribute: attribute_proto };
        graphs.push(GraphProto { node: node.into_iter().chain([own]).collect(), ..GraphProto::default() });
    }
    while let Some(GraphProto { node, initializer, sparse_initializer: mut sparse }) = graphs.pop() {
        tensors.extend(initializer);
        for attribute in node.into_iter().flat_map(|node| node.attribute) {
            graphs.extend(attribute.graphs.into_iter().chain(attribute.g));
            tensors.extend(attribute.tensors.into_iter().chain(attribute.t));
            sparse.extend(attribute.sparse_tensors.into_iter().chain(attribute.sparse_tensor));
        }
        tensors.extend(sparse.into_iter().flat_map(|tensor| [tensor.values, tensor.indices]).flatten());
    }
    let external = tensors.into_iter().filter(|tensor| tensor.data_location != DEFAULT);
    let entries = external.flat_map(|tensor| tensor.external_data);
    entries.filter(|entry| entry.key == LOCATION).map(|entry| entry.value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `TensorProto.DataLocation` of a tensor whose bytes another file holds.
    const EXTERNAL: i32 = 1;

    fn tensor(location: &str, data_location: i32) -> TensorProto {
        let entry = |key: &str, value: &str| StringStringEntryProto { key: key.into(), value: value.into() };
        let external_data = vec![entry(LOCATION, location), entry("offset", "0")];
        TensorProto { external_data, data_location, ..TensorProto::default() }
    }

    fn sparse(values: &str, indices: &str) -> SparseTensorProto {
        let tensor = |location| Some(tensor(location, EXTERNAL));
        SparseTensorProto { values: tensor(values), indices: tensor(indices) }
    }

    /// A graph with this node and these weights.
    fn graph(attribute: AttributeProto, initializer: Vec<TensorProto>) -> GraphProto {
        let node = vec![NodeProto { attribute: vec![attribute] }];
        GraphProto { node, initializer, ..GraphProto::default() }
    }

    fn found(file: &ModelProto) -> Vec<String> {
        locations(file.encode_to_vec().into()).into_iter().collect()
    }

    #[test]
    fn finds_the_files_that_a_graph_leaves_its_weights_to() {
        // "d" was brought into the graph's own file again, as the runtime sees it.
        let initializer =
            vec![tensor("b", EXTERNAL), tensor("a/c", EXTERNAL), tensor("b", EXTERNAL), tensor("d", DEFAULT)];
        let constant = AttributeProto { t: Some(tensor("e", EXTERNAL)), ..AttributeProto::default() };
        let file = ModelProto { graph: Some(graph(constant, initializer)), ..ModelProto::default() };
        assert_eq!(found(&file), ["a/c", "b", "e"]);
        assert_eq!(locations(Bytes::from_static(b"no graph")), BTreeSet::new());
    }

    // Only a graph's own weights and constants were followed, and the runtime looked for the others itself.
    #[test]
    fn finds_them_wherever_a_tensor_may_be() {
        let lists = AttributeProto {
            tensors: vec![tensor("a", EXTERNAL)],
            sparse_tensor: Some(sparse("b", "c")),
            sparse_tensors: vec![sparse("d", "e")],
            ..AttributeProto::default()
        };
        let body = GraphProto { sparse_initializer: vec![sparse("f", "g")], ..GraphProto::default() };
        // No number that the runtime knows.
        let branch = graph(lists, vec![tensor("h", 7)]);
        let branches = AttributeProto { g: Some(branch), graphs: vec![body], ..AttributeProto::default() };
        let outer = AttributeProto { g: Some(graph(branches, Vec::new())), ..AttributeProto::default() };
        let preset = AttributeProto { t: Some(tensor("i", EXTERNAL)), ..AttributeProto::default() };
        let constant = AttributeProto { t: Some(tensor("j", EXTERNAL)), ..AttributeProto::default() };
        let node = vec![NodeProto { attribute: vec![constant] }];
        let functions = vec![FunctionProto { node, attribute_proto: vec![preset] }];
        let file = ModelProto { graph: Some(graph(outer, Vec::new())), functions };
        assert_eq!(found(&file).concat(), "abcdefghij");
    }
}
