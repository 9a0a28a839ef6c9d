//! What a graph's file tells before it is loaded: whether its answers depend on their batch.

use memchr::memmem;

/// Operators that quantise activations while they run, with one scale for a whole tensor: in a
/// batch, each text's answer then depends on the others.
const ONE_SCALE_A_BATCH: [&str; 2] = ["DynamicQuantizeLinear", "DynamicQuantizeMatMul"];

/// Field 4 of ONNX's `NodeProto`, `op_type`, as protobuf writes it: number and wire type in a byte.
const OP_TYPE: u8 = 4 << 3 | 2;

/// Whether texts may share a batch without changing each other's answers.
///
/// `graph` holds the bytes of an ONNX file. It is searched, not parsed: an operator's name with
/// its field number and length in front appears in it exactly where a node is of that type.
#[must_use]
pub fn may_be_batched(graph: &[u8]) -> bool {
    ONE_SCALE_A_BATCH.iter().all(|operator| {
        let mut field = vec![OP_TYPE, operator.len() as u8];
        field.extend_from_slice(operator.as_bytes());
        memmem::find(graph, &field).is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_node_from_a_name() {
        assert!(!may_be_batched(b"..\x22\x15DynamicQuantizeLinear.."));
        assert!(may_be_batched(b"..\x0a\x20/DynamicQuantizeLinear_output.."));
        assert!(may_be_batched(b"\x22\x06MatMul"));
    }
}
