//! Shared weights: the large tensors of a graph, held once for all sessions that run it.
//!
//! Each session would otherwise hold its own copy of every weight, which on many processors is
//! most of the program's memory. Only what lies in the graph's file itself is shared here, since
//! external data is shared by its file.

use super::SessionError;
use crate::engine::{graph::Graph, onnx::ModelProto, runtime::Runtime};
use half::f16;
use ort::{
    session::builder::{PrepackedWeights, SessionBuilder},
    value::{DynValue, Tensor},
};
use prost::Message;
use std::sync::Arc;

/// Bytes of a tensor below which it is not worth sharing.
const MIN_BYTES: usize = 1 << 16;

/// Weights of a graph by their names, and what the runtime makes of them; none by default.
#[derive(Default)]
pub struct SharedWeights {
    tensors: Vec<(String, Arc<DynValue>)>,
    prepacked: Option<PrepackedWeights>,
}

impl SharedWeights {
    /// Reads the large tensors of a graph. One that cannot be read here is left to the sessions,
    /// which say what is wrong with it. That there is a [`Runtime`] means that its library is loaded, which
    /// makes the tensors.
    ///
    /// # Errors
    ///
    /// A [`SessionError`] when the runtime does not take a tensor, whose shape is then not that of
    /// its bytes.
    pub fn read(_: &Runtime, graph: &Graph) -> Result<Self, SessionError> {
        let file = ModelProto::decode(graph.bytes.clone()).unwrap_or_default();
        let mut tensors = Vec::new();
        for tensor in file.graph.unwrap_or_default().initializer {
            if tensor.raw_data.len() >= MIN_BYTES
                && let Some(value) = value(tensor.data_type, tensor.dims, &tensor.raw_data)?
            {
                tensors.push((tensor.name, Arc::new(value)));
            }
        }
        Ok(Self { tensors, prepacked: Some(PrepackedWeights::new()) })
    }

    /// Gives a session these weights in place of copies of its own.
    ///
    /// # Errors
    ///
    /// A [`SessionError`] when the runtime refuses one.
    pub fn lend(&self, mut builder: SessionBuilder) -> Result<SessionBuilder, SessionError> {
        for (name, value) in &self.tensors {
            builder = builder.with_initializer(name, Arc::clone(value))?;
        }
        match &self.prepacked {
            Some(prepacked) => Ok(builder.with_prepacked_weights(prepacked)?),
            None => Ok(builder),
        }
    }
}

/// A tensor of ONNX's type number (`TensorProto.DataType`), of those that weights have.
fn value(data_type: i32, shape: Vec<i64>, bytes: &[u8]) -> Result<Option<DynValue>, SessionError> {
    Ok(Some(match data_type {
        1 => {
            let (floats, _) = bytes.as_chunks();
            let floats: Vec<f32> = floats.iter().copied().map(f32::from_le_bytes).collect();
            Tensor::from_array((shape, floats))?.into_dyn()
        }
        2 => Tensor::from_array((shape, bytes.to_vec()))?.into_dyn(),
        3 => {
            let numbers: Vec<i8> = bytes.iter().copied().map(u8::cast_signed).collect();
            Tensor::from_array((shape, numbers))?.into_dyn()
        }
        10 => {
            let (halves, _) = bytes.as_chunks();
            let halves: Vec<f16> = halves.iter().copied().map(f16::from_le_bytes).collect();
            Tensor::from_array((shape, halves))?.into_dyn()
        }
        _ => return Ok(None),
    }))
}
